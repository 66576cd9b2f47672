//! Posts, changes and deletes messages, and searches for one whose answer was lost.

use serde::Deserialize;
use serde_json::{Value, json};
use slack_morphism::{
    SlackMessageMetadata,
    api::{
        SlackApiChatDeleteRequest, SlackApiChatPostEphemeralRequest, SlackApiChatPostMessageRequest,
        SlackApiChatUpdateRequest,
    },
};

use super::{
    super::{
        blocks,
        blocks::Ephemeral,
        call::{counted, plain_answer_of},
        response_url,
        responses::{Done, History, More},
    },
    CallError, Identity, Looked, PAGE, Slack,
};
use crate::model::{
    clock::Instant,
    message::Message,
    people::{ChannelId, UserId},
};

/// The type of the metadata on Rondo's messages, by which it finds them again.
const EFFECT: &str = "rondo_effect";

/// By how much Slack's clock may run behind ours in a search of its history.
const CLOCK_SKEW_SECONDS: i64 = 60;

/// Where a message was posted.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Posted {
    /// For a DM the conversation's own id, not the person's.
    pub channel: ChannelId,
    /// The message's timestamp, which identifies it in that conversation.
    pub ts: String,
}

impl Slack {
    /// Posts a message to a channel, or to a person's DM if `to` is a person's id. The key is put into its metadata, so
    /// that [`Slack::find_posted`] finds it.
    pub async fn post(&self, to: &str, message: &Message, effect_key: &str) -> Result<Posted, CallError> {
        self.post_with(message, |message| new_post(to, message, effect_key)).await
    }

    /// Posts a message into the thread below another one; [`Slack::find_reply`] finds it by its key.
    pub async fn post_reply(
        &self,
        channel: &str,
        thread_ts: &str,
        message: &Message,
        effect_key: &str,
    ) -> Result<Posted, CallError> {
        let request =
            |message: &Message| new_post(channel, message, effect_key).with_thread_ts(thread_ts.into());
        self.post_with(message, request).await
    }

    /// Posts a message, and once more with text in place of its figures if Slack doesn't take these.
    async fn post_with(
        &self,
        message: &Message,
        request: impl Fn(&Message) -> SlackApiChatPostMessageRequest,
    ) -> Result<Posted, CallError> {
        const METHOD: &str = "chat.postMessage";
        match self.call(METHOD, &request(message)).await {
            Err(error) if lies_in_figures(&error, message) => {
                let plain = request(&message.clone().without_figures());
                self.call(METHOD, &plain).await
            }
            outcome => outcome,
        }
    }

    /// Shows a message to one person in a channel, or in a thread of it, until they reload. Slack says whether it took
    /// the message, not whether the person saw it, and keeps no history of it.
    pub async fn post_ephemeral(
        &self,
        channel: &ChannelId,
        thread_ts: Option<&str>,
        user: &UserId,
        message: &Message,
    ) -> Result<(), CallError> {
        let content = blocks::content(message, blocks::POSTED_TEXT);
        let request =
            SlackApiChatPostEphemeralRequest::new(channel.as_str().into(), user.as_str().into(), content)
                .opt_thread_ts(thread_ts.map(Into::into));
        self.call::<_, Done>("chat.postEphemeral", &request).await.map(drop)
    }

    /// Changes a posted message.
    pub async fn update(
        &self,
        channel: &ChannelId,
        ts: &str,
        message: &Message,
        effect_key: &str,
    ) -> Result<(), CallError> {
        const METHOD: &str = "chat.update";
        let request = |message: &Message| {
            let mut content = blocks::content(message, blocks::UPDATED_TEXT).with_metadata(mark(effect_key));
            // Without this the old blocks would stay; an empty list removes them.
            content.blocks.get_or_insert_default();
            SlackApiChatUpdateRequest::new(channel.as_str().into(), content, ts.into())
                .with_parse("none".to_owned())
        };
        match self.call::<_, Done>(METHOD, &request(message)).await {
            Err(error) if lies_in_figures(&error, message) => {
                let plain = request(&message.clone().without_figures());
                self.call::<_, Done>(METHOD, &plain).await.map(drop)
            }
            outcome => outcome.map(drop),
        }
    }

    /// Deletes a message of the bot. The replies in its thread stay.
    pub async fn delete(&self, channel: &ChannelId, ts: &str) -> Result<(), CallError> {
        let request = SlackApiChatDeleteRequest::new(channel.as_str().into(), ts.into());
        self.call::<_, Done>("chat.delete", &request).await.map(drop)
    }

