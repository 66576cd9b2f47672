//! The chapters of the card, and which step it names.

use super::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_folded_card_names_a_step_of_the_chapter_that_was_open() {
    let Some(demo) = Demo::with_history().await else { return };
    let tab = demo.opens("ana", "cross-team").await;
    let folds = async || tab.presses_at("//*[@id='steps']/details/summary").await;
    let names = async |step| tab.sees_in("#steps .card:not([open]) .title", step).await;
    folds().await;
    names("Thank a colleague").await;
    folds().await;
    presses_chapter(&tab, "Sync").await;
    folds().await;
    names("Look at the agenda").await;
    tab.says("/sync agenda").await;
    names("Put a point on the agenda").await;
    tab.picture("folded-card").await;
    // The chapter is still the last one when it's folded itself.
    folds().await;
    presses_chapter(&tab, "Sync").await;
    tab.becomes_true("return !document.querySelector('.chapter[open]')").await;
    folds().await;
    names("Put a point on the agenda").await;
    tab.reloads().await;
    names("Put a point on the agenda").await;
    tab.closes().await;
}

async fn presses_chapter(tab: &Tab, name: &str) {
    tab.presses_at(&format!("//details[@class='chapter']/summary[contains(., '{name}')]")).await;
}
