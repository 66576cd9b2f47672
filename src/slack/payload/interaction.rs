//! Interactions: a press of a button, a choice from a menu, the answers of a modal.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Fields, LONGEST_ID, Why};
use crate::{
    model::{
        event::{Action, Answer, Delivery, Event, Submission},
        people::{ChannelId, UserId},
    },
    slack::blocks::CHOICE_SEPARATOR,
};

/// Reads an interaction of a kind that Rondo offers.
pub(super) fn read(fields: Fields<'_>) -> Result<Delivery, Why> {
    let event = match fields.text("/type") {
        Some("block_actions") => Event::Action(action(fields)?),
        Some("view_submission") => Event::Submission(submission(fields)?),
        _ => return Err("unknown_interaction"),
    };
    // The person may be of another workspace than the one that installed the app, whose modal says which that is.
    let team = fields.team(&[
        "/view/app_installed_team_id",
        "/team/id",
        "/team_id",
        "/user/team_id",
        "/authorizations/0/team_id",
    ])?;
    Ok(fields.delivery("/trigger_id", team, event))
}

fn user(fields: Fields<'_>) -> Result<UserId, Why> {
    fields.id("/user/id").map(UserId::from).ok_or("no_user")
}

fn user_name(fields: Fields<'_>) -> Option<String> {
    fields.text("/user/name").or_else(|| fields.text("/user/username")).map(str::to_owned)
}

fn action(fields: Fields<'_>) -> Result<Action, Why> {
    let user = user(fields)?;
    let (action, value) = what_is_to_be_done(fields).ok_or("no_action")?;
    Ok(Action {
        user,
        user_name: user_name(fields),
        channel: fields.id("/channel/id").or_else(|| fields.id("/container/channel_id")).map(ChannelId::from),
        action,
        value,
        trigger: fields.words("/trigger_id"),
        response_url: fields.text("/response_url").map(str::to_owned),
    })
}

/// The action and its value: of a button that was pressed, or of what was chosen in a menu.
fn what_is_to_be_done(fields: Fields<'_>) -> Option<(String, String)> {
    if fields.text("/actions/0/type") == Some("overflow") {
        let chosen = fields.text("/actions/0/selected_option/value")?;
        let (action, value) = chosen.split_once(CHOICE_SEPARATOR).unwrap_or((chosen, ""));
        return Some((action.to_owned(), value.to_owned()));
    }
    Some((fields.text("/actions/0/action_id")?.to_owned(), fields.words("/actions/0/value")))
}

fn submission(fields: Fields<'_>) -> Result<Submission, Why> {
    Ok(Submission {
        user: user(fields)?,
        user_name: user_name(fields),
        callback: fields.text("/view/callback_id").ok_or("no_callback")?.to_owned(),
        private: fields.words("/view/private_metadata"),
        answers: answers(fields),
        first_field: first_field(fields),
    })
}

/// The first input block. Without the blocks, the first of the state's, which are in no order.
fn first_field(fields: Fields<'_>) -> Option<String> {
    let blocks = fields.at("/view/blocks").and_then(Value::as_array);
    let mut inputs =
        blocks.into_iter().flatten().map(Fields).filter(|block| block.text("/type") == Some("input"));
    let first = inputs.find_map(|block| block.text("/block_id")).map(str::to_owned);
    first.or_else(|| fields.at("/view/state/values")?.as_object()?.keys().next().cloned())
}

/// The answers by the name of their field, which is the block's id.
fn answers(fields: Fields<'_>) -> BTreeMap<String, Answer> {
    let blocks = fields.at("/view/state/values").and_then(Value::as_object);
    blocks
        .into_iter()
        .flatten()
        .filter_map(|(name, block)| {
            let element = block.as_object()?.values().next()?;
            Some((name.clone(), answer(Fields(element))?))
        })
        .collect()
}

/// What one field held, where it is a field of ours.
fn answer(element: Fields<'_>) -> Option<Answer> {
    match element.text("/type")? {
        "plain_text_input" => Some(Answer::Text(element.words("/value"))),
        "multi_users_select" => {
            let chosen = element.at("/selected_users").and_then(Value::as_array);
            let people =
                chosen.into_iter().flatten().filter_map(Value::as_str).filter(|id| id.len() <= LONGEST_ID);
            Some(Answer::People(people.map(UserId::from).collect()))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::slack::payload::{Incoming, from_envelope, from_http};

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
    fn in_an_install_for_the_whole_organisation_the_person_says_the_workspace() {
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
            ("to".to_owned(), Answer::People(vec!["U0BEN".into(), "W0CY".into()])),
            ("why".to_owned(), Answer::Text("for <3 & more".to_owned())),
            ("more".to_owned(), Answer::Text(String::new())),
        ]);
        assert_eq!(submission.answers, expected);
    }

    #[test]
    fn what_is_not_offered_is_unusable() {
        for kind in ["view_closed", "shortcut", "message_action", "block_suggestion"] {
            let payload = json!({"type": kind, "team": {"id": "T1"}, "user": {"id": "U1"}});
            assert_eq!(from_envelope("interactive", &payload), Incoming::Unusable("unknown_interaction"));
        }
        let mut payload = press();
        payload["actions"] = json!([]);
        assert_eq!(from_envelope("interactive", &payload), Incoming::Unusable("no_action"));
        payload["user"] = json!({});
        assert_eq!(from_envelope("interactive", &payload), Incoming::Unusable("no_user"));
    }
}
