//! The only reader of the wall clock: everywhere else time is a parameter.

mod jump;

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant as Stopwatch},
};

use chrono::{DateTime, TimeZone, Utc};
use tokio::sync::watch;

use self::jump::{ClockReading, ClockWatch, Trust};

/// An instant in UTC, in milliseconds when stored.
pub type Instant = DateTime<Utc>;

/// The source of time for a program, so that a test or a demo can move it.
#[derive(Clone)]
pub struct Clock {
    source: Source,
}

#[derive(Clone)]
enum Source {
    /// A wall clock, whose jumps are doubted until Slack's clock shows the same.
    Watched(Arc<Watched>),
    Steered {
        now_ms: Arc<dyn Fn() -> i64 + Send + Sync>,
        moved: watch::Receiver<u64>,
    },
}

/// A wall clock beside a stopwatch.
struct Watched {
    /// Reads the wall clock; `None` for a server's clock, which [`Clock::correct`] reads now and then.
    wall_ms: Option<Box<dyn Fn() -> i64 + Send + Sync>>,
    began: Stopwatch,
    state: Mutex<ClockState>,
}

struct ClockState {
    watch: ClockWatch,
    /// The last time that Slack showed.
    slack: Option<ClockReading>,
    /// What the clock showed, and the size of the jump, while it is doubted.
    doubt: Option<(ClockReading, Jump)>,
    /// The latest time that was returned.
    shown_ms: i64,
}

/// An unconfirmed jump of a wall clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Jump {
    /// Its size; negative if the clock was set back.
    pub by: chrono::Duration,
    /// What the clock shows.
    pub shows: Instant,
}

impl Watched {
    /// After a correction backwards the clock stands still, unless the correction is larger than this.
    const WAITED_FOR_MS: i64 = 2_000;

    fn new(wall_ms: Option<Box<dyn Fn() -> i64 + Send + Sync>>, read_ms: i64) -> Watched {
        let began = Stopwatch::now();
        let watch =
            ClockWatch::new(ClockReading { wall: from_ms(read_ms), passed: chrono::Duration::zero() });
        let state = ClockState { watch, slack: None, doubt: None, shown_ms: read_ms };
        Watched { wall_ms, began, state: Mutex::new(state) }
    }

    fn passed(&self) -> chrono::Duration {
        chrono::Duration::from_std(self.began.elapsed()).unwrap_or(chrono::Duration::MAX)
    }

    /// Notes what the wall clock shows, or showed last if that was doubted.
    fn note(&self, read_ms: Option<i64>) -> (MutexGuard<'_, ClockState>, chrono::Duration) {
        // A panic cannot leave these few values half written.
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let passed = self.passed();
        let read = read_ms.or_else(|| self.wall_ms.as_ref().map(|wall_ms| wall_ms()));
        let doubted = state.doubt.map(|(look, _)| look);
        if let Some(look) = read.map(|ms| ClockReading { wall: from_ms(ms), passed }).or(doubted) {
            let slack = state.slack;
            state.doubt = match state.watch.look(look, slack) {
                Trust::Believed => None,
                Trust::Doubted(by) => Some((look, Jump { by, shows: look.wall })),
            };
        }
        (state, passed)
    }

    fn now_ms(&self) -> i64 {
        let (mut state, passed) = self.note(None);
        let now = state.watch.now(passed).timestamp_millis();
        let back = state.shown_ms.saturating_sub(now);
        if !(0..=Watched::WAITED_FOR_MS).contains(&back) {
            state.shown_ms = now;
        }
        state.shown_ms
    }
}

impl Clock {
    /// Returns the machine's own clock.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the wall clock")]
    pub fn machine() -> Clock {
        Clock::watched(|| Utc::now().timestamp_millis())
    }

