//! The only SQL of coffee.

mod holdings;
mod ledger;

use std::collections::BTreeSet;

use chrono::NaiveDate;

pub use self::{
    holdings::HOLDINGS,
    ledger::{CoffeeLedgerLine, ledger},
};
use super::plan::{CoffeeGroup, HeldRound};
use crate::{
    model::{
        clock::Instant,
        people::{ChannelId, TeamId, UserId},
    },
    store::{
        StoreError,
        columns::Columns,
        programmes::Programme,
        reading::ReadStore,
        unit::{Insert, UnitOfWork, Value, Write},
    },
    values,
};

/// What a round is refused with whose programme has had one on that date already.
pub const HELD: &str = "coffee_round_held";
/// What an answer is refused with that changes nothing.
pub const ANSWERED: &str = "coffee_answered";

static ROUND: Insert = Insert {
    table: "coffee_round",
    columns: &["team_id", "programme_id", "local_date"],
    identity: 3,
    on_conflict: "ON CONFLICT DO NOTHING",
};

static GROUP: Insert = Insert {
    table: "coffee_group",
    columns: &["team_id", "group_id", "programme_id", "channel_id", "local_date", "question"],
    identity: 2,
    on_conflict: "",
};

static SEAT: Insert = Insert {
    table: "coffee_seat",
    columns: &["team_id", "group_id", "user_id"],
    identity: 3,
    on_conflict: "",
};

/// Adds to a unit that a channel goes by another id.
pub fn move_channel(unit: &mut UnitOfWork, team: &TeamId, from: &ChannelId, to: &ChannelId) {
    unit.run(
        "UPDATE coffee_group SET channel_id = $3 WHERE team_id = $1 AND channel_id = $2",
        values![team.as_str(), from.as_str(), to.as_str()],
    );
}

/// Whether a programme had its round on a date.
pub async fn had_round(store: &ReadStore, programme: &str, date: NaiveDate) -> Result<bool, StoreError> {
    let rows = store
        .ask(
            "SELECT 1 FROM coffee_round WHERE team_id = $1 AND programme_id = $2 AND local_date = $3",
            values![store.team(), programme, date.to_string()],
        )
        .await?;
    Ok(!rows.is_empty())
}

/// Adds a round to a unit, unless its programme has had one on that date ([`HELD`]).
pub fn put_round(unit: &mut UnitOfWork, team: &TeamId, programme: &str, date: &str) {
    let values = values![team.as_str(), programme, date];
    unit.guard(HELD, Write::Row(&ROUND, values));
}

/// Adds a group to a unit.
pub fn put_group(unit: &mut UnitOfWork, team: &TeamId, group: &CoffeeGroup) {
    unit.row(
        &GROUP,
        values![
            team.as_str(),
            group.id.as_str(),
            group.programme.as_str(),
            group.channel.as_str(),
            group.date.as_str(),
            group.question.as_str()
        ],
    );
    for person in &group.people {
        unit.row(&SEAT, values![team.as_str(), group.id.as_str(), person.as_str()]);
    }
}

/// Adds to a unit that a group met, or that it did not; refused where that is what is known already ([`ANSWERED`]).
pub fn answer(unit: &mut UnitOfWork, team: &TeamId, group: &str, met: bool, now: Instant) {
    let write = if met {
        Write::Run(
            "UPDATE coffee_group SET met_at = $3 WHERE team_id = $1 AND group_id = $2 AND met_at IS NULL \
             RETURNING group_id",
            values![team.as_str(), group, now],
        )
    } else {
        Write::Run(
            "UPDATE coffee_group SET met_at = NULL WHERE team_id = $1 AND group_id = $2 AND met_at IS NOT NULL \
             RETURNING group_id",
            values![team.as_str(), group],
        )
    };
    unit.guard(ANSWERED, write);
}

