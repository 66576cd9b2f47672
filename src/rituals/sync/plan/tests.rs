//! Duties by example, and what holds in every generated year.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};
use proptest::prelude::*;

use super::*;

mod nights;
mod silent;

const LEAD: &str = "facilitator";
const SCRIBE: &str = "scribe";

fn day(number: usize) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 1, 6).unwrap() + Days::new(7 * number as u64)
}

fn member(id: &str) -> Member {
    Member { id: UserId::from(id), department: None, joined: None, busy: Vec::new(), booked: Vec::new() }
}

fn members(ids: &str) -> Vec<Member> {
    ids.split(' ').map(member).collect()
}

fn on(number: usize, ids: &str) -> Occasion {
    Occasion {
        date: day(number),
        available: ids.split_whitespace().map(UserId::from).collect(),
        declined: BTreeSet::new(),
        asked_last: BTreeSet::new(),
        busy: BTreeSet::new(),
        at_night: BTreeSet::new(),
        declined_notes: BTreeSet::new(),
        duties: BTreeMap::new(),
        is_over: false,
    }
}

fn rules(roles: &[&str]) -> Rules {
    Rules {
        roles: roles.iter().map(|role| (*role).to_owned()).collect(),
        policy: Policy::Fair,
        alternate_departments: false,
        seed: 7,
    }
}

fn leads(rota: &Rota) -> Vec<String> {
    rota.duties.iter().map(|duties| duties.get(LEAD).map_or("-".to_owned(), UserId::to_string)).collect()
}

fn settled(mut occasion: Occasion, duties: &[(&str, &str)]) -> Occasion {
    occasion.duties = duties.iter().map(|(role, id)| ((*role).to_owned(), UserId::from(*id))).collect();
    occasion.is_over = true;
    occasion
}

#[test]
fn four_people_lead_twice_in_eight() {
    let occasions: Vec<Occasion> = (0..8).map(|number| on(number, "A B C D")).collect();
    let rota = assign(&members("A B C D"), &occasions, &rules(&[LEAD]));
    assert!(rota.turns.iter().all(|turns| turns.led == 2 && (turns.owed - 2.0).abs() < 1e-6), "{rota:?}");
}

#[test]
fn a_recorded_turn_counts() {
    let occasions = [settled(on(0, "A B"), &[(LEAD, "A")]), on(1, "A B")];
    assert_eq!(leads(&assign(&members("A B"), &occasions, &rules(&[LEAD]))), ["A", "B"]);
}

#[test]
fn a_swapped_turn_counts_for_the_person_who_led() {
    // B was away and led all the same: two turns ahead of A and C, who come next.
    let occasions = [settled(on(0, "A C"), &[(LEAD, "B")]), on(1, "A B C"), on(2, "A B C"), on(3, "A B C")];
    let leads = leads(&assign(&members("A B C"), &occasions, &rules(&[LEAD])));
    assert!(!leads[1..3].contains(&"B".to_owned()), "{leads:?}");
}

#[test]
fn a_decline_still_owes() {
    let mut declined = on(0, "A B");
    declined.declined.insert(UserId::from("A"));
    let occasions = [declined, on(1, "A B"), on(2, "A B")];
    let rota = assign(&members("A B"), &occasions, &rules(&[LEAD]));
    assert_eq!(leads(&rota)[..2], ["B", "A"]);
    assert!((rota.turns[0].owed - 1.5).abs() < 1e-6, "{rota:?}");
}

#[test]
fn a_person_who_is_asked_last_leads_if_no_one_else_does() {
    let last = |number, ids| {
        let mut occasion = on(number, ids);
        occasion.asked_last.insert(UserId::from("A"));
        occasion
    };
    let occasions = [last(0, "A B"), last(1, "A B"), last(2, "A"), on(3, "A B")];
    for policy in [Policy::Fair, Policy::RoundRobin, Policy::Random] {
        let rota = assign(&members("A B"), &occasions, &Rules { policy, ..rules(&[LEAD]) });
        assert_eq!(leads(&rota)[..3], ["B", "B", "A"], "{policy:?}");
        // Of the first two A owes nothing, and the third alone.
        assert!((rota.turns[0].owed - 1.5).abs() < 1e-6, "{rota:?}");
    }
}

