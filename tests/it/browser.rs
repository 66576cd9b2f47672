//! The page in a real browser: the demo with the bot in it, and a workspace by itself.

mod ahead;
mod blocks;
mod card;
mod chapters;
mod colleagues;
mod conversations;
mod demo;
mod found;
mod keyboard;
mod lent;
mod looks;
mod pickers;
mod pictures;
mod reach;
mod silence;
mod telephone;
mod workspace;

use crate::support::{
    Program,
    chromium::Chromium,
    http, left_out,
    program::Running,
    tab::{NARROW, NO_JUMP, Tab, WIDE},
};

/// Returns what lends browsers; `None` if there is none.
fn chromium() -> Option<&'static Chromium> {
    match Chromium::started() {
        Ok(chromium) => Some(chromium),
        Err(error) => {
            left_out("the tests in a browser", &format!("{error}; install chromium and chromium-driver"));
            None
        }
    }
}

/// The demo as its own process, and a browser.
struct Demo {
    chromium: &'static Chromium,
    address: String,
    /// Dropped, and so ended, with the test.
    _held: (Program, Running),
}

impl Demo {
    /// Starts both on the company's first day, with a few colleagues switched off; `None` if there is no browser.
    async fn starts() -> Option<Demo> {
        Demo::starts_with(&["--no-history", "--no-colleagues", "--people", "8"]).await
    }

    /// The same after some weeks, which takes three seconds of the processor's time.
    async fn with_history() -> Option<Demo> {
        Demo::starts_with(&["--no-colleagues", "--people", "8"]).await
    }

    async fn starts_with(arguments: &[&str]) -> Option<Demo> {
        let chromium = chromium()?;
        let mut program = Program::new().await;
        let (demo, address) = program.shows_the_demo(arguments).await;
        Some(Demo { chromium, address, _held: (program, demo) })
    }

    /// Opens the page as this person, at a channel.
    async fn opens(&self, who: &str, channel: &str) -> Tab {
        let tab = Tab::opens(self.chromium, &format!("{}#as={who}&channel={channel}", self.address)).await;
        tab.sees_in("#place", channel).await;
        tab
    }
}

/// Opens the first group conversation with unread messages, which is the newest.
async fn opens_the_newest_group(tab: &Tab) {
    tab.presses_at(
        "(//nav[@id='side']//h2[.='Group messages']/following-sibling::ul[1]//button[contains(@class, 'new')])[1]",
    )
    .await;
    tab.becomes_true("return document.querySelector('#place').textContent[0] !== '#'").await;
}
