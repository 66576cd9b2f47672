//! A round of group DMs whose bot is killed while posting: each group is greeted once.

use rondo::{
    model::{
        clock::Clock,
        effect::{Lane, NewEffect, Origin, Target},
        people::{TeamId, UserId},
    },
    store::{Opening, Store, outbox, unit::UnitOfWork},
};

use super::{Campaign, PATIENCE_FOR_A_POST, load, postgres};

/// Slack lets a bot open 50 conversations a minute of real time, so there are few of them.
const GROUPS: usize = 30;
const KILLS: usize = 4;

impl Campaign {
    /// Stores the greetings of pairs, as a ritual would.
    async fn pair(&self) {
        Store::migrate(&self.url).await.unwrap();
        let store = Store::open(&self.url, Opening::Beside).await.unwrap();
        let id = |number| UserId(self.sandbox.person(&load::name(number)).id());
        let now = Clock::machine().now();
        let mut unit = UnitOfWork::new();
        for (one, other) in pairs() {
            let (key, to) = (format!("round/{one}/{other}"), Target::Group(vec![id(one), id(other)]));
            let greeting = NewEffect {
                lane: Lane::Bulk,
                ..NewEffect::post(Origin::default(), key, to, "Meet each other".into(), now)
            };
            outbox::enqueue(&mut unit, &TeamId(self.sandbox.team_id()), &greeting, now).unwrap();
        }
        store.commit(unit).await.unwrap();
        store.close().await;
    }

    async fn greet_and_kill(mut self, store: &str) {
        self.pair().await;
        let mut bot = self.start();
        for _ in 0..KILLS {
            bot.ready().await;
            self.wait(1_000_000..3_000_000).await;
            self.wire.next_post(PATIENCE_FOR_A_POST).await;
            self.wait(0..150_000).await;
            bot.kill();
            bot = self.start();
        }
        bot.ready().await;
        self.empty_the_outbox(store).await;
        bot.stops_cleanly().await;
        let calls = self.sandbox.calls();
        let of = |method: &str| calls.iter().filter(|call| call.method == method).count();
        let (opened, looked) = (of("conversations.open"), of("conversations.history"));
        println!("{store}: {GROUPS} groups, {KILLS} kills, {opened} openings, {looked} looks");
        let mut greeted = Vec::new();
        for (one, other) in pairs() {
            let groups = [one, other].map(|number| self.sandbox.person(&load::name(number)).group_dms());
            let shared: Vec<&String> = groups[0].iter().filter(|group| groups[1].contains(group)).collect();
            let reader = self.sandbox.person(&load::name(one));
            greeted.push(shared.iter().map(|group| reader.reads(group).len()).sum::<usize>());
        }
        assert_eq!(greeted, [1; GROUPS], "each group is greeted once");
        let too_many = calls.iter().find(|call| {
            ["conversations.open", "chat.postMessage"].contains(&call.method.as_str())
                && call.http_status == 429
        });
        assert!(too_many.is_none(), "and Slack is not asked for too much: {too_many:?}");
        self.sandbox.shutdown();
    }
}

/// Returns the pairs, by number.
fn pairs() -> impl Iterator<Item = (usize, usize)> {
    (0..super::PEOPLE).flat_map(|one| (0..one).map(move |other| (one, other))).take(GROUPS)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_group_is_greeted_once_on_sqlite() {
    Campaign::prepare(None).await.greet_and_kill("SQLite").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_group_is_greeted_once_on_postgres() {
    if let Some(url) = postgres::fresh_database().await {
        Campaign::prepare(Some(url)).await.greet_and_kill("PostgreSQL").await;
    }
}
