//! The crash campaign: the program is killed at random instants under load, on both stores, and started again. What
//! it had acknowledged must be stored once and announced once.
//!
//! `RONDO_CRASH_KILLS` is the number of kills for each store (default 20), `RONDO_CRASH_SEED` replays the choices.

mod counted;
mod groups;
mod load;
mod process;
mod replicas;
mod wire;

use std::{ops::Range, sync::Arc, time::Duration};

use chrono::TimeDelta;
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use rondo::{
    config::{Config, Environment},
    manifest::{self, Mode},
    model::clock::Clock,
    rituals,
    store::{Opening, Store},
};
use slack_sandbox::{NewPerson, Options, Sandbox};
use tempfile::TempDir;

use self::{
    counted::Counts,
    load::{Crowd, Mouth},
    process::Process,
    wire::SlowWire,
};
use crate::support::{ports::free_port, postgres};

const KILLS: u32 = 20;
/// Limit for one kill with all that comes before and after it, so that a campaign of any length ends.
const PATIENCE_A_KILL: Duration = Duration::from_secs(20);
/// How long a kill waits for a post to be under way: a killed process's lease may have to end first.
const PATIENCE_FOR_A_POST: Duration = Duration::from_secs(6);
/// How long the last process may take to empty the outbox.
const PATIENCE_AT_THE_END: Duration = Duration::from_mins(2);
/// More channels than Slack takes posts a second, so that no channel's own rate slows the campaign.
const CHANNELS: usize = 8;
const PEOPLE: usize = 10;

/// A workspace, and the settings of the bot.
struct Campaign {
    sandbox: Sandbox,
    wire: SlowWire,
    random: StdRng,
    kills: u32,
    environment: Vec<(String, String)>,
    port: u16,
    places: Vec<String>,
    bot_user: String,
    url: String,
    folder: TempDir,
}

impl Campaign {
    async fn prepare(url: Option<String>) -> Campaign {
        let process = Environment::of_process();
        let number = |name| process.get(name).map(|text| text.parse().expect("a number"));
        let folder = tempfile::tempdir().unwrap();
        process::keep_program(folder.path());
        let sandbox = Sandbox::start(Options::default()).await.unwrap();
        for number in 0..PEOPLE {
            sandbox.add_person(NewPerson { zone: zone(number), ..NewPerson::named(&load::name(number)) });
        }
        let people: Vec<String> = (0..PEOPLE).map(load::name).collect();
        let people: Vec<&str> = people.iter().map(String::as_str).collect();
        let defaults = Config::load(rituals::ALL, None, &Environment::default()).unwrap();
        let rituals = defaults.rituals();
        // The manifest asks for the history scopes, and the sandbox grants all that is asked for.
        let install = sandbox.install(&manifest::manifest(&rituals, "/rondo", &Mode::Socket)).unwrap();
        let place = |number| {
            let id = sandbox.add_channel(&load::channel(number), false, &people);
            sandbox.invite(&load::channel(number), &install.bot_user_id);
            id
        };
        let places = (0..CHANNELS).map(place).collect();
        let url = url.unwrap_or_else(|| format!("sqlite:{}", folder.path().join("rondo.db").display()));
        let config = folder.path().join("rondo.toml");
        let settings = "[slack]\ncall_timeout_seconds = 2\n[kudos]\ndaily_allowance = 0\n";
        std::fs::write(&config, settings).unwrap();
        let port = free_port();
        let wire = SlowWire::before(&sandbox).await;
        let environment = [
            ("SLACK_API_URL", wire.api_url()),
            ("SLACK_BOT_TOKEN", install.bot_token.clone()),
            ("SLACK_APP_TOKEN", install.app_token.clone()),
            ("SLACK_SIGNING_SECRET", install.signing_secret.clone()),
            ("DATABASE_URL", url.clone()),
            ("RONDO_CONFIG", config.display().to_string()),
            ("RONDO_LISTEN", format!("127.0.0.1:{port}")),
            ("RONDO_ADMIN_LISTEN", format!("127.0.0.1:{}", free_port())),
        ];
        let environment = environment.map(|(name, value)| (name.to_owned(), value)).into();
        let seed = number("RONDO_CRASH_SEED").unwrap_or(0x5eed);
        let kills = number("RONDO_CRASH_KILLS").map_or(KILLS, |kills: u64| u32::try_from(kills).unwrap());
        Campaign {
            sandbox,
            wire,
            random: StdRng::seed_from_u64(seed),
            kills,
            environment,
            port,
            places,
            bot_user: install.bot_user_id,
            url,
            folder,
        }
    }

