//! What rituals may ask of the store: one workspace, nothing to write.

use std::collections::BTreeMap;

use chrono_tz::Tz;

use super::{
    Store, StoreError,
    occasions::Occasion,
    people::{Known, channels::LastSeen},
    programmes::Programme,
    runs::{PastRun, Run},
    suppression::Suppressed,
    unit::Value,
};
use crate::model::{
    clock::Instant,
    event::Reply,
    people::{ChannelId, ChannelState, GroupId, Person, TeamId, UserId},
};

/// A workspace's part of the store, to read from. Cheap to clone.
#[derive(Clone)]
pub struct ReadStore {
    store: Store,
    team: TeamId,
}

impl ReadStore {
    /// The part of a store that belongs to a workspace.
    pub fn new(store: Store, team: TeamId) -> ReadStore {
        ReadStore { store, team }
    }

    /// The workspace, as the first value of each statement.
    pub fn team(&self) -> &str {
        self.team.as_str()
    }

    /// Asks a question. The text is a constant, what people wrote is bound; a text that is no question is an error.
    pub async fn ask(&self, text: &'static str, values: Vec<Value>) -> Result<Vec<Vec<Value>>, StoreError> {
        if !text.starts_with("SELECT ") {
            return Err(StoreError::coding("a ritual only reads"));
        }
        self.store.ask(text, values).await
    }

    /// What is known of these people; those whom the directory has not met are not in the answer.
    pub async fn people(&self, ids: &[UserId]) -> Result<Known, StoreError> {
        self.store.people(&self.team, ids).await
    }

    /// What is known of one person.
    pub async fn person(&self, id: &UserId) -> Result<Option<Person>, StoreError> {
        Ok(self.people(std::slice::from_ref(id)).await?.remove(id))
    }

    /// The erased people of the workspace.
    pub async fn suppressed(&self) -> Result<Suppressed, StoreError> {
        self.store.suppressed(&self.team).await
    }

    /// The zone of a person's own clock, if their profile has one.
    pub async fn zone_of(&self, id: &UserId) -> Result<Option<Tz>, StoreError> {
        Ok(self.person(id).await?.and_then(|person| person.zone))
    }

    /// Who is in a user group; `None` when the directory does not know the group or it is out of use.
    pub async fn group_members(&self, group: &GroupId) -> Result<Option<Vec<UserId>>, StoreError> {
        self.store.group_members(&self.team, group).await
    }

    /// Handles of the user groups that a person is in.
    pub async fn groups_of(&self, user: &UserId) -> Result<Vec<String>, StoreError> {
        self.store.groups_of(&self.team, user).await
    }

    /// Whether a person is in a channel, as far as the directory knows.
    pub async fn is_member(&self, channel: &ChannelId, user: &UserId) -> Result<bool, StoreError> {
        self.store.is_member(&self.team, channel, user).await
    }

    /// Which of these user groups each person is in, by the groups' handles; the first that is named counts.
    pub async fn departments(&self, handles: &[String]) -> Result<BTreeMap<UserId, String>, StoreError> {
        self.store.departments(&self.team, handles).await
    }

    /// What is known of everybody in a channel; members whom the directory has not met are not in the answer.
    pub async fn channel_people(&self, channel: &ChannelId) -> Result<Vec<Person>, StoreError> {
        self.store.channel_people(&self.team, channel).await
    }

    /// How many people are in a channel besides the bot, while it is not known who they all are.
    pub async fn members_still_unread(
        &self,
        channel: &ChannelId,
        bot: &UserId,
    ) -> Result<Option<usize>, StoreError> {
        self.store.members_still_unread(&self.team, channel, bot).await
    }

    /// What is known of a channel.
    pub async fn channel_state(&self, channel: &ChannelId) -> Result<ChannelState, StoreError> {
        self.store.channel_state(&self.team, channel).await
    }

    /// When a channel was last read, and when it was last seen to be public.
    pub async fn channel_seen(&self, channel: &ChannelId) -> Result<LastSeen, StoreError> {
        self.store.channel_seen(&self.team, channel).await
    }

    /// Who is in a group DM that a message was sent to; `None` where nothing is known of it.
    pub async fn group_dm_people(&self, conversation: &ChannelId) -> Result<Option<Vec<UserId>>, StoreError> {
        self.store.group_dm_people(&self.team, conversation).await
    }

    /// A programme, also one that has ended.
    pub async fn programme(&self, id: &str) -> Result<Option<Programme>, StoreError> {
        self.store.programme(&self.team, id).await
    }

    /// The programmes of a ritual in a channel, those that go on first, then those that were stopped last.
    pub async fn programmes_in(
        &self,
        ritual: &str,
        channel: &ChannelId,
    ) -> Result<Vec<Programme>, StoreError> {
        self.store.programmes_in(&self.team, ritual, channel).await
    }

    /// The occasions of a programme that come at an instant or later and are not cancelled, the next first; 20 at most.
    pub async fn occasions_from(&self, programme: &str, from: Instant) -> Result<Vec<Occasion>, StoreError> {
        self.store.occasions_from(&self.team, programme, from).await
    }

    /// The channels of a person's where a ritual is kept now; five at most, for a sentence.
    pub async fn channels_with(&self, ritual: &str, person: &UserId) -> Result<Vec<ChannelId>, StoreError> {
        self.store.channels_with(&self.team, ritual, person).await
    }

    /// The runs of a programme that are still to come, the next first.
    pub async fn pending_runs(&self, programme: &str) -> Result<Vec<Run>, StoreError> {
        self.store.pending_runs(&self.team, programme).await
    }

    /// What became of the last runs of one kind of a programme, the newest first.
    pub async fn past_runs(
        &self,
        programme: &str,
        kind: &str,
        limit: i64,
    ) -> Result<Vec<PastRun>, StoreError> {
        self.store.past_runs(&self.team, programme, kind, limit).await
    }

    /// The reply that a delivery got, if it was handled.
    pub async fn seen_reply(&self, key: &str) -> Result<Option<Reply>, StoreError> {
        self.store.processed_reply(&self.team, key).await
    }
}
