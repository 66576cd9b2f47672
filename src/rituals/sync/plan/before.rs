//! What happens before a sync: when the person who is next is asked, and what is to be done at an instant.

use std::collections::BTreeSet;

use chrono::{Duration, NaiveDate, NaiveTime};
use chrono_tz::Tz;

use super::turn::{Turn, TurnState};
use crate::{
    common::people::work_time::is_weekend,
    model::{
        cadence::{Cadence, Occurrence},
        clock::Instant,
        people::UserId,
    },
};

#[cfg(test)]
mod tests;

/// How many working days before a sync its steps come.
const ASK_DAYS: usize = 5;
const REMIND_DAYS: usize = 3;
const NEXT_DAYS: usize = 2;
const NAME_DAYS: usize = 1;
/// The hour at which they come, in the zone of the sync. Each person hears of them in their own hours.
const STEPS_AT_HOUR: u32 = 10;
/// No stretch of days without work is longer, in days.
const LONGEST_REST_DAYS: usize = 60;

/// When the steps before a sync are due, in the order `ask`, `remind`, `next`, `name`; the sync begins after all of them.
/// Steps that don't fit are missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Steps {
    /// The person who is next is asked.
    pub ask: Option<Occurrence>,
    /// They are reminded if they have not answered.
    pub remind: Option<Occurrence>,
    /// The next in line is asked if they still have not.
    pub next: Option<Occurrence>,
    /// A person is named.
    pub name: Option<Occurrence>,
    /// The lead gets the run sheet.
    pub sheet: Option<Occurrence>,
    pub begins_at: Instant,
}

/// The step whose time has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    Early,
    Asking,
    Reminding,
    Next,
    Naming,
    Over,
}

impl Steps {
    /// Plans the steps before an occasion. None is before `from`, when the programme got its times. If occasions usually
    /// come less than five working days after one another, the only question comes on the working day before.
    pub fn plan(cadence: &Cadence, from: Instant, occasion: Occurrence) -> Steps {
        let days_off = cadence.days_off();
        let on = |days: usize| {
            let date = days_before(occasion.wall.date(), days, &days_off)?;
            let wall = date.and_time(NaiveTime::from_hms_opt(STEPS_AT_HOUR, 0, 0)?);
            let at = cadence.instant_of(wall)?;
            Some(if at < from {
                Occurrence { at: from, wall: from.with_timezone(&cadence.zone).naive_local() }
            } else {
                Occurrence { at, wall }
            })
        };
        let fits = |step: &Occurrence| step.at < occasion.at;
        let is_close = is_close(cadence, occasion);
        let ask = on(if is_close { NAME_DAYS } else { ASK_DAYS }).filter(fits);
        let mut last = ask;
        let mut later = |days: usize| {
            let step = on(days).filter(fits).filter(|_| !is_close)?;
            // A person has until the next day to answer.
            if last.is_none_or(|last| step.wall.date() <= last.wall.date() || step.at <= last.at) {
                return None;
            }
            last = Some(step);
            last
        };
        Steps {
            ask,
            remind: later(REMIND_DAYS),
            next: later(NEXT_DAYS),
            name: later(NAME_DAYS),
            sheet: on(NAME_DAYS).filter(fits),
            begins_at: occasion.at,
        }
    }

    /// Returns the last step whose time has come.
    pub fn phase(&self, now: Instant) -> Phase {
        let has_come = |step: Option<Occurrence>| step.is_some_and(|step| step.at <= now);
        match () {
            () if now >= self.begins_at => Phase::Over,
            () if has_come(self.name) => Phase::Naming,
            () if has_come(self.next) => Phase::Next,
            () if has_come(self.remind) => Phase::Reminding,
            () if has_come(self.ask) => Phase::Asking,
            () => Phase::Early,
        }
    }

    /// Whether a person who leads should have the run sheet by now.
    pub fn has_sheet(&self, now: Instant) -> bool {
        self.sheet.is_some_and(|sheet| sheet.at <= now)
    }

    /// Whether the run sheet comes on the day of this instant, or has come before.
    pub fn is_day_of_sheet(&self, now: Instant) -> bool {
        self.sheet.is_some_and(|sheet| sheet.wall.date() <= (sheet.wall - (sheet.at - now)).date())
    }

