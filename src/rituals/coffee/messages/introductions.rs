//! What people read who are put together.

use super::{LEAVE, MET, NOT_YET, button, when};
use crate::{
    model::{
        cadence::Occurrence,
        message::{Look, Message},
        people::{ChannelId, UserId},
        text::{Markup, mentions},
    },
    rituals::coffee::store::Group,
    say,
};

/// What two or three people read who are put together.
pub fn introduction(group: &Group) -> Message {
    Message::new(hello(group)).with_context(AFTER_HELLO).with_buttons(vec![
        button("We met", MET, group.id.clone(), Look::Primary),
        button("Not yet", NOT_YET, group.id.clone(), Look::Plain),
        button("Leave", LEAVE, group.programme.clone(), Look::Plain),
    ])
}

/// What they read when one of them has said that they met.
pub fn introduction_met(group: &Group, who: &UserId) -> Message {
    let message =
        Message::new(hello(group)).with_context(say!(":white_check_mark: {} says that you met.", who));
    let buttons = vec![
        button("Not yet, after all", NOT_YET, group.id.clone(), Look::Plain),
        button("Leave", LEAVE, group.programme.clone(), Look::Plain),
    ];
    message.with_buttons(buttons)
}

const AFTER_HELLO: &str =
    "Half an hour is plenty. Leave takes you out of the rounds to come, and nobody is told.";

fn hello(group: &Group) -> Markup {
    let all = if group.people.len() == 2 { "both" } else { "all" };
    say!(
        ":coffee: Hello {}! The coffee chats of {} bring you together. Find a time that suits you {}.\n\
         *To start from:* {}",
        mentions(&group.people),
        &group.channel,
        all,
        Markup::words(&group.question)
    )
}

/// What somebody reads who has said that they met.
pub fn thanks() -> Message {
    Message::new("Lovely. I will look for somebody else for each of you next time.")
}

/// What somebody reads who has said that they have not met.
pub fn no_rush(next: Option<&Occurrence>) -> Message {
    let time = match next {
        Some(next) => say!("No rush: there is time until the next round on {}.", when(next.wall)),
        None => Markup::from("No rush."),
    };
    Message::new(say!("{} A good first step: write two times that suit you.", time))
}

/// What each of a group's people reads, by themselves, when the conversation could not be opened.
pub fn not_introduced(others: &[UserId], channel: &ChannelId) -> Message {
    Message::new(say!(
        ":coffee: I wanted to bring you together with {} in the coffee chats of {}, but Slack does not let me reach \
         all of you.",
        mentions(others),
        channel
    ))
    .with_context("The next round brings somebody new; and a message of your own may well get through.")
}
