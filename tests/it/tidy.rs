//! The house's rules, as tests that read the tree. Each rule is also shown a small bad example, so that
//! it is known to fail.

pub mod code;
mod floors;
mod habits;
mod homes;
mod migrations;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use rondo::config::Environment;

/// The files a rule reads: path from the root of the project, and text.
type Tree = BTreeMap<String, String>;

/// The project's own Rust files, its migrations and its manifests.
fn tree() -> Tree {
    // Cargo says at run time where it runs; what was compiled in may be another checkout that shares a
    // target directory with this one.
    let environment = Environment::of_process();
    let root = Path::new(environment.get("CARGO_MANIFEST_DIR").unwrap_or(env!("CARGO_MANIFEST_DIR")));
    let mut waiting: Vec<PathBuf> =
        ["src", "sandbox", "tests", "benches", "migrations"].iter().map(|folder| root.join(folder)).collect();
    let mut tree = Tree::new();
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
            if path.is_dir() {
                waiting.push(path);
            } else if is_a(&name, "rs") || name.ends_with("Cargo.toml") || name.starts_with("migrations/") {
                tree.insert(name, fs::read_to_string(&path).unwrap());
            }
        }
    }
    assert!(tree.contains_key("src/lib.rs"), "the tree is read from the project's root");
    tree
}

/// A tree for an example: path and text in turn.
fn example<const N: usize>(files: [(&str, &str); N]) -> Tree {
    files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
}

/// Fails with every fault on a line of its own.
fn none(faults: &[String]) {
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

/// Whether the file's name ends like this.
fn is_a(path: &str, ending: &str) -> bool {
    Path::new(path).extension().is_some_and(|found| found == ending)
}

/// Whether the file belongs to what is shipped, rather than to tests.
fn is_shipped(path: &str) -> bool {
    (path.starts_with("src/") || path.starts_with("sandbox/src/")) && !path.ends_with("/tests.rs")
}
