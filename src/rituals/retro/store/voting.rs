//! The SQL of votes: ballots are kept until the vote ends, and then deleted.

use super::{MOVED_ON, NOT_OPEN};
use crate::{
    model::{
        clock::Instant,
        people::{TeamId, UserId},
    },
    rituals::retro::{plan::Ballot, values::Retro},
    store::{
        StoreError,
        columns::Columns,
        reading::ReadStore,
        runs::OUTDATED,
        unit::{Insert, UnitOfWork, Value, Write},
    },
    values,
};

static BALLOT: Insert = Insert {
    table: "retro_ballot",
    columns: &["team_id", "retro_id", "user_id", "themes"],
    identity: 3,
    on_conflict: "ON CONFLICT (team_id, retro_id, user_id) DO UPDATE SET themes = excluded.themes",
};

/// Adds to a unit that the vote of a retro begins, unless its themes have changed since this version of it ([`MOVED_ON`]).
pub fn begin(unit: &mut UnitOfWork, team: &TeamId, retro: &Retro, votes: u32, ends_at: Instant) {
    let write = Write::Run(
        "UPDATE retro SET state = 'voting', version = version + 1, votes = $4, vote_ends_at = $5, ballots = 0 \
         WHERE team_id = $1 AND retro_id = $2 AND state = 'revealed' AND version = $3 RETURNING retro_id",
        values![team.as_str(), retro.id.as_str(), retro.version, i64::from(votes), ends_at],
    );
    unit.guard(MOVED_ON, write);
}

/// Adds to a unit that a retro is done without a vote, unless its themes have changed since this version of it ([`MOVED_ON`]).
pub fn finish(unit: &mut UnitOfWork, team: &TeamId, retro: &Retro) {
    let write = Write::Run(
        "UPDATE retro SET state = 'done', version = version + 1 \
         WHERE team_id = $1 AND retro_id = $2 AND state = 'revealed' AND version = $3 RETURNING retro_id",
        values![team.as_str(), retro.id.as_str(), retro.version],
    );
    unit.guard(MOVED_ON, write);
}

/// Adds to a unit that the vote ends at another instant, unless that was changed since this version of the retro ([`MOVED_ON`]).
pub fn end_at(unit: &mut UnitOfWork, team: &TeamId, retro: &Retro, at: Instant) {
    let write = Write::Run(
        "UPDATE retro SET vote_ends_at = $4, version = version + 1 \
         WHERE team_id = $1 AND retro_id = $2 AND state = 'voting' AND version = $3 RETURNING retro_id",
        values![team.as_str(), retro.id.as_str(), retro.version, at],
    );
    unit.guard(MOVED_ON, write);
}

/// Adds to a unit that a retro whose vote is over is done. If a ballot came or the end was moved meanwhile, its run is to read it again
/// ([`OUTDATED`]).
pub fn end(unit: &mut UnitOfWork, team: &TeamId, (retro, ballots): (&Retro, i64), now: Instant) {
    let write = Write::Run(
        "UPDATE retro SET state = 'done', version = version + 1, ballots = 0 WHERE team_id = $1 AND retro_id = $2 \
         AND state = 'voting' AND ballots = $3 AND vote_ends_at <= $4 RETURNING retro_id",
        values![team.as_str(), retro.id.as_str(), ballots, now],
    );
    unit.guard(OUTDATED, write);
}

/// Adds to a unit what a person votes in place of what they voted before, while the vote runs ([`NOT_OPEN`]). The whole ballot is
/// one row, so that two forms that are sent at once can't add up to more than a person has.
pub fn put_ballot(
    unit: &mut UnitOfWork,
    team: &TeamId,
    (retro, user): (&str, &UserId),
    ballot: &Ballot,
    now: Instant,
) {
    let write = Write::Run(
        "UPDATE retro SET ballots = ballots + 1 WHERE team_id = $1 AND retro_id = $2 AND state = 'voting' \
         AND vote_ends_at > $3 RETURNING retro_id",
        values![team.as_str(), retro, now],
    );
    unit.guard(NOT_OPEN, write);
    let themes: Vec<&str> = ballot.themes().collect();
    if themes.is_empty() {
        unit.run(
            "DELETE FROM retro_ballot WHERE team_id = $1 AND retro_id = $2 AND user_id = $3",
            values![team.as_str(), retro, user.as_str()],
        );
    } else {
        unit.row(&BALLOT, values![team.as_str(), retro, user.as_str(), themes.join(" ")]);
    }
}

/// Adds to a unit that the themes of a running vote have changed, so that it doesn't end with what was read before ([`MOVED_ON`]).
pub fn themes_changed(unit: &mut UnitOfWork, team: &TeamId, retro: &str) {
    let write = Write::Run(
        "UPDATE retro SET ballots = ballots + 1 WHERE team_id = $1 AND retro_id = $2 AND state = 'voting' RETURNING retro_id",
        values![team.as_str(), retro],
    );
    unit.guard(MOVED_ON, write);
}

/// Returns what a person has voted so far.
pub async fn ballot(store: &ReadStore, retro: &str, user: &UserId) -> Result<Ballot, StoreError> {
    let rows = store
        .ask(
            "SELECT themes FROM retro_ballot WHERE team_id = $1 AND retro_id = $2 AND user_id = $3",
            values![store.team(), retro, user.as_str()],
        )
        .await?;
    Ok(read(&rows.into_iter().flatten().next().and_then(Value::text).unwrap_or_default()))
}

/// Returns all ballots of a vote, with their people.
pub async fn ballots(store: &ReadStore, retro: &str) -> Result<Vec<(UserId, Ballot)>, StoreError> {
    let rows = store
        .ask(
            "SELECT user_id, themes FROM retro_ballot WHERE team_id = $1 AND retro_id = $2 ORDER BY user_id",
            values![store.team(), retro],
        )
        .await?;
    let one = |row| {
        let mut row = Columns::of("retro_ballot", row);
        Ok((UserId(row.text()?), read(&row.text()?)))
    };
    rows.into_iter().map(one).collect()
}

fn read(themes: &str) -> Ballot {
    Ballot::of_votes(themes.split_whitespace())
}

/// Deletes the ballots of a retro, and has their space overwritten.
pub fn wipe(unit: &mut UnitOfWork, team: &TeamId, retro: &str) {
    unit.run("DELETE FROM retro_ballot WHERE team_id = $1 AND retro_id = $2", values![team.as_str(), retro]);
    unit.wipe("retro_ballot");
}

/// The same for all retros of a programme.
pub(super) fn wipe_all(unit: &mut UnitOfWork, team: &TeamId, programme: &str) {
    unit.run(
        "DELETE FROM retro_ballot WHERE team_id = $1 \
         AND retro_id IN (SELECT retro_id FROM retro WHERE team_id = $1 AND programme_id = $2)",
        values![team.as_str(), programme],
    );
    unit.wipe("retro_ballot");
}
