//! Each message, as the person reads it who gets it: a paragraph, then (small lines), then [buttons].

mod groups;
mod setup;
mod standing;

use chrono::{NaiveDate, TimeZone as _, Utc};
use chrono_tz::Tz;

use super::*;
use crate::{
    common::programmes::{
        messages::{
            AfterMove, Holidays, Proposal, Takers, already_in, already_left, announcement_of_move,
            announcement_of_stop, archived, ask_to_stop, cannot_read, joined, left, moved, no_channel,
            none_here, not_here, not_in_channel, not_now, not_understood, not_yours, nothing_to_skip,
            outdated, over, preview, preview_of_move, same_times, skipping, started, stopped, twice_a_day,
            unannounced, unknown, unknown_button,
        },
        request::Verb,
    },
    model::{clock::Instant, message::reading::read, people::ChannelId},
    rituals::coffee::plan::{CoffeeGroup, HeldRound},
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

fn today() -> NaiveDate {
    monday().date_naive()
}

fn weekly() -> Cadence {
    cadence("every Tuesday at 10:00")
}

fn next() -> Occurrence {
    weekly().next(monday()).unwrap()
}

/// So many people who would take part.
fn there(here: usize) -> Takers {
    Takers { here, ..Takers::default() }
}

/// No dates on holidays.
const NONE: Holidays<'static> = (&[], None);

/// Chats as they would be in the channel where this is read.
fn proposal<'p>(cadence: &'p Cadence, people: &'p Takers, dates: &'p [Occurrence]) -> Proposal<'p> {
    let dates = (dates, today());
    Proposal { channel: None, name: "", cadence, people, dates, too_near: None, holidays: NONE }
}

/// What comes when nothing was announced.
fn then_comes(next: Occurrence) -> AfterMove {
    AfterMove { announced: None, next: Some(next) }
}

