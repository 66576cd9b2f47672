//! Themes, as their channel sees them.

use super::{answer, closes, read, retro};
use crate::{
    model::{
        message::Message,
        people::{Person, PersonKind},
    },
    rituals::retro::{
        messages::{ThemeOrder, theme, vote_began, voting::listed},
        plan::Budget,
        theme::{Hands, Theme},
        values::{RetroAnswer, Vote},
    },
};

fn shown(name: &str, of: &Theme) -> Message {
    let ben = Person {
        id: "BEN".into(),
        name: "Ben".to_owned(),
        zone: None,
        kind: PersonKind::Member,
        deactivated: false,
        admin: false,
    };
    theme((name, retro().date), of, &[(ben.id.clone(), ben)].into())
}

/// Themes in all hands.
pub fn sorted_themes() -> Vec<Theme> {
    let sorted = |rank, name: &str, hands| Theme {
        name: name.to_owned(),
        rank: Some(rank),
        hands,
        ..Theme::unnamed(
            rank.to_string(),
            vec![answer(name, "A", Some("BEN"), false), answer("2", "<!here>", None, false)],
        )
    };
    vec![
        Theme { promised: 2, votes: Some(4), came_up: Some(3), ..sorted(1, "Lunch", Hands::Ours) },
        Theme { passed_to: Some("IT".into()), votes: Some(1), ..sorted(2, "The build", Hands::Others) },
        sorted(3, "Rain", Hands::NotOurs),
        sorted(4, "*Hiring*", Hands::Unsorted),
    ]
}

