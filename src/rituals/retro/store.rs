//! The only SQL of retros.

mod answers;
mod asked;
mod holdings;
mod ledger;
pub mod notes;
mod room;
mod scales;
mod slots;
pub mod themes;
pub mod voting;

use chrono::NaiveDate;

pub use self::{
    answers::{
        answers, in_name, named_by, named_words, put_answers, put_named, set_hidden, settle_prompt,
        while_named_marked,
    },
    asked::{asked, asked_in_all, asked_so_far, can_answer, cancel_person_runs, is_asked, was_not_asked},
    holdings::HOLDINGS,
    ledger::{PulseLedgerLine, RetroLedgerLine, ledger, pulse_ledger},
    scales::{last_pulses, pulses_shown, settle_pulse},
    slots::{
        Slot, are_questions_waiting, draw_key, fill, in_slot, put_slots, slots, take_key, while_marked, wipe,
        wipe_questions,
    },
};
use super::{
    deck::PromptKind,
    plan::{Budget, State, Threshold},
    values::{AskedPrompt, Retro, Vote},
};
use crate::{
    model::{
        clock::Instant,
        people::{TeamId, UserId},
    },
    store::{
        StoreError,
        columns::Columns,
        reading::ReadStore,
        runs::OUTDATED,
        unit::{Insert, UnitOfWork, Value, Write},
    },
    values,
};

/// The refusal of a retro whose programme has had one on that date.
pub const HELD: &str = "retro_held";
/// The refusal of an answer where a retro takes none any more.
pub const NOT_OPEN: &str = "retro_not_open";
/// The refusal of an answer in whose place the same person has sent another one.
pub const CHANGED: &str = "retro_answer_changed";
/// The refusal of a step of a retro that was taken already, or of a change that another person has made first.
pub const MOVED_ON: &str = "retro_moved_on";

const NAMED: &str = "named";
const ANONYMOUS: &str = "anonymous";

static RETRO: Insert = Insert {
    table: "retro",
    columns: &[
        "team_id",
        "programme_id",
        "local_date",
        "retro_id",
        "deck",
        "state",
        "threshold",
        "asked",
        "opened_at",
        "closes_at",
        "version",
        "kept_days",
    ],
    identity: 3,
    on_conflict: "ON CONFLICT (team_id, programme_id, local_date) DO NOTHING",
};

static PROMPT: Insert = Insert {
    table: "retro_prompt",
    columns: &["team_id", "retro_id", "place", "words", "answers"],
    identity: 3,
    on_conflict: "",
};

static ASKED: Insert = Insert {
    table: "retro_asked",
    columns: &["team_id", "retro_id", "user_id"],
    identity: 3,
    on_conflict: "",
};

/// The query for whole retros, which [`read_retro`] reads; its condition follows.
macro_rules! retro_rows {
    ($which:literal) => {
        concat!(
            "SELECT retro_id, programme_id, local_date, deck, state, threshold, asked, opened_at, closes_at, \
             sorted_at, version, kept_days, votes, vote_ends_at, ballots FROM retro ",
            $which
        )
    };
}

/// Adds a retro with its prompts and the people who are asked to a unit, unless its programme has had one on that date
/// ([`HELD`]).
pub fn put_retro(
    unit: &mut UnitOfWork,
    team: &TeamId,
    retro: &Retro,
    prompts: &[AskedPrompt],
    asked: &[UserId],
) {
    let row = values![
        team.as_str(),
        retro.programme.as_str(),
        retro.date.to_string(),
        retro.id.as_str(),
        retro.deck.as_str(),
        retro.state.as_str(),
        number(retro.threshold.people()),
        number(retro.asked),
        retro.opened_at,
        retro.closes_at,
        retro.version,
        retro.kept_days.map(i64::from),
    ];
    unit.guard(HELD, Write::Row(&RETRO, row));
    for AskedPrompt { place, words, kind, is_anonymous, .. } in prompts {
        let answers = if *is_anonymous { ANONYMOUS } else { NAMED };
        unit.row(&PROMPT, values![team.as_str(), retro.id.as_str(), place.as_str(), words.as_str(), answers]);
        if let PromptKind::Scale { low, high } = kind {
            scales::put(unit, team, (&retro.id, place), (low, high));
        }
        if !is_anonymous {
            answers::put_named_rows(unit, team, (&retro.id, place), asked);
        }
    }
    for user in asked {
        unit.row(&ASKED, values![team.as_str(), retro.id.as_str(), user.as_str()]);
    }
}

