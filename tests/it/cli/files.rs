//! Files that the program writes are private, and writing them follows no link.

use std::{
    os::unix::fs::{PermissionsExt as _, symlink},
    path::Path,
};

use rondo::store::Store;

use crate::support::Program;

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_are_private() {
    let program = Program::new().await;
    let mut bot = program.is_up().await;
    let folder = program.folder.path();
    for name in ["rondo.db", "rondo.db-wal", "rondo.db-shm", "rondo.db.lock"] {
        assert_eq!(mode(&folder.join(name)), 0o600, "{name}");
    }
    let copy = folder.join("copy.db");
    program.runs(&["backup", &copy.display().to_string()]).await.well();
    assert_eq!(mode(&copy), 0o600);
    assert!(!folder.join("copy.db.partial").exists());
    assert_eq!(bot.stops("-TERM").await.0, Some(0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_overwrites_nothing() {
    let program = Program::new().await;
    Store::migrate(program.url()).await.unwrap();
    let folder = program.folder.path();
    let (precious, first, dangling) = (folder.join("precious"), folder.join("link"), folder.join("dangling"));
    std::fs::write(&precious, "kept").unwrap();
    symlink(&precious, &first).unwrap();
    symlink(folder.join("not there"), &dangling).unwrap();
    for link in [&first, &dangling] {
        let name = link.display().to_string();
        let refusal = program.runs(&["backup", &name]).await.refused(2);
        assert_eq!(
            refusal,
            format!("{name} is a link, and a backup follows none: name a file that does not exist")
        );
        assert!(link.is_symlink());
    }
    let trap = folder.join("copy.db.partial");
    symlink(&precious, &trap).unwrap();
    let copy = folder.join("copy.db");
    program.runs(&["backup", &copy.display().to_string()]).await.refused(1);
    assert!(trap.is_symlink() && !copy.exists(), "what was there stays, what was made goes");
    assert_eq!(std::fs::read_to_string(&precious).unwrap(), "kept");
    assert!(!folder.join("not there").exists());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn other_paths_share_the_lock() {
    let mut program = Program::new().await;
    let _bot = program.is_up().await;
    program.set("RONDO_LISTEN", "127.0.0.1:0");
    let folder = program.folder.path().to_owned();
    std::fs::create_dir(folder.join("inner")).unwrap();
    symlink(folder.join("rondo.db"), folder.join("inner/link.db")).unwrap();
    symlink("link.db", folder.join("inner/second.db")).unwrap();
    symlink(&folder, folder.join("inner/folder")).unwrap();
    for path in ["inner/link.db", "inner/second.db", "inner/../rondo.db", "inner/folder/rondo.db"] {
        program.set("DATABASE_URL", &format!("sqlite:{}", folder.join(path).display()));
        let line = program.runs(&["run"]).await.refused(1);
        assert!(line.starts_with("another Rondo works on this database ("), "{path}: {line}");
    }
    std::fs::hard_link(folder.join("rondo.db"), folder.join("inner/hard.db")).unwrap();
    program.set("DATABASE_URL", &format!("sqlite:{}", folder.join("inner/hard.db").display()));
    let line = program.runs(&["run"]).await.refused(1);
    assert!(line.starts_with("the database file has hard links ("), "{line}");
}

/// Through a link to a missing database, two bots find the same lock.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn links_share_the_lock() {
    let mut program = Program::new().await;
    let folder = program.folder.path().to_owned();
    symlink("rondo.db", folder.join("link.db")).unwrap();
    program.set("DATABASE_URL", &format!("sqlite:{}", folder.join("link.db").display()));
    let mut bot = program.is_up().await;
    assert!(folder.join("rondo.db.lock").exists());
    assert!(!folder.join("link.db.lock").exists());
    assert_eq!(bot.stops("-TERM").await.0, Some(0));
}
