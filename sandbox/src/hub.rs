//! What all parts of the sandbox share: the workspace behind its lock, the clock, the faults, the change
//! notifications.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::runtime::Handle;
use tokio::sync::watch;

use crate::base::clock::Clock;
use crate::deliver;
use crate::faults::Switches;
use crate::simulation::Simulation;
use crate::steps::Steps;
use crate::time_travel::TimeTravel;
use crate::types::steps::UserAction;
use crate::workspace::World;

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
            world: Mutex::new(world),
        })
    }

    /// Changes the workspace; events that follow are sent once the lock is free, in their order.
    pub(crate) fn with<T>(self: &Arc<Self>, act: impl FnOnce(&mut World) -> T) -> T {
        self.with_mark(false, act)
    }

    /// Does the same with a mark for events that a simulated person causes.
    pub(crate) fn with_mark<T>(self: &Arc<Self>, simulated: bool, act: impl FnOnce(&mut World) -> T) -> T {
        let (result, outgoing, read) = {
            let mut world = self.world.lock().unwrap_or_else(PoisonError::into_inner);
            let result = act(&mut world);
            let written = std::mem::take(&mut world.written);
            (result, std::mem::take(&mut world.outgoing), self.texts_read(&world, &written))
        };
        for event in outgoing {
            deliver::event(self, event, simulated);
        }
        for text in read {
            self.did(UserAction::Read(&text));
        }
        self.news();
        result
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

    /// Waits until the sandbox shuts down.
    pub(crate) async fn closed(&self) {
        let mut closing = self.closing.subscribe();
        closing.wait_for(|closing| *closing).await.ok();
    }

    /// Reads the workspace, or changes what no client shows.
    pub(crate) fn look<T>(&self, see: impl FnOnce(&mut World) -> T) -> T {
        see(&mut self.world.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reads the faults that are switched on.
    pub(crate) fn switches<T>(&self, see: impl FnOnce(&mut Switches) -> T) -> T {
        see(&mut self.switches.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
