//! Reads channels: the name, open or closed to the bot, and the members.
//!
//! The store keeps what has to be read; one replica reads it, one call a step: first the channel itself, then its
//! members, page by page. Each page is committed at once. A killed process leaves the request behind, and the next
//! process begins that channel again. A channel that Slack refuses is snoozed by itself.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration as StdDuration,
};

use chrono::Duration;
use tokio::sync::watch;

use super::{
    super::{
        Engine,
        supervisor::{Heartbeat, Loop},
        turns::Turn,
    },
    calls::{BACKOFF, Stopped, first_open, pause_after_429},
    hold::{Hold, LeaseClaim},
};
use crate::{
    model::call_kind::CallKind,
    model::{
        clock::Instant,
        effect::Lane,
        people::{ChannelId, Closed},
        refusal::{Refusal, Shut},
    },
    slack::CallError,
    store::{
        StoreError,
        people::{
            channels, members,
            readings::{Priority, Wanted},
        },
        unit::UnitOfWork,
    },
};

/// One replica reads channels, so that Slack's limits hold without replicas talking.
const LEASE: &str = "readings";
const LEASE_SECONDS: i64 = 20;
/// Among how many channels a step looks for one whose call the pacer allows.
const A_LOOK: i64 = 16;
pub const LOOP: Loop = Loop {
    name: "readings",
    part: "directory",
    undone: "channels are not read",
    limit: StdDuration::from_mins(1),
};
/// How many pages of one channel are read at most: a channel of 100,000 people has 101, if Slack fills them.
const MOST_PAGES: usize = 1_000;

/// Reads the channels of one workspace.
#[derive(Clone)]
pub struct Readings {
    engine: Engine,
    hold: Hold,
    /// How far the readings in progress are. A restart loses it, and the readings begin again.
    begun: Arc<Mutex<BTreeMap<ChannelId, ReadingProgress>>>,
}

#[derive(Clone, Debug)]
struct ReadingProgress {
    version: i64,
    started: Instant,
    /// Whether Slack was asked about the channel itself.
    is_asked: bool,
    cursor: Option<String>,
    pages: usize,
}

impl ReadingProgress {
    fn method(&self) -> CallKind {
        if self.is_asked { CallKind::Members } else { CallKind::Info }
    }
}

/// What one call led to.
enum ReadingStep {
    /// The bot is in the channel: its name, and whether it is public.
    Open(String, bool),
    /// The bot cannot work there.
    Closed(Closed),
    /// A page was committed, and more follow.
    More(Option<String>),
    /// The channel is read to its end.
    Over,
}

impl Readings {
    pub fn new(engine: Engine) -> Readings {
        let hold = Hold::new(engine.clone(), LEASE, Duration::seconds(LEASE_SECONDS));
        Readings { engine, hold, begun: Arc::default() }
    }

    /// Makes one call for the most urgent channel, or returns when there will be something to do.
    pub async fn read_once(&self) -> Result<Turn, StoreError> {
        let Engine { store, team, clock, pacer, .. } = &self.engine;
        let now = clock.now();
        let wanted = store.wanted_readings(team, now, A_LOOK).await?;
        if wanted.is_empty() {
            self.begun().clear();
            return Ok(Turn::Idle(store.next_reading_at(team).await?));
        }
        match self.hold.claim().await? {
            LeaseClaim::No => return Ok(Turn::Idle(self.hold.until().await?)),
            LeaseClaim::Anew => pacer.begin_methods(&[CallKind::Info, CallKind::Members], now),
            LeaseClaim::Before => {}
        }
        let open = first_open(wanted, |wanted| {
            // Part of what Slack allows at once is reserved for channels where a person typed a command.
            let lane = if wanted.priority == Priority::Person { Lane::Interactive } else { Lane::Bulk };
            pacer.enter(self.progress(wanted, now).method(), None, lane, false, now)
        });
        match open {
            Ok(wanted) => {
                let reading = self.read(&wanted, self.progress(&wanted, now));
                self.hold.during(reading).await.transpose()?;
                Ok(Turn::Worked)
            }
            Err(free_at) => Ok(Turn::Idle(free_at)),
        }
    }

    /// Reads the requested channels until the shutdown.
    pub async fn run(self, heartbeat: Heartbeat, shutdown: watch::Receiver<bool>) {
        self.hold.repeat(heartbeat, shutdown, || self.read_once()).await;
    }

    /// Returns how far the reading of a channel is; it begins again if the channel has changed.
    fn progress(&self, wanted: &Wanted, now: Instant) -> ReadingProgress {
        let begun = self.begun().get(&wanted.channel).cloned();
        begun.filter(|progress| progress.version == wanted.version).unwrap_or(ReadingProgress {
            version: wanted.version,
            started: now,
            // A channel that is only refreshed needs no call of its own: Slack's list and events say the rest.
            is_asked: wanted.priority >= Priority::Programme && wanted.is_open,
            cursor: None,
            pages: 0,
        })
    }

