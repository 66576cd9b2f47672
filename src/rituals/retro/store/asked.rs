//! The SQL of the people who are asked.

use super::number;
use crate::{
    model::{
        clock::Instant,
        people::{TeamId, UserId},
    },
    store::{
        StoreError,
        reading::ReadStore,
        unit::{UnitOfWork, Value},
    },
    values,
};

/// Returns the people who were asked in a retro.
pub async fn asked(store: &ReadStore, retro: &str) -> Result<Vec<UserId>, StoreError> {
    let rows = store
        .ask(
            "SELECT user_id FROM retro_asked WHERE team_id = $1 AND retro_id = $2 ORDER BY user_id",
            values![store.team(), retro],
        )
        .await?;
    Ok(rows.into_iter().flatten().filter_map(Value::text).map(UserId).collect())
}

/// Returns the people whose question in a retro has been written. Others are asked later, in their own hours.
pub async fn asked_so_far(store: &ReadStore, retro: &str) -> Result<Vec<UserId>, StoreError> {
    let rows = store
        .ask(
            "SELECT a.user_id FROM retro_asked a JOIN run r ON r.team_id = a.team_id AND r.owner = 'person/' || a.user_id \
             AND r.ritual = 'retro' AND r.kind = 'ask' AND r.subject = a.retro_id AND r.outcome = 'done' \
             WHERE a.team_id = $1 AND a.retro_id = $2 ORDER BY a.user_id",
            values![store.team(), retro],
        )
        .await?;
    Ok(rows.into_iter().flatten().filter_map(Value::text).map(UserId).collect())
}

/// Returns how many people were asked in a retro or still will be: not those who left before their question came.
pub async fn can_answer(store: &ReadStore, retro: &str) -> Result<usize, StoreError> {
    let rows = store
        .ask(
            "SELECT COUNT(*) FROM retro_asked a WHERE a.team_id = $1 AND a.retro_id = $2 AND NOT EXISTS \
             (SELECT 1 FROM run r WHERE r.team_id = a.team_id AND r.owner = 'person/' || a.user_id \
             AND r.ritual = 'retro' AND r.kind = 'ask' AND r.subject = a.retro_id AND r.outcome <> 'done')",
            values![store.team(), retro],
        )
        .await?;
    let count = rows.into_iter().flatten().next().and_then(|value| value.int()).unwrap_or_default();
    Ok(usize::try_from(count).unwrap_or_default())
}

/// Adds to a unit that no one is asked or reminded in a retro any more, for a reason that people may read.
pub fn cancel_person_runs(unit: &mut UnitOfWork, team: &TeamId, retro: &str, why: &str, now: Instant) {
    unit.run(
        "UPDATE run SET visible_at = NULL, done_at = $3, outcome = 'cancelled', remark = $4 \
         WHERE team_id = $1 AND owner IN (SELECT 'person/' || user_id FROM retro_asked WHERE team_id = $1 AND retro_id = $2) \
         AND ritual = 'retro' AND kind IN ('ask', 'remind') AND subject = $2 AND done_at IS NULL",
        values![team.as_str(), retro, now, why],
    );
}

/// Adds to a unit that a person wasn't asked in a retro after all.
pub fn was_not_asked(unit: &mut UnitOfWork, team: &TeamId, retro: &str, user: &UserId) {
    unit.run(
        "DELETE FROM retro_asked WHERE team_id = $1 AND retro_id = $2 AND user_id = $3",
        values![team.as_str(), retro, user.as_str()],
    );
}

/// Adds to a unit how many people were asked in a retro.
pub fn asked_in_all(unit: &mut UnitOfWork, team: &TeamId, retro: &str, people: usize) {
    unit.run(
        "UPDATE retro SET asked = $3 WHERE team_id = $1 AND retro_id = $2",
        values![team.as_str(), retro, number(people)],
    );
}

/// Whether a person was asked in a retro.
pub async fn is_asked(store: &ReadStore, retro: &str, user: &UserId) -> Result<bool, StoreError> {
    let rows = store
        .ask(
            "SELECT user_id FROM retro_asked WHERE team_id = $1 AND retro_id = $2 AND user_id = $3",
            values![store.team(), retro, user.as_str()],
        )
        .await?;
    Ok(!rows.is_empty())
}
