//! When a person works, and so when they are sent what can wait.

#[cfg(test)]
pub mod tests;

use chrono::{Datelike as _, Duration, NaiveDate, NaiveTime, Weekday};
use chrono_tz::Tz;

use super::{DAY, Hours, PersonSettings, store};
use crate::{
    model::{
        cadence::resolve,
        clock::Instant,
        failure::Failure,
        holidays::{Holidays, Region},
        people::UserId,
    },
    ritual::Context,
};

/// When people work who set no hours, in minutes since midnight.
const USUAL_FROM: u16 = 9 * 60;
const USUAL_TO: u16 = 17 * 60;
/// When people are taken to be awake, in minutes since midnight.
const AWAKE_FROM: u16 = 7 * 60;
const AWAKE_TO: u16 = 22 * 60;
/// How long before something a person hears of it in their working hours, at least; else they hear of it while they're awake, in
/// minutes.
const LEAST_NOTICE_MINUTES: i64 = 60;
/// How far ahead a person's next working hour is looked for, in days.
const FARTHEST_DAYS: i64 = 21;

/// When a person works.
#[derive(Clone, Copy, Debug)]
pub struct WorkTime<'s> {
    pub zone: Tz,
    /// What they set for themselves.
    pub settings: &'s PersonSettings,
    /// Where they are, whose public holidays are days off.
    pub region: Option<&'s Region>,
}

/// How a person can be told of something before it begins, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    AtWork,
    /// They don't work before it, or hardly.
    Awake,
    /// It begins before they are awake.
    AtNight,
}

impl<'s> WorkTime<'s> {
    /// Returns when a person works who set this for themselves, without the public holidays of their region.
    pub fn of(zone: Tz, settings: &'s PersonSettings, holidays: &'s Holidays) -> WorkTime<'s> {
        let region = settings.region.as_deref().and_then(|region| holidays.region_of(region));
        WorkTime { zone, settings, region }
    }

    /// Whether the person works at an instant and wants to hear something. A person who set no hours works from 9 to 17, a
    /// person who set no days out doesn't work on weekends.
    pub fn includes(&self, at: Instant) -> bool {
        !self.rests_on(self.date(at))
            && self.hours().is_none_or(|hours| hours.contains(self.minute(at)))
            && !self.is_quiet(at)
    }

    /// Returns how the person can be told from this instant on of what begins at `end`, and when.
    pub fn reach(&self, from: Instant, end: Instant) -> (Reach, Instant) {
        let at_work = self.next(from, end);
        if let Some(at) = at_work.filter(|at| *at + Duration::minutes(LEAST_NOTICE_MINUTES) <= end) {
            return (Reach::AtWork, at);
        }
        let last = end.min(from + Duration::days(FARTHEST_DAYS));
        let is_awake = |at: &Instant| self.is_up(*at) && !self.is_out(self.date(*at));
        let awake = std::iter::successors(Some(from), next_minute).take_while(|at| *at < last).find(is_awake);
        match (at_work, awake) {
            (Some(at), awake) if awake.is_none_or(|awake| at <= awake) => (Reach::AtWork, at),
            (_, Some(at)) => (Reach::Awake, at),
            _ => (Reach::AtNight, from),
        }
    }

    /// Whether an instant is outside the hours that the person set, or at night where they set none.
    pub fn is_night(&self, at: Instant) -> bool {
        let minute = self.minute(at);
        match self.settings.work {
            Some(hours) => !hours.contains(minute),
            None => !(AWAKE_FROM..AWAKE_TO).contains(&minute),
        }
    }

    /// Whether the person is taken to be awake at an instant, and wants to hear something.
    pub fn is_up(&self, at: Instant) -> bool {
        (AWAKE_FROM..AWAKE_TO).contains(&self.minute(at)) && !self.is_quiet(at)
    }

    fn minute(&self, at: Instant) -> u16 {
        let time = at.with_timezone(&self.zone).time();
        u16::try_from((time - NaiveTime::MIN).num_minutes()).unwrap_or_default()
    }

    fn is_quiet(&self, at: Instant) -> bool {
        self.settings.quiet.is_some_and(|quiet| quiet.contains(self.minute(at)))
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
            let hour = *at + Duration::hours(1);
            let is_free_hour = self.rests_on(self.date(*at)) && self.date(hour) == self.date(*at);
            if is_free_hour { start_of_minute(hour) } else { next_minute(at) }
        };
        std::iter::successors(Some(from), later).take_while(|at| *at < last).find(|at| self.includes(*at))
    }

    /// Returns the date on their wall.
    pub fn date(&self, at: Instant) -> NaiveDate {
        at.with_timezone(&self.zone).date_naive()
    }

    /// Whether they don't work on a date: they are out, or it's a weekend and they set no days out.
    pub fn rests_on(&self, date: NaiveDate) -> bool {
        self.is_out(date) || self.settings.days_out.is_empty() && is_weekend(date)
    }

    /// Whether they are away on a date, never work then, or have a public holiday.
    fn is_out(&self, date: NaiveDate) -> bool {
        self.settings.is_out(date) || self.region.is_some_and(|region| region.holiday_on(date).is_some())
    }
}

fn next_minute(at: &Instant) -> Option<Instant> {
    start_of_minute(*at + Duration::minutes(1))
}

fn start_of_minute(at: Instant) -> Option<Instant> {
    Instant::from_timestamp(at.timestamp().div_euclid(60) * 60, 0)
}

/// Returns when a person can read what waits for their working hours; at once where they have none soon.
pub async fn next_hour_of(context: &Context, person: &UserId) -> Result<Instant, Failure> {
    let settings = store::of_person(&context.store, person).await?;
    let zone = context.store.zone_of(person).await?.unwrap_or(context.zone);
    let end = context.now + Duration::days(FARTHEST_DAYS);
    let work = WorkTime::of(zone, &settings, &context.holidays);
    Ok(work.next(context.now, end).unwrap_or(context.now))
}

/// Whether it is a Saturday or a Sunday.
pub fn is_weekend(date: NaiveDate) -> bool {
    matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
}
