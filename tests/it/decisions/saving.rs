//! *Save for… → a decision*: the words of a message become one.

use super::*;

/// Uses *Save for…* on the newest message with these words, and chooses a decision of `#team`.
async fn saves(bot: &Bot, who: &str, place: &str, words: &str) -> PersonHandle {
    let person = bot.person(who);
    let message = person.reads(place).into_iter().rfind(|post| post.text.contains(words)).unwrap();
    assert!(person.uses_shortcut_on(&message, "Save for…").await.is_answered());
    let form = person.sees_modal().await.expect("a form");
    assert!(person.fills("place", "#team: a decision"), "{}", form.raw);
    person
}

each_store! {
    async fn words_of_a_message_become_a_decision(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        bot.person("cy").says("#lounge", "Let's use <Postgres> because @ana knows it").await;
        let ben = saves(bot, "ben", "#lounge", "Let's use").await;
        assert_eq!(ben.submits().await, Submission::Updated);
        let form = ben.modal().unwrap();
        assert_eq!(form.title, "Record a decision");
        assert!(form.raw.to_string().contains("Let's use <Postgres>") && form.raw.to_string().contains("@Ana knows it"), "{}", form.raw);
        assert_eq!(stored(bot).await, [], "nothing is saved before the form is sent");
        sends(bot, &ben).await;
        let [decision] = &stored(bot).await[..] else { panic!("one decision") };
        assert_eq!((decision.what.as_str(), decision.why.as_str()), ("Let's use <Postgres>", "@Ana knows it"));
        assert!(decision.link.starts_with("https://"), "{}", decision.link);
        let posted = message(bot, "ana", "*Decision*");
        assert!(posted.text.contains("|this message>"), "{}", posted.text);
    }

    async fn a_closed_form_saves_nothing_and_can_be_opened_again(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        bot.person("ben").says("#team", "Use Postgres").await;
        let ben = saves(bot, "ben", "#team", "Use Postgres").await;
        assert_eq!(ben.submits().await, Submission::Updated);
        ben.closes();
        bot.settle().await;
        assert_eq!(stored(bot).await, []);
        let ben = saves(bot, "ben", "#team", "Use Postgres").await;
        assert_eq!(ben.submits().await, Submission::Updated);
        sends(bot, &ben).await;
        assert_eq!(stored(bot).await.len(), 1);
    }

    async fn a_person_outside_the_channel_saves_no_decision(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        bot.person("ben").says("#lounge", "Use Postgres").await;
        let ben = saves(bot, "ben", "#lounge", "Use Postgres").await;
        ben.leaves("team");
        bot.hears_events().await;
        let Submission::Errors(errors) = ben.submits().await else { panic!("it is told at the field") };
        assert!(errors["place"].starts_with("These syncs have ended, or you're not in their channel any more"), "{errors:?}");
    }

    async fn a_channel_without_a_sync_is_offered(bot: &mut Bot) {
        let person = bot.person("ben");
        bot.person("cy").says("#lounge", "Use Postgres because two teams know it").await;
        let message = person.reads("#lounge").pop().unwrap();
        person.uses_shortcut_on(&message, "Save for…").await;
        let form = person.sees_modal().await.expect("a form");
        assert!(form.plain().find("A promise of mine") < form.plain().find("#general: a decision"), "{}", form.plain());
        assert!(!form.plain().contains("#lounge: a decision"), "the bot isn't there");
        assert!(person.fills("place", "#general: a decision"));
        assert_eq!(person.submits().await, Submission::Updated);
        sends(bot, &person).await;
        let [decision] = &stored(bot).await[..] else { panic!("one decision") };
        assert_eq!((decision.what.as_str(), decision.programme.as_str()), ("Use Postgres", ""));
        assert!(bot.reads("dee", "#general").concat().contains("*Decision* by @ben"));
    }

    async fn a_sync_that_began_meanwhile_has_the_decision(bot: &mut Bot) {
        team(bot, &["ana", "ben"]).await;
        bot.person("ben").says("#team", "Use Postgres").await;
        let ben = saves(bot, "ben", "#team", "Use Postgres").await;
        starts(bot, "/sync start every Tuesday at 10:00").await;
        assert_eq!(ben.submits().await, Submission::Updated);
        sends(bot, &ben).await;
        let [decision] = &stored(bot).await[..] else { panic!("one decision") };
        assert!(!decision.programme.is_empty());
    }

    async fn a_person_who_left_the_channel_records_nothing_there(bot: &mut Bot) {
        team(bot, &["ana", "ben"]).await;
        bot.person("ben").says("#lounge", "Use Postgres").await;
        let ben = saves(bot, "ben", "#lounge", "Use Postgres").await;
        ben.leaves("team");
        bot.hears_events().await;
        let Submission::Errors(errors) = ben.submits().await else { panic!("it is told at the field") };
        assert!(errors["place"].contains("as far as I know you aren't in it"), "{errors:?}");
        assert_eq!(stored(bot).await, []);
    }
}