#[test]
fn nobody_owes_a_turn_that_was_left_open() {
    let mut all_declined = on(0, "A B");
    all_declined.declined = all_declined.available.clone();
    let rota = assign(&members("A B"), &[all_declined, on(1, "")], &rules(&[LEAD, SCRIBE]));
    assert_eq!(leads(&rota), ["-", "-"]);
    assert_eq!(rota.turns, [Turns { owed: 0.0, led: 0 }; 2]);
}

#[test]
fn a_newcomer_does_not_lead_the_first_time() {
    let mut people = members("A B");
    people[1].joined = Some(day(3));
    let occasions: Vec<Occasion> =
        (0..6).map(|number| on(number, if number < 3 { "A" } else { "A B" })).collect();
    let rota = assign(&people, &occasions, &rules(&[LEAD]));
    assert_eq!(leads(&rota)[..4], ["A"; 4]);
    assert!((rota.turns[1].owed - 1.0).abs() < 1e-6, "two of six were owed by halves: {rota:?}");
}

#[test]
fn a_newcomer_who_is_away_is_new_when_they_return() {
    let mut people = members("A B");
    people[1].joined = Some(day(1));
    let occasions = [on(0, "A"), on(1, "A"), on(2, "A B"), on(3, "A B")];
    assert_eq!(leads(&assign(&people, &occasions, &rules(&[LEAD]))), ["A", "A", "A", "B"]);
}

#[test]
fn newcomers_alone_leave_the_lead_open() {
    let mut people = members("A B");
    people[1].joined = Some(day(1));
    let occasions = [on(0, "A"), on(1, "B")];
    assert_eq!(leads(&assign(&people, &occasions, &rules(&[LEAD]))), ["A", "-"]);
}

#[test]
fn a_sync_of_one_has_no_second_role() {
    let rota = assign(&members("A"), &[on(0, "A")], &rules(&[LEAD, SCRIBE]));
    assert_eq!(rota.duties, [BTreeMap::from([(LEAD.to_owned(), UserId::from("A"))])]);
}

#[test]
fn a_former_member_is_not_assigned() {
    let occasions = [settled(on(0, "A Z"), &[(LEAD, "Z")]), on(1, "A Z")];
    assert_eq!(leads(&assign(&members("A"), &occasions, &rules(&[LEAD]))), ["Z", "A"]);
}

#[test]
fn a_person_with_a_duty_elsewhere_in_that_week_is_spared() {
    for busy in ["A", "B"] {
        let mut people = members("A B");
        people.iter_mut().find(|member| member.id.as_str() == busy).unwrap().busy =
            vec![day(0) + Days::new(2)];
        let other = if busy == "A" { "B" } else { "A" };
        assert_eq!(leads(&assign(&people, &[on(0, "A B")], &rules(&[LEAD]))), [other]);
    }
}

#[test]
fn departments_lead_in_turn() {
    let mut people = members("A B C D");
    for (member, department) in people.iter_mut().zip(["Design", "Design", "Sales", "Sales"]) {
        member.department = Some(department.to_owned());
    }
    let occasions: Vec<Occasion> = (0..24).map(|number| on(number, "A B C D")).collect();
    for seed in 0..50 {
        let rules = Rules { alternate_departments: true, seed, ..rules(&[LEAD]) };
        let leads = leads(&assign(&people, &occasions, &rules));
        let is_design = |id: &String| ["A", "B"].contains(&id.as_str());
        assert!(leads.windows(2).all(|two| is_design(&two[0]) != is_design(&two[1])), "{leads:?}");
    }
}

#[test]
fn round_robin_follows_the_members_order() {
    let rules = Rules { policy: Policy::RoundRobin, ..rules(&[LEAD]) };
    let occasions = [on(0, "A B C"), on(1, "A C"), on(2, "A B C"), on(3, "A B C"), on(4, "A B C")];
    assert_eq!(leads(&assign(&members("A B C"), &occasions, &rules)), ["A", "C", "A", "B", "C"]);
}

#[test]
fn a_lot_depends_on_the_seed_alone() {
    let occasions: Vec<Occasion> = (0..20).map(|number| on(number, "A B C")).collect();
    let by = |seed| {
        let rules = Rules { policy: Policy::Random, seed, ..rules(&[LEAD]) };
        assign(&members("A B C"), &occasions, &rules)
    };
    assert_eq!(by(1), by(1));
    assert_ne!(by(1), by(2));
}

