//! `rondo check`: one line for each thing that must be right, with the way to fix it. It tries what `rondo run` will
//! do.

use std::{io, process::ExitCode};

use secrecy::ExposeSecret as _;

use super::{Ended, database_file, print};
use crate::{
    config::{Config, ConfigDraft, ConfigPart},
    manifest,
    model::{
        authority::MayStart,
        clock::{Clock, Instant},
        people::{GroupId, TeamId, UserId},
        refusal::is_bad_token,
        secrets,
    },
    slack::{CallError, ClientSettings, Identity, Slack},
    store::{Opening, Store, StoreError},
};

/// The verdict of a line.
enum CheckResult {
    Ok(String),
    Warn(String),
    Fail(String),
}

/// By how much the machine's clock may differ from Slack's before signatures are in danger, in seconds.
const SKEW_WARNS: i64 = 30;
const SKEW_FAILS: i64 = 240;
/// The same for the database server's clock, in milliseconds. Replicas go by that clock; the machine's own is for
/// Slack.
const APART_WARNS_MS: i64 = 2_000;
/// After how many seconds an overdue run looks abandoned.
const OVERDUE_WARNS: i64 = 5 * 60;

pub(super) async fn run(draft: ConfigDraft) -> Result<ExitCode, Ended> {
    let mut failed = false;
    let mut say = |what: &str, verdict: CheckResult| {
        let (word, text) = match verdict {
            CheckResult::Ok(text) => ("ok", text),
            CheckResult::Warn(text) => ("warn", text),
            CheckResult::Fail(text) => {
                failed = true;
                ("fail", text)
            }
        };
        print(&secrets::redacted(&format!("{word:<4} {what}: {text}").replace(['\n', '\r'], " ")))
    };
    let config = &draft.config;
    for verdict in configuration(&draft) {
        say("configuration", verdict)?;
    }
    // A faulty part has its line already; asking Slack or a database that was not meant would only add to it.
    let mut team = None;
    if draft.is_sound(ConfigPart::Slack) {
        match client(config) {
            Ok(slack) => {
                for (what, verdict) in at_slack(config, &slack, &mut team).await {
                    say(what, verdict)?;
                }
            }
            Err(error) => say("bot token", CheckResult::Fail(error))?,
        }
    }
    if draft.is_sound(ConfigPart::Http) {
        for (what, verdict) in addresses(config) {
            say(what, verdict)?;
        }
    }
    if draft.is_sound(ConfigPart::Store) {
        for (what, verdict) in store(config, team).await {
            say(what, verdict)?;
        }
    }
    say("holidays", holidays(config))?;
    say("zone data", CheckResult::Ok(format!("IANA {}", chrono_tz::IANA_TZDB_VERSION)))?;
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Prints a line for each problem or doubt in the configuration, and one that says how Slack connects.
fn configuration(draft: &ConfigDraft) -> Vec<CheckResult> {
    let config = &draft.config;
    let mut lines: Vec<CheckResult> =
        draft.errors.iter().map(|error| CheckResult::Fail(error.to_string())).collect();
    lines.extend(config.warnings.iter().map(|warning| CheckResult::Warn(warning.clone())));
    if !draft.errors.is_empty() {
        return lines;
    }
    let file = config.file.as_ref().map_or_else(
        || "environment only".to_owned(),
        |file| secrets::shown_bare(&file.display().to_string()),
    );
    lines.push(match config.doors() {
        Ok(doors) => {
            let door = match (doors.socket.is_some(), doors.http.is_some()) {
                (true, true) => "Socket Mode and HTTP",
                (true, false) => "Socket Mode",
                _ => "HTTP",
            };
            CheckResult::Ok(format!("{file}; Slack comes in by {door}"))
        }
        // A missing bot token has a line of its own.
        Err(_) if config.slack.bot_token.is_none() => CheckResult::Ok(file),
        Err(error) => CheckResult::Fail(error.to_string()),
    });
    lines
}

/// Says which regions' holidays are known, and until when.
fn holidays(config: &Config) -> CheckResult {
    let regions = config.holidays.regions();
    let codes: Vec<&str> = regions.iter().map(|region| region.code.as_str()).collect();
    let last = regions.iter().filter_map(|region| region.days.keys().next_back()).min();
    match last {
        Some(last) => CheckResult::Ok(format!("known of {}, until {last}", codes.join(", "))),
        None => CheckResult::Warn("none are known: correct holidays.folder".to_owned()),
    }
}

/// Prints the lines about Slack; sets `team` to the token's workspace.
async fn at_slack(
    config: &Config,
    slack: &Slack,
    team: &mut Option<TeamId>,
) -> Vec<(&'static str, CheckResult)> {
    let identity = slack.identity().await;
    let mut lines = vec![("bot token", bot_token(&identity))];
    if let Ok(identity) = identity {
        lines.extend(scopes(config, &identity));
        lines.extend(groups(config, slack).await);
        *team = Some(identity.team);
    }
    if config.slack.app_token.is_some() {
        lines.push(("app token", app_token(slack).await));
    }
    lines.push(("clock", clock(slack.time().await, Clock::machine().now())));
    lines
}

/// Checks that each user group in the settings exists: an unknown handle has no members, without an error.
async fn groups(config: &Config, slack: &Slack) -> Vec<(&'static str, CheckResult)> {
    let may_start: &[String] = match &config.people.authority.may_start {
        MayStart::Listed { groups, .. } => groups,
        MayStart::Everyone | MayStart::Admins => &[],
    };
    let settings = [("departments", &config.people.departments[..]), ("may_start", may_start)];
    let named: Vec<_> = settings.into_iter().filter(|(_, wanted)| !wanted.is_empty()).collect();
    if named.is_empty() {
        return Vec::new();
    }
    let found = slack.groups().await;
    let verdict = |(key, wanted): (&'static str, &[String])| match &found {
        Ok(groups) => (key, all_there(key, wanted, groups)),
        Err(error) => (key, CheckResult::Warn(format!("the user groups cannot be read ({error})"))),
    };
    named.into_iter().map(verdict).collect()
}

fn all_there(key: &str, wanted: &[String], groups: &[(GroupId, String, Vec<UserId>)]) -> CheckResult {
    let missing: Vec<String> = wanted
        .iter()
        .filter(|handle| !groups.iter().any(|(_, group, _)| group == *handle))
        .map(|handle| format!("@{handle}"))
        .collect();
    if missing.is_empty() {
        return CheckResult::Ok(match wanted.len() {
            1 => "1 user group, and it is there".to_owned(),
            all => format!("{all} user groups, all there"),
        });
    }
    CheckResult::Warn(format!(
        "no user group of the workspace is called {}: correct people.{key}, or make the group",
        missing.join(", ")
    ))
}

/// Checks that `rondo run` will be able to listen. A bot that runs already holds the addresses, and is reported.
fn addresses(config: &Config) -> Vec<(&'static str, CheckResult)> {
    let http = &config.http;
    let all = [
        ("address", "RONDO_LISTEN", http.listen),
        ("admin address", "RONDO_ADMIN_LISTEN", http.admin_listen),
    ];
    all.map(|(what, variable, address)| {
        let verdict = match std::net::TcpListener::bind(address) {
            Ok(_) => CheckResult::Ok(format!("{address} is free")),
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => CheckResult::Warn(format!(
                "{address} is in use: by your bot, if it runs now; else set {variable} to a free one"
            )),
            Err(error) => CheckResult::Fail(format!(
                "cannot listen on {address} ({error}): set {variable} to another one"
            )),
        };
        (what, verdict)
    })
    .into()
}

fn client(config: &Config) -> Result<Slack, String> {
    let settings = ClientSettings {
        api_url: config.slack.api_url.clone(),
        bot_token: config.bot_token().map_err(|error| error.to_string())?.clone(),
        app_token: config.slack.app_token.clone(),
        call_timeout: config.slack.call_timeout,
    };
    Slack::new(settings).map_err(|error| format!("{error:#}"))
}

fn bot_token(identity: &Result<Identity, CallError>) -> CheckResult {
    match identity {
        Ok(identity) => CheckResult::Ok(format!(
            "{} in the workspace {} ({})",
            identity.bot_user, identity.team_name, identity.team
        )),
        Err(CallError::Refused { error, .. }) if is_bad_token(error) => CheckResult::Fail(format!(
            "Slack refuses SLACK_BOT_TOKEN ({error}): copy the Bot User OAuth Token of the installed app anew"
        )),
        Err(error) => {
            CheckResult::Fail(format!("{error}: check SLACK_API_URL and the way out of this network"))
        }
    }
}

fn scopes(config: &Config, identity: &Identity) -> Vec<(&'static str, CheckResult)> {
    let rituals = config.rituals();
    let Some(granted) = &identity.scopes else {
        let unsaid = "Slack's answer has no X-OAuth-Scopes header, so what the token may do isn't known: every feature is tried";
        return vec![("scopes", CheckResult::Warn(unsaid.to_owned()))];
    };
    let missing = |wanted: &mut dyn Iterator<Item = &'static str>| {
        wanted.filter(|scope| !granted.contains(*scope)).collect::<Vec<_>>().join(", ")
    };
    let needed = missing(&mut manifest::required_scopes(&rituals).into_iter());
    let surer = missing(&mut manifest::RECONCILIATION.into_iter());
    let needed = if needed.is_empty() {
        CheckResult::Ok("all that the rituals need".to_owned())
    } else {
        CheckResult::Fail(format!(
            "missing {needed}: add them under OAuth & Permissions and install the app anew"
        ))
    };
    let surer = if surer.is_empty() {
        CheckResult::Ok(
            "a message whose confirmation was lost is looked for before it is sent again".to_owned(),
        )
    } else {
        CheckResult::Warn(format!(
            "missing {surer}: without them an announcement whose confirmation was lost is given up, not looked for"
        ))
    };
    vec![("scopes", needed), ("history scopes", surer)]
}

