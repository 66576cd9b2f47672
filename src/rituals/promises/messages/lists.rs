//! What waits for a person, what is open from a channel, and what was kept there.

use std::collections::BTreeSet;

use chrono::NaiveDateTime;

use super::{HAND, MORE, MORE_ASKED, MORE_LOST, MORE_OPEN, TAKE_BACK, how_it_stands, not_yet};
use crate::{
    common::promises::{
        KeptRate, Promise, PromiseState,
        messages::{
            answers, asker_now, button, due_at, due_or_over, line, promised_lead, quoted, take, value_of,
        },
    },
    model::{
        message::{Block, Button, ButtonStyle, Control, Message},
        people::UserId,
        text::{Markup, count, date_as_of, shorten},
    },
    rituals::promises::request::Purpose,
    say,
};

/// How many characters of the words a list shows.
const LONGEST: usize = 150;

/// What a list is shown for.
#[derive(Clone, Copy, Debug)]
pub struct ListFor<'l> {
    /// The time on the reader's wall.
    pub now: NaiveDateTime,
    pub command: &'l str,
    /// The number of the first promise.
    pub first: usize,
    /// The place behind which the page begins; empty for the first one.
    pub place: &'l str,
    /// The owners whose clock shows another time than the reader's.
    pub elsewhere: &'l BTreeSet<UserId>,
}

/// The heading of what waits for a person.
const WAITING: &str = "*What waits for you*";

/// What `mine` says: promises with their buttons. `more` is the place behind which the next page begins.
pub fn mine(promises: &[Promise], more: Option<String>, list: ListFor<'_>) -> Message {
    let title = if promises.is_empty() {
        let way = Markup::code(&format!("{} send the report by Friday", list.command));
        say!("Nothing waits for you. {} makes a promise.", way)
    } else {
        Markup::from(WAITING)
    };
    with_more(numbered(title, (list.first..).zip(promises), (list.now, list.place)), more, MORE)
}

/// What a person reads who says that something is done which doesn't wait for them: what does.
pub fn none_named(words: &str, promises: &[Promise], more: Option<String>, list: ListFor<'_>) -> Message {
    let words = Markup::quoted(&shorten(words, LONGEST));
    let none = say!("Nothing that waits for you has {} in it, so nothing has changed.", words);
    if promises.is_empty() {
        return Message::new(none);
    }
    let title = say!("{}\n{}", none, WAITING);
    with_more(numbered(title, (list.first..).zip(promises), (list.now, list.place)), more, MORE)
}

/// What a person reads who has named some of their promises by number, to say that they are done or to give them up.
pub fn picked(purpose: Purpose, promises: &[(usize, &Promise)], now: NaiveDateTime) -> Message {
    let title = match purpose {
        Purpose::Done if promises.len() == 1 => "Press *Done* if you mean this one:",
        Purpose::Done => "One press for each, so that no number is mistaken:",
        Purpose::Drop => "To give it up, press *Drop it*, or *Can't* where another person asks for it:",
    };
    numbered(Markup::from(title), promises.iter().copied(), (now, ""))
}

/// What a person reads who says a moment after a promise was done that another number is: it may be of the list before.
pub fn done_again(before: &Promise, numbered_one: (usize, &Promise), now: NaiveDateTime) -> Message {
    let title = say!(
        "This was done a moment ago, and the numbers have moved up since:\n{}\nIf you mean this one, too, press its button:",
        quoted(before)
    );
    numbered(title, std::iter::once(numbered_one), (now, ""))
}

fn numbered<'p>(
    title: Markup,
    promises: impl Iterator<Item = (usize, &'p Promise)>,
    (now, place): (NaiveDateTime, &str),
) -> Message {
    let mut message = Message::new(title);
    for (number, promise) in promises {
        let line = say!("{}. {}", number, own_line(promise, now));
        message.text = say!("{}\n{}", &message.text, &line);
        message.blocks.push(Block::Text(line));
        message.blocks.push(Block::Controls(on_page(controls(promise), place)));
    }
    message
}

