//! Looks ahead: a round is chosen so that the rounds after it need no repeats, where that can be had.

use integer_blossom::max_weight_matching;
use rand::{Rng, RngExt as _};

use super::{Plan, cost::Cost, roster::Roster};

/// Beyond this many people a cycle takes longer than people stay.
const MOST_PEOPLE: usize = 64;
/// How much work may go into it: matchings, times the square of the number of people.
const WORK: usize = 2_500_000;
const MOST_MATCHINGS: usize = 4_000;
/// How often a deal that is stuck takes rounds back before that counts as a dead end, and how many at most at a time. A round
/// is only chosen where the rest is dealt out with ease, so that the next round, which starts anew, finds its way as well.
const IMPATIENCE: usize = 4;
const PATIENCE: usize = 400;
const TAKEN_BACK: usize = 4;
/// How many full deals are looked at for a cheap round where no wish led to one.
const DEALS: usize = 5;
/// How much a meeting across departments weighs against chance, from a lot to nothing, and how often each is tried.
const WISHES: [i64; 6] = [1_000, 100, 30, 10, 3, 0];
const CHOICES: usize = 5;
/// How far chance goes.
const CHANCE: i64 = 10;

/// The pairs that could still meet for the first time.
#[derive(Clone)]
struct Unmet {
    people: usize,
    /// Row by row.
    open: Vec<bool>,
}

/// Pairs by number, a perfect matching.
type Pairs = Vec<(usize, usize)>;

/// Replaces a round that leads into a dead end by the cheapest found that does not.
pub(super) fn steer(roster: &Roster, plan: Plan, rng: &mut impl Rng) -> Plan {
    let people = roster.len();
    let has_repeats = plan.groups.iter().any(|group| roster.repeats(group) > 0);
    if people > MOST_PEOPLE || people == 0 || plan.groups.iter().any(|group| group.len() != 2) {
        return plan;
    }
    if !plan.left_out.is_empty() || has_repeats {
        return plan;
    }
    let unmet = Unmet::new(roster);
    // As many rounds without repeats could follow on this one.
    let after = unmet.rounds().saturating_sub(1);
    if after == 0 || 2 * after >= people {
        return plan;
    }
    let mut work = AheadSearch { roster, left: (WORK / (people * people)).min(MOST_MATCHINGS), rng };
    let pairs: Pairs = plan.groups.iter().map(|group| (group[0], group[1])).collect();
    if work.can_go_on(&unmet, &pairs, after) {
        return plan;
    }
    match work.way_out(&unmet, after) {
        Some(pairs) => {
            let groups = pairs.into_iter().map(|(one, other)| vec![one, other]).collect();
            Plan { groups, ..plan }
        }
        None => plan,
    }
}

impl Unmet {
    fn new(roster: &Roster) -> Unmet {
        let people = roster.len();
        let cells = (0..people).flat_map(|one| (0..people).map(move |other| (one, other)));
        let open =
            cells.map(|(one, other)| roster.may_meet(one, other) && !roster.have_met(one, other)).collect();
        Unmet { people, open }
    }

    /// How many rounds without repeats there can be at most: as many as the person with the fewest left to meet has.
    fn rounds(&self) -> usize {
        let rows = self.open.chunks(self.people);
        rows.map(|row| row.iter().filter(|open| **open).count()).min().unwrap_or(0)
    }

    fn without(&self, pairs: &Pairs) -> Unmet {
        let mut rest = self.clone();
        rest.set(pairs, false);
        rest
    }

    fn set(&mut self, pairs: &Pairs, open: bool) {
        for (one, other) in pairs {
            self.open[one * self.people + other] = open;
            self.open[other * self.people + one] = open;
        }
    }

    /// A perfect matching of the heaviest weight, if there is one. The weights are positive and small beside `perfect`.
    fn matching(&self, mut weight: impl FnMut(usize, usize) -> i64) -> Option<Pairs> {
        const PERFECT: i64 = 1 << 40;
        let people = self.people;
        let mut weights = vec![0; people * people];
        for one in 0..people {
            for other in one + 1..people {
                if self.open[one * people + other] {
                    weights[one * people + other] = PERFECT + weight(one, other);
                }
            }
        }
        let partners = max_weight_matching(&weights, people).into_iter().enumerate();
        let pairs: Option<Pairs> = partners.map(|(one, partner)| Some((one, partner?))).collect();
        Some(pairs?.into_iter().filter(|(one, other)| one < other).collect())
    }
}

/// The search, with an end to its patience.
struct AheadSearch<'a, R> {
    roster: &'a Roster,
    left: usize,
    rng: &'a mut R,
}

impl<R: Rng> AheadSearch<'_, R> {
    /// Whether that many rounds without repeats can be dealt out after this one; a no may be wrong.
    fn can_go_on(&mut self, unmet: &Unmet, pairs: &Pairs, rounds: usize) -> bool {
        self.deal(&unmet.without(pairs), rounds, IMPATIENCE).is_some()
    }

    /// Tries to deal out that many rounds without repeats. Where the rest has no full round left, it is mixed with some of
    /// those dealt before, and dealt again; so often as there is patience.
    fn deal(&mut self, unmet: &Unmet, rounds: usize, patience: usize) -> Option<Vec<Pairs>> {
        let mut rest = unmet.clone();
        let mut dealt: Vec<Pairs> = Vec::with_capacity(rounds);
        let mut stuck = 0;
        while dealt.len() < rounds {
            self.left = self.left.checked_sub(1)?;
            if let Some(pairs) = rest.matching(|_, _| self.rng.random_range(1..=CHANCE)) {
                rest.set(&pairs, false);
                dealt.push(pairs);
                continue;
            }
            stuck += 1;
            if dealt.is_empty() || stuck > patience {
                return None;
            }
            let kept = dealt.len().saturating_sub(self.rng.random_range(1..=TAKEN_BACK));
            for pairs in dealt.drain(kept..) {
                rest.set(&pairs, true);
            }
        }
        Some(dealt)
    }

    /// The cheapest round found after which that many more can follow.
    fn way_out(&mut self, unmet: &Unmet, after: usize) -> Option<Pairs> {
        let reserve = self.left / 2;
        for wish in WISHES {
            for _ in 0..CHOICES {
                if self.left < reserve {
                    break;
                }
                let pairs = unmet.matching(|one, other| {
                    let across = i64::from(self.roster.is_across(&[one, other]));
                    wish * across + self.rng.random_range(1..=CHANCE)
                })?;
                if self.can_go_on(unmet, &pairs, after) {
                    return Some(pairs);
                }
            }
        }
        let deals = (0..DEALS).filter_map(|_| self.deal(unmet, after + 1, PATIENCE));
        let rounds: Vec<Pairs> = deals.flatten().collect();
        let cost =
            |pairs: &Pairs| -> Cost { pairs.iter().map(|(one, other)| self.roster.cost(*one, *other)).sum() };
        rounds.into_iter().min_by_key(cost)
    }
}
