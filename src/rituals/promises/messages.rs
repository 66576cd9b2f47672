//! Every word that people read of their promises.

mod coming_back;
mod forms;
mod heard;
mod helping;
mod lists;
mod refusals;
mod together;
mod unanswered;

use chrono::NaiveDate;
use chrono_tz::Tz;

use self::heard::due_by_owner;
pub use self::{
    coming_back::{asker_back, asker_left, lost_meanwhile, lost_no_more, several_lost, unheard_since},
    forms::{
        DATE, HAND_FORM, HELP_FORM, HELPER, MOVE_FORM, NEW_FORM, NO_FORM, REASON, TIME, WHAT, WHERE,
        WHERE_CHANNEL, WHO, WOULD_HELP, hand_form, help_form, is_over_by_now, move_form, new_form, no_form,
        would_be_earlier,
    },
    heard::{heard, heard_before, taken_on},
    helping::*,
    lists::{
        KeptList, ListFor, asked_of_others, done_again, kept, lost, mine, mine_after, none_named, open,
        picked, programme,
    },
    refusals::*,
    together::{
        late_no_more, on_another_clock, remind_otherwise, reminded_in_time, reminded_late, reminders,
        several_returned,
    },
    unanswered::{asked_again, delayed, lapsed, no_longer_asked, nudge, still_wanted},
};
use crate::{
    common::promises::{
        AskedLater, Promise, PromiseState,
        messages::{DECLINE, asked_later, button, due_at, due_or_over, question, quoted, value_of, when},
        owner::is_after_due,
    },
    model::{
        clock::Instant,
        message::{Button, ButtonStyle, Control, Message},
        text::Markup,
    },
    say,
};

/// The actions of an owner. The value is the promise and its version.
pub const DONE: &str = "promises:done";
pub const NOT_YET: &str = "promises:not_yet";
pub const HELP: &str = "promises:help";
/// The action of a person who asked and was told no.
pub const HAND: &str = "promises:hand";
/// The action of a person who takes back what they asked for.
pub const TAKE_BACK: &str = "promises:take_back";
/// The actions that show the next page of a list; the value is the place behind which it begins.
pub const MORE: &str = "promises:more";
pub const MORE_ASKED: &str = "promises:more_asked";
pub const MORE_OPEN: &str = "promises:more_open";
pub const MORE_LOST: &str = "promises:more_lost";
/// The action that shows a person's list from its beginning.
pub const ALL: &str = "promises:all";

/// How many characters a person may type who says why not, or what would help.
pub const LONGEST_REASON: usize = 500;

/// Why a reminder was left out, and what runs are called.
pub const NOT_OPEN: &str = "it was kept, moved, dropped or taken back";
pub const NOT_ASKED: &str = "it was answered or taken back";
pub const REMINDED: &str = "its owner was reminded of it together with others";
pub const AWAY_AGAIN: &str = "its owner was away meanwhile";
pub const OUT_OF_HOURS: &str = "its owner isn't at work";
pub const NO_OWNER: &str = "its owner is gone";
pub const CALLED_AGAIN: &str = "its owner has asked the person again";
pub const HELPER_OUT: &str = "the person isn't at work";
pub const HELPER_GONE: &str = "the person is gone";
pub const ASKER_BACK: &str = "the person is back, or nothing of theirs is open";
pub const NOT_DONE: &str = "it is open after all";
pub const CALL_FOR_HELP: &str = "Call for help with a promise";
pub const REMINDER: &str = "Reminder of a promise";
pub const REQUEST: &str = "Request for a promise";
pub const ABSENCE: &str = "Reminders of a person whose days away or time zone changed";
pub const WANTED: &str = "Question whether a promise is still wanted";
pub const OWNER_GONE: &str = "Word that a promise has no owner";
pub const PERSON_GONE: &str = "Promises of a person who is gone";
pub const ASKER_LEFT: &str = "Word that a person who asked for promises has left";
pub const PERSON_BACK: &str = "Lost promises of a person who is back";

/// What `help` says.
pub fn help(command: &str) -> Message {
    let way = |words: &str| Markup::code(&format!("{command} {words}"));
    Message::new(say!(
        "*Promises: say what you'll do and by when, and I remind you in time.*\n\
         {} is a promise of yours.\n\
         {} asks Ben for one. He can say yes, name another date or say no.\n\
         {} shows what waits for you, {} says that the first of it is done, and {} shows what you asked of others.\n\
         {} shows what's open from this channel, and {} what was kept.\n\
         *Save for…* in the menu of a message makes it a promise of yours.",
        way("send the report by Friday"),
        way("@ben send the report by 4 December at 15:00"),
        way("mine"),
        way("done 1"),
        way("asked"),
        way("open"),
        way("kept")
    ))
    .with_context(
        "I remind people once for each date, in their own working hours. Nothing is posted in the channel unless you ask it for help.",
    )
}

