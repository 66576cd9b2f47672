//! Who takes part, by number, and what it would cost to put two of them together.

use std::{
    collections::{HashMap, HashSet},
    iter::Sum,
    ops::Add,
};

use rand::{Rng, seq::SliceRandom as _};

use super::Input;
use crate::model::people::UserId;

/// How many rounds back the age of a repeat still matters; older ones are all alike.
const LONGEST_MEMORY: usize = 255;
/// A day and a working day, in minutes.
const DAY: i32 = 24 * 60;
const WORKING_DAY: i32 = 8 * 60;
/// The most that one pair can count for as far apart.
const FARTHEST: u32 = 2;

/// What putting people together costs, by the rules. The order of the fields is the order of the rules, and compares them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Strain {
    /// Pairs of the very last round.
    at_once: u32,
    /// Pairs of any round before.
    again: u32,
    /// How recent those are, in rounds.
    recent: u32,
    /// Pairs of one department.
    same: u32,
    /// Pairs whose working hours hardly overlap.
    far: u32,
}

impl Strain {
    pub(super) fn repeats(self) -> usize {
        self.again as usize
    }

    /// Of that many pairs of one department.
    pub(super) fn of_one_department(pairs: usize) -> Strain {
        Strain { same: u32::try_from(pairs).unwrap_or(u32::MAX), ..Strain::default() }
    }
}

impl Add for Strain {
    type Output = Strain;

    fn add(self, other: Strain) -> Strain {
        Strain {
            at_once: self.at_once + other.at_once,
            again: self.again + other.again,
            recent: self.recent + other.recent,
            same: self.same + other.same,
            far: self.far + other.far,
        }
    }
}

impl Sum for Strain {
    fn sum<I: Iterator<Item = Strain>>(strains: I) -> Strain {
        strains.fold(Strain::default(), Add::add)
    }
}

/// Makes one number of a strain, in which each rule outweighs all that come after it.
pub(super) struct Scale {
    far: i128,
    same: i128,
    recent: i128,
    again: i128,
    at_once: i128,
    /// More than any round of that many pairs can cost.
    pub(super) over: i128,
}

impl Scale {
    /// For rounds of at most that many pairs, after that many earlier rounds.
    pub(super) fn new(pairs: usize, rounds: u32) -> Scale {
        let pairs = i128::try_from(pairs).unwrap_or(i128::from(u32::MAX));
        let far = 1;
        let same = pairs * i128::from(FARTHEST) + 1;
        let recent = same * (pairs + 1);
        let again = recent * (pairs * i128::from(rounds) + 1);
        let at_once = again * (pairs + 1);
        Scale { far, same, recent, again, at_once, over: at_once * (pairs + 1) }
    }

    pub(super) fn weigh(&self, strain: Strain) -> i128 {
        self.at_once * i128::from(strain.at_once)
            + self.again * i128::from(strain.again)
            + self.recent * i128::from(strain.recent)
            + self.same * i128::from(strain.same)
            + self.far * i128::from(strain.far)
    }

    /// The number for people; beyond what 64 bits hold it stays at their end.
    pub(super) fn total(&self, strain: Strain) -> u64 {
        u64::try_from(self.weigh(strain)).unwrap_or(u64::MAX)
    }

    /// Half of a strain, rounded up.
    pub(super) fn half(&self, twice: Strain) -> u64 {
        u64::try_from((self.weigh(twice) + 1) / 2).unwrap_or(u64::MAX)
    }
}

/// The people of a round, numbered from 0 in the order into which the seed shuffled them.
pub(super) struct Roster {
    people: Vec<Person>,
    /// How many rounds back the age of a repeat matters.
    pub(super) rounds: u32,
    /// Whether anybody could meet somebody of another department.
    departments: bool,
}

struct Person {
    id: UserId,
    /// Where they stand among the members.
    place: usize,
    department: Option<usize>,
    utc_offset: Option<i32>,
    /// Whom they were put together with and how many rounds ago, at last; by number.
    met: Vec<(usize, u32)>,
    /// Whom they must not meet, by number.
    apart: Vec<usize>,
}

