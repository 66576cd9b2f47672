//! The stored form of every event and reply: it stays readable for as long as it is kept.

use chrono::{NaiveDate, NaiveTime};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::*;
use crate::model::{
    clock::from_ms,
    message::{Block, Message, Modal, SelectOption},
    people::{Closed, Person, PersonKind},
};

/// Checks that its JSON is exactly this, and that the JSON gives it back.
fn fixed<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(it: &T, stored: &Value) {
    assert_eq!(serde_json::to_value(it).unwrap(), *stored);
    assert_eq!(serde_json::from_value::<T>(stored.clone()).unwrap(), *it);
}

fn message() -> MessagePlace {
    MessagePlace { channel: "C1".into(), ts: "2.5".into(), thread_ts: Some("1.5".into()), ephemeral: false }
}

fn view() -> ViewPlace {
    ViewPlace {
        id: "V1".into(),
        hash: "1.abc".into(),
        callback: "kudos:give".into(),
        private: "C1".into(),
        home: false,
    }
}

fn stored_message() -> Value {
    json!({ "channel": "C1", "ts": "2.5", "thread_ts": "1.5", "ephemeral": false })
}

fn stored_view() -> Value {
    json!({ "id": "V1", "hash": "1.abc", "callback": "kudos:give", "private": "C1", "home": false })
}

#[test]
fn a_command_is_stored_like_this() {
    let command = Command {
        user: "U1".into(),
        user_name: Some("ana".into()),
        channel: "C1".into(),
        name: "/kudos".into(),
        text: "<@U2> for lunch".into(),
        trigger: "1.2.3".into(),
        response_url: "https://hooks.slack.com/commands/1".into(),
    };
    let stored = json!({ "command": {
        "user": "U1", "user_name": "ana", "channel": "C1", "name": "/kudos", "text": "<@U2> for lunch",
        "trigger": "1.2.3", "response_url": "https://hooks.slack.com/commands/1",
    }});
    fixed(&Event::Command(command), &stored);
}

#[test]
fn an_action_is_stored_like_this() {
    let action = Action {
        user: "U1".into(),
        user_name: None,
        channel: Some("C1".into()),
        action: "coffee:swap".into(),
        value: "0199".into(),
        chosen: Some(FieldValue::Person("U2".into())),
        fields: BTreeMap::from([("why".into(), FieldValue::Text("ill".into()))]),
        message: Some(message()),
        view: Some(view()),
        trigger: "1.2.3".into(),
        response_url: None,
    };
    let stored = json!({ "action": {
        "user": "U1", "user_name": null, "channel": "C1", "action": "coffee:swap", "value": "0199",
        "chosen": { "person": "U2" }, "fields": { "why": { "text": "ill" } },
        "message": stored_message(), "view": stored_view(), "trigger": "1.2.3", "response_url": null,
    }});
    fixed(&Event::Action(action), &stored);
}

#[test]
fn what_forms_do_is_stored_like_this() {
    let submission = Submission {
        user: "U1".into(),
        user_name: None,
        callback: "kudos:give".into(),
        private: "C1".into(),
        answers: BTreeMap::from([("to".into(), FieldValue::People(vec!["U2".into()]))]),
        first_field: Some("to".into()),
        view: "V1".into(),
        hash: "1.abc".into(),
        trigger: "1.2.3".into(),
    };
    let stored = json!({ "submission": {
        "user": "U1", "user_name": null, "callback": "kudos:give", "private": "C1",
        "answers": { "to": { "people": ["U2"] } }, "first_field": "to", "view": "V1", "hash": "1.abc",
        "trigger": "1.2.3",
    }});
    fixed(&Event::Submission(submission), &stored);
    let closed = ViewClosed { user: "U1".into(), view: view(), all: true };
    let stored = json!({ "view_closed": { "user": "U1", "view": stored_view(), "all": true } });
    fixed(&Event::ViewClosed(closed), &stored);
    let wanted = OptionsWanted {
        user: "U1".into(),
        action: "coffee:group".into(),
        value: String::new(),
        typed: "des".into(),
        message: None,
        view: Some(view()),
    };
    let stored = json!({ "options_wanted": {
        "user": "U1", "action": "coffee:group", "value": "", "typed": "des", "message": null, "view": stored_view(),
    }});
    fixed(&Event::OptionsWanted(wanted), &stored);
}