/// What a person reads who has promised something, and when they are reminded of it.
pub fn promised(
    promise: &Promise,
    (today, zone): (NaiveDate, Tz),
    reminder: Instant,
    command: &str,
) -> Message {
    let way = |words: &str| Markup::code(&format!("{command} {words}"));
    let listed = match &promise.origin.channel {
        Some(channel) => say!(" People in {} see it with {} there.", channel, way("open")),
        None => Markup::default(),
    };
    Message::new(say!(":handshake: {}:\n{}", promised_for(promise, today), quoted(promise))).with_context(
        say!(
            "{} {} shows it, with buttons to move or drop it.{}",
            reminded(promise, reminder, zone),
            way("mine"),
            listed
        ),
    )
}

fn reminded(promise: &Promise, at: Instant, zone: Tz) -> Markup {
    let line = say!("I'll remind you on {}.", Markup::lasting_date_time(at, zone));
    if promise.due.is_some_and(|due| is_after_due(at, &due, zone)) {
        say!("{} That's after it's due; I only remind you in your working hours.", line)
    } else {
        line
    }
}

/// What the asker reads who has asked another person, or will have once that person is at work. `is_other_time` is whether the asker's
/// clock shows another time when it is due.
pub fn asked(
    promise: &Promise,
    (today, is_other_time): (NaiveDate, bool),
    later: Option<&AskedLater>,
    is_listed: bool,
) -> Message {
    let due = due_by_owner(promise, today, is_other_time);
    let by = due.map_or_else(Markup::default, |due| say!(" by {}", due));
    let lead = if later.is_some() { "I'll ask" } else { "I've asked" };
    let message = Message::new(say!("{} {} for this{}:\n{}", lead, &promise.owner, by, quoted(promise)));
    let message = match later {
        Some(later) => message.with_context(asked_later(later, today)),
        None => message,
    };
    let message = message
        .with_context("You'll read their answer in your DM with me. Nothing is promised until they say yes.")
        .with_buttons(vec![take_back_button(promise)]);
    if is_listed {
        message
    } else {
        message.with_context("It isn't listed in this conversation, so only the two of you know of it.")
    }
}

fn take_back_button(promise: &Promise) -> Button {
    Button {
        label: "Take it back".to_owned(),
        action: TAKE_BACK.to_owned(),
        value: value_of(promise),
        look: ButtonStyle::Plain,
    }
}

/// What the owner reads, in place of the question or the reminder, of what its asker has taken back.
pub fn withdrawn(promise: &Promise) -> Message {
    Message::new(say!(
        "{} has taken this back, so it isn't yours to do:\n{}",
        &promise.asker,
        quoted(promise)
    ))
}

/// What the owner reads who had promised what its asker has taken back.
pub fn not_needed(promise: &Promise) -> Message {
    Message::new(say!(
        "{} doesn't need this any more, so I took it off your list:\n{}",
        &promise.asker,
        quoted(promise)
    ))
    .with_context("Thanks for having taken it on.")
}

/// What a person reads who has taken back what they asked for.
pub fn taken_back(promise: &Promise, is_owner_told: bool) -> Markup {
    let words = quoted(promise);
    if is_owner_told {
        say!("You've taken this back, and I've told {}:\n{}", &promise.owner, words)
    } else {
        say!("You've taken this back:\n{}", words)
    }
}

fn promised_for(promise: &Promise, today: NaiveDate) -> Markup {
    match promise.due {
        Some(due) => say!("Promised for {}", due_at(&due, today)),
        None => Markup::from("Promised"),
    }
}

/// For when it is promised that a person is reminded of, and whether that was moved.
fn reminded_for(promise: &Promise, today: NaiveDate) -> Markup {
    let moved = if promise.moves > 0 { " (moved)" } else { "" };
    say!("{}{}", promised_for(promise, today), moved)
}

/// The reminder. `reminded_on` is the day of the owner's on which it came.
pub fn reminder(promise: &Promise, (today, reminded_on): (NaiveDate, NaiveDate)) -> Message {
    let for_whom = who_asked(promise);
    let is_late = promise.due.is_some_and(|due| due.date < reminded_on);
    let late = if is_late { " That day is over; I only remind you in your working hours." } else { "" };
    Message::new(say!(":bell: {}:\n{}", reminded_for(promise, today), quoted(promise)))
        .with_context(say!("How does it stand?{}{} This is my only reminder for this date.", for_whom, late))
        .with_controls(how_it_stands(promise))
}