impl Roster {
    pub(super) fn new(input: &Input, rng: &mut impl Rng) -> Roster {
        let mut seen = HashSet::new();
        let mut members: Vec<(usize, &super::Member)> =
            input.members.iter().enumerate().filter(|(_, member)| seen.insert(&member.id)).collect();
        members.shuffle(rng);
        let mut departments = HashMap::new();
        let mut people = Vec::with_capacity(members.len());
        for (place, member) in &members {
            let next = departments.len();
            let department =
                member.department.as_deref().map(|name| *departments.entry(name).or_insert(next));
            people.push(Person {
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
        Roster { people, rounds, departments: departments.len() > 1 }
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

    /// Whom somebody must not meet.
    pub(super) fn apart(&self, person: usize) -> &[usize] {
        &self.people[person].apart
    }

    /// Those who may meet somebody, and those who may not.
    pub(super) fn split(&self) -> (Vec<usize>, Vec<usize>) {
        (0..self.len()).partition(|person| self.apart(*person).len() + 1 < self.len())
    }

    /// Whether two people may meet.
    pub(super) fn may_meet(&self, one: usize, other: usize) -> bool {
        one != other && self.people[one].apart.binary_search(&other).is_err()
    }

    /// Whether somebody may join a group.
    pub(super) fn may_join(&self, person: usize, group: &[usize]) -> bool {
        group.iter().all(|other| self.may_meet(person, *other))
    }

    /// Whether two people have been put together before.
    pub(super) fn have_met(&self, one: usize, other: usize) -> bool {
        self.people[one].met.binary_search_by_key(&other, |(whom, _)| *whom).is_ok()
    }

    /// What it costs to put two people together who may meet.
    pub(super) fn strain(&self, one: usize, other: usize) -> Strain {
        let (person, partner) = (&self.people[one], &self.people[other]);
        let mut strain = Strain {
            same: u32::from(self.departments && !are_across(person.department, partner.department)),
            far: far(person.utc_offset, partner.utc_offset),
            ..Strain::default()
        };
        if let Ok(at) = person.met.binary_search_by_key(&other, |(whom, _)| *whom) {
            let age = person.met[at].1;
            strain.again = 1;
            strain.at_once = u32::from(age == 1);
            strain.recent = self.rounds.saturating_sub(age);
        }
        strain
    }

    /// What it costs to add somebody to a group.
    pub(super) fn strain_of_joining(&self, person: usize, group: &[usize]) -> Strain {
        group.iter().map(|other| self.strain(person, *other)).sum()
    }

    /// What a group costs: the sum of its pairs.
    pub(super) fn strain_of(&self, group: &[usize]) -> Strain {
        (1..group.len()).map(|at| self.strain_of_joining(group[at], &group[..at])).sum()
    }

    /// What somebody's cheapest pairs cost, so many of them.
    pub(super) fn cheapest(&self, person: usize, people: &[usize], pairs: usize) -> Strain {
        let mut least: Vec<Strain> = Vec::with_capacity(pairs + 1);
        for other in people.iter().filter(|other| self.may_meet(person, **other)) {
            let strain = self.strain(person, *other);
            let at = least.partition_point(|known| *known <= strain);
            if at < pairs {
                least.truncate(pairs - 1);
                least.insert(at, strain);
            }
            if least.len() == pairs && least.last() == Some(&Strain::default()) {
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

/// Writes into each person whom they met and how many rounds ago, the last time.
fn remember(people: &mut [Person], history: &[Vec<Vec<UserId>>], numbers: &HashMap<&UserId, usize>) {
    for (age, round) in (1..).zip(history.iter().rev()) {
        for group in round {
            let known: Vec<usize> = group.iter().filter_map(|id| numbers.get(id).copied()).collect();
            for one in &known {
                let others = known.iter().filter(|other| *other != one);
                people[*one].met.extend(others.map(|other| (*other, age)));
            }
        }
    }
    for person in people {
        // The latest meeting has the lowest age and comes first.
        person.met.sort_unstable();
        person.met.dedup_by_key(|(whom, _)| *whom);
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
