//! Each message, as its reader sees it: a paragraph, then (small lines), then [buttons].

use chrono::NaiveDate;

use super::*;
use crate::{
    common::decisions::record::{Change, Review},
    model::{
        message::reading::{read, read_modal},
        people::ChannelId,
    },
};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn decision() -> Decision {
    Decision {
        id: "0198".to_owned(),
        version: 1,
        programme: "P1".to_owned(),
        channel: "C1".into(),
        change: Change::Decided,
        what: "Use Postgres".to_owned(),
        why: String::new(),
        turned_down: String::new(),
        decided_by: vec!["U1".into()],
        review_on: None,
        reviewed: None,
        listed_on: None,
        link: String::new(),
        recorded_by: "U1".into(),
        decided_on: day("2026-01-06"),
        decided_at: "2026-01-06T10:00:00Z".parse().unwrap(),
        recorded_at: "2026-01-06T10:00:00Z".parse().unwrap(),
        posted: None,
    }
}

fn whole() -> Decision {
    Decision {
        what: "Use Postgres\n<!channel> & *all*".to_owned(),
        why: "Two teams know it".to_owned(),
        turned_down: "MySQL".to_owned(),
        decided_by: vec!["U1".into(), "U2".into()],
        review_on: Some(day("2027-01-05")),
        link: "https://harbour.slack.com/archives/C1/p1".to_owned(),
        recorded_by: "U3".into(),
        ..decision()
    }
}

fn next() -> Decision {
    let recorded_at = "2026-01-13T10:00:00Z".parse().unwrap();
    Decision {
        version: 2,
        change: Change::Superseded,
        what: "Use SQLite".to_owned(),
        recorded_by: "U2".into(),
        decided_on: day("2026-01-13"),
        recorded_at,
        decided_at: recorded_at,
        ..decision()
    }
}

fn looked_at_again() -> Decision {
    let review = Review { by: "U2".into(), at: next().recorded_at };
    Decision { reviewed: Some(review), ..decision() }
}

