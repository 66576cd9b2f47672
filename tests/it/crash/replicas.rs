//! Rounds that are due while several processes share a database and some are killed or stopped in the middle; and one
//! process on a file that is killed repeatedly. Each round is held once, and each group is introduced once.

mod apart;
mod reminders;
mod retros;
mod syncs;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDateTime, Timelike as _};
use chrono_tz::Tz;
use rondo::{
    model::{
        cadence::{Cadence, Occurrence},
        clock::Instant,
        people::{ChannelId, Person, PersonKind, TeamId, UserId},
    },
    ritual::put_occasion,
    rituals::coffee::{self, Coffee},
    store::{
        StoreError, people,
        programmes::{self, Programme},
        unit::{UnitOfWork, Value},
    },
    values,
};
use sqlx::{Connection as _, PgConnection};

use super::{
    CHANNELS, Campaign, Clock, Duration, Opening, PEOPLE, Process, Store, free_port, load, postgres, process,
};

/// People in each channel's round: two pairs, since Slack lets a bot open 50 conversations a minute of real time.
const IN_A_CHANNEL: usize = 4;
const PAIRS: usize = CHANNELS * IN_A_CHANNEL / 2;
/// Rounds that become due at the same time.
const AT_A_TIME: usize = 2;
/// Limit for anything that does not wait for Slack.
const PATIENCE: Duration = Duration::from_secs(30);

/// A campaign whose channels have coffee chats, with a connection to its database.
struct Rounds {
    campaign: Campaign,
    store: Store,
    team: TeamId,
    /// The wall time of each round, by channel.
    walls: BTreeMap<usize, NaiveDateTime>,
}

impl Rounds {
    async fn prepare(url: Option<String>) -> Rounds {
        let campaign = Campaign::prepare(url).await;
        Store::migrate(&campaign.url).await.unwrap();
        let store = Store::open(&campaign.url, Opening::Beside).await.unwrap();
        let team = TeamId(campaign.sandbox.team_id());
        let rounds = Rounds { campaign, store, team, walls: BTreeMap::new() };
        rounds.put_people().await;
        rounds
    }

    /// Stores what reading the workspace would find, so that no process has to read it first.
    async fn put_people(&self) {
        let now = Clock::machine().now();
        let mut unit = UnitOfWork::new();
        for number in 0..PEOPLE {
            let person = Person {
                id: self.person(number),
                name: load::name(number),
                zone: Some(Tz::UTC),
                kind: PersonKind::Member,
                deactivated: false,
                admin: false,
            };
            people::put_person(&mut unit, &self.team, &person, now);
        }
        for channel in 0..CHANNELS {
            let id = self.channel(channel);
            people::put_channel(&mut unit, &self.team, &id, &load::channel(channel), now);
            for number in members(channel) {
                people::put_member(&mut unit, &self.team, &id, &self.person(number), now);
            }
        }
        self.store.commit(unit).await.unwrap();
    }

    fn person(&self, number: usize) -> UserId {
        UserId(self.campaign.sandbox.person(&load::name(number)).id())
    }

    fn channel(&self, number: usize) -> ChannelId {
        ChannelId(self.campaign.places[number].clone())
    }

    /// Starts coffee chats in new channels, whose first round is due now.
    async fn come_due(&mut self, number: usize) -> Vec<String> {
        let now = Clock::machine().now();
        let wall = now.naive_utc().with_second(0).and_then(|wall| wall.with_nanosecond(0)).unwrap();
        let words = format!("every day at {}", wall.format("%H:%M"));
        let cadence = Cadence::parse(&words, Tz::UTC, wall.date()).unwrap();
        let mut unit = UnitOfWork::new();
        let mut begun = Vec::new();
        for channel in self.walls.len()..self.walls.len() + number {
            let (id, person) = (programme(channel), self.person(0));
            let cadence = Some(cadence.clone());
            let programme = Programme::new(id, "coffee", self.channel(channel), person, cadence, now);
            programmes::start(&mut unit, &self.team, &programme).unwrap();
            let due = Occurrence { at: wall.and_utc(), wall };
            let coffee = Coffee::new(coffee::CoffeeSettings::default(), "/coffee".to_owned());
            put_occasion(&mut unit, &self.team, &coffee, &programme, due, now);
            self.walls.insert(channel, wall);
            begun.push(programme.id);
        }
        self.store.commit(unit).await.unwrap();
        begun
    }

    /// Starts another process.
    fn start(&self) -> Process {
        let mut environment = self.campaign.environment.clone();
        for (name, value) in &mut environment {
            match &**name {
                "RONDO_LISTEN" => "127.0.0.1:0".clone_into(value),
                "RONDO_ADMIN_LISTEN" => *value = format!("127.0.0.1:{}", free_port()),
                _ => {}
            }
        }
        Process::start(self.campaign.folder.path(), &environment)
    }

