//! The meaning of SQLite's and PostgreSQL's error codes. A code in neither table may pass, so it is tried again.

use std::io::ErrorKind;

/// What an error means for its callers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ErrorClass {
    /// A bug of this program or an invalid value: every try gives the same error.
    Fault,
    /// Another program holds SQLite's lock.
    Locked,
    /// The transaction was ended in favour of another one, and had no effect.
    Conflict,
    /// Another transaction holds the row or the connection.
    Held,
    /// A time limit of the server passed.
    Late,
    /// The database is read-only, or this user may not write.
    ReadOnly,
    Full,
    Disk,
    Damaged,
    Unopened,
    /// The file was moved away.
    Replaced,
    /// The connection is lost: the network, or a server that stops or starts.
    Lost,
    /// The server cannot be reached, or does not let this user in.
    Unreached,
    Unknown,
}

/// SQLite's codes; the first match counts: an extended code, or the primary one in its low byte.
/// <https://www.sqlite.org/rescode.html>
const SQLITE: [(u32, ErrorClass); 24] = [
    // SQLITE_READONLY_DBMOVED.
    (1032, ErrorClass::Replaced),
    // SQLITE_IOERR_NOMEM: memory is short; the disk works.
    (3082, ErrorClass::Unknown),
    // SQLITE_PERM and SQLITE_READONLY.
    (3, ErrorClass::ReadOnly),
    (8, ErrorClass::ReadOnly),
    // SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL.
    (5, ErrorClass::Locked),
    (6, ErrorClass::Locked),
    (15, ErrorClass::Locked),
    // SQLITE_INTERRUPT, SQLITE_ABORT, SQLITE_NOMEM, SQLITE_SCHEMA, SQLITE_INTERNAL.
    (9, ErrorClass::Late),
    (4, ErrorClass::Unknown),
    (7, ErrorClass::Unknown),
    (17, ErrorClass::Unknown),
    (2, ErrorClass::Unknown),
    // SQLITE_IOERR, SQLITE_NOLFS, SQLITE_CORRUPT, SQLITE_FULL.
    (10, ErrorClass::Disk),
    (22, ErrorClass::Disk),
    (11, ErrorClass::Damaged),
    (13, ErrorClass::Full),
    // SQLITE_CANTOPEN, SQLITE_AUTH, SQLITE_NOTADB.
    (14, ErrorClass::Unopened),
    (23, ErrorClass::ReadOnly),
    (26, ErrorClass::Unopened),
    // SQLITE_TOOBIG, SQLITE_CONSTRAINT, SQLITE_MISMATCH, SQLITE_RANGE, SQLITE_MISUSE.
    (18, ErrorClass::Fault),
    (19, ErrorClass::Fault),
    (20, ErrorClass::Fault),
    (25, ErrorClass::Fault),
    (21, ErrorClass::Fault),
];

/// PostgreSQL's codes; the first match counts: the whole code, or its class of two letters.
/// <https://www.postgresql.org/docs/current/errcodes-appendix.html>
const POSTGRES: [(&str, ErrorClass); 31] = [
    // Another transaction's deadlock or serialization.
    ("40", ErrorClass::Conflict),
    // lock_not_available, object_in_use, too_many_connections.
    ("55P03", ErrorClass::Held),
    ("55006", ErrorClass::Held),
    ("53300", ErrorClass::Held),
    // query_canceled, also used for a statement's time limit.
    ("57014", ErrorClass::Late),
    // A session that the server ended: stopping, crashed, starting, its database dropped, idle for too long; and the
    // limits of a transaction.
    ("57P", ErrorClass::Lost),
    ("25P03", ErrorClass::Lost),
    ("25P04", ErrorClass::Lost),
    ("08P01", ErrorClass::Lost),
    ("08", ErrorClass::Lost),
    // A read-only transaction; missing permissions.
    ("25006", ErrorClass::ReadOnly),
    ("42501", ErrorClass::ReadOnly),
    // disk_full; out_of_memory and the rest of their class may pass.
    ("53100", ErrorClass::Full),
    ("53", ErrorClass::Unknown),
    // System errors, damaged data and damaged indexes.
    ("58", ErrorClass::Disk),
    ("XX001", ErrorClass::Damaged),
    ("XX002", ErrorClass::Damaged),
    // Failed authentication, or a database that does not exist.
    ("28", ErrorClass::Unreached),
    ("3D", ErrorClass::Unreached),
    // A value that does not fit its column or breaks a constraint; a malformed statement. A missing table or column is
    // not among them: the database may be in the middle of an upgrade or a restore.
    ("22", ErrorClass::Fault),
    ("23", ErrorClass::Fault),
    ("21", ErrorClass::Fault),
    ("54", ErrorClass::Fault),
    ("42601", ErrorClass::Fault),
    ("42804", ErrorClass::Fault),
    ("42P02", ErrorClass::Fault),
    ("42P08", ErrorClass::Fault),
    ("42P10", ErrorClass::Fault),
    ("42P18", ErrorClass::Fault),
    ("42702", ErrorClass::Fault),
    ("42803", ErrorClass::Fault),
];

