//! The routine of a working day: what rituals add, and some small talk, each line once in some weeks.

use chrono::{Datelike as _, NaiveDate};
use rand::RngExt as _;

use super::words::{SEASONAL, TALK};
use crate::ritual::demo::{Colleague, ColleagueAction, Demo, PlannedAction, Workday, working_minutes};

/// The number of working days in which each line of small talk is said once: more than eight weeks.
const TALK_DAYS: usize = 42;

const ALL_YEAR: &[u32] = &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

/// Returns the unprompted actions of a day, with small talk or without. They depend only on the seed, the day, the rituals and
/// the people.
pub fn day(
    seed: u64,
    date: NaiveDate,
    demos: &[Demo],
    colleagues: &[Colleague],
    talks: bool,
) -> Vec<PlannedAction> {
    let Some(day) = Workday::new(seed, date, colleagues) else {
        return Vec::new();
    };
    let mut rng = day.rng();
    let mut planned: Vec<(usize, ColleagueAction)> = demos.iter().flat_map(|demo| (demo.day)(&day)).collect();
    let seasonal = SEASONAL.iter().map(|(months, channel, text)| (*months, *channel, *text));
    let always = TALK.iter().map(|(channel, text)| (ALL_YEAR, *channel, *text));
    let talk = if talks { always.chain(seasonal).collect() } else { Vec::new() };
    let todays = day.share(talk, TALK_DAYS).into_iter().filter(|(months, ..)| months.contains(&date.month()));
    for (_, channel, text) in todays {
        let who = rng.random_range(0..colleagues.len());
        let channel = if channel == "department" { &colleagues[who].department } else { channel };
        planned.push((who, ColleagueAction::Says(format!("#{channel}"), text.to_owned())));
    }
    let at = |(who, action): (usize, ColleagueAction)| {
        let at = colleagues[who].at_work(date, rng.random_range(0..working_minutes()));
        PlannedAction { at, who, action }
    };
    planned.into_iter().map(at).collect()
}
