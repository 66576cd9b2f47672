//! Answers in the conversation of an introduction.

use super::*;

/// Runs a round of two and presses a button there.
async fn presses(bot: &mut Bot, who: &str, other: &str, button: &str) {
    let answer = bot.person(who).clicks_in_group(&[other], button).await;
    assert!(answer.is_answered(), "{answer:?}");
    bot.settle().await;
}

fn seen(bot: &Bot, who: &str, other: &str) -> Vec<String> {
    reads_group(bot, who, &[other.to_owned()])
}

each_store! {
    async fn we_met_changes_both_messages(bot: &mut Bot) {
        running_cafe(bot, &["ana", "ben"]).await;
        comes_round(bot).await;
        presses(bot, "ana", "ben", "We met").await;
        let for_ben = seen(bot, "ben", "ana");
        assert_eq!(for_ben.len(), 1);
        assert!(for_ben[0].ends_with(":white_check_mark: @ana says you met. The ⋯ menu lets you skip the next round or leave."), "{for_ben:?}");
        let for_ana = seen(bot, "ana", "ben");
        assert_eq!(for_ana[1], "Great! Next round, I'll look for someone new for each of you.");
        assert!(status(bot, "ben").await.contains("1 of 1 group said that they met."));
    }

    async fn concurrent_presses_meet_once(bot: &mut Bot) {
        running_cafe(bot, &["ana", "ben"]).await;
        comes_round(bot).await;
        let (ana, ben) = (bot.person("ana"), bot.person("ben"));
        tokio::join!(ana.clicks_in_group(&["ben"], "We met"), ben.clicks_in_group(&["ana"], "We met"));
        bot.settle().await;
        for (who, other) in [("ana", "ben"), ("ben", "ana")] {
            assert!(seen(bot, who, other)[1].starts_with("Great!"), "each is answered");
        }
        assert!(status(bot, "ben").await.contains("1 of 1 group said that they met."));
    }

    async fn not_yet_suggests_a_first_step(bot: &mut Bot) {
        running_cafe(bot, &["ana", "ben"]).await;
        comes_round(bot).await;
        presses(bot, "ben", "ana", "Not yet").await;
        assert_eq!(
            seen(bot, "ben", "ana")[1],
            "No rush: you have until the next round on Tuesday, 13 January at 10:00. A good first step: suggest two \
             times that suit you."
        );
        assert_eq!(seen(bot, "ana", "ben").len(), 1, "the other reads nothing of it");
    }

    async fn we_met_can_be_undone(bot: &mut Bot) {
        running_cafe(bot, &["ana", "ben"]).await;
        comes_round(bot).await;
        presses(bot, "ana", "ben", "We met").await;
        presses(bot, "ben", "ana", "We haven't met yet").await;
        assert!(!seen(bot, "ana", "ben")[0].contains("says you met"));
        assert!(status(bot, "ben").await.contains("0 of 1 group said that they met."));
        presses(bot, "ben", "ana", "We met").await;
        assert!(seen(bot, "ana", "ben")[0].contains("@ben says you met"));
    }

    async fn leaving_in_the_conversation_works(bot: &mut Bot) {
        running_cafe(bot, &["ana", "ben"]).await;
        comes_round(bot).await;
        chooses(bot, "ben", "ana", "Leave these chats").await;
        assert!(seen(bot, "ben", "ana")[1].starts_with("You've left the coffee chats in #cafe."));
        assert_eq!(seen(bot, "ana", "ben").len(), 1);
        comes_round(bot).await;
        assert_eq!(seen(bot, "ana", "ben").len(), 1, "no second round");
    }

    async fn skipping_in_the_conversation_works(bot: &mut Bot) {
        let channel = running_cafe(bot, &["ana", "ben"]).await;
        comes_round(bot).await;
        chooses(bot, "ben", "ana", "Skip the next round").await;
        assert_eq!(
            seen(bot, "ben", "ana")[1],
            "You're skipping the round on Tuesday, 13 January at 10:00. After that you're back in."
        );
        assert_eq!(seen(bot, "ana", "ben").len(), 1, "the other reads nothing of it");
        comes_round(bot).await;
        comes_round(bot).await;
        let outcomes: Vec<String> = history(bot, &channel).await.into_iter().map(|past| past.outcome).collect();
        assert_eq!(outcomes, ["done", "skipped", "done"]);
    }

    async fn leaving_does_not_answer(bot: &mut Bot) {
        running_cafe(bot, &["ana", "ben"]).await;
        comes_round(bot).await;
        let introduction = bot.person("ana").reads_group(&["ben"]).pop().unwrap();
        let row = introduction.blocks.last().unwrap()["elements"].as_array().unwrap().clone();
        let kinds: Vec<&str> = row.iter().map(|element| element["type"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["button", "button", "overflow"]);
        assert!(introduction.text.contains("lets you skip the next round or leave"), "{}", introduction.text);
    }

    async fn a_duplicate_press_answers_once(bot: &mut Bot) {
        running_cafe(bot, &["ana", "ben"]).await;
        comes_round(bot).await;
        bot.sandbox.faults().duplicate_deliveries(true);
        presses(bot, "ana", "ben", "We met").await;
        bot.sandbox.faults().duplicate_deliveries(false);
        assert_eq!(seen(bot, "ana", "ben").len(), 2);
    }

    async fn the_next_round_posts_anew(bot: &mut Bot) {
        running_cafe(bot, &["ana", "ben"]).await;
        comes_round(bot).await;
        comes_round(bot).await;
        let read = seen(bot, "ana", "ben");
        let read: Vec<&String> = read.iter().filter(|text| text.contains("matched for a coffee chat")).collect();
        assert_eq!(read.len(), 2);
        assert_ne!(read[0], read[1], "and starts from another question");
    }
}
