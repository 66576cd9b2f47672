//! A real headless Chromium, and its web driver.

use std::{
    io::{BufRead as _, BufReader, Error, Result},
    os::unix::process::CommandExt as _,
    process::{Child, Command, Stdio},
};

use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;
use tempfile::TempDir;

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

/// The driver that starts browsers; they end with it.
pub struct Chromium {
    driver: Child,
    /// The driver's URL.
    pub address: String,
    /// The browsers' profiles.
    _folder: TempDir,
}

impl Chromium {
    /// Starts the driver; fails with `NotFound` if there is none.
    pub fn start() -> Result<Chromium> {
        let folder = tempfile::tempdir()?;
        let mut command = Command::new("chromedriver");
        command.arg("--port=0").env("TMPDIR", folder.path()).env("TZ", "UTC");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        // Its browsers are in the same process group, so that all can be ended together.
        let mut driver = command.process_group(0).spawn()?;
        let lines =
            BufReader::new(driver.stdout.take().ok_or_else(|| Error::other("its output is piped"))?).lines();
        let port = lines
            .map_while(Result::ok)
            .find_map(|line| Some(line.strip_suffix('.')?.split_once("successfully on port ")?.1.to_owned()));
        let port = port.ok_or_else(|| Error::other("chromedriver does not say where it listens"))?;
        Ok(Chromium { driver, address: format!("http://127.0.0.1:{port}"), _folder: folder })
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

impl Drop for Chromium {
    fn drop(&mut self) {
        // It may have ended already.
        Command::new("kill").args(["-KILL", "--", &format!("-{}", self.driver.id())]).status().ok();
        self.driver.wait().ok();
    }
}
