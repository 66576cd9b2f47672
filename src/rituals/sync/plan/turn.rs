//! Who has the lead of a sync that has not begun.

use chrono::NaiveDate;

use crate::model::{clock::Instant, people::UserId};

/// How a person came to a duty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum How {
    #[default]
    Assigned,
    /// They offered.
    Volunteered,
    /// They swapped with the person whose turn it was.
    Swapped,
}

impl How {
    const ALL: [(How, &'static str); 3] =
        [(How::Assigned, "assigned"), (How::Volunteered, "volunteered"), (How::Swapped, "swapped")];

    /// Returns the stored word.
    pub fn as_str(self) -> &'static str {
        How::ALL.into_iter().find(|(how, _)| *how == self).map_or("", |(_, word)| word)
    }

    /// Reads the stored word; one that this release doesn't know counts as assigned.
    pub fn read(stored: &str) -> How {
        How::ALL.into_iter().find(|(_, word)| *word == stored).map_or(How::Assigned, |(how, _)| how)
    }
}

/// How far it is settled who leads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TurnState {
    /// No one has the lead.
    #[default]
    Open,
    /// A person is asked.
    Asked,
    /// They said yes, offered, or swapped.
    Accepted,
    /// They were told to lead.
    Named,
    /// The sync has begun: nothing changes any more.
    Begun,
}

impl TurnState {
    const ALL: [(TurnState, &'static str); 5] = [
        (TurnState::Open, "open"),
        (TurnState::Asked, "asked"),
        (TurnState::Accepted, "accepted"),
        (TurnState::Named, "named"),
        (TurnState::Begun, "begun"),
    ];

    /// Returns the stored word.
    pub fn as_str(self) -> &'static str {
        TurnState::ALL.into_iter().find(|(state, _)| *state == self).map_or("", |(_, word)| word)
    }

    /// Reads the stored word; one that this release doesn't know counts as open.
    pub fn read(stored: &str) -> TurnState {
        TurnState::ALL
            .into_iter()
            .find(|(_, word)| *word == stored)
            .map_or(TurnState::Open, |(state, _)| state)
    }
}

/// The lead of one date of a sync.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// The person whose turn it is; `None` while it is open.
    pub user: Option<UserId>,
    pub state: TurnState,
    pub how: How,
    /// The version at which the person got it, or at which it was opened. Messages about a turn belong to it, so a person who gets it again gets new ones.
    pub since: i64,
    /// The number of times that it was changed; 0 if it never was.
    pub version: i64,
    /// When it was changed so that its person read of it; they may read of it later than it was decided.
    pub changed_at: Instant,
    /// Until when a person who was asked can answer, as they read it; `None` where they lead if they say nothing. Nothing counts as silence
    /// before.
    pub answer_by: Option<Instant>,
    /// The person who takes notes, once that is settled.
    pub scribe: Option<UserId>,
    /// The version at which they got the notes.
    pub scribe_since: i64,
}

impl Turn {
    /// Returns a turn of which nothing is recorded.
    pub fn untouched() -> Turn {
        Turn {
            user: None,
            state: TurnState::Open,
            how: How::Assigned,
            since: 0,
            version: 0,
            changed_at: Instant::default(),
            answer_by: None,
            scribe: None,
            scribe_since: 0,
        }
    }

    /// Returns the person who leads unless they or others say otherwise.
    pub fn holder(&self) -> Option<&UserId> {
        let has = matches!(self.state, TurnState::Asked | TurnState::Accepted | TurnState::Named);
        self.user.as_ref().filter(|_| has)
    }

    /// Returns the person who has said that they lead, or was told to.
    pub fn lead(&self) -> Option<&UserId> {
        self.holder().filter(|_| self.state != TurnState::Asked)
    }

    pub fn is_of(&self, user: &UserId) -> bool {
        self.holder() == Some(user)
    }

    /// Returns the next version of its lead. A person who leads takes no notes.
    #[must_use]
    pub fn then(&self, user: Option<&UserId>, state: TurnState, how: How, now: Instant) -> Turn {
        let version = self.version + 1;
        let since = if self.holder() == user { self.since } else { version };
        let scribe = self.scribe.clone().filter(|scribe| Some(scribe) != user);
        let scribe_since = self.scribe_since;
        let (user, answer_by) = (user.cloned(), None);
        Turn { user, state, how, since, version, changed_at: now, answer_by, scribe, scribe_since }
    }

    /// Returns the same with until when its person, who is asked, can answer.
    #[must_use]
    pub fn answered_by(self, answer_by: Option<Instant>) -> Turn {
        Turn { answer_by, ..self }
    }

    /// Returns the next version of it, of which its person reads anew in this state from this instant on.
    #[must_use]
    pub fn anew(&self, state: TurnState, told_at: Instant) -> Turn {
        let version = self.version + 1;
        Turn { state, since: version, version, changed_at: told_at, answer_by: None, ..self.clone() }
    }

    /// Returns the next version of it, in which this person takes notes, or no one. When the lead was asked doesn't change by it.
    #[must_use]
    pub fn noted(&self, scribe: Option<&UserId>, now: Instant) -> Turn {
        let version = self.version + 1;
        let changed_at = if self.version == 0 { now } else { self.changed_at };
        Turn { scribe: scribe.cloned(), scribe_since: version, version, changed_at, ..self.clone() }
    }

    /// Returns the next version of it, in which nothing but its offers has changed.
    #[must_use]
    pub fn offered(&self) -> Turn {
        Turn { version: self.version + 1, ..self.clone() }
    }
}

/// A person asks another to lead in their place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    pub id: String,
    pub programme: String,
    /// The date of the turn.
    pub date: NaiveDate,
    /// The version at which the person who offers got the turn: once another has it, the offer is void.
    pub since: i64,
    pub from: UserId,
    pub to: UserId,
    /// The turn of the other person that the first one takes in return: its date, and the version that was seen of it.
    pub in_return: Option<(NaiveDate, i64)>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stored_words_are_read_back() {
        for (state, word) in TurnState::ALL {
            assert_eq!((TurnState::read(word), state.as_str()), (state, word));
        }
        for (how, word) in How::ALL {
            assert_eq!((How::read(word), how.as_str()), (how, word));
        }
        assert_eq!((TurnState::read("later"), How::read("")), (TurnState::Open, How::Assigned));
    }

    #[test]
    fn a_turn_is_a_persons_since_they_got_it() {
        let (ana, ben, now) = (UserId::from("ANA"), UserId::from("BEN"), Instant::default());
        let asked = Turn::untouched().then(Some(&ana), TurnState::Asked, How::Assigned, now);
        let accepted = asked.offered().then(Some(&ana), TurnState::Accepted, How::Assigned, now);
        assert_eq!((asked.since, accepted.since, accepted.version), (1, 1, 3));
        let open = accepted.then(None, TurnState::Open, How::Assigned, now);
        assert_eq!(
            (open.since, open.then(None, TurnState::Begun, How::Assigned, now).since),
            (4, 4),
            "no one has it"
        );
        assert_eq!(open.then(Some(&ana), TurnState::Asked, How::Assigned, now).since, 5, "they get it again");
        assert_eq!(accepted.then(Some(&ben), TurnState::Accepted, How::Swapped, now).since, 4);
    }
}
