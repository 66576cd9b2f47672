//! Slack's limits, in characters or in things; more makes it refuse the whole message.

pub(super) const MESSAGE_BLOCKS: usize = 50;
pub(super) const VIEW_BLOCKS: usize = 100;
pub(super) const SECTION: usize = 3_000;
pub(super) const CONTEXT: usize = 2_000;
pub(super) const ROW: usize = 25;
pub(super) const CHOICES: usize = 5;
/// The value of an option, in a menu of actions and elsewhere.
pub(super) const CHOICE_VALUE: usize = 150;
/// What an option says.
pub(super) const OPTION_LABEL: usize = 75;
pub(super) const OPTIONS: usize = 100;
/// Options that stand open, as circles or boxes.
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
/// Seconds since 1970 that a picker of moments takes: those with ten digits.
pub(super) const MOMENTS: std::ops::RangeInclusive<i64> = 1_000_000_000..=9_999_999_999;
