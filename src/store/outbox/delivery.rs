//! Delivering: which effect is due, taking it in hand, and writing down what became of it.

use super::{LOST, TAKEN, missing};
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
    /// The version that went on its way last; while its answer is unknown, the wanted one may be newer.
    pub sent_version: i64,
    /// The instant by which it became visible: the mark by which a claim knows that nobody was quicker. Once it is
    /// claimed, the end of the claim, by which the settling knows the same.
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
    /// The conversation it goes to, as far as that is known: a DM and a group have none before they are opened.
    pub conversation: Option<ChannelId>,
    /// The message's timestamp in that conversation, once it is posted.
    pub ts: Option<String>,
    /// What to do when nobody can say whether it was done.
    pub doubt: Doubt,
    /// Who asked for it.
    pub origin: Origin,
    /// What to do.
    pub work: Work,
}

impl Due {
    /// Where it is posted already.
    pub fn posted(&self) -> Option<(&ChannelId, &str)> {
        self.conversation.as_ref().zip(self.ts.as_deref())
    }
}

/// What became of a claimed effect.
#[derive(Clone, Debug)]
pub enum Fate {
    /// Slack shows it now: where, and under which timestamp, if it is a message.
    Sent(Option<(ChannelId, String)>),
    /// Its conversation is open: this is the next step to it, which is due at once.
    Opened(ChannelId),
    /// It was surely not done; again at this instant.
    Again(Instant, String),
    /// Nobody knows whether it was done; look at this instant.
    Look(Instant, String),
    /// It was looked for and not found; look again at this instant.
    LookAgain(Instant),
    /// It cannot be done, and somebody should know.
    Dead(String),
    /// It cannot be done any more, and nobody misses it: an answer to somebody who has stopped waiting.
    Dropped(String),
    /// It cannot be done, and whoever asked for it has done something else instead.
    Replaced(String),
}

