//! The SQL of a sync that moves to another date: what was settled of it goes along.

use chrono::NaiveDate;

use super::turn_unchanged;
use crate::{
    model::people::TeamId,
    rituals::sync::plan::{Offer, Turn},
    store::{
        StoreError,
        columns::Columns,
        reading::ReadStore,
        runs,
        unit::{UnitOfWork, Write},
    },
    values,
};

/// Adds to a unit that a turn is as a person is told of it anew, unless it has changed since it was read
/// ([`OUTDATED`](crate::store::runs::OUTDATED)); offers of it, and those that give it in return, hold for it. One without a row has nothing to
/// tell of.
pub fn renew(
    unit: &mut UnitOfWork,
    team: &TeamId,
    (programme, date): (&str, NaiveDate),
    (before, after): (&Turn, &Turn),
) {
    if before == after || before.version == 0 {
        return;
    }
    turn_unchanged(unit, team, (programme, date), before);
    let date = date.to_string();
    unit.run(
        "UPDATE sync_turn SET state = $4, since = $5, version = $6, changed_at = $7, answer_by = $8 \
         WHERE team_id = $1 AND programme_id = $2 AND local_date = $3 AND version = $9",
        values![
            team.as_str(),
            programme,
            date.as_str(),
            after.state.as_str(),
            after.since,
            after.version,
            after.changed_at,
            after.answer_by.map(|at| at.timestamp_millis()),
            before.version
        ],
    );
    unit.run(
        "UPDATE sync_offer SET turn_since = $4 WHERE team_id = $1 AND programme_id = $2 AND local_date = $3 \
         AND turn_since = $5",
        values![team.as_str(), programme, date.as_str(), after.since, before.since],
    );
    unit.run(
        "UPDATE sync_offer SET return_version = $4 WHERE team_id = $1 AND programme_id = $2 AND return_date = $3 \
         AND return_version = $5",
        values![team.as_str(), programme, date, after.version, before.version],
    );
}

/// Adds to a unit that all that is settled of the sync of one date but its scribe holds for another date, unless its turn has changed since it
/// was read ([`OUTDATED`](crate::store::runs::OUTDATED)). What was left of an earlier sync on the other date goes.
pub fn move_date(
    unit: &mut UnitOfWork,
    team: &TeamId,
    (programme, turn): (&str, &Turn),
    (from, to): (NaiveDate, NaiveDate),
) {
    turn_unchanged(unit, team, (programme, from), turn);
    let (from, to) = (from.to_string(), to.to_string());
    if from == to {
        return;
    }
    for (leave, follow) in [
        (
            "DELETE FROM sync_turn WHERE team_id = $1 AND programme_id = $2 AND local_date = $3",
            "UPDATE sync_turn SET local_date = $4, scribe_id = '' WHERE team_id = $1 AND programme_id = $2 AND local_date = $3",
        ),
        (
            "DELETE FROM sync_answer WHERE team_id = $1 AND programme_id = $2 AND local_date = $3",
            "UPDATE sync_answer SET local_date = $4 WHERE team_id = $1 AND programme_id = $2 AND local_date = $3",
        ),
        (
            "DELETE FROM sync_offer WHERE team_id = $1 AND programme_id = $2 AND local_date = $3",
            "UPDATE sync_offer SET local_date = $4 WHERE team_id = $1 AND programme_id = $2 AND local_date = $3",
        ),
    ] {
        unit.run(leave, values![team.as_str(), programme, to.as_str()]);
        unit.run(follow, values![team.as_str(), programme, from.as_str(), to.as_str()]);
    }
    unit.run(
        "UPDATE sync_offer SET return_date = $4 WHERE team_id = $1 AND programme_id = $2 AND return_date = $3",
        values![team.as_str(), programme, from, to],
    );
}

/// Returns the open offers about the turn of a date, or that give it in return; the first ones, in the order of their ids.
pub async fn open_offers(
    store: &ReadStore,
    programme: &str,
    date: NaiveDate,
) -> Result<Vec<Offer>, StoreError> {
    let rows = store
        .ask(
            "SELECT offer_id FROM sync_offer WHERE team_id = $1 AND programme_id = $2 AND state = 'open' \
             AND (local_date = $3 OR return_date = $3) ORDER BY offer_id LIMIT 100",
            values![store.team(), programme, date.to_string()],
        )
        .await?;
    let mut offers = Vec::new();
    for id in rows.into_iter().filter_map(|row| row.into_iter().next()?.text()) {
        offers.extend(super::offer(store, &id).await?.map(|(offer, _)| offer));
    }
    Ok(offers)
}

/// Returns how often the turns of a programme have changed, from a date on.
pub async fn changes_from(store: &ReadStore, programme: &str, since: NaiveDate) -> Result<i64, StoreError> {
    let rows = store
        .ask(
            "SELECT CAST(COALESCE(SUM(version), 0) AS BIGINT) FROM sync_turn WHERE team_id = $1 AND programme_id = $2 \
             AND local_date >= $3",
            values![store.team(), programme, since.to_string()],
        )
        .await?;
    rows.into_iter().next().map_or(Ok(0), |row| Columns::of("sync_turn", row).int())
}

/// Makes a unit depend on no turn of a programme having changed since they had changed so often, from a date on ([`runs::OUTDATED`]). A
/// unit that gives a person a turn locks the programme, as one that changes the programme does before this guard.
pub fn no_changes_since(
    unit: &mut UnitOfWork,
    team: &TeamId,
    (programme, since): (&str, NaiveDate),
    changes: i64,
) {
    let write = Write::Run(
        "UPDATE programme SET version = version WHERE team_id = $1 AND programme_id = $2 \
         AND $3 = (SELECT CAST(COALESCE(SUM(sync_turn.version), 0) AS BIGINT) FROM sync_turn \
         WHERE sync_turn.team_id = $1 AND sync_turn.programme_id = $2 AND sync_turn.local_date >= $4) RETURNING programme_id",
        // Not the date behind the programme: by that a change of its turn is known.
        values![team.as_str(), programme, changes, since.to_string()],
    );
    unit.guard(runs::OUTDATED, write);
}
