//! The forms of promises.

use chrono::{NaiveDate, NaiveTime};

use super::LONGEST_REASON;
use crate::{
    common::{
        promises::{
            Due, Promise, PromiseState,
            messages::{due_at, quoted},
        },
        setup::messages::input,
    },
    model::{
        event::LONGEST_WORDS,
        message::{Block, Field, Modal, SelectOption, Shape},
        people::UserId,
        text::Markup,
    },
    say,
};

/// The callbacks of the forms.
pub const NEW_FORM: &str = "promises:new";
pub const MOVE_FORM: &str = "promises:moved";
pub const NO_FORM: &str = "promises:no";
pub const HELP_FORM: &str = "promises:helper";
pub const HAND_FORM: &str = "promises:handed";

/// The fields.
pub const WHAT: &str = "what";
pub const WHO: &str = "who";
pub const DATE: &str = "date";
pub const TIME: &str = "time";
pub const REASON: &str = "reason";
pub const HELPER: &str = "helper";
pub const WOULD_HELP: &str = "would_help";
pub const WHERE: &str = "where";
/// The options of the last one.
pub const WHERE_CHANNEL: &str = "channel";
const WHERE_PERSON: &str = "person";

/// The form for a new promise.
pub fn new_form(words: &str, owner: &UserId, due: Option<Due>, private: String) -> Modal {
    let what = Field::Text {
        written: words.to_owned(),
        placeholder: "Send the report to finance".to_owned(),
        multiline: true,
        limit: LONGEST_WORDS,
    };
    let who = Field::Person { chosen: Some(owner.clone()) };
    let blocks = vec![
        input(WHAT, "What?", None, false, what),
        input(WHO, "Who'll do it?", Some("I ask them first if it's another person."), false, who),
    ];
    let unread = (!words.is_empty() && due.is_none())
        .then(|| Block::Context(Markup::from("I found no date in what you typed, so I ask for it here.")));
    let blocks = [blocks, unread.into_iter().collect(), when_of(due)].concat();
    form(NEW_FORM, "A promise", "Promise", private, blocks)
}

/// The form that asks for a date, with the one that was named unless it is over, and today's date.
/// `why` says why the form opens where a choice was made already.
pub fn move_form(
    promise: &Promise,
    (due, today): (Option<Due>, NaiveDate),
    why: Option<Markup>,
    private: String,
) -> Modal {
    // The hour stays, even if the day is over.
    let time = promise.due.and_then(|due| due.time);
    let when = when_fields(due.map(|due| due.date), time);
    let why = why.map(Block::Text);
    let over = promise.due.filter(|_| why.is_none() && due.is_none() && promise.state == PromiseState::Asked);
    let over = over.map(|over| {
        Block::Text(say!(
            "That was asked for by {}, which is over. By when can you do it?",
            due_at(&over, today)
        ))
    });
    let why = why.or(over).into_iter().collect();
    let blocks = [vec![Block::Text(quoted(promise))], why, when].concat();
    let submit = if promise.state == PromiseState::Open { "Move" } else { "Promise" };
    form(MOVE_FORM, "When will you do it?", submit, private, blocks)
}

/// Why a choice of the menu opens the form: it would be earlier than what is promised.
pub fn would_be_earlier(promised: NaiveDate, today: NaiveDate) -> Markup {
    say!(
        "It's promised for {} already, so that would be no later. Choose any date here.",
        due_at(&Due::on(promised), today)
    )
}

/// Why the date that the words name opens the form: it is over by now.
pub fn is_over_by_now(due: &Due, today: NaiveDate) -> Markup {
    say!("{} is over by now. By when will you do it?", due_at(due, today))
}

/// The form that asks another person in place of the first one.
pub fn hand_form(promise: &Promise, due: Option<Due>, private: String) -> Modal {
    let who =
        input(WHO, "Who could do it?", Some("I ask them first."), false, Field::Person { chosen: None });
    let blocks = [vec![Block::Text(quoted(promise)), who], when_of(due)].concat();
    form(HAND_FORM, "Ask another person", "Ask them", private, blocks)
}

fn when_of(due: Option<Due>) -> Vec<Block> {
    when_fields(due.map(|due| due.date), due.and_then(|due| due.time))
}

fn when_fields(date: Option<NaiveDate>, time: Option<NaiveTime>) -> Vec<Block> {
    let date = Field::Date { chosen: date };
    vec![
        input(DATE, "By when?", None, false, date),
        input(
            TIME,
            "At what time?",
            Some("Leave it empty for some time that day."),
            true,
            Field::Time { chosen: time },
        ),
    ]
}

/// The form for a no.
pub fn no_form(promise: &Promise, private: String) -> Modal {
    let why = Field::Text {
        written: String::new(),
        placeholder: "I'm on leave that week".to_owned(),
        multiline: true,
        limit: LONGEST_REASON,
    };
    let hint = match &promise.origin.channel {
        Some(channel) if !promise.origin.programme.is_empty() => {
            say!("{} reads it, and so may {} when its promises come up.", &promise.asker, channel)
        }
        _ => say!("{} reads it.", &promise.asker),
    };
    let blocks = vec![
        Block::Text(quoted(promise)),
        input(REASON, "Why not, if you'd like to say?", None, true, why),
        Block::Context(hint),
    ];
    form(NO_FORM, "Can't do this", "Tell them", private, blocks)
}

/// The form that asks who could help; `channel` is the name of the one that the promise is from.
pub fn help_form(promise: &Promise, channel: Option<&str>, private: String) -> Modal {
    let mut blocks = vec![Block::Text(quoted(promise))];
    if let Some(channel) = channel {
        let option = |label: String, value: &str| SelectOption { label, value: value.to_owned() };
        let options = vec![
            option("The person below".to_owned(), WHERE_PERSON),
            option(format!("Everyone in #{channel}"), WHERE_CHANNEL),
        ];
        let chosen = Some(WHERE_PERSON.to_owned());
        let field = Field::Choice { options, chosen, shape: Shape::Open };
        blocks.push(input(WHERE, "Who should I ask?", None, false, field));
    }
    let person = Field::Person { chosen: None };
    blocks.push(input(
        HELPER,
        if channel.is_some() { "The person, if it's one" } else { "Which person?" },
        Some("They read this in their DM with me."),
        channel.is_some(),
        person,
    ));
    let wanted = Field::Text {
        written: String::new(),
        placeholder: "The figures of October, or half an hour together".to_owned(),
        multiline: true,
        limit: LONGEST_REASON,
    };
    blocks.push(input(WOULD_HELP, "What would help?", None, true, wanted));
    form(HELP_FORM, "Ask for help", "Ask", private, blocks)
}

fn form(callback: &str, title: &str, submit: &str, private: String, blocks: Vec<Block>) -> Modal {
    Modal {
        callback: callback.to_owned(),
        title: title.to_owned(),
        submit: submit.to_owned(),
        close: "Cancel".to_owned(),
        private,
        blocks: blocks.into_iter().filter(|block| *block != Block::Text(Markup::default())).collect(),
        tell_closed: false,
    }
}
