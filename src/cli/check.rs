//! `rondo check`: one line for each thing that must be right, with the way to mend it. It tries what `rondo run` will do.

use std::{io, process::ExitCode};

use secrecy::ExposeSecret as _;

use super::{Ended, database_file, print};
use crate::{
    config::{Config, Draft, Part},
    manifest,
    model::{
        authority::MayStart,
        clock::{Clock, Instant},
        people::{GroupId, TeamId, UserId},
        refusal::is_bad_token,
        secrets,
    },
    rituals,
    slack::{CallError, Identity, Settings, Slack},
    store::{Opening, Store, StoreError},
};

/// What a line says.
enum Verdict {
    Ok(String),
    Warn(String),
    Fail(String),
}

/// By how much the machine's clock may differ from Slack's before signatures are in danger, in seconds.
const SKEW_WARNS: i64 = 30;
const SKEW_FAILS: i64 = 240;
/// The same for the database server's clock, in milliseconds. By that one replicas agree; the machine's own is for Slack.
const APART_WARNS_MS: i64 = 2_000;
/// For how long a run may be due before it looks as if nobody did it, in seconds.
const OVERDUE_WARNS: i64 = 5 * 60;

pub(super) async fn run(draft: Draft) -> Result<ExitCode, Ended> {
    let mut failed = false;
    let mut say = |what: &str, verdict: Verdict| {
        let (word, text) = match verdict {
            Verdict::Ok(text) => ("ok", text),
            Verdict::Warn(text) => ("warn", text),
            Verdict::Fail(text) => {
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
    // What is wrong with a part was said; asking Slack or a database that was not meant would only add to it.
    let mut team = None;
    if draft.is_sound(Part::Slack) {
        match client(config) {
            Ok(slack) => {
                for (what, verdict) in at_slack(config, &slack, &mut team).await {
                    say(what, verdict)?;
                }
            }
            Err(error) => say("bot token", Verdict::Fail(error))?,
        }
    }
    if draft.is_sound(Part::Http) {
        for (what, verdict) in addresses(config) {
            say(what, verdict)?;
        }
    }
    if draft.is_sound(Part::Store) {
        for (what, verdict) in store(config, team).await {
            say(what, verdict)?;
        }
    }
    say("zone data", Verdict::Ok(format!("IANA {}", chrono_tz::IANA_TZDB_VERSION)))?;
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// A line for everything that is wrong or looks so, and one that says where Slack comes in.
fn configuration(draft: &Draft) -> Vec<Verdict> {
    let config = &draft.config;
    let mut lines: Vec<Verdict> = draft.errors.iter().map(|error| Verdict::Fail(error.to_string())).collect();
    lines.extend(config.warnings.iter().map(|warning| Verdict::Warn(warning.clone())));
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
            Verdict::Ok(format!("{file}; Slack comes in by {door}"))
        }
        // A missing bot token has a line of its own.
        Err(_) if config.slack.bot_token.is_none() => Verdict::Ok(file),
        Err(error) => Verdict::Fail(error.to_string()),
    });
    lines
}

/// The lines about Slack; `team` becomes the workspace that the token is for.
async fn at_slack(config: &Config, slack: &Slack, team: &mut Option<TeamId>) -> Vec<(&'static str, Verdict)> {
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

/// Whether each user group that a setting names is one of the workspace: a handle that matches none counts no people, without an error.
async fn groups(config: &Config, slack: &Slack) -> Vec<(&'static str, Verdict)> {
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
        Err(error) => (key, Verdict::Warn(format!("the user groups cannot be read ({error})"))),
    };
    named.into_iter().map(verdict).collect()
}

fn all_there(key: &str, wanted: &[String], groups: &[(GroupId, String, Vec<UserId>)]) -> Verdict {
    let missing: Vec<String> = wanted
        .iter()
        .filter(|handle| !groups.iter().any(|(_, group, _)| group == *handle))
        .map(|handle| format!("@{handle}"))
        .collect();
    if missing.is_empty() {
        return Verdict::Ok(match wanted.len() {
            1 => "1 user group, and it is there".to_owned(),
            all => format!("{all} user groups, all there"),
        });
    }
    Verdict::Warn(format!(
        "no user group of the workspace is called {}: correct people.{key}, or make the group",
        missing.join(", ")
    ))
}

/// Whether `rondo run` will be able to listen. A bot that runs already holds the addresses, and says so.
fn addresses(config: &Config) -> Vec<(&'static str, Verdict)> {
    let http = &config.http;
    let all = [
        ("address", "RONDO_LISTEN", http.listen),
        ("admin address", "RONDO_ADMIN_LISTEN", http.admin_listen),
    ];
    all.map(|(what, variable, address)| {
        let verdict = match std::net::TcpListener::bind(address) {
            Ok(_) => Verdict::Ok(format!("{address} is free")),
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => Verdict::Warn(format!(
                "{address} is in use: by your bot, if it runs now; else set {variable} to a free one"
            )),
            Err(error) => {
                Verdict::Fail(format!("cannot listen on {address} ({error}): set {variable} to another one"))
            }
        };
        (what, verdict)
    })
    .into()
}

fn client(config: &Config) -> Result<Slack, String> {
    let settings = Settings {
        api_url: config.slack.api_url.clone(),
        bot_token: config.bot_token().map_err(|error| error.to_string())?.clone(),
        app_token: config.slack.app_token.clone(),
        call_timeout: config.slack.call_timeout,
    };
    Slack::new(settings).map_err(|error| format!("{error:#}"))
}

fn bot_token(identity: &Result<Identity, CallError>) -> Verdict {
    match identity {
        Ok(identity) => Verdict::Ok(format!(
            "{} in the workspace {} ({})",
            identity.bot_user, identity.team_name, identity.team
        )),
        Err(CallError::Refused { error, .. }) if is_bad_token(error) => Verdict::Fail(format!(
            "Slack refuses SLACK_BOT_TOKEN ({error}): copy the Bot User OAuth Token of the installed app anew"
        )),
        Err(error) => Verdict::Fail(format!("{error}: check SLACK_API_URL and the way out of this network")),
    }
}

fn scopes(config: &Config, identity: &Identity) -> Vec<(&'static str, Verdict)> {
    let rituals = rituals::all(config.rituals());
    let Some(granted) = &identity.scopes else {
        let unsaid = "Slack's answer has no X-OAuth-Scopes header, so what the token may do isn't known: every feature is tried";
        return vec![("scopes", Verdict::Warn(unsaid.to_owned()))];
    };
    let missing = |wanted: &mut dyn Iterator<Item = &'static str>| {
        wanted.filter(|scope| !granted.contains(*scope)).collect::<Vec<_>>().join(", ")
    };
    let needed = missing(&mut manifest::required_scopes(&rituals).into_iter());
    let surer = missing(&mut manifest::RECONCILIATION.into_iter());
    let needed = if needed.is_empty() {
        Verdict::Ok("all that the rituals need".to_owned())
    } else {
        Verdict::Fail(format!(
            "missing {needed}: add them under OAuth & Permissions and install the app anew"
        ))
    };
    let surer = if surer.is_empty() {
        Verdict::Ok("a message whose confirmation was lost is looked for before it is sent again".to_owned())
    } else {
        Verdict::Warn(format!(
            "missing {surer}: without them an announcement whose confirmation was lost is given up, not looked for"
        ))
    };
    vec![("scopes", needed), ("history scopes", surer)]
}

