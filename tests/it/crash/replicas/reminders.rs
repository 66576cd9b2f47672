//! Promises that are due at the same time, and processes that are killed and stopped while they remind people. Each promise is
//! reminded once for each time that its owner asked for.

use chrono::{Datelike as _, WeekdaySet};
use rondo::{
    common::{
        people::{self, Hours, PersonSettings},
        promises::{Due, Promise, PromiseState, RITUAL, store},
    },
    model::{catch_up::CatchUp, owner::Owner},
    store::runs::{self, NewRun},
};

use super::*;
use crate::crash::PATIENCE_FOR_A_POST;

const BELL: &str = ":bell: ";
/// How many promises each person has, of which one message reminds.
const EACH: usize = 3;
/// How often the only process on a file is killed.
const KILLS_ON_A_FILE: usize = 4;

impl Rounds {
    /// Has everyone work at all hours, so that reminders come whenever this test runs.
    async fn everyone_works(&self, now: Instant) {
        let rests = now.weekday().pred().pred();
        let settings = PersonSettings {
            work: Hours::new(0, 24 * 60),
            days_out: WeekdaySet::single(rests),
            ..PersonSettings::default()
        };
        let mut unit = UnitOfWork::new();
        for number in 0..PEOPLE {
            let change = (&PersonSettings::default(), &settings);
            people::store::put(&mut unit, &self.team, &self.person(number), change, now).unwrap();
        }
        self.store.commit(unit).await.unwrap();
    }

    /// Makes everyone's promises, which are reminded now.
    async fn reminders_come_due(&self) {
        let now = Clock::machine().now();
        self.everyone_works(now).await;
        let mut unit = UnitOfWork::new();
        for number in 0..PEOPLE * EACH {
            let owner = self.person(number % PEOPLE);
            let words = format!("thing {number}");
            let promise = Promise::asked(format!("p{number}"), owner.clone(), owner, words)
                .due(Due::on(now.date_naive()))
                .then(PromiseState::Open, now);
            store::put(&mut unit, &self.team, &promise, now);
            let run = NewRun {
                owner: Owner::Person(promise.owner.clone()),
                ritual: RITUAL,
                occasion: None,
                kind: "remind",
                subject: &format!("{}/{}", promise.id, promise.version),
                due: Occurrence { at: now, wall: now.naive_utc() },
                late: CatchUp::Within(chrono::Duration::days(1)),
                payload: "",
            };
            runs::put(&mut unit, &self.team, &run, now);
            store::plan_reminder(&mut unit, &self.team, &promise, now);
        }
        self.store.commit(unit).await.unwrap();
    }

    /// Returns how many reminders people have read, by the words of the promise.
    fn reminded(&self) -> BTreeMap<String, usize> {
        let mut read = BTreeMap::new();
        for number in 0..PEOPLE {
            for message in self.campaign.sandbox.person(&load::name(number)).reads(&self.campaign.bot_user) {
                let quoted =
                    |line: &str| line.strip_prefix("&gt;").or(line.strip_prefix('>')).map(str::to_owned);
                for words in
                    message.text.lines().filter_map(quoted).filter(|_| message.text.starts_with(BELL))
                {
                    *read.entry(words).or_default() += 1;
                }
            }
        }
        read
    }

    async fn everyone_is_reminded_once(&self, store: &str) {
        self.until("everyone is reminded", async || self.reminded().len() == PEOPLE * EACH).await;
        self.campaign.empty_the_outbox(store).await;
        let expected: BTreeMap<String, usize> =
            (0..PEOPLE * EACH).map(|number| (format!("thing {number}"), 1)).collect();
        assert_eq!(self.reminded(), expected, "{store}");
        let rows =
            self.store.ask("SELECT COUNT(*) FROM promise_owner WHERE reminded_at IS NOT NULL", Vec::new());
        assert_eq!(rows.await.unwrap()[0][0].int(), i64::try_from(PEOPLE * EACH).ok());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn replicas_remind_once_while_one_is_killed_and_one_stopped() {
    let Some(url) = postgres::fresh_database().await else { return };
    let rounds = Rounds::prepare(Some(url)).await;
    let replicas = [rounds.start(), rounds.start(), rounds.start()];
    for replica in &replicas {
        replica.ready().await;
    }
    let [killed, stopped, working] = replicas;
    rounds.reminders_come_due().await;
    rounds.campaign.wire.next_post(PATIENCE_FOR_A_POST).await;
    killed.kill();
    stopped.stands_still();
    rounds.claims_run_out().await;
    rounds.until("everyone is reminded", async || rounds.reminded().len() == PEOPLE * EACH).await;
    stopped.goes_on();
    rounds.everyone_is_reminded_once("PostgreSQL, three processes").await;
    for bot in [stopped, working] {
        bot.stops_cleanly().await;
    }
    rounds.store.close().await;
    rounds.campaign.sandbox.shutdown();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_that_is_killed_again_and_again_reminds_once() {
    let mut rounds = Rounds::prepare(None).await;
    rounds.reminders_come_due().await;
    for _ in 0..KILLS_ON_A_FILE {
        let bot = rounds.start();
        rounds.campaign.wire.next_post(PATIENCE_FOR_A_POST).await;
        rounds.campaign.wait(0..100_000).await;
        bot.kill();
        rounds.claims_run_out().await;
    }
    let bot = rounds.start();
    rounds.everyone_is_reminded_once("SQLite").await;
    bot.stops_cleanly().await;
    rounds.store.close().await;
    rounds.campaign.sandbox.shutdown();
}