    fn start(&self) -> Process {
        Process::start(self.folder.path(), &self.environment)
    }

    /// Kills and restarts under constant load; then lets the last process finish, and counts.
    async fn fight(mut self, store: &str) {
        let secret = self.environment.iter().find(|(name, _)| name == "SLACK_SIGNING_SECRET").unwrap();
        let (seed, places, posts) = (self.random.random(), self.places.clone(), self.wire.posts.clone());
        let crowd = Arc::new(Crowd::new(&self.sandbox, self.port, &secret.1, seed, places, posts));
        let mut bot = self.start();
        bot.ready().await;
        let mouths = (0..PEOPLE).map(|n| if n < PEOPLE / 2 { Mouth::Socket(n) } else { Mouth::Http(n) });
        let talk = crowd.talks(mouths);
        for kill in 0..self.kills {
            self.live_a_little(kill, &bot, &crowd).await;
            bot.kill();
            bot = self.start();
        }
        bot.ready().await;
        talk.stop().await;
        let heard = crowd.heard();
        self.empty_the_outbox(store).await;
        bot.stops_cleanly().await;
        let log = std::fs::read_to_string(self.folder.path().join(process::LOG)).unwrap();
        let counts = Counts::of(&heard, &self, &log).await;
        counts.print(store, self.kills);
        counts.hold();
        self.sandbox.shutdown();
    }

    /// Waits for the instant of a kill: in the middle of a delivery, of many commits, of a start, or at random.
    async fn live_a_little(&mut self, kill: u32, bot: &Process, crowd: &Arc<Crowd>) {
        if kill % 5 == 4 {
            // A start migrates, takes leases and opens sockets.
            return self.wait(5_000..400_000).await;
        }
        bot.ready().await;
        self.wait(100_000..1_500_000).await;
        match kill % 10 {
            0 | 2 | 5 => {
                self.wire.next_post(PATIENCE_FOR_A_POST).await;
                self.wait(0..150_000).await;
            }
            1 | 6 | 8 => {
                crowd.bursts(Mouth::Http(self.random.random_range(0..PEOPLE)), 8);
                self.wait(0..40_000).await;
            }
            _ => {}
        }
    }

    /// Waits for some microseconds.
    async fn wait(&mut self, range: Range<u64>) {
        tokio::time::sleep(Duration::from_micros(self.random.random_range(range))).await;
    }

    /// Reads the outbox beside the running bot until it is empty.
    async fn empty_the_outbox(&self, store: &str) {
        let looking = Store::open(&self.url, Opening::Beside).await.unwrap();
        let patience = PATIENCE_AT_THE_END + PATIENCE_A_KILL * self.kills / 20;
        let emptied = tokio::time::timeout(patience, async {
            while looking.outbox_depth(Clock::machine().now() + TimeDelta::days(1)).await.unwrap().waiting > 0
            {
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        });
        let in_time = emptied.await.is_ok();
        let left = looking.outbox_list(20).await.unwrap();
        looking.close().await;
        assert!(in_time, "{store}: this is still to be said: {left:#?}");
    }
}

fn zone(number: usize) -> &'static str {
    ["Europe/Lisbon", "Europe/Berlin", "America/New_York", "Asia/Kolkata"][number % 4]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_or_doubled_on_sqlite() {
    Campaign::prepare(None).await.fight("SQLite").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_or_doubled_on_postgres() {
    if let Some(url) = postgres::fresh_database().await {
        Campaign::prepare(Some(url)).await.fight("PostgreSQL").await;
    }
}
