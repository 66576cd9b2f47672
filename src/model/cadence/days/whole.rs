//! Combines the words for days to a whole, or asks for what is missing.

use chrono::Weekday;

use super::{
    super::{
        draft::{Fault, USUAL_DAY, place},
        rule::{Days, NthWeekday},
        say::listed,
        typed::weekday_name,
    },
    DateUnit, DayReader, MOST_MONTHS, MOST_WEEKS,
};

impl DayReader<'_> {
    /// Returns the days that the words describe, if they describe any.
    pub(super) fn days(&mut self) -> Result<Option<(Days, u32)>, Fault> {
        self.places.sort_unstable_by_key(|(place, day)| (*place, day.num_days_from_monday()));
        self.places.dedup();
        let has_dates = self.dates.last || !self.dates.days.is_empty();
        let mut kinds = Vec::new();
        if !self.weekdays.is_empty() {
            kinds.push((Days::weekdays(self.weekdays.iter().copied()), 1));
        }
        if !self.places.is_empty() {
            kinds.push((Days::Places(self.places.clone()), 1));
        }
        if has_dates {
            kinds.push((Days::Dates(self.dates.clone()), 1));
        }
        if kinds.len() > 1 {
            return Err(Fault::days("I can't put these days into one schedule.", kinds));
        }
        let Some((days, _)) = kinds.pop() else { return self.no_day() };
        self.with_unit(days).map(Some)
    }

    fn with_unit(&self, days: Days) -> Result<(Days, u32), Fault> {
        if let (Some((nth, day)), None) = (self.second, self.unit) {
            let weekly = (Days::weekdays([day]), nth);
            let said = format!("Every {nth} weeks, or once a month?");
            return Err(Fault::days(said, [weekly, (days, 1)]));
        }
        let most = if days.are_of_the_week() { MOST_WEEKS } else { MOST_MONTHS };
        match (self.unit, &days) {
            (None, _) => Ok((days, 1)),
            (Some(DateUnit::Months(every)), Days::Weekdays(weekdays)) => {
                let first = weekdays.first().copied().unwrap_or(USUAL_DAY);
                let names = listed(weekdays.iter().map(|day| weekday_name(*day)));
                let every = every.clamp(1, MOST_MONTHS);
                let monthly = (place(NthWeekday::First, first), every);
                Err(Fault::days(format!("Which {names} of the month?"), [(days, 1), monthly]))
            }
            (Some(DateUnit::Weeks(_)), Days::Places(_) | Days::Dates(_) | Days::Fields(_)) => {
                Err(Fault::days("These days come by the month, not by the week.", [(days, 1)]))
            }
            (Some(DateUnit::Weeks(every) | DateUnit::Months(every)), _) if (1..=most).contains(&every) => {
                Ok((days, every))
            }
            (Some(unit), _) => Err(wrong_count(unit, Some(days))),
        }
    }

    fn no_day(&self) -> Result<Option<(Days, u32)>, Fault> {
        if !self.unknown.is_empty() || !self.faults.is_empty() {
            return Ok(None);
        }
        let days = match self.unit {
            Some(DateUnit::Months(every @ 1..=MOST_MONTHS)) => {
                (place(NthWeekday::First, Weekday::Mon), every)
            }
            Some(DateUnit::Weeks(every @ 1..=MOST_WEEKS)) => (Days::weekdays([USUAL_DAY]), every),
            None => (Days::weekdays([USUAL_DAY]), 1),
            Some(unit) => return Err(wrong_count(unit, None)),
        };
        Err(Fault::days("Which day?", [days]))
    }
}

fn wrong_count(unit: DateUnit, days: Option<Days>) -> Fault {
    let (every, of, most) = match unit {
        DateUnit::Weeks(every) => (every, "weeks", MOST_WEEKS),
        DateUnit::Months(every) => (every, "months", MOST_MONTHS),
    };
    let monthly = || place(NthWeekday::First, Weekday::Mon);
    let instead = match (every, unit) {
        (0, DateUnit::Weeks(_)) => (days.unwrap_or_else(|| Days::weekdays([USUAL_DAY])), 1),
        (0, DateUnit::Months(_)) => (days.unwrap_or_else(monthly), 1),
        _ => (monthly(), 6),
    };
    Fault::days(format!("I can't do every {every} {of}: 1 to {most} {of} work."), [instead])
}
