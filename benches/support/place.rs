//! Where a benchmark keeps its databases.

use std::path::Path;

use tempfile::TempDir;

/// A folder on the disk that holds the build, since a folder for temporary files may lie in memory, where a commit
/// costs nothing.
pub fn folder() -> anyhow::Result<TempDir> {
    Ok(tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?)
}

/// The address of a database file in a folder.
pub fn database(folder: &Path, name: &str) -> String {
    format!("sqlite:{}", folder.join(name).display())
}
