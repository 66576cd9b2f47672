//! What `history` and `stats` say.

use chrono::NaiveDate;

use super::WORDS;
use crate::{
    common::{programmes::messages::way_of, promises::KEPT_DAYS},
    model::{
        message::Message,
        people::UserId,
        text::{Markup, count, date, mentions, one_line, shorten},
    },
    rituals::sync::plan::PastNotes,
    say,
};

/// How many characters of someone's notes a list shows, and how many notes that came later.
const LISTED_NOTES: usize = 150;
const MOST_ADDED: usize = 2;
/// Below this a share would be rounded to nothing.
const SMALL_SHARE: f64 = 0.05;
/// How many people of a programme are shown.
const MOST_PEOPLE: usize = 40;

/// A sync that took place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastSync {
    pub date: NaiveDate,
    pub lead: Option<UserId>,
    pub scribe: Option<UserId>,
    pub notes: PastNotes,
}

/// A person's turns of leading.
#[derive(Clone, Debug, PartialEq)]
pub struct PersonTurns {
    pub person: UserId,
    pub led: u32,
    /// Their share of all turns that they could have had.
    pub owed: f64,
    /// How many times they said yes, and were asked; `None` for readers who are neither organisers nor the person.
    pub answers: Option<(usize, usize)>,
}

/// The turns of a programme.
#[derive(Clone, Debug, PartialEq)]
pub struct SyncStats {
    /// Its name; empty without one.
    pub name: String,
    /// The date of the first sync that counts; `None` where none has taken place.
    pub since: Option<NaiveDate>,
    /// In the order of people's names.
    pub turns: Vec<PersonTurns>,
    /// How many were led by people who don't take part any more.
    pub led_by_others: u32,
    /// How many questions whether to lead got a yes, and how many there were, of all these people.
    pub answers: (usize, usize),
    /// People who said no, or nothing, several times in a row; empty for readers who are no organisers.
    pub refusing: Vec<UserId>,
    /// People who are asked last, since they have not answered lately; for readers who are no organisers themselves alone.
    pub asked_last: Vec<UserId>,
    /// Whether people lead one after the other, so that shares don't decide who is asked.
    pub is_in_order: bool,
    /// How many of its promises were kept lately, and of how many; `None` for readers who are no organisers, and where so few people
    /// promised that it would tell how one of them does.
    pub kept: Option<(i64, i64)>,
}

fn of(name: &str) -> Markup {
    if name.is_empty() { say!("the {}", WORDS.plural) } else { Markup::plain(name) }
}

/// What `history` says: the last syncs of each programme by its name, the newest first.
pub fn history(programmes: &[(String, Vec<PastSync>)]) -> Message {
    let paragraph = |(name, past): &(String, Vec<PastSync>)| {
        if past.is_empty() {
            return say!("*Last times of {}*\nNone has taken place so far.", of(name));
        }
        let lines: Vec<Markup> = past.iter().map(past_line).collect();
        say!("*Last times of {}*\n{}", of(name), Markup::join(&lines, "\n"))
    };
    let paragraphs: Vec<Markup> = programmes.iter().map(paragraph).collect();
    Message::new(Markup::join(&paragraphs, "\n\n"))
}

fn past_line(past: &PastSync) -> Markup {
    let lead = past.lead.as_ref().map_or_else(|| Markup::from("without a lead"), |lead| say!("{} led", lead));
    let who = match &past.scribe {
        None => say!("• {}: {}.", date(past.date), lead),
        Some(scribe) => say!("• {}: {}, {} took notes.", date(past.date), lead, scribe),
    };
    let lines: Vec<Markup> = [who].into_iter().chain(notes_lines(&past.notes)).collect();
    Markup::join(&lines, "\n")
}

/// Returns the beginnings of a sync's notes: those of its closing, and the last of those that came later.
fn notes_lines(notes: &PastNotes) -> Vec<Markup> {
    let begin = |notes: &str| Markup::plain(&shorten(&one_line(notes), LISTED_NOTES));
    let mut lines = Vec::new();
    if !notes.closing.is_empty() {
        lines.push(say!(">Notes: {}", begin(&notes.closing)));
    }
    let earlier = notes.added.len().saturating_sub(MOST_ADDED);
    if earlier > 0 {
        lines.push(say!(">{} in its thread", count(earlier, "more addition", "more additions")));
    }
    let last = notes.added.iter().skip(earlier);
    lines.extend(last.map(|(user, notes)| say!(">Added by {}: {}", user, begin(notes))));
    lines
}

