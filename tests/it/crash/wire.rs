//! A slow network between the bot and Slack. A request may arrive after its sender has died, or be lost with it, and
//! an answer may come too late: this is how a crash in the middle of a call looks from outside.

use std::{
    net::SocketAddr,
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

use slack_sandbox::Sandbox;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::{mpsc, watch},
};

/// The delay in each direction.
const WAY: Duration = Duration::from_millis(60);
/// How long Slack's side stays open after the last byte, so that what arrived is also carried out.
const LINGER: Duration = Duration::from_millis(500);

const POST: &[u8] = b"/api/chat.postMessage";

pub struct SlowWire {
    address: SocketAddr,
    /// How many posts have passed.
    pub posts: watch::Receiver<u64>,
}

impl SlowWire {
    pub async fn before(sandbox: &Sandbox) -> SlowWire {
        let url = reqwest::Url::parse(&sandbox.api_url()).unwrap();
        let slack = SocketAddr::new(url.host_str().unwrap().parse().unwrap(), url.port().unwrap());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (seen, posts) = watch::channel(0);
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let seen = seen.clone();
                tokio::spawn(async move {
                    let Ok(far) = TcpStream::connect(slack).await else { return };
                    near.set_nodelay(true).ok();
                    far.set_nodelay(true).ok();
                    let ((near_in, near_out), (far_in, far_out)) = (near.into_split(), far.into_split());
                    tokio::spawn(carry(near_in, far_out, LINGER, Some(seen)));
                    carry(far_in, near_out, Duration::ZERO, None).await;
                });
            }
        });
        SlowWire { address, posts }
    }

    /// Waits until the bot begins to post: its request is on the way, and has not arrived.
    pub async fn next_post(&self, patience: Duration) {
        let mut posts = self.posts.clone();
        posts.mark_unchanged();
        // The campaign goes on even if nothing is posted in time.
        tokio::time::timeout(patience, posts.changed()).await.ok();
    }

    pub fn api_url(&self) -> String {
        format!("http://{}/api", self.address)
    }
}

/// Carries bytes in one direction with the delay, and then closes the far side.
async fn carry(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    linger: Duration,
    posts: Option<watch::Sender<u64>>,
) {
    static ENDED: AtomicU64 = AtomicU64::new(0);
    let (put, mut take) = mpsc::unbounded_channel::<(Instant, Vec<u8>)>();
    let writer = tokio::spawn(async move {
        while let Some((arrives, bytes)) = take.recv().await {
            tokio::time::sleep_until(arrives.into()).await;
            if to.write_all(&bytes).await.is_err() {
                return;
            }
        }
        tokio::time::sleep(linger).await;
    });
    let mut bytes = vec![0; 64 * 1024];
    while let Ok(length @ 1..) = from.read(&mut bytes).await {
        let is_post = bytes[..length].windows(POST.len()).any(|window| window == POST);
        if let Some(posts) = posts.as_ref().filter(|_| is_post) {
            posts.send_modify(|posts| *posts += 1);
        }
        if put.send((Instant::now() + WAY, bytes[..length].to_vec())).is_err() {
            return;
        }
    }
    // Half of what a dying process has sent never arrives.
    if posts.is_some() && ENDED.fetch_add(1, Ordering::Relaxed) % 2 == 1 {
        writer.abort();
    }
}
