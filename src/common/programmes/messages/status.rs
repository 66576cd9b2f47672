//! What `status` says.

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::{
    Words, button,
    ending::no_more,
    pausing::{Pause, is_other_clock, of_whom, paused_now},
    way_of, yours,
};
use crate::{
    common::programmes::{Part, Standing, press::Press},
    model::{
        cadence::{Cadence, Occurrence},
        clock::Instant,
        message::{ButtonStyle, Message},
        people::{Closed, UserId},
        text::{Markup, date, mentions},
    },
    say,
};

/// The state of a programme.
pub struct Status<'s> {
    /// The programme's id.
    pub programme: &'s str,
    /// Its name; empty without one.
    pub name: &'s str,
    pub is_paused: bool,
    /// The date on which its pause ends by itself.
    pub paused_until: Option<NaiveDate>,
    pub organisers: &'s [UserId],
    pub cadence: &'s Cadence,
    pub next: Option<&'s Occurrence>,
    /// The reader's zone.
    pub zone: Tz,
    /// How many people take part in the next occasion. Who they are is theirs to tell.
    pub here: usize,
    /// How many of the others skip it or are away.
    pub absent: usize,
    /// For whom the programme is, where not for everyone in the channel: a sentence.
    pub audience: Option<&'s Markup>,
    pub reader: Part,
    /// Whether the reader may change the programme.
    pub manages: bool,
    /// Why the bot cannot work there, as far as it knows, and the bot.
    pub closed: Option<(Closed, &'s UserId)>,
    pub standing: Standing,
}

/// What `status` says.
pub fn status(words: &Words, status: &Status<'_>, command: &str) -> Message {
    let standing = &status.standing;
    let name = match status.name {
        "" => words.at_start(),
        name => say!("{}: {}", Markup::plain(name), words.plural),
    };
    let times = Markup::words(&status.cadence.say());
    let run = if status.next.is_some() || status.is_paused { "run" } else { "ran" };
    let mut lines = vec![say!("*{} {} here, {}{}.*", name, run, times, &standing.times)];
    lines.extend(standing.now.as_ref().map(|(until, more)| {
        say!("It's on now, until {}{}{}.", Markup::time(*until, status.zone), whose(status, *until), more)
    }));
    lines.extend([next(words, status, command), people(words, status.here)]);
    lines.extend(status.audience.cloned());
    match status.absent {
        0 => {}
        1 => lines.push(say!("1 person skips the next {}.", words.occasion)),
        absent => lines.push(say!("{} people skip the next {}.", absent, words.occasion)),
    }
    lines.extend(standing.past.iter().cloned());
    match status.closed {
        Some((Closed::NotIn, bot)) => lines.push(say!(
            "As far as I know I'm not in this channel any more, so I can't {}. Invite me: `/invite` {}",
            words.deed,
            bot
        )),
        Some((Closed::Archived, _)) => {
            lines.push(say!("As far as I know this channel is archived, so I can't {}.", words.deed));
        }
        Some((Closed::Direct, _)) | None => {}
    }
    let yours = yours(words, status.reader, status.next.is_some(), command);
    let run_by = match status.organisers {
        [] => say!(
            "No one runs them now: {} makes a person the organiser.",
            way_of(command, "hand over to @name")
        ),
        organisers => say!("Run by {}.", mentions(organisers)),
    };
    let mut sentences = vec![run_by];
    if !standing.more.as_str().is_empty() {
        sentences.push(standing.more.clone());
    }
    sentences.push(yours);
    // What is held once and has begun has no later times.
    let has_times = status.next.is_some() || status.is_paused || status.cadence.only().is_none();
    let may_change = status.manages && has_times;
    let change = button(words, "Change", Press::Change, status.programme, ButtonStyle::Plain);
    let another = button(words, "Set up another", Press::SetUp, "-", ButtonStyle::Plain);
    Message::new(Markup::join(&lines, "\n"))
        .with_context(Markup::join(&sentences, " "))
        .with_buttons(may_change.then_some(change).into_iter().chain([another]).collect())
}

fn next(words: &Words, status: &Status<'_>, command: &str) -> Markup {
    match status.next {
        first if status.is_paused => {
            let first = first.copied();
            let (until, may_resume) = (status.paused_until, status.manages);
            let is_other_clock =
                first.is_some_and(|first| is_other_clock(first.at, status.zone, status.cadence.zone));
            let pause = Pause { until, first, is_other_clock, may_resume };
            paused_now(words, &pause, command)
        }
        Some(next) => {
            let when = Markup::lasting_date_time(next.at, status.zone);
            say!("Next {}: {}{}{}.", words.occasion, when, whose(status, next.at), &status.standing.next)
        }
        None => no_more(words, status.cadence, command),
    }
}

/// Says that a time is on the reader's clock where the programme's shows another: it looks as if it were at another time than usual.
fn whose(status: &Status<'_>, at: Instant) -> &'static str {
    of_whom(is_other_clock(at, status.zone, status.cadence.zone))
}

fn people(words: &Words, here: usize) -> Markup {
    match here {
        0 => say!("No one takes {} yet.", words.share),
        1 => say!("1 person takes {} so far.", words.share),
        here => say!("{} people take {}.", here, words.share),
    }
}

/// What became of an occasion that the bot left out: a line of the status. Without a reason it failed; why, is written for the
/// operator.
pub fn left_out(words: &Words, day: NaiveDate, reason: Option<&str>) -> Markup {
    match reason {
        Some(reason) => say!("• {}: {}. {}.", date(day), words.left_out, Markup::words(&capital(reason))),
        None => {
            say!("• {}: {}. Something went wrong on my side; it's in my log.", date(day), words.left_out)
        }
    }
}

fn capital(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
