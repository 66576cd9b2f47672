//! An organiser leads a retro on: each step is asked first that can't be taken back, and says which retro it is.

use super::{
    closing::some_answer,
    voting::{control, revealed, shown_in, themes_shown},
    *,
};

each_store! {
    async fn a_close_says_who_was_not_asked_yet(bot: &mut Bot) {
        bot.sandbox.add_person(NewPerson { zone: "America/Los_Angeles", ..NewPerson::named("zoe") });
        let people = ["ana", "ben", "cy", "dee", "eve", "zoe"];
        let channel = team(bot, &people).await;
        starts(bot, &["1"]).await;
        comes_to(bot, "open").await;
        all_are_asked(bot, &people[..2]).await;
        let form = asks(bot, "ana", &with_button(bot, "ana", "Close now"), "Close now").await;
        assert!(shown_in(&form).contains(" of 6 haven't been asked yet*"), "{}", shown_in(&form));
        form.closes();
        bot.settle().await;
        assert!(last_retro(bot, &channel).await.takes_answers(bot.parts.engine.clock.now()));
        surely(bot, "ana", &with_button(bot, "ana", "Close now"), "Close now").await;
        assert!(!last_retro(bot, &channel).await.takes_answers(bot.parts.engine.clock.now()));
        let dm = bot.user.clone();
        let stands = bot.person("ana").reads(&dm).into_iter().filter(|message| message.has_button("Close now"));
        assert_eq!(stands.count(), 0, "no message has buttons that don't work");
    }

    async fn a_step_that_is_typed_leads_to_its_button(bot: &mut Bot) {
        open(bot, &TEAM).await;
        for typed in ["close", "close now", "extend", "Extend by a weekday", "vote now", "finish", "reveal"] {
            let answer = bot.says("ana", "#team", &format!("/retro {typed}")).await.text;
            assert!(answer.contains("is open until"), "{typed}: {answer}");
        }
        let answer = bot.says("ben", "#team", "/retro close").await.text;
        assert!(answer.contains("runs these retros."), "{answer}");
    }

    async fn a_late_form_keeps_what_was_typed(bot: &mut Bot) {
        open(bot, &TEAM).await;
        let form = opens(bot, "fay", "Answer").await;
        assert!(form.fills("prompt_1", "The last one"));
        comes_to(bot, "close").await;
        let Submission::Errors(said) = form.submits().await else { panic!("{}", shown_in(&form)) };
        assert!(said["prompt_1"].starts_with("This retro has closed, so this isn't saved."), "{said:?}");
        form.closes();
        let rows = bot.parts.engine.store.ask("SELECT COUNT(*) FROM processed_delivery WHERE reply LIKE '%The last one%'", Vec::new()).await;
        assert_eq!(rows.unwrap()[0][0].int().unwrap(), 0);
    }

    async fn unread_answers_are_recalled_once(bot: &mut Bot) {
        open(bot, &TEAM).await;
        some_answer(bot, 5).await;
        comes_to(bot, "close").await;
        comes_to(bot, "waits").await;
        let now = bot.parts.engine.clock.now().with_timezone(&chrono_tz::Europe::Lisbon);
        assert_eq!(now.format("%a %H:%M").to_string(), "Mon 10:00", "closed on Friday");
        let recalled = with_button(bot, "ana", "Read and reveal");
        assert!(bot.as_read(&recalled.text).starts_with(":mirror: The retro of Tuesday, 6 January in #team still waits for you:"), "{}", recalled.text);
        bot.passes(chrono::Duration::days(4));
        bot.settle().await;
        let all = bot.reads_dm("ana").into_iter().filter(|text| text.contains("still waits for you")).count();
        assert_eq!(all, 1);
    }

    async fn shown_answers_are_not_recalled(bot: &mut Bot) {
        revealed(bot).await;
        bot.passes(chrono::Duration::days(4));
        bot.settle().await;
        assert!(!bot.reads_dm("ana").iter().any(|text| text.contains("still waits for you")), "{:?}", bot.reads_dm("ana"));
    }

    async fn an_old_retro_says_which_it_is(bot: &mut Bot) {
        revealed(bot).await;
        let old = control(bot, "Show the themes");
        comes_to(bot, "open").await;
        let next = bot.says("ana", "#team", "/retro next").await;
        assert!(next.text.contains("The retro of Tuesday, 13 January is open until") && next.text.contains("The answers of the retro of Tuesday, 6 January are in"), "{}", next.text);
        let form = asks(bot, "ana", &old, "Show the themes").await;
        assert!(shown_in(&form).contains("There has been a newer retro since, on Tuesday, 13 January."), "{}", shown_in(&form));
        assert!(themes_shown(bot).is_empty());
        assert_eq!(form.submits().await, Submission::Updated);
        form.closes();
        bot.settle().await;
        assert!(themes_shown(bot)[0].ends_with("\nThe retro of Tuesday, 6 January."), "{}", themes_shown(bot)[0]);
    }

    async fn history_outlives_the_programme(bot: &mut Bot) {
        revealed(bot).await;
        bot.says("ana", "#team", "/retro stop").await;
        bot.clicks("ana", "#team", "Stop these retros").await;
        let history = bot.says("ben", "#team", "/retro history").await.text;
        assert!(history.starts_with("*The last retros in which you were asked*\n• Tuesday, 6 January: "), "{history}");
        let next = bot.says("ana", "#team", "/retro notes").await.text;
        assert!(next.contains("were stopped on"), "{next}");
    }

    async fn a_stop_thanks_no_one_for_what_is_deleted(bot: &mut Bot) {
        open(bot, &TEAM).await;
        bot.says("ana", "#team", "/retro pause").await;
        let paused = bot.as_read(&bot.reads("fay", "#team").pop().unwrap());
        assert!(paused.contains("has paused the retros") && paused.contains("The retro of Tuesday, 6 January is open until Friday, 9 January"), "{paused}");
        bot.says("ana", "#team", "/retro stop").await;
        bot.clicks("ana", "#team", "Stop these retros").await;
        bot.settle().await;
        let stopped = bot.reads("fay", "#team").pop().unwrap();
        assert!(stopped.contains("has stopped the retros.") && !stopped.contains("Thanks"), "{stopped}");
        let dm = bot.user.clone();
        assert!(!bot.person("ana").reads(&dm).iter().any(|message| message.has_button("Close now")));
    }

    async fn an_organiser_of_one_of_two_finds_theirs(bot: &mut Bot) {
        team(bot, &TEAM).await;
        starts(bot, &["1"]).await;
        bot.says("ben", "#team", "/retro start every Thursday at 10:00 called Ops").await;
        bot.clicks("ben", "#team", "Start").await;
        comes_to(bot, "open").await;
        let ana = bot.says("ana", "#team", "/retro next").await.text;
        assert!(ana.starts_with("The retro of Tuesday, 6 January is open until"), "{ana}");
        let ben = bot.says("ben", "#team", "/retro next").await.text;
        assert!(ben.starts_with("No retro waits for you here."), "{ben}");
    }
}
