//! The page's looks and accessibility: light and dark, wide and narrow, keyboard and screen reader.

use std::collections::BTreeSet;

use fantoccini::key::Key;
use serde_json::{Value, json};
use slack_sandbox::{NewPerson, Options, Sandbox};

use super::{
    reach::{calls, installs_an_app},
    workspace::looks,
    *,
};

/// Returns the brightness of the page's background, from 0 to 255.
const BRIGHTNESS: &str = "const ground = getComputedStyle(document.querySelector('main')).backgroundColor; \
     const [red, green, blue] = (ground.startsWith('rgba(0, 0, 0, 0') ? getComputedStyle(document.body).backgroundColor : ground) \
       .match(/[\\d.]+/g).map(Number); \
     return Math.round(0.2126 * red + 0.7152 * green + 0.0722 * blue)";

/// Returns the pressed buttons that have too little contrast, which should be 4.5 at least.
const UNREADABLE: &str = "const light = (colour) => { \
       const [red, green, blue] = colour.match(/[\\d.]+/g).map((one) => one / 255) \
         .map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4)); \
       return 0.2126 * red + 0.7152 * green + 0.0722 * blue; }; \
     return [...document.querySelectorAll('.bar [aria-pressed=true]')].filter((one) => { \
       const { color, backgroundColor } = getComputedStyle(one); \
       const [low, high] = [light(color), light(backgroundColor)].sort((one, other) => one - other); \
       return backgroundColor.startsWith('rgba') || (high + 0.05) / (low + 0.05) < 4.5; \
     }).map((one) => one.textContent)";

/// Returns the buttons that the tools of a message cover when the pointer is there.
const COVERED: &str = "const over = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1; \
     const box = (one) => one.getBoundingClientRect(); \
     return [...document.querySelectorAll('#messages article')].flatMap((message) => { \
       message.focus(); \
       const tools = message.querySelector('.tools'); \
       return tools ? [...document.querySelectorAll('#messages :is(button, select, .finder)')] \
         .filter((one) => !one.closest('.tools') && over(box(one), box(tools))).map((one) => one.innerText) : []; \
     })";

