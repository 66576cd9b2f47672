//! What decisions keep of people. The words are the channel's own, so an erasure scrubs mentions and keeps the rest.

use crate::store::holdings::{
    FoldedCopy, HeldTable, Holdings,
    Holds::{Folded, KeyOfCopy, Nothing, Person, Row, Text},
    Section,
};

static WORDS: FoldedCopy = FoldedCopy { table: "decision_words", of: &["what", "why", "turned_down"] };

static DECISION: HeldTable = HeldTable {
    name: "decision",
    key: &["decision_id", "version"],
    columns: &[
        ("decision_id", KeyOfCopy(&WORDS)),
        ("programme_id", Nothing),
        ("channel_id", Nothing),
        ("change", Nothing),
        ("what", Text),
        ("why", Text),
        ("turned_down", Text),
        ("decided_by", Text),
        ("review_on", Nothing),
        ("reviewed_by", Person),
        ("listed_on", Nothing),
        ("link", Text),
        ("recorded_by", Person),
        ("decided_on", Nothing),
        ("posted_channel", Nothing),
        ("posted_ts", Nothing),
    ],
    withdraws: None,
};

static DECISION_WORDS: HeldTable = HeldTable {
    name: "decision_words",
    key: &["decision_id"],
    columns: &[("decision_id", Nothing), ("channel_id", Nothing), ("words", Folded), ("more", Folded)],
    withdraws: None,
};

static DECISION_RECENT: HeldTable = HeldTable {
    name: "decision_recent",
    key: &["recorded_by", "fingerprint"],
    columns: &[("recorded_by", Row), ("fingerprint", Nothing)],
    withdraws: None,
};

static TABLES: [HeldTable; 3] = [DECISION, DECISION_WORDS, DECISION_RECENT];

static SECTIONS: [Section; 1] = [Section {
    name: "decisions",
    sql: "SELECT decision_id || '/' || CAST(version AS TEXT) AS place, channel_id, decided_on, change, what, why, turned_down, \
          review_on, link, recorded_at, reviewed_at FROM decision \
          WHERE team_id = $1 AND (recorded_by = $2 OR reviewed_by = $2 OR ',' || decided_by || ',' LIKE '%,' || $2 || ',%') \
          AND decision_id || '/' || CAST(version AS TEXT) > $3 ORDER BY place LIMIT $4",
    columns: &[
        "channel",
        "date",
        "change",
        "what",
        "why",
        "turned_down",
        "review_on",
        "link",
        "recorded_at",
        "reviewed_at",
    ],
}];

/// All of it.
pub static HOLDINGS: Holdings = Holdings { tables: &TABLES, sections: &SECTIONS };