#[test]
fn the_channel_reads_a_decision() {
    insta::assert_snapshot!(read(&posted(&decision(), "sync")), @"
    *Decision* by <@U1>
    >Use Postgres
    [Supersede] [Versions]
    ");
    insta::assert_snapshot!(read(&posted(&whole(), "sync")), @"
    *Decision* by <@U1> and <@U2>
    >Use Postgres
    >&lt;!channel&gt; &amp; *all*
    *Why*
    >Two teams know it
    *Turned down*
    >MySQL
    *To look at again* from Tuesday, 5 January 2027
    It's from <https://harbour.slack.com/archives/C1/p1|this message>.
    (Recorded by <@U3>.)
    [Supersede] [Versions]
    ");
    let no_one = Decision { decided_by: Vec::new(), ..decision() };
    insta::assert_snapshot!(read(&posted(&no_one, "sync")), @"
    *Decision*
    >Use Postgres
    (Recorded by <@U1>.)
    [Supersede] [Versions]
    ");
    insta::assert_snapshot!(read(&posted(&next(), "sync")), @"
    *Decision* by <@U1>
    >Use SQLite
    (<@U2> superseded version 1 with this; *Versions* shows what it said.)
    [Supersede] [Versions]
    ");
    insta::assert_snapshot!(read(&posted(&looked_at_again(), "sync")), @"
    *Decision* by <@U1>
    >Use Postgres
    (<@U2> looked at it again on Tuesday, 13 January 2026: it still stands.)
    [Supersede] [Versions]
    ");
    insta::assert_snapshot!(read(&superseded(&whole(), &next(), "sync")), @"
    *This decision was superseded* by <@U2> on Tuesday, 13 January 2026 with:
    >Use SQLite
    It said until then:
    >Use Postgres
    >&lt;!channel&gt; &amp; *all*
    *Why*
    >Two teams know it
    *Turned down*
    >MySQL
    *To look at again* from Tuesday, 5 January 2027
    It's from <https://harbour.slack.com/archives/C1/p1|this message>.
    [Show what holds now]
    ");
}

#[test]
fn a_person_reads_what_became_of_theirs() {
    let channel = ChannelId::from("C1");
    insta::assert_snapshot!(read(&recorded(&channel, true)), @"I've recorded this decision, and I'm posting it in the thread of the sync in <#C1>.");
    insta::assert_snapshot!(read(&recorded(&channel, false)), @"I've recorded this decision, and I'm posting it in <#C1>.");
    insta::assert_snapshot!(read(&not_posted(&channel, &"U0BOT".into(), "/sync")), @"
    Your decision is recorded, but I couldn't post it in <#C1>.
    (If I'm not in the channel, type `/invite` <@U0BOT> there. `/sync decisions` shows it in any case.)
    ");
    insta::assert_snapshot!(read(&quicker(&next())), @"
    <@U2> was quicker and superseded this decision, so yours wasn't recorded. It says now: Use SQLite
    (If yours should hold, close this form and press Supersede under the new message.)
    ");
    insta::assert_snapshot!(read(&quicker(&looked_at_again())), @"
    <@U2> was quicker and said that this decision still stands, so yours wasn't recorded. It says now: Use Postgres
    (It isn't looked at again, so there's nothing left to do. If it shouldn't stand, close this form and press Supersede under the decision.)
    ");
    insta::assert_snapshot!(read(&outdated(&next(), "sync")), @"
    This decision has changed since: <@U2> recorded version 2. It says now:
    >Use SQLite
    [Supersede] [Versions]
    ");
    insta::assert_snapshot!(read(&recorded_already()), @"This decision is recorded already.");
    insta::assert_snapshot!(read(&not_for_you("/sync")), @"
    I can't show you this: you aren't in the channel of this decision, as far as I know. Nothing has changed.
    (Join the channel and type `/sync decisions` there.)
    ");
    insta::assert_snapshot!(read(&no_writer(&channel, "/sync")), @"
    Its people alone record the decisions of <#C1>, and as far as I know you aren't in it.
    (Join it and type `/sync decide …` there. If you've just joined, try again in a moment.)
    ");
    insta::assert_snapshot!(read(&guests_stay_out()), @"Guests don't record decisions in this workspace, so nothing has changed.");
}

#[test]
fn a_list_has_its_lines() {
    let channel = ChannelId::from("C1");
    let posted = Some(("C1".into(), "1767693700.000100".to_owned()));
    let many = ["U1", "U2", "U3", "U4", "U5"].map(UserId::from);
    let decisions = [
        next(),
        Decision { posted, ..whole() },
        Decision { decided_by: many.to_vec(), ..decision() },
        Decision { decided_by: Vec::new(), decided_on: day("2025-12-30"), ..decision() },
    ];
    let page = ListPage {
        channel: &channel,
        words: "",
        is_cut: false,
        decisions: &decisions,
        older: Some("C1 1 0198 ".to_owned()),
        today: day("2026-01-14"),
        workspace: "https://harbour.slack.com/",
    };
    insta::assert_snapshot!(read(&list(&page, "sync", "/sync")), @"
    *Decisions in* <#C1>
    1. Tuesday, 13 January: Use SQLite (<@U1>, version 2)
    2. Tuesday, 6 January: Use Postgres &lt;!channel&gt; &amp; *all* (<@U1> and <@U2>, to look at again from Tuesday, 5 January 2027, <https://harbour.slack.com/archives/C1/p1767693700000100|message>)
    3. Tuesday, 6 January: Use Postgres (<@U1>, <@U2> and <@U3> and 2 more)
    4. Tuesday, 30 December 2025: Use Postgres
    (The newest come first. `/sync decisions some words` finds those with all of these words.)
    [Show all of… ▾] [Older]
    ");
    let page =
        ListPage { words: "postgres <b>", is_cut: true, decisions: &decisions[..1], older: None, ..page };
    insta::assert_snapshot!(read(&list(&page, "sync", "/sync")), @r#"
    *Decisions in* <#C1> with "postgres &lt;b&gt;"
    1. Tuesday, 13 January: Use SQLite (<@U1>, version 2)
    (I looked for the first ten words, and the first 100 characters of each.)
    (The newest come first. `/sync decisions some words` finds those with all of these words.)
    [Show all of… ▾]
    "#);
    insta::assert_snapshot!(read(&none_found(&channel, "", true, "/sync")), @"
    No decision is recorded in <#C1> yet.
    (`/sync decide Use Postgres because two teams know it` records one.)
    ");
    insta::assert_snapshot!(read(&none_found(&channel, "post*gres", true, "/sync")), @r#"
    No decision in <#C1> has all of this: "post*gres"
    (Try fewer words, or a part of one. `/sync decisions` lists all of them, the newest first.)
    "#);
    assert!(
        read(&none_found(&channel, "by @someone", true, "/sync"))
            .contains("(*someone* stands where a person was erased, so nothing is found by it.)")
    );
    insta::assert_snapshot!(read(&none_found(&channel, "", false, "/sync")), @"There are no older ones.");
}

#[test]
fn versions_stay_readable() {
    let versions_of = [next(), looked_at_again(), whole()];
    let page = VersionsPage {
        versions: &versions_of,
        has_current: true,
        has_earlier: true,
        today: day("2026-01-14"),
        workspace: "http://no.link/",
    };
    insta::assert_snapshot!(read(&versions(&page, "sync")), @"
    *Holds now: version 2*, decided on Tuesday, 13 January by <@U1>
    Recorded by <@U2>:
    >Use SQLite
    *Version 1*, decided on Tuesday, 6 January by <@U1>
    Recorded by <@U1>:
    >Use Postgres
    <@U2> looked at it again on Tuesday, 13 January 2026: it still stands.
    *Version 1*, decided on Tuesday, 6 January by <@U1> and <@U2>
    Recorded by <@U3>:
    >Use Postgres
    >&lt;!channel&gt; &amp; *all*
    *Why*
    >Two teams know it
    *Turned down*
    >MySQL
    *To look at again* from Tuesday, 5 January 2027
    It's from <https://harbour.slack.com/archives/C1/p1|this message>.
    [Supersede] [Earlier versions]
    ");
    let page = VersionsPage { versions: &versions_of[2..], has_current: false, has_earlier: false, ..page };
    insta::assert_snapshot!(read(&versions(&page, "sync")), @"
    *Version 1*, decided on Tuesday, 6 January by <@U1> and <@U2>
    Recorded by <@U3>:
    >Use Postgres
    >&lt;!channel&gt; &amp; *all*
    *Why*
    >Two teams know it
    *Turned down*
    >MySQL
    *To look at again* from Tuesday, 5 January 2027
    It's from <https://harbour.slack.com/archives/C1/p1|this message>.
    ");
}

#[test]
fn decisions_are_looked_at_again() {
    insta::assert_snapshot!(read(&in_thread(&whole(), "0198 1 2027-01-05", "sync")), @"
    *To look at again*: Use Postgres &lt;!channel&gt; &amp; *all*
    (Decided by <@U1> and <@U2> on Tuesday, 6 January 2026, due since Tuesday, 5 January 2027.)
    [Still stands] [Supersede] [Versions]
    ");
    insta::assert_snapshot!(read(&came_up_again(&whole(), "2027-01-12".parse().unwrap(), "sync")), @"
    Use Postgres &lt;!channel&gt; &amp; *all* came up again on Tuesday, 12 January 2027: answer it there.
    [Versions]
    ");
    insta::assert_snapshot!(read(&more_to_review(1)), @"1 more decision is to be looked at again, too. Once these have their answers, the next ones come.");
    insta::assert_snapshot!(read(&more_to_review(90)), @"90 more decisions are to be looked at again, too. Once these have their answers, the next ones come.");
    insta::assert_snapshot!(read(&answered(&whole(), &next(), "sync")), @"
    <@U2> has superseded this: Use Postgres &lt;!channel&gt; &amp; *all*
    The decision in its place:
    >Use SQLite
    [Versions]
    ");
    insta::assert_snapshot!(read(&confirmed(&Decision { review_on: None, ..whole() }, &"U2".into(), "sync")), @"
    *Use Postgres &lt;!channel&gt; &amp; all* still stands, says <@U2>. It isn't looked at again unless a person supersedes it: its own message has *Supersede*.
    [Versions]
    ");
    let again = Decision { review_on: Some(day("2027-01-05")), ..looked_at_again() };
    insta::assert_snapshot!(read(&confirmed(&whole(), &"U2".into(), "sync")), @"
    *Use Postgres &lt;!channel&gt; &amp; all* still stands, says <@U2>. It's looked at again from Tuesday, 5 January 2027.
    [Versions]
    ");
    insta::assert_snapshot!(read(&stands(&again)), @"Noted: this decision still stands, and it's looked at again from Tuesday, 5 January 2027.");
    insta::assert_snapshot!(read(&stands(&looked_at_again())), @"Noted: this decision still stands. No sync looks at it again unless you supersede it.");
    assert_eq!(in_sheet(&[]), None);
    insta::assert_snapshot!(in_sheet(&vec![whole(); 7]).unwrap().as_str(), @"
    • Decisions to look at again:
    ◦ Use Postgres &lt;!channel&gt; &amp; *all*
    ◦ Use Postgres &lt;!channel&gt; &amp; *all*
    ◦ Use Postgres &lt;!channel&gt; &amp; *all*
    ◦ Use Postgres &lt;!channel&gt; &amp; *all*
    ◦ Use Postgres &lt;!channel&gt; &amp; *all*
    ◦ and 2 more
    ");
}

#[test]
fn a_form_says_what_becomes_of_it() {
    let people = [UserId::from("U1")];
    let programmes = [("P1".to_owned(), String::new()), ("P2".to_owned(), "Planning".to_owned())];
    let asked = Asked {
        what: "Use Postgres",
        who: &people,
        programmes: &programmes,
        unknown_name: Some("Retro"),
        is_cut: true,
        ..Asked::default()
    };
    let new = form(&asked, FormFor::New(PostedIn::Channel), "sync", "{}".to_owned());
    assert_eq!((new.callback.as_str(), new.title.as_str()), ("sync:decision_form", "Record a decision"));
    insta::assert_snapshot!(read_modal(&new), @r#"
    Record a decision:
    I post it in the channel, and everyone there can find it again.
    (That was long: the form holds the first 3,000 characters.)
    (No syncs here are called "Retro", so it stands in your words.)
    Which sync?: P1
    What was decided?: Use Postgres
    Why?: 
    Who decided?: People([UserId("U1")])
    What was turned down?: 
    When do you look at it again?:  (The first sync from that day on has it on its agenda.)
    [Cancel] [Record]
    "#);
    let old = whole();
    let next = form(&Asked::of(&old), FormFor::Superseding(&old), "sync", "{}".to_owned());
    assert_eq!(next.title, "Supersede a decision");
    insta::assert_snapshot!(read_modal(&next), @r#"
    Supersede a decision:
    This supersedes version 1. Nothing is lost: what it said stays readable under *Versions*.
    What was decided?: Use Postgres
    <!channel> & *all*
    Why?: Two teams know it
    Who decided?: People([UserId("U1"), UserId("U2")])
    What was turned down?: MySQL
    When do you look at it again?: Date(2027-01-05) (The first sync from that day on has it on its agenda.)
    [Cancel] [Record]
    "#);
    let overtaken = form(&Asked::of(&old), FormFor::Overtaken(&old), "sync", "{}".to_owned());
    assert!(read_modal(&overtaken).starts_with(
        "Supersede a decision:\n<@U3> was quicker and superseded this decision. It says now:\n\
         >Use Postgres\n>&lt;!channel&gt; &amp; *all*\nWhat you wrote is below. Press *Record* if it should supersede that.\n"
    ));
    insta::assert_snapshot!(read_modal(&stands_form(&old, "sync", "{}".to_owned())), @"
    Still stands:
    *Use Postgres &lt;!channel&gt; &amp; all* still stands.
    When do you look at it again?:  (The first sync from that day on has it on its agenda.)
    [Cancel] [Save]
    ");
    assert_eq!(from("team", ""), "#team: a decision");
    assert_eq!(from("team", "Planning"), "#team: a decision of Planning");
}
