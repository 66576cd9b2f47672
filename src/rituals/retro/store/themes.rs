//! The SQL of themes: which answers belong together, and what they came to.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{MOVED_ON, answers};
use crate::{
    model::people::{ChannelId, TeamId},
    rituals::retro::{
        theme::{Grouped, Hands, Theme},
        values::{Retro, RetroAnswer},
    },
    store::{
        StoreError,
        columns::Columns,
        reading::ReadStore,
        unit::{Insert, UnitOfWork, Value, Write},
    },
    values,
};

static THEME: Insert = Insert {
    table: "retro_theme",
    columns: &[
        "team_id",
        "theme_id",
        "retro_id",
        "name",
        "rank",
        "votes",
        "came_up",
        "hands",
        "passed_to",
        "promised",
    ],
    identity: 2,
    on_conflict: "ON CONFLICT (team_id, theme_id) DO UPDATE SET name = excluded.name, rank = excluded.rank, \
                  votes = excluded.votes, came_up = excluded.came_up",
};

static PLACED: Insert = Insert {
    table: "retro_theme_answer",
    columns: &["team_id", "answer_id", "retro_id", "theme_id"],
    identity: 2,
    on_conflict: "ON CONFLICT (team_id, answer_id) DO UPDATE SET theme_id = excluded.theme_id",
};

/// The guard of a unit that was read before the themes changed: it's to be read again.
pub const CHANGED_MEANWHILE: &str = "retro_themes_changed";

/// How many answers of earlier retros are compared with a theme.
const MOST_EARLIER: i64 = 5_000;

/// Adds a theme to a unit as it stands, with its answers. How it is sorted changes by statements of its own.
pub fn put(unit: &mut UnitOfWork, team: &TeamId, retro: &str, theme: &Theme) {
    let row = values![
        team.as_str(),
        theme.id.as_str(),
        retro,
        theme.name.as_str(),
        theme.rank,
        theme.votes.map(i64::from),
        theme.came_up,
        theme.hands.as_str(),
        passed_to(theme),
        theme.promised,
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
    let answers = answers(store, retro).await?;
    grouped_as(store, retro, answers).await
}

/// The same if the answers were these.
pub async fn grouped_as(
    store: &ReadStore,
    retro: &str,
    answers: Vec<RetroAnswer>,
) -> Result<Grouped, StoreError> {
    let rows = store
        .ask(
            "SELECT theme_id, name, rank, votes, came_up, hands, passed_to, promised FROM retro_theme WHERE team_id = $1 AND retro_id = $2 ORDER BY theme_id",
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
            came_up: row.int_or_null(),
            hands: Hands::parse(&row.text()?),
            passed_to: Some(row.text()?).filter(|channel| !channel.is_empty()).map(ChannelId),
            promised: row.int()?,
            answers: Vec::new(),
        })
    };
    let themes = rows.into_iter().map(read).collect::<Result<Vec<_>, StoreError>>()?;
    let placed = placed(store, retro).await?;
    Ok(Grouped::of(themes, &placed, answers))
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

/// Adds to a unit that the themes of a retro are changed, unless they were since this version of it ([`MOVED_ON`]).
pub fn begin_change(unit: &mut UnitOfWork, team: &TeamId, retro: &Retro) {
    begin(unit, team, retro, ("revealed", MOVED_ON));
}

/// Adds to a unit that what becomes of the themes of a retro changes that is done, unless it did since this version of it
/// ([`CHANGED_MEANWHILE`]): the messages in the same unit show what was read.
pub fn begin_sorting(unit: &mut UnitOfWork, team: &TeamId, retro: &Retro) {
    begin(unit, team, retro, ("done", CHANGED_MEANWHILE));
}

/// The same for a retro that has ended with its programme.
pub fn begin_hiding(unit: &mut UnitOfWork, team: &TeamId, retro: &Retro) {
    begin(unit, team, retro, ("cancelled", CHANGED_MEANWHILE));
}

