//! When an owner works, and what their clock shows.

use chrono::{Duration, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, TimeZone as _};
use chrono_tz::Tz;

use super::Due;
use crate::{
    common::people::{self, Away, PersonSettings, WorkTime},
    model::{
        cadence::resolve,
        clock::Instant,
        failure::Failure,
        people::{Person, PersonKind, UserId},
    },
    ritual::Context,
};

/// How far ahead a person's next working hour is looked for, in days: as far at a time, and in all.
const A_STEP_DAYS: i64 = 21;
const FARTHEST_DAYS: i64 = 92;
/// How far back days away are looked for, in days.
const LOOK_BACK_DAYS: usize = 30;

/// When a person works, holidays included.
pub struct Owner {
    pub zone: Tz,
    settings: PersonSettings,
    person: Option<Person>,
}

impl Owner {
    pub async fn load(context: &Context, user: &UserId) -> Result<Owner, Failure> {
        let person = context.store.person(user).await?;
        let zone = person.as_ref().and_then(|person| person.zone).unwrap_or(context.zone);
        let settings = with_holidays(people::store::of_person(&context.store, user).await?, context);
        Ok(Owner { zone, settings, person })
    }

    pub fn work(&self) -> WorkTime<'_> {
        WorkTime { zone: self.zone, settings: &self.settings, region: None }
    }

    /// Returns the time on their wall.
    pub fn wall(&self, at: Instant) -> NaiveDateTime {
        at.with_timezone(&self.zone).naive_local()
    }

    pub fn today(&self, at: Instant) -> NaiveDate {
        self.wall(at).date()
    }

    /// Returns the first instant from this one on at which they work; this one if they don't for months.
    pub fn next_at_work(&self, from: Instant) -> Instant {
        let (work, end) = (self.work(), from + Duration::days(FARTHEST_DAYS));
        let steps = (0..=FARTHEST_DAYS / A_STEP_DAYS).map(|step| from + Duration::days(step * A_STEP_DAYS));
        steps.take_while(|at| *at < end).find_map(|at| work.next(at, end)).unwrap_or(from)
    }

    /// Whether their clock never shows this time: it skips it when summer time begins.
    pub fn skips(&self, date: NaiveDate, time: NaiveTime) -> bool {
        matches!(self.zone.from_local_datetime(&date.and_time(time)), LocalResult::None)
    }

    /// Whether they are away at an instant, or have a holiday.
    pub fn is_away(&self, at: Instant) -> bool {
        self.settings.is_away(self.today(at))
    }

    /// Whether they were away until lately, and have worked on fewer days since than this.
    pub fn is_just_back(&self, at: Instant, days: usize) -> bool {
        let (work, today) = (self.work(), self.today(at));
        let before = std::iter::successors(today.pred_opt(), NaiveDate::pred_opt).take(LOOK_BACK_DAYS);
        let mut since = before.filter(|day| self.settings.is_away(*day) || !work.rests_on(*day)).take(days);
        since.any(|day| self.settings.is_away(day))
    }

    /// Whether their account is deactivated.
    pub fn is_gone(&self) -> bool {
        self.person.as_ref().is_some_and(|person| person.deactivated)
    }

    /// Whether they can be asked for promises by now, which they could when a person asked.
    pub fn can_be_asked(&self) -> bool {
        let is_member = |person: &Person| person.kind == PersonKind::Member && !person.deactivated;
        self.person.as_ref().is_some_and(is_member)
    }
}

/// Returns what a person has set for themselves, with the public holidays of their region from yesterday on as days away: what is put off
/// for days away is put off for them, too.
fn with_holidays(mut settings: PersonSettings, context: &Context) -> PersonSettings {
    let region = settings.region.as_deref().and_then(|region| context.holidays.region_of(region));
    let yesterday = (context.now - Duration::days(1)).date_naive();
    let holidays = region.into_iter().flat_map(|region| region.days.range(yesterday..));
    settings.away.extend(holidays.map(|(day, _)| Away { from: *day, to: *day }));
    settings
}

