//! The leads of syncs that have not begun, and what people answered when they were asked.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::{
    super::plan::{How, LEAD, Reaction, SCRIBE, Turn, TurnState},
    date,
};
use crate::{
    model::{
        clock::{Instant, from_ms},
        people::{TeamId, UserId},
    },
    store::{
        StoreError,
        columns::Columns,
        reading::ReadStore,
        runs,
        unit::{Insert, UnitOfWork, Write},
    },
    values,
};

/// What a person answered when they were asked to lead a sync.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnswerState {
    /// They have not answered yet.
    Asked,
    Accepted,
    Declined,
    /// They did not answer in time.
    Silent,
    /// They did not answer in time since they were away, or have said since that they're back.
    Returned,
    /// Another person took the turn, whom they had asked.
    Swapped,
    /// Another person offered to lead.
    Relieved,
}

impl AnswerState {
    /// Returns the stored word.
    fn as_str(self) -> &'static str {
        match self {
            AnswerState::Asked => ASKED,
            AnswerState::Accepted => ACCEPTED,
            AnswerState::Declined => DECLINED,
            AnswerState::Silent => SILENT,
            AnswerState::Returned => RETURNED,
            AnswerState::Swapped => "swapped",
            AnswerState::Relieved => "relieved",
        }
    }
}

const ASKED: &str = "asked";
const ACCEPTED: &str = "accepted";
const DECLINED: &str = "declined";
const SILENT: &str = "silent";
const RETURNED: &str = "returned";
/// The refusal of a person who is back where no question without an answer is the last one.
pub const NOT_SILENT: &str = "sync_not_silent";

static TURN: Insert = Insert {
    table: "sync_turn",
    columns: &[
        "team_id",
        "programme_id",
        "local_date",
        "user_id",
        "state",
        "how",
        "since",
        "version",
        "changed_at",
        "answer_by",
        "scribe_id",
        "scribe_since",
    ],
    identity: 3,
    on_conflict: "ON CONFLICT DO NOTHING",
};

static ANSWER: Insert = Insert {
    table: "sync_answer",
    columns: &["team_id", "programme_id", "local_date", "role", "user_id", "state", "changed_at"],
    identity: 5,
    on_conflict: "ON CONFLICT (team_id, programme_id, local_date, role, user_id) DO UPDATE SET state = excluded.state, \
         changed_at = excluded.changed_at",
};

/// The people who will not have a duty of a sync of their own accord.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Refusals {
    pub declined: BTreeSet<UserId>,
    /// They were asked and did not answer in time.
    pub silent: BTreeSet<UserId>,
    /// They can't take notes.
    pub declined_notes: BTreeSet<UserId>,
}

impl Refusals {
    /// Returns all who don't lead.
    pub fn all(&self) -> BTreeSet<UserId> {
        self.declined.union(&self.silent).cloned().collect()
    }
}

/// Adds to a unit the next version of a turn, unless it has changed since the version before ([`runs::OUTDATED`]). Only a first
/// version makes a row: a turn that has moved to another date meanwhile leaves none behind.
pub fn put_turn(unit: &mut UnitOfWork, team: &TeamId, (programme, date): (&str, NaiveDate), turn: &Turn) {
    let date = date.to_string();
    let user = turn.user.as_ref().map_or("", UserId::as_str);
    let (state, how) = (turn.state.as_str(), turn.how.as_str());
    let scribe = turn.scribe.as_ref().map_or("", UserId::as_str);
    let row = values![
        team.as_str(),
        programme,
        date,
        user,
        state,
        how,
        turn.since,
        turn.version,
        turn.changed_at,
        turn.answer_by.map(|at| at.timestamp_millis()),
        scribe,
        turn.scribe_since
    ];
    let write = if turn.version == 1 {
        Write::Row(&TURN, row)
    } else {
        Write::Run(
            "UPDATE sync_turn SET user_id = $4, state = $5, how = $6, since = $7, version = $8, changed_at = $9, \
             answer_by = $10, scribe_id = $11, scribe_since = $12 \
             WHERE team_id = $1 AND programme_id = $2 AND local_date = $3 AND version = $8 - 1 AND state <> 'begun' \
             RETURNING team_id, programme_id",
            row,
        )
    };
    unit.guard(runs::OUTDATED, write);
}

