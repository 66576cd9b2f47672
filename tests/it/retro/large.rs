//! A retro of a large company.

use std::time::Instant as Stopwatch;

use super::*;

/// How many people are in the channel.
const CROWD: usize = 500;

each_store! {
    async fn five_hundred_people_are_asked_at_once(bot: &mut Bot) {
        let names: Vec<String> = (0..CROWD).map(|number| format!("crowd{number}")).collect();
        let mut people: Vec<&str> = names.iter().map(String::as_str).collect();
        people.push("ana");
        team(bot, &people).await;
        starts(bot, &["1", "2", "3"]).await;
        let engine = bot.parts.engine.clone();
        let due = engine.store.next_run_at(&engine.team).await.unwrap().unwrap();
        bot.sandbox.clock().advance_to(due.timestamp_millis());
        let watch = Stopwatch::now();
        bot.parts.ticker.tick_once().await.unwrap();
        let opening = watch.elapsed();
        let count = async |text: &'static str| {
            engine.store.ask(text, Vec::new()).await.unwrap()[0][0].int().unwrap()
        };
        // Five for each prompt are never given to a person.
        let spare = 3 * 5;
        let slots = i64::try_from(3 * people.len()).unwrap() + spare;
        assert_eq!(count("SELECT COUNT(*) FROM retro_slot").await, slots);
        assert_eq!(count("SELECT COUNT(*) FROM retro_key").await, slots);
        let watch = Stopwatch::now();
        while count("SELECT COUNT(*) FROM retro_key").await > spare {
            bot.parts.ticker.tick_once().await.unwrap();
        }
        let asking = watch.elapsed();
        let dms = "SELECT COUNT(*) FROM outbox WHERE key LIKE 'retro/ask/%' AND payload IS NOT NULL";
        assert_eq!(count(dms).await, i64::try_from(people.len()).unwrap());
        // Unoptimised and beside other tests it takes several times as long as a release does.
        assert!(opening.as_secs() < 10 && asking.as_secs() < 30, "{opening:?} {asking:?}");
        bot.settle_within(chrono::Duration::hours(2)).await;
        bot.expects_refusals();
    }
}
