//! Measures the time from the start of the release binary until it is ready, and its memory then: with 100,000 gifts
//! in its SQLite database, and with none.

mod support {
    pub mod place;
    pub mod print;
    pub mod workspace;
}

use std::{
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context as _, ensure};
use rondo::{
    manifest::Mode,
    model::{
        clock::Clock,
        people::{TeamId, UserId},
    },
    rituals::kudos::store::{NewGift, put},
    store::{Opening, Store, unit::UnitOfWork},
};
use slack_sandbox::Options;
use tokio::task::JoinSet;

use crate::support::{
    place::{database, folder},
    print::say,
    workspace::Workspace,
};

const GIFTS: usize = 100_000;
const PEOPLE: usize = 1_000;
const STARTS: usize = 9;
/// How long the bot is left alone before its memory is read.
const IDLE: Duration = Duration::from_secs(5);
const PATIENCE: Duration = Duration::from_secs(30);

fn main() -> anyhow::Result<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    let folder = folder()?;
    let workspace = runtime
        .block_on(Workspace::start(&Mode::Socket, Options { enforce_limits: false, ..Options::default() }))?;
    let (empty, full) = (database(folder.path(), "empty.db"), database(folder.path(), "full.db"));
    runtime.block_on(async {
        // The schema exists in both, as at any start but the first.
        Store::migrate(&empty).await?;
        fill(&full).await
    })?;
    say("startup: the release binary, Socket Mode, SQLite");
    for (what, database) in [("an empty database", &empty), ("100,000 gifts", &full)] {
        let mut starts = Vec::new();
        let mut resident = 0;
        for start in 0..STARTS {
            let bot = Running::start(&workspace, database)?;
            starts.push(bot.until_ready()?);
            if start == STARTS - 1 {
                std::thread::sleep(IDLE);
                resident = bot.resident_kb()?;
            }
            bot.stop()?;
        }
        starts.sort();
        say(&format!(
            "  {what:<20} ready in {:>6.1} ms (median of {STARTS}; worst {:.1} ms)   idle {:>5.1} MB",
            milliseconds(starts[STARTS / 2]),
            milliseconds(starts[STARTS - 1]),
            f64::from(resident) / 1024.0
        ));
    }
    workspace.sandbox.shutdown();
    Ok(())
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

/// Writes gifts as the ritual does, as fast as the store takes them.
async fn fill(url: &str) -> anyhow::Result<()> {
    const AT_ONCE: usize = 256;
    let store = Store::open(url, Opening::ToRun).await?;
    let now = Clock::machine().now();
    let mut writing = JoinSet::new();
    for task in 0..AT_ONCE {
        let store = store.clone();
        writing.spawn(async move {
            for number in (task..GIFTS).step_by(AT_ONCE) {
                let mut unit = UnitOfWork::new();
                let gift = NewGift {
                    id: &format!("{number:032x}"),
                    giver: &UserId(format!("U{:06}", number % PEOPLE)),
                    channel: &"C000001".into(),
                    receivers: &[UserId(format!("U{:06}", (number + 1) % PEOPLE))],
                    reason: &format!("unblocking release {number} on a Friday evening"),
                    local_date: &format!("2026-{:02}-{:02}", number / 28 % 12 + 1, number % 28 + 1),
                    allowance: i64::MAX,
                    fingerprint: &number.to_string(),
                };
                put(&mut unit, &TeamId("T000001".to_owned()), &gift, now);
                store.commit(unit).await?;
            }
            anyhow::Ok(())
        });
    }
    while let Some(written) = writing.join_next().await {
        written??;
    }
    store.close().await;
    Ok(())
}

/// Requests a path of a local server without a client library; `None` if nothing listens.
pub fn ask(port: u16, path: &str) -> Option<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    write!(stream, "GET {path} HTTP/1.1\r\nhost: rondo\r\nconnection: close\r\n\r\n").ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    Some(answer)
}

/// The bot as a process, killed if the benchmark fails.
struct Running {
    child: Child,
    port: u16,
    began: Instant,
}

impl Running {
    fn start(workspace: &Workspace, database: &str) -> anyhow::Result<Running> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut command = Command::new(env!("CARGO_BIN_EXE_rondo"));
        command.arg("run").env_clear().envs(workspace.environment(database));
        command.env("SLACK_APP_TOKEN", &workspace.install.app_token);
        command.env("RONDO_ADMIN_LISTEN", format!("127.0.0.1:{port}"));
        command.stdin(Stdio::null()).stdout(Stdio::null());
        let began = Instant::now();
        Ok(Running { child: command.spawn()?, port, began })
    }

    fn until_ready(&self) -> anyhow::Result<Duration> {
        loop {
            if ask(self.port, "/readyz").is_some_and(|answer| answer.starts_with("HTTP/1.1 200")) {
                return Ok(self.began.elapsed());
            }
            ensure!(self.began.elapsed() < PATIENCE, "the bot does not become ready");
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// Returns `VmRSS`, as the kernel counts it.
    fn resident_kb(&self) -> anyhow::Result<u32> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("a resident size")?;
        Ok(line.trim().trim_end_matches(" kB").parse()?)
    }

    fn stop(mut self) -> anyhow::Result<()> {
        Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status()?;
        ensure!(self.child.wait()?.success(), "the bot ends as it should");
        Ok(())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Killing fails if it has exited already, which is fine.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
