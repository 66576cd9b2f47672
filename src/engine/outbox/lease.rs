//! The lease of a workspace's outbox, and the check of a claim just before a call that Slack cannot take back.

use chrono::Duration;

use super::Outbox;
use crate::{
    model::clock::Instant,
    store::{
        Backend, StoreError,
        outbox::{Due, Settlement},
    },
};

/// One replica drains a workspace's outbox at a time, so that the limits hold without replicas talking. Public effects
/// wait for the lease of a killed process to end, so it is short; that they are sent once does not depend on it.
pub(super) const LEASE: &str = "outbox";
const LEASE_SECONDS: i64 = 6;
/// Why an effect is claimed again that waited too long between its claim and its call.
pub(super) const CLAIM_OVER: &str = "its claim was over before it was sent";

/// What a process knows of the workspace's lease.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Lease {
    #[default]
    Unknown,
    /// This process has it until then.
    Held(Instant),
    /// Another process has it.
    Anothers,
}

impl Outbox {
    /// Returns until when nothing is due: until then the lease is neither taken nor renewed, and no lane is looked at. Returns `None`
    /// while something is due.
    pub(super) async fn nothing_before(&self) -> Result<Option<Option<Instant>>, StoreError> {
        let next = self.engine.store.next_effect(&self.engine.team).await?;
        Ok(next.is_none_or(|at| at > self.engine.clock.now()).then_some(next))
    }

    /// Holds the workspace's lease, and renews it when half of it is over. Returns until when another process holds it,
    /// if one does.
    pub(super) async fn hold_lease(&self, lease: &mut Lease) -> Result<Option<Instant>, StoreError> {
        let now = self.engine.clock.now();
        let length = Duration::seconds(LEASE_SECONDS);
        if let Lease::Held(until) = *lease
            && until - now > length / 2
            && until - now <= length
        {
            return Ok(None);
        }
        let (store, team) = (&self.engine.store, &self.engine.team);
        // Another process may have held a lease that has ended.
        let was_ours = match *lease {
            Lease::Held(until) if until > now => true,
            _ => store.lease_holder(team, LEASE).await?.is_some_and(|holder| holder == self.holder),
        };
        if store.take_lease(team, LEASE, &self.holder, now, length).await? {
            if !was_ours {
                self.engine.pacer.take_over(now);
            }
            *lease = Lease::Held(now + length);
            return Ok(None);
        }
        *lease = Lease::Anothers;
        let until = store.lease_until(team, LEASE).await?.unwrap_or(now);
        Ok(Some(until.clamp(now + Duration::milliseconds(100), now + length)))
    }

    /// Returns the settlement of an effect whose call is not made: a process that was suspended since its claim,
    /// perhaps with its clocks, must not send what another one sends. Returns `None` while the claim holds.
    pub(super) async fn not_sent(&self, due: &Due) -> Option<Settlement> {
        let now = self.engine.clock.now();
        let store = &self.engine.store;
        let why = if (now + self.call_timeout).timestamp_millis() > due.visible_at {
            // The request might arrive after the end of the claim.
            CLAIM_OVER.to_owned()
        } else if store.engine() == Backend::Sqlite {
            // A database file has one process, so all claims are its own.
            return None;
        } else {
            match store.is_claimed(&self.engine.team, due).await {
                Ok(true) => return None,
                Ok(false) => "another replica has it".to_owned(),
                Err(error) => error.to_string(),
            }
        };
        Some(match due.send_started_at {
            // It is still unknown whether an earlier attempt arrived.
            Some(_) => Settlement::Look(now, why),
            None => Settlement::Retry(now, why),
        })
    }
}
