//! Who is asked, when, and what they read before they answer.

use super::*;

each_store! {
    async fn each_person_is_asked_in_their_hours(bot: &mut Bot) {
        team(bot, &TEAM).await;
        starts(bot, &["1", "2", "3"]).await;
        assert!(reads_team(bot, "ben", ":mirror: @ana has started retros here")[0].contains("First retro: Tuesday, 6 January at 10:00"));
        comes_to(bot, "open").await;
        // It's 10:00 in Lisbon, 11:00 in Berlin, 15:30 in Kolkata, and 5:00 in New York.
        for who in ["ana", "ben", "dee", "eve", "fay"] {
            assert!(question(bot, who).is_some(), "{who}");
        }
        assert!(question(bot, "cy").is_none());
        comes_to(bot, "ask").await;
        assert_eq!(bot.parts.engine.clock.now().to_rfc3339(), "2026-01-06T14:00:00+00:00");
        let asked = bot.as_read(&question(bot, "cy").unwrap().text);
        assert_eq!(asked, ":mirror: It's time for the retro of #team. Would you answer 3 prompts? It's open until Friday, 9 January at 10:00, \
            or longer if I say so here.\n\
            1. What should we start doing? _(anonymous)_\n2. What should we stop doing, even if it once made sense? _(anonymous)_\n\
            3. What went well and should go on? You can name the people who made it work. _(anonymous)_\n\
            What you write is anonymous: I keep no mark of whose an answer is, or of who has given one. An anonymous prompt is \
            shown only when 5 people have answered it; 6 were asked. With fewer, its answers are deleted and never shown. \
            Until then, only the button below shows you yours.");
        let told = bot.reads_dm("ana").into_iter().find(|text| text.contains("is open until")).unwrap();
        assert!(told.starts_with(":mirror: The retro in #team is open until Friday, 9 January at 10:00. I'm asking 6 people"), "{told}");
    }

    async fn too_few_people_are_not_asked(bot: &mut Bot) {
        let channel = team(bot, &["ana", "ben", "cy"]).await;
        let answer = bot.says("ana", "#team", START).await;
        assert!(answer.text.contains("With fewer than 5 people I ask no one"), "{}", answer.text);
        bot.clicks("ana", "#team", "Start").await;
        comes_to(bot, "open").await;
        let told = bot.reads_dm("ana").pop().unwrap();
        assert!(told.starts_with("I haven't asked anyone in the retro of #team: 3 people would be asked, and an anonymous prompt is shown only when 5 have answered."), "{told}");
        for who in ["ana", "ben", "cy"] {
            assert!(question(bot, who).is_none());
        }
        let programme = programme_in(bot, &channel).await;
        assert!(store::retros(&read_store(bot), &programme.id, 1).await.unwrap().is_empty());
    }

    async fn names_need_no_threshold(bot: &mut Bot) {
        open_with(bot, &["ana", "ben"], &[]).await;
        let asked = bot.as_read(&question(bot, "ben").unwrap().text);
        assert!(asked.contains("1. What should we start doing? _(with your name)_") && !asked.contains("anonym"), "{asked}");
    }

    async fn a_retro_now_is_beside_the_usual_times(bot: &mut Bot) {
        team(bot, &TEAM).await;
        bot.says("ana", "#team", START).await;
        bot.clicks("ana", "#team", "Start").await;
        let answer = bot.says("ben", "#team", "/retro now").await;
        assert!(answer.text.contains("runs these retros") , "{}", bot.as_read(&answer.text));
        let answer = bot.says("ana", "#team", "/retro now").await;
        assert_eq!(bot.as_read(&answer.text), "I'm asking 6 people now, each in their own hours. It's open until Tuesday, 6 January at 10:00.");
        assert!(question(bot, "ana").is_some());
        let answer = bot.says("ana", "#team", "/retro now").await;
        assert!(answer.text.starts_with("A retro is open here until "), "{}", answer.text);
        // It closes when the next one begins, and that one is held.
        comes_to(bot, "open").await;
        comes_to(bot, "open").await;
        assert!(!bot.reads_dm("ana").iter().any(|text| text.contains("wasn't held")), "{:?}", bot.reads_dm("ana"));
    }

    async fn a_retro_is_left_out_while_another_is_open(bot: &mut Bot) {
        open(bot, &TEAM).await;
        bot.says("ana", "#team", "/retro start every Thursday at 10:00").await;
        bot.clicks("ana", "#team", "Change the times").await;
        let status = bot.says("ana", "#team", "/retro status").await.text;
        assert!(status.contains("(left out, unless the one that is open closes before)"), "{status}");
        comes_to(bot, "open").await;
        let told = bot.reads_dm("ana");
        assert!(told.iter().any(|text| text.contains("wasn't held: the retro before was still open.")), "{told:?}");
    }

    async fn everyone_is_reminded_once(bot: &mut Bot) {
        open(bot, &TEAM).await;
        answers(bot, "ana", &[("1", "Less mail")]).await;
        comes_to(bot, "close").await;
        for who in TEAM {
            let reminders = bot.reads_dm(who).into_iter().filter(|text| text.contains("If you'd still like to answer"));
            assert_eq!(reminders.count(), 1, "{who}");
        }
    }

    async fn a_stopped_retro_asks_no_one_more(bot: &mut Bot) {
        let channel = team(bot, &TEAM).await;
        starts(bot, &["1", "2", "3"]).await;
        comes_to(bot, "open").await;
        answers(bot, "ben", &[("1", "Less mail")]).await;
        let stop = bot.says("ana", "#team", "/retro stop").await.text;
        assert!(stop.contains("isn't over: its answers would be deleted, and no one would read them."), "{stop}");
        bot.clicks("ana", "#team", "Stop these retros").await;
        bot.passes(chrono::Duration::days(1));
        bot.settle().await;
        assert!(question(bot, "cy").is_none());
        assert!(store::slots(&read_store(bot), &last_retro(bot, &channel).await.id).await.unwrap().is_empty());
        let dm = bot.user.clone();
        bot.clicks("ben", &dm, "Answer").await;
        bot.eventually("the question says so", || async {
            bot.reads_dm("ben").iter().any(|text| text.starts_with(":mirror: This retro has ended before its time"))
        }).await;
    }
}
