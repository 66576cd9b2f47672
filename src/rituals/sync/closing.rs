//! The end of a sync: its lead is asked to close it and reminded, and it closes by itself without an answer.

use chrono::{Duration, NaiveDate, NaiveDateTime};

use super::{
    END, LAPSE, NAME, NUDGE, Syncs,
    closing_times::{back_at, question_at, reminder_at},
    messages,
    plan::{EndState, HeldSync},
    skipping::date_of_run,
    store::{self, closing::End},
};
use crate::{
    common::programmes::{ChannelPeople, NewsSubject, origin, to_person},
    model::{
        cadence::Occurrence,
        catch_up::CatchUp,
        clock::Instant,
        effect::{Effect, Keep, NewEffect, Target},
        failure::Failure,
        message::Message,
        owner::Owner,
        people::UserId,
    },
    ritual::{Context, Ran},
    store::{
        programmes::Programme,
        runs::{self, NewRun, Run},
        unit::UnitOfWork,
    },
};

/// How late people may be reminded, and a sync may close by itself, in days: whom it waits for may be away.
const LATE_DAYS: i64 = 31;
/// For how long the question to close a sync can be changed, in days.
const ANSWERABLE_DAYS: i64 = 30;
/// How long after the reminder a sync closes by itself, in hours, unless the next one begins before.
const LAPSE_HOURS: i64 = 24;
/// How many hours a person has at least to answer the reminder before the sync closes.
const ROOM_HOURS: i64 = 1;

/// What a question to close a sync of this time becomes for those who haven't closed it.
type Others<'o> = &'o (dyn Fn(&Occurrence) -> Message + Sync);

impl Syncs {
    /// Adds to the unit of a sync that begins: its agenda is what waits, and an earlier sync is over.
    pub(super) async fn put_beginning(
        &self,
        unit: &mut UnitOfWork,
        context: &Context,
        programme: &Programme,
        date: NaiveDate,
    ) -> Result<(), Failure> {
        let team = &context.team;
        if let Some(earlier) = store::closing::open_before(&context.store, &programme.id, date).await? {
            self.put_lapsed_summary(unit, context, programme, earlier).await?;
        }
        let moving_on = store::agenda::unclosed(&context.store, &programme.id).await?;
        self.ask_still_wanted(unit, context, programme, moving_on.iter()).await?;
        store::closing::lapse_before(unit, team, &programme.id, date, context.now);
        store::closing::open(unit, team, &programme.id, date);
        store::agenda::take(unit, team, &programme.id, date);
        Ok(())
    }

    /// Adds a run of the same sync to a unit.
    fn put_run(
        &self,
        unit: &mut UnitOfWork,
        context: &Context,
        programme: &Programme,
        (of, kind): (&Run, &str),
        at: Instant,
    ) -> Result<(), Failure> {
        let zone = self.programmes(context).times(programme)?.zone;
        let planned_for = planned_for(of)?;
        let run = NewRun {
            owner: Owner::Programme(programme.id.clone()),
            ritual: NAME,
            // A run is of the occasion by its local time alone.
            occasion: Some(Occurrence { at, wall: planned_for }),
            kind,
            subject: "",
            due: Occurrence { at, wall: at.with_timezone(&zone).naive_local() },
            late: CatchUp::Within(Duration::days(LATE_DAYS)),
            // After which question the sync closes by itself.
            payload: if kind == LAPSE { &of.kind } else { "" },
        };
        runs::put(unit, &context.team, &run, context.now);
        Ok(())
    }

    /// Reminds the people who were asked to close a sync.
    pub(super) async fn remind_to_close(
        &self,
        context: &Context,
        programme: &Programme,
        run: &Run,
    ) -> Result<Ran, Failure> {
        let Some(held) = self.still_open(context, programme, date_of_run(run)).await? else {
            return Ok(Ran::skipped(messages::IS_CLOSED));
        };
        let mut unit = UnitOfWork::new();
        // Who is off by now, and wasn't when the reminder was planned, reads it when they're back.
        let asked = self.asked(context, programme, &held).await?;
        if let Some(at) = back_at(context, &asked).await? {
            return Ok(Ran::snoozed(unit, at, messages::OUT_OF_HOURS));
        }
        self.put_question(&mut unit, context, programme, (run, &held)).await?;
        Ok(Ran::done(unit))
    }

