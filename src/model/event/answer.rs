//! What a field held, as typed values.

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

use crate::model::{
    clock::Instant,
    people::{ChannelId, UserId},
};

/// What a field of a form, or a menu in a message, held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FieldValue {
    /// A field other than a text that was left empty.
    #[serde(rename = "empty")]
    Empty,
    /// A text, an e-mail address or the address of a page; empty where nothing was typed. A number that is none is a
    /// text, too.
    #[serde(rename = "text")]
    Text(String),
    /// A whole number.
    #[serde(rename = "number")]
    Number(i64),
    /// A date, in no zone.
    #[serde(rename = "date")]
    Date(NaiveDate),
    /// A time of day, to the minute, in no zone.
    #[serde(rename = "time")]
    Time(NaiveTime),
    /// A date and time, which Slack asks for in the person's own zone.
    #[serde(rename = "instant")]
    Instant(Instant),
    /// The value of the option chosen.
    #[serde(rename = "choice")]
    Choice(String),
    /// The values of the options chosen.
    #[serde(rename = "choices")]
    Choices(Vec<String>),
    /// The person chosen.
    #[serde(rename = "person")]
    Person(UserId),
    /// The people chosen.
    #[serde(rename = "people")]
    People(Vec<UserId>),
    /// The channel chosen.
    #[serde(rename = "channel")]
    Channel(ChannelId),
    /// The channels chosen.
    #[serde(rename = "channels")]
    Channels(Vec<ChannelId>),
}

impl FieldValue {
    /// Whether nothing was typed or chosen.
    pub fn is_empty(&self) -> bool {
        match self {
            FieldValue::Empty => true,
            FieldValue::Text(text) => text.trim().is_empty(),
            FieldValue::Choices(list) => list.is_empty(),
            FieldValue::People(list) => list.is_empty(),
            FieldValue::Channels(list) => list.is_empty(),
            _ => false,
        }
    }
}
