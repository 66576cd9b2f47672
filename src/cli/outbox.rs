//! `rondo outbox`: what waits to be said at Slack, and what was given up.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use secrecy::ExposeSecret as _;

use super::{ConfigFile, Ended, print};
use crate::{
    model::clock::Clock,
    store::{Opening, Store},
};

#[derive(Args)]
pub(super) struct Options {
    #[command(subcommand)]
    action: Option<Action>,
    #[command(flatten)]
    config: ConfigFile,
}

#[derive(Clone, Subcommand)]
enum Action {
    /// Show what waits and what was given up (the default)
    List,
    /// Send what was given up once more
    Retry(Which),
    /// Forget what was given up
    Drop(Which),
}

#[derive(Args, Clone)]
struct Which {
    /// Only the one of this key (default: all that were given up)
    #[arg(long)]
    key: Option<String>,
}

/// How many lines the list has at most.
const MOST_LINES: i64 = 200;

pub(super) async fn run(options: Options) -> Result<ExitCode, Ended> {
    let config = options.config.load()?;
    let store = Store::open(config.store.url.expose_secret(), Opening::Beside).await?;
    let touched = match options.action.unwrap_or(Action::List) {
        Action::List => return list(&store).await,
        Action::Retry(Which { key }) => {
            let now = store.clock(&Clock::machine()).await?.now();
            let again = store.outbox_retry(key.as_deref(), now).await?;
            (again, key, "will be sent again")
        }
        Action::Drop(Which { key }) => (store.outbox_drop(key.as_deref()).await?, key, "dropped"),
    };
    match touched {
        (0, Some(key), _) => Err(Ended::Failed(format!(
            "nothing that was given up has the key {key}: `rondo outbox` lists the keys"
        ))),
        (number, _, what) => {
            print(&format!("{number} {what}"))?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

async fn list(store: &Store) -> Result<ExitCode, Ended> {
    let lines = store.outbox_list(MOST_LINES).await?;
    if lines.is_empty() {
        print("nothing waits, and nothing was given up")?;
    }
    for line in lines {
        let state = match (line.discarded, line.newer, line.unknown) {
            (true, ..) => "given up",
            (false, true, _) => "of a newer release",
            (false, false, true) => "unknown",
            (false, false, false) => "waiting",
        };
        let next = line.next_at.map_or_else(|| "-".to_owned(), |at| at.to_rfc3339());
        let error = line.last_error.as_deref().unwrap_or("-").replace('\n', " ");
        let (key, kind, target) = (line.key, line.kind, line.target);
        print(&format!("{state}\t{kind}\t{target}\t{key}\ttries={}\tnext={next}\t{error}", line.attempts))?;
    }
    Ok(ExitCode::SUCCESS)
}
