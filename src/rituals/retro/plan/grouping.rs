//! Proposes which answers say nearly the same, so that they become one theme.
//!
//! Two answers belong together if their words are alike ([`TokenSet::is_like`]), or if others lie between them of which
//! each is like the next. Pairs are found in one pass with an index of words and a prefix filter (R. Bayardo, Y. Ma and R. Srikant, *Scaling
//! up all pairs similarity search*, 2007; S. Chaudhuri, V. Ganti and R. Kaushik, *A primitive operator for similarity joins in data
//! cleaning*, 2006): with the rarest words first, two texts that are alike share one of the first few of each, so that
//! only texts with such a word are compared.

use std::collections::{BTreeMap, HashMap};

use super::similarity::{TokenSet, are_alike, least_shared};

/// How many words are looked at and compared; beyond it no more is proposed. 500 answers of 300 characters in words of five letters
/// take 15 million at most.
const MOST_STEPS: usize = 50_000_000;

/// Returns the groups of two answers or more that say nearly the same, by the answers' indices. Indices and groups are in order.
/// The order of the answers doesn't change which belong together.
pub fn proposed_groups<T: AsRef<str>>(answers: &[T]) -> Vec<Vec<usize>> {
    // Answers with the same words belong together without a comparison.
    let mut by_words: BTreeMap<TokenSet, Vec<usize>> = BTreeMap::new();
    for (at, answer) in answers.iter().enumerate() {
        by_words.entry(TokenSet::of(answer.as_ref())).or_default().push(at);
    }
    let (sets, members): (Vec<TokenSet>, Vec<Vec<usize>>) =
        by_words.into_iter().filter(|(set, _)| !set.is_empty()).unzip();
    let mut groups = together(&sets, MOST_STEPS);
    let mut by_root: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (set, members) in members.into_iter().enumerate() {
        by_root.entry(groups.root(set)).or_default().extend(members);
    }
    let mut proposed: Vec<Vec<usize>> = by_root.into_values().filter(|members| members.len() > 1).collect();
    for members in &mut proposed {
        members.sort_unstable();
    }
    proposed.sort_unstable();
    proposed
}

/// Puts sets together that are alike. They have no duplicates, and are in an order that only they decide.
fn together(sets: &[TokenSet], most_steps: usize) -> Groups {
    let records = ranked(sets);
    // From the shortest on, so that a record is compared with shorter ones alone.
    let mut by_length: Vec<usize> = (0..records.len()).collect();
    by_length.sort_by_key(|at| records[*at].len());
    let words = records.iter().flatten().max().map_or(0, |last| last + 1);
    // The records whose prefix has a word, by the word.
    let mut index: Vec<Vec<usize>> = vec![Vec::new(); words];
    // The record with which each was compared last.
    let mut compared_with = vec![usize::MAX; records.len()];
    let mut groups = Groups((0..records.len()).collect());
    let mut steps = 0;
    for at in by_length {
        let record = &records[at];
        let least = least_shared(record.len());
        for word in &record[..=record.len() - least] {
            for &other in &index[*word] {
                steps += 1;
                if steps > most_steps {
                    return groups;
                }
                let is_new = std::mem::replace(&mut compared_with[other], at) != at;
                if !is_new || records[other].len() < least || groups.root(other) == groups.root(at) {
                    continue;
                }
                steps += record.len() + records[other].len();
                if are_alike(record, &records[other]) {
                    groups.unite(at, other);
                }
            }
            index[*word].push(at);
        }
    }
    groups
}

/// Returns each set as the ranks of its words, sorted. The rarest word has the first rank, of several the first by the alphabet.
fn ranked(sets: &[TokenSet]) -> Vec<Vec<usize>> {
    let mut frequency: HashMap<&str, usize> = HashMap::new();
    for token in sets.iter().flat_map(TokenSet::tokens) {
        *frequency.entry(token).or_default() += 1;
    }
    let mut rarest_first: Vec<(usize, &str)> =
        frequency.into_iter().map(|(token, count)| (count, token)).collect();
    rarest_first.sort_unstable();
    let rank: HashMap<&str, usize> =
        rarest_first.into_iter().enumerate().map(|(rank, (_, token))| (token, rank)).collect();
    let ranks = |set: &TokenSet| {
        let mut ranks: Vec<usize> =
            set.tokens().iter().filter_map(|token| rank.get(token.as_str()).copied()).collect();
        ranks.sort_unstable();
        ranks
    };
    sets.iter().map(ranks).collect()
}

