//! What each member owes of a duty less what they did of it.

use std::cmp::Reverse;

use super::Turns;

/// A turn. 1/n of it is rounded down, by less than a millionth of a turn in a century of daily syncs.
const TURN: i64 = 1 << 40;
/// How far below the greatest balance a preference may choose.
const WINDOW: i64 = TURN / 2;

/// The balances of one duty, by member, in parts of a turn.
#[derive(Clone, Debug)]
pub struct Balances {
    owed: Vec<i64>,
    done: Vec<u32>,
    /// The number of the turn that each did last; 0 if none.
    last: Vec<u32>,
    turns: u32,
}

impl Balances {
    /// Returns the balances of people who have neither owed nor done anything.
    pub fn of(members: usize) -> Balances {
        Balances { owed: vec![0; members], done: vec![0; members], last: vec![0; members], turns: 0 }
    }

    /// Counts one turn, owed by those who could take it and done by a member, or by a person who is none.
    pub fn count(&mut self, could: &[usize], by: Option<usize>) {
        self.turns += 1;
        let share = TURN / i64::try_from(could.len().max(1)).unwrap_or(i64::MAX);
        for member in could {
            self.owed[*member] += share;
        }
        if let Some(member) = by {
            self.done[member] += 1;
            self.last[member] = self.turns;
        }
    }

    /// Returns the candidates among whom preferences may choose.
    ///
    /// The turn to be done counts as owed by all of them in equal parts, so that it changes no difference. `booked` is how many later
    /// turns a member will do.
    pub fn first(&self, candidates: &[usize], booked: impl Fn(usize) -> u32) -> Vec<usize> {
        let balance = |member: &usize| self.balance(*member, booked(*member));
        let Some(greatest) = candidates.iter().map(balance).max() else {
            return Vec::new();
        };
        let window = if greatest < TURN / 2 { WINDOW } else { 0 };
        candidates.iter().copied().filter(|member| balance(member) >= greatest - window).collect()
    }

    /// The greatest balance first, then the member whose last turn is the longest ago; later turns come after all of them.
    pub fn key(&self, member: usize, booked: u32) -> (Reverse<i64>, u32) {
        let last = if booked == 0 { self.last[member] } else { self.turns.saturating_add(booked) };
        (Reverse(self.balance(member, booked)), last)
    }

    fn balance(&self, member: usize, booked: u32) -> i64 {
        self.owed[member] - (i64::from(self.done[member]) + i64::from(booked)) * TURN
    }

    /// Returns each member's turns.
    #[expect(clippy::cast_precision_loss, reason = "a turn has fewer bits than a float's mantissa")]
    pub fn turns(&self) -> Vec<Turns> {
        let turns = self.owed.iter().zip(&self.done);
        turns.map(|(owed, led)| Turns { owed: *owed as f64 / TURN as f64, led: *led }).collect()
    }
}
