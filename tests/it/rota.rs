//! `rondo rota`: files in, one line of JSON or one line with an error out.

use std::{
    fs,
    process::{Command, Output},
};

use serde_json::{Value, json};
use tempfile::TempDir;

const TWO: &str = r#"[{"id":"U1"},{"id":"U2"}]"#;
const DATES: &str = r#"["2026-01-06","2026-01-13"]"#;

/// Runs `rondo rota` with these files and arguments; members and dates have names of their own.
fn rota(members: &str, dates: &str, history: Option<&str>, arguments: &[&str]) -> Output {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("m.json"), members).unwrap();
    fs::write(folder.path().join("d.json"), dates).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_rondo"));
    command.current_dir(&folder).args(["rota", "--members", "m.json", "--dates", "d.json"]);
    if let Some(history) = history {
        fs::write(folder.path().join("h.json"), history).unwrap();
        command.args(["--history", "h.json"]);
    }
    command.args(arguments).output().unwrap()
}

fn planned(members: &str, dates: &str, history: Option<&str>, arguments: &[&str]) -> Value {
    let output = rota(members, dates, history, arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Returns the error for bad input, without the program's name.
fn complaint(members: &str, dates: &str, history: Option<&str>, arguments: &[&str]) -> String {
    let output = rota(members, dates, history, arguments);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), said.lines().count()), (Some(2), 1), "{said}");
    assert!(output.stdout.is_empty());
    said.trim().strip_prefix("rondo: ").unwrap().to_owned()
}

#[test]
fn turns_follow_what_was_done() {
    let members = r#"[
        {"id":"U1","department":"Design","joined":"2025-01-05","weekdays_out":["Fri"]},
        {"id":"U2","away":[["2026-01-12","2026-01-16"]],"busy":["2026-01-07"]},
        {"id":"U3","joined":"2026-01-12"}
    ]"#;
    let history = r#"{
        "duties":[{"date":"2025-12-30","role":"facilitator","id":"U1","how":"swapped"}],
        "declined":[{"date":"2026-01-20","id":"U1"}]
    }"#;
    let dates = r#"["2026-01-06","2026-01-13","2026-01-20"]"#;
    let plan = planned(members, dates, Some(history), &["--roles", "facilitator,scribe"]);
    let expected = [
        json!({"date": "2026-01-06", "duties": {"facilitator": "U2", "scribe": "U1"}, "available": 2}),
        json!({"date": "2026-01-13", "duties": {"facilitator": "U1", "scribe": "U3"}, "available": 2}),
    ];
    assert_eq!(plan["occasions"].as_array().unwrap()[..2], expected);
    assert_ne!(plan["occasions"][2]["duties"]["facilitator"], "U1", "they declined");
}

#[test]
fn a_date_in_the_history_is_done() {
    let history = r#"{"duties":[{"date":"2026-01-06","role":"facilitator","id":"U9"}]}"#;
    let plan = planned(TWO, DATES, Some(history), &["--roles", "facilitator,scribe"]);
    let first = json!({"date": "2026-01-06", "duties": {"facilitator": "U9"}, "available": 2});
    assert_eq!(plan["occasions"][0], first);
}

