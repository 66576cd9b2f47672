//! What people read of Rondo itself: its help, in a channel and in their DM, and what went wrong.

use crate::{
    model::{
        authority::Denied,
        message::{Button, Look, Message},
        text::{Markup, nearest, shorten},
    },
    rituals::ritual::Ritual,
    say,
};

/// How the action of a button begins that types a ritual's command; the ritual's name follows.
pub const OPEN: &str = "rondo:open:";

/// How much of a word that was not understood is shown again.
const WORD_CHARACTERS: usize = 40;

/// What `/rondo` says: every ritual's command, made from the rituals.
pub fn help(rituals: &[Box<dyn Ritual>], rondo_command: &str) -> Message {
    Message::new(say!("*Here's what you can do with Rondo.*\n{}", ways(rituals, rondo_command))).with_context(
        say!(
            "{} works too, and {} behind any command shows everything it can do.",
            Markup::code(&format!("{rondo_command} kudos …")),
            Markup::code("help")
        ),
    )
}

/// What `/rondo` says to a word that it does not know, or to what follows one.
pub fn unknown(typed: &str, rituals: &[Box<dyn Ritual>], rondo_command: &str) -> Message {
    let word_shown = Markup::words(&shorten(typed, WORD_CHARACTERS));
    let word = typed.split_whitespace().next().unwrap_or_default();
    let first = match meant(word, rituals, rondo_command) {
        Some(command) => say!("I don't know \"{}\". Did you mean {}?", word_shown, Markup::code(&command)),
        None => say!("I don't know \"{}\".", word_shown),
    };
    Message::new(say!("{}\n{}", first, ways(rituals, rondo_command)))
}

/// What a person reads who wrote to the bot in their DM.
pub fn direct_help(rituals: &[Box<dyn Ritual>], rondo_command: &str) -> Message {
    let offers = rituals.iter().rev().filter_map(|ritual| {
        let (label, _) = ritual.offer()?;
        Some(Button {
            label: label.to_owned(),
            action: format!("{OPEN}{}", ritual.name()),
            value: "-".to_owned(),
            look: Look::Plain,
        })
    });
    Message::new(say!(
        "Hi! I don't read what's written here, but these work in any channel:\n{}",
        ways(rituals, rondo_command)
    ))
    .with_context(say!("{} shows this again.", Markup::code(rondo_command)))
    .with_buttons(offers.collect())
}

/// Each ritual's command with an example, and that of people's own settings, one a line.
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

/// The command that a misspelt word is nearest to: a ritual's name, or the first word of something that it can do.
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

/// What a person reads whom the bot does not listen to. A form shows it too, so it is plain text.
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

/// What a person reads who was let back in.
pub fn welcome_back() -> Message {
    Message::new(
        "Welcome back. What I had erased stays erased. I'm reading again who is here: in a minute or two you can take part \
         as before.",
    )
}
