//! `rondo person`: prints or erases what is stored about a person.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use secrecy::ExposeSecret as _;
use serde_json::{Map, Value, json};

use super::{ConfigFile, Ended, print};
use crate::{
    config::Config,
    engine::person::{Erased, PersonData},
    model::{clock::Clock, entropy::Entropy, people::UserId, secrets},
    ritual::Registration,
    store::{Backend, Opening, Store, holdings::FreeSpace},
};

#[derive(Args)]
pub(super) struct Options {
    #[command(subcommand)]
    action: PersonCommand,
}

#[derive(Subcommand)]
enum PersonCommand {
    /// Print all that is kept of a person, as JSON
    #[command(after_help = "Example: rondo person export U0123ABCD > ana.json")]
    Export(PersonArgs),
    /// Erase all that is kept of a person, and leave them out from then on; without --yes it only counts
    #[command(after_help = "Example: rondo person erase U0123ABCD --yes")]
    Erase(Erase),
    /// Let an erased person take part again
    #[command(after_help = "Example: rondo person allow U0123ABCD")]
    Allow(PersonArgs),
}

#[derive(Args)]
struct PersonArgs {
    /// The person's member ID, which stands in their Slack profile
    #[arg(value_name = "ID", value_parser = member_id)]
    person: UserId,
    #[command(flatten)]
    config: ConfigFile,
}

#[derive(Args)]
struct Erase {
    #[command(flatten)]
    args: PersonArgs,
    /// Another name that mentions of them may have, such as their Slack username; may be repeated
    #[arg(long = "name", value_name = "NAME")]
    names: Vec<String>,
    /// Do it: there is no way back but an older backup
    #[arg(long)]
    yes: bool,
}

fn member_id(text: &str) -> Result<UserId, String> {
    let is_id = text.len() > 1
        && text.starts_with(['U', 'W'])
        && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    if is_id { Ok(UserId::from(text)) } else { Err("a member ID looks like U0123ABCD".to_owned()) }
}

pub(super) async fn run(options: Options, registry: &[Registration]) -> Result<ExitCode, Ended> {
    match options.action {
        PersonCommand::Export(args) => export(&args, registry).await,
        PersonCommand::Erase(Erase { args, names, yes: false }) => count(&args, &names, registry).await,
        PersonCommand::Erase(Erase { args, names, yes: true }) => erase(&args, &names, registry).await,
        PersonCommand::Allow(args) => allow(&args, registry).await,
    }
}

impl PersonArgs {
    /// Opens the people of the workspace that the database belongs to.
    async fn open(&self, registry: &[Registration]) -> Result<PersonData, Ended> {
        self.open_at(&self.config.load(registry)?).await
    }

    async fn open_at(&self, config: &Config) -> Result<PersonData, Ended> {
        let store = Store::open(config.store.url.expose_secret(), Opening::Beside).await?;
        let team = store.workspace().await?;
        let team = team.ok_or_else(|| {
            Ended::Failed("this database belongs to no workspace yet: start the bot once".to_owned())
        })?;
        if store.bot_user(&team).await?.as_ref() == Some(&self.person) {
            return Err(Ended::Usage(format!("{} is the bot itself: name a person", self.person)));
        }
        let entropy = Entropy::from_system()
            .map_err(|error| Ended::Failed(format!("the machine gives no randomness ({error})")))?;
        let clock = store.clock(&Clock::machine()).await?;
        let rituals = config.rituals().into();
        Ok(PersonData { store, team, rituals, clock, entropy })
    }
}

/// Streams: a section is an array, and each of its rows a line.
async fn export(args: &PersonArgs, registry: &[Registration]) -> Result<ExitCode, Ended> {
    let people = args.open(registry).await?;
    let head = json!({
        "person": args.person,
        "workspace": people.team,
        "exported_at": people.clock.now().to_rfc3339(),
        "is_erased_and_left_out": people.is_kept_out(&args.person).await?,
    });
    let head = head.to_string();
    print(&format!("{},\n\"kept\": {{", head.trim_end_matches('}')))?;
    let mut open: Option<&'static str> = None;
    let write = |section: &'static str, row: Map<String, Value>| -> Result<(), Ended> {
        let before = match open.replace(section) {
            Some(known) if known == section => ",".to_owned(),
            Some(_) => format!("],\n\"{section}\": [\n"),
            None => format!("\"{section}\": [\n"),
        };
        print(&format!("{before}{}", Value::Object(row)))
    };
    people.export(&args.person, write).await?;
    print(if open.is_some() { "]\n}}" } else { "}}" })?;
    Ok(ExitCode::SUCCESS)
}

async fn count(args: &PersonArgs, names: &[String], registry: &[Registration]) -> Result<ExitCode, Ended> {
    let people = args.open(registry).await?;
    let person = &args.person;
    let rows = people.count(person, names).await?;
    let name = people.name(person).await?;
    say(&rows)?;
    let all: u64 = rows.iter().map(|(_, number)| number).sum();
    print(&format!(
        "{all} rows of {person}{} would be erased or changed, and {person} would be left out from then on. Nothing is \
         changed yet: add --yes to do it.",
        name.map(|name| format!(" ({})", secrets::shown_bare(&name))).unwrap_or_default()
    ))?;
    Ok(ExitCode::SUCCESS)
}

async fn erase(args: &PersonArgs, names: &[String], registry: &[Registration]) -> Result<ExitCode, Ended> {
    let config = args.config.load(registry)?;
    let people = args.open_at(&config).await?;
    // No bot starts meanwhile.
    let lock = Store::lock(config.store.url.expose_secret())?;
    let person = &args.person;
    // Nothing says whether a replica uses a server's database, so this assumes that one does.
    let is_bot_at_work = lock.is_none() || people.store.engine() == Backend::Postgres;
    let erased = people.erase(person, names, is_bot_at_work).await?;
    say(&erased.rows)?;
    if !erased.is_clean {
        return Err(Ended::Failed(format!(
            "{person} is left out, and the running bot still wrote of them: run the command again"
        )));
    }
    print(&format!("{person} is erased and left out. To let them back in: rondo person allow {person}"))?;
    print(what_stays(&erased))?;
    Ok(ExitCode::SUCCESS)
}

fn what_stays(erased: &Erased) -> &'static str {
    match erased.free_space {
        FreeSpace::Cleared => {
            "Nothing of them is left in the database file. Slack's messages, backups and logs stay as they are."
        }
        FreeSpace::LogInUse => {
            "The running bot still reads the write-ahead log, where remains may stand: run the command again, or restart \
             the bot. Slack's messages, backups and logs stay as they are."
        }
        FreeSpace::OfServer => {
            "The server's tables are vacuumed. Its write-ahead log and archives, Slack's messages, backups and logs stay as \
             they are."
        }
    }
}

async fn allow(args: &PersonArgs, registry: &[Registration]) -> Result<ExitCode, Ended> {
    let people = args.open(registry).await?;
    let person = &args.person;
    if !people.allow(person).await? {
        return Err(Ended::Failed(format!("{person} is not left out: there is nothing to allow")));
    }
    print(&format!("{person} may take part again; the bot reads anew who is here"))?;
    Ok(ExitCode::SUCCESS)
}

fn say(rows: &[(&'static str, u64)]) -> Result<(), Ended> {
    rows.iter().try_for_each(|(table, number)| print(&format!("{table}\t{number}")))
}
