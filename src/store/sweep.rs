//! The nightly deletion, and how long each thing is kept.
//!
//! Tables are swept in the order of their keys, a few hundred rows at a time, each time in a small transaction of its
//! own that other units share. A pause follows each chunk, so that no acknowledgement waits for the sweep.

use std::time::{Duration as StdDuration, Instant as Stopwatch};

use chrono::Duration;

use super::{
    Store, StoreError,
    unit::{UnitOfWork, Value},
};
use crate::{
    model::{clock::Instant, people::TeamId},
    values,
};

/// Slack repeats a delivery within minutes; two days leave room for a workspace that was down.
const PROCESSED_HOURS: i64 = 48;
/// Discarded effects stay visible for longer, since an operator has to look at them.
const DISCARDED_DAYS: i64 = 30;
/// The outcome of a run is shown with its programme for half a year.
const RUN_DAYS: i64 = 180;
/// Three answers of a monthly sync are shown to its organisers for two years.
const ANSWER_DAYS: i64 = 730;
/// A channel that is closed to the bot is forgotten with its members after a month, unless a programme runs there.
const CHANNEL_DAYS: i64 = 30;

/// Words that a person was about to save, in a form that was never sent.
const DRAFT_HOURS: i64 = 24;

/// How many chunks of 500 rows one sweep takes; the next sweep goes on.
const MOST_CHUNKS: usize = 400;
/// How many closed channels are looked up at once.
const CHANNELS: i64 = 100;
/// The shortest pause behind a chunk. After a slow chunk the pause is a multiple of its time.
const SHORTEST_PAUSE: StdDuration = StdDuration::from_millis(5);
const TIMES: u32 = 4;
/// A key smaller than any.
const BEGINNING: &str = "";

/// A table that is swept by one column of its key.
struct Swept {
    /// The key of the last row of the next full chunk, if there is one.
    bound: &'static str,
    /// Looks for old rows between two keys, and deletes them. On most days there are none.
    chunk: Pruning,
    /// The same from a key to the end.
    rest: Pruning,
    kept: Duration,
}

struct Pruning {
    asks: &'static str,
    prunes: &'static str,
}

/// The condition for old rows behind a key: `$1` is the workspace, `$2` the key, and `$3` the instant before which a
/// row is old.
macro_rules! old {
    ($does:literal, $table:literal, $key:literal, $which:expr) => {
        concat!($does, " FROM ", $table, " WHERE team_id = $1 AND ", $key, " > $2 AND ", $which)
    };
}

/// Rows of retros whose answers are past their time. Each retro says for how many days they are kept.
macro_rules! past_its_time {
    ($table:literal) => {
        concat!(
            "EXISTS (SELECT 1 FROM retro r WHERE r.team_id = ",
            $table,
            ".team_id AND r.retro_id = ",
            $table,
            ".retro_id AND r.closes_at + r.kept_days * 86400000 < $3)"
        )
    };
}

macro_rules! swept {
    ($table:literal, $key:literal, $which:expr, $kept:expr) => {
        Swept {
            bound: concat!(
                "SELECT ",
                $key,
                " FROM ",
                $table,
                " WHERE team_id = $1 AND ",
                $key,
                " > $2 ORDER BY ",
                $key,
                " LIMIT 1 OFFSET 499"
            ),
            chunk: Pruning {
                asks: concat!(old!("SELECT team_id", $table, $key, $which), " AND ", $key, " <= $4 LIMIT 1"),
                prunes: concat!(old!("DELETE", $table, $key, $which), " AND ", $key, " <= $4"),
            },
            rest: Pruning {
                asks: concat!(old!("SELECT team_id", $table, $key, $which), " LIMIT 1"),
                prunes: old!("DELETE", $table, $key, $which),
            },
            kept: $kept,
        }
    };
}

