//! The members of channels.
//!
//! A person who leaves keeps a row that says so until the next finished reading. Without it a page of members that was
//! requested before they left, and arrives after, would bring them back.

use super::{
    super::{
        Store, StoreError,
        unit::{Insert, UnitOfWork},
    },
    channels::EventTime,
    lists::{List, WantedList},
    read_person,
};
use crate::{
    model::{
        clock::Instant,
        people::{ChannelId, Person, TeamId, UserId},
    },
    values,
};

/// A person who joined or left. An older event changes nothing.
static EVENT: Insert = Insert {
    table: "channel_member",
    columns: &["team_id", "channel_id", "user_id", "left_at", "event_at", "refreshed_at"],
    identity: 3,
    on_conflict: "ON CONFLICT (team_id, channel_id, user_id) DO UPDATE SET left_at = excluded.left_at, \
         event_at = excluded.event_at, refreshed_at = excluded.refreshed_at \
         WHERE channel_member.event_at <= excluded.event_at",
};

/// A person from a reading. Events since the reading began count more.
static READ: Insert = Insert {
    table: "channel_member",
    columns: &["team_id", "channel_id", "user_id", "refreshed_at"],
    identity: 3,
    on_conflict: "ON CONFLICT (team_id, channel_id, user_id) DO UPDATE SET left_at = NULL, \
         refreshed_at = excluded.refreshed_at WHERE channel_member.refreshed_at < excluded.refreshed_at",
};

/// Adds to a unit that a person joined a channel.
pub fn put_joined(
    unit: &mut UnitOfWork,
    team: &TeamId,
    channel: &ChannelId,
    user: &UserId,
    heard: EventTime,
) {
    put_event(unit, team, channel, user, None, heard);
}

/// Adds to a unit that a person left a channel.
pub fn put_left(unit: &mut UnitOfWork, team: &TeamId, channel: &ChannelId, user: &UserId, heard: EventTime) {
    put_event(unit, team, channel, user, Some(heard.now.timestamp_millis()), heard);
}

fn put_event(
    unit: &mut UnitOfWork,
    team: &TeamId,
    channel: &ChannelId,
    user: &UserId,
    left_at: Option<i64>,
    heard: EventTime,
) {
    let row = values![team.as_str(), channel.as_str(), user.as_str(), left_at, heard.event_us, heard.now];
    unit.row(&EVENT, row);
}

/// Adds to a unit that a reading of a channel, begun at `started`, names a person.
pub fn put_member(
    unit: &mut UnitOfWork,
    team: &TeamId,
    channel: &ChannelId,
    user: &UserId,
    started: Instant,
) {
    unit.row(&READ, values![team.as_str(), channel.as_str(), user.as_str(), started]);
}

/// Adds to a unit that every person whose name is missing from a finished reading of a channel is not in it.
pub fn keep_members_since(unit: &mut UnitOfWork, team: &TeamId, channel: &ChannelId, started: Instant) {
    unit.run(
        "DELETE FROM channel_member WHERE team_id = $1 AND channel_id = $2 AND refreshed_at < $3",
        values![team.as_str(), channel.as_str(), started],
    );
}

impl Store {
    /// Returns what is known of all members of a channel, without those who are not in the directory.
    pub async fn channel_people(
        &self,
        team: &TeamId,
        channel: &ChannelId,
    ) -> Result<Vec<Person>, StoreError> {
        let rows = self
            .ask(
                "SELECT p.user_id, p.name, p.zone, p.kind, p.deactivated_at, p.admin_since FROM channel_member m \
                 JOIN person p ON p.team_id = m.team_id AND p.user_id = m.user_id \
                 WHERE m.team_id = $1 AND m.channel_id = $2 AND m.left_at IS NULL ORDER BY p.name, p.user_id",
                values![team.as_str(), channel.as_str()],
            )
            .await?;
        rows.into_iter().map(read_person).collect()
    }

    /// Whether a person is in a channel.
    pub async fn is_member(
        &self,
        team: &TeamId,
        channel: &ChannelId,
        user: &UserId,
    ) -> Result<bool, StoreError> {
        let rows = self
            .ask(
                "SELECT 1 FROM channel_member WHERE team_id = $1 AND channel_id = $2 AND user_id = $3 \
                 AND left_at IS NULL",
                values![team.as_str(), channel.as_str(), user.as_str()],
            )
            .await?;
        Ok(!rows.is_empty())
    }

    /// Counts a channel's members besides the bot while it is not known who they all are: the workspace's people have
    /// not been read to the end, or are being read again. `None` once they were, or when each member is known already.
    /// Where Slack does not answer, the older data has to do.
    pub async fn members_still_unread(
        &self,
        team: &TeamId,
        channel: &ChannelId,
        bot: &UserId,
    ) -> Result<Option<usize>, StoreError> {
        let is_under_way = |wanted: &WantedList| wanted.list == List::People && wanted.tries == 0;
        if self.list_read_at(team, List::People).await?.is_some()
            && !self.wanted_lists(team).await?.iter().any(is_under_way)
        {
            return Ok(None);
        }
        let rows = self
            .ask(
                "SELECT COUNT(*), COUNT(p.user_id) FROM channel_member m \
                 LEFT JOIN person p ON p.team_id = m.team_id AND p.user_id = m.user_id \
                 WHERE m.team_id = $1 AND m.channel_id = $2 AND m.left_at IS NULL AND m.user_id <> $3",
                values![team.as_str(), channel.as_str(), bot.as_str()],
            )
            .await?;
        let Some([all, known]) = rows.first().map(Vec::as_slice) else { return Ok(None) };
        let (all, known) = (all.int().unwrap_or_default(), known.int().unwrap_or_default());
        Ok((known < all).then(|| usize::try_from(all).unwrap_or_default()))
    }
}
