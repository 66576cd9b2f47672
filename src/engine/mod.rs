//! The engine: step functions, and the loops around them.

pub mod directory;
pub mod dispatch;
mod handling_error;
mod messages;
pub mod nightly;
pub mod outbox;
pub mod panics;
pub mod person;
mod reply_route;
pub mod supervisor;
pub mod ticker;
pub mod timekeeper;
pub mod turns;
pub mod waiting;

use std::{collections::BTreeSet, sync::Arc};

use chrono::Duration;
use chrono_tz::Tz;
use tokio::sync::watch;
use tokio_util::task::TaskTracker;

use self::waiting::WaitingEffects;
use crate::{
    model::{
        authority::Authority,
        clock::{Clock, Instant},
        entropy::Entropy,
        holidays::Holidays,
        people::{TeamId, UserId},
    },
    ritual::{Context, Env, LookedUp, Ritual},
    slack::{Slack, pacing::Pacer},
    store::{Store, reading::ReadStore},
};

/// What every part of the engine works with. Cheap to clone.
#[derive(Clone)]
pub struct Engine {
    pub store: Store,
    pub slack: Slack,
    pub pacer: Arc<Pacer>,
    /// The clock that all replicas agree on: the store's (`Store::clock`).
    pub clock: Clock,
    /// The source of ids and seeds.
    pub entropy: Entropy,
    pub team: TeamId,
    pub bot: UserId,
    /// The address of the workspace, below which its messages have theirs; empty where Slack doesn't say.
    pub workspace_url: Arc<str>,
    /// What the bot's token may do; `None` where Slack does not say, and everything is tried.
    pub scopes: Option<Arc<BTreeSet<String>>>,
    /// The zone of people whose own is not known.
    pub zone: Tz,
    /// Handles of the user groups that are departments, without `@`.
    pub departments: Arc<[String]>,
    /// Who may do what, by the configuration.
    pub authority: Arc<Authority>,
    /// The public holidays of regions.
    pub holidays: Arc<Holidays>,
    pub rituals: Arc<[Box<dyn Ritual>]>,
    /// What `/rondo` is called here.
    pub rondo_command: Arc<str>,
    /// What Slack was asked for on behalf of requests.
    pub looked_up: LookedUp,
    /// How many effects of each person wait.
    pub waiting: WaitingEffects,
    /// What requests do beside their acknowledgement or behind it, as opening a form. A shutdown waits for it.
    pub behind: TaskTracker,
}

/// For how long an answer of Slack's counts as current.
const RECENT_SECONDS: i64 = 30;

impl Engine {
    pub fn ritual(&self, name: &str) -> Option<&dyn Ritual> {
        self.rituals.iter().find(|ritual| ritual.name() == name).map(AsRef::as_ref)
    }

    /// Returns the workspace at this instant, for a ritual.
    pub fn context(&self) -> Context {
        self.context_of(self.clock.now(), false)
    }

    /// Returns the workspace at this instant, for an event that arrived at `received_at` and may already be acknowledged.
    pub fn context_of(&self, received_at: Instant, is_acknowledged: bool) -> Context {
        Context::new(Env {
            store: ReadStore::new(self.store.clone(), self.team.clone()),
            entropy: self.entropy.clone(),
            team: self.team.clone(),
            bot: self.bot.clone(),
            workspace_url: self.workspace_url.clone(),
            zone: self.zone,
            departments: self.departments.clone(),
            authority: self.authority.clone(),
            holidays: self.holidays.clone(),
            now: self.clock.now(),
            looked_up: self.looked_up.clone(),
            asked_since: received_at - Duration::seconds(RECENT_SECONDS),
            thanks: self.rituals.iter().find_map(|ritual| ritual.thanks()),
            facilitator: self.rituals.iter().find_map(|ritual| ritual.facilitator()),
            is_acknowledged,
        })
    }
}

/// Waits for the shutdown; a dropped sender counts as one.
pub async fn stopped(shutdown: &mut watch::Receiver<bool>) {
    let _ = shutdown.wait_for(|stop| *stop).await;
}