static TABLES: [Swept; 14] = [
    swept!("processed_delivery", "key", "processed_at < $3", Duration::hours(PROCESSED_HOURS)),
    swept!(
        "outbox",
        "key",
        // Each row says for how long the message can be changed.
        "visible_at IS NULL AND discarded_at IS NULL AND kept_until < $3",
        Duration::zero()
    ),
    swept!("outbox", "key", "discarded_at < $3", Duration::days(DISCARDED_DAYS)),
    swept!("run", "key", "done_at < $3", Duration::days(RUN_DAYS)),
    swept!("occasion", "planned_for", "at < $3", Duration::days(RUN_DAYS)),
    swept!("sync_turn", "local_date", "changed_at < $3", Duration::days(RUN_DAYS)),
    swept!("sync_answer", "local_date", "changed_at < $3", Duration::days(ANSWER_DAYS)),
    swept!("sync_offer", "offer_id", "changed_at < $3", Duration::days(RUN_DAYS)),
    // It delays a person's next help for a minute.
    swept!("dm_help", "user_id", "answered_at < $3", Duration::hours(PROCESSED_HOURS)),
    // It matters for some minutes.
    swept!("promise_recent", "fingerprint", "made_at < $3", Duration::hours(PROCESSED_HOURS)),
    swept!("retro_answer", "answer_id", past_its_time!("retro_answer"), Duration::zero()),
    swept!("retro_theme", "theme_id", past_its_time!("retro_theme"), Duration::zero()),
    swept!("retro_theme_answer", "answer_id", past_its_time!("retro_theme_answer"), Duration::zero()),
    swept!("saved_draft", "draft_id", "drafted_at < $3", Duration::hours(DRAFT_HOURS)),
];

/// Where an unfinished sweep stopped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct SweepCursor {
    table: usize,
    behind: String,
}

impl Store {
    /// Deletes what is old; returns whether that is finished: the next sweep goes on otherwise.
    pub async fn sweep(&self, team: &TeamId, now: Instant) -> Result<bool, StoreError> {
        let SweepCursor { table, mut behind } = self.swept_to();
        for (number, swept) in TABLES.iter().enumerate().skip(table) {
            let old = now - swept.kept;
            for _ in 0..MOST_CHUNKS {
                let bound = self.ask(swept.bound, values![team.as_str(), behind.as_str()]).await?;
                let Some(last) = bound.into_iter().flatten().next().and_then(Value::text) else {
                    self.prune_old(&swept.rest, values![team.as_str(), behind.as_str(), old]).await?;
                    BEGINNING.clone_into(&mut behind);
                    break;
                };
                self.prune_old(&swept.chunk, values![team.as_str(), behind, old, last.as_str()]).await?;
                behind = last;
            }
            if behind != BEGINNING {
                self.keep_swept(SweepCursor { table: number, behind });
                return Ok(false);
            }
            self.keep_swept(SweepCursor { table: number + 1, behind: BEGINNING.to_owned() });
        }
        self.sweep_channels(team, now - Duration::days(CHANNEL_DAYS)).await?;
        // There is a lease for each job of one replica, and one for each start.
        let leases = Pruning {
            asks: "SELECT team_id FROM lease WHERE until < $1 LIMIT 1",
            prunes: "DELETE FROM lease WHERE until < $1",
        };
        self.prune_old(&leases, values![now - Duration::hours(PROCESSED_HOURS)]).await?;
        self.wipe(&[]).await;
        if !self.empty_log().await? {
            tracing::debug!("the log of the database is being read, and is emptied later");
        }
        self.keep_swept(SweepCursor::default());
        Ok(true)
    }

