//! A company of 10,000 people and 2,000 channels, read by two processes: as fast as Slack takes calls, and usable
//! meanwhile.

use std::{collections::BTreeMap, sync::Arc};

use rondo::{
    engine::directory::{Lists, Readings},
    slack::pacing::Pacer,
};

use super::*;

const PEOPLE: usize = 10_000;
const CHANNELS: usize = 2_000;
/// Pages of members of the channel that all are in.
const PAGES_OF_ALL: usize = PEOPLE.div_ceil(999);
/// Slack's limits a minute.
const TIERS: [(&str, usize); 5] = [
    ("users.list", 20),
    ("usergroups.list", 20),
    ("users.conversations", 20),
    ("conversations.info", 50),
    ("conversations.members", 100),
];

/// How long an idle loop waits before it looks again.
const LOOK_AGAIN: Duration = Duration::seconds(2);

/// One of several processes on one database, with its own rate limiter, and when each of its loops looks again.
struct Process {
    lists: Lists,
    readings: Readings,
    next: [Instant; 2],
}

impl Process {
    fn start(bot: &Bot) -> Process {
        let engine = bot.parts.engine.clone();
        let now = engine.clock.now();
        let engine = Engine { pacer: Arc::new(Pacer::new(now)), ..engine };
        Process { lists: Lists::new(engine.clone()), readings: Readings::new(engine), next: [now; 2] }
    }

    /// Takes the steps that are due.
    async fn goes_on(&mut self, now: Instant) {
        let after = |step: Turn| match step {
            Turn::Worked | Turn::Refused => now,
            Turn::Idle(at) => {
                at.map_or(now + LOOK_AGAIN, |at| at.clamp(now + Duration::milliseconds(1), now + LOOK_AGAIN))
            }
        };
        if self.next[0] <= now {
            self.next[0] = after(self.lists.read_once().await.unwrap());
        }
        if self.next[1] <= now {
            self.next[1] = after(self.readings.read_once().await.unwrap());
        }
    }
}

/// Lets each process take its due steps, then moves the clock to the next.
async fn go_on(bot: &Bot, processes: &mut [Process]) {
    let now = bot.parts.engine.clock.now();
    futures_util::future::join_all(processes.iter_mut().map(|process| process.goes_on(now))).await;
    let next = processes.iter().flat_map(|process| process.next).min().unwrap_or(now);
    bot.sandbox.clock().advance_to(next.timestamp_millis());
}

/// Returns the most calls of a method within any minute.
fn in_the_worst_minute(calls: &[i64]) -> usize {
    let within = |first: usize| calls[first..].partition_point(|ms| ms - calls[first] < 60_000);
    (0..calls.len()).map(within).max().unwrap_or_default()
}

async fn is_read(bot: &Bot) -> bool {
    let engine = &bot.parts.engine;
    engine.store.wanted_lists(&engine.team).await.unwrap().is_empty()
        && count(bot, "SELECT COUNT(*) FROM channel WHERE wanted_at IS NOT NULL").await == 0
}

/// Adds the company and puts the bot into its channels, while no process runs.
fn populate(bot: &Bot) {
    let add = |n| bot.sandbox.add_person(NewPerson::named(&format!("p{n}"))).id();
    let ids: Vec<String> = (0..PEOPLE).map(add).collect();
    let ana = bot.person("ana").id();
    for n in 0..CHANNELS {
        let members: Vec<&str> = (0..4).map(|place| ids[(n * 4 + place) % PEOPLE].as_str()).collect();
        let members: Vec<&str> = members.into_iter().chain([ana.as_str(), bot.user.as_str()]).collect();
        bot.sandbox.add_channel(&format!("c{n}"), false, &members);
    }
}

each_store! {
    with [("without", "member_joined_channel"), ("without", "team_join")];

    async fn a_large_company_is_read_within_limits(bot: &mut Bot) {
        populate(bot);
        bot.passes(Duration::days(2));
        let (began, before) = (bot.parts.engine.clock.now(), bot.sandbox.calls().len());
        let mut processes = [Process::start(bot), Process::start(bot)];
        // A person starts coffee chats at once, in a channel that has not been read.
        let last = format!("#c{}", CHANNELS - 1);
        let answer = bot.person("ana").says(&last, "/coffee start every Tuesday at 10:00").await.text;
        assert!(answer.starts_with("One moment"), "{answer}");
        while bot.reads("ana", &last).len() < 2 {
            go_on(bot, &mut processes).await;
            bot.parts.ticker.tick_once().await.unwrap();
            bot.parts.outbox.deliver_once().await.unwrap();
            assert!(bot.parts.engine.clock.now() - began < Duration::minutes(1), "no answer came");
        }
        let answer = bot.reads_last("ana", &last);
        assert!(answer.contains("5 people are in this channel; I'm still reading who they are."), "{answer}");
        let usable_after = bot.parts.engine.clock.now() - began;
        assert!(usable_after < Duration::seconds(10), "{usable_after}");
        // Meanwhile one process after another is killed; its successor continues where it was.
        for (n, minutes) in [(0, 2), (1, 4)] {
            while bot.parts.engine.clock.now() - began < Duration::minutes(minutes) {
                go_on(bot, &mut processes).await;
            }
            processes[n] = Process::start(bot);
        }
        while !is_read(bot).await {
            for _ in 0..50 {
                go_on(bot, &mut processes).await;
            }
        }
        let took = bot.parts.engine.clock.now() - began;
        assert!(took < Duration::minutes(24), "2,000 channels at 91 a minute, and two leases that ended: {took}");
        let mut calls: BTreeMap<String, Vec<i64>> = BTreeMap::new();
        for call in bot.sandbox.calls().split_off(before) {
            calls.entry(call.method).or_default().push(call.at_ms);
        }
        for (method, limit) in TIERS {
            let worst = in_the_worst_minute(&calls[method]);
            assert!(worst <= limit, "{method}: {worst} in a minute");
        }
        assert_eq!(calls["users.list"].len(), PEOPLE.div_ceil(200) + 1, "each page was read once");
        assert!(calls["conversations.members"].len() <= CHANNELS + PAGES_OF_ALL + 2, "{}", calls["conversations.members"].len());
        assert_eq!(count(bot, "SELECT COUNT(*) FROM channel WHERE state = 'open' AND read_at IS NOT NULL").await, 2_001);
        assert!(count(bot, "SELECT COUNT(*) FROM person").await >= 10_000);
    }
}
