//! What a supervisor and the heartbeats of its loops promise.

use std::sync::atomic::{AtomicU32, Ordering};

use super::*;

const QUICK: Restarts = Restarts {
    backoff: Backoff::new(Duration::from_millis(1), Duration::from_millis(4)),
    recovered_after: Duration::from_mins(1),
    repeated: 3,
};
const KEPT: Loop =
    Loop { name: "ticker", part: "ticker", undone: "nothing is started", limit: Duration::from_secs(10) };

fn wrong(supervisor: &Supervisor, later: Duration) -> Option<String> {
    let heartbeat = supervisor.loops()[0].clone();
    heartbeat.fault(Instant::now() + later, &supervisor.restarts)
}

#[tokio::test]
async fn a_panicking_loop_is_restarted_until_the_shutdown() {
    let supervisor = Supervisor::new(QUICK);
    let (stop, stopping) = watch::channel(false);
    let starts = AtomicU32::new(0);
    let kept = supervisor.keep(KEPT, stopping.clone(), |_| {
        let start = starts.fetch_add(1, Ordering::Relaxed);
        let mut stopping = stopping.clone();
        async move {
            match start {
                0 => panic!("at work"),
                1 => {}
                _ => stopped(&mut stopping).await,
            }
        }
    });
    let watches = async {
        while starts.load(Ordering::Relaxed) < 3 {
            tokio::task::yield_now().await;
        }
        assert_eq!(wrong(&supervisor, Duration::ZERO), None, "two falls are not yet many");
        stop.send_replace(true);
    };
    tokio::join!(kept, watches);
    assert_eq!(starts.load(Ordering::Relaxed), 3);
}

#[tokio::test]
async fn a_start_that_panics_itself_is_a_fall_too() {
    let supervisor = Supervisor::new(QUICK);
    let (stop, stopping) = watch::channel(false);
    let mut starts = 0;
    let kept = supervisor.keep(KEPT, stopping, move |_| {
        starts += 1;
        assert_ne!(starts, 1, "before the first turn");
        stop.send_replace(true);
        std::future::ready(())
    });
    kept.await;
}

#[tokio::test]
async fn a_failing_loop_is_not_ready() {
    let supervisor = Supervisor::new(QUICK);
    let heartbeat = supervisor.enrol(KEPT);
    for fall in 1..=4 {
        heartbeat.note_fall(false, &QUICK, "a panic");
        assert!(wrong(&supervisor, Duration::ZERO).unwrap().contains("about to be started"));
        heartbeat.note_start();
        assert_eq!(wrong(&supervisor, Duration::ZERO).is_some(), fall >= 3, "{fall}");
    }
    for _ in 0..10 {
        heartbeat.beat();
    }
    assert_eq!(wrong(&supervisor, Duration::ZERO).unwrap(), "the loop ticker stopped 4 times in a row");
    heartbeat.note_fall(true, &QUICK, "a panic");
    heartbeat.note_start();
    assert_eq!(wrong(&supervisor, Duration::ZERO), None, "it had recovered between");
}

#[tokio::test]
async fn a_stuck_loop_is_not_ready() {
    let supervisor = Supervisor::new(QUICK);
    let heartbeat = supervisor.enrol(KEPT);
    assert_eq!(wrong(&supervisor, Duration::from_secs(9)), None);
    assert_eq!(wrong(&supervisor, Duration::from_secs(11)).unwrap(), "the loop ticker did nothing for 11 s");
    let pauses: Vec<u64> = (0..6).map(|_| heartbeat.failed("busy", &"locked").as_secs()).collect();
    assert_eq!(pauses, [1, 2, 4, 8, 8, 8]);
    assert!(wrong(&supervisor, Duration::from_secs(11)).is_some());
    heartbeat.beat();
    assert_eq!(heartbeat.failed("busy", &"locked"), Duration::from_secs(1));
}

#[tokio::test]
async fn empty_turns_are_no_heartbeat() {
    let supervisor = Supervisor::new(QUICK);
    let heartbeat = supervisor.enrol(KEPT);
    let pauses: Vec<u128> = (0..8).map(|_| heartbeat.refused().as_millis()).collect();
    assert_eq!(pauses, [100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000]);
    assert!(wrong(&supervisor, Duration::from_secs(11)).is_some());
    heartbeat.beat();
    assert_eq!(heartbeat.refused(), Duration::from_millis(100));
}

#[tokio::test]
async fn a_part_is_as_ready_as_the_worst_of_its_loops() {
    let supervisor = Supervisor::new(QUICK);
    let workers = [supervisor.enrol(KEPT), supervisor.enrol(KEPT), supervisor.enrol(KEPT)];
    supervisor.enrol(Loop { name: "nightly", part: "directory", ..KEPT });
    workers[1].note_fall(false, &QUICK, "a panic");
    let parts = supervisor.parts();
    let ready: Vec<_> = parts.iter().map(|(part, wrong)| (*part, wrong.is_none())).collect();
    assert_eq!(ready, [("ticker", false), ("directory", true)]);
}
