//! What people read of calls for help.

use chrono::NaiveDate;

use super::promised_for;
use crate::{
    common::promises::{
        AskedLater, Promise,
        messages::{quoted, works_at},
        plan::Call,
    },
    model::{
        message::Message,
        people::ChannelId,
        people::UserId,
        refusal::{Refusal, Shut},
        text::{Markup, all_of, date_as_of},
    },
    say,
};

/// What a person reads who is asked for help.
/// `is_other_time` is whether their clock shows another time than the owner's when it is due.
pub fn help_wanted(promise: &Promise, call: &Call, (today, is_other_time): (NaiveDate, bool)) -> Message {
    let due = promised_for(promise, today);
    let due = if is_other_time { say!("{}, {}'s time", due, &promise.owner) } else { due };
    Message::new(wanted(promise, call)).with_context(say!("{}. If you can help, write to them.", due))
}

/// What the channel reads where an owner asks for help.
pub fn help_wanted_here(promise: &Promise, call: &Call) -> Message {
    Message::new(wanted(promise, call))
        .with_context("If you can help, answer in this message's thread or write to them.")
}

fn wanted(promise: &Promise, call: &Call) -> Markup {
    let is_own = promise.asker == promise.owner || promise.asker.is_pseudonym();
    // The words are the asker's: "my notes" are theirs.
    let by = match &promise.asker {
        _ if is_own => Markup::default(),
        asker if call.helper.as_ref() == Some(asker) => Markup::from(", which you asked for"),
        asker => say!(", which {} asked for", asker),
    };
    let wanted =
        say!(":raised_hand: {} would like a hand with this{}:\n{}", &promise.owner, by, quoted(promise));
    match call.words.as_str() {
        "" => wanted,
        words => say!("{}\nWhat would help:\n{}", wanted, Markup::quote(words)),
    }
}

/// What a person reads in place of a call who was gone meanwhile: what became of it isn't said to them.
pub fn help_was_wanted(promise: &Promise) -> Message {
    Message::new(say!("{} had asked you for a hand with this:\n{}", &promise.owner, quoted(promise)))
}

/// What a person or the channel reads in place of a call once the owner has asked there again.
pub fn help_wanted_again(promise: &Promise) -> Message {
    Message::new(say!("{} has asked for a hand with this again:\n{}", &promise.owner, quoted(promise)))
}

/// What a person reads in place of a call for help, and so does the channel, once the promise is settled.
pub fn help_over(promise: &Promise) -> Message {
    Message::new(say!("{} doesn't need a hand with this any more:\n{}", &promise.owner, quoted(promise)))
}

/// What the owner reads who has asked for help; `later` is when the person will be asked who isn't at work now, with the owner's date.
pub fn help_asked(
    call: &Call,
    channel: Option<&ChannelId>,
    later: Option<(&AskedLater, NaiveDate)>,
) -> Markup {
    let asks = match (later, asked_of(call, channel)) {
        (Some((later, today)), asked) => {
            let late = if later.is_after_due { " That's after it's due." } else { "" };
            let at = works_at(later, today);
            say!("I'll ask {} for help on {}, when they're at work.{}", asked, at, late)
        }
        (None, asked) => say!("I'm asking {} for help.", asked),
    };
    say!("{} The promise is still yours; its date stays as it is.", asks)
}

/// What the owner reads whose helper has left.
pub fn helper_left(promise: &Promise, helper: &UserId) -> Message {
    Message::new(say!("{} has left, so they can't help you with this:\n{}", helper, quoted(promise)))
        .with_context("It's still yours. You can ask another person with *Need help*.")
}

/// What that message becomes once the person is back.
pub fn helper_back(promise: &Promise, helper: &UserId) -> Message {
    Message::new(say!(
        "{} had left, and is back, so they may help you with this:\n{}",
        helper,
        quoted(promise)
    ))
    .with_context("I've asked them again, or do so once they're at work.")
}

/// The same in a message of its own, with the promise.
pub fn help_asked_with(promise: &Promise, asked: Markup) -> Message {
    Message::new(say!("{}\n{}", asked, quoted(promise)))
}

