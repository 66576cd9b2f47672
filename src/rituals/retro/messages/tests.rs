//! Messages and forms of retros, as their readers see them.

mod leading;
mod not_held;
mod steps;
mod themes;

use super::*;
use crate::{
    common::promises::PromiseReview,
    model::{
        clock::from_ms,
        message::{
            Block, Field,
            reading::{read, read_modal},
        },
        people::ChannelId,
    },
    rituals::retro::{
        deck,
        options::Options,
        plan::{Departments, State, Threshold},
        values::{AnswerKeys, AskedPrompt, Retro, RetroAnswer},
    },
};

fn retro() -> Retro {
    Retro {
        id: "R".to_owned(),
        programme: "P".to_owned(),
        date: "2026-01-06".parse().unwrap(),
        deck: "start-stop-continue".to_owned(),
        state: State::Open,
        threshold: Threshold::default(),
        asked: 8,
        opened_at: from_ms(1_767_693_600_000),
        closes_at: from_ms(1_767_952_800_000),
        is_sorted: false,
        version: 1,
        kept_days: None,
        vote: None,
    }
}

fn closes() -> Occurrence {
    Occurrence { at: retro().closes_at, wall: retro().closes_at.naive_utc() }
}

fn about<T>(name: &str, say: impl FnOnce(AskedRetro<'_>) -> T) -> T {
    let (retro, channel, closes) = (retro(), ChannelId::from("TEAM"), closes());
    say(AskedRetro { retro: &retro, name, channel: &channel, closes: &closes })
}

fn prompt(place: &str, words: &str, is_anonymous: bool) -> AskedPrompt {
    AskedPrompt {
        place: place.to_owned(),
        words: words.to_owned(),
        kind: deck::PromptKind::Text,
        is_anonymous,
        respondents: Some(6),
    }
}

fn prompts() -> [AskedPrompt; 2] {
    [prompt("1", "What *now*?", true), prompt("2", "What went well?", false)]
}

fn keys() -> AnswerKeys {
    AnswerKeys { retro: "R".to_owned(), keys: Vec::new() }
}

#[test]
fn people_read_who_sees_what_before_they_answer() {
    insta::assert_snapshot!(about("", |asked| read(&ask(asked, &prompts()[..1], &keys(), &[]))), @r"
    :mirror: It's time for the retro of <#TEAM>. Would you answer 1 prompt? It's open until Friday, 9 January at 10:00, or longer if I say so here.
    1. What now ? _(anonymous)_
    (What you write is anonymous: I keep no mark of whose an answer is, or of who has given one. An anonymous prompt is shown only when 5 people have answered it; 8 were asked. With fewer, its answers are deleted and never shown. Until the retro closes, I show your answers to you alone, when you press the button again.)
    [Answer] [Skip this time]
    ");
    insta::assert_snapshot!(about("Team <health>", |asked| read(&ask(asked, &prompts(), &keys(), &[]))), @r"
    :mirror: It's time for *Team &lt;health&gt;* of <#TEAM>. Would you answer 2 prompts? It's open until Friday, 9 January at 10:00, or longer if I say so here.
    1. What now ? _(anonymous)_
    2. What went well? _(with your name)_
    (Anonymous answers stay so: I keep no mark of whose an answer is, or of who has given one. An anonymous prompt is shown only when 5 people have answered it; 8 were asked. With fewer, its answers are deleted and never shown. Until the retro closes, I show your answers to you alone, when you press the button again. An answer with your name is shown with it in the channel.)
    [Answer anonymously] [Answer with your name] [Skip this time]
    ");
    insta::assert_snapshot!(about("", |asked| read(&ask(asked, &prompts()[1..], &keys(), &[]))), @r"
    :mirror: It's time for the retro of <#TEAM>. Would you answer 1 prompt? It's open until Friday, 9 January at 10:00, or longer if I say so here.
    2. What went well? _(with your name)_
    (An answer with your name is shown with it in the channel.)
    [Answer] [Skip this time]
    ");
}

#[test]
fn reminders_and_changes_are_told() {
    insta::assert_snapshot!(about("", |asked| read(&remind(asked))), @r"
    :mirror: The retro of <#TEAM> closes on Friday, 9 January at 10:00 at the latest. As long as it's open, the button under its questions above takes your answer, or a change of what you sent.
    (Everyone who was asked gets this, since I don't know who has answered.)
    ");
    insta::assert_snapshot!(about("", |asked| read(&extended(asked))), @":mirror: The retro of <#TEAM> may stay open until Friday, 9 January at 10:00. As long as it does, the button under its questions above works.");
    insta::assert_snapshot!(about("", |asked| read(&opened(asked, true))), @r"
    :mirror: The retro in <#TEAM> is open until Friday, 9 January at 10:00. I'm asking 8 people, each in their own hours.
    [Extend by a weekday] [Close now]
    ");
    let five = Retro { asked: 5, ..retro() };
    let opened =
        |has_anonymous| about("", |asked| read(&opened(AskedRetro { retro: &five, ..asked }, has_anonymous)));
    insta::assert_snapshot!(opened(true), @r"
    :mirror: The retro in <#TEAM> is open until Friday, 9 January at 10:00. I'm asking 5 people, each in their own hours.
    (An anonymous prompt is shown only if all 5 of them answer it.)
    [Extend by a weekday] [Close now]
    ");
    assert!(!opened(false).contains("anonymous"));
    insta::assert_snapshot!(about("", |asked| read(&began(asked, &prompts(), true, &PromiseReview::default()))), @":mirror: The retro has begun: I'm asking everyone here who takes part (8 people), each in their own hours. It's open until Friday, 9 January at 10:00. Each prompt says whether answers to it are anonymous or shown with names.");
    insta::assert_snapshot!(about("Ops", |asked| read(&began(asked, &prompts()[..1], false, &PromiseReview::default()))), @":mirror: *Ops* has begun: I'm asking 8 people of this channel who were chosen for it, each in their own hours. It's open until Friday, 9 January at 10:00. Answers are anonymous.");
    insta::assert_snapshot!(about("", |asked| read(&began(asked, &prompts()[1..], true, &PromiseReview::default()))), @":mirror: The retro has begun: I'm asking everyone here who takes part (8 people), each in their own hours. It's open until Friday, 9 January at 10:00. Answers are shown with names.");
    insta::assert_snapshot!(read(&ended("", &"TEAM".into())), @":mirror: The retro of <#TEAM> has ended before its time, since the retros there were stopped. What was answered is deleted, and no one reads it. There's nothing left for you to do.");
    insta::assert_snapshot!(about("", |asked| read(&too_few_answered(asked, 5))), @r"
    :mirror: The retro in <#TEAM> closes on Friday, 9 January at 10:00, and so far not every anonymous prompt has 5 answers. One with fewer isn't shown. You can give people more time.
    [Extend by a weekday] [Close now]
    ");
    let few = about("", |asked| read(&too_few_answered(asked, 4)));
    insta::assert_snapshot!(few.lines().next().unwrap(), @":mirror: The retro in <#TEAM> closes on Friday, 9 January at 10:00. An anonymous prompt is shown only if 5 people answer it, and 4 can: so what is written there is deleted unread, and more time doesn't help. Prompts with names are shown.");
    insta::assert_snapshot!(about("", |asked| read(&extended_for_organiser(asked))), @r"
    The retro is open until Friday, 9 January at 10:00. I'm telling everyone who was asked.
    [Extend by a weekday] [Close now]
    ");
    insta::assert_snapshot!(read(&closes_now("")), @"I'm closing the retro now. In a moment I'll tell you what came in.");
}

#[test]
fn the_form_shows_what_was_sent() {
    let written = [(prompts()[0].clone(), "Tea\nCake".to_owned())];
    insta::assert_snapshot!(read_modal(&open_form(true, &written, &closes(), String::new())), @r"
    Answer anonymously:
    No mark is kept of who answers. Only this form shows you what you sent, until it closes: Friday, 9 January at 10:00.
    What *now*?: Tea
    Cake (One answer on each line, five at most, up to 3,000 characters in all. Empty it to withdraw.)
    [Cancel] [Send]
    ");
    let named = [(prompts()[1].clone(), String::new())];
    insta::assert_snapshot!(read_modal(&open_form(false, &named, &closes(), String::new())), @r"
    Answer with your name:
    These answers are shown with your name. You can change them until it closes: Friday, 9 January at 10:00.
    What went well?:  (One answer on each line, five at most, up to 3,000 characters in all. Empty it to withdraw.)
    [Cancel] [Send]
    ");
}

#[test]
fn what_was_saved_is_told_and_not_repeated() {
    let saved = |answers, is_anonymous| {
        let closes = closes();
        read(&saved(SavedAnswers { answers, is_anonymous, closes: &closes }))
    };
    insta::assert_snapshot!(saved(1, true), @":white_check_mark: 1 answer is saved, without your name. Thanks! Until Friday, 9 January at 10:00, the same button shows, changes and withdraws it.");
    insta::assert_snapshot!(saved(2, false), @":white_check_mark: 2 answers are saved with your name. Thanks! Until Friday, 9 January at 10:00, the same button shows, changes and withdraws them.");
    insta::assert_snapshot!(saved(0, true), @":white_check_mark: There's nothing of yours in these prompts now. Until Friday, 9 January at 10:00, the same button takes an answer.");
    insta::assert_snapshot!(read(&skipped(&closes())), @"That's fine. I note nothing, so no one can tell. I don't know whether you've answered: if you have, your answer stays, and emptying the form behind the button withdraws it. The button works until Friday, 9 January at 10:00.");
    insta::assert_snapshot!(read(&question_is_over(&retro(), ("", &"TEAM".into()))), @":mirror: The retro of Tuesday, 6 January in <#TEAM> has closed, so nothing more goes in. What was sent before counts where enough people have answered.");
    insta::assert_snapshot!(read(&question_was_stopped(&retro(), ("Ours", &"TEAM".into()))), @":mirror: *Ours* of Tuesday, 6 January in <#TEAM> was stopped while it was open, so nothing more goes in. What was answered is deleted, and no one reads it.");
    insta::assert_snapshot!(read(&not_asked()), @"You weren't asked in this retro, so I can't take an answer. The next one asks everyone who takes part by then.");
    insta::assert_snapshot!(read(&not_yours()), @"I can't match this form with your message, so nothing was saved. Please use the button in my own message to you.");
    insta::assert_snapshot!(long_answer(), @"One of these answers is longer than 1000 characters. Split it over two lines, or shorten it.");
    insta::assert_snapshot!(too_many_answers(6), @"That's 6 answers, one on each line. Up to 5 fit: keep those that matter most.");
}

#[test]
fn a_close_tells_what_is_left() {
    let [first, second] = prompts();
    let few = ClosedPrompt { prompt: first.clone(), respondents: 4, is_kept: false };
    let enough = ClosedPrompt { prompt: first, respondents: 5, is_kept: true };
    let none = ClosedPrompt { prompt: second, respondents: 0, is_kept: true };
    insta::assert_snapshot!(read(&closed(&retro(), "", &[enough.clone(), none.clone()], None)), @":mirror: The retro is closed. Its organiser reads the answers first and then shows them here.");
    insta::assert_snapshot!(read(&closed(&retro(), "", &[few.clone(), none.clone()], None)), @r"
    :mirror: The retro is closed. There's nothing to show this time.
    (Fewer than 5 people have answered this prompt, so their answers are deleted and never shown:
    • What now ?)
    ");
    let named = ClosedPrompt { respondents: 6, ..none.clone() };
    let spoke = Some(Departments { counted: 3, spoke: 2 });
    let cross = |prompts: &[ClosedPrompt]| closed(&retro(), "", prompts, spoke);
    insta::assert_snapshot!(read(&cross(&[named])), @r"
    :mirror: The retro is closed. Its organiser reads the answers first and then shows them here.
    (People of 2 of 3 departments have answered with their names. I count departments of which 5 people or more were asked.)
    ");
    assert!(
        !read(&cross(std::slice::from_ref(&enough))).contains("departments"),
        "no one knows who answered"
    );
    let team = ChannelId::from("TEAM");
    insta::assert_snapshot!(read(&closed_for_organiser(&retro(), ("", &team), &[enough.clone(), none.clone()], false)), @r"
    :mirror: The retro of Tuesday, 6 January in <#TEAM> is closed. 8 people were asked; this many have answered:
    • 5 people: What now ?
    • 0 people: What went well?
    (Read the answers first: you can hide one that attacks a person. It shows as hidden.)
    [Read and reveal]
    ");
    insta::assert_snapshot!(read(&closed_for_organiser(&retro(), ("", &team), &[few, none.clone()], false)), @r"
    :mirror: The retro of Tuesday, 6 January in <#TEAM> is closed. 8 people were asked; this many have answered:
    • fewer than 5, deleted: What now ?
    • 0 people: What went well?
    ");
    insta::assert_snapshot!(read(&closed_for_organiser(&retro(), ("", &team), &[enough, none], true)), @r"
    :mirror: The retro of Tuesday, 6 January in <#TEAM> is closed. 8 people were asked; this many have answered:
    • 5 people: What now ?
    • 0 people: What went well?
    (The channel can read the answers.)
    ");
}

fn answer(id: &str, words: &str, user: Option<&str>, is_hidden: bool) -> RetroAnswer {
    RetroAnswer {
        id: id.to_owned(),
        place: "1".to_owned(),
        prompt: String::new(),
        user: user.map(UserId::from),
        words: words.to_owned(),
        is_hidden,
    }
}

#[test]
fn answers_are_shown_safely() {
    let answers = [answer("a", "<!channel> ```x", None, false), answer("b", "Mean", None, true)];
    insta::assert_snapshot!(read(&shown_prompt("", &prompts()[0], &answers, 2)), @r"
    :mirror: *What now ?*
    • &lt;!channel&gt; ``x
    • _hidden by the organiser_
    (From the retro: 6 people answered, anonymous, in random order. Talk about it in the thread.)
    ");
    insta::assert_snapshot!(read(&shown_prompt("", &prompts()[1], &[answer("c", "Tea", Some("BEN"), false)], 1)), @r"
    :mirror: *What went well?*
    • Tea (<@BEN>)
    (From the retro: 6 people answered, with names. Talk about it in the thread.)
    ");
    assert!(
        read(&shown_prompt("", &prompts()[0], &answers, 7))
            .contains("in random order. 5 more answers follow in the thread. Talk")
    );
    insta::assert_snapshot!(read(&more_answers(&answers[..1], (8, 8))), @r"
    • &lt;!channel&gt; ``x
    (Answers 8 to 8 of 8.)
    ");
    let all = [(prompts()[0].clone(), answers[..1].to_vec())];
    let pages = review_pages(&all);
    let form = review_form(
        "",
        &"TEAM".into(),
        &ReviewPage { prompts: &all, pages: &pages, page: 0, is_shown: false, private: String::new() },
    );
    insta::assert_snapshot!(read_modal(&form), @r"
    Read and reveal:
    The answers to the retro of <#TEAM> in random order. Hide one only if it attacks a person: it shows as hidden.
    *What now ?*
    1. &lt;!channel&gt; ``x
    Hide: 
    [Not yet] [Reveal]
    ");
    insta::assert_snapshot!(read(&revealed("", &"TEAM".into(), 2)), @"The retro: 2 prompts are shown in <#TEAM>.");
    insta::assert_snapshot!(read(&is_revealed()), @"These answers are in the channel already.");
    insta::assert_snapshot!(read(&nothing_to_reveal()), @"There's nothing to reveal: no prompt of this retro has answers that may be shown.");
}

#[test]
fn an_organiser_reads_each_answer_whole() {
    // The most that 500 people can send in short: each escaped to five times its length.
    let words = |at: usize| format!("{at:03}{}", "&".repeat(997));
    let answers: Vec<RetroAnswer> =
        (0..500).map(|at| answer(&format!("{at:032}"), &words(at), None, at == 1)).collect();
    let all = [(prompts()[0].clone(), answers.clone()), (prompts()[1].clone(), answers[..3].to_vec())];
    let pages = review_pages(&all);
    let mut shown = String::new();
    for page in 0..pages.len() {
        let form = review_form(
            "",
            &"TEAM".into(),
            &ReviewPage { prompts: &all, pages: &pages, page, is_shown: false, private: String::new() },
        );
        assert_eq!(form.submit == "Reveal", page + 1 == pages.len());
        assert!(form.blocks.len() <= 20 && read_modal(&form).chars().count() < 30_000);
        shown += &read_modal(&form);
    }
    for answer in &answers {
        assert!(shown.contains(&answer.words.replace('&', "&amp;")), "{}", answer.id);
    }
    assert_eq!(shown.matches(" _(hidden)_").count(), 2);
    // So does the channel, in as many messages as it takes.
    let (mut rest, mut posts) = (&answers[..], 0);
    while !rest.is_empty() {
        let now = fitting_answers(rest);
        assert!(read(&more_answers(&rest[..now], (1, 500))).chars().count() <= 9_100);
        (rest, posts) = (&rest[now..], posts + 1);
    }
    assert_eq!(posts, 500);
}

#[test]
fn history_tells_the_state_of_each_retro() {
    let of = |state, answers| PastRetro {
        retro: Retro { state, ..retro() },
        answers,
        pulses: 0,
        is_forgotten: false,
        themes: Vec::new(),
    };
    let past = [
        of(State::Open, 0),
        of(State::Closed, 3),
        of(State::Revealed, 3),
        of(State::Done, 0),
        PastRetro { pulses: 4, ..of(State::Done, 0) },
        of(State::Cancelled, 0),
        PastRetro { is_forgotten: true, ..of(State::Revealed, 0) },
        of(State::Cancelled, 3),
        PastRetro { themes: themes::sorted_themes(), ..of(State::Done, 3) },
    ];
    insta::assert_snapshot!(read(&history(&[(String::new(), past.into()), ("Ops".to_owned(), Vec::new())], None, "/retro")), @r"
    *The last retros in which you were asked*
    • Tuesday, 6 January: open, 8 people were asked
    • Tuesday, 6 January: closed and not revealed yet, 8 people were asked
    • Tuesday, 6 January: 3 answers shown, 8 people were asked
    • Tuesday, 6 January: nothing to show, 8 people were asked
    • Tuesday, 6 January: the pulse of 4 questions shown, 8 people were asked
    • Tuesday, 6 January: ended with its programme, nothing is kept
    • Tuesday, 6 January: 8 people were asked; its answers are past their time and deleted
    • Tuesday, 6 January: ended with its programme, 3 answers shown before
    • Tuesday, 6 January: 3 answers shown, 8 people were asked
        ◦ Lunch: 4 votes, in our hands, 2 promises made or asked for
        ◦ The build: 1 vote, passed on to <#IT>
        ◦ Rain, not in our hands
        ◦ and 1 more theme

    *The last retros of Ops in which you were asked*
    None so far.
    ");
}

#[test]
fn a_history_says_that_there_is_more() {
    let shown = read(&history(&[(String::new(), Vec::new())], Some(20), "/retro"));
    assert!(shown.ends_with("(There are more. `/retro history 20` shows up to 20.)"), "{shown}");
}

#[test]
fn just_enough_people_are_told_beforehand() {
    let told = |people| too_few_people(people, Threshold::default()).as_str().to_owned();
    insta::assert_snapshot!(told(4), @"With fewer than 5 people I ask no one, since an anonymous prompt couldn't be shown: invite more, or ask with names.");
    insta::assert_snapshot!(told(5), @"An anonymous prompt is shown only if all 5 of them answer it. Invite more people, and not everyone has to.");
    assert_eq!(told(6), "");
}

#[test]
fn the_form_shows_the_words_of_each_prompt() {
    let decks = deck::read(None).0;
    let shown = |deck: &str| {
        let options = Options { deck: deck.to_owned(), ..Options::default() };
        let blocks = fields(&options, (&decks, 5));
        let Block::Input(boxes) = &blocks[1] else { panic!("{blocks:?}") };
        let Field::Choices { options, .. } = &boxes.field else { panic!("{boxes:?}") };
        let labels: Vec<&str> = options.iter().map(|option| option.label.as_str()).collect();
        format!("{} {}", boxes.name, labels.join("\n"))
    };
    insta::assert_snapshot!(shown(""), @r"
    anonymous_start-stop-continue 1. What should we start doing?
    2. What should we stop doing, even if it once made sense?
    3. What went well and should go on? You can name the people who made it wo…
    ");
    insta::assert_snapshot!(shown("glad-sad-mad"), @r"
    anonymous_glad-sad-mad 1. What made you glad? You can name the people behind it.
    2. What made you sad, or is a pity?
    3. What made you mad, or kept getting in your way?
    ");
}

#[test]
fn changed_options_are_told() {
    let decks = deck::read(None).0;
    let changed = Options {
        deck: "glad-sad-mad".to_owned(),
        named: Some(vec![1]),
        days: 7,
        threshold: Some(3),
        kept: Some(6),
        ..Options::default()
    };
    let told: Vec<String> = changed_options(&Options::default(), &changed, (&decks, 5))
        .iter()
        .map(|sentence| sentence.as_str().to_owned())
        .collect();
    insta::assert_snapshot!(told.join("\n"), @r"
    From the next retro on, I ask: Glad, sad, mad.
    From the next retro on, these prompts are anonymous: 2, 3.
    People have 7 days to answer, instead of 3 days.
    From the next retro on, an anonymous prompt is shown when 3 people have answered, instead of 5.
    I delete answers 6 months after the close of their retro, those of earlier retros too.
    ");
}
