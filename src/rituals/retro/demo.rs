//! Retros in the demo: the steps of the card, and colleagues who start them, answer, and show what was answered.

mod words;

use chrono::{Datelike as _, Duration, Weekday};
use rand::{RngExt as _, rngs::StdRng};

use self::words::{GO_ON, START_DOING, STOP_DOING};
use crate::{
    model::clock::Instant,
    ritual::demo::{
        Colleague, ColleagueAction, Company, Demo, DemoStep, FormValue, HeardIn, HeardMessage, ON_NEWS,
        PlannedAction, REACTION_MINUTES, Reaction, StepTick,
    },
};

/// The part of retros in the demo. Its steps come before those that travel through time: one retro is open at the present.
pub const DEMO: Demo =
    Demo { order: 2, weeks: WEEKS, steps: &STEPS, first_steps: &FIRST_STEPS, begin, hear, ..Demo::QUIET };

const FIRST_STEPS: [DemoStep; 2] = [
    DemoStep {
        title: "Set up your own",
        hint: "In #general, type: /retro (a form opens: write “every 4 weeks on Friday at 10:00” into When, press Preview, and then press Start)",
        ticked_by: StepTick::Presses("Start", "has started retros here"),
        forms: &["Set up retros"],
    },
    STEPS[0],
];

const STEPS: [DemoStep; 10] = [
    DemoStep {
        title: "Answer a retro",
        hint: "As Ana Costa (choose her in the header; she organises the retros), open Rondo. If no retro is open, Next brings one. Under its question, press Answer anonymously, write a few words in the form, and press Send.",
        ticked_by: StepTick::Presses("Send", "saved, without your name"),
        forms: &["Answer anonymously"],
    },
    DemoStep {
        title: "Close the retro",
        hint: "When your answer is saved, close that form. As the organiser, in Rondo's message that the retro is open, press Close now. A form asks once more: press Close now there, and then Close. If it has closed by itself, go on with the next step.",
        ticked_by: StepTick::Presses("Close now", REVEAL),
        forms: &["Retro", "Close the retro"],
    },
    DemoStep {
        title: "Read the answers first",
        hint: "As the organiser, in Rondo's newest message, press Read and reveal.",
        ticked_by: StepTick::Presses(REVEAL, "in random order"),
        forms: &[],
    },
    DemoStep {
        title: "Show the answers",
        hint: "Press Reveal in the form that Read and reveal opens, and Close. #cross-team gets a message for each prompt.",
        ticked_by: StepTick::Presses("Reveal", "anonymous, in random order"),
        forms: &["Read and reveal"],
    },
    DemoStep {
        title: "Group what belongs together",
        hint: "As the organiser, in Rondo's newest message, press Group into themes. Write “Looking together” into Name, choose answers that fit under Answers, and press Save theme.",
        ticked_by: StepTick::Presses("Save theme", "Saved:"),
        forms: &["Themes"],
    },
    DemoStep {
        title: "Start the vote",
        hint: "Press Done. In Rondo's newest message, press Start the vote, Start in the form, and Close. Colleagues vote within seconds.",
        ticked_by: StepTick::Presses("Start", "is on in the channel"),
        forms: &["Themes", "Start the vote"],
    },
    DemoStep {
        title: "Vote yourself",
        hint: "In #cross-team, press Vote, choose a theme in the form, and press its Vote. If the vote is over, go on with the next step.",
        ticked_by: StepTick::Presses(VOTE, "saved. You can change"),
        forms: &["Vote"],
    },
    DemoStep {
        title: "See what people chose",
        hint: "Press Close. As the organiser, open Rondo, and press End the vote now. A form asks once more: press End the vote now there, and then Close.",
        ticked_by: StepTick::Reads("The themes of the retro"),
        forms: &["Retro", "End the vote"],
    },
    DemoStep {
        title: "In our hands?",
        hint: "As the organiser, in #cross-team, choose Ours in the menu In our hands? below a theme.",
        ticked_by: StepTick::Presses("Ours", "In our hands."),
        forms: &[],
    },
    DemoStep {
        title: "Look back",
        hint: "In #cross-team, type: /retro history",
        ticked_by: StepTick::Sends("/retro history", "last retros"),
        forms: &[],
    },
];

