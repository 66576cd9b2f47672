//! Finding a channel's decisions again: the list, the search, and the versions of one.

use super::{
    Decisions,
    messages::{self, ListPage, VersionsPage},
    record::{Decision, Search},
    store::{self, Behind},
};
use crate::{
    common::programmes::is_direct,
    model::{
        event::{Action, FieldValue, Reply},
        failure::Failure,
        message::Message,
        people::{ChannelId, UserId},
    },
    ritual::{Answer, Presence},
};

/// How many decisions a page has.
const PAGE: usize = 10;
/// How many versions a message holds: three of the longest fit.
const VERSIONS_SHOWN: usize = 3;

impl<'c> Decisions<'c> {
    /// Answers with the newest decisions of the channel where a person typed, those with all of these words.
    pub async fn list(self, channel: &ChannelId, words: &str, user: &UserId) -> Result<Answer<'c>, Failure> {
        if is_direct(channel) {
            return Err(Failure::refuse(messages::no_channel(self.command)));
        }
        self.is_there(channel, user, messages::not_a_member).await?;
        self.page(channel, words, None, user).await
    }

    /// Lets those pass who may record decisions where they typed, as far as it is known who is in that channel.
    pub async fn may_record(self, channel: &ChannelId, user: &UserId) -> Result<(), Failure> {
        self.is_there(channel, user, messages::no_writer).await
    }

    /// Lets those pass who are in the channel where they typed: a public one can be typed in from outside. Where it isn't known who is in
    /// it Slack is asked; of a channel that Slack doesn't show, only its people can type there. A group's DM keeps no decisions.
    async fn is_there(
        self,
        channel: &ChannelId,
        user: &UserId,
        refused: fn(&ChannelId, &str) -> Message,
    ) -> Result<(), Failure> {
        match self.context.presence(channel, user).await? {
            Presence::Inside | Presence::Unknown => Ok(()),
            Presence::Outside => Err(Failure::refuse(refused(channel, self.command))),
            Presence::Direct => Err(Failure::refuse(messages::no_channel(self.command))),
        }
    }

    /// Answers with the next page, to which the button's value says the way.
    pub(super) async fn older(self, action: &Action) -> Result<Answer<'c>, Failure> {
        let mut parts = action.value.splitn(4, ' ');
        let channel = ChannelId(parts.next().unwrap_or_default().to_owned());
        let decided_at = parts.next().and_then(|at| at.parse().ok()).ok_or_else(|| self.not_for_you())?;
        let id = parts.next().unwrap_or_default().to_owned();
        let words = parts.next().unwrap_or_default();
        // The list may be old, and read in a DM.
        self.may_read(&channel, &action.user).await?;
        self.page(&channel, words, Some(&Behind { decided_at, id }), &action.user).await
    }

    async fn page(
        self,
        channel: &ChannelId,
        typed: &str,
        behind: Option<&Behind>,
        user: &UserId,
    ) -> Result<Answer<'c>, Failure> {
        let context = self.context;
        let search = Search::of(typed);
        let limit = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
        let mut found = store::page(&context.store, channel, &search.words, behind, limit).await?;
        let has_more = found.len() > PAGE;
        found.truncate(PAGE);
        let words = search.typed;
        let Some(last) = found.last() else {
            let none = messages::none_found(channel, &words, behind.is_none(), self.command);
            return Ok(Answer::reply(Reply::Ephemeral(none)));
        };
        let older = has_more.then(|| {
            let Behind { decided_at, id } = Behind::from(last);
            format!("{channel} {decided_at} {id} {words}")
        });
        let page = ListPage {
            channel,
            words: &words,
            is_cut: search.is_cut,
            decisions: &found,
            older,
            today: self.today_of(user).await?,
            workspace: &context.workspace_url,
        };
        Ok(Answer::reply(Reply::Ephemeral(messages::list(&page, self.ritual, self.command))))
    }

    /// Answers with all that the decision says which was chosen in the menu of a list.
    pub(super) async fn show_chosen(self, action: &Action) -> Result<Answer<'c>, Failure> {
        match &action.chosen {
            Some(FieldValue::Choice(id)) => self.show(id.clone(), &action.user).await,
            _ => Err(self.not_for_you()),
        }
    }

    /// Answers with all that a decision says, and its last versions.
    pub(super) async fn show(self, id: String, user: &UserId) -> Result<Answer<'c>, Failure> {
        self.versions_below(&id, i64::MAX, user).await
    }

    /// Answers with the versions before those that were shown.
    pub(super) async fn older_versions(self, action: &Action) -> Result<Answer<'c>, Failure> {
        let (id, below) = action.value.split_once(' ').ok_or_else(|| self.not_for_you())?;
        let below = below.parse().map_err(|_| self.not_for_you())?;
        self.versions_below(id, below, &action.user).await
    }

    async fn versions_below(self, id: &str, below: i64, user: &UserId) -> Result<Answer<'c>, Failure> {
        let context = self.context;
        let current = self.seen(id, user).await?;
        let limit = i64::try_from(VERSIONS_SHOWN + 1).unwrap_or(i64::MAX);
        let mut versions = store::versions(&context.store, id, below, limit).await?;
        let has_earlier = versions.len() > VERSIONS_SHOWN;
        versions.truncate(VERSIONS_SHOWN);
        if versions.is_empty() {
            return Err(self.not_for_you());
        }
        let page = VersionsPage {
            has_current: versions.first().map(|version: &Decision| version.version) == Some(current.version),
            versions: &versions,
            has_earlier,
            today: self.today_of(user).await?,
            workspace: &context.workspace_url,
        };
        Ok(Answer::reply(Reply::Ephemeral(messages::versions(&page, self.ritual))))
    }

    /// Returns the date by a person's own clock.
    async fn today_of(self, user: &UserId) -> Result<chrono::NaiveDate, Failure> {
        let zone = self.context.store.zone_of(user).await?.unwrap_or(self.context.zone);
        Ok(self.context.now.with_timezone(&zone).date_naive())
    }
}
