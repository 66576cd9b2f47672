//! The demo's schedule: when something happens next, and when all that is due has been done.

use std::{sync::Arc, time::Duration};

use slack_sandbox::{Clock, TimeSteps};
use tokio_util::task::TaskTracker;

use super::ahead::{RUNS_READ, ahead};
use crate::{
    model::{
        clock::{Instant, from_ms},
        people::{TeamId, UserId},
    },
    ritual::Ritual,
    store::{Store, StoreError, runs::Run},
};

/// How many times an unchanged run is looked at before time travel goes on without it, so that a stuck bot does not
/// block the demo.
const LOOKS_AT_A_RUN: usize = 200;
/// The same for effects that are to be sent, which take longer than a run on a busy machine.
const LOOKS: usize = 1_000;
/// How many steps of time the bot gets to read the directory.
const STEPS: usize = 2_000;
/// The wait before the next look, in real time.
const A_WHILE: Duration = Duration::from_millis(1);
/// The wait when nothing has changed for a while: a busy machine needs time, and the workspace's clock should not run
/// ahead.
const LONGER: Duration = Duration::from_millis(10);
/// How many unchanged looks come before the longer wait.
const A_WHILE_OF_LOOKS: usize = 100;
/// After how many unchanged looks a run that is begun counts as one that waits for its next attempt, seconds away, and for how many more looks
/// the clock moves for it.
const LOOKS_BEFORE_A_RUN: usize = 20;
const STEPS_FOR_A_RUN: usize = 40;
/// How far the clock moves meanwhile, since Slack limits the rate of messages.
const A_STEP_MS: i64 = 250;
/// What happens this soon belongs to the present: a message that waits for its slot, and a claimed run, whose next
/// time is the end of its lease.
const SOON: chrono::Duration = chrono::Duration::minutes(1);

/// Returns the schedule for the sandbox's time controls. `behind` is what the bot does for people at this moment.
pub(super) fn time_steps(
    (store, team): (&Store, &TeamId),
    clock: &Clock,
    rituals: Vec<Box<dyn Ritual>>,
    behind: TaskTracker,
) -> TimeSteps {
    let scheduled = (store.clone(), team.clone(), clock.clone(), Arc::new(rituals));
    let pending = (store.clone(), team.clone(), clock.clone());
    TimeSteps::new(
        move |most, reader| {
            let (store, team, clock, rituals) = scheduled.clone();
            async move {
                let soon = from_ms(clock.now_ms()) + SOON;
                let reader = reader.as_deref().map(UserId::from);
                ahead((&store, &team), &rituals, soon, (most, reader.as_ref())).await.unwrap_or_default()
            }
        },
        move || {
            let (store, team, clock) = pending.clone();
            let behind = behind.clone();
            async move { settle((&store, &team), &clock, &behind).await }
        },
    )
}

/// What is still to be done at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Pending {
    /// Calls under way, and what else is done for people at this moment.
    calls: i64,
    /// Effects to send, those under way included.
    to_say: i64,
    /// Whether a run is due, or claimed by the bot.
    run: bool,
    /// Whether all such runs are claimed, or wait for their next attempt.
    is_begun: bool,
}

impl Pending {
    async fn at(
        (store, team): (&Store, &TeamId),
        now: Instant,
        behind: &TaskTracker,
    ) -> Result<Pending, StoreError> {
        let next = store.next_run_at(team).await?;
        let runs = if next.is_some_and(|next| next <= now + SOON) {
            store.next_runs(team, RUNS_READ).await?
        } else {
            Vec::new()
        };
        // One that is not begun waits for its time, and travel stops there.
        let is_due = |run: &Run| from_ms(run.visible_at) <= now;
        let run =
            runs.iter().any(|run| is_due(run) || run.attempt > 0 && from_ms(run.visible_at) <= now + SOON);
        let is_begun = run && !runs.iter().any(is_due);
        // A run's effects are stored in the unit that finishes it, so they are read after it. Those that follow one another within
        // seconds belong together.
        let requests = i64::try_from(behind.len()).unwrap_or(i64::MAX);
        let (to_say, claimed) = store.outbox_due_and_claimed(now, now + SOON).await?;
        Ok(Pending { calls: claimed.saturating_add(requests), to_say, run, is_begun })
    }

    /// Returns how many unchanged looks it gets before travel gives up.
    fn looks(self) -> usize {
        match self {
            Pending { calls: 0, to_say: 0, run: false, .. } => 0,
            Pending { calls: 0, to_say: 0, run: true, .. } => LOOKS_AT_A_RUN,
            _ => LOOKS,
        }
    }
}

