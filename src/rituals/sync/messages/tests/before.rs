//! The messages before a sync, as their readers see them.

use super::*;
use crate::{common::people::Away, model::people::ChannelId, rituals::sync::messages::swap};

fn reads(message: impl Fn(&SyncPlace<'_>) -> Message) -> String {
    let at = weekly().next(monday()).unwrap();
    read(&message(&SyncPlace { name: "", channel: &ChannelId::from("TEAM"), at: &at }))
}

/// Friday, 2 January.
fn deadline() -> Occurrence {
    let wall = NaiveDate::from_ymd_opt(2026, 1, 2).unwrap().and_hms_opt(10, 0, 0).unwrap();
    Occurrence { at: wall.and_utc(), wall }
}

#[test]
fn people_are_asked_to_lead() {
    insta::assert_snapshot!(reads(|place| ask(place, Some(&deadline()), "P 2026-01-06 1")), @r"
    :speech_balloon: It's your turn to lead the sync in <#TEAM> on Tuesday, 6 January at 10:00. Will you?
    (If I don't hear from you by Friday, 2 January at 10:00, I'll ask the next in line, and your turn comes later.)
    [I'll do it] [Swap with…] [Can't this time]
    ");
    insta::assert_snapshot!(reads(|place| ask(place, None, "P 2026-01-06 1")), @r"
    :speech_balloon: It's your turn to lead the sync in <#TEAM> on Tuesday, 6 January at 10:00. Will you?
    (If I don't hear from you, I'll announce you as the lead.)
    [I'll do it] [Swap with…] [Can't this time]
    ");
    insta::assert_snapshot!(reads(|place| ask(&SyncPlace { name: "Plan*ning", ..*place }, None, "P 2026-01-06 1")), @r"
    :speech_balloon: It's your turn to lead *Plan ning* in <#TEAM> on Tuesday, 6 January at 10:00. Will you?
    (If I don't hear from you, I'll announce you as the lead.)
    [I'll do it] [Swap with…] [Can't this time]
    ");
    insta::assert_snapshot!(reads(|place| remind(place, Some(&deadline()), "P 2026-01-06 1")), @r"
    :speech_balloon: I haven't heard from you yet: will you lead the sync in <#TEAM> on Tuesday, 6 January at 10:00?
    (If I don't hear from you by Friday, 2 January at 10:00, I'll ask the next in line, and your turn comes later.)
    [I'll do it] [Swap with…] [Can't this time]
    ");
    insta::assert_snapshot!(reads(|place| named(place, "P 2026-01-06 1")), @r"
    :speech_balloon: Please lead the sync in <#TEAM> on Tuesday, 6 January at 10:00: it's your turn.
    (If I don't hear from you, I'll announce you as the lead. If you can't, press *Swap with…* to ask a colleague, or *Can't this time* and I'll ask the next in line.)
    [I'll do it] [Swap with…] [Can't this time]
    ");
}

#[test]
fn people_hear_what_follows_from_their_answer() {
    insta::assert_snapshot!(reads(|place| yours(place, "P 2026-01-06 2")), @r"
    :white_check_mark: You lead the sync in <#TEAM> on Tuesday, 6 January at 10:00. Thank you!
    (If something comes up, press *Swap with…* or *Can't after all*.)
    [Swap with…] [Can't after all]
    ");
    insta::assert_snapshot!(reads(|place| no_lead(place, (false, true))), @r"
    No one can lead the sync in <#TEAM> on Tuesday, 6 January at 10:00: everyone who takes turns is away or has said no.
    (It goes on without a lead. Anyone in the channel can press *I'll lead* when it begins.)
    ");
    assert!(reads(|place| no_lead(place, (true, true))).contains("Anyone who takes turns can press"));
    assert!(reads(|place| no_lead(place, (false, false))).contains(": no one takes turns there now.\n"));
    insta::assert_snapshot!(reads(yours_already), @"You're down to lead the sync in <#TEAM> on Tuesday, 6 January at 10:00 already. Thank you!");
    insta::assert_snapshot!(reads(yours_now), @"You lead the sync in <#TEAM> on Tuesday, 6 January at 10:00. Thank you!");
    insta::assert_snapshot!(read(&taken_from_you(("", &"TEAM".into()), &"CY".into(), true)), @r"
    <@CY> has taken over and leads the sync in <#TEAM>, so you don't have to.
    (The turn counts as theirs, and yours comes later.)
    (You take notes again, as it was planned.)
    ");
    let at = weekly().next(monday()).unwrap();
    let shown = next(&[ComingTurns::default()], Tz::UTC);
    insta::assert_snapshot!(read(&with_offer(shown.clone(), ("", &at), false, "P 2026-01-06 0")), @r"
    *Next turns of the syncs*
    No sync is planned at the moment.
    (As things stand: this changes when people join, leave, skip or are away.)
    (It isn't settled who leads the sync on Tuesday, 6 January at 10:00: press *I'll do it* to lead.)
    [I'll do it]
    ");
    let many: Vec<(String, Occurrence, String)> =
        ["Planning", ""].map(|name| (name.to_owned(), at, format!("P{name} 2026-01-06 0"))).into();
    let chosen = with_offers(shown.clone(), &many, Tz::America__New_York);
    let menu = format!("{:?}", chosen.blocks.last().unwrap());
    assert!(
        menu.contains("\"Planning: Tuesday, 6 January at 04:00\"")
            && menu.contains("\"Tuesday, 6 January at 04:00\""),
        "{menu}"
    );
    let long = "a".repeat(80);
    let labels = read(&with_offer(shown, (&long, &at), true, "P 2026-01-06 0"));
    assert!(labels.lines().last().unwrap().chars().count() <= 77, "{labels}");
}

#[test]
fn people_hear_why_they_do_not_lead() {
    let (ana, ben) = (UserId::from("ANA"), UserId::from("BEN"));
    let day = NaiveDate::from_ymd_opt(2026, 1, 20);
    let reads = |loss: Loss<'_>| reads(|place| free(place, loss, &ana));
    let all = [
        Loss::Declined,
        Loss::LastDeclined,
        Loss::Silent,
        Loss::Away,
        Loss::Volunteered(&ben),
        Loss::Swapped(&ben, day),
        Loss::Swapped(&ben, None),
        Loss::SwapOver(&ben, day.unwrap(), &Loss::Declined),
        Loss::SwapOver(&ben, day.unwrap(), &Loss::Paused(&ana)),
        Loss::SwapOver(&ben, day.unwrap(), &Loss::Stopped(&ben)),
        Loss::Absent(Part::Skips),
        Loss::Absent(Part::IsAway),
        Loss::Absent(Part::HasHoliday),
        Loss::Absent(Part::HasLeft),
        Loss::Absent(Part::IsNotChosen),
        Loss::Absent(Part::IsNotSeen),
        Loss::Cancelled(&ben),
        Loss::Cancelled(&ana),
        Loss::Skipped(&ben),
        Loss::Paused(&ben),
        Loss::Stopped(&ben),
        Loss::Moved,
        Loss::Begun,
    ];
    insta::assert_snapshot!(all.map(reads).join("\n"), @r"
    Thanks for telling me: you don't lead the sync in <#TEAM> on Tuesday, 6 January at 10:00.
    (I'll ask the next in line, and your turn comes later.)
    Thanks for telling me: you don't lead the sync in <#TEAM> on Tuesday, 6 January at 10:00.
    (There's no one else to ask, so its organisers hear of it. Your turn comes later.)
    There was no yes in time, so you don't lead the sync in <#TEAM> on Tuesday, 6 January at 10:00.
    (I've asked the next in line, and your turn comes later.)
    You're away, so you don't lead the sync in <#TEAM> on Tuesday, 6 January at 10:00.
    (I've asked the next in line, and your turn comes later. It doesn't count as silence.)
    <@BEN> has offered to lead the sync in <#TEAM> on Tuesday, 6 January at 10:00 in your place.
    (Your turn comes later. If they can't after all, I may ask you again.)
    :white_check_mark: <@BEN> leads the sync in <#TEAM> on Tuesday, 6 January at 10:00 in your place.
    (In return, you lead on Tuesday, 20 January.)
    :white_check_mark: <@BEN> leads the sync in <#TEAM> on Tuesday, 6 January at 10:00 in your place.
    (Your own turn comes later.)
    You don't lead the sync in <#TEAM> on Tuesday, 6 January at 10:00 in return: <@BEN> doesn't lead on Tuesday, 20 January, so your swap is over.
    (If it's your turn, I'll ask you again.)
    You don't lead the sync in <#TEAM> on Tuesday, 6 January at 10:00 in return: <@BEN> doesn't lead the one on Tuesday, 20 January, since you've paused the syncs. So your swap is over.
    (If it's your turn when they're back, I'll ask you again.)
    You don't lead the sync in <#TEAM> on Tuesday, 6 January at 10:00 in return: <@BEN> doesn't lead the one on Tuesday, 20 January, since <@BEN> has stopped the syncs. So your swap is over.
    You don't lead the sync in <#TEAM> on Tuesday, 6 January at 10:00: you're skipping it.
    (Your turn comes later.)
    You don't lead the sync in <#TEAM> on Tuesday, 6 January at 10:00: you're away or don't work on that day.
    (Your turn comes later.)
    You don't lead the sync in <#TEAM> on Tuesday, 6 January at 10:00: it's a public holiday for you.
    (Your turn comes later.)
    You don't lead the sync in <#TEAM> on Tuesday, 6 January at 10:00: you've left the syncs.
    You don't lead the sync in <#TEAM> on Tuesday, 6 January at 10:00: you're no longer among the people who take turns.
    You don't lead the sync in <#TEAM> on Tuesday, 6 January at 10:00: you aren't in the channel any more.
    You don't lead the sync in <#TEAM> on Tuesday, 6 January at 10:00: <@BEN> has cancelled it.
    (It counts as no one's turn.)
    You don't lead the sync in <#TEAM> on Tuesday, 6 January at 10:00: you've cancelled it.
    (It counts as no one's turn.)
    You don't lead the sync in <#TEAM> on Tuesday, 6 January at 10:00: <@BEN> has skipped it for everyone.
    (It counts as no one's turn.)
    You don't lead the sync in <#TEAM> on Tuesday, 6 January at 10:00: <@BEN> has paused the syncs.
    (If it's your turn when they're back, I'll ask you again.)
    You don't lead the sync in <#TEAM> on Tuesday, 6 January at 10:00: <@BEN> has stopped the syncs.
    You don't lead the sync in <#TEAM> on Tuesday, 6 January at 10:00: there's no sync on that day now.
    (If it's your turn, I'll ask you again.)
    :white_check_mark: You lead the sync in <#TEAM> on Tuesday, 6 January at 10:00. It has begun.
    ");
    let over = free_of_swap(&ana, &ben, day.unwrap());
    insta::assert_snapshot!(over, @r"
    Thanks for telling me: you don't lead the sync in <#TEAM> on Tuesday, 6 January at 10:00.
    (I'll ask the next in line, and your turn comes later.)
    (So your swap with <@BEN> is over: they don't lead on Tuesday, 20 January in your place.)
    ");
}

fn free_of_swap(reader: &UserId, from: &UserId, day: NaiveDate) -> String {
    reads(|place| with_swap_over(free(place, Loss::Declined, reader), from, day))
}

#[test]
fn late_answers_change_nothing() {
    let day = NaiveDate::from_ymd_opt(2026, 1, 6).unwrap();
    insta::assert_snapshot!(read(&begun(("", day), "/sync")), @r"
    Nothing has changed: the sync on Tuesday, 6 January has begun, or falls out.
    (`/sync next` shows who leads the next eight times.)
    ");
    insta::assert_snapshot!(read(&moved(("Planning", day), "/sync")), @r"
    Nothing has changed: *Planning* on Tuesday, 6 January isn't planned any more. If it's your turn, I'll ask you again.
    (`/sync next` shows who leads the next eight times.)
    ");
    insta::assert_snapshot!(read(&paused()), @"These syncs are paused, so nothing has changed. If it's your turn when they're back, I'll ask you again.");
    insta::assert_snapshot!(read(&not_yours(None)), @"This turn isn't yours any more, so nothing has changed.");
    insta::assert_snapshot!(read(&not_yours(Some(&"CY".into()))), @"This turn isn't yours any more, so nothing has changed: <@CY> has it.");
    insta::assert_snapshot!(reads(|place| lead_is_taken(place, &"CY".into())), @"<@CY> was quicker and leads the sync in <#TEAM> on Tuesday, 6 January at 10:00. Thanks for offering!");
    insta::assert_snapshot!(reads(|place| not_taking_part(place, "/sync")), @r"
    You don't take part, so you can't lead the sync in <#TEAM> on Tuesday, 6 January at 10:00.
    (`/sync join` brings you back in.)
    ");
    insta::assert_snapshot!(read(&not_in_channel()), @"You aren't in the channel of that sync any more, so nothing has changed.");
}

#[test]
fn turns_are_swapped() {
    let (ana, ben) = (UserId::from("ANA"), UserId::from("BEN"));
    let day = NaiveDate::from_ymd_opt(2026, 1, 20);
    insta::assert_snapshot!(reads(|place| swap::offer(place, &ana, None, "P O")), @r"
    :speech_balloon: <@ANA> asks whether you'd lead the sync in <#TEAM> on Tuesday, 6 January at 10:00 in their place. It counts as your turn, so your next one comes later.
    (Nothing changes unless you say yes.)
    [Yes, I'll take it] [No]
    ");
    insta::assert_snapshot!(reads(|place| swap::offer(place, &ana, day, "P O")), @r"
    :speech_balloon: <@ANA> asks whether you'd lead the sync in <#TEAM> on Tuesday, 6 January at 10:00 in their place. In return, <@ANA> leads on Tuesday, 20 January in your place.
    (Nothing changes unless you say yes.)
    [Yes, I'll take it] [No]
    ");
    insta::assert_snapshot!(reads(|place| swap::offered(place, &ben, (false, None), None)), @"I've asked <@BEN> to lead the sync in <#TEAM> on Tuesday, 6 January at 10:00. Until they say yes, it's still your turn.");
    insta::assert_snapshot!(reads(|place| swap::offered(place, &ben, (true, None), None)), @r"
    I've asked <@BEN> to lead the sync in <#TEAM> on Tuesday, 6 January at 10:00. Until they say yes, it's still your turn.
    (They have no turn after the next sync that you could take in return: your own turn comes later.)
    ");
    insta::assert_snapshot!(reads(|place| swap::offered(place, &ben, (true, day), None)), @r"
    I've asked <@BEN> to lead the sync in <#TEAM> on Tuesday, 6 January at 10:00. Until they say yes, it's still your turn.
    (In return, you'd lead on Tuesday, 20 January.)
    ");
    insta::assert_snapshot!(reads(|place| swap::taken(place, &ana, day, "P 2026-01-06 2")), @r"
    :white_check_mark: You lead the sync in <#TEAM> on Tuesday, 6 January at 10:00 in place of <@ANA>. Thank you!
    (<@ANA> leads on Tuesday, 20 January in your place.)
    [Swap with…] [Can't after all]
    ");
    insta::assert_snapshot!(reads(|place| swap::said_no(place, &ben)), @"I asked <@BEN> to lead the sync in <#TEAM> on Tuesday, 6 January at 10:00, and they said no.");
    insta::assert_snapshot!(reads(|place| swap::kept(place, &ben)), @"I asked <@BEN> to lead the sync in <#TEAM> on Tuesday, 6 January at 10:00. You've said that you do it yourself, so I've withdrawn the question.");
    insta::assert_snapshot!(reads(|place| swap::given_up(place, &ben)), @"<@BEN> was to lead the sync in <#TEAM> on Tuesday, 6 January at 10:00 in your place, and doesn't any more.");
    insta::assert_snapshot!(reads(|place| swap::settled(place, &ana)), @"<@ANA> asked whether you'd lead the sync in <#TEAM> on Tuesday, 6 January at 10:00. That's settled, so there's nothing to do.");
    insta::assert_snapshot!(reads(|place| swap::refused(place, &ana)), @"You've said no to leading the sync in <#TEAM> on Tuesday, 6 January at 10:00. I've told <@ANA>.");
    insta::assert_snapshot!(reads(|place| swap::refused_by(place, &ben, "P 2026-01-06 1")), @r"
    <@BEN> can't lead the sync in <#TEAM> on Tuesday, 6 January at 10:00 in your place, so it's still your turn.
    (Press *Swap with…* to ask another colleague.)
    [Swap with…] [Can't after all]
    ");
    insta::assert_snapshot!(reads(|place| swap::void(place, Some(&ben), true)), @"That swap isn't needed any more: <@BEN> leads the sync in <#TEAM> on Tuesday, 6 January at 10:00. Thank you!");
    insta::assert_snapshot!(reads(|place| swap::void(place, Some(&ben), false)), @"That swap isn't needed any more: it's <@BEN>'s turn to lead the sync in <#TEAM> on Tuesday, 6 January at 10:00. Thank you!");
    insta::assert_snapshot!(reads(|place| swap::void(place, None, false)), @"That swap isn't needed any more, so nothing has changed. Thank you!");
    insta::assert_snapshot!(read(&swap::not_asked()), @"I didn't ask you for that swap, so nothing has changed.");
    insta::assert_snapshot!(read(&swap::return_changed()), @"The turn that you'd have been given in return has changed, so I've left everything as it is. Nothing is asked of you.");
    insta::assert_snapshot!(read(&swap::asked_already(&ben)), @"You've asked <@BEN> for this turn already. Press *Swap with…* again to ask another colleague.");
}

#[test]
fn the_lead_gets_a_run_sheet() {
    let sheet = |is_first, link, value| {
        reads(|place| {
            let scribe = UserId::from("BEN");
            let scribe = Some(&scribe).filter(|_| is_first);
            run_sheet(
                &RunSheet {
                    place: *place,
                    minutes: 30,
                    link,
                    scribe,
                    agenda: &[],
                    unclosed: 0,
                    promised: &[],
                    to_review: &[],
                    is_first,
                    today: place.at.wall.date(),
                    own_clock: None,
                    skips: None,
                },
                value,
            )
        })
    };
    insta::assert_snapshot!(sheet(true, "https://meet.example/a", Some("P 2026-01-06 2")), @r"
    :clipboard: *You lead the sync in <#TEAM>*
    • When: Tuesday, 6 January at 10:00, 30 minutes
    • Join: <https://meet.example/a|meet.example>
    • Notes: <@BEN> takes them
    It's your first time. What helps:
    • Begin on time, and say in a sentence what should be clear at the end.
    • Put the most important point first, and give each point its minutes.
    • Ask people who have said little before those who have said much.
    • When something is decided, say it aloud: who does what, and until when.
    • Keep the last five minutes to repeat what was agreed, and to thank everyone.
    (If something comes up, press *Swap with…* or *Can't after all*.)
    [Swap with…] [Can't after all]
    ");
    insta::assert_snapshot!(sheet(false, "", None), @r"
    :clipboard: *You lead the sync in <#TEAM>*
    • When: Tuesday, 6 January at 10:00, 30 minutes
    ");
    let named = reads(|place| {
        let sheet = RunSheet {
            place: *place,
            minutes: 30,
            link: "",
            scribe: None,
            agenda: &[],
            unclosed: 0,
            promised: &[],
            to_review: &[],
            is_first: false,
            today: place.at.wall.date(),
            own_clock: None,
            skips: None,
        };
        named_sheet(&sheet, "P 2026-01-06 2")
    });
    insta::assert_snapshot!(named, @r"
    :speech_balloon: Please lead the sync in <#TEAM> on Tuesday, 6 January at 10:00: it's your turn.
    • When: Tuesday, 6 January at 10:00, 30 minutes
    (If I don't hear from you, I'll announce you as the lead. If you can't, press *Swap with…* to ask a colleague, or *Can't this time* and I'll ask the next in line.)
    [I'll do it] [Swap with…] [Can't this time]
    ");
    insta::assert_snapshot!(read(&over(&held(Some(("ANA", false, 1)), None), "", Tz::Europe__Berlin)), @r"
    :speech_balloon: It's time for the sync: 30 minutes. <@ANA> leads.
    (This sync is over.)
    ");
}

#[test]
fn people_who_are_not_there_read_the_way_back() {
    let today = monday().date_naive();
    let away = |from: i64, to: i64| {
        let day = |days| today + Duration::days(days);
        Some((Away { from: day(from), to: day(to) }, today))
    };
    insta::assert_snapshot!(reads(|place| not_there(place, away(-1, 3), "/sync")), @r"
    You're away until Thursday, 8 January, so you can't lead the sync in <#TEAM> on Tuesday, 6 January at 10:00.
    (Back earlier? `/sync back` ends your time away.)
    [My settings]
    ");
    insta::assert_snapshot!(reads(|place| not_there(place, away(1, 1), "/sync")), @r"
    You're away on Tuesday, 6 January, so you can't lead the sync in <#TEAM> on Tuesday, 6 January at 10:00.
    (Plans changed? *My settings* has your times away.)
    [My settings]
    ");
    insta::assert_snapshot!(reads(|place| not_there(place, away(1, 4), "/sync")), @r"
    You're away from Tuesday, 6 January to Friday, 9 January, so you can't lead the sync in <#TEAM> on Tuesday, 6 January at 10:00.
    (Plans changed? *My settings* has your times away.)
    [My settings]
    ");
    insta::assert_snapshot!(reads(|place| not_there(place, None, "/sync")), @r"
    You don't work on that day, so you can't lead the sync in <#TEAM> on Tuesday, 6 January at 10:00.
    (*My settings* has your working days.)
    [My settings]
    ");
    insta::assert_snapshot!(reads(has_holiday), @r"
    That day is a public holiday in your region, so you can't lead the sync in <#TEAM> on Tuesday, 6 January at 10:00.
    (*My settings* has your region.)
    [My settings]
    ");
}

#[test]
fn a_scribe_reads_what_becomes_of_the_notes() {
    insta::assert_snapshot!(reads(|place| notes::please_take(place, "P 2026-01-06 2")), @r"
    :memo: You take notes at the sync in <#TEAM> on Tuesday, 6 January at 10:00. Thank you!
    (If you can't, press *Can't this time* and I'll look for another person.)
    [Can't this time]
    ");
    insta::assert_snapshot!(reads(notes::begun), @":memo: You take notes at the sync in <#TEAM> on Tuesday, 6 January at 10:00. It has begun.");
    insta::assert_snapshot!(reads(notes::leads), @"You lead the sync in <#TEAM> on Tuesday, 6 January at 10:00, so you don't take notes there.");
    let next = weekly().upcoming(monday(), 2).pop().unwrap();
    insta::assert_snapshot!(reads(|place| notes::moved(place, &next)), @r"
    :speech_balloon: Moved to Tuesday, 13 January at 10:00: the sync in <#TEAM> on Tuesday, 6 January at 10:00.
    (If it's you who takes notes then, I'll tell you the working day before.)
    ");
    let (ana, ben) = (UserId::from("ANA"), UserId::from("BEN"));
    insta::assert_snapshot!(reads(|place| notes::free(place, Loss::Declined, &ana)), @r"
    Thanks for telling me: you don't take notes at the sync in <#TEAM> on Tuesday, 6 January at 10:00.
    (I'll look for another person.)
    ");
    insta::assert_snapshot!(reads(|place| notes::free(place, Loss::Cancelled(&ben), &ana)), @"You don't take notes at the sync in <#TEAM> on Tuesday, 6 January at 10:00: <@BEN> has cancelled it.");
    insta::assert_snapshot!(reads(|place| notes::free(place, Loss::Silent, &ana)), @"You don't take notes at the sync in <#TEAM> on Tuesday, 6 January at 10:00 any more.");
    insta::assert_snapshot!(read(&notes::not_yours(Some(&ben))), @"You don't take these notes any more, so nothing has changed: <@BEN> does.");
    insta::assert_snapshot!(read(&notes::not_yours(None)), @"You don't take these notes any more, so nothing has changed.");
}
