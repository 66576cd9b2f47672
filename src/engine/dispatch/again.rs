//! Handles an event again after Slack was asked for what it depends on.
//!
//! The acknowledged event is committed as a run, so it is handled even after a kill. The ticker claims the run, and
//! what follows from the event is committed with the run's end. Nothing here waits for Slack: if the answer is missing,
//! the run is snoozed.

use chrono::Duration;

use super::{
    Dispatch,
    conclude::{Case, Mark},
    deferred::{KIND, received_at},
};
use crate::{
    engine::{messages, reply_route::ReplyRoute},
    model::{
        effect::{ENGINE, NewEffect, Origin, Target},
        event::Event,
        failure::Failure,
        message::Message,
    },
    store::{
        runs::{self, Run, RunOutcome},
        unit::UnitOfWork,
    },
};

/// The greatest age of an event that is still handled: its `response_url` works for half an hour.
const LONGEST: Duration = Duration::minutes(25);

impl Dispatch {
    /// Handles the event of a run, and commits what follows together with the end of the run.
    pub async fn again(&self, run: &Run) -> Result<(), Failure> {
        let event: Event = match serde_json::from_str(&run.payload) {
            Ok(event) if run.kind == KIND => event,
            _ => return Err(Failure::Fail(anyhow::anyhow!("an event that waits can't be read"))),
        };
        if self.engine.clock.now() - received_at(run) > LONGEST {
            let mut unit = UnitOfWork::new();
            self.apologise(&mut unit, &event, messages::handled_too_late(&event))?;
            runs::finish(&mut unit, &self.engine.team, run, RunOutcome::Skipped, "", self.engine.clock.now());
            return Ok(self.engine.store.commit(unit).await.map(drop)?);
        }
        let context = self.engine.context_of(received_at(run), true);
        let case = Case::new(context, Mark::Run(Box::new(run.clone())), &event);
        self.conclude(&case, event).await.map(drop)
    }

    /// Returns the writes for a run whose event failed finally: the person hears about it.
    pub fn on_failed_run(&self, run: &Run) -> UnitOfWork {
        let mut unit = UnitOfWork::new();
        if let Ok(event) = serde_json::from_str::<Event>(&run.payload)
            && let Err(error) = self.apologise(&mut unit, &event, messages::handling_failed(&event))
        {
            tracing::error!(%error, run = run.key, "a person is not told that their request failed");
        }
        unit
    }

    /// Writes to the person who caused an event in their DM, because their `response_url` has long expired.
    fn apologise(&self, unit: &mut UnitOfWork, event: &Event, words: Message) -> Result<(), Failure> {
        let (Some(user), false) = (event.actor(), matches!(ReplyRoute::of(event), ReplyRoute::None)) else {
            return Ok(());
        };
        let context = self.engine.context();
        let key = format!("answer/{}", context.id());
        let origin = Origin::new(ENGINE, String::new());
        let to = Target::Person(user.clone());
        context.enqueue(unit, &NewEffect::post(origin, key, to, words, context.now).caused_by(user))?;
        Ok(())
    }
}
