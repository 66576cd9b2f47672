//! What it costs to put people together, rule by rule, and as one number.

use std::{iter::Sum, ops::Add};

/// The most that one pair can count for as far apart.
pub(super) const FARTHEST: u32 = 2;

/// What putting people together costs, by the rules. The order of the fields is the order of the rules, and compares them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cost {
    /// Pairs that would be together more than one time above the mean.
    pub(super) above: u32,
    /// For each pair the square of how many times more it was together than the pair that was the least often.
    pub(super) often: u32,
    /// How recent repeats are, in rounds.
    pub(super) recent: u32,
    /// Pairs of one department.
    pub(super) same: u32,
    /// Pairs whose working hours hardly overlap.
    pub(super) far: u32,
}

impl Cost {
    /// Of that many pairs of one department.
    pub(super) fn of_one_department(pairs: usize) -> Cost {
        Cost { same: u32::try_from(pairs).unwrap_or(u32::MAX), ..Cost::default() }
    }
}

impl Add for Cost {
    type Output = Cost;

    fn add(self, other: Cost) -> Cost {
        Cost {
            above: self.above + other.above,
            often: self.often + other.often,
            recent: self.recent + other.recent,
            same: self.same + other.same,
            far: self.far + other.far,
        }
    }
}

impl Sum for Cost {
    fn sum<I: Iterator<Item = Cost>>(costs: I) -> Cost {
        costs.fold(Cost::default(), Add::add)
    }
}

/// Makes one number of a cost, in which each rule outweighs all that come after it.
pub(super) struct Scale {
    far: i128,
    same: i128,
    recent: i128,
    often: i128,
    above: i128,
    /// More than any round of that many pairs can cost.
    pub(super) over: i128,
}

impl Scale {
    /// A scale for rounds with at most that many pairs, where so many rounds are known and no pair was together more often.
    pub(super) fn new(pairs: usize, rounds: u32, most_often: u32) -> Scale {
        let pairs = i128::try_from(pairs).unwrap_or(i128::from(u32::MAX));
        let far = 1;
        let same = pairs * i128::from(FARTHEST) + 1;
        let recent = same * (pairs + 1);
        let often = recent * (pairs * i128::from(rounds) + 1);
        let above = often * (pairs * i128::from(most_often) + 1);
        Scale { far, same, recent, often, above, over: above * (pairs + 1) }
    }

    pub(super) fn weigh(&self, cost: Cost) -> i128 {
        self.above * i128::from(cost.above)
            + self.often * i128::from(cost.often)
            + self.recent * i128::from(cost.recent)
            + self.same * i128::from(cost.same)
            + self.far * i128::from(cost.far)
    }

    /// The number for people; beyond what 64 bits hold it stays at their end.
    pub(super) fn total(&self, cost: Cost) -> u64 {
        u64::try_from(self.weigh(cost)).unwrap_or(u64::MAX)
    }

    /// Half of a cost, rounded up.
    pub(super) fn half(&self, twice: Cost) -> u64 {
        u64::try_from((self.weigh(twice) + 1) / 2).unwrap_or(u64::MAX)
    }
}
