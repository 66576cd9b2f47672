//! `rondo export`, `rondo backup` and `rondo migrate`: the data in the operator's hands.

use std::{path::PathBuf, process::ExitCode};

use chrono::{NaiveDate, NaiveTime};
use clap::{Args, ValueEnum};
use secrecy::ExposeSecret as _;
use serde::Serialize;

use super::{ConfigFile, Ended, print};
use crate::{
    config::Config,
    rituals::{coffee::store as coffee, kudos::store as kudos},
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
    /// Only what is of this date or later (kudos: in UTC; coffee: on the channel's wall)
    #[arg(long, value_name = "YYYY-MM-DD")]
    since: Option<NaiveDate>,
    #[command(flatten)]
    config: ConfigFile,
}

#[derive(Clone, Copy, ValueEnum)]
enum Ledger {
    Coffee,
    Kudos,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Csv,
    Json,
}

/// A line of a ledger.
trait Line: Serialize + Sized {
    /// The names of its columns, in their order.
    const COLUMNS: &'static [&'static str];

    /// What it stands behind in the ledger.
    fn place(&self) -> (String, String);

    /// Itself with what people wrote made safe for a spreadsheet.
    fn for_a_spreadsheet(self) -> Self;
}

impl Line for kudos::LedgerLine {
    const COLUMNS: &'static [&'static str] = &kudos::LedgerLine::COLUMNS;

    fn place(&self) -> (String, String) {
        (self.gift_id.clone(), self.receiver.clone())
    }

    fn for_a_spreadsheet(self) -> Self {
        kudos::LedgerLine { reason: as_text(&self.reason), ..self }
    }
}

impl Line for coffee::LedgerLine {
    const COLUMNS: &'static [&'static str] = &coffee::LedgerLine::COLUMNS;

    fn place(&self) -> (String, String) {
        (self.group_id.clone(), self.person.clone())
    }

    fn for_a_spreadsheet(self) -> Self {
        self
    }
}

/// How many lines are read at a time, so that a ledger of any size needs little memory.
const PAGE: i64 = 1_000;

pub(super) async fn export(options: Export) -> Result<ExitCode, Ended> {
    let config = options.config.load()?;
    let store = Store::open(config.store.url.expose_secret(), Opening::Beside).await?;
    let date = options.since.unwrap_or_default();
    match options.ledger {
        Ledger::Kudos => {
            let since = date.and_time(NaiveTime::MIN).and_utc();
            let page = async |last: (&str, &str)| kudos::ledger(&store, since, last, PAGE).await;
            write_out(options.format, page).await
        }
        Ledger::Coffee => {
            let page = async |last: (&str, &str)| coffee::ledger(&store, date, last, PAGE).await;
            write_out(options.format, page).await
        }
    }
}

/// Writes a ledger page by page; `page` gives the lines behind a place.
async fn write_out<L: Line>(
    format: Format,
    page: impl AsyncFn((&str, &str)) -> Result<Vec<L>, StoreError>,
) -> Result<ExitCode, Ended> {
    let mut sheet = Sheet::begin(format, L::COLUMNS)?;
    let mut last = (String::new(), String::new());
    loop {
        let lines = page((&last.0, &last.1)).await?;
        let Some(end) = lines.last() else { break };
        last = end.place();
        for line in lines {
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
    fn begin(format: Format, columns: &[&str]) -> Result<Sheet, Ended> {
        match format {
            Format::Csv => {
                let mut writer = csv::WriterBuilder::new().has_headers(false).from_writer(std::io::stdout());
                writer.write_record(columns).map_err(failed)?;
                Ok(Sheet::Csv(Box::new(writer)))
            }
            Format::Json => {
                print("[")?;
                Ok(Sheet::Json { first: true })
            }
        }
    }

    fn write(&mut self, line: impl Line) -> Result<(), Ended> {
        match self {
            Sheet::Csv(writer) => writer.serialize(line.for_a_spreadsheet()).map_err(failed),
            Sheet::Json { first } => {
                let comma = if std::mem::take(first) { "" } else { "," };
                let json = serde_json::to_string(&line).map_err(|error| Ended::Failed(error.to_string()))?;
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