/// The same below what has happened to a promise: one that is done or given up now can be undone there.
pub fn mine_after(
    head: Markup,
    after: &Promise,
    (promises, more): (&[Promise], Option<String>),
    list: ListFor<'_>,
) -> Message {
    let title = if promises.is_empty() { "Nothing else waits for you." } else { WAITING };
    let mut message = with_more(
        numbered(Markup::from(title), (list.first..).zip(promises), (list.now, list.place)),
        more,
        MORE,
    );
    message.text = say!("{}\n{}", &head, &message.text);
    let undo = after.can_be_reopened().then(|| Block::Controls(vec![not_yet(after)]));
    message.blocks.splice(0..0, std::iter::once(Block::Text(head)).chain(undo));
    message
}

fn with_more(message: Message, more: Option<String>, action: &str) -> Message {
    match more {
        Some(place) => message.with_buttons(vec![Button {
            label: "More".to_owned(),
            action: action.to_owned(),
            value: place,
            look: ButtonStyle::Plain,
        }]),
        None => message,
    }
}

/// What `asked` says: what a person asked of others, with its buttons. `more` and `head` are as in [`mine`].
pub fn asked_of_others(
    head: Option<Markup>,
    promises: &[Promise],
    more: Option<String>,
    list: ListFor<'_>,
) -> Message {
    let title = match (promises, &head) {
        ([], None) => say!(
            "Nothing that you asked of others is open. {} asks Ben for something.",
            Markup::code(&format!("{} @ben send the report by Friday", list.command))
        ),
        ([], Some(_)) => Markup::from("Nothing else that you asked of others is open."),
        _ => Markup::from("*What you asked of others*"),
    };
    let mut message = Message::new(head.map_or(title.clone(), |head| say!("{}\n{}", head, title)));
    for promise in promises {
        let line = line(promise, list.now, list.elsewhere.contains(&promise.owner));
        message.text = say!("{}\n• {}", &message.text, &line);
        message.blocks.push(Block::Text(line));
        let value = value_of(promise);
        let another = (promise.state == PromiseState::Returned)
            .then(|| button("Ask another person", HAND, &value, ButtonStyle::Plain));
        let back = button("Take it back", TAKE_BACK, &value, ButtonStyle::Plain);
        message.blocks.push(Block::Controls(another.into_iter().chain([back]).collect()));
    }
    with_more(message, more, MORE_ASKED)
}

fn own_line(promise: &Promise, now: NaiveDateTime) -> Markup {
    let today = now.date();
    let words = Markup::line_of(&promise.words, LONGEST);
    let due = promise.due.map(|due| due_at(&due, today));
    let asker = asker_now(promise);
    let by = |lead| promise.due.map_or_else(Markup::default, |due| due_or_over(lead, &due, now));
    let first = promise.first_due.map_or_else(Markup::default, |first| {
        let times = usize::try_from(promise.moves).unwrap_or_default();
        let times = if times > 1 { say!("moved {} times, ", times) } else { Markup::default() };
        say!(", {}first promised for {}", times, date_as_of(today, first))
    });
    match (promise.state, due) {
        (PromiseState::Asked, Some(due)) if promise.is_own() => {
            say!("{} (will you do it by {}?)", words, due)
        }
        (PromiseState::Asked, due) if promise.is_asker_gone => {
            let by = due.map_or_else(Markup::default, |due| say!(", by {}", due));
            say!("{} (asked for by {}{})", words, asker, by)
        }
        (PromiseState::Asked, Some(due)) => say!("{} ({} asks for it by {})", words, asker, due),
        (PromiseState::Asked, None) if promise.is_own() => say!("{} (when will you do it?)", words),
        (PromiseState::Asked, None) => say!("{} ({} asks for it)", words, asker),
        (_, Some(_)) if promise.is_own() => say!("{} ({}{})", words, by(promised_lead(promise)), first),
        (_, Some(_)) if promise.asker.is_pseudonym() => {
            say!("{} (asked for by {}, {}{})", words, asker, by(promised_lead(promise)), first)
        }
        (_, Some(_)) => say!("{} (for {}, {}{})", words, asker, by(promised_lead(promise)), first),
        (_, None) => words,
    }
}

