//! What colleagues answer: whether they lead, swap, close a sync or supersede a decision, and what they like.

use chrono::{Datelike as _, Duration};
use rand::{RngExt as _, rngs::StdRng};

use super::{CREW, I_DO_IT, ORGANISER};
use crate::{
    model::clock::Instant,
    ritual::demo::{
        ColleagueAction, Company, FormValue, HeardIn, HeardMessage, ON_NEWS, PlannedAction, REACTION_MINUTES,
        Reaction, in_turn, week_of,
    },
};

/// How many colleagues put an emoji on an announced sync: one of these numbers.
const ON_START: [usize; 4] = [0, 0, 1, 2];
/// Reactions to the start of syncs, and to an announced one.
pub(super) const ON_SYNC: [&str; 4] = ["+1", "wave", "calendar", "muscle"];

/// What one of the decisions says, and what supersedes it after how many days.
const SUPERSEDED: &str = ">Release on Tuesdays\n";
const SUPERSEDES: [(&str, &str); 2] = [
    ("what", "Release on Tuesdays and Thursdays"),
    ("why", "One day a week became a queue, and both days have been calm since we tried"),
];
pub(super) const SUPERSEDED_AFTER_DAYS: i64 = 30;
pub(super) const SUPERSEDE: &str = "Supersede";

/// Notes of colleagues who close a sync.
const NOTES: [&str; 20] = [
    "Short and good. Details are in the document.",
    "We agreed on the first point, and no one objected to the second.",
    "We try it for two weeks, and look again then.",
    "Follow-ups are with the people who asked.",
    "",
    "Ten minutes early. Thank you all for reading before.",
    "The second point needs numbers first; they're promised.",
    "We disagreed, and that helped. The summary is in the document.",
    "One point moved to next time, since half of us had to leave.",
    "Nothing new on the release: it goes out as planned.",
    "Support brought three examples, and they settled it.",
    "We'll ask the customer before we decide.",
    "Both ideas are good. We begin with the smaller one.",
    "The date holds, if the review is done by Thursday.",
    "We looked at the page together. Two words change, no more.",
    "No one had an answer to the last point. Think about it, please.",
    "The old way stays until the new one is measured.",
    "Agreed without much talk. The work is in the tracker.",
    "We heard both teams, and wrote down who does what.",
    "Open: who tells sales. I'll ask.",
];
/// What colleagues who close a sync ask another one for.
const REQUESTS: [&str; 16] = [
    "Write down what we agreed on",
    "Ask the two teams that weren't here",
    "Try it with real data and say how it went",
    "Find a date for the follow-up",
    "Send the numbers round before the next sync",
    "Show the draft to one customer",
    "Look up how long it took last time",
    "Bring two options with their costs",
    "Tell support what changes for them",
    "Check with finance whether it fits the budget",
    "Make a list of what could go wrong",
    "Ask who else has this problem",
    "Clear up the old tickets about it",
    "Measure it once more on the slow machine",
    "Draw the flow on one page",
    "Name somebody who decides it",
];
/// In how many days: more than until they are at work again.
const REQUESTED_DAYS: i64 = 8;
/// How many points a colleague reaches at most.
const MOST_REACHED: usize = 4;

/// The other buttons of people who are asked to lead, those of people who are asked for a swap, and of those who close a sync.
pub(super) const SWAP: &str = "Swap with…";
pub(super) const CANNOT: &str = "Can't this time";
pub(super) const CLOSE: &str = "Close this sync";
pub(super) const TAKES_IT: &str = "Yes, I'll take it";
pub(super) const NO: &str = "No";
/// Of this many colleagues who are asked, how many say yes, and how many no; the others say nothing.
const OF_ASKED: u32 = 10;
const SAY_YES: u32 = 7;
const SAY_NO: u32 = 2;
/// Minutes into a working day at which postponed answers come.
const FIRST_THING: i64 = 20;

pub(super) fn hear(heard: &HeardMessage, company: &Company<'_>, rng: &mut StdRng) -> Option<Vec<Reaction>> {
    if heard.place == HeardIn::Direct {
        return answer(heard, company, rng);
    }
    if heard.place != HeardIn::Channel {
        return None;
    }
    if heard.author.is_none() && heard.text.starts_with("*Decision*") {
        return Some(supersede(heard, company));
    }
    let counts: &[usize] = if heard.first_line().contains(" has started a sync here") {
        &ON_NEWS
    } else if heard.first_line().contains(" It's time for ") {
        &ON_START
    } else {
        return None;
    };
    Some(company.like(heard, company.readers(heard, &[]), counts, &ON_SYNC, rng))
}

