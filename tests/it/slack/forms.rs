//! Forms and menus through the sandbox: an untouched field returns its value, and choices arrive typed.

use chrono::{NaiveDate, NaiveTime};
use rondo::model::{
    clock::from_ms,
    event::{Action, FieldValue, Submission},
    message::{
        Block, Button, ButtonStyle, Control, Field, Input, Message, Modal, Pick, Select, SelectOption, Shape,
    },
};
use serde_json::Value;

use super::*;

/// Returns a form of these fields, named `f0`, `f1` and so on.
fn form(fields: &[Field]) -> Modal {
    let input = |(n, field): (usize, &Field)| {
        let (name, label) = (format!("f{n}"), format!("Field {n}"));
        Block::Input(Input { name, label, hint: None, optional: true, field: field.clone() })
    };
    Modal {
        callback: "test:form".into(),
        title: "A form".into(),
        submit: "Send".into(),
        close: "Close".into(),
        private: "kept".into(),
        blocks: fields.iter().enumerate().map(input).collect(),
        tell_closed: true,
    }
}

fn options(values: &[&str]) -> Vec<SelectOption> {
    let option = |value: &&str| SelectOption { label: format!("The {value}"), value: (*value).to_owned() };
    values.iter().map(option).collect()
}

/// Returns one field of each kind, empty or filled.
fn fields(app: &App, general: &ChannelId, filled: bool) -> Vec<Field> {
    let text = |text: &str| if filled { text.to_owned() } else { String::new() };
    let users = if filled { vec![app.user("ana"), app.user("ben")] } else { Vec::new() };
    let channels = if filled { vec![general.clone()] } else { Vec::new() };
    let choices: Vec<String> = if filled { vec!["a".into(), "c".into()] } else { Vec::new() };
    let all = options(&["a", "b", "c"]);
    let choice = filled.then(|| "b".to_owned());
    vec![
        Field::Text { written: text("a\n& <b>"), placeholder: "x".into(), multiline: true, limit: 300 },
        Field::Number { written: filled.then_some(-12), least: Some(-20), most: Some(20) },
        Field::Email { written: text("ana@example.org") },
        Field::Url { written: text("https://example.org/?a=b&c") },
        Field::Date { chosen: NaiveDate::from_ymd_opt(2026, 2, 28).filter(|_| filled) },
        Field::Time { chosen: NaiveTime::from_hms_opt(0, 5, 0).filter(|_| filled) },
        Field::Instant { chosen: filled.then(|| from_ms(1_767_603_600_000)) },
        Field::Choice { options: all.clone(), chosen: choice.clone(), shape: Shape::Menu },
        Field::Choice { options: all.clone(), chosen: choice, shape: Shape::Open },
        Field::Choices { options: all.clone(), chosen: choices.clone(), shape: Shape::Menu },
        Field::Choices { options: all, chosen: choices, shape: Shape::Open },
        Field::Fed { chosen: options(&["fed"]).pop().filter(|_| filled), least_typed: 1 },
        Field::FedMany {
            chosen: if filled { options(&["x", "y"]) } else { vec![] },
            limit: 3,
            least_typed: 0,
        },
        Field::Person { chosen: filled.then(|| app.user("ben")) },
        Field::People { chosen: users, limit: 4 },
        Field::Channel { chosen: filled.then(|| general.clone()) },
        Field::Channels { chosen: channels, limit: 4 },
    ]
}

/// Opens the form, applies `filling` and sends it.
async fn sent(app: &App, fields: &[Field], filling: impl Fn(&PersonHandle)) -> Submission {
    app.slack.open_view(&app.trigger("ana").await, &form(fields)).await.unwrap();
    let ana = app.person("ana");
    filling(&ana);
    assert_eq!(ana.submits().await, slack_sandbox::Submission::Closed);
    let sent = app.heard().into_iter().find_map(|event| match event {
        Event::Submission(sent) => Some(sent),
        _ => None,
    });
    sent.expect("the form is heard")
}

