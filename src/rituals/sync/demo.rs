//! Syncs in the demo: the steps of the card, and colleagues who start one, answer whether they lead, swap, put points on the agenda,
//! close syncs, and like what is announced.

use chrono::Duration;
use rand::{RngExt as _, rngs::StdRng};

use crate::{
    model::clock::Instant,
    ritual::demo::{
        Colleague, ColleagueAction, Company, Demo, DemoStep, FormValue, HeardIn, HeardMessage, ON_NEWS,
        PlannedAction, REACTION_MINUTES, Reaction, StepTick, Workday, one_of,
    },
};

/// The part of syncs in the demo.
pub const DEMO: Demo = Demo { order: 4, weeks: WEEKS, steps: &STEPS, begin, day, hear };

const STEPS: [DemoStep; 13] = [
    DemoStep {
        title: "Look at the agenda",
        hint: "In #cross-team, type: /sync agenda",
        ticked_by: StepTick::Sends("/sync agenda", "Agenda of"),
    },
    DemoStep {
        title: "Put a point on the agenda",
        hint: "In #cross-team, type: /sync add Who's on call in May?",
        ticked_by: StepTick::Sends("/sync add", "is on the agenda of"),
    },
    DemoStep {
        title: "Save a message for the sync",
        hint: "In #general, point at a message of a colleague, choose Save for… in its menu, then the next sync, and press Save.",
        ticked_by: StepTick::Presses("Save", "is on the agenda of"),
    },
    DemoStep {
        title: "See who leads next",
        hint: "In #cross-team, type: /sync next",
        ticked_by: StepTick::Sends("/sync next", "Next turns of"),
    },
    DemoStep {
        title: "Offer to lead",
        hint: "Press I'll do it under the answer. Colleagues are asked by DM, and answer in their working hours.",
        ticked_by: StepTick::Presses(I_DO_IT, "You lead"),
    },
    DemoStep {
        title: "Swap your turn",
        hint: "Open Rondo on the left, press Swap with… under its newest message, choose Chiara Haddad, and press Ask them.",
        ticked_by: StepTick::Presses("Ask them", "I've asked"),
    },
    DemoStep {
        title: "Write down a decision",
        hint: "In #cross-team, type: /sync decide Use Postgres because two teams know it (a form opens)",
        ticked_by: StepTick::Sends("/sync decide", "Record a decision"),
    },
    DemoStep {
        title: "Record the decision",
        hint: "Press Record in the form.",
        ticked_by: StepTick::Presses("Record", "Decision* by"),
    },
    DemoStep {
        title: "Lead a sync",
        hint: "In #cross-team, press Next in the header until a sync is announced, and press I'll take over.",
        ticked_by: StepTick::Presses("I'll take over", "You lead this sync now"),
    },
    DemoStep {
        title: "Close the sync",
        hint: "In #cross-team, type: /sync close (a form opens)",
        ticked_by: StepTick::Sends("/sync close", "What did you reach?"),
    },
    DemoStep {
        title: "Say what you reached",
        hint: "Tick a point in the form, and press Close. The thread of the sync gets a summary.",
        ticked_by: StepTick::Presses("Close", "has closed this sync"),
    },
    DemoStep {
        title: "Set up your own",
        hint: "In #general, type: /sync (a form opens)",
        ticked_by: StepTick::Sends("/sync", "Set up a sync"),
    },
    DemoStep {
        title: "Start the sync",
        hint: "Write every Monday at 15:00 into When, press Preview, and then press Start.",
        ticked_by: StepTick::Presses("Start", "has started a sync here"),
    },
];

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
/// How many colleagues put an emoji on an announced sync: one of these numbers.
const ON_START: [usize; 4] = [0, 0, 1, 2];
/// Reactions to the start of syncs, and to an announced one.
const ON_SYNC: [&str; 4] = ["+1", "wave", "calendar", "muscle"];

