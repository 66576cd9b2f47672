//! What people read of programmes that another person organises from now on.

use super::{button, called, heading, way_called};
use crate::{
    common::{programmes::press::Press, words::Words},
    model::{
        message::{ButtonStyle, Message},
        people::{ChannelId, UserId},
        text::{Markup, mentions},
    },
    say,
};

/// Why a person can't organise a programme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WrongOrganiser {
    /// No person is mentioned.
    NoOne,
    /// Several people are mentioned.
    Several,
    /// More words stand behind the person, and none of them is a name of the programme.
    More,
    /// They alone organise it now.
    Already,
    Unknown,
    Deactivated,
    Bot,
    /// They are a guest, or of another workspace.
    Guest,
    NotInChannel,
}

/// What a person reads before another one organises a programme; `organisers` are all who'd organise it then.
pub fn ask_to_hand_over(
    words: &Words,
    (name, channel): (&str, &ChannelId),
    organisers: &[UserId],
    (by, to): (&UserId, &UserId),
    value: &str,
) -> Message {
    let (title, then, label) = if by == to {
        let title = say!("*Take over {} in {}?*", heading(words, name), channel);
        (title, say!("You alone would run the {} from now on.", words.short), "Take over")
    } else {
        let title = say!("*Hand {} in {} over to {}?*", heading(words, name), channel, to);
        let then = say!(
            "From then on {} can change, move, pause and stop the {}. Only {} or a workspace admin could hand back to you.",
            mentions(organisers),
            words.short,
            if organisers.len() == 1 { "they" } else { "one of them" }
        );
        (title, then, "Hand over")
    };
    Message::new(say!("{}\n{}", title, then)).with_buttons(vec![
        button(words, label, Press::HandOver, value, ButtonStyle::Primary),
        button(words, "Not now", Press::NotNow, "-", ButtonStyle::Plain),
    ])
}

/// What a person reads who has handed a programme over; `organisers` are all who organise it now.
pub fn handed_over(
    words: &Words,
    name: &str,
    organisers: &[UserId],
    (by, to): (&UserId, &UserId),
) -> Message {
    if by == to {
        let called = called(words, name);
        return Message::new(say!("You run {} from now on. I'm telling the channel.", called));
    }
    let run = if organisers.len() == 1 { "runs" } else { "run" };
    Message::new(say!(
        "{} {} {} from now on. I'm telling {} and the channel.",
        mentions(organisers),
        run,
        called(words, name),
        to
    ))
}

/// What the channel reads of a programme that other people organise from now on.
pub fn organised_by(words: &Words, name: &str, organisers: &[UserId], by: &UserId) -> Message {
    let run = if organisers.len() == 1 { "runs" } else { "run" };
    let handed = if organisers.contains(by) { Markup::default() } else { say!(": {} has handed over", by) };
    Message::new(say!(
        "{} {} {} {} from now on{}.",
        words.emoji,
        mentions(organisers),
        run,
        called(words, name),
        handed
    ))
}

/// What the person reads who organises a programme from now on.
/// `is_planned` says whether an occasion is to come, and `waits` what waits for an organiser: a sentence, or nothing.
pub fn you_organise(
    words: &Words,
    by: &UserId,
    (name, channel): (&str, &ChannelId),
    (is_planned, waits): (bool, &Markup),
    command: &str,
) -> Message {
    let named = |way: &str| way_called(command, way, name);
    let now = if is_planned {
        say!(": you can change, move, pause and stop the {}.", words.short)
    } else {
        say!(". No further {} is planned.", words.occasion)
    };
    let waits = if waits.as_str().is_empty() { Markup::default() } else { say!(" {}", waits) };
    Message::new(say!(
        "{} {} has handed {} in {} over to you{}{}",
        words.emoji,
        by,
        called(words, name),
        channel,
        now,
        waits
    ))
    .with_context(say!(
        "Type {} there to see how they stand. If it isn't for you, {} makes another person the organiser.",
        named("status"),
        named("hand over to @name")
    ))
}

/// The refusal of a person who can't organise a programme.
pub fn wrong_organiser(
    words: &Words,
    to: Option<&UserId>,
    wrong: WrongOrganiser,
    (command, scope): (&str, &str),
) -> Message {
    let who = to.map_or_else(|| Markup::from("They"), Markup::from);
    let said = match wrong {
        WrongOrganiser::NoOne => {
            Markup::from("To whom? Type @ and pick the name of one person from the list.")
        }
        WrongOrganiser::Several => Markup::from("To whom of them? Mention one person."),
        WrongOrganiser::More => say!("I don't know what the words behind {} mean.", who),
        WrongOrganiser::Already => say!("{} runs these {} already.", who, words.short),
        WrongOrganiser::Unknown => say!("I can't find {}.", who),
        WrongOrganiser::Deactivated => say!("The account of {} is deactivated.", who),
        WrongOrganiser::Bot => say!("{} is a bot, and people run {}.", who, words.plural),
        WrongOrganiser::Guest => {
            say!("{} is a guest or of another workspace, so they can't run {}.", who, words.plural)
        }
        WrongOrganiser::NotInChannel => {
            say!("As far as I know {} isn't in this channel. Invite them first.", who)
        }
    };
    Message::new(said).with_context(say!(
        "Nothing has changed. For example: {}.",
        way_called(command, "hand over to @name", scope)
    ))
}
