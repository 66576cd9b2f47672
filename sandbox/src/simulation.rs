//! Simulated colleagues: what drives them, the switch that stops them, and which people are controlled from the page.

use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::acts::PersonHandle;
use crate::hub::Hub;
use crate::sandbox::Sandbox;
use crate::types::colleagues::Colleagues;
use crate::types::shown::Message;
use crate::workspace::World;

/// How long a person counts as controlled after the page or the control API acted as them.
const HELD_MS: i64 = 5 * 60 * 1_000;

/// The simulated colleagues, their switch, and which people are controlled.
#[derive(Debug, Default)]
pub(crate) struct Simulation {
    set: Mutex<Option<Colleagues>>,
    paused: AtomicBool,
    /// When a request acted as a person last, by id, in elapsed time.
    controlled: Mutex<HashMap<String, i64>>,
}

impl Simulation {
    /// Returns the colleagues, switched on or not.
    fn set(&self) -> Option<Colleagues> {
        self.set.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn is_on(&self) -> bool {
        !self.paused.load(Ordering::Relaxed)
    }

    /// Returns the colleagues while they are switched on.
    pub(crate) fn awake(&self) -> Option<Colleagues> {
        self.set().filter(|_| self.is_on())
    }

    fn controlled<T>(&self, see: impl FnOnce(&mut HashMap<String, i64>) -> T) -> T {
        see(&mut self.controlled.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Hub {
    /// Notes that the page or the control API acts as this person.
    pub(crate) fn controls(&self, user: &str) {
        let now_ms = self.elapsed_ms();
        let news = self.simulation.controlled(|controlled| {
            let before = controlled.insert(user.to_owned(), now_ms);
            before.is_none_or(|before| now_ms - before > HELD_MS)
        });
        if news && self.simulation.set().is_some() {
            self.news();
        }
    }

    /// Notes that a tab stopped acting as this person.
    pub(crate) fn releases(&self, user: &str) {
        if self.simulation.controlled(|controlled| controlled.remove(user)).is_some() {
            self.news();
        }
    }

    /// Whether the page or the control API acted as this person recently.
    pub(crate) fn is_controlled(&self, user: &str) -> bool {
        let now_ms = self.elapsed_ms();
        self.simulation
            .controlled(|controlled| controlled.get(user).is_some_and(|at_ms| now_ms - at_ms <= HELD_MS))
    }

    /// Returns the ids of the people who are controlled now.
    pub(crate) fn controlled(&self) -> BTreeSet<String> {
        let named: Vec<String> =
            self.simulation.controlled(|controlled| controlled.keys().cloned().collect());
        named.into_iter().filter(|id| self.is_controlled(id)).collect()
    }

    /// Whether a person may be simulated now: the switch is on, and the person is not controlled.
    pub(crate) fn may_be_simulated(&self, user: &str) -> bool {
        self.simulation.is_on() && !self.is_controlled(user)
    }

    /// Returns when a colleague acts next.
    pub(crate) fn next_action_ms(&self) -> Option<i64> {
        self.simulation.awake()?.next_ms()
    }

    /// Lets the colleagues do what is due. The caller holds the time travel lock, so that time stands still
    /// meanwhile. Returns whether anything was due.
    pub(crate) async fn colleagues_act(&self) -> bool {
        let due = self.next_action_ms().is_some_and(|at_ms| at_ms <= self.clock.now_ms());
        let Some(colleagues) = self.simulation.awake().filter(|_| due) else {
            return false;
        };
        colleagues.act().await;
        true
    }

    /// Whether the colleagues' switch is on.
    pub(crate) fn colleagues_are_on(&self) -> bool {
        self.simulation.is_on()
    }

    /// Returns the ids of the people who are simulated now; `None` if no colleagues were set.
    pub(crate) fn simulated(&self, world: &World) -> Option<BTreeSet<String>> {
        let colleagues = self.simulation.set()?;
        let ids =
            colleagues.people().iter().filter_map(|name| world.find_user(name)).map(|user| user.id.clone());
        Some(ids.filter(|id| self.may_be_simulated(id)).collect())
    }
}

/// Lets the colleagues act when the clock reaches their time. Time travel stops for them on its own.
async fn live(hub: Arc<Hub>) {
    let mut changed = hub.changed.subscribe();
    // What stays due after its turn waits for a change; it is not retried in a loop.
    let mut tried_ms = None;
    loop {
        changed.mark_unchanged();
        let next_ms = hub.next_action_ms().filter(|next_ms| tried_ms != Some(*next_ms));
        let due = async {
            match next_ms {
                Some(next_ms) => hub.clock.reaches(next_ms).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = due => {
                let _guard = hub.time_travel.lock().await;
                hub.colleagues_act().await;
                tried_ms = next_ms;
            }
            _ = changed.changed() => {}
            () = hub.closed() => return,
        }
    }
}

impl Sandbox {
    /// Sets who is simulated and what they do. They act by the workspace's clock, and time travel stops for each
    /// action.
    pub fn set_colleagues(&self, colleagues: Colleagues) {
        let before =
            self.hub.simulation.set.lock().unwrap_or_else(PoisonError::into_inner).replace(colleagues);
        if before.is_none() {
            self.hub.runtime.spawn(live(Arc::clone(&self.hub)));
        }
        self.hub.news();
    }

    /// Switches the colleagues on or off. While they are off they do not act during time travel either.
    pub fn let_colleagues_act(&self, on: bool) {
        self.hub.simulation.paused.store(!on, Ordering::Relaxed);
        self.hub.news();
    }

    /// Whether colleagues are set and switched on.
    pub fn colleagues_act(&self) -> bool {
        self.hub.simulation.awake().is_some()
    }

    /// Returns a person, by handle or id, whose actions are marked as simulated. Actions fail with `not_simulated`
    /// while the colleagues are switched off or the person is controlled.
    pub fn colleague(&self, name: &str) -> PersonHandle {
        PersonHandle { simulated: true, ..self.person(name) }
    }

    /// Returns the ids of the people that the page or the control API acts as now.
    pub fn acted_as(&self) -> BTreeSet<String> {
        self.hub.controlled()
    }

    /// Returns all messages after this time stamp that still exist, in all conversations, oldest first. Ephemeral
    /// messages are left out.
    pub fn said_after(&self, ts: &str) -> Vec<Message> {
        self.hub.look(|world| {
            let mut said: Vec<Message> = Vec::new();
            for place in world.channels.values() {
                let open = place.after(ts).iter().filter(|post| !post.deleted && post.ephemeral_to.is_none());
                said.extend(open.map(|post| world.message(place, post)));
            }
            said.sort_by(|one, other| one.ts.cmp(&other.ts));
            said
        })
    }

    /// Returns the ids of a conversation's members.
    pub fn members(&self, place: &str) -> Vec<String> {
        self.hub.look(|world| {
            world.find_channel(place).map(|place| place.members.iter().cloned().collect()).unwrap_or_default()
        })
    }
}
