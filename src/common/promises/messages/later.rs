//! What the person reads who asks in a form: when owners will be asked who aren't at work now, and what is promised already.

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::{due_at, quoted};
use crate::{
    common::promises::{AskedLater, Promise},
    model::{clock::Instant, message::Message, text::Markup},
    say,
};

/// When an owner will be asked, for the asker.
pub fn asked_later(later: &AskedLater, today: NaiveDate) -> Markup {
    let at = works_at(later, today);
    let late = if later.is_after_due { " That's after it's due, so they may name another date." } else { "" };
    say!("They aren't at work now, so I'll ask them on {}.{}", at, late)
}

/// What a person reads whose form asks people who aren't at work now.
pub fn asked_them_later(later: &[AskedLater], today: NaiveDate) -> Message {
    let line = |later: &AskedLater| say!("• I'll ask {} on {}.", &later.owner, works_at(later, today));
    let lines: Vec<Markup> = later.iter().map(line).collect();
    Message::new(say!("Not everyone you asked for a promise is at work now:\n{}", Markup::join(&lines, "\n")))
        .with_context("You'll read their answers here. Nothing is promised until they say yes.")
}

/// What a person reads who has promised something in a form, and when they are reminded of it.
pub fn promised_own(promise: &Promise, (today, zone): (NaiveDate, Tz), reminder: Instant) -> Message {
    let due = promise.due.map_or_else(Markup::default, |due| say!(" for {}", due_at(&due, today)));
    Message::new(say!(":handshake: Promised{}:\n{}", due, quoted(promise)))
        .with_context(say!("I'll remind you on {}.", Markup::lasting_date_time(reminder, zone)))
}

/// When a person will be asked, with whose time that is if it's another than the reader's.
pub fn works_at(later: &AskedLater, today: NaiveDate) -> Markup {
    let at = due_at(&later.at, today);
    if later.is_other_clock { say!("{}, {}'s time", at, &later.owner) } else { at }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;
    use crate::{
        common::promises::Due,
        model::{clock::from_ms, message::reading},
    };

    #[test]
    fn an_asker_reads_when_the_owner_will_be_asked() {
        let today = "2026-12-04".parse().unwrap();
        let at = Due { date: "2026-12-07".parse().unwrap(), time: Some("09:00:00".parse().unwrap()) };
        let later = AskedLater { owner: "UBEN".into(), at, is_other_clock: true, is_after_due: false };
        let late = AskedLater { is_other_clock: false, is_after_due: true, ..later.clone() };
        let lines = [&later, &late].map(|later| asked_later(later, today).as_str().to_owned());
        assert_snapshot!(lines.join("\n"), @"
        They aren't at work now, so I'll ask them on Monday, 7 December at 09:00, <@UBEN>'s time.
        They aren't at work now, so I'll ask them on Monday, 7 December at 09:00. That's after it's due, so they may name another date.
        ");
        assert_snapshot!(reading::read(&asked_them_later(&[later, late], today)), @"
        Not everyone you asked for a promise is at work now:
        • I'll ask <@UBEN> on Monday, 7 December at 09:00, <@UBEN>'s time.
        • I'll ask <@UBEN> on Monday, 7 December at 09:00.
        (You'll read their answers here. Nothing is promised until they say yes.)
        ");
        let own =
            Promise::asked("7".to_owned(), "UBEN".into(), "UBEN".into(), "send <it>".to_owned()).due(at);
        assert_snapshot!(reading::read(&promised_own(&own, (today, Tz::Europe__Berlin), from_ms(1_796_630_400_000))), @"
        :handshake: Promised for Monday, 7 December at 09:00:
        >send &lt;it&gt;
        (I'll remind you on Monday, 7 December 2026 at 09:00 (Europe/Berlin).)
        ");
    }
}
