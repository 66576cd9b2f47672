//! Which effect is done next.

use chrono::Duration;

use super::{GRACE_SECONDS, Outbox, calls::next_call};
use crate::{
    engine::Engine,
    model::{clock::Instant, effect::Lane},
    slack::pacing::{Gate, Method},
    store::{StoreError, outbox::Due},
};

/// What a step has found to do.
pub(super) enum Choice {
    Take(Box<Due>),
    /// Nothing now; false when the store did not take that down.
    PutOff(bool),
    Nothing(Option<Instant>),
}

impl Outbox {
    /// Finds an effect that may be done now, and takes it in hand.
    pub(super) async fn choose(&self) -> Result<Choice, StoreError> {
        let Engine { store, team, pacer, clock, .. } = &self.engine;
        let now = clock.now();
        let mut free_at: Option<Instant> = None;
        for lane in [Lane::Interactive, Lane::Bulk] {
            let (mut held_up, mut until) = pacer.held_up(lane, now);
            if let Some(probe_at) = self.engine.slack.breaker().closed_until(now) {
                // An answer at a `response_url` needs no token; all else waits without being tried.
                held_up.retain(|kind| *kind == "respond");
                held_up.extend(["post", "update", "delete", "open", "look"]);
                until = Some(probe_at);
            }
            free_at = [free_at, until].into_iter().flatten().min();
            let Some(mut due) = store.due_effect(team, lane, now, &held_up).await? else { continue };
            let lease_end = now + self.call_timeout + Duration::seconds(GRACE_SECONDS);
            let call = next_call(&due).filter(|_| !is_expired(&due, now));
            let Some(call) = call else {
                let claimed = store.claim_effect(team, &mut due, None, lease_end).await?;
                return Ok(if claimed { Choice::Take(Box::new(due)) } else { Choice::PutOff(false) });
            };
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
            let claimed = store.claim_effect(team, &mut due, sending, lease_end).await?;
            return Ok(if claimed { Choice::Take(Box::new(due)) } else { Choice::PutOff(false) });
        }
        // What is visible already waits for its method; what is not yet visible waits for its instant.
        let visible = store.next_effect_at(team, now).await?;
        Ok(Choice::Nothing([visible, free_at].into_iter().flatten().min()))
    }
}

/// What is on its way is followed up, and what stands somewhere is kept right.
pub(super) fn is_expired(due: &Due, now: Instant) -> bool {
    due.expires_at.is_some_and(|at| at <= now) && due.send_started_at.is_none() && due.ts.is_none()
}
