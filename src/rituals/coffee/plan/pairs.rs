//! Rounds of pairs, with a trio where the number of people is odd.

use std::collections::HashMap;

use rand::{Rng, RngExt as _, seq::SliceRandom as _};

use super::{
    Plan,
    cost::Cost,
    cover::cover,
    exact::{FEW, matching, partition},
    roster::Roster,
};

/// Up to how many people one matching takes them all: beyond, it would take more time and memory than it gains.
const EXACT: usize = 400;
/// How many people a block has where one matching cannot take them all.
const BLOCK: usize = 200;
/// How many blocks are matched again at most, and after how many without a gain that ends.
const BLOCKS_AGAIN: usize = 24;
const BLOCKS_IN_VAIN: usize = 4;
/// How many people a window has at most, and how many windows are partitioned again at most.
const WINDOW: usize = 11;
const WINDOWS: usize = 60;

/// A round that is being made.
struct RoundBuilder<'a, R> {
    roster: &'a Roster,
    rng: &'a mut R,
    groups: Vec<Vec<usize>>,
    /// Who has no group so far.
    loose: Vec<usize>,
}

/// The best round of pairs, as far as one round goes.
pub(super) fn plan(roster: &Roster, rng: &mut impl Rng) -> Plan {
    let (people, alone) = roster.split();
    let mut plan = if people.len() <= FEW {
        few(roster, &people)
    } else if people.len() <= EXACT {
        at_once(roster, &people, rng)
    } else {
        in_blocks(roster, people, rng)
    };
    plan.left_out.extend(alone);
    plan
}

fn few(roster: &Roster, people: &[usize]) -> Plan {
    let (groups, left_out) = partition(roster, people);
    let cost = total(roster, &groups);
    Plan { groups, left_out, twice_bound: Some(cost + cost) }
}

/// Makes one matching of all people.
fn at_once(roster: &Roster, people: &[usize], rng: &mut impl Rng) -> Plan {
    let prices: Option<Vec<Option<Cost>>> = (people.len() % 2 == 1)
        .then(|| people.iter().map(|person| price_of_the_chair(roster, people, *person)).collect());
    let found = matching(roster, people, prices.as_deref());
    let cost = total(roster, &found.pairs);
    let bound = match (&prices, &found.single[..]) {
        (None, []) => Some(cost),
        (Some(prices), [odd]) => {
            let at = people.iter().position(|person| person == odd);
            at.and_then(|at| prices[at]).map(|price| cost + price)
        }
        _ => None,
    };
    let twice_bound = bound.map(|bound| bound + bound);
    let mut draft = RoundBuilder { roster, rng, groups: found.pairs, loose: found.single };
    draft.seat_the_loose();
    draft.repair(twice_bound);
    draft.done(twice_bound)
}

/// Returns the least cost of a person as the third of a trio, beyond the other two's pair: their two cheapest pairs.
fn price_of_the_chair(roster: &Roster, people: &[usize], person: usize) -> Option<Cost> {
    let partners = people.iter().filter(|other| roster.may_meet(person, **other)).count();
    (partners > 1).then(|| roster.cheapest(person, people, 2))
}

/// A matching in each of many blocks, and again in blocks around what is not yet right.
fn in_blocks(roster: &Roster, mut people: Vec<usize>, rng: &mut impl Rng) -> Plan {
    // Dealt out department by department, each block has its share of each.
    people.sort_by_key(|person| roster.department(*person));
    let number = people.len().div_ceil(BLOCK);
    let mut draft = RoundBuilder { roster, rng, groups: Vec::new(), loose: Vec::new() };
    for block in 0..number {
        let block: Vec<usize> = people.iter().skip(block).step_by(number).copied().collect();
        draft.match_block(block);
    }
    draft.improve();
    if draft.loose.len() > 1 {
        cover(roster, &mut draft.groups, &mut draft.loose);
        draft.improve();
    }
    let twice_bound = twice_bound(roster, &people, &draft.groups);
    draft.seat_the_loose();
    draft.repair(Some(twice_bound));
    draft.done(Some(twice_bound))
}

/// Returns twice the least cost of any round. Each person's cheapest pair counts half, and so does each person of a department for
/// which no one of another is left.
fn twice_bound(roster: &Roster, people: &[usize], groups: &[Vec<usize>]) -> Cost {
    // A person in a group that costs nothing has a pair that costs nothing.
    let costly = groups.iter().filter(|group| roster.cost_of(group) > Cost::default());
    let cheapest = costly.flatten().map(|person| roster.cheapest(*person, people, 1)).sum();
    let mut sizes: HashMap<usize, usize> = HashMap::new();
    for department in people.iter().filter_map(|person| roster.department(*person)) {
        *sizes.entry(department).or_insert(0) += 1;
    }
    let largest = if sizes.len() > 1 { sizes.into_values().max().unwrap_or(0) } else { 0 };
    let without = (2 * largest).saturating_sub(people.len());
    Cost::of_one_department(without).max(cheapest)
}

fn total(roster: &Roster, groups: &[Vec<usize>]) -> Cost {
    groups.iter().map(|group| roster.cost_of(group)).sum()
}

