//! What rituals may read from the store: one workspace, and no writes.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;
use chrono_tz::Tz;

use super::{
    Store, StoreError,
    columns::Columns,
    occasions::Occasion,
    people::{Known, channels::LastSeen},
    programmes::Programme,
    runs::{PastRun, Run},
    suppression::Suppressed,
    unit::Value,
};
use crate::{
    model::{
        clock::Instant,
        event::Reply,
        owner::Owner,
        people::{ChannelId, ChannelState, GroupId, Person, TeamId, UserId},
    },
    values,
};

/// One workspace's part of the store, for reading. Cheap to clone.
#[derive(Clone)]
pub struct ReadStore {
    store: Store,
    team: TeamId,
}

impl ReadStore {
    pub fn new(store: Store, team: TeamId) -> ReadStore {
        ReadStore { store, team }
    }

    /// Returns the workspace, as the first value of each statement.
    pub fn team(&self) -> &str {
        self.team.as_str()
    }

    /// Runs a query. The text is a constant; what people wrote is bound. A text that is no query is an error.
    pub async fn ask(&self, text: &'static str, values: Vec<Value>) -> Result<Vec<Vec<Value>>, StoreError> {
        if !text.starts_with("SELECT ") {
            return Err(StoreError::coding("a ritual only reads"));
        }
        self.store.ask(text, values).await
    }

    /// Returns where a message was posted, by its key in the outbox: its channel and timestamp. Of two messages the later one's sorts behind
    /// the other's.
    pub async fn posted(&self, key: &str) -> Result<Option<(ChannelId, String)>, StoreError> {
        let posted = "SELECT channel, ts FROM outbox WHERE team_id = $1 AND key = $2 AND channel IS NOT NULL AND ts IS NOT NULL";
        let rows = self.ask(posted, values![self.team(), key]).await?;
        let read = |row| {
            let mut row = Columns::of("outbox", row);
            Ok((ChannelId(row.text()?), row.text()?))
        };
        rows.into_iter().next().map(read).transpose()
    }

    /// Returns the person who caused an effect, by its key in the outbox, if that is still known.
    pub async fn causer_of(&self, key: &str) -> Result<Option<UserId>, StoreError> {
        let asked = "SELECT causer FROM outbox WHERE team_id = $1 AND key = $2";
        let rows = self.ask(asked, values![self.team(), key]).await?;
        let causer = rows.into_iter().next().and_then(|row| row.into_iter().next()?.text()?.parse().ok());
        Ok(if let Some(Owner::Person(person)) = causer { Some(person) } else { None })
    }

    /// Returns what is known of these people, without those who are not in the directory.
    pub async fn people(&self, ids: &[UserId]) -> Result<Known, StoreError> {
        self.store.people(&self.team, ids).await
    }

    pub async fn person(&self, id: &UserId) -> Result<Option<Person>, StoreError> {
        Ok(self.people(std::slice::from_ref(id)).await?.remove(id))
    }

    pub async fn suppressed(&self) -> Result<Suppressed, StoreError> {
        self.store.suppressed(&self.team).await
    }

    /// Returns a person's zone, if their profile has one.
    pub async fn zone_of(&self, id: &UserId) -> Result<Option<Tz>, StoreError> {
        Ok(self.person(id).await?.and_then(|person| person.zone))
    }

    /// Returns the members of a user group; `None` if the directory does not know the group or it is disabled.
    pub async fn group_members(&self, group: &GroupId) -> Result<Option<Vec<UserId>>, StoreError> {
        self.store.group_members(&self.team, group).await
    }

    /// Returns the enabled user groups with their handles, in the order of the handles.
    pub async fn user_groups(&self) -> Result<Vec<(GroupId, String)>, StoreError> {
        self.store.user_groups(&self.team).await
    }

    /// Returns the handles of a person's user groups.
    pub async fn groups_of(&self, user: &UserId) -> Result<Vec<String>, StoreError> {
        self.store.groups_of(&self.team, user).await
    }

    /// Whether a person is in a channel, as far as the directory knows.
    pub async fn is_member(&self, channel: &ChannelId, user: &UserId) -> Result<bool, StoreError> {
        self.store.is_member(&self.team, channel, user).await
    }

    /// Returns which of these user groups each person is in, by the groups' handles; the first one named counts.
    pub async fn departments(&self, handles: &[String]) -> Result<BTreeMap<UserId, String>, StoreError> {
        self.store.departments(&self.team, handles).await
    }

