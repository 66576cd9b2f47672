//! When something comes round: cron's fields or plain words, a zone, every so many weeks, days left out.
//!
//! What is kept is wall time and the name of a zone, never an offset, since what people mean by "Tuesday at 10:00"
//! stays the same when the clocks change. The `cron` crate matches fields on naive local time, and the match is then
//! resolved to an instant: a time that the clocks skip becomes the first valid instant after the gap, a time that
//! they show twice is taken the first time only. So no day is lost and none comes twice.

use std::{collections::BTreeSet, str::FromStr as _, sync::OnceLock};

use chrono::{
    DateTime, Datelike as _, Days, Duration, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, TimeZone as _,
    Utc, Weekday,
};
use chrono_tz::Tz;
use cron::Schedule;
use serde::{Deserialize, Serialize};

use super::clock::Instant;

mod fields;
mod words;

pub use fields::NotUnderstood;

/// When something comes round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cadence {
    rule: Rule,
    #[serde(skip)]
    compiled: Compiled,
    /// Whose wall the times are read from.
    pub zone: Tz,
    /// Only in every so many weeks, counted from the week of `anchor`; 1 is every week.
    pub every_weeks: u32,
    /// A day of the first week that counts.
    pub anchor: NaiveDate,
    /// Days on which it does not come.
    pub left_out: BTreeSet<NaiveDate>,
    /// What becomes of it on such a day.
    pub instead: Instead,
    /// The last day on which it may come.
    pub until: Option<NaiveDate>,
}

/// What matches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Rule {
    /// Schedules in cron's own syntax, whose matches are joined.
    Cron(Vec<String>),
    /// The last such weekday of each month; a schedule that matches it and those before it.
    LastWeekday(String),
}

/// The rule's schedules, read once. Two cadences are the same whether or not they were read already.
#[derive(Clone, Debug, Default)]
struct Compiled(OnceLock<Vec<Schedule>>);

impl PartialEq for Compiled {
    fn eq(&self, _: &Compiled) -> bool {
        true
    }
}

impl Eq for Compiled {}

/// What becomes of an occurrence that falls on a day left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Instead {
    /// It does not come.
    #[default]
    Skip,
    /// It comes on the working day before.
    Previous,
    /// It comes on the working day after.
    Next,
}

/// One time that something comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Occurrence {
    /// The instant.
    pub at: Instant,
    /// The date and time on the wall that were meant: what names the occurrence, even where the clocks skip it.
    pub wall: NaiveDateTime,
}

/// A day of a holiday is moved by so many days at most; a longer stretch of days left out skips the occurrence.
const FARTHEST_MOVE_DAYS: i64 = 14;
/// How many matches are looked at before it is said that nothing comes any more: four years of weekdays, which hold
/// every 29 February but those around the turn of a century.
const MOST_MATCHES: usize = 1_500;

impl Cadence {
    /// Reads five cron fields or plain words, such as `every 2 weeks on Tuesday at 10:00`. `today` is the day on
    /// which it is said: "every 2 weeks" counts from its week.
    pub fn parse(text: &str, zone: Tz, today: NaiveDate) -> Result<Cadence, NotUnderstood> {
        let cadence = if fields::looks_like_cron(text) {
            Cadence::of(Rule::Cron(fields::schedules(text)?), zone, today)
        } else {
            words::parse(text, zone, today)?
        };
        let now = resolve(cadence.zone, today.and_time(NaiveTime::MIN)).unwrap_or_default()
            - Duration::milliseconds(1);
        if cadence.until.is_some_and(|until| until < today) {
            return Err(NotUnderstood::over(text));
        }
        if cadence.next(now).is_none() {
            return Err(NotUnderstood::never(text));
        }
        Ok(cadence)
    }

    fn of(rule: Rule, zone: Tz, anchor: NaiveDate) -> Cadence {
        Cadence {
            rule,
            compiled: Compiled::default(),
            zone,
            every_weeks: 1,
            anchor,
            left_out: BTreeSet::new(),
            instead: Instead::Skip,
            until: None,
        }
    }

