//! What people read of promises in every ritual: the question, and the line of a list.

mod form;
mod later;
mod occasion;
mod refusals;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, Timelike as _};

pub use self::{
    form::{RequestFields, request_fields},
    later::{asked_later, asked_them_later, promised_own, works_at},
    occasion::{PROMISES_DUE, in_review, in_sheet, in_thread, named, take},
    refusals::*,
};
use super::{Due, Promise, PromiseState, when::is_over};
use crate::{
    model::{
        message::{Button, ButtonStyle, Control, Message, Pick, Select, SelectOption},
        text::{Link, Markup, date_as_of},
    },
    say,
};

/// The actions of a person who is asked. The value is the promise and its version.
pub const ACCEPT: &str = "promises:accept";
pub const MOVE: &str = "promises:move";
pub const DECLINE: &str = "promises:decline";
/// The action of a person who takes a promise without an owner.
pub const TAKE: &str = "promises:take";
/// The menu of dates.
pub const WHEN: &str = "promises:when";
/// The options of that menu.
pub const TOMORROW: &str = "tomorrow";
pub const THREE_DAYS: &str = "three_days";
pub const NEXT_WEEK: &str = "next_week";
pub const ANOTHER_DATE: &str = "another";

/// How many characters of the words a line of a list shows. Where an owner is asked and reminded they stand in full.
const LONGEST_LINE: usize = 150;

/// Returns the value of a button about a version of a promise.
pub fn value_of(promise: &Promise) -> String {
    format!("{} {}", promise.id, promise.version)
}

/// What the owner is asked. `named` is the date that the words of a promise without one name.
pub fn question(promise: &Promise, today: NaiveDate, named: Option<Due>) -> Message {
    let from = match &promise.origin.channel {
        Some(channel) => say!(", from {}", channel),
        None => Markup::default(),
    };
    let quoted = quoted(promise);
    let mut controls = answers(promise);
    if let (Some(named), Some(Control::Select(menu))) = (named, controls.first_mut()) {
        let is_anothers = promise.author.is_some() || !promise.is_own();
        offer_first(menu, &named, (today, is_anothers));
    }
    if promise.is_own() {
        let (text, hint) = match promise.due {
            Some(due) => (
                say!(":handshake: Will you do this by {}?\n{}", due_at(&due, today), quoted),
                "Nothing is promised unless you say so.",
            ),
            None => (
                say!(":handshake: When will you do this?\n{}", quoted),
                "Nothing is promised until you choose a date.",
            ),
        };
        return Message::new(text).with_context(hint).with_controls(controls);
    }
    let asker = if promise.asker.is_pseudonym() {
        Markup::from("A person who has left")
    } else {
        Markup::from(&promise.asker)
    };
    let text = match promise.due {
        Some(due) => say!(
            ":handshake: {} asks you for a promise by {}{}:\n{}",
            asker,
            due_at(&due, today),
            from,
            quoted
        ),
        None => {
            say!(":handshake: {} asks you for a promise{}:\n{}\nWhen will you do it?", asker, from, quoted)
        }
    };
    Message::new(text).with_context("Nothing is promised unless you say so.").with_controls(controls)
}

/// The controls of a person who is asked.
pub fn answers(promise: &Promise) -> Vec<Control> {
    let value = value_of(promise);
    let no = if promise.is_own() { "Drop it" } else { "Can't" };
    let no = button(no, DECLINE, &value, ButtonStyle::Plain);
    match promise.due {
        Some(_) => vec![
            button("I'll do it", ACCEPT, &value, ButtonStyle::Primary),
            button("Another date", MOVE, &value, ButtonStyle::Plain),
            no,
        ],
        None => vec![when(promise, "When will you do it?"), no],
    }
}

/// The menu of dates.
pub fn when(promise: &Promise, placeholder: &str) -> Control {
    let options = [
        ("Tomorrow", TOMORROW),
        ("In three days", THREE_DAYS),
        ("Next week", NEXT_WEEK),
        ("Another date…", ANOTHER_DATE),
    ];
    let options =
        options.map(|(label, value)| SelectOption { label: label.to_owned(), value: value.to_owned() });
    Control::Select(Select {
        action: WHEN.to_owned(),
        value: value_of(promise),
        placeholder: placeholder.to_owned(),
        pick: Pick::Choice { options: options.into(), chosen: None },
    })
}

