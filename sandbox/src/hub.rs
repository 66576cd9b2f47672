//! What all parts of the sandbox share: the workspace behind its lock, the clock, the faults, the change notifications.
//! It only holds them; changes with their events go through `deliver`.

pub(crate) mod simulation;
pub(crate) mod steps;
pub(crate) mod switches;
pub(crate) mod time_travel;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::watch;

use crate::base::clock::Clock;
use crate::workspace::World;
use simulation::Simulation;
use steps::Steps;
use switches::Switches;
use time_travel::TimeTravel;

#[derive(Debug)]
pub(crate) struct Hub {
    pub(crate) clock: Clock,
    /// `http://127.0.0.1:PORT`
    pub(crate) base: String,
    pub(crate) switches: Mutex<Switches>,
    pub(crate) enforce_limits: bool,
    pub(crate) changed: watch::Sender<u64>,
    pub(crate) closing: watch::Sender<bool>,
    pub(crate) runtime: Handle,
    pub(crate) time_travel: TimeTravel,
    pub(crate) steps: Steps,
    pub(crate) simulation: Simulation,
    /// The machine's time at the start, by which pages tell two workspaces at one address apart.
    pub(crate) started_ms: i64,
    is_open: AtomicBool,
    world: Mutex<World>,
}

impl Hub {
    pub(crate) fn new(base: String, world: World, enforce_limits: bool, runtime: Handle) -> Arc<Hub> {
        Arc::new(Hub {
            clock: world.clock.clone(),
            base,
            switches: Mutex::new(Switches::default()),
            enforce_limits,
            changed: watch::Sender::new(0),
            closing: watch::Sender::new(false),
            runtime,
            time_travel: TimeTravel::default(),
            steps: Steps::default(),
            simulation: Simulation::default(),
            started_ms: Clock::real().now_ms(),
            is_open: AtomicBool::new(false),
            world: Mutex::new(world),
        })
    }

    /// Whether the page and the control API are open.
    pub(crate) fn is_open(&self) -> bool {
        self.is_open.load(Ordering::Acquire)
    }

    /// Opens them.
    pub(crate) fn open(&self) {
        self.is_open.store(true, Ordering::Release);
    }

    /// Notifies everyone who watches that something changed.
    pub(crate) fn news(&self) {
        self.changed.send_modify(|changes| *changes += 1);
    }

    /// Returns the time of the clock without what was skipped by time travel.
    pub(crate) fn elapsed_ms(&self) -> i64 {
        self.time_travel.elapsed_ms(self.clock.now_ms())
    }

    /// Returns how many calls and deliveries there have been.
    pub(crate) fn traffic(&self) -> u64 {
        self.look(|world| world.wire.count())
    }

    /// Waits until `seen` returns something. Calls it again after each change; returns `None` after five seconds of
    /// real time.
    pub(crate) async fn eventually<T>(&self, mut seen: impl FnMut() -> Option<T>) -> Option<T> {
        let mut changed = self.changed.subscribe();
        let waiting = async {
            loop {
                changed.mark_unchanged();
                if let Some(found) = seen() {
                    return Some(found);
                }
                if changed.changed().await.is_err() {
                    return None;
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(5), waiting).await.ok().flatten()
    }

    /// Waits until the sandbox shuts down.
    pub(crate) async fn closed(&self) {
        let mut closing = self.closing.subscribe();
        closing.wait_for(|closing| *closing).await.ok();
    }

    /// Reads the workspace, or changes what no client shows.
    pub(crate) fn look<T>(&self, see: impl FnOnce(&mut World) -> T) -> T {
        see(&mut self.world())
    }

    /// Locks the workspace.
    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads the faults that are switched on.
    pub(crate) fn switches<T>(&self, see: impl FnOnce(&mut Switches) -> T) -> T {
        see(&mut self.switches.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
