//! The only SQL of decisions.

mod holdings;
mod ledger;
mod recent;

use chrono::NaiveDate;

pub use self::{
    holdings::HOLDINGS,
    ledger::{DecisionLedgerLine, VersionState, ledger},
    recent::{TWICE, once},
};
use super::record::{Change, Decision, MOST_WORDS, Review};
use crate::{
    model::{
        clock::Instant,
        people::{ChannelId, TeamId, UserId},
    },
    store::{
        StoreError,
        columns::Columns,
        reading::ReadStore,
        unit::{Insert, UnitOfWork, Value, Write},
    },
    values,
};

/// The refusal of a version where there is one of this number already.
pub const VERSION_TAKEN: &str = "decision_version_taken";

static DECISION: Insert = Insert {
    table: "decision",
    columns: &[
        "team_id",
        "decision_id",
        "version",
        "programme_id",
        "channel_id",
        "change",
        "what",
        "why",
        "turned_down",
        "decided_by",
        "review_on",
        "reviewed_by",
        "listed_on",
        "link",
        "recorded_by",
        "decided_on",
        "decided_at",
        "recorded_at",
        "posted_channel",
        "posted_ts",
    ],
    identity: 3,
    on_conflict: "ON CONFLICT DO NOTHING",
};

/// Makes a version the one that is searched. A search for a rare word looks through the words of all decisions, so they stand in an
/// index: whole decisions have four times as many pages, which don't stay in memory.
const SEARCHED: &str = "INSERT INTO decision_words (team_id, decision_id, version, channel_id, decided_at, words, more, is_long) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (team_id, decision_id) DO UPDATE \
     SET version = excluded.version, channel_id = excluded.channel_id, decided_at = excluded.decided_at, words = excluded.words, \
     more = excluded.more, is_long = excluded.is_long";

/// Adds a version to a unit, unless there is one of its number ([`VERSION_TAKEN`]): of two people who write the next version at
/// once, one does. `words` are those that are searched ([`Decision::searched`]); those of the version before are no longer.
pub fn put(unit: &mut UnitOfWork, team: &TeamId, decision: &Decision, words: (String, String)) {
    let people: Vec<&str> = decision.decided_by.iter().map(UserId::as_str).collect();
    let (channel, ts) = match &decision.posted {
        Some((channel, ts)) => (channel.as_str(), ts.as_str()),
        None => ("", ""),
    };
    let row = values![
        team.as_str(),
        decision.id.as_str(),
        decision.version,
        decision.programme.as_str(),
        decision.channel.as_str(),
        decision.change.as_stored(),
        decision.what.as_str(),
        decision.why.as_str(),
        decision.turned_down.as_str(),
        people.join(","),
        stored(decision.review_on),
        decision.reviewed.as_ref().map_or("", |review| review.by.as_str()),
        stored(decision.listed_on),
        decision.link.as_str(),
        decision.recorded_by.as_str(),
        decision.decided_on.to_string(),
        decision.decided_at,
        decision.recorded_at,
        channel,
        ts
    ];
    unit.guard(VERSION_TAKEN, Write::Row(&DECISION, row));
    let (id, channel) = (decision.id.as_str(), decision.channel.as_str());
    let (words, more) = words;
    let is_long = i64::from(!more.is_empty());
    let row =
        values![team.as_str(), id, decision.version, channel, decision.decided_at, words, more, is_long];
    unit.run(SEARCHED, row);
}

/// Makes a unit depend on a version being the newest one, as it was read: no next one was written ([`VERSION_TAKEN`]), and no person
/// has looked at it again since.
pub fn supersede(unit: &mut UnitOfWork, team: &TeamId, old: &Decision, now: Instant) {
    let write = Write::Run(
        "UPDATE decision SET superseded_at = $4 WHERE team_id = $1 AND decision_id = $2 AND version = $3 \
         AND superseded_at IS NULL AND COALESCE(reviewed_at, -1) = $5 RETURNING team_id, decision_id",
        values![team.as_str(), old.id.as_str(), old.version, now, reviewed_at(old)],
    );
    unit.guard(VERSION_TAKEN, write);
}

