//! People who don't answer: after some questions in a row without an answer they are asked last, so that the others hear early
//! that they lead.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::people::UserId;

/// After how many questions in a row without an answer a person is asked last.
pub const QUESTIONS_IN_A_ROW: usize = 3;

/// What became of a question whether a person leads, or that they led.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reaction {
    /// They did not answer in time.
    Silent,
    No,
    /// They said yes, led, or have said since that they're back.
    Yes,
}

/// Returns the people who are asked last: so many of their last reactions were none. `reactions` are the newest first.
pub fn asked_last(reactions: &BTreeMap<UserId, Vec<Reaction>>) -> BTreeSet<UserId> {
    let is_silent = |reactions: &[Reaction]| unanswered(reactions) >= QUESTIONS_IN_A_ROW;
    people_with(reactions, is_silent)
}

/// Returns the number of a person's last questions in a row without an answer.
pub fn unanswered(reactions: &[Reaction]) -> usize {
    reactions.iter().take_while(|reaction| **reaction == Reaction::Silent).count()
}

/// Returns the people whose last reactions, as many as `in_a_row`, were all no or none.
pub fn often_refused(reactions: &BTreeMap<UserId, Vec<Reaction>>, in_a_row: usize) -> BTreeSet<UserId> {
    let refused = |reactions: &[Reaction]| {
        reactions.iter().take_while(|reaction| **reaction != Reaction::Yes).take(in_a_row).count() == in_a_row
    };
    people_with(reactions, refused)
}

fn people_with(
    reactions: &BTreeMap<UserId, Vec<Reaction>>,
    holds: impl Fn(&[Reaction]) -> bool,
) -> BTreeSet<UserId> {
    reactions.iter().filter(|(_, reactions)| holds(reactions)).map(|(user, _)| user.clone()).collect()
}

/// Returns the people whom the next question passes over: those who `were_asked`, and those who are asked last until all
/// others have said no.
pub fn passed_over(
    available: &BTreeSet<UserId>,
    last: &BTreeSet<UserId>,
    (declined, were_asked): (&BTreeSet<UserId>, BTreeSet<UserId>),
) -> BTreeSet<UserId> {
    let others_may = available.iter().any(|user| !last.contains(user) && !declined.contains(user));
    let last = last.iter().filter(|_| others_may).cloned();
    were_asked.into_iter().chain(last).collect()
}

/// Returns the people who don't lead: those who said no and those who didn't answer. If there is no one else but people who are
/// asked last, one who didn't answer leads before those do.
pub fn without_a_yes(
    available: &BTreeSet<UserId>,
    last: &BTreeSet<UserId>,
    (declined, silent): (&BTreeSet<UserId>, &BTreeSet<UserId>),
) -> BTreeSet<UserId> {
    let has_passed = |user: &UserId| [last, declined, silent].iter().any(|people| people.contains(user));
    if available.iter().all(has_passed) {
        return declined.clone();
    }
    declined.union(silent).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn people(ids: &str) -> BTreeSet<UserId> {
        ids.split_whitespace().map(UserId::from).collect()
    }

    #[test]
    fn three_silences_in_a_row_are_asked_last() {
        use Reaction::{No, Silent, Yes};
        let of = |reactions: &[Reaction]| BTreeMap::from([(UserId::from("A"), reactions.to_vec())]);
        for (reactions, is_last, has_refused) in [
            (&[][..], false, false),
            (&[Silent, Silent], false, false),
            (&[Silent, Silent, Silent], true, true),
            (&[Silent, Silent, No, Silent, Silent], false, true),
            (&[No, Silent, Silent, Silent], false, true),
            (&[Yes, Silent, Silent, Silent], false, false),
            (&[Silent, Silent, Silent, Silent, Yes], true, true),
        ] {
            assert_eq!(asked_last(&of(reactions)) == people("A"), is_last, "{reactions:?}");
            assert_eq!(often_refused(&of(reactions), 3) == people("A"), has_refused, "{reactions:?}");
        }
    }

    #[test]
    fn people_who_are_asked_last_come_when_all_others_said_no() {
        let passed = |declined: &str, asked: &str| {
            passed_over(&people("A B C"), &people("C"), (&people(declined), people(asked)))
        };
        assert_eq!(passed("", ""), people("C"));
        assert_eq!(passed("A", "A B"), people("A B C"), "B has not answered yet, and may still lead");
        assert_eq!(passed("A B", "A B"), people("A B"));
    }

    #[test]
    fn a_person_who_did_not_answer_leads_before_those_who_are_asked_last() {
        let without = |declined: &str, silent: &str| {
            without_a_yes(&people("A B C"), &people("C"), (&people(declined), &people(silent)))
        };
        assert_eq!(without("A", ""), people("A"));
        assert_eq!(without("", "A"), people("A"), "B was not asked yet");
        assert_eq!(without("A", "B"), people("A"), "B leads");
        assert_eq!(without("A B", ""), people("A B"), "C leads");
    }
}
