//! What must hold of many rounds, where repeats cannot be avoided.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{
    tests::{hold, id, input},
    *,
};

const ROUNDS: u64 = 30;

/// How often each pair was together in the rounds of a history.
fn times_together(rounds: &[Vec<Vec<UserId>>]) -> BTreeMap<(UserId, UserId), usize> {
    let mut times = BTreeMap::new();
    for group in rounds.iter().flatten() {
        for (at, one) in group.iter().enumerate() {
            for other in &group[at + 1..] {
                let pair = (one.min(other).clone(), one.max(other).clone());
                *times.entry(pair).or_insert(0) += 1;
            }
        }
    }
    times
}

/// Plays 30 rounds on one roster; answers how often the most frequent pair was together, and ⌈mean⌉ of all pairs.
fn play(number: usize, size: usize, seed: u64) -> (usize, usize) {
    let mut input = RoundInput { size, ..input(number, 0) };
    for round in 0..ROUNDS {
        let planned = pair(&input, seed.wrapping_mul(1_000).wrapping_add(round));
        hold(&input, &planned);
        assert!(planned.groups.iter().all(|group| group.len() <= LARGEST_GROUP), "{planned:?}");
        input.history.push(planned.groups);
    }
    let times = times_together(&input.history);
    let pairs = number * (number - 1) / 2;
    (times.values().copied().max().unwrap_or(0), times.values().sum::<usize>().div_ceil(pairs))
}

#[test]
fn small_rosters_rotate_what_they_cannot_avoid() {
    for number in 3..=12 {
        for size in SMALLEST_GROUP..=LARGEST_GROUP {
            let (most, mean) = play(number, size, 1);
            assert!(most <= mean + 1, "{number} people by {size}: {most} times, {mean} in the mean");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn no_pair_is_together_more_than_once_above_the_mean(
        number in 3..=16_usize,
        size in SMALLEST_GROUP..=LARGEST_GROUP,
        seed in 0..1_000_000_u64,
    ) {
        let (most, mean) = play(number, size, seed);
        prop_assert!(most <= mean + 1, "{most} times, {mean} in the mean");
    }
}

#[test]
fn a_group_is_never_larger_than_slack_takes() {
    for number in 2..=60 {
        for size in SMALLEST_GROUP..=LARGEST_GROUP {
            let round = pair(&RoundInput { size, ..input(number, 0) }, 3);
            assert!(round.groups.iter().all(|group| (2..=LARGEST_GROUP).contains(&group.len())), "{round:?}");
            assert!(round.left_out.is_empty());
        }
    }
}

#[test]
fn a_newcomer_meets_everybody_in_turn() {
    for (number, size) in [(5, 2), (6, 3), (8, 2), (12, 2)] {
        let mut input = RoundInput { size, ..input(number, 0) };
        for round in 0..40 {
            if round == 20 {
                input.members.push(Participant { id: id(99), department: None, utc_offset_minutes: None });
            }
            let groups = pair(&input, round).groups;
            input.history.push(groups);
        }
        let times = times_together(&input.history[20..]);
        let with_newcomer = |at: usize| times.get(&(id(at), id(99))).copied().unwrap_or(0);
        let (least, most) = (0..number).fold((usize::MAX, 0), |(least, most), at| {
            (least.min(with_newcomer(at)), most.max(with_newcomer(at)))
        });
        assert!(least > 0 && most <= least + 3, "{number} by {size}: {least} to {most} times");
    }
}

#[test]
fn a_pair_that_was_always_together_is_parted() {
    for (number, size) in [(4, 2), (5, 2), (6, 3), (10, 5), (16, 2)] {
        let mut input = RoundInput { size, ..input(number, 0) };
        input.history = vec![vec![vec![id(0), id(1)]]; 60];
        for round in 0..5 {
            let groups = pair(&input, round).groups;
            let together = |group: &Vec<UserId>| group.contains(&id(0)) && group.contains(&id(1));
            assert!(!groups.iter().any(together), "{number} by {size}: {groups:?}");
            input.history.push(groups);
        }
    }
}

#[test]
fn who_comes_every_other_round_meets_everybody() {
    let mut input = input(7, 0);
    let regular = input.members.clone();
    for round in 0..24 {
        input.members = regular.clone();
        if round % 2 == 1 {
            input.members.pop();
        }
        let groups = pair(&input, round).groups;
        input.history.push(groups);
    }
    let times = times_together(&input.history);
    let rare = |at: usize| times.get(&(id(at), id(6))).copied().unwrap_or(0);
    assert!((0..6).all(|at| (1..=5).contains(&rare(at))), "{times:?}");
}

#[test]
fn a_group_that_names_somebody_twice_counts_once() {
    let mut input = input(4, 0);
    input.history = vec![vec![vec![id(0), id(1), id(1), id(0)], vec![id(0), id(1)], vec![id(2), id(3)]]];
    let round = pair(&input, 1);
    assert_eq!((round.repeats, round.optimal), (0, true));
}