    /// Adds to a unit that the lead of a sync that is over is asked to close it; without one, the organisers. The kind of the run
    /// says whether it is the first question or the reminder.
    pub(super) async fn put_question(
        &self,
        unit: &mut UnitOfWork,
        context: &Context,
        programme: &Programme,
        (run, held): (&Run, &HeldSync),
    ) -> Result<(), Failure> {
        let asked = self.asked(context, programme, held).await?;
        let is_reminder = run.kind == NUDGE;
        let read_at = match asked.first() {
            Some(first) => question_at(context, held, first).await?,
            None => context.now,
        };
        let reminder = reminder_at(context, &asked, read_at).await?;
        let points = store::agenda::taken(&context.store, &programme.id, held.date).await?;
        let next = self.programmes(context).next(programme).await?.filter(|_| programme.paused_at.is_none());
        // A reminder that comes as the next one begins would ask for what can't be done any more.
        let has_room = next.as_ref().is_none_or(|next| reminder + Duration::hours(ROOM_HOURS) <= next.at);
        let is_last = is_reminder || !has_room;
        let latest = context.now + Duration::hours(LAPSE_HOURS);
        let closes_at = match next {
            Some(next) if is_reminder => latest.min(next.at),
            Some(next) => next.at,
            None => latest,
        };
        let zone = self.programmes(context).times(programme)?.zone;
        let message = messages::ask_to_close(
            (&programme.id, &programme.name, &programme.channel),
            (&held.occurrence(zone), points.len(), self.goes_on(context, programme).await?),
            (is_last.then_some((closes_at, zone)), (!is_reminder).then(|| held.led_by(asked.first()))),
        );
        for person in &asked {
            if is_reminder {
                let message = messages::asked_again(&programme.name, &held.occurrence(zone));
                let effect = Effect::Post { to: Target::Person(person.clone()), message };
                context.amend(unit, &question_key(programme, held.date, END, person), &effect)?;
            }
            let key = question_key(programme, held.date, &run.kind, person);
            let effect = NewEffect {
                not_before: question_at(context, held, person).await?,
                owner: Owner::Programme(programme.id.clone()),
                keep: Keep::Until(context.now + Duration::days(ANSWERABLE_DAYS)),
                ..to_person(context, NAME, key, person, message.clone())?
            };
            context.enqueue_once(unit, &effect)?;
        }
        let (kind, at) = if is_last { (LAPSE, closes_at) } else { (NUDGE, reminder) };
        self.put_run(unit, context, programme, (run, kind), at)
    }

    /// Closes a sync that no one has closed: all its points move on.
    pub(super) async fn lapse(
        &self,
        context: &Context,
        programme: &Programme,
        run: &Run,
    ) -> Result<Ran, Failure> {
        let date = date_of_run(run);
        if self.still_open(context, programme, date).await?.is_none() {
            return Ok(Ran::skipped(messages::IS_CLOSED));
        }
        let mut unit = UnitOfWork::new();
        store::closing::lapse(&mut unit, &context.team, (&programme.id, date), context.now);
        self.put_lapsed_summary(&mut unit, context, programme, date).await?;
        let points = store::agenda::taken(&context.store, &programme.id, date).await?;
        let goes_on = self.goes_on(context, programme).await?;
        self.ask_still_wanted(&mut unit, context, programme, points.iter().filter(|_| goes_on)).await?;
        store::agenda::settle(&mut unit, &context.team, (&programme.id, date), &[], goes_on);
        Ok(Ran::done(unit))
    }

