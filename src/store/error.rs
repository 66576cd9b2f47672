//! The errors of the store, each with a line that says how to fix it.

mod codes;

use std::sync::Arc;

use self::codes::ErrorClass;

/// An error of the store.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// The address is not a database URL.
    #[error("DATABASE_URL is not an address of a database: write sqlite:PATH or postgres://USER@HOST/NAME")]
    Address,
    /// A newer program has migrated the database.
    #[error(
        "the database is newer than this program, which does not work with its migration {0}: start the newer release, or \
         restore the backup made before the upgrade"
    )]
    Newer(i64),
    /// The database has not been migrated to this release.
    #[error("the database is not up to date with this program: run `rondo migrate` first, or start the bot")]
    Older,
    /// The text of an applied migration has changed.
    #[error(
        "migration {0} in the database differs from this program's: restore a backup, or start the release that made it"
    )]
    Changed(i64),
    /// The database belongs to another workspace.
    #[error(
        "this database belongs to the workspace {known} and the token to {given}: \
         set DATABASE_URL to a database of its own, or SLACK_BOT_TOKEN to the token of {known}"
    )]
    OtherTeam {
        /// The database's workspace.
        known: String,
        /// The token's workspace.
        given: String,
    },
    /// Another process holds the file.
    #[error("another Rondo works on this database ({0}): stop it first, or share a PostgreSQL database")]
    InUse(String),
    /// The file has a second name (a hard link).
    #[error(
        "the database file has hard links ({0}), with which SQLite loses data: keep one name, and remove the others"
    )]
    Linked(String),
    #[error(
        "the database cannot be written ({0}): check the owner and the rights of the file and of its folder"
    )]
    ReadOnly(String),
    #[error(
        "the database cannot be opened ({0}): check DATABASE_URL, that the folder exists, and who may use it"
    )]
    Unopened(String),
    /// The disk is full.
    #[error("the disk that holds the database is full: make room; nothing that was acknowledged is lost")]
    Full,
    /// The disk or the file system fails.
    #[error("the disk that holds the database fails ({0}): check the disk and its file system")]
    Disk(String),
    #[error("the database is damaged ({0}): stop Rondo and restore a backup")]
    Damaged(String),
    /// The database file is not the one that was opened: it was moved, removed or replaced.
    #[error("the database file was replaced while Rondo ran: restart it")]
    Replaced,
    /// A condition that passes: a lock, a lost connection, a full queue.
    #[error("the database is busy ({0}); trying again helps")]
    Busy(&'static str),
    /// The database does not answer.
    #[error("the database does not answer ({0}): check that it runs and that DATABASE_URL names it")]
    Unreached(String),
    /// The connection was lost or too slow during the commit: the unit may be stored or not. The same unit can be
    /// committed again, since its guards tell.
    #[error("the database did not say whether this was stored")]
    OutcomeUnknown,
    /// Certainly a bug of this program: trying again gives the same error.
    #[error("the database refused: {0}")]
    Fault(Arc<sqlx::Error>),
    #[error("the database refused: {0}")]
    Other(Arc<sqlx::Error>),
}

impl StoreError {
    /// Wraps the error of a value that could not be encoded or decoded.
    pub fn coding(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> StoreError {
        StoreError::Fault(Arc::new(sqlx::Error::Decode(error.into())))
    }

    /// Returns a fixed word for each kind, for logs and metrics.
    pub fn kind(&self) -> &'static str {
        match self {
            StoreError::Address => "address",
            StoreError::Newer(_) | StoreError::Older | StoreError::Changed(_) => "version",
            StoreError::OtherTeam { .. } => "other_team",
            StoreError::InUse(_) => "in_use",
            StoreError::Linked(_) => "linked",
            StoreError::ReadOnly(_) => "read_only",
            StoreError::Unopened(_) => "unopened",
            StoreError::Full => "full",
            StoreError::Disk(_) => "disk",
            StoreError::Damaged(_) => "damaged",
            StoreError::Replaced => "replaced",
            StoreError::Busy(_) => "busy",
            StoreError::Unreached(_) => "unreached",
            StoreError::OutcomeUnknown => "outcome_unknown",
            StoreError::Fault(_) => "fault",
            StoreError::Other(_) => "other",
        }
    }
}

/// Whether an error concerns the database as a whole rather than one unit.
pub(super) fn strikes_all(error: &sqlx::Error) -> bool {
    !matches!(
        codes::kind_of(error),
        ErrorClass::Fault | ErrorClass::Unknown | ErrorClass::Conflict | ErrorClass::Held | ErrorClass::Late
    )
}

/// Whether another transaction has locked a row for too long.
pub(super) fn is_held(error: &sqlx::Error) -> bool {
    codes::kind_of(error) == ErrorClass::Held
}

/// Whether another transaction or the server ended the transaction without any effect, so that it can simply be run
/// again.
pub(super) fn may_be_run_again(error: &sqlx::Error) -> bool {
    matches!(codes::kind_of(error), ErrorClass::Lost | ErrorClass::Conflict)
}

/// Whether an error leaves it open if the commit happened: the connection was lost, rather than the commit refused.
pub(super) fn leaves_open(error: &sqlx::Error) -> bool {
    codes::kind_of(error) == ErrorClass::Lost
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> StoreError {
        let said = |error: &sqlx::Error| match error.as_database_error() {
            Some(database) => database.message().to_owned(),
            None => error.to_string(),
        };
        match codes::kind_of(&error) {
            ErrorClass::Fault => StoreError::Fault(Arc::new(error)),
            ErrorClass::Locked => StoreError::Busy("it is locked by another program"),
            ErrorClass::Conflict | ErrorClass::Held => {
                StoreError::Busy("another program holds what is needed")
            }
            ErrorClass::Late => StoreError::Busy("it took too long"),
            ErrorClass::ReadOnly => StoreError::ReadOnly(said(&error)),
            ErrorClass::Full => StoreError::Full,
            ErrorClass::Disk => StoreError::Disk(said(&error)),
            ErrorClass::Damaged => StoreError::Damaged(said(&error)),
            ErrorClass::Unopened => StoreError::Unopened(said(&error)),
            ErrorClass::Replaced => StoreError::Replaced,
            ErrorClass::Lost | ErrorClass::Unreached => StoreError::Unreached(said(&error)),
            ErrorClass::Unknown => StoreError::Other(Arc::new(error)),
        }
    }
}

/// By default the request is tried again: it must not be acknowledged as done while the database is read-only, full,
/// unreachable or in a state without a code here.
impl From<StoreError> for crate::model::failure::Failure {
    fn from(error: StoreError) -> crate::model::failure::Failure {
        match error {
            StoreError::Fault(_) => crate::model::failure::Failure::Fail(error.into()),
            _ => crate::model::failure::Failure::Retry(error.into()),
        }
    }
}
