//! The only SQL of syncs.

pub mod agenda;
pub mod closing;
mod holdings;
mod ledger;
mod moving;
pub mod notes;
mod offer;
mod turn;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

pub use self::{
    holdings::HOLDINGS,
    ledger::{SyncLedgerLine, addition_ledger, closing_ledger, ledger, point_ledger},
    moving::{changes_from, move_date, no_changes_since, open_offers, renew},
    offer::{
        OfferState, answer_offer, offer, offers_on, open_offers_from, put_offer, returns_of, still_open,
        void_accepted, void_open, withdraw_offer,
    },
    turn::{
        AnswerState, Refusals, answers_of, changes_turn, has_led, is_back, programmes_with_turn_of,
        put_answer, put_no_notes, put_turn, reactions, refusals_from, relieved_on, turn, turn_unchanged,
        turns_from, turns_of,
    },
};
use super::plan::{HeldSync, How, LEAD, Lead, Occasion, RollCall, SCRIBE};
use crate::{
    model::{
        clock::Instant,
        people::{TeamId, UserId},
    },
    store::{
        StoreError,
        columns::Columns,
        reading::ReadStore,
        unit::{Insert, UnitOfWork, Write},
    },
    values,
};

/// The refusal of a sync whose programme has had one on that date.
pub const HELD: &str = "sync_held";
/// The refusal of a person who takes over a lead that has changed since they saw it.
pub const TAKEN: &str = "sync_taken";

/// Whether a person could have a duty.
const AVAILABLE: &str = "available";
/// They could, and were asked last.
const LAST: &str = "last";
const ABSENT: &str = "absent";

static OCCASION: Insert = Insert {
    table: "sync_occasion",
    columns: &["team_id", "programme_id", "local_date", "starts_at", "ends_at", "minutes", "link"],
    identity: 3,
    on_conflict: "ON CONFLICT DO NOTHING",
};

static DUTY: Insert = Insert {
    table: "sync_duty",
    columns: &["team_id", "programme_id", "local_date", "role", "user_id", "how", "version", "settled_at"],
    identity: 4,
    on_conflict: "",
};

static AVAILABILITY: Insert = Insert {
    table: "sync_availability",
    columns: &["team_id", "programme_id", "local_date", "user_id", "state"],
    identity: 4,
    on_conflict: "",
};

/// Adds a sync with its assigned duties to a unit, unless its programme has had one on that date ([`HELD`]).
pub fn put_sync(unit: &mut UnitOfWork, team: &TeamId, held: &HeldSync, now: Instant) {
    let (programme, date) = (held.programme.as_str(), held.date.to_string());
    let (minutes, link) = (i64::from(held.minutes), held.link.as_str());
    let occasion =
        values![team.as_str(), programme, date.as_str(), held.starts_at, held.ends_at, minutes, link];
    unit.guard(HELD, Write::Row(&OCCASION, occasion));
    let lead = held.lead.as_ref().map(|lead| (LEAD, &lead.user, lead.how));
    let scribe = held.scribe.as_ref().map(|user| (SCRIBE, user, How::Assigned));
    for (role, user, how) in lead.into_iter().chain(scribe) {
        let how = how.as_str();
        let duty = values![team.as_str(), programme, date.as_str(), role, user.as_str(), how, 1, now];
        unit.row(&DUTY, duty);
    }
}

/// Adds to a unit who could have had a duty on a date, and who took part but could not.
pub fn put_availability(unit: &mut UnitOfWork, team: &TeamId, programme: &str, roll_call: &RollCall) {
    let date = roll_call.occasion.date.to_string();
    let Occasion { asked_last, busy, .. } = &roll_call.occasion;
    let state_of = |user| if asked_last.contains(user) || busy.contains(user) { LAST } else { AVAILABLE };
    let available = roll_call.occasion.available.iter().map(|user| (user, state_of(user)));
    for (user, state) in available.chain(roll_call.absent.iter().map(|user| (user, ABSENT))) {
        unit.row(&AVAILABILITY, values![team.as_str(), programme, date.as_str(), user.as_str(), state]);
    }
}

