//! People in whose place another has offered to lead: what they read says what becomes of it.

use std::collections::BTreeSet;

use super::{
    Syncs,
    changing::TurnOn,
    messages::{self, Loss},
    plan::{How, Turn},
    store,
};
use crate::{model::failure::Failure, ritual::Context, store::unit::UnitOfWork};

/// How many versions of a turn are looked at for the one at which a person had it before another offered to lead.
const MOST_VERSIONS: usize = 10;

impl Syncs {
    /// Adds to a unit what they read once the person who has offered doesn't lead after all, or the sync has begun.
    pub(super) async fn put_relieved(
        unit: &mut UnitOfWork,
        context: &Context,
        on: &TurnOn<'_>,
        loss: Loss<'_>,
    ) -> Result<(), Failure> {
        let Some(volunteer) = on.turn.holder().filter(|_| on.turn.how == How::Volunteered) else {
            return Ok(());
        };
        if loss != Loss::Begun {
            for since in (0..on.turn.since).rev().take(MOST_VERSIONS) {
                let turn = Turn { since, ..on.turn.clone() };
                Syncs::amend_no_lead(unit, context, &TurnOn { turn: &turn, ..*on }, |organiser| {
                    if loss.ends_sync() {
                        messages::no_lead_needed(&on.place(), loss, organiser)
                    } else {
                        messages::offer_over(&on.place(), (volunteer, organiser))
                    }
                })?;
            }
        }
        let offers = store::offers_on(&context.store, &on.programme.id, on.date()).await?;
        for person in store::relieved_on(&context.store, on.key()).await? {
            let message = match loss {
                Loss::Begun => messages::relieved(&on.place(), volunteer),
                _ if loss.ends_sync() => messages::free(&on.place(), loss, &person),
                _ => messages::relief_over(&on.place(), volunteer),
            };
            let versions = (1..on.turn.since).rev().take(MOST_VERSIONS);
            let turns = versions.map(|since| Turn { since, ..on.turn.clone() });
            // What they read of swaps and of the question whether to skip the sync says so, too.
            let keys = turns.flat_map(|turn| TurnOn { turn: &turn, ..*on }.all_keys(&person, &offers));
            let keys: BTreeSet<String> = keys.collect();
            let keys: Vec<String> = keys.into_iter().collect();
            Syncs::amend_newest(unit, context, (&on.place(), &person), &keys, &message).await?;
        }
        Ok(())
    }
}
