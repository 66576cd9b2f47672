//! A person's own settings: their department, working hours, days out and time away. A person who set none has none.

pub mod away;
pub mod edit;
pub mod fields;
pub mod form;
pub mod messages;
pub mod store;
pub mod work_time;

use chrono::{Datelike as _, NaiveDate, Weekday, WeekdaySet};

pub use self::work_time::WorkTime;

/// How the callback of the form and the actions of its buttons begin.
const PREFIX: &str = "people:";

/// Whether a callback or an action is one of a person's own settings.
pub fn owns(action: &str) -> bool {
    action.starts_with(PREFIX)
}

/// The minutes of a day.
const DAY: u16 = 24 * 60;

/// A part of a day, in minutes since midnight. It ends on the day that it begins on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hours {
    from: u16,
    to: u16,
}

impl Hours {
    /// From one minute to another, later one of the same day; `None` where it is no later.
    pub fn new(from: u16, to: u16) -> Option<Hours> {
        (from < to && to <= DAY).then_some(Hours { from, to })
    }

    /// Its first minute.
    pub fn from(self) -> u16 {
        self.from
    }

    /// The minute after its last one.
    pub fn to(self) -> u16 {
        self.to
    }

    /// The minute in its middle.
    pub fn middle(self) -> u16 {
        u16::midpoint(self.from, self.to)
    }

    /// Whether a minute of a day is within it.
    pub fn contains(self, minute: u16) -> bool {
        (self.from..self.to).contains(&minute)
    }
}

/// Days away, the first and the last among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Away {
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
}

impl Away {
    /// Whether a date is among the days.
    pub fn covers(&self, date: NaiveDate) -> bool {
        (self.from..=self.to).contains(&date)
    }

    /// Returns its days as the value of an option.
    pub fn as_value(self) -> String {
        format!("{}/{}", self.from, self.to)
    }

    /// Reads such a value; `None` if it is another.
    pub fn of_value(value: &str) -> Option<Away> {
        let (from, to) = value.split_once('/')?;
        Some(Away { from: from.parse().ok()?, to: to.parse().ok()? })
    }
}

/// What a person set for themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PersonSettings {
    /// Their department.
    pub department: Option<String>,
    /// Where they are: a free word or an ISO country.
    pub region: Option<String>,
    /// When they work on a working day, by their own clock.
    pub work: Option<Hours>,
    /// When they want to hear nothing, by their own clock.
    pub quiet: Option<Hours>,
    /// Days of the week on which they don't work.
    pub days_out: WeekdaySet,
    /// When they are away, the earliest first.
    pub away: Vec<Away>,
}

impl PersonSettings {
    /// Returns their department in small letters: the one that they set, else that of their user group.
    pub fn department_or(&self, group: Option<String>) -> Option<String> {
        self.department.as_ref().map(|name| name.to_lowercase()).or(group)
    }

    /// Whether they are away on a date.
    pub fn is_away(&self, date: NaiveDate) -> bool {
        self.away.iter().any(|away| away.covers(date))
    }

    /// Whether they are away on a date, or don't work on that day of the week.
    pub fn is_out(&self, date: NaiveDate) -> bool {
        self.is_away(date) || self.days_out.contains(date.weekday())
    }

    /// Whether they work in a minute of the week, counted from Monday's midnight by their own clock. A person who set no
    /// hours may work at any.
    pub fn works(&self, minute_of_week: u16) -> bool {
        let (day, minute) = (minute_of_week / DAY % 7, minute_of_week % DAY);
        let day = Weekday::try_from(u8::try_from(day).unwrap_or_default()).unwrap_or(Weekday::Mon);
        !self.days_out.contains(day) && self.work.is_none_or(|hours| hours.contains(minute))
    }

    /// By how many minutes the middle of their working day is later than the usual half past twelve.
    pub fn works_later_by(&self) -> i32 {
        const USUAL_MIDDLE: i32 = 12 * 60 + 30;
        self.work.map_or(0, |hours| i32::from(hours.middle()) - USUAL_MIDDLE)
    }
}

/// Days of the week as the store keeps them: `Fri,Sat`.
pub fn days_as_stored(days: WeekdaySet) -> String {
    let days: Vec<String> = days.iter(Weekday::Mon).map(|day| day.to_string()).collect();
    days.join(",")
}

/// Reads days of the week as the store keeps them; a word that is no day is passed over.
pub fn days_of(stored: &str) -> WeekdaySet {
    stored.split(',').filter_map(|word| word.parse::<Weekday>().ok()).collect()
}

/// Times away as the store keeps them: a JSON list of the first and the last day of each.
pub fn away_as_stored(away: &[Away]) -> Result<String, serde_json::Error> {
    let days: Vec<(NaiveDate, NaiveDate)> = away.iter().map(|away| (away.from, away.to)).collect();
    serde_json::to_string(&days)
}