    /// Adds to a unit that a sync that isn't closed yet is over with its programme. Its points are kept.
    pub(super) async fn put_stopped(
        &self,
        unit: &mut UnitOfWork,
        context: &Context,
        programme: &Programme,
        by: &UserId,
    ) -> Result<(), Failure> {
        let last = store::closing::last(&context.store, &programme.id).await?;
        let Some(End { date, .. }) = last.filter(|end| end.state == EndState::Open) else { return Ok(()) };
        store::closing::lapse_before(
            unit,
            &context.team,
            &programme.id,
            date + Duration::days(1),
            context.now,
        );
        store::agenda::settle(unit, &context.team, (&programme.id, date), &[], false);
        let stopped = |at: &Occurrence| messages::stopped_question(&programme.name, at, by);
        self.put_answers(unit, context, programme, date, (None, &stopped)).await?;
        match store::held(&context.store, &programme.id, date).await? {
            Some(held) => self.put_over(unit, context, programme, &held),
            None => Ok(()),
        }
    }

    /// Adds to a unit what the thread of a sync reads that was not closed, if anything is known.
    async fn put_lapsed_summary(
        &self,
        unit: &mut UnitOfWork,
        context: &Context,
        programme: &Programme,
        date: NaiveDate,
    ) -> Result<(), Failure> {
        let points = store::agenda::taken(&context.store, &programme.id, date).await?;
        let end = store::closing::end_of(&context.store, &programme.id, date).await?;
        let lapsed = |at: &Occurrence| messages::lapsed_question(&programme.name, at);
        self.put_answers(unit, context, programme, date, (None, &lapsed)).await?;
        let Some(end) = end.filter(|_| !points.is_empty()) else { return Ok(()) };
        let goes_on = self.goes_on(context, programme).await?;
        put_summary(unit, context, programme, (&end, messages::lapsed(&points, goes_on)))
    }

    /// Whether a sync comes after the last one, now or after a pause.
    pub(super) async fn goes_on(&self, context: &Context, programme: &Programme) -> Result<bool, Failure> {
        let next = self.programmes(context).next(programme).await?;
        Ok(next.is_some() || programme.paused_at.is_some())
    }

    pub(super) async fn still_open(
        &self,
        context: &Context,
        programme: &Programme,
        date: NaiveDate,
    ) -> Result<Option<HeldSync>, Failure> {
        let end = store::closing::end_of(&context.store, &programme.id, date).await?;
        if end.is_none_or(|end| end.state != EndState::Open) {
            return Ok(None);
        }
        Ok(store::held(&context.store, &programme.id, date).await?)
    }

    /// Adds to a unit that nothing more comes of a sync that was closed: no end of it and no reminder.
    pub(super) async fn put_no_more(
        &self,
        unit: &mut UnitOfWork,
        context: &Context,
        programme: &Programme,
        date: NaiveDate,
    ) -> Result<(), Failure> {
        let pending = context.store.pending_runs(&programme.id).await?;
        let is_after =
            |run: &&Run| [END, NUDGE, LAPSE].contains(&run.kind.as_str()) && date_of_run(run) == date;
        let Some(run) = pending.iter().find(is_after) else { return Ok(()) };
        let (owner, occasion) = (Owner::Programme(programme.id.clone()), planned_for(run)?);
        runs::cancel_occasion(unit, &context.team, &owner, occasion, messages::IS_CLOSED, context.now);
        Ok(())
    }

