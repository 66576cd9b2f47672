//! Finds the effects that are due, and claims them.

use super::{TAKEN, row::delivery_of};
use crate::{
    model::{
        call_kind::CallKind,
        clock::{Instant, from_ms},
        effect::{Call, DeliveryGuarantee, Effect, EffectProgress, Lane, Origin},
        people::{ChannelId, TeamId},
    },
    store::{
        Store, StoreError,
        columns::Columns,
        unit::{Outcome, UnitOfWork, Value, Write},
    },
    values,
};

/// A row of the outbox that is due.
#[derive(Clone, Debug)]
pub struct Due {
    pub key: String,
    /// The requested version.
    pub version: i64,
    /// The version that was last begun to be sent; while its answer is unknown, the requested one may be newer.
    pub sent_version: i64,
    /// The instant at which it became visible, by which a claim detects another one. After the claim: the end of the
    /// claim, by which the settlement detects another one.
    pub visible_at: i64,
    /// When it was first due; a later `visible_at` means that it waited for its channel.
    pub not_before: i64,
    /// Worthless after this.
    pub expires_at: Option<Instant>,
    /// When a sending began whose answer is unknown.
    pub send_started_at: Option<Instant>,
    /// How often it was tried.
    pub attempts: i64,
    /// How often Slack's history was searched for it.
    pub looks: i64,
    /// The conversation it goes to, if known: a DM and a group have none before they are opened.
    pub conversation: Option<ChannelId>,
    /// The message's timestamp in that conversation, once it is posted.
    pub ts: Option<String>,
    /// What to do when it cannot be found out whether it was sent.
    pub delivery: DeliveryGuarantee,
    /// Which ritual requested it.
    pub origin: Origin,
    pub effect: Effect,
}

impl Due {
    /// Returns where it is posted already.
    pub fn posted(&self) -> Option<(&ChannelId, &str)> {
        self.conversation.as_ref().zip(self.ts.as_deref())
    }

    /// Returns its next call; `None` if there is nothing to do.
    pub fn next_call(&self) -> Option<Call<'_>> {
        self.effect.next_call(EffectProgress {
            conversation: self.conversation.as_ref(),
            ts: self.ts.as_deref(),
            started_at: self.send_started_at,
        })
    }
}

/// What is not done now, since Slack's limits are used up.
#[derive(Clone, Copy, Debug, Default)]
pub struct HeldUp<'h> {
    pub kinds: &'h [CallKind],
    /// Channels, and people in place of their DMs, that take no post.
    pub channels: &'h [String],
}

/// A row that this release cannot read.
#[derive(Clone, Debug)]
pub struct UnreadableEffect {
    pub key: String,
    /// The instant at which it became visible.
    pub visible_at: i64,
    /// Why, without any words that people wrote.
    pub why: String,
}

/// The kind of a row's next call: the SQL form of `Effect::next_call`.
macro_rules! next_call {
    () => {
        "CASE WHEN kind NOT IN ('post', 'reply', 'group', 'delete', 'delete_reply') THEN kind \
         WHEN ts IS NOT NULL AND kind IN ('delete', 'delete_reply') THEN 'delete' WHEN ts IS NOT NULL THEN 'update' \
         WHEN channel IS NULL AND (kind = 'group' OR send_started_at IS NOT NULL) THEN 'open' \
         WHEN send_started_at IS NULL THEN 'post' \
         WHEN kind IN ('reply', 'delete_reply') THEN 'look_in_thread' ELSE 'look' END"
    };
}

/// Which rows may be done now: `$1` is the workspace, `$2` the lane, `$3` the present, `$4` and `$5` what is held up.
macro_rules! may_be_done {
    () => {
        concat!(
            "team_id = $1 AND lane = $2 AND visible_at <= $3 AND ",
            readable!(),
            " AND $4 NOT LIKE '%|' || ",
            next_call!(),
            " || '|%' AND (ts IS NOT NULL OR send_started_at IS NOT NULL OR kind NOT IN ('post', 'reply', 'group') \
             OR $5 NOT LIKE '%|' || COALESCE(channel, target) || '|%')"
        )
    };
}

impl Store {
    /// Returns the causers of a lane with effects that may be done now, longest waiting first.
    pub async fn due_causers(
        &self,
        team: &TeamId,
        lane: Lane,
        now: Instant,
        held_up: HeldUp<'_>,
    ) -> Result<Vec<String>, StoreError> {
        const CAUSERS: &str = concat!(
            "SELECT causer FROM outbox WHERE ",
            may_be_done!(),
            " GROUP BY causer ORDER BY MIN(not_before), causer LIMIT 200"
        );
        let held_up = (list(held_up.kinds.iter().map(|kind| kind.as_str())), list(held_up.channels));
        let question = values![team.as_str(), lane.rank(), now, held_up.0, held_up.1];
        Ok(self.ask(CAUSERS, question).await?.into_iter().flatten().filter_map(Value::text).collect())
    }

    /// Returns the first effect of a causer in a lane that may be done now.
    pub async fn due_effect(
        &self,
        team: &TeamId,
        lane: Lane,
        causer: &str,
        now: Instant,
        held_up: HeldUp<'_>,
    ) -> Result<Option<Result<Due, UnreadableEffect>>, StoreError> {
        const FIRST: &str = concat!(
            "SELECT key, version, sent_version, visible_at, not_before, expires_at, send_started_at, attempts, looks, \
             channel, ts, delivery, ritual, note, wants_sent, payload FROM outbox WHERE causer = $6 AND ",
            may_be_done!(),
            " ORDER BY not_before, visible_at, key LIMIT 1"
        );
        let held_up = (list(held_up.kinds.iter().map(|kind| kind.as_str())), list(held_up.channels));
        let question = values![team.as_str(), lane.rank(), now, held_up.0, held_up.1, causer];
        self.ask(FIRST, question).await?.into_iter().next().map(read_due).transpose()
    }

