//! Each message, as the person reads it who gets it: a paragraph, then (small lines), then [buttons].

use chrono::{NaiveDate, TimeZone as _, Utc};
use chrono_tz::Tz;

use super::*;
use crate::{
    model::{clock::Instant, message::reading::read},
    rituals::coffee::store::{Group, Held},
};

fn people(names: &[&str]) -> Vec<UserId> {
    names.iter().map(|name| UserId::from(*name)).collect()
}

/// Monday, 5 January 2026.
fn monday() -> Instant {
    Utc.with_ymd_and_hms(2026, 1, 5, 9, 0, 0).unwrap()
}

fn cadence(words: &str) -> Cadence {
    Cadence::parse(words, Tz::Europe__Berlin, monday().date_naive()).unwrap()
}

fn weekly() -> Cadence {
    cadence("every Tuesday at 10:00")
}

fn next() -> Occurrence {
    weekly().next(monday()).unwrap()
}

fn group(names: &[&str]) -> Group {
    Group {
        id: "G".to_owned(),
        programme: "P".to_owned(),
        channel: "CAFE".into(),
        date: "2026-01-06".to_owned(),
        question: "What are you looking forward to?".to_owned(),
        people: people(names),
    }
}

#[test]
fn help_message() {
    insta::assert_snapshot!(read(&help("/coffee")), @r"
    *Coffee chats: I bring people of this channel together, round after round.*
    `/coffee start every 2 weeks on Tuesday at 10:00` starts them here. Everybody in the channel takes part.
    `/coffee status` says when the next round is and who takes part.
    `/coffee skip` sits out one round, `/coffee leave` all of them, `/coffee join` takes part again.
    `/coffee stop` ends them.
    (Pairs who have met wait until all others have had their turn.)
    ");
}

#[test]
fn what_stands_in_the_way_of_a_start() {
    insta::assert_snapshot!(read(&no_channel("/coffee")), @"Coffee chats live in a channel. Go to one whose people should meet, and type `/coffee start every Tuesday at 10:00` there.");
    insta::assert_snapshot!(read(&not_here(&"RONDO".into())), @r"
    As far as I know I'm not in this channel, so I can't see who's here. I'm checking with Slack now.
    (If I was just invited, try again in a few seconds. If not, invite me with `/invite` <@RONDO>, or in a group DM, go to a channel.)
    ");
    insta::assert_snapshot!(read(&still_reading()), @"I'm still reading this workspace. Try again in a few seconds.");
    insta::assert_snapshot!(read(&archived()), @r"
    As far as I know this channel is archived, so coffee chats can't start here. I'm checking with Slack now.
    (If it's back from the archive, try again in a few seconds.)
    ");
    insta::assert_snapshot!(read(&cannot_read("missing_scope")), @r"
    I can't read this channel yet: Slack says `missing_scope`.
    (I keep trying. If it stays like this, tell the people who run me.)
    ");
    let error = Cadence::parse("every <blue> moon", Tz::UTC, monday().date_naive()).unwrap_err();
    insta::assert_snapshot!(read(&not_understood(&error, "/coffee")), @r#"
    I do not understand "&lt;blue&gt;". For example: every 2 weeks on Tuesday at 10:00
    (`/coffee help` shows all that I can do here.)
    "#);
    insta::assert_snapshot!(read(&twice_a_day()), @r"
    That comes more than once a day, and a coffee round asks for people's time.
    (Once a week or every two weeks suits most channels.)
    ");
}

#[test]
fn previews() {
    let dates = weekly().upcoming(monday(), 3);
    insta::assert_snapshot!(read(&preview(&weekly(), 23, None, &dates, String::new())), @r"
    *Coffee chats in this channel, every Tuesday at 10:00 (Europe/Berlin).*
    23 people here would take part.
    (First rounds: Tuesday, 6 January; Tuesday, 13 January; Tuesday, 20 January.)
    [Start] [Not now]
    ");
    insta::assert_snapshot!(read(&preview(&weekly(), 3, Some(34), &dates[..1], String::new())), @r"
    *Coffee chats in this channel, every Tuesday at 10:00 (Europe/Berlin).*
    34 people are in this channel; I'm still reading who they are.
    (First rounds: Tuesday, 6 January.)
    [Start] [Not now]
    ");
    insta::assert_snapshot!(read(&preview(&weekly(), 1, None, &dates[..1], String::new())), @r"
    *Coffee chats in this channel, every Tuesday at 10:00 (Europe/Berlin).*
    So far there is nobody here to pair; rounds begin when two people take part.
    (First rounds: Tuesday, 6 January.)
    [Start] [Not now]
    ");
    let then = cadence("every 2 weeks on Thursday at 15:30");
    let dates = then.upcoming(monday(), 2);
    insta::assert_snapshot!(read(&preview_of_move(&weekly(), &then, &dates, String::new())), @r"
    Coffee chats come here every Tuesday at 10:00 (Europe/Berlin).
    *Shall they come every 2 weeks on Thursday at 15:30 (Europe/Berlin) from now on?*
    (First rounds: Thursday, 8 January; Thursday, 22 January.)
    [Change the times] [Leave it]
    ");
    insta::assert_snapshot!(read(&same_times(&weekly(), Some(&next()))), @"All set: coffee chats come here every Tuesday at 10:00 (Europe/Berlin) already. The next round is on Tuesday, 6 January at 10:00.");
    insta::assert_snapshot!(read(&not_now("/coffee")), @"Nothing has changed. `/coffee` is there whenever you like.");
    insta::assert_snapshot!(read(&started(&next(), 23)), @r"
    It is on. The first round comes on Tuesday, 6 January at 10:00.
    (I have told the channel, with the way out for those who would rather not.)
    ");
    insta::assert_snapshot!(read(&started(&next(), 1)), @r"
    It is on. The first round comes on Tuesday, 6 January at 10:00.
    (Invite some people to the channel until then.)
    ");
    insta::assert_snapshot!(read(&moved(&next())), @"Changed. The next round comes on Tuesday, 6 January at 10:00.");
}

#[test]
fn announcements() {
    insta::assert_snapshot!(read(&announcement(&"ANA".into(), &weekly(), &next(), "P", "/coffee")), @r"
    :coffee: <@ANA> has started coffee chats here: every Tuesday at 10:00 (Europe/Berlin), I bring a few of you together for a chat. The first round is on Tuesday, 6 January at 10:00.
    (Everybody here takes part. Rather not? Leave at any time, or skip a round; `/coffee` does the same.)
    [Skip the first] [Leave]
    ");
    insta::assert_snapshot!(read(&announcement_of_move(&"ANA".into(), &weekly(), &next())), @":coffee: <@ANA> has moved the coffee chats: they come every Tuesday at 10:00 (Europe/Berlin) now. The next round is on Tuesday, 6 January at 10:00.");
    insta::assert_snapshot!(read(&announcement_of_stop(&"ANA".into(), "/coffee")), @r"
    <@ANA> has stopped the coffee chats here. Thank you all for meeting!
    (`/coffee start` starts them again, and remembers who has met.)
    ");
}

#[test]
fn taking_part() {
    insta::assert_snapshot!(read(&joined(Some(&next()))), @"Good to have you. The next round is on Tuesday, 6 January at 10:00.");
    insta::assert_snapshot!(read(&left(&"CAFE".into(), "P")), @r"
    You have left the coffee chats of <#CAFE>. Nobody is told.
    (You stay in the channel. If you were brought together with somebody just now, that still stands.)
    [Join again]
    ");
    insta::assert_snapshot!(read(&skipping(&next(), "P")), @r"
    You sit out the round on Tuesday, 6 January at 10:00. After that you take part again.
    [Take part after all]
    ");
    insta::assert_snapshot!(read(&nothing_to_skip()), @"No further round is planned here, so there is none to sit out.");
    insta::assert_snapshot!(read(&none_here("/coffee")), @r"
    There are no coffee chats in this channel yet.
    (`/coffee start every 2 weeks on Tuesday at 10:00` starts them.)
    ");
    insta::assert_snapshot!(read(&not_yours(&"ANA".into(), "/coffee")), @r"
    <@ANA> looks after these chats; they or a workspace admin can change or stop them.
    (For yourself, `/coffee skip` sits out a round and `/coffee leave` all of them.)
    ");
    insta::assert_snapshot!(read(&stopped()), @"Stopped. No further round comes, and I have told the channel.");
    insta::assert_snapshot!(read(&over()), @"These coffee chats have ended, so there is nothing to do.");
}

#[test]
fn status_message() {
    let here: Vec<UserId> = (1..=15).map(|n| UserId(format!("U{n}"))).collect();
    let day = |day| NaiveDate::from_ymd_opt(2026, 1, day).unwrap().and_hms_opt(10, 0, 0).unwrap();
    let held =
        |groups, met, unreached| Past::Held(Held { date: "2026-01-06".to_owned(), groups, met, unreached });
    let past = [
        (day(20), held(7, 5, 1)),
        (day(13), Past::LeftOut("I was not running at the time".to_owned())),
        (day(6), held(1, 1, 0)),
    ];
    let cadence = weekly();
    let standing = Standing {
        cadence: &cadence,
        organiser: &"ANA".into(),
        next: Some(day(27)),
        here: &here,
        skipping: &people(&["BEN"]),
        reader_has_left: false,
        past: &past,
    };
    insta::assert_snapshot!(read(&status(&standing, "/coffee")), @r"
    *Coffee chats come here every Tuesday at 10:00 (Europe/Berlin).* The next round is on Tuesday, 27 January at 10:00.
    15 people take part: <@U1>, <@U2>, <@U3>, <@U4>, <@U5>, <@U6>, <@U7>, <@U8>, <@U9>, <@U10>, <@U11>, <@U12> and 3 more.
    Sitting out the next round: <@BEN>.
    • Tuesday, 20 January: 7 groups, 5 have said that they met; 1 could not be introduced.
    • Tuesday, 13 January: no round. I was not running at the time.
    • Tuesday, 6 January: 1 group, one has said that they met.
    (Started by <@ANA>. `/coffee skip` sits out a round, `/coffee leave` all of them.)
    ");
    let standing = Standing {
        next: None,
        here: &here[..1],
        skipping: &[],
        reader_has_left: true,
        past: &[],
        ..standing
    };
    insta::assert_snapshot!(read(&status(&standing, "/coffee")), @r"
    *Coffee chats come here every Tuesday at 10:00 (Europe/Berlin).* No further round is planned.
    So far it is <@U1> alone.
    (You have left; `/coffee join` takes you in again.)
    ");
}

#[test]
fn introductions() {
    insta::assert_snapshot!(read(&introduction(&group(&["ANA", "BEN"]))), @r"
    :coffee: Hello <@ANA> and <@BEN>! The coffee chats of <#CAFE> bring you together. Find a time that suits you both.
    *To start from:* What are you looking forward to?
    (Half an hour is plenty. Leave takes you out of the rounds to come, and nobody is told.)
    [We met] [Not yet] [Leave]
    ");
    insta::assert_snapshot!(read(&introduction_met(&group(&["ANA", "BEN", "CY"]), &"CY".into())), @r"
    :coffee: Hello <@ANA>, <@BEN> and <@CY>! The coffee chats of <#CAFE> bring you together. Find a time that suits you all.
    *To start from:* What are you looking forward to?
    (:white_check_mark: <@CY> says that you met.)
    [Not yet, after all] [Leave]
    ");
    insta::assert_snapshot!(read(&thanks()), @"Lovely. I will look for somebody else for each of you next time.");
    insta::assert_snapshot!(read(&no_rush(Some(&next()))), @"No rush: there is time until the next round on Tuesday, 6 January at 10:00. A good first step: write two times that suit you.");
    insta::assert_snapshot!(read(&not_introduced(&people(&["BEN"]), &"CAFE".into())), @r"
    :coffee: I wanted to bring you together with <@BEN> in the coffee chats of <#CAFE>, but Slack does not let me reach all of you.
    (The next round brings somebody new; and a message of your own may well get through.)
    ");
}

#[test]
fn what_an_organiser_hears_of_trouble() {
    let told = |it| read(&trouble(it, &"CAFE".into(), "P", &"RONDO".into()));
    insta::assert_snapshot!(told(Trouble::Closed), @r"
    I could not hold the coffee round in <#CAFE>: the channel is archived, or I was removed from it.
    (Once I am back (`/invite` <@RONDO>), rounds come again by themselves.)
    [Stop these chats]
    ");
    insta::assert_snapshot!(told(Trouble::Few), @r"
    There was no coffee round in <#CAFE> this time: it takes two people, and fewer take part.
    (Rounds come again by themselves when more people join the channel.)
    [Stop these chats]
    ");
    insta::assert_snapshot!(told(Trouble::Refused("missing_scope")), @r"
    I could not introduce people to each other in the coffee chats of <#CAFE>: Slack says `missing_scope`.
    (Whoever runs me finds the mend with `rondo check`, and can send the introductions after all.)
    [Stop these chats]
    ");
    insta::assert_snapshot!(told(Trouble::Silenced("restricted_action")), @r"
    The coffee chats of <#CAFE> are on, but I could not tell the channel: Slack says `restricted_action`.
    (Invite me (`/invite` <@RONDO>) or allow me to post; until then, please tell them.)
    [Stop these chats]
    ");
}
