//! People's own settings: `/rondo me` opens a form, and coffee chats respect them.

use chrono::Duration;
use rondo::{
    common::people::{PersonSettings, store},
    model::people::{ChannelId, UserId},
    rituals::coffee,
};
use serde_json::json;
use slack_sandbox::{PersonHandle, Submission};

use crate::{each_store, support::Bot};

/// Opens the form in `#general`.
async fn opens(bot: &mut Bot, who: &str) -> PersonHandle {
    let person = bot.person(who);
    let answer = person.says("#general", "/rondo me").await;
    assert!(answer.is_answered(), "{answer:?}");
    assert!(person.sees_modal().await.is_some(), "the form opens");
    person
}

/// Fills in the form and sends it.
async fn sets(bot: &mut Bot, who: &str, fields: &[(&str, serde_json::Value)]) {
    let person = opens(bot, who).await;
    for (field, value) in fields {
        assert!(person.fills(field, value.clone()), "{field} takes {value}");
    }
    assert_eq!(person.submits().await, Submission::Closed);
    bot.settle().await;
}

/// Opens the form, and returns the hint of Department; empty if there is none.
async fn department_hint(bot: &mut Bot, who: &str) -> String {
    let person = opens(bot, who).await;
    let form = person.modal().unwrap();
    let block = form.blocks.iter().find(|block| block["label"]["text"] == "Department").unwrap();
    person.closes();
    block["hint"]["text"].as_str().unwrap_or_default().to_owned()
}

fn errors(field: &str, words: &str) -> Submission {
    Submission::Errors([(field.to_owned(), words.to_owned())].into())
}

async fn stored(bot: &Bot, who: &str) -> PersonSettings {
    let context = bot.parts.engine.context();
    store::of_person(&context.store, &UserId(bot.id(who))).await.unwrap()
}

/// Adds `#cafe` with weekly chats that ana has started.
async fn running_cafe(bot: &mut Bot, people: &[&str]) -> ChannelId {
    let id = bot.sandbox.add_channel("cafe", false, people);
    bot.sandbox.invite("cafe", &bot.user);
    bot.hears_events().await;
    bot.says("ana", "#cafe", "/coffee start every Tuesday at 10:00").await;
    bot.clicks("ana", "#cafe", "Start").await;
    ChannelId(id)
}

/// Holds the next round, and returns who took part.
async fn next_round(bot: &mut Bot, channel: &ChannelId) -> Vec<Vec<String>> {
    crate::coffee::comes_round(bot).await;
    let engine = bot.parts.engine.clone();
    let programmes = engine.store.programmes_in(&engine.team, "coffee", channel).await.unwrap();
    let known = (99, chrono::NaiveDate::MIN);
    let rounds = coffee::store::history(&engine.context().store, &programmes[0].id, known).await.unwrap();
    let named = |group: &Vec<UserId>| {
        let mut names: Vec<String> = group.iter().map(|user| bot.person(user.as_str()).name()).collect();
        names.sort();
        names
    };
    rounds.last().map(|groups| groups.iter().map(named).collect()).unwrap_or_default()
}

