//! What people read of whom they ask for a promise, and by when, if it can't be so.

use chrono::NaiveDate;

use crate::{
    common::promises::{MOST_OPEN, MOST_REQUESTS},
    model::{
        event::LONGEST_WORDS,
        people::UserId,
        text::{Markup, date_as_of},
    },
    say,
};

/// What stands at a field of a form.
pub const NO_WORDS: &str = "What is it about? Write a few words.";
pub const NO_OWNER_CHOSEN: &str = "Choose a person.";
pub const NO_DATE: &str = "Choose a date.";
pub const DATE_OVER: &str = "That day is over. Choose today or a later one.";
/// The same where the day isn't over for the person who asks.
pub fn date_over_there(today: NaiveDate) -> String {
    format!(
        "That day is over where they are: it's {} there. Choose that day or a later one.",
        date_as_of(today, today).as_str()
    )
}
pub const DATE_TOO_FAR: &str = "That's more than a year ahead. Choose an earlier day.";

/// What a person reads whose words are too long.
pub fn too_long(length: usize) -> String {
    format!("That has {length} characters, and {LONGEST_WORDS} fit. Please shorten it.")
}

/// Which bound refuses a promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    Twice,
    Often,
    Full,
}

/// What stands at the field of a promise that a bound refuses, in a form that holds more than that.
pub fn refused_at_field(why: Refused) -> String {
    match why {
        Refused::Twice => {
            "You asked for this a few minutes ago, so it's recorded already. Leave it empty here.".to_owned()
        }
        Refused::Often => format!(
            "You can ask others for {MOST_REQUESTS} promises a day, and this would be one more. Leave it empty, and ask again tomorrow."
        ),
        Refused::Full => format!(
            "You have {MOST_OPEN} open promises, and this would be one more. Name another person, or leave it empty and finish one first."
        ),
    }
}

/// Why a person can't be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAsked {
    /// It is the bot that answers.
    Me,
    Bot,
    Deactivated,
    Stranger,
    Guest,
    Erased,
    Unknown,
    NotInChannel,
    /// The person who asks is a guest.
    AskerIsGuest,
}

/// What a person reads who asks a person that can't be asked. It also fits under a field.
pub fn not_asked(why: NotAsked, person: &UserId) -> Markup {
    match why {
        NotAsked::Me => Markup::from("I can't promise anything myself. Who'll do it?"),
        NotAsked::Bot => {
            say!("{} is a bot, and can't promise anything. Is there a person behind it?", person)
        }
        NotAsked::Deactivated => say!("{}'s account is deactivated, so I haven't asked them.", person),
        NotAsked::Stranger => {
            say!("{} is from another company, so I can't ask them. You can promise it yourself.", person)
        }
        NotAsked::Guest => {
            say!("{} is a guest here. Guests make their own promises, and aren't asked for them.", person)
        }
        NotAsked::Erased => {
            Markup::from("That person wants me to keep nothing about them, so I haven't asked them.")
        }
        NotAsked::Unknown => Markup::from(
            "Slack doesn't know that person, so I haven't asked them. Pick the name from Slack's list.",
        ),
        NotAsked::NotInChannel => {
            say!(
                "{} isn't in this channel, so I haven't asked them. Invite them first, or ask them in our DM.",
                person
            )
        }
        NotAsked::AskerIsGuest => {
            Markup::from("Guests make their own promises here, and don't ask others for them.")
        }
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;

    #[test]
    fn people_who_cannot_be_asked_are_named() {
        let all = [
            NotAsked::Me,
            NotAsked::Bot,
            NotAsked::Deactivated,
            NotAsked::Stranger,
            NotAsked::Guest,
            NotAsked::Erased,
            NotAsked::Unknown,
            NotAsked::NotInChannel,
            NotAsked::AskerIsGuest,
        ];
        let lines = all.map(|why| not_asked(why, &"UBEN".into()).as_str().to_owned());
        assert_snapshot!(lines.join("\n"), @"
        I can't promise anything myself. Who'll do it?
        <@UBEN> is a bot, and can't promise anything. Is there a person behind it?
        <@UBEN>'s account is deactivated, so I haven't asked them.
        <@UBEN> is from another company, so I can't ask them. You can promise it yourself.
        <@UBEN> is a guest here. Guests make their own promises, and aren't asked for them.
        That person wants me to keep nothing about them, so I haven't asked them.
        Slack doesn't know that person, so I haven't asked them. Pick the name from Slack's list.
        <@UBEN> isn't in this channel, so I haven't asked them. Invite them first, or ask them in our DM.
        Guests make their own promises here, and don't ask others for them.
        ");
    }
}
