//! The pictures that documents show: `just pictures` takes them anew.

use super::*;

/// Wide enough for the header, and high enough for a message of each ritual.
const README: (u32, u32) = (1280, 1000);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_readme_shows_all_rituals() {
    let Some(demo) = Demo::starts_with(&[]).await else { return };
    let ana = demo.opens("ana", "general").await;
    for (command, started) in [
        ("/retro start first Friday of the month at 15:00", "has started retros here"),
        ("/sync start every Monday at 15:00", "has started a sync here"),
        ("/coffee start every 2 weeks on Wednesday at 11:00", "has started coffee chats here"),
    ] {
        ana.says(command).await;
        ana.presses("Start").await;
        ana.sees_in("#messages", started).await;
    }
    ana.says("/kudos @ben for carrying all of our plants to the new office").await;
    ana.sees_in("#messages", "carrying all of our plants").await;
    // Within an hour all have looked.
    ana.presses("+1 h").await;
    ana.becomes_true("return document.getElementById('ahead').ariaBusy === 'false'").await;
    // Ben does not see what only Ana reads.
    let ben = demo.opens("ben", "general").await;
    ben.is_sized(README).await;
    ben.sees_in("#messages", "carrying all of our plants").await;
    for ritual in ["has started retros here", "has started a sync", "has started coffee chats"] {
        ben.sees_in("#messages", ritual).await;
    }
    ben.picture("rituals").await;
    ana.closes().await;
    ben.closes().await;
}
