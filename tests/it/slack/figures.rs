//! Tables and charts: Slack takes what is sent, and the text says the same.

use proptest::{
    collection::vec,
    prelude::*,
    strategy::ValueTree as _,
    test_runner::{Config, TestRunner},
};
use rondo::model::{
    message::{Block, Cell, Chart, ChartKind, DataTable, Home, Message, Series},
    text::Markup,
};

use super::*;

fn kudos(rows: usize) -> DataTable {
    DataTable {
        caption: "Kudos in *November*".into(),
        columns: vec!["Name".into(), "Given".into()],
        rows: (0..rows)
            .map(|n| vec![Cell::Text(format!("<!channel> {n}")), Cell::Number(n.try_into().unwrap())])
            .collect(),
        export: Markup::from("For all of them: `rondo kudos export`"),
    }
}

fn chart(kind: ChartKind, categories: usize, series: usize) -> Chart {
    let one = |n: usize| Series { name: format!("Team {n}"), values: vec![3; categories] };
    Chart {
        title: "Kudos a week".into(),
        kind,
        categories: (0..categories).map(|n| format!("Week {n}")).collect(),
        series: (0..series).map(one).collect(),
        decimals: 0,
    }
}

/// Posts it, and returns the text and the types of the blocks that a person sees.
async fn seen(app: &App, message: &Message) -> (String, Vec<String>, slack_sandbox::Message) {
    let general = app.channel("#general").await;
    app.sandbox.clock().advance_by(2_000);
    app.slack.post(general.as_str(), message, "k").await.unwrap();
    let seen = app.newest("ana", "#general");
    let kinds = seen.blocks.iter().map(|block| block["type"].as_str().unwrap().to_owned()).collect();
    (seen.text.clone(), kinds, seen)
}

#[tokio::test]
async fn large_tables_are_cut() {
    let app = App::start().await;
    let (text, kinds, message) = seen(&app, &Message::new("The month").with_table(kudos(130))).await;
    assert_eq!(kinds, ["section", "data_table", "context"]);
    let table = &message.blocks[1];
    assert_eq!(table["rows"].as_array().unwrap().len(), 101);
    assert_eq!(table["rows"][1][0], json!({ "type": "raw_text", "text": "<!channel> 0" }));
    assert_eq!(table["rows"][1][1], json!({ "type": "raw_number", "value": 0, "text": "0" }));
    let rest = "… and 30 more rows. For all of them: `rondo kudos export`";
    assert_eq!(message.blocks[2]["elements"][0]["text"], rest);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[..3], ["The month", "Kudos in *November*", "Name · Given"]);
    assert_eq!((lines[3], lines[12]), ("&lt;!channel&gt; 0 · 0", "&lt;!channel&gt; 9 · 9"));
    assert_eq!(lines[13..], ["… and 120 more rows. For all of them: `rondo kudos export`"]);
    let (text, kinds, _) = seen(&app, &Message::new("The month").with_table(kudos(3))).await;
    assert_eq!(
        (kinds.as_slice(), text.contains("more row")),
        (&["section".into(), "data_table".into()][..], false)
    );
}

#[tokio::test]
async fn a_charts_text_has_every_number() {
    let app = App::start().await;
    for (kind, name, series) in [
        (ChartKind::Bar, "bar", 6),
        (ChartKind::Line, "line", 2),
        (ChartKind::Area, "area", 1),
        (ChartKind::Pie, "pie", 1),
    ] {
        let message = Message::new("The weeks").with_chart(chart(kind, 6, series));
        let (text, kinds, message) = seen(&app, &message).await;
        assert_eq!(kinds, ["section", "data_visualization"]);
        assert_eq!(message.blocks[1]["chart"]["type"], name);
        let numbers = if series > 1 { "Week 5: Team 0 3, Team 1 3" } else { "Week 5: 3" };
        assert!(text.contains(numbers), "{text}");
    }
}

#[tokio::test]
async fn parts_of_numbers_are_drawn() {
    let app = App::start().await;
    let series = vec![Series { name: "Median".into(), values: vec![35, 40, -5] }];
    let halves = Chart { series, decimals: 1, ..chart(ChartKind::Bar, 3, 1) };
    let (text, _, message) = seen(&app, &Message::new("The pulse").with_chart(halves)).await;
    assert_eq!(message.blocks[1]["chart"]["series"][0]["data"][0]["value"], 3.5);
    assert!(text.ends_with("Week 0: 3.5\nWeek 1: 4\nWeek 2: -0.5"), "{text}");
}

