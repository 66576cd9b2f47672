//! The chapters of the card: which step it names, and what ticks one.

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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_retro_that_time_closes_ticks_no_step() {
    let Some(demo) = Demo::with_history().await else { return };
    let tab = demo.opens("ana", "general").await;
    tab.jumps_to("Closing of a retro").await;
    tab.goes_to("Rondo").await;
    tab.sees_in("#messages", "Read and reveal").await;
    presses_chapter(&tab, "Retro").await;
    tab.sees_in(".chapter[open] > summary", "0 of").await;
    // The next retro can be closed, and this one be gone on with.
    tab.sees_in(".chapter[open] li.next b", "Answer a retro").await;
    tab.presses("Close the retro").await;
    tab.sees_in(".chapter[open] li.next small", "If it has closed by itself").await;
    tab.closes().await;
}

async fn presses_chapter(tab: &Tab, name: &str) {
    tab.presses_at(&format!("//details[@class='chapter']/summary[contains(., '{name}')]")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hint_stands_over_forms_of_its_own_channel_alone() {
    let Some(demo) = Demo::with_history().await else { return };
    let tab = demo.opens("ana", "cross-team").await;
    let hint = async |title: &str, channel: &str| {
        let script = format!(
            "return (async () => {{ \
               const [store, card] = await Promise.all([import('/store.js'), import('/steps.js')]); \
               const of = store.state.channels.find((one) => one.name === '{channel}'); \
               const dialog = document.createElement('dialog'); \
               const view = {{ title: {{ text: '{title}' }}, blocks: [{{ text: `Of <#${{of.id}}>` }}] }}; \
               store.state.modals.push(view); \
               card.hintAtModal(dialog); \
               store.state.modals.pop(); \
               return dialog.dataset.hint; \
             }})()"
        );
        tab.runs(&script).await.as_str().unwrap().to_owned()
    };
    presses_chapter(&tab, "Sync").await;
    tab.presses("Write down a decision").await;
    tab.sees_in(".chapter[open] li.next b", "Write down a decision").await;
    let title = "Record a decision";
    assert!(hint(title, "cross-team").await.contains("Record"));
    assert_eq!(hint(title, "engineering").await, "");
    tab.closes().await;
}
