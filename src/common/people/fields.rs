//! The fields of the form for a person's own settings.

use chrono::NaiveDate;

use super::{Away, PersonSettings};

/// The field for the department.
pub const DEPARTMENT: &str = "department";
/// The field for the beginning of the working day.
pub const WORK_FROM: &str = "work_from";
/// The field for the end of the working day.
pub const WORK_TO: &str = "work_to";
/// The field for the days out.
pub const DAYS_OUT: &str = "days_out";
/// The field for the first day away.
pub const AWAY_FROM: &str = "away_from";
/// The field for the last day away.
pub const AWAY_TO: &str = "away_to";
/// The field for the region.
pub const REGION: &str = "region";

/// How long a department or a region may be, in characters.
pub const LONGEST_WORD: usize = 80;

/// The times away that are not over.
pub fn to_come(stored: &PersonSettings, today: NaiveDate) -> impl Iterator<Item = Away> {
    stored.away.iter().copied().filter(move |away| away.to >= today)
}
