//! What every part of the sandbox shares: the workspace behind its lock, the clock, the faults, the news that something changed.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::runtime::Handle;
use tokio::sync::watch;

use crate::clock::Clock;
use crate::deliver;
use crate::faults::Switches;
use crate::simulation::Simulation;
use crate::state::World;
use crate::steps::Steps;
use crate::time_travel::TimeTravel;

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

    /// The same; the events say whether a simulated person set them off.
    pub(crate) fn with_mark<T>(self: &Arc<Self>, simulated: bool, act: impl FnOnce(&mut World) -> T) -> T {
        let (result, outgoing) = {
            let mut world = self.world.lock().unwrap_or_else(PoisonError::into_inner);
            let result = act(&mut world);
            (result, std::mem::take(&mut world.outgoing))
        };
        for event in outgoing {
            deliver::event(self, event, simulated);
        }
        self.news();
        result
    }

    /// Tells whoever watches that something changed.
    pub(crate) fn news(&self) {
        self.changed.send_modify(|changes| *changes += 1);
    }

    /// The time that is lived through: the clock's, less what was travelled.
    pub(crate) fn elapsed_ms(&self) -> i64 {
        self.time_travel.elapsed_ms(self.clock.now_ms())
    }

    /// How much went over the wire so far.
    pub(crate) fn traffic(&self) -> u64 {
        self.look(|world| world.wire.count())
    }

    /// Waits until the sandbox shuts down.
    pub(crate) async fn closed(&self) {
        let mut closing = self.closing.subscribe();
        closing.wait_for(|closing| *closing).await.ok();
    }

    /// Looks at the workspace, or changes what nobody sees.
    pub(crate) fn look<T>(&self, see: impl FnOnce(&mut World) -> T) -> T {
        see(&mut self.world.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Looks at the faults that are switched on.
    pub(crate) fn switches<T>(&self, see: impl FnOnce(&mut Switches) -> T) -> T {
        see(&mut self.switches.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
