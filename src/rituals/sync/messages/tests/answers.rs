//! What people read who answer, offer to lead or take over, and what organisers read of a lead that is missing.

use std::collections::BTreeMap;

use super::*;
use crate::model::{
    message::{Block, Field},
    people::{Person, PersonKind},
};

fn at() -> Occurrence {
    weekly().next(monday()).unwrap()
}

#[test]
fn a_missing_lead_is_found_or_not_needed() {
    let (at, team) = (at(), ChannelId::from("TEAM"));
    let [ana, ben] = ["ANA", "BEN"].map(UserId::from);
    let place = SyncPlace { name: "", channel: &team, at: &at };
    insta::assert_snapshot!(read(&no_lead(&place, (false, true))), @"
    No one can lead the sync in <#TEAM> on Tuesday, 6 January at 10:00: everyone who takes turns is away or has said no.
    (It goes on without a lead. Anyone in the channel can press *I'll lead* when it begins.)
    ");
    let found = |how| read(&lead_found(&place, (&ana, &"BO".into()), how));
    insta::assert_snapshot!(found(How::Volunteered), @"<@ANA> has offered to lead the sync in <#TEAM> on Tuesday, 6 January at 10:00. At first no one could.");
    insta::assert_snapshot!(found(How::Assigned), @"At first no one could lead the sync in <#TEAM> on Tuesday, 6 January at 10:00. I've asked <@ANA> now.");
    let needed = |loss| read(&no_lead_needed(&place, loss, &ana));
    insta::assert_snapshot!(needed(Loss::Cancelled(&ana)), @"No one could lead the sync in <#TEAM> on Tuesday, 6 January at 10:00; it doesn't take place, since you've cancelled it.");
    insta::assert_snapshot!(needed(Loss::Paused(&ben)), @"No one could lead the sync in <#TEAM> on Tuesday, 6 January at 10:00; it doesn't take place, since <@BEN> has paused the syncs.");
    insta::assert_snapshot!(needed(Loss::Moved), @"No one could lead the sync in <#TEAM> on Tuesday, 6 January at 10:00; it doesn't take place, since there's no sync on that day now.");
}

#[test]
fn people_who_lead_or_offer_to_read_so() {
    let (at, team) = (at(), ChannelId::from("TEAM"));
    let place = SyncPlace { name: "Planning", channel: &team, at: &at };
    insta::assert_snapshot!(read(&yours_now(&place)), @"You lead *Planning* in <#TEAM> on Tuesday, 6 January at 10:00. Thank you!");
    insta::assert_snapshot!(read(&yours_already(&place)), @"You're down to lead *Planning* in <#TEAM> on Tuesday, 6 January at 10:00 already. Thank you!");
    insta::assert_snapshot!(read(&led_by_another(("", &team), &"BEN".into())), @"<@BEN> leads the sync in <#TEAM> now.");
    insta::assert_snapshot!(read(&taken_from_you(("", &team), &"BEN".into(), false)), @"
    <@BEN> has taken over and leads the sync in <#TEAM>, so you don't have to.
    (The turn counts as theirs, and yours comes later.)
    ");
    insta::assert_snapshot!(read(&has_holiday(&place)), @"
    That day is a public holiday in your region, so you can't lead *Planning* in <#TEAM> on Tuesday, 6 January at 10:00.
    (*My settings* has your region.)
    [My settings]
    ");
    let shown = || Message::new("*Next turns of the syncs*");
    insta::assert_snapshot!(read(&with_own_turn(shown(), &place, true, "v")), @"
    *Next turns of the syncs*
    (You lead *Planning* in <#TEAM> on Tuesday, 6 January at 10:00:)
    [Swap with…] [Can't after all]
    ");
    insta::assert_snapshot!(read(&with_own_turn(shown(), &place, false, "v")), @"
    *Next turns of the syncs*
    (You are asked to lead *Planning* in <#TEAM> on Tuesday, 6 January at 10:00:)
    [I'll do it] [Swap with…] [Can't this time]
    ");
}

#[test]
fn a_question_that_comes_late_is_the_run_sheet() {
    let (at, team) = (at(), ChannelId::from("TEAM"));
    let sheet = RunSheet {
        place: SyncPlace { name: "", channel: &team, at: &at },
        minutes: 30,
        link: "",
        scribe: None,
        agenda: &[agenda_point("1", "BEN", "Budget")],
        unclosed: 0,
        promised: &[],
        to_review: &[],
        is_first: false,
        today: monday().date_naive(),
        own_clock: None,
        skips: None,
    };
    insta::assert_snapshot!(read(&sheet_below(&sheet.place)), @":clipboard: I've asked you again about the sync in <#TEAM> on Tuesday, 6 January at 10:00, with what to know: see below.");
    insta::assert_snapshot!(read(&asked_sheet(&sheet, None, "v")), @"
    :speech_balloon: It's your turn to lead the sync in <#TEAM> on Tuesday, 6 January at 10:00. Will you?
    • When: Tuesday, 6 January at 10:00, 30 minutes
    • Agenda so far:
    1. Budget (<@BEN>)
    (If I don't hear from you, I'll announce you as the lead.)
    [I'll do it] [Swap with…] [Can't this time]
    ");
    let more = read(&run_sheet(&RunSheet { unclosed: 2, ..sheet }, None));
    assert!(
        more.ends_with(
            "• The last sync isn't closed yet: what it doesn't reach moves on to this one, 2 points at most"
        ),
        "{more}"
    );
    let empty = RunSheet { agenda: &[], skips: Some("P"), ..sheet };
    insta::assert_snapshot!(read(&named_sheet(&empty, "v")), @"
    :speech_balloon: Please lead the sync in <#TEAM> on Tuesday, 6 January at 10:00: it's your turn.
    • When: Tuesday, 6 January at 10:00, 30 minutes
    (If I don't hear from you, I'll announce you as the lead. If you can't, press *Swap with…* to ask a colleague, or *Can't this time* and I'll ask the next in line.)
    [I'll do it] [Swap with…] [Can't this time]
    (Nothing is on the agenda so far. *Skip this sync* cancels it for everyone and tells the channel; it's no one's turn then.)
    [Skip this sync]
    ");
}

#[test]
fn questions_of_syncs_that_move_or_begin_say_so() {
    let (at, team) = (at(), ChannelId::from("TEAM"));
    let place = SyncPlace { name: "", channel: &team, at: &at };
    insta::assert_snapshot!(read(&too_late_to_skip(&place)), @"There's nothing to skip any more: the sync in <#TEAM> on Tuesday, 6 January at 10:00 has begun.");
    let later = weekly().next(at.at).unwrap();
    insta::assert_snapshot!(read(&sync_moved(&place, &later)), @":speech_balloon: Moved to Tuesday, 13 January at 10:00: the sync in <#TEAM> on Tuesday, 6 January at 10:00.");
    insta::assert_snapshot!(read(&lead_may(Message::new("<@ANA> runs these syncs."), Some(&"BEN".into()))), @"
    <@ANA> runs these syncs.
    (For this sync its lead can, too: <@BEN>.)
    ");
}

#[test]
fn questions_of_swaps_say_when_they_come_and_that_they_wait() {
    let (at, team) = (at(), ChannelId::from("TEAM"));
    let place = SyncPlace { name: "", channel: &team, at: &at };
    let (ben, day) = (UserId::from("BEN"), NaiveDate::from_ymd_opt(2026, 1, 13).unwrap());
    insta::assert_snapshot!(read(&swap::offered(&place, &ben, (false, None), Some(&at))), @"
    I'll ask <@BEN> to lead the sync in <#TEAM> on Tuesday, 6 January at 10:00. Until they say yes, it's still your turn.
    (They aren't at work now, so I'll ask them on Tuesday, 6 January at 10:00.)
    ");
    insta::assert_snapshot!(read(&swap::unanswered(&place, &ben, "P 2026-01-06 1")), @"
    <@BEN> hasn't answered yet whether they'd lead the sync in <#TEAM> on Tuesday, 6 January at 10:00. It's still your turn.
    (They can still say yes until it begins. Without a yes, I'll announce you as the lead; *Swap with…* asks another colleague, and with *Can't this time* I'll ask the next in line.)
    [I'll do it] [Swap with…] [Can't this time]
    ");
    insta::assert_snapshot!(read(&swap::without_return(&place, (&ben, day))), @"<@BEN> asked whether you'd lead the sync in <#TEAM> on Tuesday, 6 January at 10:00, for your turn on Tuesday, 13 January. That turn has changed, so the question is over and there's nothing to do.");
    insta::assert_snapshot!(read(&swap::return_gone(&place, (&ben, day))), @"I asked <@BEN> to lead the sync in <#TEAM> on Tuesday, 6 January at 10:00, for their turn on Tuesday, 13 January. That turn has changed, so I've withdrawn the question.");
    insta::assert_snapshot!(swap::if_return_fails(day).as_str(), @"If something comes up on Tuesday, 13 January, press *Swap with…* or *Can't after all*.");
}

#[test]
fn an_empty_sync_can_be_skipped() {
    let (ana, team) = (UserId::from("ANA"), ChannelId::from("TEAM"));
    let (at, next) = (weekly().next(monday()).unwrap(), weekly().upcoming(monday(), 2)[1]);
    let place = |name| SyncPlace { name, channel: &team, at: &at };
    insta::assert_snapshot!(read(&ask_to_skip(("P", &place("")), Decides::Lead, "/sync")), @r"
    Nothing is on the agenda of the sync in <#TEAM>, Tuesday, 6 January at 10:00. Skip it? It's your turn, so you decide.
    (*Skip this sync* cancels it for everyone and tells the channel; it's no one's turn then. `/sync add` there puts a point on the agenda.)
    [Skip this sync] [We meet all the same]
    ");
    insta::assert_snapshot!(read(&ask_to_skip(("P", &place("Planning")), Decides::Organiser, "/sync")), @r"
    Nothing is on the agenda of *Planning* in <#TEAM>, Tuesday, 6 January at 10:00. Skip it? It has no lead yet, so I'm asking you.
    (*Skip this sync* cancels it for everyone and tells the channel; it's no one's turn then. `/sync add` there puts a point on the agenda.)
    [Skip this sync] [We meet all the same]
    ");
    let asked = read(&ask_to_skip(("P", &place("")), Decides::OrganiserBeforeLead, "/sync"));
    assert!(
        asked.contains("Tuesday, 6 January at 10:00. Skip it? Its lead can, and so can you.\n"),
        "{asked}"
    );
    insta::assert_snapshot!(read(&has_points(2, ("P", at.wall.date()))), @r"
    There's something on the agenda now: 2 points. So I haven't skipped the sync.
    (If you skip it all the same, they wait for the next one.)
    [Skip all the same]
    ");
    insta::assert_snapshot!(read(&announcement_of_skip(&ana, "", &at, Some(&next))), @r"
    :speech_balloon: <@ANA> has skipped the sync on Tuesday, 6 January at 10:00. Next sync: Tuesday, 13 January at 10:00.
    (It counts as no one's turn.)
    ");
    insta::assert_snapshot!(read(&announcement_of_skip(&ana, "Planning", &at, None)), @r"
    :speech_balloon: <@ANA> has skipped *Planning* on Tuesday, 6 January at 10:00.
    (It counts as no one's turn.)
    ");
    insta::assert_snapshot!(read(&skipped("", &at, Some(&next))), @"I've skipped the sync on Tuesday, 6 January at 10:00, and I'm telling the channel. Next sync: Tuesday, 13 January at 10:00.");
    insta::assert_snapshot!(read(&was_skipped("", &at, &ana)), @"<@ANA> has skipped the sync on Tuesday, 6 January at 10:00.");
    insta::assert_snapshot!(read(&not_skipped(("", at.wall.date()), Some(&ana), &"BEN".into(), "/sync")), @"<@ANA> has skipped the sync on Tuesday, 6 January already.");
    insta::assert_snapshot!(read(&not_skipped(("Night", at.wall.date()), Some(&ana), &ana, "/sync")), @"You've skipped *Night* on Tuesday, 6 January. The channel knows.");
    insta::assert_snapshot!(read(&not_skipped(("", at.wall.date()), None, &ana, "/sync")), @r"
    The sync on Tuesday, 6 January has begun or isn't planned any more, so I haven't skipped it.
    (`/sync next` shows the next eight.)
    ");
}

#[test]
fn a_swap_offers_those_who_can_lead() {
    let (at, team) = (at(), ChannelId::from("TEAM"));
    let place = SyncPlace { name: "", channel: &team, at: &at };
    let with_whom = |names: &[String], unknown: &[&str]| {
        let person = |(at, name): (usize, &String)| {
            let (id, name) = (UserId(format!("U{at}")), name.clone());
            let person = Person {
                id: id.clone(),
                name,
                zone: None,
                kind: PersonKind::Member,
                deactivated: false,
                admin: false,
            };
            (id, person)
        };
        let known: BTreeMap<UserId, Person> = names.iter().enumerate().map(person).collect();
        let unknown = unknown.iter().map(|id| UserId::from(*id));
        let others = known.keys().cloned().chain(unknown).collect();
        let field = |block| if let Block::Input(input) = block { Some(input.field) } else { None };
        let form = swap::form(&place, (&others, &known), String::new());
        match form.blocks.into_iter().find_map(field) {
            Some(Field::Choice { options, .. }) => {
                options.iter().map(|option| format!("{} {}", option.label, option.value)).collect()
            }
            other => vec![format!("{other:?}")],
        }
    };
    let names = ["Zo\u{eb}".to_owned(), "ana".to_owned(), "B".repeat(80)];
    assert_eq!(
        with_whom(&names, &[]),
        ["ana U1".to_owned(), format!("{}\u{2026} U2", "B".repeat(74)), "Zo\u{eb} U0".to_owned()]
    );
    let picker = "Some(Person { chosen: None })";
    let many = |people: usize| (0..people).map(|at| format!("Person {at}")).collect::<Vec<_>>();
    assert_eq!(with_whom(&many(100), &[]).len(), 100);
    assert_eq!(with_whom(&many(101), &[]), [picker]);
    assert_eq!(
        with_whom(&["Ana".to_owned(), "Ana".to_owned()], &[]),
        [picker],
        "no one could tell them apart"
    );
    assert_eq!(with_whom(&names, &["U9"]), [picker], "the name isn't known");
}
