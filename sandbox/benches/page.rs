//! Measures how soon another tab sees a message, and whether any is lost at 200 a second: as the page does it, over
//! HTTP, in a channel with 10,000 messages.

use std::collections::BTreeMap;
use std::io::{Error, Result, Write as _};
use std::time::{Duration, Instant};

use http_body_util::{BodyExt as _, Full};
use hyper::Request;
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use slack_sandbox::{Install, NewPerson, Options, Sandbox};
use tokio::net::TcpStream;

const PEOPLE: usize = 24;
const HISTORY: usize = 10_000;
const LONE_POSTS: usize = 200;
const RATE: u32 = 200;
const SECONDS: u32 = 10;
/// How long the follower waits for the next message before it gives up.
const PATIENCE: Duration = Duration::from_secs(5);

#[tokio::main]
async fn main() -> Result<()> {
    let sandbox = Sandbox::start(Options { enforce_limits: false, ..Options::default() }).await?;
    for number in 0..PEOPLE {
        sandbox.add_person(NewPerson::named(&format!("person{number}")));
    }
    let install = sandbox.install(&manifest()).map_err(Error::other)?;
    sandbox.invite("#general", &install.bot_user_id);
    let writer = sandbox.person("person1");
    for number in 0..HISTORY {
        writer.says("#general", &format!("history {number}")).await;
    }
    let mut tab = Tab::open(&sandbox).await?;
    say(&format!("page: the first look, {} people, {HISTORY} messages: {}", PEOPLE, tab.first_look().await?));
    say(&format!(
        "page: seen in another tab, one message at a time: {}",
        alone(&sandbox, &install, &mut tab).await?
    ));
    say(&format!(
        "page: {RATE} messages a second for {SECONDS} s: {}",
        stream(&sandbox, &install, &mut tab).await?
    ));
    Ok(())
}

/// Posts one message after the other and waits for each.
async fn alone(sandbox: &Sandbox, install: &Install, tab: &mut Tab) -> Result<String> {
    let mut api = Connection::open(sandbox).await?;
    let mut waits = Vec::new();
    for number in 0..LONE_POSTS {
        let text = format!("alone {number}");
        let began = Instant::now();
        api.posts(install, &text).await?;
        while !tab.sees_news().await?.contains_key(&text) {}
        waits.push(began.elapsed());
    }
    Ok(spread(&mut waits))
}

/// Posts at an even rate while a tab follows.
async fn stream(sandbox: &Sandbox, install: &Install, tab: &mut Tab) -> Result<String> {
    let began = Instant::now();
    let posting = tokio::spawn({
        let (sandbox, install) = (sandbox.clone(), install.clone());
        async move {
            let mut api = Connection::open(&sandbox).await?;
            let mut pace = tokio::time::interval(Duration::from_secs(1) / RATE);
            let mut posted = BTreeMap::new();
            for number in 0..RATE * SECONDS {
                pace.tick().await;
                let text = format!("stream {number}");
                posted.insert(text.clone(), Instant::now());
                api.posts(&install, &text).await?;
            }
            Result::Ok((posted, began.elapsed()))
        }
    });
    let mut seen = BTreeMap::new();
    let expected = usize::try_from(RATE * SECONDS).map_err(Error::other)?;
    while seen.len() < expected {
        let Ok(news) = tokio::time::timeout(PATIENCE, tab.sees_news()).await else {
            break;
        };
        seen.extend(news?.into_iter().filter(|(text, _)| text.starts_with("stream ")));
    }
    let (posted, took) = posting.await??;
    let mut waits: Vec<Duration> =
        seen.iter().filter_map(|(text, at)| Some(*at - *posted.get(text)?)).collect();
    Ok(format!(
        "{} posted in {:.1} s, {} seen, {}",
        posted.len(),
        took.as_secs_f64(),
        seen.len(),
        spread(&mut waits)
    ))
}

/// A tab: it hears that something changed, and asks what.
struct Tab {
    asks: Connection,
    hears: Incoming,
    change: u64,
}

