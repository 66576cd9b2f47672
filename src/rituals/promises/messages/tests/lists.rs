//! Lists of promises, refusals, and forms.

use super::*;

#[test]
fn a_list_shows_what_waits() {
    let undated = Promise { due: None, ..asked_for() };
    let saved = Promise { due: None, state: PromiseState::Asked, ..own() };
    let given = asked_for().then(PromiseState::Open, from_ms(0));
    let moved = own().promised_for(Due::on(day("2026-12-07")), from_ms(0));
    let again = moved.promised_for(Due::on(day("2026-12-09")), from_ms(0));
    let all = [saved, undated, asked_for(), own(), given, moved, again];
    assert_snapshot!(shown(&mine(&all, Some("2026-12-04 7".to_owned()), list())), @"
    *What waits for you*
    1. send the &lt;report&gt; (when will you do it?)
    [When will you do it? ▾] [Drop it]
    2. send the &lt;report&gt; (<@UANA> asks for it)
    [When will you do it? ▾] [Can't]
    3. send the &lt;report&gt; (<@UANA> asks for it by Friday, 4 December at 15:00)
    [I'll do it] [Another date] [Can't]
    4. send the &lt;report&gt; (promised for Friday, 4 December at 15:00)
    [Done] [Later… ▾] [Need help] [Drop it]
    5. send the &lt;report&gt; (for <@UANA>, promised for Friday, 4 December at 15:00)
    [Done] [Later… ▾] [Need help] [Can't]
    6. send the &lt;report&gt; (moved to Monday, 7 December, first promised for Friday, 4 December)
    [Done] [Later… ▾] [Need help] [Drop it]
    7. send the &lt;report&gt; (moved to Wednesday, 9 December, moved 2 times, first promised for Friday, 4 December)
    [Done] [Later… ▾] [Need help] [Drop it]
    [More]
    ");
    assert_snapshot!(shown(&mine(&[], None, list())), @"Nothing waits for you. `/promise send the report by Friday` makes a promise.");
    assert_snapshot!(shown(&mine_after("Done.".into(), &own().then(PromiseState::Withdrawn, from_ms(0)), (&[], None), list())), @"
    Done.
    Nothing else waits for you.
    ");
}

#[test]
fn a_list_shows_what_was_asked_of_others() {
    let open = asked_for().then(PromiseState::Open, from_ms(0));
    let returned = open.then(PromiseState::Returned, from_ms(0));
    let all = [asked_for(), open, returned];
    assert_snapshot!(shown(&asked_of_others(None, &all, Some("2026-12-04 7".to_owned()), list())), @"
    *What you asked of others*
    send the &lt;report&gt; (asked of <@UBEN>, by Friday, 4 December at 15:00)
    [Take it back]
    send the &lt;report&gt; (<@UBEN>, promised for Friday, 4 December at 15:00)
    [Take it back]
    send the &lt;report&gt; (looking for an owner, for Friday, 4 December at 15:00)
    [Ask another person] [Take it back]
    [More]
    ");
    assert_snapshot!(shown(&asked_of_others(None, &[], None, list())), @"Nothing that you asked of others is open. `/promise @ben send the report by Friday` asks Ben for something.");
    let head = taken_back(&asked_for(), true);
    assert_snapshot!(shown(&asked_of_others(Some(head), &[], None, list())), @"
    You've taken this back, and I've told <@UBEN>:
    >send the &lt;report&gt;
    Nothing else that you asked of others is open.
    ");
    assert_snapshot!(shown(&withdrawn(&asked_for())), @"
    <@UANA> has taken this back, so it isn't yours to do:
    >send the &lt;report&gt;
    ");
    assert_snapshot!(shown(&not_needed(&asked_for())), @"
    <@UANA> doesn't need this any more, so I took it off your list:
    >send the &lt;report&gt;
    (Thanks for having taken it on.)
    ");
}

#[test]
fn a_channel_reads_what_is_open_and_kept() {
    let returned = asked_for().then(PromiseState::Open, from_ms(0)).then(PromiseState::Returned, from_ms(0));
    assert_snapshot!(shown(&open(&[own(), asked_for(), returned], Some("0 2026-12-04 7 20".to_owned()), list())), @"
    *Promised in this channel, and open*
    • send the &lt;report&gt; (<@UBEN>, promised for Friday, 4 December at 15:00)
    • send the &lt;report&gt; (asked of <@UBEN>, by Friday, 4 December at 15:00)
    • send the &lt;report&gt; (looking for an owner, for Friday, 4 December at 15:00)
    [I'll take it]
    [More]
    ");
    assert_snapshot!(shown(&open(&[], None, list())), @"
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
        done_for_good(&own(), "/promise"),
        full(&own(), "/promise"),
        asked_often(&asked_for(), "/promise"),
        recorded_already(&own(), "/promise"),
        recorded_already(&asked_for(), "/promise"),
        Message::new(Markup::words(&time_over("14:35:00".parse().unwrap(), true))),
        Message::new(Markup::words(&time_over("14:35:00".parse().unwrap(), false))),
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

    This was done more than a day ago, so it stays done:
    >send the &lt;report&gt;
    (`/promise send the report by Friday` makes a new promise.)

    You have 50 open promises, so I haven't added this one:
    >send the &lt;report&gt;
    (`/promise mine` shows them: finish or drop one, and promise this then.)

    You've asked for 20 promises today, so I haven't asked for this one:
    >send the &lt;report&gt;
    (You can ask again tomorrow. `/promise asked` shows what you asked for.)

    You promised this a few minutes ago, so I've kept it once:
    >send the &lt;report&gt;
    (`/promise mine` shows it. If it's another one, say it in other words or for another date.)

    You asked <@UBEN> for this a few minutes ago, so I haven't asked again:
    >send the &lt;report&gt;
    (`/promise asked` shows it. If it's another one, say it in other words or for another date.)

    That time is over: it's 14:35 for you. Choose a later one, or leave it empty.

    That time is over: it's 14:35 where they are. Choose a later one, or leave it empty.
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
        asked_for().then(PromiseState::Withdrawn, from_ms(0)),
        asked_for().then(PromiseState::Lapsed, from_ms(0)),
    ];
    let to_its_owner = shown(&stands(&own(), (&"UBEN".into(), false), today(), "/promise"));
    assert!(
        to_its_owner.starts_with("You've promised this for Friday, 4 December at 15:00 already."),
        "{to_its_owner}"
    );
    let lines = states.map(|promise| shown(&stands(&promise, (&"UCY".into(), false), today(), "/promise")));
    assert_snapshot!(lines.join("\n\n"), @"
    This is asked of <@UBEN>, who hasn't answered yet.
    >send the &lt;report&gt;
    (`/promise mine` shows what waits for you, `/promise asked` what you asked of others.)

    <@UBEN> has promised this for Friday, 4 December at 15:00. Nothing has changed.
    >send the &lt;report&gt;
    (`/promise mine` shows what waits for you, `/promise asked` what you asked of others.)

    This is done already. Nothing has changed.
    >send the &lt;report&gt;
    (`/promise mine` shows what waits for you, `/promise asked` what you asked of others.)

    This was dropped already. Nothing has changed.
    >send the &lt;report&gt;
    (`/promise mine` shows what waits for you, `/promise asked` what you asked of others.)

    This has no owner any more. Nothing has changed.
    >send the &lt;report&gt;
    (`/promise mine` shows what waits for you, `/promise asked` what you asked of others.)

    <@UANA> has taken this back, so there's nothing left to do.
    >send the &lt;report&gt;
    (`/promise mine` shows what waits for you, `/promise asked` what you asked of others.)

    There was no answer to this for long, so it has ended. Nothing has changed.
    >send the &lt;report&gt;
    (`/promise mine` shows what waits for you, `/promise asked` what you asked of others.)
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
    (I found no date in what you typed, so I ask for it here.)
    By when?:
    At what time?:  (Leave it empty for some time that day.)
    [Cancel] [Promise]
    "#);
    assert_snapshot!(form(move_form(&asked_for(), (due, today()), None, String::new())), @"
    When will you do it?:
    >send the &lt;report&gt;
    By when?: Date(2026-12-04)
    At what time?: Time(15:00:00) (Leave it empty for some time that day.)
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
    Can't do this:
    >send the &lt;report&gt;
    Why not, if you'd like to say?:
    (<@UANA> reads it.)
    [Cancel] [Tell them]
    ");
    assert_snapshot!(form(help_form(&asked_for(), Some("team"), String::new())), @"
    Ask for help:
    >send the &lt;report&gt;
    Who should I ask?: person
    The person, if it's one:  (They read this in their DM with me.)
    What would help?:
    [Cancel] [Ask]
    ");
    assert_snapshot!(form(help_form(&own(), None, String::new())), @"
    Ask for help:
    >send the &lt;report&gt;
    Which person?:  (They read this in their DM with me.)
    What would help?:
    [Cancel] [Ask]
    ");
}

#[test]
fn a_name_or_a_number_that_is_none_is_told() {
    let wrong = |typed: &str, why, nearest: &[&str]| WrongWhen {
        typed: typed.to_owned(),
        why,
        nearest: nearest.iter().map(|phrase| (*phrase).to_owned()).collect(),
    };
    let told = [
        wrong_when(
            &wrong("Friday at 3", Why::WhichHalf, &["Friday at 15:00", "Friday at 03:00"]),
            "/promise",
            None,
        ),
        wrong_when(&wrong("Christmas", Why::Holiday, &["25 December"]), "/promise", None),
        objection(&Objection::DoneWhich, "/promise"),
        no_such_number(3, 0, "/promise"),
        no_such_number(3, 2, "/promise"),
        not_promised_yet(&asked_for(), "/promise"),
        recorded_already(&Promise { due: None, ..own() }, "/promise"),
        taken_on(&own()),
        taken_on(&asked_for()),
    ];
    assert_snapshot!(told.map(|message| shown(&message)).join("\n\n"), @r#"
    Is "Friday at 3" in the morning or in the afternoon?
    (Write `by Friday at 15:00` or `by Friday at 03:00`, for example. `/promise` on its own opens a form with a calendar.)

    I don't know holidays by their names, so I can't tell when "Christmas" is.
    (Write `by 25 December`, for example. `/promise` on its own opens a form with a calendar.)

    Which one is done?
    (`/promise mine` numbers what waits for you, and `/promise done 1` says that the first is done.)

    Nothing waits for you, so nothing has changed.

    There's no 3 in your list, so nothing has changed.
    (`/promise mine` shows it with its numbers.)

    You haven't promised this yet, so it can't be done:
    >send the &lt;report&gt;
    (`/promise mine` shows it, with the buttons to promise or drop it.)

    You saved this a few minutes ago, so I've kept it once:
    >send the &lt;report&gt;
    (`/promise mine` shows it. If it's another one, say it in other words or for another date.)

    You took this on yourself:
    >send the &lt;report&gt;

    <@UBEN> took this on:
    >send the &lt;report&gt;
    "#);
}