/// Says who asked for a promise, behind another sentence, and whether they have left; nothing for a promise of one's own.
fn who_asked(promise: &Promise) -> Markup {
    match &promise.asker {
        _ if promise.is_own() => Markup::default(),
        gone if gone.is_pseudonym() => Markup::from(" The person who asked for it has left."),
        gone if promise.is_asker_gone => say!(" {}, who asked for it, has left.", gone),
        asker => say!(" {} asked for it.", asker),
    }
}

/// The controls of an owner whose promise is open.
fn how_it_stands(promise: &Promise) -> Vec<Control> {
    let value = value_of(promise);
    let no = if promise.is_own() { "Drop it" } else { "Can't" };
    vec![
        button("Done", DONE, &value, ButtonStyle::Primary),
        when(promise, "Later…"),
        button("Need help", HELP, &value, ButtonStyle::Plain),
        button(no, DECLINE, &value, ButtonStyle::Plain),
    ]
}

/// The button with which an owner takes *Done* back, or *Drop it*.
fn not_yet(promise: &Promise) -> Control {
    let label =
        if promise.state == PromiseState::Dropped { "Keep it after all" } else { "Not yet after all" };
    button(label, NOT_YET, &value_of(promise), ButtonStyle::Plain)
}

/// What the owner reads once they have answered, in place of the question or the reminder; with when they are reminded, and
/// whether the asker hears of it.
pub fn card(
    before: &Promise,
    after: &Promise,
    today: NaiveDate,
    (reminder, is_asker_told): (Option<(Instant, Tz)>, bool),
) -> Message {
    if after.state == PromiseState::Asked {
        return question(after, today, None);
    }
    let head = match after.state {
        PromiseState::Kept => Markup::from(":white_check_mark: Done, thank you"),
        // Saved words wait for a date without anyone having asked for them.
        PromiseState::Dropped if before.state == PromiseState::Asked && before.is_own() => {
            Markup::from("Dropped")
        }
        PromiseState::Dropped if !before.is_own() => Markup::from("You said that you can't do this"),
        PromiseState::Dropped => Markup::from("You've dropped this"),
        PromiseState::Returned | PromiseState::Withdrawn | PromiseState::Lapsed => {
            Markup::from("This was taken off your list")
        }
        PromiseState::Open if before.state == PromiseState::Kept => {
            after.due.map_or(Markup::from("Not done yet"), |due| {
                say!("Not done yet, {}", due_or_over("promised for", &due, today))
            })
        }
        PromiseState::Open if before.state == PromiseState::Dropped => {
            after.due.map_or(Markup::from("It's yours again"), |due| {
                say!("It's yours again, {}", due_or_over("promised for", &due, today))
            })
        }
        PromiseState::Open if before.state == PromiseState::Open => {
            after.due.map_or(Markup::from("Moved"), |due| say!("Moved to {}", due_at(&due, today)))
        }
        PromiseState::Open | PromiseState::Asked => say!(":handshake: {}", promised_for(after, today)),
    };
    let mut message = Message::new(say!("{}:\n{}", head, quoted(after)));
    if let Some((at, zone)) = reminder {
        message = message.with_context(reminded(after, at, zone));
    }
    if is_asker_told {
        message = message.with_context(say!("I've told {}.", &after.asker));
    } else if after.is_asker_gone
        && matches!(after.state, PromiseState::Open | PromiseState::Kept | PromiseState::Dropped)
    {
        message = message.with_context(say!(
            "I couldn't tell {}, whose account is off. They'll read it if it's on again.",
            &after.asker
        ));
    }
    match (before.state, after.state) {
        // A day later.
        (PromiseState::Kept, PromiseState::Kept) | (PromiseState::Dropped, PromiseState::Dropped) => message,
        (_, PromiseState::Kept | PromiseState::Dropped) if after.can_be_reopened() => {
            message.with_controls(vec![not_yet(after)])
        }
        (PromiseState::Kept | PromiseState::Dropped, PromiseState::Open) => {
            message.with_controls(how_it_stands(after))
        }
        _ => message,
    }
}

/// What a person reads who saved words as a promise of theirs.
pub fn saved() -> Message {
    Message::new("Saved. I've asked you in our DM when you'll do it.")
        .with_context("Nothing is promised until you choose a date there.")
}

/// What a person reads who takes a promise without an owner.
pub fn taken(promise: &Promise) -> Message {
    Message::new(say!("It's yours to answer now:\n{}", quoted(promise)))
        .with_context("I've asked you in our DM by when.")
}

/// The place that a message may be saved for.
pub const OWN_PLACE: &str = "A promise of mine";

#[cfg(test)]
mod tests;