fn begin(unit: &mut UnitOfWork, team: &TeamId, retro: &Retro, (state, guard): (&str, &'static str)) {
    let write = Write::Run(
        "UPDATE retro SET version = version + 1 WHERE team_id = $1 AND retro_id = $2 AND state = $4 AND version = $3 \
         RETURNING retro_id",
        values![team.as_str(), retro.id.as_str(), retro.version, state],
    );
    unit.guard(guard, write);
}

/// The same for what many people do at once, so that they needn't wait for one another.
pub fn while_sorted(unit: &mut UnitOfWork, team: &TeamId, retro: &Retro) {
    let write = Write::Run(
        "UPDATE retro SET version = version WHERE team_id = $1 AND retro_id = $2 AND state = 'done' AND version = $3 \
         RETURNING retro_id",
        values![team.as_str(), retro.id.as_str(), retro.version],
    );
    unit.guard(CHANGED_MEANWHILE, write);
}

/// Adds to a unit that an answer is in no theme any more.
pub fn take_out(unit: &mut UnitOfWork, team: &TeamId, retro: &str, answer: &str) {
    unit.row(&PLACED, values![team.as_str(), answer, retro, ""]);
}

/// Adds to a unit that there is no such theme any more.
pub fn delete(unit: &mut UnitOfWork, team: &TeamId, theme: &str) {
    unit.run("DELETE FROM retro_theme WHERE team_id = $1 AND theme_id = $2", values![team.as_str(), theme]);
}

/// Adds to a unit that there is no such theme any more, and that its answers stand by themselves.
pub fn dissolve(unit: &mut UnitOfWork, team: &TeamId, retro: &str, theme: &Theme) {
    for answer in &theme.answers {
        take_out(unit, team, retro, &answer.id);
    }
    delete(unit, team, &theme.id);
}

/// Adds to a unit that a theme is in these hands, unless it was sorted otherwise or passed on since it was read ([`MOVED_ON`]).
pub fn sort(unit: &mut UnitOfWork, team: &TeamId, theme: &Theme, hands: Hands) {
    let write = Write::Run(
        "UPDATE retro_theme SET hands = $4 WHERE team_id = $1 AND theme_id = $2 AND hands = $3 AND passed_to = $5 \
         RETURNING theme_id",
        values![team.as_str(), theme.id.as_str(), theme.hands.as_str(), hands.as_str(), passed_to(theme)],
    );
    unit.guard(MOVED_ON, write);
}

fn passed_to(theme: &Theme) -> &str {
    theme.passed_to.as_ref().map_or("", ChannelId::as_str)
}

/// Adds to a unit that a theme is passed on to a channel, unless it was to another one since it was read ([`MOVED_ON`]).
pub fn pass(unit: &mut UnitOfWork, team: &TeamId, theme: &Theme, channel: &ChannelId) {
    let write = Write::Run(
        "UPDATE retro_theme SET hands = 'others', passed_to = $3 WHERE team_id = $1 AND theme_id = $2 AND passed_to = $4 \
         RETURNING theme_id",
        values![team.as_str(), theme.id.as_str(), channel.as_str(), passed_to(theme)],
    );
    unit.guard(MOVED_ON, write);
}

/// Adds to a unit that a theme is not passed on to a channel after all.
pub fn take_back(unit: &mut UnitOfWork, team: &TeamId, theme: &Theme, channel: &ChannelId) {
    unit.run(
        "UPDATE retro_theme SET passed_to = '' WHERE team_id = $1 AND theme_id = $2 AND passed_to = $3",
        values![team.as_str(), theme.id.as_str(), channel.as_str()],
    );
}

/// Adds to a unit that so many promises are asked for from a theme in the team's hands ([`MOVED_ON`]).
pub fn promise(unit: &mut UnitOfWork, team: &TeamId, theme: &Theme, promises: usize) {
    let write = Write::Run(
        "UPDATE retro_theme SET promised = promised + $3 WHERE team_id = $1 AND theme_id = $2 AND hands = 'ours' \
         RETURNING theme_id",
        values![team.as_str(), theme.id.as_str(), super::number(promises)],
    );
    unit.guard(MOVED_ON, write);
}

/// Returns how many promises were asked for from the themes of a retro.
pub async fn promised(store: &ReadStore, retro: &str) -> Result<i64, StoreError> {
    let themes = grouped(store, retro).await?.themes;
    Ok(themes.iter().map(|theme| theme.promised).sum())
}

/// Returns the retro of a theme.
pub async fn retro_of(store: &ReadStore, theme: &str) -> Result<Option<String>, StoreError> {
    let rows = store
        .ask(
            "SELECT retro_id FROM retro_theme WHERE team_id = $1 AND theme_id = $2",
            values![store.team(), theme],
        )
        .await?;
    Ok(rows.into_iter().flatten().next().and_then(Value::text))
}

/// Returns the texts of each theme of a programme's retros whose answers were shown before a date, the latest retro first: its name, and its
/// answers that are shown. An answer without a theme is one by itself, also where no themes were posted.
pub async fn earlier(
    store: &ReadStore,
    programme: &str,
    before: NaiveDate,
) -> Result<Vec<Vec<Vec<String>>>, StoreError> {
    let rows = store
        .ask(
            "SELECT r.retro_id, COALESCE(t.theme_id, a.answer_id) AS theme, COALESCE(t.name, ''), a.words FROM retro r \
             JOIN retro_answer a ON a.team_id = r.team_id AND a.retro_id = r.retro_id AND a.state = 'shown' \
             LEFT JOIN retro_theme_answer p ON p.team_id = a.team_id AND p.answer_id = a.answer_id \
             LEFT JOIN retro_theme t ON t.team_id = p.team_id AND t.theme_id = p.theme_id \
             WHERE r.team_id = $1 AND r.programme_id = $2 AND r.local_date < $3 \
             AND r.state IN ('revealed', 'voting', 'done', 'cancelled') \
             ORDER BY r.local_date DESC, theme, a.answer_id LIMIT $4",
            values![store.team(), programme, before.to_string(), MOST_EARLIER],
        )
        .await?;
    let (mut retros, mut last): (Vec<Vec<Vec<String>>>, (String, String)) = (Vec::new(), Default::default());
    for row in rows {
        let mut row = Columns::of("retro_theme", row);
        let of = (row.text()?, row.text()?);
        let (name, words) = (row.text()?, row.text()?);
        if of.0 != last.0 {
            retros.push(Vec::new());
        }
        let Some(themes) = retros.last_mut() else { continue };
        if of != last {
            themes.push(Some(name).filter(|name| !name.is_empty()).into_iter().collect());
        }
        if let Some(theme) = themes.last_mut() {
            theme.push(words);
        }
        last = of;
    }
    Ok(retros)
}
