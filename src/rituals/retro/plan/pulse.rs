//! A pulse: what the answers to a question with a scale from 1 to 5 come to.

use std::{collections::BTreeMap, fmt};

use super::threshold::Threshold;

/// The lowest and the highest answer.
pub const LOWEST: u8 = 1;
pub const HIGHEST: u8 = 5;

/// A number of halves: 7 is 3.5. Medians of whole numbers are such numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Halves(pub i32);

impl fmt::Display for Halves {
    /// Writes `3` or `3.5`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Halves(halves) = self;
        if halves % 2 == 0 { write!(f, "{}", halves / 2) } else { write!(f, "{}.5", halves / 2) }
    }
}

impl Halves {
    /// Returns the difference to an earlier value: positive if this one is higher.
    #[must_use]
    pub fn since(self, earlier: Halves) -> Halves {
        Halves(self.0 - earlier.0)
    }
}

/// What the answers of some people come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pulse {
    /// The middle answer; of an even number of answers the middle of the two middle ones.
    pub median: Halves,
    /// The interquartile range: the median of the higher half of the answers less that of the lower half. Of an odd number of answers, the
    /// middle one is in neither half (D. Moore et al., *Introduction to the Practice of Statistics*). 0 if most agree.
    pub spread: Halves,
    pub answers: usize,
}

/// Returns what answers come to, if there are as many as the threshold. Each is of another person. An answer that is off the scale
/// doesn't count.
pub fn pulse(answers: &[u8], threshold: Threshold) -> Option<Pulse> {
    let mut sorted = valid(answers);
    sorted.sort_unstable();
    if !threshold.is_met_by(sorted.len()) {
        return None;
    }
    let half = sorted.len() / 2;
    let (lower, higher) = (&sorted[..half], &sorted[sorted.len() - half..]);
    Some(Pulse {
        median: median(&sorted),
        spread: median(higher).since(median(lower)),
        answers: sorted.len(),
    })
}

fn valid(answers: &[u8]) -> Vec<u8> {
    answers.iter().copied().filter(|answer| (LOWEST..=HIGHEST).contains(answer)).collect()
}

/// The median of sorted answers.
fn median(sorted: &[u8]) -> Halves {
    let at = |index: usize| sorted.get(index).copied().map_or(0, i32::from);
    Halves(at(sorted.len() / 2) + at(sorted.len().saturating_sub(1) / 2))
}

/// A pulse with the parts of it that may be shown, by their names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parts<'n> {
    pub whole: Pulse,
    pub parts: Vec<(&'n str, Pulse)>,
}

