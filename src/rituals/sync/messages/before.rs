//! What people read before a sync: whether they will lead, and what was settled.

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::{WORDS, start::the_sync};
use crate::{
    common::{
        people::{Away, messages::edit},
        programmes::messages::{way_of, when},
    },
    model::{
        cadence::Occurrence,
        message::{Block, Button, ButtonStyle, Control, Message, Pick, Select, SelectOption},
        people::{ChannelId, UserId},
        text::{Markup, date as day, date_as_of, shorten},
    },
    say,
};

/// The actions of people who are asked to lead. The value is the programme, the date and the version of the turn.
pub const ACCEPT: &str = "sync:accept";
pub const DECLINE: &str = "sync:decline";
pub const SWAP: &str = "sync:swap";
/// The action of a person who offers to lead. Its value is the same.
pub const VOLUNTEER: &str = "sync:volunteer";

/// The action of the menu in which they choose one of several syncs; what they choose is the same value.
pub const VOLUNTEER_FOR: &str = "sync:volunteer_for";

/// How many characters a label has at most, and a name in a label with a time.
const LONGEST_LABEL: usize = 75;
const LONGEST_NAME: usize = 40;
/// How many syncs the menu has at most: as many as a menu of Slack's takes.
const MOST_OFFERS: usize = 100;

/// Why nothing was done about a lead, as the runs of a programme quote it.
pub const NOT_NEXT: &str = "another sync comes next";
pub const NO_ONE_LEADS: &str = "no one has said yes so far";
pub const OUT_OF_HOURS: &str = "it isn't a working hour of the person to write to";

/// The sync that a message is about.
#[derive(Clone, Copy, Debug)]
pub struct SyncPlace<'p> {
    /// Its name; empty without one.
    pub name: &'p str,
    pub channel: &'p ChannelId,
    pub at: &'p Occurrence,
}

impl SyncPlace<'_> {
    /// Returns which sync it is, and when: the words behind *lead*.
    pub(super) fn say(&self) -> Markup {
        say!("{} in {} on {}", the_sync(self.name), self.channel, when(self.at))
    }
}

/// Returns a button about a turn.
fn about(label: &str, action: &str, value: &str, look: ButtonStyle) -> Button {
    Button { label: label.to_owned(), action: action.to_owned(), value: value.to_owned(), look }
}

/// What a person reads who is next. Without a `deadline` they lead if they say nothing.
pub fn ask(place: &SyncPlace<'_>, deadline: Option<&Occurrence>, value: &str) -> Message {
    asked(question(place), deadline, value)
}

/// The question to a person who is next.
pub(super) fn question(place: &SyncPlace<'_>) -> Markup {
    say!("{} It's your turn to lead {}. Will you?", WORDS.emoji, place.say())
}

/// What they read again if they have not answered.
pub fn remind(place: &SyncPlace<'_>, deadline: Option<&Occurrence>, value: &str) -> Message {
    asked(
        say!("{} I haven't heard from you yet: will you lead {}?", WORDS.emoji, place.say()),
        deadline,
        value,
    )
}

fn asked(question: Markup, deadline: Option<&Occurrence>, value: &str) -> Message {
    Message::new(question).with_context(silence(deadline)).with_buttons(answers(value))
}

/// What follows if a person says nothing.
pub(super) fn silence(deadline: Option<&Occurrence>) -> Markup {
    match deadline {
        None => Markup::from("If I don't hear from you, I'll announce you as the lead."),
        Some(deadline) => say!(
            "If I don't hear from you by {}, I'll ask the next in line, and your turn comes later.",
            when(deadline)
        ),
    }
}

/// The buttons of a person who hasn't said that they lead.
pub(super) fn answers(value: &str) -> Vec<Button> {
    vec![
        about("I'll do it", ACCEPT, value, ButtonStyle::Primary),
        about("Swap with…", SWAP, value, ButtonStyle::Plain),
        about("Can't this time", DECLINE, value, ButtonStyle::Plain),
    ]
}

/// What a person reads who leads without having been asked, or without having answered.
pub fn named(place: &SyncPlace<'_>, value: &str) -> Message {
    Message::new(please_lead(place)).with_context(CANNOT).with_buttons(answers(value))
}

/// The request to a person who was not asked, or has not answered.
pub(super) fn please_lead(place: &SyncPlace<'_>) -> Markup {
    say!("{} Please lead {}: it's your turn.", WORDS.emoji, place.say())
}

/// What they can do if they can't lead.
pub(super) const CANNOT: &str = "If I don't hear from you, I'll announce you as the lead. If you can't, press *Swap with…* to ask a colleague, or *Can't this time* and I'll ask the next in line.";

/// The same message with a small grey line before its buttons.
pub(super) fn above_buttons(mut message: Message, line: Markup) -> Message {
    let buttons = message.blocks.iter().position(|block| matches!(block, Block::Buttons(_)));
    message.text = say!("{}\n{}", &message.text, &line);
    message.blocks.insert(buttons.unwrap_or(message.blocks.len()), Block::Context(line));
    message
}