/// Adds to a unit that a person has looked at a version again, under the condition of [`supersede`]. `review_on` is when the next person
/// does.
pub fn confirm(
    unit: &mut UnitOfWork,
    team: &TeamId,
    old: &Decision,
    review: &Review,
    review_on: Option<NaiveDate>,
) {
    let write = Write::Run(
        "UPDATE decision SET review_on = $4, reviewed_by = $5, reviewed_at = $6 WHERE team_id = $1 AND decision_id = $2 \
         AND version = $3 AND superseded_at IS NULL AND COALESCE(reviewed_at, -1) = $7 RETURNING team_id, decision_id",
        values![
            team.as_str(),
            old.id.as_str(),
            old.version,
            stored(review_on),
            review.by.as_str(),
            review.at,
            reviewed_at(old)
        ],
    );
    unit.guard(VERSION_TAKEN, write);
}

/// Adds to a unit that the thread of an occasion of this date shows a version with its buttons.
pub fn list_on(unit: &mut UnitOfWork, team: &TeamId, decision: &Decision, date: NaiveDate) {
    unit.run(
        "UPDATE decision SET listed_on = $4 WHERE team_id = $1 AND decision_id = $2 AND version = $3",
        values![team.as_str(), decision.id.as_str(), decision.version, date.to_string()],
    );
}

fn reviewed_at(decision: &Decision) -> i64 {
    decision.reviewed.as_ref().map_or(-1, |review| review.at.timestamp_millis())
}

fn stored(date: Option<NaiveDate>) -> String {
    date.map(|date| date.to_string()).unwrap_or_default()
}

/// Adds to a unit where the message of a version is.
pub fn posted(
    unit: &mut UnitOfWork,
    team: &TeamId,
    (id, version): (&str, i64),
    (channel, ts): (&ChannelId, &str),
) {
    unit.run(
        "UPDATE decision SET posted_channel = $4, posted_ts = $5 \
         WHERE team_id = $1 AND decision_id = $2 AND version = $3",
        values![team.as_str(), id, version, channel.as_str(), ts],
    );
}

/// Adds to a unit that a channel goes by another id.
pub fn move_channel(unit: &mut UnitOfWork, team: &TeamId, from: &ChannelId, to: &ChannelId) {
    unit.run(
        "UPDATE decision SET channel_id = $3 WHERE team_id = $1 AND channel_id = $2",
        values![team.as_str(), from.as_str(), to.as_str()],
    );
    unit.run(
        "UPDATE decision_words SET channel_id = $3 WHERE team_id = $1 AND channel_id = $2",
        values![team.as_str(), from.as_str(), to.as_str()],
    );
}

/// The columns that [`read`] reads, for a statement of constants alone.
macro_rules! selected {
    ($($rest:tt)*) => {
        concat!(
            "SELECT d.decision_id, d.version, d.programme_id, d.channel_id, d.change, d.what, d.why, d.turned_down, \
             d.decided_by, d.review_on, d.reviewed_by, d.reviewed_at, d.listed_on, d.link, d.recorded_by, d.decided_on, d.decided_at, \
             d.recorded_at, d.posted_channel, d.posted_ts FROM decision d ",
            $($rest)*
        )
    };
}

/// A condition that the words of a decision have a pattern. Only those of a long one stand outside of the index.
macro_rules! and_has {
    ($pattern:literal) => {
        concat!(
            "AND (w.words LIKE ",
            $pattern,
            " ESCAPE '\\' OR (w.is_long = 1 AND w.more LIKE ",
            $pattern,
            " ESCAPE '\\')) "
        )
    };
}

/// Returns the newest version of a decision.
pub async fn current(store: &ReadStore, id: &str) -> Result<Option<Decision>, StoreError> {
    Ok(versions(store, id, i64::MAX, 1).await?.pop())
}

/// Returns the versions of a decision below this number, the newest first.
pub async fn versions(
    store: &ReadStore,
    id: &str,
    below: i64,
    limit: i64,
) -> Result<Vec<Decision>, StoreError> {
    let rows = store
        .ask(
            selected!(
                "WHERE d.team_id = $1 AND d.decision_id = $2 AND d.version < $3 ORDER BY d.version DESC LIMIT $4"
            ),
            values![store.team(), id, below, limit],
        )
        .await?;
    rows.into_iter().map(read).collect()
}

/// Where a page of a channel's decisions begins: behind the decision of this instant and id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Behind {
    pub decided_at: i64,
    pub id: String,
}