/// Whether an instant is after what is due, on the owner's wall.
pub fn is_after_due(at: Instant, due: &Due, zone: Tz) -> bool {
    let wall = at.with_timezone(&zone).naive_local();
    wall.date() > due.date || wall.date() == due.date && due.time.is_some_and(|time| wall.time() > time)
}

/// Whether the asker's clock shows another time when a promise with a time is due, or another day now if it has none.
pub fn is_other_clock(due: &Due, owner: Tz, asker: Tz, now: Instant) -> bool {
    let at = |zone: Tz, time| resolve(zone, due.date.and_time(time));
    let today = |zone: Tz| now.with_timezone(&zone).date_naive();
    match due.time {
        Some(time) => at(owner, time) != at(asker, time),
        None => today(owner) != today(asker),
    }
}

#[cfg(test)]
mod tests {
    use chrono::WeekdaySet;

    use super::*;

    fn at(text: &str) -> Instant {
        format!("{text}:00Z").parse().unwrap()
    }

    fn due(date: &str, time: Option<&str>) -> Due {
        Due { date: date.parse().unwrap(), time: time.map(|time| format!("{time}:00").parse().unwrap()) }
    }

    #[test]
    fn a_person_is_next_at_work_after_a_long_leave() {
        let next = |settings: PersonSettings| {
            let owner = Owner { zone: Tz::Europe__Berlin, settings, person: None };
            owner.next_at_work(at("2026-12-02T09:30"))
        };
        assert_eq!(next(PersonSettings::default()), at("2026-12-02T09:30"));
        let day = |text: &str| text.parse().unwrap();
        let leave = vec![Away { from: day("2026-12-01"), to: day("2027-01-31") }];
        let away = PersonSettings { away: leave, ..PersonSettings::default() };
        assert_eq!(next(away), at("2027-02-01T08:00"));
        let never = PersonSettings { days_out: WeekdaySet::ALL, ..PersonSettings::default() };
        assert_eq!(next(never), at("2026-12-02T09:30"), "they'd never hear of it");
    }

    #[test]
    fn a_clock_skips_an_hour_of_spring() {
        let owner = Owner { zone: Tz::America__New_York, settings: PersonSettings::default(), person: None };
        let skips = |date: &str, time: &str| owner.skips(date.parse().unwrap(), time.parse().unwrap());
        assert!(skips("2027-03-14", "02:30:00"));
        assert!(!skips("2027-03-14", "03:30:00") && !skips("2027-03-15", "02:30:00"));
        assert!(!skips("2027-11-07", "01:30:00"), "it comes twice");
    }

    #[test]
    fn a_reminder_can_come_after_its_date() {
        let (zone, nine) = (Tz::Europe__Berlin, at("2026-12-04T08:00"));
        for (date, time, is_after) in [
            ("2026-12-03", None, true),
            ("2026-12-04", None, false),
            ("2026-12-04", Some("08:59"), true),
            ("2026-12-04", Some("09:00"), false),
            ("2026-12-05", Some("08:00"), false),
        ] {
            assert_eq!(is_after_due(nine, &due(date, time), zone), is_after, "{date} {time:?}");
        }
    }

    #[test]
    fn zones_that_agree_show_the_same_time() {
        let now = at("2026-12-02T23:30");
        let berlin = |zone, time| is_other_clock(&due("2026-12-04", time), Tz::Europe__Berlin, zone, now);
        assert!(!berlin(Tz::Europe__Paris, Some("10:00")));
        assert!(berlin(Tz::Europe__Lisbon, Some("10:00")));
        assert!(!berlin(Tz::Europe__Paris, None), "a date has no clock");
        assert!(berlin(Tz::Europe__Lisbon, None), "today is another day there");
    }
}
