//! Data tables and charts at Slack's limits.

use serde_json::{Value, json};

use crate::base::blocks::{Surface, check, check_view};

fn text(text: &str) -> Value {
    json!({ "type": "raw_text", "text": text })
}

fn table(rows: usize) -> Value {
    let row = json!([text("Ana"), { "type": "raw_number", "value": 3, "text": "3" }]);
    let mut all = vec![json!([text("Name"), text("Kudos")])];
    all.extend(vec![row; rows]);
    json!({ "type": "data_table", "caption": "Kudos", "rows": all, "page_size": 20 })
}

fn chart(kind: &str, categories: usize, series: usize) -> Value {
    let categories: Vec<String> = (0..categories).map(|n| format!("W{n}")).collect();
    let data: Vec<Value> = categories.iter().map(|label| json!({ "label": label, "value": -1.5 })).collect();
    let series: Vec<Value> = (0..series).map(|n| json!({ "name": format!("S{n}"), "data": data })).collect();
    json!({ "type": "data_visualization", "title": "Kudos a week", "chart": {
        "type": kind, "series": series, "axis_config": { "categories": categories, "x_label": "Week" },
    }})
}

fn pie(segments: usize) -> Value {
    let segments: Vec<Value> =
        (0..segments).map(|n| json!({ "label": format!("S{n}"), "value": n })).collect();
    json!({ "type": "data_visualization", "title": "Share", "chart": { "type": "pie", "segments": segments } })
}

fn with(mut block: Value, pointer: &str, value: Value) -> Value {
    *block.pointer_mut(pointer).expect("a place") = value;
    block
}

fn wrong(blocks: &[Value]) -> Vec<String> {
    check(blocks, Surface::Message)
}

#[test]
fn figures_at_the_limits_pass() {
    for block in [table(1), table(100), chart("bar", 20, 6), chart("line", 1, 1), chart("area", 2, 2), pie(6)]
    {
        assert!(wrong(std::slice::from_ref(&block)).is_empty(), "{:?}", wrong(&[block]));
    }
    let rich = json!({ "type": "rich_text", "elements": [
        { "type": "rich_text_section", "elements": [{ "type": "text", "text": "x" }] } ] });
    assert!(wrong(&[with(table(1), "/rows/1/0", rich)]).is_empty());
    assert!(wrong(&[pie(1), chart("bar", 1, 1)]).is_empty());
}

#[test]
fn undrawable_figures_are_refused() {
    let long = "x".repeat(51);
    let rich = json!({ "type": "rich_text", "elements": [] });
    for (block, what, pointer) in [
        (table(0), "must have at least 2 items", "/rows"),
        (table(201), "no more than 201 items allowed", "/rows"),
        (with(table(1), "/caption", json!(null)), "missing required field: caption", ""),
        (with(table(1), "/page_size", json!(101)), "must be between 1 and 100", "/page_size"),
        (with(table(1), "/rows/1", json!([text("x")])), "the same number of cells", "/rows/1"),
        (with(table(1), "/rows/0/0", rich), "unsupported type", "/rows/0/0/type"),
        (with(table(1), "/rows/1/0", text("")), "must be more than 0 characters", "/rows/1/0/text"),
        (with(table(1), "/rows/1/1/value", json!("3")), "must be a number", "/rows/1/1/value"),
        (with(pie(1), "/title", json!(long)), "must be less than 51 characters", "/title"),
        (with(pie(1), "/chart", json!({})), "missing required field: chart", "/chart"),
        (with(pie(1), "/chart/type", json!("radar")), "unsupported type: radar", "/chart/type"),
        (pie(0), "must have at least 1 item", "/chart/segments"),
        (pie(7), "no more than 6 items allowed", "/chart/segments"),
        (
            with(pie(1), "/chart/segments/0/value", json!(-1)),
            "greater than or equal to 0",
            "/segments/0/value",
        ),
        (chart("bar", 21, 1), "no more than 20 items allowed", "/axis_config/categories"),
        (chart("bar", 1, 7), "no more than 6 items allowed", "/chart/series"),
        (with(chart("bar", 1, 2), "/chart/series/1/name", json!("S0")), "must be unique", "/chart/series"),
        (
            with(chart("bar", 2, 1), "/chart/series/0/data/0/label", json!("elsewhere")),
            "one data point for each category",
            "/chart/series/0/data",
        ),
        (
            with(chart("bar", 2, 1), "/chart/axis_config/categories/0", json!("x".repeat(21))),
            "must be less than 21 characters",
            "/axis_config/categories",
        ),
    ] {
        let wrong = wrong(std::slice::from_ref(&block));
        assert!(
            wrong.iter().any(|said| said.contains(what) && said.ends_with(&format!("{pointer}]"))),
            "{what} {pointer}: {wrong:?}"
        );
    }
}

#[test]
fn charts_and_table_text_are_limited() {
    assert!(wrong(&[pie(1), pie(1), pie(1)])[0].contains("no more than 2 data_visualization"));
    let long = with(table(1), "/rows/1/0", text(&"x".repeat(10_001)));
    assert!(wrong(std::slice::from_ref(&long)).is_empty());
    assert!(wrong(&[long.clone(), long])[0].contains("must be less than 20001 characters"));
}

#[test]
fn figures_stand_in_messages_only() {
    for block in [table(1), pie(1)] {
        let view = json!({ "type": "home", "blocks": [block] });
        assert!(check_view(&view, Surface::Home)[0].contains("unsupported type"), "{block}");
    }
}
