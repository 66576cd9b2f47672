//! The ledgers of syncs: a line for each duty, for each point of an agenda, for each sync that ended, and for notes that came later.

use chrono::NaiveTime;
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
        LedgerColumn::typed("name"),
        LedgerColumn::typed("channel_name"),
        LedgerColumn::typed("person_name"),
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
    others: &[("agenda", AGENDA), ("closings", CLOSINGS), ("additions", ADDITIONS)],
};

const AGENDA: Ledger = Ledger {
    columns: &[
        LedgerColumn::plain("point_id"),
        LedgerColumn::plain("added_at"),
        LedgerColumn::plain("programme_id"),
        LedgerColumn::plain("channel"),
        LedgerColumn::plain("local_date"),
        LedgerColumn::plain("person"),
        LedgerColumn::plain("author"),
        LedgerColumn::typed("words"),
        LedgerColumn::plain("link"),
        LedgerColumn::plain("state"),
        LedgerColumn::number("times_moved"),
        LedgerColumn::typed("name"),
        LedgerColumn::typed("channel_name"),
        LedgerColumn::typed("person_name"),
        LedgerColumn::typed("author_name"),
    ],
    dated: "when a point was added, in UTC",
    document: None,
    page: |store, page| {
        async move {
            let since = page.since.and_time(NaiveTime::MIN).and_utc();
            let points = store::point_ledger(store, since, page.after.0, page.limit).await?;
            let line = |cells: [String; 15]| LedgerLine {
                position: (cells[0].clone(), String::new()),
                cells: filled(cells),
            };
            Ok(points.into_iter().map(line).collect())
        }
        .boxed()
    },
    others: &[],
};

const CLOSINGS: Ledger = Ledger {
    columns: &[
        LedgerColumn::plain("programme_id"),
        LedgerColumn::plain("local_date"),
        LedgerColumn::plain("channel"),
        LedgerColumn::plain("state"),
        LedgerColumn::plain("person"),
        LedgerColumn::typed("notes"),
        LedgerColumn::plain("settled_at"),
        LedgerColumn::typed("name"),
        LedgerColumn::typed("channel_name"),
        LedgerColumn::typed("person_name"),
    ],
    dated: "in the zone of each sync",
    document: None,
    page: |store, page| {
        async move {
            let closings = store::closing_ledger(store, page.since, page.after, page.limit).await?;
            let line = |cells: [String; 10]| LedgerLine {
                position: (cells[0].clone(), cells[1].clone()),
                cells: filled(cells),
            };
            Ok(closings.into_iter().map(line).collect())
        }
        .boxed()
    },
    others: &[],
};

const ADDITIONS: Ledger = Ledger {
    columns: &[
        LedgerColumn::plain("addition_id"),
        LedgerColumn::plain("programme_id"),
        LedgerColumn::plain("local_date"),
        LedgerColumn::plain("channel"),
        LedgerColumn::plain("person"),
        LedgerColumn::typed("notes"),
        LedgerColumn::plain("added_at"),
        LedgerColumn::typed("name"),
        LedgerColumn::typed("channel_name"),
        LedgerColumn::typed("person_name"),
    ],
    dated: "in the zone of each sync",
    document: None,
    page: |store, page| {
        async move {
            let additions = store::addition_ledger(store, page.since, page.after.0, page.limit).await?;
            let line = |cells: [String; 10]| LedgerLine {
                position: (cells[0].clone(), String::new()),
                cells: filled(cells),
            };
            Ok(additions.into_iter().map(line).collect())
        }
        .boxed()
    },
    others: &[],
};

/// Returns cells of which empty ones hold nothing.
fn filled<const N: usize>(cells: [String; N]) -> Vec<Option<String>> {
    cells.into_iter().map(|cell| Some(cell).filter(|cell| !cell.is_empty())).collect()
}

fn line(line: SyncLedgerLine) -> LedgerLine {
    let position = line.position();
    let SyncLedgerLine { programme, local_date, channel, role, person, how, settled_at, names } = line;
    let [name, channel_name, person_name] = names;
    let cells =
        [programme, local_date, channel, role, person, how, settled_at, name, channel_name, person_name];
    LedgerLine { position, cells: filled(cells) }
}
