//! People who use the bot; one of them is erased.

use rondo::{
    engine::person::PersonData,
    model::people::{ChannelId, UserId},
    rituals::coffee,
    store::unit::UnitOfWork,
};
use secrecy::ExposeSecret as _;
use serde_json::{Map, Value, json};
use slack_sandbox::Submission;

use super::dump;
use crate::{coffee::comes_round, each_store, support::Bot};

fn people(bot: &Bot) -> PersonData {
    PersonData::of(&bot.parts.engine)
}

fn id(bot: &Bot, name: &str) -> UserId {
    UserId(bot.person(name).id())
}

async fn erase(bot: &Bot, name: &str) {
    let erased = people(bot).erase(&id(bot, name), &[], false).await.unwrap();
    assert!(erased.is_clean, "{erased:?}");
}

async fn dumped(bot: &Bot) -> String {
    dump(bot.config.store.url.expose_secret()).await
}

async fn exported(bot: &Bot, name: &str) -> Vec<(&'static str, Map<String, Value>)> {
    let mut rows = Vec::new();
    let keep = |section, row| -> Result<(), rondo::store::StoreError> {
        rows.push((section, row));
        Ok(())
    };
    people(bot).export(&id(bot, name), keep).await.unwrap();
    rows
}

/// Lets ana do all that a person can do, with others.
async fn at_work(bot: &mut Bot) -> ChannelId {
    bot.says("ana", "#general", "/kudos @ben @cy for the velvet underground").await;
    bot.says("ben", "#general", "/kudos @ana @cy for what @ana said to @dee").await;
    bot.says("ben", "#general", "/kudos mine").await;
    bot.says("cy", "#general", "/kudos @dee for learning from @ana").await;
    bot.says("ana", "#general", "/kudos mine").await;
    let ana = bot.person("ana");
    assert!(ana.says("#general", "/rondo me").await.is_answered());
    assert!(ana.sees_modal().await.is_some());
    assert!(ana.fills("department", json!("Velvet")));
    assert_eq!(ana.submits().await, Submission::Closed);
    let cafe = bot.sandbox.add_channel("cafe", false, &["ana", "ben"]);
    bot.sandbox.invite("cafe", &bot.user);
    bot.hears_events().await;
    bot.says("ana", "#cafe", "/coffee start every Tuesday at 10:00").await;
    bot.clicks("ana", "#cafe", "Start").await;
    comes_round(bot).await;
    ChannelId(cafe)
}

fn assert_gone(dump: &str, id: &UserId) {
    for hers in [id.as_str(), "velvet", "Velvet", "*Ana*", "@Ana"] {
        let left: Vec<&str> = dump.lines().filter(|line| line.contains(hers)).collect();
        assert!(left.is_empty(), "{hers} is left in {left:#?}");
    }
}

