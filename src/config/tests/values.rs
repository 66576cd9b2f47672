//! Numbers, zones, addresses, the log, departments and who may start programmes: valid and invalid values.

use super::*;
use crate::model::authority::MayStart;

#[test]
fn numbers_have_a_range() {
    let told = refusal("[kudos]\ndaily_allowance = 100000", &[]);
    assert_eq!(
        told,
        "kudos.daily_allowance in rondo.toml is out of range: write a number from 1 to 1000, or 0 for no limit"
    );
    let told = refusal("[kudos]\nundo_minutes = 1441", &[]);
    assert!(told.starts_with("kudos.undo_minutes in rondo.toml is out of range"), "{told}");
    let told = refusal("[slack]\ncall_timeout_seconds = 0", &[]);
    assert_eq!(told, "slack.call_timeout_seconds in rondo.toml is 0: write a number from 1 to 60");
}

#[test]
fn a_zone_is_an_iana_name() {
    assert_eq!(load("[people]\nzone = \"Europe/Berlin\"", &[]).unwrap().people.zone, Tz::Europe__Berlin);
    let told = refusal("[people]\nzone = \"Europe/Berlyn\"", &[]);
    assert_eq!(
        told,
        "people.zone in rondo.toml is \"Europe/Berlyn\", which is no time zone: did you mean Europe/Berlin?"
    );
    assert!(refusal("[people]\nzone = \"+02:00\"", &[]).ends_with("write one like Europe/Berlin"));
}

#[test]
fn addresses_are_checked() {
    let told = refusal("", &[("RONDO_LISTEN", "localhost:3000")]);
    assert_eq!(
        told,
        "RONDO_LISTEN is \"localhost:3000\", which is no address to listen on: \
         write a number address and a port, as in 127.0.0.1:3000 or [::1]:3000"
    );
    let told = refusal("", &[("RONDO_LISTEN", "[::1]:80"), ("RONDO_ADMIN_LISTEN", "[::1]:80")]);
    assert!(told.starts_with("RONDO_LISTEN and RONDO_ADMIN_LISTEN are both [::1]:80"), "{told}");
    let told = refusal("", &[("RONDO_LISTEN", "127.0.0.1:3001")]);
    assert!(told.starts_with("RONDO_LISTEN and RONDO_ADMIN_LISTEN are both 127.0.0.1:3001"), "{told}");
    assert!(load("", &[("RONDO_LISTEN", "[::1]:0"), ("RONDO_ADMIN_LISTEN", "[::1]:0")]).is_ok());
    let told = refusal("", &[("SLACK_API_URL", "slack.com")]);
    assert!(told.starts_with("SLACK_API_URL is not an address of Slack's Web API"), "{told}");
    let config = load("", &[("SLACK_API_URL", "http://127.0.0.1:80/api/")]).unwrap();
    assert_eq!(config.slack.api_url, "http://127.0.0.1:80/api");
}

#[test]
fn database_urls_are_checked() {
    let told = |url| refusal("", &[("DATABASE_URL", url)]);
    assert!(
        told("mysql://root:hush@host/db").starts_with("DATABASE_URL names a database that Rondo cannot use")
    );
    assert!(told("sqlite::memory:").starts_with("DATABASE_URL names no file to keep things in"));
    assert!(told("sqlite:").starts_with("DATABASE_URL names no file to keep things in"));
    assert!(told("postgres://user:hu#sh@host/db").starts_with("DATABASE_URL is not a PostgreSQL address"));
    for good in
        ["sqlite:a.db", "sqlite:///var/a.db?mode=rwc", "postgres://u:p@h/d", "postgresql:///d?host=/run"]
    {
        assert!(load("", &[("DATABASE_URL", good)]).is_ok(), "{good}");
    }
    let (_folder, path) = folder("url", "postgres://u:p@h/d\n");
    let config = load("", &[("DATABASE_URL_FILE", &path.display().to_string())]).unwrap();
    assert_eq!(config.store.url.expose_secret(), "postgres://u:p@h/d");
}