impl Tab {
    async fn open(sandbox: &Sandbox) -> Result<Tab> {
        let mut listening = Connection::open(sandbox).await?;
        let request = Request::get("/sandbox/events").header("host", "sandbox").body(Full::default());
        let answer =
            listening.sender.send_request(request.map_err(Error::other)?).await.map_err(Error::other)?;
        tokio::spawn(async move {
            // The connection lives as long as its sender.
            let _listening = listening;
            std::future::pending::<()>().await;
        });
        Ok(Tab { asks: Connection::open(sandbox).await?, hears: answer.into_body(), change: 0 })
    }

    async fn first_look(&mut self) -> Result<String> {
        let began = Instant::now();
        let page = self.asks.gets("/").await?.len();
        let state = self.asks.gets("/sandbox/state?as=person0&channel=general").await?;
        let took = began.elapsed();
        let told: Value = serde_json::from_slice(&state)?;
        self.change = told["change"].as_u64().unwrap_or_default();
        Ok(format!("{:.1} ms, {} KB of page and {} KB of state", ms(took), page / 1_024, state.len() / 1_024))
    }

    /// Waits for a change and returns the new messages, with when they were seen.
    async fn sees_news(&mut self) -> Result<BTreeMap<String, Instant>> {
        let heard = self.hears.frame().await.ok_or_else(|| Error::other("the sandbox went away"))?;
        heard.map_err(Error::other)?;
        let path = format!("/sandbox/state?as=person0&channel=general&since={}", self.change);
        let told: Value = serde_json::from_slice(&self.asks.gets(&path).await?)?;
        self.change = told["change"].as_u64().unwrap_or_default();
        let texts = told["messages"].as_array().into_iter().flatten().filter_map(|one| one["text"].as_str());
        Ok(texts.map(|text| (text.to_owned(), Instant::now())).collect())
    }
}

struct Connection {
    sender: SendRequest<Full<Bytes>>,
}

impl Connection {
    async fn open(sandbox: &Sandbox) -> Result<Connection> {
        let address = sandbox.url().trim_start_matches("http://").trim_end_matches('/').to_owned();
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await.map_err(Error::other)?;
        tokio::spawn(connection);
        Ok(Connection { sender })
    }

    async fn sends(&mut self, request: Request<Full<Bytes>>) -> Result<Bytes> {
        let answer = self.sender.send_request(request).await.map_err(Error::other)?;
        Ok(answer.into_body().collect().await.map_err(Error::other)?.to_bytes())
    }

    async fn gets(&mut self, path: &str) -> Result<Bytes> {
        let request =
            Request::get(path).header("host", "sandbox").body(Full::default()).map_err(Error::other)?;
        self.sends(request).await
    }

    async fn posts(&mut self, install: &Install, text: &str) -> Result<()> {
        let body = json!({ "channel": "#general", "text": text }).to_string();
        let request = Request::post("/api/chat.postMessage")
            .header("host", "sandbox")
            .header("authorization", format!("Bearer {}", install.bot_token))
            .header("content-type", "application/json")
            .body(Full::from(body))
            .map_err(Error::other)?;
        let answer: Value = serde_json::from_slice(&self.sends(request).await?)?;
        if answer["ok"] == true { Ok(()) } else { Err(Error::other(answer.to_string())) }
    }
}

fn manifest() -> Value {
    json!({
        "display_information": { "name": "Poster" },
        "features": { "bot_user": { "display_name": "poster" } },
        "oauth_config": { "scopes": { "bot": ["chat:write"] } },
        "settings": { "socket_mode_enabled": true },
    })
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

/// Returns the median and the tail.
fn spread(waits: &mut [Duration]) -> String {
    waits.sort_unstable();
    let at = |part: usize| waits.get((waits.len() * part / 100).min(waits.len().saturating_sub(1))).copied();
    let [median, tail, worst] = [50, 95, 100].map(|part| ms(at(part).unwrap_or_default()));
    format!("median {median:.1} ms, 95 of 100 within {tail:.1} ms, worst {worst:.1} ms")
}

fn say(line: &str) {
    writeln!(std::io::stdout(), "{line}").ok();
}