fn group(names: &[&str]) -> CoffeeGroup {
    CoffeeGroup {
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
    *Coffee chats introduce people in this channel to each other, round after round.*
    `/coffee` opens a form that sets them up; where they run, it shows how they stand.
    `/coffee start every 2 weeks on Tuesday at 10:00` starts them in one line, or changes their times. Everyone in the channel takes part.
    `/coffee status` shows the next round and how many take part.
    `/coffee skip` skips the next round, just for you.
    `/coffee leave` takes you out, `/coffee join` brings you back.
    `/coffee away until Friday` leaves you out until then, `/coffee back` ends that.
    `/coffee cancel Tuesday` cancels the round of that day for everyone, `/coffee move Tuesday to Wednesday` moves it.
    `/coffee pause` stops the rounds for a while, `/coffee resume` brings them back.
    `/coffee stop` ends them for the whole channel. I'll ask you first.
    (Several can run in one channel under names: put `called Lunch` at the end to start one, and the name behind the other words.)
    (You'll meet someone new each round, as long as there's someone new to meet.)
    ");
}

#[test]
fn what_stands_in_the_way_of_a_start() {
    insta::assert_snapshot!(read(&no_channel(&WORDS, "/coffee")), @"Coffee chats run in a channel. Go to the one whose people should meet, and type `/coffee start every Tuesday at 10:00` there.");
    insta::assert_snapshot!(read(&not_here(&"RONDO".into())), @r"
    As far as I know I'm not in this channel, so I can't see who's here. I'm checking with Slack now.
    (If I was just invited, try again in a few seconds. If not, invite me with `/invite` <@RONDO>, or in a group DM, go to a channel.)
    ");
    insta::assert_snapshot!(read(&archived(&WORDS)), @r"
    As far as I know this channel is archived, so coffee chats can't start here. I'm checking with Slack now.
    (If it's back from the archive, try again in a few seconds.)
    ");
    insta::assert_snapshot!(read(&cannot_read("missing_scope")), @r"
    I can't read this channel yet: Slack says `missing_scope`.
    (I keep trying. If it stays like this, tell the people who run me.)
    ");
    let error = Cadence::parse("every <blue> moon", Tz::UTC, monday().date_naive()).unwrap_err();
    insta::assert_snapshot!(read(&not_understood(&error, false, "/coffee")), @r#"
    I don't know "&lt;blue&gt; moon". For example: `/coffee start every Tuesday at 10:00`
    (`/coffee help` shows what I can do here.)
    "#);
    insta::assert_snapshot!(read(&twice_a_day(&WORDS)), @r"
    That's more than one round a day, and each round takes people's time.
    (Once a week or every two weeks suits most channels.)
    ");
}

#[test]
fn previews() {
    let dates = weekly().upcoming(monday(), 3);
    insta::assert_snapshot!(read(&preview(&WORDS, &proposal(&weekly(), &there(23), &dates), "")), @r"
    *Coffee chats in this channel, every Tuesday at 10:00 (Europe/Berlin).*
    23 people here would take part.
    (First rounds: Tuesday, 6 January; Tuesday, 13 January; Tuesday, 20 January.)
    [Start] [Not now]
    ");
    let unread = Takers { unread: Some(34), ..there(3) };
    insta::assert_snapshot!(read(&preview(&WORDS, &proposal(&weekly(), &unread, &dates[..1]), "")), @r"
    *Coffee chats in this channel, every Tuesday at 10:00 (Europe/Berlin).*
    34 people are in this channel; I'm still reading who they are.
    (First round: Tuesday, 6 January.)
    [Start] [Not now]
    ");
    insta::assert_snapshot!(read(&preview(&WORDS, &proposal(&weekly(), &there(1), &dates[..1]), "")), @r"
    *Coffee chats in this channel, every Tuesday at 10:00 (Europe/Berlin).*
    A round needs two people, so nothing happens until more people join this channel.
    (First round: Tuesday, 6 January.)
    [Start] [Not now]
    ");
    let past = cadence("every Tuesday at 10:00 starting 1 January 2020");
    insta::assert_snapshot!(read(&preview(&WORDS, &proposal(&past, &there(23), &dates[..1]), "")), @r"
    *Coffee chats in this channel, every Tuesday at 10:00 (Europe/Berlin) starting 1 January 2020.*
    23 people here would take part.
    (First round: Tuesday, 6 January.)
    (Wednesday, 1 January 2020 is over, so they begin with the next date.)
    [Start] [Not now]
    ");
    let same = read(&preview_of_move(&WORDS, "", (&past, &past), (&dates, today()), NONE, ""));
    assert!(!same.contains("is over"), "{same}");
    let then = cadence("every 2 weeks on Thursday at 15:30");
    let dates = then.upcoming(monday(), 2);
    insta::assert_snapshot!(read(&preview_of_move(&WORDS, "", (&weekly(), &then), (&dates, today()), NONE, "")), @r"
    *Change the times of the coffee chats here?*
    Now: every Tuesday at 10:00 (Europe/Berlin)
    New: every 2 weeks on Thursday at 15:30 (Europe/Berlin)
    (First rounds: Thursday, 8 January; Thursday, 22 January.)
    [Change the times] [Keep the old times]
    ");
    insta::assert_snapshot!(read(&same_times(&WORDS, "", &weekly(), Some(&next()))), @"Coffee chats already run here, every Tuesday at 10:00 (Europe/Berlin). Next round: Tuesday, 6 January at 10:00.");
    insta::assert_snapshot!(read(&not_now("/coffee")), @"OK, nothing has changed. `/coffee help` shows what I can do here.");
    insta::assert_snapshot!(read(&started(&WORDS, &next(), 23, "", None)), @"Coffee chats are on. First round: Tuesday, 6 January at 10:00. I'm announcing it here; anyone can opt out.");
    insta::assert_snapshot!(read(&started(&WORDS, &next(), 1, "Lunch", Some(&"CAFE".into()))), @r"
    *Lunch* is on in <#CAFE>. First round: Tuesday, 6 January at 10:00. I'm announcing it there; anyone can opt out.
    (A round needs two people, so invite a few to the channel before then.)
    ");
    insta::assert_snapshot!(read(&moved(&WORDS, &weekly(), &then, &then_comes(then.next(monday()).unwrap()))), @r"
    I've changed the times, and I'm announcing it here.
    Old: every Tuesday at 10:00 (Europe/Berlin)
    New: every 2 weeks on Thursday at 15:30 (Europe/Berlin)
    Next round: Thursday, 8 January at 15:30.
    ");
}

#[test]
fn announcements() {
    let fortnightly = cadence("every 2 weeks on Thursday at 15:30");
    insta::assert_snapshot!(read(&announcement(&"ANA".into(), ("", "P"), &weekly(), &next(), "/coffee")), @r"
    :coffee: <@ANA> has started coffee chats here: every Tuesday at 10:00 (Europe/Berlin). I'll introduce you to each other in small groups. First round: Tuesday, 6 January at 10:00.
    (Everyone here takes part. Rather not? Press *Skip the first round* or *Leave*, or type `/coffee skip` or `/coffee leave`.)
    [Skip the first round] [Leave]
    ");
    insta::assert_snapshot!(read(&announcement_of_move(&WORDS, &"ANA".into(), ("", ""), &weekly(), &fortnightly, &then_comes(next()))), @r"
    :coffee: <@ANA> has moved the coffee chats.
    Old times: every Tuesday at 10:00 (Europe/Berlin)
    New times: every 2 weeks on Thursday at 15:30 (Europe/Berlin)
    Next round: Tuesday, 6 January at 10:00.
    ");
    let (endless, mut ends) = (weekly(), weekly());
    ends.until = next().wall.date().checked_add_days(chrono::Days::new(21));
    let told = |old, new| {
        read(&announcement_of_move(&WORDS, &"ANA".into(), ("", ""), old, new, &then_comes(next())))
    };
    insta::assert_snapshot!(told(&endless, &ends), @r"
    :coffee: <@ANA> has changed the end of the coffee chats: their last day is Tuesday, 27 January. The times stay.
    Next round: Tuesday, 6 January at 10:00.
    ");
    assert!(told(&ends, &endless).contains("coffee chats: they go on without an end. The times stay."));
    insta::assert_snapshot!(read(&announcement_of_stop(&WORDS, &"ANA".into(), ("", false), true, "/coffee")), @r"
    <@ANA> has stopped the coffee chats. Thanks for meeting, everyone!
    (`/coffee start` starts them again at the same times. I'll remember who has met.)
    ");
}

#[test]
fn taking_part() {
    insta::assert_snapshot!(read(&joined(&WORDS, Some(&next()))), @"You're in. Next round: Tuesday, 6 January at 10:00.");
    insta::assert_snapshot!(read(&left(&WORDS, ("", &"CAFE".into()), "P")), @r"
    You've left the coffee chats in <#CAFE>. I won't tell anyone.
    (You stay in the channel. If I've just introduced you to someone, you can still meet.)
    [Join again]
    ");
    insta::assert_snapshot!(read(&already_left(&WORDS, ("", &"CAFE".into()), "P")), @r"
    You've already left the coffee chats in <#CAFE>, so there's nothing to skip.
    [Join again]
    ");
    insta::assert_snapshot!(read(&joined(&WORDS, None)), @"You're in. No round is planned at the moment.");
    insta::assert_snapshot!(read(&already_in(&WORDS, Some(&next()))), @"You're already in. Next round: Tuesday, 6 January at 10:00.");
    insta::assert_snapshot!(read(&not_in_channel(&WORDS, &"CAFE".into())), @"Coffee chats are for people in <#CAFE>. Join the channel, and you take part.");
    insta::assert_snapshot!(read(&skipping(&WORDS, &next(), "Tea", "P")), @r"
    You're skipping the round of *Tea* on Tuesday, 6 January at 10:00. After that you're back in.
    [Take part after all]
    ");
    insta::assert_snapshot!(read(&nothing_to_skip(&WORDS)), @"No round is planned here, so there's nothing to skip.");
    insta::assert_snapshot!(read(&none_here(&WORDS, true, &[], None, "/coffee")), @r"
    There are no coffee chats in this channel.
    (`/coffee start every 2 weeks on Tuesday at 10:00` starts them.)
    ");
    insta::assert_snapshot!(read(&none_here(&WORDS, true, &["CAFE".into()], None, "/coffee")), @"There are no coffee chats in this channel. Yours are in <#CAFE>: type the command there.");
    insta::assert_snapshot!(read(&none_here(&WORDS, false, &["CAFE".into(), "TEA".into()], None, "/coffee")), @"Coffee chats run in channels. Yours are in <#CAFE> and <#TEA>: type the command there.");
    assert_eq!(none_here(&WORDS, false, &[], None, "/coffee"), no_channel(&WORDS, "/coffee"));
    insta::assert_snapshot!(read(&not_yours(&WORDS, &["ANA".into()], "/coffee")), @r"
    <@ANA> runs these chats. They or a workspace admin can change or stop them.
    (Just for you: `/coffee skip` skips the next round, `/coffee leave` takes you out.)
    ");
    insta::assert_snapshot!(read(&stopped(&WORDS, "Tea", &"CAFE".into())), @"I've stopped *Tea* in <#CAFE>. I'm telling the channel, unless I've been removed from it.");
    insta::assert_snapshot!(read(&over(&WORDS)), @"These coffee chats have ended, so nothing has changed.");
}

#[test]
fn what_was_typed_is_quoted_with_the_nearest_thing_that_works() {
    let says = |sent: &str, meant| read(&unknown(&WORDS, sent, meant, "/coffee"));
    insta::assert_snapshot!(says("stauts", Some(Verb::Status)), @r#"
    I don't know "stauts". Did you mean `/coffee status`?
    (Nothing has changed. `/coffee status` shows the next round and how many take part.)
    "#);
    insta::assert_snapshot!(says("leave <@U1|hugo>", Some(Verb::Leave)), @r#"
    I don't know "leave @hugo". Did you mean `/coffee leave`?
    (Nothing has changed. `/coffee leave` takes you, and only you, out of the chats here.)
    "#);
    insta::assert_snapshot!(says("leave <@U1>\u{202e}  &amp;\n &lt;3 ", Some(Verb::Leave)), @r#"
    I don't know "leave <@U1>  &amp;  &lt;3". Did you mean `/coffee leave`?
    (Nothing has changed. `/coffee leave` takes you, and only you, out of the chats here.)
    "#);
    insta::assert_snapshot!(says("stop please", Some(Verb::Stop)), @r#"
    I don't know "stop please". Did you mean `/coffee stop`?
    (Nothing has changed. `/coffee stop` ends the chats for the whole channel; I'll ask you first.)
    "#);
    insta::assert_snapshot!(says("end of the month at 10:00", Some(Verb::Start)), @r#"
    I don't know "end of the month at 10:00". Did you mean `/coffee start last Friday of the month at 10:00`?
    (Nothing has changed. `/coffee start last Friday of the month at 10:00` shows you a preview first, and `/coffee stop` ends the chats.)
    "#);
    insta::assert_snapshot!(says("change", Some(Verb::Start)), @r#"
    I don't know "change". Did you mean `/coffee start every 2 weeks on Tuesday at 10:00`?
    (Nothing has changed. `/coffee start every 2 weeks on Tuesday at 10:00` shows you a preview first, and `/coffee stop` ends the chats.)
    "#);
    insta::assert_snapshot!(says("join now pls", Some(Verb::Join)), @r#"
    I don't know "join now pls". Did you mean `/coffee join`?
    (Nothing has changed. `/coffee join` brings you back in.)
    "#);
    insta::assert_snapshot!(says("skip 2026-12-25", Some(Verb::Skip)), @r#"
    I don't know "skip 2026-12-25". Did you mean `/coffee skip`?
    (Nothing has changed. `/coffee skip` skips the next round, just for you.)
    "#);
    insta::assert_snapshot!(says("halp", Some(Verb::Help)), @r#"
    I don't know "halp". Did you mean `/coffee help`?
    (Nothing has changed. `/coffee help` shows what I can do here.)
    "#);
    insta::assert_snapshot!(says(&"many words ".repeat(20), None), @r#"
    I don't know "many words many words many words many words many words many words many words ma…".
    (`/coffee help` shows what I can do here.)
    "#);
}

#[test]
fn before_chats_end() {
    let cafe = "CAFE".into();
    insta::assert_snapshot!(read(&ask_to_stop(&WORDS, ("Tea", &cafe), 12, (Some(&next()), &Markup::default()), "P")), @r"
    *Stop Tea in <#CAFE>?*
    12 people take part, and the round on Tuesday, 6 January at 10:00 won't happen.
    [Stop these chats] [Keep them]
    ");
    insta::assert_snapshot!(read(&ask_to_stop(&WORDS, ("", &cafe), 1, (None, &Markup::default()), "P")), @r"
    *Stop the coffee chats in <#CAFE>?*
    1 person takes part, and no round is planned.
    [Stop these chats] [Keep them]
    ");
    insta::assert_snapshot!(read(&ask_to_stop(&WORDS, ("", &cafe), 0, (None, &Markup::default()), "P")), @r"
    *Stop the coffee chats in <#CAFE>?*
    No one takes part at the moment, and no round is planned.
    [Stop these chats] [Keep them]
    ");
}

#[test]
fn presses_that_change_nothing() {
    insta::assert_snapshot!(read(&outdated("/coffee")), @"This preview is out of date, so nothing has changed. Type `/coffee start` with your times again.");
    insta::assert_snapshot!(read(&unknown_button("/coffee")), @"I don't know this button any more, so nothing has changed. `/coffee help` shows what I can do here.");
    insta::assert_snapshot!(read(&not_your_group()), @"Only the people I introduced here can say whether they met.");
    insta::assert_snapshot!(read(&unknown_group()), @"I have no record of this group any more, so nothing has changed.");
}

#[test]
fn dates_on_holidays() {
    let days = |days: &[u32]| -> Vec<NaiveDate> {
        days.iter().map(|day| NaiveDate::from_ymd_opt(2026, 12, *day).unwrap()).collect()
    };
    let dates = weekly().upcoming(monday(), 3);
    let (weekly, some) = (weekly(), days(&[25]));
    let holidays = (&some[..], Some("except 25 December"));
    let one = preview(&WORDS, &Proposal { holidays, ..proposal(&weekly, &there(23), &dates) }, "");
    insta::assert_snapshot!(read(&one), @r"
    *Coffee chats in this channel, every Tuesday at 10:00 (Europe/Berlin).*
    23 people here would take part.
    (First rounds: Tuesday, 6 January; Tuesday, 13 January; Tuesday, 20 January.)
    (Friday, 25 December is a holiday for many people. To leave it out, type the times again with `except 25 December` at the end.)
    [Start] [Not now]
    ");
    let two =
        preview_of_move(&WORDS, "", (&weekly, &weekly), (&dates, today()), (&days(&[24, 31]), None), "");
    insta::assert_snapshot!(read(&two), @r"
    *Change the times of the coffee chats here?*
    Now: every Tuesday at 10:00 (Europe/Berlin)
    New: every Tuesday at 10:00 (Europe/Berlin)
    (First rounds: Tuesday, 6 January; Tuesday, 13 January; Tuesday, 20 January.)
    (Thursday, 24 December and Thursday, 31 December are holidays for many people.)
    [Change the times] [Keep the old times]
    ");
}

#[test]
fn what_an_organiser_hears_of_trouble() {
    let told = |it| read(&trouble(it, &"CAFE".into(), "P", &"RONDO".into()));
    insta::assert_snapshot!(told(RoundProblem::Closed), @r"
    I couldn't hold the coffee round in <#CAFE>: the channel is archived, or I was removed from it.
    (Rounds go on once I'm back: restore the channel, or type `/invite` <@RONDO> there.)
    [Stop these chats]
    ");
    insta::assert_snapshot!(told(RoundProblem::Few), @r"
    There was no coffee round in <#CAFE> this time: it takes two people, and fewer take part.
    (The next round goes ahead once more people join the channel.)
    [Stop these chats]
    ");
    insta::assert_snapshot!(told(RoundProblem::Refused("missing_scope")), @r"
    I couldn't introduce people in the coffee chats of <#CAFE>: Slack says `missing_scope`.
    (Please tell the person who runs me: `rondo check` says what to fix, and `rondo outbox retry` then sends the introductions.)
    [Stop these chats]
    ");
    let unannounced = unannounced(&WORDS, &"CAFE".into(), "P", "restricted_action", &"RONDO".into());
    insta::assert_snapshot!(read(&unannounced), @r"
    The coffee chats in <#CAFE> are on, but I couldn't post about them there: Slack says `restricted_action`.
    (Type `/invite` <@RONDO> there, or let me post. Until then, please tell people yourself.)
    [Stop these chats]
    ");
}
