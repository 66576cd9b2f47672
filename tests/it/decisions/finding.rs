//! `/sync decisions`: the list, the search, and who may read them.

use chrono::Duration;
use rondo::{
    model::{
        effect::{NewEffect, Origin, Target},
        people::{ChannelId, UserId},
    },
    store::{outbox, unit::UnitOfWork},
};

use super::*;

/// Puts as many decisions into `#team`, a minute apart; the first one is `d1`.
async fn many(bot: &Bot, channel: &ChannelId, count: i64) {
    let engine = &bot.parts.engine;
    let programme = programme_in(bot, channel).await.id;
    let mut unit = UnitOfWork::new();
    for number in 1..=count {
        let at = engine.clock.now() - Duration::days(7) + Duration::minutes(number);
        let decision = Decision {
            id: format!("{number:04}"),
            version: 1,
            programme: programme.clone(),
            channel: channel.clone(),
            change: rondo::common::decisions::record::Change::Decided,
            what: format!("d{number}"),
            why: String::new(),
            turned_down: String::new(),
            decided_by: vec![UserId(bot.id("ana"))],
            review_on: None,
            reviewed: None,
            listed_on: None,
            link: String::new(),
            recorded_by: UserId(bot.id("ana")),
            decided_on: at.date_naive(),
            decided_at: at,
            recorded_at: at,
            posted: None,
        };
        let words = decision.searched(["Ana"]);
        store::put(&mut unit, &engine.team, &decision, words);
    }
    engine.store.commit(unit).await.unwrap();
}

/// Returns the numbers of the decisions on lines.
fn numbers(lines: &[String]) -> Vec<i64> {
    let number =
        |line: &String| line.split(": d").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
    lines.iter().map(number).collect()
}

