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
            Until the retro closes, I show your answers to you alone, when you press the button again.");
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
        let asked = bot.as_read(&answer.text);
        assert!(asked.starts_with("Hold a retro now? 6 people would be asked, each in their own hours, and could answer until Tuesday, 6 January at 10:00.\nI ask *Start, stop, continue*: answers to prompt "), "{asked}");
        assert!(asked.contains("is shown only when 5 people have answered it.") && question(bot, "ana").is_none(), "{asked}");
        assert!(reads_team(bot, "ben", ":mirror: The retro has begun:").is_empty());
        bot.clicks("ana", "#team", "Ask them now").await;
        bot.settle().await;
        let told = bot.reads("ana", "#team");
        let opened = "I'm asking 6 people now, each in their own hours. It's open until Tuesday, 6 January at 10:00.";
        assert!(told.iter().any(|text| text == opened), "{told:?}");
        assert!(question(bot, "ana").is_some());
        let answer = bot.says("ana", "#team", "/retro now").await;
        assert!(answer.text.starts_with("A retro is open here until "), "{}", answer.text);
        // It closes when the next one begins, and that one is held.
        comes_to(bot, "open").await;
        comes_to(bot, "open").await;
        assert!(!bot.reads_dm("ana").iter().any(|text| text.contains("wasn't held")), "{:?}", bot.reads_dm("ana"));
    }

    async fn a_question_about_a_retro_now_may_be_old(bot: &mut Bot) {
        let channel = team(bot, &TEAM).await;
        starts(bot, &["1", "2", "3"]).await;
        let id = programme_in(bot, &channel).await.id;
        let version = programme_in(bot, &channel).await.version;
        crate::coffee::answers_to(bot, "ben", "retro:ask_now", &format!("{id} {version}")).await;
        crate::coffee::answers_to(bot, "ana", "retro:ask_now", &format!("{id} {}", version + 7)).await;
        crate::coffee::answers_to(bot, "ana", "retro:ask_now", "").await;
        bot.settle().await;
        assert!(store::retros(&read_store(bot), &id, 1).await.unwrap().is_empty());
        bot.says("ana", "#team", "/retro now").await;
        bot.clicks("ana", "#team", "Not now").await;
        bot.settle().await;
        assert!(store::retros(&read_store(bot), &id, 1).await.unwrap().is_empty());
        for _ in 0..2 {
            crate::coffee::answers_to(bot, "ana", "retro:ask_now", &format!("{id} {version}")).await;
        }
        bot.settle().await;
        assert_eq!(store::retros(&read_store(bot), &id, 9).await.unwrap().len(), 1);
        assert_eq!(reads_team(bot, "ben", ":mirror: The retro has begun:").len(), 1);
    }

    async fn a_retro_without_anyone_to_ask_is_told_once(bot: &mut Bot) {
        team(bot, &["ana", "ben"]).await;
        starts_at(bot, &[], "every weekday at 10:00").await;
        for who in ["ana", "ben"] {
            bot.says(who, "#team", "/retro leave").await;
        }
        for _ in 0..4 {
            comes_to(bot, "open").await;
        }
        let told = bot.reads_dm("ana").into_iter().filter(|text| text.contains("there was no one to ask"));
        assert_eq!(told.count(), 1, "{:?}", bot.reads_dm("ana"));
    }

    async fn a_name_that_looks_like_a_time_is_a_name(bot: &mut Bot) {
        team(bot, &TEAM).await;
        for typed in ["/retro start every Tuesday at 10:00 called Weekly", "/retro start every Thursday at 10:00 called Team health"] {
            bot.says("ana", "#team", typed).await;
            bot.clicks("ana", "#team", "Start").await;
        }
        let cancelled = bot.says("ana", "#team", "/retro cancel").await.plain();
        assert!(cancelled.contains("/retro cancel called Team health"), "{cancelled}");
        for typed in ["/retro stop Weekly", "/retro end weekly"] {
            let asked = bot.says("ana", "#team", typed).await.plain();
            assert!(asked.contains("Weekly") && !asked.contains("/retro start") && !asked.contains("don't know"), "{typed}: {asked}");
        }
        let refused = bot.says("ana", "#team", "/retro stop every Tuesday").await.plain();
        assert!(refused.contains("Weekly") && !refused.contains("/retro start"), "{refused}");
        let not_hers = bot.says("ben", "#team", "/retro next").await.plain();
        assert!(not_hers.starts_with("Only those who run a retro, or a workspace admin, can lead it on: "), "{not_hers}");
        for (typed, way) in [("results", "history"), ("now please", "now"), ("nwo", "now"), ("notes delete", "notes"), ("new", "start")] {
            let told = bot.says("ben", "#team", &format!("/retro {typed}")).await.plain();
            assert!(told.contains(&format!("Did you mean `/retro {way}")), "{typed}: {told}");
        }
    }

    async fn a_preview_says_what_is_asked(bot: &mut Bot) {
        team(bot, &TEAM).await;
        let preview = bot.says("ana", "#team", "/retro start once on Saturday at 10:00").await.plain();
        assert!(preview.contains("I ask *Start, stop, continue*: answers to prompt") && preview.contains("only when 5 people have answered it. People have 3 days to answer."), "{preview}");
        assert!(preview.contains("Saturday, 10 January is on a weekend: those who don't work then are asked on their next working day."), "{preview}");
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
            let reminders = bot.reads_dm(who).into_iter().filter(|text| text.contains("the button under its questions above takes"));
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
        assert!(question(bot, "ben").is_none(), "it has no buttons any more");
        assert!(bot.reads("cy", "#team").iter().any(|text| text == ":mirror: The retro of Tuesday, 6 January was stopped."), "{:?}", bot.reads("cy", "#team"));
        assert!(bot.reads_dm("ben").iter().any(|text| text.starts_with(":mirror: The retro of Tuesday, 6 January in #team was stopped while it was open, so nothing more goes in.")));
    }
}
