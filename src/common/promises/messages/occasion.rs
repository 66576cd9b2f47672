//! What the people of an occasion read of the promises that are due at it.

use chrono::NaiveDate;

use super::{TAKE, button, line, value_of};
use crate::{
    common::promises::{KEPT_DAYS, Promise, PromiseReview, PromiseState},
    model::{
        message::{Block, ButtonStyle, Control, Message},
        text::{Markup, count, has_visible_text},
    },
    say,
};

/// Why a question that comes where nothing is on the agenda did not come.
pub const PROMISES_DUE: &str = "promises were due";

/// How many promises a run sheet names, and how many of each kind a thread does.
const MOST_IN_SHEET: usize = 5;
const MOST_IN_THREAD: usize = 10;
/// How many characters of a reason a line shows.
const LONGEST_REASON: usize = 150;
/// How many of those without an owner have a button.
const MOST_BUTTONS: usize = 5;

/// The line of a run sheet for an occasion on this date; `None` without a promise.
pub fn in_sheet(due: &[Promise], date: NaiveDate) -> Option<Markup> {
    let mut lines: Vec<Markup> =
        due.iter().take(MOST_IN_SHEET).map(|promise| say!("◦ {}", line(promise, date, true))).collect();
    lines.extend(more(due.len(), MOST_IN_SHEET).map(|more| say!("◦ {}", more)));
    (!lines.is_empty()).then(|| say!("• Promises to look at:\n{}", Markup::join(&lines, "\n")))
}

/// What the thread of an occasion on this date reads of the promises that are due, and of those that are looking for an owner;
/// `None` without any.
pub fn in_thread(due: &[Promise], date: NaiveDate) -> Option<Message> {
    let message = listed(due, date);
    (!message.blocks.is_empty()).then(|| message.with_context("This is how it stood at the start."))
}

/// Those that are looking for an owner, and those that have one.
fn parted(due: &[Promise]) -> (Vec<&Promise>, Vec<&Promise>) {
    due.iter().partition(|promise| promise.state == PromiseState::Returned)
}

/// Returns those of the promises that a thread names, and doesn't only count.
pub fn named(due: &[Promise]) -> impl Iterator<Item = &Promise> {
    let (free, owned) = parted(due);
    owned.into_iter().take(MOST_IN_THREAD).chain(free.into_iter().take(MOST_IN_THREAD))
}

/// The promises that are due, and those that are looking for an owner, each below its heading.
fn listed(due: &[Promise], date: NaiveDate) -> Message {
    let (free, owned) = parted(due);
    let mut message = Message::default();
    for (heading, promises) in [("*Promised for today or before*", owned), ("*Looking for an owner*", free)] {
        if promises.is_empty() {
            continue;
        }
        add(&mut message, Markup::from(heading));
        for (number, promise) in promises.iter().take(MOST_IN_THREAD).enumerate() {
            add(&mut message, say!("• {}", line(promise, date, true)));
            if promise.state == PromiseState::Returned && number < MOST_BUTTONS {
                message.blocks.push(Block::Controls(vec![take(promise)]));
            }
        }
        if let Some(more) = more(promises.len(), MOST_IN_THREAD) {
            add(&mut message, say!("• {}", more));
        }
    }
    message
}

/// What an occasion on this date opens with: what became of the promises of its programme; `None` without any.
pub fn in_review(review: &PromiseReview, date: NaiveDate) -> Option<Message> {
    let mut message = listed(&review.due, date);
    if review.still_open > 0 {
        add(
            &mut message,
            say!("Still open from before: {}", count(review.still_open, "promise", "promises")),
        );
    }
    let (kept, dropped): (Vec<&Promise>, Vec<&Promise>) =
        review.settled.iter().partition(|promise| promise.state == PromiseState::Kept);
    let later = review.later.iter().collect();
    for (heading, promises) in
        [("*Kept*", kept), ("*Not going ahead*", dropped), ("*Promised for later*", later)]
    {
        if promises.is_empty() {
            continue;
        }
        let mut lines = vec![Markup::from(heading)];
        lines.extend(promises.iter().take(MOST_IN_THREAD).map(|promise| reviewed(promise, date)));
        lines.extend(more(promises.len(), MOST_IN_THREAD).map(|more| say!("• {}", more)));
        add(&mut message, Markup::join(&lines, "\n"));
    }
    if message.blocks.is_empty() {
        return None;
    }
    Some(match review.rate.shown() {
        Some((kept, all)) => message.with_context(say!(
            "Promises of the last {} days: {} of {} were kept.",
            i64::from(KEPT_DAYS),
            kept,
            all
        )),
        None => message,
    })
}

