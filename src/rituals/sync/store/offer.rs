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
        unit::{Insert, UnitOfWork, Write},
    },
    values,
};

/// The refusal of an offer that was made before.
const OFFERED: &str = "sync_offered";
/// The refusal of an answer to an offer that was answered before.
const ANSWERED: &str = "sync_offer_answered";

/// An offer is open until it is answered.
const OPEN: &str = "open";
const ACCEPTED: &str = "accepted";
const REFUSED: &str = "refused";

static OFFER: Insert = Insert {
    table: "sync_offer",
    columns: &[
        "team_id",
        "offer_id",
        "programme_id",
        "local_date",
        "turn_version",
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

/// Adds an offer to a unit, unless the same turn was offered to the same person before.
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
        offer.version,
        offer.from.as_str(),
        offer.to.as_str(),
        return_date,
        return_version,
        OPEN,
        now
    ];
    unit.guard(OFFERED, Write::Row(&OFFER, row));
}

/// Adds to a unit that an offer is answered, unless it was before.
pub fn answer_offer(unit: &mut UnitOfWork, team: &TeamId, id: &str, is_accepted: bool, now: Instant) {
    let write = Write::Run(
        "UPDATE sync_offer SET state = $3, changed_at = $4 WHERE team_id = $1 AND offer_id = $2 AND state = 'open' \
         RETURNING team_id, offer_id",
        values![team.as_str(), id, if is_accepted { ACCEPTED } else { REFUSED }, now],
    );
    unit.guard(ANSWERED, write);
}

/// Returns an offer, and whether it is still open.
pub async fn offer(store: &ReadStore, id: &str) -> Result<Option<(Offer, bool)>, StoreError> {
    let rows = store
        .ask(
            "SELECT programme_id, local_date, turn_version, from_user, to_user, return_date, return_version, state \
             FROM sync_offer WHERE team_id = $1 AND offer_id = $2",
            values![store.team(), id],
        )
        .await?;
    let Some(row) = rows.into_iter().next() else { return Ok(None) };
    let mut row = Columns::of("sync_offer", row);
    let programme = row.text()?;
    let date = super::date(&mut row)?;
    let version = row.int()?;
    let (from, to) = (UserId(row.text()?), UserId(row.text()?));
    let (return_date, return_version) = (row.text()?.parse::<NaiveDate>().ok(), row.int()?);
    let is_open = row.text()? == OPEN;
    let in_return = return_date.map(|date| (date, return_version));
    let offer = Offer { id: id.to_owned(), programme, date, version, from, to, in_return };
    Ok(Some((offer, is_open)))
}
