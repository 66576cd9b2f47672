//! Block Kit in the browser: what is drawn, what each control sends, forms on top of one another, and shortcuts. The
//! app is minimal and unrelated to the bot.

use std::sync::{Arc, Mutex};

use axum::{
    Router, body::Bytes, extract::State, http::header::CONTENT_TYPE, response::IntoResponse, routing::post,
};
use serde_json::{Value, json};
use slack_sandbox::{NewPerson, Options, Sandbox};
use tokio::net::TcpListener;

use super::{workspace::looks, *};

/// An app that acknowledges and records all requests, and has a form with several steps.
#[derive(Clone)]
pub(super) struct App {
    heard: Arc<Mutex<Vec<Value>>>,
    http: reqwest::Client,
    api: String,
    token: String,
}

impl App {
    /// Starts a workspace with ana and ben, and the app in `#general`.
    pub(super) async fn in_a_workspace() -> (App, Sandbox) {
        let sandbox = Sandbox::start(Options::default()).await.unwrap();
        for name in ["ana", "ben"] {
            sandbox.add_person(NewPerson::named(name));
        }
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let shortcut = |kind: &str, name: &str| json!({ "name": name, "type": kind, "callback_id": name, "description": name });
        let install = sandbox
            .install(&json!({
                "display_information": { "name": "Kit" },
                "features": {
                    "bot_user": { "display_name": "kit" },
                    "slash_commands": [{ "command": "/form", "description": "Opens a form", "url": url }],
                    "shortcuts": [shortcut("message", "Keep this"), shortcut("global", "Begin something")],
                },
                "oauth_config": { "scopes": { "bot": ["commands", "chat:write"] } },
                "settings": { "interactivity": { "is_enabled": true, "request_url": url, "message_menu_options_url": url } },
            }))
            .unwrap();
        sandbox.invite("general", &install.bot_user_id);
        let app =
            App { heard: Arc::default(), http: http(), api: sandbox.api_url(), token: install.bot_token };
        let routes = Router::new().route("/", post(hears)).with_state(app.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        (app, sandbox)
    }

    pub(super) async fn calls(&self, method: &str, arguments: &Value) -> Value {
        let request = self.http.post(format!("{}/{method}", self.api.trim_end_matches('/')));
        let answer = request.bearer_auth(&self.token).json(arguments).send().await.unwrap();
        let answer: Value = answer.json().await.unwrap();
        assert_eq!(answer["ok"], true, "{method} {arguments}: {answer}");
        answer
    }

    /// Posts blocks in `#general`, and returns the message.
    pub(super) async fn posts(&self, message: Value) -> Value {
        let mut message = message;
        message["channel"] = json!("general");
        message["text"] = json!("for those who cannot see the blocks");
        self.calls("chat.postMessage", &message).await
    }

    /// Waits for the last request in which `what` finds something.
    async fn hears<T>(&self, what: &str, found: impl Fn(&Value) -> Option<T>) -> T {
        for _ in 0..500 {
            if let Some(found) = self.heard.lock().unwrap().iter().rev().find_map(&found) {
                return found;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        panic!("the app never hears of {what}: {:#?}", self.heard.lock().unwrap());
    }

    /// Returns what an element sent when it was used last.
    pub(super) async fn told_by(&self, action: &str) -> Value {
        self.hears(action, |heard| {
            heard["actions"].as_array()?.iter().find(|one| one["action_id"] == action).cloned()
        })
        .await
    }
}

/// Records a request, and answers the steps of the form.
async fn hears(State(app): State<App>, body: Bytes) -> impl IntoResponse {
    let fields: Vec<(String, String)> =
        form_urlencoded::parse(&body).map(|(key, value)| (key.into_owned(), value.into_owned())).collect();
    let field = |name: &str| fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let heard: Value = match field("payload") {
        Some(payload) => serde_json::from_str(payload).unwrap(),
        None => json!({ "command": field("command"), "trigger_id": field("trigger_id") }),
    };
    app.heard.lock().unwrap().push(heard.clone());
    if heard["type"] == "block_suggestion" {
        return acknowledged(&json!({ "options": [option("Coffee"), option("Tea")] }));
    }
    if heard["command"] == "/form" || heard["actions"][0]["action_id"] == "form" {
        let mut view = step("First", "Go on");
        if field("text") == Some("short") {
            view["blocks"].as_array_mut().unwrap().remove(0);
        }
        let open = json!({ "trigger_id": heard["trigger_id"], "view": view });
        tokio::spawn(async move { app.calls("views.open", &open).await });
        return acknowledged(&Value::Null);
    }
    let typed = &heard["view"]["state"]["values"]["answer"]["words"]["value"];
    acknowledged(
        &match heard["view"]["title"]["text"].as_str().filter(|_| heard["type"] == "view_submission") {
            Some("First") if typed == "wrong" => {
                json!({ "response_action": "errors", "errors": { "answer": "Another word, please" } })
            }
            Some("First") if typed == "enough" => json!({ "response_action": "update", "view": saved() }),
            Some("First") => json!({ "response_action": "push", "view": step("Second", "Change it") }),
            Some("Second") => json!({ "response_action": "update", "view": step("Third", "Close all") }),
            Some(_) => json!({ "response_action": "clear" }),
            None => Value::Null,
        },
    )
}

fn acknowledged(with: &Value) -> impl IntoResponse + use<> {
    let body = if with.is_null() { String::new() } else { with.to_string() };
    ([(CONTENT_TYPE, "application/json")], body)
}

pub(super) fn plain(text: &str) -> Value {
    json!({ "type": "plain_text", "text": text })
}

fn option(text: &str) -> Value {
    json!({ "text": plain(text), "value": text.to_lowercase() })
}

fn step(title: &str, submit: &str) -> Value {
    json!({
        "type": "modal", "title": plain(title), "submit": plain(submit), "close": plain("Back out"),
        "notify_on_close": true,
        // Longer than any window.
        "blocks": [{ "type": "section", "text": plain(&"What it is about.\n".repeat(60)) }, {
            "type": "input", "block_id": "answer", "label": plain("Your answer"),
            "element": { "type": "plain_text_input", "action_id": "words" },
        }],
    })
}

/// A form that says what was done, and has nothing to fill in.
fn saved() -> Value {
    let blocks = [json!({ "type": "section", "text": plain("It is saved.") })];
    json!({ "type": "modal", "title": plain("Saved"), "close": plain("Close"), "blocks": blocks })
}

/// Returns a row of elements, each in its own block so that its text finds it.
pub(super) fn row(about: &str, element: &Value) -> Value {
    json!({ "type": "section", "text": { "type": "mrkdwn", "text": about }, "accessory": element })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn controls_send_what_slack_sends() {
    let Some(chromium) = chromium() else { return };
    let (app, sandbox) = App::in_a_workspace().await;
    let ben = sandbox.person("ben").id();
    let tea = json!([option("Tea"), option("Coffee"), option("Water")]);
    let element = |kind: &str| json!({ "type": kind, "action_id": kind });
    let with = |kind: &str, key: &str, value: &Value| {
        let mut made = element(kind);
        made[key] = value.clone();
        made
    };
    let named = |kind: &str, placeholder: &str| with(kind, "placeholder", &plain(placeholder));
    let mut drinks = named("static_select", "A drink");
    drinks["options"] = tea.clone();
    app.posts(json!({ "blocks": [
        row("One of a few", &drinks),
        row("Somebody", &named("users_select", "A colleague")),
        row("Somewhere", &named("conversations_select", "A place")),
        row("Options", &with("overflow", "options", &tea)),
        row("A day", &named("datepicker", "A date")),
        row("An hour", &named("timepicker", "A time")),
        { "type": "actions", "elements": [with("radio_buttons", "options", &tea)] },
        { "type": "actions", "elements": [with("checkboxes", "options", &json!([option("Milk"), option("Sugar")]))] },
        { "type": "actions", "elements": [with("button", "text", &plain("Serve"))] },
    ] }))
    .await;
    let ana = looks(chromium, &sandbox, "ana").await;
    ana.chooses("A drink", "Coffee").await;
    assert_eq!(app.told_by("static_select").await["selected_option"]["value"], "coffee");
    ana.picks("A colleague", "Ben").await;
    assert_eq!(app.told_by("users_select").await["selected_user"], ben);
    ana.picks("A place", "general").await;
    assert!(
        app.told_by("conversations_select").await["selected_conversation"].as_str().unwrap().starts_with('C')
    );
    ana.presses("More options").await;
    ana.presses("Water").await;
    assert_eq!(app.told_by("overflow").await["selected_option"]["value"], "water");
    ana.sets("A date", "2026-03-02").await;
    assert_eq!(app.told_by("datepicker").await["selected_date"], "2026-03-02");
    ana.sets("A time", "14:30").await;
    assert_eq!(app.told_by("timepicker").await["selected_time"], "14:30");
    ana.ticks("Tea").await;
    assert_eq!(app.told_by("radio_buttons").await["selected_option"]["value"], "tea");
    ana.ticks("Milk").await;
    ana.ticks("Sugar").await;
    let both = |heard: &Value| {
        let ticked = heard["actions"][0]["selected_options"].as_array()?;
        (ticked.len() == 2).then(|| ticked.iter().map(|one| one["value"].clone()).collect::<Vec<_>>())
    };
    assert_eq!(app.hears("two ticks", both).await, ["milk", "sugar"]);
    ana.presses("Serve").await;
    let pressed = app
        .hears("the button", |heard| (heard["actions"][0]["action_id"] == "button").then(|| heard.clone()));
    let state = &pressed.await["state"]["values"];
    let told = state.to_string();
    for held in ["coffee", &ben, "2026-03-02", "14:30", "tea", "sugar"] {
        assert!(told.contains(held), "a button brings along what the fields hold, {held} too: {told}");
    }
    ana.picture("controls").await;
    ana.closes().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn figures_show_every_number() {
    let Some(chromium) = chromium() else { return };
    let (app, sandbox) = App::in_a_workspace().await;
    let cell = |text: &str| json!({ "type": "raw_text", "text": text });
    let rows = json!([[cell("Name"), cell("Given")], [cell("Ana"), { "type": "raw_number", "value": 41, "text": "41" }]]);
    let data = json!([{ "label": "Week 1", "value": 7 }, { "label": "Week 2", "value": 13 }]);
    let chart = json!({
        "type": "bar", "series": [{ "name": "Team", "data": data }],
        "axis_config": { "categories": ["Week 1", "Week 2"], "y_label": "Kudos" },
    });
    let pie = json!({ "type": "pie", "segments": [{ "label": "Thanks", "value": 99 }] });
    app.posts(json!({ "blocks": [
        { "type": "data_table", "caption": "The month", "rows": rows },
        { "type": "data_visualization", "title": "The weeks", "chart": chart },
        { "type": "data_visualization", "title": "The share", "chart": pie },
    ] }))
    .await;
    let ana = looks(chromium, &sandbox, "ana").await;
    for words in
        ["The month", "41", "The weeks (Kudos) bar chart", "Week 2", "13", "The share pie chart", "99"]
    {
        ana.sees_in("#messages", words).await;
    }
    // Bars end at a round number, here 20.
    let widths =
        "return [...document.querySelectorAll('.chart .amount')].slice(0, 2).map((bar) => bar.style.width)";
    assert_eq!(ana.runs(widths).await, json!(["35%", "65%"]));
    ana.picture("figures").await;
    ana.closes().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn blocks_of_blocks_are_drawn_and_pressed() {
    let Some(chromium) = chromium() else { return };
    let (app, sandbox) = App::in_a_workspace().await;
    let button =
        |name: &str| json!({ "type": "button", "action_id": name, "text": plain(name), "value": name });
    let card = |name: &str| {
        json!({
            "type": "card", "title": { "type": "mrkdwn", "text": format!("*{name}*") },
            "body": { "type": "mrkdwn", "text": "With &lt;b&gt; &amp; more" }, "actions": [button(name)],
        })
    };
    let inside = json!({ "type": "section", "text": plain("Kept inside"), "accessory": button("Unpack") });
    let task =
        |id: &str, status: &str| json!({ "task_id": id, "title": format!("Task {id}"), "status": status });
    app.posts(json!({ "blocks": [
        card("Alone"),
        { "type": "carousel", "elements": [card("Left"), card("Middle"), card("Right")] },
        {
            "type": "container", "title": plain("A box"), "is_collapsible": true, "default_collapsed": true,
            "child_blocks": [inside],
        },
        { "type": "plan", "title": "Two steps", "tasks": [task("1", "complete"), task("2", "error")] },
    ] }))
    .await;
    let ana = looks(chromium, &sandbox, "ana").await;
    for words in ["Alone", "Left", "Right", "A box", "Two steps", "Task 1", "Done", "Task 2", "Failed"] {
        ana.sees_in("#messages", words).await;
    }
    ana.sees_in("#messages", "With <b> & more").await;
    // A box is opened before what it holds can be pressed.
    ana.sees_no("Kept inside").await;
    ana.runs("document.querySelector('details.blockcard summary').click()").await;
    ana.sees("Kept inside").await;
    for name in ["Alone", "Right", "Unpack"] {
        ana.presses(name).await;
        assert!(app.told_by(name).await.to_string().contains(name), "{name}");
    }
    let wide = "return document.documentElement.scrollWidth <= window.innerWidth";
    ana.becomes_true(wide).await;
    ana.picture("blocks-of-blocks").await;
    ana.closes().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dangerous_buttons_ask_twice() {
    let Some(chromium) = chromium() else { return };
    let (app, sandbox) = App::in_a_workspace().await;
    let sure = json!({
        "title": plain("Are you sure?"), "text": plain("It cannot be undone."),
        "confirm": plain("Do it"), "deny": plain("Rather not"),
    });
    let button = json!({
        "type": "button", "action_id": "erase", "text": plain("Erase all"), "style": "danger", "confirm": sure,
    });
    app.posts(json!({ "blocks": [{ "type": "actions", "elements": [button] }] })).await;
    let ana = looks(chromium, &sandbox, "ana").await;
    ana.presses("Erase all").await;
    ana.sees("It cannot be undone.").await;
    ana.presses("Rather not").await;
    ana.sees_no("It cannot be undone.").await;
    assert!(app.heard.lock().unwrap().is_empty(), "nothing is sent before the confirmation");
    ana.presses("Erase all").await;
    ana.presses("Do it").await;
    app.told_by("erase").await;
    ana.closes().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn modals_stack_change_and_close() {
    let Some(chromium) = chromium() else { return };
    let (app, sandbox) = App::in_a_workspace().await;
    let ana = looks(chromium, &sandbox, "ana").await;
    ana.says("/form").await;
    ana.sees_in("#modal h2", "First").await;
    // A form begins at its top, though its field has the focus, and then shows what is wrong.
    let at_top = "return document.querySelector('#modal .blocks').scrollTop === 0 && document.activeElement.matches('#modal input')";
    ana.becomes_true(at_top).await;
    ana.types_into("Your answer", "wrong").await;
    ana.runs("document.querySelector('#modal .blocks').scrollTop = 0").await;
    ana.presses("Go on").await;
    ana.sees_in("#modal [role=alert]", "Another word, please").await;
    ana.becomes_true(
        "const [error, blocks] = ['.error', '.blocks'].map((one) => document.querySelector(`#modal ${one}`).getBoundingClientRect()); \
         return error.bottom <= blocks.bottom + 1 && document.activeElement.matches('#modal input')",
    )
    .await;
    ana.empties("Your answer").await;
    ana.types_into("Your answer", "right").await;
    ana.presses("Go on").await;
    ana.sees_in("#modal h2", "Second").await;
    // The form below is unchanged.
    ana.presses("Back").await;
    ana.sees_in("#modal h2", "First").await;
    assert_eq!(ana.runs("return document.querySelector('#modal input').value").await, "right");
    app.hears("a form that was closed", |heard| (heard["type"] == "view_closed").then_some(())).await;
    ana.presses("Go on").await;
    ana.sees_in("#modal h2", "Second").await;
    ana.types_into("Your answer", "more").await;
    ana.presses("Change it").await;
    ana.sees_in("#modal h2", "Third").await;
    ana.types_into("Your answer", "enough").await;
    ana.presses("Close all").await;
    ana.becomes_true("return !document.getElementById('modal').open").await;
    ana.closes().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn shortcuts_are_in_their_menus() {
    let Some(chromium) = chromium() else { return };
    let (app, sandbox) = App::in_a_workspace().await;
    let ana = looks(chromium, &sandbox, "ana").await;
    ana.says("Worth keeping").await;
    ana.points_at("Worth keeping").await;
    ana.presses_in("Worth keeping", "More actions").await;
    ana.presses("Keep this").await;
    let kept = app.hears("the message", |heard| {
        (heard["type"] == "message_action").then(|| heard["message"]["text"].clone())
    });
    assert_eq!(kept.await, "Worth keeping");
    ana.presses("Shortcuts").await;
    ana.presses("Begin something").await;
    app.hears("the shortcut", |heard| (heard["type"] == "shortcut").then_some(())).await;
    // People edit and delete their own messages with the same menu.
    ana.points_at("Worth keeping").await;
    ana.presses_in("Worth keeping", "More actions").await;
    ana.presses("Edit message").await;
    ana.types_into("Edit message", ", all of it").await;
    ana.presses("Save").await;
    ana.sees_in("#messages", "Worth keeping, all of it (edited)").await;
    ana.points_at("Worth keeping").await;
    ana.presses_in("Worth keeping", "More actions").await;
    ana.presses("Delete message").await;
    ana.presses("Delete").await;
    ana.sees_no("Worth keeping").await;
    ana.closes().await;
}
