//! The Slack client: every call has a timeout and is counted.

mod lists;
mod messages;
mod places;
#[cfg(test)]
mod tests;
mod views;

use std::{
    collections::BTreeSet,
    sync::{Arc, OnceLock},
    time::Duration,
};

use anyhow::{Context, ensure};
use chrono::{DateTime, Utc};
use hyper_rustls::ConfigBuilderExt as _;
use hyper_util::client::legacy::connect::HttpConnector;
use secrecy::{ExposeSecret, SecretString};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use slack_morphism::{
    SlackApiToken, SlackClient,
    hyper_tokio::{SlackClientHyperConnector, SlackHyperClient},
};
use tokio::sync::OnceCell;

pub use self::{
    lists::{Channel, Page},
    messages::Posted,
    views::ShownView,
};
pub use super::call::{ASKS_TO_WAIT, CallError};
use super::{
    breaker::Breaker,
    call::{answer_of, counted, plain_answer_of, read},
    responses::{SocketAddress, Who},
};
use crate::model::{
    clock::Instant,
    people::{TeamId, UserId},
};

/// How many rows a page has; Slack gives no more.
const PAGE: &str = "200";

/// The result of searching a page of history for a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Looked {
    /// Its timestamp.
    Found(String),
    /// It is not on this page; the cursor of the next page.
    More(String),
    /// It is not on this page, which was the last.
    Nowhere,
}

/// The settings of a client.
#[derive(Clone, Debug)]
pub struct ClientSettings {
    /// For example `https://slack.com/api`.
    pub api_url: String,
    /// `xoxb-…`
    pub bot_token: SecretString,
    /// `xapp-…`, for Socket Mode.
    pub app_token: Option<SecretString>,
    pub call_timeout: Duration,
}

/// Who the bot is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    pub team: TeamId,
    pub team_name: String,
    /// The workspace's address.
    pub url: String,
    /// The bot as a member.
    pub bot_user: UserId,
    /// The bot as a bot (`B…`).
    pub bot_id: String,
    /// The scopes of its token; `None` where Slack's answer does not say.
    pub scopes: Option<BTreeSet<String>>,
}

/// A client for one workspace. Cheap to clone.
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

/// Returns the settings of TLS. All clients of a process share the machine's roots: reading them again would cost time and memory.
fn tls() -> anyhow::Result<rustls::ClientConfig> {
    static READ: OnceLock<rustls::ClientConfig> = OnceLock::new();
    if let Some(tls) = READ.get() {
        return Ok(tls.clone());
    }
    let roots = rustls::ClientConfig::builder().with_native_roots();
    let tls = roots.context("the machine's root certificates cannot be read")?.with_no_client_auth();
    Ok(READ.get_or_init(|| tls).clone())
}

impl Slack {
    /// Builds a client. Nothing is sent yet.
    pub fn new(settings: ClientSettings) -> anyhow::Result<Slack> {
        let ClientSettings { api_url, bot_token, app_token, call_timeout: patience } = settings;
        // Two libraries below speak TLS; both take the provider that the process has installed, if it has one.
        rustls::crypto::ring::default_provider().install_default().ok();
        let api_url = api_url.trim_end_matches('/').to_owned();
        let address = reqwest::Url::parse(&api_url).context("SLACK_API_URL is not an address")?;
        ensure!(
            matches!(address.scheme(), "http" | "https"),
            "SLACK_API_URL must begin with https:// or http://"
        );
        // Connecting times out before the call, so that "could not connect" is told from "sent and lost".
        let connecting = patience / 2;

        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_connect_timeout(Some(connecting));
        tcp.set_keepalive(Some(Duration::from_secs(30)));
        tcp.set_nodelay(true);
        let tls = tls()?;
        let https = hyper_rustls::HttpsConnectorBuilder::new()
            .with_tls_config(tls.clone())
            .https_or_http()
            // HTTP/1 only: a connection that lost a request is closed with it, whereas a dead shared HTTP/2 connection
            // would lose every later call, too.
            .enable_http1()
            .wrap_connector(tcp);
        let api = SlackClient::new(SlackClientHyperConnector::from(https).with_slack_api_url(&api_url));
        let web = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
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

    /// Returns what is known of the bot's token.
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
            // slack-morphism hides headers, and only this one lists the granted scopes.
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
        // It cannot change while the token is the same, so the first answer is kept for callers that need only that.
        self.inner.me.set(identity.clone()).ok();
        Ok(identity)
    }

    /// Returns Slack's time, to the second, from the `Date` of an answer.
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

    /// Returns who the bot is, and asks Slack only once.
    async fn me(&self) -> Result<Identity, CallError> {
        match self.inner.me.get() {
            Some(identity) => Ok(identity.clone()),
            None => self.identity().await,
        }
    }

    /// Returns the address of a new Socket Mode connection; it holds a secret and works once.
    pub async fn open_socket(&self) -> Result<String, CallError> {
        const METHOD: &str = "apps.connections.open";
        let Some(app) = &self.inner.app else {
            let error = "no_app_token".to_owned();
            return Err(CallError::Refused { method: METHOD, error, needed: None, detail: None });
        };
        let session = self.inner.api.open_session(app);
        let nothing = json!({});
        let call = session.http_session_api.http_post(METHOD, &nothing, None);
        let socket: SocketAddress = answer_of(METHOD, self.inner.patience, call).await?;
        Ok(socket.url)
    }

    /// Calls a method that takes JSON. The answer is read by our own structs, which require only what is used here: an
    /// answer that cannot be read counts as lost, and a lost answer to a post is expensive.
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

/// Reads a token that can be sent; spaces around it are ignored.
fn token(secret: &SecretString) -> anyhow::Result<SlackApiToken> {
    let token = secret.expose_secret().trim();
    ensure!(!token.is_empty(), "the token is empty");
    ensure!(token.chars().all(|c| c.is_ascii_graphic()), "the token holds characters that no token has");
    Ok(SlackApiToken::new(token.into()))
}
