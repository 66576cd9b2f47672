//! The SQL of themes: which answers belong together, and what they came to.

use std::collections::BTreeMap;

use super::answers;
use crate::{
    model::people::TeamId,
    rituals::retro::theme::{Grouped, Theme},
    store::{
        StoreError,
        columns::Columns,
        reading::ReadStore,
        unit::{Insert, UnitOfWork},
    },
    values,
};

static THEME: Insert = Insert {
    table: "retro_theme",
    columns: &["team_id", "theme_id", "retro_id", "name", "rank", "votes"],
    identity: 2,
    on_conflict: "ON CONFLICT (team_id, theme_id) DO UPDATE SET name = excluded.name, rank = excluded.rank, votes = excluded.votes",
};

static PLACED: Insert = Insert {
    table: "retro_theme_answer",
    columns: &["team_id", "answer_id", "retro_id", "theme_id"],
    identity: 2,
    on_conflict: "ON CONFLICT (team_id, answer_id) DO UPDATE SET theme_id = excluded.theme_id",
};

/// Adds a theme to a unit as it stands, with its answers.
pub fn put(unit: &mut UnitOfWork, team: &TeamId, retro: &str, theme: &Theme) {
    let row = values![
        team.as_str(),
        theme.id.as_str(),
        retro,
        theme.name.as_str(),
        theme.rank,
        theme.votes.map(i64::from)
    ];
    unit.row(&THEME, row);
    let mut answers: Vec<&str> = theme.answers.iter().map(|answer| answer.id.as_str()).collect();
    answers.sort_unstable();
    for answer in answers {
        unit.row(&PLACED, values![team.as_str(), answer, retro, theme.id.as_str()]);
    }
}

/// Returns the answers of a retro that are shown, by themes.
pub async fn grouped(store: &ReadStore, retro: &str) -> Result<Grouped, StoreError> {
    let rows = store
        .ask(
            "SELECT theme_id, name, rank, votes FROM retro_theme WHERE team_id = $1 AND retro_id = $2 ORDER BY theme_id",
            values![store.team(), retro],
        )
        .await?;
    let read = |row| {
        let mut row = Columns::of("retro_theme", row);
        Ok(Theme {
            id: row.text()?,
            name: row.text()?,
            rank: row.int_or_null(),
            votes: row.int_or_null().and_then(|votes| u32::try_from(votes).ok()),
            answers: Vec::new(),
        })
    };
    let themes = rows.into_iter().map(read).collect::<Result<Vec<_>, StoreError>>()?;
    let placed = placed(store, retro).await?;
    Ok(Grouped::of(themes, &placed, answers(store, retro).await?))
}

/// Returns the theme of each answer that is in one.
async fn placed(store: &ReadStore, retro: &str) -> Result<BTreeMap<String, String>, StoreError> {
    let rows = store
        .ask(
            "SELECT answer_id, theme_id FROM retro_theme_answer WHERE team_id = $1 AND retro_id = $2",
            values![store.team(), retro],
        )
        .await?;
    let read = |row| {
        let mut row = Columns::of("retro_theme_answer", row);
        Ok((row.text()?, row.text()?))
    };
    rows.into_iter().map(read).collect()
}
