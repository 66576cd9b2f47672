//! The one trait: what a ritual is, and what it is given to work with.

use std::{
    ops::Deref,
    sync::{
        OnceLock,
        atomic::{AtomicBool, Ordering},
    },
};

use chrono_tz::Tz;
use futures_util::{FutureExt as _, future::BoxFuture};

use crate::{
    model::{
        catch_up::CatchUp,
        clock::Instant,
        effect::{DeliveryOutcome, Origin},
        entropy::Entropy,
        event::{Action, Command, Reply, Submission},
        failure::Failure,
        people::{ChannelId, TeamId, UserId},
    },
    store::{
        Store,
        programmes::Programme,
        runs::{Ended, Run},
        seen,
        unit::{Outcome, Unit},
    },
};

/// A programme that keeps coming round: something people do with the bot.
///
/// A ritual never calls Slack. It answers with a [`Reply`] and writes effects into the unit it commits.
pub trait Ritual: Send + Sync {
    /// Its name, which is also the part before the colon in its buttons' actions and its modals' callbacks.
    fn name(&self) -> &'static str;

    /// The slash command people type for it.
    fn command(&self) -> CommandSpec;

    /// What it needs from Slack, each with the reason.
    fn scopes(&self) -> &'static [(&'static str, &'static str)];

    /// Somebody typed its command.
    fn on_command<'v>(&'v self, visit: &'v Visit, command: Command) -> BoxFuture<'v, Result<Reply, Failure>>;

    /// What the help in a person's DM offers of it: a button's label, and what the button types behind the command.
    fn offer(&self) -> Option<(&'static str, &'static str)> {
        None
    }

    /// A channel goes by another id now. What the ritual keeps of it goes on there.
    fn channel_moved(&self, _unit: &mut Unit, _team: &TeamId, _from: &ChannelId, _to: &ChannelId) {}

    /// Somebody pressed one of its buttons.
    fn on_action<'v>(&'v self, _visit: &'v Visit, _action: Action) -> BoxFuture<'v, Result<Reply, Failure>> {
        std::future::ready(Ok(Reply::Nothing)).boxed()
    }

    /// Somebody sent one of its modals.
    fn on_submission<'v>(
        &'v self,
        _visit: &'v Visit,
        _sent: Submission,
    ) -> BoxFuture<'v, Result<Reply, Failure>> {
        std::future::ready(Ok(Reply::Nothing)).boxed()
    }

    /// One of its effects was settled. The unit it answers is committed together with the settlement. For an effect that was
    /// refused, `None` means that the ritual knows nothing better, and the effect is given up.
    fn on_settled<'v>(
        &'v self,
        _visit: &'v Visit,
        _origin: &'v Origin,
        _outcome: &'v DeliveryOutcome,
    ) -> BoxFuture<'v, Result<Option<Unit>, Failure>> {
        std::future::ready(Ok(None)).boxed()
    }

    /// The kind of run that its programmes' cadence brings, if it has programmes: `round`, say.
    fn comes_round(&self) -> Option<&'static str> {
        None
    }

    /// What a run is called where people read what comes next, as in `Coffee round`.
    fn run_title(&self, _kind: &str) -> &'static str {
        self.name()
    }

    /// How late a run of this kind may still be done.
    fn catch_up(&self, _kind: &str) -> CatchUp {
        CatchUp::Within(chrono::Duration::zero())
    }

    /// A run is due and this attempt has it in hand. What it answers is committed together with the end of the run and
    /// the beginning of the next, unless another attempt has taken over: then nothing of it is.
    fn on_run<'v>(
        &'v self,
        _visit: &'v Visit,
        _programme: &'v Programme,
        _run: &'v Run,
    ) -> BoxFuture<'v, Result<Ran, Failure>> {
        std::future::ready(Ok(Ran::skipped("this release does not know what was due"))).boxed()
    }
}

/// What a run came to.
pub struct Ran {
    /// What is committed with it.
    pub unit: Unit,
    /// How it ended.
    pub ended: Ended,
    /// Why, where it did not go as planned: a sentence that the ritual's people may read.
    pub remark: String,
}

impl Ran {
    /// It was done.
    pub fn done(unit: Unit) -> Ran {
        Ran { unit, ended: Ended::Done, remark: String::new() }
    }

    /// It was left out, for a reason that people may read.
    pub fn skipped(why: impl Into<String>) -> Ran {
        Ran { unit: Unit::new(), ended: Ended::Skipped, remark: why.into() }
    }
}

/// What `/help` and the manifest say of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandSpec {
    /// As the configuration names it, with its slash.
    pub name: String,
    /// What it does, in a few words.
    pub description: &'static str,
    /// What to write behind it.
    pub usage: &'static str,
    /// Every way to write it, each with what it does: what stands behind the command, or nothing.
    pub ways: &'static [(&'static str, &'static str)],
}

/// What there is at the instant of an event.
pub struct World {
    /// The store.
    pub store: Store,
    /// The source of ids and seeds.
    pub entropy: Entropy,
    /// The workspace.
    pub team: TeamId,
    /// The bot itself.
    pub bot: UserId,
    /// The zone of people of whom none is known.
    pub zone: Tz,
    /// The instant at which the event is handled: one for the whole visit.
    pub now: Instant,
}

/// What a ritual is given for one event.
pub struct Visit {
    world: World,
    /// The key of the delivery, when there is one: an effect's refusal has none.
    delivery: Option<String>,
    committed: AtomicBool,
    misses_a_group: AtomicBool,
    unread_channel: OnceLock<ChannelId>,
}

impl Deref for Visit {
    type Target = World;

    fn deref(&self) -> &World {
        &self.world
    }
}

/// What became of what a ritual wanted to save.
#[derive(Clone, Debug, PartialEq)]
pub enum Saved {
    /// It is committed, or was when this delivery came before: this is the reply.
    Yes(Reply),
    /// The guard of this name said no; nothing was written.
    No(&'static str),
}

impl Visit {
    /// A visit to this world, caused by the delivery of this key if there is one.
    pub fn new(world: World, delivery: Option<String>) -> Visit {
        Visit {
            world,
            delivery,
            committed: AtomicBool::new(false),
            misses_a_group: AtomicBool::new(false),
            unread_channel: OnceLock::new(),
        }
    }

    /// Commits a unit together with the mark that this delivery was handled, and answers the reply that counts:
    /// this one, or the one that the same delivery got before.
    pub async fn save(&self, mut unit: Unit, reply: Reply) -> Result<Saved, Failure> {
        if let Some(key) = &self.delivery {
            seen::guard(&mut unit, &self.team, key, &reply, self.now)?;
        }
        let outcome = self.store.commit(unit).await?;
        match outcome {
            Outcome::Committed(_) => {
                self.committed.store(true, Ordering::Relaxed);
                Ok(Saved::Yes(reply))
            }
            Outcome::Refused(seen::ALREADY_SEEN) => {
                self.committed.store(true, Ordering::Relaxed);
                Ok(Saved::Yes(self.earlier_reply().await?.unwrap_or_default()))
            }
            Outcome::Refused(guard) => Ok(Saved::No(guard)),
        }
    }

    /// Whether this delivery is marked as handled.
    pub fn is_committed(&self) -> bool {
        self.committed.load(Ordering::Relaxed)
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

    /// The reply that the same delivery got before.
    pub async fn earlier_reply(&self) -> Result<Option<Reply>, Failure> {
        match &self.delivery {
            Some(key) => Ok(self.store.seen_reply(&self.team, key).await?),
            None => Ok(None),
        }
    }
}
