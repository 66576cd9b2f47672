//! Promises inside a sync: on the run sheet, in the thread, and in the form that closes it.

use rondo::{
    common::promises::{self, Due, Promise, PromiseOrigin},
    store::unit::UnitOfWork,
};

use super::*;

/// Makes a promise of this sync, which its owner accepts.
async fn promised(bot: &mut Bot, channel: &ChannelId, (owner, words, due): (&str, &str, &str)) {
    let programme = programme_in(bot, channel).await;
    let context = bot.parts.engine.context();
    let (owner_id, asker) = (UserId(bot.id(owner)), UserId(bot.id("ana")));
    let promise = Promise {
        due: Some(Due::on(due.parse().unwrap())),
        origin: PromiseOrigin { channel: Some(channel.clone()), programme: programme.id, occasion: None },
        ..Promise::asked(context.id(), owner_id, asker, words.to_owned())
    };
    let mut unit = UnitOfWork::new();
    promises::ask(&mut unit, &context, &promise).unwrap();
    bot.parts.engine.store.commit(unit).await.unwrap();
    bot.settle().await;
    accepts(bot, owner).await;
}

/// Has a person say yes to the promise that they were asked for last.
async fn accepts(bot: &mut Bot, who: &str) {
    let (dm, has_it) = (bot.user.clone(), |message: &slack_sandbox::Message| {
        message.blocks.iter().any(|block| block.to_string().contains("promises:accept"))
    });
    let asked = bot.person(who).reads(&dm).into_iter().rfind(has_it).expect("a question");
    bot.person(who).clicks(&asked, "I'll do it").await;
    bot.settle().await;
}

/// Returns what stands in the thread of the last sync, oldest first.
fn thread(bot: &Bot) -> Vec<String> {
    let posts = bot.person("ana").reads("#team");
    let announcement = posts.iter().rfind(|post| post.text.starts_with(BEGINS)).expect("an announcement");
    let in_thread = posts.iter().filter(|post| post.thread_ts.as_ref() == Some(&announcement.ts));
    in_thread.map(|post| bot.as_read(&post.text)).collect()
}

fn sheet_of(bot: &Bot, who: &str) -> String {
    bot.reads_dm(who).into_iter().rfind(|text| text.contains("*You lead")).expect("a run sheet")
}

each_store! {
    async fn due_promises_open_a_sync(bot: &mut Bot) {
        let team = running(bot, &["ana", "cy"]).await;
        promised(bot, &team, ("cy", "send the report", "2026-01-06")).await;
        promised(bot, &team, ("ana", "book the room", "2026-01-13")).await;
        bot.says("cy", "#team", "/sync add Budget").await;
        let lead = lead_of(&next_sync(bot).await);
        let sheet = sheet_of(bot, &lead);
        assert!(sheet.contains("• Promises to look at:\n◦ send the report (@cy, promised for Tuesday, 6 January)\n• Agenda so far:"), "{sheet}");
        assert!(!sheet.contains("book the room"), "{sheet}");
        assert_eq!(thread(bot), [
            "*Promised for today or before*\n• send the report (@cy, promised for Tuesday, 6 January)",
            "*Agenda*\n1. Budget (@cy)",
        ]);
        next_sync(bot).await;
        assert_eq!(thread(bot)[0],
            "*Promised for today or before*\n• send the report (@cy, promised for Tuesday, 6 January)\n\
             • book the room (@ana, promised for Tuesday, 13 January)",
            "the date is said, and no days are counted"
        );
    }

    async fn a_promise_without_an_owner_is_taken_in_the_thread(bot: &mut Bot) {
        let team = running(bot, &["ana", "ben", "cy"]).await;
        promised(bot, &team, ("cy", "send the report", "2026-02-20")).await;
        bot.sandbox.deactivate("cy");
        bot.hears_events().await;
        bot.settle().await;
        let lead = lead_of(&next_sync(bot).await);
        let sheet = sheet_of(bot, &lead);
        assert!(sheet.contains("◦ send the report (looking for an owner, for Friday, 20 February)"), "{sheet}");
        assert_eq!(thread(bot), ["*Looking for an owner*\n• send the report (looking for an owner, for Friday, 20 February)"]);
        bot.clicks("ben", "#team", "I'll take it").await;
        accepts(bot, "ben").await;
        next_sync(bot).await;
        assert_eq!(thread(bot), [""; 0], "it is promised again, and not due");
    }

    async fn a_sync_with_a_due_promise_is_not_empty(bot: &mut Bot) {
        let team = running(bot, &["ana", "ben"]).await;
        promised(bot, &team, ("ben", "send the report", "2026-01-06")).await;
        next_sync(bot).await;
        for who in ["ana", "ben"] {
            assert!(bot.reads_dm(who).iter().all(|text| !text.contains("Nothing is on the agenda")), "{who}");
        }
    }

    async fn another_sync_takes_over_the_promises_of_a_stopped_one(bot: &mut Bot) {
        let channel = team(bot, &["ana", "ben"]).await;
        starts(bot, "/sync start every Wednesday at 15:00 called Planning").await;
        promised(bot, &channel, ("ben", "send the report", "2026-01-06")).await;
        starts(bot, "/sync start every Thursday at 10:00 called Weekly").await;
        bot.says("ana", "#team", "/sync stop Planning").await;
        bot.clicks("ana", "#team", "Stop these syncs").await;
        next_sync(bot).await;
        assert_eq!(thread(bot), ["*Promised for today or before*\n• send the report (@ben, promised for Tuesday, 6 January)"]);
    }
}
