//! The browsers that tests are lent.

use std::{panic::resume_unwind, time::Duration};

use super::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_browser_of_a_failed_test_ends() {
    let Some(chromium) = chromium() else { return };
    let tab = Tab::opens(chromium, "about:blank").await;
    let session = tab.session_url().to_owned();
    // A panic that says nothing.
    let failed = tokio::spawn(async move {
        let _tab = tab;
        resume_unwind(Box::new("planted"))
    });
    let failed: Result<(), _> = failed.await;
    assert!(failed.is_err());
    for _ in 0..250 {
        if http().get(format!("{session}/url")).send().await.unwrap().status() == 404 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("it's still there");
}
