//! The fields of forms, and menus and pickers in messages.

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

use crate::model::{
    clock::Instant,
    event::FieldValue,
    people::{ChannelId, UserId},
};

/// A question of a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Input {
    /// The name of the answer and of an error.
    pub name: String,
    /// The question.
    pub label: String,
    /// Help under the field.
    pub hint: Option<String>,
    /// Whether it may stay empty.
    pub optional: bool,
    pub field: Field,
}

/// What a field takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Field {
    People {
        chosen: Vec<UserId>,
        /// How many at most.
        limit: usize,
    },
    Text {
        /// The initial text.
        written: String,
        /// Shown in grey while it is empty.
        placeholder: String,
        multiline: bool,
        /// How many characters at most (3,000 is Slack's own limit).
        limit: usize,
    },
    /// A whole number.
    Number {
        written: Option<i64>,
        /// The smallest that may be typed.
        least: Option<i64>,
        /// The largest that may be typed.
        most: Option<i64>,
    },
    Email {
        written: String,
    },
    /// The address of a page, of any scheme: Slack's client checks no more than its form.
    Url {
        written: String,
    },
    /// A date, in no zone.
    Date {
        /// The initial date, in the years 1 to 9999.
        chosen: Option<NaiveDate>,
    },
    /// A time of day, to the minute, in no zone.
    Time {
        chosen: Option<NaiveTime>,
    },
    /// A date and time in the person's own zone.
    Instant {
        /// The initial time, to the second, from 2001 to 2286: Slack takes seconds of ten digits.
        chosen: Option<Instant>,
    },
    /// One of a few options.
    Choice {
        /// A field without an option isn't shown.
        options: Vec<SelectOption>,
        /// The value of the initial option.
        chosen: Option<String>,
        shape: Shape,
    },
    /// Any of a few options.
    Choices {
        /// A field without an option isn't shown.
        options: Vec<SelectOption>,
        /// The values of the initial options.
        chosen: Vec<String>,
        shape: Shape,
    },
    /// One of options that the bot supplies while a person types, user groups for example.
    Fed {
        chosen: Option<SelectOption>,
        /// After how many characters the bot is asked.
        least_typed: u8,
    },
    /// Any of options that the bot supplies while a person types.
    FedMany {
        chosen: Vec<SelectOption>,
        /// How many at most.
        limit: usize,
        /// After how many characters the bot is asked.
        least_typed: u8,
    },
    Person {
        chosen: Option<UserId>,
    },
    /// One public or private channel, among those that the person is in or could join.
    Channel {
        chosen: Option<ChannelId>,
    },
    /// Several such channels.
    Channels {
        chosen: Vec<ChannelId>,
        /// How many at most.
        limit: usize,
    },
}

impl Field {
    /// Returns the value of the field if it is submitted unchanged.
    pub fn answer(&self) -> FieldValue {
        fn or_empty<T>(chosen: Option<T>, answer: impl Fn(T) -> FieldValue) -> FieldValue {
            chosen.map_or(FieldValue::Empty, answer)
        }
        let values = |options: &[SelectOption]| options.iter().map(|option| option.value.clone()).collect();
        match self {
            Field::People { chosen, .. } => FieldValue::People(chosen.clone()),
            Field::Text { written, .. } | Field::Email { written } | Field::Url { written } => {
                FieldValue::Text(written.clone())
            }
            Field::Number { written, .. } => or_empty(*written, FieldValue::Number),
            Field::Date { chosen } => or_empty(*chosen, FieldValue::Date),
            Field::Time { chosen } => or_empty(*chosen, FieldValue::Time),
            Field::Instant { chosen } => or_empty(*chosen, FieldValue::Instant),
            Field::Choice { chosen, .. } => or_empty(chosen.clone(), FieldValue::Choice),
            Field::Choices { chosen, .. } => FieldValue::Choices(chosen.clone()),
            Field::Fed { chosen, .. } => {
                or_empty(chosen.clone().map(|option| option.value), FieldValue::Choice)
            }
            Field::FedMany { chosen, .. } => FieldValue::Choices(values(chosen)),
            Field::Person { chosen } => or_empty(chosen.clone(), FieldValue::Person),
            Field::Channel { chosen } => or_empty(chosen.clone(), FieldValue::Channel),
            Field::Channels { chosen, .. } => FieldValue::Channels(chosen.clone()),
        }
    }
}

/// An option to choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SelectOption {
    /// 75 characters at most.
    pub label: String,
    /// Its name in the answer, an id as a rule; 1 to 150 characters. An option with another value is left out, since a
    /// part of it would mean something else.
    pub value: String,
}

/// How a choice is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Shape {
    /// A menu that opens, of 100 options at most.
    #[default]
    Menu,
    /// All options visible, each with a circle or a box; more than ten become a menu.
    Open,
}

/// A menu or a picker in a row below a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Select {
    /// The ritual and its verb, with a colon between and no space.
    pub action: String,
    /// An id as a rule. Together with the action it is unique in its message, and 250 characters at most.
    pub value: String,
    /// Shown while nothing is chosen; 150 characters at most.
    pub placeholder: String,
    pub pick: Pick,
}

/// What a menu or picker below a message asks for; as in [`Field`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Pick {
    /// One of a few options.
    Choice {
        /// A menu without an option isn't shown.
        options: Vec<SelectOption>,
        /// The value of the initial option.
        chosen: Option<String>,
    },
    /// One of options that the bot supplies while a person types.
    Fed {
        chosen: Option<SelectOption>,
        /// After how many characters the bot is asked.
        least_typed: u8,
    },
    Person(Option<UserId>),
    Channel(Option<ChannelId>),
    Date(Option<NaiveDate>),
    Time(Option<NaiveTime>),
}
