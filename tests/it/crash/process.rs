//! The program as a process that can be killed.

use std::{
    fs::{self, File},
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

/// How long a start may take on a busy machine.
const START: Duration = Duration::from_secs(30);
/// How long a process may take to shut down.
const END: Duration = Duration::from_secs(15);

/// The name of the program and of its log in a campaign's folder.
const KEPT: &str = "rondo";
pub const LOG: &str = "log";

/// A running bot, killed on drop, so that a failing test leaves nothing behind.
pub struct Process {
    child: Child,
    admin: String,
}

/// Returns an HTTP client.
pub fn web(patience: Duration) -> reqwest::Client {
    rustls::crypto::ring::default_provider().install_default().ok();
    reqwest::Client::builder().no_proxy().timeout(patience).build().unwrap()
}

/// Copies the present program under another name, so that the next build does not replace it during a long campaign.
pub fn keep_program(folder: &Path) {
    let (built, kept) = (env!("CARGO_BIN_EXE_rondo"), folder.join(KEPT));
    // A link costs nothing if both are on one disk.
    if fs::hard_link(built, &kept).is_err() {
        fs::copy(built, &kept).unwrap();
    }
}

/// Returns the copied program with these settings and no others.
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
    /// opening, since Slack grants only a few a minute.
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

    /// SIGSTOP: the process stops where it is, without noticing.
    pub fn stands_still(&self) {
        self.signal("-STOP");
    }

    /// SIGCONT: the process goes on, as if no time had passed.
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

    /// SIGTERM: the process finishes what it has claimed.
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
        // Killing fails if it has exited already, which is fine.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
