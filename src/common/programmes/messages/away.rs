//! What people read who say that they are away, or back.

use chrono::{Days, NaiveDate};

use super::{cancelling::how_to_write, way_of};
use crate::{
    common::people::{
        Away,
        away::Placed,
        messages::{days_away, recorded, with_drop_menu},
    },
    model::{
        cadence::{DaySpan, WrongDays},
        message::Message,
        text::{Markup, all_of, count, date, date_as_of, date_with_year},
    },
    say,
};

/// What a person reads who has recorded days on which they're away.
pub fn away(placed: &Placed, today: NaiveDate, command: &str) -> Message {
    let Placed { new, replaced, .. } = placed;
    let included = match (new.from == new.to, new.from <= today) {
        (true, _) => "",
        (false, true) => ", that day included",
        (false, false) => ", both days included",
    };
    let replaced: Vec<Markup> = replaced.iter().map(|away| days_away(*away, today)).collect();
    let instead = if replaced.is_empty() {
        Markup::default()
    } else {
        say!(" Before, I had noted: {}.", all_of(&replaced))
    };
    let noted = say!(
        "Noted: you're away {}{}. I leave you out of everything {}.{}",
        days_away(*new, today),
        included,
        if new.from == new.to { "that day" } else { "on those days" },
        instead
    );
    with_ways_back(noted, placed, today, command)
}

/// The same to a person who typed when they're away from, and no end.
pub fn one_day_alone(message: Message, from: NaiveDate, command: &str) -> Message {
    let last = from.checked_add_days(Days::new(7)).unwrap_or(from);
    message.with_context(say!(
        "Away longer than that day? Type the end, too: {}.",
        way_of(command, &format!("away from {from} to {last}"))
    ))
}

/// What a person reads who was recorded as away on all of these days before.
pub fn away_already(placed: &Placed, today: NaiveDate, command: &str) -> Message {
    let already = say!("You're away {} already, so nothing has changed.", days_away(placed.new, today));
    with_ways_back(already, placed, today, command)
}

fn with_ways_back(said: Markup, placed: &Placed, today: NaiveDate, command: &str) -> Message {
    let Placed { all, new, .. } = placed;
    let message = Message::new(match all.len() {
        1 => said,
        _ => say!("{}\n{}", said, recorded(all, today)),
    });
    let is_now = (new.from..=new.to).contains(&today);
    let message = if is_now {
        message.with_context(say!("Back earlier? {} ends it.", way_of(command, "back")))
    } else {
        message.with_context("Plans changed? Choose it under *Drop a time away…*.")
    };
    with_drop_menu(message, all, today)
}

/// What a person reads who is back from a time away; `left` are their other ones.
pub fn back(ended: Away, left: &[Away], today: NaiveDate, command: &str) -> Message {
    let message = back_with(ended, left, today);
    match today.checked_add_days(Days::new(1)) {
        // Days that were planned before may have become a part of it.
        Some(tomorrow) if tomorrow < ended.to => {
            let again = format!("away {tomorrow} to {}", ended.to);
            message.with_context(say!(
                "All of those days are gone. Away on some of them all the same? Say so again, as in {}.",
                way_of(command, &again)
            ))
        }
        _ => message,
    }
}

fn back_with(ended: Away, left: &[Away], today: NaiveDate) -> Message {
    let welcome = if ended.from == ended.to || ended.to == today {
        Markup::from("Welcome back! You're in again from today.")
    } else {
        say!("Welcome back! You're in again from today, and not away {} any more.", days_away(ended, today))
    };
    if left.iter().all(|away| away.to < today) {
        return Message::new(welcome);
    }
    with_drop_menu(Message::new(say!("{} {}", welcome, recorded(left, today))), left, today)
}

/// What a person reads who is back and was not away.
pub fn not_away(away: &[Away], today: NaiveDate, command: &str) -> Message {
    let unchanged = "You aren't away today, so nothing has changed.";
    if away.iter().all(|away| away.to < today) {
        return Message::new(unchanged)
            .with_context(say!("{} says when you are.", way_of(command, "away until Friday")));
    }
    with_drop_menu(Message::new(say!("{} {}", unchanged, recorded(away, today))), away, today)
}

