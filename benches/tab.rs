//! Measures the workspace's page in a real browser and a channel with 10,000 messages: how soon another person's
//! message is drawn, and what 200 messages a second do to the page.

mod support {
    pub mod print;
}

// The tests' module, so that there is one way to drive the page.
#[path = "../tests/it/support/chromium.rs"]
mod chromium;

use std::{collections::BTreeSet, time::Duration};

use anyhow::Context as _;
use fantoccini::Client;
use rondo::model::clock::Clock;
use serde_json::Value;
use slack_sandbox::{NewPerson, Options, PersonHandle, Sandbox};

use crate::{chromium::Chromium, support::print::say};

const PEOPLE: usize = 24;
const HISTORY: usize = 10_000;
const LONE_MESSAGES: usize = 200;
const RATE: u64 = 200;
const SECONDS: usize = 10;
const PATIENCE: Duration = Duration::from_secs(20);
const A_MOMENT: Duration = Duration::from_millis(5);
/// Notes when each message is drawn, and how long the page was blocked by long tasks.
const WATCH: &str = "window.drawn = []; window.busy = []; \
     new PerformanceObserver((list) => busy.push(...list.getEntries().map((one) => one.duration))) \
       .observe({ type: 'longtask' }); \
     new MutationObserver(() => { \
       const now = Date.now(); \
       for (const one of document.querySelectorAll('#messages article:not([data-drawn])')) { \
         one.dataset.drawn = 'yes'; \
         const said = /(alone|stream) \\d+/.exec(one.textContent); \
         if (said) drawn.push([said[0], now]); \
       } \
     }).observe(document.getElementById('messages'), { childList: true, subtree: true })";

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let sandbox = Sandbox::start(Options { enforce_limits: false, ..Options::default() }).await?;
    for number in 0..PEOPLE {
        sandbox.add_person(NewPerson::named(&format!("person{number}")));
    }
    let writer = sandbox.person("person1");
    for number in 0..HISTORY {
        writer.says("#general", &format!("history {number}")).await;
    }
    let chromium = Chromium::started().context("chromium and chromium-driver, to look at the page")?;
    let tab = chromium.opens().await?;
    tab.goto(&format!("{}#as=person0", sandbox.url())).await?;
    until(&tab, "return document.querySelectorAll('#messages article').length > 0").await?;
    tab.execute(WATCH, Vec::new()).await?;
    alone(&tab, &writer).await?;
    stream(&tab, &writer).await?;
    tab.close().await?;
    sandbox.shutdown();
    Ok(())
}

/// Waits until a script returns true.
async fn until(tab: &Client, script: &str) -> anyhow::Result<()> {
    let watched = async {
        while tab.execute(script, Vec::new()).await? != true {
            tokio::time::sleep(A_MOMENT).await;
        }
        anyhow::Ok(())
    };
    tokio::time::timeout(PATIENCE, watched).await.with_context(|| format!("{script} stays false"))?
}

/// Sends messages one after another, each after the last was drawn.
async fn alone(tab: &Client, writer: &PersonHandle) -> anyhow::Result<()> {
    let clock = Clock::machine();
    let mut waits = Vec::new();
    for number in 0..LONE_MESSAGES {
        let said_ms = clock.now_ms();
        writer.says("#general", &format!("alone {number}")).await;
        until(tab, &format!("return drawn.at(-1)?.[0] === 'alone {number}'")).await?;
        let drawn_ms = tab.execute("return drawn.at(-1)[1]", Vec::new()).await?;
        waits.push(drawn_ms.as_i64().context("an instant")? - said_ms);
    }
    waits.sort_unstable();
    say(&format!(
        "tab: a message is drawn in another tab after {} ms (median of {LONE_MESSAGES}; p99 {} ms)",
        waits[LONE_MESSAGES / 2],
        waits[LONE_MESSAGES * 99 / 100]
    ));
    Ok(())
}

/// Sends many messages at an even rate.
async fn stream(tab: &Client, writer: &PersonHandle) -> anyhow::Result<()> {
    tab.execute("drawn.length = 0; busy.length = 0", Vec::new()).await?;
    let mut pace = tokio::time::interval(Duration::from_millis(1_000 / RATE));
    let count = SECONDS * usize::try_from(RATE)?;
    for number in 0..count {
        pace.tick().await;
        writer.says("#general", &format!("stream {number}")).await;
    }
    let last_said_ms = Clock::machine().now_ms();
    let last = format!("stream {}", count - 1);
    until(tab, &format!("return drawn.some(([said]) => said === '{last}')")).await?;
    let drawn = tab.execute("return drawn", Vec::new()).await?;
    let drawn: Vec<(&str, i64)> = drawn
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|one| Some((one[0].as_str()?, one[1].as_i64()?)))
        .collect();
    // Earlier messages may be drawn again.
    let distinct: BTreeSet<&str> =
        drawn.iter().map(|(said, _)| *said).filter(|said| said.starts_with("stream")).collect();
    let end_ms =
        drawn.iter().find(|(said, _)| *said == last).map(|(_, at_ms)| *at_ms).context("the last one")?;
    let busy = tab.execute("return busy", Vec::new()).await?;
    let busy: Vec<f64> = busy.as_array().into_iter().flatten().filter_map(Value::as_f64).collect();
    say(&format!(
        "tab: {RATE} messages a second for {SECONDS} s: {} of {count} drawn, the last one {} ms after it was said; busy for {:.0} ms at \
         a stretch at most, {} times for more than 50 ms",
        distinct.len(),
        end_ms - last_said_ms,
        busy.iter().copied().fold(0.0, f64::max),
        busy.len()
    ));
    Ok(())
}
