//! What `status` says of past rounds.

use chrono::NaiveDate;

use crate::{
    model::text::{Markup, count, date},
    rituals::coffee::plan::HeldRound,
    say,
};

/// How many groups of a round met.
pub fn held(day: NaiveDate, held: &HeldRound) -> Markup {
    let groups = count(usize::try_from(held.groups).unwrap_or_default(), "group", "groups");
    let line = say!("• {}: {} of {} met", date(day), held.met, groups);
    match held.unreached {
        0 => say!("{}.", line),
        unreached => say!("{}; I couldn't introduce {}.", line, unreached),
    }
}