#[test]
fn themes_say_how_they_are_sorted() {
    let [ours, others, not_ours, unsorted] = &sorted_themes()[..] else { panic!("four themes") };
    insta::assert_snapshot!(read(&shown("", ours)), @r"
    :mirror: *1. Lunch*: 4 votes
    • A (*Ben*)
    • &lt;!here&gt;
    (From the retro of Tuesday, 6 January. Came up 3 times. *In our hands.* 2 promises were made or asked for.)
    [In our hands? ▾] [Make a promise]
    ");
    insta::assert_snapshot!(read(&shown("Ops", others)), @r"
    :mirror: *2. The build*: 1 vote
    • A (*Ben*)
    • &lt;!here&gt;
    (From *Ops* of Tuesday, 6 January. *Needs others.* Passed on to <#IT>.)
    [In our hands? ▾] [Pass it on elsewhere]
    ");
    let again = Theme { hands: Hands::NotOurs, passed_to: Some("IT".into()), ..ours.clone() };
    assert!(read(&shown("", &again)).contains(
        "*Not in our hands.* Good that it was said. 2 promises were made or asked for. Passed on to <#IT>."
    ));
    insta::assert_snapshot!(read(&shown("", not_ours)), @r"
    :mirror: *3. Rain*
    • A (*Ben*)
    • &lt;!here&gt;
    (From the retro of Tuesday, 6 January. *Not in our hands.* Good that it was said.)
    [In our hands? ▾]
    ");
    insta::assert_snapshot!(read(&shown("", unsorted)), @r"
    :mirror: *4. Hiring*
    • A (*Ben*)
    • &lt;!here&gt;
    (From the retro of Tuesday, 6 January. Talk about it in the thread. Is it in your hands? An organiser says so below.)
    [In our hands? ▾]
    ");
    let waits = Theme { passed_to: None, ..others.clone() };
    insta::assert_snapshot!(read(&shown("", &waits)), @r"
    :mirror: *2. The build*: 1 vote
    • A (*Ben*)
    • &lt;!here&gt;
    (From the retro of Tuesday, 6 January. *Needs others.* An organiser can pass it on to a channel.)
    [In our hands? ▾] [Pass it on]
    ");
    let first = Theme { promised: 0, ..ours.clone() };
    insta::assert_snapshot!(read(&shown("", &first)), @r"
    :mirror: *1. Lunch*: 4 votes
    • A (*Ben*)
    • &lt;!here&gt;
    (From the retro of Tuesday, 6 January. Came up 3 times. *In our hands.* Who takes on a first step?)
    [In our hands? ▾] [Make a promise]
    ");
}

#[test]
fn a_theme_of_one_answer_says_it_once() {
    let of = |words: &str, user: Option<&str>| Theme {
        rank: Some(1),
        votes: Some(4),
        ..Theme::unnamed("1".to_owned(), vec![answer("1", words, user, false)])
    };
    let lines = |theme: &Theme| {
        let read = read(&shown("", theme));
        read.lines().take_while(|line| !line.starts_with("(From")).collect::<Vec<_>>().join("\n")
    };
    assert_eq!(lines(&of("Lunch", None)), ":mirror: *1. Lunch*: 4 votes");
    assert_eq!(lines(&of("Lunch", Some("BEN"))), ":mirror: *1. Lunch* (*Ben*): 4 votes");
    let named = Theme { name: "Food".to_owned(), ..of("Lunch", None) };
    assert_eq!(lines(&named), ":mirror: *1. Food*: 4 votes\n• Lunch");
    // A title is shorter than an answer may be.
    let long = lines(&of(&"long ".repeat(20), None));
    assert!(long.lines().count() == 2 && long.contains('…'), "{long}");
}

/// Three themes of two prompts, as they are listed.
fn of_two_prompts() -> Vec<Theme> {
    let of = |id: &str, place: &str, prompt: &str, words: &str| RetroAnswer {
        place: place.to_owned(),
        prompt: prompt.to_owned(),
        ..answer(id, words, None, false)
    };
    let start = |id: &str, words: &str| of(id, "1", "What to *start*?", words);
    let stop = |id: &str, words: &str| of(id, "2", "What to stop?", words);
    let both = Theme {
        name: "Meetings".to_owned(),
        ..Theme::unnamed("T0".to_owned(), vec![start("a", "More"), stop("b", "Fewer")])
    };
    let one = |id: &str, answer| Theme::unnamed(id.to_owned(), vec![answer]);
    vec![both, one("T1", start("c", "Lunch")), one("T2", stop("d", "Copies"))]
}

#[test]
fn themes_say_what_was_asked() {
    let themes = of_two_prompts();
    let lines = |themes: &[Theme]| {
        listed(themes).iter().map(|line| line.as_str().to_owned()).collect::<Vec<_>>().join("\n")
    };
    insta::assert_snapshot!(lines(&themes), @r"
    *Several prompts*
    1. Meetings (2 answers)
    *What to start ?*
    2. Lunch
    *What to stop?*
    3. Copies
    ");
    assert_eq!(lines(&themes[1..2]), "1. Lunch", "a single prompt needs no heading");
    let voted: Vec<Theme> = themes
        .iter()
        .cloned()
        .zip([2, 1, 0])
        .map(|(theme, votes)| Theme { votes: Some(votes), ..theme })
        .collect();
    let list = read(&super::super::themes("", (&voted, 2), ThemeOrder::ByVotes(5), None));
    insta::assert_snapshot!(list, @r"
    :mirror: *The themes of the retro*
    1. Meetings: 2 votes
    2. Lunch _(What to start ?)_: 1 vote
    Also named, without a vote:
    • _What to stop?_ Copies
    (5 people voted. The first 2 follow, each with a thread to talk in.)
    ");
    assert!(
        read(&shown("", &themes[1])).contains("Lunch*\n_What to start ?_\n(From"),
        "{}",
        read(&shown("", &themes[1]))
    );
    assert!(!read(&shown("", &themes[0])).contains("_What to"));
}

#[test]
fn a_long_list_shows_themes_of_each_question() {
    let theme = |place: &str, at: usize| {
        let words = format!("{place}-{at}");
        let its = RetroAnswer {
            place: place.to_owned(),
            prompt: format!("Question {place}?"),
            ..answer(&words, &words, None, false)
        };
        Theme::unnamed(words, vec![its])
    };
    let themes = |first: usize, second: usize| -> Vec<Theme> {
        (0..first).map(|at| theme("1", at)).chain((0..second).map(|at| theme("2", at))).collect()
    };
    let vote = Vote { budget: Budget::default(), ends_at: closes().at, ballots: 0 };
    let shown = |themes: &[Theme]| read(&vote_began("", "R", themes, (vote, &closes(), 5)));
    let all = shown(&themes(30, 10));
    assert!(all.contains("\n10. 1-9\n*Question 2?*\n31. 2-0\n"), "{all}");
    assert!(all.contains("\n40. 2-9\n_and 20 more, in the form_"), "{all}");
    let few = shown(&themes(38, 2));
    assert!(few.contains("\n18. 1-17\n*Question 2?*\n39. 2-0\n40. 2-1\n_and 20 more, in the form_"), "{few}");
    // No line is spent on saying that one line is missing.
    let one_more = shown(&themes(21, 0));
    assert!(one_more.contains("\n21. 1-20") && !one_more.contains("more, in the form"), "{one_more}");
}
