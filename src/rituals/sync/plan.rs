//! Assigns the duties of a sync: the people, the occasions with what is settled already, and the rules in; every duty
//! out.
//!
//! # Fair turns
//!
//! At each occasion a duty is owed by all who could take it, by each of n people 1/n of a turn; the person who takes it has done
//! a whole turn. A person's balance is what they owe less what they did, and the greatest balance comes first: the
//! carpool problem and its greedy schedule (R. Fagin and J. H. Williams, *A fair carpool scheduling algorithm*, 1983).
//!
//! - Two people who could take the same turns since both joined never differ by more than one turn.
//! - No balance leaves −2 to 2.
//!
//! Both hold in 10,000 generated years (a test plays them, with joiners, long absences and people who are rarely there);
//! the greatest was 1.33. The second is no theorem: for sequences made to hurt, the greedy schedule's
//! balances grow with the number of people (M. Ajtai et al., *Fairness in scheduling*, 1998).
//!
//! Preferences choose among people whose balance is less than half a turn below the greatest, and only while no balance
//! has reached half a turn. People who could take the same turns differ by whole turns, so that a preference never
//! decides between them.
//!
//! # Who could take a turn
//!
//! People who are asked last ([`asked_last`]), always fewer than half, lead if no one else does, and owe nothing meanwhile, as if they
//! were away; so do people who have another duty at that time: what they owed before they still owe, so that they are first when they are back. In the years of the test they differ from what they owe
//! by less than three turns, three questions that they let pass included.
//!
//! People who are available, but newcomers do not lead the first occasion at which they are available, and do not owe it. A person who
//! declines owes the turn all the same. A turn counts for the person who took it, assigned or not. A duty that was left
//! open is owed by no one.

mod agenda;
mod balance;
mod before;
mod held;
mod reminding;
mod silence;
#[cfg(test)]
mod tests;
mod turn;
mod turns;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike as _, IsoWeek, NaiveDate};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng, seq::SliceRandom as _};

use self::balance::Balances;
pub use self::{
    agenda::{MOST_OF_A_PERSON, MOST_POINTS, Ordering, Point, ordered},
    before::{Line, Phase, Step, Steps, step},
    held::{EndState, HeldSync, Lead, PastNotes},
    reminding::{answer_until, next_working_day},
    silence::{
        QUESTIONS_IN_A_ROW, Reaction, asked_last, far_behind, often_refused, passed_over, unanswered,
        unanswering, without_a_yes,
    },
    turn::{How, Offer, Turn, TurnState},
    turns::{LEAD, Preferences, RollCall, SCRIBE, balances, put_in_order, turns},
};
use crate::model::people::UserId;

/// A person who may take duties.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    pub id: UserId,
    pub department: Option<String>,
    /// The first day on which they took part; `None` if they were there from the beginning.
    pub joined: Option<NaiveDate>,
    /// Dates of their duties elsewhere.
    pub busy: Vec<NaiveDate>,
    /// Dates on which they have agreed to lead.
    pub booked: Vec<NaiveDate>,
}

/// One date of a sync: who could be there, and what is settled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Occasion {
    pub date: NaiveDate,
    pub available: BTreeSet<UserId>,
    /// People who were asked to lead and said no, or did not answer.
    pub declined: BTreeSet<UserId>,
    /// People who have not answered lately: they lead if no one else does, and owe nothing otherwise.
    pub asked_last: BTreeSet<UserId>,
    /// People who have a duty elsewhere at that time: they have none here if another person can, and owe nothing then.
    pub busy: BTreeSet<UserId>,
    /// People for whom it is at night, or outside their hours.
    pub at_night: BTreeSet<UserId>,
    /// People who were asked and have no later duty, such as taking notes.
    pub declined_notes: BTreeSet<UserId>,
    /// Duties that are settled, by role.
    pub duties: BTreeMap<String, UserId>,
    /// Whether it is over: what is not settled stays open.
    pub is_over: bool,
}

/// How a person is chosen for a duty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Policy {
    /// The greatest balance first.
    #[default]
    Fair,
    /// In the members' order, after the person who had the duty last.
    RoundRobin,
    /// By lot.
    Random,
}

/// The rules of a sync.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    /// The duties of an occasion. The first is that of leading.
    pub roles: Vec<String>,
    pub policy: Policy,
    /// Whether departments lead in turn, where that is fair.
    pub alternate_departments: bool,
    /// Decides between people between whom nothing else does.
    pub seed: u64,
}

/// What was assigned.
#[derive(Clone, Debug, PartialEq)]
pub struct Rota {
    /// The duties of each occasion by role, in the order of the occasions. A role that no one can take is missing.
    pub duties: Vec<BTreeMap<String, UserId>>,
    /// Each member's turns of leading after the last occasion, in the members' order.
    pub turns: Vec<Turns>,
}

/// A member's turns of leading.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Turns {
    pub owed: f64,
    pub led: u32,
}

/// Assigns the duties that are not settled; `occasions` are in the order of their dates.
pub fn assign(members: &[Member], occasions: &[Occasion], rules: &Rules) -> Rota {
    let mut plan = Plan::new(members, occasions, rules);
    let duties = occasions.iter().map(|occasion| plan.next(occasion)).collect();
    let turns = plan.balances.first().map(Balances::turns).unwrap_or_default();
    Rota { duties, turns }
}

/// The state between two occasions. Members are named by their index.
struct Plan<'p> {
    members: &'p [Member],
    rules: &'p Rules,
    index: BTreeMap<&'p UserId, usize>,
    first_date: Option<NaiveDate>,
    /// By role.
    balances: Vec<Balances>,
    /// By role: the member who had the duty last.
    last: Vec<Option<usize>>,
    /// By member: whether they were available at an earlier occasion.
    has_been: Vec<bool>,
    /// By member: the weeks of their duties.
    busy: Vec<BTreeSet<IsoWeek>>,
    /// By department: the number of the occasion at which it led last.
    department_led: BTreeMap<&'p str, usize>,
    /// By member: an order that only the seed decides.
    lot: Vec<usize>,
    number: usize,
    random: StdRng,
}

