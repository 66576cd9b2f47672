//! A working day of the demo company, and what falls on it.

use chrono::{Datelike as _, NaiveDate};
use rand::{SeedableRng as _, rngs::StdRng, seq::SliceRandom as _};

use super::{Colleague, is_working_day};

const WORKING_DAYS_OF_A_WEEK: usize = 5;
const DAYS_OF_A_WEEK: usize = 7;
/// Makes the seeds of neighbouring days differ.
const ANOTHER_DAY: u64 = 0x9E37_79B9_7F4A_7C15;

/// A working day. What happens on it depends only on the seed, the day and the people.
#[derive(Clone, Copy, Debug)]
pub struct Workday<'c> {
    pub colleagues: &'c [Colleague],
    seed: u64,
    /// The number of working days before it since the first day of the calendar.
    number: usize,
}

impl<'c> Workday<'c> {
    /// Returns `None` for a day off.
    pub fn new(seed: u64, day: NaiveDate, colleagues: &'c [Colleague]) -> Option<Workday<'c>> {
        let days = usize::try_from(day.num_days_from_ce()).ok().filter(|_| is_working_day(day))?;
        // The calendar's first day was a Monday, and has the number one.
        let days = days.checked_sub(1)?;
        let number = days / DAYS_OF_A_WEEK * WORKING_DAYS_OF_A_WEEK + days % DAYS_OF_A_WEEK;
        Some(Workday { colleagues, seed, number })
    }

    /// Returns the day's own random numbers.
    pub fn rng(&self) -> StdRng {
        StdRng::seed_from_u64(self.seed ^ (self.number as u64).wrapping_mul(ANOTHER_DAY))
    }

    /// Returns which of these fall on this day, so that each falls once in so many working days, in an order that
    /// depends on the seed.
    pub fn share<T: Copy>(&self, mut all: Vec<T>, days: usize) -> Vec<T> {
        all.shuffle(&mut StdRng::seed_from_u64(self.seed));
        let (from, until) = (self.number * all.len() / days, (self.number + 1) * all.len() / days);
        (from..until).map(|n| all[n % all.len()]).collect()
    }
}
