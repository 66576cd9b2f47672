//! What the store itself keeps about people.

use super::{
    HeldTable, Holdings,
    Holds::{Nothing, Person, Reply, Row, Text},
    Section,
};

/// The directory's people. They are erased last, because their names are needed to find mentions of them.
pub static PEOPLE: HeldTable = HeldTable {
    name: "person",
    key: &["user_id"],
    columns: &[("user_id", Row), ("name", Nothing), ("zone", Nothing), ("kind", Nothing)],
    withdraws: None,
};

static TABLES: [HeldTable; 15] = [
    HeldTable {
        name: "workspace",
        key: &[],
        columns: &[("bot_user", Nothing), ("suppression_key", Nothing)],
        withdraws: None,
    },
    HeldTable {
        name: "suppression",
        key: &["person_hash"],
        columns: &[("person_hash", Nothing)],
        withdraws: None,
    },
    HeldTable {
        name: "processed_delivery",
        key: &["key"],
        columns: &[("key", Nothing), ("person", Person), ("reply", Reply)],
        withdraws: None,
    },
    HeldTable {
        name: "lease",
        key: &["name"],
        columns: &[("name", Nothing), ("holder", Nothing)],
        withdraws: None,
    },
    HeldTable {
        name: "outbox",
        key: &["key"],
        columns: &[
            ("key", Text),
            ("kind", Nothing),
            ("target", Text),
            ("ritual", Nothing),
            ("note", Text),
            ("owner", Text),
            ("causer", Text),
            ("delivery", Nothing),
            ("payload", Text),
            ("channel", Nothing),
            ("ts", Nothing),
            ("last_error", Text),
        ],
        // Withdraws messages for them or caused by them, and those that would add them to a group. A deletion of a
        // message is still carried out.
        withdraws: Some(
            "DELETE FROM outbox WHERE team_id = $1 AND kind NOT IN ('delete', 'delete_reply') AND (target = $2 \
             OR owner = 'person/' || $2 OR causer = 'person/' || $2 \
             OR (kind = 'ephemeral' AND payload LIKE '%\"user\":\"' || $2 || '\"%') \
             OR (kind = 'group' AND ts IS NULL AND ',' || target || ',' LIKE '%,' || $2 || ',%'))",
        ),
    },
    HeldTable {
        name: "directory_list",
        key: &["name"],
        columns: &[("name", Nothing), ("cursor", Nothing)],
        withdraws: None,
    },
    HeldTable {
        name: "channel",
        key: &["channel_id"],
        columns: &[("channel_id", Nothing), ("name", Nothing), ("state", Nothing), ("refused", Nothing)],
        withdraws: None,
    },
    HeldTable {
        name: "channel_member",
        key: &["channel_id", "user_id"],
        columns: &[("channel_id", Nothing), ("user_id", Row)],
        withdraws: None,
    },
    HeldTable { name: "dm_help", key: &["user_id"], columns: &[("user_id", Row)], withdraws: None },
    HeldTable {
        name: "user_group",
        key: &["group_id"],
        columns: &[("group_id", Nothing), ("handle", Nothing)],
        withdraws: None,
    },
    HeldTable {
        name: "user_group_member",
        key: &["group_id", "user_id"],
        columns: &[("group_id", Nothing), ("user_id", Row)],
        withdraws: None,
    },
    HeldTable {
        name: "programme",
        key: &["programme_id"],
        columns: &[
            ("programme_id", Nothing),
            ("ritual", Nothing),
            ("channel_id", Nothing),
            ("name", Text),
            ("name_key", Text),
            ("organisers", Text),
            ("cadence", Nothing),
            ("settings", Text),
        ],
        withdraws: None,
    },
    HeldTable {
        name: "programme_absence",
        key: &["programme_id", "user_id"],
        columns: &[("programme_id", Nothing), ("user_id", Row), ("skips_date", Nothing)],
        withdraws: None,
    },
    HeldTable {
        name: "occasion",
        key: &["programme_id", "planned_for"],
        columns: &[("programme_id", Nothing), ("planned_for", Nothing)],
        withdraws: None,
    },
    HeldTable {
        name: "run",
        key: &["key"],
        columns: &[
            ("key", Text),
            ("owner", Text),
            ("ritual", Nothing),
            ("occasion", Nothing),
            ("kind", Nothing),
            ("subject", Text),
            ("wall", Nothing),
            ("late", Nothing),
            ("payload", Text),
            ("outcome", Nothing),
            ("remark", Text),
        ],
        // Runs for them alone are withdrawn.
        withdraws: Some("DELETE FROM run WHERE team_id = $1 AND (owner = 'person/' || $2 OR subject = $2)"),
    },
];

