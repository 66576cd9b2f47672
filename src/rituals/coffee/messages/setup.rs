//! What people read of coffee in the set-up form.

use chrono::{NaiveDate, NaiveDateTime};

use super::{AfterMove, Holidays, heading, next_round, on_the_wall, proposal::with_dates};
use crate::{
    common::setup::{PreviewMessage, Words, messages::input},
    model::{
        cadence::{Cadence, Occurrence},
        message::{Block, Field, Message, SelectOption, Shape},
        people::ChannelId,
        text::{Markup, count},
    },
    rituals::coffee::{
        options::Options,
        plan::{LARGEST_GROUP, SMALLEST_GROUP},
    },
    say,
};

/// What coffee says of itself in the form.
pub const WORDS: Words = Words {
    ritual: super::super::NAME,
    set_up: "Set up coffee chats",
    change: "Change coffee chats",
    who: "Everyone in the channel takes part, and anyone can skip a round or leave.",
    name: "Lunch",
};

/// The field for what is said around a round, and its options.
pub const AROUND: &str = "around";
/// The notice on the day before.
pub const TELL_BEFORE: &str = "notice";
/// The question at the end.
pub const ASK_AFTER: &str = "close";
/// The field for how many people are introduced at a time.
pub const SIZE: &str = "size";

/// The fields of a programme's options; `usual` is the size of groups that the configuration sets.
pub fn fields(options: &Options, usual: usize) -> Vec<Block> {
    let option = |label: &str, value: &str| SelectOption { label: label.to_owned(), value: value.to_owned() };
    let around = [(options.notice, TELL_BEFORE), (options.close, ASK_AFTER)];
    let around = Field::Choices {
        options: vec![
            option("Tell the channel the day before, so that people can skip", TELL_BEFORE),
            option("Ask each group at the end whether they met", ASK_AFTER),
        ],
        chosen: around.into_iter().filter(|(on, _)| *on).map(|(_, value)| value.to_owned()).collect(),
        shape: Shape::Open,
    };
    let sizes = (SMALLEST_GROUP..=LARGEST_GROUP).map(|size| {
        let label = format!("{size} people");
        option(&label, &size.to_string())
    });
    let size = Field::Choice {
        options: sizes.collect(),
        chosen: Some(options.group_size.unwrap_or(usual).to_string()),
        shape: Shape::Menu,
    };
    vec![
        input(AROUND, "Around each round", None, true, around),
        input(SIZE, "How many people meet at a time?", None, false, size),
    ]
}

/// The messages of chats as they would be, each with when it is read.
#[derive(Clone, Debug, Default)]
pub struct Showing {
    /// What the channel reads now.
    pub now: Option<Message>,
    /// What it reads on the day before a round.
    pub notice: Option<(NaiveDateTime, Message)>,
    /// What each group reads, and how many groups there are, as far as that's known.
    pub round: Option<(NaiveDateTime, Option<usize>, Message)>,
    /// What a group reads at the end.
    pub close: Option<(NaiveDateTime, Message)>,
}

/// The messages in the order in which people read them. `readers` is how many people are in the channel.
pub fn shown(channel: &ChannelId, readers: usize, showing: Showing) -> Vec<PreviewMessage> {
    let readers = count(readers, "person", "people");
    let mut shown: Vec<(Option<NaiveDateTime>, PreviewMessage)> = Vec::new();
    if let Some(message) = showing.now {
        shown.push((None, PreviewMessage { when: say!("Now, to {} in {}", &readers, channel), message }));
    }
    if let Some((wall, message)) = showing.notice {
        let when = say!("{}, to {} in {}", on_the_wall(wall), &readers, channel);
        shown.push((Some(wall), PreviewMessage { when, message }));
    }
    if let Some((wall, groups, message)) = showing.round {
        let groups = match groups {
            None => Markup::from("each group, for example"),
            Some(1) => Markup::from("1 group"),
            Some(groups) => say!("each of {} groups, for example", groups),
        };
        shown.push((
            Some(wall),
            PreviewMessage { when: say!("{}, to {}", on_the_wall(wall), groups), message },
        ));
    }
    if let Some((wall, message)) = showing.close {
        let when = say!("{}, to each group that hasn't said that it met", on_the_wall(wall));
        shown.push((Some(wall), PreviewMessage { when, message }));
    }
    shown.sort_by_key(|(wall, _)| *wall);
    shown.into_iter().map(|(_, shown)| shown).collect()
}

