//! What a setting must be, each check with the sentence that mends it.

use std::{net::SocketAddr, time::Duration};

use chrono_tz::{TZ_VARIANTS, Tz};
use secrecy::{ExposeSecret, SecretString};

use super::{
    Commands, ConfigError, Http, first_twice, nearest,
    sources::{Given, GivenSecret, Sources},
};
use crate::logging::{self, Format};

const BOT: &str = "xoxb-";
const APP: &str = "xapp-";
/// Slack's own limit for the name of a slash command.
const LONGEST_COMMAND: usize = 32;
/// A lease on an effect outlasts this, so it is kept short.
const CALL_SECONDS: std::ops::RangeInclusive<u64> = 1..=60;

/// Whether each token is of its kind; people swap them.
pub fn tokens(bot: Option<&GivenSecret>, app: Option<&GivenSecret>) -> Result<(), ConfigError> {
    let begins = |given: Option<&GivenSecret>, with: &str| {
        given.is_some_and(|given| given.text.expose_secret().starts_with(with))
    };
    if begins(bot, APP) && begins(app, BOT) {
        return Err(ConfigError::new(
            "SLACK_BOT_TOKEN and SLACK_APP_TOKEN are swapped",
            "the bot token begins with xoxb-, the app-level token with xapp-",
        ));
    }
    for (given, prefix, place) in [
        (bot, BOT, "copy the Bot User OAuth Token from OAuth & Permissions"),
        (app, APP, "make an app-level token with connections:write under Basic Information"),
    ] {
        let Some(given) = given else { continue };
        if !begins(Some(given), prefix) {
            let holds = kind_of(given.text.expose_secret());
            return Err(ConfigError::new(
                format!("{} must begin with {prefix} but holds {holds}", given.name),
                place,
            ));
        }
        // Anything else cannot stand in the header that carries the token.
        if !given.text.expose_secret().bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(ConfigError::new(
                format!("{} holds a space, a line break or a letter that no token has", given.name),
                "copy the token again, and nothing else",
            ));
        }
    }
    Ok(())
}

/// What a text that is not the wanted token seems to be, without showing any of it.
fn kind_of(text: &str) -> &'static str {
    match text.get(..5) {
        Some(BOT) => "a bot token",
        Some(APP) => "an app-level token",
        Some("xoxp-") => "a user token",
        _ => "something else",
    }
}

/// The address of Slack's Web API, without a slash at its end.
pub fn api_url(given: &Given) -> Result<String, ConfigError> {
    let url = given.value.trim_end_matches('/');
    let good = reqwest::Url::parse(url).is_ok_and(|parsed| {
        matches!(parsed.scheme(), "http" | "https") && parsed.has_host() && parsed.query().is_none()
    });
    if good {
        return Ok(url.to_owned());
    }
    Err(ConfigError::new(
        format!("{} is not an address of Slack's Web API", given.name),
        "write one like https://slack.com/api, or leave it out",
    ))
}

/// How long a call to Slack may take.
pub fn call_timeout(sources: &Sources<'_>, seconds: u64) -> Result<Duration, ConfigError> {
    if CALL_SECONDS.contains(&seconds) {
        return Ok(Duration::from_secs(seconds));
    }
    Err(ConfigError::new(
        format!("{} is {seconds}", sources.named("slack.call_timeout_seconds")),
        format!("write a number from {} to {}", CALL_SECONDS.start(), CALL_SECONDS.end()),
    ))
}

/// The store's address. It may hold a password, so no error repeats it.
pub fn database_url(given: GivenSecret) -> Result<SecretString, ConfigError> {
    let url = given.text.expose_secret();
    let name = &given.name;
    if let Some(file) = url.strip_prefix("sqlite:") {
        let file = file.trim_start_matches("//");
        if file.is_empty() || file.starts_with(":memory:") || file.contains("mode=memory") {
            return Err(ConfigError::new(
                format!("{name} names no file to keep things in"),
                "name one, as in sqlite:rondo.db",
            ));
        }
    } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        if reqwest::Url::parse(url).is_err() {
            return Err(ConfigError::new(
                format!("{name} is not a PostgreSQL address"),
                "write postgres://user:password@host:5432/database, with %-codes for special signs in the password",
            ));
        }
    } else {
        return Err(ConfigError::new(
            format!("{name} names a database that Rondo cannot use"),
            "begin it with sqlite: or postgres://",
        ));
    }
    Ok(given.text)
}

