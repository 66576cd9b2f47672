//! When people are asked, and reminded.

use chrono::Duration;

use crate::{
    common::people::work_time::WorkTime,
    model::{clock::Instant, people::UserId},
};

/// How long before the close people are reminded, if there is time enough.
const REMIND_BEFORE: Duration = Duration::hours(24);
/// How long people have at least between the question and the reminder.
const SHORTEST_WAIT: Duration = Duration::hours(3);
/// How long people have at least after a message to answer.
const TIME_TO_ANSWER: Duration = Duration::minutes(30);

/// Who is asked when.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schedule {
    /// The people who are asked, each with the instant, in the order given.
    pub asked: Vec<(UserId, Instant)>,
    /// When those of them are reminded who are.
    pub reminded: Vec<Instant>,
    /// People who don't work in time: they are not asked, and don't count as asked.
    pub out: Vec<UserId>,
}

/// Plans when each person is asked in a retro that opens and closes at these instants: a person who is away at first, when they are
/// back.
pub fn schedule<'s>(
    people: impl IntoIterator<Item = (UserId, WorkTime<'s>)>,
    (opens, closes): (Instant, Instant),
) -> Schedule {
    let mut schedule = Schedule::default();
    for (user, work) in people {
        match ask_at(opens, closes, &work) {
            Some(at) => {
                schedule.asked.push((user, at));
                schedule.reminded.extend(remind_at(at, closes, &work));
            }
            None => schedule.out.push(user),
        }
    }
    schedule
}

/// Returns when a person is asked: at the first instant at which they work, if they still have time to answer then.
pub fn ask_at(opens: Instant, closes: Instant, work: &WorkTime<'_>) -> Option<Instant> {
    work.next(opens, closes - TIME_TO_ANSWER)
}

/// Returns when a person who was asked is reminded, whether or not they have answered, since no one knows that. It's when they
/// work, in the last day before the close in which they do, and some hours after they were asked. `None` if that would leave them no time
/// to answer.
pub fn remind_at(asked: Instant, closes: Instant, work: &WorkTime<'_>) -> Option<Instant> {
    let (earliest, latest) = (asked + SHORTEST_WAIT, closes - TIME_TO_ANSWER);
    let mut from = closes - REMIND_BEFORE;
    loop {
        let at = work.next(from.max(earliest), latest);
        if at.is_some() || from <= earliest {
            return at;
        }
        from -= REMIND_BEFORE;
    }
}

#[cfg(test)]
mod tests {
    use chrono_tz::Tz;
    use proptest::prelude::*;

    use super::*;
    use crate::{
        common::people::{
            Away, Hours, PersonSettings,
            work_time::tests::{ZONES, settings, spring},
        },
        model::holidays::Region,
    };

    fn at(text: &str) -> Instant {
        format!("{text}:00Z").parse().unwrap()
    }

    const OPENS: &str = "2026-03-09T10:00";
    const CLOSES: &str = "2026-03-11T15:00";

    fn asked(zone: Tz, own: &PersonSettings) -> (Option<Instant>, Option<Instant>) {
        let work = WorkTime { zone, settings: own, region: None };
        let asked = ask_at(at(OPENS), at(CLOSES), &work);
        (asked, asked.and_then(|asked| remind_at(asked, at(CLOSES), &work)))
    }

    #[test]
    fn people_are_asked_and_reminded_in_their_own_hours() {
        let usual = PersonSettings::default();
        for (zone, ask, remind) in [
            (Tz::Europe__Berlin, OPENS, "2026-03-10T15:00"),
            (Tz::America__New_York, "2026-03-09T13:00", "2026-03-10T15:00"),
            // In Auckland it's eleven in the evening, and four in the morning.
            (Tz::Pacific__Auckland, "2026-03-09T20:00", "2026-03-10T20:00"),
        ] {
            assert_eq!(asked(zone, &usual), (Some(at(ask)), Some(at(remind))), "{zone}");
        }
        let late = PersonSettings { work: Hours::new(14 * 60, 22 * 60), ..PersonSettings::default() };
        assert_eq!(asked(Tz::UTC, &late).0, Some(at("2026-03-09T14:00")));
    }

    #[test]
    fn a_person_who_is_away_is_not_asked() {
        let away = vec![Away { from: "2026-03-01".parse().unwrap(), to: "2026-03-11".parse().unwrap() }];
        let (here, gone) = (PersonSettings::default(), PersonSettings { away, ..PersonSettings::default() });
        let work = |settings| WorkTime { zone: Tz::UTC, settings, region: None };
        let people = [("U1".into(), work(&here)), ("U2".into(), work(&gone))];
        let expected = Schedule {
            asked: vec![("U1".into(), at(OPENS))],
            reminded: vec![at("2026-03-10T15:00")],
            out: vec!["U2".into()],
        };
        assert_eq!(schedule(people.clone(), (at(OPENS), at(CLOSES))), expected);
        let region = Region {
            code: "de".to_owned(),
            name: "Germany".to_owned(),
            also: Vec::new(),
            days: [("2026-03-09".parse().unwrap(), "A holiday".to_owned())].into(),
        };
        let people = people.map(|(user, work)| (user, WorkTime { region: Some(&region), ..work }));
        let back = schedule(people, (at(OPENS), at(CLOSES)));
        assert_eq!(back.asked, [("U1".into(), at("2026-03-10T09:00"))], "the first day is a holiday");
    }

    #[test]
    fn a_reminder_that_would_come_too_late_is_skipped() {
        let usual = PersonSettings::default();
        let work = WorkTime { zone: Tz::UTC, settings: &usual, region: None };
        let (asked, remind) =
            (at("2026-03-09T10:00"), |closes| remind_at(at("2026-03-09T10:00"), at(closes), &work));
        assert_eq!(remind("2026-03-09T12:00"), None);
        assert_eq!(remind("2026-03-09T16:00"), Some(asked + SHORTEST_WAIT));
        // It closes on Monday before they work: they read it on Friday.
        assert_eq!(
            remind_at(at("2026-03-13T09:00"), at("2026-03-16T06:00"), &work),
            Some(at("2026-03-13T12:00"))
        );
        // They don't work between the next evening and the close.
        assert_eq!(remind_at(at("2026-03-13T16:00"), at("2026-03-15T12:00"), &work), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(150))]

        #[test]
        fn people_are_asked_and_reminded_in_time_and_at_work(
            own in settings(),
            zone in prop::sample::select(&ZONES[..]),
            opens in spring(),
            open_minutes in 0_i64..28 * 24 * 60,
        ) {
            let closes = opens + Duration::minutes(open_minutes);
            let work = WorkTime { zone, settings: &own, region: None };
            if let Some(asked) = ask_at(opens, closes, &work) {
                prop_assert!(opens <= asked && asked + TIME_TO_ANSWER < closes && work.includes(asked));
                if let Some(reminded) = remind_at(asked, closes, &work) {
                    prop_assert!(asked + SHORTEST_WAIT <= reminded && reminded + TIME_TO_ANSWER < closes);
                    let last_day = (closes - REMIND_BEFORE).max(asked + SHORTEST_WAIT);
                    prop_assert!(closes - reminded <= REMIND_BEFORE || work.next(last_day, closes - TIME_TO_ANSWER).is_none());
                    prop_assert!(work.includes(reminded));
                }
            }
            // More time leaves no one out.
            let later = closes + Duration::days(1);
            prop_assert!(ask_at(opens, later, &work).is_some() || ask_at(opens, closes, &work).is_none());
        }
    }
}
