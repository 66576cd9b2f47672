//! Checks once more that a claim holds, just before a call that Slack cannot take back.

use super::Outbox;
use crate::store::{
    Backend,
    outbox::{Due, Settlement},
};

/// Why an effect is claimed again that waited too long between its claim and its call.
pub(super) const CLAIM_OVER: &str = "its claim was over before it was sent";

impl Outbox {
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