/// What is exported. No section names other people.
static SECTIONS: [Section; 8] = [
    Section {
        name: "profile",
        sql: "SELECT user_id, user_id, name, zone, kind, deactivated_at, admin_since, refreshed_at FROM person \
              WHERE team_id = $1 AND user_id = $2 AND user_id > $3 ORDER BY user_id LIMIT $4",
        columns: &["id", "name", "zone", "kind", "deactivated_at", "admin_since_at", "refreshed_at"],
    },
    Section {
        name: "channels",
        sql: "SELECT m.channel_id, m.channel_id, c.name, m.left_at FROM channel_member m \
              LEFT JOIN channel c ON c.team_id = m.team_id AND c.channel_id = m.channel_id \
              WHERE m.team_id = $1 AND m.user_id = $2 AND m.channel_id > $3 ORDER BY m.channel_id LIMIT $4",
        columns: &["channel", "name", "left_at"],
    },
    Section {
        name: "user_groups",
        sql: "SELECT m.group_id, m.group_id, g.handle FROM user_group_member m \
              LEFT JOIN user_group g ON g.team_id = m.team_id AND g.group_id = m.group_id \
              WHERE m.team_id = $1 AND m.user_id = $2 AND m.group_id > $3 ORDER BY m.group_id LIMIT $4",
        columns: &["user_group", "handle"],
    },
    Section {
        name: "organised",
        sql: "SELECT programme_id, programme_id, ritual, channel_id, name, started_at, paused_at, ended_at \
              FROM programme WHERE team_id = $1 AND organisers LIKE '%\"' || $2 || '\"%' AND programme_id > $3 \
              ORDER BY programme_id LIMIT $4",
        columns: &["programme", "ritual", "channel", "name", "started_at", "paused_at", "ended_at"],
    },
    Section {
        name: "absences",
        sql: "SELECT programme_id, programme_id, left_at, skips_date FROM programme_absence \
              WHERE team_id = $1 AND user_id = $2 AND programme_id > $3 ORDER BY programme_id LIMIT $4",
        columns: &["programme", "left_at", "skips_date"],
    },
    Section {
        name: "messages",
        sql: "SELECT key, key, ritual, kind, created_at, payload FROM outbox WHERE team_id = $1 AND (target = $2 \
              OR owner = 'person/' || $2 OR causer = 'person/' || $2) AND key > $3 ORDER BY key LIMIT $4",
        columns: &["key", "ritual", "kind", "created_at", "content"],
    },
    Section {
        name: "requests",
        sql: "SELECT key, key, processed_at, reply FROM processed_delivery WHERE team_id = $1 AND person = $2 AND key > $3 \
              ORDER BY key LIMIT $4",
        columns: &["key", "answered_at", "answer"],
    },
    Section {
        name: "help",
        sql: "SELECT user_id, answered_at FROM dm_help WHERE team_id = $1 AND user_id = $2 AND user_id > $3 \
              ORDER BY user_id LIMIT $4",
        columns: &["answered_at"],
    },
];

/// What the store itself keeps about people, apart from the directory's people.
pub static HOLDINGS: Holdings = Holdings { tables: &TABLES, sections: &SECTIONS };

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::holdings::Holds;

    #[test]
    fn words_stand_beside_the_person_who_wrote_them() {
        for table in TABLES.iter().chain([&PEOPLE]) {
            let holds = |kind| table.columns.iter().any(|(_, holds)| *holds == kind);
            assert!(!holds(Holds::Words) || holds(Person), "{}", table.name);
            assert!(table.key.iter().all(|key| table.columns.iter().any(|(column, _)| column == key)));
        }
    }
}
