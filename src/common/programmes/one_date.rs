//! Which single occasion a typed date means, for words that change one: `cancel 13 January`, `move Tuesday to Wednesday`.

use chrono::{Duration, NaiveDate};

use super::{
    Programmes, messages,
    request::{self, date_name_and_reason},
    starting::zone_of,
};
use crate::{
    model::{
        cadence::{Cadence, DaySpan, Occurrence, TypedMoment, WrongDays},
        event::Command,
        failure::Failure,
    },
    store::{
        programmes::{Programme, name_key},
        runs::RunOutcome,
    },
};

/// How many occasions are named where a date has none.
const NAMED: usize = 3;
/// How many runs are looked at for the one of a date that was called off.
const LATEST_RUNS: i64 = 20;
/// How many occasions ahead one is looked for, and how far, in days: a daily one for a year and more.
const LOOK_AHEAD: usize = 400;
pub(super) const LOOK_AHEAD_DAYS: i64 = 400;
/// A date without a year that is further ahead than this many days was rather the last one of that name.
const SURE_DAYS: i64 = 305;

/// What becomes of one occasion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OneDate {
    /// It doesn't come.
    Cancel,
    /// It comes at another time.
    Move,
}

impl OneDate {
    /// Returns the word that people type for it.
    pub fn verb(self) -> &'static str {
        match self {
            OneDate::Cancel => "cancel",
            OneDate::Move => "move",
        }
    }
}

/// The occasion that a person means.
pub(super) struct MeantOccasion {
    pub(super) programme: Programme,
    pub(super) occasion: Occurrence,
    /// The occasion that is planned; the others are planned after it.
    pub(super) planned: Option<Occurrence>,
    /// All that are ahead, the next first.
    pub(super) ahead: Vec<Occurrence>,
    /// The date where the person is.
    pub(super) today: NaiveDate,
}

impl Programmes<'_> {
    /// Returns a text with `called` before the name of a programme of the channel, which may stand without it behind the date, as
    /// behind other words, or before it. Where all is a date already, or the name could be a day, it stays as it is.
    pub(super) async fn with_called(self, command: &Command, text: String) -> Result<String, Failure> {
        let running = self.running_in(&command.channel).await?;
        let names: Vec<String> = running.iter().map(|programme| name_key(&programme.name)).collect();
        let today = self.context.now.with_timezone(&zone_of(self.context, &command.user).await?).date_naive();
        let is_day = |typed: &str| DaySpan::parse(typed, today).is_ok();
        let is_name = |typed: &str| names.contains(&name_key(typed)) && !is_day(typed);
        let with_called = match request::from_and_to(date_name_and_reason(&text).0) {
            (from, "") if is_day(from) => None,
            (_, to) if TypedMoment::parse(to, today).is_ok() => {
                called_ahead(&text, is_name).or_else(|| called_first(&text, is_name))
            }
            _ => called(&text, is_name).or_else(|| called_first(&text, is_name)),
        };
        Ok(with_called.unwrap_or(text))
    }

    /// Returns the occasion of a date that a person may change; `text` is what stands behind the word, and `typed` its date.
    pub(super) async fn occasion_meant(
        self,
        command: &Command,
        change: OneDate,
        (text, typed): (&str, &str),
    ) -> Result<MeantOccasion, Failure> {
        let (context, words, user) = (self.context, self.words(), &command.user);
        let (_, name, _) = date_name_and_reason(text);
        let name = Some(name).filter(|name| !name.is_empty());
        let meant = self.all_meant(command, None, name).await?;
        let today = context.now.with_timezone(&zone_of(context, user).await?).date_naive();
        let day = DaySpan::parse(typed, today);
        let (programme, planned) = self.held_on(meant, (change, text), &day).await?;
        self.may_manage(&programme, user).await?;
        let cadence = self.times(&programme)?;
        // Behind a pause that ends by itself occasions can be changed already.
        if programme.paused_at.is_some() && planned.is_none() {
            return Err(Failure::refuse(messages::paused_meanwhile(words, change, self.command())));
        }
        let ahead = self.ahead(cadence, planned);
        let scope = self.scope_of(&programme).await?;
        let ways = (self.command(), scope.as_str());
        let next = &ahead[..ahead.len().min(NAMED)];
        let date = match day {
            Ok(DaySpan { first, last }) if first == last => first,
            Ok(_) => return Err(Failure::refuse(messages::one_date(words, change, self.command()))),
            Err(wrong) => {
                let refused = messages::which_date(words, change, &wrong, Some(next), ways);
                return Err(Failure::refuse(refused));
            }
        };
        if is_unsure(date, typed, today) {
            let refused = messages::which_year(words, change, date, next, ways);
            return Err(Failure::refuse(refused));
        }
        let Some(occasion) = on(&ahead, date) else {
            // Another person may have cancelled it since the programme was read.
            let current = context.store.programme(&programme.id).await?;
            let current = current.as_ref().and_then(|current| current.cadence.as_ref()).unwrap_or(cadence);
            let pause = self.paused_until(&programme).await?.filter(|until| date < *until);
            let why = if self.ritual.was_held_on(context, &programme.id, date).await? {
                self.called_off(&programme, date)
                    .await?
                    .map_or(messages::NoOccasion::Begun, messages::NoOccasion::CalledOff)
            } else if let Some(until) = pause {
                messages::NoOccasion::Paused(until)
            } else if let Some(to) = current.moved_to(date) {
                messages::NoOccasion::Moved(to)
            } else if current.left_out.contains(&date) {
                messages::NoOccasion::LeftOut
            } else {
                messages::NoOccasion::Never
            };
            let refused = messages::no_occasion_on(words, (change, date), why, next, ways);
            return Err(Failure::refuse(refused));
        };
        Ok(MeantOccasion { programme, occasion, planned, ahead, today })
    }

    /// Returns why the occasion of a date was called off before it began, if it was.
    async fn called_off(self, programme: &Programme, date: NaiveDate) -> Result<Option<String>, Failure> {
        let past = self.context.store.past_runs(&programme.id, self.ritual.occasion(), LATEST_RUNS).await?;
        let run = past.into_iter().find(|run| run.wall.date() == date);
        Ok(run.filter(|run| run.outcome == RunOutcome::Cancelled.as_str()).map(|run| run.remark))
    }

    /// Returns the programme that is meant, with its planned occasion: where several run, the one that comes on the date.
    async fn held_on(
        self,
        mut meant: Vec<Programme>,
        (change, typed): (OneDate, &str),
        day: &Result<DaySpan, WrongDays>,
    ) -> Result<(Programme, Option<Occurrence>), Failure> {
        if let (2.., Ok(day)) = (meant.len(), day) {
            let mut on_that_day = Vec::new();
            for programme in &meant {
                let planned = self.next(programme).await?;
                let comes = programme.paused_at.is_none() || planned.is_some();
                if comes && on(&self.ahead(self.times(programme)?, planned), day.first).is_some() {
                    on_that_day.push(programme.clone());
                }
            }
            if on_that_day.len() == 1 {
                meant = on_that_day;
            }
        }
        if let (2.., Err(wrong @ WrongDays::Unknown(_))) = (meant.len(), day) {
            // A misspelt name may be part of it, so it isn't suggested again.
            let refused = messages::which_date(self.words(), change, wrong, None, (self.command(), ""));
            return Err(Failure::refuse(refused));
        }
        if meant.len() > 1 {
            let names: Vec<&str> = meant.iter().map(|programme| programme.name.as_str()).collect();
            let way = format!("{} {typed}", change.verb());
            let refused = messages::say_which(self.words(), way.trim_end(), &names, self.command());
            return Err(Failure::refuse(refused));
        }
        let programme = meant.swap_remove(0);
        let planned = self.next(&programme).await?;
        Ok((programme, planned))
    }

    /// Returns the occasions that are ahead, the planned one first.
    fn ahead(self, cadence: &Cadence, planned: Option<Occurrence>) -> Vec<Occurrence> {
        let now = self.context.now;
        let end = now + Duration::days(LOOK_AHEAD_DAYS);
        let planned = planned.filter(|planned| planned.at > now);
        let after = planned.map_or(now, |planned| planned.at);
        let later = cadence.upcoming(after, LOOK_AHEAD);
        planned.into_iter().chain(later).take_while(|occasion| occasion.at < end).collect()
    }
}

