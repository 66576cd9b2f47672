//! The sweep: how long things are kept, and that nothing waits for it.

use std::time::{Duration as StdDuration, Instant as Stopwatch};

use chrono::Duration;
use rondo::{model::cadence::Occurrence, store::occasions};
use sqlx::Executor as _;

use super::*;
use crate::{each_database, support::stranger};

/// The longest that an acknowledgement may wait for the sweep, on a busy machine.
const MOST: StdDuration = StdDuration::from_millis(700);

static CHANNEL: Insert = Insert {
    table: "channel",
    columns: &["team_id", "channel_id", "name", "state", "wanted_at", "refreshed_at"],
    identity: 2,
    on_conflict: "",
};
static MEMBER: Insert = Insert {
    table: "channel_member",
    columns: &["team_id", "channel_id", "user_id", "refreshed_at"],
    identity: 3,
    on_conflict: "",
};
static RUN: Insert = Insert {
    table: "run",
    columns: &[
        "team_id",
        "key",
        "owner",
        "ritual",
        "occasion",
        "kind",
        "subject",
        "wall",
        "due_at",
        "late",
        "payload",
        "format",
        "planned_at",
        "attempt",
        "done_at",
    ],
    identity: 2,
    on_conflict: "",
};

fn ago(days: i64) -> Instant {
    now() - Duration::days(days)
}

/// Inserts this many old deliveries, with some of today among them.
async fn many_deliveries(url: &str, many: usize) {
    let numbers = if url.starts_with("sqlite") {
        format!("WITH RECURSIVE n(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n < {}) ", many - 1)
    } else {
        format!("WITH n AS (SELECT generate_series(0, {}) AS n) ", many - 1)
    };
    let fresh = now().timestamp_millis();
    let text = format!(
        "{numbers} INSERT INTO processed_delivery (team_id, key, person, reply, processed_at) SELECT 'T1', 'key ' || n, '', '\"Nothing\"', \
         CASE WHEN n % 1000 = 7 THEN {fresh} ELSE n END FROM n"
    );
    stranger(url).await.execute(sqlx::raw_sql(sqlx::AssertSqlSafe(text))).await.unwrap();
}

each_database! {
    async fn the_sweep_delays_no_acknowledgement(url: &str) {
        const MANY: usize = 100_000;
        let store = open(url).await;
        many_deliveries(url, MANY).await;
        let sweep = tokio::spawn({
            let store = store.clone();
            async move { store.sweep(&team(), now()).await.unwrap() }
        });
        let (mut longest, mut commits) = (StdDuration::ZERO, 0);
        while !sweep.is_finished() {
            let mut unit = UnitOfWork::new();
            mark(&mut unit, "T1", &format!("new {commits}"));
            let began = Stopwatch::now();
            assert!(is_committed(&store.commit(unit).await));
            longest = longest.max(began.elapsed());
            commits += 1;
            tokio::time::sleep(StdDuration::from_millis(5)).await;
        }
        assert!(sweep.await.unwrap(), "it comes to an end");
        assert!(longest < MOST, "a commit took {longest:?}");
        assert!(commits > 20, "the sweep leaves room: {commits} commits meanwhile");
        let old = "SELECT COUNT(*) FROM processed_delivery WHERE key LIKE 'key %'";
        assert_eq!(number(&store, old).await, i64::try_from(MANY / 1_000).unwrap());
    }

    async fn the_next_sweep_continues(url: &str) {
        // More than one pass looks at, in a table that is followed by others.
        let store = open(url).await;
        many_deliveries(url, 200_700).await;
        let mut goes = 1;
        while !store.sweep(&team(), now()).await.unwrap() {
            goes += 1;
        }
        assert_eq!(goes, 2);
        assert_eq!(number(&store, "SELECT COUNT(*) FROM processed_delivery").await, 201);
    }

    async fn archived_channels_are_forgotten(url: &str) {
        let store = open(url).await;
        let mut unit = UnitOfWork::new();
        for (channel, state, wanted, days) in [
            ("archived long ago", "archived", None, 31),
            ("left long ago", "not_in", None, 400),
            ("left lately", "not_in", None, 29),
            ("open", "open", None, 90),
            ("not read", "unknown", None, 90),
            ("about to be read", "not_in", Some(1), 90),
            ("has chats", "archived", None, 90),
        ] {
            unit.row(&CHANNEL, values!["T1", channel, "name", state, wanted, ago(days)]);
            for n in 0..1_200 {
                unit.row(&MEMBER, values!["T1", channel, format!("U{n:04}"), ago(days)]);
            }
        }
        store.commit(unit).await.unwrap();
        let mut unit = UnitOfWork::new();
        unit.run(
            "INSERT INTO programme (team_id, programme_id, ritual, channel_id, name, name_key, organisers, settings, \
             version, started_at, from_at) VALUES ($1, 'p', 'coffee', 'has chats', '', '', '[]', '{}', 0, 0, 0)",
            values!["T1"],
        );
        store.commit(unit).await.unwrap();
        for _ in 0..2 {
            assert!(store.sweep(&team(), now()).await.unwrap());
            let kept = ["about to be read", "has chats", "left lately", "not read", "open"];
            let channels = "SELECT channel_id FROM channel ORDER BY channel_id";
            assert_eq!(texts(store.ask(channels, Vec::new()).await.unwrap()), kept);
            let members = "SELECT channel_id FROM channel_member GROUP BY channel_id \
                           HAVING COUNT(*) = 1200 ORDER BY channel_id";
            assert_eq!(texts(store.ask(members, Vec::new()).await.unwrap()), kept);
            assert_eq!(number(&store, "SELECT COUNT(*) FROM channel_member").await, 5 * 1_200);
        }
    }

    async fn old_runs_are_forgotten(url: &str) {
        let store = open(url).await;
        let mut unit = UnitOfWork::new();
        for (key, done) in [("waits", None), ("done lately", Some(179)), ("done long ago", Some(181))] {
            let done = done.map(|days| ago(days).timestamp_millis());
            let (wall, at) = ("2020-01-01T10:00", ago(400));
            unit.row(
                &RUN,
                values!["T1", key, "programme/p", "coffee", wall, "round", "", wall, at, "", "", 1, at, 1, done],
            );
        }
        for (name, days) in [("2020-01-01T10:00", 181), ("2020-01-02T10:00", 179)] {
            let due = Occurrence { at: ago(days), wall: format!("{name}:00").parse().unwrap() };
            occasions::put(&mut unit, &team(), "p", due);
        }
        store.commit(unit).await.unwrap();
        assert!(store.sweep(&team(), now()).await.unwrap());
        let kept = store.ask("SELECT key FROM run ORDER BY key", Vec::new()).await.unwrap();
        assert_eq!(texts(kept), ["done lately", "waits"]);
        let occasions = store.ask("SELECT planned_for FROM occasion", Vec::new()).await.unwrap();
        assert_eq!(texts(occasions), ["2020-01-02T10:00"]);
    }
}