each_store! {
    async fn erasing_removes_all_traces(bot: &mut Bot) {
        let cafe = at_work(bot).await;
        let ana = id(bot, "ana");
        let before = dumped(bot).await;
        assert!(before.contains(ana.as_str()) && before.contains("velvet") && before.contains("@Ana"), "{before}");
        erase(bot, "ana").await;
        let after = dumped(bot).await;
        assert_gone(&after, &ana);
        assert!(after.contains("gift.reason: what @someone said to @Dee"), "{after}");
        // The history keeps its shape.
        let engine = bot.parts.engine.clone();
        let programmes = engine.store.programmes_in(&engine.team, "coffee", &cafe).await.unwrap();
        let known = (9, chrono::NaiveDate::MIN);
        let history = coffee::store::history(&engine.context().store, &programmes[0].id, known).await.unwrap();
        assert_eq!(history[0][0].len(), 2, "{history:?}");
        let mine = bot.says("ben", "#general", "/kudos mine").await.plain();
        assert!(mine.contains("from someone") && mine.contains("to @cy and someone"), "{mine}");
        // The next round goes on without her.
        bot.sandbox.invite("cafe", "cy");
        bot.hears_events().await;
        comes_round(bot).await;
        assert_gone(&dumped(bot).await, &ana);
    }

    async fn the_bot_goes_on_in_a_file_that_became_shorter(bot: &mut Bot) {
        let store = bot.parts.engine.store.clone();
        let size = || bot.config.store.url.expose_secret().strip_prefix("sqlite:").map(|path| std::fs::metadata(path).unwrap().len());
        for round in 0..2 {
            let mut unit = UnitOfWork::new();
            for number in 0..500 {
                let row = rondo::values!["T-OTHER", format!("{round}-{number}"), "x".repeat(4_000)];
                unit.run("INSERT INTO processed_delivery (team_id, key, reply, processed_at) VALUES ($1, $2, $3, 0)", row);
            }
            store.commit(unit).await.unwrap();
            let mut unit = UnitOfWork::new();
            unit.run("DELETE FROM processed_delivery WHERE team_id = $1", rondo::values!["T-OTHER"]);
            store.commit(unit).await.unwrap();
            if size().is_some() {
                store.ask("PRAGMA wal_checkpoint(TRUNCATE)", Vec::new()).await.unwrap();
            }
            store.probe().await.unwrap();
            let before = size();
            erase(bot, ["ana", "dee"][round]).await;
            assert!(size().is_none_or(|after| Some(after) < before), "{before:?}");
            store.probe().await.expect("an erasure replaces no file");
        }
        let mine = bot.says("ben", "#general", "/kudos mine").await.plain();
        assert!(mine.contains("kudos"), "{mine}");
    }

    async fn erased_people_stay_erased(bot: &mut Bot) {
        at_work(bot).await;
        let ana = id(bot, "ana");
        erase(bot, "ana").await;
        Box::pin(bot.reads_the_workspace()).await;
        bot.person("ana").leaves("cafe");
        bot.person("ana").joins("cafe");
        bot.sandbox.add_user_group("velours", "Velours", &["ana", "ben"]);
        bot.hears_events().await;
        Box::pin(bot.reads_the_workspace()).await;
        assert_gone(&dumped(bot).await, &ana);
        let answer = bot.says("ana", "#general", "/kudos @ben for the velvet").await;
        let expected = "I've erased what I kept about you and leave you out since, so nothing was done. To take part again, \
                        type `/rondo come back`.";
        assert!(answer.plain().starts_with(expected), "{answer:?}");
        let answer = bot.says("ben", "#general", "/kudos @ana for the tea").await;
        let expected = "One of the people you named wants me to keep nothing about them, so I didn't record these kudos.";
        assert!(answer.plain().starts_with(expected), "{answer:?}");
        bot.says("ben", "#general", "/kudos @cy for asking @ana").await;
        bot.says("ben", "#general", "/kudos @velours for the chairs").await;
        bot.person("ana").says("@rondo", "hello?").await;
        bot.clicks("ana", "#general", "Undo").await;
        let after = dumped(bot).await;
        assert_gone(&after, &ana);
        assert!(after.contains("gift.reason: asking @someone"), "{after}");
    }

    async fn late_writes_are_erased_at_night(bot: &mut Bot) {
        let (ana, ben) = (id(bot, "ana"), id(bot, "ben"));
        erase(bot, "ana").await;
        // As if it had read who is excluded right before the erasure.
        let engine = bot.parts.engine.clone();
        let (mut unit, channel) = (rondo::store::unit::UnitOfWork::new(), ChannelId("C0".to_owned()));
        let gift = rondo::rituals::kudos::store::NewGift {
            id: "late",
            giver: &ana,
            channel: &channel,
            receivers: std::slice::from_ref(&ben),
            reason: "the velvet",
            local_date: "2026-01-05",
            allowance: 10,
            fingerprint: "",
        };
        rondo::rituals::kudos::store::put(&mut unit, &engine.team, &gift, engine.clock.now());
        engine.store.commit(unit).await.unwrap();
        assert!(dumped(bot).await.contains("velvet"));
        bot.passes(chrono::Duration::days(1));
        let hold = rondo::engine::nightly::hold(&engine);
        assert!(rondo::engine::nightly::night(&engine, &hold).await);
        assert_gone(&dumped(bot).await, &ana);
    }

    async fn erased_people_can_return(bot: &mut Bot) {
        at_work(bot).await;
        erase(bot, "ana").await;
        let welcome = bot.says("ana", "#general", "/rondo  Come back").await.plain();
        assert!(welcome.starts_with("Welcome back. What I had erased stays erased."), "{welcome}");
        bot.reads_lists().await;
        bot.reads_channels().await;
        bot.says("ben", "#general", "/kudos @ana for coming back").await;
        assert!(bot.says("ana", "#general", "/kudos mine").await.plain().contains("coming back"));
        let answer = bot.says("ana", "#general", "/rondo come back").await.plain();
        assert!(!answer.starts_with("Welcome back"), "{answer}");
    }

    async fn what_waits_unsent_is_withdrawn(bot: &mut Bot) {
        let cafe = bot.sandbox.add_channel("cafe", false, &["ana", "ben"]);
        bot.sandbox.invite("cafe", &bot.user);
        bot.hears_events().await;
        bot.says("ben", "#cafe", "/coffee start every Tuesday at 10:00").await;
        bot.clicks("ben", "#cafe", "Start").await;
        let engine = bot.parts.engine.clone();
        let next = engine.store.next_run_at(&engine.team).await.unwrap().unwrap();
        bot.sandbox.clock().advance_to(next.timestamp_millis());
        while bot.parts.ticker.tick_once().await.unwrap() == rondo::engine::turns::Turn::Worked {}
        bot.person("ana").says("#general", "/kudos @ben for the velvet").await;
        let (at_ben, in_cafe) = (bot.reads_dm("ben").len(), bot.reads("ben", &cafe).len());
        let ana = id(bot, "ana");
        assert!(dumped(bot).await.contains("velvet"));
        erase(bot, "ana").await;
        assert_gone(&dumped(bot).await, &ana);
        bot.settle().await;
        assert!(bot.reads_last("ben", "#general").is_empty(), "the announcement is not posted");
        assert_eq!((bot.reads_dm("ben").len(), bot.reads("ben", &cafe).len()), (at_ben, in_cafe));
    }

    async fn export_contains_everything(bot: &mut Bot) {
        at_work(bot).await;
        let rows = exported(bot, "ana").await;
        let section = |name: &str| -> Vec<&Map<String, Value>> {
            rows.iter().filter(|(section, _)| *section == name).map(|(_, row)| row).collect()
        };
        assert_eq!(section("profile")[0]["name"], "Ana");
        assert_eq!(section("settings")[0]["department"], "Velvet");
        assert_eq!(section("organised").len(), 1);
        let given = section("kudos_given");
        assert_eq!((given.len(), &given[0]["reason"]), (2, &json!("the velvet underground")));
        let received = section("kudos_received");
        assert_eq!((received.len(), &received[0]["giver"]), (1, &json!(id(bot, "ben"))));
        assert_eq!(section("coffee_groups").len(), 2, "she and ben");
        assert!(section("requests").len() >= 3, "what she typed was answered");
        let all = format!("{rows:?}");
        assert!(!all.contains("learning from"), "what others said to others is not hers: {all}");
        let left = exported(bot, "left").await;
        assert!(left.iter().all(|(section, _)| ["profile", "channels"].contains(section)), "{left:?}");
        let mut names: Vec<&str> = rows.iter().map(|(section, _)| *section).collect();
        names.dedup();
        let sections = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), sections, "a section comes in one piece");
    }
}
