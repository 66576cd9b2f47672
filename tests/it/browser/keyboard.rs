//! The keyboard alone: where the focus is once a form has answered, and Enter ahead of what it's for.

use fantoccini::key::Key;
use serde_json::json;

use super::{
    blocks::{App, plain, row},
    workspace::looks,
    *,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_that_answers_closes_by_enter_and_the_focus_goes_on() {
    let Some(chromium) = chromium() else { return };
    let (app, sandbox) = App::in_a_workspace().await;
    let button = json!({ "type": "button", "action_id": "form", "text": plain("Fill it in") });
    let posted = app.posts(json!({ "blocks": [{ "type": "actions", "elements": [button] }] })).await;
    let ana = looks(chromium, &sandbox, "ana").await;
    ana.presses("Fill it in").await;
    ana.sees_in("#modal h2", "First").await;
    ana.types_into("Your answer", "enough").await;
    ana.presses("Go on").await;
    ana.sees_in("#modal h2", "Saved").await;
    ana.becomes_true("return document.activeElement.textContent === 'Close'").await;
    // The button that the form came from is gone meanwhile.
    let change =
        json!({ "channel": posted["channel"], "ts": posted["ts"], "text": "It is saved.", "blocks": [] });
    app.calls("chat.update", &change).await;
    ana.sees_in("#messages", "It is saved.").await;
    ana.keys(&[Key::Enter]).await;
    ana.becomes_true("return !document.getElementById('modal').open").await;
    ana.becomes_true("return document.activeElement.matches('#composer textarea')").await;
    ana.closes().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn enter_ahead_of_the_options_takes_the_first() {
    let Some(chromium) = chromium() else { return };
    let (app, sandbox) = App::in_a_workspace().await;
    let fed = json!({ "type": "external_select", "action_id": "fed", "placeholder": plain("A drink"), "min_query_length": 0 });
    app.posts(json!({ "blocks": [row("Fed by the app", &fed)] })).await;
    let ana = looks(chromium, &sandbox, "ana").await;
    ana.types_into("A drink", "tea\u{e007}").await;
    assert_eq!(app.told_by("fed").await["selected_option"]["value"], "coffee", "the app's first");
    ana.closes().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn enter_takes_what_is_not_chosen_yet() {
    let Some(chromium) = chromium() else { return };
    let (app, sandbox) = App::in_a_workspace().await;
    let option = |name: &str| json!({ "text": plain(name), "value": name });
    let options = [option("Green tea"), option("Black tea"), option("Coffee")];
    let many = json!({ "type": "multi_static_select", "action_id": "many", "placeholder": plain("Drinks"), "options": options });
    app.posts(json!({ "blocks": [row("As many as you like", &many)] })).await;
    let ana = looks(chromium, &sandbox, "ana").await;
    for _ in 0..2 {
        ana.types_into("Drinks", "tea\u{e007}").await;
    }
    ana.becomes_true("return document.querySelectorAll('#messages .chip').length === 2").await;
    ana.closes().await;
}
