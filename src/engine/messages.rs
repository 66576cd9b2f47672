//! Rondo's own texts: its help, in a channel and in a DM, and its reports of failures.

use std::collections::BTreeMap;

use crate::{
    model::{
        authority::Denied,
        event::Event,
        message::{Block, Button, ButtonStyle, Message, Modal},
        text::{Markup, nearest, shorten},
    },
    ritual::Ritual,
    say,
};

/// The prefix of the action of a button that runs a ritual's command; the ritual's name follows.
pub const OPEN: &str = "rondo:open:";

/// How many characters of a word that was not understood are quoted.
const WORD_CHARACTERS: usize = 40;
/// How long the value of a button may be, in characters.
const BUTTON_CHARACTERS: usize = 2_000;

/// The refusal of a request while too many effects of the same person wait.
pub const TOO_MANY_WAITING: &str = "I'm still sending what you asked for before: 500 of your messages are waiting, so I didn't \
     take this one. Please try again in a few minutes.";

/// The reply to a request that the store refused.
pub const NOT_SAVED: &str =
    "I couldn't save that just now, so nothing was done. Please try again in a minute.";

/// The reply to a request of which the store did not say whether it was saved.
pub const PERHAPS_SAVED: &str = "I couldn't save that properly, and I don't know whether it was done. Before you try \
     again, please look whether it is there.";

/// The reply to a request that is not saved yet when Slack's time for an answer ends.
pub const STILL_SAVING: &str = "Saving takes longer than it should. I'm still on it, and the outcome will show. \
     Before you try again, please look whether it is there.";

/// The reply to a request that met a fault of the program.
pub const BROKEN: &str = "Something went wrong on my side, and I don't know whether it was done. It's in my log; please \
     tell the people who run me.";

/// Why a run was skipped or an occasion cancelled, as the status of its programme quotes it behind a colon.
pub const WAS_STOPPED: &str = "the programme was stopped";
pub const IS_PAUSED: &str = "the programme is paused";
pub const RITUAL_UNKNOWN: &str = "this release doesn't know the ritual";
pub const RUN_TOO_LATE: &str = "I wasn't running at the time, and it was too late when I came back";
pub const DONE_BEFORE: &str = "it was done on that day already";
pub const CLOCK_WAS_AHEAD: &str = "the clock was wrong when it was planned";
pub const KEEPS_CHANGING: &str = "the programme kept changing";
pub const READ_AGAIN: &str = "what it was planned from has changed";

/// What a person reads if the form that they asked for could not be opened before its trigger expired.
pub fn form_too_late() -> Message {
    Message::new("The form didn't open in time. Please try once more.")
}

/// The reply to `/rondo`: every ritual's command, made from the rituals.
pub fn help(rituals: &[Box<dyn Ritual>], rondo_command: &str) -> Message {
    Message::new(say!("*Here's what you can do with Rondo.*\n{}", ways(rituals, rondo_command))).with_context(
        say!(
            "{} works too, and {} behind any command shows everything it can do.",
            Markup::code(&format!("{rondo_command} kudos …")),
            Markup::code("help")
        ),
    )
}

/// The reply to `/rondo` with a word that it does not know, or with unknown words behind a known one.
pub fn unknown(typed: &str, rituals: &[Box<dyn Ritual>], rondo_command: &str) -> Message {
    let word_shown = Markup::words(&shorten(typed, WORD_CHARACTERS));
    let word = typed.split_whitespace().next().unwrap_or_default();
    let first = match meant(word, rituals, rondo_command) {
        Some(command) => say!("I don't know \"{}\". Did you mean {}?", word_shown, Markup::code(&command)),
        None => say!("I don't know \"{}\".", word_shown),
    };
    Message::new(say!("{}\n{}", first, ways(rituals, rondo_command)))
}

