//! Who may do what: guests, people of other workspaces, deactivated accounts, admins, and people that the bot has not
//! read yet.

use std::collections::BTreeSet;

use rondo::{
    model::{
        failure::{Failure, Lookup},
        people::{ChannelId, Person, PersonKind},
    },
    store::{
        people,
        unit::{UnitOfWork, Value},
    },
};
use serde_json::json;
use slack_sandbox::NewPerson;

use crate::{
    each_store,
    support::{
        Bot,
        cafe::{WEEKLY, cafe, running_cafe},
        gestures::{FORM, payload_form},
    },
};

const ONE_MOMENT: &str = "One moment: I'm looking that up in Slack. The answer follows here.";

/// Sets what kind of member the directory has for a person.
async fn is_known_as(bot: &Bot, who: &str, kind: PersonKind, deactivated: bool) {
    let engine = &bot.parts.engine;
    let id = bot.id(who).as_str().into();
    let person = Person { id, name: who.to_owned(), zone: None, kind, deactivated, admin: false };
    let mut unit = UnitOfWork::new();
    people::put_person(&mut unit, &engine.team, &person, engine.clock.now());
    engine.store.commit(unit).await.unwrap();
}

async fn runs_in(bot: &Bot, channel: &ChannelId) -> bool {
    let engine = &bot.parts.engine;
    let programmes = engine.store.programmes_in(&engine.team, "coffee", channel).await.unwrap();
    programmes.iter().any(|programme| programme.ended_at.is_none())
}

fn asked_for(bot: &Bot, who: &str) -> usize {
    let calls = bot.sandbox.calls();
    calls.iter().filter(|call| call.method == "users.info" && call.args["user"] == bot.id(who)).count()
}

/// Returns the `response_url` of the last command.
fn response_url(bot: &Bot) -> serde_json::Value {
    let sent = bot.sandbox.deliveries();
    let url = sent.iter().rev().find_map(|delivery| delivery.payload["response_url"].as_str());
    json!(url.expect("something was typed"))
}

/// Lets a person press a kudos' Undo that they need not see.
async fn presses_undo(bot: &mut Bot, who: &str, gift: &str) {
    let press = json!({
        "type": "block_actions", "team": { "id": bot.sandbox.team_id() }, "user": { "id": bot.id(who) },
        "trigger_id": format!("undo/{who}"), "channel": { "id": bot.general() }, "response_url": response_url(bot),
        "actions": [{ "type": "button", "action_id": "kudos:undo", "value": gift }],
    });
    assert_eq!(bot.sends("/slack/interactions", FORM, payload_form(&press).as_bytes()).await.status, 200);
    bot.settle().await;
}

/// Sends the kudos form for ben and returns what the form shows then.
async fn sends_kudos_form(bot: &mut Bot, who: &str) -> serde_json::Value {
    let place = json!({ "channel": bot.general(), "response_url": response_url(bot), "until": i64::MAX });
    let people = json!({ "type": "multi_users_select", "selected_users": [bot.id("ben")] });
    let reason = json!({ "type": "plain_text_input", "value": "lunch" });
    let block = |name: &str, element: &str| json!({ "type": "input", "block_id": name, "element": { "type": element } });
    let sent = json!({
        "type": "view_submission", "team": { "id": bot.sandbox.team_id() }, "user": { "id": bot.id(who) },
        "trigger_id": format!("form/{who}"),
        "view": {
            "id": "V1", "hash": "1.2", "callback_id": "kudos:give", "private_metadata": place.to_string(),
            "blocks": [block("people", "multi_users_select"), block("reason", "plain_text_input")],
            "state": { "values": { "people": { "people": people }, "reason": { "reason": reason } } },
        },
    });
    let answered = bot.sends("/slack/interactions", FORM, payload_form(&sent).as_bytes()).await;
    assert_eq!(answered.status, 200);
    bot.settle().await;
    serde_json::from_str(&answered.body).unwrap_or_default()
}

