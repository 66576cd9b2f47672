//! Measures the time from the start of `rondo demo` to its page, with three weeks of history, and the first paint in
//! a browser that opens the page for the first time.

mod support {
    pub mod print;
}

// The tests' module, so that there is one way to drive the page.
#[path = "../tests/it/support/chromium.rs"]
mod chromium;

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::Context as _;

use crate::{chromium::Chromium, support::print::say};

const STARTS: usize = 7;
const LOOKS: usize = 7;
/// How long the page is left alone before it is asked for its paint times.
const SETTLED: Duration = Duration::from_secs(2);
/// The times of the first paint and of the largest contentful paint, which is the messages.
const PAINTED: &str = "return new Promise((done) => new PerformanceObserver((list) => done([ \
       performance.getEntriesByName('first-contentful-paint')[0].startTime, list.getEntries().at(-1).startTime \
     ])).observe({ type: 'largest-contentful-paint', buffered: true }))";

fn main() -> anyhow::Result<()> {
    let mut starts = Vec::new();
    for _ in 0..STARTS {
        let (demo, _, took) = Demo::start(&["--headless"])?;
        starts.push(took.as_secs_f64() * 1_000.0);
        drop(demo);
    }
    say(&format!(
        "demo: from its start to its page, three weeks of history included: {}",
        figures(&mut starts)
    ));
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(looks())
}

/// Opens the page in new browsers, one after another.
async fn looks() -> anyhow::Result<()> {
    let (_demo, address, _) = Demo::start(&[])?;
    let chromium = Chromium::started().context("chromium and chromium-driver, to look at the page")?;
    let (mut first, mut largest) = (Vec::new(), Vec::new());
    for _ in 0..LOOKS {
        let browser = chromium.opens().await?;
        browser.goto(&address).await?;
        tokio::time::sleep(SETTLED).await;
        let painted = browser.execute(PAINTED, Vec::new()).await?;
        first.push(painted[0].as_f64().context("a first paint")?);
        largest.push(painted[1].as_f64().context("a largest paint")?);
        browser.close().await?;
    }
    say(&format!("demo: first paint in a browser that was never there: {}", figures(&mut first)));
    say(&format!("demo: the messages painted: {}", figures(&mut largest)));
    Ok(())
}

fn figures(times: &mut [f64]) -> String {
    times.sort_by(f64::total_cmp);
    let (count, worst) = (times.len(), times[times.len() - 1]);
    format!("{:.0} ms (median of {count}; worst {worst:.0} ms)", times[count / 2])
}

/// The demo as a process, killed on drop.
struct Demo(Child);

impl Demo {
    /// Returns the page's address and how long the start took.
    fn start(arguments: &[&str]) -> anyhow::Result<(Demo, String, Duration)> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rondo"));
        command.args(["demo", "--port", "0"]).args(arguments).env_clear();
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        let began = Instant::now();
        let mut demo = Demo(command.spawn()?);
        let said = BufReader::new(demo.0.stdout.take().context("its output")?);
        let line = said.lines().next().context("it says where it is")??;
        let address = line.strip_prefix("Rondo demo: ").context("the first line is its address")?.to_owned();
        Ok((demo, address, began.elapsed()))
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        // Killing fails if it has exited already, which is fine.
        let _ = Command::new("kill").args(["-TERM", &self.0.id().to_string()]).status();
        let _ = self.0.wait();
    }
}
