//! The directory: who is in the workspace, in a channel, in a group, and what keeps it up to date.

mod asked;
mod events;
mod gaps;
mod invited;
mod large;
mod order;
mod shared;

use chrono::Duration;
use chrono_tz::Tz;
use rondo::{
    engine::{Engine, directory::LeaseClaim, nightly, turns::Turn},
    model::{
        clock::{Instant, from_ms},
        people::{ChannelId, GroupId, Person, PersonKind, UserId},
    },
    store::people::lists::List,
};
use slack_sandbox::{NewPerson, PersonKind as Is};

use crate::{each_store, support::Bot};

async fn known(bot: &Bot, name: &str) -> Option<Person> {
    let id = UserId(bot.person(name).id());
    let engine = &bot.parts.engine;
    engine.store.people(&engine.team, std::slice::from_ref(&id)).await.unwrap().remove(&id)
}

async fn count(bot: &Bot, question: &'static str) -> i64 {
    bot.parts.engine.store.ask(question, Vec::new()).await.unwrap()[0][0].int().unwrap()
}

/// Returns the handles of a channel's members, as the directory has them.
async fn members(bot: &Bot, channel: &ChannelId) -> Vec<String> {
    let engine = &bot.parts.engine;
    let known = engine.store.channel_people(&engine.team, channel).await.unwrap();
    let mut names: Vec<String> = known.iter().map(|person| bot.person(person.id.as_str()).name()).collect();
    names.sort();
    names
}

/// Returns the handles of a user group's members; `None` if it is disabled.
async fn group(bot: &Bot, id: &GroupId) -> Option<Vec<String>> {
    let engine = &bot.parts.engine;
    let ids = engine.store.group_members(&engine.team, id).await.unwrap()?;
    Some(ids.iter().map(|id| bot.person(id.as_str()).name()).collect())
}

/// Returns a channel's name and whether the bot may still use it.
async fn channel(bot: &Bot, id: &ChannelId) -> Option<(String, bool)> {
    let team = bot.parts.engine.team.as_str();
    let rows = bot.parts.engine.store.ask(
        "SELECT name, state FROM channel WHERE team_id = $1 AND channel_id = $2",
        rondo::values![team, id.as_str()],
    );
    let row = rows.await.unwrap().into_iter().next()?;
    let [name, state] = <[_; 2]>::try_from(row).ok()?;
    Some((name.text()?, state.text()? == "open"))
}

/// Takes one step of reading lists, or moves the clock to the next one.
async fn goes_on(bot: &Bot) {
    match bot.parts.lists.read_once().await.unwrap() {
        Turn::Worked | Turn::Refused => {}
        Turn::Idle(Some(at)) => bot.sandbox.clock().advance_to(at.timestamp_millis()),
        Turn::Idle(None) => bot.passes(Duration::milliseconds(100)),
    }
}

/// Requests a full reading, as at night.
async fn wants_everything(bot: &Bot) {
    let engine = &bot.parts.engine;
    let now = engine.clock.now();
    engine.store.want_directory(&engine.team, now + Duration::milliseconds(1), now).await.unwrap();
}

/// Returns since when all lists are known.
async fn read_at(bot: &Bot) -> Option<Instant> {
    let engine = &bot.parts.engine;
    engine.store.directory_at(&engine.team).await.unwrap()
}

