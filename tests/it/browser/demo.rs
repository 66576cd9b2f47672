//! What a new user does in the demo.

use super::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_tab_sees_kudos() {
    let Some(demo) = Demo::starts().await else { return };
    let ben = demo.opens("ben", "general").await;
    let ana = demo.opens("ana", "general").await;
    ana.says("/kudos @ben for lending me his umbrella").await;
    ana.sees("Kudos to @Ben Okafor!").await;
    ana.sees("lending me his umbrella").await;
    ana.picture("kudos").await;
    ben.sees_in("#messages", "lending me his umbrella").await;
    assert!(!ben.text().await.contains("Kudos to @Ben Okafor!"), "the answer is ana's alone");
    ana.presses_in("Kudos to @Ben Okafor!", "Undo").await;
    ben.sees_no("lending me his umbrella").await;
    ana.closes().await;
    ben.closes().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_takes_a_correction() {
    let Some(demo) = Demo::starts().await else { return };
    let ana = demo.opens("ana", "general").await;
    ana.says("/kudos").await;
    ana.sees_in("#modal", "Who would you like to thank?").await;
    ana.types_into("What for?", "a form that forgives").await;
    // The workspace itself refuses an empty field, the bot a wrong one.
    ana.presses("Give").await;
    ana.sees_in("#modal [role=alert]", "Please complete this required field").await;
    ana.types_into("Find", "ana").await;
    ana.ticks("Ana Costa").await;
    ana.presses("Give").await;
    ana.sees_in("#modal [role=alert]", "yourself").await;
    ana.picture("form").await;
    ana.ticks("Ana Costa").await;
    ana.empties("Find").await;
    ana.types_into("Find", "ben").await;
    ana.ticks("Ben Okafor").await;
    ana.presses("Give").await;
    ana.sees_no("Who would you like to thank?").await;
    ana.sees_in("#messages", "a form that forgives").await;
    ana.closes().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_sets_up_coffee_chats() {
    let Some(demo) = Demo::starts().await else { return };
    let (ana, ben) = (demo.opens("ana", "general").await, demo.opens("ben", "general").await);
    ana.says("/coffee").await;
    ana.sees_in("#modal", "Set up coffee chats").await;
    ana.sees_in("#modal", "Everyone in the channel takes part").await;
    ana.picture("setup").await;
    ana.empties("When").await;
    ana.types_into("When", "every tuseday at 10:00").await;
    ana.types_into("Name", "Early birds").await;
    ana.presses("Preview").await;
    ana.sees_in("#modal [role=alert]", "Did you mean: every Tuesday at 10:00?").await;
    ana.empties("When").await;
    ana.types_into("When", "every Tuesday at 10:00").await;
    ana.chooses("How many people meet at a time?", "3 people").await;
    ana.presses("Preview").await;
    ana.sees_in("#modal", "Early birds: coffee chats in").await;
    ana.sees_in("#modal", "has started coffee chats here").await;
    ana.sees_in("#modal", "First rounds: Tuesday").await;
    ana.sees_in("#modal", "You're matched for").await;
    ana.picture("preview").await;
    ana.presses("Back").await;
    ana.sees_in("#modal", "Everyone in the channel takes part").await;
    ana.presses("Preview").await;
    ana.sees_in("#modal", "Early birds: coffee chats in").await;
    ana.presses("Start").await;
    ana.sees_no("Everyone in the channel takes part").await;
    ana.sees("Early birds is on in").await;
    ben.sees_in("#messages", "Ana Costa has started coffee chats here").await;
    ana.goes_to("general").await;
    ana.says("/coffee").await;
    ana.sees_in("#messages", "Early birds: coffee chats run here").await;
    ana.presses("Change").await;
    ana.sees_in("#modal", "Change coffee chats").await;
    ana.presses("Cancel").await;
    ana.closes().await;
    ben.closes().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn next_brings_a_pairing() {
    let Some(demo) = Demo::starts().await else { return };
    let ana = demo.opens("ana", "coffee-chats").await;
    // The last round's question and this round's notice come before it, and what other rituals do on Monday.
    ana.jumps_until("Next: Coffee round in #coffee-chats, Tue").await;
    ana.sees_in("#messages", "Tomorrow's the next round").await;
    ana.jumps_on().await;
    opens_the_newest_group(&ana).await;
    ana.sees_in("#messages", "matched for a coffee chat from #coffee-chats").await;
    ana.picture("pairing").await;
    ana.presses("We met").await;
    ana.sees_in("#messages", "Great!").await;
    ana.sees_in("#messages", "@Ana Costa says you met.").await;
    ana.presses("More options").await;
    ana.presses("Skip the next round").await;
    ana.sees_in("#messages", "You're skipping the round on").await;
    ana.closes().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reactions_toggle() {
    let Some(demo) = Demo::starts().await else { return };
    let ana = demo.opens("ana", "general").await;
    let ben = demo.opens("ben", "general").await;
    ana.says("Who has seen the sun today?").await;
    ben.points_at("Who has seen the sun today?").await;
    ben.presses_in("Who has seen the sun today?", "Put an emoji on it").await;
    ben.presses(":+1:").await;
    ana.sees_in("article:last-of-type .reactions", "👍 1").await;
    ana.presses_in("Who has seen the sun today?", "Ben Okafor with :+1:").await;
    ben.sees_in("article:last-of-type .reactions", "👍 2").await;
    ana.presses_in("Who has seen the sun today?", "Ben Okafor, Ana Costa with :+1:").await;
    ben.sees_in("article:last-of-type .reactions", "👍 1").await;
    ana.closes().await;
    ben.closes().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_card_leads_through_everything() {
    let Some(demo) = Demo::starts().await else { return };
    let tab = demo.opens("ana", "coffee-chats").await;
    tab.sees_in("#steps", "Try this").await;
    let mut followed = Vec::new();
    while !tab.reads("#steps summary").await.contains("You have tried it all") {
        let hint = tab.reads("#steps li.next small").await;
        assert!(!followed.contains(&hint), "{hint:?} was followed and is not ticked off");
        follow(&tab, &hint).await;
        let still = format!(
            "return document.querySelector('#steps li.next small')?.innerText !== {}",
            serde_json::json!(hint)
        );
        tab.becomes_true(&still).await;
        followed.push(hint);
    }
    assert!(followed.len() > 16, "{followed:#?}");
    tab.picture("card").await;
    tab.closes().await;
}

/// Does literally what a hint says.
async fn follow(tab: &Tab, hint: &str) {
    if hint.starts_with("Type /kudos with nothing behind it") {
        tab.says("/kudos").await;
        tab.ticks("Ben Okafor").await;
        tab.types_into("What for?", "showing me around").await;
        tab.presses(last_button(hint)).await;
    } else if hint.starts_with("As Ana Costa (choose her in the header)") {
        tab.goes_to("Rondo").await;
        tab.presses(last_button(hint)).await;
    } else if hint.starts_with("Write a few words in the form") {
        tab.types_into("What should we start doing?", "Look at this page together").await;
        tab.presses(last_button(hint)).await;
    } else if hint.starts_with("Close the form. ") {
        tab.sees_in("#modal", "saved, without your name").await;
        tab.presses("Close").await;
        tab.presses(last_button(hint)).await;
    } else if hint.starts_with("In Rondo's newest message") {
        tab.presses(last_button(hint)).await;
    } else if hint.starts_with("Press Reveal in the form, and Close") {
        tab.presses("Reveal").await;
        tab.sees_in("#modal", "shown in the channel").await;
        tab.presses("Close").await;
    } else if let Some((place, command)) = hint.split_once(", type: ") {
        let place = place.strip_prefix("In #").unwrap_or("general");
        // The text after the colon is typed, without a remark in brackets.
        let command = command.split(" (").next().unwrap();
        tab.goes_to(place).await;
        tab.says(command).await;
    } else if hint.starts_with("In #coffee-chats, press Next in the header until") {
        tab.goes_to("coffee-chats").await;
        jumps_until(tab, "Skip this time").await;
        tab.presses(last_button(hint)).await;
    } else if hint.starts_with("Press Next until a round takes place") {
        for _ in 0..40 {
            if is_introduced(tab).await {
                break;
            }
            tab.jumps_on().await;
        }
        tab.presses(last_button(hint)).await;
    } else if hint.starts_with("Press Next until the same conversation asks") {
        jumps_until(tab, "Did you two get to meet").await;
        tab.presses(last_button(hint)).await;
    } else if hint.starts_with("Press Preview in the form, and then") {
        tab.presses("Preview").await;
        tab.presses(last_button(hint)).await;
    } else if hint.starts_with("In #cross-team, press Next in the header until") {
        tab.goes_to("cross-team").await;
        let announced = async || tab.reads("#messages").await.matches("It's time for the sync").count();
        let before = announced().await;
        for _ in 0..40 {
            if announced().await > before {
                break;
            }
            tab.jumps_on().await;
        }
        tab.presses(last_button(hint)).await;
    } else if hint.starts_with("Open Rondo on the left, press Swap with…") {
        tab.goes_to("Rondo").await;
        tab.presses("Swap with…").await;
        tab.chooses("With whom?", "Chiara Haddad").await;
        tab.presses(last_button(hint)).await;
    } else if hint.starts_with("In #general, point at a message of a colleague") {
        tab.goes_to("general").await;
        let words = colleagues_words(tab).await;
        tab.points_at(&words).await;
        tab.presses_in(&words, "More actions").await;
        tab.presses("Save for…").await;
        tab.sees_in("#modal", "What for?").await;
        tab.presses(last_button(hint)).await;
    } else if hint.starts_with("Tick a point in the form") {
        tab.sees_in("#modal", "What did you reach?").await;
        tab.ticks("Who's on call in May?").await;
        tab.presses("Close").await;
    } else if hint.starts_with("Press I'll do it") {
        tab.presses("I'll do it").await;
    } else if hint.starts_with("Press ") {
        let label = hint.strip_prefix("Press ").unwrap().split([' ', '.']).next().unwrap();
        tab.presses(label).await;
    } else if hint.starts_with("Choose Next week in the menu Later…") {
        tab.chooses("Later…", "Next week").await;
    } else if hint.starts_with("Choose another person") {
        tab.becomes("Ben Okafor").await;
    } else {
        panic!("no rule follows {hint:?}");
    }
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

/// Presses Next until the open conversation shows these words.
async fn jumps_until(tab: &Tab, words: &str) {
    for _ in 0..40 {
        if tab.reads("#messages").await.contains(words) {
            return;
        }
        tab.jumps_on().await;
    }
    panic!("{words:?} does not come");
}

/// Opens a group conversation with unread messages. Returns whether it has an introduction.
async fn is_introduced(tab: &Tab) -> bool {
    const NEW: &str = "return [...document.querySelectorAll('#side h2')].some((head) => \
                       head.textContent === 'Group messages' && !!head.nextElementSibling?.querySelector('.new'))";
    while tab.runs(NEW).await == true {
        opens_the_newest_group(tab).await;
        if tab.reads("#messages").await.contains("matched for a coffee chat") {
            return true;
        }
    }
    false
}

fn last_button(hint: &str) -> &str {
    hint.rsplit("press ").next().unwrap().trim_end_matches('.')
}