#[test]
fn each_answer_is_stored_like_this() {
    for (answer, stored) in [
        (FieldValue::Empty, json!("empty")),
        (FieldValue::Text("a".into()), json!({ "text": "a" })),
        (FieldValue::Number(-3), json!({ "number": -3 })),
        (FieldValue::Date(NaiveDate::from_ymd_opt(2026, 1, 5).unwrap()), json!({ "date": "2026-01-05" })),
        (FieldValue::Time(NaiveTime::from_hms_opt(9, 30, 0).unwrap()), json!({ "time": "09:30:00" })),
        (FieldValue::Instant(from_ms(1_767_603_600_000)), json!({ "instant": "2026-01-05T09:00:00Z" })),
        (FieldValue::Choice("a".into()), json!({ "choice": "a" })),
        (FieldValue::Choices(vec!["a".into()]), json!({ "choices": ["a"] })),
        (FieldValue::Person("U1".into()), json!({ "person": "U1" })),
        (FieldValue::People(vec!["U1".into()]), json!({ "people": ["U1"] })),
        (FieldValue::Channel("C1".into()), json!({ "channel": "C1" })),
        (FieldValue::Channels(vec!["C1".into()]), json!({ "channels": ["C1"] })),
    ] {
        fixed(&answer, &stored);
    }
}

#[test]
fn shortcuts_and_what_is_said_are_stored_like_this() {
    let shortcut = MessageShortcut {
        user: "U1".into(),
        user_name: None,
        callback: "promise:make".into(),
        message: message(),
        is_public: true,
        author: Some("U2".into()),
        text: "I'll send it on Friday".into(),
        domain: Some("harbour".into()),
        trigger: "1.2.3".into(),
        response_url: None,
    };
    let stored = json!({ "message_shortcut": {
        "user": "U1", "user_name": null, "callback": "promise:make", "message": stored_message(), "is_public": true, "author": "U2",
        "text": "I'll send it on Friday", "domain": "harbour", "trigger": "1.2.3", "response_url": null,
    }});
    fixed(&Event::MessageShortcut(shortcut), &stored);
    let shortcut = GlobalShortcut {
        user: "U1".into(),
        user_name: Some("ana".into()),
        callback: "kudos:give".into(),
        trigger: "1.2.3".into(),
    };
    let stored = json!({ "global_shortcut": {
        "user": "U1", "user_name": "ana", "callback": "kudos:give", "trigger": "1.2.3",
    }});
    fixed(&Event::GlobalShortcut(shortcut), &stored);
    let mention = Mentioned { user: "U1".into(), message: message(), text: "<@U0> hi".into() };
    let stored = json!({ "mention": { "user": "U1", "message": stored_message(), "text": "<@U0> hi" } });
    fixed(&Event::Mention(mention), &stored);
    let written = Event::DirectMessage {
        user: "U1".into(),
        channel: "D1".into(),
        ts: "2.5".into(),
        text: "help".into(),
    };
    let stored = json!({ "direct_message": { "user": "U1", "channel": "D1", "ts": "2.5", "text": "help" } });
    fixed(&written, &stored);
}

#[test]
fn reactions_and_looks_are_stored_like_this() {
    let reaction = Reaction {
        user: "U1".into(),
        emoji: "tada".into(),
        added: true,
        channel: "C1".into(),
        ts: "2.5".into(),
        author: None,
        at_us: Some(7),
    };
    let stored = json!({ "reaction": {
        "user": "U1", "emoji": "tada", "added": true, "channel": "C1", "ts": "2.5", "author": null, "at_us": 7,
    }});
    fixed(&Event::Reaction(reaction), &stored);
    let stored = json!({ "home_opened": { "user": "U1", "view": stored_view() } });
    fixed(&Event::HomeOpened(HomeOpened { user: "U1".into(), view: Some(view()) }), &stored);
}