impl<'p> Plan<'p> {
    fn new(members: &'p [Member], occasions: &[Occasion], rules: &'p Rules) -> Plan<'p> {
        let mut random = StdRng::seed_from_u64(rules.seed);
        let mut lot: Vec<usize> = (0..members.len()).collect();
        lot.shuffle(&mut random);
        Plan {
            members,
            rules,
            index: members.iter().enumerate().map(|(at, member)| (&member.id, at)).collect(),
            first_date: occasions.first().map(|occasion| occasion.date),
            balances: vec![Balances::of(members.len()); rules.roles.len()],
            last: vec![None; rules.roles.len()],
            has_been: vec![false; members.len()],
            busy: members
                .iter()
                .map(|member| member.busy.iter().map(NaiveDate::iso_week).collect())
                .collect(),
            department_led: BTreeMap::new(),
            lot,
            number: 0,
            random,
        }
    }

    /// Settles one occasion and counts its turns.
    fn next(&mut self, occasion: &Occasion) -> BTreeMap<String, UserId> {
        let available: Vec<usize> =
            occasion.available.iter().filter_map(|id| self.index.get(id).copied()).collect();
        let mut duties = occasion.duties.clone();
        // The members who have an earlier role at this occasion: they cannot take a later one, and do not owe it.
        let mut earlier = Vec::new();
        self.number += 1;
        for (role, name) in self.rules.roles.iter().enumerate() {
            let could: Vec<usize> = available
                .iter()
                .copied()
                .filter(|at| self.could(*at, role) && !earlier.contains(at))
                .collect();
            let is_last = |at: &usize| {
                let id = &self.members[*at].id;
                occasion.busy.contains(id) || role == 0 && occasion.asked_last.contains(id)
            };
            let chosen = match occasion.duties.get(name) {
                // A former member has no index: the turn was done, and no member did it.
                Some(settled) => self.index.get(settled).copied(),
                None if occasion.is_over => continue,
                None => {
                    let is_free = |at: &usize| {
                        let id = &self.members[*at].id;
                        let declined = if role == 0 { &occasion.declined } else { &occasion.declined_notes };
                        let has_declined = declined.contains(id);
                        !has_declined && !occasion.duties.values().any(|other| other == id)
                    };
                    let mut candidates: Vec<usize> = could.iter().copied().filter(is_free).collect();
                    if candidates.iter().any(|at| !is_last(at)) {
                        candidates.retain(|at| !is_last(at));
                    }
                    let Some(chosen) = self.choose(role, &candidates, occasion) else { continue };
                    duties.insert(name.clone(), self.members[chosen].id.clone());
                    Some(chosen)
                }
            };
            earlier.extend(chosen);
            let owing: Vec<usize> =
                could.into_iter().filter(|at| Some(*at) == chosen || !is_last(at)).collect();
            self.balances[role].count(&owing, chosen);
            self.note(role, chosen, occasion.date);
        }
        for at in available {
            self.has_been[at] = true;
        }
        duties
    }

    /// Whether an available member could have a duty: newcomers do not lead the first occasion at which they are available.
    fn could(&self, member: usize, role: usize) -> bool {
        role > 0 || self.has_been[member] || !self.is_newcomer(member)
    }

    fn is_newcomer(&self, member: usize) -> bool {
        self.members[member].joined > self.first_date
    }

    fn note(&mut self, role: usize, chosen: Option<usize>, date: NaiveDate) {
        let Some(member) = chosen else { return };
        self.last[role] = chosen;
        self.busy[member].insert(date.iso_week());
        if let (0, Some(department)) = (role, &self.members[member].department) {
            self.department_led.insert(department, self.number);
        }
    }

    fn choose(&mut self, role: usize, candidates: &[usize], occasion: &Occasion) -> Option<usize> {
        let date = occasion.date;
        match self.rules.policy {
            Policy::Fair => {
                let among = self.balances[role].first(candidates, |member| self.booked(role, member, date));
                among.into_iter().min_by_key(|member| self.preference(role, *member, occasion))
            }
            Policy::RoundRobin => {
                let after = |member: &usize| self.last[role].is_some_and(|last| *member <= last);
                candidates.iter().copied().min_by_key(|member| (after(member), *member))
            }
            Policy::Random if candidates.is_empty() => None,
            Policy::Random => Some(candidates[self.random.random_range(0..candidates.len())]),
        }
    }

    /// Returns how many turns of leading a member has agreed to that are later than this date: they count as done.
    fn booked(&self, role: usize, member: usize, date: NaiveDate) -> u32 {
        let later = self.members[member].booked.iter().filter(|booked| role == 0 && **booked > date);
        u32::try_from(later.count()).unwrap_or(u32::MAX)
    }

    /// The smallest comes first.
    fn preference(&self, role: usize, member: usize, occasion: &Occasion) -> impl Ord + use<> {
        let date = occasion.date;
        let department = self.members[member].department.as_deref();
        let department_led = (role == 0 && self.rules.alternate_departments)
            .then(|| department.and_then(|department| self.department_led.get(department)).copied())
            .flatten();
        (
            self.busy[member].contains(&date.iso_week()),
            // Only another role than the first can be left to a newcomer.
            !self.has_been[member] && self.is_newcomer(member),
            department_led,
            occasion.at_night.contains(&self.members[member].id),
            self.balances[role].key(member, self.booked(role, member, date)),
            self.lot[member],
        )
    }
}
