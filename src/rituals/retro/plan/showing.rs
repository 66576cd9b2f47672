//! What of the answers is shown, and in which order.

use std::collections::{BTreeMap, BTreeSet};

use rand::{SeedableRng as _, rngs::StdRng, seq::SliceRandom as _};

use super::{state::Answered, threshold::Threshold};

/// What becomes of a prompt when a retro closes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Its answers are shown.
    Shown,
    /// No one answered, and each answer would have had a name.
    Empty,
    /// Fewer people than the threshold answered without their names: nothing of it is shown, then or later, not even how many.
    Withheld,
}

/// Decides what becomes of a prompt. It's fixed at the close: an answer that is hidden or erased later changes nothing.
pub fn verdict(prompt: Answered, threshold: Threshold) -> Verdict {
    match prompt {
        Answered { is_anonymous: true, people } if !threshold.is_met_by(people) => Verdict::Withheld,
        Answered { people: 0, .. } => Verdict::Empty,
        Answered { .. } => Verdict::Shown,
    }
}

/// An answer as it is kept after the close.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Answer {
    pub id: String,
    pub words: String,
    /// Whether an organiser has hidden it.
    pub is_hidden: bool,
}

/// An answer as people see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown<'a> {
    Words {
        id: &'a str,
        words: &'a str,
    },
    /// An organiser has hidden it; people see that there was one.
    Hidden,
}

/// Returns the answers of a prompt in an order that the seed and the number of the prompt decide alone. The order
/// in which the answers are given has no part in it, so it tells nothing of the order in which they were kept.
pub fn shown(answers: &[Answer], seed: u64, prompt: u32) -> Vec<Shown<'_>> {
    let mut sorted: Vec<&Answer> = answers.iter().collect();
    sorted.sort_by(|one, other| one.words.cmp(&other.words).then(one.id.cmp(&other.id)));
    // Each prompt has an order of its own: what a person said to two prompts is not in the same place.
    let mut random =
        StdRng::seed_from_u64(seed ^ (u64::from(prompt) + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    sorted.shuffle(&mut random);
    sorted
        .into_iter()
        .map(|answer| {
            if answer.is_hidden {
                Shown::Hidden
            } else {
                Shown::Words { id: &answer.id, words: &answer.words }
            }
        })
        .collect()
}

/// How many departments spoke in a retro of several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Departments {
    /// How many can be counted.
    pub counted: usize,
    /// Of how many of them a named answer is there; no one knows the departments of the others.
    pub spoke: usize,
}

/// Counts the departments that spoke. A department is counted only if the threshold of its people was asked, and as many in
/// all departments that are not counted, [`Threshold::parts`] says why. `asked` has `None` for people without a department. `None`
/// where fewer than two can be counted: it would be the one that spoke, or not.
pub fn departments(
    asked: &BTreeMap<Option<&str>, usize>,
    spoke: &BTreeSet<&str>,
    threshold: Threshold,
) -> Option<Departments> {
    let counted = threshold.parts(asked);
    let spoke = counted.iter().filter(|department| spoke.contains(*department)).count();
    (counted.len() > 1).then_some(Departments { counted: counted.len(), spoke })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn answer(id: usize, words: &str) -> Answer {
        Answer { id: format!("a{id}"), words: words.to_owned(), is_hidden: false }
    }

    fn ids(shown: &[Shown<'_>]) -> Vec<String> {
        let id = |shown: &Shown<'_>| match shown {
            Shown::Words { id, .. } => (*id).to_owned(),
            Shown::Hidden => "hidden".to_owned(),
        };
        shown.iter().map(id).collect()
    }

    #[test]
    fn four_of_eight_people_are_too_few() {
        let of = |is_anonymous, people| verdict(Answered { is_anonymous, people }, Threshold::default());
        assert_eq!(
            [0, 4, 5, 8].map(|people| of(true, people)),
            [Verdict::Withheld, Verdict::Withheld, Verdict::Shown, Verdict::Shown]
        );
        assert_eq!([0, 1].map(|people| of(false, people)), [Verdict::Empty, Verdict::Shown]);
    }

    #[test]
    fn a_hidden_answer_shows_as_hidden_in_its_place() {
        let mut answers: Vec<Answer> = (0..6).map(|id| answer(id, "words")).collect();
        let before = ids(&shown(&answers, 7, 0));
        answers[2].is_hidden = true;
        let after = ids(&shown(&answers, 7, 0));
        let expected: Vec<String> =
            before.iter().map(|id| if id == "a2" { "hidden".to_owned() } else { id.clone() }).collect();
        assert_eq!(after, expected);
        assert!(!shown(&answers, 7, 0).iter().any(|shown| matches!(shown, Shown::Words { id: "a2", .. })));
    }

    #[test]
    fn each_prompt_has_an_order_of_its_own() {
        let answers: Vec<Answer> = (0..20).map(|id| answer(id, "words")).collect();
        let orders: BTreeSet<Vec<String>> = (0..10).map(|prompt| ids(&shown(&answers, 7, prompt))).collect();
        assert_eq!(orders.len(), 10);
    }

    #[test]
    fn departments_are_counted_where_enough_were_asked() {
        let asked = |ops| BTreeMap::from([(Some("design"), 6), (Some("ops"), ops), (Some("sales"), 9)]);
        let spoke = BTreeSet::from(["design", "ops"]);
        let counted = |ops| departments(&asked(ops), &spoke, Threshold::default());
        assert_eq!(counted(5), Some(Departments { counted: 3, spoke: 2 }));
        assert_eq!(counted(4), None, "sales alone is left");
        let with_others =
            BTreeMap::from([(Some("design"), 6), (Some("ops"), 4), (Some("sales"), 9), (None, 1)]);
        let told = departments(&with_others, &spoke, Threshold::default());
        assert_eq!(told, Some(Departments { counted: 2, spoke: 1 }));
    }

    proptest! {
        #[test]
        fn the_order_tells_nothing_of_the_order_kept(
            words in prop::collection::vec(any::<String>(), 0..30), seed in any::<u64>(), other in any::<u64>(), prompt in 0..9_u32,
        ) {
            let answers: Vec<Answer> = words.iter().enumerate().map(|(id, words)| answer(id, words)).collect();
            let mut moved = answers.clone();
            moved.shuffle(&mut StdRng::seed_from_u64(other));
            let order = ids(&shown(&answers, seed, prompt));
            prop_assert_eq!(&order, &ids(&shown(&moved, seed, prompt)));
            let all: BTreeSet<String> = order.iter().cloned().collect();
            prop_assert_eq!(all, answers.iter().map(|answer| answer.id.clone()).collect::<BTreeSet<_>>());
        }

        #[test]
        fn departments_are_never_counted_below_the_threshold(
            asked in prop::collection::btree_map("[a-f]", 0..9_usize, 0..6), without in 0..7_usize, spoke in prop::collection::btree_set("[a-f]", 0..6),
        ) {
            let mut sizes: BTreeMap<Option<&str>, usize> = asked.iter().map(|(name, size)| (Some(&**name), *size)).collect();
            sizes.insert(None, without);
            let spoke = spoke.iter().map(String::as_str).collect();
            if let Some(told) = departments(&sizes, &spoke, Threshold::default()) {
                let enough = asked.values().filter(|size| **size >= 5).count();
                prop_assert!(2 <= told.counted && told.counted <= enough && told.spoke <= told.counted);
            }
        }
    }
}
