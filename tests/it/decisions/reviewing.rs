//! Decisions that are looked at again: on the run sheet, in the thread, and until a person has answered.

use super::*;
use crate::{
    coffee::comes_to,
    sync::{before::until, lead_of},
};

/// Returns what the thread of the last sync lists, oldest first.
fn listed(bot: &Bot) -> Vec<String> {
    let announcement = message(bot, "ana", "It's time for the sync");
    let posts = bot.person("ana").reads("#team").into_iter();
    let posts = posts.filter(|post| post.thread_ts.as_ref() == Some(&announcement.ts));
    posts.filter(|post| post.text.contains("look at again*")).map(|post| bot.as_read(&post.text)).collect()
}

/// Presses *Still stands* under the newest message that lists a decision, and returns the person with the form.
async fn says_it_stands(bot: &mut Bot, who: &str) -> PersonHandle {
    let (person, message) = (bot.person(who), message(bot, who, "*To look at again*:"));
    person.clicks(&message, "Still stands").await;
    bot.settle().await;
    assert_eq!(person.sees_modal().await.expect("a form").title, "Still stands");
    person
}

each_store! {
    async fn a_decision_comes_back_at_its_date(bot: &mut Bot) {
        running(bot, &["ana"]).await;
        records(bot, "ana", "Use Postgres", "2026-01-13").await;
        records(bot, "ana", "Later", "2026-01-14").await;
        next_sync(bot).await;
        assert_eq!(listed(bot), [""; 0], "the sync of 6 January is too early");
        comes_to(bot, "sheet").await;
        let sheet = bot.reads_dm("ana").into_iter().rfind(|text| text.contains("*You lead")).unwrap();
        assert!(sheet.contains("• Decisions to look at again:\n◦ Use Postgres") && !sheet.contains("Later"), "{sheet}");
        next_sync(bot).await;
        assert_eq!(listed(bot), ["*To look at again*: Use Postgres\nDecided by @ana on Monday, 5 January 2026, due since Tuesday, 13 January 2026."]);
        next_sync(bot).await;
        assert_eq!(listed(bot).len(), 2, "no one has answered");
        let old = message(bot, "ana", "came up again");
        assert_eq!(bot.as_read(&old.text), "Use Postgres came up again on Tuesday, 20 January 2026: answer it there.");
    }

    async fn a_thread_keeps_its_answer_when_the_decision_comes_up_again(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        records(bot, "ana", "Use Postgres", "2026-01-06").await;
        next_sync(bot).await;
        let ben = says_it_stands(bot, "ben").await;
        assert!(ben.fills("review", "2026-01-13"));
        sends(bot, &ben).await;
        next_sync(bot).await;
        assert_eq!(listed(bot).len(), 1, "it comes up again");
        let answered = "*Use Postgres* still stands, says @ben. It's looked at again from Tuesday, 13 January 2026.";
        let texts = bot.reads("ana", "#team");
        assert!(texts.iter().any(|text| text == answered), "{texts:?}");
    }

    async fn decisions_come_up_by_their_dates_and_before_the_agenda(bot: &mut Bot) {
        running(bot, &["ana"]).await;
        next_sync(bot).await;
        records(bot, "ana", "Later", "2026-01-13").await;
        records(bot, "ana", "Earlier", "2026-01-08").await;
        bot.says("ana", "#team", "/sync add Budget").await;
        next_sync(bot).await;
        let announcement = message(bot, "ana", "It's time for the sync");
        let posts = bot.person("ana").reads("#team").into_iter();
        let thread: Vec<String> = posts.filter(|post| post.thread_ts.as_ref() == Some(&announcement.ts)).map(|post| post.text).collect();
        let begins = ["*To look at again*: Earlier", "*To look at again*: Later", "*Agenda*"];
        assert!(thread.len() == 3 && thread.iter().zip(begins).all(|(text, begins)| text.starts_with(begins)), "{thread:?}");
    }

    async fn each_thread_of_a_decision_has_its_answer(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        records(bot, "ana", "Use Postgres", "2026-01-06").await;
        next_sync(bot).await;
        let first = message(bot, "ben", "*To look at again*:");
        next_sync(bot).await;
        let ana = says_it_stands(bot, "ana").await;
        assert!(ana.fills("review", "2026-02-20"));
        sends(bot, &ana).await;
        let texts: Vec<String> = bot.reads("ben", "#team").into_iter().filter(|text| text.contains("Use Postgres")).collect();
        assert!(!texts.iter().any(|text| text.contains("*To look at again*:")), "{texts:?}");
        bot.person("ben").clicks(&first, "Still stands").await;
        bot.settle().await;
        assert!(bot.person("ben").modal().is_none(), "it has its answer");
        let told = bot.reads_last("ben", "#team");
        assert!(told.starts_with("*Use Postgres* still stands, says @ana. It's looked at again from"), "{told}");
        let [decision] = &stored(bot).await[..] else { panic!("one decision") };
        assert_eq!(decision.review_on, Some("2026-02-20".parse().unwrap()));
    }

    async fn an_answered_decision_is_not_listed_again(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        records(bot, "ana", "Use Postgres", "2026-01-06").await;
        next_sync(bot).await;
        let ben = says_it_stands(bot, "ben").await;
        assert!(ben.fills("review", "2026-01-05"));
        assert!(matches!(ben.submits().await, Submission::Errors(_)), "it is over");
        assert!(ben.fills("review", "2026-01-20"));
        sends(bot, &ben).await;
        let answered = message(bot, "ana", "still stands, says");
        assert_eq!(
            bot.as_read(&answered.text),
            "*Use Postgres* still stands, says @ben. It's looked at again from Tuesday, 20 January 2026."
        );
        let posted = message(bot, "ana", "*Decision*");
        assert!(posted.text.contains("*To look at again* from Tuesday, 20 January 2026"), "{}", posted.text);
        let posted = bot.as_read(&posted.text);
        assert!(posted.contains("looked at it again on Tuesday, 6 January 2026: it still stands."), "{posted}");
        next_sync(bot).await;
        assert_eq!(listed(bot), [""; 0]);
        next_sync(bot).await;
        assert_eq!(listed(bot).len(), 1);
        let [decision] = &stored(bot).await[..] else { panic!("looking at it again writes no version") };
        let review = decision.reviewed.clone().expect("it is noted");
        let date = review.at.date_naive().to_string();
        assert_eq!((decision.version, review.by.as_str(), date.as_str()), (1, &*bot.id("ben"), "2026-01-06"));
        // Without a day it isn't looked at again.
        let ana = says_it_stands(bot, "ana").await;
        sends(bot, &ana).await;
        next_sync(bot).await;
        assert_eq!(listed(bot), [""; 0]);
    }

    async fn a_confirmed_decision_can_be_superseded(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        records(bot, "ana", "Use MySQL", "2026-01-06").await;
        next_sync(bot).await;
        let ben = says_it_stands(bot, "ben").await;
        sends(bot, &ben).await;
        let ana = supersedes(bot, "ana", "*Decision*").await;
        assert!(ana.fills("what", "Use Postgres"));
        sends(bot, &ana).await;
        assert_eq!(reads_team(bot, "ben", "*This decision was superseded*").len(), 1);
        let versions: Vec<(i64, bool)> = stored(bot).await.iter().map(|decision| (decision.version, decision.reviewed.is_some())).collect();
        assert_eq!(versions, [(1, true), (2, false)]);
        assert!(stored(bot).await.iter().all(|decision| decision.posted.is_some()));
    }

    async fn of_two_answers_at_once_one_counts(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        records(bot, "ana", "Use MySQL", "2026-01-06").await;
        next_sync(bot).await;
        let ben = says_it_stands(bot, "ben").await;
        let ana = supersedes(bot, "ana", "*To look at again*:").await;
        assert!(ana.fills("what", "Use Postgres"));
        let (one, other) = tokio::join!(ben.submits(), ana.submits());
        bot.settle().await;
        let closed = [&one, &other].into_iter().filter(|sent| **sent == Submission::Closed).count();
        let stored = stored(bot).await;
        assert_eq!(closed, 1, "{one:?} {other:?}");
        assert_eq!(stored.len() == 2, stored[0].reviewed.is_none(), "{stored:?}");
        let told = match if one == Submission::Closed { other } else { one } {
            Submission::Errors(errors) => format!("{errors:?}"),
            Submission::Updated => ana.sees_modal().await.expect("what was typed stays").raw.to_string(),
            _ => panic!("the other is told"),
        };
        assert!(told.contains("was quicker and"), "{told}");
        let answered = reads_team(bot, "ana", "*To look at again*:");
        assert_eq!(answered, [""; 0], "the message has its answer");
    }

    async fn of_two_who_say_it_stands_the_second_is_told(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        records(bot, "ana", "Use MySQL", "2026-01-06").await;
        next_sync(bot).await;
        let (ana, ben) = (says_it_stands(bot, "ana").await, says_it_stands(bot, "ben").await);
        assert!(ben.fills("review", "2026-03-03"));
        sends(bot, &ben).await;
        let Submission::Errors(errors) = ana.submits().await else { panic!("she is told") };
        assert!(errors.values().any(|words| words.contains("@Ben was quicker and said that this decision still stands")), "{errors:?}");
        let [decision] = &stored(bot).await[..] else { panic!("one version") };
        assert_eq!(decision.review_on, Some("2026-03-03".parse().unwrap()));
    }

    async fn two_who_supersede_while_a_third_reviews_are_one_change(bot: &mut Bot) {
        running(bot, &["ana", "ben", "cy"]).await;
        records(bot, "ana", "Use MySQL", "2026-01-06").await;
        next_sync(bot).await;
        let cy = says_it_stands(bot, "cy").await;
        let mut two = Vec::new();
        for who in ["ana", "ben"] {
            let form = supersedes(bot, who, "*To look at again*:").await;
            assert!(form.fills("what", format!("{who}'s choice")));
            two.push(form);
        }
        tokio::join!(two[0].submits(), cy.submits(), two[1].submits());
        bot.settle().await;
        let stored = stored(bot).await;
        let changes = stored.len() - 1 + usize::from(stored[0].reviewed.is_some());
        assert_eq!(changes, 1, "{stored:?}");
        let read = bot.reads("ana", "#team");
        assert_eq!(read.iter().any(|text| text.contains("still stands, says @cy")), stored.len() == 1, "{read:?}");
    }

    async fn a_cancelled_date_moves_the_review_on(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        records(bot, "ana", "Use Postgres", "2026-01-13").await;
        next_sync(bot).await;
        bot.says("ana", "#team", "/sync cancel 13 January").await;
        let announced = next_sync(bot).await;
        assert!(!lead_of(&announced).is_empty());
        assert_eq!(listed(bot).len(), 1, "it comes at the sync of 20 January");
    }

    async fn a_sync_with_a_review_is_not_offered_to_be_skipped(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        records(bot, "ana", "Use Postgres", "2026-01-06").await;
        next_sync(bot).await;
        let asked = |bot: &Bot, who: &str| bot.reads_dm(who).iter().filter(|text| text.contains("Nothing is on the agenda")).count();
        assert_eq!(asked(bot, "ana") + asked(bot, "ben"), 0);
        let ben = says_it_stands(bot, "ben").await;
        sends(bot, &ben).await;
        until(bot, "2026-01-13T09:00").await;
        assert_eq!(asked(bot, "ana") + asked(bot, "ben"), 1, "without one the question comes");
    }

    async fn another_sync_takes_over_from_a_stopped_one(bot: &mut Bot) {
        team(bot, &["ana", "ben"]).await;
        starts(bot, "/sync start every Wednesday at 15:00 called Planning").await;
        records(bot, "ana", "Use Postgres", "2026-01-06").await;
        starts(bot, "/sync start every Thursday at 10:00 called Weekly").await;
        bot.says("ana", "#team", "/sync stop Planning").await;
        bot.clicks("ana", "#team", "Stop these syncs").await;
        next_sync(bot).await;
        assert_eq!(reads_team(bot, "ana", "*To look at again*: Use Postgres").len(), 1);
    }

    async fn more_than_ten_come_in_turn(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        for number in 0..12 {
            records(bot, "ana", &format!("d{number}"), "2026-01-06").await;
        }
        next_sync(bot).await;
        assert_eq!(listed(bot).len(), 10);
        let more = reads_team(bot, "ana", "2 more decisions are to be looked at again, too.");
        assert_eq!(more.len(), 1);
    }
}
