//! Programmes: the rituals that channels keep, and when they happen.

use super::{
    Store, StoreError,
    columns::Columns,
    unit::{Insert, UnitOfWork, Value, Write},
};
use crate::{
    model::{
        cadence::Cadence,
        clock::Instant,
        people::{ChannelId, TeamId, UserId},
    },
    values,
};

/// Refuses a start if the channel has such a programme already.
pub const RUNNING: &str = "programme_running";
/// Refuses a change of a programme that has ended, or has the requested state already.
pub const ENDED: &str = "programme_ended";
/// Refuses a unit that was made from an older reading of its programme.
pub const CHANGED: &str = "programme_changed";

/// The query for whole programmes, which [`read_programme`] reads; its condition follows.
macro_rules! programme_rows {
    ($which:literal) => {
        concat!(
            "SELECT programme_id, ritual, channel_id, name, organisers, cadence, settings, version, started_at, \
             from_at, paused_at, ended_at FROM programme ",
            $which
        )
    };
}

/// A ritual that a channel keeps.
#[derive(Clone, Debug, PartialEq)]
pub struct Programme {
    /// It stays when the programme is stopped and started again.
    pub id: String,
    pub ritual: String,
    pub channel: ChannelId,
    /// Its name in the channel; empty if it has none.
    pub name: String,
    /// Who may change it; the person who started it comes first.
    pub organisers: Vec<UserId>,
    /// `None` if it is held on demand.
    pub cadence: Option<Cadence>,
    /// The ritual's own settings: JSON with a version inside.
    pub settings: String,
    /// How often it was changed.
    pub version: i64,
    pub started_at: Instant,
    /// Its occasions come after this.
    pub from_at: Instant,
    pub paused_at: Option<Instant>,
    pub ended_at: Option<Instant>,
}

/// The settings of a programme with its ritual's defaults.
pub const DEFAULT_SETTINGS: &str = r#"{"v":1}"#;

impl Programme {
    /// Returns a programme that begins now, without a name and with its ritual's default settings.
    pub fn new(
        id: String,
        ritual: &str,
        channel: ChannelId,
        organiser: UserId,
        cadence: Option<Cadence>,
        now: Instant,
    ) -> Programme {
        Programme {
            id,
            ritual: ritual.to_owned(),
            channel,
            name: String::new(),
            organisers: vec![organiser],
            cadence,
            settings: DEFAULT_SETTINGS.to_owned(),
            version: 0,
            started_at: now,
            from_at: now,
            paused_at: None,
            ended_at: None,
        }
    }

    /// Whether it is neither paused nor stopped.
    pub fn is_running(&self) -> bool {
        self.ended_at.is_none() && self.paused_at.is_none()
    }
}

