//! The ledger: a line for each note.

use chrono::NaiveTime;
use futures_util::FutureExt as _;
use rondo::ritual::{Ledger, LedgerColumn, LedgerLine};

use super::{plan::Note, store};

pub const LEDGER: Ledger = Ledger {
    columns: &[
        LedgerColumn::plain("note_id"),
        LedgerColumn::plain("author"),
        LedgerColumn::typed("words"),
        LedgerColumn::plain("done_at"),
    ],
    dated: "in UTC",
    document: None,
    page: |store, page| {
        async move {
            let since = page.since.and_time(NaiveTime::MIN).and_utc();
            let notes = store::page(store, since, page.after.0, page.limit).await?;
            Ok(notes.into_iter().map(line).collect())
        }
        .boxed()
    },
    others: &[],
};

fn line(note: Note) -> LedgerLine {
    LedgerLine {
        position: (note.id.clone(), String::new()),
        cells: vec![
            Some(note.id),
            Some(note.author),
            Some(note.words),
            note.done_at.map(|at| at.to_rfc3339()),
        ],
    }
}
