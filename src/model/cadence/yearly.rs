//! Refuses what comes once a year: a month that is named, or `every year`. Twelve months are the most that is counted.

use chrono::{Datelike as _, NaiveDate};

use super::{
    dates,
    days::MOST_MONTHS,
    draft::{Fault, Phrase},
    reader::WordReader,
    rule::{Dates, Days},
};

impl WordReader<'_> {
    /// Returns the refusal of a word that says a year or one of its months; `None` for others.
    pub(super) fn yearly(&self, at: usize) -> Option<Fault> {
        let first = || Days::Dates(Dates { days: [1].into(), last: false });
        let days = self.draft.days.clone().map_or_else(first, |(days, _)| days);
        let quote = self.typed.quote(at, at);
        if matches!(self.low(at), "year" | "years" | "yearly" | "annual" | "annually") {
            let said = format!("I can count weeks and months, not years, so \"{quote}\" won't work.");
            if let Some(date) = self.free().into_iter().find_map(|at| self.only_day(at)) {
                let days = Days::Dates(Dates { days: [date.day()].into(), last: false });
                return Some(Fault { said, instead: vec![Phrase::DaysFrom(days, MOST_MONTHS, date)] });
            }
            let is_of_the_week = days.are_of_the_week();
            return Some(Fault::days(said, [(if is_of_the_week { first() } else { days }, MOST_MONTHS)]));
        }
        let month = dates::month(self.low(at))?;
        let said = only_months(&quote);
        let date = match &days {
            Days::Dates(dates) if !dates.last && dates.days.len() == 1 => dates.days.first().copied(),
            _ => None,
        };
        let date = date.and_then(|day| dates::next(month, day, self.context.today));
        Some(date.map_or_else(
            || Fault::new(&said),
            |date| Fault {
                said: said.clone(),
                instead: vec![Phrase::DaysFrom(days.clone(), MOST_MONTHS, date)],
            },
        ))
    }

    /// Returns the next day of a date that is typed at a place, if it is one.
    fn only_day(&self, at: usize) -> Option<NaiveDate> {
        match self.date(at)?.0.as_slice() {
            [only] => only.on_or_after(self.context.today).ok(),
            _ => None,
        }
    }
}

/// What is said of one month of the year.
pub(super) fn only_months(quote: &str) -> String {
    format!("I can count weeks and months, not one month of the year, so \"{quote}\" won't work.")
}
