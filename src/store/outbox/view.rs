//! The operator's view of the outbox, and the operator's commands.

use chrono::Duration;

use crate::{
    model::{
        clock::{Instant, from_ms},
        owner::Owner,
        people::{ChannelId, TeamId, UserId},
    },
    store::{
        Store, StoreError,
        columns::Columns,
        unit::{Outcome, UnitOfWork, Value, Write},
    },
    values,
};

impl Store {
    /// Returns how much waits, since when, and how much was discarded.
    pub async fn outbox_depth(&self, now: Instant) -> Result<Depth, StoreError> {
        let waiting = self
            .ask(
                concat!(
                    "SELECT COUNT(*), MIN(not_before) FROM outbox WHERE visible_at IS NOT NULL AND not_before <= $1 AND ",
                    readable!()
                ),
                values![now],
            )
            .await?;
        let discarded =
            self.ask("SELECT COUNT(*) FROM outbox WHERE discarded_at IS NOT NULL", Vec::new()).await?;
        let number = |rows: &[Vec<Value>], column: usize| rows.first().and_then(|row| row[column].int());
        Ok(Depth {
            waiting: number(&waiting, 0).unwrap_or_default(),
            oldest: number(&waiting, 1).map_or(Duration::zero(), |since| now - from_ms(since)),
            discarded: number(&discarded, 0).unwrap_or_default(),
        })
    }

    /// Counts the waiting effects of a causer, up to `most`.
    pub async fn waiting_effects(
        &self,
        team: &TeamId,
        causer: &Owner,
        most: usize,
    ) -> Result<usize, StoreError> {
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let rows = self
            .ask(
                "SELECT COUNT(*) FROM (SELECT 1 FROM outbox WHERE team_id = $1 AND causer = $2 \
                 AND visible_at IS NOT NULL LIMIT $3) waiting",
                values![team.as_str(), causer.to_string(), most],
            )
            .await?;
        let count = rows.first().and_then(|row| row[0].int()).unwrap_or_default();
        Ok(usize::try_from(count).unwrap_or_default())
    }

    /// Returns the causers with `least` waiting effects or more, and their counts; `most` causers at the most.
    pub async fn causers_with_effects(
        &self,
        team: &TeamId,
        least: usize,
        most: usize,
    ) -> Result<Vec<(Owner, usize)>, StoreError> {
        let (least, most) =
            (i64::try_from(least).unwrap_or(i64::MAX), i64::try_from(most).unwrap_or(i64::MAX));
        let rows = self
            .ask(
                "SELECT causer, COUNT(*) FROM outbox WHERE team_id = $1 AND visible_at IS NOT NULL AND causer <> '' \
                 GROUP BY causer HAVING COUNT(*) >= $2 ORDER BY COUNT(*) DESC, causer LIMIT $3",
                values![team.as_str(), least, most],
            )
            .await?;
        let causer = |row: Vec<Value>| {
            let mut row = Columns::of("outbox", row);
            Some((row.text_or_null()?.parse().ok()?, usize::try_from(row.int_or_null()?).ok()?))
        };
        Ok(rows.into_iter().filter_map(causer).collect())
    }

    /// Counts the effects that are due by `soon`, and those due now that are not looked at within the next seconds: a process has
    /// claimed them, or they failed.
    pub async fn outbox_due_and_claimed(
        &self,
        now: Instant,
        soon: Instant,
    ) -> Result<(i64, i64), StoreError> {
        /// No effect waits longer for its channel.
        const TURN: Duration = Duration::seconds(5);
        const COUNTED: &str = concat!(
            "SELECT COUNT(CASE WHEN not_before <= $2 THEN 1 END), \
             COUNT(CASE WHEN not_before <= $1 AND visible_at > $3 THEN 1 END) \
             FROM outbox WHERE visible_at IS NOT NULL AND ",
            readable!()
        );
        let rows = self.ask(COUNTED, values![now, soon, now + TURN]).await?;
        let number = |column: usize| rows.first().and_then(|row| row[column].int()).unwrap_or_default();
        Ok((number(0), number(1)))
    }

    /// Returns who is in a group DM that a message was sent to; `None` if that is not known.
    pub async fn group_dm_people(
        &self,
        team: &TeamId,
        conversation: &ChannelId,
    ) -> Result<Option<Vec<UserId>>, StoreError> {
        let rows = self
            .ask(
                "SELECT target FROM outbox WHERE team_id = $1 AND channel = $2 AND kind = 'group' LIMIT 1",
                values![team.as_str(), conversation.as_str()],
            )
            .await?;
        let target = rows.into_iter().next().and_then(|row| row.into_iter().next()?.text());
        Ok(target.map(|people| people.split(',').map(UserId::from).collect()))
    }

    /// Lists waiting and discarded effects, without any words that people wrote.
    pub async fn outbox_list(&self, limit: i64) -> Result<Vec<ListedEffect>, StoreError> {
        let rows = self
            .ask(
                "SELECT key, kind, target, attempts, visible_at, discarded_at, last_error, send_started_at, \
                 CASE WHEN format > 1 THEN 1 ELSE 0 END, owner FROM outbox \
                 WHERE visible_at IS NOT NULL OR discarded_at IS NOT NULL ORDER BY created_at LIMIT $1",
                values![limit],
            )
            .await?;
        rows.into_iter().map(read_listed).collect()
    }

