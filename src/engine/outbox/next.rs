//! Chooses which effect is delivered next.

use std::collections::HashMap;

use chrono::Duration;

use super::{GRACE_SECONDS, Outbox, lease::Lease};
use crate::{
    engine::Engine,
    model::{call_kind::CallKind, clock::Instant, effect::Lane},
    slack::pacing::Gate,
    store::{
        StoreError,
        outbox::{Due, HeldUp},
    },
};

#[derive(Default)]
pub(super) struct Choosing {
    pub(super) lease: Lease,
    pub(super) turns: Turns,
}

/// Whose effects were delivered last. A restart loses it, and the turns begin again.
#[derive(Default)]
pub(super) struct Turns {
    served: HashMap<String, u64>,
    number: u64,
}

impl Turns {
    /// Returns the waiting causer whose last turn is longest ago; causers without a turn come first, in order.
    fn next<'c>(&self, waiting: &'c [String]) -> Option<&'c String> {
        waiting.iter().min_by_key(|causer| self.served.get(*causer).copied().unwrap_or_default())
    }

    /// Notes that a causer has had a turn.
    fn serve(&mut self, causer: &str, waiting: &[String]) {
        /// How many causers are remembered that have nothing waiting.
        const MOST: usize = 1_000;
        if self.served.len() > MOST {
            self.served.retain(|known, _| waiting.contains(known));
        }
        self.number += 1;
        self.served.insert(causer.to_owned(), self.number);
    }
}

/// What a step found to do.
pub(super) enum NextStep {
    Take(Box<Due>),
    /// Nothing now; false if the store refused to record that.
    Snoozed(bool),
    Nothing(Option<Instant>),
}

impl Outbox {
    /// Finds an effect that may be delivered now, and claims it. Within a lane causers take turns, so that the many
    /// effects of one person do not delay the single effect of another.
    pub(super) async fn choose(&self, turns: &mut Turns) -> Result<NextStep, StoreError> {
        let Engine { store, team, pacer, clock, .. } = &self.engine;
        let now = clock.now();
        let mut free_at: Option<Instant> = None;
        for lane in [Lane::Interactive, Lane::Bulk] {
            let (mut kinds, mut until) = pacer.held_up(lane, now);
            if let Some(probe_at) = self.engine.slack.breaker().closed_until(now) {
                // An answer at a `response_url` needs no token; all other effects wait without being tried.
                kinds.retain(|kind| kind.needs_no_token());
                kinds.extend(CallKind::of_effects().filter(|kind| !kind.needs_no_token()));
                until = Some(probe_at);
            }
            let (channels, channel_free_at) = pacer.busy_channels(now);
            free_at = [free_at, until].into_iter().flatten().min();
            let held_up = HeldUp { kinds: &kinds, channels: &channels };
            let waiting = store.due_causers(team, lane, now, held_up).await?;
            let Some(causer) = turns.next(&waiting) else {
                let any_channel = HeldUp { channels: &[], ..held_up };
                if !channels.is_empty() && !store.due_causers(team, lane, now, any_channel).await?.is_empty()
                {
                    free_at = [free_at, channel_free_at].into_iter().flatten().min();
                }
                continue;
            };
            turns.serve(causer, &waiting);
            match store.due_effect(team, lane, causer, now, held_up).await? {
                // Another worker claimed it in between.
                None => return Ok(NextStep::Snoozed(false)),
                Some(Err(unreadable)) => {
                    tracing::error!(
                        key = unreadable.key,
                        why = unreadable.why,
                        "set aside; `rondo outbox` shows it"
                    );
                    return Ok(NextStep::Snoozed(store.set_aside(team, &unreadable, now).await?));
                }
                Some(Ok(due)) => match self.claim(due, lane).await? {
                    Claimed::Chosen(choice) => return Ok(choice),
                    Claimed::MethodBusy(until) => {
                        free_at = Some(free_at.map_or(until, |at| at.min(until)));
                    }
                },
            }
        }
        // A visible effect waits for its method; an invisible one waits for its instant.
        let visible = store.next_effect_at(team, now).await?;
        Ok(NextStep::Nothing([visible, free_at].into_iter().flatten().min()))
    }

    /// Claims an effect, if the pacer allows its next call.
    async fn claim(&self, mut due: Due, lane: Lane) -> Result<Claimed, StoreError> {
        let Engine { store, team, pacer, clock, .. } = &self.engine;
        // Reading may have taken a while, and the claim begins now.
        let now = clock.now();
        let call = due.next_call().filter(|_| !is_expired(&due, now));
        let gate = call.map(|call| pacer.enter(call.kind(), call.channel(), lane, true, now));
        match gate {
            None | Some(Gate::Open) => {}
            Some(Gate::MethodBusy(until)) => return Ok(Claimed::MethodBusy(until)),
            Some(Gate::ChannelBusy(until)) => {
                return Ok(Claimed::Chosen(NextStep::Snoozed(store.snooze(team, &due, until).await?)));
            }
        }
        // People do not see an opened conversation, so that call may be repeated after a lost answer.
        let sending = call.is_some_and(|call| call.kind() != CallKind::Open).then_some(now);
        let lease_end = now + self.call_timeout + Duration::seconds(GRACE_SECONDS);
        let claimed = store.claim_effect(team, &mut due, sending, lease_end).await?;
        Ok(Claimed::Chosen(if claimed { NextStep::Take(Box::new(due)) } else { NextStep::Snoozed(false) }))
    }
}

/// The result of claiming an effect.
enum Claimed {
    Chosen(NextStep),
    /// The method of its next call is rate-limited until then.
    MethodBusy(Instant),
}

/// Whether an effect expired before anything was sent. One whose call was begun is still followed up, and a posted
/// message is still corrected.
pub(super) fn is_expired(due: &Due, now: Instant) -> bool {
    due.expires_at.is_some_and(|at| at <= now) && due.send_started_at.is_none() && due.ts.is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_who_wait_take_turns() {
        let waiting = ["ana", "ben", "cy"].map(str::to_owned);
        let mut turns = Turns::default();
        let mut next = |waiting: &[String]| {
            let next = turns.next(waiting).cloned();
            if let Some(next) = &next {
                turns.serve(next, waiting);
            }
            next.unwrap_or_default()
        };
        let order: Vec<String> = (0..4).map(|_| next(&waiting)).collect();
        assert_eq!(order, ["ana", "ben", "cy", "ana"]);
        assert_eq!(next(&waiting[..1]), "ana");
        assert_eq!(next(&waiting), "ben");
        assert_eq!(next(&[]), "");
    }
}
