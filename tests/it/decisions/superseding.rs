//! *Supersede* and *Versions*: nothing is edited, and of two people one is quicker.

use rondo::model::people::UserId;

use super::*;

each_store! {
    async fn a_superseded_decision_stays_readable(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        records(bot, "ana", "Use MySQL because it's there", "").await;
        let ben = supersedes(bot, "ben", "*Decision*").await;
        assert!(ben.modal().unwrap().raw.to_string().contains("Use MySQL"));
        assert!(ben.fills("what", "Use Postgres") && ben.fills("why", ""));
        sends(bot, &ben).await;
        assert_eq!(
            reads_team(bot, "ana", "*This decision was superseded*"),
            ["*This decision was superseded* by @ben on Monday, 5 January 2026 with:\n>Use Postgres\nIt said until then:\n\
              >Use MySQL\n*Why*\n>it's there"]
        );
        assert_eq!(
            reads_team(bot, "ana", "*Decision*"),
            ["*Decision* by @ben\n>Use Postgres\n@ben superseded version 1 with this; *Versions* shows what it said."]
        );
        bot.clicks("ana", "#team", "Show what holds now").await;
        let shown = bot.reads_last("ana", "#team");
        assert!(shown.starts_with("*Holds now: version 2*") && shown.contains("*Version 1*") && shown.contains(">it's there"), "{shown}");
        let said: Vec<(i64, String)> = stored(bot).await.into_iter().map(|decision| (decision.version, decision.what)).collect();
        assert_eq!(said, [(1, "Use MySQL".to_owned()), (2, "Use Postgres".to_owned())]);
    }

    async fn of_two_who_supersede_at_once_one_does(bot: &mut Bot) {
        running(bot, &["ana", "ben", "cy"]).await;
        records(bot, "ana", "Use MySQL", "").await;
        let ben = supersedes(bot, "ben", "*Decision*").await;
        let cy = supersedes(bot, "cy", "*Decision*").await;
        assert!(ben.fills("what", "Use Postgres") && cy.fills("what", "Use SQLite"));
        let (one, other) = tokio::join!(ben.submits(), cy.submits());
        bot.settle().await;
        let (quicker, slower, form) = match (&one, &other) {
            (Submission::Closed, Submission::Updated) => ("ben", "Use SQLite", cy),
            (Submission::Updated, Submission::Closed) => ("cy", "Use Postgres", ben),
            _ => panic!("one of them is told: {one:?} {other:?}"),
        };
        let holds = stored(bot).await.pop().unwrap();
        assert_eq!(holds.version, 2);
        assert_eq!(reads_team(bot, "ana", "*Decision*").len(), 1);
        let shown = form.sees_modal().await.expect("the form stays open").raw.to_string();
        assert!(shown.contains(&format!("<@{}> was quicker and superseded this decision. It says now:\\n>{}", bot.id(quicker), holds.what)), "{shown}");
        assert!(shown.contains(slower), "what was typed is still there: {shown}");
        sends(bot, &form).await;
        let all: Vec<(i64, String)> = stored(bot).await.into_iter().map(|decision| (decision.version, decision.what)).collect();
        assert_eq!(all, [(1, "Use MySQL".to_owned()), (2, holds.what), (3, slower.to_owned())], "and supersedes what held then");
    }

    async fn a_form_that_was_overtaken_keeps_what_was_typed(bot: &mut Bot) {
        running(bot, &["ana", "ben", "cy"]).await;
        records(bot, "ana", "Use MySQL", "").await;
        let ben = supersedes(bot, "ben", "*Decision*").await;
        let cy = supersedes(bot, "cy", "*Decision*").await;
        assert!(ben.fills("what", "Use Postgres"));
        sends(bot, &ben).await;
        assert!(cy.fills("what", "Use SQLite") && cy.fills("why", "it's one file") && cy.fills("review", "2026-03-03"));
        assert_eq!(cy.submits().await, Submission::Updated);
        let shown = cy.sees_modal().await.expect("a form").raw.to_string();
        for typed in ["Use SQLite", "it's one file", "2026-03-03"] {
            assert!(shown.contains(typed), "{typed}: {shown}");
        }
        sends(bot, &cy).await;
        let last = stored(bot).await.pop().unwrap();
        assert_eq!((last.version, last.what.as_str(), last.why.as_str()), (3, "Use SQLite", "it's one file"));
        assert_eq!(last.decided_by, [UserId(bot.id("cy"))]);
    }

    async fn a_new_version_keeps_the_day_to_look_again(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        records(bot, "ana", "Use MySQL", "2026-03-03").await;
        let ben = supersedes(bot, "ben", "*Decision*").await;
        let Submission::Errors(errors) = ben.submits().await else { panic!("nothing was changed") };
        assert!(errors["what"].starts_with("This is what the decision says already."), "{errors:?}");
        assert!(ben.fills("what", "Use Postgres"));
        sends(bot, &ben).await;
        let last = stored(bot).await.pop().unwrap();
        assert_eq!(last.review_on.unwrap().to_string(), "2026-03-03");
        assert_eq!(last.decided_by, [UserId(bot.id("ben"))], "who opens the form decides, unless others are named");
    }

    async fn a_version_that_could_not_be_posted_waits_in_its_form(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        records(bot, "ana", "Use MySQL", "").await;
        let ben = supersedes(bot, "ben", "*Decision*").await;
        assert!(ben.fills("what", "Use Postgres"));
        bot.sandbox.archive("team");
        bot.hears_events().await;
        let Submission::Errors(errors) = ben.submits().await else { panic!("the form stays open") };
        let [error] = &errors.values().collect::<Vec<_>>()[..] else { panic!("{errors:?}") };
        assert!(error.starts_with("This channel is archived, so I can't post a decision here."), "{error}");
        assert_eq!(stored(bot).await.len(), 1);
        bot.sandbox.unarchive("team");
        bot.hears_events().await;
        bot.settle().await;
        sends(bot, &ben).await;
        assert_eq!(reads_team(bot, "ana", "*This decision was superseded*").len(), 1);
        assert_eq!(reads_team(bot, "ana", "*Decision*").len(), 1);
    }

    async fn old_buttons_say_what_holds_now(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        records(bot, "ana", "Use MySQL", "").await;
        let old = message(bot, "ben", "*Decision*");
        let id = stored(bot).await.remove(0).id;
        let ben = supersedes(bot, "ben", "*Decision*").await;
        assert!(ben.fills("what", "Use Postgres"));
        sends(bot, &ben).await;
        let mut forged = old.clone();
        for value in [format!("{id} 1"), format!("{id} 99"), format!("{id} -1"), id.clone()] {
            let text = serde_json::to_string(&old.blocks).unwrap();
            forged.blocks = serde_json::from_str(&text.replace(&format!("{id} 1"), &value)).unwrap();
            let answers = crate::coffee::answers_to(bot, "ben", "sync:decision_supersede", &value).await;
            assert!(answers.iter().any(|text| text.starts_with("This decision has changed since: @ben recorded version 2.")), "{value}: {answers:?}");
        }
        for value in ["", " ", "x y", "x", "%"] {
            for action in ["sync:decision_supersede", "sync:decision_versions", "sync:decision_stands", "sync:decision_older", "sync:decision_older_versions", "sync:decision_show"] {
                let answers = crate::coffee::answers_to(bot, "ben", action, value).await;
                assert!(answers.iter().any(|text| text.starts_with("I can't show you this")), "{action} {value:?}: {answers:?}");
            }
        }
        assert_eq!(stored(bot).await.len(), 2);
    }

    async fn the_same_words_supersede_nothing(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        records(bot, "ana", "Use MySQL", "").await;
        let ben = supersedes(bot, "ben", "*Decision*").await;
        let Submission::Errors(errors) = ben.submits().await else { panic!("the form stays open") };
        assert!(errors["what"].starts_with("This is what the decision says already."), "{errors:?}");
        assert_eq!(stored(bot).await.len(), 1);
    }

    async fn many_versions_are_read_page_by_page(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        records(bot, "ana", "v1", "").await;
        for version in 2..=8 {
            let ben = supersedes(bot, "ben", "*Decision*").await;
            assert!(ben.fills("what", format!("v{version}")));
            sends(bot, &ben).await;
        }
        bot.clicks("ana", "#team", "Versions").await;
        let mut seen = bot.reads_last("ana", "#team");
        for _ in 0..2 {
            bot.clicks("ana", "#team", "Earlier versions").await;
            seen.push_str(&bot.reads_last("ana", "#team"));
        }
        for version in 1..=8 {
            assert_eq!(seen.matches(&format!(">v{version}")).count(), 1, "{seen}");
        }
    }

    async fn decisions_outlive_their_sync(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        records(bot, "ana", "Use MySQL", "").await;
        bot.says("ana", "#team", "/sync stop").await;
        bot.clicks("ana", "#team", "Stop these syncs").await;
        let ben = supersedes(bot, "ben", "*Decision*").await;
        assert!(ben.fills("what", "Use Postgres"));
        sends(bot, &ben).await;
        let [line] = &finds(bot, "ana", "").await[..] else { panic!("one line") };
        assert!(line.contains("Use Postgres (@ben, version 2"), "{line}");
    }
}
