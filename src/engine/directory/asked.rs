//! Reads at once what a person's request depends on and the directory does not know.

use super::{
    calls::{pause_after_429, wait_for_pacer},
    changes::told_of_changes,
};
use crate::{
    engine::Engine,
    model::{call_kind::CallKind, people::UserId},
    slack::CallError,
    store::{StoreError, people},
};

/// Why something could not be read at once.
#[derive(Debug, thiserror::Error)]
pub enum RefreshError {
    #[error("{0}")]
    Slack(#[from] CallError),
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// Reads what Slack says of one person now, and stores it.
pub async fn refresh_person(engine: &Engine, user: &UserId) -> Result<(), RefreshError> {
    wait_for_pacer(engine, CallKind::Person).await;
    let asked = engine.clock.now();
    let person = engine.slack.person(user).await.inspect_err(|error| {
        if let CallError::RateLimited { retry_after, .. } = error {
            pause_after_429(engine, CallKind::Person, *retry_after);
        }
    })?;
    if engine.store.suppressed(&engine.team).await?.holds(&person.id) {
        return Ok(());
    }
    let mut unit = told_of_changes(engine, std::iter::once(&person)).await?;
    people::put_person(&mut unit, &engine.team, &person, asked);
    engine.store.commit(unit).await?;
    Ok(())
}
