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
        assert_eq!(ana.submits().await, Submission::Updated);
        assert_eq!(ana.submits().await, Submission::Closed);
        bot.settle().await;
        assert_eq!(agenda(bot, "ben").await, ["c (@ben)", "a (@ben)", "d (@ben)"]);
        next_sync(bot).await;
        assert_eq!(reads_team(bot, "ana", "*Agenda*"), ["*Agenda*\n1. c (@ben)\n2. a (@ben)\n3. d (@ben)"]);
    }

    async fn striking_points_of_others_asks_first(bot: &mut Bot) {
        running(bot, &["ana", "ben", "cy"]).await;
        for (who, point) in [("ben", "Budget <!here>"), ("cy", "Rooms"), ("ana", "Mine"), ("ben", "Hiring")] {
            adds(bot, who, point).await;
        }
        let ana = empties_all(bot, &["Budget", "Rooms", "Mine", "Hiring"]).await;
        let asked = ana.modal().unwrap();
        assert_eq!(asked.title, "Strike these points?");
        let words = serde_json::to_string(&asked.blocks).unwrap();
        for part in ["4 points come off the agenda:", "Budget", "Rooms", "Mine", "Hiring", "can put them back"] {
            assert!(words.contains(part), "{words}");
        }
        assert_eq!(agenda(bot, "ben").await.len(), 4, "nothing is struck yet");
        assert_eq!(ana.submits().await, Submission::Closed);
        bot.settle().await;
        assert_eq!(agenda(bot, "ben").await.len(), 0);
        super::before::until(bot, "2026-01-05T16:00").await;
        let of = |bot: &Bot, who: &str| {
            let told = bot.reads_dm(who).into_iter().filter(|text| text.starts_with("@ana has taken "));
            told.collect::<Vec<String>>()
        };
        let [bens] = &of(bot, "ben")[..] else { panic!("once") };
        assert!(bens.starts_with("@ana has taken some points of yours off the agenda of the sync in #team:\n• Budget"), "{bens}");
        assert!(bens.contains("• Hiring") && !bens.contains("Rooms"), "{bens}");
        let [cys] = &of(bot, "cy")[..] else { panic!("once") };
        assert!(cys.starts_with("@ana has taken a point of yours off the agenda of the sync in #team:\n>Rooms"), "{cys}");
        assert!(of(bot, "ana").is_empty(), "who strikes knows");
    }

    async fn a_struck_point_is_put_back_by_its_author(bot: &mut Bot) {
        running(bot, &["ana", "ben", "cy"]).await;
        for point in ["Budget", "Hiring"] {
            adds(bot, "ben", point).await;
        }
        adds(bot, "ana", "Mine").await;
        let ana = orders(bot, "ana").await;
        let fields = fields(&ana);
        assert!(ana.fills(&fields[0], "") && ana.fills(&fields[1], ""));
        assert_eq!(ana.submits().await, Submission::Updated);
        assert_eq!(ana.submits().await, Submission::Closed);
        bot.settle().await;
        let dm = bot.user.clone();
        let message = bot.person("ben").reads(&dm).pop().unwrap();
        bot.clicks("ben", &dm, "Put them back").await;
        assert_eq!(agenda(bot, "ben").await, ["Mine (@ana)", "Budget (@ben)", "Hiring (@ben)"]);
        assert!(bot.reads_dm("ben").iter().any(|text| text.starts_with("Back on the agenda of the sync, ")));
        // A second press of the same button, as a slow client sends it.
        let value = message.blocks.iter().find_map(|block| block["elements"][0]["value"].as_str()).unwrap().to_owned();
        let answers = crate::coffee::answers_to(bot, "ben", "sync:put_back", &value).await;
        assert!(answers.iter().any(|text| text.starts_with("That's on the agenda again already")), "{answers:?}");
        let answers = crate::coffee::answers_to(bot, "ana", "sync:put_back", &format!("{value} x")).await;
        assert!(answers.iter().any(|text| text.starts_with("That's on the agenda again already")), "{answers:?}");
        assert_eq!(agenda(bot, "ben").await.len(), 3);
    }

    async fn an_author_at_night_reads_of_it_in_the_morning(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        adds(bot, "ben", "Budget").await;
        super::before::until(bot, "2026-01-05T22:00").await;
        let ana = empties_all(bot, &["Budget"]).await;
        assert_eq!(ana.submits().await, Submission::Closed);
        bot.settle().await;
        let told = |bot: &Bot| bot.reads_dm("ben").iter().any(|text| text.starts_with("@ana has taken a point of yours"));
        assert!(!told(bot));
        super::before::until(bot, "2026-01-06T09:30").await;
        assert!(told(bot));
    }

    async fn a_question_to_strike_that_is_open_over_an_order_changes_nothing(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        adds(bot, "ben", "Budget").await;
        let ana = empties_all(bot, &["Budget"]).await;
        next_sync(bot).await;
        assert_eq!(ana.submits().await, Submission::Closed);
        bot.settle().await;
        let read = bot.reads_dm("ana").into_iter().chain(bot.reads("ana", "#team"));
        assert_eq!(read.filter(|text| text.starts_with("This agenda was ordered by another person")).count(), 1);
        assert_eq!(reads_team(bot, "ana", "*Agenda*"), ["*Agenda*\n1. Budget (@ben)"]);
    }
}

/// Opens the form as ana, empties all fields, and sends it once.
pub async fn empties_all(bot: &mut Bot, points: &[&str]) -> slack_sandbox::PersonHandle {
    let ana = orders(bot, "ana").await;
    let fields = fields(&ana);
    assert_eq!(fields.len(), points.len());
    for field in &fields {
        assert!(ana.fills(field, ""));
    }
    assert_eq!(ana.submits().await, Submission::Updated);
    ana
}
