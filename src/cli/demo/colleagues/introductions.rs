//! Introduced colleagues: they greet, agree on a time, meet and say so.

use chrono::{Duration, NaiveDate};
use rand::{RngExt as _, rngs::StdRng, seq::IndexedRandom as _, seq::SliceRandom as _};

use super::{
    actions::{Colleague, ColleagueAction, PlannedAction, Spot, is_working_day},
    words::{AGREED, GREETINGS, filled},
};
use crate::model::clock::Instant;

/// The button that confirms a meeting. The question at a round's end has it, too.
const MET: &str = "We met";
/// The button that says that they have not met. Only introductions have it.
pub const NOT_YET: &str = "Not yet";
/// Minutes until the first person greets, and from then until the second agrees.
const GREETS: std::ops::Range<i64> = 5..90;
const AGREES: std::ops::Range<i64> = 10..150;
/// Minutes from the meeting until a button is pressed.
const SAYS_SO: std::ops::Range<i64> = 40..300;
/// Minutes into a working day at which postponed actions happen.
const FIRST_THING: std::ops::Range<i64> = 3..50;
/// Number of working days to choose a meeting's day from, starting with the next one.
const DAYS_AHEAD: usize = 3;
/// Full hours after the start of a working day at which a meeting may begin.
const HOURS: std::ops::Range<i64> = 0..8;
/// Of this many groups, how many say that they met, and how many that they have not yet.
const OF_GROUPS: u32 = 10;
const MEET: u32 = 7;
const HAVE_NOT_YET: u32 = 1;

/// Returns what follows in a group of colleagues, each in their own working hours.
pub fn dialogue(
    colleagues: &[Colleague],
    group: &[usize],
    spot: &Spot,
    now: Instant,
    rng: &mut StdRng,
) -> Vec<PlannedAction> {
    let mut group = group.to_vec();
    group.shuffle(rng);
    let [first, second, ..] = group[..] else {
        return Vec::new();
    };
    let mut at_work = |who: usize, from: Instant, minutes: std::ops::Range<i64>| {
        let from = from + Duration::minutes(rng.random_range(minutes));
        colleagues[who].at_work_from(from, rng.random_range(FIRST_THING))
    };
    let greets = at_work(first, now, GREETS);
    let agrees = at_work(second, greets, AGREES);
    let meeting = meeting(colleagues, &group, agrees, rng);
    let says_so = colleagues[second]
        .at_work_from(meeting + Duration::minutes(rng.random_range(SAYS_SO)), rng.random_range(FIRST_THING));
    let mut planned = vec![
        PlannedAction { at: greets, who: first, action: greeting(colleagues, &group, spot, meeting, rng) },
        PlannedAction {
            at: agrees,
            who: second,
            action: ColleagueAction::Says(spot.place.clone(), said(&AGREED, rng)),
        },
    ];
    let fate = rng.random_range(0..OF_GROUPS);
    let button = if fate < MEET { Some(MET) } else { (fate < MEET + HAVE_NOT_YET).then_some(NOT_YET) };
    if let Some(button) = button {
        planned.push(PlannedAction {
            at: says_so,
            who: second,
            action: ColleagueAction::Presses(spot.clone(), button),
        });
    }
    planned
}

/// Returns a colleague's greeting of a visitor.
pub fn welcome(
    colleagues: &[Colleague],
    group: &[usize],
    spot: &Spot,
    now: Instant,
    rng: &mut StdRng,
) -> ColleagueAction {
    let meeting = meeting(colleagues, group, now, rng);
    greeting(colleagues, group, spot, meeting, rng)
}

fn said(texts: &[&str], rng: &mut StdRng) -> String {
    texts.choose(rng).copied().unwrap_or_default().to_owned()
}

/// Returns the first member's proposal of when to meet.
fn greeting(
    colleagues: &[Colleague],
    group: &[usize],
    spot: &Spot,
    meeting: Instant,
    rng: &mut StdRng,
) -> ColleagueAction {
    let [greeter, others @ ..] = group else {
        return ColleagueAction::Says(spot.place.clone(), String::new());
    };
    let greeter = &colleagues[*greeter];
    let own = greeter.time(meeting);
    let elsewhere: Vec<String> = others
        .iter()
        .map(|other| &colleagues[*other])
        .filter(|other| other.time(meeting) != own)
        .map(|other| {
            let name = if others.len() == 1 { "you" } else { other.first };
            format!("{} for {name}", other.time(meeting))
        })
        .collect();
    let mut when = format!("{} at {own}", greeter.day(meeting).format("%A"));
    if !elsewhere.is_empty() {
        when = format!("{when} ({})", elsewhere.join(", "));
    }
    let name = match others {
        [other] => colleagues[*other].first,
        _ => "both",
    };
    ColleagueAction::Says(spot.place.clone(), filled(&said(&GREETINGS, rng), name, &when))
}

/// Returns a full hour on one of the next working days at which most of a group are at work.
fn meeting(colleagues: &[Colleague], group: &[usize], after: Instant, rng: &mut StdRng) -> Instant {
    let Some(greeter) = group.first().map(|first| &colleagues[*first]) else {
        return after;
    };
    let tomorrow = greeter.day(after).succ_opt();
    let days: Vec<NaiveDate> = tomorrow
        .into_iter()
        .flat_map(|tomorrow| tomorrow.iter_days())
        .filter(|day| is_working_day(*day))
        .take(DAYS_AHEAD)
        .collect();
    let Some(day) = days.choose(rng) else {
        return after;
    };
    let hours = HOURS.map(|hour| greeter.at_work(*day, hour * 60));
    let fitting = |at: &Instant| group.iter().filter(|who| colleagues[**who].is_at_work(*at)).count();
    let most = hours.clone().map(|at| fitting(&at)).max();
    let best: Vec<Instant> = hours.filter(|at| Some(fitting(at)) == most).collect();
    best.choose(rng).copied().unwrap_or(after)
}
