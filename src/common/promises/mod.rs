//! Promises: what a person has taken on, with a date. The record that every ritual may read, and how one asks a person for a
//! promise. What people type, press and are reminded of is the ritual's, in `rituals/promises`.

mod asking;
pub mod form;
mod leaving;
pub mod messages;
mod occasion;
pub mod owner;
pub mod plan;
mod questions;
pub mod store;
pub mod when;

use chrono::{NaiveDate, NaiveTime};
use ring::digest;

pub use self::{
    asking::{Requested, may_be_asked, requested, today},
    leaving::{RETURNED, give_back},
    occasion::{PromiseReview, due, kept_rate, put_due, review},
    owner::Owner,
    questions::{
        ASK, LAPSE, NUDGE, REMIND, STILL_WANTED, ask, asked_at, count_request, current_question, is_over,
        make, of_run, put_reminder, put_reminder_at, put_run, put_run_of, question, question_key,
        question_now, told,
    },
};
use crate::model::{
    clock::Instant,
    people::{ChannelId, UserId},
    text::fold,
};

/// The name of the ritual that handles the buttons of promises.
pub const RITUAL: &str = "promises";
/// For how many days a message about a promise can be changed: a promise may be for a year ahead, and done a month later.
pub const KEEP_DAYS: i64 = 400;
/// For how many days back the kept rate counts.
pub const KEPT_DAYS: u32 = 90;
/// A kept rate of fewer people than this would show how one of them does.
pub const FEWEST_OWNERS: i64 = 3;

/// How often a promise comes up at occasions before its owner is asked whether it's still wanted. It then comes up no more.
pub const MOST_LISTED: i64 = 3;

/// How many promises a person may have open, with those that they ask of themselves.
pub const MOST_OPEN: i64 = 50;
/// How many requests a person may make of others on a day; statements hold the number.
macro_rules! most_requests {
    () => {
        20
    };
}
/// For how many milliseconds the same promise is taken for a repetition.
macro_rules! recent_ms {
    () => {
        600_000
    };
}
use most_requests;
use recent_ms;
pub const MOST_REQUESTS: i64 = most_requests!();

/// When a promise is due, on the owner's wall.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Due {
    pub date: NaiveDate,
    /// To the minute, if one was named.
    pub time: Option<NaiveTime>,
}

impl Due {
    /// Some time on a date.
    pub fn on(date: NaiveDate) -> Due {
        Due { date, time: None }
    }
}

/// How a promise stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PromiseState {
    /// The owner was asked and has not answered. Nothing is promised.
    Asked,
    /// The owner has promised it.
    Open,
    Kept,
    /// The owner has said no, or given it up.
    Dropped,
    /// The owner is gone, so no one has it.
    Returned,
    /// The asker has taken it back.
    Withdrawn,
    /// The owner was asked and hasn't answered for so long that the request has ended.
    Lapsed,
}

impl PromiseState {
    const ALL: [PromiseState; 7] = [
        PromiseState::Asked,
        PromiseState::Open,
        PromiseState::Kept,
        PromiseState::Dropped,
        PromiseState::Returned,
        PromiseState::Withdrawn,
        PromiseState::Lapsed,
    ];

    /// Returns the stored word.
    pub fn as_str(self) -> &'static str {
        match self {
            PromiseState::Asked => "asked",
            PromiseState::Open => "open",
            PromiseState::Kept => "kept",
            PromiseState::Dropped => "dropped",
            PromiseState::Returned => "returned",
            PromiseState::Withdrawn => "withdrawn",
            PromiseState::Lapsed => "lapsed",
        }
    }

    /// Reads the stored word.
    pub fn parse(word: &str) -> Option<PromiseState> {
        PromiseState::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

/// Where a promise comes from, and goes back to if its owner is gone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PromiseOrigin {
    /// `None` for a promise that only its owner and its asker know of.
    pub channel: Option<ChannelId>,
    /// The id of the programme; empty for a promise of none.
    pub programme: String,
    /// The local date of the programme's occasion.
    pub occasion: Option<NaiveDate>,
}

