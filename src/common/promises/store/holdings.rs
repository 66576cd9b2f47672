//! What promises keep of people. An erased owner's promise goes back to where it came from, and what an erased person asked of others stays
//! with its owners. What a person promised for themselves alone goes, and so does what they asked for in vain.

use crate::store::holdings::{
    HeldTable, Holdings,
    Holds::{Nothing, Person, Row, Text, Words},
    Section,
};

static TABLES: [HeldTable; 6] = [
    HeldTable {
        name: "promise",
        key: &["promise_id"],
        columns: &[
            ("promise_id", Nothing),
            ("asker_id", Person),
            ("author_id", Person),
            ("words", Text),
            ("link", Text),
            ("channel_id", Nothing),
            ("programme_id", Nothing),
            ("occasion", Nothing),
        ],
        // A promise of an occasion is its people's as well, and what another person has taken on is theirs.
        withdraws: Some(
            "UPDATE promise SET words = '', link = '' WHERE team_id = $1 AND (words <> '' OR link <> '') AND programme_id = '' \
             AND EXISTS (SELECT 1 FROM promise_owner o WHERE o.team_id = promise.team_id AND o.promise_id = promise.promise_id \
             AND ((promise.asker_id = $2 AND (o.owner_id = $2 OR o.state IN ('dropped', 'withdrawn', 'lapsed'))) \
             OR (o.owner_id = $2 AND promise.channel_id = '' AND promise.asker_id LIKE 'erased-%')))",
        ),
    },
    HeldTable {
        name: "promise_owner",
        key: &["promise_id"],
        columns: &[
            ("promise_id", Nothing),
            ("owner_id", Person),
            ("state", Nothing),
            ("due_on", Nothing),
            ("reason", Words),
            ("first_due", Nothing),
            ("reminder_id", Nothing),
            ("refused_by", Person),
            ("refusal", Words),
            ("listed_on", Nothing),
        ],
        // Why another person couldn't do what is forgotten is forgotten with it.
        withdraws: Some(
            "UPDATE promise_owner SET state = CASE WHEN state IN ('asked', 'open') THEN 'returned' ELSE state END, \
             version = version + 1, reminder_id = '', reason = '', refusal = CASE WHEN state IN ('asked', 'open') THEN refusal ELSE '' END \
             WHERE team_id = $1 AND ((owner_id = $2 AND state IN ('asked', 'open')) \
             OR ((reason <> '' OR refusal <> '') AND state NOT IN ('asked', 'open') AND EXISTS (SELECT 1 FROM promise p \
             WHERE p.team_id = promise_owner.team_id AND p.promise_id = promise_owner.promise_id AND p.words = '')))",
        ),
    },
    HeldTable {
        name: "promise_reminder",
        key: &["reminder_id"],
        columns: &[("reminder_id", Nothing), ("owner_id", Row)],
        withdraws: None,
    },
    HeldTable {
        name: "promise_call",
        key: &["promise_id", "helper_id"],
        columns: &[("promise_id", Nothing), ("helper_id", Row), ("asked_by", Person), ("words", Words)],
        withdraws: None,
    },
    HeldTable {
        name: "promise_person",
        key: &["user_id"],
        columns: &[("user_id", Row), ("day", Nothing)],
        withdraws: None,
    },
    HeldTable {
        name: "promise_recent",
        key: &["fingerprint"],
        columns: &[("fingerprint", Nothing), ("owner_id", Row), ("asker_id", Row), ("promise_id", Nothing)],
        withdraws: None,
    },
];

static SECTIONS: [Section; 4] = [
    Section {
        name: "promises",
        // Another person's words are theirs, but the owner has promised them.
        sql: "SELECT o.promise_id, p.words, p.asker_id, p.channel_id, o.state, o.due_on, o.due_minute, o.moves, \
              o.first_due, o.reason, o.promised_at, o.nudged_at, o.reminded_at, o.helped_at, o.settled_at FROM promise_owner o \
              JOIN promise p ON p.team_id = o.team_id AND p.promise_id = o.promise_id \
              WHERE o.team_id = $1 AND o.owner_id = $2 AND o.promise_id > $3 ORDER BY o.promise_id LIMIT $4",
        columns: &[
            "words",
            "asker",
            "channel",
            "state",
            "due",
            "due_minute",
            "moves",
            "first_due",
            "reason",
            "promised_at",
            "asked_again_at",
            "reminded_at",
            "helped_at",
            "settled_at",
        ],
    },
    Section {
        name: "promises_asked",
        sql: "SELECT p.promise_id, p.words, p.link, o.owner_id, p.channel_id, p.asked_at FROM promise p \
              JOIN promise_owner o ON o.team_id = p.team_id AND o.promise_id = p.promise_id \
              WHERE p.team_id = $1 AND (p.asker_id = $2 OR p.author_id = $2) AND p.promise_id > $3 ORDER BY p.promise_id LIMIT $4",
        columns: &["words", "link", "owner", "channel", "asked_at"],
    },
    Section {
        name: "promises_helped",
        sql: "SELECT c.promise_id, p.words, o.owner_id, c.words, c.called_at FROM promise_call c \
              JOIN promise p ON p.team_id = c.team_id AND p.promise_id = c.promise_id \
              JOIN promise_owner o ON o.team_id = c.team_id AND o.promise_id = c.promise_id \
              WHERE c.team_id = $1 AND c.helper_id = $2 AND c.promise_id > $3 ORDER BY c.promise_id LIMIT $4",
        columns: &["words", "owner", "would_help", "asked_at"],
    },
    Section {
        name: "promises_help_wanted",
        sql: "SELECT c.promise_id || '/' || c.helper_id, p.words, c.helper_id, c.words, c.called_at FROM promise_call c \
              JOIN promise p ON p.team_id = c.team_id AND p.promise_id = c.promise_id \
              WHERE c.team_id = $1 AND c.asked_by = $2 AND c.promise_id || '/' || c.helper_id > $3 \
              ORDER BY c.promise_id || '/' || c.helper_id LIMIT $4",
        columns: &["words", "helper", "would_help", "asked_at"],
    },
];

/// All of it.
pub static HOLDINGS: Holdings = Holdings { tables: &TABLES, sections: &SECTIONS };
