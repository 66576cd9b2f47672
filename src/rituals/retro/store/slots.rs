//! The SQL of anonymous answers while a retro is open: slots without people, and keys without owners.

use super::{CHANGED, number, room};
use crate::{
    model::people::TeamId,
    rituals::retro::values::{AnswerKey, Written},
    store::{
        StoreError,
        columns::Columns,
        reading::ReadStore,
        runs::OUTDATED,
        unit::{Insert, UnitOfWork, Value, Write},
    },
    values,
};

static SLOT: Insert = Insert {
    table: "retro_slot",
    columns: &["team_id", "key_hash", "retro_id", "place", "words", "mark"],
    identity: 2,
    on_conflict: "",
};

static KEY: Insert = Insert {
    table: "retro_key",
    columns: &["team_id", "secret", "retro_id", "place"],
    identity: 2,
    on_conflict: "",
};

/// What was answered to one prompt by one person, without the person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    pub place: String,
    /// One answer on each line; empty without an answer.
    pub words: String,
}

/// Adds to a unit a slot for each of these keys, and the keys themselves to the pool. Slots are written in the order of their hashes and keys in
/// their own, which are random both and independent of one another. A slot that never had an answer has a mark as one that has.
pub fn put_slots(
    unit: &mut UnitOfWork,
    team: &TeamId,
    retro: &str,
    keys: &[(String, AnswerKey)],
    mut new_mark: impl FnMut() -> String,
) {
    let mut slots: Vec<(String, &str)> =
        keys.iter().map(|(place, key)| (key.hash(), place.as_str())).collect();
    slots.sort();
    for (hash, place) in &slots {
        unit.row(&SLOT, values![team.as_str(), hash.as_str(), retro, *place, room::empty(), new_mark()]);
    }
    let mut pool: Vec<(&str, &str)> =
        keys.iter().map(|(place, key)| (key.expose(), place.as_str())).collect();
    pool.sort_unstable();
    for (key, place) in pool {
        unit.row(&KEY, values![team.as_str(), key, retro, place]);
    }
}

/// Returns a key of a prompt that is in no person's message yet: the first one behind a random place of the pool.
pub async fn draw_key(
    store: &ReadStore,
    (retro, place): (&str, &str),
    random: &str,
) -> Result<Option<AnswerKey>, StoreError> {
    // Behind the random place first, then from the beginning.
    for behind in [random, ""] {
        let rows = store
            .ask(
                "SELECT secret FROM retro_key WHERE team_id = $1 AND retro_id = $2 AND place = $3 AND secret > $4 \
                 ORDER BY secret LIMIT 1",
                values![store.team(), retro, place, behind],
            )
            .await?;
        if let Some(key) = rows.into_iter().flatten().next().and_then(Value::text) {
            return Ok(Some(AnswerKey::new(key)));
        }
    }
    Ok(None)
}

/// Takes a key out of the pool, once: if another person got it meanwhile, the run reads again ([`OUTDATED`]).
pub fn take_key(unit: &mut UnitOfWork, team: &TeamId, key: &AnswerKey) {
    let write = Write::Run(
        "DELETE FROM retro_key WHERE team_id = $1 AND secret = $2 RETURNING secret",
        values![team.as_str(), key.expose()],
    );
    unit.guard(OUTDATED, write);
}

/// Whether messages that ask people in a retro are still to be sent.
pub async fn are_questions_waiting(store: &ReadStore, retro: &str) -> Result<bool, StoreError> {
    let rows = store
        .ask(
            "SELECT key FROM outbox WHERE team_id = $1 AND key LIKE $2 AND payload IS NOT NULL AND visible_at IS NOT NULL LIMIT 1",
            values![store.team(), format!("retro/ask/{retro}/%")],
        )
        .await?;
    Ok(!rows.is_empty())
}

/// Has the space overwritten that messages with keys had, and that of keys that have left the pool.
pub fn wipe_questions(unit: &mut UnitOfWork) {
    unit.wipe("outbox");
    unit.wipe("retro_key");
}