/// What a person reads who has said that they lead.
pub fn yours(place: &SyncPlace<'_>, value: &str) -> Message {
    Message::new(say!(":white_check_mark: You lead {}. Thank you!", place.say()))
        .with_context(COMES_UP)
        .with_buttons(ways_out(value))
}

/// What a person reads who said so long ago.
pub fn agreed(place: &SyncPlace<'_>, value: &str) -> Message {
    Message::new(say!("{} Coming up: you lead {}, as agreed. Thank you!", WORDS.emoji, place.say()))
        .with_context(COMES_UP)
        .with_buttons(ways_out(value))
}

/// What they can do if they can't.
const COMES_UP: &str = "If something comes up, press *Swap with…* or *Can't after all*.";

/// The buttons of a person who leads.
pub fn ways_out(value: &str) -> Vec<Button> {
    vec![
        about("Swap with…", SWAP, value, ButtonStyle::Plain),
        about("Can't after all", DECLINE, value, ButtonStyle::Plain),
    ]
}

/// What a person reads who would swap and has no turn that they could give away.
pub const NO_TURN_TO_SWAP: &str =
    "A turn can be swapped once I've asked you whether you'll lead: *Swap with…* comes with that question.";

/// The same message with the button of a person who offers to lead a sync of a name. Where the message has such a button already,
/// the label says the date.
pub fn with_offer(
    message: Message,
    (name, at): (&str, &Occurrence),
    names_date: bool,
    value: &str,
) -> Message {
    let label =
        if names_date { at.wall.format("I'll do it on %-d %B").to_string() } else { "I'll do it".to_owned() };
    let label = if name.is_empty() { label } else { format!("{label}: {name}") };
    let label = shorten(&label, LONGEST_LABEL);
    message
        .with_context(say!(
            "It isn't settled who leads {} on {}: press *{}* to lead.",
            the_sync(name),
            when(at),
            Markup::plain(&label)
        ))
        .with_buttons(vec![about(&label, VOLUNTEER, value, ButtonStyle::Plain)])
}

/// The same message with a menu for a person who offers to lead one of many syncs, each with its name, its time in the reader's
/// zone, and the value of its button.
pub fn with_offers(message: Message, offers: &[(String, Occurrence, String)], zone: Tz) -> Message {
    let option = |(name, at, value): &(String, Occurrence, String)| {
        let at = at.at.with_timezone(&zone).format("%A, %-d %B at %H:%M").to_string();
        let label = if name.is_empty() { at } else { format!("{}: {at}", shorten(name, LONGEST_NAME)) };
        SelectOption { label, value: value.clone() }
    };
    message
        .with_context("It isn't settled who leads these syncs: choose one below to lead it.")
        .with_controls(vec![Control::Select(Select {
            action: VOLUNTEER_FOR.to_owned(),
            value: "-".to_owned(),
            placeholder: "I'll do it…".to_owned(),
            pick: Pick::Choice {
                options: offers.iter().take(MOST_OFFERS).map(option).collect(),
                chosen: None,
            },
        })])
}

/// The same message with the buttons of a person whose turn it is; `leads` is whether they have said that they lead, or were told to.
pub fn with_own_turn(message: Message, place: &SyncPlace<'_>, leads: bool, value: &str) -> Message {
    let (verb, buttons) =
        if leads { ("lead", ways_out(value)) } else { ("are asked to lead", answers(value)) };
    message.with_context(say!("You {} {}:", verb, place.say())).with_buttons(buttons)
}

/// What a person reads who answers when the sync has begun.
pub fn begun((name, date): (&str, NaiveDate), command: &str) -> Message {
    Message::new(say!("Nothing has changed: {} on {} has begun, or falls out.", the_sync(name), day(date)))
        .with_context(say!("{} shows who leads the next eight times.", way_of(command, "next")))
}

/// What a person reads who answers after the syncs were moved.
pub fn moved((name, date): (&str, NaiveDate), command: &str) -> Message {
    Message::new(say!(
        "Nothing has changed: {} on {} isn't planned any more. If it's your turn, I'll ask you again.",
        the_sync(name),
        day(date)
    ))
    .with_context(say!("{} shows who leads the next eight times.", way_of(command, "next")))
}

/// Whether the person who has the turn of a sync that moves can still lead it.
#[derive(Clone, Copy, Debug)]
pub enum TurnMoved<'t> {
    /// They can, and read of it at once.
    Below,
    /// They can, and read of it then.
    At(&'t Occurrence),
    IsNotThere,
}

/// What the person reads who has the turn of a sync that moves.
pub fn turn_moved(old: &SyncPlace<'_>, new: &Occurrence, turn: TurnMoved<'_>) -> Message {
    let turn = match turn {
        TurnMoved::Below => Markup::from("Your turn has moved with it: my message about it is below."),
        TurnMoved::At(at) => say!(
            "Your turn has moved with it: I'll write to you about it on {}, unless something changes before.",
            when(at)
        ),
        TurnMoved::IsNotThere => Markup::from("You aren't there then, so I'll ask the next in line."),
    };
    Message::new(say!("{} {}", moved_to(old, new), turn))
}

