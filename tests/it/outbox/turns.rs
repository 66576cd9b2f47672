//! The order between people's effects.

use super::*;
use crate::each_store;

fn caused(bot: &Bot, who: &str, n: usize, to: &ChannelId) -> NewEffect {
    let key = format!("{who} {n:03}");
    post(bot, &key, to, &key).caused_by(&UserId(bot.person(who).id()))
}

each_store! {
    async fn busy_people_hardly_delay_others(bot: &mut Bot) {
        let news = news(bot);
        let other = ChannelId(bot.sandbox.add_channel("other", false, &["dee"]));
        bot.sandbox.invite("other", &bot.user);
        enqueue(bot, &(0..250).map(|n| caused(bot, "ana", n, &news)).collect::<Vec<_>>()).await;
        bot.settle_within(Duration::seconds(10)).await;
        let asked = now(bot).timestamp_millis();
        enqueue(bot, &[caused(bot, "ben", 0, &news), caused(bot, "cy", 0, &other)]).await;
        bot.settle_within(Duration::seconds(10)).await;
        for (text, most) in [("ben 000", 3_000), ("cy 000", 1_000)] {
            let posts = calls(bot, "chat.postMessage");
            let post = posts.iter().find(|call| call.args["text"] == text).expect("it is posted");
            assert!(post.at_ms - asked <= most, "{text} waits for {} ms", post.at_ms - asked);
        }
        bot.settle().await;
        assert_eq!(said(bot).len(), 251, "and nothing is lost");
    }

    async fn busy_people_take_turns(bot: &mut Bot) {
        let news = news(bot);
        let mut effects: Vec<NewEffect> = (0..4).map(|n| caused(bot, "ana", n, &news)).collect();
        effects.extend((0..2).map(|n| caused(bot, "ben", n, &news)));
        enqueue(bot, &effects).await;
        bot.settle().await;
        let of = |who: &str| -> Vec<String> { said(bot).into_iter().filter(|text| text.starts_with(who)).collect() };
        assert_eq!(of("ana"), ["ana 000", "ana 001", "ana 002", "ana 003"]);
        assert_eq!(of("ben"), ["ben 000", "ben 001"]);
        assert!(said(bot)[..4].contains(&"ben 001".to_owned()), "{:?}", said(bot));
    }

    async fn programmes_take_turns_too(bot: &mut Bot) {
        use rondo::model::owner::Owner;
        let news = news(bot);
        let owner = |id: &str| Owner::Programme(id.to_owned());
        let of = |id: &str, n: usize| {
            let key = format!("{id} {n}");
            NewEffect { owner: owner(id), lane: Lane::Bulk, ..post(bot, &key, &news, &key) }
        };
        let mut effects: Vec<NewEffect> = (0..20).map(|n| of("large", n)).collect();
        effects.push(of("small", 0));
        enqueue(bot, &effects).await;
        bot.settle().await;
        let place = said(bot).iter().position(|text| text == "small 0").unwrap();
        assert!(place < 3, "{place}");
    }
}
