//! Commits what a ritual answered, and turns it into the reply.

use std::sync::atomic::{AtomicBool, Ordering};

use super::{deferred, late, lookups};
use crate::{
    engine::{Engine, messages, reply_route::ReplyRoute},
    model::{
        event::{Event, Reply},
        failure::{Failure, Lookup},
    },
    ritual::{Answer, Context},
    store::{
        people::channels,
        processed::{self, ALREADY_PROCESSED},
        runs::{self, LEASE_LOST, Run, RunOutcome},
        unit::{Outcome, UnitOfWork},
    },
};

/// The guard of a unit whose person already has too many effects waiting.
const TOO_MANY_WAITING: &str = "too_many_waiting";
/// How often guards may decline a ritual's answers to one event.
const MOST_DECLINED: usize = 4;

/// What marks an event as handled.
pub(super) enum Mark {
    /// A delivery's key: the person waits for the acknowledgement.
    Delivery(String),
    /// Nothing: no trace may tell who caused the event, and handling it again changes nothing.
    Unrecorded,
    /// The run that kept the event while Slack was asked: it is already acknowledged.
    Run(Box<Run>),
}

/// One event while a ritual handles it.
pub(super) struct Case {
    pub(super) context: Context,
    pub(super) reply_route: ReplyRoute,
    event: Event,
    mark: Mark,
    is_committed: AtomicBool,
}

impl Case {
    pub(super) fn new(context: Context, mark: Mark, event: &Event) -> Case {
        let (reply_route, event) = (ReplyRoute::of(event), event.clone());
        Case { context, reply_route, event, mark, is_committed: AtomicBool::new(false) }
    }

    /// Whether what is stored may tell that the event came, and from whom.
    pub(super) fn is_recorded(&self) -> bool {
        !matches!(self.mark, Mark::Unrecorded)
    }

    /// Whether the event is known to be marked as handled.
    pub(super) fn is_committed(&self) -> bool {
        self.is_committed.load(Ordering::Relaxed)
    }

    /// Commits the answer, marks the event as handled, and returns the reply that counts: a repetition gets the first
    /// reply.
    pub(super) async fn conclude(
        &self,
        engine: &Engine,
        answered: Result<Answer<'_>, Failure>,
    ) -> Result<Reply, Failure> {
        let mut answer = match answered {
            Ok(answer) => answer,
            Err(failure) => return self.refuse(engine, failure).await,
        };
        for _ in 0..MOST_DECLINED {
            let Answer { mut unit, reply, declined, absence, kept } = answer;
            match (&self.mark, &reply) {
                // A form with errors is not recorded, so that it can be sent again.
                (Mark::Delivery(_), Reply::Errors(_)) if unit.is_empty() => {
                    return Ok(self.earlier_reply().await?.unwrap_or(reply));
                }
                (Mark::Unrecorded, _) if unit.is_empty() => return Ok(self.shown(reply)),
                // A menu asks with each letter, and has no consequences.
                (_, Reply::Options(_)) => return Ok(reply),
                _ => {}
            }
            if let Some(user) = absence {
                for ritual in engine.rituals.iter() {
                    unit.append(ritual.on_absence(&self.context, &user).await?);
                }
            }
            let guard = match self.commit_keeping(engine, unit, (reply, kept)).await? {
                Ok(reply) => return Ok(reply),
                Err(guard) => guard,
            };
            if guard == TOO_MANY_WAITING {
                return self.refuse(engine, Failure::refuse(messages::TOO_MANY_WAITING)).await;
            }
            let Some(declined) = declined else { return self.end_silently(engine).await };
            answer = match declined(guard).await {
                Ok(answer) => answer,
                Err(failure) => return self.refuse(engine, failure).await,
            };
        }
        Err(Failure::Fail(anyhow::anyhow!("what a ritual answered was declined {MOST_DECLINED} times")))
    }

