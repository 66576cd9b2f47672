//! The directory's rows: people, channels and their members, user groups and theirs.

mod asked;
pub mod channels;
pub mod members;
pub mod readings;

use std::collections::BTreeMap;

pub(super) use self::asked::Asked;
pub use self::{channels::put_channel, members::put_member};
use super::{
    Store, StoreError,
    unit::{Insert, Unit, Value},
};
use crate::{
    model::{
        clock::Instant,
        people::{GroupId, Kind, Person, TeamId, UserId},
    },
    values,
};

/// People who are known, by their ids.
pub type Known = BTreeMap<UserId, Person>;

static PERSON: Insert = Insert {
    table: "person",
    columns: &["team_id", "user_id", "name", "zone", "kind", "deactivated_at", "admin_since", "refreshed_at"],
    identity: 2,
    // A person who was switched off before, or an admin, keeps the instant at which that was noticed.
    on_conflict: "ON CONFLICT (team_id, user_id) DO UPDATE SET name = excluded.name, zone = excluded.zone, \
         kind = excluded.kind, refreshed_at = excluded.refreshed_at, deactivated_at = CASE \
         WHEN excluded.deactivated_at IS NULL THEN NULL ELSE COALESCE(person.deactivated_at, excluded.deactivated_at) \
         END, admin_since = CASE \
         WHEN excluded.admin_since IS NULL THEN NULL ELSE COALESCE(person.admin_since, excluded.admin_since) END",
};

static GROUP: Insert = Insert {
    table: "user_group",
    columns: &["team_id", "group_id", "handle", "gone_at", "refreshed_at"],
    identity: 2,
    on_conflict: "ON CONFLICT (team_id, group_id) DO UPDATE SET handle = excluded.handle, \
         gone_at = excluded.gone_at, refreshed_at = excluded.refreshed_at",
};

static GROUP_MEMBER: Insert = Insert {
    table: "user_group_member",
    columns: &["team_id", "group_id", "user_id", "refreshed_at"],
    identity: 3,
    on_conflict: "ON CONFLICT (team_id, group_id, user_id) DO UPDATE SET refreshed_at = excluded.refreshed_at",
};

/// Adds to a unit what is known of a person now.
pub fn put_person(unit: &mut Unit, team: &TeamId, person: &Person, now: Instant) {
    let since = |holds: bool| holds.then(|| now.timestamp_millis());
    unit.row(
        &PERSON,
        values![
            team.as_str(),
            person.id.as_str(),
            person.name.as_str(),
            person.zone.map_or("", |zone| zone.name()),
            person.kind.as_str(),
            since(person.deactivated),
            since(person.admin),
            now
        ],
    );
}

/// Adds to a unit that a user group has this handle, and whether it is in use.
pub fn put_group(unit: &mut Unit, team: &TeamId, group: &GroupId, handle: &str, in_use: bool, now: Instant) {
    let gone_at = (!in_use).then(|| now.timestamp_millis());
    unit.row(&GROUP, values![team.as_str(), group.as_str(), handle, gone_at, now]);
}

/// Adds to a unit that exactly these people are in a user group.
pub fn put_group_members(unit: &mut Unit, team: &TeamId, group: &GroupId, members: &[UserId], now: Instant) {
    for member in members {
        unit.row(&GROUP_MEMBER, values![team.as_str(), group.as_str(), member.as_str(), now]);
    }
    unit.run(
        "DELETE FROM user_group_member WHERE team_id = $1 AND group_id = $2 AND refreshed_at < $3",
        values![team.as_str(), group.as_str(), now],
    );
}

/// Adds to a unit that every user group which a finished reading did not name is out of use.
pub fn keep_groups_since(unit: &mut Unit, team: &TeamId, started: Instant) {
    unit.run(
        "UPDATE user_group SET gone_at = $2 WHERE team_id = $1 AND refreshed_at < $2 AND gone_at IS NULL",
        values![team.as_str(), started],
    );
}