    /// Returns a clock that reads the wall clock with `wall_ms`, in milliseconds since the epoch. It shows a jump only
    /// once Slack's clock confirms it; until then it goes on by a stopwatch. So does a shared one.
    pub fn watched(wall_ms: impl Fn() -> i64 + Send + Sync + 'static) -> Clock {
        let read_ms = wall_ms();
        Clock { source: Source::Watched(Arc::new(Watched::new(Some(Box::new(wall_ms)), read_ms))) }
    }

    /// Returns a clock that several machines share: it goes on by itself from `read_ms`, independent of the machine's
    /// own clock.
    pub fn shared(read_ms: i64) -> Clock {
        Clock { source: Source::Watched(Arc::new(Watched::new(None, read_ms))) }
    }

    /// Corrects a shared clock by a new reading. It does not go back by less than two seconds; it stands still instead.
    pub fn correct(&self, read_ms: i64) {
        if let Source::Watched(watched) = &self.source
            && self.is_shared()
        {
            drop(watched.note(Some(read_ms)));
        }
    }

    /// Notes what Slack's clock shows now.
    pub fn note_slack_time(&self, slack: Instant) {
        if let Source::Watched(watched) = &self.source {
            let (mut state, passed) = watched.note(None);
            state.slack = Some(ClockReading { wall: slack, passed });
            drop(state);
            drop(watched.note(None));
        }
    }

    /// Returns the jump that it does not show, because nothing confirms it.
    pub fn doubted_jump(&self) -> Option<Jump> {
        match &self.source {
            Source::Watched(watched) => watched.note(None).0.doubt.map(|(_, jump)| jump),
            Source::Steered { .. } => None,
        }
    }

    /// Whether it is shared, so that it has to be corrected now and then.
    pub fn is_shared(&self) -> bool {
        matches!(&self.source, Source::Watched(watched) if watched.wall_ms.is_none())
    }

    /// Whether a test or a demo moves it.
    pub fn is_steered(&self) -> bool {
        matches!(self.source, Source::Steered { .. })
    }

    /// Returns a clock that the caller moves: `now_ms` reads it in milliseconds since the epoch, and `moved` changes on
    /// every jump, so that sleepers look again.
    pub fn steered(now_ms: impl Fn() -> i64 + Send + Sync + 'static, moved: watch::Receiver<u64>) -> Clock {
        Clock { source: Source::Steered { now_ms: Arc::new(now_ms), moved } }
    }

    /// Returns the present instant, cut to the millisecond that the store keeps.
    pub fn now(&self) -> Instant {
        from_ms(self.now_ms())
    }

    /// Returns the present instant in milliseconds since the epoch.
    pub fn now_ms(&self) -> i64 {
        match &self.source {
            Source::Watched(watched) => watched.now_ms(),
            Source::Steered { now_ms, .. } => now_ms(),
        }
    }

    /// Sleeps until the clock shows `at`, waking early to look again when the clock is moved.
    pub async fn sleep_until(&self, at: Instant) {
        /// A long sleep is taken in parts, so that a correction of the machine's clock is noticed.
        const LOOK_AGAIN: Duration = Duration::from_secs(30);
        loop {
            // The mark is set before the time is read, so that a move in between is not missed.
            let moved = match &self.source {
                Source::Watched(_) => None,
                Source::Steered { moved, .. } => {
                    let mut moved = moved.clone();
                    moved.mark_unchanged();
                    Some(moved)
                }
            };
            let Ok(rest) = (at - self.now()).to_std() else { return };
            if rest.is_zero() {
                return;
            }
            let nap = tokio::time::sleep(rest.min(LOOK_AGAIN));
            match moved {
                None => nap.await,
                Some(mut moved) => {
                    tokio::select! {
                        () = nap => {}
                        changed = moved.changed() => if changed.is_err() {
                            // The sender of moves is dropped; the clock still reads, so time goes on by itself.
                            tokio::time::sleep(rest.min(LOOK_AGAIN)).await;
                        },
                    }
                }
            }
        }
    }
}

