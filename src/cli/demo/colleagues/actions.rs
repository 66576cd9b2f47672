//! Who the colleagues are, what they can do, and when they are at work.

use chrono::{
    DateTime, Datelike as _, Duration, NaiveDate, NaiveTime, TimeZone as _, Timelike as _, Weekday,
};
use chrono_tz::Tz;

use crate::model::clock::Instant;

/// When somebody's working day begins and ends, on their own wall.
const AT_WORK: std::ops::Range<u32> = 9..17;
/// When somebody may well be up, on their own wall.
const AWAKE: std::ops::Range<u32> = 7..23;

/// Somebody who works there.
#[derive(Clone, Debug)]
pub struct Colleague {
    /// The id in the workspace.
    pub id: String,
    /// The handle.
    pub handle: String,
    /// The whole name, by which the bot names givers.
    pub name: String,
    /// What colleagues call them.
    pub first: &'static str,
    /// Where they live.
    pub zone: Tz,
    /// The channel of their department.
    pub department: String,
}

impl Colleague {
    fn wall(&self, at: Instant) -> DateTime<Tz> {
        at.with_timezone(&self.zone)
    }

    /// The day on their wall.
    pub fn day(&self, at: Instant) -> NaiveDate {
        self.wall(at).date_naive()
    }

    /// The time on their wall, as in `15:30`.
    pub fn time(&self, at: Instant) -> String {
        self.wall(at).format("%H:%M").to_string()
    }

    /// Whether it is one of their working hours.
    pub fn is_at_work(&self, at: Instant) -> bool {
        is_working_day(self.day(at)) && AT_WORK.contains(&self.wall(at).hour())
    }

    /// Whether they may well be up.
    pub fn is_awake(&self, at: Instant) -> bool {
        AWAKE.contains(&self.wall(at).hour())
    }

    /// So many minutes after their working day begins.
    pub fn at_work(&self, day: NaiveDate, minutes: i64) -> Instant {
        let begins = NaiveTime::from_hms_opt(AT_WORK.start, 0, 0).unwrap_or_default();
        let wall = day.and_time(begins) + Duration::minutes(minutes);
        // No zone here changes its clocks at work; the world's time would do.
        let at = self.zone.from_local_datetime(&wall).earliest();
        at.map_or_else(|| wall.and_utc(), |at| at.to_utc())
    }

    /// This instant when they are at work, or so many minutes into their next working day.
    pub fn at_work_from(&self, at: Instant, minutes: i64) -> Instant {
        if self.is_at_work(at) {
            return at;
        }
        let today = self.day(at);
        let days = today.iter_days().filter(|day| is_working_day(*day));
        days.map(|day| self.at_work(day, minutes)).find(|begins| *begins > at).unwrap_or(at)
    }
}

/// How many minutes a working day has.
pub fn working_minutes() -> i64 {
    i64::from(AT_WORK.end - AT_WORK.start) * 60
}

/// Whether people work on this day.
pub fn is_working_day(day: NaiveDate) -> bool {
    !matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}

/// A message, by where it is and its time stamp.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    /// The conversation's id.
    pub place: String,
    /// The message's time stamp.
    pub ts: String,
}

/// Something that somebody does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ColleagueAction {
    /// Thanks people, by their numbers, in a channel.
    Thanks {
        /// Whom.
        receivers: Vec<usize>,
        /// Where.
        channel: &'static str,
        /// What for.
        reason: &'static str,
    },
    /// Starts coffee chats for everybody.
    StartsCoffee,
    /// Says something in a conversation, by its name or id.
    Says(String, String),
    /// Answers a message in its thread.
    Replies(Spot, String),
    /// Puts an emoji on a message.
    Reacts(Spot, &'static str),
    /// Presses the button with this text under a message.
    Presses(Spot, &'static str),
}

/// Something that somebody will do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedAction {
    /// When.
    pub at: Instant,
    /// Who, by number.
    pub who: usize,
    /// What.
    pub action: ColleagueAction,
}
