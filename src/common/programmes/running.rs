//! What a person reads who starts a programme that runs already.

use chrono::Duration;

use super::{Programmes, messages};
use crate::{
    model::{
        cadence::Cadence,
        event::Reply,
        failure::Failure,
        people::{ChannelId, UserId},
    },
    ritual::Answer,
    store::programmes::Programme,
};

/// For how long a second press of *Start* is taken as the same, in minutes.
const PRESSED_TWICE_MINUTES: i64 = 5;

impl<'c> Programmes<'c> {
    pub(super) async fn started_by_another(
        self,
        channel: ChannelId,
        name: String,
    ) -> Result<Answer<'c>, Failure> {
        let running = self.former(&channel, &name).await?;
        let running = running.ok_or_else(|| self.over())?;
        self.say_times(&running).await
    }

    /// Answers that a programme runs already. A person who has just started it by another press reads the same as there.
    pub(super) async fn say_running(
        self,
        running: &Programme,
        (user, cadence): (&UserId, &Cadence),
    ) -> Result<Answer<'c>, Failure> {
        let is_recent = self.context.now - running.started_at < Duration::minutes(PRESSED_TWICE_MINUTES);
        let is_theirs = running.organisers.contains(user) && running.cadence.as_ref() == Some(cadence);
        let first = self.next(running).await?.filter(|_| is_recent && is_theirs);
        let Some(first) = first else { return self.say_times(running).await };
        let people = self.participants(running, Some(first.wall)).await?.here.len();
        let unread = self.context.store.members_still_unread(&running.channel, &self.context.bot).await?;
        let people = unread.unwrap_or(people);
        let message = messages::started(self.words(), &first, people, &running.name, None);
        Ok(Answer::reply(Reply::Replace(message)))
    }

    /// Answers with the times that a programme has.
    async fn say_times(self, running: &Programme) -> Result<Answer<'c>, Failure> {
        let next = self.next(running).await?;
        let message = messages::same_times(self.words(), &running.name, self.times(running)?, next.as_ref());
        Ok(Answer::reply(Reply::Replace(message)))
    }
}