/// A promise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promise {
    pub id: String,
    pub owner: UserId,
    /// The person who asked for it: the owner, if it is their own idea.
    pub asker: UserId,
    /// Whether their account was off when this was read.
    pub is_asker_gone: bool,
    /// The person who wrote the words, if it is another than the asker.
    pub author: Option<UserId>,
    /// Clean, with names for mentions, [`LONGEST_WORDS`](crate::model::event::LONGEST_WORDS) characters at most.
    pub words: String,
    /// The address of the message that the words are from; empty without one.
    pub link: String,
    pub origin: PromiseOrigin,
    pub state: PromiseState,
    /// `None` while no date was named; an open promise has one.
    pub due: Option<Due>,
    /// How often its date was moved since it was promised.
    pub moves: i64,
    /// The date before it was first moved.
    pub first_due: Option<NaiveDate>,
    /// Why it was dropped, in the owner's words; often empty.
    pub reason: String,
    /// The last person who was asked before the owner and couldn't, and why, in their words.
    pub refused: Option<(UserId, String)>,
    /// Counts the changes.
    pub version: i64,
    /// On how many days it has come up at an occasion since its date was named.
    pub listed: i64,
    /// The version that the newest message in the owner's DM was sent for.
    pub card: i64,
    /// The version of the last question to its owner, whose message has its answer; without one, the version in which they got it.
    pub asked_in: i64,
    /// The message that reminds of this and of other promises, by its id; empty where one is about this alone.
    pub reminder: String,
    /// When the owner was asked a second time.
    pub nudged_at: Option<Instant>,
    /// When a reminder of this version is planned.
    pub remind_at: Option<Instant>,
    /// When the owner was reminded of this date.
    pub reminded_at: Option<Instant>,
    /// When it was first promised.
    pub promised_at: Option<Instant>,
    /// When it was kept, dropped or taken back, or has lapsed.
    pub settled_at: Option<Instant>,
}

impl Promise {
    /// Returns a promise that a person is to be asked for.
    pub fn asked(id: String, owner: UserId, asker: UserId, words: String) -> Promise {
        Promise {
            id,
            owner,
            asker,
            is_asker_gone: false,
            author: None,
            words,
            link: String::new(),
            origin: PromiseOrigin::default(),
            state: PromiseState::Asked,
            due: None,
            moves: 0,
            first_due: None,
            reason: String::new(),
            refused: None,
            version: 0,
            listed: 0,
            asked_in: 0,
            card: 0,
            reminder: String::new(),
            nudged_at: None,
            remind_at: None,
            reminded_at: None,
            promised_at: None,
            settled_at: None,
        }
    }

    /// Whether the owner asked for it themselves.
    pub fn is_own(&self) -> bool {
        self.owner == self.asker
    }

    /// Whether it waits for its owner: asked for, or promised.
    pub fn is_pending(&self) -> bool {
        matches!(self.state, PromiseState::Asked | PromiseState::Open)
    }

    /// Returns the promise in its next version, in another state.
    #[must_use]
    pub fn then(&self, state: PromiseState, now: Instant) -> Promise {
        let is_settled = matches!(
            state,
            PromiseState::Kept | PromiseState::Dropped | PromiseState::Withdrawn | PromiseState::Lapsed
        );
        // What is done or given up, and what is not after all, is said in the same message.
        let stays = self.can_be_reopened() || Promise { state, ..self.clone() }.can_be_reopened();
        Promise {
            state,
            version: self.version + 1,
            card: if stays { self.card } else { self.version + 1 },
            // The message is one of the owner who is gone.
            reminder: if state == PromiseState::Returned { String::new() } else { self.reminder.clone() },
            nudged_at: None,
            remind_at: None,
            reminded_at: self.reminded_at.filter(|_| stays),
            promised_at: match state {
                PromiseState::Open => self.promised_at.or(Some(now)),
                PromiseState::Asked => None,
                PromiseState::Kept
                | PromiseState::Dropped
                | PromiseState::Returned
                | PromiseState::Withdrawn
                | PromiseState::Lapsed => self.promised_at,
            },
            settled_at: is_settled.then_some(now),
            ..self.clone()
        }
    }

    /// Whether its owner said lately that it's done, or gave up what no one else had asked for: that can be taken back.
    pub fn can_be_reopened(&self) -> bool {
        self.state == PromiseState::Kept || (self.state == PromiseState::Dropped && self.is_own())
    }

    /// Returns the promise in its next version, promised for a date. That is a move if it was promised for another one.
    #[must_use]
    pub fn promised_for(&self, due: Due, now: Instant) -> Promise {
        let moved_from = self.due.filter(|old| self.state == PromiseState::Open && *old != due);
        Promise {
            due: Some(due),
            moves: self.moves + i64::from(moved_from.is_some()),
            first_due: self.first_due.or(moved_from.map(|old| old.date)),
            ..self.then(PromiseState::Open, now)
        }
    }

    /// Returns the promise as its owner is reminded of it.
    #[must_use]
    pub fn reminded(&self, now: Instant) -> Promise {
        Promise { reminded_at: Some(now), ..self.clone() }
    }