/// Returns the class of an error.
pub(super) fn kind_of(error: &sqlx::Error) -> ErrorClass {
    match error {
        sqlx::Error::Database(database) => {
            let code = database.code().unwrap_or_default();
            // SQLite's codes are numbers of up to four digits; PostgreSQL's have five letters.
            match code.parse::<u32>() {
                Ok(number) if code.len() != 5 => sqlite(number, database.message()),
                _ => postgres(&code),
            }
        }
        // These may mean a full disk, rather than a lost connection.
        sqlx::Error::Io(error) if error.kind() == ErrorKind::StorageFull => ErrorClass::Full,
        sqlx::Error::Io(_)
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::Protocol(_) => ErrorClass::Lost,
        sqlx::Error::Tls(_) => ErrorClass::Unreached,
        sqlx::Error::PoolTimedOut => ErrorClass::Held,
        sqlx::Error::Encode(_)
        | sqlx::Error::Decode(_)
        | sqlx::Error::ColumnDecode { .. }
        | sqlx::Error::ColumnIndexOutOfBounds { .. }
        | sqlx::Error::ColumnNotFound(_)
        | sqlx::Error::TypeNotFound { .. }
        | sqlx::Error::InvalidArgument(_)
        | sqlx::Error::RowNotFound => ErrorClass::Fault,
        _ => ErrorClass::Unknown,
    }
}

fn sqlite(code: u32, text: &str) -> ErrorClass {
    // SQLITE_ERROR is a malformed statement, or a table that is missing, as after a restore.
    if code & 0xff == 1 {
        return if text.contains("syntax error") { ErrorClass::Fault } else { ErrorClass::Unknown };
    }
    let fits = |known: u32| known == code || (known < 0x100 && known == code & 0xff);
    SQLITE.iter().find(|(known, _)| fits(*known)).map_or(ErrorClass::Unknown, |(_, kind)| *kind)
}

fn postgres(code: &str) -> ErrorClass {
    POSTGRES.iter().find(|(known, _)| code.starts_with(known)).map_or(ErrorClass::Unknown, |(_, kind)| *kind)
}

#[cfg(test)]
mod tests {
    use std::{borrow::Cow, error::Error, fmt};

    use proptest::prelude::*;
    use sqlx::error::{DatabaseError, ErrorKind};

    use super::*;
    use crate::{model::failure::Failure, store::StoreError};

