//! When a person works, and so when they are sent what can wait.

#[cfg(test)]
pub mod tests;

use chrono::{Datelike as _, Duration, NaiveDate, NaiveTime, Weekday};
use chrono_tz::Tz;

use super::{DAY, Hours, PersonSettings, store};
use crate::{
    model::{cadence::resolve, clock::Instant, failure::Failure, people::UserId},
    ritual::Context,
};

/// When people work who set no hours, in minutes since midnight.
const USUAL_FROM: u16 = 9 * 60;
const USUAL_TO: u16 = 17 * 60;
/// How far ahead a person's next working hour is looked for, in days.
const FARTHEST_DAYS: i64 = 21;

/// When a person works.
#[derive(Clone, Copy, Debug)]
pub struct WorkTime<'s> {
    pub zone: Tz,
    /// What they set for themselves.
    pub settings: &'s PersonSettings,
}

impl WorkTime<'_> {
    /// Whether the person works at an instant and wants to hear something. A person who set no hours works from 9 to 17, a
    /// person who set no days out doesn't work on weekends.
    pub fn includes(&self, at: Instant) -> bool {
        let time = at.with_timezone(&self.zone).time();
        let minute = u16::try_from((time - NaiveTime::MIN).num_minutes()).unwrap_or_default();
        !self.rests_on(self.date(at))
            && self.hours().is_none_or(|hours| hours.contains(minute))
            && !self.settings.quiet.is_some_and(|quiet| quiet.contains(minute))
    }

    /// Returns when their hours end on a date, whether they work on it or not.
    pub fn ends_on(&self, date: NaiveDate) -> Option<Instant> {
        let minutes = self.hours().map_or(DAY, Hours::to);
        resolve(self.zone, date.and_time(NaiveTime::MIN) + Duration::minutes(minutes.into()))
    }

    /// Returns their hours on a working day.
    fn hours(&self) -> Option<Hours> {
        self.settings.work.or_else(|| Hours::new(USUAL_FROM, USUAL_TO))
    }

    /// Returns the first instant from this one on at which the person works, if there is one before the end.
    pub fn next(&self, from: Instant, end: Instant) -> Option<Instant> {
        let last = end.min(from + Duration::days(FARTHEST_DAYS));
        let later = |at: &Instant| {
            let (minute, hour) = (*at + Duration::minutes(1), *at + Duration::hours(1));
            let is_free_hour = self.rests_on(self.date(*at)) && self.date(hour) == self.date(*at);
            let next = if is_free_hour { hour } else { minute };
            Instant::from_timestamp(next.timestamp().div_euclid(60) * 60, 0)
        };
        std::iter::successors(Some(from), later).take_while(|at| *at < last).find(|at| self.includes(*at))
    }

    /// Returns the date on their wall.
    pub fn date(&self, at: Instant) -> NaiveDate {
        at.with_timezone(&self.zone).date_naive()
    }

    /// Whether they don't work on a date: they are out, or it's a weekend and they set no days out.
    pub fn rests_on(&self, date: NaiveDate) -> bool {
        self.settings.is_out(date) || self.settings.days_out.is_empty() && is_weekend(date)
    }
}

/// Returns when a person can read what waits for their working hours; at once where they have none soon.
pub async fn next_hour_of(context: &Context, person: &UserId) -> Result<Instant, Failure> {
    let settings = store::of_person(&context.store, person).await?;
    let zone = context.store.zone_of(person).await?.unwrap_or(context.zone);
    let end = context.now + Duration::days(FARTHEST_DAYS);
    Ok(WorkTime { zone, settings: &settings }.next(context.now, end).unwrap_or(context.now))
}

/// Whether it is a Saturday or a Sunday.
pub fn is_weekend(date: NaiveDate) -> bool {
    matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
}
