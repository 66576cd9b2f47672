//! The workspace's page by itself, with faults.

use fantoccini::key::Key;
use serde_json::json;
use slack_sandbox::{NewPerson, Options, Sandbox};
use tokio::net::TcpListener;

use super::*;

/// Opens the page at #general.
pub(super) async fn looks(chromium: &Chromium, sandbox: &Sandbox, who: &str) -> Tab {
    let tab = Tab::opens(chromium, &format!("{}#as={who}", sandbox.url())).await;
    tab.sees_in("#place", "#general").await;
    tab
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_cannot_inject_scripts() {
    const SCRIPT: &str = "<img src=x onerror=\"document.title='run'\"><script>document.title='run'</script>";
    let Some(chromium) = chromium() else { return };
    let sandbox =
        Sandbox::start(Options { team_name: SCRIPT.to_owned(), ..Options::default() }).await.unwrap();
    let mallory = sandbox.add_person(NewPerson {
        real_name: SCRIPT,
        title: SCRIPT,
        department: Some(SCRIPT),
        ..NewPerson::named("mallory")
    });
    let ana = sandbox.add_person(NewPerson::named("ana"));
    mallory.says("#general", SCRIPT).await;
    mallory.says("#general", "<javascript:document.title='run'|a harmless link>").await;
    let tab = looks(chromium, &sandbox, &ana.id()).await;
    tab.sees_in("#messages", "<img src=x onerror=").await;
    tab.sees_in("#messages", "a harmless link").await;
    let links = tab.runs("return [...document.querySelectorAll('#messages a')].map((one) => one.href)").await;
    assert!(!links.to_string().contains("javascript:"), "{links}");
    tab.becomes(SCRIPT).await;
    tab.sees_in("#team", SCRIPT).await;
    assert_ne!(tab.runs("return document.title").await, "run");
    assert_eq!(tab.runs("return document.querySelectorAll('img[src=x], body script').length").await, 0);
    tab.closes().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_is_edited_in_a_field_as_high_as_it() {
    let Some(chromium) = chromium() else { return };
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let ana = sandbox.add_person(NewPerson::named("ana"));
    let tab = looks(chromium, &sandbox, &ana.id()).await;
    let is_whole =
        "const field = document.querySelector('.editor'); return field.scrollHeight <= field.clientHeight";
    let percent = "return Math.round(100 * document.querySelector('.editor').offsetHeight / innerHeight)";
    for (lines, is_seen) in [(12, true), (90, false)] {
        ana.says("#general", &format!("{}the end of {lines}", "a line\n".repeat(lines))).await;
        let end = format!("the end of {lines}");
        tab.points_at(&end).await;
        tab.presses_in(&end, "More actions").await;
        tab.presses("Edit message").await;
        assert_eq!(tab.runs(is_whole).await, is_seen, "{lines} lines");
        assert!(tab.runs(percent).await.as_i64().unwrap() <= 50, "{lines} lines");
        tab.picture(&format!("editor-{lines}")).await;
        tab.presses("Cancel").await;
    }
    tab.closes().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unknown_command_is_answered_once() {
    let Some(chromium) = chromium() else { return };
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    sandbox.add_person(NewPerson::named("ana"));
    let ana = looks(chromium, &sandbox, "ana").await;
    ana.says("/kudo @ben for the soup").await;
    ana.sees_in("#messages", "/kudo is not a valid command").await;
    assert_eq!(ana.reads("#notice").await, "", "Slackbot has said it");
    ana.closes().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_press_that_comes_too_late_is_explained() {
    let Some(chromium) = chromium() else { return };
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    sandbox.add_person(NewPerson::named("ana"));
    let token = reach::installs_an_app(&sandbox);
    let button = json!({
        "type": "button", "action_id": "take", "text": { "type": "plain_text", "text": "I'll take over" },
    });
    let blocks = json!([{ "type": "actions", "elements": [button] }]);
    let post = json!({ "channel": "general", "text": "Who leads?", "blocks": blocks });
    let posted = reach::calls(&sandbox, &token, "chat.postMessage", post).await;
    let tab = looks(chromium, &sandbox, "ana").await;
    tab.sees_in("#messages", "I'll take over").await;
    // Another person is quicker than this page draws it.
    tab.runs("window.pressed = [...document.querySelectorAll('#messages button')].find((one) => one.innerText === \"I'll take over\")")
        .await;
    let update =
        json!({ "channel": posted["channel"], "ts": posted["ts"], "text": "Ben leads.", "blocks": [] });
    reach::calls(&sandbox, &token, "chat.update", update).await;
    tab.sees_in("#messages", "Ben leads.").await;
    tab.runs("window.pressed.click()").await;
    tab.sees_in("#notice", "This message changed at the same moment").await;
    tab.closes().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_silent_bot_is_reported() {
    let Some(chromium) = chromium() else { return };
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    sandbox.add_person(NewPerson::named("ana"));
    // It takes every request and never answers.
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", silent.local_addr().unwrap());
    let manifest = json!({
        "display_information": { "name": "Silent" },
        "features": {
            "bot_user": { "display_name": "silent" },
            "slash_commands": [{ "command": "/hello", "description": "Says nothing", "url": url }],
        },
        "oauth_config": { "scopes": { "bot": ["commands"] } },
    });
    sandbox.install(&manifest).unwrap();
    let ana = looks(chromium, &sandbox, "ana").await;
    ana.says("/hello").await;
    ana.sees_in("#notice", "silent did not respond").await;
    ana.picture("silent").await;
    ana.closes().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restarted_bot_needs_no_reload() {
    let Some(chromium) = chromium() else { return };
    let program = Program::new().await;
    let mut bot = program.is_up().await;
    let ana = looks(chromium, &program.sandbox, "ana").await;
    ana.says("/kudos @ben for the first").await;
    ana.sees_in("#messages", "the first").await;
    bot.stops("-KILL").await;
    ana.says("/kudos @ben for the second").await;
    // Slack answers that if nothing listens.
    let failed = "/kudos failed with the error \"dispatch_failed\"";
    ana.sees_in("#notice", failed).await;
    // It stays with the text that failed.
    ana.goes_to("Rondo").await;
    ana.becomes_true("return document.getElementById('notice').textContent === ''").await;
    ana.goes_to("general").await;
    ana.sees_in("#notice", failed).await;
    bot = program.is_up().await;
    // The typed text is still there, to be sent again.
    ana.types_into("Message", &char::from(Key::Enter).to_string()).await;
    ana.sees_in("#messages", "thanks @Ben\nthe second").await;
    bot.stops("-KILL").await;
    ana.says("/kudos @ben for the third").await;
    ana.sees_in("#notice", failed).await;
    ana.empties("Message").await;
    ana.becomes_true("return document.getElementById('notice').textContent === ''").await;
    ana.closes().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_messages_load_on_scrolling() {
    const MANY: usize = 10_000;
    let Some(chromium) = chromium() else { return };
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let ana = sandbox.add_person(NewPerson::named("ana"));
    for n in 1..=MANY {
        ana.says("#general", &format!("Message {n}.")).await;
    }
    let tab = looks(chromium, &sandbox, "ana").await;
    tab.sees_in("#messages", "Message 10000.").await;
    let drawn = async || {
        tab.runs("return document.querySelectorAll('#messages article').length").await.as_u64().unwrap()
    };
    assert!(drawn().await <= 400, "a page of them is drawn: {}", drawn().await);
    assert!(!tab.reads("#messages").await.contains("Message 9000."));
    let scrolls_up = "const list = document.getElementById('messages');
        const first = list.querySelector('article');
        const seen = { ts: first.dataset.ts, top: Math.round(first.getBoundingClientRect().top + list.scrollTop) };
        list.scrollTop = 0;
        return seen";
    while !tab.reads("#messages").await.contains("Message 9000.") {
        let before = drawn().await;
        let seen = tab.runs(scrolls_up).await;
        tab.becomes_true(&format!("return document.querySelectorAll('#messages article').length > {before}"))
            .await;
        // What one reads stays where it was, and the older ones are above it.
        tab.becomes_true(&format!(
            "const one = document.querySelector('#messages [data-ts=\"' + {} + '\"]');
             return Math.abs(one.getBoundingClientRect().top - {}) < 40",
            seen["ts"], seen["top"]
        ))
        .await;
    }
    tab.says("And still one can write.").await;
    tab.sees_in("#messages", "And still one can write.").await;
    tab.closes().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tabs_of_one_browser_differ() {
    let Some(chromium) = chromium() else { return };
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    for name in ["ana", "ben"] {
        sandbox.add_person(NewPerson::named(name));
    }
    sandbox.add_channel("secret", true, &["ana"]);
    let tab = looks(chromium, &sandbox, "ana").await;
    tab.sees_in("#side", "secret").await;
    tab.says("from the first tab").await;
    let first = tab.opens_beside(&format!("{}#as=ben", sandbox.url())).await;
    tab.sees_in("#messages", "from the first tab").await;
    assert!(!tab.reads("#side").await.contains("secret"));
    tab.says("from the second tab").await;
    tab.sees_in("#messages", "from the second tab").await;
    tab.looks_at(first).await;
    tab.sees_in("#messages", "from the second tab").await;
    tab.sees_in("#side", "secret").await;
    tab.closes().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_browser_may_have_many_tabs() {
    let Some(chromium) = chromium() else { return };
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    for name in ["ana", "ben"] {
        sandbox.add_person(NewPerson::named(name));
    }
    let tab = looks(chromium, &sandbox, "ana").await;
    tab.sees_in("#place", "general").await;
    let first = tab.opens_beside(&format!("{}#as=ben", sandbox.url())).await;
    for _ in 0..7 {
        tab.opens_beside(&format!("{}#as=ben", sandbox.url())).await;
        tab.sees_in("#place", "general").await;
    }
    tab.says("from the last tab").await;
    tab.sees_in("#messages", "from the last tab").await;
    tab.looks_at(first).await;
    tab.sees_in("#messages", "from the last tab").await;
    tab.says("from the first tab").await;
    tab.sees_in("#messages", "from the first tab").await;
    tab.closes().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refused_calls_are_red() {
    let Some(chromium) = chromium() else { return };
    let program = Program::new().await;
    let _bot = program.is_up().await;
    let ana = looks(chromium, &program.sandbox, "ana").await;
    ana.presses("Wire").await;
    ana.presses("429").await;
    ana.says("/kudos @ben for patience").await;
    ana.sees_in("#messages", "patience").await;
    ana.chooses("Show", "Refusals").await;
    ana.sees_in("#rows .bad", "ratelimited").await;
    let colour = "const [red, green, blue] = getComputedStyle(document.querySelector('#rows .result.bad')).color \
                  .match(/\\d+/g).map(Number); return red > 1.5 * green && red > 1.5 * blue";
    assert_eq!(ana.runs(colour).await, true, "it is red");
    ana.picture("wire").await;
    ana.chooses("Show", "All").await;
    ana.types_into("Find", "patience").await;
    ana.sees_in("#rows", "/kudos").await;
    ana.closes().await;
}