    /// Pins a message to its channel. Pinning it twice succeeds.
    pub async fn pin(&self, channel: &ChannelId, ts: &str) -> Result<(), CallError> {
        let request = json!({ "channel": channel, "timestamp": ts });
        match self.call::<_, Done>("pins.add", &request).await {
            Err(CallError::Refused { error, .. }) if error == "already_pinned" => Ok(()),
            outcome => outcome.map(drop),
        }
    }

    /// Posts to a `response_url`, visible to one person; `replace` replaces the message that held the button. An
    /// address that is not Slack's is refused for good, without a call.
    pub async fn respond(&self, url: &str, message: &Message, replace: bool) -> Result<(), CallError> {
        const METHOD: &str = "response_url";
        let Some(url) = response_url::allowed(url, &self.inner.api_url) else {
            let error = "address_not_of_slack".to_owned();
            return counted(
                METHOD,
                Err(CallError::Refused { method: METHOD, error, needed: None, detail: None }),
            );
        };
        let body = Ephemeral::new(message).replacing(replace);
        let request = self.inner.web.post(url).json(&body);
        counted(METHOD, plain_answer_of(METHOD, self.inner.patience, request).await).map(drop)
    }

    /// Searches one page of a conversation's history, newest first, for the bot's own message with this key, posted
    /// between two instants of ours.
    pub async fn find_posted(
        &self,
        channel: &ChannelId,
        effect_key: &str,
        between: [Instant; 2],
        cursor: Option<&str>,
    ) -> Result<Looked, CallError> {
        self.find("conversations.history", (channel, None), effect_key, between, cursor).await
    }

    /// Like [`Slack::find_posted`], in the thread below a message: a conversation's history does not contain replies.
    pub async fn find_reply(
        &self,
        (channel, thread_ts): (&ChannelId, &str),
        effect_key: &str,
        between: [Instant; 2],
        cursor: Option<&str>,
    ) -> Result<Looked, CallError> {
        self.find("conversations.replies", (channel, Some(thread_ts)), effect_key, between, cursor).await
    }

    async fn find(
        &self,
        method: &'static str,
        (channel, thread_ts): (&ChannelId, Option<&str>),
        effect_key: &str,
        [after, before]: [Instant; 2],
        cursor: Option<&str>,
    ) -> Result<Looked, CallError> {
        let me = self.me().await?;
        let oldest = (after.timestamp() - CLOCK_SKEW_SECONDS).to_string();
        let latest = (before.timestamp() + CLOCK_SKEW_SECONDS).to_string();
        let parameters = [
            ("channel", Some(channel.as_str())),
            ("ts", thread_ts),
            ("oldest", Some(oldest.as_str())),
            ("latest", Some(latest.as_str())),
            ("include_all_metadata", Some("true")),
            ("limit", Some(PAGE)),
            ("cursor", cursor),
        ];
        let page: History = self.ask(method, &parameters).await?;
        let found = page.messages.iter().find(|message| is_marked(message, &me, effect_key));
        Ok(match found.and_then(|message| message.get("ts")).and_then(Value::as_str) {
            Some(ts) => Looked::Found(ts.to_owned()),
            None => page.response_metadata.and_then(More::next).map_or(Looked::Nowhere, Looked::More),
        })
    }
}

/// Whether Slack refuses a message for blocks that text can replace: not every workspace draws tables and charts yet.
fn lies_in_figures(error: &CallError, message: &Message) -> bool {
    error.code() == "invalid_blocks" && message.has_figures()
}

fn new_post(to: &str, message: &Message, effect_key: &str) -> SlackApiChatPostMessageRequest {
    let content = blocks::content(message, blocks::POSTED_TEXT).with_metadata(mark(effect_key));
    SlackApiChatPostMessageRequest::new(to.into(), content).with_unfurl_links(false).with_unfurl_media(false)
}

/// Builds the metadata of a message of ours. Its values are strings only: slack-morphism reads no others.
fn mark(effect_key: &str) -> SlackMessageMetadata {
    SlackMessageMetadata::new(EFFECT.to_owned())
        .with_event_payload([("key".to_owned(), effect_key.to_owned())].into())
}

/// Whether a message of the history is the bot's own and carries the key.
fn is_marked(message: &Value, me: &Identity, effect_key: &str) -> bool {
    let text = |pointer| message.pointer(pointer).and_then(Value::as_str);
    let own = match (text("/user"), text("/bot_id")) {
        (Some(user), _) => user == me.bot_user.as_str(),
        (None, bot) => bot == Some(me.bot_id.as_str()),
    };
    own && text("/metadata/event_type") == Some(EFFECT)
        && text("/metadata/event_payload/key") == Some(effect_key)
}
