//! Cards, carousels, containers, alerts, tasks and plans at Slack's limits.

use serde_json::{Value, json};

use crate::base::blocks::{Surface, check, check_view};

fn plain(text: &str) -> Value {
    json!({ "type": "plain_text", "text": text })
}

fn button(action: &str) -> Value {
    json!({ "type": "button", "action_id": action, "text": plain("Press") })
}

fn image() -> Value {
    json!({ "type": "image", "image_url": "https://example.org/a.png", "alt_text": "A" })
}

fn card() -> Value {
    json!({
        "type": "card", "icon": image(), "hero_image": image(), "title": { "type": "mrkdwn", "text": "*One*" },
        "subtitle": plain("Two"), "body": { "type": "mrkdwn", "text": "Three" }, "actions": [button("a"), button("b")],
    })
}

fn said(text: &str) -> Value {
    let piece = json!({ "type": "text", "text": text });
    json!({ "type": "rich_text", "elements": [{ "type": "rich_text_section", "elements": [piece] }] })
}

fn task(id: &str) -> Value {
    json!({
        "type": "task_card", "task_id": id, "title": "Look it up", "status": "in_progress", "details": said("x"),
        "output": said("y"), "sources": [{ "type": "url", "url": "https://example.org", "text": "example.org" }],
    })
}

fn container(children: &Value) -> Value {
    json!({
        "type": "container", "title": plain("Box"), "subtitle": plain("Small"), "icon": image(), "width": "wide",
        "is_collapsible": true, "default_collapsed": false, "child_blocks": children,
    })
}

fn section() -> Value {
    json!({ "type": "section", "text": plain("x"), "accessory": button("c") })
}

fn with(mut block: Value, pointer: &str, value: Value) -> Value {
    let (holder, key) = pointer.rsplit_once('/').expect("a pointer");
    block.pointer_mut(holder).expect("there")[key] = value;
    block
}

fn without(mut block: Value, keys: &[&str]) -> Value {
    for key in keys {
        block.as_object_mut().expect("an object").remove(*key);
    }
    block
}

fn wrong(block: &Value, surface: Surface) -> Vec<String> {
    check(std::slice::from_ref(block), surface)
}

#[test]
fn each_passes_where_slack_shows_it() {
    let alert = json!({ "type": "alert", "text": plain("Careful"), "level": "warning" });
    let carousel = json!({ "type": "carousel", "elements": [card(), card()] });
    let plan = json!({ "type": "plan", "title": "Plan", "tasks": [task("1"), without(task("2"), &["type", "status"])] });
    let (message, modal, home) = (Surface::Message, Surface::Modal, Surface::Home);
    for (block, shown) in [
        (alert, vec![modal]),
        (card(), vec![message, modal, home]),
        (carousel, vec![message, home]),
        (container(&json!([section(), { "type": "divider" }])), vec![message]),
        (plan, vec![message]),
        (json!({ "type": "plan", "title": "Plan" }), vec![message]),
        (task("1"), vec![message]),
    ] {
        for surface in [message, modal, home] {
            let wrong = wrong(&block, surface);
            assert_eq!(
                wrong.is_empty(),
                shown.contains(&surface),
                "{} {surface:?}: {wrong:?}",
                block["type"]
            );
        }
    }
}

