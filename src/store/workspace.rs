//! The workspace of a database, and leases on what only one process may do at a time.

use chrono::Duration;

use super::{
    Store, StoreError,
    people::lists,
    unit::{Insert, Outcome, UnitOfWork, Value, Write},
};
use crate::{
    model::{
        clock::{Instant, from_ms},
        people::{TeamId, UserId},
    },
    values,
};

static WORKSPACE: Insert = Insert {
    table: "workspace",
    columns: &["team_id", "bot_user", "first_seen_at"],
    identity: 1,
    on_conflict: "ON CONFLICT (team_id) DO UPDATE SET bot_user = excluded.bot_user",
};

static LEASE: Insert = Insert {
    table: "lease",
    columns: &["team_id", "name", "holder", "until"],
    identity: 2,
    on_conflict: "ON CONFLICT (team_id, name) DO NOTHING",
};

/// Refuses a unit if the lease has ended or another holder has it.
pub const LEASE_LOST: &str = "lease lost";

/// Refuses a second claim of the database.
const OWNED: &str = "owned";
/// The row that names the database's workspace belongs to no workspace.
pub(super) const NO_TEAM: &str = "";
const OWNER: &str = "workspace";

impl Store {
    /// Makes the database belong to this workspace, or fails if it belongs to another.
    pub async fn claim_workspace(
        &self,
        team: &TeamId,
        bot_user: &UserId,
        now: Instant,
    ) -> Result<(), StoreError> {
        if let Some(known) = self.workspace().await?
            && known != *team
        {
            return Err(StoreError::OtherTeam { known: known.0, given: team.0.clone() });
        }
        // Two workspaces that claim an empty database at once meet at one row, which the first of them keeps.
        let ours = values![NO_TEAM, OWNER, team.as_str(), i64::MAX];
        self.commit(UnitOfWork::guarded(OWNED, Write::Row(&LEASE, ours))).await?;
        let rows = self
            .ask("SELECT holder FROM lease WHERE team_id = $1 AND name = $2", values![NO_TEAM, OWNER])
            .await?;
        let known = rows.into_iter().flatten().next().and_then(Value::text).unwrap_or_default();
        if known != team.as_str() {
            return Err(StoreError::OtherTeam { known, given: team.0.clone() });
        }
        let mut unit = UnitOfWork::new();
        unit.row(&WORKSPACE, values![team.as_str(), bot_user.as_str(), now]);
        self.commit(unit).await.map(drop)
    }

    /// Stores that Slack is heard now; returns false if it was silent for `gap` or longer. Events of that time may be
    /// lost, so everything is then requested anew, by one of several replicas that notice it.
    pub async fn note_slack_heard(
        &self,
        team: &TeamId,
        now: Instant,
        gap: Duration,
    ) -> Result<bool, StoreError> {
        // An instant in the future dates from before the clock was set back.
        let between =
            |text| Write::Run(text, values![team.as_str(), team.as_str(), now, now - gap, now + gap]);
        let goes_on = between(
            "UPDATE workspace SET heard_at = $3 \
             WHERE team_id = $1 AND team_id = $2 AND heard_at > $4 AND heard_at <= $5 RETURNING team_id",
        );
        if let Outcome::Committed(_) = self.commit(UnitOfWork::guarded("silent", goes_on)).await? {
            return Ok(true);
        }
        let begins_anew = between(
            "UPDATE workspace SET heard_at = $3, wanted_at = $3 WHERE team_id = $1 AND team_id = $2 \
             AND (heard_at IS NULL OR heard_at <= $4 OR heard_at > $5) RETURNING team_id",
        );
        let mut unit = UnitOfWork::guarded("heard", begins_anew);
        lists::want_all(&mut unit, team, now);
        Ok(matches!(self.commit(unit).await?, Outcome::Refused(_)))
    }

    /// Requests everything in the directory anew, unless that was done since `night`.
    pub async fn want_directory(
        &self,
        team: &TeamId,
        night: Instant,
        now: Instant,
    ) -> Result<(), StoreError> {
        let write = Write::Run(
            "UPDATE workspace SET wanted_at = $4 WHERE team_id = $1 AND team_id = $2 \
             AND (wanted_at IS NULL OR wanted_at < $3 OR wanted_at > $4) RETURNING team_id",
            values![team.as_str(), team.as_str(), night, now],
        );
        let mut unit = UnitOfWork::guarded("wanted", write);
        lists::want_all(&mut unit, team, now);
        self.commit(unit).await.map(drop)
    }

    /// Returns when the store was last swept.
    pub async fn swept_at(&self, team: &TeamId) -> Result<Option<Instant>, StoreError> {
        let rows =
            self.ask("SELECT swept_at FROM workspace WHERE team_id = $1", values![team.as_str()]).await?;
        Ok(rows.first().and_then(|row| row[0].int()).map(from_ms))
    }

