//! Who is in the workspace, in a channel, in a group: read in full every night, kept fresh by events between.

use chrono::Duration;

use super::Engine;
use crate::{
    model::{
        clock::Instant,
        effect::Lane,
        event::WorkspaceEvent,
        people::{ChannelId, UserId},
    },
    slack::{
        CallError, Page,
        pacing::{Gate, Method},
    },
    store::{StoreError, people, unit::Unit},
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

/// What a change in the workspace changes in the directory.
pub fn change(engine: &Engine, event: WorkspaceEvent) -> Unit {
    let (team, now) = (&engine.team, engine.clock.now());
    let mut unit = Unit::new();
    match event {
        WorkspaceEvent::PersonChanged(person) => people::put_person(&mut unit, team, &person, now),
        WorkspaceEvent::MemberJoined(channel, user) => {
            people::put_member(&mut unit, team, &channel, &user, now);
        }
        WorkspaceEvent::MemberLeft(channel, user) if user == engine.bot => {
            people::end_channel(&mut unit, team, &channel, now);
        }
        WorkspaceEvent::MemberLeft(channel, user) => people::remove_member(&mut unit, team, &channel, &user),
        WorkspaceEvent::ChannelNamed(channel, name) => {
            people::put_channel(&mut unit, team, &channel, &name, now);
        }
        WorkspaceEvent::ChannelGone(channel) => people::end_channel(&mut unit, team, &channel, now),
        WorkspaceEvent::ChannelBack(channel) => people::reopen_channel(&mut unit, team, &channel),
        WorkspaceEvent::GroupChanged { group, handle, live, members } => {
            people::put_group(&mut unit, team, &group, &handle, live, now);
            if let Some(members) = members {
                people::put_group_members(&mut unit, team, &group, &members, now);
            }
        }
        WorkspaceEvent::Uninstalled => {
            tracing::error!(
                "Slack says that the app was uninstalled or its tokens were revoked: \
                 install it again and set SLACK_BOT_TOKEN to the new token"
            );
        }
    }
    unit
}

/// Reads the whole workspace. What is not named any more is dropped only behind a list that was read to its end.
pub async fn refresh(engine: &Engine) -> Result<(), RefreshError> {
    let started = engine.clock.now();
    refresh_people(engine).await?;
    refresh_groups(engine, started).await?;
    let channels = refresh_channels(engine, started).await?;
    for channel in channels {
        refresh_members(engine, &channel).await?;
    }
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

/// Reads the user groups alone. Those that are not named any more and were not met since `started` are dropped.
pub async fn refresh_groups(engine: &Engine, started: Instant) -> Result<(), RefreshError> {
    // User groups belong to paid plans, and a token without their scope is a choice: the rest works without them.
    if !engine.scopes.contains("usergroups:read") {
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

async fn refresh_channels(engine: &Engine, started: Instant) -> Result<Vec<ChannelId>, RefreshError> {
    let mut channels = Vec::new();
    let mut cursor = None;
    for _ in 0..MOST_PAGES {
        let page = page(engine, Method::Channels, || engine.slack.channels(cursor.as_deref())).await?;
        let mut unit = Unit::new();
        let now = engine.clock.now();
        for (channel, name) in page.items {
            people::put_channel(&mut unit, &engine.team, &channel, &name, now);
            channels.push(channel);
        }
        cursor = page.next;
        if cursor.is_none() {
            people::keep_channels_since(&mut unit, &engine.team, started);
        }
        engine.store.commit(unit).await?;
        if cursor.is_none() {
            break;
        }
    }
    Ok(channels)
}

async fn refresh_members(engine: &Engine, channel: &ChannelId) -> Result<(), RefreshError> {
    let started = engine.clock.now();
    let mut cursor = None;
    for _ in 0..MOST_PAGES {
        let page: Page<UserId> =
            match page(engine, Method::Members, || engine.slack.members(channel, cursor.as_deref())).await {
                Ok(page) => page,
                // A channel that closed since it was listed is no reason to leave out the others.
                Err(CallError::Refused { error, .. })
                    if matches!(
                        error.as_str(),
                        "channel_not_found" | "not_in_channel" | "fetch_members_failed"
                    ) =>
                {
                    return Ok(());
                }
                Err(error) => return Err(error.into()),
            };
        let mut unit = Unit::new();
        let now = engine.clock.now();
        for user in &page.items {
            people::put_member(&mut unit, &engine.team, channel, user, now);
        }
        cursor = page.next;
        if cursor.is_none() {
            people::keep_members_since(&mut unit, &engine.team, channel, started);
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
    let mut tries = 0;
    loop {
        while let Gate::MethodBusy(until) | Gate::ChannelBusy(until) =
            engine.pacer.enter(method, None, Lane::Bulk, false, engine.clock.now())
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
