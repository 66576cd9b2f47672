//! `rondo export` and `rondo migrate`.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use chrono::NaiveDate;
use clap::{Args, ValueEnum, builder::PossibleValuesParser};
use secrecy::ExposeSecret as _;
use serde::{Serialize, Serializer};
use serde_json::{Number, Value};

use super::{ConfigFile, Ended, markdown::MarkdownSheet, print, sheet};
use crate::{
    common::LEDGERS,
    config::Config,
    ritual::{Ledger, LedgerColumn, LedgerLine, LedgerPage, Registration},
    store::{Opening, Store, StoreError},
};

#[derive(Args)]
pub(super) struct Export {
    /// Which ledger
    ledger: String,
    /// The format; in CSV, an apostrophe stands before all that a spreadsheet would take for a formula
    #[arg(long, value_enum, default_value_t = LedgerFormat::Csv)]
    format: LedgerFormat,
    /// Another table of the ritual
    #[arg(long)]
    what: Option<String>,
    /// Only what is of this date or later
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    since: Option<NaiveDate>,
    #[command(flatten)]
    config: ConfigFile,
}

/// The format of an exported ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LedgerFormat {
    Csv,
    Json,
    /// A table for a page or a chat
    #[value(alias = "md")]
    Markdown,
}

fn day(text: &str) -> Result<NaiveDate, String> {
    text.parse().map_err(|_| "write a date such as 2026-01-06".to_owned())
}

/// Returns the ledgers of the rituals and those that they share, each by its name.
fn ledgers(registry: &[Registration]) -> impl Iterator<Item = (&'static str, Ledger)> {
    registry.iter().filter_map(|ritual| Some((ritual.name, ritual.ledger?))).chain(LEDGERS.iter().copied())
}

/// Lets the command `export` know its ledgers.
pub(super) fn with_ledgers(export: clap::Command, registry: &[Registration]) -> clap::Command {
    let names = PossibleValuesParser::new(ledgers(registry).map(|(name, _)| name));
    let dated: Vec<String> =
        ledgers(registry).map(|(name, ledger)| format!("{name}: {}", ledger.dated)).collect();
    let since = format!("Only what is of this date or later ({})", dated.join("; "));
    let others = ledgers(registry).filter(|(_, ledger)| !ledger.others.is_empty());
    let others: Vec<String> =
        others.map(|(name, ledger)| format!("{name}: {}", names_of_others(&ledger))).collect();
    let what = format!("Another table of the ritual ({})", others.join("; "));
    let export = export.mut_arg("ledger", |ledger| ledger.value_parser(names));
    export.mut_arg("since", |arg| arg.help(since)).mut_arg("what", |arg| arg.help(what))
}

fn names_of_others(ledger: &Ledger) -> String {
    ledger.others.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
}

/// Lines read at a time, so that a ledger of any size needs little memory.
const PAGE: i64 = 1_000;

