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
    ana.picks("Who would you like to thank?", "Ana Costa").await;
    ana.presses("Give").await;
    ana.sees_in("#modal [role=alert]", "yourself").await;
    ana.picture("form").await;
    ana.presses("Remove Ana Costa").await;
    ana.picks("Who would you like to thank?", "Ben Okafor").await;
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
    let Some(demo) = Demo::with_history().await else { return };
    let ana = demo.opens("ana", "coffee-chats").await;
    // The last round's question and this round's notice come before it, and what other rituals do.
    ana.jumps_to("Coffee round in #coffee-chats").await;
    opens_the_newest_group(&ana).await;
    ana.sees_in("#messages", "matched for a coffee chat from #coffee-chats").await;
    // A group is not taken for a conversation with one person.
    ana.sees_in("#place", ", Rondo").await;
    ana.sees_in("#about", "Group message").await;
    assert_eq!(ana.runs("return document.querySelectorAll('#faces .avatar').length").await, 2);
    assert_eq!(ana.reads("#side [aria-current] .others").await, "2");
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
