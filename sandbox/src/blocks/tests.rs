//! Slack's limits at their edges.

use serde_json::json;

use super::*;

fn wrong(blocks: &Value) -> Vec<String> {
    check(blocks.as_array().expect("a list"), Surface::Message)
}

fn section(text: &str) -> Value {
    json!({ "type": "section", "text": { "type": "mrkdwn", "text": text } })
}

#[test]
fn a_section_of_three_thousand_characters_is_the_longest() {
    assert!(wrong(&json!([section(&"é".repeat(3_000))])).is_empty());
    assert_eq!(
        wrong(&json!([section(&"é".repeat(3_001))])),
        ["[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]"]
    );
}

#[test]
fn fifty_blocks_are_the_most() {
    assert!(wrong(&json!(vec![section("x"); 50])).is_empty());
    assert_eq!(
        wrong(&json!(vec![section("x"); 51])),
        ["[ERROR] no more than 50 items allowed [json-pointer:/blocks]"]
    );
}

#[test]
fn a_header_is_plain_and_short() {
    let header = json!({ "type": "header", "text": { "type": "mrkdwn", "text": "x".repeat(151) } });
    assert_eq!(wrong(&json!([header])).len(), 2);
}

#[test]
fn actions_in_one_block_have_different_ids() {
    let button =
        json!({ "type": "button", "action_id": "a", "text": { "type": "plain_text", "text": "Go" } });
    let block = json!({ "type": "actions", "elements": [button, button] });
    assert_eq!(
        wrong(&json!([block])),
        ["[ERROR] `action_id` a already exists in this block [json-pointer:/blocks/0/elements/1/action_id]"]
    );
}

#[test]
fn a_modal_with_an_input_needs_a_submit_button_and_a_short_title() {
    let view = json!({
        "type": "modal",
        "title": { "type": "plain_text", "text": "x".repeat(25) },
        "blocks": [{
            "type": "input", "label": { "type": "plain_text", "text": "Why" },
            "element": { "type": "plain_text_input", "action_id": "why" },
        }],
    });
    assert_eq!(
        check_view(&view, Surface::Modal),
        [
            "[ERROR] must be less than 25 characters [json-pointer:/view/title/text]",
            "[ERROR] missing required field: submit [json-pointer:/view]",
        ]
    );
}
