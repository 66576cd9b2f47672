//! What leads an organiser from the answers to the themes, and the forms behind it.

use super::{read, read_modal, themes::sorted_themes, *};
use crate::{
    model::text::{Link, Markup},
    rituals::retro::{
        plan::{Ballot, Budget, Change},
        theme::{Grouped, Theme},
        values::Vote,
    },
};

fn vote() -> Vote {
    Vote { budget: Budget::default(), ends_at: retro().closes_at, ballots: 0 }
}

fn plain() -> Vec<Theme> {
    let bare = |theme: Theme| Theme { rank: None, votes: None, came_up: None, ..theme };
    sorted_themes().into_iter().map(bare).collect()
}

#[test]
fn next_shows_the_step_that_waits() {
    let (channel, retro) = (ChannelId::from("TEAM"), retro());
    let shown = |name| ShownRetro { retro: &retro, name, channel: &channel, post: None };
    insta::assert_snapshot!(read(&next_is_close(&retro, "", &closes())), @r"
    The retro of Tuesday, 6 January is open until Friday, 9 January at 10:00.
    [Extend by a weekday] [Close now]
    ");
    insta::assert_snapshot!(held(&retro).as_str(), @"• Tuesday, 6 January: open");
    insta::assert_snapshot!(read(&next_is_reveal(&retro, "Ops")), @r"
    *Ops* of Tuesday, 6 January is closed. Next: read the answers, and show them.
    [Read and reveal]
    ");
    insta::assert_snapshot!(read(&what_next(&shown(""), (0, 1))), @r"
    :mirror: The answers of the retro of Tuesday, 6 January are in <#TEAM>. Next: what do you talk about? There is 1 theme.
    (*Group into themes* changes what belongs together. *Start the vote* lets everyone who was asked choose. *Show the themes* posts them right away, without a vote.)
    [Group into themes] [Start the vote] [Show the themes] [Hide an answer]
    ");
    insta::assert_snapshot!(read(&what_next(&shown("Ops"), (2, 7))), @r"
    :mirror: The answers of *Ops* of Tuesday, 6 January are in <#TEAM>. Next: what do you talk about? There are 7 themes. 2 of them are several answers that say nearly the same.
    (*Group into themes* changes what belongs together. *Start the vote* lets everyone who was asked choose. *Show the themes* posts them right away, without a vote.)
    [Group into themes] [Start the vote] [Show the themes] [Hide an answer]
    ");
    insta::assert_snapshot!(read(&what_next(&shown(""), (0, 0))), @r"
    :mirror: All answers of the retro of Tuesday, 6 January are hidden, so there are no themes to talk about.
    [End the retro] [Hide an answer]
    ");
    insta::assert_snapshot!(read(&vote_for_organiser(("", &"TEAM".into()), (&retro, 4), &closes())), @r"
    :mirror: The vote of the retro of Tuesday, 6 January runs until Friday, 9 January at 10:00. Then I count the votes and post the top themes in <#TEAM>.
    [End the vote now] [Hide an answer]
    ");
    assert!(several_next(Vec::new()).is_none());
    insta::assert_snapshot!(read(&nothing_to_hide("/retro")), @"The channel has read no answers of a retro in the last months, so there's nothing to hide. `/retro history` shows the last retros.");
    insta::assert_snapshot!(read(&answers_shown(&shown(""))), @r"
    :mirror: The answers of the retro of Tuesday, 6 January are in <#TEAM>.
    [Hide an answer]
    ");
    insta::assert_snapshot!(read(&themes_shown(&shown("Ops"), (true, 3))), @r"
    :mirror: The vote of *Ops* of Tuesday, 6 January is over, and the themes are in <#TEAM>. Next: sort each there by its menu, *In our hands?*.
    [Hide an answer]
    ");
    insta::assert_snapshot!(read(&themes_shown(&shown(""), (false, 1))), @r"
    :mirror: The retro of Tuesday, 6 January is done: its themes are in <#TEAM>. Next: sort the one that isn't sorted there by its menu, *In our hands?*.
    [Hide an answer]
    ");
    let post = Link::read("https://harbour.slack.com/archives/TEAM/p1");
    insta::assert_snapshot!(read(&answers_read(&ShownRetro { post, ..shown("Ops") })), @":mirror: The <https://harbour.slack.com/archives/TEAM/p1|answers> of *Ops* of Tuesday, 6 January are in <#TEAM>.");
    insta::assert_snapshot!(read(&vote_called_off("")), @":mirror: The retro was stopped during its vote, so the votes aren't counted. Its answers stay above.");
    let ana = [UserId::from("ANA")];
    insta::assert_snapshot!(read(&not_led("", &ana)), @"<@ANA> runs these retros, so this is theirs or a workspace admin's to do. Nothing was saved, and nothing has changed.");
    insta::assert_snapshot!(read(&led_by_another("", &channel, &"BEN".into())), @":mirror: You've handed the retros in <#TEAM> over to <@BEN>, who leads them on.");
    insta::assert_snapshot!(waits_for_you(&retro, ("Ops", &channel), "/retro").as_str(), @"*Ops* of Tuesday, 6 January waits for you: type `/retro next called Ops` in <#TEAM>.");
    insta::assert_snapshot!(read(&nothing_next("/retro")), @"No retro waits for you here. `/retro history` shows the last ones, and `/retro now` starts one.");
}

#[test]
fn a_button_of_another_state_says_how_the_retro_stands() {
    let said: Vec<String> = State::ALL.into_iter().map(|state| read(&stands(state))).collect();
    insta::assert_snapshot!(said.join("\n"), @r"
    The answers aren't shown yet, so there are no themes. My message about the close has *Read and reveal*.
    The answers aren't shown yet, so there are no themes. My message about the close has *Read and reveal*.
    The answers aren't shown yet, so there are no themes. My message about the close has *Read and reveal*.
    The answers are in the channel, and there's no vote yet, so nothing has changed.
    The vote is on. You can end it with *End the vote now* in my last message.
    This retro is done: its themes are in the channel.
    This retro ended with its programme, so nothing has changed.
    ");
    let refused = [
        themes_changed(),
        moved_on("/retro"),
        is_revealed(),
        nothing_to_reveal(),
        vote_ends_now(),
        few_themes(1),
        few_themes(0),
        few_voters(4, 5),
        finished("", &ChannelId::from("TEAM"), 3),
        finished("", &ChannelId::from("TEAM"), 0),
    ];
    insta::assert_snapshot!(refused.iter().map(read).collect::<Vec<_>>().join("\n"), @r"
    These themes have changed in the same moment, so nothing was done. Please try again.
    This retro has moved on since that message, so nothing has changed. `/retro next` shows how it stands, with the buttons that work.
    These answers are in the channel already.
    There's nothing to reveal: no prompt of this retro has answers that may be shown.
    The vote is over. I'm counting, and the themes will be in the channel in a moment.
    There is 1 theme, so there's nothing to choose between. Press *Show the themes*, and I'll post each.
    All answers are hidden, so there are no themes to vote on.
    A vote counts when 5 people vote, since with fewer its result would tell who voted for what. 4 people were asked. Press *Show the themes*, and I'll post each.
    The retro is done: its themes are in <#TEAM>.
    The retro is done. I've told <#TEAM> that there are no themes.
    ");
}

#[test]
fn the_form_of_themes_says_what_is_in_them() {
    let alone = vec![answer("8", "Tea & <cake>", None, false), answer("9", "A longer lunch", None, false)];
    let grouped = Grouped { themes: plain(), alone };
    insta::assert_snapshot!(read_modal(&group_form(&grouped, None, None, (3, "R 3 new".to_owned()))), @r"
    Themes:
    Put answers that belong together into one theme. An answer that you leave by itself is a theme of its own.
    Theme: new
    Name:  (Without a name it's called by its first answer.)
    Answers:  (Those that say the same, or belong together.)
    1. *Lunch*: 2 answers
    2. *The build*: 2 answers
    3. *Rain*: 2 answers
    4. *Hiring*: 2 answers
    By themselves:
    • Tea &amp; &lt;cake&gt;
    • A longer lunch
    [Done] [Save theme]
    ");
    let one = &grouped.themes[0];
    let form = group_form(&grouped, Some(one), Some(theme_saved(one)), (3, "R 3 1".to_owned()));
    insta::assert_snapshot!(read_modal(&form), @r"
    Themes:
    Put answers that belong together into one theme. An answer that you leave by itself is a theme of its own.
    :white_check_mark: Saved: *Lunch*, 2 answers.
    Theme: 1
    Name: Lunch (Without a name it's called by its first answer.)
    Answers: Lunch, 2 (Take all of them out, and the theme is gone.)
    1. *Lunch*: 2 answers
    2. *The build*: 2 answers
    3. *Rain*: 2 answers
    4. *Hiring*: 2 answers
    By themselves:
    • Tea &amp; &lt;cake&gt;
    • A longer lunch
    [Done] [Save theme]
    ");
    let notices = [theme_gone(one), grouped_meanwhile()];
    insta::assert_snapshot!(Markup::join(&notices, "\n").as_str(), @r"
    :white_check_mark: *Lunch* is gone; its answers stand by themselves.
    :warning: Another organiser has changed the themes meanwhile, so yours wasn't saved. This is how they stand now.
    ");
    insta::assert_snapshot!([NO_ANSWER_CHOSEN.to_owned(), long_name(), themes_full()].join("\n"), @r"
    Choose at least one answer.
    That's too long: 60 characters fit.
    There are 40 themes, as many as people can vote on. Add these to one of them.
    ");
}

#[test]
fn a_vote_is_started_with_a_form() {
    insta::assert_snapshot!(read_modal(&vote_setup("", (5, 0), 5, "R".to_owned())), @r"
    Start the vote:
    The retro has 5 themes. Everyone who was asked gets a button in the channel. Who votes for what is never shown, nothing is counted before the end, and the votes count if 5 people vote.
    How many votes does each person have?: 3 (Up to two of them may go to one theme.)
    How long can people vote?: 1d (You can end it earlier.)
    [Not yet] [Start]
    ");
    let many = read_modal(&vote_setup("", (40, 198), 5, "R".to_owned()));
    assert!(many.contains("The retro has 238 themes. A vote takes 40, so 198 of them are out of it. To bring them in, press *Not yet*"), "{many}");
    insta::assert_snapshot!(read(&vote_started("Ops", &closes())), @"The vote of *Ops* is on in the channel, until Friday, 9 January at 10:00.");
    insta::assert_snapshot!(read(&vote_began("Ops", "R", &plain(), (vote(), &closes(), 5))), @r"
    :mirror: *What should we talk about?* *Ops* has these themes:
    1. Lunch (2 answers)
    2. The build (2 answers)
    3. Rain (2 answers)
    4. Hiring (2 answers)
    (Everyone who was asked has 3 votes, at most two for one theme, until Friday, 9 January at 10:00. The votes count if 5 people vote. Who votes for what is never shown, and you can change your votes until then.)
    [Vote]
    ");
    let one = Vote { budget: Budget::of_votes(1).unwrap(), ..vote() };
    insta::assert_snapshot!(read(&vote_began("", "R", &plain()[..2], (one, &closes(), 5))), @r"
    :mirror: *What should we talk about?* The retro has these themes:
    1. Lunch (2 answers)
    2. The build (2 answers)
    (Everyone who was asked has 1 vote, until Friday, 9 January at 10:00. The votes count if 5 people vote. Who votes for what is never shown, and you can change your votes until then.)
    [Vote]
    ");
    insta::assert_snapshot!(read(&vote_over("", 5)), @":mirror: The vote on the 5 themes of the retro is over.");
}

#[test]
fn a_ballot_is_a_form() {
    let themes = plain();
    let empty = ballot_form(&themes, (vote(), &closes()), &Ballot::default(), "R".to_owned());
    insta::assert_snapshot!(read_modal(&empty), @r"
    Vote:
    You have 3 votes, at most two for one theme. You can change them until Friday, 9 January at 10:00. Who votes for what is never shown.
    Vote 1: 
    Vote 2: 
    Vote 3: 
    1. Lunch (2 answers)
    2. The build (2 answers)
    3. Rain (2 answers)
    4. Hiring (2 answers)
    [Cancel] [Vote]
    ");
    let ballot = Ballot::default().changed("2", Change::Give, vote().budget).unwrap();
    let filled = read_modal(&ballot_form(&themes, (vote(), &closes()), &ballot, "R".to_owned()));
    assert!(filled.contains("Vote 1: 2"), "{filled}");
    let said = [
        voted((0, 0), &closes()),
        voted((1, 0), &closes()),
        voted((3, 1), &closes()),
        vote_is_over(),
        may_not_vote(),
    ];
    insta::assert_snapshot!(said.iter().map(read).collect::<Vec<_>>().join("\n"), @r"
    You've given no vote. You can still vote until Friday, 9 January at 10:00.
    Your vote is saved. You can change it with the same button until Friday, 9 January at 10:00.
    Your 3 votes are saved. You can change them with the same button until Friday, 9 January at 10:00.
    (1 vote was for a theme that was hidden meanwhile, and isn't counted.)
    This vote is over, so nothing has changed. The top themes are in the channel, or come in a moment.
    Only those who were asked in this retro vote. Once the vote is over, you can talk about the themes in their threads.
    ");
    insta::assert_snapshot!(enough_for_one(2), @"This theme has 2 of your votes, which is the most. Choose another one.");
}

#[test]
fn themes_are_listed_in_their_order() {
    let lead = "ANA".into();
    let themes = sorted_themes();
    insta::assert_snapshot!(read(&super::super::themes("", (&themes, 2), ThemeOrder::ByVotes(6), Some(&lead))), @r"
    :mirror: *The themes of the retro*
    1. Lunch: 4 votes
    2. The build: 1 vote
    3. Rain
    4. Hiring
    (6 people voted. The first 2 follow, each with a thread to talk in. <@ANA> leads your next sync, and can take you through them and sort them.)
    ");
    let plain = plain();
    insta::assert_snapshot!(read(&super::super::themes("Ops", (&plain, 4), ThemeOrder::ByAnswers, None)), @r"
    :mirror: *The themes of Ops*
    1. Lunch
    2. The build
    3. Rain
    4. Hiring
    (Those with most answers come first. Each follows with a thread to talk in.)
    ");
    insta::assert_snapshot!(read(&super::super::themes("", (&plain[..1], 1), ThemeOrder::TooFewVoted(5), None)), @r"
    :mirror: *The themes of the retro*
    1. Lunch
    (Fewer than 5 people voted, so the votes don't count and are deleted. Those with most answers come first. Each follows with a thread to talk in.)
    ");
    insta::assert_snapshot!(read(&super::super::themes("", (&[], 0), ThemeOrder::ByAnswers, None)), @":mirror: The retro is done. No answer is shown, so there are no themes.");
}

#[test]
fn a_theme_is_passed_on_in_the_organisers_words() {
    let themes = sorted_themes();
    let (ana, it) = ("ANA".into(), ChannelId::from("IT"));
    insta::assert_snapshot!(read_modal(&pass_form(&themes[1])), @r"
    Pass it on:
    I post your words there with your name and how often this came up. The answers stay here: they were written for this channel.
    Which channel can do something about it?:  (You and I have to be in it.)
    What should they read?: The build
    [Not yet] [Post it]
    ");
    let day = retro().date;
    insta::assert_snapshot!(read(&passed(&ana, "Our build takes *an hour*", None, (Some(3), day))), @r"
    :mirror: <@ANA> asks for your help with something that another team can't settle by itself:
    >Our build takes *an hour*
    (It came up in 3 of their retros, last on Tuesday, 6 January. Answer in the thread, please.)
    ");
    insta::assert_snapshot!(read(&passed(&ana, "Once", Some(&it), (Some(1), day))), @r"
    :mirror: <@ANA> asks for your help with something that <#IT> can't settle by itself:
    >Once
    (It came up in their retro of Tuesday, 6 January. Answer in the thread, please.)
    ");
    let said = [passed_on(&it), not_passed(&retro(), "", &it), sorted_meanwhile()];
    insta::assert_snapshot!(said.iter().map(read).collect::<Vec<_>>().join("\n"), @r"
    I'm posting it in <#IT>. The theme's message says so, too.
    :warning: Slack didn't let me post a theme of the retro of Tuesday, 6 January in <#IT>, so it isn't passed on. *Pass it on* at its message tries again, there or elsewhere.
    This theme was sorted otherwise or passed on meanwhile, so nothing has changed. Its message says how it stands.
    ");
    insta::assert_snapshot!([wrong_words(0), wrong_words(501), SAME_CHANNEL.to_owned()].join("\n"), @r"
    Write a few words.
    That has 501 characters, and 500 fit.
    That's the channel of this retro. Choose one that can do something about it.
    ");
}

#[test]
fn a_promise_is_asked_for_in_a_form() {
    let theme = &sorted_themes()[0];
    insta::assert_snapshot!(read_modal(&promise_form(theme, 0, &"UBEN".into())), @r#"
    Make a promise:
    What is a first step towards *Lunch*?
    What should be done next?:  (I ask the person below by DM. Nothing is promised until they say yes.)
    Who'll do it?: Person(UserId("UBEN")) (Without a name I ask you. With your own it's your promise, if you choose a date.)
    By when?:  (Without a date they choose one.)
    What else?: 
    Who'll do it?: 
    By when?: 
    [Cancel] [Send]
    "#);
    let third = read_modal(&promise_form(theme, 2, &"UBEN".into()));
    insta::assert_snapshot!(third.lines().nth(2).unwrap(), @":bulb: 2 promises were made or asked for in this retro already. One or two are kept more often than five; you can still add one.");
    let said = [
        asked_for_promises(1, 0, 0),
        asked_for_promises(2, 0, 0),
        asked_for_promises(0, 1, 0),
        asked_for_promises(1, 1, 0),
        asked_for_promises(0, 0, 2),
        no_promise_from_it(),
        not_of_the_retro(),
    ];
    insta::assert_snapshot!(said.iter().map(read).collect::<Vec<_>>().join("\n"), @r"
    1 promise is asked for, by DM. Nothing is promised until the person says yes.
    2 promises are asked for, by DM. Nothing is promised until the person says yes.
    1 promise is yours now; your DM says when I remind you.
    1 promise is yours now; your DM says when I remind you.
    1 promise is asked for, by DM. Nothing is promised until the person says yes.
    2 promises of yours need a date: I've asked you by DM when you'll do it.
    This theme was sorted otherwise or passed on meanwhile, so nothing has changed. Its message says how it stands.
    (A promise can still be made without it: `/promise send the report by Friday`.)
    Only those who were asked in this retro take on its promises. `/promise` makes one of your own, though.
    ");
    insta::assert_snapshot!(NOTHING_ASKED, @"What's the first step? Write a few words.");
}

#[test]
fn the_only_retro_says_what_comes() {
    let channel = ChannelId::from("TEAM");
    insta::assert_snapshot!(read(&held_once(&retro(), &channel, &closes(), "/retro")), @r"
    The retro in <#TEAM> is open until Friday, 9 January at 10:00. I'm asking 8 people, each in their own hours.
    (When it closes I tell you by DM, and `/retro next` there shows you the next step.)
    ");
    let states = [State::Open, State::Closed, State::Checked, State::Revealed, State::Voting];
    let left = states.map(|state| {
        let retro = Retro { state, is_sorted: state > State::Open, ..retro() };
        ends_unfinished(&retro).as_str().to_owned()
    });
    insta::assert_snapshot!(left.join("\n"), @r"
    The retro of Tuesday, 6 January isn't over: its answers would be deleted, and no one would read them.
    The answers of the retro of Tuesday, 6 January aren't shown yet; *Read and reveal* still works afterwards.
    The answers of the retro of Tuesday, 6 January aren't shown yet; *Read and reveal* still works afterwards.
    The themes of the retro of Tuesday, 6 January aren't posted yet; *Show the themes* still works afterwards.
    The vote of the retro of Tuesday, 6 January isn't over: its votes would be deleted uncounted.
    ");
    let wall = closes().wall;
    let once = Cadence::once(wall, chrono_tz::Tz::UTC);
    let about = AnnouncedRetros { deck: "Start, stop, continue", days: Some(3), audience: None };
    let planned = announcement(&"ANA".into(), ("", "P"), (&once, &closes()), &about, "/retro");
    insta::assert_snapshot!(read(&planned), @r"
    :mirror: <@ANA> has planned a retro here: Friday, 9 January at 10:00, Start, stop, continue. I'll ask each of you in a message of your own, in your working hours, and you have 3 days to answer.
    (Rather not? Press *Skip it*, or type `/retro skip`.)
    [Skip it]
    ");
}
