//! Channels: what is known of each, and the requests to read it again.
//!
//! Slack's events are applied in the order of Slack's own times. An event that is as old as what is known, or older,
//! changes nothing or causes a reading: the order of arrival is not trusted, and Slack is asked.

use super::{
    super::{
        Store, StoreError,
        columns::Columns,
        unit::{Insert, UnitOfWork, Value},
    },
    OPEN,
    readings::Priority,
};
use crate::{
    model::{
        clock::{Instant, from_ms},
        people::{ChannelId, ChannelState, Closed, TeamId, UserId},
    },
    values,
};

/// The table; its rows are also the requests for readings.
pub(in crate::store) const TABLE: &str = "channel";
/// The state of a channel that has not been read yet.
const UNKNOWN: &str = "unknown";

/// An event about the bot's membership of a channel. A repeated invite leaves an open channel open.
static EVENT: Insert = Insert {
    table: TABLE,
    columns: &[
        "team_id",
        "channel_id",
        "name",
        "state",
        "event_at",
        "wanted_at",
        "priority",
        "version",
        "refreshed_at",
    ],
    identity: 2,
    on_conflict: "ON CONFLICT (team_id, channel_id) DO UPDATE SET state = CASE \
         WHEN excluded.event_at < channel.event_at OR (excluded.state = 'unknown' AND channel.state = 'open') \
         THEN channel.state ELSE excluded.state END, read_at = CASE \
         WHEN excluded.event_at < channel.event_at OR (excluded.state = 'unknown' AND channel.state = 'open') \
         THEN channel.read_at ELSE NULL END, wanted_at = CASE \
         WHEN excluded.event_at > channel.event_at THEN excluded.wanted_at \
         ELSE COALESCE(channel.wanted_at, excluded.refreshed_at) END, priority = CASE \
         WHEN channel.wanted_at IS NOT NULL AND channel.priority < excluded.priority THEN channel.priority \
         ELSE excluded.priority END, event_at = CASE \
         WHEN excluded.event_at > channel.event_at THEN excluded.event_at ELSE channel.event_at END, \
         tries = 0, refused = NULL, version = channel.version + 1, refreshed_at = excluded.refreshed_at",
};

/// A request of the program's own to read a channel (again).
static AGAIN: Insert = Insert {
    table: TABLE,
    columns: &["team_id", "channel_id", "name", "wanted_at", "priority", "refreshed_at"],
    identity: 2,
    on_conflict: "ON CONFLICT (team_id, channel_id) DO UPDATE SET version = channel.version + 1, \
         wanted_at = COALESCE(channel.wanted_at, excluded.wanted_at), priority = CASE \
         WHEN channel.wanted_at IS NOT NULL AND channel.priority < excluded.priority THEN channel.priority \
         ELSE excluded.priority END",
};

/// A sign that the bot may be in a channel that is not known, or that is known as closed to it.
static SIGN: Insert = Insert {
    table: TABLE,
    columns: &["team_id", "channel_id", "name", "wanted_at", "priority", "asked_at", "refreshed_at"],
    identity: 2,
    on_conflict: "ON CONFLICT (team_id, channel_id) DO UPDATE SET \
         wanted_at = COALESCE(channel.wanted_at, excluded.wanted_at), priority = excluded.priority, \
         asked_at = excluded.asked_at WHERE channel.state = 'not_in' AND channel.wanted_at IS NULL \
         AND channel.asked_at <= excluded.asked_at - 60000",
};

/// A request that a person waits for. A snoozed retry is brought forward, at most once a minute.
static TYPED: Insert = Insert {
    table: TABLE,
    columns: &["team_id", "channel_id", "name", "wanted_at", "priority", "asked_at", "refreshed_at"],
    identity: 2,
    on_conflict: "ON CONFLICT (team_id, channel_id) DO UPDATE SET priority = excluded.priority, wanted_at = CASE \
         WHEN channel.asked_at > excluded.asked_at - 60000 AND channel.asked_at <= excluded.asked_at \
         THEN channel.wanted_at \
         WHEN channel.wanted_at < excluded.wanted_at THEN channel.wanted_at ELSE excluded.wanted_at END, \
         asked_at = CASE \
         WHEN channel.asked_at > excluded.asked_at - 60000 AND channel.asked_at <= excluded.asked_at \
         THEN channel.asked_at ELSE excluded.asked_at END",
};

