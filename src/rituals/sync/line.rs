//! Who is in line to lead a sync, and how they can be told before it.

use std::collections::BTreeSet;

use chrono::NaiveDateTime;

use super::{
    Syncs,
    before::Ahead,
    messages::{self, AtNight},
    plan::{LEAD, Line, Phase, Step, TurnState, far_behind, passed_over, step},
};
use crate::{
    common::people::work_time::Reach,
    model::{clock::Instant, failure::Failure, message::Message, people::UserId},
    ritual::Context,
};

impl Ahead {
    /// Returns a message to a person with the sync for which they are down at the same time, if there is one.
    pub(super) fn with_other_duty(&self, message: Message, user: &UserId) -> Message {
        match self.busy.get(user).filter(|duty| duty.is_recorded) {
            Some(duty) => messages::with_other_duty(message, (&duty.name, &duty.channel)),
            None => message,
        }
    }

    /// Returns how a person can be told of the sync from now on, and when.
    pub(super) fn reach(&self, user: &UserId, context: &Context) -> (Reach, Instant) {
        self.work_time(user, context).reach(context.now, self.at.at)
    }

    /// Returns when the sync is on the clock of a person for whom it is at night, or outside their hours.
    pub(super) fn own_clock(&self, user: &UserId, context: &Context) -> Option<NaiveDateTime> {
        let zone = self.work_time(user, context).zone;
        self.at_night.contains(user).then(|| self.at.at.with_timezone(&zone).naive_local())
    }

    /// Returns the same with why a person is named for whom it's at night.
    pub(super) fn named_at_night(
        &self,
        user: &UserId,
        context: &Context,
    ) -> Option<(NaiveDateTime, AtNight)> {
        let own = self.own_clock(user, context)?;
        let others = || self.here.iter().filter(|other| *other != user);
        let by_day = others().filter(|other| !self.at_night.contains(*other)).count();
        let declined = |other: &&UserId| self.refusals.declined.contains(*other);
        let has_left = others().any(|other| !self.at_night.contains(other) && !declined(&other));
        let why = match by_day {
            0 => AtNight::NightForAll,
            _ if has_left => AtNight::StaysTheirs,
            by_day if by_day == others().count() => AtNight::SaidNo,
            _ => AtNight::SaidNoOrNight,
        };
        Some((own, why))
    }
}

impl Syncs {
    /// Returns the person who is asked or named at this instant to lead a sync, or who has its turn already.
    pub(super) async fn expected_lead(
        &self,
        context: &Context,
        ahead: &Ahead,
    ) -> Result<Option<UserId>, Failure> {
        Ok(match self.step_now(context, ahead).await? {
            // A person who waits for a colleague's answer keeps the turn.
            Step::Ask(user) | Step::Name(user) if ahead.open_offers(context).await?.is_empty() => Some(user),
            _ => ahead.holder().cloned(),
        })
    }

    /// Returns what is to be done about the lead of a sync at this instant.
    pub(super) async fn step_now(&self, context: &Context, ahead: &Ahead) -> Result<Step, Failure> {
        let line = self.line(context, ahead).await?;
        let zone = ahead.programme.cadence.as_ref().map_or(context.zone, |times| times.zone);
        Ok(step(&ahead.steps, &ahead.turn, ahead.holder().is_some(), &line, (zone, context.now)))
    }

    /// Whether a person is asked or named at this instant to lead a sync, or as soon as they can be told.
    pub(super) async fn changes(&self, context: &Context, ahead: &Ahead) -> Result<bool, Failure> {
        let step = self.step_now(context, ahead).await?;
        let changes = matches!(step, Step::Ask(_) | Step::Name(_));
        Ok(changes && ahead.open_offers(context).await?.is_empty())
    }

