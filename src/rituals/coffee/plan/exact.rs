//! The exact methods: a cheapest matching of pairs, and a cheapest partition of a few people into pairs and trios, or into groups
//! of given sizes.

use integer_blossom::max_weight_matching;

use super::{cost::Cost, roster::Roster};

/// The pairs that leave as few people over as possible and cost the least.
pub(super) struct Matching {
    pub(super) pairs: Vec<Vec<usize>>,
    /// Who has no partner.
    pub(super) single: Vec<usize>,
}

/// Matches people. With an `empty_chair` one of an odd number sits beside it at the given price, which `single` then names.
pub(super) fn matching(roster: &Roster, people: &[usize], empty_chair: Option<&[Option<Cost>]>) -> Matching {
    let chairs = people.len() + usize::from(empty_chair.is_some());
    // The person beside the empty chair pays for two pairs.
    let scale = roster.scale(chairs / 2 + 1);
    let weight = |bonus: i128, cost| i64::try_from(bonus - scale.weigh(cost)).unwrap_or(1);
    // A pair is worth more than the chair, or the chair would be filled by parting two.
    let (pair, chair) = (2 * scale.over, scale.over);
    let mut weights = vec![0; chairs * chairs];
    for (at, one) in people.iter().enumerate() {
        let row = &mut weights[at * chairs..(at + 1) * chairs];
        for (cell, other) in row[at + 1..].iter_mut().zip(&people[at + 1..]) {
            if roster.may_meet(*one, *other) {
                *cell = weight(pair, roster.cost(*one, *other));
            }
        }
        if let Some(price) = empty_chair.and_then(|prices| prices[at]) {
            row[chairs - 1] = weight(chair, price);
        }
    }
    let mut found = Matching { pairs: Vec::with_capacity(people.len() / 2), single: Vec::new() };
    for (one, partner) in max_weight_matching(&weights, chairs).into_iter().take(people.len()).enumerate() {
        match partner {
            Some(other) if other < one => found.pairs.push(vec![people[other], people[one]]),
            Some(other) if other < people.len() => {}
            _ => found.single.push(people[one]),
        }
    }
    found
}

/// How many people [`partition`] takes at most.
pub(super) const FEW: usize = 14;

/// What to do with the first of those who remain.
#[derive(Clone, Copy)]
enum Seat {
    Out,
    Pair(usize),
    Trio(usize, usize),
}

/// Pairs and trios of at most [`FEW`] people: as few as possible left out, then as few trios, then the lowest cost. Tells
/// the groups and who is left out.
pub(super) fn partition(roster: &Roster, people: &[usize]) -> (Vec<Vec<usize>>, Vec<usize>) {
    let number = people.len();
    let scale = roster.scale(number);
    // Trios have as many pairs as people, so `number` pairs are the most, and `over` is more than any partition costs.
    let trio = scale.over;
    let out = trio * (FEW as i128);
    let mut costs = vec![None; number * number];
    for one in 0..number {
        for other in 0..number {
            if roster.may_meet(people[one], people[other]) {
                costs[one * number + other] = Some(scale.weigh(roster.cost(people[one], people[other])));
            }
        }
    }
    let cost = |one: usize, other: usize| costs[one * number + other];
    let mut best: Vec<(i128, Seat)> = Vec::with_capacity(1 << number);
    best.push((0, Seat::Out));
    for rest in 1_usize..1 << number {
        let first = rest.trailing_zeros() as usize;
        let after = rest & (rest - 1);
        let mut found = (best[after].0 + out, Seat::Out);
        let mut take = |price: i128, seat| {
            if price < found.0 {
                found = (price, seat);
            }
        };
        for second in bits(after) {
            let Some(pair) = cost(first, second) else { continue };
            let left = after & !(1 << second);
            take(best[left].0 + pair, Seat::Pair(second));
            for third in bits(left & (usize::MAX << second)) {
                if let (Some(one), Some(two)) = (cost(first, third), cost(second, third)) {
                    take(best[left & !(1 << third)].0 + trio + pair + one + two, Seat::Trio(second, third));
                }
            }
        }
        best.push(found);
    }
    let (mut groups, mut left_out) = (Vec::new(), Vec::new());
    let mut rest = (1_usize << number) - 1;
    while rest != 0 {
        let first = rest.trailing_zeros() as usize;
        rest &= rest - 1;
        match best[rest | 1 << first].1 {
            Seat::Out => left_out.push(people[first]),
            Seat::Pair(second) => {
                rest &= !(1 << second);
                groups.push(vec![people[first], people[second]]);
            }
            Seat::Trio(second, third) => {
                rest &= !(1 << second | 1 << third);
                groups.push(vec![people[first], people[second], people[third]]);
            }
        }
    }
    (groups, left_out)
}

