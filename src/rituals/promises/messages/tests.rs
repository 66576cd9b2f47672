//! What people read of their promises, word for word.

use insta::assert_snapshot;

use super::*;
use crate::{
    common::promises::{Due, KeptRate},
    model::{clock::from_ms, message::reading},
    rituals::promises::request::{
        Objection,
        when::{Why, WrongWhen},
    },
};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Wednesday.
fn today() -> NaiveDate {
    day("2026-12-02")
}

/// Friday, 4 December, 9:00 in Berlin.
fn reminder_at() -> (Instant, Tz) {
    ("2026-12-04T08:00:00Z".parse().unwrap(), Tz::Europe__Berlin)
}

fn asked_for() -> Promise {
    let due = Due { date: day("2026-12-04"), time: Some("15:00:00".parse().unwrap()) };
    let mut promise =
        Promise::asked("7".to_owned(), "UBEN".into(), "UANA".into(), "send the <report>".to_owned()).due(due);
    promise.origin.channel = Some("C1".into());
    promise
}

fn own() -> Promise {
    Promise { asker: "UBEN".into(), ..asked_for() }.then(PromiseState::Open, from_ms(0))
}

fn list() -> ListFor<'static> {
    ListFor { today: today(), command: "/promise" }
}

fn shown(message: &Message) -> String {
    reading::read(message)
}

