//! The one way out to Slack: every call, each under a timeout, each counted.

mod lists;
#[cfg(test)]
mod tests;

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use anyhow::{Context, ensure};
use chrono::{DateTime, Utc};
use hyper_util::client::legacy::connect::HttpConnector;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use slack_morphism::{
    SlackApiToken, SlackClient, SlackMessageMetadata,
    api::{SlackApiChatPostMessageRequest, SlackApiChatUpdateRequest, SlackApiViewsOpenRequest},
    hyper_tokio::{SlackClientHyperConnector, SlackHyperClient},
};
use tokio::sync::OnceCell;

pub use self::lists::{Channel, Page};
pub use super::call::CallError;
use super::{
    answers::{Done, History, More, Opened, Socket, Who},
    blocks,
    breaker::Breaker,
    call::{answer_of, counted, plain_answer_of, read},
    replies::Ephemeral,
    response_url,
};
use crate::model::{
    clock::Instant,
    message::{Message, Modal},
    people::{ChannelId, TeamId, UserId},
};

/// The kind of metadata that Rondo puts on its messages, by which it finds them again.
const EFFECT: &str = "rondo_effect";

/// How many rows a page has; Slack gives no more.
const PAGE: &str = "200";

/// By how much Slack's clock and ours may differ when its history is searched.
const CLOCK_SKEW_SECONDS: i64 = 60;

/// What a page of history says of a message that is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Looked {
    /// It is there, with this timestamp.
    Found(String),
    /// It is not on this page, and this is how to ask for the next one.
    More(String),
    /// It is not on this page, which was the last.
    Nowhere,
}

/// What the client needs to know.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where the Web API is, as in `https://slack.com/api`.
    pub api_url: String,
    /// The bot's token (`xoxb-…`).
    pub bot_token: SecretString,
    /// The app's token (`xapp-…`), for Socket Mode.
    pub app_token: Option<SecretString>,
    /// How long a call may take.
    pub call_timeout: Duration,
}

/// Who the bot is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Its workspace.
    pub team: TeamId,
    /// What the workspace is called.
    pub team_name: String,
    /// Where the workspace is.
    pub url: String,
    /// The bot as a member.
    pub bot_user: UserId,
    /// The bot as a bot (`B…`).
    pub bot_id: String,
    /// What its token may do; `None` where Slack's answer does not say.
    pub scopes: Option<BTreeSet<String>>,
}

/// Where a message was posted.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Posted {
    /// In which conversation; for a DM its own id, not the person's.
    pub channel: ChannelId,
    /// The message's timestamp, which is its name in that conversation.
    pub ts: String,
}

/// Slack, as seen from here.
#[derive(Clone)]
pub struct Slack {
    inner: Arc<Inner>,
}

struct Inner {
    api: SlackHyperClient,
    web: reqwest::Client,
    api_url: String,
    bot: SlackApiToken,
    app: Option<SlackApiToken>,
    patience: Duration,
    me: OnceCell<Identity>,
    breaker: Breaker,
}

impl Slack {
    /// A client for one workspace. Nothing is sent yet.
    pub fn new(settings: Settings) -> anyhow::Result<Slack> {
        let Settings { api_url, bot_token, app_token, call_timeout: patience } = settings;
        // Two libraries below speak TLS; both take the provider that the process has installed, if it has one.
        rustls::crypto::ring::default_provider().install_default().ok();
        let api_url = api_url.trim_end_matches('/').to_owned();
        let address = reqwest::Url::parse(&api_url).context("SLACK_API_URL is not an address")?;
        ensure!(
            matches!(address.scheme(), "http" | "https"),
            "SLACK_API_URL must begin with https:// or http://"
        );
        // Connecting is given up before the call is, so that "could not connect" is told from "sent and lost".
        let connecting = patience / 2;

        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_connect_timeout(Some(connecting));
        tcp.set_keepalive(Some(Duration::from_secs(30)));
        tcp.set_nodelay(true);
        let https = hyper_rustls::HttpsConnectorBuilder::new()
            .with_native_roots()
            .context("the machine's root certificates cannot be read")?
            .https_or_http()
            // HTTP/1 only: a connection that swallowed a request dies with it, whereas one shared HTTP/2 connection
            // that went dead would swallow every call after it, too.
            .enable_http1()
            .wrap_connector(tcp);
        let api = SlackClient::new(SlackClientHyperConnector::from(https).with_slack_api_url(&api_url));
        let web = reqwest::Client::builder()
            .timeout(patience)
            .connect_timeout(connecting)
            .redirect(reqwest::redirect::Policy::none())
            // The Web API client knows no proxies, so this one must not know any either.
            .no_proxy()
            .build()
            .context("the HTTP client cannot be built")?;
        let bot = token(&bot_token).context("SLACK_BOT_TOKEN")?;
        let app = app_token.as_ref().map(token).transpose().context("SLACK_APP_TOKEN")?;
        let (me, breaker) = Default::default();
        Ok(Slack { inner: Arc::new(Inner { api, web, api_url, bot, app, patience, me, breaker }) })
    }