    /// Returns what is known of all members of a channel, without those who are not in the directory.
    pub async fn channel_people(&self, channel: &ChannelId) -> Result<Vec<Person>, StoreError> {
        self.store.channel_people(&self.team, channel).await
    }

    /// Counts a channel's members besides the bot while it is not known who they all are.
    pub async fn members_still_unread(
        &self,
        channel: &ChannelId,
        bot: &UserId,
    ) -> Result<Option<usize>, StoreError> {
        self.store.members_still_unread(&self.team, channel, bot).await
    }

    pub async fn channel_state(&self, channel: &ChannelId) -> Result<ChannelState, StoreError> {
        self.store.channel_state(&self.team, channel).await
    }

    /// Returns the channels with their names that a person and the bot are in, and in which no programme of this ritual runs.
    pub async fn open_channels_of(
        &self,
        person: &UserId,
        ritual: &str,
        limit: i64,
    ) -> Result<Vec<(ChannelId, String)>, StoreError> {
        self.store.open_channels_of(&self.team, person, ritual, limit).await
    }

    /// Returns when a channel was last read, and when it was last seen to be public.
    pub async fn channel_seen(&self, channel: &ChannelId) -> Result<LastSeen, StoreError> {
        self.store.channel_seen(&self.team, channel).await
    }

    /// Returns the name of a channel, without `#`, if the bot is in it and it is public.
    pub async fn public_name(&self, channel: &ChannelId) -> Result<Option<String>, StoreError> {
        if self.channel_seen(channel).await?.public_at.is_none() {
            return Ok(None);
        }
        Ok(match self.channel_state(channel).await? {
            ChannelState::Open { name } => Some(name),
            ChannelState::Closed(_) | ChannelState::Unread { .. } => None,
        })
    }

    /// Returns who is in a group DM that a message was sent to; `None` if that is not known.
    pub async fn group_dm_people(&self, conversation: &ChannelId) -> Result<Option<Vec<UserId>>, StoreError> {
        self.store.group_dm_people(&self.team, conversation).await
    }

    /// Returns a programme, even one that has ended.
    pub async fn programme(&self, id: &str) -> Result<Option<Programme>, StoreError> {
        self.store.programme(&self.team, id).await
    }

    /// Returns the programmes of a ritual in a channel: running ones first, then the last stopped ones.
    pub async fn programmes_in(
        &self,
        ritual: &str,
        channel: &ChannelId,
    ) -> Result<Vec<Programme>, StoreError> {
        self.store.programmes_in(&self.team, ritual, channel).await
    }

    /// Returns the programmes of a ritual in the channels of a person that have not ended; 50 at most.
    pub async fn programmes_of_member(
        &self,
        ritual: &str,
        person: &UserId,
    ) -> Result<Vec<Programme>, StoreError> {
        self.store.programmes_of_member(&self.team, ritual, person).await
    }

    /// Returns the occasions of a programme from an instant on that are not cancelled, the next first; 20 at most.
    pub async fn occasions_from(&self, programme: &str, from: Instant) -> Result<Vec<Occasion>, StoreError> {
        self.store.occasions_from(&self.team, programme, from).await
    }

    /// Whether an occasion was planned and then cancelled.
    pub async fn is_cancelled(&self, programme: &str, occasion: NaiveDateTime) -> Result<bool, StoreError> {
        self.store.is_cancelled(&self.team, programme, occasion).await
    }

    /// Returns the channels of a person in which a ritual runs; five at most, for a sentence.
    pub async fn channels_with(&self, ritual: &str, person: &UserId) -> Result<Vec<ChannelId>, StoreError> {
        self.store.channels_with(&self.team, ritual, person).await
    }

    /// Returns the pending runs of a programme, the next first.
    pub async fn pending_runs(&self, programme: &str) -> Result<Vec<Run>, StoreError> {
        self.store.pending_runs(&self.team, programme).await
    }

    /// Returns the outcomes of a programme's last runs of one kind, newest first.
    pub async fn past_runs(
        &self,
        programme: &str,
        kind: &str,
        limit: i64,
    ) -> Result<Vec<PastRun>, StoreError> {
        self.store.past_runs(&self.team, programme, kind, limit).await
    }

    /// Returns the reply that a delivery got, if it was handled.
    pub async fn processed_reply(&self, key: &str) -> Result<Option<Reply>, StoreError> {
        self.store.processed_reply(&self.team, key).await
    }
}