async fn app_token(slack: &Slack) -> CheckResult {
    match slack.open_socket().await {
        Ok(_) => CheckResult::Ok("Socket Mode can be opened".to_owned()),
        Err(CallError::Refused { error, .. }) => CheckResult::Fail(format!(
            "Slack refuses SLACK_APP_TOKEN ({error}): make an app-level token with the scope connections:write, \
             and switch Socket Mode on"
        )),
        Err(error) => CheckResult::Fail(error.to_string()),
    }
}

fn clock(slack: Result<Instant, CallError>, here: Instant) -> CheckResult {
    match slack {
        Ok(there) => match (here - there).num_seconds() {
            apart if apart.abs() >= SKEW_FAILS => CheckResult::Fail(format!(
                "this machine and Slack are {apart} s apart, and signed requests will be refused: set the clock by NTP"
            )),
            apart if apart.abs() >= SKEW_WARNS => {
                CheckResult::Warn(format!("this machine and Slack are {apart} s apart: set the clock by NTP"))
            }
            _ => CheckResult::Ok(format!("{} UTC, as at Slack", here.format("%Y-%m-%d %H:%M:%S"))),
        },
        Err(error) => CheckResult::Warn(format!("cannot be compared with Slack's ({error})")),
    }
}

async fn store(config: &Config, team: Option<TeamId>) -> Vec<(&'static str, CheckResult)> {
    let url = config.store.url.expose_secret();
    let files = match database_file::can_be_written(url) {
        Ok(files) => files,
        Err(error) => return vec![("database", CheckResult::Fail(error))],
    };
    if Store::can_be_made(url) {
        return vec![("database", CheckResult::Ok("there is none yet: `rondo run` makes it".to_owned()))];
    }
    let store = match Store::open(url, Opening::Beside).await {
        Ok(store) => store,
        Err(error) => return vec![("database", CheckResult::Fail(error.to_string()))],
    };
    let belongs = match (store.workspace().await, team) {
        (Err(error), _) => CheckResult::Fail(error.to_string()),
        (Ok(Some(known)), Some(team)) if known != team => CheckResult::Fail(format!(
            "it belongs to the workspace {known} and the token to {team}: set DATABASE_URL to a database of its own"
        )),
        (Ok(known), _) => {
            let whose = known.map_or_else(|| "new".to_owned(), |team| format!("of the workspace {team}"));
            CheckResult::Ok(format!("{:?}, up to date, {whose}", store.engine()))
        }
    };
    let outbox = match store.outbox_depth(Clock::machine().now()).await {
        Ok(depth) if depth.discarded > 0 => CheckResult::Warn(format!(
            "{} given up: `rondo outbox` shows why, `rondo outbox retry` sends them again",
            depth.discarded
        )),
        Ok(depth) => CheckResult::Ok(format!("{} waiting, none given up", depth.waiting)),
        Err(error) => CheckResult::Fail(error.to_string()),
    };
    let runs = runs(&store, Clock::machine().now())
        .await
        .unwrap_or_else(|error| CheckResult::Fail(error.to_string()));
    let files = files.map(|warning| ("database files", CheckResult::Warn(warning)));
    let clock = store.ms_behind(&Clock::machine()).await;
    let clock = match clock {
        Ok(apart) => apart.map(|apart_ms| ("database clock", database_clock(apart_ms))),
        Err(error) => Some(("database clock", CheckResult::Warn(format!("cannot be read ({error})")))),
    };
    [("database", belongs)]
        .into_iter()
        .chain(files)
        .chain(clock)
        .chain([("outbox", outbox), ("runs", runs)])
        .collect()
}

