//! Measures how long `/sync decisions` takes to find words among 20,000 decisions of a channel, beside reading all of them and
//! looking through them in the program.

mod support {
    pub mod figures;
    pub mod place;
    pub mod print;
}

use std::time::Instant as Stopwatch;

use chrono::Duration;
use rondo::{
    common::decisions::{
        record::{Change, Decision, Search},
        store,
    },
    model::{
        clock::from_ms,
        people::{ChannelId, TeamId, UserId},
    },
    store::{Opening, Store, reading::ReadStore, unit::UnitOfWork},
};

use crate::support::{
    figures::Figures,
    place::{database, folder},
    print::say,
};

const DECISIONS: i64 = 20_000;
const ROUNDS: usize = 100;
const PLAIN_ROUNDS: usize = 10;
/// As many as a page has, and one more that says there is a further page.
const PAGE: i64 = 11;
/// Words of the decisions; each decision has four of them.
const WORDS: [&str; 12] = [
    "Postgres",
    "MySQL",
    "release",
    "Tuesday",
    "design",
    "review",
    "on-call",
    "rota",
    "façade",
    "migration",
    "budget",
    "interview",
];
/// What is looked for, from what many decisions have to what none has.
const SEARCHES: [(&str, &str); 5] = [
    ("no words: the newest", ""),
    ("two words", "postgres mysql"),
    ("a part of a word with an accent", "Façad"),
    ("a word of one decision", "number12345"),
    ("a word of none", "zeppelin"),
];

fn main() -> anyhow::Result<()> {
    tokio::runtime::Runtime::new()?.block_on(measure())
}

async fn measure() -> anyhow::Result<()> {
    let folder = folder()?;
    let url = database(folder.path(), "decisions");
    Store::migrate(&url).await?;
    let store = Store::open(&url, Opening::Beside).await?;
    let (team, channel) = (TeamId("T1".to_owned()), ChannelId("C1".to_owned()));
    fill(&store, &team, &channel).await?;
    let read = ReadStore::new(store.clone(), team.clone());
    say(&format!("decisions: {DECISIONS} in one channel, SQLite"));
    for (what, typed) in SEARCHES {
        let words = Search::of(typed).words;
        let found = store::page(&read, &channel, &words, None, DECISIONS).await?.len();
        say(&format!("  {what}: {found} found"));
        let mut took = Vec::new();
        let began = Stopwatch::now();
        for _ in 0..ROUNDS {
            let start = Stopwatch::now();
            store::page(&read, &channel, &words, None, PAGE).await?;
            took.push(start.elapsed());
        }
        Figures::of(took, began.elapsed()).print("  a page");
        let mut took = Vec::new();
        let began = Stopwatch::now();
        for _ in 0..PLAIN_ROUNDS {
            let start = Stopwatch::now();
            let all = store::page(&read, &channel, &[], None, DECISIONS).await?;
            let found = all.into_iter().filter(|decision| {
                let (indexed, more) = decision.searched([]);
                words.iter().all(|word| indexed.contains(word) || more.contains(word))
            });
            std::hint::black_box(found.take(11).collect::<Vec<_>>());
            took.push(start.elapsed());
        }
        Figures::of(took, began.elapsed()).print("  plainly: all read and looked through");
    }
    Ok(())
}

/// Records the decisions, a minute apart; every tenth was superseded once.
async fn fill(store: &Store, team: &TeamId, channel: &ChannelId) -> anyhow::Result<()> {
    for first in (0..DECISIONS).step_by(500) {
        let mut unit = UnitOfWork::new();
        for number in first..first + 500 {
            let decision = decision(number, channel);
            store::put(&mut unit, team, &decision, decision.searched(["Ana Costa", "Ben Okafor"]));
            if number % 10 == 0 {
                let next = Decision { version: 2, change: Change::Superseded, ..decision };
                store::put(&mut unit, team, &next, next.searched(["Ana Costa"]));
            }
        }
        store.commit(unit).await?;
    }
    Ok(())
}

fn decision(number: i64, channel: &ChannelId) -> Decision {
    let word = |step: i64| WORDS[usize::try_from((number / step + number) % 12).unwrap_or_default()];
    let at = from_ms(1_767_603_600_000) + Duration::minutes(number);
    let what = format!("Use {} for {} number{number}", word(1), word(12));
    let why = "Two teams know it, it is there already, and it costs less than what we have now. ".repeat(2);
    let turned_down =
        format!("{} and {}: no one runs them here, and no one wants to learn how", word(7), word(5));
    Decision {
        id: format!("{number:032}"),
        version: 1,
        programme: "P1".to_owned(),
        channel: channel.clone(),
        change: Change::Decided,
        what,
        why,
        turned_down,
        decided_by: vec![UserId("U1".to_owned()), UserId("U2".to_owned())],
        review_on: None,
        reviewed: None,
        listed_on: None,
        link: String::new(),
        recorded_by: UserId("U1".to_owned()),
        decided_on: at.date_naive(),
        decided_at: at,
        recorded_at: at,
        posted: Some((channel.clone(), "1767693700.000100".to_owned())),
    }
}
