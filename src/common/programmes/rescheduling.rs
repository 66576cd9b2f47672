//! `move 8 December to 9 December at 15:00`: one occasion comes at another date or time, and all others stay.

use chrono::Duration;
use chrono_tz::Tz;

use super::{
    Programmes, Replanned,
    cancelling::reason_of,
    messages,
    messages::WrongTarget,
    one_date::{LOOK_AHEAD_DAYS, MeantOccasion, OneDate, is_unsure, on},
    request,
    starting::zone_of,
};
use crate::{
    model::{
        cadence::{Cadence, DaySpan, Occurrence, TypedMoment},
        event::{Command, Reply},
        failure::Failure,
        owner::Owner,
    },
    ritual::{Answer, Handling, put_occasion},
    store::{
        absences, occasions,
        programmes::{self, Programme},
        runs,
        unit::UnitOfWork,
    },
};

/// How far a day without an occasion is looked for, for an example, in days.
const FREE_DAYS: usize = 31;

impl<'c> Programmes<'c> {
    /// Moves one occasion; `text` is what stands behind the word. Where that says times, all occasions move.
    pub(super) fn reschedule(self, command: Command, text: String) -> Handling<'c> {
        Box::pin(self.rescheduled(command, text))
    }

    async fn rescheduled(self, command: Command, text: String) -> Result<Answer<'c>, Failure> {
        let (context, words, user) = (self.context, self.words(), command.user.clone());
        let text = self.with_called(&command, text).await?;
        let (dates, _, reason) = request::date_name_and_reason(&text);
        let (typed, to) = request::from_and_to(dates);
        let zone = zone_of(context, &user).await?;
        if let Some(times) = self.times_for_all(&text, (typed, to), zone) {
            return self.propose(&command, &times).await;
        }
        let reason = reason_of(reason)?;
        let meant = self.occasion_meant(&command, OneDate::Move, (&text, typed)).await?;
        let from = meant.occasion;
        let to = match self.target(&meant, to).await? {
            Ok(to) => to,
            Err(wrong) => {
                let later = from.wall.date().iter_days().skip(1).take(FREE_DAYS);
                let free = later.into_iter().find(|date| on(&meant.ahead, *date).is_none());
                let scope = self.scope_of(&meant.programme).await?;
                let refused = messages::wrong_target(words, (&from, free), &wrong, (self.command(), &scope));
                return Err(Failure::refuse(refused));
            }
        };
        let (changed, next, unit) = self.move_unit(&meant, to).await?;
        let mut unit = unit;
        let replanned = Replanned::Rescheduled(from, to);
        unit.append(self.replanned(&changed, replanned).await?);
        self.put_first_anew(&mut unit, &changed, next.as_ref()).await?;
        let said = (meant.programme.name.as_str(), &from, &to, reason.as_str());
        let next = next.filter(|next| *next != to);
        let message = messages::announcement_of_moved_occasion(words, &user, said, next.as_ref());
        self.announce(&mut unit, &changed, message)?;
        let scope = self.scope_of(&meant.programme).await?;
        let answer = messages::moved_occasion(words, said, next.as_ref(), (self.command(), &scope));
        let answer = Answer::new(unit, Reply::Ephemeral(answer));
        Ok(answer.or_else(move |guard| match guard {
            // It began in this instant, or people were told of it.
            occasions::BEGUN => {
                let again = move || self.reschedule(command, text);
                self.unless_it_begins((meant.programme.id, meant.planned), again)
            }
            // Another person changed the programme, or a turn, in this instant.
            _ => self.reschedule(command, text),
        }))
    }

    /// Returns the times of a text that says new times for all occasions.
    fn times_for_all(self, text: &str, (from, to): (&str, &str), zone: Tz) -> Option<String> {
        let today = self.context.now.with_timezone(&zone).date_naive();
        let are_times = |times: &str| Cadence::parse(times, zone, today).is_ok();
        // `Thursday to Friday at 11:00` says from and to here, and not two days of each week.
        if DaySpan::parse(from, today).is_ok() && TypedMoment::parse(to, today).is_ok() {
            return None;
        }
        let when = request::times_and_name(text).0;
        if are_times(when) {
            return Some(text.to_owned());
        }
        if from.is_empty() && are_times(to) {
            return text.split_once(' ').map(|(_, times)| times.to_owned());
        }
        // What is wrong with times is told as for a start.
        let says_times = to.is_empty() && request::says_times(when);
        (says_times && DaySpan::parse(from, today).is_err()).then(|| text.to_owned())
    }

    /// Returns when an occasion would come, or why it can't.
    async fn target(
        self,
        meant: &MeantOccasion,
        typed: &str,
    ) -> Result<Result<Occurrence, WrongTarget>, Failure> {
        let MeantOccasion { programme, occasion, ahead, today, .. } = meant;
        let (context, cadence) = (self.context, self.times(programme)?);
        let moment = match TypedMoment::parse(typed, *today) {
            Ok(moment) => moment,
            Err(wrong) => return Ok(Err(WrongTarget::NotRead(wrong))),
        };
        let date = moment.date_near(occasion.wall.date(), *today).unwrap_or(occasion.wall.date());
        let wall = date.and_time(moment.time.unwrap_or(occasion.wall.time()));
        if moment.date == Some(date) && is_unsure(date, typed, *today) {
            return Ok(Err(WrongTarget::Year(date)));
        }
        let Some(at) = cadence.instant_of(wall).filter(|_| !cadence.is_skipped(wall)) else {
            return Ok(Err(WrongTarget::Skipped(wall)));
        };
        let others: Vec<Occurrence> = ahead.iter().copied().filter(|other| other != occasion).collect();
        let is_taken =
            on(&others, date).is_some() || self.ritual.was_held_on(context, &programme.id, date).await?;
        let pause = self.paused_until(programme).await?.filter(|until| date < *until);
        Ok(match () {
            () if at <= context.now => Err(WrongTarget::Past(wall)),
            () if at > context.now + Duration::days(LOOK_AHEAD_DAYS) => Err(WrongTarget::TooFar(wall)),
            () if wall == occasion.wall => Err(WrongTarget::Same),
            () if is_taken => Err(WrongTarget::Taken(date)),
            () => pause.map_or(Ok(Occurrence { at, wall }), |until| Err(WrongTarget::Paused(until))),
        })
    }

    /// Returns the programme with an occasion at another time, the occasion that is next then, and what is written of both.
    async fn move_unit(
        self,
        meant: &MeantOccasion,
        to: Occurrence,
    ) -> Result<(Programme, Option<Occurrence>, UnitOfWork), Failure> {
        let MeantOccasion { programme, occasion: from, planned, ahead, today } = meant;
        let (context, words) = (self.context, self.words());
        let (team, owner, now) = (&context.team, Owner::Programme(programme.id.clone()), context.now);
        let moved = self.times(programme)?.with_moved((from.wall, to.wall), *today);
        let cadence =
            moved.ok_or_else(|| Failure::refuse(messages::too_many_left_out(words, OneDate::Move)))?;
        let changed = Programme { cadence: Some(cadence), ..programme.clone() };
        let remaining = ahead.iter().copied().filter(|other| other != from);
        let next = remaining.chain([to]).min();
        let planned = planned.filter(|planned| planned.at > now);
        let mut unit = UnitOfWork::new();
        // Of two people who change the programme in one instant, the second one's command is looked at anew.
        programmes::change(&mut unit, team, &changed)?;
        absences::move_skips(&mut unit, team, &programme.id, (from.wall.date(), to.wall.date()));
        if next == planned {
            return Ok((changed, next, unit));
        }
        if let Some(planned) = planned {
            let occasions = context.store.occasions_from(&programme.id, now).await?;
            if occasions.iter().any(|occasion| occasion.planned_for == planned.wall && occasion.has_begun) {
                return Err(Failure::refuse(messages::told_already(words, &planned, self.command())));
            }
            occasions::cancel(&mut unit, team, &programme.id, planned.wall, now);
            runs::cancel_occasion(&mut unit, team, &owner, planned.wall, messages::WHY_MOVED_AWAY, now);
        }
        if let Some(next) = next {
            put_occasion(&mut unit, team, self.ritual, &changed, next, now);
        }
        Ok((changed, next, unit))
    }
}
