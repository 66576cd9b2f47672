//! Delivers effects to Slack: one at a time when it is due, reconciled if an answer was lost, with a growing pause
//! while Slack is away, and with a log line when an effect is discarded.
//!
//! Before a call its row records that sending began, so that a killed process leaves a trace. If no answer came, the
//! row is searched for in Slack's history, twice, by the key in the message's metadata, before it is sent again. So a
//! message is posted once if the history can be read; elsewhere its [`DeliveryGuarantee`] decides.
//!
//! A step makes one call. A post into a group takes two steps: the first opens the conversation and stores it, which
//! people do not see and which may be repeated; from then on it is a post like any other.

mod failed_call;
mod lease;
mod next;
mod outcome;
mod search;

use std::{sync::Arc, time::Duration as StdDuration};

use chrono::Duration;
use tokio::sync::{Mutex, watch};

use self::{
    lease::LEASE,
    next::{Choosing, NextStep, is_expired},
    outcome::report,
};
use super::{
    Engine,
    panics::guarded,
    stopped,
    supervisor::{Heartbeat, Loop, Supervisor},
    turns::{self, Turn},
};
use crate::{
    model::{
        backoff::Backoff,
        call_kind::CallKind,
        effect::{Call, DeliveryGuarantee},
    },
    store::{
        StoreError,
        outbox::{Due, Settlement},
        unit::UnitOfWork,
    },
};

/// How many calls run at once: Slack takes five posts a second, and each takes a fifth of a second.
const AT_ONCE: usize = 4;
/// How long after a call's time limit its request may still arrive.
const GRACE_SECONDS: i64 = 5;
/// How often a lost post is searched for before it counts as not sent.
const LOOKS: i64 = 2;
/// After how many panics or kills during its delivery an effect is discarded.
const MOST_CRASHES: i64 = 5;
/// A call may take long, and a worker that waits for Slack is not stuck.
const WORKER: Loop =
    Loop { name: "outbox", part: "outbox", undone: "nothing is posted", limit: StdDuration::from_mins(1) };
const BACKOFF: Backoff = Backoff::new(StdDuration::from_secs(1), StdDuration::from_mins(1));

#[derive(Clone)]
pub struct Outbox {
    engine: Engine,
    holder: String,
    /// How long a call to Slack may take.
    call_timeout: Duration,
    /// Steps choose one at a time; the calls themselves run in parallel.
    choosing: Arc<Mutex<Choosing>>,
    /// How far histories were searched for lost posts. A restart loses it, and the searches begin again.
    looked_through: Arc<search::LookedThrough>,
}

impl Outbox {
    /// Returns the outbox of an engine; `call_timeout` is how long the client lets a call take.
    pub fn new(engine: Engine, call_timeout: StdDuration) -> Outbox {
        let holder = engine.entropy.id(engine.clock.now());
        let call_timeout = Duration::from_std(call_timeout).unwrap_or(Duration::seconds(10));
        Outbox { engine, holder, call_timeout, choosing: Arc::default(), looked_through: Arc::default() }
    }

    /// Delivers one effect, or returns when there will be something to do.
    pub async fn deliver_once(&self) -> Result<Turn, StoreError> {
        let Engine { slack, clock, .. } = &self.engine;
        if slack.breaker().begin_probe(clock.now()) {
            // The breaker learns from every answer.
            let _ = slack.identity().await;
            return Ok(Turn::Worked);
        }
        let due = {
            let mut choosing = self.choosing.lock().await;
            if let Some(nothing) = self.nothing_before().await? {
                return Ok(Turn::Idle(nothing));
            }
            if let Some(wait) = self.hold_lease(&mut choosing.lease).await? {
                return Ok(Turn::Idle(Some(wait)));
            }
            match self.choose(&mut choosing.turns).await? {
                NextStep::Take(due) => due,
                NextStep::Snoozed(true) => return Ok(Turn::Worked),
                NextStep::Snoozed(false) => return Ok(Turn::Refused),
                NextStep::Nothing(until) => return Ok(Turn::Idle(until)),
            }
        };
        self.deliver(*due).await
    }

    /// Delivers until the shutdown, several calls at once; calls in progress are finished.
    pub async fn run(self, supervisor: Supervisor, mut shutdown: watch::Receiver<bool>) {
        let workers: Vec<_> = (0..AT_ONCE)
            .map(|number| {
                let (outbox, stop) = (self.clone(), shutdown.clone());
                let work = move |heartbeat| outbox.clone().work(number, heartbeat, stop.clone());
                tokio::spawn(supervisor.keep(WORKER, shutdown.clone(), work))
            })
            .collect();
        stopped(&mut shutdown).await;
        for worker in workers {
            // The supervisor catches a panic in a worker.
            let _ = worker.await;
        }
        let released = self.engine.store.release_lease(&self.engine.team, LEASE, &self.holder).await;
        if let Err(error) = released {
            tracing::warn!(%error, "the outbox's lease could not be given back; it ends by itself");
        }
    }

