//! Tables and charts, and the text that says the same.

use serde::{Deserialize, Serialize};

use crate::{
    model::text::{self, Markup},
    say,
};

/// How many rows of a table its text says.
const ROWS_IN_TEXT: usize = 10;

/// A table. Rows that don't fit are left out, and the message says how many.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataTable {
    pub caption: String,
    /// The heads of the columns, 20 at most.
    pub columns: Vec<String>,
    /// Each with a cell for each column; the first cell names the row.
    pub rows: Vec<Vec<Cell>>,
    /// How to get all of it, as in `rondo kudos export`.
    pub export: Markup,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Cell {
    /// Words, which people may have written.
    Text(String),
    /// A number, by which the column can be sorted.
    Number(i64),
}

impl Cell {
    /// Returns what it shows.
    pub fn words(&self) -> String {
        match self {
            Cell::Text(words) => text::one_line(words),
            Cell::Number(number) => number.to_string(),
        }
    }
}

impl DataTable {
    /// Returns the first rows, how many more there are, and how to get them all.
    pub fn as_text(&self) -> Markup {
        let line = |cells: Vec<String>| Markup::words(&cells.join(" · "));
        let mut lines = vec![Markup::name(&self.caption), line(self.columns.clone())];
        let first = self.rows.iter().take(ROWS_IN_TEXT);
        lines.extend(first.map(|row| line(row.iter().map(Cell::words).collect())));
        lines.extend(self.rest(self.rows.len().min(ROWS_IN_TEXT)));
        Markup::join(&lines, "\n")
    }

    /// Returns the line about rows that are not shown; `None` if all of them are.
    pub fn rest(&self, shown: usize) -> Option<Markup> {
        let more = self.rows.len().saturating_sub(shown);
        (more > 0).then(|| say!("… and {}. {}", text::count(more, "more row", "more rows"), &self.export))
    }
}

/// A chart of numbers. One that Slack wouldn't draw is shown as its text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chart {
    /// 50 characters at most.
    pub title: String,
    pub kind: ChartKind,
    /// The labels of the axis, or the segments of a pie: 20 at most, 6 of a pie, each of 20 characters.
    pub categories: Vec<String>,
    /// 6 series at most, one of a pie.
    pub series: Vec<Series>,
    /// How many digits of each value are behind its point: with 1, 35 is 3.5.
    #[serde(default)]
    pub decimals: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ChartKind {
    Bar,
    /// A line for each series.
    Line,
    /// An area for each series, the first at the back.
    Area,
    /// The parts of a whole; none may be negative.
    Pie,
}

/// A row of numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Series {
    /// 20 characters at most.
    pub name: String,
    /// A number for each category.
    pub values: Vec<i64>,
}

impl Chart {
    /// Returns every number that the chart shows.
    pub fn as_text(&self) -> Markup {
        let mut lines = vec![Markup::name(&self.title)];
        for (at, category) in self.categories.iter().enumerate() {
            let several = self.series.len() > 1;
            let number = |series: &Series| {
                let value = series.values.get(at).copied().unwrap_or_default();
                let value = self.decimal(value);
                if several { format!("{} {value}", series.name) } else { value }
            };
            let numbers: Vec<String> = self.series.iter().map(number).collect();
            lines.push(Markup::words(&format!("{}: {}", text::one_line(category), numbers.join(", "))));
        }
        Markup::join(&lines, "\n")
    }

    /// Writes a value with its point: `3.5`.
    pub fn decimal(&self, value: i64) -> String {
        let digits = value.unsigned_abs().to_string();
        let digits = format!("{digits:0>width$}", width = self.decimals + 1);
        let (whole, rest) = digits.split_at(digits.len() - self.decimals);
        let rest = rest.trim_end_matches('0');
        let sign = if value < 0 { "-" } else { "" };
        if rest.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{rest}") }
    }
}