each_store! {
    async fn an_empty_list_says_how_to_begin(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        for typed in ["/sync decisions", "/sync Decisions: ", "/sync decisions \u{200b}"] {
            let answer = bot.says("ben", "#team", typed).await;
            assert_eq!(
                bot.as_read(&answer.text),
                "No decision is recorded in #team yet.\n`/sync decide Use Postgres because two teams know it` records one."
            );
        }
    }

    async fn words_are_found_folded_in_any_field(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        let ben = opens(bot, "ben", "/sync decide Überall Façade because of the Straße").await;
        assert!(ben.fills("turned_down", "100% a_b \\ nothing") && ben.fills("who", serde_json::json!(["@ana"])));
        sends(bot, &ben).await;
        records(bot, "ben", "Another one 100 axb", "").await;
        for (words, count) in [
            ("", 2), ("uberall", 1), ("UBERALL facade", 1), ("fac", 1), ("STRASSE", 1), ("überall ANOTHER", 0),
            ("100%", 1), ("a_b", 1), ("\\", 1), ("100", 2), ("%", 1), ("_", 1), ("@ana", 1), ("ana", 1), ("@ben", 1),
            ("one", 1), ("nothing else", 0), ("'; DROP TABLE decision; --", 0), ("überall\u{301}", 1),
        ] {
            assert_eq!(finds(bot, "ana", words).await.len(), count, "{words}");
        }
        let none = bot.says("ana", "#team", "/sync decisions überall ANOTHER").await.text;
        assert!(bot.as_read(&none).starts_with("No decision in #team has all of this: \"überall ANOTHER\""), "{none}");
        records(bot, "ben", "It's \"quoted\" – twice", "").await;
        for words in ["it’s", "“quoted”", "\"quoted\" -"] {
            assert_eq!(finds(bot, "ana", words).await.len(), 1, "{words}");
        }
        let many: Vec<String> = (0..11).map(|number| format!("w{number}")).collect();
        let cut = bot.says("ana", "#team", &format!("/sync decisions {}", "o ".repeat(300))).await.text;
        assert!(!cut.contains("first ten words"), "a word that is there twice is one: {cut}");
        assert!(finds(bot, "ana", &many.join(" ")).await.is_empty());
        assert!(finds(bot, "ana", &"é".repeat(3_500)).await.is_empty());
    }

    async fn pages_are_stable_while_new_ones_come(bot: &mut Bot) {
        let channel = running(bot, &["ana", "ben"]).await;
        many(bot, &channel, 25).await;
        assert_eq!(numbers(&finds(bot, "ben", "").await), (16..=25).rev().collect::<Vec<i64>>());
        records(bot, "ana", "new", "").await;
        bot.clicks("ben", "#team", "Older").await;
        let second = lines_of(&bot.reads_last("ben", "#team"));
        assert_eq!(numbers(&second), (6..=15).rev().collect::<Vec<i64>>());
        bot.clicks("ben", "#team", "Older").await;
        let last = message(bot, "ben", "*Decisions in*");
        assert_eq!(numbers(&lines_of(&bot.as_read(&last.text))), [5, 4, 3, 2, 1]);
        assert!(!serde_json::to_string(&last.blocks).unwrap().contains("Older"), "there is no further page");
    }

    async fn words_far_in_a_long_decision_are_found(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        let long: Vec<String> = (0..300).map(|number| format!("word{number:03}")).collect();
        records(bot, "ana", &long.join(" "), "").await;
        for (words, count) in [("word001", 1), ("word299", 1), ("word001 WORD299", 1), ("rd150 ana", 1), ("word300", 0), ("word001 word300", 0)] {
            assert_eq!(finds(bot, "ben", words).await.len(), count, "{words}");
        }
        let ana = supersedes(bot, "ana", "*Decision*").await;
        assert!(ana.fills("what", "short now"));
        sends(bot, &ana).await;
        for (words, count) in [("word299", 0), ("word001", 0), ("short", 1)] {
            assert_eq!(finds(bot, "ben", words).await.len(), count, "{words}: the newest version alone is searched");
        }
    }

    async fn a_search_goes_on_over_pages(bot: &mut Bot) {
        let channel = running(bot, &["ana", "ben"]).await;
        many(bot, &channel, 25).await;
        let first = finds(bot, "ben", "d1").await;
        assert_eq!(numbers(&first), [19, 18, 17, 16, 15, 14, 13, 12, 11, 10]);
        bot.clicks("ben", "#team", "Older").await;
        assert_eq!(numbers(&lines_of(&bot.reads_last("ben", "#team"))), [1]);
    }

    async fn the_menu_shows_all_of_one(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        records(bot, "ana", "Use Postgres because two teams know it", "").await;
        finds(bot, "ben", "postgres").await;
        let list = message(bot, "ben", "*Decisions in*");
        let ben = bot.person("ben");
        assert!(ben.picks(&list, "Show all of…", "1. Use Postgres").await.is_answered());
        bot.settle().await;
        let shown = bot.reads_last("ben", "#team");
        assert_eq!(shown, "*Holds now: version 1*, decided on Monday, 5 January by @ana\nRecorded by @ana:\n>Use Postgres\n*Why*\n>two teams know it");
    }

    async fn only_members_of_the_channel_see_them(bot: &mut Bot) {
        let channel = running(bot, &["ana", "ben"]).await;
        many(bot, &channel, 12).await;
        let id = stored(bot).await.remove(0).id;
        assert!(!bot.says("ben", "#general", "/sync decisions d1").await.text.contains("d1 "));
        finds(bot, "ben", "").await;
        let list = message(bot, "ben", "*Decisions in*");
        let older = serde_json::to_string(&list.blocks).unwrap();
        assert!(older.contains("Older"));
        let ben = bot.person("ben");
        ben.leaves("team");
        bot.hears_events().await;
        for (who, typed) in [("ben", "/sync decisions"), ("cy", "/sync decisions d1")] {
            let answer = bot.says(who, "#team", typed).await.text;
            assert!(answer.starts_with("Its people alone read the decisions of ") && !answer.contains("d1 "), "{answer}");
        }
        let value = format!("{channel} 1767600000000 {id} d");
        for (action, value) in [
            ("sync:decision_older", value.as_str()),
            ("sync:decision_versions", &id),
            ("sync:decision_older_versions", &format!("{id} 9")),
            ("sync:decision_supersede", &format!("{id} 1")),
            ("sync:decision_stands", &format!("{id} 1 2026-01-06")),
        ] {
            for who in ["ben", "cy"] {
                let answers = crate::coffee::answers_to(bot, who, action, value).await;
                assert!(answers.iter().all(|text| !text.contains("d1")), "{action}: {answers:?}");
                assert!(answers.iter().any(|text| text.starts_with("I can't show you this")), "{action}: {answers:?}");
            }
        }
    }

    async fn a_group_dm_keeps_no_decisions(bot: &mut Bot) {
        // Slack reveals a group DM by asking for a scope that the bot does not need.
        bot.expects_refusals();
        let engine = &bot.parts.engine;
        let people = ["ana", "ben"].map(|name| UserId(bot.person(name).id()));
        let now = engine.clock.now();
        let effect = NewEffect::post(Origin::default(), "hello".to_owned(), Target::Group(people.to_vec()), "Hello".into(), now);
        let mut unit = UnitOfWork::new();
        outbox::enqueue(&mut unit, &engine.team, &effect, now).unwrap();
        engine.store.commit(unit).await.unwrap();
        bot.settle().await;
        let dm = bot.person("ana").group_dms().pop().unwrap();
        for typed in ["/sync decisions", "/sync decide Use Postgres"] {
            bot.says("ana", &dm, typed).await;
            let answer = bot.person("ana").reads(&dm).pop().unwrap().text;
            assert!(answer.starts_with("A decision belongs to a channel"), "{typed}: {answer}");
        }
    }

    async fn decisions_move_with_their_channel(bot: &mut Bot) {
        let channel = running(bot, &["ana", "ben"]).await;
        many(bot, &channel, 2).await;
        let engine = bot.parts.engine.clone();
        let mut unit = UnitOfWork::new();
        let moved = rondo::model::event::WorkspaceEvent::ChannelMoved { from: channel.clone(), to: "C0NEW".into() };
        rondo::common::decisions::Decisions::put_change(&mut unit, &engine.context(), &moved);
        engine.store.commit(unit).await.unwrap();
        assert!(stored(bot).await.iter().all(|decision| decision.channel.as_str() == "C0NEW"));
        assert_eq!(finds(bot, "ana", "").await, [""; 0]);
    }
}
