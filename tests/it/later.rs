//! Requests that depend on what only Slack knows: they are acknowledged, Slack is asked, and they are handled again.
//! A kill loses none of them, and the person always hears of the result.

mod replies;

use chrono::Duration;
use rondo::{
    engine::{Engine, dispatch::Dispatch, ticker::Ticker, turns::Turn},
    model::{
        event::{Command, Delivery, Event, Reply},
        people::ChannelId,
    },
    ritual::LookedUp,
    slack::Handled,
};

use crate::{each_store, support::Bot};

const ONE_MOMENT: &str = "One moment: I'm looking that up in Slack. The answer follows here.";
const START: &str = "/coffee start every Tuesday at 10:00";

/// Adds `#tea` with these people and the bot, without an event to the bot.
fn tea(bot: &Bot) -> ChannelId {
    let id = bot.sandbox.add_channel("tea", false, &["ana", "ben", "cy"]);
    bot.sandbox.invite("tea", &bot.user);
    ChannelId(id)
}

/// Returns how many requests wait, and how many rows still hold people's text.
async fn waiting(bot: &Bot) -> (i64, i64) {
    let count = |rows: Vec<Vec<rondo::store::unit::Value>>| rows[0][0].clone().int().unwrap();
    let store = &bot.parts.engine.store;
    let open = store.ask("SELECT COUNT(*) FROM run WHERE ritual = 'rondo' AND done_at IS NULL", Vec::new());
    let words = store.ask("SELECT COUNT(*) FROM run WHERE ritual = 'rondo' AND payload <> ''", Vec::new());
    (count(open.await.unwrap()), count(words.await.unwrap()))
}

/// Returns ana's ephemeral messages.
fn answers(bot: &Bot) -> Vec<String> {
    let read = bot.person("ana").reads("#general").into_iter();
    read.filter(|message| message.ephemeral_to.is_some()).map(|message| message.text).collect()
}

/// Returns a process with an empty loader.
fn restarted(bot: &Bot) -> Engine {
    Engine { looked_up: LookedUp::default(), ..bot.parts.engine.clone() }
}

/// Moves the clock until a ticker has nothing more to do for a waiting request.
async fn ticks(bot: &Bot, ticker: &Ticker) {
    for _ in 0..40 {
        while ticker.tick_once().await.unwrap() == Turn::Worked {}
        if waiting(bot).await.0 == 0 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        bot.passes(Duration::seconds(2));
    }
    panic!("it still waits");
}

each_store! {
    with [("without", "member_joined_channel")];

    async fn unknown_channels_are_read_first(bot: &mut Bot) {
        tea(bot);
        assert_eq!(bot.says("ana", "#tea", START).await.text, ONE_MOMENT);
        let answer = bot.reads_last("ana", "#tea");
        assert!(answer.contains("3 people here would take part."), "{answer}");
        assert_eq!(waiting(bot).await, (0, 0));
        bot.clicks("ana", "#tea", "Start").await;
        assert!(bot.reads_last("ben", "#tea").contains("coffee"));
    }

    async fn a_missing_invite_is_explained(bot: &mut Bot) {
        bot.sandbox.add_channel("attic", false, &["ana", "ben"]);
        assert_eq!(bot.says("ana", "#attic", START).await.text, ONE_MOMENT);
        let answer = bot.reads_last("ana", "#attic");
        assert!(answer.starts_with("As far as I know I'm not in this channel"), "{answer}");
    }

    async fn slacks_absence_is_reported(bot: &mut Bot) {
        bot.expects_refusals();
        tea(bot);
        for method in ["conversations.info", "conversations.members"] {
            bot.sandbox.faults().fail_5xx(method, 1_000);
        }
        assert_eq!(bot.says("ana", "#tea", START).await.text, ONE_MOMENT);
        let answer = bot.reads_last("ana", "#tea");
        assert!(answer.starts_with("Slack doesn't answer my questions right now"), "{answer}");
        assert_eq!(waiting(bot).await, (0, 0));
        bot.sandbox.faults().clear();
    }
}