#[test]
fn the_log_is_checked() {
    let told = refusal("", &[("RONDO_LOG_FORMAT", "xml")]);
    assert_eq!(told, "RONDO_LOG_FORMAT is \"xml\": write text (for people) or json (for machines)");
    assert!(refusal("", &[("RONDO_LOG", "[=loud")]).starts_with("RONDO_LOG is no log filter"));
    let told = refusal("", &[("RONDO_LOG", "warning")]);
    assert_eq!(told, "RONDO_LOG holds \"warning\", which is no level: did you mean warn?");
    let told = refusal("", &[("RONDO_LOG", "info,rondo=loud")]);
    assert!(
        told.starts_with("RONDO_LOG holds \"loud\", which is no level: write error, warn, info"),
        "{told}"
    );
    let told = refusal("[log]\nfilter = \"sqlx=debug\"", &[]);
    assert!(told.starts_with("log.filter in rondo.toml names parts of which none is Rondo's"), "{told}");
}

#[test]
fn departments_are_handles_however_they_are_written() {
    let config = load("[people]\ndepartments = [\"@Design\", \" ops \", \"größe-1.x\"]", &[]).unwrap();
    assert_eq!(config.people.departments, ["design", "ops", "größe-1.x"]);
    for (bad, words) in [
        ("\"\"", "has \"\", which is no handle"),
        ("\"two words\"", "has \"two words\", which is no handle"),
        ("\"S0123ABCD\"", "has \"S0123ABCD\", which is no handle"),
        ("\"<!subteam^S1>\"", "which is no handle"),
        ("\"@design\", \"Design\"", "has \"design\" twice"),
        ("\"xoxb-1-hush\"", "has what looks like a bot token"),
    ] {
        let told = refusal(&format!("[people]\ndepartments = [{bad}]"), &[]);
        assert!(told.contains(words), "{told}");
    }
}

#[test]
fn may_start_is_a_word_or_a_list() {
    let may_start = |value: &str| {
        let config = load(&format!("[people]\nmay_start = {value}"), &[]).unwrap();
        config.people.authority.may_start
    };
    assert_eq!(load("", &[]).unwrap().people.authority, Authority::default());
    assert_eq!(may_start("\"everyone\""), MayStart::Everyone);
    assert_eq!(may_start("\" Admins \""), MayStart::Admins);
    assert_eq!(
        may_start("[\"@Design\", \"U0123ABCD\"]"),
        MayStart::Listed { groups: vec!["design".to_owned()], people: vec!["U0123ABCD".into()] }
    );
    for (bad, words) in [
        ("\"admin\"", "people.may_start in rondo.toml is \"admin\": did you mean \"admins\"?"),
        ("\"nobody\"", "is \"nobody\": write \"everyone\", \"admins\" or a list"),
        ("[]", "is an empty list: name someone, or write \"admins\""),
        ("[\"design\"]", "has \"design\", which is neither a user group nor a person: write a user group as"),
        ("[\"@two words\"]", "has \"@two words\", which is neither"),
        ("[\"@design\", \"@Design\"]", "has \"@Design\" twice"),
        ("[\"xoxb-1-hush\"]", "has what looks like a bot token"),
        ("\"xoxb-1-hush\"", "holds what looks like a bot token"),
        ("7", "rondo.toml:2: people.may_start does not fit: \"everyone\", \"admins\" or a list such as"),
        ("[7]", "does not fit: write a text in double quotes"),
    ] {
        let told = refusal(&format!("[people]\nmay_start = {bad}"), &[]);
        assert!(told.contains(words), "{told}");
    }
    assert!(!load("[people]\nguests_take_part = false", &[]).unwrap().people.authority.guests_take_part);
}

#[test]
fn a_port_has_a_range() {
    let told = refusal("", &[("RONDO_LISTEN", "127.0.0.1:65536")]);
    assert!(told.ends_with("and there is no such port: write a port from 1 to 65535"), "{told}");
    let told = refusal("", &[("RONDO_LISTEN", "0.0.0.0:3001")]);
    assert!(told.contains("0.0.0.0:3001 and 127.0.0.1:3001, which share a port"), "{told}");
}