#[test]
fn the_lead_of_an_export_counts() {
    for role in ["lead", "facilitator"] {
        let history = format!(r#"{{"duties":[{{"date":"2025-12-30","role":"{role}","id":"U1"}}]}}"#);
        for roles in ["facilitator", "lead", "host,scribe"] {
            let plan = planned(TWO, DATES, Some(&history), &["--roles", roles]);
            let leading = roles.split(',').next().unwrap();
            assert_eq!(plan["occasions"][0]["duties"][leading], "U2", "{role} {roles}: {plan}");
        }
    }
}

#[test]
fn a_role_that_nobody_can_take_is_left_out() {
    let plan = planned(r#"[{"id":"U1","weekdays_out":["Tue"]}]"#, DATES, None, &[]);
    assert_eq!(plan["occasions"][1], json!({"date": "2026-01-13", "duties": {}, "available": 0}));
    assert_eq!(planned("[]", "[]", None, &[]), json!({"occasions": []}));
}

#[test]
fn policies_are_named() {
    let leads = |policy| {
        let plan = planned(r#"[{"id":"U2"},{"id":"U1"}]"#, DATES, None, &["--policy", policy]);
        let lead = |at: usize| plan["occasions"][at]["duties"]["facilitator"].as_str().unwrap().to_owned();
        [lead(0), lead(1)]
    };
    assert_eq!(leads("round_robin"), ["U2", "U1"]);
    assert_ne!(leads("fair")[0], leads("fair")[1]);
    assert_eq!(leads("random"), leads("random"));
}

#[test]
fn departments_alternate_on_request() {
    let members = r#"[{"id":"U1","department":"A"},{"id":"U2","department":"A"},
        {"id":"U3","department":"B"},{"id":"U4","department":"B"}]"#;
    let dates = r#"["2026-01-06","2026-01-13","2026-01-20","2026-01-27"]"#;
    for seed in ["1", "2", "3", "4", "5"] {
        let plan = planned(members, dates, None, &["--alternate-departments", "--seed", seed]);
        let is_a = |at: usize| {
            ["U1", "U2"].contains(&plan["occasions"][at]["duties"]["facilitator"].as_str().unwrap())
        };
        assert_eq!([is_a(1), is_a(2), is_a(3)], [!is_a(0), is_a(0), !is_a(0)], "{plan}");
    }
}

#[test]
fn bad_members_are_placed() {
    let about = |members| complaint(members, DATES, None, &[]);
    assert_eq!(about(r#"[{"id":" "}]"#), "m.json: member 1: the id is empty: give each member one");
    assert_eq!(
        about(r#"[{"id":"U1"},{"id":"U1"}]"#),
        r#"m.json: member 2: "U1" is member 1 already: name each once"#
    );
    assert_eq!(
        about(r#"[{"id":"U1","away":[["2026-02-02","2026-02-01"]]}]"#),
        "m.json: member 1: away from 2026-02-02 to 2026-02-01: write the first day first"
    );
    assert!(about(r#"[{"id":"U1","joined":"2026-02-30"}]"#).starts_with("m.json: "));
    assert!(about(r#"[{"id":"U1","weekdays_out":["Someday"]}]"#).contains("line 1 column"));
    assert!(about(r#"[{"id":"U1","lead":true}]"#).contains("unknown field `lead`"));
    assert_eq!(about("{"), "m.json: write a JSON list of members: [ … ]");
    assert!(about("[").starts_with("m.json: "));
    for (field, why) in [
        (r#""joined":"2026-02-30""#, r#""2026-02-30" isn't a date: write one such as "2026-01-06""#),
        (r#""busy":[6]"#, r#"6 isn't a date: write one such as "2026-01-06""#),
        (
            r#""away":["2026-01-06"]"#,
            r#"away: "2026-01-06" isn't a pair of days: write [["2026-01-06","2026-01-09"]]"#,
        ),
        (r#""away":[["2026-01-06","soon"]]"#, r#"away: "soon" isn't a date: write one such as "2026-01-06""#),
        (r#""weekdays_out":[2]"#, "2 isn't a day of the week: write Mon, Tue, Wed, Thu, Fri, Sat or Sun"),
    ] {
        let said = complaint(&format!(r#"[{{"id":"U1",{field}}}]"#), DATES, None, &[]);
        assert!(said.starts_with(&format!("m.json: {why}")), "{said}");
    }
}

#[test]
fn bad_dates_are_placed() {
    let about = |dates| complaint(TWO, dates, None, &[]);
    let twice = about(r#"["2026-01-06","2026-01-06"]"#);
    assert_eq!(twice, "d.json: date 2: 2026-01-06 is there twice: write each date once");
    let order = about(r#"["2026-01-13","2026-01-06"]"#);
    assert_eq!(order, "d.json: date 2: 2026-01-06 stands after 2026-01-13: write the oldest date first");
    assert!(about(r#"["soon"]"#).starts_with(r#"d.json: "soon" isn't a date: "#));
    assert!(about(r#"["2026-02-30"]"#).starts_with(r#"d.json: "2026-02-30" isn't a date: "#));
}

#[test]
fn a_bad_history_is_placed() {
    let about = |history| complaint(TWO, DATES, Some(history), &[]);
    let twice = r#"{"duties":[{"date":"2026-01-06","role":"lead","id":"U1"},{"date":"2026-01-06","role":"facilitator","id":"U2"}]}"#;
    assert_eq!(about(twice), "h.json: duty 2: the facilitator of 2026-01-06 is duty 1 already");
    assert_eq!(
        about(r#"{"duties":[{"date":"2026-01-06","role":"leader","id":"U1"}]}"#),
        r#"h.json: duty 1: the role "leader" isn't planned here: name it in --roles (facilitator now), or leave the duty out"#
    );
    let no_day = about(r#"{"declined":[{"date":"6 January","id":"U1"}]}"#);
    assert!(
        no_day.starts_with(r#"h.json: "6 January" isn't a date: write one such as "2026-01-06" at line 1 "#),
        "{no_day}"
    );
    let empty = r#"{"duties":[{"date":"2026-01-06","role":"","id":"U1"}]}"#;
    assert_eq!(about(empty), "h.json: duty 1: its id or its role is empty");
    assert_eq!(
        about(r#"{"declined":[{"date":"2026-01-06","id":""}]}"#),
        "h.json: declined 1: the id is empty"
    );
    let odd = r#"{"duties":[{"date":"2026-01-06","role":"lead","id":"U1","how":"bribed"}]}"#;
    assert!(about(odd).contains("unknown variant `bribed`"));
    assert_eq!(about("[]"), "h.json: write a JSON object with duties and declined");
}

#[test]
fn bad_arguments_are_named() {
    let about = |arguments: &[&str]| complaint(TWO, DATES, None, arguments);
    assert_eq!(about(&["--roles", "a,"]), "--roles: a role has no name: write them as in facilitator,scribe");
    assert_eq!(about(&["--roles", "a,b, a"]), "--roles: a role is there twice: name each once");
    assert!(about(&["--policy", "fairest"]).contains("invalid value 'fairest'"));
    let nowhere = complaint(TWO, DATES, None, &["--history", "nowhere.json"]);
    assert!(nowhere.starts_with("nowhere.json cannot be read"), "{nowhere}");
}

#[test]
fn too_much_is_refused_at_once() {
    let members: Vec<Value> = (0..20_000).map(|at| json!({ "id": format!("U{at}") })).collect();
    let first = chrono::NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
    let dates: Vec<Value> = first.iter_days().take(600).map(|date| json!(date.to_string())).collect();
    let said = complaint(&Value::from(members).to_string(), &Value::from(dates).to_string(), None, &[]);
    assert_eq!(said, "20000 members and 600 dates are too many: plan fewer dates at a time");
}
