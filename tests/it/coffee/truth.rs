//! What a channel and its people are told comes true.

use super::*;

each_store! {
    async fn moved_times_skip_a_round_day(bot: &mut Bot) {
        running_cafe(bot, &["ana", "ben", "cy", "dee"]).await;
        comes_round(bot).await;
        let preview = bot.says("ana", "#cafe", "/coffee start every Tuesday at 15:00").await.text;
        assert!(preview.contains("First rounds: Tuesday, 13 January; Tuesday, 20 January"), "{preview}");
        bot.clicks("ana", "#cafe", "Change the times").await;
        let told = bot.reads_last("ben", "#cafe");
        assert!(told.contains("Tuesday, 13 January at 15:00"), "{told}");
        let status = bot.says("ben", "#cafe", "/coffee status").await.text;
        assert!(status.contains("|Tuesday, 13 January 2026 at 16:00 (Europe/Berlin)> your time."), "{status}");
    }

    async fn restarted_chats_skip_a_round_day(bot: &mut Bot) {
        running_cafe(bot, &["ana", "ben", "cy", "dee"]).await;
        comes_round(bot).await;
        bot.says("ana", "#cafe", "/coffee stop").await;
        bot.clicks("ana", "#cafe", "Stop these chats").await;
        let preview = bot.says("ana", "#cafe", "/coffee start every day at 18:00").await.text;
        assert!(preview.contains("First rounds: Wednesday, 7 January"), "{preview}");
    }

    async fn skips_survive_moving(bot: &mut Bot) {
        running_cafe(bot, &["ana", "ben", "cy", "dee"]).await;
        bot.says("ben", "#cafe", "/coffee skip").await;
        bot.says("ana", "#cafe", "/coffee start every Wednesday at 11:00").await;
        bot.clicks("ana", "#cafe", "Change the times").await;
        let status = bot.says("ben", "#cafe", "/coffee status").await.text;
        assert!(status.contains("3 people take part") && status.contains("1 person skips"), "{status}");
    }

    async fn excluded_people_get_no_promise(bot: &mut Bot) {
        bot.expects_refusals();
        running_cafe(bot, &["ana", "ben", "cy"]).await;
        bot.sandbox.kick("cafe", &bot.id("cy"));
        bot.hears_events().await;
        for words in ["join", "skip"] {
            let told = bot.says("cy", "#cafe", &format!("/coffee {words}")).await.text;
            assert!(told.contains("I don't see you among the people I can introduce in"), "{words}: {told}");
        }
        let status = bot.says("ana", "#cafe", "/coffee status").await.text;
        assert!(status.contains("2 people take part"), "{status}");
    }

    async fn orphaned_chats_can_be_managed(bot: &mut Bot) {
        running_cafe(bot, &["ana", "ben", "cy"]).await;
        let refused = bot.says("ben", "#cafe", "/coffee stop").await.text;
        assert!(refused.contains("runs these chats"), "{refused}");
        bot.sandbox.deactivate("ana");
        bot.hears_events().await;
        let asked = bot.says("ben", "#cafe", "/coffee stop").await.text;
        assert!(!asked.contains("runs these chats"), "{asked}");
    }

    async fn ended_chats_can_be_restarted(bot: &mut Bot) {
        cafe(bot, &["ana", "ben", "cy"]).await;
        bot.says("ana", "#cafe", "/coffee start every Tuesday at 10:00 until 6 January 2026").await;
        bot.clicks("ana", "#cafe", "Start").await;
        comes_round(bot).await;
        let status = bot.says("ben", "#cafe", "/coffee status").await.text;
        assert!(status.contains("No further round is planned"), "{status}");
        bot.says("ben", "#cafe", "/coffee start every Thursday at 10:00").await;
        bot.clicks("ben", "#cafe", "Start").await;
        let status = bot.says("ben", "#cafe", "/coffee status").await.text;
        assert!(status.contains("|Thursday, 8 January 2026 at 10:00 (Europe/Berlin)>."), "{status}");
    }

    async fn removed_bots_promise_no_round(bot: &mut Bot) {
        bot.expects_refusals();
        running_cafe(bot, &["ana", "ben", "cy"]).await;
        bot.sandbox.kick("cafe", &bot.user);
        bot.hears_events().await;
        let status = bot.says("ben", "#cafe", "/coffee status").await.text;
        assert!(status.contains("I'm not in this channel any more"), "{status}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_preview_names_another_year() {
    let mut bot = Bot::on_sqlite().await;
    cafe(&bot, &["ana", "ben"]).await;
    let preview = bot.says("ana", "#cafe", "/coffee start 0 10 29 2 *").await.text;
    assert!(preview.contains("29 February 2028; Sunday, 29 February 2032"), "{preview}");
    bot.finish().await;
}
