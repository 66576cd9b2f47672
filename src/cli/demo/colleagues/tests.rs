//! The plan of the colleagues, without a workspace.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{Datelike as _, Duration, NaiveDate, TimeZone as _, Timelike as _, Utc};

use super::{
    life::{ANSWERS, CompanyLife, MOST_A_DAY, MOST_ANSWERS, greets},
    routine, weeks_of_history, words,
};
use crate::{
    cli::demo::chapters,
    model::clock::Instant,
    ritual::demo::{
        ColleagueAction, HeardIn, HeardMessage, LIVELY_WEEKS, PlannedAction,
        fixtures::{colleagues, heard, sunday_night, undrawn},
    },
    rituals,
};

const WEEKS: i64 = 5;
const VISITOR: usize = 1;

/// A Monday before the clocks change.
fn began() -> Instant {
    Utc.with_ymd_and_hms(2026, 3, 2, 6, 0, 0).unwrap()
}

/// A company of this size with all rituals, whose lively weeks begin now.
fn company(seed: u64, people: usize, now: Instant) -> CompanyLife {
    let demos: Vec<_> = chapters(rituals::ALL).into_iter().map(|(_, demo)| demo).collect();
    let weeks = weeks_of_history(&demos);
    let quiet = Duration::weeks(weeks - LIVELY_WEEKS);
    let mut life = CompanyLife::new(seed, demos, colleagues(people), (now - quiet, weeks));
    life.due(now - Duration::seconds(1));
    life
}

fn introduction(at: Instant, members: &[usize]) -> HeardMessage {
    let place = HeardIn::Group;
    let text = format!("Hello {members:?}, it is {at}");
    HeardMessage {
        place,
        members: members.to_vec(),
        buttons: vec!["Not yet".to_owned()],
        ..heard(at, &text, None)
    }
}

/// Returns the message that an action causes.
fn echo(planned: &PlannedAction) -> Option<HeardMessage> {
    match &planned.action {
        ColleagueAction::Says(_, text) if text.starts_with("/kudos ") => {
            let names: Vec<String> = thanked(text).iter().map(|who| format!("<@U{who}>")).collect();
            let text = format!(":tada: *Person {}* thanks {}\n> …", planned.who, names.join(" and "));
            Some(heard(planned.at, &text, None))
        }
        ColleagueAction::Says(place, text) if place.starts_with('#') => {
            Some(heard(planned.at, text, Some(planned.who)))
        }
        _ => None,
    }
}

/// Returns the indices of the people that a command thanks.
fn thanked(command: &str) -> Vec<usize> {
    let (names, _) = command.split_once(" for ").unwrap();
    names.split("@p").skip(1).map(|name| name.trim().parse().unwrap()).collect()
}

fn is_kudos(action: &ColleagueAction) -> bool {
    matches!(action, ColleagueAction::Says(_, text) if text.starts_with("/kudos "))
}

/// Runs some weeks of a company in which all are introduced in pairs each Tuesday.
fn lived(seed: u64) -> Vec<PlannedAction> {
    let (mut life, end) = (company(seed, 24, began()), began() + Duration::weeks(WEEKS));
    let mut all = Vec::new();
    let mut tuesday = began() + Duration::hours(27);
    while let Some(now) = life.next_at(began()).filter(|now| *now < end) {
        if now > tuesday {
            for pair in 0..12 {
                life.hears(&introduction(tuesday, &[pair, 23 - pair]), tuesday, &BTreeSet::new());
            }
            tuesday += Duration::weeks(1);
            continue;
        }
        for planned in life.due(now) {
            if let Some(heard) = echo(&planned) {
                life.hears(&heard, now, &BTreeSet::new());
            }
            all.push(planned);
        }
        life.next_at(now);
    }
    all
}

/// Returns the actions after a message if a visitor controls one of the colleagues.
fn answers(what: &HeardMessage) -> Vec<PlannedAction> {
    let now = what.at;
    let mut life = company(1, 24, now);
    life.hears(what, now, &BTreeSet::from([VISITOR]));
    let soon = now + Duration::milliseconds(ANSWERS.end);
    let mut answers = Vec::new();
    while let Some(at) = life.next_at(now).filter(|at| *at <= soon) {
        answers.extend(life.due(at));
    }
    assert!(answers.iter().all(|planned| planned.at >= now + Duration::milliseconds(ANSWERS.start)));
    assert!(answers.iter().all(|planned| planned.who != VISITOR), "a controlled person is not simulated");
    answers
}

#[test]
fn the_seed_decides_the_plan() {
    assert_eq!(lived(7), lived(7));
    assert_ne!(lived(7), lived(8));
}

