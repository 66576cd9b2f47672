//! How many people must stand behind what is shown, so that no one can be told by it.

use std::collections::BTreeMap;

/// The threshold of a retro: what fewer people than this said without their names is never shown. At least 3.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Threshold(usize);

impl Default for Threshold {
    fn default() -> Threshold {
        Threshold(5)
    }
}

impl Threshold {
    /// The lowest one.
    pub const LEAST: Threshold = Threshold(3);

    /// Returns the threshold, unless it is below the lowest one.
    pub fn new(people: usize) -> Option<Threshold> {
        Some(Threshold(people)).filter(|threshold| *threshold >= Threshold::LEAST)
    }

    /// Returns the number of people.
    pub fn people(self) -> usize {
        self.0
    }

    /// Whether so many people are enough.
    pub fn is_met_by(self, people: usize) -> bool {
        people >= self.0
    }

    /// Returns the parts that may be shown beside the whole, by their names. `sizes` has all parts of the whole, `None`
    /// being the people who belong to no part.
    ///
    /// A part is shown only if it meets the threshold. What is hidden is the whole less what is shown, so that together
    /// it must meet the threshold too: where it doesn't, the smallest part that could be shown is hidden with it, the last by
    /// name of several (complementary suppression). A part of no people counts as hidden, since it tells of everyone in it
    /// that they said nothing.
    pub fn parts<'n>(self, sizes: &BTreeMap<Option<&'n str>, usize>) -> Vec<&'n str> {
        let can_be_shown = |part: Option<&str>, size: usize| part.is_some() && self.is_met_by(size);
        let mut shown: Vec<(usize, &str)> = sizes
            .iter()
            .filter(|(part, size)| can_be_shown(**part, **size))
            .filter_map(|(part, size)| Some((*size, (*part)?)))
            .collect();
        // The largest first, so that the last one is the next to hide.
        shown.sort_by(|(one, a), (other, b)| other.cmp(one).then(a.cmp(b)));
        // Belonging to no part is no part of its own while no one does.
        let hidden = sizes
            .iter()
            .filter(|(part, size)| !can_be_shown(**part, **size) && (part.is_some() || **size > 0));
        let (mut parts, mut people) =
            hidden.fold((0, 0), |(parts, people), (_, size)| (parts + 1, people + size));
        while parts > 0 && !self.is_met_by(people) {
            let Some((size, _)) = shown.pop() else { break };
            parts += 1;
            people += size;
        }
        let mut names: Vec<&str> = shown.into_iter().map(|(_, name)| name).collect();
        names.sort_unstable();
        names
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sizes<'n>(parts: &[(&'n str, usize)], without: usize) -> BTreeMap<Option<&'n str>, usize> {
        let parts = parts.iter().map(|(name, size)| (Some(*name), *size));
        parts.chain([(None, without)]).collect()
    }

    fn shown<'n>(parts: &[(&'n str, usize)], without: usize) -> Vec<&'n str> {
        Threshold::default().parts(&sizes(parts, without))
    }

    #[test]
    fn a_threshold_is_five_and_never_below_three() {
        assert_eq!(Threshold::default().people(), 5);
        assert_eq!(
            [0, 2, 3, 4].map(|people| Threshold::new(people).map(Threshold::people)),
            [None, None, Some(3), Some(4)]
        );
        assert!(Threshold::default().is_met_by(5) && !Threshold::default().is_met_by(4));
    }

    #[test]
    fn a_small_part_is_hidden_with_another() {
        assert_eq!(shown(&[("design", 5), ("ops", 9)], 0), ["design", "ops"]);
        // Ops less than five could be told by subtraction, and so design is hidden as well.
        assert_eq!(shown(&[("design", 5), ("ops", 4), ("sales", 9)], 0), ["sales"]);
        assert_eq!(shown(&[("design", 5), ("ops", 4), ("sales", 9)], 1), ["design", "sales"]);
        assert_eq!(shown(&[("a", 6), ("b", 6), ("c", 1)], 0), ["a"]);
        assert!(shown(&[("ops", 9)], 2).is_empty());
        assert!(shown(&[], 9).is_empty());
    }

    #[test]
    fn a_part_that_said_nothing_is_hidden() {
        assert_eq!(shown(&[("design", 7), ("ops", 0), ("sales", 8)], 0), ["sales"]);
    }

    proptest! {
        /// People who add and subtract shown parts and the whole get no group of people below the threshold.
        #[test]
        fn nothing_small_comes_of_subtraction(
            sizes in prop::collection::btree_map("[a-g]", 0..12_usize, 0..7), without in 0..8_usize, least in 3..7_usize,
        ) {
            let threshold = Threshold::new(least).unwrap();
            let mut all: BTreeMap<Option<&str>, usize> = sizes.iter().map(|(name, size)| (Some(&**name), *size)).collect();
            all.insert(None, without);
            let shown = threshold.parts(&all);
            let whole: usize = all.values().sum();
            let is_shown = |part: Option<&str>| part.is_some_and(|part| shown.contains(&part));
            prop_assert!(shown.iter().all(|part| all[&Some(*part)] >= least));
            let hidden_parts = all.iter().filter(|(part, size)| !is_shown(**part) && (part.is_some() || **size > 0)).count();
            for chosen in 0_u32..1 << shown.len() {
                let subtracted: usize = shown
                    .iter()
                    .enumerate()
                    .filter(|(at, _)| chosen >> at & 1 == 1)
                    .map(|(_, part)| all[&Some(*part)])
                    .sum();
                let rest = whole - subtracted;
                let is_all = chosen + 1 == 1 << shown.len();
                let is_nothing = is_all && hidden_parts == 0;
                // Where no part is shown, there is the whole alone.
                prop_assert!(rest >= least || is_nothing || shown.is_empty(), "{:?} {:?} {}", all, shown, rest);
            }
        }
    }
}
