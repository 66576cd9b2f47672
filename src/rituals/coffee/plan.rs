//! Plans the groups of a round: the people, the rounds so far, exclusions and a seed in; one round out.
//!
//! The rules hold strictly one after the other; a later rule only chooses among what the earlier ones leave open.
//!
//! 1. As few people are left out as the exclusions allow. An odd person makes a trio.
//! 2. Pairs who have been put together wait until all others have been. What cannot be avoided rotates: first no pair is
//!    together more than one time above the mean of all pairs; then each pair costs the square of how many times more it was
//!    together than the pair that was the least often, where one of the last round counts two times more; then those of the
//!    longest ago come first. A trio counts as its three pairs.
//! 3. Groups reach across departments.
//! 4. Working hours overlap.
//!
//! # How
//!
//! Pairs are a minimum-cost maximum-cardinality matching of a general graph, found by the blossom method (J. Edmonds,
//! *Paths, trees, and flowers*, 1965; Z. Galil, *Efficient algorithms for finding maximum matching in graphs*, 1986) as the
//! crate `integer-blossom` has it. Each rule is a digit of the cost, so that one matching obeys all of them. The people are
//! shuffled by the seed, which decides among equally good rounds.
//!
//! | people | method | `optimal` |
//! |---|---|---|
//! | up to 14 | every partition into pairs and trios, over subsets (M. Held and R. Karp, 1962) | proven |
//! | up to 400, even | one matching of all | proven |
//! | up to 400, odd | the same with an empty chair, whose price bounds the trio's; then exact windows around the trio | where the bound is met |
//! | more | a matching in each block of 200, departments dealt evenly; then blocks around what is not yet right | where the bound is met |
//! | groups of 3 to 8, up to 14 people, or up to 16 in two groups | every partition into such groups, over subsets | proven |
//! | groups of 3 to 8, more people | greedy, then swaps; up to 64 people, random swaps too | where the bound is met |
//!
//! Blocks keep memory linear in people: no graph is larger than 400 people.
//!
//! # Repeats that cannot be avoided
//!
//! Five people in a pair and a trio have four of their ten pairs together in each round. Over 30 rounds of an unchanging
//! roster of 3 to 16 people, in groups of any size, no pair is together more than ⌈mean⌉ + 1 times, where the mean is that of
//! all pairs (a test plays them). The squares keep the counts close together from round to round, and the limit holds the few
//! that one round alone would let through.
//!
//! # Looking ahead
//!
//! Pairing round by round can end in a dead end: after 15 of the 19 rounds that 20 people can have, those who have
//! not met may be two groups of five who all know all others, and no five people make pairs. The circle method
//! (T. P. Kirkman, 1847) shows that n − 1 rounds without repeats exist, and the proof of the 1-factorization conjecture (B. Csaba,
//! D. Kühn, A. Lo, D. Osthus and A. Treglown, 2016; for large n) that no dead end comes while each person still has half of the
//! others to meet.
//! From there on the planner takes only a round after which the rest can still be dealt out into full rounds, even when
//! that costs a meeting across departments; `optimal` then is false, as the round alone could have been better. The search is
//! bounded and promises nothing; for up to 36 people it has always found its way.
//!
//! # Measured
//!
//! On unchanging rosters; `cargo bench --bench pairing` plays the first three rows beside a plain shuffle.
//!
//! | people | rounds | repeats | shortest gap | across departments |
//! |---|---|---|---|---|
//! | 20, in 8 uneven departments | 19 | 0 % | none | 86 %, as all meet all |
//! | 20, the same | 38 | 50 %, none in the first half | 19 | 86 % |
//! | 50 to 5,000, in 8 uneven departments | 26 | 0 % | none | 100 % |
//! | even, up to 36, with none, 3 or 8 departments | n − 1 | 0 % | none | |
//! | even, 38 to 100, the same | n − 1 | 0 to 0.8 %, not before two thirds of the rounds | | |
//! | odd, 11 to 31, in 8 departments | as many as the pairs allow | 1.2 to 2.0 %, all in the last sixth or so | | |
//!
//! Trios that share no pair are an NP-hard problem, so that odd rosters end a little early.

mod ahead;
mod cost;
mod cover;
mod exact;
mod groups;
mod pairs;
mod roster;
#[cfg(test)]
mod rotation;
mod rounds;
#[cfg(test)]
mod tests;

