//! Parses a text into a cadence, or into a refusal whose phrases were tried.

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::{Cadence, NotUnderstood, examples, nearest, reader::ReadingContext, words::ReadRefusal};

/// Longer than anything that Rondo writes itself, in characters.
pub(super) const LONGEST_TEXT: usize = 2_000;

/// Reads a text. The phrases of a refusal are tried before they are offered.
pub(super) fn parse(text: &str, zone: Tz, today: NaiveDate) -> Result<Cadence, NotUnderstood> {
    if text.chars().count() > LONGEST_TEXT {
        let said = format!("That's longer than {LONGEST_TEXT} characters, which is the most I can read.");
        return Err(NotUnderstood::example(said, vec![examples::SURE.to_owned()]));
    }
    let context = ReadingContext { zone, today };
    context.parse(text).map_err(|refusal| match refusal {
        ReadRefusal::Plain(refusal) => nearest::tried(refusal, context),
        ReadRefusal::Unknown { refusal, typed, unknown } => {
            nearest::corrected(refusal, &typed, &unknown, context)
        }
    })
}
