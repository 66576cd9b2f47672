//! The bot in a sandbox workspace. Tests move the clock and take the loops' steps one by one.

use std::{collections::BTreeMap, time::Duration};

use rondo::{
    app::{App, Bot as Parts, Doors},
    config::{Config, Environment},
    engine::turns::Turn,
    manifest::{self, Mode},
    model::{
        clock::{Clock, Instant, from_ms},
        entropy::Entropy,
    },
    ritual::Registration,
    rituals,
};
use secrecy::ExposeSecret as _;
use slack_sandbox::{Answer, Message, NewPerson, PersonHandle, PersonKind, Sandbox};
use tempfile::TempDir;
use tokio::sync::{mpsc, watch};

/// Monday, 5 January 2026, 09:00 UTC.
pub const MONDAY_MORNING: i64 = 1_767_603_600_000;

/// The bot in a small company: ana, ben, cy and dee, a helper bot, a guest and a person who left; `#general` with the
/// bot in it, `#lounge` without, and the private `#secret` without. The user group `@design` is ben and cy.
pub struct Bot {
    pub sandbox: Sandbox,
    pub parts: Parts,
    pub config: Config,
    pub user: String,
    expects_refusals: bool,
    stop: watch::Sender<bool>,
    doors: Doors,
    _folder: TempDir,
}

impl Bot {
    pub async fn on_sqlite() -> Bot {
        Bot::with(None, &[]).await
    }

    pub async fn on(url: &str) -> Bot {
        Bot::with(Some(url), &[]).await
    }

    pub async fn with(url: Option<&str>, settings: &[(&str, &str)]) -> Bot {
        Bot::with_rituals(rituals::ALL, url, settings).await
    }

    /// Starts a bot with these rituals and settings: `("kudos.daily_allowance", "3")` goes into the file, `("RONDO_…", "…")` into
    /// the environment. Scopes in `without` are neither granted nor their events sent: `("without",
    /// "channels:history")`. Those in `with` are granted in addition.
    pub async fn with_rituals(
        registry: &[Registration],
        url: Option<&str>,
        settings: &[(&str, &str)],
    ) -> Bot {
        let folder = tempfile::tempdir().unwrap();
        let clock = slack_sandbox::Clock::frozen_at(MONDAY_MORNING);
        let sandbox = Sandbox::start(slack_sandbox::Options { clock, ..Default::default() }).await.unwrap();
        populate(&sandbox);
        let file = folder.path().join("rondo.toml");
        std::fs::write(&file, toml(settings)).unwrap();
        let mut environment: BTreeMap<String, String> = settings
            .iter()
            .filter(|(key, _)| key.starts_with(char::is_uppercase))
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect();
        let draft = Config::load(registry, Some(&file), &Environment::default()).unwrap();
        let mut asked = manifest::manifest(&draft.rituals(), &draft.commands.rondo, &Mode::Socket);
        // Homes can be published, and no ritual does so far.
        asked["features"]["app_home"]["home_tab_enabled"] = true.into();
        let scopes = asked["oauth_config"]["scopes"]["bot"].as_array_mut().unwrap();
        let granted = |name: &serde_json::Value| {
            !settings.iter().any(|(key, value)| *key == "without" && name == value)
        };
        scopes.retain(granted);
        scopes.extend(settings.iter().filter(|(key, _)| *key == "with").map(|(_, scope)| (*scope).into()));
        asked["settings"]["event_subscriptions"]["bot_events"].as_array_mut().unwrap().retain(granted);
        let install = sandbox.install(&asked).unwrap();
        sandbox.invite("general", &install.bot_user_id);
        let url =
            url.map_or_else(|| format!("sqlite:{}", folder.path().join("rondo.db").display()), str::to_owned);
        environment.extend(
            [
                ("SLACK_API_URL", sandbox.api_url()),
                ("SLACK_BOT_TOKEN", install.bot_token.clone()),
                ("SLACK_APP_TOKEN", install.app_token.clone()),
                ("SLACK_SIGNING_SECRET", install.signing_secret.clone()),
                ("DATABASE_URL", url),
                ("RONDO_LISTEN", "127.0.0.1:0".to_owned()),
                ("RONDO_ADMIN_LISTEN", "127.0.0.1:0".to_owned()),
            ]
            .map(|(key, value)| (key.to_owned(), value)),
        );
        let config = Config::load(registry, Some(&file), &environment.into_iter().collect()).unwrap();
        let app = App::open(config.clone(), clock_of(&sandbox), Entropy::seeded(1)).await.unwrap();
        let (stop, stopped) = watch::channel(false);
        let doors = Doors::open(&app, mpsc::channel(1).0, stopped.clone()).await.unwrap();
        let parts = app.connect().await.unwrap();
        tokio::spawn(doors.admit(parts.clone(), stopped));
        assert!(sandbox.connected().await, "the bot opens its sockets");
        let bot = Bot {
            sandbox,
            parts,
            config,
            user: install.bot_user_id,
            expects_refusals: false,
            stop,
            doors,
            _folder: folder,
        };
        Box::pin(bot.reads_the_workspace()).await;
        bot
    }

