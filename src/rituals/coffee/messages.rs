//! Every word that people read about coffee chats.

mod introductions;
mod standing;
#[cfg(test)]
mod tests;

use chrono::NaiveDateTime;

pub use self::{
    introductions::{introduction, introduction_met, no_rush, not_introduced, thanks},
    standing::{Past, Standing, status},
};
use crate::{
    model::{
        cadence::{Cadence, NotUnderstood, Occurrence},
        message::{Button, Look, Message},
        people::{ChannelId, UserId},
        text::{Markup, count, date},
    },
    say,
};

/// The action of the button that starts chats; its value is the cadence.
pub const START: &str = "coffee:start";
/// The action of the button that moves chats to other times; its value is the cadence.
pub const MOVE: &str = "coffee:move";
/// The action of the button that closes a preview.
pub const NOT_NOW: &str = "coffee:not_now";
/// The action of the button that stops chats; its value is the programme.
pub const STOP: &str = "coffee:stop";
/// The action of the button by which somebody takes part again; its value is the programme.
pub const JOIN: &str = "coffee:join";
/// The action of the button by which somebody leaves; its value is the programme.
pub const LEAVE: &str = "coffee:leave";
/// The action of the button by which somebody sits out one round; its value is the programme.
pub const SKIP: &str = "coffee:skip";
/// The action of the button that says that a group met; its value is the group.
pub const MET: &str = "coffee:met";
/// The action of the button that says that a group has not met; its value is the group.
pub const NOT_YET: &str = "coffee:not_yet";

/// What `help` says.
pub fn help(command: &str) -> Message {
    let line = |way: &str| Markup::code(&format!("{command} {way}"));
    Message::new(say!(
        "*Coffee chats: I bring people of this channel together, round after round.*\n\
         {} starts them here. Everybody in the channel takes part.\n\
         {} says when the next round is and who takes part.\n\
         {} sits out one round, {} all of them, {} takes part again.\n\
         {} ends them.",
        line("start every 2 weeks on Tuesday at 10:00"),
        line("status"),
        line("skip"),
        line("leave"),
        line("join"),
        line("stop")
    ))
    .with_context("Pairs who have met wait until all others have had their turn.")
}

/// What somebody reads who would start chats in a conversation that is no channel.
pub fn no_channel(command: &str) -> Message {
    Message::new(say!(
        "Coffee chats live in a channel. Go to one whose people should meet, and type {} there.",
        Markup::code(&format!("{command} start every Tuesday at 10:00"))
    ))
}

/// What a person reads who would start chats in a channel that was not read yet.
pub fn still_reading() -> Message {
    Message::new("I'm still reading this workspace. Try again in a few seconds.")
}

/// The same where Slack refuses to tell the bot about the channel, with this error.
pub fn cannot_read(error: &str) -> Message {
    Message::new(say!("I can't read this channel yet: Slack says {}.", Markup::code(error)))
        .with_context("I keep trying. If it stays like this, tell the people who run me.")
}

/// What a person reads who would start chats where the bot is not, as far as it knows.
pub fn not_here(bot: &UserId) -> Message {
    Message::new("As far as I know I'm not in this channel, so I can't see who's here. I'm checking with Slack now.")
        .with_context(say!(
            "If I was just invited, try again in a few seconds. If not, invite me with `/invite` {}, or in a group DM, \
             go to a channel.",
            bot
        ))
}

/// What a person reads who would start chats in a channel that is archived, as far as the bot knows.
pub fn archived() -> Message {
    Message::new("As far as I know this channel is archived, so coffee chats can't start here. I'm checking with Slack now.")
        .with_context("If it's back from the archive, try again in a few seconds.")
}

/// What somebody reads whose times were not understood.
pub fn not_understood(error: &NotUnderstood, command: &str) -> Message {
    Message::new(Markup::words(&error.to_string()))
        .with_context(say!("{} shows all that I can do here.", Markup::code(&format!("{command} help"))))
}

/// What somebody reads whose times come twice on one day.
pub fn twice_a_day() -> Message {
    Message::new("That comes more than once a day, and a coffee round asks for people's time.")
        .with_context("Once a week or every two weeks suits most channels.")
}

