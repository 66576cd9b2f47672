//! Which deliveries were handled, and their replies.

use super::{
    Store, StoreError,
    unit::{Insert, UnitOfWork, Write},
};
use crate::{
    model::{
        clock::Instant,
        event::Reply,
        people::{TeamId, UserId},
    },
    values,
};

/// Refuses a unit whose delivery was handled before.
pub const ALREADY_PROCESSED: &str = "already_processed";

static SEEN: Insert = Insert {
    table: "processed_delivery",
    columns: &["team_id", "key", "person", "reply", "processed_at"],
    identity: 2,
    on_conflict: "ON CONFLICT (team_id, key) DO NOTHING",
};

/// Makes a unit depend on its delivery being new, and keeps the reply for repetitions, with the person who caused it.
pub fn guard(
    unit: &mut UnitOfWork,
    team: &TeamId,
    (key, person): (&str, Option<&UserId>),
    reply: &Reply,
    now: Instant,
) -> Result<(), StoreError> {
    // A modal is opened once; a repetition of the same trigger gets an empty acknowledgement.
    let kept = if matches!(reply, Reply::Open(_)) { &Reply::Nothing } else { reply };
    let kept = serde_json::to_string(kept).map_err(StoreError::coding)?;
    unit.guard_first(
        ALREADY_PROCESSED,
        Write::Row(&SEEN, values![team.as_str(), key, person.map_or("", UserId::as_str), kept, now]),
    );
    Ok(())
}

impl Store {
    /// Returns the reply that a delivery got, if it was handled.
    pub async fn processed_reply(&self, team: &TeamId, key: &str) -> Result<Option<Reply>, StoreError> {
        let rows = self
            .ask(
                "SELECT reply FROM processed_delivery WHERE team_id = $1 AND key = $2",
                values![team.as_str(), key],
            )
            .await?;
        let reply = rows.into_iter().flatten().next().and_then(super::Value::text);
        Ok(reply.map(|reply| serde_json::from_str(&reply).unwrap_or_default()))
    }
}
