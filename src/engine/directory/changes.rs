//! What an event changes in the directory, and which channel has to be read because of it.

use super::super::Engine;
use crate::{
    model::{
        event::WorkspaceEvent,
        failure::Failure,
        people::{ChannelId, Closed, Person, UserId},
    },
    ritual::Context,
    slack::CallError,
    store::{
        StoreError,
        people::{
            self,
            channels::{self, EventTime},
            groups,
            lists::{self, List},
            members,
        },
        programmes,
        unit::UnitOfWork,
    },
};

/// An event about a channel that arrives later than this may be older than what was read since, so Slack is asked
/// again.
const LATE_SECONDS: i64 = 120;

/// What to tell an operator whose app has lost its token.
const INSTALL_AGAIN: &str = "Slack says that the app was uninstalled or its token was revoked: \
                             install it again and set SLACK_BOT_TOKEN to the new token";

/// Returns the writes by which a change in the workspace changes the directory. `at_us` is Slack's time of it, in
/// microseconds.
pub fn change(engine: &Engine, event: &WorkspaceEvent, at_us: Option<i64>) -> UnitOfWork {
    let (team, now) = (&engine.team, engine.clock.now());
    let heard = EventTime { event_us: at_us.unwrap_or(now.timestamp_micros()), now };
    let mut unit = UnitOfWork::new();
    if let Some(channel) = channel_of(event).filter(|_| is_late(heard)) {
        channels::want_again(&mut unit, team, channel, now);
        return unit;
    }
    match event {
        WorkspaceEvent::PersonChanged(person) => people::put_changed_person(&mut unit, team, person, heard),
        WorkspaceEvent::MemberJoined(channel, user) => {
            if *user == engine.bot {
                channels::put_entered(&mut unit, team, channel, heard);
            } else {
                channels::put_sign(&mut unit, team, channel, now);
            }
            members::put_joined(&mut unit, team, channel, user, heard);
        }
        WorkspaceEvent::MemberLeft(channel, user) => {
            if *user == engine.bot {
                channels::put_closed(&mut unit, team, channel, Closed::NotIn, heard);
            }
            members::put_left(&mut unit, team, channel, user, heard);
        }
        WorkspaceEvent::ChannelNamed(channel, name) => {
            channels::rename_channel(&mut unit, team, channel, name, heard);
        }
        WorkspaceEvent::ChannelGone(channel, closed) => {
            channels::put_closed(&mut unit, team, channel, *closed, heard);
        }
        WorkspaceEvent::ChannelBack(channel) => channels::put_entered(&mut unit, team, channel, heard),
        WorkspaceEvent::ChannelMoved { from, to } => {
            channels::put_closed(&mut unit, team, from, Closed::NotIn, heard);
            channels::put_entered(&mut unit, team, to, heard);
            programmes::move_channel(&mut unit, team, from, to);
        }
        WorkspaceEvent::GroupChanged { group, handle, live, members } => {
            groups::put_changed(&mut unit, team, group, (handle, *live), members.as_deref(), heard);
            if *live && members.is_none() {
                lists::want_list(&mut unit, team, List::Groups, now);
            }
        }
        WorkspaceEvent::Uninstalled => tracing::error!("{INSTALL_AGAIN}"),
        WorkspaceEvent::TokensRevoked(bots) => tokens_revoked(engine, bots.as_deref()),
    }
    unit
}

/// Returns what the rituals write about a change in the workspace.
pub async fn told(
    engine: &Engine,
    context: &Context,
    change: &WorkspaceEvent,
) -> Result<UnitOfWork, Failure> {
    let mut unit = UnitOfWork::new();
    for ritual in engine.rituals.iter() {
        unit.append(ritual.on_change(context, change).await?);
    }
    Ok(unit)
}

/// Returns what the rituals write about people of whom Slack says now that their account is on or off or in another time zone, and whom
/// the directory knows otherwise: the event about it was lost, or is still to come.
pub async fn told_of_changes<'p>(
    engine: &Engine,
    people: impl Iterator<Item = &'p Person>,
) -> Result<UnitOfWork, StoreError> {
    let people: Vec<&Person> = people.collect();
    let mut unit = UnitOfWork::new();
    let ids: Vec<UserId> = people.iter().map(|person| person.id.clone()).collect();
    let known = engine.store.people(&engine.team, &ids).await?;
    let context = engine.context();
    let has_changed = |person: &&Person| {
        let known = known.get(&person.id);
        known.is_some_and(|known| (known.deactivated, known.zone) != (person.deactivated, person.zone))
    };
    for person in people.into_iter().filter(has_changed) {
        match told(engine, &context, &WorkspaceEvent::PersonChanged(person.clone())).await {
            Ok(told) => unit.append(told),
            Err(Failure::Retry(_)) => return Err(StoreError::Busy("a ritual looks at who has changed")),
            // What has been read counts all the same.
            Err(error) => tracing::error!(%error, "a ritual wasn't told that a person has changed"),
        }
    }
    Ok(unit)
}