    /// Returns until when a person who is asked now may answer; `None` where they lead if they say nothing. They have until another
    /// day to answer.
    pub fn deadline(&self, now: Instant) -> Option<Occurrence> {
        let is_later = |step: &Occurrence| step.wall.date() > (step.wall - (step.at - now)).date();
        [self.next, self.name].into_iter().flatten().find(is_later)
    }

    /// Whether an unanswered question is the last one: the person leads then if they say nothing.
    pub fn is_last_question(&self, now: Instant) -> bool {
        [self.next, self.name].into_iter().flatten().all(|step| step.at <= now)
    }
}

/// Whether the usual times have another occasion less than five days of the working week before this one. Days left out count, so
/// that a holiday doesn't make a weekly sync a frequent one, and so does a date from which an occasion has moved.
fn is_close(cadence: &Cadence, occasion: Occurrence) -> bool {
    let (usual, date) = (cadence.regular(), cadence.usual_date(occasion.wall));
    let Some(before) = days_before(date, ASK_DAYS, &BTreeSet::new()) else { return false };
    let midnight = before.succ_opt().and_then(|next| usual.instant_of(next.and_time(NaiveTime::MIN)));
    // An occasion at midnight itself is on the day after.
    let earlier = midnight.and_then(|midnight| usual.next(midnight - Duration::seconds(1)));
    earlier.is_some_and(|earlier| earlier.wall.date() < date)
}

/// Returns the date that is so many working days before another.
fn days_before(date: NaiveDate, days: usize, left_out: &BTreeSet<NaiveDate>) -> Option<NaiveDate> {
    let works = |date: &NaiveDate| !is_weekend(*date) && !left_out.contains(date);
    std::iter::successors(date.pred_opt(), NaiveDate::pred_opt)
        .take(LONGEST_REST_DAYS)
        .filter(works)
        .nth(days.checked_sub(1)?)
}

/// Who is in line for a lead that isn't settled.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// The next person who was not asked yet and can be reached.
    pub next: Option<UserId>,
    /// The best of those who were asked and said nothing: while a person has the turn, they are, unless it's at night for them alone.
    pub silent: Option<UserId>,
    /// Whether no one is left at all.
    pub is_empty: bool,
    /// Whether a person has said no.
    pub has_refusals: bool,
    /// Whether there is one person who can lead: there is nothing to ask.
    pub is_alone: bool,
}

/// What is to be done before a sync at an instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Nothing.
    Wait,
    /// A person is asked; the one who was asked before, if any, has not answered.
    Ask(UserId),
    /// The person who was asked is reminded.
    Remind(UserId),
    /// A person is told that they lead.
    Name(UserId),
    /// The organisers are told that no one can lead.
    NoLead,
}

/// Decides what is to be done. `is_there` is whether the person who has the turn can still lead; `zone` is that of the sync.
pub fn step(steps: &Steps, turn: &Turn, is_there: bool, line: &Line, (zone, now): (Tz, Instant)) -> Step {
    let phase = steps.phase(now);
    if matches!(phase, Phase::Early | Phase::Over) {
        return Step::Wait;
    }
    let next = || line.next.clone();
    let Some(holder) = turn.holder().filter(|_| is_there).cloned() else {
        return match phase {
            _ if line.is_empty => {
                // People who are away may come back until then.
                let is_time = line.has_refusals || phase >= Phase::Next || steps.is_last_question(now);
                if is_time { Step::NoLead } else { Step::Wait }
            }
            _ if line.is_alone => Step::Wait,
            Phase::Naming => next().or_else(|| line.silent.clone()).map_or(Step::Wait, Step::Name),
            _ => next().map_or(Step::Wait, Step::Ask),
        };
    };
    if turn.state != TurnState::Asked {
        return Step::Wait;
    }
    // They have as long as they have read, also where the sync has moved since.
    if turn.answer_by.is_none_or(|by| now < by) {
        let day = |at: Instant| at.with_timezone(&zone).date_naive();
        let is_reminded = phase == Phase::Reminding && day(turn.changed_at) < day(now);
        return if is_reminded { Step::Remind(holder) } else { Step::Wait };
    }
    match phase {
        Phase::Next => next().map_or(Step::Wait, Step::Ask),
        Phase::Naming => Step::Name(next().or_else(|| line.silent.clone()).unwrap_or(holder)),
        _ => Step::Wait,
    }
}
