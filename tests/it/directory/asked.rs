//! What a person reads who types a command in a channel of which the bot knows too little.

use super::*;

const START: &str = "/coffee start every Tuesday at 10:00";

each_store! {
    async fn a_channel_where_the_bot_is_not_is_told_as_known_and_asked_again(bot: &mut Bot) {
        let attic = bot.sandbox.add_channel("attic", false, &["ana", "ben"]);
        let asked = |bot: &Bot| {
            let calls = bot.sandbox.calls();
            calls.iter().filter(|call| call.method == "conversations.info" && call.args["channel"] == attic).count()
        };
        let first = bot.says("ana", "#attic", START).await.text;
        assert_eq!(first, "I'm still reading this workspace. Try again in a few seconds.");
        let before = asked(bot);
        for _ in 0..5 {
            let answer = bot.says("ana", "#attic", START).await.text;
            assert!(answer.starts_with("As far as I know I'm not in this channel, so I can't see who's here."), "{answer}");
        }
        assert_eq!((before, asked(bot)), (1, 1), "Slack was asked less than a minute ago");
        bot.passes(Duration::minutes(2));
        bot.says("ana", "#attic", START).await;
        assert_eq!(asked(bot), before + 1);
    }

    async fn an_archived_channel_is_called_archived(bot: &mut Bot) {
        bot.sandbox.add_channel("tea", false, &["ana", "ben"]);
        bot.sandbox.invite("tea", &bot.user);
        bot.hears_events().await;
        bot.passes(Duration::seconds(1));
        bot.sandbox.archive("tea");
        bot.hears_events().await;
        let answer = bot.says("ana", "#tea", START).await.text;
        if !answer.is_empty() {
            assert!(answer.starts_with("As far as I know this channel is archived"), "{answer}");
        }
    }

    async fn a_group_dm_is_told_what_works_instead(bot: &mut Bot) {
        bot.expects_refusals();
        bot.sandbox.add_channel("tea", false, &["ana", "ben"]);
        bot.sandbox.invite("tea", &bot.user);
        bot.hears_events().await;
        bot.says("ana", "#tea", START).await;
        bot.clicks("ana", "#tea", "Start").await;
        bot.sandbox.clock().advance_to(crate::support::bot::MONDAY_MORNING + 26 * 3_600_000);
        bot.settle().await;
        let group = bot.person("ana").group_dms().pop().expect("the round opened one");
        bot.says("ana", &group, START).await;
        let answer = bot.says("ana", &group, START).await.text;
        assert!(answer.starts_with("Coffee chats run in a channel."), "{answer}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_events_a_typed_command_finds_the_channel() {
    let mut bot = Bot::with(None, &[("without", "member_joined_channel")]).await;
    bot.sandbox.add_channel("tea", false, &["ana", "ben", "cy"]);
    bot.sandbox.invite("tea", &bot.user);
    let first = bot.says("ana", "#tea", START).await.text;
    assert_eq!(first, "I'm still reading this workspace. Try again in a few seconds.");
    let second = bot.says("ana", "#tea", START).await.text;
    assert!(second.contains("3 people here would take part."), "{second}");
    bot.finish().await;
}