/// Offers a date in the menu of dates before the others.
/// A time of another person's words is on the clock of the person who chooses.
fn offer_first(menu: &mut Select, named: &Due, (today, is_anothers): (NaiveDate, bool)) {
    let Pick::Choice { options, .. } = &mut menu.pick else { return };
    let whose = if is_anothers && named.time.is_some() { ", your time" } else { "" };
    let label = format!("By {}{whose}", due_at(named, today).as_str());
    let time = named.time.map(|time| time.format(" %H:%M").to_string()).unwrap_or_default();
    options.insert(0, SelectOption { label, value: format!("{}{time}", named.date) });
}

/// Reads the value of an option with a date of its own.
pub fn named_due(value: &str) -> Option<Due> {
    let (date, time) = match value.split_once(' ') {
        Some((date, time)) => (date, Some(NaiveTime::parse_from_str(time, "%H:%M").ok()?)),
        None => (value, None),
    };
    Some(Due { date: date.parse().ok()?, time })
}

/// A button in a row of controls.
pub fn button(label: &str, action: &str, value: &str, look: ButtonStyle) -> Control {
    let (label, action, value) = (label.to_owned(), action.to_owned(), value.to_owned());
    Control::Button(Button { label, action, value, look })
}

/// Who asked for a promise, in a sentence. A person who was erased has left.
pub fn asker_of(promise: &Promise) -> Markup {
    if promise.asker.is_pseudonym() {
        Markup::from("a person who has left")
    } else {
        Markup::from(&promise.asker)
    }
}

/// The same where a person whose account is off has left.
pub fn asker_now(promise: &Promise) -> Markup {
    let left = if promise.is_asker_gone { ", who has left" } else { "" };
    say!("{}{}", asker_of(promise), left)
}

/// The words of a promise as a quotation, whose they are, and the message that they are from.
pub fn quoted(promise: &Promise) -> Markup {
    let words = Markup::quote(&promise.words);
    let link = Link::read(&promise.link).map(|link| Markup::link(&link, "From this message"));
    match (link, &promise.author) {
        (Some(link), Some(author)) => say!("{}\n{}, {}'s words", words, link, author),
        (Some(link), None) => say!("{}\n{}", words, link),
        (None, Some(author)) => say!("{}\n{}'s words", words, author),
        (None, None) => words,
    }
}

/// When a promise is due, as in `Friday, 4 December at 15:00`.
pub fn due_at(due: &Due, today: NaiveDate) -> Markup {
    let date = date_as_of(today, due.date);
    match due.time {
        Some(time) => {
            let time = format!("{:02}:{:02}", time.hour(), time.minute());
            say!("{} at {}", date, Markup::words(&time))
        }
        None => date,
    }
}

/// When an open promise is due, or that it was, as in `was due Friday, 4 December`. It says the date and never counts days, so that
/// it shames no one. `now` is the time on the owner's wall, or the date alone.
pub fn due_or_over(lead: &'static str, due: &Due, now: impl Into<NaiveDateTime>) -> Markup {
    let now = now.into();
    let at = due_at(due, now.date());
    if is_over(due, now) { say!("was due {}", at) } else { say!("{} {}", lead, at) }
}

/// The words before the date of an open promise.
pub fn promised_lead(promise: &Promise) -> &'static str {
    if promise.moves > 0 { "moved to" } else { "promised for" }
}

