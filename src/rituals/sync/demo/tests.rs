//! What colleagues do about syncs.

use std::collections::BTreeSet;

use chrono::Datelike as _;
use rand::{SeedableRng as _, rngs::StdRng};

use super::{
    answers::{CANNOT, CLOSE, NO, ON_SYNC, SUPERSEDE, SUPERSEDED_AFTER_DAYS, SWAP, TAKES_IT},
    *,
};
use crate::ritual::demo::{
    Company, FormValue, HeardIn, HeardMessage, Reaction,
    fixtures::{colleagues, heard, sunday_night, undrawn},
};

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
                who: 7, action: ColleagueAction::Presses(_, button), ..
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
    assert!(offers.len() == 100 && count(&offers, TAKES_IT) > count(&offers, NO) && count(&offers, NO) > 0);
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
    let reacts_in = |week: i64, who: usize, buttons: &[&str]| {
        let now = now + Duration::weeks(week);
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
    let reacts = |who, buttons: &[&str]| reacts_in(0, who, buttons);
    let partners: BTreeSet<String> = (0..7)
        .map(|week| match reacts_in(week, 2, &[I_DO_IT, SWAP, CANNOT]) {
            (SWAP, fields) => format!("{fields:?}"),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(partners.len(), 7, "each other one is asked once: {partners:?}");
    assert!(!partners.iter().any(|fields| fields.contains("\"U2\"")), "{partners:?}");
    let (button, fields) = reacts(4, &[CLOSE]);
    let reached = &fields[0];
    assert!(button == CLOSE && matches!(reached, ("reached", FormValue::FirstOptions(1..=4))), "{fields:?}");
    let asked: Vec<_> = fields[2..].iter().map(|(field, value)| (*field, value.clone())).collect();
    let [words, who, date] =
        ["Name somebody who decides it", "@p6", "2026-03-17"].map(|text| FormValue::Text(text.to_owned()));
    assert_eq!(asked, [("promised_1", words), ("promised_1_who", who), ("promised_1_date", date)]);
}

#[test]
fn nobody_asks_for_the_same_again() {
    let colleagues = colleagues(24);
    for who in 0..CREW {
        let mut requests = BTreeSet::new();
        let mut asked = BTreeSet::new();
        for occasion in 0..7 {
            let now = sunday_night() + Duration::days(3 + 14 * occasion);
            let company = Company { colleagues: &colleagues, controlled: &BTreeSet::new(), now };
            let [words, other, date] =
                <[_; 3]>::try_from(answers::request(who, &company)).unwrap().map(|(_, value)| {
                    let FormValue::Text(text) = value else { panic!("{value:?}") };
                    text
                });
            assert_ne!(other, format!("@{}", colleagues[who].handle));
            let date: chrono::NaiveDate = date.parse().unwrap();
            assert!(date.weekday().num_days_from_monday() < 5, "{date}");
            requests.insert(words);
            asked.insert(other);
        }
        assert_eq!(requests.len(), 7, "in three months, by {who}");
        assert!(asked.len() > 2, "{asked:?}");
    }
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
    let offer = |(who, action): &(usize, ColleagueAction)| {
        matches!(action, ColleagueAction::SetsUp { .. }).then_some(*who)
    };
    let days = monday.iter_days().take(7 * 6 * CREW).filter_map(|date| Workday::new(1, date, &colleagues));
    let offered: Vec<usize> = days.flat_map(|workday| day(&workday)).filter_map(|one| offer(&one)).collect();
    assert_eq!(offered.len(), CREW, "every six weeks");
    assert_eq!(offered.iter().collect::<BTreeSet<_>>().len(), CREW, "each of them in turn");
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