each_store! {
    async fn a_guest_starts_no_chats(bot: &mut Bot) {
        let channel = cafe(bot, &["ana", "ben", "gus"]).await;
        for typed in [WEEKLY, "/coffee every Tuesday at 10:00"] {
            let answer = bot.says("gus", "#cafe", typed).await.text;
            assert!(answer.starts_with("Guests can't start coffee chats."), "{answer}");
        }
        bot.says("ana", "#cafe", WEEKLY).await;
        is_known_as(bot, "ana", PersonKind::Guest, false).await;
        bot.clicks("ana", "#cafe", "Start").await;
        assert!(bot.reads_last("ana", "#cafe").starts_with("Guests can't start coffee chats."));
        assert!(!runs_in(bot, &channel).await, "an old preview starts nothing either");
    }

    async fn guests_thank_and_take_part(bot: &mut Bot) {
        running_cafe(bot, &["ana", "ben", "gus"]).await;
        let answer = bot.says("gus", "#cafe", "/kudos @ben for lunch").await.text;
        assert!(answer.starts_with("Kudos to "), "{answer}");
        bot.says("gus", "#cafe", "/coffee leave").await;
        let answer = bot.says("gus", "#cafe", "/coffee join").await.text;
        assert!(answer.starts_with("You're in."), "{answer}");
    }

    async fn guests_cannot_stop_chats(bot: &mut Bot) {
        running_cafe(bot, &["ana", "ben", "gus"]).await;
        bot.sandbox.deactivate("ana");
        bot.hears_events().await;
        let answer = bot.says("gus", "#cafe", "/coffee stop").await.text;
        assert!(answer.starts_with("Guests can't start coffee chats."), "{answer}");
        let answer = bot.says("ben", "#cafe", "/coffee stop").await.text;
        assert!(answer.starts_with("*Stop the coffee chats"), "{answer}");
    }

    async fn admins_stop_others_chats(bot: &mut Bot) {
        let channel = running_cafe(bot, &["ana", "ben", "cy"]).await;
        bot.sandbox.set_kind("cy", slack_sandbox::PersonKind::Admin);
        bot.hears_events().await;
        let answer = bot.says("ben", "#cafe", "/coffee stop").await.text;
        assert!(answer.contains("They or a workspace admin can change or stop them."), "{answer}");
        bot.says("cy", "#cafe", "/coffee stop").await;
        bot.clicks("cy", "#cafe", "Stop these chats").await;
        assert!(!runs_in(bot, &channel).await);
    }

    async fn strangers_are_refused_kindly(bot: &mut Bot) {
        bot.says("ana", "#general", "/kudos @ben for lunch").await;
        let gift = bot.ledger().await[0].gift_id.clone();
        bot.sandbox.add_person(NewPerson { kind: slack_sandbox::PersonKind::Stranger, ..NewPerson::named("zoe") });
        is_known_as(bot, "zoe", PersonKind::Stranger, false).await;
        let refused = "I'm here for the people of this workspace. As far as I know you belong to another one";
        let answer = bot.sends_command("zoe", "/kudos mine").await;
        assert!(answer.starts_with(refused), "{answer}");
        presses_undo(bot, "zoe", &gift).await;
        let read = bot.reads_last("ana", "#general");
        assert!(read.starts_with(refused), "{read}");
        assert_eq!(bot.thanked().await, ["ben"]);
        let form = sends_kudos_form(bot, "zoe").await;
        assert!(form["errors"]["people"].as_str().unwrap_or_default().starts_with(refused), "{form}");
        assert_eq!(bot.thanked().await, ["ben"]);
    }

    async fn deactivated_people_cannot_send_forms(bot: &mut Bot) {
        bot.says("ana", "#general", "/kudos help").await;
        let form = sends_kudos_form(bot, "left").await;
        assert_eq!(form["response_action"], "errors", "{form}");
        let told = form["errors"]["people"].as_str().unwrap_or_default();
        assert!(told.starts_with("As far as I know this account is deactivated, so nothing was done."), "{form}");
        assert!(bot.ledger().await.is_empty());
        assert!(bot.reads_dm("left").is_empty(), "Slack would refuse a DM to them");
    }

    async fn a_reactivated_person_can_retry(bot: &mut Bot) {
        is_known_as(bot, "ben", PersonKind::Member, true).await;
        let answer = bot.says("ben", "#general", "/kudos mine").await.text;
        assert!(answer.starts_with("As far as I know this account is deactivated"), "{answer}");
        bot.eventually("ben is asked for and known", || async {
            bot.passes(chrono::Duration::seconds(1));
            bot.person("ben").says("#general", "/kudos mine").await.text.starts_with("You haven't given")
        })
        .await;
        assert_eq!(asked_for(bot, "ben"), 1);
    }

    async fn bots_are_ignored(bot: &mut Bot) {
        let answer = bot.sends_command("helper", "/kudos mine").await;
        assert_eq!(answer, "I take requests from people only, so nothing was done.");
    }

    async fn channel_membership_is_looked_up(bot: &mut Bot) {
        use rondo::model::authority::{Operation, Denied};
        let channel = cafe(bot, &["ana", "ben"]).await;
        let context = bot.parts.engine.context();
        let may = async |who: &str| {
            let id = bot.id(who).as_str().into();
            context.may_in(&id, &Operation::Start, &channel).await.unwrap()
        };
        assert_eq!(may("ana").await, Ok(()));
        assert_eq!(may("dee").await, Err(Denied::NotInChannel));
        assert_eq!(context.unread_channel(), Some(&channel), "they may have joined just now");
        let context = bot.parts.engine.context();
        let unread = ChannelId("C0UNREAD".to_owned());
        let asked = context.may_in(&bot.id("ana").as_str().into(), &Operation::Start, &unread).await;
        let lookup = Lookup::Channel(unread);
        assert!(matches!(asked, Err(Failure::Later(asked)) if asked == lookup), "what is not known is not stated");
    }
}

