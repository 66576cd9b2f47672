//! The workspace's clock, and the menu of what comes soon.

use fantoccini::key::Key;
use serde_json::Value;

use super::*;

const OPEN: &str = "return Boolean(document.querySelector('.menu:popover-open'))";
const CLOSED: &str = "return !document.querySelector('.menu')";
const ITEMS: &str =
    "return [...document.querySelectorAll('.menu [role=menuitem]')].map((one) => one.textContent)";
const NOW: &str = "return fetch('sandbox/state').then((one) => one.json()).then((one) => one.now_ms)";

async fn items(tab: &Tab) -> Vec<String> {
    tab.becomes_true(NO_JUMP).await;
    tab.presses("What comes soon").await;
    tab.becomes_true(OPEN).await;
    let items = tab.runs(ITEMS).await;
    items.as_array().unwrap().iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_menu_leads_to_a_later_thing() {
    let Some(demo) = Demo::with_history().await else { return };
    let ana = demo.opens("ana", "cross-team").await;
    for size in [(390, 844), (768, 1_024), WIDE] {
        ana.is_sized(size).await;
        let items = items(&ana).await;
        ana.fits("the menu").await;
        for scheme in ["dark", "light"] {
            ana.has_colours(scheme).await;
            ana.picture(&format!("soon-{scheme}-{}", size.0)).await;
        }
        assert!((4..=8).contains(&items.len()), "{items:?}");
        let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
        let is_whole = |item: &str| days.iter().any(|day| item.rsplit(' ').next().unwrap().starts_with(day));
        let broken: Vec<&String> = items.iter().filter(|item| !is_whole(item)).collect();
        assert_eq!(broken, ["One week on"], "a time stands on one line");
        for wanted in [
            "Coffee round in #coffee-chats, ",
            "Sync in #cross-team, ",
            "Closing of a retro in #cross-team, ",
            "One week on",
        ] {
            assert_eq!(
                items.iter().filter(|item| item.starts_with(wanted)).count(),
                1,
                "{wanted}: {items:?}"
            );
        }
        assert!(items.iter().all(|item| !item.contains(" promise,")), "of whom? {items:?}");
        let others = items.iter().skip(1).filter(|item| item.contains('(') && !item.contains("(Ana Costa)"));
        assert_eq!(others.count(), 0, "in others' DMs: {items:?}");
        ana.keys(&[Key::Escape]).await;
        ana.becomes_true(CLOSED).await;
        assert_eq!(ana.runs("return document.activeElement.id").await, "soon");
    }
    // A press on the button closes it, as one beside it does.
    items(&ana).await;
    ana.presses_at("//*[@id='soon']").await;
    ana.becomes_true(CLOSED).await;
    items(&ana).await;
    ana.presses_at("//*[@id='place']").await;
    ana.becomes_true(CLOSED).await;
    assert_eq!(ana.runs(OPEN).await, false);
    let all = items(&ana).await;
    ana.keys(&[Key::Escape]).await;
    let sync = all.iter().find(|item| item.starts_with("Sync in #cross-team")).unwrap();
    let time = sync.split('\u{a0}').next_back().unwrap();
    ana.jumps_to("Sync in #cross-team").await;
    ana.sees_in("#clock", time).await;
    ana.sees_in("#messages .day:last-of-type", "Today").await;
    let before = ana.runs(NOW).await.as_i64().unwrap();
    ana.jumps_to("One week on").await;
    let later = ana.runs(NOW).await.as_i64().unwrap() - before;
    assert_eq!(later / (24 * 60 * 60 * 1_000), 7);
    ana.closes().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_clock_says_where_it_shows_this_time() {
    let Some(demo) = Demo::starts().await else { return };
    let tab = demo.opens("ana", "general").await;
    tab.sees_in("#clock", "Berlin").await;
    for (name, city, size) in
        [("Dev", "Kolkata", WIDE), ("Chiara", "New York", (390, 844)), ("Ben", "Lisbon", (768, 1_024))]
    {
        tab.is_sized(size).await;
        tab.becomes(name).await;
        tab.sees_in("#clock", city).await;
        tab.sees_in("#clock", ":").await;
        let title = tab.runs("return document.getElementById('clock').title").await;
        assert!(title.as_str().unwrap().contains(name), "{title}");
        tab.fits("the clock").await;
        let cut =
            "const box = document.getElementById('clock'); return box.scrollWidth > box.clientWidth + 1";
        assert_eq!(tab.runs(cut).await, false, "{city}");
        tab.picture(&format!("clock-{}", size.0)).await;
    }
    tab.closes().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_jump_says_what_was_reached_and_leads_there() {
    let Some(demo) = Demo::with_history().await else { return };
    let ana = demo.opens("ana", "general").await;
    let link = "return Boolean(document.querySelector('#notice .link'))";
    for _ in 0..20 {
        ana.jumps_on().await;
        let said = ana.reads("#notice").await;
        assert!(said.contains("Now: ") || said.contains("nothing to do by then."), "{said}");
        if ana.runs(link).await == true {
            break;
        }
        assert!(said.contains("Only others can read it.") || !said.contains("Now: "), "{said}");
    }
    for size in [(390, 844), WIDE] {
        ana.is_sized(size).await;
        ana.fits("the notice").await;
        ana.picture(&format!("jumped-{}", size.0)).await;
    }
    ana.presses_at("//*[@id='notice']/button").await;
    ana.becomes_true("return Boolean(document.querySelector('article.found'))").await;
    ana.becomes_true("return document.getElementById('notice').innerText === ''").await;
    // The next action takes it away.
    ana.jumps_on().await;
    assert_ne!(ana.reads("#notice").await, "");
    ana.says("Good to know").await;
    ana.becomes_true("return document.getElementById('notice').innerText === ''").await;
    ana.closes().await;
}