/// Has a colleague supersede one of the decisions later on.
fn supersede(heard: &HeardMessage, company: &Company<'_>) -> Vec<Reaction> {
    let is_it = heard.text.contains(SUPERSEDED) && heard.has_button(SUPERSEDE);
    if !is_it || !company.readers(heard, &[]).contains(&ORGANISER) {
        return Vec::new();
    }
    let at = company.colleagues[ORGANISER].at_work_from(heard.at + Duration::days(SUPERSEDED_AFTER_DAYS), 0);
    let fields = SUPERSEDES.map(|(field, words)| (field, FormValue::Text(words.to_owned()))).into();
    let action = ColleagueAction::SendsForm { spot: heard.spot.clone(), button: SUPERSEDE, fields };
    vec![Reaction::Planned(PlannedAction { at, who: ORGANISER, action })]
}

/// What a colleague who closes a sync asks the next one for.
pub(super) fn request(who: usize, company: &Company<'_>) -> Vec<(&'static str, FormValue)> {
    let words = in_turn(&REQUESTS, company.now, who);
    // Whom they ask changes with what they ask for.
    let turn = REQUESTS.iter().position(|one| *one == words).unwrap_or_default();
    let Some(other) = company.colleagues.get((who + 1 + turn % (CREW - 1)) % CREW) else { return Vec::new() };
    let date = (company.now + Duration::days(REQUESTED_DAYS)).date_naive();
    let date = date.iter_days().find(|day| day.weekday().num_days_from_monday() < 5).unwrap_or(date);
    vec![
        ("promised_1", FormValue::Text(words.to_owned())),
        ("promised_1_who", FormValue::Text(format!("@{}", other.handle))),
        ("promised_1_date", FormValue::Text(date.to_string())),
    ]
}

/// Whom a colleague asks for a swap this week: one of all others.
fn partner(who: usize, now: Instant) -> usize {
    (who + 1 + week_of(now) % (CREW - 1)) % CREW
}

/// Has a colleague answer whether they lead, take a turn of another's, or close a sync.
fn answer(heard: &HeardMessage, company: &Company<'_>, rng: &mut StdRng) -> Option<Vec<Reaction>> {
    let is_asked = heard.has_button(I_DO_IT) && heard.has_button(CANNOT);
    let closes = heard.has_button(CLOSE);
    if !is_asked && !closes && !heard.has_button(TAKES_IT) {
        return None;
    }
    let Some(who) = company.readers(heard, &[]).first().copied() else { return Some(Vec::new()) };
    let sends = |button, fields, rng: &mut StdRng| {
        let later = company.now + Duration::minutes(rng.random_range(REACTION_MINUTES));
        let at = company.colleagues[who].at_work_from(later, FIRST_THING);
        let action = ColleagueAction::SendsForm { spot: heard.spot.clone(), button, fields };
        Some(vec![Reaction::Planned(PlannedAction { at, who, action })])
    };
    if closes {
        let reached = FormValue::FirstOptions(rng.random_range(1..=MOST_REACHED));
        let notes = FormValue::Text(in_turn(&NOTES, company.now, who).to_owned());
        let mut fields = vec![("reached", reached), ("notes", notes)];
        fields.extend(request(who, company));
        return sends(CLOSE, fields, rng);
    }
    // Each third colleague would rather lead another time, so that there are swaps, and asks another person each week.
    let other = company.colleagues.get(partner(who, company.now)).filter(|_| who % 3 == 2);
    if let Some(other) = other.filter(|_| heard.has_button(SWAP) && is_asked) {
        return sends(SWAP, vec![("person", FormValue::Text(other.id.clone()))], rng);
    }
    let draw = rng.random_range(0..OF_ASKED);
    let says_yes = draw < SAY_YES;
    if !is_asked {
        let button = if says_yes { TAKES_IT } else { NO };
        let action = ColleagueAction::Presses(heard.spot.clone(), button);
        return Some(vec![Reaction::Answer { who, action }]);
    }
    let button = if says_yes { Some(I_DO_IT) } else { (draw < SAY_YES + SAY_NO).then_some(CANNOT) };
    let later = company.now + Duration::minutes(rng.random_range(REACTION_MINUTES));
    let at = company.colleagues[who].at_work_from(later, FIRST_THING);
    let planned = |button| {
        let action = ColleagueAction::Presses(heard.spot.clone(), button);
        Reaction::Planned(PlannedAction { at, who, action })
    };
    Some(button.map(planned).into_iter().collect())
}
