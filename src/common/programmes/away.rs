//! `away until Friday` and `back`: a person's own times away, typed behind any ritual's command. They hold for all rituals.

use chrono::{NaiveDate, Weekday};

use super::{Programmes, messages, starting::zone_of};
use crate::{
    common::people::{Away, PersonSettings, away, store as settings},
    model::{cadence::DaySpan, event::Reply, failure::Failure, people::UserId},
    ritual::{Answer, Context, Handling},
    store::unit::UnitOfWork,
};

impl<'c> Programmes<'c> {
    pub(super) fn times_away(&self) -> TimesAway<'c> {
        TimesAway { context: self.context, command: self.command() }
    }
}

/// A person's times away, typed behind this command.
#[derive(Clone, Copy)]
pub struct TimesAway<'c> {
    pub context: &'c Context,
    pub command: &'c str,
}

impl<'c> TimesAway<'c> {
    /// Records days on which a person is away.
    pub fn away(self, user: &UserId, days: &str) -> Handling<'c> {
        Box::pin(self.goes_away(user.clone(), days.to_owned()))
    }

    async fn goes_away(self, user: UserId, days: String) -> Result<Answer<'c>, Failure> {
        let (before, today) = self.own(&user).await?;
        let span = DaySpan::parse(&days, today).map_err(|wrong| {
            Failure::refuse(messages::wrong_days(&wrong, &before.away, today, self.command))
        })?;
        if is_weekday_of_today(&days, span.last, today) {
            return Err(Failure::refuse(messages::which_weekday(today, self.command)));
        }
        let days_have_no_end = span.says_only_its_beginning(&days);
        let span = Away { from: span.first, to: span.last };
        let placed = if DaySpan::says_only_its_end(&days) {
            away::until(&before.away, span.to, today)
        } else {
            away::with(&before.away, span, today)
        };
        let placed =
            placed.ok_or_else(|| Failure::refuse(messages::too_many_times_away(&before.away, today)))?;
        if !placed.has_changed {
            let message = messages::away_already(&placed, today, self.command);
            return Ok(Answer::reply(Reply::Ephemeral(message)));
        }
        let message = messages::away(&placed, today, self.command);
        let message = if days_have_no_end {
            messages::one_day_alone(message, span.from, self.command)
        } else {
            message
        };
        let unit = self.put_away(&user, &before, placed.all)?;
        // They were changed in this instant, by the person's other hand.
        let answer = Answer::new(unit, Reply::Ephemeral(message)).with_absence_of(&user);
        Ok(answer.or_else(move |_| self.away(&user, &days)))
    }

    /// Ends the time away that is now; the others stay.
    pub fn back_again(self, user: &UserId) -> Handling<'c> {
        Box::pin(self.comes_back(user.clone()))
    }

    async fn comes_back(self, user: UserId) -> Result<Answer<'c>, Failure> {
        let (before, today) = self.own(&user).await?;
        let now = away::current(&before.away, today);
        let left = now.and_then(|now| Some((now, away::without(&before.away, now, today)?)));
        let Some((ended, left)) = left else {
            return Ok(Answer::reply(Reply::Ephemeral(messages::not_away(
                &before.away,
                today,
                self.command,
            ))));
        };
        let message = messages::back(ended, &left, today, self.command);
        let unit = self.put_away(&user, &before, left)?;
        let answer = Answer::new(unit, Reply::Ephemeral(message)).with_absence_of(&user);
        Ok(answer.or_else(move |_| self.back_again(&user)))
    }

    fn put_away(
        self,
        user: &UserId,
        before: &PersonSettings,
        away: Vec<Away>,
    ) -> Result<UnitOfWork, Failure> {
        let after = PersonSettings { away, ..before.clone() };
        let mut unit = UnitOfWork::new();
        settings::put(&mut unit, &self.context.team, user, (before, &after), self.context.now)?;
        Ok(unit)
    }

    /// The refusal of days behind `back`.
    pub fn comes_back_without_a_day(self) -> Failure {
        Failure::refuse(messages::back_takes_no_day(self.command))
    }

    /// What a person set for themselves, and the date where they are.
    async fn own(self, user: &UserId) -> Result<(PersonSettings, NaiveDate), Failure> {
        let zone = zone_of(self.context, user).await?;
        let own = settings::of_person(&self.context.store, user).await?;
        Ok((own, self.context.now.with_timezone(&zone).date_naive()))
    }
}

/// Whether a text ends with a day of the week that was read as today: `until Monday` on a Monday may mean the next one.
fn is_weekday_of_today(typed: &str, last: NaiveDate, today: NaiveDate) -> bool {
    let is_weekday = typed.rsplit(' ').next().is_some_and(|word| word.parse::<Weekday>().is_ok());
    is_weekday && last == today && DaySpan::says_only_its_end(typed)
}