    /// Tells one promise from another: the first 8 bytes of the SHA-256 of its people, its folded words and its date, in hexadecimal.
    pub fn fingerprint(&self) -> String {
        let due = self.due.map(|due| format!("{due:?}")).unwrap_or_default();
        let parts = [self.owner.as_str(), self.asker.as_str(), &fold(&self.words), &due].join("\0");
        let hash = digest::digest(&digest::SHA256, parts.as_bytes());
        hash.as_ref().iter().take(8).fold(String::with_capacity(16), |hex, byte| format!("{hex}{byte:02x}"))
    }

    /// Returns the same, due at another time.
    #[must_use]
    pub fn due(self, due: Due) -> Promise {
        Promise { due: Some(due), ..self }
    }
}

/// When an owner is asked who isn't at work now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskedLater {
    pub owner: UserId,
    /// On the owner's wall.
    pub at: Due,
    /// Whether the asker's clock shows another time then.
    pub is_other_clock: bool,
    /// Whether that is after it's due.
    pub is_after_due: bool,
}

/// How many of the promises of a time were kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KeptRate {
    pub kept: i64,
    /// All that were settled in that time, or due in it and not settled.
    pub all: i64,
    /// How many people promised them.
    pub owners: i64,
}

impl KeptRate {
    /// Returns how many were kept, and of how many; `None` where so few people promised that it would tell how one of them does.
    pub fn shown(self) -> Option<(i64, i64)> {
        (self.owners >= FEWEST_OWNERS).then_some((self.kept, self.all))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::clock::from_ms;

    #[test]
    fn a_state_is_stored_in_one_form() {
        let stored = PromiseState::ALL.map(PromiseState::as_str);
        assert_eq!(stored, ["asked", "open", "kept", "dropped", "returned", "withdrawn", "lapsed"]);
        for state in PromiseState::ALL {
            assert_eq!(PromiseState::parse(state.as_str()), Some(state));
        }
        assert_eq!(PromiseState::parse("late"), None);
    }

    #[test]
    fn a_promise_keeps_when_it_was_first_made() {
        let asked = Promise::asked("1".to_owned(), "U1".into(), "U2".into(), "tea".to_owned());
        let open = asked.then(PromiseState::Open, from_ms(1));
        let moved = open.then(PromiseState::Open, from_ms(2));
        let kept = moved.then(PromiseState::Kept, from_ms(3));
        assert_eq!(
            (kept.promised_at, kept.settled_at, kept.version),
            (Some(from_ms(1)), Some(from_ms(3)), 3)
        );
        let undone = kept.then(PromiseState::Open, from_ms(4));
        assert_eq!((undone.settled_at, undone.card, undone.version), (None, moved.card, 4));
        let again = kept.then(PromiseState::Asked, from_ms(4));
        assert_eq!((again.promised_at, again.settled_at), (None, None), "another person is asked");
        assert_eq!(
            asked.then(PromiseState::Dropped, from_ms(1)).promised_at,
            None,
            "a no was never a promise"
        );
    }

    #[test]
    fn a_moved_promise_knows_its_first_date() {
        let on = |date: &str| Due::on(date.parse().unwrap());
        let asked = Promise::asked("1".to_owned(), "U1".into(), "U2".into(), "tea".to_owned());
        let asked = asked.due(on("2026-12-01"));
        let open = asked.promised_for(on("2026-12-02"), from_ms(1));
        assert_eq!((open.moves, open.first_due), (0, None), "nothing was promised before");
        let same = open.promised_for(on("2026-12-02"), from_ms(2));
        assert_eq!((same.moves, same.first_due), (0, None), "the date is the same");
        let twice =
            open.promised_for(on("2026-12-04"), from_ms(2)).promised_for(on("2026-12-09"), from_ms(3));
        assert_eq!((twice.moves, twice.first_due), (2, Some("2026-12-02".parse().unwrap())));
    }

    #[test]
    fn the_same_promise_has_the_same_fingerprint() {
        let asked = |words: &str| Promise::asked("1".to_owned(), "U1".into(), "U2".into(), words.to_owned());
        let tea = asked("Buy  Tea").fingerprint();
        assert_eq!((asked("buy tea").fingerprint(), tea.len()), (tea.clone(), 16));
        assert_ne!(asked("buy teas").fingerprint(), tea);
        assert_ne!(asked("buy tea").due(Due::on("2026-12-04".parse().unwrap())).fingerprint(), tea);
        assert_ne!(Promise { owner: "U3".into(), ..asked("buy tea") }.fingerprint(), tea);
    }

    #[test]
    fn a_rate_of_few_people_is_not_shown() {
        let rate = |owners| KeptRate { kept: 7, all: 9, owners }.shown();
        assert_eq!((rate(2), rate(3)), (None, Some((7, 9))));
    }
}
