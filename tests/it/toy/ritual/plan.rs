//! Decides what a note becomes. Values in, values out.

use chrono::Duration;
use chrono_tz::Tz;
use rondo::model::{cadence::Occurrence, clock::Instant};

/// What a person asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    Help,
    /// To be reminded of this.
    Note(String),
}

pub fn parse(text: &str) -> Request {
    match text.trim() {
        "" | "help" => Request::Help,
        words => Request::Note(words.to_owned()),
    }
}

/// Returns when a note comes back.
pub fn due(now: Instant, hours: u32) -> Occurrence {
    let at = now + Duration::hours(i64::from(hours));
    Occurrence { at, wall: at.with_timezone(&Tz::UTC).naive_local() }
}

/// A note as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    pub id: String,
    pub author: String,
    pub channel: String,
    pub words: String,
    pub noted_at: Instant,
    pub done_at: Option<Instant>,
}
