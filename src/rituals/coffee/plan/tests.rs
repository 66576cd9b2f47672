//! What must hold of every round, and what the planner is measured by.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::{cost::Cost, roster::Roster, *};

pub(super) fn id(number: usize) -> UserId {
    UserId(format!("U{number:03}"))
}

/// So many people; each of a department, by turns.
fn people(number: usize, departments: usize) -> Vec<Participant> {
    let department = |at: usize| (departments > 0).then(|| format!("D{}", at % departments));
    (0..number)
        .map(|at| Participant { id: id(at), department: department(at), utc_offset_minutes: None })
        .collect()
}

pub(super) fn input(number: usize, departments: usize) -> RoundInput {
    RoundInput { members: people(number, departments), history: Vec::new(), apart: Vec::new(), size: 2 }
}

/// A few people with anything behind them and between them.
fn anything(most: usize, sizes: std::ops::RangeInclusive<usize>) -> impl Strategy<Value = RoundInput> {
    let member = (0..most, proptest::option::of(0..3_u8), proptest::option::of(-12..12_i32)).prop_map(
        |(at, department, hours)| Participant {
            id: id(at),
            department: department.map(|at| format!("D{at}")),
            utc_offset_minutes: hours.map(|hours| hours * 60),
        },
    );
    let group = prop::collection::vec((0..most).prop_map(id), 1..4);
    let history = prop::collection::vec(prop::collection::vec(group, 0..4), 0..5);
    let apart = prop::collection::vec(((0..most).prop_map(id), (0..most).prop_map(id)), 0..most * 2);
    let members = prop::collection::vec(member, 0..most + 2);
    (members, history, apart, sizes).prop_map(|(members, history, apart, size)| RoundInput {
        members,
        history,
        apart,
        size,
    })
}

/// What must hold of any round.
pub(super) fn hold(input: &RoundInput, round: &Round) {
    let everybody: BTreeSet<&UserId> = input.members.iter().map(|member| &member.id).collect();
    let placed: Vec<&UserId> = round.groups.iter().flatten().chain(&round.left_out).collect();
    assert_eq!(placed.len(), everybody.len(), "nobody is placed twice: {round:?}");
    assert_eq!(placed.into_iter().collect::<BTreeSet<_>>(), everybody, "everybody is placed");
    let mut met = BTreeSet::new();
    for group in input.history.iter().flatten() {
        met.extend(group.iter().flat_map(|one| group.iter().map(move |other| (one, other))));
    }
    let mut repeats = 0;
    for group in &round.groups {
        assert!(group.len() > 1, "nobody meets alone");
        for (at, one) in group.iter().enumerate() {
            for other in &group[at + 1..] {
                let apart = |pair: &(UserId, UserId)| {
                    (&pair.0, &pair.1) == (one, other) || (&pair.0, &pair.1) == (other, one)
                };
                assert!(!input.apart.iter().any(apart), "{one} and {other} must not meet");
                repeats += usize::from(met.contains(&(one, other)));
            }
        }
    }
    assert_eq!(round.repeats, repeats);
    assert!(round.cost >= round.bound, "{round:?}");
    assert!(!round.optimal || round.cost == round.bound, "{round:?}");
}

/// The best partition into pairs and trios by trying all: the number left out, of trios, and the cost.
fn best(roster: &Roster, rest: &[usize]) -> (usize, usize, Cost) {
    let Some((first, rest)) = rest.split_first() else { return (0, 0, Cost::default()) };
    let without = |gone: &[usize]| -> Vec<usize> {
        rest.iter().filter(|person| !gone.contains(person)).copied().collect()
    };
    let (out, trios, cost) = best(roster, rest);
    let mut least = (out + 1, trios, cost);
    for (at, second) in rest.iter().enumerate().filter(|(_, second)| roster.may_meet(*first, **second)) {
        let (out, trios, cost) = best(roster, &without(&[*second]));
        least = least.min((out, trios, cost + roster.cost_of(&[*first, *second])));
        for third in rest[at + 1..].iter().filter(|third| roster.may_join(**third, &[*first, *second])) {
            let (out, trios, cost) = best(roster, &without(&[*second, *third]));
            least = least.min((out, trios + 1, cost + roster.cost_of(&[*first, *second, *third])));
        }
    }
    least
}

fn shuffled_roster(input: &RoundInput, seed: u64) -> (Roster, StdRng) {
    let mut rng = StdRng::seed_from_u64(seed);
    (Roster::new(input, &mut rng), rng)
}

