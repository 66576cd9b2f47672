//! What `status` tells of syncs alone: who leads next, and who led the last ones.

use super::{
    Syncs,
    messages::{self, WORDS},
    options::Options,
    plan::{EndState, HeldSync, LEAD},
    store,
};
use crate::{
    common::programmes::{Standing, messages::left_out},
    model::{failure::Failure, text::Markup},
    ritual::Context,
    store::{programmes::Programme, runs::PastRun},
};

impl Syncs {
    /// Returns what a status says of syncs.
    pub(super) async fn standing_of(
        &self,
        context: &Context,
        programme: &Programme,
        past: Vec<PastRun>,
    ) -> Result<Standing, Failure> {
        let most = i64::try_from(past.len()).unwrap_or(i64::MAX);
        // A sync that was left out has no lead, so that these are at least those of the runs.
        let held = store::past(&context.store, &programme.id, most).await?;
        let on_now = match held.last().map(|last| last.occasion.date) {
            Some(date) => {
                let last = store::held(&context.store, &programme.id, date).await?;
                let end = store::closing::end_of(&context.store, &programme.id, date).await?;
                let is_closed = end.is_some_and(|end| end.state != EndState::Open);
                last.filter(|held| !is_closed && !held.is_over(context.now)).map(|held| (date, held))
            }
            None => None,
        };
        let is_past = |run: &PastRun| on_now.as_ref().is_none_or(|(date, _)| *date != run.wall.date());
        let told = past.into_iter().filter(is_past).map(|run| {
            let date = run.wall.date();
            match held.iter().find(|held| held.occasion.date == date) {
                Some(held) => messages::led(date, held.occasion.duties.get(LEAD)),
                None => left_out(&WORDS, date, run.reason()),
            }
        });
        let past = told.collect();
        let next = self.next_turns(context, programme).await?.into_iter().next();
        let goes_on = self.goes_on(context, programme).await?;
        let said_on =
            |held: &HeldSync| (held.ends_at, messages::on_now(held.lead.as_ref().map(|lead| &lead.user)));
        let order = messages::in_order(&self.order_of(context, programme).await?);
        let more = if goes_on { messages::more(&self.command) } else { Markup::default() };
        Ok(Standing {
            now: on_now.as_ref().map(|(_, held)| said_on(held)),
            next: next.as_ref().map(messages::duties).unwrap_or_default(),
            times: messages::length(self.minutes(&Options::read(&programme.settings))),
            past,
            more: messages::with_order(&more, &order),
        })
    }
}
