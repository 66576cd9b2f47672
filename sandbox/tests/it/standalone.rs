//! The standalone program, for bots in any language.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

use crate::bot::request;

/// The running program, killed when the test ends.
struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

impl Program {
    /// Starts it on a free port and reads its output.
    fn start(arguments: &[&str], lines: usize) -> (Program, Vec<String>) {
        let mut child = Command::new(env!("CARGO_BIN_EXE_slack-sandbox"))
            .args(["--listen", "127.0.0.1:0"])
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let told = BufReader::new(child.stdout.take().unwrap()).lines().take(lines);
        let told = told.map(|line| line.unwrap()).collect();
        (Program(child), told)
    }
}

async fn calls(api_url: &str, token: &str, method: &str, args: Value) -> Value {
    let token = format!("Bearer {token}");
    let headers = [("authorization", token.as_str()), ("content-type", "application/json")];
    request("POST", &format!("{api_url}/{method}"), &headers, args.to_string()).await.unwrap().body
}

#[tokio::test]
async fn it_prints_a_bots_settings() {
    let (_program, told) = Program::start(&["--command", "/hello"], 6);
    let value = |key: &str| {
        let line = told.iter().find_map(|line| line.strip_prefix(&format!("{key}=")));
        line.unwrap_or_else(|| panic!("{key} in {told:?}")).to_owned()
    };
    let api_url = value("SLACK_API_URL");
    let bot = calls(&api_url, &value("SLACK_BOT_TOKEN"), "auth.test", json!({})).await;
    assert_eq!((&bot["ok"], &bot["user_id"]), (&json!(true), &json!(value("SLACK_BOT_USER_ID"))));
    let socket = calls(&api_url, &value("SLACK_APP_TOKEN"), "apps.connections.open", json!({})).await;
    assert!(socket["url"].as_str().unwrap().starts_with("ws://"));
    let state =
        request("GET", &format!("{}sandbox/state?as=ana", value("SANDBOX_URL")), &[], "").await.unwrap().body;
    assert_eq!(state["commands"][0]["name"], "/hello");
}

#[tokio::test]
async fn an_address_switches_to_http() {
    let arguments = ["--json", "--command", "/hello", "--app-url", "http://127.0.0.1:9/slack"];
    let (_program, told) = Program::start(&arguments, 1);
    let told: Value = serde_json::from_str(&told[0]).unwrap();
    let url = format!("{}sandbox/say", told["url"].as_str().unwrap());
    let said = json!({ "as": "ana", "where": "#general", "text": "/hello" }).to_string();
    let answer = request("POST", &url, &[], said).await.unwrap().body;
    assert_eq!((&answer["status"], &answer["error"]), (&json!("failed"), &json!("dispatch_failed")));
}

#[test]
fn help_and_unknown_arguments() {
    let run = |arguments: &[&str]| {
        let done = Command::new(env!("CARGO_BIN_EXE_slack-sandbox")).args(arguments).output().unwrap();
        (done.status.success(), String::from_utf8_lossy(&[done.stdout, done.stderr].concat()).into_owned())
    };
    let (well, help) = run(&["--help"]);
    assert!(well && help.contains("--app-url URL"), "{help}");
    for (arguments, complaint) in [
        (["--bogus", ""], "--bogus is not known"),
        (["--listen", "nowhere"], "nowhere is no address with a port"),
        (["--manifest", "/does/not/exist.json"], "/does/not/exist.json"),
        (["--app-url", "nonsense"], "nonsense is no address of an app, such as http://"),
        (["--app-url", "http:///events"], "is no address of an app"),
        (["--command", "hello"], "must start with a slash"),
    ] {
        let (well, said) = run(&arguments);
        assert!(!well && said.contains(complaint), "{said}");
        assert!(said.starts_with("slack-sandbox: ") && said.lines().count() == 1, "in one line: {said}");
    }
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let (well, said) = run(&["--listen", &taken.local_addr().unwrap().to_string()]);
    assert!(!well && said.contains("choose another address with --listen"), "{said}");
}