/// How many of the members can be in pairs at most, by another author's matching.
fn matched_by_another(roster: &Roster) -> usize {
    let mut edges = Vec::new();
    for one in 0..roster.len() {
        edges.extend((0..one).filter(|other| roster.may_meet(one, *other)).map(|other| (one, other, 1)));
    }
    let mates = mwmatching::Matching::new(edges).max_cardinality().solve();
    mates.into_iter().filter(|mate| *mate != mwmatching::SENTINEL).count()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn a_round_keeps_what_must_hold(input in anything(20, 0..=9), seed: u64) {
        let round = pair(&input, seed);
        hold(&input, &round);
        prop_assert_eq!(pair(&input, seed), round);
    }

    #[test]
    fn a_few_people_get_the_best_there_is(input in anything(8, 2..=2), seed: u64) {
        let (roster, mut rng) = shuffled_roster(&input, seed);
        let everybody: Vec<usize> = (0..roster.len()).collect();
        let (out, trios, cost) = best(&roster, &everybody);
        let found = pairs::plan(&roster, &mut rng);
        let found_trios = found.groups.iter().filter(|group| group.len() == 3).count();
        let found_cost: Cost = found.groups.iter().map(|group| roster.cost_of(group)).sum();
        prop_assert_eq!((found.left_out.len(), found_trios, found_cost), (out, trios, cost));
        prop_assert_eq!(found.twice_bound, Some(cost + cost));
        let round = pair(&input, seed);
        prop_assert_eq!(round.left_out.len(), out);
    }

    /// The two exact methods, each written for other numbers of people, find the same.
    #[test]
    fn a_matching_costs_what_the_partition_costs(input in anything(14, 2..=2), seed: u64) {
        let (roster, _) = shuffled_roster(&input, seed);
        let everybody: Vec<usize> = (0..roster.len()).collect();
        let matching = exact::matching(&roster, &everybody, None);
        let (groups, left_out) = exact::partition(&roster, &everybody);
        if matching.single.is_empty() {
            let cost = |groups: &[Vec<usize>]| -> Cost { groups.iter().map(|group| roster.cost_of(group)).sum() };
            prop_assert!(left_out.is_empty());
            prop_assert_eq!(cost(&matching.pairs), cost(&groups));
        }
        prop_assert!(left_out.len() <= matching.single.len());
        prop_assert_eq!(2 * matching.pairs.len(), matched_by_another(&roster));
    }

    #[test]
    fn no_more_are_left_out_than_a_maximum_matching_leaves(input in anything(40, 2..=2), seed: u64) {
        let (roster, _) = shuffled_roster(&input, seed);
        let round = pair(&input, seed);
        hold(&input, &round);
        prop_assert!(round.left_out.len() <= roster.len() - matched_by_another(&roster));
    }
}

/// People of which few may meet: how many there are, and how likely two of them may.
fn strangers() -> impl Strategy<Value = RoundInput> {
    let may_meet = |number: usize, share: f64| {
        prop::collection::vec(prop::bool::weighted(share), number * number).prop_map(move |may| {
            let pairs = (0..number).flat_map(|one| (0..one).map(move |other| (one, other)));
            let apart = pairs.filter(|(one, other)| !may[one * number + other]);
            RoundInput { apart: apart.map(|(one, other)| (id(one), id(other))).collect(), ..input(number, 3) }
        })
    };
    (15..40_usize, 0.02..0.3).prop_flat_map(move |(number, share)| may_meet(number, share))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn where_few_may_meet_all_who_can_be_paired_are(input in strangers(), seed: u64) {
        let (roster, _) = shuffled_roster(&input, seed);
        let (mut pairs, mut loose) = (Vec::new(), (0..roster.len()).collect());
        cover::cover(&roster, &mut pairs, &mut loose);
        prop_assert_eq!(2 * pairs.len(), matched_by_another(&roster));
        prop_assert_eq!(2 * pairs.len() + loose.len(), roster.len());
        let round = pair(&input, seed);
        hold(&input, &round);
        prop_assert!(round.left_out.len() <= loose.len());
    }
}

/// Plays rounds on one roster, and gives the repeats and the shortest gap between two meetings of a pair.
fn play(input: &mut RoundInput, rounds: usize, seed: u64) -> (usize, Option<usize>) {
    let mut last = BTreeMap::new();
    let (mut repeats, mut shortest) = (0, None);
    for at in 0..rounds {
        let round = pair(input, seed + at as u64);
        hold(input, &round);
        repeats += round.repeats;
        for group in &round.groups {
            for (seat, one) in group.iter().enumerate() {
                for other in &group[seat + 1..] {
                    if let Some(before) = last.insert((one.clone(), other.clone()), at) {
                        shortest = Some(shortest.map_or(at - before, |gap: usize| gap.min(at - before)));
                    }
                }
            }
        }
        input.history.push(round.groups);
    }
    (repeats, shortest)
}

#[test]
fn an_even_number_of_people_all_meet_before_anybody_meets_again() {
    for number in (2..=24).step_by(2) {
        let mut input = input(number, 8);
        let (repeats, _) = play(&mut input, number - 1, 7);
        assert_eq!(repeats, 0, "{number} people");
    }
}

#[test]
fn the_second_time_comes_in_the_order_of_the_first() {
    let mut input = input(12, 5);
    assert_eq!(play(&mut input, 33, 3), (6 * 22, Some(11)));
}

