//! What syncs keep of people.

use crate::store::holdings::{
    HeldTable, Holdings,
    Holds::{Nothing, Person, Text, Words},
    Section,
};

static TABLES: [HeldTable; 10] = [
    HeldTable {
        name: "sync_occasion",
        key: &["programme_id", "local_date"],
        columns: &[("programme_id", Nothing), ("local_date", Nothing), ("link", Text)],
        withdraws: None,
    },
    HeldTable {
        name: "sync_duty",
        key: &["programme_id", "local_date", "role"],
        columns: &[
            ("programme_id", Nothing),
            ("local_date", Nothing),
            ("role", Nothing),
            ("user_id", Person),
            ("how", Nothing),
        ],
        withdraws: None,
    },
    HeldTable {
        name: "sync_availability",
        key: &["programme_id", "local_date", "user_id"],
        columns: &[
            ("programme_id", Nothing),
            ("local_date", Nothing),
            ("user_id", Person),
            ("state", Nothing),
        ],
        withdraws: None,
    },
    HeldTable {
        name: "sync_turn",
        key: &["programme_id", "local_date"],
        columns: &[
            ("programme_id", Nothing),
            ("local_date", Nothing),
            ("user_id", Person),
            ("state", Nothing),
            ("how", Nothing),
            ("scribe_id", Person),
        ],
        withdraws: None,
    },
    HeldTable {
        name: "sync_answer",
        key: &["programme_id", "local_date", "role", "user_id"],
        columns: &[
            ("programme_id", Nothing),
            ("local_date", Nothing),
            ("role", Nothing),
            ("user_id", Person),
            ("state", Nothing),
        ],
        withdraws: None,
    },
    HeldTable {
        name: "sync_offer",
        key: &["offer_id"],
        columns: &[
            ("offer_id", Nothing),
            ("programme_id", Nothing),
            ("local_date", Nothing),
            ("from_user", Person),
            ("to_user", Person),
            ("return_date", Nothing),
            ("state", Nothing),
        ],
        withdraws: None,
    },
    HeldTable {
        name: "sync_point",
        key: &["point_id"],
        columns: &[
            ("point_id", Nothing),
            ("programme_id", Nothing),
            ("user_id", Person),
            ("author_id", Person),
            ("words", Words),
            ("link", Words),
            ("state", Nothing),
            ("local_date", Nothing),
        ],
        withdraws: None,
    },
    HeldTable {
        name: "sync_agenda",
        key: &["programme_id"],
        columns: &[("programme_id", Nothing)],
        withdraws: None,
    },
    HeldTable {
        name: "sync_closing",
        key: &["programme_id", "local_date"],
        columns: &[
            ("programme_id", Nothing),
            ("local_date", Nothing),
            ("state", Nothing),
            ("channel_id", Nothing),
            ("root", Nothing),
            ("user_id", Person),
            ("notes", Words),
        ],
        withdraws: None,
    },
    HeldTable {
        name: "sync_addition",
        key: &["addition_id"],
        columns: &[
            ("addition_id", Nothing),
            ("programme_id", Nothing),
            ("local_date", Nothing),
            ("user_id", Person),
            ("notes", Words),
        ],
        withdraws: None,
    },
];

static SECTIONS: [Section; 9] = [
    Section {
        name: "sync_duties",
        sql: "SELECT programme_id || '/' || local_date || '/' || role AS place, programme_id, local_date, role, how, \
              settled_at FROM sync_duty WHERE team_id = $1 AND user_id = $2 \
              AND programme_id || '/' || local_date || '/' || role > $3 ORDER BY place LIMIT $4",
        columns: &["programme", "date", "role", "how", "settled_at"],
    },
    Section {
        name: "sync_availability",
        sql: "SELECT programme_id || '/' || local_date AS place, programme_id, local_date, state FROM sync_availability \
              WHERE team_id = $1 AND user_id = $2 AND programme_id || '/' || local_date > $3 ORDER BY place LIMIT $4",
        columns: &["programme", "date", "state"],
    },
    Section {
        name: "sync_turns",
        sql: "SELECT programme_id || '/' || local_date AS place, programme_id, local_date, state, how, changed_at \
              FROM sync_turn WHERE team_id = $1 AND user_id = $2 AND programme_id || '/' || local_date > $3 \
              ORDER BY place LIMIT $4",
        columns: &["programme", "date", "state", "how", "changed_at"],
    },
    Section {
        name: "sync_notes",
        sql: "SELECT programme_id || '/' || local_date AS place, programme_id, local_date, changed_at \
              FROM sync_turn WHERE team_id = $1 AND scribe_id = $2 AND programme_id || '/' || local_date > $3 \
              ORDER BY place LIMIT $4",
        columns: &["programme", "date", "changed_at"],
    },
    Section {
        name: "sync_answers",
        sql: "SELECT programme_id || '/' || local_date || '/' || role AS place, programme_id, local_date, role, state, \
              changed_at FROM sync_answer WHERE team_id = $1 AND user_id = $2 \
              AND programme_id || '/' || local_date || '/' || role > $3 ORDER BY place LIMIT $4",
        columns: &["programme", "date", "role", "state", "changed_at"],
    },
    Section {
        name: "sync_swaps",
        sql: "SELECT offer_id, programme_id, local_date, from_user, to_user, return_date, state, changed_at \
              FROM sync_offer WHERE team_id = $1 AND (from_user = $2 OR to_user = $2) AND offer_id > $3 \
              ORDER BY offer_id LIMIT $4",
        columns: &["programme", "date", "from", "to", "in_return", "state", "changed_at"],
    },
    Section {
        name: "sync_points",
        sql: "SELECT point_id, programme_id, local_date, words, link, state, added_at FROM sync_point \
              WHERE team_id = $1 AND (user_id = $2 OR author_id = $2) AND point_id > $3 ORDER BY point_id LIMIT $4",
        columns: &["programme", "date", "words", "link", "state", "added_at"],
    },
    Section {
        name: "sync_closings",
        sql: "SELECT programme_id || '/' || local_date AS place, programme_id, local_date, state, notes, settled_at \
              FROM sync_closing WHERE team_id = $1 AND user_id = $2 AND programme_id || '/' || local_date > $3 \
              ORDER BY place LIMIT $4",
        columns: &["programme", "date", "state", "notes", "settled_at"],
    },
    Section {
        name: "sync_additions",
        sql: "SELECT addition_id, programme_id, local_date, notes, added_at FROM sync_addition \
              WHERE team_id = $1 AND user_id = $2 AND addition_id > $3 ORDER BY addition_id LIMIT $4",
        columns: &["programme", "date", "notes", "added_at"],
    },
];

/// All of it.
pub static HOLDINGS: Holdings = Holdings { tables: &TABLES, sections: &SECTIONS };
