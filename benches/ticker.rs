//! Measures the cost of waiting for 100,000 programmes, of 10,000 runs that are due in the same minute, and of
//! computing when something happens next; each beside the plain alternative.

mod support {
    pub mod figures;
    pub mod place;
    pub mod print;
    pub mod quiet;
    pub mod workspace;
}

use std::{
    collections::HashSet,
    hint::black_box,
    path::Path,
    str::FromStr as _,
    sync::PoisonError,
    time::{Duration, Instant as Stopwatch},
};

use anyhow::{Context as _, ensure};
use chrono::{DateTime, NaiveDate};
use chrono_tz::Tz;
use croner::Cron;
use rondo::{
    app::App,
    config::Config,
    engine::{Engine, ticker::Ticker, turns::Turn},
    manifest::Mode,
    model::{
        cadence::Cadence,
        clock::{Clock, Instant, from_ms},
        entropy::Entropy,
        people::{ChannelId, UserId},
    },
    ritual::put_occasion,
    store::{
        occasions,
        programmes::{self, Programme},
        runs::{self, DUE, NEXT_AT, RunOutcome},
        unit::{UnitOfWork, Value},
    },
    values,
};
use slack_sandbox::Options;
use sqlx::{AssertSqlSafe, Connection as _, Row as _, SqliteConnection};

use crate::support::{
    figures::Figures,
    place::{database, folder},
    print::say,
    quiet::{NAME, Quiet},
    workspace::Workspace,
};

/// Monday, 5 January 2026, 10:00 UTC.
const MONDAY: i64 = 1_767_607_200_000;
/// Programmes in one unit of work.
const UNIT: usize = 500;

const PROGRAMMES: usize = 100_000;
const IDLE_TICKS: usize = 2_000;
const WALKS: usize = 3;

const DUE_AT_ONCE: usize = 10_000;
/// How many runs are also done one at a time.
const ONE_AT_A_TIME: usize = 2_000;
const SECONDS_GRANTED: f64 = 10.0;

/// How many times each cadence is asked for its next occurrence.
const QUESTIONS: u32 = 20_000;
/// The distance of the instants that are asked about: no divisor of an hour, a day or a week.
const APART_MINUTES: i64 = 997;

/// Typical cadences, and the equivalent fields for another crate.
const CADENCES: [(&str, &str); 5] = [
    ("every Tuesday at 10:00", "0 10 * * 2"),
    ("every weekday at 9:30", "30 9 * * 1-5"),
    // The other crate cannot skip weeks, so it is asked for all.
    ("every 2 weeks on Tuesday at 10:00", "0 10 * * 2"),
    ("first Monday of the month at 15:00", "0 15 * * 1#1"),
    ("last Friday of the month at 15:00", "0 15 * * 5L"),
];

fn main() -> anyhow::Result<()> {
    tokio::runtime::Runtime::new()?.block_on(async {
        let options = Options { clock: slack_sandbox::Clock::frozen_at(MONDAY), ..Options::default() };
        let workspace = Workspace::start(&Mode::Socket, options).await?;
        let folder = folder()?;
        wait_for_many(&workspace, folder.path()).await?;
        do_many(&workspace, folder.path()).await?;
        workspace.sandbox.shutdown();
        ask_what_comes_next()
    })
}

/// Opens an engine with only the quiet ritual, on a new database.
async fn engine(workspace: &Workspace, url: &str) -> anyhow::Result<(Engine, Quiet)> {
    let environment = workspace.environment(url);
    let environment = environment.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let time = workspace.sandbox.clock().clone();
    let moved = time.moved();
    let clock = Clock::steered(move || time.now_ms(), moved);
    let bot = App::open(Config::load(rondo::rituals::ALL, None, &environment)?, clock, Entropy::seeded(1))
        .await?
        .connect()
        .await?;
    let quiet = Quiet::default();
    let rituals: Vec<Box<dyn rondo::ritual::Ritual>> = vec![Box::new(quiet.clone())];
    Ok((Engine { rituals: rituals.into(), ..bot.engine }, quiet))
}

/// Starts this many programmes, each with its next run.
async fn start(engine: &Engine, number: usize, words: impl Fn(usize) -> String) -> anyhow::Result<()> {
    let now = engine.clock.now();
    for first in (0..number).step_by(UNIT) {
        let mut unit = UnitOfWork::new();
        for n in first..(first + UNIT).min(number) {
            let cadence = Cadence::parse(&words(n), Tz::Europe__Berlin, today())?;
            let channel = ChannelId(format!("C{n:010}"));
            let (id, organiser) = (format!("{n:032}"), UserId("U1".to_owned()));
            let programme = Programme::new(id, NAME, channel, organiser, Some(cadence), now);
            programmes::start(&mut unit, &engine.team, &programme)?;
            let first =
                programme.cadence.as_ref().and_then(|cadence| cadence.next(now)).context("it comes")?;
            put_occasion(&mut unit, &engine.team, &Quiet::default(), &programme, first, now);
        }
        engine.store.commit(unit).await?;
    }
    Ok(())
}