/// What `stats` says.
pub fn stats(programmes: &[SyncStats], command: &str) -> Message {
    let paragraphs: Vec<Markup> = programmes.iter().map(|stats| stats_of(stats, command)).collect();
    let in_order = programmes.iter().filter(|stats| stats.is_in_order).count();
    let next = match in_order {
        0 => {
            "the person who is furthest behind theirs is asked first, and people who didn't answer three times in a row after the others."
        }
        all if all == programmes.len() => {
            "it doesn't decide who is asked next: people lead one after the other."
        }
        _ => {
            "the person who is furthest behind theirs is asked first, except where people lead one after the other; people who didn't answer three times in a row are asked after the others."
        }
    };
    let is_long = programmes.iter().any(|stats| stats.turns.len() > MOST_PEOPLE);
    Message::new(Markup::join(&paragraphs, "\n\n")).with_context(say!(
        "{} A share is an equal part of each sync that a person could have led; {}",
        if is_long {
            "Those who have led come first, in the order of names."
        } else {
            "In the order of names."
        },
        next
    ))
}

fn stats_of(stats: &SyncStats, command: &str) -> Markup {
    let Some(since) = stats.since else {
        return say!("*Turns in {}*\nNo sync has taken place so far.", of(&stats.name));
    };
    let mut lines = vec![say!("*Turns in {} since {}*", of(&stats.name), date(since))];
    // Where not all fit, those come first who have led.
    let (led, others): (Vec<&PersonTurns>, Vec<&PersonTurns>) =
        stats.turns.iter().partition(|turns| turns.led > 0 || stats.turns.len() <= MOST_PEOPLE);
    let (have_led, more) = (led.len(), stats.turns.len().saturating_sub(MOST_PEOPLE));
    lines.extend(led.into_iter().chain(others).take(MOST_PEOPLE).map(turns_line));
    if more > 0 {
        let what = if have_led > MOST_PEOPLE {
            count(more, "more person", "more people")
        } else {
            count(more, "more person who hasn't led yet", "more people who haven't led yet")
        };
        lines.push(say!("… and {}.", what));
    }
    if stats.led_by_others > 0 {
        let syncs = count(usize::try_from(stats.led_by_others).unwrap_or_default(), "sync", "syncs");
        lines.push(say!("People who don't take turns here now led {}.", syncs));
    }
    let (yes, asked) = stats.answers;
    if asked > 0 {
        lines.push(say!(
            "{} of {} got a yes.",
            yes,
            count(asked, "question whether to lead", "questions whether to lead")
        ));
    }
    if !stats.refusing.is_empty() {
        lines.push(say!(
            "Only organisers read this: the last three times, {} couldn't or didn't answer. A word with them may help.",
            mentions(&stats.refusing)
        ));
    }
    if !stats.asked_last.is_empty() {
        lines.push(say!(
            "{} {} asked last for now, since three questions in a row had no answer. An answer, an offer to lead, or *I'm back in* under {} \
             ends that.",
            mentions(&stats.asked_last),
            if stats.asked_last.len() == 1 { "is" } else { "are" },
            way_of(command, "next")
        ));
    }
    lines.extend(stats.kept.map(|(kept, all)| {
        say!("Promises of the last {} days: {} of {} were kept.", i64::from(KEPT_DAYS), kept, all)
    }));
    Markup::join(&lines, "\n")
}

