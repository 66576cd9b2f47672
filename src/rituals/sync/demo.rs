//! Syncs in the demo: the steps of the card, and colleagues who start one, answer whether they lead, swap, put points on the agenda,
//! close syncs, and like what is announced.

mod answers;
mod steps;

use chrono::Duration;
use rand::RngExt as _;

use self::{
    answers::hear,
    steps::{FIRST_STEPS, STEPS},
};
use crate::{
    model::clock::Instant,
    ritual::demo::{Colleague, ColleagueAction, Demo, PlannedAction, Workday},
};

/// The part of syncs in the demo.
pub const DEMO: Demo =
    Demo { order: 4, weeks: WEEKS, steps: &STEPS, first_steps: &FIRST_STEPS, begin, day, hear };

/// The button of people who lead.
const I_DO_IT: &str = "I'll do it";
/// How many weeks the company has had its sync: six or seven times.
const WEEKS: i64 = 13;
/// The channel in which people of all departments meet.
const PLACE: &str = "#cross-team";
/// How many colleagues meet there from the beginning: the first ones.
const CREW: usize = 8;
/// The index of the colleague who starts the sync. They are an engineer.
const ORGANISER: usize = 5;
/// The index of a colleague who comes later, and after how many days.
const NEWCOMER: usize = 8;
const NEWCOMER_DAYS: i64 = 49;
/// The index of a colleague who is away once, after how many days, and for how many.
const AWAY: usize = 6;
const AWAY_AFTER_DAYS: i64 = 28;
const AWAY_DAYS: i64 = 16;
/// The decisions of the company: after how many days, by which colleague, and as they type them.
const DECISIONS: [(i64, usize, &str); 3] = [
    (9, ORGANISER, "/sync decide Write a page before we build because reviews found the same gaps twice"),
    (20, AWAY, "/sync decide Release on Tuesdays because Fridays cost us two weekends"),
    (58, ORGANISER, "/sync decide Use Postgres for bookings because two teams know it"),
];
fn begin(colleagues: &[Colleague], now: Instant) -> Vec<PlannedAction> {
    let away_from = now + Duration::days(AWAY_AFTER_DAYS);
    let back = (away_from + Duration::days(AWAY_DAYS)).date_naive();
    let starts = ColleagueAction::SetsUp {
        place: PLACE,
        command: "/sync start every 2 weeks on Wednesday at 14:00",
        preview: "Syncs in this channel",
        button: "Start",
    };
    let goes_away = ColleagueAction::Says(PLACE.to_owned(), format!("/sync away until {back}"));
    let comes = now + Duration::days(NEWCOMER_DAYS);
    let decides = DECISIONS.map(|(days, who, command)| {
        (
            who,
            now + Duration::days(days),
            ColleagueAction::SendsTyped { place: PLACE, command, fields: Vec::new() },
        )
    });
    [
        (ORGANISER, now, starts),
        (AWAY, away_from, goes_away),
        (NEWCOMER, comes, ColleagueAction::Joins("cross-team")),
    ]
    .into_iter()
    .chain(decides)
    .filter_map(|(who, from, action)| {
        Some(PlannedAction { at: colleagues.get(who)?.at_work_from(from, 0), who, action })
    })
    .collect()
}

/// Points that colleagues put on the agenda, and the number of working days in which each comes once.
const POINTS: [&str; 14] = [
    "Who's on call next month?",
    "The new onboarding: what did the last two hires miss?",
    "Support sees more questions about exports. Anything planned?",
    "Demo of the search filters (5 minutes)",
    "Can sales have the roadmap a week before customers do?",
    "Do we still need the Thursday meeting?",
    "Office plants: who waters them this month?",
    "The outage of last week: what we changed",
    "Which metrics do we show on the big screen?",
    "Budget for the team day",
    "Design review: who looks at the settings page?",
    "Feedback from the trade fair",
    "Please write down decisions where all of us find them",
    "Naming: is it a project or a workspace?",
];
const POINT_DAYS: usize = 50;
/// Once in this many working days a colleague offers to lead: each of them in turn, so that no one leads again and again.
const OFFER_DAYS: usize = 30;
fn day(day: &Workday<'_>) -> Vec<(usize, ColleagueAction)> {
    let crew = CREW.min(day.colleagues.len());
    if crew <= ORGANISER {
        return Vec::new();
    }
    let mut rng = day.rng();
    let points = day.share(POINTS.to_vec(), POINT_DAYS).into_iter();
    let says = |point| ColleagueAction::Says(PLACE.to_owned(), format!("/sync add {point}"));
    let offers = ColleagueAction::SetsUp {
        place: PLACE,
        command: "/sync next",
        preview: "Next turns of",
        button: I_DO_IT,
    };
    let points: Vec<_> = points.map(|point| (rng.random_range(0..crew), says(point))).collect();
    let who_offers = day.share((0..crew).collect(), crew * OFFER_DAYS);
    points.into_iter().chain(who_offers.into_iter().map(|who| (who, offers.clone()))).collect()
}

#[cfg(test)]
mod tests;
