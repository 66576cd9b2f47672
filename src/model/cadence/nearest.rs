//! The phrases that a refusal offers: each was read before it is offered.

use chrono::{Duration, NaiveDate};
use chrono_tz::Tz;

use super::{
    NotUnderstood, dates, say,
    typed::Typed,
    words::{ReadRefusal, ReadingContext},
    zones,
};

/// A phrase that is always understood.
pub(super) const SURE: &str = "every Tuesday at 10:00";
/// Dates in examples are so many days ahead, which is later than most occurrences.
pub(super) const LATER_DAYS: i64 = 60;
/// More slips than this are no slips.
const MOST_SLIPS: usize = 4;
/// A phrase with a slip mended is offered as it was typed up to this length, and as it was understood beyond it.
const LONGEST_PHRASE: usize = 100;

/// Words of the grammar in which people slip.
const WORDS: [&str; 45] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
    "Mondays",
    "Tuesdays",
    "Wednesdays",
    "Thursdays",
    "Fridays",
    "January",
    "February",
    "March",
    "April",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
    "every",
    "other",
    "daily",
    "weekly",
    "monthly",
    "quarterly",
    "fortnightly",
    "week",
    "weeks",
    "month",
    "months",
    "weekday",
    "first",
    "second",
    "third",
    "fourth",
    "last",
    "until",
    "except",
    "starting",
    "noon",
    "midnight",
];

/// A refusal with only those of its phrases that are understood.
pub(super) fn tried(refusal: NotUnderstood, context: ReadingContext) -> NotUnderstood {
    refusal.keep(|phrase| context.parse(phrase).is_ok(), SURE)
}

/// The same for words that mean nothing: where they are slips, the whole text without them is offered.
pub(super) fn corrected(
    refusal: NotUnderstood,
    typed: &Typed,
    unknown: &[usize],
    context: ReadingContext,
) -> NotUnderstood {
    let slips: Vec<(usize, &str)> = unknown
        .iter()
        .take(MOST_SLIPS + 1)
        .filter_map(|at| typed.words.get(*at).and_then(|word| Some((*at, meant(&word.low)?))))
        .collect();
    if slips.is_empty() || unknown.len() > MOST_SLIPS {
        return tried(refusal, context);
    }
    let text = typed.with(&slips);
    let text = text.trim();
    match context.parse(text) {
        Ok(_) if text.chars().count() <= LONGEST_PHRASE => refusal.meant(text.to_owned()),
        Ok(cadence) => refusal.meant(say::occasions(
            &cadence.days,
            cadence.step.map_or(1, |step| step.every),
            &cadence.times,
        )),
        Err(ReadRefusal::Plain(other)) => match tried(other, context).nearest().first() {
            Some(phrase) => refusal.meant(phrase.clone()),
            None => tried(refusal, context),
        },
        Err(ReadRefusal::Unknown { .. }) => tried(refusal, context),
    }
}

/// The word that a person meant who slipped once, or twice in a long word.
fn meant(word: &str) -> Option<&'static str> {
    let letters = word.chars().count();
    let most = match letters {
        3..=4 => 1,
        5..=12 => 2,
        _ => return None,
    };
    let distance = |other: &str| strsim::damerau_levenshtein(&other.to_lowercase(), word);
    let nearest = WORDS.into_iter().min_by_key(|other| distance(other))?;
    (distance(nearest) <= most).then_some(nearest)
}

/// A city for an example, from the zone of the person who asks where that is named after one.
pub(super) fn usual_city(zone: Tz) -> String {
    let city = zones::city(zone);
    let is_city = zone.name().contains('/') && !zone.name().starts_with("Etc/");
    if is_city && matches!(zones::find(&city), zones::ZoneMatch::One(_)) { city } else { "Berlin".to_owned() }
}

/// A date for an example.
pub(super) fn a_date(from: NaiveDate) -> String {
    dates::said(from.checked_add_signed(Duration::days(LATER_DAYS)).unwrap_or(from))
}
