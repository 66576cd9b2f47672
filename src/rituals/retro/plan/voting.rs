//! Votes for themes: a budget for each person, hidden until the vote ends.

use std::{cmp::Reverse, collections::BTreeMap};

/// How many votes an organiser can give each person at most.
pub const MOST_VOTES: u32 = 10;

/// What each person may give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    votes: u32,
    most_for_one: u32,
}

impl Default for Budget {
    fn default() -> Budget {
        Budget { votes: 3, most_for_one: 2 }
    }
}

impl Budget {
    /// Returns the budget of so many votes, of which so many may go to one theme; `None` if that makes no sense.
    pub fn new(votes: u32, most_for_one: u32) -> Option<Budget> {
        let fits = (1..=MOST_VOTES).contains(&votes) && (1..=votes).contains(&most_for_one);
        fits.then_some(Budget { votes, most_for_one })
    }

    /// Returns the budget of so many votes: two of them may go to one theme.
    pub fn of_votes(votes: u32) -> Option<Budget> {
        Budget::new(votes, votes.min(2))
    }

    /// How many votes a person has.
    pub fn votes(self) -> u32 {
        self.votes
    }

    /// How many of them may go to one theme.
    pub fn most_for_one(self) -> u32 {
        self.most_for_one
    }
}

/// One person's votes by theme. A theme without a vote is missing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ballot(BTreeMap<String, u32>);

/// What a person does with a vote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    Give,
    TakeBack,
}

/// Why a vote is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VoteRefused {
    /// All votes are given: one has to be taken back first.
    Spent,
    /// The theme has as many of theirs as one may have.
    EnoughForOne,
    /// They gave it none.
    NoneToTakeBack,
}

impl Ballot {
    /// Returns the ballot with these votes. Entries without votes are left out, of two for one theme the last counts.
    pub fn of<T: Into<String>>(votes: impl IntoIterator<Item = (T, u32)>) -> Ballot {
        let votes = votes.into_iter().filter(|(_, votes)| *votes > 0);
        Ballot(votes.map(|(theme, votes)| (theme.into(), votes)).collect())
    }

    /// Returns the ballot of these votes, each the theme that it is for.
    pub fn of_votes<'v>(votes: impl IntoIterator<Item = &'v str>) -> Ballot {
        let mut ballot = Ballot::default();
        for theme in votes {
            *ballot.0.entry(theme.to_owned()).or_default() += 1;
        }
        ballot
    }

    /// Returns the theme of each vote.
    pub fn themes(&self) -> impl Iterator<Item = &str> {
        self.0.iter().flat_map(|(theme, votes)| (0..*votes).map(move |_| theme.as_str()))
    }

    /// Returns how many votes a theme has of this person.
    pub fn for_theme(&self, theme: &str) -> u32 {
        self.0.get(theme).copied().unwrap_or_default()
    }

    /// Returns how many votes are given.
    pub fn given(&self) -> u32 {
        self.0.values().fold(0, |sum, votes| sum.saturating_add(*votes))
    }

    /// Returns how many votes the person has left.
    pub fn left(&self, budget: Budget) -> u32 {
        budget.votes.saturating_sub(self.given())
    }

    /// Returns the ballot after a change.
    pub fn changed(&self, theme: &str, change: Change, budget: Budget) -> Result<Ballot, VoteRefused> {
        let now = self.for_theme(theme);
        let votes = match change {
            Change::Give if self.left(budget) == 0 => return Err(VoteRefused::Spent),
            Change::Give if now >= budget.most_for_one => return Err(VoteRefused::EnoughForOne),
            Change::Give => now + 1,
            Change::TakeBack => now.checked_sub(1).ok_or(VoteRefused::NoneToTakeBack)?,
        };
        let mut changed = self.clone();
        if votes == 0 {
            changed.0.remove(theme);
        } else {
            changed.0.insert(theme.to_owned(), votes);
        }
        Ok(changed)
    }
}

/// A theme with its votes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tallied<'t> {
    pub theme: &'t str,
    pub votes: u32,
    /// How many people gave it one.
    pub people: u32,
}

/// Counts the votes, for the end of the vote alone. The top theme comes first; of themes with as many votes the one that
/// more people voted for, then the one that was listed first. Votes for other themes than these, which are gone, don't count.
pub fn tally<'t>(themes: &'t [String], ballots: &[Ballot]) -> Vec<Tallied<'t>> {
    let of_theme = |theme: &'t String| {
        let votes = ballots.iter().map(|ballot| ballot.for_theme(theme)).filter(|votes| *votes > 0);
        let (sum, people) = votes.fold((0_u32, 0_u32), |(sum, people), votes| {
            (sum.saturating_add(votes), people.saturating_add(1))
        });
        Tallied { theme, votes: sum, people }
    };
    let mut tallied: Vec<Tallied<'_>> = themes.iter().map(of_theme).collect();
    tallied.sort_by_key(|theme| Reverse((theme.votes, theme.people)));
    tallied
}

