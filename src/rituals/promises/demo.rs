//! Promises in the demo: the steps of the card, and colleagues who promise things, ask each other and keep most of them.

use chrono::Duration;
use rand::{RngExt as _, rngs::StdRng};

use crate::ritual::demo::{
    ColleagueAction, Company, Demo, DemoStep, HeardIn, HeardMessage, PlannedAction, REACTION_MINUTES,
    Reaction, StepTick, Workday,
};

/// The part of promises in the demo.
pub const DEMO: Demo =
    Demo { order: 5, weeks: WEEKS, steps: &STEPS, first_steps: &STEPS, day, hear, ..Demo::QUIET };

const STEPS: [DemoStep; 4] = [
    DemoStep {
        title: "Promise something",
        hint: "In #general, type: /promise write up the customer call by Friday",
        ticked_by: StepTick::Sends("/promise", "Promised for"),
        forms: &[],
    },
    DemoStep {
        title: "See what waits for you",
        hint: "In #general, type: /promise mine",
        ticked_by: StepTick::Sends("/promise mine", "What waits for you"),
        forms: &[],
    },
    DemoStep {
        title: "Move a promise",
        hint: "In #general, type: /promise mine (choose Next week in the menu Later… under your promise)",
        ticked_by: StepTick::PressesOrSends(
            &["Tomorrow", "In three days", "Next week", "Move"],
            "/promise move",
            "Moved to ",
        ),
        forms: &[],
    },
    DemoStep {
        title: "Keep it",
        hint: "In #general, type: /promise mine (press Done under your promise)",
        ticked_by: StepTick::PressesOrSends(&["Done"], "/promise done", "Done, thank you"),
        forms: &[],
    },
];

/// How many weeks the company has made promises.
const WEEKS: i64 = 13;
/// The number of working days in which each of these is promised once: thirteen weeks, as long as the history.
const PROMISE_DAYS: usize = 65;
/// Who promises what in which channel by when; the second person is asked, if there is one.
const PROMISES: [(usize, Option<usize>, &str, &str); 32] = [
    (0, None, "engineering", "write down how we roll back by Friday"),
    (5, Some(10), "engineering", "look at the slow query by next week"),
    (2, None, "sales", "send the offer to the museum tomorrow"),
    (7, Some(17), "sales", "check the numbers of the quarter by Friday at 15:00"),
    (3, None, "support", "answer the three oldest tickets by tomorrow"),
    (8, Some(13), "support", "draft the reply template by Friday"),
    (6, Some(11), "design", "try the new icons in dark mode by next week"),
    (16, None, "design", "tidy the shared library in 3 days"),
    (14, Some(19), "general", "find a room for the offsite by Friday"),
    (9, None, "general", "collect the lunch orders by tomorrow"),
    (4, Some(0), "general", "explain the outage in five lines by Friday"),
    (12, None, "general", "water the plants on the second floor tomorrow"),
    (20, Some(15), "engineering", "pair on the flaky test by Friday"),
    (21, Some(6), "design", "show the empty screens to three users by next week"),
    (1, Some(22), "general", "practise the pitch with me by Friday"),
    (23, None, "support", "write the handover for the next shift in 3 days"),
    (10, None, "engineering", "delete the old feature flags by next week"),
    (15, Some(5), "engineering", "read my notes on the new queue by Friday"),
    (20, None, "engineering", "answer the security questions of the customer tomorrow"),
    (0, Some(20), "engineering", "try the upgrade on the test machine by next week"),
    (2, Some(22), "sales", "invite the three customers to the workshop by Friday"),
    (12, None, "sales", "shorten the price page in 3 days"),
    (17, None, "sales", "call the customer with the cat by tomorrow"),
    (3, Some(18), "support", "collect the five most frequent questions by Friday"),
    (13, None, "support", "record the short film about exports by next week"),
    (18, Some(8), "support", "listen to one call together with me by Friday at 15:00"),
    (1, None, "design", "draw the page for errors in 3 days"),
    (11, Some(16), "design", "check the contrast of all buttons by next week"),
    (6, None, "design", "write to the people of the last test tomorrow"),
    (4, None, "general", "order the new chairs by Friday"),
    (19, Some(14), "general", "update the phone list by tomorrow"),
    (9, Some(4), "general", "compare the two offers for the team day by next week"),
];

/// The buttons of people who are asked, and of those who are reminded.
const I_DO_IT: &str = "I'll do it";
const ANOTHER_DATE: &str = "Another date";
const DONE: &str = "Done";
const NEED_HELP: &str = "Need help";
/// Of this many colleagues who are asked or reminded, how many say yes; the others say nothing.
const OF_ASKED: u32 = 10;
const SAY_YES: u32 = 9;
/// Minutes into a working day at which postponed answers come.
const FIRST_THING: i64 = 40;

