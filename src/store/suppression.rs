//! Suppressed people: those who were erased and not let back in. Only a keyed hash of each is kept, so the table does
//! not show who they are without trying every id under the workspace's key.

use std::{collections::BTreeSet, fmt::Write as _};

use ring::hmac;

use super::{
    Store, StoreError,
    columns::Columns,
    people::lists,
    unit::{Insert, UnitOfWork, Value},
};
use crate::{
    model::{
        clock::Instant,
        people::{TeamId, UserId},
    },
    values,
};

static SUPPRESSED: Insert = Insert {
    table: "suppression",
    columns: &["team_id", "person_hash"],
    identity: 2,
    on_conflict: "ON CONFLICT (team_id, person_hash) DO NOTHING",
};

#[derive(Clone, Debug, Default)]
pub struct Suppressed {
    key: Option<String>,
    hashes: BTreeSet<String>,
}

impl Suppressed {
    /// Whether a person was erased and not let back in. It costs nothing if no person was.
    pub fn holds(&self, person: &UserId) -> bool {
        self.hash_of(person).is_some()
    }

    pub fn is_empty(&self) -> bool {
        self.hashes.is_empty()
    }

    fn hash_of(&self, person: &UserId) -> Option<String> {
        let key = self.key.as_ref().filter(|_| !self.hashes.is_empty())?;
        Some(hash(key, person)).filter(|hash| self.hashes.contains(hash))
    }
}

fn hash(key: &str, person: &UserId) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, key.as_bytes());
    hex(hmac::sign(&key, person.as_str().as_bytes()).as_ref())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").ok();
        hex
    })
}

impl Store {
    /// Returns the erased people of a workspace.
    pub async fn suppressed(&self, team: &TeamId) -> Result<Suppressed, StoreError> {
        let rows = self
            .ask(
                "SELECT w.suppression_key, s.person_hash FROM suppression s \
                 JOIN workspace w ON w.team_id = s.team_id WHERE s.team_id = $1",
                values![team.as_str()],
            )
            .await?;
        let mut suppressed = Suppressed::default();
        for row in rows {
            let mut row = Columns::of("suppression", row);
            suppressed.key = row.text_or_null();
            suppressed.hashes.insert(row.text()?);
        }
        Ok(suppressed)
    }

    /// Suppresses a person from now on. The same unit deactivates them in the directory, so that nothing that reads the
    /// directory includes them during the erasure. `secret` becomes the workspace's key if it has none.
    pub async fn suppress(
        &self,
        team: &TeamId,
        person: &UserId,
        secret: &[u8],
        now: Instant,
    ) -> Result<(), StoreError> {
        let mut unit = UnitOfWork::new();
        unit.run(
            "UPDATE workspace SET suppression_key = $2 WHERE team_id = $1 AND suppression_key IS NULL",
            values![team.as_str(), hex(secret)],
        );
        self.commit(unit).await?;
        let mut unit = UnitOfWork::new();
        unit.row(&SUPPRESSED, values![team.as_str(), self.hashed(team, person).await?]);
        unit.run(
            "UPDATE person SET deactivated_at = COALESCE(deactivated_at, $3) WHERE team_id = $1 AND user_id = $2",
            values![team.as_str(), person.as_str(), now],
        );
        self.commit(unit).await.map(drop)
    }

    /// Lets an erased person back in; returns false if they were not suppressed.
    pub async fn allow(&self, team: &TeamId, person: &UserId, now: Instant) -> Result<bool, StoreError> {
        let mut unit = UnitOfWork::new();
        let was_out = put_allowed(&mut unit, team, &self.suppressed(team).await?, person, now);
        self.commit(unit).await?;
        Ok(was_out)
    }

    async fn hashed(&self, team: &TeamId, person: &UserId) -> Result<String, StoreError> {
        let rows = self
            .ask("SELECT suppression_key FROM workspace WHERE team_id = $1", values![team.as_str()])
            .await?;
        let key = rows.into_iter().flatten().next().and_then(Value::text);
        let key = key.ok_or_else(|| StoreError::coding("the workspace has no suppression key"))?;
        Ok(hash(&key, person))
    }
}

/// Adds to a unit that an erased person is let back in, and requests a new reading of the directory, which finds them.
/// Returns false if they were not suppressed.
pub fn put_allowed(
    unit: &mut UnitOfWork,
    team: &TeamId,
    suppressed: &Suppressed,
    person: &UserId,
    now: Instant,
) -> bool {
    let Some(hash) = suppressed.hash_of(person) else { return false };
    unit.run("DELETE FROM suppression WHERE team_id = $1 AND person_hash = $2", values![team.as_str(), hash]);
    lists::want_all(unit, team, now);
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_depends_on_the_key() {
        let ana = UserId::from("U1ANA");
        let of = |key: &str| Suppressed { key: Some(key.to_owned()), hashes: [hash("one", &ana)].into() };
        assert!(of("one").holds(&ana));
        assert!(!of("another").holds(&ana));
        assert!(!of("one").holds(&"U2BEN".into()));
        assert!(!Suppressed::default().holds(&ana));
        assert!(!hash("one", &ana).contains("ANA"));
    }
}
