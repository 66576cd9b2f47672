//! One large round and three replicas whose clocks are 20 seconds apart. One of them is killed and one is stopped
//! while people are being introduced.
//!
//! `RONDO_CRASH_GROUPS` is the number of groups (default 16). Slack lets a bot open 50 conversations a minute of real
//! time, so 200 of them take more than four minutes.

use rondo::{app::App, model::entropy::Entropy};
use tokio::{sync::watch, task::JoinHandle};

use super::*;

const GROUPS: usize = 16;
const AHEAD_MS: i64 = 20_000;
/// How long a group may take, with the delays of the kill and the stop.
const PATIENCE_A_GROUP: Duration = Duration::from_secs(4);
/// The channel of the round, beside the campaign's own.
const CROWD: &str = "crowd";

fn guest(number: usize) -> String {
    format!("guest{number}")
}

/// A replica in this process, whose clock is ahead.
struct Ahead {
    stop: watch::Sender<bool>,
    app: JoinHandle<()>,
}

impl Ahead {
    async fn start(rounds: &Rounds) -> Ahead {
        let clock = Clock::machine();
        let ahead = Clock::watched(move || clock.now_ms() + AHEAD_MS);
        let environment = rounds.campaign.environment.iter().cloned();
        let file = rounds.campaign.folder.path().join("rondo.toml");
        let mut environment: BTreeMap<String, String> = environment.collect();
        environment.insert("RONDO_LISTEN".to_owned(), "127.0.0.1:0".to_owned());
        environment.insert("RONDO_ADMIN_LISTEN".to_owned(), "127.0.0.1:0".to_owned());
        let config =
            rondo::config::Config::load(rondo::rituals::ALL, Some(&file), &environment.into_iter().collect())
                .unwrap();
        let app = App::open(config, ahead, Entropy::seeded(7)).await.unwrap();
        let (stop, stopped) = watch::channel(false);
        let (ready, is_ready) = tokio::sync::oneshot::channel();
        let app = tokio::spawn(async move { app.run(stopped, |_| ready.send(()).unwrap()).await.unwrap() });
        is_ready.await.unwrap();
        Ahead { stop, app }
    }

    async fn stops(self) {
        self.stop.send_replace(true);
        self.app.await.unwrap();
    }
}

impl Rounds {
    /// Adds a channel of this many people, whose first round is due now.
    async fn crowd(&self, people: usize) {
        let Campaign { sandbox, environment, .. } = &self.campaign;
        let names: Vec<String> = (0..people).map(guest).collect();
        for name in &names {
            sandbox.add_person(slack_sandbox::NewPerson::named(name));
        }
        let members: Vec<&str> = names.iter().map(String::as_str).collect();
        let channel = ChannelId(sandbox.add_channel(CROWD, false, &members));
        let token = &environment.iter().find(|(name, _)| name == "SLACK_BOT_TOKEN").unwrap().1;
        sandbox.invite(CROWD, &bot_of(&self.campaign, token).await);
        let now = Clock::machine().now();
        let mut unit = UnitOfWork::new();
        people::put_channel(&mut unit, &self.team, &channel, CROWD, now);
        for name in &names {
            let id = UserId(sandbox.person(name).id());
            let person = Person {
                id: id.clone(),
                name: name.clone(),
                zone: Some(Tz::UTC),
                kind: PersonKind::Member,
                deactivated: false,
                admin: false,
            };
            people::put_person(&mut unit, &self.team, &person, now);
            people::put_member(&mut unit, &self.team, &channel, &id, now);
        }
        let wall = now.naive_utc().with_second(0).and_then(|wall| wall.with_nanosecond(0)).unwrap();
        let words = format!("every day at {}", wall.format("%H:%M"));
        let cadence = Cadence::parse(&words, Tz::UTC, wall.date()).unwrap();
        let organiser = UserId(sandbox.person(&names[0]).id());
        let programme = Programme::new(CROWD.to_owned(), "coffee", channel, organiser, Some(cadence), now);
        programmes::start(&mut unit, &self.team, &programme).unwrap();
        let coffee = Coffee::new(coffee::CoffeeSettings::default(), "/coffee".to_owned());
        put_occasion(
            &mut unit,
            &self.team,
            &coffee,
            &programme,
            Occurrence { at: wall.and_utc(), wall },
            now,
        );
        self.store.commit(unit).await.unwrap();
    }

    /// Waits until this many groups have been introduced.
    async fn introduced(&self, number: usize) {
        let waiting = async {
            loop {
                let calls = self.campaign.sandbox.calls();
                let posts =
                    calls.iter().filter(|call| call.method == "chat.postMessage" && call.http_status == 200);
                if posts.count() >= number {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let patience = PATIENCE + PATIENCE_A_GROUP * u32::try_from(number).unwrap();
        assert!(tokio::time::timeout(patience, waiting).await.is_ok(), "{number} groups are introduced");
    }
}

/// Returns the bot's id as a member.
async fn bot_of(campaign: &Campaign, token: &str) -> String {
    let url = format!("{}/auth.test", campaign.sandbox.api_url());
    let answer = process::web(PATIENCE).post(url).bearer_auth(token).send().await.unwrap();
    let answer: serde_json::Value = answer.json().await.unwrap();
    answer["user_id"].as_str().unwrap().to_owned()
}

async fn hold_a_round(url: String, groups: usize) {
    let rounds = Rounds::prepare(Some(url)).await;
    rounds.crowd(2 * groups).await;
    let (killed, frozen, ahead) = (rounds.start(), rounds.start(), Ahead::start(&rounds).await);
    rounds.introduced(groups / 4).await;
    killed.kill();
    rounds.introduced(groups / 2).await;
    frozen.stands_still();
    rounds.introduced(groups * 3 / 4).await;
    frozen.goes_on();
    rounds.introduced(groups).await;
    rounds.campaign.empty_the_outbox("PostgreSQL, clocks apart").await;
    frozen.stops_cleanly().await;
    ahead.stops().await;
    let past = rounds.store.past_runs(&rounds.team, CROWD, "round", 10).await.unwrap();
    assert_eq!(past.iter().map(|run| run.outcome.as_str()).collect::<Vec<_>>(), ["done"]);
    for number in 0..2 * groups {
        let person = rounds.campaign.sandbox.person(&guest(number));
        let conversations = person.group_dms();
        let read: usize = conversations.iter().map(|group| person.reads(group).len()).sum();
        assert_eq!((conversations.len(), read), (1, 1), "{} is introduced once", guest(number));
    }
    let calls = rounds.campaign.sandbox.calls();
    let refused =
        calls.iter().filter(|call| call.http_status == 429 && call.method != "apps.connections.open");
    assert_eq!(refused.count(), 0, "and Slack is not asked for too much");
    println!("clocks apart: {groups} groups introduced once by three replicas, one killed and one frozen");
    rounds.store.close().await;
    rounds.campaign.sandbox.shutdown();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clocks_apart_hold_a_round_once() {
    let process = rondo::config::Environment::of_process();
    let groups = process.get("RONDO_CRASH_GROUPS").map_or(GROUPS, |text| text.parse().expect("a number"));
    if let Some(url) = postgres::fresh_database().await {
        Box::pin(hold_a_round(url, groups)).await;
    }
}
