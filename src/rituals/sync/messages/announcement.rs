//! What the channel reads when syncs begin.

use super::WORDS;
use crate::{
    common::programmes::{
        messages::{button, way_of, when},
        press::{Press, value_on},
    },
    model::{
        cadence::{Cadence, Occurrence},
        message::{ButtonStyle, Message},
        people::UserId,
        text::Markup,
    },
    rituals::sync::options::{Options, TurnOrder},
    say,
};

/// What the channel reads when syncs begin.
pub fn announcement(
    organiser: &UserId,
    (name, programme): (&str, &str),
    (cadence, first): (&Cadence, &Occurrence),
    (minutes, options): (u32, &Options),
    command: &str,
) -> Message {
    let name = if name.is_empty() { Markup::default() } else { say!(" ({})", Markup::bold(name)) };
    let skipped = value_on(programme, first.wall.date());
    let duties = if options.scribe { "lead and take notes" } else { "lead" };
    let is_in_order = options.order == TurnOrder::RoundRobin;
    let (how, takers) = match &options.audience {
        None if is_in_order => (
            say!("You {} one after the other, always in the same order, and I", duties),
            "Everyone here takes turns.",
        ),
        None => (say!("You {} in turn, and I", duties), "Everyone here takes turns."),
        Some(audience) => {
            let order = match (is_in_order, &audience.group) {
                (true, None) => ", in this order",
                (true, Some(_)) => ", always in the same order",
                (false, _) => "",
            };
            let people = audience.named();
            (say!("These people {} in turn{}: {}. I", duties, order, people), "Only they take turns.")
        }
    };
    let departments = if options.departments && !is_in_order {
        " Departments lead in turn, where that's fair."
    } else {
        ""
    };
    Message::new(say!(
        ":speech_balloon: {} has started a sync here{}: {}, {} minutes. {} announce whose turn it is. \
         First sync: {}.",
        organiser,
        name,
        Markup::words(&cadence.say()),
        i64::from(minutes),
        how,
        when(first)
    ))
    .with_context(say!(
        "{}{} Rather not? Press *Skip the first sync* or *Leave*, or type {} or {}.",
        takers,
        departments,
        way_of(command, "skip"),
        way_of(command, "leave")
    ))
    .with_buttons(vec![
        button(&WORDS, "Skip the first sync", Press::Skip, &skipped, ButtonStyle::Plain),
        button(&WORDS, "Leave", Press::Leave, programme, ButtonStyle::Plain),
    ])
}
