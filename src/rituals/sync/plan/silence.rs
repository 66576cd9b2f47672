//! People who don't answer: after some questions in a row without an answer they are asked last, so that the others hear early
//! that they lead.

use std::collections::{BTreeMap, BTreeSet};

use super::Turns;
use crate::model::people::UserId;

/// Who owes more turns than this beyond what the next in line owes is named before them, also without an answer.
const MOST_BEHIND: f64 = 1.0;
/// After how many questions in a row without an answer a person is asked last.
pub const QUESTIONS_IN_A_ROW: usize = 3;

/// What became of a question whether a person leads, or that they led of their own accord.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reaction {
    /// They did not answer in time.
    Silent,
    No,
    /// They said yes, offered to lead, or have said since that they're back. To lead because no one answered is no answer.
    Yes,
}

/// Returns the people who have not answered: so many of their last reactions were none. `reactions` are the newest first.
pub fn unanswering(reactions: &BTreeMap<UserId, Vec<Reaction>>) -> BTreeSet<UserId> {
    let is_silent = |reactions: &[Reaction]| unanswered(reactions) >= QUESTIONS_IN_A_ROW;
    people_with(reactions, is_silent)
}

/// Returns those of the people who are `available` who are asked last, since they have not answered. Where they are half of them or more
/// it's no one: the few others would lead for ever.
pub fn asked_last(
    reactions: &BTreeMap<UserId, Vec<Reaction>>,
    available: &BTreeSet<UserId>,
) -> BTreeSet<UserId> {
    let mut last = unanswering(reactions);
    last.retain(|user| available.contains(user));
    if 2 * last.len() < available.len() { last } else { BTreeSet::new() }
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

/// Returns who leads of the people who did not answer, before the `next` in line or the last who was asked: the one who owes most, if
/// that's more than a turn beyond what the next owes. Otherwise the one who comes last would lead each time that no one answers.
pub fn far_behind(
    balances: &BTreeMap<UserId, Turns>,
    silent: &BTreeSet<UserId>,
    next: &UserId,
) -> Option<UserId> {
    let owes = |user: &UserId| balances.get(user).map_or(0.0, |turns| turns.owed - f64::from(turns.led));
    let first = silent.iter().max_by(|one, other| owes(one).total_cmp(&owes(other)))?;
    (owes(first) - owes(next) > MOST_BEHIND).then(|| first.clone())
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
            let all = people("A B C");
            assert_eq!(asked_last(&of(reactions), &all) == people("A"), is_last, "{reactions:?}");
            assert_eq!(often_refused(&of(reactions), 3) == people("A"), has_refused, "{reactions:?}");
        }
    }

    #[test]
    fn no_one_is_asked_last_where_half_have_not_answered() {
        let silent = vec![Reaction::Silent; QUESTIONS_IN_A_ROW];
        let reactions: BTreeMap<UserId, Vec<Reaction>> =
            ["A", "B"].map(|user| (UserId::from(user), silent.clone())).into();
        for (available, last) in
            [("A B C D E", "A B"), ("A B C D", ""), ("A B", ""), ("A C", ""), ("A C D", "A")]
        {
            assert_eq!(asked_last(&reactions, &people(available)), people(last), "{available}");
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
