//! What an asker hears of their promise, and what that becomes once it stands otherwise.

use chrono::NaiveDate;

use super::{HAND, LONGEST_REASON};
use crate::{
    common::promises::{
        Promise, PromiseState,
        messages::{TAKE, due_at, quoted, value_of},
    },
    model::{
        message::{Button, ButtonStyle, Message},
        text::{Markup, has_visible_text, shorten},
    },
    say,
};

/// When a promise is due, for its asker. `is_other_time` is whether their clock shows another time then.
pub(super) fn due_by_owner(promise: &Promise, today: NaiveDate, is_other_time: bool) -> Option<Markup> {
    let due = due_at(&promise.due?, today);
    Some(if is_other_time { say!("{}, {}'s time", due, &promise.owner) } else { due })
}

/// What the asker hears of the owner's answer; `None` where there is nothing to hear. `is_other_time` is as in [`asked`](super::asked).
pub fn heard(
    before: &Promise,
    after: &Promise,
    (today, is_other_time): (NaiveDate, bool),
) -> Option<Message> {
    let (owner, quoted) = (&after.owner, quoted(after));
    let due = due_by_owner(after, today, is_other_time).unwrap_or_default();
    let message = match after.state {
        PromiseState::Kept => Message::new(say!(":white_check_mark: {} has done this:\n{}", owner, quoted)),
        PromiseState::Open if before.state == PromiseState::Kept => {
            Message::new(say!("{} isn't done with this after all, so it's still open:\n{}", owner, quoted))
        }
        PromiseState::Open if before.state == PromiseState::Open => {
            Message::new(say!("{} has moved this to {}:\n{}", owner, due, quoted))
        }
        PromiseState::Open if before.due.is_some() && before.due != after.due => {
            Message::new(say!(":handshake: {} promises this by another date, {}:\n{}", owner, due, quoted))
        }
        PromiseState::Open => {
            Message::new(say!(":handshake: {} promises this by {}:\n{}", owner, due, quoted))
        }
        PromiseState::Dropped => {
            let reason = shorten(&after.reason, LONGEST_REASON);
            let why = if has_visible_text(&reason) {
                say!("\nThey say:\n{}", Markup::quote(&reason))
            } else {
                Markup::default()
            };
            Message::new(say!("{} can't do this:\n{}{}", owner, quoted, why)).with_buttons(hand_over(after))
        }
        PromiseState::Returned if after.promised_at.is_none() => {
            Message::new(say!("No one will answer this request any more:\n{}", quoted))
                .with_context(
                    "The person who was asked has left, or takes no part any more. Nothing was promised.",
                )
                .with_buttons(hand_over(after))
        }
        PromiseState::Returned => Message::new(say!("This has no owner any more:\n{}", quoted))
            .with_context("The person who had promised it has left, or takes no part any more.")
            .with_buttons(hand_over(after)),
        PromiseState::Lapsed => {
            Message::new(say!("{} hasn't answered, so this request has ended:\n{}", owner, quoted))
                .with_context("I've asked them twice. Nothing was promised.")
                .with_buttons(hand_over(after))
        }
        PromiseState::Asked | PromiseState::Withdrawn => return None,
    };
    Some(message)
}

/// What the asker reads in place of what they last heard, once the promise stands otherwise. `is_other_time` is as in [`heard`].
pub fn heard_before(before: &Promise, after: &Promise, (today, is_other_time): (NaiveDate, bool)) -> Message {
    let owner = if before.owner.is_pseudonym() {
        Markup::from("A person who has left")
    } else {
        Markup::from(&before.owner)
    };
    let said = match before.state {
        _ if after.state == PromiseState::Withdrawn => Markup::from("You took this back"),
        PromiseState::Kept => say!("{} had said that this is done", owner),
        _ => {
            let due = due_by_owner(before, today, is_other_time);
            let by = due.map_or_else(Markup::default, |due| say!(" by {}", due));
            say!("{} had promised this{}", owner, by)
        }
    };
    Message::new(say!("{}:\n{}", said, quoted(before)))
}

/// The buttons of a person whose request no one has taken on.
fn hand_over(promise: &Promise) -> Vec<Button> {
    let ways = [("Ask another person", HAND), ("I'll do it myself", TAKE)];
    let button = |(label, action): (&str, &str)| Button {
        label: label.to_owned(),
        action: action.to_owned(),
        value: value_of(promise),
        look: ButtonStyle::Plain,
    };
    ways.map(button).into()
}

/// What the asker reads of it in place of the word that it has no owner. It may have gone on to another person since.
pub fn taken_on(promise: &Promise) -> Message {
    if promise.is_own() {
        return Message::new(say!("You took this on yourself:\n{}", quoted(promise)));
    }
    Message::new(say!("{} took this on:\n{}", &promise.owner, quoted(promise)))
}
