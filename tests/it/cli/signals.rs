//! A command ends at a signal, even while it is stuck in a read.

use std::{os::unix::fs::PermissionsExt as _, process::Command, time::Duration};

use crate::support::Program;

/// A pipe without a writer: a command that reads it waits for ever.
fn silent_pipe(program: &Program) -> (String, std::fs::File) {
    let path = program.folder.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
    let open = std::fs::File::options().read(true).write(true).open(&path).unwrap();
    (path.display().to_string(), open)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_signal_ends_a_command() {
    let program = Program::new().await;
    let (pipe, _open) = silent_pipe(&program);
    for (signal, code) in [("-TERM", 143), ("-INT", 130)] {
        let mut pair = program.starts(&["pair", "--members", &pipe]);
        // The signal must reach a process that listens to it.
        assert!(listens(pair.id()).await, "{}", pair.said());
        let (ended, took) = pair.stops(signal).await;
        assert_eq!(ended, Some(code), "{}", pair.said());
        assert!(took < Duration::from_secs(5), "{took:?}");
    }
}

/// Waits until a process handles SIGTERM and SIGINT by itself, as a process 1 must.
async fn listens(id: u32) -> bool {
    for _ in 0..1_000 {
        let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
        let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:"));
        let caught = caught.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or_default();
        if caught >> 14 & 1 == 1 && caught >> 1 & 1 == 1 {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    false
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn health_reports_readiness() {
    let program = Program::new().await;
    let admin = program.address.clone();
    let line = program.runs(&["health"]).await.refused(1);
    assert!(line.starts_with(&format!("not ready: nothing answers on {admin} (")), "{line}");
    program.sandbox.faults().down(true);
    let mut bot = program.starts(&["run"]);
    assert!(program.becomes(503).await, "{}", bot.said());
    let line = program.runs(&["health"]).await.refused(1);
    assert!(
        line.starts_with(&format!("not ready: the bot on {admin} answers 503 (waiting for slack")),
        "{line}"
    );
    program.sandbox.faults().down(false);
    assert!(program.becomes(200).await, "{}", bot.said());
    assert_eq!(program.runs(&["health"]).await.well(), format!("the bot on {admin} is ready\n"));
    assert_eq!(bot.stops("-TERM").await.0, Some(0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn health_finds_a_demo() {
    let mut program = Program::new().await;
    program.environment.clear();
    let admin = crate::support::ports::free_address();
    program.set("RONDO_ADMIN_LISTEN", &admin);
    let temporary = program.folder.path().join("temporary");
    std::fs::create_dir(&temporary).unwrap();
    program.set("TMPDIR", &temporary.display().to_string());
    let mut demo = program.starts(&["demo", "--port", "0", "--people", "6"]);
    assert!(demo.says("Ctrl-C ends it").await, "{}", demo.said());
    let said = demo.said();
    let port = said.lines().next().unwrap().trim_end_matches('/').rsplit(':').next().unwrap().to_owned();
    assert_eq!(
        program.runs(&["health", "--demo", "--port", &port]).await.well(),
        format!("the demo on 127.0.0.1:{port} is ready\n")
    );
    assert_eq!(program.runs(&["health"]).await.well(), format!("the bot on {admin} is ready\n"));
    let folders: Vec<_> = std::fs::read_dir(&temporary).unwrap().map(Result::unwrap).collect();
    assert_eq!(folders.len(), 1);
    let name = folders[0].file_name().into_string().unwrap();
    assert!(name.starts_with("rondo-demo-") && !name.contains(&format!("-{}-", demo.id())), "{name}");
    assert_eq!(folders[0].metadata().unwrap().permissions().mode() & 0o777, 0o700);
    assert_eq!(demo.stops("-TERM").await.0, Some(0), "{}", demo.said());
    assert_eq!(std::fs::read_dir(&temporary).unwrap().count(), 0, "the demo's folder goes with it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_that_was_asked_for_opens_while_the_bot_stops() {
    let program = Program::new().await;
    let mut bot = program.is_up().await;
    program.sandbox.faults().latency(Duration::from_millis(1_500));
    let ana = program.sandbox.person("ana");
    ana.says("#general", "/kudos").await;
    let (code, took) = bot.stops("-TERM").await;
    assert_eq!(code, Some(0), "{}", bot.said());
    assert!(took >= Duration::from_millis(500), "it waits for what was asked for: {took:?}");
    assert!(ana.modal().is_some(), "{}", bot.said());
}