pub(super) async fn export(options: Export, registry: &[Registration]) -> Result<ExitCode, Ended> {
    let config = options.config.load(registry)?;
    let store = Store::open(config.store.url.expose_secret(), Opening::Beside).await?;
    let ledger = ledgers(registry).find(|(name, _)| *name == options.ledger);
    let (_, ledger) = ledger.ok_or_else(|| Ended::Usage(format!("there is no ledger {}", options.ledger)))?;
    let ledger = match &options.what {
        None => ledger,
        Some(what) => ledger.named(what).ok_or_else(|| no_such_table(&options.ledger, &ledger, what))?,
    };
    let since = options.since.unwrap_or_default();
    match write_ledger(&ledger, &store, since, options.format, io::stdout()).await {
        Ok(()) => Ok(ExitCode::SUCCESS),
        Err(LedgerError::Store(error)) => Err(error.into()),
        Err(LedgerError::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => Err(Ended::Enough),
        Err(LedgerError::Output(error)) => {
            Err(Ended::Failed(format!("the ledger cannot be written ({error})")))
        }
    }
}

fn no_such_table(name: &str, ledger: &Ledger, what: &str) -> Ended {
    let others = names_of_others(ledger);
    Ended::Usage(if others.is_empty() {
        format!("{name} has one table, so leave out --what {what}")
    } else {
        format!("{name} has no table {what}: write --what with one of {others}, or leave it out")
    })
}

/// Why a ledger was not written to its end.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    #[error("{0}")]
    Store(#[from] StoreError),
    #[error("{0}")]
    Output(#[from] io::Error),
}

/// Writes the lines of a ledger that are of a date or later, page by page.
pub async fn write_ledger(
    ledger: &Ledger,
    store: &Store,
    since: NaiveDate,
    format: LedgerFormat,
    output: impl Write,
) -> Result<(), LedgerError> {
    let mut sheet = Sheet::begin(format, ledger, output)?;
    let mut after = (String::new(), String::new());
    loop {
        let page = LedgerPage { since, after: (&after.0, &after.1), limit: PAGE };
        let lines = (ledger.page)(store, page).await?;
        let Some(last) = lines.last() else { break };
        after = last.position.clone();
        for line in lines {
            sheet.write(ledger, line)?;
        }
    }
    Ok(sheet.end()?)
}

/// The output of a ledger.
enum Sheet<W: Write> {
    Csv(Box<csv::Writer<W>>),
    Json { output: W, is_first: bool },
    Markdown(MarkdownSheet<W>),
}

impl<W: Write> Sheet<W> {
    fn begin(format: LedgerFormat, ledger: &Ledger, mut output: W) -> io::Result<Sheet<W>> {
        match format {
            LedgerFormat::Csv => {
                output.write_all(sheet::BYTE_ORDER_MARK.as_bytes())?;
                let mut writer = csv::WriterBuilder::new().has_headers(false).from_writer(output);
                let names = ledger.columns.iter().map(|column| column.name);
                writer.write_record(names).map_err(io_error)?;
                Ok(Sheet::Csv(Box::new(writer)))
            }
            LedgerFormat::Json => {
                writeln!(output, "[")?;
                Ok(Sheet::Json { output, is_first: true })
            }
            LedgerFormat::Markdown => Ok(Sheet::Markdown(MarkdownSheet::begin(ledger, output)?)),
        }
    }

    fn write(&mut self, ledger: &Ledger, line: LedgerLine) -> io::Result<()> {
        match self {
            Sheet::Csv(writer) => {
                let cells = ledger.columns.iter().zip(line.cells).map(|(column, cell)| {
                    let cell = cell.unwrap_or_default();
                    if column.is_typed { sheet::as_text(&cell) } else { cell }
                });
                writer.write_record(cells.collect::<Vec<_>>()).map_err(io_error)
            }
            Sheet::Json { output, is_first } => {
                let comma = if std::mem::take(is_first) { "" } else { "," };
                let json = serde_json::to_string(&JsonLine { ledger, line: &line })?;
                writeln!(output, "{comma}{json}")
            }
            Sheet::Markdown(markdown) => markdown.write(line),
        }
    }

    fn end(self) -> io::Result<()> {
        match self {
            Sheet::Csv(mut writer) => writer.flush(),
            Sheet::Json { mut output, .. } => writeln!(output, "]"),
            Sheet::Markdown(markdown) => markdown.end(),
        }
    }
}

/// A line as an object, in the order of the columns.
struct JsonLine<'l> {
    ledger: &'l Ledger,
    line: &'l LedgerLine,
}

impl Serialize for JsonLine<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let cells = self.ledger.columns.iter().zip(&self.line.cells);
        serializer.collect_map(cells.map(|(column, cell)| (column.name, json_of(*column, cell.as_deref()))))
    }
}

/// Returns the value of a cell, null where it holds nothing.
fn json_of(column: LedgerColumn, cell: Option<&str>) -> Value {
    let Some(text) = cell else { return Value::Null };
    let number = if column.is_number { serde_json::from_str::<Number>(text).ok() } else { None };
    number.map_or_else(|| Value::from(text), Value::Number)
}

/// Returns what went wrong below the table: a reader that has read enough is no other error there.
fn io_error(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

pub(super) async fn migrate(config: &Config) -> Result<ExitCode, Ended> {
    Store::migrate(config.store.url.expose_secret()).await?;
    print("the database is up to date")?;
    Ok(ExitCode::SUCCESS)
}
