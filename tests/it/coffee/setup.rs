//! Setting coffee chats up with the form.

use std::collections::BTreeMap;

use chrono::Duration;
use serde_json::Value;
use slack_sandbox::{PersonHandle, Submission};

use super::*;

const SET_UP: &str = "Set up coffee chats";

/// Opens the form with the bare command.
pub async fn opens(bot: &Bot, who: &str, place: &str) -> PersonHandle {
    let person = bot.person(who);
    let answer = person.says(place, "/coffee").await;
    assert!(answer.is_answered() && answer.text.is_empty(), "{}", answer.text);
    assert_eq!(person.sees_modal().await.expect("a form").title, SET_UP);
    person
}

/// Returns what a person sees in the modal on top.
pub fn modal(bot: &Bot, person: &PersonHandle) -> String {
    bot.as_read(&person.modal().expect("a modal is open").plain())
}

/// Returns the text of a field of the modal on top.
pub fn written(person: &PersonHandle, field: &str) -> Value {
    person.modal().expect("a form is open").values[field][field]["value"].clone()
}

pub fn errors(said: &[(&str, &str)]) -> Submission {
    let said = said.iter().map(|(field, words)| ((*field).to_owned(), (*words).to_owned()));
    Submission::Errors(said.collect::<BTreeMap<_, _>>())
}

/// Waits until the modal on top shows these words.
pub async fn becomes(bot: &Bot, person: &PersonHandle, words: &str) {
    bot.eventually(words, || async { modal(bot, person).contains(words) }).await;
}

async fn all_in(bot: &Bot, channel: &ChannelId) -> Vec<Programme> {
    let engine = &bot.parts.engine;
    engine.store.programmes_in(&engine.team, "coffee", channel).await.unwrap()
}

/// Sends the form or the preview with these texts in its fields, past Slack's own client; returns what it shows then.
async fn sends_view(bot: &Bot, who: &str, callback: &str, private: &str, fields: &Value) -> Value {
    let block = |name: &String| json!({ "type": "input", "block_id": name, "element": { "type": "plain_text_input" } });
    let fields = fields.as_object().unwrap();
    let value = |(name, text): (&String, &Value)| {
        let element = match name.as_str() {
            "channel" => json!({ "type": "conversations_select", "selected_conversation": text }),
            _ => json!({ "type": "plain_text_input", "value": text }),
        };
        (name.clone(), json!({ name: element }))
    };
    let values: serde_json::Map<String, Value> = fields.iter().map(value).collect();
    let sent = json!({
        "type": "view_submission", "team": { "id": bot.sandbox.team_id() }, "user": { "id": bot.id(who) },
        "trigger_id": format!("{callback}/{}", bot.sandbox.deliveries().len()),
        "view": {
            "id": "V1", "hash": "1.2", "callback_id": callback, "private_metadata": private,
            "blocks": fields.keys().map(block).collect::<Vec<_>>(), "state": { "values": values },
        },
    });
    let answered = bot.sends("/slack/interactions", FORM, payload_form(&sent).as_bytes()).await;
    assert_eq!(answered.status, 200);
    serde_json::from_str(&answered.body).unwrap_or_default()
}

const STARTS: &str = r#"{"v":1,"purpose":"start","target":null}"#;