/// The help for a person who wrote to the bot in their DM.
pub fn direct_help(rituals: &[Box<dyn Ritual>], rondo_command: &str) -> Message {
    let offers = rituals.iter().rev().filter_map(|ritual| {
        let (label, _) = ritual.offer()?;
        Some(Button {
            label: label.to_owned(),
            action: format!("{OPEN}{}", ritual.name()),
            value: "-".to_owned(),
            look: ButtonStyle::Plain,
        })
    });
    Message::new(say!(
        "Hi! I don't read what's written here, but these work in any channel:\n{}",
        ways(rituals, rondo_command)
    ))
    .with_context(say!("{} shows this again.", Markup::code(rondo_command)))
    .with_buttons(offers.collect())
}

/// The help for a person who mentioned the bot in a channel.
pub fn mentioned(rituals: &[Box<dyn Ritual>], rondo_command: &str) -> Message {
    Message::new(say!("Hi! I answer commands, and these work here:\n{}", ways(rituals, rondo_command)))
        .with_context("Only you can see this.")
}

/// Lists each ritual's command with an example, and the command of people's own settings, one a line.
fn ways(rituals: &[Box<dyn Ritual>], rondo_command: &str) -> Markup {
    let mine = say!(
        "Set your department, working hours and days away: {}",
        Markup::code(&format!("{rondo_command} me"))
    );
    let lines: Vec<Markup> = rituals
        .iter()
        .map(|ritual| {
            let command = ritual.command();
            let example = Markup::code(&format!("{} {}", command.name, command.usage));
            say!("{}: {}", command.description, example)
        })
        .chain([mine])
        .collect();
    Markup::join(&lines, "\n")
}

/// Returns the command that a misspelt word is nearest to: a ritual's name, or the first word of one of its commands.
fn meant(word: &str, rituals: &[Box<dyn Ritual>], rondo_command: &str) -> Option<String> {
    let mut known: Vec<(&str, String)> =
        vec![("help", format!("{rondo_command} help")), ("me", format!("{rondo_command} me"))];
    for ritual in rituals {
        known.push((ritual.name(), format!("{rondo_command} {}", ritual.name())));
        let command = ritual.command();
        for (way, _) in command.ways {
            let first = way.split_whitespace().next().unwrap_or_default();
            if first.chars().all(char::is_alphabetic) && !first.is_empty() {
                known.push((first, format!("{} {first}", command.name)));
            }
        }
    }
    let near = nearest(word, known.iter().map(|(name, _)| *name))?;
    known.iter().find(|(name, _)| *name == near).map(|(_, command)| command.clone())
}

/// The text for a person who is turned away. A form shows it too, so it is plain text.
pub fn turned_away(denied: Denied, rondo_command: &str) -> Markup {
    let words = match denied {
        Denied::Erased => {
            return say!(
                "I've erased what I kept about you and leave you out since, so nothing was done. To take part again, type {}.",
                Markup::code(&format!("{rondo_command} {COME_BACK}"))
            );
        }
        Denied::Deactivated => {
            "As far as I know this account is deactivated, so nothing was done. I'm checking with Slack now: if it's \
             back, try again in a few seconds."
        }
        Denied::Stranger => {
            "I'm here for the people of this workspace. As far as I know you belong to another one, so nothing was \
             done. I'm checking with Slack now: if that's wrong, try again in a few seconds."
        }
        _ => "I take requests from people only, so nothing was done.",
    };
    words.into()
}

/// What an erased person types behind the command to be let back in.
pub const COME_BACK: &str = "come back";

/// The reply to a person who was let back in.
pub fn welcome_back() -> Message {
    Message::new(
        "Welcome back. What I had erased stays erased. I'm reading again who is here: in a minute or two you can take part \
         as before.",
    )
}

/// What a person reads who asks to be let back in and was never erased.
pub fn here_already() -> Message {
    Message::new("You're here already: I haven't erased you, and you can take part in everything.")
}

/// The action of a button that handles a command again; its value is the command as it was typed.
pub const AGAIN: &str = "rondo:again";

/// The reply while Slack is asked for what a request depends on.
pub fn one_moment() -> Message {
    Message::new("One moment: I'm looking that up in Slack. The answer follows here.")
}

/// The same in a form.
pub fn form_one_moment() -> Modal {
    as_form(Message::new(
        "One moment: I'm looking that up in Slack. The answer follows here, so please leave this open.",
    ))
}

