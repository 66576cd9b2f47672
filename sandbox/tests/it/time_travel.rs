//! Time travel from one scheduled thing to the next.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use slack_sandbox::{NextThing, Sandbox, TimeSteps, Trip};

use crate::bot::{Bot, START_MS, request, workspace};

const HOUR_MS: i64 = 3_600_000;

fn coffee(at_ms: i64) -> NextThing {
    NextThing { at_ms, title: "Coffee".to_owned(), place: None }
}

/// What is planned, and when it was done.
#[derive(Clone, Default)]
struct Diary {
    planned: Arc<Mutex<Vec<i64>>>,
    done: Arc<Mutex<Vec<(i64, i64)>>>,
}

impl Diary {
    /// Puts this diary into a workspace: things to do, in `hours` from the start.
    fn kept_in(sandbox: &Sandbox, hours: &[i64]) -> Diary {
        let diary = Diary::default();
        *diary.planned.lock().unwrap() = hours.iter().map(|hour| START_MS + hour * HOUR_MS).collect();
        let (ahead, at_hand, clock) = (diary.clone(), diary.clone(), sandbox.clock().clone());
        sandbox.set_time_steps(TimeSteps::new(
            move |most, _| {
                let mut planned = ahead.planned.lock().unwrap().clone();
                planned.sort_unstable();
                planned.truncate(most);
                async move { planned.into_iter().map(coffee).collect() }
            },
            move || {
                let now_ms = clock.now_ms();
                at_hand.planned.lock().unwrap().retain(|at_ms| {
                    let due = *at_ms <= now_ms;
                    if due {
                        at_hand.done.lock().unwrap().push((*at_ms, now_ms));
                    }
                    !due
                });
                async {}
            },
        ));
        diary
    }

    /// Returns what was done, in hours from the start: when it was due and when it was done.
    fn done(&self) -> Vec<(i64, i64)> {
        let hours = |ms: i64| (ms - START_MS) / HOUR_MS;
        self.done.lock().unwrap().iter().map(|(due, done)| (hours(*due), hours(*done))).collect()
    }
}

async fn door(sandbox: &Sandbox, verb: &str, path: &str, body: Value) -> Value {
    request(verb, &format!("{}sandbox/{path}", sandbox.url()), &[], body.to_string()).await.unwrap().body
}

#[tokio::test]
async fn time_travel_stops_at_due_times() {
    let sandbox = workspace().await;
    let diary = Diary::kept_in(&sandbox, &[30, 2, 9]);
    let trip = sandbox.travel_by(24 * HOUR_MS).await;
    assert_eq!(trip, Trip { stops: 2, hurried: false });
    assert_eq!(diary.done(), [(2, 2), (9, 9)], "each at its time");
    assert_eq!(sandbox.clock().now_ms(), START_MS + 24 * HOUR_MS);
    sandbox.travel_to(START_MS + 30 * HOUR_MS).await;
    assert_eq!(diary.done().last(), Some(&(30, 30)), "what is due at the goal is done there");
}

#[tokio::test]
async fn without_a_schedule_time_jumps() {
    let sandbox = workspace().await;
    assert_eq!(sandbox.travel_by(HOUR_MS).await, Trip::default());
    assert_eq!(sandbox.clock().now_ms(), START_MS + HOUR_MS);
    assert_eq!(sandbox.travel_to_next().await, None);
    let shown = door(&sandbox, "GET", "state", Value::Null).await;
    assert_eq!(shown["time_travel"], Value::Null, "and the page has nothing to jump to");
}

#[tokio::test]
async fn the_next_thing_can_be_jumped_to() {
    let sandbox = workspace().await;
    let diary = Diary::kept_in(&sandbox, &[2, 9]);
    let at_ms = START_MS + 2 * HOUR_MS;
    let shown = door(&sandbox, "GET", "state", Value::Null).await;
    let soon = [at_ms, START_MS + 9 * HOUR_MS].map(|at_ms| json!({ "at_ms": at_ms, "title": "Coffee" }));
    assert_eq!(shown["time_travel"], json!({ "next": soon[0], "soon": soon, "under_way": false }));
    let jumped = door(&sandbox, "POST", "next", json!({})).await;
    assert_eq!(
        jumped,
        json!({
            "now_ms": at_ms, "next": soon[0], "passed": [], "brings": true, "message": null, "hurried": false,
        })
    );
    assert_eq!(diary.done(), [(2, 2)]);
    let moved = door(&sandbox, "POST", "clock", json!({ "advance_ms": 24 * HOUR_MS })).await;
    assert_eq!(moved, json!({ "now_ms": at_ms + 24 * HOUR_MS, "stops": 1, "hurried": false }));
    assert_eq!(sandbox.next_thing().await, None);
    assert_eq!(door(&sandbox, "POST", "next", json!({})).await["next"], Value::Null, "nothing is ahead");
    assert_eq!(sandbox.clock().now_ms(), at_ms + 24 * HOUR_MS);
}

