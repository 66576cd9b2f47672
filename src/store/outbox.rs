//! The outbox: one row for each thing that people see, with what it should say and what Slack shows.
//!
//! A row holds the version that is wanted and the version that was sent. Enqueueing an effect under a key that is
//! there already asks for the next version: unsent it is replaced, sent it becomes an update, and while it is on
//! its way it waits for its turn. So order holds per key without any ordering.

use chrono::Duration;

use super::{
    Store, StoreError,
    unit::{Insert, Outcome, Unit, Value, Write},
};
use crate::{
    model::{
        clock::{Instant, from_ms},
        effect::{Doubt, Effect, Lane, Origin, Work},
        message::Message,
        people::{ChannelId, TeamId},
    },
    values,
};

pub(super) static EFFECT: Insert = Insert {
    table: "outbox",
    columns: &[
        "team_id",
        "key",
        "kind",
        "target",
        "lane",
        "ritual",
        "note",
        "doubt",
        "payload",
        "version",
        "sent_version",
        "not_before",
        "visible_at",
        "expires_at",
        "attempts",
        "looks",
        "created_at",
    ],
    identity: 2,
    on_conflict: "ON CONFLICT (team_id, key) DO UPDATE SET \
         payload = excluded.payload, version = outbox.version + 1, expires_at = excluded.expires_at, \
         note = excluded.note, lane = excluded.lane, attempts = 0, dead_at = NULL, last_error = NULL, \
         visible_at = CASE WHEN outbox.send_started_at IS NULL THEN excluded.visible_at ELSE outbox.visible_at END",
};

/// What a claim is refused with that somebody else was quicker to make.
const TAKEN: &str = "taken";

/// Adds an effect to a unit, so that it is committed together with what caused it.
pub fn enqueue(unit: &mut Unit, team: &TeamId, effect: &Effect, now: Instant) -> Result<(), StoreError> {
    let (kind, target) = match &effect.work {
        Work::Post { to, .. } => ("post", to.as_str()),
        // The address of an answer is a secret and no channel; there is nothing to pace it by.
        Work::Respond { .. } => ("respond", ""),
    };
    let doubt = match effect.doubt {
        Doubt::GiveUp => "give_up",
        Doubt::Repeat => "repeat",
    };
    let expires_at = effect.expires_at.map(|at| at.timestamp_millis());
    let values = values![
        team.as_str(),
        effect.key.as_str(),
        kind,
        target,
        effect.lane.rank(),
        effect.origin.ritual.as_str(),
        effect.origin.note.as_str(),
        doubt,
        encode(&effect.work)?,
        1,
        0,
        effect.not_before,
        effect.not_before,
        expires_at,
        0,
        0,
        now,
    ];
    unit.row(&EFFECT, values);
    Ok(())
}

/// Adds to a unit that a thing which may have been posted says something else from now on. What was not posted
/// yet is withdrawn instead, and what was never to be posted stays so.
pub fn amend(unit: &mut Unit, team: &TeamId, key: &str, work: &Work, now: Instant) -> Result<(), StoreError> {
    unit.run(
        "UPDATE outbox SET version = version + 1, dead_at = NULL, \
         payload = CASE WHEN ts IS NULL AND send_started_at IS NULL THEN NULL ELSE $3 END, \
         visible_at = CASE WHEN send_started_at IS NOT NULL THEN visible_at WHEN ts IS NULL THEN NULL ELSE $4 END \
         WHERE team_id = $1 AND key = $2",
        values![team.as_str(), key, encode(work)?, now],
    );
    Ok(())
}

