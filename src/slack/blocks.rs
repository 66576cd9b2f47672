//! Converts our own messages and modals to Slack's Block Kit, inside Slack's limits.

use std::collections::BTreeSet;

use serde::Serialize;
use slack_morphism::prelude::{
    SlackActionBlockElement, SlackActionsBlock, SlackBlock, SlackBlockButtonElement, SlackBlockButtonStyle,
    SlackBlockChoiceItem, SlackBlockMarkDownText, SlackBlockOverflowElement, SlackBlockPlainTextOnly,
    SlackBlockText, SlackContextBlock, SlackContextBlockElement, SlackHomeView, SlackInputBlock,
    SlackMessageContent, SlackModalView, SlackSectionBlock, SlackView,
};

use super::{
    chunks::{chunks, cut},
    fields, figures, limit,
    text_objects::{CHOICE_SEPARATOR, REPEATED, first, plain, some, some_plain},
};
use crate::model::{
    message::{Block, Button, ButtonStyle, Control, DataTable, Home, Input, Menu, MenuItem, Message, Modal},
    text::Markup,
};

/// How long the text of a posted message may be, in characters.
pub(super) const POSTED_TEXT: usize = 40_000;

/// How long the text of a changed message may be, in characters.
pub(super) const UPDATED_TEXT: usize = 4_000;

/// A message that only one person sees.
#[derive(Serialize)]
pub struct Ephemeral {
    response_type: &'static str,
    text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    blocks: Option<Vec<SlackBlock>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    replace_original: Option<bool>,
}

impl Ephemeral {
    /// Converts a message.
    pub fn new(message: &Message) -> Ephemeral {
        let SlackMessageContent { text, blocks, .. } = content(message, POSTED_TEXT);
        Ephemeral { response_type: "ephemeral", text, blocks, replace_original: None }
    }

    /// Sets whether it replaces the message that held the button.
    #[must_use]
    pub fn replacing(self, replace: bool) -> Ephemeral {
        Ephemeral { replace_original: Some(replace), ..self }
    }
}

/// Converts the content of a message; a message without blocks shows its text.
pub(super) fn content(message: &Message, text_limit: usize) -> SlackMessageContent {
    let (mut charts, mut room) = (0, limit::TABLES_TEXT);
    let figures_shown = message.blocks.iter().flat_map(|ours| match ours {
        Block::Table(ours) => table(ours, &mut room),
        Block::Chart(ours) if charts < limit::CHARTS => {
            let drawn = figures::chart(ours);
            charts += usize::from(drawn.is_some());
            drawn.map_or_else(|| text(&ours.as_text()), |drawn| vec![drawn])
        }
        ours => block(ours),
    });
    let blocks: Vec<SlackBlock> = figures_shown.take(limit::MESSAGE_BLOCKS).collect();
    SlackMessageContent::new()
        .with_text(cut(message.text.as_str(), text_limit))
        .opt_blocks((!blocks.is_empty()).then_some(blocks))
}

/// Converts a table, and adds a line for the rows it leaves out.
fn table(ours: &DataTable, room: &mut usize) -> Vec<SlackBlock> {
    match figures::table(ours, *room) {
        Some(drawn) => {
            *room -= drawn.characters;
            let rest = ours.rest(drawn.rows).map(|rest| context(&cut(rest.as_str(), limit::CONTEXT)));
            std::iter::once(drawn.block).chain(rest).collect()
        }
        None => text(&ours.as_text()),
    }
}

/// Converts a modal to a view. Slack requires a submit button on a modal with a field.
pub(super) fn view(modal: &Modal) -> SlackView {
    const SEND: &str = "Send";
    let blocks = blocks(&modal.blocks, limit::VIEW_BLOCKS);
    let has_field = blocks.iter().any(|block| matches!(block, SlackBlock::Input(_)));
    let submit = some_plain(&modal.submit, limit::MODAL_LABEL);
    SlackView::Modal(
        SlackModalView::new(plain(&modal.title, limit::MODAL_LABEL), blocks)
            .opt_submit(submit.or_else(|| has_field.then(|| plain(SEND, limit::MODAL_LABEL))))
            .opt_close(some_plain(&modal.close, limit::MODAL_LABEL))
            .with_private_metadata(first(&modal.private, limit::PRIVATE))
            .with_callback_id(first(&modal.callback, limit::ID).into())
            .opt_notify_on_close(modal.tell_closed.then_some(true)),
    )
}

pub(super) fn home(home: &Home) -> SlackView {
    SlackView::Home(
        SlackHomeView::new(blocks(&home.blocks, limit::VIEW_BLOCKS))
            .with_private_metadata(first(&home.private, limit::PRIVATE))
            .with_callback_id(first(&home.callback, limit::ID).into()),
    )
}

