//! What `status` tells of coffee chats alone: how many groups of the last rounds met.

use super::{
    messages::{self, WORDS},
    store,
};
use crate::{
    common::programmes::{Standing, messages::left_out},
    model::failure::Failure,
    ritual::Context,
    store::{
        programmes::Programme,
        runs::{PastRun, RunOutcome},
    },
};

/// Returns what a status says of the last rounds.
pub(super) async fn standing(
    context: &Context,
    programme: &Programme,
    past: Vec<PastRun>,
) -> Result<Standing, Failure> {
    let most = i64::try_from(past.len()).unwrap_or(i64::MAX);
    // A round that was left out has no groups, so that these are at least those of the runs.
    let held = store::held(&context.store, &programme.id, most).await?;
    let told = past.into_iter().map(|run| {
        let date = run.wall.date();
        match held.iter().find(|held| held.date == date.to_string()) {
            Some(held) if run.outcome == RunOutcome::Done.as_str() => messages::held(date, held),
            _ => left_out(&WORDS, date, run.reason()),
        }
    });
    Ok(Standing { past: told.collect(), ..Standing::default() })
}