/// How many weeks the company has had retros: two are over at the present, and the third has opened a day or more before.
const WEEKS: i64 = 9;
/// The channel in which people of all departments meet.
const PLACE: &str = "#cross-team";
/// The index of the colleague who organises the retros.
const ORGANISER: usize = 0;
/// In a smaller company fewer people would be asked than an anonymous prompt needs.
const LEAST_COLLEAGUES: usize = 6;
/// One in this many colleagues answers with their name alone.
const NAMED_ONLY: usize = 8;
/// One in this many colleagues answers anonymously alone.
const ANONYMOUS_ONLY: usize = 3;
/// The buttons of those who are asked, and the organiser's.
const ANONYMOUSLY: &str = "Answer anonymously";
const NAMED: &str = "Answer with your name";
/// The button where all prompts are answered in the same way.
const ONE_WAY: &str = "Answer";
const REVEAL: &str = "Read and reveal";
const START_VOTE: &str = "Start the vote";
const VOTE: &str = "Vote";
/// The menu of a theme, and what the organiser chooses in it, by the rank of the theme.
const HANDS: &str = "In our hands?";
const SORTED: [&str; 3] = ["Ours", "Not ours", "Ours"];
/// The fields of a ballot, and the themes that most people choose from, by their place in the list: of each prompt some.
const VOTES: [&str; 3] = ["vote_1", "vote_2", "vote_3"];
const LIKED: [usize; 8] = [0, 8, 1, 13, 9, 2, 17, 5];
/// The fields of the usual deck's prompts: two are anonymous, the third is answered with a name.
const FIELDS: [&str; 3] = ["prompt_1", "prompt_2", "prompt_3"];
/// The fields of a deck with scales, and of other decks.
const SCALES: [&str; 5] = ["prompt_1", "prompt_2", "prompt_3", "prompt_4", "prompt_5"];
/// Minutes between one colleague's answers, and between those of neighbours, who would all answer at once otherwise.
const APART: i64 = 7;
/// Minutes into a working day at which postponed answers come.
const FIRST_THING: i64 = 30;
/// Reactions to the start of retros, and to one that has begun.
const ON_RETRO: [&str; 4] = ["+1", "raised_hands", "heart", "bulb"];

/// Returns the days of a company that begins at this instant. Its third retro opens eight weeks after the first, and so on the working day
/// before the present.
fn days(began: Instant) -> &'static str {
    match began.weekday() {
        Weekday::Tue => "every 4 weeks on Monday at 10:00",
        Weekday::Wed => "every 4 weeks on Tuesday at 10:00",
        Weekday::Thu => "every 4 weeks on Wednesday at 10:00",
        Weekday::Fri => "every 4 weeks on Thursday at 10:00",
        Weekday::Sat | Weekday::Sun | Weekday::Mon => "every 4 weeks on Friday at 10:00",
    }
}

fn begin(colleagues: &[Colleague], now: Instant) -> Vec<PlannedAction> {
    let Some(organiser) = colleagues.get(ORGANISER).filter(|_| colleagues.len() >= LEAST_COLLEAGUES) else {
        return Vec::new();
    };
    let text = |text: &str| FormValue::Text(text.to_owned());
    // A week: the third one is open for days after the present.
    let fields = vec![("when", text(days(now))), ("days", text("7"))];
    let action = ColleagueAction::SendsTyped { place: PLACE, command: "/retro", fields };
    vec![PlannedAction { at: organiser.at_work_from(now, 0), who: ORGANISER, action }]
}