each_store! {
    async fn two_presses_start_chats(bot: &mut Bot) {
        let channel = cafe(bot, &["ana", "ben", "cy", "dee"]).await;
        let ana = opens(bot, "ana", "#cafe").await;
        assert_eq!(ana.submits().await, Submission::Updated);
        let preview = modal(bot, &ana);
        for words in [
            "Coffee chats in #cafe, every 2 weeks on Tuesday at 10:00 (Europe/Lisbon).",
            "4 people here would take part.",
            "First rounds: Tuesday, 6 January; Tuesday, 20 January; Tuesday, 3 February.",
            "Now, to 4 people in #cafe",
            "@ana has started coffee chats here: every 2 weeks on Tuesday at 10:00",
            "Tomorrow's the next round of the coffee chats: on Tuesday, 20 January at 10:00 (UTC) I'll introduce 4 people",
            "Buttons: Skip this time | Leave",
            "Tuesday, 6 January at 10:00, to each of 2 groups, for example",
            "Hi @ana and @ben! You're matched",
            "to each group that hasn't said that it met",
        ] {
            assert!(preview.contains(words), "{words}: {preview}");
        }
        assert!(programme_in(bot, &channel).await.is_none() && bot.reads("ben", "#cafe").is_empty());
        assert_eq!(ana.submits().await, Submission::Closed);
        bot.settle().await;
        let announced = ":coffee: @ana has started coffee chats here: every 2 weeks on Tuesday at 10:00";
        assert!(bot.reads_last("ben", "#cafe").starts_with(announced));
        let told = "Coffee chats are on in #cafe. First round: Tuesday, 6 January at 10:00.";
        assert!(bot.reads("ana", "#cafe").iter().any(|text| text.starts_with(told)), "{:?}", bot.reads("ana", "#cafe"));
        comes_round(bot).await;
        assert_eq!(partners(bot, &channel, "ana").await.len(), 1);
    }

    async fn chosen_options_take_effect(bot: &mut Bot) {
        let channel = cafe(bot, &["ana", "ben", "cy", "dee"]).await;
        let ana = opens(bot, "ana", "#cafe").await;
        let name = "朝の ☕ <!here> & \"co\"";
        assert!(ana.fills("name", name) && ana.fills("when", "every Wednesday at 15:00"));
        assert!(ana.fills("around", json!([])) && ana.fills("size", "4 people"));
        assert_eq!(ana.submits().await, Submission::Updated);
        let preview = modal(bot, &ana);
        assert!(!preview.contains("Tomorrow's") && !preview.contains("get to meet"), "{preview}");
        assert!(preview.contains(name), "{preview}");
        ana.submits().await;
        bot.settle().await;
        comes_round(bot).await;
        assert_eq!(partners(bot, &channel, "ana").await, ["ben", "cy", "dee"]);
        let programme = programme_in(bot, &channel).await.unwrap();
        let engine = &bot.parts.engine;
        let pending = engine.store.pending_runs(&engine.team, &programme.id).await.unwrap();
        assert!(pending.iter().all(|run| run.kind == "round"), "{pending:?}");
        assert!(status(bot, "ben").await.starts_with("*朝の ☕ &lt;!here&gt; &amp; \"co\": coffee chats run here"));
    }

    async fn errors_keep_typed_text(bot: &mut Bot) {
        cafe(bot, &["ana", "ben"]).await;
        bot.says("ana", "#lounge", "/coffee").await;
        let ana = opens(bot, "ana", "#cafe").await;
        let long = "x".repeat(60);
        assert!(ana.fills("name", long.as_str()) && ana.fills("when", "every tuseday at 10:00"));
        assert!(ana.fills("channel", "#lounge"));
        let sent = ana.submits().await;
        let Submission::Errors(said) = &sent else { panic!("{sent:?}") };
        // The field itself has the limit, so that it isn't said twice.
        assert_eq!(said["name"], "Please shorten this to 40 characters or less.");
        assert!(ana.fills("name", "x".repeat(40)));
        let sent = ana.submits().await;
        let Submission::Errors(said) = &sent else { panic!("{sent:?}") };
        assert_eq!(said["when"], "I don't know \"tuseday\". Did you mean: every Tuesday at 10:00?");
        assert!(said["channel"].starts_with("As far as I know I'm not in this channel"), "{said:?}");
        assert!(said["channel"].contains("invite me with /invite @Rondo"), "{said:?}");
        assert_eq!((written(&ana, "name"), written(&ana, "when")), (json!("x".repeat(40)), json!("every tuseday at 10:00")));
        ana.fills("name", "Lunch");
        ana.fills("channel", "#cafe");
        for (when, words) in [
            ("every day at 9:00 and 15:00", "That's more than one round a day"),
            ("every Tuesday at 10:00 until 2025-12-31", "That ends on 31 December 2025, before it first comes."),
            ("0 10 30 2 *", "No day fits"),
            ("every Monday at 9:30 until 2026-01-05", "The only round at these times would be on Monday, 5 January at 09:30"),
        ] {
            ana.fills("when", when);
            let sent = ana.submits().await;
            let Submission::Errors(said) = &sent else { panic!("{when}: {sent:?}") };
            assert!(said["when"].starts_with(words), "{when}: {said:?}");
            assert!(!said["when"].contains('`'), "{said:?}");
        }
        ana.fills("when", "every Tuesday at 10:00");
        assert_eq!(ana.submits().await, Submission::Updated);
        ana.closes();
    }

    async fn back_shows_what_was_typed(bot: &mut Bot) {
        cafe(bot, &["ana", "ben"]).await;
        let ana = opens(bot, "ana", "#cafe").await;
        ana.fills("name", "Lunch");
        ana.fills("when", "last Friday of the month at 16:00");
        ana.fills("around", json!(["notice"]));
        ana.fills("size", "3 people");
        assert_eq!(ana.submits().await, Submission::Updated);
        assert!(modal(bot, &ana).contains("Friday, 25 December is a holiday for many people."), "{}", modal(bot, &ana));
        ana.clicks_in_modal("Back").await;
        becomes(bot, &ana, "Everyone in the channel takes part").await;
        assert_eq!(written(&ana, "name"), "Lunch");
        assert_eq!(written(&ana, "when"), "last Friday of the month at 16:00");
        let values = ana.modal().unwrap().values;
        assert_eq!(values["size"]["size"]["selected_option"]["value"], "3");
        assert_eq!(values["around"]["around"]["selected_options"].as_array().unwrap().len(), 1);
        assert_eq!(ana.submits().await, Submission::Updated);
        assert_eq!(ana.submits().await, Submission::Closed);
        bot.settle().await;
        assert!(status(bot, "ben").await.starts_with("*Lunch: coffee chats run here, the last Friday of every month"));
    }

    async fn form_and_command_have_equal_rights(bot: &mut Bot) {
        cafe(bot, &["ana", "ben", "gus"]).await;
        let answer = bot.says("gus", "#cafe", "/coffee").await.text;
        assert!(answer.starts_with("Guests can't start coffee chats."), "{answer}");
        let fields = json!({ "channel": programme_place(bot).await, "when": "every Tuesday at 10:00", "name": "" });
        let said = sends_view(bot, "gus", "coffee:setup", STARTS, &fields).await;
        let words = said["errors"]["channel"].as_str().unwrap_or_default();
        assert!(words.starts_with("Guests can't start coffee chats."), "{said}");
        assert!(bot.person("gus").modal().is_none());
    }

    async fn foreign_channels_stay_unnamed(bot: &mut Bot) {
        let hideout = ChannelId(bot.sandbox.add_channel("hideout", true, &["ana", "ben"]));
        bot.sandbox.invite("hideout", &bot.user);
        bot.hears_events().await;
        cafe(bot, &["cy", "ben"]).await;
        let fields = json!({ "channel": hideout.as_str(), "when": "every Tuesday at 10:00", "name": "" });
        let said = sends_view(bot, "cy", "coffee:setup", STARTS, &fields).await;
        let words = said["errors"]["channel"].as_str().unwrap_or_default();
        assert!(words.starts_with("As far as I know you're not in that channel"), "{said}");
        assert!(!said.to_string().contains("hideout"), "{said}");
        // A preview with the channel in it proves as little.
        let private = json!({
            "v": 1, "purpose": "start", "target": null, "read": [1_767_603_600_000_i64, "UTC"],
            "draft": { "name": "", "channel": hideout.as_str(), "when": "every Tuesday at 10:00", "own": {} },
        });
        let said = sends_view(bot, "cy", "coffee:setup_now", &private.to_string(), &json!({})).await;
        assert_eq!(said["response_action"], "update", "{said}");
        assert!(said.to_string().contains("you're not in that channel"), "{said}");
        bot.settle().await;
        assert!(all_in(bot, &hideout).await.is_empty());
        assert!(bot.reads("ana", "#hideout").is_empty());
    }

    async fn forged_forms_change_nothing(bot: &mut Bot) {
        let channel = cafe(bot, &["ana", "ben"]).await;
        let fields = json!({ "when": "every Tuesday at 10:00", "name": "x".repeat(81), "channel": channel.as_str() });
        for private in ["", "{}", "C0ELSEWHERE", r#"{"v":9,"purpose":"start","target":null}"#] {
            let said = sends_view(bot, "ana", "coffee:setup", private, &fields).await;
            assert!(said["errors"].to_string().contains("This form is from before an update"), "{said}");
            let said = sends_view(bot, "ana", "coffee:setup_now", private, &json!({})).await;
            assert!(said["view"].to_string().contains("This form is from before an update"), "{said}");
        }
        let said = sends_view(bot, "ana", "coffee:setup", STARTS, &fields).await;
        assert_eq!(said["errors"], json!({ "name": "That name is too long. Up to 40 characters fit." }));
        let said = sends_view(bot, "ana", "coffee:setup", STARTS, &json!({ "when": "", "name": "" })).await;
        assert_eq!(said["errors"]["channel"], "Choose a channel.");
        assert!(said["errors"]["when"].as_str().unwrap().starts_with("When?"), "{said}");
        let endless = format!("every Tuesday at 10:00 except {}", "2026-12-22 and ".repeat(190));
        let fields = json!({ "channel": channel.as_str(), "when": endless, "name": "" });
        let said = sends_view(bot, "ana", "coffee:setup", STARTS, &fields).await;
        assert!(said["errors"]["when"].as_str().unwrap().starts_with("That's too long"), "{said}");
        let private = json!({ "v": 1, "purpose": { "change": { "programme": "P0", "version": 0 } }, "target": null });
        let fields = json!({ "when": "every Tuesday at 10:00", "name": "" });
        let said = sends_view(bot, "ana", "coffee:setup", &private.to_string(), &fields).await;
        assert!(said["view"].to_string().contains("stopped while you had the form open"), "{said}");
        assert!(all_in(bot, &channel).await.is_empty());
    }

    async fn concurrent_forms_start_once(bot: &mut Bot) {
        let channel = cafe(bot, &["ana", "ben"]).await;
        let (ana, ben) = (opens(bot, "ana", "#cafe").await, opens(bot, "ben", "#cafe").await);
        ben.fills("when", "every Friday at 14:00");
        ana.fills("when", "every Monday at 11:00");
        assert_eq!((ana.submits().await, ben.submits().await), (Submission::Updated, Submission::Updated));
        let ended = tokio::join!(ana.submits(), ben.submits());
        bot.settle().await;
        let (loser, when) = match ended {
            (Submission::Closed, Submission::Updated) => (&ben, "every Friday at 14:00"),
            (Submission::Updated, Submission::Closed) => (&ana, "every Monday at 11:00"),
            other => panic!("{other:?}"),
        };
        assert!(modal(bot, loser).contains("Coffee chats run in that channel already, every "), "{}", modal(bot, loser));
        assert_eq!(written(loser, "when"), when);
        loser.fills("name", "Second");
        assert_eq!(loser.submits().await, Submission::Updated);
        assert_eq!(loser.submits().await, Submission::Closed);
        bot.settle().await;
        assert_eq!(all_in(bot, &channel).await.len(), 2);
    }

    async fn a_form_sent_twice_starts_once(bot: &mut Bot) {
        let channel = cafe(bot, &["ana", "ben"]).await;
        let ana = opens(bot, "ana", "#cafe").await;
        bot.sandbox.faults().duplicate_deliveries(true);
        ana.submits().await;
        ana.submits().await;
        bot.settle().await;
        bot.sandbox.faults().duplicate_deliveries(false);
        assert_eq!(all_in(bot, &channel).await.len(), 1);
        assert_eq!(bot.reads("ben", "#cafe").len(), 1);
    }

    async fn the_bare_command_shows_chats(bot: &mut Bot) {
        let channel = running_cafe(bot, &["ana", "ben"]).await;
        let answer = bot.says("ben", "#cafe", "/coffee").await.text;
        assert!(answer.starts_with("*Coffee chats run here, every Tuesday at 10:00"), "{answer}");
        bot.clicks("ben", "#cafe", "Set up another").await;
        let ben = bot.person("ben");
        assert_eq!(ben.sees_modal().await.expect("a form").title, SET_UP);
        let taken = "Coffee chats run in that channel already, every Tuesday at 10:00 (Europe/Lisbon). Give these a name.";
        assert_eq!(ben.submits().await, errors(&[("name", taken)]));
        ben.fills("name", "Lunch");
        ben.submits().await;
        assert_eq!(ben.submits().await, Submission::Closed);
        bot.settle().await;
        assert_eq!(all_in(bot, &channel).await.len(), 2);
        let answer = bot.says("ana", "#cafe", "/coffee").await.text;
        assert!(answer.starts_with("Several coffee chats run here. Which ones?"), "{answer}");
    }

    async fn stopped_chats_are_offered_again(bot: &mut Bot) {
        let channel = running_cafe(bot, &["ana", "ben"]).await;
        bot.says("ana", "#cafe", "/coffee stop").await;
        bot.clicks("ana", "#cafe", "Stop these chats").await;
        let stopped = programme_in(bot, &channel).await.unwrap();
        let ana = opens(bot, "ana", "#cafe").await;
        assert_eq!(written(&ana, "when"), "every Tuesday at 10:00 (Europe/Lisbon)");
        ana.submits().await;
        assert_eq!(ana.submits().await, Submission::Closed);
        bot.settle().await;
        let again = programme_in(bot, &channel).await.unwrap();
        assert_eq!((again.id, again.ended_at), (stopped.id, None));
    }

    async fn an_unread_channel_is_explained(bot: &mut Bot) {
        bot.sandbox.add_channel("attic", false, &["ana", "ben"]);
        let answer = bot.says("ana", "#attic", "/coffee").await.text;
        assert_eq!(answer, "One moment: I'm looking that up in Slack. The answer follows here.");
        assert!(bot.reads_last("ana", "#attic").starts_with("As far as I know I'm not in this channel"));
        assert!(bot.person("ana").modal().is_none());
    }

    async fn a_newly_archived_channel_is_shown(bot: &mut Bot) {
        cafe(bot, &["ana", "ben"]).await;
        let ana = opens(bot, "ana", "#cafe").await;
        bot.passes(Duration::seconds(1));
        bot.sandbox.archive("cafe");
        bot.hears_events().await;
        let sent = ana.submits().await;
        let Submission::Errors(said) = &sent else { panic!("{sent:?}") };
        assert!(said["channel"].starts_with("As far as I know this channel is archived"), "{said:?}");
    }

    async fn an_unopened_form_is_reported(bot: &mut Bot) {
        cafe(bot, &["ana", "ben"]).await;
        bot.expects_refusals();
        bot.sandbox.faults().fail("views.open", 1, "expired_trigger_id");
        let ana = bot.person("ana");
        ana.says("#cafe", "/coffee").await;
        let told = ana.sees("#cafe", "The form didn't open in time. Please try once more.").await;
        assert!(told.is_some_and(|told| told.ephemeral_to == Some(ana.id())));
        opens(bot, "ana", "#cafe").await.closes();
    }

    async fn a_dm_asks_for_the_channel(bot: &mut Bot) {
        let channel = cafe(bot, &["ana", "ben"]).await;
        let at = format!("@{}", bot.person(&bot.user).name());
        let ana = opens(bot, "ana", &at).await;
        let required = "Please complete this required field.";
        assert_eq!(ana.submits().await, errors(&[("channel", required)]));
        ana.fills("channel", "#cafe");
        assert_eq!(ana.submits().await, Submission::Updated);
        // The `response_url` is dead after half an hour.
        bot.passes(Duration::minutes(45));
        assert_eq!(ana.submits().await, Submission::Closed);
        bot.settle().await;
        assert!(programme_in(bot, &channel).await.is_some());
        let told = "Coffee chats are on in #cafe.";
        assert!(bot.reads_dm("ana").iter().any(|text| text.starts_with(told)), "{:?}", bot.reads_dm("ana"));
    }

    async fn a_late_preview_starts_later(bot: &mut Bot) {
        let channel = cafe(bot, &["ana", "ben"]).await;
        let ana = opens(bot, "ana", "#cafe").await;
        assert_eq!(ana.submits().await, Submission::Updated);
        bot.passes(Duration::hours(30));
        assert_eq!(ana.submits().await, Submission::Closed);
        bot.settle().await;
        let programme = programme_in(bot, &channel).await.unwrap();
        let engine = &bot.parts.engine;
        let pending = engine.store.pending_runs(&engine.team, &programme.id).await.unwrap();
        let round = pending.iter().find(|run| run.kind == "round").unwrap();
        assert_eq!(round.due.wall.to_string(), "2026-01-20 10:00:00", "every 2 weeks counts from what was shown");
    }
}

