//! Reads from Slack what an answer depends on and the directory does not know, in a task of its own.

use chrono::Duration;

use crate::{
    engine::{
        Engine,
        directory::{self, RefreshError},
    },
    model::{clock::Instant, failure::Lookup},
    ritual::Context,
    slack::CallError,
};

/// For how long after a reading the user groups are not read again for a next try, in minutes: each reading asks for
/// the full list.
const GROUPS_AGAIN_MINUTES: i64 = 3;
/// The same for a person, in minutes.
const PERSON_AGAIN_MINUTES: i64 = 1;

/// Asks Slack for what may have changed without an event, so that the next try knows it.
pub(super) fn for_next_try(engine: &Engine, context: &Context) {
    let before = |minutes| context.now - Duration::minutes(minutes);
    if context.misses_a_group() {
        ask(engine, &Lookup::Groups, before(GROUPS_AGAIN_MINUTES));
    }
    if let Some(person) = context.unread_person() {
        ask(engine, &Lookup::Person(person.clone()), before(PERSON_AGAIN_MINUTES));
    }
}

/// Asks Slack, unless it was asked at `since` or later. Channels are read by the loop in `readings.rs`.
pub(super) fn ask(engine: &Engine, lookup: &Lookup, since: Instant) {
    let now = engine.clock.now();
    if matches!(lookup, Lookup::Channel(_)) || !engine.looked_up.begin(lookup, since, now) {
        return;
    }
    let (behind, engine, lookup) = (engine.behind.clone(), engine.clone(), lookup.clone());
    behind.spawn(async move {
        let read = match &lookup {
            Lookup::Groups => directory::refresh_groups(&engine, now).await,
            Lookup::Person(user) => directory::refresh_person(&engine, user).await,
            Lookup::Channel(_) => Ok(()),
        };
        // A refusal is an answer: Slack knows no such person, or does not tell.
        let is_answered = matches!(&read, Ok(()) | Err(RefreshError::Slack(CallError::Refused { .. })));
        engine.looked_up.end(&lookup, now, is_answered);
        if let Err(error) = read {
            tracing::warn!(%error, ?lookup, "Slack did not tell what a request depends on");
        }
    });
}
