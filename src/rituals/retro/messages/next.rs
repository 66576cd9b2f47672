//! What `next` says to an organiser.

use super::{WORDS, control, own_button, revealing::REVIEW, the_retro_first};
use crate::{
    common::programmes::messages::{called, way_called, way_of, when},
    model::{
        cadence::Occurrence,
        message::{ButtonStyle, Message},
        people::{ChannelId, UserId},
        text::{Markup, all_of, date, mentions},
    },
    rituals::retro::values::Retro,
    say,
};

/// What a person reads who leads none of several retros, with those who do.
pub fn led_by_others(retros: &[(String, Vec<UserId>)]) -> Message {
    if let [(_, organisers)] = retros {
        return Message::new(say!(
            "{} these retros. Only they or a workspace admin can lead them on. Nothing has changed.",
            those_who_run(organisers)
        ));
    }
    let line = |(name, organisers): &(String, Vec<UserId>)| {
        let name =
            if name.is_empty() { Markup::from("the retros without a name") } else { Markup::bold(name) };
        say!("{} {}", those_who_run(organisers), name)
    };
    let lines: Vec<Markup> = retros.iter().map(line).collect();
    Message::new(say!(
        "Only those who run a retro, or a workspace admin, can lead it on: {}. Nothing has changed.",
        all_of(&lines)
    ))
}

fn those_who_run(organisers: &[UserId]) -> Markup {
    say!("{} {}", mentions(organisers), if organisers.len() == 1 { "runs" } else { "run" })
}

/// What a person reads who presses an organiser's button, or sends an organiser's form, and isn't one any more.
pub fn not_led(name: &str, organisers: &[UserId]) -> Message {
    let retros = if name.is_empty() { Markup::from("these retros") } else { Markup::bold(name) };
    Message::new(say!(
        "{} {}, so this is theirs or a workspace admin's to do. Nothing was saved, and nothing has changed.",
        those_who_run(organisers),
        retros
    ))
}

/// A retro that is open.
pub fn next_is_close(retro: &Retro, name: &str, closes: &Occurrence) -> Message {
    Message::new(say!("{} of {} is open until {}.", the_retro_first(name), date(retro.date), when(closes)))
        .with_buttons(control(retro))
}

/// A retro whose answers aren't shown yet.
pub fn next_is_reveal(retro: &Retro, name: &str) -> Message {
    Message::new(say!(
        "{} of {} is closed. Next: read the answers, and show them.",
        the_retro_first(name),
        date(retro.date)
    ))
    .with_buttons(vec![own_button("Read and reveal", REVIEW, &retro.id, ButtonStyle::Primary)])
}

/// What an organiser reads once of answers that wait to be shown.
pub fn still_unread(retro: &Retro, name: &str, channel: &ChannelId) -> Message {
    Message::new(say!(
        ":mirror: {} of {} in {} still waits for you: people have answered, and the channel hasn't seen it yet.",
        the_retro_first(name),
        date(retro.date),
        channel
    ))
    .with_context("It takes a few minutes. I won't ask again.")
    .with_buttons(vec![own_button("Read and reveal", REVIEW, &retro.id, ButtonStyle::Primary)])
}

/// What the messages of a former organiser become that led a retro on.
pub fn led_by_another(name: &str, channel: &ChannelId, to: &UserId) -> Message {
    let retros = called(&WORDS, name);
    Message::new(say!(":mirror: You've handed {} in {} over to {}, who leads them on.", retros, channel, to))
}

/// What a new organiser reads of a retro that waits for its organisers.
pub fn waits_for_you(retro: &Retro, (name, channel): (&str, &ChannelId), command: &str) -> Markup {
    say!(
        "{} of {} waits for you: type {} in {}.",
        the_retro_first(name),
        date(retro.date),
        way_called(command, "next", name),
        channel
    )
}

/// How several retros stand, the newest first.
pub fn several_next(stand: Vec<Message>) -> Option<Message> {
    stand.into_iter().reduce(|mut all, next| {
        all.text = say!("{}\n\n{}", &all.text, &next.text);
        all.blocks.extend(next.blocks);
        all
    })
}

/// There's no retro of which the channel has read answers lately.
pub fn nothing_to_hide(command: &str) -> Message {
    Message::new(say!(
        "The channel has read no answers of a retro in the last months, so there's nothing to hide. {} shows the last retros.",
        way_of(command, "history")
    ))
}

/// There's no retro that waits for an organiser.
pub fn nothing_next(command: &str) -> Message {
    Message::new(say!(
        "No retro waits for you here. {} shows the last ones, and {} starts one.",
        way_of(command, "history"),
        way_of(command, "now")
    ))
}
