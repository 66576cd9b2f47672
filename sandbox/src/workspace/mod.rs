//! All state of the workspace: people, channels, messages, apps and what they wait for.

pub(crate) mod answers;
pub(crate) mod apps;
pub(crate) mod attachments;
pub(crate) mod channels;
pub(crate) mod events;
pub(crate) mod files;
pub(crate) mod install;
pub(crate) mod manifest;
pub(crate) mod members;
pub(crate) mod mentions;
pub(crate) mod messages;
pub(crate) mod offers;
pub(crate) mod payloads;
pub(crate) mod people;
pub(crate) mod reading;
pub(crate) mod shown;
pub(crate) mod view_check;
pub(crate) mod views;
pub(crate) mod wire;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::base::clock::Clock;
use crate::base::ids::Ids;
use crate::base::limits::Windows;
use apps::{App, ResponseUrl, Trigger};
use channels::Channel;
use events::Outgoing;
use files::File;
use offers::Offers;
use people::{Group, User};
use reading::Reading;
use views::Held;
use wire::Wire;

/// The whole workspace. It is behind one lock, which is never held over an await.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) clock: Clock,
    pub(crate) ids: Ids,
    pub(crate) team_id: String,
    pub(crate) team_name: String,
    pub(crate) team_domain: String,
    /// What the page tells a newcomer.
    pub(crate) about: String,
    /// What it tells a person who has tried all steps.
    pub(crate) afterwards: String,
    pub(crate) general: String,
    pub(crate) users: BTreeMap<String, User>,
    pub(crate) groups: BTreeMap<String, Group>,
    pub(crate) channels: BTreeMap<String, Channel>,
    /// Direct conversations by their members.
    pub(crate) directs: HashMap<BTreeSet<String>, String>,
    pub(crate) files: BTreeMap<String, File>,
    pub(crate) apps: Vec<App>,
    pub(crate) triggers: HashMap<String, Trigger>,
    /// The tab of the page in which a person acts while the workspace is changed for them.
    pub(crate) acting_tab: Option<String>,
    pub(crate) response_urls: HashMap<String, ResponseUrl>,
    pub(crate) views: Vec<Held>,
    pub(crate) offers: Offers,
    pub(crate) windows: Windows,
    /// Where to send the acknowledgement of each envelope.
    pub(crate) pending: HashMap<String, mpsc::Sender<Value>>,
    /// Size of `pending` at which closed entries are removed.
    pub(crate) pending_most: usize,
    pub(crate) wire: Wire,
    /// Events to send once the lock is free.
    pub(crate) outgoing: Vec<Outgoing>,
    /// Conversation and time stamp of the messages that were posted or changed since the lock was taken.
    pub(crate) written: Vec<(String, String)>,
    /// Ids of the views that were shown or changed since then.
    pub(crate) forms_shown: Vec<String>,
    pub(crate) reading: Reading,
    last_ts_us: i64,
}

impl World {
    pub(crate) fn new(clock: Clock, ids: Ids, team_name: &str) -> World {
        let mut world = World {
            clock,
            ids,
            team_id: "T0SANDBOX1".to_owned(),
            team_name: team_name.to_owned(),
            team_domain: team_name.to_lowercase().replace(|c: char| !c.is_ascii_alphanumeric(), "-"),
            about: String::new(),
            afterwards: String::new(),
            general: String::new(),
            users: BTreeMap::new(),
            groups: BTreeMap::new(),
            channels: BTreeMap::new(),
            directs: HashMap::new(),
            files: BTreeMap::new(),
            apps: Vec::new(),
            triggers: HashMap::new(),
            acting_tab: None,
            response_urls: HashMap::new(),
            views: Vec::new(),
            offers: Offers::default(),
            windows: Windows::default(),
            pending: HashMap::new(),
            pending_most: 0,
            wire: Wire::default(),
            outgoing: Vec::new(),
            written: Vec::new(),
            forms_shown: Vec::new(),
            reading: Reading::default(),
            last_ts_us: 0,
        };
        world.add_slackbot();
        world.general = world.new_channel("general", channels::ChannelKind::Public, "USLACKBOT");
        if let Some(general) = world.channels.get_mut(&world.general.clone()) {
            general.members.clear();
        }
        world
    }

    pub(crate) fn now_ms(&self) -> i64 {
        self.clock.now_ms()
    }

    /// Returns a time stamp that no other message in the workspace has.
    pub(crate) fn next_ts(&mut self) -> String {
        self.last_ts_us = (self.now_ms() * 1_000 + 100).max(self.last_ts_us + 100);
        self.last_ts()
    }

    /// Returns the newest time stamp that was given out.
    pub(crate) fn last_ts(&self) -> String {
        let us = self.last_ts_us;
        format!("{}.{:06}", us.div_euclid(1_000_000), us.rem_euclid(1_000_000))
    }

    /// Returns the workspace's own object, as `team.info` shows it.
    pub(crate) fn team_json(&self, base: &str) -> Value {
        json!({
            "id": self.team_id, "name": self.team_name, "domain": self.team_domain, "url": format!("{base}/"),
            "email_domain": "", "icon": { "image_default": true }, "avatar_base_url": "", "is_verified": false,
        })
    }

    /// Removes acknowledgements without a waiter: rarely, so that the cost per call is small.
    pub(crate) fn tidy_pending(&mut self) {
        if self.pending.len() >= self.pending_most {
            self.pending.retain(|_, waiter| !waiter.is_closed());
            self.pending_most = 2 * self.pending.len() + 64;
        }
    }
}
