//! What people write: drafts, threads, and when something was said.

use fantoccini::key::Key;
use serde_json::json;
use slack_sandbox::{Clock, NewPerson, Options, Sandbox};

use super::{
    reach::{calls, installs_an_app},
    workspace::looks,
    *,
};

/// Monday, 2 March 2026, 9:00 UTC.
const MONDAY_MS: i64 = 1_772_442_000_000;

/// Returns the script that tells whether the field holds this.
fn holds(field: &str, text: &str) -> String {
    format!("return document.getElementById('{field}').value === '{text}'")
}

pub(super) async fn workspace() -> Sandbox {
    let sandbox =
        Sandbox::start(Options { clock: Clock::frozen_at(MONDAY_MS), ..Options::default() }).await.unwrap();
    for name in ["ana", "ben"] {
        sandbox.add_person(NewPerson::named(name));
    }
    sandbox.add_channel("plans", false, &["ana", "ben"]);
    sandbox
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn drafts_stay_with_their_conversation() {
    let Some(chromium) = chromium() else { return };
    let sandbox = workspace().await;
    let ana = looks(chromium, &sandbox, "ana").await;
    ana.says("Lunch?").await;
    ana.sees_in("#messages", "Lunch?").await;
    ana.types_into("Message", "for all").await;
    ana.goes_to("plans").await;
    ana.becomes_true(&holds("text-main", "")).await;
    ana.sees_in("#side", "draft").await;
    ana.types_into("Message", "for a few").await;
    ana.goes_to("general").await;
    ana.becomes_true(&holds("text-main", "for all")).await;
    ana.points_at("Lunch?").await;
    ana.presses_in("Lunch?", "Reply in thread").await;
    ana.types_into("Reply", "in the thread").await;
    ana.becomes_true(&holds("text-main", "for all")).await;
    ana.reloads().await;
    ana.becomes_true(&holds("text-main", "for all")).await;
    ana.becomes_true(&holds("text-thread", "in the thread")).await;
    ana.becomes("Ben").await;
    ana.becomes_true(&holds("text-main", "")).await;
    ana.becomes("Ana").await;
    ana.becomes_true(&holds("text-main", "for all")).await;
    // What is sent is no draft any more.
    ana.types_into("Message", &char::from(Key::Enter).to_string()).await;
    ana.sees_in("#messages", "for all").await;
    ana.reloads().await;
    ana.becomes_true(&holds("text-main", "")).await;
    ana.goes_to("plans").await;
    ana.becomes_true(&holds("text-main", "for a few")).await;
    ana.closes().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_absence_leads_to_the_first_new_message() {
    let Some(chromium) = chromium() else { return };
    let sandbox = workspace().await;
    let ana = looks(chromium, &sandbox, "ana").await;
    ana.goes_to("plans").await;
    let ben = sandbox.person("ben");
    ben.says("#plans", "The old plan.").await;
    ana.sees_in("#messages", "The old plan.").await;
    ana.becomes_true("return document.getElementById('to-new').hidden").await;
    ana.goes_to("general").await;
    for n in 0..40 {
        ben.says("#plans", &format!("Point {n} of the new plan.")).await;
    }
    ana.goes_to("plans").await;
    ana.sees_in("#messages", "Point 39 of the new plan.").await;
    // It covers nothing, on a telephone either.
    let is_apart = "const [pill, list] = ['to-new', 'messages'].map((id) => document.getElementById(id).getBoundingClientRect()); \
                    return pill.height > 0 && pill.bottom <= list.top";
    for size in [WIDE, (390, 844)] {
        ana.is_sized(size).await;
        ana.becomes_true(is_apart).await;
        ana.picture(&format!("new-{}", size.0)).await;
    }
    // What is read stays where it is when the way goes.
    let scrolls = "const [line, list] = ['.fresh', '#messages'].map((one) => document.querySelector(one)); \
                   const top = list.getBoundingClientRect().top; \
                   list.scrollTop += line.getBoundingClientRect().top - top - 4; \
                   return top + 4";
    let stays = ana.runs(scrolls).await.as_f64().unwrap();
    ana.becomes_true("return document.getElementById('to-new').hidden").await;
    let reads = "return document.querySelector('.fresh').getBoundingClientRect().top";
    let reads = ana.runs(reads).await.as_f64().unwrap();
    assert!((reads - stays).abs() < 2.0, "{reads} instead of {stays}");
    ana.is_sized(WIDE).await;
    ana.goes_to("general").await;
    for n in 40..80 {
        ben.says("#plans", &format!("Point {n} of the new plan.")).await;
    }
    ana.goes_to("plans").await;
    ana.becomes_true(is_apart).await;
    ana.presses("↑ First new message").await;
    let in_sight = "const [line, list] = ['.fresh', '#messages'].map((one) => document.querySelector(one).getBoundingClientRect()); \
                    return line.top >= list.top && line.bottom <= list.bottom";
    ana.becomes_true(in_sight).await;
    ana.becomes_true("return document.getElementById('to-new').hidden").await;
    // A person who writes knows what they write about.
    ana.is_sized(WIDE).await;
    ana.goes_to("general").await;
    for n in 0..40 {
        ben.says("#plans", &format!("Point {n} of the last plan.")).await;
    }
    ana.goes_to("plans").await;
    ana.becomes_true(is_apart).await;
    ana.says("Thank you!").await;
    ana.becomes_true("return document.getElementById('to-new').hidden").await;
    ana.closes().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thread_that_is_open_is_read() {
    let Some(chromium) = chromium() else { return };
    let sandbox = workspace().await;
    let ana = looks(chromium, &sandbox, "ana").await;
    let ben = sandbox.person("ben");
    for n in 0..60 {
        ben.says("#general", &format!("Point {n} of the plan.")).await;
    }
    ana.sees_in("#messages", "Point 59").await;
    ana.runs("document.getElementById('messages').scrollTop = 0").await;
    ana.points_at("Point 30 of the plan.").await;
    ana.presses_in("Point 30 of the plan.", "Reply in thread").await;
    ana.becomes_true("return document.activeElement.id === 'text-thread'").await;
    let points = ben.reads("#general");
    let point = points.iter().find(|one| one.text.starts_with("Point 30 ")).unwrap();
    ben.replies(point, "@ana, what do you say?");
    ana.sees_in("#replies", "what do you say?").await;
    ana.becomes_true("return !document.querySelector('#side .count')").await;
    ana.closes().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threads_refuse_commands_and_tell_the_day() {
    let Some(chromium) = chromium() else { return };
    let sandbox = workspace().await;
    let ana = looks(chromium, &sandbox, "ana").await;
    ana.says("Lunch?").await;
    ana.points_at("Lunch?").await;
    ana.presses_in("Lunch?", "Reply in thread").await;
    ana.types_into("Reply", "/kudos @ben\u{e007}").await;
    ana.sees_in("#replies .whisper", "/kudos is not supported in threads. Sorry!").await;
    // The words are still there, to be sent where commands work.
    ana.becomes_true(&holds("text-thread", "/kudos @ben")).await;
    ana.empties("Reply").await;
    ana.types_into("Reply", "Soup\u{e007}").await;
    ana.sees_in("#messages .threaded", "1 reply\nLast reply today at").await;
    ana.sees_in("#messages .day", "Today").await;
    ana.presses("+1 day").await;
    ana.sees_in("#messages .threaded", "Last reply yesterday at").await;
    ana.sees_in("#messages .day", "Yesterday").await;
    ana.presses("+1 day").await;
    ana.sees_in("#messages .threaded", "Last reply Mon at").await;
    for _ in 0..6 {
        ana.presses("+1 day").await;
    }
    ana.sees_in("#messages .threaded", "Last reply 2 Mar at").await;
    ana.closes().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn times_beside_messages_have_room() {
    let Some(chromium) = chromium() else { return };
    let sandbox = workspace().await;
    let ana = looks(chromium, &sandbox, "ana").await;
    ana.speaks("en-US").await;
    ana.reloads().await;
    ana.says(":tada: first").await;
    ana.says(":tada: second").await;
    ana.sees_in("#messages article.compact", "second").await;
    let room = "const time = document.querySelector('.compact .gutter time'); \
                const words = document.querySelector('.compact .body'); \
                return words.getBoundingClientRect().left - time.getBoundingClientRect().right";
    assert!(ana.runs(room).await.as_f64().unwrap() >= 6.0);
    // Dates and times don't follow the browser's language.
    let token = installs_an_app(&sandbox);
    let monday = MONDAY_MS / 1_000;
    for (hours, format) in [(8 * 24 + 6, "{date_long} at {time}"), (24, "{date_short_pretty} at {time}")] {
        let text = format!("<!date^{}^{format}|x>", monday + hours * 60 * 60);
        calls(&sandbox, &token, "chat.postMessage", json!({ "channel": "general", "text": text })).await;
    }
    ana.sees_in("#messages", "Tuesday, 10 March 2026 at 15:00").await;
    ana.sees_in("#messages", "tomorrow at 09:00").await;
    let clock = ana.reads("#clock").await;
    assert!(clock.starts_with("Mon, 2 Mar, 09:00\n") && clock.ends_with("UTC"), "{clock}");
    // Another year than this machine's is named.
    ana.runs("Date.now = () => Date.UTC(2025, 5)").await;
    ana.presses("+1 day").await;
    ana.sees_in("#messages", "today at 09:00").await;
    assert_eq!(ana.reads("#clock").await, "Tue, 3 Mar, 09:00\n2026 UTC");
    ana.presses("+1 day").await;
    ana.sees_in("#messages", "yesterday at 09:00").await;
    ana.sees_in("#messages .day", "Monday, 2 March").await;
    let shown = ana.text().await;
    assert!(!shown.contains("AM") && !shown.contains("PM"), "{shown}");
    // What is written from right to left begins at the right.
    ana.says("مرحبا بالجميع").await;
    ana.sees_in("#messages", "مرحبا").await;
    let sides = "return ['مرحبا', 'first'].map((words) => { \
         const one = [...document.querySelectorAll('#messages .mrkdwn')].find((one) => one.textContent.includes(words)); \
         return getComputedStyle(one).direction; })";
    assert_eq!(ana.runs(sides).await, json!(["rtl", "ltr"]));
    ana.closes().await;
}
