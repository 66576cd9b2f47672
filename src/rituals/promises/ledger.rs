//! The ledger of promises: a line for each, as it stands.

use chrono::{NaiveDate, NaiveTime};
use chrono_tz::Tz;
use futures_util::FutureExt as _;

use crate::{
    common::promises::store::{self, PromiseLine},
    model::{cadence::resolve, clock::Instant},
    ritual::{Ledger, LedgerColumn, LedgerLine},
};

pub(super) const LEDGER: Ledger = Ledger {
    columns: &[
        LedgerColumn::plain("promise_id"),
        LedgerColumn::plain("asked_at"),
        LedgerColumn::plain("asker"),
        LedgerColumn::plain("owner"),
        LedgerColumn::plain("channel"),
        LedgerColumn::plain("programme"),
        LedgerColumn::plain("occasion"),
        LedgerColumn::typed("words"),
        LedgerColumn::plain("link"),
        LedgerColumn::plain("due"),
        LedgerColumn::plain("due_zone"),
        LedgerColumn::plain("due_at"),
        LedgerColumn::number("moves"),
        LedgerColumn::plain("first_due"),
        LedgerColumn::plain("state"),
        LedgerColumn::typed("reason"),
        LedgerColumn::plain("promised_at"),
        LedgerColumn::plain("settled_at"),
        LedgerColumn::plain("refused_by"),
        LedgerColumn::typed("refusal"),
        LedgerColumn::typed("asker_name"),
        LedgerColumn::typed("owner_name"),
        LedgerColumn::typed("refused_by_name"),
        LedgerColumn::typed("channel_name"),
        LedgerColumn::typed("programme_name"),
    ],
    dated: "asked for, in UTC",
    document: None,
    others: &[],
    page: |store, page| {
        async move {
            let since = page.since.and_time(NaiveTime::MIN).and_utc();
            let lines = store::ledger(store, since, page.after.0, page.limit).await?;
            Ok(lines.into_iter().map(line).collect())
        }
        .boxed()
    },
};

fn line(line: PromiseLine) -> LedgerLine {
    let due_at = due_at(&line);
    let due = match line.due_minute {
        Some(minute) => format!("{} {:02}:{:02}", line.due_on, minute / 60, minute % 60),
        None => line.due_on,
    };
    let position = (line.promise_id.clone(), String::new());
    let at = |at: Option<Instant>| at.map(|at| at.to_rfc3339());
    let cells = vec![
        Some(line.promise_id),
        Some(line.asked_at.to_rfc3339()),
        Some(line.asker),
        Some(line.owner),
        Some(line.channel),
        Some(line.programme),
        Some(line.occasion),
        Some(line.words),
        Some(line.link),
        Some(due),
        Some(line.zone),
        due_at,
        Some(line.moves.to_string()),
        Some(line.first_due),
        Some(line.state),
        Some(line.reason),
        at(line.promised_at),
        at(line.settled_at),
        Some(line.refused_by),
        Some(line.refusal),
    ];
    let cells = cells.into_iter().chain(line.names.map(Some)).collect();
    LedgerLine { position, cells }
}

/// Returns the instant at which a promise with a time is due; `None` where its owner's zone isn't known.
fn due_at(line: &PromiseLine) -> Option<String> {
    let zone: Tz = line.zone.parse().ok()?;
    let date: NaiveDate = line.due_on.parse().ok()?;
    let seconds = u32::try_from(line.due_minute? * 60).ok()?;
    let time = NaiveTime::from_num_seconds_from_midnight_opt(seconds, 0)?;
    Some(resolve(zone, date.and_time(time))?.to_rfc3339())
}