/// A channel that Slack lists among those that the bot is in. Events since the page was requested count more. A channel
/// that was read is kept up to date by events.
static LISTED: Insert = Insert {
    table: TABLE,
    columns: &[
        "team_id",
        "channel_id",
        "name",
        "state",
        "wanted_at",
        "priority",
        "refreshed_at",
        "public_at",
    ],
    identity: 2,
    on_conflict: "ON CONFLICT (team_id, channel_id) DO UPDATE SET name = excluded.name, \
         public_at = excluded.public_at, state = CASE \
         WHEN channel.state = 'unknown' OR channel.refreshed_at < excluded.refreshed_at THEN excluded.state \
         ELSE channel.state END, wanted_at = CASE WHEN channel.wanted_at IS NULL \
         AND (channel.read_at IS NULL OR channel.state <> 'open') THEN excluded.wanted_at \
         ELSE channel.wanted_at END, priority = CASE \
         WHEN channel.wanted_at IS NULL THEN excluded.priority ELSE channel.priority END, refreshed_at = CASE \
         WHEN channel.refreshed_at < excluded.refreshed_at THEN excluded.refreshed_at ELSE channel.refreshed_at END",
};

/// A channel that is fully known.
static KNOWN: Insert = Insert {
    table: TABLE,
    columns: &["team_id", "channel_id", "name", "state", "read_at", "refreshed_at"],
    identity: 2,
    on_conflict: "ON CONFLICT (team_id, channel_id) DO UPDATE SET name = excluded.name, state = excluded.state, \
         read_at = excluded.read_at, refreshed_at = excluded.refreshed_at",
};

/// When something happened: by Slack's clock, in microseconds, and when the event arrived.
#[derive(Clone, Copy, Debug)]
pub struct EventTime {
    pub event_us: i64,
    pub now: Instant,
}

/// A channel on a page of Slack's list.
#[derive(Clone, Copy, Debug)]
pub struct ListedChannel<'l> {
    pub channel: &'l ChannelId,
    /// Without `#`.
    pub name: &'l str,
    /// Whether everyone in the workspace may read it.
    pub is_public: bool,
}

/// When a channel was last seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LastSeen {
    /// When the last complete reading of its members began.
    pub read_at: Option<Instant>,
    /// When Slack last said that it is public; `None` if it is private, or not known.
    pub public_at: Option<Instant>,
}

/// Adds to a unit that the bot joined a channel, or that the channel was unarchived, and requests its reading.
pub fn put_entered(unit: &mut UnitOfWork, team: &TeamId, channel: &ChannelId, heard: EventTime) {
    put_event(unit, team, channel, UNKNOWN, Value::from(heard.now), heard);
}

/// Adds to a unit that a channel is closed to the bot.
pub fn put_closed(
    unit: &mut UnitOfWork,
    team: &TeamId,
    channel: &ChannelId,
    closed: Closed,
    heard: EventTime,
) {
    put_event(unit, team, channel, closed.as_str(), Value::Int(None), heard);
}

fn put_event(
    unit: &mut UnitOfWork,
    team: &TeamId,
    channel: &ChannelId,
    state: &'static str,
    wanted_at: Value,
    heard: EventTime,
) {
    let row = values![
        team.as_str(),
        channel.as_str(),
        "",
        state,
        heard.event_us,
        wanted_at,
        Priority::Event.as_int(),
        1_i64,
        heard.now
    ];
    unit.row(&EVENT, row);
}

/// Adds to a unit that a channel was renamed, if the directory knows it. It stays as open or closed as it is.
pub fn rename_channel(
    unit: &mut UnitOfWork,
    team: &TeamId,
    channel: &ChannelId,
    name: &str,
    heard: EventTime,
) {
    unit.run(
        "UPDATE channel SET name = $3, event_at = $4, version = version + 1, refreshed_at = $5 \
         WHERE team_id = $1 AND channel_id = $2 AND event_at <= $4",
        values![team.as_str(), channel.as_str(), name, heard.event_us, heard.now],
    );
}

/// Adds to a unit a request to read a channel (again).
pub fn want_again(unit: &mut UnitOfWork, team: &TeamId, channel: &ChannelId, now: Instant) {
    unit.row(&AGAIN, values![team.as_str(), channel.as_str(), "", now, Priority::Event.as_int(), now]);
}

/// Adds to a unit that an event named a channel's members, which Slack sends only to members: a channel that is not
/// known as open is read. Its invite may have been lost.
pub fn put_sign(unit: &mut UnitOfWork, team: &TeamId, channel: &ChannelId, now: Instant) {
    unit.row(&SIGN, values![team.as_str(), channel.as_str(), "", now, Priority::Event.as_int(), now, now]);
}

/// Adds to a unit a request to read a channel that a person waits for.
pub fn want_for_person(unit: &mut UnitOfWork, team: &TeamId, channel: &ChannelId, now: Instant) {
    unit.row(&TYPED, values![team.as_str(), channel.as_str(), "", now, Priority::Person.as_int(), now, now]);
}

