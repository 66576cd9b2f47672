//! Each message about the agenda of a sync.

use super::{agenda_point as point, *};
use crate::model::{message::reading::read_modal, text::date};

fn shown(points: Vec<Point>, unclosed: Vec<Point>, may_order: bool) -> Agenda {
    Agenda {
        programme: "P".to_owned(),
        name: String::new(),
        next: weekly().next(monday()),
        points,
        unclosed,
        reader: "ANA".into(),
        may_order,
    }
}

fn several() -> Vec<Point> {
    let saved = Point {
        author: Some("CY".into()),
        link: "https://acme.slack.com/archives/C1/p1".to_owned(),
        moved: 1,
        ..point("2", "BEN", "Who's on <call>\n@ana & co")
    };
    vec![
        point("1", "ANA", "Budget"),
        saved,
        Point { moved: 2, ..point("3", "CY", "```a```") },
        Point { moved: 3, ..point("4", "ANA", &"x".repeat(151)) },
    ]
}

#[test]
fn an_agenda_is_shown() {
    insta::assert_snapshot!(read(&agenda(&[shown(several(), Vec::new(), true)], "/sync")).replace(&"x".repeat(149), "[149 x]"), @r"
    *Agenda of the next sync*, Tuesday, 6 January at 10:00
    1. Budget (<@ANA>)
    2. Who's on &lt;call&gt; @ana &amp; co (<@CY>'s words, added by <@BEN>, moved on once, <https://acme.slack.com/archives/C1/p1|message>)
    3. ``a`` (<@CY>, moved on twice)
    4. [149 x]… (<@ANA>, moved on 3 times)
    (It goes into the thread when the sync begins. What isn't reached moves on to the next one.)
    [Show in full] [Order and strike] [Take a point of yours back… ▾]
    ");
    let planning = Agenda {
        programme: "Q".to_owned(),
        name: "Planning *now*".to_owned(),
        next: None,
        reader: "BEN".into(),
        ..shown(several(), Vec::new(), false)
    };
    let empty = shown(Vec::new(), vec![point("5", "ANA", "Party")], false);
    insta::assert_snapshot!(read(&agenda(&[empty, planning], "/sync")).replace(&"x".repeat(149), "[149 x]"), @r"
    *Agenda of the next sync*, Tuesday, 6 January at 10:00
    Nothing yet. `/sync add` and some words put a point on it.
    The last sync isn't closed yet. What it didn't reach moves on to this one: 1 point at most.

    *Agenda of Planning now*
    1. Budget (<@ANA>)
    2. Who's on &lt;call&gt; @ana &amp; co (<@CY>'s words, added by <@BEN>, moved on once, <https://acme.slack.com/archives/C1/p1|message>)
    3. ``a`` (<@CY>, moved on twice)
    4. [149 x]… (<@ANA>, moved on 3 times)
    (It goes into the thread when the sync begins. What isn't reached moves on to the next one.)
    [Take a point of yours back… ▾]
    [Show in full: Planning *now*] [Take a point of yours back…: Planning *now* ▾]
    ");
    insta::assert_snapshot!(read(&ordered(&shown(several()[..1].to_vec(), Vec::new(), true), "/sync")), @r"
    *Agenda of the next sync*, Tuesday, 6 January at 10:00
    1. Budget (<@ANA>)
    (It goes into the thread when the sync begins. What isn't reached moves on to the next one.)
    [Order and strike] [Take a point of yours back… ▾]
    ");
}

#[test]
fn no_words_of_a_point_are_lost() {
    insta::assert_snapshot!(read_modal(&agenda_in_full(&several()[..2])), @r"
    Agenda:
    *1.* <@ANA>:
    >Budget
    *2.* <@CY>'s words, added by <@BEN>:
    >Who's on &lt;call&gt;
    >@ana &amp; co
    [Close]
    ");
    let thread = |points: &[Point]| agenda_in_thread(points).iter().map(read).collect::<Vec<_>>();
    insta::assert_snapshot!(thread(&several()[..1]).join("\n---\n"), @r"
    *Agenda*
    1. Budget (<@ANA>)
    ");
    let long: Vec<Point> =
        (1..=30).map(|id| point(&id.to_string(), "ANA", &format!("{}END", "x".repeat(2_000)))).collect();
    assert_eq!(thread(&long[..1]), [format!("*Agenda*\n1. {}END (<@ANA>)", "x".repeat(2_000))]);
    let posts = thread(&long);
    assert_eq!(posts.len(), 31);
    assert!(posts[0].chars().count() < 10_000 && !posts[0].contains("END"));
    assert_eq!(posts[30], format!("*30.* <@ANA>:\n>{}END", "x".repeat(2_000)));
}

#[test]
fn a_question_whether_to_skip_tells_of_a_point() {
    let (at, team) = (weekly().next(monday()).unwrap(), ChannelId::from("TEAM"));
    insta::assert_snapshot!(read(&we_meet("", &at)), @"OK, the sync on Tuesday, 6 January at 10:00 takes place.");
    let place = SyncPlace { name: "Night", channel: &team, at: &at };
    insta::assert_snapshot!(read(&has_agenda_now(&place, 1, "P")), @r"
    There's something on the agenda of *Night* in <#TEAM> on Tuesday, 6 January at 10:00 now: 1 point. So it takes place.
    (If you skip it all the same, it waits for the next one.)
    [Skip all the same] [We meet all the same]
    ");
}

#[test]
fn a_point_is_added() {
    let next = weekly().next(monday());
    let about = |name| (ChannelId::from("TEAM"), name);
    let (channel, name) = about("");
    insta::assert_snapshot!(read(&added(&point("1", "ANA", "Budget\n<b>"), (&channel, name), (next.as_ref(), true), false, "/sync")), @r"
    This point is on the agenda of the sync in <#TEAM>, Tuesday, 6 January at 10:00:
    >Budget
    >&lt;b&gt;
    (Everyone there reads it when the sync begins; until then, `/sync agenda` shows the list.)
    [Take back]
    ");
    let (channel, name) = about("Planning");
    insta::assert_snapshot!(read(&added(&point("1", "ANA", "Budget"), (&channel, name), (None, true), true, "/sync")), @r"
    This point is on the agenda of *Planning* in <#TEAM>:
    >Budget
    (This shows the beginning. I've kept the first 3,000 characters.)
    (Everyone there reads it when the sync begins; until then, `/sync agenda` shows the list.)
    [Take back]
    ");
    insta::assert_snapshot!(read(&no_point("/sync")), @"What's the point? Type it behind the command: `/sync add Who's on call in May?`");
    insta::assert_snapshot!(read(&already_there(&"BEN".into(), "/sync")), @r"
    This point is on the agenda already: <@BEN> added it. I haven't added it a second time.
    (`/sync agenda` shows the list.)
    ");
    insta::assert_snapshot!(read(&agenda_full(((12, 10), 12), "Beds", "/sync")), @r"
    You have 10 points on this agenda already, which is as many as a person can add. I haven't added this one:
    >Beds
    (Put two into one, or take one back: `/sync agenda` has a menu for it. Points of a sync that isn't closed yet count.)
    ");
    insta::assert_snapshot!(read(&agenda_full(((30, 9), 30), "Beds", "/sync")), @r"
    This agenda is full: 30 points are more than a sync gets through. I haven't added yours:
    >Beds
    (`/sync agenda` shows what comes next. The lead can strike points there.)
    ");
    insta::assert_snapshot!(read(&agenda_full(((30, 0), 0), "Beds", "/sync")), @r"
    This agenda is full: 30 points are more than a sync gets through. I haven't added yours:
    >Beds
    (30 points are of a sync that isn't closed yet: once its lead closes it with `/sync close`, those that it reached are off the agenda.)
    ");
    insta::assert_snapshot!(read(&agenda_full(((29, 9), 29), "Beds", "/sync")), @r"
    The agenda has just changed, so I haven't added this point. Please try again:
    >Beds
    (`/sync agenda` shows the list.)
    ");
    assert_eq!(place("team", "", None), "#team: the next sync");
    let when = say!("{} at 10:00", date(next.unwrap().wall.date()));
    assert_eq!(place("team", "R&D\nnow", Some(&when)), "#team: R&D now, Tuesday, 6 January at 10:00");
}

#[test]
fn a_point_is_taken_back() {
    insta::assert_snapshot!(read(&taken_back(&point("1", "ANA", "Budget"), false)), @r"
    I've taken the point off the agenda:
    >Budget
    ");
    insta::assert_snapshot!(read(&taken_back(&point("1", "ANA", "Budget"), true)), @r"
    I've taken the point off the agenda:
    >Budget
    (The thread of its sync still shows it, but it won't move on to the next one.)
    ");
    insta::assert_snapshot!(read(&cannot_take_back("/sync")), @r"
    This point isn't open any more: its sync was closed, or it was struck or taken back before.
    (`/sync agenda` shows what's on the next agenda.)
    ");
}

#[test]
fn an_agenda_is_ordered() {
    insta::assert_snapshot!(read_modal(&order_form(&several()[..2], String::new())), @r"
    Order and strike:
    Give each point its place. *Empty a field to strike the point.*
    Budget: Number(1)
    Who's on <call> @ana & co: Number(2)
    [Cancel] [Save]
    ");
    insta::assert_snapshot!(wrong_place(3), @"Write a place from 1 to 3, or empty the field to strike the point.");
    insta::assert_snapshot!(wrong_place(1), @"The only place is 1. Write it, or empty the field to strike the point.");
    insta::assert_snapshot!(agenda_changed(), @"This agenda was ordered by another person, or its sync has begun, since you opened this form. Nothing has changed. Close it and open it again.");
    insta::assert_snapshot!(read(&nothing_left("/sync")), @"There's nothing on this agenda any more. `/sync agenda` shows it.");
    insta::assert_snapshot!(read(&ended()), @"These syncs have ended, or you're not in their channel any more, so nothing has changed.");
}