/// Checks that this machine's clock and the database server's agree.
fn database_clock(apart_ms: i64) -> CheckResult {
    if apart_ms.abs() < APART_WARNS_MS {
        return CheckResult::Ok("as on this machine".to_owned());
    }
    let (seconds, where_to) = (apart_ms.abs() / 1_000, if apart_ms > 0 { "behind" } else { "ahead of" });
    CheckResult::Warn(format!(
        "the database server's clock is {seconds} s {where_to} this machine's: set both by NTP. Replicas go by the \
         server's, and what is due comes by it"
    ))
}

/// Checks that due runs are being done.
async fn runs(store: &Store, now: Instant) -> Result<CheckResult, StoreError> {
    let Some(team) = store.workspace().await? else {
        return Ok(CheckResult::Ok("nothing is planned yet".to_owned()));
    };
    Ok(match store.next_run_at(&team).await? {
        None => CheckResult::Ok("nothing is planned".to_owned()),
        Some(at) if (now - at).num_seconds() >= OVERDUE_WARNS => CheckResult::Warn(format!(
            "something has been due since {} UTC: start `rondo run`, or look into its log",
            at.format("%Y-%m-%d %H:%M")
        )),
        Some(at) => CheckResult::Ok(format!("the next is due at {} UTC", at.format("%Y-%m-%d %H:%M"))),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{config::Environment, rituals};

    #[test]
    fn two_seconds_apart_is_a_warning() {
        for apart_ms in [0, 1_999, -1_999] {
            assert!(matches!(database_clock(apart_ms), CheckResult::Ok(_)));
        }
        let CheckResult::Warn(behind) = database_clock(20_400) else { panic!("a warning") };
        assert!(behind.contains("is 20 s behind this machine's"), "{behind}");
        let CheckResult::Warn(ahead) = database_clock(-2_000) else { panic!("a warning") };
        assert!(ahead.contains("is 2 s ahead of this machine's"), "{ahead}");
    }

    #[test]
    fn unknown_scopes_are_not_missing() {
        let identity = Identity {
            team: TeamId("T1".to_owned()),
            team_name: "Team".to_owned(),
            url: String::new(),
            bot_user: "RONDO".into(),
            bot_id: "B1".to_owned(),
            scopes: None,
        };
        let config = Config::load(rituals::ALL, None, &Environment::default()).unwrap();
        let [(_, CheckResult::Warn(said))] = &scopes(&config, &identity)[..] else { panic!("one warning") };
        assert!(said.contains("isn't known") && !said.contains("missing"), "{said}");
    }
}
