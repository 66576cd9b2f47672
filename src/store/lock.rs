//! A database file serves one bot at a time; the operating system gives the lock back when the process dies.

use std::{fs::File, path::PathBuf};

use super::{Engine, StoreError};

/// The lock, for as long as it is held.
pub(super) struct FileLock {
    _file: File,
}

impl FileLock {
    /// Takes the lock beside a database file; a server needs none.
    pub(super) fn take(url: &str, engine: Engine) -> Result<Option<FileLock>, StoreError> {
        if engine == Engine::Postgres {
            return Ok(None);
        }
        let path = lock_path(url);
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
        file.try_lock().map_err(|_| StoreError::InUse(path.display().to_string()))?;
        Ok(Some(FileLock { _file: file }))
    }
}

fn lock_path(url: &str) -> PathBuf {
    let path = url.trim_start_matches("sqlite:").trim_start_matches("//");
    let path = path.split_once('?').map_or(path, |(path, _)| path);
    PathBuf::from(format!("{path}.lock"))
}
