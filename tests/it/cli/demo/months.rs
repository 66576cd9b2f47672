//! The demo's company over months: all rituals side by side, on the machine's own time and then far beyond it.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::*;
use crate::support::dump::{Dump, DumpedRow};

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;
/// Three months.
const WEEKS: i64 = 13;
/// The same words twice in one place are a repetition if they are so close.
const CLOSE_MS: i64 = 6 * 60 * 60 * 1_000;

/// A message that Slack has taken.
#[derive(Debug)]
struct Post {
    at_ms: i64,
    channel: String,
    text: String,
    thread: String,
}

impl Doors {
    /// Returns the calls that Slack has taken since an instant.
    async fn calls_since(&self, ms: i64) -> Vec<Value> {
        let calls = self.calls().await;
        assert!(calls.iter().any(|call| at_ms(call) <= ms), "the log reaches back");
        calls.into_iter().filter(|call| at_ms(call) > ms).collect()
    }
}

fn at_ms(call: &Value) -> i64 {
    call["at_ms"].as_i64().unwrap()
}

fn post(call: &Value) -> Option<Post> {
    let is_post = call["method"] == "chat.postMessage" && call["answer"]["ok"] == true;
    let text = |name: &str| call["args"][name].as_str().unwrap_or_default().to_owned();
    is_post.then(|| Post {
        at_ms: at_ms(call),
        channel: text("channel"),
        text: text("text"),
        thread: text("thread_ts"),
    })
}

/// Returns the local dates in a table, each with how many rows have it.
fn dates(rows: &[DumpedRow]) -> BTreeMap<NaiveDate, usize> {
    let mut dates = BTreeMap::new();
    for row in rows {
        *dates.entry(row.text("local_date").parse().unwrap()).or_default() += 1;
    }
    dates
}

/// Checks that a ritual took place once on each of its dates, which are this many days apart, and at least so often.
fn takes_place(what: &str, rows: &[DumpedRow], days: i64, least: usize) {
    let dates = dates(rows);
    assert!(dates.values().all(|count| *count == 1), "{what} is doubled: {dates:?}");
    let dates: Vec<NaiveDate> = dates.into_keys().collect();
    let apart = dates.windows(2).all(|pair| (pair[1] - pair[0]).num_days() == days);
    assert!(apart && dates.len() >= least, "{what} is lost: {dates:?}");
}

/// Returns how many posts begin with these words.
fn saying(posts: &[Post], begins: &str) -> usize {
    posts.iter().filter(|post| post.text.starts_with(begins)).count()
}

fn number(row: &DumpedRow, column: &str) -> Option<i64> {
    row.columns.get(column).and_then(Value::as_i64)
}

/// Checks that nothing waits that should have been done, and that nothing failed.
fn nothing_is_left(dump: &Dump, now: i64) {
    for row in dump.rows("outbox") {
        let waits = number(row, "visible_at").is_some_and(|at| at <= now);
        let is_given_up = number(row, "discarded_at").is_some();
        assert!(!waits && !is_given_up, "left in the outbox: {row:#?}");
    }
    for row in dump.rows("run") {
        let waits = number(row, "visible_at").is_some_and(|at| at <= now);
        assert!(!waits && row.text("outcome") != "failed", "a run is left: {row:#?}");
    }
}

/// Checks that all retros but those that are still open were answered, closed and shown.
fn retros_are_shown(dump: &Dump, posts: &[Post], since: i64, now: i64) {
    let over = dump.rows("retro").iter().filter(|row| number(row, "closes_at").unwrap() < now - 4 * DAY_MS);
    let over: Vec<&DumpedRow> = over.collect();
    assert!(over.len() >= 5, "two before the present, and three since: {over:#?}");
    for retro in over {
        let answers = dump.rows("retro_answer").iter();
        let answers = answers.filter(|row| row.text("retro_id") == retro.text("retro_id")).count();
        assert!(retro.text("state") == "done" && answers >= 10, "{answers} answers: {retro:#?}");
        let themes: Vec<&DumpedRow> = dump
            .rows("retro_theme")
            .iter()
            .filter(|row| row.text("retro_id") == retro.text("retro_id"))
            .collect();
        let votes: i64 = themes.iter().filter_map(|theme| number(theme, "votes")).sum();
        let sorted = themes.iter().filter(|theme| !theme.text("hands").is_empty()).count();
        assert!(votes >= 15 && sorted >= 3, "{votes} votes, {sorted} sorted: {themes:#?}");
    }
    let ids = dump.rows("retro").iter().filter(|row| number(row, "opened_at").unwrap() > since);
    let asked: usize = ids.map(|row| usize::try_from(number(row, "asked").unwrap()).unwrap()).sum();
    assert_eq!(saying(posts, ":mirror: It's time for "), asked, "each person is asked once");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_rituals_run_side_by_side_for_three_months() {
    let mut program = Program::new().await;
    let (mut demo, address) = program.shows_the_demo(&["--headless"]).await;
    let doors = Doors { http: http(), address };
    let began = doors.post("clock", json!({ "advance_ms": 0 })).await["now_ms"].as_i64().unwrap();
    let (mut now, mut posts, mut elsewhere) = (began, Vec::new(), 0);
    for _ in 0..WEEKS {
        let before = now;
        now = doors.post("clock", json!({ "advance_ms": 7 * DAY_MS })).await["now_ms"].as_i64().unwrap();
        let calls = doors.calls_since(before).await;
        // Slack counts posts when they arrive, and so may ask for patience with one that left in time.
        let is_refused = |call: &&Value| call["answer"]["ok"] == false && call["http_status"] != 429;
        let refused: Vec<&Value> = calls.iter().filter(is_refused).collect();
        // The bot isn't in one channel, so that the demo shows what it does then.
        assert!(refused.iter().all(|call| call["answer"]["error"] == "not_in_channel"), "{refused:#?}");
        elsewhere += refused.len();
        posts.extend(calls.iter().filter_map(post));
    }
    for (at, post) in posts.iter().enumerate() {
        let before = posts[..at].iter().rev().take_while(|earlier| post.at_ms - earlier.at_ms < CLOSE_MS);
        let same = |earlier: &&Post| {
            (&earlier.channel, &earlier.text, &earlier.thread) == (&post.channel, &post.text, &post.thread)
        };
        assert!(before.clone().find(same).is_none(), "said twice: {post:?}");
    }
    let dump = Dump::of(&program.url_of_the_demo()).await;
    nothing_is_left(&dump, now);
    takes_place("coffee", dump.rows("coffee_round"), 7, 16);
    takes_place("the sync", dump.rows("sync_occasion"), 14, 12);
    takes_place("the retro", dump.rows("retro"), 28, 6);
    retros_are_shown(&dump, &posts, began, now);
    let given = |row: &&DumpedRow| number(row, "given_at").unwrap() > began;
    let gifts = dump.rows("gift").iter().filter(given).count();
    assert!(gifts > 100, "{gifts}");
    let in_channels =
        posts.iter().filter(|post| post.channel.starts_with('C') && post.text.starts_with(":tada: "));
    assert_eq!(in_channels.count() + elsewhere, gifts, "each kudos is announced once");
    let announced = saying(&posts, ":speech_balloon: It's time for ");
    assert!((6..=7).contains(&announced), "{announced} syncs");
    assert_eq!(demo.stops("-INT").await.0, Some(0), "{}", demo.said());
}
