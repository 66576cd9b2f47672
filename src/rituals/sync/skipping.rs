//! Nothing on the agenda: an hour before, the lead is asked whether to skip the sync, and one press skips it for all.

use chrono::{Duration, NaiveDate};

use super::{
    EMPTY, NAME, START, Syncs,
    before::Ahead,
    changing::{TurnOn, amend, occurrence_on, skip_question_key},
    messages::{self, Loss, SyncPlace},
    plan::{EndState, Steps, Turn},
    store,
};
use crate::{
    common::{
        decisions::{self, messages::TO_REVIEW},
        people::{WorkTime, store as settings},
        programmes::{ChannelPeople, Replanned, press::date_of, to_person},
        promises::{self, messages::PROMISES_DUE},
    },
    model::{
        cadence::{Cadence, Occurrence},
        catch_up::CatchUp,
        clock::Instant,
        effect::{Effect, NewEffect, Target},
        event::{Action, Reply},
        failure::Failure,
        message::Message,
        owner::Owner,
        people::UserId,
    },
    ritual::{Answer, Context, Handling, PlannedRun, Ran, put_next},
    store::{
        programmes::{self, Programme},
        runs::{self, Run},
        unit::UnitOfWork,
    },
};

/// How long before a sync without an agenda its lead is asked, in minutes.
const BEFORE_MINUTES: i64 = 60;
/// The subject of the run that asks on the day before, and its hour in the zone of the sync.
const EARLY: &str = "early";
const EARLY_AT_HOUR: u32 = 15;

/// Plans the question whether to skip a sync that has no agenda.
pub(super) fn planned(sync: Occurrence) -> PlannedRun {
    let before = Duration::minutes(BEFORE_MINUTES);
    let due = Occurrence { at: sync.at - before, wall: sync.wall - before };
    PlannedRun { kind: EMPTY, subject: String::new(), due, late: CatchUp::Until(sync.at) }
}

/// Plans the same question on the working day before, for people who don't work an hour before the sync.
pub(super) fn planned_early(steps: &Steps, sync: Occurrence, cadence: &Cadence) -> Option<PlannedRun> {
    let wall = steps.sheet?.wall.date().and_hms_opt(EARLY_AT_HOUR, 0, 0)?;
    let due = Occurrence { at: cadence.instant_of(wall)?, wall };
    let latest = sync.at - Duration::minutes(BEFORE_MINUTES);
    let subject = EARLY.to_owned();
    (due.at < latest).then_some(PlannedRun { kind: EMPTY, subject, due, late: CatchUp::Until(latest) })
}

impl Ahead {
    /// Returns when a person reads of their turn: when they got it, or, where there is no one else to ask, when the run sheet is
    /// sent; `None` if they haven't got it.
    pub(super) fn told_at(&self, context: &Context, (user, turn): (&UserId, &Turn)) -> Option<Instant> {
        if turn.is_of(user) {
            return Some(turn.changed_at);
        }
        let sheet = self.steps.sheet.filter(|_| self.here.len() == 1 && self.here.contains(user))?;
        Some(self.work_time(user, context).reach(sheet.at, self.at.at).1)
    }

    /// Returns when its lead is asked whether to skip it if its agenda is empty.
    fn skip_question_at(&self, context: &Context, lead: &UserId) -> Option<Instant> {
        let work = self.work_time(lead, context);
        let latest = self.at.at - Duration::minutes(BEFORE_MINUTES);
        if work.includes(latest) {
            return Some(latest);
        }
        let early = planned_early(&self.steps, self.at, self.programme.cadence.as_ref()?)?;
        work.next(early.due.at, latest)
    }

    /// Whether a lead gets their turn so late that the question whether to skip the sync is part of what tells them. A person who
    /// knows of their turn before is asked in a message of its own, and one who has none isn't asked.
    pub(super) fn reads_skip_with_turn(&self, context: &Context, about: (&UserId, &Turn)) -> bool {
        let asked_at = self.skip_question_at(context, about.0);
        asked_at
            .is_some_and(|asked_at| self.told_at(context, about).is_some_and(|told_at| told_at >= asked_at))
    }
}

