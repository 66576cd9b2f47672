//! Who is in line to lead a sync, and how they can be told before it.

use std::collections::BTreeSet;

use chrono::NaiveDateTime;

use super::{
    Syncs,
    before::Ahead,
    plan::{LEAD, Line, Phase, Step, TurnState, far_behind, passed_over, step},
};
use crate::{
    common::people::work_time::Reach,
    model::{clock::Instant, failure::Failure, people::UserId},
    ritual::Context,
};

impl Ahead {
    /// Returns how a person can be told of the sync from now on, and when.
    pub(super) fn reach(&self, user: &UserId, context: &Context) -> (Reach, Instant) {
        self.work_time(user, context).reach(context.now, self.at.at)
    }

    /// Returns when the sync is on the clock of a person for whom it is at night, or outside their hours.
    pub(super) fn own_clock(&self, user: &UserId, context: &Context) -> Option<NaiveDateTime> {
        let zone = self.work_time(user, context).zone;
        self.at_night.contains(user).then(|| self.at.at.with_timezone(&zone).naive_local())
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
            Step::Ask(user) | Step::Name(user) => Some(user),
            Step::Remind(_) | Step::Wait | Step::NoLead => ahead.holder().cloned(),
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
            // No one is named for their night who hasn't said yes, if another can lead, also one who hasn't answered.
            let by_day = |without: BTreeSet<UserId>| without.union(&ahead.at_night).cloned().collect();
            next = self.first_reachable(context, ahead, by_day(passed.clone())).await?;
            let is_by_day = |user: &&UserId| !ahead.at_night.contains(*user);
            silent = match ahead.holder().filter(is_by_day).filter(|_| next.is_none()) {
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
            let can = ahead.here.contains(user) && !ahead.at_night.contains(user);
            can && !ahead.refusals.declined.contains(user)
        });
        if silent.is_empty() {
            return Ok(None);
        }
        let (_, balances) = self.balances(context, &ahead.programme).await?;
        Ok(far_behind(&balances, &silent, next))
    }

    /// Returns the first person in line who works before the sync; if there is none, who is awake before it; else the first.
    async fn first_reachable(
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