/// Disjoint groups (union–find with path halving): each member's parent, a root being its own.
struct Groups(Vec<usize>);

impl Groups {
    fn root(&mut self, mut member: usize) -> usize {
        while self.0[member] != member {
            self.0[member] = self.0[self.0[member]];
            member = self.0[member];
        }
        member
    }

    fn unite(&mut self, one: usize, other: usize) {
        let (one, other) = (self.root(one), self.root(other));
        self.0[one.max(other)] = one.min(other);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;
    use rand::{SeedableRng as _, rngs::StdRng, seq::SliceRandom as _};

    use super::*;

    /// All pairs compared: the plain way.
    fn plain(answers: &[String]) -> Vec<Vec<usize>> {
        let sets: Vec<TokenSet> = answers.iter().map(|answer| TokenSet::of(answer)).collect();
        let mut groups = Groups((0..sets.len()).collect());
        for (at, set) in sets.iter().enumerate() {
            for other in (0..at).filter(|other| set.is_like(&sets[*other])) {
                groups.unite(at, other);
            }
        }
        let mut by_root: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for at in 0..sets.len() {
            by_root.entry(groups.root(at)).or_default().push(at);
        }
        by_root.into_values().filter(|members| members.len() > 1).collect()
    }

    #[test]
    fn answers_that_say_nearly_the_same_are_proposed() {
        let answers = [
            "Too many meetings",
            "The new deploy script",
            "too many meetings!",
            "",
            "WAY too many meetings",
            "Lunch",
            "the new deploy-script",
            "",
        ];
        assert_eq!(proposed_groups(&answers), [vec![0, 2, 4], vec![1, 6]]);
        assert!(proposed_groups::<&str>(&[]).is_empty());
    }

    #[test]
    fn a_chain_of_answers_is_one_group() {
        let answers = ["a b c d", "a b c d e", "a b c d e f", "a b c d e f g", "x"];
        assert!(!TokenSet::of(answers[0]).is_like(&TokenSet::of(answers[3])));
        assert_eq!(proposed_groups(&answers), [[0, 1, 2, 3]]);
    }

    #[test]
    fn work_has_a_limit() {
        let answers: Vec<TokenSet> = (0..50).map(|at| TokenSet::of(&format!("a b c d e f g {at}"))).collect();
        let sets: BTreeSet<TokenSet> = answers.into_iter().collect();
        let sets: Vec<TokenSet> = sets.into_iter().collect();
        let grouped = |steps| {
            let mut groups = together(&sets, steps);
            (0..sets.len()).filter(|at| groups.root(*at) != *at).count()
        };
        assert_eq!((grouped(MOST_STEPS), grouped(0)), (49, 0));
        assert!((1..49).contains(&grouped(300)));
    }

    /// Texts that are as hard to tell apart as can be: the same words, one of them left out.
    #[test]
    fn five_hundred_hard_answers_stay_within_the_limit() {
        let mut random = StdRng::seed_from_u64(1);
        let answers: Vec<String> = (0..500)
            .map(|_| {
                let words = (0..75).filter(|_| random.random_bool(0.75)).map(|word| format!("w{word:02}"));
                words.collect::<Vec<_>>().join(" ")
            })
            .collect();
        assert_eq!(proposed_groups(&answers), plain(&answers));
    }

    fn texts() -> impl Strategy<Value = Vec<String>> {
        prop::collection::vec(prop_oneof!["([a-d]{1,2} ){0,8}", "[会議多い]{0,6}", any::<String>()], 0..25)
    }

    proptest! {
        #[test]
        fn groups_are_those_of_all_pairs(answers in texts()) {
            prop_assert_eq!(proposed_groups(&answers), plain(&answers));
        }

        #[test]
        fn the_order_of_answers_changes_no_group(answers in texts(), seed in any::<u64>()) {
            let mut order: Vec<usize> = (0..answers.len()).collect();
            order.shuffle(&mut StdRng::seed_from_u64(seed));
            let moved: Vec<&String> = order.iter().map(|at| &answers[*at]).collect();
            let groups = |groups: Vec<Vec<usize>>| groups.into_iter().map(BTreeSet::from_iter).collect::<BTreeSet<BTreeSet<usize>>>();
            let back = proposed_groups(&moved).into_iter().map(|group| group.into_iter().map(|at| order[at]).collect());
            prop_assert_eq!(groups(back.collect()), groups(proposed_groups(&answers)));
        }
    }
}
