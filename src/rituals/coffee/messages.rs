//! Every word that people read about coffee chats.

mod introductions;
mod occasions;
mod problems;
mod questions;
mod setup;
mod status;
#[cfg(test)]
mod tests;

pub use self::{
    introductions::{
        introduction, introduction_met, introduction_over, no_rush, not_introduced, not_your_group, thanks,
        unknown_group,
    },
    occasions::{
        ask_whether_met, met_already, noted, notice, notice_over, notice_past, question_answered,
        question_declined,
    },
    problems::{FEW, NOT_IN_CHANNEL, NOTHING_AHEAD, RoundProblem, trouble},
    questions::question,
    setup::{
        AROUND, ASK_AFTER, SIZE, Showing, TELL_BEFORE, WORDS, changed_options, elsewhere, fields, shown,
    },
    status::held,
};
use crate::{
    common::programmes::{
        messages::{button, way_of, when},
        press::{Press, value_on},
    },
    model::{
        cadence::{Cadence, Occurrence},
        message::{Button, ButtonStyle, Message},
        people::UserId,
        text::Markup,
    },
    say,
};

/// The menu of an introduction.
pub const MORE: &str = "coffee:more";
/// The action of the button that says that a group met; its value is the group.
pub const MET: &str = "coffee:met";
/// The action of the button that says that a group has not met; its value is the group.
pub const NOT_YET: &str = "coffee:not_yet";
/// The action of the button that says at the end of a round that a group has not met.
pub const NOT_THIS_TIME: &str = "coffee:not_this_time";

/// What `help` says.
pub fn help(command: &str) -> Message {
    let way = |way: &str| way_of(command, way);
    Message::new(say!(
        "*Coffee chats introduce people in this channel to each other, round after round.*\n\
         {} opens a form that sets them up; where they run, it shows how they stand.\n\
         {} starts them in one line, or changes their times. Everyone in the channel takes part.\n\
         {} shows the next round and how many take part.\n\
         {} skips the next round, just for you.\n\
         {} takes you out, {} brings you back.\n\
         {} leaves you out until then, {} ends that.\n\
         {} cancels the round of that day for everyone, {} moves it.\n\
         {} stops the rounds for a while, {} brings them back.\n\
         {} ends them for the whole channel. I'll ask you first.",
        Markup::code(command),
        way(&WORDS.start()),
        way("status"),
        way("skip"),
        way("leave"),
        way("join"),
        way("away until Friday"),
        way("back"),
        way("cancel Tuesday"),
        way("move Tuesday to Wednesday"),
        way("pause"),
        way("resume"),
        way("stop")
    ))
    .with_context(say!(
        "Several can run in one channel under names: put {} at the end to start one, and the name behind the other words.",
        Markup::code("called Lunch")
    ))
    .with_context("You'll meet someone new each round, as long as there's someone new to meet.")
}

/// What the channel reads when chats begin.
pub fn announcement(
    organiser: &UserId,
    (name, programme): (&str, &str),
    cadence: &Cadence,
    next: &Occurrence,
    command: &str,
) -> Message {
    let name = if name.is_empty() { Markup::default() } else { say!(" ({})", Markup::bold(name)) };
    Message::new(say!(
        ":coffee: {} has started coffee chats here{}: {}. I'll introduce you to each other in small groups. First round: {}.",
        organiser,
        name,
        Markup::words(&cadence.say()),
        when(next)
    ))
    .with_context(say!(
        "Everyone here takes part. Rather not? Press *Skip the first round* or *Leave*, or type {} or {}.",
        way_of(command, "skip"),
        way_of(command, "leave")
    ))
    .with_buttons(vec![
        button(&WORDS, "Skip the first round", Press::Skip, &value_on(programme, next.wall.date()), ButtonStyle::Plain),
        button(&WORDS, "Leave", Press::Leave, programme, ButtonStyle::Plain),
    ])
}

/// A button of one of coffee's groups; its value is the group.
fn group_button(label: &str, action: &str, group: &str, look: ButtonStyle) -> Button {
    Button { label: label.to_owned(), action: action.to_owned(), value: group.to_owned(), look }
}
