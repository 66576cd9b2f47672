//! `rondo export` and `rondo migrate`.

use std::{io::Write as _, process::ExitCode};

use chrono::{NaiveDate, NaiveTime};
use clap::{Args, ValueEnum};
use secrecy::ExposeSecret as _;
use serde::Serialize;

use super::{ConfigFile, Ended, print, sheet};
use crate::{
    config::Config,
    rituals::{coffee::store as coffee, kudos::store as kudos},
    store::{Opening, Store, StoreError},
};

#[derive(Args)]
pub(super) struct Export {
    /// Which ledger
    #[arg(value_enum)]
    ledger: Ledger,
    /// The format; in CSV, an apostrophe stands before all that a spreadsheet would take for a formula
    #[arg(long, value_enum, default_value_t = LedgerFormat::Csv)]
    format: LedgerFormat,
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
enum LedgerFormat {
    Csv,
    Json,
}

/// A line of a ledger.
trait LedgerLine: Serialize + Sized {
    /// The columns' names, in their order.
    const COLUMNS: &'static [&'static str];

    /// Returns its position in the ledger, to read on after it.
    fn place(&self) -> (String, String);

    /// Returns the line with people's text made safe for a spreadsheet.
    fn for_a_spreadsheet(self) -> Self;
}

impl LedgerLine for kudos::KudosLedgerLine {
    const COLUMNS: &'static [&'static str] = &kudos::KudosLedgerLine::COLUMNS;

    fn place(&self) -> (String, String) {
        (self.gift_id.clone(), self.receiver.clone())
    }

    fn for_a_spreadsheet(self) -> Self {
        kudos::KudosLedgerLine { reason: sheet::as_text(&self.reason), ..self }
    }
}

impl LedgerLine for coffee::CoffeeLedgerLine {
    const COLUMNS: &'static [&'static str] = &coffee::CoffeeLedgerLine::COLUMNS;

    fn place(&self) -> (String, String) {
        (self.group_id.clone(), self.person.clone())
    }

    fn for_a_spreadsheet(self) -> Self {
        self
    }
}

/// Lines read at a time, so that a ledger of any size needs little memory.
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

/// Writes a ledger page by page; `page` returns the lines after a position.
async fn write_out<L: LedgerLine>(
    format: LedgerFormat,
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

/// The output of a ledger.
enum Sheet {
    Csv(Box<csv::Writer<std::io::Stdout>>),
    Json { first: bool },
}

impl Sheet {
    fn begin(format: LedgerFormat, columns: &[&str]) -> Result<Sheet, Ended> {
        match format {
            LedgerFormat::Csv => {
                let mut output = std::io::stdout();
                output.write_all(sheet::BYTE_ORDER_MARK.as_bytes()).map_err(|error| failed(error.into()))?;
                let mut writer = csv::WriterBuilder::new().has_headers(false).from_writer(output);
                writer.write_record(columns).map_err(failed)?;
                Ok(Sheet::Csv(Box::new(writer)))
            }
            LedgerFormat::Json => {
                print("[")?;
                Ok(Sheet::Json { first: true })
            }
        }
    }

    fn write(&mut self, line: impl LedgerLine) -> Result<(), Ended> {
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

#[expect(clippy::needless_pass_by_value, reason = "it is used as a mapping of errors")]
fn failed(error: csv::Error) -> Ended {
    if let csv::ErrorKind::Io(error) = error.kind()
        && error.kind() == std::io::ErrorKind::BrokenPipe
    {
        return Ended::Enough;
    }
    Ended::Failed(format!("the ledger cannot be written ({error})"))
}

pub(super) async fn migrate(config: &Config) -> Result<ExitCode, Ended> {
    Store::migrate(config.store.url.expose_secret()).await?;
    print("the database is up to date")?;
    Ok(ExitCode::SUCCESS)
}
