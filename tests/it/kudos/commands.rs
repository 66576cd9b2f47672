//! The commands beside giving: help, mine, Rondo's own, and other names for all of them.

use chrono::Duration;

use crate::{each_store, support::Bot};

const HELP: &str = "*Kudos: thank someone, and say what for.*\n\
                    `/kudos @ana @ben for unblocking the release` thanks them both in this channel. User groups work too.\n\
                    `/kudos` opens a form.\n\
                    `/kudos mine` shows what you've given and received. Only you see it.\n\
                    You can thank 10 people a day. Changed your mind? Press Undo within 10 minutes.";
const RONDO: &str = "*Here's what you can do with Rondo.*\n\
                     Introduce people in a channel to each other, round after round: \
                     `/coffee start every 2 weeks on Tuesday at 10:00`\n\
                     Thank someone, and say what for: `/kudos @ana @ben for unblocking the release`\n\
                     Ask everyone in a channel how things go, anonymously or by name: \
                     `/retro start last Friday of the month at 10:00`\n\
                     Take turns leading a regular sync: `/sync start every Tuesday at 10:00`\n\
                     Promise something by a date, or ask for it: `/promise send the report by Friday`\n\
                     Set your department, working hours and days away: `/rondo me`\n\
                     `/rondo kudos …` works too, and `help` behind any command shows everything it can do.";

each_store! {
    async fn help_is_private(bot: &mut Bot) {
        for typed in ["/kudos help", "/kudos HELP", "/kudos ?", "/rondo kudos help"] {
            assert_eq!(bot.says("ana", "#general", typed).await.text, HELP, "{typed}");
        }
        assert!(bot.reads("ben", "#general").is_empty());
    }

    async fn rondo_suggests_after_a_typo(bot: &mut Bot) {
        for typed in ["/rondo", "/rondo help", "/rondo HELP", "/rondo ?"] {
            assert_eq!(bot.says("ana", "#general", typed).await.text, RONDO, "{typed}");
        }
        for (typed, first) in [
            ("/rondo stauts", "I don't know \"stauts\". Did you mean `/coffee status`?"),
            ("/rondo kudo @ben", "I don't know \"kudo\". Did you mean `/rondo kudos`?"),
            ("/rondo hepl", "I don't know \"hepl\". Did you mean `/rondo help`?"),
            ("/rondo dance with @ben", "I don't know \"dance\"."),
            ("/rondo 点赞", "I don't know \"点赞\"."),
        ] {
            let answer = bot.says("ana", "#general", typed).await.text;
            assert_eq!(answer.lines().next(), Some(first), "{typed}");
            assert!(answer.contains("`/kudos @ana @ben for unblocking the release`"), "{answer}");
        }
        let answer = bot.says("ana", "#general", &format!("/rondo {}", "<!channel>".repeat(300))).await.text;
        assert!(answer.chars().count() < 700 && !answer.contains("<!channel"), "{answer}");
        assert!(bot.ledger().await.is_empty());
    }

    async fn rondo_runs_every_command(bot: &mut Bot) {
        let answer = bot.says("ana", "#general", "/rondo kudos @ben for lunch").await;
        assert!(answer.text.starts_with("Kudos to"), "{}", answer.text);
        assert_eq!(bot.reads_last("dee", "#general"), ":tada: *Ana* thanks @ben\n>lunch");
        let answer = bot.says("ben", "#general", "/rondo Kudos mine").await;
        assert!(answer.text.starts_with("You've received 1 kudos"), "{}", answer.text);
        bot.person("ana").says("#general", "/rondo kudos").await;
        assert!(bot.person("ana").sees_modal().await.is_some());
    }

    async fn mine_begins_with_nothing(bot: &mut Bot) {
        let answer = bot.says("ana", "#general", "/kudos mine").await;
        let expected = "You haven't given or received any kudos yet.\nYou can thank 10 more people today.";
        assert_eq!(answer.text, expected);
    }

    async fn mine_shows_the_newest_first(bot: &mut Bot) {
        let long = format!("ah {}", "😀".repeat(300));
        let reasons = ["one", "two", "three\nlines  of\tit", &*long, "five", "six"];
        for reason in reasons {
            bot.says("ana", "#general", &format!("/kudos @ben for {reason}")).await;
            bot.passes(Duration::minutes(20));
        }
        bot.says("cy", "#general", "/kudos @ben for being <there>").await;
        bot.says("dee", "#general", "/kudos @ben for nothing").await;
        bot.clicks("dee", "#general", "Undo").await;
        bot.says("ben", "#general", "/kudos @ana for the many").await;
        let answer = bot.says("ben", "#general", "/kudos mine").await;
        let cut = format!("ah {}…", "😀".repeat(196));
        let expected = format!(
            "You've given 1 kudos and received 7.\n\
             *Received*\n\
             • Monday, 5 January, from @cy: being &lt;there&gt;\n\
             • Monday, 5 January, from @ana: six\n\
             • Monday, 5 January, from @ana: five\n\
             • Monday, 5 January, from @ana: {cut}\n\
             • Monday, 5 January, from @ana: three lines of it\n\
             *Given*\n\
             • Monday, 5 January, to @ana: the many\n\
             You can thank 9 more people today."
        );
        assert_eq!(bot.as_read(&answer.text), expected);
        let answer = bot.says("dee", "#general", "/kudos mine").await;
        assert!(answer.text.starts_with("You haven't given or received any kudos yet."), "{}", answer.text);
    }
}

mod under_other_names {
    use super::*;

    each_store! {
        with [("commands.kudos", "\"/thanks\""), ("commands.rondo", "\"/rituals\"")];

        async fn other_command_names_work(bot: &mut Bot) {
            let answer = bot.says("ana", "#general", "/thanks @ben for lunch").await;
            assert!(answer.text.starts_with("Kudos to"), "{}", answer.text);
            let answer = bot.says("ana", "#general", "/rituals kudos help").await;
            assert_eq!(answer.text, HELP.replace("/kudos", "/thanks"));
            let answer = bot.says("ana", "#general", "/rituals").await;
            assert_eq!(answer.text, RONDO.replace("/kudos", "/thanks").replace("/rondo", "/rituals"));
            let answer = bot.says("ana", "#general", "/thanks @ana").await;
            assert!(answer.text.ends_with("For example: `/thanks @ana @ben for unblocking the release`"));
        }

        async fn an_old_command_name_explains(bot: &mut Bot) {
            let ben = bot.id("ben");
            for typed in [format!("/kudos <@{ben}> for lunch"), format!("/rondo kudos <@{ben}> for lunch")] {
                let answer = bot.sends_command("ana", &typed).await;
                assert!(answer.contains("`/thanks @ana @ben for unblocking the release`"), "{answer}");
            }
            assert!(bot.ledger().await.is_empty());
        }
    }
}
