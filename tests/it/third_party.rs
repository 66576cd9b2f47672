//! Slack's own Python libraries, unmodified, work with the sandbox: so the sandbox speaks Slack's protocol, and not
//! only with a bot that was written beside it.

use std::{
    fs::{self, File},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::OnceLock,
    time::Duration,
};

use serde_json::{Value, json};
use slack_sandbox::{Install, NewPerson, Options, Sandbox, Submission};

use crate::support::left_out;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/third_party");

/// The Python bot, killed when the test ends.
struct Bot(Child);

impl Bot {
    fn start(python: &Path, sandbox: &Sandbox, install: &Install, port: Option<u16>) -> Bot {
        let mut command = Command::new(python);
        // No setting of the machine, such as a proxy, comes between the bot and the sandbox.
        command.env_clear().arg(Path::new(FOLDER).join("bot.py")).stdin(Stdio::null());
        command.env("SLACK_API_URL", sandbox.api_url());
        // The library reads SLACK_BOT_TOKEN itself, and warns about a client with another token.
        command.env("BOT_TOKEN", &install.bot_token);
        command.env("SLACK_APP_TOKEN", &install.app_token);
        command.env("SLACK_SIGNING_SECRET", &install.signing_secret);
        command.env("PYTHONDONTWRITEBYTECODE", "1");
        if let Some(port) = port {
            command.env("PORT", port.to_string());
        }
        Bot(command.spawn().unwrap())
    }
}

impl Drop for Bot {
    fn drop(&mut self) {
        // Killing fails if it has exited already, which is fine.
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slacks_library_works_over_sockets() {
    let Some(python) = python() else { return };
    let sandbox = company().await;
    let install = sandbox.install(&manifest(None)).unwrap();
    sandbox.invite("general", &install.bot_user_id);
    let _bot = Bot::start(python, &sandbox, &install, None);
    assert!(within(20, || sandbox.open_sockets() > 0).await, "the library opens a socket");
    works(&sandbox).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slacks_library_works_over_http() {
    let Some(python) = python() else { return };
    let sandbox = company().await;
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let install = sandbox.install(&manifest(Some(&format!("http://127.0.0.1:{port}/")))).unwrap();
    sandbox.invite("general", &install.bot_user_id);
    let _bot = Bot::start(python, &sandbox, &install, Some(port));
    assert!(within(20, || std::net::TcpStream::connect(("127.0.0.1", port)).is_ok()).await, "it listens");
    works(&sandbox).await;
}

/// What people do, and what they see.
async fn works(sandbox: &Sandbox) {
    let ana = sandbox.person("ana");
    let hello = ana.says("#general", "/hello").await;
    assert!(hello.is_answered(), "{hello:?}");
    assert_eq!(hello.text, format!("Hello <@{}>", ana.id()));

    let has_button = |message: &slack_sandbox::Message| !message.blocks.is_empty();
    let with_button = ana.reads("#general").into_iter().rev().find(has_button).unwrap();
    assert!(ana.clicks(&with_button, "Wave").await.is_answered());
    let waves = format!("<@{}> waves", ana.id());
    assert!(within(5, || reads(sandbox, "ben", &waves)).await, "the press is handled and posted");

    assert!(ana.says("#general", "/people").await.is_answered());
    // Ten demo people, Slackbot and the bot, three a page.
    assert!(
        within(5, || reads(sandbox, "ana", "12 people on 4 pages")).await,
        "{:#?}",
        ana.reads("#general")
    );

    assert!(ana.says("#general", "/form").await.is_answered());
    assert_eq!(ana.sees_modal().await.map(|view| view.title).as_deref(), Some("A form"));
    assert!(ana.fills("text", "Hi"));
    assert!(matches!(ana.submits().await, Submission::Errors(errors) if errors.contains_key("words")));
    assert!(ana.fills("text", "Good morning"));
    assert_eq!(ana.submits().await, Submission::Closed);
    assert!(within(5, || reads(sandbox, "ben", "Somebody wrote: Good morning")).await);

    let refusals = sandbox.refusals();
    assert!(refusals.is_empty(), "the sandbox refused {refusals:#?}");
    sandbox.shutdown();
}

fn reads(sandbox: &Sandbox, who: &str, text: &str) -> bool {
    sandbox.person(who).reads("#general").iter().any(|message| message.text == text)
}

/// Whether something comes true within this many seconds.
async fn within(seconds: u64, holds: impl Fn() -> bool) -> bool {
    for _ in 0..seconds * 50 {
        if holds() {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    false
}

async fn company() -> Sandbox {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    for name in ["ana", "ben", "cy", "dee", "eli", "fay", "gil", "hal", "ida", "joe"] {
        sandbox.add_person(NewPerson::named(name));
    }
    sandbox
}

fn manifest(url: Option<&str>) -> Value {
    let command = |name: &str| match url {
        Some(url) => json!({ "command": name, "description": "Does it", "url": url }),
        None => json!({ "command": name, "description": "Does it" }),
    };
    let commands = ["/hello", "/people", "/form"].map(command);
    json!({
        "display_information": { "name": "Third party" },
        "features": {
            "bot_user": { "display_name": "third" },
            "slash_commands": commands,
        },
        "oauth_config": { "scopes": { "bot": ["commands", "chat:write", "users:read"] } },
        "settings": {
            "interactivity": { "is_enabled": true, "request_url": url.unwrap_or_default() },
            "socket_mode_enabled": url.is_none(),
        },
    })
}

/// Returns a Python that has the libraries; `None`, printed once, if there is none. `CI=true` skips nothing.
fn python() -> Option<&'static Path> {
    static PYTHON: OnceLock<Option<PathBuf>> = OnceLock::new();
    let python = PYTHON.get_or_init(|| match prepare() {
        Ok(python) => Some(python),
        Err(why) => {
            let how = format!("{why}; python3 with venv, and PyPI, include them");
            left_out("the tests with Slack's Python libraries", &how);
            None
        }
    });
    python.as_deref()
}

/// Makes a virtual environment beside the build, unless it exists with these versions.
fn prepare() -> Result<PathBuf, String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("third-party");
    fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    // Parallel test binaries wait for one another.
    let lock = File::create(folder.join("lock")).map_err(|error| error.to_string())?;
    lock.lock().map_err(|error| error.to_string())?;
    let wanted = fs::read_to_string(Path::new(FOLDER).join("requirements.txt")).unwrap();
    let (venv, mark) = (folder.join("venv"), folder.join("installed.txt"));
    let python = venv.join("bin").join("python");
    if python.is_file() && fs::read_to_string(&mark).is_ok_and(|installed| installed == wanted) {
        return Ok(python);
    }
    done(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&venv), "python3 -m venv")?;
    let mut pip = Command::new(&python);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--retries", "1"]);
    done(
        pip.args(["--timeout", "15", "--requirement"]).arg(Path::new(FOLDER).join("requirements.txt")),
        "pip",
    )?;
    fs::write(&mark, wanted).map_err(|error| error.to_string())?;
    Ok(python)
}

/// Runs a command to its end; the error is the last line of its output.
fn done(command: &mut Command, what: &str) -> Result<(), String> {
    let Output { status, stdout, stderr } =
        command.stdin(Stdio::null()).output().map_err(|error| format!("{what}: {error}"))?;
    if status.success() {
        return Ok(());
    }
    let said = [stderr, stdout].concat();
    let said = String::from_utf8_lossy(&said);
    Err(format!("{what}: {}", said.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("it failed")))
}
