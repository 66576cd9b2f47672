//! `rondo pair`: plans one coffee round from files and touches nothing.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    process::ExitCode,
};

use chrono::{DateTime, Offset as _, TimeZone as _};
use chrono_tz::Tz;
use clap::Args;
use serde::Deserialize;

use super::{
    Ended,
    json_file::{check_ids, read_list, read_object, wrong},
    print,
};
use crate::{
    model::people::UserId,
    rituals::coffee::plan::{self, LARGEST_GROUP, Participant, RoundInput, SMALLEST_GROUP},
};

#[derive(Args)]
pub(super) struct Options {
    /// Who takes part: a JSON list of objects with an `id` and, if you like, a `department`, `location` and `timezone`
    #[arg(long, value_name = "FILE")]
    members: PathBuf,
    /// What was and must not be: a JSON object with `rounds` (lists of groups of ids, oldest round first) and `apart` (pairs of ids)
    #[arg(long, value_name = "FILE")]
    history: Option<PathBuf>,
    /// How many people a group has
    #[arg(long, default_value_t = SMALLEST_GROUP, value_parser = size)]
    size: usize,
    /// The same seed makes the same round of the same files
    #[arg(long, default_value_t = 0)]
    seed: u64,
}

fn size(text: &str) -> Result<usize, String> {
    let fits = |size: &usize| (SMALLEST_GROUP..=LARGEST_GROUP).contains(size);
    let wish = format!("write a number of people from {SMALLEST_GROUP} to {LARGEST_GROUP}");
    text.parse().ok().filter(fits).ok_or(wish)
}

/// A member in the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PairInputLine {
    id: String,
    department: Option<String>,
    /// Accepted since the same file serves other tools; no rule uses it.
    #[serde(rename = "location")]
    _location: Option<String>,
    timezone: Option<String>,
}

/// The history file.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct PastRounds {
    rounds: Vec<Vec<Vec<UserId>>>,
    apart: Vec<Vec<UserId>>,
}

pub(super) async fn run(options: Options) -> Result<ExitCode, Ended> {
    let lines: Vec<PairInputLine> = read_list(&options.members, "members")?;
    let members = members(&options.members, lines)?;
    let (history, apart) = match &options.history {
        Some(file) => past(file, read_object(file, "rounds and apart")?)?,
        None => (Vec::new(), Vec::new()),
    };
    let input = RoundInput { members, history, apart, size: options.size };
    let seed = options.seed;
    let round = tokio::task::spawn_blocking(move || plan::pair(&input, seed))
        .await
        .map_err(|error| Ended::Failed(format!("the round cannot be planned ({error})")))?;
    print(&serde_json::to_string(&round).map_err(|error| Ended::Failed(error.to_string()))?)?;
    Ok(ExitCode::SUCCESS)
}

fn members(file: &Path, lines: Vec<PairInputLine>) -> Result<Vec<Participant>, Ended> {
    check_ids(file, lines.iter().map(|line| line.id.as_str()))?;
    let mut members = Vec::with_capacity(lines.len());
    for (number, line) in (1..).zip(lines) {
        let place = format!("member {number}");
        let utc_offset_minutes = match &line.timezone {
            Some(name) => Some(offset(name).ok_or_else(|| {
                wrong(
                    file,
                    &place,
                    &format!("there is no timezone {name:?}: write one such as \"Europe/Berlin\""),
                )
            })?),
            None => None,
        };
        members.push(Participant { id: UserId(line.id), department: line.department, utc_offset_minutes });
    }
    Ok(members)
}

/// Returns how far a zone is ahead of UTC, in minutes, always on the same day, so that a round depends on its files
/// alone.
fn offset(timezone: &str) -> Option<i32> {
    let zone: Tz = timezone.parse().ok()?;
    let day = DateTime::from_timestamp(1_767_225_600, 0)?.naive_utc();
    Some(zone.offset_from_utc_datetime(&day).fix().local_minus_utc() / 60)
}

/// The rounds, and the pairs to keep apart.
type History = (Vec<Vec<Vec<UserId>>>, Vec<(UserId, UserId)>);

fn past(file: &Path, past: PastRounds) -> Result<History, Ended> {
    for (number, round) in (1..).zip(&past.rounds) {
        let mut first: HashMap<&UserId, usize> = HashMap::new();
        for (at, group) in (1..).zip(round) {
            let place = format!("round {number}, group {at}");
            if group.len() < 2 {
                return Err(wrong(file, &place, "it takes two people or more: leave out who met nobody"));
            }
            for id in group {
                if id.0.trim().is_empty() {
                    return Err(wrong(file, &place, "an id is empty"));
                }
                if let Some(before) = first.insert(id, at) {
                    let what = format!("\"{id}\" is in group {before} already: a round has each person once");
                    return Err(wrong(file, &place, &what));
                }
            }
        }
    }
    let mut apart = Vec::with_capacity(past.apart.len());
    for (number, pair) in (1..).zip(past.apart) {
        let place = format!("apart, pair {number}");
        let Ok([one, other]) = <[UserId; 2]>::try_from(pair) else {
            return Err(wrong(file, &place, "it takes exactly two people"));
        };
        if one.0.trim().is_empty() || other.0.trim().is_empty() {
            return Err(wrong(file, &place, "an id is empty"));
        }
        if one == other {
            return Err(wrong(file, &place, &format!("\"{one}\" cannot be kept apart from themselves")));
        }
        apart.push((one, other));
    }
    Ok((past.rounds, apart))
}
