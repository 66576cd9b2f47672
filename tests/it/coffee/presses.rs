//! Presses that come twice, late, or from the wrong person.

use super::*;

/// Counts the channel's messages with these words.
fn announced(bot: &Bot, words: &str) -> usize {
    bot.reads("ben", "#cafe").iter().filter(|text| text.contains(words)).count()
}

/// Presses a button of the newest message with these words twice, as two presses at the same instant.
async fn presses_twice(bot: &mut Bot, who: &str, words: &str, button: &str) {
    let person = bot.person(who);
    let message =
        person.reads("#cafe").into_iter().rev().find(|message| message.text.contains(words)).unwrap();
    let (first, second) = tokio::join!(person.clicks(&message, button), person.clicks(&message, button));
    assert!(first.is_answered() && second.is_answered());
    bot.settle().await;
}

each_store! {
    async fn stopping_asks_first(bot: &mut Bot) {
        let channel = running_cafe(bot, &["ana", "ben", "cy"]).await;
        bot.says("cy", "#cafe", "/coffee skip").await;
        let asked = bot.says("ana", "#cafe", "/coffee stop").await;
        assert_eq!(
            bot.as_read(&asked.text),
            "*Stop the coffee chats in #cafe?*\n\
             3 people take part, and the round on Tuesday, 6 January at 10:00 won't happen."
        );
        assert_eq!(announced(bot, "has stopped"), 0);
        bot.clicks("ana", "#cafe", "Keep them").await;
        assert_eq!(bot.reads_last("ana", "#cafe"), "OK, nothing has changed. `/coffee help` shows what I can do here.");
        comes_round(bot).await;
        assert_eq!(rounds(bot, &channel).await.len(), 1);
    }

    async fn two_stops_count_once(bot: &mut Bot) {
        running_cafe(bot, &["ana", "ben"]).await;
        bot.says("ana", "#cafe", "/coffee stop").await;
        presses_twice(bot, "ana", "*Stop the coffee chats in ", "Stop these chats").await;
        assert_eq!(announced(bot, "has stopped the coffee chats."), 1);
    }

    async fn only_organisers_and_admins_are_asked(bot: &mut Bot) {
        running_cafe(bot, &["ana", "ben"]).await;
        let answer = bot.says("ben", "#cafe", "/coffee stop").await;
        assert!(bot.as_read(&answer.text).starts_with("@ana runs these chats."), "{}", answer.text);
    }

    async fn an_old_question_stops_nothing(bot: &mut Bot) {
        running_cafe(bot, &["ana", "ben"]).await;
        bot.says("ana", "#cafe", "/coffee stop").await;
        let ana = bot.person("ana");
        let question = ana.reads("#cafe").pop().unwrap();
        bot.clicks("ana", "#cafe", "Stop these chats").await;
        bot.says("ana", "#cafe", WEEKLY).await;
        bot.clicks("ana", "#cafe", "Start").await;
        ana.clicks(&question, "Stop these chats").await;
        bot.settle().await;
        assert!(status(bot, "ben").await.starts_with("*Coffee chats run here"));
    }

    async fn two_moves_announce_once(bot: &mut Bot) {
        let channel = running_cafe(bot, &["ana", "ben"]).await;
        bot.says("ana", "#cafe", "/coffee start every Wednesday at 16:00").await;
        presses_twice(bot, "ana", "*Change the times", "Change the times").await;
        assert_eq!(announced(bot, "has moved the coffee chats"), 1);
        comes_round(bot).await;
        assert_eq!(rounds(bot, &channel).await.len(), 1);
    }

    async fn an_expired_preview_starts_nothing(bot: &mut Bot) {
        cafe(bot, &["ana", "ben"]).await;
        bot.says("ana", "#cafe", "/coffee start every Tuesday at 10:00 until 2026-01-06").await;
        bot.passes(chrono::Duration::days(3));
        bot.clicks("ana", "#cafe", "Start").await;
        assert!(bot.reads_last("ana", "#cafe").starts_with("This preview is out of date"));
        assert!(status(bot, "ana").await.starts_with("There are no coffee chats in this channel."));
    }

    async fn old_introductions_let_people_leave(bot: &mut Bot) {
        running_cafe(bot, &["ana", "ben"]).await;
        comes_round(bot).await;
        bot.says("ana", "#cafe", "/coffee stop").await;
        bot.clicks("ana", "#cafe", "Stop these chats").await;
        chooses(bot, "ben", "ana", "Leave these chats").await;
        assert_eq!(
            reads_group(bot, "ben", &["ana".to_owned()])[1],
            "These coffee chats have ended, so nothing has changed."
        );
        bot.says("ana", "#cafe", WEEKLY).await;
        bot.clicks("ana", "#cafe", "Start").await;
        chooses(bot, "ben", "ana", "Leave these chats").await;
        assert!(reads_group(bot, "ben", &["ana".to_owned()])[2].starts_with("You've left the coffee chats in #cafe."));
        assert!(status(bot, "ana").await.contains("1 person takes part so far."));
    }

    async fn a_late_we_met_counts(bot: &mut Bot) {
        running_cafe(bot, &["ana", "ben"]).await;
        comes_round(bot).await;
        bot.passes(chrono::Duration::days(20));
        let engine = bot.parts.engine.clone();
        assert!(engine.store.sweep(&engine.team, engine.clock.now()).await.unwrap());
        let introduction = bot.person("ben").reads_group(&["ana"]).remove(0);
        bot.person("ben").clicks(&introduction, "We met").await;
        bot.settle().await;
        assert!(reads_group(bot, "ana", &["ben".to_owned()])[0].contains("@ben says you met."));
    }

    async fn we_met_works_after_the_end(bot: &mut Bot) {
        running_cafe(bot, &["ana", "ben"]).await;
        comes_round(bot).await;
        bot.says("ana", "#cafe", "/coffee stop").await;
        bot.clicks("ana", "#cafe", "Stop these chats").await;
        bot.person("ben").clicks_in_group(&["ana"], "We met").await;
        bot.settle().await;
        assert!(reads_group(bot, "ana", &["ben".to_owned()])[0].contains("@ben says you met."));
    }

    async fn only_members_answer_for_a_group(bot: &mut Bot) {
        running_cafe(bot, &["ana", "ben"]).await;
        comes_round(bot).await;
        let introduction = bot.person("ana").reads_group(&["ben"]).pop().unwrap();
        let met = &introduction.blocks.last().unwrap()["elements"][0]["value"];
        let answers = answers_to(bot, "cy", "coffee:met", met.as_str().unwrap()).await;
        assert_eq!(answers, ["Only the people I introduced here can say whether they met."]);
        let answers = answers_to(bot, "cy", "coffee:met", "nothing").await;
        assert_eq!(answers, ["I have no record of this group any more, so nothing has changed."]);
        assert!(status(bot, "ben").await.contains("0 of 1 group said that they met."));
    }

    async fn other_releases_buttons_are_answered(bot: &mut Bot) {
        running_cafe(bot, &["ana", "ben"]).await;
        for (action, value) in [("coffee:waltz", "1"), ("coffee:more", ""), ("coffee", "")] {
            let answers = answers_to(bot, "ana", action, value).await;
            assert!(answers.concat().starts_with("I don't know this button any more"), "{action}: {answers:?}");
        }
        for action in ["coffee:start", "coffee:move"] {
            let answers = answers_to(bot, "ana", action, "{}").await;
            assert!(answers.concat().starts_with("This preview is out of date"), "{action}: {answers:?}");
        }
        for action in ["coffee:stop", "coffee:stop_now", "coffee:join", "coffee:leave", "coffee:skip"] {
            let answers = answers_to(bot, "ana", action, "nothing").await;
            assert_eq!(answers, ["These coffee chats have ended, so nothing has changed."], "{action}");
        }
    }

    async fn leavers_learn_how_to_return(bot: &mut Bot) {
        running_cafe(bot, &["ana", "ben", "cy"]).await;
        comes_round(bot).await;
        let ben = bot.person("ben");
        bot.says("ben", "#cafe", "/coffee skip").await;
        let skipped = ben.reads("#cafe").pop().unwrap();
        let value = skipped.blocks.last().unwrap()["elements"][0]["value"].as_str().unwrap().to_owned();
        bot.sandbox.kick("cafe", "ben");
        bot.reads_the_workspace().await;
        let answers = answers_to(bot, "ben", "coffee:join", &value).await;
        assert_eq!(answers, ["Coffee chats are for people in #cafe. Join the channel, and you take part."]);
    }
}