/// The cheapest groups of these sizes for at most [`FEW`] people, who fill them. There are two sizes at most, one apart.
/// `None` where exclusions leave no such groups. Every set of people is looked at once for each number of larger groups
/// that are still to be filled.
pub(super) fn groups_of(roster: &Roster, people: &[usize], sizes: &[usize]) -> Option<Vec<Vec<usize>>> {
    let small = sizes.iter().copied().min()?;
    let large = sizes.iter().filter(|size| **size > small).count();
    let search = ExactSearch::new(roster, people, small);
    let everybody = (1_usize << people.len()) - 1;
    // What the rest costs at least, and which group to take out of it first.
    let mut best: Vec<Option<(i128, usize)>> = vec![None; (everybody + 1) * (large + 1)];
    best[0] = Some((0, 0));
    for rest in 1..=everybody {
        let number = rest.count_ones() as usize;
        for larger in 0..=large.min(number / (small + 1)) {
            // The rest must be smaller groups, a whole number of them.
            if !(number - larger * (small + 1)).is_multiple_of(small) {
                continue;
            }
            let mut found: Option<(i128, usize)> = None;
            let mut take = |group: usize, cost: i128, larger: usize| {
                if let Some((after, _)) = best[(rest & !group) * (large + 1) + larger]
                    && found.is_none_or(|(least, _)| cost + after < least)
                {
                    found = Some((cost + after, group));
                }
            };
            if number > larger * (small + 1) {
                search.each_group(rest, small, &mut |group, cost| take(group, cost, larger));
            }
            if larger > 0 {
                search.each_group(rest, small + 1, &mut |group, cost| take(group, cost, larger - 1));
            }
            best[rest * (large + 1) + larger] = found;
        }
    }
    let (mut groups, mut rest, mut larger) = (Vec::with_capacity(sizes.len()), everybody, large);
    while rest != 0 {
        let (_, group) = best[rest * (large + 1) + larger]?;
        groups.push(bits(group).map(|at| people[at]).collect());
        larger -= usize::from(group.count_ones() as usize > small);
        rest &= !group;
    }
    Some(groups)
}

/// What each pair of a few people costs, for walks over the groups that they can make.
struct ExactSearch {
    number: usize,
    costs: Vec<Option<i128>>,
}

impl ExactSearch {
    fn new(roster: &Roster, people: &[usize], size: usize) -> ExactSearch {
        let number = people.len();
        // A person has at most `size` others in their group.
        let scale = roster.scale(number * size);
        let cost = |one: usize, other: usize| {
            roster.may_meet(one, other).then(|| scale.weigh(roster.cost(one, other)))
        };
        let costs = people.iter().flat_map(|one| people.iter().map(move |other| cost(*one, *other)));
        ExactSearch { number, costs: costs.collect() }
    }

    /// Calls `take` with each group of `size` that holds the first of these people, and what it costs.
    fn each_group(&self, rest: usize, size: usize, take: &mut impl FnMut(usize, i128)) {
        let first = 1 << rest.trailing_zeros();
        self.grow(first, rest & !first, size - 1, 0, take);
    }

    /// Adds so many more of these people to a group, in the order of their numbers.
    fn grow(
        &self,
        group: usize,
        rest: usize,
        missing: usize,
        cost: i128,
        take: &mut impl FnMut(usize, i128),
    ) {
        if missing == 0 {
            return take(group, cost);
        }
        for next in bits(rest) {
            let pairs: Option<i128> = bits(group).map(|one| self.costs[one * self.number + next]).sum();
            if let Some(pairs) = pairs {
                let later = rest & (usize::MAX << next << 1);
                self.grow(group | 1 << next, later, missing - 1, cost + pairs, take);
            }
        }
    }
}

/// The numbers of the bits that are set.
fn bits(mut set: usize) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let lowest = (set != 0).then(|| set.trailing_zeros() as usize)?;
        set &= set - 1;
        Some(lowest)
    })
}
