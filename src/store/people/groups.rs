//! User groups and their members.
//!
//! A group's row records how new its members are: they change together with it, behind a guard on it.

use std::collections::BTreeMap;

use super::{
    super::{
        Store, StoreError,
        columns::Columns,
        unit::{Insert, UnitOfWork, Value, Write},
    },
    channels::EventTime,
    known_until,
};
use crate::{
    model::{
        clock::Instant,
        people::{GroupId, TeamId, UserId},
    },
    values,
};

/// Refuses a unit that is older than what is known of the group.
pub const OUTDATED: &str = "outdated";

const COLUMNS: &[&str] = &["team_id", "group_id", "handle", "gone_at", "refreshed_at", "event_at"];

/// A group from a reading. An event that arrived after the reading was requested, or happened after, counts more.
static READ: Insert = Insert {
    table: "user_group",
    columns: COLUMNS,
    identity: 2,
    on_conflict: "ON CONFLICT (team_id, group_id) DO UPDATE SET handle = excluded.handle, \
         gone_at = excluded.gone_at, refreshed_at = excluded.refreshed_at, event_at = CASE \
         WHEN user_group.event_at < excluded.event_at THEN excluded.event_at ELSE user_group.event_at END \
         WHERE user_group.refreshed_at <= excluded.refreshed_at \
         AND user_group.event_at <= excluded.refreshed_at * 1000",
};

/// A group from an event. An event that is older than what is known changes nothing.
static CHANGED: Insert = Insert {
    table: "user_group",
    columns: COLUMNS,
    identity: 2,
    on_conflict: "ON CONFLICT (team_id, group_id) DO UPDATE SET handle = excluded.handle, \
         gone_at = excluded.gone_at, refreshed_at = excluded.refreshed_at, event_at = excluded.event_at \
         WHERE user_group.event_at <= excluded.event_at",
};

static MEMBER: Insert = Insert {
    table: "user_group_member",
    columns: &["team_id", "group_id", "user_id"],
    identity: 3,
    on_conflict: "ON CONFLICT DO NOTHING",
};

/// Returns a unit of what a reading, requested at this instant, says about a group; it is refused as [`OUTDATED`] if
/// something newer is known.
pub fn put_read(
    unit: &mut UnitOfWork,
    team: &TeamId,
    group: &GroupId,
    handle: &str,
    members: &[UserId],
    asked: Instant,
) {
    let row = values![team.as_str(), group.as_str(), handle, None::<i64>, asked, known_until(asked)];
    unit.guard(OUTDATED, Write::Row(&READ, row));
    put_members(unit, team, group, members);
}

/// Returns a unit of what an event says about a group: its handle, whether it is enabled and, if the event says so, its
/// members. It is refused as [`OUTDATED`] if something newer is known.
pub fn put_changed(
    unit: &mut UnitOfWork,
    team: &TeamId,
    group: &GroupId,
    (handle, in_use): (&str, bool),
    members: Option<&[UserId]>,
    heard: EventTime,
) {
    let gone_at = (!in_use).then(|| heard.now.timestamp_millis());
    let row = values![team.as_str(), group.as_str(), handle, gone_at, heard.now, heard.event_us];
    unit.guard(OUTDATED, Write::Row(&CHANGED, row));
    if let Some(members) = members {
        put_members(unit, team, group, members);
    }
}

/// Replaces the members of a group.
fn put_members(unit: &mut UnitOfWork, team: &TeamId, group: &GroupId, members: &[UserId]) {
    let mut named = ",".to_owned();
    for member in members {
        unit.row(&MEMBER, values![team.as_str(), group.as_str(), member.as_str()]);
        named.push_str(member.as_str());
        named.push(',');
    }
    unit.run(
        "DELETE FROM user_group_member WHERE team_id = $1 AND group_id = $2 AND $3 NOT LIKE '%,' || user_id || ',%'",
        values![team.as_str(), group.as_str(), named],
    );
}

/// Adds to a unit that every user group which a finished reading did not name is disabled.
pub fn keep_since(unit: &mut UnitOfWork, team: &TeamId, asked: Instant) {
    unit.run(
        "UPDATE user_group SET gone_at = $2 WHERE team_id = $1 AND refreshed_at < $2 AND gone_at IS NULL",
        values![team.as_str(), asked],
    );
}

impl Store {
    /// Returns the members of a user group; `None` if the directory does not know the group or it is disabled.
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

    /// Returns the enabled user groups with their handles, in the order of the handles.
    pub async fn user_groups(&self, team: &TeamId) -> Result<Vec<(GroupId, String)>, StoreError> {
        let rows = self
            .ask(
                "SELECT group_id, handle FROM user_group WHERE team_id = $1 AND gone_at IS NULL \
                 ORDER BY handle, group_id",
                values![team.as_str()],
            )
            .await?;
        let read = |row| {
            let mut row = Columns::of("user_group", row);
            Ok((GroupId(row.text()?), row.text()?))
        };
        rows.into_iter().map(read).collect()
    }

    /// Returns the handles of a person's enabled user groups.
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

    /// Returns which of these user groups each person is in, by the groups' handles; the first one named counts.
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
            let mut row = Columns::of("user_group_member", row);
            let (user, handle) = (row.text()?, row.text()?);
            let known = found.entry(UserId(user)).or_default();
            if place(&handle).is_some_and(|at| place(known).is_none_or(|before| at < before)) {
                *known = handle;
            }
        }
        found.retain(|_, handle| !handle.is_empty());
        Ok(found)
    }
}
