//! Every word that people read about coffee chats.

mod introductions;
mod moving;
mod occasions;
mod problems;
mod proposal;
mod questions;
mod refusals;
mod setup;
mod status;
mod taking_part;
#[cfg(test)]
mod tests;

use chrono::NaiveDateTime;

pub use self::{
    introductions::{
        introduction, introduction_met, introduction_over, no_rush, not_introduced, not_your_group, thanks,
        unknown_group,
    },
    moving::{AfterMove, announcement_of_move, moved, preview_of_move, saved},
    occasions::{ask_whether_met, met_already, noted, notice, question_answered, question_declined},
    problems::{FEW, NOT_IN_CHANNEL, NOTHING_AHEAD, RoundProblem, trouble},
    proposal::{Holidays, Proposal, Takers, preview, summary},
    questions::question,
    refusals::{
        archived, cannot_read, guests_stay_out, long_name, may_not_start, no_channel, no_such_name,
        none_here, not_here, not_understood, not_yours, outdated, over, times_over, too_soon, twice_a_day,
        unknown, unknown_button, wrong_times,
    },
    setup::{
        AROUND, ASK_AFTER, Changes, SIZE, Showing, TELL_BEFORE, WORDS, changed_meanwhile, fields, name_taken,
        nothing_changed, shown, stopped_meanwhile, summary_of_change,
    },
    status::{PastRound, Status, TakingPart, status},
    taking_part::{
        already_in, already_left, joined, joined_but_away, left, not_in_channel, not_seen, nothing_to_skip,
        skipping,
    },
};
use super::request::Verb;
use crate::{
    model::{
        cadence::{Cadence, Occurrence},
        message::{Button, ButtonStyle, Message},
        people::{ChannelId, UserId},
        text::{Markup, date},
    },
    say,
};

/// The action of the button that starts chats; its value is the cadence.
pub const START: &str = "coffee:start";
/// The action of the button that moves chats to other times; its value is the cadence.
pub const MOVE: &str = "coffee:move";
/// The action of the button that closes a question and changes nothing.
pub const NOT_NOW: &str = "coffee:not_now";
/// The action of the button that asks whether to stop chats; its value is the programme.
pub const STOP: &str = "coffee:stop";
/// The action of the button that stops chats; its value is the programme and the instant of its start.
pub const STOP_NOW: &str = "coffee:stop_now";
/// The action of the button that shows how chats stand; its value is the programme.
pub const STATUS: &str = "coffee:status";
/// The action of the button that opens the form for further chats.
pub const SET_UP: &str = "coffee:set_up";
/// The action of the button that opens the form with chats in it; its value is the programme.
pub const CHANGE: &str = "coffee:change";
/// The action of the button that pauses chats; its value is the programme.
pub const PAUSE: &str = "coffee:pause";
/// The action of the button that resumes chats; its value is the programme.
pub const RESUME: &str = "coffee:resume";
/// The action of the button by which a person takes part again; its value is the programme.
pub const JOIN: &str = "coffee:join";
/// The action by which a person leaves; its value is the programme.
pub const LEAVE: &str = "coffee:leave";
/// The action by which a person skips the next round; its value is the programme.
pub const SKIP: &str = "coffee:skip";
/// The menu of an introduction.
pub const MORE: &str = "coffee:more";
/// The action of the button that says that a group met; its value is the group.
pub const MET: &str = "coffee:met";
/// The action of the button that says that a group has not met; its value is the group.
pub const NOT_YET: &str = "coffee:not_yet";
/// The action of the button that says at the end of a round that a group has not met.
pub const NOT_THIS_TIME: &str = "coffee:not_this_time";

/// What to type to start chats, as an example.
const EXAMPLE: &str = "start every 2 weeks on Tuesday at 10:00";

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
         {} stops the rounds for a while, {} brings them back.\n\
         {} ends them for the whole channel. I'll ask you first.",
        Markup::code(command),
        way(EXAMPLE),
        way("status"),
        way("skip"),
        way("leave"),
        way("join"),
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

/// What a person reads who asks for the times that there are already.
pub fn same_times(now: &Cadence, next: Option<&Occurrence>) -> Message {
    Message::new(say!(
        "Coffee chats already run here, {}.{}",
        Markup::words(&now.say()),
        next.map_or_else(Markup::default, |next| say!(" {}", next_round(next)))
    ))
}

/// What becomes of a question that a person closes.
pub fn not_now(command: &str) -> Message {
    Message::new(say!("OK, nothing has changed. {} shows what I can do here.", way_of(command, "help")))
}

/// What a person reads who has started chats; with the channel where that isn't the one they read this in.
pub fn started(next: &Occurrence, people: usize, name: &str, channel: Option<&ChannelId>) -> Message {
    let are_on = if name.is_empty() {
        Markup::from("Coffee chats are on")
    } else {
        say!("{} is on", Markup::bold(name))
    };
    let next = when(next);
    let message = Message::new(match channel {
        None => say!("{}. First round: {}. I'm announcing it here; anyone can opt out.", are_on, next),
        Some(channel) => say!(
            "{} in {}. First round: {}. I'm announcing it there; anyone can opt out.",
            are_on,
            channel,
            next
        ),
    });
    if people < 2 {
        return message.with_context("A round needs two people, so invite a few to the channel before then.");
    }
    message
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
        ":coffee: {} has started coffee chats here{}: {}, I'll introduce you to each other in small groups. First round: {}.",
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
        button("Skip the first round", SKIP, programme.to_owned(), ButtonStyle::Plain),
        button("Leave", LEAVE, programme.to_owned(), ButtonStyle::Plain),
    ])
}