/// Whether a unit changes the turn of a date already.
pub fn changes_turn(unit: &UnitOfWork, team: &TeamId, (programme, date): (&str, NaiveDate)) -> bool {
    unit.has_guard(runs::OUTDATED, &[team.as_str().into(), programme.into(), date.to_string().into()])
}

/// Makes a unit depend on a turn being as it was read ([`runs::OUTDATED`]). One without a row depends on nothing.
pub fn turn_unchanged(
    unit: &mut UnitOfWork,
    team: &TeamId,
    (programme, date): (&str, NaiveDate),
    turn: &Turn,
) {
    if turn.version == 0 {
        return;
    }
    let write = Write::Run(
        "UPDATE sync_turn SET version = version WHERE team_id = $1 AND programme_id = $2 AND local_date = $3 \
         AND version = $4 AND state <> 'begun' RETURNING team_id, programme_id",
        values![team.as_str(), programme, date.to_string(), turn.version],
    );
    unit.guard(runs::OUTDATED, write);
}

/// Adds to a unit what a person answered when they were asked to lead on a date.
pub fn put_answer(
    unit: &mut UnitOfWork,
    team: &TeamId,
    (programme, date): (&str, NaiveDate),
    (user, state): (&UserId, AnswerState),
    now: Instant,
) {
    let answer =
        values![team.as_str(), programme, date.to_string(), LEAD, user.as_str(), state.as_str(), now];
    unit.row(&ANSWER, answer);
}

/// Adds to a unit that a person can't take notes on a date.
pub fn put_no_notes(
    unit: &mut UnitOfWork,
    team: &TeamId,
    (programme, date): (&str, NaiveDate),
    user: &UserId,
    now: Instant,
) {
    let answer = values![team.as_str(), programme, date.to_string(), SCRIBE, user.as_str(), DECLINED, now];
    unit.row(&ANSWER, answer);
}

/// Returns the turn of a date.
pub async fn turn(store: &ReadStore, programme: &str, date: NaiveDate) -> Result<Turn, StoreError> {
    Ok(turns_from(store, programme, date).await?.remove(&date).unwrap_or_else(Turn::untouched))
}

/// Returns the recorded turns of a programme from a date on.
pub async fn turns_from(
    store: &ReadStore,
    programme: &str,
    since: NaiveDate,
) -> Result<BTreeMap<NaiveDate, Turn>, StoreError> {
    let rows = store
        .ask(
            "SELECT local_date, user_id, state, how, version, changed_at, since, answer_by, scribe_id, scribe_since FROM sync_turn \
             WHERE team_id = $1 AND programme_id = $2 AND local_date >= $3 ORDER BY local_date LIMIT 100",
            values![store.team(), programme, since.to_string()],
        )
        .await?;
    let read = |row| {
        let mut row = Columns::of("sync_turn", row);
        let date = date(&mut row)?;
        let user = Some(row.text()?).filter(|user| !user.is_empty()).map(UserId);
        let (state, how) = (TurnState::read(&row.text()?), How::read(&row.text()?));
        let (version, changed_at, since) = (row.int()?, row.at()?, row.int()?);
        let answer_by = row.int_or_null().map(from_ms);
        let scribe = Some(row.text()?).filter(|scribe| !scribe.is_empty()).map(UserId);
        let scribe_since = row.int()?;
        Ok((date, Turn { user, state, how, since, version, changed_at, answer_by, scribe, scribe_since }))
    };
    rows.into_iter().map(read).collect()
}

