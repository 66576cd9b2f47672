//! Slack's own libraries for Python and JavaScript, and slack-morphism for Rust, unmodified, work with the sandbox: so the
//! sandbox speaks Slack's protocol, and not only with a bot that was written beside it.

mod javascript;
mod morphism;
mod python;

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    time::Duration,
};

use serde_json::{Value, json};
use slack_sandbox::{Install, NewPerson, Options, Sandbox, Submission};

use crate::support::ports::free_port;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/third_party");

/// A bot in a process of its own, killed when the test ends.
struct Bot(Child);

impl Drop for Bot {
    fn drop(&mut self) {
        // Killing fails if it has exited already, which is fine.
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// Has a bot do its work over a socket that it opens.
async fn works_over_a_socket(bot: Command) {
    let sandbox = company().await;
    let _bot = start(bot, &sandbox, None);
    assert!(within(20, || sandbox.open_sockets() > 0).await, "the library opens a socket");
    works(&sandbox).await;
}

/// Has a bot do its work over signed requests to its own listener.
async fn works_over_http(bot: Command) {
    let sandbox = company().await;
    let port = free_port();
    let _bot = start(bot, &sandbox, Some(port));
    assert!(within(20, || std::net::TcpStream::connect(("127.0.0.1", port)).is_ok()).await, "it listens");
    works(&sandbox).await;
}

/// Installs the app, and starts its bot with what it needs to find the workspace.
fn start(mut command: Command, sandbox: &Sandbox, port: Option<u16>) -> Bot {
    let url = port.map(|port| format!("http://127.0.0.1:{port}/"));
    let install = install(sandbox, url.as_deref());
    command.stdin(Stdio::null());
    command.env("SLACK_API_URL", sandbox.api_url());
    // Python's library reads SLACK_BOT_TOKEN itself, and warns about a client with another token.
    command.env("BOT_TOKEN", &install.bot_token);
    command.env("SLACK_APP_TOKEN", &install.app_token);
    command.env("SLACK_SIGNING_SECRET", &install.signing_secret);
    if let Some(port) = port {
        command.env("PORT", port.to_string());
    }
    Bot(command.spawn().unwrap())
}

/// Installs the app, with its bot in a channel.
fn install(sandbox: &Sandbox, url: Option<&str>) -> Install {
    let install = sandbox.install(&manifest(url)).unwrap();
    sandbox.invite("general", &install.bot_user_id);
    install
}

/// What people do, and what they see.
async fn works(sandbox: &Sandbox) {
    let ana = sandbox.person("ana");
    let hello = ana.says("#general", "/hello").await;
    assert!(hello.is_answered(), "{hello:?} {:#?}", sandbox.deliveries());
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

/// Fills a folder beside the build with the packages of a list, unless it holds just those already.
fn prepared(
    name: &str,
    list: &str,
    install: impl FnOnce(&Path) -> Result<(), String>,
) -> Result<PathBuf, String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    // Parallel test binaries wait for one another.
    let lock = File::create(folder.join("lock")).map_err(|error| error.to_string())?;
    lock.lock().map_err(|error| error.to_string())?;
    let wanted = fs::read_to_string(Path::new(FOLDER).join(list)).unwrap();
    let mark = folder.join("installed.txt");
    if fs::read_to_string(&mark).is_ok_and(|installed| installed == wanted) {
        return Ok(folder);
    }
    install(&folder)?;
    fs::write(&mark, wanted).map_err(|error| error.to_string())?;
    Ok(folder)
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