/// What a person reads who typed something behind `back`.
pub fn back_takes_no_day(command: &str) -> Message {
    Message::new(say!(
        "Nothing has changed: {} ends your time away today. To be away until a day, type {}.",
        way_of(command, "back"),
        way_of(command, "away until Friday")
    ))
}

/// What a person reads who has more times away than fit.
pub fn too_many_times_away(away: &[Away], today: NaiveDate) -> Message {
    let message = Message::new(say!(
        "You have {} ahead already, and that's as many as fit, so nothing has changed. {}",
        count(away.len(), "time away", "times away"),
        recorded(away, today)
    ));
    with_drop_menu(message, away, today)
}

/// What a person reads who typed no days that can be used; without any days they also read what is recorded.
pub fn wrong_days(wrong: &WrongDays, away: &[Away], today: NaiveDate, command: &str) -> Message {
    let examples = say!(
        "Nothing has changed. For example: {}, {} or {}.",
        way_of(command, "away until Friday"),
        way_of(command, "away 3 to 10 December"),
        way_of(command, "away until 2026-12-20")
    );
    let said = match wrong {
        WrongDays::Missing => {
            let asked = Message::new(say!("When are you away? {}", recorded(away, today)));
            return with_drop_menu(asked.with_context(examples), away, today);
        }
        WrongDays::Unknown(words) => {
            say!("I don't know the day {}.{}", Markup::quoted(words), how_to_write(words))
        }
        WrongDays::NoSuchDay(said) => Markup::words(said),
        WrongDays::Over(DaySpan { last, .. }) => say!("{} is over.", date_with_year(*last)),
        WrongDays::TooFar(DaySpan { last, .. }) => {
            say!("{} is more than a year ahead, and a year is as far as it goes.", date_with_year(*last))
        }
        WrongDays::Backwards => Markup::from("Your last day away comes before the first."),
        WrongDays::Long(span) => {
            let days = format!("away {} to {}", span.first, span.last);
            return Message::new(say!(
                "That would be {} to {}: {} days. If you mean that, type {}.",
                date_as_of(today, span.first),
                date_as_of(today, span.last),
                (span.last - span.first).num_days() + 1,
                way_of(command, &days)
            ));
        }
    };
    Message::new(said).with_context(examples)
}

