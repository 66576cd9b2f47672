//! The page, used in a real browser as people use it: the demo with the bot in it, and a workspace by itself.

mod blocks;
mod colleagues;
mod demo;
mod looks;
mod workspace;

use crate::support::{
    Program,
    chromium::Chromium,
    http, left_out,
    program::Running,
    tab::{NARROW, Tab, WIDE},
};

/// A browser to look with; `None` where there is none.
fn chromium() -> Option<Chromium> {
    match Chromium::start() {
        Ok(chromium) => Some(chromium),
        Err(error) => {
            left_out("the tests in a browser", &format!("{error}; install chromium and chromium-driver"));
            None
        }
    }
}

/// The demo as its own process, and a browser to look at it.
struct Demo {
    chromium: Chromium,
    address: String,
    /// Both end with the test.
    _held: (Program, Running),
}

impl Demo {
    /// Starts both, with a few colleagues who rest; `None` where there is no browser.
    async fn starts() -> Option<Demo> {
        Demo::starts_with(&["--no-colleagues", "--people", "8"]).await
    }

    async fn starts_with(arguments: &[&str]) -> Option<Demo> {
        let chromium = chromium()?;
        let mut program = Program::new().await;
        let (demo, address) = program.shows_the_demo(arguments).await;
        Some(Demo { chromium, address, _held: (program, demo) })
    }

    /// Opens the page as somebody who looks into a channel.
    async fn opens(&self, who: &str, channel: &str) -> Tab {
        let tab = Tab::opens(&self.chromium, &format!("{}#as={who}&channel={channel}", self.address)).await;
        tab.sees_in("#place", channel).await;
        tab
    }
}

/// Opens a conversation of several that has something new for whoever looks.
async fn opens_the_newest_group(tab: &Tab) {
    tab.presses_at(
        "//nav[@id='side']//h2[.='Group messages']/following-sibling::ul[1]//button[contains(@class, 'new')]",
    )
    .await;
    tab.becomes_true("return document.querySelector('#place').textContent[0] !== '#'").await;
}
