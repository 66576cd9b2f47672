//! What the organisers read of a sync that no one can lead, and what that becomes.

use chrono::Duration;

use super::{
    NAME, Syncs,
    before::Ahead,
    changing::{AboutTurn, KEEP_DAYS, TurnOn, amend},
    messages::{self, Loss},
    plan::{Turn, TurnState},
};
use crate::{
    common::programmes::to_person,
    model::{
        effect::{Keep, NewEffect},
        failure::Failure,
        message::Message,
        people::UserId,
    },
    ritual::Context,
    store::unit::UnitOfWork,
};

impl Syncs {
    /// Adds to a unit that the organisers read that no one can lead a sync, once until a person has its turn. `turn` is the turn as it
    /// is then.
    pub(super) fn tell_no_lead(
        unit: &mut UnitOfWork,
        context: &Context,
        (ahead, turn): (&Ahead, &Turn),
    ) -> Result<(), Failure> {
        let on = TurnOn { turn, ..ahead.turn_on() };
        let people = (Syncs::is_limited(&ahead.programme), !ahead.people.on(None).here.is_empty());
        let message = messages::no_lead(&ahead.place(), people);
        for organiser in &ahead.programme.organisers {
            let effect = to_person(context, NAME, key(&on, organiser), organiser, message.clone())?;
            let keep = Keep::Until(ahead.at.at + Duration::days(KEEP_DAYS));
            context.enqueue_once(unit, &NewEffect { keep, expires_at: Some(ahead.at.at), ..effect })?;
        }
        Ok(())
    }

    /// Adds to a unit what people read of a turn that no one had, once a person has it or the sync doesn't come.
    pub(super) async fn put_found(
        unit: &mut UnitOfWork,
        context: &Context,
        (on, after): (&TurnOn<'_>, &Turn),
        loss: Loss<'_>,
    ) -> Result<(), Failure> {
        if after.lead().is_some() || after.state == TurnState::Begun || loss.ends_sync() {
            Syncs::settle_offers(unit, context, on).await?;
        }
        let Some(found) = after.holder() else { return Ok(()) };
        // They may have read a run sheet, since there was no one else.
        on.amend(unit, context, (AboutTurn::Sheet, found), &messages::news_below(&on.place()))?;
        let message = |reader: &UserId| messages::lead_found(&on.place(), (found, reader), after.how);
        Syncs::amend_no_lead(unit, context, on, message)
    }

    /// Adds to a unit that what an organiser has read of it becomes another message.
    pub(super) fn amend_no_lead(
        unit: &mut UnitOfWork,
        context: &Context,
        on: &TurnOn<'_>,
        message: impl Fn(&UserId) -> Message,
    ) -> Result<(), Failure> {
        for organiser in &on.programme.organisers {
            amend(unit, context, (&key(on, organiser), organiser), &message(organiser))?;
        }
        Ok(())
    }
}

/// The outbox key of that message, for as long as no one has the turn.
fn key(on: &TurnOn<'_>, organiser: &UserId) -> String {
    format!("sync/no-lead/{}/{}/{}/{organiser}", on.programme.id, on.date(), on.turn.since)
}
