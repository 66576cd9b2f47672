//! Measures how long a round of 5,000 group DMs takes in workspace time, beside the best that Slack's limits allow.
//! The sandbox enforces those limits. Halfway the bot is dropped in the middle of a call and opened anew.

mod support {
    pub mod place;
    pub mod print;
    pub mod workspace;
}

use std::time::{Duration, Instant};

use anyhow::ensure;
use rondo::{
    app::{App, Bot},
    config::Config,
    engine::{outbox::Outbox, turns::Turn},
    manifest::Mode,
    model::{
        clock::Clock,
        effect::{DeliveryGuarantee, Lane, NewEffect, Origin, Target},
        entropy::Entropy,
        people::UserId,
    },
    store::{outbox, unit::UnitOfWork},
};
use slack_sandbox::{NewPerson, Options};

use crate::support::{
    place::{database, folder},
    print::say,
    workspace::Workspace,
};

const GROUPS: usize = 5_000;
/// Conversations that Slack lets a bot open in a minute.
const OPENED_A_MINUTE: usize = 50;
/// Monday, 5 January 2026, 10:00 UTC.
const MONDAY: i64 = 1_767_607_200_000;
/// Greetings in one unit of work.
const UNIT: usize = 500;
/// Slack's latency while the bot is dropped, and how long the benchmark waits before the drop.
const SLOW: Duration = Duration::from_millis(100);
const INTO_THE_CALL: Duration = Duration::from_millis(50);
/// How long a dropped bot may hold its database.
const PATIENCE: Duration = Duration::from_secs(5);

fn main() -> anyhow::Result<()> {
    tokio::runtime::Runtime::new()?.block_on(measure())
}

async fn measure() -> anyhow::Result<()> {
    let options = Options { clock: slack_sandbox::Clock::frozen_at(MONDAY), ..Options::default() };
    let workspace = Workspace::start(&Mode::Socket, options).await?;
    let folder = folder()?;
    let url = database(folder.path(), "groups.db");
    say(&format!("groups: {GROUPS} group DMs of a round, SQLite, Slack's limits enforced, simulated time"));
    let pairs: Vec<[String; 2]> = (0..GROUPS).map(|group| pair(&workspace, group)).collect();
    let real = Instant::now();
    let bot = open(&workspace, &url, 1).await?;
    enqueue(&bot, &pairs).await?;
    deliver(&workspace, &bot.outbox, GROUPS / 2).await?;
    Box::pin(drop_in_a_post(&workspace, bot)).await?;
    let bot = open(&workspace, &url, 2).await?;
    deliver(&workspace, &bot.outbox, GROUPS).await?;
    let took = workspace.sandbox.clock().now_ms() - MONDAY;
    report(&workspace, &pairs, took, real.elapsed())
}

/// Two people who are in no other group.
fn pair(workspace: &Workspace, group: usize) -> [String; 2] {
    ["a", "b"].map(|who| {
        let name = format!("{who}{group:04}");
        workspace.sandbox.add_person(NewPerson::named(&name)).id()
    })
}

