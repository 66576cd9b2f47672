//! What people read of their promises, word for word.

mod lists;

use std::collections::BTreeSet;

use insta::assert_snapshot;

use super::*;
use crate::{
    common::promises::{
        AskedLater, Due, KeptRate,
        plan::Call,
        when::{Why, WrongWhen},
    },
    model::{
        clock::from_ms,
        message::reading,
        people::{ChannelId, UserId},
    },
    rituals::promises::request::Objection,
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
    static NOWHERE: BTreeSet<UserId> = BTreeSet::new();
    ListFor { now: today().into(), command: "/promise", first: 1, place: "", elsewhere: &NOWHERE }
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
    `/promise mine` shows what waits for you, `/promise done 1` says that the first of it is done, and `/promise asked` shows what you asked of others.
    `/promise open` shows what's open from this channel, and `/promise kept` what was kept.
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
    (I'll remind you on Friday, 4 December 2026 at 09:00 (Europe/Berlin). `/promise mine` shows it, with buttons to move or drop it. People in <#C1> see it with `/promise open` there.)
    ");
    assert_snapshot!(shown(&asked(&asked_for(), (today(), false), None, true)), @"
    I've asked <@UBEN> for this by Friday, 4 December at 15:00:
    >send the &lt;report&gt;
    (You'll read their answer in your DM with me. Nothing is promised until they say yes.)
    [Take it back]
    ");
    let at = Due { date: day("2026-12-03"), time: Some("09:00:00".parse().unwrap()) };
    let later = AskedLater { owner: "UBEN".into(), at, is_other_clock: false, is_after_due: false };
    assert_snapshot!(shown(&asked(&asked_for(), (today(), false), Some(&later), true)), @"
    I'll ask <@UBEN> for this by Friday, 4 December at 15:00:
    >send the &lt;report&gt;
    (They aren't at work now, so I'll ask them on Thursday, 3 December at 09:00.)
    (You'll read their answer in your DM with me. Nothing is promised until they say yes.)
    [Take it back]
    ");
    assert_snapshot!(shown(&asked(&asked_for(), (today(), false), None, false)), @"
    I've asked <@UBEN> for this by Friday, 4 December at 15:00:
    >send the &lt;report&gt;
    (You'll read their answer in your DM with me. Nothing is promised until they say yes.)
    [Take it back]
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
    (I'll remind you on Friday, 4 December 2026 at 09:00 (Europe/Berlin). That's after it's due; I only remind you in your working hours. `/promise mine` shows it, with buttons to move or drop it. People in <#C1> see it with `/promise open` there.)
    ");
}

#[test]
fn the_asker_reads_whose_clock_it_is() {
    assert_snapshot!(shown(&asked(&asked_for(), (today(), true), None, true)), @"
    I've asked <@UBEN> for this by Friday, 4 December at 15:00, <@UBEN>'s time:
    >send the &lt;report&gt;
    (You'll read their answer in your DM with me. Nothing is promised until they say yes.)
    [Take it back]
    ");
    let over = WrongWhen { typed: "9:00".to_owned(), why: Why::Over, nearest: vec!["tomorrow".to_owned()] };
    assert_snapshot!(shown(&wrong_when(&over, "/promise", Some((&"UBEN".into(), today().and_time("09:30:00".parse().unwrap()))))), @r#"
    "9:00" is over for <@UBEN>, where it's Wednesday, 2 December at 09:30. When will it be done?
    (Write `by tomorrow`, for example. `/promise` on its own opens a form with a calendar.)
    "#);
}

#[test]
fn a_reminder_asks_how_it_stands() {
    let open = asked_for().then(PromiseState::Open, from_ms(0));
    assert_snapshot!(shown(&reminder(&open, (today(), today()))), @"
    :bell: Promised for Friday, 4 December at 15:00:
    >send the &lt;report&gt;
    (How does it stand? <@UANA> asked for it. This is my only reminder for this date.)
    [Done] [Later… ▾] [Need help] [Can't]
    ");
    assert_snapshot!(shown(&reminder(&own(), (today(), today()))), @"
    :bell: Promised for Friday, 4 December at 15:00:
    >send the &lt;report&gt;
    (How does it stand? This is my only reminder for this date.)
    [Done] [Later… ▾] [Need help] [Drop it]
    ");
}

#[test]
fn the_owner_reads_what_they_answered() {
    let then = |before: &Promise, state| before.then(state, from_ms(1));
    let open = then(&asked_for(), PromiseState::Open);
    let kept = then(&own(), PromiseState::Kept);
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
        card(&kept, &then(&kept, PromiseState::Open), day("2026-12-05"), (None, false)),
        card(&open, &then(&open, PromiseState::Dropped), today(), (None, true)),
        card(&asked_for(), &then(&asked_for(), PromiseState::Dropped), today(), (None, true)),
        card(&saved, &then(&saved, PromiseState::Dropped), today(), (None, false)),
    ];
    assert_snapshot!(cards.map(|card| shown(&card)).join("\n\n"), @"
    :handshake: Promised for Friday, 4 December at 15:00:
    >send the &lt;report&gt;
    (I'll remind you on Friday, 4 December 2026 at 09:00 (Europe/Berlin).)
    (I've told <@UANA>.)

    Moved to Monday, 7 December:
    >send the &lt;report&gt;
    (I'll remind you on Friday, 4 December 2026 at 09:00 (Europe/Berlin).)
    (I've told <@UANA>.)

    :white_check_mark: Done, thank you:
    >send the &lt;report&gt;
    (I've told <@UANA>.)
    [Not yet after all]

    :white_check_mark: Done, thank you:
    >send the &lt;report&gt;
    [Not yet after all]

    Not done yet, was due Friday, 4 December at 15:00:
    >send the &lt;report&gt;
    [Done] [Later… ▾] [Need help] [Drop it]

    You said that you can't do this:
    >send the &lt;report&gt;
    (I've told <@UANA>.)

    You said that you can't do this:
    >send the &lt;report&gt;
    (I've told <@UANA>.)

    Dropped:
    >send the &lt;report&gt;
    [Keep it after all]
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
        heard(&then(&open, PromiseState::Kept), &open, (today(), false)),
        heard(&asked_for(), &no, (today(), false)),
        heard(&open, &then(&open, PromiseState::Returned), (today(), false)),
        heard(&asked_for(), &then(&asked_for(), PromiseState::Lapsed), (today(), false)),
        heard(&asked_for(), &open, (today(), true)),
    ];
    let asked = super::heard(&asked_for(), &then(&asked_for(), PromiseState::Returned), (today(), false));
    assert_snapshot!(shown(&asked.unwrap()), @"
    No one will answer this request any more:
    >send the &lt;report&gt;
    (The person who was asked has left, or takes no part any more. Nothing was promised.)
    [Ask another person] [I'll do it myself]
    ");
    assert_snapshot!(heard.map(|message| shown(&message.unwrap())).join("\n\n"), @"
    :handshake: <@UBEN> promises this by Friday, 4 December at 15:00:
    >send the &lt;report&gt;

    :handshake: <@UBEN> promises this by another date, Monday, 7 December:
    >send the &lt;report&gt;

    <@UBEN> has moved this to Monday, 7 December:
    >send the &lt;report&gt;

    :white_check_mark: <@UBEN> has done this:
    >send the &lt;report&gt;

    <@UBEN> isn't done with this after all, so it's still open:
    >send the &lt;report&gt;

    <@UBEN> can't do this:
    >send the &lt;report&gt;
    They say:
    >on &lt;leave&gt;
    [Ask another person] [I'll do it myself]

    This has no owner any more:
    >send the &lt;report&gt;
    (The person who had promised it has left, or takes no part any more.)
    [Ask another person] [I'll do it myself]

    <@UBEN> hasn't answered, so this request has ended:
    >send the &lt;report&gt;
    (I've asked them twice. Nothing was promised.)
    [Ask another person] [I'll do it myself]

    :handshake: <@UBEN> promises this by Friday, 4 December at 15:00, <@UBEN>'s time:
    >send the &lt;report&gt;
    ");
}

#[test]
fn help_is_asked_for_without_shame() {
    let open = asked_for().then(PromiseState::Open, from_ms(0));
    let channel = ChannelId::from("C1");
    let call = |helper: Option<&str>| Call::now(helper.map(UserId::from), from_ms(0));
    let at = Due { date: day("2026-12-03"), time: Some("09:00:00".parse().unwrap()) };
    let later = AskedLater { owner: "UCY".into(), at, is_other_clock: true, is_after_due: false };
    let late = AskedLater { is_after_due: true, is_other_clock: false, ..later.clone() };
    let person = call(Some("UCY"));
    let dee = call(Some("UDEE"));
    let here = call(None);
    let with_words = Call { words: "the figures".to_owned(), ..person.clone() };
    let before = [(&here, None), (&dee, Some(day("2026-12-07"))), (&person, None)];
    let messages = [
        help_wanted(&open, &person, (today(), false)),
        help_wanted(&open, &with_words, (today(), true)),
        help_wanted_here(&open, &here),
        help_wanted_here(&open, &Call { words: "half an hour\n<!here>".to_owned(), ..here.clone() }),
        Message::new(help_asked(&person, Some(&channel), None)),
        Message::new(help_asked(&call(None), Some(&channel), None)),
        Message::new(help_asked(&person, None, Some((&later, today())))),
        Message::new(help_asked(&person, None, Some((&late, today())))),
        Message::new(help_asked_before(&before, Some(&channel), today()).unwrap()),
        help_delayed(&open, &later, today()),
        help_not_asked(&open, &"UCY".into()),
        help_not_posted(&channel, "is_archived"),
        help_not_posted(&channel, "restricted_action"),
        help_not_posted(&channel, "not_in_channel"),
    ];
    assert_eq!(help_asked_before(&[], Some(&channel), today()), None);
    assert_snapshot!(messages.map(|message| shown(&message)).join("\n\n"), @"
    :raised_hand: <@UBEN> would like a hand with this, which <@UANA> asked for:
    >send the &lt;report&gt;
    (Promised for Friday, 4 December at 15:00. If you can help, write to them.)

    :raised_hand: <@UBEN> would like a hand with this, which <@UANA> asked for:
    >send the &lt;report&gt;
    What would help:
    >the figures
    (Promised for Friday, 4 December at 15:00, <@UBEN>'s time. If you can help, write to them.)

    :raised_hand: <@UBEN> would like a hand with this, which <@UANA> asked for:
    >send the &lt;report&gt;
    (If you can help, answer in this message's thread or write to them.)

    :raised_hand: <@UBEN> would like a hand with this, which <@UANA> asked for:
    >send the &lt;report&gt;
    What would help:
    >half an hour
    >&lt;!here&gt;
    (If you can help, answer in this message's thread or write to them.)

    I'm asking <@UCY> for help. The promise is still yours; its date stays as it is.

    I'm asking in <#C1> for help. The promise is still yours; its date stays as it is.

    I'll ask <@UCY> for help on Thursday, 3 December at 09:00, <@UCY>'s time, when they're at work. The promise is still yours; its date stays as it is.

    I'll ask <@UCY> for help on Thursday, 3 December at 09:00, when they're at work. That's after it's due. The promise is still yours; its date stays as it is.

    You also hope for help from <@UCY>, <@UDEE> (I'll ask them on Monday, 7 December) and <#C1>.

    I haven't asked <@UCY> for help with this yet:
    >send the &lt;report&gt;
    (They're away or off. I'll ask them on Thursday, 3 December at 09:00, <@UCY>'s time. You can ask another person with *Need help*.)

    I couldn't ask <@UCY> for help with this:
    >send the &lt;report&gt;
    (They aren't here any more. You can ask another person with *Need help*.)

    I can't post in <#C1>, so I haven't asked for help there.
    (The channel is archived. You can ask a person instead.)

    I can't post in <#C1>, so I haven't asked for help there.
    (Posting is restricted there. You can ask a person instead.)

    I can't post in <#C1>, so I haven't asked for help there.
    (Invite me to it, or ask a person instead.)
    ");
}

#[test]
fn an_asker_whose_account_is_off_has_left() {
    let asked = Promise { is_asker_gone: true, ..asked_for() };
    let open = asked.then(PromiseState::Open, from_ms(0));
    let day = (today(), today());
    let no = open.then(PromiseState::Dropped, from_ms(1));
    let messages = [
        mine(&[asked.clone(), open.clone()], None, list()),
        reminder(&open, day),
        still_wanted(&open, today()),
        card(&open, &no, today(), (None, false)),
        nudge(&asked, today().into()),
        lapsed(&asked),
        question(&asked, today(), None),
        asker_left(&"UANA".into(), &[&asked, &open]),
        asker_back(&"UANA".into(), &[&open]),
        asker_back(&"UANA".into(), &[]),
    ];
    let all = messages.map(|message| shown(&message)).join("\n");
    let without_words: Vec<&str> = all.lines().filter(|line| !line.starts_with(['>', '['])).collect();
    assert_snapshot!(without_words.join("\n"), @"
    *What waits for you*
    1. send the &lt;report&gt; (asked for by <@UANA>, who has left, by Friday, 4 December at 15:00)
    2. send the &lt;report&gt; (for <@UANA>, who has left, promised for Friday, 4 December at 15:00)
    :bell: Promised for Friday, 4 December at 15:00:
    (How does it stand? <@UANA>, who asked for it, has left. This is my only reminder for this date.)
    Is this still wanted? It is promised for Friday, 4 December at 15:00.
    (It came up 3 times, so the next syncs don't list it any more. It stays on your list until you answer. <@UANA>, who asked for it, has left.)
    You said that you can't do this:
    (I couldn't tell <@UANA>, whose account is off. They'll read it if it's on again.)
    :wave: This still waits for your answer, though <@UANA>, who asked, has left. Will you do this by Friday, 4 December at 15:00?
    (A no is fine, too. I won't ask again; without an answer the request ends by itself.)
    This request has ended, since it had no answer:
    (There's nothing you have to do.)
    :handshake: <@UANA> asks you for a promise by Friday, 4 December at 15:00, from <#C1>:
    (Nothing is promised unless you say so.)
    <@UANA> has left. They had asked you for this:
    • send the &lt;report&gt;
    • send the &lt;report&gt;
    (It stays on your list, since others may need it. If it isn't wanted any more, the list has *Can't*.)
    <@UANA> had left, and is back. They had asked you for this:
    • send the &lt;report&gt;
    <@UANA> had left, and is back.
    ");
}
