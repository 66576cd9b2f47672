//! Who takes part: everyone in the channel, a user group, or people who are named.

use chrono::Duration;
use rondo::engine::person::PersonData;
use serde_json::json;
use slack_sandbox::{PersonHandle, Submission};

use super::{
    setup::{modal, opens},
    *,
};
use crate::support::gestures::{FORM, payload_form};

const GROUP: &str = "sync:group";
const PEOPLE: &str = "sync:people";

fn error(field: &str, words: &str) -> Submission {
    Submission::Errors([(field.to_owned(), words.to_owned())].into())
}

/// Chooses the user group that the form offers for these letters.
async fn chooses_group(person: &PersonHandle, typed: &str) {
    let offered = person.looks_in_modal(GROUP, typed).await.raw["options"].clone();
    assert_eq!(offered.as_array().map(Vec::len), Some(1), "{offered}");
    assert!(person.fills(GROUP, offered));
}

/// Sends the preview, and starts.
async fn starts_as_shown(bot: &mut Bot, person: &PersonHandle) -> String {
    assert_eq!(person.submits().await, Submission::Updated);
    let preview = modal(bot, person);
    assert_eq!(person.submits().await, Submission::Closed);
    bot.settle().await;
    preview
}

/// Opens the form that changes the sync.
async fn changes(bot: &mut Bot, who: &str) -> PersonHandle {
    bot.says(who, "#team", "/sync").await;
    bot.clicks(who, "#team", "Change").await;
    let person = bot.person(who);
    assert_eq!(person.sees_modal().await.expect("a form").title, "Change the syncs");
    person
}

