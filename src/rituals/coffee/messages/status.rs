//! What `status` says of past rounds.

use chrono::NaiveDate;

use crate::{
    model::text::{Markup, count, date},
    rituals::coffee::plan::HeldRound,
    say,
};

/// How many groups of a round said that they met; the others may have.
pub fn held(day: NaiveDate, held: &HeldRound) -> Markup {
    let groups = count(usize::try_from(held.groups).unwrap_or_default(), "group", "groups");
    let line = say!("• {}: {} of {} said that they met", date(day), held.met, groups);
    match held.unreached {
        0 => say!("{}.", line),
        unreached => say!("{}; I couldn't introduce {}.", line, unreached),
    }
}
