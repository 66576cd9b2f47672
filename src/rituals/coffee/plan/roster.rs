//! Who takes part, by number, and what it would cost to put two of them together.

use std::collections::{HashMap, HashSet};

use rand::{Rng, seq::SliceRandom as _};

use super::{
    RoundInput,
    cost::{Cost, FARTHEST, Scale},
};
use crate::model::people::UserId;

/// How many rounds back the age of a repeat still matters; older ones are all alike.
const LONGEST_MEMORY: usize = 255;
/// A day and a working day, in minutes.
const DAY: i32 = 24 * 60;
const WORKING_DAY: i32 = 8 * 60;
/// By how many times two people count as together more often than others at most: beyond, all are alike.
const MOST_MORE_OFTEN: u32 = 15;
/// How many times more a pair of the very last round counts as together.
const LAST_ROUND_COUNTS: u32 = 2;

/// The people of a round, numbered from 0 in the order into which the seed shuffled them.
pub(super) struct Roster {
    people: Vec<RosterPerson>,
    /// How many rounds back the age of a repeat matters.
    pub(super) rounds: u32,
    /// How many times the pair was together that was the least often.
    least_times: u32,
    /// How many times a pair is together at most after this round, where that can be had: one more than the mean.
    limit: u32,
    /// The most that one pair costs for being together often.
    pub(super) most_often: u32,
    /// Whether two people of different departments could meet.
    departments: bool,
}

struct RosterPerson {
    id: UserId,
    /// Where they stand among the members.
    place: usize,
    department: Option<usize>,
    utc_offset: Option<i32>,
    /// The people they were put together with, by number.
    met: Vec<Together>,
    /// The people they must not meet, by number.
    apart: Vec<usize>,
}

/// What is known of a pair that was put together before.
struct Together {
    /// The other one, by number.
    other: usize,
    /// In how many rounds.
    times: u32,
    /// How many rounds ago, the last time; 1 is the last round.
    rounds_since: u32,
}

impl Roster {
    pub(super) fn new(input: &RoundInput, rng: &mut impl Rng) -> Roster {
        let mut seen = HashSet::new();
        let mut members: Vec<(usize, &super::Participant)> =
            input.members.iter().enumerate().filter(|(_, member)| seen.insert(&member.id)).collect();
        members.shuffle(rng);
        let mut departments = HashMap::new();
        let mut people = Vec::with_capacity(members.len());
        for (place, member) in &members {
            let next = departments.len();
            let department =
                member.department.as_deref().map(|name| *departments.entry(name).or_insert(next));
            people.push(RosterPerson {
                id: member.id.clone(),
                place: *place,
                department,
                utc_offset: member.utc_offset_minutes,
                met: Vec::new(),
                apart: Vec::new(),
            });
        }
        let numbers: HashMap<&UserId, usize> =
            members.iter().enumerate().map(|(number, (_, member))| (&member.id, number)).collect();
        for (one, other) in &input.apart {
            if let (Some(one), Some(other)) = (numbers.get(one), numbers.get(other))
                && one != other
            {
                people[*one].apart.push(*other);
                people[*other].apart.push(*one);
            }
        }
        remember(&mut people, &input.history, &numbers);
        for person in &mut people {
            person.apart.sort_unstable();
            person.apart.dedup();
        }
        let rounds = u32::try_from(input.history.len().min(LONGEST_MEMORY)).unwrap_or_default();
        let mut roster = Roster {
            people,
            rounds,
            least_times: 0,
            limit: 0,
            most_often: 0,
            departments: departments.len() > 1,
        };
        roster.least_times = roster.least_times();
        roster.limit = roster.limit(input.history.len());
        let met = roster.people.iter().flat_map(|person| &person.met);
        roster.most_often = met.map(|pair| roster.often(pair)).max().unwrap_or(0);
        roster
    }

    /// How many times the pair was together that was the least often, of all pairs who may meet.
    fn least_times(&self) -> u32 {
        let least = |number: usize, person: &RosterPerson| {
            let possible = self.len() - 1 - person.apart.len();
            let met = person.met.iter().filter(|pair| self.may_meet(number, pair.other));
            let (count, least) = met.fold((0, u32::MAX), |(n, least), pair| (n + 1, least.min(pair.times)));
            (possible > 0).then_some(if count < possible { 0 } else { least })
        };
        self.people.iter().enumerate().filter_map(|(number, person)| least(number, person)).min().unwrap_or(0)
    }

    /// One more than the mean that all pairs will have after one more round like those before.
    fn limit(&self, rounds: usize) -> u32 {
        let times: u64 =
            self.people.iter().flat_map(|person| &person.met).map(|pair| u64::from(pair.times)).sum();
        // Each pair is in the lists of both.
        let (times, rounds) = (times / 2, rounds as u64);
        let pairs = (self.len() * self.len().saturating_sub(1) / 2) as u64;
        let mean = (times * (rounds + 1)).div_ceil((rounds * pairs).max(1));
        u32::try_from(mean).unwrap_or(u32::MAX).saturating_add(1)
    }

    /// The square of how many times more a pair was together than the pair that was the least often.
    fn often(&self, pair: &Together) -> u32 {
        let last = if pair.rounds_since == 1 { LAST_ROUND_COUNTS } else { 0 };
        (pair.times + last).saturating_sub(self.least_times).min(MOST_MORE_OFTEN).pow(2)
    }

    /// Returns the scale for rounds of these people with at most that many pairs.
    pub(super) fn scale(&self, pairs: usize) -> Scale {
        Scale::new(pairs, self.rounds, self.most_often)
    }

