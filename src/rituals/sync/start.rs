//! The announcement of a sync: who leads, and how to join.

use super::{
    NAME, Syncs, messages,
    options::Options,
    plan::{HeldSync, How, LEAD, Lead, SCRIBE, TurnState},
    rota::roll_call,
    store,
};
use crate::{
    common::programmes::{ChannelPeople, NewsSubject, Readiness, origin, readiness, tell_organisers},
    model::{
        effect::{NewEffect, Target},
        failure::Failure,
        owner::Owner,
    },
    ritual::{Context, Ran},
    store::{programmes::Programme, runs::Run, unit::UnitOfWork},
};

impl Syncs {
    /// Assigns the duties of a sync and announces it.
    pub(super) async fn announce(
        &self,
        context: &Context,
        programme: &Programme,
        run: &Run,
    ) -> Result<Ran, Failure> {
        let date = run.due.wall.date();
        match readiness(context, programme).await? {
            Readiness::Ready => {}
            Readiness::BeingRead(waits) => return Ok(waits),
            Readiness::Closed => {
                let mut ran = Ran::skipped(messages::NOT_IN_CHANNEL);
                let message = messages::not_announced(&programme.channel, &programme.id, &context.bot);
                let once = date.to_string();
                tell_organisers(&mut ran.unit, context, NAME, programme, (&once, &message))?;
                return Ok(ran);
            }
        }
        let roll_call = roll_call(&ChannelPeople::load(context, programme).await?, date);
        let turn = store::turn(&context.store, &programme.id, date).await?;
        let settled = self.settled(context, programme, vec![roll_call.clone()]).await?;
        let assigned = self.assign(context, programme, settled).await?;
        let mut duties = assigned.into_iter().next().unwrap_or_default();
        let options = Options::read(&programme.settings);
        let lead = duties.remove(LEAD);
        let occasion = (programme.id.as_str(), date);
        let held = HeldSync {
            lead: lead.map(|user| Lead {
                how: if turn.is_of(&user) { turn.how } else { How::Assigned },
                user,
                version: 1,
            }),
            scribe: duties.remove(SCRIBE),
            link: options.link.clone(),
            ..HeldSync::announced(occasion, run.due.at, context.now, self.minutes(&options))
        };
        let mut unit = UnitOfWork::new();
        store::put_sync(&mut unit, &context.team, &held, context.now);
        // Answers that come later change nothing.
        let begun = turn.then(turn.user.as_ref(), TurnState::Begun, turn.how, context.now);
        store::put_turn(&mut unit, &context.team, occasion, &begun);
        store::put_availability(&mut unit, &context.team, &programme.id, &roll_call);
        let message =
            messages::start(&held, &programme.name, self.programmes(context).times(programme)?.zone);
        let about = origin(NAME, &NewsSubject::Programme(programme.id.clone()))?;
        let to = Target::Channel(programme.channel.clone());
        let effect = NewEffect {
            owner: Owner::Programme(programme.id.clone()),
            expires_at: Some(held.ends_at),
            ..NewEffect::post(about, announcement_key(&held), to, message, context.now)
        };
        context.enqueue(&mut unit, &effect)?;
        Ok(Ran::done(unit))
    }
}

/// Returns the outbox key of the announcement of a sync.
pub(super) fn announcement_key(held: &HeldSync) -> String {
    format!("sync/start/{}/{}", held.programme, held.date)
}
