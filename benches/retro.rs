//! Measures how long it takes to propose groups of the answers to a retro, beside comparing all pairs.

mod support {
    pub mod print;
}

use std::time::{Duration, Instant};

use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use rondo::rituals::retro::plan::{TokenSet, proposed_groups};

use crate::support::print::say;

const ANSWERS: usize = 500;
const LENGTH: usize = 300;
const RETROS: u64 = 21;

fn main() {
    say(&format!("retro: groups of {ANSWERS} answers of {LENGTH} characters, {RETROS} retros of each kind"));
    for (kind, make) in [("as people write", usual as fn(u64) -> Vec<String>), ("all nearly the same", hard)]
    {
        for (way, group) in
            [("index of words", pairs_by_index as fn(&[String]) -> usize), ("all pairs", pairs_one_by_one)]
        {
            let mut took = Vec::new();
            let mut found = 0;
            for seed in 0..RETROS {
                let answers = make(seed);
                let began = Instant::now();
                found += group(&answers);
                took.push(began.elapsed());
            }
            took.sort_unstable();
            let (median, worst) = (took[took.len() / 2], took[took.len() - 1]);
            let ms = |time: Duration| time.as_secs_f64() * 1_000.0;
            say(&format!(
                "  {kind:20} {way:15} median {:6.2} ms, worst {:6.2} ms; {found} answers joined others",
                ms(median),
                ms(worst)
            ));
        }
    }
}

/// How many answers join others.
fn pairs_by_index(answers: &[String]) -> usize {
    proposed_groups(answers).iter().map(|group| group.len() - 1).sum()
}

/// The plain way: each answer is compared with all before it.
fn pairs_one_by_one(answers: &[String]) -> usize {
    let sets: Vec<TokenSet> = answers.iter().map(|answer| TokenSet::of(answer)).collect();
    let mut group_of: Vec<usize> = (0..sets.len()).collect();
    let mut joined = 0;
    for at in 0..sets.len() {
        for other in 0..at {
            let (one, into) = (group_of[at], group_of[other]);
            if sets[at].is_like(&sets[other]) && one != into {
                group_of.iter_mut().filter(|group| **group == one).for_each(|group| *group = into);
                joined += 1;
            }
        }
    }
    joined
}

/// Answers of which each third one says nearly what another says. Words are as unequally frequent as in a language.
fn usual(seed: u64) -> Vec<String> {
    let mut random = StdRng::seed_from_u64(seed);
    let mut answers: Vec<Vec<String>> = Vec::new();
    for _ in 0..ANSWERS {
        let is_copy = !answers.is_empty() && random.random_bool(0.33);
        let mut words =
            if is_copy { answers[random.random_range(0..answers.len())].clone() } else { Vec::new() };
        if is_copy {
            let at = random.random_range(0..words.len());
            words[at] = word(&mut random);
        }
        while words.iter().map(|word| word.len() + 1).sum::<usize>() < LENGTH {
            words.push(word(&mut random));
        }
        answers.push(words);
    }
    answers.iter().map(|words| words.join(" ")).collect()
}

/// One of 4,000 words; the n-th is about n times as rare as the first (Zipf's law).
fn word(random: &mut StdRng) -> String {
    let rank = 4_000_f64.powf(random.random::<f64>());
    format!("w{rank:04.0}")
}

/// Answers that have most of their words in common, and few of which are like another: nothing tells them apart early.
fn hard(seed: u64) -> Vec<String> {
    let mut random = StdRng::seed_from_u64(seed);
    (0..ANSWERS)
        .map(|_| {
            let words = (0..75).filter(|_| random.random_bool(0.75)).map(|word| format!("wd{word:02}"));
            words.collect::<Vec<_>>().join(" ")
        })
        .collect()
}