/// Makes a unit depend on the retro taking answers at this instant ([`NOT_OPEN`]). A close waits for such a unit, and one that comes
/// later is refused, so that every answer is counted or refused.
pub fn while_open(unit: &mut UnitOfWork, team: &TeamId, retro: &str, now: Instant) {
    let write = Write::Run(
        "UPDATE retro SET state = state WHERE team_id = $1 AND retro_id = $2 AND state = 'open' AND closes_at > $3 \
         RETURNING retro_id",
        values![team.as_str(), retro, now],
    );
    unit.guard(NOT_OPEN, write);
}

/// The same for what people are sent of an open retro, by a run that reads the retro again otherwise ([`OUTDATED`]): nothing is written to
/// them in the moment of the close, nor with a time that has just changed.
pub fn while_open_as_read(unit: &mut UnitOfWork, team: &TeamId, retro: &Retro, now: Instant) {
    let write = Write::Run(
        "UPDATE retro SET state = state WHERE team_id = $1 AND retro_id = $2 AND state = 'open' AND closes_at > $3 \
         AND version = $4 RETURNING retro_id",
        values![team.as_str(), retro.id.as_str(), now, retro.version],
    );
    unit.guard(OUTDATED, write);
}

/// Adds to a unit that a retro whose time has come takes no answer any more. If it was extended meanwhile, its run is to read it
/// again ([`OUTDATED`]).
pub fn begin_closing(unit: &mut UnitOfWork, team: &TeamId, retro: &str, now: Instant) {
    let write = Write::Run(
        "UPDATE retro SET state = 'closed' WHERE team_id = $1 AND retro_id = $2 AND state = 'open' AND closes_at <= $3 \
         RETURNING retro_id",
        values![team.as_str(), retro, now],
    );
    unit.guard(OUTDATED, write);
}

/// Adds to a unit that a retro closes at another instant, unless that was changed since this version of it or it takes no answers
/// any more ([`MOVED_ON`]).
pub fn close_at(unit: &mut UnitOfWork, team: &TeamId, retro: &Retro, closes_at: Instant) {
    let write = Write::Run(
        "UPDATE retro SET closes_at = $3, version = version + 1 WHERE team_id = $1 AND retro_id = $2 AND state = 'open' \
         AND version = $4 RETURNING retro_id",
        values![team.as_str(), retro.id.as_str(), closes_at, retro.version],
    );
    unit.guard(MOVED_ON, write);
}

/// Adds to a unit that a retro goes from one state to the next, once ([`MOVED_ON`]).
pub fn step(unit: &mut UnitOfWork, team: &TeamId, retro: &str, (from, to): (State, State)) {
    let write = Write::Run(
        "UPDATE retro SET state = $4 WHERE team_id = $1 AND retro_id = $2 AND state = $3 RETURNING retro_id",
        values![team.as_str(), retro, from.as_str(), to.as_str()],
    );
    unit.guard(MOVED_ON, write);
}

/// Adds to a unit that what was answered in a retro that has closed is sorted, once ([`MOVED_ON`]); where nothing may be shown, that is
/// its end.
pub fn settle(unit: &mut UnitOfWork, team: &TeamId, retro: &str, state: State, now: Instant) {
    let write = Write::Run(
        "UPDATE retro SET state = $3, sorted_at = $4 WHERE team_id = $1 AND retro_id = $2 AND state = 'closed' \
         AND sorted_at IS NULL RETURNING retro_id",
        values![team.as_str(), retro, state.as_str(), now],
    );
    unit.guard(MOVED_ON, write);
}

