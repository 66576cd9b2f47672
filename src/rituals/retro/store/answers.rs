//! The SQL of named answers, and of all answers once a retro has closed.

use super::{CHANGED, number, room};
use crate::{
    model::people::{TeamId, UserId},
    rituals::retro::values::{RetroAnswer, Written},
    store::{
        StoreError,
        columns::Columns,
        reading::ReadStore,
        unit::{Insert, UnitOfWork, Write},
    },
    values,
};

const SHOWN: &str = "shown";
const HIDDEN: &str = "hidden";

/// The mark of a row that no one has written to, as long as others.
const FIRST_MARK: &str = "00000000000000000000000000000000";

static NAMED: Insert = Insert {
    table: "retro_named",
    columns: &["team_id", "retro_id", "place", "user_id", "words", "mark"],
    identity: 4,
    on_conflict: "",
};

static ANSWER: Insert = Insert {
    table: "retro_answer",
    columns: &["team_id", "answer_id", "retro_id", "place", "user_id", "words", "state"],
    identity: 2,
    on_conflict: "",
};

/// Adds to a unit an empty row for each of these people and each prompt that is answered with a name, so that the order of rows tells nothing of
/// the order of answers.
pub(super) fn put_named_rows(
    unit: &mut UnitOfWork,
    team: &TeamId,
    (retro, place): (&str, &str),
    people: &[UserId],
) {
    let mut people: Vec<&str> = people.iter().map(UserId::as_str).collect();
    people.sort_unstable();
    for user in people {
        unit.row(&NAMED, values![team.as_str(), retro, place, user, room::empty(), FIRST_MARK]);
    }
}

/// Adds to a unit what a person answers to a prompt with their name; empty words withdraw it. All rows of the prompt are written anew, as
/// [`fill`](super::fill) does with slots: an anonymous answer that was sent just before or after could be told by its neighbour otherwise.
pub fn put_named(
    unit: &mut UnitOfWork,
    team: &TeamId,
    (retro, place): (&str, &str),
    user: &UserId,
    Written { words, mark, room }: &Written,
) {
    let (words, spaces) = room::filled_up(words, *room);
    unit.run(
        "UPDATE retro_named SET words = CASE WHEN user_id = $4 THEN $5 ELSE words || SUBSTR($7, OCTET_LENGTH(words) + 1) END, \
         mark = CASE WHEN user_id = $4 THEN $6 ELSE mark END \
         WHERE team_id = $1 AND retro_id = $2 AND place = $3",
        values![team.as_str(), retro, place, user.as_str(), words, mark.as_str(), spaces],
    );
    unit.empty_log();
}

/// Makes a unit that [changes](put_named) what a person answers depend on that being still the same ([`CHANGED`]).
pub fn while_named_marked(
    unit: &mut UnitOfWork,
    team: &TeamId,
    (retro, place): (&str, &str),
    user: &UserId,
    Written { mark, room, .. }: &Written,
) {
    let write = Write::Run(
        "UPDATE retro SET state = state WHERE team_id = $1 AND retro_id = $2 AND EXISTS (SELECT 1 FROM retro_named n \
         WHERE n.team_id = $1 AND n.retro_id = $2 AND n.place = $3 AND n.user_id = $4 AND n.mark = $5 \
         AND OCTET_LENGTH(n.words) = $6) RETURNING retro_id",
        values![team.as_str(), retro, place, user.as_str(), mark.as_str(), number(*room)],
    );
    unit.guard(CHANGED, write);
}

/// Returns what a person has answered with their name to a prompt of a retro that is open; `None` if they weren't asked it.
pub async fn in_name(
    store: &ReadStore,
    (retro, place): (&str, &str),
    user: &UserId,
) -> Result<Option<Written>, StoreError> {
    let rows = store
        .ask(
            "SELECT words, mark FROM retro_named WHERE team_id = $1 AND retro_id = $2 AND place = $3 AND user_id = $4",
            values![store.team(), retro, place, user.as_str()],
        )
        .await?;
    let read = |row| {
        let mut row = Columns::of("retro_named", row);
        Ok(room::written(&row.text()?, row.text()?))
    };
    rows.into_iter().next().map(read).transpose()
}