/// Returns the first themes that have a vote, at most so many. If none has one, all themes are as good: the first ones.
pub fn top<'a, 't>(tallied: &'a [Tallied<'t>], most: usize) -> &'a [Tallied<'t>] {
    let voted = tallied.iter().take_while(|theme| theme.votes > 0).count();
    let end = if voted == 0 { tallied.len() } else { voted };
    &tallied[..end.min(most)]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn themes(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn a_budget_makes_sense() {
        for (votes, most_for_one, fits) in [
            (3, 2, true),
            (1, 1, true),
            (10, 10, true),
            (0, 0, false),
            (11, 1, false),
            (3, 4, false),
            (3, 0, false),
        ] {
            assert_eq!(Budget::new(votes, most_for_one).is_some(), fits, "{votes} {most_for_one}");
        }
        assert_eq!(Budget::new(3, 2), Some(Budget::default()));
    }

    #[test]
    fn a_vote_can_be_moved_to_another_theme() {
        let budget = Budget::default();
        let ballot = Ballot::of([("a", 2), ("b", 1)]);
        assert_eq!(ballot.changed("c", Change::Give, budget), Err(VoteRefused::Spent));
        let ballot = ballot.changed("b", Change::TakeBack, budget).unwrap();
        assert_eq!(ballot.changed("a", Change::Give, budget), Err(VoteRefused::EnoughForOne));
        assert_eq!(ballot.changed("b", Change::TakeBack, budget), Err(VoteRefused::NoneToTakeBack));
        let ballot = ballot.changed("c", Change::Give, budget).unwrap();
        assert_eq!((ballot.clone(), ballot.left(budget)), (Ballot::of([("a", 2), ("c", 1)]), 0));
    }

    #[test]
    fn more_people_decide_between_as_many_votes() {
        let ballots = [
            Ballot::of([("a", 2), ("gone", 1)]),
            Ballot::of([("b", 1), ("c", 1)]),
            Ballot::of([("b", 1), ("c", 1)]),
        ];
        let themes = themes(&["none", "a", "c", "b"]);
        let tallied = tally(&themes, &ballots);
        let told: Vec<_> = tallied.iter().map(|theme| (theme.theme, theme.votes, theme.people)).collect();
        assert_eq!(told, [("c", 2, 2), ("b", 2, 2), ("a", 2, 1), ("none", 0, 0)]);
        assert_eq!(top(&tallied, 2).len(), 2);
        assert_eq!(top(&tallied, 9).len(), 3);
        assert_eq!(
            top(&tally(&themes, &[]), 3).iter().map(|theme| theme.theme).collect::<Vec<_>>(),
            ["none", "a", "c"]
        );
    }

    proptest! {
        #[test]
        fn no_ballot_passes_its_budget(
            budget in (1..=MOST_VOTES, 1..=MOST_VOTES), clicks in prop::collection::vec(("[a-d]", any::<bool>()), 0..60),
        ) {
            let budget = Budget::new(budget.0, budget.1.min(budget.0)).unwrap();
            let mut ballot = Ballot::default();
            for (theme, gives) in clicks {
                let change = if gives { Change::Give } else { Change::TakeBack };
                let before = ballot.clone();
                if let Ok(after) = ballot.changed(&theme, change, budget) {
                    let back = if gives { Change::TakeBack } else { Change::Give };
                    prop_assert_eq!(after.changed(&theme, back, budget), Ok(before));
                    ballot = after;
                }
                prop_assert!(ballot.given() <= budget.votes() && ballot.for_theme(&theme) <= budget.most_for_one());
                prop_assert_eq!(ballot.given() + ballot.left(budget), budget.votes());
            }
        }

        #[test]
        fn every_vote_is_counted_once(
            given in prop::collection::vec(prop::collection::btree_map("[a-f]", 0..4_u32, 0..5), 0..30),
        ) {
            let themes = themes(&["a", "b", "c", "d", "e", "f"]);
            let mut ballots: Vec<Ballot> = given.into_iter().map(Ballot::of).collect();
            let tallied = tally(&themes, &ballots);
            let all: u32 = ballots.iter().map(Ballot::given).sum();
            prop_assert_eq!(tallied.iter().map(|theme| theme.votes).sum::<u32>(), all);
            let is_in_order = tallied.windows(2).all(|two| (two[0].votes, two[0].people) >= (two[1].votes, two[1].people));
            prop_assert!(is_in_order && tallied.len() == themes.len());
            prop_assert!(tallied.iter().all(|theme| theme.people <= theme.votes));
            ballots.reverse();
            prop_assert_eq!(tally(&themes, &ballots), tallied);
        }
    }
}