/// The line of a promise in a list: what, who and when. `is_other_clock` is whether a reader's clock may show another time than the owner's;
/// `now` is the time on the reader's, or the date alone.
pub fn line(promise: &Promise, now: impl Into<NaiveDateTime>, is_other_clock: bool) -> Markup {
    let now = now.into();
    let today = now.date();
    let now = if is_other_clock { today.into() } else { now };
    let words = Markup::line_of(&promise.words, LONGEST_LINE);
    let has_time = promise.due.is_some_and(|due| due.time.is_some());
    let whose = if is_other_clock && has_time { " their time" } else { "" };
    let owner = &promise.owner;
    let due = promise.due.map(|due| say!("{}{}", due_at(&due, today), whose));
    let by = |lead| {
        let at = promise.due.map_or_else(Markup::default, |due| due_or_over(lead, &due, now));
        if promise.state == PromiseState::Returned { at } else { say!("{}{}", at, whose) }
    };
    match (promise.state, due) {
        (PromiseState::Returned, _) if promise.promised_at.is_none() => {
            let by = promise.due.map_or_else(Markup::default, |_| say!(", {}", by("for")));
            say!("{} (not promised yet{}: the person who was asked has left, or takes no part)", words, by)
        }
        (PromiseState::Returned, Some(_)) => say!("{} (looking for an owner, {})", words, by("for")),
        (PromiseState::Returned, None) => say!("{} (looking for an owner)", words),
        (PromiseState::Asked, Some(due)) => say!("{} (asked of {}, by {})", words, owner, due),
        (PromiseState::Asked, None) => say!("{} (asked of {}, no date yet)", words, owner),
        (PromiseState::Kept, _) => say!("{} (kept by {})", words, owner),
        (PromiseState::Dropped, _) => say!("{} (not going ahead)", words),
        (PromiseState::Withdrawn, _) => say!("{} (taken back)", words),
        (PromiseState::Lapsed, _) => say!("{} (no answer)", words),
        (PromiseState::Open, Some(_)) => say!("{} ({}, {})", words, owner, by(promised_lead(promise))),
        (PromiseState::Open, None) => say!("{} ({})", words, owner),
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;
    use crate::model::{
        clock::from_ms,
        message::{Block, reading},
    };

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn asked() -> Promise {
        let due = Due { date: day("2026-12-04"), time: Some("15:00:00".parse().unwrap()) };
        let words = "send the <report> to @Cy\nand *file* it".to_owned();
        let mut promise = Promise::asked("7".to_owned(), "UBEN".into(), "UANA".into(), words).due(due);
        promise.origin.channel = Some("C1".into());
        promise
    }

    fn shown(promise: &Promise) -> String {
        reading::read(&question(promise, day("2026-12-02"), None))
    }

    #[test]
    fn a_person_is_asked_by_a_date() {
        assert_snapshot!(shown(&asked()), @"
        :handshake: <@UANA> asks you for a promise by Friday, 4 December at 15:00, from <#C1>:
        >send the &lt;report&gt; to @Cy
        >and *file* it
        (Nothing is promised unless you say so.)
        [I'll do it] [Another date] [Can't]
        ");
    }

    #[test]
    fn a_person_is_asked_when() {
        let promise =
            Promise { due: None, link: "https://harbour.slack.com/archives/C1/p1".to_owned(), ..asked() };
        assert_snapshot!(shown(&promise), @"
        :handshake: <@UANA> asks you for a promise, from <#C1>:
        >send the &lt;report&gt; to @Cy
        >and *file* it
        <https://harbour.slack.com/archives/C1/p1|From this message>
        When will you do it?
        (Nothing is promised unless you say so.)
        [When will you do it? ▾] [Can't]
        ");
        let own = Promise { asker: "UBEN".into(), author: None, ..asked() };
        assert_snapshot!(shown(&own), @"
        :handshake: Will you do this by Friday, 4 December at 15:00?
        >send the &lt;report&gt; to @Cy
        >and *file* it
        (Nothing is promised unless you say so.)
        [I'll do it] [Another date] [Drop it]
        ");
        let own = Promise { asker: "UBEN".into(), author: Some("UCY".into()), ..promise };
        assert_snapshot!(shown(&own), @"
        :handshake: When will you do this?
        >send the &lt;report&gt; to @Cy
        >and *file* it
        <https://harbour.slack.com/archives/C1/p1|From this message>, <@UCY>'s words
        (Nothing is promised until you choose a date.)
        [When will you do it? ▾] [Drop it]
        ");
    }

    #[test]
    fn a_date_in_the_words_is_offered_first() {
        for time in [None, Some("15:00:00".parse().unwrap())] {
            let named = Due { date: day("2026-12-04"), time };
            let asked = Promise { due: None, ..asked() };
            let question = question(&asked, day("2026-12-02"), Some(named));
            let controls = question.blocks.iter().find_map(|block| match block {
                Block::Controls(controls) => controls.first(),
                _ => None,
            });
            let Some(Control::Select(menu)) = controls else { panic!("a menu") };
            let Pick::Choice { options, .. } = &menu.pick else { panic!("options") };
            let labels: Vec<&str> = options.iter().map(|option| option.label.as_str()).collect();
            let at = if time.is_some() { " at 15:00" } else { "" };
            let whose = if time.is_some() { ", your time" } else { "" };
            let first = format!("By Friday, 4 December{at}{whose}");
            assert_eq!(labels, [first.as_str(), "Tomorrow", "In three days", "Next week", "Another date…"]);
            assert_eq!(named_due(&options[0].value), Some(named));
        }
        for other in [TOMORROW, THREE_DAYS, "2026-13-01", "2026-12-04 25:00", "", "2026-12-04 x"] {
            assert_eq!(named_due(other), None, "{other}");
        }
    }

    #[test]
    fn a_line_says_what_who_and_when() {
        let now = from_ms(0);
        let in_state = |state| asked().then(state, now);
        let returned = in_state(PromiseState::Open).then(PromiseState::Returned, now);
        let lines = [
            asked(),
            Promise { due: None, ..asked() },
            in_state(PromiseState::Open),
            in_state(PromiseState::Kept),
            in_state(PromiseState::Dropped),
            in_state(PromiseState::Withdrawn),
            in_state(PromiseState::Lapsed),
            Promise { moves: 1, ..in_state(PromiseState::Open) },
            returned.clone(),
            Promise { due: None, ..returned.clone() },
            in_state(PromiseState::Returned),
            Promise { due: None, ..in_state(PromiseState::Returned) },
        ];
        let overdue = [in_state(PromiseState::Open), returned, in_state(PromiseState::Returned)];
        let overdue = overdue.map(|promise| line(&promise, day("2026-12-05"), false).as_str().to_owned());
        assert_snapshot!(overdue.join("\n"), @"
        send the &lt;report&gt; to @Cy and *file* it (<@UBEN>, was due Friday, 4 December at 15:00)
        send the &lt;report&gt; to @Cy and *file* it (looking for an owner, was due Friday, 4 December at 15:00)
        send the &lt;report&gt; to @Cy and *file* it (not promised yet, was due Friday, 4 December at 15:00: the person who was asked has left, or takes no part)
        ");
        let lines = lines.map(|promise| line(&promise, day("2025-12-02"), false).as_str().to_owned());
        assert_snapshot!(lines.join("\n"), @"
        send the &lt;report&gt; to @Cy and *file* it (asked of <@UBEN>, by Friday, 4 December 2026 at 15:00)
        send the &lt;report&gt; to @Cy and *file* it (asked of <@UBEN>, no date yet)
        send the &lt;report&gt; to @Cy and *file* it (<@UBEN>, promised for Friday, 4 December 2026 at 15:00)
        send the &lt;report&gt; to @Cy and *file* it (kept by <@UBEN>)
        send the &lt;report&gt; to @Cy and *file* it (not going ahead)
        send the &lt;report&gt; to @Cy and *file* it (taken back)
        send the &lt;report&gt; to @Cy and *file* it (no answer)
        send the &lt;report&gt; to @Cy and *file* it (<@UBEN>, moved to Friday, 4 December 2026 at 15:00)
        send the &lt;report&gt; to @Cy and *file* it (looking for an owner, for Friday, 4 December 2026 at 15:00)
        send the &lt;report&gt; to @Cy and *file* it (looking for an owner)
        send the &lt;report&gt; to @Cy and *file* it (not promised yet, for Friday, 4 December 2026 at 15:00: the person who was asked has left, or takes no part)
        send the &lt;report&gt; to @Cy and *file* it (not promised yet: the person who was asked has left, or takes no part)
        ");
    }
}
