//! What can go wrong with the store, in one clear line each with the way to mend it.

mod codes;

use std::sync::Arc;

use self::codes::ErrorClass;

/// What went wrong.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// The address is not one.
    #[error("DATABASE_URL is not an address of a database: write sqlite:PATH or postgres://USER@HOST/NAME")]
    Address,
    /// The database was brought up to date by a newer program.
    #[error(
        "the database is newer than this program, which does not work with its migration {0}: start the newer release, or \
         restore the backup made before the upgrade"
    )]
    Newer(i64),
    /// The database was made by an older program, or by none.
    #[error("the database is not up to date with this program: run `rondo migrate` first, or start the bot")]
    Older,
    /// A migration that was applied reads differently now.
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
        /// Whose database it is.
        known: String,
        /// Whose token it is.
        given: String,
    },
    /// Another process holds the file.
    #[error("another Rondo works on this database ({0}): stop it first, or share a PostgreSQL database")]
    InUse(String),
    /// The file has a second name.
    #[error(
        "the database file has hard links ({0}), with which SQLite loses data: keep one name, and remove the others"
    )]
    Linked(String),
    /// The file cannot be written.
    #[error(
        "the database cannot be written ({0}): check the owner and the rights of the file and of its folder"
    )]
    ReadOnly(String),
    /// The file cannot be opened.
    #[error(
        "the database cannot be opened ({0}): check DATABASE_URL, that the folder exists, and who may use it"
    )]
    Unopened(String),
    /// There is no room.
    #[error("the disk that holds the database is full: make room; nothing that was acknowledged is lost")]
    Full,
    /// The disk or the file system fails.
    #[error("the disk that holds the database fails ({0}): check the disk and its file system")]
    Disk(String),
    /// The file's content is damaged.
    #[error("the database is damaged ({0}): stop Rondo and restore a backup")]
    Damaged(String),
    /// The database file is not the one that was opened: it was moved, removed or copied over.
    #[error("the database file was replaced while Rondo ran: restart it")]
    Replaced,
    /// Something passing: a lock, a lost connection, a full queue.
    #[error("the database is busy ({0}); trying again helps")]
    Busy(&'static str),
    /// The database does not answer.
    #[error("the database does not answer ({0}): check that it runs and that DATABASE_URL names it")]
    Unreached(String),
    /// The connection was lost or too slow during the commit: the unit may be stored or not. The same unit can be
    /// committed again, since its guards tell.
    #[error("the database did not say whether this was stored")]
    OutcomeUnknown,
    /// Surely a fault of this program: trying again gives the same.
    #[error("the database refused: {0}")]
    Fault(Arc<sqlx::Error>),
    /// Anything else.
    #[error("the database refused: {0}")]
    Other(Arc<sqlx::Error>),
}

impl StoreError {
    /// A value that could not be written down or read back.
    pub fn coding(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> StoreError {
        StoreError::Fault(Arc::new(sqlx::Error::Decode(error.into())))
    }

    /// A fixed word for each kind, to tell one trouble from another in logs and metrics.
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

/// Whether an error comes from the database as a whole, so that one unit is no more at fault than another.
pub(super) fn strikes_all(error: &sqlx::Error) -> bool {
    !matches!(
        codes::kind_of(error),
        ErrorClass::Fault | ErrorClass::Unknown | ErrorClass::Conflict | ErrorClass::Held | ErrorClass::Late
    )
}

/// Whether an error says that another transaction has locked a row for too long.
pub(super) fn is_held(error: &sqlx::Error) -> bool {
    codes::kind_of(error) == ErrorClass::Held
}

/// Whether an error says that the transaction was ended by another one or by the server, has left nothing, and may
/// simply be run again.
pub(super) fn may_be_run_again(error: &sqlx::Error) -> bool {
    matches!(codes::kind_of(error), ErrorClass::Lost | ErrorClass::Conflict)
}

/// Whether an error leaves open what became of a commit that it ended: the connection was lost, rather than the commit
/// refused.
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

/// Trying again is the rule: what a person did must not be acknowledged as done while the database is read-only, full,
/// away or in a state that has no name here.
impl From<StoreError> for crate::model::failure::Failure {
    fn from(error: StoreError) -> crate::model::failure::Failure {
        match error {
            StoreError::Fault(_) => crate::model::failure::Failure::Fail(error.into()),
            _ => crate::model::failure::Failure::Retry(error.into()),
        }
    }
}
