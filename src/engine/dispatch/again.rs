//! Handling an event again once Slack was asked for what it depends on.
//!
//! What was acknowledged is committed: the event waits as a run, so that it is handled after a kill, too. The ticker takes
//! it in hand, and what it comes to is committed with the run's end. Nothing here waits for Slack: where the answer is not
//! there yet, the run is snoozed.

use chrono::Duration;

use super::{
    Dispatch,
    conclude::{Case, Mark},
};
use crate::{
    engine::{messages, way_back::WayBack},
    model::{
        cadence::Occurrence,
        catch_up::CatchUp,
        clock::Instant,
        effect::{ENGINE, NewEffect, Origin, Target},
        event::Event,
        failure::Failure,
        message::Message,
        owner::Owner,
        people::{TeamId, UserId},
    },
    store::{
        runs::{self, NewRun, Run, RunOutcome},
        unit::UnitOfWork,
    },
};

/// The kind of the runs.
const KIND: &str = "again";
/// How long after an event it is first looked whether Slack has answered.
const FIRST_LOOK: Duration = Duration::seconds(1);
/// For how long a person is kept waiting while Slack doesn't answer.
const PATIENCE: Duration = Duration::minutes(2);
/// How old an event may be that is still handled: its `response_url` lives for half an hour.
const LONGEST: Duration = Duration::minutes(25);
/// For how long it is worth saying that an event was not handled.
const WORTH_SAYING: Duration = Duration::days(7);

/// Adds to a unit that an event is handled again soon.
pub(super) fn put(
    unit: &mut UnitOfWork,
    team: &TeamId,
    key: &str,
    event: &Event,
    now: Instant,
) -> Result<(), Failure> {
    let payload = serde_json::to_string(event).map_err(|error| Failure::Fail(error.into()))?;
    let at = now + FIRST_LOOK;
    let run = NewRun {
        owner: Owner::Delivery(key.to_owned()),
        ritual: ENGINE,
        occasion: None,
        kind: KIND,
        // Whose it is: an erasure takes it away.
        subject: event.actor().map_or("", UserId::as_str),
        due: Occurrence { at, wall: at.naive_utc() },
        late: CatchUp::Within(WORTH_SAYING),
        payload: &payload,
    };
    runs::put(unit, team, &run, now);
    Ok(())
}

/// When it is looked again whether Slack has answered; `None` once a person has waited long enough.
pub(super) fn next_look(run: &Run, now: Instant) -> Option<Instant> {
    let waited = now - came_in(run);
    (waited < PATIENCE).then(|| now + (waited / 4).max(FIRST_LOOK))
}

fn came_in(run: &Run) -> Instant {
    run.due.at - FIRST_LOOK
}

impl Dispatch {
    /// Handles the event of a run, and commits what follows together with the end of the run.
    pub async fn again(&self, run: &Run) -> Result<(), Failure> {
        let event: Event = match serde_json::from_str(&run.payload) {
            Ok(event) if run.kind == KIND => event,
            _ => return Err(Failure::Fail(anyhow::anyhow!("an event that waits can't be read"))),
        };
        if self.engine.clock.now() - came_in(run) > LONGEST {
            let mut unit = UnitOfWork::new();
            self.apologise(&mut unit, &event, messages::handled_too_late(&event))?;
            runs::finish(&mut unit, &self.engine.team, run, RunOutcome::Skipped, "", self.engine.clock.now());
            return Ok(self.engine.store.commit(unit).await.map(drop)?);
        }
        let context = self.engine.context_of(came_in(run), true);
        let case = Case::new(context, Mark::Run(Box::new(run.clone())), &event);
        self.conclude(&case, event).await.map(drop)
    }

    /// What is written when the event of a run was tried for good and failed: the person hears of it.
    pub fn gives_up(&self, run: &Run) -> UnitOfWork {
        let mut unit = UnitOfWork::new();
        if let Ok(event) = serde_json::from_str::<Event>(&run.payload)
            && let Err(error) = self.apologise(&mut unit, &event, messages::handling_failed(&event))
        {
            tracing::error!(%error, run = run.key, "a person is not told that their request failed");
        }
        unit
    }

    /// Writes to the person who caused an event in their DM, since what they typed in is long gone.
    fn apologise(&self, unit: &mut UnitOfWork, event: &Event, words: Message) -> Result<(), Failure> {
        let (Some(user), false) = (event.actor(), matches!(WayBack::of(event), WayBack::None)) else {
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
