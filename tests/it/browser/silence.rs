//! A workspace that isn't there yet, or no longer.

use std::net::SocketAddr;

use slack_sandbox::{NewPerson, Options, Sandbox};

use super::*;

/// Starts a workspace with ana at an address, once it's free. It isn't open yet.
async fn starts_at(listen: SocketAddr, team_name: &str) -> Sandbox {
    for _ in 0..200 {
        let options = Options { listen, team_name: team_name.to_owned(), ..Options::default() };
        if let Ok(sandbox) = Sandbox::start_closed(options).await {
            sandbox.add_person(NewPerson::named("ana"));
            return sandbox;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("{listen} is never free");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tab_waits_for_a_workspace_and_for_the_next() {
    let Some(chromium) = chromium() else { return };
    let first = starts_at(SocketAddr::from(([127, 0, 0, 1], 0)), "First").await;
    let address = first.url();
    let tab = Tab::opens(chromium, &format!("{address}#as=ana&channel=general")).await;
    tab.sees("The workspace is being prepared").await;
    first.open();
    tab.sees_in("#team", "First").await;
    tab.sees_in("#place", "#general").await;
    // It ends: the page says so, also to a person who writes, and keeps what was written.
    first.shutdown();
    tab.sees_in("#silent", "The workspace doesn't answer. Is the demo still running?").await;
    tab.says("Is anybody there?").await;
    tab.sees_in("#notice", "The workspace doesn't answer").await;
    tab.becomes_true("return document.getElementById('text-main').value === 'Is anybody there?'").await;
    tab.picture("silent-workspace").await;
    // Another one begins at the same address.
    let listen = address.trim_start_matches("http://").trim_end_matches('/').parse().unwrap();
    let next = starts_at(listen, "Next").await;
    tab.sees("The workspace is being prepared").await;
    next.open();
    tab.sees_in("#team", "Next").await;
    tab.becomes_true("return document.getElementById('silent').hidden").await;
    tab.says("And again").await;
    tab.sees_in("#messages", "And again").await;
    tab.forgives_failed_requests().await;
    tab.closes().await;
}