/// Adds to a unit that a person leads a sync from now on, and takes no notes there, unless its lead has changed since this version of it ([`TAKEN`]).
/// `takes_notes` is who led until now and takes notes from now on.
pub fn take_over(
    unit: &mut UnitOfWork,
    team: &TeamId,
    (held, takes_notes): (&HeldSync, Option<&UserId>),
    (user, seen): (&UserId, i64),
    now: Instant,
) {
    let write = Write::Run(
        "INSERT INTO sync_duty (team_id, programme_id, local_date, role, user_id, how, version, settled_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (team_id, programme_id, local_date, role) DO UPDATE \
         SET user_id = excluded.user_id, how = excluded.how, version = excluded.version, \
         settled_at = excluded.settled_at WHERE sync_duty.version = $9 RETURNING user_id",
        values![
            team.as_str(),
            held.programme.as_str(),
            held.date.to_string(),
            LEAD,
            user.as_str(),
            How::Volunteered.as_str(),
            seen + 1,
            now,
            seen
        ],
    );
    unit.guard(TAKEN, write);
    // A person who leads takes no notes.
    unit.run(
        "DELETE FROM sync_duty WHERE team_id = $1 AND programme_id = $2 AND local_date = $3 AND role = $4 AND user_id = $5",
        values![team.as_str(), held.programme.as_str(), held.date.to_string(), SCRIBE, user.as_str()],
    );
    if let Some(scribe) = takes_notes {
        let (programme, date, how) = (held.programme.as_str(), held.date.to_string(), How::Assigned.as_str());
        unit.row(&DUTY, values![team.as_str(), programme, date, SCRIBE, scribe.as_str(), how, 1, now]);
    }
}

/// Whether a programme had its sync on a date, or has skipped it.
pub async fn had_sync(store: &ReadStore, programme: &str, date: NaiveDate) -> Result<bool, StoreError> {
    let is_settled = closing::end_of(store, programme, date).await?.is_some();
    Ok(is_settled || held(store, programme, date).await?.is_some())
}

/// Returns the sync of a programme on a date, if it was announced.
pub async fn held(
    store: &ReadStore,
    programme: &str,
    date: NaiveDate,
) -> Result<Option<HeldSync>, StoreError> {
    let key = || values![store.team(), programme, date.to_string()];
    let occasions = store
        .ask(
            "SELECT starts_at, ends_at, minutes, link FROM sync_occasion \
             WHERE team_id = $1 AND programme_id = $2 AND local_date = $3",
            key(),
        )
        .await?;
    let Some(row) = occasions.into_iter().next() else { return Ok(None) };
    let mut row = Columns::of("sync_occasion", row);
    let mut held = HeldSync {
        programme: programme.to_owned(),
        date,
        starts_at: row.at()?,
        ends_at: row.at()?,
        minutes: u32::try_from(row.int()?).unwrap_or_default(),
        link: row.text()?,
        lead: None,
        scribe: None,
    };
    let duties = store
        .ask(
            "SELECT role, user_id, how, version FROM sync_duty \
             WHERE team_id = $1 AND programme_id = $2 AND local_date = $3",
            key(),
        )
        .await?;
    for row in duties {
        let mut row = Columns::of("sync_duty", row);
        let (role, user, how, version) = (row.text()?, UserId(row.text()?), row.text()?, row.int()?);
        match role.as_str() {
            LEAD => held.lead = Some(Lead { user, how: How::read(&how), version }),
            SCRIBE => held.scribe = Some(user),
            _ => {}
        }
    }
    Ok(Some(held))
}

