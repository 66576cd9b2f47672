//! The values of fields, typed.

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

use crate::model::{
    clock::Instant,
    people::{ChannelId, UserId},
};

/// The value of a field of a form, or of a menu in a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FieldValue {
    /// A field other than a text that was left empty.
    #[serde(rename = "empty")]
    Empty,
    /// A text, an e-mail address or the address of a page; empty if nothing was typed. A number or a date that
    /// cannot be read is a text, too.
    #[serde(rename = "text")]
    Text(String),
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
    /// The value of the chosen option.
    #[serde(rename = "choice")]
    Choice(String),
    /// The values of the chosen options.
    #[serde(rename = "choices")]
    Choices(Vec<String>),
    #[serde(rename = "person")]
    Person(UserId),
    #[serde(rename = "people")]
    People(Vec<UserId>),
    #[serde(rename = "channel")]
    Channel(ChannelId),
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
