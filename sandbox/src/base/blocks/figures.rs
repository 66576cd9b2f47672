//! Data tables and charts.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Checker;
use crate::base::limits;

impl Checker {
    /// Checks the rules for all data tables and charts of a message together.
    pub(super) fn figures_together(&mut self, blocks: &[Value], root: &str) {
        let of = |kind: &'static str| blocks.iter().filter(move |block| block["type"] == kind);
        let written: usize = of("data_table").map(characters).sum();
        if written > limits::DATA_TABLE_TEXT {
            self.wrong(&format!("must be less than {} characters", limits::DATA_TABLE_TEXT + 1), root);
        }
        if of("data_visualization").count() > limits::CHARTS {
            self.wrong(&format!("no more than {} data_visualization blocks allowed", limits::CHARTS), root);
        }
    }

    pub(super) fn data_table(&mut self, block: &Value, path: &str) {
        self.string(block, "caption", path, usize::MAX);
        self.between(block, "page_size", 1, limits::DATA_TABLE_PAGE, path);
        let Some(rows) = block["rows"].as_array() else {
            return self.wrong("missing required field: rows", path);
        };
        let at = format!("{path}/rows");
        self.counted(rows.len(), 2, limits::DATA_TABLE_ROWS, &at);
        let width = rows.first().and_then(Value::as_array).map_or(0, Vec::len);
        self.between(block, "row_header_column_index", 0, width.saturating_sub(1), path);
        for (row, cells) in rows.iter().enumerate() {
            let path = format!("{at}/{row}");
            let cells = cells.as_array().map(Vec::as_slice).unwrap_or_default();
            self.counted(cells.len(), 1, limits::TABLE_CELLS, &path);
            if cells.len() != width {
                self.wrong("all rows must have the same number of cells", &path);
            }
            for (column, cell) in cells.iter().enumerate() {
                self.data_cell(cell, row == 0, &format!("{path}/{column}"));
            }
        }
    }

    fn data_cell(&mut self, cell: &Value, is_header: bool, path: &str) {
        match cell["type"].as_str() {
            Some("raw_text") => self.string(cell, "text", path, usize::MAX),
            Some("raw_number") => {
                self.string(cell, "text", path, usize::MAX);
                self.number(cell, "value", path);
            }
            Some("rich_text") if !is_header => self.rich_text(cell, path),
            _ => self.wrong("unsupported type", &format!("{path}/type")),
        }
    }

    pub(super) fn chart(&mut self, block: &Value, path: &str) {
        self.string(block, "title", path, limits::CHART_TITLE);
        let (chart, path) = (&block["chart"], format!("{path}/chart"));
        match chart["type"].as_str() {
            Some("pie") => self.pie(chart, &path),
            Some("bar" | "line" | "area") => self.series(chart, &path),
            Some(other) => self.wrong(&format!("unsupported type: {other}"), &format!("{path}/type")),
            None => self.wrong("missing required field: chart", &path),
        }
    }

    fn pie(&mut self, chart: &Value, path: &str) {
        let segments = chart["segments"].as_array().map(Vec::as_slice).unwrap_or_default();
        let path = format!("{path}/segments");
        self.counted(segments.len(), 1, limits::CHART_SERIES, &path);
        for (at, segment) in segments.iter().enumerate() {
            let path = format!("{path}/{at}");
            self.string(segment, "label", &path, limits::CHART_LABEL);
            self.number(segment, "value", &path);
            if segment["value"].as_f64().is_some_and(|value| value < 0.0) {
                self.wrong("must be greater than or equal to 0", &format!("{path}/value"));
            }
        }
    }

    fn series(&mut self, chart: &Value, path: &str) {
        let axis = format!("{path}/axis_config");
        let categories: Vec<&str> = chart["axis_config"]["categories"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        self.counted(categories.len(), 1, limits::CHART_CATEGORIES, &format!("{axis}/categories"));
        if categories
            .iter()
            .any(|category| category.is_empty() || category.chars().count() > limits::CHART_LABEL)
        {
            self.wrong(
                &format!("must be less than {} characters", limits::CHART_LABEL + 1),
                &format!("{axis}/categories"),
            );
        }
        self.unique(&categories, &format!("{axis}/categories"));
        for key in ["x_label", "y_label"] {
            self.length(&chart["axis_config"], key, &axis, limits::CHART_TITLE);
        }
        let series = chart["series"].as_array().map(Vec::as_slice).unwrap_or_default();
        let path = format!("{path}/series");
        self.counted(series.len(), 1, limits::CHART_SERIES, &path);
        self.unique(&series.iter().filter_map(|one| one["name"].as_str()).collect::<Vec<_>>(), &path);
        for (at, one) in series.iter().enumerate() {
            let path = format!("{path}/{at}");
            self.string(one, "name", &path, limits::CHART_LABEL);
            let data = one["data"].as_array().map(Vec::as_slice).unwrap_or_default();
            let labels: BTreeSet<&str> = data.iter().filter_map(|point| point["label"].as_str()).collect();
            if data.len() != categories.len() || labels != categories.iter().copied().collect() {
                self.wrong("must have one data point for each category", &format!("{path}/data"));
            }
            for (at, point) in data.iter().enumerate() {
                self.number(point, "value", &format!("{path}/data/{at}"));
            }
        }
    }

    /// Checks a required plain string that is not empty.
    pub(super) fn string(&mut self, holder: &Value, key: &str, path: &str, most: usize) {
        match holder[key].as_str() {
            None => self.wrong(&format!("missing required field: {key}"), path),
            Some("") => self.wrong("must be more than 0 characters", &format!("{path}/{key}")),
            Some(_) if most == usize::MAX => {}
            Some(_) => self.length(holder, key, path, most),
        }
    }

    fn number(&mut self, holder: &Value, key: &str, path: &str) {
        if !holder[key].is_number() {
            self.wrong("must be a number", &format!("{path}/{key}"));
        }
    }

    /// Checks an optional whole number.
    fn between(&mut self, holder: &Value, key: &str, least: usize, most: usize, path: &str) {
        let given = holder.get(key).filter(|given| !given.is_null());
        let fits = |given: &Value| {
            let number = given.as_u64().and_then(|number| usize::try_from(number).ok());
            number.is_some_and(|number| (least..=most).contains(&number))
        };
        if given.is_some_and(|given| !fits(given)) {
            self.wrong(&format!("must be between {least} and {most}"), &format!("{path}/{key}"));
        }
    }

    pub(super) fn counted(&mut self, items: usize, least: usize, most: usize, path: &str) {
        if items < least {
            self.wrong(
                &format!("must have at least {least} item{}", if least == 1 { "" } else { "s" }),
                path,
            );
        }
        if items > most {
            self.wrong(&format!("no more than {most} items allowed"), path);
        }
    }

    pub(super) fn unique(&mut self, names: &[&str], path: &str) {
        if names.iter().collect::<BTreeSet<_>>().len() < names.len() {
            self.wrong("must be unique", path);
        }
    }
}

/// Returns how many characters the cells of a table show.
fn characters(block: &Value) -> usize {
    let rows = block["rows"].as_array().into_iter().flatten();
    let cells = rows.filter_map(Value::as_array).flatten();
    cells.filter_map(|cell| cell["text"].as_str()).map(|text| text.chars().count()).sum()
}

#[cfg(test)]
mod tests;
