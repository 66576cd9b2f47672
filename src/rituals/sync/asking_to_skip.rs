//! Nothing on the agenda: the lead is asked whether to skip the sync, an hour before or in their last working hour before that.

use chrono::Duration;

use super::{
    EMPTY, NAME, Syncs,
    before::Ahead,
    changing::skip_question_key,
    messages::{self, Decides},
    plan::{Steps, Turn, TurnState},
    skipping::{date_of_run, pending},
    store,
};
use crate::{
    common::{
        decisions::{self, messages::TO_REVIEW},
        people::{WorkTime, store as settings},
        programmes::to_person,
        promises::{self, messages::PROMISES_DUE},
    },
    model::{
        cadence::Occurrence, catch_up::CatchUp, clock::Instant, effect::NewEffect, failure::Failure,
        owner::Owner, people::UserId,
    },
    ritual::{Context, PlannedRun, Ran},
    store::{programmes::Programme, runs::Run, unit::UnitOfWork},
};

/// How long before a sync without an agenda its lead is asked, in minutes.
const BEFORE_MINUTES: i64 = 60;
/// The subject of the run that asks people earlier who are neither at work nor up an hour before it.
const EARLY: &str = "early";
/// How often it is looked who leads until the lead is asked, in hours.
const LOOK_HOURS: i64 = 3;
/// How often it is looked whether the person is told who is asked or named next, in minutes.
const LOOK_AGAIN_MINUTES: i64 = 30;
/// How far back a working hour of a person is looked for, in hours.
const FARTHEST_HOURS: i64 = 21 * 24;

/// Plans the question whether to skip a sync that has no agenda.
pub(super) fn planned(sync: Occurrence) -> PlannedRun {
    let before = Duration::minutes(BEFORE_MINUTES);
    let due = Occurrence { at: sync.at - before, wall: sync.wall - before };
    PlannedRun { kind: EMPTY, subject: String::new(), due, late: CatchUp::Until(sync.at) }
}

/// Plans the same question for people who are asked earlier than that, from when the lead has the run sheet.
pub(super) fn planned_early(steps: &Steps, sync: Occurrence) -> Option<PlannedRun> {
    let due = steps.sheet?;
    let latest = sync.at - Duration::minutes(BEFORE_MINUTES);
    let subject = EARLY.to_owned();
    (due.at < latest).then_some(PlannedRun { kind: EMPTY, subject, due, late: CatchUp::Until(latest) })
}

/// What becomes of the question to a person at an instant.
enum Question {
    Now,
    /// They are asked then.
    Later(Instant),
    /// They aren't asked, for this reason.
    Never(&'static str),
}

impl Ahead {
    /// Returns whether a person is asked at this instant, the lead if the sync has one; `is_early` is whether the run is the early one.
    fn question_now(
        &self,
        context: &Context,
        (person, work): (&UserId, &WorkTime<'_>),
        (has_lead, is_early): (bool, bool),
    ) -> Question {
        let latest = self.at.at - Duration::minutes(BEFORE_MINUTES);
        let asked_at = if has_lead {
            self.skip_question_at(context, person)
        } else {
            Some(asked_to_skip_at(work, latest))
        };
        let Some(asked_at) = asked_at else { return Question::Never(messages::WITH_TURN) };
        if asked_at > context.now {
            return Question::Later(asked_at);
        }
        let is_awake = work.includes(context.now) || work.is_up(context.now);
        if !is_awake || asked_at < latest && !is_early {
            return Question::Never(messages::OUT_OF_HOURS);
        }
        let about = (person, &self.turn);
        let is_told = self.told_at(context, about).is_some_and(|told_at| told_at <= context.now);
        if has_lead && (!is_told || self.reads_skip_with_turn(context, about)) {
            return Question::Never(messages::WITH_TURN);
        }
        Question::Now
    }

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
        let latest = self.at.at - Duration::minutes(BEFORE_MINUTES);
        let at = asked_to_skip_at(&self.work_time(lead, context), latest);
        // Before that, it isn't settled who leads.
        let earliest = self.steps.sheet.map_or(latest, |sheet| sheet.at.min(latest));
        if at >= earliest { Some(at) } else { self.work_time(lead, context).next(earliest, latest) }
    }

