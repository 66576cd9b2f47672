//! The program as a process, in a sandbox workspace with the machine's time.

use std::{
    collections::BTreeMap,
    io::Read as _,
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use rondo::{
    config::{Config, Environment},
    manifest::{self, Mode},
    rituals,
};
use slack_sandbox::{Install, NewPerson, Sandbox};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use super::ports;

/// The program's environment.
pub struct Program {
    pub sandbox: Sandbox,
    pub install: Install,
    pub environment: BTreeMap<String, String>,
    pub folder: TempDir,
    pub address: String,
}

impl Program {
    /// Starts a workspace with ana and ben, the bot in `#general`, and a database file that does not exist yet.
    pub async fn new() -> Program {
        Program::without(&[]).await
    }

    /// Does the same without these scopes.
    pub async fn without(scopes: &[&str]) -> Program {
        let sandbox = Sandbox::start(slack_sandbox::Options::default()).await.unwrap();
        for name in ["ana", "ben"] {
            sandbox.add_person(NewPerson::named(name));
        }
        let config = Config::load(rituals::ALL, None, &Environment::default()).unwrap();
        let mut asked = manifest::manifest(&config.rituals(), &config.commands.rondo, &Mode::Socket);
        let granted = asked["oauth_config"]["scopes"]["bot"].as_array_mut().unwrap();
        granted.retain(|scope| !scopes.iter().any(|without| scope == without));
        let install = sandbox.install(&asked).unwrap();
        sandbox.invite("general", &install.bot_user_id);
        let folder = tempfile::tempdir().unwrap();
        let address = ports::free_address();
        let environment = [
            ("SLACK_API_URL", sandbox.api_url()),
            ("SLACK_BOT_TOKEN", install.bot_token.clone()),
            ("SLACK_APP_TOKEN", install.app_token.clone()),
            ("DATABASE_URL", super::sqlite_in(&folder)),
            ("RONDO_LISTEN", "127.0.0.1:0".to_owned()),
            ("RONDO_ADMIN_LISTEN", address.clone()),
            // Developers may have it set, and still no backtrace may be printed.
            ("RUST_BACKTRACE", "1".to_owned()),
        ];
        let environment = environment.map(|(key, value)| (key.to_owned(), value)).into();
        Program { sandbox, install, environment, folder, address }
    }

    pub fn set(&mut self, variable: &str, value: &str) {
        self.environment.insert(variable.to_owned(), value.to_owned());
    }

    pub fn unset(&mut self, variable: &str) {
        self.environment.remove(variable);
    }

    /// Returns the database's URL.
    pub fn url(&self) -> &str {
        &self.environment["DATABASE_URL"]
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rondo"));
        command.args(arguments).env_clear().envs(&self.environment).current_dir(self.folder.path());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs a command to its end.
    pub async fn runs(&self, arguments: &[&str]) -> Ended {
        let mut child = self.command(arguments).spawn().unwrap();
        let id = child.id().to_string();
        let outputs: [Box<dyn std::io::Read + Send>; 2] =
            [Box::new(child.stdout.take().unwrap()), Box::new(child.stderr.take().unwrap())];
        let outputs = outputs.map(|mut output| {
            tokio::task::spawn_blocking(move || {
                let mut text = String::new();
                output.read_to_string(&mut text).unwrap();
                text
            })
        });
        let mut ending = tokio::task::spawn_blocking(move || child.wait().unwrap());
        let Ok(status) = tokio::time::timeout(Duration::from_mins(1), &mut ending).await else {
            Command::new("kill").args(["-KILL", &id]).status().unwrap();
            panic!("rondo {arguments:?} does not end");
        };
        let [stdout, stderr] = outputs;
        let code = status.unwrap().code().expect("it was not killed");
        Ended { code, stdout: stdout.await.unwrap(), stderr: stderr.await.unwrap() }
    }

    /// Starts a command that keeps running.
    pub fn starts(&self, arguments: &[&str]) -> Running {
        Program::spawns(self.command(arguments))
    }

    /// Starts the bot with a limit of open files, and waits until it is ready.
    pub async fn is_up_with_files(&self, files: u32) -> Running {
        let limited = format!("ulimit -n {files} && exec \"$0\" run");
        let mut shell = Command::new("/bin/sh");
        shell.args(["-c", &limited, env!("CARGO_BIN_EXE_rondo")]);
        shell.env_clear().envs(&self.environment).current_dir(self.folder.path());
        shell.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let running = Program::spawns(shell);
        assert!(self.becomes(200).await, "the bot becomes ready:\n{}", running.said());
        running
    }

    fn spawns(mut command: Command) -> Running {
        let mut child = command.spawn().unwrap();
        let said: Arc<Mutex<String>> = Arc::default();
        let pipes: [Box<dyn std::io::Read + Send>; 2] =
            [Box::new(child.stdout.take().unwrap()), Box::new(child.stderr.take().unwrap())];
        for mut pipe in pipes {
            let said = said.clone();
            std::thread::spawn(move || {
                let mut some = [0_u8; 4096];
                while let Ok(read @ 1..) = pipe.read(&mut some) {
                    said.lock().unwrap().push_str(&String::from_utf8_lossy(&some[..read]));
                }
            });
        }
        Running { child, said }
    }

    /// Starts the demo on a free port, and returns its URL, such as `http://127.0.0.1:4000/`. It needs no settings,
    /// and none of a real workspace may reach it.
    pub async fn shows_the_demo(&mut self, arguments: &[&str]) -> (Running, String) {
        let demo = self.starts_the_demo(&[&["--port", "0"], arguments].concat());
        // Its first line is its address.
        assert!(demo.says("Rondo demo: ").await, "{}", demo.said());
        let said = demo.said();
        let address =
            said.lines().find_map(|line| line.strip_prefix("Rondo demo: ")).expect(&said).to_owned();
        self.address = address.trim_start_matches("http://").trim_end_matches('/').to_owned();
        (demo, address)
    }

    /// Starts the demo, and doesn't wait until it's ready.
    pub fn starts_the_demo(&mut self, arguments: &[&str]) -> Running {
        self.environment.clear();
        // So that its database is found.
        let folder = self.folder.path().display().to_string();
        self.set("TMPDIR", &folder);
        self.starts(&[&["demo"], arguments].concat())
    }

    /// Returns the URL of the demo's database.
    pub fn url_of_the_demo(&self) -> String {
        let folders = std::fs::read_dir(self.folder.path()).unwrap().map(|entry| entry.unwrap().path());
        let file = folders.map(|folder| folder.join("demo.db")).find(|file| file.exists());
        format!("sqlite:{}", file.expect("a demo runs").display())
    }

    /// Starts the bot and waits until it is ready.
    pub async fn is_up(&self) -> Running {
        let running = self.starts(&["run"]);
        assert!(self.becomes(200).await, "the bot becomes ready:\n{}", running.said());
        assert!(self.sandbox.connected().await);
        running
    }

    /// Waits until `/readyz` answers with this status.
    pub async fn becomes(&self, status: u16) -> bool {
        // Retries wait longer and longer.
        for _ in 0..2_400 {
            if self.asks("/readyz").await.is_some_and(|(found, _)| found == status) {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        false
    }

    /// Requests health, readiness or metrics of the bot, or a path of the demo; `None` while nothing listens.
    pub async fn asks(&self, path: &str) -> Option<(u16, String)> {
        let mut stream = TcpStream::connect(&self.address).await.ok()?;
        let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.ok()?;
        let (head, body) = answer.split_once("\r\n\r\n")?;
        Some((head.split(' ').nth(1)?.parse().ok()?, body.to_owned()))
    }
}

/// How a command ended.
#[derive(Debug)]
pub struct Ended {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Ended {
    /// Returns its output; fails unless it succeeded.
    pub fn well(self) -> String {
        assert_eq!((self.code, self.stderr.as_str()), (0, ""), "{}", self.stdout);
        self.stdout
    }

    /// Returns its one line of error; fails unless it ended with this code.
    pub fn refused(self, code: i32) -> String {
        assert_eq!((self.code, self.stdout.as_str()), (code, ""), "{}", self.stderr);
        let line = self.stderr.strip_suffix('\n').unwrap();
        assert!(!line.contains('\n'), "one line: {line}");
        line.strip_prefix("rondo: ").expect("it says who speaks").to_owned()
    }
}

/// A running process, killed on drop.
pub struct Running {
    child: Child,
    said: Arc<Mutex<String>>,
}

impl Running {
    /// Returns the process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Returns its output so far, of both streams.
    pub fn said(&self) -> String {
        self.said.lock().unwrap().clone()
    }

    /// Waits until its output contains these words; two minutes at most, since a demo takes one on a very busy machine.
    pub async fn says(&self, words: &str) -> bool {
        for _ in 0..4_800 {
            if self.said().contains(words) {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        false
    }

    /// Sends a signal, and returns the exit code and how long it took.
    pub async fn stops(&mut self, signal: &str) -> (Option<i32>, Duration) {
        let began = Instant::now();
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
        (self.ends().await, began.elapsed())
    }

    /// Waits until it has ended by itself.
    pub async fn ends(&mut self) -> Option<i32> {
        for _ in 0..1_200 {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("it does not end:\n{}", self.said());
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
