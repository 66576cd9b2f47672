//! The ledgers of retros: a line for each answer that was revealed, and one for what the answers to each scale came to. Anonymous answers
//! have no person there either.

use futures_util::FutureExt as _;

use super::store::{self, PulseLedgerLine, RetroLedgerLine};
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
    others: &[("pulses", PULSES)],
    page: |store, page| {
        async move {
            let lines = store::ledger(store, page.since, page.after, page.limit).await?;
            Ok(lines.into_iter().map(line).collect())
        }
        .boxed()
    },
};

const PULSES: Ledger = Ledger {
    columns: &[
        LedgerColumn::plain("retro_id"),
        LedgerColumn::plain("local_date"),
        LedgerColumn::plain("channel"),
        LedgerColumn::plain("deck"),
        LedgerColumn::typed("prompt"),
        LedgerColumn::typed("low"),
        LedgerColumn::typed("high"),
        LedgerColumn::number("median"),
        LedgerColumn::number("spread"),
        LedgerColumn::number("answers"),
    ],
    dated: "in the zone of each retro",
    document: None,
    others: &[],
    page: |store, page| {
        async move {
            let lines = store::pulse_ledger(store, page.since, page.after, page.limit).await?;
            Ok(lines.into_iter().map(pulse_line).collect())
        }
        .boxed()
    },
};

fn pulse_line(line: PulseLedgerLine) -> LedgerLine {
    let position = (line.retro.clone(), line.place);
    let PulseLedgerLine { retro, local_date, channel, deck, prompt, low, high, pulse, .. } = line;
    let [median, spread] = [pulse.median, pulse.spread].map(|halves| halves.to_string());
    let cells =
        [retro, local_date, channel, deck, prompt, low, high, median, spread, pulse.answers.to_string()];
    LedgerLine { position, cells: cells.map(Some).into() }
}

fn line(line: RetroLedgerLine) -> LedgerLine {
    let position = (line.retro.clone(), line.answer.clone());
    let RetroLedgerLine { retro, local_date, channel, deck, prompt, answer, person, words, state } = line;
    let cells = [retro, local_date, channel, deck, prompt, answer, person, words, state];
    LedgerLine { position, cells: cells.map(Some).into() }
}
