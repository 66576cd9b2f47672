//! What can go wrong with the store, in one clear line each with the way to mend it.

use std::sync::Arc;

/// What went wrong.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// The address is not one.
    #[error("DATABASE_URL is not an address of a database: write sqlite:PATH or postgres://USER@HOST/NAME")]
    Address,
    /// The database was brought up to date by a newer program.
    #[error(
        "the database is newer than this program (it knows migration {0}, which this program does not): \
         start the newer release, or restore the backup made before the upgrade"
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
    /// Something passing: a lock, a lost connection, a full queue.
    #[error("the database is busy ({0}); trying again helps")]
    Busy(&'static str),
    /// The database does not answer.
    #[error("the database does not answer ({0}): check that it runs and that DATABASE_URL names it")]
    Unreached(String),
    /// The disk or the file system fails.
    #[error("the disk that holds the database fails ({0}): check the disk and its file system")]
    Disk(String),
    /// The file's content is damaged.
    #[error("the database is damaged ({0}): stop Rondo and restore a backup")]
    Damaged(String),
    /// The database file is not the one that was opened: it was moved, removed or copied over.
    #[error("the database file was replaced while Rondo ran: restart it")]
    Replaced,
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
}

/// Whether an error says that the transaction was ended by another one or by the server, has left nothing, and may
/// simply be run again.
pub(super) fn may_be_run_again(error: &sqlx::Error) -> bool {
    is_lost(error) || matches!(code_of(error).as_deref(), Some("40001" | "40P01"))
}

/// Whether an error comes from the database as a whole, so that one unit is no more at fault than another.
pub(super) fn strikes_all(error: &sqlx::Error) -> bool {
    let by_code = code_of(error).is_some_and(|code| {
        // Locked, in use, read-only, input or output, full, not to be opened.
        sqlite_primary_code(&code).is_some_and(|code| matches!(code, 5 | 6 | 8 | 10 | 13 | 14))
            || code.starts_with("53")
            || code == "25006"
    });
    by_code || is_lost(error)
}

/// Whether the connection is gone: the network, or a server that stops or starts.
fn is_lost(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => true,
        _ => matches!(code_of(error).as_deref(), Some("57P01" | "57P02" | "57P03" | "08006" | "08003")),
    }
}

fn code_of(error: &sqlx::Error) -> Option<String> {
    error.as_database_error().and_then(sqlx::error::DatabaseError::code).map(Into::into)
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> StoreError {
        match &error {
            sqlx::Error::Database(database) => {
                let code = database.code().unwrap_or_default();
                let text = database.message();
                match sqlite_primary_code(&code) {
                    _ if text.contains("readonly") || code == "25006" => {
                        StoreError::ReadOnly(text.to_owned())
                    }
                    Some(5 | 6) => StoreError::Busy("it is locked by another program"),
                    Some(13) => StoreError::Full,
                    Some(14 | 26) => StoreError::Unopened(text.to_owned()),
                    _ if matches!(&*code, "53100") => StoreError::Full,
                    _ if matches!(&*code, "40001" | "40P01" | "55P03" | "57014" | "53300") => {
                        StoreError::Busy("another program holds what is needed")
                    }
                    _ if matches!(&*code, "28P01" | "28000" | "3D000" | "57P01" | "57P02" | "57P03") => {
                        StoreError::Unreached(text.to_owned())
                    }
                    _ => StoreError::Other(Arc::new(error)),
                }
            }
            sqlx::Error::PoolTimedOut => StoreError::Busy("all connections are taken"),
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed => StoreError::Unreached(error.to_string()),
            _ => StoreError::Other(Arc::new(error)),
        }
    }
}

/// SQLite reports extended codes as a number whose low byte is the primary code; PostgreSQL's are five letters.
fn sqlite_primary_code(code: &str) -> Option<u32> {
    if code.len() == 5 { None } else { code.parse::<u32>().ok().map(|code| code & 0xff) }
}

impl From<StoreError> for crate::model::failure::Failure {
    fn from(error: StoreError) -> crate::model::failure::Failure {
        match error {
            StoreError::Busy(_) | StoreError::Full | StoreError::Unreached(_) => {
                crate::model::failure::Failure::Retry(error.into())
            }
            _ => crate::model::failure::Failure::Fail(error.into()),
        }
    }
}
