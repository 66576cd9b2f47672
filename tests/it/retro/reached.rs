//! Who is asked after a retro has begun, and what is said of those who aren't.

use chrono::Duration;

use super::*;

/// Moves the clock by whole hours until a person was asked, and returns the day; `None` if the retro closes before.
async fn asked_on(bot: &mut Bot, who: &str) -> Option<String> {
    for _ in 0..24 * 5 {
        if question(bot, who).is_some() {
            return Some(bot.parts.engine.clock.now().date_naive().to_string());
        }
        bot.passes(Duration::hours(1));
        bot.settle().await;
    }
    None
}

/// Opens a retro while fay is away on its first day.
async fn begins_without_fay(bot: &mut Bot) -> ChannelId {
    let channel = team(bot, &TEAM).await;
    starts(bot, &["1", "2", "3"]).await;
    bot.says("fay", "#team", "/retro away 6 January").await;
    comes_to(bot, "open").await;
    assert_eq!(last_retro(bot, &channel).await.asked, 6);
    channel
}

each_store! {
    async fn away_counts_also_if_it_is_said_afterwards(bot: &mut Bot) {
        begins_without_fay(bot).await;
        bot.says("fay", "#team", "/retro away 7 January").await;
        assert_eq!(asked_on(bot, "fay").await.as_deref(), Some("2026-01-08"));
    }

    async fn who_has_left_is_not_asked(bot: &mut Bot) {
        let channel = begins_without_fay(bot).await;
        bot.says("fay", "#team", "/retro leave").await;
        assert_eq!(asked_on(bot, "fay").await, None);
        let retro = last_retro(bot, &channel).await;
        assert_eq!((retro.asked, store::asked(&read_store(bot), &retro.id).await.unwrap().len()), (5, 5));
        let history = bot.says("ana", "#team", "/retro history").await.text;
        assert!(history.contains("5 people were asked"), "{history}");
        assert!(!bot.reads_dm("fay").iter().any(|text| text.contains("retro of")), "{:?}", bot.reads_dm("fay"));
    }

    async fn only_those_who_were_reached_count_as_asked(bot: &mut Bot) {
        let channel = begins_without_fay(bot).await;
        all_are_asked(bot, &TEAM[..5]).await;
        for who in &TEAM[..5] {
            answers(bot, who, &[("1", &format!("Idea of {who}"))]).await;
        }
        let form = asks(bot, "ana", &with_button(bot, "ana", "Close now"), "Close now").await;
        assert!(form.modal().unwrap().plain().contains("1 of 6"), "{}", form.modal().unwrap().plain());
        assert_eq!(form.submits().await, Submission::Updated);
        form.closes();
        bot.settle().await;
        let told = bot.reads_dm("ana").into_iter().rev().find(|text| text.contains("were asked")).unwrap();
        assert!(told.contains("5 people were asked"), "{told}");
        assert_eq!(last_retro(bot, &channel).await.asked, 5);
        let history = bot.says("fay", "#team", "/retro history").await.text;
        assert!(history.contains("None so far"), "{history}");
        reveals(bot).await;
        let form = opens(bot, "ana", "Start the vote").await;
        assert_eq!(form.submits().await, Submission::Updated);
        form.closes();
        bot.settle().await;
        let vote = super::voting::vote_message(bot, "fay");
        bot.person("fay").clicks(&vote, "Vote").await;
        bot.settle().await;
        assert!(bot.reads("fay", "#team").iter().any(|text| text.starts_with("Only those who were asked in this retro vote.")));
    }

    async fn nothing_waits_for_a_persons_hours_once_it_is_closed(bot: &mut Bot) {
        let channel = open(bot, &TEAM).await;
        bot.says("fay", "#team", "/retro away until Friday").await;
        bot.person("ana").clicks(&with_button(bot, "ana", "Extend by a weekday"), "Extend by a weekday").await;
        bot.settle().await;
        let began = reads_team(bot, "ben", ":mirror: The retro has begun:").pop().unwrap();
        assert!(began.contains("It's open until"), "{began}");
        let standing = with_button(bot, "ana", "Close now");
        surely(bot, "ana", &standing, "Close now").await;
        assert!(!last_retro(bot, &channel).await.takes_answers(bot.parts.engine.clock.now()));
        // The first message says so, too.
        assert_eq!(reads_team(bot, "ben", ":mirror: The retro has begun:"), Vec::<String>::new());
        assert_eq!(reads_team(bot, "ben", ":mirror: The retro of Tuesday, 6 January is closed.").len(), 1, "{:?}", bot.reads("ben", "#team"));
        bot.passes(Duration::days(5));
        bot.settle().await;
        assert!(!bot.reads_dm("fay").iter().any(|text| text.contains("stays open")), "{:?}", bot.reads_dm("fay"));
    }

    async fn a_status_tells_of_retros_beside_the_usual_times(bot: &mut Bot) {
        let channel = team(bot, &TEAM).await;
        starts(bot, &["1", "2", "3"]).await;
        bot.says("ana", "#team", "/retro now").await;
        bot.clicks("ana", "#team", "Ask them now").await;
        bot.settle().await;
        let retro = last_retro(bot, &channel).await;
        assert_eq!(retro.date.to_string(), "2026-01-05");
        surely(bot, "ana", &with_button(bot, "ana", "Close now"), "Close now").await;
        let status = bot.says("ben", "#team", "/retro status").await.text;
        assert!(status.contains("Monday, 5 January: "), "{status}");
    }

    async fn empty_retros_push_out_none_with_answers(bot: &mut Bot) {
        team(bot, &TEAM).await;
        starts_at(bot, &["1", "2", "3"], "every weekday at 10:00").await;
        comes_to(bot, "open").await;
        all_are_asked(bot, &TEAM).await;
        for who in TEAM {
            answers(bot, who, &[("1", "Lunch")]).await;
        }
        comes_to(bot, "close").await;
        reveals(bot).await;
        for _ in 0..9 {
            comes_to(bot, "close").await;
        }
        let history = bot.says("ben", "#team", "/retro history").await.text;
        assert!(history.contains("6 answers shown") && history.matches("people were asked").count() == 8, "{history}");
        assert!(history.contains("There are more. `/retro history 20` shows up to 20."), "{history}");
        let three = bot.says("ben", "#team", "/retro history 3").await.text;
        assert!(three.contains("6 answers shown") && three.matches("people were asked").count() == 3, "{three}");
        let all = bot.says("ben", "#team", "/retro history 20").await.text;
        assert!(all.matches("people were asked").count() > 8 && !all.contains("There are more"), "{all}");
    }

    async fn a_retro_that_is_never_shown_blocks_no_other(bot: &mut Bot) {
        let channel = team(bot, &TEAM).await;
        super::once::holds_now(bot, "ana").await;
        all_are_asked(bot, &TEAM).await;
        for who in TEAM {
            answers(bot, who, &[("1", "Lunch")]).await;
        }
        comes_to(bot, "close").await;
        bot.passes(Duration::days(10));
        bot.settle().await;
        let told = bot.says("ben", "#team", "/retro now").await.plain();
        assert!(told.starts_with("@ana runs these retros"), "{told}");
        bot.passes(Duration::days(5));
        bot.settle().await;
        super::once::holds_now(bot, "ben").await;
        let programme = programme_in(bot, &channel).await;
        assert_eq!(programme.organisers, [bot.id("ben").as_str().into()]);
        let held = store::retros(&read_store(bot), &programme.id, 9).await.unwrap();
        assert_eq!(held.len(), 2);
    }

    async fn a_retro_that_was_held_once_is_listed_no_more(bot: &mut Bot) {
        team(bot, &TEAM).await;
        super::once::holds_now(bot, "ana").await;
        super::once::goes_to_its_end(bot, "ana").await;
        for typed in ["/retro status", "/retro skip"] {
            let told = bot.says("ben", "#team", typed).await.plain();
            assert!(!told.contains("Next retro"), "{typed}: {told}");
        }
    }

    async fn a_retro_under_way_is_not_asked_for_other_times(bot: &mut Bot) {
        team(bot, &TEAM).await;
        super::once::holds_now(bot, "ana").await;
        let status = bot.says("ana", "#team", "/retro").await;
        assert!(!status.plain().contains("Change"), "{}", status.plain());
    }
}
