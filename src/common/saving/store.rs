//! The only SQL of words that are about to be saved.

use crate::{
    model::{
        clock::Instant,
        people::{TeamId, UserId},
    },
    store::{
        StoreError,
        columns::Columns,
        holdings::{
            HeldTable, Holdings,
            Holds::{Nothing, Person, Words},
            Section,
        },
        reading::ReadStore,
        unit::{Insert, UnitOfWork, Write},
    },
    values,
};

/// The refusal of words that were saved before.
pub const TAKEN: &str = "saved_draft_taken";

static TABLES: [HeldTable; 1] = [HeldTable {
    name: "saved_draft",
    key: &["draft_id"],
    columns: &[
        ("draft_id", Nothing),
        ("user_id", Person),
        ("author_id", Person),
        ("words", Words),
        ("link", Words),
    ],
    withdraws: None,
}];

static SECTIONS: [Section; 1] = [Section {
    name: "saving",
    sql: "SELECT draft_id, words, link, drafted_at FROM saved_draft \
          WHERE team_id = $1 AND (user_id = $2 OR author_id = $2) AND draft_id > $3 ORDER BY draft_id LIMIT $4",
    columns: &["words", "link", "drafted_at"],
}];

/// What is kept of people whose words are about to be saved.
pub static HOLDINGS: Holdings = Holdings { tables: &TABLES, sections: &SECTIONS };

static DRAFT: Insert = Insert {
    table: "saved_draft",
    columns: &["team_id", "draft_id", "user_id", "author_id", "words", "link", "drafted_at"],
    identity: 2,
    on_conflict: "",
};

/// Words that a person is about to save.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    pub id: String,
    pub user: UserId,
    /// The person who wrote them, if it is another.
    pub author: Option<UserId>,
    pub words: String,
    pub link: String,
}

/// Adds a draft to a unit.
pub fn put(unit: &mut UnitOfWork, team: &TeamId, draft: &Draft, now: Instant) {
    let author = draft.author.as_ref().map_or("", UserId::as_str);
    let (id, user) = (draft.id.as_str(), draft.user.as_str());
    unit.row(
        &DRAFT,
        values![team.as_str(), id, user, author, draft.words.as_str(), draft.link.as_str(), now],
    );
}

/// Adds to a unit that a draft is saved and forgotten, unless it was before ([`TAKEN`]).
pub fn take(unit: &mut UnitOfWork, team: &TeamId, draft: &Draft) {
    let write = Write::Run(
        "DELETE FROM saved_draft WHERE team_id = $1 AND draft_id = $2 RETURNING draft_id",
        values![team.as_str(), draft.id.as_str()],
    );
    unit.guard_first(TAKEN, write);
}

/// Returns a draft of this person's; `None` where it was saved, is too old, or its words were erased.
pub async fn draft(store: &ReadStore, id: &str, user: &UserId) -> Result<Option<Draft>, StoreError> {
    let rows = store
        .ask(
            "SELECT draft_id, user_id, author_id, words, link FROM saved_draft \
             WHERE team_id = $1 AND draft_id = $2 AND user_id = $3 AND words <> ''",
            values![store.team(), id, user.as_str()],
        )
        .await?;
    let Some(row) = rows.into_iter().next() else { return Ok(None) };
    let mut row = Columns::of("saved_draft", row);
    Ok(Some(Draft {
        id: row.text()?,
        user: UserId(row.text()?),
        author: Some(row.text()?).filter(|author| !author.is_empty()).map(UserId),
        words: row.text()?,
        link: row.text()?,
    }))
}
