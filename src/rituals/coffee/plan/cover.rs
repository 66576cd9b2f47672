//! Finds partners for those who have none, by changing the partners of others: pairs for as many people as there can be.
//!
//! The blossom method for numbers alone, without costs: from a person without a partner alternate between pairs that may
//! and pairs that do meet, until another person without a partner is reached; a circle of an odd number on the way is taken for one
//! person (Edmonds 1965). It needs no graph in memory, only the answer to whether two may meet.

use std::collections::VecDeque;

use super::roster::Roster;

/// How often it may ask whether two may meet before it gives up.
const QUESTIONS: usize = 40_000_000;
/// Up to how many possible partners of a person are remembered.
const FEW_PARTNERS: usize = 64;

/// Makes more pairs of the pairs and the loose, as long as there are more to be had.
pub(super) fn cover(roster: &Roster, pairs: &mut Vec<Vec<usize>>, loose: &mut Vec<usize>) {
    let mut search = CoverSearch::new(roster);
    for pair in pairs.iter() {
        if let [one, other] = pair[..] {
            search.join(one, other);
        }
    }
    for person in loose.iter().copied() {
        if search.mate[person].is_none() {
            search.partner(person);
        }
    }
    *pairs = (0..roster.len())
        .filter_map(|one| search.mate[one].filter(|other| one < *other).map(|other| vec![one, other]))
        .collect();
    loose.retain(|person| search.mate[*person].is_none());
}

struct CoverSearch<'a> {
    roster: &'a Roster,
    mate: Vec<Option<usize>>,
    /// The person from which each was reached by a pair that may meet.
    from: Vec<Option<usize>>,
    /// The person who stands for each: the nearest of their odd circle, or they themselves.
    base: Vec<usize>,
    /// Who was reached at an even distance, and so could change partners.
    even: Vec<bool>,
    waiting: VecDeque<usize>,
    /// People reached in vain, who are of no use to others either.
    spent: Vec<bool>,
    partners: Vec<Option<Vec<usize>>>,
    questions: usize,
}

impl<'a> CoverSearch<'a> {
    fn new(roster: &'a Roster) -> CoverSearch<'a> {
        let people = roster.len();
        CoverSearch {
            roster,
            mate: vec![None; people],
            from: vec![None; people],
            base: (0..people).collect(),
            even: vec![false; people],
            waiting: VecDeque::new(),
            spent: vec![false; people],
            partners: vec![None; people],
            questions: 0,
        }
    }

    fn join(&mut self, one: usize, other: usize) {
        self.mate[one] = Some(other);
        self.mate[other] = Some(one);
    }

    /// Finds a person a partner, if that is possible.
    fn partner(&mut self, person: usize) {
        self.from.fill(None);
        self.even.fill(false);
        self.base = (0..self.base.len()).collect();
        self.even[person] = true;
        self.waiting = VecDeque::from([person]);
        while let Some(one) = self.waiting.pop_front() {
            if self.questions > QUESTIONS {
                return;
            }
            for other in self.partners_of(one) {
                if let Some(free) = self.look_at(person, one, other) {
                    self.turn_over(free);
                    return;
                }
            }
        }
        for (at, spent) in self.spent.iter_mut().enumerate() {
            *spent |= self.even[at] || self.from[at].is_some();
        }
    }

    fn partners_of(&mut self, one: usize) -> Vec<usize> {
        if let Some(known) = &self.partners[one] {
            return known.clone();
        }
        self.questions += self.roster.len();
        let found: Vec<usize> =
            (0..self.roster.len()).filter(|other| self.roster.may_meet(one, *other)).collect();
        if found.len() <= FEW_PARTNERS {
            self.partners[one] = Some(found.clone());
        }
        found
    }

    /// Follows one pair that may meet. Tells whether it leads to a person without a partner.
    fn look_at(&mut self, root: usize, one: usize, other: usize) -> Option<usize> {
        if self.spent[other] || self.base[one] == self.base[other] || self.mate[one] == Some(other) {
            return None;
        }
        if self.even[other] {
            self.shrink(root, one, other);
        } else if self.from[other].is_none() {
            self.from[other] = Some(one);
            match self.mate[other] {
                None => return Some(other),
                Some(mate) => {
                    self.even[mate] = true;
                    self.waiting.push_back(mate);
                }
            }
        }
        None
    }

    /// Takes an odd circle for one person. All of it is then at an even distance, one way round or the other.
    fn shrink(&mut self, root: usize, one: usize, other: usize) {
        let base = self.meeting_point(root, one, other);
        let mut circle = vec![false; self.base.len()];
        self.walk(one, base, other, &mut circle);
        self.walk(other, base, one, &mut circle);
        for at in 0..self.base.len() {
            if circle[self.base[at]] {
                self.base[at] = base;
                if !self.even[at] {
                    self.even[at] = true;
                    self.waiting.push_back(at);
                }
            }
        }
    }

    /// Where the ways back to the root from two people meet first.
    fn meeting_point(&self, root: usize, one: usize, other: usize) -> usize {
        let mut passed = vec![false; self.base.len()];
        let mut at = self.base[one];
        passed[at] = true;
        while at != self.base[root] {
            at = self.back(at);
            passed[at] = true;
        }
        let mut at = self.base[other];
        while !passed[at] {
            at = self.back(at);
        }
        at
    }

    /// Returns the next even person on the way back to the root. An even person who is not the root has a mate, who was reached from another.
    fn back(&self, even: usize) -> usize {
        let from = self.mate[even].and_then(|mate| self.from[mate]);
        from.map_or(even, |from| self.base[from])
    }

    /// Marks one half of a circle, and lets it be walked the other way round.
    fn walk(&mut self, one: usize, base: usize, reached_from: usize, circle: &mut [bool]) {
        let (mut at, mut reached_from) = (one, reached_from);
        while self.base[at] != base {
            let Some(mate) = self.mate[at] else { break };
            circle[self.base[at]] = true;
            circle[self.base[mate]] = true;
            self.from[at] = Some(reached_from);
            reached_from = mate;
            let Some(next) = self.from[mate] else { break };
            at = next;
        }
    }

    /// Changes partners all the way back from a person who had none.
    fn turn_over(&mut self, free: usize) {
        let mut next = Some(free);
        while let Some(one) = next {
            let Some(from) = self.from[one] else { break };
            next = self.mate[from];
            self.join(one, from);
        }
    }
}
