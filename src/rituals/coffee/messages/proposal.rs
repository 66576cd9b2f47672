//! What people read before chats begin.

use chrono::{NaiveDate, NaiveDateTime};

use super::{NOT_NOW, START, button, on_the_wall};
use crate::{
    model::{
        cadence::{Cadence, Occurrence},
        message::{ButtonStyle, Message},
        people::ChannelId,
        text::{Markup, count, date, date_as_of},
    },
    say,
};

/// What may stand under a preview: the dates that fall on holidays, and the words that leave them out.
pub type Holidays<'h> = (&'h [NaiveDate], Option<&'h str>);

/// Who would take part, as far as it is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Takers {
    /// How many people are known to be there who can be introduced.
    pub here: usize,
    /// How many people are in the channel while it isn't known who they are.
    pub unread: Option<usize>,
    /// How many of those who are there take part in other chats already.
    pub elsewhere: usize,
}

/// Chats as they would be.
#[derive(Clone, Debug)]
pub struct Proposal<'p> {
    /// Where; `None` is the channel that this is read in.
    pub channel: Option<&'p ChannelId>,
    /// What they would be called; empty where they'd have no name.
    pub name: &'p str,
    /// When they would come.
    pub cadence: &'p Cadence,
    /// Who would take part.
    pub people: Takers,
    /// The first rounds, and the day from which they're seen.
    pub dates: (&'p [Occurrence], NaiveDate),
    /// A time that is left out since it is less than an hour away.
    pub too_near: Option<NaiveDateTime>,
    /// The rounds that fall on holidays.
    pub holidays: Holidays<'p>,
}

/// What a person reads before chats begin: how they would be, with a button.
pub fn preview(proposal: &Proposal<'_>, value: String) -> Message {
    summary(proposal).with_buttons(vec![
        button("Start", START, value, ButtonStyle::Primary),
        button("Not now", NOT_NOW, "-".to_owned(), ButtonStyle::Plain),
    ])
}

/// How chats would be.
pub fn summary(proposal: &Proposal<'_>) -> Message {
    let people = proposal.people;
    let others = match people.elsewhere {
        0 => Markup::default(),
        1 => Markup::from(" 1 of them has other coffee chats already."),
        all if all == people.here => Markup::from(" All of them have other coffee chats already."),
        elsewhere => say!(" {} of them have other coffee chats already.", elsewhere),
    };
    let people = match (people.unread, people.here) {
        (Some(1), _) => Markup::from("1 person is in this channel; I'm still reading who they are."),
        (Some(all), _) => {
            say!("{} are in this channel; I'm still reading who they are.", count(all, "person", "people"))
        }
        (None, 0 | 1) => {
            Markup::from("A round needs two people, so nothing happens until more people join this channel.")
        }
        (None, people) => say!("{} here would take part.{}", count(people, "person", "people"), others),
    };
    let place = proposal.channel.map_or_else(|| Markup::from("this channel"), Markup::from);
    let times = Markup::words(&proposal.cadence.say());
    let title = match proposal.name {
        "" => say!("*Coffee chats in {}, {}.*", place, times),
        name => say!("*{}: coffee chats in {}, {}.*", Markup::plain(name), place, times),
    };
    let mut message =
        with_dates(Message::new(say!("{}\n{}", title, people)), proposal.dates, proposal.holidays);
    if let Some(near) = proposal.too_near {
        message = message.with_context(say!(
            "{} is less than an hour away, so the chats begin with the round after it: people get time to opt out.",
            on_the_wall(near)
        ));
    }
    message
}

/// Adds when rounds come, seen from today, and which of them people may want to leave out.
pub(super) fn with_dates(
    message: Message,
    (dates, today): (&[Occurrence], NaiveDate),
    (days, except): Holidays<'_>,
) -> Message {
    let rounds = if dates.len() == 1 { "First round" } else { "First rounds" };
    let first: Vec<Markup> = dates.iter().map(|next| date_as_of(today, next.wall.date())).collect();
    let message = message.with_context(say!("{}: {}.", rounds, Markup::join(&first, "; ")));
    let days: Vec<Markup> = days.iter().map(|day| date(*day)).collect();
    let Some((last, others)) = days.split_last() else { return message };
    let (days, falls, it) = match others {
        [] => (last.clone(), "is a holiday", "it"),
        others => (say!("{} and {}", Markup::join(others, "; "), last), "are holidays", "them"),
    };
    let way_out = except.map_or_else(Markup::default, |except| {
        say!(" To leave {} out, type the times again with {} at the end.", it, Markup::code(except))
    });
    message.with_context(say!("{} {} for many people.{}", days, falls, way_out))
}