impl Syncs {
    /// Asks the lead of a sync without an agenda whether to skip it; without a lead, the organisers. A person who doesn't work an
    /// hour before it is asked in their working hours on the day before, or not at all. The occasion may still be moved.
    pub(super) async fn ask_to_skip(
        &self,
        context: &Context,
        programme: &Programme,
        run: &Run,
    ) -> Result<Ran, Failure> {
        let Some(sync) = pending(context, programme, date_of_run(run)).await? else {
            return Ok(Ran::skipped(messages::NO_SYNC_AHEAD));
        };
        if store::agenda::open_points(&context.store, &programme.id, &context.bot).await?.0 > 0 {
            return Ok(Ran::skipped(messages::HAS_POINTS));
        }
        let date = sync.due.wall.date();
        if !promises::due(context, programme, date).await?.is_empty() {
            return Ok(Ran::skipped(PROMISES_DUE));
        }
        if !decisions::due(context, programme, date).await?.is_empty() {
            return Ok(Ran::skipped(TO_REVIEW));
        }
        let lead = self.lead_at(context, programme, sync.due).await?;
        let ahead = self.ahead_at(context, programme.clone(), sync.due).await?;
        let mut unit = UnitOfWork::new();
        let message = messages::ask_to_skip(
            (&programme.id, &programme.name, &programme.channel),
            &sync.due,
            lead.is_some(),
            &self.command,
        );
        let mut why = messages::OUT_OF_HOURS;
        let (latest, mut waits) = (sync.due.at - Duration::minutes(BEFORE_MINUTES), None::<Instant>);
        for person in lead.as_ref().map_or(&programme.organisers[..], std::slice::from_ref) {
            let own = settings::of_person(&context.store, person).await?;
            let zone = context.store.zone_of(person).await?.unwrap_or(context.zone);
            let work = WorkTime { zone, settings: &own };
            let is_early = run.subject == EARLY;
            if is_early && work.includes(latest) {
                continue;
            }
            if !work.includes(context.now) {
                let next = work.next(context.now, latest).filter(|_| is_early);
                waits = waits.into_iter().chain(next).min();
                continue;
            }
            let about = (person, &ahead.turn);
            let is_told = || ahead.told_at(context, about).is_some_and(|told_at| told_at <= context.now);
            if lead.is_some() && (!is_told() || ahead.reads_skip_with_turn(context, about)) {
                why = messages::WITH_TURN;
                continue;
            }
            let key = skip_question_key(&programme.id, date, person);
            let effect = to_person(context, NAME, key, person, message.clone())?;
            let owner = Owner::Programme(programme.id.clone());
            let effect = NewEffect { owner, expires_at: Some(sync.due.at), ..effect };
            context.enqueue_once(&mut unit, &effect)?;
        }
        Ok(match waits {
            Some(at) => Ran::snoozed(unit, at, messages::OUT_OF_HOURS),
            None if unit.is_empty() => Ran::skipped(why),
            None => Ran::prepared(unit),
        })
    }

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
        // Their own question is replaced where they have pressed it.
        let is_pressed = |person: &UserId| action.action == messages::SKIP_SYNC && *person == action.user;
        for person in programme.organisers.iter().chain(&lead).filter(|person| !is_pressed(person)) {
            let to = Target::Person(person.clone());
            let effect = Effect::Post { to, message: answered.clone() };
            context.amend(&mut unit, &skip_question_key(&programme.id, date, person), &effect)?;
        }
        let skipped = messages::skipped(&programme.name, &sync.due, next.as_ref());
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
        Ok(Answer::reply(reply_to(action, messages::not_skipped(by.as_ref(), &self.command))))
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
                let key = skip_question_key(&programme.id, date, organiser);
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
            let key = skip_question_key(&sync.programme.id, sync.date(), person);
            amend(unit, context, (&key, person), &begun)?;
        }
        Ok(())
    }

    /// Adds to a unit that the questions whether to skip a sync say when it is from now on.
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
            let key = skip_question_key(&programme.id, date, person);
            amend(unit, context, (&key, person), &messages::sync_moved(&place, &to))?;
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

    /// Closes the question: the sync takes place.
    pub(super) fn meet<'c>() -> Answer<'c> {
        let message: Message = messages::we_meet();
        Answer::reply(Reply::Replace(message))
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
async fn pending(context: &Context, programme: &Programme, date: NaiveDate) -> Result<Option<Run>, Failure> {
    let pending = context.store.pending_runs(&programme.id).await?;
    Ok(pending.into_iter().find(|run| run.kind == START && run.due.wall.date() == date))
}
