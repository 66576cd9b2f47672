//! Measures how many gifts a second the writer commits, beside a transaction for each through a pool, on SQLite and, if
//! `RONDO_TEST_POSTGRES_URL` names a server, on PostgreSQL.

mod support {
    pub mod figures;
    pub mod place;
    pub mod plain;
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
    plain::{PlainGift, PlainStore},
    print::say,
};

const TEAM: &str = "T000001";
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
    let store = Store::open(shared, Opening::ToRun).await?;
    let rondo = store.clone();
    let shared = measure(move |gift| {
        let store = rondo.clone();
        async move { put_shared(&store, &gift).await }
    });
    let shared = shared.await?;
    store.close().await;
    let store = PlainStore::open(single).await?;
    let pool = store.clone();
    let plain = measure(move |gift| {
        let store = pool.clone();
        async move { store.put(TEAM, &gift, None).await }
    });
    let plain = plain.await?;
    store.close().await;
    shared.print(&format!("{engine}, shared commits"));
    plain.print(&format!("{engine}, a transaction for each, through a pool"));
    say(&format!("  shared commits are {:.1} times as many", shared.per_second / plain.per_second));
    Ok(())
}

async fn put_shared(store: &Store, gift: &PlainGift) -> anyhow::Result<()> {
    let mut unit = UnitOfWork::new();
    let new = NewGift {
        id: &gift.id,
        giver: &UserId(gift.giver.clone()),
        channel: &"C000001".into(),
        receivers: &[UserId(gift.receiver.clone())],
        reason: &gift.reason,
        local_date: "2026-01-05",
        allowance: 10,
        fingerprint: &gift.id,
    };
    put(&mut unit, &TeamId(TEAM.to_owned()), &new, Clock::machine().now());
    store.commit(unit).await?;
    Ok(())
}

/// Puts gifts for some time, with as many tasks as may wait, each by another giver.
async fn measure<F>(put: impl Fn(PlainGift) -> F + Clone + Send + 'static) -> anyhow::Result<Figures>
where
    F: Future<Output = anyhow::Result<()>> + Send,
{
    let began = Instant::now();
    let mut writing = JoinSet::new();
    for task in 0..WAITING {
        let put = put.clone();
        writing.spawn(async move {
            let mut took = Vec::new();
            let mut number = task;
            while began.elapsed() < TIME {
                let gift = PlainGift {
                    id: format!("{number:032x}"),
                    giver: format!("U{number:07}"),
                    receiver: "U000001".to_owned(),
                    reason: format!("unblocking release {number} on a Friday evening"),
                };
                let asked = Instant::now();
                put(gift).await?;
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
    Ok(Figures::of(took, began.elapsed()))
}
