//! Each mistake in a configuration, with the one line that names it.

mod rituals;
mod secrets;
mod values;

use std::path::PathBuf;

use secrecy::ExposeSecret;
use tempfile::TempDir;

use super::*;
use crate::rituals::{ALL, kudos::KudosSettings};

const BOT: &str = "xoxb-1-hush";
const APP: &str = "xapp-1-hush";

fn env(variables: &[(&str, &str)]) -> Environment {
    variables.iter().copied().collect()
}

/// A folder with a file in it.
fn folder(name: &str, text: &str) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, text).unwrap();
    (folder, path)
}

/// Loads the configuration of this text, with the file's folder cut out of an error.
fn load(toml: &str, variables: &[(&str, &str)]) -> Result<Config, String> {
    let (folder, path) = folder("rondo.toml", toml);
    let here = format!("{}/", folder.path().display());
    Config::load(ALL, Some(&path), &env(variables)).map_err(|error| error.to_string().replace(&here, ""))
}

/// Returns a ritual's settings, as they print.
fn section(config: &Config, ritual: &str) -> String {
    let (_, settings) = config.rituals.iter().find(|(name, _)| *name == ritual).unwrap();
    format!("{settings:?}")
}

fn refusal(toml: &str, variables: &[(&str, &str)]) -> String {
    let error = load(toml, variables).expect_err("this configuration is faulty");
    assert!(!error.contains('\n'), "one line: {error}");
    assert!(!error.contains("hush"), "no secret: {error}");
    error
}

#[test]
fn nothing_set_gives_the_defaults() {
    let config = load("", &[]).unwrap();
    assert_eq!(config.slack.api_url, "https://slack.com/api");
    assert_eq!(config.slack.call_timeout, Duration::from_secs(10));
    assert_eq!(config.store.url.expose_secret(), "sqlite:rondo.db");
    assert_eq!(config.http.listen.to_string(), "127.0.0.1:3000");
    assert_eq!(config.http.admin_listen.to_string(), "127.0.0.1:3001");
    assert_eq!(config.log.filter, "info");
    assert_eq!(config.log.format, LogFormat::Text);
    let commands: Vec<_> = config.commands.all().collect();
    assert_eq!(
        commands,
        [
            ("coffee", "/coffee"),
            ("kudos", "/kudos"),
            ("retro", "/retro"),
            ("sync", "/sync"),
            ("promises", "/promise"),
            ("rondo", "/rondo")
        ]
    );
    assert_eq!(config.people.zone, Tz::UTC);
    assert_eq!(section(&config, "kudos"), format!("{:?}", KudosSettings::default()));
}

#[test]
fn the_environment_overrides_the_file() {
    let toml =
        "[http]\nlisten = \"127.0.0.1:1\"\nadmin_listen = \"127.0.0.1:2\"\n[store]\nurl = \"sqlite:file.db\"";
    let config =
        load(toml, &[("RONDO_LISTEN", "0.0.0.0:9"), ("DATABASE_URL", "postgres://host/rondo")]).unwrap();
    assert_eq!(config.http.listen.to_string(), "0.0.0.0:9");
    assert_eq!(config.http.admin_listen.to_string(), "127.0.0.1:2");
    assert_eq!(config.store.url.expose_secret(), "postgres://host/rondo");
}

#[test]
fn an_empty_variable_counts_as_unset() {
    let config =
        load("[http]\nlisten = \"127.0.0.1:1\"", &[("RONDO_LISTEN", " "), ("SLACK_BOT_TOKEN", "")]).unwrap();
    assert_eq!(config.http.listen.to_string(), "127.0.0.1:1");
    assert!(config.slack.bot_token.is_none());
}

#[test]
fn a_ritual_has_its_own_section() {
    let config = load("[kudos]\ndaily_allowance = 0", &[]).unwrap();
    let expected = KudosSettings { daily_allowance: 0, ..KudosSettings::default() };
    assert_eq!(section(&config, "kudos"), format!("{expected:?}"));
    assert_eq!(section(&config, "coffee"), section(&load("", &[]).unwrap(), "coffee"));
}

