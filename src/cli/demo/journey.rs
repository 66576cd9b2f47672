//! What lies ahead in the demo: when something happens by itself, and when all that is due has been done.

use std::{sync::Arc, time::Duration};

use slack_sandbox::{Clock, Journey, NextThing};

use crate::{
    model::{
        clock::{Instant, from_ms},
        people::TeamId,
    },
    rituals::ritual::Ritual,
    store::{Store, StoreError, runs::Run},
};

/// How often one looks whether all is done; a demo whose bot is stuck goes on.
const LONGEST: usize = 500;
/// How long one waits before looking again, in real time.
const A_WHILE: Duration = Duration::from_millis(2);
/// How far time is moved meanwhile, since the pace of messages is Slack's.
const A_STEP_MS: i64 = 250;
/// What is to be said so soon belongs to the present, and is no stop of its own.
const SOON: chrono::Duration = chrono::Duration::minutes(1);

/// The time ahead, for the sandbox's controls.
pub(super) fn journey(store: &Store, team: &TeamId, clock: &Clock, rituals: Vec<Box<dyn Ritual>>) -> Journey {
    let ahead = (store.clone(), team.clone(), clock.clone(), Arc::new(rituals));
    let at_hand = (store.clone(), team.clone(), clock.clone());
    Journey::new(
        move || {
            let (store, team, clock, rituals) = ahead.clone();
            async move { next(&store, &team, &rituals, from_ms(clock.now_ms())).await.ok().flatten() }
        },
        move || {
            let (store, team, clock) = at_hand.clone();
            async move { settle(&store, &team, &clock).await }
        },
    )
}

/// What happens next by itself: a run, or something that was put off until its time.
async fn next(
    store: &Store,
    team: &TeamId,
    rituals: &[Box<dyn Ritual>],
    now: Instant,
) -> Result<Option<NextThing>, StoreError> {
    let run = store.next_run(team).await?;
    let said = store.next_effect_at(team, now + SOON).await?;
    match (run, said) {
        (Some(run), said) if said.is_none_or(|said| run.visible_at <= said.timestamp_millis()) => {
            Ok(Some(NextThing { at_ms: run.visible_at, title: title(store, team, rituals, &run).await? }))
        }
        (_, Some(said)) => {
            Ok(Some(NextThing { at_ms: said.timestamp_millis(), title: "A message".to_owned() }))
        }
        (_, None) => Ok(None),
    }
}

/// What a run is called, as in `Coffee round in #coffee-chats`.
async fn title(
    store: &Store,
    team: &TeamId,
    rituals: &[Box<dyn Ritual>],
    run: &Run,
) -> Result<String, StoreError> {
    let ritual = rituals.iter().find(|ritual| ritual.name() == run.ritual);
    let what = ritual.map_or(run.ritual.as_str(), |ritual| ritual.run_title(&run.kind));
    let channel = match store.programme(team, &run.programme).await? {
        Some(programme) => store.open_channel(team, &programme.channel).await?,
        None => None,
    };
    Ok(channel.map_or_else(|| what.to_owned(), |channel| format!("{what} in #{channel}")))
}

/// Returns when all that is due has been done and said. Time is moved along while something waits for its turn.
async fn settle(store: &Store, team: &TeamId, clock: &Clock) {
    for _ in 0..LONGEST {
        let now = from_ms(clock.now_ms());
        match (store.outbox_depth(now).await, store.next_run_at(team).await) {
            (Ok(depth), Ok(_)) if depth.waiting > 0 => clock.advance_by(A_STEP_MS),
            (Ok(_), Ok(Some(run))) if run <= now => {}
            _ => return,
        }
        tokio::time::sleep(A_WHILE).await;
    }
}
