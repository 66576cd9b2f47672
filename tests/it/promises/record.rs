//! What other rituals ask for and read: promises of a programme's occasion.

use rondo::{
    common::promises::{self, Due, KeptRate, Promise, PromiseOrigin, messages, store},
    model::people::{ChannelId, UserId},
    store::{reading::ReadStore, unit::UnitOfWork},
};

use super::*;

fn day(text: &str) -> chrono::NaiveDate {
    text.parse().unwrap()
}

/// Asks ben for a promise as the closing of a sync does.
async fn asks_at_a_sync(bot: &mut Bot, id: &str, due: Option<&str>) {
    let context = bot.parts.engine.context();
    let (ben, ana) = (UserId(bot.id("ben")), UserId(bot.id("ana")));
    let promise = Promise {
        due: due.map(|date| Due::on(day(date))),
        origin: PromiseOrigin {
            channel: Some(ChannelId(bot.general())),
            programme: "sync-1".to_owned(),
            occasion: Some(day("2026-01-05")),
        },
        ..Promise::asked(id.to_owned(), ben, ana, format!("thing {id}"))
    };
    let mut unit = UnitOfWork::new();
    promises::ask(&mut unit, &context, &promise).await.unwrap();
    bot.parts.engine.store.commit(unit).await.unwrap();
    bot.settle().await;
}

/// Returns the lines of what is due at an occasion, as a run sheet shows them.
async fn due_by(bot: &Bot, date: &str) -> Vec<String> {
    let store = reader(bot);
    let due = store::due_of(&store, ("sync-1", &ChannelId(bot.general())), day(date), 10).await.unwrap();
    due.iter().map(|promise| bot.as_read(messages::line(promise, day(date), true).as_str())).collect()
}

fn reader(bot: &Bot) -> ReadStore {
    let engine = &bot.parts.engine;
    ReadStore::new(engine.store.clone(), engine.team.clone())
}

each_store! {
    async fn a_sync_asks_and_reads_its_promises(bot: &mut Bot) {
        asks_at_a_sync(bot, "a", Some("2026-01-09")).await;
        asks_at_a_sync(bot, "b", None).await;
        assert_eq!(due_by(bot, "2026-01-12").await, [""; 0], "nothing is promised yet");
        presses(bot, "ben", "I'll do it").await;
        picks(bot, "ben", "When will you do it?", "In three days").await;
        assert_eq!(due_by(bot, "2026-01-08").await, ["thing b (@ben, promised for Thursday, 8 January)"]);
        assert_eq!(
            due_by(bot, "2026-01-12").await,
            ["thing b (@ben, was due Thursday, 8 January)", "thing a (@ben, was due Friday, 9 January)"],
            "the date is said, and no days are counted"
        );
        until(bot, "2026-01-08T09:00").await;
        presses(bot, "ben", "Done").await;
        let since = ("2026-01-01T00:00:00Z".parse().unwrap(), day("2026-01-01"));
        let rate = async |today| store::rate_of(&reader(bot), "sync-1", since, day(today)).await.unwrap();
        assert_eq!(rate("2026-01-09").await, KeptRate { kept: 1, all: 1, owners: 1 });
        assert_eq!(rate("2026-01-12").await, KeptRate { kept: 1, all: 2, owners: 1 });
        bot.sandbox.deactivate("ben");
        bot.hears_events().await;
        bot.settle().await;
        assert_eq!(due_by(bot, "2026-01-05").await, ["thing a (looking for an owner, for Friday, 9 January)"]);
    }

    async fn of_many_processes_one_asks_whether_it_is_still_wanted(bot: &mut Bot) {
        asks_at_a_sync(bot, "a", Some("2026-01-09")).await;
        presses(bot, "ben", "I'll do it").await;
        let promise = store::promise(&reader(bot), "a").await.unwrap().unwrap();
        let (context, mut unit) = (bot.parts.engine.context(), UnitOfWork::new());
        let owner = promises::Owner::load(&context, &promise.owner).await.unwrap();
        promises::put_run(&mut unit, &context, promises::STILL_WANTED, &promise, (context.now, &owner));
        bot.parts.engine.store.commit(unit).await.unwrap();
        let tickers: Vec<_> = (2..6).map(|seed| reminding::replica(bot, seed)).collect();
        futures_util::future::join_all(tickers.iter().map(reminding::ticks)).await;
        bot.settle().await;
        let asked = |bot: &Bot| bot.reads_dm("ben").iter().filter(|text| text.starts_with("Is this still wanted?")).count();
        assert_eq!(asked(bot), 1);
        presses(bot, "ben", "Done").await;
        assert_eq!((asked(bot), states(bot).await), (0, vec!["kept".to_owned()]));
    }

    async fn of_two_changes_at_once_one_counts(bot: &mut Bot) {
        asks_at_a_sync(bot, "a", Some("2026-01-09")).await;
        let (team, now) = (bot.parts.engine.team.clone(), bot.parts.engine.clock.now());
        let before = store::promise(&reader(bot), "a").await.unwrap().unwrap();
        let commit = async |state| {
            let mut unit = UnitOfWork::new();
            store::change(&mut unit, &team, &before, &before.then(state, now));
            bot.parts.engine.store.commit(unit).await.unwrap()
        };
        let (yes, no) = tokio::join!(commit(promises::PromiseState::Open), commit(promises::PromiseState::Dropped));
        let refused = rondo::store::unit::Outcome::Refused(store::CHANGED);
        assert_eq!([yes, no].iter().filter(|outcome| **outcome == refused).count(), 1);
        assert_eq!(store::promise(&reader(bot), "a").await.unwrap().unwrap().version, 1);
    }
}
