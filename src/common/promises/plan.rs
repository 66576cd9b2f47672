//! When an owner is reminded, and which date a menu's choice means.

use chrono::{Days, Duration, NaiveDate, NaiveTime, Weekday};

use super::Due;
use crate::{
    common::people::WorkTime,
    model::{cadence::resolve, clock::Instant, people::UserId},
};

/// For how long *Done* can be undone.
const UNDO: Duration = Duration::hours(24);
/// How many days before and behind a due date a working day is looked for.
const MOST_DAYS_BEFORE: usize = 31;
const MOST_DAYS_BEHIND: usize = 60;
/// How many days of a week are before its end.
const WORKING_DAYS: usize = 5;
/// How long before the end of a working day a person is reminded whose day has begun.
const BEFORE_THE_END: Duration = Duration::hours(1);
/// How long before a named time a person is reminded.
const AHEAD: Duration = Duration::hours(1);

/// A call for help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// `None` if it is in the channel.
    pub helper: Option<UserId>,
    pub at: Instant,
    /// What the owner said would help; empty if they said nothing.
    pub words: String,
    /// Whether the person is still to be asked, since they weren't at work.
    pub is_planned: bool,
    /// Whether the person's account is off.
    pub is_gone: bool,
}

impl Call {
    /// A call that is made at once, without words.
    pub fn now(helper: Option<UserId>, at: Instant) -> Call {
        Call { helper, at, words: String::new(), is_planned: false, is_gone: false }
    }
}

/// Returns until when *Done* can be undone that was said at an instant.
pub fn undo_until(done_at: Instant) -> Instant {
    done_at + UNDO
}

/// Returns when an owner is reminded of a promise, always later than `now`.
///
/// On the due date it is an hour before the named time if they work then, else the beginning of their working day, or the last hour
/// of it if that has begun; where less than an hour is left, it is the named time. If there is no such time (a day out, a holiday,
/// days away, a time before they begin), it is their last working day before, so that there is time left to do it; if none is
/// left, it is the next working day.
pub fn remind_at(due: &Due, work: &WorkTime<'_>, now: Instant) -> Instant {
    let today = work.date(now);
    let before = std::iter::successors(Some(due.date), NaiveDate::pred_opt).take(MOST_DAYS_BEFORE);
    let mut behind =
        std::iter::successors(Some(due.date.max(today)), NaiveDate::succ_opt).take(MOST_DAYS_BEHIND);
    let time = |date: NaiveDate| due.time.filter(|_| date == due.date);
    let mut before = before.take_while(|date| *date >= today);
    before
        .find_map(|date| on_day(date, time(date), work, now))
        .or_else(|| behind.find_map(|date| on_day(date, None, work, now)))
        .unwrap_or(now + Duration::days(1))
}

/// Returns when a person is reminded on a date, by that time if there is one; `None` if they don't work until then or it is over.
fn on_day(date: NaiveDate, time: Option<NaiveTime>, work: &WorkTime<'_>, now: Instant) -> Option<Instant> {
    if work.rests_on(date) {
        return None;
    }
    let at = |time: NaiveTime| resolve(work.zone, date.and_time(time));
    let (midnight, next) =
        (at(NaiveTime::MIN)?, resolve(work.zone, date.succ_opt()?.and_time(NaiveTime::MIN))?);
    let named = time.and_then(at);
    let ahead = named.map(|named| named - AHEAD);
    let begins = work.next(midnight, next);
    let last_hour = begins.and_then(|begins| {
        work.next(work.ends_on(date)? - BEFORE_THE_END, next).filter(|last| *last > begins)
    });
    let is_free = |at: &Instant| *at > now && work.includes(*at) && named.is_none_or(|named| *at <= named);
    [ahead, begins, last_hour, named].into_iter().flatten().find(is_free)
}

/// A choice of the menu of dates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Later {
    Tomorrow,
    ThreeDays,
    /// By Friday of it, as where it is typed.
    NextWeek,
}

