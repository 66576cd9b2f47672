//! Who can be thanked: people, groups, and who is left out.

use rondo::{
    model::people::{Person, PersonKind},
    store::{people, unit::UnitOfWork},
};

use crate::{
    each_store,
    support::{Bot, gestures::crowd},
};

const SELF_ALONE: &str = "You can't give kudos to yourself. Who helped you?\n\
                          For example: `/kudos @ana @ben for unblocking the release`";

each_store! {
    async fn labels_in_mentions_are_optional(bot: &mut Bot) {
        let (ben, cy, dee) = (bot.id("ben"), bot.id("cy"), bot.id("dee"));
        let answer = bot.sends_command("ana", &format!("/kudos <@{ben}|ben.b>, <@{cy}> and <@{dee}|> lunch")).await;
        assert!(answer.starts_with("Kudos to @ben, @cy and @dee!"), "{answer}");
    }

    async fn a_person_is_thanked_once(bot: &mut Bot) {
        bot.says("ana", "#general", "/kudos @ben @cy @ben for lunch").await;
        assert_eq!(bot.reads_last("dee", "#general"), ":tada: *Ana* thanks @ben and @cy\n>lunch");
    }

    async fn people_come_before_groups(bot: &mut Bot) {
        bot.says("ana", "#general", "/kudos @design @dee @cy for the new look").await;
        assert_eq!(bot.reads_last("dee", "#general"), ":tada: *Ana* thanks @dee, @cy and @ben\n>the new look");
    }

    async fn unknown_groups_are_looked_up_rarely(bot: &mut Bot) {
        let listed = |bot: &Bot| bot.sandbox.calls().iter().filter(|call| call.method == "usergroups.list").count();
        let before = listed(bot);
        let answer = bot.sends_command("ana", "/kudos <!subteam^S0NEW|@newcomers> for starting").await;
        assert!(answer.starts_with("One moment"), "{answer}");
        bot.settle().await;
        let answer = bot.sends_command("ana", "/kudos <!subteam^S0NEW|@newcomers> for starting").await;
        assert!(answer.starts_with("Slack doesn't tell me who's in \"@newcomers\"."), "{answer}");
        let answer = bot.sends_command("ana", "/kudos <!subteam^S0NEW> for starting").await;
        assert!(answer.starts_with("Slack doesn't tell me who's in that user group."), "{answer}");
        assert_eq!(listed(bot), before + 1);
        bot.passes(chrono::Duration::minutes(1));
        let answer = bot.sends_command("ana", "/kudos <!subteam^S0NEW> for starting").await;
        assert!(answer.starts_with("One moment"), "{answer}");
        bot.settle().await;
        assert_eq!(listed(bot), before + 2, "it may have been made meanwhile");
        assert!(bot.ledger().await.is_empty());
    }

    async fn a_missed_group_is_looked_up(bot: &mut Bot) {
        let engine = bot.parts.engine.clone();
        let mut unit = UnitOfWork::new();
        people::groups::keep_since(&mut unit, &engine.team, engine.clock.now() + chrono::Duration::seconds(1));
        engine.store.commit(unit).await.unwrap();
        bot.passes(chrono::Duration::minutes(1));
        let answer = bot.says("ana", "#general", "/kudos @design for the new look").await;
        assert!(answer.text.starts_with("One moment"), "{}", answer.text);
        assert_eq!(bot.thanked().await, ["ben", "cy"]);
    }

    async fn an_empty_group_is_refused(bot: &mut Bot) {
        bot.sandbox.set_group_members("design", &[]);
        let engine = bot.parts.engine.clone();
        let group = {
            let call = bot.sandbox.calls().into_iter().find(|call| call.method == "usergroups.list").unwrap();
            call.answer["usergroups"][0]["id"].as_str().unwrap().to_owned()
        };
        bot.eventually("the group is empty", || async {
            engine.store.group_members(&engine.team, &group.as_str().into()).await.unwrap() == Some(Vec::new())
        })
        .await;
        let answer = bot.says("ana", "#general", "/kudos @design for the new look").await;
        assert!(answer.text.starts_with("There's no one else in that user group to thank."), "{}", answer.text);
    }

    async fn a_group_of_the_giver_is_refused(bot: &mut Bot) {
        bot.sandbox.add_user_group("solo", "Solo", &["ana", "helper", "left"]);
        bot.hears_events().await;
        let answer = bot.says("ana", "#general", "/kudos @solo for the new look").await;
        assert!(answer.text.starts_with("There's no one else in that user group to thank."), "{}", answer.text);
    }

    async fn groups_leave_out_bots_and_leavers(bot: &mut Bot) {
        bot.sandbox.add_user_group("ops", "Ops", &["dee", "helper", "left", "ana"]);
        bot.hears_events().await;
        let answer = bot.says("ana", "#general", "/kudos @ops for the quiet night").await;
        assert_eq!(bot.as_read(&answer.text), "Kudos to @dee! :tada:\nYou can undo this for 10 minutes.");
    }

    async fn thanking_oneself_is_refused_kindly(bot: &mut Bot) {
        let answer = bot.says("ana", "#general", "/kudos @ana for lunch").await;
        assert_eq!(answer.text, SELF_ALONE);
        assert!(bot.reads("ben", "#general").is_empty());
        assert!(bot.ledger().await.is_empty());
    }

    async fn the_giver_is_left_out(bot: &mut Bot) {
        let answer = bot.says("ana", "#general", "/kudos @ana @ben for lunch").await;
        let expected = "Kudos to @ben! :tada:\nI left you out: you can't give kudos to yourself.\nYou can undo this for 10 minutes.";
        assert_eq!(bot.as_read(&answer.text), expected);
        assert_eq!(bot.thanked().await, ["ben"]);
    }

    async fn bots_are_left_out(bot: &mut Bot) {
        for robot in ["@helper", "@rondo"] {
            let answer = bot.says("ana", "#general", &format!("/kudos {robot} for the builds")).await;
            assert!(answer.text.starts_with("Kudos are for people, not for bots."), "{}", answer.text);
        }
        let answer = bot.says("ana", "#general", "/kudos @helper @ben for the builds").await;
        let said = bot.as_read(&answer.text);
        assert!(said.contains("I left out @helper: kudos are for people, not for bots."), "{said}");
        assert_eq!(bot.thanked().await, ["ben"]);
    }

    async fn the_bot_knows_itself(bot: &mut Bot) {
        let engine = bot.parts.engine.clone();
        let known = engine.store.people(&engine.team, std::slice::from_ref(&engine.bot)).await.unwrap();
        let itself = Person { kind: PersonKind::Member, ..known.into_values().next().unwrap() };
        let mut unit = UnitOfWork::new();
        people::put_person(&mut unit, &engine.team, &itself, engine.clock.now());
        engine.store.commit(unit).await.unwrap();
        let answer = bot.says("ana", "#general", "/kudos @rondo for the builds").await;
        assert!(answer.text.starts_with("Kudos are for people, not for bots."), "{}", answer.text);
    }

    async fn leavers_are_left_out(bot: &mut Bot) {
        let (left, ben) = (bot.id("left"), bot.id("ben"));
        let answer = bot.sends_command("ana", &format!("/kudos <@{left}> for everything")).await;
        assert!(answer.starts_with("That account is deactivated"), "{answer}");
        let answer = bot.sends_command("ana", &format!("/kudos <@{left}> <@{ben}> for everything")).await;
        assert!(answer.contains("I left out @left: that account is deactivated."), "{answer}");
        assert_eq!(bot.thanked().await, ["ben"]);
    }

    async fn guests_may_receive(bot: &mut Bot) {
        bot.says("ana", "#general", "/kudos @gus for visiting").await;
        assert_eq!(bot.thanked().await, ["gus"]);
    }

    async fn a_whole_channel_is_refused(bot: &mut Bot) {
        for crowd in ["channel", "here", "everyone"] {
            for typed in [format!("/kudos @{crowd} for a good year"), format!("/kudos @ben @{crowd} for a good year")] {
                let answer = bot.says("ana", "#general", &typed).await;
                let expected = format!("I can't thank @{crowd}. Name people or a user group, so it means something.");
                assert!(answer.text.starts_with(&expected), "{}", answer.text);
            }
        }
        assert!(bot.reads("ben", "#general").is_empty());
    }

    async fn unpicked_names_are_pointed_out(bot: &mut Bot) {
        for typed in ["/kudos @benn for lunch", "/kudos @ben @benn, for lunch"] {
            let answer = bot.says("ana", "#general", typed).await;
            let expected = "I don't know \"@benn\". Pick the name from the list that Slack shows when you type @.";
            assert!(answer.text.starts_with(expected), "{}", answer.text);
        }
        assert!(bot.ledger().await.is_empty());
    }

    async fn kudos_need_a_name(bot: &mut Bot) {
        let answer = bot.says("ana", "#general", "/kudos for the lunch").await;
        assert!(answer.text.starts_with("Who would you like to thank? Start with their names, each with an @: `/kudos @ana"), "{}", answer.text);
    }

    async fn fifty_people_are_the_limit(bot: &mut Bot) {
        let answer = bot.sends_command("ana", &format!("/kudos {}for the move", crowd(51))).await;
        assert!(answer.starts_with("That's 51 people, and one kudos can thank 50."), "{answer}");
        // A flood is refused before any person is looked up.
        let answer = bot.sends_command("ana", &format!("/kudos {}for the move", crowd(20_000))).await;
        assert!(answer.starts_with("That's 20000 people, and one kudos can thank 50."), "{answer}");
    }
}
