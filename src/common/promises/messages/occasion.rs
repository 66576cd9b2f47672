//! What the people of an occasion read of the promises that are due at it.

use chrono::NaiveDate;

use super::{TAKE, button, line, value_of};
use crate::{
    common::promises::{Promise, PromiseState},
    model::{
        message::{Block, ButtonStyle, Control, Message},
        text::{Markup, count},
    },
    say,
};

/// Why a question that comes where nothing is on the agenda did not come.
pub const PROMISES_DUE: &str = "promises were due";

/// How many promises a run sheet names, and how many of each kind a thread does.
const MOST_IN_SHEET: usize = 5;
const MOST_IN_THREAD: usize = 10;
/// How many of those without an owner have a button.
const MOST_BUTTONS: usize = 5;

/// The line of a run sheet for an occasion on this date; `None` without a promise.
pub fn in_sheet(due: &[Promise], date: NaiveDate) -> Option<Markup> {
    let mut lines: Vec<Markup> =
        due.iter().take(MOST_IN_SHEET).map(|promise| say!("◦ {}", line(promise, date))).collect();
    lines.extend(more(due.len(), MOST_IN_SHEET).map(|more| say!("◦ {}", more)));
    (!lines.is_empty()).then(|| say!("• Promises to look at:\n{}", Markup::join(&lines, "\n")))
}

/// What the thread of an occasion on this date reads of the promises that are due, and of those that are looking for an owner;
/// `None` without any.
pub fn in_thread(due: &[Promise], date: NaiveDate) -> Option<Message> {
    let (free, owned): (Vec<&Promise>, Vec<&Promise>) =
        due.iter().partition(|promise| promise.state == PromiseState::Returned);
    let mut message = Message::default();
    for (heading, promises) in [("*Promised for today or before*", owned), ("*Looking for an owner*", free)] {
        if promises.is_empty() {
            continue;
        }
        add(&mut message, Markup::from(heading));
        for (number, promise) in promises.iter().take(MOST_IN_THREAD).enumerate() {
            add(&mut message, say!("• {}", line(promise, date)));
            if promise.state == PromiseState::Returned && number < MOST_BUTTONS {
                message.blocks.push(Block::Controls(vec![take(promise)]));
            }
        }
        if let Some(more) = more(promises.len(), MOST_IN_THREAD) {
            add(&mut message, say!("• {}", more));
        }
    }
    (!message.blocks.is_empty()).then(|| message.with_context("This is how it stood at the start."))
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
        common::promises::Due,
        model::{clock::from_ms, message::reading},
    };

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn promises(state: PromiseState, number: usize) -> Vec<Promise> {
        let promise = |number: usize| {
            let words = format!("thing {number} <!channel>");
            let asked = Promise::asked(number.to_string(), "UBEN".into(), "UANA".into(), words);
            asked.then(state, from_ms(0)).due(Due::on(day("2026-01-09")))
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