#[test]
fn each_change_of_the_workspace_is_stored_like_this() {
    let person = Person {
        id: "U1".into(),
        name: "ana".into(),
        zone: Some(chrono_tz::Tz::Europe__Lisbon),
        kind: PersonKind::Member,
        deactivated: false,
        admin: true,
    };
    let stored_person = json!({
        "id": "U1", "name": "ana", "zone": "Europe/Lisbon", "kind": "member", "deactivated": false, "admin": true,
    });
    let group = WorkspaceEvent::GroupChanged {
        group: "S1".into(),
        handle: "design".into(),
        live: true,
        members: Some(vec!["U1".into()]),
    };
    let stored_group = json!({ "group": "S1", "handle": "design", "live": true, "members": ["U1"] });
    for (event, stored) in [
        (WorkspaceEvent::PersonChanged(person), json!({ "person_changed": stored_person })),
        (WorkspaceEvent::MemberJoined("C1".into(), "U1".into()), json!({ "member_joined": ["C1", "U1"] })),
        (WorkspaceEvent::MemberLeft("C1".into(), "U1".into()), json!({ "member_left": ["C1", "U1"] })),
        (WorkspaceEvent::ChannelNamed("C1".into(), "tea".into()), json!({ "channel_named": ["C1", "tea"] })),
        (
            WorkspaceEvent::ChannelGone("C1".into(), Closed::Archived),
            json!({ "channel_gone": ["C1", "archived"] }),
        ),
        (WorkspaceEvent::ChannelBack("C1".into()), json!({ "channel_back": "C1" })),
        (
            WorkspaceEvent::ChannelMoved { from: "G1".into(), to: "C1".into() },
            json!({ "channel_moved": { "from": "G1", "to": "C1" } }),
        ),
        (group, json!({ "group_changed": stored_group })),
        (WorkspaceEvent::Uninstalled, json!("uninstalled")),
        (WorkspaceEvent::TokensRevoked(None), json!({ "tokens_revoked": null })),
    ] {
        let stored = json!({ "workspace": { "event": stored, "at_us": 7 } });
        fixed(&Event::Workspace { event, at_us: Some(7) }, &stored);
    }
    for kind in [PersonKind::Member, PersonKind::Guest, PersonKind::Bot, PersonKind::Stranger] {
        fixed(&kind, &json!(kind.as_str()));
    }
    for closed in [Closed::NotIn, Closed::Archived, Closed::Direct] {
        fixed(&closed, &json!(closed.as_str()));
    }
}

#[test]
fn a_message_has_an_address() {
    let in_thread = message();
    let address = "https://harbour.slack.com/archives/C1/p25?thread_ts=1.5&cid=C1";
    assert_eq!(in_thread.permalink("https://harbour.slack.com/"), address);
    let root = MessagePlace { thread_ts: Some("2.5".into()), ..message() };
    assert_eq!(root.permalink("https://harbour.slack.com"), "https://harbour.slack.com/archives/C1/p25");
}

#[test]
fn a_field_that_holds_nothing_is_empty() {
    for nothing in [
        FieldValue::Empty,
        FieldValue::Text(" \n".into()),
        FieldValue::People(vec![]),
        FieldValue::Choices(vec![]),
    ] {
        assert!(nothing.is_empty(), "{nothing:?}");
    }
    assert!(!FieldValue::Number(0).is_empty() && !FieldValue::Text("x".into()).is_empty());
}

#[test]
fn each_reply_is_stored_like_this() {
    let message = Message { text: "Hi".into(), blocks: vec![Block::Text("Hi".into())] };
    let modal = Modal {
        callback: "a:b".into(),
        title: "T".into(),
        submit: "S".into(),
        close: "C".into(),
        private: "p".into(),
        blocks: Vec::new(),
        tell_closed: true,
    };
    let stored_modal = json!({
        "callback": "a:b", "title": "T", "submit": "S", "close": "C", "private": "p", "blocks": [],
        "tell_closed": true,
    });
    let option = SelectOption { label: "A".into(), value: "a".into() };
    for (reply, stored) in [
        (Reply::Nothing, json!("Nothing")),
        (
            Reply::Replace(message.clone()),
            json!({ "Replace": { "text": "Hi", "blocks": [{ "Text": "Hi" }] } }),
        ),
        (Reply::Ephemeral(message), json!({ "Ephemeral": { "text": "Hi", "blocks": [{ "Text": "Hi" }] } })),
        (Reply::Open(Box::new(modal.clone())), json!({ "Open": stored_modal })),
        (Reply::Push(Box::new(modal.clone())), json!({ "Push": stored_modal })),
        (Reply::Update(Box::new(modal)), json!({ "Update": stored_modal })),
        (Reply::Clear, json!("Clear")),
        (Reply::Errors(BTreeMap::from([("f".into(), "no".into())])), json!({ "Errors": { "f": "no" } })),
        (Reply::Options(vec![option]), json!({ "Options": [{ "label": "A", "value": "a" }] })),
    ] {
        fixed(&reply, &stored);
    }
    let before =
        json!({ "callback": "a:b", "title": "T", "submit": "S", "close": "C", "private": "", "blocks": [] });
    let modal: Modal = serde_json::from_value(before).unwrap();
    assert!(!modal.tell_closed, "a modal from before it could say so");
}
