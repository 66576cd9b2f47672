//! The ledger of syncs: a line for each duty.

use futures_util::FutureExt as _;

use super::store::{self, SyncLedgerLine};
use crate::ritual::{Ledger, LedgerColumn, LedgerLine};

pub(super) const LEDGER: Ledger = Ledger {
    columns: &[
        LedgerColumn::plain("programme_id"),
        LedgerColumn::plain("local_date"),
        LedgerColumn::plain("channel"),
        LedgerColumn::plain("role"),
        LedgerColumn::plain("person"),
        LedgerColumn::plain("how"),
        LedgerColumn::plain("settled_at"),
    ],
    dated: "in the zone of each sync",
    document: None,
    page: |store, page| {
        async move {
            let lines = store::ledger(store, page.since, page.after, page.limit).await?;
            Ok(lines.into_iter().map(line).collect())
        }
        .boxed()
    },
};

fn line(line: SyncLedgerLine) -> LedgerLine {
    let position = line.position();
    let SyncLedgerLine { programme, local_date, channel, role, person, how, settled_at } = line;
    let cells = [programme, local_date, channel, role, person, how, settled_at];
    LedgerLine { position, cells: cells.map(Some).into() }
}
