//! Time travel: moves the clock from one scheduled thing to the next, so that none is skipped as late.

use tokio::sync::MutexGuard;

use super::sandbox::Sandbox;
use super::simulation::{colleagues_act, next_action_ms};
use crate::hub::Hub;

use crate::types::schedule::{Jump, NextThing, TimeSteps, Trip};

/// After this many stops the clock goes straight to its goal.
const MOST_STOPS: usize = 2_000;
/// How many times travel waits at one instant for something that stays due.
const PATIENCE: usize = 2;
/// Things that come soon, as many as a menu shows at once.
pub(crate) const SOON: usize = 7;
/// How many things in a row are passed that bring nothing to see.
const PASSED: usize = 5;

/// A time travel under way. Watchers are notified when it starts and when it ends, even if its future is dropped.
struct TripGuard<'a> {
    hub: &'a Hub,
    lock: Option<MutexGuard<'a, ()>>,
}

impl<'a> TripGuard<'a> {
    async fn starts(hub: &'a Hub) -> TripGuard<'a> {
        let lock = Some(hub.time_travel.lock().await);
        hub.time_travel.starts(hub.clock.now_ms());
        hub.news();
        TripGuard { hub, lock }
    }
}

impl Drop for TripGuard<'_> {
    fn drop(&mut self) {
        // The lock has to be free before watchers look.
        self.hub.time_travel.ends(self.hub.clock.now_ms());
        self.lock.take();
        self.hub.news();
    }
}

/// The state when all that was due had been done.
#[derive(Clone, Copy, Debug)]
struct Settled {
    /// The count of calls and deliveries.
    traffic: u64,
    /// When the next scheduled thing happens.
    next_ms: Option<i64>,
}

impl Sandbox {
    /// Sets the schedule that time travel stops at. Without it the clock moves in one jump.
    pub fn set_time_steps(&self, steps: TimeSteps) {
        self.hub.time_travel.set_steps(steps);
        self.hub.news();
    }

    /// Returns the next scheduled thing; `None` without a schedule.
    pub async fn next_thing(&self) -> Option<NextThing> {
        self.hub.time_travel.steps()?.next().await
    }

    /// Moves the clock to `goal_ms`, stopping at each instant at which something is due, those of simulated
    /// colleagues included. Waits for a time travel that is under way.
    pub async fn travel_to(&self, goal_ms: i64) -> Trip {
        let _guard = TripGuard::starts(&self.hub).await;
        self.travels(goal_ms).await
    }

    /// Does the same by `ms`, counted from when the lock is free.
    pub async fn travel_by(&self, ms: i64) -> Trip {
        let _guard = TripGuard::starts(&self.hub).await;
        self.travels(self.clock().now_ms().saturating_add(ms)).await
    }

    /// Travels to the next scheduled thing. Returns it, and how the travel went.
    pub async fn travel_to_next(&self) -> Option<(NextThing, Trip)> {
        self.travel_to_next_from(0, None).await.map(|jump| (jump.reached, jump.trip))
    }

    /// Does the same to the first one from an instant on, among those that a reader can see, if one is given. One that brings
    /// nothing to see is passed: what was planned may have been settled before its time.
    pub(crate) async fn travel_to_next_from(&self, mut from_ms: i64, reader: Option<&str>) -> Option<Jump> {
        let _guard = TripGuard::starts(&self.hub).await;
        let steps = self.hub.time_travel.steps()?;
        let mut jump: Option<Jump> = None;
        for _ in 0..=PASSED {
            let ahead = steps.ahead(SOON, reader.map(str::to_owned)).await;
            let Some(next) = ahead.into_iter().find(|thing| thing.at_ms >= from_ms) else {
                break;
            };
            let mut trip = self.travels(next.at_ms).await;
            let mut passed = Vec::new();
            if let Some(before) = jump {
                trip.stops += before.trip.stops;
                passed = before.passed;
                passed.push(before.reached);
            }
            from_ms = next.at_ms + 1;
            let brings = self.shows_from(next.at_ms);
            jump = Some(Jump { passed, reached: next, brings, trip });
            if trip.hurried || brings {
                break;
            }
        }
        jump
    }

    /// Whether an app has written or changed a message from an instant on; always, where there is no app.
    fn shows_from(&self, at_ms: i64) -> bool {
        self.hub.look(|world| world.apps.is_empty() || world.wire.written_from(at_ms).next().is_some())
    }

    async fn travels(&self, goal_ms: i64) -> Trip {
        let steps = self.hub.time_travel.steps();
        let mut trip = Trip::default();
        let mut waits = 0;
        let mut settled = None;
        loop {
            let by_itself_ms = self.settles(steps.as_ref(), &mut settled).await;
            let next_ms = by_itself_ms.into_iter().chain(next_action_ms(&self.hub)).min();
            let Some(next_ms) = next_ms.filter(|next_ms| *next_ms <= goal_ms) else {
                break;
            };
            if next_ms > self.clock().now_ms() {
                waits = 0;
                trip.stops += 1;
                self.clock().advance_to(next_ms);
            } else {
                waits += 1;
            }
            if waits >= PATIENCE || trip.stops >= MOST_STOPS {
                trip.hurried = true;
                break;
            }
        }
        self.clock().advance_to(goal_ms);
        if let Some(steps) = steps {
            steps.settle().await;
        }
        trip
    }

    /// Returns when all that is due is done, by the app and by simulated colleagues, with the time of the next
    /// scheduled thing.
    async fn settles(&self, steps: Option<&TimeSteps>, settled: &mut Option<Settled>) -> Option<i64> {
        let by_itself_ms = self.app_settles(steps, settled).await;
        if colleagues_act(&self.hub).await {
            return self.app_settles(steps, settled).await;
        }
        by_itself_ms
    }

    /// Does the same for the app alone. The app is not asked again while nothing is due and no call or delivery
    /// happened: most actions of colleagues do not concern it.
    async fn app_settles(&self, steps: Option<&TimeSteps>, settled: &mut Option<Settled>) -> Option<i64> {
        let steps = steps?;
        let still = settled.filter(|settled| {
            let now_ms = self.clock().now_ms();
            settled.traffic == self.hub.traffic() && settled.next_ms.is_none_or(|next_ms| next_ms > now_ms)
        });
        if let Some(still) = still {
            return still.next_ms;
        }
        steps.settle().await;
        let traffic = self.hub.traffic();
        let next_ms = steps.next().await.map(|next| next.at_ms);
        *settled = Some(Settled { traffic, next_ms });
        next_ms
    }
}
