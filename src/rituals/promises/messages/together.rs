//! What an owner reads whose promises are due at the same time.

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::{
    ALL, MORE_ASKED, due_by_owner, how_it_stands, not_yet, reminded, reminded_for, take_back_button,
};
use crate::{
    common::promises::{
        Due, Promise, PromiseState,
        messages::{asker_now, button, due_at, quoted},
        plan::undo_until,
    },
    model::{
        clock::Instant,
        message::{Block, Button, ButtonStyle, Message},
        people::UserId,
        text::{Markup, count},
    },
    say,
};

/// How many promises a message shows with their buttons.
const MOST_SHOWN: usize = 5;
/// How many lines the word has that reminders come otherwise.
pub(super) const MOST_LINES: usize = 10;
/// How many characters of the words a line shows.
pub(super) const LONGEST: usize = 150;

/// The reminder of several promises, each as it stands now, in the order in which they were reminded of.
pub fn reminders(promises: &[Promise], (now, zone): (Instant, Tz)) -> Message {
    let today = now.with_timezone(&zone).date_naive();
    let can_undo = |promise: &Promise| promise.settled_at.is_some_and(|at| undo_until(at) > now);
    let mut message =
        Message::new(say!(":bell: *{} of yours*", count(promises.len(), "promise", "promises")));
    for promise in promises.iter().take(MOST_SHOWN) {
        let said = say!("{}{}", standing(promise, (today, zone)), quoted(promise));
        message.text = say!("{}\n{}", &message.text, &said);
        message.blocks.push(Block::Text(said));
        let controls = match promise.state {
            PromiseState::Open if promise.reminded_at.is_some() => how_it_stands(promise),
            _ if promise.can_be_reopened() && can_undo(promise) => vec![not_yet(promise)],
            _ => continue,
        };
        message.blocks.push(Block::Controls(controls));
    }
    let more = promises.len().saturating_sub(MOST_SHOWN);
    if more > 0 {
        let others = promises.iter().skip(MOST_SHOWN);
        let mut others: Vec<Markup> = others
            .take(MOST_LINES)
            .map(|promise| say!("• {}", Markup::line_of(&promise.words, LONGEST)))
            .collect();
        others.insert(0, say!("And {}:", count(more, "more", "more")));
        let unnamed = more.saturating_sub(MOST_LINES);
        others.extend((unnamed > 0).then(|| say!("• and {}", count(unnamed, "more", "more"))));
        let show = button("Show all that waits for me", ALL, "all", ButtonStyle::Plain);
        message = message.with_context(Markup::join(&others, "\n")).with_controls(vec![show]);
    }
    message.with_context("How do they stand? This is my only reminder for these dates.")
}

/// How a promise stands that was reminded of, with whom it is for while it is theirs to do.
fn standing(promise: &Promise, (today, zone): (NaiveDate, Tz)) -> Markup {
    let head = match promise.state {
        PromiseState::Open if promise.reminded_at.is_some() => {
            let is_over = promise.due.is_some_and(|due| due.date < today);
            let over = if is_over { ", a day that's over" } else { "" };
            say!("{}{}", reminded_for(promise, today), over)
        }
        PromiseState::Open | PromiseState::Asked => {
            promise.due.map_or(Markup::from("Moved"), |due| say!("Moved to {}", due_at(&due, today)))
        }
        PromiseState::Kept => Markup::from(":white_check_mark: Done, thank you"),
        PromiseState::Dropped if promise.is_own() => Markup::from("You've dropped this"),
        PromiseState::Dropped if promise.is_asker_gone => {
            say!("You said that you can't do this; I couldn't tell {}, whose account is off", &promise.asker)
        }
        PromiseState::Dropped => Markup::from("You said that you can't do this"),
        PromiseState::Withdrawn => say!("{} has taken this back", &promise.asker),
        PromiseState::Returned | PromiseState::Lapsed => Markup::from("This was taken off your list"),
    };
    let is_open = promise.state == PromiseState::Open;
    let head = if is_open && !promise.is_own() { say!("{}, for {}", head, asker_now(promise)) } else { head };
    match promise.remind_at.filter(|_| is_open && promise.reminded_at.is_none()) {
        Some(at) => say!("{}. {}\n", head, reminded(promise, at, zone)),
        None => say!("{}:\n", head),
    }
}

