//! Pausing a programme, for a while or until a date, and resuming it.

use chrono::{Duration, NaiveDate, NaiveTime};

use super::{
    Programmes, Replanned, ReplyVia, messages,
    messages::{Pause, WrongPause},
    one_date::is_unsure,
    request,
    starting::zone_of,
};
use crate::{
    model::{
        cadence::{Cadence, DaySpan, Occurrence, WrongDays},
        catch_up::CatchUp,
        clock::Instant,
        event::{Command, Reply},
        failure::Failure,
        message::Message,
        owner::Owner,
        people::UserId,
    },
    ritual::{Answer, Context, Handling, Ran, put_occasion},
    store::{
        occasions,
        programmes::{self, Programme},
        runs::{self, NewRun, Run},
        unit::UnitOfWork,
    },
};

/// The hour at which a pause ends, and until which hour an occasion makes it end at midnight instead.
const RESUME_HOUR: u32 = 8;
const EARLY_HOUR: u32 = 9;
/// How late a pause may end that nothing ran to end, in days. People were told that it ends.
const LATEST_DAYS: i64 = 3_650;

impl<'c> Programmes<'c> {
    /// Pauses the programme that a text means, where it says so until a date: `Lunch`, `until 7 January`, `for 2 weeks`.
    pub(super) fn pause_as_typed(self, command: Command, text: String) -> Handling<'c> {
        Box::pin(self.paused_as_typed(command, text))
    }

    async fn paused_as_typed(self, command: Command, text: String) -> Result<Answer<'c>, Failure> {
        let user = &command.user;
        let (span, name) = request::span_and_name(&text);
        let mut meant = self
            .all_meant(&command, Some(request::Verb::Pause), Some(name).filter(|name| !name.is_empty()))
            .await?;
        if meant.len() > 1 && span.is_empty() {
            return Err(self.which(request::Verb::Pause, &meant));
        }
        if meant.len() > 1 {
            let names: Vec<&str> = meant.iter().map(|programme| programme.name.as_str()).collect();
            let refused = messages::say_which(self.words(), &format!("pause {span}"), &names, self.command());
            return Err(Failure::refuse(refused));
        }
        let programme = meant.swap_remove(0);
        if span.is_empty() {
            return self.pause(programme, user, ReplyVia::Typed).await;
        }
        self.may_lead_on(&programme, user).await?;
        let today = self.context.now.with_timezone(&zone_of(self.context, user).await?).date_naive();
        let cadence = self.times(&programme)?;
        let end = resume_date(span, today).and_then(|date| end_of_pause(cadence, date));
        match end {
            Ok(end) => self.pause_until(command, text, programme, end).await,
            Err(wrong) => Err(Failure::refuse(messages::wrong_pause(self.words(), &wrong, self.command()))),
        }
    }

    /// Pauses a programme until an instant, or has its pause end then.
    async fn pause_until(
        self,
        command: Command,
        text: String,
        programme: Programme,
        (end, first): (Occurrence, Occurrence),
    ) -> Result<Answer<'c>, Failure> {
        let (context, words, user) = (self.context, self.words(), command.user.clone());
        let date = end.wall.date();
        if self.paused_until(&programme).await? == Some(date) {
            let paused = messages::paused_already(words, &programme.name, &programme.id, Some(date));
            return Ok(Answer::reply(Reply::Ephemeral(paused)));
        }
        let planned = self.next(&programme).await?;
        let mut unit = UnitOfWork::new();
        if programme.paused_at.is_some() {
            programmes::unchanged(&mut unit, &context.team, &programme);
        } else {
            programmes::pause(&mut unit, &context.team, &programme.id, context.now);
        }
        let paused_at = programme.paused_at.unwrap_or(context.now);
        let paused = Programme { paused_at: Some(paused_at), ..programme.clone() };
        let why = messages::why_paused(words);
        let kept = put_none_before(&mut unit, context, &programme, &why, Some(&first)).await?;
        let paused = if kept { paused } else { self.put_first(&mut unit, paused, first) };
        unit.append(self.replanned(&paused, Replanned::Paused(Some(first))).await?);
        self.put_end(&mut unit, &programme.id, paused_at, end);
        self.put_first_anew(&mut unit, &programme, Some(&first)).await?;
        let message = messages::announcement_of_pause_until(words, &user, &programme.name, (date, &first));
        let message = self.with_what_goes_on(&programme, message).await?;
        self.announce(&mut unit, &programme, message)?;
        let paused = messages::paused_until(words, (&programme.name, &programme.id), (date, &first));
        let answer = Answer::new(unit, Reply::Ephemeral(paused));
        Ok(answer.or_else(move |guard| match guard {
            // The occasion began in this instant, so nothing was written.
            occasions::BEGUN => {
                let again = move || self.pause_as_typed(command, text);
                self.unless_it_begins((programme.id, planned), again)
            }
            // Another person paused or resumed it in this instant.
            _ => self.pause_as_typed(command, text),
        }))
    }

    /// Cancels what is to come until the programme is resumed. An occasion that has begun goes on.
    pub(super) fn pause(self, programme: Programme, user: &UserId, via: ReplyVia) -> Handling<'c> {
        Box::pin(self.paused(programme, user.clone(), via))
    }

    async fn paused(self, programme: Programme, user: UserId, via: ReplyVia) -> Result<Answer<'c>, Failure> {
        let words = self.words();
        self.may_lead_on(&programme, &user).await?;
        let until = self.paused_until(&programme).await?;
        let already = messages::paused_already(words, &programme.name, &programme.id, until);
        if programme.paused_at.is_some() {
            return Ok(Answer::reply(via.reply(already)));
        }
        let planned = self.next(&programme).await?;
        if planned.is_none() {
            let refused = messages::nothing_to_pause(words, &programme.name, self.command());
            return Err(Failure::refuse(refused));
        }
        let mut unit = UnitOfWork::new();
        put_pause(&mut unit, self.context, &programme, &messages::why_paused(words)).await?;
        unit.append(self.replanned(&programme, Replanned::Paused(None)).await?);
        let message = messages::announcement_of_pause(words, &user, &programme.name);
        let message = self.with_what_goes_on(&programme, message).await?;
        self.announce(&mut unit, &programme, message)?;
        let paused = messages::paused(words, &programme.name, &programme.id);
        let answer = Answer::new(unit, via.reply(paused));
        Ok(answer.or_else(move |guard| {
            let refused = match guard {
                // A turn of it has changed in this instant.
                runs::OUTDATED => return self.pause(programme, &user, via),
                // The occasion began in this instant, so nothing was written.
                occasions::BEGUN => {
                    let id = programme.id.clone();
                    return self.unless_it_begins((id, planned), move || self.pause(programme, &user, via));
                }
                _ => already,
            };
            Box::pin(std::future::ready(Err(Failure::refuse(refused))))
        }))
    }

    /// Does again what an occasion that was to come has refused, if that was called off in this instant; one that begins refuses it.
    pub(super) fn unless_it_begins(
        self,
        (programme, planned): (String, Option<Occurrence>),
        again: impl FnOnce() -> Handling<'c> + Send + 'c,
    ) -> Handling<'c> {
        Box::pin(async move {
            let called_off = match planned {
                Some(planned) => self.context.store.is_cancelled(&programme, planned.wall).await?,
                None => false,
            };
            if called_off {
                return again().await;
            }
            Err(Failure::refuse(messages::occasion_begins(self.words())))
        })
    }

    /// Returns what the channel reads of a pause, with what it has to know of an occasion that goes on.
    async fn with_what_goes_on(self, programme: &Programme, message: Message) -> Result<Message, Failure> {
        let goes_on = self.ritual.goes_on(self.context, programme).await?;
        Ok(if goes_on.as_str().is_empty() { message } else { message.with_context(goes_on) })
    }

    /// Plans occasions again after a pause.
    pub(super) async fn resume(
        self,
        programme: Programme,
        user: &UserId,
        via: ReplyVia,
    ) -> Result<Answer<'c>, Failure> {
        let (context, words) = (self.context, self.words());
        self.may_manage(&programme, user).await?;
        let cadence = self.times(&programme)?;
        let planned = self.next(&programme).await?;
        let same = messages::same_times(words, &programme.name, cadence, planned.as_ref());
        let Some(paused_at) = programme.paused_at else { return Ok(Answer::reply(via.reply(same))) };
        let next = self.next_free(&programme.id, cadence, context.now).await?;
        let mut unit = UnitOfWork::new();
        // The occasion that would come first after the pause keeps what was asked and answered for it.
        let keeps = planned.is_some_and(|planned| planned.wall == next.wall);
        let from_at = if keeps { programme.from_at } else { context.now };
        programmes::resume(&mut unit, &context.team, (&programme.id, paused_at), from_at);
        let owner = Owner::Programme(programme.id.clone());
        runs::cancel_resume(&mut unit, &context.team, &owner, messages::WHY_RESUMED, context.now);
        let resumed = Programme { from_at, paused_at: None, ..programme.clone() };
        if !keeps {
            put_none_before(&mut unit, context, &programme, messages::WHY_RESUMED, Some(&next)).await?;
            put_occasion(&mut unit, &context.team, self.ritual, &resumed, next, context.now);
        }
        unit.append(self.replanned(&resumed, Replanned::Planned(next)).await?);
        self.put_first_anew(&mut unit, &programme, Some(&next)).await?;
        let message = messages::announcement_of_resume(words, Some(user), &programme.name, Some(&next));
        self.announce(&mut unit, &programme, message)?;
        let resumed = messages::resumed(words, &programme.name, &next);
        Ok(Answer::new(unit, via.reply(resumed)).or_refuse(Failure::refuse(same)))
    }

    /// Ends the pause that a run was planned for. A later pause has a run of its own, or none.
    pub(super) async fn end_pause(self, programme: &Programme, run: &Run) -> Result<Ran, Failure> {
        let (context, words) = (self.context, self.words());
        let paused_at = programme.paused_at.filter(|at| subject_of(*at) == run.subject);
        let (Some(paused_at), Some(cadence)) = (paused_at, &programme.cadence) else {
            return Ok(Ran::skipped(messages::WHY_RESUMED));
        };
        let planned = self.next(programme).await?;
        let from = self.free_from(&programme.id, cadence, context.now).await?;
        // One that is due by now was missed: its own run says what becomes of it.
        let next = planned.filter(|planned| planned.at > context.now).or_else(|| cadence.next(from));
        let mut unit = UnitOfWork::new();
        let from_at = planned.map_or(context.now, |_| programme.from_at);
        programmes::resume(&mut unit, &context.team, (&programme.id, paused_at), from_at);
        let resumed = Programme { from_at, paused_at: None, ..programme.clone() };
        if let Some(next) = next.filter(|_| planned.is_none()) {
            put_occasion(&mut unit, &context.team, self.ritual, &resumed, next, context.now);
            unit.append(self.replanned(&resumed, Replanned::Planned(next)).await?);
        }
        let message = messages::announcement_of_resume(words, None, &programme.name, next.as_ref());
        self.announce(&mut unit, programme, message)?;
        Ok(Ran::prepared(unit))
    }

    /// Returns the date on which a pause ends by itself.
    pub async fn paused_until(self, programme: &Programme) -> Result<Option<NaiveDate>, Failure> {
        let pending = self.context.store.pending_runs(&programme.id).await?;
        Ok(end_of(programme, &pending).map(|end| end.due.wall.date()))
    }
}

