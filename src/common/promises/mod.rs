//! Promises: what a person has taken on, with a date. The record that every ritual may read, and how one asks a person for a
//! promise. What people type, press and are reminded of is the ritual's, in `rituals/promises`.

mod asking;
pub mod form;
mod leaving;
pub mod messages;
mod occasion;
pub mod store;

use chrono::{Duration, NaiveDate, NaiveTime};
use ring::digest;

pub use self::{
    asking::{Requested, may_be_asked, requested, today},
    leaving::{RETURNED, give_back},
    occasion::{PromiseReview, due, kept_rate, put_due, review},
};
use crate::{
    model::{
        clock::Instant,
        effect::{DeliveryGuarantee, Keep, NewEffect, Origin, Target},
        failure::Failure,
        message::Message,
        people::{ChannelId, UserId},
        text::fold,
    },
    ritual::Context,
    store::unit::UnitOfWork,
};

/// The name of the ritual that handles the buttons of promises.
pub const RITUAL: &str = "promises";
/// For how many days a message about a promise can be changed.
pub const KEEP_DAYS: i64 = 180;
/// For how many days back the kept rate counts.
pub const KEPT_DAYS: u32 = 90;
/// A kept rate of fewer people than this would show how one of them does.
pub const FEWEST_OWNERS: i64 = 3;

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
}

impl PromiseState {
    const ALL: [PromiseState; 6] = [
        PromiseState::Asked,
        PromiseState::Open,
        PromiseState::Kept,
        PromiseState::Dropped,
        PromiseState::Returned,
        PromiseState::Withdrawn,
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
    /// Why it was dropped, in the owner's words; often empty.
    pub reason: String,
    /// Counts the changes.
    pub version: i64,
    /// The version that the newest message in the owner's DM was sent for.
    pub card: i64,
    /// When the owner was reminded of this date.
    pub reminded_at: Option<Instant>,
    /// When it was first promised.
    pub promised_at: Option<Instant>,
    /// When it was kept, dropped or taken back.
    pub settled_at: Option<Instant>,
}

impl Promise {
    /// Returns a promise that a person is to be asked for.
    pub fn asked(id: String, owner: UserId, asker: UserId, words: String) -> Promise {
        Promise {
            id,
            owner,
            asker,
            author: None,
            words,
            link: String::new(),
            origin: PromiseOrigin::default(),
            state: PromiseState::Asked,
            due: None,
            reason: String::new(),
            version: 0,
            card: 0,
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
        let is_settled =
            matches!(state, PromiseState::Kept | PromiseState::Dropped | PromiseState::Withdrawn);
        // What is done, and what is not done after all, is said in the same message.
        let stays = state == PromiseState::Kept || self.state == PromiseState::Kept;
        Promise {
            state,
            version: self.version + 1,
            card: if stays { self.card } else { self.version + 1 },
            reminded_at: self.reminded_at.filter(|_| stays),
            promised_at: match state {
                PromiseState::Open => self.promised_at.or(Some(now)),
                PromiseState::Asked => None,
                PromiseState::Kept
                | PromiseState::Dropped
                | PromiseState::Returned
                | PromiseState::Withdrawn => self.promised_at,
            },
            settled_at: is_settled.then_some(now),
            ..self.clone()
        }
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

/// Adds to a unit that a person is asked for a promise: its record, and the question in their DM. They may say yes, name another
/// date or say no; the asker hears the answer. That the owner is a person who can be asked is for the caller to find out.
///
/// The unit depends on the bounds that hold wherever the promise comes from: not the same one twice ([`store::TWICE`]), so many requests
/// of others a day ([`store::ASKED_OFTEN`]), and so many promises of one's own ([`store::FULL`]).
pub async fn ask(unit: &mut UnitOfWork, context: &Context, promise: &Promise) -> Result<(), Failure> {
    store::once(unit, &context.team, promise, context.now);
    if promise.is_own() {
        store::one_more(unit, &context.team, promise);
    } else {
        count_request(unit, context, &promise.asker).await?;
    }
    store::put(unit, &context.team, promise, context.now);
    question(unit, context, promise)
}

/// Adds a request to those that a person makes of others on this day, as far as a day allows.
pub async fn count_request(unit: &mut UnitOfWork, context: &Context, asker: &UserId) -> Result<(), Failure> {
    let today = today(context, asker).await?.to_string();
    store::request_one_more(unit, &context.team, asker, &today);
    Ok(())
}

/// Adds to a unit the question whether a person promises something: once for each version of it.
pub fn question(unit: &mut UnitOfWork, context: &Context, promise: &Promise) -> Result<(), Failure> {
    let today = context.now.with_timezone(&context.zone).date_naive();
    let message = messages::question(promise, today);
    let effect = told(context, question_key(&promise.id, promise.version), &promise.owner, message);
    Ok(context.enqueue_once(unit, &effect)?)
}

/// Returns the outbox key of the question about a version of a promise.
pub fn question_key(id: &str, version: i64) -> String {
    format!("promises/asked/{id}/{version}")
}

/// Returns a message to a person about a promise, which can be changed for half a year.
pub fn told(context: &Context, key: String, person: &UserId, message: Message) -> NewEffect {
    let to = Target::Person(person.clone());
    NewEffect {
        keep: Keep::Until(context.now + Duration::days(KEEP_DAYS)),
        delivery: DeliveryGuarantee::AtLeastOnce,
        ..NewEffect::post(Origin::new(RITUAL, String::new()), key, to, message, context.now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::clock::from_ms;

    #[test]
    fn a_state_is_stored_in_one_form() {
        let stored = PromiseState::ALL.map(PromiseState::as_str);
        assert_eq!(stored, ["asked", "open", "kept", "dropped", "returned", "withdrawn"]);
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