#[tokio::test]
async fn a_later_thing_can_be_jumped_to() {
    let sandbox = workspace().await;
    let diary = Diary::kept_in(&sandbox, &[2, 9, 30]);
    let jumped = door(&sandbox, "POST", "next", json!({ "from_ms": START_MS + 9 * HOUR_MS })).await;
    assert_eq!(jumped["now_ms"], START_MS + 9 * HOUR_MS);
    assert_eq!(diary.done(), [(2, 2), (9, 9)], "nothing is skipped on the way");
    let far = door(&sandbox, "POST", "next", json!({ "from_ms": START_MS + 31 * HOUR_MS })).await;
    assert_eq!(far["next"], Value::Null, "nothing is planned so late");
}

#[tokio::test]
async fn what_comes_soon_is_what_the_reader_sees() {
    let sandbox = workspace().await;
    let (ana, ben) = (sandbox.person("ana").id(), sandbox.person("ben").id());
    let bens = ben.clone();
    let ahead = move |_, reader: Option<String>| {
        let hours: &[i64] = if reader.is_none_or(|reader| reader == bens) { &[1, 2, 3] } else { &[1, 3] };
        let things = hours.iter().map(|hour| coffee(START_MS + hour * HOUR_MS)).collect();
        async move { things }
    };
    let clock = sandbox.clock().clone();
    sandbox.set_time_steps(TimeSteps::new(ahead, || async {}));
    for (who, hours) in [(&ben, vec![1, 2, 3]), (&ana, vec![1, 3])] {
        let shown = door(&sandbox, "GET", &format!("state?as={who}"), Value::Null).await;
        let soon = shown["time_travel"]["soon"].as_array().unwrap().iter();
        let at: Vec<i64> = soon.map(|one| (one["at_ms"].as_i64().unwrap() - START_MS) / HOUR_MS).collect();
        assert_eq!(at, hours, "{who}");
    }
    let jumped =
        door(&sandbox, "POST", "next", json!({ "as": ana, "from_ms": START_MS + 2 * HOUR_MS })).await;
    assert_eq!((&jumped["now_ms"], clock.now_ms()), (&json!(START_MS + 3 * HOUR_MS), START_MS + 3 * HOUR_MS));
}

/// A workspace with three things ahead, of which the second brings a message to `#coffee`, where ana is.
async fn with_a_silent_thing(hours: [i64; 3]) -> Sandbox {
    let sandbox = workspace().await;
    let bot = Arc::new(Bot::connected(&sandbox).await);
    sandbox.add_channel("coffee", true, &["ana"]);
    sandbox.invite("#coffee", "tester");
    let (ahead, clock) = (sandbox.clock().clone(), sandbox.clock().clone());
    sandbox.set_time_steps(TimeSteps::new(
        move |_, _| {
            let now_ms = ahead.now_ms();
            async move { hours.into_iter().filter(|at_ms| *at_ms > now_ms).map(coffee).collect() }
        },
        move || {
            let (bot, writes) = (bot.clone(), clock.now_ms() == hours[1]);
            async move {
                if writes {
                    let coffee = json!({ "channel": "#coffee", "text": "Coffee!" });
                    bot.calls("chat.postMessage", coffee).await;
                }
            }
        },
    ));
    sandbox
}

#[tokio::test]
async fn what_brings_nothing_to_see_is_passed() {
    let hours = [2, 9, 30].map(|hour| START_MS + hour * HOUR_MS);
    let sandbox = with_a_silent_thing(hours).await;
    let (next, trip) = sandbox.travel_to_next().await.unwrap();
    assert_eq!((next.at_ms, sandbox.clock().now_ms()), (hours[1], hours[1]));
    assert_eq!(trip, Trip { stops: 2, hurried: false });
}