fn encode(work: &Work) -> Result<String, StoreError> {
    serde_json::to_string(work).map_err(|error| StoreError::Other(sqlx::Error::Encode(error.into())))
}

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

    /// How much waits, since when, and how much is dead.
    pub async fn outbox_depth(&self, now: Instant) -> Result<Depth, StoreError> {
        let waiting = self
            .ask(
                "SELECT COUNT(*), MIN(not_before) FROM outbox WHERE visible_at IS NOT NULL AND not_before <= $1",
                values![now],
            )
            .await?;
        let dead = self.ask("SELECT COUNT(*) FROM outbox WHERE dead_at IS NOT NULL", Vec::new()).await?;
        let number = |rows: &[Vec<Value>], column: usize| rows.first().and_then(|row| row[column].int());
        Ok(Depth {
            waiting: number(&waiting, 0).unwrap_or_default(),
            oldest: number(&waiting, 1).map_or(Duration::zero(), |since| now - from_ms(since)),
            dead: number(&dead, 0).unwrap_or_default(),
        })
    }

    /// What an operator sees of the outbox: what waits and what is dead, without any words that people wrote.
    pub async fn outbox_list(&self, limit: i64) -> Result<Vec<Listed>, StoreError> {
        let rows = self
            .ask(
                "SELECT key, kind, target, attempts, visible_at, dead_at, last_error, send_started_at FROM outbox \
                 WHERE visible_at IS NOT NULL OR dead_at IS NOT NULL ORDER BY created_at LIMIT $1",
                values![limit],
            )
            .await?;
        rows.into_iter().map(read_listed).collect()
    }

    /// Sends what is dead once more (one key, or all); answers how many rows that were.
    pub async fn outbox_retry(&self, key: Option<&str>, now: Instant) -> Result<usize, StoreError> {
        const RETRY: &str = "UPDATE outbox SET dead_at = NULL, visible_at = $2, attempts = 0, looks = 0, \
             expires_at = NULL WHERE key = $1 AND dead_at IS NOT NULL AND payload IS NOT NULL RETURNING key";
        self.each_dead(key, |dead| Write::Run(RETRY, values![dead, now])).await
    }

    /// Gives up what is dead (one key, or all); answers how many rows that were.
    pub async fn outbox_drop(&self, key: Option<&str>) -> Result<usize, StoreError> {
        const DROP: &str = "UPDATE outbox SET dead_at = NULL, visible_at = NULL, payload = NULL \
             WHERE key = $1 AND dead_at IS NOT NULL RETURNING key";
        self.each_dead(key, |dead| Write::Run(DROP, values![dead])).await
    }

    async fn each_dead(
        &self,
        key: Option<&str>,
        mend: impl Fn(String) -> Write,
    ) -> Result<usize, StoreError> {
        let rows = self.ask("SELECT key FROM outbox WHERE dead_at IS NOT NULL", Vec::new()).await?;
        let dead = rows.into_iter().flatten().filter_map(Value::text);
        let mut touched = 0;
        for dead in dead.filter(|dead| key.is_none_or(|key| key == dead)) {
            if matches!(self.commit(Unit::guarded("dead", mend(dead))).await?, Outcome::Committed(_)) {
                touched += 1;
            }
        }
        Ok(touched)
    }
}

/// How full the outbox is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Depth {
    /// Effects that are due and not done.
    pub waiting: i64,
    /// How long the oldest of them has waited.
    pub oldest: Duration,
    /// Effects that were given up.
    pub dead: i64,
}

/// One line of what an operator sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its key.
    pub key: String,
    /// `post` or `respond`.
    pub kind: String,
    /// The channel or person it goes to.
    pub target: String,
    /// How often it was tried.
    pub attempts: i64,
    /// When somebody looks at it next.
    pub next_at: Option<Instant>,
    /// Whether it was given up.
    pub dead: bool,
    /// Whether it is not known if Slack did it.
    pub unknown: bool,
    /// What Slack said last.
    pub last_error: Option<String>,
}

fn read_listed(row: Vec<Value>) -> Result<Listed, StoreError> {
    let [key, kind, target, attempts, visible_at, dead_at, last_error, started]: [Value; 8] =
        row.try_into().map_err(|_| missing())?;
    Ok(Listed {
        key: key.text().ok_or_else(missing)?,
        kind: kind.text().ok_or_else(missing)?,
        target: target.text().unwrap_or_default(),
        attempts: attempts.int().unwrap_or_default(),
        next_at: visible_at.int().map(from_ms),
        dead: dead_at.int().is_some(),
        unknown: started.int().is_some(),
        last_error: last_error.text(),
    })
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
        work: serde_json::from_str::<Work>(&work)
            .map_err(|error| StoreError::Other(sqlx::Error::Decode(error.into())))?,
    })
}

fn missing() -> StoreError {
    StoreError::Other(sqlx::Error::Decode("a row of the outbox lacks a value".into()))
}

impl Due {
    /// The message it carries.
    pub fn message(&self) -> &Message {
        match &self.work {
            Work::Post { message, .. } | Work::Respond { message, .. } => message,
        }
    }
}
