//! Events about channels: out of order, twice, lost, and while a channel is being read.

use rondo::{
    engine::{directory::Readings, turns::Turn},
    model::{
        event::{Delivery, Event, WorkspaceEvent},
        people::{ChannelState, Closed},
    },
    store::{
        people::{channels::EventTime, members as rows},
        unit::UnitOfWork,
    },
};

use super::*;

async fn state(bot: &Bot, id: &ChannelId) -> ChannelState {
    let engine = &bot.parts.engine;
    engine.store.channel_state(&engine.team, id).await.unwrap()
}

/// Sends an event with a time this many milliseconds from now.
async fn happens(bot: &Bot, key: &str, event: WorkspaceEvent, after_ms: i64) {
    let at_us = Some(bot.parts.engine.clock.now().timestamp_micros() + after_ms * 1_000);
    let team = bot.parts.engine.team.clone();
    let delivery = Delivery { key: key.to_owned(), team, event: Event::Workspace { event, at_us } };
    bot.parts.dispatch.handle(delivery).await;
}

fn asked(bot: &Bot, method: &str) -> usize {
    bot.sandbox.calls().iter().filter(|call| call.method == method).count()
}

each_store! {
    async fn invites_and_kicks_are_followed(bot: &mut Bot) {
        for (name, is_private) in [("tea", false), ("hush", true)] {
            let id = ChannelId(bot.sandbox.add_channel(name, is_private, &["ana", "ben"]));
            for _ in 0..2 {
                bot.sandbox.invite(name, &bot.user);
                bot.hears_events().await;
                assert_eq!(state(bot, &id).await, ChannelState::Open { name: name.to_owned() });
                bot.passes(Duration::seconds(5));
                bot.sandbox.kick(name, &bot.user);
                bot.hears_events().await;
                assert_eq!(state(bot, &id).await, ChannelState::Closed(Closed::NotIn));
                bot.passes(Duration::seconds(5));
            }
        }
    }

    async fn any_event_order_converges(bot: &mut Bot) {
        let ours = bot.parts.engine.bot.clone();
        let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
        for (n, order) in orders.into_iter().enumerate() {
            let name = format!("tea{n}");
            let id = ChannelId(bot.sandbox.add_channel(&name, false, &["ana", "ben"]));
            bot.passes(Duration::seconds(1));
            let happened = [
                WorkspaceEvent::MemberJoined(id.clone(), ours.clone()),
                WorkspaceEvent::MemberLeft(id.clone(), ours.clone()),
                WorkspaceEvent::MemberJoined(id.clone(), ours.clone()),
            ];
            // Slack sends its own event of the invite as well.
            bot.sandbox.invite(&name, &bot.user);
            for at in order.into_iter().chain(order) {
                let key = format!("{n}/{at}/{}", bot.parts.engine.entropy.id(bot.parts.engine.clock.now()));
                happens(bot, &key, happened[at].clone(), i64::try_from(at).unwrap() + 1).await;
            }
            bot.hears_events().await;
            assert_eq!(state(bot, &id).await, ChannelState::Open { name }, "{order:?}");
        }
    }

    async fn many_invites_cause_one_reading(bot: &mut Bot) {
        let tea = ChannelId(bot.sandbox.add_channel("tea", false, &["ana", "ben"]));
        bot.sandbox.invite("tea", &bot.user);
        let before = asked(bot, "conversations.info");
        let ours = bot.parts.engine.bot.clone();
        let keys: Vec<String> = (0..1_000).map(|n| format!("Ev{n}")).collect();
        let invites = keys.iter().map(|key| {
            happens(bot, key, WorkspaceEvent::MemberJoined(tea.clone(), ours.clone()), 1)
        });
        futures_util::future::join_all(invites).await;
        bot.hears_events().await;
        assert_eq!(channel(bot, &tea).await, Some(("tea".to_owned(), true)));
        assert!(asked(bot, "conversations.info") <= before + 2);
    }

    async fn a_killed_reading_is_resumed(bot: &mut Bot) {
        let tea = ChannelId(bot.sandbox.add_channel("tea", false, &["ana", "ben"]));
        let ours = bot.parts.engine.bot.clone();
        bot.sandbox.invite("tea", &bot.user);
        happens(bot, "EvIn", WorkspaceEvent::MemberJoined(tea.clone(), ours), 1).await;
        let before = asked(bot, "conversations.info");
        while asked(bot, "conversations.info") == before {
            if let Turn::Idle(Some(at)) = bot.parts.readings.read_once().await.unwrap() {
                bot.sandbox.clock().advance_to(at.timestamp_millis());
            }
        }
        assert_eq!(state(bot, &tea).await, ChannelState::Unread { refused: None }, "its members are not read");
        // The process is killed here: its memory is gone, and its lease is left.
        bot.passes(Duration::seconds(30));
        bot.parts.readings = Readings::new(bot.parts.engine.clone());
        bot.hears_events().await;
        assert_eq!(state(bot, &tea).await, ChannelState::Open { name: "tea".to_owned() });
        assert_eq!(members(bot, &tea).await.len(), 3);
    }

    async fn a_refused_channel_blocks_no_other(bot: &mut Bot) {
        bot.expects_refusals();
        let [one, two] = ["one", "two"].map(|name| {
            let id = ChannelId(bot.sandbox.add_channel(name, false, &["ana", "ben"]));
            bot.sandbox.invite(name, &bot.user);
            id
        });
        bot.sandbox.faults().fail("conversations.info", 1, "access_denied");
        bot.eventually("both are wanted", || async {
            count(bot, "SELECT COUNT(*) FROM channel WHERE wanted_at IS NOT NULL").await == 2
        })
        .await;
        let refused = ChannelState::Unread { refused: Some("access_denied".to_owned()) };
        let mut went_by = false;
        for _ in 0..100 {
            if let Turn::Idle(Some(at)) = bot.parts.readings.read_once().await.unwrap() {
                bot.sandbox.clock().advance_to(at.timestamp_millis());
            }
            let (first, second) = (state(bot, &one).await, state(bot, &two).await);
            let is_open = |state: &ChannelState| matches!(state, ChannelState::Open { .. });
            went_by |= (first == refused && is_open(&second)) || (second == refused && is_open(&first));
            if is_open(&first) && is_open(&second) {
                break;
            }
        }
        assert!(went_by, "one was read while the other was put off");
        // A 429 is waited for and counts as no refusal.
        bot.sandbox.faults().rate_limit("conversations.info", 1, 5);
        bot.says("ana", "#lounge", "/coffee start every Tuesday at 10:00").await;
        bot.reads_channels().await;
        assert_eq!(count(bot, "SELECT COUNT(*) FROM channel WHERE wanted_at IS NOT NULL").await, 0);
        for (id, name) in [(&one, "one"), (&two, "two")] {
            assert_eq!(channel(bot, id).await, Some((name.to_owned(), true)));
        }
    }

    async fn leaving_during_a_reading_counts(bot: &mut Bot) {
        let tea = ChannelId(bot.sandbox.add_channel("tea", false, &["ana", "ben"]));
        bot.sandbox.invite("tea", &bot.user);
        bot.hears_events().await;
        let engine = &bot.parts.engine;
        let ana = UserId(bot.person("ana").id());
        // A page with ana was requested before she left, and arrives after.
        bot.passes(Duration::seconds(1));
        let started = engine.clock.now();
        bot.passes(Duration::seconds(1));
        let now = engine.clock.now();
        let mut unit = UnitOfWork::new();
        rows::put_left(&mut unit, &engine.team, &tea, &ana, EventTime { event_us: now.timestamp_micros(), now });
        engine.store.commit(unit).await.unwrap();
        let mut page = UnitOfWork::new();
        rows::put_member(&mut page, &engine.team, &tea, &ana, started);
        engine.store.commit(page).await.unwrap();
        assert!(!members(bot, &tea).await.contains(&"ana".to_owned()));
        // A late older event changes nothing either.
        let mut late = UnitOfWork::new();
        let heard = EventTime { event_us: started.timestamp_micros(), now };
        rows::put_joined(&mut late, &engine.team, &tea, &ana, heard);
        engine.store.commit(late).await.unwrap();
        assert!(!members(bot, &tea).await.contains(&"ana".to_owned()));
    }

    async fn a_rename_opens_no_channel(bot: &mut Bot) {
        let tea = ChannelId(bot.sandbox.add_channel("tea", false, &["ana", "ben"]));
        bot.sandbox.invite("tea", &bot.user);
        bot.hears_events().await;
        bot.passes(Duration::seconds(1));
        bot.sandbox.kick("tea", &bot.user);
        bot.hears_events().await;
        bot.passes(Duration::seconds(1));
        happens(bot, "EvName", WorkspaceEvent::ChannelNamed(tea.clone(), "mate".to_owned()), 0).await;
        assert_eq!(channel(bot, &tea).await, Some(("mate".to_owned(), false)));
        let elsewhere = ChannelId("C0ELSEWHERE".to_owned());
        happens(bot, "EvOther", WorkspaceEvent::ChannelNamed(elsewhere.clone(), "far".to_owned()), 0).await;
        assert_eq!(channel(bot, &elsewhere).await, None);
    }

    async fn a_lost_invite_is_found(bot: &mut Bot) {
        // The bot is in the channels, and got no event about it.
        let [tea, mate] = ["tea", "mate"].map(|name| {
            let id = ChannelId(bot.sandbox.add_channel(name, false, &["ana", "ben"]));
            bot.sandbox.invite(name, &bot.user);
            id
        });
        bot.hears_events().await;
        let forget = async |id: &ChannelId| {
            let engine = &bot.parts.engine;
            let mut unit = UnitOfWork::new();
            let gone = rondo::values![engine.team.as_str(), id.as_str()];
            unit.run("DELETE FROM channel WHERE team_id = $1 AND channel_id = $2", gone);
            engine.store.commit(unit).await.unwrap();
        };
        forget(&tea).await;
        forget(&mate).await;
        bot.sandbox.invite("tea", "cy");
        bot.hears_events().await;
        assert_eq!(state(bot, &tea).await, ChannelState::Open { name: "tea".to_owned() });
        assert_eq!(channel(bot, &mate).await, None);
        bot.passes(Duration::seconds(1));
        bot.reads_the_workspace().await;
        assert_eq!(state(bot, &mate).await, ChannelState::Open { name: "mate".to_owned() });
    }

    async fn chats_survive_a_new_channel_id(bot: &mut Bot) {
        bot.expects_refusals();
        let old = ChannelId(bot.sandbox.add_channel("tea", false, &["ana", "ben"]));
        bot.sandbox.invite("tea", &bot.user);
        bot.hears_events().await;
        bot.says("ana", "#tea", "/coffee start every Tuesday at 10:00").await;
        bot.clicks("ana", "#tea", "Start").await;
        let new = ChannelId(bot.sandbox.add_channel("tea-shared", true, &["ana", "ben"]));
        bot.sandbox.invite("tea-shared", &bot.user);
        bot.passes(Duration::seconds(1));
        let moved = WorkspaceEvent::ChannelMoved { from: old.clone(), to: new.clone() };
        happens(bot, "EvMoved", moved, 0).await;
        bot.hears_events().await;
        let engine = &bot.parts.engine;
        assert!(engine.store.programmes_in(&engine.team, "coffee", &old).await.unwrap().is_empty());
        assert_eq!(engine.store.programmes_in(&engine.team, "coffee", &new).await.unwrap().len(), 1);
        assert_eq!(state(bot, &new).await, ChannelState::Open { name: "tea-shared".to_owned() });
        assert_eq!(state(bot, &old).await, ChannelState::Closed(Closed::NotIn));
    }
}
