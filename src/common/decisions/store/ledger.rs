//! The ledger of decisions, page by page, as it is exported.

use chrono::NaiveDate;

use super::read;
use crate::{
    common::decisions::record::Decision,
    model::people::{SOMEONE, TeamId, UserId},
    store::{Store, StoreError, unit::Value},
    values,
};

/// One line of the ledger: a version of a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecisionLedgerLine {
    pub decision: Decision,
    pub state: VersionState,
    pub channel_name: String,
    /// The names of the people who decided, in their order, and of the person who recorded it. A person who is not known goes by
    /// their id, and an erased one is someone.
    pub names: Vec<String>,
    pub recorder: String,
    /// The name of the person who last looked at it again, empty without one.
    pub reviewer: String,
}

/// What became of a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VersionState {
    /// It is the newest one.
    Current,
    /// A later version says something else.
    Superseded,
}

/// How many digits a version has in a position.
const DIGITS: usize = 19;

impl DecisionLedgerLine {
    /// Returns its place in the order of the ledger.
    pub fn position(&self) -> (String, String) {
        (self.decision.id.clone(), format!("{:0DIGITS$}", self.decision.version))
    }
}

/// Returns a page of the ledger behind a position, by decision and version; decisions whose newest version was decided on the
/// date `since` or later come with all their versions.
pub async fn ledger(
    store: &Store,
    since: NaiveDate,
    (id, version): (&str, &str),
    limit: i64,
) -> Result<Vec<DecisionLedgerLine>, StoreError> {
    let after: i64 = version.parse().unwrap_or_default();
    let rows = store
        .ask(
            "SELECT d.decision_id, d.version, d.programme_id, d.channel_id, d.change, d.what, d.why, d.turned_down, \
             d.decided_by, d.review_on, d.reviewed_by, d.reviewed_at, d.listed_on, d.link, d.recorded_by, d.decided_on, d.decided_at, \
             d.recorded_at, d.posted_channel, d.posted_ts, d.team_id, COALESCE(c.name, ''), \
             (SELECT COUNT(*) FROM decision n WHERE n.team_id = d.team_id AND n.decision_id = d.decision_id \
             AND n.version > d.version) \
             FROM decision d LEFT JOIN channel c ON c.team_id = d.team_id AND c.channel_id = d.channel_id \
             WHERE (d.decision_id, d.version) > ($2, $3) AND EXISTS (SELECT 1 FROM decision n \
             WHERE n.team_id = d.team_id AND n.decision_id = d.decision_id AND n.decided_on >= $1) \
             ORDER BY d.decision_id, d.version LIMIT $4",
            values![since.to_string(), id, after, limit],
        )
        .await?;
    let mut lines = Vec::with_capacity(rows.len());
    for mut row in rows {
        let mut rest = row.split_off(row.len().saturating_sub(3)).into_iter();
        let team = rest.next().and_then(Value::text).unwrap_or_default();
        let channel_name = rest.next().and_then(Value::text).unwrap_or_default();
        let state = match rest.next().and_then(|later| later.int()) {
            None | Some(0) => VersionState::Current,
            Some(_) => VersionState::Superseded,
        };
        lines.push((TeamId(team), channel_name, state, read(row)?));
    }
    with_names(store, lines).await
}

/// Adds the names of people to the lines of a page.
async fn with_names(
    store: &Store,
    lines: Vec<(TeamId, String, VersionState, Decision)>,
) -> Result<Vec<DecisionLedgerLine>, StoreError> {
    let Some((team, ..)) = lines.first() else { return Ok(Vec::new()) };
    let named = lines.iter().flat_map(|(.., decision)| {
        let reviewer = decision.reviewed.as_ref().map(|review| &review.by);
        decision.decided_by.iter().chain([&decision.recorded_by]).chain(reviewer)
    });
    let mut ids: Vec<UserId> = named.cloned().collect();
    ids.sort();
    ids.dedup();
    let known = store.people(team, &ids).await?;
    let name = |id: &UserId| match known.get(id) {
        _ if id.is_pseudonym() => SOMEONE.to_owned(),
        Some(person) => person.name.clone(),
        None => id.to_string(),
    };
    let line =
        |(_, channel_name, state, decision): (TeamId, String, VersionState, Decision)| DecisionLedgerLine {
            names: decision.decided_by.iter().map(name).collect(),
            recorder: name(&decision.recorded_by),
            reviewer: decision.reviewed.as_ref().map(|review| name(&review.by)).unwrap_or_default(),
            decision,
            state,
            channel_name,
        };
    Ok(lines.into_iter().map(line).collect())
}
