//! `rondo export`, `rondo backup` and `rondo migrate`: the data in the operator's hands.

use std::{path::PathBuf, process::ExitCode};

use chrono::{NaiveDate, TimeZone as _, Utc};
use clap::{Args, ValueEnum};
use secrecy::ExposeSecret as _;

use super::{ConfigFile, Ended, print};
use crate::{
    config::Config,
    rituals::kudos::store::{LedgerLine, ledger},
    store::{Engine, Opening, Store, StoreError},
};

#[derive(Args)]
pub(super) struct Export {
    /// Which ledger
    #[arg(value_enum)]
    ledger: Ledger,
    /// How it is written; in CSV, what a spreadsheet would take for a formula gets an apostrophe in front
    #[arg(long, value_enum, default_value_t = Format::Csv)]
    format: Format,
    /// Only what was given on this date (UTC) or later
    #[arg(long, value_name = "YYYY-MM-DD")]
    since: Option<NaiveDate>,
    #[command(flatten)]
    config: ConfigFile,
}

#[derive(Clone, Copy, ValueEnum)]
enum Ledger {
    Kudos,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Csv,
    Json,
}

/// How many lines are read at a time, so that a ledger of any size needs little memory.
const PAGE: i64 = 1_000;

pub(super) async fn export(options: Export) -> Result<ExitCode, Ended> {
    let Ledger::Kudos = options.ledger;
    let config = options.config.load()?;
    let store = Store::open(config.store.url.expose_secret(), Opening::Beside).await?;
    let since = options.since.and_then(|date| date.and_hms_opt(0, 0, 0)).unwrap_or_default();
    let since = Utc.from_utc_datetime(&since);
    let mut sheet = Sheet::begin(options.format)?;
    let mut last = (String::new(), String::new());
    loop {
        let page = ledger(&store, since, (&last.0, &last.1), PAGE).await?;
        let Some(end) = page.last() else { break };
        last = (end.gift_id.clone(), end.receiver.clone());
        for line in &page {
            sheet.write(line)?;
        }
    }
    sheet.end()?;
    Ok(ExitCode::SUCCESS)
}

/// The ledger on its way to standard output.
enum Sheet {
    Csv(Box<csv::Writer<std::io::Stdout>>),
    Json { first: bool },
}

impl Sheet {
    fn begin(format: Format) -> Result<Sheet, Ended> {
        match format {
            Format::Csv => {
                let mut writer = csv::WriterBuilder::new().has_headers(false).from_writer(std::io::stdout());
                writer.write_record(LedgerLine::COLUMNS).map_err(failed)?;
                Ok(Sheet::Csv(Box::new(writer)))
            }
            Format::Json => {
                print("[")?;
                Ok(Sheet::Json { first: true })
            }
        }
    }

    fn write(&mut self, line: &LedgerLine) -> Result<(), Ended> {
        match self {
            Sheet::Csv(writer) => {
                writer.serialize(LedgerLine { reason: as_text(&line.reason), ..line.clone() }).map_err(failed)
            }
            Sheet::Json { first } => {
                let comma = if std::mem::take(first) { "" } else { "," };
                let json = serde_json::to_string(line).map_err(|error| Ended::Failed(error.to_string()))?;
                print(&format!("{comma}{json}"))
            }
        }
    }

    fn end(self) -> Result<(), Ended> {
        match self {
            Sheet::Csv(mut writer) => writer.flush().map_err(|error| failed(error.into())),
            Sheet::Json { .. } => print("]"),
        }
    }
}

/// What somebody wrote, for a cell of a spreadsheet: text that would be taken for a formula gets an apostrophe in
/// front, and so does text that begins with one, so that taking one off gives the words back.
fn as_text(words: &str) -> String {
    let begins_otherwise = words.starts_with(['=', '+', '-', '@', '\t', '\r', '\'']);
    if begins_otherwise { format!("'{words}") } else { words.to_owned() }
}

#[expect(clippy::needless_pass_by_value, reason = "it is used as a mapping of errors")]
fn failed(error: csv::Error) -> Ended {
    if let csv::ErrorKind::Io(error) = error.kind()
        && error.kind() == std::io::ErrorKind::BrokenPipe
    {
        return Ended::Enough;
    }
    Ended::Failed(format!("the ledger cannot be written ({error})"))
}

#[derive(Args)]
pub(super) struct Backup {
    /// The file to write; it must not exist
    file: PathBuf,
    #[command(flatten)]
    config: ConfigFile,
}

pub(super) async fn backup(options: Backup) -> Result<ExitCode, Ended> {
    let config = options.config.load()?;
    let url = config.store.url.expose_secret();
    if Store::engine_of(url)? == Engine::Postgres {
        return Err(Ended::Usage("DATABASE_URL is a PostgreSQL server: back it up with pg_dump".to_owned()));
    }
    let file = options.file.display().to_string();
    if options.file.exists() {
        return Err(Ended::Usage(format!("{file} exists already: name a file that does not")));
    }
    if !Store::is_there(url) {
        return Err(Ended::Usage(
            "DATABASE_URL names a database that is not there: name the one that the bot works on".to_owned(),
        ));
    }
    Store::copy(url, &file).await.map_err(|error| match error {
        StoreError::Unopened(cause) | StoreError::ReadOnly(cause) => Ended::Failed(format!(
            "the database cannot be copied to {file} ({cause}): check both files, their folders and their rights"
        )),
        error => error.into(),
    })?;
    print(&format!("the database is copied to {file}"))?;
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn migrate(config: &Config) -> Result<ExitCode, Ended> {
    Store::migrate(config.store.url.expose_secret()).await?;
    print("the database is up to date")?;
    Ok(ExitCode::SUCCESS)
}