/// The question which day is meant, where a person is away until a day of the week that is today.
pub fn which_weekday(today: NaiveDate, command: &str) -> Message {
    let next_week = today + Days::new(7);
    Message::new(say!(
        "Today is {}. Do you mean today, or {}? Nothing has changed.",
        date(today),
        date(next_week)
    ))
    .with_context(say!(
        "For next week: {}. For today: {}.",
        way_of(command, &format!("away until {next_week}")),
        way_of(command, "away today")
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        common::people::away::{until, with},
        model::message::reading::read,
    };

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn span(from: &str, to: &str) -> Away {
        Away { from: day(from), to: day(to) }
    }

    const TODAY: &str = "2026-01-05";

    fn noted(recorded: &[Away], new: Away) -> String {
        read(&away(&with(recorded, new, day(TODAY)).unwrap(), day(TODAY), "/sync"))
    }

    #[test]
    fn a_time_away_is_noted() {
        insta::assert_snapshot!(noted(&[], span("2026-01-08", "2026-01-08")), @r"
        Noted: you're away on Thursday, 8 January. I leave you out of everything that day.
        (Plans changed? Choose it under *Drop a time away…*.)
        [My settings] [Drop a time away… ▾]
        ");
        let shorter = until(&[span("2026-01-02", "2026-01-09")], day("2026-01-07"), day(TODAY)).unwrap();
        insta::assert_snapshot!(read(&away(&shorter, day(TODAY), "/sync")), @r"
        Noted: you're away until Wednesday, 7 January, that day included. I leave you out of everything on those days. Before, I had noted: until Friday, 9 January.
        (Back earlier? `/sync back` ends it.)
        [My settings] [Drop a time away… ▾]
        ");
        let recorded = [
            span("2026-01-02", "2026-01-07"),
            span("2026-01-20", "2026-01-23"),
            span("2026-01-24", "2026-01-24"),
        ];
        insta::assert_snapshot!(noted(&recorded, span("2026-01-22", "2026-01-24")), @r"
        Noted: you're away from Tuesday, 20 January to Saturday, 24 January, both days included. I leave you out of everything on those days. Before, I had noted: from Tuesday, 20 January to Friday, 23 January and on Saturday, 24 January.
        Your times away:
        • until Wednesday, 7 January
        • from Tuesday, 20 January to Saturday, 24 January
        (Plans changed? Choose it under *Drop a time away…*.)
        [My settings] [Drop a time away… ▾]
        ");
        let within = with(&recorded[..1], span("2026-01-06", "2026-01-06"), day(TODAY)).unwrap();
        insta::assert_snapshot!(read(&away_already(&within, day(TODAY), "/sync")), @r"
        You're away until Wednesday, 7 January already, so nothing has changed.
        (Back earlier? `/sync back` ends it.)
        [My settings] [Drop a time away… ▾]
        ");
        insta::assert_snapshot!(read(&too_many_times_away(&recorded[..1], day(TODAY))), @r"
        You have 1 time away ahead already, and that's as many as fit, so nothing has changed. Your times away:
        • until Wednesday, 7 January
        [My settings] [Drop a time away… ▾]
        ");
    }

    #[test]
    fn a_person_is_back() {
        let today = span(TODAY, TODAY);
        insta::assert_snapshot!(read(&back(today, &[span("2026-01-01", "2026-01-04")], day(TODAY), "/sync")), @"Welcome back! You're in again from today.");
        let later = [span("2026-01-20", "2026-01-23")];
        insta::assert_snapshot!(read(&back(span("2026-01-02", "2026-01-09"), &later, day(TODAY), "/sync")), @r"
        Welcome back! You're in again from today, and not away until Friday, 9 January any more. Your times away:
        • from Tuesday, 20 January to Friday, 23 January
        [My settings] [Drop a time away… ▾]
        (All of those days are gone. Away on some of them all the same? Say so again, as in `/sync away 2026-01-06 to 2026-01-09`.)
        ");
        insta::assert_snapshot!(read(&not_away(&later, day(TODAY), "/sync")), @r"
        You aren't away today, so nothing has changed. Your times away:
        • from Tuesday, 20 January to Friday, 23 January
        [My settings] [Drop a time away… ▾]
        ");
        insta::assert_snapshot!(read(&not_away(&[], day(TODAY), "/sync")), @r"
        You aren't away today, so nothing has changed.
        (`/sync away until Friday` says when you are.)
        ");
        insta::assert_snapshot!(read(&back_takes_no_day("/sync")), @"Nothing has changed: `/sync back` ends your time away today. To be away until a day, type `/sync away until Friday`.");
    }

    #[test]
    fn days_that_cannot_be_used_are_refused() {
        let later = [span("2026-01-20", "2026-01-23")];
        insta::assert_snapshot!(read(&wrong_days(&WrongDays::Missing, &later, day(TODAY), "/sync")), @r"
        When are you away? Your times away:
        • from Tuesday, 20 January to Friday, 23 January
        (Nothing has changed. For example: `/sync away until Friday`, `/sync away 3 to 10 December` or `/sync away until 2026-12-20`.)
        [My settings] [Drop a time away… ▾]
        ");
        insta::assert_snapshot!(read(&wrong_days(&WrongDays::Backwards, &later, day(TODAY), "/sync")), @r"
        Your last day away comes before the first.
        (Nothing has changed. For example: `/sync away until Friday`, `/sync away 3 to 10 December` or `/sync away until 2026-12-20`.)
        ");
    }
}