    /// An error with a code, as a driver gives it.
    #[derive(Debug)]
    struct Coded(String, &'static str);

    impl fmt::Display for Coded {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.1)
        }
    }

    impl Error for Coded {}

    impl DatabaseError for Coded {
        fn message(&self) -> &str {
            self.1
        }

        fn code(&self) -> Option<Cow<'_, str>> {
            Some(self.0.as_str().into())
        }

        fn as_error(&self) -> &(dyn Error + Send + Sync + 'static) {
            self
        }

        fn as_error_mut(&mut self) -> &mut (dyn Error + Send + Sync + 'static) {
            self
        }

        fn into_error(self: Box<Self>) -> Box<dyn Error + Send + Sync + 'static> {
            self
        }

        fn kind(&self) -> ErrorKind {
            ErrorKind::Other
        }
    }

    fn coded(code: &impl ToString, text: &'static str) -> sqlx::Error {
        sqlx::Error::Database(Box::new(Coded(code.to_string(), text)))
    }

    fn fails(error: sqlx::Error) -> bool {
        matches!(Failure::from(StoreError::from(error)), Failure::Fail(_))
    }

    #[test]
    fn every_sqlite_code_has_its_kind() {
        let faults = [18, 19, 20, 21, 25];
        for primary in 2..=28_u32 {
            for extension in 0..=12_u32 {
                let code = primary | (extension << 8);
                assert_eq!(fails(coded(&code, "")), faults.contains(&primary), "{code}");
            }
        }
        for (code, kind) in [
            ("5", "busy"),
            ("6", "busy"),
            // SQLITE_BUSY_RECOVERY, _SNAPSHOT, _TIMEOUT.
            ("261", "busy"),
            ("517", "busy"),
            ("773", "busy"),
            ("15", "busy"),
            ("8", "read_only"),
            ("264", "read_only"),
            ("520", "read_only"),
            ("776", "read_only"),
            ("1288", "read_only"),
            ("1544", "read_only"),
            ("1032", "replaced"),
            ("3", "read_only"),
            ("23", "read_only"),
            ("10", "disk"),
            // SQLITE_IOERR_READ, _WRITE, _FSYNC, _SHMSIZE, _VNODE.
            ("266", "disk"),
            ("778", "disk"),
            ("1034", "disk"),
            ("4874", "disk"),
            ("6922", "disk"),
            ("3082", "other"),
            ("11", "damaged"),
            ("267", "damaged"),
            ("779", "damaged"),
            ("13", "full"),
            ("14", "unopened"),
            ("1550", "unopened"),
            ("26", "unopened"),
            ("9", "busy"),
            ("7", "other"),
            ("17", "other"),
            ("19", "fault"),
            ("2067", "fault"),
            ("1299", "fault"),
            ("1555", "fault"),
        ] {
            assert_eq!(StoreError::from(coded(&code, "")).kind(), kind, "{code}");
        }
        assert!(fails(coded(&1, "near \"SELEC\": syntax error")));
        assert!(!fails(coded(&1, "no such table: run")), "a restore may be under way");
    }

    #[test]
    fn every_listed_postgres_code_has_its_kind() {
        for (code, kind) in [
            ("25006", "read_only"),
            ("42501", "read_only"),
            ("53100", "full"),
            ("53200", "other"),
            ("53300", "busy"),
            ("53400", "other"),
            ("40001", "busy"),
            ("40P01", "busy"),
            ("55P03", "busy"),
            ("55006", "busy"),
            ("57014", "busy"),
            ("57P01", "unreached"),
            ("57P02", "unreached"),
            ("57P03", "unreached"),
            ("57P04", "unreached"),
            ("57P05", "unreached"),
            ("25P02", "other"),
            ("25P03", "unreached"),
            ("08000", "unreached"),
            ("08003", "unreached"),
            ("08006", "unreached"),
            ("08P01", "unreached"),
            ("28P01", "unreached"),
            ("28000", "unreached"),
            ("3D000", "unreached"),
            ("58030", "disk"),
            ("58P01", "disk"),
            ("XX000", "other"),
            ("XX001", "damaged"),
            ("XX002", "damaged"),
            ("42P01", "other"),
            ("42703", "other"),
            ("42883", "other"),
            ("0A000", "other"),
            ("22001", "fault"),
            ("22003", "fault"),
            ("22021", "fault"),
            ("23502", "fault"),
            ("23505", "fault"),
            ("21000", "fault"),
            ("54000", "fault"),
            ("42601", "fault"),
            ("42804", "fault"),
        ] {
            assert_eq!(StoreError::from(coded(&code, "")).kind(), kind, "{code}");
        }
    }

    proptest! {
        #[test]
        fn a_code_that_no_table_names_is_tried_again(code in "[0-9A-Z]{5}") {
            let named = POSTGRES.iter().any(|(known, _)| code.starts_with(known));
            prop_assume!(!named);
            prop_assert!(!fails(coded(&code, "")));
        }

        #[test]
        fn an_unknown_sqlite_code_is_tried_again(code in 29_u32..9_999) {
            prop_assume!(!(18..=21).contains(&(code & 0xff)) && code & 0xff != 25);
            prop_assert!(!fails(coded(&code, "")));
        }

        #[test]
        fn no_code_and_no_text_can_confuse_it(code in ".{0,12}", number in any::<u64>()) {
            let _ = StoreError::from(coded(&code, "")).kind();
            let _ = StoreError::from(coded(&number, "")).kind();
        }
    }

    #[test]
    fn driver_errors_are_tried_again_unless_ours() {
        let lost = std::io::Error::other("reset");
        for error in [
            sqlx::Error::Io(lost),
            sqlx::Error::PoolClosed,
            sqlx::Error::PoolTimedOut,
            sqlx::Error::WorkerCrashed,
            sqlx::Error::Protocol("unexpected".into()),
            sqlx::Error::Tls("no certificate".into()),
            sqlx::Error::BeginFailed,
        ] {
            assert!(!fails(error));
        }
        for error in [
            sqlx::Error::Decode("no number".into()),
            sqlx::Error::Encode("no number".into()),
            sqlx::Error::ColumnNotFound("name".into()),
            sqlx::Error::RowNotFound,
        ] {
            assert!(fails(error));
        }
    }

    #[test]
    fn only_what_ended_the_connection_leaves_a_commit_open() {
        use super::super::{leaves_open, may_be_run_again};
        assert!(leaves_open(&sqlx::Error::Io(std::io::Error::other("reset"))));
        assert!(leaves_open(&coded(&"57P01", "")) && may_be_run_again(&coded(&"57P01", "")));
        assert!(!leaves_open(&coded(&"40001", "")) && may_be_run_again(&coded(&"40001", "")));
        assert!(!leaves_open(&coded(&"23505", "")) && !may_be_run_again(&coded(&"23505", "")));
        assert!(!leaves_open(&coded(&"13", "")) && !may_be_run_again(&coded(&"13", "")));
    }
}
