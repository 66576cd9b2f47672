//! `cancel 13 January`: one occasion doesn't come. The times leave its date out, so any later date can be cancelled.

use chrono::{Duration, NaiveDate};

use super::{Programmes, messages, request, starting::zone_of};
use crate::{
    model::{
        cadence::{Cadence, DaySpan, Occurrence, WrongDays},
        event::{Command, Reply},
        failure::Failure,
        owner::Owner,
    },
    ritual::{Answer, Handling, Ritual, put_occasion},
    store::{
        occasions,
        programmes::{self, Programme},
        runs,
        unit::UnitOfWork,
    },
};

/// How many occasions are named where a date has none.
const NAMED: usize = 3;
/// How many occasions ahead one is looked for, and how far, in days: a daily one for a year and more.
const LOOK_AHEAD: usize = 400;
const LOOK_AHEAD_DAYS: i64 = 400;

impl<'c, R: Ritual> Programmes<'c, R> {
    /// Cancels the occasion of a date; `text` is what stands behind the word.
    pub(super) fn cancel(self, command: Command, text: String) -> Handling<'c> {
        Box::pin(self.cancelled(command, text))
    }

    async fn cancelled(self, command: Command, text: String) -> Result<Answer<'c>, Failure> {
        let (context, words, user) = (self.context, self.words(), command.user.clone());
        let (date, name, reason) = request::date_name_and_reason(&text);
        let name = Some(name).filter(|name| !name.is_empty());
        let meant = self.all_meant(&command, None, name).await?;
        let reason = request::kept_reason(reason)
            .ok_or_else(|| Failure::refuse(messages::long_reason(request::LONGEST_REASON)))?;
        let today = context.now.with_timezone(&zone_of(context, &user).await?).date_naive();
        let day = DaySpan::parse(date, today);
        let (programme, planned) = self.held_on(meant, (date, &day)).await?;
        self.may_manage(&programme, &user).await?;
        let cadence = self.times(&programme)?;
        if programme.paused_at.is_some() {
            return Err(Failure::refuse(messages::nothing_to_cancel(words, self.command())));
        }
        let ahead = self.ahead(cadence, planned);
        let next = &ahead[..ahead.len().min(NAMED)];
        let date = match day {
            Ok(DaySpan { first, last }) if first == last => first,
            Ok(_) => return Err(Failure::refuse(messages::one_date(words, self.command()))),
            Err(wrong) => {
                return Err(Failure::refuse(messages::which_date(words, &wrong, next, self.command())));
            }
        };
        let Some(occasion) = on(&ahead, date) else {
            let is_left_out = cadence.left_out.contains(&date);
            return Err(Failure::refuse(messages::no_occasion_on(words, date, is_left_out, next)));
        };
        let without = cadence
            .without(date, today)
            .ok_or_else(|| Failure::refuse(messages::too_many_left_out(words)))?;
        let changed = Programme { cadence: Some(without), ..programme.clone() };
        let mut unit = UnitOfWork::new();
        // Of two people who change the programme in one instant, the second one's command is looked at anew.
        programmes::change(&mut unit, &context.team, &changed)?;
        let next = self.put_cancelled(&mut unit, &changed, (occasion, planned))?;
        (self.kind.put_cancelled)(&mut unit, context, &programme, date);
        let said = (programme.name.as_str(), &occasion, reason.as_str());
        let message = messages::announcement_of_cancellation(words, &user, said, next.as_ref());
        self.announce(&mut unit, &programme, message)?;
        let answer = messages::cancelled(words, said, next.as_ref(), self.command());
        let answer = Answer::new(unit, Reply::Ephemeral(answer));
        Ok(answer.or_else(move |guard| match guard {
            // It began in this instant.
            occasions::BEGUN => {
                Box::pin(std::future::ready(Err(Failure::refuse(messages::occasion_begins(words)))))
            }
            // Another person changed the programme in this instant.
            _ => self.cancel(command, text),
        }))
    }

    /// Returns the programme that is meant, with its planned occasion: where several run, the one that comes on the date.
    async fn held_on(
        self,
        mut meant: Vec<Programme>,
        (typed, day): (&str, &Result<DaySpan, WrongDays>),
    ) -> Result<(Programme, Option<Occurrence>), Failure> {
        if let (2.., Ok(day)) = (meant.len(), day) {
            let mut on_that_day = Vec::new();
            for programme in &meant {
                let ahead = self.ahead(self.times(programme)?, self.next(programme).await?);
                if programme.paused_at.is_none() && on(&ahead, day.first).is_some() {
                    on_that_day.push(programme.clone());
                }
            }
            if on_that_day.len() == 1 {
                meant = on_that_day;
            }
        }
        if meant.len() > 1 {
            let names: Vec<&str> = meant.iter().map(|programme| programme.name.as_str()).collect();
            let refused = messages::cancel_which(self.words(), typed, &names, self.command());
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

    /// Adds to a unit that an occasion doesn't come, with its runs, and returns the one that is next then.
    fn put_cancelled(
        self,
        unit: &mut UnitOfWork,
        changed: &Programme,
        (occasion, planned): (Occurrence, Option<Occurrence>),
    ) -> Result<Option<Occurrence>, Failure> {
        let (context, cadence) = (self.context, self.times(changed)?);
        let Some(planned) = planned.filter(|planned| planned.wall == occasion.wall) else {
            return Ok(planned.or_else(|| cadence.next(context.now)));
        };
        let (team, owner, now) = (&context.team, Owner::Programme(changed.id.clone()), context.now);
        occasions::cancel_ahead(unit, team, &changed.id, planned.wall, now);
        runs::cancel_occasion(unit, team, &owner, planned.wall, messages::WHY_CANCELLED, now);
        let next = cadence.next(planned.at);
        if let Some(next) = next {
            put_occasion(unit, team, self.ritual, changed, next, now);
        }
        Ok(next)
    }
}

/// Returns the occasion of a date.
fn on(ahead: &[Occurrence], date: NaiveDate) -> Option<Occurrence> {
    ahead.iter().copied().find(|occasion| occasion.wall.date() == date)
}
