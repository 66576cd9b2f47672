//! What the page says that comes next.

use super::*;

const ROUND: &str = "Coffee round in #coffee-chats";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_pauses_is_not_announced_as_next() {
    let mut program = Program::new().await;
    let (mut demo, address) =
        program.shows_the_demo(&["--headless", "--no-colleagues", "--people", "8"]).await;
    let doors = Doors { http: http(), address };
    let soon = async || doors.looks("ana", "coffee-chats").await["time_travel"]["soon"].to_string();
    let says = async |text: &str| {
        doors.post("say", json!({ "as": "ana", "where": "#coffee-chats", "text": text })).await;
    };
    assert!(soon().await.contains(ROUND), "{}", soon().await);
    says("/coffee pause").await;
    doors.sees("ana", "coffee-chats", "has paused the coffee chats").await;
    assert!(!soon().await.contains("in #coffee-chats"), "{}", soon().await);
    says("/coffee resume").await;
    doors.sees("ana", "coffee-chats", "has resumed the coffee chats").await;
    assert!(soon().await.contains(ROUND), "{}", soon().await);
    assert_eq!(demo.stops("-INT").await.0, Some(0), "{}", demo.said());
}
