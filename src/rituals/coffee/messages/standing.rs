//! What `status` says.

use chrono::NaiveDateTime;

use super::{next_round, way_of};
use crate::{
    model::{
        cadence::Cadence,
        message::Message,
        people::{Closed, UserId},
        text::{Markup, count, date, mentions},
    },
    rituals::coffee::store::Held,
    say,
};

/// How many people a list names.
const MOST_NAMES: usize = 12;

/// The state of a channel's chats.
pub struct Standing<'s> {
    /// When they come.
    pub cadence: &'s Cadence,
    /// Who runs them.
    pub organisers: &'s [UserId],
    /// The next round.
    pub next: Option<NaiveDateTime>,
    /// Who takes part in it.
    pub here: &'s [UserId],
    /// How many people skip it or are away. Who they are is theirs to tell.
    pub skipping: usize,
    /// What the person does who asks.
    pub reader: Reader,
    /// The last rounds, the newest first, and what became of each.
    pub past: &'s [(NaiveDateTime, Past)],
    /// Why the bot cannot work there, as far as it knows, and the bot.
    pub closed: Option<(Closed, &'s UserId)>,
}

/// What a person does about the next round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// They take part.
    TakesPart,
    /// They skip it.
    Skips,
    /// Their own settings say that they are away or don't work that day.
    IsAway,
    /// They have left the chats.
    HasLeft,
    /// They are not among the people of the channel whom the bot can introduce.
    IsNotSeen,
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
    let next = standing.next.map_or_else(
        || say!("No further round is planned; {} with times starts them anew.", way_of(command, "start")),
        next_round,
    );
    let people = match standing.here {
        [] => Markup::from("No one takes part yet."),
        [only] => say!("Only {} takes part so far.", only),
        here => say!("{} people take part: {}.", here.len(), named(here)),
    };
    let mut lines =
        vec![say!("*Coffee chats run here, {}.*\n{}", Markup::words(&standing.cadence.say()), next), people];
    match standing.skipping {
        0 => {}
        1 => lines.push(Markup::from("1 person skips the next round.")),
        skipping => lines.push(say!("{} people skip the next round.", skipping)),
    }
    lines.extend(standing.past.iter().map(|(wall, past)| past_line(*wall, past)));
    match standing.closed {
        Some((Closed::NotIn, bot)) => lines.push(say!(
            "As far as I know I'm not in this channel any more, so I can't hold a round. Invite me: `/invite` {}",
            bot
        )),
        Some((Closed::Archived, _)) => {
            lines.push(Markup::from("As far as I know this channel is archived, so I can't hold a round."));
        }
        Some((Closed::Direct, _)) | None => {}
    }
    let way = |way: &str| way_of(command, way);
    let yours = match standing.reader {
        Reader::TakesPart => say!("{} skips the next round, {} takes you out.", way("skip"), way("leave")),
        Reader::Skips => say!("You're skipping the next round; {} puts you back in.", way("join")),
        Reader::IsAway => {
            Markup::from("Your own settings say that you're away that day, so you're not in the next round.")
        }
        Reader::IsNotSeen => Markup::from("You're not among the people I can introduce here."),
        Reader::HasLeft => say!("You've left these chats; {} brings you back.", way("join")),
    };
    Message::new(Markup::join(&lines, "\n")).with_context(say!(
        "Started by {}. {}",
        mentions(standing.organisers),
        yours
    ))
}

fn past_line(wall: NaiveDateTime, past: &Past) -> Markup {
    let day = date(wall.date());
    match past {
        Past::LeftOut(reason) => say!("• {}: no round. {}.", day, Markup::words(&capital(reason))),
        Past::Failed => say!("• {}: no round. Something went wrong on my side; it's in my log.", day),
        Past::Held(held) => {
            let groups = count(usize::try_from(held.groups).unwrap_or_default(), "group", "groups");
            let line = say!("• {}: {} of {} met", day, held.met, groups);
            match held.unreached {
                0 => say!("{}.", line),
                unreached => say!("{}; I couldn't introduce {}.", line, unreached),
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
