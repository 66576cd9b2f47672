//! A company and its messages, for tests of what colleagues do.

use std::collections::BTreeSet;

use chrono::{TimeZone as _, Utc};
use chrono_tz::Tz;

use super::{Colleague, HeardIn, HeardMessage, Spot};
use crate::model::clock::Instant;

/// Returns colleagues of four zones and two departments: `U0` is called "Person 0" and `@p0`.
pub fn colleagues(people: usize) -> Vec<Colleague> {
    let zones = [Tz::Europe__Berlin, Tz::Europe__Lisbon, Tz::America__New_York, Tz::Asia__Kolkata];
    let person = |n: usize| Colleague {
        id: format!("U{n}"),
        handle: format!("p{n}"),
        name: format!("Person {n}"),
        first: "Person",
        zone: zones[n % zones.len()],
        department: ["engineering", "design"][n % 2].to_owned(),
    };
    (0..people).map(person).collect()
}

/// A night to Sunday, when all colleagues are off.
pub fn sunday_night() -> Instant {
    Utc.with_ymd_and_hms(2026, 3, 8, 2, 30, 0).unwrap()
}

/// A message in a channel of 24 colleagues, by the app unless an author is given.
pub fn heard(at: Instant, text: &str, author: Option<usize>) -> HeardMessage {
    HeardMessage {
        spot: Spot { place: "C1".to_owned(), ts: at.timestamp_millis().to_string() },
        at,
        thread: None,
        place: HeardIn::Channel,
        author,
        simulated: author.is_some(),
        text: text.to_owned(),
        members: (0..24).collect(),
        buttons: Vec::new(),
    }
}

/// Returns the emoji that the demo's page has no picture for.
pub fn undrawn<'e>(emoji: &[&'e str]) -> Vec<&'e str> {
    // Each is its picture, its names, and more words to find it by.
    let page = include_str!("../../../sandbox/src/page/emoji_names.js");
    let names =
        page.split([';', '\n']).filter_map(|one| one.split(' ').nth(1)).flat_map(|one| one.split('/'));
    let drawn: BTreeSet<&str> = names.collect();
    emoji.iter().copied().filter(|emoji| !drawn.contains(emoji)).collect()
}
