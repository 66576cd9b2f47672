//! A sync that was announced, and who has its duties.

use chrono::{Duration, NaiveDate};
use chrono_tz::Tz;

use super::turn::How;
use crate::model::{cadence::Occurrence, clock::Instant, people::UserId};

/// How a sync ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EndState {
    /// It has begun and was not closed yet.
    Open,
    Closed(UserId),
    /// It was not closed by anyone in time.
    Lapsed,
    Skipped(UserId),
}

/// What people have written down about a sync.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PastNotes {
    /// Those of the person who closed it; empty without any.
    pub closing: String,
    /// Those that came when it was closed already, each with who wrote them.
    pub added: Vec<(UserId, String)>,
}

/// An announcement that comes later than this names the time at which the sync was due, in minutes.
const LATE_MINUTES: i64 = 15;

/// A sync that was announced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldSync {
    pub programme: String,
    /// Its local date; a programme has one sync on a date.
    pub date: NaiveDate,
    /// When it was due.
    pub starts_at: Instant,
    /// Until when the lead can be taken over: its duration after it was announced.
    pub ends_at: Instant,
    pub minutes: u32,
    /// The address where people join, as it was typed; empty without one.
    pub link: String,
    pub lead: Option<Lead>,
    pub scribe: Option<UserId>,
}

/// The person who leads a sync.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lead {
    pub user: UserId,
    pub how: How,
    /// The number of times that the lead was settled since the sync began, this one included.
    pub version: i64,
}

impl Lead {
    /// Whether another person led before.
    pub fn has_taken_over(&self) -> bool {
        self.how == How::Volunteered && self.version > 1
    }
}

impl HeldSync {
    /// Returns when it was due, in the zone of its times.
    pub fn occurrence(&self, zone: Tz) -> Occurrence {
        Occurrence { at: self.starts_at, wall: self.starts_at.with_timezone(&zone).naive_local() }
    }

    /// Returns the sync of a date that is announced now.
    pub fn announced(
        (programme, date): (&str, NaiveDate),
        starts_at: Instant,
        now: Instant,
        minutes: u32,
    ) -> HeldSync {
        HeldSync {
            programme: programme.to_owned(),
            date,
            starts_at,
            ends_at: now + Duration::minutes(i64::from(minutes)),
            minutes,
            link: String::new(),
            lead: None,
            scribe: None,
        }
    }

    /// Returns the number of times that the lead was settled.
    pub fn version(&self) -> i64 {
        self.lead.as_ref().map_or(0, |lead| lead.version)
    }

    pub fn is_over(&self, now: Instant) -> bool {
        now >= self.ends_at
    }

    /// Whether it was announced late.
    pub fn is_late(&self) -> bool {
        let announced_at = self.ends_at - Duration::minutes(i64::from(self.minutes));
        announced_at - self.starts_at > Duration::minutes(LATE_MINUTES)
    }

    /// Returns the same with a volunteer as its lead, who saw this version. They take no notes any more, and the person who led may take
    /// them again.
    #[must_use]
    pub fn taken_over(self, (user, seen): (&UserId, i64), takes_notes: Option<&UserId>) -> HeldSync {
        let lead = Lead { user: user.clone(), how: How::Volunteered, version: seen + 1 };
        let scribe = self.scribe.filter(|scribe| scribe != user).or_else(|| takes_notes.cloned());
        HeldSync { lead: Some(lead), scribe, ..self }
    }
}
