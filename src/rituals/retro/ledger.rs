//! The ledger of retros: a line for each answer that was revealed. Anonymous answers have no person there either.

use futures_util::FutureExt as _;

use super::store::{self, RetroLedgerLine};
use crate::ritual::{Ledger, LedgerColumn, LedgerLine};

pub(super) const LEDGER: Ledger = Ledger {
    columns: &[
        LedgerColumn::plain("retro_id"),
        LedgerColumn::plain("local_date"),
        LedgerColumn::plain("channel"),
        LedgerColumn::plain("deck"),
        LedgerColumn::typed("prompt"),
        LedgerColumn::plain("answer_id"),
        LedgerColumn::plain("person"),
        LedgerColumn::typed("words"),
        LedgerColumn::plain("state"),
    ],
    dated: "in the zone of each retro",
    document: None,
    others: &[],
    page: |store, page| {
        async move {
            let lines = store::ledger(store, page.since, page.after, page.limit).await?;
            Ok(lines.into_iter().map(line).collect())
        }
        .boxed()
    },
};

fn line(line: RetroLedgerLine) -> LedgerLine {
    let position = (line.retro.clone(), line.answer.clone());
    let RetroLedgerLine { retro, local_date, channel, deck, prompt, answer, person, words, state } = line;
    let cells = [retro, local_date, channel, deck, prompt, answer, person, words, state];
    LedgerLine { position, cells: cells.map(Some).into() }
}