#[test]
fn the_file_is_named_or_found() {
    let (folder, usual) = folder("config/rondo.toml", "");
    let named = env(&[("RONDO_CONFIG", "/elsewhere/rondo.toml")]);
    assert_eq!(find(None, &env(&[]), folder.path()), Some(usual));
    assert_eq!(find(None, &named, folder.path()), Some(PathBuf::from("/elsewhere/rondo.toml")));
    assert_eq!(find(Some(Path::new("mine.toml")), &named, folder.path()), Some(PathBuf::from("mine.toml")));
    assert_eq!(
        find(None, &env(&[]), &folder.path().join("config")),
        Some(folder.path().join("config/rondo.toml"))
    );
    assert_eq!(find(None, &env(&[]), &folder.path().join("none")), None);
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let missing =
        Config::load(ALL, None, &env(&[("RONDO_CONFIG", "/nowhere/rondo.toml")])).unwrap_err().to_string();
    assert!(
        missing.starts_with("the configuration /nowhere/rondo.toml cannot be read (No such file"),
        "{missing}"
    );
}

#[test]
fn a_misspelt_key_is_told_with_its_neighbour() {
    let error = refusal("\n[kudos]\n\ndaily_alowance = 3", &[]);
    assert_eq!(
        error,
        "rondo.toml:4: there is no key \"daily_alowance\" in [kudos]: did you mean \"daily_allowance\"?"
    );
    let error = refusal("[kudo]\ndaily_allowance = 3", &[]);
    assert_eq!(error, "rondo.toml:1: there is no section [kudo]: did you mean [kudos]?");
    let error = refusal("[slack]\nbot_token = \"xoxb-hush\"", &[]);
    assert_eq!(
        error,
        "rondo.toml:2: there is no key \"bot_token\" in [slack]: did you mean \"bot_token_file\"?"
    );
    let error = refusal("slack.bot_token = \"xoxb-hush\"", &[]);
    assert_eq!(error, "rondo.toml:1: there is no key \"bot_token\": did you mean \"bot_token_file\"?");
    let error = refusal("listen = \"127.0.0.1:1\"", &[]);
    assert!(
        error.starts_with("rondo.toml:1: there is no section [listen]: there is [slack], [store], "),
        "{error}"
    );
    let error = refusal("[commands]\nlunch = \"/lunch\"", &[]);
    assert_eq!(
        error,
        "rondo.toml:2: there is no key \"lunch\" in [commands]: there is \"coffee\", \"kudos\", \"retro\", \"sync\", \"promises\", \"rondo\""
    );
}

#[test]
fn a_value_of_the_wrong_kind_is_told_without_the_value() {
    let error = refusal("[kudos]\ndaily_allowance = \"hush\"", &[]);
    assert_eq!(error, "rondo.toml:2: kudos.daily_allowance does not fit: write a whole number, 0 or more");
    let error = refusal("[kudos]\ndaily_allowance = -1", &[]);
    assert_eq!(error, "rondo.toml:2: kudos.daily_allowance does not fit: write a whole number, 0 or more");
    let error = refusal("[kudos]\nreason_required = 1", &[]);
    assert_eq!(error, "rondo.toml:2: kudos.reason_required does not fit: write true or false");
    let error = refusal("[store]\nurl = 5", &[]);
    assert_eq!(error, "rondo.toml:2: store.url does not fit: write a text in double quotes");
    let error = refusal("\n[[kudos]]\ndaily_allowance = 1", &[]);
    assert_eq!(error, "rondo.toml:2: there is one [kudos]: write single brackets");
    let error = refusal("slack = [\n\"https://slack.com/api\",\n\"hush\"]", &[]);
    assert_eq!(error, "rondo.toml:3: a value does not fit: write a whole number, 0 or more");
    let error = refusal("store = \"hush\"", &[]);
    assert_eq!(error, "rondo.toml:1: store does not fit: write it as a section, in square brackets");
}

#[test]
fn what_is_not_toml_is_told_with_its_line() {
    let error = refusal("[slack]\nbot_token_file = xoxb-hush", &[]);
    assert!(error.starts_with("rondo.toml:2: this is not TOML (string values must be quoted"), "{error}");
    let error = refusal("[store]\nurl = \"sqlite:a\"\nurl = \"sqlite:b\"", &[]);
    assert_eq!(error, "rondo.toml:3: this key is set twice: keep one of them");
}

#[test]
fn a_bot_needs_a_token_and_a_door() {
    let error = |variables: &[(&str, &str)]| load("", variables).unwrap().doors().unwrap_err().to_string();
    assert!(error(&[("SLACK_APP_TOKEN", APP)]).starts_with("SLACK_BOT_TOKEN is not set: "));
    assert!(
        error(&[("SLACK_BOT_TOKEN", BOT)]).starts_with("Slack cannot reach the bot: set SLACK_APP_TOKEN")
    );
    let no_secret = [("SLACK_BOT_TOKEN", BOT), ("SLACK_SIGNING_SECRET", "")];
    assert!(error(&no_secret).starts_with("Slack cannot reach the bot"));
    let config = load("", &[("SLACK_BOT_TOKEN", BOT), ("SLACK_SIGNING_SECRET", "sealed")]).unwrap();
    let doors = config.doors().unwrap();
    assert!(doors.socket.is_none());
    assert_eq!(doors.http.unwrap().expose_secret(), "sealed");
}

