//! Puts the parts together: the store, Slack, the engine's loops and the listeners; starts and stops them.

mod doors;
mod loops;
mod open_files;

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use secrecy::ExposeSecret as _;
use tokio::{
    sync::{mpsc, watch},
    time::Instant as TokioInstant,
};
use tokio_util::task::TaskTracker;

pub use self::doors::Doors;

use crate::{
    config::{Config, ConfigError},
    engine::{
        Engine,
        directory::{Lists, Readings},
        dispatch::Dispatch,
        outbox::Outbox,
        stopped,
        supervisor::Supervisor,
        ticker::Ticker,
        timekeeper::Timekeeper,
        waiting::WaitingEffects,
    },
    model::{backoff::Backoff, clock::Clock, entropy::Entropy, refusal::is_bad_token},
    ritual::LookedUp,
    slack::{self, CallError, Identity, Slack, pacing::Pacer},
    store::{Opening, Store, StoreError},
};

/// How long work in progress at a shutdown may take. Docker kills after ten seconds.
const DRAIN: Duration = Duration::from_secs(8);
/// How long the store may take to close after that.
const CLOSING: Duration = Duration::from_secs(1);

/// Why the bot did not start. Each is one line that says how to fix it.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("{0}")]
    Config(#[from] ConfigError),
    #[error("{0}")]
    Store(#[from] StoreError),
    /// The address is taken, or belongs to another machine.
    #[error("cannot listen on {1} ({2}): set {0} to a free address")]
    Listen(&'static str, SocketAddr, io::Error),
    #[error(
        "Slack refuses SLACK_BOT_TOKEN ({0}): copy the Bot User OAuth Token (xoxb-…) of the installed app, \
         under OAuth & Permissions"
    )]
    Token(String),
    /// An error that no setting fixes.
    #[error("{0:#}")]
    Other(anyhow::Error),
}

/// What the bot is started with.
pub struct App {
    pub config: Config,
    /// The process's own clock, by which Slack's signatures are checked.
    pub clock: Clock,
    /// The source of ids and seeds.
    pub entropy: Entropy,
    pub store: Store,
    pub slack: Slack,
    /// What requests do beside their acknowledgement or behind it.
    pub behind: TaskTracker,
    /// Whether there was no database file before.
    is_new: bool,
}

/// A connected bot: everything that the listeners and the loops share.
#[derive(Clone)]
pub struct Bot {
    pub engine: Engine,
    pub dispatch: Dispatch,
    pub outbox: Outbox,
    pub ticker: Ticker,
    /// Reads people, user groups and the list of channels.
    pub lists: Lists,
    /// Reads channels.
    pub readings: Readings,
    /// Resolves jumps of the clock.
    pub timekeeper: Timekeeper,
    pub supervisor: Supervisor,
}

impl App {
    /// Opens the store and prepares the client; nothing is sent yet.
    pub async fn open(config: Config, clock: Clock, entropy: Entropy) -> Result<App, StartError> {
        App::open_for(Opening::ToRun, config, clock, entropy).await
    }

    /// Does the same with a store that is opened for something else than a bot's life.
    pub async fn open_for(
        opening: Opening,
        config: Config,
        clock: Clock,
        entropy: Entropy,
    ) -> Result<App, StartError> {
        let settings = slack::ClientSettings {
            api_url: config.slack.api_url.clone(),
            bot_token: config.bot_token()?.clone(),
            app_token: config.slack.app_token.clone(),
            call_timeout: config.slack.call_timeout,
        };
        let slack = Slack::new(settings).map_err(StartError::Other)?;
        let url = config.store.url.expose_secret();
        let is_new = Store::can_be_made(url);
        let store = Store::open(url, opening).await?;
        Ok(App { config, clock, entropy, store, slack, behind: TaskTracker::new(), is_new })
    }

    /// Asks Slack who the bot is, claims the database for its workspace, and builds the engine. While Slack is away it
    /// keeps asking.
    pub async fn connect(&self) -> Result<Bot, StartError> {
        let identity = self.identity().await?;
        let now = self.clock.now();
        self.store.claim_workspace(&identity.team, &identity.bot_user, now).await?;
        tracing::info!(team = %identity.team, name = identity.team_name, bot = %identity.bot_user, "connected to Slack");
        if self.is_new {
            // After the first start this line shows that a database was lost.
            tracing::info!("there was no database at DATABASE_URL: a new and empty one is made");
        }
        let clock = self.store.clock(&self.clock).await?;
        Ok(self.bot(identity, clock))
    }