/// Returns a text with `called` before the name at the end of its dates; `None` if that has no name, or has `called` already.
fn called(text: &str, is_name: impl Fn(&str) -> bool) -> Option<String> {
    let (dates, name, _) = date_name_and_reason(text);
    let at = name_at_end(dates, is_name).filter(|_| name.is_empty())?;
    Some(format!("{}called {}", text.get(..at)?, text.get(at..)?))
}

/// Returns where a name begins that a text ends in.
fn name_at_end(text: &str, is_name: impl Fn(&str) -> bool) -> Option<usize> {
    let mut begins =
        text.char_indices().map(|(at, _)| at).filter(|at| *at == 0 || text[..*at].ends_with(' '));
    begins.find(|at| is_name(&text[*at..]))
}

/// The same where the name stands before `to`, behind the date or in its place.
fn called_ahead(text: &str, is_name: impl Fn(&str) -> bool) -> Option<String> {
    let (dates, name, _) = date_name_and_reason(text);
    let (from, to) = request::from_and_to(dates);
    let at = name_at_end(from, is_name).filter(|_| name.is_empty())?;
    let behind = text.trim_start().strip_prefix(dates)?;
    Some(format!("{} to {to} called {}{behind}", from[..at].trim_end(), &from[at..]).trim_start().to_owned())
}

/// The same where the name stands before the dates.
fn called_first(text: &str, is_name: impl Fn(&str) -> bool) -> Option<String> {
    let (dates, name, _) = date_name_and_reason(text);
    let mut ends = dates.match_indices(' ').map(|(at, _)| at);
    let at = ends.find(|at| is_name(&dates[..*at])).filter(|_| name.is_empty())?;
    let behind = text.trim_start().strip_prefix(dates)?;
    Some(format!("{} called {}{behind}", dates[at..].trim(), &dates[..at]))
}

/// Whether a date without a year was read as one that is nearly a year ahead.
pub(super) fn is_unsure(date: NaiveDate, typed: &str, today: NaiveDate) -> bool {
    (date - today).num_days() > SURE_DAYS && !typed.contains(&date.format("%Y").to_string())
}

/// Returns the occasion of a date.
pub(super) fn on(ahead: &[Occurrence], date: NaiveDate) -> Option<Occurrence> {
    ahead.iter().copied().find(|occasion| occasion.wall.date() == date)
}
