//! What `next` and `status` say.

use chrono::NaiveDate;
use chrono_tz::Tz;

use crate::{
    common::programmes::messages::way_of,
    model::{
        cadence::Occurrence,
        message::Message,
        people::UserId,
        text::{Markup, date},
    },
    say,
};

/// A turn that is still to come, as things stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextTurn {
    pub at: Occurrence,
    pub lead: Option<UserId>,
    /// Whether the lead has said yes, or was told to lead.
    pub is_settled: bool,
    pub scribe: Option<UserId>,
}

/// The next turns of a programme.
#[derive(Clone, Debug, Default)]
pub struct ComingTurns {
    /// Its name; empty without one.
    pub name: String,
    pub turns: Vec<NextTurn>,
    /// That it is paused, or that no more come: a sentence.
    pub standing: Option<Markup>,
    /// In which order people lead, or on what the later turns depend; empty where nothing is said.
    pub remark: Markup,
}

/// What `next` says: the next turns of each programme, in the reader's zone.
pub fn next(programmes: &[ComingTurns], zone: Tz) -> Message {
    let paragraph = |ComingTurns { name, turns, standing, remark }: &ComingTurns| {
        let name = if name.is_empty() { Markup::from("the syncs") } else { Markup::plain(name) };
        if turns.is_empty() {
            let none = Markup::from("No sync is planned at the moment.");
            return say!("*Next turns of {}*\n{}", name, standing.as_ref().unwrap_or(&none));
        }
        let turns = turns.iter().map(|turn| say!("• {}", turn_line(turn, zone)));
        let remark = Some(remark).filter(|remark| !remark.as_str().is_empty()).cloned();
        let lines: Vec<Markup> = standing.iter().cloned().chain(turns).chain(remark).collect();
        say!("*Next turns of {}*\n{}", name, Markup::join(&lines, "\n"))
    };
    let paragraphs: Vec<Markup> = programmes.iter().map(paragraph).collect();
    Message::new(Markup::join(&paragraphs, "\n\n"))
        .with_context("As things stand: this changes when people join, leave, skip or are away.")
}

/// What a person reads beforehand who stops syncs with points on their agenda: a sentence, or nothing.
pub fn points_kept(points: usize) -> Markup {
    match points {
        0 => Markup::default(),
        1 => Markup::from("1 point on the agenda is open; I keep it in case the syncs start again."),
        points => {
            say!("{} points on the agenda are open; I keep them in case the syncs start again.", points)
        }
    }
}

fn turn_line(turn: &NextTurn, zone: Tz) -> Markup {
    say!("{}{}", Markup::date_time(turn.at.at, zone), duties(turn))
}

/// Who has the duties of a turn, behind its time.
pub fn duties(turn: &NextTurn) -> Markup {
    let lead = match &turn.lead {
        None => Markup::from("no one can lead"),
        Some(lead) if turn.is_settled => say!("{} leads", lead),
        Some(lead) => say!("it's {}'s turn", lead),
    };
    match &turn.scribe {
        None => say!(": {}", lead),
        Some(scribe) => say!(": {}, {} takes notes", lead, scribe),
    }
}

/// What stands below the turns where half of the people or more have not answered lately.
pub const IF_ANSWERED: &str = "If people don't answer, others may lead the later ones.";

/// What `status` says of a sync that is on, behind its end.
pub fn on_now(lead: Option<&UserId>) -> Markup {
    lead.map_or_else(|| Markup::from(", without a lead"), |lead| say!(": {} leads", lead))
}

/// What `status` says of a past sync: who led it.
pub fn led(day: NaiveDate, lead: Option<&UserId>) -> Markup {
    match lead {
        Some(lead) => say!("• {}: {} led.", date(day), lead),
        None => say!("• {}: without a lead.", date(day)),
    }
}

/// How long syncs are, behind their times.
pub fn length(minutes: u32) -> Markup {
    say!(", {} minutes", i64::from(minutes))
}

/// The same with a sentence on the order of turns; empty without one.
pub fn with_order(more: &Markup, order: &Markup) -> Markup {
    let said = [order, more].into_iter().filter(|said| !said.as_str().is_empty()).cloned();
    Markup::join(&said.collect::<Vec<_>>(), " ")
}

/// What else a person can look at.
pub fn more(command: &str) -> Markup {
    say!("{} shows the next eight turns.", way_of(command, "next"))
}
