//! The SQL of agendas.

use chrono::NaiveDate;

use crate::{
    model::{
        clock::Instant,
        people::{TeamId, UserId},
    },
    rituals::sync::plan::{MOST_OF_A_PERSON, MOST_POINTS, Ordering, Point},
    store::{
        StoreError,
        columns::Columns,
        reading::ReadStore,
        unit::{Insert, UnitOfWork, Value, Write},
    },
    values,
};

/// The refusal of a point where the agenda, or its person's part of it, is full, or where the point is there already.
pub const FULL: &str = "sync_agenda_full";
/// The refusal of a point that is taken back by another person than added it, or after its sync was closed.
pub const NOT_OPEN: &str = "sync_point_not_open";
/// The refusal of an ordering of an agenda that was ordered meanwhile, or went to its sync.
pub const REORDERED: &str = "sync_agenda_reordered";
/// The refusal of a point that is put back where it isn't struck any more, or doesn't fit.
pub const NOT_STRUCK: &str = "sync_point_not_struck";
/// The name of the guard that locks an agenda; it never refuses.
const LOCKED: &str = "sync_agenda_locked";

/// The row that those who add points lock one after the other: what each counts then is what there is.
static LOCK: Insert = Insert {
    table: "sync_agenda",
    columns: &["team_id", "programme_id", "version"],
    identity: 2,
    on_conflict: "ON CONFLICT (team_id, programme_id) DO UPDATE SET version = sync_agenda.version",
};

/// Adds a point to a unit, behind the others, unless there are too many or one with the same words waits ([`FULL`]).
pub fn add(unit: &mut UnitOfWork, team: &TeamId, point: &Point, now: Instant) {
    let (id, programme, user) = (point.id.as_str(), point.programme.as_str(), point.user.as_str());
    unit.guard(LOCKED, Write::Row(&LOCK, values![team.as_str(), programme, 0]));
    let write = Write::Run(
        "INSERT INTO sync_point (team_id, point_id, programme_id, user_id, author_id, words, link, place, moved, state, \
         local_date, added_at) SELECT $1, $2, $3, $4, $5, $6, $7, \
         (SELECT COALESCE(MAX(place), 0) + 1 FROM sync_point WHERE team_id = $1 AND programme_id = $3), 0, 'waiting', \
         '', $8 WHERE (SELECT COUNT(*) FROM sync_point WHERE team_id = $1 AND programme_id = $3 \
         AND state IN ('waiting', 'taken') AND words <> '') < $9 \
         AND (SELECT COUNT(*) FROM sync_point WHERE team_id = $1 AND programme_id = $3 AND user_id = $4 \
         AND state IN ('waiting', 'taken') AND words <> '') < $10 \
         AND NOT EXISTS (SELECT 1 FROM sync_point WHERE team_id = $1 AND programme_id = $3 AND state = 'waiting' \
         AND words = $6) ON CONFLICT (team_id, point_id) DO NOTHING RETURNING point_id",
        values![
            team.as_str(),
            id,
            programme,
            user,
            point.author.as_ref().map_or("", UserId::as_str),
            point.words.as_str(),
            point.link.as_str(),
            now,
            number(MOST_POINTS),
            number(MOST_OF_A_PERSON)
        ],
    );
    unit.guard(FULL, write);
}

/// Adds to a unit that the person who added a point takes it back, while it waits or its sync is open ([`NOT_OPEN`]).
pub fn take_back(unit: &mut UnitOfWork, team: &TeamId, point: &str, user: &UserId) {
    let write = Write::Run(
        "DELETE FROM sync_point WHERE team_id = $1 AND point_id = $2 AND user_id = $3 \
         AND state IN ('waiting', 'taken') RETURNING point_id",
        values![team.as_str(), point, user.as_str()],
    );
    unit.guard(NOT_OPEN, write);
}

