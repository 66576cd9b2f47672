//! Simulated colleagues answer a lone visitor, and can be switched off.

use super::*;

/// Counts what the page marks as simulated.
const MARKED: &str = "return document.querySelectorAll('#messages .simulated').length";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn colleagues_answer_and_can_be_switched_off() {
    let Some(demo) = Demo::starts_with(&[]).await else { return };
    let ana = demo.opens("ana", "general").await;
    ana.sees_in("#messages", "simulated").await;
    ana.says("/kudos @ben for carrying all of our plants to the new office").await;
    ana.sees_in("#messages", "carrying all of our plants").await;
    // They answer soon, and within an hour all have looked.
    ana.presses("+1 h").await;
    let answered = "return [...document.querySelectorAll('#messages article')].some((one) => \
                    one.innerText.includes('carrying all of our plants') && one.querySelector('.reactions'))";
    ana.becomes_true(answered).await;
    ana.picture("living").await;
    ana.presses("Simulated colleagues").await;
    ana.becomes_true("return document.getElementById('colleagues').ariaPressed === 'false'").await;
    let before = ana.runs(MARKED).await;
    ana.says("Is anybody there?").await;
    ana.presses("+1 day").await;
    ana.becomes_true("return document.getElementById('ahead').ariaBusy === 'false'").await;
    assert_eq!(ana.runs(MARKED).await, before, "all is quiet");
    ana.closes().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_introduced_colleague_greets() {
    let Some(demo) = Demo::starts_with(&[]).await else { return };
    let ana = demo.opens("ana", "coffee-chats").await;
    // The last round's question and this round's notice come before it, and what other rituals do on Monday.
    ana.jumps_to("Coffee round in #coffee-chats").await;
    ana.presses("+1 h").await;
    opens_the_newest_group(&ana).await;
    ana.sees_in("#messages", "matched for a coffee chat").await;
    ana.sees_in("#messages", "simulated").await;
    ana.picture("greeted").await;
    ana.presses("We met").await;
    ana.sees_in("#messages", "says you met.").await;
    ana.closes().await;
}
