//! The plain way to store a gift, to compare with: a transaction for each, a call for each statement, through a pool.

use rondo::{model::clock::Clock, store::Store};
use sqlx::{Any, AnyPool, Transaction, any::AnyPoolOptions};

/// As many connections as a web service usually has.
const CONNECTIONS: u32 = 10;

/// A pool of connections to a database of Rondo's.
#[derive(Clone)]
pub struct PlainStore {
    pool: AnyPool,
    begin: &'static str,
}

/// Who gave to whom, and what for.
pub struct PlainGift {
    pub id: String,
    pub giver: String,
    pub receiver: String,
    pub reason: String,
}

impl PlainStore {
    /// Migrates the database and connects to it. A database file has one connection, since it has one writer.
    pub async fn open(url: &str) -> anyhow::Result<PlainStore> {
        Store::migrate(url).await?;
        sqlx::any::install_default_drivers();
        let is_file = url.starts_with("sqlite:");
        let pool = AnyPoolOptions::new().max_connections(if is_file { 1 } else { CONNECTIONS });
        let pool = pool.connect(url).await?;
        if is_file {
            sqlx::query("PRAGMA synchronous = FULL").execute(&pool).await?;
        }
        Ok(PlainStore { pool, begin: if is_file { "BEGIN IMMEDIATE" } else { "BEGIN" } })
    }

    /// Commits a gift with the giver's day and its receiver; of a delivery with this key also the key, the reply, and the
    /// announcement to post.
    pub async fn put(&self, team: &str, gift: &PlainGift, delivery: Option<&str>) -> anyhow::Result<()> {
        let mut transaction = self.pool.begin_with(self.begin).await?;
        put_gift(&mut transaction, team, gift).await?;
        if let Some(key) = delivery {
            put_delivery(&mut transaction, team, gift, key).await?;
        }
        Ok(transaction.commit().await?)
    }

    pub async fn close(&self) {
        self.pool.close().await;
    }
}

async fn put_gift(
    transaction: &mut Transaction<'static, Any>,
    team: &str,
    gift: &PlainGift,
) -> anyhow::Result<()> {
    let now = Clock::machine().now_ms();
    sqlx::query(
        "INSERT INTO kudos_day (team_id, giver, local_date, people, announced, allowance, last_fingerprint, last_at) \
         VALUES ($1, $2, '2026-01-05', 1, 1, 10, $3, $4) ON CONFLICT (team_id, giver, local_date) DO UPDATE \
         SET people = kudos_day.people + 1, announced = kudos_day.announced + 1, last_fingerprint = $3, last_at = $4",
    )
    .bind(team)
    .bind(&gift.giver)
    .bind(&gift.id)
    .bind(now)
    .execute(&mut **transaction)
    .await?;
    sqlx::query(
        "INSERT INTO gift (team_id, gift_id, giver, channel_id, reason, people, local_date, given_at) \
         VALUES ($1, $2, $3, 'C000001', $4, 1, '2026-01-05', $5)",
    )
    .bind(team)
    .bind(&gift.id)
    .bind(&gift.giver)
    .bind(&gift.reason)
    .bind(now)
    .execute(&mut **transaction)
    .await?;
    sqlx::query("INSERT INTO gift_receiver (team_id, gift_id, receiver) VALUES ($1, $2, $3)")
        .bind(team)
        .bind(&gift.id)
        .bind(&gift.receiver)
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

async fn put_delivery(
    transaction: &mut Transaction<'static, Any>,
    team: &str,
    gift: &PlainGift,
    key: &str,
) -> anyhow::Result<()> {
    let now = Clock::machine().now_ms();
    sqlx::query(
        "INSERT INTO processed_delivery (team_id, key, person, reply, processed_at) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(team)
    .bind(key)
    .bind(&gift.giver)
    .bind("{\"Ephemeral\":\"Kudos!\"}")
    .bind(now)
    .execute(&mut **transaction)
    .await?;
    sqlx::query(
        "INSERT INTO outbox (team_id, key, format, kind, target, lane, ritual, note, wants_sent, owner, causer, \
         delivery, payload, version, sent_version, not_before, visible_at, attempts, looks, created_at) \
         VALUES ($1, $2, 1, 'post', 'C000001', 1, 'kudos', '', 0, '', $3, 'at_most_once', $4, 1, 0, $5, $5, 0, 0, $5)",
    )
    .bind(team)
    .bind(format!("kudos/{}", gift.id))
    .bind(&gift.giver)
    .bind(&gift.reason)
    .bind(now)
    .execute(&mut **transaction)
    .await?;
    Ok(())
}
