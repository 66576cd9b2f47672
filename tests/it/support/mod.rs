//! What the tests stand on.

pub mod bot;
pub mod gestures;
pub mod postgres;

pub use bot::Bot;

/// Makes each test one that runs on SQLite and on PostgreSQL: `each_store! { async fn a_sentence(bot: &mut Bot) { … } }`.
/// Where there is no PostgreSQL the second half says so once and passes, unless `CI=true`. With settings on top:
/// `each_store! { with [("kudos.daily_allowance", "3")]; async fn … }`.
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
                if let Some(url) = $crate::support::postgres::fresh_database().await {
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
                if let Some(url) = $crate::support::postgres::fresh_database().await {
                    let mut bot = Bot::on(&url).await;
                    test(&mut bot).await;
                    bot.finish().await;
                }
            }
        }
    )+};
}
