//! What belongs to one round: the notice before it, the round, and the question at its end. Values in, values out.

use chrono::{Duration, NaiveDateTime};

use super::{CLOSE, NOTICE, ROUND, options::Options};
use crate::{
    model::{
        cadence::{Cadence, Occurrence},
        catch_up::CatchUp,
        clock::Instant,
    },
    ritual::PlannedRun,
};

/// Rounds that follow one another more closely than this have neither a notice nor a question at their end.
const CLOSELY_DAYS: i64 = 2;
/// How long after a round its groups are asked at the latest.
const LATEST_CLOSE_DAYS: i64 = 14;
/// The same for the last round of all.
const LAST_CLOSE_DAYS: i64 = 7;
/// How late the question may come.
const CLOSE_HOURS: i64 = 72;

/// Plans a round: on the day before, at the same time, the notice; on the day before the next round, two weeks later at the
/// latest, the question to each group. Within a day of `from`, when people
/// have just read the times, there is no notice.
pub fn plan(options: &Options, cadence: &Cadence, from: Instant, round: Occurrence) -> Vec<PlannedRun> {
    let planned = |kind, due, late| PlannedRun { kind, subject: String::new(), due, late };
    let mut runs = vec![planned(ROUND, round, CatchUp::WorkingDay)];
    let next = cadence.next(round.at);
    if next.is_some_and(|next| next.at - round.at < Duration::days(CLOSELY_DAYS)) {
        return runs;
    }
    let on = |wall: Option<NaiveDateTime>| {
        let wall = wall?;
        Some(Occurrence { at: cadence.instant_of(wall)?, wall })
    };
    let day_before = on(round.wall.checked_sub_signed(Duration::days(1)));
    if let Some(day_before) =
        day_before.filter(|notice| options.notice && notice.at - from >= Duration::days(1))
    {
        runs.push(planned(NOTICE, day_before, CatchUp::Until(round.at)));
    }
    let latest = round.wall.checked_add_signed(Duration::days(LATEST_CLOSE_DAYS));
    let before_next = match next {
        Some(next) => next.wall.checked_sub_signed(Duration::days(1)),
        None => round.wall.checked_add_signed(Duration::days(LAST_CLOSE_DAYS)),
    };
    if let Some(close) = on(latest.min(before_next)).filter(|_| options.close) {
        runs.push(planned(CLOSE, close, CatchUp::Within(Duration::hours(CLOSE_HOURS))));
    }
    runs
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use chrono_tz::Tz;
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> Instant {
        format!("{text}:00Z").parse().unwrap()
    }

    /// The runs of the first round after an instant, with the day and time of each.
    fn planned(words: &str, from: &str, options: &Options) -> Vec<String> {
        let cadence = Cadence::parse(words, Tz::UTC, NaiveDate::from_ymd_opt(2026, 1, 5).unwrap()).unwrap();
        let round = cadence.next(at(from)).unwrap();
        let said = |run: PlannedRun| format!("{} {}", run.due.wall.format("%a %d %b %H:%M"), run.kind);
        plan(options, &cadence, at(from), round).into_iter().map(said).collect()
    }

    #[test]
    fn a_round_has_a_notice_before_and_a_question_after_it() {
        let options = Options::default();
        assert_eq!(
            planned("every Tuesday at 10:00", "2026-01-04T10:00", &options),
            ["Tue 06 Jan 10:00 round", "Mon 05 Jan 10:00 notice", "Mon 12 Jan 10:00 close"]
        );
        assert_eq!(
            planned("every 2 weeks on Tuesday at 10:00", "2026-01-04T09:00", &options)[2],
            "Mon 19 Jan 10:00 close"
        );
        assert_eq!(
            planned("first Monday of the month at 15:00", "2026-01-05T16:00", &options)[2],
            "Mon 16 Feb 15:00 close"
        );
        assert_eq!(
            planned("every Tuesday at 10:00 until 2026-01-06", "2026-01-04T09:00", &options)[2],
            "Tue 13 Jan 10:00 close"
        );
    }

    #[test]
    fn there_is_no_notice_for_people_who_have_just_read_the_times() {
        let runs = planned("every Tuesday at 10:00", "2026-01-04T11:00", &Options::default());
        assert_eq!(runs, ["Tue 06 Jan 10:00 round", "Mon 12 Jan 10:00 close"]);
    }

    #[test]
    fn rounds_that_follow_closely_are_nothing_but_rounds() {
        let runs = planned("every weekday at 10:00", "2026-01-05T11:00", &Options::default());
        assert_eq!(runs, ["Tue 06 Jan 10:00 round"]);
    }

    #[test]
    fn an_organiser_may_switch_either_off() {
        let without = Options { notice: false, close: false, ..Options::default() };
        assert_eq!(
            planned("every Tuesday at 10:00", "2026-01-05T09:00", &without),
            ["Tue 06 Jan 10:00 round"]
        );
    }

    proptest! {
        #[test]
        fn the_notice_comes_before_the_round_and_the_question_after_it(
            days in 0..20_000_i64, hour in 0..24_i64, every in 1..9_u32, zone in prop::sample::select(chrono_tz::TZ_VARIANTS.to_vec()),
        ) {
            let from = at("2026-01-05T09:00") + Duration::days(days) + Duration::hours(hour);
            let words = format!("every {every} weeks on Sunday at 2:30");
            let cadence = Cadence::parse(&words, zone, from.date_naive()).unwrap();
            let round = cadence.next(from).unwrap();
            let runs = plan(&Options::default(), &cadence, from, round);
            prop_assert_eq!(runs[0].due, round);
            for run in &runs[1..] {
                let is_right = match run.kind {
                    NOTICE => run.due.at < round.at && run.due.at > from,
                    _ => run.due.at > round.at && cadence.next(round.at).is_none_or(|next| run.due.at < next.at),
                };
                prop_assert!(is_right, "{:?}", run);
            }
        }
    }
}
