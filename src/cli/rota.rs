//! `rondo rota`: plans the turns of a sync from files and touches nothing.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    process::ExitCode,
};

use chrono::{Datelike as _, NaiveDate};
use clap::{Args, ValueEnum};
use serde::{Deserialize, Serialize};

use super::{
    Ended,
    json_file::{check_ids, read_list, read_object, wrong},
    print,
    rota_values::{Day, DayOfWeek, Days},
};
use crate::{
    model::people::UserId,
    rituals::sync::plan::{Member, Occasion, Policy, Rules, assign},
};

#[derive(Args)]
pub(super) struct Options {
    /// Who takes part: a JSON list of objects with an `id` and, if you like, a `department`, the date they `joined`, dates `away` (pairs of first and last day), `weekdays_out` and `busy` dates of duties elsewhere
    #[arg(long, value_name = "FILE")]
    members: PathBuf,
    #[arg(
        long,
        value_name = "FILE",
        help = "The dates to plan: a JSON list such as [\"2026-01-06\"], the oldest first"
    )]
    dates: PathBuf,
    /// What was: a JSON object with `duties` (`date`, `role`, `id`, `how`) and `declined` (`date`, `id`); the role `lead` is the first of the roles
    #[arg(long, value_name = "FILE")]
    history: Option<PathBuf>,
    /// The duties of each date; the first is that of leading
    #[arg(long, value_name = "ROLES", value_delimiter = ',', default_value = "facilitator")]
    roles: Vec<String>,
    /// How a person is chosen
    #[arg(long, value_enum, default_value_t = RotaPolicy::Fair)]
    policy: RotaPolicy,
    /// Let departments lead in turn, where that is fair
    #[arg(long)]
    alternate_departments: bool,
    /// The same seed makes the same plan of the same files
    #[arg(long, default_value_t = 0)]
    seed: u64,
}

#[derive(Clone, Copy, ValueEnum)]
enum RotaPolicy {
    /// The person who is furthest behind their share
    Fair,
    /// In the members' order
    #[value(name = "round_robin")]
    RoundRobin,
    /// By lot
    Random,
}

/// Members times dates: a thousand people in a daily sync of forty years.
const MOST_PLACES: usize = 10_000_000;
const MOST_ROLES: usize = 20;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RotaInputLine {
    id: String,
    department: Option<String>,
    joined: Option<Day>,
    #[serde(default)]
    away: Vec<Days>,
    #[serde(default)]
    weekdays_out: Vec<DayOfWeek>,
    #[serde(default)]
    busy: Vec<Day>,
}

