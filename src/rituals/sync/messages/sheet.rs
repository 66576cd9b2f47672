//! The run sheet: what the person who leads reads on the working day before.

use chrono::{NaiveDate, NaiveDateTime};

use super::{
    agenda::agenda_lines,
    before::{CANNOT, SyncPlace, answers, please_lead, question, silence, ways_out},
    night::{AtNight, on_own_clock},
    skipping::with_skip,
};
use crate::{
    common::{
        decisions::{self, record::Decision},
        programmes::messages::when,
        promises::{self, Promise},
    },
    model::{
        cadence::Occurrence,
        message::{Block, Message},
        people::{ChannelId, UserId},
        text::{Link, Markup, count},
    },
    rituals::sync::{messages::start::the_sync, plan::Point},
    say,
};

/// What there is to know before leading a sync.
#[derive(Clone, Copy, Debug)]
pub struct RunSheet<'s> {
    pub place: SyncPlace<'s>,
    pub minutes: u32,
    /// The address where people join, as it was typed; empty without one.
    pub link: &'s str,
    pub scribe: Option<&'s UserId>,
    /// What is on the agenda so far.
    pub agenda: &'s [Point],
    /// How many points of an earlier sync that isn't closed may move on to it.
    pub unclosed: usize,
    /// The promises that are due by then, and those without an owner.
    pub promised: &'s [Promise],
    /// The decisions that the sync looks at again.
    pub to_review: &'s [Decision],
    /// Whether the person has never led a sync.
    pub is_first: bool,
    /// The date on which it is written.
    pub today: NaiveDate,
    /// When it is on the clock of a lead for whom it is at night, or outside their hours.
    pub own_clock: Option<(NaiveDateTime, AtNight)>,
    /// The programme of a sync that may be skipped, since nothing is on its agenda.
    pub skips: Option<&'s str>,
}

/// How to lead well, for a person who has never led.
const LEADING_WELL: [&str; 5] = [
    "Begin on time, and say in a sentence what should be clear at the end.",
    "Put the most important point first, and give each point its minutes.",
    "Ask people who have said little before those who have said much.",
    "When something is decided, say it aloud: who does what, and until when.",
    "Keep the last five minutes to repeat what was agreed, and to thank everyone.",
];

/// The run sheet; `value` is that of the buttons with the ways out, for a turn that can be given back.
pub fn run_sheet(sheet: &RunSheet<'_>, value: Option<&str>) -> Message {
    let place = sheet.place;
    let message =
        told(say!(":clipboard: *You lead {} in {}*", the_sync_in_bold(place.name), place.channel), sheet);
    let message = match value {
        Some(value) => message
            .with_context("If something comes up, press *Swap with…* or *Can't after all*.")
            .with_buttons(ways_out(value)),
        None => message,
    };
    if_skipped(message, sheet)
}

/// The run sheet of a person who leads without having been asked, or without having answered.
pub fn named_sheet(sheet: &RunSheet<'_>, value: &str) -> Message {
    let message = told(please_lead(&sheet.place), sheet);
    let message = match sheet.own_clock {
        Some((_, why)) => message.with_context(why.say()),
        None => message,
    };
    if_skipped(message.with_context(CANNOT).with_buttons(answers(value)), sheet)
}

/// The run sheet of a person who is told when the sync begins.
pub fn told_at_start(sheet: Message, channel: &ChannelId) -> Message {
    sheet.with_context(say!(
        "It's your turn, and I couldn't tell you before: it begins now. If you can't, anyone who takes turns can press *I'll take over* in {}.",
        channel
    ))
}

/// What an earlier question becomes when the run sheet asks it.
pub fn sheet_below(place: &SyncPlace<'_>) -> Message {
    Message::new(say!(
        ":clipboard: I've asked you again about {}, with what to know: see below.",
        place.say()
    ))
}

/// The run sheet of a person who is asked so late that no other message comes before the sync.
pub fn asked_sheet(sheet: &RunSheet<'_>, deadline: Option<&Occurrence>, value: &str) -> Message {
    let message =
        told(question(&sheet.place), sheet).with_context(silence(deadline)).with_buttons(answers(value));
    if_skipped(message, sheet)
}

/// The same with the question whether to skip the sync, where it is due.
fn if_skipped(message: Message, sheet: &RunSheet<'_>) -> Message {
    match sheet.skips {
        Some(programme) => with_skip(message, programme, sheet.place.at),
        None => message,
    }
}

fn told(who: Markup, sheet: &RunSheet<'_>) -> Message {
    let RunSheet {
        place, minutes, link, scribe, agenda, unclosed, promised, to_review, is_first, today, ..
    } = *sheet;
    let mut lines = vec![who, say!("• When: {}, {} minutes", when(place.at), i64::from(minutes))];
    lines.extend(sheet.own_clock.map(|(own, _)| say!("• {}", on_own_clock(place.at, own))));
    lines.extend(Link::read(link).map(|link| say!("• Join: {}", Markup::link(&link, ""))));
    lines.extend(scribe.map(|scribe| say!("• Notes: {} takes them", scribe)));
    lines.extend(promises::messages::in_sheet(promised, today));
    lines.extend(decisions::messages::in_sheet(to_review));
    if !agenda.is_empty() {
        lines.push(say!("• Agenda so far:\n{}", Markup::join(&agenda_lines(agenda), "\n")));
    }
    if unclosed > 0 {
        let points = count(unclosed, "point", "points");
        lines.push(say!(
            "• The last sync isn't closed yet: what it doesn't reach moves on to this one, {} at most",
            points
        ));
    }
    let mut message = Message::new(Markup::join(&lines, "\n"));
    if is_first {
        let lines: Vec<Markup> = LEADING_WELL.iter().map(|line| say!("• {}", *line)).collect();
        let text = say!("It's your first time. What helps:\n{}", Markup::join(&lines, "\n"));
        message.text = say!("{}\n{}", &message.text, &text);
        message.blocks.push(Block::Text(text));
    }
    message
}

/// What a sync is called within a line in bold.
fn the_sync_in_bold(name: &str) -> Markup {
    if name.is_empty() { the_sync(name) } else { Markup::plain(name) }
}
