//! Converts our own replies to the body of an acknowledgement.

use std::collections::BTreeMap;

use serde::Serialize;
use slack_morphism::prelude::{SlackBlockChoiceItem, SlackBlockPlainTextOnly, SlackView};

use super::{
    blocks::{Ephemeral, view},
    fields, limit,
};
use crate::model::event::Reply;

/// The body that acknowledges a delivery.
#[derive(Serialize)]
#[serde(untagged)]
pub enum Acknowledgement<'r> {
    Message(Ephemeral),
    /// Errors in a form, by its fields.
    Errors {
        /// `errors`.
        response_action: &'static str,
        errors: &'r BTreeMap<String, String>,
    },
    /// What happens to the submitted modal.
    View {
        /// `push`, `update` or `clear`.
        response_action: &'static str,
        #[serde(skip_serializing_if = "Option::is_none")]
        view: Option<Box<SlackView>>,
    },
    /// The options of a menu.
    Options {
        options: Vec<SlackBlockChoiceItem<SlackBlockPlainTextOnly>>,
    },
}

/// Returns the body that acknowledges a delivery; `None` is the empty one. Only a submission's acknowledgement can
/// change a modal; behind a button it takes a call ([`Slack::shows_reply`](super::Slack::shows_reply)).
pub fn acknowledgement(reply: &Reply) -> Option<Acknowledgement<'_>> {
    match reply {
        Reply::Nothing | Reply::Open(_) => None,
        Reply::Ephemeral(message) | Reply::Replace(message) => {
            Some(Acknowledgement::Message(Ephemeral::new(message)))
        }
        Reply::Errors(errors) => Some(Acknowledgement::Errors { response_action: "errors", errors }),
        Reply::Push(modal) => {
            Some(Acknowledgement::View { response_action: "push", view: Some(Box::new(view(modal))) })
        }
        Reply::Update(modal) => {
            Some(Acknowledgement::View { response_action: "update", view: Some(Box::new(view(modal))) })
        }
        Reply::Clear => Some(Acknowledgement::View { response_action: "clear", view: None }),
        Reply::Options(ours) => {
            Some(Acknowledgement::Options { options: fields::options(ours, limit::OPTIONS) })
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::message::{Message, Modal, SelectOption};

    #[test]
    fn what_acknowledges() {
        let body = |reply: &Reply| acknowledgement(reply).map(|body| json!(body));
        let modal = Modal {
            callback: "kudos:give".to_owned(),
            title: "Thanks".to_owned(),
            submit: "Give".to_owned(),
            close: "Not now".to_owned(),
            private: String::new(),
            tell_closed: false,
            blocks: Vec::new(),
        };
        assert_eq!(body(&Reply::Nothing), None);
        assert_eq!(body(&Reply::Open(Box::new(modal.clone()))), None);
        assert_eq!(body(&Reply::Clear), Some(json!({ "response_action": "clear" })));
        for (reply, action) in
            [(Reply::Push(Box::new(modal.clone())), "push"), (Reply::Update(Box::new(modal)), "update")]
        {
            let body = body(&reply).unwrap();
            assert_eq!((&body["response_action"], &body["view"]["type"]), (&json!(action), &json!("modal")));
            assert_eq!(body["view"]["callback_id"], "kudos:give");
        }
        let option = SelectOption { label: "Design".to_owned(), value: "S1".to_owned() };
        let options = json!(body(&Reply::Options(vec![option; 120])));
        assert_eq!(options["options"].as_array().unwrap().len(), 100);
        let expected = json!({ "text": { "type": "plain_text", "text": "Design" }, "value": "S1" });
        assert_eq!(options["options"][0], expected);
        assert_eq!(body(&Reply::Options(Vec::new())), Some(json!({ "options": [] })));
        let errors = BTreeMap::from([("why".to_owned(), "Say what for.".to_owned())]);
        let expected = json!({ "response_action": "errors", "errors": { "why": "Say what for." } });
        assert_eq!(body(&Reply::Errors(errors)), Some(expected));
        let bare = Message { text: "Done.".into(), blocks: Vec::new() };
        let expected = json!({ "response_type": "ephemeral", "text": "Done." });
        assert_eq!(body(&Reply::Ephemeral(bare.clone())), Some(expected));
        let expected = json!({ "response_type": "ephemeral", "text": "Done.", "replace_original": true });
        assert_eq!(json!(Ephemeral::new(&bare).replacing(true)), expected);
    }
}