    /// Sends discarded effects again (one key, or all); returns the number of rows.
    pub async fn outbox_retry(&self, key: Option<&str>, now: Instant) -> Result<usize, StoreError> {
        const RETRY: &str = "UPDATE outbox SET discarded_at = NULL, visible_at = $3, not_before = $3, attempts = 0, looks = 0, \
             expires_at = NULL WHERE team_id = $1 AND key = $2 AND discarded_at IS NOT NULL AND payload IS NOT NULL \
             RETURNING key";
        self.each_discarded(key, |team, discarded| Write::Run(RETRY, values![team, discarded, now])).await
    }

    /// Deletes discarded effects (one key, or all); returns the number of rows.
    pub async fn outbox_drop(&self, key: Option<&str>) -> Result<usize, StoreError> {
        const DROP: &str = "UPDATE outbox SET discarded_at = NULL, visible_at = NULL, payload = NULL, note = '' \
             WHERE team_id = $1 AND key = $2 AND discarded_at IS NOT NULL RETURNING key";
        self.each_discarded(key, |team, discarded| Write::Run(DROP, values![team, discarded])).await
    }

    /// Makes all waiting effects of an owner expire now, so that the outbox drops them and tells its ritual; returns
    /// the number of rows. Effects whose call was begun are not sent again.
    pub async fn outbox_expire(
        &self,
        team: &TeamId,
        owner: &Owner,
        now: Instant,
    ) -> Result<usize, StoreError> {
        const WAITING: &str = "SELECT key FROM outbox WHERE team_id = $1 AND owner = $2 AND owner <> '' AND ts IS NULL \
             AND visible_at IS NOT NULL AND (expires_at IS NULL OR expires_at > $3)";
        const EXPIRE: &str = "UPDATE outbox SET expires_at = $4, \
             not_before = CASE WHEN send_started_at IS NULL THEN $4 ELSE not_before END, \
             visible_at = CASE WHEN send_started_at IS NULL THEN $4 ELSE visible_at END \
             WHERE team_id = $1 AND key = $2 AND owner = $3 AND ts IS NULL AND visible_at IS NOT NULL RETURNING key";
        let owner = owner.to_string();
        let rows = self.ask(WAITING, values![team.as_str(), owner.as_str(), now]).await?;
        let keys: Vec<String> = rows.into_iter().flatten().filter_map(Value::text).collect();
        let expire = |key: &String| {
            let write = Write::Run(EXPIRE, values![team.as_str(), key.as_str(), owner.as_str(), now]);
            self.commit(UnitOfWork::guarded("waiting", write))
        };
        let mut expired = 0;
        // Commits of several rows are shared.
        for keys in keys.chunks(64) {
            let outcomes = futures_util::future::try_join_all(keys.iter().map(expire)).await?;
            expired += outcomes.iter().filter(|outcome| matches!(outcome, Outcome::Committed(_))).count();
        }
        Ok(expired)
    }

    async fn each_discarded(
        &self,
        key: Option<&str>,
        mend: impl Fn(String, String) -> Write,
    ) -> Result<usize, StoreError> {
        let rows =
            self.ask("SELECT team_id, key FROM outbox WHERE discarded_at IS NOT NULL", Vec::new()).await?;
        let mut touched = 0;
        for row in rows {
            let mut row = Columns::of("outbox", row);
            let (team, discarded) = (row.text()?, row.text()?);
            if key.is_some_and(|key| key != discarded) {
                continue;
            }
            if matches!(
                self.commit(UnitOfWork::guarded("discarded", mend(team, discarded))).await?,
                Outcome::Committed(_)
            ) {
                touched += 1;
            }
        }
        Ok(touched)
    }
}

/// How full the outbox is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Depth {
    /// Effects that are due and not done.
    pub waiting: i64,
    /// How long the oldest of them has waited.
    pub oldest: Duration,
    pub discarded: i64,
}

/// One line of the operator's list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedEffect {
    pub key: String,
    /// `post`, `reply`, `group`, `delete`, `delete_reply`, or the kind of its call.
    pub kind: String,
    /// The channel, person or people it goes to.
    pub target: String,
    /// The stored form of its owner, empty if it has none.
    pub owner: String,
    /// How often it was tried.
    pub attempts: i64,
    /// When it is next looked at.
    pub next_at: Option<Instant>,
    pub discarded: bool,
    /// Whether it is unknown if Slack did it.
    pub unknown: bool,
    /// Whether a newer release has written it, so that this one leaves it alone.
    pub newer: bool,
    /// Slack's last answer.
    pub last_error: Option<String>,
}

fn read_listed(row: Vec<Value>) -> Result<ListedEffect, StoreError> {
    let mut row = Columns::of("outbox", row);
    Ok(ListedEffect {
        key: row.text()?,
        kind: row.text()?,
        target: row.text_or_null().unwrap_or_default(),
        attempts: row.int_or_null().unwrap_or_default(),
        next_at: row.at_or_null(),
        discarded: row.int_or_null().is_some(),
        last_error: row.text_or_null(),
        unknown: row.int_or_null().is_some(),
        newer: row.int_or_null().unwrap_or_default() != 0,
        owner: row.text_or_null().unwrap_or_default(),
    })
}
