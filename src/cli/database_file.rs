//! Whether a SQLite database can be written where it is, tried out as `rondo run` will do it, and who may read it.

use std::{
    fs::{self, OpenOptions},
    io,
    path::{Path, PathBuf},
};

use crate::model::secrets;

/// Returns the path of the file; `None` for a server.
fn file_of(url: &str) -> Option<PathBuf> {
    let path = url.strip_prefix("sqlite:")?;
    let path = path.strip_prefix("//").unwrap_or(path);
    Some(PathBuf::from(path.split('?').next().unwrap_or_default()))
}

/// Tries to write the database's file and its folder, without leaving a trace. Returns a warning if other users may
/// read the files. The error says which user may not write what. A server is no file, and passes.
pub(super) fn can_be_written(url: &str) -> Result<Option<String>, String> {
    let Some(file) = file_of(url) else { return Ok(None) };
    let folder = match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    // SQLite makes files beside the database, so the folder must be writable even if the file exists.
    let made = tempfile::Builder::new().prefix(".rondo-check-").tempfile_in(folder);
    made.map_err(|error| refused("the folder", folder, &error))?;
    if file.exists() {
        OpenOptions::new().append(true).open(&file).map_err(|error| refused("the file", &file, &error))?;
    }
    Ok(open_to_others(&file))
}

fn refused(what: &str, path: &Path, error: &io::Error) -> String {
    let shown = secrets::shown_bare(&path.display().to_string());
    let cause = error.kind();
    let mend = match cause {
        io::ErrorKind::NotFound => "make it, or set DATABASE_URL to another one".to_owned(),
        io::ErrorKind::PermissionDenied => format!("give it to {}, or run Rondo as its owner", user()),
        io::ErrorKind::ReadOnlyFilesystem => {
            "mount it writable, or set DATABASE_URL to another place".to_owned()
        }
        io::ErrorKind::StorageFull => "make room".to_owned(),
        _ => "set DATABASE_URL to another place".to_owned(),
    };
    format!("the database cannot be opened ({what} {shown} cannot be written by {}: {cause}): {mend}", user())
}

/// Returns the id of this process's user, as file owners are named.
#[cfg(unix)]
fn user() -> String {
    let (user, group) = (rustix::process::geteuid(), rustix::process::getegid());
    format!("user {}:{}", user.as_raw(), group.as_raw())
}

#[cfg(not(unix))]
fn user() -> String {
    "this user".to_owned()
}

/// Warns about files that other users of the machine can read: older releases made them, and their mode stays.
#[cfg(unix)]
fn open_to_others(file: &Path) -> Option<String> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = fs::metadata(file).ok()?.permissions().mode() & 0o777;
    let shown = secrets::shown_bare(&file.display().to_string());
    (mode & 0o077 != 0).then(|| {
        format!("other users of this machine may read {shown} (mode {mode:o}): run chmod 600 {shown}*")
    })
}

#[cfg(not(unix))]
fn open_to_others(file: &Path) -> Option<String> {
    fs::metadata(file).err().map(|error| error.to_string())
}
