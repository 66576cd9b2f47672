//! Bolt for JavaScript.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

use super::{FOLDER, done, prepared, works_over_a_socket, works_over_http};
use crate::support::left_out;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slacks_library_works_over_sockets() {
    if let Some(bot) = bot() {
        works_over_a_socket(bot).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slacks_library_works_over_http() {
    if let Some(bot) = bot() {
        works_over_http(bot).await;
    }
}

/// Returns the command of the bot; `None`, printed once, if there is no Node.js with the library. `CI=true` skips
/// nothing.
fn bot() -> Option<Command> {
    static NODE: OnceLock<Option<(PathBuf, PathBuf)>> = OnceLock::new();
    let found = NODE.get_or_init(|| {
        let found = node().and_then(|node| Ok((node, prepared("third-party-js", "package.json", install)?)));
        if let Err(why) = &found {
            let how = format!("{why}; node 18 or newer with npm, and its registry, include them");
            left_out("the tests with Slack's JavaScript library", &how);
        }
        found.ok()
    });
    let (node, libraries) = found.as_ref()?;
    let mut command = Command::new(node);
    // No setting of the machine, such as a proxy, comes between the bot and the sandbox.
    command.env_clear().env("LIBRARIES", libraries).arg(Path::new(FOLDER).join("bot.mjs"));
    Some(command)
}

/// Returns the path of Node.js, by which it is found without the machine's settings.
fn node() -> Result<PathBuf, String> {
    let asked = Command::new("node").args(["-p", "process.execPath"]).output();
    let asked = asked.map_err(|error| format!("node: {error}"))?;
    Ok(PathBuf::from(String::from_utf8_lossy(&asked.stdout).trim()))
}

/// Installs the packages; none of their own scripts is run.
fn install(folder: &Path) -> Result<(), String> {
    fs::copy(Path::new(FOLDER).join("package.json"), folder.join("package.json"))
        .map_err(|error| error.to_string())?;
    let mut npm = Command::new("npm");
    npm.current_dir(folder).args(["install", "--silent", "--ignore-scripts", "--no-audit", "--no-fund"]);
    done(&mut npm, "npm")
}
