//! The only SQL of people's own settings.

use std::collections::BTreeMap;

use super::{Hours, PersonSettings, away_as_stored, away_of, days_as_stored, days_of};
use crate::{
    model::{
        clock::Instant,
        people::{ChannelId, TeamId, UserId},
    },
    store::{
        StoreError,
        columns::Columns,
        holdings::{
            HeldTable, Holdings,
            Holds::{Nothing, Row},
            Section,
        },
        reading::ReadStore,
        unit::{UnitOfWork, Value, Write},
    },
    values,
};

static TABLES: [HeldTable; 1] = [HeldTable {
    name: "person_settings",
    key: &["user_id"],
    columns: &[
        ("user_id", Row),
        ("department", Nothing),
        ("region", Nothing),
        ("days_out", Nothing),
        ("away", Nothing),
    ],
    withdraws: None,
}];

static SECTIONS: [Section; 1] = [Section {
    name: "settings",
    sql: "SELECT user_id, department, region, work_from, work_to, quiet_from, quiet_to, days_out, away, changed_at \
          FROM person_settings WHERE team_id = $1 AND user_id = $2 AND user_id > $3 ORDER BY user_id LIMIT $4",
    columns: &[
        "department",
        "region",
        "work_from_minute",
        "work_to_minute",
        "quiet_from_minute",
        "quiet_to_minute",
        "days_out",
        "away",
        "changed_at",
    ],
}];

/// What people's own settings say of them.
pub static HOLDINGS: Holdings = Holdings { tables: &TABLES, sections: &SECTIONS };

/// The refusal of settings that have changed since they were read.
pub const CHANGED: &str = "person_settings_changed";

/// Adds to a unit what a person set for themselves, unless that has changed since it was read ([`CHANGED`]).
pub fn put(
    unit: &mut UnitOfWork,
    team: &TeamId,
    user: &UserId,
    (before, after): (&PersonSettings, &PersonSettings),
    now: Instant,
) -> Result<(), StoreError> {
    let minute = |hours: Option<Hours>, of: fn(Hours) -> u16| hours.map(|hours| i64::from(of(hours)));
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let write = Write::Run(
        "INSERT INTO person_settings (team_id, user_id, department, region, work_from, work_to, quiet_from, quiet_to, \
         days_out, away, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
         ON CONFLICT (team_id, user_id) DO UPDATE SET department = excluded.department, region = excluded.region, \
         work_from = excluded.work_from, work_to = excluded.work_to, quiet_from = excluded.quiet_from, \
         quiet_to = excluded.quiet_to, days_out = excluded.days_out, away = excluded.away, \
         changed_at = excluded.changed_at \
         WHERE COALESCE(person_settings.department, '') = $12 AND COALESCE(person_settings.region, '') = $13 \
         AND COALESCE(person_settings.work_from, -1) = $14 AND COALESCE(person_settings.work_to, -1) = $15 \
         AND COALESCE(person_settings.quiet_from, -1) = $16 AND COALESCE(person_settings.quiet_to, -1) = $17 \
         AND person_settings.days_out = $18 AND person_settings.away = $19 RETURNING user_id",
        values![
            team.as_str(),
            user.as_str(),
            after.department.clone(),
            after.region.clone(),
            minute(after.work, Hours::from),
            minute(after.work, Hours::to),
            minute(after.quiet, Hours::from),
            minute(after.quiet, Hours::to),
            days_as_stored(after.days_out),
            away_as_stored(&after.away).map_err(StoreError::coding)?,
            now,
            text(&before.department),
            text(&before.region),
            minute(before.work, Hours::from).unwrap_or(-1),
            minute(before.work, Hours::to).unwrap_or(-1),
            minute(before.quiet, Hours::from).unwrap_or(-1),
            minute(before.quiet, Hours::to).unwrap_or(-1),
            days_as_stored(before.days_out),
            away_as_stored(&before.away).map_err(StoreError::coding)?
        ],
    );
    unit.guard(CHANGED, write);
    Ok(())
}

/// What a person set for themselves.
pub async fn of_person(store: &ReadStore, user: &UserId) -> Result<PersonSettings, StoreError> {
    let rows = store
        .ask(
            "SELECT user_id, department, region, work_from, work_to, quiet_from, quiet_to, days_out, away \
             FROM person_settings WHERE team_id = $1 AND user_id = $2",
            values![store.team(), user.as_str()],
        )
        .await?;
    let row = rows.into_iter().next().map(read).transpose()?;
    Ok(row.map(|(_, settings)| settings).unwrap_or_default())
}

/// What the people of a channel set for themselves; who set nothing is not in the answer.
pub async fn of_channel(
    store: &ReadStore,
    channel: &ChannelId,
) -> Result<BTreeMap<UserId, PersonSettings>, StoreError> {
    let rows = store
        .ask(
            "SELECT s.user_id, s.department, s.region, s.work_from, s.work_to, s.quiet_from, s.quiet_to, s.days_out, \
             s.away FROM channel_member m \
             JOIN person_settings s ON s.team_id = m.team_id AND s.user_id = m.user_id \
             WHERE m.team_id = $1 AND m.channel_id = $2 AND m.left_at IS NULL",
            values![store.team(), channel.as_str()],
        )
        .await?;
    rows.into_iter().map(read).collect()
}

/// Returns the departments of a channel's people who have one; `handles` are the user groups that are departments.
pub async fn departments_of(
    store: &ReadStore,
    channel: &ChannelId,
    handles: &[String],
) -> Result<BTreeMap<UserId, String>, StoreError> {
    let mut departments = store.departments(handles).await?;
    for (user, settings) in of_channel(store, channel).await? {
        if let Some(department) = settings.department_or(None) {
            departments.insert(user, department);
        }
    }
    Ok(departments)
}

/// Returns the user group that counts as a person's department unless they set another: the first of `handles` that they're in.
pub async fn department_group(
    store: &ReadStore,
    user: &UserId,
    handles: &[String],
) -> Result<Option<String>, StoreError> {
    if handles.is_empty() {
        return Ok(None);
    }
    let groups = store.groups_of(user).await?;
    Ok(handles.iter().find(|handle| groups.contains(handle)).cloned())
}

fn read(row: Vec<Value>) -> Result<(UserId, PersonSettings), StoreError> {
    let mut row = Columns::of("person_settings", row);
    let user = UserId(row.text()?);
    let settings = PersonSettings {
        department: row.text_or_null(),
        region: row.text_or_null(),
        work: hours(row.int_or_null(), row.int_or_null()),
        quiet: hours(row.int_or_null(), row.int_or_null()),
        days_out: days_of(&row.text()?),
        away: away_of(&row.text()?).map_err(StoreError::coding)?,
    };
    Ok((user, settings))
}

fn hours(from: Option<i64>, to: Option<i64>) -> Option<Hours> {
    Hours::new(u16::try_from(from?).ok()?, u16::try_from(to?).ok()?)
}