    /// Returns who is in line to lead a sync.
    pub(super) async fn line(&self, context: &Context, ahead: &Ahead) -> Result<Line, Failure> {
        let mut asked = ahead.refusals.all();
        asked.extend(ahead.turn.holder().cloned());
        let declined = || ahead.refusals.declined.clone();
        let passed = passed_over(&ahead.here, &ahead.asked_last, (&ahead.refusals.declined, asked));
        let (mut next, mut silent, mut is_empty) = (None, None, false);
        if ahead.steps.phase(context.now) == Phase::Naming {
            // No one is named for their night who hasn't said yes, or beside another duty, if another can lead, also one who hasn't answered.
            let is_busy = |user: &UserId| ahead.busy.contains_key(user);
            let by_day = |without: BTreeSet<UserId>| without.union(&ahead.at_night).cloned().collect();
            next = self.first_reachable(context, ahead, by_day(passed.clone())).await?;
            next = next.filter(|user| !is_busy(user));
            let can = |user: &&UserId| !ahead.at_night.contains(*user) && !is_busy(user);
            silent = match ahead.holder().filter(can).filter(|_| next.is_none()) {
                None if next.is_none() => self.first_reachable(context, ahead, by_day(declined())).await?,
                holder => holder.cloned(),
            };
            if let Some(behind) = self.far_behind(context, ahead, next.as_ref().or(silent.as_ref())).await? {
                (next, silent) = (None, Some(behind));
            }
        }
        if next.is_none() && silent.is_none() {
            next = self.first_reachable(context, ahead, passed).await?;
        }
        if next.is_none() && silent.is_none() {
            silent = match ahead.holder() {
                Some(holder) => Some(holder.clone()),
                None => self.first_reachable(context, ahead, declined()).await?,
            };
            is_empty = self.first_in_line(context, ahead, declined()).await?.is_none();
        }
        let has_refusals = !ahead.refusals.declined.is_empty();
        Ok(Line { next, silent, is_empty, has_refusals, is_alone: ahead.here.len() == 1 })
    }

    /// Returns who is named before the next in line or the last who was asked, although they have not answered.
    async fn far_behind(
        &self,
        context: &Context,
        ahead: &Ahead,
        next: Option<&UserId>,
    ) -> Result<Option<UserId>, Failure> {
        let Some(next) = next else { return Ok(None) };
        let asked = ahead.holder().filter(|_| ahead.turn.state == TurnState::Asked);
        let mut silent: BTreeSet<UserId> = ahead.refusals.silent.iter().chain(asked).cloned().collect();
        silent.retain(|user| {
            let is_free = !ahead.at_night.contains(user) && !ahead.busy.contains_key(user);
            let can = ahead.here.contains(user) && is_free;
            can && !ahead.refusals.declined.contains(user)
        });
        if silent.is_empty() {
            return Ok(None);
        }
        let (_, balances) = self.balances(context, &ahead.programme).await?;
        Ok(far_behind(&balances, &silent, next))
    }

    /// Returns the first person in line who works before the sync; if there is none, who is awake before it; else the first. People who
    /// have another duty at that time come behind all others.
    async fn first_reachable(
        &self,
        context: &Context,
        ahead: &Ahead,
        without: BTreeSet<UserId>,
    ) -> Result<Option<UserId>, Failure> {
        let free = without.iter().chain(ahead.busy.keys()).cloned().collect();
        match self.first_told(context, ahead, free).await? {
            None if !ahead.busy.is_empty() => self.first_told(context, ahead, without).await,
            found => Ok(found),
        }
    }

    async fn first_told(
        &self,
        context: &Context,
        ahead: &Ahead,
        mut without: BTreeSet<UserId>,
    ) -> Result<Option<UserId>, Failure> {
        let mut best: Option<(Reach, UserId)> = None;
        while let Some(user) = self.first_in_line(context, ahead, without.clone()).await? {
            let (reach, _) = ahead.reach(&user, context);
            if reach == Reach::AtWork {
                return Ok(Some(user));
            }
            without.insert(user.clone());
            if best.as_ref().is_none_or(|(best, _)| reach < *best) {
                best = Some((reach, user));
            }
        }
        Ok(best.map(|(_, user)| user))
    }

    pub(super) async fn first_in_line(
        &self,
        context: &Context,
        ahead: &Ahead,
        without: BTreeSet<UserId>,
    ) -> Result<Option<UserId>, Failure> {
        let mut duties = self.assign(context, &ahead.programme, vec![ahead.roll_call(without)]).await?;
        Ok(duties.pop().and_then(|mut duties| duties.remove(LEAD)))
    }
}