    async fn work(self, number: usize, heartbeat: Heartbeat, shutdown: watch::Receiver<bool>) {
        /// One worker checks for missed notices on behalf of all; the others only show that they are alive.
        const SELDOM: StdDuration = StdDuration::from_secs(30);
        let Engine { store, clock, .. } = &self.engine;
        let (news, turn) = (|| store.outbox_filled(), || self.deliver_once());
        let look_again = || if number == 0 { store.look_again() } else { SELDOM };
        turns::repeat(clock, &heartbeat, shutdown, look_again, news, turn).await;
    }

    /// Makes the call of a claimed effect, and stores the outcome.
    async fn deliver(&self, due: Due) -> Result<Turn, StoreError> {
        let Engine { store, team, clock, .. } = &self.engine;
        let ended = guarded(async {
            let settlement = if is_expired(&due, clock.now()) {
                Settlement::Dropped("expired".to_owned())
            } else {
                match self.not_sent(&due).await {
                    Some(settlement) => settlement,
                    None => self.call(&due).await,
                }
            };
            self.tell_ritual(&due, settlement).await
        });
        let (settlement, unit) = ended.await.unwrap_or_else(|panicked| {
            tracing::error!(key = due.key, %panicked, "an effect panicked: please report this line");
            let now = clock.now();
            // Whether the call was made is as unknown as after a lost answer.
            let settlement = if due.attempts >= MOST_CRASHES {
                Settlement::Discarded(panicked.to_string())
            } else {
                self.settle_lost_call(&due, now, panicked.to_string())
            };
            (settlement, UnitOfWork::new())
        });
        report(&due, &settlement);
        if !store.settle_effect(team, &due, settlement, unit, clock.now()).await? {
            tracing::warn!(
                key = due.key,
                "this took longer than its claim, or was changed; it goes on from there"
            );
            return Ok(Turn::Refused);
        }
        Ok(Turn::Worked)
    }

    /// Makes the next call that an effect needs.
    async fn call(&self, due: &Due) -> Settlement {
        let Engine { slack, pacer, .. } = &self.engine;
        let Some(call) = due.next_call() else {
            return Settlement::Dropped("it was never posted".to_owned());
        };
        if due.send_started_at.is_some() && is_once_only(call, due) {
            return Settlement::Dropped("the answer to an earlier sending was lost".to_owned());
        }
        let done = match call {
            Call::Open(people) => return self.open(due, people).await,
            Call::Look { channel, root, started_at } => {
                return self.look_for(due, (channel, root), started_at).await;
            }
            Call::Post { to, root, message } => {
                let posted = match root {
                    Some(root) => slack.post_reply(to, root, message, &due.key).await,
                    None => slack.post(to, message, &due.key).await,
                };
                return match posted {
                    Ok(posted) => {
                        pacer.posted();
                        Settlement::Sent(Some((posted.channel, posted.ts)))
                    }
                    Err(error) => self.settle_failed_call(due, &error),
                };
            }
            Call::Update(channel, ts, message) => slack.update(channel, ts, message, &due.key).await,
            Call::Delete(channel, ts) => slack.delete(channel, ts).await,
            Call::Ephemeral(channel, user, message) => {
                slack.post_ephemeral(channel, None, user, message).await
            }
            Call::Respond(url, message, replace) => slack.respond(url, message, replace).await,
            Call::PublishHome(user, home) => slack.publish_home(user, None, home).await.map(drop),
            Call::UpdateView(view, modal) => slack.update_view(view, None, modal).await.map(drop),
            Call::SetTopic(channel, topic) => slack.set_topic(channel, topic).await,
            Call::SetGroupMembers(group, people) => slack.set_group_members(group, people).await,
            Call::Pin(channel, ts) => slack.pin(channel, ts).await,
            Call::Join(channel) => slack.join(channel).await,
        };
        match done {
            Ok(()) if call.kind() == CallKind::Delete => Settlement::Deleted,
            Ok(()) => Settlement::Sent(None),
            Err(error) => self.settle_failed_call(due, &error),
        }
    }
}

/// Whether a call must not be repeated when an earlier attempt may have arrived.
fn is_once_only(call: Call<'_>, due: &Due) -> bool {
    match call.kind() {
        CallKind::Respond => true,
        CallKind::Ephemeral => due.delivery == DeliveryGuarantee::AtMostOnce,
        _ => false,
    }
}
