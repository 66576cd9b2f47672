//! What a ritual is given to work with: one workspace at one instant.

use std::{
    ops::Deref,
    sync::{
        OnceLock,
        atomic::{AtomicBool, Ordering},
    },
};

use chrono_tz::Tz;

use crate::{
    model::{
        clock::Instant,
        effect::{Effect, Work},
        entropy::Entropy,
        people::{ChannelId, TeamId, UserId},
    },
    store::{StoreError, outbox, reading::ReadStore, unit::Unit},
};

/// The workspace at the instant of an event.
pub struct Env {
    /// The store, to read from.
    pub store: ReadStore,
    /// The source of ids and seeds.
    pub entropy: Entropy,
    /// The workspace.
    pub team: TeamId,
    /// The bot itself.
    pub bot: UserId,
    /// The zone of people whose profile has none.
    pub zone: Tz,
    /// The instant at which the event is handled: one for the whole handling.
    pub now: Instant,
}

/// What a ritual is given for one event.
pub struct Context {
    env: Env,
    misses_a_group: AtomicBool,
    unread_channel: OnceLock<ChannelId>,
}

impl Deref for Context {
    type Target = Env;

    fn deref(&self) -> &Env {
        &self.env
    }
}

impl Context {
    /// The context of one event.
    pub fn new(env: Env) -> Context {
        Context { env, misses_a_group: AtomicBool::new(false), unread_channel: OnceLock::new() }
    }

    /// A new id; later ones are greater.
    pub fn id(&self) -> String {
        self.entropy.id(self.now)
    }

    /// Adds to a unit that something is to be done at Slack; where its key is there already, this is its new version.
    pub fn enqueue(&self, unit: &mut Unit, effect: &Effect) -> Result<(), StoreError> {
        outbox::enqueue(unit, &self.team, effect, self.now)
    }

    /// Adds to a unit that something is to be done at Slack, unless its key is there already.
    pub fn enqueue_once(&self, unit: &mut Unit, effect: &Effect) -> Result<(), StoreError> {
        outbox::enqueue_once(unit, &self.team, effect, self.now)
    }

    /// Adds to a unit that an effect has a new version, where it is known at all.
    pub fn amend(&self, unit: &mut Unit, key: &str, work: &Work) -> Result<(), StoreError> {
        outbox::amend(unit, &self.team, key, work, self.now)
    }

    /// Says that somebody named a user group which the directory does not know, so that it is looked for.
    pub fn miss_a_group(&self) {
        self.misses_a_group.store(true, Ordering::Relaxed);
    }

    /// Whether somebody named a user group which the directory does not know.
    pub fn misses_a_group(&self) -> bool {
        self.misses_a_group.load(Ordering::Relaxed)
    }

    /// Says that an answer depends on a channel of which the directory knows too little, so that it is read soon.
    pub fn miss_a_channel(&self, channel: &ChannelId) {
        // One event comes from one channel.
        self.unread_channel.set(channel.clone()).ok();
    }

    /// The channel of which the directory knows too little.
    pub fn unread_channel(&self) -> Option<&ChannelId> {
        self.unread_channel.get()
    }
}
