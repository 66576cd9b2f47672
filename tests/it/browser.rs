//! The page, used in a real browser as people use it: the demo with the bot in it, and a workspace by itself.

mod blocks;
mod demo;
mod looks;
mod workspace;

use crate::support::{
    Program,
    chromium::Chromium,
    left_out,
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
    /// Starts both, with colleagues who rest; `None` where there is no browser.
    async fn starts() -> Option<Demo> {
        let chromium = chromium()?;
        let mut program = Program::new().await;
        program.environment.clear();
        let demo = program.starts(&["demo", "--port", "0", "--no-colleagues"]);
        assert!(demo.says("Ctrl-C ends it").await, "{}", demo.said());
        let said = demo.said();
        let address =
            said.lines().next().unwrap().strip_prefix("Rondo demo: ").expect("it is the first line");
        Some(Demo { chromium, address: address.to_owned(), _held: (program, demo) })
    }

    /// Opens the page as somebody who looks into a channel.
    async fn opens(&self, who: &str, channel: &str) -> Tab {
        let tab = Tab::opens(&self.chromium, &format!("{}#as={who}&channel={channel}", self.address)).await;
        tab.sees_in("#place", channel).await;
        tab
    }
}
