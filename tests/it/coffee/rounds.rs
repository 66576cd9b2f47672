//! The groups of successive rounds.

use super::*;

each_store! {
    async fn pairs_repeat_last(bot: &mut Bot) {
        let channel = running_cafe(bot, &["ana", "ben", "cy", "dee"]).await;
        for _ in 0..3 {
            comes_round(bot).await;
        }
        let rounds = rounds(bot, &channel).await;
        let pairs: BTreeSet<&Vec<String>> = rounds.iter().flatten().collect();
        assert_eq!((rounds.len(), pairs.len()), (3, 6), "four people have met in all six ways: {rounds:?}");
    }

    async fn odd_numbers_make_a_trio(bot: &mut Bot) {
        let channel = running_cafe(bot, &["ana", "ben", "cy"]).await;
        comes_round(bot).await;
        assert_eq!(rounds(bot, &channel).await[0], BTreeSet::from([vec!["ana".into(), "ben".into(), "cy".into()]]));
        let read = reads_group(bot, "ana", &["ben".to_owned(), "cy".to_owned()]).join("\n");
        assert!(read.contains("Find a time that suits you all."), "{read}");
    }

    async fn bots_and_leavers_are_not_matched(bot: &mut Bot) {
        let channel = running_cafe(bot, &["ana", "ben", "cy", "dee", "helper", "gus", "left"]).await;
        comes_round(bot).await;
        let matched: Vec<String> = rounds(bot, &channel).await[0].iter().flatten().cloned().collect();
        assert_eq!(matched.len(), 5, "{matched:?}");
        assert!(!matched.iter().any(|name| name == "helper" || name == "left"), "{matched:?}");
    }

    async fn a_lone_person_has_no_round(bot: &mut Bot) {
        let channel = running_cafe(bot, &["ana", "helper"]).await;
        comes_round(bot).await;
        assert_eq!(
            bot.reads_dm("ana"),
            ["There was no coffee round in #cafe this time: it takes two people, and fewer take part.\n\
              The next round goes ahead once more people join the channel."]
        );
        bot.sandbox.invite("cafe", "ben");
        bot.hears_events().await;
        comes_round(bot).await;
        let outcomes: Vec<String> = history(bot, &channel).await.into_iter().map(|past| past.outcome).collect();
        assert_eq!(outcomes, ["skipped", "done"]);
        assert_eq!(partners(bot, &channel, "ana").await, ["ben"]);
        assert!(status(bot, "ana").await.contains("• Tuesday, 6 January: no round. Fewer than two people took part."));
    }

    async fn empty_channels_have_no_round(bot: &mut Bot) {
        let channel = running_cafe(bot, &["ana", "ben"]).await;
        for name in ["ana", "ben"] {
            bot.sandbox.kick("cafe", name);
        }
        bot.hears_events().await;
        comes_round(bot).await;
        assert_eq!(history(bot, &channel).await[0].remark, "fewer than two people took part");
    }

    async fn newcomers_join_the_next_round(bot: &mut Bot) {
        let channel = running_cafe(bot, &["ana", "ben"]).await;
        comes_round(bot).await;
        bot.person("cy").joins("cafe");
        bot.person("ben").leaves("cafe");
        let engine = bot.parts.engine.clone();
        bot.eventually("the directory has heard of it", || async {
            let people = engine.store.channel_people(&engine.team, &channel).await.unwrap();
            let is_here = |name: &str| people.iter().any(|person| person.id.as_str() == bot.person(name).id());
            is_here("cy") && !is_here("ben")
        })
        .await;
        comes_round(bot).await;
        assert_eq!(partners(bot, &channel, "ana").await, ["cy"]);
    }

    async fn archived_channels_have_no_round(bot: &mut Bot) {
        let channel = running_cafe(bot, &["ana", "ben"]).await;
        bot.sandbox.archive("cafe");
        bot.hears_events().await;
        comes_round(bot).await;
        let told = bot.reads_dm("ana").join("\n");
        assert!(told.starts_with("I couldn't hold the coffee round in #cafe: the channel is archived"), "{told}");
        assert_eq!(history(bot, &channel).await[0].remark, "I wasn't in the channel");
        bot.expects_refusals();
        let rondo = bot.user.clone();
        bot.clicks("ana", &rondo, "Stop these chats").await;
        assert!(bot.reads_dm("ana").pop().unwrap().starts_with("*Stop the coffee chats in #cafe?*"));
        bot.clicks("ana", &rondo, "Stop these chats").await;
        assert!(bot.reads_dm("ana").pop().unwrap().starts_with("I've stopped the coffee chats in #cafe."));
        let engine = bot.parts.engine.clone();
        assert_eq!(engine.store.next_run_at(&engine.team).await.unwrap(), None);
    }

    async fn a_returned_bot_holds_rounds(bot: &mut Bot) {
        let channel = running_cafe(bot, &["ana", "ben"]).await;
        bot.sandbox.kick("cafe", &bot.user);
        bot.hears_events().await;
        comes_round(bot).await;
        bot.sandbox.invite("cafe", &bot.user);
        bot.hears_events().await;
        comes_round(bot).await;
        let outcomes: Vec<String> = history(bot, &channel).await.into_iter().map(|past| past.outcome).collect();
        assert_eq!(outcomes, ["skipped", "done"]);
    }

    async fn renamed_channels_go_on(bot: &mut Bot) {
        let channel = running_cafe(bot, &["ana", "ben"]).await;
        bot.sandbox.rename("cafe", "tearoom");
        bot.sandbox.make_private("tearoom");
        bot.hears_events().await;
        comes_round(bot).await;
        assert_eq!(partners(bot, &channel, "ana").await, ["ben"]);
    }

    async fn an_old_directory_holds_the_round(bot: &mut Bot) {
        let channel = running_cafe(bot, &["ana", "ben"]).await;
        bot.expects_refusals();
        for method in ["users.list", "users.conversations", "conversations.members", "usergroups.list"] {
            bot.sandbox.faults().fail_5xx(method, 1_000);
        }
        bot.passes(chrono::Duration::days(1));
        comes_round(bot).await;
        assert_eq!(partners(bot, &channel, "ana").await, ["ben"]);
    }

    async fn a_late_bot_holds_the_round(bot: &mut Bot) {
        let channel = running_cafe(bot, &["ana", "ben"]).await;
        bot.passes(chrono::Duration::hours(24 + 6));
        bot.settle().await;
        assert_eq!(rounds(bot, &channel).await.len(), 1);
        assert_eq!(reads_group(bot, "ben", &["ana".to_owned()]).len(), 1);
    }
}

each_store! {
    with [("people.departments", r#"["engineering", "sales"]"#)];

    async fn rounds_cross_departments(bot: &mut Bot) {
        bot.sandbox.add_user_group("engineering", "Engineering", &["ana", "ben"]);
        bot.sandbox.add_user_group("sales", "Sales", &["cy", "dee"]);
        let channel = running_cafe(bot, &["ana", "ben", "cy", "dee"]).await;
        for _ in 0..2 {
            comes_round(bot).await;
        }
        let rounds = rounds(bot, &channel).await;
        let inside = [vec!["ana".to_owned(), "ben".to_owned()], vec!["cy".to_owned(), "dee".to_owned()]];
        assert!(rounds.iter().flatten().all(|pair| !inside.contains(pair)), "{rounds:?}");
    }
}

each_store! {
    with [("coffee.group_size", "4")];

    async fn groups_have_the_configured_size(bot: &mut Bot) {
        let channel = running_cafe(bot, &["ana", "ben", "cy", "dee"]).await;
        comes_round(bot).await;
        assert_eq!(rounds(bot, &channel).await[0].len(), 1);
    }
}