    pub(super) fn len(&self) -> usize {
        self.people.len()
    }

    pub(super) fn id(&self, person: usize) -> &UserId {
        &self.people[person].id
    }

    pub(super) fn place(&self, person: usize) -> usize {
        self.people[person].place
    }

    pub(super) fn department(&self, person: usize) -> Option<usize> {
        self.people[person].department
    }

    /// Returns the people a person must not meet.
    pub(super) fn apart(&self, person: usize) -> &[usize] {
        &self.people[person].apart
    }

    /// Splits people into those who may meet a person, and those who may not.
    pub(super) fn split(&self) -> (Vec<usize>, Vec<usize>) {
        (0..self.len()).partition(|person| self.apart(*person).len() + 1 < self.len())
    }

    /// Whether two people may meet.
    pub(super) fn may_meet(&self, one: usize, other: usize) -> bool {
        one != other && self.people[one].apart.binary_search(&other).is_err()
    }

    /// Whether a person may join a group.
    pub(super) fn may_join(&self, person: usize, group: &[usize]) -> bool {
        group.iter().all(|other| self.may_meet(person, *other))
    }

    /// Whether two people have been put together before.
    pub(super) fn have_met(&self, one: usize, other: usize) -> bool {
        self.together(one, other).is_some()
    }

    fn together(&self, one: usize, other: usize) -> Option<&Together> {
        let met = &self.people[one].met;
        met.binary_search_by_key(&other, |pair| pair.other).ok().map(|at| &met[at])
    }

    /// How many pairs of a group have been put together before.
    pub(super) fn repeats(&self, group: &[usize]) -> usize {
        let pairs = |at: usize| group[..at].iter().filter(move |other| self.have_met(group[at], **other));
        (1..group.len()).map(|at| pairs(at).count()).sum()
    }

    /// What it costs to put two people together who may meet.
    pub(super) fn cost(&self, one: usize, other: usize) -> Cost {
        let (person, partner) = (&self.people[one], &self.people[other]);
        let cost = Cost {
            same: u32::from(self.departments && !are_across(person.department, partner.department)),
            far: far(person.utc_offset, partner.utc_offset),
            ..Cost::default()
        };
        match self.together(one, other) {
            Some(pair) => Cost {
                above: u32::from(pair.times >= self.limit),
                often: self.often(pair),
                recent: self.rounds.saturating_sub(pair.rounds_since),
                ..cost
            },
            None => cost,
        }
    }

    /// Returns the cost of adding a person to a group.
    pub(super) fn cost_of_joining(&self, person: usize, group: &[usize]) -> Cost {
        group.iter().map(|other| self.cost(person, *other)).sum()
    }

    /// What a group costs: the sum of its pairs.
    pub(super) fn cost_of(&self, group: &[usize]) -> Cost {
        (1..group.len()).map(|at| self.cost_of_joining(group[at], &group[..at])).sum()
    }

    /// Returns the cost of a person's cheapest pairs, so many of them.
    pub(super) fn cheapest(&self, person: usize, people: &[usize], pairs: usize) -> Cost {
        let mut least: Vec<Cost> = Vec::with_capacity(pairs + 1);
        for other in people.iter().filter(|other| self.may_meet(person, **other)) {
            let cost = self.cost(person, *other);
            let at = least.partition_point(|known| *known <= cost);
            if at < pairs {
                least.truncate(pairs - 1);
                least.insert(at, cost);
            }
            if least.len() == pairs && least.last() == Some(&Cost::default()) {
                break;
            }
        }
        least.into_iter().sum()
    }

    /// Whether a group has people of two departments.
    pub(super) fn is_across(&self, group: &[usize]) -> bool {
        let mut departments = group.iter().filter_map(|person| self.department(*person));
        departments.next().is_some_and(|first| departments.any(|other| other != first))
    }
}

/// Writes into each person who they were together with, how often and how recently. In one round two people are
/// together once, however often it names them.
fn remember(people: &mut [RosterPerson], history: &[Vec<Vec<UserId>>], numbers: &HashMap<&UserId, usize>) {
    let mut met: Vec<Vec<(usize, u32)>> = vec![Vec::new(); people.len()];
    for (rounds_since, round) in (1..).zip(history.iter().rev()) {
        for group in round {
            let known: Vec<usize> = group.iter().filter_map(|id| numbers.get(id).copied()).collect();
            for one in &known {
                let others = known.iter().filter(|other| *other != one);
                met[*one].extend(others.map(|other| (*other, rounds_since)));
            }
        }
    }
    for (person, mut met) in people.iter_mut().zip(met) {
        met.sort_unstable();
        met.dedup();
        // The latest round has the lowest number and comes first.
        for (other, rounds_since) in met {
            match person.met.last_mut().filter(|pair| pair.other == other) {
                Some(pair) => pair.times += 1,
                None => person.met.push(Together { other, times: 1, rounds_since }),
            }
        }
    }
}

fn are_across(one: Option<usize>, other: Option<usize>) -> bool {
    matches!((one, other), (Some(one), Some(other)) if one != other)
}

/// How far apart two people's working hours are: half a day in common is near, nothing in common is farthest.
fn far(one: Option<i32>, other: Option<i32>) -> u32 {
    let (Some(one), Some(other)) = (one, other) else { return 0 };
    let ahead = one.saturating_sub(other).rem_euclid(DAY);
    let shared = WORKING_DAY - ahead.min(DAY - ahead);
    match shared {
        ..=0 => FARTHEST,
        1..240 => 1,
        _ => 0,
    }
}