pub(super) fn topic(topic: &Markup) -> String {
    cut(topic.as_str(), limit::TOPIC)
}

/// Converts blocks, and leaves out those beyond the limit: the message's text still says everything.
fn blocks(ours: &[Block], limit: usize) -> Vec<SlackBlock> {
    ours.iter().flat_map(block).take(limit).collect()
}

/// Converts one block, which may become several of Slack's. Only messages can show tables and charts; elsewhere they
/// become text.
fn block(ours: &Block) -> Vec<SlackBlock> {
    match ours {
        Block::Text(ours) => text(ours),
        Block::Table(ours) => text(&ours.as_text()),
        Block::Chart(ours) => text(&ours.as_text()),
        Block::Context(text) => {
            chunks(text.as_str(), limit::CONTEXT).iter().map(|chunk| context(chunk)).collect()
        }
        Block::Buttons(buttons) => rows(buttons.iter().map(button)),
        Block::Actions { buttons, menu } => rows(buttons.iter().map(button).chain(overflow(menu))),
        Block::Controls(controls) => rows(controls.iter().filter_map(control)),
        Block::Input(field) => input(field, None).into_iter().collect(),
        Block::LiveInput(field) => input(field, Some(true)).into_iter().collect(),
    }
}

fn text(ours: &Markup) -> Vec<SlackBlock> {
    chunks(ours.as_str(), limit::SECTION).iter().map(|chunk| section(chunk)).collect()
}

fn section(text: &str) -> SlackBlock {
    SlackSectionBlock::new().with_text(SlackBlockText::MarkDown(mrkdwn(text))).into()
}

fn context(text: &str) -> SlackBlock {
    SlackContextBlock::new(vec![SlackContextBlockElement::MarkDown(mrkdwn(text))]).into()
}

/// Text that Slack shows unchanged: without `verbatim` it turns what people wrote into mentions and links.
fn mrkdwn(text: &str) -> SlackBlockMarkDownText {
    SlackBlockMarkDownText::new(text.to_owned()).with_verbatim(true)
}

fn rows(elements: impl Iterator<Item = SlackActionBlockElement>) -> Vec<SlackBlock> {
    let elements: Vec<_> = elements.collect();
    let row = |row: &[SlackActionBlockElement]| SlackActionsBlock::new(told_apart(row)).into();
    elements.chunks(limit::ROW).map(row).collect()
}

/// Numbers the buttons of a row that have the action of one before: Slack refuses a whole message over a repeated id.
fn told_apart(row: &[SlackActionBlockElement]) -> Vec<SlackActionBlockElement> {
    let mut actions = BTreeSet::new();
    let mut row = row.to_vec();
    for (at, element) in row.iter_mut().enumerate() {
        if let SlackActionBlockElement::Button(button) = element
            && let Some(action) = &mut button.action_id
            && !actions.insert(action.0.clone())
        {
            action.0 = format!("{}{REPEATED}{at}", action.0);
        }
    }
    row
}

/// Converts a menu that has choices: Slack refuses an empty one.
fn overflow(ours: &Menu) -> Option<SlackActionBlockElement> {
    let choices: Vec<_> = ours.choices.iter().take(limit::CHOICES).map(choice).collect();
    let menu = SlackBlockOverflowElement::new(choices).with_action_id(first(&ours.id, limit::ID).into());
    (!menu.options.is_empty()).then(|| menu.into())
}

/// Slack gives an id to the menu and a value to each choice, so the value names the action as well.
fn choice(ours: &MenuItem) -> SlackBlockChoiceItem<SlackBlockPlainTextOnly> {
    let value = format!("{}{CHOICE_SEPARATOR}{}", ours.action, ours.value);
    SlackBlockChoiceItem::new(plain(&ours.label, limit::BUTTON_LABEL), first(&value, limit::CHOICE_VALUE))
}

fn button(ours: &Button) -> SlackActionBlockElement {
    let style = match ours.look {
        ButtonStyle::Plain => None,
        ButtonStyle::Primary => Some(SlackBlockButtonStyle::Primary),
        ButtonStyle::Danger => Some(SlackBlockButtonStyle::Danger),
    };
    SlackBlockButtonElement::new(plain(&ours.label, limit::BUTTON_LABEL))
        .with_action_id(first(&ours.action, limit::ID).into())
        .opt_value(some(first(&ours.value, limit::BUTTON_VALUE)))
        .opt_style(style)
        .into()
}

/// Converts an input whose field has something to show.
fn input(ours: &Input, dispatches: Option<bool>) -> Option<SlackBlock> {
    let name = first(&ours.name, limit::ID);
    let block =
        SlackInputBlock::new(plain(&ours.label, limit::INPUT_LABEL), fields::element(&ours.field, &name)?)
            .with_block_id(name.into())
            .with_optional(ours.optional)
            .opt_dispatch_action(dispatches)
            .opt_hint(ours.hint.as_deref().and_then(|hint| some_plain(hint, limit::INPUT_LABEL)));
    Some(block.into())
}

