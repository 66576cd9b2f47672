//! `away until Friday` and `back`: a person's own times away, typed behind any ritual's command. They hold for all rituals.

use chrono::NaiveDate;

use super::{Programmes, messages, starting::zone_of};
use crate::{
    common::people::{PersonSettings, away, store as settings},
    model::{cadence::DaySpan, event::Reply, failure::Failure, people::UserId},
    ritual::{Answer, Handling, Ritual},
    store::unit::UnitOfWork,
};

impl<'c, R: Ritual> Programmes<'c, R> {
    /// Adds days to those on which a person is away.
    pub(super) fn away(self, user: &UserId, days: &str) -> Handling<'c> {
        Box::pin(self.goes_away(user.clone(), days.to_owned()))
    }

    async fn goes_away(self, user: UserId, days: String) -> Result<Answer<'c>, Failure> {
        let context = self.context;
        let (before, today) = self.own(&user).await?;
        let span = DaySpan::parse(&days, today)
            .map_err(|wrong| Failure::refuse(messages::wrong_days(&wrong, today, self.command())))?;
        let (after, joined) = away::with(&before, span, today)
            .ok_or_else(|| Failure::refuse(messages::too_many_times_away(away::MOST)))?;
        let mut unit = UnitOfWork::new();
        settings::put_away(&mut unit, &context.team, &user, (&before.away, &after), context.now)?;
        let message = messages::away(joined, today, self.command());
        // They were changed in this instant, by the person's other hand.
        Ok(Answer::new(unit, Reply::Ephemeral(message)).or_else(move |_| self.away(&user, &days)))
    }

    /// Ends the time away that is now.
    pub(super) fn back_again(self, user: &UserId) -> Handling<'c> {
        Box::pin(self.comes_back(user.clone()))
    }

    async fn comes_back(self, user: UserId) -> Result<Answer<'c>, Failure> {
        let context = self.context;
        let (before, today) = self.own(&user).await?;
        let Some(after) = away::without_today(&before, today) else {
            let next = before.away.iter().copied().find(|away| away.from > today);
            return Ok(Answer::reply(Reply::Ephemeral(messages::not_away(next, today, self.command()))));
        };
        let mut unit = UnitOfWork::new();
        settings::put_away(&mut unit, &context.team, &user, (&before.away, &after), context.now)?;
        let next = after.iter().copied().find(|away| away.from > today);
        let message = messages::back(next, today);
        Ok(Answer::new(unit, Reply::Ephemeral(message)).or_else(move |_| self.back_again(&user)))
    }

    /// The refusal of days behind `back`.
    pub(super) fn comes_back_without_a_day(self) -> Failure {
        Failure::refuse(messages::back_takes_no_day(self.command()))
    }

    /// What a person set for themselves, and the date where they are.
    async fn own(self, user: &UserId) -> Result<(PersonSettings, NaiveDate), Failure> {
        let zone = zone_of(self.context, user).await?;
        let own = settings::of_person(&self.context.store, user).await?;
        Ok((own, self.context.now.with_timezone(&zone).date_naive()))
    }
}
