//! Offers of swaps: a person asks another to take a turn, perhaps for a later one of theirs.

use chrono::NaiveDate;

use crate::{
    model::{
        clock::Instant,
        people::{TeamId, UserId},
    },
    rituals::sync::plan::Offer,
    store::{
        StoreError,
        columns::Columns,
        reading::ReadStore,
        runs,
        unit::{Insert, UnitOfWork, Value, Write},
    },
    values,
};

/// The refusal of an offer that was made before.
const OFFERED: &str = "sync_offered";
/// The refusal of an answer to an offer that was answered before.
const ANSWERED: &str = "sync_offer_answered";

/// How many offers of one turn are looked at, the newest first.
const MOST_OFFERS: i64 = 50;

/// What became of an offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OfferState {
    /// It was not answered.
    Open,
    Accepted,
    Refused,
    /// It was withdrawn, or what it settled fell out.
    Void,
}

impl OfferState {
    const ALL: [(OfferState, &'static str); 4] = [
        (OfferState::Open, "open"),
        (OfferState::Accepted, "accepted"),
        (OfferState::Refused, "refused"),
        (OfferState::Void, "void"),
    ];

    /// Returns the stored word.
    fn as_str(self) -> &'static str {
        OfferState::ALL.into_iter().find(|(state, _)| *state == self).map_or("", |(_, word)| word)
    }

    /// Reads the stored word; one that this release doesn't know counts as void.
    fn read(stored: &str) -> OfferState {
        OfferState::ALL
            .into_iter()
            .find(|(_, word)| *word == stored)
            .map_or(OfferState::Void, |(state, _)| state)
    }
}

static OFFER: Insert = Insert {
    table: "sync_offer",
    columns: &[
        "team_id",
        "offer_id",
        "programme_id",
        "local_date",
        "turn_since",
        "from_user",
        "to_user",
        "return_date",
        "return_version",
        "state",
        "changed_at",
    ],
    identity: 2,
    on_conflict: "ON CONFLICT DO NOTHING",
};

/// Adds an offer to a unit, unless the same turn was offered to the same person before, and not withdrawn since.
pub fn put_offer(unit: &mut UnitOfWork, team: &TeamId, offer: &Offer, now: Instant) {
    let (return_date, return_version) = match offer.in_return {
        Some((date, version)) => (date.to_string(), version),
        None => (String::new(), 0),
    };
    let row = values![
        team.as_str(),
        offer.id.as_str(),
        offer.programme.as_str(),
        offer.date.to_string(),
        offer.since,
        offer.from.as_str(),
        offer.to.as_str(),
        return_date,
        return_version,
        OfferState::Open.as_str(),
        now
    ];
    unit.guard(OFFERED, Write::Row(&OFFER, row));
}

/// Adds to a unit that an offer is answered, unless it was before.
pub fn answer_offer(unit: &mut UnitOfWork, team: &TeamId, id: &str, is_accepted: bool, now: Instant) {
    let state = if is_accepted { OfferState::Accepted } else { OfferState::Refused };
    let write = Write::Run(
        "UPDATE sync_offer SET state = $3, changed_at = $4 WHERE team_id = $1 AND offer_id = $2 AND state = 'open' \
         RETURNING team_id, offer_id",
        values![team.as_str(), id, state.as_str(), now],
    );
    unit.guard(ANSWERED, write);
}

/// Adds to a unit that an offer is withdrawn, unless it was answered ([`runs::OUTDATED`]).
pub fn withdraw_offer(unit: &mut UnitOfWork, team: &TeamId, id: &str, now: Instant) {
    let write = Write::Run(
        "UPDATE sync_offer SET state = 'void', changed_at = $3 WHERE team_id = $1 AND offer_id = $2 AND state = 'open' \
         RETURNING team_id, offer_id",
        values![team.as_str(), id, now],
    );
    unit.guard(runs::OUTDATED, write);
}

/// Adds to a unit that an offer still waits for its answer ([`runs::OUTDATED`]).
pub fn still_open(unit: &mut UnitOfWork, team: &TeamId, id: &str) {
    let write = Write::Run(
        "UPDATE sync_offer SET state = 'open' WHERE team_id = $1 AND offer_id = $2 AND state = 'open' \
         RETURNING team_id, offer_id",
        values![team.as_str(), id],
    );
    unit.guard(runs::OUTDATED, write);
}