    /// Returns the address of the HTTP listener.
    pub fn address(&self) -> String {
        format!("http://{}", self.doors.slack.unwrap())
    }

    /// Returns the address of the database.
    pub fn database(&self) -> String {
        self.config.store.url.expose_secret().to_owned()
    }

    /// Returns the address of health, readiness and metrics.
    pub fn admin(&self) -> String {
        format!("http://{}", self.doors.admin)
    }

    /// Reads the directory as at a start and at night; the clock moves by the time that Slack's limits require.
    /// Events need no reading.
    pub async fn reads_the_workspace(&self) {
        let engine = &self.parts.engine;
        let now = engine.clock.now();
        engine
            .store
            .want_directory(&engine.team, now + chrono::Duration::milliseconds(1), now)
            .await
            .unwrap();
        self.reads_lists().await;
        self.reads_channels().await;
    }

    /// Reads the lists that are requested within the next minutes of sandbox time.
    pub async fn reads_lists(&self) {
        let until = self.parts.engine.clock.now() + chrono::Duration::minutes(5);
        loop {
            match self.parts.lists.read_once().await.unwrap() {
                Turn::Worked | Turn::Refused => {}
                Turn::Idle(Some(at)) if at <= until => self.sandbox.clock().advance_to(at.timestamp_millis()),
                Turn::Idle(_) => return,
            }
        }
    }

    /// Reads the channels that are requested within the next minute of sandbox time.
    pub async fn reads_channels(&self) {
        let until = self.parts.engine.clock.now() + chrono::Duration::minutes(1);
        loop {
            match self.parts.readings.read_once().await.unwrap() {
                Turn::Worked | Turn::Refused => {}
                Turn::Idle(Some(at)) if at <= until => self.sandbox.clock().advance_to(at.timestamp_millis()),
                Turn::Idle(_) => return,
            }
        }
    }

    /// Handles all events that Slack has sent so far, with what follows from them.
    pub async fn hears_events(&self) {
        self.acknowledges_events().await;
        self.reads_channels().await;
    }

    /// Waits until all events that Slack has sent so far are acknowledged; no channel is read.
    pub async fn acknowledges_events(&self) {
        self.eventually("all events are acknowledged", || async { !self.sandbox.awaits_events() }).await;
    }

    pub fn person(&self, name: &str) -> PersonHandle {
        self.sandbox.person(name)
    }

    /// Types a text as this person; the bot does all that follows at once.
    pub async fn says(&mut self, who: &str, place: &str, text: &str) -> Answer {
        let answer = self.person(who).says(place, text).await;
        self.settle().await;
        answer
    }

    /// Presses a button of the newest message with it that this person sees in a place.
    pub async fn clicks(&mut self, who: &str, place: &str, button: &str) -> Answer {
        let person = self.person(who);
        let has_it =
            |message: &Message| message.blocks.iter().any(|block| block.to_string().contains(button));
        let message = person.reads(place).into_iter().rev().find(has_it);
        let message = message.unwrap_or_else(|| panic!("{who} sees no button {button:?} in {place}"));
        let answer = person.clicks(&message, button).await;
        self.settle().await;
        answer
    }

    /// Returns what a person reads in a place: the text of each message, as a screen reader says it.
    pub fn reads(&self, who: &str, place: &str) -> Vec<String> {
        self.person(who).reads(place).iter().map(|message| self.as_read(&message.text)).collect()
    }

    /// Returns the last message that a person reads in a place.
    pub fn reads_last(&self, who: &str, place: &str) -> String {
        self.reads(who, place).pop().unwrap_or_default()
    }

    /// Returns a text with names for its mentions and channels.
    pub fn as_read(&self, text: &str) -> String {
        let read = named(text, "<@", |id| format!("@{}", self.person(id).name()));
        let read = named(&read, "<#", |id| format!("#{}", self.sandbox.channel_name(id).unwrap_or_default()));
        // Slack shows a time in the reader's zone; a client that cannot names the zone behind it.
        named(&read, "<!date^", |token| {
            let shown = token.split('|').next_back().unwrap_or_default();
            shown.split(" (UTC").next().unwrap_or_default().to_owned()
        })
    }

    /// Does all that is due at Slack within the next minutes of sandbox time.
    pub async fn settle(&mut self) {
        self.settle_within(chrono::Duration::minutes(5)).await;
    }

    pub async fn settle_within(&mut self, patience: chrono::Duration) {
        let until = self.parts.engine.clock.now() + patience;
        loop {
            self.has_answered().await;
            if self.parts.ticker.tick_once().await.unwrap() == Turn::Worked {
                continue;
            }
            if let Some(at) = self.waits_for_slack_until().await {
                // Slack is asked in a separate task.
                self.has_answered().await;
                while matches!(self.parts.readings.read_once().await.unwrap(), Turn::Worked | Turn::Refused) {
                }
                self.sandbox.clock().advance_to(at.timestamp_millis());
                continue;
            }
            // A channel is read within seconds; one that Slack refuses is retried, and not waited for.
            match self.parts.readings.read_once().await.unwrap() {
                Turn::Worked | Turn::Refused => continue,
                Turn::Idle(Some(at))
                    if at <= self.parts.engine.clock.now() + chrono::Duration::seconds(4) =>
                {
                    self.sandbox.clock().advance_to(at.timestamp_millis());
                    continue;
                }
                Turn::Idle(_) => {}
            }
            let mut delivered = false;
            let idle = loop {
                match self.parts.outbox.deliver_once().await.unwrap() {
                    Turn::Worked | Turn::Refused => delivered = true,
                    Turn::Idle(next) => break next,
                }
            };
            match idle {
                Some(at) if at <= until => self.sandbox.clock().advance_to(at.timestamp_millis()),
                _ if !delivered => return,
                _ => {}
            }
        }
    }

