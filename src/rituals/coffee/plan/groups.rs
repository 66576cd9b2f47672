//! Rounds of groups of three and more. A few people get the best groups there are; more are seated one by one where it costs
//! the least, and then improved by swaps and, from where no swap helps, by some random ones.

use std::cmp::Reverse;

use rand::{Rng, RngExt as _};

use super::{
    LARGEST_GROUP, Plan,
    cost::Cost,
    exact::{FEW, groups_of},
    roster::Roster,
};

/// Up to how many people all ways to make two groups are looked at.
const FEW_IN_TWO: usize = 16;
/// Among how many groups a person's seat is chosen at most.
const TABLES_SEEN: usize = 64;
/// To how many others each person's seat is offered for a swap at most, and how often that is done for all.
const OFFERS: usize = 30;
const PASSES: usize = 8;
/// Up to how many people random swaps are tried as well, how many at a time, and how often.
const SHAKEN: usize = 64;
const SHAKES: usize = 40;
const SWAPS_A_SHAKE: usize = 2;
/// Up to how many people the bound looks at all pairs.
const BOUNDED: usize = 400;

/// Plans a round of groups of `size` people.
pub(super) fn plan(roster: &Roster, size: usize, rng: &mut impl Rng) -> Plan {
    let (mut people, alone) = roster.split();
    let sizes = sizes(people.len(), size);
    let most = if sizes.len() == 2 { FEW_IN_TWO } else { FEW };
    if people.len() <= most
        && let Some(groups) = groups_of(roster, &people, &sizes)
    {
        let cost = total(roster, &groups);
        return Plan { groups, left_out: alone, twice_bound: Some(cost + cost) };
    }
    // The person with the most exclusions is seated while there is the most choice.
    people.sort_by_key(|person| Reverse(roster.apart(*person).len()));
    let mut tables = Tables { roster, rng, groups: vec![Vec::new(); sizes.len()], loose: Vec::new() };
    tables.seat(&people, &sizes);
    tables.seat_the_loose();
    tables.swap();
    if people.len() <= SHAKEN {
        tables.shake();
    }
    let least = tables.groups.iter().map(Vec::len).min().unwrap_or(0);
    let all_seated = tables.loose.is_empty();
    let (groups, mut left_out) = (tables.groups, tables.loose);
    let cost = total(roster, &groups);
    let bound = if cost == Cost::default() || people.len() > BOUNDED {
        Cost::default()
    } else {
        people.iter().map(|person| roster.cheapest(*person, &people, least.saturating_sub(1))).sum()
    };
    left_out.extend(alone);
    Plan { groups, left_out, twice_bound: all_seated.then_some(bound) }
}

fn total(roster: &Roster, groups: &[Vec<usize>]) -> Cost {
    groups.iter().map(|group| roster.cost_of(group)).sum()
}

/// How many people each group has: `size` or one more where that is possible, else as even as can be; never more than
/// [`LARGEST_GROUP`].
fn sizes(people: usize, size: usize) -> Vec<usize> {
    if people < 2 {
        return Vec::new();
    }
    let whole = people / size;
    let number = if people % size <= whole { whole } else { whole + 1 };
    // Two groups of less than two are one.
    let number = number.min(people / 2).max(people.div_ceil(LARGEST_GROUP));
    (0..number).map(|at| people / number + usize::from(at < people % number)).collect()
}

/// The groups while they are being made.
struct Tables<'a, R> {
    roster: &'a Roster,
    rng: &'a mut R,
    groups: Vec<Vec<usize>>,
    loose: Vec<usize>,
}

