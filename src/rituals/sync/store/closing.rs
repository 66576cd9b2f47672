//! The SQL of how syncs ended.

use chrono::NaiveDate;

use crate::{
    model::{
        clock::Instant,
        effect::Target,
        people::{ChannelId, TeamId, UserId},
    },
    rituals::sync::plan::EndState,
    store::{
        StoreError,
        columns::Columns,
        reading::ReadStore,
        unit::{Insert, UnitOfWork, Write},
    },
    values,
};

/// The refusal of a closing where the sync was closed already.
pub const CLOSED: &str = "sync_closed";

static CLOSING: Insert = Insert {
    table: "sync_closing",
    columns: &[
        "team_id",
        "programme_id",
        "local_date",
        "state",
        "channel_id",
        "root",
        "user_id",
        "notes",
        "settled_at",
    ],
    identity: 3,
    on_conflict: "ON CONFLICT DO NOTHING",
};

/// A sync that has begun or was skipped, and where its announcement is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct End {
    pub date: NaiveDate,
    pub state: EndState,
    pub notes: String,
    /// The announcement's channel and timestamp, once it was sent.
    pub announcement: Option<(ChannelId, String)>,
}

impl End {
    /// Returns where replies to the announcement go; without one, to the channel.
    pub fn thread(&self, channel: &ChannelId) -> Target {
        match &self.announcement {
            Some((channel, root)) => Target::Thread { channel: channel.clone(), root: root.clone() },
            None => Target::Channel(channel.clone()),
        }
    }
}

/// Adds to a unit that a sync has begun and is to be closed.
pub fn open(unit: &mut UnitOfWork, team: &TeamId, programme: &str, date: NaiveDate) {
    let not_yet: Option<i64> = None;
    unit.row(&CLOSING, values![team.as_str(), programme, date.to_string(), "open", "", "", "", "", not_yet]);
}

/// Adds to a unit that a sync was skipped.
pub fn skip(
    unit: &mut UnitOfWork,
    team: &TeamId,
    (programme, date): (&str, NaiveDate),
    user: &UserId,
    now: Instant,
) {
    unit.row(
        &CLOSING,
        values![team.as_str(), programme, date.to_string(), "skipped", "", "", user.as_str(), "", now],
    );
}

/// Adds to a unit where the announcement of a sync is.
pub fn announced(
    unit: &mut UnitOfWork,
    team: &TeamId,
    (programme, date): (&str, NaiveDate),
    (channel, root): (&ChannelId, &str),
) {
    unit.run(
        "UPDATE sync_closing SET channel_id = $4, root = $5 \
         WHERE team_id = $1 AND programme_id = $2 AND local_date = $3",
        values![team.as_str(), programme, date.to_string(), channel.as_str(), root],
    );
}

/// Makes a unit depend on a sync not being closed ([`CLOSED`]), and keeps others from closing it meanwhile.
pub fn still_open(unit: &mut UnitOfWork, team: &TeamId, (programme, date): (&str, NaiveDate)) {
    let write = Write::Run(
        "UPDATE sync_closing SET state = state WHERE team_id = $1 AND programme_id = $2 AND local_date = $3 \
         AND state = 'open' RETURNING local_date",
        values![team.as_str(), programme, date.to_string()],
    );
    unit.guard(CLOSED, write);
}

/// Adds to a unit that a person closes a sync with these notes, unless it was closed before ([`CLOSED`]), or its lead has
/// changed since the version that was `seen` ([`TAKEN`](super::TAKEN)).
pub fn close(
    unit: &mut UnitOfWork,
    team: &TeamId,
    (programme, date): (&str, NaiveDate),
    (user, notes, seen): (&UserId, &str, i64),
    now: Instant,
) {
    // A take-over holds the row until it is committed, and only the next statement sees the lead that it has written.
    still_open(unit, team, (programme, date));
    let write = Write::Run(
        "UPDATE sync_closing SET state = 'closed', user_id = $4, notes = $5, settled_at = $6 \
         WHERE team_id = $1 AND programme_id = $2 AND local_date = $3 AND $7 = COALESCE((SELECT version FROM sync_duty \
         WHERE team_id = $1 AND programme_id = $2 AND local_date = $3 AND role = 'lead'), 0) RETURNING local_date",
        values![team.as_str(), programme, date.to_string(), user.as_str(), notes, now, seen],
    );
    unit.guard(super::TAKEN, write);
}