/// What it becomes once the promise is settled.
pub fn help_was_asked(promise: &Promise, call: &Call) -> Message {
    let asked = asked_of(call, promise.origin.channel.as_ref());
    Message::new(say!(
        "You asked {} for help with this, until it needed no hand any more:\n{}",
        asked,
        quoted(promise)
    ))
}

/// A call for help, and the day on the owner's wall on which its person is asked who isn't at work now.
pub type Hoped<'c> = (&'c Call, Option<NaiveDate>);

/// Whom else an owner has asked for help with a promise from this channel, the earliest first.
pub fn help_asked_before(
    calls: &[Hoped<'_>],
    channel: Option<&ChannelId>,
    today: NaiveDate,
) -> Option<Markup> {
    hoped_of_all(calls, channel, today).map(|all| say!("You also hope for help from {}.", all))
}

/// Whom an owner has asked for help with a promise from this channel, the earliest first.
pub fn help_hoped_for(calls: &[Hoped<'_>], channel: Option<&ChannelId>, today: NaiveDate) -> Option<Markup> {
    hoped_of_all(calls, channel, today).map(|all| say!("You hope for help from {}.", all))
}

fn hoped_of_all(calls: &[Hoped<'_>], channel: Option<&ChannelId>, today: NaiveDate) -> Option<Markup> {
    let of = |(call, on): &Hoped<'_>| match on {
        Some(on) => say!("{} (I'll ask them on {})", hoped_of(call, channel), date_as_of(today, *on)),
        None => hoped_of(call, channel),
    };
    let asked: Vec<Markup> = calls.iter().rev().map(of).collect();
    (!asked.is_empty()).then(|| all_of(&asked))
}

fn asked_of(call: &Call, channel: Option<&ChannelId>) -> Markup {
    match (&call.helper, channel) {
        (Some(person), _) => Markup::from(person),
        (None, Some(channel)) => say!("in {}", channel),
        (None, None) => Markup::from("the channel"),
    }
}

/// Of whom an owner hopes for help, as in [`asked_of`].
fn hoped_of(call: &Call, channel: Option<&ChannelId>) -> Markup {
    match (&call.helper, channel) {
        (None, Some(channel)) => Markup::from(channel),
        _ => asked_of(call, channel),
    }
}

/// What the owner reads when a person should have been asked for help who isn't at work by now.
pub fn help_delayed(promise: &Promise, later: &AskedLater, today: NaiveDate) -> Message {
    Message::new(say!("I haven't asked {} for help with this yet:\n{}", &later.owner, quoted(promise)))
        .with_context(say!(
            "They're away or off. I'll ask them on {}. You can ask another person with *Need help*.",
            works_at(later, today)
        ))
}

/// What the owner reads when a person can't be asked for help any more.
pub fn help_not_asked(promise: &Promise, helper: &UserId) -> Message {
    Message::new(say!("I couldn't ask {} for help with this:\n{}", helper, quoted(promise)))
        .with_context("They aren't here any more. You can ask another person with *Need help*.")
}

/// What the owner reads where the channel is closed to the bot.
pub fn help_not_posted(channel: &ChannelId, error: &str) -> Message {
    let message = Message::new(say!("I can't post in {}, so I haven't asked for help there.", channel));
    let why = match Refusal::of(error) {
        Refusal::Conversation(Shut::Archived) => "The channel is archived. You can ask a person instead.",
        Refusal::Conversation(Shut::Restricted) => {
            "Posting is restricted there. You can ask a person instead."
        }
        _ => "Invite me to it, or ask a person instead.",
    };
    message.with_context(why)
}

/// What stands at the field of a call for help that repeats another one, or is one of many.
pub const HELPED_BY_THEM: &str =
    "You asked them within the last hour. Give them some time, or ask another person.";
pub const HELPED_THERE: &str = "You asked there within the last hour. Give them some time, or ask a person.";
pub const HELPED_OFTEN: &str =
    "You've asked for help with this 5 times within the last hour. Give them some time.";
