//! The rhythm of a working day: a few kudos and some small talk, each line once in some weeks.

use chrono::{Datelike as _, NaiveDate};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng, seq::SliceRandom as _};

use super::{
    actions::{Colleague, ColleagueAction, PlannedAction, is_working_day, working_minutes},
    kudos::KUDOS,
    words::TALK,
};

/// In how many working days every kudos is given once.
const KUDOS_COME_ROUND: usize = 26;
/// In how many working days everything that is said at work is said once.
const TALK_COMES_ROUND: usize = 20;
const WORKING_DAYS_OF_A_WEEK: usize = 5;
const DAYS_OF_A_WEEK: usize = 7;
/// What makes the seed of one day unlike that of the next.
const ANOTHER_DAY: u64 = 0x9E37_79B9_7F4A_7C15;

/// What colleagues do on a day without being asked; the same for the same seed, day and people.
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

/// How many working days there were before this one, since the beginning of our calendar; none for a day off.
fn working_day(day: NaiveDate) -> Option<usize> {
    let days = usize::try_from(day.num_days_from_ce()).ok().filter(|_| is_working_day(day))?;
    // The first day of our calendar was a Monday, and has the number one.
    let days = days.checked_sub(1)?;
    Some(days / DAYS_OF_A_WEEK * WORKING_DAYS_OF_A_WEEK + days % DAYS_OF_A_WEEK)
}

/// Which of these come on the day with this number, so that each comes once in a round of days, in an order of the seed's.
fn todays(seed: u64, number: usize, mut all: Vec<usize>, round: usize) -> Vec<usize> {
    all.shuffle(&mut StdRng::seed_from_u64(seed));
    let (from, until) = (number * all.len() / round, (number + 1) * all.len() / round);
    (from..until).map(|n| all[n % all.len()]).collect()
}