    async fn read(&self, wanted: &Wanted, mut progress: ReadingProgress) -> Result<(), StoreError> {
        let Engine { store, team, clock, .. } = &self.engine;
        let called = if progress.is_asked {
            self.members(wanted, &progress).await
        } else {
            self.channel(wanted).await
        };
        match called {
            Ok(ReadingStep::Open(name, is_public)) => {
                if store.found_open(team, wanted, &name, is_public, clock.now()).await? {
                    progress.is_asked = true;
                    self.begun().insert(wanted.channel.clone(), progress);
                }
            }
            Ok(ReadingStep::More(cursor)) => {
                progress.pages += 1;
                progress.cursor = cursor;
                self.begun().insert(wanted.channel.clone(), progress);
            }
            Ok(ReadingStep::Closed(closed)) => {
                self.begun().remove(&wanted.channel);
                store.found_closed(team, wanted, closed, progress.started).await?;
            }
            // A change of the channel during the reading makes it begin again.
            Ok(ReadingStep::Over) | Err(Stopped::Overtaken) => {
                self.begun().remove(&wanted.channel);
            }
            Err(Stopped::Slack(CallError::RateLimited { retry_after, .. })) => {
                pause_after_429(&self.engine, progress.method(), retry_after);
            }
            Err(Stopped::Slack(error)) => self.snooze(wanted, &error).await?,
            Err(Stopped::Store(error)) => return Err(error),
        }
        Ok(())
    }

    /// Asks Slack about a channel.
    async fn channel(&self, wanted: &Wanted) -> Result<ReadingStep, Stopped> {
        let Engine { store, slack, team, clock, .. } = &self.engine;
        let channel = slack.channel(&wanted.channel).await?;
        if channel.id != wanted.channel {
            // The channel has another id now, under which the bot is in it.
            let mut unit = UnitOfWork::new();
            channels::want_again(&mut unit, team, &channel.id, clock.now());
            store.commit(unit).await?;
            return Ok(ReadingStep::Closed(Closed::NotIn));
        }
        Ok(channel.closed.map_or(ReadingStep::Open(channel.name, channel.is_public), ReadingStep::Closed))
    }

    /// Asks for a page of a channel's members, and commits it.
    async fn members(&self, wanted: &Wanted, progress: &ReadingProgress) -> Result<ReadingStep, Stopped> {
        let Engine { store, slack, team, .. } = &self.engine;
        let page = match slack.members(&wanted.channel, progress.cursor.as_deref()).await {
            Ok(page) => page,
            Err(CallError::Refused { error, .. }) if is_closed(&error) => {
                return Ok(ReadingStep::Closed(Closed::NotIn));
            }
            Err(error) => return Err(error.into()),
        };
        let suppressed = store.suppressed(team).await?;
        let mut unit = UnitOfWork::new();
        for user in page.items.iter().filter(|user| !suppressed.holds(user)) {
            members::put_member(&mut unit, team, &wanted.channel, user, progress.started);
        }
        let is_last = page.next.is_none() || progress.pages >= MOST_PAGES;
        if page.next.is_none() {
            members::keep_members_since(&mut unit, team, &wanted.channel, progress.started);
        }
        let is_current = store.found_members(team, wanted, unit, progress.started, is_last).await?;
        if !is_current {
            return Err(Stopped::Overtaken);
        }
        Ok(if is_last { ReadingStep::Over } else { ReadingStep::More(page.next) })
    }

    /// Snoozes a channel that Slack refused or did not answer; the other channels go on.
    async fn snooze(&self, wanted: &Wanted, error: &CallError) -> Result<(), StoreError> {
        let Engine { store, team, clock, .. } = &self.engine;
        let pause = BACKOFF.pause(wanted.tries);
        tracing::warn!(%error, channel = %wanted.channel, retry_in_seconds = pause.as_secs(), "a channel could not be read; trying again");
        let refused = match error {
            CallError::Refused { error, .. } => Some(error.as_str()),
            _ => None,
        };
        self.begun().remove(&wanted.channel);
        store.snooze_reading(team, wanted, clock.now() + pause, refused).await
    }

    fn begun(&self) -> MutexGuard<'_, BTreeMap<ChannelId, ReadingProgress>> {
        // Each reading may begin again, so a panic leaves nothing half done.
        self.begun.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether this error on a channel's members means that the bot cannot work in the channel.
fn is_closed(error: &str) -> bool {
    Refusal::of(error) == Refusal::Conversation(Shut::NotIn)
}
