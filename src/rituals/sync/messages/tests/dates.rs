//! What people read of one sync that moves, of pauses, and of a new organiser, as they see it.

use super::*;
use crate::{
    common::programmes::{
        OneDate,
        messages::{
            NoOccasion, Pause, WrongOrganiser, WrongPause, WrongTarget, announcement_of_moved_occasion,
            announcement_of_pause_until, announcement_of_resume, ask_to_hand_over, handed_over,
            moved_occasion, no_occasion_on, organised_by, paused_already, paused_skip, paused_until,
            say_which, told_already, which_year, wrong_organiser, wrong_pause, wrong_target, you_organise,
        },
    },
    model::{cadence::WrongMoment, people::ChannelId},
};

fn two() -> (Occurrence, Occurrence) {
    let at = weekly().upcoming(monday(), 2);
    let wall = at[0].wall + Duration::days(1);
    (at[0], Occurrence { at: at[0].at + Duration::days(1), wall })
}

#[test]
fn a_moved_sync_is_told() {
    let (from, to) = two();
    let by: UserId = "ANA".into();
    let moved = ("", &from, &to, "");
    insta::assert_snapshot!(read(&announcement_of_moved_occasion(&WORDS, &by, moved, None)), @":speech_balloon: <@ANA> has moved the sync on Tuesday, 6 January at 10:00 to Wednesday, 7 January at 10:00.");
    let moved = ("Plan", &from, &to, "of the fair");
    insta::assert_snapshot!(read(&moved_occasion(&WORDS, moved, Some(&from), ("/sync", "Plan"))), @r"
    I've moved the sync of *Plan* on Tuesday, 6 January at 10:00 to Wednesday, 7 January at 10:00 because of the fair. All others stay as they are. Next sync: Tuesday, 6 January at 10:00. I'm announcing it here.
    (Want it back? Type `/sync move 2026-01-07 to 2026-01-06 called Plan`.)
    ");
    insta::assert_snapshot!(read(&told_already(&WORDS, &from, "/sync")), @r"
    I've told people of the sync on Tuesday, 6 January at 10:00 already, so it stays the next one, and nothing has changed.
    (`/sync cancel 2026-01-06` cancels it. Later ones can be moved to a day after it.)
    ");
    let place = SyncPlace { name: "", channel: &ChannelId::from("TEAM"), at: &from };
    insta::assert_snapshot!(read(&agreed(&place, "P 2026-01-06 2")), @r"
    :speech_balloon: Coming up: you lead the sync in <#TEAM> on Tuesday, 6 January at 10:00, as agreed. Thank you!
    (If something comes up, press *Swap with…* or *Can't after all*.)
    [Swap with…] [Can't after all]
    ");
    insta::assert_snapshot!(read(&turn_moved(&place, &to, TurnMoved::Below)), @":speech_balloon: Moved to Wednesday, 7 January at 10:00: the sync in <#TEAM> on Tuesday, 6 January at 10:00. Your turn has moved with it: my message about it is below.");
    insta::assert_snapshot!(read(&turn_moved(&place, &to, TurnMoved::At(&from))), @":speech_balloon: Moved to Wednesday, 7 January at 10:00: the sync in <#TEAM> on Tuesday, 6 January at 10:00. Your turn has moved with it: I'll write to you about it on Tuesday, 6 January at 10:00, unless something changes before.");
    insta::assert_snapshot!(read(&answered_below(&place)), @"You've answered: what you said about the sync in <#TEAM> on Tuesday, 6 January at 10:00 is below.");
    insta::assert_snapshot!(read(&news_below(&place)), @"There's news below about the sync in <#TEAM> on Tuesday, 6 January at 10:00.");
    insta::assert_snapshot!(read(&turn_moved(&place, &to, TurnMoved::IsNotThere)), @":speech_balloon: Moved to Wednesday, 7 January at 10:00: the sync in <#TEAM> on Tuesday, 6 January at 10:00. You aren't there then, so I'll ask the next in line.");
    insta::assert_snapshot!(read(&with_old_time(yours(&place, "P"), &to)), @r"
    :white_check_mark: You lead the sync in <#TEAM> on Tuesday, 6 January at 10:00. Thank you!
    (If something comes up, press *Swap with…* or *Can't after all*.)
    (It has moved: it was planned for Wednesday, 7 January at 10:00.)
    [Swap with…] [Can't after all]
    ");
}

#[test]
fn a_sync_stays_where_it_cannot_move() {
    let (from, _) = two();
    let said = |wrong: WrongTarget| {
        read(&wrong_target(&WORDS, (&from, from.wall.date().succ_opt()), &wrong, ("/sync", "")))
    };
    insta::assert_snapshot!(said(WrongTarget::Same), @r"
    That sync is on Tuesday, 6 January at 10:00 already.
    (Nothing has changed. For example: `/sync move 2026-01-06 to 2026-01-07`, or with a time: `/sync move 2026-01-06 to 15:00`.)
    ");
    let first = |wrong: WrongTarget| said(wrong).lines().next().unwrap_or_default().to_owned();
    insta::assert_snapshot!(first(WrongTarget::Taken(from.wall.date())), @"Tuesday, 6 January 2026 has a sync already, and one a day is enough.");
    insta::assert_snapshot!(first(WrongTarget::Past(from.wall)), @"Tuesday, 6 January 2026 at 10:00 is over.");
    insta::assert_snapshot!(first(WrongTarget::TooFar(from.wall)), @"Tuesday, 6 January 2026 at 10:00 is more than a year ahead.");
    insta::assert_snapshot!(first(WrongTarget::Skipped(from.wall)), @"The clocks skip Tuesday, 6 January 2026 at 10:00.");
    insta::assert_snapshot!(first(WrongTarget::NotRead(WrongMoment::Several)), @"A sync takes place on one day.");
    insta::assert_snapshot!(read(&which_year(&WORDS, OneDate::Move, from.wall.date(), &[from], ("/sync", ""))), @r"
    Do you mean Tuesday, 6 January 2026? Then type it with the year: `/sync move 2026-01-06 to …`. The next ones: Tuesday, 6 January 2026.
    (Nothing has changed.)
    ");
    insta::assert_snapshot!(read(&no_occasion_on(&WORDS, (OneDate::Move, from.wall.date()), NoOccasion::Begun, &[], ("/sync", ""))), @"A sync on Tuesday, 6 January 2026 has begun already, so nothing has changed. No sync is planned.");
    let to = NoOccasion::Moved(from.wall + Duration::days(1));
    insta::assert_snapshot!(read(&no_occasion_on(&WORDS, (OneDate::Cancel, from.wall.date()), to, &[], ("/sync", ""))), @r"
    The sync of Tuesday, 6 January 2026 was moved to Wednesday, 7 January at 10:00, so nothing has changed.
    (For that one: `/sync cancel 2026-01-07`.)
    ");
    insta::assert_snapshot!(read(&say_which(&WORDS, "cancel Tuesday because of rain", &["", "Plan"], "/sync")), @"Several syncs run here, so nothing has changed. Say which: `/sync cancel Tuesday called no name because of rain`, `/sync cancel Tuesday called Plan because of rain`.");
}

#[test]
fn a_pause_says_when_it_ends() {
    let (first, _) = two();
    let (by, date) = (UserId::from("ANA"), first.wall.date());
    insta::assert_snapshot!(read(&announcement_of_pause_until(&WORDS, &by, "", (date, &first))), @":speech_balloon: <@ANA> has paused the syncs. The syncs are back from Tuesday, 6 January 2026 on. First sync: Tuesday, 6 January at 10:00.");
    insta::assert_snapshot!(read(&paused_until(&WORDS, ("", "P"), (date, &first))), @r"
    I've paused the syncs. The syncs are back from Tuesday, 6 January 2026 on. First sync: Tuesday, 6 January at 10:00. I'm announcing it here, and again when they go on.
    [Resume]
    ");
    insta::assert_snapshot!(read(&paused_already(&WORDS, "Plan", "P", Some(date))), @r"
    I've paused *Plan* before, so nothing has changed. They go on by themselves on Tuesday, 6 January 2026.
    [Resume]
    ");
    insta::assert_snapshot!(read(&paused_already(&WORDS, "", "P", None)), @r"
    I've paused the syncs before, so nothing has changed. They go on when you resume them.
    [Resume]
    ");
    insta::assert_snapshot!(read(&announcement_of_resume(&WORDS, None, "", Some(&first))), @":speech_balloon: The pause of the syncs is over. Next sync: Tuesday, 6 January at 10:00.");
    insta::assert_snapshot!(read(&announcement_of_resume(&WORDS, None, "", None)), @":speech_balloon: The pause of the syncs is over. No further sync is planned.");
    insta::assert_snapshot!(read(&wrong_pause(&WORDS, &WrongPause::NoneAfter(date), "/sync")), @r"
    No sync comes on or after Tuesday, 6 January 2026.
    (Nothing has changed. For example: `/sync pause until 7 January`, or `/sync pause for 2 weeks`. `/sync pause` without a date pauses them until you resume them.)
    ");
}

#[test]
fn a_new_organiser_is_told() {
    let (by, to) = (UserId::from("ANA"), UserId::from("BEN"));
    insta::assert_snapshot!(read(&handed_over(&WORDS, "", std::slice::from_ref(&to), (&"ANA".into(), &to))), @"<@BEN> runs the syncs from now on. I'm telling <@BEN> and the channel.");
    insta::assert_snapshot!(read(&handed_over(&WORDS, "", std::slice::from_ref(&to), (&to, &to))), @"You run the syncs from now on. I'm telling the channel.");
    insta::assert_snapshot!(read(&organised_by(&WORDS, "", std::slice::from_ref(&to), &to)), @":speech_balloon: <@BEN> runs the syncs from now on.");
    insta::assert_snapshot!(read(&organised_by(&WORDS, "", std::slice::from_ref(&to), &"ANA".into())), @":speech_balloon: <@BEN> runs the syncs from now on: <@ANA> has handed over.");
    let (at, nothing) = (("Plan", &ChannelId::from("TEAM")), &Markup::default());
    insta::assert_snapshot!(read(&ask_to_hand_over(&WORDS, at, &[to.clone(), "CY".into()], (&by, &to), "P")), @r"
    *Hand Plan in <#TEAM> over to <@BEN>?*
    From then on <@BEN> and <@CY> can change, move, pause and stop the syncs. Only one of them or a workspace admin could hand back to you.
    [Hand over] [Not now]
    ");
    insta::assert_snapshot!(read(&ask_to_hand_over(&WORDS, at, std::slice::from_ref(&to), (&to, &to), "P")), @r"
    *Take over Plan in <#TEAM>?*
    You alone would run the syncs from now on.
    [Take over] [Not now]
    ");
    insta::assert_snapshot!(read(&you_organise(&WORDS, &by, at, (true, nothing), "/sync")), @r"
    :speech_balloon: <@ANA> has handed *Plan* in <#TEAM> over to you: you can change, move, pause and stop the syncs.
    (Type `/sync status called Plan` there to see how they stand. If it isn't for you, `/sync hand over to @name called Plan` makes another person the organiser.)
    ");
    let waits = Markup::from("It waits for you.");
    let told = read(&you_organise(&WORDS, &by, at, (false, &waits), "/sync"));
    insta::assert_snapshot!(told.lines().next().unwrap(), @":speech_balloon: <@ANA> has handed *Plan* in <#TEAM> over to you. No further sync is planned. It waits for you.");
    insta::assert_snapshot!(read(&wrong_organiser(&WORDS, Some(&to), WrongOrganiser::Unknown, ("/sync", ""))), @r"
    I can't find <@BEN>.
    (Nothing has changed. For example: `/sync hand over to @name`.)
    ");
    insta::assert_snapshot!(read(&wrong_organiser(&WORDS, Some(&to), WrongOrganiser::Deactivated, ("/sync", ""))), @r"
    The account of <@BEN> is deactivated.
    (Nothing has changed. For example: `/sync hand over to @name`.)
    ");
}

#[test]
fn questions_that_are_over_say_why() {
    let (ana, ben, at) = (UserId::from("ANA"), UserId::from("BEN"), two().0);
    let place = SyncPlace { name: "", channel: &ChannelId::from("TEAM"), at: &at };
    insta::assert_snapshot!(read(&nothing_to_skip(&place, Loss::Paused(&ana), &ana)), @"There's nothing to skip: the sync in <#TEAM> on Tuesday, 6 January at 10:00 doesn't take place, since you've paused the syncs.");
    insta::assert_snapshot!(read(&swap::withdrawn(&place, &ben)), @"I asked <@BEN> to lead the sync in <#TEAM> on Tuesday, 6 January at 10:00. They aren't there, so I've withdrawn the question.");
    insta::assert_snapshot!(read(&swap::not_there(&place, &ben, "P 2026-01-06 2")), @r"
    <@BEN> won't be there for the sync in <#TEAM> on Tuesday, 6 January at 10:00, so I've withdrawn your question. It's still your turn.
    (Press *Swap with…* to ask another colleague.)
    [Swap with…] [Can't after all]
    ");
}

#[test]
fn a_pause_says_what_comes_first_and_who_may_end_it() {
    let (first, until) = (Some(two().0), NaiveDate::from_ymd_opt(2026, 1, 6));
    let skip = |may_resume| {
        read(&paused_skip(&WORDS, &Pause { until, first, is_other_clock: false, may_resume }, "/sync"))
    };
    insta::assert_snapshot!(skip(false), @"There's no sync to skip now, so nothing has changed. They're paused until Tuesday, 6 January 2026. First sync: Tuesday, 6 January at 10:00.");
    assert!(skip(true).ends_with(" `/sync resume` brings the syncs back earlier."), "{}", skip(true));
}
