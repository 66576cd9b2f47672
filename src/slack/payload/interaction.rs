//! Interactions: a pressed button, a choice from a menu, the submission of a modal, a shortcut.

use serde_json::Value;

use super::{
    PayloadFields, Why,
    place::{channel, message_place, saved_words_of, view_place},
};
use crate::{
    model::{
        event::{
            Action, Delivery, Event, GlobalShortcut, MessagePlace, MessageShortcut, OptionsWanted,
            Submission, ViewClosed,
        },
        people::UserId,
    },
    slack::{
        fields,
        text_objects::{CHOICE_SEPARATOR, REPEATED},
    },
};

/// Reads an interaction of a kind that Rondo offers.
pub(super) fn read(fields: PayloadFields<'_>) -> Result<Delivery, Why> {
    let event = match fields.text("/type") {
        Some("block_actions") => Event::Action(action(fields)?),
        Some("view_submission") => Event::Submission(submission(fields)?),
        Some("view_closed") => Event::ViewClosed(view_closed(fields)?),
        Some("block_suggestion") => Event::OptionsWanted(options_wanted(fields)?),
        Some("message_action") => Event::MessageShortcut(message_shortcut(fields)?),
        Some("shortcut") => Event::GlobalShortcut(global_shortcut(fields)?),
        _ => return Err("unknown_interaction"),
    };
    // The person may be of another workspace than the one that installed the app; its modal names that one.
    let team = fields.team(&[
        "/view/app_installed_team_id",
        "/team/id",
        "/team_id",
        "/user/team_id",
        "/authorizations/0/team_id",
    ])?;
    Ok(fields.delivery("/trigger_id", team, event))
}

fn user(fields: PayloadFields<'_>) -> Result<UserId, Why> {
    fields.id("/user/id").map(UserId::from).ok_or("no_user")
}

fn user_name(fields: PayloadFields<'_>) -> Option<String> {
    fields.text("/user/name").or_else(|| fields.text("/user/username")).map(str::to_owned)
}

fn response_url(fields: PayloadFields<'_>) -> Option<String> {
    fields.text("/response_url").map(str::to_owned)
}

fn callback(fields: PayloadFields<'_>, pointer: &str) -> Result<String, Why> {
    fields.text(pointer).map(str::to_owned).ok_or("no_callback")
}

fn action(fields: PayloadFields<'_>) -> Result<Action, Why> {
    let user = user(fields)?;
    let (action, value) = what_is_to_be_done(fields).ok_or("no_action")?;
    Ok(Action {
        user,
        user_name: user_name(fields),
        channel: channel(fields),
        action,
        value,
        chosen: fields.at("/actions/0").and_then(fields::answer),
        fields: fields::answers(fields.at("/state/values").or_else(|| fields.at("/view/state/values"))),
        message: message_place(fields),
        view: view_place(fields),
        trigger: fields.words("/trigger_id"),
        response_url: response_url(fields),
    })
}

/// Returns the action and its value: of a pressed button, of a choice in a menu of actions, or of another menu.
fn what_is_to_be_done(fields: PayloadFields<'_>) -> Option<(String, String)> {
    match fields.text("/actions/0/type") {
        Some("overflow") => Some(apart(fields.text("/actions/0/selected_option/value")?)),
        Some("button") | None => {
            let id = fields.text("/actions/0/action_id")?;
            let action = id.split_once(REPEATED).map_or(id, |(action, _)| action);
            Some((action.to_owned(), fields.words("/actions/0/value")))
        }
        Some(_) => Some(apart(fields.text("/actions/0/action_id")?)),
    }
}

/// Splits a text into an action and a value.
fn apart(both: &str) -> (String, String) {
    let (action, value) = both.split_once(CHOICE_SEPARATOR).unwrap_or((both, ""));
    (action.to_owned(), value.to_owned())
}