/// Shows a message in the place of a form. There is nothing to submit.
pub fn as_form(message: Message) -> Modal {
    Modal {
        callback: "rondo:answer".to_owned(),
        title: "Rondo".to_owned(),
        submit: String::new(),
        close: "Close".to_owned(),
        private: String::new(),
        tell_closed: false,
        blocks: if message.blocks.is_empty() { vec![Block::Text(message.text)] } else { message.blocks },
    }
}

/// Shown in a form that was sent and needs no answer.
pub fn done() -> Message {
    Message::new("Done. You can close this.")
}

/// The reply to a form that was handled later, and has errors to correct.
pub fn not_sent(errors: &BTreeMap<String, String>) -> Message {
    let lines: Vec<Markup> = errors.values().map(|error| say!("• {}", Markup::words(error))).collect();
    Message::new(say!("I couldn't do that yet:\n{}", Markup::join(&lines, "\n")))
        .with_context("Open the form again to change it.")
}

/// The reply to a person who asked for a form and waited too long for Slack to open it by itself.
pub fn ready_to_open(event: &Event) -> Message {
    match event {
        Event::Command(command) => {
            let typed = format!("{} {}", command.name, command.text);
            let button = Button {
                label: "Open the form".to_owned(),
                action: AGAIN.to_owned(),
                value: shorten(typed.trim(), BUTTON_CHARACTERS),
                look: ButtonStyle::Primary,
            };
            Message::new("Ready now.").with_buttons(vec![button])
        }
        _ => Message::new("Ready now. Please press the button once more."),
    }
}

/// The reply to a request that depended on Slack, which did not answer in time.
pub fn slack_is_silent() -> Message {
    Message::new(
        "Slack doesn't answer my questions right now, so nothing was done. Please try again in a few minutes.",
    )
}

/// The DM to a person whose request was accepted and not handled in time.
pub fn handled_too_late(event: &Event) -> Message {
    Message::new(say!(
        "I was away and couldn't get to {} in time, so nothing was done. Please try again.",
        typed(event)
    ))
}

/// The DM to a person whose request was accepted and failed.
pub fn handling_failed(event: &Event) -> Message {
    Message::new(say!(
        "Something went wrong on my side with {}, so nothing was done. It's in my log; please tell the people who run me.",
        typed(event)
    ))
}

/// Names what a person asked for, in their own terms.
fn typed(event: &Event) -> Markup {
    match event {
        Event::Command(command) => {
            let typed = format!("{} {}", command.name, command.text);
            say!("your {}", Markup::code(&shorten(typed.trim(), WORD_CHARACTERS)))
        }
        Event::Submission(_) => Markup::from("the form you sent"),
        _ => Markup::from("what you asked for"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::event::Command;

    #[test]
    fn what_follows_later_says_what_was_done() {
        let event = || {
            Event::Command(Command {
                user: "U1".into(),
                user_name: None,
                channel: "C1".into(),
                name: "/kudos".to_owned(),
                text: "<!subteam^S1> for the `demo`".to_owned(),
                trigger: String::new(),
                response_url: String::new(),
            })
        };
        let read = |message: Message| message.text.as_str().to_owned();
        insta::assert_snapshot!(read(one_moment()), @"One moment: I'm looking that up in Slack. The answer follows here.");
        insta::assert_snapshot!(read(slack_is_silent()), @"Slack doesn't answer my questions right now, so nothing was done. Please try again in a few minutes.");
        insta::assert_snapshot!(read(handled_too_late(&event())), @"I was away and couldn't get to your `/kudos &lt;!subteam^S1&gt; for the 'demo'` in time, so nothing was done. Please try again.");
        insta::assert_snapshot!(read(handling_failed(&event())), @"Something went wrong on my side with your `/kudos &lt;!subteam^S1&gt; for the 'demo'`, so nothing was done. It's in my log; please tell the people who run me.");
        let errors = BTreeMap::from([("when".to_owned(), "Which <day>?".to_owned())]);
        insta::assert_snapshot!(read(not_sent(&errors)), @r"
        I couldn't do that yet:
        • Which &lt;day&gt;?
        Open the form again to change it.
        ");
        insta::assert_snapshot!(read(ready_to_open(&event())), @"Ready now.");
    }
}
