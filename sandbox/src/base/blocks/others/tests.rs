//! Rich text, tables and other rare blocks at Slack's limits, and initial selections.

use serde_json::{Value, json};

use crate::base::blocks::{Surface, check, check_attachments, check_view, elements};

fn plain(text: &str) -> Value {
    json!({ "type": "plain_text", "text": text })
}

fn acting(element: &Value) -> Value {
    json!({ "type": "actions", "elements": [element] })
}

fn line(pieces: &Value) -> Value {
    json!({ "type": "rich_text", "elements": [{ "type": "rich_text_section", "elements": pieces }] })
}

fn video() -> Value {
    json!({
        "type": "video", "title": plain("A talk"), "alt_text": "A talk", "video_url": "https://example.org/v",
        "thumbnail_url": "https://example.org/t.png",
    })
}

fn without(mut holder: Value, key: &str) -> Value {
    holder.as_object_mut().expect("an object").remove(key);
    holder
}

fn groups() -> Value {
    let option = |text: &str| json!({ "text": plain(text), "value": text });
    json!([{ "label": plain("One"), "options": [option("a")] }, { "label": plain("Two"), "options": [option("b")] }])
}

#[test]
fn valid_blocks_pass() {
    let pieces = json!([
        { "type": "text", "text": "x", "style": { "bold": true } }, { "type": "emoji", "name": "tada" },
        { "type": "link", "url": "https://example.org" }, { "type": "user", "user_id": "U1" },
        { "type": "usergroup", "usergroup_id": "S1" }, { "type": "channel", "channel_id": "C1" },
        { "type": "broadcast", "range": "here" }, { "type": "color", "value": "#00ff00" },
        { "type": "date", "timestamp": 1_700_000_000, "format": "{date}" },
    ]);
    let item = json!({ "type": "rich_text_section", "elements": pieces });
    let second = json!({ "text": plain("b"), "value": "b" });
    let blocks = json!([
        line(&pieces),
        { "type": "rich_text", "elements": [
            { "type": "rich_text_list", "style": "ordered", "indent": 1, "elements": [item] },
            { "type": "rich_text_quote", "elements": pieces }, { "type": "rich_text_preformatted", "elements": pieces } ] },
        video(),
        { "type": "markdown", "text": "# Hello" },
        { "type": "file", "external_id": "x", "source": "remote" },
        { "type": "table", "rows": [[{ "type": "raw_text", "text": "x" }, line(&pieces)]] },
        { "type": "context_actions", "elements": [
            { "type": "feedback_buttons", "positive_button": { "text": plain("Good") }, "negative_button": { "text": plain("Bad") } },
            { "type": "icon_button", "icon": "trash", "text": plain("Delete") } ] },
        acting(&json!({ "type": "static_select", "option_groups": groups(), "initial_option": second })),
        acting(&json!({ "type": "multi_static_select", "option_groups": groups(), "max_selected_items": 1 })),
        acting(&json!({ "type": "external_select", "min_query_length": 0 })),
        acting(&json!({ "type": "datepicker", "initial_date": "2026-03-02" })),
        acting(&json!({ "type": "timepicker", "initial_time": "09:30" })),
        acting(&json!({ "type": "datetimepicker", "initial_date_time": 1_700_000_000 })),
    ]);
    assert!(check(blocks.as_array().expect("a list"), Surface::Message).is_empty());
}

