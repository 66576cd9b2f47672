//! How a command is parsed: who is thanked, what the reason is, and what is refused as ambiguous.

use crate::{each_store, support::Bot};

each_store! {
    async fn a_leading_emoji_stays_whole(bot: &mut Bot) {
        let ben = bot.id("ben");
        for (typed, reason) in [
            (" :tada: for the launch", ":tada: for the launch"),
            (":tada: for the tea", ":tada: for the tea"),
            (": thanks", "thanks"),
            (": :tada: for the cake", ":tada: for the cake"),
            (" :+1::skin-tone-2: again", ":+1::skin-tone-2: again"),
            (" : a colon of its own", ": a colon of its own"),
            (" – FOR lunch", "lunch"),
            (", for dinner", "dinner"),
            (" -1 bug, for once", "-1 bug, for once"),
            ("\n- one thing\n- another", "- one thing\n- another"),
        ] {
            bot.sends_command("ana", &format!("/kudos <@{ben}>{typed}")).await;
            assert_eq!(bot.ledger().await.last().unwrap().reason, reason, "{typed}");
            bot.passes(chrono::Duration::minutes(1));
        }
    }

    async fn people_before_the_reason_are_thanked(bot: &mut Bot) {
        let (ben, cy) = (bot.id("ben"), bot.id("cy"));
        let between = [
            ": ", "/", " - ", " AND ", " und ", " et ", " y ", " e ", " Plus ", " &amp; ", "\u{200b}", "\u{a0}", "; ", " | ", " · ",
            "\u{2066}\u{202e}", "\n", ", and ", "—", "\u{3000}+\u{feff}",
        ];
        for (n, between) in between.into_iter().enumerate() {
            let answer = bot
                .sends_command("ana", &format!("/kudos \u{200f}\u{feff}<@{ben}>{between}<@{cy}>: for reason {n}"))
                .await;
            assert!(answer.starts_with("Kudos to @ben and @cy!"), "{between:?}: {answer}");
            assert_eq!(bot.ledger().await.last().unwrap().reason, format!("reason {n}"), "{between:?}");
            bot.passes(chrono::Duration::days(1));
        }
    }

    async fn later_mentions_are_text(bot: &mut Bot) {
        let answer = bot.says("ana", "#general", "/kudos @ben via @cy").await;
        let answer = bot.as_read(&answer.text);
        assert!(answer.contains("\n@cy is part of the reason, so I haven't thanked them."), "{answer}");
        assert_eq!(bot.thanked().await, ["ben"]);
        assert_eq!(bot.ledger().await[0].reason, "via @Cy");
        let answer = bot.says("ana", "#general", "/kudos @ben for helping @cy").await;
        assert!(!answer.text.contains("part of the reason"), "{}", answer.text);
        bot.passes(chrono::Duration::minutes(1));
        bot.says("ana", "#general", "/kudos @ben e-mail me").await;
        assert_eq!(bot.ledger().await[2].reason, "e-mail me");
    }

    async fn typed_text_comes_back_unchanged(bot: &mut Bot) {
        for typed in ["@R&D", "@<!channel>", "@&lt;", "@a&amp;amp;b;", "@<@U1>", "@you<3"] {
            let answer = bot.says("ana", "#general", &format!("/kudos {typed} for x")).await;
            let wire = typed.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
            assert!(answer.text.starts_with(&format!("I don't know \"{wire}\".")), "{typed}: {}", answer.text);
        }
        assert!(bot.ledger().await.is_empty());
    }

    async fn unclear_commands_get_a_suggestion(bot: &mut Bot) {
        for (typed, expected) in [
            ("stauts", "I don't know \"stauts\". Try `/kudos @ana @ben for unblocking the release`, `/kudos mine` or `/kudos help`."),
            ("mien", "I don't know \"mien\". Did you mean `/kudos mine`?"),
            ("mine please", "I don't know \"mine please\". Did you mean `/kudos mine`?"),
            ("help me", "I don't know \"help me\". Did you mean `/kudos help`?"),
            ("R&D", "I don't know \"R&amp;D\". Try"),
            ("to @ben for lunch", "Start with the names of the people you want to thank"),
            ("@ben and @benn for lunch", "I don't know \"@benn\"."),
        ] {
            let answer = bot.says("ana", "#general", &format!("/kudos {typed}")).await;
            assert!(answer.text.starts_with(expected), "{typed}: {}", answer.text);
        }
        assert!(bot.ledger().await.is_empty());
    }

    async fn a_quotation_is_never_long(bot: &mut Bot) {
        for typed in ["9".repeat(300_000), format!("@{}", "ü".repeat(100_000)), format!("@{}", "\u{301}".repeat(100_000))] {
            let body = bot.command_of("ana", &format!("/kudos {typed}"));
            let answer = bot.sends("/slack/commands", crate::support::gestures::FORM, body.as_bytes()).await;
            assert!(answer.text().starts_with("I don't know \""), "{}", answer.body);
            assert!(answer.body.len() < 2_000, "{} bytes", answer.body.len());
        }
    }
}
