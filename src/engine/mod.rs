//! What keeps the music going: step functions, and the loops around them.

pub mod directory;
pub mod dispatch;
mod handling_error;
mod messages;
pub mod nightly;
pub mod outbox;
pub mod panics;
pub mod person;
pub mod supervisor;
pub mod ticker;
pub mod timekeeper;
pub mod turns;
pub mod waiting;
mod way_back;

use std::{collections::BTreeSet, sync::Arc};

use chrono::Duration;
use chrono_tz::Tz;
use tokio::sync::watch;

use self::waiting::WaitingEffects;
use crate::{
    model::{
        authority::Authority,
        clock::{Clock, Instant},
        entropy::Entropy,
        people::{TeamId, UserId},
    },
    rituals::ritual::{Context, Env, LookedUp, Ritual},
    slack::{Slack, pacing::Pacer},
    store::{Store, reading::ReadStore},
};

/// What every part of the engine works with. Cheap to clone.
#[derive(Clone)]
pub struct Engine {
    /// The store.
    pub store: Store,
    /// Slack.
    pub slack: Slack,
    /// The pace of calls to Slack.
    pub pacer: Arc<Pacer>,
    /// The time, on which replicas agree: the store's (`Store::clock`).
    pub clock: Clock,
    /// The source of ids and seeds.
    pub entropy: Entropy,
    /// The workspace.
    pub team: TeamId,
    /// The bot itself.
    pub bot: UserId,
    /// What the bot's token may do; `None` where Slack does not say, and everything is tried.
    pub scopes: Option<Arc<BTreeSet<String>>>,
    /// The zone of people of whom none is known.
    pub zone: Tz,
    /// What the configuration says of who may do what.
    pub authority: Arc<Authority>,
    /// All rituals.
    pub rituals: Arc<[Box<dyn Ritual>]>,
    /// What `/rondo` is called here.
    pub rondo_command: Arc<str>,
    /// What Slack was asked for that requests depend on.
    pub looked_up: LookedUp,
    /// How much waits of what each person caused.
    pub waiting: WaitingEffects,
}

/// For how long what Slack has answered is taken as a fact.
const RECENT_SECONDS: i64 = 30;

impl Engine {
    /// The ritual of this name.
    pub fn ritual(&self, name: &str) -> Option<&dyn Ritual> {
        self.rituals.iter().find(|ritual| ritual.name() == name).map(AsRef::as_ref)
    }

    /// The workspace at this instant, for a ritual.
    pub fn context(&self) -> Context {
        self.context_of(self.clock.now(), false)
    }

    /// The workspace at this instant, for what came in then and may be acknowledged.
    pub fn context_of(&self, came_in: Instant, is_acknowledged: bool) -> Context {
        Context::new(Env {
            store: ReadStore::new(self.store.clone(), self.team.clone()),
            entropy: self.entropy.clone(),
            team: self.team.clone(),
            bot: self.bot.clone(),
            zone: self.zone,
            authority: self.authority.clone(),
            now: self.clock.now(),
            looked_up: self.looked_up.clone(),
            asked_since: came_in - Duration::seconds(RECENT_SECONDS),
            is_acknowledged,
        })
    }
}

/// Waits for the shutdown; a sender that is gone is one, too.
pub async fn stopped(shutdown: &mut watch::Receiver<bool>) {
    let _ = shutdown.wait_for(|stop| *stop).await;
}
