//! Converts tables and charts to Slack's blocks; `None` if they exceed Slack's limits and text has to replace them.

use std::collections::BTreeSet;

use serde_json::Number;
use slack_morphism::prelude::{
    SlackBlock, SlackChart, SlackChartAxisConfig, SlackChartDataPoint, SlackChartDataSeries,
    SlackChartSegment, SlackDataTableBlock, SlackDataTableCell, SlackDataTableRawNumberCell,
    SlackDataVisualizationBlock, SlackPieChart, SlackSeriesChart,
};

use super::{chunks::cut, limit};
use crate::model::{
    message::{Cell, Chart, ChartKind, DataTable},
    text::one_line,
};

/// A converted table.
pub(super) struct Drawn {
    pub block: SlackBlock,
    /// How many of the rows it holds.
    pub rows: usize,
    /// How many characters its cells have.
    pub characters: usize,
}

/// Converts a table, with as many rows as fit into `room`, in characters.
pub(super) fn table(ours: &DataTable, room: usize) -> Option<Drawn> {
    let width = ours.columns.len();
    if width == 0 || width > limit::TABLE_COLUMNS {
        return None;
    }
    let room = room.min(limit::TABLE_TEXT);
    let blank = Cell::Text(String::new());
    let heads: Vec<Cell> = ours.columns.iter().cloned().map(Cell::Text).collect();
    let (mut rows, mut characters) = (Vec::new(), 0);
    for row in std::iter::once(&heads).chain(&ours.rows).take(1 + limit::TABLE_ROWS) {
        let cells = (0..width).map(|column| row.get(column).unwrap_or(&blank));
        let cells: Vec<(String, &Cell)> =
            cells.map(|cell| (words(&cell.words(), limit::CELL), cell)).collect();
        characters += cells.iter().map(|(words, _)| words.chars().count()).sum::<usize>();
        if characters > room {
            break;
        }
        rows.push(cells.into_iter().map(|(words, cell)| data_cell(words, cell)).collect());
    }
    let shown = rows.len().checked_sub(1).filter(|shown| *shown > 0)?;
    let caption = words(&ours.caption, limit::CELL);
    let block = SlackDataTableBlock::new(caption, rows).with_page_size(limit::TABLE_PAGE).into();
    Some(Drawn { block, rows: shown, characters: characters.min(room) })
}

fn data_cell(words: String, cell: &Cell) -> SlackDataTableCell {
    match cell {
        Cell::Text(_) => words.into(),
        Cell::Number(number) => SlackDataTableRawNumberCell::new(Number::from(*number), words).into(),
    }
}

/// Converts a chart with all its numbers. A part of them would mislead, so one that is too large is left out.
pub(super) fn chart(ours: &Chart) -> Option<SlackBlock> {
    let categories = labels(&ours.categories)?;
    let names = labels(&ours.series.iter().map(|series| series.name.clone()).collect::<Vec<_>>())?;
    let is_whole = ours.series.iter().all(|series| series.values.len() == categories.len());
    let is_pie = ours.kind == ChartKind::Pie;
    let (most_categories, most_series) =
        if is_pie { (limit::SERIES, 1) } else { (limit::CATEGORIES, limit::SERIES) };
    if !is_whole || categories.len() > most_categories || names.len() > most_series {
        return None;
    }
    let chart = if is_pie {
        let values = &ours.series.first()?.values;
        if values.iter().any(|value| *value < 0) || values.iter().all(|value| *value == 0) {
            return None;
        }
        let segment = |(label, value): (String, &i64)| SlackChartSegment::new(label, number(ours, *value));
        SlackChart::Pie(SlackPieChart::new(categories.into_iter().zip(values).map(segment).collect()))
    } else {
        let points = |values: &[i64]| {
            let point = |(label, value): (&String, &i64)| {
                SlackChartDataPoint::new(label.clone(), number(ours, *value))
            };
            categories.iter().zip(values).map(point).collect()
        };
        let series = names.into_iter().zip(&ours.series);
        let series = series.map(|(name, series)| SlackChartDataSeries::new(name, points(&series.values)));
        let drawn = SlackSeriesChart::new(series.collect(), SlackChartAxisConfig::new(categories.clone()));
        match ours.kind {
            ChartKind::Line => SlackChart::Line(drawn),
            ChartKind::Area => SlackChart::Area(drawn),
            ChartKind::Bar | ChartKind::Pie => SlackChart::Bar(drawn),
        }
    };
    Some(SlackDataVisualizationBlock::new(words(&ours.title, limit::CHART_TITLE), chart).into())
}

fn number(chart: &Chart, value: i64) -> Number {
    chart.decimal(value).parse().unwrap_or_else(|_| Number::from(value))
}

/// Returns labels cut to Slack's limit; `None` if there are none, or two would look the same.
fn labels(ours: &[String]) -> Option<Vec<String>> {
    let labels: Vec<String> =
        ours.iter().map(|label| whole_words(&words(label, limit::CHART_LABEL))).collect();
    let different: BTreeSet<&String> = labels.iter().collect();
    (!labels.is_empty() && different.len() == labels.len()).then_some(labels)
}

/// Returns a label without the torn word before its ellipsis, unless little would be left of it.
fn whole_words(label: &str) -> String {
    let kept = label.strip_suffix('…').and_then(|cut| cut.rsplit_once(' ')).map(|(kept, _)| kept);
    match kept.filter(|kept| 4 * kept.chars().count() >= 3 * limit::CHART_LABEL) {
        Some(kept) => format!("{kept}…"),
        None => label.to_owned(),
    }
}

/// Returns words on one line; never empty.
fn words(theirs: &str, limit: usize) -> String {
    match cut(&one_line(theirs), limit) {
        words if words.trim().is_empty() => "–".to_owned(),
        words => words,
    }
}
