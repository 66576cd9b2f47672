//! The ledger of decisions: a line for each version, and a decision log as Markdown.

use futures_util::FutureExt as _;

use super::{
    messages::{self, LogVersion},
    store::{self, DecisionLedgerLine, VersionState},
};
use crate::ritual::{Ledger, LedgerColumn, LedgerDocument, LedgerLine};

/// What `rondo export` prints of decisions.
pub const LEDGER: Ledger = Ledger {
    columns: &[
        LedgerColumn::plain("decision_id"),
        LedgerColumn::number("version"),
        LedgerColumn::plain("state"),
        LedgerColumn::plain("change"),
        LedgerColumn::plain("decided_on"),
        LedgerColumn::plain("channel"),
        LedgerColumn::typed("channel_name"),
        LedgerColumn::typed("what"),
        LedgerColumn::typed("why"),
        LedgerColumn::typed("turned_down"),
        LedgerColumn::plain("decided_by"),
        LedgerColumn::typed("names"),
        LedgerColumn::plain("review_on"),
        LedgerColumn::plain("reviewed_by"),
        LedgerColumn::typed("reviewer"),
        LedgerColumn::plain("reviewed_at"),
        LedgerColumn::plain("recorded_by"),
        LedgerColumn::typed("recorder"),
        LedgerColumn::plain("recorded_at"),
    ],
    dated: "in the zone of each sync",
    document: Some(LedgerDocument { title: messages::TITLE, entry }),
    page: |store, page| {
        async move {
            let lines = store::ledger(store, page.since, page.after, page.limit).await?;
            Ok(lines.into_iter().map(line).collect())
        }
        .boxed()
    },
    others: &[],
};

fn line(line: DecisionLedgerLine) -> LedgerLine {
    let position = line.position();
    let DecisionLedgerLine { decision, state, channel_name, names, recorder, reviewer } = line;
    let people: Vec<String> = decision.decided_by.iter().map(ToString::to_string).collect();
    let cells = [
        decision.id,
        decision.version.to_string(),
        match state {
            VersionState::Current => "current",
            VersionState::Superseded => "superseded",
        }
        .to_owned(),
        decision.change.as_stored().to_owned(),
        decision.decided_on.to_string(),
        decision.channel.to_string(),
        channel_name,
        decision.what,
        decision.why,
        decision.turned_down,
        people.join(","),
        names.join(", "),
        decision.review_on.map(|date| date.to_string()).unwrap_or_default(),
        decision.reviewed.as_ref().map(|review| review.by.to_string()).unwrap_or_default(),
        reviewer,
        decision.reviewed.map(|review| review.at.to_rfc3339()).unwrap_or_default(),
        decision.recorded_by.to_string(),
        recorder,
        decision.recorded_at.to_rfc3339(),
    ];
    LedgerLine { position, cells: cells.map(Some).into() }
}

/// Writes the entry of a decision, whose versions are these lines.
fn entry(lines: &[LedgerLine]) -> String {
    let versions: Vec<LogVersion<'_>> = lines.iter().map(version).collect();
    messages::entry(&versions)
}

fn version(line: &LedgerLine) -> LogVersion<'_> {
    let cell = |name: &str| {
        let place = LEDGER.columns.iter().position(|column| column.name == name);
        place.and_then(|place| line.cells.get(place)?.as_deref()).unwrap_or_default()
    };
    LogVersion {
        version: cell("version"),
        state: cell("state"),
        decided_on: cell("decided_on"),
        channel: if cell("channel_name").is_empty() { cell("channel") } else { cell("channel_name") },
        what: cell("what"),
        why: cell("why"),
        turned_down: cell("turned_down"),
        names: cell("names"),
        review_on: cell("review_on"),
        reviewer: cell("reviewer"),
        reviewed_on: cell("reviewed_at").split('T').next().unwrap_or_default(),
        recorder: cell("recorder"),
        recorded_on: cell("recorded_at").split('T').next().unwrap_or_default(),
    }
}
