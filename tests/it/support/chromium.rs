//! A real headless Chromium, and its web driver.
//!
//! The driver is started once per process. A small shell that waits on a pipe from this process ends it with its browsers, however this
//! process ends.

use std::{
    io::{BufRead as _, BufReader, Error, Result},
    os::unix::process::CommandExt as _,
    process::{Child, Command, Stdio},
    sync::OnceLock,
};

use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;

/// Starts the driver in a process group of its own, and ends that with all browsers when its input ends.
const KEEPER: &str = r#"
    trap '' INT TERM HUP PIPE
    TMPDIR="$(mktemp -d)" && export TMPDIR TZ=UTC || exit 1
    setsid chromedriver --port=0 2>/dev/null &
    driver=$!
    cat >/dev/null
    kill -s KILL -- "-$driver"
    wait
    rm -rf "$TMPDIR"
"#;
/// The browser's arguments: none of it contacts other machines.
const ARGUMENTS: [&str; 9] = [
    "--headless=new",
    // In a container tests run as root, and the pages are our own.
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
];

/// The driver that starts browsers.
pub struct Chromium {
    /// The driver's URL.
    pub address: String,
    /// It ends the driver, once its input has ended.
    _keeper: Child,
}

impl Chromium {
    /// Returns the driver, which is started once; fails with `NotFound` if there is none.
    pub fn started() -> Result<&'static Chromium> {
        static STARTED: OnceLock<Result<Chromium>> = OnceLock::new();
        let started = STARTED.get_or_init(Chromium::starts).as_ref();
        started.map_err(|error| Error::new(error.kind(), error.to_string()))
    }

    fn starts() -> Result<Chromium> {
        Command::new("chromedriver").arg("--version").stdout(Stdio::null()).status()?;
        let mut command = Command::new("sh");
        command.args(["-c", KEEPER]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        // Its own process group, so that Ctrl-C at the terminal does not stop it before it has cleaned up.
        let mut keeper = command.process_group(0).spawn()?;
        let lines =
            BufReader::new(keeper.stdout.take().ok_or_else(|| Error::other("its output is piped"))?).lines();
        let port = lines
            .map_while(Result::ok)
            .find_map(|line| Some(line.strip_suffix('.')?.split_once("successfully on port ")?.1.to_owned()));
        let port = port.ok_or_else(|| Error::other("chromedriver does not say where it listens"))?;
        Ok(Chromium { address: format!("http://127.0.0.1:{port}"), _keeper: keeper })
    }

    /// Opens a browser with its own profile.
    pub async fn opens(&self) -> Result<Client> {
        let wanted = json!({
            "browserName": "chrome",
            "goog:chromeOptions": { "args": ARGUMENTS },
            "goog:loggingPrefs": { "browser": "SEVERE" },
        });
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(wanted.as_object().cloned().unwrap_or_default());
        builder.connect(&self.address).await.map_err(Error::other)
    }
}