    /// Waits until the bot has done what it does behind its acknowledgements; two seconds at most, since some hangs in a test.
    async fn has_answered(&self) {
        for _ in 0..400 {
            if self.parts.engine.behind.is_empty() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Returns when an event that depends on an answer of Slack is handled again; `None` if there is none.
    async fn waits_for_slack_until(&self) -> Option<Instant> {
        let again = "SELECT MIN(visible_at) FROM run WHERE ritual = 'rondo' AND done_at IS NULL";
        let rows = self.parts.engine.store.ask(again, Vec::new()).await.unwrap();
        rows[0][0].clone().int().map(from_ms)
    }

    /// Moves the clock to an instant, with a stop at each run that is due before it. At each stop it does what is due at Slack within this
    /// patience.
    pub async fn travels_to(&mut self, end: Instant, patience: chrono::Duration) {
        let engine = self.parts.engine.clone();
        while let Some(next) =
            engine.store.next_run_at(&engine.team).await.unwrap().filter(|next| *next <= end)
        {
            self.sandbox.clock().advance_to(next.timestamp_millis());
            self.settle_within(patience).await;
        }
        self.sandbox.clock().advance_to(end.timestamp_millis());
        self.settle_within(patience).await;
    }

    pub fn passes(&self, time: chrono::Duration) {
        self.sandbox.clock().advance_by(time.num_milliseconds());
    }

    /// Allows Slack to refuse calls in this test.
    pub fn expects_refusals(&mut self) {
        self.expects_refusals = true;
    }

    /// Waits until a consequence of an event holds that cannot be observed otherwise.
    pub async fn eventually<F: Future<Output = bool>>(&self, what: &str, holds: impl Fn() -> F) {
        // Half a minute: on a busy machine a task may wait long for its turn.
        for _ in 0..15_000 {
            if holds().await {
                return;
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        panic!("it never came true that {what}");
    }

    /// Ends a test: asserts that no effect waits or was discarded, and that Slack has not refused anything.
    pub async fn finish(mut self) {
        Box::pin(self.settle()).await;
        let depth = self.parts.engine.store.outbox_depth(self.parts.engine.clock.now()).await.unwrap();
        assert_eq!((depth.waiting, depth.discarded), (0, 0), "the outbox is empty at the end");
        if !self.expects_refusals {
            let refusals = self.sandbox.refusals();
            assert!(refusals.is_empty(), "Slack refused {refusals:#?}");
        }
        self.stop.send_replace(true);
        self.sandbox.shutdown();
    }
}

/// Replaces each id after this mark by a name.
fn named(text: &str, mark: &str, name: impl Fn(&str) -> String) -> String {
    let mut parts = text.split(mark);
    let mut read = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (id, rest) = part.split_once('>').unwrap_or((part, ""));
        read = format!("{read}{}{rest}", name(id));
    }
    read
}

/// Returns the sandbox's clock as the bot's.
pub fn clock_of(sandbox: &Sandbox) -> Clock {
    let time = sandbox.clock().clone();
    let moved = time.moved();
    Clock::steered(move || time.now_ms(), moved)
}

fn populate(sandbox: &Sandbox) {
    let zones = [
        ("ana", "Europe/Lisbon"),
        ("ben", "Europe/Berlin"),
        ("cy", "America/New_York"),
        ("dee", "Asia/Kolkata"),
    ];
    for (name, zone) in zones {
        sandbox.add_person(NewPerson { zone, ..NewPerson::named(name) });
    }
    for (name, kind) in
        [("helper", PersonKind::Bot), ("gus", PersonKind::Guest), ("left", PersonKind::Member)]
    {
        sandbox.add_person(NewPerson { kind, ..NewPerson::named(name) });
    }
    sandbox.deactivate("left");
    sandbox.add_channel("lounge", false, &["ana", "ben", "cy", "dee"]);
    sandbox.add_channel("secret", true, &["ana", "ben"]);
    sandbox.add_user_group("design", "Design", &["ben", "cy"]);
}

fn toml(settings: &[(&str, &str)]) -> String {
    let mut sections: BTreeMap<&str, String> = BTreeMap::new();
    for (key, value) in settings {
        if let Some((section, key)) = key.split_once('.') {
            let keys = sections.entry(section).or_default();
            *keys = format!("{keys}{key} = {value}\n");
        }
    }
    sections.into_iter().map(|(section, keys)| format!("[{section}]\n{keys}")).collect::<Vec<_>>().concat()
}
