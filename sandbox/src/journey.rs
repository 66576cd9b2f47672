//! Travelling through time: from one thing that happens by itself to the next, so that none is skipped as late.

use std::fmt;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::future::BoxFuture;
use tokio::sync::MutexGuard;

use crate::hub::Hub;
use crate::sandbox::Sandbox;

/// Stops after which a journey goes straight to its goal.
const MOST_STOPS: usize = 2_000;
/// How often it waits in one place for something that stays due.
const PATIENCE: usize = 2;

/// Something that will happen by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextThing {
    /// When, in milliseconds since the epoch.
    pub at_ms: i64,
    /// What, as the page shows it.
    pub title: String,
}

/// What the program that holds the sandbox knows of the time ahead.
#[derive(Clone)]
pub struct Journey {
    next: Arc<dyn Fn() -> BoxFuture<'static, Option<NextThing>> + Send + Sync>,
    settle: Arc<dyn Fn() -> BoxFuture<'static, ()> + Send + Sync>,
}

impl Journey {
    /// `next` says what happens next by itself; `settle` returns when everything that is due now has been done.
    pub fn new<N, S>(
        next: impl Fn() -> N + Send + Sync + 'static,
        settle: impl Fn() -> S + Send + Sync + 'static,
    ) -> Journey
    where
        N: Future<Output = Option<NextThing>> + Send + 'static,
        S: Future<Output = ()> + Send + 'static,
    {
        Journey { next: Arc::new(move || Box::pin(next())), settle: Arc::new(move || Box::pin(settle())) }
    }
}

impl fmt::Debug for Journey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Journey").finish_non_exhaustive()
    }
}

/// How a journey went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Trip {
    /// How often it stopped on its way.
    pub stops: usize,
    /// Whether it gave up stopping: something that was due was not done, or there was too much of it. What lay
    /// between may have been late.
    pub hurried: bool,
}

/// The journey that is set, and the one road, on which nobody overtakes.
#[derive(Debug, Default)]
pub(crate) struct Road {
    journey: Mutex<Option<Journey>>,
    taken: tokio::sync::Mutex<()>,
}

impl Road {
    pub(crate) fn journey(&self) -> Option<Journey> {
        self.journey.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether somebody is on their way.
    pub(crate) fn is_taken(&self) -> bool {
        self.taken.try_lock().is_err()
    }
}

/// Somebody on the road; whoever watches is told when it begins and when it ends, however it does.
struct Traveller<'a> {
    hub: &'a Hub,
    place: Option<MutexGuard<'a, ()>>,
}

impl<'a> Traveller<'a> {
    async fn sets_out(hub: &'a Hub) -> Traveller<'a> {
        let place = Some(hub.road.taken.lock().await);
        hub.news();
        Traveller { hub, place }
    }
}

impl Drop for Traveller<'_> {
    fn drop(&mut self) {
        // The road has to be free before anybody looks.
        self.place.take();
        self.hub.news();
    }
}

impl Sandbox {
    /// Says what knows of the time ahead. Without it time is moved in one jump.
    pub fn set_journey(&self, journey: Journey) {
        *self.hub.road.journey.lock().unwrap_or_else(PoisonError::into_inner) = Some(journey);
        self.hub.news();
    }

    /// What happens next by itself; nothing without a journey.
    pub async fn next_thing(&self) -> Option<NextThing> {
        (self.hub.road.journey()?.next)().await
    }

    /// Moves the clock to `goal_ms`, from due instant to due instant. Whoever travels at the same time goes first.
    pub async fn travel_to(&self, goal_ms: i64) -> Trip {
        let _traveller = Traveller::sets_out(&self.hub).await;
        self.travels(goal_ms).await
    }

    /// The same, by `ms` from when the road is free.
    pub async fn travel_by(&self, ms: i64) -> Trip {
        let _traveller = Traveller::sets_out(&self.hub).await;
        self.travels(self.clock().now_ms().saturating_add(ms)).await
    }

    /// Travels to what happens next, and says what that was and how it went.
    pub async fn travel_to_next(&self) -> Option<(NextThing, Trip)> {
        let _traveller = Traveller::sets_out(&self.hub).await;
        let next = self.next_thing().await?;
        let trip = self.travels(next.at_ms).await;
        Some((next, trip))
    }

    async fn travels(&self, goal_ms: i64) -> Trip {
        let Some(journey) = self.hub.road.journey() else {
            self.clock().advance_to(goal_ms);
            return Trip::default();
        };
        let mut trip = Trip::default();
        let mut waits = 0;
        loop {
            (journey.settle)().await;
            let Some(next) = (journey.next)().await.filter(|next| next.at_ms <= goal_ms) else {
                break;
            };
            if next.at_ms > self.clock().now_ms() {
                waits = 0;
                trip.stops += 1;
                self.clock().advance_to(next.at_ms);
            } else {
                waits += 1;
            }
            if waits >= PATIENCE || trip.stops >= MOST_STOPS {
                trip.hurried = true;
                break;
            }
        }
        self.clock().advance_to(goal_ms);
        (journey.settle)().await;
        trip
    }
}
