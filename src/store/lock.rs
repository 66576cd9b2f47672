//! A database file serves one bot at a time; the operating system gives the lock back when the process dies.

use std::fs::{File, TryLockError};

use super::{StoreError, connect::file_of};

/// The lock, for as long as it is held.
pub(super) struct FileLock {
    _file: File,
}

impl FileLock {
    /// Takes the lock beside a database file; a server needs none.
    pub(super) fn take(url: &str) -> Result<Option<FileLock>, StoreError> {
        let Some(mut path) = file_of(url) else { return Ok(None) };
        path.as_mut_os_string().push(".lock");
        let open = File::options().create(true).truncate(false).write(true).open(&path);
        let file = open.map_err(|error| {
            let cause = format!("{}: {error}", path.display());
            match error.kind() {
                std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => {
                    StoreError::ReadOnly(cause)
                }
                std::io::ErrorKind::StorageFull => StoreError::Full,
                _ => StoreError::Unopened(cause),
            }
        })?;
        match file.try_lock() {
            Ok(()) => Ok(Some(FileLock { _file: file })),
            Err(TryLockError::WouldBlock) => Err(StoreError::InUse(path.display().to_string())),
            Err(TryLockError::Error(error)) => {
                Err(StoreError::Unopened(format!("{}: {error}", path.display())))
            }
        }
    }
}
