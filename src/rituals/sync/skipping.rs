//! Skipping a sync that has no agenda: one press skips it for all.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::{
    START, Syncs,
    before::Ahead,
    changing::{TurnOn, amend, occurrence_on, skip_question_key},
    messages::{self, Decides, Loss, SyncPlace},
    plan::{EndState, Steps},
    store,
};
use crate::{
    common::programmes::{ChannelPeople, Replanned, press::date_of},
    model::{
        cadence::{Cadence, Occurrence},
        effect::{Effect, Target},
        event::{Action, Reply},
        failure::Failure,
        message::Message,
        owner::Owner,
        people::UserId,
    },
    ritual::{Answer, Context, Handling, put_next},
    store::{
        programmes::{self, Programme},
        runs::{self, Run},
        unit::UnitOfWork,
    },
};

impl Syncs {
    /// Skips a sync for all. Of two presses one counts, and a sync that begins at this moment is not skipped. Points that were
    /// added since the question are told first, unless the person knows.
    pub(super) fn skip_sync<'c>(
        &'c self,
        context: &'c Context,
        action: Action,
        knows_of_points: bool,
    ) -> Handling<'c> {
        Box::pin(self.sync_skipped(context, action, knows_of_points))
    }

    async fn sync_skipped<'c>(
        &'c self,
        context: &'c Context,
        action: Action,
        knows_of_points: bool,
    ) -> Result<Answer<'c>, Failure> {
        let programmes = self.programmes(context);
        let programme = programmes.of_button(&action).await?;
        let Some(date) = date_of(&action.value) else { return programmes.pressed(action).await };
        let Some(sync) = pending(context, &programme, date).await? else {
            return self.not_skipped(context, programme, (date, &action)).await;
        };
        let lead = self.lead_at(context, &programme, sync.due).await?;
        self.may_run(context, &programme, &action.user, lead.as_ref()).await?;
        // Those of an earlier sync that isn't closed move on when this one begins.
        let (points, _) = store::agenda::open_points(&context.store, &programme.id, &action.user).await?;
        if points > 0 && !knows_of_points {
            let message = messages::has_points(points, (&programme.id, date));
            return Ok(Answer::reply(Reply::Ephemeral(message)));
        }
        let mut unit = UnitOfWork::new();
        let next = self.put_skip(&mut unit, context, &programme, (&sync, &action.user));
        let turn = store::turn(&context.store, &programme.id, date).await?;
        let on = TurnOn { programme: &programme, at: sync.due, turn: &turn };
        let loss = Loss::Skipped(&action.user);
        self.put_free(&mut unit, context, &on, loss).await?;
        let needed = |organiser: &UserId| messages::no_lead_needed(&on.place(), loss, organiser);
        Syncs::amend_no_lead(&mut unit, context, &on, needed)?;
        let message = messages::announcement_of_skip(&action.user, &programme.name, &sync.due, next.as_ref());
        programmes.announce(&mut unit, &programme, message)?;
        let answered = messages::was_skipped(&programme.name, &sync.due, &action.user);
        let skipped = messages::skipped(&programme.name, &sync.due, next.as_ref());
        // One who has pressed their own question reads it at once. It's changed like those of the others, too: a point that was added
        // just before may change it after the press.
        for person in programme.organisers.iter().chain(&lead).collect::<BTreeSet<_>>() {
            let is_pressed = action.action == messages::SKIP_SYNC && *person == action.user;
            let message = if is_pressed { skipped.clone() } else { answered.clone() };
            let effect = Effect::Post { to: Target::Person(person.clone()), message };
            context.amend(&mut unit, &skip_question_key(&programme.id, &sync.due, person), &effect)?;
        }
        let skipped = Answer::new(unit, reply_to(&action, skipped));
        Ok(skipped.or_else(move |guard| match guard {
            // Its turn, or the programme, has changed in this instant.
            runs::OUTDATED | programmes::CHANGED => self.skip_sync(context, action, knows_of_points),
            _ => Box::pin(async move { self.not_skipped(context, programme, (date, &action)).await }),
        }))
    }

    /// Adds to a unit that a sync does not take place, and that the next one comes.
    fn put_skip(
        &self,
        unit: &mut UnitOfWork,
        context: &Context,
        programme: &Programme,
        (sync, user): (&Run, &UserId),
    ) -> Option<Occurrence> {
        let (team, now, wall) = (&context.team, context.now, sync.due.wall);
        runs::call_off(unit, team, sync, messages::WAS_SKIPPED, now);
        let owner = Owner::Programme(programme.id.clone());
        runs::cancel_occasion(unit, team, &owner, wall, messages::WAS_SKIPPED, now);
        store::closing::skip(unit, team, (&programme.id, wall.date()), user, now);
        programmes::unchanged(unit, team, programme);
        put_next(unit, team, self, programme, (sync.due.at, now))
    }

    async fn not_skipped<'c>(
        &'c self,
        context: &'c Context,
        programme: Programme,
        (date, action): (NaiveDate, &Action),
    ) -> Result<Answer<'c>, Failure> {
        let end = store::closing::end_of(&context.store, &programme.id, date).await?;
        let by = end.and_then(|end| match end.state {
            EndState::Skipped(user) => Some(user),
            _ => None,
        });
        let of = (programme.name.as_str(), date);
        let message = messages::not_skipped(of, by.as_ref(), &action.user, &self.command);
        Ok(Answer::reply(reply_to(action, message)))
    }

    /// Adds to a unit that the questions to organisers whether to skip a sync that had no lead need no answer, since syncs don't
    /// come. The one of a lead says so with their turn.
    pub(super) async fn close_skip_questions(
        &self,
        unit: &mut UnitOfWork,
        context: &Context,
        (programme, times): (&Programme, &Cadence),
        change: Replanned,
    ) -> Result<(), Failure> {
        let by = context.causer().unwrap_or(&context.bot);
        let pending = context.store.pending_runs(&programme.id).await?;
        for sync in pending.into_iter().filter(|run| run.kind == START) {
            let (at, date) = (sync.due, sync.due.wall.date());
            let loss = match change {
                Replanned::Cancelled(cancelled) if cancelled == date => Loss::Cancelled(by),
                Replanned::Paused(Some(first)) if date >= first.wall.date() => continue,
                Replanned::Paused(_) => Loss::Paused(by),
                Replanned::Stopped => Loss::Stopped(by),
                Replanned::Changed if !times.is_on(date) => Loss::Moved,
                Replanned::Changed => {
                    let to = occurrence_on(times, date).filter(|to| to.at != at.at);
                    if let Some(to) = to {
                        self.move_skip_questions(unit, context, programme, (at, to)).await?;
                    }
                    continue;
                }
                Replanned::Cancelled(_) | Replanned::Planned(_) | Replanned::Rescheduled(..) => continue,
            };
            let turn = store::turn(&context.store, &programme.id, date).await?;
            let on = TurnOn { programme, at, turn: &turn };
            for organiser in &programme.organisers {
                let key = skip_question_key(&programme.id, &at, organiser);
                let message = messages::nothing_to_skip(&on.place(), loss, organiser);
                amend(unit, context, (&key, organiser), &message)?;
            }
            let needed = |organiser: &UserId| messages::no_lead_needed(&on.place(), loss, organiser);
            Syncs::amend_no_lead(unit, context, &on, needed)?;
        }
        Ok(())
    }

    /// Adds to a unit that the questions to organisers whether to skip a sync without a lead need no answer: it begins.
    pub(super) fn end_skip_questions(
        unit: &mut UnitOfWork,
        context: &Context,
        sync: &Ahead,
    ) -> Result<(), Failure> {
        let begun = messages::too_late_to_skip(&sync.place());
        let organisers = sync.programme.organisers.iter().filter(|person| !sync.turn.is_of(person));
        for person in organisers {
            let key = skip_question_key(&sync.programme.id, &sync.at, person);
            amend(unit, context, (&key, person), &begun)?;
        }
        Ok(())
    }

    /// Adds to a unit that the questions whether to skip a sync say when it is from now on. Those about a time that it moves back
    /// to hold again.
    pub(super) async fn move_skip_questions(
        &self,
        unit: &mut UnitOfWork,
        context: &Context,
        programme: &Programme,
        (from, to): (Occurrence, Occurrence),
    ) -> Result<(), Failure> {
        let date = from.wall.date();
        let turn = store::turn(&context.store, &programme.id, date).await?;
        let place = SyncPlace { name: &programme.name, channel: &programme.channel, at: &from };
        for person in programme.organisers.iter().chain(turn.holder()) {
            let key = skip_question_key(&programme.id, &from, person);
            amend(unit, context, (&key, person), &messages::sync_moved(&place, &to))?;
        }
        if turn.holder().is_none() {
            // A person who has the turn reads of it anew.
            let (points, _) = store::agenda::open_points(&context.store, &programme.id, &context.bot).await?;
            self.put_skip_questions(unit, context, (programme, to), (points, None))?;
        }
        let on = TurnOn { programme, at: from, turn: &turn };
        let now = if to.wall.date() == date {
            let people = ChannelPeople::load(context, programme).await?;
            let people = (Syncs::is_limited(programme), !people.on(None).here.is_empty());
            messages::no_lead(&SyncPlace { at: &to, ..place }, people)
        } else {
            messages::sync_moved(&place, &to)
        };
        Syncs::amend_no_lead(unit, context, &on, |_| now.clone())
    }

    /// Closes the question: the sync takes place, if it does.
    pub(super) async fn meet<'c>(&self, context: &Context, action: &Action) -> Result<Answer<'c>, Failure> {
        let programme = self.programmes(context).of_button(action).await?;
        let Some(date) = date_of(&action.value) else {
            return Ok(Answer::reply(Reply::Replace(messages::no_meeting((
                &programme.name,
                context.now.date_naive(),
            )))));
        };
        let message = match pending(context, &programme, date).await? {
            Some(sync) => messages::we_meet(&programme.name, &sync.due),
            None => messages::no_meeting((&programme.name, date)),
        };
        Ok(Answer::reply(Reply::Replace(message)))
    }

    /// Adds to a unit, with which so many points come to the agenda of the next sync or leave it, that the questions whether to skip it say
    /// what is on it then.
    pub(super) async fn put_agenda_in_skip_questions(
        &self,
        unit: &mut UnitOfWork,
        context: &Context,
        (programme, change): (&Programme, isize),
    ) -> Result<(), Failure> {
        let Some(next) = self.programmes(context).next(programme).await? else { return Ok(()) };
        let steps = Steps::plan(self.programmes(context).times(programme)?, programme.from_at, next);
        if change == 0 || !steps.has_sheet(context.now) || context.now >= next.at {
            return Ok(());
        }
        let lead = self.lead_at(context, programme, next).await?;
        let (points, _) = store::agenda::open_points(&context.store, &programme.id, &context.bot).await?;
        let points = points.saturating_add_signed(change);
        self.put_skip_questions(unit, context, (programme, next), (points, lead.as_ref()))
    }

    /// Adds to a unit that the questions whether to skip the sync of this time that were sent say how many points it has.
    fn put_skip_questions(
        &self,
        unit: &mut UnitOfWork,
        context: &Context,
        (programme, at): (&Programme, Occurrence),
        (points, lead): (usize, Option<&UserId>),
    ) -> Result<(), Failure> {
        let place = SyncPlace { name: &programme.name, channel: &programme.channel, at: &at };
        let people: BTreeSet<&UserId> = programme.organisers.iter().chain(lead).collect();
        for person in people {
            let decides = match lead {
                Some(lead) if lead == person => Decides::Lead,
                Some(_) => Decides::OrganiserBeforeLead,
                None => Decides::Organiser,
            };
            let message = match points {
                0 => messages::ask_to_skip((&programme.id, &place), decides, &self.command),
                points => messages::has_agenda_now(&place, points, &programme.id),
            };
            amend(unit, context, (&skip_question_key(&programme.id, &at, person), person), &message)?;
        }
        Ok(())
    }
}

/// Returns the reply to a press: in place of the question, and beside a run sheet, which says more.
fn reply_to(action: &Action, message: Message) -> Reply {
    if action.action == messages::SKIP_FROM_SHEET {
        Reply::Ephemeral(message)
    } else {
        Reply::Replace(message)
    }
}

/// Returns the local date of the occasion of a run.
pub(super) fn date_of_run(run: &Run) -> NaiveDate {
    let date = run.occasion.split('T').next().unwrap_or_default();
    date.parse().unwrap_or(run.due.wall.date())
}

/// Returns the run that announces the sync of a date, while it is still to come.
pub(super) async fn pending(
    context: &Context,
    programme: &Programme,
    date: NaiveDate,
) -> Result<Option<Run>, Failure> {
    let pending = context.store.pending_runs(&programme.id).await?;
    Ok(pending.into_iter().find(|run| run.kind == START && run.due.wall.date() == date))
}
