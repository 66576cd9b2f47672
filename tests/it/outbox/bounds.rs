//! How many effects of one person may wait.

use rondo::model::owner::Owner;

use super::*;
use crate::{each_store, support::cafe::running_cafe};

const REFUSED: &str = "I'm still sending what you asked for before: 500 of your messages are waiting";

/// Lets this many effects of a person wait for an hour.
async fn waits(bot: &Bot, who: &str, count: usize) {
    let general = ChannelId("C0LATER".to_owned());
    let ana = UserId(bot.person(who).id());
    let later = now(bot) + Duration::hours(1);
    let effect = |n: usize| {
        let key = format!("later {n}");
        NewEffect { not_before: later, ..post(bot, &key, &general, &key).caused_by(&ana) }
    };
    enqueue(bot, &(0..count).map(effect).collect::<Vec<_>>()).await;
}

/// Withdraws them.
async fn waits_no_more(bot: &Bot) {
    let mut unit = UnitOfWork::new();
    unit.run("DELETE FROM outbox WHERE key LIKE 'later %'", Vec::new());
    bot.parts.engine.store.commit(unit).await.unwrap();
}

each_store! {
    with [("kudos.daily_allowance", "0")];

    async fn a_person_has_500_effects(bot: &mut Bot) {
        let ana = bot.person("ana");
        for n in 0..500 {
            let answer = ana.says("#general", &format!("/kudos @ben for {n}")).await.text;
            assert!(answer.starts_with("Kudos to"), "{n}: {answer}");
        }
        let answer = ana.says("#general", "/kudos @ben for two").await.text;
        assert!(answer.starts_with(REFUSED), "{answer}");
        assert!(bot.person("ben").says("#general", "/kudos @ana for one").await.text.starts_with("Kudos to"));
        bot.clicks("ana", "#general", "Undo").await;
        let read = bot.reads("ana", "#general");
        assert!(read.iter().any(|text| text.starts_with("Taken back.")), "that adds nothing: {read:?}");
        bot.settle_within(Duration::minutes(15)).await;
        assert!(bot.says("ana", "#general", "/kudos @ben for two").await.text.starts_with("Kudos to"));
    }

    async fn stored_effects_count_at_start(bot: &mut Bot) {
        waits(bot, "ana", 500).await;
        let answer = bot.says("ana", "#general", "/kudos @ben for one").await.text;
        assert!(answer.starts_with(REFUSED), "{answer}");
        waits_no_more(bot).await;
        let answer = bot.says("ana", "#general", "/kudos @ben for two").await.text;
        assert!(answer.starts_with(REFUSED), "a person is counted once a second: {answer}");
        bot.passes(Duration::seconds(1));
        assert!(bot.says("ana", "#general", "/kudos @ben for three").await.text.starts_with("Kudos to"));
    }

    async fn concurrent_requests_share_the_limit(bot: &mut Bot) {
        waits(bot, "ana", 495).await;
        let ana = bot.person("ana");
        let texts: Vec<String> = (0..20).map(|n| format!("/kudos @ben for {n}")).collect();
        let answers = futures_util::future::join_all(texts.iter().map(|text| ana.says("#general", text))).await;
        let passed = answers.iter().filter(|answer| answer.text.starts_with("Kudos to")).count();
        assert_eq!(passed, 5, "{answers:#?}");
        assert!(answers.iter().all(|answer| answer.text.starts_with("Kudos to") || answer.text.starts_with(REFUSED)));
        waits_no_more(bot).await;
    }

    async fn effects_of_a_press_count(bot: &mut Bot) {
        running_cafe(bot, &["ana", "ben"]).await;
        bot.person("ana").says("#cafe", "/coffee pause").await;
        let engine = &bot.parts.engine;
        let caused = "SELECT COUNT(*) FROM outbox WHERE causer = $1";
        let ana = Owner::Person(UserId(bot.person("ana").id())).to_string();
        let count = async || {
            let rows = engine.store.ask(caused, vec![ana.clone().into()]).await.unwrap();
            rows[0][0].int().unwrap()
        };
        // The answer to *Start*, and the channel's messages about the start and the pause.
        assert_eq!(count().await, 3);
        let kept = "SELECT COUNT(*) FROM outbox WHERE owner LIKE 'programme/%' AND causer LIKE 'person/%'";
        let rows = engine.store.ask(kept, Vec::new()).await.unwrap();
        assert_eq!(rows[0][0].int(), Some(2), "what the channel reads is the programme's all the same");
    }
}
