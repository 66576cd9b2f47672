//! The place of a benchmark's databases.

use std::path::Path;

use tempfile::TempDir;

/// Returns a folder on the disk that holds the build: a folder for temporary files may be in memory, where a commit
/// costs nothing.
pub fn folder() -> anyhow::Result<TempDir> {
    Ok(tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?)
}

/// Returns the URL of a database file in a folder.
pub fn database(folder: &Path, name: &str) -> String {
    format!("sqlite:{}", folder.join(name).display())
}
