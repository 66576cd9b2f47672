//! Does what rituals asked for at Slack: one effect at its allowed instant, reconciled where an answer was lost,
//! backing off where Slack is away, and giving up loudly.
//!
//! Before a call its row says that a sending began, so that a process that is killed leaves a trace. Where no answer
//! came, the row is looked for in Slack's history by the key that its message carries, twice, before it is sent
//! again. So a thing is said once, wherever the history may be read; elsewhere
//! [`Doubt`](crate::model::effect::Doubt) decides.
//!
//! A step makes one call. A post into a group takes two of them: its conversation is opened and written down, which
//! shows nobody anything and may be repeated, and from then on it is a post like any other.

mod calls;
mod claim;
mod doubt;
mod verdict;

use std::{sync::Arc, time::Duration as StdDuration};

use chrono::Duration;
use tokio::sync::{Mutex, watch};

use self::{
    calls::{Call, next_call},
    verdict::report,
};
use super::{
    Engine,
    panics::guarded,
    stopped,
    supervisor::{Heartbeat, Loop, Supervisor},
    turns::{self, Step},
};
use crate::{
    model::{
        clock::Instant,
        effect::{ENGINE, Lane, Work},
        failure::Failure,
        refusal::Refusal,
    },
    slack::{
        CallError,
        pacing::{Gate, Method},
    },
    store::{
        StoreError,
        outbox::{Due, Fate},
        unit::Unit,
    },
};

/// One replica drains a workspace's outbox at a time, so that the limits hold without replicas talking. What is
/// announced waits for the lease of a process that was killed, so it is short; what is said once does not rest on it.
const LEASE: &str = "outbox";
const LEASE_SECONDS: i64 = 6;
/// How many calls are under way at once: Slack takes five posts a second, and each takes a fifth of one.
const AT_ONCE: usize = 4;
/// How long after a call's time limit its request may still arrive.
const GRACE_SECONDS: i64 = 5;
/// How often a lost post is looked for before it counts as not done.
const LOOKS: i64 = 2;
/// How often a program of ours may fall over an effect before it is given up.
const MOST_FALLS: i64 = 5;
/// A call may take long, and a worker that waits for Slack is none that stands still.
const WORKER: Loop =
    Loop { name: "outbox", part: "outbox", undone: "nothing is posted", limit: StdDuration::from_mins(1) };
/// The longest pause between two tries.
const LONGEST_PAUSE_SECONDS: i64 = 60;

/// The outbox of one workspace.
#[derive(Clone)]
pub struct Outbox {
    engine: Engine,
    holder: String,
    /// How long a call to Slack may take.
    call_timeout: Duration,
    /// One step at a time chooses; the calls themselves run side by side.
    choosing: Arc<Mutex<Lease>>,
    /// How far histories were searched for lost posts. It is lost with the process, and begun anew.
    looked_through: Arc<doubt::LookedThrough>,
}

/// What a process knows of the workspace's lease.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Lease {
    /// Nothing yet.
    #[default]
    Unknown,
    /// It has it until then.
    Held(Instant),
    /// Another one has it.
    Anothers,
}

impl Outbox {
    /// The outbox; `call_timeout` is how long the client lets a call take.
    pub fn new(engine: Engine, call_timeout: StdDuration) -> Outbox {
        let holder = engine.entropy.id(engine.clock.now());
        let call_timeout = Duration::from_std(call_timeout).unwrap_or(Duration::seconds(10));
        Outbox { engine, holder, call_timeout, choosing: Arc::default(), looked_through: Arc::default() }
    }

    /// Does one effect, or says when there will be something to do.
    pub async fn deliver_once(&self) -> Result<Step, StoreError> {
        let Engine { slack, clock, .. } = &self.engine;
        if slack.breaker().begin_probe(clock.now()) {
            // The breaker learns from every answer.
            let _ = slack.identity().await;
            return Ok(Step::Worked);
        }
        let due = {
            let mut lease = self.choosing.lock().await;
            if let Some(nothing) = self.nothing_before(*lease).await? {
                return Ok(Step::Idle(nothing));
            }
            if let Some(wait) = self.hold_lease(&mut lease).await? {
                return Ok(Step::Idle(Some(wait)));
            }
            match self.choose().await? {
                Choice::Take(due) => due,
                Choice::PutOff(true) => return Ok(Step::Worked),
                Choice::PutOff(false) => return Ok(Step::Refused),
                Choice::Nothing(until) => return Ok(Step::Idle(until)),
            }
        };
        self.deliver(*due).await
    }