/// Makes a unit depend on a group's not having said that it met ([`ANSWERED`]).
pub fn not_met(unit: &mut UnitOfWork, team: &TeamId, group: &str) {
    let write = Write::Run(
        "UPDATE coffee_group SET met_at = NULL WHERE team_id = $1 AND group_id = $2 AND met_at IS NULL \
         RETURNING group_id",
        values![team.as_str(), group],
    );
    unit.guard(ANSWERED, write);
}

/// Adds to a unit that a group has its introduction.
pub fn introduced(unit: &mut UnitOfWork, team: &TeamId, group: &str, now: Instant) {
    unit.run(
        "UPDATE coffee_group SET introduced_at = $3, unreached_at = NULL \
         WHERE team_id = $1 AND group_id = $2 AND introduced_at IS NULL",
        values![team.as_str(), group, now],
    );
}

/// Adds to a unit that a group was never introduced, so that it does not count as one of the past.
pub fn unreached(unit: &mut UnitOfWork, team: &TeamId, group: &str, now: Instant) {
    unit.run(
        "UPDATE coffee_group SET unreached_at = $3 \
         WHERE team_id = $1 AND group_id = $2 AND introduced_at IS NULL",
        values![team.as_str(), group, now],
    );
}

/// Adds to a unit that the groups of a programme that were not introduced so far never will be. One whose introduction is
/// on its way at that instant is taken to be introduced once that is known.
pub fn rest_unreached(unit: &mut UnitOfWork, team: &TeamId, programme: &Programme, now: Instant) {
    unit.run(
        "UPDATE coffee_group SET unreached_at = $4 WHERE team_id = $1 AND channel_id = $2 AND programme_id = $3 \
         AND introduced_at IS NULL AND unreached_at IS NULL",
        values![team.as_str(), programme.channel.as_str(), programme.id.as_str(), now],
    );
}

/// The groups of the whole workspace on the dates of this programme's last rounds and since, by date, the oldest first: two
/// people who met in another channel are not put together here soon. Groups that were never introduced do not count.
pub async fn history(
    store: &ReadStore,
    programme: &str,
    (rounds, at_least_since): (i64, NaiveDate),
) -> Result<Vec<Vec<Vec<UserId>>>, StoreError> {
    let rows = store
        .ask(
            "SELECT g.local_date, g.group_id, s.user_id FROM coffee_group g \
             JOIN coffee_seat s ON s.team_id = g.team_id AND s.group_id = g.group_id \
             WHERE g.team_id = $1 AND g.unreached_at IS NULL AND g.local_date >= COALESCE(( \
             SELECT MIN(r.local_date) FROM (SELECT local_date FROM coffee_round WHERE team_id = $1 \
             AND programme_id = $2 ORDER BY local_date DESC LIMIT $3) r), $4) \
             ORDER BY g.local_date, g.group_id, s.user_id",
            values![store.team(), programme, rounds, at_least_since.to_string()],
        )
        .await?;
    let mut history: Vec<Vec<Vec<UserId>>> = Vec::new();
    let (mut last_date, mut last_group) = (String::new(), String::new());
    for row in rows {
        let mut row = Columns::of("coffee_group", row);
        let (date, group, user) = (row.text()?, row.text()?, UserId(row.text()?));
        match history.last_mut() {
            Some(round) if date == last_date => match round.last_mut() {
                Some(people) if group == last_group => people.push(user),
                _ => round.push(vec![user]),
            },
            _ => history.push(vec![vec![user]]),
        }
        (last_date, last_group) = (date, group);
    }
    Ok(history)
}

/// The last rounds of a programme in numbers, the newest first.
pub async fn held(store: &ReadStore, programme: &str, rounds: i64) -> Result<Vec<HeldRound>, StoreError> {
    let rows = store
        .ask(
            "SELECT local_date, COUNT(*), COUNT(met_at), COUNT(unreached_at) FROM coffee_group \
             WHERE team_id = $1 AND programme_id = $2 GROUP BY local_date ORDER BY local_date DESC LIMIT $3",
            values![store.team(), programme, rounds],
        )
        .await?;
    let read = |row| {
        let mut row = Columns::of("coffee_group", row);
        Ok(HeldRound { date: row.text()?, groups: row.int()?, met: row.int()?, unreached: row.int()? })
    };
    rows.into_iter().map(read).collect()
}