#[test]
fn help_says_every_way() {
    assert_snapshot!(shown(&help("/promise")), @"
    *Promises: say what you'll do and by when, and I remind you in time.*
    `/promise send the report by Friday` is a promise of yours.
    `/promise @ben send the report by 4 December at 15:00` asks Ben for one. He can say yes, name another date or say no.
    `/promise mine` shows what waits for you, `/promise open` what's open from this channel, and `/promise kept` what was kept.
    *Save for…* in the menu of a message makes it a promise of yours.
    (I remind people once for each date, in their own working hours. Nothing is posted in the channel unless you ask it for help.)
    ");
}

#[test]
fn a_promise_is_confirmed() {
    let (at, zone) = reminder_at();
    assert_snapshot!(shown(&promised(&own(), (today(), zone), at, "/promise")), @"
    :handshake: Promised for Friday, 4 December at 15:00:
    >send the &lt;report&gt;
    (I'll remind you Friday, 4 December 2026 at 09:00 (Europe/Berlin). `/promise mine` shows it, with buttons to move or drop it.)
    ");
    assert_snapshot!(shown(&asked(&asked_for(), (today(), false), true)), @"
    I've asked <@UBEN> for this by Friday, 4 December at 15:00:
    >send the &lt;report&gt;
    (You'll read their answer in your DM with me. Nothing is promised until they say yes.)
    ");
    assert_snapshot!(shown(&asked(&asked_for(), (today(), false), false)), @"
    I've asked <@UBEN> for this by Friday, 4 December at 15:00:
    >send the &lt;report&gt;
    (You'll read their answer in your DM with me. Nothing is promised until they say yes.)
    (It isn't listed in this conversation, so only the two of you know of it.)
    ");
}

#[test]
fn a_late_reminder_says_so() {
    let (at, zone) = reminder_at();
    let early = own().due(Due { date: day("2026-12-04"), time: Some("08:00:00".parse().unwrap()) });
    assert_snapshot!(shown(&promised(&early, (today(), zone), at, "/promise")), @"
    :handshake: Promised for Friday, 4 December at 08:00:
    >send the &lt;report&gt;
    (I'll remind you Friday, 4 December 2026 at 09:00 (Europe/Berlin). That's after it's due; I only remind you in your working hours. `/promise mine` shows it, with buttons to move or drop it.)
    ");
}

#[test]
fn the_asker_reads_whose_clock_it_is() {
    assert_snapshot!(shown(&asked(&asked_for(), (today(), true), true)), @"
    I've asked <@UBEN> for this by Friday, 4 December at 15:00, <@UBEN>'s time:
    >send the &lt;report&gt;
    (You'll read their answer in your DM with me. Nothing is promised until they say yes.)
    ");
    let over = WrongWhen { typed: "9:00".to_owned(), why: Why::Over, nearest: vec!["tomorrow".to_owned()] };
    assert_snapshot!(shown(&wrong_when(&over, "/promise", Some(&"UBEN".into()))), @r#"
    "9:00" is over, <@UBEN>'s time. When will it be done?
    (Write `by tomorrow`, for example. `/promise` on its own opens a form with a calendar.)
    "#);
}

#[test]
fn a_reminder_asks_how_it_stands() {
    let open = asked_for().then(PromiseState::Open, from_ms(0));
    assert_snapshot!(shown(&reminder(&open, today())), @"
    :bell: Promised for Friday, 4 December at 15:00:
    >send the &lt;report&gt;
    (How does it stand? <@UANA> asked for it. This is my only reminder for this date.)
    [Done] [Later… ▾] [Need help]
    ");
    assert_snapshot!(shown(&reminder(&own(), today())), @"
    :bell: Promised for Friday, 4 December at 15:00:
    >send the &lt;report&gt;
    (How does it stand? This is my only reminder for this date.)
    [Done] [Later… ▾] [Need help]
    ");
}

#[test]
fn the_owner_reads_what_they_answered() {
    let then = |before: &Promise, state| before.then(state, from_ms(1));
    let open = then(&asked_for(), PromiseState::Open);
    let saved = Promise { due: None, state: PromiseState::Asked, ..own() };
    let cards = [
        card(&asked_for(), &open, today(), (Some(reminder_at()), true)),
        card(
            &open,
            &then(&open, PromiseState::Open).due(Due::on(day("2026-12-07"))),
            today(),
            (Some(reminder_at()), true),
        ),
        card(&open, &then(&open, PromiseState::Kept), today(), (None, true)),
        card(&own(), &then(&own(), PromiseState::Kept), today(), (None, false)),
        card(&open, &then(&open, PromiseState::Dropped), today(), (None, true)),
        card(&asked_for(), &then(&asked_for(), PromiseState::Dropped), today(), (None, true)),
        card(&saved, &then(&saved, PromiseState::Dropped), today(), (None, false)),
    ];
    assert_snapshot!(cards.map(|card| shown(&card)).join("\n\n"), @"
    :handshake: Promised for Friday, 4 December at 15:00:
    >send the &lt;report&gt;
    (I'll remind you Friday, 4 December 2026 at 09:00 (Europe/Berlin).)
    (I've told <@UANA>.)

    Moved to Monday, 7 December:
    >send the &lt;report&gt;
    (I'll remind you Friday, 4 December 2026 at 09:00 (Europe/Berlin).)
    (I've told <@UANA>.)

    :white_check_mark: Done, thank you:
    >send the &lt;report&gt;
    (I've told <@UANA>.)

    :white_check_mark: Done, thank you:
    >send the &lt;report&gt;

    You've dropped this:
    >send the &lt;report&gt;
    (I've told <@UANA>.)

    You've said no to this:
    >send the &lt;report&gt;
    (I've told <@UANA>.)

    Dropped:
    >send the &lt;report&gt;
    ");
}

#[test]
fn the_asker_hears_the_answer() {
    let then = |before: &Promise, state| before.then(state, from_ms(1));
    let open = then(&asked_for(), PromiseState::Open);
    let moved = then(&open, PromiseState::Open).due(Due::on(day("2026-12-07")));
    let no = Promise { reason: "on <leave>".to_owned(), ..then(&asked_for(), PromiseState::Dropped) };
    let heard = [
        heard(&asked_for(), &open, (today(), false)),
        heard(&asked_for(), &Promise { due: moved.due, ..open.clone() }, (today(), false)),
        heard(&open, &moved, (today(), false)),
        heard(&open, &then(&open, PromiseState::Kept), (today(), false)),
        heard(&asked_for(), &no, (today(), false)),
        heard(&open, &then(&open, PromiseState::Returned), (today(), false)),
        heard(&asked_for(), &open, (today(), true)),
    ];
    assert_snapshot!(heard.map(|message| shown(&message.unwrap())).join("\n\n"), @"
    :handshake: <@UBEN> promises this by Friday, 4 December at 15:00:
    >send the &lt;report&gt;

    :handshake: <@UBEN> promises this by another date, Monday, 7 December:
    >send the &lt;report&gt;

    <@UBEN> has moved this to Monday, 7 December:
    >send the &lt;report&gt;

    :white_check_mark: <@UBEN> has done this:
    >send the &lt;report&gt;

    <@UBEN> can't do this:
    >send the &lt;report&gt;
    They say:
    >on &lt;leave&gt;
    [Ask another person]

    This has no owner any more:
    >send the &lt;report&gt;
    (The person who had it isn't here any more.)
    [Ask another person]

    :handshake: <@UBEN> promises this by Friday, 4 December at 15:00, <@UBEN>'s time:
    >send the &lt;report&gt;
    ");
}

#[test]
fn help_is_asked_for_without_shame() {
    let open = asked_for().then(PromiseState::Open, from_ms(0));
    let (person, channel) = (UserId::from("UCY"), ChannelId::from("C1"));
    let messages = [
        help_wanted(&open, today()),
        help_wanted_here(&open),
        help_asked(Some(&person), None),
        help_asked(None, Some(&channel)),
        help_not_posted(&channel, "is_archived"),
        help_not_posted(&channel, "restricted_action"),
        help_not_posted(&channel, "not_in_channel"),
        helped_already(),
    ];
    assert_snapshot!(messages.map(|message| shown(&message)).join("\n\n"), @"
    :raised_hand: <@UBEN> would like a hand with this:
    >send the &lt;report&gt;
    (Promised for Friday, 4 December at 15:00. If you can help, write to them.)

    :raised_hand: <@UBEN> would like a hand with this:
    >send the &lt;report&gt;
    (If you can help, answer in this message's thread or write to them.)

    I'm asking <@UCY> for help. The promise is still yours; its date stays as it is.

    I'm asking in <#C1> for help. The promise is still yours; its date stays as it is.

    I can't post in <#C1>, so I haven't asked for help there.
    (The channel is archived. You can ask a person instead.)

    I can't post in <#C1>, so I haven't asked for help there.
    (Posting is restricted there. You can ask a person instead.)

    I can't post in <#C1>, so I haven't asked for help there.
    (Invite me to it, or ask a person instead.)

    You asked for help with this within the last hour, so I haven't asked again.
    ");
}

#[test]
fn a_list_shows_what_waits() {
    let undated = Promise { due: None, ..asked_for() };
    let saved = Promise { due: None, state: PromiseState::Asked, ..own() };
    let given = asked_for().then(PromiseState::Open, from_ms(0));
    let all = [saved, undated, asked_for(), own(), given];
    assert_snapshot!(shown(&mine(None, &all, Some("2026-12-04 7".to_owned()), list())), @"
    *What waits for you*
    send the &lt;report&gt; (when will you do it?)
    [When will you do it? ▾] [Drop it]
    send the &lt;report&gt; (<@UANA> asks for it)
    [When will you do it? ▾] [Can't]
    send the &lt;report&gt; (<@UANA> asks for it by Friday, 4 December at 15:00)
    [I'll do it] [Another date] [Can't]
    send the &lt;report&gt; (promised for Friday, 4 December at 15:00)
    [Done] [Later… ▾] [Drop it]
    send the &lt;report&gt; (promised to <@UANA> for Friday, 4 December at 15:00)
    [Done] [Later… ▾] [Can't]
    [More]
    ");
    assert_snapshot!(shown(&mine(None, &[], None, list())), @"Nothing waits for you. `/promise send the report by Friday` makes a promise.");
    assert_snapshot!(shown(&mine(Some("Done.".into()), &[], None, list())), @"
    Done.
    Nothing else waits for you.
    ");
}

#[test]
fn a_channel_reads_what_is_open_and_kept() {
    let returned = asked_for().then(PromiseState::Returned, from_ms(0));
    assert_snapshot!(shown(&open(&[own(), asked_for(), returned], true, list())), @"
    *Promised in this channel, and open*
    • send the &lt;report&gt; (<@UBEN>, promised for Friday, 4 December at 15:00)
    • send the &lt;report&gt; (<@UBEN> has been asked for it by Friday, 4 December at 15:00)
    • send the &lt;report&gt; (looking for an owner, for Friday, 4 December at 15:00)
    [I'll take it]
    (There are more; these come first.)
    ");
    assert_snapshot!(shown(&open(&[], false, list())), @"
    Nothing that was promised here is open.
    (`/promise send the report by Friday` makes a promise, `/promise @ben send the report by Friday` asks for one.)
    ");
    let kept_one = [own().then(PromiseState::Kept, from_ms(0))];
    let rate = |kept, all| KeptRate { kept, all, owners: 3 };
    let few = KeptRate { kept: 1, all: 1, owners: 1 };
    let programmes = [(programme("", "sync"), rate(7, 9)), (programme("Plan*ning", "sync"), few)];
    let list_of =
        |promises, is_cut, rate, programmes| KeptList { promises, is_cut, days: 90, rate, programmes };
    assert_snapshot!(shown(&kept(&list_of(&kept_one, true, rate(8, 10), &programmes), list())), @"
    *Kept in the last 90 days*
    • send the &lt;report&gt; (kept by <@UBEN>)
    (There are more; these are the latest.)
    (In this channel, 8 of 10 were kept.)
    (sync: 7 of 9 were kept.)
    ");
    assert_snapshot!(shown(&kept(&list_of(&[], false, KeptRate::default(), &[]), list())), @"No promise from this channel was kept in the last 90 days yet.");
}

#[test]
fn each_refusal_says_what_works() {
    let wrong = |typed: &str, why, nearest: &[&str]| WrongWhen {
        typed: typed.to_owned(),
        why,
        nearest: nearest.iter().map(|phrase| (*phrase).to_owned()).collect(),
    };
    let refusals = [
        wrong_when(&wrong("soon", Why::Vague, &["tomorrow", "Friday", "next week"]), "/promise", None),
        wrong_when(
            &wrong("31 June", Why::NoSuchDay("There's no 31 June.".to_owned()), &["30 June"]),
            "/promise",
            None,
        ),
        wrong_when(&wrong("2026-11-30", Why::Over, &["today", "tomorrow"]), "/promise", None),
        wrong_when(&wrong("in 100 weeks", Why::TooFar, &["2027-12-02"]), "/promise", None),
        wrong_when(&wrong("4/12", Why::Ambiguous, &["4 December", "12 April"]), "/promise", None),
        wrong_when(&wrong("99/99", Why::Ambiguous, &[]), "/promise", None),
        objection(&Objection::TwoOwners, "/promise"),
        objection(&Objection::Crowd, "/promise"),
        objection(&Objection::NotLinked("@ben".to_owned()), "/promise"),
        objection(&Objection::Unknown("opne".to_owned(), "open"), "/promise"),
        objection(&Objection::Long(3_001), "/promise"),
        guests_stay_out(),
        stale_form(),
        gone(),
        not_yours(),
        not_in_channel(),
        saved(),
        taken(&asked_for()),
    ];
    assert_snapshot!(refusals.map(|message| shown(&message)).join("\n\n"), @r#"
    When is "soon"? I need a day, so that I can remind in time.
    (Write `by tomorrow`, `by Friday` or `by next week`, for example. `/promise` on its own opens a form with a calendar.)

    There's no 31 June.
    (Write `by 30 June`, for example. `/promise` on its own opens a form with a calendar.)

    "2026-11-30" is over. When will it be done?
    (Write `by today` or `by tomorrow`, for example. `/promise` on its own opens a form with a calendar.)

    "in 100 weeks" is more than a year ahead. What can be done sooner?
    (Write `by 2027-12-02`, for example. `/promise` on its own opens a form with a calendar.)

    In "4/12", I can't tell the day from the month.
    (Write `by 4 December` or `by 12 April`, for example. `/promise` on its own opens a form with a calendar.)

    In "99/99", I can't tell the day from the month.
    (Write `by Friday`, for example. `/promise` on its own opens a form with a calendar.)

    A promise has one owner, so that it's clear who does it.
    (Ask each of them: `/promise @ben send the report by Friday`)

    A promise has one owner, so I can't ask a whole group.
    (Ask a person: `/promise @ben send the report by Friday`)

    I don't know "@ben". Pick the name from the list that Slack shows when you type @.

    I don't know "opne". Did you mean `/promise open`?
    (A promise says more: `/promise send the report by Friday`)

    That has 3001 characters, and 3000 fit. Please shorten it.

    Guests don't take part in promises in this workspace.
    (A workspace admin can ask the people who run me to change that.)

    This form is too old, so nothing has changed. Please open it again.

    I don't keep this promise any more, so there's nothing to do.

    This isn't yours to answer, so nothing has changed.

    As far as I know you're not in the channel that this is from, so nothing has changed.

    Saved. I've asked you in our DM when you'll do it.
    (Nothing is promised until you choose a date there.)

    It's yours to answer now:
    >send the &lt;report&gt;
    (I've asked you in our DM by when.)
    "#);
}

#[test]
fn an_old_button_tells_how_it_stands() {
    let states = [
        asked_for(),
        own(),
        own().then(PromiseState::Kept, from_ms(0)),
        own().then(PromiseState::Dropped, from_ms(0)),
        own().then(PromiseState::Returned, from_ms(0)),
    ];
    let lines = states.map(|promise| shown(&stands(&promise, today(), "/promise")));
    assert_snapshot!(lines.join("\n\n"), @"
    <@UBEN> has been asked for this, and hasn't answered yet.
    (`/promise mine` shows what waits for you.)

    This is promised for Friday, 4 December at 15:00. Nothing has changed.
    (`/promise mine` shows what waits for you.)

    This is done already. Nothing has changed.
    (`/promise mine` shows what waits for you.)

    This was dropped already. Nothing has changed.
    (`/promise mine` shows what waits for you.)

    This has no owner any more. Nothing has changed.
    (`/promise mine` shows what waits for you.)
    ");
}

#[test]
fn forms_ask_what_is_missing() {
    let form = |modal| {
        let lines = reading::read_modal(&modal);
        lines.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
    };
    let due = Some(Due::on(day("2026-12-04")));
    assert_snapshot!(form(new_form("send it", &"UBEN".into(), None, String::new())), @r#"
    A promise:
    What?: send it
    Who'll do it?: Person(UserId("UBEN")) (I ask them first if it's another person.)
    By when?:
    At what time?:  (Leave it empty for some time that day.)
    [Cancel] [Promise]
    "#);
    assert_snapshot!(form(move_form(&asked_for(), due, String::new())), @"
    When will you do it?:
    >send the &lt;report&gt;
    By when?: Date(2026-12-04)
    At what time?:  (Leave it empty for some time that day.)
    [Cancel] [Promise]
    ");
    assert_snapshot!(form(hand_form(&asked_for(), due, String::new())), @"
    Ask another person:
    >send the &lt;report&gt;
    Who could do it?:  (I ask them first.)
    By when?: Date(2026-12-04)
    At what time?:  (Leave it empty for some time that day.)
    [Cancel] [Ask them]
    ");
    assert_snapshot!(form(no_form(&asked_for(), String::new())), @"
    Say no:
    >send the &lt;report&gt;
    Why not, if you'd like to say?:
    (<@UANA> reads it.)
    [Cancel] [Say no]
    ");
    assert_snapshot!(form(help_form(&asked_for(), Some("team"), String::new())), @"
    Ask for help:
    >send the &lt;report&gt;
    Who should I ask?: person
    A person:  (They get your words in their DM with me.)
    [Cancel] [Ask]
    ");
    assert_snapshot!(form(help_form(&own(), None, String::new())), @"
    Ask for help:
    >send the &lt;report&gt;
    A person:  (They get your words in their DM with me.)
    [Cancel] [Ask]
    ");
}