    /// What is known of the bot's token.
    pub fn breaker(&self) -> &Breaker {
        &self.inner.breaker
    }

    /// Asks Slack who the bot is and what it may do (`auth.test`).
    pub async fn identity(&self) -> Result<Identity, CallError> {
        const METHOD: &str = "auth.test";
        let inner = &self.inner;
        let request = inner
            .web
            .post(format!("{}/{METHOD}", inner.api_url))
            .bearer_auth(&inner.bot.token_value.0)
            .json(&json!({}));
        let outcome = plain_answer_of(METHOD, inner.patience, request).await.and_then(|(headers, text)| {
            let body: Value = serde_json::from_str(&text).unwrap_or_default();
            let who: Who = read(METHOD, body)?;
            // slack-morphism hides headers, and only this one tells which scopes were granted.
            let granted = headers.get("x-oauth-scopes").and_then(|scopes| scopes.to_str().ok());
            let named = |granted: &str| {
                let scopes = granted.split(',').map(str::trim).filter(|scope| !scope.is_empty());
                scopes.map(str::to_owned).collect()
            };
            Ok(Identity {
                team: who.team_id,
                team_name: who.team,
                url: who.url,
                bot_user: who.user_id,
                bot_id: who.bot_id.unwrap_or_default(),
                scopes: granted.map(named),
            })
        });
        inner.breaker.learn_from_probe(&outcome);
        let identity = counted(METHOD, outcome)?;
        // It cannot change while the token is the same, so the first answer is kept for those who need only that.
        self.inner.me.set(identity.clone()).ok();
        Ok(identity)
    }

    /// What Slack's clock shows, to the second, from the `Date` of an answer.
    pub async fn time(&self) -> Result<Instant, CallError> {
        const METHOD: &str = "api.test";
        let inner = &self.inner;
        let request = inner.web.post(format!("{}/{METHOD}", inner.api_url)).json(&json!({}));
        let (headers, _) = counted(METHOD, plain_answer_of(METHOD, inner.patience, request).await)?;
        let date = headers.get("date").and_then(|date| date.to_str().ok()).unwrap_or_default();
        let date = DateTime::parse_from_rfc2822(date).map_err(|_| CallError::Lost {
            method: METHOD,
            cause: "its answer carries no date".to_owned(),
        })?;
        Ok(date.with_timezone(&Utc))
    }

    /// Who the bot is, asked once.
    async fn me(&self) -> Result<Identity, CallError> {
        match self.inner.me.get() {
            Some(identity) => Ok(identity.clone()),
            None => self.identity().await,
        }
    }

    /// Posts a message to a channel, or to a person's DM when `to` is a person's id. The key is written on it, so
    /// that [`Slack::find_posted`] finds it.
    pub async fn post(&self, to: &str, message: &Message, effect_key: &str) -> Result<Posted, CallError> {
        let content = blocks::content(message, blocks::POSTED_TEXT).with_metadata(mark(effect_key));
        let request = SlackApiChatPostMessageRequest::new(to.into(), content)
            .with_unfurl_links(false)
            .with_unfurl_media(false);
        self.call("chat.postMessage", &request).await
    }

    /// Changes a message that was posted.
    pub async fn update(
        &self,
        channel: &ChannelId,
        ts: &str,
        message: &Message,
        effect_key: &str,
    ) -> Result<(), CallError> {
        let mut content = blocks::content(message, blocks::UPDATED_TEXT).with_metadata(mark(effect_key));
        // Left out, the old blocks would stay; an empty list takes them away.
        content.blocks.get_or_insert_default();
        let request = SlackApiChatUpdateRequest::new(channel.as_str().into(), content, ts.into())
            .with_parse("none".to_owned());
        self.call::<_, Done>("chat.update", &request).await.map(drop)
    }