each_store! {
    async fn settings_are_saved_and_shown(bot: &mut Bot) {
        let fields = [
            ("department", json!("Product design")), ("work_from", json!("09:00")), ("work_to", json!("17:30")),
            ("days_out", json!(["Friday", "Saturday"])), ("away_from", json!("2026-01-08")),
            ("away_to", json!("2026-01-09")), ("region", json!("Portugal")),
        ];
        sets(bot, "ana", &fields).await;
        let told = bot.reads_last("ana", "#general");
        assert!(told.starts_with("Saved. Your settings are:\n• Department: Product design\n• Working day: 09:00 to 17:30"), "{told}");
        assert!(told.contains("• Away: Thursday, 8 January to Friday, 9 January"), "{told}");
        assert!(bot.reads("ben", "#general").is_empty(), "only ana sees it");
        assert!(bot.reads_dm("ana").is_empty());
        let before = stored(bot, "ana").await;
        assert_eq!(before.department.as_deref(), Some("Product design"));
        bot.clicks("ana", "#general", "Change").await;
        let ana = bot.person("ana");
        assert!(ana.sees_modal().await.is_some());
        assert_eq!(ana.submits().await, Submission::Closed, "as it opened");
        assert_eq!(stored(bot, "ana").await, before);
        sets(bot, "ana", &[("away_from", json!("")), ("away_to", json!("")), ("department", json!(""))]).await;
        let after = PersonSettings { away: Vec::new(), department: None, ..before };
        assert_eq!(stored(bot, "ana").await, after);
    }

    async fn settings_start_empty(bot: &mut Bot) {
        assert_eq!(stored(bot, "ana").await, PersonSettings::default());
        opens(bot, "ana").await.closes();
        assert_eq!(stored(bot, "ana").await, PersonSettings::default());
    }

    async fn no_hint_where_no_group_is_a_department(bot: &mut Bot) {
        assert_eq!(department_hint(bot, "ben").await, "", "ben is in @design");
    }

    async fn errors_are_at_their_field(bot: &mut Bot) {
        let ana = opens(bot, "ana").await;
        ana.fills("work_from", "09:00");
        ana.fills("work_to", "08:00");
        let night = "I can't keep a working day that crosses midnight. Choose the part in which I may write to you: 09:00 to 23:59, or 00:00 to 08:00.";
        assert_eq!(ana.submits().await, errors("work_to", night));
        ana.fills("work_to", "17:00");
        ana.fills("away_from", "2026-01-02");
        ana.fills("away_to", "2026-01-04");
        assert_eq!(ana.submits().await, errors("away_to", "That's over. Choose today or a later day, or clear both days."));
        ana.fills("away_to", "2026-01-05");
        assert_eq!(ana.submits().await, Submission::Closed);
        bot.settle().await;
    }

    async fn a_late_form_is_saved_silently(bot: &mut Bot) {
        let ana = opens(bot, "ana").await;
        ana.fills("department", "Design");
        bot.passes(Duration::minutes(45));
        assert_eq!(ana.submits().await, Submission::Closed);
        bot.settle().await;
        assert!(bot.reads_dm("ana").is_empty());
        assert_eq!(stored(bot, "ana").await.department.as_deref(), Some("Design"));
    }

    async fn text_after_me_is_refused(bot: &mut Bot) {
        let answer = bot.says("ana", "#general", "/rondo me please").await.text;
        assert!(answer.starts_with("I don't know \"me please\". Did you mean `/rondo me`?"), "{answer}");
        assert!(bot.person("ana").modal().is_none());
    }

    async fn absent_people_are_left_out(bot: &mut Bot) {
        let channel = running_cafe(bot, &["ana", "ben", "cy", "dee"]).await;
        sets(bot, "ben", &[("away_from", json!("2026-01-05")), ("away_to", json!("2026-01-06"))]).await;
        sets(bot, "dee", &[("days_out", json!(["Tuesday"]))]).await;
        let status = bot.says("ana", "#cafe", "/coffee status").await.text;
        assert!(status.contains("2 people take part") && status.contains("2 people skip"), "{status}");
        let status = bot.says("ben", "#cafe", "/coffee status").await.text;
        assert!(status.contains("Your own settings say that you're away that day"), "{status}");
        let joined = bot.says("ben", "#cafe", "/coffee join").await.text;
        assert!(joined.starts_with("You're in, from the round after the next on."), "{joined}");
        assert_eq!(next_round(bot, &channel).await, [["ana", "cy"]]);
        let people = next_round(bot, &channel).await.concat();
        assert!(people.contains(&"ben".to_owned()) && !people.contains(&"dee".to_owned()), "{people:?}");
    }
}

each_store! {
    with [("people.departments", "[\"design\"]")];

    async fn own_departments_win_over_groups(bot: &mut Bot) {
        // The group @design is ben and cy.
        let channel = running_cafe(bot, &["ana", "ben", "cy", "dee"]).await;
        for (who, department) in [("ana", "Ops"), ("ben", "ops"), ("dee", "Design")] {
            sets(bot, who, &[("department", json!(department))]).await;
        }
        let groups = next_round(bot, &channel).await;
        assert_eq!(groups.len(), 2, "{groups:?}");
        for one_department in [["ana", "ben"], ["cy", "dee"]] {
            assert!(!groups.iter().any(|group| *group == one_department), "{groups:?}");
        }
    }
}

each_store! {
    with [("people.departments", "[\"sales\", \"design\"]")];

    async fn an_empty_department_is_the_user_group(bot: &mut Bot) {
        let channel = running_cafe(bot, &["ana", "ben", "cy"]).await;
        assert_eq!(department_hint(bot, "ana").await, "", "ana is in none");
        let hint = department_hint(bot, "ben").await;
        insta::allow_duplicates!(insta::assert_snapshot!(hint, @"If you leave this empty, I'll use your user group in Slack: @design."));
        bot.sandbox.add_user_group("sales", "Sales", &["ben"]);
        bot.sandbox.add_user_group("choir", "Choir", &["ana"]);
        bot.hears_events().await;
        assert!(department_hint(bot, "ben").await.ends_with(": @sales."), "the first in the configuration");
        assert!(department_hint(bot, "cy").await.ends_with(": @design."));
        assert_eq!(department_hint(bot, "ana").await, "", "no department");
        for (written, said, counts) in [
            ("Ops", "Saved. Your settings are:\n• Department: Ops", "ops"),
            ("", "Saved: you have no settings of your own now.", "sales"),
        ] {
            sets(bot, "ben", &[("department", json!(written))]).await;
            let told = bot.reads_last("ben", "#general");
            assert!(told.starts_with(said), "{told}");
            assert!(department_hint(bot, "ben").await.ends_with(": @sales."), "with {written:?} in the field");
            let context = bot.parts.engine.context();
            let departments = store::departments_of(&context.store, &channel, &context.departments).await.unwrap();
            assert_eq!(departments.get(&UserId(bot.id("ben"))).map(String::as_str), Some(counts));
        }
    }
}