fn hear(heard: &HeardMessage, company: &Company<'_>, rng: &mut StdRng) -> Option<Vec<Reaction>> {
    match heard.place {
        HeardIn::Direct if heard.has_button(ANONYMOUSLY) && heard.has_button(NAMED) => {
            Some(answer(heard, company, rng))
        }
        HeardIn::Direct if heard.has_button(ONE_WAY) && heard.text.contains("time for the retro") => {
            Some(answer_one_way(heard, company, rng))
        }
        HeardIn::Direct if heard.has_button(REVEAL) => {
            let who = company.readers(heard, &[]).first().copied();
            Some(who.map(|who| sends(heard, company, (who, 0), REVEAL, Vec::new())).into_iter().collect())
        }
        HeardIn::Direct if heard.has_button(START_VOTE) => {
            let who = company.readers(heard, &[]).first().copied();
            Some(who.map(|who| sends(heard, company, (who, 0), START_VOTE, Vec::new())).into_iter().collect())
        }
        HeardIn::Channel if heard.has_button(VOTE) => Some(vote(heard, company, rng)),
        HeardIn::Channel if heard.text.contains(" Is it in your hands?") => Some(sort(heard, company)),
        HeardIn::Channel if heard.first_line().contains(" has started retros here") => {
            Some(company.like(heard, company.readers(heard, &[]), &ON_NEWS, &ON_RETRO, rng))
        }
        _ => None,
    }
}

/// Returns the colleague who was asked. The first visitor is the organiser, whose answer to the retro that is open when they come is left to them.
fn answerer(heard: &HeardMessage, company: &Company<'_>) -> Option<usize> {
    let is_visited = !company.controlled.is_empty();
    company.readers(heard, &[]).into_iter().find(|who| is_visited || *who != ORGANISER)
}

/// Has a colleague answer the prompts in both forms, or in one of them.
fn answer(heard: &HeardMessage, company: &Company<'_>, rng: &mut StdRng) -> Vec<Reaction> {
    let Some(who) = answerer(heard, company) else { return Vec::new() };
    let [own, next] = [who, who + 1].map(|who| company.colleagues[who % company.colleagues.len()].first);
    // The same numbers for all who read the same question, so that no two of them say the same.
    let mut say = |field: &'static str, texts: &[&'static str]| {
        let text = texts[(rng.random_range(0..texts.len()) + who) % texts.len()];
        // People praise others, and not themselves.
        (field, FormValue::Text(text.replace(own, next)))
    };
    let anonymous = vec![say(FIELDS[0], &START_DOING), say(FIELDS[1], &STOP_DOING)];
    let named = vec![say(FIELDS[2], &GO_ON)];
    let later = rng.random_range(REACTION_MINUTES) + APART * i64::try_from(who).unwrap_or_default();
    let mut reactions = Vec::new();
    if who % NAMED_ONLY != NAMED_ONLY - 1 {
        reactions.push(sends(heard, company, (who, later), ANONYMOUSLY, anonymous));
    }
    if who % ANONYMOUS_ONLY != 1 {
        reactions.push(sends(heard, company, (who, later + APART), NAMED, named));
    }
    reactions
}

/// Has a colleague answer prompts of any deck that are all answered in the same way: a number for a scale, words for the others.
fn answer_one_way(heard: &HeardMessage, company: &Company<'_>, rng: &mut StdRng) -> Vec<Reaction> {
    let Some(who) = answerer(heard, company) else { return Vec::new() };
    let mut fields = Vec::new();
    for (place, field) in SCALES.into_iter().enumerate() {
        let text = START_DOING[(rng.random_range(0..START_DOING.len()) + who) % START_DOING.len()];
        // What doesn't fit a field changes nothing in it.
        let most = rng.random_range(0..4);
        // Some say one step more, and not always the same people.
        fields.push((field, FormValue::Option(most + usize::from((who + place) % 3 == 0))));
        fields.push((field, FormValue::Text(text.to_owned())));
    }
    let later = rng.random_range(REACTION_MINUTES) + APART * i64::try_from(who).unwrap_or_default();
    vec![sends(heard, company, (who, later), ONE_WAY, fields)]
}