/// Some year of a sync: joiners, weekdays out, absences, people who are rarely there, duties elsewhere.
fn year(seed: u64) -> (Vec<Member>, Vec<Occasion>) {
    let mut random = StdRng::seed_from_u64(seed);
    let people = [random.random_range(1..5), random.random_range(2..10), random.random_range(5..24)]
        [random.random_range(0..3)];
    let dates = [12, 12, 26, 26, 52][random.random_range(0..5)];
    let (kind, joiners) = (random.random_range(0..5), [0.0, 0.4, 0.9][random.random_range(0..3)]);
    let mut members = Vec::new();
    let mut occasions: Vec<Occasion> = (0..dates).map(|number| on(number, "")).collect();
    for number in 0..people {
        let chance = match kind {
            0 => 1.0,
            1 => 0.5 + random.random::<f64>() / 2.0,
            2 => random.random(),
            3 if random.random_bool(0.5) => 0.1,
            _ => 0.9,
        };
        let joined = if random.random_bool(joiners) { random.random_range(0..dates) } else { 0 };
        let away = random.random_range(0..dates);
        let back = away + if kind == 0 { 0 } else { random.random_range(0..=dates / 3) };
        let id = UserId(format!("U{number}"));
        for (at, occasion) in occasions.iter_mut().enumerate() {
            if joined <= at && !(away..back).contains(&at) && random.random_bool(chance) {
                occasion.available.insert(id.clone());
            }
        }
        members.push(Member {
            id,
            department: (number % 5 > 0).then(|| format!("D{}", number % 5)),
            joined: (joined > 0).then(|| day(joined)),
            busy: (0..dates).filter(|_| random.random_bool(0.2)).map(day).collect(),
            booked: Vec::new(),
        });
    }
    if random.random_bool(0.3) {
        let member = &members[random.random_range(0..people)].id;
        falls_silent(&mut occasions, member, random.random_range(0..dates));
    }
    let nights = [0.0, 0.2, 1.0][random.random_range(0..3)];
    for member in &members {
        let nights = if random.random_bool(0.3) { nights } else { 0.0 };
        for occasion in occasions.iter_mut().filter(|_| random.random_bool(nights)) {
            occasion.at_night.insert(member.id.clone());
        }
    }
    (members, occasions)
}

/// Has a person leave three questions without an answer from this date on, after which they are asked last for a quarter of the year.
fn falls_silent(occasions: &mut [Occasion], member: &UserId, from: usize) {
    let year = occasions.len();
    let there = occasions.iter_mut().skip(from).filter(|occasion| occasion.available.contains(member));
    for (number, occasion) in there.enumerate().take(QUESTIONS_IN_A_ROW + year / 4) {
        let silences =
            if number < QUESTIONS_IN_A_ROW { &mut occasion.declined } else { &mut occasion.asked_last };
        silences.insert(member.clone());
    }
}

/// The dates at which a member was available, with those that they joined too late for.
fn availability(member: &Member, occasions: &[Occasion]) -> Vec<bool> {
    occasions.iter().map(|occasion| occasion.available.contains(&member.id)).collect()
}

#[test]
fn turns_are_fair_in_ten_thousand_years() {
    let (mut greatest, mut greatest_with_silence) = (0.0_f64, 0.0_f64);
    for seed in 0..10_000 {
        let (members, occasions) = year(seed);
        let rules = Rules { alternate_departments: seed % 2 == 0, seed, ..rules(&[LEAD, SCRIBE]) };
        let rota = assign(&members, &occasions, &rules);
        let silent: BTreeSet<&UserId> =
            occasions.iter().flat_map(|occasion| occasion.declined.union(&occasion.asked_last)).collect();
        let of_year = if silent.is_empty() { &mut greatest } else { &mut greatest_with_silence };
        for turns in &rota.turns {
            *of_year = of_year.max((f64::from(turns.led) - turns.owed).abs());
        }
        assert!(
            greatest <= 2.0 && greatest_with_silence <= 3.0,
            "year {seed}: {greatest}, {greatest_with_silence}"
        );
        let mut equals: BTreeMap<(Option<NaiveDate>, Vec<bool>), Vec<u32>> = BTreeMap::new();
        for (member, turns) in
            members.iter().zip(&rota.turns).filter(|(member, _)| !silent.contains(&member.id))
        {
            equals.entry((member.joined, availability(member, &occasions))).or_default().push(turns.led);
        }
        for led in equals.values() {
            assert!(led.iter().max().unwrap() - led.iter().min().unwrap() <= 1, "year {seed}: {led:?}");
        }
    }
    assert!(greatest > 1.0 && greatest_with_silence > 1.0, "too kind: {greatest}, {greatest_with_silence}");
}

