//! Fields and menus that find: people, and emoji.

use fantoccini::key::Key;
use serde_json::json;
use slack_sandbox::{NewPerson, Options, Sandbox};

use super::{workspace::looks, *};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_are_found_by_name() {
    let Some(demo) = Demo::starts().await else { return };
    let ana = demo.opens("ana", "general").await;
    ana.says("/kudos").await;
    let who = "Who would you like to thank?";
    ana.sees_in("#modal", who).await;
    ana.types_into(who, "okaf").await;
    ana.sees_in(".offers", "Ben Okafor").await;
    assert_eq!(ana.runs("return document.querySelectorAll('.offers [role=option]').length").await, json!(1));
    assert_eq!(ana.runs("return document.querySelectorAll('.offers .avatar').length").await, json!(1));
    ana.picture("people").await;
    // The keyboard does it, too: Enter chooses and sends nothing.
    ana.keys(&[Key::Enter]).await;
    ana.sees_in("#modal .chip", "Ben Okafor").await;
    // The list makes room for what it has covered; the arrow, a press and typing open it again, and the label closes it.
    let is_open = "return document.querySelector('.offers').checkVisibility()";
    let is_closed = "return !document.querySelector('.offers').checkVisibility() && document.activeElement.matches('.finder > input')";
    ana.becomes_true(is_closed).await;
    ana.keys(&[Key::Down]).await;
    ana.becomes_true(is_open).await;
    let label = "//*[@id='modal']//label[contains(., 'Who would you like')]";
    ana.presses_at(label).await;
    ana.becomes_true(is_closed).await;
    ana.presses_at("//*[@id='modal']//*[@class='finder']/input").await;
    ana.becomes_true(is_open).await;
    ana.presses_at(label).await;
    ana.becomes_true(is_closed).await;
    let small = "return document.querySelector('.chip button').getBoundingClientRect().height >= 24";
    assert_eq!(ana.runs(small).await, true);
    // Ctrl and Enter send the form, as in Slack.
    ana.types_into(who, "\u{e009}\u{e007}\u{e009}").await;
    ana.sees_in("#modal [role=alert]", "Please complete this required field").await;
    ana.becomes_true("return document.activeElement.tagName === 'TEXTAREA'").await;
    ana.types_into(who, "nobody at all").await;
    ana.sees_in(".offers", "Nobody is called that.").await;
    // Escape closes the list, and the form stays.
    ana.keys(&[Key::Escape]).await;
    ana.becomes_true("return !document.querySelector('.offers').checkVisibility()").await;
    ana.sees_in("#modal", who).await;
    ana.empties(who).await;
    ana.keys(&[Key::Backspace]).await;
    ana.becomes_true("return !document.querySelector('#modal .chip')").await;
    // One Tab leads on to the next field, also from a list that is open.
    ana.types_into(who, "okaf").await;
    ana.keys(&[Key::Enter]).await;
    ana.sees_in("#modal .chip", "Ben Okafor").await;
    ana.types_into(who, "a").await;
    ana.becomes_true(is_open).await;
    ana.keys(&[Key::Tab]).await;
    ana.becomes_true("return document.activeElement.tagName === 'TEXTAREA' && !document.querySelector('.offers').checkVisibility()").await;
    ana.closes().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_emoji_are_found() {
    let Some(chromium) = chromium() else { return };
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    sandbox.add_person(NewPerson::named("ana"));
    let ana = looks(chromium, &sandbox, "ana").await;
    ana.says("We did it").await;
    let opens = async || {
        ana.points_at("We did it").await;
        ana.presses_in("We did it", "Put an emoji on it").await;
        ana.sees_in(".emojis", "Smileys & Emotion").await;
    };
    opens().await;
    assert!(
        ana.runs("return document.querySelectorAll('.emojis .cells button').length").await.as_u64()
            > Some(1_800)
    );
    ana.picture("emoji").await;
    // A tab leads to its category, also past those that haven't been drawn yet.
    for category in ["Flags", "Food & Drink", "Travel & Places"] {
        ana.presses_at(&format!("//*[contains(@class, 'tabs')]/button[@aria-label='{category}']")).await;
        ana.becomes_true(&format!(
            "const top = (selector) => document.querySelector(selector).getBoundingClientRect().top;
             return Math.abs(top('.emojis [data-part=\"{category}\"]') - top('.emojis .grid')) < 4"
        ))
        .await;
    }
    ana.types_into("Find an emoji", "party").await;
    ana.presses(":partying_face:").await;
    ana.sees_in(".reactions", "🥳 1").await;
    opens().await;
    ana.sees_in(".emojis section:first-child", "🥳").await;
    ana.types_into("Find an emoji", "otter").await;
    ana.keys(&[Key::Down, Key::Enter]).await;
    ana.sees_in(".reactions", "🦦 1").await;
    opens().await;
    ana.types_into("Find an emoji", "xyzzy").await;
    ana.sees_in(".emojis", "Nothing is called “xyzzy”.").await;
    ana.keys(&[Key::Escape]).await;
    ana.becomes_true("return !document.querySelector('.emojis')").await;
    // Names are completed where one writes.
    ana.types_into("Message", "Hooray :partying").await;
    ana.sees_in("[role=listbox]", ":partying_face:").await;
    ana.keys(&[Key::Enter]).await;
    ana.types_into("Message", "\u{e007}").await;
    ana.sees_in("#messages", "Hooray 🥳").await;
    ana.closes().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_change_nothing_that_was_not_meant() {
    let Some(demo) = Demo::with_history().await else { return };
    let ana = demo.opens("ana", "engineering").await;
    // What a simulated colleague said for her isn't hers to edit.
    ana.sees_in("#messages", "Ana Costa").await;
    ana.types_into("Message", &char::from(Key::Up).to_string()).await;
    assert_eq!(ana.runs("return document.querySelectorAll('.editor').length").await, 0);
    // The arrows open a menu, and Enter chooses.
    let chosen = "document.getElementById('you').selectedOptions[0].text";
    ana.runs("document.getElementById('you').focus()").await;
    ana.keys(&[Key::Down]).await;
    ana.becomes_true("return document.getElementById('you').matches(':open')").await;
    assert_eq!(ana.runs(&format!("return {chosen}.split(' ')[0]")).await, "Ana");
    ana.keys(&[Key::Down, Key::Enter]).await;
    ana.becomes_true(&format!("return {chosen}.startsWith('Ben')")).await;
    ana.closes().await;
}