/// Adds to a unit that the whole workspace was read at this instant.
pub fn put_refreshed(unit: &mut Unit, team: &TeamId, now: Instant) {
    unit.run("UPDATE workspace SET directory_at = $2 WHERE team_id = $1", values![team.as_str(), now]);
}

impl Store {
    /// What is known of these people; whom the directory has not met is not in the answer.
    pub async fn people(&self, team: &TeamId, ids: &[UserId]) -> Result<Known, StoreError> {
        self.asked.people(team, ids).await
    }

    /// Who is in a user group; `None` when the directory does not know the group or it is out of use.
    pub async fn group_members(
        &self,
        team: &TeamId,
        group: &GroupId,
    ) -> Result<Option<Vec<UserId>>, StoreError> {
        let known = self
            .ask(
                "SELECT group_id FROM user_group WHERE team_id = $1 AND group_id = $2 AND gone_at IS NULL",
                values![team.as_str(), group.as_str()],
            )
            .await?;
        if known.is_empty() {
            return Ok(None);
        }
        let rows = self
            .ask(
                "SELECT user_id FROM user_group_member WHERE team_id = $1 AND group_id = $2 ORDER BY user_id",
                values![team.as_str(), group.as_str()],
            )
            .await?;
        Ok(Some(rows.into_iter().flatten().filter_map(Value::text).map(UserId).collect()))
    }

    /// Handles of the user groups in use that a person is in.
    pub async fn groups_of(&self, team: &TeamId, user: &UserId) -> Result<Vec<String>, StoreError> {
        let rows = self
            .ask(
                "SELECT g.handle FROM user_group_member m \
                 JOIN user_group g ON g.team_id = m.team_id AND g.group_id = m.group_id \
                 WHERE m.team_id = $1 AND m.user_id = $2 AND g.gone_at IS NULL ORDER BY g.handle",
                values![team.as_str(), user.as_str()],
            )
            .await?;
        Ok(rows.into_iter().flatten().filter_map(Value::text).collect())
    }

    /// Which of these user groups each person is in, by the groups' handles; the first that is named counts.
    pub async fn departments(
        &self,
        team: &TeamId,
        handles: &[String],
    ) -> Result<BTreeMap<UserId, String>, StoreError> {
        if handles.is_empty() {
            return Ok(BTreeMap::new());
        }
        let rows = self
            .ask(
                "SELECT m.user_id, g.handle FROM user_group g \
                 JOIN user_group_member m ON m.team_id = g.team_id AND m.group_id = g.group_id \
                 WHERE g.team_id = $1 AND g.gone_at IS NULL",
                values![team.as_str()],
            )
            .await?;
        let place = |handle: &str| handles.iter().position(|known| known == handle);
        let mut found: BTreeMap<UserId, String> = BTreeMap::new();
        for row in rows {
            let [user, handle]: [Value; 2] =
                row.try_into().map_err(|_| StoreError::coding("a row lacks a value"))?;
            let (Some(user), Some(handle)) = (user.text(), handle.text()) else { continue };
            let known = found.entry(UserId(user)).or_default();
            if place(&handle).is_some_and(|at| place(known).is_none_or(|before| at < before)) {
                *known = handle;
            }
        }
        found.retain(|_, handle| !handle.is_empty());
        Ok(found)
    }

    /// When the whole workspace was last read.
    pub async fn directory_at(&self, team: &TeamId) -> Result<Option<Instant>, StoreError> {
        let rows =
            self.ask("SELECT directory_at FROM workspace WHERE team_id = $1", values![team.as_str()]).await?;
        Ok(rows.first().and_then(|row| row[0].int()).map(crate::model::clock::from_ms))
    }
}

fn read_person(row: Vec<Value>) -> Option<Person> {
    let [id, name, zone, kind, deactivated_at, admin_since]: [Value; 6] = row.try_into().ok()?;
    Some(Person {
        id: UserId(id.text()?),
        name: name.text()?,
        // A zone that this program's tables do not know is none until the directory is told a better one.
        zone: zone.text()?.parse().ok(),
        kind: Kind::parse(&kind.text()?),
        deactivated: deactivated_at.int().is_some(),
        admin: admin_since.int().is_some(),
    })
}