#[test]
fn everything_that_is_wrong_is_found_at_once() {
    let toml = "[kudos]\ndaily_alowance = 1\nundo_minutes = \"x\"\n\n[kudo]\na = 1\n\n[people]\ndepartments = [\n  1,\n]\nzone = \"Mars\"\n\n\
                [commands]\ncoffee = \"tea\"\nkudos = \"Kudos\"";
    let (_folder, path) = folder("rondo.toml", toml);
    let variables = env(&[
        ("RONDO_LISTEN", "here"),
        ("SLACK_BOT_TOKEN", "xoxp-hush"),
        ("DATABASE_URL", "mysql://a:hush@b/c"),
    ]);
    let draft = ConfigDraft::read(ALL, Some(&path), &variables);
    let errors: Vec<String> = draft.errors.iter().map(ToString::to_string).collect();
    for part in [
        "rondo.toml:2: there is no key \"daily_alowance\"",
        "rondo.toml:3: kudos.undo_minutes does not fit",
        "rondo.toml:5: there is no section [kudo]",
        "rondo.toml:10: a value in [people] does not fit",
        "is \"Mars\"",
        "is \"tea\"",
        "is \"Kudos\"",
        "RONDO_LISTEN is \"here\"",
        "SLACK_BOT_TOKEN must begin with xoxb- but holds a user token",
        "DATABASE_URL names a database that Rondo cannot use",
    ] {
        let number = errors.iter().filter(|line| line.contains(part)).count();
        assert_eq!(number, 1, "{part}: {errors:#?}");
    }
    assert_eq!(errors.len(), 10, "{errors:#?}");
    let first = Config::load(ALL, Some(&path), &variables).unwrap_err().to_string();
    assert!(first.ends_with(" (and 9 more: `rondo check` lists them all)"), "{first}");
}

#[test]
fn a_variable_that_nothing_reads_is_warned_about() {
    let config = load(
        "",
        &[
            ("RONDO_LISTENS", "127.0.0.1:1"),
            ("RONDO_BREAKFAST", "tea"),
            ("SLACK_SIGNING_SECERT", "hush"),
            ("SLACK_TEAM", "hush"),
            ("RONDO_SERVICE_HOST", "10.0.0.1"),
            ("RONDO_PORT", "tcp://10.0.0.1:3000"),
        ],
    )
    .unwrap();
    assert_eq!(
        config.warnings,
        [
            "nothing reads the variable RONDO_BREAKFAST: take it away, or set it in the configuration file",
            "nothing reads the variable RONDO_LISTENS: did you mean RONDO_LISTEN?",
            "nothing reads the variable SLACK_SIGNING_SECERT: did you mean SLACK_SIGNING_SECRET?",
        ]
    );
}

#[test]
fn what_works_and_is_unsafe_is_warned_about() {
    let warned = |variables: &[(&str, &str)]| load("", variables).unwrap().warnings.join("\n");
    assert!(warned(&[("SLACK_SIGNING_SECRET", "x")]).starts_with("SLACK_SIGNING_SECRET is not like Slack's"));
    assert_eq!(warned(&[("SLACK_SIGNING_SECRET", "8f742231b10e8888abcd99f0f0f085a5")]), "");
    assert!(
        warned(&[("SLACK_API_URL", "http://slack.example/api")]).starts_with("SLACK_API_URL is an http://")
    );
    for near in
        ["http://127.0.0.1:80/api", "http://[::1]/api", "http://localhost/api", "https://slack.example/api"]
    {
        assert_eq!(warned(&[("SLACK_API_URL", near)]), "", "{near}");
    }
    assert!(warned(&[("RONDO_LOG", "off")]).starts_with("RONDO_LOG is off"));
}