/// Takes people who were erased out of an event; `None` where it is about such a person alone.
pub async fn without_suppressed(
    engine: &Engine,
    event: WorkspaceEvent,
) -> Result<Option<WorkspaceEvent>, StoreError> {
    let about = match &event {
        WorkspaceEvent::PersonChanged(person) => std::slice::from_ref(&person.id),
        WorkspaceEvent::MemberJoined(_, user) | WorkspaceEvent::MemberLeft(_, user) => {
            std::slice::from_ref(user)
        }
        WorkspaceEvent::GroupChanged { members: Some(members), .. } => members,
        _ => return Ok(Some(event)),
    };
    let suppressed = engine.store.suppressed(&engine.team).await?;
    if !about.iter().any(|user| suppressed.holds(user)) {
        return Ok(Some(event));
    }
    Ok(match event {
        WorkspaceEvent::GroupChanged { group, handle, live, members } => {
            let members =
                members.map(|members| members.into_iter().filter(|user| !suppressed.holds(user)).collect());
            Some(WorkspaceEvent::GroupChanged { group, handle, live, members })
        }
        _ => None,
    })
}

/// Returns the channel whose state or members an event changes.
fn channel_of(event: &WorkspaceEvent) -> Option<&ChannelId> {
    match event {
        WorkspaceEvent::MemberJoined(channel, _)
        | WorkspaceEvent::MemberLeft(channel, _)
        | WorkspaceEvent::ChannelNamed(channel, _)
        | WorkspaceEvent::ChannelGone(channel, _)
        | WorkspaceEvent::ChannelBack(channel) => Some(channel),
        WorkspaceEvent::PersonChanged(_)
        | WorkspaceEvent::ChannelMoved { .. }
        | WorkspaceEvent::GroupChanged { .. }
        | WorkspaceEvent::Uninstalled
        | WorkspaceEvent::TokensRevoked(_) => None,
    }
}

fn is_late(heard: EventTime) -> bool {
    heard.now.timestamp_micros() - heard.event_us > LATE_SECONDS * 1_000_000
}

/// Whether the bot's own token is among those that were revoked; `None` where the event does not name their owners.
fn is_ours(bots: Option<&[UserId]>, bot: &UserId) -> Option<bool> {
    bots.map(|bots| bots.contains(bot))
}

/// Only the bot's own token matters. Where the event names no token, Slack is asked whether the token still works.
fn tokens_revoked(engine: &Engine, bots: Option<&[UserId]>) {
    match is_ours(bots, &engine.bot) {
        Some(true) => tracing::error!("{INSTALL_AGAIN}"),
        Some(false) => {
            tracing::info!("Slack says that tokens of other people were revoked; the bot's own is good");
        }
        None => {
            let slack = engine.slack.clone();
            tokio::spawn(async move {
                match slack.identity().await {
                    Ok(_) => tracing::info!("Slack says that tokens were revoked; the bot's own is good"),
                    Err(error @ CallError::Refused { .. }) => tracing::error!(%error, "{INSTALL_AGAIN}"),
                    Err(error) => {
                        tracing::warn!(%error, "Slack says that tokens were revoked, and not whose");
                    }
                }
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_of_other_people_are_no_alarm() {
        let bot = UserId("RONDO".to_owned());
        let revoked = |names: &[&str]| {
            let bots: Vec<UserId> = names.iter().map(|name| UserId((*name).to_owned())).collect();
            is_ours(Some(&bots), &bot)
        };
        assert_eq!(revoked(&["OTHER", "RONDO"]), Some(true));
        assert_eq!(revoked(&["OTHER"]), Some(false));
        assert_eq!(revoked(&[]), Some(false), "people's tokens alone");
        assert_eq!(is_ours(None, &bot), None, "Slack is asked");
    }
}