each_store! {
    with [("without", "team_join"), ("without", "user_change")];

    async fn an_unknown_person_is_read_first(bot: &mut Bot) {
        bot.sandbox.add_person(NewPerson::named("eve"));
        let channel = cafe(bot, &["ana", "ben", "eve"]).await;
        assert_eq!(bot.says("eve", "#cafe", WEEKLY).await.text, ONE_MOMENT);
        assert!(bot.reads_last("eve", "#cafe").contains("3 people here would take part."));
        bot.says("eve", "#cafe", WEEKLY).await;
        assert_eq!(asked_for(bot, "eve"), 1, "once for all who ask at that time");
        bot.clicks("eve", "#cafe", "Start").await;
        assert!(runs_in(bot, &channel).await);
    }

    async fn an_unknown_person_cannot_stop_chats(bot: &mut Bot) {
        bot.sandbox.add_person(NewPerson::named("eve"));
        let channel = running_cafe(bot, &["ana", "ben", "eve"]).await;
        let answer = bot.says("eve", "#cafe", "/coffee stop").await.text;
        assert_eq!(answer, ONE_MOMENT, "she may be an admin");
        assert_eq!(asked_for(bot, "eve"), 1);
        let answer = bot.reads_last("eve", "#cafe");
        assert!(!answer.starts_with("*Stop the coffee chats"), "{answer}");
        let answer = bot.says("eve", "#cafe", "/kudos @ben for lunch").await.text;
        assert!(answer.starts_with("Kudos to "), "{answer}");
        assert!(runs_in(bot, &channel).await);
    }
}

each_store! {
    with [("people.may_start", "\"admins\"")];

    async fn starting_can_need_an_admin(bot: &mut Bot) {
        let channel = cafe(bot, &["ana", "ben", "cy"]).await;
        let answer = bot.says("ana", "#cafe", WEEKLY).await.text;
        assert!(answer.starts_with("Only workspace admins can start coffee chats here."), "{answer}");
        bot.sandbox.set_kind("cy", slack_sandbox::PersonKind::Admin);
        bot.hears_events().await;
        bot.says("cy", "#cafe", WEEKLY).await;
        bot.clicks("cy", "#cafe", "Start").await;
        assert!(runs_in(bot, &channel).await);
    }
}