/// How many of these people were introduced in another programme's rounds of the last weeks; no one hears who.
pub async fn how_many_elsewhere(
    store: &ReadStore,
    programme: &str,
    people: &[UserId],
) -> Result<usize, StoreError> {
    let rows = store
        .ask(
            "SELECT DISTINCT s.user_id FROM programme p \
             JOIN coffee_group g ON g.team_id = p.team_id AND g.programme_id = p.programme_id \
             JOIN coffee_seat s ON s.team_id = g.team_id AND s.group_id = g.group_id \
             WHERE p.team_id = $1 AND p.ended_at IS NULL AND p.programme_id <> $2",
            values![store.team(), programme],
        )
        .await?;
    let known: BTreeSet<String> = rows.into_iter().flatten().filter_map(Value::text).collect();
    Ok(people.iter().filter(|person| known.contains(person.as_str())).count())
}

/// The groups of a round that were introduced and have not said that they met, without those of an erased person.
pub async fn silent_groups(
    store: &ReadStore,
    programme: &str,
    date: &str,
) -> Result<Vec<CoffeeGroup>, StoreError> {
    let rows = store
        .ask(
            "SELECT g.group_id, g.programme_id, g.channel_id, g.local_date, g.question, s.user_id FROM coffee_group g \
             JOIN coffee_seat s ON s.team_id = g.team_id AND s.group_id = g.group_id \
             WHERE g.team_id = $1 AND g.programme_id = $2 AND g.local_date = $3 AND g.met_at IS NULL \
             AND g.introduced_at IS NOT NULL AND g.unreached_at IS NULL \
             AND NOT EXISTS (SELECT 1 FROM coffee_seat e WHERE e.team_id = g.team_id AND e.group_id = g.group_id \
             AND e.user_id LIKE 'erased-%') ORDER BY g.group_id, s.user_id",
            values![store.team(), programme, date],
        )
        .await?;
    let mut groups: Vec<CoffeeGroup> = Vec::new();
    for row in rows {
        let mut row = Columns::of("coffee_group", row);
        let group = group_of(row.text()?, &mut row)?;
        let user = UserId(row.text()?);
        match groups.last_mut().filter(|last| last.id == group.id) {
            Some(last) => last.people.push(user),
            None => groups.push(CoffeeGroup { people: vec![user], ..group }),
        }
    }
    Ok(groups)
}

/// A group by its id.
pub async fn group(store: &ReadStore, id: &str) -> Result<Option<CoffeeGroup>, StoreError> {
    let rows = store
        .ask(
            "SELECT programme_id, channel_id, local_date, question FROM coffee_group \
             WHERE team_id = $1 AND group_id = $2",
            values![store.team(), id],
        )
        .await?;
    let Some(row) = rows.into_iter().next() else { return Ok(None) };
    let seats = store
        .ask(
            "SELECT user_id FROM coffee_seat WHERE team_id = $1 AND group_id = $2 \
             AND user_id NOT LIKE 'erased-%' ORDER BY user_id",
            values![store.team(), id],
        )
        .await?;
    let group = group_of(id.to_owned(), &mut Columns::of("coffee_group", row))?;
    let people = seats.into_iter().flatten().filter_map(Value::text).map(UserId).collect();
    Ok(Some(CoffeeGroup { people, ..group }))
}

/// Reads the programme, channel, date and question of a group; its people are in other rows.
fn group_of(id: String, row: &mut Columns) -> Result<CoffeeGroup, StoreError> {
    Ok(CoffeeGroup {
        id,
        programme: row.text()?,
        channel: ChannelId(row.text()?),
        date: row.text()?,
        question: row.text()?,
        people: Vec::new(),
    })
}
