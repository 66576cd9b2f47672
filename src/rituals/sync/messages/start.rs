//! What people read when a sync begins.

use chrono_tz::Tz;

use super::WORDS;
use crate::{
    common::programmes::{
        messages::{button, way_of},
        press::Press,
    },
    model::{
        message::{Button, ButtonStyle, Message},
        people::{ChannelId, UserId},
        text::{Link, Markup},
    },
    rituals::sync::plan::HeldSync,
    say,
};

/// The action of the button that makes a person the lead; its value is the programme, the date and the version of the lead.
pub const TAKE_OVER: &str = "sync:take_over";
/// Why a sync was not announced, as the status quotes it.
pub const NOT_IN_CHANNEL: &str = "I wasn't in the channel";

/// What a sync is called in a sentence.
pub(super) fn the_sync(name: &str) -> Markup {
    if name.is_empty() { Markup::from("the sync") } else { Markup::bold(name) }
}

/// The same at the beginning of a sentence.
pub(super) fn the_sync_first(name: &str) -> Markup {
    if name.is_empty() { Markup::from("The sync") } else { Markup::bold(name) }
}

/// Why the end of a sync was left out or waits, as the runs of a programme quote it.
pub const NOT_ANNOUNCED: &str = "the sync wasn't announced";
pub const STILL_ON: &str = "the sync isn't over yet";

/// What the channel reads of a sync that has begun.
fn announced(held: &HeldSync, name: &str, zone: Tz) -> Message {
    let scribe = held.scribe.as_ref();
    let who = match (&held.lead, scribe) {
        (None, None) => Markup::from("No one's free to lead, so it goes on without a lead."),
        (None, Some(scribe)) => {
            let scribe = Markup::first(scribe);
            say!("No one's free to lead, so it goes on without a lead. {} takes notes.", scribe)
        }
        (Some(lead), scribe) => {
            let leads = if lead.has_taken_over() { "has taken over and leads" } else { "leads" };
            match scribe {
                None => say!("{} {}.", Markup::first(&lead.user), leads),
                Some(scribe) => say!("{} {}, {} takes notes.", Markup::first(&lead.user), leads, scribe),
            }
        }
    };
    let link = Link::read(&held.link);
    let join = link.map_or_else(Markup::default, |link| say!("\nJoin: {}", Markup::link(&link, "")));
    let minutes = i64::from(held.minutes);
    let message = Message::new(say!(
        "{} It's time for {}: {} minutes. {}{}",
        WORDS.emoji,
        the_sync(name),
        minutes,
        who,
        join
    ));
    if held.is_late() {
        message.with_context(say!("This comes late: it was due {}.", Markup::date_time(held.starts_at, zone)))
    } else {
        message
    }
}

/// What the channel reads when a sync is over.
pub fn over(held: &HeldSync, name: &str, zone: Tz) -> Message {
    announced(held, name, zone).with_context("This sync is over.")
}

/// What the channel reads when a sync begins, and after its lead was taken over. `zone` is that of its times; `is_limited` is
/// whether only people who were chosen can lead, `lost_scribe` whether the lead was to take notes.
pub fn start(held: &HeldSync, name: &str, zone: Tz, (is_limited, lost_scribe): (bool, bool)) -> Message {
    let label = if held.lead.is_some() { "I'll take over" } else { "I'll lead" };
    let button = Button {
        label: label.to_owned(),
        action: TAKE_OVER.to_owned(),
        value: format!("{} {} {}", held.programme, held.date, held.version()),
        look: ButtonStyle::Plain,
    };
    let message = announced(held, name, zone);
    let message = if lost_scribe { message.with_context(NO_NOTES) } else { message };
    message
        .with_context(say!(
            "{} can press *{}* until {}. The turn then counts as theirs.",
            if is_limited { "Anyone who takes turns" } else { "Anyone here" },
            label,
            Markup::time(held.ends_at, zone)
        ))
        .with_buttons(vec![button])
}

/// What the channel reads where the person who was to take notes leads.
const NO_NOTES: &str = "No one takes notes now: ask who writes down what matters.";

/// What a person reads who has taken over the lead; `took_notes` is whether they were to take notes.
pub fn leads_now(took_notes: bool) -> Message {
    let message = Message::new("You lead this sync now, and it counts as your turn. Thank you!");
    if took_notes {
        message.with_context("You don't take notes as well: ask who writes down what matters.")
    } else {
        message
    }
}

/// What a person reads who would take over and leads already.
pub fn leads_already() -> Message {
    Message::new("You lead this sync already, so nothing has changed.")
}

/// What a person reads who would take over after another person has.
pub fn taken(lead: Option<&UserId>) -> Message {
    let Some(lead) = lead else {
        return Message::new("This sync's lead has just changed. Nothing else has.");
    };
    Message::new(say!("{} was quicker and leads this sync now. Thanks for offering!", lead))
}

/// What a person reads who would take over when the sync is over.
pub fn too_late(command: &str) -> Message {
    Message::new("This sync is over, so its lead stays as it is.")
        .with_context(say!("{} shows who leads the next eight times.", way_of(command, "next")))
}

/// What an organiser reads when a sync could not be announced.
pub fn not_announced(channel: &ChannelId, programme: &str, bot: &UserId) -> Message {
    Message::new(say!(
        "I couldn't announce the sync in {}: the channel is archived, or I was removed from it.",
        channel
    ))
    .with_context(say!("Syncs go on once I'm back: restore the channel, or type `/invite` {} there.", bot))
    .with_buttons(vec![button(&WORDS, "Stop these syncs", Press::Stop, programme, ButtonStyle::Danger)])
}