/// Has colleagues vote: within seconds where a visitor waits for it, else in their working hours.
fn vote(heard: &HeardMessage, company: &Company<'_>, rng: &mut StdRng) -> Vec<Reaction> {
    let is_visited = !company.controlled.is_empty();
    let reaction = |who| {
        let first = rng.random_range(0..3);
        // The first two may be for one theme.
        let chosen = [first, first + rng.random_range(0..2), first + 2 + rng.random_range(0..4)];
        let fields = VOTES.into_iter().zip(chosen.map(|at| FormValue::Option(LIKED[at]))).collect();
        let later = APART * i64::try_from(who).unwrap_or_default();
        let reaction = sends(heard, company, (who, later), VOTE, fields);
        match reaction {
            Reaction::Planned(PlannedAction { who, action, .. }) if is_visited => {
                Reaction::Answer { who, action }
            }
            planned => planned,
        }
    };
    company.readers(heard, &[]).into_iter().map(reaction).collect()
}

/// Has the organiser sort a theme.
fn sort(heard: &HeardMessage, company: &Company<'_>) -> Vec<Reaction> {
    let rank = heard.first_line().trim_start_matches(":mirror: *").split('.').next();
    let rank = rank.and_then(|rank| rank.parse::<usize>().ok());
    let option = rank.and_then(|rank| SORTED.get(rank.checked_sub(1)?));
    let Some(option) = option.filter(|_| company.readers(heard, &[]).contains(&ORGANISER)) else {
        return Vec::new();
    };
    let at = company.colleagues[ORGANISER].at_work_from(company.now + Duration::minutes(APART), FIRST_THING);
    let action = ColleagueAction::Picks { spot: heard.spot.clone(), menu: HANDS, option };
    vec![Reaction::Planned(PlannedAction { at, who: ORGANISER, action })]
}

