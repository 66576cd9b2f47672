//! Which effect is due, and taking it in hand.

use super::{TAKEN, missing, row::read_delivery};
use crate::{
    model::{
        clock::{Instant, from_ms},
        effect::{Delivery, Lane, Origin, Work},
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
    pub delivery: Delivery,
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

impl Store {
    /// The first effect of a lane that is due and whose method is not held up. `held_up` names some of `post`,
    /// `update`, `delete`, `respond`, `look` (for a post whose answer was lost) and `open` (before a group is posted to, or a DM
    /// is looked through).
    pub async fn due_effect(
        &self,
        team: &TeamId,
        lane: Lane,
        now: Instant,
        held_up: &[&'static str],
    ) -> Result<Option<Due>, StoreError> {
        let rows = self
            .ask(
                "SELECT key, version, sent_version, visible_at, not_before, expires_at, send_started_at, attempts, looks, \
                        channel, ts, delivery, ritual, note, wants_sent, payload \
                 FROM outbox WHERE team_id = $1 AND lane = $2 AND visible_at <= $3 \
                 AND $4 NOT LIKE '%|' || CASE WHEN kind = 'respond' THEN 'respond' WHEN ts IS NOT NULL AND kind = 'delete' THEN 'delete' \
                 WHEN ts IS NOT NULL THEN 'update' \
                 WHEN channel IS NULL AND (kind = 'group' OR send_started_at IS NOT NULL) THEN 'open' \
                 WHEN send_started_at IS NOT NULL THEN 'look' ELSE 'post' END \
                 || '|%' \
                 ORDER BY visible_at LIMIT 1",
                values![team.as_str(), lane.rank(), now, list(held_up)],
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
}

/// Texts between bars, to be looked in with `LIKE`.
fn list(texts: &[&str]) -> String {
    texts.iter().map(|text| format!("|{text}")).collect::<String>() + "|"
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
        delivery,
        ritual,
        note,
        wants_sent,
        payload,
    ]: [Value; 16] = row.try_into().map_err(|_| missing())?;
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
        delivery: delivery.text().as_deref().and_then(read_delivery).ok_or_else(missing)?,
        origin: Origin {
            ritual: ritual.text().unwrap_or_default(),
            note: note.text().unwrap_or_default(),
            wants_sent: wants_sent.int().unwrap_or_default() != 0,
        },
        work: serde_json::from_str::<Work>(&work).map_err(StoreError::coding)?,
    })
}
