//! What a person reads after a command in a channel that the bot has not read yet.

use rondo::engine::turns::Turn;

use super::*;

const ONE_MOMENT: &str = "One moment: I'm looking that up in Slack. The answer follows here.";
const START: &str = "/coffee start every Tuesday at 10:00";

each_store! {
    async fn a_foreign_channel_is_asked_about_again(bot: &mut Bot) {
        let attic = bot.sandbox.add_channel("attic", false, &["ana", "ben"]);
        let asked = |bot: &Bot| {
            let calls = bot.sandbox.calls();
            calls.iter().filter(|call| call.method == "conversations.info" && call.args["channel"] == attic).count()
        };
        let first = bot.says("ana", "#attic", START).await.text;
        assert_eq!(first, ONE_MOMENT);
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

    async fn a_group_dm_gets_an_alternative(bot: &mut Bot) {
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
        for words in ["status", "skip", "leave", "join", "stop"] {
            for place in [group.as_str(), "@rondo"] {
                let answer = bot.says("ana", place, &format!("/coffee {words}")).await;
                let told = bot.as_read(&answer.text);
                assert_eq!(told, "Coffee chats run in channels. Yours are in #tea: type the command there.", "{words}");
            }
        }
    }

    async fn the_commands_channel_is_read_first(bot: &mut Bot) {
        let people: Vec<String> = (0..1_100).map(|n| format!("p{n}")).collect();
        for name in &people {
            bot.sandbox.add_person(NewPerson::named(name));
        }
        let members: Vec<&str> = people.iter().map(String::as_str).chain(["ana"]).collect();
        for n in 0..24 {
            let name = format!("large-{n}");
            bot.sandbox.add_channel(&name, false, &members);
            bot.sandbox.invite(&name, &bot.user);
        }
        bot.acknowledges_events().await;
        let goes_on = async |bot: &Bot| match bot.parts.readings.read_once().await.unwrap() {
            Turn::Worked | Turn::Refused => {}
            Turn::Idle(Some(at)) => bot.sandbox.clock().advance_to(at.timestamp_millis()),
            Turn::Idle(None) => bot.passes(Duration::milliseconds(100)),
        };
        let Engine { store, team, clock, .. } = &bot.parts.engine;
        // The calls that Slack grants at once are used up by then.
        while bot.sandbox.calls().iter().filter(|call| call.method == "conversations.members").count() < 14 {
            goes_on(bot).await;
        }
        let typed_at = clock.now();
        let wanted = store.wanted_readings(team, typed_at + Duration::minutes(1), 100).await.unwrap().into_iter().rev();
        let mut names = wanted.filter_map(|wanted| bot.sandbox.channel_name(wanted.channel.as_str()));
        let last = format!("#{}", names.find(|name| name.starts_with("large-")).unwrap());
        assert_eq!(bot.person("ana").says(&last, START).await.text, ONE_MOMENT);
        while !bot.reads("ana", &last).iter().any(|text| text.starts_with("*Coffee chats in this channel")) {
            goes_on(bot).await;
            bot.parts.ticker.tick_once().await.unwrap();
            bot.parts.outbox.deliver_once().await.unwrap();
            assert!(clock.now() - typed_at < Duration::minutes(1), "no answer came");
        }
        let took = bot.parts.engine.clock.now() - typed_at;
        assert!(took < Duration::seconds(6), "{took}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_command_finds_its_channel() {
    let mut bot = Bot::with(None, &[("without", "member_joined_channel")]).await;
    bot.sandbox.add_channel("tea", false, &["ana", "ben", "cy"]);
    bot.sandbox.invite("tea", &bot.user);
    let first = bot.says("ana", "#tea", START).await.text;
    assert_eq!(first, ONE_MOMENT);
    let second = bot.reads_last("ana", "#tea");
    assert!(second.contains("3 people here would take part."), "{second}");
    bot.finish().await;
}