    /// Forgets channels that are closed to the bot, with their members.
    async fn sweep_channels(&self, team: &TeamId, old: Instant) -> Result<(), StoreError> {
        /// How many members are deleted at once.
        const MEMBERS: &str = "SELECT user_id FROM channel_member WHERE team_id = $1 AND channel_id = $2 \
             AND user_id > $3 ORDER BY user_id LIMIT 1 OFFSET 499";
        loop {
            let gone = self
                .ask(
                    "SELECT channel_id FROM channel c WHERE c.team_id = $1 AND c.state NOT IN ('open', 'unknown') \
                     AND c.wanted_at IS NULL AND c.refreshed_at < $2 AND NOT EXISTS (SELECT 1 FROM programme p \
                     WHERE p.team_id = c.team_id AND p.channel_id = c.channel_id AND p.ended_at IS NULL) \
                     ORDER BY channel_id LIMIT $3",
                    values![team.as_str(), old, CHANNELS],
                )
                .await?;
            if gone.is_empty() {
                return Ok(());
            }
            for channel in gone.into_iter().flatten().filter_map(Value::text) {
                let mut behind = BEGINNING.to_owned();
                loop {
                    let question = values![team.as_str(), channel.as_str(), behind.as_str()];
                    let bound = self.ask(MEMBERS, question).await?;
                    let Some(last) = bound.into_iter().flatten().next().and_then(Value::text) else { break };
                    self.prune(
                        "DELETE FROM channel_member WHERE team_id = $1 AND channel_id = $2 AND user_id > $3 \
                         AND user_id <= $4",
                        values![team.as_str(), channel.as_str(), behind, last.as_str()],
                    )
                    .await?;
                    behind = last;
                }
                self.forget(team, &channel, old).await?;
            }
        }
    }

    /// Forgets a channel with the last of its members. If the bot has come back meanwhile, a reading of the channel is
    /// requested, and brings the members back.
    async fn forget(&self, team: &TeamId, channel: &str, old: Instant) -> Result<(), StoreError> {
        let mut unit = UnitOfWork::new();
        unit.run(
            "DELETE FROM channel_member WHERE team_id = $1 AND channel_id = $2",
            values![team.as_str(), channel],
        );
        unit.run(
            "DELETE FROM channel WHERE team_id = $1 AND channel_id = $2 AND state NOT IN ('open', 'unknown') \
             AND wanted_at IS NULL AND refreshed_at < $3",
            values![team.as_str(), channel, old],
        );
        self.commit_and_breathe(unit).await
    }

    async fn prune_old(&self, pruning: &Pruning, values: Vec<Value>) -> Result<(), StoreError> {
        if self.ask(pruning.asks, values.clone()).await?.is_empty() {
            return Ok(());
        }
        self.prune(pruning.prunes, values).await
    }

    async fn prune(&self, text: &'static str, values: Vec<Value>) -> Result<(), StoreError> {
        let mut unit = UnitOfWork::new();
        unit.run(text, values);
        self.commit_and_breathe(unit).await
    }

    async fn commit_and_breathe(&self, unit: UnitOfWork) -> Result<(), StoreError> {
        let began = Stopwatch::now();
        self.commit(unit).await?;
        tokio::time::sleep((began.elapsed() * TIMES).max(SHORTEST_PAUSE)).await;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_swept_by_its_key() {
        let Swept { bound, chunk, rest, kept } = &TABLES[0];
        assert_eq!(
            [*bound, chunk.asks, chunk.prunes, rest.asks, rest.prunes],
            [
                "SELECT key FROM processed_delivery WHERE team_id = $1 AND key > $2 ORDER BY key LIMIT 1 OFFSET 499",
                "SELECT team_id FROM processed_delivery WHERE team_id = $1 AND key > $2 AND processed_at < $3 AND key <= $4 LIMIT 1",
                "DELETE FROM processed_delivery WHERE team_id = $1 AND key > $2 AND processed_at < $3 AND key <= $4",
                "SELECT team_id FROM processed_delivery WHERE team_id = $1 AND key > $2 AND processed_at < $3 LIMIT 1",
                "DELETE FROM processed_delivery WHERE team_id = $1 AND key > $2 AND processed_at < $3",
            ]
        );
        assert_eq!(*kept, Duration::days(2));
    }
}
