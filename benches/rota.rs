//! Measures how long a year of a weekly sync takes to plan for 50 people, and how far the turns are from what each owes,
//! beside a plain round robin.

mod support {
    pub mod print;
}

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

use chrono::{Days, NaiveDate};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use rondo::{
    model::people::UserId,
    rituals::sync::plan::{Member, Occasion, Policy, Rota, Rules, assign},
};

use crate::support::print::say;

const PEOPLE: usize = 50;
const DATES: usize = 52;
const YEARS: u64 = 101;

fn main() {
    say(&format!("rota: {DATES} dates, {PEOPLE} people who are there 80 % of the time, {YEARS} years"));
    for (name, policy) in [("fair turns", Policy::Fair), ("plain round robin", Policy::RoundRobin)] {
        let mut took = Vec::new();
        let mut furthest = 0.0_f64;
        for seed in 0..YEARS {
            let (members, occasions) = year(seed);
            let rules = Rules {
                roles: vec!["facilitator".to_owned(), "scribe".to_owned()],
                policy,
                alternate_departments: true,
                seed,
            };
            let began = Instant::now();
            let rota = assign(&members, &occasions, &rules);
            took.push(began.elapsed());
            furthest = furthest.max(furthest_off(&rota));
        }
        took.sort_unstable();
        let (median, worst) = (took[took.len() / 2], took[took.len() - 1]);
        let ms = |time: Duration| time.as_secs_f64() * 1_000.0;
        say(&format!(
            "  {name:18} median {:.2} ms, worst {:.2} ms; furthest from what a person owes: {furthest:.2} turns",
            ms(median),
            ms(worst)
        ));
    }
}

fn furthest_off(rota: &Rota) -> f64 {
    rota.turns.iter().map(|turns| (f64::from(turns.led) - turns.owed).abs()).fold(0.0, f64::max)
}

fn year(seed: u64) -> (Vec<Member>, Vec<Occasion>) {
    let mut random = StdRng::seed_from_u64(seed);
    let members: Vec<Member> = (0..PEOPLE)
        .map(|number| Member {
            id: UserId(format!("U{number:02}")),
            department: Some(format!("D{}", number % 6)),
            joined: None,
            busy: Vec::new(),
            booked: Vec::new(),
        })
        .collect();
    let first = NaiveDate::default();
    let occasions = (0..DATES).map(|week| Occasion {
        date: first + Days::new(7 * week as u64),
        available: members
            .iter()
            .filter(|_| random.random_bool(0.8))
            .map(|member| member.id.clone())
            .collect(),
        declined: BTreeSet::new(),
        asked_last: BTreeSet::new(),
        busy: BTreeSet::new(),
        at_night: BTreeSet::new(),
        declined_notes: BTreeSet::new(),
        duties: BTreeMap::new(),
        is_over: false,
    });
    let occasions = occasions.collect();
    (members, occasions)
}
