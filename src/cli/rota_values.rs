//! Values in the files of `rondo rota`: an error names the value as it was written, and what to write.

use chrono::{NaiveDate, Weekday};
use serde::{Deserialize, Deserializer, de::Error};
use serde_json::Value;

/// A date.
#[derive(Clone, Copy)]
pub(super) struct Day(pub NaiveDate);

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(file: D) -> Result<Day, D::Error> {
        let value = Value::deserialize(file)?;
        date(&value).map(Day).ok_or_else(|| D::Error::custom(no_date(&value)))
    }
}

/// The first and the last day of a time away.
pub(super) struct Days(pub NaiveDate, pub NaiveDate);

impl<'de> Deserialize<'de> for Days {
    fn deserialize<D: Deserializer<'de>>(file: D) -> Result<Days, D::Error> {
        let value = Value::deserialize(file)?;
        let Some([first, last]) = value.as_array().map(Vec::as_slice) else {
            let what = "isn't a pair of days: write [[\"2026-01-06\",\"2026-01-09\"]], each with its first and last day";
            return Err(D::Error::custom(format!("away: {value} {what}")));
        };
        let read = |day: &Value| date(day).ok_or_else(|| D::Error::custom(format!("away: {}", no_date(day))));
        Ok(Days(read(first)?, read(last)?))
    }
}

/// A day of the week.
pub(super) struct DayOfWeek(pub Weekday);

impl<'de> Deserialize<'de> for DayOfWeek {
    fn deserialize<D: Deserializer<'de>>(file: D) -> Result<DayOfWeek, D::Error> {
        let value = Value::deserialize(file)?;
        let day = value.as_str().and_then(|typed| typed.parse().ok());
        let what = "isn't a day of the week: write Mon, Tue, Wed, Thu, Fri, Sat or Sun";
        day.map(DayOfWeek).ok_or_else(|| D::Error::custom(format!("{value} {what}")))
    }
}

fn date(value: &Value) -> Option<NaiveDate> {
    value.as_str()?.parse().ok()
}

fn no_date(value: &Value) -> String {
    format!("{value} isn't a date: write one such as \"2026-01-06\"")
}
