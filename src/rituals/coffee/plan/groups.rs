//! Rounds of groups of three and more: seated one by one where it costs the least, then improved by swaps.

use std::cmp::Reverse;

use rand::{Rng, RngExt as _};

use super::{
    Plan,
    roster::{Roster, Strain},
};

/// Among how many groups somebody's seat is chosen at most.
const TABLES_SEEN: usize = 64;
/// How often each person's seat is offered for a swap at most, and how often that is done for all.
const OFFERS: usize = 30;
const PASSES: usize = 8;
/// Up to how many people the bound looks at everybody's pairs.
const BOUNDED: usize = 400;

/// Plans a round of groups of `size` people.
pub(super) fn plan(roster: &Roster, size: usize, rng: &mut impl Rng) -> Plan {
    let (mut people, alone) = roster.split();
    let sizes = sizes(people.len(), size);
    // Whom the most exclusions bind is seated while there is the most choice.
    people.sort_by_key(|person| Reverse(roster.apart(*person).len()));
    let mut tables = Tables { roster, rng, groups: vec![Vec::new(); sizes.len()], loose: Vec::new() };
    tables.seat(&people, &sizes);
    tables.seat_the_loose();
    tables.swap();
    let least = tables.groups.iter().map(Vec::len).min().unwrap_or(0);
    let all_seated = tables.loose.is_empty();
    let (groups, mut left_out) = (tables.groups, tables.loose);
    let cost: Strain = groups.iter().map(|group| roster.strain_of(group)).sum();
    let bound = if cost == Strain::default() || people.len() > BOUNDED {
        Strain::default()
    } else {
        people.iter().map(|person| roster.cheapest(*person, &people, least.saturating_sub(1))).sum()
    };
    left_out.extend(alone);
    Plan { groups, left_out, twice_bound: all_seated.then_some(bound) }
}

/// How many people each group has: `size` or one more where that is possible, else as even as can be.
fn sizes(people: usize, size: usize) -> Vec<usize> {
    if people < 2 {
        return Vec::new();
    }
    let whole = people / size;
    let number = if people % size <= whole { whole } else { whole + 1 };
    // Two groups of less than two are one.
    let number = number.min(people / 2);
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
                (self.roster.strain_of_joining(*person, group), group.len())
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

    /// Finds seats for whom there was none: in any group, in the place of somebody who can go elsewhere, with another
    /// of the loose, or with somebody out of a group that has people to spare. Then nobody sits alone.
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
        let best = open.min_by_key(|group| (group.len(), roster.strain_of_joining(person, group)));
        best.map(|group| group.push(person)).is_some()
    }

    /// Takes the seat of somebody who can join another group.
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

    /// Makes a pair with another of the loose, or with somebody of a group that stays one without them.
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

    /// Offers one seat to some others. Tells whether it was taken.
    fn offer(&mut self, table: usize, seat: usize) -> bool {
        for _ in 0..OFFERS {
            let person = self.groups[table][seat];
            if self.strain_at(table, seat, person) == Some(Strain::default()) {
                return false;
            }
            let other_table = self.rng.random_range(0..self.groups.len());
            if other_table == table {
                continue;
            }
            let other_seat = self.rng.random_range(0..self.groups[other_table].len());
            let other = self.groups[other_table][other_seat];
            let before =
                (self.strain_at(table, seat, person), self.strain_at(other_table, other_seat, other));
            let after = (self.strain_at(table, seat, other), self.strain_at(other_table, other_seat, person));
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

    /// What somebody would cost in a seat, where they may sit there.
    fn strain_at(&self, table: usize, seat: usize, person: usize) -> Option<Strain> {
        let others = self.groups[table].iter().enumerate().filter(|(at, _)| *at != seat);
        let mut strain = Strain::default();
        for (_, other) in others {
            if !self.roster.may_meet(person, *other) {
                return None;
            }
            strain = strain + self.roster.strain(person, *other);
        }
        Some(strain)
    }
}
