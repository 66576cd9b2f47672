//! Each message about closing a sync.

use super::{agenda_point as point, *};
use crate::{
    common::promises::{Due, Promise},
    model::message::reading::read_modal,
    rituals::sync::plan::EndState,
};

fn at() -> Occurrence {
    weekly().next(monday()).unwrap()
}

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 1, 6).unwrap()
}

#[test]
fn a_lead_is_asked_to_close() {
    let team = ChannelId::from("TEAM");
    let closes_at = weekly().next(monday()).unwrap().at + Duration::hours(47);
    let asked = |name, points, is_reminder: bool, led| {
        let closes_at = is_reminder.then_some((closes_at, Tz::Europe__Berlin));
        read(&ask_to_close(
            ("P", name, &team),
            (&at(), points, true),
            (closes_at, (!is_reminder).then_some(led)),
        ))
    };
    insta::assert_snapshot!(asked("", 2, false, Led::ByReader), @r"
    Thanks for leading the sync in <#TEAM> on Tuesday, 6 January! What did you get to?
    (It takes a minute: tick what you reached, and write down what matters. The rest moves on.)
    [Close this sync]
    ");
    insta::assert_snapshot!(asked("Planning", 0, false, Led::ByNoOne), @r"
    *Planning* in <#TEAM> on Tuesday, 6 January had no lead, so I'm asking you: what did you get to?
    (It takes a minute: write down what matters. Nothing was on the agenda.)
    [Close this sync]
    ");
    insta::assert_snapshot!(asked("", 1, false, Led::ByAnother), @r"
    The person who led the sync in <#TEAM> on Tuesday, 6 January isn't here any more, so I'm asking you: what did you get to?
    (It takes a minute: tick what you reached, and write down what matters. The rest moves on.)
    [Close this sync]
    ");
    let last = (Some((closes_at, Tz::Europe__Berlin)), Some(Led::ByReader));
    insta::assert_snapshot!(read(&ask_to_close(("P", "", &team), (&at(), 1, true), last)), @r"
    Thanks for leading the sync in <#TEAM> on Tuesday, 6 January! What did you get to?
    (It closes by itself Thursday, 8 January 2026 at 09:00 (Europe/Berlin), and its point moves on.)
    [Close this sync]
    ");
    let reminded = [0, 1, 2].map(|points| asked("", points, true, Led::ByReader));
    insta::assert_snapshot!(reminded.join("\n"), @r"
    The sync in <#TEAM> on Tuesday, 6 January is still open. What did you get to?
    (It closes by itself Thursday, 8 January 2026 at 09:00 (Europe/Berlin).)
    [Close this sync]
    The sync in <#TEAM> on Tuesday, 6 January is still open. What did you get to?
    (It closes by itself Thursday, 8 January 2026 at 09:00 (Europe/Berlin), and its point moves on.)
    [Close this sync]
    The sync in <#TEAM> on Tuesday, 6 January is still open. What did you get to?
    (It closes by itself Thursday, 8 January 2026 at 09:00 (Europe/Berlin), and all its points move on.)
    [Close this sync]
    ");
    insta::assert_snapshot!(read(&asked_again("", &at())), @"I've asked you again about the sync on Tuesday, 6 January: see below.");
    insta::assert_snapshot!(read(&closed_below("", &at())), @"The sync on Tuesday, 6 January is closed: see below.");
}

#[test]
fn a_form_closes_a_sync() {
    let points = [point("1", "ANA", "Budget\n<b>"), point("2", "BEN", &"x".repeat(100))];
    insta::assert_snapshot!(read_modal(&close_form(&points, ("", day(), true), String::new())), @r"
    Close this sync:
    The sync on Tuesday, 6 January. The thread of its announcement gets a summary.
    What did you reach?:  (What you leave out moves on to the next sync.)
    Notes: 
    Was anything decided?:  (The thread gets it as a decision, and it's found again with the others.)
    Why?: 
    What should be done next?:  (I ask the person below by DM. Nothing is promised until they say yes.)
    Who'll do it?:  (Without a name I ask you. With your own it's your promise, if you choose a date.)
    By when?:  (Without a date they choose one.)
    What else?: 
    Who'll do it?: 
    By when?: 
    [Cancel] [Close the sync]
    ");
    insta::assert_snapshot!(read_modal(&close_form(&[], ("Planning", day(), true), String::new())), @r"
    Close this sync:
    *Planning* on Tuesday, 6 January. The thread of its announcement gets a summary.
    Nothing was on its agenda.
    Notes: 
    Was anything decided?:  (The thread gets it as a decision, and it's found again with the others.)
    Why?: 
    What should be done next?:  (I ask the person below by DM. Nothing is promised until they say yes.)
    Who'll do it?:  (Without a name I ask you. With your own it's your promise, if you choose a date.)
    By when?:  (Without a date they choose one.)
    What else?: 
    Who'll do it?: 
    By when?: 
    [Cancel] [Close the sync]
    ");
    insta::assert_snapshot!(long_notes(3_001), @"These notes are 1 character too long: 3,000 fit. Shorten them, or put the rest into the thread.");
    insta::assert_snapshot!(read(&close_which(&[("", "P", day()), ("Planning", "Q", day())])), @r"
    Several syncs here are open. Which one would you like to close?
    [Close the sync of Tuesday, 6 January]
    [Close Planning of Tuesday, 6 January]
    ");
}

#[test]
fn a_thread_reads_what_was_reached() {
    let (one, two) = (point("1", "ANA", "Budget"), Point { moved: 1, ..point("2", "BEN", "Party") });
    let asked = ["send <it>", "tidy"]
        .map(|words| Promise::asked(words.to_owned(), "BEN".into(), "CY".into(), words.to_owned()));
    let asked = [asked[0].clone().due(Due::on(day())), asked[1].clone()];
    insta::assert_snapshot!(read(&summary((&"CY".into(), day()), (&[&one], (&[&two], true)), (&asked, "Ship it\n<!channel>"))), @r"
    <@CY> has closed this sync.
    *Reached*
    • Budget (<@ANA>)
    *Moves on to the next sync*
    • Party (<@BEN>, moved on twice)
    *Asked for*
    • send &lt;it&gt; (asked of <@BEN>, by Tuesday, 6 January)
    • tidy (asked of <@BEN>, no date yet)
    *Notes*
    >Ship it
    >&lt;!channel&gt;
    ");
    insta::assert_snapshot!(read(&summary((&"CY".into(), day()), (&[], (&[], true)), (&[], ""))), @"<@CY> has closed this sync.");
    insta::assert_snapshot!(read(&lapsed(&[one], true)), @r"
    This sync closes by itself, so I don't know what you reached.
    *Moves on to the next sync*
    • Budget (<@ANA>, moved on once)
    ");
}

#[test]
fn the_question_becomes_an_answer() {
    let thanked = ButtonStyle::Plain;
    let thanks = Button {
        label: "Thank @Ben B".to_owned(),
        action: "kudos:thank".to_owned(),
        value: "-".to_owned(),
        look: thanked,
    };
    insta::assert_snapshot!(read(&closed(("", &at()), (1, true), Some(thanks))), @r"
    The sync on Tuesday, 6 January is closed; its thread has the summary. 1 point moves on to the next sync.
    (A press thanks your scribe with kudos in the channel.)
    [Thank @Ben B]
    ");
    insta::assert_snapshot!(read(&closed(("Planning", &at()), (2, true), None)), @"*Planning* on Tuesday, 6 January is closed; its thread has the summary. 2 points move on to the next sync.");
    assert!(
        read(&closed(("", &at()), (2, false), None))
            .contains(" 2 points are kept, in case the syncs start again.")
    );
    insta::assert_snapshot!(read(&closed(("", &at()), (0, true), None)), @"The sync on Tuesday, 6 January is closed; its thread has the summary.");
    insta::assert_snapshot!(read(&closed_by("", &at(), &"CY".into())), @"<@CY> has closed the sync on Tuesday, 6 January.");
    insta::assert_snapshot!(read(&lapsed_question("Planning", &at())), @"*Planning* on Tuesday, 6 January has closed by itself.");
    insta::assert_snapshot!(read(&is_closed()), @"This sync is closed already, so nothing has changed. Its thread has the summary.");
}

#[test]
fn there_may_be_nothing_to_close() {
    let ended = |state| read(&nothing_to_close(Some((day(), &state))));
    insta::assert_snapshot!(read(&nothing_to_close(None)), @r"
    There's no sync to close here: none has begun that is still open.
    (When a sync is over, I ask its lead to close it.)
    ");
    let all = [EndState::Closed("CY".into()), EndState::Lapsed, EndState::Skipped("CY".into())].map(ended);
    insta::assert_snapshot!(all.join("\n"), @r"
    There's no sync to close here: none has begun that is still open. The last one, on Tuesday, 6 January, was closed by <@CY>.
    (When a sync is over, I ask its lead to close it.)
    There's no sync to close here: none has begun that is still open. The last one, on Tuesday, 6 January, has closed by itself.
    (When a sync is over, I ask its lead to close it.)
    There's no sync to close here: none has begun that is still open. The last one, on Tuesday, 6 January, was skipped by <@CY>.
    (When a sync is over, I ask its lead to close it.)
    ");
}

#[test]
fn a_late_form_is_added() {
    let (ana, day) = (UserId::from("ANA"), day());
    insta::assert_snapshot!(read(&addition((&ana, day), (&[], "Ship it\n<!channel>"))), @r"
    <@ANA> adds to this sync.
    *Notes*
    >Ship it
    >&lt;!channel&gt;
    ");
    insta::assert_snapshot!(read(&added_late(("", day), &EndState::Closed("BEN".into()), false)), @"<@BEN> had closed the sync on Tuesday, 6 January already, so I've added what you wrote to its thread.");
    insta::assert_snapshot!(read(&added_late(("Plan", day), &EndState::Lapsed, true)), @r"
    *Plan* on Tuesday, 6 January had closed by itself already, so I've added what you wrote to its thread.
    (The points stay as they were when it closed.)
    ");
}
