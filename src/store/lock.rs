//! Locks a database file for one bot at a time; the operating system releases the lock when the process ends.

use std::{
    fs::{self, File, TryLockError},
    path::{Path, PathBuf},
};

use super::{StoreError, connect::file_of};

/// A lock, held until it is dropped.
pub struct FileLock {
    _file: File,
}

impl FileLock {
    /// Takes the lock beside a database file; a server needs none.
    pub(super) fn take(url: &str) -> Result<Option<FileLock>, StoreError> {
        let Some(file) = file_of(url) else { return Ok(None) };
        has_one_name(&file)?;
        let mut path = real_path(&file);
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

/// Fails where the database is a file that is not there: a command beside the bot makes none.
pub(super) fn is_there(url: &str) -> Result<(), StoreError> {
    match file_of(url) {
        Some(file) if !file.exists() => {
            Err(StoreError::Unopened(format!("{}: there is no such file", file.display())))
        }
        _ => Ok(()),
    }
}

/// Resolves links, even a link to a file that does not exist yet: a bot that opens the file by another path must meet
/// the same lock.
fn real_path(file: &Path) -> PathBuf {
    /// As many links as Linux follows.
    const MOST_LINKS: usize = 40;
    let mut path = file.to_owned();
    for _ in 0..MOST_LINKS {
        if let Ok(real) = path.canonicalize() {
            return real;
        }
        let folder = path.parent().map(Path::to_owned).unwrap_or_default();
        let Ok(target) = fs::read_link(&path) else {
            let here = if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder };
            let name = path.file_name().map(PathBuf::from).unwrap_or_default();
            return here.canonicalize().map_or(path, |here| here.join(name));
        };
        path = folder.join(target);
    }
    path
}

/// Refuses a file with two names: SQLite would keep a log for each name, and lose what is in the other.
#[cfg(unix)]
fn has_one_name(file: &Path) -> Result<(), StoreError> {
    use std::os::unix::fs::MetadataExt as _;
    match fs::metadata(file) {
        Ok(found) if found.nlink() > 1 => {
            Err(StoreError::Linked(format!("{} has {} names", file.display(), found.nlink())))
        }
        _ => Ok(()),
    }
}

#[cfg(not(unix))]
fn has_one_name(_: &Path) -> Result<(), StoreError> {
    Ok(())
}
