//! Runs that look at a sync now, when something about it has changed.

use super::{NAME, NOTES, PREPARE, plan::Steps};
use crate::{
    model::{cadence::Occurrence, catch_up::CatchUp, owner::Owner},
    ritual::Context,
    store::{
        programmes::Programme,
        runs::{self, NewRun},
        unit::UnitOfWork,
    },
};

/// Adds to a unit that it is looked at now who leads a sync; each `subject` once.
pub(super) fn look_for_lead(
    unit: &mut UnitOfWork,
    context: &Context,
    sync: (&Programme, Occurrence),
    subject: &str,
) {
    put_look(unit, context, sync, (PREPARE, subject));
}

/// Adds to a unit that it is looked at now who takes notes at a sync, if the time has come to settle it; each `subject` once.
pub(super) fn look_for_scribe(
    unit: &mut UnitOfWork,
    context: &Context,
    (programme, at, steps): (&Programme, Occurrence, &Steps),
    subject: &str,
) {
    if steps.has_sheet(context.now) && context.now < at.at {
        put_look(unit, context, (programme, at), (NOTES, subject));
    }
}

/// Adds to a unit that a run of a kind is due now for a sync; each `subject` once.
fn put_look(
    unit: &mut UnitOfWork,
    context: &Context,
    (programme, at): (&Programme, Occurrence),
    (kind, subject): (&'static str, &str),
) {
    let zone = programme.cadence.as_ref().map_or(context.zone, |cadence| cadence.zone);
    let wall = context.now.with_timezone(&zone).naive_local();
    let run = NewRun {
        owner: Owner::Programme(programme.id.clone()),
        ritual: NAME,
        occasion: Some(at),
        kind,
        subject,
        due: Occurrence { at: context.now, wall },
        late: CatchUp::Until(at.at),
        payload: "",
    };
    runs::put(unit, &context.team, &run, context.now);
}