/// Adds to a unit that a sync is over that no one has closed, unless it was closed before ([`CLOSED`]).
pub fn lapse(unit: &mut UnitOfWork, team: &TeamId, (programme, date): (&str, NaiveDate), now: Instant) {
    let write = Write::Run(
        "UPDATE sync_closing SET state = 'lapsed', settled_at = $4 \
         WHERE team_id = $1 AND programme_id = $2 AND local_date = $3 AND state = 'open' RETURNING local_date",
        values![team.as_str(), programme, date.to_string(), now],
    );
    unit.guard(CLOSED, write);
}

/// Adds to a unit that the syncs of a programme before this date are over, closed or not.
pub fn lapse_before(unit: &mut UnitOfWork, team: &TeamId, programme: &str, date: NaiveDate, now: Instant) {
    unit.run(
        "UPDATE sync_closing SET state = 'lapsed', settled_at = $4 \
         WHERE team_id = $1 AND programme_id = $2 AND local_date < $3 AND state = 'open'",
        values![team.as_str(), programme, date.to_string(), now],
    );
}

/// Returns how a sync ended, or that it is open; `None` where it has not begun and was not skipped.
pub async fn end_of(store: &ReadStore, programme: &str, date: NaiveDate) -> Result<Option<End>, StoreError> {
    let rows = store
        .ask(
            "SELECT state, user_id, channel_id, root, notes FROM sync_closing \
             WHERE team_id = $1 AND programme_id = $2 AND local_date = $3",
            values![store.team(), programme, date.to_string()],
        )
        .await?;
    let Some(row) = rows.into_iter().next() else { return Ok(None) };
    let mut row = Columns::of("sync_closing", row);
    let (state, user) = (row.text()?, UserId(row.text()?));
    let (channel, root, notes) = (ChannelId(row.text()?), row.text()?, row.text()?);
    let state = match state.as_str() {
        "open" => EndState::Open,
        "closed" => EndState::Closed(user),
        "skipped" => EndState::Skipped(user),
        _ => EndState::Lapsed,
    };
    let announcement = (!root.is_empty()).then_some((channel, root));
    Ok(Some(End { date, state, notes, announcement }))
}

/// Returns the last sync of a programme that is still open; without one, how the last one ended.
pub async fn last(store: &ReadStore, programme: &str) -> Result<Option<End>, StoreError> {
    let rows = store
        .ask(
            "SELECT local_date FROM sync_closing WHERE team_id = $1 AND programme_id = $2 \
             ORDER BY CASE WHEN state = 'open' THEN 0 ELSE 1 END, local_date DESC LIMIT 1",
            values![store.team(), programme],
        )
        .await?;
    let date = rows.into_iter().next().map(|row| super::date(&mut Columns::of("sync_closing", row)));
    match date.transpose()? {
        Some(date) => end_of(store, programme, date).await,
        None => Ok(None),
    }
}

/// Returns the date of the last sync before this date that is still open.
pub async fn open_before(
    store: &ReadStore,
    programme: &str,
    date: NaiveDate,
) -> Result<Option<NaiveDate>, StoreError> {
    let rows = store
        .ask(
            "SELECT local_date FROM sync_closing WHERE team_id = $1 AND programme_id = $2 AND local_date < $3 \
             AND state = 'open' ORDER BY local_date DESC LIMIT 1",
            values![store.team(), programme, date.to_string()],
        )
        .await?;
    rows.into_iter().next().map(|row| super::date(&mut Columns::of("sync_closing", row))).transpose()
}