/// Adds to a unit what is answered to a prompt of a retro, in the slot of a key. All slots of the prompt are written anew, and take as many
/// bytes, so that neither their order and places nor the transaction that wrote a row tell which of them was changed. A key that fits none
/// changes none:
/// [`in_slot`] tells beforehand, and slots stay as long as the retro takes answers.
pub fn fill(
    unit: &mut UnitOfWork,
    team: &TeamId,
    (retro, place): (&str, &str),
    key: &AnswerKey,
    Written { words, mark, room }: &Written,
) {
    let (words, spaces) = room::filled_up(words, *room);
    unit.run(
        "UPDATE retro_slot SET words = CASE WHEN key_hash = $4 THEN $5 ELSE words || SUBSTR($7, OCTET_LENGTH(words) + 1) END, \
         mark = CASE WHEN key_hash = $4 THEN $6 ELSE mark END \
         WHERE team_id = $1 AND retro_id = $2 AND place = $3",
        values![team.as_str(), retro, place, key.hash(), words, mark.as_str(), spaces],
    );
    unit.empty_log();
}

/// Makes a unit that [fills](fill) a slot depend on what is in it being still the same ([`CHANGED`]).
pub fn while_marked(
    unit: &mut UnitOfWork,
    team: &TeamId,
    (retro, place): (&str, &str),
    key: &AnswerKey,
    Written { mark, room, .. }: &Written,
) {
    let write = Write::Run(
        "UPDATE retro SET state = state WHERE team_id = $1 AND retro_id = $2 AND EXISTS (SELECT 1 FROM retro_slot s \
         WHERE s.team_id = $1 AND s.key_hash = $3 AND s.retro_id = $2 AND s.place = $4 AND s.mark = $5 \
         AND OCTET_LENGTH(s.words) = $6) RETURNING retro_id",
        values![team.as_str(), retro, key.hash(), place, mark.as_str(), number(*room)],
    );
    unit.guard(CHANGED, write);
}

/// Returns what is in the slot of a key; `None` if the key fits none of this retro.
pub async fn in_slot(
    store: &ReadStore,
    (retro, place): (&str, &str),
    key: &AnswerKey,
) -> Result<Option<Written>, StoreError> {
    let rows = store
        .ask(
            "SELECT words, mark FROM retro_slot WHERE team_id = $1 AND key_hash = $2 AND retro_id = $3 AND place = $4",
            values![store.team(), key.hash(), retro, place],
        )
        .await?;
    let read = |row| {
        let mut row = Columns::of("retro_slot", row);
        Ok(room::written(&row.text()?, row.text()?))
    };
    rows.into_iter().next().map(read).transpose()
}

/// Returns the slots of a retro that have an answer.
pub async fn slots(store: &ReadStore, retro: &str) -> Result<Vec<Slot>, StoreError> {
    let rows = store
        .ask(
            "SELECT place, words FROM retro_slot WHERE team_id = $1 AND retro_id = $2 AND TRIM(words) <> ''",
            values![store.team(), retro],
        )
        .await?;
    let read = |row| {
        let mut row = Columns::of("retro_slot", row);
        Ok(Slot { place: row.text()?, words: room::words_of(&row.text()?) })
    };
    rows.into_iter().map(read).collect()
}

/// Deletes the slots and keys of a retro and its named answers as they were sent, and has their space overwritten.
pub fn wipe(unit: &mut UnitOfWork, team: &TeamId, retro: &str) {
    unit.run("DELETE FROM retro_slot WHERE team_id = $1 AND retro_id = $2", values![team.as_str(), retro]);
    unit.run("DELETE FROM retro_key WHERE team_id = $1 AND retro_id = $2", values![team.as_str(), retro]);
    unit.run("DELETE FROM retro_named WHERE team_id = $1 AND retro_id = $2", values![team.as_str(), retro]);
    overwrite(unit);
}

/// Has what a unit deletes of open retros overwritten.
pub(super) fn overwrite(unit: &mut UnitOfWork) {
    for table in ["retro_slot", "retro_key", "retro_named"] {
        unit.wipe(table);
    }
}