    /// Answers at a `response_url`, for one person's eyes; `replace` puts it in the place of the message that held
    /// the button. An address that is not Slack's is refused for good, without a call.
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

    /// The DM of these people with the bot, opened if need be: a group DM where they are several. Slack opens the same
    /// one for the same people, so this may be repeated freely.
    pub async fn open_dm(&self, people: &[UserId]) -> Result<ChannelId, CallError> {
        let people: Vec<&str> = people.iter().map(UserId::as_str).collect();
        let request = json!({ "users": people.join(",") });
        let opened: Opened = self.call("conversations.open", &request).await?;
        Ok(opened.channel.id)
    }

    /// Looks for the bot's own message that carries this key in one page of a conversation's history, newest first. It was
    /// posted between two instants of ours, if at all.
    pub async fn find_posted(
        &self,
        channel: &ChannelId,
        effect_key: &str,
        [after, before]: [Instant; 2],
        cursor: Option<&str>,
    ) -> Result<Looked, CallError> {
        let me = self.me().await?;
        let oldest = (after.timestamp() - CLOCK_SKEW_SECONDS).to_string();
        let latest = (before.timestamp() + CLOCK_SKEW_SECONDS).to_string();
        let parameters = [
            ("channel", Some(channel.as_str())),
            ("oldest", Some(oldest.as_str())),
            ("latest", Some(latest.as_str())),
            ("include_all_metadata", Some("true")),
            ("limit", Some(PAGE)),
            ("cursor", cursor),
        ];
        let page: History = self.ask("conversations.history", &parameters).await?;
        let found = page.messages.iter().find(|message| is_marked(message, &me, effect_key));
        Ok(match found.and_then(|message| message.get("ts")).and_then(Value::as_str) {
            Some(ts) => Looked::Found(ts.to_owned()),
            None => page.response_metadata.and_then(More::next).map_or(Looked::Nowhere, Looked::More),
        })
    }

    /// Opens a modal for whoever holds the trigger.
    pub async fn open_view(&self, trigger: &str, modal: &Modal) -> Result<(), CallError> {
        let request = SlackApiViewsOpenRequest::new(trigger.into(), blocks::view(modal));
        self.call::<_, Done>("views.open", &request).await.map(drop)
    }

    /// The address of a new Socket Mode connection; it holds a secret and is good once.
    pub async fn open_socket(&self) -> Result<String, CallError> {
        const METHOD: &str = "apps.connections.open";
        let Some(app) = &self.inner.app else {
            let error = "no_app_token".to_owned();
            return Err(CallError::Refused { method: METHOD, error, needed: None, detail: None });
        };
        let session = self.inner.api.open_session(app);
        let nothing = json!({});
        let call = session.http_session_api.http_post(METHOD, &nothing, None);
        let socket: Socket = answer_of(METHOD, self.inner.patience, call).await?;
        Ok(socket.url)
    }

    /// Calls a method that takes JSON. The answer is read by structs of ours, which want only what is used here:
    /// an answer that cannot be read counts as lost, and a lost answer to a post is dear.
    async fn call<Q, A>(&self, method: &'static str, request: &Q) -> Result<A, CallError>
    where
        Q: Serialize + Send + Sync,
        A: DeserializeOwned,
    {
        let session = self.inner.api.open_session(&self.inner.bot);
        let call = session.http_session_api.http_post(method, request, None);
        self.inner.breaker.guard(method, answer_of(method, self.inner.patience, call)).await
    }

    /// Calls a method that only reads.
    async fn ask<A>(&self, method: &'static str, parameters: &[(&str, Option<&str>)]) -> Result<A, CallError>
    where
        A: DeserializeOwned,
    {
        let session = self.inner.api.open_session(&self.inner.bot);
        let parameters = parameters.to_vec();
        let call = session.http_session_api.http_get(method, &parameters, None);
        self.inner.breaker.guard(method, answer_of(method, self.inner.patience, call)).await
    }
}

/// A token that can be sent; spaces around it are a slip of the hand.
fn token(secret: &SecretString) -> anyhow::Result<SlackApiToken> {
    let token = secret.expose_secret().trim();
    ensure!(!token.is_empty(), "the token is empty");
    ensure!(token.chars().all(|c| c.is_ascii_graphic()), "the token holds characters that no token has");
    Ok(SlackApiToken::new(token.into()))
}

/// The mark on a message of ours. Its values are strings only: slack-morphism reads no others.
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
