//! The ledger of kudos: a line for each gift and each of the people it thanks.

use chrono::NaiveTime;
use futures_util::FutureExt as _;

use super::store::{self, KudosLedgerLine};
use crate::ritual::{Ledger, LedgerColumn, LedgerLine};

pub(super) const LEDGER: Ledger = Ledger {
    columns: &[
        LedgerColumn::plain("gift_id"),
        LedgerColumn::plain("given_at"),
        LedgerColumn::plain("local_date"),
        LedgerColumn::plain("giver"),
        LedgerColumn::plain("receiver"),
        LedgerColumn::plain("channel"),
        LedgerColumn::typed("reason"),
        LedgerColumn::plain("undone_at"),
    ],
    dated: "in UTC",
    document: None,
    page: |store, page| {
        async move {
            let since = page.since.and_time(NaiveTime::MIN).and_utc();
            let lines = store::ledger(store, since, page.after, page.limit).await?;
            Ok(lines.into_iter().map(line).collect())
        }
        .boxed()
    },
    others: &[],
};

fn line(line: KudosLedgerLine) -> LedgerLine {
    LedgerLine {
        position: (line.gift_id.clone(), line.receiver.clone()),
        cells: vec![
            Some(line.gift_id),
            Some(line.given_at),
            Some(line.local_date),
            Some(line.giver),
            Some(line.receiver),
            Some(line.channel),
            Some(line.reason),
            line.undone_at,
        ],
    }
}