#[tokio::test]
async fn untouched_forms_return_their_values() {
    let app = App::start().await;
    let general = app.channel("#general").await;
    for filled in [false, true] {
        let fields = fields(&app, &general, filled);
        let submission = sent(&app, &fields, |_| {}).await;
        for (n, field) in fields.iter().enumerate() {
            assert_eq!(submission.answers[&format!("f{n}")], field.answer(), "{field:?}");
        }
        assert_eq!(submission.answers.len(), fields.len());
        assert_eq!((submission.private.as_str(), submission.first_field.as_deref()), ("kept", Some("f0")));
        assert!(!submission.view.is_empty() && !submission.hash.is_empty() && !submission.trigger.is_empty());
    }
}

#[tokio::test]
async fn values_arrive_typed() {
    let app = App::start().await;
    let general = app.channel("#general").await;
    let fed = json!({ "text": { "type": "plain_text", "text": "Fed" }, "value": "S1" });
    let typed: Vec<(Value, FieldValue)> = vec![
        (json!("<@U1> & co"), FieldValue::Text("<@U1> & co".into())),
        (json!("7"), FieldValue::Number(7)),
        (json!("b@example.org"), FieldValue::Text("b@example.org".into())),
        (json!("http://example.org"), FieldValue::Text("http://example.org".into())),
        (json!("2026-12-31"), FieldValue::Date(NaiveDate::from_ymd_opt(2026, 12, 31).unwrap())),
        (json!("23:59"), FieldValue::Time(NaiveTime::from_hms_opt(23, 59, 0).unwrap())),
        (json!(1_767_603_600), FieldValue::Instant(from_ms(1_767_603_600_000))),
        (json!("The c"), FieldValue::Choice("c".into())),
        (json!("The a"), FieldValue::Choice("a".into())),
        (json!(["The a", "The b"]), FieldValue::Choices(vec!["a".into(), "b".into()])),
        (json!(["The c"]), FieldValue::Choices(vec!["c".into()])),
        (fed.clone(), FieldValue::Choice("S1".into())),
        (json!([fed]), FieldValue::Choices(vec!["S1".into()])),
        (json!("@ben"), FieldValue::Person(app.user("ben"))),
        (json!(["@ben", "@ana"]), FieldValue::People(vec![app.user("ben"), app.user("ana")])),
        (json!("#general"), FieldValue::Channel(general.clone())),
        (json!(["#general"]), FieldValue::Channels(vec![general.clone()])),
    ];
    let fields = fields(&app, &general, false);
    let submission = sent(&app, &fields, |ana| {
        for (n, (value, _)) in typed.iter().enumerate() {
            let name = format!("f{n}");
            assert!(ana.fills(&name, json!({ &name: value })), "{n}: {value}");
        }
    })
    .await;
    for (n, (value, answer)) in typed.iter().enumerate() {
        assert_eq!(submission.answers[&format!("f{n}")], *answer, "{value}");
    }
}

#[tokio::test]
async fn absurd_forms_are_cut() {
    let app = App::start().await;
    let long = "long & <tall> ".repeat(400);
    let many = |n: usize| -> Vec<SelectOption> {
        (0..n).map(|n| SelectOption { label: long.clone(), value: n.to_string() }).collect()
    };
    let all = |n: usize| many(n).into_iter().map(|option| option.value).collect::<Vec<_>>();
    let crowd = |n: usize| vec![app.user("ana"); n];
    let mut fields = vec![
        Field::Text { written: long.clone(), placeholder: long.clone(), multiline: false, limit: usize::MAX },
        Field::Text { written: long.clone(), placeholder: String::new(), multiline: true, limit: 0 },
        Field::Number { written: Some(i64::MAX), least: Some(i64::MIN), most: Some(i64::MAX) },
        Field::Url { written: long.clone() },
        Field::Date { chosen: Some(NaiveDate::MAX) },
        Field::Instant { chosen: Some(from_ms(-5)) },
        Field::People { chosen: crowd(50), limit: 0 },
        Field::Choice { options: many(500), chosen: Some("499".into()), shape: Shape::Open },
        Field::Choices { options: many(500), chosen: all(500), shape: Shape::Menu },
        Field::Choices { options: many(10), chosen: all(10), shape: Shape::Open },
        Field::Choices { options: vec![], chosen: all(3), shape: Shape::Open },
        Field::Fed { chosen: many(1).pop(), least_typed: 255 },
        Field::FedMany { chosen: many(300), limit: usize::MAX, least_typed: 0 },
    ];
    fields.extend(vec![Field::Email { written: String::new() }; 200]);
    let modal = Modal {
        callback: long.clone(),
        title: long.clone(),
        submit: " ".into(),
        close: long.clone(),
        private: long.clone(),
        ..form(&fields)
    };
    app.slack.open_view(&app.trigger("ana").await, &modal).await.unwrap();
    let shown = app.person("ana").modal().expect("a modal");
    assert_eq!((shown.blocks.len(), &shown.raw["submit"]["text"]), (100, &json!("Send")));
}

