//! A lease on work that takes longer than the lease: it is renewed while the work goes on, and checked by what the work
//! writes.

use std::{
    pin::pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use chrono::Duration;
use tokio::sync::watch;

use crate::{
    engine::{
        Engine,
        supervisor::Heartbeat,
        turns::{self, Turn},
    },
    model::clock::Instant,
    store::{Store, StoreError, unit::UnitOfWork},
};

/// The pause after the store could not renew a lease.
const TRY_AGAIN: Duration = Duration::seconds(1);

/// A lease of one process. Cheap to clone.
#[derive(Clone)]
pub struct Hold {
    engine: Engine,
    name: &'static str,
    holder: String,
    length: Duration,
    /// When it was last taken or renewed; `None` while it is free or another process has it.
    taken_at: Arc<Mutex<Option<Instant>>>,
}

/// Who had the lease before this claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeaseClaim {
    /// Another process had it last.
    Anew,
    /// This process had it last, or the lease is new.
    Before,
    /// Another process has it now.
    No,
}

impl Hold {
    /// Returns a lease of this name that is not taken yet.
    pub fn new(engine: Engine, name: &'static str, length: Duration) -> Hold {
        let holder = engine.entropy.id(engine.clock.now());
        Hold { engine, name, holder, length, taken_at: Arc::default() }
    }

    /// Takes the lease, or renews it when half of its time is over.
    pub async fn claim(&self) -> Result<LeaseClaim, StoreError> {
        let Engine { store, team, clock, .. } = &self.engine;
        let now = clock.now();
        let before = *self.taken_at();
        if before.is_some_and(|at| at <= now && now - at < self.length / 2) {
            return Ok(LeaseClaim::Before);
        }
        let last = store.lease_holder(team, self.name).await?;
        let is_taken = store.take_lease(team, self.name, &self.holder, now, self.length).await?;
        *self.taken_at() = is_taken.then_some(now);
        Ok(match last {
            _ if !is_taken => LeaseClaim::No,
            Some(last) if last != self.holder => LeaseClaim::Anew,
            _ => LeaseClaim::Before,
        })
    }

    /// Works while the lease is held, and renews it at half of its time. Returns `None` if the lease was lost; the work
    /// is then dropped where it is.
    pub async fn during<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        let clock = &self.engine.clock;
        let mut work = pin!(work);
        let mut again_at = clock.now();
        loop {
            let taken_at = (*self.taken_at())?;
            let renew_at = (taken_at + self.length / 2).max(again_at);
            tokio::select! {
                biased;
                done = &mut work => return Some(done),
                () = clock.sleep_until(renew_at) => match self.claim().await {
                    Ok(LeaseClaim::Before | LeaseClaim::Anew) => {}
                    Ok(LeaseClaim::No) => {
                        tracing::warn!(lease = self.name, "another process has taken this work over");
                        return None;
                    }
                    Err(error) => {
                        tracing::warn!(%error, lease = self.name, "a lease could not be renewed; trying again");
                        again_at = clock.now() + TRY_AGAIN;
                        if again_at >= taken_at + self.length {
                            self.lost();
                        }
                    }
                },
            }
        }
    }

    /// Makes a unit depend on the lease still being held.
    pub fn guard(&self, unit: &mut UnitOfWork) {
        let Engine { team, clock, .. } = &self.engine;
        Store::guard_lease(unit, team, self.name, &self.holder, clock.now());
    }

    /// Takes one turn after another until the shutdown, and then ends the lease. News of the directory ends a pause.
    pub async fn repeat<T: Future<Output = Result<Turn, StoreError>>>(
        &self,
        heartbeat: Heartbeat,
        shutdown: watch::Receiver<bool>,
        turn: impl Fn() -> T,
    ) {
        let Engine { store, clock, .. } = &self.engine;
        let (news, look_again) = (|| store.readings_wanted(), || store.look_again());
        turns::repeat(clock, &heartbeat, shutdown, look_again, news, turn).await;
        self.release().await;
    }

    /// Notes that the lease is lost.
    pub fn lost(&self) {
        *self.taken_at() = None;
    }

    /// Returns when the present claim of the lease ends.
    pub async fn until(&self) -> Result<Option<Instant>, StoreError> {
        self.engine.store.lease_until(&self.engine.team, self.name).await
    }

    /// Ends the lease, so that another process need not wait for it.
    pub async fn release(&self) {
        let Engine { store, team, .. } = &self.engine;
        self.lost();
        if let Err(error) = store.end_lease(team, self.name, &self.holder).await {
            tracing::warn!(%error, lease = self.name, "a lease could not be ended; it ends by itself");
        }
    }

    fn taken_at(&self) -> MutexGuard<'_, Option<Instant>> {
        // A panic cannot leave one value half written.
        self.taken_at.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
