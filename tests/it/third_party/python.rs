//! Bolt for Python.

use std::{
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

/// Returns the command of the bot; `None`, printed once, if there is no Python with the libraries. `CI=true` skips
/// nothing.
fn bot() -> Option<Command> {
    static PYTHON: OnceLock<Option<PathBuf>> = OnceLock::new();
    let python = PYTHON.get_or_init(|| match prepared("third-party", "requirements.txt", install) {
        Ok(folder) => Some(folder.join("venv/bin/python")),
        Err(why) => {
            let how = format!("{why}; python3 with venv, and PyPI, include them");
            left_out("the tests with Slack's Python libraries", &how);
            None
        }
    });
    let mut command = Command::new(python.as_ref()?);
    // No setting of the machine, such as a proxy, comes between the bot and the sandbox.
    command.env_clear().env("PYTHONDONTWRITEBYTECODE", "1").arg(Path::new(FOLDER).join("bot.py"));
    Some(command)
}

/// Makes a virtual environment with the packages.
fn install(folder: &Path) -> Result<(), String> {
    let venv = folder.join("venv");
    done(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&venv), "python3 -m venv")?;
    let mut pip = Command::new(venv.join("bin/python"));
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--retries", "1"]);
    pip.args(["--timeout", "15", "--requirement"]).arg(Path::new(FOLDER).join("requirements.txt"));
    done(&mut pip, "pip")
}