async fn app_token(slack: &Slack) -> Verdict {
    match slack.open_socket().await {
        Ok(_) => Verdict::Ok("Socket Mode can be opened".to_owned()),
        Err(CallError::Refused { error, .. }) => Verdict::Fail(format!(
            "Slack refuses SLACK_APP_TOKEN ({error}): make an app-level token with the scope connections:write, \
             and switch Socket Mode on"
        )),
        Err(error) => Verdict::Fail(error.to_string()),
    }
}

fn clock(slack: Result<Instant, CallError>, here: Instant) -> Verdict {
    match slack {
        Ok(there) => match (here - there).num_seconds() {
            apart if apart.abs() >= SKEW_FAILS => Verdict::Fail(format!(
                "this machine and Slack are {apart} s apart, and signed requests will be refused: set the clock by NTP"
            )),
            apart if apart.abs() >= SKEW_WARNS => {
                Verdict::Warn(format!("this machine and Slack are {apart} s apart: set the clock by NTP"))
            }
            _ => Verdict::Ok(format!("{} UTC, as at Slack", here.format("%Y-%m-%d %H:%M:%S"))),
        },
        Err(error) => Verdict::Warn(format!("cannot be compared with Slack's ({error})")),
    }
}

async fn store(config: &Config, team: Option<TeamId>) -> Vec<(&'static str, Verdict)> {
    let url = config.store.url.expose_secret();
    let files = match database_file::can_be_written(url) {
        Ok(files) => files,
        Err(error) => return vec![("database", Verdict::Fail(error))],
    };
    if Store::can_be_made(url) {
        return vec![("database", Verdict::Ok("there is none yet: `rondo run` makes it".to_owned()))];
    }
    let store = match Store::open(url, Opening::Beside).await {
        Ok(store) => store,
        Err(error) => return vec![("database", Verdict::Fail(error.to_string()))],
    };
    let belongs = match (store.workspace().await, team) {
        (Err(error), _) => Verdict::Fail(error.to_string()),
        (Ok(Some(known)), Some(team)) if known != team => Verdict::Fail(format!(
            "it belongs to the workspace {known} and the token to {team}: set DATABASE_URL to a database of its own"
        )),
        (Ok(known), _) => {
            let whose = known.map_or_else(|| "new".to_owned(), |team| format!("of the workspace {team}"));
            Verdict::Ok(format!("{:?}, up to date, {whose}", store.engine()))
        }
    };
    let outbox = match store.outbox_depth(Clock::machine().now()).await {
        Ok(depth) if depth.discarded > 0 => Verdict::Warn(format!(
            "{} given up: `rondo outbox` shows why, `rondo outbox retry` sends them again",
            depth.discarded
        )),
        Ok(depth) => Verdict::Ok(format!("{} waiting, none given up", depth.waiting)),
        Err(error) => Verdict::Fail(error.to_string()),
    };
    let runs =
        runs(&store, Clock::machine().now()).await.unwrap_or_else(|error| Verdict::Fail(error.to_string()));
    let files = files.map(|warning| ("database files", Verdict::Warn(warning)));
    let clock = store.ms_behind(&Clock::machine()).await;
    let clock = match clock {
        Ok(apart) => apart.map(|apart_ms| ("database clock", database_clock(apart_ms))),
        Err(error) => Some(("database clock", Verdict::Warn(format!("cannot be read ({error})")))),
    };
    [("database", belongs)]
        .into_iter()
        .chain(files)
        .chain(clock)
        .chain([("outbox", outbox), ("runs", runs)])
        .collect()
}

