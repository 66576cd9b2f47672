//! The SQL of prompts that are answered by a number.

use chrono::NaiveDate;

use super::number;
use crate::{
    model::people::TeamId,
    rituals::retro::plan::{Halves, Pulse},
    store::{
        StoreError,
        columns::Columns,
        reading::ReadStore,
        unit::{Insert, UnitOfWork},
    },
    values,
};

/// How many pulses of earlier retros are looked at.
const MOST_EARLIER: i64 = 100;

static SCALE: Insert = Insert {
    table: "retro_scale",
    columns: &["team_id", "retro_id", "place", "low", "high"],
    identity: 3,
    on_conflict: "",
};

/// Adds to a unit that a prompt of a retro is answered by a number, and what the lowest and the highest mean.
pub(super) fn put(
    unit: &mut UnitOfWork,
    team: &TeamId,
    (retro, place): (&str, &str),
    (low, high): (&str, &str),
) {
    unit.row(&SCALE, values![team.as_str(), retro, place, low, high]);
}

/// Adds to a unit what the answers to a prompt of a retro came to. Nothing else is kept of them.
pub fn settle_pulse(unit: &mut UnitOfWork, team: &TeamId, (retro, place): (&str, &str), pulse: &Pulse) {
    unit.run(
        "UPDATE retro_scale SET median = $4, spread = $5, answers = $6 \
         WHERE team_id = $1 AND retro_id = $2 AND place = $3",
        values![
            team.as_str(),
            retro,
            place,
            i64::from(pulse.median.0),
            i64::from(pulse.spread.0),
            number(pulse.answers)
        ],
    );
}

/// Returns how many scales of a retro had their numbers shown.
pub async fn pulses_shown(store: &ReadStore, retro: &str) -> Result<usize, StoreError> {
    let rows = store
        .ask(
            "SELECT place FROM retro_scale WHERE team_id = $1 AND retro_id = $2 AND median IS NOT NULL",
            values![store.team(), retro],
        )
        .await?;
    Ok(rows.len())
}

/// Returns the medians of the retros of a programme before a date with the words of their prompts, the latest first.
pub async fn last_pulses(
    store: &ReadStore,
    programme: &str,
    before: NaiveDate,
) -> Result<Vec<(String, Halves)>, StoreError> {
    let rows = store
        .ask(
            "SELECT p.words, s.median FROM retro r \
             JOIN retro_scale s ON s.team_id = r.team_id AND s.retro_id = r.retro_id AND s.median IS NOT NULL \
             JOIN retro_prompt p ON p.team_id = s.team_id AND p.retro_id = s.retro_id AND p.place = s.place \
             WHERE r.team_id = $1 AND r.programme_id = $2 AND r.local_date < $3 \
             ORDER BY r.local_date DESC, p.place LIMIT $4",
            values![store.team(), programme, before.to_string(), MOST_EARLIER],
        )
        .await?;
    let read = |row| {
        let mut row = Columns::of("retro_scale", row);
        Ok((row.text()?, Halves(i32::try_from(row.int()?).map_err(StoreError::coding)?)))
    };
    rows.into_iter().map(read).collect()
}