fn submission(fields: PayloadFields<'_>) -> Result<Submission, Why> {
    Ok(Submission {
        user: user(fields)?,
        user_name: user_name(fields),
        callback: callback(fields, "/view/callback_id")?,
        private: fields.words("/view/private_metadata"),
        answers: fields::answers(fields.at("/view/state/values")),
        first_field: first_field(fields),
        view: fields.id("/view/id").unwrap_or_default().to_owned(),
        hash: fields.id("/view/hash").unwrap_or_default().to_owned(),
        trigger: fields.words("/trigger_id"),
    })
}

/// Returns the first input block; without the blocks, the first of the state's, which are unordered.
fn first_field(fields: PayloadFields<'_>) -> Option<String> {
    let blocks = fields.at("/view/blocks").and_then(Value::as_array);
    let mut inputs =
        blocks.into_iter().flatten().map(PayloadFields).filter(|block| block.text("/type") == Some("input"));
    let first = inputs.find_map(|block| block.text("/block_id")).map(str::to_owned);
    first.or_else(|| fields.at("/view/state/values")?.as_object()?.keys().next().cloned())
}

fn view_closed(fields: PayloadFields<'_>) -> Result<ViewClosed, Why> {
    let view = view_place(fields).ok_or("no_view")?;
    if view.callback.is_empty() {
        return Err("no_callback");
    }
    Ok(ViewClosed { user: user(fields)?, view, all: fields.is_set("/is_cleared") })
}

fn options_wanted(fields: PayloadFields<'_>) -> Result<OptionsWanted, Why> {
    let (action, value) = apart(fields.text("/action_id").ok_or("no_action")?);
    Ok(OptionsWanted {
        user: user(fields)?,
        action,
        value,
        typed: fields.words("/value"),
        message: message_place(fields),
        view: view_place(fields),
    })
}

fn message_shortcut(fields: PayloadFields<'_>) -> Result<MessageShortcut, Why> {
    let ts = fields.id("/message_ts").or_else(|| fields.id("/message/ts")).ok_or("no_message")?;
    let message = MessagePlace {
        channel: channel(fields).ok_or("no_channel")?,
        ts: ts.to_owned(),
        thread_ts: fields.id("/message/thread_ts").map(str::to_owned),
        ephemeral: false,
    };
    Ok(MessageShortcut {
        user: user(fields)?,
        user_name: user_name(fields),
        callback: callback(fields, "/callback_id")?,
        message,
        is_public: is_public(fields),
        author: fields.id("/message/user").map(UserId::from),
        text: saved_words_of(fields, "/message/text"),
        domain: fields.id("/team/domain").map(str::to_owned),
        trigger: fields.words("/trigger_id"),
        response_url: response_url(fields),
    })
}

/// Whether the conversation goes by its name, as public channels do; the others go by a word that says what they are.
fn is_public(fields: PayloadFields<'_>) -> bool {
    let is_direct = fields.id("/channel/id").is_none_or(|id| id.starts_with('D'));
    let name = fields.text("/channel/name").unwrap_or_default();
    let is_name = !matches!(name, "" | "privategroup" | "directmessage") && !name.starts_with("mpdm-");
    is_name && !is_direct
}

