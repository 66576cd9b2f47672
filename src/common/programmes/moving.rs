//! Moving a programme to other times, and what becomes of the occasions that were planned.

use super::{Programmes, Replanned, messages, messages::AfterMove, starting::Chosen};
use crate::{
    model::{
        cadence::KeptDates,
        event::{Action, Reply},
        failure::Failure,
        owner::Owner,
    },
    ritual::{Answer, Handling, planned_runs, put_occasion},
    store::{
        absences, occasions,
        programmes::{self, Programme},
        runs,
        unit::UnitOfWork,
    },
};

impl<'c> Programmes<'c> {
    /// Moves a programme to other times. An occasion of which people have heard already keeps its date.
    pub(super) fn move_to(self, action: Action) -> Handling<'c> {
        Box::pin(self.moved(action))
    }

    async fn moved(self, action: Action) -> Result<Answer<'c>, Failure> {
        let (context, words) = (self.context, self.words());
        let (channel, Chosen { cadence, name, version }) = self.chosen(&action)?;
        let running = self.former(&channel, &name).await?;
        let programme = running.filter(|programme| programme.ended_at.is_none());
        let programme = programme.ok_or_else(|| self.over())?;
        self.may_manage(&programme, &action.user).await?;
        let now = self.times(&programme)?;
        if version.is_some_and(|version| version != programme.version) && *now != cadence {
            let message = messages::changed_since(words, now, self.next(&programme).await?.as_ref());
            return Ok(Answer::reply(Reply::Replace(message)));
        }
        let mut unit = UnitOfWork::new();
        let with_times = Programme { cadence: Some(cadence.clone()), ..programme.clone() };
        let (changed, after) = self.replan(&mut unit, &programme, with_times).await?;
        programmes::move_to(&mut unit, &context.team, &programme.id, &cadence, changed.from_at)?;
        let old = self.times(&programme)?;
        let names = (programme.name.as_str(), programme.name.as_str());
        let shown = (self.shown(old), self.shown(&cadence));
        let message = messages::announcement_of_move(words, &action.user, names, &shown.0, &shown.1, &after);
        self.announce(&mut unit, &programme, message)?;
        let kept = KeptDates::of(old, &cadence, self.today(&cadence));
        let answer = messages::with_kept_dates(messages::moved(words, old, &cadence, &after), &kept);
        let moved = Answer::new(unit, Reply::Replace(answer));
        Ok(moved.or_else(move |guard| match guard {
            // The occasion began in this instant, so it keeps its date.
            occasions::BEGUN | runs::OUTDATED => self.move_to(action),
            // The programme has ended, or these are its times since another press.
            _ => Box::pin(self.started_by_another(channel, name)),
        }))
    }

    /// Adds to a unit that the occasions of a programme come as it is changed. One of which people have heard keeps its date and
    /// what was planned for it. Returns the programme with the instant after which the changed ones come, and what comes.
    pub(super) async fn replan(
        self,
        unit: &mut UnitOfWork,
        old: &Programme,
        changed: Programme,
    ) -> Result<(Programme, AfterMove), Failure> {
        let context = self.context;
        let (team, owner, now) = (&context.team, Owner::Programme(old.id.clone()), context.now);
        let (mut from, mut announced, mut planned) = (now, None, Vec::new());
        for occasion in context.store.occasions_from(&old.id, now).await? {
            if !occasion.has_begun {
                planned.push(occasion.planned_for);
            } else if occasion.at > now {
                // An occasion that is held in this instant has no date to keep.
                (from, announced) = (from.max(occasion.at), Some(occasion.planned_for));
            }
        }
        let after_pause = self.put_end_anew(unit, &changed).await?;
        let next = match after_pause {
            Some(first) => first,
            None => self.next_free(&old.id, self.times(&changed)?, from).await?,
        };
        let from_at = if changed.cadence == old.cadence { old.from_at } else { from };
        let changed = Programme { from_at, ..changed };
        let comes = old.paused_at.is_none() || after_pause.is_some();
        // While the occasion stands that people have heard of, its end plans the next one.
        let plans = announced.is_none() && comes;
        let (mut moved, why_moved) = (None, messages::why_moved(self.words()));
        for occasion in planned {
            if plans && occasion == next.wall {
                let kept = planned_runs(self.ritual, &changed, next);
                let kept: Vec<&str> = kept.iter().map(|run| run.kind).collect();
                for kind in self.ritual.around().iter().filter(|kind| !kept.contains(kind)) {
                    let why = messages::why_switched_off();
                    runs::cancel_kind(unit, team, &owner, (occasion, kind), why, now);
                }
            } else {
                occasions::cancel(unit, team, &old.id, occasion, now);
                runs::cancel_occasion(unit, team, &owner, occasion, &why_moved, now);
                moved = moved.or(Some(occasion.date()));
            }
        }
        if let Some(date) = moved {
            absences::move_skips(unit, team, &old.id, (date, next.wall.date()));
        }
        if plans {
            put_occasion(unit, team, self.ritual, &changed, next, now);
        }
        unit.append(self.replanned(&changed, Replanned::Changed).await?);
        let next = comes.then_some(next);
        self.put_first_anew(unit, &changed, next.as_ref()).await?;
        Ok((changed, AfterMove { announced, next }))
    }
}