each_store! {
    async fn large_workspaces_are_read_in_pages(bot: &mut Bot) {
        for n in 0..450 {
            bot.sandbox.add_person(NewPerson { zone: "Asia/Tokyo", ..NewPerson::named(&format!("p{n}")) });
        }
        let (before, began) = (bot.sandbox.calls().len(), bot.parts.engine.clock.now());
        bot.reads_the_workspace().await;
        let calls = bot.sandbox.calls().split_off(before);
        assert_eq!(calls.iter().filter(|call| call.method == "users.list").count(), 3);
        for name in ["p0", "p225", "p449"] {
            assert_eq!(known(bot, name).await.unwrap().zone, Some(Tz::Asia__Tokyo));
        }
        assert!(count(bot, "SELECT COUNT(*) FROM person").await >= 450);
        let at = read_at(bot).await.unwrap();
        assert!(at >= began, "{at}");
    }

    async fn people_are_told_apart(bot: &mut Bot) {
        bot.sandbox.add_person(NewPerson { kind: Is::SingleChannelGuest, ..NewPerson::named("visitor") });
        bot.sandbox.add_person(NewPerson { kind: Is::Owner, ..NewPerson::named("boss") });
        bot.reads_the_workspace().await;
        let kind = async |name| known(bot, name).await.map(|person| (person.kind, person.deactivated));
        assert_eq!(kind("ana").await, Some((PersonKind::Member, false)));
        assert_eq!(kind("boss").await, Some((PersonKind::Member, false)));
        assert_eq!(kind("gus").await, Some((PersonKind::Guest, false)));
        assert_eq!(kind("visitor").await, Some((PersonKind::Guest, false)));
        assert_eq!(kind("helper").await, Some((PersonKind::Bot, false)));
        assert_eq!(kind("left").await, Some((PersonKind::Member, true)));
        assert_eq!(known(bot, "cy").await.unwrap().zone, Some(Tz::America__New_York));
    }

    async fn changes_of_people_are_known_at_once(bot: &mut Bot) {
        bot.sandbox.add_person(NewPerson { zone: "Asia/Tokyo", ..NewPerson::named("new") });
        bot.sandbox.set_zone("ana", "America/Lima");
        bot.sandbox.set_display_name("ben", "Benjamin");
        bot.sandbox.deactivate("cy");
        bot.sandbox.set_kind("dee", Is::Guest);
        bot.eventually("all of that is known", || async {
            known(bot, "new").await.is_some_and(|person| person.zone == Some(Tz::Asia__Tokyo))
                && known(bot, "ana").await.is_some_and(|person| person.zone == Some(Tz::America__Lima))
                && known(bot, "ben").await.is_some_and(|person| person.name == "Benjamin")
                && known(bot, "cy").await.is_some_and(|person| person.deactivated)
                && known(bot, "dee").await.is_some_and(|person| person.kind == PersonKind::Guest)
        })
        .await;
        bot.sandbox.reactivate("cy");
        bot.eventually("cy is back", || async { !known(bot, "cy").await.unwrap().deactivated }).await;
    }

    async fn admins_are_known_at_once(bot: &mut Bot) {
        bot.sandbox.add_person(NewPerson { kind: Is::Admin, ..NewPerson::named("chief") });
        bot.sandbox.add_person(NewPerson { kind: Is::Owner, ..NewPerson::named("boss") });
        let admin = async |name| known(bot, name).await.map(|person| person.admin);
        bot.eventually("the new admins are known", || async {
            admin("chief").await == Some(true) && admin("boss").await == Some(true)
        })
        .await;
        assert_eq!(admin("ana").await, Some(false));
        bot.sandbox.set_kind("ana", Is::Admin);
        bot.eventually("ana is one", || async { admin("ana").await == Some(true) }).await;
        let since = "SELECT admin_since FROM person WHERE name = 'Ana'";
        let noticed = count(bot, since).await;
        bot.passes(Duration::days(1));
        bot.reads_the_workspace().await;
        assert_eq!((admin("ana").await, count(bot, since).await), (Some(true), noticed), "and has been since then");
        bot.sandbox.set_kind("ana", Is::Member);
        bot.eventually("ana is none any more", || async { admin("ana").await == Some(false) }).await;
        assert_eq!(admin("chief").await, Some(true));
    }

    async fn members_are_known_at_once(bot: &mut Bot) {
        let tea = ChannelId(bot.sandbox.add_channel("tea", false, &["ana", "ben"]));
        bot.sandbox.invite("tea", &bot.user);
        bot.hears_events().await;
        assert_eq!(channel(bot, &tea).await, Some(("tea".to_owned(), true)));
        let with_bot = |names: &[&str]| {
            let mut names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            names.push(bot.person(&bot.user).name());
            names.sort();
            names
        };
        assert_eq!(members(bot, &tea).await, with_bot(&["ana", "ben"]));
        bot.person("cy").joins("tea");
        bot.person("ana").leaves("tea");
        let now = with_bot(&["ben", "cy"]);
        bot.eventually("cy came and ana left", || async { members(bot, &tea).await == now }).await;
        bot.sandbox.archive("tea");
        bot.eventually("it is archived", || async { !channel(bot, &tea).await.unwrap().1 }).await;
        bot.sandbox.unarchive("tea");
        bot.hears_events().await;
        assert!(channel(bot, &tea).await.unwrap().1, "it is back");
        bot.sandbox.kick("tea", &bot.user);
        bot.eventually("the bot is out", || async { !channel(bot, &tea).await.unwrap().1 }).await;
        // The night's reading finds the same.
        bot.passes(Duration::days(1));
        bot.reads_the_workspace().await;
        assert!(!channel(bot, &tea).await.unwrap().1);
    }

    async fn user_groups_are_known_at_once(bot: &mut Bot) {
        let id = GroupId(bot.sandbox.add_user_group("sales", "Sales", &["ana"]));
        let is = |names: &[&str]| Some(names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
        bot.eventually("it is known", || async { group(bot, &id).await == is(&["ana"]) }).await;
        bot.sandbox.set_group_members("sales", &["dee"]);
        bot.eventually("it has changed", || async { group(bot, &id).await == is(&["dee"]) }).await;
        bot.passes(Duration::days(1));
        bot.reads_the_workspace().await;
        assert_eq!(group(bot, &id).await, is(&["dee"]));
    }

    async fn a_failed_reading_keeps_the_directory(bot: &mut Bot) {
        bot.expects_refusals();
        let tea = ChannelId(bot.sandbox.add_channel("tea", false, &["ana", "ben"]));
        bot.sandbox.invite("tea", &bot.user);
        bot.hears_events().await;
        let all = async || {
            let (people, groups) = ("SELECT COUNT(*) FROM person", "SELECT COUNT(*) FROM user_group_member");
            let channels = "SELECT COUNT(*) FROM channel WHERE state = 'open'";
            (count(bot, people).await, count(bot, groups).await, count(bot, channels).await, members(bot, &tea).await)
        };
        let before = all().await;
        let lists =
            [("users.list", List::People), ("usergroups.list", List::Groups), ("users.conversations", List::Channels)];
        for (method, list) in lists {
            let read_at = async |bot: &Bot| {
                let engine = &bot.parts.engine;
                engine.store.list_read_at(&engine.team, list).await.unwrap()
            };
            bot.passes(Duration::days(1));
            bot.sandbox.faults().fail_5xx(method, 3);
            let known_since = read_at(bot).await;
            wants_everything(bot).await;
            let tried = "SELECT COUNT(*) FROM directory_list WHERE tries > 0";
            while count(bot, tried).await == 0 {
                goes_on(bot).await;
            }
            assert_eq!(all().await, before, "{method}");
            assert_eq!(read_at(bot).await, known_since, "{method}");
            // It is read when Slack is back.
            let failed_at = bot.parts.engine.clock.now();
            bot.reads_lists().await;
            assert!(read_at(bot).await > known_since, "{method}");
            assert!(bot.parts.engine.clock.now() - failed_at < Duration::minutes(1), "{method}");
            bot.reads_channels().await;
            assert_eq!(all().await, before, "{method}");
        }
        bot.passes(Duration::days(1));
        let known_since = read_at(bot).await;
        bot.sandbox.faults().rate_limit("users.conversations", 1, 60);
        wants_everything(bot).await;
        bot.reads_lists().await;
        assert!(read_at(bot).await > known_since);
        assert_eq!(all().await, before);
    }

    async fn unreadable_groups_do_not_block_reading(bot: &mut Bot) {
        bot.expects_refusals();
        let before = count(bot, "SELECT COUNT(*) FROM user_group_member").await;
        bot.sandbox.faults().fail("usergroups.list", 1, "plan_upgrade_required");
        let tea = ChannelId(bot.sandbox.add_channel("tea", false, &["ana"]));
        bot.sandbox.invite("tea", &bot.user);
        bot.passes(Duration::days(1));
        wants_everything(bot).await;
        bot.reads_lists().await;
        assert_eq!(channel(bot, &tea).await, Some(("tea".to_owned(), true)));
        assert_eq!(count(bot, "SELECT COUNT(*) FROM user_group_member").await, before);
    }

    async fn one_replica_reads_at_night(bot: &mut Bot) {
        bot.passes(Duration::days(1));
        let engine: &Engine = &bot.parts.engine;
        let version = "SELECT MAX(version) FROM directory_list";
        let before = count(bot, version).await;
        let [one, other] = [nightly::hold(engine), nightly::hold(engine)];
        let done = tokio::join!(nightly::night(engine, &one), nightly::night(engine, &other));
        assert!(done.0 || done.1, "one of them does it");
        assert!(nightly::night(engine, &one).await && nightly::night(engine, &other).await, "it is done");
        assert_eq!(count(bot, version).await, before + 1, "the directory is wanted once");
        bot.reads_lists().await;
        bot.passes(Duration::days(1));
        assert!(nightly::night(engine, &other).await);
        assert!(count(bot, version).await > before + 1, "and once each night");
    }

    async fn an_interrupted_night_is_repeated(bot: &mut Bot) {
        bot.passes(Duration::days(2));
        let engine: &Engine = &bot.parts.engine;
        // A process takes the lease and is killed before it has done anything.
        assert_ne!(nightly::hold(engine).claim().await.unwrap(), LeaseClaim::No);
        let next = nightly::hold(engine);
        assert!(!nightly::night(engine, &next).await, "not now, but again soon");
        bot.passes(Duration::minutes(10));
        let began = engine.clock.now();
        assert!(nightly::night(engine, &next).await);
        bot.reads_lists().await;
        assert!(read_at(bot).await.unwrap() >= began);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_missing_group_scope_blocks_nothing() {
    // Slack sends no events about groups that an app may not read.
    let without = ["usergroups:read", "subteam_created", "subteam_updated"].map(|name| ("without", name));
    let bot = Bot::with(None, &without).await;
    assert!(known(&bot, "ana").await.is_some());
    assert_eq!(count(&bot, "SELECT COUNT(*) FROM user_group").await, 0);
    assert!(bot.sandbox.calls().iter().all(|call| call.method != "usergroups.list"));
    bot.finish().await;
}

#[test]
fn the_night_runs_once_a_day() {
    let start = from_ms(crate::support::bot::MONDAY_MORNING);
    let mut at = start;
    for day in 1..=400 {
        let next = nightly::next(at);
        assert_eq!(next.format("%H:%M").to_string(), "03:17");
        assert!(next > at && next - start <= Duration::days(day), "{next}");
        at = next;
    }
}
