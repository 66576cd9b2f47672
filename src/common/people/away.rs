//! A person's times away, typed behind a command: they add one, or end the one that is now.

use chrono::{Days, NaiveDate};

use super::{Away, PersonSettings};
use crate::model::cadence::DaySpan;

/// How many times away a person can have that aren't over.
pub const MOST: usize = 20;

/// Returns the times away that aren't over with one more, joined with those that it touches, the earliest first, and the one
/// that it is now a part of; `None` if there would be more than [`MOST`].
pub fn with(settings: &PersonSettings, added: DaySpan, today: NaiveDate) -> Option<(Vec<Away>, Away)> {
    let mut joined = added;
    let mut others = Vec::new();
    // They are in order and don't touch one another as a rule, so one pass joins all.
    for away in settings.away.iter().filter(|away| away.to >= today) {
        match joined.joined(DaySpan { first: away.from, last: away.to }) {
            Some(both) => joined = both,
            None => others.push(*away),
        }
    }
    let joined = Away { from: joined.first, to: joined.last };
    others.push(joined);
    others.sort_unstable();
    (others.len() <= MOST).then_some((others, joined))
}

/// Returns the times away that aren't over without today: those that are now end yesterday. `None` if the person isn't away
/// today.
pub fn without_today(settings: &PersonSettings, today: NaiveDate) -> Option<Vec<Away>> {
    if !settings.is_away(today) {
        return None;
    }
    let yesterday = today.checked_sub_days(Days::new(1));
    let shorter = |away: &Away| match yesterday {
        _ if away.from > today => Some(*away),
        Some(yesterday) if away.from <= yesterday => Some(Away { from: away.from, to: yesterday }),
        _ => None,
    };
    Some(settings.away.iter().filter(|away| away.to >= today).filter_map(shorter).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn away(from: &str, to: &str) -> Away {
        Away { from: day(from), to: day(to) }
    }

    fn settings(away: &[Away]) -> PersonSettings {
        PersonSettings { away: away.to_vec(), ..PersonSettings::default() }
    }

    fn span(first: &str, last: &str) -> DaySpan {
        DaySpan { first: day(first), last: day(last) }
    }

    const TODAY: &str = "2026-12-02";

    #[test]
    fn a_time_away_joins_those_that_it_touches() {
        let before = settings(&[
            away("2026-11-01", "2026-11-05"),
            away("2026-12-01", "2026-12-03"),
            away("2026-12-08", "2026-12-09"),
            away("2027-02-01", "2027-02-02"),
        ]);
        let (after, joined) = with(&before, span("2026-12-04", "2026-12-07"), day(TODAY)).unwrap();
        assert_eq!(joined, away("2026-12-01", "2026-12-09"));
        assert_eq!(after, [joined, away("2027-02-01", "2027-02-02")]);
        let (again, same) = with(&settings(&after), span("2026-12-04", "2026-12-04"), day(TODAY)).unwrap();
        assert_eq!((again, same), (after, joined));
    }

    #[test]
    fn there_are_not_too_many() {
        let many: Vec<Away> =
            (1..=20).map(|n| away(&format!("2027-01-{n:02}"), &format!("2027-01-{n:02}"))).collect();
        let apart: Vec<Away> = many.iter().step_by(2).copied().collect();
        assert!(with(&settings(&apart), span("2027-03-01", "2027-03-02"), day(TODAY)).is_some());
        let more: Vec<Away> = (1..=20)
            .map(|n| {
                away(
                    &format!("2027-{:02}-{:02}", 1 + n / 10, 1 + 2 * (n % 10)),
                    &format!("2027-{:02}-{:02}", 1 + n / 10, 1 + 2 * (n % 10)),
                )
            })
            .collect();
        assert_eq!(with(&settings(&more), span("2027-06-01", "2027-06-02"), day(TODAY)), None);
    }

    #[test]
    fn a_person_who_is_back_was_away_until_yesterday() {
        let before = settings(&[
            away("2026-11-01", "2026-11-05"),
            away("2026-12-01", "2026-12-09"),
            away("2026-12-02", "2026-12-02"),
            away("2027-02-01", "2027-02-02"),
        ]);
        let after = without_today(&before, day(TODAY)).unwrap();
        assert_eq!(after, [away("2026-12-01", "2026-12-01"), away("2027-02-01", "2027-02-02")]);
        assert_eq!(without_today(&settings(&after), day(TODAY)), None);
    }
}
