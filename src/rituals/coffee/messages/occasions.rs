//! What people read on the day before a round, and at its end.

use super::{LEAVE, MET, NOT_YET, SKIP, button, called, when};
use crate::{
    model::{
        cadence::Occurrence,
        message::{ButtonStyle, Message},
        people::UserId,
        text::Markup,
    },
    rituals::coffee::store::CoffeeGroup,
    say,
};

/// What the channel reads on the day before a round.
pub fn notice(round: &Occurrence, people: usize, name: &str, programme: &str) -> Message {
    Message::new(say!(
        ":coffee: Tomorrow's the next round of {}: on {} I'll introduce {} people here to each other.",
        called(name),
        when(round.wall),
        people
    ))
    .with_context(
        "No time this week? Press *Skip this time*: you're back in after that, and I won't tell anyone.",
    )
    .with_buttons(vec![
        button("Skip this time", SKIP, programme.to_owned(), ButtonStyle::Plain),
        button("Leave", LEAVE, programme.to_owned(), ButtonStyle::Plain),
    ])
}

/// What a group reads at the end of its round.
pub fn ask_whether_met(group: &CoffeeGroup) -> Message {
    Message::new(question(group))
        .with_context("One press from any of you is enough. If it didn't work out, that's fine too.")
        .with_buttons(vec![
            button("We met", MET, group.id.clone(), ButtonStyle::Primary),
            button("Not this time", NOT_YET, group.id.clone(), ButtonStyle::Plain),
        ])
}

/// What they read when one of them has said that they met.
pub fn question_answered(group: &CoffeeGroup, who: &UserId) -> Message {
    Message::new(question(group)).with_context(say!(":white_check_mark: {} says you met.", who))
}

fn question(group: &CoffeeGroup) -> Markup {
    let who = if group.people.len() == 2 { "Did you two" } else { "Did you" };
    say!(":coffee: {} get to meet for your coffee chat from {}?", who, &group.channel)
}