    /// Delivers until the shutdown, several calls at once; what is in hand then is finished.
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
        /// One worker looks for all whether news was missed, and the others show that they live.
        const SELDOM: StdDuration = StdDuration::from_secs(30);
        let Engine { store, clock, .. } = &self.engine;
        let (news, turn) = (|| store.outbox_filled(), || self.deliver_once());
        let look_again = || if number == 0 { store.look_again() } else { SELDOM };
        turns::take(clock, &heartbeat, shutdown, look_again, news, turn).await;
    }

    /// Until when nothing is to be done, if nothing is now: then the lease is not taken and not renewed. `None` while it is
    /// held anyway, or something waits.
    async fn nothing_before(&self, lease: Lease) -> Result<Option<Option<Instant>>, StoreError> {
        let now = self.engine.clock.now();
        if matches!(lease, Lease::Held(until) if until > now) {
            return Ok(None);
        }
        let next = self.engine.store.next_effect(&self.engine.team).await?;
        Ok(next.is_none_or(|at| at > now).then_some(next))
    }

    /// Holds the workspace's lease, renewing it when half of it is over; `Some` is until when another holds it.
    async fn hold_lease(&self, lease: &mut Lease) -> Result<Option<Instant>, StoreError> {
        let now = self.engine.clock.now();
        let length = Duration::seconds(LEASE_SECONDS);
        if let Lease::Held(until) = *lease
            && until - now > length / 2
            && until - now <= length
        {
            return Ok(None);
        }
        let (store, team) = (&self.engine.store, &self.engine.team);
        // A lease that has ended may have been another's meanwhile.
        let was_ours = match *lease {
            Lease::Held(until) if until > now => true,
            _ => store.lease_holder(team, LEASE).await?.is_some_and(|holder| holder == self.holder),
        };
        if store.take_lease(team, LEASE, &self.holder, now, length).await? {
            if !was_ours {
                self.engine.pacer.takes_over(now);
            }
            *lease = Lease::Held(now + length);
            return Ok(None);
        }
        *lease = Lease::Anothers;
        let until = store.lease_until(team, LEASE).await?.unwrap_or(now);
        Ok(Some(until.clamp(now + Duration::milliseconds(100), now + length)))
    }

    /// Finds an effect that may be done now, and takes it in hand.
    async fn choose(&self) -> Result<Choice, StoreError> {
        let Engine { store, team, pacer, clock, .. } = &self.engine;
        let now = clock.now();
        let mut free_at: Option<Instant> = None;
        for lane in [Lane::Interactive, Lane::Bulk] {
            let (mut held_up, mut until) = pacer.held_up(lane, now);
            if let Some(probe_at) = self.engine.slack.breaker().closed_until(now) {
                // An answer at a `response_url` needs no token; all else waits without being tried.
                held_up.retain(|kind| *kind == "respond");
                held_up.extend(["post", "update", "open", "look"]);
                until = Some(probe_at);
            }
            free_at = [free_at, until].into_iter().flatten().min();
            let Some(mut due) = store.due_effect(team, lane, now, &held_up).await? else { continue };
            if is_expired(&due, now) {
                let expired = Fate::Dropped("expired".to_owned());
                report(&due, &expired);
                return Ok(Choice::PutOff(store.settle_effect(team, &due, expired, Unit::new(), now).await?));
            }
            let call = next_call(&due);
            match pacer.enter(call.method(), call.channel(), lane, due.visible_at > due.not_before, now) {
                Gate::Open => {}
                Gate::MethodBusy(until) => {
                    free_at = Some(free_at.map_or(until, |at| at.min(until)));
                    continue;
                }
                Gate::ChannelBusy(until) => {
                    return Ok(Choice::PutOff(store.put_off(team, &due, until).await?));
                }
            }
            // A conversation that is opened shows nobody anything, so it leaves no doubt behind.
            let sending = (call.method() != Method::Open).then_some(now);
            let lease_end = now + self.call_timeout + Duration::seconds(GRACE_SECONDS);
            let claimed = store.claim_effect(team, &mut due, sending, lease_end).await?;
            return Ok(if claimed { Choice::Take(Box::new(due)) } else { Choice::PutOff(false) });
        }
        // What is visible already waits for its method; what is not yet visible waits for its instant.
        let visible = store.next_effect_at(team, now).await?;
        Ok(Choice::Nothing([visible, free_at].into_iter().flatten().min()))
    }

    /// Does a claimed effect and writes down what became of it.
    async fn deliver(&self, due: Due) -> Result<Step, StoreError> {
        let Engine { store, team, clock, .. } = &self.engine;
        let ended = guarded(async {
            let fate = match self.not_sent(&due).await {
                Some(fate) => fate,
                None => self.call(&due).await,
            };
            match fate {
                Fate::Dead(error) => self.ask_ritual(&due, error).await,
                fate => (fate, Unit::new()),
            }
        });
        let (fate, instead) = ended.await.unwrap_or_else(|panicked| {
            tracing::error!(key = due.key, %panicked, "an effect made the program fall: please report this line");
            let now = clock.now();
            // Whether the call was made is as unknown as after an answer that was lost.
            let fate = if due.attempts >= MOST_FALLS {
                Fate::Dead(panicked.to_string())
            } else {
                self.lost(&due, now, panicked.to_string())
            };
            (fate, Unit::new())
        });
        report(&due, &fate);
        if !store.settle_effect(team, &due, fate, instead, clock.now()).await? {
            tracing::warn!(
                key = due.key,
                "this took longer than its claim, or was changed; it goes on from there"
            );
            return Ok(Step::Refused);
        }
        Ok(Step::Worked)
    }

    /// Makes the one call that an effect needs next.
    async fn call(&self, due: &Due) -> Fate {
        let slack = &self.engine.slack;
        let sent = match next_call(due) {
            Call::Open(people) => return self.open(due, people).await,
            Call::Look(conversation, started) => return self.look_for(due, conversation, started).await,
            // An answer goes at most once: the earlier sending may have arrived.
            Call::Respond(..) if due.send_started_at.is_some() => {
                return Fate::Dropped("the answer to an earlier sending was lost".to_owned());
            }
            Call::Respond(url, message, replace) => slack.respond(url, message, replace).await.map(|()| None),
            Call::Update(channel, ts, message) => {
                slack.update(channel, ts, message, &due.key).await.map(|()| None)
            }
            Call::Post(to, message) => {
                let posted = slack.post(to, message, &due.key).await;
                if posted.is_ok() {
                    self.engine.pacer.posted();
                }
                posted.map(|posted| Some((posted.channel, posted.ts)))
            }
        };
        match sent {
            Ok(posted) => Fate::Sent(posted),
            Err(error) => self.after(due, &error),
        }
    }

    /// What follows from a call that failed.
    fn after(&self, due: &Due, error: &CallError) -> Fate {
        let now = self.engine.clock.now();
        let words = error.to_string();
        match error {
            CallError::RateLimited { retry_after, .. } => {
                Fate::Again(self.leave_alone(due, *retry_after), words)
            }
            CallError::Unreached { .. } => Fate::Again(self.pause(due, now), words),
            CallError::Lost { .. } => self.lost(due, now, words),
            CallError::Refused { error, .. } => match Refusal::of(error) {
                Refusal::Token => {
                    let probe_at = self.engine.slack.breaker().closed_until(now);
                    Fate::Again(probe_at.unwrap_or(now + Duration::seconds(LONGEST_PAUSE_SECONDS)), words)
                }
                Refusal::Unclear => self.lost(due, now, words),
                // Whoever was to read it has stopped waiting, or has closed the conversation.
                Refusal::Expired | Refusal::MessageGone | Refusal::Conversation(_) if is_answer(due) => {
                    Fate::Dropped(error.clone())
                }
                // A change that cannot be made any more leaves what was said as it stands.
                Refusal::MessageGone if due.posted().is_some() => Fate::Dropped(error.clone()),
                Refusal::Person
                | Refusal::Conversation(_)
                | Refusal::MessageGone
                | Refusal::Expired
                | Refusal::Other => Fate::Dead(error.clone()),
            },
        }
    }

    /// Slack has refused the call that an effect needs next as one too many; answers until when it is left alone.
    fn leave_alone(&self, due: &Due, retry_after: StdDuration) -> Instant {
        let wait = Duration::from_std(retry_after).unwrap_or(Duration::minutes(1));
        let until = self.engine.clock.now() + wait;
        let call = next_call(due);
        self.engine.pacer.refused(call.method(), call.channel(), until);
        metrics::counter!("rondo_slack_rate_limited_total").increment(1);
        until
    }

    /// Nobody knows whether it was done. A post is looked for, an answer is given up, and all else may be repeated.
    fn lost(&self, due: &Due, now: Instant, words: String) -> Fate {
        match next_call(due) {
            Call::Post(..) => {
                let settled = now + self.call_timeout + Duration::seconds(GRACE_SECONDS);
                Fate::Look(settled, words)
            }
            Call::Respond(..) => Fate::Dropped(words),
            Call::Open(_) | Call::Look(..) | Call::Update(..) => Fate::Again(self.pause(due, now), words),
        }
    }

    /// Twice as long after each try, spread so that replicas and workspaces do not come back at once.
    fn pause(&self, due: &Due, now: Instant) -> Instant {
        let doublings = u32::try_from(due.attempts.clamp(0, 6)).unwrap_or_default();
        let seconds = (1_i64 << doublings).min(LONGEST_PAUSE_SECONDS);
        let millis = i32::try_from(seconds * 1_000).unwrap_or(i32::MAX);
        #[expect(clippy::cast_possible_truncation, reason = "the product is below the longest pause")]
        let spread = (f64::from(millis) * (0.5 + self.engine.entropy.jitter() / 2.0)) as i64;
        now + Duration::milliseconds(spread)
    }

    /// Slack refused for good: whoever asked for it may know better. An answer of the engine's own is no loss.
    async fn ask_ritual(&self, due: &Due, error: String) -> (Fate, Unit) {
        let Some(ritual) = self.engine.ritual(&due.origin.ritual) else {
            let fate = if due.origin.ritual == ENGINE { Fate::Dropped } else { Fate::Dead };
            return (fate(error), Unit::new());
        };
        match ritual.on_refused(&self.engine.context(), &due.origin, &error).await {
            Ok(settled) if settled.is_settled => (Fate::Replaced(error), settled.unit),
            Ok(settled) => (Fate::Dead(error), settled.unit),
            Err(Failure::Refuse(_)) => (Fate::Dead(error), Unit::new()),
            Err(Failure::Fail(cause)) if due.attempts >= MOST_FALLS => {
                tracing::error!(cause = format!("{cause:#}"), "what to do instead was never found out");
                (Fate::Dead(error), Unit::new())
            }
            Err(Failure::Retry(cause) | Failure::Fail(cause)) => {
                tracing::warn!(cause = format!("{cause:#}"), "what to do instead could not be found out");
                (Fate::Again(self.pause(due, self.engine.clock.now()), error), Unit::new())
            }
        }
    }
}

enum Choice {
    Take(Box<Due>),
    /// Nothing now; false when the store did not take that down.
    PutOff(bool),
    Nothing(Option<Instant>),
}

/// What is on its way is followed up, and what stands somewhere is kept right.
fn is_expired(due: &Due, now: Instant) -> bool {
    due.expires_at.is_some_and(|at| at <= now) && due.send_started_at.is_none() && due.ts.is_none()
}

fn is_answer(due: &Due) -> bool {
    matches!(due.work, Work::Respond { .. })
}