/// Returns the date that a choice means on a day. If the person doesn't work on it, it is the next day on which they do: they want
/// to hear of it later, and not before.
pub fn later(choice: Later, today: NaiveDate, work: &WorkTime<'_>) -> Option<NaiveDate> {
    let date = match choice {
        Later::Tomorrow => today.succ_opt(),
        Later::ThreeDays => today.checked_add_days(Days::new(3)),
        Later::NextWeek => {
            let next = today.week(Weekday::Mon).last_day();
            let days: Vec<NaiveDate> = next.iter_days().skip(1).take(WORKING_DAYS).collect();
            days.iter().rfind(|day| !work.rests_on(**day)).or(days.last()).copied()
        }
    }?;
    date.iter_days().take(MOST_DAYS_BEHIND).find(|day| !work.rests_on(*day)).or(Some(date))
}

#[cfg(test)]
mod tests {
    use chrono::WeekdaySet;
    use chrono_tz::Tz;
    use proptest::prelude::*;

    use super::*;
    use crate::common::people::{Away, Hours, PersonSettings};

    fn at(text: &str) -> Instant {
        format!("{text}:00Z").parse().unwrap()
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn due(date: &str, time: Option<&str>) -> Due {
        Due { date: day(date), time: time.map(|time| format!("{time}:00").parse().unwrap()) }
    }

    /// When a person in Berlin is reminded, by the clock there, who promises something on Wednesday, 2 December 2026, at 10:30.
    fn berlin(due: Due, settings: &PersonSettings) -> String {
        let work = WorkTime { zone: Tz::Europe__Berlin, settings, region: None };
        let at = remind_at(&due, &work, at("2026-12-02T09:30"));
        at.with_timezone(&Tz::Europe__Berlin).format("%a %d %b %H:%M").to_string()
    }

    #[test]
    fn a_person_is_reminded_on_the_day() {
        let usual = PersonSettings::default();
        assert_eq!(berlin(due("2026-12-04", None), &usual), "Fri 04 Dec 09:00");
        assert_eq!(berlin(due("2026-12-04", Some("15:00")), &usual), "Fri 04 Dec 14:00", "there's time left");
        assert_eq!(berlin(due("2026-12-04", Some("09:30")), &usual), "Fri 04 Dec 09:00", "their day begins");
        assert_eq!(berlin(due("2026-12-04", Some("07:00")), &usual), "Thu 03 Dec 09:00", "before they begin");
        assert_eq!(berlin(due("2026-12-03", Some("07:00")), &usual), "Wed 02 Dec 16:00", "before they begin");
        assert_eq!(berlin(due("2026-12-04", Some("20:00")), &usual), "Fri 04 Dec 09:00", "not at night");
        assert_eq!(berlin(due("2026-12-02", None), &usual), "Wed 02 Dec 16:00", "the day has begun");
        assert_eq!(berlin(due("2026-12-02", Some("13:00")), &usual), "Wed 02 Dec 12:00");
        assert_eq!(berlin(due("2026-12-02", Some("10:31")), &usual), "Wed 02 Dec 10:31", "no hour is left");
        assert_eq!(berlin(due("2026-12-02", Some("20:00")), &usual), "Wed 02 Dec 16:00");
        let late = PersonSettings { work: Hours::new(14 * 60, 22 * 60), ..PersonSettings::default() };
        assert_eq!(berlin(due("2026-12-04", None), &late), "Fri 04 Dec 14:00");
        assert_eq!(berlin(due("2026-12-04", Some("20:00")), &late), "Fri 04 Dec 19:00");
    }

    #[test]
    fn before_days_off_there_is_time_left() {
        let usual = PersonSettings::default();
        assert_eq!(berlin(due("2026-12-06", Some("15:00")), &usual), "Fri 04 Dec 09:00", "a Sunday");
        let away = vec![Away { from: day("2026-12-03"), to: day("2026-12-11") }];
        let away = PersonSettings { away, ..PersonSettings::default() };
        assert_eq!(berlin(due("2026-12-04", None), &away), "Wed 02 Dec 16:00");
        let away = vec![Away { from: day("2026-12-01"), to: day("2026-12-11") }];
        let away = PersonSettings { away, ..PersonSettings::default() };
        assert_eq!(berlin(due("2026-12-04", None), &away), "Mon 14 Dec 09:00", "they are back");
        let never = PersonSettings { days_out: WeekdaySet::ALL, ..PersonSettings::default() };
        assert_eq!(berlin(due("2026-12-04", None), &never), "Thu 03 Dec 10:30");
    }

    #[test]
    fn a_time_that_the_clocks_skip_comes_after_the_gap() {
        let nights = PersonSettings {
            work: Hours::new(0, 6 * 60),
            days_out: WeekdaySet::single(Weekday::Mon),
            ..PersonSettings::default()
        };
        let work = WorkTime { zone: Tz::Europe__Berlin, settings: &nights, region: None };
        let now = at("2027-03-20T12:00");
        assert_eq!(remind_at(&due("2027-03-28", Some("02:30")), &work, now), at("2027-03-28T00:00"));
        assert_eq!(
            remind_at(&due("2026-10-25", Some("02:30")), &work, at("2026-10-20T12:00")),
            at("2026-10-24T23:30")
        );
    }

    #[test]
    fn a_choice_means_a_date() {
        let work = WorkTime { zone: Tz::UTC, settings: &PersonSettings::default(), region: None };
        let said = |choice| later(choice, day("2026-12-02"), &work).unwrap().to_string();
        assert_eq!(said(Later::Tomorrow), "2026-12-03");
        assert_eq!(said(Later::ThreeDays), "2026-12-07", "a Saturday is no working day");
        assert_eq!(said(Later::NextWeek), "2026-12-11");
        assert_eq!(later(Later::NextWeek, day("2026-12-07"), &work), Some(day("2026-12-18")));
        let away = vec![Away { from: day("2026-12-10"), to: day("2026-12-11") }];
        let away = PersonSettings { away, ..PersonSettings::default() };
        let away = WorkTime { zone: Tz::UTC, settings: &away, region: None };
        assert_eq!(
            later(Later::NextWeek, day("2026-12-02"), &away),
            Some(day("2026-12-09")),
            "still next week"
        );
        assert_eq!(later(Later::Tomorrow, day("2026-12-04"), &work), Some(day("2026-12-07")));
    }

    proptest! {
        #[test]
        fn a_reminder_is_in_the_persons_hours(
            minutes in 0..3_000_000_i64, ahead in 0..60_u64, zone in prop::sample::select(chrono_tz::TZ_VARIANTS.to_vec()),
            from in 0..1_320_u16, days_out in prop::collection::vec(0..7_u8, 0..5), time in prop::option::of(0..1_440_u32),
        ) {
            let now = at("2020-01-01T00:00") + Duration::minutes(minutes);
            let days_out: WeekdaySet = days_out.into_iter().map(|day| Weekday::try_from(day).unwrap()).collect();
            let settings = PersonSettings { work: Hours::new(from, from + 120), days_out, ..PersonSettings::default() };
            let work = WorkTime { zone, settings: &settings, region: None };
            let date = work.date(now).checked_add_days(Days::new(ahead)).unwrap();
            let time = time.and_then(|minute| NaiveTime::from_num_seconds_from_midnight_opt(minute * 60, 0));
            let reminded = remind_at(&Due { date, time }, &work, now);
            prop_assert!(reminded > now);
            prop_assert!(work.includes(reminded) || reminded == now + Duration::days(1), "{}", reminded);
            if !work.rests_on(date) && date > work.date(now) {
                prop_assert!(work.date(reminded) <= date);
            }
        }
    }
}
