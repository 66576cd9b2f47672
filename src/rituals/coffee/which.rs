//! Which chats a person means: those of the channel, those of a name, or those that a button belongs to.

use super::{Coffee, NAME, messages, request::Verb};
use crate::{
    model::{
        event::{Action, Command},
        failure::Failure,
        people::{ChannelId, ChannelState, Closed, UserId},
    },
    ritual::Context,
    store::programmes::{Programme, name_key},
};

impl Coffee {
    /// The chats that a command is about. Where several run and no name says which, the person chooses; a name that none
    /// of them has is a word that is not understood.
    pub(super) async fn meant(
        &self,
        context: &Context,
        command: &Command,
        word: Verb,
        name: Option<&str>,
    ) -> Result<Programme, Failure> {
        let mut running = running_in(context, &command.channel).await?;
        if let Some(name) = name {
            let key = name_key(name);
            if let Some(place) = running.iter().position(|programme| name_key(&programme.name) == key) {
                return Ok(running.swap_remove(place));
            }
            let names = running.iter().map(|programme| programme.name.as_str());
            let names: Vec<&str> = names.filter(|name| !name.is_empty()).collect();
            return Err(Failure::refuse(match names.as_slice() {
                [] => messages::unknown(&command.text, Some(word), &self.command),
                names => messages::no_such_name(name, names),
            }));
        }
        match running.len() {
            0 => Err(self.none_here(context, &command.channel, &command.user).await?),
            1 => Ok(running.swap_remove(0)),
            _ => Err(Failure::refuse(messages::which(word, &running_names(&running)))),
        }
    }

    /// The one that times are meant for: that of the name; without a name the one that has none, or the only one. It may
    /// have been stopped; `None` where it would be new.
    pub(super) async fn former(
        &self,
        context: &Context,
        channel: &ChannelId,
        name: &str,
    ) -> Result<Option<Programme>, Failure> {
        let mut all = context.store.programmes_in(NAME, channel).await?;
        let key = name_key(name);
        if let Some(place) = all.iter().position(|programme| name_key(&programme.name) == key) {
            return Ok(Some(all.swap_remove(place)));
        }
        all.retain(|programme| programme.ended_at.is_none());
        let is_only = name.is_empty() && all.len() == 1;
        Ok(all.into_iter().next().filter(|_| is_only))
    }

    /// The one that has exactly this name in a channel; it may have been stopped.
    pub(super) async fn named(
        &self,
        context: &Context,
        channel: &ChannelId,
        name: &str,
    ) -> Result<Option<Programme>, Failure> {
        let key = name_key(name);
        let all = context.store.programmes_in(NAME, channel).await?;
        Ok(all.into_iter().find(|programme| name_key(&programme.name) == key))
    }

    /// What a person is told who asks for chats where there are none, with where else theirs are.
    pub(super) async fn none_here(
        &self,
        context: &Context,
        channel: &ChannelId,
        user: &UserId,
    ) -> Result<Failure, Failure> {
        let is_channel = !is_direct(channel)
            && context.store.channel_state(channel).await? != ChannelState::Closed(Closed::Direct);
        let theirs = context.store.channels_with(NAME, user).await?;
        let stopped = context.store.programmes_in(NAME, channel).await?.into_iter().next();
        let zone = context.store.zone_of(user).await?.unwrap_or(context.zone);
        let stopped = stopped.as_ref().and_then(|programme| {
            let day = programme.ended_at?.with_timezone(&zone).date_naive();
            Some((day, programme.name.as_str()))
        });
        Ok(Failure::refuse(messages::none_here(is_channel, &theirs, stopped, &self.command)))
    }
}

/// The chats that a channel keeps now.
pub(super) async fn running_in(context: &Context, channel: &ChannelId) -> Result<Vec<Programme>, Failure> {
    let all = context.store.programmes_in(NAME, channel).await?;
    Ok(all.into_iter().filter(|programme| programme.ended_at.is_none()).collect())
}

pub(super) fn running_names(running: &[Programme]) -> Vec<(&str, &str)> {
    running.iter().map(|programme| (programme.name.as_str(), programme.id.as_str())).collect()
}

/// Whether it is the DM of one person with the bot, as its id says.
pub(super) fn is_direct(channel: &ChannelId) -> bool {
    channel.as_str().starts_with('D')
}

/// The chats that a button belongs to.
pub(super) async fn of_button(context: &Context, action: &Action) -> Result<Programme, Failure> {
    let id = action.value.split(' ').next().unwrap_or_default();
    let programme = context.store.programme(id).await?;
    let running = programme.filter(|programme| programme.ended_at.is_none());
    running.ok_or_else(|| Failure::refuse(messages::over()))
}
