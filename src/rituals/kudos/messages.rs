//! Every word that people read about kudos.

mod mine;
#[cfg(test)]
mod tests;

pub use self::mine::{Mine, mine};
use super::plan::{Gift, LONGEST_REASON, LeftOut, MOST_PEOPLE, Objection, StoredGift};
use crate::{
    model::{
        message::{Block, Button, ButtonStyle, Field, Input, Message, Modal},
        people::{ChannelId, Mention, UserId},
        refusal::{Refusal, Shut},
        text::{Markup, all_of, count, mentions},
    },
    say,
};

/// The action of the button that takes a gift back; its value is the gift's id.
pub const UNDO: &str = "kudos:undo";
/// The action of the button that gives the same again; its value is what was typed.
pub const AGAIN: &str = "kudos:again";
/// The action of the button with which another ritual offers to thank a person; its value says who and what for.
pub const THANK: &str = "kudos:thank";
/// The callback of the form.
pub const FORM: &str = "kudos:give";
/// The form's field for the people.
pub const PEOPLE: &str = "people";
/// The form's field for the reason.
pub const REASON: &str = "reason";

/// Why the people of a gift who don't see its announcement are not told of it.
pub const TAKEN_BACK: &str = "it was taken back";
pub const MEMBERS_UNKNOWN: &str = "I don't know who is in the channel";

/// What `help` says.
pub fn help(command: &str, allowance: Option<i64>, undo_minutes: u32) -> Message {
    let daily = match allowance {
        Some(people) => say!("You can thank {} a day.", count(number(people), "person", "people")),
        None => Markup::from("You can thank as many people as you like."),
    };
    let undo = match undo_minutes {
        0 => Markup::default(),
        minutes => {
            say!(" Changed your mind? Press Undo within {}.", count(minutes as usize, "minute", "minutes"))
        }
    };
    Message::new(say!(
        "*Kudos: thank someone, and say what for.*\n\
         {} thanks them both in this channel. User groups work too.\n\
         {} opens a form.\n\
         {} shows what you've given and received. Only you see it.",
        example(command),
        Markup::code(command),
        Markup::code(&format!("{command} mine"))
    ))
    .with_context(say!("{}{}", daily, undo))
}

/// What the giver reads at once. In a private place there is no channel to announce it in.
pub fn confirmation(gift: &Gift, gift_id: &str, undo_minutes: u32, in_private: bool) -> Message {
    let mut message = Message::new(say!("Kudos to {}! :tada:", mentions(&gift.receivers)));
    if in_private {
        message =
            message.with_context("This conversation is private, so I'm telling them in a direct message.");
    }
    for line in left_out(&gift.left_out) {
        message = message.with_context(line);
    }
    if !gift.aside.is_empty() {
        message = message.with_context(aside(&gift.aside));
    }
    if undo_minutes == 0 {
        return message;
    }
    message
        .with_context(say!("You can undo this for {}.", count(undo_minutes as usize, "minute", "minutes")))
        .with_buttons(vec![button("Undo", UNDO, gift_id.to_owned(), ButtonStyle::Plain)])
}

fn left_out(people: &[(UserId, LeftOut)]) -> Vec<Markup> {
    let who = |why| people.iter().filter(|(_, w)| *w == why).map(|(p, _)| p.clone()).collect::<Vec<_>>();
    let mut lines = Vec::new();
    if !who(LeftOut::Giver).is_empty() {
        lines.push(Markup::from("I left you out: you can't give kudos to yourself."));
    }
    let bots = who(LeftOut::Bot);
    if !bots.is_empty() {
        lines.push(say!("I left out {}: kudos are for people, not for bots.", mentions(&bots)));
    }
    let gone = who(LeftOut::Gone);
    match gone.len() {
        0 => {}
        1 => lines.push(say!("I left out {}: that account is deactivated.", mentions(&gone))),
        _ => lines.push(say!("I left out {}: those accounts are deactivated.", mentions(&gone))),
    }
    lines
}