each_store! {
    with [("people.may_start", "\"admins\"")];

    async fn the_form_needs_the_right_to_start(bot: &mut Bot) {
        let channel = cafe(bot, &["ana", "ben"]).await;
        let answer = bot.says("ana", "#cafe", "/coffee").await.text;
        assert!(answer.starts_with("Only workspace admins can start coffee chats here."), "{answer}");
        let fields = json!({ "channel": channel.as_str(), "when": "every Tuesday at 10:00", "name": "" });
        let said = sends_view(bot, "ana", "coffee:setup", STARTS, &fields).await;
        assert!(said["errors"]["channel"].as_str().unwrap().starts_with("Only workspace admins"), "{said}");
    }
}

/// Returns the id of `#cafe`.
async fn programme_place(bot: &Bot) -> String {
    let engine = &bot.parts.engine;
    let rows =
        engine.store.ask("SELECT channel_id FROM channel WHERE name = 'cafe'", Vec::new()).await.unwrap();
    rows.into_iter().flatten().next().unwrap().text().unwrap()
}

each_store! {
    with [("without", "member_joined_channel")];

    async fn an_unread_channel_gets_its_preview(bot: &mut Bot) {
        let tea = ChannelId(bot.sandbox.add_channel("tea", false, &["ana", "ben", "cy"]));
        bot.sandbox.invite("tea", &bot.user);
        let ana = opens(bot, "ana", "#general").await;
        assert!(ana.fills("channel", "#tea"));
        assert_eq!(ana.submits().await, Submission::Updated);
        assert!(modal(bot, &ana).contains("One moment: I'm looking that up in Slack."), "{}", modal(bot, &ana));
        bot.settle().await;
        assert!(modal(bot, &ana).contains("3 people here would take part."), "{}", modal(bot, &ana));
        ana.submits().await;
        bot.settle().await;
        assert_eq!(all_in(bot, &tea).await.len(), 1);
    }

    async fn late_errors_keep_typed_text(bot: &mut Bot) {
        bot.sandbox.add_channel("attic", false, &["ana", "ben"]);
        let ana = opens(bot, "ana", "#general").await;
        assert!(ana.fills("channel", "#attic") && ana.fills("when", "every Wednesday at 15:00"));
        assert_eq!(ana.submits().await, Submission::Updated);
        bot.settle().await;
        assert!(modal(bot, &ana).contains("As far as I know I'm not in this channel"), "{}", modal(bot, &ana));
        assert_eq!(written(&ana, "when"), "every Wednesday at 15:00");
        ana.closes();
    }
}