fn global_shortcut(fields: PayloadFields<'_>) -> Result<GlobalShortcut, Why> {
    Ok(GlobalShortcut {
        user: user(fields)?,
        user_name: user_name(fields),
        callback: callback(fields, "/callback_id")?,
        trigger: fields.words("/trigger_id"),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use std::collections::BTreeMap;

    use super::*;
    use crate::{
        model::event::{FieldValue, ViewPlace},
        slack::payload::{Incoming, from_envelope, from_http},
    };

    fn press() -> Value {
        json!({
            "type": "block_actions",
            "user": {"id": "U0ANA", "username": "ana", "name": "ana", "team_id": "T024BE7LD"},
            "api_app_id": "A1",
            "token": "gone",
            "container": {
                "type": "message", "message_ts": "1760000000.000100", "channel_id": "C0THANKS", "is_ephemeral": true,
            },
            "trigger_id": "12321423423.333649436676.d8c1bb837935619ccad0f624c448ffb3",
            "team": {"id": "T024BE7LD", "domain": "harbour"},
            "enterprise": null,
            "is_enterprise_install": false,
            "channel": {"id": "C0THANKS", "name": "thanks"},
            "response_url": "https://hooks.example/actions/1/2",
            "actions": [{
                "action_id": "kudos:undo", "block_id": "=qXel", "type": "button", "value": "0199",
                "text": {"type": "plain_text", "text": "Undo"}, "action_ts": "1760000001.1",
            }],
        })
    }

    fn sent() -> Value {
        json!({
            "type": "view_submission",
            "team": {"id": "T024BE7LD"},
            "user": {"id": "U0ANA", "team_id": "T024BE7LD"},
            "trigger_id": "1.2.3",
            "view": {
                "id": "V1", "type": "modal", "callback_id": "kudos:give", "private_metadata": "C0THANKS",
                "state": {"values": {
                    "to": {"to": {"type": "multi_users_select", "selected_users": ["U0BEN", "W0CY"]}},
                    "why": {"why": {"type": "plain_text_input", "value": "for <3 & more"}},
                    "more": {"more": {"type": "plain_text_input", "value": null}},
                    "when": {"when": {"type": "datepicker", "selected_date": "2026-01-01"}},
                }},
            },
        })
    }

    fn delivered(payload: &Value) -> Delivery {
        match from_envelope("interactive", payload) {
            Incoming::Deliver(delivery) => *delivery,
            other => panic!("{other:?}"),
        }
    }

    fn pressed(payload: &Value) -> Action {
        match delivered(payload).event {
            Event::Action(action) => action,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_press_is_read() {
        assert_eq!(
            pressed(&press()),
            Action {
                user: "U0ANA".into(),
                user_name: Some("ana".into()),
                channel: Some("C0THANKS".into()),
                action: "kudos:undo".into(),
                value: "0199".into(),
                chosen: None,
                fields: BTreeMap::new(),
                message: Some(MessagePlace {
                    channel: "C0THANKS".into(),
                    ts: "1760000000.000100".into(),
                    thread_ts: None,
                    ephemeral: true,
                }),
                view: None,
                trigger: "12321423423.333649436676.d8c1bb837935619ccad0f624c448ffb3".into(),
                response_url: Some("https://hooks.example/actions/1/2".into()),
            }
        );
        assert_eq!(delivered(&press()).key, "12321423423.333649436676.d8c1bb837935619ccad0f624c448ffb3");
    }

    #[test]
    fn a_choice_from_a_menu_is_the_press_of_a_button() {
        let mut payload = press();
        payload["actions"] = json!([{
            "type": "overflow", "action_id": "coffee:more", "block_id": "=qXel", "action_ts": "1760000001.1",
            "selected_option": {"text": {"type": "plain_text", "text": "Leave"}, "value": "coffee:leave 0199 a b"},
        }]);
        let action = pressed(&payload);
        assert_eq!((action.action.as_str(), action.value.as_str()), ("coffee:leave", "0199 a b"));
        payload["actions"][0]["selected_option"]["value"] = json!("coffee:leave");
        let action = pressed(&payload);
        assert_eq!((action.action.as_str(), action.value.as_str()), ("coffee:leave", ""));
        for nothing in [json!(null), json!({}), json!({"value": 7}), json!("coffee:leave")] {
            payload["actions"][0]["selected_option"] = nothing;
            assert_eq!(from_envelope("interactive", &payload), Incoming::Unusable("no_action"));
        }
    }

    #[test]
    fn a_press_comes_over_http_inside_a_form() {
        let body = form_urlencoded::Serializer::new(String::new())
            .append_pair("payload", &press().to_string())
            .finish();
        let incoming = from_http(Some("application/x-www-form-urlencoded"), body.as_bytes());
        assert_eq!(incoming, Ok(from_envelope("interactive", &press())));
    }

    #[test]
    fn an_organisations_person_names_the_workspace() {
        let mut payload = press();
        payload["team"] = json!(null);
        payload["enterprise"] = json!({"id": "E1"});
        assert_eq!(delivered(&payload).team.as_str(), "T024BE7LD");
        payload["user"]["team_id"] = json!(null);
        assert_eq!(from_envelope("interactive", &payload), Incoming::Unusable("no_team"));
    }

    #[test]
    fn a_button_in_a_modal_has_no_channel_and_no_address() {
        let mut payload = press();
        for field in ["channel", "container", "response_url"] {
            payload[field] = json!(null);
        }
        let action = pressed(&payload);
        assert_eq!((action.channel, action.response_url), (None, None));
    }

    #[test]
    fn answers_come_by_the_name_of_their_field() {
        let Event::Submission(submission) = delivered(&sent()).event else { panic!("not a submission") };
        assert_eq!(submission.callback, "kudos:give");
        assert_eq!(submission.private, "C0THANKS");
        let expected = BTreeMap::from([
            ("to".to_owned(), FieldValue::People(vec!["U0BEN".into(), "W0CY".into()])),
            ("why".to_owned(), FieldValue::Text("for <3 & more".to_owned())),
            ("more".to_owned(), FieldValue::Text(String::new())),
            ("when".to_owned(), FieldValue::Date(chrono::NaiveDate::from_ymd_opt(2026, 1, 1).unwrap())),
        ]);
        assert_eq!(submission.answers, expected);
    }

    #[test]
    fn what_is_not_offered_is_unusable() {
        for kind in ["workflow_step_edit", "dialog_submission", "message_actions"] {
            let payload = json!({"type": kind, "team": {"id": "T1"}, "user": {"id": "U1"}});
            assert_eq!(from_envelope("interactive", &payload), Incoming::Unusable("unknown_interaction"));
        }
        let mut payload = press();
        payload["actions"] = json!([]);
        assert_eq!(from_envelope("interactive", &payload), Incoming::Unusable("no_action"));
        payload["user"] = json!({});
        assert_eq!(from_envelope("interactive", &payload), Incoming::Unusable("no_user"));
    }

    fn happened(payload: &Value) -> Event {
        delivered(payload).event
    }

    #[test]
    fn a_press_carries_the_message_the_view_and_the_fields_beside_it() {
        let mut payload = press();
        payload["container"] = json!({"type": "view", "view_id": "V1"});
        payload["channel"] = json!(null);
        payload["view"] = json!({
            "id": "V1", "type": "modal", "hash": "1.a", "callback_id": "coffee:set", "private_metadata": "C1",
        });
        payload["state"] = json!({"values": {
            "name": {"name": {"type": "plain_text_input", "value": "Lunch"}},
            "Xy7": {"coffee:size 1": {"type": "static_select", "selected_option": {"value": "2"}}},
        }});
        let action = pressed(&payload);
        assert_eq!((action.channel, action.message), (None, None));
        let view = ViewPlace {
            id: "V1".into(),
            hash: "1.a".into(),
            callback: "coffee:set".into(),
            private: "C1".into(),
            home: false,
        };
        assert_eq!(action.view, Some(view));
        let fields = BTreeMap::from([
            ("name".to_owned(), FieldValue::Text("Lunch".into())),
            ("coffee:size 1".to_owned(), FieldValue::Choice("2".into())),
        ]);
        assert_eq!(action.fields, fields);
    }

    #[test]
    fn a_used_menu_has_action_value_and_choice() {
        let mut payload = press();
        payload["container"]["thread_ts"] = json!("1759999999.000100");
        payload["actions"] = json!([{
            "type": "users_select", "action_id": "coffee:swap 0199 a", "block_id": "=qXel", "selected_user": "U0BEN",
        }]);
        let action = pressed(&payload);
        assert_eq!((action.action.as_str(), action.value.as_str()), ("coffee:swap", "0199 a"));
        assert_eq!(action.chosen, Some(FieldValue::Person("U0BEN".into())));
        assert_eq!(action.message.unwrap().thread_ts.as_deref(), Some("1759999999.000100"));
        payload["actions"][0]["selected_user"] = json!(null);
        assert_eq!(pressed(&payload).chosen, Some(FieldValue::Empty));
    }

    #[test]
    fn the_number_of_a_repeated_button_is_dropped() {
        let mut payload = press();
        payload["actions"][0]["action_id"] = json!("kudos:thank#2");
        assert_eq!(pressed(&payload).action, "kudos:thank");
    }

    #[test]
    fn a_message_shortcut_carries_place_and_text() {
        let mut payload = json!({
            "type": "message_action", "callback_id": "promise:make", "trigger_id": "1.2.3", "message_ts": "2.5",
            "team": {"id": "T1", "domain": "harbour"}, "user": {"id": "U0ANA", "name": "ana"},
            "channel": {"id": "C1", "name": "thanks"}, "response_url": "https://hooks.example/app/1/2",
            "message": {
                "type": "message", "user": "U0BEN", "ts": "2.5", "thread_ts": "1.5", "text": "y".repeat(50_000),
            },
        });
        let Event::MessageShortcut(shortcut) = happened(&payload) else { panic!("a shortcut") };
        assert_eq!((shortcut.callback.as_str(), shortcut.author), ("promise:make", Some("U0BEN".into())));
        assert_eq!((shortcut.text.len(), shortcut.is_public), (15_005, true));
        assert_eq!(
            shortcut.message.permalink("https://harbour.slack.com"),
            "https://harbour.slack.com/archives/C1/p25?thread_ts=1.5&cid=C1"
        );
        for (id, name) in [
            ("C1", json!("privategroup")),
            ("G1", json!("mpdm-ana--ben-1")),
            ("D1", json!("directmessage")),
            ("D1", json!("thanks")),
            ("C1", json!("")),
            ("C1", json!(null)),
        ] {
            payload["channel"] = json!({"id": id, "name": name});
            let Event::MessageShortcut(shortcut) = happened(&payload) else { panic!("a shortcut") };
            assert!(!shortcut.is_public, "{id} {name}");
        }
        payload["message"] = json!({"subtype": "bot_message", "bot_id": "B1"});
        let Event::MessageShortcut(shortcut) = happened(&payload) else { panic!("a shortcut") };
        assert_eq!((shortcut.author, shortcut.text.as_str()), (None, ""));
        payload["message_ts"] = json!(null);
        assert_eq!(from_envelope("interactive", &payload), Incoming::Unusable("no_message"));
    }

    #[test]
    fn the_other_interactions_are_read() {
        let person = json!({"id": "U0ANA", "name": "ana"});
        let view = json!({
            "id": "V1", "type": "modal", "hash": "1.a", "callback_id": "coffee:set", "private_metadata": "",
            "app_installed_team_id": "T1",
        });
        let begun = json!({
            "type": "shortcut", "callback_id": "kudos:give", "trigger_id": "1.2.3", "team": {"id": "T1"}, "user": person,
        });
        let Event::GlobalShortcut(shortcut) = happened(&begun) else { panic!("a shortcut") };
        assert_eq!((shortcut.callback.as_str(), shortcut.trigger.as_str()), ("kudos:give", "1.2.3"));
        let closed = json!({
            "type": "view_closed", "team": {"id": "T1"}, "user": person, "view": view, "is_cleared": true,
        });
        let Event::ViewClosed(closed) = happened(&closed) else { panic!("a closed view") };
        assert!(closed.all && closed.view.id == "V1");
        let typed = json!({
            "type": "block_suggestion", "team": {"id": "T1"}, "user": person, "view": view, "value": "des",
            "action_id": "group", "block_id": "group", "container": {"type": "view", "view_id": "V1"},
        });
        let Event::OptionsWanted(wanted) = happened(&typed) else { panic!("options") };
        assert_eq!((wanted.action.as_str(), wanted.typed.as_str()), ("group", "des"));
        assert_eq!((wanted.message, wanted.view.map(|view| view.id)), (None, Some("V1".to_owned())));
    }
}