/// What a person reads who presses a button again that thanks a person once.
pub fn given_already() -> Message {
    Message::new("You've given these kudos already, so this press did nothing.")
}

/// What a person reads who would thank a person in a channel that they aren't in.
pub fn not_in_channel(channel: &ChannelId, command: &str) -> Message {
    Message::new(say!(
        "As far as I know you're not in {} any more, so I haven't thanked anyone there.",
        channel
    ))
    .with_context(say!("{} thanks people where you type it.", Markup::code(command)))
}

/// Tells the giver who is part of the reason and may have been meant to be thanked.
fn aside(people: &[Mention]) -> Markup {
    let names: Vec<Markup> = people.iter().map(mention).collect();
    let are = if names.len() == 1 { "is" } else { "are" };
    say!(
        "{} {} part of the reason, so I haven't thanked them. To do that, send a kudos that starts with their names.",
        all_of(&names),
        are
    )
}

fn mention(named: &Mention) -> Markup {
    match named {
        Mention::Person(person) => Markup::from(person),
        Mention::Group(_, Some(handle)) => Markup::words(&format!("@{handle}")),
        Mention::Group(_, None) => Markup::from("The user group"),
        Mention::Crowd(word) => Markup::words(&format!("@{word}")),
    }
}

/// What the channel reads.
pub fn announcement(giver: Option<&str>, receivers: &[UserId], reason: &str) -> Message {
    Message::new(with_reason(say!(":tada: {} thanks {}", called(giver), mentions(receivers)), reason))
}

/// What one of the people thanked reads where the bot can't say it in the channel.
pub fn private_announcement(
    giver: Option<&str>,
    receivers: &[UserId],
    reader: &UserId,
    reason: &str,
) -> Message {
    let others: Vec<UserId> = receivers.iter().filter(|person| *person != reader).cloned().collect();
    let thanked = if others.is_empty() {
        Markup::from("you")
    } else {
        say!("you, together with {}", mentions(&others))
    };
    Message::new(with_reason(say!(":tada: {} thanks {}", called(giver), thanked), reason))
}

/// The same for a person who isn't in the conversation, which isn't known to be public: what for stays where it was said.
pub fn private_announcement_without_reason(
    giver: Option<&str>,
    receivers: &[UserId],
    reader: &UserId,
) -> Message {
    private_announcement(giver, receivers, reader, "")
        .with_context("They said what for in a conversation that you're not in.")
}

/// The giver as text: a mention would ping them for their own gift.
fn called(giver: Option<&str>) -> Markup {
    giver.map_or_else(|| Markup::from("*A colleague*"), Markup::name)
}

fn with_reason(line: Markup, reason: &str) -> Markup {
    if reason.is_empty() { line } else { say!("{}\n{}", line, Markup::quote(reason)) }
}

/// What the giver reads after taking back, where a day is limited or not.
pub fn undone(is_limited: bool) -> Message {
    if is_limited {
        Message::new("Taken back. It no longer counts for them, or toward your daily limit.")
    } else {
        Message::new("Taken back. It no longer counts for them.")
    }
}

/// Why a gift cannot be taken back.
pub fn cannot_undo(given: Option<&StoredGift>, presser: &UserId, undo_minutes: u32) -> Message {
    match given {
        None => Message::new("I can't find that kudos any more, so there's nothing to take back."),
        Some(gift) if gift.giver != *presser => {
            Message::new("Only the person who gave this kudos can take it back.")
        }
        Some(gift) if gift.undone_at.is_some() => Message::new("You've already taken this kudos back."),
        Some(_) if undo_minutes == 0 => Message::new("Undo is switched off here, so this kudos stays."),
        Some(_) => Message::new(say!(
            "It's been more than {}, so this kudos stays. If it was a mistake, have a word with the person.",
            count(undo_minutes as usize, "minute", "minutes")
        )),
    }
}

