//! The stored form of messages: the next release reads what waits in the outbox.

use serde_json::{Value, json};

use super::*;

fn fixed(block: &Block, stored: &Value) {
    assert_eq!(serde_json::to_value(block).unwrap(), *stored);
    assert_eq!(serde_json::from_value::<Block>(stored.clone()).unwrap(), *block);
}

fn input(field: Field) -> Block {
    Block::Input(Input { name: "n".into(), label: "N?".into(), hint: None, optional: true, field })
}

fn option() -> SelectOption {
    SelectOption { label: "A".into(), value: "a".into() }
}

#[test]
fn each_block_is_stored_like_this() {
    let button =
        Button { label: "Go".into(), action: "a:b".into(), value: "1".into(), look: ButtonStyle::Primary };
    let menu = Menu {
        id: "a:more".into(),
        choices: vec![MenuItem { label: "Go".into(), action: "a:b".into(), value: "1".into() }],
    };
    let stored_button = json!({ "label": "Go", "action": "a:b", "value": "1", "look": "Primary" });
    let stored_menu =
        json!({ "id": "a:more", "choices": [{ "label": "Go", "action": "a:b", "value": "1" }] });
    let select = Select {
        action: "a:pick".into(),
        value: "1".into(),
        placeholder: "Who?".into(),
        pick: Pick::Person(Some("U1".into())),
    };
    let stored_select = json!({
        "action": "a:pick", "value": "1", "placeholder": "Who?", "pick": { "Person": "U1" },
    });
    for (block, stored) in [
        (Block::Text("*a*".into()), json!({ "Text": "*a*" })),
        (Block::Context("a".into()), json!({ "Context": "a" })),
        (Block::Buttons(vec![button.clone()]), json!({ "Buttons": [stored_button] })),
        (
            Block::Actions { buttons: vec![button.clone()], menu: menu.clone() },
            json!({ "Actions": { "buttons": [stored_button], "menu": stored_menu } }),
        ),
        (
            Block::Controls(vec![Control::Button(button), Control::Menu(menu), Control::Select(select)]),
            json!({ "Controls": [{ "Button": stored_button }, { "Menu": stored_menu }, { "Select": stored_select }] }),
        ),
    ] {
        fixed(&block, &stored);
    }
}

#[test]
fn each_field_is_stored_like_this() {
    for (field, stored) in [
        (
            Field::People { chosen: vec!["U1".into()], limit: 2 },
            json!({ "People": { "chosen": ["U1"], "limit": 2 } }),
        ),
        (
            Field::Text { written: "a".into(), placeholder: "b".into(), multiline: true, limit: 9 },
            json!({ "Text": { "written": "a", "placeholder": "b", "multiline": true, "limit": 9 } }),
        ),
        (
            Field::Number { written: Some(1), least: Some(0), most: None },
            json!({ "Number": { "written": 1, "least": 0, "most": null } }),
        ),
        (Field::Email { written: "a".into() }, json!({ "Email": { "written": "a" } })),
        (Field::Url { written: "a".into() }, json!({ "Url": { "written": "a" } })),
        (
            Field::Date { chosen: chrono::NaiveDate::from_ymd_opt(2026, 1, 5) },
            json!({ "Date": { "chosen": "2026-01-05" } }),
        ),
        (
            Field::Time { chosen: chrono::NaiveTime::from_hms_opt(9, 30, 0) },
            json!({ "Time": { "chosen": "09:30:00" } }),
        ),
        (Field::Instant { chosen: None }, json!({ "Instant": { "chosen": null } })),
        (
            Field::Choice { options: vec![option()], chosen: None, shape: Shape::Open },
            json!({ "Choice": { "options": [{ "label": "A", "value": "a" }], "chosen": null, "shape": "Open" } }),
        ),
        (
            Field::Choices { options: vec![], chosen: vec!["a".into()], shape: Shape::Menu },
            json!({ "Choices": { "options": [], "chosen": ["a"], "shape": "Menu" } }),
        ),
        (
            Field::Fed { chosen: Some(option()), least_typed: 1 },
            json!({ "Fed": { "chosen": { "label": "A", "value": "a" }, "least_typed": 1 } }),
        ),
        (
            Field::FedMany { chosen: vec![], limit: 2, least_typed: 1 },
            json!({ "FedMany": { "chosen": [], "limit": 2, "least_typed": 1 } }),
        ),
        (Field::Person { chosen: None }, json!({ "Person": { "chosen": null } })),
        (Field::Channel { chosen: Some("C1".into()) }, json!({ "Channel": { "chosen": "C1" } })),
        (Field::Channels { chosen: vec![], limit: 2 }, json!({ "Channels": { "chosen": [], "limit": 2 } })),
    ] {
        let stored = json!({ "name": "n", "label": "N?", "hint": null, "optional": true, "field": stored });
        fixed(&input(field), &json!({ "Input": stored }));
    }
}

#[test]
fn tables_and_charts_are_stored_like_this() {
    let table = DataTable {
        caption: "Kudos".into(),
        columns: vec!["Name".into(), "Given".into()],
        rows: vec![vec![Cell::Text("Ana".into()), Cell::Number(3)]],
        export: "More".into(),
    };
    let stored = json!({
        "caption": "Kudos", "columns": ["Name", "Given"], "rows": [[{ "Text": "Ana" }, { "Number": 3 }]],
        "export": "More",
    });
    fixed(&Block::Table(table), &json!({ "Table": stored }));
    for (kind, name) in [
        (ChartKind::Bar, "Bar"),
        (ChartKind::Line, "Line"),
        (ChartKind::Area, "Area"),
        (ChartKind::Pie, "Pie"),
    ] {
        let series = vec![Series { name: "Team".into(), values: vec![3] }];
        let chart =
            Chart { title: "Kudos".into(), kind, categories: vec!["Week 1".into()], series, decimals: 0 };
        let stored = json!({
            "title": "Kudos", "kind": name, "categories": ["Week 1"], "series": [{ "name": "Team", "values": [3] }], "decimals": 0,
        });
        fixed(&Block::Chart(chart), &json!({ "Chart": stored }));
    }
}