fn day(day: &Workday<'_>) -> Vec<(usize, ColleagueAction)> {
    let colleagues = day.colleagues;
    let works_here = |(who, asked, ..): &&(usize, Option<usize>, &str, &str)| {
        (*who).max(asked.unwrap_or_default()) < colleagues.len()
    };
    let typed = |(who, asked, channel, words): &(usize, Option<usize>, &str, &str)| {
        let asked = asked.map(|asked| format!("@{} ", colleagues[asked].handle)).unwrap_or_default();
        (*who, ColleagueAction::Says(format!("#{channel}"), format!("/promise {asked}{words}")))
    };
    day.share(PROMISES.iter().filter(works_here).collect(), PROMISE_DAYS).into_iter().map(typed).collect()
}

/// Has a colleague say yes to a promise, or that it is done, in their working hours.
fn hear(heard: &HeardMessage, company: &Company<'_>, rng: &mut StdRng) -> Option<Vec<Reaction>> {
    let button = match heard.place {
        HeardIn::Direct if heard.has_button(I_DO_IT) && heard.has_button(ANOTHER_DATE) => I_DO_IT,
        HeardIn::Direct if heard.has_button(DONE) && heard.has_button(NEED_HELP) => DONE,
        _ => return None,
    };
    let Some(who) = company.readers(heard, &[]).first().copied() else { return Some(Vec::new()) };
    if rng.random_range(0..OF_ASKED) >= SAY_YES {
        return Some(Vec::new());
    }
    let later = company.now + Duration::minutes(rng.random_range(REACTION_MINUTES));
    let at = company.colleagues[who].at_work_from(later, FIRST_THING);
    // A reminder of several promises has the button for each of them; one that was pressed is gone.
    let presses = heard.buttons.iter().filter(|label| *label == button).enumerate();
    let press = |(number, _): (usize, &String)| {
        let at = at + Duration::minutes(i64::try_from(number).unwrap_or_default());
        let action = ColleagueAction::Presses(heard.spot.clone(), button);
        Reaction::Planned(PlannedAction { at, who, action })
    };
    Some(presses.map(press).collect())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use chrono_tz::Tz;
    use rand::SeedableRng as _;

    use super::*;
    use crate::{
        common::promises::when::{self, Wall},
        model::text::has_visible_text,
        ritual::demo::fixtures::{colleagues, heard, sunday_night},
        rituals::promises::request::{Request, parse},
    };

    #[test]
    fn colleagues_answer_and_keep_most_promises() {
        let (colleagues, no_one) = (colleagues(24), BTreeSet::new());
        // Monday, 12:00 UTC.
        let now = sunday_night() + Duration::minutes(33 * 60 + 30);
        let reacts = |buttons: &[&str], controlled: &BTreeSet<usize>, seed| {
            let company = Company { colleagues: &colleagues, controlled, now };
            let buttons = buttons.iter().map(|label| (*label).to_owned()).collect();
            let heard =
                HeardMessage { place: HeardIn::Direct, members: vec![7], buttons, ..heard(now, "", None) };
            hear(&heard, &company, &mut StdRng::seed_from_u64(seed))
        };
        for (buttons, pressed) in [(&[I_DO_IT, ANOTHER_DATE], I_DO_IT), (&[DONE, NEED_HELP], DONE)] {
            let all: Vec<Reaction> =
                (0..100).flat_map(|seed| reacts(buttons, &no_one, seed).unwrap()).collect();
            assert!((75..100).contains(&all.len()), "{}", all.len());
            let presses = |reaction: &Reaction| {
                matches!(reaction, Reaction::Planned(PlannedAction { who: 7, action: ColleagueAction::Presses(_, button), .. })
                    if *button == pressed)
            };
            assert!(all.iter().all(presses));
            let visitor = reacts(buttons, &BTreeSet::from([7]), 1);
            assert_eq!(visitor, Some(Vec::new()), "a visitor answers themselves");
        }
        let several = (0..100).find_map(|seed| {
            reacts(&[DONE, NEED_HELP, DONE, NEED_HELP], &no_one, seed).filter(|all| !all.is_empty())
        });
        assert_eq!(several.map(|all| all.len()), Some(2), "each of several is done");
        assert_eq!(reacts(&[I_DO_IT], &no_one, 1), None);
    }

    #[test]
    fn each_promise_has_words_and_a_date() {
        let now = Wall::new("2026-12-02T10:30:00Z".parse().unwrap(), Tz::UTC);
        for (who, asked, _, words) in PROMISES {
            assert!(who < 24 && asked != Some(who), "{words}");
            let Ok(Request::Promise(draft)) = parse(words) else { panic!("{words}") };
            let (words, due) = when::split(&draft.text, now).unwrap();
            assert!(has_visible_text(&words) && due.is_some(), "{words}");
        }
    }
}