/// Returns the programmes and dates of the turns that a person has, takes notes at or is asked to take, from a date on.
pub async fn turns_of(
    store: &ReadStore,
    user: &UserId,
    since: NaiveDate,
) -> Result<Vec<(String, NaiveDate)>, StoreError> {
    let rows = store
        .ask(
            "SELECT programme_id, local_date FROM sync_turn WHERE team_id = $1 AND local_date >= $3 AND state <> 'begun' \
             AND (user_id = $2 OR scribe_id = $2) \
             UNION SELECT programme_id, local_date FROM sync_offer WHERE team_id = $1 AND to_user = $2 \
             AND local_date >= $3 AND state = 'open' LIMIT 100",
            values![store.team(), user.as_str(), since.to_string()],
        )
        .await?;
    let read = |row| {
        let mut row = Columns::of("sync_turn", row);
        Ok((row.text()?, date(&mut row)?))
    };
    rows.into_iter().map(read).collect()
}

/// Returns the programmes in which a person has a turn of a sync that has not begun, takes notes at one, or is asked to take one.
pub async fn programmes_with_turn_of(
    store: &ReadStore,
    user: &UserId,
) -> Result<BTreeSet<String>, StoreError> {
    let rows = store
        .ask(
            "SELECT programme_id FROM sync_turn WHERE team_id = $1 AND state <> 'begun' AND (user_id = $2 OR scribe_id = $2) \
             UNION SELECT programme_id FROM sync_offer WHERE team_id = $1 AND to_user = $2 AND state = 'open' LIMIT 100",
            values![store.team(), user.as_str()],
        )
        .await?;
    rows.into_iter().map(|row| Columns::of("sync_turn", row).text()).collect()
}

/// Returns who declined or did not answer, by date, from a date on.
pub async fn refusals_from(
    store: &ReadStore,
    programme: &str,
    since: NaiveDate,
) -> Result<BTreeMap<NaiveDate, Refusals>, StoreError> {
    let rows = store
        .ask(
            "SELECT local_date, role, user_id, state FROM sync_answer WHERE team_id = $1 AND programme_id = $2 \
             AND local_date >= $3 AND state IN ('declined', 'silent', 'returned')",
            values![store.team(), programme, since.to_string()],
        )
        .await?;
    let mut refusals: BTreeMap<NaiveDate, Refusals> = BTreeMap::new();
    for row in rows {
        let mut row = Columns::of("sync_answer", row);
        let refused = refusals.entry(date(&mut row)?).or_default();
        let (role, user, state) = (row.text()?, UserId(row.text()?), row.text()?);
        let who = match (role == SCRIBE, state == DECLINED) {
            (true, _) => &mut refused.declined_notes,
            (false, true) => &mut refused.declined,
            (false, false) => &mut refused.silent,
        };
        who.insert(user);
    }
    Ok(refusals)
}

/// Returns the people in whose place another has offered to lead on a date.
pub async fn relieved_on(
    store: &ReadStore,
    (programme, date): (&str, NaiveDate),
) -> Result<Vec<UserId>, StoreError> {
    let rows = store
        .ask(
            "SELECT user_id FROM sync_answer WHERE team_id = $1 AND programme_id = $2 AND local_date = $3 \
             AND role = 'lead' AND state = 'relieved' AND user_id NOT LIKE 'erased-%' LIMIT 20",
            values![store.team(), programme, date.to_string()],
        )
        .await?;
    rows.into_iter().map(|row| Ok(UserId(Columns::of("sync_answer", row).text()?))).collect()
}

