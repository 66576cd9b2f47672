//! What people read in the set-up form beside its fields.

use chrono::NaiveDate;

use super::{
    AfterMove, Holidays, heading,
    moving::{none_while_paused, stays},
    next_occasion,
    proposal::{with_dates, with_past_start},
};
use crate::{
    common::words::Words,
    model::{
        cadence::{Cadence, Occurrence},
        message::Message,
        people::ChannelId,
        text::Markup,
    },
    say,
};

/// What differs in a programme that is changed.
#[derive(Clone, Debug)]
pub struct Changes<'c> {
    /// Where it runs.
    pub channel: &'c ChannelId,
    /// Its name so far and from now on.
    pub name: (&'c str, &'c str),
    /// Its times so far and from now on.
    pub cadence: (&'c Cadence, &'c Cadence),
    /// What the ritual says of each of its options that differs.
    pub options: Vec<Markup>,
    /// The next occasions, and the day from which they're seen.
    pub dates: (&'c [Occurrence], NaiveDate),
    /// The occasions that fall on holidays.
    pub holidays: Holidays<'c>,
    /// What comes.
    pub after: AfterMove,
}

/// What a person reads before a programme changes.
pub fn summary_of_change(words: &Words, changes: &Changes<'_>) -> Message {
    let mut lines = vec![say!("*Change {} in {}?*", heading(words, changes.name.0), changes.channel)];
    let named = |name: &str| if name.is_empty() { Markup::from("none") } else { Markup::words(name) };
    let (old, new) = changes.name;
    if old != new {
        lines.push(say!("Name so far: {}\nNew name: {}", named(old), named(new)));
    }
    let (old, new) = changes.cadence;
    if old == new {
        lines.push(say!("Times, as so far: {}", Markup::words(&new.say())));
    } else {
        lines.push(say!(
            "Times so far: {}\nNew times: {}",
            Markup::words(&old.say()),
            Markup::words(&new.say())
        ));
    }
    lines.extend(changes.options.iter().cloned());
    lines.extend(changes.after.announced.map(|wall| stays(words, wall)));
    let message = Message::new(Markup::join(&lines, "\n"));
    let message = with_dates(words, message, changes.dates, changes.holidays, true);
    let message = with_past_start(message, (Some(old), new), changes.dates.1);
    match changes.after.next {
        Some(_) => message,
        None => message.with_context(none_while_paused(words)),
    }
}

/// What stands at an empty name where others run in the channel, one of which is called this.
pub fn name_wanted(words: &Words, other: &str) -> Message {
    Message::new(say!(
        "{} called \"{}\" run in that channel. Give these a name, too.",
        words.at_start(),
        Markup::words(other)
    ))
}

/// What stands at a name that the channel has given already.
pub fn name_taken(words: &Words, name: &str, cadence: Option<&Cadence>) -> Message {
    let times = cadence.map_or_else(Markup::default, |cadence| say!(", {}", Markup::words(&cadence.say())));
    if name.is_empty() {
        return Message::new(say!(
            "{} run in that channel already{}. Give these a name.",
            words.at_start(),
            times
        ));
    }
    Message::new(say!(
        "{} called \"{}\" are there already{}. Choose another name.",
        words.at_start(),
        Markup::words(name),
        times
    ))
}

/// What stands at the times where the form was sent as it opened.
pub fn nothing_changed() -> &'static str {
    "That's how they are already. Change something, or press Cancel."
}

/// What a person reads whose programme was changed by another person while they had the form open.
pub fn changed_meanwhile(
    words: &Words,
    cadence: &Cadence,
    is_paused: bool,
    next: Option<&Occurrence>,
) -> Markup {
    let how = match (is_paused, next) {
        (true, _) => Markup::from("They're paused now."),
        (false, Some(next)) => next_occasion(words, next),
        (false, None) => Markup::default(),
    };
    say!(
        "These {} were changed while you had the form open, so nothing is saved yet. Their times now: {}. {} What you typed \
         is below: check it, and press *Preview* again.",
        words.short,
        Markup::words(&cadence.say()),
        how
    )
}

/// What a person reads whose programme was stopped while they had the form open.
pub fn stopped_meanwhile(words: &Words) -> Markup {
    say!(
        "These {} were stopped while you had the form open, so nothing is saved. What you typed is below: *Preview* and \
         then *Start* begins them anew.",
        words.short
    )
}