#[tokio::test]
async fn figures_that_slack_refuses_become_text() {
    let app = App::start().await;
    let message = Message::new("The weeks").with_chart(chart(ChartKind::Bar, 2, 1));
    app.sandbox.faults().fail("chat.postMessage", 1, "invalid_blocks");
    let (_, kinds, shown) = seen(&app, &message).await;
    assert_eq!(kinds, ["section", "section"]);
    app.sandbox.faults().fail("chat.update", 1, "invalid_blocks");
    let general = app.channel("#general").await;
    app.slack.update(&general.as_str().into(), &shown.ts, &message, "k").await.unwrap();
    let kinds: Vec<_> = app.newest("ana", "#general").blocks;
    assert!(kinds.iter().all(|block| block["type"] == "section"), "{kinds:?}");
    // Without figures a refusal stays one.
    app.sandbox.faults().fail("chat.postMessage", 1, "invalid_blocks");
    assert!(app.slack.post(general.as_str(), &Message::new("x"), "k").await.is_err());
}

#[tokio::test]
async fn labels_are_cut_between_words() {
    let app = App::start().await;
    let categories = ["1. When something goes wrong, I say so", "2. Does the information reach you?"];
    let cut = Chart { categories: categories.map(Into::into).to_vec(), ..chart(ChartKind::Bar, 2, 1) };
    seen(&app, &Message::new("x").with_chart(cut)).await;
    let blocks = app.newest("ana", "#general").blocks;
    let drawn = blocks.iter().find(|block| block["type"] == "data_visualization").unwrap();
    // Where little would be left, the torn word stays.
    let shown = serde_json::json!(["1. When something…", "2. Does the informa…"]);
    assert_eq!(drawn["chart"]["axis_config"]["categories"], shown);
}

#[tokio::test]
async fn undrawable_figures_become_text() {
    let app = App::start().await;
    let negative = Chart {
        series: vec![Series { name: "x".into(), values: vec![-1, 2] }],
        ..chart(ChartKind::Pie, 2, 1)
    };
    let alike = Chart {
        categories: vec!["The same beginning of A".into(), "The same beginning of B".into()],
        ..chart(ChartKind::Bar, 2, 1)
    };
    for chart in [
        chart(ChartKind::Bar, 21, 1),
        chart(ChartKind::Bar, 2, 7),
        chart(ChartKind::Line, 0, 1),
        chart(ChartKind::Line, 1, 0),
        chart(ChartKind::Pie, 7, 1),
        chart(ChartKind::Pie, 2, 2),
        negative,
        alike,
    ] {
        let (_, kinds, _) = seen(&app, &Message::new("x").with_chart(chart.clone())).await;
        assert_eq!(kinds, ["section", "section"], "{chart:?}");
    }
    let three = || chart(ChartKind::Bar, 2, 1);
    let message = Message::new("x").with_chart(three()).with_chart(three()).with_chart(three());
    let (_, kinds, _) = seen(&app, &message).await;
    assert_eq!(kinds, ["section", "data_visualization", "data_visualization", "section"]);
    let (_, kinds, _) = seen(&app, &message.clone().without_figures()).await;
    assert_eq!(kinds, ["section"; 4]);
    let home = Home { callback: "test:home".into(), private: String::new(), blocks: message.blocks };
    app.slack.publish_home(&app.user("ana"), None, &home).await.unwrap();
    assert!(app.person("ana").home().unwrap().plain().contains("Week 1: 3"));
}

/// A table or a chart with arbitrary content.
fn figure() -> impl Strategy<Value = Block> {
    let words = "(\\PC|[<>&|\n]|<!here>){0,40}";
    let cell = prop_oneof![words.prop_map(Cell::Text), any::<i64>().prop_map(Cell::Number)];
    let table =
        (words, vec(words, 0..25), vec(vec(cell, 0..25), 0..130)).prop_map(|(caption, columns, rows)| {
            Block::Table(DataTable { caption, columns, rows, export: "More".into() })
        });
    let kind =
        prop_oneof![Just(ChartKind::Bar), Just(ChartKind::Line), Just(ChartKind::Area), Just(ChartKind::Pie)];
    let series = (words, vec(any::<i64>(), 0..8)).prop_map(|(name, values)| Series { name, values });
    let chart =
        (words, kind, vec(words, 0..8), vec(series, 0..8)).prop_map(|(title, kind, categories, series)| {
            Block::Chart(Chart { title, kind, categories, series, decimals: 1 })
        });
    prop_oneof![table, chart]
}

#[tokio::test]
async fn any_figure_is_taken() {
    let app = App::start().await;
    let mut runner = TestRunner::new(Config::default());
    for _ in 0..30 {
        let blocks = vec(figure(), 1..4).new_tree(&mut runner).unwrap().current();
        let mut message = Message::new("Figures");
        for block in &blocks {
            message = match block {
                Block::Table(table) => message.with_table(table.clone()),
                Block::Chart(chart) => message.with_chart(chart.clone()),
                _ => message,
            };
        }
        let (text, ..) = seen(&app, &message).await;
        assert!(!text.contains("<!"), "{text}");
    }
}
