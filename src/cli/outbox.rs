//! `rondo outbox`: the effects that wait for Slack, and those that were discarded.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use secrecy::ExposeSecret as _;

use super::{ConfigFile, Ended, print};
use crate::{
    model::{clock::Clock, owner::Owner},
    ritual::Registration,
    store::{Opening, Store},
};

#[derive(Args)]
pub(super) struct Options {
    #[command(subcommand)]
    action: Option<OutboxCommand>,
    #[command(flatten)]
    config: ConfigFile,
}

#[derive(Clone, Subcommand)]
enum OutboxCommand {
    /// Show what waits and what was given up (the default)
    List,
    /// Send what was given up once more
    Retry(Which),
    /// Forget what was given up, or with --waiting what a programme still has to send
    Drop(Dropped),
}

#[derive(Args, Clone)]
struct Which {
    /// Only the one of this key (default: all that were given up)
    #[arg(long)]
    key: Option<String>,
}

#[derive(Args, Clone)]
struct Dropped {
    #[command(flatten)]
    which: Which,
    /// What waits instead of what was given up; messages that are on their way still arrive
    #[arg(long, requires = "programme", conflicts_with = "key")]
    waiting: bool,
    /// Of this programme, such as one channel's coffee chats; the list names it as the owner
    #[arg(long, value_name = "ID", requires = "waiting")]
    programme: Option<String>,
}

/// Lines in the list at most.
const MOST_LINES: i64 = 200;

pub(super) async fn run(options: Options, registry: &[Registration]) -> Result<ExitCode, Ended> {
    let config = options.config.load(registry)?;
    let store = Store::open(config.store.url.expose_secret(), Opening::Beside).await?;
    let touched = match options.action.unwrap_or(OutboxCommand::List) {
        OutboxCommand::List => return list(&store).await,
        OutboxCommand::Retry(Which { key }) => {
            let now = store.clock(&Clock::machine()).await?.now();
            let again = store.outbox_retry(key.as_deref(), now).await?;
            (again, key, "will be sent again")
        }
        OutboxCommand::Drop(Dropped { programme: Some(id), .. }) => return withdraw(&store, &id).await,
        OutboxCommand::Drop(Dropped { which: Which { key }, .. }) => {
            (store.outbox_drop(key.as_deref()).await?, key, "dropped")
        }
    };
    match touched {
        (0, Some(key), _) => Err(Ended::Failed(format!(
            "nothing that was given up has the key {key}: `rondo outbox` lists the keys"
        ))),
        (0, None, _) => {
            print("nothing was given up, so nothing has changed")?;
            Ok(ExitCode::SUCCESS)
        }
        (number, _, what) => {
            print(&format!("{number} {what}"))?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// Withdraws what a programme still has to send. The outbox drops it in its next turns, so that the ritual is told.
async fn withdraw(store: &Store, id: &str) -> Result<ExitCode, Ended> {
    // The list shows an owner with its kind before it.
    let id = id.strip_prefix("programme/").unwrap_or(id);
    let unknown = || {
        Ended::Failed(format!("no programme has the id {id}: `rondo outbox` shows the owner of each message"))
    };
    let team = store.workspace().await?.ok_or_else(unknown)?;
    store.programme(&team, id).await?.ok_or_else(unknown)?;
    let now = store.clock(&Clock::machine()).await?.now();
    let number = store.outbox_expire(&team, &Owner::Programme(id.to_owned()), now).await?;
    print(&format!("{number} dropped"))?;
    Ok(ExitCode::SUCCESS)
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
        let owner = if line.owner.is_empty() { "-" } else { &line.owner };
        let (key, kind, target) = (line.key, line.kind, line.target);
        print(&format!(
            "{state}\t{kind}\t{target}\t{key}\towner={owner}\ttries={}\tnext={next}\t{error}",
            line.attempts
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}
