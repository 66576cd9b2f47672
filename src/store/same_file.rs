//! Detects whether a database file is still the one that was opened. If it was moved away, removed or replaced, open
//! connections go on in the old file, and new ones read another.

use std::{
    fs::{self, Metadata},
    io::ErrorKind,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
    sync::atomic::{AtomicI64, AtomicU64, Ordering},
};

/// What became of a file that is not as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// Another file is at a path, or none.
    Replaced,
    /// It is shorter: it was compacted, or another file was copied into it.
    Shorter,
}

/// The file and its two companions, as they were when it was opened. They are looked at by name only: opening and
/// closing the file beside SQLite would drop SQLite's locks.
#[derive(Debug)]
pub(super) struct SameFile {
    known: Vec<(PathBuf, (u64, u64))>,
    /// The file's size at the last look. SQLite keeps the pages that became free, so only a compaction makes it shorter.
    size: AtomicU64,
    /// How often it was compacted, as the file itself counts.
    compactions: AtomicI64,
}

impl SameFile {
    /// Notes the files at this path. The companions belong to it for as long as a connection is open.
    pub(super) fn as_of_now(path: PathBuf, compactions: i64) -> Option<SameFile> {
        let size = fs::metadata(&path).ok()?.len();
        let companion = |ending: &str| {
            let mut path = path.clone();
            path.as_mut_os_string().push(ending);
            path
        };
        let files = [companion("-wal"), companion("-shm")];
        let known = std::iter::once(path)
            .chain(files)
            .filter_map(|path| Some((fs::metadata(&path).as_ref().ok().map(identity)?, path)))
            .map(|(identity, path)| (path, identity))
            .collect();
        Some(SameFile { known, size: AtomicU64::new(size), compactions: AtomicI64::new(compactions) })
    }

    /// Fails if another file is at a path, none is left there, or it is shorter.
    pub(super) fn check(&self) -> Result<(), Change> {
        for (place, (path, known)) in self.known.iter().enumerate() {
            match fs::metadata(path) {
                Ok(found) if identity(&found) != *known => return Err(Change::Replaced),
                Ok(found) if place == 0 && self.is_shorter(&found, path) => return Err(Change::Shorter),
                Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
                    return Err(Change::Replaced);
                }
                // A failing disk is no sign of another file, and the next write reports it.
                Ok(_) | Err(_) => {}
            }
        }
        Ok(())
    }

    /// Takes the file's present size as right if it was compacted since the last look, by its own count.
    pub(super) fn note_compactions(&self, count: i64) {
        let Some((path, _)) = self.known.first().filter(|_| count > self.compactions.load(Ordering::Acquire))
        else {
            return;
        };
        if let Ok(found) = fs::metadata(path) {
            self.size.store(found.len(), Ordering::Relaxed);
            // Another thread that sees this count sees the size, too.
            self.compactions.fetch_max(count, Ordering::Release);
        }
    }

    fn is_shorter(&self, found: &Metadata, path: &Path) -> bool {
        let before = self.size.fetch_max(found.len(), Ordering::Relaxed);
        // It may have grown, and another thread may have seen so, between the look and the comparison.
        found.len() < before && fs::metadata(path).is_ok_and(|now| now.len() < before)
    }
}

/// Returns the device and the number of the file on it.
fn identity(found: &Metadata) -> (u64, u64) {
    (found.dev(), found.ino())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn database() -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rondo.db");
        for ending in ["", "-wal", "-shm"] {
            fs::write(folder.path().join(format!("rondo.db{ending}")), "some pages").unwrap();
        }
        (folder, path)
    }

    fn is_replaced(file: &SameFile) -> bool {
        file.check() == Err(Change::Replaced)
    }

    #[test]
    fn a_file_that_grows_is_the_same() {
        let (_folder, path) = database();
        let file = SameFile::as_of_now(path.clone(), 0).unwrap();
        assert!(!is_replaced(&file));
        fs::write(&path, "more than some pages").unwrap();
        assert!(!is_replaced(&file));
    }

    #[test]
    fn another_file_in_its_place_is_noticed() {
        let (folder, path) = database();
        let file = SameFile::as_of_now(path.clone(), 0).unwrap();
        let backup = folder.path().join("backup");
        fs::copy(&path, &backup).unwrap();
        fs::rename(&path, folder.path().join("aside")).unwrap();
        assert!(is_replaced(&file), "it was moved away");
        fs::rename(&backup, &path).unwrap();
        assert!(is_replaced(&file), "and another one came");
        fs::rename(folder.path().join("aside"), &path).unwrap();
        assert!(!is_replaced(&file), "and it was put back");
    }

    #[test]
    fn a_file_that_is_shorter_was_compacted_or_replaced() {
        let (_folder, path) = database();
        let file = SameFile::as_of_now(path.clone(), 7).unwrap();
        fs::write(&path, "fewer").unwrap();
        assert_eq!(file.check(), Err(Change::Shorter));
        file.note_compactions(7);
        assert_eq!(file.check(), Err(Change::Shorter), "it counts no compaction");
        file.note_compactions(8);
        assert_eq!(file.check(), Ok(()));
        fs::write(&path, "few").unwrap();
        file.note_compactions(8);
        assert_eq!(file.check(), Err(Change::Shorter), "each compaction counts once");
    }

    #[test]
    fn a_companion_that_is_gone_is_noticed() {
        for ending in ["-wal", "-shm"] {
            let (folder, path) = database();
            let file = SameFile::as_of_now(path, 0).unwrap();
            fs::remove_file(folder.path().join(format!("rondo.db{ending}"))).unwrap();
            assert!(is_replaced(&file), "{ending}");
        }
    }

    #[test]
    fn a_folder_that_is_gone_is_noticed() {
        let (folder, path) = database();
        let file = SameFile::as_of_now(path, 0).unwrap();
        fs::remove_dir_all(folder.path()).unwrap();
        assert!(is_replaced(&file));
    }
}
