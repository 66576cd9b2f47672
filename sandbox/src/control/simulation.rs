//! Simulated colleagues: lets them act when their time comes.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::sandbox::Sandbox;
use crate::acts::PersonHandle;
use crate::hub::Hub;
use crate::types::colleagues::Colleagues;
use crate::types::shown::Message;
use crate::workspace::views::OF_SIMULATED;

/// Returns when a colleague acts next.
pub(super) fn next_action_ms(hub: &Hub) -> Option<i64> {
    hub.simulation.awake()?.next_ms()
}

/// Lets the colleagues do what is due. The caller holds the time travel lock, so that time stands still
/// meanwhile. Returns whether anything was due.
pub(super) async fn colleagues_act(hub: &Hub) -> bool {
    let due = next_action_ms(hub).is_some_and(|at_ms| at_ms <= hub.clock.now_ms());
    let Some(colleagues) = hub.simulation.awake().filter(|_| due) else {
        return false;
    };
    colleagues.act().await;
    true
}

/// Lets the colleagues act when the clock reaches their time. Time travel stops for them on its own.
async fn live(hub: Arc<Hub>) {
    let mut changed = hub.changed.subscribe();
    // What stays due after its turn waits for a change; it is not retried in a loop.
    let mut tried_ms = None;
    loop {
        changed.mark_unchanged();
        let next_ms = next_action_ms(&hub).filter(|next_ms| tried_ms != Some(*next_ms));
        let due = async {
            match next_ms {
                Some(next_ms) => hub.clock.reaches(next_ms).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = due => {
                let _guard = hub.time_travel.lock().await;
                colleagues_act(&hub).await;
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
        if self.hub.simulation.replace(colleagues) {
            self.hub.runtime.spawn(live(Arc::clone(&self.hub)));
        }
        self.hub.news();
    }

    /// Switches the colleagues on or off. While they are off they do not act during time travel either.
    pub fn let_colleagues_act(&self, on: bool) {
        self.hub.simulation.switch(on);
        self.hub.news();
    }

    /// Whether colleagues are set and switched on.
    pub fn colleagues_act(&self) -> bool {
        self.hub.simulation.awake().is_some()
    }

    /// Returns a person, by handle or id, whose actions are marked as simulated. Actions fail with `not_simulated`
    /// while the colleagues are switched off or the person is controlled.
    pub fn colleague(&self, name: &str) -> PersonHandle {
        PersonHandle { simulated: true, tab: Some(OF_SIMULATED.to_owned()), ..self.person(name) }
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
