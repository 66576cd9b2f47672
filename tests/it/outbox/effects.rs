//! Effects other than posts: each kind, and what a lost answer does to it.

use std::collections::BTreeSet;

use rondo::{
    model::{
        call_kind::CallKind,
        effect::{EffectProgress, Keep},
        message::{Block, Home},
        people::{GroupId, TeamId},
    },
    store::unit::Value,
};

use super::*;
use crate::{each_store, support::modal};

const SCOPES: [(&str, &str); 5] = [
    ("with", "channels:manage"),
    ("with", "channels:join"),
    ("with", "pins:write"),
    ("with", "usergroups:write"),
    ("with", "groups:write"),
];

fn effect(bot: &Bot, key: &str, work: Effect) -> NewEffect {
    NewEffect { effect: work, ..post(bot, key, &ChannelId(String::new()), "") }
}

fn user(bot: &Bot, name: &str) -> UserId {
    UserId(bot.person(name).id())
}

fn thread(channel: &ChannelId, root: &str) -> Target {
    Target::Thread { channel: channel.clone(), root: root.to_owned() }
}

/// Returns the time stamp of the message that was posted under this key.
async fn ts_of(bot: &Bot, key: &str) -> String {
    let engine = &bot.parts.engine;
    let question = "SELECT ts FROM outbox WHERE team_id = $1 AND key = $2";
    let rows = engine.store.ask(question, rondo::values![engine.team.as_str(), key]).await.unwrap();
    rows[0][0].clone().text().expect("it was posted")
}

async fn root(bot: &mut Bot, news: &ChannelId) -> String {
    enqueue(bot, &[post(bot, "root", news, "root")]).await;
    bot.settle().await;
    ts_of(bot, "root").await
}

fn in_thread(bot: &Bot, root: &str) -> Vec<String> {
    let read = bot.person("dee").reads("#news").into_iter();
    read.filter(|message| message.thread_ts.as_deref() == Some(root) && message.ts != root)
        .map(|message| message.text)
        .collect()
}

fn home(text: &'static str) -> Home {
    Home { callback: "test:home".to_owned(), private: String::new(), blocks: vec![Block::Text(text.into())] }
}

