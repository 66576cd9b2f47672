//! Requests to read the lists of the whole workspace: durable work, one row a list, so that an interrupted reading goes
//! on at its last page.
//!
//! A reading writes for the version that it began with. If the list is requested anew meanwhile, because something may
//! have been missed, the version changes, the reading's results are refused, and it begins again.

use super::{
    super::{
        Store, StoreError,
        columns::Columns,
        unit::{Insert, UnitOfWork, Value, Write},
    },
    OPEN,
    readings::Priority,
};
use crate::{
    model::{
        clock::{Instant, from_ms},
        people::TeamId,
    },
    values,
};

/// Refuses a page of a list that was requested anew since.
const RESTARTED: &str = "restarted";

/// A list that Slack gives of the whole workspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum List {
    /// The channels that the bot is in.
    Channels,
    Groups,
    /// Everyone in the workspace.
    People,
}

impl List {
    /// Every list; those that a person may wait for come first.
    pub const ALL: [List; 3] = [List::Channels, List::Groups, List::People];

    /// Returns its name in the store and in the log.
    pub fn as_str(self) -> &'static str {
        match self {
            List::Channels => "channels",
            List::Groups => "groups",
            List::People => "people",
        }
    }

    fn parse(text: &str) -> Option<List> {
        List::ALL.into_iter().find(|list| list.as_str() == text)
    }
}

/// A request to read a list, and how far its reading is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedList {
    pub list: List,
    /// When its next page may be requested.
    pub at: Instant,
    /// How often it was requested anew.
    pub version: i64,
    /// When its first page was requested; `None` before that.
    pub begun_at: Option<Instant>,
    /// Where its next page begins.
    pub cursor: Option<String>,
    /// How many pages were read.
    pub pages: i64,
    /// How often Slack has refused the next page or not answered.
    pub tries: u32,
}

/// A request to read a list from its beginning.
static ANEW: Insert = Insert {
    table: "directory_list",
    columns: &["team_id", "name", "wanted_at", "version"],
    identity: 2,
    on_conflict: "ON CONFLICT (team_id, name) DO UPDATE SET wanted_at = excluded.wanted_at, begun_at = NULL, \
         cursor = NULL, pages = 0, tries = 0, version = directory_list.version + 1",
};

/// A request to read a list; a reading that was begun goes on, and so does the wait after a failed one.
static AGAIN: Insert = Insert {
    table: "directory_list",
    columns: &["team_id", "name", "wanted_at"],
    identity: 2,
    on_conflict: "ON CONFLICT (team_id, name) DO UPDATE SET wanted_at = excluded.wanted_at \
         WHERE directory_list.wanted_at IS NULL OR (directory_list.wanted_at > excluded.wanted_at \
         AND directory_list.begun_at IS NULL AND directory_list.tries = 0)",
};

/// Adds to a unit a request to read a list. A reading in progress goes on.
pub fn want_list(unit: &mut UnitOfWork, team: &TeamId, list: List, now: Instant) {
    unit.row(&AGAIN, values![team.as_str(), list.as_str(), now]);
}

/// Adds to a unit requests to read everything from its beginning: each list and the members of each channel that the
/// bot is in. Channels with a programme go first.
pub fn want_all(unit: &mut UnitOfWork, team: &TeamId, now: Instant) {
    for list in List::ALL {
        unit.row(&ANEW, values![team.as_str(), list.as_str(), now, 1_i64]);
    }
    unit.run(
        "UPDATE channel SET version = version + 1, priority = CASE \
         WHEN wanted_at IS NOT NULL AND priority < $3 THEN priority \
         WHEN EXISTS (SELECT 1 FROM programme p WHERE p.team_id = channel.team_id \
         AND p.channel_id = channel.channel_id AND p.ended_at IS NULL) THEN $3 ELSE $4 END, \
         wanted_at = COALESCE(wanted_at, $2) WHERE team_id = $1 AND state = $5",
        values![team.as_str(), now, Priority::Programme.as_int(), Priority::Listed.as_int(), OPEN],
    );
}

