//! `cancel 13 January`: one occasion doesn't come. The times leave its date out, so any later date can be cancelled.

use super::{
    Programmes, Replanned, messages,
    one_date::{MeantOccasion, OneDate},
    request,
};
use crate::{
    model::{
        cadence::Occurrence,
        event::{Command, Reply},
        failure::Failure,
        owner::Owner,
    },
    ritual::{Answer, Handling, put_next},
    store::{
        occasions,
        programmes::{self, Programme},
        runs,
        unit::UnitOfWork,
    },
};

impl<'c> Programmes<'c> {
    /// Cancels the occasion of a date; `text` is what stands behind the word.
    pub(super) fn cancel(self, command: Command, text: String) -> Handling<'c> {
        Box::pin(self.cancelled(command, text))
    }

    async fn cancelled(self, command: Command, text: String) -> Result<Answer<'c>, Failure> {
        let (context, words) = (self.context, self.words());
        let text = self.with_called(&command, text).await?;
        let (typed, _, reason) = request::date_name_and_reason(&text);
        let reason = reason_of(reason)?;
        let meant = self.occasion_meant(&command, OneDate::Cancel, (&text, typed)).await?;
        let MeantOccasion { programme, occasion, planned, today, .. } = meant;
        let date = occasion.wall.date();
        let without = self.times(&programme)?.without(date, today);
        let without =
            without.ok_or_else(|| Failure::refuse(messages::too_many_left_out(words, OneDate::Cancel)))?;
        let changed = Programme { cadence: Some(without), ..programme.clone() };
        let mut unit = UnitOfWork::new();
        // Of two people who change the programme in one instant, the second one's command is looked at anew.
        programmes::change(&mut unit, &context.team, &changed)?;
        let next = self.put_cancelled(&mut unit, &changed, (occasion, planned))?;
        unit.append(self.replanned(&changed, Replanned::Cancelled(date)).await?);
        self.put_first_anew(&mut unit, &changed, next.as_ref()).await?;
        let said = (programme.name.as_str(), &occasion, reason.as_str());
        let message = messages::announcement_of_cancellation(words, &command.user, said, next.as_ref());
        self.announce(&mut unit, &programme, message)?;
        let scope = self.scope_of(&programme).await?;
        let answer = messages::cancelled(words, said, next.as_ref(), (self.command(), &scope));
        let answer = Answer::new(unit, Reply::Ephemeral(answer));
        Ok(answer.or_else(move |guard| match guard {
            // It began in this instant.
            occasions::BEGUN => {
                let again = move || self.cancel(command, text);
                self.unless_it_begins((programme.id, planned), again)
            }
            // Another person changed the programme in this instant.
            _ => self.cancel(command, text),
        }))
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
        Ok(put_next(unit, team, self.ritual, changed, (planned.at, now)))
    }
}

/// Returns the reason of a change as it is kept.
pub(super) fn reason_of(typed: &str) -> Result<String, Failure> {
    let kept = request::kept_reason(typed);
    kept.ok_or_else(|| Failure::refuse(messages::long_reason(request::LONGEST_REASON)))
}
