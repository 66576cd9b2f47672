//! What people read on the day before a round, and at its end.

use chrono::NaiveDate;

use super::{MET, NOT_THIS_TIME, WORDS, group_button, introductions::chat};
use crate::{
    common::programmes::{
        messages::{button, called, when},
        press::{Press, value_on},
    },
    model::{
        cadence::Occurrence,
        message::{ButtonStyle, Message},
        people::UserId,
        text::{Markup, date},
    },
    rituals::coffee::plan::CoffeeGroup,
    say,
};

/// What the channel reads on the day before a round.
pub fn notice(round: &Occurrence, people: usize, name: &str, programme: &str) -> Message {
    Message::new(say!(
        ":coffee: Tomorrow's the next round of {}: on {} I'll introduce {} people here to each other.",
        called(&WORDS, name),
        when(round),
        people
    ))
    .with_context("No time then? Press *Skip this time*: you're back in after that, and I won't tell anyone.")
    .with_buttons(vec![
        button(
            &WORDS,
            "Skip this time",
            Press::Skip,
            &value_on(programme, round.wall.date()),
            ButtonStyle::Plain,
        ),
        button(&WORDS, "Leave", Press::Leave, programme, ButtonStyle::Plain),
    ])
}

/// What that becomes once the round has come.
pub fn notice_past(round: &Occurrence, name: &str) -> Message {
    Message::new(say!(":coffee: The round of {} was on {}.", called(&WORDS, name), when(round)))
}

/// What it becomes where the round was called off on a day. It may come back, so that's all that is said.
pub fn notice_over(round: &Occurrence, name: &str, day: NaiveDate) -> Message {
    let (chats, when) = (called(&WORDS, name), when(round));
    Message::new(say!(":coffee: The round of {} on {} was called off on {}.", chats, when, date(day)))
}

/// What a group reads at the end of its round.
pub fn ask_whether_met(group: &CoffeeGroup, name: &str) -> Message {
    let any = if group.people.len() == 2 { "either" } else { "any" };
    Message::new(question(group, name))
        .with_context(say!(
            "One press from {} of you is enough. If it didn't work out, that's fine too.",
            any
        ))
        .with_buttons(vec![
            group_button("We met", MET, &group.id, ButtonStyle::Primary),
            group_button("Not this time", NOT_THIS_TIME, &group.id, ButtonStyle::Plain),
        ])
}

/// What they read when one of them has said that they met.
pub fn question_answered(group: &CoffeeGroup, name: &str, who: &UserId) -> Message {
    Message::new(question(group, name)).with_context(say!(":white_check_mark: {} says you met.", who))
}

/// What they read when one of them has said that they didn't meet.
pub fn question_declined(group: &CoffeeGroup, name: &str, who: &UserId) -> Message {
    Message::new(question(group, name))
        .with_context(say!("{} says it didn't work out this time.", who))
        .with_buttons(vec![group_button("We met after all", MET, &group.id, ButtonStyle::Plain)])
}

/// What a person reads who has said so.
pub fn noted() -> Message {
    Message::new("Thanks for telling me, no problem. The next round is another chance.")
}

/// What a person reads who says so after another of the group has said that they met.
pub fn met_already() -> Message {
    Message::new(
        "One of you has said that you met, so I've left it at that. If that's wrong, press *We haven't met yet* under my \
         introduction.",
    )
}

fn question(group: &CoffeeGroup, name: &str) -> Markup {
    let who = if group.people.len() == 2 { "Did you two" } else { "Did you" };
    say!(":coffee: {} get to meet for {}?", who, chat(group, name, "your"))
}
