//! Who is in the workspace, in a channel, in a group: read at a start and every night, kept fresh by events between.

mod changes;
mod readings;

use chrono::Duration;

pub use self::{
    changes::change,
    readings::{LOOP as READINGS, Readings},
};
use super::Engine;
use crate::{
    model::{clock::Instant, effect::Lane, people::UserId},
    slack::{
        CallError,
        pacing::{Gate, Method},
    },
    store::{
        StoreError,
        people::{self, channels},
        unit::Unit,
    },
};

/// How many pages of one list are read at most: a workspace of 100,000 people has 500.
const MOST_PAGES: usize = 1_000;
/// How often a page is asked for that Slack does not answer with.
const TRIES: u32 = 4;

/// Why a reading stopped. What was read so far is kept, and what was known before is not thrown away.
#[derive(Debug, thiserror::Error)]
pub enum RefreshError {
    /// Slack did not answer.
    #[error("{0}")]
    Slack(#[from] CallError),
    /// The store did not take it.
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// Reads the people and the user groups of the whole workspace, and which channels the bot is in; each of those is then
/// wanted to be read. People and channels are counted apart by Slack, so neither waits for the other.
pub async fn refresh(engine: &Engine) -> Result<(), RefreshError> {
    let started = engine.clock.now();
    // Each is read as far as it goes, also where another one fails.
    let (people, groups, channels) =
        tokio::join!(refresh_people(engine), refresh_groups(engine, started), list_channels(engine));
    people.and(groups).and(channels)?;
    let mut unit = Unit::new();
    people::put_refreshed(&mut unit, &engine.team, engine.clock.now());
    engine.store.commit(unit).await?;
    Ok(())
}

async fn refresh_people(engine: &Engine) -> Result<(), RefreshError> {
    let mut cursor = None;
    for _ in 0..MOST_PAGES {
        let page = page(engine, Method::People, || engine.slack.people(cursor.as_deref())).await?;
        let mut unit = Unit::new();
        let now = engine.clock.now();
        for person in &page.items {
            people::put_person(&mut unit, &engine.team, person, now);
        }
        engine.store.commit(unit).await?;
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    Ok(())
}

/// Reads what one person is now.
pub async fn refresh_person(engine: &Engine, user: &UserId) -> Result<(), RefreshError> {
    let person = page(engine, Method::Person, || engine.slack.person(user)).await?;
    let mut unit = Unit::new();
    people::put_person(&mut unit, &engine.team, &person, engine.clock.now());
    engine.store.commit(unit).await?;
    Ok(())
}

/// Reads the user groups alone. Those that are not named any more and were not met since `started` are dropped.
pub async fn refresh_groups(engine: &Engine, started: Instant) -> Result<(), RefreshError> {
    // User groups belong to paid plans, and a token without their scope is a choice: the rest works without them.
    if engine.scopes.as_ref().is_some_and(|scopes| !scopes.contains("usergroups:read")) {
        return Ok(());
    }
    let groups = match page(engine, Method::Groups, || engine.slack.groups()).await {
        Ok(groups) => groups,
        // A free plan has none, and an administrator may have closed them; people and channels are read all the same.
        Err(error @ CallError::Refused { .. }) => {
            tracing::warn!(%error, "user groups cannot be read; the rest of the directory is");
            return Ok(());
        }
        Err(error) => return Err(error.into()),
    };
    let now = engine.clock.now();
    let mut unit = Unit::new();
    for (group, handle, members) in &groups {
        people::put_group(&mut unit, &engine.team, group, handle, true, now);
        people::put_group_members(&mut unit, &engine.team, group, members, now);
    }
    people::keep_groups_since(&mut unit, &engine.team, started);
    engine.store.commit(unit).await?;
    Ok(())
}

/// Asks Slack which channels the bot is in. Each is wanted to be read, and so is each that is not named any more.
pub async fn list_channels(engine: &Engine) -> Result<(), RefreshError> {
    let started = engine.clock.now();
    let mut cursor = None;
    for _ in 0..MOST_PAGES {
        let page = page(engine, Method::Channels, || engine.slack.channels(cursor.as_deref())).await?;
        let mut unit = Unit::new();
        let now = engine.clock.now();
        for (channel, name) in page.items {
            channels::put_listed(&mut unit, &engine.team, &channel, &name, started, now);
        }
        cursor = page.next;
        if cursor.is_none() {
            channels::want_unlisted(&mut unit, &engine.team, started, now);
        }
        engine.store.commit(unit).await?;
        if cursor.is_none() {
            break;
        }
    }
    Ok(())
}

/// Asks for a page at the pace that Slack grants, a few times where it does not answer. Reading may be repeated.
async fn page<T, F>(engine: &Engine, method: Method, ask: impl Fn() -> F) -> Result<T, CallError>
where
    F: Future<Output = Result<T, CallError>>,
{
    // A person may wait for the first list of channels, which is one call for 200 of them, or until they are known.
    let is_awaited = matches!(method, Method::Channels | Method::Person);
    let lane = if is_awaited { Lane::Interactive } else { Lane::Bulk };
    let mut tries = 0;
    loop {
        while let Gate::MethodBusy(until) | Gate::ChannelBusy(until) =
            engine.pacer.enter(method, None, lane, false, engine.clock.now())
        {
            engine.clock.sleep_until(until).await;
        }
        tries += 1;
        match ask().await {
            Ok(page) => return Ok(page),
            Err(CallError::RateLimited { retry_after, .. }) if tries < TRIES => {
                let wait = Duration::from_std(retry_after).unwrap_or(Duration::minutes(1));
                engine.pacer.close(method, engine.clock.now() + wait);
            }
            Err(error @ (CallError::Lost { .. } | CallError::Unreached { .. })) if tries < TRIES => {
                tracing::warn!(%error, "a list could not be read; trying again");
                let wait = Duration::seconds(i64::from(2_u32.pow(tries)));
                engine.clock.sleep_until(engine.clock.now() + wait).await;
            }
            Err(error) => return Err(error),
        }
    }
}
