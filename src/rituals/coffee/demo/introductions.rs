//! Introduced colleagues: they greet, agree on a time, meet and say so.

use chrono::{Duration, NaiveDate};
use rand::{RngExt as _, rngs::StdRng, seq::IndexedRandom as _, seq::SliceRandom as _};

use crate::{
    model::clock::Instant,
    ritual::demo::{
        Colleague, ColleagueAction, Company, FIRST_VISITOR, HeardMessage, PlannedAction, Reaction, Spot,
        filled, in_turn, is_working_day,
    },
};

/// The button that confirms a meeting. The question at a round's end has it, too.
pub const MET: &str = "We met";
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
/// Full hours after the start of a working day at which a meeting may begin; the first and last ones for people who are far apart.
const HOURS: std::ops::Range<i64> = -2..11;
/// Of this many groups, how many say that they met, and how many that they have not yet.
const OF_GROUPS: u32 = 10;
const MEET: u32 = 7;
const HAVE_NOT_YET: u32 = 1;
/// Openings between introduced people: `{name}` is the other person, `{when}` a day and a time.
const GREETINGS: [&str; 20] = [
    "Hi {name}! {when}?",
    "Hello {name}, nice to be put together. How about {when}?",
    "Oh, lovely, we hardly ever talk! {when}, with something warm to drink?",
    "Hi {name}! I could do {when}. Does that suit you?",
    "Good to see you here, {name}. {when}, half an hour?",
    "Hello {name}! Shall we say {when}? I like the question.",
    "{name}! I hoped for this one. {when}?",
    "Hi {name}, a walk and a call? I am free {when}.",
    "Hello {name}! My calendar says {when}. What does yours say?",
    "Hi {name}, I have my tea ready. Well, {when} I will have. Would that do?",
    "Hi {name}! We've only ever met in threads. {when}?",
    "Hello {name}! {when} is free on my side. On yours, too?",
    "What luck, {name}! {when} for half an hour?",
    "Hi {name}, I'd love to hear what you're working on. {when}?",
    "Hello {name}! I've put the kettle on my list for {when}. Join me?",
    "Hi {name}! Camera on or off, as you like: {when}?",
    "{name}, at last! Would {when} work?",
    "Hi {name}! {when} looks calm for me. Shall we?",
    "Hello {name}, coffee for me, and for you? {when}?",
    "Hi {name}! I've an answer ready for that question. {when}?",
];
/// Agreement to that.
const AGREED: [&str; 20] = [
    "Perfect, see you then.",
    "Works for me. It is in my calendar.",
    "Yes! And I have an answer to that question already.",
    "Lovely, looking forward to it.",
    "That suits me well. I will send the link.",
    "Gladly. Fair warning: I have many questions about your work.",
    "Yes please. I will bring biscuits, if only for myself.",
    "Good for me! It has been too long.",
    "Very nice. I will be the one with the big cup.",
    "Done, it is a date for coffee.",
    "That works. I've moved my lunch for it.",
    "Yes, gladly. I've blocked the half hour.",
    "Great, I'll call you then.",
    "Good idea. I'll think about the question until then.",
    "Fine with me! Tea here, by the way.",
    "Yes! I've wanted to ask you about your work for a while.",
    "Sounds good. I'll be on time, for once.",
    "Happy to. No agenda, I promise.",
    "Works here, too. See you!",
    "Yes, and thank you for writing first.",
];

/// Returns what follows when people are introduced. A visitor among them is greeted at once.
pub fn hear(heard: &HeardMessage, company: &Company<'_>, rng: &mut StdRng) -> Vec<Reaction> {
    let (colleagues, group) = (company.colleagues, &heard.members);
    let Some(visitor) = group.iter().copied().find(|who| company.controlled.contains(who)) else {
        let planned = dialogue(colleagues, group, &heard.spot, company.now, rng);
        return planned.into_iter().map(Reaction::Planned).collect();
    };
    let Some(who) = company.nearest(company.readers(heard, &[]), rng).first().copied() else {
        return Vec::new();
    };
    let others = group.iter().copied().filter(|other| *other != who && *other != visitor);
    let group: Vec<usize> = [who, visitor].into_iter().chain(others).collect();
    let meeting = meeting(colleagues, &group, company.now, rng);
    vec![Reaction::Answer { who, action: greeting(colleagues, &group, &heard.spot, (company.now, meeting)) }]
}

/// Returns what follows in a group of colleagues, each in their own working hours.
fn dialogue(
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
        PlannedAction { at: greets, who: first, action: greeting(colleagues, &group, spot, (now, meeting)) },
        PlannedAction {
            at: agrees,
            who: second,
            action: ColleagueAction::Says(spot.place.clone(), in_turn(&AGREED, now, second).to_owned()),
        },
    ];
    let draw = rng.random_range(0..OF_GROUPS);
    let button = if draw < MEET { Some(MET) } else { (draw < MEET + HAVE_NOT_YET).then_some(NOT_YET) };
    // A visitor finds an introduction that waits for their answer.
    if let Some(button) = button.filter(|_| !group.contains(&FIRST_VISITOR)) {
        planned.push(PlannedAction {
            at: says_so,
            who: second,
            action: ColleagueAction::Presses(spot.clone(), button),
        });
    }
    planned
}

/// Returns the first member's proposal of when to meet.
fn greeting(
    colleagues: &[Colleague],
    group: &[usize],
    spot: &Spot,
    (now, meeting): (Instant, Instant),
) -> ColleagueAction {
    let [first, others @ ..] = group else {
        return ColleagueAction::Says(spot.place.clone(), String::new());
    };
    let greeter = &colleagues[*first];
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
    ColleagueAction::Says(spot.place.clone(), filled(in_turn(&GREETINGS, now, *first), name, &when))
}

/// Returns a full hour on one of the next working days that is least far from the working hours of each of a group.
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
    let is_at_work = |who: usize, at: Instant| colleagues[who].is_at_work(at);
    let off = |who: usize, at: Instant| {
        let near = |hours: i64| [hours, -hours].iter().any(|by| is_at_work(who, at + Duration::hours(*by)));
        (0..12).find(|hours| near(*hours)).unwrap_or(12)
    };
    let strain = |at: &Instant| {
        let each = group.iter().map(|who| off(*who, *at));
        (each.clone().max(), each.sum::<i64>())
    };
    let least = hours.clone().map(|at| strain(&at)).min();
    let best: Vec<Instant> = hours.filter(|at| Some(strain(at)) == least).collect();
    best.choose(rng).copied().unwrap_or(after)
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng as _;

    use super::*;
    use crate::ritual::demo::fixtures::{colleagues, sunday_night};

    #[test]
    fn no_one_meets_at_night() {
        let colleagues = colleagues(4);
        for seed in 0..50 {
            let mut rng = StdRng::seed_from_u64(seed);
            for group in [[0, 1], [1, 3], [2, 3], [3, 2]] {
                let at = meeting(&colleagues, &group, sunday_night(), &mut rng);
                assert!(group.iter().all(|who| colleagues[*who].is_awake(at)), "{group:?}: {at}");
            }
        }
    }
}