/// Returns the last syncs of a programme, by date, the oldest first; `limit` is the number of dates.
pub async fn past(store: &ReadStore, programme: &str, limit: i64) -> Result<Vec<RollCall>, StoreError> {
    let dates = store
        .ask(
            "SELECT local_date FROM sync_occasion WHERE team_id = $1 AND programme_id = $2 \
             ORDER BY local_date DESC LIMIT $3",
            values![store.team(), programme, limit],
        )
        .await?;
    let mut past: BTreeMap<NaiveDate, RollCall> = BTreeMap::new();
    for row in dates {
        let date = date(&mut Columns::of("sync_occasion", row))?;
        let mut roll_call = RollCall::coming(date, BTreeSet::new(), BTreeSet::new());
        roll_call.occasion.is_over = true;
        past.insert(date, roll_call);
    }
    let Some(since) = past.keys().next().map(NaiveDate::to_string) else { return Ok(Vec::new()) };
    let duties = store
        .ask(
            "SELECT local_date, role, user_id FROM sync_duty \
             WHERE team_id = $1 AND programme_id = $2 AND local_date >= $3",
            values![store.team(), programme, since.as_str()],
        )
        .await?;
    for row in duties {
        let mut row = Columns::of("sync_duty", row);
        if let Some(roll_call) = past.get_mut(&date(&mut row)?) {
            roll_call.occasion.duties.insert(row.text()?, UserId(row.text()?));
        }
    }
    let oldest = *past.keys().next().unwrap_or(&NaiveDate::MIN);
    for (date, refusals) in refusals_from(store, programme, oldest).await? {
        if let Some(roll_call) = past.get_mut(&date) {
            roll_call.occasion.declined = refusals.all();
        }
    }
    let people = store
        .ask(
            "SELECT local_date, user_id, state FROM sync_availability \
             WHERE team_id = $1 AND programme_id = $2 AND local_date >= $3",
            values![store.team(), programme, since],
        )
        .await?;
    for row in people {
        let mut row = Columns::of("sync_availability", row);
        if let Some(roll_call) = past.get_mut(&date(&mut row)?) {
            let (user, state) = (UserId(row.text()?), row.text()?);
            if state == LAST {
                roll_call.occasion.asked_last.insert(user.clone());
            }
            let could = [AVAILABLE, LAST].contains(&state.as_str());
            if could { &mut roll_call.occasion.available } else { &mut roll_call.absent }.insert(user);
        }
    }
    Ok(past.into_values().collect())
}

/// Returns the dates of people's duties in other syncs of the workspace, also of those they are asked for, from the first day to the last, both included.
pub async fn duties_elsewhere(
    store: &ReadStore,
    programme: &str,
    (first, last): (NaiveDate, NaiveDate),
) -> Result<BTreeMap<UserId, Vec<NaiveDate>>, StoreError> {
    let rows = store
        .ask(
            "SELECT d.local_date, d.user_id FROM sync_duty d JOIN programme p \
             ON p.team_id = d.team_id AND p.programme_id = d.programme_id AND p.ended_at IS NULL \
             WHERE d.team_id = $1 AND d.local_date BETWEEN $3 AND $4 AND d.programme_id <> $2 \
             UNION SELECT t.local_date, t.user_id FROM sync_turn t JOIN programme p \
             ON p.team_id = t.team_id AND p.programme_id = t.programme_id AND p.ended_at IS NULL \
             WHERE t.team_id = $1 AND t.local_date BETWEEN $3 AND $4 AND t.programme_id <> $2 \
             AND t.state IN ('asked', 'accepted', 'named')",
            values![store.team(), programme, first.to_string(), last.to_string()],
        )
        .await?;
    let mut duties: BTreeMap<UserId, Vec<NaiveDate>> = BTreeMap::new();
    for row in rows {
        let mut row = Columns::of("sync_duty", row);
        let date = date(&mut row)?;
        duties.entry(UserId(row.text()?)).or_default().push(date);
    }
    Ok(duties)
}

/// Returns the duties in other programmes between two dates that are recorded: programme, date and person; the first 1,000.
pub async fn duties_at(
    store: &ReadStore,
    programme: &str,
    (first, last): (NaiveDate, NaiveDate),
) -> Result<Vec<(String, NaiveDate, UserId)>, StoreError> {
    let rows = store
        .ask(
            "SELECT t.programme_id, t.local_date, t.user_id, t.scribe_id FROM sync_turn t JOIN programme p \
             ON p.team_id = t.team_id AND p.programme_id = t.programme_id AND p.ended_at IS NULL \
             WHERE t.team_id = $1 AND t.local_date BETWEEN $3 AND $4 AND t.programme_id <> $2 \
             AND (t.user_id <> '' OR t.scribe_id <> '') ORDER BY t.local_date, t.programme_id LIMIT 1000",
            values![store.team(), programme, first.to_string(), last.to_string()],
        )
        .await?;
    let mut duties = Vec::new();
    for row in rows {
        let mut row = Columns::of("sync_turn", row);
        let (programme, date) = (row.text()?, date(&mut row)?);
        for user in [row.text()?, row.text()?].into_iter().filter(|user| !user.is_empty()) {
            duties.push((programme.clone(), date, UserId(user)));
        }
    }
    Ok(duties)
}

fn date(row: &mut Columns) -> Result<NaiveDate, StoreError> {
    let text = row.text()?;
    text.parse().map_err(|_| StoreError::coding(format!("a sync has the date {text:?}")))
}
