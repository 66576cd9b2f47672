//! The reason: what stays text, what is refused, and that people's text can neither notify nor link.

use crate::{each_store, support::Bot};

each_store! {
    async fn mentions_in_reasons_stay_text(bot: &mut Bot) {
        bot.says("ana", "#general", "/kudos @ben for helping @cy and @design in #lounge").await;
        assert_eq!(bot.thanked().await, ["ben"]);
        let read = bot.person("dee").reads("#general").pop().unwrap().text;
        assert!(read.ends_with("\n>helping @Cy and @design in #lounge"), "{read}");
    }

    async fn mentions_show_directory_names(bot: &mut Bot) {
        let (ben, cy) = (bot.id("ben"), bot.id("cy"));
        let reason = format!("helping <@{cy}>, <@{cy}|cyrus>, <@{cy}|>, <@U0NOBODY> and <!here>");
        bot.sends_command("ana", &format!("/kudos <@{ben}> for {reason}")).await;
        let ledger = bot.ledger().await;
        assert_eq!(ledger[0].reason, "helping @Cy, @Cy, @Cy, @someone and @here");
    }

    async fn links_in_reasons_become_text(bot: &mut Bot) {
        let ben = bot.id("ben");
        let reason = "<https://a.example/?a=1&amp;b=2> <https://a.example|the report> <#C1|lounge> <#C2|> <mailto:a@b.example|a@b.example>";
        bot.sends_command("ana", &format!("/kudos <@{ben}> for {reason}")).await;
        let ledger = bot.ledger().await;
        assert_eq!(ledger[0].reason, "https://a.example/?a=1&b=2 the report #lounge #channel a@b.example");
    }

    async fn kudos_need_a_reason(bot: &mut Bot) {
        for typed in ["/kudos @ben", "/kudos @ben for", "/kudos @ben:  ", "/kudos @ben!!", "/kudos @ben for .", "/kudos @ben :tada:", "/kudos @ben for :+1::heart: 🎉"] {
            let answer = bot.says("ana", "#general", typed).await;
            assert!(answer.text.starts_with("What for? Add a few words, so that it means something."), "{}", answer.text);
        }
        assert!(bot.ledger().await.is_empty());
        for typed in ["/kudos @ben for 東京", "/kudos @ben for :tada: the demo at 10:30:00"] {
            bot.says("ana", "#general", typed).await;
        }
        assert_eq!(bot.ledger().await.len(), 2);
    }

    async fn invisible_reasons_are_refused(bot: &mut Bot) {
        for unseen in ["\u{200b}", "\u{301}\u{301}", "\u{3164}", "\u{2800} \u{a0}", "\u{202e}\u{2066}", "\u{e0041}", "\u{fe0f}"] {
            let answer = bot.says("ana", "#general", &format!("/kudos @ben for {unseen}")).await;
            assert!(answer.text.starts_with("What for?"), "{unseen:?}: {}", answer.text);
        }
        assert!(bot.ledger().await.is_empty());
    }

    async fn hidden_characters_are_removed(bot: &mut Bot) {
        let zalgo = format!("l{}unch", "\u{336}".repeat(500));
        bot.says("ana", "#general", &format!("/kudos @ben for \u{202e}a\u{7}b\u{200b}c\u{e0041}\n{zalgo}")).await;
        let stored = bot.ledger().await[0].reason.clone();
        assert_eq!(stored, format!("abc\nl{}unch", "\u{336}".repeat(6)));
        assert!(bot.reads_last("dee", "#general").ends_with(&format!("\n>{}", stored.replace('\n', "\n>"))));
    }

    async fn reasons_have_1000_characters(bot: &mut Bot) {
        let fits = "ü€😀 ".repeat(249) + "ü€😀!";
        let answer = bot.says("ana", "#general", &format!("/kudos @ben for {fits}!")).await;
        assert!(answer.text.starts_with("That reason has 1001 characters, and 1000 fit."), "{}", answer.text);
        let answer = bot.says("ana", "#general", &format!("/kudos @ben for {fits}")).await;
        assert!(answer.text.starts_with("Kudos to"), "{}", answer.text);
    }

    async fn the_longest_reason_arrives_whole(bot: &mut Bot) {
        let worst = format!("{}x", "&".repeat(999));
        bot.says("ana", "#general", &format!("/kudos @ben for {worst}")).await;
        let message = bot.person("dee").reads("#general").pop().unwrap();
        assert_eq!(message.text.matches("&amp;").count(), 999);
        let shown: usize = message.blocks.iter().map(|block| block.to_string().matches("&amp;").count()).sum();
        assert_eq!(shown, 999, "the blocks show all of it");
        bot.clicks("ana", "#general", "Undo").await;
        assert!(bot.reads("dee", "#general").is_empty());
    }

    async fn reasons_cannot_notify_or_link(bot: &mut Bot) {
        let ben = bot.id("ben");
        let nasty = "<!channel> <@U0EVIL> &lt;!here&gt; <!subteam^S1> <https://evil.example|click> `code` ```\n*bold* _it_\n>quote\n<";
        bot.says("ana", "#general", &format!("/kudos @ben for {nasty}")).await;
        let message = bot.person("dee").reads("#general").pop().unwrap();
        let (line, reason) = message.text.split_once('\n').unwrap();
        assert!(line.contains(&ben));
        assert!(!reason.contains('<'), "{reason}");
        assert!(reason.contains("&lt;!channel&gt; &lt;@U0EVIL&gt; &amp;lt;!here&amp;gt;"), "{reason}");
        assert!(reason.lines().all(|line| line.starts_with('>')), "{reason}");
    }

    async fn display_names_cannot_notify_or_link(bot: &mut Bot) {
        bot.sandbox.set_display_name("cy", "<!channel> & co");
        bot.hears_events().await;
        let (ben, cy) = (bot.id("ben"), bot.id("cy"));
        bot.sends_command("ana", &format!("/kudos <@{ben}> for helping <@{cy}>")).await;
        let told = bot.person("ben").reads("#general").pop().unwrap().text;
        assert!(told.ends_with(">helping @&lt;!channel&gt; &amp; co"), "{told}");
    }

    async fn all_scripts_arrive_unchanged(bot: &mut Bot) {
        for reason in ["תודה רבה על העזרה", "👩‍👩‍👧‍👦 :tada: 谢谢你", "e\u{301}te\u{301} ❤️", "line one\nline two"] {
            bot.says("ana", "#general", &format!("/kudos @ben for {reason}")).await;
            let expected = format!(":tada: *Ana* thanks @ben\n>{}", reason.replace('\n', "\n>"));
            assert_eq!(bot.reads_last("dee", "#general"), expected);
            bot.passes(chrono::Duration::minutes(1));
        }
    }

    async fn null_characters_are_removed(bot: &mut Bot) {
        let ben = bot.id("ben");
        let answer = bot.sends_command("ana", &format!("/kudos <@{ben}> for a\0b")).await;
        assert!(answer.starts_with("Kudos to @ben!"), "{answer}");
        assert_eq!(bot.ledger().await[0].reason, "a\u{fffd}b");
    }
}

mod where_no_reason_is_needed {
    use super::*;

    each_store! {
        with [("kudos.reason_required", "false")];

        async fn a_gift_may_go_without(bot: &mut Bot) {
            bot.says("ana", "#general", "/kudos @ben").await;
            assert_eq!(bot.reads_last("dee", "#general"), ":tada: *Ana* thanks @ben");
            let answer = bot.says("ben", "#general", "/kudos mine").await;
            assert!(bot.as_read(&answer.text).contains("\n• Monday, 5 January, from @ana\n"), "{}", answer.text);
            bot.person("dee").says("#general", "/kudos").await;
            let form = bot.person("dee").sees_modal().await.unwrap();
            assert_eq!(form.blocks[1]["optional"], true);
        }
    }
}
