//! Requests come in the owner's hours and not while they're away, and the asker reads when.

use super::*;

const ASK: &str = "/promise @cy send the report by Friday";

each_store! {
    async fn a_request_waits_for_the_owners_morning(bot: &mut Bot) {
        // It is 10:00 in Berlin and 4:00 in New York.
        let answer = types(bot, "ben", ASK).await;
        assert!(answer.starts_with("I'll ask @cy for this by Friday, 9 January:\n>send the report\n"), "{answer}");
        assert!(answer.contains("They aren't at work now, so I'll ask them on Monday, 5 January at 09:00, @cy's time."), "{answer}");
        until(bot, "2026-01-05T13:59").await;
        assert!(bot.reads_dm("cy").is_empty());
        until(bot, "2026-01-05T14:01").await;
        let [asked] = &bot.reads_dm("cy")[..] else { panic!("one question: {:?}", bot.reads_dm("cy")) };
        assert!(asked.starts_with(":handshake: @ben asks you for a promise by Friday, 9 January, from #general:"), "{asked}");
        presses(bot, "cy", "I'll do it").await;
        assert_eq!(states(bot).await, ["open"]);
        until(bot, "2026-01-05T20:00").await;
        assert_eq!(bot.reads_dm("cy").len(), 1, "asked once");
    }

    async fn a_request_waits_for_a_person_who_is_away(bot: &mut Bot) {
        bot.says("dee", "#general", "/sync away until 14 January").await;
        let answer = types(bot, "ana", "/promise @dee send the report by Friday").await;
        assert!(answer.contains("I'll ask them on Thursday, 15 January at 09:00, @dee's time. That's after it's due, so they may name another date."), "{answer}");
        until(bot, "2026-01-15T03:29").await;
        assert!(bot.reads_dm("dee").iter().all(|text| !text.contains("asks you for a promise")));
        until(bot, "2026-01-15T03:31").await;
        presses(bot, "dee", "I'll do it").await;
        assert_eq!(bot.person("dee").sees_modal().await.expect("that day is over").title, "When will you do it?");
    }

    async fn a_person_who_goes_away_is_asked_when_back(bot: &mut Bot) {
        types(bot, "ben", ASK).await;
        bot.says("cy", "#general", "/sync away until Wednesday").await;
        until(bot, "2026-01-05T13:59").await;
        assert!(bot.reads_dm("ben").is_empty());
        until(bot, "2026-01-08T13:59").await;
        let delayed = "I haven't asked @cy for this yet:\n>send the report\n\
                       They aren't at work now, so I'll ask them on Thursday, 8 January at 09:00, @cy's time.";
        assert_eq!(bot.reads_dm("ben"), [delayed], "said once, when she should have been asked");
        assert!(bot.reads_dm("cy").iter().all(|text| !text.contains("asks you for a promise")));
        until(bot, "2026-01-08T14:01").await;
        assert!(bot.reads_dm("cy").iter().any(|text| text.contains("asks you for a promise")));
    }

    async fn a_person_who_comes_back_early_is_asked_then(bot: &mut Bot) {
        bot.says("cy", "#general", "/sync away until 14 January").await;
        let answer = types(bot, "ben", ASK).await;
        assert!(answer.contains("I'll ask them on Thursday, 15 January at 09:00, @cy's time."), "{answer}");
        until(bot, "2026-01-06T16:00").await;
        let asked = |bot: &Bot| bot.reads_dm("cy").iter().filter(|text| text.contains("asks you for a promise")).count();
        assert_eq!(asked(bot), 0);
        bot.says("cy", "#general", "/sync back").await;
        until(bot, "2026-01-06T16:10").await;
        assert_eq!(asked(bot), 1);
        until(bot, "2026-01-07T20:00").await;
        assert_eq!(asked(bot), 1, "once");
    }

    async fn a_person_who_comes_back_at_night_is_asked_in_the_morning(bot: &mut Bot) {
        types(bot, "ben", ASK).await;
        bot.says("cy", "#general", "/sync away until Wednesday").await;
        // It is 23:00 in New York, and the asker has read of the delay.
        until(bot, "2026-01-07T04:00").await;
        bot.says("cy", "#general", "/sync back").await;
        bot.settle().await;
        let [delayed] = &bot.reads_dm("ben")[..] else { panic!("{:?}", bot.reads_dm("ben")) };
        assert!(delayed.contains("I'll ask them on Wednesday, 7 January at 09:00, @cy's time."), "{delayed}");
        until(bot, "2026-01-07T14:01").await;
        assert!(bot.reads_dm("cy").iter().any(|text| text.contains("asks you for a promise")));
    }

    async fn what_is_taken_back_before_is_never_asked(bot: &mut Bot) {
        types(bot, "ben", ASK).await;
        bot.clicks("ben", "#general", "Take it back").await;
        until(bot, "2026-01-06T20:00").await;
        assert!(bot.reads_dm("cy").is_empty());
        assert_eq!(states(bot).await, ["withdrawn"]);
    }

    async fn an_owner_may_answer_before_they_are_asked(bot: &mut Bot) {
        types(bot, "ben", ASK).await;
        types(bot, "cy", "/promise mine").await;
        bot.clicks("cy", "#general", "I'll do it").await;
        until(bot, "2026-01-05T15:00").await;
        assert!(bot.reads_dm("cy").is_empty(), "nothing is left to ask");
        assert!(bot.reads_last("ben", &bot.user.clone()).starts_with(":handshake: @cy promises this by"));
    }

    async fn an_owner_who_left_meanwhile_is_not_asked(bot: &mut Bot) {
        types(bot, "ben", ASK).await;
        bot.sandbox.deactivate("cy");
        bot.hears_events().await;
        until(bot, "2026-01-05T15:00").await;
        assert_eq!(states(bot).await, ["returned"]);
        let heard: Vec<String> = bot.reads_dm("ben");
        assert_eq!(heard.len(), 1, "{heard:?}");
        assert!(heard[0].starts_with("No one will answer this request any more:\n>send the report\n"), "{heard:?}");
        presses(bot, "ben", "I'll do it myself").await;
        assert!(bot.reads_last("ben", &bot.user.clone()).contains("Promised for Friday, 9 January"), "{:?}", bot.reads_dm("ben"));
        assert_eq!(states(bot).await, ["open"]);
    }

    async fn another_person_is_asked_in_their_hours_too(bot: &mut Bot) {
        types(bot, "ana", "/promise @ben send the report by Friday").await;
        presses(bot, "ben", "Can't").await;
        let ben = bot.person("ben");
        ben.sees_modal().await.expect("a form");
        ben.submits().await;
        bot.settle().await;
        presses(bot, "ana", "Ask another person").await;
        let ana = bot.person("ana");
        ana.sees_modal().await.expect("a form");
        assert!(ana.fills("who", bot.id("cy")));
        ana.submits().await;
        bot.settle().await;
        let heard = bot.reads_last("ana", &bot.user.clone());
        assert!(heard.contains("I'll ask them on Monday, 5 January at 09:00, @cy's time."), "{heard}");
        until(bot, "2026-01-05T14:01").await;
        assert!(bot.reads_dm("cy")[0].starts_with(":handshake: @ana asks you for a promise"));
    }
}