/// Returns controls that say on which page of a list they are.
fn on_page(mut controls: Vec<Control>, place: &str) -> Vec<Control> {
    if place.is_empty() {
        return controls;
    }
    for control in &mut controls {
        let value = match control {
            Control::Button(button) => &mut button.value,
            Control::Select(select) => &mut select.value,
            Control::Menu(_) => continue,
        };
        *value = format!("{value} {place}");
    }
    controls
}

fn controls(promise: &Promise) -> Vec<Control> {
    if promise.state == PromiseState::Asked {
        return answers(promise);
    }
    how_it_stands(promise)
}

/// What `open` says of a channel; `more` is the place behind which the next page begins. A promise without an owner can be taken.
pub fn open(promises: &[Promise], more: Option<String>, list: ListFor<'_>) -> Message {
    if promises.is_empty() {
        return Message::new("Nothing that was promised here is open.").with_context(say!(
            "{} makes a promise, {} asks for one.",
            Markup::code(&format!("{} send the report by Friday", list.command)),
            Markup::code(&format!("{} @ben send the report by Friday", list.command))
        ));
    }
    let title = Message::new("*Promised in this channel, and open*");
    with_more(with_lines(title, promises, list), more, MORE_OPEN)
}

/// What a person reads of what they had before their account was off and no one has taken on since.
pub fn lost(promises: &[Promise], more: Option<String>, list: ListFor<'_>) -> Message {
    if promises.is_empty() {
        return Message::new("All that you had before your account was off has an owner again, or is over.");
    }
    let title = Message::new("*What no one has taken on since your account was off*");
    with_more(with_lines(title, promises, list), more, MORE_LOST)
}

/// Adds a line for each promise, with the button to take what has no owner.
fn with_lines(mut message: Message, promises: &[Promise], list: ListFor<'_>) -> Message {
    for promise in promises {
        let line = say!("• {}", line(promise, list.now, list.elsewhere.contains(&promise.owner)));
        message.text = say!("{}\n{}", &message.text, &line);
        message.blocks.push(Block::Text(line));
        if promise.state == PromiseState::Returned {
            message.blocks.push(Block::Controls(vec![take(promise)]));
        }
    }
    message
}

/// A programme by its name, or as its ritual calls it.
pub fn programme(name: &str, ritual: &str) -> Markup {
    if name.is_empty() { Markup::words(ritual) } else { Markup::name(name) }
}

/// What was kept in a channel.
#[derive(Clone, Copy, Debug)]
pub struct KeptList<'k> {
    pub promises: &'k [Promise],
    pub is_cut: bool,
    /// For how many days it is shown.
    pub days: i64,
    pub rate: KeptRate,
    /// The rate of each programme, by its name.
    pub programmes: &'k [(Markup, KeptRate)],
}

/// What `kept` says of a channel. Rates are never a person's.
pub fn kept(kept: &KeptList<'_>, list: ListFor<'_>) -> Message {
    let days = usize::try_from(kept.days).unwrap_or_default();
    let mut lines = Vec::new();
    if kept.promises.is_empty() {
        lines.push(say!(
            "No promise from this channel was kept in the last {} yet.",
            count(days, "day", "days")
        ));
    } else {
        lines.push(say!("*Kept in the last {}*", count(days, "day", "days")));
        lines.extend(kept.promises.iter().map(|promise| say!("• {}", line(promise, list.now, false))));
    }
    let mut message = Message::new(Markup::join(&lines, "\n"));
    if kept.is_cut {
        message = message.with_context("There are more; these are the latest.");
    }
    let is_one = matches!(kept.programmes, [(_, rate)] if rate.shown() == kept.rate.shown());
    if let Some((number, all)) = kept.rate.shown().filter(|_| !is_one) {
        message = message.with_context(say!("In this channel, {} of {} were kept.", number, all));
    }
    for (name, rate) in kept.programmes {
        if let Some((number, all)) = rate.shown() {
            message = message.with_context(say!("{}: {} of {} were kept.", name, number, all));
        }
    }
    message
}