/// What differs in chats that are changed.
#[derive(Clone, Debug)]
pub struct Changes<'c> {
    /// Where they run.
    pub channel: &'c ChannelId,
    /// Their name so far and from now on.
    pub name: (&'c str, &'c str),
    /// Their times so far and from now on.
    pub cadence: (&'c Cadence, &'c Cadence),
    /// Their options so far and from now on.
    pub options: (&'c Options, &'c Options),
    /// The size of groups that the configuration sets.
    pub usual: usize,
    /// The next rounds, and the day from which they're seen.
    pub dates: (&'c [Occurrence], NaiveDate),
    /// The rounds that fall on holidays.
    pub holidays: Holidays<'c>,
    /// What comes.
    pub after: AfterMove,
}

/// What a person reads before chats change.
pub fn summary_of_change(changes: &Changes<'_>) -> Message {
    let mut lines = vec![say!("*Change {} in {}?*", heading(changes.name.0), changes.channel)];
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
    let (old, new) = changes.options;
    lines.extend(switched(
        (old.notice, new.notice),
        "From now on, I tell the channel on the day before.",
        "I don't tell the channel on the day before any more.",
    ));
    lines.extend(switched(
        (old.close, new.close),
        "From now on, I ask each group at the end whether they met.",
        "I don't ask groups any more whether they met.",
    ));
    let size = |options: &Options| options.group_size.unwrap_or(changes.usual);
    if size(old) != size(new) {
        lines.push(say!("{} people meet at a time, instead of {}.", size(new), size(old)));
    }
    if let Some(wall) = changes.after.announced {
        lines.push(say!("The round on {} stays as announced.", on_the_wall(wall)));
    }
    let message = with_dates(Message::new(Markup::join(&lines, "\n")), changes.dates, changes.holidays);
    match changes.after.next {
        Some(_) => message,
        None => message.with_context("They're paused, so there are no rounds until someone resumes them."),
    }
}

fn switched((old, new): (bool, bool), on: &'static str, off: &'static str) -> Option<Markup> {
    (old != new).then(|| Markup::from(if new { on } else { off }))
}

/// What stands at the name of chats that a channel has already.
pub fn name_taken(name: &str, cadence: Option<&Cadence>) -> Message {
    let times = cadence.map_or_else(Markup::default, |cadence| say!(", {}", Markup::words(&cadence.say())));
    if name.is_empty() {
        return Message::new(say!("Coffee chats run in that channel already{}. Give these a name.", times));
    }
    Message::new(say!(
        "Coffee chats called \"{}\" are there already{}. Choose another name.",
        Markup::words(name),
        times
    ))
}

/// What stands at the times where the form was sent as it opened.
pub fn nothing_changed() -> &'static str {
    "That's how they are already. Change something, or press Cancel."
}

/// What a person reads whose chats were changed by another person while they had the form open.
pub fn changed_meanwhile(cadence: &Cadence, is_paused: bool, next: Option<&Occurrence>) -> Markup {
    let how = match (is_paused, next) {
        (true, _) => Markup::from("They're paused now."),
        (false, Some(next)) => next_round(next),
        (false, None) => Markup::default(),
    };
    say!(
        "These chats were changed while you had the form open, so nothing is saved yet. Their times now: {}. {} What you typed \
         is below: check it, and press *Preview* again.",
        Markup::words(&cadence.say()),
        how
    )
}

/// What a person reads whose chats were stopped while they had the form open.
pub fn stopped_meanwhile() -> Markup {
    Markup::from(
        "These chats were stopped while you had the form open, so nothing is saved. What you typed is below: *Preview* and \
         then *Start* begins them anew.",
    )
}
