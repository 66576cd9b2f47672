//! Each message, as its reader sees it: a paragraph, then (small lines), then [buttons].

mod agenda;
mod answers;
mod before;
mod closing;
mod dates;

use chrono::{Duration, NaiveDate};
use chrono_tz::Tz;

use super::*;
use crate::{
    common::programmes::{
        Part, Standing,
        audience::Audience,
        messages::{Pause, Status, ask_to_stop, left_out, paused_now, status},
    },
    model::{
        cadence::{Cadence, Occurrence},
        clock::Instant,
        message::{Button, ButtonStyle, reading::read},
        people::{ChannelId, UserId},
    },
    rituals::sync::{
        options::{Options, TurnOrder},
        plan::{HeldSync, How, Lead, Point},
    },
};

/// Monday, 5 January 2026.
fn monday() -> Instant {
    "2026-01-05T09:00:00Z".parse().unwrap()
}

fn weekly() -> Cadence {
    Cadence::parse("every Tuesday at 10:00", Tz::Europe__Berlin, monday().date_naive()).unwrap()
}

fn agenda_point(id: &str, user: &str, words: &str) -> Point {
    Point {
        id: id.to_owned(),
        programme: "P".to_owned(),
        user: user.into(),
        author: None,
        words: words.to_owned(),
        link: String::new(),
        moved: 0,
    }
}

fn held(lead: Option<(&str, bool, i64)>, scribe: Option<&str>) -> HeldSync {
    let at = weekly().next(monday()).unwrap();
    let lead = lead.map(|(user, has_volunteered, version)| Lead {
        user: user.into(),
        how: if has_volunteered { How::Volunteered } else { How::Assigned },
        version,
    });
    let scribe = scribe.map(Into::into);
    HeldSync { lead, scribe, ..HeldSync::announced(("P", at.wall.date()), at.at, at.at, 30) }
}

fn started(held: &HeldSync, name: &str) -> String {
    read(&start(held, name, Tz::Europe__Berlin, (false, false)))
}