use rand::{SeedableRng as _, rngs::StdRng};
use serde::{Deserialize, Serialize};

pub use self::rounds::{CoffeeGroup, HeldRound};
use self::{cost::Cost, roster::Roster};
use crate::model::people::UserId;

/// A person who takes part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Participant {
    /// Their id.
    pub id: UserId,
    /// Their department, where it is known.
    pub department: Option<String>,
    /// How far their clock is ahead of UTC on the day of the round, in minutes, where it is known. Their working day is taken
    /// to lie around half past twelve by it; one that lies later is a clock that is less far ahead.
    pub utc_offset_minutes: Option<i32>,
}

/// All that a round depends on besides its seed; kept with the round, so that it can be planned again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoundInput {
    /// Who takes part. Of several with one id the first counts.
    pub members: Vec<Participant>,
    /// The rounds so far, the oldest first, as their groups. People who are not members any more are passed over.
    pub history: Vec<Vec<Vec<UserId>>>,
    /// Pairs who must not meet.
    pub apart: Vec<(UserId, UserId)>,
    /// How many people a group has: [`SMALLEST_GROUP`] to [`LARGEST_GROUP`]. Where the number of people does not
    /// divide, some groups have one more, or all are as even as they can be.
    pub size: usize,
}

/// The usual and smallest size of a group.
pub const SMALLEST_GROUP: usize = 2;
/// The largest size of a group: Slack's group DMs hold nine, the bot among them.
pub const LARGEST_GROUP: usize = 8;

/// A planned round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Round {
    /// The groups, in the members' order.
    pub groups: Vec<Vec<UserId>>,
    /// The people without a group, since exclusions stand in the way or no one else is there.
    pub left_out: Vec<UserId>,
    /// How many pairs have been put together before.
    pub repeats: usize,
    /// How many groups have people of two departments or more.
    pub across_departments: usize,
    /// Whether no round of these groups' sizes leaves fewer people out, and costs less by the rules 2 to 4, for certain.
    pub optimal: bool,
    /// What the round costs: 0 when no rule had to yield. Compare it with `bound` only.
    pub cost: u64,
    /// What any round costs at least, as far as that is proven.
    pub bound: u64,
}

/// Groups of people, by their numbers in the roster, and what is known of their quality.
struct Plan {
    groups: Vec<Vec<usize>>,
    left_out: Vec<usize>,
    /// Twice what any round costs at least that leaves as few out; `None` where it is not known how few that are.
    twice_bound: Option<Cost>,
}

/// Plans one round.
pub fn pair(input: &RoundInput, seed: u64) -> Round {
    let mut rng = StdRng::seed_from_u64(seed);
    let roster = Roster::new(input, &mut rng);
    let size = input.size.clamp(SMALLEST_GROUP, LARGEST_GROUP);
    let plan = if size == SMALLEST_GROUP {
        let best = pairs::plan(&roster, &mut rng);
        ahead::steer(&roster, best, &mut rng)
    } else {
        groups::plan(&roster, size, &mut rng)
    };
    into_round(&roster, plan)
}

/// The round in the words of those who asked for it.
fn into_round(roster: &Roster, plan: Plan) -> Round {
    let cost: Cost = plan.groups.iter().map(|group| roster.cost_of(group)).sum();
    let pairs: usize = plan.groups.iter().map(|group| group.len() * (group.len() - 1) / 2).sum();
    let scale = roster.scale(pairs);
    let across = plan.groups.iter().filter(|group| roster.is_across(group)).count();
    let repeats = plan.groups.iter().map(|group| roster.repeats(group)).sum();
    let mut groups = plan.groups;
    for group in &mut groups {
        group.sort_by_key(|person| roster.place(*person));
    }
    groups.sort_by_key(|group| group.first().map(|person| roster.place(*person)));
    let mut left_out = plan.left_out;
    left_out.sort_by_key(|person| roster.place(*person));
    let name = |people: &Vec<usize>| people.iter().map(|person| roster.id(*person).clone()).collect();
    Round {
        repeats,
        across_departments: across,
        optimal: plan.twice_bound == Some(cost + cost),
        cost: scale.total(cost),
        bound: scale.half(plan.twice_bound.unwrap_or_default()),
        groups: groups.iter().map(name).collect(),
        left_out: name(&left_out),
    }
}