impl<R: Rng> Tables<'_, R> {
    /// Seats people one by one where they cost the least; of equally good groups in the emptiest.
    fn seat(&mut self, people: &[usize], sizes: &[usize]) {
        let mut open: Vec<usize> = (0..sizes.len()).collect();
        for person in people {
            let begin = if open.is_empty() { 0 } else { self.rng.random_range(0..open.len()) };
            let seen = open.iter().cycle().skip(begin).take(open.len().min(TABLES_SEEN));
            let free = seen.filter(|table| self.roster.may_join(*person, &self.groups[**table]));
            let best = free.min_by_key(|table| {
                let group = &self.groups[**table];
                (self.roster.cost_of_joining(*person, group), group.len())
            });
            match best.copied() {
                Some(table) => {
                    self.groups[table].push(*person);
                    if self.groups[table].len() == sizes[table] {
                        open.retain(|other| *other != table);
                    }
                }
                None => self.loose.push(*person),
            }
        }
    }

    /// Finds seats for the people without one: in any group, in the place of a person who can go elsewhere, with another
    /// of the loose, or with a person out of a group that has people to spare. Then no one sits alone.
    fn seat_the_loose(&mut self) {
        let lonely = self.groups.iter().filter(|group| group.len() == 1).flatten().copied();
        self.loose.extend(lonely.collect::<Vec<_>>());
        self.groups.retain(|group| group.len() > 1);
        for person in std::mem::take(&mut self.loose) {
            if !(self.join(person) || self.displace(person) || self.pair_off(person)) {
                self.loose.push(person);
            }
        }
    }

    fn join(&mut self, person: usize) -> bool {
        let roster = self.roster;
        let open = self.groups.iter_mut().filter(|group| roster.may_join(person, group));
        let best = open.min_by_key(|group| (group.len(), roster.cost_of_joining(person, group)));
        best.map(|group| group.push(person)).is_some()
    }

    /// Takes the seat of a person who can join another group.
    fn displace(&mut self, person: usize) -> bool {
        for table in 0..self.groups.len() {
            let mut against = self.groups[table]
                .iter()
                .enumerate()
                .filter(|(_, other)| !self.roster.may_meet(person, **other));
            let (Some((seat, _)), None) = (against.next(), against.next()) else { continue };
            let moving = self.groups[table][seat];
            let elsewhere = (0..self.groups.len())
                .find(|other| *other != table && self.roster.may_join(moving, &self.groups[*other]));
            if let Some(elsewhere) = elsewhere {
                self.groups[elsewhere].push(moving);
                self.groups[table][seat] = person;
                return true;
            }
        }
        false
    }

    /// Makes a pair with another of the loose, or with a person of a group that stays one without them.
    fn pair_off(&mut self, person: usize) -> bool {
        let partner = self.loose.iter().position(|other| self.roster.may_meet(person, *other));
        if let Some(partner) = partner {
            let partner = self.loose.swap_remove(partner);
            self.groups.push(vec![person, partner]);
            return true;
        }
        for table in 0..self.groups.len() {
            let group = &mut self.groups[table];
            let seat = group.iter().position(|other| self.roster.may_meet(person, *other));
            if let Some(seat) = seat.filter(|_| group.len() > 2) {
                let partner = group.swap_remove(seat);
                self.groups.push(vec![person, partner]);
                return true;
            }
        }
        false
    }

    /// Swaps the seats of two people as long as that costs less.
    fn swap(&mut self) {
        if self.groups.len() < 2 {
            return;
        }
        for _ in 0..PASSES {
            let mut gained = false;
            for table in 0..self.groups.len() {
                for seat in 0..self.groups[table].len() {
                    gained |= self.offer(table, seat);
                }
            }
            if !gained {
                break;
            }
        }
    }

    /// Swaps some at random and improves that, again and again, and keeps what costs no more: a way out of rounds that no
    /// single swap makes better (iterated local search; H. Lourenço, O. Martin and T. Stützle, 2003).
    fn shake(&mut self) {
        let mut least = total(self.roster, &self.groups);
        for _ in 0..SHAKES {
            if least == Cost::default() || self.groups.len() < 2 {
                break;
            }
            let before = self.groups.clone();
            for _ in 0..SWAPS_A_SHAKE {
                self.swap_any();
            }
            self.swap();
            let cost = total(self.roster, &self.groups);
            if cost <= least {
                least = cost;
            } else {
                self.groups = before;
            }
        }
    }

    /// Swaps two random people where both may sit in the other's place.
    fn swap_any(&mut self) {
        let one = self.rng.random_range(0..self.groups.len());
        let other = self.rng.random_range(0..self.groups.len());
        if one == other {
            return;
        }
        let seat = self.rng.random_range(0..self.groups[one].len());
        let other_seat = self.rng.random_range(0..self.groups[other].len());
        let (person, partner) = (self.groups[one][seat], self.groups[other][other_seat]);
        if self.cost_at(one, seat, partner).is_some() && self.cost_at(other, other_seat, person).is_some() {
            self.groups[one][seat] = partner;
            self.groups[other][other_seat] = person;
        }
    }

    /// Offers one seat to some others. Tells whether it was taken.
    fn offer(&mut self, table: usize, seat: usize) -> bool {
        for _ in 0..OFFERS {
            let person = self.groups[table][seat];
            if self.cost_at(table, seat, person) == Some(Cost::default()) {
                return false;
            }
            let other_table = self.rng.random_range(0..self.groups.len());
            if other_table == table {
                continue;
            }
            let other_seat = self.rng.random_range(0..self.groups[other_table].len());
            let other = self.groups[other_table][other_seat];
            let before = (self.cost_at(table, seat, person), self.cost_at(other_table, other_seat, other));
            let after = (self.cost_at(table, seat, other), self.cost_at(other_table, other_seat, person));
            if let ((Some(a), Some(b)), (Some(c), Some(d))) = (before, after)
                && c + d < a + b
            {
                self.groups[table][seat] = other;
                self.groups[other_table][other_seat] = person;
                return true;
            }
        }
        false
    }

    /// Returns the cost of a person in a seat, where they may sit there.
    fn cost_at(&self, table: usize, seat: usize, person: usize) -> Option<Cost> {
        let others = self.groups[table].iter().enumerate().filter(|(at, _)| *at != seat);
        let mut cost = Cost::default();
        for (_, other) in others {
            if !self.roster.may_meet(person, *other) {
                return None;
            }
            cost = cost + self.roster.cost(person, *other);
        }
        Some(cost)
    }
}