/// An address to listen on.
pub fn address(given: &Given) -> Result<SocketAddr, ConfigError> {
    given.value.parse().map_err(|_| {
        ConfigError::new(
            format!("{} is \"{}\", which is no address to listen on", given.name, given.value),
            "write a number address and a port, as in 127.0.0.1:3000 or [::1]:3000",
        )
    })
}

/// Two listeners cannot share one address; port 0 stands for any free port.
pub fn two_addresses(http: &Http) -> Result<(), ConfigError> {
    if http.admin_listen == http.listen && http.listen.port() != 0 {
        return Err(ConfigError::new(
            format!("RONDO_LISTEN and RONDO_ADMIN_LISTEN are both {}", http.listen),
            "give RONDO_ADMIN_LISTEN another port, as in 127.0.0.1:3001: health and metrics are not for the public",
        ));
    }
    Ok(())
}

/// A tracing filter that can be read.
pub fn filter(given: Given) -> Result<String, ConfigError> {
    match logging::filter(&given.value) {
        Ok(_) => Ok(given.value),
        Err(error) => Err(ConfigError::new(
            format!("{} is no log filter ({error})", given.name),
            "write one like info, or info,rondo::store=debug",
        )),
    }
}

/// Text or JSON.
pub fn format(given: &Given) -> Result<Format, ConfigError> {
    Format::named(&given.value).ok_or_else(|| {
        ConfigError::new(
            format!("{} is \"{}\"", given.name, given.value),
            "write text (for people) or json (for machines)",
        )
    })
}

/// Names that Slack takes for slash commands, each its own.
pub fn commands(sources: &Sources<'_>, commands: &Commands) -> Result<(), ConfigError> {
    for (own, name) in commands.all() {
        let letters = name.strip_prefix('/').unwrap_or_default();
        let fits = |letter: char| {
            letter.is_ascii_lowercase() || letter.is_ascii_digit() || matches!(letter, '-' | '_')
        };
        if letters.is_empty() || name.len() > LONGEST_COMMAND || !letters.chars().all(fits) {
            return Err(ConfigError::new(
                format!("{} is \"{name}\"", sources.named(&format!("commands.{own}"))),
                format!(
                    "begin it with / and use small letters, digits, - and _, {LONGEST_COMMAND} signs at most"
                ),
            ));
        }
    }
    match first_twice(commands.all().map(|(_, name)| name)) {
        None => Ok(()),
        Some(name) => Err(ConfigError::new(
            format!("two commands are called {name}"),
            format!("give each a name of its own in {}", sources.named("[commands]")),
        )),
    }
}

/// An IANA zone.
pub fn zone(given: &Given) -> Result<Tz, ConfigError> {
    given.value.parse().map_err(|_| {
        let mend = match nearest(&given.value, TZ_VARIANTS.iter().map(|zone| zone.name())) {
            Some(meant) => format!("did you mean {meant}?"),
            None => "write one like Europe/Berlin".to_owned(),
        };
        ConfigError::new(format!("{} is \"{}\", which is no time zone", given.name, given.value), mend)
    })
}

/// What a ritual finds wrong with its own settings: the key, and how to mend it.
pub fn ritual(
    sources: &Sources<'_>,
    section: &str,
    fault: Option<(&'static str, String)>,
) -> Result<(), ConfigError> {
    match fault {
        None => Ok(()),
        Some((key, mend)) => Err(ConfigError::new(
            format!("{} is out of range", sources.named(&format!("{section}.{key}"))),
            mend,
        )),
    }
}
