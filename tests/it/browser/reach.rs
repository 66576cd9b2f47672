//! Reaching everything: the search, the keyboard's stops, what folds and what covers at each width.

use fantoccini::key::Key;
use serde_json::{Value, json};
use slack_sandbox::{NewPerson, Options, Sandbox};

use super::{workspace::looks, *};

/// Returns how far the ends of the conversation and of its thread are below what is seen.
const BELOW: &str = "return ['messages', 'replies'].map((id) => document.getElementById(id)) \
     .map((list) => Math.round(list.scrollHeight - list.scrollTop - list.clientHeight))";

/// Returns where the thread is beside the conversation: "over" all of it, "beside" it, or "across" a part.
const THREAD: &str = "const box = (one) => document.querySelector(one).getBoundingClientRect(); \
     const [thread, talk] = [box('#thread'), box('main')]; \
     if (thread.left >= talk.right - 1) return 'beside'; \
     return thread.left <= talk.left && thread.right >= talk.right && thread.bottom >= talk.bottom ? 'over' : 'across'";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_turned_page_stays_at_its_end_and_its_thread_is_whole() {
    let Some(demo) = Demo::with_history().await else { return };
    let ana = demo.opens("ana", "general").await;
    ana.says(&"Lunch at the river, and a walk back. ".repeat(6)).await;
    ana.points_at("Lunch at the river").await;
    ana.presses_in("Lunch at the river", "Reply in thread").await;
    for n in 0..12 {
        ana.types_into(
            "Reply",
            &format!("I'm coming, and I bring {n} friends who like to walk, too\u{e007}"),
        )
        .await;
        ana.sees_in("#replies", &format!("bring {n} friends")).await;
    }
    for (size, place) in [
        ((1_440, 900), "beside"),
        ((390, 844), "over"),
        ((1_440, 900), "beside"),
        ((768, 1_024), "over"),
        ((1_000, 700), "over"),
        ((390, 844), "over"),
        ((1_200, 700), "beside"),
    ] {
        ana.is_sized(size).await;
        ana.becomes_true(&format!("{{ {BELOW}.every((below) => below < 2) }}")).await;
        assert_eq!(ana.runs(THREAD).await, place, "at {size:?}");
    }
    // What the thread covers takes no focus, and the way back leads to it.
    ana.is_sized((768, 1_024)).await;
    ana.picture("thread-768").await;
    assert_eq!(
        ana.runs("return document.getElementById('text-main').checkVisibility({ visibilityProperty: true })")
            .await,
        false
    );
    ana.presses("Close the thread").await;
    ana.becomes_true(
        "return document.getElementById('thread').hidden && document.activeElement.id === 'text-main'",
    )
    .await;
    for size in [(390, 844), (1_440, 900), (768, 1_024), (390, 844), (1_440, 900)] {
        ana.is_sized(size).await;
        ana.becomes_true(&format!("{{ {BELOW}[0] < 2 }}")).await;
    }
    // The drawer of the wire has its way out at the right edge, and all faults in sight.
    ana.presses("Wire").await;
    for (size, name) in [((768, 1_024), "wire-768"), ((390, 844), "wire-390")] {
        ana.is_sized(size).await;
        ana.sees_in("#rows", "chat.postMessage").await;
        let edges = "const box = (one) => document.querySelector(one).getBoundingClientRect(); \
             const all = [...document.querySelectorAll('#faults button')].map((one) => one.getBoundingClientRect()); \
             return [innerWidth - box('#wire-close').right < 16, all.length, all.every((one) => one.right <= innerWidth), \
               box('#wire-close').top < Math.min(...all.map((one) => one.top))]";
        assert_eq!(ana.runs(edges).await, json!([true, 8, true, true]), "at {size:?}");
        ana.picture(name).await;
    }
    // What is delivered twice has two lines.
    ana.is_sized((1_440, 900)).await;
    ana.presses("Duplicates").await;
    ana.says("/kudos mine").await;
    ana.chooses("Show", "Deliveries").await;
    ana.becomes_true("return [...document.querySelectorAll('#rows summary')].filter((one) => /kudos.*mine/s.test(one.innerText)).length === 2").await;
    assert_eq!(ana.runs("return document.querySelectorAll('#rows .again').length").await, 1);
    ana.picture("duplicates").await;
    ana.closes().await;
}

/// Returns the region in which the focus is.
const REGION: &str = "const one = document.activeElement; \
     return one.closest('#side, #steps, #messages, #composer, .bar, #tabs')?.id || one.closest('header')?.className || one.tagName";

/// Returns the name of the button that has the focus, and the message it is in.
const FOCUSED: &str = "const one = document.activeElement; \
     return [one.closest('article')?.dataset.ts ?? null, one.getAttribute('aria-label') || one.innerText || one.tagName]";