    /// Returns the reply, or the guard that declined the unit.
    async fn commit(
        &self,
        engine: &Engine,
        unit: UnitOfWork,
        reply: Reply,
    ) -> Result<Result<Reply, &'static str>, Failure> {
        self.commit_keeping(engine, unit, (reply, None)).await
    }

    /// The same, with what is kept for repetitions in place of the reply, if that isn't to be kept.
    async fn commit_keeping(
        &self,
        engine: &Engine,
        mut unit: UnitOfWork,
        (reply, kept): (Reply, Option<Reply>),
    ) -> Result<Result<Reply, &'static str>, Failure> {
        let (team, now) = (&engine.team, self.context.now);
        if let Some(person) = self.context.causer()
            && !engine.waiting.admit(&engine.store, team, person, &unit, now).await?
        {
            return Ok(Err(TOO_MANY_WAITING));
        }
        let (effect, reply) = match &self.mark {
            Mark::Unrecorded if unit.names_its_cause() => {
                return Err(Failure::Fail(anyhow::anyhow!(
                    "an anonymous event may cause no effect and no run"
                )));
            }
            Mark::Unrecorded => (None, self.shown(reply)),
            Mark::Delivery(_) => self.reply_route.behind_acknowledgement(reply, &self.context),
            Mark::Run(_) => {
                (late::effect(&self.reply_route, &self.event, reply, &self.context), Reply::Nothing)
            }
        };
        if let Some(effect) = effect {
            self.context.enqueue(&mut unit, &effect)?;
        }
        match &self.mark {
            Mark::Delivery(key) => {
                let kept = kept.as_ref().unwrap_or(&reply);
                processed::guard(&mut unit, team, (key, self.context.causer()), kept, now)?;
            }
            Mark::Run(run) => runs::finish(&mut unit, team, run, RunOutcome::Done, "", now),
            Mark::Unrecorded => {}
        }
        match engine.store.commit(unit).await? {
            Outcome::Committed(_) => {
                self.is_committed.store(true, Ordering::Relaxed);
                Ok(Ok(reply))
            }
            Outcome::Refused(ALREADY_PROCESSED) => {
                self.is_committed.store(true, Ordering::Relaxed);
                Ok(Ok(self.earlier_reply().await?.unwrap_or_default()))
            }
            // Another attempt has claimed it, or has finished it.
            Outcome::Refused(LEASE_LOST) => Ok(Ok(Reply::Nothing)),
            Outcome::Refused(guard) => Ok(Err(guard)),
        }
    }

    /// Ends the event without a reply after a guard declined.
    async fn end_silently(&self, engine: &Engine) -> Result<Reply, Failure> {
        match self.mark {
            Mark::Delivery(_) | Mark::Unrecorded => Ok(Reply::Nothing),
            Mark::Run(_) => {
                Ok(self.commit(engine, UnitOfWork::new(), Reply::Nothing).await?.unwrap_or_default())
            }
        }
    }

    /// Refuses a person's request. The event may repeat one that was handled: then the reply of that time counts. A
    /// refused command is not recorded, so that the person can correct it and send it again.
    async fn refuse(&self, engine: &Engine, failure: Failure) -> Result<Reply, Failure> {
        let message = match failure {
            Failure::Refuse(message) => *message,
            // A run that keeps the event would name the person.
            Failure::Later(_) if !self.is_recorded() => messages::slack_is_silent(),
            Failure::Later(lookup) => return self.defer_event(engine, lookup).await,
            failure => return Err(failure),
        };
        if let Some(earlier) = self.earlier_reply().await? {
            return Ok(earlier);
        }
        let reply = Reply::Ephemeral(message);
        match (&self.mark, &self.reply_route) {
            (Mark::Delivery(_), ReplyRoute::Command { .. }) => Ok(reply),
            (Mark::Delivery(_), ReplyRoute::None) => Ok(Reply::Nothing),
            (Mark::Unrecorded, _) => Ok(self.shown(reply)),
            (Mark::Delivery(_), ReplyRoute::Action { .. } | ReplyRoute::Form { .. }) | (Mark::Run(_), _) => {
                Ok(self.commit(engine, UnitOfWork::new(), reply).await?.unwrap_or_default())
            }
        }
    }

    /// Keeps the event until Slack was asked, and has it handled again. It waits while Slack does not answer, up to a
    /// limit.
    async fn defer_event(&self, engine: &Engine, lookup: Lookup) -> Result<Reply, Failure> {
        let (team, now) = (&engine.team, self.context.now);
        let mut unit = UnitOfWork::new();
        if let Lookup::Channel(channel) = &lookup {
            channels::want_for_person(&mut unit, team, channel, now);
        }
        let reply = match &self.mark {
            Mark::Delivery(key) => {
                deferred::put(&mut unit, team, key, &self.event, now)?;
                self.commit(engine, unit, self.reply_route.one_moment()).await?.unwrap_or_default()
            }
            Mark::Run(run) => {
                let Some(at) = deferred::next_look(run, now) else {
                    let reply = Reply::Ephemeral(messages::slack_is_silent());
                    return Ok(self.commit(engine, unit, reply).await?.unwrap_or_default());
                };
                runs::snooze(&mut unit, team, run, at, "Slack was asked");
                engine.store.commit(unit).await?;
                Reply::Nothing
            }
            Mark::Unrecorded => Reply::Nothing,
        };
        lookups::ask(engine, &lookup, self.context.asked_since);
        Ok(reply)
    }

    async fn earlier_reply(&self) -> Result<Option<Reply>, Failure> {
        match &self.mark {
            Mark::Delivery(key) => Ok(self.context.store.processed_reply(key).await?),
            Mark::Run(_) | Mark::Unrecorded => Ok(None),
        }
    }

    /// Returns a reply that needs no effect: the form shows what a message would say.
    fn shown(&self, reply: Reply) -> Reply {
        match (reply, &self.reply_route) {
            (Reply::Ephemeral(message) | Reply::Replace(message), ReplyRoute::Form { .. }) => {
                Reply::Update(Box::new(messages::as_form(message)))
            }
            (reply, _) => reply,
        }
    }
}