/// The decisions of the company: after how many days, by which colleague, and as they type them.
const DECISIONS: [(i64, usize, &str); 3] = [
    (9, ORGANISER, "/sync decide Write a page before we build because reviews found the same gaps twice"),
    (20, AWAY, "/sync decide Release on Tuesdays because Fridays cost us two weekends"),
    (58, ORGANISER, "/sync decide Use Postgres for bookings because two teams know it"),
];
/// What one of them says, and what supersedes it after how many days.
const SUPERSEDED: &str = ">Release on Tuesdays\n";
const SUPERSEDES: [(&str, &str); 2] = [
    ("what", "Release on Tuesdays and Thursdays"),
    ("why", "One day a week became a queue, and both days have been calm since we tried"),
];
const SUPERSEDED_AFTER_DAYS: i64 = 30;
const SUPERSEDE: &str = "Supersede";

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
    "Who's on call over the holidays?",
    "The new onboarding: what did the last two hires miss?",
    "Support sees more questions about exports. Anything planned?",
    "Demo of the search filters (5 minutes)",
    "Can sales have the roadmap a week before customers do?",
    "Do we still need the Thursday meeting?",
    "Office plants: who waters them in May?",
    "The outage of last week: what we changed",
    "Which metrics do we show on the big screen?",
    "Budget for the team day",
    "Design review: who looks at the settings page?",
    "Feedback from the trade fair",
    "Please write down decisions where all of us find them",
    "Naming: is it a project or a workspace?",
];
const POINT_DAYS: usize = 50;
/// Once in this many working days a colleague offers to lead.
const OFFER_DAYS: usize = 15;
/// Notes of colleagues who close a sync.
const NOTES: [&str; 5] = [
    "Short and good. Details are in the document.",
    "We agreed on the first point, and no one objected to the second.",
    "Decision: we try it for two weeks.",
    "Follow-ups are with the people who asked.",
    "",
];
/// What colleagues who close a sync ask the next one for, and in how many days: more than until they are at work again.
const REQUESTS: [(&str, i64); 4] = [
    ("Write down what we agreed on", 7),
    ("Ask the two teams that weren't here", 9),
    ("Try it with real data and say how it went", 10),
    ("Find a date for the follow-up", 8),
];
/// How many points a colleague reaches at most.
const MOST_REACHED: usize = 4;

fn day(day: &Workday<'_>) -> Vec<(usize, ColleagueAction)> {
    let crew = CREW.min(day.colleagues.len());
    if crew <= ORGANISER {
        return Vec::new();
    }
    let mut rng = day.rng();
    let points = day.share(POINTS.to_vec(), POINT_DAYS).into_iter();
    let says = |point| ColleagueAction::Says(PLACE.to_owned(), format!("/sync add {point}"));
    let offers = day.share(vec![()], OFFER_DAYS).into_iter().map(|()| ColleagueAction::SetsUp {
        place: PLACE,
        command: "/sync next",
        preview: "Next turns of",
        button: I_DO_IT,
    });
    points.map(says).chain(offers).map(|action| (rng.random_range(0..crew), action)).collect()
}

/// The buttons of people who are asked to lead, of those who are asked for a swap, and of those who close a sync.
const I_DO_IT: &str = "I'll do it";
const SWAP: &str = "Swap with…";
const CANNOT: &str = "Can't this time";
const CLOSE: &str = "Close this sync";
const TAKES_IT: &str = "Yes, I'll take it";
const NO: &str = "No";
/// Of this many colleagues who are asked, how many say yes, and how many no; the others say nothing.
const OF_ASKED: u32 = 10;
const SAY_YES: u32 = 7;
const SAY_NO: u32 = 2;
/// Minutes into a working day at which postponed answers come.
const FIRST_THING: i64 = 20;

