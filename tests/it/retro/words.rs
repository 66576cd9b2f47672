//! Words that are no request, or not yet: what people read leads on.

use super::{once::holds_now, *};

each_store! {
    async fn words_without_a_meaning_lead_on(bot: &mut Bot) {
        open(bot, &TEAM).await;
        let leads = [
            ("answer", "You answer with the button in my own message to you."),
            ("results", "Did you mean `/retro history`?"),
            ("new", "Did you mean `/retro start last Friday of the month at 10:00`?"),
            ("open", "Did you mean `/retro now`?"),
            ("ask everyone", "Did you mean `/retro now`?"),
            ("nwo", "Did you mean `/retro now`?"),
            ("now please", "Did you mean `/retro now`?"),
            ("notes delete", "Did you mean `/retro notes`?"),
            ("delete note", "Did you mean `/retro notes`?"),
            ("remove note", "Did you mean `/retro notes`?"),
            ("delete", "`hide` hides an answer that the channel has read"),
            ("settings", "Did you mean `/retro`?"),
            ("remind", "I remind everyone who was asked once"),
            ("export", "The people who run me can export it"),
            ("reopen", "A retro that has closed stays closed"),
        ];
        for (typed, led) in leads {
            let answer = bot.says("ana", "#team", &format!("/retro {typed}")).await.text;
            assert!(answer.contains(led) && answer.contains("Nothing has changed."), "{typed}: {answer}");
        }
    }

    async fn a_single_date_says_which_word_it_needs(bot: &mut Bot) {
        team(bot, &TEAM).await;
        let told = [
            ("start on 11 December at 10:00", "\"11 December\" is one date: that needs \"once\" before it. For example: `/retro start once on 11 December 2026 at 10:00"),
            ("start tomorrow at 10", "\"tomorrow\" is one date: that needs \"once\" before it. For example: `/retro start once on 6 January 2026 at 10:00"),
            ("start once on 12/11", "I don't know the date \"12/11\". For example: `/retro start once on "),
            ("start once at 10:00", "Which date goes with \"once\"? For example: `/retro start once on "),
        ];
        for (typed, said) in told {
            let answer = bot.says("ana", "#team", &format!("/retro {typed}")).await.text;
            assert!(answer.starts_with(said), "{typed}: {answer}");
        }
    }

    async fn now_goes_with_no_place(bot: &mut Bot) {
        team(bot, &TEAM).await;
        let ana = bot.person("ana");
        ana.says("#team", "/retro").await;
        assert!(ana.sees_modal().await.is_some());
        assert!(ana.fills("when", "now in Tokyo"));
        let Submission::Errors(said) = ana.submits().await else { panic!("it is refused") };
        assert_eq!(said["when"], "Write \"now\" alone, without a place or a time, or write a day and a time instead.");
        ana.closes();
    }

    async fn a_retro_of_another_person_leaves_room_for_ones_own(bot: &mut Bot) {
        let channel = team(bot, &TEAM).await;
        holds_now(bot, "ana").await;
        let answer = bot.says("ben", "#team", "/retro start every Thursday at 10:00").await.text;
        let own = "Want your own beside them? Press *Set up another* at `/retro`, and give yours a name. \
            This retro is held once: when it's over, anyone may hold the next.";
        assert!(answer.contains("@ana runs these retros.") || answer.contains("runs these retros."), "{answer}");
        assert!(answer.ends_with(own), "{answer}");
        let answer = bot.says("ben", "#team", "/retro now").await.text;
        assert!(answer.ends_with(own), "{answer}");
        // It works as it says.
        bot.says("ben", "#team", "/retro").await;
        bot.clicks("ben", "#team", "Set up another").await;
        let ben = bot.person("ben");
        assert!(ben.sees_modal().await.is_some());
        assert!(ben.fills("name", "Ops") && ben.fills("when", "every Thursday at 10:00"));
        assert_eq!(ben.submits().await, Submission::Updated);
        assert_eq!(ben.submits().await, Submission::Closed);
        bot.settle().await;
        let engine = &bot.parts.engine;
        assert_eq!(engine.store.programmes_in(&engine.team, "retro", &channel).await.unwrap().len(), 2);
    }

    async fn what_is_held_once_is_not_paused_when_it_is_over(bot: &mut Bot) {
        let channel = team(bot, &TEAM).await;
        holds_now(bot, "ana").await;
        for who in ["ana", "ben"] {
            let answer = bot.says(who, "#team", "/retro pause").await.text;
            assert!(!answer.contains("I've paused"), "{who}: {answer}");
        }
        comes_to(bot, "close").await;
        let answer = bot.says("ben", "#team", "/retro pause").await.text;
        assert!(!answer.contains("I've paused"), "{answer}");
        let answer = bot.says("ana", "#team", "/retro pause").await.text;
        assert!(answer.starts_with("No retro here is to come, so there's nothing to pause."), "{answer}");
        assert!(!bot.reads("cy", "#team").iter().any(|text| text.contains("has paused")), "the channel reads nothing");
        let answer = bot.says("ben", "#team", "/retro hand over to @ben").await.text;
        assert!(answer.contains(" runs these retros."), "{answer}");
        let programmes = bot.parts.engine.store.programmes_in(&bot.parts.engine.team, "retro", &channel).await.unwrap();
        assert_eq!(programmes[0].organisers, [bot.id("ana").as_str().into()], "no one takes what is over from its organiser");
    }

    async fn a_stop_is_said_once_to_its_organiser(bot: &mut Bot) {
        open(bot, &TEAM).await;
        bot.says("ana", "#team", "/retro stop").await;
        bot.clicks("ana", "#team", "Stop these retros").await;
        bot.settle().await;
        let told = bot.reads_dm("ana");
        assert_eq!(told.iter().filter(|text| text.contains("has ended before its time")).count(), 1, "{told:?}");
        assert!(told.iter().any(|text| text == ":mirror: The retro of Tuesday, 6 January in #team was stopped while it was open."), "{told:?}");
    }
}