/// Makes a unit depend on the list not having been requested anew, and stores where the next page begins.
pub fn put_page(unit: &mut UnitOfWork, team: &TeamId, wanted: &WantedList, begun: Instant, next: &str) {
    let write = Write::Run(
        "UPDATE directory_list SET begun_at = $4, cursor = $5, pages = pages + 1, tries = 0 \
         WHERE team_id = $1 AND name = $2 AND version = $3 AND wanted_at IS NOT NULL RETURNING team_id, name",
        values![team.as_str(), wanted.list.as_str(), wanted.version, begun, next],
    );
    unit.guard(RESTARTED, write);
}

/// Makes a unit depend on the list not having been requested anew, and stores that its reading is finished.
pub fn put_last_page(unit: &mut UnitOfWork, team: &TeamId, wanted: &WantedList, begun: Instant) {
    let write = Write::Run(
        "UPDATE directory_list SET wanted_at = NULL, begun_at = NULL, cursor = NULL, pages = 0, tries = 0, \
         read_at = $4 WHERE team_id = $1 AND name = $2 AND version = $3 AND wanted_at IS NOT NULL \
         RETURNING team_id, name",
        values![team.as_str(), wanted.list.as_str(), wanted.version, begun],
    );
    unit.guard(RESTARTED, write);
}

/// Adds to a unit that the next page of a list is requested later. Without `goes_on` the reading begins again then.
pub fn snooze(unit: &mut UnitOfWork, team: &TeamId, wanted: &WantedList, until: Instant, goes_on: bool) {
    let values = values![team.as_str(), wanted.list.as_str(), wanted.version, until];
    unit.run(
        if goes_on {
            "UPDATE directory_list SET wanted_at = $4, tries = tries + 1 \
             WHERE team_id = $1 AND name = $2 AND version = $3 AND wanted_at IS NOT NULL"
        } else {
            "UPDATE directory_list SET wanted_at = $4, tries = tries + 1, begun_at = NULL, cursor = NULL, pages = 0 \
             WHERE team_id = $1 AND name = $2 AND version = $3 AND wanted_at IS NOT NULL"
        },
        values,
    );
}

impl Store {
    /// Returns the requested lists, those that a person may wait for first.
    pub async fn wanted_lists(&self, team: &TeamId) -> Result<Vec<WantedList>, StoreError> {
        let rows = self
            .ask(
                "SELECT name, wanted_at, version, begun_at, cursor, pages, tries FROM directory_list \
                 WHERE team_id = $1 AND wanted_at IS NOT NULL",
                values![team.as_str()],
            )
            .await?;
        let mut wanted: Vec<WantedList> =
            rows.into_iter().filter_map(|row| read(row).transpose()).collect::<Result<_, _>>()?;
        wanted.sort_by_key(|wanted| wanted.list);
        Ok(wanted)
    }

    /// Returns when the last complete reading of a list began.
    pub async fn list_read_at(&self, team: &TeamId, list: List) -> Result<Option<Instant>, StoreError> {
        let rows = self
            .ask(
                "SELECT read_at FROM directory_list WHERE team_id = $1 AND name = $2",
                values![team.as_str(), list.as_str()],
            )
            .await?;
        Ok(rows.first().and_then(|row| row[0].int()).map(from_ms))
    }

    /// Returns since when all lists are known; `None` until each was read to its end.
    pub async fn directory_at(&self, team: &TeamId) -> Result<Option<Instant>, StoreError> {
        let mut oldest: Option<Instant> = None;
        for list in List::ALL {
            let Some(read_at) = self.list_read_at(team, list).await? else { return Ok(None) };
            oldest = Some(oldest.map_or(read_at, |known| known.min(read_at)));
        }
        Ok(oldest)
    }
}

/// Returns `None` for a list that this release does not know.
fn read(row: Vec<Value>) -> Result<Option<WantedList>, StoreError> {
    let mut row = Columns::of("directory_list", row);
    let Some(list) = List::parse(&row.text()?) else { return Ok(None) };
    Ok(Some(WantedList {
        list,
        at: row.at()?,
        version: row.int()?,
        begun_at: row.at_or_null(),
        cursor: row.text_or_null(),
        pages: row.int()?,
        tries: u32::try_from(row.int()?).unwrap_or(u32::MAX),
    }))
}
