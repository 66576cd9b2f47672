//! Migrates a database. The list of migrations is written in their folder rather than read from it by sqlx's macro,
//! because that macro compiles SQLite, PostgreSQL's client and everything else a second time, for the compiler's own use.

#[path = "../../migrations/list.rs"]
mod list;

use std::sync::LazyLock;

use sqlx::{
    AnyConnection, SqlSafeStr as _,
    migrate::{Migration, MigrationType, Migrator},
};

use self::list::LIST;
use super::{StoreError, sql};
use crate::values;

pub(super) static MIGRATIONS: LazyLock<Migrator> = LazyLock::new(|| {
    let migrations = LIST.iter().map(|(version, description, text)| {
        Migration::new(*version, (*description).into(), MigrationType::Simple, (*text).into_sql_str(), false)
    });
    let mut migrator = Migrator::with_migrations(migrations.collect());
    // `refuse_newer` checks which migrations of newer releases are too new for this one.
    migrator.set_ignore_missing(true);
    migrator
});

/// Refuses a database that a newer release has migrated, unless those migrations keep this release working: replicas
/// are replaced one at a time, and an upgrade can be taken back.
pub(super) async fn refuse_newer(connection: &mut AnyConnection, applied: &[i64]) -> Result<(), StoreError> {
    let newest = LIST.iter().map(|(version, ..)| *version).max().unwrap_or_default();
    for version in applied.iter().filter(|version| !MIGRATIONS.version_exists(**version)) {
        const WORKS: &str = "SELECT works_from FROM schema_release WHERE version = $1 AND works_from <= $2";
        let question = values![*version, newest];
        if sql::fetch(&mut *connection, WORKS, &question).await?.is_empty() {
            return Err(StoreError::Newer(*version));
        }
        tracing::info!(
            version,
            "a newer release has brought the database up to date; this one works with it"
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_migration_says_which_releases_it_leaves_working() {
        for (version, _, text) in LIST {
            let says = format!("INSERT INTO schema_release (version, works_from) VALUES ({version}, ");
            assert!(text.contains(&says), "migration {version} lacks: {says}…);");
        }
    }

    #[test]
    fn every_file_of_the_folder_is_in_the_list() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations");
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.starts_with(|c: char| c.is_ascii_digit()))
            .collect();
        files.sort();
        let listed: Vec<String> =
            LIST.iter().map(|(version, description, _)| format!("{version:04}_{description}.sql")).collect();
        assert_eq!(files, listed);
    }
}
