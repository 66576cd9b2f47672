//! When a retro closes, and when its organisers hear that too few have answered.

use chrono::{Datelike as _, Duration, NaiveDateTime, Weekday};

use crate::model::{cadence::Occurrence, clock::Instant};

/// How long people have at least between the question and a look at how many have answered.
const SHORTEST_LOOK: Duration = Duration::hours(3);
/// How long after the last reminder is looked, and how long before the close at the latest: there must be time to extend.
const AFTER_REMINDER: Duration = Duration::hours(1);
const BEFORE_CLOSE: Duration = Duration::hours(2);
/// How long before the close is looked at the earliest.
const EARLIEST_LOOK: Duration = Duration::hours(24);

/// Returns a local time, or the same time on Monday if it falls on a weekend.
pub fn on_a_weekday(mut wall: NaiveDateTime) -> NaiveDateTime {
    while matches!(wall.weekday(), Weekday::Sat | Weekday::Sun) {
        wall += Duration::days(1);
    }
    wall
}

/// Returns when a retro closes: at the time meant, or when the next one begins if that is earlier, since one is open at a time.
pub fn closing(meant: Occurrence, next: Option<Occurrence>) -> Occurrence {
    next.filter(|next| next.at < meant.at).unwrap_or(meant)
}

/// Returns when to look how many have answered: when the last person asked had time, and was reminded if they are. `None` if nothing
/// could be done about it any more.
pub fn look_at(asked: &[Instant], reminded: &[Instant], closes: Instant) -> Option<Instant> {
    let had_time = *asked.iter().max()? + SHORTEST_LOOK;
    let after_all = reminded.iter().max().map_or(closes - EARLIEST_LOOK, |last| *last + AFTER_REMINDER);
    let at = after_all.max(had_time).min(closes - BEFORE_CLOSE);
    Some(at).filter(|at| *at >= had_time)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::clock::from_ms;

    fn wall(text: &str) -> NaiveDateTime {
        format!("{text}:00").parse().unwrap()
    }

    fn at(text: &str) -> Instant {
        format!("{text}:00Z").parse().unwrap()
    }

    fn occurrence(text: &str) -> Occurrence {
        Occurrence { at: at(text), wall: wall(text) }
    }

    #[test]
    fn a_weekend_ends_on_monday() {
        for (meant, closes) in [
            ("2026-12-04T16:00", "2026-12-04T16:00"),
            ("2026-12-05T16:00", "2026-12-07T16:00"),
            ("2026-12-06T16:00", "2026-12-07T16:00"),
        ] {
            assert_eq!(on_a_weekday(wall(meant)), wall(closes));
        }
    }

    #[test]
    fn the_next_retro_ends_the_one_before() {
        let (friday, monday) = (occurrence("2026-12-04T10:00"), occurrence("2026-12-07T10:00"));
        assert_eq!(closing(monday, Some(friday)), friday);
        assert_eq!(closing(friday, Some(friday)), friday);
        assert_eq!(closing(friday, Some(monday)), friday);
        assert_eq!(closing(friday, None), friday);
    }

    #[test]
    fn people_have_time_before_the_look() {
        let look = |asked: &str, reminded: Option<&str>, closes: &str| {
            let reminded: Vec<Instant> = reminded.map(at).into_iter().collect();
            look_at(&[at(asked)], &reminded, at(closes))
        };
        let usual = look("2026-03-09T10:00", Some("2026-03-11T10:00"), "2026-03-12T10:00");
        assert_eq!(usual, Some(at("2026-03-11T11:00")));
        let a_day = look("2026-03-09T10:00", Some("2026-03-09T13:00"), "2026-03-10T10:00");
        assert_eq!(a_day, Some(at("2026-03-09T14:00")), "not in the second in which they are asked");
        assert_eq!(look("2026-03-09T10:00", None, "2026-03-10T10:00"), Some(at("2026-03-09T13:00")));
        assert_eq!(look("2026-03-09T10:00", None, "2026-03-09T14:00"), None);
        assert_eq!(look_at(&[], &[], at("2026-03-09T14:00")), None);
    }

    proptest! {
        #[test]
        fn a_look_leaves_time_to_answer_and_to_extend(
            asked in prop::collection::vec(0_i64..200, 1..5), reminded in prop::collection::vec(0_i64..200, 0..5), closes in 0_i64..300,
        ) {
            let hours = |hours: i64| from_ms(0) + Duration::hours(hours);
            let (asked, reminded): (Vec<_>, Vec<_>) =
                (asked.into_iter().map(hours).collect(), reminded.into_iter().map(hours).collect());
            if let Some(look) = look_at(&asked, &reminded, hours(closes)) {
                prop_assert!(asked.iter().all(|asked| *asked + SHORTEST_LOOK <= look));
                prop_assert!(look + BEFORE_CLOSE <= hours(closes));
            }
        }
    }
}