#[tokio::test]
async fn closing_is_reported_on_request() {
    let app = App::start().await;
    app.slack.open_view(&app.trigger("ana").await, &form(&[])).await.unwrap();
    app.person("ana").closes();
    let heard = Arc::clone(&app.heard);
    let closed = app.sandbox.eventually(|_| {
        heard.lock().unwrap().iter().find_map(|event| match event {
            Event::ViewClosed(closed) => Some(closed.clone()),
            _ => None,
        })
    });
    let closed = closed.await.expect("the closing is heard");
    assert_eq!((closed.view.callback.as_str(), closed.view.private.as_str()), ("test:form", "kept"));
    assert!(!closed.all && closed.user == app.user("ana"));
}

fn used(app: &App) -> Action {
    let used = app.heard().into_iter().find_map(|event| match event {
        Event::Action(action) => Some(action),
        _ => None,
    });
    used.expect("the choice is heard")
}

#[tokio::test]
async fn message_menus_send_all_choices() {
    let app = App::start().await;
    let general = app.channel("#general").await;
    let select = |action: &str, pick| {
        let (action, value) = (format!("test:{action}"), "0199 x".to_owned());
        Control::Select(Select {
            action,
            value,
            placeholder: format!("Pick for {value:?}", value = "it"),
            pick,
        })
    };
    let button = Button {
        label: "Go".into(),
        action: "test:go".into(),
        value: "1".into(),
        look: ButtonStyle::Primary,
    };
    let message = Message::new("Choose").with_controls(vec![
        Control::Button(button),
        select("size", Pick::Choice { options: options(&["a", "b"]), chosen: Some("a".into()) }),
        select("none", Pick::Choice { options: vec![], chosen: None }),
        select("who", Pick::Person(None)),
        select("where", Pick::Channel(None)),
        select("day", Pick::Date(NaiveDate::from_ymd_opt(2026, 1, 6))),
        select("hour", Pick::Time(None)),
        select("group", Pick::Fed { chosen: None, least_typed: 1 }),
    ]);
    app.slack.post(general.as_str(), &message, "k").await.unwrap();
    let seen = app.newest("ana", "#general");
    let ana = app.person("ana");
    let fed = json!({ "text": { "type": "plain_text", "text": "Fed" }, "value": "S1" });
    for (menu, choice, answer) in [
        ("size", json!("The b"), FieldValue::Choice("b".into())),
        ("who", json!("@ben"), FieldValue::Person(app.user("ben"))),
        ("where", json!("#general"), FieldValue::Channel(general.clone())),
        ("day", json!("2026-01-07"), FieldValue::Date(NaiveDate::from_ymd_opt(2026, 1, 7).unwrap())),
        ("hour", json!("10:00"), FieldValue::Time(NaiveTime::from_hms_opt(10, 0, 0).unwrap())),
        ("group", fed, FieldValue::Choice("S1".into())),
    ] {
        assert!(ana.picks(&seen, &format!("test:{menu} 0199 x"), choice).await.is_answered(), "{menu}");
        let action = used(&app);
        assert_eq!((action.action, action.value), (format!("test:{menu}"), "0199 x".to_owned()));
        assert_eq!(action.chosen, Some(answer));
    }
    assert!(ana.clicks(&seen, "Go").await.is_answered());
    let action = used(&app);
    assert_eq!(action.fields["test:size 0199 x"], FieldValue::Choice("a".into()));
    assert_eq!(action.fields["test:who 0199 x"], FieldValue::Empty);
    assert_eq!((action.action.as_str(), action.chosen), ("test:go", None));
}