/// What an owner reads whose reminders come at other times, since their days away or their time zone have changed.
pub fn remind_otherwise(moved: &[(Promise, Instant)], zone: Tz) -> Message {
    let line = |(promise, at): &(Promise, Instant)| {
        say!("• {}: {}", Markup::line_of(&promise.words, LONGEST), Markup::date_time(*at, zone))
    };
    let mut lines: Vec<Markup> = moved.iter().take(MOST_LINES).map(line).collect();
    let more = moved.len().saturating_sub(MOST_LINES);
    if more > 0 {
        lines.push(say!("• and {}", count(more, "more", "more")));
    }
    Message::new(say!(
        "Your days away, your working days or your time zone have changed, so I moved these reminders:\n{}",
        Markup::join(&lines, "\n")
    ))
    .with_context("The dates that you promised stay as they are.")
}

/// What an asker reads whose promises are due at another time, since their owner's time zone has changed; with whether their own clock
/// shows another one.
pub fn on_another_clock(owner: &UserId, promises: &[(&Promise, bool)], today: NaiveDate) -> Message {
    let line = |(promise, is_other): &(&Promise, bool)| {
        let due = due_by_owner(promise, today, *is_other).unwrap_or_default();
        say!("• {}: by {}", Markup::line_of(&promise.words, LONGEST), due)
    };
    let mut lines: Vec<Markup> = promises.iter().take(MOST_LINES).map(line).collect();
    let more = promises.len().saturating_sub(MOST_LINES);
    lines.extend((more > 0).then(|| say!("• and {}", count(more, "more", "more"))));
    Message::new(say!(
        "{}'s time zone has changed, so what they had promised you by a time moved on your clock:\n{}",
        owner,
        Markup::join(&lines, "\n")
    ))
}

/// What the asker reads of a promise whose owner won't be at work until it's due.
pub fn reminded_late(promise: &Promise, at: &Due, (today, is_other_time): (NaiveDate, bool)) -> Message {
    let due = due_by_owner(promise, today, is_other_time)
        .map_or_else(Markup::default, |due| say!(", which is promised for {}", due));
    Message::new(say!(
        "{} won't be at work for some days, so I'll remind them of this on {}{}:\n{}",
        &promise.owner,
        due_at(&Due::on(at.date), today),
        due,
        quoted(promise)
    ))
    .with_buttons(vec![take_back_button(promise)])
}

/// What the asker reads in its place once the owner is at work before it's due after all.
pub fn reminded_in_time(promise: &Promise) -> Message {
    Message::new(say!(
        "{} is at work before this is due after all, so I'll remind them in time:\n{}",
        &promise.owner,
        quoted(promise)
    ))
    .with_buttons(vec![take_back_button(promise)])
}

/// What the asker reads in its place once the owner has answered, or the asker has taken it back.
pub fn late_no_more(before: &Promise, after: &Promise) -> Message {
    let said = match after.state {
        PromiseState::Kept => "They said that it's done.",
        PromiseState::Dropped => "They said that they can't do it.",
        PromiseState::Withdrawn => "You took it back.",
        PromiseState::Open if before.due != after.due => "They named another date then.",
        PromiseState::Open | PromiseState::Asked | PromiseState::Returned | PromiseState::Lapsed => {
            "It stood otherwise from then on."
        }
    };
    Message::new(say!("{} had promised you this:\n{}", &before.owner, quoted(before))).with_context(said)
}

/// What an asker reads of promises, or requests, whose owner is gone.
pub fn several_returned(promises: &[&Promise]) -> Message {
    let are_promised = promises.iter().all(|promise| promise.promised_at.is_some());
    let (what, lost) = if are_promised {
        (("promise", "promises"), "lost their owner")
    } else {
        (("thing", "things"), "lost the person who was to do them")
    };
    let lines = promises
        .iter()
        .take(MOST_LINES)
        .map(|promise| say!("• {}", Markup::line_of(&promise.words, LONGEST)));
    let more = promises.len().saturating_sub(MOST_LINES);
    let more = (more > 0).then(|| say!("• and {}", count(more, "more", "more")));
    let lines: Vec<Markup> = lines.chain(more).collect();
    Message::new(say!(
        "{} that you asked for {}:\n{}",
        count(promises.len(), what.0, what.1),
        lost,
        Markup::join(&lines, "\n")
    ))
    .with_context(
        "The person who had them, or was asked for them, left, or took no part any more. The list of what you asked of others has buttons to ask another person.",
    )
    .with_buttons(vec![list_button("Show what I asked of others", MORE_ASKED, "0")])
}

