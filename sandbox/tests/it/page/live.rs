//! Two tabs at once: each hears what the other does.

use http_body_util::{BodyExt, Empty};
use hyper::body::{Bytes, Incoming};
use hyper_util::rt::TokioIo;
use serde_json::json;
use tokio::net::TcpStream;

use super::{get, says, texts};
use crate::bot::{Bot, workspace};

/// A tab that hears of each change.
async fn listens(bot: &Bot) -> Incoming {
    let url: hyper::Uri = format!("{}sandbox/events", bot.sandbox.url()).parse().unwrap();
    let stream = TcpStream::connect(url.authority().unwrap().as_str()).await.unwrap();
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    let request =
        hyper::Request::get(url.path()).header("host", "localhost").body(Empty::<Bytes>::new()).unwrap();
    sender.send_request(request).await.unwrap().into_body()
}

async fn hears(tab: &mut Incoming) -> String {
    let frame = tab.frame().await.unwrap().unwrap();
    String::from_utf8(frame.into_data().unwrap().to_vec()).unwrap()
}

#[tokio::test]
async fn tabs_follow_changes() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    let change = get(&bot, "state?as=ben&channel=general").await["change"].clone();
    let mut tab = listens(&bot).await;
    says(&bot, "ana", "Good morning").await;
    assert!(hears(&mut tab).await.contains("changed"));
    let news = get(&bot, &format!("state?as=ben&channel=general&since={change}")).await;
    assert_eq!(texts(&news), ["Good morning"]);
}

#[tokio::test]
async fn two_tabs_are_two_people() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    sandbox.add_channel("secret", true, &["ana"]);
    let names = async |who: &str| {
        let shown = get(&bot, &format!("state?as={who}")).await;
        let places = shown["channels"].as_array().unwrap().iter();
        places.map(|place| place["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names("ana").await, ["general", "secret"]);
    assert_eq!(names("ben").await, ["general"]);
    sandbox.person("ana").says("#secret", "hush").await;
    let peeked = get(&bot, "state?as=ben&channel=secret").await;
    assert_eq!((&peeked["channel"], &peeked["messages"]), (&json!(null), &json!(null)));
    let peeked = get(&bot, "messages?as=ben&channel=secret").await;
    assert_eq!(peeked["messages"], json!([]));
}
