//! Slack's limits, in characters or in items; beyond them it refuses the whole message.

pub(super) const MESSAGE_BLOCKS: usize = 50;
pub(super) const VIEW_BLOCKS: usize = 100;
pub(super) const SECTION: usize = 3_000;
pub(super) const CONTEXT: usize = 2_000;
pub(super) const ROW: usize = 25;
pub(super) const CHOICES: usize = 5;
/// The value of an option, in a menu of actions and elsewhere.
pub(super) const CHOICE_VALUE: usize = 150;
/// The label of an option.
pub(super) const OPTION_LABEL: usize = 75;
pub(super) const OPTIONS: usize = 100;
/// Options that are shown as circles or boxes.
pub(super) const OPEN_OPTIONS: usize = 10;
pub(super) const BUTTON_LABEL: usize = 75;
pub(super) const BUTTON_VALUE: usize = 2_000;
pub(super) const ID: usize = 255;
pub(super) const INPUT_LABEL: usize = 2_000;
pub(super) const PLACEHOLDER: usize = 150;
pub(super) const WRITTEN: usize = 3_000;
pub(super) const MODAL_LABEL: usize = 24;
pub(super) const PRIVATE: usize = 3_000;
pub(super) const TOPIC: usize = 250;
/// Seconds since 1970 that a date-time picker takes: those with ten digits.
pub(super) const MOMENTS: std::ops::RangeInclusive<i64> = 1_000_000_000..=9_999_999_999;
/// Rows of a table below its head, columns, rows on a page, characters of one, of all in a message, and of a cell.
/// Slack's reference has named 100 and 200 rows, and 10,000 and 20,000 characters; the smaller ones work under either.
pub(super) const TABLE_ROWS: usize = 100;
pub(super) const TABLE_COLUMNS: usize = 20;
pub(super) const TABLE_PAGE: u32 = 20;
pub(super) const TABLE_TEXT: usize = 10_000;
pub(super) const TABLES_TEXT: usize = 20_000;
pub(super) const CELL: usize = 200;
/// Charts of a message.
pub(super) const CHARTS: usize = 2;
pub(super) const CHART_TITLE: usize = 50;
pub(super) const CHART_LABEL: usize = 20;
/// Series of a chart, and segments of a pie.
pub(super) const SERIES: usize = 6;
pub(super) const CATEGORIES: usize = 20;
