//! What retros keep of people. Anonymous answers can't be found by their person; mentions of people in them can.

use crate::store::holdings::{
    HeldTable, Holdings,
    Holds::{Nothing, Person, Row, Text, Words},
    Section,
};

static TABLES: [HeldTable; 12] = [
    HeldTable {
        name: "retro",
        key: &["retro_id"],
        columns: &[
            ("retro_id", Nothing),
            ("programme_id", Nothing),
            ("local_date", Nothing),
            ("deck", Nothing),
            ("state", Nothing),
        ],
        withdraws: None,
    },
    HeldTable {
        name: "retro_prompt",
        key: &["retro_id", "place"],
        columns: &[("retro_id", Nothing), ("place", Nothing), ("words", Text), ("answers", Nothing)],
        withdraws: None,
    },
    HeldTable {
        name: "retro_scale",
        key: &["retro_id", "place"],
        columns: &[("retro_id", Nothing), ("place", Nothing), ("low", Text), ("high", Text)],
        withdraws: None,
    },
    HeldTable {
        name: "retro_note",
        key: &["note_id"],
        columns: &[("note_id", Nothing), ("programme_id", Nothing), ("user_id", Row), ("words", Text)],
        withdraws: None,
    },
    HeldTable {
        name: "retro_asked",
        key: &["retro_id", "user_id"],
        columns: &[("retro_id", Nothing), ("user_id", Row)],
        withdraws: None,
    },
    HeldTable {
        name: "retro_key",
        key: &["secret"],
        columns: &[("secret", Nothing), ("retro_id", Nothing), ("place", Nothing)],
        withdraws: None,
    },
    HeldTable {
        name: "retro_slot",
        key: &["key_hash"],
        columns: &[
            ("key_hash", Nothing),
            ("retro_id", Nothing),
            ("place", Nothing),
            ("words", Text),
            ("mark", Nothing),
        ],
        withdraws: None,
    },
    HeldTable {
        name: "retro_named",
        key: &["retro_id", "place", "user_id"],
        columns: &[
            ("retro_id", Nothing),
            ("place", Nothing),
            ("user_id", Row),
            ("words", Text),
            ("mark", Nothing),
        ],
        withdraws: None,
    },
    HeldTable {
        name: "retro_answer",
        key: &["answer_id"],
        columns: &[
            ("answer_id", Nothing),
            ("retro_id", Nothing),
            ("place", Nothing),
            ("user_id", Person),
            ("words", Words),
            ("state", Nothing),
        ],
        withdraws: None,
    },
    HeldTable {
        name: "retro_theme",
        key: &["theme_id"],
        columns: &[
            ("theme_id", Nothing),
            ("retro_id", Nothing),
            ("name", Text),
            ("hands", Nothing),
            ("passed_to", Nothing),
        ],
        withdraws: None,
    },
    HeldTable {
        name: "retro_theme_answer",
        key: &["answer_id"],
        columns: &[("answer_id", Nothing), ("retro_id", Nothing), ("theme_id", Nothing)],
        withdraws: None,
    },
    HeldTable {
        name: "retro_ballot",
        key: &["retro_id", "user_id"],
        columns: &[("retro_id", Nothing), ("user_id", Row), ("themes", Nothing)],
        withdraws: None,
    },
];

static SECTIONS: [Section; 5] = [
    Section {
        name: "retros",
        sql: "SELECT a.retro_id, a.retro_id, r.local_date, p.channel_id FROM retro_asked a \
              JOIN retro r ON r.team_id = a.team_id AND r.retro_id = a.retro_id \
              LEFT JOIN programme p ON p.team_id = r.team_id AND p.programme_id = r.programme_id \
              WHERE a.team_id = $1 AND a.user_id = $2 AND a.retro_id > $3 ORDER BY a.retro_id LIMIT $4",
        columns: &["retro", "date", "channel"],
    },
    Section {
        name: "retro_answers_being_written",
        sql: "SELECT retro_id || '/' || place AS position, retro_id, place, TRIM(words) FROM retro_named \
              WHERE team_id = $1 AND user_id = $2 AND retro_id || '/' || place > $3 AND TRIM(words) <> '' ORDER BY position LIMIT $4",
        columns: &["retro", "prompt", "words"],
    },
    Section {
        name: "retro_notes",
        sql: "SELECT note_id, programme_id, words FROM retro_note \
              WHERE team_id = $1 AND user_id = $2 AND note_id > $3 ORDER BY note_id LIMIT $4",
        columns: &["programme", "words"],
    },
    Section {
        name: "retro_answers",
        sql: "SELECT answer_id, retro_id, place, words, state FROM retro_answer \
              WHERE team_id = $1 AND user_id = $2 AND answer_id > $3 ORDER BY answer_id LIMIT $4",
        columns: &["retro", "prompt", "words", "state"],
    },
    Section {
        name: "retro_ballots",
        sql: "SELECT retro_id, retro_id, themes FROM retro_ballot \
              WHERE team_id = $1 AND user_id = $2 AND retro_id > $3 ORDER BY retro_id LIMIT $4",
        columns: &["retro", "themes"],
    },
];

pub static HOLDINGS: Holdings = Holdings { tables: &TABLES, sections: &SECTIONS };