/// Adds to a unit that a struck point waits again, behind the others, unless it isn't struck any more, there are too many points,
/// or one with the same words waits ([`NOT_STRUCK`]).
pub fn put_back(unit: &mut UnitOfWork, team: &TeamId, point: &Point) {
    let programme = point.programme.as_str();
    unit.guard(LOCKED, Write::Row(&LOCK, values![team.as_str(), programme, 0]));
    let write = Write::Run(
        "UPDATE sync_point SET state = 'waiting', local_date = '', place = (SELECT COALESCE(MAX(place), 0) + 1 \
         FROM sync_point WHERE team_id = $1 AND programme_id = $3) \
         WHERE team_id = $1 AND point_id = $2 AND programme_id = $3 AND state = 'struck' \
         AND (SELECT COUNT(*) FROM sync_point WHERE team_id = $1 AND programme_id = $3 \
         AND state IN ('waiting', 'taken') AND words <> '') < $4 \
         AND (SELECT COUNT(*) FROM sync_point WHERE team_id = $1 AND programme_id = $3 AND user_id = $5 \
         AND state IN ('waiting', 'taken') AND words <> '') < $6 \
         AND NOT EXISTS (SELECT 1 FROM sync_point WHERE team_id = $1 AND programme_id = $3 AND state = 'waiting' \
         AND words = $7) RETURNING point_id",
        values![
            team.as_str(),
            point.id.as_str(),
            programme,
            number(MOST_POINTS),
            point.user.as_str(),
            number(MOST_OF_A_PERSON),
            point.words.as_str()
        ],
    );
    unit.guard(NOT_STRUCK, write);
}

/// Returns a point of a person's that was struck.
pub async fn struck_of(
    store: &ReadStore,
    (programme, point): (&str, &str),
    user: &UserId,
) -> Result<Option<Point>, StoreError> {
    let rows = store
        .ask(
            "SELECT point_id, programme_id, user_id, author_id, words, link, moved FROM sync_point \
             WHERE team_id = $1 AND point_id = $2 AND programme_id = $3 AND user_id = $4 AND state = 'struck' AND words <> ''",
            values![store.team(), point, programme, user.as_str()],
        )
        .await?;
    rows.into_iter().next().map(read).transpose()
}

/// Adds an ordering to a unit, unless the agenda has changed since this version of it ([`REORDERED`]).
pub fn order(unit: &mut UnitOfWork, team: &TeamId, programme: &str, ordering: &Ordering, seen: i64) {
    let write = Write::Run(
        "UPDATE sync_agenda SET version = version + 1 WHERE team_id = $1 AND programme_id = $2 AND version = $3 \
         RETURNING programme_id",
        values![team.as_str(), programme, seen],
    );
    unit.guard(REORDERED, write);
    for (place, point) in ordering.kept.iter().enumerate() {
        unit.run(
            "UPDATE sync_point SET place = $3 WHERE team_id = $1 AND point_id = $2 AND state = 'waiting'",
            values![team.as_str(), point.as_str(), number(place)],
        );
    }
    for point in &ordering.struck {
        unit.run(
            "UPDATE sync_point SET state = 'struck' WHERE team_id = $1 AND point_id = $2 AND state = 'waiting'",
            values![team.as_str(), point.as_str()],
        );
    }
}

/// Adds to a unit that a sync begins with the points that wait. Points of an earlier sync that was not closed are among them.
pub fn take(unit: &mut UnitOfWork, team: &TeamId, programme: &str, date: NaiveDate) {
    unit.run(
        "UPDATE sync_agenda SET version = version + 1 WHERE team_id = $1 AND programme_id = $2",
        values![team.as_str(), programme],
    );
    unit.run(
        "UPDATE sync_point SET moved = CASE WHEN state = 'taken' THEN moved + 1 ELSE moved END, state = 'taken', \
         local_date = $3 WHERE team_id = $1 AND programme_id = $2 AND state IN ('waiting', 'taken')",
        values![team.as_str(), programme, date.to_string()],
    );
}

/// Adds to a unit which points a sync has reached; the others wait for the next one, or, where none comes, are kept, which isn't a move.
pub fn settle(
    unit: &mut UnitOfWork,
    team: &TeamId,
    (programme, date): (&str, NaiveDate),
    reached: &[&Point],
    goes_on: bool,
) {
    for point in reached {
        unit.run(
            "UPDATE sync_point SET state = 'reached' \
             WHERE team_id = $1 AND point_id = $2 AND local_date = $3 AND state = 'taken'",
            values![team.as_str(), point.id.as_str(), date.to_string()],
        );
    }
    unit.run(
        "UPDATE sync_point SET state = 'waiting', moved = moved + $4, local_date = '' \
         WHERE team_id = $1 AND programme_id = $2 AND local_date = $3 AND state = 'taken'",
        values![team.as_str(), programme, date.to_string(), i64::from(goes_on)],
    );
}

