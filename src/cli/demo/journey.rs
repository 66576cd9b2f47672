//! What lies ahead in the demo: when something happens by itself, and when all that is due has been done.

use std::time::Duration;

use slack_sandbox::{Clock, Journey, NextThing};

use crate::{
    model::{
        clock::{Instant, from_ms},
        people::TeamId,
    },
    store::{Store, StoreError},
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
pub(super) fn journey(store: &Store, team: &TeamId, clock: &Clock) -> Journey {
    let ahead = (store.clone(), team.clone(), clock.clone());
    let at_hand = ahead.clone();
    Journey::new(
        move || {
            let (store, team, clock) = ahead.clone();
            async move { next(&store, &team, from_ms(clock.now_ms())).await.ok().flatten() }
        },
        move || {
            let (store, team, clock) = at_hand.clone();
            async move { settle(&store, &team, &clock).await }
        },
    )
}

/// What happens next by itself: a run, or something that was put off until its time.
async fn next(store: &Store, team: &TeamId, now: Instant) -> Result<Option<NextThing>, StoreError> {
    let run = store.next_run_at(team).await?;
    let effect = store.next_effect_at(team).await?.filter(|at| *at > now + SOON);
    let at = [run, effect].into_iter().flatten().min();
    Ok(at.map(|at| NextThing { at_ms: at.timestamp_millis(), title: title() }))
}

/// What the thing ahead is called.
fn title() -> String {
    "something planned".to_owned()
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
