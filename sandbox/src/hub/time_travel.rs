//! The schedule that time travel stops at, and how much time was skipped.

use std::sync::{Mutex, PoisonError};

use tokio::sync::MutexGuard;

use crate::types::schedule::TimeSteps;

/// The embedding program's schedule, and the lock that lets one time travel happen at a time.
#[derive(Debug, Default)]
pub(crate) struct TimeTravel {
    steps: Mutex<Option<TimeSteps>>,
    taken: tokio::sync::Mutex<()>,
    trips: Mutex<Trips>,
}

/// Time travel so far.
#[derive(Clone, Copy, Debug, Default)]
struct Trips {
    /// When the present time travel started; `None` if there is none.
    started_ms: Option<i64>,
    /// The total time that was skipped.
    travelled_ms: i64,
}

impl TimeTravel {
    pub(crate) fn steps(&self) -> Option<TimeSteps> {
        self.steps.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether a time travel is under way.
    pub(crate) fn is_under_way(&self) -> bool {
        self.trips(|trips| trips.started_ms.is_some())
    }

    /// Returns the elapsed time at `now_ms`: it stands still during time travel.
    pub(crate) fn elapsed_ms(&self, now_ms: i64) -> i64 {
        self.trips(|trips| trips.started_ms.unwrap_or(now_ms) - trips.travelled_ms)
    }

    /// Sets the schedule.
    pub(crate) fn set_steps(&self, steps: TimeSteps) {
        *self.steps.lock().unwrap_or_else(PoisonError::into_inner) = Some(steps);
    }

    /// Notes that a time travel starts.
    pub(crate) fn starts(&self, now_ms: i64) {
        self.trips(|trips| trips.started_ms = Some(now_ms));
    }

    /// Notes that it ends, and counts the time that it skipped.
    pub(crate) fn ends(&self, now_ms: i64) {
        self.trips(|trips| trips.travelled_ms += now_ms - trips.started_ms.take().unwrap_or(now_ms));
    }

    fn trips<T>(&self, see: impl FnOnce(&mut Trips) -> T) -> T {
        see(&mut self.trips.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes the time travel lock, which keeps the clock from travelling.
    pub(crate) async fn lock(&self) -> MutexGuard<'_, ()> {
        self.taken.lock().await
    }
}
