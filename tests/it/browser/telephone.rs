//! The page on a telephone: what fades, and where a touch puts the focus.

use super::{blocks::App, conversations::workspace, workspace::looks, *};

const TELEPHONE: (u32, u32) = (390, 844);

/// Returns whether the next step of the open chapter is in sight, off what fades.
const LEGIBLE: &str = "const box = (one) => document.querySelector(one)?.getBoundingClientRect(); \
     const [card, head, next] = [box('.card'), box('.card > summary'), box('.chapter[open] li.next')]; \
     const fades = document.querySelector('.card').matches('.more') ? 36 : 0; \
     return Boolean(next) && next.top >= head.bottom - 1 && next.bottom <= card.bottom - fades";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_next_hint_is_legible() {
    let Some(demo) = Demo::starts().await else { return };
    let tab = demo.opens("ana", "general").await;
    tab.is_sized(TELEPHONE).await;
    tab.reloads().await;
    tab.presses_at("//*[@id='steps']/details/summary").await;
    let small = "const box = document.querySelector('[aria-label=\"Put this card away\"]').getBoundingClientRect(); \
         return box.width < 30 || box.height < 30";
    assert_eq!(tab.runs(small).await, false);
    for chapter in ["Retro", "Coffee", "Sync", "Promises", "Kudos"] {
        // The head of the card stands over what is scrolled.
        tab.runs("document.querySelector('.card').scrollTop = 0").await;
        tab.presses_at(&format!("//details[@class='chapter']/summary[contains(., '{chapter}')]")).await;
        tab.sees_in(".chapter[open] > summary", chapter).await;
        tab.becomes_true(LEGIBLE).await;
        tab.picture(&format!("hint-{chapter}")).await;
        let titles = tab
            .runs(
                "return [...document.querySelectorAll('.chapter[open] .pick')].map((one) => one.textContent)",
            )
            .await;
        for title in titles.as_array().unwrap() {
            tab.presses(title.as_str().unwrap()).await;
            tab.sees_in(".chapter[open] li.next b", title.as_str().unwrap()).await;
            tab.becomes_true(LEGIBLE).await;
        }
    }
    tab.presses("Put this card away").await;
    tab.presses("Channels and people").await;
    tab.presses("Try this").await;
    tab.becomes_true(
        "return !document.querySelector('#side.open') && document.activeElement.matches('#steps summary')",
    )
    .await;
    tab.closes().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_card_lies_over_the_conversation_where_the_page_is_low() {
    let Some(demo) = Demo::starts().await else { return };
    let tab = demo.opens("ana", "general").await;
    tab.is_sized((390, 500)).await;
    tab.reloads().await;
    let height = "return document.querySelector('#steps').offsetHeight";
    let folded = tab.runs(height).await.as_i64().unwrap();
    assert!(folded < 90, "{folded}");
    tab.presses_at("//*[@id='steps']/details/summary").await;
    tab.becomes_true(LEGIBLE).await;
    let room = "const box = (one) => document.querySelector(one).getBoundingClientRect(); \
         return box('.card').height >= 180 && box('#steps').bottom <= box('#composer .box').top \
           && box('#composer .box').bottom <= innerHeight";
    tab.becomes_true(room).await;
    tab.picture("low-card").await;
    tab.presses_at("//*[@id='steps']/details/summary").await;
    tab.becomes_true("return document.querySelector('#steps').offsetHeight < 60").await;
    tab.closes().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_wire_leaves_room_for_its_tools_and_the_conversation() {
    let Some(demo) = Demo::starts().await else { return };
    let tab = demo.opens("ana", "general").await;
    for size in [(390, 560), (390, 667), (768, 500)] {
        tab.is_sized(size).await;
        tab.presses("Wire").await;
        let free = "const box = (one) => document.querySelector(one).getBoundingClientRect(); \
             const close = box('#wire-close'), on = document.elementFromPoint(close.x + close.width / 2, close.y + close.height / 2); \
             return on?.closest('#wire-close') !== null && box('#wire').bottom <= innerHeight && box('#messages').height >= 40";
        tab.becomes_true(free).await;
        tab.picture(&format!("low-wire-{}-{}", size.0, size.1)).await;
        tab.presses_at("//*[@id='wire-close']").await;
        tab.becomes_true("return document.querySelector('#wire').hidden && document.querySelector('#composer').offsetHeight > 0").await;
    }
    tab.closes().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_says_what_to_try_where_it_covers_the_card() {
    let Some(demo) = Demo::starts().await else { return };
    let tab = demo.opens("ana", "general").await;
    tab.presses("Thank with a form").await;
    tab.says("/kudos").await;
    tab.sees_in("#modal", "Who would you like to thank?").await;
    let says = "const box = (one) => document.querySelector(one).getBoundingClientRect(); \
         const covers = box('#modal').left < box('#steps').right; \
         const said = getComputedStyle(document.querySelector('#modal'), '::before').content; \
         return covers === said.includes('Try this: ') && box('#modal footer').bottom <= box('#modal').bottom";
    for (width, height) in [TELEPHONE, (720, 900), (768, 1_024), (1_024, 400), (1_060, 800), WIDE] {
        tab.is_sized((width, height)).await;
        tab.becomes_true(says).await;
        tab.fits("a form").await;
        tab.picture(&format!("form-hint-{width}")).await;
    }
    tab.closes().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_form_fades_while_there_is_more() {
    let Some(demo) = Demo::starts().await else { return };
    let tab = demo.opens("ana", "general").await;
    let fades = "return getComputedStyle(document.querySelector('#modal .blocks')).maskImage !== 'none'";
    let ends = fades.replace("!==", "===");
    tab.says("/kudos").await;
    tab.sees_in("#modal", "Who would you like to thank?").await;
    tab.becomes_true(&ends).await;
    tab.is_sized((390, 330)).await;
    tab.becomes_true(fades).await;
    tab.picture("long-form").await;
    tab.runs("const form = document.querySelector('#modal .blocks'); form.scrollTop = form.scrollHeight")
        .await;
    tab.becomes_true(&ends).await;
    tab.closes().await;
}

/// Returns whether the focus is where a keyboard would come up.
const WRITES: &str = "return document.activeElement.matches('input, textarea')";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_touch_brings_up_no_keyboard_unasked() {
    let Some(demo) = Demo::starts().await else { return };
    let tab = demo.opens("ana", "general").await;
    tab.says("Lunch?").await;
    tab.is_sized(TELEPHONE).await;
    let opens_the_thread = async || {
        tab.points_at("Lunch?").await;
        tab.presses_in("Lunch?", "Reply in thread").await;
    };
    opens_the_thread().await;
    tab.becomes_true("return document.activeElement.id === 'text-thread'").await;
    tab.presses("Close the thread").await;
    tab.becomes_true("return document.activeElement.id === 'text-main'").await;
    tab.is_touched().await;
    let presses_the_words = async || tab.presses_at("//article//*[@class='mrkdwn'][.='Lunch?']").await;
    presses_the_words().await;
    tab.presses_in("Lunch?", "Reply in thread").await;
    // A key that is pressed there closes nothing.
    tab.becomes_true("return document.activeElement.id === 'thread'").await;
    tab.presses("Close the thread").await;
    tab.becomes_true("return document.activeElement.id === 'messages'").await;
    presses_the_words().await;
    tab.presses_in("Lunch?", "Put an emoji on it").await;
    tab.sees_in(".emojis", "Smileys").await;
    assert_eq!(tab.runs(WRITES).await, false, "the emoji");
    tab.presses_at("(//*[contains(@class, 'cells')]/button)[1]").await;
    tab.sees_in(".reactions", "1").await;
    // A form that begins with a choice.
    tab.says("/kudos").await;
    tab.sees_in("#modal", "Who would you like to thank?").await;
    tab.becomes_true("return document.activeElement.id === 'modal'").await;
    tab.picks("Who would you like to thank?", "Ben Okafor").await;
    tab.becomes_true(WRITES).await;
    tab.closes().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_touch_on_a_button_shows_no_tools() {
    let Some(chromium) = chromium() else { return };
    let sandbox = workspace().await;
    let tab = looks(chromium, &sandbox, "ana").await;
    tab.is_sized(TELEPHONE).await;
    tab.is_touched().await;
    tab.says("Lunch?").await;
    tab.sees_in("#messages", "Lunch?").await;
    let said = sandbox.person("ana").reads("#general").pop().unwrap();
    sandbox.person("ben").reacts(&said, "tada").unwrap();
    let shown = "return getComputedStyle(document.querySelector('#messages .tools')).opacity === '1'";
    let hidden = shown.replace("'1'", "'0'");
    for mine in ["true", "false"] {
        tab.presses_at("//article//*[@class='mrkdwn'][.='Lunch?']").await;
        tab.becomes_true(shown).await;
        tab.presses_at("(//*[@class='reactions']/button)[1]").await;
        tab.sees_in(&format!(".reactions [aria-pressed={mine}]"), "🎉").await;
        tab.becomes_true(&hidden).await;
    }
    tab.closes().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_touch_writes_at_once_where_a_form_begins_with_words() {
    let Some(chromium) = chromium() else { return };
    let (_app, sandbox) = App::in_a_workspace().await;
    let tab = looks(chromium, &sandbox, "ana").await;
    tab.is_sized(TELEPHONE).await;
    tab.is_touched().await;
    tab.says("/form short").await;
    tab.sees_in("#modal h2", "First").await;
    tab.becomes_true(WRITES).await;
    tab.closes().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_touch_focuses_no_field_that_is_out_of_sight() {
    let Some(chromium) = chromium() else { return };
    let (_app, sandbox) = App::in_a_workspace().await;
    let tab = looks(chromium, &sandbox, "ana").await;
    tab.is_sized(TELEPHONE).await;
    tab.is_touched().await;
    tab.says("/form").await;
    tab.sees_in("#modal h2", "First").await;
    tab.becomes_true("return document.activeElement.id === 'modal' && document.querySelector('#modal .blocks').scrollTop === 0").await;
    tab.closes().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broken_name_of_code_has_whole_edges() {
    let Some(demo) = Demo::starts().await else { return };
    let tab = demo.opens("ana", "general").await;
    tab.is_sized(TELEPHONE).await;
    tab.says("It is `one name of code that is longer than a line of a telephone` here").await;
    tab.sees_in("#messages code", "one name").await;
    let broken = "const all = [...document.querySelectorAll('#messages code')].filter((one) => one.getClientRects().length > 1); \
         return all.length > 0 && all.every((one) => getComputedStyle(one).webkitBoxDecorationBreak === 'clone')";
    tab.becomes_true(broken).await;
    tab.picture("code").await;
    tab.closes().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_card_makes_room_when_a_step_is_done() {
    let Some(demo) = Demo::starts().await else { return };
    let tab = demo.opens("ana", "general").await;
    tab.is_sized(TELEPHONE).await;
    tab.reloads().await;
    tab.presses_at("//*[@id='steps']/details/summary").await;
    tab.sees_in("#steps .chapter summary", "Kudos").await;
    tab.says("/kudos @ben for holding the door").await;
    tab.becomes_true("return !document.querySelector('#steps > details').open").await;
    let lines = "return document.getElementById('steps').offsetHeight < 70";
    tab.becomes_true(lines).await;
    tab.picture("folded-390").await;
    // It opens again, and stays open while one looks at its steps.
    tab.presses_at("//*[@id='steps']/details/summary").await;
    tab.presses("See your kudos").await;
    tab.sees_in(".chapter[open] li.next b", "See your kudos").await;
    tab.reloads().await;
    tab.becomes_true("return document.querySelector('#steps > details')?.open === false").await;
    tab.closes().await;
}