/// What somebody reads before chats begin: how it would be, with a button.
/// `unread` is how many people are in the channel while it isn't known who they are.
pub fn preview(
    cadence: &Cadence,
    people: usize,
    unread: Option<usize>,
    dates: &[Occurrence],
    value: String,
) -> Message {
    let crowd = match (unread, people) {
        (Some(1), _) => Markup::from("1 person is in this channel; I'm still reading who they are."),
        (Some(all), _) => {
            say!("{} are in this channel; I'm still reading who they are.", count(all, "person", "people"))
        }
        (None, 0 | 1) => {
            Markup::from("So far there is nobody here to pair; rounds begin when two people take part.")
        }
        (None, people) => say!("{} here would take part.", count(people, "person", "people")),
    };
    Message::new(say!("*Coffee chats in this channel, {}.*\n{}", Markup::words(&cadence.say()), crowd))
        .with_context(say!("First rounds: {}.", listed(dates)))
        .with_buttons(vec![
            button("Start", START, value, Look::Primary),
            button("Not now", NOT_NOW, "-".to_owned(), Look::Plain),
        ])
}

/// What somebody reads who would start chats where there are some: how it is, and a button to change it.
pub fn preview_of_move(now: &Cadence, then: &Cadence, dates: &[Occurrence], value: String) -> Message {
    Message::new(say!(
        "Coffee chats come here {}.\n*Shall they come {} from now on?*",
        Markup::words(&now.say()),
        Markup::words(&then.say())
    ))
    .with_context(say!("First rounds: {}.", listed(dates)))
    .with_buttons(vec![
        button("Change the times", MOVE, value, Look::Primary),
        button("Leave it", NOT_NOW, "-".to_owned(), Look::Plain),
    ])
}

/// What somebody reads who asked for the times that there are already.
pub fn same_times(now: &Cadence, next: Option<&Occurrence>) -> Message {
    Message::new(say!(
        "All set: coffee chats come here {} already.{}",
        Markup::words(&now.say()),
        next.map_or_else(Markup::default, |next| say!(" The next round is on {}.", when(next.wall)))
    ))
}

/// What becomes of a preview that somebody closes.
pub fn not_now(command: &str) -> Message {
    Message::new(say!("Nothing has changed. {} is there whenever you like.", Markup::code(command)))
}

/// What becomes of the preview when chats begin.
pub fn started(next: &Occurrence, people: usize) -> Message {
    let message = Message::new(say!("It is on. The first round comes on {}.", when(next.wall)));
    if people < 2 {
        return message.with_context("Invite some people to the channel until then.");
    }
    message.with_context("I have told the channel, with the way out for those who would rather not.")
}

/// What becomes of the preview when chats come at other times.
pub fn moved(next: &Occurrence) -> Message {
    Message::new(say!("Changed. The next round comes on {}.", when(next.wall)))
}

/// What the channel reads when chats begin.
pub fn announcement(
    organiser: &UserId,
    cadence: &Cadence,
    next: &Occurrence,
    programme: &str,
    command: &str,
) -> Message {
    Message::new(say!(
        ":coffee: {} has started coffee chats here: {}, I bring a few of you together for a chat. \
         The first round is on {}.",
        organiser,
        Markup::words(&cadence.say()),
        when(next.wall)
    ))
    .with_context(say!(
        "Everybody here takes part. Rather not? Leave at any time, or skip a round; {} does the same.",
        Markup::code(command)
    ))
    .with_buttons(vec![
        button("Skip the first", SKIP, programme.to_owned(), Look::Plain),
        button("Leave", LEAVE, programme.to_owned(), Look::Plain),
    ])
}

/// What the channel reads when chats come at other times.
pub fn announcement_of_move(mover: &UserId, cadence: &Cadence, next: &Occurrence) -> Message {
    Message::new(say!(
        ":coffee: {} has moved the coffee chats: they come {} now. The next round is on {}.",
        mover,
        Markup::words(&cadence.say()),
        when(next.wall)
    ))
}

/// What the channel reads when chats end.
pub fn announcement_of_stop(stopper: &UserId, command: &str) -> Message {
    Message::new(say!("{} has stopped the coffee chats here. Thank you all for meeting!", stopper))
        .with_context(say!(
            "{} starts them again, and remembers who has met.",
            Markup::code(&format!("{command} start"))
        ))
}

/// What somebody reads who has stopped chats.
pub fn stopped() -> Message {
    Message::new("Stopped. No further round comes, and I have told the channel.")
}

