//! The same promise twice, and as many as a person can have.

use super::*;

each_store! {
    async fn the_same_promise_twice_is_one(bot: &mut Bot) {
        types(bot, "ben", "/promise send the report by Friday").await;
        let again = types(bot, "ben", "/promise Send the  REPORT by 9 January").await;
        assert!(again.starts_with("You promised this a few minutes ago, so I've kept it once:\n"), "{again}");
        assert_eq!(states(bot).await, ["open"]);
        types(bot, "ben", "/promise send the report by Thursday").await;
        types(bot, "ana", "/promise @ben send the report by Friday").await;
        let again = types(bot, "ana", "/promise @ben send the report by Friday").await;
        assert!(again.starts_with("You asked @ben for this a few minutes ago, so I haven't asked again:\n"), "{again}");
        assert_eq!(states(bot).await, ["open", "open", "asked"]);
        bot.passes(Duration::minutes(10));
        assert!(types(bot, "ben", "/promise send the report by Friday").await.starts_with(":handshake: Promised for Friday"));
    }

    async fn what_was_dropped_can_be_promised_again(bot: &mut Bot) {
        types(bot, "ben", "/promise send the report by Friday").await;
        bot.says("ben", "#general", "/promise mine").await;
        bot.clicks("ben", "#general", "Drop it").await;
        assert!(types(bot, "ben", "/promise send the report by Friday").await.starts_with(":handshake: Promised for Friday"));
        assert_eq!(states(bot).await, ["dropped", "open"]);
    }

    async fn of_the_same_promise_at_once_one_counts(bot: &mut Bot) {
        let forms: Vec<String> = (0..4).map(|_| bot.command_of("ben", "/promise send it by Friday")).collect();
        let sent = forms.iter().map(|form| bot.sends("/slack/commands", crate::support::gestures::FORM, form.as_bytes()));
        futures_util::future::join_all(sent).await;
        bot.settle().await;
        assert_eq!(states(bot).await, ["open"]);
    }

    async fn a_person_has_fifty_open_promises(bot: &mut Bot) {
        for number in 1..=48 {
            types(bot, "ben", &format!("/promise thing {number} by Friday")).await;
        }
        let forms: Vec<String> = (49..=54).map(|number| bot.command_of("ben", &format!("/promise thing {number} by Friday"))).collect();
        let sent = forms.iter().map(|form| bot.sends("/slack/commands", crate::support::gestures::FORM, form.as_bytes()));
        futures_util::future::join_all(sent).await;
        bot.settle().await;
        assert_eq!(states(bot).await, ["open"; 50]);
        types(bot, "ana", "/promise @ben one more by Friday").await;
        presses(bot, "ben", "I'll do it").await;
        let told = bot.reads_last("ben", &bot.user.clone());
        assert!(told.starts_with("You have 50 open promises, so I haven't added this one:\n>"), "{told}");
        bot.says("ben", "#general", "/promise mine").await;
        bot.clicks("ben", "#general", "Done").await;
        presses(bot, "ben", "I'll do it").await;
        let open = states(bot).await.into_iter().filter(|state| state == "open").count();
        assert_eq!(open, 50);
    }

    async fn a_form_beyond_fifty_stays_open(bot: &mut Bot) {
        types(bot, "ana", "/promise @ben one more by Friday").await;
        for number in 1..=50 {
            types(bot, "ben", &format!("/promise thing {number} by Friday")).await;
        }
        presses(bot, "ben", "Another date").await;
        let ben = bot.person("ben");
        ben.sees_modal().await.expect("a form");
        assert!(ben.fills("date", "2026-01-12"));
        let slack_sandbox::Submission::Errors(errors) = ben.submits().await else { panic!("the form stays open") };
        assert_eq!(errors["date"], "You have 50 open promises, and this would be one more. Finish or drop one first: /promise mine shows them.");
        ben.closes();
        types(bot, "ben", "/promise thing 51").await;
        ben.sees_modal().await.expect("a form");
        assert!(ben.fills("date", "2026-01-12"));
        let slack_sandbox::Submission::Errors(errors) = ben.submits().await else { panic!("the form stays open") };
        assert!(errors["what"].starts_with("You have 50 open promises"), "{errors:?}");
    }

    async fn a_person_asks_twenty_times_a_day(bot: &mut Bot) {
        for number in 1..=20 {
            types(bot, "ana", &format!("/promise @ben thing {number} by Friday")).await;
        }
        let more = types(bot, "ana", "/promise @ben thing 21 by Friday").await;
        assert!(more.starts_with("You've asked for 20 promises today, so I haven't asked for this one:\n>thing 21"), "{more}");
        assert!(types(bot, "ana", "/promise thing 21 by Friday").await.starts_with(":handshake:"), "one's own are no requests");
        assert_eq!(states(bot).await.len(), 21);
        bot.passes(Duration::days(1));
        assert!(types(bot, "ana", "/promise @ben thing 21 by Friday").await.starts_with("I've asked @ben"));
    }
}
