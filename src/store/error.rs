//! What can go wrong with the store, in one clear line each with the way to mend it.

/// What went wrong.
#[derive(Debug, thiserror::Error)]
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
    /// Anything else.
    #[error("the database refused: {0}")]
    Other(sqlx::Error),
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
                    _ if matches!(&*code, "40001" | "40P01" | "55P03" | "57P01" | "53300") => {
                        StoreError::Busy("another program holds what is needed")
                    }
                    _ if matches!(&*code, "28P01" | "28000" | "3D000") => {
                        StoreError::Unreached(text.to_owned())
                    }
                    _ => StoreError::Other(error),
                }
            }
            sqlx::Error::PoolTimedOut => StoreError::Busy("all connections are taken"),
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed => StoreError::Unreached(error.to_string()),
            _ => StoreError::Other(error),
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
