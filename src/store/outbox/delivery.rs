//! Delivering: which effect is due, taking it in hand, and writing down what became of it.

use super::{TAKEN, missing};
use crate::{
    model::{
        clock::{Instant, from_ms},
        effect::{Doubt, Lane, Origin, Work},
        people::{ChannelId, TeamId},
    },
    store::{
        Store, StoreError,
        unit::{Outcome, Unit, Value, Write},
    },
    values,
};

/// A row of the outbox that is due.
#[derive(Clone, Debug)]
pub struct Due {
    /// Its key.
    pub key: String,
    /// The version that is wanted.
    pub version: i64,
    /// The instant by which it became visible: the mark by which a claim knows that nobody was quicker.
    pub visible_at: i64,
    /// When it was first to be done; later `visible_at` means that it waited for its turn in its channel.
    pub not_before: i64,
    /// Of no use after this.
    pub expires_at: Option<Instant>,
    /// When a sending began of which no answer is known.
    pub send_started_at: Option<Instant>,
    /// How often it was tried.
    pub attempts: i64,
    /// How often Slack's history was searched for it.
    pub looks: i64,
    /// Where it is posted already.
    pub posted: Option<(ChannelId, String)>,
    /// What to do when nobody can say whether it was done.
    pub doubt: Doubt,
    /// Who asked for it.
    pub origin: Origin,
    /// What to do.
    pub work: Work,
}

/// What became of a claimed effect.
#[derive(Clone, Debug)]
pub enum Fate {
    /// Slack shows it now: where, and under which timestamp, if it is a message.
    Sent(Option<(ChannelId, String)>),
    /// It was surely not done; again at this instant.
    Again(Instant, String),
    /// Nobody knows whether it was done; look at this instant.
    Look(Instant, String),
    /// It was looked for and not found; look again at this instant.
    LookAgain(Instant),
    /// It cannot be done, and somebody should know.
    Dead(String),
    /// It cannot be done, and whoever asked for it has done something else instead.
    Replaced(String),
}