#[test]
fn colleagues_keep_their_working_hours() {
    let colleagues = colleagues(24);
    let mut a_day: HashMap<(usize, NaiveDate), usize> = HashMap::new();
    for PlannedAction { at, who, action } in lived(3) {
        assert!(colleagues[who].is_at_work(at), "{action:?} at {}", colleagues[who].time(at));
        *a_day.entry((who, colleagues[who].day(at))).or_default() += 1;
    }
    // One of them also starts coffee chats.
    assert!(a_day.values().all(|count| *count <= MOST_A_DAY + 1), "{a_day:?}");
}

#[test]
fn a_week_has_all_kinds_of_actions() {
    let all = lived(5);
    let count = |is: fn(&ColleagueAction) -> bool| all.iter().filter(|planned| is(&planned.action)).count();
    let weeks = usize::try_from(WEEKS).unwrap();
    assert!((6 * weeks..=10 * weeks).contains(&count(is_kudos)));
    assert!(
        (15 * weeks..=60 * weeks).contains(&count(|action| matches!(action, ColleagueAction::Reacts(..))))
    );
    let talk = count(
        |action| matches!(action, ColleagueAction::Says(place, text) if place.starts_with('#') && !text.starts_with('/')),
    );
    assert!((8 * weeks..=12 * weeks).contains(&talk));
    let met = count(|action| matches!(action, ColleagueAction::Presses(_, "We met")));
    let not_yet = count(|action| matches!(action, ColleagueAction::Presses(_, "Not yet")));
    assert!((5 * weeks..12 * weeks).contains(&met), "{met}");
    assert!((1..3 * weeks).contains(&not_yet), "{not_yet}");
}

#[test]
fn kudos_do_not_repeat() {
    let mut reasons = BTreeMap::new();
    for PlannedAction { at, who, action } in lived(11) {
        let ColleagueAction::Says(_, text) = &action else { continue };
        if let Some((_, reason)) = text.split_once(" for ").filter(|_| is_kudos(&action)) {
            assert!(!thanked(text).contains(&who) && !thanked(text).is_empty());
            assert_eq!(reasons.insert(reason.to_owned(), at), None, "{reason}");
        }
    }
    assert!(!reasons.is_empty());
}

/// Returns the texts of the company's routine with the days on which they are said.
fn routine_of_a_year(seed: u64) -> Vec<(NaiveDate, String)> {
    let demos: Vec<_> = chapters(rituals::ALL).into_iter().map(|(_, demo)| demo).collect();
    let colleagues = colleagues(24);
    let days = began().date_naive().iter_days().take(365);
    days.flat_map(|day| {
        let planned = routine::day(seed, day, &demos, &colleagues, true).into_iter();
        planned.filter_map(move |planned| match planned.action {
            ColleagueAction::Says(_, text) => Some((day, text)),
            _ => None,
        })
    })
    .collect()
}

#[test]
fn nothing_is_said_again_within_eight_weeks() {
    for seed in [1, 2, 41] {
        let mut said: HashMap<String, NaiveDate> = HashMap::new();
        for (day, text) in routine_of_a_year(seed) {
            if let Some(before) = said.insert(text.clone(), day) {
                assert!((day - before).num_weeks() >= 8, "{text} on {before} and on {day}");
            }
        }
        assert!(said.len() > 200, "{}", said.len());
    }
}

#[test]
fn each_season_has_its_own_words() {
    let of_a_year = routine_of_a_year(1);
    for (months, _, text) in words::SEASONAL {
        let said = of_a_year.iter().filter(|(_, said)| said == text);
        assert!(said.clone().all(|(day, _)| months.contains(&day.month())), "{text}");
    }
    let seasonal = of_a_year.iter().filter(|(_, said)| words::SEASONAL.iter().any(|(.., text)| said == text));
    assert!(seasonal.count() > 8);
    for list in [&words::IN_PASSING[..], &words::OUT_OF_HOURS] {
        let summery = list.iter().filter(|text| text.contains("summer") || text.contains("ice cream"));
        assert_eq!(summery.count(), 0);
    }
}

#[test]
fn a_small_company_thanks_its_people() {
    let mut life = company(1, 6, began());
    let mut thanks = 0;
    while let Some(now) = life.next_at(began()).filter(|now| *now < began() + Duration::days(1)) {
        for planned in life.due(now) {
            if let ColleagueAction::Says(_, text) = &planned.action
                && is_kudos(&planned.action)
            {
                assert!(thanked(text).iter().chain([&planned.who]).all(|who| *who < 6));
                thanks += 1;
            }
        }
    }
    assert!(thanks < 3);
}

#[test]
fn the_page_draws_every_emoji() {
    let reacts = |planned: PlannedAction| match planned.action {
        ColleagueAction::Reacts(_, emoji) => Some(emoji),
        _ => None,
    };
    let lists = [&words::ON_TALK[..], &words::ON_WORDS, &words::ON_QUESTION, &[words::WAVE]];
    let emoji: Vec<&str> =
        lists.concat().into_iter().chain(lived(2).into_iter().filter_map(reacts)).collect();
    assert_eq!(undrawn(&emoji), [""; 0]);
}

