//! The environment variables that Rondo reads, and warnings about similar ones.

use super::{ConfigError, Environment, sources::is_quoted};
use crate::model::{secrets, text::nearest};

/// Every variable that is read as it is.
const PLAIN: [&str; 6] =
    ["SLACK_API_URL", "RONDO_CONFIG", "RONDO_LISTEN", "RONDO_ADMIN_LISTEN", "RONDO_LOG", "RONDO_LOG_FORMAT"];
/// Every variable that holds a secret; with `_FILE` behind it, it names a file with the secret.
const SECRET: [&str; 4] = ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "DATABASE_URL"];

fn known() -> impl Iterator<Item = String> {
    let files = SECRET.iter().map(|name| format!("{name}_FILE"));
    PLAIN.iter().chain(&SECRET).map(|name| (*name).to_owned()).chain(files)
}

/// Returns a warning for each unread variable whose name says that it is meant for Rondo.
pub fn unknown(env: &Environment) -> Vec<String> {
    let known: Vec<String> = known().collect();
    let mut warnings = Vec::new();
    for (name, value) in env.all().filter(|(name, _)| !known.iter().any(|known| known == name)) {
        // Kubernetes sets these in every pod beside a service that is called "rondo".
        let of_a_service =
            name.starts_with("RONDO_SERVICE_") || name.starts_with("RONDO_PORT_") || value.contains("://");
        let meant = nearest(name, known.iter().map(String::as_str));
        let is_ours = name.starts_with("RONDO_") && !of_a_service;
        let is_near = name.starts_with("SLACK_") && meant.is_some();
        if is_ours || is_near {
            let mend = match meant {
                Some(meant) => format!("did you mean {meant}?"),
                None => "take it away, or set it in the configuration file".to_owned(),
            };
            warnings.push(format!("nothing reads the variable {}: {mend}", secrets::shown_bare(name)));
        }
    }
    warnings
}

/// Returns an error for each variable whose value has quotes around it. Secrets are checked where they are read.
pub fn quoted(env: &Environment) -> Vec<ConfigError> {
    let names = known().filter(|name| !SECRET.contains(&name.as_str()));
    let quoted = names.filter(|name| env.get(name).is_some_and(is_quoted));
    quoted
        .map(|name| {
            ConfigError::new(
                format!("{name} is in quotes"),
                "write the value without them; docker's --env-file keeps quotes",
            )
        })
        .collect()
}
