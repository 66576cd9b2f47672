//! Measures how many units a second the writer commits, in groups and one by one, on SQLite and, if
//! `RONDO_TEST_POSTGRES_URL` names a server, on PostgreSQL.

mod support {
    pub mod figures;
    pub mod place;
    pub mod print;
}

use std::time::{Duration, Instant};

use rondo::{
    config::Environment,
    model::{
        clock::Clock,
        people::{TeamId, UserId},
    },
    rituals::kudos::store::{NewGift, put},
    store::{Opening, Store, unit::UnitOfWork},
};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use tokio::task::JoinSet;

use crate::support::{
    figures::Figures,
    place::{database, folder},
    print::say,
};

const WAITING: usize = 64;
const TIME: Duration = Duration::from_secs(4);

fn main() -> anyhow::Result<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        say(&format!("writer: gifts committed (three rows each), {WAITING} waiting at a time"));
        let folder = folder()?;
        let on_sqlite = |name| database(folder.path(), name);
        compare("SQLite", &on_sqlite("shared.db"), &on_sqlite("single.db")).await?;
        if let Some(server) = Environment::of_process().get("RONDO_TEST_POSTGRES_URL") {
            return on_postgres(server).await;
        }
        say("  left out: PostgreSQL (set RONDO_TEST_POSTGRES_URL to include it)");
        Ok(())
    })
}

/// Uses databases of its own, and drops them afterwards.
async fn on_postgres(server: &str) -> anyhow::Result<()> {
    let mut connection = PgConnection::connect(server).await?;
    let stamp = Clock::machine().now_ms();
    let (base, options) = server
        .split_once('?')
        .map_or((server, String::new()), |(base, options)| (base, format!("?{options}")));
    let host_at = base.find("://").map_or(0, |at| at + 3);
    let base = base[host_at..].find('/').map_or(base, |at| &base[..host_at + at]);
    let names = ["shared", "single"].map(|name| format!("rondo_bench_{stamp}_{name}"));
    for name in &names {
        sqlx::query(AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&mut connection).await?;
    }
    let [shared, single] = names.each_ref().map(|name| format!("{base}/{name}{options}"));
    let compared = compare("PostgreSQL", &shared, &single).await;
    for name in &names {
        sqlx::query(AssertSqlSafe(format!("DROP DATABASE {name} WITH (FORCE)")))
            .execute(&mut connection)
            .await?;
    }
    compared
}

async fn compare(engine: &str, shared: &str, single: &str) -> anyhow::Result<()> {
    let shared = measure(shared, Opening::ToRun).await?;
    let plain = measure(single, Opening::Plainly).await?;
    shared.print(&format!("{engine}, shared commits"));
    plain.print(&format!("{engine}, one commit a unit, statement by statement"));
    say(&format!("  shared commits are {:.1} times as many", shared.per_second / plain.per_second));
    Ok(())
}

async fn measure(url: &str, opening: Opening) -> anyhow::Result<Figures> {
    let store = Store::open(url, opening).await?;
    let now = Clock::machine().now();
    let began = Instant::now();
    let mut writing = JoinSet::new();
    for task in 0..WAITING {
        let store = store.clone();
        writing.spawn(async move {
            let mut took = Vec::new();
            let mut number = task;
            while began.elapsed() < TIME {
                let mut unit = UnitOfWork::new();
                let gift = NewGift {
                    id: &format!("{number:032x}"),
                    giver: &UserId(format!("U{number:07}")),
                    channel: &"C000001".into(),
                    receivers: &["U000001".into()],
                    reason: &format!("unblocking release {number} on a Friday evening"),
                    local_date: "2026-01-05",
                    allowance: 10,
                    fingerprint: &number.to_string(),
                };
                put(&mut unit, &TeamId("T000001".to_owned()), &gift, now);
                let asked = Instant::now();
                store.commit(unit).await?;
                took.push(asked.elapsed());
                number += WAITING;
            }
            anyhow::Ok(took)
        });
    }
    let mut took = Vec::new();
    while let Some(written) = writing.join_next().await {
        took.extend(written??);
    }
    let figures = Figures::of(took, began.elapsed());
    store.close().await;
    Ok(figures)
}