#[test]
fn greetings_are_known() {
    assert!(greets("Good morning!") && greets("hi all") && greets("  Hello") && !greets("history"));
}

#[test]
fn thanked_colleagues_answer_at_once() {
    let text = ":tada: *Person 1* thanks <@U4>\n> the plan";
    let answers = answers(&heard(sunday_night(), text, None));
    assert!((2..=3).contains(&answers.len()), "{answers:?}");
    assert!(answers.iter().any(|planned| planned.who == 4));
    assert!(answers.iter().any(|planned| planned.who != 4), "another colleague reacts, too");
}

#[test]
fn introduced_colleagues_greet_a_visitor() {
    let answers = answers(&introduction(sunday_night(), &[VISITOR, 9]));
    assert!(
        matches!(&answers[..], [PlannedAction { who: 9, action: ColleagueAction::Says(place, _), .. }] if place == "C1")
    );
}

#[test]
fn colleagues_react_to_a_visitor() {
    let visitor =
        |text: &str| HeardMessage { simulated: false, ..heard(sunday_night(), text, Some(VISITOR)) };
    assert!((1..=2).contains(&answers(&visitor("The new page is out.")).len()));
    let asked = answers(&visitor("Does <@U7> know?"));
    assert!(
        matches!(&asked[..], [PlannedAction { who: 7, action: ColleagueAction::Replies(..), .. }]),
        "{asked:?}"
    );
    assert!(
        answers(&visitor("Good morning"))
            .iter()
            .any(|planned| matches!(planned.action, ColleagueAction::Says(..)))
    );
    let text = ":coffee: <@U1> has started coffee chats here: every Tuesday";
    assert!((2..=4).contains(&answers(&heard(sunday_night(), text, None)).len()));
}

#[test]
fn answers_to_visitors_are_limited() {
    let (now, visitor) = (sunday_night(), BTreeSet::from([VISITOR]));
    let mut life = company(1, 24, now);
    let direct = |text: &str| HeardMessage {
        place: HeardIn::Direct,
        members: vec![VISITOR, 5],
        simulated: false,
        ..heard(now, text, Some(VISITOR))
    };
    let count = |life: &mut CompanyLife| {
        let mut count = 0;
        while let Some(at) = life.next_at(now).filter(|at| *at <= now + Duration::minutes(1)) {
            count += life.due(at).len();
        }
        count
    };
    for _ in 0..10 {
        life.hears(&direct("And now?"), now, &visitor);
    }
    assert_eq!(count(&mut life), 3, "a few answers in one conversation");
    let words = HeardMessage { simulated: false, ..heard(now, "Well.", Some(VISITOR)) };
    for _ in 0..100 {
        life.hears(&words, now, &visitor);
    }
    assert_eq!(count(&mut life), MOST_ANSWERS - 3, "and a few in a minute");
    let mut vote = heard(now, ":mirror: *What should we talk about?*", None);
    vote.buttons = vec!["Vote".to_owned()];
    life.hears(&vote, now, &visitor);
    assert_eq!(count(&mut life), 23, "but all vote");
    let theirs = HeardMessage { simulated: true, author: Some(5), ..direct("Hello") };
    life.hears(&theirs, now + Duration::minutes(2), &visitor);
    assert_eq!(count(&mut life), 0);
}

#[test]
fn a_visitor_is_greeted_once() {
    for hour in 0..(7 * 24) {
        let now = began() + Duration::hours(hour);
        let (mut life, visitor) = (company(1, 24, now), BTreeSet::from([VISITOR]));
        life.next_at(now);
        let said = |life: &mut CompanyLife, until: Duration| -> Vec<PlannedAction> {
            let all = life.due(now + until).into_iter();
            all.filter(
                |planned| matches!(&planned.action, ColleagueAction::Says(place, _) if place == "#general"),
            )
            .collect()
        };
        life.sees(&visitor, now);
        life.sees(&visitor, now + Duration::seconds(5));
        let greeting = said(&mut life, Duration::seconds(30));
        assert!((1..=2).contains(&greeting.len()), "at {}: {greeting:?}", now.hour());
        life.hears(&echo(&greeting[0]).unwrap(), now + Duration::seconds(30), &visitor);
        let liked = life.due(now + Duration::minutes(1));
        assert!((2..=4).contains(&liked.len()), "{liked:?}");
    }
}

#[test]
fn overdue_actions_are_dropped() {
    let mut life = company(1, 24, began());
    life.next_at(began());
    assert_eq!(life.due(began() + Duration::hours(40)), []);
    let old = HeardMessage { simulated: false, ..heard(began(), "Anybody?", Some(VISITOR)) };
    let now = began() + Duration::days(5);
    life.hears(&old, now, &BTreeSet::from([VISITOR]));
    assert!(life.next_at(now).is_some_and(|at| at > now + Duration::hours(1)), "it is the weekend");
}
