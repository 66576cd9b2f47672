//! Events and pages about people and user groups that overtake each other: Slack's newest state counts.

use rondo::{
    model::event::{Delivery, Event, WorkspaceEvent},
    store::{
        people::{
            channels::EventTime,
            groups::{put_changed, put_read},
            put_changed_person, put_person,
        },
        unit::{Outcome, UnitOfWork},
    },
};

use super::*;

/// Sends an event with a time this many seconds ago.
async fn happened(bot: &Bot, seconds: i64, event: WorkspaceEvent) {
    let engine = &bot.parts.engine;
    let now = engine.clock.now();
    let at_us = Some((now - Duration::seconds(seconds)).timestamp_micros());
    let delivery = Delivery {
        key: engine.entropy.id(now),
        team: engine.team.clone(),
        event: Event::Workspace { event, at_us },
    };
    bot.parts.dispatch.handle(delivery).await;
}

async fn named(bot: &Bot, name: &str) -> Person {
    Person { name: name.to_owned(), ..known(bot, "ana").await.unwrap() }
}

async fn name(bot: &Bot) -> String {
    known(bot, "ana").await.unwrap().name
}

async fn commit(bot: &Bot, put: impl FnOnce(&mut UnitOfWork, &Engine)) -> Outcome {
    let engine = &bot.parts.engine;
    let mut unit = UnitOfWork::new();
    put(&mut unit, engine);
    engine.store.commit(unit).await.unwrap()
}

fn heard(bot: &Bot, seconds_ago: i64) -> EventTime {
    let now = bot.parts.engine.clock.now();
    EventTime { event_us: (now - Duration::seconds(seconds_ago)).timestamp_micros(), now }
}

fn design(handle: &str, members: &[UserId], id: &GroupId) -> WorkspaceEvent {
    let members = Some(members.to_vec());
    WorkspaceEvent::GroupChanged { group: id.clone(), handle: handle.to_owned(), live: true, members }
}

each_store! {
    async fn a_persons_newer_event_wins(bot: &mut Bot) {
        bot.passes(Duration::minutes(10));
        happened(bot, 10, WorkspaceEvent::PersonChanged(named(bot, "Newer").await)).await;
        happened(bot, 40, WorkspaceEvent::PersonChanged(named(bot, "Older").await)).await;
        assert_eq!(name(bot).await, "Newer");
        happened(bot, 5, WorkspaceEvent::PersonChanged(named(bot, "Newest").await)).await;
        assert_eq!(name(bot).await, "Newest");
    }

    async fn a_page_keeps_newer_events(bot: &mut Bot) {
        bot.passes(Duration::minutes(10));
        let asked = bot.parts.engine.clock.now();
        bot.passes(Duration::seconds(1));
        happened(bot, 0, WorkspaceEvent::PersonChanged(named(bot, "Event").await)).await;
        let page = named(bot, "Page").await;
        commit(bot, |unit, engine| put_person(unit, &engine.team, &page, asked)).await;
        assert_eq!(name(bot).await, "Event");
        // A page that is requested later has the news.
        bot.passes(Duration::seconds(1));
        let asked = bot.parts.engine.clock.now();
        commit(bot, |unit, engine| put_person(unit, &engine.team, &page, asked)).await;
        assert_eq!(name(bot).await, "Page");
    }

    async fn late_events_do_not_undo_pages(bot: &mut Bot) {
        bot.passes(Duration::minutes(10));
        let (page, late) = (named(bot, "Page").await, named(bot, "Late").await);
        let asked = bot.parts.engine.clock.now();
        commit(bot, |unit, engine| put_person(unit, &engine.team, &page, asked)).await;
        happened(bot, 300, WorkspaceEvent::PersonChanged(late)).await;
        assert_eq!(name(bot).await, "Page");
        let switched_off = Person { deactivated: true, ..named(bot, "Off").await };
        commit(bot, |unit, engine| put_changed_person(unit, &engine.team, &switched_off, heard(bot, 0))).await;
        commit(bot, |unit, engine| put_changed_person(unit, &engine.team, &page, heard(bot, 1))).await;
        assert!(known(bot, "ana").await.unwrap().deactivated, "who was switched off does not come back");
    }

    async fn a_groups_newer_event_wins(bot: &mut Bot) {
        let id = GroupId(bot.sandbox.add_user_group("ops", "Ops", &["ana"]));
        let [ana, cy] = ["ana", "cy"].map(|name| UserId(bot.person(name).id()));
        bot.eventually("it is known", || async { group(bot, &id).await.is_some() }).await;
        bot.passes(Duration::minutes(10));
        happened(bot, 10, design("ops", std::slice::from_ref(&cy), &id)).await;
        bot.passes(Duration::seconds(1));
        happened(bot, 40, design("ops", std::slice::from_ref(&ana), &id)).await;
        assert_eq!(group(bot, &id).await, Some(vec!["cy".to_owned()]));
        // Neither does a page that was requested before the event.
        let asked = bot.parts.engine.clock.now() - Duration::seconds(2);
        let outcome = commit(bot, |unit, engine| put_read(unit, &engine.team, &id, "ops", std::slice::from_ref(&ana), asked)).await;
        assert_eq!(outcome, Outcome::Refused("outdated"));
        assert_eq!(group(bot, &id).await, Some(vec!["cy".to_owned()]));
        let asked = bot.parts.engine.clock.now();
        commit(bot, |unit, engine| put_read(unit, &engine.team, &id, "ops", std::slice::from_ref(&ana), asked)).await;
        assert_eq!(group(bot, &id).await, Some(vec!["ana".to_owned()]));
        // An event from before the page disables nothing.
        let off = commit(bot, |unit, engine| put_changed(unit, &engine.team, &id, ("ops", false), None, heard(bot, 300))).await;
        assert_eq!(off, Outcome::Refused("outdated"));
        assert_eq!(group(bot, &id).await, Some(vec!["ana".to_owned()]));
    }

    async fn an_unknown_groups_members_are_read(bot: &mut Bot) {
        let id = GroupId(bot.sandbox.add_user_group("ops", "Ops", &["ana"]));
        bot.eventually("it is known", || async { group(bot, &id).await.is_some() }).await;
        bot.passes(Duration::seconds(1));
        let asked = |bot: &Bot| bot.sandbox.calls().iter().filter(|call| call.method == "usergroups.list").count();
        let before = asked(bot);
        let event = WorkspaceEvent::GroupChanged { group: id.clone(), handle: "ops".to_owned(), live: true, members: None };
        happened(bot, 0, event).await;
        bot.reads_lists().await;
        assert_eq!(asked(bot), before + 1);
        assert_eq!(group(bot, &id).await, Some(vec!["ana".to_owned()]));
    }
}