/// Returns how people reacted to the questions of a programme, or that they led, the newest date first. A question that is open, and
/// one from which another person's offer relieved them, doesn't count.
pub async fn reactions(
    store: &ReadStore,
    programme: &str,
) -> Result<BTreeMap<UserId, Vec<Reaction>>, StoreError> {
    let rows = store
        .ask(
            "SELECT user_id, local_date, state FROM sync_answer WHERE team_id = $1 AND programme_id = $2 \
             AND role = 'lead' AND state NOT IN ('asked', 'relieved') AND user_id NOT LIKE 'erased-%' \
             UNION ALL SELECT user_id, local_date, 'led' FROM sync_duty WHERE team_id = $1 AND programme_id = $2 \
             AND role = 'lead' AND how <> 'assigned' AND user_id NOT LIKE 'erased-%'",
            values![store.team(), programme],
        )
        .await?;
    let mut by_date: BTreeMap<UserId, BTreeMap<NaiveDate, Reaction>> = BTreeMap::new();
    for row in rows {
        let mut row = Columns::of("sync_answer", row);
        let (user, date, state) = (UserId(row.text()?), date(&mut row)?, row.text()?);
        let reaction = match state.as_str() {
            DECLINED => Reaction::No,
            SILENT => Reaction::Silent,
            _ => Reaction::Yes,
        };
        let dates = by_date.entry(user).or_default();
        // A person who offered to lead has given an answer, also where the question had none in time.
        if reaction == Reaction::Yes || !dates.contains_key(&date) {
            dates.insert(date, reaction);
        }
    }
    Ok(by_date.into_iter().map(|(user, dates)| (user, dates.into_values().rev().collect())).collect())
}

/// Adds to a unit that a person who did not answer is back: their last question counts as answered since.
pub fn is_back(unit: &mut UnitOfWork, team: &TeamId, programme: &str, user: &UserId, now: Instant) {
    let write = Write::Run(
        "UPDATE sync_answer SET state = 'returned', changed_at = $4 WHERE team_id = $1 AND programme_id = $2 \
         AND role = 'lead' AND user_id = $3 AND state = 'silent' AND local_date = (SELECT MAX(local_date) \
         FROM sync_answer WHERE team_id = $1 AND programme_id = $2 AND role = 'lead' AND user_id = $3 \
         AND state = 'silent') RETURNING team_id, programme_id",
        values![team.as_str(), programme, user.as_str(), now],
    );
    unit.guard(NOT_SILENT, write);
}

/// Returns how many times each person said yes in a programme, and how many times they were asked. A question of today or later may still be
/// answered; one of before that is open had no answer, as where the person led all the same.
pub async fn answers_of(
    store: &ReadStore,
    programme: &str,
    today: NaiveDate,
) -> Result<BTreeMap<UserId, (usize, usize)>, StoreError> {
    let rows = store
        .ask(
            "SELECT user_id, state, COUNT(*) FROM sync_answer WHERE team_id = $1 AND programme_id = $2 \
             AND role = 'lead' AND (state IN ($3, $4, $5, $6) OR state = $7 AND local_date < $8) \
             GROUP BY user_id, state",
            values![store.team(), programme, ACCEPTED, DECLINED, SILENT, RETURNED, ASKED, today.to_string()],
        )
        .await?;
    let mut answers: BTreeMap<UserId, (usize, usize)> = BTreeMap::new();
    for row in rows {
        let mut row = Columns::of("sync_answer", row);
        let (user, state, times) = (UserId(row.text()?), row.text()?, row.int()?);
        let times = usize::try_from(times).unwrap_or_default();
        let (yes, asked) = answers.entry(user).or_default();
        *asked += times;
        if state == ACCEPTED {
            *yes += times;
        }
    }
    Ok(answers)
}

/// Whether a person has ever led a sync.
pub async fn has_led(store: &ReadStore, user: &UserId) -> Result<bool, StoreError> {
    let rows = store
        .ask(
            "SELECT user_id FROM sync_duty WHERE team_id = $1 AND user_id = $2 AND role = 'lead' LIMIT 1",
            values![store.team(), user.as_str()],
        )
        .await?;
    Ok(!rows.is_empty())
}