fn control(ours: &Control) -> Option<SlackActionBlockElement> {
    match ours {
        Control::Button(ours) => Some(button(ours)),
        Control::Menu(menu) => overflow(menu),
        Control::Select(select) => fields::select(select),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;
    use crate::{
        model::{
            message::Field,
            people::UserId,
            text::{Markup, unescape},
        },
        say,
    };

    fn button(label: &str, action: &str, look: ButtonStyle) -> Button {
        Button { label: label.to_owned(), action: action.to_owned(), value: "0199".to_owned(), look }
    }

    fn modal() -> Modal {
        let why = Field::Text {
            written: String::new(),
            placeholder: "for unblocking the release".to_owned(),
            multiline: true,
            limit: 500,
        };
        let input = |name: &str, label: &str, hint, optional, field| {
            Block::Input(Input { name: name.to_owned(), label: label.to_owned(), hint, optional, field })
        };
        Modal {
            callback: "kudos:give".to_owned(),
            title: "A title that is longer than Slack allows".to_owned(),
            submit: "Give".to_owned(),
            close: "Not now".to_owned(),
            private: "C0THANKS".to_owned(),
            tell_closed: false,
            blocks: vec![
                input("to", "Whom?", None, false, Field::People { chosen: vec!["U0BEN".into()], limit: 5 }),
                input("why", "What for?", Some("They will see it.".to_owned()), true, why),
            ],
        }
    }

    /// Collects every text of a JSON value that Slack reads as mrkdwn.
    fn mrkdwn_of(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| mrkdwn_of(item, found)),
            Value::Object(fields) => {
                let kind = fields.get("type").and_then(Value::as_str);
                if let (Some("mrkdwn") | None, Some(Value::String(text))) = (kind, fields.get("text")) {
                    found.push(text.clone());
                }
                fields.values().for_each(|field| mrkdwn_of(field, found));
            }
            _ => {}
        }
    }

    #[test]
    fn a_message_in_slacks_words() {
        let ana = UserId::from("U0ANA");
        let message = Message::new(say!("{} says {}", &ana, Markup::words("<!channel> & co")))
            .with_context("Seen by you alone.")
            .with_buttons(vec![
                button("Undo", "kudos:undo", ButtonStyle::Danger),
                button("Give more", "kudos:open", ButtonStyle::Plain),
            ]);
        insta::assert_snapshot!(serde_json::to_string_pretty(&json!(Ephemeral::new(&message))).unwrap(), @r#"
        {
          "blocks": [
            {
              "text": {
                "text": "<@U0ANA> says &lt;!channel&gt; &amp; co",
                "type": "mrkdwn",
                "verbatim": true
              },
              "type": "section"
            },
            {
              "elements": [
                {
                  "text": "Seen by you alone.",
                  "type": "mrkdwn",
                  "verbatim": true
                }
              ],
              "type": "context"
            },
            {
              "elements": [
                {
                  "action_id": "kudos:undo",
                  "style": "danger",
                  "text": {
                    "text": "Undo",
                    "type": "plain_text"
                  },
                  "type": "button",
                  "value": "0199"
                },
                {
                  "action_id": "kudos:open",
                  "text": {
                    "text": "Give more",
                    "type": "plain_text"
                  },
                  "type": "button",
                  "value": "0199"
                }
              ],
              "type": "actions"
            }
          ],
          "response_type": "ephemeral",
          "text": "<@U0ANA> says &lt;!channel&gt; &amp; co\nSeen by you alone."
        }
        "#);
    }

    #[test]
    fn a_menu_stands_at_the_end_of_its_row() {
        let choice = |label: &str, action: &str| MenuItem {
            label: label.to_owned(),
            action: action.to_owned(),
            value: "0199".to_owned(),
        };
        let choices = vec![choice("Skip the next round", "coffee:skip"), choice("Leave", "coffee:leave")];
        let row = |buttons: usize, choices: &[MenuItem]| Block::Actions {
            buttons: vec![button("We met", "coffee:met", ButtonStyle::Plain); buttons],
            menu: Menu { id: "coffee:more".to_owned(), choices: choices.to_vec() },
        };
        insta::assert_snapshot!(serde_json::to_string_pretty(&block(&row(1, &choices))).unwrap(), @r#"
        [
          {
            "type": "actions",
            "elements": [
              {
                "type": "button",
                "action_id": "coffee:met",
                "text": {
                  "type": "plain_text",
                  "text": "We met"
                },
                "value": "0199"
              },
              {
                "type": "overflow",
                "action_id": "coffee:more",
                "options": [
                  {
                    "text": {
                      "type": "plain_text",
                      "text": "Skip the next round"
                    },
                    "value": "coffee:skip 0199"
                  },
                  {
                    "text": {
                      "type": "plain_text",
                      "text": "Leave"
                    },
                    "value": "coffee:leave 0199"
                  }
                ]
              }
            ]
          }
        ]
        "#);
        let lengths = |ours: &Block| -> Vec<usize> {
            let rows = json!(block(ours));
            rows.as_array().unwrap().iter().map(|row| row["elements"].as_array().unwrap().len()).collect()
        };
        assert_eq!(lengths(&row(25, &choices)), [25, 1]);
        assert_eq!(lengths(&row(1, &[])), [1]);
        let many = json!(block(&row(0, &vec![choice(&"long ".repeat(40), "coffee:skip"); 9])));
        assert_eq!(many[0]["elements"][0]["options"].as_array().unwrap().len(), 5);
    }

    #[test]
    fn buttons_of_one_action_are_told_apart() {
        let of = |label: &str| button(label, "kudos:thank", ButtonStyle::Plain);
        let row = Block::Buttons(vec![
            of("Ben"),
            button("Undo", "kudos:undo", ButtonStyle::Plain),
            of("Cy"),
            of("Dee"),
        ]);
        let shown = json!(block(&row));
        let ids =
            shown[0]["elements"].as_array().unwrap().iter().map(|one| one["action_id"].as_str().unwrap());
        assert_eq!(ids.collect::<Vec<_>>(), ["kudos:thank", "kudos:undo", "kudos:thank#2", "kudos:thank#3"]);
    }

    #[test]
    fn a_modal_in_slacks_words() {
        insta::assert_snapshot!(serde_json::to_string_pretty(&view(&modal())).unwrap(), @r#"
        {
          "type": "modal",
          "title": {
            "type": "plain_text",
            "text": "A title that is longer…"
          },
          "blocks": [
            {
              "type": "input",
              "block_id": "to",
              "label": {
                "type": "plain_text",
                "text": "Whom?"
              },
              "element": {
                "type": "multi_users_select",
                "action_id": "to",
                "initial_users": [
                  "U0BEN"
                ],
                "max_selected_items": 5
              },
              "optional": false
            },
            {
              "type": "input",
              "block_id": "why",
              "label": {
                "type": "plain_text",
                "text": "What for?"
              },
              "element": {
                "type": "plain_text_input",
                "action_id": "why",
                "placeholder": {
                  "type": "plain_text",
                  "text": "for unblocking the release"
                },
                "multiline": true,
                "max_length": 500
              },
              "hint": {
                "type": "plain_text",
                "text": "They will see it."
              },
              "optional": true
            }
          ],
          "close": {
            "type": "plain_text",
            "text": "Not now"
          },
          "submit": {
            "type": "plain_text",
            "text": "Give"
          },
          "private_metadata": "C0THANKS",
          "callback_id": "kudos:give"
        }
        "#);
    }

    #[test]
    fn what_is_too_much_is_split_or_cut() {
        let long = Message::new(Markup::words(&"word ".repeat(2_000)));
        assert_eq!(blocks(&long.blocks, limit::MESSAGE_BLOCKS).len(), 4);
        let many = vec![Block::Text("line".into()); 60];
        assert_eq!(blocks(&many, limit::MESSAGE_BLOCKS).len(), 50);
        let buttons = vec![Block::Buttons(vec![button("Undo", "kudos:undo", ButtonStyle::Plain); 30])];
        assert_eq!(blocks(&buttons, limit::MESSAGE_BLOCKS).len(), 2);
        assert!(blocks(&[Block::Text(Markup::words(" \n ")), Block::Buttons(Vec::new())], 50).is_empty());
        let text = content(&long, UPDATED_TEXT).text.unwrap();
        assert_eq!(text.chars().count(), 4_000);
    }

    proptest! {
        #[test]
        fn what_a_person_wrote_stays_escaped(theirs in "(\\PC|[<>&!@#\n]|<!channel>|<@U1>|&amp;|https?://){0,120}") {
            let message = Message::new(Markup::words(&theirs))
                .with_context(Markup::quote(&theirs))
                .with_context(Markup::code(&theirs));
            let mut found = Vec::new();
            mrkdwn_of(&json!(Ephemeral::new(&message)), &mut found);
            prop_assert!(!found.is_empty());
            for text in found {
                prop_assert!(!text.contains('<'));
                // Each of the three characters has only one form: nothing was torn or escaped twice.
                let bare = text.replace('>', "");
                let again = Markup::words(&unescape(&bare));
                prop_assert_eq!(again.as_str(), bare);
            }
        }
    }
}