each_store! {
    with [("people.may_start", "[\"@design\", \"U0NOBODY1\"]")];

    async fn starting_can_need_a_user_group(bot: &mut Bot) {
        let channel = cafe(bot, &["ana", "ben", "cy"]).await;
        let answer = bot.says("ana", "#cafe", WEEKLY).await.text;
        let refused = "Only workspace admins, @design and <@U0NOBODY1> can start coffee chats here.";
        assert!(answer.starts_with(refused), "{answer}");
        bot.says("ben", "#cafe", WEEKLY).await;
        bot.clicks("ben", "#cafe", "Start").await;
        assert!(runs_in(bot, &channel).await);
    }
}

each_store! {
    with [("people.guests_take_part", "false")];

    async fn guests_can_be_excluded(bot: &mut Bot) {
        running_cafe(bot, &["ana", "ben", "gus"]).await;
        let answer = bot.says("gus", "#cafe", "/coffee join").await.text;
        assert!(answer.starts_with("Guests don't take part in coffee chats in this workspace."), "{answer}");
        let status = bot.says("ana", "#cafe", "/coffee status").await.text;
        assert!(status.contains("2 people take part"), "{status}");
        let engine = bot.parts.engine.clone();
        let next = engine.store.next_run_at(&engine.team).await.unwrap().unwrap();
        bot.sandbox.clock().advance_to(next.timestamp_millis());
        bot.settle().await;
        let people = "SELECT user_id FROM coffee_seat WHERE team_id = $1";
        let context = engine.context();
        let seats = context.store.ask(people, vec![Value::from(context.store.team())]).await.unwrap();
        let met: BTreeSet<String> =
            seats.into_iter().flatten().filter_map(Value::text).map(|user| bot.person(&user).name()).collect();
        assert_eq!(met, ["ana", "ben"].map(str::to_owned).into());
    }
}

each_store! {
    async fn a_first_round_needs_an_hour(bot: &mut Bot) {
        // It is Monday, 9:00 in Lisbon.
        cafe(bot, &["ana", "ben"]).await;
        let preview = bot.says("ana", "#cafe", "/coffee start every Monday at 9:45").await.text;
        let soon = "Monday, 5 January at 09:45 is less than an hour away, so the chats begin with the round after it: people get time to opt out.";
        assert!(preview.contains("First rounds: Monday, 12 January; Monday, 19 January"), "{preview}");
        assert!(preview.contains(soon), "{preview}");
        bot.clicks("ana", "#cafe", "Start").await;
        let told = bot.reads_last("ben", "#cafe");
        assert!(told.contains("First round: Monday, 12 January at 09:45."), "{told}");
    }

    async fn an_hour_is_early_enough(bot: &mut Bot) {
        cafe(bot, &["ana", "ben"]).await;
        bot.sandbox.clock().advance_to(crate::support::bot::MONDAY_MORNING + 15 * 60_000);
        let preview = bot.says("ana", "#cafe", "/coffee start every Monday at 10:15").await.text;
        assert!(preview.contains("First rounds: Monday, 5 January;"), "{preview}");
        assert!(!preview.contains("less than an hour away"), "{preview}");
        // The preview stays open for a while before it is used.
        bot.passes(chrono::Duration::minutes(10));
        bot.clicks("ana", "#cafe", "Start").await;
        let told = bot.reads_last("ben", "#cafe");
        assert!(told.contains("First round: Monday, 12 January at 10:15."), "{told}");
    }

    async fn a_single_near_round_is_refused(bot: &mut Bot) {
        cafe(bot, &["ana", "ben"]).await;
        let answer = bot.says("ana", "#cafe", "/coffee start every Monday at 9:45 until 2026-01-06").await.text;
        let soon = "The only round at these times would be on Monday, 5 January at 09:45, which is less than an hour away.";
        assert!(answer.starts_with(soon), "{answer}");
    }
}
