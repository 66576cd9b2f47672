//! The people whose kudos a benchmark sends.

/// Puts this many givers and receivers into the directory of a database file, as a reading of the workspace would.
pub async fn put_into_directory(url: &str, team: &str, pairs: usize) -> anyhow::Result<()> {
    let pool = sqlx::SqlitePool::connect(url).await?;
    sqlx::query(
        "WITH RECURSIVE pair (number) AS (SELECT 0 UNION ALL SELECT number + 1 FROM pair WHERE number + 1 < $2), \
         part (name) AS (VALUES ('GIVER'), ('TAKER')) \
         INSERT INTO person (team_id, user_id, name, zone, kind, refreshed_at) \
         SELECT $1, printf('U%s%06d', name, number), printf('Person %d', number), 'Europe/Paris', 'member', 0 \
         FROM pair, part",
    )
    .bind(team)
    .bind(i64::try_from(pairs)?)
    .execute(&pool)
    .await?;
    pool.close().await;
    Ok(())
}
