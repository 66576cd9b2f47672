//! Answers become what the person sees: stacked modals, errors, menu options.

use rondo::model::{
    event::FieldValue,
    message::{Block, Control, Field, Input, Message, Modal, Pick, Select, SelectOption},
};
use slack_sandbox::Submission;

use super::*;

/// Returns a form with one menu whose options come from the app.
fn form(title: &str) -> Modal {
    let field = Field::Fed { chosen: None, least_typed: 1 };
    let input = Input { name: "group".into(), label: "Group".into(), hint: None, optional: true, field };
    Modal {
        callback: "test:form".into(),
        title: title.into(),
        submit: "Send".into(),
        close: "Close".into(),
        private: String::new(),
        blocks: vec![Block::Input(input)],
        tell_closed: false,
    }
}

fn title(app: &App) -> String {
    app.person("ana").modal().map(|modal| modal.title).unwrap_or_default()
}

#[tokio::test]
async fn submitted_forms_change_or_close() {
    let app = App::start().await;
    let ana = app.person("ana");
    app.slack.open_view(&app.trigger("ana").await, &form("First")).await.unwrap();
    app.answers_with(Reply::Update(Box::new(form("Second"))));
    assert_eq!((ana.submits().await, title(&app)), (Submission::Updated, "Second".to_owned()));
    app.answers_with(Reply::Push(Box::new(form("Third"))));
    assert_eq!((ana.submits().await, title(&app)), (Submission::Pushed, "Third".to_owned()));
    let errors = std::collections::BTreeMap::from([("group".to_owned(), "Which one?".to_owned())]);
    app.answers_with(Reply::Errors(errors.clone()));
    assert_eq!((ana.submits().await, title(&app)), (Submission::Errors(errors), "Third".to_owned()));
    assert_eq!((ana.submits().await, title(&app)), (Submission::Closed, "Second".to_owned()));
    app.answers_with(Reply::Push(Box::new(form("Fourth"))));
    ana.submits().await;
    app.answers_with(Reply::Clear);
    assert_eq!((ana.submits().await, title(&app)), (Submission::Closed, String::new()));
}

#[tokio::test]
async fn menus_get_their_options() {
    let app = App::start().await;
    let general = app.channel("#general").await;
    let select = Select {
        action: "test:group".into(),
        value: "7".into(),
        placeholder: "A group".into(),
        pick: Pick::Fed { chosen: None, least_typed: 1 },
    };
    let controls = vec![Control::Select(select)];
    let message = Message::new("Choose").with_controls(controls);
    app.slack.post(general.as_str(), &message, "k").await.unwrap();
    let seen = app.newest("ana", "#general");
    app.heard();
    let option = |label: &str, value: &str| SelectOption { label: label.into(), value: value.into() };
    app.answers_with(Reply::Options(vec![option("Design", "S1"), option("<Research> & co", "S2")]));
    let offered = app.person("ana").looks_for(&seen, "test:group 7", "res").await.raw;
    let wanted = app.heard();
    assert!(
        matches!(&wanted[..], [Event::OptionsWanted(wanted)] if wanted.typed == "res" && wanted.action == "test:group"
            && wanted.value == "7" && wanted.message.is_some()),
        "{wanted:?}"
    );
    assert_eq!(offered["options"][1]["text"]["text"], "<Research> & co");
    app.person("ana").picks(&seen, "test:group 7", offered["options"][1].clone()).await;
    let chosen = app.heard().into_iter().find_map(|event| match event {
        Event::Action(action) => action.chosen,
        _ => None,
    });
    assert_eq!(chosen, Some(FieldValue::Choice("S2".to_owned())));
}

#[tokio::test]
async fn a_button_opens_a_modal() {
    let app = App::start().await;
    let modal = |title| Box::new(form(title));
    let trigger = app.trigger("ana").await;
    assert!(app.slack.shows_reply(&Reply::Nothing, &trigger, Some("V1")).await.is_none());
    let opened = app.slack.shows_reply(&Reply::Open(modal("First")), &trigger, None).await.unwrap().unwrap();
    let (view, trigger) = (Some(opened.view.as_str()), app.trigger("ana").await);
    app.slack.shows_reply(&Reply::Update(modal("Second")), "", view).await.unwrap().unwrap();
    assert_eq!(title(&app), "Second");
    app.slack.shows_reply(&Reply::Push(modal("Third")), &trigger, view).await.unwrap().unwrap();
    assert_eq!(title(&app), "Third");
    let late = app.slack.shows_reply(&Reply::Push(modal("Fourth")), &trigger, view).await.unwrap();
    assert_eq!(late.unwrap_err().code(), "exchanged_trigger_id");
    let trigger = app.trigger("ana").await;
    app.slack.shows_reply(&Reply::Push(modal("Alone")), &trigger, None).await.unwrap().unwrap();
    assert_eq!(title(&app), "Alone");
}