impl RotaInputLine {
    fn is_available(&self, date: NaiveDate) -> bool {
        self.joined.is_none_or(|joined| joined.0 <= date)
            && !self.weekdays_out.iter().any(|out| out.0 == date.weekday())
            && !self.away.iter().any(|Days(first, last)| (*first..=*last).contains(&date))
    }
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct PastTurns {
    duties: Vec<PastDuty>,
    declined: Vec<Decline>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PastDuty {
    date: Day,
    role: String,
    id: UserId,
    /// However a person came to a duty, it counts as theirs.
    #[serde(rename = "how")]
    _how: Option<CameBy>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum CameBy {
    Assigned,
    Volunteered,
    Swapped,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Decline {
    date: Day,
    id: UserId,
}

#[derive(Serialize)]
struct Plan {
    occasions: Vec<PlannedOccasion>,
}

#[derive(Serialize)]
struct PlannedOccasion {
    date: NaiveDate,
    duties: BTreeMap<String, UserId>,
    available: usize,
}

pub(super) async fn run(options: Options) -> Result<ExitCode, Ended> {
    let roles = roles(&options.roles)?;
    let lines = members(&options.members)?;
    let dates = dates(&options.dates)?;
    let history = history(options.history.as_ref(), &roles)?;
    let all_dates = dates.len() + history.duties.len();
    if lines.len().saturating_mul(all_dates) > MOST_PLACES {
        let sizes = format!("{} members and {all_dates} dates are too many", lines.len());
        return Err(Ended::Usage(format!("{sizes}: plan fewer dates at a time")));
    }
    let planning = Rules {
        roles,
        policy: match options.policy {
            RotaPolicy::Fair => Policy::Fair,
            RotaPolicy::RoundRobin => Policy::RoundRobin,
            RotaPolicy::Random => Policy::Random,
        },
        alternate_departments: options.alternate_departments,
        seed: options.seed,
    };
    let plan = tokio::task::spawn_blocking(move || plan(lines, &dates, &history, &planning))
        .await
        .map_err(|error| Ended::Failed(format!("the turns cannot be planned ({error})")))?;
    print(&serde_json::to_string(&plan).map_err(|error| Ended::Failed(error.to_string()))?)?;
    Ok(ExitCode::SUCCESS)
}

fn plan(lines: Vec<RotaInputLine>, dates: &BTreeSet<NaiveDate>, history: &PastTurns, rules: &Rules) -> Plan {
    let mut duties: BTreeMap<NaiveDate, BTreeMap<String, UserId>> = BTreeMap::new();
    for duty in &history.duties {
        duties.entry(duty.date.0).or_default().insert(duty.role.clone(), duty.id.clone());
    }
    let mut declined: BTreeMap<NaiveDate, BTreeSet<UserId>> = BTreeMap::new();
    for decline in &history.declined {
        declined.entry(decline.date.0).or_default().insert(decline.id.clone());
    }
    let all: BTreeSet<NaiveDate> = dates.iter().chain(duties.keys()).copied().collect();
    let occasion = |date: &NaiveDate| Occasion {
        date: *date,
        available: lines
            .iter()
            .filter(|line| line.is_available(*date))
            .map(|line| UserId(line.id.clone()))
            .collect(),
        declined: declined.get(date).cloned().unwrap_or_default(),
        asked_last: BTreeSet::new(),
        busy: BTreeSet::new(),
        at_night: BTreeSet::new(),
        declined_notes: declined.get(date).cloned().unwrap_or_default(),
        is_over: duties.contains_key(date),
        duties: duties.get(date).cloned().unwrap_or_default(),
    };
    let occasions: Vec<Occasion> = all.iter().map(occasion).collect();
    let members: Vec<Member> = lines
        .into_iter()
        .map(|line| Member {
            id: UserId(line.id),
            department: line.department,
            joined: line.joined.map(|day| day.0),
            busy: line.busy.into_iter().map(|day| day.0).collect(),
            booked: Vec::new(),
        })
        .collect();
    let rota = assign(&members, &occasions, rules);
    let planned =
        occasions.into_iter().zip(rota.duties).filter(|(occasion, _)| dates.contains(&occasion.date));
    Plan {
        occasions: planned
            .map(|(occasion, duties)| PlannedOccasion {
                date: occasion.date,
                duties,
                available: occasion.available.len(),
            })
            .collect(),
    }
}

fn roles(roles: &[String]) -> Result<Vec<String>, Ended> {
    let roles: Vec<String> = roles.iter().map(|role| role.trim().to_owned()).collect();
    if roles.iter().any(String::is_empty) {
        return Err(Ended::Usage(
            "--roles: a role has no name: write them as in facilitator,scribe".to_owned(),
        ));
    }
    let different: BTreeSet<&String> = roles.iter().collect();
    if different.len() < roles.len() {
        return Err(Ended::Usage("--roles: a role is there twice: name each once".to_owned()));
    }
    if roles.len() > MOST_ROLES {
        return Err(Ended::Usage(format!("--roles: these are {}: name {MOST_ROLES} at most", roles.len())));
    }
    Ok(roles)
}

fn members(file: &Path) -> Result<Vec<RotaInputLine>, Ended> {
    let lines: Vec<RotaInputLine> = read_list(file, "members")?;
    check_ids(file, lines.iter().map(|line| line.id.as_str()))?;
    for (number, line) in (1..).zip(&lines) {
        if let Some(Days(first, last)) = line.away.iter().find(|Days(first, last)| first > last) {
            let what = format!("away from {first} to {last}: write the first day first");
            return Err(wrong(file, &format!("member {number}"), &what));
        }
    }
    Ok(lines)
}

fn dates(file: &Path) -> Result<BTreeSet<NaiveDate>, Ended> {
    let dates: Vec<Day> = read_list(file, "dates")?;
    let dates: Vec<NaiveDate> = dates.into_iter().map(|day| day.0).collect();
    for (number, two) in (2..).zip(dates.windows(2)) {
        if two[0] >= two[1] {
            let what = if two[0] == two[1] {
                format!("{} is there twice: write each date once", two[0])
            } else {
                format!("{} stands after {}: write the oldest date first", two[1], two[0])
            };
            return Err(wrong(file, &format!("date {number}"), &what));
        }
    }
    Ok(dates.into_iter().collect())
}

/// What the duty of leading is called in a history, in the exports of syncs and without `--roles`.
const LEADING: [&str; 2] = ["lead", "facilitator"];

fn history(file: Option<&PathBuf>, roles: &[String]) -> Result<PastTurns, Ended> {
    let Some(file) = file else { return Ok(PastTurns::default()) };
    let mut past: PastTurns = read_object(file, "duties and declined")?;
    let mut first = BTreeMap::new();
    for (number, duty) in (1..).zip(&mut past.duties) {
        let place = format!("duty {number}");
        if duty.id.as_str().trim().is_empty() || duty.role.trim().is_empty() {
            return Err(wrong(file, &place, "its id or its role is empty"));
        }
        let date = duty.date.0;
        if !roles.contains(&duty.role) {
            let leading = roles.first().filter(|_| LEADING.contains(&duty.role.as_str()));
            let Some(leading) = leading else {
                let what = format!(
                    "the role {:?} isn't planned here: name it in --roles ({} now), or leave the duty out",
                    duty.role,
                    roles.join(",")
                );
                return Err(wrong(file, &place, &what));
            };
            duty.role.clone_from(leading);
        }
        if let Some(before) = first.insert((date, duty.role.clone()), number) {
            let what = format!("the {} of {date} is duty {before} already", duty.role);
            return Err(wrong(file, &place, &what));
        }
    }
    if let Some(at) = past.declined.iter().position(|decline| decline.id.as_str().trim().is_empty()) {
        return Err(wrong(file, &format!("declined {}", at + 1), "the id is empty"));
    }
    Ok(past)
}
