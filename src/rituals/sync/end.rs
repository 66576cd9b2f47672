//! The end of a sync: its announcement loses its button, and the lead is asked to close it.

use chrono::Duration;

use super::{Syncs, messages, plan::HeldSync, skipping::date_of_run, start::announcement_key, store};
use crate::{
    model::{
        effect::{Effect, Target},
        failure::Failure,
    },
    ritual::{Context, Ran},
    store::{occasions::name_of, programmes::Programme, runs::Run, unit::UnitOfWork},
};

/// How long the end of a sync waits for its announcement before it looks again, in seconds.
const LOOK_SECONDS: i64 = 30;

impl Syncs {
    /// Ends a sync that was announced. One that was announced late ends later.
    pub(super) async fn end(
        &self,
        context: &Context,
        programme: &Programme,
        run: &Run,
    ) -> Result<Ran, Failure> {
        let date = date_of_run(run);
        let Some(held) = store::held(&context.store, &programme.id, date).await? else {
            let next = self.programmes(context).next(programme).await?;
            return Ok(if next.is_some_and(|next| name_of(next.wall) == run.occasion) {
                // It is late, and is announced at this moment.
                let soon = context.now + Duration::seconds(LOOK_SECONDS);
                Ran::snoozed(UnitOfWork::new(), soon, messages::NOT_ANNOUNCED)
            } else {
                Ran::skipped(messages::NOT_ANNOUNCED)
            });
        };
        if !held.is_over(context.now) {
            return Ok(Ran::snoozed(UnitOfWork::new(), held.ends_at, messages::STILL_ON));
        }
        let mut unit = UnitOfWork::new();
        self.put_over(&mut unit, context, programme, &held)?;
        if self.still_open(context, programme, date).await?.is_some() {
            self.put_question(&mut unit, context, programme, (run, &held)).await?;
        }
        Ok(Ran::done(unit))
    }

    /// Adds to a unit that the announcement of a sync says that it's over: no one takes its lead over any more.
    pub(super) fn put_over(
        &self,
        unit: &mut UnitOfWork,
        context: &Context,
        programme: &Programme,
        held: &HeldSync,
    ) -> Result<(), Failure> {
        let zone = self.programmes(context).times(programme)?.zone;
        let message = messages::over(held, &programme.name, zone);
        let to = Target::Channel(programme.channel.clone());
        Ok(context.amend(unit, &announcement_key(held), &Effect::Post { to, message })?)
    }
}
