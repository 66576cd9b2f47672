//! What people read who are introduced to each other.

use super::{MET, MORE, NOT_YET, WORDS, group_button};
use crate::{
    common::programmes::{
        messages::{called, when},
        press::Press,
    },
    model::{
        cadence::Occurrence,
        message::{ButtonStyle, Menu, MenuItem, Message},
        people::{ChannelId, UserId},
        text::{Markup, mentions},
    },
    rituals::coffee::plan::CoffeeGroup,
    say,
};

/// What the people of a group read first.
pub fn introduction(group: &CoffeeGroup, name: &str) -> Message {
    Message::new(hello(group, name))
        .with_context(
            "Half an hour is plenty. Afterwards, press *We met*. The ⋯ menu lets you skip the next round or leave.",
        )
        .with_buttons_and_menu(
            vec![
                group_button("We met", MET, &group.id, ButtonStyle::Primary),
                group_button("Not yet", NOT_YET, &group.id, ButtonStyle::Plain),
            ],
            more(group),
        )
}

/// What they read when one of them has said that they met.
pub fn introduction_met(group: &CoffeeGroup, name: &str, who: &UserId) -> Message {
    Message::new(hello(group, name))
        .with_context(say!(
            ":white_check_mark: {} says you met. The ⋯ menu lets you skip the next round or leave.",
            who
        ))
        .with_buttons_and_menu(
            vec![group_button("We haven't met yet", NOT_YET, &group.id, ButtonStyle::Plain)],
            more(group),
        )
}

/// What they read whose introduction arrived while the chats were being stopped.
pub fn introduction_over(group: &CoffeeGroup, name: &str) -> Message {
    Message::new(say!(
        ":coffee: Hi {}! Just as I introduced you, {} in {} came to an end. You can still meet, of course.\n\
         *Icebreaker:* {}",
        mentions(&group.people),
        called(&WORDS, name),
        &group.channel,
        Markup::words(&group.question)
    ))
}

fn more(group: &CoffeeGroup) -> Menu {
    let choice = |label: &str, press: Press| MenuItem {
        label: label.to_owned(),
        action: press.action(WORDS.ritual),
        value: group.programme.clone(),
    };
    let choices = vec![choice("Skip the next round", Press::Skip), choice("Leave these chats", Press::Leave)];
    Menu { id: MORE.to_owned(), choices }
}

/// What a group meets for: `a coffee chat from #general`, or `*Lunch*, a coffee chat from #general`.
pub(super) fn chat(group: &CoffeeGroup, name: &str, whose: &'static str) -> Markup {
    match name {
        "" => say!("{} coffee chat from {}", whose, &group.channel),
        name => say!("{}, {} coffee chat from {}", Markup::bold(name), whose, &group.channel),
    }
}

fn hello(group: &CoffeeGroup, name: &str) -> Markup {
    let all = if group.people.len() == 2 { "both" } else { "all" };
    say!(
        ":coffee: Hi {}! You're matched for {}. Find a time that suits you {}.\n\
         *Icebreaker:* {}",
        mentions(&group.people),
        chat(group, name, "a"),
        all,
        Markup::words(&group.question)
    )
}

/// What a person reads who has said that they met.
pub fn thanks(goes_on: bool) -> Message {
    Message::new(if goes_on {
        "Great! Next round, I'll look for someone new for each of you."
    } else {
        "Great, I'm glad you met!"
    })
}

/// What a person reads who has said that they have not met.
pub fn no_rush(next: Option<&Occurrence>) -> Message {
    let time = match next {
        Some(next) => say!("No rush: you have until the next round on {}.", when(next)),
        None => Markup::from("No rush."),
    };
    Message::new(say!("{} A good first step: suggest two times that suit you.", time))
}

/// What a person reads who answers for a group of others.
pub fn not_your_group() -> Message {
    Message::new("Only the people I introduced here can say whether they met.")
}

/// What a person reads whose group is not known any more.
pub fn unknown_group() -> Message {
    Message::new("I have no record of this group any more, so nothing has changed.")
}

/// What each of a group's people reads, by themselves, when the conversation could not be opened.
pub fn not_introduced(others: &[UserId], channel: &ChannelId) -> Message {
    Message::new(say!(
        ":coffee: I wanted to introduce you to {} for a coffee chat from {}, but Slack won't let me message you together.",
        mentions(others),
        channel
    ))
    .with_context("A message from you may well get through.")
}
