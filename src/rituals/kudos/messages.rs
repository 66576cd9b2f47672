//! Every word that people read about kudos.

#[cfg(test)]
mod tests;

use super::plan::{Gift, Given, LONGEST_REASON, LeftOut, MOST_PEOPLE, Objection};
use crate::{
    model::{
        message::{Block, Button, Field, Input, Look, Message, Modal},
        people::{ChannelId, UserId},
        text::{Markup, count, mentions, shorten},
    },
    say,
};

/// The action of the button that takes a gift back; its value is the gift's id.
pub const UNDO: &str = "kudos:undo";
/// The action of the button that gives the same again; its value is what was typed.
pub const AGAIN: &str = "kudos:again";
/// The callback of the form.
pub const FORM: &str = "kudos:give";
/// The form's field for the people.
pub const PEOPLE: &str = "people";
/// The form's field for the reason.
pub const REASON: &str = "reason";
/// How much of a reason a list shows, in characters.
const LONGEST_LINE: usize = 200;

/// What `help` says.
pub fn help(command: &str, allowance: Option<i64>, undo_minutes: u32) -> Message {
    let daily = match allowance {
        Some(people) => say!("You can thank {} a day.", count(number(people), "person", "people")),
        None => Markup::from("Thank as many people as you like."),
    };
    let undo = match undo_minutes {
        0 => Markup::default(),
        minutes => {
            say!(" Changed your mind? There is an Undo for {}.", count(minutes as usize, "minute", "minutes"))
        }
    };
    Message::new(say!(
        "*Kudos: thank somebody, and say what for.*\n\
         {} thanks both, here in the channel. User groups work too.\n\
         {} opens a form.\n\
         {} shows, to you alone, what you gave and got.",
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
        message = message.with_context("This conversation is private, so I tell them in a direct message.");
    }
    for line in left_out(&gift.left_out) {
        message = message.with_context(line);
    }
    if undo_minutes == 0 {
        return message;
    }
    message
        .with_context(say!("You can take it back for {}.", count(undo_minutes as usize, "minute", "minutes")))
        .with_buttons(vec![button("Undo", UNDO, gift_id.to_owned(), Look::Plain)])
}

fn left_out(people: &[(UserId, LeftOut)]) -> Vec<Markup> {
    let who = |why| people.iter().filter(|(_, w)| *w == why).map(|(p, _)| p.clone()).collect::<Vec<_>>();
    let mut lines = Vec::new();
    if !who(LeftOut::Giver).is_empty() {
        lines.push(Markup::from("I left you out: kudos go to others."));
    }
    let bots = who(LeftOut::Bot);
    if !bots.is_empty() {
        lines.push(say!("I left out {}: bots do not mind either way.", mentions(&bots)));
    }
    let gone = who(LeftOut::Gone);
    if !gone.is_empty() {
        lines.push(say!("I left out {}: they are no longer in this workspace.", mentions(&gone)));
    }
    lines
}

/// What the channel reads.
pub fn announcement(giver: &UserId, receivers: &[UserId], reason: &str) -> Message {
    Message::new(with_reason(say!(":tada: {} thanks {}", giver, mentions(receivers)), reason))
}

/// What one of the people thanked reads where the bot could not say it in the channel.
pub fn private_announcement(giver: &UserId, receivers: &[UserId], reader: &UserId, reason: &str) -> Message {
    let others: Vec<UserId> = receivers.iter().filter(|person| *person != reader).cloned().collect();
    let thanked = if others.is_empty() {
        Markup::from("you")
    } else {
        say!("you, together with {}", mentions(&others))
    };
    Message::new(with_reason(say!(":tada: {} thanks {}", giver, thanked), reason))
}

fn with_reason(line: Markup, reason: &str) -> Markup {
    if reason.is_empty() { line } else { say!("{}\n{}", line, Markup::quote(reason)) }
}

/// What the channel reads of a gift that was taken back.
pub fn announcement_undone(giver: &UserId) -> Message {
    Message::new(say!("_{} took a kudos back._", giver))
}

/// What the giver reads after taking back.
pub fn undone() -> Message {
    Message::new("Taken back. It no longer counts for anybody, nor towards your daily allowance.")
}

/// Why a gift cannot be taken back.
pub fn cannot_undo(given: Option<&Given>, presser: &UserId, undo_minutes: u32) -> Message {
    match given {
        None => Message::new("I cannot find that kudos any more, so there is nothing to take back."),
        Some(gift) if gift.giver != *presser => Message::new("Only the person who gave it can take it back."),
        Some(gift) if gift.undone_at.is_some() => {
            Message::new("That one is taken back already. All is well.")
        }
        Some(_) => Message::new(say!(
            "It has been more than {}, so this kudos stays. A word to the person usually mends it.",
            count(undo_minutes as usize, "minute", "minutes")
        )),
    }
}

/// What the giver reads when the channel is closed to the bot and the people thanked were told by DM.
pub fn told_privately(receivers: &[UserId], channel: &ChannelId, bot: &UserId, error: &str) -> Message {
    let told = say!("I cannot post here, so I told {} in a direct message.", mentions(receivers));
    match error {
        _ if channel.as_str().starts_with('D') => Message::new(told),
        "is_archived" => Message::new(say!("{} This channel is archived.", told)),
        "not_in_channel" | "channel_not_found" => Message::new(told)
            .with_context(say!("To let everybody see it next time, invite me: `/invite` {}", bot)),
        _ => {
            Message::new(told).with_context("Posting is restricted here; a workspace admin can change that.")
        }
    }
}

/// What somebody gave and got; for them alone.
pub fn mine(given: i64, got: i64, latest: &[Given], left_today: Option<i64>, command: &str) -> Message {
    let sum = match (given, got) {
        (0, 0) => Markup::from("You have neither given nor received kudos yet."),
        (given, 0) => say!("You have given {} kudos, and received none yet.", given),
        (0, got) => say!("You have received {} kudos, and given none yet.", got),
        (given, got) => say!("You have given {} kudos and received {}.", given, got),
    };
    let mut lines = vec![sum];
    for gift in latest {
        let reason = Markup::words(&shorten(&one_line(&gift.reason), LONGEST_LINE));
        let colon = if gift.reason.is_empty() { "" } else { ": " };
        lines.push(say!("• {} {}{}{}", Markup::words(&gift.local_date), &gift.giver, colon, reason));
    }
    let hint = match left_today {
        Some(0) => {
            Markup::from("All of today's kudos are given. There are new ones after midnight, your time.")
        }
        Some(people) => say!("You can thank {} today.", count(number(people), "more person", "more people")),
        None => say!("Anybody come to mind? {}", Markup::code(&format!("{command} @name for …"))),
    };
    Message::new(Markup::join(&lines, "\n")).with_context(hint)
}

/// A text whose line breaks and other wide gaps are single spaces.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What the giver reads when something stands in the way.
pub fn objection(objection: &Objection, command: &str) -> Message {
    match objection {
        Objection::Nobody => {
            Message::new(say!("Who would you like to thank? Name them first: {}", example(command)))
                .with_context(say!("{} shows all that it can do.", Markup::code(&format!("{command} help"))))
        }
        other => Message::new(objection_line(other)).with_context(say!("For example: {}", example(command))),
    }
}

fn example(command: &str) -> Markup {
    Markup::code(&format!("{command} @ana @ben for unblocking the release"))
}

/// An objection in one sentence, which also fits under a field of the form.
pub fn objection_line(objection: &Objection) -> Markup {
    match objection {
        Objection::Nobody => Markup::from("Choose at least one person to thank."),
        Objection::NotLinked(name) => say!(
            "I do not know who {} is. Pick the name from the list that Slack shows after you type the @.",
            Markup::words(&format!("@{name}"))
        ),
        Objection::Crowd(word) => say!(
            "{} would ring for everybody, and a thank-you to all reaches nobody. Name the people or their user group.",
            Markup::words(&format!("@{word}"))
        ),
        Objection::UnknownGroup(handle) => say!(
            "I do not know the user group {} yet. I am looking for it: try again in a minute, or name its people.",
            Markup::words(
                &handle.as_ref().map_or_else(|| "you named".to_owned(), |handle| format!("@{handle}"))
            )
        ),
        Objection::EmptyGroup => Markup::from("There is nobody else in that group to thank."),
        Objection::OnlyLeftOut(LeftOut::Giver) => {
            Markup::from("That is kind to yourself, and kudos are for the others. Who helped you?")
        }
        Objection::OnlyLeftOut(LeftOut::Bot) => {
            Markup::from("Bots are glad without kudos. Is there a person behind it to thank?")
        }
        Objection::OnlyLeftOut(LeftOut::Gone) => {
            Markup::from("They are no longer in this workspace, so a kudos would not reach them.")
        }
        Objection::NoReason => Markup::from("What for? A few words make it worth reading."),
        Objection::LongReason(length) => say!(
            "The reason has {} characters, and {} fit. What is the heart of it?",
            *length,
            LONGEST_REASON
        ),
        Objection::Crowded(people) => say!(
            "That would be {} people, and one kudos thanks up to {}. Who did the most for it?",
            *people,
            MOST_PEOPLE
        ),
        Objection::OverAllowance(people, allowance) => say!(
            "That would be {}, and a day's allowance is {}. Name fewer, or go on tomorrow.",
            count(*people, "person", "people"),
            *allowance
        ),
    }
}

/// What the giver reads whose day is used up.
pub fn spent(people: usize, left: i64, allowance: i64) -> Message {
    Message::new(spent_line(people, left, allowance))
        .with_context("There is a new allowance after midnight, your time. Nothing was counted.")
}

/// The same in one sentence, which also fits under a field of the form.
pub fn spent_line(people: usize, left: i64, allowance: i64) -> Markup {
    match left {
        0 => say!(
            "That is all for today: you have thanked {}, as many as a day allows.",
            count(number(allowance), "person", "people")
        ),
        left => say!(
            "That would be {}, and you can thank {} today.",
            count(people, "person", "people"),
            count(number(left), "more person", "more people")
        ),
    }
}

/// What stands under the form when it was sent twice.
pub const SAME_AGAIN_IN_FORM: &str =
    "You have just thanked them in the same words, and that one arrived. You can close this form.";

/// What the giver reads who sent the same words twice within seconds.
pub fn same_again(receivers: &[UserId], typed: Option<String>) -> Message {
    let message = Message::new(say!(
        "You have just thanked {} in the same words, and that one arrived. I have not counted it twice.",
        mentions(receivers)
    ));
    match typed {
        Some(typed) => message.with_buttons(vec![button("Give it once more", AGAIN, typed, Look::Plain)]),
        // What was typed is too long for a button to remember.
        None => message.with_context("If you mean it twice, send it again in half a minute."),
    }
}

/// What stands under the form when it cannot be read any more.
pub const STALE_FORM: &str = "This form is from before an update. Please close it and open a new one.";

/// The form.
pub fn form(private: String, reason_required: bool) -> Modal {
    Modal {
        callback: FORM.to_owned(),
        title: "Give kudos".to_owned(),
        submit: "Give".to_owned(),
        close: "Not now".to_owned(),
        private,
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
                hint: Some("It is shown together with your name.".to_owned()),
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

fn button(label: &str, action: &str, value: String, look: Look) -> Button {
    Button { label: label.to_owned(), action: action.to_owned(), value, look }
}

fn number(of: i64) -> usize {
    usize::try_from(of).unwrap_or_default()
}
