//! The announcement of a sync: who leads, and how to join.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{
    NAME, Syncs,
    before::Ahead,
    changing::AboutTurn,
    messages::{self, Loss},
    options::Options,
    plan::{HeldSync, How, LEAD, Lead, SCRIBE, Turn, TurnState},
    store,
};
use crate::{
    common::{
        programmes::{NewsSubject, Readiness, origin as origin_of, readiness, tell_organisers},
        promises,
    },
    model::{
        effect::{DeliveryOutcome, NewEffect, Origin, Target},
        failure::Failure,
        owner::Owner,
    },
    ritual::{Context, Ran, Settled},
    store::{programmes::Programme, runs::Run, unit::UnitOfWork},
};

/// What an effect of syncs' own is about, for when the ritual is told what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum EffectSubject {
    /// The announcement of the sync of a programme on a date.
    Announcement { programme: String, date: NaiveDate },
}

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
        let ahead = self.ahead_at(context, programme.clone(), run.due).await?;
        let (roll_call, turn) = (ahead.roll_call(BTreeSet::new()), &ahead.turn);
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
        let begun = Turn { scribe: held.scribe.clone(), ..begun };
        let loss = ahead.lost().unwrap_or(Loss::Begun);
        self.put_change(&mut unit, context, (&ahead.turn_on(), &begun), loss).await?;
        self.put_sheet_of_begun(&mut unit, context, &ahead, (&held, &begun)).await?;
        Self::end_skip_questions(&mut unit, context, &ahead)?;
        store::put_availability(&mut unit, &context.team, &programme.id, &roll_call);
        let zone = self.programmes(context).times(programme)?.zone;
        let message = messages::start(&held, &programme.name, zone, (Syncs::is_limited(programme), false));
        self.put_beginning(&mut unit, context, programme, date).await?;
        let subject = EffectSubject::Announcement { programme: programme.id.clone(), date };
        let about = Origin { wants_sent: true, ..origin_of(NAME, &subject)? };
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

impl Syncs {
    /// Adds to a unit that the run sheet of the lead has no ways out any more. One who wasn't told of their turn before is told now.
    async fn put_sheet_of_begun(
        &self,
        unit: &mut UnitOfWork,
        context: &Context,
        ahead: &Ahead,
        (held, begun): (&HeldSync, &Turn),
    ) -> Result<(), Failure> {
        if let Some(lead) = ahead.holder() {
            let sheet = self.sheet(context, ahead, (lead, begun)).await?;
            ahead.turn_on().amend(unit, context, (AboutTurn::Sheet, lead), &sheet)?;
        }
        let Some(lead) = held.lead.as_ref().map(|lead| &lead.user) else { return Ok(()) };
        let told_at = ahead.told_at(context, (lead, &ahead.turn));
        if told_at.is_some_and(|told_at| told_at < ahead.at.at) {
            return Ok(());
        }
        let sheet = self.sheet(context, ahead, (lead, begun)).await?;
        let message = messages::told_at_start(sheet, &ahead.programme.channel);
        let told = ahead.turn_on().message(context, AboutTurn::Sheet, (begun, lead), message)?;
        Ok(context.enqueue(unit, &NewEffect { expires_at: Some(held.ends_at), ..told })?)
    }

    /// Puts what a sync is about into the thread of its announcement once that was sent: promises that are due, decisions to look at
    /// again, and the agenda. Other outcomes are as for all programmes.
    pub(super) async fn announcement_settled(
        &self,
        context: &Context,
        origin: &Origin,
        outcome: &DeliveryOutcome,
    ) -> Result<Settled, Failure> {
        let programmes = self.programmes(context);
        let Ok(EffectSubject::Announcement { programme, date }) = serde_json::from_str(&origin.note) else {
            return programmes.settled(origin, outcome).await;
        };
        let DeliveryOutcome::Sent { channel, ts } = outcome else {
            let about = origin_of(NAME, &NewsSubject::Programme(programme))?;
            return programmes.settled(&about, outcome).await;
        };
        let mut unit = UnitOfWork::new();
        store::closing::announced(&mut unit, &context.team, (&programme, date), (channel, ts));
        let thread = Target::Thread { channel: channel.clone(), root: ts.clone() };
        if let Some(programme) = context.store.programme(&programme).await? {
            promises::put_due(&mut unit, context, NAME, (&programme, date), &thread).await?;
            self.decisions(context).put_due(&mut unit, &programme, date, &thread).await?;
        }
        let points = store::agenda::taken(&context.store, &programme, date).await?;
        if !points.is_empty() {
            let about = origin_of(NAME, &NewsSubject::Aside)?;
            let owner = Owner::Programme(programme.clone());
            // Messages of one instant are sent in the order of their keys.
            for (number, message) in messages::agenda_in_thread(&points).into_iter().enumerate() {
                let key = format!("sync/agenda/{programme}/{date}/{number:03}");
                let post = NewEffect::post(about.clone(), key, thread.clone(), message, context.now);
                context.enqueue_once(&mut unit, &NewEffect { owner: owner.clone(), ..post })?;
            }
        }
        Ok(Settled::with(unit))
    }
}

/// Returns the outbox key of the announcement of a sync.
pub(super) fn announcement_key(held: &HeldSync) -> String {
    format!("sync/start/{}/{}", held.programme, held.date)
}
