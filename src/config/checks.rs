//! Checks settings; each check has the sentence that says how to fix a wrong one.

use std::{
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use chrono_tz::{TZ_VARIANTS, Tz};
use secrecy::{ExposeSecret, SecretString};

use super::{
    Commands, ConfigError, HttpConfig, first_twice,
    sources::{GivenSecret, GivenSetting, Sources},
};
use crate::{
    logging::{self, FilterError, LogFormat},
    model::{secrets, text::nearest},
};

const BOT: &str = "xoxb-";
const APP: &str = "xapp-";
/// Slack's own limit for the name of a slash command.
const LONGEST_COMMAND: usize = 32;
/// A lease on an effect outlasts a call, so the limit is short.
const CALL_SECONDS: std::ops::RangeInclusive<u64> = 1..=60;
/// Slack's signing secrets have this many hex digits.
const SIGNING_SECRET_DIGITS: usize = 32;

/// Returns an error if the two tokens are swapped, which happens often.
pub fn swapped(bot: Option<&GivenSecret>, app: Option<&GivenSecret>) -> Option<ConfigError> {
    (begins(bot, APP) && begins(app, BOT)).then(|| {
        ConfigError::new(
            "SLACK_BOT_TOKEN and SLACK_APP_TOKEN are swapped",
            "the bot token begins with xoxb-, the app-level token with xapp-",
        )
    })
}

/// Checks the token by which the bot calls Slack.
pub fn bot_token(given: Option<GivenSecret>) -> Result<Option<SecretString>, ConfigError> {
    token(given, BOT, "copy the Bot User OAuth Token from OAuth & Permissions")
}

/// Checks the token of Socket Mode.
pub fn app_token(given: Option<GivenSecret>) -> Result<Option<SecretString>, ConfigError> {
    token(given, APP, "make an app-level token with connections:write under Basic Information")
}

fn begins(given: Option<&GivenSecret>, with: &str) -> bool {
    given.is_some_and(|given| given.text.expose_secret().starts_with(with))
}

fn token(given: Option<GivenSecret>, prefix: &str, place: &str) -> Result<Option<SecretString>, ConfigError> {
    let Some(given) = given else { return Ok(None) };
    if !begins(Some(&given), prefix) {
        let holds = secrets::kind_of(given.text.expose_secret()).unwrap_or("something else");
        return Err(ConfigError::new(
            format!("{} must begin with {prefix} but holds {holds}", given.name),
            place,
        ));
    }
    // Other characters cannot be in the header that carries the token.
    let text = given.text.expose_secret();
    let fault = if text.len() == prefix.len() {
        "ends after its first letters"
    } else if text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(Some(given.text));
    } else {
        "holds a space, a line break or a letter that no token has"
    };
    Err(ConfigError::new(format!("{} {fault}", given.name), "copy the token again, and nothing else"))
}

/// Checks a signing secret, and warns about an unusual one.
pub fn signing_secret(
    given: Option<GivenSecret>,
    warnings: &mut Vec<String>,
) -> Result<Option<SecretString>, ConfigError> {
    let Some(given) = given else { return Ok(None) };
    let text = given.text.expose_secret();
    if let Some(kind) = secrets::kind_of(text).filter(|kind| *kind != "a signing secret") {
        return Err(ConfigError::new(
            format!("{} holds what looks like {kind}", given.name),
            "copy the Signing Secret from Basic Information",
        ));
    }
    if text.len() != SIGNING_SECRET_DIGITS || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        warnings.push(format!(
            "{} is not like Slack's, which have {SIGNING_SECRET_DIGITS} hex digits: copy the Signing Secret from Basic \
             Information; a short one can be guessed",
            given.name
        ));
    }
    Ok(Some(given.text))
}