/// Adds to a unit that the offers of a turn that were not answered are withdrawn.
pub fn void_open(unit: &mut UnitOfWork, team: &TeamId, (programme, date): (&str, NaiveDate), now: Instant) {
    unit.run(
        "UPDATE sync_offer SET state = 'void', changed_at = $4 WHERE team_id = $1 AND programme_id = $2 \
         AND local_date = $3 AND state = 'open'",
        values![team.as_str(), programme, date.to_string(), now],
    );
}

/// Adds to a unit that the swaps of a turn are over before it was done.
pub fn void_accepted(
    unit: &mut UnitOfWork,
    team: &TeamId,
    (programme, date): (&str, NaiveDate),
    now: Instant,
) {
    unit.run(
        "UPDATE sync_offer SET state = 'void', changed_at = $4 WHERE team_id = $1 AND programme_id = $2 \
         AND local_date = $3 AND state = 'accepted'",
        values![team.as_str(), programme, date.to_string(), now],
    );
}

/// The query for whole offers, which [`read_offer`] reads; its condition follows.
macro_rules! offer_rows {
    ($which:literal) => {
        concat!(
            "SELECT offer_id, programme_id, local_date, turn_since, from_user, to_user, return_date, return_version, \
             state FROM sync_offer ",
            $which
        )
    };
}

/// Returns an offer, and what became of it.
pub async fn offer(store: &ReadStore, id: &str) -> Result<Option<(Offer, OfferState)>, StoreError> {
    let rows =
        store.ask(offer_rows!("WHERE team_id = $1 AND offer_id = $2"), values![store.team(), id]).await?;
    rows.into_iter().next().map(read_offer).transpose()
}

/// Returns the swaps in which a person has taken the turn of a date in return for another; 50 at most.
pub async fn returns_of(
    store: &ReadStore,
    (programme, date): (&str, NaiveDate),
    user: &UserId,
) -> Result<Vec<Offer>, StoreError> {
    let rows = store
        .ask(
            offer_rows!(
                "WHERE team_id = $1 AND programme_id = $2 AND return_date = $3 AND from_user = $4 \
                 AND state = 'accepted' ORDER BY offer_id DESC LIMIT $5"
            ),
            values![store.team(), programme, date.to_string(), user.as_str(), MOST_OFFERS],
        )
        .await?;
    rows.into_iter().map(|row| Ok(read_offer(row)?.0)).collect()
}

/// Returns the offers of the turn of a date, the newest first; 50 at most.
pub async fn offers_on(
    store: &ReadStore,
    programme: &str,
    date: NaiveDate,
) -> Result<Vec<(Offer, OfferState)>, StoreError> {
    let rows = store
        .ask(
            offer_rows!(
                "WHERE team_id = $1 AND programme_id = $2 AND local_date = $3 ORDER BY offer_id DESC LIMIT $4"
            ),
            values![store.team(), programme, date.to_string(), MOST_OFFERS],
        )
        .await?;
    rows.into_iter().map(read_offer).collect()
}

/// Returns the offers of a programme's turns from a date on that wait for an answer, the oldest first; 50 at most.
pub async fn open_offers_from(
    store: &ReadStore,
    programme: &str,
    since: NaiveDate,
) -> Result<Vec<Offer>, StoreError> {
    let rows = store
        .ask(
            offer_rows!(
                "WHERE team_id = $1 AND programme_id = $2 AND local_date >= $3 AND state = 'open' \
                 ORDER BY offer_id LIMIT $4"
            ),
            values![store.team(), programme, since.to_string(), MOST_OFFERS],
        )
        .await?;
    rows.into_iter().map(|row| Ok(read_offer(row)?.0)).collect()
}

fn read_offer(row: Vec<Value>) -> Result<(Offer, OfferState), StoreError> {
    let mut row = Columns::of("sync_offer", row);
    let (id, programme) = (row.text()?, row.text()?);
    let date = super::date(&mut row)?;
    let since = row.int()?;
    let (from, to) = (UserId(row.text()?), UserId(row.text()?));
    let (return_date, return_version) = (row.text()?.parse::<NaiveDate>().ok(), row.int()?);
    let state = OfferState::read(&row.text()?);
    let in_return = return_date.map(|date| (date, return_version));
    Ok((Offer { id, programme, date, since, from, to, in_return }, state))
}
