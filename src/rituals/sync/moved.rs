//! A sync that moves to another date or time: its turn and offers go along, and the people concerned read of it.

use super::{
    NAME, SHEET, Syncs,
    before::{ASKED, Ahead, LEADS, NAMED, change_own, told},
    messages,
    plan::TurnState,
    store,
    swap::change_offer,
};
use crate::{
    common::programmes::to_person,
    model::{
        cadence::Occurrence,
        effect::{Effect, Target},
        failure::Failure,
        message::Message,
        people::UserId,
    },
    ritual::Context,
    store::{programmes::Programme, unit::UnitOfWork},
};

impl Syncs {
    /// Returns what follows when a sync of a programme, as it is from then on, moves from one time to another.
    pub(super) async fn sync_moved(
        &self,
        context: &Context,
        programme: &Programme,
        (from, to): (Occurrence, Occurrence),
    ) -> Result<UnitOfWork, Failure> {
        let old = self.ahead_at(context, programme.clone(), from).await?;
        let new = self.ahead_at(context, programme.clone(), to).await?;
        let new = Ahead { turn: old.turn.clone(), refusals: old.refusals.clone(), ..new };
        let mut unit = UnitOfWork::new();
        let dates = (old.date(), new.date());
        store::move_date(&mut unit, &context.team, (&programme.id, &old.turn), dates);
        if let Some(user) = old.turn.holder() {
            self.tell_holder(&mut unit, context, (&old, &new), user).await?;
        }
        self.change_offers(&mut unit, context, (&old, &new)).await?;
        Ok(unit)
    }

    /// Adds to a unit what the person reads who has the turn. A changed message rings no bell, so they get a new one, too.
    async fn tell_holder(
        &self,
        unit: &mut UnitOfWork,
        context: &Context,
        (old, new): (&Ahead, &Ahead),
        user: &UserId,
    ) -> Result<(), Failure> {
        let (place, value) = (new.place(), new.value(&new.turn));
        let (kind, state) = match new.turn.state {
            TurnState::Asked => {
                (ASKED, messages::ask(&place, new.steps.is_last_question(context.now), &value))
            }
            TurnState::Named => (NAMED, messages::named(&place, &value)),
            _ => (ASKED, messages::yours(&place, &value)),
        };
        let is_there = new.here.contains(user);
        let note = messages::turn_moved(&old.place(), &new.at, is_there);
        let change = |unit: &mut UnitOfWork, kind: &str, message: &Message| {
            let effect = Effect::Post { to: Target::Person(user.clone()), message: message.clone() };
            context.amend(unit, &old.effect_key(kind, user), &effect)
        };
        if is_there && old.date() == new.date() {
            change_own(unit, context, new, user, &state)?;
            change(unit, LEADS, &state)?;
        } else {
            change_own(unit, context, old, user, &note)?;
            change(unit, LEADS, &note)?;
            change(unit, SHEET, &note)?;
        }
        if is_there {
            self.change_sheet(unit, context, new, user).await?;
        }
        if is_there && old.date() != new.date() {
            let message = messages::with_old_time(state, &old.at);
            return Ok(context.enqueue(unit, &told(context, new, kind, user, message)?)?);
        }
        let key = format!("sync/moved/{}", context.id());
        Ok(context.enqueue(unit, &to_person(context, NAME, key, user, note)?)?)
    }

    /// Adds to a unit that the offers say when the sync is now.
    async fn change_offers(
        &self,
        unit: &mut UnitOfWork,
        context: &Context,
        (old, new): (&Ahead, &Ahead),
    ) -> Result<(), Failure> {
        let (programme, date) = (&new.programme, old.date());
        let moved = |day| if day == date { new.date() } else { day };
        for offer in store::open_offers(&context.store, &programme.id, date).await? {
            let other;
            let place = if offer.date == date {
                new.place()
            } else {
                let coming = self.coming(context, programme).await?;
                let Some(at) = coming.into_iter().find(|at| at.wall.date() == offer.date) else { continue };
                other = self.ahead_at(context, programme.clone(), at).await?;
                other.place()
            };
            let in_return = offer.in_return.map(|(day, _)| moved(day));
            let value = format!("{} {}", programme.id, offer.id);
            let message = messages::swap::offer(&place, &offer.from, in_return, &value);
            change_offer(unit, context, &offer, message)?;
        }
        Ok(())
    }
}
