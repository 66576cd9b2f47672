//! What people read before a programme begins.

use chrono::{NaiveDate, NaiveDateTime};

use super::{button, on_the_wall};
use crate::{
    common::{programmes::press::Press, words::Words},
    model::{
        cadence::{Cadence, Occurrence},
        message::{ButtonStyle, Message},
        people::ChannelId,
        text::{Markup, count, date, date_as_of, date_with_year},
    },
    say,
};

/// What may stand under a preview: the dates that fall on holidays, and the words that leave them out.
pub type Holidays<'h> = (&'h [NaiveDate], Option<&'h str>);

/// Who would take part, as far as it is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Takers {
    /// How many people are known to be there who can take part.
    pub here: usize,
    /// How many people are in the channel while it isn't known who they are.
    pub unread: Option<usize>,
    /// What the ritual says of those who are there: sentences, or nothing.
    pub remark: Markup,
}

/// A programme as it would be.
#[derive(Clone, Debug)]
pub struct Proposal<'p> {
    /// Where; `None` is the channel that this is read in.
    pub channel: Option<&'p ChannelId>,
    /// What it would be called; empty where it'd have no name.
    pub name: &'p str,
    /// When it would come.
    pub cadence: &'p Cadence,
    /// Who would take part.
    pub people: &'p Takers,
    /// The first occasions, and the day from which they're seen.
    pub dates: (&'p [Occurrence], NaiveDate),
    /// A time that is left out since it is less than an hour away.
    pub too_near: Option<NaiveDateTime>,
    /// The occasions that fall on holidays.
    pub holidays: Holidays<'p>,
}

/// What a person reads before a programme begins: how it would be, with a button.
pub fn preview(words: &Words, proposal: &Proposal<'_>, value: &str) -> Message {
    summary(words, proposal).with_buttons(vec![
        button(words, "Start", Press::Start, value, ButtonStyle::Primary),
        button(words, "Not now", Press::NotNow, "-", ButtonStyle::Plain),
    ])
}

/// How a programme would be.
pub fn summary(words: &Words, proposal: &Proposal<'_>) -> Message {
    let people = takers(words, proposal.people);
    let place = proposal.channel.map_or_else(|| Markup::from("this channel"), Markup::from);
    let times = Markup::words(&proposal.cadence.say());
    let title = match proposal.name {
        "" => say!("*{} in {}, {}.*", words.at_start(), place, times),
        name => say!("*{}: {} in {}, {}.*", Markup::plain(name), words.plural, place, times),
    };
    let message = Message::new(say!("{}\n{}", title, people));
    let is_form = proposal.channel.is_some();
    let message = with_dates(words, message, proposal.dates, proposal.holidays, is_form);
    let mut message = with_past_start(message, (None, proposal.cadence), proposal.dates.1);
    if let Some(near) = proposal.too_near {
        message = message.with_context(say!(
            "{} is less than an hour away, so the {} begin with the {} after it: people get time to opt out.",
            on_the_wall(near),
            words.short,
            words.occasion
        ));
    }
    message
}

/// How a programme would be whose only occasion is held at once.
pub fn summary_at_once(words: &Words, (channel, name): (&ChannelId, &str), people: &Takers) -> Message {
    let title = match name {
        "" => say!("*One {} in {}, as soon as you press Start.*", words.occasion, channel),
        name => say!(
            "*{}: one {} in {}, as soon as you press Start.*",
            Markup::plain(name),
            words.occasion,
            channel
        ),
    };
    Message::new(say!("{}\n{}", title, takers(words, people)))
        .with_context(say!("It's held once: no further {} is planned.", words.occasion))
}

/// Who would take part.
fn takers(words: &Words, people: &Takers) -> Markup {
    let (fewest, in_letters) = words.fewest;
    let remark =
        if people.remark.as_str().is_empty() { Markup::default() } else { say!(" {}", &people.remark) };
    match (people.unread, people.here) {
        (Some(1), _) => Markup::from("1 person is in this channel; I'm still reading who they are."),
        (Some(all), _) => {
            say!("{} are in this channel; I'm still reading who they are.", count(all, "person", "people"))
        }
        (None, people) if people < fewest => say!(
            "A {} needs {} people, so nothing happens until more people join this channel.",
            words.occasion,
            in_letters
        ),
        (None, people) => say!("{} here would take part.{}", count(people, "person", "people"), remark),
    }
}

/// Says of times whose first day is over that they begin with the next date. Those so far may have that day already.
pub(super) fn with_past_start(
    message: Message,
    (old, new): (Option<&Cadence>, &Cadence),
    today: NaiveDate,
) -> Message {
    let is_new = |day: &NaiveDate| old.is_none_or(|old| old.starting != Some(*day));
    match new.starting.filter(|day| *day < today).filter(is_new) {
        Some(day) => {
            message.with_context(say!("{} is over, so they begin with the next date.", date_with_year(day)))
        }
        None => message,
    }
}

/// Adds when occasions come, seen from today, and which of them people may want to leave out: in the form, or by typing the times again.
pub(super) fn with_dates(
    words: &Words,
    message: Message,
    (dates, today): (&[Occurrence], NaiveDate),
    (days, except): Holidays<'_>,
    is_form: bool,
) -> Message {
    let noun = if dates.len() == 1 { words.occasion } else { words.occasions };
    let first: Vec<Markup> = dates.iter().map(|next| date_as_of(today, next.wall.date())).collect();
    let message = message.with_context(say!("First {}: {}.", noun, Markup::join(&first, "; ")));
    let days: Vec<Markup> = days.iter().map(|day| date(*day)).collect();
    let Some((last, others)) = days.split_last() else { return message };
    let (days, falls, it) = match others {
        [] => (last.clone(), "is a holiday", "it"),
        others => (say!("{} and {}", Markup::join(others, "; "), last), "are holidays", "them"),
    };
    let way_out = except.map_or_else(Markup::default, |except| {
        let except = Markup::code(except);
        if is_form {
            say!(" To leave {} out, press *Back* and write {} at the end of the times.", it, except)
        } else {
            say!(" To leave {} out, type the times again with {} at the end.", it, except)
        }
    });
    message.with_context(say!("{} {} for many people.{}", days, falls, way_out))
}