/// Returns what a person has answered with their name while a retro is open, to each prompt.
pub async fn named_by(store: &ReadStore, retro: &str, user: &UserId) -> Result<Vec<String>, StoreError> {
    let rows = store
        .ask(
            "SELECT words FROM retro_named WHERE team_id = $1 AND retro_id = $2 AND user_id = $3 ORDER BY place",
            values![store.team(), retro, user.as_str()],
        )
        .await?;
    let read = |row| Ok(room::words_of(&Columns::of("retro_named", row).text()?));
    rows.into_iter().map(read).collect()
}

/// Returns what people have answered with their names while a retro is open: place, person and words.
pub async fn named_words(
    store: &ReadStore,
    retro: &str,
) -> Result<Vec<(String, UserId, String)>, StoreError> {
    let rows = store
        .ask(
            "SELECT place, user_id, words FROM retro_named WHERE team_id = $1 AND retro_id = $2 AND TRIM(words) <> '' \
             ORDER BY place, user_id",
            values![store.team(), retro],
        )
        .await?;
    let read = |row| {
        let mut row = Columns::of("retro_named", row);
        Ok((row.text()?, UserId(row.text()?), room::words_of(&row.text()?)))
    };
    rows.into_iter().map(read).collect()
}

/// Adds to a unit how many people have answered a prompt of a retro that closes.
pub fn settle_prompt(unit: &mut UnitOfWork, team: &TeamId, (retro, place): (&str, &str), respondents: usize) {
    unit.run(
        "UPDATE retro_prompt SET respondents = $4 WHERE team_id = $1 AND retro_id = $2 AND place = $3",
        values![team.as_str(), retro, place, number(respondents)],
    );
}

/// Adds the answers of a retro that has closed to a unit, in the order of their random ids.
pub fn put_answers(unit: &mut UnitOfWork, team: &TeamId, retro: &str, mut answers: Vec<RetroAnswer>) {
    answers.sort_by(|one, other| one.id.cmp(&other.id));
    for RetroAnswer { id, place, user, words, .. } in answers {
        let user = user.as_ref().map_or("", UserId::as_str);
        unit.row(&ANSWER, values![team.as_str(), id, retro, place, user, words, SHOWN]);
    }
}

/// Adds to a unit whether an answer of a retro is hidden.
pub fn set_hidden(unit: &mut UnitOfWork, team: &TeamId, (retro, answer): (&str, &str), is_hidden: bool) {
    let state = if is_hidden { HIDDEN } else { SHOWN };
    unit.run(
        "UPDATE retro_answer SET state = $4 WHERE team_id = $1 AND answer_id = $2 AND retro_id = $3",
        values![team.as_str(), answer, retro, state],
    );
}

/// Returns the answers of a retro that has closed, in the order of their random ids.
pub async fn answers(store: &ReadStore, retro: &str) -> Result<Vec<RetroAnswer>, StoreError> {
    let rows = store
        .ask(
            "SELECT a.answer_id, a.place, COALESCE(q.words, ''), a.user_id, a.words, a.state FROM retro_answer a \
             LEFT JOIN retro_prompt q ON q.team_id = a.team_id AND q.retro_id = a.retro_id AND q.place = a.place \
             WHERE a.team_id = $1 AND a.retro_id = $2 ORDER BY a.answer_id",
            values![store.team(), retro],
        )
        .await?;
    let read = |row| {
        let mut row = Columns::of("retro_answer", row);
        Ok(RetroAnswer {
            id: row.text()?,
            place: row.text()?,
            prompt: row.text()?,
            user: row.text_or_null().filter(|user| !user.is_empty()).map(UserId),
            words: row.text()?,
            is_hidden: row.text()? == HIDDEN,
        })
    };
    rows.into_iter().map(read).collect()
}
