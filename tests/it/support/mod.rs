//! What all tests share.

pub mod bot;
pub mod cafe;
pub mod chromium;
pub mod dump;
pub mod gestures;
pub mod lines;
pub mod ports;
pub mod postgres;
pub mod program;
pub mod tab;

use std::{collections::BTreeSet, io::Write as _, sync::Mutex};

pub use bot::Bot;
pub use program::Program;
use rondo::{
    config::Environment,
    model::{
        cadence::Occurrence,
        catch_up::CatchUp,
        clock::Instant,
        message::{Block, Modal},
        owner::Owner,
    },
    store::{Opening, Store, runs::NewRun},
};
use sqlx::Connection as _;

/// Returns a client for servers on this machine.
pub fn http() -> reqwest::Client {
    // It uses no TLS, and still has to name a provider.
    rustls::crypto::ring::default_provider().install_default().ok();
    // Without roots it is made in no time; reading the machine's took a tenth of a second in an unoptimised build.
    reqwest::Client::builder().no_proxy().tls_certs_only([]).build().unwrap()
}

/// Migrates a database and opens it without its lock, so that a bot may run on it.
pub async fn store_beside(url: &str) -> Store {
    Store::migrate(url).await.unwrap();
    Store::open(url, Opening::Beside).await.unwrap()
}

/// Returns a modal with a line of text and this title.
pub fn modal(title: &str) -> Modal {
    Modal {
        callback: "test:form".to_owned(),
        title: title.to_owned(),
        submit: "Send".to_owned(),
        close: "Close".to_owned(),
        private: "kept".to_owned(),
        tell_closed: false,
        blocks: vec![Block::Text("Hello".into())],
    }
}

/// Prints once which tests are skipped for want of something, and how to include them; `CI=true` skips none.
pub fn left_out(what: &'static str, how: &str) {
    static SAID: Mutex<BTreeSet<&str>> = Mutex::new(BTreeSet::new());
    assert_ne!(Environment::of_process().get("CI"), Some("true"), "{what} cannot be left out: {how}");
    if SAID.lock().unwrap().insert(what) {
        // Printed past the test harness, which swallows what `eprintln!` prints in a passing test.
        writeln!(std::io::stderr(), "left out: {what} ({how})").ok();
    }
}

/// Turns each test into two, on SQLite and on PostgreSQL: `each_store! { async fn a_sentence(bot: &mut Bot) { … } }`.
/// Without PostgreSQL the second prints that once and passes, unless `CI=true`. With settings: `each_store! { with
/// [("kudos.daily_allowance", "3")]; async fn … }`.
#[macro_export]
macro_rules! each_store {
    (with $settings:expr;
     $($(#[$meta:meta])* async fn $name:ident($bot:ident: &mut Bot) $body:block)+) => {$(
        mod $name {
            use super::*;

            $(#[$meta])*
            async fn test($bot: &mut Bot) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                let mut bot = Bot::with(None, &$settings).await;
                test(&mut bot).await;
                bot.finish().await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                if let Some(url) = $crate::support::postgres::migrated_database().await {
                    let mut bot = Bot::with(Some(&url), &$settings).await;
                    test(&mut bot).await;
                    bot.finish().await;
                }
            }
        }
    )+};
    ($($(#[$meta:meta])* async fn $name:ident($bot:ident: &mut Bot) $body:block)+) => {$(
        mod $name {
            use super::*;

            $(#[$meta])*
            async fn test($bot: &mut Bot) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                let mut bot = Bot::on_sqlite().await;
                test(&mut bot).await;
                bot.finish().await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                if let Some(url) = $crate::support::postgres::migrated_database().await {
                    let mut bot = Bot::on(&url).await;
                    test(&mut bot).await;
                    bot.finish().await;
                }
            }
        }
    )+};
}

/// Runs each test with the URL of an empty SQLite file and of an empty PostgreSQL database: `each_database! { async
/// fn a_sentence(url: &str) { … } }`.
#[macro_export]
macro_rules! each_database {
    ($($(#[$meta:meta])* async fn $name:ident($url:ident: &str) $body:block)+) => {$(
        mod $name {
            use super::*;

            $(#[$meta])*
            async fn test($url: &str) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                let folder = tempfile::tempdir().unwrap();
                test(&$crate::support::sqlite_in(&folder)).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                if let Some(url) = $crate::support::postgres::fresh_database().await {
                    test(&url).await;
                }
            }
        }
    )+};
}

/// Returns the URL of a database file in a folder.
pub fn sqlite_in(folder: &tempfile::TempDir) -> String {
    format!("sqlite:{}", folder.path().join("rondo.db").display())
}

/// Opens a connection to a database as another program or an operator would.
pub async fn stranger(url: &str) -> sqlx::AnyConnection {
    sqlx::any::install_default_drivers();
    sqlx::AnyConnection::connect(url).await.unwrap()
}

/// Returns a run without a programme.
pub fn a_run(at: Instant) -> NewRun<'static> {
    NewRun {
        owner: Owner::None,
        ritual: "coffee",
        occasion: None,
        kind: "round",
        subject: "",
        due: Occurrence { at, wall: at.naive_utc() },
        late: CatchUp::WorkingDay,
        payload: "",
    }
}