/// Returns the points that wait for the next sync of a programme, in their order.
pub async fn waiting(store: &ReadStore, programme: &str) -> Result<Vec<Point>, StoreError> {
    let rows = store
        .ask(
            "SELECT point_id, programme_id, user_id, author_id, words, link, moved FROM sync_point \
             WHERE team_id = $1 AND programme_id = $2 AND state = 'waiting' AND words <> '' \
             ORDER BY place, added_at, point_id",
            values![store.team(), programme],
        )
        .await?;
    rows.into_iter().map(read).collect()
}

/// Returns the points that a sync has taken up and not settled, in their order.
pub async fn taken(store: &ReadStore, programme: &str, date: NaiveDate) -> Result<Vec<Point>, StoreError> {
    let rows = store
        .ask(
            "SELECT point_id, programme_id, user_id, author_id, words, link, moved FROM sync_point \
             WHERE team_id = $1 AND programme_id = $2 AND local_date = $3 AND state = 'taken' AND words <> '' \
             ORDER BY place, added_at, point_id",
            values![store.team(), programme, date.to_string()],
        )
        .await?;
    rows.into_iter().map(read).collect()
}

/// Returns the points of a programme that a sync has taken up which isn't closed, in their order.
pub async fn unclosed(store: &ReadStore, programme: &str) -> Result<Vec<Point>, StoreError> {
    let rows = store
        .ask(
            "SELECT point_id, programme_id, user_id, author_id, words, link, moved FROM sync_point \
             WHERE team_id = $1 AND programme_id = $2 AND state = 'taken' AND words <> '' \
             ORDER BY place, added_at, point_id LIMIT 100",
            values![store.team(), programme],
        )
        .await?;
    rows.into_iter().map(read).collect()
}

/// Returns an open point of a person's, and whether a sync has taken it up.
pub async fn own(store: &ReadStore, point: &str, user: &UserId) -> Result<Option<(Point, bool)>, StoreError> {
    let rows = store
        .ask(
            "SELECT point_id, programme_id, user_id, author_id, words, link, moved, local_date FROM sync_point \
             WHERE team_id = $1 AND point_id = $2 AND user_id = $3 AND state IN ('waiting', 'taken')",
            values![store.team(), point, user.as_str()],
        )
        .await?;
    let Some(mut row) = rows.into_iter().next() else { return Ok(None) };
    let is_taken = row.pop().and_then(Value::text).is_some_and(|date| !date.is_empty());
    Ok(Some((read(row)?, is_taken)))
}

/// Returns how many points of a programme are not settled: all, and those of a person.
pub async fn open_points(
    store: &ReadStore,
    programme: &str,
    user: &UserId,
) -> Result<(usize, usize), StoreError> {
    let rows = store
        .ask(
            "SELECT user_id FROM sync_point WHERE team_id = $1 AND programme_id = $2 \
             AND state IN ('waiting', 'taken') AND words <> '' LIMIT 100",
            values![store.team(), programme],
        )
        .await?;
    let people: Vec<String> = rows.into_iter().flatten().filter_map(Value::text).collect();
    Ok((people.len(), people.iter().filter(|person| *person == user.as_str()).count()))
}

/// Returns how often an agenda was ordered.
pub async fn version(store: &ReadStore, programme: &str) -> Result<i64, StoreError> {
    let rows = store
        .ask(
            "SELECT version FROM sync_agenda WHERE team_id = $1 AND programme_id = $2",
            values![store.team(), programme],
        )
        .await?;
    Ok(rows.first().and_then(|row| row[0].int()).unwrap_or_default())
}

fn read(row: Vec<Value>) -> Result<Point, StoreError> {
    let mut row = Columns::of("sync_point", row);
    Ok(Point {
        id: row.text()?,
        programme: row.text()?,
        user: UserId(row.text()?),
        author: Some(row.text()?).filter(|author| !author.is_empty()).map(UserId),
        words: row.text()?,
        link: row.text()?,
        moved: row.int()?,
    })
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