    /// The first time that it comes after an instant; `None` when it does not come any more.
    pub fn next(&self, after: Instant) -> Option<Occurrence> {
        // A gap or a fold is three hours at most (Lord Howe has half an hour, Troll two), and a whole day was skipped
        // once or twice: starting earlier costs a few matches, starting late would lose one.
        let reach = if self.left_out.is_empty() {
            Duration::hours(27)
        } else {
            Duration::days(FARTHEST_MOVE_DAYS + 2)
        };
        let from = after.with_timezone(&self.zone).naive_local() - reach;
        let mut best: Option<Occurrence> = None;
        for wall in self.matches(from).take(MOST_MATCHES) {
            // Behind the best there may still be one that a holiday moves before it.
            if best.is_some_and(|best| wall > best.wall + reach) {
                break;
            }
            if self.until.is_some_and(|until| wall.date() > until + Days::new(31)) {
                break;
            }
            let Some(wall) = self.moved(wall) else { continue };
            if self.until.is_some_and(|until| wall.date() > until) {
                continue;
            }
            let Some(at) = resolve(self.zone, wall) else { continue };
            let occurrence = Occurrence { at, wall };
            if at > after && best.is_none_or(|best| occurrence < best) {
                best = Some(occurrence);
                if self.left_out.is_empty() {
                    break;
                }
            }
        }
        best
    }

    /// The next times that it comes after an instant, `number` at most.
    pub fn upcoming(&self, after: Instant, number: usize) -> Vec<Occurrence> {
        let mut last = after;
        std::iter::from_fn(|| {
            let next = self.next(last)?;
            last = next.at;
            Some(next)
        })
        .take(number)
        .collect()
    }

    fn schedules(&self) -> &[Schedule] {
        self.compiled.0.get_or_init(|| {
            let texts = match &self.rule {
                Rule::Cron(texts) => texts.as_slice(),
                Rule::LastWeekday(text) => std::slice::from_ref(text),
            };
            texts.iter().filter_map(|text| Schedule::from_str(text).ok()).collect()
        })
    }

    /// What the fields match after a wall time, in weeks that count.
    fn matches(&self, from: NaiveDateTime) -> impl Iterator<Item = NaiveDateTime> {
        let only_last = matches!(self.rule, Rule::LastWeekday(_));
        // Naive local time is handed to cron as if it were UTC, which has neither gaps nor folds.
        let from = from.and_utc();
        let naive = |at: DateTime<Utc>| at.naive_utc();
        let mut schedules: Vec<_> =
            self.schedules().iter().map(|schedule| schedule.after(&from).map(naive).peekable()).collect();
        std::iter::from_fn(move || {
            let earliest = schedules.iter_mut().filter_map(|schedule| schedule.peek().copied()).min()?;
            for schedule in &mut schedules {
                if schedule.peek() == Some(&earliest) {
                    schedule.next();
                }
            }
            Some(earliest)
        })
        .filter(move |wall| !only_last || (wall.date() + Days::new(7)).month() != wall.month())
        .filter(|wall| self.counts(wall.date()))
    }

    fn counts(&self, date: NaiveDate) -> bool {
        let weeks = (monday(date) - monday(self.anchor)).num_weeks();
        weeks.rem_euclid(i64::from(self.every_weeks.max(1))) == 0
    }

    /// Where an occurrence goes that falls on a day left out.
    fn moved(&self, wall: NaiveDateTime) -> Option<NaiveDateTime> {
        if !self.left_out.contains(&wall.date()) {
            return Some(wall);
        }
        let step = match self.instead {
            Instead::Skip => return None,
            Instead::Previous => -1,
            Instead::Next => 1,
        };
        (1..=FARTHEST_MOVE_DAYS)
            .map(|days| wall + Duration::days(step * days))
            .find(|wall| !is_weekend(wall.date()) && !self.left_out.contains(&wall.date()))
    }

    /// The instant at which its zone's wall shows this time.
    pub fn instant_of(&self, wall: NaiveDateTime) -> Option<Instant> {
        resolve(self.zone, wall)
    }

    /// Itself in plain words, as [`Cadence::parse`] understands them where they came as words.
    pub fn say(&self) -> String {
        words::say(self)
    }
}

fn is_weekend(date: NaiveDate) -> bool {
    matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
}

fn monday(date: NaiveDate) -> NaiveDate {
    date - Days::new(u64::from(date.weekday().num_days_from_monday()))
}

/// The instant at which a wall shows this time: the first of two, and behind a gap the first that is valid.
fn resolve(zone: Tz, wall: NaiveDateTime) -> Option<Instant> {
    /// Samoa skipped a whole day in 2011; no gap is longer.
    const LONGEST_GAP_MINUTES: i64 = 25 * 60;
    let at = |wall: &NaiveDateTime| match zone.from_local_datetime(wall) {
        LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => Some(at.with_timezone(&Utc)),
        LocalResult::None => None,
    };
    (0..=LONGEST_GAP_MINUTES).find_map(|minutes| at(&(wall + Duration::minutes(minutes))))
}

#[cfg(test)]
mod tests;