fn turns_line(turns: &PersonTurns) -> Markup {
    let led = match turns.led {
        0 => Markup::from("hasn't led yet"),
        1 => Markup::from("led once"),
        led => say!("led {} times", i64::from(led)),
    };
    let decimals = if turns.owed > 0.0 && turns.owed < SMALL_SHARE { 2 } else { 1 };
    let share = Markup::words(&format!("{:.decimals$}", turns.owed));
    let line = say!("• {} {}, with a share of {}", &turns.person, led, share);
    match turns.answers {
        None | Some((_, 0)) => say!("{}.", line),
        Some((yes, asked)) => {
            say!("{}; said yes to {} of {}.", line, yes, count(asked, "question", "questions"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::message::reading::read;

    #[test]
    fn history_shows_what_was_written_down() {
        let notes = |closing: &str, added: &[&str]| PastNotes {
            closing: closing.to_owned(),
            added: added.iter().map(|words| ("BEN".into(), (*words).to_owned())).collect(),
        };
        let sync = |day, notes| PastSync {
            date: NaiveDate::from_ymd_opt(2026, 1, day).unwrap(),
            lead: Some("ANA".into()),
            scribe: None,
            notes,
        };
        let past = vec![
            sync(20, notes("We ship on Friday.\nReally.", &[])),
            sync(13, notes("", &["One", "Two <!here>", "Three"])),
            sync(6, notes("", &[])),
        ];
        insta::assert_snapshot!(read(&history(&[(String::new(), past)])), @"
        *Last times of the syncs*
        • Tuesday, 20 January: <@ANA> led.
        >Notes: We ship on Friday. Really.
        • Tuesday, 13 January: <@ANA> led.
        >1 more addition in its thread
        >Added by <@BEN>: Two &lt;!here&gt;
        >Added by <@BEN>: Three
        • Tuesday, 6 January: <@ANA> led.
        ");
    }

    #[test]
    fn those_who_led_are_shown_where_not_all_fit() {
        let turns = |number: usize, led| PersonTurns {
            person: UserId(format!("U{number:02}")),
            led,
            owed: 0.1,
            answers: None,
        };
        let many: Vec<PersonTurns> = (0..60).map(|number| turns(number, u32::from(number >= 58))).collect();
        let stats_of = SyncStats {
            name: String::new(),
            since: NaiveDate::from_ymd_opt(2026, 1, 6),
            turns: many,
            led_by_others: 0,
            answers: (0, 0),
            refusing: Vec::new(),
            asked_last: Vec::new(),
            is_in_order: false,
            kept: None,
        };
        let shown = read(&stats(&[stats_of], "/sync"));
        let lines: Vec<&str> = shown.lines().collect();
        assert!(
            lines[1].starts_with("• <@U58> led once") && lines[2].starts_with("• <@U59> led once"),
            "{shown}"
        );
        assert!(lines[3].starts_with("• <@U00> hasn't led yet"), "{shown}");
        assert!(shown.contains("\n… and 20 more people who haven't led yet.\n"), "{shown}");
        assert!(shown.contains("(Those who have led come first, in the order of names. A share"), "{shown}");
    }

    #[test]
    fn organisers_read_how_many_promises_were_kept() {
        let shown = |kept| {
            let since = NaiveDate::from_ymd_opt(2026, 1, 6);
            let stats_of = SyncStats {
                name: String::new(),
                since,
                turns: Vec::new(),
                led_by_others: 0,
                answers: (0, 0),
                refusing: Vec::new(),
                asked_last: Vec::new(),
                is_in_order: false,
                kept,
            };
            let in_order = SyncStats { is_in_order: true, ..stats_of.clone() };
            let of_order = read(&stats(std::slice::from_ref(&in_order), "/sync"));
            assert!(
                of_order.ends_with("it doesn't decide who is asked next: people lead one after the other.)"),
                "{of_order}"
            );
            let of_both = read(&stats(&[stats_of.clone(), in_order], "/sync"));
            assert!(
                of_both.contains("asked first, except where people lead one after the other;"),
                "{of_both}"
            );
            let others = SyncStats { led_by_others: 2, ..stats_of.clone() };
            let others = read(&stats(&[others], "/sync"));
            assert!(others.contains("\nPeople who don't take turns here now led 2 syncs.\n"), "{others}");
            read(&stats(&[stats_of], "/sync"))
        };
        insta::assert_snapshot!(shown(Some((7, 9))), @"
        *Turns in the syncs since Tuesday, 6 January*
        Promises of the last 90 days: 7 of 9 were kept.
        (In the order of names. A share is an equal part of each sync that a person could have led; the person who is furthest behind theirs is asked first, and people who didn't answer three times in a row after the others.)
        ");
        assert!(!shown(None).contains("romises"));
    }
}
