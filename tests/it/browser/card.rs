//! The card of steps to try: its chapters, what ticks a step, and the way through all of them.

use fantoccini::key::Key;

use super::*;

/// The hint of the next step in the open chapter.
const HINT: &str = "#steps .chapter[open] li.next small";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hint_opens_places_and_writes_commands() {
    let Some(demo) = Demo::with_history().await else { return };
    let tab = demo.opens("ana", "general").await;
    for chapter in ["Kudos", "Retro", "Coffee", "Sync", "Promises"] {
        tab.sees_in("#steps .chapter summary", chapter).await;
    }
    assert_eq!(tab.runs("return document.querySelectorAll('#steps .chapter[open]').length").await, 1);
    tab.presses_at("//details[@class='chapter']/summary[contains(., 'Sync')]").await;
    tab.becomes_true("return document.querySelectorAll('#steps .chapter[open]').length === 1").await;
    tab.sees_in(HINT, "/sync agenda").await;
    // The newest of the group messages is a click away, too.
    tab.presses_at("//details[@class='chapter']/summary[contains(., 'Coffee')]").await;
    tab.presses("Open Group messages").await;
    tab.sees_in("#about", "Group message").await;
    tab.presses_at("//details[@class='chapter']/summary[contains(., 'Sync')]").await;
    tab.presses("Write /sync agenda").await;
    tab.sees_in("#place", "#cross-team").await;
    tab.becomes_true("return document.getElementById('text-main').value === '/sync agenda'").await;
    tab.keys(&[Key::Enter]).await;
    tab.sees_in("#messages", "Agenda of").await;
    tab.sees_in("#steps .chapter[open] > summary", "1 of").await;
    tab.picture("chapters").await;
    // What the card scrolls out of sight makes the page no higher.
    tab.presses_at("//details[@class='chapter']/summary[contains(., 'Retro')]").await;
    tab.becomes_true("return document.documentElement.scrollHeight <= innerHeight").await;
    // Without the card the sidebar has all the room.
    tab.presses("Put this card away").await;
    tab.becomes_true("return document.getElementById('steps').hidden").await;
    tab.presses("Try this").await;
    tab.becomes_true("return !document.getElementById('steps').hidden").await;
    tab.sees_in("#steps .chapter summary", "Promises").await;
    // A command within a sentence is written, too, and all are large enough for a finger.
    tab.presses_at("//details[@class='chapter']/summary[contains(., 'Kudos')]").await;
    tab.presses("Thank with a form").await;
    let low = "return [...document.querySelectorAll('#steps button')].filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 24).length";
    assert_eq!(tab.runs(low).await, 0);
    tab.presses("Write /kudos").await;
    tab.becomes_true("return document.getElementById('text-main').value === '/kudos'").await;
    // It stays folded, and then open, over a reload.
    for folded in [true, false] {
        tab.presses_at("//*[@id='steps']/details/summary").await;
        tab.reloads().await;
        tab.becomes_true(&format!("return document.querySelector('#steps > details')?.open === {}", !folded))
            .await;
    }
    tab.closes().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_card_leads_through_everything() {
    let Some(demo) = Demo::with_history().await else { return };
    let tab = demo.opens("ana", "coffee-chats").await;
    tab.sees_in("#steps", "Try this").await;
    // What the bot refuses ticks nothing, nor does another button of the same name.
    tab.says("/kudos @ana for trying").await;
    tab.sees_in("#messages", "yourself").await;
    assert_eq!(tab.reads("#steps .card > summary .count").await.split(' ').next(), Some("0"));
    let mut followed = Vec::new();
    while !tab.reads("#steps summary").await.contains("You have tried it all") {
        let hint = tab.reads(HINT).await;
        assert!(!followed.contains(&hint), "{hint:?} was followed and is not ticked off");
        follow(&tab, &hint).await;
        let still = format!(
            "return document.querySelector({})?.innerText !== {}",
            serde_json::json!(HINT),
            serde_json::json!(hint)
        );
        tab.becomes_true(&still).await;
        followed.push(hint);
    }
    assert!(followed.len() > 16, "{followed:#?}");
    // It says what comes after the last step, folds, and leaves the sidebar to the conversations.
    tab.sees_in("#steps summary", "the README shows how").await;
    tab.becomes_true("return document.getElementById('steps').offsetHeight < 140").await;
    tab.picture("card").await;
    tab.closes().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_step_that_has_a_button_and_a_command_is_ticked_by_the_command_too() {
    let Some(demo) = Demo::with_history().await else { return };
    let tab = demo.opens("ana", "coffee-chats").await;
    tab.says("/kudos @ben for showing me around").await;
    is_ticked(&tab, "Thank a colleague").await;
    tab.says("/coffee skip").await;
    is_ticked(&tab, "Skip a round").await;
    tab.says("/coffee join").await;
    is_ticked(&tab, "Take part again").await;
    tab.says("/promise write up the customer call by Friday").await;
    is_ticked(&tab, "Promise something").await;
    tab.says("/promise mine").await;
    tab.sees_in("#messages", ". write up the customer call (promised for").await;
    let shown = tab.reads("#messages").await;
    let (before, _) = shown.split_once(". write up the customer call (promised for").unwrap();
    let number = before.rsplit(|letter: char| !letter.is_ascii_digit()).next().unwrap();
    tab.says(&format!("/promise done {number}")).await;
    is_ticked(&tab, "Keep it").await;
    tab.closes().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_shows_only_a_hint_that_is_about_it() {
    let Some(demo) = Demo::with_history().await else { return };
    let tab = demo.opens("ana", "general").await;
    tab.presses_at("//details[@class='chapter']/summary[contains(., 'Sync')]").await;
    tab.presses("Save a message for the sync").await;
    let hint = tab.reads(HINT).await;
    assert!(hint.contains("press Save"), "{hint}");
    // Another form with a button of the same name.
    tab.says("/rondo me").await;
    tab.sees_in("#modal footer", "Save").await;
    tab.becomes_true(&shows_in_form("")).await;
    tab.presses("Cancel").await;
    // The form itself, though its chapter is folded.
    tab.presses_at("//details[@class='chapter']/summary[contains(., 'Coffee')]").await;
    let words = colleagues_words(&tab).await;
    tab.points_at(&words).await;
    tab.presses_in(&words, "More actions").await;
    tab.presses("Save for…").await;
    tab.becomes_true(&shows_in_form(&hint)).await;
    tab.presses("Cancel").await;
    tab.presses("Put this card away").await;
    tab.points_at(&words).await;
    tab.presses_in(&words, "More actions").await;
    tab.presses("Save for…").await;
    tab.becomes_true(&shows_in_form("")).await;
    tab.closes().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_newcomer_reads_at_first_what_this_is() {
    let Some(demo) = Demo::starts().await else { return };
    let tab = demo.opens("ana", "general").await;
    let says = "return Boolean(document.querySelector('#steps .intro')?.checkVisibility())";
    let says_no = says.replace("return ", "return !");
    tab.sees_in("#steps .chapter summary", "Retro").await;
    assert_eq!(tab.runs(says).await, true);
    tab.is_sized((390, 844)).await;
    tab.reloads().await;
    tab.becomes_true(says).await;
    assert!(tab.reads("#steps .intro").await.starts_with("Rondo runs coffee chats"));
    let lines = "const line = document.querySelector('#steps .intro'); \
         return line.offsetHeight / parseFloat(getComputedStyle(line).lineHeight)";
    assert_eq!(tab.runs(lines).await.as_f64().map(f64::round), Some(1.0));
    tab.picture("first-look-390").await;
    // On a telephone it leads to the card, and is gone from then on.
    tab.presses_at("//*[@id='steps']//*[@class='intro']").await;
    tab.becomes_true("return document.querySelector('#steps > details').open").await;
    tab.becomes_true(&says_no).await;
    tab.presses_at("//*[@id='steps']/details/summary").await;
    tab.becomes_true("return !document.querySelector('#steps > details').open").await;
    assert_eq!(tab.runs(says).await, false);
    tab.reloads().await;
    tab.sees_in("#steps", "Try this").await;
    assert_eq!(tab.runs(says).await, false);
    // Another newcomer does a step without it.
    tab.runs("sessionStorage.clear()").await;
    tab.reloads().await;
    tab.becomes_true(says).await;
    tab.says("/kudos mine").await;
    tab.becomes_true(&says_no).await;
    tab.closes().await;
}

/// Waits until the step with this title is ticked.
async fn is_ticked(tab: &Tab, title: &str) {
    let path = format!("//section[@id='steps']//li[contains(@class, 'done')][.//b[.={title:?}]]");
    let ticked = "return document.evaluate(arguments, document, null, XPathResult.BOOLEAN_TYPE).booleanValue";
    tab.becomes_true(&ticked.replace("arguments", &serde_json::json!(path).to_string())).await;
}

/// Does literally what a hint says.
async fn follow(tab: &Tab, hint: &str) {
    if follows_to_retros(tab, hint).await {
        return;
    }
    if hint.starts_with("Type /kudos with nothing behind it") {
        tab.says("/kudos").await;
        tab.picks("Who would you like to thank?", "Ben Okafor").await;
        tab.types_into("What for?", "showing me around").await;
        presses_in_form(tab, hint, last_button(hint)).await;
    } else if hint.contains("type: /sync swap (press Swap with…") {
        tab.goes_to("cross-team").await;
        tab.says("/sync swap").await;
        tab.presses("Swap with…").await;
        tab.chooses("With whom?", "Chiara Haddad").await;
        presses_in_form(tab, hint, "Ask them").await;
    } else if let Some((place, command)) = hint.split_once(", type: ") {
        let place = place.strip_prefix("In #").unwrap_or("general");
        // The text after the colon is typed, without a remark in brackets.
        let command = command.split(" (").next().unwrap();
        tab.goes_to(place).await;
        tab.says(command).await;
        follows_in_form(tab, hint).await;
        if hint.contains("choose Next week in the menu Later…") {
            tab.chooses("Later…", "Next week").await;
            // The list is written anew after the answer that ticks the step.
            tab.sees_in("#messages", "(moved to").await;
        } else if hint.contains("press Done under your promise") {
            // Any of the lists that are there by now.
            tab.presses("Done").await;
        }
    } else if hint.starts_with("In #coffee-chats, press Next (the wide button in the header) until") {
        tab.goes_to("coffee-chats").await;
        jumps_until_another(tab, "Tomorrow's the next round").await;
        tab.presses(last_button(hint)).await;
    } else if hint.starts_with("Press Next until a round takes place") {
        while !tab.reads("#next").await.contains("Coffee round in #coffee-chats") {
            tab.jumps_on().await;
        }
        tab.jumps_on().await;
        // It stands first, once it is listed.
        opens_the_newest_group(tab).await;
        tab.sees_in("#messages", "matched for a coffee chat").await;
        tab.presses(last_button(hint)).await;
    } else if hint.starts_with("Open the first of the Group messages") {
        tab.presses_at("(//nav[@id='side']//h2[.='Group messages']/following-sibling::ul[1]//button)[1]")
            .await;
        tab.sees_in("#messages", "matched for a coffee chat").await;
        tab.presses(last_button(hint)).await;
    } else if hint.starts_with("In #cross-team, press Next (the wide button in the header) until") {
        tab.goes_to("cross-team").await;
        jumps_until_another(tab, "It's time for the sync").await;
        tab.presses(last_button(hint)).await;
    } else if hint.starts_with("In #general, point at (or tap) a message of a colleague") {
        tab.goes_to("general").await;
        let words = colleagues_words(tab).await;
        tab.points_at(&words).await;
        tab.presses_in(&words, "More actions").await;
        tab.presses("Save for…").await;
        tab.sees_in("#modal", "What for?").await;
        tab.chooses("What for?", "the next sync").await;
        presses_in_form(tab, hint, last_button(hint)).await;
    } else if hint.starts_with("Press I'll do it") {
        tab.presses("I'll do it").await;
    } else if hint.starts_with("Press Undo") {
        tab.presses(pressed_first(hint)).await;
    } else if hint.starts_with("Press ") {
        presses_in_form(tab, hint, pressed_first(hint)).await;
    } else if hint.starts_with("Choose another person") {
        tab.becomes("Ben Okafor").await;
    } else {
        panic!("no rule follows {hint:?}");
    }
}

/// Does what a hint says of the form that its command opens, if it does.
async fn follows_in_form(tab: &Tab, hint: &str) {
    let Some((_, todo)) = hint.split_once("(a form opens: ") else { return };
    tab.becomes_true(&shows_in_form(hint)).await;
    if todo.starts_with("write “every Monday at 15:00” into When") {
        tab.empties("When").await;
        tab.types_into("When", "every Monday at 15:00").await;
    } else if todo.starts_with("tick a point") {
        tab.ticks("Who's on call next month?").await;
    }
    for label in todo.split("press ").skip(1) {
        tab.presses(label.split([',', ';', ')']).next().unwrap()).await;
    }
}

/// Does what a hint about retros says, and returns whether it is one.
async fn follows_to_retros(tab: &Tab, hint: &str) -> bool {
    // Ana reads it without the words whom it is for.
    if hint.starts_with("Open Rondo. If no retro is open, ") {
        tab.goes_to("Rondo").await;
        tab.presses("Answer anonymously").await;
        tab.types_into("What should we start doing?", "Look at this page together").await;
        presses_in_form(tab, hint, last_button(hint)).await;
    } else if hint.starts_with("When your answer is saved, close that form. ") {
        tab.sees_in("#modal", "saved, without your name").await;
        presses_in_form(tab, hint, "Close").await;
        presses_and_confirms(tab, hint, "Close now").await;
    } else if hint.starts_with("As the organiser, in Rondo's newest message, press Read and reveal") {
        tab.presses(last_button(hint)).await;
    } else if hint.starts_with("As the organiser, in Rondo's newest message, press Group into themes") {
        tab.presses("Group into themes").await;
        tab.types_into("Name", "Looking together").await;
        // The field's options come from the app, and it works like any other.
        tab.types_into("Answers", "Look at this page together").await;
        tab.sees_in(".offers", "Look at this page together").await;
        tab.keys(&[Key::Enter]).await;
        tab.sees_in("#modal .chip", "Look at this page together").await;
        presses_in_form(tab, hint, last_button(hint)).await;
        tab.sees_in("#modal", "Saved:").await;
        let in_sight = "const said = [...document.querySelectorAll('#modal .mrkdwn')].find((one) => one.textContent.includes('Saved:')); \
             const [one, all] = [said, said.closest('.blocks')].map((one) => one.getBoundingClientRect()); \
             return one.top >= all.top - 1 && one.bottom <= all.bottom + 1";
        tab.becomes_true(in_sight).await;
    } else if hint.starts_with("Press Done. ") {
        presses_in_form(tab, hint, "Done").await;
        tab.presses("Start the vote").await;
        tab.sees_in("#modal h2", "Start the vote").await;
        presses_in_form(tab, hint, "Start").await;
        tab.sees_in("#modal", "is on in the channel").await;
        tab.presses("Close").await;
    } else if hint.starts_with("In #cross-team, press Vote") {
        tab.goes_to("cross-team").await;
        tab.presses("Vote").await;
        tab.chooses("Vote 1", "1. ").await;
        presses_in_form(tab, hint, "Vote").await;
        tab.sees_in("#modal", "saved. You can change").await;
    } else if hint.starts_with("Press Close. As the organiser, open Rondo") {
        presses_in_form(tab, hint, "Close").await;
        tab.goes_to("Rondo").await;
        presses_and_confirms(tab, hint, "End the vote now").await;
    } else if hint.starts_with("As the organiser, in #cross-team, choose Ours in the menu") {
        tab.goes_to("cross-team").await;
        tab.chooses("In our hands?", "Ours").await;
    } else if hint.starts_with("Press Reveal in the form") {
        presses_in_form(tab, hint, "Reveal").await;
        tab.sees_in("#modal", "shown in #cross-team").await;
        tab.presses("Close").await;
    } else {
        return false;
    }
    true
}

/// Presses a button that asks in a form, the form's own of the same name, and closes what the form says then.
async fn presses_and_confirms(tab: &Tab, hint: &str, label: &str) {
    tab.presses(label).await;
    tab.sees_in("#modal", "Not yet").await;
    presses_in_form(tab, hint, label).await;
    tab.presses("Close").await;
}

/// Presses a button of the form that is open, which shows the hint itself where it covers the card.
async fn presses_in_form(tab: &Tab, hint: &str, label: &str) {
    tab.becomes_true(&shows_in_form(hint)).await;
    tab.presses(label).await;
}

/// Returns a script that says whether the open form shows this hint, or what of it is about the form.
fn shows_in_form(hint: &str) -> String {
    let within = hint.split_once("(a form opens: ").map(|(_, within)| within.rsplit_once(')').unwrap().0);
    format!(
        "const form = document.getElementById('modal'); \
         return form.open && form.dataset.hint.toLowerCase() === {}.toLowerCase()",
        serde_json::json!(within.unwrap_or(hint))
    )
}

/// Returns the first words of a colleague's newest message in the open conversation.
async fn colleagues_words(tab: &Tab) -> String {
    const WORDS: &str = "const all = [...document.querySelectorAll('#messages article')].filter((one) => \
         one.querySelector('[aria-label=\"More actions\"]') && !one.innerText.includes('Ana Costa') && \
         !one.innerText.includes('Rondo')); \
         return all.at(-1)?.querySelector('.body')?.innerText.split('\\n')[0].slice(0, 40) ?? ''";
    let words = tab.runs(WORDS).await;
    words.as_str().unwrap().trim().to_owned()
}

/// Presses Next until the open conversation shows these words once more than before.
async fn jumps_until_another(tab: &Tab, words: &str) {
    let shown = async || tab.reads("#messages").await.matches(words).count();
    let before = shown().await;
    for _ in 0..40 {
        if shown().await > before {
            return;
        }
        tab.jumps_on().await;
    }
    panic!("{words:?} does not come");
}

/// Returns the button that a hint names first, which has one word.
fn pressed_first(hint: &str) -> &str {
    hint.strip_prefix("Press ").unwrap().split([' ', '.']).next().unwrap()
}

fn last_button(hint: &str) -> &str {
    hint.rsplit("press ").next().unwrap().trim_end_matches('.')
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_example_names_others_than_its_reader() {
    let Some(demo) = Demo::starts().await else { return };
    let tab = demo.opens("ana", "general").await;
    tab.sees_in("#steps", "/kudos @ben for helping").await;
    tab.types_into("Message", "/kudos ").await;
    tab.becomes_true("return /@/.test(document.querySelector('#composer .usage').innerText)").await;
    assert!(!tab.reads("#composer .usage").await.contains("@ana"));
    tab.empties("Message").await;
    tab.becomes("Ben").await;
    tab.sees_in("#steps", "/kudos @ana for helping").await;
    tab.closes().await;
}
