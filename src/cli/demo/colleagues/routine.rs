//! The routine of a working day: a few kudos and some small talk, each line once in some weeks.

use chrono::{Datelike as _, NaiveDate};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng, seq::SliceRandom as _};

use super::{
    actions::{Colleague, ColleagueAction, PlannedAction, is_working_day, working_minutes},
    kudos::KUDOS,
    words::TALK,
};

/// The number of working days in which each kudos is given once.
const KUDOS_COME_ROUND: usize = 26;
/// The number of working days in which each line of small talk is said once.
const TALK_COMES_ROUND: usize = 20;
const WORKING_DAYS_OF_A_WEEK: usize = 5;
const DAYS_OF_A_WEEK: usize = 7;
/// Makes the seeds of neighbouring days differ.
const ANOTHER_DAY: u64 = 0x9E37_79B9_7F4A_7C15;

/// Returns the unprompted actions of a day. They depend only on the seed, the day and the people.
pub fn day(seed: u64, day: NaiveDate, colleagues: &[Colleague]) -> Vec<PlannedAction> {
    let Some(number) = working_day(day) else {
        return Vec::new();
    };
    let mut rng = StdRng::seed_from_u64(seed ^ (number as u64).wrapping_mul(ANOTHER_DAY));
    let works_here = |n: &usize| *n < colleagues.len();
    let kudos: Vec<usize> =
        (0..KUDOS.len()).filter(|n| works_here(&KUDOS[*n].0) && KUDOS[*n].1.iter().all(works_here)).collect();
    let talk: Vec<usize> = (0..TALK.len()).collect();
    let mut planned = Vec::new();
    for n in todays(seed, number, kudos, KUDOS_COME_ROUND) {
        let (who, receivers, channel, reason) = KUDOS[n];
        let action = ColleagueAction::Thanks { receivers: receivers.to_vec(), channel, reason };
        planned.push((who, action));
    }
    for n in todays(seed, number, talk, TALK_COMES_ROUND) {
        let who = rng.random_range(0..colleagues.len());
        let (channel, text) = TALK[n];
        let channel = if channel == "department" { &colleagues[who].department } else { channel };
        planned.push((who, ColleagueAction::Says(format!("#{channel}"), text.to_owned())));
    }
    let at = |(who, action): (usize, ColleagueAction)| {
        let at = colleagues[who].at_work(day, rng.random_range(0..working_minutes()));
        PlannedAction { at, who, action }
    };
    planned.into_iter().map(at).collect()
}

/// Returns the number of working days before this one since the first day of the calendar; `None` for a day off.
fn working_day(day: NaiveDate) -> Option<usize> {
    let days = usize::try_from(day.num_days_from_ce()).ok().filter(|_| is_working_day(day))?;
    // The calendar's first day was a Monday, and has the number one.
    let days = days.checked_sub(1)?;
    Some(days / DAYS_OF_A_WEEK * WORKING_DAYS_OF_A_WEEK + days % DAYS_OF_A_WEEK)
}

/// Returns which of these fall on the day with this number, so that each falls once in a cycle, in an order that
/// depends on the seed.
fn todays(seed: u64, number: usize, mut all: Vec<usize>, round: usize) -> Vec<usize> {
    all.shuffle(&mut StdRng::seed_from_u64(seed));
    let (from, until) = (number * all.len() / round, (number + 1) * all.len() / round);
    (from..until).map(|n| all[n % all.len()]).collect()
}
