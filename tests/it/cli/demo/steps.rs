//! The card's steps of promises and decisions: recording, moving and keeping one. What the bot refuses ticks nothing.

use super::*;

impl Doors {
    async fn says(&self, text: &str) {
        self.post("say", json!({ "as": "ana", "where": "#general", "text": text })).await;
    }

    /// Waits until these steps are ticked, and no others.
    async fn has_ticked(&self, steps: &[&str]) {
        let mut ticked = Vec::new();
        for _ in 0..500 {
            ticked = self.ticked("ana").await;
            if ticked == steps {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        assert_eq!(ticked, steps);
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

/// Returns the `action_id` of the first menu with this placeholder.
fn menu(shown: &Value, placeholder: &str) -> Option<Value> {
    if shown["placeholder"]["text"] == placeholder {
        return Some(shown["action_id"].clone());
    }
    let parts: Vec<&Value> = match shown {
        Value::Array(parts) => parts.iter().collect(),
        Value::Object(parts) => parts.values().collect(),
        _ => Vec::new(),
    };
    parts.into_iter().find_map(|part| menu(part, placeholder))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_card_leads_through_promises_and_decisions() {
    let mut program = Program::new().await;
    let (mut demo, address) =
        program.shows_the_demo(&["--headless", "--no-colleagues", "--people", "6"]).await;
    let doors = Doors { http: http(), address };
    doors.says("/promise write up the customer call soon").await;
    doors.sees("ana", "general", "When is").await;
    assert_eq!(doors.ticked("ana").await, [""; 0]);
    let steps = ["Promise something", "See what waits for you", "Move a promise", "Keep it"];
    doors.says("/promise write up the customer call by Friday").await;
    doors.has_ticked(&steps[..1]).await;
    doors.says("/promise mine").await;
    doors.has_ticked(&steps[..2]).await;
    let list = doors.sees("ana", "general", "What waits for you").await;
    let press = |what: Value| {
        let mut press = json!({ "as": "ana", "channel": "general", "ts": list["ts"] });
        press.as_object_mut().unwrap().extend(what.as_object().unwrap().clone());
        press
    };
    let menu = menu(&list, "Later…").unwrap();
    doors.post("click", press(json!({ "action_id": menu, "value": "next_week" }))).await;
    doors.has_ticked(&steps[..3]).await;
    doors.post("click", press(json!({ "text": "Done" }))).await;
    doors.has_ticked(&steps).await;

    doors.says("/sync decide Use Postgres because two teams know it").await;
    doors.opens("Record a decision").await;
    doors.post("submit", json!({ "as": "ana", "values": { "what": " " } })).await;
    let recorded = async || doors.ticked("ana").await.iter().any(|step| step == "Record the decision");
    assert!(!recorded().await, "it says nothing");
    doors.post("submit", json!({ "as": "ana", "values": { "what": "Use Postgres" } })).await;
    doors.sees("ana", "general", "Decision* by").await;
    doors.has_ticked(&[&["Write down a decision", "Record the decision"], &steps[..]].concat()).await;
    assert_eq!(demo.stops("-INT").await.0, Some(0), "{}", demo.said());
}
