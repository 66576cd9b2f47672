//! A retro opens with what became of promises.

use rondo::{
    common::promises::{Due, Promise, PromiseOrigin, PromiseState, store as promised},
    store::unit::UnitOfWork,
};

use super::*;

/// The reason of a promise that is moved to the end of January.
const MOVED: &str = "moved";

/// Stores a promise of a programme that stands so.
async fn promises(
    bot: &Bot,
    programme: &Programme,
    (who, due, reason): (&str, &str, &str),
    state: PromiseState,
) {
    let engine = &bot.parts.engine;
    let (owner, now) = (bot.id(who).as_str().into(), engine.clock.now());
    let origin = PromiseOrigin {
        channel: Some(programme.channel.clone()),
        programme: programme.id.clone(),
        occasion: Some(now.date_naive()),
    };
    let words = format!("the thing of {who}");
    let asked = Promise {
        origin,
        ..Promise::asked(format!("promise of {who}"), owner, bot.id("ana").as_str().into(), words)
    };
    let asked = asked.due(Due::on(due.parse().unwrap()));
    let mut unit = UnitOfWork::new();
    promised::put(&mut unit, &engine.team, &asked, now);
    engine.store.commit(unit).await.unwrap();
    let mut unit = UnitOfWork::new();
    let open = asked.then(PromiseState::Open, now);
    promised::change(&mut unit, &engine.team, &asked, &open);
    engine.store.commit(unit).await.unwrap();
    if reason == MOVED {
        let mut unit = UnitOfWork::new();
        let moved = open.promised_for(Due::on("2026-01-30".parse().unwrap()), now);
        promised::change(&mut unit, &engine.team, &open, &moved);
        engine.store.commit(unit).await.unwrap();
    }
    if state != PromiseState::Open {
        let mut unit = UnitOfWork::new();
        let settled = Promise { reason: reason.to_owned(), ..open.then(state, now) };
        promised::change(&mut unit, &engine.team, &open, &settled);
        engine.store.commit(unit).await.unwrap();
    }
}

each_store! {
    async fn a_retro_opens_with_the_promises_of_the_last(bot: &mut Bot) {
        let channel = team(bot, &TEAM).await;
        starts(bot, &["1", "2", "3"]).await;
        let programme = programme_in(bot, &channel).await;
        promises(bot, &programme, ("ben", "2026-01-05", ""), PromiseState::Kept).await;
        promises(bot, &programme, ("cy", "2026-01-05", "The <team> is gone"), PromiseState::Dropped).await;
        promises(bot, &programme, ("dee", "2026-01-05", ""), PromiseState::Open).await;
        promises(bot, &programme, ("eve", "2026-01-12", MOVED), PromiseState::Open).await;
        let other = Programme { id: "another".to_owned(), ..programme.clone() };
        promises(bot, &other, ("fay", "2026-01-30", ""), PromiseState::Kept).await;
        comes_to(bot, "open").await;
        let began = reads_team(bot, "ben", ":mirror: The retro has begun:").remove(0);
        let (_, review) = began.split_once("anonymous.\n").unwrap_or_else(|| panic!("{began}"));
        assert_eq!(review, "*Promised for today or before*\n• the thing of dee (@dee, was due Monday, 5 January)\n\
            *Kept*\n• the thing of ben (kept by @ben)\n\
            *Not going ahead*\n• the thing of cy (not going ahead): The &lt;team&gt; is gone\n\
            *Promised for later*\n• the thing of eve (@eve, moved to Friday, 30 January)\n\
            Promises of the last 90 days: 1 of 3 were kept.");
        // What was settled is told once, and what is still open is named once.
        comes_to(bot, "close").await;
        bot.passes(chrono::Duration::days(1));
        comes_to(bot, "open").await;
        let began = reads_team(bot, "ben", ":mirror: The retro has begun:").remove(0);
        assert!(began.contains("Still open from before: 1 promise") && !began.contains("dee") && !began.contains("*Kept*"), "{began}");
    }
}