/// Has a colleague send the form behind a button, this many minutes later or in their next working hours.
fn sends(
    heard: &HeardMessage,
    company: &Company<'_>,
    (who, minutes): (usize, i64),
    button: &'static str,
    fields: Vec<(&'static str, FormValue)>,
) -> Reaction {
    let at = company.now + Duration::minutes(minutes.max(APART));
    let at = company.colleagues[who].at_work_from(at, FIRST_THING + minutes);
    let action = ColleagueAction::SendsForm { spot: heard.spot.clone(), button, fields };
    Reaction::Planned(PlannedAction { at, who, action })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use rand::SeedableRng as _;

    use super::*;
    use crate::{
        model::text::has_visible_text,
        ritual::demo::fixtures::{colleagues, heard, sunday_night, undrawn},
        rituals::retro::{messages::prompt_field, values::lines_of},
    };

    fn reacts(who: usize, buttons: &[&str], controlled: &BTreeSet<usize>) -> Option<Vec<Reaction>> {
        let colleagues = colleagues(24);
        // Monday, 12:00 UTC.
        let now = sunday_night() + Duration::minutes(33 * 60 + 30);
        let company = Company { colleagues: &colleagues, controlled, now };
        let buttons = buttons.iter().map(|label| (*label).to_owned()).collect();
        let text = ":mirror: It's time for the retro";
        let asked =
            HeardMessage { place: HeardIn::Direct, members: vec![who], buttons, ..heard(now, text, None) };
        hear(&asked, &company, &mut StdRng::seed_from_u64(1))
    }

    /// Returns the button and the words of each form that a colleague sends.
    fn sent(who: usize, buttons: &[&str]) -> Vec<(&'static str, Vec<String>)> {
        let form = |reaction| match reaction {
            Reaction::Planned(PlannedAction {
                action: ColleagueAction::SendsForm { button, fields, .. },
                ..
            }) => {
                let words = fields.into_iter().map(|(_, value)| match value {
                    FormValue::Text(text) => text,
                    FormValue::FirstOptions(count) => panic!("{count:?} options are chosen"),
                    FormValue::Option(place) => place.to_string(),
                });
                (button, words.collect())
            }
            other => panic!("{other:?}"),
        };
        reacts(who, buttons, &BTreeSet::new()).unwrap().into_iter().map(form).collect()
    }

    #[test]
    fn enough_colleagues_answer_and_say_different_things() {
        let all: Vec<_> = (0..9).flat_map(|who| sent(who, &[ANONYMOUSLY, NAMED, "Skip this time"])).collect();
        let of = |button: &str| all.iter().filter(|(pressed, _)| *pressed == button).count();
        assert_eq!((of(ANONYMOUSLY), of(NAMED)), (7, 5));
        let words: Vec<&String> = all.iter().flat_map(|(_, words)| words).collect();
        let different: BTreeSet<&String> = words.iter().copied().collect();
        assert_eq!(different.len(), words.len());
    }

    #[test]
    fn no_one_praises_themselves() {
        let mut colleagues = colleagues(9);
        let names = ["Ana", "Ben", "Chiara", "Dev", "Elif", "Femi", "Grace", "Hugo", "Ines"];
        for (colleague, name) in colleagues.iter_mut().zip(names) {
            colleague.first = name;
        }
        let (now, none) = (sunday_night() + Duration::minutes(33 * 60 + 30), BTreeSet::new());
        for (who, seed) in (1..9).flat_map(|who| (0..40).map(move |seed| (who, seed))) {
            let company = Company { colleagues: &colleagues, controlled: &none, now };
            let asked = HeardMessage { members: vec![who], ..heard(now, "", None) };
            let answers = format!("{:?}", answer(&asked, &company, &mut StdRng::seed_from_u64(seed)));
            assert!(!answers.contains(colleagues[who].first), "{answers}");
        }
    }

    #[test]
    fn the_organiser_reveals() {
        assert_eq!(sent(0, &[REVEAL]), [(REVEAL, vec![])]);
    }

    /// Returns what follows from a message in the channel that all colleagues read.
    fn follows(text: &str, buttons: &[&str], controlled: &BTreeSet<usize>) -> Vec<Reaction> {
        let colleagues = colleagues(9);
        let now = sunday_night() + Duration::minutes(33 * 60 + 30);
        let company = Company { colleagues: &colleagues, controlled, now };
        let buttons = buttons.iter().map(|label| (*label).to_owned()).collect();
        let members = (0..9).collect();
        let said = HeardMessage { place: HeardIn::Channel, members, buttons, ..heard(now, text, None) };
        hear(&said, &company, &mut StdRng::seed_from_u64(1)).unwrap()
    }

    #[test]
    fn all_vote_and_a_visitor_does_not_wait() {
        assert_eq!(sent(0, &[START_VOTE]), [(START_VOTE, vec![])]);
        let planned = follows(":mirror: *What should we talk about?*", &[VOTE], &BTreeSet::new());
        assert_eq!(planned.len(), 9);
        assert!(planned.iter().all(|reaction| matches!(reaction, Reaction::Planned(_))));
        let mut later = 0;
        for reaction in &planned {
            let Reaction::Planned(PlannedAction {
                action: ColleagueAction::SendsForm { fields, .. }, ..
            }) = reaction
            else {
                panic!("{reaction:?}")
            };
            let mut places: Vec<&FormValue> = fields.iter().map(|(_, place)| place).collect();
            places.dedup();
            assert!(places.len() >= 2, "two votes at most for one theme: {fields:?}");
            let far = |place: &&FormValue| matches!(place, FormValue::Option(place) if *place >= 8);
            later += places.into_iter().filter(far).count();
        }
        assert!(later >= 5, "of all prompts: {later}");
        let answered = follows(":mirror: *What should we talk about?*", &[VOTE], &[0].into());
        assert_eq!(answered.len(), 8, "a visitor votes themselves");
        assert!(answered.iter().all(|reaction| matches!(reaction, Reaction::Answer { .. })));
    }

    #[test]
    fn the_organiser_sorts_the_first_themes() {
        let theme = |rank: usize| {
            format!(
                ":mirror: *{rank}. Lunch*: 3 votes\n• Lunch\nFrom the retro of Tuesday, 6 January. Is it in your hands?"
            )
        };
        let chosen = |rank: usize| match &follows(&theme(rank), &[], &BTreeSet::new())[..] {
            [] => None,
            [
                Reaction::Planned(PlannedAction {
                    who: 0,
                    action: ColleagueAction::Picks { option, .. },
                    ..
                }),
            ] => Some(*option),
            other => panic!("{other:?}"),
        };
        assert_eq!([1, 2, 3, 4].map(chosen), [Some("Ours"), Some("Not ours"), Some("Ours"), None]);
        assert_eq!(follows(&theme(1), &[], &[0].into()), []);
    }

    #[test]
    fn visitors_answer_themselves() {
        for buttons in [&[ANONYMOUSLY, NAMED][..], &[ONE_WAY], &[REVEAL]] {
            assert_eq!(reacts(0, buttons, &[0].into()), Some(Vec::new()));
        }
        assert_eq!(reacts(0, &["Vote now"], &BTreeSet::new()), None);
    }

    #[test]
    fn a_deck_of_scales_is_answered_by_numbers() {
        let sent = sent(3, &[ONE_WAY]);
        let [(button, words)] = &sent[..] else { panic!("{sent:?}") };
        assert_eq!((*button, words.len()), (ONE_WAY, 2 * SCALES.len()));
        assert!(words.iter().step_by(2).all(|place| ("1"..="4").contains(&place.as_str())), "{words:?}");
    }

    #[test]
    fn the_third_retro_opens_just_before_the_present() {
        for day in 0..7 {
            let began = sunday_night() + Duration::days(day);
            let planned = begin(&colleagues(24), began);
            let [PlannedAction { at, action: ColleagueAction::SendsTyped { fields, .. }, .. }] = &planned[..]
            else {
                panic!("{planned:?}")
            };
            let (_, FormValue::Text(days)) = &fields[0] else { panic!("{fields:?}") };
            let opens = |date: &chrono::NaiveDate| {
                days.contains(&format!(" on {}", date.format("%A"))) && *date >= at.date_naive()
            };
            let first = began.date_naive().iter_days().find(|date| opens(date)).unwrap();
            let third = first + Duration::weeks(8);
            let before = (began + Duration::weeks(WEEKS)).date_naive() - third;
            assert!((1..=3).contains(&before.num_days()), "{began}: {days}, {before}");
        }
        assert_eq!(begin(&colleagues(5), sunday_night()), []);
    }

    #[test]
    fn each_answer_can_be_sent() {
        assert_eq!(FIELDS, ["1", "2", "3"].map(prompt_field));
        for texts in [&START_DOING[..], &STOP_DOING, &GO_ON] {
            for text in texts {
                assert!(has_visible_text(text) && lines_of(text).len() <= 2, "{text}");
            }
        }
    }

    #[test]
    fn the_page_draws_every_emoji() {
        assert_eq!(undrawn(&ON_RETRO), [""; 0]);
    }

    #[test]
    fn hints_say_what_only_organisers_can_do() {
        const THEIRS: [&str; 5] = [
            "press Close now",
            "press Read and reveal",
            "press Group into",
            "press End the vote",
            "choose Ours",
        ];
        let theirs: Vec<&DemoStep> =
            STEPS.iter().filter(|step| THEIRS.iter().any(|act| step.hint.contains(act))).collect();
        assert_eq!(theirs.len(), THEIRS.len());
        for step in theirs {
            assert!(step.hint.contains("As the organiser, "), "{}", step.hint);
        }
    }
}