#[test]
fn the_last_rounds_pair_waits_even_when_all_have_met() {
    let mut input = input(4, 0);
    let (_, shortest) = play(&mut input, 12, 1);
    assert_eq!(shortest, Some(3));
}

#[test]
fn hardly_anybody_is_a_round_too() {
    assert_eq!(pair(&input(0, 2), 1).groups, Vec::<Vec<UserId>>::new());
    assert_eq!(pair(&input(1, 2), 1).left_out, [id(0)]);
    assert_eq!(pair(&input(2, 2), 1).groups, [[id(0), id(1)]]);
    assert_eq!(pair(&input(3, 2), 1).groups, [[id(0), id(1), id(2)]]);
}

#[test]
fn all_kept_apart_are_all_left_out() {
    for (number, size) in [(5, 2), (30, 2), (30, 4)] {
        let mut input = input(number, 2);
        input.size = size;
        for one in 0..number {
            input.apart.extend((0..one).map(|other| (id(one), id(other))));
        }
        let round = pair(&input, 1);
        assert_eq!((round.groups.len(), round.left_out.len()), (0, number));
    }
}

#[test]
fn somebody_kept_apart_from_nearly_all_meets_the_one_that_is_left() {
    for number in [10, 16, 60, 450] {
        let mut input = input(number, 3);
        input.apart = (1..number - 1).map(|other| (id(0), id(other))).collect();
        for seed in 0..5 {
            let round = pair(&input, seed);
            assert_eq!(round.left_out, Vec::<UserId>::new());
            assert!(round.groups.contains(&vec![id(0), id(number - 1)]));
        }
    }
}

#[test]
fn two_trios_take_in_whom_pairs_would_leave_out() {
    // Two threes of friends, and no one of the first may meet one of the second.
    for threes in [2, 6, 20] {
        let mut input = input(threes * 3, 0);
        for one in 0..threes * 3 {
            input
                .apart
                .extend((0..one).filter(|other| other / 3 != one / 3).map(|other| (id(one), id(other))));
        }
        let round = pair(&input, 1);
        assert_eq!((round.left_out.len(), round.groups.len()), (0, threes));
    }
}

#[test]
fn strangers_duplicates_and_those_who_left_do_no_harm() {
    let mut input = input(4, 0);
    input.members.push(input.members[0].clone());
    input.history = vec![vec![vec![id(0), id(77)], vec![id(1), id(1), id(2)]], vec![vec![]]];
    input.apart = vec![(id(0), id(88)), (id(3), id(3))];
    let round = pair(&input, 5);
    hold(&input, &round);
    assert_eq!((round.groups.len(), round.repeats), (2, 0));
}

#[test]
fn the_seed_decides_among_equals() {
    let input = input(30, 4);
    let rounds: BTreeSet<_> = (0..20).map(|seed| pair(&input, seed).groups).collect();
    assert_eq!(rounds.len(), 20);
}

#[test]
fn groups_have_their_size_or_one_more() {
    for (number, size, expected) in [
        (12, 3, vec![3; 4]),
        (8, 3, vec![4, 4]),
        (5, 3, vec![2, 3]),
        (11, 4, vec![3, 4, 4]),
        (3, 8, vec![3]),
        (5, 2, vec![2, 3]),
    ] {
        let mut input = input(number, 3);
        input.size = size;
        let round = pair(&input, 1);
        let mut sizes: Vec<usize> = round.groups.iter().map(Vec::len).collect();
        sizes.sort_unstable();
        assert_eq!(sizes, expected, "{number} people in groups of {size}");
    }
}

#[test]
fn bigger_groups_avoid_repeats_too() {
    let mut input = input(24, 8);
    input.size = 3;
    let (repeats, _) = play(&mut input, 5, 1);
    assert_eq!(repeats, 0);
}

#[test]
fn a_thousand_people_with_a_past_meet_strangers_of_other_departments() {
    for number in [1_000, 1_001] {
        let mut input = input(number, 8);
        let (repeats, _) = play(&mut input, 3, 1);
        let round = pair(&input, 9);
        assert_eq!((repeats, round.repeats, round.across_departments), (0, 0, 500));
        assert!(round.optimal && round.left_out.is_empty(), "{} of {}", round.cost, round.bound);
    }
}

#[test]
fn people_meet_while_both_work_where_that_can_be() {
    let mut input = input(16, 0);
    for (at, member) in input.members.iter_mut().enumerate() {
        member.utc_offset_minutes = Some(if at % 2 == 0 { -480 } else { 60 });
    }
    let round = pair(&input, 4);
    let place = |id: &UserId| input.members.iter().position(|member| member.id == *id).unwrap();
    assert!(round.groups.iter().all(|group| place(&group[0]) % 2 == place(&group[1]) % 2));
    assert_eq!((round.cost, round.optimal), (0, true));
}
