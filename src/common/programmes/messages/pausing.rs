//! What people read of programmes that pause and go on.

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::{button, called, cancelling::wrong_day, next_occasion, way_of, when};
use crate::{
    common::{programmes::press::Press, words::Words},
    model::{
        cadence::{Occurrence, WrongDays},
        clock::Instant,
        message::{ButtonStyle, Message},
        people::UserId,
        text::{Markup, date_with_year},
    },
    say,
};

/// Why a run didn't end a pause: a part of a sentence.
pub const WHY_RESUMED: &str = "the pause was over before";

/// What a person reads who would pause a programme of which no occasion is to come, as one that is held once.
pub fn nothing_to_pause(words: &Words, name: &str, command: &str) -> Message {
    let of = if name.is_empty() { Markup::from(" here") } else { say!(" of {}", Markup::bold(name)) };
    Message::new(say!("No {}{} is to come, so there's nothing to pause.", words.occasion, of))
        .with_context(say!("{} sets up new ones.", way_of(command, "start")))
}

/// Why a programme can't pause until a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WrongPause {
    NotRead(WrongDays),
    Today,
    /// The date has no year, and would be nearly a year ahead.
    Year(NaiveDate),
    /// No occasion comes on or after this date.
    NoneAfter(NaiveDate),
}

/// What the channel reads when a programme pauses.
pub fn announcement_of_pause(words: &Words, by: &UserId, name: &str) -> Message {
    Message::new(say!("{} {} has paused {}. I'll say when they go on.", words.emoji, by, called(words, name)))
}

/// What the channel reads when a programme pauses until a date, or until another one than was said, with what comes first then.
pub fn announcement_of_pause_until(
    words: &Words,
    by: &UserId,
    name: &str,
    (date, first): (NaiveDate, &Occurrence),
) -> Message {
    Message::new(say!(
        "{} {} has paused {}. {}",
        words.emoji,
        by,
        called(words, name),
        back_from(words, date, first)
    ))
}

/// What the channel reads when a programme goes on after a pause that a person ended, or that ended by itself.
pub fn announcement_of_resume(
    words: &Words,
    by: Option<&UserId>,
    name: &str,
    next: Option<&Occurrence>,
) -> Message {
    let next = next
        .map_or_else(|| say!("No further {} is planned.", words.occasion), |next| next_occasion(words, next));
    let name = called(words, name);
    Message::new(match by {
        Some(by) => say!("{} {} has resumed {}. {}", words.emoji, by, name, next),
        None => say!("{} The pause of {} is over. {}", words.emoji, name, next),
    })
}

/// What a person reads who has paused a programme.
pub fn paused(words: &Words, name: &str, programme: &str) -> Message {
    with_resume(
        words,
        say!("I've paused {}. There are no {} until you resume them.", called(words, name), words.occasions),
        programme,
    )
}

/// What a person reads who has paused a programme until a date.
pub fn paused_until(
    words: &Words,
    (name, programme): (&str, &str),
    (date, first): (NaiveDate, &Occurrence),
) -> Message {
    let said = say!(
        "I've paused {}. {} I'm announcing it here, and again when they go on.",
        called(words, name),
        back_from(words, date, first)
    );
    with_resume(words, said, programme)
}

/// From which date on a paused programme goes on, with what comes first then: two sentences.
fn back_from(words: &Words, date: NaiveDate, first: &Occurrence) -> Markup {
    let date = date_with_year(date);
    say!("The {} are back from {} on. First {}: {}.", words.short, date, words.occasion, when(first))
}

/// What a person reads who pauses a programme that is paused, perhaps until a date.
pub fn paused_already(words: &Words, name: &str, programme: &str, until: Option<NaiveDate>) -> Message {
    let how_long = until.map_or_else(
        || Markup::from("They go on when you resume them"),
        |date| say!("They go on by themselves on {}", date_with_year(date)),
    );
    with_resume(
        words,
        say!("I've paused {} before, so nothing has changed. {}.", called(words, name), how_long),
        programme,
    )
}

fn with_resume(words: &Words, said: Markup, programme: &str) -> Message {
    Message::new(said).with_buttons(vec![button(
        words,
        "Resume",
        Press::Resume,
        programme,
        ButtonStyle::Plain,
    )])
}

/// What a person reads who has resumed a programme.
pub fn resumed(words: &Words, name: &str, next: &Occurrence) -> Message {
    Message::new(say!("I've resumed {}. {}", called(words, name), next_occasion(words, next)))
}

/// A pause, as a person reads of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pause {
    /// The date on which it ends by itself.
    pub until: Option<NaiveDate>,
    /// What comes first then.
    pub first: Option<Occurrence>,
    /// Whether the reader's clock shows another time then than the programme's.
    pub is_other_clock: bool,
    /// Whether the person may end it.
    pub may_resume: bool,
}

/// Whether the clocks of two zones show different times at an instant.
pub fn is_other_clock(at: Instant, one: Tz, other: Tz) -> bool {
    at.with_timezone(&one).naive_local() != at.with_timezone(&other).naive_local()
}

/// Says behind a time that it's on the reader's clock, where another shows another time.
pub(super) fn of_whom(is_other_clock: bool) -> &'static str {
    if is_other_clock { " your time" } else { "" }
}

/// Says that a programme is paused: one to three sentences.
pub fn paused_now(words: &Words, pause: &Pause, command: &str) -> Markup {
    let whose = of_whom(pause.is_other_clock);
    let first = pause
        .first
        .map_or_else(Markup::default, |first| say!(" First {}: {}{}.", words.occasion, when(&first), whose));
    let until = pause.until.map_or_else(Markup::default, |date| say!(" until {}", date_with_year(date)));
    let resume = match (pause.may_resume, pause.until) {
        (false, _) => Markup::default(),
        (true, None) => say!(" {} brings the {} back.", way_of(command, "resume"), words.occasions),
        (true, Some(_)) => {
            say!(" {} brings the {} back earlier.", way_of(command, "resume"), words.occasions)
        }
    };
    say!("They're paused{}.{}{}", until, first, resume)
}

/// What a person reads who skips an occasion while there are none.
pub fn paused_skip(words: &Words, pause: &Pause, command: &str) -> Message {
    let paused = paused_now(words, pause, command);
    Message::new(say!("There's no {} to skip now, so nothing has changed. {}", words.occasion, paused))
}

/// The refusal of a day until which a programme can't pause.
pub fn wrong_pause(words: &Words, wrong: &WrongPause, command: &str) -> Message {
    let said = match wrong {
        WrongPause::NotRead(wrong) => wrong_day(wrong),
        WrongPause::Today => Markup::from("That's today, so there'd be nothing to pause."),
        WrongPause::Year(date) => {
            say!(
                "Do you mean {}? Then type it with the year: {}.",
                date_with_year(*date),
                Markup::code(&date.to_string())
            )
        }
        WrongPause::NoneAfter(date) => {
            say!("No {} comes on or after {}.", words.occasion, date_with_year(*date))
        }
    };
    Message::new(said).with_context(say!(
        "Nothing has changed. For example: {}, or {}. {} without a date pauses them until you resume them.",
        way_of(command, "pause until 7 January"),
        way_of(command, "pause for 2 weeks"),
        way_of(command, "pause")
    ))
}