    /// Sets a row aside that this release cannot read, so that an operator sees it; returns false if it has changed
    /// meanwhile.
    pub async fn set_aside(
        &self,
        team: &TeamId,
        row: &UnreadableEffect,
        now: Instant,
    ) -> Result<bool, StoreError> {
        let set_aside = Write::Run(
            "UPDATE outbox SET visible_at = NULL, send_started_at = NULL, discarded_at = $4, last_error = $5 \
             WHERE team_id = $1 AND key = $2 AND visible_at = $3 RETURNING key",
            values![team.as_str(), row.key.as_str(), row.visible_at, now, row.why.as_str()],
        );
        Ok(matches!(self.commit(UnitOfWork::guarded(TAKEN, set_aside)).await?, Outcome::Committed(_)))
    }

    /// Returns when the next effect becomes visible; effects that are visible already wait for something else.
    pub async fn next_effect_at(&self, team: &TeamId, now: Instant) -> Result<Option<Instant>, StoreError> {
        const NEXT: &str = concat!(
            "SELECT MIN(visible_at) FROM outbox WHERE team_id = $1 AND visible_at > $2 AND ",
            readable!()
        );
        let rows = self.ask(NEXT, values![team.as_str(), now]).await?;
        Ok(rows.first().and_then(|row| row[0].int()).map(from_ms))
    }

    /// Returns when the first effect is or becomes visible.
    pub async fn next_effect(&self, team: &TeamId) -> Result<Option<Instant>, StoreError> {
        const FIRST: &str = concat!(
            "SELECT MIN(visible_at) FROM outbox WHERE team_id = $1 AND visible_at IS NOT NULL AND ",
            readable!()
        );
        let rows = self.ask(FIRST, values![team.as_str()]).await?;
        Ok(rows.first().and_then(|row| row[0].int()).map(from_ms))
    }

    /// Snoozes a due effect whose channel is not free before `until`; returns false if another replica claimed it
    /// first.
    pub async fn snooze(&self, team: &TeamId, due: &Due, until: Instant) -> Result<bool, StoreError> {
        let snooze = Write::Run(
            "UPDATE outbox SET visible_at = $4 WHERE team_id = $1 AND key = $2 AND visible_at = $3 RETURNING key",
            values![team.as_str(), due.key.as_str(), due.visible_at, until],
        );
        Ok(matches!(self.commit(UnitOfWork::guarded(TAKEN, snooze)).await?, Outcome::Committed(_)))
    }

    /// Claims a due effect until `lease_end`; returns false if another worker was first. `sending` is the start of the
    /// sending, if the next call sends; a sending whose answer is unknown keeps its earlier start.
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
        let Outcome::Committed(returned) = self.commit(UnitOfWork::guarded(TAKEN, claim)).await? else {
            return Ok(false);
        };
        due.sent_version = Columns::of("outbox", returned.into_iter().next().unwrap_or_default()).int()?;
        due.visible_at = lease_end.timestamp_millis();
        Ok(true)
    }

    /// Whether this claim of an effect still holds.
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

/// Joins texts between bars, to be searched with `LIKE`.
fn list(texts: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    let mut list = "|".to_owned();
    for text in texts {
        list += text.as_ref();
        list += "|";
    }
    list
}

/// Reads a row. Its stored text may come from another release, so it may be unreadable.
fn read_due(row: Vec<Value>) -> Result<Result<Due, UnreadableEffect>, StoreError> {
    let mut row = Columns::of("outbox", row);
    let (key, version, sent_version) = (row.text()?, row.int()?, row.int()?);
    let (visible_at, not_before) = (row.int()?, row.int()?);
    let (expires_at, send_started_at) = (row.at_or_null(), row.at_or_null());
    let [attempts, looks] = [(); 2].map(|()| row.int_or_null().unwrap_or_default());
    let (conversation, ts) = (row.text_or_null().map(ChannelId), row.text_or_null());
    let delivery = read_delivery(row.text_or_null().as_deref());
    let origin = Origin {
        ritual: row.text_or_null().unwrap_or_default(),
        note: row.text_or_null().unwrap_or_default(),
        wants_sent: row.int_or_null().unwrap_or_default() != 0,
    };
    let (delivery, effect) = match (delivery, read_effect(row.text_or_null())) {
        (Ok(delivery), Ok(effect)) => (delivery, effect),
        (Err(why), _) | (_, Err(why)) => return Ok(Err(UnreadableEffect { key, visible_at, why })),
    };
    Ok(Ok(Due {
        key,
        version,
        sent_version,
        visible_at,
        not_before,
        expires_at,
        send_started_at,
        attempts,
        looks,
        conversation,
        ts,
        delivery,
        origin,
        effect,
    }))
}

fn read_delivery(word: Option<&str>) -> Result<DeliveryGuarantee, String> {
    let delivery = word.and_then(delivery_of);
    delivery.ok_or_else(|| "this release does not know its kind of delivery".to_owned())
}

/// The parser's message may quote what people wrote, so only its position is reported.
fn read_effect(payload: Option<String>) -> Result<Effect, String> {
    let payload = payload.ok_or_else(|| "it has nothing to send".to_owned())?;
    serde_json::from_str(&payload).map_err(|error| {
        format!("this release cannot read what it sends (line {}, column {})", error.line(), error.column())
    })
}