fn today() -> NaiveDate {
    from_ms(MONDAY).date_naive()
}

/// Measures ticks at which nothing is due, beside a scan of all programmes for the next one.
async fn wait_for_many(workspace: &Workspace, folder: &Path) -> anyhow::Result<()> {
    let url = database(folder, "waiting.db");
    let (engine, _) = engine(workspace, &url).await?;
    say(&format!("ticker: {PROGRAMMES} programmes that wait for their run, SQLite"));
    let days = ["Tuesday", "Wednesday", "Thursday", "Friday"];
    let at = |n: usize| format!("every {} at {}:{:02}", days[n % 4], n / 4 % 24, n / 96 % 60);
    start(&engine, PROGRAMMES, at).await?;
    let ticker = Ticker::new(engine.clone());
    let (mut took, mut answer) = (Vec::new(), None);
    let all = Stopwatch::now();
    for _ in 0..IDLE_TICKS {
        let asked = Stopwatch::now();
        answer = Some(ticker.tick_once().await?);
        took.push(asked.elapsed());
    }
    Figures::of(took, all.elapsed()).print("a tick at which nothing is due");
    let (mut took, mut first) = (Vec::new(), None);
    let all = Stopwatch::now();
    for _ in 0..WALKS {
        let asked = Stopwatch::now();
        let rows = engine
            .store
            .ask(
                "SELECT cadence FROM programme WHERE team_id = $1 AND ended_at IS NULL",
                values![engine.team.as_str()],
            )
            .await?;
        let now = engine.clock.now();
        first = None;
        for cadence in rows.into_iter().flatten().filter_map(Value::text) {
            let next = serde_json::from_str::<Cadence>(&cadence)?.next(now);
            first = [first, next].into_iter().flatten().min();
        }
        took.push(asked.elapsed());
    }
    Figures::of(took, all.elapsed()).print("plainly: every programme is asked what comes next");
    ensure!(answer == Some(Turn::Idle(first.map(|first| first.at))), "both find the same instant");
    engine.store.close().await;
    for statement in [DUE, NEXT_AT] {
        say(&format!("  SQLite: {}", plan(&url, statement).await?));
    }
    Ok(())
}

/// Returns SQLite's query plan.
async fn plan(url: &str, statement: &str) -> anyhow::Result<String> {
    let mut connection = SqliteConnection::connect(url).await?;
    let question = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {statement}"));
    let steps = sqlx::query(question).fetch_all(&mut connection).await?;
    let steps: Result<Vec<String>, _> = steps.iter().map(|step| step.try_get("detail")).collect();
    Ok(steps?.join("; "))
}

/// Measures runs that are all due in one minute, beside doing one at a time.
async fn do_many(workspace: &Workspace, folder: &Path) -> anyhow::Result<()> {
    say(&format!("ticker: {DUE_AT_ONCE} runs due in the same minute, SQLite with synchronous=FULL"));
    let url = database(folder, "due.db");
    let (together, quiet) = engine(workspace, &url).await?;
    let (single, _) = engine(workspace, &database(folder, "single.db")).await?;
    start(&together, DUE_AT_ONCE, |_| "every day at 12:00".to_owned()).await?;
    start(&single, ONE_AT_A_TIME, |_| "every day at 12:00".to_owned()).await?;
    let due = together.store.next_run_at(&together.team).await?.context("something is due")?;
    workspace.sandbox.clock().advance_to(due.timestamp_millis());
    let ticker = Ticker::new(together.clone());
    let all = Stopwatch::now();
    let mut took = Vec::new();
    loop {
        let began = Stopwatch::now();
        if ticker.tick_once().await? != (Turn::Worked {}) {
            break;
        }
        took.push(began.elapsed());
    }
    let whole = all.elapsed();
    let ticks = Figures::of(took, whole);
    let rate = rate(DUE_AT_ONCE, whole);
    say(&format!(
        "  {:<44} {:>8.1} s    {rate:>8.0}/s   a tick: p50 {:.1} ms, p99 {:.1} ms",
        "the ticker",
        whole.as_secs_f64(),
        ticks.median.as_secs_f64() * 1_000.0,
        ticks.p99.as_secs_f64() * 1_000.0,
    ));
    each_once(&together, &quiet).await?;
    let all = Stopwatch::now();
    for _ in 0..ONE_AT_A_TIME {
        do_one(&single).await?;
    }
    let plain = self::rate(ONE_AT_A_TIME, all.elapsed());
    say(&format!("  {:<44} {:>8} {plain:>12.0}/s", "plainly: one at a time", ""));
    say(&format!("  the ticker does {:.1} times as many", rate / plain));
    ensure!(whole.as_secs_f64() < SECONDS_GRANTED, "{DUE_AT_ONCE} runs take {SECONDS_GRANTED} s at most");
    for engine in [together, single] {
        engine.store.close().await;
    }
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "a benchmark does nothing 2^52 times")]
fn rate(number: usize, took: Duration) -> f64 {
    number as f64 / took.as_secs_f64()
}