    async fn identity(&self) -> Result<Identity, StartError> {
        const BACKOFF: Backoff = Backoff::new(Duration::from_secs(1), Duration::from_mins(1));
        let mut failures = 0_u32;
        loop {
            let error = match self.slack.identity().await {
                Ok(identity) => return Ok(identity),
                Err(CallError::Refused { error, .. }) if is_bad_token(&error) => {
                    return Err(StartError::Token(error));
                }
                Err(error) => error,
            };
            let pause = BACKOFF.pause(failures);
            tracing::warn!(%error, retry_in_seconds = pause.as_secs(), "Slack does not say who the bot is; trying again");
            self.clock.sleep_until(self.clock.now() + pause).await;
            failures = failures.saturating_add(1);
        }
    }

    fn bot(&self, identity: Identity, clock: Clock) -> Bot {
        let rituals = self.config.rituals();
        let engine = Engine {
            store: self.store.clone(),
            slack: self.slack.clone(),
            pacer: Arc::new(Pacer::new(clock.now())),
            clock,
            entropy: self.entropy.clone(),
            team: identity.team,
            bot: identity.bot_user,
            workspace_url: identity.url.into(),
            scopes: identity.scopes.map(Arc::new),
            zone: self.config.people.zone,
            departments: self.config.people.departments.as_slice().into(),
            authority: Arc::new(self.config.people.authority.clone()),
            holidays: self.config.holidays.clone(),
            rituals: rituals.into(),
            rondo_command: self.config.commands.rondo.as_str().into(),
            looked_up: LookedUp::default(),
            waiting: WaitingEffects::default(),
            behind: self.behind.clone(),
        };
        Bot {
            dispatch: Dispatch::new(engine.clone()),
            outbox: Outbox::new(engine.clone(), self.config.slack.call_timeout),
            ticker: Ticker::new(engine.clone()),
            lists: Lists::new(engine.clone()),
            readings: Readings::new(engine.clone()),
            timekeeper: Timekeeper::new(engine.clone(), self.clock.clone()),
            supervisor: Supervisor::default(),
            engine,
        }
    }

    /// Runs until the shutdown, or until a fatal error. `ready` is called once, when a listener is open, with the
    /// address of health, readiness and metrics.
    pub async fn run(
        self,
        mut shutdown: watch::Receiver<bool>,
        ready: impl FnOnce(SocketAddr),
    ) -> Result<(), StartError> {
        // Parts are stopped by the shutdown and by fatal errors.
        let (stop, stopping) = watch::channel(false);
        let (fatal, mut fell) = mpsc::channel(1);
        let doors = Doors::open(&self, fatal.clone(), stopping.clone()).await?;
        let bot = tokio::select! {
            bot = self.connect() => bot?,
            () = stopped(&mut shutdown) => {
                stop.send_replace(true);
                doors.close(TokioInstant::now() + DRAIN).await;
                return Ok(());
            }
        };
        let mut loops = loops::start(&bot, &doors.metrics, fatal, &stopping);
        loops.spawn(doors.admit(bot, stopping));
        ready(doors.admin);
        let ended = tokio::select! {
            () = stopped(&mut shutdown) => Ok(()),
            Some(error) = fell.recv() => Err(error),
        };
        tracing::info!("stopping: what is in hand is finished");
        stop.send_replace(true);
        // One deadline for all, since the process may be killed soon after it.
        let deadline = TokioInstant::now() + DRAIN;
        let drained = tokio::time::timeout_at(deadline, async {
            while loops.join_next().await.is_some() {}
            self.behind.close();
            self.behind.wait().await;
        });
        if drained.await.is_err() {
            tracing::warn!(
                "some work was still in hand after {} s; it goes on at the next start",
                DRAIN.as_secs()
            );
        }
        doors.close(deadline).await;
        if tokio::time::timeout_at(deadline + CLOSING, self.store.close()).await.is_err() {
            tracing::warn!("the database did not let go in time; what was committed is safe");
        }
        Ok(ended?)
    }
}