impl Programmes<'_> {
    /// Adds to a unit the occasion that comes first after a pause, and returns the programme as it is then. What is asked and said
    /// before it comes in its time, while the pause lasts.
    fn put_first(self, unit: &mut UnitOfWork, paused: Programme, first: Occurrence) -> Programme {
        let (team, now) = (&self.context.team, self.context.now);
        let paused = Programme { from_at: now, ..paused };
        programmes::plan_from(unit, team, &paused.id, now);
        put_occasion(unit, team, self.ritual, &paused, first, now);
        paused
    }

    /// Adds to a unit that the pause of a programme, from this instant on, ends by itself.
    fn put_end(self, unit: &mut UnitOfWork, programme: &str, paused_at: Instant, end: Occurrence) {
        let run = NewRun {
            owner: Owner::Programme(programme.to_owned()),
            ritual: self.ritual_name(),
            occasion: None,
            kind: runs::RESUME,
            subject: &subject_of(paused_at),
            due: end,
            late: CatchUp::Within(Duration::days(LATEST_DAYS)),
            payload: "",
        };
        runs::put(unit, &self.context.team, &run, self.context.now);
    }

    /// Adds to a unit when the pause of a programme with other times ends, if it ends by itself, and returns which occasion is the first
    /// then.
    pub(super) async fn put_end_anew(
        self,
        unit: &mut UnitOfWork,
        changed: &Programme,
    ) -> Result<Option<Occurrence>, Failure> {
        let Some((end, first)) = self.pause_ends(changed).await? else { return Ok(None) };
        if let Some(paused_at) = changed.paused_at {
            self.put_end(unit, &changed.id, paused_at, end);
        }
        Ok(Some(first))
    }

    /// Returns the occasion that comes first after the pause of a programme, by its times; `None` where the pause doesn't end by
    /// itself.
    pub async fn first_after_pause(self, programme: &Programme) -> Result<Option<Occurrence>, Failure> {
        Ok(self.pause_ends(programme).await?.map(|(_, first)| first))
    }

    /// Returns when the pause of a programme ends by itself, by its times, and which occasion comes first then.
    async fn pause_ends(self, programme: &Programme) -> Result<Option<(Occurrence, Occurrence)>, Failure> {
        let Some(until) = self.paused_until(programme).await? else { return Ok(None) };
        Ok(end_of_pause(self.times(programme)?, until).ok())
    }

    /// Returns the pause of a programme, as a person reads of it.
    pub async fn pause_of(self, programme: &Programme, user: &UserId) -> Result<Option<Pause>, Failure> {
        if programme.paused_at.is_none() {
            return Ok(None);
        }
        let (until, first) = (self.paused_until(programme).await?, self.next(programme).await?);
        let (reader, zone) = (zone_of(self.context, user).await?, self.times(programme)?.zone);
        let is_other_clock = first.is_some_and(|first| messages::is_other_clock(first.at, reader, zone));
        Ok(Some(Pause { until, first, is_other_clock, may_resume: self.manages(programme, user).await? }))
    }
}