/// What the channel reads when chats pause.
pub fn announcement_of_pause(by: &UserId, name: &str) -> Message {
    Message::new(say!(":coffee: {} has paused {}. I'll say when they go on.", by, called(name)))
}

/// What the channel reads when chats go on after a pause.
pub fn announcement_of_resume(by: &UserId, name: &str, next: &Occurrence) -> Message {
    Message::new(say!(":coffee: {} has resumed {}. {}", by, called(name), next_round(next)))
}

/// What a person reads who has paused chats.
pub fn paused(name: &str, programme: &str) -> Message {
    Message::new(say!("I've paused {}. There are no rounds until you resume them.", called(name)))
        .with_buttons(vec![button("Resume", RESUME, programme.to_owned(), ButtonStyle::Plain)])
}

/// What a person reads whose pause met the beginning of a round.
pub fn round_begins() -> Message {
    Message::new("A round is just beginning, so I haven't paused the chats. Try again in a few seconds.")
}

/// What a person reads who has resumed chats.
pub fn resumed(name: &str, next: &Occurrence) -> Message {
    Message::new(say!("I've resumed {}. {}", called(name), next_round(next)))
}

/// What a person reads whose command may mean several chats: a button for each, by its name.
pub fn which(word: Verb, running: &[(&str, &str)]) -> Message {
    /// A longer list isn't read.
    const MOST: usize = 20;
    let (question, action) = match word {
        Verb::Stop => ("Which coffee chats do you want to stop?", STOP),
        Verb::Join => ("Which coffee chats do you want to join again?", JOIN),
        Verb::Leave => ("Which coffee chats do you want to leave?", LEAVE),
        Verb::Skip => ("Of which coffee chats do you want to skip the next round?", SKIP),
        Verb::Pause => ("Which coffee chats do you want to pause?", PAUSE),
        Verb::Resume => ("Which coffee chats do you want to resume?", RESUME),
        Verb::Status | Verb::Help | Verb::Start => ("Several coffee chats run here. Which ones?", STATUS),
    };
    let one = |(name, id): &(&str, &str)| {
        let label = if name.is_empty() { "The ones without a name" } else { name };
        button(label, action, (*id).to_owned(), ButtonStyle::Plain)
    };
    // Slack wants different actions in one row, so each has a row of its own.
    running
        .iter()
        .take(MOST)
        .map(one)
        .fold(Message::new(question), |message, button| message.with_buttons(vec![button]))
}

/// What the channel reads when chats end.
pub fn announcement_of_stop(stopper: &UserId, name: &str, have_met: bool, command: &str) -> Message {
    let thanks = if have_met { " Thanks for meeting, everyone!" } else { "" };
    Message::new(say!("{} has stopped {}.{}", stopper, called(name), thanks)).with_context(say!(
        "{} starts them again at the same times. I'll remember who has met.",
        start_again(name, command)
    ))
}

/// What to type to start chats again that were stopped.
pub(super) fn start_again(name: &str, command: &str) -> Markup {
    if name.is_empty() { way_of(command, "start") } else { way_of(command, &format!("start called {name}")) }
}

/// What a person reads before chats end.
pub fn ask_to_stop(
    (name, channel): (&str, &ChannelId),
    people: usize,
    next: Option<&Occurrence>,
    programme: &str,
) -> Message {
    let people = match people {
        0 => Markup::from("No one takes part at the moment"),
        1 => Markup::from("1 person takes part"),
        people => say!("{} people take part", people),
    };
    let lost = match next {
        Some(next) => say!("the round on {} won't happen", when(next)),
        None => Markup::from("no round is planned"),
    };
    Message::new(say!("*Stop {} in {}?*\n{}, and {}.", heading(name), channel, people, lost)).with_buttons(
        vec![
            button("Stop these chats", STOP_NOW, programme.to_owned(), ButtonStyle::Danger),
            button("Keep them", NOT_NOW, "-".to_owned(), ButtonStyle::Plain),
        ],
    )
}

/// What a person reads who has stopped chats.
pub fn stopped(name: &str, channel: &ChannelId) -> Message {
    Message::new(say!(
        "I've stopped {} in {}. If I can post there, I'm telling the channel.",
        called(name),
        channel
    ))
}

/// What chats are called in a sentence.
fn called(name: &str) -> Markup {
    if name.is_empty() { Markup::from("the coffee chats") } else { Markup::bold(name) }
}

/// The same in a heading, which is in bold as a whole.
fn heading(name: &str) -> Markup {
    if name.is_empty() { Markup::from("the coffee chats") } else { Markup::plain(name) }
}

/// A day and a time, which Slack shows each reader in their own zone.
fn when(round: &Occurrence) -> Markup {
    Markup::moment(round.at, &on_the_wall(round.wall))
}

/// A day and a time on the wall of the chats.
fn on_the_wall(wall: NaiveDateTime) -> Markup {
    say!("{} at {}", date(wall.date()), Markup::words(&wall.format("%H:%M").to_string()))
}

fn next_round(round: &Occurrence) -> Markup {
    say!("Next round: {}.", when(round))
}

fn way_of(command: &str, way: &str) -> Markup {
    Markup::code(&format!("{command} {way}"))
}

fn button(label: &str, action: &str, value: String, look: ButtonStyle) -> Button {
    Button { label: label.to_owned(), action: action.to_owned(), value, look }
}
