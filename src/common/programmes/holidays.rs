//! Occasions that fall on days on which few people work, and the words that leave them out.

use chrono::{Datelike as _, Duration, NaiveDate};
use chrono_tz::Tz;

use crate::{
    common::people::store as settings,
    model::{cadence::Cadence, clock::Instant, failure::Failure, holidays::Region, people::UserId},
    ritual::Context,
};

/// Month and day: holidays in many countries.
const USUAL: [(u32, u32); 5] = [(1, 1), (12, 24), (12, 25), (12, 26), (12, 31)];
/// Days on which few people work, whether they are holidays in a region or not.
const EVES: [(u32, u32); 2] = [(12, 24), (12, 31)];
/// How many dates are looked at, and for how long: a day and a month name one date in a year.
const LOOK_AHEAD: usize = 12;
const LOOK_AHEAD_DAYS: i64 = 360;
/// How a date is written behind `except`, the kindest way first.
const FORMATS: [&str; 2] = ["%-d %B", "%Y-%m-%d"];

/// The days on which few people work, as far as they are known.
#[derive(Clone, Copy, Debug, Default)]
pub struct DaysOff<'r> {
    region: Option<&'r Region>,
}

impl<'r> DaysOff<'r> {
    /// Returns those of the region of a person, who keeps or starts a programme.
    pub async fn of(context: &'r Context, user: &UserId) -> Result<DaysOff<'r>, Failure> {
        let region = settings::of_person(&context.store, user).await?.region;
        Ok(DaysOff { region: region.and_then(|region| context.holidays.region_of(&region)) })
    }

    fn include(self, day: NaiveDate) -> bool {
        let is_in = |days: &[(u32, u32)]| days.contains(&(day.month(), day.day()));
        match self.region {
            Some(region) => region.holiday_on(day).is_some() || is_in(&EVES),
            None => is_in(&USUAL),
        }
    }

    /// Returns which of the next occasions fall on them, the first one first.
    pub fn among(self, cadence: &Cadence, now: Instant) -> Vec<NaiveDate> {
        let end = now + Duration::days(LOOK_AHEAD_DAYS);
        let soon = cadence.upcoming(now, LOOK_AHEAD).into_iter().take_while(|next| next.at < end);
        soon.map(|next| next.wall.date()).filter(|day| self.include(*day)).collect()
    }
}

/// The words that leave these days out when they stand behind the times as they were typed, as in `except 25 December`.
/// Nothing where no such words work.
pub fn except(times: &str, days: &[NaiveDate], zone: Tz, now: Instant) -> Option<String> {
    let today = now.with_timezone(&zone).date_naive();
    let words = FORMATS.iter().flat_map(|format| {
        let days: Vec<String> = days.iter().map(|day| day.format(format).to_string()).collect();
        ["except", "and"].map(|word| format!("{word} {}", days.join(" and ")))
    });
    let mut that_work = words.filter(|words| {
        let cadence = Cadence::parse(&format!("{times} {words}"), zone, today);
        cadence.is_ok_and(|cadence| {
            let left = cadence.upcoming(now, LOOK_AHEAD);
            !left.iter().any(|next| days.contains(&next.wall.date()))
        })
    });
    that_work.next().filter(|_| !days.is_empty())
}

#[cfg(test)]
mod tests {
    use chrono::{TimeZone as _, Utc};

    use super::*;

    /// Tuesday, 1 December 2026.
    fn now() -> Instant {
        Utc.with_ymd_and_hms(2026, 12, 1, 9, 0, 0).unwrap()
    }

    fn advice(times: &str) -> (Vec<String>, Option<String>) {
        let cadence = Cadence::parse(times, Tz::UTC, now().date_naive()).unwrap();
        let days = DaysOff::default().among(&cadence, now());
        (days.iter().map(NaiveDate::to_string).collect(), except(times, &days, Tz::UTC, now()))
    }

    #[test]
    fn a_last_friday_at_christmas_is_found_with_a_way_out() {
        let (days, words) = advice("last Friday of the month at 16:00");
        assert_eq!(days, ["2026-12-25"]);
        let words = words.unwrap();
        assert!(["except 25 December", "except 2026-12-25"].contains(&words.as_str()), "{words}");
        assert_eq!(advice(&format!("last Friday of the month at 16:00 {words}")), (Vec::new(), None));
    }

    #[test]
    fn several_days_are_left_out_together() {
        let (days, words) = advice("every Thursday at 10:00");
        assert_eq!(days, ["2026-12-24", "2026-12-31"]);
        let again = advice(&format!("every Thursday at 10:00 {}", words.unwrap()));
        assert_eq!(again, (Vec::new(), None));
    }

    #[test]
    fn a_date_is_added_to_those_that_are_left_out_already() {
        let times = "every Thursday at 10:00 except 2026-12-24";
        let (days, words) = advice(times);
        assert_eq!(days, ["2026-12-31"]);
        assert_eq!(advice(&format!("{times} {}", words.unwrap())), (Vec::new(), None));
    }

    #[test]
    fn a_region_has_its_own_holidays() {
        let day = |text: &str| -> NaiveDate { text.parse().unwrap() };
        let days = [(day("2026-12-08"), "Mariä Empfängnis".to_owned())].into();
        let region = Region { code: "at".to_owned(), name: "Austria".to_owned(), also: Vec::new(), days };
        let off = DaysOff { region: Some(&region) };
        let cadence = |times: &str| Cadence::parse(times, Tz::UTC, now().date_naive()).unwrap();
        let on = off.among(&cadence("every Tuesday at 10:00"), now());
        assert_eq!(on, [day("2026-12-08")]);
        let words = except("every Tuesday at 10:00", &on, Tz::UTC, now()).unwrap();
        assert_eq!(off.among(&cadence(&format!("every Tuesday at 10:00 {words}")), now()), []);
        // The second day of Christmas is none there, and the eves count everywhere.
        assert_eq!(off.among(&cadence("0 10 26 12 *"), now()), []);
        assert_eq!(
            off.among(&cadence("every Thursday at 10:00"), now()),
            [day("2026-12-24"), day("2026-12-31")]
        );
    }

    #[test]
    fn other_days_are_no_holidays() {
        assert_eq!(advice("every Tuesday at 10:00"), (Vec::new(), None));
    }

    #[test]
    fn cron_fields_take_the_words_too() {
        let (days, words) = advice("0 10 * * 5");
        assert_eq!(days, ["2026-12-25", "2027-01-01"]);
        assert_eq!(advice(&format!("0 10 * * 5 {}", words.unwrap())), (Vec::new(), None));
    }
}