/// What the giver reads when the channel is closed to the bot and the people thanked are told by DM.
pub fn told_privately(receivers: &[UserId], channel: &ChannelId, bot: &UserId, error: &str) -> Message {
    let told = say!("I can't post here, so I'm telling {} in a direct message.", mentions(receivers));
    match Refusal::of(error) {
        _ if channel.as_str().starts_with('D') => Message::new(told),
        Refusal::Conversation(Shut::Archived) => Message::new(say!("{} This channel is archived.", told)),
        Refusal::Conversation(Shut::NotIn) => Message::new(told)
            .with_context(say!("To let everyone here see the next one, invite me: `/invite` {}", bot)),
        Refusal::Conversation(Shut::Restricted) => {
            Message::new(told).with_context("Posting is restricted here. A workspace admin can change that.")
        }
        _ => Message::new(told).with_context(say!(
            "Slack's reason: {}. If it happens again, tell the people who run me.",
            Markup::code(error)
        )),
    }
}

/// What the giver reads when something stands in the way.
pub fn objection(objection: &Objection, command: &str) -> Message {
    let way = |words: &str| Markup::code(&format!("{command} {words}"));
    match objection {
        Objection::Nobody => Message::new(say!(
            "Who would you like to thank? Start with their names, each with an @: {}",
            example(command)
        ))
        .with_context(say!("{} shows everything you can do.", way("help"))),
        Objection::Unknown(typed, Some(nearest)) => {
            Message::new(say!("I don't know {}. Did you mean {}?", Markup::quoted(typed), way(nearest)))
        }
        Objection::Unknown(typed, None) => Message::new(say!(
            "I don't know {}. Try {}, {} or {}.",
            Markup::quoted(typed),
            example(command),
            way("mine"),
            way("help")
        )),
        other => Message::new(objection_line(other)).with_context(say!("For example: {}", example(command))),
    }
}

fn example(command: &str) -> Markup {
    Markup::code(&format!("{command} @ana @ben for unblocking the release"))
}

/// An objection in one sentence or two, which also fit under a field of the form.
pub fn objection_line(objection: &Objection) -> Markup {
    match objection {
        Objection::NotAllowed => Markup::from("You can't give kudos in this workspace, so nothing was sent."),
        Objection::Nobody => Markup::from("Choose at least one person to thank."),
        Objection::NamedLater => {
            Markup::from("Start with the names of the people you want to thank, then say what for.")
        }
        Objection::Unknown(typed, _) => say!("I don't know {}.", Markup::quoted(typed)),
        Objection::NotLinked(name) => say!(
            "I don't know {}. Pick the name from the list that Slack shows when you type @.",
            Markup::quoted(name)
        ),
        Objection::Crowd(word) => say!(
            "I can't thank {}. Name people or a user group, so it means something.",
            Markup::words(&format!("@{word}"))
        ),
        Objection::UnknownGroup(Some(handle)) => say!(
            "Slack doesn't tell me who's in {}. Name its people instead.",
            Markup::quoted(&format!("@{handle}"))
        ),
        Objection::UnknownGroup(None) => {
            Markup::from("Slack doesn't tell me who's in that user group. Name its people instead.")
        }
        Objection::EmptyGroup => Markup::from("There's no one else in that user group to thank."),
        Objection::OnlyLeftOut(LeftOut::Giver) => {
            Markup::from("You can't give kudos to yourself. Who helped you?")
        }
        Objection::OnlyLeftOut(LeftOut::Bot) => {
            Markup::from("Kudos are for people, not for bots. Is there a person behind it to thank?")
        }
        Objection::OnlyLeftOut(LeftOut::Gone) => {
            Markup::from("That account is deactivated, so your kudos wouldn't reach anyone.")
        }
        Objection::Erased => Markup::from(
            "One of the people you named wants me to keep nothing about them, so I didn't record these kudos. You can \
             thank the others without them.",
        ),
        Objection::NoReason => Markup::from("What for? Add a few words, so that it means something."),
        Objection::LongReason(length) => {
            say!("That reason has {} characters, and {} fit. Please shorten it.", *length, LONGEST_REASON)
        }
        Objection::Crowded(people) => say!(
            "That's {} people, and one kudos can thank {}. Name those who did the most.",
            *people,
            MOST_PEOPLE
        ),
        Objection::OverAllowance(people, allowance) => say!(
            "That's {}, and you can thank {} a day. Name fewer, and thank the others tomorrow.",
            count(*people, "person", "people"),
            *allowance
        ),
    }
}

