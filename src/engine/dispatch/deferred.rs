//! Events that wait as runs until Slack has answered what they depend on.

use chrono::Duration;

use crate::{
    model::{
        cadence::Occurrence,
        catch_up::CatchUp,
        clock::Instant,
        effect::ENGINE,
        event::Event,
        failure::Failure,
        owner::Owner,
        people::{TeamId, UserId},
    },
    store::{
        runs::{self, NewRun, Run},
        unit::UnitOfWork,
    },
};

pub(super) const KIND: &str = "again";
/// How long after an event it is first checked whether Slack has answered.
const FIRST_LOOK: Duration = Duration::seconds(1);
/// How long a person waits while Slack doesn't answer.
const PATIENCE: Duration = Duration::minutes(2);
/// How long it is worth reporting that an event was not handled.
const WORTH_REPORTING: Duration = Duration::days(7);

/// Adds to a unit a run that handles an event again.
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
        // An erasure deletes the run by this person.
        subject: event.actor().map_or("", UserId::as_str),
        due: Occurrence { at, wall: at.naive_utc() },
        late: CatchUp::Within(WORTH_REPORTING),
        payload: &payload,
    };
    runs::put(unit, team, &run, now);
    Ok(())
}

/// Returns when to check again whether Slack has answered; `None` once a person has waited long enough.
pub(super) fn next_look(run: &Run, now: Instant) -> Option<Instant> {
    let waited = now - received_at(run);
    (waited < PATIENCE).then(|| now + (waited / 4).max(FIRST_LOOK))
}

/// Returns when the event of a run arrived.
pub(super) fn received_at(run: &Run) -> Instant {
    run.due.at - FIRST_LOOK
}
