//! Moving chats to other times, and what becomes of the rounds that were planned.

use super::{
    CLOSE, Coffee, NOTICE, changing::announce, messages, messages::AfterMove, starting::Chosen, store, times,
};
use crate::{
    model::{
        event::{Action, Reply},
        failure::Failure,
        owner::Owner,
    },
    ritual::{Answer, Context, Handling, Ritual as _, put_occasion},
    store::{
        occasions,
        programmes::{self, Programme},
        runs,
        unit::UnitOfWork,
    },
};

/// Why a round is cancelled when its chats are moved, and why a notice or a question is when it is switched off.
const MOVED: &str = "the chats were moved to other times";
const SWITCHED_OFF: &str = "it was switched off";

impl Coffee {
    /// Moves chats to other times. A round of which people have heard already keeps its date.
    pub(super) fn move_to<'c>(&'c self, context: &'c Context, action: Action) -> Handling<'c> {
        Box::pin(self.moved(context, action))
    }

    async fn moved<'c>(&'c self, context: &'c Context, action: Action) -> Result<Answer<'c>, Failure> {
        let (channel, Chosen { cadence, name }) = self.chosen(&action)?;
        let running = self.former(context, &channel, &name).await?;
        let programme = running.filter(|programme| programme.ended_at.is_none());
        let programme = programme.ok_or_else(|| Failure::refuse(messages::over()))?;
        self.may_manage(context, &programme, &action.user).await?;
        let mut unit = UnitOfWork::new();
        let with_times = Programme { cadence: Some(cadence.clone()), ..programme.clone() };
        let (changed, after) = self.replan(&mut unit, context, &programme, with_times).await?;
        programmes::move_to(&mut unit, &context.team, &programme.id, &cadence, changed.from_at)?;
        let old = times(&programme)?;
        let message = messages::announcement_of_move(
            &action.user,
            (&programme.name, &programme.name),
            old,
            &cadence,
            &after,
        );
        announce(&mut unit, context, &programme, message)?;
        let moved = Answer::new(unit, Reply::Replace(messages::moved(old, &cadence, &after)));
        Ok(moved.or_else(move |guard| match guard {
            // The round began in this instant, so it keeps its date.
            occasions::BEGUN => self.move_to(context, action),
            // The chats have ended, or these are their times since another press.
            _ => Box::pin(self.started_by_another(context, channel, name)),
        }))
    }

    /// Adds to a unit that the rounds of chats come as they are changed. A round of which people have heard keeps its date and
    /// what was planned for it. Returns the chats with the instant after which the changed ones come, and what comes.
    pub(super) async fn replan(
        &self,
        unit: &mut UnitOfWork,
        context: &Context,
        old: &Programme,
        changed: Programme,
    ) -> Result<(Programme, AfterMove), Failure> {
        let (team, owner, now) = (&context.team, Owner::Programme(old.id.clone()), context.now);
        let (mut from, mut announced, mut planned) = (now, None, Vec::new());
        for occasion in context.store.occasions_from(&old.id, now).await? {
            if !occasion.has_begun {
                planned.push(occasion.planned_for);
            } else if occasion.at > now {
                // A round that is held in this instant has no date to keep.
                (from, announced) = (from.max(occasion.at), Some(occasion.planned_for));
            }
        }
        let next = self.next_free(context, &old.id, times(&changed)?, from).await?;
        let from_at = if changed.cadence == old.cadence { old.from_at } else { from };
        let changed = Programme { from_at, ..changed };
        // While the round stands that people have heard of, its end plans the next one.
        let plans = announced.is_none() && old.paused_at.is_none();
        let mut moved = None;
        for occasion in planned {
            if plans && occasion == next.wall {
                let kept: Vec<&str> = self.plan(&changed, next).iter().map(|run| run.kind).collect();
                for kind in [NOTICE, CLOSE].into_iter().filter(|kind| !kept.contains(kind)) {
                    runs::cancel_kind(unit, team, &owner, (occasion, kind), SWITCHED_OFF, now);
                }
            } else {
                occasions::cancel(unit, team, &old.id, occasion, now);
                runs::cancel_occasion(unit, team, &owner, occasion, MOVED, now);
                moved = moved.or(Some(occasion.date()));
            }
        }
        if let Some(date) = moved {
            store::move_skips(unit, team, &old.id, (date, next.wall.date()));
        }
        if plans {
            put_occasion(unit, team, self, &changed, next, now);
        }
        let next = (old.paused_at.is_none()).then_some(next);
        Ok((changed, AfterMove { announced, next }))
    }
}