/// What the giver reads whose day is used up. It also fits under a field of the form.
pub fn spent(people: usize, left: i64, allowance: i64) -> Markup {
    let why = match left {
        0 => say!("{}, so this one wasn't sent.", used_up_clause(allowance)),
        left => say!(
            "That's {}, and you can thank {} today, so this one wasn't sent.",
            count(people, "person", "people"),
            count(number(left), "more person", "more people")
        ),
    };
    say!("{} {}", why, more_after_midnight(allowance))
}

/// What the giver reads who has taken back so much in a day that people were told three times as often as a day allows.
pub fn taken_back_too_often() -> Markup {
    Markup::from(
        "You've taken back a lot of kudos today, so this one wasn't sent. You can give kudos again after midnight.",
    )
}

fn used_up(allowance: i64) -> Markup {
    say!("{}.", used_up_clause(allowance))
}

fn used_up_clause(allowance: i64) -> Markup {
    match allowance {
        1 => Markup::from("You've used today's kudos"),
        many => say!("You've used today's {} kudos", many),
    }
}

fn more_after_midnight(allowance: i64) -> Markup {
    match allowance {
        1 => Markup::from("You get another one after midnight."),
        many => say!("You get {} more after midnight.", many),
    }
}

/// What stands under the form when it was sent twice.
pub const SAME_AGAIN_IN_FORM: &str =
    "You just thanked them in the same words, and that one counted. You can close this form.";

/// What the giver reads who sent the same words twice within seconds.
pub fn same_again(receivers: &[UserId], typed: Option<String>) -> Message {
    let message = Message::new(say!(
        "You just thanked {} in the same words. That one counted, so I haven't sent it again.",
        mentions(receivers)
    ));
    match typed {
        Some(typed) => message.with_buttons(vec![button("Send it again", AGAIN, typed, ButtonStyle::Plain)]),
        // What was typed is too long for a button to remember.
        None => message.with_context("If you mean it twice, type it again in 30 seconds."),
    }
}

/// What stands under the form when it cannot be read any more.
pub const STALE_FORM: &str =
    "This form is from before an update, so I can't read it. Copy your text and open a new form.";

/// The form.
pub fn form(private: String, reason_required: bool) -> Modal {
    Modal {
        callback: FORM.to_owned(),
        title: "Give kudos".to_owned(),
        submit: "Give".to_owned(),
        close: "Cancel".to_owned(),
        private,
        tell_closed: false,
        blocks: vec![
            Block::Input(Input {
                name: PEOPLE.to_owned(),
                label: "Who would you like to thank?".to_owned(),
                hint: None,
                optional: false,
                field: Field::People { chosen: Vec::new(), limit: MOST_PEOPLE },
            }),
            Block::Input(Input {
                name: REASON.to_owned(),
                label: "What for?".to_owned(),
                hint: Some("It's shown with your name.".to_owned()),
                optional: !reason_required,
                field: Field::Text {
                    written: String::new(),
                    placeholder: "Unblocking the release on Friday evening".to_owned(),
                    multiline: true,
                    limit: LONGEST_REASON,
                },
            }),
        ],
    }
}

fn button(label: &str, action: &str, value: String, look: ButtonStyle) -> Button {
    Button { label: label.to_owned(), action: action.to_owned(), value, look }
}

fn number(of: i64) -> usize {
    usize::try_from(of).unwrap_or_default()
}