/// What somebody reads where there are no chats.
pub fn none_here(command: &str) -> Message {
    Message::new("There are no coffee chats in this channel yet.").with_context(say!(
        "{} starts them.",
        Markup::code(&format!("{command} start every 2 weeks on Tuesday at 10:00"))
    ))
}

/// What somebody reads whose button belongs to chats that have ended.
pub fn over() -> Message {
    Message::new("These coffee chats have ended, so there is nothing to do.")
}

/// What somebody reads who may not stop or move chats.
pub fn not_yours(organiser: &UserId, command: &str) -> Message {
    Message::new(say!(
        "{} looks after these chats; they or a workspace admin can change or stop them.",
        organiser
    ))
    .with_context(say!(
        "For yourself, {} sits out a round and {} all of them.",
        Markup::code(&format!("{command} skip")),
        Markup::code(&format!("{command} leave"))
    ))
}

/// What somebody reads who takes part again.
pub fn joined(next: Option<&Occurrence>) -> Message {
    Message::new(match next {
        Some(next) => say!("Good to have you. The next round is on {}.", when(next.wall)),
        None => Markup::from("Good to have you."),
    })
}

/// What somebody reads who has left.
pub fn left(channel: &ChannelId, programme: &str) -> Message {
    Message::new(say!("You have left the coffee chats of {}. Nobody is told.", channel))
        .with_context("You stay in the channel. If you were brought together with somebody just now, that still stands.")
        .with_buttons(vec![button("Join again", JOIN, programme.to_owned(), Look::Plain)])
}

/// What somebody reads who sits out a round.
pub fn skipping(next: &Occurrence, programme: &str) -> Message {
    Message::new(say!("You sit out the round on {}. After that you take part again.", when(next.wall)))
        .with_buttons(vec![button("Take part after all", JOIN, programme.to_owned(), Look::Plain)])
}

/// What somebody reads who would sit out a round when none comes.
pub fn nothing_to_skip() -> Message {
    Message::new("No further round is planned here, so there is none to sit out.")
}

/// What stands in the way of a programme's rounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble<'t> {
    /// The channel is archived, or the bot was removed from it.
    Closed,
    /// Fewer than two people take part.
    Few,
    /// Slack refuses to open conversations, with this error.
    Refused(&'t str),
    /// Slack refuses the announcement, with this error.
    Silenced(&'t str),
}

/// What the organiser reads about it.
pub fn trouble(trouble: Trouble<'_>, channel: &ChannelId, programme: &str, bot: &UserId) -> Message {
    let message = match trouble {
        Trouble::Closed => Message::new(say!(
            "I could not hold the coffee round in {}: the channel is archived, or I was removed from it.",
            channel
        ))
        .with_context(say!("Once I am back (`/invite` {}), rounds come again by themselves.", bot)),
        Trouble::Few => Message::new(say!(
            "There was no coffee round in {} this time: it takes two people, and fewer take part.",
            channel
        ))
        .with_context("Rounds come again by themselves when more people join the channel."),
        Trouble::Refused(error) => Message::new(say!(
            "I could not introduce people to each other in the coffee chats of {}: Slack says {}.",
            channel,
            Markup::code(error)
        ))
        .with_context(
            "Whoever runs me finds the mend with `rondo check`, and can send the introductions after all.",
        ),
        Trouble::Silenced(error) => Message::new(say!(
            "The coffee chats of {} are on, but I could not tell the channel: Slack says {}.",
            channel,
            Markup::code(error)
        ))
        .with_context(say!(
            "Invite me (`/invite` {}) or allow me to post; until then, please tell them.",
            bot
        )),
    };
    message.with_buttons(vec![button("Stop these chats", STOP, programme.to_owned(), Look::Danger)])
}

/// A day and a time on the wall.
fn when(wall: NaiveDateTime) -> Markup {
    say!("{} at {}", date(wall.date()), Markup::words(&wall.format("%H:%M").to_string()))
}

fn listed(dates: &[Occurrence]) -> Markup {
    let days: Vec<Markup> = dates.iter().map(|next| date(next.wall.date())).collect();
    Markup::join(&days, "; ")
}

fn button(label: &str, action: &str, value: String, look: Look) -> Button {
    Button { label: label.to_owned(), action: action.to_owned(), value, look }
}
