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
    pub(super) async fn opens(&self, title: &str) {
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
    let recorded = async || doors.ticked("ana").await.iter().any(|step| step == "Write down a decision");
    assert!(!recorded().await, "it says nothing");
    doors.post("submit", json!({ "as": "ana", "values": { "what": "Use Postgres" } })).await;
    doors.sees("ana", "general", "Decision* by").await;
    doors.has_ticked(&[&["Write down a decision"], &steps[..]].concat()).await;
    assert_eq!(demo.stops("-INT").await.0, Some(0), "{}", demo.said());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn typing_ticks_as_pressing_does_and_only_in_its_own_chapter() {
    let mut program = Program::new().await;
    let (mut demo, address) = program.shows_the_demo(&["--headless", "--no-colleagues"]).await;
    let doors = Doors { http: http(), address };
    let says = async |place: &str, text: &str| {
        doors.post("say", json!({ "as": "ana", "where": place, "text": text })).await;
    };
    // Other rituals skip and take part again in nearly the same words.
    for ritual in ["sync", "retro"] {
        says("#cross-team", &format!("/{ritual} skip")).await;
        doors.sees("ana", "cross-team", &format!("You're skipping the {ritual}")).await;
        says("#cross-team", &format!("/{ritual} join")).await;
        doors.sees("ana", "cross-team", "You're in").await;
    }
    says("#general", "/sync").await;
    doors.opens("Set up a sync").await;
    doors.post("submit", json!({ "as": "ana", "values": { "when": "every Monday at 15:00" } })).await;
    doors.opens("First").await;
    doors.post("close", json!({ "as": "ana" })).await;
    doors.post("close", json!({ "as": "ana" })).await;
    says("#coffee-chats", "/coffee skip").await;
    // A form that was closed again has set up nothing.
    doors.has_ticked(&["Skip a round"]).await;
    says("#coffee-chats", "/coffee join").await;
    doors.has_ticked(&["Skip a round", "Take part again"]).await;
    says("#general", "/promise send the report by Friday").await;
    let ticked = ["Skip a round", "Take part again", "Promise something"];
    doors.has_ticked(&ticked).await;
    says("#general", "/promise done 1").await;
    doors.has_ticked(&[&ticked[..], &["Keep it"]].concat()).await;
    // A retro that closes by itself in time ticks nothing.
    doors.post("clock", json!({ "advance_ms": 7 * 24 * 60 * 60 * 1_000 })).await;
    doors.has_ticked(&[&ticked[..], &["Keep it"]].concat()).await;
    assert_eq!(demo.stops("-INT").await.0, Some(0), "{}", demo.said());
}
