//! What coffee keeps of people.

use crate::store::holdings::{
    HeldTable, Holdings,
    Holds::{Nothing, Person, Text},
    Section,
};

static TABLES: [HeldTable; 3] = [
    HeldTable {
        name: "coffee_round",
        key: &["programme_id", "local_date"],
        columns: &[("programme_id", Nothing), ("local_date", Nothing)],
        withdraws: None,
    },
    HeldTable {
        name: "coffee_group",
        key: &["group_id"],
        columns: &[
            ("group_id", Nothing),
            ("programme_id", Nothing),
            ("channel_id", Nothing),
            ("local_date", Nothing),
            ("question", Text),
        ],
        // A group whose introduction still waits is not introduced any more.
        withdraws: Some(
            "UPDATE coffee_group SET unreached_at = $3 WHERE team_id = $1 AND introduced_at IS NULL \
             AND unreached_at IS NULL AND EXISTS (SELECT 1 FROM coffee_seat s WHERE s.team_id = coffee_group.team_id \
             AND s.group_id = coffee_group.group_id AND s.user_id = $2)",
        ),
    },
    HeldTable {
        name: "coffee_seat",
        key: &["group_id", "user_id"],
        columns: &[("group_id", Nothing), ("user_id", Person)],
        withdraws: None,
    },
];

static SECTIONS: [Section; 1] = [Section {
    name: "coffee_groups",
    // A line for each person of a group. People they were not introduced to are not among them.
    sql: "SELECT g.group_id || '/' || o.user_id AS place, g.group_id, g.local_date, g.channel_id, o.user_id, \
              g.question, g.introduced_at, g.met_at, g.unreached_at FROM coffee_seat s \
              JOIN coffee_group g ON g.team_id = s.team_id AND g.group_id = s.group_id \
              JOIN coffee_seat o ON o.team_id = s.team_id AND o.group_id = s.group_id \
              WHERE s.team_id = $1 AND s.user_id = $2 AND (o.user_id = $2 OR g.introduced_at IS NOT NULL) \
              AND g.group_id || '/' || o.user_id > $3 ORDER BY place LIMIT $4",
    columns: &["group", "date", "channel", "person", "question", "introduced_at", "met_at", "unreached_at"],
}];

/// All of it.
pub static HOLDINGS: Holdings = Holdings { tables: &TABLES, sections: &SECTIONS };