impl Store {
    /// The first effect of a lane that is due and whose method is not held up. `held_up` names some of `post`,
    /// `update`, `respond`, `look` (for a post whose answer was lost) and `open` (before a group is posted to, or a DM
    /// is looked through).
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
                "SELECT key, version, sent_version, visible_at, not_before, expires_at, send_started_at, attempts, looks, \
                        channel, ts, doubt, ritual, note, payload \
                 FROM outbox WHERE team_id = $1 AND lane = $2 AND visible_at <= $3 \
                 AND CASE WHEN kind = 'respond' THEN 'respond' WHEN ts IS NOT NULL THEN 'update' \
                 WHEN channel IS NULL AND (kind = 'group' OR send_started_at IS NOT NULL) THEN 'open' \
                 WHEN send_started_at IS NOT NULL THEN 'look' ELSE 'post' END \
                 NOT IN ($4, $5, $6, $7, $8) \
                 ORDER BY visible_at LIMIT 1",
                values![team.as_str(), lane.rank(), now, held(0), held(1), held(2), held(3), held(4)],
            )
            .await?;
        rows.into_iter().next().map(read_due).transpose()
    }

    /// When the next effect becomes visible; what is visible already waits for something else.
    pub async fn next_effect_at(&self, team: &TeamId, now: Instant) -> Result<Option<Instant>, StoreError> {
        let rows = self
            .ask(
                "SELECT MIN(visible_at) FROM outbox WHERE team_id = $1 AND visible_at > $2",
                values![team.as_str(), now],
            )
            .await?;
        Ok(rows.first().and_then(|row| row[0].int()).map(from_ms))
    }

    /// When the first effect is or becomes visible.
    pub async fn next_effect(&self, team: &TeamId) -> Result<Option<Instant>, StoreError> {
        let rows = self
            .ask(
                "SELECT MIN(visible_at) FROM outbox WHERE team_id = $1 AND visible_at IS NOT NULL",
                values![team.as_str()],
            )
            .await?;
        Ok(rows.first().and_then(|row| row[0].int()).map(from_ms))
    }

    /// Puts a due effect off, since its channel is not free before `until`; false when another replica took it first.
    pub async fn put_off(&self, team: &TeamId, due: &Due, until: Instant) -> Result<bool, StoreError> {
        let put_off = Write::Run(
            "UPDATE outbox SET visible_at = $4 WHERE team_id = $1 AND key = $2 AND visible_at = $3 RETURNING key",
            values![team.as_str(), due.key.as_str(), due.visible_at, until],
        );
        Ok(matches!(self.commit(Unit::guarded(TAKEN, put_off)).await?, Outcome::Committed(_)))
    }

    /// Takes a due effect in hand until `lease_end`; false when somebody else was quicker. `sending` is when it goes on
    /// its way, if this is more than a step to it; a sending whose answer is unknown keeps the instant at which it began.
    pub async fn claim_effect(
        &self,
        team: &TeamId,
        due: &mut Due,
        sending: Option<Instant>,
        lease_end: Instant,
    ) -> Result<bool, StoreError> {
        let claim = Write::Run(
            "UPDATE outbox SET visible_at = $5, attempts = attempts + 1, \
             sent_version = CASE WHEN send_started_at IS NULL AND $6 IS NOT NULL THEN version ELSE sent_version END, \
             send_started_at = COALESCE(send_started_at, $6) \
             WHERE team_id = $1 AND key = $2 AND visible_at = $3 AND version = $4 RETURNING sent_version",
            values![
                team.as_str(),
                due.key.as_str(),
                due.visible_at,
                due.version,
                lease_end,
                sending.map(|at| at.timestamp_millis()),
            ],
        );
        let Outcome::Committed(returned) = self.commit(Unit::guarded(TAKEN, claim)).await? else {
            return Ok(false);
        };
        due.sent_version = returned.first().and_then(|row| row[0].int()).ok_or_else(missing)?;
        due.visible_at = lease_end.timestamp_millis();
        Ok(true)
    }

    /// Whether an effect is still in the hand of the claim that was made.
    pub async fn is_claimed(&self, team: &TeamId, due: &Due) -> Result<bool, StoreError> {
        let rows = self
            .ask(
                "SELECT key FROM outbox WHERE team_id = $1 AND key = $2 AND visible_at = $3",
                values![team.as_str(), due.key.as_str(), due.visible_at],
            )
            .await?;
        Ok(!rows.is_empty())
    }

    /// Writes down what became of a claimed effect, together with what its ritual wants done instead; false when the
    /// claim had ended and somebody else has the effect in hand.
    pub async fn settle_effect(
        &self,
        team: &TeamId,
        due: &Due,
        fate: Fate,
        mut instead: Unit,
        now: Instant,
    ) -> Result<bool, StoreError> {
        let id = values![team.as_str(), due.key.as_str(), due.visible_at];
        let with = |more: Vec<Value>| id.iter().cloned().chain(more).collect::<Vec<_>>();
        let settle = match fate {
            Fate::Sent(posted) => {
                let (channel, ts) = posted.unzip();
                // A version that was asked for meanwhile is due at once; else the words are erased.
                Write::Run(
                    "UPDATE outbox SET send_started_at = NULL, attempts = 0, looks = 0, last_error = NULL, \
                     channel = COALESCE($5, channel), ts = COALESCE($6, ts), \
                     payload = CASE WHEN version > $4 THEN payload ELSE NULL END, \
                     visible_at = CASE WHEN version > $4 THEN $7 ELSE NULL END \
                     WHERE team_id = $1 AND key = $2 AND visible_at = $3 RETURNING key",
                    with(values![due.sent_version, channel.map(|channel| channel.0), ts, now]),
                )
            }
            // Behind those that wait for their turn in the same conversation.
            Fate::Opened(conversation) => Write::Run(
                "UPDATE outbox SET channel = $4, visible_at = $5, attempts = 0, last_error = NULL \
                 WHERE team_id = $1 AND key = $2 AND visible_at = $3 RETURNING key",
                with(values![conversation.as_str(), now]),
            ),
            Fate::Again(at, error) => Write::Run(
                "UPDATE outbox SET send_started_at = NULL, looks = 0, visible_at = $4, last_error = $5 \
                 WHERE team_id = $1 AND key = $2 AND visible_at = $3 RETURNING key",
                with(values![at, error]),
            ),
            Fate::Look(at, error) => Write::Run(
                "UPDATE outbox SET visible_at = $4, last_error = $5 \
                 WHERE team_id = $1 AND key = $2 AND visible_at = $3 RETURNING key",
                with(values![at, error]),
            ),
            Fate::LookAgain(at) => Write::Run(
                "UPDATE outbox SET visible_at = $4, looks = looks + 1 \
                 WHERE team_id = $1 AND key = $2 AND visible_at = $3 RETURNING key",
                with(values![at]),
            ),
            Fate::Dead(error) => Write::Run(
                "UPDATE outbox SET visible_at = NULL, send_started_at = NULL, dead_at = $4, last_error = $5 \
                 WHERE team_id = $1 AND key = $2 AND visible_at = $3 RETURNING key",
                with(values![now, error]),
            ),
            Fate::Dropped(error) | Fate::Replaced(error) => Write::Run(
                "UPDATE outbox SET visible_at = NULL, send_started_at = NULL, payload = NULL, last_error = $4 \
                 WHERE team_id = $1 AND key = $2 AND visible_at = $3 RETURNING key",
                with(values![error]),
            ),
        };
        instead.guard_first(LOST, settle);
        Ok(matches!(self.commit(instead).await?, Outcome::Committed(_)))
    }
}

fn read_due(row: Vec<Value>) -> Result<Due, StoreError> {
    let [
        key,
        version,
        sent_version,
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
    ]: [Value; 15] = row.try_into().map_err(|_| missing())?;
    let work = payload.text().ok_or_else(missing)?;
    Ok(Due {
        key: key.text().ok_or_else(missing)?,
        version: version.int().ok_or_else(missing)?,
        sent_version: sent_version.int().ok_or_else(missing)?,
        visible_at: visible_at.int().ok_or_else(missing)?,
        not_before: not_before.int().ok_or_else(missing)?,
        expires_at: expires_at.int().map(from_ms),
        send_started_at: started.int().map(from_ms),
        attempts: attempts.int().unwrap_or_default(),
        looks: looks.int().unwrap_or_default(),
        conversation: channel.text().map(ChannelId),
        ts: ts.text(),
        doubt: if doubt.text().as_deref() == Some("repeat") { Doubt::Repeat } else { Doubt::GiveUp },
        origin: Origin { ritual: ritual.text().unwrap_or_default(), note: note.text().unwrap_or_default() },
        work: serde_json::from_str::<Work>(&work).map_err(StoreError::coding)?,
    })
}