    /// Waits until a condition holds.
    async fn until(&self, what: &str, is_so: impl AsyncFn() -> bool) {
        let waiting = async {
            while !is_so().await {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        let in_time = tokio::time::timeout(PATIENCE, waiting).await.is_ok();
        assert!(in_time, "{what}; the runs: {:#?}", self.runs().await);
    }

    /// Returns all runs: programme, attempt, outcome and wall time.
    async fn runs(&self) -> Vec<(String, i64, Option<String>, String)> {
        let rows = self
            .store
            .ask(
                "SELECT owner, attempt, outcome, wall FROM run WHERE kind = 'round' ORDER BY key",
                Vec::new(),
            )
            .await
            .unwrap();
        let read = |row: Vec<Value>| {
            let [programme, attempt, outcome, wall]: [Value; 4] = row.try_into().unwrap();
            let programme = programme.text().unwrap().trim_start_matches("programme/").to_owned();
            (programme, attempt.int().unwrap(), outcome.text(), wall.text().unwrap())
        };
        rows.into_iter().map(read).collect()
    }

    /// Returns the programmes whose round is claimed.
    async fn claimed(&self) -> BTreeSet<String> {
        let claimed = |(programme, attempt, outcome, _): (String, i64, Option<String>, String)| {
            (attempt > 0 && outcome.is_none()).then_some(programme)
        };
        self.runs().await.into_iter().filter_map(claimed).collect()
    }

    /// Returns how many times a round was claimed.
    async fn attempts(&self) -> i64 {
        self.runs().await.iter().map(|run| run.1).sum()
    }

    /// Waits for one more claim of a round.
    async fn another_attempt(&self, known: i64) {
        self.until("a round is claimed", async || self.attempts().await > known).await;
    }

    /// Ends the claims of processes that are killed or stopped. They last 60 s, longer than a test should take.
    async fn claims_run_out(&self) {
        // A process that is stopped in the middle of a transaction holds its rows until PostgreSQL ends the transaction.
        self.until("the claims run out", async || self.try_to_end_claims().await.is_ok()).await;
    }

    async fn try_to_end_claims(&self) -> Result<(), StoreError> {
        let mut unit = UnitOfWork::new();
        let now = Clock::machine().now();
        unit.run(
            "UPDATE run SET visible_at = $2 WHERE team_id = $1 AND done_at IS NULL AND attempt > 0",
            values![self.team.as_str(), now],
        );
        self.store.commit(unit).await.map(|_| ())
    }

    /// Returns a process that is stopped in the middle of rounds that it has just claimed.
    async fn stands_still_in_a_round(&mut self) -> Process {
        let mut connection = PgConnection::connect(&self.campaign.url).await.unwrap();
        // Planning a round reads who skips it, and waits for this to end.
        let mut held_up = connection.begin().await.unwrap();
        sqlx::query("LOCK TABLE programme_absence IN ACCESS EXCLUSIVE MODE")
            .execute(&mut *held_up)
            .await
            .unwrap();
        let due: BTreeSet<String> = self.come_due(AT_A_TIME).await.into_iter().collect();
        let process = self.start();
        self.until("the rounds are claimed", async || self.claimed().await.is_superset(&due)).await;
        process.stands_still();
        held_up.rollback().await.unwrap();
        process
    }

    async fn all_are_held(&self) {
        let held = async || {
            let done = |run: &&(String, i64, Option<String>, String)| run.2.as_deref() == Some("done");
            self.runs().await.iter().filter(done).count() >= self.walls.len()
        };
        self.until("all rounds are held", held).await;
    }

    /// Waits until the outbox is empty, and counts.
    async fn hold(self, store: &str, bots: Vec<Process>) {
        self.all_are_held().await;
        self.campaign.empty_the_outbox(store).await;
        for bot in bots {
            bot.stops_cleanly().await;
        }
        for (channel, wall) in &self.walls {
            let id = programme(*channel);
            let past = self.store.past_runs(&self.team, &id, "round", 10).await.unwrap();
            let past: Vec<_> = past.into_iter().map(|past| (past.wall, past.outcome)).collect();
            assert_eq!(past, [(*wall, "done".to_owned())], "{id} had its round once");
            let pending = self.store.pending_runs(&self.team, &id).await.unwrap();
            let pending: Vec<Instant> = pending.into_iter().map(|run| run.due.at).collect();
            assert_eq!(pending, [wall.and_utc() + chrono::Duration::days(1)], "{id} has one to come");
        }
        self.all_are_introduced_once().await;
        let calls = self.campaign.sandbox.calls();
        let too_many =
            calls.iter().filter(|call| call.http_status == 429 && call.method != "apps.connections.open");
        assert_eq!(too_many.count(), 0, "and Slack is not asked for too much");
        let attempts = self.attempts().await;
        println!("{store}: {CHANNELS} rounds in {attempts} attempts, {PAIRS} introductions");
        self.store.close().await;
        self.campaign.sandbox.shutdown();
    }

    async fn all_are_introduced_once(&self) {
        let rows = self
            .store
            .ask(
                "SELECT g.channel_id, g.group_id, s.user_id FROM coffee_group g \
                 JOIN coffee_seat s ON s.team_id = g.team_id AND s.group_id = g.group_id ORDER BY s.user_id",
                Vec::new(),
            )
            .await
            .unwrap();
        let mut seats: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut groups: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for row in rows {
            let [channel, group, user] =
                <[Value; 3]>::try_from(row).unwrap().map(|value| value.text().unwrap());
            seats.entry(channel).or_default().push(user.clone());
            groups.entry(group).or_default().push(user);
        }
        for channel in 0..CHANNELS {
            let mut expected: Vec<String> = members(channel).map(|number| self.person(number).0).collect();
            expected.sort();
            assert_eq!(seats[self.channel(channel).as_str()], expected, "each has one seat in a round");
        }
        assert_eq!(groups.len(), PAIRS);
        // Two people may meet in two channels, and read both introductions in one conversation.
        let mut together: BTreeMap<Vec<String>, usize> = BTreeMap::new();
        for people in groups.into_values() {
            *together.entry(people).or_default() += 1;
        }
        for (people, times) in together {
            let (reader, others) = people.split_first().unwrap();
            let others: Vec<&str> = others.iter().map(String::as_str).collect();
            let read = self.campaign.sandbox.person(reader).reads_group(&others).len();
            assert_eq!(read, times, "{people:?} read one introduction a group");
        }
    }
}

fn programme(channel: usize) -> String {
    format!("chats{channel}")
}

/// Returns the members of a channel, by number.
fn members(channel: usize) -> impl Iterator<Item = usize> {
    (channel..channel + IN_A_CHANNEL).map(|number| number % PEOPLE)
}

/// Two processes see the same rounds become due at the same instant; one of them is killed meanwhile.
async fn two_look_at_once(url: String) {
    let mut rounds = Rounds::prepare(Some(url)).await;
    rounds.come_due(CHANNELS).await;
    let (killed, other) = (rounds.start(), rounds.start());
    rounds.another_attempt(0).await;
    rounds.campaign.wait(0..5_000).await;
    killed.kill();
    rounds.claims_run_out().await;
    rounds.hold("PostgreSQL, two processes", vec![other]).await;
}

/// Of three processes, one is killed in the middle of its rounds, and one is stopped until its claim is over.
async fn one_is_killed_and_one_stopped(url: String) {
    let mut rounds = Rounds::prepare(Some(url)).await;
    let killed = rounds.stands_still_in_a_round().await;
    let suspended = rounds.stands_still_in_a_round().await;
    rounds.come_due(CHANNELS - 2 * AT_A_TIME).await;
    let working = rounds.start();
    working.ready().await;
    killed.kill();
    rounds.claims_run_out().await;
    rounds.all_are_held().await;
    suspended.goes_on();
    let log = rounds.campaign.folder.path().join(process::LOG);
    let refused = || std::fs::read_to_string(&log).unwrap().matches("another attempt has this run").count();
    rounds.until("what comes too late is refused", async || refused() == AT_A_TIME).await;
    rounds.hold("PostgreSQL, three processes", vec![working, suspended]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn replicas_hold_each_round_once() {
    let (one, other) = (postgres::fresh_database().await, postgres::fresh_database().await);
    if let (Some(one), Some(other)) = (one, other) {
        tokio::join!(two_look_at_once(one), one_is_killed_and_one_stopped(other));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_processes_hold_each_round_once() {
    let mut rounds = Rounds::prepare(None).await;
    let mut caught = 0;
    for life in 0..(CHANNELS / AT_A_TIME) as u64 {
        rounds.claims_run_out().await;
        rounds.come_due(AT_A_TIME).await;
        let known = rounds.attempts().await;
        let bot = rounds.start();
        rounds.another_attempt(known).await;
        // The first is killed at once, each later one after a longer time.
        rounds.campaign.wait(0..life * 10_000 + 1).await;
        bot.kill();
        caught += rounds.claimed().await.len();
    }
    assert!(caught > 0, "no kill came in the middle of a round");
    rounds.claims_run_out().await;
    let bot = rounds.start();
    rounds.hold("SQLite, killed in the middle", vec![bot]).await;
}