fn hear(heard: &HeardMessage, company: &Company<'_>, rng: &mut StdRng) -> Option<Vec<Reaction>> {
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
fn request(who: usize, company: &Company<'_>) -> Vec<(&'static str, FormValue)> {
    let Some(other) = company.colleagues.get((who + 1) % CREW) else { return Vec::new() };
    let (words, days) = REQUESTS[who % REQUESTS.len()];
    let date = (company.now + Duration::days(days)).date_naive();
    vec![
        ("promised_1", FormValue::Text(words.to_owned())),
        ("promised_1_who", FormValue::Text(format!("@{}", other.handle))),
        ("promised_1_date", FormValue::Text(date.to_string())),
    ]
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
        let notes = FormValue::Text(one_of(&NOTES, rng).to_owned());
        let mut fields = vec![("reached", reached), ("notes", notes)];
        fields.extend(request(who, company));
        return sends(CLOSE, fields, rng);
    }
    // Each third colleague would rather lead another time, so that there are swaps.
    let other = company.colleagues.get((who + 1) % CREW).filter(|_| who % 3 == 2);
    if let Some(other) = other.filter(|_| heard.has_button(SWAP) && is_asked) {
        return sends(SWAP, vec![("person", FormValue::Text(format!("@{}", other.handle)))], rng);
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use rand::SeedableRng as _;

    use super::*;
    use crate::ritual::demo::fixtures::{colleagues, heard, sunday_night, undrawn};

    fn reacts(text: &str, seed: u64) -> Option<Vec<Reaction>> {
        let (colleagues, controlled) = (colleagues(24), BTreeSet::from([1]));
        // Monday, 12:00 UTC.
        let now = sunday_night() + chrono::Duration::minutes(33 * 60 + 30);
        let company = Company { colleagues: &colleagues, controlled: &controlled, now };
        hear(&heard(now, text, None), &company, &mut StdRng::seed_from_u64(seed))
    }

    #[test]
    fn colleagues_like_an_announced_sync() {
        let liked =
            (0..20).map(|seed| reacts(":speech_balloon: It's time for the sync: 30 minutes.", seed).unwrap());
        let counts: BTreeSet<usize> = liked.map(|reactions| reactions.len()).collect();
        assert_eq!(counts, [0, 1, 2].into());
        assert!(reacts(":speech_balloon: <@U1> has started a sync here: weekly", 1).is_some());
    }

    #[test]
    fn colleagues_answer_whether_they_lead() {
        let (colleagues, nobody) = (colleagues(24), BTreeSet::new());
        let now = sunday_night() + Duration::minutes(33 * 60 + 30);
        let asked = |buttons: &[&str], controlled: &BTreeSet<usize>, seed| {
            let company = Company { colleagues: &colleagues, controlled, now };
            let buttons = buttons.iter().map(|label| (*label).to_owned()).collect();
            let heard = HeardMessage {
                place: HeardIn::Direct,
                members: vec![7],
                buttons,
                ..heard(now, "Will you?", None)
            };
            hear(&heard, &company, &mut StdRng::seed_from_u64(seed))
        };
        let pressed = |buttons: &[&str]| -> Vec<&str> {
            let all = (0..100).flat_map(|seed| asked(buttons, &nobody, seed).unwrap());
            all.map(|reaction| match reaction {
                Reaction::Planned(PlannedAction {
                    who: 7,
                    action: ColleagueAction::Presses(_, button),
                    ..
                })
                | Reaction::Answer { who: 7, action: ColleagueAction::Presses(_, button) } => button,
                other => panic!("{other:?}"),
            })
            .collect()
        };
        let count = |all: &[&str], label: &str| all.iter().filter(|button| **button == label).count();
        let asks = pressed(&[I_DO_IT, "Swap with…", CANNOT]);
        assert!(asks.len() < 100 && count(&asks, I_DO_IT) > count(&asks, CANNOT) && count(&asks, CANNOT) > 0);
        let offers = pressed(&[TAKES_IT, NO]);
        assert!(
            offers.len() == 100 && count(&offers, TAKES_IT) > count(&offers, NO) && count(&offers, NO) > 0
        );
        assert_eq!(
            asked(&[I_DO_IT, CANNOT], &BTreeSet::from([7]), 1),
            Some(Vec::new()),
            "a visitor answers themselves"
        );
        assert_eq!(asked(&[I_DO_IT], &nobody, 1), None);
    }

    #[test]
    fn some_colleagues_swap_and_all_close() {
        let colleagues = colleagues(24);
        let now = sunday_night() + Duration::minutes(33 * 60 + 30);
        let reacts = |who: usize, buttons: &[&str]| {
            let company = Company { colleagues: &colleagues, controlled: &BTreeSet::new(), now };
            let buttons = buttons.iter().map(|label| (*label).to_owned()).collect();
            let place = HeardIn::Direct;
            let heard = HeardMessage { place, members: vec![who], buttons, ..heard(now, "Will you?", None) };
            match &hear(&heard, &company, &mut StdRng::seed_from_u64(1)).unwrap()[..] {
                [
                    Reaction::Planned(PlannedAction {
                        action: ColleagueAction::SendsForm { button, fields, .. },
                        ..
                    }),
                ] => (*button, fields.clone()),
                other => panic!("{other:?}"),
            }
        };
        let (button, fields) = reacts(2, &[I_DO_IT, SWAP, CANNOT]);
        assert_eq!((button, fields), (SWAP, vec![("person", FormValue::Text("@p3".to_owned()))]));
        let (button, fields) = reacts(4, &[CLOSE]);
        let reached = &fields[0];
        assert!(
            button == CLOSE && matches!(reached, ("reached", FormValue::FirstOptions(1..=4))),
            "{fields:?}"
        );
        let asked: Vec<_> = fields[2..].iter().map(|(field, value)| (*field, value.clone())).collect();
        let [words, who, date] = ["Write down what we agreed on", "@p5", "2026-03-16"]
            .map(|text| FormValue::Text(text.to_owned()));
        assert_eq!(asked, [("promised_1", words), ("promised_1_who", who), ("promised_1_date", date)]);
    }

    #[test]
    fn points_come_again_and_again() {
        let colleagues = colleagues(24);
        let monday = sunday_night().date_naive() + Duration::days(1);
        let days = monday.iter_days().take(70).filter_map(|date| Workday::new(1, date, &colleagues));
        let planned: Vec<_> = days.flat_map(|workday| day(&workday)).collect();
        let points: BTreeSet<&str> = planned
            .iter()
            .filter_map(|(_, action)| match action {
                ColleagueAction::Says(place, text) if place == PLACE => text.strip_prefix("/sync add "),
                _ => None,
            })
            .collect();
        assert_eq!(points.len(), POINTS.len(), "each once in ten weeks");
        let offers =
            planned.iter().filter(|(_, action)| matches!(action, ColleagueAction::SetsUp { .. })).count();
        assert_eq!(offers, 3);
        assert!(planned.iter().all(|(who, _)| *who < CREW));
        let few = Workday::new(1, monday, &colleagues[..5]).map(|workday| day(&workday));
        assert_eq!(few, Some(Vec::new()), "no sync was started there");
    }

    #[test]
    fn one_of_the_decisions_is_superseded() {
        let (colleagues, controlled) = (colleagues(24), BTreeSet::new());
        let now = sunday_night() + Duration::minutes(33 * 60 + 30);
        let company = Company { colleagues: &colleagues, controlled: &controlled, now };
        let hears = |text: &str| {
            let buttons = vec![SUPERSEDE.to_owned(), "Versions".to_owned()];
            let heard = HeardMessage { members: vec![ORGANISER, AWAY], buttons, ..heard(now, text, None) };
            hear(&heard, &company, &mut StdRng::seed_from_u64(1)).unwrap()
        };
        let planned = hears("*Decision* by <@U1>\n>Release on Tuesdays\n*Why*\n>a");
        let [Reaction::Planned(PlannedAction { who: ORGANISER, at, .. })] = &planned[..] else {
            panic!("{planned:?}")
        };
        assert!(*at >= now + Duration::days(SUPERSEDED_AFTER_DAYS - 1));
        assert_eq!(hears("*Decision* by <@U1>\n>Use Postgres for bookings"), []);
    }

    #[test]
    fn other_messages_are_left_to_others() {
        for text in ["", ":coffee: <@U1> has started coffee chats here: weekly", "Time for tea?"] {
            assert_eq!(reacts(text, 1), None, "{text}");
        }
    }

    #[test]
    fn an_engineer_starts_the_sync() {
        let planned = begin(&colleagues(24), sunday_night());
        let who: Vec<usize> = planned.iter().map(|planned| planned.who).collect();
        assert_eq!(who, [ORGANISER, AWAY, NEWCOMER, ORGANISER, AWAY, ORGANISER]);
        assert!(planned[..3].is_sorted_by_key(|planned| planned.at));
        assert!(planned[3..].is_sorted_by_key(|planned| planned.at));
        assert_eq!(begin(&colleagues(5), sunday_night()), []);
    }

    #[test]
    fn the_page_draws_every_emoji() {
        assert_eq!(undrawn(&ON_SYNC), [""; 0]);
    }
}
