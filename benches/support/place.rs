//! Where a benchmark keeps its databases, and where it prints.

use std::{io::Write as _, path::Path};

use tempfile::TempDir;

/// Prints a line, past the lint that keeps the program itself from doing so.
pub fn say(line: &str) {
    // There is nobody to tell that nobody listens.
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// A folder on the disk that holds the build, since a folder for temporary files may lie in memory, where a commit
/// costs nothing.
pub fn folder() -> anyhow::Result<TempDir> {
    Ok(tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?)
}

/// The address of a database file in a folder.
pub fn database(folder: &Path, name: &str) -> String {
    format!("sqlite:{}", folder.join(name).display())
}