#[test]
fn broken_ones_are_refused() {
    let long = |letters: usize| plain(&"x".repeat(letters));
    let carousel = |cards: usize| json!({ "type": "carousel", "elements": vec![card(); cards] });
    let plan = |tasks: Vec<Value>| json!({ "type": "plan", "title": "Plan", "tasks": tasks });
    let twice = json!([button("a"), button("a")]);
    let bare = without(card(), &["hero_image", "title", "actions", "body"]);
    let select = json!([{ "type": "users_select", "action_id": "u" }]);
    for (block, what, pointer) in [
        (bare, "at least one of hero_image, title, actions, body is required", ""),
        (with(card(), "/title", long(151)), "must be less than 151 characters", "/title/text"),
        (with(card(), "/body", long(201)), "must be less than 201 characters", "/body/text"),
        (with(card(), "/icon", plain("x")), "unsupported type", "/icon/type"),
        (
            with(card(), "/actions", twice),
            "`action_id` a already exists in this block",
            "/actions/1/action_id",
        ),
        (with(card(), "/actions", select), "unsupported type: users_select", "/actions/0/type"),
        (with(card(), "/actions", json!("x")), "must be an array", "/actions"),
        (carousel(0), "must have at least 1 item", "/elements"),
        (carousel(11), "no more than 10 items allowed", "/elements"),
        (json!({ "type": "carousel", "elements": [section()] }), "unsupported type", "/elements/0/type"),
        (
            with(carousel(1), "/elements/0/title", long(151)),
            "must be less than 151 characters",
            "/elements/0/title/text",
        ),
        (without(container(&json!([section()])), &["title"]), "missing required field: title", ""),
        (without(container(&json!([])), &["child_blocks"]), "missing required field: child_blocks", ""),
        (container(&json!([])), "must have at least 1 item", "/child_blocks"),
        (container(&json!(vec![section(); 11])), "no more than 10 items allowed", "/child_blocks"),
        (container(&json!([card()])), "unsupported type: card", "/child_blocks/0/type"),
        (container(&json!([{ "type": "section" }])), "missing required field: text", "/child_blocks/0"),
        (
            with(container(&json!([section()])), "/width", json!("huge")),
            "must be a valid enum value",
            "/width",
        ),
        (
            with(container(&json!([section()])), "/is_collapsible", json!("yes")),
            "must be a boolean",
            "/is_collapsible",
        ),
        (plan(vec![task("1"), task("1")]), "must be unique", "/tasks"),
        (plan((0..51).map(|at| task(&at.to_string())).collect()), "no more than 50 items allowed", "/tasks"),
        (plan(vec![without(task("1"), &["title"])]), "missing required field: title", "/tasks/0"),
        (without(task("1"), &["task_id"]), "missing required field: task_id", ""),
        (with(task("1"), "/status", json!("done")), "must be a valid enum value", "/status"),
        (with(task("1"), "/details", plain("x")), "unsupported type", "/details/type"),
        (with(task("1"), "/sources/0/type", json!("file")), "unsupported type", "/sources/0/type"),
    ] {
        let expected = format!("[ERROR] {what} [json-pointer:/blocks/0{pointer}]");
        let found = wrong(&block, Surface::Message);
        assert!(found.contains(&expected), "{expected}: {found:#?}");
    }
}

#[test]
fn an_alert_says_something_at_a_known_level() {
    for (block, what, pointer) in [
        (json!({ "type": "alert" }), "missing required field: text", ""),
        (
            json!({ "type": "alert", "text": plain(&"x".repeat(201)) }),
            "must be less than 201 characters",
            "/text/text",
        ),
        (
            json!({ "type": "alert", "text": plain("x"), "level": "loud" }),
            "must be a valid enum value",
            "/level",
        ),
    ] {
        let view = json!({ "type": "modal", "title": plain("T"), "blocks": [block] });
        let expected = format!("[ERROR] {what} [json-pointer:/view/blocks/0{pointer}]");
        assert!(check_view(&view, Surface::Modal).contains(&expected), "{expected}");
    }
}

#[test]
fn an_id_is_unique_inside_a_container_too() {
    let mut inner = section();
    inner["block_id"] = json!("same");
    let mut outer = inner.clone();
    outer["accessory"] = button("other");
    let found = check(&[outer, container(&json!([inner]))], Surface::Message);
    assert_eq!(
        found,
        ["[ERROR] `block_id` same already exists [json-pointer:/blocks/1/child_blocks/0/block_id]"]
    );
}