#[tokio::test]
async fn a_jump_names_what_was_passed_and_what_came() {
    let hours = [2, 9, 30].map(|hour| START_MS + hour * HOUR_MS);
    for (who, reads) in [("ana", true), ("ben", false)] {
        let sandbox = with_a_silent_thing(hours).await;
        let jumped = door(&sandbox, "POST", "next", json!({ "as": who })).await;
        assert_eq!(jumped["passed"], json!([{ "at_ms": hours[0], "title": "Coffee" }]));
        assert_eq!((&jumped["next"]["at_ms"], &jumped["brings"]), (&json!(hours[1]), &json!(true)));
        let written = sandbox.person("ana").reads("#coffee").pop().unwrap();
        let message =
            json!({ "channel": written.channel, "ts": written.ts, "thread_ts": null, "in_channel": true });
        assert_eq!(jumped["message"], if reads { message } else { Value::Null }, "{who}");
        let idle = door(&sandbox, "POST", "next", json!({ "as": who })).await;
        assert_eq!((&idle["brings"], &idle["message"]), (&json!(false), &Value::Null), "{who}");
    }
}

#[tokio::test]
async fn time_travels_run_one_by_one() {
    let sandbox = workspace().await;
    let diary = Diary::kept_in(&sandbox, &[1, 3]);
    tokio::join!(sandbox.travel_by(2 * HOUR_MS), sandbox.travel_by(2 * HOUR_MS));
    assert_eq!(sandbox.clock().now_ms(), START_MS + 4 * HOUR_MS);
    assert_eq!(diary.done(), [(1, 1), (3, 3)]);
}

#[tokio::test]
async fn an_abandoned_travel_frees_the_clock() {
    let sandbox = workspace().await;
    let (arrived, is_there) = tokio::sync::oneshot::channel();
    let arrived = Mutex::new(Some(arrived));
    sandbox.set_time_steps(TimeSteps::new(
        |_, _| async { Vec::new() },
        move || {
            arrived.lock().unwrap().take().map(|arrived| arrived.send(()));
            std::future::pending()
        },
    ));
    let travel = tokio::spawn({
        let sandbox = sandbox.clone();
        async move { sandbox.travel_by(HOUR_MS).await }
    });
    is_there.await.unwrap();
    assert_eq!(door(&sandbox, "GET", "state", Value::Null).await["time_travel"]["under_way"], true);
    travel.abort();
    assert!(travel.await.unwrap_err().is_cancelled());
    assert_eq!(door(&sandbox, "GET", "state", Value::Null).await["time_travel"]["under_way"], false);
}

#[tokio::test]
async fn stuck_work_does_not_block_travel() {
    let sandbox = workspace().await;
    let stuck = |_, _| async { vec![coffee(START_MS + HOUR_MS)] };
    sandbox.set_time_steps(TimeSteps::new(stuck, || async {}));
    assert_eq!(sandbox.travel_by(24 * HOUR_MS).await, Trip { stops: 1, hurried: true });
    assert_eq!(sandbox.clock().now_ms(), START_MS + 24 * HOUR_MS);
    let (_, trip) = sandbox.travel_to_next().await.unwrap();
    assert!(trip.hurried, "the one who plays knows that it is of no use to go on");

    let clock = sandbox.clock().clone();
    let busy = move |_, _| {
        let at_ms = clock.now_ms() + 1;
        async move { vec![coffee(at_ms)] }
    };
    sandbox.set_time_steps(TimeSteps::new(busy, || async {}));
    assert_eq!(sandbox.travel_by(HOUR_MS).await, Trip { stops: 2_000, hurried: true });
    assert_eq!(sandbox.clock().now_ms(), START_MS + 25 * HOUR_MS);
}

#[tokio::test]
async fn travel_is_limited_to_two_years() {
    let sandbox = workspace().await;
    let _diary = Diary::kept_in(&sandbox, &[2]);
    for far in [i64::MAX, 3 * 366 * 24 * HOUR_MS] {
        let answer = door(&sandbox, "POST", "clock", json!({ "advance_ms": far })).await;
        assert_eq!(answer, json!({ "ok": false, "error": "advance_ms_is_beyond_two_years" }), "{far}");
        assert_eq!(sandbox.clock().now_ms(), START_MS);
    }
}
