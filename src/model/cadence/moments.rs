//! A day and a time as people type them for one occasion: `9 December at 15:00`, `Wednesday`, `15:00`.

use chrono::{Days, NaiveDate, NaiveTime, Weekday};

use super::{
    dates,
    spans::{self, DaySpan, WrongDays},
    times::{self, ReadTime},
    typed::Typed,
};

/// A day, a time, or both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TypedMoment {
    pub date: Option<NaiveDate>,
    /// The weekday, where the date is nothing else: it may be meant in another week.
    pub weekday: Option<Weekday>,
    pub time: Option<NaiveTime>,
}

/// Why a text names no day or time that can be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WrongMoment {
    Days(WrongDays),
    /// These are several days.
    Several,
    /// This is no time of day.
    Time(String),
    /// This may be a day or a time.
    Ambiguous(String),
}

impl TypedMoment {
    /// Reads a day that is not over on the day `today`, a time behind it, or either of them.
    pub fn parse(text: &str, today: NaiveDate) -> Result<TypedMoment, WrongMoment> {
        let typed = Typed::read(text);
        let words = &typed.words;
        let low = |at: usize| words.get(at).map_or("", |word| word.low.as_str());
        for at in 0..words.len() {
            let says_at = matches!(low(at), "at" | "@");
            let first = at + usize::from(says_at);
            let behind = words.get(first..).unwrap_or_default();
            if !says_at && low(at).contains('.') && dates::read(behind, today).is_some() {
                if typed.quote(at, at).ends_with('.') {
                    continue;
                }
                if !matches!(times::read(behind, false), ReadTime::Nothing) {
                    return Err(WrongMoment::Ambiguous(typed.quote(at, at)));
                }
            }
            match times::read(behind, says_at) {
                ReadTime::Time(time, used) if first + used == words.len() => {
                    let days = (at > 0).then(|| typed.quote(0, at - 1));
                    let date = days.as_deref().map(|days| day(days, today)).transpose()?;
                    let weekday = days.as_deref().and_then(spans::bare_weekday);
                    return Ok(TypedMoment { date, weekday, time: Some(time) });
                }
                ReadTime::Wrong(used) | ReadTime::NeedsNoHalf(.., used) => {
                    return Err(WrongMoment::Time(typed.quote(first, first + used - 1)));
                }
                ReadTime::Time(..) | ReadTime::Nothing => {}
            }
        }
        Ok(TypedMoment { date: Some(day(text, today)?), weekday: spans::bare_weekday(text), time: None })
    }

    /// Returns the date for what is on the day `from` now, if a date was said: a bare weekday is that of the same week, from
    /// Monday on, or the next one if that is over on the day `today`.
    pub fn date_near(self, from: NaiveDate, today: NaiveDate) -> Option<NaiveDate> {
        let of_that_week = self.weekday.and_then(|weekday| {
            let monday = from.week(Weekday::Mon).first_day();
            monday.checked_add_days(Days::new(u64::from(weekday.num_days_from_monday())))
        });
        of_that_week.filter(|date| *date >= today).or(self.date)
    }
}

fn day(text: &str, today: NaiveDate) -> Result<NaiveDate, WrongMoment> {
    match DaySpan::parse(text, today).map_err(WrongMoment::Days)? {
        DaySpan { first, last } if first == last => Ok(first),
        _ => Err(WrongMoment::Several),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Reads a text on Wednesday, 2 December 2026.
    fn read(text: &str) -> Result<String, WrongMoment> {
        let moment = TypedMoment::parse(text, "2026-12-02".parse().unwrap())?;
        let date = moment.date.map(|date| date.to_string());
        let time = moment.time.map(|time| time.format("%H:%M").to_string());
        Ok([date, time].into_iter().flatten().collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn days_and_times_are_read_together() {
        for (text, moment) in [
            ("9 December", "2026-12-09"),
            ("Wednesday", "2026-12-02"),
            ("next Tuesday", "2026-12-08"),
            ("tomorrow", "2026-12-03"),
            ("9 December at 15:00", "2026-12-09 15:00"),
            ("9 December 15:00", "2026-12-09 15:00"),
            ("on Wednesday, 9 December at 3 pm", "2026-12-09 15:00"),
            ("tomorrow at noon", "2026-12-03 12:00"),
            ("2026-12-09 at 9", "2026-12-09 09:00"),
            ("9.12. at 9.30", "2026-12-09 09:30"),
            ("9.12.2026", "2026-12-09"),
            ("9.12.", "2026-12-09"),
            ("15:00", "15:00"),
            ("at 15", "15:00"),
            ("3pm", "15:00"),
            ("15.30", "15:30"),
        ] {
            assert_eq!(read(text).as_deref(), Ok(moment), "{text}");
        }
    }

    #[test]
    fn a_weekday_is_that_of_the_week() {
        let today = day("2026-12-14", "2026-12-01".parse().unwrap()).unwrap();
        for (text, from, date) in [
            ("Wednesday", "2026-12-22", "2026-12-23"),
            ("on Wed at 15:00", "2026-12-22", "2026-12-23"),
            ("Monday", "2026-12-22", "2026-12-21"),
            ("Monday", "2026-12-15", "2026-12-14"),
            ("Friday", "2026-12-13", "2026-12-18"),
            ("next Wednesday", "2026-12-15", "2026-12-23"),
            ("this Wednesday", "2026-12-22", "2026-12-16"),
            ("tomorrow", "2026-12-22", "2026-12-15"),
            ("Wednesday, 30 December", "2026-12-22", "2026-12-30"),
        ] {
            let moment = TypedMoment::parse(text, today).unwrap();
            let near = moment.date_near(from.parse().unwrap(), today);
            assert_eq!(near.map(|date| date.to_string()).as_deref(), Some(date), "{text}");
        }
        assert_eq!(TypedMoment::parse("15:00", today).unwrap().date_near(today, today), None);
    }

    #[test]
    fn what_is_no_moment_is_told() {
        for (text, wrong) in [
            ("", WrongMoment::Days(WrongDays::Missing)),
            ("9 December at 25:00", WrongMoment::Time("25:00".to_owned())),
            ("25:00", WrongMoment::Time("25:00".to_owned())),
            ("9 December at 13:00 pm", WrongMoment::Time("13:00 pm".to_owned())),
            ("10.05", WrongMoment::Ambiguous("10.05".to_owned())),
            ("8 to 9 December", WrongMoment::Several),
            ("blursday", WrongMoment::Days(WrongDays::Unknown("blursday".to_owned()))),
            ("30.2.", WrongMoment::Days(WrongDays::NoSuchDay("There's no 30 February.".to_owned()))),
            (
                "9 December at 15:00 please",
                WrongMoment::Days(WrongDays::Unknown("at 15:00 please".to_owned())),
            ),
        ] {
            assert_eq!(read(text), Err(wrong), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "(at |9 |9\\.12\\. |December |15:00 |Friday |next |3pm |\\PC ){0,6}") {
            let _ = read(&text);
        }
    }
}