/// Reads the day on which a pause ends: `until 7 January` ends on that day, `for 2 weeks` on the day after them.
fn resume_date(span: &str, today: NaiveDate) -> Result<NaiveDate, WrongPause> {
    let is_length = span.get(..4).is_some_and(|word| word.eq_ignore_ascii_case("for "));
    let last = match DaySpan::parse(span, today) {
        // A pause is as long as people say.
        Ok(days) | Err(WrongDays::Long(days)) => days.last,
        Err(wrong) => return Err(WrongPause::NotRead(wrong)),
    };
    let date = if is_length { last.succ_opt().unwrap_or(last) } else { last };
    if date <= today {
        return Err(WrongPause::Today);
    }
    if is_unsure(date, span, today) && !is_length { Err(WrongPause::Year(date)) } else { Ok(date) }
}

/// Returns when a pause until a date ends, and which occasion comes first then.
fn end_of_pause(cadence: &Cadence, date: NaiveDate) -> Result<(Occurrence, Occurrence), WrongPause> {
    let at = |hour: u32| {
        let wall = date.and_time(NaiveTime::from_hms_opt(hour, 0, 0)?);
        Some(Occurrence { at: cadence.instant_of(wall)?, wall })
    };
    let (Some(midnight), Some(morning), Some(early)) = (at(0), at(RESUME_HOUR), at(EARLY_HOUR)) else {
        return Err(WrongPause::NoneAfter(date));
    };
    let first = cadence.next(midnight.at - Duration::milliseconds(1));
    let first = first.ok_or(WrongPause::NoneAfter(date))?;
    Ok((if first.at <= early.at { midnight } else { morning }, first))
}