/// Returns when all that is due has been done and sent, or when nothing changes any more. The clock moves while
/// something waits for its slot or its next attempt, but not while a call is under way, which would seem to take minutes on a busy
/// machine.
async fn settle(of: (&Store, &TeamId), clock: &Clock, behind: &TaskTracker) {
    let (mut before, mut looks) = (None, 0);
    loop {
        let pending = Pending::at(of, from_ms(clock.now_ms()), behind).await.ok();
        // Calls that are refused again and again, since Slack is down, bring nothing further.
        let left = pending.map(|pending| (pending.to_say, pending.run));
        looks = if left == before { looks + 1 } else { 0 };
        before = left;
        if looks >= pending.map_or(LOOKS, Pending::looks) {
            return;
        }
        let is_long = (LOOKS_BEFORE_A_RUN..LOOKS_BEFORE_A_RUN + STEPS_FOR_A_RUN).contains(&looks);
        let waits = |pending: Pending| pending.to_say > 0 || pending.is_begun && is_long;
        if pending.is_some_and(|pending| pending.calls == 0 && waits(pending)) {
            clock.advance_by(A_STEP_MS);
        }
        tokio::time::sleep(if looks < A_WHILE_OF_LOOKS { A_WHILE } else { LONGER }).await;
    }
}

/// Returns when the bot has read the directory. The clock moves meanwhile, since Slack limits the rate of reading.
pub(super) async fn arrive(store: &Store, team: &TeamId, clock: &Clock) {
    for _ in 0..STEPS {
        if let Ok(Some(_)) = store.directory_at(team).await {
            return;
        }
        clock.advance_by(A_STEP_MS);
        tokio::time::sleep(A_WHILE).await;
    }
}

#[cfg(test)]
mod tests {
    use chrono::Duration as Span;
    use slack_sandbox::{Options, Sandbox, Trip};
    use tempfile::TempDir;

    use super::*;
    use crate::{
        model::{
            cadence::Occurrence,
            catch_up::CatchUp,
            effect::{NewEffect, Origin, Target},
            message::Message,
            owner::Owner,
        },
        store::{
            Opening, outbox,
            runs::{self, NewRun, RunOutcome},
            unit::UnitOfWork,
        },
    };

    const START_MS: i64 = 1_700_000_000_000;

