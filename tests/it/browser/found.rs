//! What the search shows and where it leads to.

use fantoccini::key::Key;
use serde_json::json;
use slack_sandbox::{NewPerson, Options, Sandbox};

use super::{reach::SEARCH, workspace::looks, *};

/// The sizes of a telephone, a tablet and a desk.
const SIZES: [(u32, u32); 3] = [(390, 844), (768, 1_024), (1_440, 900)];

/// Returns whether the thread is closed, and its first message is marked, in sight, and has the focus.
const AT_THE_FIRST: &str = "const found = document.querySelector('#messages article.found'); \
     if (!found || !document.getElementById('thread').hidden) return false; \
     const [message, list] = [found, document.getElementById('messages')].map((one) => one.getBoundingClientRect()); \
     return found.innerText.includes('Who waters it?') && message.top >= list.top && message.bottom <= list.bottom \
       && document.activeElement === found";

/// A workspace with two long conversations, and a thread in the midst of `#garden`.
async fn with_a_thread() -> Sandbox {
    let sandbox = Sandbox::start(Options { enforce_limits: false, ..Options::default() }).await.unwrap();
    sandbox.add_person(NewPerson::named("ana"));
    sandbox.add_channel("garden", false, &["ana"]);
    let ana = sandbox.person("ana");
    for n in 0..120 {
        ana.says("#general", &format!("Message {n}.")).await;
        let words = if n == 60 { "Who waters it?".to_owned() } else { format!("Plant {n}.") };
        ana.says("#garden", &words).await;
    }
    let asked = ana.reads("#garden").into_iter().find(|one| one.text == "Who waters it?").unwrap();
    ana.replies(&asked, "The zebra does, with @ana and @here");
    sandbox
}

/// Searches for words, which are found in a reply, and opens it.
async fn opens_the_reply(tab: &Tab) {
    tab.presses("Search").await;
    tab.empties(SEARCH).await;
    tab.types_into(SEARCH, "zebra").await;
    tab.sees_in("#search-status", "1 message").await;
    tab.keys(&[Key::Enter]).await;
    tab.sees_in("#replies article.found", "The zebra").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn leaving_a_found_thread_leads_to_its_first_message() {
    let Some(chromium) = chromium() else { return };
    let sandbox = with_a_thread().await;
    let tab = looks(chromium, &sandbox, "ana").await;
    for size in SIZES {
        tab.is_sized(size).await;
        for way in ["button", "back", "Escape"] {
            tab.sees_in("#place", "general").await;
            tab.sees_in("#messages", "Message 119.").await;
            tab.runs("document.getElementById('messages').scrollTop = 200").await;
            opens_the_reply(&tab).await;
            match way {
                "button" => tab.presses("Close the thread").await,
                "back" => tab.goes_back().await,
                _ => tab.keys(&[Key::Escape]).await,
            }
            tab.becomes_true(AT_THE_FIRST).await;
            tab.sees_in("#place", "garden").await;
            tab.picture(&format!("left-{}-{way}", size.0)).await;
            // And from there to the end.
            tab.presses("↓ Newest messages").await;
            tab.becomes_true("const list = document.getElementById('messages'); \
                 return list.scrollHeight - list.scrollTop - list.clientHeight < 2 && document.getElementById('jump').hidden").await;
            tab.runs("location.hash = 'as=ana&channel=general'").await;
        }
    }
    // A person who reads on beside the thread stays there when it closes.
    opens_the_reply(&tab).await;
    tab.points_at("Plant 58.").await;
    tab.runs("document.getElementById('messages').scrollTop = 400").await;
    tab.presses("Close the thread").await;
    tab.becomes_true("return document.activeElement.id === 'text-main' && document.getElementById('messages').scrollTop < 600").await;
    tab.closes().await;
}

/// Returns the mentions whose ground is that of what they stand in.
const LOST: &str = "const ground = (one) => getComputedStyle(one).backgroundColor; \
     return [...document.querySelectorAll('.hit .mention, article.found .mention')] \
       .filter((one) => ground(one) === ground(one.closest('.hit, article'))).length";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_result_is_legible_on_a_telephone() {
    let Some(chromium) = chromium() else { return };
    let sandbox = with_a_thread().await;
    let tab = looks(chromium, &sandbox, "ana").await;
    tab.is_sized((390, 844)).await;
    for colours in ["light", "dark"] {
        tab.has_colours(colours).await;
        tab.presses("Search").await;
        tab.empties(SEARCH).await;
        let cut = "const field = document.getElementById('search-text'), pen = document.createElement('canvas').getContext('2d'); \
             pen.font = getComputedStyle(field).font; \
             return pen.measureText(field.placeholder).width > field.clientWidth - 8";
        assert_eq!(tab.runs(cut).await, false);
        tab.types_into(SEARCH, "zebra").await;
        tab.sees_in("#search-status", "1 message").await;
        tab.sees_in(".hit[aria-selected=true] .mention", "@").await;
        assert_eq!(tab.runs(LOST).await, json!(0), "in a result, {colours}");
        tab.picture(&format!("result-{colours}")).await;
        tab.keys(&[Key::Enter]).await;
        tab.sees_in("#replies article.found", "The zebra").await;
        assert_eq!(tab.runs(LOST).await, json!(0), "in what was found, {colours}");
        tab.presses("Close the thread").await;
    }
    tab.closes().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_result_shows_its_match() {
    let Some(chromium) = chromium() else { return };
    let sandbox = with_a_thread().await;
    sandbox.person("ana").says("#general", &format!("{} the giraffe <@U1>", "word ".repeat(80))).await;
    let tab = looks(chromium, &sandbox, "ana").await;
    tab.is_sized((390, 844)).await;
    tab.presses("Search").await;
    tab.types_into(SEARCH, "giraffe").await;
    tab.sees_in("#search-status", "1 message").await;
    let in_sight = "const [mark, shown] = ['.hit mark', '.hit .mrkdwn'].map((one) => document.querySelector(one).getBoundingClientRect()); \
                    return mark.bottom <= shown.bottom + 1";
    assert_eq!(tab.runs(in_sight).await, true);
    tab.picture("found-390").await;
    tab.empties(SEARCH).await;
    tab.types_into(SEARCH, "from:ana").await;
    tab.sees_in("#search-status", "The search looks for words only.").await;
    tab.keys(&[Key::Escape]).await;
    assert_eq!(tab.runs("return document.getElementById('search').open").await, false);
    tab.closes().await;
}