impl Store {
    /// The first effect of a lane that is due and whose method is not held up. `held_up` names at most three of
    /// `post`, `update` and `respond`.
    pub async fn due_effect(
        &self,
        team: &TeamId,
        lane: Lane,
        now: Instant,
        held_up: &[&'static str],
    ) -> Result<Option<Due>, StoreError> {
        let held = |n: usize| held_up.get(n).copied().unwrap_or_default();
        let rows = self
            .ask(
                "SELECT key, version, visible_at, not_before, expires_at, send_started_at, attempts, looks, \
                        channel, ts, doubt, ritual, note, payload \
                 FROM outbox WHERE team_id = $1 AND lane = $2 AND visible_at <= $3 \
                 AND CASE WHEN kind = 'post' AND ts IS NOT NULL THEN 'update' ELSE kind END NOT IN ($4, $5, $6) \
                 ORDER BY visible_at LIMIT 1",
                values![team.as_str(), lane.rank(), now, held(0), held(1), held(2)],
            )
            .await?;
        rows.into_iter().next().map(read_due).transpose()
    }

    /// When the next effect becomes visible.
    pub async fn next_effect_at(&self, team: &TeamId) -> Result<Option<Instant>, StoreError> {
        let rows = self
            .ask(
                "SELECT MIN(visible_at) FROM outbox WHERE team_id = $1 AND visible_at IS NOT NULL",
                values![team.as_str()],
            )
            .await?;
        Ok(rows.first().and_then(|row| row[0].int()).map(from_ms))
    }

    /// Puts a due effect off, since its channel is not free before `until`.
    pub async fn put_off(&self, team: &TeamId, due: &Due, until: Instant) -> Result<(), StoreError> {
        let mut unit = Unit::new();
        unit.run(
            "UPDATE outbox SET visible_at = $4 WHERE team_id = $1 AND key = $2 AND visible_at = $3",
            values![team.as_str(), due.key.as_str(), due.visible_at, until],
        );
        self.commit(unit).await.map(drop)
    }

    /// Takes a due effect in hand until `lease_end`; false when somebody else was quicker. A sending whose answer
    /// is unknown keeps the instant at which it began.
    pub async fn claim_effect(
        &self,
        team: &TeamId,
        due: &Due,
        now: Instant,
        lease_end: Instant,
    ) -> Result<bool, StoreError> {
        let claim = Write::Run(
            "UPDATE outbox SET visible_at = $5, attempts = attempts + 1, \
             send_started_at = COALESCE(send_started_at, $6) \
             WHERE team_id = $1 AND key = $2 AND visible_at = $3 AND version = $4 RETURNING version",
            values![team.as_str(), due.key.as_str(), due.visible_at, due.version, lease_end, now],
        );
        Ok(matches!(self.commit(Unit::guarded(TAKEN, claim)).await?, Outcome::Committed(_)))
    }

    /// Writes down what became of a claimed effect, together with what its ritual wants done instead.
    pub async fn settle_effect(
        &self,
        team: &TeamId,
        due: &Due,
        fate: Fate,
        mut instead: Unit,
        now: Instant,
    ) -> Result<(), StoreError> {
        let id = values![team.as_str(), due.key.as_str()];
        let with = |more: Vec<Value>| id.iter().cloned().chain(more).collect::<Vec<_>>();
        match fate {
            Fate::Sent(posted) => {
                let (channel, ts) = posted.unzip();
                // A version that was asked for meanwhile is due at once; else the words are erased.
                instead.run(
                    "UPDATE outbox SET sent_version = $3, send_started_at = NULL, attempts = 0, looks = 0, \
                     last_error = NULL, channel = COALESCE($4, channel), ts = COALESCE($5, ts), \
                     payload = CASE WHEN version > $3 THEN payload ELSE NULL END, \
                     visible_at = CASE WHEN version > $3 THEN $6 ELSE NULL END \
                     WHERE team_id = $1 AND key = $2",
                    with(values![due.version, channel.map(|channel| channel.0), ts, now]),
                );
            }
            Fate::Again(at, error) => instead.run(
                "UPDATE outbox SET send_started_at = NULL, looks = 0, visible_at = $3, last_error = $4 \
                 WHERE team_id = $1 AND key = $2",
                with(values![at, error]),
            ),
            Fate::Look(at, error) => instead.run(
                "UPDATE outbox SET visible_at = $3, last_error = $4 WHERE team_id = $1 AND key = $2",
                with(values![at, error]),
            ),
            Fate::LookAgain(at) => instead.run(
                "UPDATE outbox SET visible_at = $3, looks = looks + 1 WHERE team_id = $1 AND key = $2",
                with(values![at]),
            ),
            Fate::Dead(error) => instead.run(
                "UPDATE outbox SET visible_at = NULL, send_started_at = NULL, dead_at = $3, last_error = $4 \
                 WHERE team_id = $1 AND key = $2",
                with(values![now, error]),
            ),
            Fate::Replaced(error) => instead.run(
                "UPDATE outbox SET visible_at = NULL, send_started_at = NULL, payload = NULL, last_error = $3 \
                 WHERE team_id = $1 AND key = $2",
                with(values![error]),
            ),
        }
        self.commit(instead).await.map(drop)
    }
}

fn read_due(row: Vec<Value>) -> Result<Due, StoreError> {
    let [
        key,
        version,
        visible_at,
        not_before,
        expires_at,
        started,
        attempts,
        looks,
        channel,
        ts,
        doubt,
        ritual,
        note,
        payload,
    ]: [Value; 14] = row.try_into().map_err(|_| missing())?;
    let work = payload.text().ok_or_else(missing)?;
    Ok(Due {
        key: key.text().ok_or_else(missing)?,
        version: version.int().ok_or_else(missing)?,
        visible_at: visible_at.int().ok_or_else(missing)?,
        not_before: not_before.int().ok_or_else(missing)?,
        expires_at: expires_at.int().map(from_ms),
        send_started_at: started.int().map(from_ms),
        attempts: attempts.int().unwrap_or_default(),
        looks: looks.int().unwrap_or_default(),
        posted: channel.text().map(ChannelId).zip(ts.text()),
        doubt: if doubt.text().as_deref() == Some("repeat") { Doubt::Repeat } else { Doubt::GiveUp },
        origin: Origin { ritual: ritual.text().unwrap_or_default(), note: note.text().unwrap_or_default() },
        work: serde_json::from_str::<Work>(&work).map_err(StoreError::coding)?,
    })
}
