//! The directory's rows: people, channels and their members, user groups and theirs.

pub mod channels;
pub mod groups;
pub mod lists;
mod loader;
pub mod members;
pub mod readings;

use std::collections::BTreeMap;

use chrono::Duration;

use self::channels::EventTime;
pub(super) use self::loader::Loader;
pub use self::{channels::put_channel, members::put_member};
use super::{
    Store, StoreError,
    columns::Columns,
    unit::{Insert, UnitOfWork, Value},
};
use crate::{
    model::{
        clock::Instant,
        people::{Person, PersonKind, TeamId, UserId},
    },
    values,
};

/// The state of a channel that the bot is in.
const OPEN: &str = "open";

pub type Known = BTreeMap<UserId, Person>;

/// How much Slack's clock and this program's may differ. A page counts as showing everything that happened until this
/// long before it was requested.
const SKEW: Duration = Duration::seconds(120);

const PERSON_COLUMNS: &[&str] = &[
    "team_id",
    "user_id",
    "name",
    "zone",
    "kind",
    "deactivated_at",
    "admin_since",
    "refreshed_at",
    "event_at",
];

/// What replaces a person who is known; when, follows. A deactivated person and an admin keep the instant at which that was
/// first noticed.
macro_rules! newest_person {
    ($when:literal) => {
        concat!(
            "ON CONFLICT (team_id, user_id) DO UPDATE SET name = excluded.name, zone = excluded.zone, \
             kind = excluded.kind, refreshed_at = excluded.refreshed_at, deactivated_at = CASE \
             WHEN excluded.deactivated_at IS NULL THEN NULL \
             ELSE COALESCE(person.deactivated_at, excluded.deactivated_at) END, admin_since = CASE \
             WHEN excluded.admin_since IS NULL THEN NULL \
             ELSE COALESCE(person.admin_since, excluded.admin_since) END, ",
            $when
        )
    };
}

/// A person on a page. An event that arrived after the page was requested, or happened after, counts more.
static PERSON_READ: Insert = Insert {
    table: "person",
    columns: PERSON_COLUMNS,
    identity: 2,
    on_conflict: newest_person!(
        "event_at = CASE WHEN person.event_at < excluded.event_at THEN excluded.event_at ELSE person.event_at END \
         WHERE person.refreshed_at <= excluded.refreshed_at AND person.event_at <= excluded.refreshed_at * 1000"
    ),
};

/// A person from an event. An event that is older than what is known changes nothing.
static PERSON_CHANGED: Insert = Insert {
    table: "person",
    columns: PERSON_COLUMNS,
    identity: 2,
    on_conflict: newest_person!("event_at = excluded.event_at WHERE person.event_at <= excluded.event_at"),
};

/// Adds to a unit what a page says about a person; the page was requested at this instant.
pub fn put_person(unit: &mut UnitOfWork, team: &TeamId, person: &Person, asked: Instant) {
    unit.row(&PERSON_READ, person_row(team, person, asked, known_until(asked)));
}

/// Adds to a unit what an event says about a person.
pub fn put_changed_person(unit: &mut UnitOfWork, team: &TeamId, person: &Person, heard: EventTime) {
    unit.row(&PERSON_CHANGED, person_row(team, person, heard.now, heard.event_us));
}

/// Returns until when a page that was requested at this instant shows everything, in microseconds of Slack's clock.
fn known_until(asked: Instant) -> i64 {
    (asked - SKEW).timestamp_micros()
}

fn person_row(team: &TeamId, person: &Person, now: Instant, event_us: i64) -> Vec<Value> {
    let since = |holds: bool| holds.then(|| now.timestamp_millis());
    values![
        team.as_str(),
        person.id.as_str(),
        person.name.as_str(),
        person.zone.map_or("", |zone| zone.name()),
        person.kind.as_str(),
        since(person.deactivated),
        since(person.admin),
        now,
        event_us
    ]
}

impl Store {
    /// Returns what is known of these people, without those who are not in the directory.
    pub async fn people(&self, team: &TeamId, ids: &[UserId]) -> Result<Known, StoreError> {
        self.loader.people(team, ids).await
    }
}

fn read_person(row: Vec<Value>) -> Result<Person, StoreError> {
    let mut row = Columns::of("person", row);
    Ok(Person {
        id: UserId(row.text()?),
        name: row.text()?,
        // A zone that is missing in this program's tables counts as none until the directory learns a better one.
        zone: row.text()?.parse().ok(),
        kind: PersonKind::parse(&row.text()?),
        deactivated: row.int_or_null().is_some(),
        admin: row.int_or_null().is_some(),
    })
}
