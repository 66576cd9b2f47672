//! `rondo pair`: files in, one line of JSON or one line with an error out.

use std::{
    fs,
    process::{Command, Output},
};

use serde_json::{Value, json};
use tempfile::TempDir;

/// Runs `rondo pair` in a folder with these files.
fn pair(files: &[(&str, &str)], arguments: &[&str]) -> Output {
    let folder = TempDir::new().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_rondo"));
    command.current_dir(&folder).arg("pair").args(arguments).output().unwrap()
}

fn round(files: &[(&str, &str)], arguments: &[&str]) -> Value {
    let output = pair(files, arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Returns the error for bad input, without the program's name.
fn complaint(files: &[(&str, &str)], arguments: &[&str]) -> String {
    let output = pair(files, arguments);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), said.lines().count()), (Some(2), 1), "{said}");
    assert!(output.stdout.is_empty());
    said.trim().strip_prefix("rondo: ").unwrap().to_owned()
}

fn about_members(text: &str) -> String {
    complaint(&[("m.json", text)], &["--members", "m.json"])
}

fn about_history(text: &str) -> String {
    let files = [("m.json", r#"[{"id":"U1"},{"id":"U2"}]"#), ("h.json", text)];
    complaint(&files, &["--members", "m.json", "--history", "h.json"])
}

const FOUR: &str = r#"[
    {"id":"U1","department":"Design","location":"Berlin","timezone":"Europe/Berlin"},
    {"id":"U2","department":"Design","timezone":"Europe/Madrid"},
    {"id":"U3","department":"Sales"},
    {"id":"U4","department":"Sales","location":null}
]"#;

#[test]
fn a_round_is_planned_from_files() {
    let history = r#"{"rounds":[[["U1","U3"],["U2","U4"]]],"apart":[["U1","U9"]]}"#;
    let files = [("m.json", FOUR), ("h.json", history)];
    let round = round(&files, &["--members", "m.json", "--history", "h.json"]);
    let expected = json!({
        "groups": [["U1", "U4"], ["U2", "U3"]], "left_out": [], "repeats": 0, "across_departments": 2,
        "optimal": true, "cost": 0, "bound": 0
    });
    assert_eq!(round, expected);
}

#[test]
fn equal_seeds_give_equal_rounds() {
    let members: Vec<Value> = (0..40).map(|at| json!({ "id": format!("U{at}") })).collect();
    let files = [("m.json", &*Value::from(members).to_string())];
    let seeded = |seed| round(&files, &["--members", "m.json", "--seed", seed]);
    assert_eq!(seeded("3"), seeded("3"));
    assert_ne!(seeded("3"), seeded("4"));
}

#[test]
fn separated_people_are_named() {
    let members = r#"[{"id":"U1"},{"id":"U2"},{"id":"U3"}]"#;
    let files = [("m.json", members), ("h.json", r#"{"apart":[["U1","U2"],["U3","U1"]]}"#)];
    let round = round(&files, &["--members", "m.json", "--history", "h.json", "--size", "3"]);
    assert_eq!((&round["groups"], &round["left_out"]), (&json!([["U2", "U3"]]), &json!(["U1"])));
}

#[test]
fn bad_members_name_their_place() {
    assert_eq!(
        complaint(&[], &["--members", "m.json"]),
        "m.json cannot be read (No such file or directory (os error 2)): name a file of JSON"
    );
    assert_eq!(about_members("people"), "m.json: expected value at line 1 column 1");
    assert_eq!(about_members(r#"{"id":"U1"}"#), "m.json: write a JSON list of members: [ … ]");
    assert_eq!(
        about_members("[{\"id\":\"U1\",\n\"dept\":\"Design\"}]"),
        "m.json: unknown field `dept`, expected one of `id`, `department`, `location`, `timezone` at line 2 column 6"
    );
    assert_eq!(
        about_members(r#"[{"department":"Design"}]"#),
        "m.json: missing field `id` at line 1 column 24"
    );
    assert_eq!(
        about_members(r#"[{"id":"U1"},{"id":"U2"},{"id":"U1"}]"#),
        "m.json: member 3: \"U1\" is member 1 already: name each once"
    );
    assert_eq!(about_members(r#"[{"id":" "}]"#), "m.json: member 1: the id is empty: give each member one");
    assert_eq!(
        about_members(r#"[{"id":"U1","timezone":"Mars/Olympus"}]"#),
        "m.json: member 1: there is no timezone \"Mars/Olympus\": write one such as \"Europe/Berlin\""
    );
}

#[test]
fn bad_histories_name_their_place() {
    assert_eq!(
        about_history(r#"{"round":[]}"#),
        "h.json: unknown field `round`, expected `rounds` or `apart` at line 1 column 8"
    );
    assert_eq!(
        about_history(r#"{"rounds":[[["U1","U2"]],[["U1","U2"],["U3"]]]}"#),
        "h.json: round 2, group 2: it takes two people or more: leave out who met nobody"
    );
    assert_eq!(
        about_history(r#"{"rounds":[[["U1","U2"],["U3","U1"]]]}"#),
        "h.json: round 1, group 2: \"U1\" is in group 1 already: a round has each person once"
    );
    assert_eq!(about_history(r#"{"rounds":[[["U1",""]]]}"#), "h.json: round 1, group 1: an id is empty");
    assert_eq!(about_history(r#"{"apart":[["U1"]]}"#), "h.json: apart, pair 1: it takes exactly two people");
    assert_eq!(
        about_history(r#"{"apart":[["U1","U1"]]}"#),
        "h.json: apart, pair 1: \"U1\" cannot be kept apart from themselves"
    );
}

#[test]
fn groups_have_two_to_eight() {
    for size in ["0", "1", "9", "two", "-1"] {
        let said = complaint(&[("m.json", FOUR)], &["--members", "m.json", &format!("--size={size}")]);
        assert!(said.contains("--size") && said.contains("from 2 to 8"), "{said}");
    }
}

#[test]
fn members_are_required() {
    assert!(complaint(&[], &[]).contains("--members <FILE>"));
}