/// Normalises a name: case and spacing do not count.
pub fn name_key(name: &str) -> String {
    name.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

/// The channel, the ritual and the name are the identity, so that the guard lets only one of two starts pass, even with
/// different ids.
static PROGRAMME: Insert = Insert {
    table: "programme",
    columns: &[
        "team_id",
        "channel_id",
        "ritual",
        "name_key",
        "name",
        "programme_id",
        "organisers",
        "cadence",
        "settings",
        "version",
        "started_at",
        "from_at",
    ],
    identity: 4,
    on_conflict: "ON CONFLICT (team_id, channel_id, ritual, name_key) DO UPDATE SET name = excluded.name, \
         organisers = excluded.organisers, cadence = excluded.cadence, settings = excluded.settings, \
         version = programme.version + 1, started_at = excluded.started_at, from_at = excluded.from_at, \
         paused_at = NULL, ended_at = NULL \
         WHERE programme.ended_at IS NOT NULL AND programme.programme_id = excluded.programme_id",
};

/// Adds to a unit that a programme begins, or begins again if it has the id of a stopped one, unless the channel has
/// one of that ritual and name ([`RUNNING`]).
pub fn start(unit: &mut UnitOfWork, team: &TeamId, programme: &Programme) -> Result<(), StoreError> {
    let values = values![
        team.as_str(),
        programme.channel.as_str(),
        programme.ritual.as_str(),
        name_key(&programme.name),
        programme.name.as_str(),
        programme.id.as_str(),
        json(&programme.organisers)?,
        programme.cadence.as_ref().map(json).transpose()?,
        programme.settings.as_str(),
        programme.version,
        programme.started_at,
        programme.from_at,
    ];
    unit.guard(RUNNING, Write::Row(&PROGRAMME, values));
    Ok(())
}

/// Adds to a unit that a programme ends, unless it has ended ([`ENDED`]). Its unfinished runs are
/// [cancelled](super::runs::cancel) in the same unit.
pub fn end(unit: &mut UnitOfWork, team: &TeamId, id: &str, now: Instant) {
    let write = Write::Run(
        "UPDATE programme SET ended_at = $3, version = version + 1 \
         WHERE team_id = $1 AND programme_id = $2 AND ended_at IS NULL RETURNING programme_id",
        values![team.as_str(), id, now],
    );
    unit.guard(ENDED, write);
}

/// Adds to a unit that a programme which hasn't ended begins anew, unless it was changed since it had this version ([`CHANGED`]).
pub fn start_anew(
    unit: &mut UnitOfWork,
    team: &TeamId,
    programme: &Programme,
    version: i64,
) -> Result<(), StoreError> {
    let write = Write::Run(
        "UPDATE programme SET name = $4, organisers = $5, cadence = $6, settings = $7, started_at = $8, from_at = $9, \
         paused_at = NULL, version = version + 1 WHERE team_id = $1 AND programme_id = $2 AND version = $3 \
         AND ended_at IS NULL RETURNING programme_id",
        values![
            team.as_str(),
            programme.id.as_str(),
            version,
            programme.name.as_str(),
            json(&programme.organisers)?,
            programme.cadence.as_ref().map(json).transpose()?,
            programme.settings.as_str(),
            programme.started_at,
            programme.from_at,
        ],
    );
    unit.guard(CHANGED, write);
    Ok(())
}

/// Adds to a unit that a programme gets another cadence after an instant, unless it has ended or has this cadence
/// already ([`ENDED`]). Its occasions that have not begun are [cancelled](super::occasions::cancel) in the same unit.
pub fn move_to(
    unit: &mut UnitOfWork,
    team: &TeamId,
    id: &str,
    cadence: &Cadence,
    from: Instant,
) -> Result<(), StoreError> {
    let write = Write::Run(
        "UPDATE programme SET cadence = $3, from_at = $4, version = version + 1 \
         WHERE team_id = $1 AND programme_id = $2 AND ended_at IS NULL AND cadence <> $3 RETURNING programme_id",
        values![team.as_str(), id, json(cadence)?, from],
    );
    unit.guard(ENDED, write);
    Ok(())
}

/// Adds to a unit that a programme gets another name, cadence and settings, and occasions after its `from_at`, unless
/// it was changed since it was read or has ended, or the channel has another one of that name ([`CHANGED`]).
pub fn change(unit: &mut UnitOfWork, team: &TeamId, programme: &Programme) -> Result<(), StoreError> {
    let write = Write::Run(
        "UPDATE programme SET name = $4, name_key = $5, cadence = $6, settings = $7, from_at = $8, \
         version = version + 1 WHERE team_id = $1 AND programme_id = $2 AND version = $3 AND ended_at IS NULL \
         AND NOT EXISTS (SELECT 1 FROM programme other WHERE other.team_id = $1 \
         AND other.channel_id = programme.channel_id AND other.ritual = programme.ritual AND other.name_key = $5 \
         AND other.programme_id <> $2) RETURNING programme_id",
        values![
            team.as_str(),
            programme.id.as_str(),
            programme.version,
            programme.name.as_str(),
            name_key(&programme.name),
            programme.cadence.as_ref().map(json).transpose()?,
            programme.settings.as_str(),
            programme.from_at,
        ],
    );
    unit.guard(CHANGED, write);
    Ok(())
}

/// Adds to a unit that a programme gets other organisers, unless it was changed since it was read or has ended ([`CHANGED`]).
pub fn hand_over(unit: &mut UnitOfWork, team: &TeamId, programme: &Programme) -> Result<(), StoreError> {
    let write = Write::Run(
        "UPDATE programme SET organisers = $4, version = version + 1 \
         WHERE team_id = $1 AND programme_id = $2 AND version = $3 AND ended_at IS NULL RETURNING programme_id",
        values![team.as_str(), programme.id.as_str(), programme.version, json(&programme.organisers)?],
    );
    unit.guard(CHANGED, write);
    Ok(())
}

/// Adds to a unit that a programme pauses, unless it is paused or has ended ([`ENDED`]).
pub fn pause(unit: &mut UnitOfWork, team: &TeamId, id: &str, now: Instant) {
    let write = Write::Run(
        "UPDATE programme SET paused_at = $3, version = version + 1 \
         WHERE team_id = $1 AND programme_id = $2 AND ended_at IS NULL AND paused_at IS NULL RETURNING programme_id",
        values![team.as_str(), id, now],
    );
    unit.guard(ENDED, write);
}

/// Adds to a unit that a programme resumes that was paused at an instant, with occasions after now, unless it runs, has ended
/// or was paused anew since ([`ENDED`]).
pub fn resume(unit: &mut UnitOfWork, team: &TeamId, (id, paused_at): (&str, Instant), now: Instant) {
    let write = Write::Run(
        "UPDATE programme SET paused_at = NULL, from_at = $3, version = version + 1 \
         WHERE team_id = $1 AND programme_id = $2 AND ended_at IS NULL AND paused_at = $4 \
         RETURNING programme_id",
        values![team.as_str(), id, now, paused_at],
    );
    unit.guard(ENDED, write);
}

/// Adds to a unit that a programme's occasions come after an instant.
pub fn plan_from(unit: &mut UnitOfWork, team: &TeamId, id: &str, from: Instant) {
    unit.run(
        "UPDATE programme SET from_at = $3, version = version + 1 WHERE team_id = $1 AND programme_id = $2",
        values![team.as_str(), id, from],
    );
}

/// Makes a unit depend on a programme being as it was read ([`CHANGED`]): the next occasion is not written after the
/// programme was moved, paused or stopped. The unit itself may change it.
pub fn unchanged(unit: &mut UnitOfWork, team: &TeamId, programme: &Programme) {
    let write = Write::Run(
        "UPDATE programme SET version = version \
         WHERE team_id = $1 AND programme_id = $2 AND version = $3 RETURNING programme_id",
        values![team.as_str(), programme.id.as_str(), programme.version],
    );
    unit.guard_first(CHANGED, write);
}

/// Adds to a unit that a channel has another id: its programmes go on there.
pub fn move_channel(unit: &mut UnitOfWork, team: &TeamId, from: &ChannelId, to: &ChannelId) {
    unit.run(
        "UPDATE programme SET channel_id = $3 WHERE team_id = $1 AND channel_id = $2 AND NOT EXISTS \
         (SELECT 1 FROM programme other WHERE other.team_id = $1 AND other.channel_id = $3 \
         AND other.ritual = programme.ritual AND other.name_key = programme.name_key)",
        values![team.as_str(), from.as_str(), to.as_str()],
    );
}

impl Store {
    /// Returns a programme, even one that has ended.
    pub async fn programme(&self, team: &TeamId, id: &str) -> Result<Option<Programme>, StoreError> {
        let rows = self
            .ask(programme_rows!("WHERE team_id = $1 AND programme_id = $2"), values![team.as_str(), id])
            .await?;
        rows.into_iter().next().map(read_programme).transpose()
    }

    /// Returns the programmes of a ritual in a channel: running ones first, then the last stopped ones; each group by
    /// name. One that this release cannot read is left out.
    pub async fn programmes_in(
        &self,
        team: &TeamId,
        ritual: &str,
        channel: &ChannelId,
    ) -> Result<Vec<Programme>, StoreError> {
        let rows = self
            .ask(
                programme_rows!(
                    "WHERE team_id = $1 AND ritual = $2 AND channel_id = $3 \
                     ORDER BY COALESCE(ended_at, 9223372036854775807) DESC, name_key LIMIT 50"
                ),
                values![team.as_str(), ritual, channel.as_str()],
            )
            .await?;
        Ok(rows.into_iter().filter_map(|row| read_programme(row).ok()).collect())
    }

    /// Returns the programmes of a ritual in the channels of a person that have not ended, by name; 50 at most. One that this
    /// release cannot read is left out.
    pub async fn programmes_of_member(
        &self,
        team: &TeamId,
        ritual: &str,
        person: &UserId,
    ) -> Result<Vec<Programme>, StoreError> {
        let rows = self
            .ask(
                programme_rows!(
                    "WHERE team_id = $1 AND ritual = $2 AND ended_at IS NULL AND EXISTS (SELECT 1 FROM channel_member m \
                     WHERE m.team_id = programme.team_id AND m.channel_id = programme.channel_id AND m.user_id = $3 \
                     AND m.left_at IS NULL) ORDER BY channel_id, name_key LIMIT 50"
                ),
                values![team.as_str(), ritual, person.as_str()],
            )
            .await?;
        Ok(rows.into_iter().filter_map(|row| read_programme(row).ok()).collect())
    }

    /// Returns the channels of a person in which a ritual runs; five at most, for a sentence.
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

    /// Returns the ids of all programmes that have not ended. Each is read by itself, so that an unreadable one does
    /// not stop the others.
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

fn json(value: &impl serde::Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(StoreError::coding)
}

fn read_programme(row: Vec<Value>) -> Result<Programme, StoreError> {
    let mut row = Columns::of("programme", row);
    Ok(Programme {
        id: row.text()?,
        ritual: row.text()?,
        channel: ChannelId(row.text()?),
        name: row.text()?,
        organisers: serde_json::from_str(&row.text()?).map_err(StoreError::coding)?,
        cadence: row
            .text_or_null()
            .map(|cadence| serde_json::from_str(&cadence))
            .transpose()
            .map_err(StoreError::coding)?,
        settings: row.text()?,
        version: row.int()?,
        started_at: row.at()?,
        from_at: row.at()?,
        paused_at: row.at_or_null(),
        ended_at: row.at_or_null(),
    })
}