/// Whether this machine's clock and the database server's agree.
fn database_clock(apart_ms: i64) -> Verdict {
    if apart_ms.abs() < APART_WARNS_MS {
        return Verdict::Ok("as on this machine".to_owned());
    }
    let (seconds, where_to) = (apart_ms.abs() / 1_000, if apart_ms > 0 { "behind" } else { "ahead of" });
    Verdict::Warn(format!(
        "the database server's clock is {seconds} s {where_to} this machine's: set both by NTP. Replicas go by the \
         server's, and what is due comes by it"
    ))
}

/// Whether what is due is being done.
async fn runs(store: &Store, now: Instant) -> Result<Verdict, StoreError> {
    let Some(team) = store.workspace().await? else {
        return Ok(Verdict::Ok("nothing is planned yet".to_owned()));
    };
    Ok(match store.next_run_at(&team).await? {
        None => Verdict::Ok("nothing is planned".to_owned()),
        Some(at) if (now - at).num_seconds() >= OVERDUE_WARNS => Verdict::Warn(format!(
            "something has been due since {} UTC: start `rondo run`, or look into its log",
            at.format("%Y-%m-%d %H:%M")
        )),
        Some(at) => Verdict::Ok(format!("the next is due at {} UTC", at.format("%Y-%m-%d %H:%M"))),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Environment;

    #[test]
    fn clocks_that_are_two_seconds_apart_are_a_warning() {
        for apart_ms in [0, 1_999, -1_999] {
            assert!(matches!(database_clock(apart_ms), Verdict::Ok(_)));
        }
        let Verdict::Warn(behind) = database_clock(20_400) else { panic!("a warning") };
        assert!(behind.contains("is 20 s behind this machine's"), "{behind}");
        let Verdict::Warn(ahead) = database_clock(-2_000) else { panic!("a warning") };
        assert!(ahead.contains("is 2 s ahead of this machine's"), "{ahead}");
    }

    #[test]
    fn a_slack_that_does_not_say_what_a_token_may_do_is_not_told_that_everything_is_missing() {
        let identity = Identity {
            team: TeamId("T1".to_owned()),
            team_name: "Team".to_owned(),
            url: String::new(),
            bot_user: "RONDO".into(),
            bot_id: "B1".to_owned(),
            scopes: None,
        };
        let config = Config::load(None, &Environment::default()).unwrap();
        let [(_, Verdict::Warn(said))] = &scopes(&config, &identity)[..] else { panic!("one warning") };
        assert!(said.contains("isn't known") && !said.contains("missing"), "{said}");
    }
}
