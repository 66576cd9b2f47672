//! What `status` says.

use chrono::NaiveDateTime;
use chrono_tz::Tz;

use super::WORDS;
use crate::{
    common::programmes::{
        Part,
        messages::{button, way_of, yours},
        press::Press,
    },
    model::{
        cadence::{Cadence, Occurrence},
        message::{ButtonStyle, Message},
        people::{Closed, UserId},
        text::{Markup, count, date, mentions},
    },
    rituals::coffee::plan::HeldRound,
    say,
};

/// The state of a channel's chats.
pub struct Status<'s> {
    /// Which chats they are.
    pub programme: &'s str,
    /// What they are called; empty where they have no name.
    pub name: &'s str,
    /// Whether they are paused.
    pub is_paused: bool,
    /// When they come.
    pub cadence: &'s Cadence,
    /// Who runs them.
    pub organisers: &'s [UserId],
    /// The next round, and the zone that its times are said in.
    pub next: Option<(Occurrence, Tz)>,
    /// How many people take part in it. Who they are is theirs to tell.
    pub here: usize,
    /// How many people skip it or are away.
    pub skipping: usize,
    /// What the person does who asks.
    pub reader: Part,
    /// The last rounds, the newest first, and what became of each.
    pub past: &'s [(NaiveDateTime, PastRound)],
    /// Why the bot cannot work there, as far as it knows, and the bot.
    pub closed: Option<(Closed, &'s UserId)>,
}

/// What became of a round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PastRound {
    /// It was held.
    Held(HeldRound),
    /// It was not, for this reason.
    LeftOut(String),
    /// It failed for a fault of the program's.
    Failed,
}

/// What `status` says.
pub fn status(standing: &Status<'_>, command: &str) -> Message {
    let next = match standing.next {
        Some((next, zone)) => say!("Next round: {}.", Markup::date_time(next.at, zone)),
        None if standing.is_paused => {
            say!("They're paused; {} brings the rounds back.", way_of(command, "resume"))
        }
        None => {
            say!("No further round is planned; {} with times starts them anew.", way_of(command, "start"))
        }
    };
    let people = match standing.here {
        0 => Markup::from("No one takes part yet."),
        1 => Markup::from("1 person takes part so far."),
        here => say!("{} people take part.", here),
    };
    let name = match standing.name {
        "" => Markup::default(),
        name => say!("{}: ", Markup::plain(name)),
    };
    let times = Markup::words(&standing.cadence.say());
    let coffee = if standing.name.is_empty() { "Coffee" } else { "coffee" };
    let mut lines = vec![say!("*{}{} chats run here, {}.*\n{}", name, coffee, times, next), people];
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
    let yours = yours(&WORDS, standing.reader, standing.next.is_some(), command);
    Message::new(Markup::join(&lines, "\n"))
        .with_context(say!("Started by {}. {}", mentions(standing.organisers), yours))
        .with_buttons(vec![
            button(&WORDS, "Change", Press::Change, standing.programme, ButtonStyle::Plain),
            button(&WORDS, "Set up another", Press::SetUp, "-", ButtonStyle::Plain),
        ])
}

fn past_line(wall: NaiveDateTime, past: &PastRound) -> Markup {
    let day = date(wall.date());
    match past {
        PastRound::LeftOut(reason) => say!("• {}: no round. {}.", day, Markup::words(&capital(reason))),
        PastRound::Failed => say!("• {}: no round. Something went wrong on my side; it's in my log.", day),
        PastRound::Held(held) => {
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