/// Adds to a unit that a programme pauses, for a reason: the occasions that have not begun do not come.
pub async fn put_pause(
    unit: &mut UnitOfWork,
    context: &Context,
    programme: &Programme,
    why: &str,
) -> Result<(), Failure> {
    programmes::pause(unit, &context.team, &programme.id, context.now);
    put_none_before(unit, context, programme, why, None).await?;
    Ok(())
}

/// Adds to a unit that the occasions of a programme that have not begun do not come, but for this one; returns whether that is
/// planned already.
async fn put_none_before(
    unit: &mut UnitOfWork,
    context: &Context,
    programme: &Programme,
    why: &str,
    first: Option<&Occurrence>,
) -> Result<bool, Failure> {
    let (team, now) = (&context.team, context.now);
    let (owner, mut is_planned) = (Owner::Programme(programme.id.clone()), false);
    for occasion in context.store.occasions_from(&programme.id, now).await? {
        if first.is_some_and(|first| first.wall == occasion.planned_for) {
            is_planned = true;
        } else if !occasion.has_begun {
            occasions::cancel(unit, team, &programme.id, occasion.planned_for, now);
            runs::cancel_occasion(unit, team, &owner, occasion.planned_for, why, now);
        }
    }
    Ok(is_planned)
}

/// The subject of the run that ends a pause.
fn subject_of(paused_at: Instant) -> String {
    paused_at.timestamp_millis().to_string()
}

/// Returns the run that ends the pause of a programme, of its pending ones; a pause that people end has none.
pub(super) fn end_of<'r>(programme: &Programme, pending: &'r [Run]) -> Option<&'r Run> {
    let subject = subject_of(programme.paused_at?);
    pending.iter().find(|run| run.kind == runs::RESUME && run.subject == subject)
}