#[test]
fn invalid_blocks_are_refused() {
    let many = vec![json!([]); 101];
    let wide = vec![json!({ "type": "raw_text", "text": "x" }); 21];
    for (block, what, pointer) in [
        (
            json!({ "type": "rich_text", "elements": [{ "type": "x" }] }),
            "unsupported type: x",
            "/elements/0/type",
        ),
        (json!({ "type": "rich_text", "elements": [{}] }), "missing required field: type", "/elements/0"),
        (
            json!({ "type": "rich_text", "elements": [{ "type": "rich_text_list", "style": "x", "elements": [] }] }),
            "must be a valid enum value",
            "/elements/0/style",
        ),
        (line(&json!([{ "type": "x" }])), "unsupported type: x", "/elements/0/elements/0/type"),
        (line(&json!([{ "type": "text" }])), "missing required field: text", "/elements/0/elements/0"),
        (
            line(&json!([{ "type": "broadcast", "range": "all" }])),
            "must be a valid enum value",
            "/elements/0/elements/0/range",
        ),
        (without(video(), "alt_text"), "missing required field: alt_text", ""),
        (without(video(), "title"), "missing required field: title", ""),
        (json!({ "type": "markdown" }), "missing required field: text", ""),
        (json!({ "type": "file", "external_id": "x" }), "must be a valid enum value", "/source"),
        (json!({ "type": "table" }), "missing required field: rows", ""),
        (json!({ "type": "table", "rows": many }), "no more than 100 items allowed", "/rows"),
        (json!({ "type": "table", "rows": [wide] }), "no more than 20 items allowed", "/rows/0"),
        (json!({ "type": "table", "rows": [[{ "type": "x" }]] }), "unsupported type", "/rows/0/0/type"),
        (
            json!({ "type": "context_actions", "elements": [{ "type": "button" }] }),
            "unsupported type: button",
            "/elements/0/type",
        ),
        (
            acting(
                &json!({ "type": "static_select", "option_groups": groups(), "initial_option": { "value": "c" } }),
            ),
            "initial option must be one of the options",
            "/elements/0",
        ),
        (
            acting(&json!({ "type": "multi_users_select", "max_selected_items": 0 })),
            "must be greater than or equal to 1",
            "/elements/0/max_selected_items",
        ),
        (
            acting(&json!({ "type": "datepicker", "initial_date": "2 March" })),
            "must be in the format YYYY-MM-DD",
            "/elements/0/initial_date",
        ),
        (
            acting(&json!({ "type": "timepicker", "initial_time": "9:30" })),
            "must be in the format HH:mm",
            "/elements/0/initial_time",
        ),
        (
            acting(&json!({ "type": "datetimepicker", "initial_date_time": 17 })),
            "must be a timestamp of 10 digits",
            "/elements/0/initial_date_time",
        ),
    ] {
        let said = [format!("[ERROR] {what} [json-pointer:/blocks/0{pointer}]")];
        assert_eq!(check(std::slice::from_ref(&block), Surface::Message), said, "{block}");
    }
}

#[test]
fn some_rules_span_all_blocks() {
    let focused = json!({ "type": "input", "label": plain("x"), "element": { "type": "plain_text_input", "focus_on_load": true } });
    let table = json!({ "type": "table", "rows": [] });
    let written = json!({ "type": "markdown", "text": "x".repeat(6_001) });
    for (block, said) in [
        (table, "only one table is allowed"),
        (written, "must be less than 12001 characters"),
        (focused, "only one element can have focus_on_load"),
    ] {
        let twice = [block.clone(), block.clone()];
        assert!(check(&twice[..1], Surface::Message).is_empty());
        assert_eq!(check(&twice, Surface::Message), [format!("[ERROR] {said} [json-pointer:/blocks]")]);
    }
}

#[test]
fn some_blocks_need_a_message() {
    for kind in ["markdown", "file", "table", "context_actions"] {
        let home = json!({ "type": "home", "blocks": [{ "type": kind }] });
        let said = format!("[ERROR] unsupported type: {kind} [json-pointer:/view/blocks/0/type]");
        assert_eq!(check_view(&home, Surface::Home), [said]);
    }
}

#[test]
fn the_page_draws_every_kind() {
    let page = concat!(include_str!("../../../page/blocks.js"), include_str!("../../../page/controls.js"));
    let boxes = ["workflow_button"];
    let kinds = [elements::ACCESSORY, elements::ACTIONS, elements::INPUT, elements::CONTEXT_ACTIONS].concat();
    let blocks =
        ["section", "header", "divider", "context", "actions", "image", "input", "rich_text", "video"];
    let more = ["markdown", "file", "table", "context_actions"];
    for kind in kinds.iter().chain(&blocks).chain(&more).filter(|kind| !boxes.contains(kind)) {
        assert!(page.contains(&format!("case \"{kind}\":")), "{kind} is taken, and shown as a box only");
    }
}

#[test]
fn blocks_in_attachments_are_checked() {
    let wrong = json!({ "blocks": [{ "type": "x" }] });
    assert_eq!(
        check_attachments(&[json!({ "text": "Old ways" }), wrong]),
        ["[ERROR] unsupported type: x [json-pointer:/attachments/1/blocks/0/type]"]
    );
}