each_store! {
    with SCOPES;

    async fn replies_are_changed_and_deleted(bot: &mut Bot) {
        let news = news(bot);
        let root = root(bot, &news).await;
        let to = thread(&news, &root);
        let say = |text: &str| Effect::Post { to: to.clone(), message: Markup::words(text).into() };
        enqueue(bot, &[effect(bot, "k", say("below"))]).await;
        bot.settle().await;
        assert_eq!(in_thread(bot, &root), ["below"]);
        enqueue(bot, &[effect(bot, "k", say("still below"))]).await;
        bot.settle().await;
        assert_eq!(in_thread(bot, &root), ["still below"]);
        enqueue(bot, &[effect(bot, "k", Effect::Delete { to })]).await;
        bot.settle().await;
        assert!(in_thread(bot, &root).is_empty());
    }

    async fn doubtful_replies_are_found(bot: &mut Bot) {
        let news = news(bot);
        let root = root(bot, &news).await;
        bot.sandbox.faults().lose_answer("chat.postMessage", 1);
        let work = Effect::Post { to: thread(&news, &root), message: "below".into() };
        enqueue(bot, &[effect(bot, "k", work)]).await;
        bot.settle().await;
        assert_eq!(in_thread(bot, &root), ["below"]);
        assert_eq!(calls(bot, "conversations.replies").len(), 1);
        assert!(calls(bot, "conversations.history").is_empty());
        assert_eq!(calls(bot, "chat.postMessage").len(), 2);
    }

    async fn a_reply_without_parent_is_discarded(bot: &mut Bot) {
        bot.expects_refusals();
        let news = news(bot);
        let work = Effect::Post { to: thread(&news, "1.000000"), message: "below".into() };
        enqueue(bot, &[effect(bot, "k", work)]).await;
        bot.settle().await;
        assert_eq!(depth(bot).await, (0, 1));
        bot.parts.engine.store.outbox_drop(None).await.unwrap();
    }

    async fn ephemeral_messages_are_sent_once(bot: &mut Bot) {
        let news = news(bot);
        let ana = user(bot, "ana");
        let say = |message: &str| {
            let message = Markup::words(message).into();
            Effect::Ephemeral { channel: news.clone(), user: ana.clone(), message }
        };
        enqueue(bot, &[effect(bot, "k", say("for ana"))]).await;
        bot.settle().await;
        assert_eq!(bot.reads_last("ana", "#news"), "for ana");
        assert!(said(bot).is_empty());
        bot.sandbox.faults().lose_answer("chat.postEphemeral", 1);
        enqueue(bot, &[effect(bot, "lost", say("once"))]).await;
        bot.settle().await;
        let once = NewEffect { delivery: DeliveryGuarantee::AtLeastOnce, ..effect(bot, "prompt", say("a question")) };
        bot.sandbox.faults().lose_answer("chat.postEphemeral", 1);
        enqueue(bot, &[once]).await;
        bot.settle().await;
        let texts: Vec<String> = bot.reads("ana", "#news");
        let count = |text: &str| texts.iter().filter(|said| *said == text).count();
        assert_eq!((count("once"), count("a question")), (1, 2), "{texts:?}");
        assert_eq!(depth(bot).await, (0, 0));
    }

    async fn a_home_shows_the_newest_version(bot: &mut Bot) {
        let ana = user(bot, "ana");
        let show = |text| Effect::PublishHome { user: ana.clone(), home: home(text) };
        enqueue(bot, &[effect(bot, "home", show("One"))]).await;
        bot.sandbox.faults().lose_answer("views.publish", 1);
        bot.settle().await;
        assert_eq!(bot.person("ana").home().expect("a home").plain(), "One");
        enqueue(bot, &[effect(bot, "home", show("Two"))]).await;
        enqueue(bot, &[effect(bot, "home", show("Three"))]).await;
        bot.settle().await;
        assert_eq!(bot.person("ana").home().expect("a home").plain(), "Three");
        assert_eq!(calls(bot, "views.publish").len(), 3);
        assert_eq!(words_kept(bot).await, 0);
    }

    async fn only_open_modals_are_changed(bot: &mut Bot) {
        bot.says("ana", "#general", "/kudos").await;
        bot.eventually("the form opens", || async { bot.person("ana").modal().is_some() }).await;
        let view = bot.person("ana").modal().expect("a form").id;
        let show = |view: &str, title: &str| Effect::UpdateView { view: view.to_owned(), modal: Box::new(modal(title)) };
        enqueue(bot, &[effect(bot, "k", show(&view, "Done"))]).await;
        bot.settle().await;
        assert_eq!(bot.person("ana").modal().expect("a form").title, "Done");
        bot.expects_refusals();
        enqueue(bot, &[effect(bot, "gone", show("V0GONE", "Done"))]).await;
        bot.settle().await;
        assert_eq!(depth(bot).await, (0, 0));
    }

    async fn idempotent_calls_are_repeated(bot: &mut Bot) {
        bot.expects_refusals();
        let news = news(bot);
        let root = root(bot, &news).await;
        let lounge = ChannelId(bot.sandbox.add_channel("lounge", false, &["ana"]));
        let group = GroupId(bot.sandbox.add_user_group("leads", "Leads", &["ben"]));
        let works = [
            ("topic", Effect::SetTopic { channel: news.clone(), topic: Markup::words("Lead: Ana") }),
            ("group", Effect::SetGroupMembers { group: group.clone(), people: vec![user(bot, "ana")] }),
            ("pin", Effect::Pin { channel: news.clone(), ts: root.clone() }),
            ("join", Effect::Join { channel: lounge.clone() }),
        ];
        for method in ["conversations.setTopic", "usergroups.users.update", "pins.add", "conversations.join"] {
            bot.sandbox.faults().lose_answer(method, 1);
            bot.sandbox.faults().fail(method, 1, "internal_error");
        }
        let effects: Vec<NewEffect> = works.into_iter().map(|(key, work)| effect(bot, key, work)).collect();
        enqueue(bot, &effects).await;
        bot.settle().await;
        assert_eq!(depth(bot).await, (0, 0));
        let topics = calls(bot, "conversations.setTopic");
        assert_eq!(topics.last().unwrap().args["topic"], "Lead: Ana");
        let groups = bot.parts.engine.slack.groups().await.unwrap();
        let filled = groups.iter().find(|known| known.0 == group).expect("the group");
        assert_eq!(filled.2, [user(bot, "ana")]);
        assert!(bot.person("dee").finds("#news", &root).expect("the root").pinned);
        assert!(bot.parts.engine.slack.channel(&lounge).await.unwrap().closed.is_none());
    }

    async fn refused_states_are_reported(bot: &mut Bot) {
        bot.expects_refusals();
        let secret = ChannelId(bot.sandbox.add_channel("secret", true, &["ana"]));
        let missing = Effect::SetGroupMembers { group: "S0NONE".into(), people: vec![user(bot, "ana")] };
        enqueue(bot, &[effect(bot, "join", Effect::Join { channel: secret }), effect(bot, "group", missing)]).await;
        bot.settle().await;
        assert_eq!(depth(bot).await, (0, 2));
        bot.parts.engine.store.outbox_drop(None).await.unwrap();
    }

    async fn database_and_program_agree(bot: &mut Bot) {
        let (channel, root) = (ChannelId("C1".into()), "1.000000");
        let ana = user(bot, "ana");
        let group = Target::Group(vec![ana.clone(), user(bot, "ben")]);
        let targets =
            [Target::Channel(channel.clone()), thread(&channel, root), Target::Person(ana.clone()), group];
        let mut works: Vec<Effect> = targets
            .iter()
            .flat_map(|to| [Effect::Post { to: to.clone(), message: "".into() }, Effect::Delete { to: to.clone() }])
            .collect();
        works.extend([
            Effect::Respond { url: "https://hooks.example".to_owned(), message: "".into(), replace: false },
            Effect::Ephemeral { channel: channel.clone(), user: ana.clone(), message: "".into() },
            Effect::PublishHome { user: ana.clone(), home: home("One") },
            Effect::UpdateView { view: "V1".to_owned(), modal: Box::new(modal("One")) },
            Effect::SetTopic { channel: channel.clone(), topic: Markup::words("topic") },
            Effect::SetGroupMembers { group: "S1".into(), people: vec![ana] },
            Effect::Pin { channel: channel.clone(), ts: root.to_owned() },
            Effect::Join { channel },
        ]);
        let mut kinds = BTreeSet::new();
        for (number, work) in works.into_iter().enumerate() {
            for state in 0..8 {
                let key = format!("{number}/{state}");
                kinds.insert(agrees(bot, &key, work.clone(), state).await);
            }
        }
        let all: BTreeSet<String> = CallKind::of_effects().map(|kind| format!("{kind:?}")).collect();
        assert!(all.is_subset(&kinds), "each kind was met: {kinds:?}");
    }
}