/// Goes with the keyboard alone from the newest message to the oldest, and to each of their buttons.
async fn reaches_each_button(ana: &Tab, emoji: usize) {
    // Each button of each message has its turn.
    let all = "return [...document.querySelectorAll('#messages article :is(button, select)')] \
         .map((one) => [one.closest('article').dataset.ts, one.getAttribute('aria-label') || one.innerText || one.tagName])";
    let wanted: Vec<Value> = ana.runs(all).await.as_array().unwrap().clone();
    let mut reached: Vec<Value> = Vec::new();
    loop {
        let message = ana.runs(FOCUSED).await[0].clone();
        loop {
            ana.keys(&[Key::Tab]).await;
            let focused = ana.runs(FOCUSED).await;
            if focused[0] != message {
                break;
            }
            reached.push(focused);
        }
        ana.runs(&format!(
            "document.querySelector('#messages [data-ts=\"{}\"]').focus()",
            message.as_str().unwrap()
        ))
        .await;
        ana.keys(&[Key::Up]).await;
        if ana.runs(FOCUSED).await[0] == message || ana.runs(FOCUSED).await[0].is_null() {
            break;
        }
    }
    let missed: Vec<&Value> = wanted.iter().filter(|one| !reached.contains(one)).collect();
    assert!(
        missed.is_empty() && wanted.len() >= emoji && emoji > 3,
        "{missed:?} of {} and {emoji}",
        wanted.len()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_list_is_one_tab_stop_and_all_is_reached() {
    let Some(demo) = Demo::starts().await else { return };
    let ana = demo.opens("ana", "general").await;
    for n in 1..=8 {
        ana.says(&format!("Message {n}.")).await;
        ana.sees_in("#messages", &format!("Message {n}.")).await;
    }
    ana.says("/promise write up the call by Friday").await;
    // Of two commands at once, either may be answered first.
    ana.sees_in("#messages", "Promised for").await;
    ana.says("/promise mine").await;
    ana.sees_in("#messages", "What waits for you").await;
    ana.says("Who has seen the sun today?").await;
    ana.sees_in("#messages", "Who has seen the sun").await;
    // The arrow up opens one's last message, and the box has the focus again.
    ana.types_into("Message", &char::from(Key::Up).to_string()).await;
    ana.types_into("Edit message", " Or the moon?\u{e007}").await;
    ana.sees_in("#messages", "Who has seen the sun today? Or the moon? (edited)").await;
    ana.becomes_true("return document.activeElement.id === 'text-main'").await;
    // Screen readers reach what Tab passes over.
    let named = ana.controls().await;
    let emoji = named.iter().filter(|(_, name)| name == "Put an emoji on it").count();
    ana.runs("document.getElementById('theme').focus()").await;
    let mut stops: Vec<Value> = Vec::new();
    for _ in 0..60 {
        ana.keys(&[Key::Tab]).await;
        stops.push(ana.runs(REGION).await);
        if stops.last() == Some(&json!("composer")) {
            break;
        }
    }
    let within = |region: &str| stops.iter().filter(|one| **one == region).count();
    assert_eq!(within("side"), 2, "the list, and the choice of a colleague: {stops:?}");
    let tools = 4;
    assert!((1..=tools).contains(&within("messages")), "the newest message and its tools: {stops:?}");
    // From the box back to the newest message, and by the arrows to all others.
    let newest = "return [...document.querySelectorAll('#messages article')].at(-1) === document.activeElement.closest('article')";
    ana.runs("document.getElementById('text-main').focus()").await;
    ana.runs("[...document.querySelectorAll('#messages article')].at(-1).focus()").await;
    assert_eq!(ana.runs(newest).await, true);
    ana.keys(&[Key::Home]).await;
    assert_eq!(
        ana.runs(
            "return document.querySelector('#messages :is(article, .older)') === document.activeElement"
        )
        .await,
        true
    );
    ana.keys(&[Key::End]).await;
    assert_eq!(ana.runs(newest).await, true);
    reaches_each_button(&ana, emoji).await;
    // And does what it says: the promise is done without a pointer.
    ana.runs("[...document.querySelectorAll('#messages article')].find((one) => one.innerText.includes('What waits for you')).focus()").await;
    ana.keys(&[Key::Tab]).await;
    assert_eq!(ana.runs(FOCUSED).await[1], "Done");
    ana.keys(&[Key::Enter]).await;
    ana.sees_in("#messages", "Done, thank you").await;
    ana.becomes_true("return document.activeElement !== document.body").await;
    // The sidebar goes by the arrows, and Enter opens.
    ana.runs("document.querySelector('#side [aria-current]').focus()").await;
    ana.keys(&[Key::Home]).await;
    assert_eq!(
        ana.runs("return document.activeElement.querySelector('.name').textContent").await,
        "coffee-chats"
    );
    ana.keys(&[Key::Down, Key::Enter]).await;
    ana.sees_in("#place", "#cross-team").await;
    // The card shows how to do any step.
    ana.presses("See your kudos").await;
    ana.sees_in("#steps .chapter[open] li.next small", "/kudos mine").await;
    ana.closes().await;
}

const APP: &str = "Rondo";
/// The label of the field of the search.
pub(super) const SEARCH: &str = "Search messages, conversations and people";

/// Calls a method of the Web API as the app.
pub(super) async fn calls(sandbox: &Sandbox, token: &str, method: &str, what: Value) -> Value {
    let url = format!("{}/{method}", sandbox.api_url());
    let sent = http().post(url).bearer_auth(token).json(&what).send().await.unwrap();
    let answer: Value = sent.json().await.unwrap();
    assert_eq!(answer["ok"], true, "{method} {what}: {answer}");
    answer
}

/// Installs an app that can post, and returns its token. It is in `#general`.
pub(super) fn installs_an_app(sandbox: &Sandbox) -> String {
    let manifest = json!({
        "display_information": { "name": APP },
        "features": { "bot_user": { "display_name": APP } },
        "oauth_config": { "scopes": { "bot": ["mpim:write", "chat:write"] } },
        "settings": { "socket_mode_enabled": true },
    });
    let install = sandbox.install(&manifest).unwrap();
    sandbox.invite("general", &install.bot_user_id);
    install.bot_token
}

/// A workspace with an app that has opened this many group messages with Ana, one after the other.
async fn grouped(groups: usize) -> Sandbox {
    let sandbox = Sandbox::start(Options { enforce_limits: false, ..Options::default() }).await.unwrap();
    for name in ["ana", "zoe"] {
        sandbox.add_person(NewPerson::named(name));
    }
    let token = installs_an_app(&sandbox);
    let ana = sandbox.person("ana").id();
    for n in 0..groups {
        let name = format!("partner{n}");
        let partner = sandbox.add_person(NewPerson {
            real_name: &format!("Bartholomea Longfellow {n}"),
            ..NewPerson::named(&name)
        });
        let opened = calls(
            &sandbox,
            &token,
            "conversations.open",
            json!({ "users": format!("{ana},{}", partner.id()) }),
        )
        .await;
        calls(
            &sandbox,
            &token,
            "chat.postMessage",
            json!({ "channel": opened["channel"]["id"], "text": "You two!" }),
        )
        .await;
    }
    sandbox
}

/// Of many group messages the newest are listed, with the one that is open, which stays in sight.
async fn folds_group_messages(tab: &Tab) {
    tab.becomes("Ana").await;
    tab.sees_in("#side", "Show 7 more").await;
    let groups = "return document.querySelectorAll('#side button:has(.others)').length";
    let listed = tab.runs(groups).await;
    assert_eq!(listed, 5);
    let cut = "return [...document.querySelectorAll('#side .name:has(.people)')].every((one) => { \
         const app = one.lastElementChild.getBoundingClientRect(); return app.top >= one.getBoundingClientRect().bottom - 1; })";
    assert_eq!(tab.runs(cut).await, true, "a name that is too long is shown without the app");
    // What says that more is unread lies over no entry.
    tab.is_sized((1_440, 420)).await;
    let apart = "const below = document.querySelector('#side .below'); \
         return !below.hidden && below.getBoundingClientRect().top >= document.getElementById('places').getBoundingClientRect().bottom";
    tab.becomes_true(apart).await;
    tab.is_sized(WIDE).await;
    // A person comes before the groups with them.
    tab.presses("Search").await;
    tab.empties(SEARCH).await;
    tab.types_into(SEARCH, "longfellow 11").await;
    tab.sees_in("#search-results", ", Rondo").await;
    assert_eq!(
        tab.reads("#search-results .place-hit[aria-selected=true] b").await,
        "Bartholomea Longfellow 11"
    );
    tab.presses("Close the search").await;
    tab.presses_at("//button[contains(., 'Show 7 more')]").await;
    tab.goes_to("Bartholomea Longfellow 0, Rondo").await;
    tab.presses("Show fewer").await;
    tab.sees_in("#side", "Show 6 more").await;
    tab.becomes_true(
        "return document.querySelector('#side [aria-current]').innerText.includes('Longfellow 0')",
    )
    .await;
    tab.is_sized((1_440, 420)).await;
    tab.reloads().await;
    let open_is_seen = "const [open, side] = ['#side [aria-current]', '#side'].map((one) => document.querySelector(one).getBoundingClientRect()); \
         return open.top >= side.top && open.bottom <= side.bottom";
    tab.becomes_true(open_is_seen).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_search_leads_to_what_one_may_read() {
    let Some(chromium) = chromium() else { return };
    let sandbox = grouped(12).await;
    sandbox.add_channel("board", true, &["ana"]);
    let (ana, zoe) = (sandbox.person("ana"), sandbox.person("zoe"));
    ana.says("#board", "The zebra plan, for the board").await;
    ana.says("#general", "The Zébra is in the garden").await;
    for n in 0..300 {
        ana.says("#general", &format!("Message {n}.")).await;
    }
    let asked = ana.says("#general", "Which animal?").await;
    let asked = ana
        .reads("#general")
        .into_iter()
        .rev()
        .find(|one| one.text == "Which animal?")
        .unwrap_or_else(|| panic!("{asked:?}"));
    zoe.replies(&asked, "A zebra, in the thread");
    let tab = looks(chromium, &sandbox, "ana").await;
    tab.sees_in("#messages", "Which animal?").await;
    // Slack's keys for the search and for the quick switcher.
    tab.types_into("Message", "\u{e009}g\u{e009}").await;
    tab.becomes_true(
        "return document.getElementById('search').open && document.activeElement.id === 'search-text'",
    )
    .await;
    tab.keys(&[Key::Escape]).await;
    tab.becomes_true(
        "return !document.getElementById('search').open && document.activeElement.id === 'text-main'",
    )
    .await;
    tab.types_into("Message", "\u{e009}k\u{e009}").await;
    tab.types_into(SEARCH, "ZEBRA").await;
    tab.sees_in("#search-status", "3 messages").await;
    tab.sees_in("#search-results .hit", "board · today at").await;
    assert_eq!(
        tab.runs("return [...document.querySelectorAll('.hit mark')].map((one) => one.textContent)").await,
        json!(["zebra", "Zébra", "zebra"])
    );
    // One row is marked: the one that Enter takes, also where the mouse has been last.
    let marked = "return [...document.querySelectorAll('.hit')].map((one) => getComputedStyle(one).backgroundColor) \
         .flatMap((ground, at, all) => all.filter((other) => other === ground).length === 1 ? [at] : [])";
    assert_eq!(tab.runs(marked).await, json!([0]));
    let moves =
        "document.querySelectorAll('.hit')[2].dispatchEvent(new MouseEvent('mousemove', { movementX: 3 }))";
    tab.runs(moves).await;
    assert_eq!(tab.runs(marked).await, json!([2]));
    tab.picture("search").await;
    // The oldest is far above what is loaded.
    tab.keys(&[Key::Down]).await;
    tab.presses_at("//*[@id='search-results']/*[contains(., 'garden')]").await;
    tab.sees_in("article.found", "The Zébra is in the garden").await;
    let in_sight = "const [found, list] = [document.querySelector('article.found'), document.getElementById('messages')].map((one) => one.getBoundingClientRect()); \
         return found.top >= list.top && found.bottom <= list.bottom && document.activeElement.matches('.found')";
    tab.becomes_true(in_sight).await;
    tab.picture("found").await;
    // A reply is found in its thread, by the keyboard alone.
    tab.presses("Search").await;
    tab.empties(SEARCH).await;
    tab.types_into(SEARCH, "zebra thread").await;
    tab.sees_in("#search-status", "1 message").await;
    tab.keys(&[Key::Enter]).await;
    tab.sees_in("#replies article.found", "A zebra, in the thread").await;
    // Names lead to conversations, on a telephone, too.
    tab.presses("Close the thread").await;
    tab.is_sized((390, 844)).await;
    tab.presses("Search").await;
    tab.empties(SEARCH).await;
    tab.types_into(SEARCH, "board").await;
    tab.sees_in("#search-results .place-hit", "board").await;
    tab.fits("the search").await;
    tab.picture("search-390").await;
    tab.keys(&[Key::Enter]).await;
    tab.sees_in("#place", "board").await;
    tab.is_sized(WIDE).await;
    // Another person finds only what they may read.
    tab.becomes("Zoe").await;
    tab.sees_in("#place", "#general").await;
    tab.presses("Search").await;
    tab.empties(SEARCH).await;
    tab.types_into(SEARCH, "zebra").await;
    tab.sees_in("#search-status", "2 messages").await;
    assert!(!tab.reads("#search").await.contains("board"));
    tab.presses("Close the search").await;
    zoe.says("@ana", "Lunch?").await;
    folds_group_messages(&tab).await;
    tab.closes().await;
}