/// A button that shows a list.
pub(super) fn list_button(label: &str, action: &str, value: &str) -> Button {
    let (label, action, value) = (label.to_owned(), action.to_owned(), value.to_owned());
    Button { label, action, value, look: ButtonStyle::Plain }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;
    use crate::model::{clock::from_ms, message::reading::read};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn at() -> Instant {
        "2026-12-04T08:00:00Z".parse().unwrap()
    }

    fn reminded_of(number: usize) -> Promise {
        let (id, words) = (number.to_string(), format!("do <{number}>"));
        let promise = Promise::asked(id, "UBEN".into(), "UANA".into(), words);
        let open = promise.promised_for(Due::on(day("2026-12-04")), from_ms(0));
        Promise { reminded_at: Some(at()), ..open }
    }

    fn shown(promises: &[Promise]) -> String {
        read(&reminders(promises, (at(), Tz::Europe__Berlin)))
    }

    #[test]
    fn several_promises_are_one_message() {
        let own = Promise { asker: "UBEN".into(), ..reminded_of(2) };
        let moved = Promise {
            remind_at: Some(at() + chrono::Duration::days(3)),
            ..reminded_of(4).promised_for(Due::on(day("2026-12-07")), from_ms(1))
        };
        let kept = reminded_of(3).then(PromiseState::Kept, at());
        let dropped = reminded_of(5).then(PromiseState::Dropped, from_ms(1));
        assert_snapshot!(shown(&[reminded_of(1), own, kept, moved, dropped]), @"
        :bell: *5 promises of yours*
        Promised for Friday, 4 December, for <@UANA>:
        >do &lt;1&gt;
        [Done] [Later… ▾] [Need help] [Can't]
        Promised for Friday, 4 December:
        >do &lt;2&gt;
        [Done] [Later… ▾] [Need help] [Drop it]
        :white_check_mark: Done, thank you:
        >do &lt;3&gt;
        [Not yet after all]
        Moved to Monday, 7 December, for <@UANA>. I'll remind you on Monday, 7 December 2026 at 09:00 (Europe/Berlin).
        >do &lt;4&gt;
        You said that you can't do this:
        >do &lt;5&gt;
        (How do they stand? This is my only reminder for these dates.)
        ");
        let long_done = reminded_of(3).then(PromiseState::Kept, at() - chrono::Duration::hours(24));
        let long_done = shown(&[reminded_of(1), long_done]);
        assert!(!long_done.contains("[Not yet after all]"), "{long_done}");
        let back = reminded_of(2).then(PromiseState::Withdrawn, from_ms(1));
        let many: Vec<Promise> = [back].into_iter().chain((0..6).map(reminded_of)).collect();
        let many = shown(&many);
        assert_eq!(many.matches("[Done]").count(), 4, "{many}");
        assert!(
            many.contains("(And 2 more:\n• do &lt;4&gt;\n• do &lt;5&gt;)\n[Show all that waits for me]"),
            "{many}"
        );
    }

    #[test]
    fn an_owner_reads_when_reminders_come_instead() {
        let many: Vec<(Promise, Instant)> = (0..12).map(|number| (reminded_of(number), at())).collect();
        let message = read(&remind_otherwise(&many[..1], Tz::Europe__Berlin));
        assert_snapshot!(message, @"
        Your days away, your working days or your time zone have changed, so I moved these reminders:
        • do &lt;0&gt;: Friday, 4 December 2026 at 09:00 (Europe/Berlin)
        (The dates that you promised stay as they are.)
        ");
        assert!(read(&remind_otherwise(&many, Tz::Europe__Berlin)).contains("\n• and 2 more\n"));
    }
}