/// The line of a promise in a review, with the reason why it isn't going ahead.
fn reviewed(promise: &Promise, date: NaiveDate) -> Markup {
    let line = say!("• {}", line(promise, date, true));
    if promise.state == PromiseState::Dropped && has_visible_text(&promise.reason) {
        return say!("{}: {}", line, Markup::line_of(&promise.reason, LONGEST_REASON));
    }
    line
}

fn add(message: &mut Message, line: Markup) {
    message.text =
        if message.blocks.is_empty() { line.clone() } else { say!("{}\n{}", &message.text, &line) };
    message.blocks.push(Block::Text(line));
}

fn more(all: usize, shown: usize) -> Option<Markup> {
    let more = all.saturating_sub(shown);
    (more > 0).then(|| say!("and {}", count(more, "more", "more")))
}

/// The button with which a person takes a promise that has no owner.
pub fn take(promise: &Promise) -> Control {
    button("I'll take it", TAKE, &value_of(promise), ButtonStyle::Plain)
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;
    use crate::{
        common::promises::{Due, KeptRate},
        model::{clock::from_ms, message::reading},
    };

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn promises(state: PromiseState, number: usize) -> Vec<Promise> {
        let promise = |number: usize| {
            let words = format!("thing {number} <!channel>");
            let asked = Promise::asked(number.to_string(), "UBEN".into(), "UANA".into(), words);
            let promised = asked.then(PromiseState::Open, from_ms(0));
            promised.then(state, from_ms(0)).due(Due::on(day("2026-01-09")))
        };
        (1..=number).map(promise).collect()
    }

    fn read(due: &[Promise]) -> String {
        reading::read(&in_thread(due, day("2026-01-13")).unwrap())
    }

    #[test]
    fn a_thread_reads_what_is_due() {
        assert_eq!(in_thread(&[], day("2026-01-13")), None);
        assert_snapshot!(read(&promises(PromiseState::Open, 1)), @"
        *Promised for today or before*
        • thing 1 &lt;!channel&gt; (<@UBEN>, was due Friday, 9 January)
        (This is how it stood at the start.)
        ");
        let both = [promises(PromiseState::Open, 12), promises(PromiseState::Returned, 2)].concat();
        assert_snapshot!(read(&both), @"
        *Promised for today or before*
        • thing 1 &lt;!channel&gt; (<@UBEN>, was due Friday, 9 January)
        • thing 2 &lt;!channel&gt; (<@UBEN>, was due Friday, 9 January)
        • thing 3 &lt;!channel&gt; (<@UBEN>, was due Friday, 9 January)
        • thing 4 &lt;!channel&gt; (<@UBEN>, was due Friday, 9 January)
        • thing 5 &lt;!channel&gt; (<@UBEN>, was due Friday, 9 January)
        • thing 6 &lt;!channel&gt; (<@UBEN>, was due Friday, 9 January)
        • thing 7 &lt;!channel&gt; (<@UBEN>, was due Friday, 9 January)
        • thing 8 &lt;!channel&gt; (<@UBEN>, was due Friday, 9 January)
        • thing 9 &lt;!channel&gt; (<@UBEN>, was due Friday, 9 January)
        • thing 10 &lt;!channel&gt; (<@UBEN>, was due Friday, 9 January)
        • and 2 more
        *Looking for an owner*
        • thing 1 &lt;!channel&gt; (looking for an owner, was due Friday, 9 January)
        [I'll take it]
        • thing 2 &lt;!channel&gt; (looking for an owner, was due Friday, 9 January)
        [I'll take it]
        (This is how it stood at the start.)
        ");
    }

    #[test]
    fn a_review_tells_what_became_of_promises() {
        assert_eq!(in_review(&PromiseReview::default(), day("2026-01-13")), None);
        let mut dropped = promises(PromiseState::Dropped, 2);
        dropped[0].reason = "The <team> is gone".to_owned();
        let later = promises(PromiseState::Open, 1).into_iter();
        let later = later.map(|promise| promise.due(Due::on(day("2026-01-30")))).collect();
        let review = PromiseReview {
            settled: [promises(PromiseState::Kept, 11), dropped].concat(),
            due: promises(PromiseState::Open, 1),
            still_open: 0,
            later,
            rate: KeptRate { kept: 11, all: 14, owners: 3 },
        };
        assert_snapshot!(reading::read(&in_review(&review, day("2026-01-13")).unwrap()), @"
        *Promised for today or before*
        • thing 1 &lt;!channel&gt; (<@UBEN>, was due Friday, 9 January)
        *Kept*
        • thing 1 &lt;!channel&gt; (kept by <@UBEN>)
        • thing 2 &lt;!channel&gt; (kept by <@UBEN>)
        • thing 3 &lt;!channel&gt; (kept by <@UBEN>)
        • thing 4 &lt;!channel&gt; (kept by <@UBEN>)
        • thing 5 &lt;!channel&gt; (kept by <@UBEN>)
        • thing 6 &lt;!channel&gt; (kept by <@UBEN>)
        • thing 7 &lt;!channel&gt; (kept by <@UBEN>)
        • thing 8 &lt;!channel&gt; (kept by <@UBEN>)
        • thing 9 &lt;!channel&gt; (kept by <@UBEN>)
        • thing 10 &lt;!channel&gt; (kept by <@UBEN>)
        • and 1 more
        *Not going ahead*
        • thing 1 &lt;!channel&gt; (not going ahead): The &lt;team&gt; is gone
        • thing 2 &lt;!channel&gt; (not going ahead)
        *Promised for later*
        • thing 1 &lt;!channel&gt; (<@UBEN>, promised for Friday, 30 January)
        (Promises of the last 90 days: 11 of 14 were kept.)
        ");
        let known = PromiseReview { still_open: 2, ..PromiseReview::default() };
        assert_eq!(
            reading::read(&in_review(&known, day("2026-01-13")).unwrap()),
            "Still open from before: 2 promises"
        );
        let of_few = PromiseReview { rate: KeptRate { owners: 2, ..review.rate }, ..review };
        let read = reading::read(&in_review(&of_few, day("2026-01-13")).unwrap());
        assert!(!read.contains("90 days"), "{read}");
    }

    #[test]
    fn five_promises_without_an_owner_have_buttons() {
        let shown = read(&promises(PromiseState::Returned, 11));
        assert!(shown.starts_with("*Looking for an owner*\n• thing 1 "), "{shown}");
        assert!(shown.contains("• and 1 more\n"), "{shown}");
        assert_eq!(shown.matches("[I'll take it]").count(), 5);
    }

    #[test]
    fn a_run_sheet_names_five_promises() {
        assert_eq!(in_sheet(&[], day("2026-01-13")), None);
        let due = [promises(PromiseState::Returned, 1), promises(PromiseState::Open, 5)].concat();
        assert_snapshot!(in_sheet(&due, day("2026-01-13")).unwrap().as_str(), @"
        • Promises to look at:
        ◦ thing 1 &lt;!channel&gt; (looking for an owner, was due Friday, 9 January)
        ◦ thing 1 &lt;!channel&gt; (<@UBEN>, was due Friday, 9 January)
        ◦ thing 2 &lt;!channel&gt; (<@UBEN>, was due Friday, 9 January)
        ◦ thing 3 &lt;!channel&gt; (<@UBEN>, was due Friday, 9 January)
        ◦ thing 4 &lt;!channel&gt; (<@UBEN>, was due Friday, 9 January)
        ◦ and 1 more
        ");
    }
}