/// Returns the instant `ms` milliseconds after the epoch; a value outside chrono's range becomes the epoch.
pub fn from_ms(ms: i64) -> Instant {
    Utc.timestamp_millis_opt(ms).single().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicI64, Ordering::Relaxed};

    use super::*;

    #[test]
    fn a_shared_clock_is_corrected_and_does_not_go_back() {
        let clock = Clock::shared(100_000);
        let first = clock.now_ms();
        assert!((100_000..101_000).contains(&first));
        clock.correct(99_000);
        assert!(clock.now_ms() >= first, "it stands still");
        clock.correct(150_000);
        assert!((150_000..151_000).contains(&clock.now_ms()));
        clock.correct(60_000);
        assert!((60_000..61_000).contains(&clock.now_ms()), "so far back is the truth");
        let copy = clock.clone();
        copy.correct(90_000);
        assert!(clock.now_ms() >= 90_000, "copies share it");
    }

    const YEAR_MS: i64 = 365 * 24 * 3_600 * 1_000;

    /// Returns a wall clock that a test sets, and a clock that watches it.
    fn watched() -> (Arc<AtomicI64>, Clock) {
        let wall = Arc::new(AtomicI64::new(1_700_000_000_000));
        let read = wall.clone();
        (wall, Clock::watched(move || read.load(Relaxed)))
    }

    #[test]
    fn a_year_ahead_is_not_shown_until_slack_confirms_it() {
        let (wall, clock) = watched();
        let before = clock.now_ms();
        wall.fetch_add(YEAR_MS, Relaxed);
        assert!(clock.now_ms() - before < 1_000, "{}", clock.now());
        let jump = clock.clone().doubted_jump().unwrap();
        assert_eq!(jump.shows, from_ms(before + YEAR_MS));
        assert!((jump.by - chrono::Duration::days(365)).abs() < chrono::Duration::seconds(1), "{}", jump.by);
        clock.note_slack_time(from_ms(before));
        assert!(
            clock.doubted_jump().is_some() && clock.now_ms() - before < 1_000,
            "Slack's shows another time"
        );
        clock.note_slack_time(from_ms(before + YEAR_MS));
        assert_eq!((clock.doubted_jump(), clock.now_ms()), (None, before + YEAR_MS));
    }

    #[test]
    fn a_clock_that_is_set_right_again_is_believed_at_once() {
        let (wall, clock) = watched();
        let before = clock.now_ms();
        for by in [YEAR_MS, -YEAR_MS] {
            wall.fetch_add(by, Relaxed);
            assert!(clock.doubted_jump().is_some());
            wall.fetch_sub(by, Relaxed);
            assert_eq!((clock.doubted_jump(), clock.now_ms()), (None, before));
        }
    }

    #[test]
    fn a_servers_clock_is_doubted_too() {
        let clock = Clock::shared(1_700_000_000_000);
        clock.correct(1_700_000_000_000 + YEAR_MS);
        assert!(clock.now_ms() < 1_700_000_001_000 && clock.doubted_jump().is_some());
        clock.correct(1_700_000_000_000);
        assert_eq!(clock.doubted_jump(), None);
        clock.correct(1_700_000_000_000 + YEAR_MS);
        clock.note_slack_time(from_ms(1_700_000_000_000 + YEAR_MS));
        assert!(clock.now_ms() >= 1_700_000_000_000 + YEAR_MS, "without being read again");
    }

    #[test]
    fn a_steered_clock_jumps_as_it_likes() {
        let now = Arc::new(AtomicI64::new(5));
        let read = now.clone();
        let clock = Clock::steered(move || read.load(Relaxed), watch::channel(0).1);
        now.store(YEAR_MS, Relaxed);
        assert_eq!((clock.now_ms(), clock.doubted_jump()), (YEAR_MS, None));
    }

    #[test]
    fn only_a_shared_clock_is_corrected() {
        let clock = Clock::steered(|| 5, watch::channel(0).1);
        clock.correct(99_000);
        assert_eq!(clock.now_ms(), 5);
        assert!(clock.is_steered() && !clock.is_shared());
    }
}
