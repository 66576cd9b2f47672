//! What `status` tells of syncs alone: who leads next, and who led the last ones.

use super::{
    Syncs,
    messages::{self, WORDS},
    options::Options,
    plan::{HeldSync, LEAD},
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
        let told = past.into_iter().map(|run| {
            let date = run.wall.date();
            match held.iter().find(|held| held.occasion.date == date) {
                Some(held) => messages::led(date, held.occasion.duties.get(LEAD)),
                None => left_out(&WORDS, date, run.reason()),
            }
        });
        let next = self.next_turns(context, programme).await?.into_iter().next();
        let last = match held.last() {
            Some(last) => store::held(&context.store, &programme.id, last.occasion.date).await?,
            None => None,
        };
        let zone = self.programmes(context).times(programme)?.zone;
        let goes_on = self.goes_on(context, programme).await?;
        let now = last.filter(|held| !held.is_over(context.now));
        let on_now =
            |held: HeldSync| messages::on_now(held.lead.map(|lead| lead.user).as_ref(), held.ends_at, zone);
        let order = messages::in_order(&self.order_of(context, programme).await?);
        let more = if goes_on { messages::more(&self.command) } else { Markup::default() };
        Ok(Standing {
            now: now.map(on_now),
            next: next.as_ref().map(messages::duties).unwrap_or_default(),
            times: messages::length(self.minutes(&Options::read(&programme.settings))),
            past: told.collect(),
            more: messages::with_order(&more, &order),
        })
    }
}
