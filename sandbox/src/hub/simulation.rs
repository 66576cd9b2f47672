//! The simulated colleagues, their switch, and which people are controlled from the page.

use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use super::Hub;
use crate::types::colleagues::Colleagues;
use crate::workspace::World;

/// How long a person counts as controlled after the page or the control API acted as them.
const HELD_MS: i64 = 5 * 60 * 1_000;

/// How many tabs are told apart; further ones count by person.
const MOST_TABS: usize = 1_000;

/// The simulated colleagues, their switch, and which people are controlled.
#[derive(Debug, Default)]
pub(crate) struct Simulation {
    set: Mutex<Option<Colleagues>>,
    paused: AtomicBool,
    /// Who acts as whom, by tab; requests outside of a tab count by person.
    controlled: Mutex<HashMap<String, Controlled>>,
}

/// A person whom a tab acts as, and when it did so last, in elapsed time.
#[derive(Debug)]
struct Controlled {
    user: String,
    at_ms: i64,
}

impl Controlled {
    fn holds(&self, now_ms: i64) -> bool {
        now_ms - self.at_ms <= HELD_MS
    }
}

impl Simulation {
    /// Replaces the colleagues. Returns whether there were none before.
    pub(crate) fn replace(&self, colleagues: Colleagues) -> bool {
        self.set.lock().unwrap_or_else(PoisonError::into_inner).replace(colleagues).is_none()
    }

    /// Switches the colleagues on or off.
    pub(crate) fn switch(&self, on: bool) {
        self.paused.store(!on, Ordering::Relaxed);
    }

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

    fn controlled<T>(&self, see: impl FnOnce(&mut HashMap<String, Controlled>) -> T) -> T {
        see(&mut self.controlled.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Hub {
    /// Notes that the page or the control API acts as this person, in a tab if one is named. A tab acts as one person at a time.
    pub(crate) fn controls(&self, user: &str, tab: Option<&str>) {
        let now_ms = self.elapsed_ms();
        let news = self.simulation.controlled(|controlled| {
            controlled.retain(|_, other| other.holds(now_ms));
            let is_new = controlled.values().all(|other| other.user != user);
            let present = Controlled { user: user.to_owned(), at_ms: now_ms };
            let tab = tab.filter(|tab| controlled.len() < MOST_TABS || controlled.contains_key(*tab));
            let before = controlled.insert(tab.unwrap_or(user).to_owned(), present);
            is_new || before.is_some_and(|before| before.user != user)
        });
        if news && self.simulation.set().is_some() {
            self.news();
        }
    }

    /// Notes that no request outside of a tab acts as this person any more.
    pub(crate) fn releases(&self, user: &str) {
        if self.simulation.controlled(|controlled| controlled.remove(user)).is_some() {
            self.news();
        }
    }

    /// Whether the page or the control API acted as this person recently.
    pub(crate) fn is_controlled(&self, user: &str) -> bool {
        self.controlled().contains(user)
    }

    /// Whether a tab acted as this person recently.
    pub(crate) fn is_controlled_in(&self, user: &str, tab: &str) -> bool {
        let now_ms = self.elapsed_ms();
        self.simulation
            .controlled(|all| all.get(tab).is_some_and(|one| one.user == user && one.holds(now_ms)))
    }

    /// Returns the ids of the people who are controlled now.
    pub(crate) fn controlled(&self) -> BTreeSet<String> {
        let now_ms = self.elapsed_ms();
        self.simulation.controlled(|controlled| {
            controlled.values().filter(|one| one.holds(now_ms)).map(|one| one.user.clone()).collect()
        })
    }

    /// Whether a person may be simulated now: the switch is on, and the person is not controlled.
    pub(crate) fn may_be_simulated(&self, user: &str) -> bool {
        self.simulation.is_on() && !self.is_controlled(user)
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
