//! A person is erased by a process that doesn't talk to Slack: runs look at the syncs in which they have a turn.

use chrono::Duration;

use super::{NAME, NOTES, PREPARE, START, options::Options, plan::Steps, store};
use crate::{
    model::{
        cadence::Occurrence,
        catch_up::CatchUp,
        clock::Instant,
        owner::Owner,
        people::{TeamId, UserId},
    },
    store::{
        StoreError,
        programmes::Programme,
        reading::ReadStore,
        runs::{self, NewRun},
        unit::UnitOfWork,
    },
};

/// How long before a sync such a run counts as due, in days: the clock of the process that erases may be ahead of the bot's.
const DUE_DAYS: i64 = 60;

/// Returns a unit after which the next syncs are looked at in which a person has a turn, takes notes, or is asked to take one.
pub(super) async fn looks(store: &ReadStore, user: &UserId, now: Instant) -> Result<UnitOfWork, StoreError> {
    let mut unit = UnitOfWork::new();
    for programme in store::programmes_with_turn_of(store, user).await? {
        let programme = store.programme(&programme).await?;
        if let Some(programme) = programme.filter(|programme| programme.ended_at.is_none()) {
            put_looks(&mut unit, store, &programme, now).await?;
        }
    }
    Ok(unit)
}

async fn put_looks(
    unit: &mut UnitOfWork,
    store: &ReadStore,
    programme: &Programme,
    now: Instant,
) -> Result<(), StoreError> {
    let team = TeamId(store.team().to_owned());
    let pending = store.pending_runs(&programme.id).await?;
    let Some(next) = pending.into_iter().find(|run| run.kind == START).map(|run| run.due) else {
        return Ok(());
    };
    let Some(times) = &programme.cadence else { return Ok(()) };
    let has_sheet = Steps::plan(times, programme.from_at, next).has_sheet(now);
    let has_notes = has_sheet && Options::read(&programme.settings).scribe;
    let due = now.min(next.at - Duration::days(DUE_DAYS));
    let subject = format!("erased-{}", now.timestamp_millis());
    for kind in [PREPARE].into_iter().chain(has_notes.then_some(NOTES)) {
        let run = NewRun {
            owner: Owner::Programme(programme.id.clone()),
            ritual: NAME,
            occasion: Some(next),
            kind,
            subject: &subject,
            due: Occurrence { at: due, wall: due.with_timezone(&times.zone).naive_local() },
            late: CatchUp::Until(next.at),
            payload: "",
        };
        runs::put(unit, &team, &run, now);
    }
    Ok(())
}