#[test]
fn quotes_and_byte_order_marks_are_not_part_of_a_value() {
    let error = refusal("", &[("RONDO_LISTEN", "\"127.0.0.1:3000\"")]);
    assert!(error.starts_with("RONDO_LISTEN is in quotes: write the value without them"), "{error}");
    let error = refusal("", &[("SLACK_BOT_TOKEN", "'xoxb-hush'")]);
    assert_eq!(error, "SLACK_BOT_TOKEN is in quotes: write the value without them");
    let marked =
        load("\u{feff}[kudos]\ndaily_allowance = 3", &[("SLACK_BOT_TOKEN", "\u{feff}xoxb-1")]).unwrap();
    assert!(section(&marked, "kudos").contains("daily_allowance: 3"));
    assert_eq!(marked.bot_token().unwrap().expose_secret(), "xoxb-1");
    let (_folder, path) = folder("token", "\u{feff}xoxb-1\r\n");
    let config = load("", &[("SLACK_BOT_TOKEN_FILE", &path.display().to_string())]).unwrap();
    assert_eq!(config.bot_token().unwrap().expose_secret(), "xoxb-1");
    std::fs::write(&path, b"\xff\xfex\0o\0x\0b\0").unwrap();
    let error = refusal("", &[("SLACK_BOT_TOKEN_FILE", &path.display().to_string())]);
    assert!(error.contains("UTF-16: save it as UTF-8"), "{error}");
}

#[test]
fn commands_can_be_renamed_within_slacks_rules() {
    assert_eq!(load("[commands]\nkudos = \"/thanks\"", &[]).unwrap().commands.of("kudos"), "/thanks");
    let too_long = format!("/{}", "a".repeat(32));
    for bad in ["kudos", "/Kudos", "/", "/ku dos", "/küdos", too_long.as_str()] {
        let error = refusal(&format!("[commands]\nkudos = \"{bad}\""), &[]);
        assert!(
            error.starts_with(&format!("commands.kudos in rondo.toml is \"{bad}\": begin it with /")),
            "{error}"
        );
    }
    let error = refusal("[commands]\nkudos = \"/rondo\"", &[]);
    assert_eq!(
        error,
        "two commands are called /rondo: give each a name of its own in [commands] in rondo.toml"
    );
}

const EXAMPLE: &str = include_str!("../../config/rondo.example.toml");

/// The example with every setting switched on: settings are commented without a space, prose with one.
fn example_switched_on() -> String {
    let on = |line: &str| match line.strip_prefix('#') {
        Some(rest) if rest.starts_with(|letter: char| letter.is_ascii_lowercase()) => rest.to_owned(),
        _ => line.to_owned(),
    };
    EXAMPLE.lines().map(on).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_example_holds_the_defaults_whether_commented_or_not() {
    let defaults = file::parse("", "", ALL);
    for text in [EXAMPLE, &example_switched_on()] {
        let read = file::parse(text, "the example", ALL);
        assert!(read.is_whole && read.errors.is_empty(), "{:?}", read.errors);
        assert_eq!(read.file, file::File { commands: read.file.commands.clone(), ..file::File::default() });
        assert_eq!(format!("{:?}", read.rituals), format!("{:?}", defaults.rituals));
        assert_eq!(Commands::new(ALL, &read.file.commands), Commands::new(ALL, &BTreeMap::new()));
    }
}

#[test]
fn the_example_shows_every_key() {
    let shown: toml::Table = toml::from_str(&example_switched_on()).unwrap();
    let sections = ALL.iter().map(|ritual| ritual.name);
    for section in known_keys("unheard_of = 1").iter().map(String::as_str).chain(sections) {
        let keys = match ALL.iter().find(|ritual| ritual.name == section) {
            Some(ritual) => known_keys_of(ritual),
            None if section == "commands" => {
                Commands::new(ALL, &BTreeMap::new()).all().map(|(key, _)| key.to_owned()).collect()
            }
            None => known_keys(&format!("[{section}]\nunheard_of = 1")),
        };
        assert!(!keys.is_empty());
        for key in keys {
            assert!(shown[section].get(&key).is_some(), "the example lacks {section}.{key}");
        }
    }
}

/// Returns the keys that the parser lists when it meets an unknown one.
fn known_keys(toml: &str) -> Vec<String> {
    listed(&toml::from_str::<file::File>(toml).unwrap_err())
}

fn known_keys_of(ritual: &Registration) -> Vec<String> {
    let text = format!("{}.unheard_of = 1", ritual.name);
    let section = toml::de::DeTable::parse(&text).unwrap().get_mut().remove(ritual.name).unwrap();
    listed(&(ritual.configure)(section.into()).unwrap_err())
}

fn listed(error: &toml::de::Error) -> Vec<String> {
    file::quoted(error.message()).into_iter().skip(1).map(str::to_owned).collect()
}
