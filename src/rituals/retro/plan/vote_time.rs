//! How long a vote runs, and how many people it takes to count.

use chrono::{Duration, TimeZone as _, Utc};
use chrono_tz::Tz;

use super::{closing::on_a_weekday, threshold::Threshold};
use crate::model::clock::Instant;

/// How few themes need no vote: they are all talked about.
pub const NO_VOTE_UP_TO: usize = 2;
/// How many themes get a message of their own at most.
pub const MOST_DISCUSSED: usize = 5;

/// How long a vote runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VoteTime {
    Minutes(u32),
    /// To the same time of a later day; on a weekend it goes on until Monday.
    Days(u32),
}

impl VoteTime {
    /// What an organiser can choose.
    pub const ALL: [VoteTime; 6] = [
        VoteTime::Minutes(15),
        VoteTime::Minutes(60),
        VoteTime::Days(1),
        VoteTime::Days(2),
        VoteTime::Days(3),
        VoteTime::Days(7),
    ];
    pub const USUAL: VoteTime = VoteTime::Days(1);

    /// Returns its code in a form.
    pub fn code(self) -> String {
        match self {
            VoteTime::Minutes(minutes) => format!("{minutes}m"),
            VoteTime::Days(days) => format!("{days}d"),
        }
    }

    /// Reads a code.
    pub fn parse(code: &str) -> Option<VoteTime> {
        VoteTime::ALL.into_iter().find(|time| time.code() == code)
    }

    /// Returns when a vote ends that begins now, in the zone of its channel.
    pub fn end(self, now: Instant, zone: Tz) -> Instant {
        let days = match self {
            VoteTime::Minutes(minutes) => return now + Duration::minutes(i64::from(minutes)),
            VoteTime::Days(days) => Duration::days(i64::from(days)),
        };
        let begins = now.with_timezone(&zone).naive_local();
        // Of a vote that begins on a weekend people hear on Monday.
        let ends = on_a_weekday(on_a_weekday(begins) + days);
        let at = zone.from_local_datetime(&ends).earliest();
        at.map_or(now + (ends - begins), |at| at.with_timezone(&Utc))
    }
}

/// Returns how many people must vote for a vote to count. With fewer, the order of the themes would tell what single people have voted.
/// Where each answer has a name, the lowest threshold is enough.
pub fn voters_needed(threshold: Threshold, has_anonymous_prompt: bool) -> usize {
    if has_anonymous_prompt { threshold.people() } else { Threshold::LEAST.people() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn end(begins: &str, time: VoteTime) -> String {
        let begins: Instant = begins.parse().unwrap();
        time.end(begins, chrono_tz::Europe::Berlin).with_timezone(&chrono_tz::Europe::Berlin).to_rfc3339()
    }

    #[test]
    fn a_vote_ends_at_the_same_time_of_a_working_day() {
        for (begins, time, ends) in [
            ("2026-01-06T09:00:00Z", VoteTime::Minutes(15), "2026-01-06T10:15:00+01:00"),
            ("2026-01-06T09:00:00Z", VoteTime::Days(1), "2026-01-07T10:00:00+01:00"),
            ("2026-01-09T09:00:00Z", VoteTime::Days(1), "2026-01-12T10:00:00+01:00"),
            // On a Saturday and on a Sunday morning.
            ("2026-01-10T09:00:00Z", VoteTime::Days(1), "2026-01-13T10:00:00+01:00"),
            ("2026-01-11T06:40:00Z", VoteTime::Days(1), "2026-01-13T07:40:00+01:00"),
            // The clocks go forward in between.
            ("2026-03-27T09:00:00Z", VoteTime::Days(3), "2026-03-30T10:00:00+02:00"),
            ("2026-03-23T01:30:00Z", VoteTime::Days(7), "2026-03-30T02:30:00+02:00"),
        ] {
            assert_eq!(end(begins, time), ends, "{begins} {time:?}");
        }
    }

    #[test]
    fn a_code_is_read_again() {
        assert!(VoteTime::ALL.into_iter().all(|time| VoteTime::parse(&time.code()) == Some(time)));
        assert_eq!(VoteTime::parse("400d"), None);
    }

    #[test]
    fn a_vote_of_few_people_does_not_count() {
        let five = Threshold::default();
        assert_eq!((voters_needed(five, true), voters_needed(five, false)), (5, 3));
    }
}