    /// Adds to a unit what the questions to close a sync become: for the person who closed it, and for the others.
    pub(super) async fn put_answers(
        &self,
        unit: &mut UnitOfWork,
        context: &Context,
        programme: &Programme,
        date: NaiveDate,
        (closer, others): (Option<(&UserId, &Message)>, Others<'_>),
    ) -> Result<(), Failure> {
        let Some(held) = store::held(&context.store, &programme.id, date).await? else { return Ok(()) };
        let at = held.occurrence(self.programmes(context).times(programme)?.zone);
        // The reminder has planned when the sync closes by itself.
        let pending = context.store.pending_runs(&programme.id).await?;
        let lapse = pending.iter().find(|run| run.kind == LAPSE && date_of_run(run) == date);
        let was_reminded = lapse.is_some_and(|run| run.payload == NUDGE);
        let answered = if was_reminded { NUDGE } else { END };
        let mut people = self.asked(context, programme, &held).await?;
        if !is_known(context, programme, &held).await? {
            // The next in line, who was asked, may be another person now.
            people = ChannelPeople::load(context, programme)
                .await?
                .on(None)
                .here
                .into_iter()
                .map(|person| person.id)
                .collect();
        }
        for person in people {
            let amend = |unit: &mut UnitOfWork, kind: &str, message: Message| {
                let effect = Effect::Post { to: Target::Person(person.clone()), message };
                context.amend(unit, &question_key(programme, date, kind, &person), &effect)
            };
            let message = match closer {
                Some((closer, message)) if *closer == person => message.clone(),
                _ => others(&at),
            };
            amend(unit, answered, message)?;
            if was_reminded {
                amend(unit, END, messages::closed_below(&programme.name, &at))?;
            }
        }
        Ok(())
    }
}

/// Returns the local time for which the occasion of a run was planned.
fn planned_for(run: &Run) -> Result<NaiveDateTime, Failure> {
    let planned_for = NaiveDateTime::parse_from_str(&run.occasion, "%Y-%m-%dT%H:%M");
    planned_for.map_err(|error| Failure::Fail(error.into()))
}

/// Whether a person is in the channel of a programme who may close its syncs for what they did there, or as an organiser.
async fn is_there(context: &Context, programme: &Programme, user: &UserId) -> Result<bool, Failure> {
    let person = context.store.person(user).await?;
    let is_member = context.store.is_member(&programme.channel, user).await?;
    Ok(is_member && person.is_some_and(|person| !person.deactivated))
}

/// Whether the lead, the scribe or an organiser of a sync is there.
pub(super) async fn is_known(
    context: &Context,
    programme: &Programme,
    held: &HeldSync,
) -> Result<bool, Failure> {
    let lead = held.lead.as_ref().map(|lead| &lead.user);
    for user in lead.into_iter().chain(&held.scribe).chain(&programme.organisers) {
        if is_there(context, programme, user).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

impl Syncs {
    /// Returns the people who are asked to close a sync: its lead, else its scribe, else the organisers, else the next in line.
    async fn asked(
        &self,
        context: &Context,
        programme: &Programme,
        held: &HeldSync,
    ) -> Result<Vec<UserId>, Failure> {
        let lead = held.lead.as_ref().map(|lead| &lead.user);
        // A sync without a lead has organisers who answer for it.
        let scribe = held.scribe.as_ref().filter(|_| lead.is_some());
        for user in lead.into_iter().chain(scribe) {
            if is_there(context, programme, user).await? {
                return Ok(vec![user.clone()]);
            }
        }
        let mut organisers = Vec::new();
        for user in &programme.organisers {
            if is_there(context, programme, user).await? {
                organisers.push(user.clone());
            }
        }
        if !organisers.is_empty() {
            return Ok(organisers);
        }
        let next = self.next_turns(context, programme).await?;
        Ok(next.into_iter().find_map(|turn| turn.lead).into_iter().collect())
    }
}

/// Adds to a unit the summary of a sync, once.
pub(super) fn put_summary(
    unit: &mut UnitOfWork,
    context: &Context,
    programme: &Programme,
    (end, message): (&End, Message),
) -> Result<(), Failure> {
    let key = format!("sync/summary/{}/{}", programme.id, end.date);
    put_in_thread(unit, context, programme, (end, key, message))
}

/// Adds to a unit a message in the thread of a sync, once for each key.
pub(super) fn put_in_thread(
    unit: &mut UnitOfWork,
    context: &Context,
    programme: &Programme,
    (end, key, message): (&End, String, Message),
) -> Result<(), Failure> {
    let about = origin(NAME, &NewsSubject::Programme(programme.id.clone()))?;
    let owner = Owner::Programme(programme.id.clone());
    let to = end.thread(&programme.channel);
    let effect = NewEffect { owner, ..NewEffect::post(about, key, to, message, context.now) };
    Ok(context.enqueue_once(unit, &effect)?)
}

/// Returns the outbox key of the question to close a sync, and of the reminder.
fn question_key(programme: &Programme, date: NaiveDate, kind: &str, person: &UserId) -> String {
    format!("sync/{kind}/{}/{date}/{person}", programme.id)
}
