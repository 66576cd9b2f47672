//! The program under attack: endless connections, and bodies that never end.

use std::time::{Duration, Instant};

use rondo::model::clock::Clock;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::support::{
    Program,
    gestures::{command_form, sign},
    ports::free_address,
    program::Running,
};

/// Starts the program with its HTTP listener, beside Socket Mode.
async fn with_a_door() -> Program {
    let mut program = Program::new().await;
    let secret = program.install.signing_secret.clone();
    program.set("SLACK_SIGNING_SECRET", &secret);
    program.set("RONDO_LISTEN", &free_address());
    program
}

fn door(program: &Program) -> &str {
    &program.environment["RONDO_LISTEN"]
}

fn signature(program: &Program, body: &str) -> String {
    let time = Clock::machine().now().timestamp().to_string();
    let signature = sign(&program.install.signing_secret, &time, body.as_bytes());
    format!("X-Slack-Request-Timestamp: {time}\r\nX-Slack-Signature: {signature}\r\n")
}

fn head(lines: &str) -> String {
    format!("POST /slack/commands HTTP/1.1\r\nHost: rondo\r\n{lines}\r\n")
}

/// Returns the id of `#general`, once the bot has read where it is.
async fn general(program: &Program) -> String {
    let read = |sandbox: &slack_sandbox::Sandbox| {
        let listed = sandbox.calls().into_iter().find(|call| call.method == "users.conversations")?;
        let channels = listed.answer["channels"].as_array()?.clone();
        let general = channels.iter().find(|channel| channel["name"] == "general")?;
        Some(general["id"].as_str()?.to_owned())
    };
    for _ in 0..1_200 {
        if let Some(id) = read(&program.sandbox) {
            return id;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the bot reads its channels");
}

/// Thanks ben over HTTP; returns the answer, and how long it took.
async fn thanks(program: &Program, reason: &str) -> (String, Duration) {
    let [ana, ben] = ["ana", "ben"].map(|name| program.sandbox.person(name).id());
    let channel = general(program).await;
    let body =
        command_form(&program.sandbox.team_id(), &ana, &channel, &format!("/kudos <@{ben}> for {reason}"));
    let lines =
        format!("{}Content-Length: {}\r\nConnection: close\r\n", signature(program, &body), body.len());
    let began = Instant::now();
    let mut stream = TcpStream::connect(door(program)).await.unwrap();
    stream.write_all((head(&lines) + &body).as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    (answer, began.elapsed())
}

async fn metric(program: &Program, line: &str) -> u64 {
    let (_, page) = program.asks("/metrics").await.unwrap();
    let number = page.lines().find_map(|found| found.strip_prefix(line)?.strip_prefix(' '));
    number.map_or(0, |number| number.parse().unwrap())
}

/// Returns `VmRSS` in kB, as the kernel counts it.
fn resident_kb(bot: &Running) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", bot.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn idle_connections_block_no_delivery() {
    let program = with_a_door().await;
    let mut bot = program.is_up_with_files(1_024).await;
    let mut strangers = Vec::new();
    for n in 0..1_100 {
        let mut stranger = TcpStream::connect(door(&program)).await.unwrap();
        if n % 2 == 0 {
            // Those that were closed already have made room.
            stranger.write_all(b"POST /slack/commands HTTP/1.1\r\nHost: ron").await.ok();
        }
        strangers.push(stranger);
    }
    let mut took = Duration::MAX;
    for attempt in 0..3 {
        let (answer, this_time) = thanks(&program, &format!("patience {attempt}")).await;
        assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("Kudos"), "{answer}\n{}", bot.said());
        took = took.min(this_time);
    }
    assert!(took < Duration::from_secs(1), "{took:?}");
    let posted = program.sandbox.person("ben").sees("#general", "patience 2").await;
    assert!(posted.is_some(), "calls to Slack get out:\n{}", bot.said());
    assert_eq!(program.asks("/readyz").await.unwrap().0, 200);
    assert!(metric(&program, r#"rondo_http_connections{listener="slack"}"#).await <= 832);
    let closed = r#"rondo_http_connections_closed_total{listener="slack",why="no_room"}"#;
    assert!(metric(&program, closed).await >= 200, "{}", program.asks("/metrics").await.unwrap().1);
    assert_eq!(bot.said().matches("all HTTP connections are taken").count(), 1, "{}", bot.said());
    let (code, took) = bot.stops("-TERM").await;
    assert_eq!(code, Some(0), "{}", bot.said());
    assert!(took < Duration::from_secs(8), "{took:?}");
    drop(strangers);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stalled_bodies_take_little_memory() {
    const MIB: usize = 1 << 20;
    let program = with_a_door().await;
    let bot = program.is_up().await;
    assert!(thanks(&program, "the first").await.0.starts_with("HTTP/1.1 200"));
    let before = resident_kb(&bot);
    let most = vec![b'+'; MIB - 1];
    for of_slack in [false, true] {
        let mut stalled = Vec::new();
        for _ in 0..400 {
            let lines = if of_slack { signature(&program, "other bytes") } else { String::new() };
            let mut stream = TcpStream::connect(door(&program)).await.unwrap();
            stream.write_all(head(&format!("{lines}Content-Length: {MIB}\r\n")).as_bytes()).await.unwrap();
            // Some are refused while they send.
            let sending = tokio::time::timeout(Duration::from_secs(20), stream.write_all(&most));
            sending.await.expect("what is sent is read").ok();
            stalled.push(stream);
        }
        let grown = resident_kb(&bot).saturating_sub(before);
        assert!(grown < 100_000, "{grown} kB more, with headers of Slack's: {of_slack}");
        let (answer, _) = thanks(&program, &format!("calm {of_slack}")).await;
        assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("Kudos"), "{answer}");
    }
    // How many of each there are, and how many are still held in part, depends on how fast the machine takes 400 MiB
    // in.
    let mut turned_away = 0;
    for outcome in ["crowded", "too_slow"] {
        let line = format!(r#"rondo_deliveries_total{{door="http",kind="unknown",outcome="{outcome}"}}"#);
        turned_away += metric(&program, &line).await;
    }
    assert!(turned_away >= 200, "{}", program.asks("/metrics").await.unwrap().1);
}

/// Both tests take ten seconds, in parallel.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slow_requests_are_cut() {
    let program = with_a_door().await;
    let _bot = program.is_up().await;
    let trickles = async |beginning: String| {
        let mut stream = TcpStream::connect(door(&program)).await.unwrap();
        let began = Instant::now();
        stream.write_all(beginning.as_bytes()).await.unwrap();
        while stream.write_all(b"x").await.is_ok() && began.elapsed() < Duration::from_secs(40) {
            let mut some = [0; 16];
            let read = tokio::time::timeout(Duration::from_millis(100), stream.read(&mut some)).await;
            if matches!(read, Ok(Ok(0) | Err(_))) {
                break;
            }
        }
        began.elapsed()
    };
    let body = head(&format!("{}Content-Length: 100000\r\n", signature(&program, "other bytes")));
    let took = tokio::join!(trickles("POST /slack/events HTTP/1.1\r\nA: ".to_owned()), trickles(body));
    for took in [took.0, took.1] {
        assert!((Duration::from_secs(9)..Duration::from_secs(20)).contains(&took), "{took:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn socket_mode_opens_no_listener() {
    let mut program = Program::new().await;
    program.set("RONDO_LISTEN", &free_address());
    let _bot = program.is_up().await;
    let refused = TcpStream::connect(door(&program)).await.unwrap_err();
    assert_eq!(refused.kind(), std::io::ErrorKind::ConnectionRefused);
}
