//! People who give kudos all the time, over both transports, and record the answers.

use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use ring::hmac;
use rondo::model::clock::Clock;
use slack_sandbox::Sandbox;
use tokio::{sync::watch, task::JoinSet};

/// How many gifts may be acknowledged and not posted yet before people pause.
const MOST_AHEAD: u64 = 80;

/// Returns the name of a person, or of a channel, by number.
pub fn name(number: usize) -> String {
    format!("giver{number:02}")
}

pub fn channel(number: usize) -> String {
    format!("kudos{number:02}")
}

/// The giver and the transport: Slack delivers to an app over one transport, so the test itself sends over the other.
#[derive(Clone, Copy)]
pub enum Mouth {
    Socket(usize),
    Http(usize),
}

/// The answers that people got.
#[derive(Clone, Default)]
pub struct Heard {
    /// The reasons of acknowledged gifts, by transport.
    pub over_socket: BTreeSet<String>,
    pub over_http: BTreeSet<String>,
    /// The reasons of gifts without an answer, or with another one.
    pub unanswered: BTreeSet<String>,
}

pub struct Crowd {
    sandbox: Sandbox,
    web: reqwest::Client,
    address: String,
    secret: hmac::Key,
    people: Vec<String>,
    places: Vec<String>,
    /// The number of posts that the bot has begun.
    posts: watch::Receiver<u64>,
    random: Mutex<StdRng>,
    count: AtomicU64,
    heard: Mutex<Heard>,
    bursts: Mutex<JoinSet<()>>,
}

/// The running load.
pub struct Talk {
    stop: watch::Sender<bool>,
    talking: JoinSet<()>,
    crowd: Arc<Crowd>,
}

impl Talk {
    /// Lets all finish their present command.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        while self.talking.join_next().await.is_some() {}
        let mut bursts = std::mem::take(&mut *self.crowd.bursts.lock().unwrap());
        while bursts.join_next().await.is_some() {}
    }
}

impl Crowd {
    pub fn new(
        sandbox: &Sandbox,
        port: u16,
        secret: &str,
        seed: u64,
        places: Vec<String>,
        posts: watch::Receiver<u64>,
    ) -> Crowd {
        let web = super::process::web(Duration::from_secs(3));
        let people: Vec<String> = (0..super::PEOPLE).map(|n| sandbox.person(&name(n)).id()).collect();
        Crowd {
            sandbox: sandbox.clone(),
            web,
            address: format!("http://127.0.0.1:{port}/slack/commands"),
            secret: hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()),
            people,
            places,
            posts,
            random: Mutex::new(StdRng::seed_from_u64(seed)),
            count: AtomicU64::new(0),
            heard: Mutex::default(),
            bursts: Mutex::default(),
        }
    }

    /// Gives, waits a little and gives again, until stopped.
    pub fn talks(self: &Arc<Crowd>, mouths: impl Iterator<Item = Mouth>) -> Talk {
        let (stop, stopped) = watch::channel(false);
        let mut talking = JoinSet::new();
        for mouth in mouths {
            let (crowd, stopped) = (Arc::clone(self), stopped.clone());
            talking.spawn(async move {
                while !*stopped.borrow() {
                    if !crowd.is_ahead() {
                        crowd.gives(mouth).await;
                    }
                    let pause = crowd.random.lock().unwrap().random_range(500..1_800);
                    tokio::time::sleep(Duration::from_millis(pause)).await;
                }
            });
        }
        Talk { stop, talking, crowd: Arc::clone(self) }
    }

    /// Whether the backlog is much larger than what Slack takes meanwhile: then people pause, so that a long campaign
    /// does not end with an hour of announcements.
    fn is_ahead(&self) -> bool {
        let heard = self.heard.lock().unwrap();
        let said = heard.over_socket.len() + heard.over_http.len();
        u64::try_from(said).unwrap_or(u64::MAX) > *self.posts.borrow() + MOST_AHEAD
    }

    /// Gives several gifts at once, without waiting.
    pub fn bursts(self: &Arc<Crowd>, mouth: Mouth, gifts: usize) {
        let mut bursts = self.bursts.lock().unwrap();
        for _ in 0..gifts {
            let crowd = Arc::clone(self);
            bursts.spawn(async move { crowd.gives(mouth).await });
        }
    }

    pub fn heard(&self) -> Heard {
        self.heard.lock().unwrap().clone()
    }

    async fn gives(&self, mouth: Mouth) {
        let number = self.count.fetch_add(1, Ordering::Relaxed);
        let reason = format!("deed {number:06}.");
        let place = self.random.lock().unwrap().random_range(0..self.places.len());
        let answer = match mouth {
            Mouth::Socket(giver) => self.over_socket(giver, place, &reason).await,
            Mouth::Http(giver) => self.over_http(giver, place, number, &reason).await,
        };
        let mut heard = self.heard.lock().unwrap();
        match (answer, mouth) {
            (Some(answer), Mouth::Socket(_)) if answer.contains("Kudos") => heard.over_socket.insert(reason),
            (Some(answer), Mouth::Http(_)) if answer.contains("Kudos") => heard.over_http.insert(reason),
            _ => heard.unanswered.insert(reason),
        };
    }

    async fn over_socket(&self, giver: usize, place: usize, reason: &str) -> Option<String> {
        let person = self.sandbox.person(&name(giver));
        let text = format!("/kudos @{} for {reason}", name((giver + 1) % super::PEOPLE));
        let answer = person.says(&format!("#{}", channel(place)), &text).await;
        answer.is_answered().then_some(answer.text)
    }

    /// Sends a command as Slack sends it to a request URL, without Slack's retries.
    async fn over_http(&self, giver: usize, place: usize, number: u64, reason: &str) -> Option<String> {
        let receiver = (giver + 1) % super::PEOPLE;
        let text = format!("<@{}|{}> for {reason}", self.people[receiver], name(receiver));
        let fields = [
            ("team_id", self.sandbox.team_id()),
            ("channel_id", self.places[place].clone()),
            ("user_id", self.people[giver].clone()),
            ("command", "/kudos".to_owned()),
            ("text", text),
            ("trigger_id", format!("{number}.http")),
            ("response_url", format!("http://127.0.0.1:9/commands/{number}")),
        ];
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let stamp = Clock::machine().now().timestamp();
        let tag = hmac::sign(&self.secret, format!("v0:{stamp}:{body}").as_bytes());
        let hex: Vec<String> = tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        let request = self
            .web
            .post(&self.address)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("x-slack-request-timestamp", stamp.to_string())
            .header("x-slack-signature", format!("v0={}", hex.concat()))
            .body(body);
        let answer = request.send().await.ok().filter(|answer| answer.status().is_success())?;
        answer.text().await.ok()
    }
}
