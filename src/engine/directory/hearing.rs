//! Measures how long nothing arrived from Slack: events of that time may be lost.

use std::sync::{
    Arc, OnceLock,
    atomic::{AtomicBool, Ordering},
};

use chrono::Duration;

use crate::{model::clock::Instant, slack::SocketHealth};

/// Slack repeats what was not acknowledged for five minutes. After a longer time without a connection, events are lost.
const REPEATED_FOR: Duration = Duration::minutes(5);
/// Over HTTP, silence may be a quiet hour. A longer silence is taken for an outage.
const QUIET_FOR: Duration = Duration::hours(1);
/// How often it is stored that Slack is heard.
const NOTED_EVERY: Duration = Duration::minutes(1);

/// What this process hears from Slack. Cheap to clone.
#[derive(Clone, Default)]
pub struct Hearing {
    /// Whether a delivery arrived since that was last stored.
    came: Arc<AtomicBool>,
    socket: Arc<OnceLock<SocketHealth>>,
}

impl Hearing {
    /// Notes that a delivery arrived.
    pub fn note_delivery(&self) {
        self.came.store(true, Ordering::Relaxed);
    }

    /// Counts Slack as heard for as long as one of these connections is open.
    pub fn note_connections(&self, socket: SocketHealth) {
        // A process has one Socket Mode listener.
        let _ = self.socket.set(socket);
    }

    /// Returns the length of silence after which events count as lost, if it is time to store that Slack is heard.
    /// `noted` is when that was stored last; `None` at the start, when it always has to be stored.
    pub(super) fn silence_to_note(&self, noted: Option<Instant>, now: Instant) -> Option<Duration> {
        let Some(noted) = noted else { return Some(REPEATED_FOR) };
        if now >= noted && now - noted < NOTED_EVERY {
            return None;
        }
        let came = self.came.swap(false, Ordering::Relaxed);
        let (is_open, gap) = match self.socket.get() {
            Some(socket) => (socket.open() > 0, REPEATED_FOR),
            None => (false, QUIET_FOR),
        };
        (came || is_open).then_some(gap)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::clock::from_ms;

    #[test]
    fn a_delivery_is_noted_once_a_minute_at_most() {
        let hearing = Hearing::default();
        let at = |seconds: i64| from_ms(1_700_000_000_000 + seconds * 1_000);
        assert_eq!(hearing.silence_to_note(None, at(0)), Some(REPEATED_FOR), "at the start");
        assert_eq!(hearing.silence_to_note(Some(at(0)), at(60)), None, "nothing came");
        hearing.note_delivery();
        assert_eq!(hearing.silence_to_note(Some(at(0)), at(59)), None);
        assert_eq!(hearing.silence_to_note(Some(at(0)), at(60)), Some(QUIET_FOR));
        assert_eq!(hearing.silence_to_note(Some(at(0)), at(60)), None, "it was noted");
        hearing.note_delivery();
        assert_eq!(hearing.silence_to_note(Some(at(0)), at(-10)), Some(QUIET_FOR), "the clock was set back");
    }
}
