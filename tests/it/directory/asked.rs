//! What a person reads who types a command in a channel of which the bot knows too little.

use super::*;

const START: &str = "/coffee start every Tuesday at 10:00";

each_store! {
    async fn a_channel_where_the_bot_is_not_is_told_as_known_and_asked_again(bot: &mut Bot) {
        let asked = |bot: &Bot| bot.sandbox.calls().iter().filter(|call| call.method == "conversations.info").count();
        let first = bot.says("ana", "#lounge", START).await.text;
        assert_eq!(first, "I'm still reading this workspace. Try again in a few seconds.");
        let before = asked(bot);
        for _ in 0..5 {
            let answer = bot.says("ana", "#lounge", START).await.text;
            assert!(answer.starts_with("As far as I know I'm not in this channel, so I can't see who's here."), "{answer}");
        }
        assert_eq!(asked(bot), before, "Slack was asked less than a minute ago");
        bot.passes(Duration::minutes(2));
        bot.says("ana", "#lounge", START).await;
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
        let group = bot.person("ana").group_dm(&["ben", "cy"]).unwrap();
        bot.says("ana", &group, START).await;
        let answer = bot.says("ana", &group, START).await.text;
        assert!(answer.contains("in a group DM, go to a channel"), "{answer}");
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
