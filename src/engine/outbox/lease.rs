//! The lease of a workspace's outbox.

use chrono::Duration;

use super::Outbox;
use crate::{model::clock::Instant, store::StoreError};

/// One replica drains a workspace's outbox at a time, so that the limits hold without replicas talking. What is
/// announced waits for the lease of a process that was killed, so it is short; what is said once does not rest on it.
pub(super) const LEASE: &str = "outbox";
const LEASE_SECONDS: i64 = 6;
/// What a process knows of the workspace's lease.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Lease {
    /// Nothing yet.
    #[default]
    Unknown,
    /// It has it until then.
    Held(Instant),
    /// Another one has it.
    Anothers,
}

impl Outbox {
    /// Until when nothing is to be done, if nothing is now: then the lease is not taken and not renewed. `None` while it is
    /// held anyway, or something waits.
    pub(super) async fn nothing_before(&self, lease: Lease) -> Result<Option<Option<Instant>>, StoreError> {
        let now = self.engine.clock.now();
        if matches!(lease, Lease::Held(until) if until > now) {
            return Ok(None);
        }
        let next = self.engine.store.next_effect(&self.engine.team).await?;
        Ok(next.is_none_or(|at| at > now).then_some(next))
    }

    /// Holds the workspace's lease, renewing it when half of it is over; `Some` is until when another holds it.
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
}