/// Opens the bot without listeners: it only delivers effects.
async fn open(workspace: &Workspace, url: &str, life: u64) -> anyhow::Result<Bot> {
    let environment = workspace.environment(url);
    let environment = environment.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let config = Config::load(rondo::rituals::ALL, None, &environment)?;
    let time = workspace.sandbox.clock().clone();
    let moved = time.moved();
    let clock = Clock::steered(move || time.now_ms(), moved);
    let began = Instant::now();
    loop {
        match App::open(config.clone(), clock.clone(), Entropy::seeded(life)).await {
            Ok(app) => return Ok(app.connect().await?),
            Err(error) => ensure!(began.elapsed() < PATIENCE, "{error}"),
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

async fn enqueue(bot: &Bot, pairs: &[[String; 2]]) -> anyhow::Result<()> {
    let now = bot.engine.clock.now();
    for pairs in pairs.chunks(UNIT) {
        let mut unit = UnitOfWork::new();
        for pair in pairs {
            let people = pair.iter().map(|id| UserId(id.clone())).collect();
            let (key, to) = (format!("round/{}", pair[0]), Target::Group(people));
            let greeting = NewEffect {
                lane: Lane::Bulk,
                delivery: DeliveryGuarantee::AtLeastOnce,
                ..NewEffect::post(Origin::default(), key, to, "Meet each other over a coffee".into(), now)
            };
            outbox::enqueue(&mut unit, &bot.engine.team, &greeting, now)?;
        }
        bot.engine.store.commit(unit).await?;
    }
    Ok(())
}

/// Returns how many messages have been posted.
fn posted(workspace: &Workspace) -> usize {
    workspace.sandbox.calls().iter().filter(|call| call.method == "chat.postMessage").count()
}

/// Delivers until this many messages are posted, or until nothing is left to do; moves the clock meanwhile.
async fn deliver(workspace: &Workspace, outbox: &Outbox, until: usize) -> anyhow::Result<()> {
    loop {
        // Counting the calls is expensive, so it is done only when the count may have been reached.
        let left = until.saturating_sub(posted(workspace));
        if left == 0 && until < GROUPS {
            return Ok(());
        }
        for _ in 0..left.max(1) {
            if !one_step(workspace, outbox).await? {
                return Ok(());
            }
        }
    }
}

/// Takes a step, or moves the clock until there is one. Returns false when nothing is left to do.
async fn one_step(workspace: &Workspace, outbox: &Outbox) -> anyhow::Result<bool> {
    match outbox.deliver_once().await? {
        Turn::Worked | Turn::Refused => {}
        Turn::Idle(Some(next)) => workspace.sandbox.clock().advance_to(next.timestamp_millis()),
        Turn::Idle(None) => return Ok(false),
    }
    Ok(true)
}

/// Drops the bot in the middle of a post, as a killed process leaves it: nothing is finished or released.
async fn drop_in_a_post(workspace: &Workspace, bot: Bot) -> anyhow::Result<()> {
    let all = i64::try_from(GROUPS)?;
    loop {
        // A post follows each opening; cutting an opening would cost its slot.
        one_step(workspace, &bot.outbox).await?;
        if workspace.sandbox.calls().last().is_none_or(|call| call.method != "conversations.open") {
            continue;
        }
        workspace.sandbox.faults().latency(SLOW);
        let cut = tokio::time::timeout(INTO_THE_CALL, bot.outbox.deliver_once()).await.is_err();
        workspace.sandbox.faults().latency(Duration::ZERO);
        if cut && bot.engine.store.outbox_list(all).await?.iter().any(|listed| listed.unknown) {
            say(&format!("  dropped in the middle of a post after {}, and opened anew", posted(workspace)));
            return Ok(());
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a benchmark counts no further than 2^52")]
fn report(workspace: &Workspace, pairs: &[[String; 2]], took: i64, real: Duration) -> anyhow::Result<()> {
    let calls = workspace.sandbox.calls();
    let count = |method: &str| calls.iter().filter(|call| call.method == method).count();
    let too_many = calls.iter().filter(|call| call.http_status == 429).count();
    let (mut once, mut twice, mut never) = (0, 0, 0);
    for [one, _] in pairs {
        let person = workspace.sandbox.person(one);
        match person.group_dms().iter().map(|group| person.reads(group).len()).sum() {
            0 => never += 1,
            1 => once += 1,
            _ => twice += 1,
        }
    }
    let floor = GROUPS as f64 / OPENED_A_MINUTE as f64;
    let minutes = took as f64 / 60_000.0;
    say(&format!("  {:<44} {floor:>8.1} min", "what Slack's limits make of it at best"));
    say(&format!("  {:<44} {minutes:>8.1} min   {:+.1} %", "Rondo", (minutes / floor - 1.0) * 100.0));
    say(&format!(
        "  {once} greeted once, {twice} twice, {never} never; {} openings, {} posts, {} looks, {too_many} refused as \
         too many; {:.0} s of the machine's time",
        count("conversations.open"),
        count("chat.postMessage"),
        count("conversations.history"),
        real.as_secs_f64(),
    ));
    workspace.sandbox.shutdown();
    ensure!((once, twice, never) == (GROUPS, 0, 0), "each group is greeted once");
    ensure!(too_many == 0, "Slack is not asked for more than it gives");
    Ok(())
}
