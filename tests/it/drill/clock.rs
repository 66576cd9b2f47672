//! The machine's clock jumps while the bot runs.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering::Relaxed},
};

use chrono::Duration;
use chrono_tz::Tz;
use rondo::{
    app::App,
    config::Config,
    model::{
        cadence::Occurrence,
        catch_up::CatchUp,
        clock::{Clock, Instant},
        entropy::Entropy,
        owner::Owner,
        people::TeamId,
    },
    store::{
        Store,
        runs::{self, NewRun},
        unit::UnitOfWork,
    },
};
use tokio::sync::watch;

use crate::support::Program;

/// Stores a run that is due at an instant, and that its ticker ends as skipped.
async fn put(store: &Store, team: &TeamId, programme: &str, at: Instant) {
    let due = Occurrence { at, wall: at.with_timezone(&Tz::UTC).naive_local() };
    let run = NewRun {
        owner: Owner::Programme(programme.to_owned()),
        ritual: "bell",
        occasion: None,
        kind: "ring",
        subject: "",
        due,
        late: CatchUp::Within(Duration::hours(1)),
        payload: "",
    };
    let mut unit = UnitOfWork::new();
    runs::put(&mut unit, team, &run, at);
    store.commit(unit).await.unwrap();
}

async fn ends(store: &Store, team: &TeamId, programme: &str) -> bool {
    for _ in 0..1_000 {
        if store.pending_runs(team, programme).await.unwrap().is_empty() {
            return true;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    false
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_jump_needs_confirmation() {
    const YEAR: Duration = Duration::days(365);
    let program = Program::new().await;
    let config =
        Config::load(rondo::rituals::ALL, None, &program.environment.clone().into_iter().collect()).unwrap();
    let (ahead, machine) = (Arc::new(AtomicI64::new(0)), Clock::machine());
    let read = (ahead.clone(), machine.clone());
    let clock = Clock::watched(move || read.1.now_ms() + read.0.load(Relaxed));
    let app = App::open(config, clock.clone(), Entropy::seeded(1)).await.unwrap();
    let store = app.store.clone();
    let (stop, stopped) = watch::channel(false);
    let running = tokio::spawn(app.run(stopped, |_| ()));
    assert!(program.becomes(200).await);
    let team = store.workspace().await.unwrap().unwrap();
    put(&store, &team, "in a month", machine.now() + Duration::days(30)).await;

    ahead.store(YEAR.num_milliseconds(), Relaxed);
    assert!(program.becomes(503).await);
    let (_, said) = program.asks("/readyz").await.unwrap();
    let said: serde_json::Value = serde_json::from_str(&said).unwrap();
    let is_wrong = |part: &&serde_json::Value| part["ready"] == false;
    let wrong: Vec<_> =
        said["parts"].as_array().unwrap().iter().filter(is_wrong).map(|part| &part["name"]).collect();
    assert_eq!(wrong, ["clock"]);
    // What is due by the running clock is still done, and nothing else.
    put(&store, &team, "now", machine.now()).await;
    assert!(ends(&store, &team, "now").await);
    assert_eq!(store.pending_runs(&team, "in a month").await.unwrap().len(), 1);

    ahead.store(0, Relaxed);
    assert!(program.becomes(200).await, "it is right again");
    ahead.store(YEAR.num_milliseconds(), Relaxed);
    assert!(program.becomes(503).await);
    program.sandbox.clock().advance_by(YEAR.num_milliseconds());
    assert!(program.becomes(200).await, "Slack's clock shows the same");
    assert!(ends(&store, &team, "in a month").await);
    assert!((clock.now() - machine.now() - YEAR).abs() < Duration::minutes(1));
    stop.send_replace(true);
    running.await.unwrap().unwrap();
}
