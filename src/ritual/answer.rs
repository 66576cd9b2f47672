//! What a handler of a ritual answers: what is to be written, and what follows.

use futures_util::future::BoxFuture;

use super::messages;
use crate::{
    model::{clock::Instant, event::Reply, failure::Failure, people::UserId},
    store::{runs::RunOutcome, unit::UnitOfWork},
};

/// What a handler that takes time returns.
pub type Handling<'c> = BoxFuture<'c, Result<Answer<'c>, Failure>>;
/// What is answered when the guard of this name declined the unit. It may read again.
pub type Declined<'c> = Box<dyn FnOnce(&'static str) -> Handling<'c> + Send + 'c>;

/// The answer to one event. The engine commits the unit together with the event's key, and only then sends the reply.
pub struct Answer<'c> {
    /// What is written, all of it or nothing.
    pub unit: UnitOfWork,
    /// What the person gets. Behind a button, a message goes to the button's `response_url`.
    pub reply: Reply,
    /// What is answered instead when one of the unit's guards declines; without it the person gets nothing.
    pub declined: Option<Declined<'c>>,
    /// The person whose days away or working days change with it: every ritual [hears](super::Ritual::on_absence) of it.
    pub absence: Option<UserId>,
    /// What a repetition of the event gets, where the reply holds words that are not to be kept with the event.
    pub kept: Option<Reply>,
}

impl<'c> Answer<'c> {
    /// A reply with what is written before it is sent.
    pub fn new(unit: UnitOfWork, reply: Reply) -> Answer<'c> {
        Answer { unit, reply, declined: None, absence: None, kept: None }
    }

    /// A reply for which nothing is written.
    pub fn reply(reply: Reply) -> Answer<'c> {
        Answer::new(UnitOfWork::new(), reply)
    }

    /// Nothing to write and nothing to say.
    pub fn nothing() -> Answer<'c> {
        Answer::reply(Reply::Nothing)
    }

    /// The same answer, with what follows when a guard declines.
    #[must_use]
    pub fn or_else(self, declined: impl FnOnce(&'static str) -> Handling<'c> + Send + 'c) -> Answer<'c> {
        Answer { declined: Some(Box::new(declined)), ..self }
    }

    /// The same answer, of whose reply nothing is kept: a repetition of the event gets this one.
    #[must_use]
    pub fn keeping(self, kept: Reply) -> Answer<'c> {
        Answer { kept: Some(kept), ..self }
    }

    /// The same answer, which changes a person's days away or working days.
    #[must_use]
    pub fn with_absence_of(self, user: &UserId) -> Answer<'c> {
        Answer { absence: Some(user.clone()), ..self }
    }

    /// The same answer, with a refusal for the case that a guard declines.
    #[must_use]
    pub fn or_refuse(self, failure: Failure) -> Answer<'c> {
        self.or_else(move |_| Box::pin(std::future::ready(Err(failure))))
    }
}

/// What a ritual makes of an effect that Slack refused. Its unit is committed together with the effect's end.
#[derive(Default)]
pub struct Settled {
    /// What is written, all of it or nothing.
    pub unit: UnitOfWork,
    /// Whether the effect needs no attention any more; else an operator sees that it was given up.
    pub is_settled: bool,
}

impl Settled {
    /// What the effect was for is done another way, or is no loss.
    pub fn with(unit: UnitOfWork) -> Settled {
        Settled { unit, is_settled: true }
    }

    /// The ritual knows nothing better.
    pub fn given_up() -> Settled {
        Settled::default()
    }
}

/// What a run came to. Its unit is committed together with the end of the run.
pub struct Ran {
    /// What is written, all of it or nothing.
    pub unit: UnitOfWork,
    /// How it ended.
    pub ending: Ending,
    /// Why, where it did not go as planned: a sentence that the ritual's people may read.
    pub remark: String,
    /// Whether the occasion keeps its date from now on, if the run was done.
    pub begins_occasion: bool,
}

/// Whether a run is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// It is over.
    Ended(RunOutcome),
    /// It is tried again at this instant, or earlier where the pause after a failure is shorter.
    Snoozed(Instant),
}

impl Ran {
    /// The run was done.
    pub fn done(unit: UnitOfWork) -> Ran {
        Ran { unit, ending: Ending::Ended(RunOutcome::Done), remark: String::new(), begins_occasion: true }
    }

    /// The run was done, and its occasion may still be moved or paused.
    pub fn prepared(unit: UnitOfWork) -> Ran {
        Ran { begins_occasion: false, ..Ran::done(unit) }
    }

    /// The run was left out, for a reason that people may read.
    pub fn skipped(why: impl Into<String>) -> Ran {
        let ending = Ending::Ended(RunOutcome::Skipped);
        Ran { ending, remark: why.into(), ..Ran::prepared(UnitOfWork::new()) }
    }

    /// The run is of a kind that its ritual does not know, as after a change of releases.
    pub fn unknown_work() -> Ran {
        Ran::skipped(messages::UNKNOWN_WORK)
    }

    /// The run waits for something until this instant.
    pub fn snoozed(unit: UnitOfWork, until: Instant, why: impl Into<String>) -> Ran {
        Ran { ending: Ending::Snoozed(until), remark: why.into(), ..Ran::prepared(unit) }
    }
}