/// Returns how many pixels are between the composer and what is below.
const ROOM: &str = "const below = document.getElementById('wire').getBoundingClientRect().top; \
     return Math.round(below - document.querySelector('#composer .box').getBoundingClientRect().bottom)";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn colours_follow_the_system() {
    let Some(demo) = Demo::with_history().await else { return };
    let ana = demo.opens("ana", "general").await;
    let brightness = async || ana.runs(BRIGHTNESS).await.as_i64().unwrap();
    ana.has_colours("dark").await;
    assert!(brightness().await < 60, "dark");
    // The pointer stays over what was pressed.
    ana.presses("Wire").await;
    assert_eq!(ana.runs(UNREADABLE).await, json!([]), "in the dark");
    ana.presses("Wire").await;
    ana.picture("dark").await;
    ana.has_colours("light").await;
    assert!(brightness().await > 200, "light");
    ana.presses("Colours: as the system has them").await;
    assert!(brightness().await < 60, "chosen dark, where the system is light");
    ana.presses("Colours: dark").await;
    assert!(brightness().await > 200, "chosen light");
    ana.presses("Colours: light").await;
    ana.has_colours("dark").await;
    assert!(brightness().await < 60, "as the system again");
    ana.presses("Colours: as the system has them").await;
    assert!(brightness().await > 200, "chosen light, where the system is dark");
    ana.closes().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_telephone_needs_no_sideways_scrolling() {
    let Some(demo) = Demo::with_history().await else { return };
    let ana = demo.opens("ana", "general").await;
    // Any step says how it is done.
    ana.presses("Thank with a form").await;
    ana.sees_in("#steps", "/kudos with nothing behind it").await;
    ana.is_sized(NARROW).await;
    ana.fits("a conversation").await;
    ana.picture("narrow").await;
    ana.presses("Channels and people").await;
    ana.fits("the list of conversations").await;
    ana.picture("narrow-side").await;
    ana.runs("document.elementFromPoint(innerWidth - 10, innerHeight / 2).click()").await;
    ana.becomes_true("return !document.getElementById('side').classList.contains('open')").await;
    ana.presses("Channels and people").await;
    ana.goes_to("engineering").await;
    ana.says("/coffee start every Tuesday at 10:00").await;
    ana.sees("Coffee chats in this channel").await;
    ana.fits("a preview").await;
    ana.says("/kudos").await;
    ana.sees_in("#modal", "Who would you like to thank?").await;
    ana.fits("a form").await;
    // It covers the card, so it says what to try, and its buttons stay in sight.
    let hint = "return getComputedStyle(document.getElementById('modal'), '::before').content.includes('Try this: ')";
    ana.becomes_true(hint).await;
    ana.becomes_true(
        "return document.querySelector('#modal footer').getBoundingClientRect().bottom <= innerHeight",
    )
    .await;
    ana.picture("narrow-form").await;
    ana.picks("Who would you like to thank?", "Ben Okafor").await;
    ana.becomes_true("return ['.finder .offers', '#modal footer'].map((one) => document.querySelector(one).checkVisibility()).join() === 'false,true'").await;
    ana.presses("Cancel").await;
    ana.sees_no("Who would you like to thank?").await;
    ana.presses("Wire").await;
    ana.sees_in("#rows", "chat.postMessage").await;
    ana.fits("the wire").await;
    assert!(ana.runs(ROOM).await.as_i64().unwrap() > 0, "what is said is not under the wire");
    ana.picture("narrow-wire").await;
    ana.presses("Wire").await;
    // A low window, as above a telephone's keyboard, has room for the conversation and for what is written.
    for height in [460, 500] {
        ana.is_sized((390, height)).await;
        ana.types_into("Message", "two\u{e008}\u{e007}\u{e008}lines").await;
        let room = "const box = (one) => document.querySelector(one).getBoundingClientRect(); \
             return box('#composer .box').bottom <= innerHeight && box('#messages').height >= 80 \
               && box('[aria-label=Emoji]').height >= box('#composer .primary').height - 1 && document.querySelector('.card').matches('.more')";
        ana.becomes_true(room).await;
        ana.picture(&format!("low-{height}")).await;
        ana.empties("Message").await;
    }
    ana.presses("Wire").await;
    ana.is_sized(WIDE).await;
    ana.fits("the wire on a desk").await;
    ana.closes().await;
}

/// Returns in how many rows the header stands.
const ROWS: &str = "const middle = (box) => Math.round((box.top + box.bottom) / 20); \
     return new Set([...document.querySelectorAll('.bar :is(button, select, time)')] \
       .filter((one) => one.checkVisibility()).map((one) => middle(one.getBoundingClientRect()))).size";

/// Returns how high the header is, with little and with much to say of what comes next, and then with a short and with a long date.
const HEIGHTS: &str = "const [next, bar] = [document.getElementById('next'), document.querySelector('.bar')]; \
     const date = document.getElementById('clock').firstChild, today = date.data; \
     const high = (node, words) => { node.textContent = words; return bar.getBoundingClientRect().height; }; \
     const all = ['Next: ', 'Next: Question whether people met in #coffee-chats, '.repeat(2)].map((words) => high(next, words)) \
       .concat(['Tue, 1 Dec, 09:00', 'Wed, 30 Sep, 20:08'].map((words) => high(date, words))); \
     date.data = today; return all";

/// Returns what overlaps in the header, or sticks out of it.
const CROWDED: &str = "const all = [...document.querySelectorAll('.bar :is(button, select, time, strong)')] \
       .filter((one) => one.checkVisibility()).map((one) => ({ one, box: one.getBoundingClientRect() })); \
     const name = ({ one }) => one.id || one.textContent; \
     const over = (a, b) => a.box.left < b.box.right - 1 && b.box.left < a.box.right - 1 \
       && a.box.top < b.box.bottom - 1 && b.box.top < a.box.bottom - 1; \
     return all.flatMap((one, at) => [ \
       ...all.slice(at + 1).filter((other) => over(one, other)).map((other) => `${name(one)} over ${name(other)}`), \
       ...(one.box.right > innerWidth ? [`${name(one)} is out of sight`] : []), \
     ])";

/// Returns how many controls of the header are too low for a finger beside the others.
const LOW: &str = "return [...document.querySelectorAll('.bar :is(button, select)')] \
     .filter((one) => one.checkVisibility() && one.offsetHeight < 30).length";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_header_fits_every_width() {
    let Some(demo) = Demo::with_history().await else { return };
    let ana = demo.opens("ana", "general").await;
    ana.sees_in("#next", "Next: ").await;
    // The name of a channel and the time stand on one line each.
    let broken = "return [...document.querySelectorAll('#next .whole')].filter((one) => one.getClientRects().length !== 1).length";
    assert_eq!(ana.runs(broken).await, 0);
    assert_eq!(ana.runs("return document.querySelectorAll('#next .whole').length > 0").await, true);
    // The longest that a ritual says is read whole on a desk, and the date and the time on a telephone.
    let long = "const next = document.getElementById('next'); \
                next.textContent = 'Next: Question whether people met in #coffee-chats, Thu, 31 Dec, 10:00'; \
                return next.scrollWidth <= next.clientWidth && next.scrollHeight <= next.clientHeight";
    assert_eq!(ana.runs(long).await, true);
    ana.is_sized((390, 844)).await;
    assert_eq!(ana.runs("return document.getElementById('clock').checkVisibility()").await, true);
    assert!(ana.reads("#clock").await.contains(':'));
    assert_eq!(ana.runs(long).await, true);
    ana.picture("telephone").await;
    // A small telephone at 200 %: nothing lies over the clock.
    ana.is_sized((195, 422)).await;
    assert_eq!(ana.runs(CROWDED).await, json!([]), "at 195 pixels");
    for width in (320..1_600).step_by(40) {
        ana.is_sized((width, 800)).await;
        assert_eq!(ana.runs(CROWDED).await, json!([]), "at {width} pixels");
        assert_eq!(ana.runs(LOW).await, 0, "at {width} pixels");
        let rows = ana.runs(ROWS).await.as_u64().unwrap();
        assert!(rows <= if width < 640 { 3 } else { 2 }, "{rows} rows at {width} pixels");
        let heights = ana.runs(HEIGHTS).await;
        assert_eq!(heights[0], heights[1], "the header jumps at {width} pixels");
        assert_eq!(heights[2], heights[3], "the header jumps with the date at {width} pixels");
    }
    ana.closes().await;
}

/// Returns how far the newest message is below what is seen.
const BELOW: &str = "const list = document.getElementById('messages'); \
     return list.scrollHeight - list.scrollTop - list.clientHeight";

/// Returns how wide the thread is, and how far the page sticks out of the window.
const THREAD: &str = "return [document.getElementById('thread').getBoundingClientRect().width, \
     document.scrollingElement.scrollLeft, document.scrollingElement.scrollWidth - innerWidth]";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thread_can_be_read_at_every_width() {
    let Some(demo) = Demo::starts().await else { return };
    let ana = demo.opens("ana", "general").await;
    ana.says("Lunch?").await;
    ana.points_at("Lunch?").await;
    ana.presses_in("Lunch?", "Reply in thread").await;
    ana.types_into("Reply", "Soup\u{e007}").await;
    ana.sees_in("#replies", "Soup").await;
    // A small telephone at 200 %: nothing lies over the clock.
    ana.is_sized((195, 422)).await;
    assert_eq!(ana.runs(CROWDED).await, json!([]), "at 195 pixels");
    for width in (320..1_600).step_by(40) {
        ana.is_sized((width, 800)).await;
        let measured = ana.runs(THREAD).await;
        let least = f64::from(width.min(400));
        assert!(measured[0].as_f64().unwrap() >= least, "{measured} at {width} pixels");
        assert_eq!((&measured[1], measured[2].as_i64() <= Some(0)), (&json!(0), true), "at {width} pixels");
    }
    ana.closes().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_newest_words_and_answers_are_in_sight_on_a_telephone() {
    let Some(demo) = Demo::starts().await else { return };
    let ana = demo.opens("ana", "general").await;
    for width in [390, 768, 1_440] {
        ana.is_sized((width, 844)).await;
        ana.reloads().await;
        ana.sees_in("#steps", "Try this").await;
        ana.becomes_true(&BELOW.replace("return ", "return 2 > ")).await;
        // One who reads what was said before, and then asks for something, sees the answer.
        ana.runs("document.getElementById('messages').scrollTop = 0").await;
        ana.types_into("Message", "/kudos mine\u{e007}").await;
        ana.sees_in("#messages .whisper", "Rondo").await;
        ana.becomes_true(&BELOW.replace("return ", "return 2 > ")).await;
    }
    ana.closes().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_step_back_returns_to_the_conversation_before() {
    let Some(demo) = Demo::starts().await else { return };
    let ana = demo.opens("ana", "general").await;
    ana.goes_to("engineering").await;
    ana.runs("history.back()").await;
    ana.sees_in("#place", "general").await;
    ana.runs("location.hash = location.hash.replace('general', 'engineering')").await;
    ana.sees_in("#place", "engineering").await;
    // So is a thread: a telephone shows nothing else meanwhile.
    ana.is_sized((390, 844)).await;
    ana.says("Lunch?").await;
    let shows_a_thread = "return document.getElementById('thread').checkVisibility()";
    for closes in [true, false, true] {
        ana.points_at("Lunch?").await;
        ana.presses_in("Lunch?", "Reply in thread").await;
        ana.becomes_true(shows_a_thread).await;
        if closes {
            ana.presses("Close the thread").await;
        } else {
            ana.goes_back().await;
        }
        ana.becomes_true(&shows_a_thread.replace("return ", "return !")).await;
        ana.sees_in("#place", "engineering").await;
    }
    ana.goes_back().await;
    ana.sees_in("#place", "general").await;
    ana.closes().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_keyboard_does_everything() {
    let Some(demo) = Demo::starts().await else { return };
    let ana = demo.opens("ana", "general").await;
    let written = "return document.getElementById('text-main').value";
    ana.types_into("Message", "/ku").await;
    ana.sees_in("[role=listbox]", "/kudos").await;
    ana.keys(&[Key::Enter]).await;
    assert_eq!(ana.runs(written).await, "/kudos ");
    ana.types_into("Message", "@be").await;
    ana.sees_in("[role=listbox]", "Ben Okafor").await;
    ana.picture("completion").await;
    ana.keys(&[Key::Down, Key::Up, Key::Tab]).await;
    assert_eq!(ana.runs(written).await, "/kudos @ben ");
    ana.types_into("Message", "for two\u{e008}\u{e007}\u{e008}lines").await;
    assert_eq!(ana.runs(written).await, "/kudos @ben for two\nlines", "Shift and Enter begin a line");
    ana.keys(&[Key::Enter]).await;
    ana.sees("Kudos to @Ben Okafor!").await;
    ana.types_into("Message", "@").await;
    ana.sees_in("[role=listbox]", "Ben Okafor").await;
    ana.keys(&[Key::Escape]).await;
    ana.becomes_true("return document.getElementById('hints-main').hidden").await;
    assert_eq!(ana.runs(written).await, "@", "Escape takes nothing away");
    ana.empties("Message").await;
    // Escape closes a form, and the focus returns.
    ana.says("/kudos").await;
    ana.sees_in("#modal", "Who would you like to thank?").await;
    ana.keys(&[Key::Escape]).await;
    ana.sees_no("Who would you like to thank?").await;
    ana.becomes_true("return document.activeElement.id === 'text-main'").await;
    ana.closes().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_focus_is_visible() {
    let Some(demo) = Demo::with_history().await else { return };
    let ana = demo.opens("ana", "general").await;
    let seen = "const one = document.activeElement, style = getComputedStyle(one); \
                return one === document.body || style.outlineStyle !== 'none' || style.boxShadow !== 'none' \
                  || one.closest('.box') !== null";
    let mut been = BTreeSet::new();
    for step in 0..40 {
        ana.keys(&[Key::Tab]).await;
        let what = ana.runs("return document.activeElement.outerHTML.slice(0, 200)").await;
        assert_eq!(ana.runs(seen).await, true, "step {step}: {what}");
        been.insert(what.to_string());
    }
    assert!(been.len() > 20, "the keyboard goes on from one thing to the next: {been:#?}");
    ana.closes().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_control_has_a_name() {
    let Some(demo) = Demo::with_history().await else { return };
    let ana = demo.opens("ana", "general").await;
    ana.presses("Wire").await;
    ana.sees_in("#rows", "chat.postMessage").await;
    let mut controls = ana.controls().await;
    ana.says("/kudos").await;
    ana.sees_in("#modal", "Who would you like to thank?").await;
    controls.extend(ana.controls().await);
    assert!(controls.len() > 60, "{}", controls.len());
    let nameless: Vec<_> = controls.iter().filter(|(_, name)| name.trim().is_empty()).collect();
    assert!(nameless.is_empty(), "{nameless:?}");
    assert_eq!(ana.runs("return document.documentElement.lang").await, json!("en-GB"));
    ana.closes().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tools_cover_no_button() {
    let Some(demo) = Demo::starts_with(&[]).await else { return };
    let ana = demo.opens("ana", "general").await;
    ana.says("/sync next").await;
    for place in ["general", "coffee-chats", "cross-team", "Rondo"] {
        ana.goes_to(place).await;
        ana.becomes_true("return document.querySelectorAll('#messages article').length > 0").await;
        assert_eq!(ana.runs(COVERED).await, json!([]), "in {place}");
    }
    ana.closes().await;
}

/// Returns whether the tools of the newest message are in sight, and on none of its buttons.
const WITHIN_REACH: &str = "const box = (one) => one.getBoundingClientRect(); \
     const [list, message] = [document.getElementById('messages'), [...document.querySelectorAll('#messages article')].at(-1)]; \
     const tools = message.querySelector('.tools'); \
     const over = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom; \
     return getComputedStyle(tools).opacity === '1' && box(tools).top >= box(list).top && box(tools).bottom <= box(list).bottom \
       && box(tools).left >= box(list).left && box(tools).right <= box(list).right \
       && [...message.querySelectorAll('.body button')].every((one) => !over(box(one), box(tools)))";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_tools_of_a_tall_message_stay_within_reach() {
    let Some(chromium) = chromium() else { return };
    let sandbox = Sandbox::start(Options { enforce_limits: false, ..Options::default() }).await.unwrap();
    sandbox.add_person(NewPerson::named("ana"));
    let token = installs_an_app(&sandbox);
    let point = |n: usize| {
        let words = format!("Point {n}, with more words than fit into one line beside its button");
        let label = if n.is_multiple_of(3) {
            "A label that is as long as it may be on a telephone"
        } else {
            "Strike it"
        };
        let button = json!({ "type": "button", "action_id": format!("strike{n}"), "text": { "type": "plain_text", "text": label } });
        json!({ "type": "section", "text": { "type": "mrkdwn", "text": words }, "accessory": button })
    };
    let blocks: Vec<Value> = (1..40).map(point).collect();
    calls(
        &sandbox,
        &token,
        "chat.postMessage",
        json!({ "channel": "#general", "text": "The agenda", "blocks": blocks }),
    )
    .await;
    let ana = looks(chromium, &sandbox, "ana").await;
    for (size, name) in [((390, 844), "tall-390"), ((768, 1_024), "tall-768"), ((1_440, 900), "tall-1440")] {
        ana.is_sized(size).await;
        ana.runs("[...document.querySelectorAll('#messages article')].at(-1).focus({ preventScroll: true })")
            .await;
        for above in (0..700).step_by(35) {
            ana.runs(&format!(
                "const list = document.getElementById('messages'); \
                 list.scrollTop = list.scrollHeight - list.clientHeight - {above}"
            ))
            .await;
            ana.becomes_true(WITHIN_REACH).await;
        }
        let squeezed = "return [...document.querySelectorAll('#messages .section')].filter((one) => \
             one.querySelector('.said').offsetWidth < one.offsetWidth / 2 - 16).length";
        assert_eq!(ana.runs(squeezed).await, 0, "a long label leaves the words half of the room");
        ana.picture(name).await;
    }
    ana.closes().await;
}