    /// Whether a lead gets their turn so late that the question whether to skip the sync is part of what tells them. A person who
    /// knows of their turn before is asked in a message of its own, and one who has none isn't asked.
    pub(super) fn reads_skip_with_turn(&self, context: &Context, about: (&UserId, &Turn)) -> bool {
        let asked_at = self.skip_question_at(context, about.0);
        let is_open = matches!(about.1.state, TurnState::Asked | TurnState::Named);
        let day = |at: Instant| self.work_time(about.0, context).date(at);
        asked_at.is_none_or(|asked_at| {
            // A question that they haven't answered has it for that day.
            let is_late = |told_at: Instant| told_at >= asked_at || is_open && day(told_at) == day(asked_at);
            self.told_at(context, about).is_some_and(is_late)
        })
    }
}

/// Returns when a person is asked whether to skip a sync, not after the `latest` instant: then, if they work or are up on a day of theirs
/// whose work is still to come; else in the last working hour of theirs before.
fn asked_to_skip_at(work: &WorkTime<'_>, latest: Instant) -> Instant {
    let mut hours = (0..FARTHEST_HOURS).map(|hours| latest - Duration::hours(hours));
    let day = work.date(latest);
    match hours.find(|at| work.includes(*at)) {
        Some(at) if work.date(at) == day => at,
        _ if !work.rests_on(day) && work.is_up(latest) => latest,
        at => at.unwrap_or(latest),
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
        let decides = if lead.is_some() { Decides::Lead } else { Decides::Organiser };
        let message = messages::ask_to_skip((&programme.id, &ahead.place()), decides, &self.command);
        let mut why = messages::OUT_OF_HOURS;
        let (latest, mut waits) = (sync.due.at - Duration::minutes(BEFORE_MINUTES), None::<Instant>);
        for person in lead.as_ref().map_or(&programme.organisers[..], std::slice::from_ref) {
            let own = settings::of_person(&context.store, person).await?;
            let zone = context.store.zone_of(person).await?.unwrap_or(context.zone);
            let about = (person, &WorkTime::of(zone, &own, &context.holidays));
            match ahead.question_now(context, about, (lead.is_some(), run.subject == EARLY)) {
                // The person who is asked or named then reads it with their turn.
                Question::Now if lead.is_some() && self.changes(context, &ahead).await? => {
                    waits = Some(context.now + Duration::minutes(LOOK_AGAIN_MINUTES));
                    why = messages::WITH_TURN;
                    continue;
                }
                Question::Now => {}
                Question::Later(at) => {
                    waits = waits.into_iter().chain([at]).min();
                    continue;
                }
                Question::Never(reason) => {
                    why = reason;
                    continue;
                }
            }
            let key = skip_question_key(&programme.id, &sync.due, person);
            let effect = to_person(context, NAME, key, person, message.clone())?;
            let owner = Owner::Programme(programme.id.clone());
            let effect = NewEffect { owner, expires_at: Some(sync.due.at), ..effect };
            context.enqueue_once(&mut unit, &effect)?;
        }
        // Another person may lead meanwhile, and the run of the hour before asks those who are asked then.
        let look_at = waits.map(|at| at.min(context.now + Duration::hours(LOOK_HOURS)));
        Ok(match look_at.filter(|at| run.subject == EARLY && *at < latest) {
            Some(at) => Ran::snoozed(unit, at, messages::OUT_OF_HOURS),
            None if unit.is_empty() => Ran::skipped(why),
            None => Ran::prepared(unit),
        })
    }
}