    /// Stores that the store was swept.
    pub async fn put_swept(&self, team: &TeamId, now: Instant) -> Result<(), StoreError> {
        let mut unit = UnitOfWork::new();
        unit.run("UPDATE workspace SET swept_at = $2 WHERE team_id = $1", values![team.as_str(), now]);
        self.commit(unit).await.map(drop)
    }

    /// Returns the workspace that the database belongs to, if any.
    pub async fn workspace(&self) -> Result<Option<TeamId>, StoreError> {
        let rows =
            self.ask("SELECT team_id FROM workspace ORDER BY first_seen_at LIMIT 1", Vec::new()).await?;
        Ok(rows.into_iter().flatten().next().and_then(Value::text).map(TeamId))
    }

    /// Takes or renews a lease; returns whether this holder has it now. A lease that ends later than any lease can
    /// dates from before the clock was set back, and is free.
    pub async fn take_lease(
        &self,
        team: &TeamId,
        name: &str,
        holder: &str,
        now: Instant,
        length: Duration,
    ) -> Result<bool, StoreError> {
        let until = now + length;
        let impossible = until + length;
        let renew = Write::Run(
            "UPDATE lease SET holder = $3, until = $4 \
             WHERE team_id = $1 AND name = $2 AND (holder = $3 OR until <= $5 OR until > $6) RETURNING holder",
            values![team.as_str(), name, holder, until, now, impossible],
        );
        if let Outcome::Committed(_) = self.commit(UnitOfWork::guarded("held", renew)).await? {
            return Ok(true);
        }
        let first = Write::Row(&LEASE, values![team.as_str(), name, holder, until]);
        Ok(matches!(self.commit(UnitOfWork::guarded("held", first)).await?, Outcome::Committed(_)))
    }

    /// Makes a unit depend on this holder having a lease.
    pub fn guard_lease(unit: &mut UnitOfWork, team: &TeamId, name: &str, holder: &str, now: Instant) {
        let write = Write::Run(
            "UPDATE lease SET holder = $3 WHERE team_id = $1 AND name = $2 AND holder = $3 AND until > $4 \
             RETURNING team_id, name",
            values![team.as_str(), name, holder, now],
        );
        unit.guard_first(LEASE_LOST, write);
    }

    /// Returns until when another holder has a lease.
    pub async fn lease_until(&self, team: &TeamId, name: &str) -> Result<Option<Instant>, StoreError> {
        let rows = self
            .ask("SELECT until FROM lease WHERE team_id = $1 AND name = $2", values![team.as_str(), name])
            .await?;
        Ok(rows.first().and_then(|row| row[0].int()).map(from_ms))
    }

    /// Returns the last holder of a lease, who may have it still; `None` if it was given back.
    pub async fn lease_holder(&self, team: &TeamId, name: &str) -> Result<Option<String>, StoreError> {
        let rows = self
            .ask("SELECT holder FROM lease WHERE team_id = $1 AND name = $2", values![team.as_str(), name])
            .await?;
        Ok(rows.into_iter().flatten().next().and_then(Value::text))
    }

    pub async fn bot_user(&self, team: &TeamId) -> Result<Option<UserId>, StoreError> {
        let rows =
            self.ask("SELECT bot_user FROM workspace WHERE team_id = $1", values![team.as_str()]).await?;
        Ok(rows.into_iter().flatten().next().and_then(Value::text).map(UserId))
    }

    /// Ends all leases and the claims of runs. The lock on a database file proves that no other process works on it:
    /// they belong to a killed process, and need not be waited for. The database's workspace stays.
    pub(super) async fn end_claims(&self) -> Result<(), StoreError> {
        let mut unit = UnitOfWork::new();
        // A snoozed run is looked at early, and snoozed again.
        unit.run("UPDATE run SET visible_at = due_at WHERE visible_at > due_at", Vec::new());
        unit.run("DELETE FROM lease WHERE team_id <> $1", values![NO_TEAM]);
        unit.may_take(std::time::Duration::from_secs(30));
        self.commit(unit).await.map(drop)
    }

    /// Ends a lease, so that another replica need not wait, and keeps its last holder.
    pub async fn end_lease(&self, team: &TeamId, name: &str, holder: &str) -> Result<(), StoreError> {
        let mut unit = UnitOfWork::new();
        unit.run(
            "UPDATE lease SET until = 0 WHERE team_id = $1 AND name = $2 AND holder = $3",
            values![team.as_str(), name, holder],
        );
        self.commit(unit).await.map(drop)
    }

    /// Gives a lease back, so that another replica need not wait for its end.
    pub async fn release_lease(&self, team: &TeamId, name: &str, holder: &str) -> Result<(), StoreError> {
        let mut unit = UnitOfWork::new();
        unit.run(
            "DELETE FROM lease WHERE team_id = $1 AND name = $2 AND holder = $3",
            values![team.as_str(), name, holder],
        );
        self.commit(unit).await.map(drop)
    }
}
