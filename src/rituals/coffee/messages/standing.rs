//! What `status` says.

use chrono::NaiveDateTime;

use super::when;
use crate::{
    model::{
        cadence::Cadence,
        message::Message,
        people::UserId,
        text::{Markup, count, date, mentions},
    },
    rituals::coffee::store::Held,
    say,
};

/// How many people a list names.
const MOST_NAMES: usize = 12;

/// How it stands with a channel's chats.
pub struct Standing<'s> {
    /// When they come.
    pub cadence: &'s Cadence,
    /// Who started them.
    pub organiser: &'s UserId,
    /// The next round.
    pub next: Option<NaiveDateTime>,
    /// Who takes part in it.
    pub here: &'s [UserId],
    /// Who sits it out.
    pub skipping: &'s [UserId],
    /// Whether whoever asks has left.
    pub reader_has_left: bool,
    /// The last rounds, the newest first, and what became of each.
    pub past: &'s [(NaiveDateTime, Past)],
}

/// What became of a round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Past {
    /// It was held.
    Held(Held),
    /// It was not, for this reason.
    LeftOut(String),
    /// It failed for a fault of the program's.
    Failed,
}

/// What `status` says.
pub fn status(standing: &Standing<'_>, command: &str) -> Message {
    let next = match standing.next {
        Some(next) => say!("The next round is on {}.", when(next)),
        None => Markup::from("No further round is planned."),
    };
    let people = match standing.here {
        [] => Markup::from("Nobody takes part yet."),
        [one] => say!("So far it is {} alone.", one),
        here => say!("{} people take part: {}.", here.len(), named(here)),
    };
    let mut lines =
        vec![say!("*Coffee chats come here {}.* {}", Markup::words(&standing.cadence.say()), next), people];
    if !standing.skipping.is_empty() {
        lines.push(say!("Sitting out the next round: {}.", named(standing.skipping)));
    }
    lines.extend(standing.past.iter().map(|(wall, past)| past_line(*wall, past)));
    let message = Message::new(Markup::join(&lines, "\n"));
    let way = |way: &str| Markup::code(&format!("{command} {way}"));
    if standing.reader_has_left {
        return message.with_context(say!("You have left; {} takes you in again.", way("join")));
    }
    message.with_context(say!(
        "Started by {}. {} sits out a round, {} all of them.",
        standing.organiser,
        way("skip"),
        way("leave")
    ))
}

fn past_line(wall: NaiveDateTime, past: &Past) -> Markup {
    let day = date(wall.date());
    match past {
        Past::LeftOut(reason) => say!("• {}: no round. {}.", day, Markup::words(&capital(reason))),
        Past::Failed => say!("• {}: no round. Something went wrong on my side; it is in my log.", day),
        Past::Held(held) => {
            let met = match held.met {
                0 => Markup::from("none has said yet that they met"),
                1 => Markup::from("one has said that they met"),
                met => say!("{} have said that they met", met),
            };
            let groups = count(usize::try_from(held.groups).unwrap_or_default(), "group", "groups");
            let line = say!("• {}: {}, {}", day, groups, met);
            match held.unreached {
                0 => say!("{}.", line),
                unreached => say!("{}; {} could not be introduced.", line, unreached),
            }
        }
    }
}

fn capital(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Some people by name, and how many more there are.
fn named(people: &[UserId]) -> Markup {
    match people.len().checked_sub(MOST_NAMES) {
        None | Some(0 | 1) => mentions(people),
        Some(more) => {
            let names: Vec<Markup> = people[..MOST_NAMES].iter().map(Markup::from).collect();
            say!("{} and {} more", Markup::join(&names, ", "), more)
        }
    }
}
