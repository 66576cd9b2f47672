//! Clients that send signed requests, as fast as they are answered or at a pace.

use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context as _, ensure};
use ring::hmac;
use rondo::model::clock::Clock;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    sync::Mutex,
    task::JoinSet,
};

use super::{figures::Figures, workspace::Workspace};

/// Requests to send.
pub struct Volley {
    pub requests: Vec<Vec<u8>>,
    /// Each of them sends one request at a time.
    pub connections: usize,
    pub time: Duration,
    /// How long a connection waits before each request.
    pub pace: Duration,
    /// What each answer contains.
    pub confirms: &'static str,
}

/// Returns a form with these fields as Slack signs it now, as bytes for the wire.
pub fn signed(workspace: &Workspace, path: &str, fields: &[(&str, String)]) -> Vec<u8> {
    let secret = hmac::Key::new(hmac::HMAC_SHA256, workspace.install.signing_secret.as_bytes());
    let stamp = Clock::machine().now().timestamp();
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let tag = hmac::sign(&secret, format!("v0:{stamp}:{body}").as_bytes());
    let hex: Vec<String> = tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    format!(
        "POST {path} HTTP/1.1\r\nhost: rondo\r\ncontent-type: application/x-www-form-urlencoded\r\n\
         x-slack-request-timestamp: {stamp}\r\nx-slack-signature: v0={}\r\ncontent-length: {}\r\n\r\n{body}",
        hex.concat(),
        body.len(),
    )
    .into_bytes()
}

/// Sends requests until they are sent or the time is over; each waits for its answer. It runs in a thread of its own, so that it shares
/// only the machine with what it measures.
pub fn fire(to: SocketAddr, volley: Volley) -> anyhow::Result<Figures> {
    let firing = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(fire_all(to, volley))
    });
    firing.join().map_err(|_| anyhow::anyhow!("the load generator broke"))?
}

async fn fire_all(to: SocketAddr, volley: Volley) -> anyhow::Result<Figures> {
    let Volley { requests, connections, time, pace, confirms } = volley;
    let requests = Arc::new(Mutex::new(requests.into_iter()));
    let began = Instant::now();
    let mut firing = JoinSet::new();
    for _ in 0..connections {
        let requests = Arc::clone(&requests);
        firing.spawn(async move {
            let mut stream = TcpStream::connect(to).await?;
            stream.set_nodelay(true)?;
            let mut answer = vec![0; 16 * 1024];
            let mut took = Vec::new();
            while began.elapsed() < time {
                let Some(request) = requests.lock().await.next() else { break };
                // Even a sleep of no time at all waits for the timer's next millisecond.
                if !pace.is_zero() {
                    tokio::time::sleep(pace).await;
                }
                let sent = Instant::now();
                stream.write_all(&request).await?;
                read_answer(&mut stream, &mut answer, confirms).await?;
                took.push(sent.elapsed());
            }
            anyhow::Ok(took)
        });
    }
    let mut took = Vec::new();
    while let Some(fired) = firing.join_next().await {
        took.extend(fired??);
    }
    Ok(Figures::of(took, began.elapsed()))
}

/// Reads one answer to its end, and checks that it contains what confirms the request.
async fn read_answer(stream: &mut TcpStream, buffer: &mut [u8], confirms: &str) -> anyhow::Result<()> {
    let mut length = 0;
    loop {
        let read = stream.read(&mut buffer[length..]).await?;
        ensure!(read > 0, "the bot hung up");
        length += read;
        let text = &buffer[..length];
        let Some(head) = text.windows(4).position(|window| window == b"\r\n\r\n") else { continue };
        let headers = std::str::from_utf8(&text[..head])?;
        let announced = headers.lines().find_map(|line| line.strip_prefix("content-length: "));
        let body: usize = announced.context("an answer has a length")?.trim().parse()?;
        if length >= head + 4 + body {
            let body = std::str::from_utf8(&text[head + 4..])?;
            ensure!(body.contains(confirms), "{body}");
            return Ok(());
        }
    }
}