/// What the older messages about a turn become once the person is named, in a new one.
pub fn named_below(place: &SyncPlace<'_>) -> Message {
    Message::new(say!("I haven't heard from you, and it's your turn to lead {}: see below.", place.say()))
}

/// What the older messages about a turn become once the person has answered: the newest one has the answer.
pub fn answered_below(place: &SyncPlace<'_>) -> Message {
    Message::new(say!("You've answered: what you said about {} is below.", place.say()))
}

/// What the older messages about a sync become once a newer one says what holds.
pub fn news_below(place: &SyncPlace<'_>) -> Message {
    Message::new(say!("There's news below about {}.", place.say()))
}

/// Says that a sync has moved: what happened, so that it stays true when the sync moves again or its lead changes.
pub(super) fn moved_to(old: &SyncPlace<'_>, new: &Occurrence) -> Markup {
    say!("{} Moved to {}: {}.", WORDS.emoji, when(new), old.say())
}

/// The same message with when the sync was before it moved.
pub fn with_old_time(message: Message, old: &Occurrence) -> Message {
    above_buttons(message, say!("It has moved: it was planned for {}.", when(old)))
}

/// What a person reads who answers while the syncs are paused.
pub fn paused() -> Message {
    Message::new(
        "These syncs are paused, so nothing has changed. If it's your turn when they're back, I'll ask you again.",
    )
}

/// What a person reads who answers for a turn that they don't have. `lead` is the person who has it.
pub fn not_yours(lead: Option<&UserId>) -> Message {
    match lead {
        Some(lead) => {
            Message::new(say!("This turn isn't yours any more, so nothing has changed: {} has it.", lead))
        }
        None => Message::new("This turn isn't yours any more, so nothing has changed."),
    }
}

/// What a person reads who has said already that they lead.
pub fn yours_already(place: &SyncPlace<'_>) -> Message {
    Message::new(say!("You're down to lead {} already. Thank you!", place.say()))
}

/// What a person reads who has offered to lead.
pub fn yours_now(place: &SyncPlace<'_>) -> Message {
    Message::new(say!("You lead {}. Thank you!", place.say()))
}

/// What a person reads who offers to lead, and another was quicker.
pub fn lead_is_taken(place: &SyncPlace<'_>, lead: &UserId) -> Message {
    Message::new(say!("{} was quicker and leads {}. Thanks for offering!", lead, place.say()))
}

/// What a person reads who answers and is not in the channel any more.
pub fn not_in_channel() -> Message {
    Message::new("You aren't in the channel of that sync any more, so nothing has changed.")
}

/// What a person reads who would lead a sync in which they don't take part.
pub fn not_taking_part(place: &SyncPlace<'_>, command: &str) -> Message {
    Message::new(say!("You don't take part, so you can't lead {}.", place.say()))
        .with_context(say!("{} brings you back in.", way_of(command, "join")))
}

/// What a person reads who would lead on a day on which they are away, with those days and today; without them, on a day on
/// which they don't work.
pub fn not_there(place: &SyncPlace<'_>, away: Option<(Away, NaiveDate)>, command: &str) -> Message {
    let message = match away {
        None => Message::new(say!("You don't work on that day, so you can't lead {}.", place.say()))
            .with_context("*My settings* has your working days."),
        Some((away, today)) if away.covers(today) => Message::new(say!(
            "You're away until {}, so you can't lead {}.",
            date_as_of(today, away.to),
            place.say()
        ))
        .with_context(say!("Back earlier? {} ends your time away.", way_of(command, "back"))),
        Some((away, today)) if away.from == away.to => Message::new(say!(
            "You're away on {}, so you can't lead {}.",
            date_as_of(today, away.from),
            place.say()
        ))
        .with_context("Plans changed? *My settings* has your times away."),
        Some((away, today)) => Message::new(say!(
            "You're away from {} to {}, so you can't lead {}.",
            date_as_of(today, away.from),
            date_as_of(today, away.to),
            place.say()
        ))
        .with_context("Plans changed? *My settings* has your times away."),
    };
    message.with_buttons(vec![edit("My settings")])
}

/// What a person reads who would lead on a public holiday of theirs.
pub fn has_holiday(place: &SyncPlace<'_>) -> Message {
    Message::new(say!("That day is a public holiday in your region, so you can't lead {}.", place.say()))
        .with_context("*My settings* has your region.")
        .with_buttons(vec![edit("My settings")])
}

/// What the messages to the former lead become when another person takes over on the day.
pub fn led_by_another((name, channel): (&str, &ChannelId), lead: &UserId) -> Message {
    Message::new(say!("{} leads {} in {} now.", lead, the_sync(name), channel))
}

/// What the former lead reads when another person takes over on the day; `takes_notes` is whether they take notes again.
pub fn taken_from_you((name, channel): (&str, &ChannelId), lead: &UserId, takes_notes: bool) -> Message {
    let message = Message::new(say!(
        "{} has taken over and leads {} in {}, so you don't have to.",
        lead,
        the_sync(name),
        channel
    ))
    .with_context("The turn counts as theirs, and yours comes later.");
    if takes_notes { message.with_context("You take notes again, as it was planned.") } else { message }
}