/// Returns decisions of a channel in their newest versions, the newest first: those with all of these words, ten at most, which
/// are folded.
pub async fn page(
    store: &ReadStore,
    channel: &ChannelId,
    words: &[String],
    behind: Option<&Behind>,
    limit: i64,
) -> Result<Vec<Decision>, StoreError> {
    let (at, id) = behind.map_or((i64::MAX, ""), |behind| (behind.decided_at, &behind.id));
    let mut values = values![store.team(), channel.as_str(), at, id, limit];
    let patterns = words.iter().map(|word| format!("%{}%", escaped(word)));
    values.extend(patterns.chain(std::iter::repeat("%".to_owned())).take(MOST_WORDS).map(Value::from));
    let rows = store
        .ask(
            selected!(
                "JOIN decision_words w ON w.team_id = d.team_id AND w.decision_id = d.decision_id AND w.version = d.version \
                 WHERE w.team_id = $1 AND w.channel_id = $2 AND (w.decided_at, w.decision_id) < ($3, $4) ",
                and_has!("$6"),
                and_has!("$7"),
                and_has!("$8"),
                and_has!("$9"),
                and_has!("$10"),
                and_has!("$11"),
                and_has!("$12"),
                and_has!("$13"),
                and_has!("$14"),
                and_has!("$15"),
                "ORDER BY w.decided_at DESC, w.decision_id DESC LIMIT $5"
            ),
            values,
        )
        .await?;
    rows.into_iter().map(read).collect()
}

/// Returns the decisions that an occasion of a programme on this local date looks at again, the longest due first. Those of a
/// programme that has ended come at any other one of the same channel.
pub async fn to_review(
    store: &ReadStore,
    (programme, channel): (&str, &ChannelId),
    date: NaiveDate,
    limit: i64,
) -> Result<Vec<Decision>, StoreError> {
    let rows = store
        .ask(
            selected!(
                "LEFT JOIN programme p ON p.team_id = d.team_id AND p.programme_id = d.programme_id \
                 WHERE d.team_id = $1 AND d.channel_id = $2 AND d.review_on <> '' AND d.review_on <= $4 \
                 AND (d.programme_id = $3 OR p.programme_id IS NULL OR p.ended_at IS NOT NULL) \
                 AND NOT EXISTS (SELECT 1 FROM decision n WHERE n.team_id = d.team_id \
                 AND n.decision_id = d.decision_id AND n.version = d.version + 1) \
                 ORDER BY d.review_on, d.decision_id LIMIT $5"
            ),
            values![store.team(), channel.as_str(), programme, date.to_string(), limit],
        )
        .await?;
    rows.into_iter().map(read).collect()
}

/// A word as a pattern that matches nothing but the word.
fn escaped(word: &str) -> String {
    let mut pattern = String::with_capacity(word.len());
    for c in word.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern
}

/// Reads people as they are stored: ids with commas between.
fn people(stored: &str) -> Vec<UserId> {
    stored.split(',').filter(|id| !id.is_empty()).map(UserId::from).collect()
}

fn date_or_none(stored: &str) -> Result<Option<NaiveDate>, StoreError> {
    Some(stored).filter(|date| !date.is_empty()).map(day).transpose()
}

fn read(row: Vec<Value>) -> Result<Decision, StoreError> {
    let mut row = Columns::of("decision", row);
    Ok(Decision {
        id: row.text()?,
        version: row.int()?,
        programme: row.text()?,
        channel: ChannelId(row.text()?),
        change: Change::of(&row.text()?),
        what: row.text()?,
        why: row.text()?,
        turned_down: row.text()?,
        decided_by: people(&row.text()?),
        review_on: date_or_none(&row.text()?)?,
        reviewed: {
            let (by, at) = (UserId(row.text()?), row.at_or_null());
            at.map(|at| Review { by, at })
        },
        listed_on: date_or_none(&row.text()?)?,
        link: row.text()?,
        recorded_by: UserId(row.text()?),
        decided_on: day(&row.text()?)?,
        decided_at: row.at()?,
        recorded_at: row.at()?,
        posted: {
            let (channel, ts) = (row.text()?, row.text()?);
            (!ts.is_empty()).then_some((ChannelId(channel), ts))
        },
    })
}

fn day(stored: &str) -> Result<NaiveDate, StoreError> {
    stored.parse().map_err(|_| StoreError::coding(format!("a row of decision has no date: {stored}")))
}

impl From<&Decision> for Behind {
    fn from(decision: &Decision) -> Behind {
        Behind { decided_at: decision.decided_at.timestamp_millis(), id: decision.id.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_of_patterns_are_escaped() {
        assert_eq!(escaped(r"100% a_b \"), r"100\% a\_b \\");
    }

    #[test]
    fn people_are_read_from_a_list() {
        assert_eq!(people("U1,erased-2"), [UserId::from("U1"), UserId::from("erased-2")]);
        assert!(people("").is_empty());
    }
}
