//! From what a ritual answered to what is committed, and from there to the reply.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::{
    engine::{Engine, way_back::WayBack},
    model::{
        effect::{ENGINE, Effect, Origin, Target},
        event::{Event, Reply},
        failure::Failure,
        message::Message,
        people::UserId,
    },
    rituals::ritual::{Answer, Context},
    store::{
        seen::{self, ALREADY_SEEN},
        unit::{Outcome, Unit},
    },
};

/// How often guards may decline what a ritual answers to one event.
const MOST_DECLINED: usize = 4;

/// One delivery on its way through a ritual.
pub(super) struct Case {
    pub(super) context: Context,
    pub(super) key: String,
    pub(super) way_back: WayBack,
    /// Who caused it.
    actor: Option<UserId>,
    /// Whether nothing may be written down of who caused it.
    is_by_erased: AtomicBool,
    is_committed: AtomicBool,
}

impl Case {
    pub(super) fn new(context: Context, key: String, event: &Event) -> Case {
        let (way_back, actor) = (WayBack::of(event), event.actor().cloned());
        let is_by_erased = AtomicBool::new(false);
        Case { context, key, way_back, actor, is_by_erased, is_committed: AtomicBool::new(false) }
    }

    /// Notes that an erased person caused it.
    pub(super) fn is_by_erased(&self) {
        self.is_by_erased.store(true, Ordering::Relaxed);
    }

    /// Who caused it, as far as that may be written down.
    fn actor(&self) -> Option<&UserId> {
        self.actor.as_ref().filter(|_| !self.is_by_erased.load(Ordering::Relaxed))
    }

    /// Whether this delivery is known to be marked as handled.
    pub(super) fn is_committed(&self) -> bool {
        self.is_committed.load(Ordering::Relaxed)
    }

    /// Commits what was answered, marks the delivery as handled, and returns the reply that counts: a repetition gets the
    /// reply of the first time.
    pub(super) async fn conclude(
        &self,
        engine: &Engine,
        answered: Result<Answer<'_>, Failure>,
    ) -> Result<Reply, Failure> {
        let mut answer = match answered {
            Ok(answer) => answer,
            Err(failure) => return self.refused(engine, failure).await,
        };
        for _ in 0..MOST_DECLINED {
            let Answer { unit, reply, declined } = answer;
            // What is to be corrected in a form is not recorded, so that it can be sent again.
            if matches!(reply, Reply::Errors(_)) && unit.is_empty() {
                return Ok(self.earlier().await?.unwrap_or(reply));
            }
            let guard = match self.commit(engine, unit, reply).await? {
                Ok(reply) => return Ok(reply),
                Err(guard) => guard,
            };
            let Some(declined) = declined else { return Ok(Reply::Nothing) };
            answer = match declined(guard).await {
                Ok(answer) => answer,
                Err(failure) => return self.refused(engine, failure).await,
            };
        }
        Err(Failure::Fail(anyhow::anyhow!("what a ritual answered was declined {MOST_DECLINED} times")))
    }

    /// The reply, or the guard that declined the unit.
    async fn commit(
        &self,
        engine: &Engine,
        mut unit: Unit,
        reply: Reply,
    ) -> Result<Result<Reply, &'static str>, Failure> {
        let reply = self.send(&mut unit, reply)?;
        let delivery = (self.key.as_str(), self.actor());
        seen::guard(&mut unit, &engine.team, delivery, &reply, self.context.now)?;
        match engine.store.commit(unit).await? {
            Outcome::Committed(_) => {
                self.is_committed.store(true, Ordering::Relaxed);
                Ok(Ok(reply))
            }
            Outcome::Refused(ALREADY_SEEN) => {
                self.is_committed.store(true, Ordering::Relaxed);
                Ok(Ok(self.earlier().await?.unwrap_or_default()))
            }
            Outcome::Refused(guard) => Ok(Err(guard)),
        }
    }

    /// Tells a person no. It may be the repetition of something that was done: then the reply of that time counts. Behind a
    /// command it is not recorded, so that the person may correct it and send again.
    async fn refused(&self, engine: &Engine, failure: Failure) -> Result<Reply, Failure> {
        let message = match failure {
            Failure::Refuse(message) => *message,
            failure => return Err(failure),
        };
        if let Some(earlier) = self.earlier().await? {
            return Ok(earlier);
        }
        let reply = Reply::Ephemeral(message);
        match &self.way_back {
            WayBack::Command { .. } => Ok(reply),
            WayBack::Action { .. } | WayBack::Form { .. } => {
                Ok(self.commit(engine, Unit::new(), reply).await?.unwrap_or_default())
            }
            WayBack::None => Ok(Reply::Nothing),
        }
    }

    async fn earlier(&self) -> Result<Option<Reply>, Failure> {
        Ok(self.context.store.seen_reply(&self.key).await?)
    }

    /// Writes a message into the unit where the acknowledgement cannot carry it.
    fn send(&self, unit: &mut Unit, reply: Reply) -> Result<Reply, Failure> {
        let (message, replace) = match reply {
            Reply::Ephemeral(message) => (message, false),
            Reply::Replace(message) => (message, true),
            reply => return Ok(reply),
        };
        let effect = match &self.way_back {
            WayBack::Command { .. } => return Ok(Reply::Ephemeral(message)),
            WayBack::None => return Ok(Reply::Nothing),
            WayBack::Action { response_url: Some(url), .. } => {
                let key = format!("answer/{}", self.context.id());
                let answer = Effect::answer(ENGINE, key, url.clone(), message, replace, self.context.now);
                Effect { causer: self.actor().cloned(), ..answer }
            }
            WayBack::Action { user, .. } | WayBack::Form { user, .. } => {
                self.direct(Target::Person(user.clone()), message)
            }
        };
        self.context.enqueue(unit, &effect)?;
        Ok(Reply::Nothing)
    }

    fn direct(&self, to: Target, message: Message) -> Effect {
        let origin = Origin::new(ENGINE, String::new());
        Effect::post(origin, format!("answer/{}", self.context.id()), to, message, self.context.now)
    }
}
