//! What kudos keeps of people.

use crate::store::holdings::{
    HeldTable, Holdings,
    Holds::{Nothing, Person, Row, Words},
    Section,
};

static TABLES: [HeldTable; 3] = [
    HeldTable {
        name: "gift",
        key: &["gift_id"],
        columns: &[
            ("gift_id", Nothing),
            ("giver", Person),
            ("channel_id", Nothing),
            ("reason", Words),
            ("local_date", Nothing),
        ],
        withdraws: None,
    },
    HeldTable {
        name: "gift_receiver",
        key: &["gift_id", "receiver"],
        columns: &[("gift_id", Nothing), ("receiver", Person)],
        withdraws: None,
    },
    HeldTable {
        name: "kudos_day",
        key: &["giver", "local_date"],
        columns: &[("giver", Row), ("local_date", Nothing), ("last_fingerprint", Nothing)],
        withdraws: None,
    },
];

static SECTIONS: [Section; 3] = [
    Section {
        name: "kudos_given",
        sql: "SELECT g.gift_id || '/' || r.receiver AS place, g.gift_id, g.given_at, g.channel_id, r.receiver, \
              g.reason, g.undone_at FROM gift g \
              JOIN gift_receiver r ON r.team_id = g.team_id AND r.gift_id = g.gift_id \
              WHERE g.team_id = $1 AND g.giver = $2 AND g.gift_id || '/' || r.receiver > $3 ORDER BY place LIMIT $4",
        columns: &["gift", "given_at", "channel", "receiver", "reason", "undone_at"],
    },
    Section {
        name: "kudos_received",
        // Who else was thanked is not among it, nor words that were said where the person is not.
        sql: concat!(
            "SELECT g.gift_id, g.gift_id, g.given_at, g.channel_id, g.giver, ",
            readable!(),
            ", g.undone_at FROM gift_receiver r JOIN gift g ON g.team_id = r.team_id AND g.gift_id = r.gift_id \
             WHERE r.team_id = $1 AND r.receiver = $2 AND r.gift_id > $3 ORDER BY r.gift_id LIMIT $4"
        ),
        columns: &["gift", "given_at", "channel", "giver", "reason", "undone_at"],
    },
    Section {
        name: "kudos_days",
        sql: "SELECT local_date, local_date, people, announced, last_at FROM kudos_day \
              WHERE team_id = $1 AND giver = $2 AND local_date > $3 ORDER BY local_date LIMIT $4",
        columns: &["date", "people", "announced", "last_at"],
    },
];

/// All of it.
pub static HOLDINGS: Holdings = Holdings { tables: &TABLES, sections: &SECTIONS };
