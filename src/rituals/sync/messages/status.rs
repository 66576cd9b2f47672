//! What `next` and `status` say.

use chrono::NaiveDate;
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
        text::{Markup, date, mentions},
    },
    say,
};

/// A turn that is still to come, as things stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextTurn {
    pub at: Occurrence,
    pub lead: Option<UserId>,
    pub scribe: Option<UserId>,
}

/// What `next` says: the next turns of each programme by its name, in the reader's zone.
pub fn next(programmes: &[(String, Vec<NextTurn>)], zone: Tz) -> Message {
    let paragraph = |(name, turns): &(String, Vec<NextTurn>)| {
        let name = if name.is_empty() { Markup::from("the syncs") } else { Markup::plain(name) };
        if turns.is_empty() {
            return say!("*Next turns of {}*\nNo sync is planned at the moment.", name);
        }
        let turns: Vec<Markup> = turns.iter().map(|turn| say!("• {}", turn_line(turn, zone))).collect();
        say!("*Next turns of {}*\n{}", name, Markup::join(&turns, "\n"))
    };
    let paragraphs: Vec<Markup> = programmes.iter().map(paragraph).collect();
    Message::new(Markup::join(&paragraphs, "\n\n"))
        .with_context("As things stand: this changes when people join, leave, skip or are away.")
}

fn turn_line(turn: &NextTurn, zone: Tz) -> Markup {
    let when = Markup::date_time(turn.at.at, zone);
    let lead =
        turn.lead.as_ref().map_or_else(|| Markup::from("no one can lead"), |lead| say!("{} leads", lead));
    match &turn.scribe {
        None => say!("{}: {}", when, lead),
        Some(scribe) => say!("{}: {}, {} takes notes", when, lead, scribe),
    }
}

/// The state of a channel's syncs.
pub struct Status<'s> {
    pub programme: &'s str,
    /// Their name; empty without one.
    pub name: &'s str,
    pub is_paused: bool,
    pub cadence: &'s Cadence,
    pub minutes: u32,
    pub organisers: &'s [UserId],
    pub next: Option<NextTurn>,
    /// The reader's zone.
    pub zone: Tz,
    /// How many people take turns.
    pub here: usize,
    /// How many of the others skip the next sync or are away.
    pub absent: usize,
    /// For whom the syncs are, where not for everyone in the channel: a sentence.
    pub audience: Option<Markup>,
    pub reader: Part,
    /// The last syncs, the newest first.
    pub past: &'s [(NaiveDate, PastSync)],
    /// Why the bot cannot work there, as far as it knows, and the bot.
    pub closed: Option<(Closed, &'s UserId)>,
}

/// What became of a sync.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PastSync {
    /// It was announced, with this lead.
    Held(Option<UserId>),
    /// It was not, for this reason.
    LeftOut(String),
    /// It failed for a fault of the program's.
    Failed,
}

/// What `status` says.
pub fn status(status: &Status<'_>, command: &str) -> Message {
    let way = |way: &str| way_of(command, way);
    let next = match &status.next {
        Some(next) => say!("Next sync: {}.", turn_line(next, status.zone)),
        None if status.is_paused => say!("They're paused; {} brings the syncs back.", way("resume")),
        None => say!("No further sync is planned; {} with times starts them anew.", way("start")),
    };
    let people = match status.here {
        0 => Markup::from("No one takes turns yet."),
        1 => Markup::from("1 person takes turns so far."),
        here => say!("{} people take turns.", here),
    };
    let (name, syncs) = match status.name {
        "" => (Markup::default(), "Syncs"),
        name => (say!("{}: ", Markup::plain(name)), "syncs"),
    };
    let times = Markup::words(&status.cadence.say());
    let minutes = i64::from(status.minutes);
    let mut lines =
        vec![say!("*{}{} run here, {}, {} minutes.*\n{}", name, syncs, times, minutes, next), people];
    lines.extend(status.audience.clone());
    match status.absent {
        0 => {}
        1 => lines.push(Markup::from("1 person skips the next sync.")),
        absent => lines.push(say!("{} people skip the next sync.", absent)),
    }
    lines.extend(status.past.iter().map(|(day, past)| past_line(*day, past)));
    match status.closed {
        Some((Closed::NotIn, bot)) => lines.push(say!(
            "As far as I know I'm not in this channel any more, so I can't announce a sync. Invite me: `/invite` {}",
            bot
        )),
        Some((Closed::Archived, _)) => lines
            .push(Markup::from("As far as I know this channel is archived, so I can't announce a sync.")),
        Some((Closed::Direct, _)) | None => {}
    }
    let yours = yours(&WORDS, status.reader, status.next.is_some(), command);
    Message::new(Markup::join(&lines, "\n"))
        .with_context(say!(
            "Started by {}. {} shows the next four turns. {}",
            mentions(status.organisers),
            way("next"),
            yours
        ))
        .with_buttons(vec![
            button(&WORDS, "Change", Press::Change, status.programme, ButtonStyle::Plain),
            button(&WORDS, "Set up another", Press::SetUp, "-", ButtonStyle::Plain),
        ])
}

fn past_line(day: NaiveDate, past: &PastSync) -> Markup {
    let day = date(day);
    match past {
        PastSync::Held(Some(lead)) => say!("• {}: {} led.", day, lead),
        PastSync::Held(None) => say!("• {}: without a lead.", day),
        PastSync::LeftOut(reason) => say!("• {}: not announced, since {}.", day, Markup::words(reason)),
        PastSync::Failed => {
            say!("• {}: not announced. Something went wrong on my side; it's in my log.", day)
        }
    }
}
