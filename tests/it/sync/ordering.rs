//! *Order and strike*: the lead and the organisers order an agenda.

use slack_sandbox::Submission;

use super::{
    agenda::{adds, fields, next_lead, orders},
    *,
};

each_store! {
    async fn only_those_who_run_a_sync_order_it(bot: &mut Bot) {
        running(bot, &["ana", "ben", "cy"]).await;
        adds(bot, "ben", "Budget").await;
        let lead = next_lead(bot).await;
        let other = ["ben", "cy"].into_iter().find(|name| *name != lead).unwrap();
        bot.says(other, "#team", "/sync agenda").await;
        let seen = bot.person(other).reads("#team").pop().unwrap();
        assert!(!seen.blocks.iter().any(|block| block.to_string().contains("Order and strike")));
        bot.says("ana", "#team", "/sync agenda").await;
        let anas = bot.person("ana").reads("#team").pop().unwrap();
        assert!(anas.blocks.iter().any(|block| block.to_string().contains("Order and strike")), "ana runs it");
        let programme = bot.parts.engine.store.programme_ids(&bot.parts.engine.team).await.unwrap().remove(0);
        let answers = crate::coffee::answers_to(bot, other, "sync:order", &programme).await;
        assert!(answers.iter().any(|text| text.starts_with("@ana runs these syncs.")), "{answers:?}");
    }

    async fn of_two_who_order_at_once_the_second_hears_so(bot: &mut Bot) {
        running(bot, &["ana", "ben", "cy"]).await;
        for point in ["a", "b"] {
            adds(bot, "ben", point).await;
        }
        let ana = orders(bot, "ana").await;
        let fields = fields(&ana);
        assert!(ana.fills(&fields[0], ""));
        let lead = next_lead(bot).await;
        if lead == "ana" {
            next_sync(bot).await;
        } else {
            let other = orders(bot, &lead).await;
            assert_eq!(other.submits().await, Submission::Closed);
            bot.settle().await;
        }
        let Submission::Errors(errors) = ana.submits().await else { panic!("the form stays open") };
        assert!(errors[&fields[0]].starts_with("This agenda was ordered by another person, or its sync has begun"), "{errors:?}");
    }

    async fn a_form_that_is_open_over_the_start_changes_nothing(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        adds(bot, "ben", "Budget").await;
        let ana = orders(bot, "ana").await;
        let field = ana.modal().unwrap().blocks[1]["block_id"].as_str().unwrap().to_owned();
        assert!(ana.fills(&field, ""));
        next_sync(bot).await;
        adds(bot, "ben", "Later").await;
        let sent = ana.submits().await;
        assert!(matches!(sent, Submission::Errors(_)), "{sent:?}");
        assert_eq!(reads_team(bot, "ana", "*Agenda*"), ["*Agenda*\n1. Budget (@ben)"]);
    }

    async fn of_two_orders_in_one_instant_one_counts(bot: &mut Bot) {
        running(bot, &["ana", "ben", "cy"]).await;
        for point in ["a", "b"] {
            adds(bot, "ben", point).await;
        }
        let ana = orders(bot, "ana").await;
        let fields = fields(&ana);
        assert!(ana.fills(&fields[0], "2") && ana.fills(&fields[1], "1"));
        let (one, other) = tokio::join!(ana.submits(), ana.submits());
        bot.settle().await;
        let closed = [&one, &other].into_iter().filter(|sent| **sent == Submission::Closed).count();
        assert!(closed >= 1, "{one:?} {other:?}");
        assert_eq!(agenda(bot, "ben").await, ["b (@ben)", "a (@ben)"]);
    }

    async fn an_impossible_place_keeps_the_form_open(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        for point in ["a", "b", "c"] {
            adds(bot, "ben", point).await;
        }
        let ana = orders(bot, "ana").await;
        let fields = fields(&ana);
        for wrong in ["-5", "0", "4", "999", "soon", "1.5", "99999999999999999999"] {
            ana.fills(&fields[0], wrong);
            assert!(matches!(ana.submits().await, Submission::Errors(_)), "{wrong}");
        }
        assert!(ana.fills(&fields[0], "3") && ana.fills(&fields[2], "1"));
        assert_eq!(ana.submits().await, Submission::Closed);
        bot.settle().await;
        assert_eq!(agenda(bot, "ben").await, ["c (@ben)", "b (@ben)", "a (@ben)"]);
    }

    async fn a_struck_point_is_gone(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        for point in ["a", "b", "c"] {
            adds(bot, "ben", point).await;
        }
        let ana = orders(bot, "ana").await;
        let fields = fields(&ana);
        assert!(ana.fills(&fields[1], "") && ana.fills(&fields[0], "2") && ana.fills(&fields[2], "1"));
        adds(bot, "ben", "d").await;
        assert_eq!(ana.submits().await, Submission::Closed);
        bot.settle().await;
        assert_eq!(agenda(bot, "ben").await, ["c (@ben)", "a (@ben)", "d (@ben)"]);
        next_sync(bot).await;
        assert_eq!(reads_team(bot, "ana", "*Agenda*"), ["*Agenda*\n1. c (@ben)\n2. a (@ben)\n3. d (@ben)"]);
    }
}