each_store! {
    with [("without", "subteam_created"), ("without", "subteam_updated"), ("without", "subteam_members_changed")];

    async fn new_user_groups_are_looked_up(bot: &mut Bot) {
        bot.sandbox.add_user_group("ops", "Ops", &["dee"]);
        assert_eq!(bot.says("ana", "#general", "/kudos @ops for the night").await.text, ONE_MOMENT);
        assert!(answers(bot).iter().any(|text| text.starts_with("Kudos to ")));
        assert_eq!(bot.thanked().await, ["dee"]);
        assert_eq!(waiting(bot).await, (0, 0), "what was typed is erased");
    }

    async fn unknown_user_groups_are_asked_once(bot: &mut Bot) {
        let dispatch = Dispatch::new(bot.parts.engine.clone());
        for key in ["1", "2", "3"] {
            let event = Event::Command(Command {
                user: bot.id("ana").as_str().into(),
                user_name: None,
                channel: bot.general().as_str().into(),
                name: "/kudos".to_owned(),
                text: "<!subteam^S0NONE|@nobody> for the night".to_owned(),
                trigger: String::new(),
                response_url: String::new(),
            });
            let team = bot.parts.engine.team.clone();
            dispatch.handle(Delivery { key: key.to_owned(), team, event }).await;
            bot.settle().await;
        }
        let answer = bot.person("ana").reads_dm().pop().expect("an answer").text;
        assert!(answer.contains("@nobody"), "{answer}");
        assert!(bot.thanked().await.is_empty());
        let asked = bot.sandbox.calls().into_iter().filter(|call| call.method == "usergroups.list").count();
        assert!(asked <= 2, "asked {asked} times: at the start and once for all three");
    }

    async fn a_duplicate_delivery_waits_once(bot: &mut Bot) {
        bot.sandbox.add_user_group("ops", "Ops", &["dee"]);
        bot.sandbox.faults().duplicate_deliveries(true);
        assert_eq!(bot.says("ana", "#general", "/kudos @ops for the night").await.text, ONE_MOMENT);
        bot.sandbox.faults().duplicate_deliveries(false);
        assert_eq!(bot.thanked().await, ["dee"]);
    }

    async fn a_kill_loses_no_request(bot: &mut Bot) {
        bot.sandbox.add_user_group("ops", "Ops", &["dee"]);
        bot.sandbox.faults().fail_5xx("usergroups.list", 1);
        bot.expects_refusals();
        assert_eq!(bot.person("ana").says("#general", "/kudos @ops for the night").await.text, ONE_MOMENT);
        assert_eq!(waiting(bot).await, (1, 1));
        ticks(bot, &Ticker::new(restarted(bot))).await;
        bot.settle().await;
        assert_eq!(bot.thanked().await, ["dee"]);
        assert!(answers(bot).iter().any(|text| text.starts_with("Kudos to ")));
    }

    async fn several_replicas_handle_it_once(bot: &mut Bot) {
        bot.sandbox.add_user_group("ops", "Ops", &["dee"]);
        bot.person("ana").says("#general", "/kudos @ops for the night").await;
        let tickers = [Ticker::new(restarted(bot)), Ticker::new(restarted(bot)), Ticker::new(restarted(bot))];
        for _ in 0..30 {
            let [one, two, three] = &tickers;
            let (one, two, three) = tokio::join!(one.tick_once(), two.tick_once(), three.tick_once());
            for step in [one, two, three] {
                step.unwrap();
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
            bot.passes(Duration::seconds(1));
        }
        bot.settle().await;
        assert_eq!(bot.thanked().await, ["dee"]);
        let answers = bot.reads("ana", "#general").into_iter().filter(|text| text.starts_with("Kudos to ")).count();
        assert_eq!(answers, 1);
    }

    async fn an_erased_persons_request_is_dropped(bot: &mut Bot) {
        bot.sandbox.add_user_group("ops", "Ops", &["dee"]);
        bot.person("ana").says("#general", "/kudos @ops for the night").await;
        assert_eq!(waiting(bot).await, (1, 1));
        let ana = bot.id("ana").as_str().into();
        let people = rondo::engine::person::PersonData::of(&bot.parts.engine);
        assert!(people.erase(&ana, &[], false).await.unwrap().is_clean);
        assert_eq!(waiting(bot).await, (0, 0));
        bot.settle().await;
        assert!(bot.thanked().await.is_empty());
    }

    async fn an_expired_request_is_reported(bot: &mut Bot) {
        bot.sandbox.add_user_group("ops", "Ops", &["dee"]);
        bot.person("ana").says("#general", "/kudos @ops for the night").await;
        bot.passes(Duration::minutes(26));
        bot.settle().await;
        assert!(bot.thanked().await.is_empty());
        let told = bot.person("ana").reads_dm().pop().expect("a message").text;
        assert!(told.starts_with("I was away and couldn't get to your `/kudos"), "{told}");
        assert_eq!(waiting(bot).await, (0, 0));
    }
}