/// Adds to a unit for how many days the answers to the retros of a programme are kept, also to those that are over. The night deletes
/// what is older.
pub fn keep_answers(unit: &mut UnitOfWork, team: &TeamId, programme: &str, days: Option<u32>) {
    unit.run(
        "UPDATE retro SET kept_days = $3 WHERE team_id = $1 AND programme_id = $2",
        values![team.as_str(), programme, days.map(i64::from)],
    );
}

/// Adds to a unit that the retros of a programme that are not done end with it: what was answered and is not shown is deleted, and so are
/// votes.
pub fn cancel_all(unit: &mut UnitOfWork, team: &TeamId, programme: &str) {
    let of_programme = || values![team.as_str(), programme];
    unit.run(
        "DELETE FROM retro_slot WHERE team_id = $1 \
         AND retro_id IN (SELECT retro_id FROM retro WHERE team_id = $1 AND programme_id = $2)",
        of_programme(),
    );
    unit.run(
        "DELETE FROM retro_key WHERE team_id = $1 \
         AND retro_id IN (SELECT retro_id FROM retro WHERE team_id = $1 AND programme_id = $2)",
        of_programme(),
    );
    unit.run(
        "DELETE FROM retro_named WHERE team_id = $1 \
         AND retro_id IN (SELECT retro_id FROM retro WHERE team_id = $1 AND programme_id = $2)",
        of_programme(),
    );
    unit.run(
        "UPDATE retro SET state = 'cancelled' WHERE team_id = $1 AND programme_id = $2 \
         AND (state IN ('open', 'voting') OR (state = 'closed' AND sorted_at IS NULL))",
        of_programme(),
    );
    voting::wipe_all(unit, team, programme);
    slots::overwrite(unit);
    notes::forget_all(unit, team, programme);
}

/// Returns a retro by its id.
pub async fn retro(store: &ReadStore, id: &str) -> Result<Option<Retro>, StoreError> {
    let rows =
        store.ask(retro_rows!("WHERE team_id = $1 AND retro_id = $2"), values![store.team(), id]).await?;
    rows.into_iter().next().map(read_retro).transpose()
}

/// Returns the last retros of a programme, the newest first.
pub async fn retros(store: &ReadStore, programme: &str, limit: i64) -> Result<Vec<Retro>, StoreError> {
    let rows = store
        .ask(
            retro_rows!("WHERE team_id = $1 AND programme_id = $2 ORDER BY local_date DESC LIMIT $3"),
            values![store.team(), programme, limit],
        )
        .await?;
    rows.into_iter().map(read_retro).collect()
}

/// Returns the last retros of a programme in which a person was asked, the newest first.
pub async fn retros_with(
    store: &ReadStore,
    programme: &str,
    asked: &UserId,
    limit: i64,
) -> Result<Vec<Retro>, StoreError> {
    let rows = store
        .ask(
            retro_rows!(
                "WHERE team_id = $1 AND programme_id = $2 AND EXISTS (SELECT 1 FROM retro_asked a \
                 WHERE a.team_id = retro.team_id AND a.retro_id = retro.retro_id AND a.user_id = $3) \
                 ORDER BY local_date DESC LIMIT $4"
            ),
            values![store.team(), programme, asked.as_str(), limit],
        )
        .await?;
    rows.into_iter().map(read_retro).collect()
}

/// Returns the retro of a programme that takes answers or is being closed, if there is one.
pub async fn under_way(store: &ReadStore, programme: &str) -> Result<Option<Retro>, StoreError> {
    let rows = store
        .ask(
            retro_rows!(
                "WHERE team_id = $1 AND programme_id = $2 AND (state = 'open' OR (state = 'closed' AND sorted_at IS NULL)) \
                 ORDER BY local_date DESC LIMIT 1"
            ),
            values![store.team(), programme],
        )
        .await?;
    rows.into_iter().next().map(read_retro).transpose()
}

