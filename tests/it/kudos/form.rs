//! The form: opened, sent, corrected, closed.

use std::collections::BTreeMap;

use chrono::Duration;
use serde_json::json;
use slack_sandbox::{PersonHandle, Submission};

use crate::{
    each_store,
    support::{
        Bot,
        gestures::{FORM, payload_form},
    },
};

async fn opens(bot: &Bot, who: &str, place: &str) -> PersonHandle {
    let person = bot.person(who);
    let answer = person.says(place, "/kudos").await;
    assert!(answer.is_answered() && answer.text.is_empty(), "{}", answer.text);
    assert_eq!(person.sees_modal().await.expect("a form").title, "Give kudos");
    person
}

fn errors(field: &str, words: &str) -> Submission {
    Submission::Errors(BTreeMap::from([(field.to_owned(), words.to_owned())]))
}

each_store! {
    with [("kudos.daily_allowance", "2")];

    async fn a_form_gives_like_the_command(bot: &mut Bot) {
        let ana = opens(bot, "ana", "#general").await;
        assert!(ana.fills("people", json!(["@ben", "@cy"])) && ana.fills("reason", "the <release> & more"));
        assert_eq!(ana.submits().await, Submission::Closed);
        bot.settle().await;
        let announced = ":tada: *Ana* thanks @ben and @cy\n>the &lt;release&gt; &amp; more";
        assert_eq!(bot.reads_last("dee", "#general"), announced);
        bot.clicks("ana", "#general", "Undo").await;
        assert!(bot.reads("dee", "#general").is_empty());
    }

    async fn errors_are_at_their_field(bot: &mut Bot) {
        let ana = opens(bot, "ana", "#general").await;
        ana.fills("reason", "   ");
        ana.fills("people", json!(["@ben"]));
        assert_eq!(ana.submits().await, errors("reason", "What for? Add a few words, so that it means something."));
        ana.fills("reason", "lunch");
        ana.fills("people", json!(["@ana"]));
        let to_oneself = "You can't give kudos to yourself. Who helped you?";
        assert_eq!(ana.submits().await, errors("people", to_oneself));
        ana.fills("people", json!(["@ben", "@cy", "@dee"]));
        let too_many = "That's 3 people, and you can thank 2 a day. Name fewer, and thank the others tomorrow.";
        assert_eq!(ana.submits().await, errors("people", too_many));
        ana.fills("people", json!(["@ben", "@cy"]));
        assert_eq!(ana.submits().await, Submission::Closed);
        assert_eq!(bot.thanked().await.len(), 2);
    }

    async fn a_used_allowance_is_shown_at_people(bot: &mut Bot) {
        bot.says("ana", "#general", "/kudos @ben @cy for lunch").await;
        let ana = opens(bot, "ana", "#general").await;
        ana.fills("people", json!(["@dee"]));
        ana.fills("reason", "tea");
        let spent = "You've used today's 2 kudos, so this one wasn't sent. You get 2 more after midnight.";
        assert_eq!(ana.submits().await, errors("people", spent));
    }

    async fn a_repeated_form_counts_once(bot: &mut Bot) {
        bot.says("ana", "#general", "/kudos @ben for lunch").await;
        let ana = opens(bot, "ana", "#general").await;
        ana.fills("people", json!(["@ben"]));
        ana.fills("reason", "lunch");
        let again = "You just thanked them in the same words, and that one counted. You can close this form.";
        assert_eq!(ana.submits().await, errors("people", again));
        assert_eq!(bot.thanked().await, ["ben"]);
    }

    async fn closing_a_form_is_fine(bot: &mut Bot) {
        let ana = opens(bot, "ana", "#general").await;
        ana.closes();
        bot.settle().await;
        assert!(bot.ledger().await.is_empty());
        assert!(bot.reads("ana", "#general").is_empty());
    }

    async fn a_late_form_is_answered_by_dm(bot: &mut Bot) {
        let ana = opens(bot, "ana", "#general").await;
        ana.fills("people", json!(["@ben"]));
        ana.fills("reason", "everything");
        // The `response_url` of the channel is dead after half an hour.
        bot.passes(Duration::minutes(45));
        assert_eq!(ana.submits().await, Submission::Closed);
        bot.settle().await;
        assert_eq!(bot.reads_last("dee", "#general"), ":tada: *Ana* thanks @ben\n>everything");
        assert!(bot.reads_dm("ana")[0].starts_with("Kudos to @ben!"), "{:?}", bot.reads_dm("ana"));
        bot.clicks("ana", "@rondo", "Undo").await;
        assert!(bot.reads("dee", "#general").is_empty());
    }

    async fn an_unopened_form_is_reported(bot: &mut Bot) {
        bot.expects_refusals();
        bot.sandbox.faults().fail("views.open", 1, "expired_trigger_id");
        let ana = bot.person("ana");
        ana.says("#general", "/kudos").await;
        let told = ana.sees("#general", "The form didn't open in time. Please try once more.").await;
        assert!(told.is_some_and(|told| told.ephemeral_to == Some(ana.id())));
        opens(bot, "ana", "#general").await.closes();
    }

    async fn forms_work_without_posting_rights(bot: &mut Bot) {
        bot.expects_refusals();
        let ana = opens(bot, "ana", "#lounge").await;
        ana.fills("people", json!(["@ben"]));
        ana.fills("reason", "the plan");
        assert_eq!(ana.submits().await, Submission::Closed);
        bot.settle().await;
        assert_eq!(bot.reads_dm("ben"), [":tada: *Ana* thanks you\n>the plan"]);
        assert!(bot.reads_last("ana", "#lounge").contains("invite me"));
    }

    async fn an_outdated_form_keeps_its_text(bot: &mut Bot) {
        let sent = json!({
            "type": "view_submission", "team": { "id": bot.sandbox.team_id() }, "user": { "id": bot.id("ana") },
            "trigger_id": "1.2.form",
            "view": { "callback_id": "kudos:give", "private_metadata": "C0ELSEWHERE", "state": { "values": {} } },
        });
        let answered = bot.sends("/slack/interactions", FORM, payload_form(&sent).as_bytes()).await;
        let expected = json!({
            "response_action": "errors",
            "errors": { "people": "This form is from before an update, so I can't read it. Copy your text and open a new form." },
        });
        assert_eq!(answered.status, 200);
        assert_eq!(serde_json::from_str::<serde_json::Value>(&answered.body).unwrap(), expected);
    }
}