#[test]
fn a_balance_stays_small_all_year() {
    for seed in 0..200 {
        let (members, occasions) = year(seed);
        for until in 1..=occasions.len() {
            let rota = assign(&members, &occasions[..until], &rules(&[LEAD]));
            for turns in rota.turns {
                assert!((f64::from(turns.led) - turns.owed).abs() <= 3.0, "year {seed}, {until}: {turns:?}");
            }
        }
    }
}

proptest! {
    #[test]
    fn duties_are_held_by_different_available_people(seed in any::<u64>(), policy in 0_usize..3) {
        let (members, occasions) = year(seed);
        let policy = [Policy::Fair, Policy::RoundRobin, Policy::Random][policy];
        let rota = assign(&members, &occasions, &Rules { policy, ..rules(&[LEAD, SCRIBE]) });
        let mut has_been = BTreeSet::new();
        for (occasion, duties) in occasions.iter().zip(&rota.duties) {
            prop_assert!(duties.values().all(|id| occasion.available.contains(id)));
            prop_assert_eq!(duties.values().collect::<BTreeSet<_>>().len(), duties.len());
            let could_lead = |member: &&Member| {
                occasion.available.contains(&member.id)
                    && !occasion.declined.contains(&member.id)
                    && (member.joined.is_none() || has_been.contains(&member.id))
            };
            prop_assert_eq!(duties.contains_key(LEAD), members.iter().any(|member| could_lead(&member)));
            if let Some(lead) = duties.get(LEAD) {
                prop_assert!(members.iter().filter(could_lead).any(|member| member.id == *lead));
            }
            prop_assert_eq!(duties.contains_key(SCRIBE), occasion.available.len() > usize::from(duties.contains_key(LEAD)));
            has_been.extend(occasion.available.iter().cloned());
        }
    }

    #[test]
    fn what_is_settled_is_kept(seed in any::<u64>(), until in 0_usize..12) {
        let (members, occasions) = year(seed);
        let first = assign(&members, &occasions, &rules(&[LEAD, SCRIBE]));
        let mut again = occasions.clone();
        for (occasion, duties) in again.iter_mut().zip(&first.duties).take(until) {
            occasion.duties.clone_from(duties);
            occasion.is_over = true;
        }
        prop_assert_eq!(assign(&members, &again, &rules(&[LEAD, SCRIBE])), first);
    }
}

/// The example of `docs/sync.md`.
#[test]
fn the_documented_example_is_true() {
    let mut people = members("Ana Ben Cy Dee");
    people[3].joined = Some(day(3));
    let away = "Ana Ben";
    let occasions = [
        on(0, "Ana Ben Cy"),
        on(1, "Ana Ben Cy"),
        on(2, away),
        on(3, &format!("{away} Dee")),
        on(4, "Ana Ben Cy Dee"),
        on(5, "Ana Ben Cy Dee"),
        on(6, "Ana Ben Cy Dee"),
        on(7, "Ana Ben Cy Dee"),
    ];
    let rota = assign(&people, &occasions, &Rules { seed: 1, ..rules(&[LEAD]) });
    let page = include_str!("../../../../docs/sync.md");
    let rows = page.lines().filter(|line| line.contains(" January |") || line.contains(" February |"));
    let documented: Vec<String> = rows
        .map(|row| row.rsplit("| ").next().unwrap().split([',', ':', ' ']).next().unwrap().to_owned())
        .collect();
    assert_eq!(leads(&rota), documented);
    let led: Vec<u32> = rota.turns.iter().map(|turns| turns.led).collect();
    assert_eq!(led, [3, 2, 2, 1]);
}
