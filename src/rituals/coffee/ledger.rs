//! The ledger of coffee chats: a line for each group and each of its people.

use futures_util::FutureExt as _;

use super::store::{self, CoffeeLedgerLine};
use crate::ritual::{Ledger, LedgerColumn, LedgerLine};

pub(super) const LEDGER: Ledger = Ledger {
    columns: &[
        LedgerColumn::plain("group_id"),
        LedgerColumn::plain("local_date"),
        LedgerColumn::plain("channel"),
        LedgerColumn::plain("person"),
        LedgerColumn::plain("met_at"),
        LedgerColumn::plain("unreached_at"),
    ],
    dated: "in the channel's own time zone",
    document: None,
    page: |store, page| {
        async move {
            let lines = store::ledger(store, page.since, page.after, page.limit).await?;
            Ok(lines.into_iter().map(line).collect())
        }
        .boxed()
    },
    others: &[],
};

fn line(line: CoffeeLedgerLine) -> LedgerLine {
    LedgerLine {
        position: (line.group_id.clone(), line.person.clone()),
        cells: vec![
            Some(line.group_id),
            Some(line.local_date),
            Some(line.channel),
            Some(line.person),
            line.met_at,
            line.unreached_at,
        ],
    }
}
