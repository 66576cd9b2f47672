//! Programmes: what channels keep, and when it comes round.

use super::{
    Store, StoreError,
    unit::{Insert, Unit, Value, Write},
};
use crate::{
    model::{
        cadence::Cadence,
        clock::{Instant, from_ms},
        people::{ChannelId, TeamId, UserId},
    },
    values,
};

/// What a start is refused with where the channel keeps such a programme already.
pub const RUNNING: &str = "programme_running";
/// What a change is refused with whose programme has ended.
pub const ENDED: &str = "programme_ended";

/// The question for whole programmes, of which [`read_programme`] makes what they are; what is behind it says which.
macro_rules! programme_rows {
    ($which:literal) => {
        concat!(
            "SELECT programme_id, ritual, channel_id, organiser, cadence, started_at, ended_at FROM programme ",
            $which
        )
    };
}

/// A ritual that a channel keeps.
#[derive(Clone, Debug, PartialEq)]
pub struct Programme {
    /// Its id.
    pub id: String,
    /// The ritual's name.
    pub ritual: String,
    /// Where.
    pub channel: ChannelId,
    /// Who started it.
    pub organiser: UserId,
    /// When it comes.
    pub cadence: Cadence,
    /// Since when.
    pub started_at: Instant,
    /// When it was stopped.
    pub ended_at: Option<Instant>,
}

/// The channel and the ritual come first, so that of two starts the guard lets one pass, whatever their ids.
static PROGRAMME: Insert = Insert {
    table: "programme",
    columns: &["team_id", "channel_id", "ritual", "programme_id", "organiser", "cadence", "started_at"],
    identity: 3,
    on_conflict: "ON CONFLICT DO NOTHING",
};

/// Adds to a unit that a programme begins, unless the channel keeps one of that ritual ([`RUNNING`]).
pub fn start(unit: &mut Unit, team: &TeamId, programme: &Programme) -> Result<(), StoreError> {
    let cadence = serde_json::to_string(&programme.cadence).map_err(StoreError::coding)?;
    let values = values![
        team.as_str(),
        programme.channel.as_str(),
        programme.ritual.as_str(),
        programme.id.as_str(),
        programme.organiser.as_str(),
        cadence,
        programme.started_at,
    ];
    unit.guard(RUNNING, Write::Row(&PROGRAMME, values));
    Ok(())
}

/// Adds to a unit that a programme has ended, unless it has already ([`ENDED`]). Its runs that are not done are
/// [cancelled](super::runs::cancel) in the same unit.
pub fn end(unit: &mut Unit, team: &TeamId, id: &str, now: Instant) {
    let write = Write::Run(
        "UPDATE programme SET ended_at = $3 WHERE team_id = $1 AND programme_id = $2 AND ended_at IS NULL \
         RETURNING programme_id",
        values![team.as_str(), id, now],
    );
    unit.guard(ENDED, write);
}

/// Adds to a unit that a programme comes at other times from now on, unless it has ended or has these times already
/// ([`ENDED`]). Its pending runs are [replaced](super::runs::cancel) in the same unit.
pub fn move_to(unit: &mut Unit, team: &TeamId, id: &str, cadence: &Cadence) -> Result<(), StoreError> {
    let cadence = serde_json::to_string(cadence).map_err(StoreError::coding)?;
    let write = Write::Run(
        "UPDATE programme SET cadence = $3 WHERE team_id = $1 AND programme_id = $2 AND ended_at IS NULL \
         AND cadence <> $3 RETURNING programme_id",
        values![team.as_str(), id, cadence],
    );
    unit.guard(ENDED, write);
    Ok(())
}

/// Adds to a unit that a channel goes by another id: what was kept in it goes on there.
pub fn move_channel(unit: &mut Unit, team: &TeamId, from: &ChannelId, to: &ChannelId) {
    unit.run(
        "UPDATE programme SET channel_id = $3 WHERE team_id = $1 AND channel_id = $2 AND NOT EXISTS \
         (SELECT 1 FROM programme other WHERE other.team_id = $1 AND other.channel_id = $3 \
         AND other.ritual = programme.ritual AND other.ended_at IS NULL)",
        values![team.as_str(), from.as_str(), to.as_str()],
    );
}

impl Store {
    /// A programme, also one that has ended.
    pub async fn programme(&self, team: &TeamId, id: &str) -> Result<Option<Programme>, StoreError> {
        let rows = self
            .ask(programme_rows!("WHERE team_id = $1 AND programme_id = $2"), values![team.as_str(), id])
            .await?;
        rows.into_iter().next().map(read_programme).transpose()
    }

    /// The programme of a ritual that a channel keeps now.
    pub async fn programme_in(
        &self,
        team: &TeamId,
        ritual: &str,
        channel: &ChannelId,
    ) -> Result<Option<Programme>, StoreError> {
        let rows = self
            .ask(
                programme_rows!(
                    "WHERE team_id = $1 AND ritual = $2 AND channel_id = $3 AND ended_at IS NULL"
                ),
                values![team.as_str(), ritual, channel.as_str()],
            )
            .await?;
        rows.into_iter().next().map(read_programme).transpose()
    }

    /// The channels of a person's where a ritual is kept now; five at most, for a sentence.
    pub async fn channels_with(
        &self,
        team: &TeamId,
        ritual: &str,
        person: &UserId,
    ) -> Result<Vec<ChannelId>, StoreError> {
        let rows = self
            .ask(
                "SELECT DISTINCT programme.channel_id FROM programme JOIN channel_member \
                 ON channel_member.team_id = programme.team_id AND channel_member.channel_id = programme.channel_id \
                 WHERE programme.team_id = $1 AND programme.ritual = $2 AND programme.ended_at IS NULL \
                 AND channel_member.user_id = $3 AND channel_member.left_at IS NULL \
                 ORDER BY programme.channel_id LIMIT 5",
                values![team.as_str(), ritual, person.as_str()],
            )
            .await?;
        Ok(rows.into_iter().filter_map(|row| row.into_iter().next()?.text()).map(ChannelId).collect())
    }

    /// The ids of all programmes that are kept now. Each is read by itself, so that one that cannot be read does not
    /// stand in the way of the others.
    pub async fn programme_ids(&self, team: &TeamId) -> Result<Vec<String>, StoreError> {
        let rows = self
            .ask(
                "SELECT programme_id FROM programme WHERE team_id = $1 AND ended_at IS NULL ORDER BY programme_id",
                values![team.as_str()],
            )
            .await?;
        Ok(rows.into_iter().filter_map(|row| row.into_iter().next()?.text()).collect())
    }
}

fn read_programme(row: Vec<Value>) -> Result<Programme, StoreError> {
    let missing = || StoreError::coding("a row of the programmes lacks a value");
    let [id, ritual, channel, organiser, cadence, started_at, ended_at]: [Value; 7] =
        row.try_into().map_err(|_| missing())?;
    let cadence = cadence.text().ok_or_else(missing)?;
    Ok(Programme {
        id: id.text().ok_or_else(missing)?,
        ritual: ritual.text().ok_or_else(missing)?,
        channel: ChannelId(channel.text().ok_or_else(missing)?),
        organiser: UserId(organiser.text().ok_or_else(missing)?),
        cadence: serde_json::from_str(&cadence).map_err(StoreError::coding)?,
        started_at: started_at.int().map(from_ms).ok_or_else(missing)?,
        ended_at: ended_at.int().map(from_ms),
    })
}
