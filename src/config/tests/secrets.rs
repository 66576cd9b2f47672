//! Tokens, files that hold secrets, and that no secret is ever repeated.

use super::*;

#[test]
fn tokens_are_told_apart() {
    let told = refusal("", &[("SLACK_BOT_TOKEN", APP), ("SLACK_APP_TOKEN", BOT)]);
    assert_eq!(
        told,
        "SLACK_BOT_TOKEN and SLACK_APP_TOKEN are swapped: the bot token begins with xoxb-, the app-level token with xapp-"
    );
    let told = refusal("", &[("SLACK_BOT_TOKEN", "xoxp-hush")]);
    assert!(told.starts_with("SLACK_BOT_TOKEN must begin with xoxb- but holds a user token: copy"), "{told}");
    let told = refusal("", &[("SLACK_BOT_TOKEN", BOT), ("SLACK_APP_TOKEN", "hush")]);
    assert!(
        told.starts_with("SLACK_APP_TOKEN must begin with xapp- but holds something else: make"),
        "{told}"
    );
    let told = refusal("", &[("SLACK_BOT_TOKEN", "xoxb-1 hush")]);
    assert!(told.starts_with("SLACK_BOT_TOKEN holds a space"), "{told}");
}

#[test]
fn a_secret_may_come_from_a_file() {
    let (_folder, path) = folder("token", "  xoxb-from-a-file\n");
    let path = path.display().to_string();
    let config = load("", &[("SLACK_BOT_TOKEN_FILE", path.as_str())]).unwrap();
    assert_eq!(config.bot_token().unwrap().expose_secret(), "xoxb-from-a-file");
    let toml = format!("[slack]\nbot_token_file = '{path}'");
    assert_eq!(load(&toml, &[]).unwrap().bot_token().unwrap().expose_secret(), "xoxb-from-a-file");
    let overridden = load(&toml, &[("SLACK_BOT_TOKEN", BOT)]).unwrap();
    assert_eq!(overridden.bot_token().unwrap().expose_secret(), BOT);
    let told = refusal("", &[("SLACK_BOT_TOKEN", BOT), ("SLACK_BOT_TOKEN_FILE", &path)]);
    assert_eq!(told, "SLACK_BOT_TOKEN and SLACK_BOT_TOKEN_FILE are both set: keep one of them");
}

#[test]
fn a_file_without_its_secret_is_told() {
    let (_folder, path) = folder("empty", " \n");
    let path = path.display().to_string();
    let told = refusal("", &[("SLACK_SIGNING_SECRET_FILE", &path)]);
    assert!(
        told.starts_with("SLACK_SIGNING_SECRET_FILE names ") && told.contains("which is empty: put"),
        "{told}"
    );
    let told = refusal("[slack]\nbot_token_file = \"/nowhere/token\"", &[]);
    assert!(
        told.starts_with("slack.bot_token_file in rondo.toml names /nowhere/token, which cannot be"),
        "{told}"
    );
}

/// Every setting, with a secret in the place of a value.
fn misplaced(secret: &str) -> Vec<(String, Vec<(String, String)>)> {
    let variables = [
        "SLACK_BOT_TOKEN_FILE",
        "SLACK_APP_TOKEN_FILE",
        "SLACK_SIGNING_SECRET_FILE",
        "SLACK_SIGNING_SECRET",
        "SLACK_APP_TOKEN",
        "SLACK_API_URL",
        "DATABASE_URL",
        "DATABASE_URL_FILE",
        "RONDO_CONFIG",
        "RONDO_LISTEN",
        "RONDO_ADMIN_LISTEN",
        "RONDO_LOG",
        "RONDO_LOG_FORMAT",
    ];
    let alone = variables.iter().map(|name| (String::new(), vec![((*name).to_owned(), secret.to_owned())]));
    let named = alone.chain([
        (String::new(), vec![(format!("RONDO_{secret}"), "1".to_owned())]),
        (format!("[\"{secret}\"]"), Vec::new()),
        (format!("\"{secret}\" = 1"), Vec::new()),
        (format!("[kudos]\n\"{secret}\" = 1"), Vec::new()),
        (format!("[people]\ndepartments = [\"{secret}\"]"), Vec::new()),
        (secret.to_owned(), Vec::new()),
    ]);
    let keys = [
        ("slack", "api_url"),
        ("slack", "call_timeout_seconds"),
        ("slack", "bot_token_file"),
        ("store", "url"),
        ("http", "listen"),
        ("http", "admin_listen"),
        ("log", "filter"),
        ("log", "format"),
        ("commands", "coffee"),
        ("people", "zone"),
        ("kudos", "daily_allowance"),
    ];
    named
        .chain(keys.iter().map(|(section, key)| (format!("[{section}]\n{key} = \"{secret}\""), Vec::new())))
        .collect()
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(16))]
    #[test]
    fn a_secret_in_the_wrong_place_is_never_repeated(
        secret in "(xox[abceprs]-|xapp-1-|/run/xoxb-|postgres://rondo:|https://rondo:)hush[0-9A-Za-z-]{1,40}(@db/x)?",
    ) {
        for (toml, variables) in misplaced(&secret) {
            let (_folder, path) = folder("rondo.toml", &toml);
            let named = variables.iter().any(|(name, _)| name == "RONDO_CONFIG");
            let draft = ConfigDraft::read(ALL, (!named).then_some(&path), &variables.iter().cloned().collect());
            let ConfigDraft { config, errors, .. } = draft;
            let said = format!("{errors:?} {:?} {:?}", config.warnings, config.slack);
            // A postgres address without an @ has no login, and a log filter takes no address.
            if secret.contains('@') || !secret.contains("://") {
                proptest::prop_assert!(!said.contains("hush"), "{toml} {variables:?}: {said}");
            }
        }
    }
}

#[test]
fn nothing_that_is_printed_holds_a_secret() {
    let variables = [
        ("SLACK_BOT_TOKEN", BOT),
        ("SLACK_APP_TOKEN", APP),
        ("SLACK_SIGNING_SECRET", "hush hush"),
        ("DATABASE_URL", "postgres://rondo:hush@host/rondo"),
    ];
    let config = load("", &variables).unwrap();
    for printed in
        [format!("{config:?}"), format!("{:?}", config.doors().unwrap()), format!("{:?}", env(&variables))]
    {
        assert!(!printed.contains("hush"), "{printed}");
    }
}
