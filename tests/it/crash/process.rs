//! The shipped program as a process that can be killed.

use std::{
    fs::{self, File},
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

/// How long a start may take on a machine that does a lot else.
const START: Duration = Duration::from_secs(30);
/// How long a process may take to end that was asked to.
const END: Duration = Duration::from_secs(15);

/// What the program and its log are called in a campaign's folder.
const KEPT: &str = "rondo";
pub const LOG: &str = "log";

/// A running bot. It is killed when it is dropped, so that a failing test leaves nothing behind.
pub struct Process {
    child: Child,
    admin: String,
}

/// A port that nobody listens on now; every life of the bot takes the same one.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A client for what is asked over HTTP.
pub fn web(patience: Duration) -> reqwest::Client {
    rustls::crypto::ring::default_provider().install_default().ok();
    reqwest::Client::builder().no_proxy().timeout(patience).build().unwrap()
}

/// The program as it is now, under a name of its own, so that a long campaign does not meet the next build's.
pub fn keep_program(folder: &Path) {
    let (built, kept) = (env!("CARGO_BIN_EXE_rondo"), folder.join(KEPT));
    // A link costs nothing, where both are on one disk.
    if fs::hard_link(built, &kept).is_err() {
        fs::copy(built, &kept).unwrap();
    }
}

/// The kept program with these settings and no others.
pub fn program(folder: &Path, environment: &[(String, String)]) -> Command {
    let mut command = Command::new(folder.join(KEPT));
    command.env_clear().envs(environment.iter().map(|(name, value)| (name, value))).stdin(Stdio::null());
    command
}

impl Process {
    pub fn start(folder: &Path, environment: &[(String, String)]) -> Process {
        let log = File::options().create(true).append(true).open(folder.join(LOG)).unwrap();
        let child =
            program(folder, environment).arg("run").stdout(Stdio::null()).stderr(log).spawn().unwrap();
        let admin = environment.iter().find(|(name, _)| name == "RONDO_ADMIN_LISTEN").unwrap().1.clone();
        Process { child, admin }
    }

    /// Waits until deliveries are taken: the store answers and Slack has said who the bot is. Sockets may still be
    /// opening, since Slack grants only so many a minute.
    pub async fn ready(&self) {
        let web = web(Duration::from_secs(2));
        let address = format!("http://{}/readyz", self.admin);
        let waiting = async {
            loop {
                if let Ok(answer) = web.get(&address).send().await {
                    let said: serde_json::Value = answer.json().await.unwrap_or_default();
                    let parts = said["parts"].as_array().cloned().unwrap_or_default();
                    let works = |name| parts.iter().any(|part| part["name"] == name && part["ready"] == true);
                    if works("store") && works("slack") {
                        return;
                    }
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(START, waiting).await.expect("the bot becomes ready");
    }

    /// SIGSTOP: it stands still wherever it is, and knows nothing of it.
    pub fn stands_still(&self) {
        self.signal("-STOP");
    }

    /// SIGCONT: it goes on from where it stood, as if no time had passed.
    pub fn goes_on(&self) {
        self.signal("-CONT");
    }

    fn signal(&self, signal: &str) {
        let sent = Command::new("kill").args([signal, &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success(), "the bot ended by itself; its log says why");
    }

    /// SIGKILL: it cannot be caught, and nothing is finished.
    pub fn kill(mut self) {
        assert!(self.child.try_wait().unwrap().is_none(), "the bot ended by itself; its log says why");
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// SIGTERM, and what is in hand is finished.
    pub async fn stops_cleanly(mut self) {
        self.signal("-TERM");
        let ended = tokio::time::timeout(END, async {
            loop {
                if let Some(status) = self.child.try_wait().unwrap() {
                    return status;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        });
        assert!(ended.await.expect("the bot stops when it is asked to").success());
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // A process that has ended already cannot be killed, which is fine.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