/// Returns what answers come to as a whole and by parts, such as departments; `None` is the part of people who belong to none. A part
/// is shown only if it and all that is hidden each hold the threshold ([`Threshold::parts`]). A part without answers is
/// given too, as it counts as hidden.
pub fn pulse_of_parts<'n>(
    answers: &BTreeMap<Option<&'n str>, Vec<u8>>,
    threshold: Threshold,
) -> Option<Parts<'n>> {
    let all: Vec<u8> = answers.values().flatten().copied().collect();
    let whole = pulse(&all, threshold)?;
    let sizes = answers.iter().map(|(part, answers)| (*part, valid(answers).len())).collect();
    let shown = threshold.parts(&sizes);
    let parts =
        shown.into_iter().filter_map(|part| Some((part, pulse(answers.get(&Some(part))?, threshold)?)));
    Some(Parts { whole, parts: parts.collect() })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(answers: &[u8]) -> Option<(i32, i32, usize)> {
        let pulse = pulse(answers, Threshold::default())?;
        Some((pulse.median.0, pulse.spread.0, pulse.answers))
    }

    #[test]
    fn median_and_spread_are_those_of_the_books() {
        assert_eq!(of(&[1, 2, 3, 4, 5]), Some((6, 6, 5)), "3, and 4.5 − 1.5");
        assert_eq!(of(&[4, 4, 4, 4, 4, 1]), Some((8, 0, 6)));
        assert_eq!(of(&[5, 3, 4, 3, 2, 4]), Some((7, 2, 6)), "3.5, and 4 − 3");
        assert_eq!(of(&[1, 1, 1, 5, 5, 5, 5]), Some((10, 8, 7)));
    }

    #[test]
    fn four_answers_are_not_shown() {
        assert_eq!(of(&[3, 3, 3, 3]), None);
        assert_eq!(of(&[3, 3, 3, 3, 0, 6, 255]), None, "off the scale");
        assert_eq!(of(&[]), None);
    }

    #[test]
    fn a_change_is_told_since_last_time() {
        assert_eq!(Halves(7).since(Halves(6)), Halves(1));
        assert_eq!(Halves(4).since(Halves(6)), Halves(-2));
    }

    #[test]
    fn a_part_is_shown_beside_a_large_rest() {
        let answers = |ops: &[u8]| {
            BTreeMap::from([(Some("design"), vec![4; 5]), (Some("ops"), ops.to_vec()), (None, vec![2; 2])])
        };
        let shown = |ops: &[u8]| {
            let parts = pulse_of_parts(&answers(ops), Threshold::default()).unwrap();
            parts.parts.iter().map(|(part, pulse)| format!("{part} {}", pulse.answers)).collect::<Vec<_>>()
        };
        assert_eq!(shown(&[3; 3]), ["design 5"]);
        assert!(shown(&[3; 2]).is_empty());
        // The two without a department would be the rest: the smaller part hides with them.
        assert_eq!(shown(&[3; 6]), ["ops 6"]);
        assert!(
            pulse_of_parts(&BTreeMap::from([(Some("design"), vec![3; 4])]), Threshold::default()).is_none()
        );
    }

    proptest! {
        #[test]
        fn a_pulse_is_on_its_scale(answers in prop::collection::vec(0..8_u8, 0..40)) {
            let on_scale: Vec<u8> = valid(&answers);
            match pulse(&answers, Threshold::default()) {
                None => prop_assert!(on_scale.len() < 5),
                Some(pulse) => {
                    prop_assert_eq!(pulse.answers, on_scale.len());
                    prop_assert!((2..=10).contains(&pulse.median.0) && (0..=8).contains(&pulse.spread.0));
                    let below = on_scale.iter().filter(|answer| i32::from(**answer) * 2 < pulse.median.0).count();
                    let above = on_scale.iter().filter(|answer| i32::from(**answer) * 2 > pulse.median.0).count();
                    prop_assert!(below * 2 <= on_scale.len() && above * 2 <= on_scale.len());
                    let mut reversed = answers.clone();
                    reversed.reverse();
                    prop_assert_eq!(super::pulse(&reversed, Threshold::default()), Some(pulse));
                }
            }
        }

        #[test]
        fn no_part_below_the_threshold_can_be_derived(
            answers in prop::collection::btree_map(prop::option::of("[a-e]"), prop::collection::vec(1..6_u8, 0..9), 0..6), least in 3..6_usize,
        ) {
            let threshold = Threshold::new(least).unwrap();
            let answers: BTreeMap<Option<&str>, Vec<u8>> =
                answers.iter().map(|(part, answers)| (part.as_deref(), answers.clone())).collect();
            if let Some(Parts { whole, parts }) = pulse_of_parts(&answers, threshold) {
                let shown: usize = parts.iter().map(|(_, pulse)| pulse.answers).sum();
                prop_assert!(parts.iter().all(|(_, pulse)| pulse.answers >= least));
                let rest = whole.answers - shown;
                let is_whole = answers.iter().all(|(part, own)| match part {
                    Some(part) => parts.iter().any(|(shown, _)| shown == part),
                    None => own.is_empty(),
                });
                prop_assert!(is_whole || rest >= least, "{:?} {:?}", answers, parts);
            }
        }
    }
}