/// Stores an effect in a state, and asks the database after which calls it is left alone. Returns the kind.
async fn agrees(bot: &Bot, key: &str, work: Effect, state: u8) -> String {
    let engine = &bot.parts.engine;
    let team: &TeamId = &engine.team;
    let effect = NewEffect { keep: Keep::Always, ..effect(bot, key, work) };
    enqueue(bot, std::slice::from_ref(&effect)).await;
    let (knows_place, is_posted, is_begun) = (state & 1 > 0, state & 2 > 0, state & 4 > 0);
    let mut unit = UnitOfWork::new();
    unit.run(
        "UPDATE outbox SET channel = CASE WHEN $3 = 1 OR $4 = 1 THEN COALESCE(channel, 'C9') ELSE channel END, \
         ts = CASE WHEN $4 = 1 THEN '2.000000' END, send_started_at = CASE WHEN $5 = 1 THEN visible_at END \
         WHERE team_id = $1 AND key = $2",
        rondo::values![
            team.as_str(),
            key,
            i64::from(knows_place),
            i64::from(is_posted),
            i64::from(is_begun),
        ],
    );
    engine.store.commit(unit).await.unwrap();
    let rows = engine
        .store
        .ask("SELECT channel FROM outbox WHERE team_id = $1 AND key = $2", rondo::values![team.as_str(), key])
        .await
        .unwrap();
    let conversation = rows[0][0].clone().text().map(ChannelId);
    let progress = EffectProgress {
        conversation: conversation.as_ref(),
        ts: is_posted.then_some("2.000000"),
        started_at: is_begun.then(|| now(bot)),
    };
    let next = effect.effect.next_call(progress).map(|call| call.kind());
    let mut held_by = Vec::new();
    for kind in CallKind::ALL {
        let held_up = HeldUp { kinds: &[kind], channels: &[] };
        let due = engine.store.due_effect(team, effect.lane, "", now(bot), held_up).await.unwrap();
        if due.is_none_or(|due| due.unwrap().key != key) {
            held_by.push(kind);
        }
    }
    let mut unit = UnitOfWork::new();
    unit.run(
        "DELETE FROM outbox WHERE team_id = $1 AND key = $2",
        vec![Value::from(team.as_str()), key.into()],
    );
    engine.store.commit(unit).await.unwrap();
    match next {
        Some(next) => assert_eq!(held_by, [next], "{effect:?} in state {state}"),
        // Nothing is to be done, which takes no call.
        None => assert!(held_by.len() <= 1, "{effect:?} in state {state}: {held_by:?}"),
    }
    format!("{:?}", next.unwrap_or(CallKind::People))
}
