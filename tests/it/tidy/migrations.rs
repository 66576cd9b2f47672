//! Migrations are append-only: a database somewhere has run them already.
//!
//! `migrations/CHECKSUMS` holds one line for each, as `sha256sum` writes it. A new migration adds a line;
//! a line that is there never changes.

use std::fmt::Write as _;

use super::{Tree, example, is_a, none, tree};

const LIST: &str = "migrations/CHECKSUMS";

fn sha256(text: &str) -> String {
    let digest = ring::digest::digest(&ring::digest::SHA256, text.as_bytes());
    digest.as_ref().iter().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").expect("a String takes everything");
        hex
    })
}

fn changed_migrations(tree: &Tree) -> Vec<String> {
    // What lies in a folder of its own is sample data.
    let is_migration = |path: &str| path.strip_prefix("migrations/").is_some_and(|name| !name.contains('/'));
    let migrations = || tree.iter().filter(|(path, _)| is_migration(path) && is_a(path, "sql"));
    let name = |path: &str| path.trim_start_matches("migrations/").to_owned();
    let list = tree.get(LIST).map_or("", String::as_str);
    let listed: Vec<(&str, &str)> = list.lines().filter_map(|line| line.split_once("  ")).collect();
    let mut faults = Vec::new();
    for (path, text) in migrations() {
        let (name, sum) = (name(path), sha256(text));
        match listed.iter().find(|(_, listed)| *listed == name) {
            None => faults.push(format!("{LIST}: add the line\n{sum}  {name}")),
            Some((listed, _)) if *listed != sum => {
                faults.push(format!("{path}: was changed; undo that, and put the change in a new migration"));
            }
            Some(_) => {}
        }
    }
    for (_, name) in &listed {
        if !tree.contains_key(&format!("migrations/{name}")) {
            faults.push(format!("migrations/{name}: is gone; a database that ran it would not start"));
        }
    }
    let names: Vec<&str> = listed.iter().map(|(_, name)| *name).collect();
    if !names.is_sorted() {
        faults.push(format!("{LIST}: a new migration comes after all others, in its name and in the list"));
    }
    faults
}

#[test]
fn migrations_are_append_only() {
    none(&changed_migrations(&tree()));
    let sql = "CREATE TABLE a (b TEXT)";
    let line = format!("{}  0001_a.sql\n", sha256(sql));
    assert!(changed_migrations(&example([("migrations/0001_a.sql", sql), (LIST, &line)])).is_empty());
    for bad in [
        example([("migrations/0001_a.sql", sql)]),
        example([("migrations/0001_a.sql", "CREATE TABLE a (c TEXT)"), (LIST, &line)]),
        example([(LIST, &line)]),
        example([
            ("migrations/0001_a.sql", sql),
            ("migrations/0000_b.sql", sql),
            (LIST, &format!("{line}{}  0000_b.sql\n", sha256(sql))),
        ]),
    ] {
        assert_eq!(changed_migrations(&bad).len(), 1, "{bad:?}");
    }
}