    /// A workspace with a frozen clock, and a store with runs at these hours from then on.
    async fn with_runs(hours: &[i64]) -> (Sandbox, Store, TeamId, TaskTracker, TempDir) {
        let clock = Clock::frozen_at(START_MS);
        let sandbox = Sandbox::start(Options { clock, ..Options::default() }).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("demo.db").display());
        let store = Store::open(&url, Opening::ToRun).await.unwrap();
        let team = TeamId(sandbox.team_id());
        let mut unit = UnitOfWork::new();
        for hour in hours {
            let at = from_ms(START_MS) + Span::hours(*hour);
            let due = Occurrence { at, wall: at.naive_utc() };
            let run = NewRun {
                owner: Owner::None,
                ritual: "coffee",
                occasion: Some(due),
                kind: "round",
                subject: "",
                due,
                late: CatchUp::WorkingDay,
                payload: "",
            };
            runs::put(&mut unit, &team, &run, at);
        }
        store.commit(unit).await.unwrap();
        let behind = TaskTracker::new();
        sandbox.set_time_steps(time_steps((&store, &team), sandbox.clock(), Vec::new(), behind.clone()));
        (sandbox, store, team, behind, folder)
    }

    /// Claims each run when it is due. Returns how late each was, in seconds.
    async fn ticks(store: Store, team: TeamId, clock: Clock, count: usize) -> Vec<i64> {
        let mut late = Vec::new();
        while late.len() < count {
            let now = from_ms(clock.now_ms());
            for mut run in store.due_runs(&team, now, 1).await.unwrap().runs {
                assert!(store.claim_run(&team, &mut run, 1, now + Span::minutes(1)).await.unwrap());
                // Planning a round takes time.
                for _ in 0..100 {
                    tokio::task::yield_now().await;
                }
                late.push((from_ms(clock.now_ms()) - run.due.at).num_seconds());
                let mut unit = UnitOfWork::new();
                runs::finish(&mut unit, &team, &run, RunOutcome::Done, "", now);
                store.commit(unit).await.unwrap();
            }
            tokio::task::yield_now().await;
        }
        late
    }

    #[tokio::test]
    async fn travel_waits_for_each_run() {
        let (sandbox, store, team, _behind, _folder) = with_runs(&[2, 9, 30]).await;
        let next = sandbox.next_thing().await.expect("a run is ahead");
        assert_eq!(next.at_ms, START_MS + 2 * Span::hours(1).num_milliseconds());
        let ticking = tokio::spawn(ticks(store, team, sandbox.clock().clone(), 3));
        let trip = sandbox.travel_by(Span::hours(48).num_milliseconds()).await;
        assert_eq!(trip, Trip { stops: 3, hurried: false });
        assert_eq!(ticking.await.unwrap(), [0, 0, 0]);
        assert_eq!(sandbox.next_thing().await, None);
    }

    #[tokio::test]
    async fn travel_waits_for_what_is_done_for_people() {
        let (sandbox, _store, _team, behind, _folder) = with_runs(&[]).await;
        let clock = sandbox.clock().clone();
        let form = behind.spawn(async move {
            tokio::time::sleep(Duration::from_millis(300)).await;
            clock.now_ms()
        });
        sandbox.travel_by(Span::days(1).num_milliseconds()).await;
        assert_eq!(form.await.unwrap(), START_MS, "a form opens when it was asked for");
    }

    #[tokio::test]
    async fn travel_waits_for_a_run_that_is_due_or_claimed_but_not_for_the_next() {
        let (_sandbox, store, team, behind, _folder) = with_runs(&[2]).await;
        let due = from_ms(START_MS) + Span::hours(2);
        let is_pending = async |now| Pending::at((&store, &team), now, &behind).await.unwrap().run;
        assert!(!is_pending(due - Span::seconds(1)).await);
        assert!(is_pending(due).await);
        let mut run = store.due_runs(&team, due, 1).await.unwrap().runs.remove(0);
        assert!(store.claim_run(&team, &mut run, 1, due + Span::minutes(1)).await.unwrap());
        assert!(is_pending(due).await, "it is under way");
    }

    #[tokio::test]
    async fn the_clock_moves_to_the_next_attempt_of_a_run() {
        let (sandbox, store, team, _behind, _folder) = with_runs(&[2]).await;
        let due = START_MS + Span::hours(2).num_milliseconds();
        let clock = sandbox.clock().clone();
        let ticking = tokio::spawn(async move {
            let (mut attempts, until) = (Vec::new(), Span::seconds(5));
            while attempts.len() < 2 {
                let now = from_ms(clock.now_ms());
                for mut run in store.due_runs(&team, now, 1).await.unwrap().runs {
                    assert!(store.claim_run(&team, &mut run, 1, now + Span::minutes(1)).await.unwrap());
                    attempts.push(now.timestamp_millis() - due);
                    let mut unit = UnitOfWork::new();
                    match attempts.len() {
                        1 => runs::snooze(&mut unit, &team, &run, now + until, "it waits"),
                        _ => runs::finish(&mut unit, &team, &run, RunOutcome::Done, "", now),
                    }
                    store.commit(unit).await.unwrap();
                }
                tokio::task::yield_now().await;
            }
            attempts
        });
        let trip = sandbox.travel_by(Span::hours(3).num_milliseconds()).await;
        assert!(!trip.hurried);
        let attempts = ticking.await.unwrap();
        assert!(attempts[0] < 1_000 && (5_000..8_000).contains(&attempts[1]), "{attempts:?}");
    }

    #[tokio::test]
    async fn a_stuck_bot_does_not_block_travel() {
        let (sandbox, _store, _team, _behind, _folder) = with_runs(&[2]).await;
        let day_ms = Span::days(1).num_milliseconds();
        assert!(sandbox.travel_by(day_ms).await.hurried);
        assert_eq!(sandbox.clock().now_ms(), START_MS + day_ms);
    }

    #[tokio::test]
    async fn a_slack_that_is_down_does_not_block_travel() {
        let (sandbox, store, team, behind, _folder) = with_runs(&[]).await;
        let now = from_ms(START_MS);
        let origin = Origin { ritual: "kudos".to_owned(), note: String::new(), wants_sent: false };
        let to = Target::Channel("C1".into());
        let effect = NewEffect::post(origin, "kudos/1".to_owned(), to, Message::new("Thanks"), now);
        let mut unit = UnitOfWork::new();
        outbox::enqueue(&mut unit, &team, &effect, now).unwrap();
        store.commit(unit).await.unwrap();
        // The call is tried again and again, and never comes to its end.
        let calls = tokio::spawn(async move {
            loop {
                let _ = behind.spawn(tokio::time::sleep(Duration::from_millis(7))).await;
                tokio::time::sleep(Duration::from_millis(7)).await;
            }
        });
        let travel = sandbox.travel_by(Span::hours(1).num_milliseconds());
        tokio::time::timeout(Duration::from_mins(2), travel).await.expect("travel comes to its end");
        calls.abort();
    }
}