/// How good a part of a round is: the less the better.
fn worth(roster: &Roster, groups: &[Vec<usize>], loose: &[usize]) -> (usize, usize, Cost) {
    let trios = groups.iter().filter(|group| group.len() > 2).count();
    (loose.len(), trios, total(roster, groups))
}

impl<R: Rng> RoundBuilder<'_, R> {
    /// The round as it is. What is proven holds for rounds in which no one is left out.
    fn done(self, twice_bound: Option<Cost>) -> Plan {
        let twice_bound = twice_bound.filter(|_| self.loose.is_empty());
        Plan { groups: self.groups, left_out: self.loose, twice_bound }
    }

    fn match_block(&mut self, mut block: Vec<usize>) {
        block.shuffle(self.rng);
        let found = matching(self.roster, &block, None);
        self.groups.extend(found.pairs);
        self.loose.extend(found.single);
    }

    /// Matches blocks again around what is not yet right, until that gains nothing more.
    fn improve(&mut self) {
        let mut vain = 0;
        for _ in 0..BLOCKS_AGAIN {
            let Some(block) = self.take_block() else { break };
            vain = if self.put_back(block) { 0 } else { vain + 1 };
            if vain == BLOCKS_IN_VAIN {
                break;
            }
        }
    }

    /// Takes pairs out for a block: those who could help one of the loose, else some that cost something, and some of the
    /// rest to mend them with. There is none when all is right.
    fn take_block(&mut self) -> Option<(Vec<Vec<usize>>, Vec<usize>)> {
        let roster = self.roster;
        let costly = |group: &Vec<usize>| roster.cost_of(group) > Cost::default();
        if self.loose.len() < 2 && !self.groups.iter().any(costly) {
            return None;
        }
        self.groups.shuffle(self.rng);
        self.loose.shuffle(self.rng);
        let loose = self.loose.split_off(self.loose.len().saturating_sub(BLOCK / 2));
        let mut urgent = BLOCK / 4;
        self.groups.sort_by_cached_key(|group| {
            if loose.len() > 1 {
                return group.iter().filter(|other| roster.may_meet(loose[0], **other)).count();
            }
            let is_urgent = urgent > 0 && costly(group);
            urgent -= usize::from(is_urgent);
            usize::from(is_urgent)
        });
        let pairs = (BLOCK - loose.len()) / 2;
        let chosen = self.groups.split_off(self.groups.len().saturating_sub(pairs));
        Some((chosen, loose))
    }

    /// Matches a block anew and takes the better of the two. Tells whether that was the new one.
    fn put_back(&mut self, (groups, loose): (Vec<Vec<usize>>, Vec<usize>)) -> bool {
        let mut people: Vec<usize> = groups.iter().flatten().chain(&loose).copied().collect();
        people.shuffle(self.rng);
        let found = matching(self.roster, &people, None);
        let better = worth(self.roster, &found.pairs, &found.single) < worth(self.roster, &groups, &loose);
        let (groups, loose) = if better { (found.pairs, found.single) } else { (groups, loose) };
        self.groups.extend(groups);
        self.loose.extend(loose);
        better
    }

    /// Lets those without a group join a pair, each where it costs the least.
    fn seat_the_loose(&mut self) {
        for person in std::mem::take(&mut self.loose) {
            let roster = self.roster;
            let open =
                self.groups.iter_mut().filter(|group| group.len() == 2 && roster.may_join(person, group));
            match open.min_by_key(|group| roster.cost_of_joining(person, group)) {
                Some(group) => group.push(person),
                None => self.loose.push(person),
            }
        }
    }

    /// Partitions windows of a few people again, around those left out and the trios, until the bound is met.
    fn repair(&mut self, twice_bound: Option<Cost>) {
        for _ in 0..WINDOWS {
            let cost = total(self.roster, &self.groups);
            let met = twice_bound.is_none_or(|bound| cost + cost <= bound);
            if met && self.loose.is_empty() {
                break;
            }
            self.mend_one();
        }
    }

    fn mend_one(&mut self) {
        let roster = self.roster;
        self.loose.shuffle(self.rng);
        self.groups.shuffle(self.rng);
        let one = self.loose.pop();
        // Those who could help a person who is left out come last, else a trio and those that cost something: the window takes from the end.
        let wide = self.rng.random_bool(0.5);
        self.groups.sort_by_cached_key(|group| match one {
            Some(one) => group.iter().filter(|other| roster.may_meet(one, **other)).count(),
            None if group.len() > 2 => 2,
            None => usize::from(!wide && roster.cost_of(group) > Cost::default()),
        });
        let mut people: Vec<usize> = one.into_iter().collect();
        let mut taken = Vec::new();
        while let Some(group) = self.groups.pop_if(|group| people.len() + group.len() <= WINDOW) {
            people.extend(&group);
            taken.push(group);
        }
        let out: Vec<usize> = one.into_iter().collect();
        people.shuffle(self.rng);
        let (groups, left_out) = partition(roster, &people);
        // Moving on among the equally good finds ways that a single window does not have.
        let no_worse = worth(roster, &groups, &left_out) <= worth(roster, &taken, &out);
        let (groups, left_out) = if no_worse { (groups, left_out) } else { (taken, out) };
        self.groups.extend(groups);
        self.loose.extend(left_out);
    }
}
