//! Blocks at Slack's limits.

use serde_json::json;

use super::*;

fn wrong(blocks: &Value) -> Vec<String> {
    check(blocks.as_array().expect("a list"), Surface::Message)
}

fn section(text: &str) -> Value {
    json!({ "type": "section", "text": { "type": "mrkdwn", "text": text } })
}

#[test]
fn a_section_has_3000_characters() {
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
fn headers_are_plain_and_short() {
    let header = json!({ "type": "header", "text": { "type": "mrkdwn", "text": "x".repeat(151) } });
    assert_eq!(wrong(&json!([header])).len(), 2);
}

#[test]
fn action_ids_are_unique_per_block() {
    let button =
        json!({ "type": "button", "action_id": "a", "text": { "type": "plain_text", "text": "Go" } });
    let block = json!({ "type": "actions", "elements": [button, button] });
    assert_eq!(
        wrong(&json!([block])),
        ["[ERROR] `action_id` a already exists in this block [json-pointer:/blocks/0/elements/1/action_id]"]
    );
}

#[test]
fn a_modal_with_inputs_needs_submit() {
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

fn plain(text: &str) -> Value {
    json!({ "type": "plain_text", "text": text })
}

fn long(most: usize) -> String {
    "x".repeat(most + 1)
}

fn option(text: &str, value: &str) -> Value {
    json!({ "text": plain(text), "value": value })
}

fn options(count: usize) -> Vec<Value> {
    (0..count).map(|n| option("x", &n.to_string())).collect()
}

/// An actions block with one element.
fn acting(element: &Value) -> Value {
    json!({ "type": "actions", "elements": [element] })
}

fn button(key: &str, value: Value) -> Value {
    let mut button = json!({ "type": "button", "action_id": "go", "text": plain("Go") });
    button[key] = value;
    acting(&button)
}

fn select(key: &str, value: Value) -> Value {
    let mut select = json!({ "type": "static_select", "action_id": "pick", "options": options(1) });
    select[key] = value;
    acting(&select)
}

fn confirm(key: &str, value: &str) -> Value {
    let mut confirm = json!({ "title": plain("Sure?"), "text": plain("Sure?") });
    confirm[key] = plain(value);
    button("confirm", confirm)
}

fn image(key: &str, value: Value) -> Value {
    let mut image = json!({ "type": "image", "image_url": "https://example.org/a.png", "alt_text": "A" });
    image[key] = value;
    image
}

fn input(key: &str, value: Value) -> Value {
    let mut input =
        json!({ "type": "input", "label": plain("Why"), "element": { "type": "plain_text_input" } });
    input[key] = value;
    input
}

/// Asserts that each block breaks one rule, with Slack's words and pointer.
fn each_is_wrong(rows: impl IntoIterator<Item = (Value, &'static str, &'static str)>) {
    for (block, what, pointer) in rows {
        assert_eq!(
            wrong(&json!([block])),
            [format!("[ERROR] {what} [json-pointer:/blocks/0{pointer}]")],
            "{block}"
        );
    }
}

#[test]
fn blocks_are_known_and_complete() {
    each_is_wrong([
        (json!({}), "missing required field: type", ""),
        (json!({ "type": "hologram" }), "unsupported type: hologram", "/type"),
        (json!({ "type": "section" }), "missing required field: text", ""),
        (json!({ "type": "section", "text": "x" }), "must provide an object", "/text"),
        (section(""), "must be more than 0 characters", "/text/text"),
        (json!({ "type": "section", "text": { "type": "mrkdwn" } }), "missing required field: text", "/text"),
        (json!({ "type": "section", "fields": [] }), "must have at least 1 item", "/fields"),
        (json!({ "type": "section", "block_id": 7, "text": plain("x") }), "must be a string", "/block_id"),
        (
            json!({ "type": "section", "text": plain("x"), "accessory": { "type": "file_input" } }),
            "unsupported type: file_input",
            "/accessory/type",
        ),
        (
            json!({ "type": "header", "text": { "type": "mrkdwn", "text": "x" } }),
            "unsupported type: mrkdwn",
            "/text/type",
        ),
        (json!({ "type": "context" }), "missing required field: elements", ""),
        (json!({ "type": "actions", "elements": [] }), "must have at least 1 item", "/elements"),
        (json!({ "type": "rich_text" }), "missing required field: elements", ""),
        (acting(&json!({})), "missing required field: type", "/elements/0"),
        (
            acting(&json!({ "type": "plain_text_input" })),
            "unsupported type: plain_text_input",
            "/elements/0/type",
        ),
        (image("image_url", Value::Null), "missing required field: image_url", ""),
        (json!({ "type": "image", "alt_text": "A" }), "missing required field: image_url", ""),
        (
            json!({ "type": "image", "image_url": "https://example.org" }),
            "missing required field: alt_text",
            "",
        ),
        (json!({ "type": "input", "label": plain("Why") }), "missing required field: element", ""),
        (input("label", Value::Null), "missing required field: label", ""),
        (input("element", json!({ "type": "button" })), "unsupported type: button", "/element/type"),
        (
            input("element", json!({ "type": "number_input" })),
            "missing required field: is_decimal_allowed",
            "/element",
        ),
    ]);
}

#[test]
fn texts_end_at_their_limits() {
    each_is_wrong([
        (
            json!({ "type": "section", "fields": [plain(&long(2_000))] }),
            "must be less than 2001 characters",
            "/fields/0/text",
        ),
        (
            json!({ "type": "section", "text": plain("x"), "block_id": long(255) }),
            "must be less than 256 characters",
            "/block_id",
        ),
        (
            json!({ "type": "header", "text": plain(&long(150)) }),
            "must be less than 151 characters",
            "/text/text",
        ),
        (
            json!({ "type": "context", "elements": [plain(&long(3_000))] }),
            "must be less than 3001 characters",
            "/elements/0/text",
        ),
        (button("text", plain(&long(75))), "must be less than 76 characters", "/elements/0/text/text"),
        (button("value", json!(long(2_000))), "must be less than 2001 characters", "/elements/0/value"),
        (button("url", json!(long(3_000))), "must be less than 3001 characters", "/elements/0/url"),
        (button("action_id", json!(long(255))), "must be less than 256 characters", "/elements/0/action_id"),
        (
            button("accessibility_label", json!(long(75))),
            "must be less than 76 characters",
            "/elements/0/accessibility_label",
        ),
        (confirm("title", &long(100)), "must be less than 101 characters", "/elements/0/confirm/title/text"),
        (confirm("text", &long(300)), "must be less than 301 characters", "/elements/0/confirm/text/text"),
        (
            confirm("confirm", &long(30)),
            "must be less than 31 characters",
            "/elements/0/confirm/confirm/text",
        ),
        (confirm("deny", &long(30)), "must be less than 31 characters", "/elements/0/confirm/deny/text"),
        (
            select("placeholder", plain(&long(150))),
            "must be less than 151 characters",
            "/elements/0/placeholder/text",
        ),
        (
            select("options", json!([option(&long(75), "x")])),
            "must be less than 76 characters",
            "/elements/0/options/0/text/text",
        ),
        (
            select("options", json!([option("x", &long(150))])),
            "must be less than 151 characters",
            "/elements/0/options/0/value",
        ),
        (image("alt_text", json!(long(2_000))), "must be less than 2001 characters", "/alt_text"),
        (image("image_url", json!(long(3_000))), "must be less than 3001 characters", "/image_url"),
        (image("title", plain(&long(2_000))), "must be less than 2001 characters", "/title/text"),
        (input("label", plain(&long(2_000))), "must be less than 2001 characters", "/label/text"),
        (input("hint", plain(&long(2_000))), "must be less than 2001 characters", "/hint/text"),
        (
            input("element", json!({ "type": "plain_text_input", "max_length": 3_001 })),
            "must be less than 3001",
            "/element/max_length",
        ),
        (
            input("element", json!({ "type": "plain_text_input", "max_length": 2, "initial_value": "xxx" })),
            "must be less than 3 characters",
            "/element/initial_value",
        ),
    ]);
}

#[test]
fn lists_end_at_their_limits() {
    let more = "no more than";
    let over = json!({ "type": "overflow", "options": options(6) });
    let boxes = json!({ "type": "checkboxes", "options": options(11) });
    let buttons: Vec<Value> = (0..26)
        .map(|n| json!({ "type": "button", "action_id": n.to_string(), "text": plain("x") }))
        .collect();
    let groups = json!([{ "label": plain(&long(75)), "options": options(1) }]);
    for (block, what, pointer) in [
        (json!({ "type": "section", "fields": vec![plain("x"); 11] }), "10 items allowed", "/fields"),
        (json!({ "type": "context", "elements": vec![plain("x"); 11] }), "10 items allowed", "/elements"),
        (json!({ "type": "actions", "elements": buttons }), "25 items allowed", "/elements"),
        (select("options", json!(options(101))), "100 items allowed", "/elements/0/options"),
        (acting(&over), "5 items allowed", "/elements/0/options"),
        (acting(&boxes), "10 items allowed", "/elements/0/options"),
    ] {
        let said = [format!("[ERROR] {more} {what} [json-pointer:/blocks/0{pointer}]")];
        assert_eq!(wrong(&json!([block])), said);
    }
    each_is_wrong([
        (select("options", Value::Null), "missing required field: options", "/elements/0"),
        (select("options", json!([])), "must have at least 1 item", "/elements/0/options"),
        (
            select("options", json!([{ "text": plain("x") }])),
            "missing required field: value",
            "/elements/0/options/0",
        ),
        (
            select("option_groups", groups),
            "must be less than 76 characters",
            "/elements/0/option_groups/0/label/text",
        ),
        (
            select("initial_option", option("x", "9")),
            "initial option must be one of the options",
            "/elements/0",
        ),
        (button("style", json!("loud")), "must be a valid enum value", "/elements/0/style"),
    ]);
    let twice = json!([{ "type": "divider", "block_id": "a" }, { "type": "divider", "block_id": "a" }]);
    assert_eq!(wrong(&twice), ["[ERROR] `block_id` a already exists [json-pointer:/blocks/1/block_id]"]);
}

#[test]
fn views_have_their_own_limits() {
    let view = |key: &str, value: Value| {
        let mut view = json!({ "type": "modal", "title": plain("Thanks"), "blocks": [] });
        view[key] = value;
        check_view(&view, Surface::Modal)
    };
    assert!(view("blocks", json!(vec![section("x"); 100])).is_empty());
    for (key, value, said) in [
        (
            "blocks",
            json!(vec![section("x"); 101]),
            "no more than 100 items allowed [json-pointer:/view/blocks]",
        ),
        ("blocks", Value::Null, "missing required field: blocks [json-pointer:/view]"),
        ("title", Value::Null, "missing required field: title [json-pointer:/view]"),
        ("submit", plain(&long(24)), "must be less than 25 characters [json-pointer:/view/submit/text]"),
        ("close", plain(&long(24)), "must be less than 25 characters [json-pointer:/view/close/text]"),
        (
            "private_metadata",
            json!(long(3_000)),
            "must be less than 3001 characters [json-pointer:/view/private_metadata]",
        ),
        (
            "callback_id",
            json!(long(255)),
            "must be less than 256 characters [json-pointer:/view/callback_id]",
        ),
        (
            "external_id",
            json!(long(255)),
            "must be less than 256 characters [json-pointer:/view/external_id]",
        ),
    ] {
        assert_eq!(view(key, value), [format!("[ERROR] {said}")]);
    }
    let home = json!({ "type": "home", "blocks": [input("element", json!({ "type": "file_input" }))] });
    assert_eq!(
        check_view(&home, Surface::Home),
        ["[ERROR] unsupported type: file_input [json-pointer:/view/blocks/0/element/type]"]
    );
}
