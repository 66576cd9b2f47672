//! The card's steps of promises and decisions: recording, moving and keeping one. What the bot refuses ticks nothing.

use super::*;

impl Doors {
    async fn says(&self, text: &str) {
        self.post("say", json!({ "as": "ana", "where": "#general", "text": text })).await;
    }

    /// Waits until these steps are ticked, and no others.
    async fn has_ticked(&self, steps: &[&str]) {
        for _ in 0..500 {
            if self.ticked("ana").await == steps {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        assert_eq!(self.ticked("ana").await, steps);
    }

    /// Waits for a form with this title.
    async fn opens(&self, title: &str) {
        for _ in 0..500 {
            let seen = self.looks("ana", "general").await;
            if seen["modals"].to_string().contains(title) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("no form {title:?} opens");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_promise_is_made_moved_and_kept() {
    let mut program = Program::new().await;
    let (mut demo, address) =
        program.shows_the_demo(&["--headless", "--no-colleagues", "--people", "6"]).await;
    let doors = Doors { http: http(), address };
    doors.says("/promise write up the customer call soon").await;
    doors.sees("ana", "general", "When is").await;
    assert_eq!(doors.ticked("ana").await, [""; 0]);
    doors.says("/promise write up the customer call by Friday").await;
    doors.sees("ana", "general", "Promised for").await;
    doors.has_ticked(&["Promise something"]).await;
    doors.says("/promise mine").await;
    let list = doors.sees("ana", "general", "What waits for you").await;
    doors.has_ticked(&["Promise something", "See what waits for you"]).await;
    let press = |more: Value| {
        let mut press = json!({ "as": "ana", "channel": "general", "ts": list["ts"] });
        press.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        press
    };
    doors.post("click", press(json!({ "action_id": "promises:when", "value": "next_week" }))).await;
    doors.sees("ana", "general", "Moved to").await;
    let moved = ["Promise something", "See what waits for you", "Move a promise"];
    doors.has_ticked(&moved).await;
    doors.post("click", press(json!({ "text": "Done" }))).await;
    doors.sees("ana", "general", "Done, thank you").await;
    doors.has_ticked(&[&moved[..], &["Keep it"]].concat()).await;
    assert_eq!(demo.stops("-INT").await.0, Some(0), "{}", demo.said());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_decision_is_written_down_and_recorded() {
    let mut program = Program::new().await;
    let (mut demo, address) =
        program.shows_the_demo(&["--headless", "--no-colleagues", "--people", "6"]).await;
    let doors = Doors { http: http(), address };
    doors.says("/sync decide Use Postgres because two teams know it").await;
    doors.opens("Record a decision").await;
    doors.has_ticked(&["Write down a decision"]).await;
    doors.post("submit", json!({ "as": "ana", "values": { "what": " " } })).await;
    assert_eq!(doors.ticked("ana").await, ["Write down a decision"], "it says nothing");
    doors.post("submit", json!({ "as": "ana", "values": { "what": "Use Postgres" } })).await;
    doors.sees("ana", "general", "Decision* by").await;
    doors.has_ticked(&["Write down a decision", "Record the decision"]).await;
    assert_eq!(demo.stops("-INT").await.0, Some(0), "{}", demo.said());
}