#[test]
fn a_sync_begins() {
    insta::assert_snapshot!(started(&held(Some(("ANA", false, 1)), None), ""), @r"
    :speech_balloon: It's time for the sync: 30 minutes. <@ANA> leads.
    (Anyone here can press *I'll take over* until 10:30 (Europe/Berlin). The turn then counts as theirs.)
    [I'll take over]
    ");
    let with_link =
        HeldSync { link: "https://meet.example/a".to_owned(), ..held(Some(("ANA", false, 1)), Some("BEN")) };
    insta::assert_snapshot!(started(&with_link, "Planning"), @r"
    :speech_balloon: It's time for *Planning*: 30 minutes. <@ANA> leads, <@BEN> takes notes.
    Join: <https://meet.example/a|meet.example>
    (Anyone here can press *I'll take over* until 10:30 (Europe/Berlin). The turn then counts as theirs.)
    [I'll take over]
    ");
    insta::assert_snapshot!(started(&held(Some(("CY", true, 2)), Some("BEN")), ""), @r"
    :speech_balloon: It's time for the sync: 30 minutes. <@CY> has taken over and leads, <@BEN> takes notes.
    (Anyone here can press *I'll take over* until 10:30 (Europe/Berlin). The turn then counts as theirs.)
    [I'll take over]
    ");
    insta::assert_snapshot!(started(&held(None, None), ""), @r"
    :speech_balloon: It's time for the sync: 30 minutes. No one's free to lead, so it goes on without a lead.
    (Anyone here can press *I'll lead* until 10:30 (Europe/Berlin). The turn then counts as theirs.)
    [I'll lead]
    ");
    insta::assert_snapshot!(started(&held(None, Some("BEN")), ""), @r"
    :speech_balloon: It's time for the sync: 30 minutes. No one's free to lead, so it goes on without a lead. <@BEN> takes notes.
    (Anyone here can press *I'll lead* until 10:30 (Europe/Berlin). The turn then counts as theirs.)
    [I'll lead]
    ");
    insta::assert_snapshot!(started(&held(Some(("CY", true, 1)), None), ""), @r"
    :speech_balloon: It's time for the sync: 30 minutes. <@CY> leads.
    (Anyone here can press *I'll take over* until 10:30 (Europe/Berlin). The turn then counts as theirs.)
    [I'll take over]
    ");
    let limited = read(&start(&held(None, None), "", Tz::Europe__Berlin, (true, false)));
    assert!(limited.contains("(Anyone who takes turns can press *I'll lead* until "), "{limited}");
    let without = read(&start(&held(Some(("BEN", true, 2)), None), "", Tz::Europe__Berlin, (false, true)));
    assert!(without.contains("\n(No one takes notes now: ask who writes down what matters.)\n"), "{without}");
    let mut late = held(Some(("ANA", false, 1)), None);
    late.ends_at += Duration::hours(2);
    insta::assert_snapshot!(started(&late, ""), @r"
    :speech_balloon: It's time for the sync: 30 minutes. <@ANA> leads.
    (This comes late: it was due Tuesday, 6 January 2026 at 10:00 (Europe/Berlin).)
    (Anyone here can press *I'll take over* until 12:30 (Europe/Berlin). The turn then counts as theirs.)
    [I'll take over]
    ");
}

#[test]
fn the_lead_is_taken_over() {
    insta::assert_snapshot!(read(&leads_now(false)), @"You lead this sync now, and it counts as your turn. Thank you!");
    insta::assert_snapshot!(read(&leads_now(true)), @"
    You lead this sync now, and it counts as your turn. Thank you!
    (You don't take notes as well: ask who writes down what matters.)
    ");
    let held = held(Some(("ANA", false, 1)), Some("BEN")).taken_over((&"BEN".into(), 1), None);
    assert_eq!((&held.scribe, held.lead.as_ref().map(|lead| lead.user.as_str())), (&None, Some("BEN")));
    let back = held.taken_over((&"ANA".into(), 2), Some(&"BEN".into()));
    assert_eq!(back.scribe, Some("BEN".into()));
    insta::assert_snapshot!(read(&leads_already()), @"You lead this sync already, so nothing has changed.");
    insta::assert_snapshot!(read(&taken(Some(&"ANA".into()))), @"<@ANA> was quicker and leads this sync now. Thanks for offering!");
    insta::assert_snapshot!(read(&taken(None)), @"This sync's lead has just changed. Nothing else has.");
    insta::assert_snapshot!(read(&too_late("/sync")), @r"
    This sync is over, so its lead stays as it is.
    (`/sync next` shows who leads the next eight times.)
    ");
    insta::assert_snapshot!(read(&not_announced(&"TEAM".into(), "P", &"BOT".into())), @r"
    I couldn't announce the sync in <#TEAM>: the channel is archived, or I was removed from it.
    (Syncs go on once I'm back: restore the channel, or type `/invite` <@BOT> there.)
    [Stop these syncs]
    ");
}

#[test]
fn syncs_are_set_up() {
    let first = weekly().next(monday()).unwrap();
    let announced = |name, has_scribe, audience: Option<&Audience>| {
        let options = Options { scribe: has_scribe, audience: audience.cloned(), ..Options::default() };
        read(&announcement(&"ANA".into(), (name, "P"), (&weekly(), &first), (30, &options), "/sync"))
    };
    insta::assert_snapshot!(announced("", false, None), @r"
    :speech_balloon: <@ANA> has started a sync here: every Tuesday at 10:00 (Europe/Berlin), 30 minutes. You lead in turn, and I announce whose turn it is. First sync: Tuesday, 6 January at 10:00.
    (Everyone here takes turns. Rather not? Press *Skip the first sync* or *Leave*, or type `/sync skip` or `/sync leave`.)
    [Skip the first sync] [Leave]
    ");
    insta::assert_snapshot!(announced("Planning", true, None), @r"
    :speech_balloon: <@ANA> has started a sync here (*Planning*): every Tuesday at 10:00 (Europe/Berlin), 30 minutes. You lead and take notes in turn, and I announce whose turn it is. First sync: Tuesday, 6 January at 10:00.
    (Everyone here takes turns. Rather not? Press *Skip the first sync* or *Leave*, or type `/sync skip` or `/sync leave`.)
    [Skip the first sync] [Leave]
    ");
    let few = Audience { group: None, people: vec!["ANA".into(), "BEN".into()] };
    insta::assert_snapshot!(announced("", false, Some(&few)), @r"
    :speech_balloon: <@ANA> has started a sync here: every Tuesday at 10:00 (Europe/Berlin), 30 minutes. These people lead in turn: <@ANA> and <@BEN>. I announce whose turn it is. First sync: Tuesday, 6 January at 10:00.
    (Only they take turns. Rather not? Press *Skip the first sync* or *Leave*, or type `/sync skip` or `/sync leave`.)
    [Skip the first sync] [Leave]
    ");
    let mixed = Options { departments: true, ..Options::default() };
    let mixed = announcement(&"ANA".into(), ("", "P"), (&weekly(), &first), (30, &mixed), "/sync");
    insta::assert_snapshot!(read(&mixed).lines().nth(1).unwrap(), @"(Everyone here takes turns. Departments lead in turn, where that's fair. Rather not? Press *Skip the first sync* or *Leave*, or type `/sync skip` or `/sync leave`.)");
    insta::assert_snapshot!(read(&help("/sync")), @r"
    *Syncs are regular meetings that everyone in the channel leads in turn. I ask the next person beforehand.*
    `/sync` opens a form that sets one up; where syncs run, it shows how they stand.
    `/sync start every Tuesday at 10:00` starts them in one line, or changes their times.
    `/sync next` shows who leads the next eight times, `/sync history` who led the last eight, `/sync stats` each person's turns.
    `/sync add` and some words put a point on the agenda of the next sync, `/sync agenda` shows it. *Save for…* in the menu of a message does the same with its words.
    `/sync decide` records a decision, `/sync decisions` and some words find it again.
    `/sync close` closes the last sync: what you reached, and notes.
    `/sync status` shows the next sync and how many take turns.
    `/sync skip` gives you no turn at the next sync.
    `/sync leave` takes you out of the turns, `/sync join` brings you back.
    `/sync away until Friday` leaves you out until then, `/sync back` ends that.
    `/sync cancel Tuesday` cancels the sync of that day for everyone, `/sync move Tuesday to Wednesday` moves it.
    `/sync pause` stops the syncs for a while, `/sync resume` brings them back.
    `/sync stop` ends them for the whole channel. I'll ask you first.
    (Several can run in one channel under names: put `called Planning` at the end to start one, and the name behind the other words.)
    (I choose the person who is furthest behind their share. Your own settings say when you're away. The lead closes a sync in a short form, and what wasn't reached moves on.)
    ");
    let new = Options {
        minutes: Some(45),
        link: "https://meet.example/a".to_owned(),
        scribe: true,
        audience: Some(few),
        order: TurnOrder::RoundRobin,
        departments: true,
        ..Options::default()
    };
    let changed =
        |old: &Options, new: &Options| Markup::join(&changed_options(old, new, 30), "\n").as_str().to_owned();
    insta::assert_snapshot!(changed(&Options::default(), &new), @r"
    A sync is 45 minutes long, instead of 30.
    New join link: <https://meet.example/a|meet.example>
    From now on, a second person takes notes.
    Only some take turns from now on: <@ANA> and <@BEN>.
    From now on, people lead one after the other, always in the same order.
    One after the other, in this order: <@ANA> and <@BEN>.
    From now on, departments lead in turn, where that's fair.
    ");
    insta::assert_snapshot!(changed(&new, &Options::default()), @r"
    A sync is 30 minutes long, instead of 45.
    There's no join link any more.
    No second person takes notes any more.
    Everyone in the channel takes turns from now on.
    From now on, the person furthest behind their share leads.
    Departments don't count any more.
    ");
    assert_eq!(changed(&new, &new), "");
}

#[test]
fn open_points_are_told_before_a_stop() {
    let stopping = |points: usize| {
        let channel = "TEAM".into();
        let question = (None, &points_kept(points));
        read(&ask_to_stop(&WORDS, ("", &channel), 3, question, "P"))
    };
    insta::assert_snapshot!(stopping(2), @r"
    *Stop the syncs in <#TEAM>?*
    3 people take part, and no sync is planned. 2 points on the agenda are open; I keep them in case the syncs start again.
    [Stop these syncs] [Keep them]
    ");
    assert!(!stopping(0).contains("agenda"));
}

#[test]
fn the_next_turns_are_shown() {
    let at = weekly().upcoming(monday(), 2);
    let turn = |at: &Occurrence, lead: Option<&str>, scribe: Option<&str>| NextTurn {
        at: *at,
        lead: lead.map(Into::into),
        is_settled: true,
        scribe: scribe.map(Into::into),
    };
    let turns = vec![turn(&at[0], Some("ANA"), Some("BEN")), turn(&at[1], None, None)];
    let coming = |name: &str, turns: &[NextTurn]| ComingTurns {
        name: name.to_owned(),
        turns: turns.to_vec(),
        standing: None,
        remark: Markup::default(),
    };
    let pause =
        Pause { until: Some(at[1].wall.date()), first: None, is_other_clock: false, may_resume: true };
    let paused = ComingTurns { standing: Some(paused_now(&WORDS, &pause, "/sync")), ..coming("", &[]) };
    insta::assert_snapshot!(read(&next(&[coming("", &turns)], Tz::America__New_York)), @r"
    *Next turns of the syncs*
    • Tuesday, 6 January 2026 at 04:00 (America/New_York): <@ANA> leads, <@BEN> takes notes
    • Tuesday, 13 January 2026 at 04:00 (America/New_York): no one can lead
    (As things stand: this changes when people join, leave, skip or are away.)
    ");
    insta::assert_snapshot!(read(&next(&[coming("Planning", &turns), coming("Retro", &[]), paused], Tz::UTC)), @r"
    *Next turns of Planning*
    • Tuesday, 6 January 2026 at 09:00: <@ANA> leads, <@BEN> takes notes
    • Tuesday, 13 January 2026 at 09:00: no one can lead

    *Next turns of Retro*
    No sync is planned at the moment.

    *Next turns of the syncs*
    They're paused until Tuesday, 13 January 2026. `/sync resume` brings the syncs back earlier.
    (As things stand: this changes when people join, leave, skip or are away.)
    ");
    let unsettled = NextTurn { is_settled: false, ..turns[0].clone() };
    insta::assert_snapshot!(duties(&unsettled).as_str(), @": it's <@ANA>'s turn, <@BEN> takes notes");
    let day = |day| NaiveDate::from_ymd_opt(2026, 1, day).unwrap();
    insta::assert_snapshot!(first_leads(&turns, day(5)).as_str(), @"First turns, as things stand: <@ANA> on 6 January and no one on 13 January.");
    let last_year = NaiveDate::from_ymd_opt(2025, 12, 30).unwrap();
    insta::assert_snapshot!(first_leads(&turns, last_year).as_str(), @"First turns, as things stand: <@ANA> on 6 January 2026 and no one on 13 January 2026.");
    assert_eq!(first_leads(&[turn(&at[0], None, None)], day(5)).as_str(), "");
    let standing = Standing {
        now: None,
        next: duties(&turns[0]),
        times: length(30),
        past: vec![
            led(day(20), Some(&"ANA".into())),
            left_out(&WORDS, day(13), Some("I wasn't running at the time")),
            led(day(6), None),
        ],
        more: more("/sync"),
    };
    let cadence = weekly();
    let shown = Status {
        programme: "P",
        name: "",
        is_paused: false,
        paused_until: None,
        organisers: &["ANA".into()],
        cadence: &cadence,
        next: Some(&turns[0].at),
        zone: Tz::UTC,
        here: 5,
        absent: 1,
        audience: None,
        reader: Part::TakesPart,
        manages: true,
        closed: None,
        standing: standing.clone(),
    };
    let now = |zone, lead: Option<&UserId>| {
        let standing = Standing { now: Some((turns[0].at.at, on_now(lead))), ..standing.clone() };
        let said = read(&status(&WORDS, &Status { zone, standing, ..shown }, "/sync"));
        said.lines().find(|line| line.starts_with("It's on")).unwrap().to_owned()
    };
    insta::assert_snapshot!(now(Tz::UTC, Some(&"ANA".into())), @"It's on now, until 09:00 your time: <@ANA> leads.");
    insta::assert_snapshot!(now(Tz::Europe__Berlin, None), @"It's on now, until 10:00 (Europe/Berlin), without a lead.");
    insta::assert_snapshot!(read(&status(&WORDS, &shown, "/sync")), @r"
    *Syncs run here, every Tuesday at 10:00 (Europe/Berlin), 30 minutes.*
    Next sync: Tuesday, 6 January 2026 at 09:00 your time: <@ANA> leads, <@BEN> takes notes.
    5 people take turns.
    1 person skips the next sync.
    • Tuesday, 20 January: <@ANA> led.
    • Tuesday, 13 January: not announced. I wasn't running at the time.
    • Tuesday, 6 January: without a lead.
    (Run by <@ANA>. `/sync next` shows the next eight turns. `/sync skip` skips the next sync, `/sync leave` takes you out.)
    [Change] [Set up another]
    ");
    let standing = Standing { past: Vec::new(), ..standing };
    let (reader, next) = (Part::HasLeft, None);
    let paused =
        Status { name: "Planning", is_paused: true, next, here: 1, absent: 2, reader, standing, ..shown };
    insta::assert_snapshot!(read(&status(&WORDS, &paused, "/sync")), @r"
    *Planning: syncs run here, every Tuesday at 10:00 (Europe/Berlin), 30 minutes.*
    They're paused. `/sync resume` brings the syncs back.
    1 person takes turns so far.
    2 people skip the next sync.
    (Run by <@ANA>. `/sync next` shows the next eight turns. You've left these syncs; `/sync join` brings you back.)
    [Change] [Set up another]
    ");
}
