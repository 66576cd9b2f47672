//! A command acts only when its whole text is understood.

use proptest::{
    strategy::{Strategy as _, ValueTree as _},
    test_runner::TestRunner,
};

use rondo::store::absences;

use super::*;

/// Returns the stored chats of a channel, and the waiting effects.
async fn stored(bot: &Bot, channel: &ChannelId) -> String {
    let engine = &bot.parts.engine;
    let programme = programme_in(bot, channel).await.unwrap();
    let pending = engine.store.pending_runs(&engine.team, &programme.id).await.unwrap();
    let absences = absences::of_programme(&engine.context().store, &programme.id).await.unwrap();
    let waiting = engine.store.outbox_depth(engine.clock.now()).await.unwrap().waiting;
    format!("{programme:?} {pending:?} {absences:?} {waiting}")
}

each_store! {
    async fn extra_text_is_refused(bot: &mut Bot) {
        let channel = running_cafe(bot, &["ana", "ben", "cy"]).await;
        let before = stored(bot, &channel).await;
        let cases = [
            ("leave @ben", "leave @ben", "leave"),
            ("leave @ben and @cy", "leave @ben and @cy", "leave"),
            ("stop please", "stop please", "stop"),
            ("stop stop", "stop stop", "stop"),
            ("STOP 🦀", "STOP 🦀", "stop"),
            ("skip 2026-12-25", "skip 2026-12-25", "skip"),
            ("skip next 3 rounds", "skip next 3 rounds", "skip"),
            ("join now pls", "join now pls", "join"),
            ("join #general", "join #general", "join"),
            ("status?", "status?", "status"),
            ("stauts", "stauts", "status"),
            ("jion", "jion", "join"),
            ("leave <b>R&D</b>", "leave &lt;b&gt;R&amp;D&lt;/b&gt;", "leave"),
            ("leave &amp;", "leave &amp;amp;", "leave"),
        ];
        for (typed, quoted, nearest) in cases {
            for who in ["ana", "ben"] {
                let answer = bot.says(who, "#cafe", &format!("/coffee {typed}")).await;
                let says = format!("I don't know \"{quoted}\". Did you mean `/coffee {nearest}`?");
                assert!(answer.text.starts_with(&says), "{typed}: {}", answer.text);
            }
        }
        assert_eq!(stored(bot, &channel).await, before);
        assert!(bot.reads_last("cy", "#cafe").contains("has started coffee chats"), "nothing is announced");
    }

    async fn extra_text_writes_nothing(bot: &mut Bot) {
        let channel = running_cafe(bot, &["ana", "ben", "cy"]).await;
        let before = stored(bot, &channel).await;
        let mut runner = TestRunner::deterministic();
        let words = ["stop", "end", "leave", "join", "skip", "snooze"];
        for n in 0..48 {
            let rest = "[a-z🦀é<>&@#|]\\PC{0,40}".new_tree(&mut runner).unwrap().current();
            let typed = format!("{} {rest}", words[n % words.len()]);
            let answer = bot.says("ana", "#cafe", &format!("/coffee {typed}")).await;
            assert!(answer.text.starts_with("I don't know \""), "{typed}: {}", answer.text);
        }
        assert_eq!(stored(bot, &channel).await, before);
    }

    async fn near_commands_are_read_as_times(bot: &mut Bot) {
        let channel = running_cafe(bot, &["ana", "ben"]).await;
        let before = stored(bot, &channel).await;
        let answer = bot.says("ana", "#cafe", "/coffee end of the month at 10:00").await;
        assert!(answer.text.contains("`/coffee start last Friday of the month at 10:00`"), "{}", answer.text);
        assert_eq!(stored(bot, &channel).await, before);
    }

    async fn unknown_words_get_help(bot: &mut Bot) {
        cafe(bot, &["ana", "ben"]).await;
        for typed in ["🦀", "hello there", "مرحبا", "x\u{301}\u{301}\u{301}", "<!channel>"] {
            let answer = bot.says("ana", "#cafe", &format!("/coffee {typed}")).await;
            assert!(answer.text.starts_with("I don't know \""), "{typed}: {}", answer.text);
            assert!(answer.text.contains("`/coffee help`"), "{typed}: {}", answer.text);
        }
    }

    async fn quoted_text_is_short(bot: &mut Bot) {
        cafe(bot, &["ana", "ben"]).await;
        let answer = bot.says("ana", "#cafe", &format!("/coffee leave {}", "1234567 ".repeat(400))).await;
        assert!(answer.text.chars().count() < 300, "{}", answer.text);
    }

    async fn case_and_punctuation_are_ignored(bot: &mut Bot) {
        running_cafe(bot, &["ana", "ben", "cy"]).await;
        for typed in ["Status", "STATUS.", "  status  ", "“status”", "status\u{200b}", "\u{202e}status"] {
            let answer = bot.says("ben", "#cafe", &format!("/coffee {typed}")).await;
            assert!(answer.text.contains("|Tuesday, 6 January 2026 at 11:00 (Europe/Berlin)> your time."), "{typed}: {}", answer.text);
        }
        let answer = bot.says("cy", "#cafe", "/coffee leave.").await;
        assert!(answer.text.starts_with("You've left the coffee chats in "), "{}", answer.text);
        assert!(bot.says("cy", "#cafe", "/coffee HELP!").await.text.contains("`/coffee status`"));
    }
}