/// Adds to a unit that a page, requested at `asked`, names a channel, and requests its reading if its members are not
/// known.
pub fn put_listed(
    unit: &mut UnitOfWork,
    team: &TeamId,
    listed: &ListedChannel<'_>,
    asked: Instant,
    now: Instant,
) {
    let public_at = listed.is_public.then_some(asked.timestamp_millis());
    let priority = Priority::Listed.as_int();
    unit.row(
        &LISTED,
        values![team.as_str(), listed.channel.as_str(), listed.name, OPEN, now, priority, asked, public_at],
    );
}

/// Adds to a unit requests to read the open channels that a finished list did not name: the list does not say why.
pub fn want_unlisted(unit: &mut UnitOfWork, team: &TeamId, started: Instant, now: Instant) {
    unit.run(
        "UPDATE channel SET state = 'unknown', read_at = NULL, version = version + 1, priority = $4, \
         wanted_at = COALESCE(wanted_at, $3) WHERE team_id = $1 AND state = 'open' AND refreshed_at < $2",
        values![team.as_str(), started, now, Priority::Event.as_int()],
    );
}

/// Adds to a unit that the bot is in a channel of this name whose members are known.
pub fn put_channel(unit: &mut UnitOfWork, team: &TeamId, channel: &ChannelId, name: &str, now: Instant) {
    unit.row(&KNOWN, values![team.as_str(), channel.as_str(), name, OPEN, now, now]);
}

impl Store {
    /// Returns what is known of a channel.
    pub async fn channel_state(
        &self,
        team: &TeamId,
        channel: &ChannelId,
    ) -> Result<ChannelState, StoreError> {
        let rows = self
            .ask(
                "SELECT name, state, read_at, refused FROM channel WHERE team_id = $1 AND channel_id = $2",
                values![team.as_str(), channel.as_str()],
            )
            .await?;
        let unread = ChannelState::Unread { refused: None };
        let Some(row) = rows.into_iter().next() else { return Ok(unread) };
        let mut row = Columns::of("channel", row);
        let (name, state) = (row.text()?, row.text()?);
        let (read_at, refused) = (row.int_or_null(), row.text_or_null());
        Ok(match Closed::parse(&state) {
            Some(closed) => ChannelState::Closed(closed),
            None if state == OPEN && read_at.is_some() => ChannelState::Open { name },
            None => ChannelState::Unread { refused },
        })
    }

    /// Returns when a channel was last read, and when it was last seen to be public.
    pub async fn channel_seen(&self, team: &TeamId, channel: &ChannelId) -> Result<LastSeen, StoreError> {
        let rows = self
            .ask(
                "SELECT read_at, public_at FROM channel WHERE team_id = $1 AND channel_id = $2",
                values![team.as_str(), channel.as_str()],
            )
            .await?;
        let seen = |column: usize| rows.first().and_then(|row| row[column].int()).map(from_ms);
        Ok(LastSeen { read_at: seen(0), public_at: seen(1) })
    }

    /// Returns the channels with their names that a person and the bot are in, and in which no programme of this ritual runs.
    pub async fn open_channels_of(
        &self,
        team: &TeamId,
        person: &UserId,
        ritual: &str,
        limit: i64,
    ) -> Result<Vec<(ChannelId, String)>, StoreError> {
        let rows = self
            .ask(
                "SELECT c.channel_id, c.name FROM channel c WHERE c.team_id = $1 AND c.state = $4 AND c.read_at IS NOT NULL \
                 AND EXISTS (SELECT 1 FROM channel_member m WHERE m.team_id = c.team_id AND m.channel_id = c.channel_id \
                 AND m.user_id = $2 AND m.left_at IS NULL) AND NOT EXISTS (SELECT 1 FROM programme p \
                 WHERE p.team_id = c.team_id AND p.channel_id = c.channel_id AND p.ritual = $3 AND p.ended_at IS NULL) \
                 ORDER BY c.name, c.channel_id LIMIT $5",
                values![team.as_str(), person.as_str(), ritual, OPEN, limit],
            )
            .await?;
        let read = |row| {
            let mut row = Columns::of("channel", row);
            Ok((ChannelId(row.text()?), row.text()?))
        };
        rows.into_iter().map(read).collect()
    }

    /// Returns the name of a channel that the bot is in and that was read; `None` for any other.
    pub async fn open_channel(
        &self,
        team: &TeamId,
        channel: &ChannelId,
    ) -> Result<Option<String>, StoreError> {
        Ok(match self.channel_state(team, channel).await? {
            ChannelState::Open { name } => Some(name),
            ChannelState::Closed(_) | ChannelState::Unread { .. } => None,
        })
    }
}
