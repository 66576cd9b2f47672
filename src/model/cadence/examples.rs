//! Phrases for refusals and examples, each of which the grammar reads.

use chrono::{Duration, NaiveDate};
use chrono_tz::Tz;

use super::{dates, zones};

/// A phrase that is always understood.
pub(super) const SURE: &str = "every Tuesday at 10:00";
/// Dates in examples are this many days ahead, which is later than most occurrences.
pub(super) const LATER_DAYS: i64 = 60;
/// Returns a city for an example: that of the person's zone, if it is named after a city.
pub(super) fn usual_city(zone: Tz) -> String {
    let city = zones::city(zone);
    let is_city = zone.name().contains('/') && !zone.name().starts_with("Etc/");
    if is_city && matches!(zones::find(&city), zones::ZoneMatch::One(_)) { city } else { "Berlin".to_owned() }
}

/// Returns a date for an example.
pub(super) fn a_date(from: NaiveDate) -> String {
    dates::said(a_day(from))
}

/// The same as a value.
pub(super) fn a_day(from: NaiveDate) -> NaiveDate {
    from.checked_add_signed(Duration::days(LATER_DAYS)).unwrap_or(from)
}