each_store! {
    async fn a_choice_without_people_is_refused(bot: &mut Bot) {
        team(bot, &["ana", "dee"]).await;
        bot.sandbox.add_user_group("empty", "Empty", &[]);
        bot.hears_events().await;
        let ana = opens(bot, "ana").await;
        let gone = json!({ "text": { "type": "plain_text", "text": "@gone" }, "value": "S0GONE gone" });
        assert!(ana.fills(GROUP, json!([gone])));
        assert_eq!(ana.submits().await, error(GROUP, "I can't find @gone any more. Choose another group, or clear the field."));
        chooses_group(&ana, "@EMP").await;
        assert_eq!(ana.submits().await, error(GROUP, "@empty has no members yet. Choose another group, or clear the field."));
        // ben and cy aren't in the channel.
        chooses_group(&ana, "design").await;
        let sent = ana.submits().await;
        let Submission::Errors(said) = &sent else { panic!("{sent:?}") };
        assert!(said[GROUP].starts_with("None of them is in "), "{said:?}");
        assert!(ana.fills(GROUP, json!([])) && ana.fills(PEOPLE, json!(["ben", "helper"])));
        let sent = ana.submits().await;
        let Submission::Errors(said) = &sent else { panic!("{sent:?}") };
        assert!(said[PEOPLE].starts_with("None of them is in "), "{said:?}");
        assert!(ana.fills(PEOPLE, json!(["ben", "dee", "helper"])));
        assert_eq!(ana.submits().await, error(PEOPLE, "@Helper can't take part: bots, people of other workspaces and deactivated accounts can't. \
            Choose only others."));
        assert!(ana.fills(PEOPLE, json!(["ben", "dee"])));
        let preview = starts_as_shown(bot, &ana).await;
        assert!(preview.contains("1 person here would take part. First turns, as things stand: @dee on 6 January, @dee on 13 January, @dee on 20 January and @dee on 27 January."), "{preview}");
        assert!(preview.contains("Not in #team yet: @ben. They take part once they join it."), "{preview}");
        bot.sandbox.invite("team", "ben");
        bot.hears_events().await;
        assert!(leads_shown(bot, "ana").await.contains(&"ben".to_owned()));
    }

    async fn too_many_names_are_refused(bot: &mut Bot) {
        let channel = team(bot, &["ana", "ben"]).await;
        let people: Vec<String> = (0..101).map(|n| format!("U0CROWD{n}")).collect();
        let sent = json!({
            "type": "view_submission", "team": { "id": bot.sandbox.team_id() }, "user": { "id": bot.id("ana") },
            "trigger_id": "crowd", "view": {
                "id": "V1", "hash": "1.2", "callback_id": "sync:setup",
                "private_metadata": r#"{"v":1,"purpose":"start","target":null}"#,
                "blocks": [{ "type": "input", "block_id": PEOPLE, "element": { "type": "multi_users_select" } }],
                "state": { "values": {
                    "channel": { "channel": { "type": "conversations_select", "selected_conversation": channel } },
                    "when": { "when": { "type": "plain_text_input", "value": "every Tuesday at 10:00" } },
                    PEOPLE: { PEOPLE: { "type": "multi_users_select", "selected_users": people } },
                } },
            },
        });
        let answered = bot.sends("/slack/interactions", FORM, payload_form(&sent).as_bytes()).await;
        assert!(answered.body.contains("Up to 100 people fit. For more, choose a user group."), "{}", answered.body);
    }

    async fn turns_follow_a_group(bot: &mut Bot) {
        team(bot, &["ana", "ben", "cy", "dee"]).await;
        let ana = opens(bot, "ana").await;
        chooses_group(&ana, "des").await;
        let preview = starts_as_shown(bot, &ana).await;
        for words in [
            "2 people here would take part. First turns, as things stand: @",
            "These people lead in turn: the members of *@design*. I announce whose turn it is.",
            "(Only they take turns. Rather not?",
        ] {
            assert!(preview.contains(words.trim_start_matches('(')), "{words}: {preview}");
        }
        let mut leads = [lead_of(&next_sync(bot).await), lead_of(&next_sync(bot).await)];
        leads.sort();
        assert_eq!(leads, ["ben", "cy"]);
        let joined = bot.says("dee", "#team", "/sync join").await.text;
        let joined = bot.as_read(&joined);
        assert!(joined.starts_with("Nothing has changed: these syncs are for the members of *@design*."), "{joined}");
        let skipped = bot.says("dee", "#team", "/sync skip").await.text;
        assert!(skipped.starts_with("Nothing has changed: these syncs are for "), "{skipped}");
        let status = bot.says("dee", "#team", "/sync status").await.text;
        assert!(status.contains("2 people take turns.\nThese syncs are for the members of *@design*."), "{status}");
        bot.sandbox.set_group_members("design", &["dee"]);
        bot.hears_events().await;
        let shown = leads_shown(bot, "ana").await;
        // dee is a newcomer, and the skip that was refused wasn't noted.
        assert!(shown[1..].iter().all(|lead| lead == "dee"), "a newcomer doesn't lead at once: {shown:?}");
        assert_eq!(shown[0], "-");
    }

    async fn a_disabled_group_leaves_no_one_and_says_so(bot: &mut Bot) {
        team(bot, &["ana", "ben", "cy"]).await;
        let ana = opens(bot, "ana").await;
        chooses_group(&ana, "").await;
        starts_as_shown(bot, &ana).await;
        let engine = bot.parts.engine.clone();
        let mut unit = rondo::store::unit::UnitOfWork::new();
        let later = engine.clock.now() + Duration::days(1);
        rondo::store::people::groups::keep_since(&mut unit, &engine.team, later);
        engine.store.commit(unit).await.unwrap();
        let status = bot.says("ben", "#team", "/sync status").await.text;
        assert!(status.contains("I can't find that user group any more: press *Change* to choose who takes part."), "{status}");
        assert!(next_sync(bot).await.contains("No one's free to lead"));
        let ana = changes(bot, "ana").await;
        assert!(ana.fills("minutes", "15 minutes"), "other changes need no group");
        assert_eq!(ana.submits().await, Submission::Updated);
        ana.closes();
    }

    async fn an_erased_choice_does_not_bring_everyone_in(bot: &mut Bot) {
        let channel = team(bot, &["ana", "ben", "cy"]).await;
        let ana = opens(bot, "ana").await;
        assert!(ana.fills(PEOPLE, json!(["cy"])));
        let preview = starts_as_shown(bot, &ana).await;
        assert!(preview.contains("These people lead in turn: @cy. I announce"), "{preview}");
        let erased = PersonData::of(&bot.parts.engine).erase(&UserId(bot.id("cy")), &[], false).await.unwrap();
        assert!(erased.is_clean, "{erased:?}");
        assert!(!programme_in(bot, &channel).await.settings.contains(&bot.id("cy")));
        assert_eq!(leads_shown(bot, "ana").await, ["-"; 8]);
        let ana = changes(bot, "ana").await;
        assert!(ana.fills(PEOPLE, json!(["ana", "ben"])));
        assert_eq!(ana.submits().await, Submission::Updated);
        let shown = modal(bot, &ana);
        assert!(shown.contains("Only some take turns from now on: @ana and @ben.") && shown.contains("First turns, as things stand: @"), "{shown}");
        assert_eq!(ana.submits().await, Submission::Closed);
        bot.settle().await;
        let leads = leads_shown(bot, "ana").await;
        assert!(leads.contains(&"ana".to_owned()) && leads.contains(&"ben".to_owned()), "{leads:?}");
    }

    async fn menus_of_strangers_offer_nothing(bot: &mut Bot) {
        let asked = |action: &str| json!({
            "type": "block_suggestion", "team": { "id": bot.sandbox.team_id() }, "user": { "id": bot.id("ana") },
            "action_id": action, "block_id": action, "value": "\u{202e}<!here>", "view": { "id": "V1", "callback_id": "sync:setup" },
        });
        for action in [GROUP, "sync:other", "nothing:group"] {
            let answered = bot.sends("/slack/interactions", FORM, payload_form(&asked(action)).as_bytes()).await;
            assert_eq!(answered.status, 200, "{action}");
            assert!(!answered.body.contains("design"), "{}", answered.body);
        }
    }
}