/// Does the run that has been due longest, and plans the next.
async fn do_one(engine: &Engine) -> anyhow::Result<()> {
    let Engine { store, team, clock, entropy, .. } = engine;
    let now = clock.now();
    let mut run = store.due_runs(team, now, 1).await?.runs.pop().context("a run is due")?;
    let claimed = store.claim_run(team, &mut run, entropy.seed(), now + chrono::Duration::minutes(1)).await?;
    ensure!(claimed, "no other process claims it");
    let id = run.programme().context("it is a programme's")?;
    let programme = store.programme(team, id).await?.context("it has its programme")?;
    let ritual = engine.ritual(&run.ritual).context("it has its ritual")?;
    let ran = ritual.on_run(&engine.context(), Some(&programme), &run).await;
    let mut unit = ran.map_err(|_| anyhow::anyhow!("nothing fails here"))?.unit;
    runs::finish(&mut unit, team, &run, RunOutcome::Done, "", now);
    occasions::begin(&mut unit, team, &programme.id, &run.occasion, now);
    programmes::unchanged(&mut unit, team, &programme);
    let next = programme.cadence.as_ref().and_then(|cadence| cadence.next(run.due.at));
    put_occasion(&mut unit, team, ritual, &programme, next.context("it comes again")?, now);
    store.commit(unit).await?;
    Ok(())
}

/// Checks that each run was handed over once and is done, and that the next of each is planned.
async fn each_once(engine: &Engine, quiet: &Quiet) -> anyhow::Result<()> {
    let handed_over = quiet.runs.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let different: HashSet<&String> = handed_over.iter().collect();
    ensure!((handed_over.len(), different.len()) == (DUE_AT_ONCE, DUE_AT_ONCE), "each is handed over once");
    let text = "SELECT COUNT(*), COUNT(CASE WHEN outcome = 'done' AND attempt = 1 THEN 1 END), \
         COUNT(CASE WHEN outcome IS NULL AND attempt = 0 THEN 1 END) FROM run";
    let counted = engine.store.ask(text, Vec::new()).await?.pop().context("they are counted")?;
    let counted: Vec<Option<usize>> =
        counted.iter().map(|value: &Value| value.int().and_then(|n| usize::try_from(n).ok())).collect();
    ensure!(counted == [Some(2 * DUE_AT_ONCE), Some(DUE_AT_ONCE), Some(DUE_AT_ONCE)], "{counted:?}");
    Ok(())
}

/// Measures computing the next occurrence, beside the crate that the tests compare with.
fn ask_what_comes_next() -> anyhow::Result<()> {
    say(&format!("cadence: when it comes next, in Europe/Berlin, the mean of {QUESTIONS} questions"));
    for (words, fields) in CADENCES {
        let ours = Cadence::parse(words, Tz::Europe__Berlin, today())?;
        let theirs = Cron::from_str(fields)?;
        let our_time = ask(|after| ours.next(after).map(|next| next.at));
        let their_time = ask(|after| {
            let next = theirs.find_next_occurrence(&after.with_timezone(&Tz::Europe__Berlin), false);
            next.ok().map(|next: DateTime<Tz>| next.to_utc())
        });
        say(&format!(
            "  {words:<44} {:>8.1} µs   croner {:>8.1} µs",
            our_time.as_secs_f64() * 1e6,
            their_time.as_secs_f64() * 1e6
        ));
    }
    Ok(())
}

/// Returns the average time of an answer.
fn ask(next: impl Fn(Instant) -> Option<Instant>) -> Duration {
    let mut after = from_ms(MONDAY);
    let began = Stopwatch::now();
    for _ in 0..QUESTIONS {
        black_box(next(black_box(after)));
        after += chrono::Duration::minutes(APART_MINUTES);
    }
    began.elapsed() / QUESTIONS
}