/// Reads times away as the store keeps them.
pub fn away_of(stored: &str) -> Result<Vec<Away>, serde_json::Error> {
    let days: Vec<(NaiveDate, NaiveDate)> = serde_json::from_str(stored)?;
    Ok(days.into_iter().map(|(from, to)| Away { from, to }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn away(from: &str, to: &str) -> Away {
        Away { from: day(from), to: day(to) }
    }

    const ALL: [Weekday; 7] =
        [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];

    #[test]
    fn a_person_who_set_nothing_is_never_out() {
        let nothing = PersonSettings::default();
        assert!((0..7 * DAY).all(|minute| nothing.works(minute)));
        assert!(day("2026-01-01").iter_days().take(800).all(|date| !nothing.is_out(date)));
        assert_eq!(nothing.works_later_by(), 0);
    }

    #[test]
    fn the_first_and_the_last_day_away_count() {
        let away = vec![away("2026-01-05", "2026-01-07"), away("2026-02-02", "2026-02-02")];
        let settings = PersonSettings { away, ..PersonSettings::default() };
        let days = ["2026-01-04", "2026-01-05", "2026-01-06", "2026-01-07", "2026-01-08", "2026-02-02"];
        let is_away = days.map(|text| settings.is_away(day(text)));
        assert_eq!(is_away, [false, true, true, true, false, true]);
    }

    #[test]
    fn a_day_out_comes_every_week() {
        for out in ALL {
            let settings = PersonSettings { days_out: WeekdaySet::single(out), ..PersonSettings::default() };
            for date in day("2026-01-01").iter_days().take(60) {
                assert_eq!(settings.is_out(date), date.weekday() == out, "{date} {out}");
                assert!(!settings.is_away(date));
            }
        }
    }

    #[test]
    fn working_time_is_as_long_as_its_hours() {
        for (from, to) in [(0, 1), (0, DAY), (540, 1_020), (720, 721), (1_439, 1_440)] {
            let work = Hours::new(from, to);
            for days_out in
                [WeekdaySet::EMPTY, WeekdaySet::from_array([Weekday::Sat, Weekday::Sun]), WeekdaySet::ALL]
            {
                let settings = PersonSettings { work, days_out, ..PersonSettings::default() };
                let minutes = (0..7 * DAY).filter(|minute| settings.works(*minute)).count();
                assert_eq!(minutes, usize::from(to - from) * (7 - usize::from(days_out.len())));
            }
        }
    }

    #[test]
    fn hours_end_after_they_begin_and_on_the_same_day() {
        for from in (0..=DAY + 60).step_by(30) {
            for to in (0..=DAY + 60).step_by(30) {
                let hours = Hours::new(from, to);
                assert_eq!(hours.is_some(), from < to && to <= DAY, "{from} {to}");
                if let Some(hours) = hours {
                    assert!(hours.contains(hours.from()) && !hours.contains(hours.to()));
                    assert!(hours.contains(hours.middle()));
                }
            }
        }
    }

    #[test]
    fn a_late_working_day_counts_from_its_middle() {
        let later = |from, to| {
            PersonSettings { work: Hours::new(from, to), ..PersonSettings::default() }.works_later_by()
        };
        assert_eq!(later(8 * 60, 17 * 60), 0);
        assert_eq!(later(14 * 60, 22 * 60), 330);
        assert_eq!(later(5 * 60, 13 * 60), -210);
    }

    #[test]
    fn days_are_stored_in_the_order_of_the_week() {
        for bits in 0..128_u8 {
            let days: WeekdaySet = ALL
                .into_iter()
                .enumerate()
                .filter(|(at, _)| bits >> at & 1 == 1)
                .map(|(_, day)| day)
                .collect();
            assert_eq!(days_of(&days_as_stored(days)), days);
        }
        assert_eq!(days_as_stored(WeekdaySet::from_array([Weekday::Sat, Weekday::Fri])), "Fri,Sat");
        assert_eq!(days_of(""), WeekdaySet::EMPTY);
        assert_eq!(days_of("Fri,Blursday"), WeekdaySet::single(Weekday::Fri));
    }

    #[test]
    fn times_away_have_a_stored_form_that_stays() {
        let stored = r#"[["2026-01-05","2026-01-07"],["2026-12-24","2027-01-06"]]"#;
        let times = vec![away("2026-01-05", "2026-01-07"), away("2026-12-24", "2027-01-06")];
        assert_eq!(away_as_stored(&times).unwrap(), stored);
        assert_eq!(away_of(stored).unwrap(), times);
        assert_eq!(away_of("[]").unwrap(), []);
        assert!(away_of("").is_err());
    }
}