/// Checks the address of Slack's Web API, without a slash at its end, and warns if the connection is not encrypted.
pub fn api_url(given: &GivenSetting, warnings: &mut Vec<String>) -> Result<String, ConfigError> {
    let url = given.value.trim_end_matches('/');
    let parsed = reqwest::Url::parse(url).ok().filter(|parsed| {
        matches!(parsed.scheme(), "http" | "https")
            && parsed.has_host()
            && parsed.query().is_none()
            && parsed.fragment().is_none()
            && parsed.username().is_empty()
            && parsed.password().is_none()
    });
    let Some(parsed) = parsed else {
        return Err(ConfigError::new(
            format!("{} is not an address of Slack's Web API", given.name),
            "write one like https://slack.com/api, or leave it out",
        ));
    };
    if parsed.scheme() == "http" && !is_loopback(&parsed) {
        warnings.push(format!(
            "{} is an http:// address, so tokens travel unencrypted: write https://, unless it is a test on your own network",
            given.name
        ));
    }
    Ok(url.to_owned())
}

/// Whether an address leads to this machine.
pub fn is_loopback(url: &reqwest::Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Checks how long a call to Slack may take.
pub fn call_timeout(sources: &Sources<'_>, seconds: u64) -> Result<Duration, ConfigError> {
    if CALL_SECONDS.contains(&seconds) {
        return Ok(Duration::from_secs(seconds));
    }
    Err(ConfigError::new(
        format!("{} is {seconds}", sources.named("slack.call_timeout_seconds")),
        format!("write a number from {} to {}", CALL_SECONDS.start(), CALL_SECONDS.end()),
    ))
}

/// Checks the store's address. It may hold a password, so no error repeats it.
pub fn database_url(given: GivenSecret) -> Result<SecretString, ConfigError> {
    let url = given.text.expose_secret();
    let name = &given.name;
    if let Some(file) = url.strip_prefix("sqlite:") {
        let file = file.trim_start_matches("//");
        let path = file.split('?').next().unwrap_or_default();
        if path.is_empty() || file.starts_with(":memory:") || file.contains("mode=memory") {
            return Err(ConfigError::new(
                format!("{name} names no file to keep things in"),
                "name one, as in sqlite:rondo.db",
            ));
        }
        if let Some(kind) = secrets::kind_of(path) {
            return Err(ConfigError::new(
                format!("{name} names a file that looks like {kind}"),
                "name a file, as in sqlite:rondo.db",
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

/// Checks an address to listen on.
pub fn address(given: &GivenSetting) -> Result<SocketAddr, ConfigError> {
    given.value.parse().map_err(|_| {
        let port = given.value.rsplit_once(':').map_or("", |(_, port)| port);
        if !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_err()
        {
            return given.refused(", and there is no such port", "write a port from 1 to 65535");
        }
        given.refused(
            ", which is no address to listen on",
            "write a number address and a port, as in 127.0.0.1:3000 or [::1]:3000",
        )
    })
}

/// Two listeners cannot share one address; port 0 stands for any free port.
pub fn two_addresses(http: &HttpConfig) -> Result<(), ConfigError> {
    let (one, other) = (http.listen, http.admin_listen);
    let meet = one.ip() == other.ip() || one.ip().is_unspecified() || other.ip().is_unspecified();
    if one.port() != other.port() || one.port() == 0 || !meet {
        return Ok(());
    }
    let both =
        if one == other { format!("both {one}") } else { format!("{one} and {other}, which share a port") };
    Err(ConfigError::new(
        format!("RONDO_LISTEN and RONDO_ADMIN_LISTEN are {both}"),
        format!(
            "give RONDO_ADMIN_LISTEN another port, as in 127.0.0.1:{}: health and metrics are not for the public",
            one.port().wrapping_add(1).max(1)
        ),
    ))
}

/// Checks a tracing filter; it must let something through.
pub fn filter(given: GivenSetting, warnings: &mut Vec<String>) -> Result<String, ConfigError> {
    match logging::checked_filter(&given.value) {
        Ok(()) => {
            if given.value.eq_ignore_ascii_case("off") {
                warnings.push(format!("{} is off: nothing is logged, errors neither", given.name));
            }
            Ok(given.value)
        }
        Err(FilterError::NoLevel { part, meant }) => {
            let mend = match meant {
                Some(level) => format!("did you mean {level}?"),
                None => "write error, warn, info, debug or trace, or a part with its level, as in info,rondo::store=debug".to_owned(),
            };
            Err(ConfigError::new(
                format!("{} holds {}, which is no level", given.name, secrets::shown(&part)),
                mend,
            ))
        }
        Err(FilterError::Mute) => Err(ConfigError::new(
            format!(
                "{} names parts of which none is Rondo's, so nothing of Rondo's would be logged",
                given.name
            ),
            "write a level for all first, as in info,sqlx=debug",
        )),
        Err(FilterError::Unreadable(why)) => Err(ConfigError::new(
            format!("{} is no log filter ({why})", given.name),
            "write one like info, or info,rondo::store=debug",
        )),
    }
}

pub fn format(given: &GivenSetting) -> Result<LogFormat, ConfigError> {
    LogFormat::named(&given.value)
        .ok_or_else(|| given.refused("", "write text (for people) or json (for machines)"))
}

/// Checks that Slack accepts the names of the slash commands, and that they differ.
pub fn commands(sources: &Sources<'_>, commands: &Commands) -> Vec<ConfigError> {
    let mut errors = Vec::new();
    for (own, name) in commands.all() {
        let letters = name.strip_prefix('/').unwrap_or_default();
        let fits = |letter: char| {
            letter.is_ascii_lowercase() || letter.is_ascii_digit() || matches!(letter, '-' | '_')
        };
        if letters.is_empty() || name.len() > LONGEST_COMMAND || !letters.chars().all(fits) {
            let given =
                GivenSetting { name: sources.named(&format!("commands.{own}")), value: name.to_owned() };
            errors.push(given.refused(
                "",
                format!(
                    "begin it with / and use small letters, digits, - and _, {LONGEST_COMMAND} signs at most"
                ),
            ));
        }
    }
    if let Some(name) = first_twice(commands.all().map(|(_, name)| name)) {
        errors.push(ConfigError::new(
            format!("two commands are called {}", secrets::shown_bare(name)),
            format!("give each a name of its own in {}", sources.named("[commands]")),
        ));
    }
    errors
}

/// Checks an IANA zone.
pub fn zone(given: &GivenSetting) -> Result<Tz, ConfigError> {
    given.value.parse().map_err(|_| {
        let mend = match nearest(&given.value, TZ_VARIANTS.iter().map(|zone| zone.name())) {
            Some(meant) => format!("did you mean {meant}?"),
            None => "write one like Europe/Berlin".to_owned(),
        };
        given.refused(", which is no time zone", mend)
    })
}

/// Returns the handle of a user group in Slack's form; `None` if the text is none.
pub fn handle_of(text: &str) -> Option<String> {
    let handle = text.trim().trim_start_matches('@').to_lowercase();
    let is_id = text.len() >= 9
        && text.starts_with('S')
        && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    let fits = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_' | '.');
    let is_handle =
        !handle.is_empty() && !is_id && handle.chars().all(fits) && secrets::kind_of(text).is_none();
    is_handle.then_some(handle)
}

/// Returns the handles of user groups in Slack's form: in small letters, without the @ that people write.
pub fn departments(sources: &Sources<'_>, given: &[String]) -> Result<Vec<String>, ConfigError> {
    let name = sources.named("people.departments");
    let mut handles: Vec<String> = Vec::with_capacity(given.len());
    for text in given {
        let handle = handle_of(text).ok_or_else(|| {
            ConfigError::new(
                format!("{name} has {}, which is no handle of a user group", secrets::shown(text)),
                "write the group's handle as people type it, as in \"design\"",
            )
        })?;
        if handles.contains(&handle) {
            return Err(ConfigError::new(
                format!("{name} has {} twice", secrets::shown(&handle)),
                "keep one of them",
            ));
        }
        handles.push(handle);
    }
    Ok(handles)
}

/// Reports what a ritual finds wrong with its own settings: the key, and how to fix it.
pub fn ritual(
    sources: &Sources<'_>,
    section: &str,
    fault: Option<(&'static str, &str)>,
) -> Result<(), ConfigError> {
    match fault {
        None => Ok(()),
        Some((key, mend)) => Err(ConfigError::new(
            format!("{} is out of range", sources.named(&format!("{section}.{key}"))),
            mend,
        )),
    }
}