/// Returns the last retro of a programme that its organisers have still to lead to its end, if there is one. One that has closed before this
/// instant has been left as it is, its answers shown or not, unless a vote runs.
pub async fn unfinished(
    store: &ReadStore,
    programme: &str,
    since: Instant,
) -> Result<Option<Retro>, StoreError> {
    let rows = store
        .ask(
            retro_rows!(
                "WHERE team_id = $1 AND programme_id = $2 AND state NOT IN ('done', 'cancelled') \
                 AND (state IN ('open', 'voting') OR closes_at > $3) ORDER BY local_date DESC LIMIT 1"
            ),
            values![store.team(), programme, since],
        )
        .await?;
    rows.into_iter().next().map(read_retro).transpose()
}

/// Whether a programme had a retro on a date.
pub async fn had_retro(store: &ReadStore, programme: &str, date: NaiveDate) -> Result<bool, StoreError> {
    let rows = store
        .ask(
            "SELECT retro_id FROM retro WHERE team_id = $1 AND programme_id = $2 AND local_date = $3",
            values![store.team(), programme, date.to_string()],
        )
        .await?;
    Ok(!rows.is_empty())
}

/// Returns the prompts of a retro in their order.
pub async fn prompts(store: &ReadStore, retro: &str) -> Result<Vec<AskedPrompt>, StoreError> {
    let rows = store
        .ask(
            "SELECT p.place, p.words, p.answers, p.respondents, s.low, s.high FROM retro_prompt p \
             LEFT JOIN retro_scale s ON s.team_id = p.team_id AND s.retro_id = p.retro_id AND s.place = p.place \
             WHERE p.team_id = $1 AND p.retro_id = $2 ORDER BY LENGTH(p.place), p.place",
            values![store.team(), retro],
        )
        .await?;
    let read = |row| {
        let mut row = Columns::of("retro_prompt", row);
        Ok(AskedPrompt {
            place: row.text()?,
            words: row.text()?,
            is_anonymous: row.text()? == ANONYMOUS,
            respondents: row.int_or_null().and_then(|count| usize::try_from(count).ok()),
            kind: match (row.text_or_null(), row.text_or_null()) {
                (Some(low), Some(high)) => PromptKind::Scale { low, high },
                _ => PromptKind::Text,
            },
        })
    };
    rows.into_iter().map(read).collect()
}

fn read_retro(row: Vec<Value>) -> Result<Retro, StoreError> {
    let mut row = Columns::of("retro", row);
    Ok(Retro {
        id: row.text()?,
        programme: row.text()?,
        date: row.text()?.parse().map_err(StoreError::coding)?,
        deck: row.text()?,
        state: {
            let word = row.text()?;
            State::parse(&word)
                .ok_or_else(|| StoreError::coding("a retro is in a state of another release"))?
        },
        threshold: {
            let people = usize::try_from(row.int()?).map_err(StoreError::coding)?;
            Threshold::new(people).unwrap_or_default()
        },
        asked: usize::try_from(row.int()?).map_err(StoreError::coding)?,
        opened_at: row.at()?,
        closes_at: row.at()?,
        is_sorted: row.at_or_null().is_some(),
        version: row.int()?,
        kept_days: row.int_or_null().and_then(|days| u32::try_from(days).ok()),
        vote: match (row.int_or_null(), row.at_or_null(), row.int_or_null()) {
            (Some(votes), Some(ends_at), Some(ballots)) => {
                let votes = u32::try_from(votes).map_err(StoreError::coding)?;
                Some(Vote { budget: Budget::of_votes(votes).unwrap_or_default(), ends_at, ballots })
            }
            _ => None,
        },
    })
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
