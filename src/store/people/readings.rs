//! Requests to read channels: durable work, one row a channel, so that repeated requests become one.
//!
//! A reading writes for the version that it began with. If the channel changes meanwhile, the version changes, the
//! reading's results are refused, and the request stays.

use super::{
    super::{
        Store, StoreError,
        columns::Columns,
        unit::{Outcome, UnitOfWork, Value, Write},
    },
    OPEN,
};
use crate::{
    model::{
        clock::{Instant, from_ms},
        people::{ChannelId, Closed, TeamId},
    },
    values,
};

/// Refuses the results of a reading if the channel has changed since it began.
const OVERTAKEN: &str = "overtaken";

/// The order of readings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Priority {
    /// A person typed a command there.
    Person,
    /// An event changed the channel.
    Event,
    /// A programme runs there, and the channel is refreshed.
    Programme,
    /// It is refreshed, or a list names it.
    Listed,
}

impl Priority {
    pub(super) fn as_int(self) -> i64 {
        match self {
            Priority::Person => 0,
            Priority::Event => 1,
            Priority::Programme => 2,
            Priority::Listed => 3,
        }
    }

    fn of_int(int: i64) -> Priority {
        match int {
            0 => Priority::Person,
            1 => Priority::Event,
            2 => Priority::Programme,
            _ => Priority::Listed,
        }
    }
}

/// A request to read a channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    pub channel: ChannelId,
    /// The version that the reading begins with.
    pub version: i64,
    pub priority: Priority,
    /// Whether the bot is known to be in it.
    pub is_open: bool,
    /// How often Slack has refused or not answered.
    pub tries: u32,
}

impl Store {
    /// Returns the channels to read now, the most urgent first.
    pub async fn wanted_readings(
        &self,
        team: &TeamId,
        now: Instant,
        most: i64,
    ) -> Result<Vec<Wanted>, StoreError> {
        let rows = self
            .ask(
                "SELECT channel_id, version, priority, state, tries FROM channel \
                 WHERE team_id = $1 AND wanted_at IS NOT NULL AND wanted_at <= $2 \
                 ORDER BY priority, wanted_at, channel_id LIMIT $3",
                values![team.as_str(), now, most],
            )
            .await?;
        rows.into_iter().map(read).collect()
    }

    /// Returns when the next channel is to be read.
    pub async fn next_reading_at(&self, team: &TeamId) -> Result<Option<Instant>, StoreError> {
        let rows = self
            .ask(
                "SELECT MIN(wanted_at) FROM channel WHERE team_id = $1 AND wanted_at IS NOT NULL",
                values![team.as_str()],
            )
            .await?;
        Ok(rows.first().and_then(|row| row[0].int()).map(from_ms))
    }

    /// Stores that the bot is in a channel of this name, public or not; returns false if the channel has changed
    /// meanwhile.
    pub async fn found_open(
        &self,
        team: &TeamId,
        wanted: &Wanted,
        name: &str,
        is_public: bool,
        now: Instant,
    ) -> Result<bool, StoreError> {
        let public_at = is_public.then_some(now.timestamp_millis());
        let write = Write::Run(
            "UPDATE channel SET name = $4, state = $5, refused = NULL, refreshed_at = $6, public_at = $7 \
             WHERE team_id = $1 AND channel_id = $2 AND version = $3 RETURNING channel_id",
            values![team.as_str(), wanted.channel.as_str(), wanted.version, name, OPEN, now, public_at],
        );
        self.commit_reading(UnitOfWork::guarded(OVERTAKEN, write)).await
    }

    /// Stores that a channel is closed to the bot, which ends its reading; returns false if the channel has changed
    /// meanwhile.
    pub async fn found_closed(
        &self,
        team: &TeamId,
        wanted: &Wanted,
        closed: Closed,
        started: Instant,
    ) -> Result<bool, StoreError> {
        let write = Write::Run(
            "UPDATE channel SET state = $4, read_at = NULL, wanted_at = NULL, tries = 0, refused = NULL, \
             refreshed_at = $5, event_at = CASE WHEN event_at < $6 THEN $6 ELSE event_at END \
             WHERE team_id = $1 AND channel_id = $2 AND version = $3 RETURNING channel_id",
            values![
                team.as_str(),
                wanted.channel.as_str(),
                wanted.version,
                closed.as_str(),
                started,
                started.timestamp_micros()
            ],
        );
        self.commit_reading(UnitOfWork::guarded(OVERTAKEN, write)).await
    }

    /// Commits a page of members, and with the last page the end of the reading; returns false if the channel has
    /// changed meanwhile.
    pub async fn found_members(
        &self,
        team: &TeamId,
        wanted: &Wanted,
        mut page: UnitOfWork,
        started: Instant,
        is_last: bool,
    ) -> Result<bool, StoreError> {
        let channel = wanted.channel.as_str();
        let guard = if is_last {
            Write::Run(
                "UPDATE channel SET state = $4, read_at = $5, wanted_at = NULL, tries = 0, refused = NULL, \
                 refreshed_at = $5, event_at = CASE WHEN event_at < $6 THEN $6 ELSE event_at END \
                 WHERE team_id = $1 AND channel_id = $2 AND version = $3 RETURNING channel_id",
                values![team.as_str(), channel, wanted.version, OPEN, started, started.timestamp_micros()],
            )
        } else {
            Write::Run(
                "UPDATE channel SET tries = 0 WHERE team_id = $1 AND channel_id = $2 AND version = $3 \
                 RETURNING channel_id",
                values![team.as_str(), channel, wanted.version],
            )
        };
        page.guard_first(OVERTAKEN, guard);
        self.commit_reading(page).await
    }

    /// Snoozes a reading that Slack refused or did not answer.
    pub async fn snooze_reading(
        &self,
        team: &TeamId,
        wanted: &Wanted,
        until: Instant,
        refused: Option<&str>,
    ) -> Result<(), StoreError> {
        let mut unit = UnitOfWork::new();
        unit.run(
            "UPDATE channel SET wanted_at = $4, tries = tries + 1, refused = $5 \
             WHERE team_id = $1 AND channel_id = $2 AND version = $3",
            values![
                team.as_str(),
                wanted.channel.as_str(),
                wanted.version,
                until,
                refused.map(str::to_owned)
            ],
        );
        self.commit(unit).await.map(drop)
    }

    async fn commit_reading(&self, unit: UnitOfWork) -> Result<bool, StoreError> {
        Ok(matches!(self.commit(unit).await?, Outcome::Committed(_)))
    }
}

fn read(row: Vec<Value>) -> Result<Wanted, StoreError> {
    let mut row = Columns::of("channel", row);
    Ok(Wanted {
        channel: ChannelId(row.text()?),
        version: row.int()?,
        priority: Priority::of_int(row.int()?),
        is_open: row.text()? == OPEN,
        tries: u32::try_from(row.int()?).unwrap_or(u32::MAX),
    })
}
