//! Limits the rate of calls to Slack, so that Slack does not have to.
//!
//! Each method has a virtual schedule (the generic cell rate algorithm, ITU-T I.371): a call moves the schedule on by
//! one interval, and is allowed while the schedule is not further ahead of the clock than the burst permits. Slack
//! counts the calls of any minute, from any start, and the worst minute begins with a whole burst. So the
//! interval is not Slack's limit divided into a minute: the even calls are what a burst leaves of the limit.
//!
//! Bulk calls are allowed a smaller burst than calls that a person waits for, which keeps a lane free for the latter.
//! After a start the burst counts as used up, since it is unknown what the process before has just done.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Mutex, PoisonError},
};

use chrono::Duration;

use crate::model::{call_kind::CallKind, clock::Instant, effect::Lane};

/// Slack's limit for a method, and how much of it may be used at once.
#[derive(Clone, Copy)]
struct Grant {
    /// Slack's limit: how many calls it takes from a workspace in any minute.
    calls_a_minute: u32,
    /// Rondo's limit: how many of them are let through at once after a quiet time.
    burst: u32,
}

impl Grant {
    /// Returns how many calls of a minute come evenly. The worst minute holds a burst and, except the one that the
    /// burst begins with, all of these.
    fn evenly(self) -> u32 {
        self.calls_a_minute - (self.burst - 1)
    }

    /// Returns how long this many even calls take. The interval is in the whole milliseconds that clocks show, rounded
    /// up, so that rounding lets no more into a minute.
    fn time_of(self, calls: u32) -> Duration {
        let interval_ms = MINUTE_MS.div_ceil(self.evenly());
        Duration::milliseconds((interval_ms * calls).into())
    }

    /// Returns how far the schedule may run ahead. Bulk calls may use two thirds of the burst.
    fn tolerance(self, lane: Lane) -> Duration {
        let places = match lane {
            Lane::Interactive => self.burst,
            Lane::Bulk => (self.burst * 2 / 3).max(1),
        };
        self.time_of(places - 1)
    }
}

impl Grant {
    fn of(call: CallKind) -> Grant {
        let (calls_a_minute, burst) = match call {
            // Slack says "several hundred a minute" about posting, and nothing about a response_url.
            CallKind::Post | CallKind::Respond => (300, 20),
            // Tier 2, tier 3 and tier 4.
            CallKind::People
            | CallKind::Channels
            | CallKind::Groups
            | CallKind::SetTopic
            | CallKind::SetGroupMembers
            | CallKind::Pin => (20, 4),
            CallKind::Update
            | CallKind::Look
            | CallKind::Info
            | CallKind::Delete
            | CallKind::Join
            | CallKind::LookInThread => (50, 10),
            // Tier 3, too. A round of thousands opens groups for an hour and more, and a small burst leaves it more of
            // each minute.
            CallKind::Open => (50, 3),
            CallKind::Members
            | CallKind::Ephemeral
            | CallKind::PublishHome
            | CallKind::UpdateView
            | CallKind::Person => (100, 10),
        };
        Grant { calls_a_minute, burst }
    }
}

/// The period in which Slack counts calls.
const MINUTE_MS: u32 = 60_000;
/// Slack takes one message a second in a channel.
const CHANNEL_INTERVAL: Duration = Duration::seconds(1);
/// In how many channels in a row Slack must answer a post with 429 before all posts wait: its limit of one channel is
/// much lower than that of the workspace, so one 429 says nothing about the others.
const CHANNELS_IN_A_ROW: usize = 3;
/// How long a 429 can pause calls at most. An instant beyond it dates from before the clock was set back.
const LONGEST_CLOSED: Duration = Duration::hours(1);

/// Whether a call may be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    /// It may, and is counted.
    Open,
    /// Its method is used up until then.
    MethodBusy(Instant),
    /// Its channel takes nothing before then. That slot is reserved for the caller.
    ChannelBusy(Instant),
}

/// The call rates of one workspace.
pub struct Pacer {
    state: Mutex<PacerState>,
}

struct PacerState {
    started: Instant,
    schedules: HashMap<CallKind, Instant>,
    /// Slack's own 429s.
    closed_until: HashMap<CallKind, Instant>,
    channels: HashMap<String, ChannelPace>,
    /// The channels that answered a post with 429 since one went through.
    refusing: BTreeSet<String>,
}

struct ChannelPace {
    last_post: Instant,
    /// The last slot that was reserved.
    last_place: Instant,
}

impl Pacer {
    /// Returns a pacer that begins now, without a burst.
    pub fn new(now: Instant) -> Pacer {
        let state = PacerState {
            started: now,
            schedules: HashMap::new(),
            closed_until: HashMap::new(),
            channels: HashMap::new(),
            refusing: BTreeSet::new(),
        };
        Pacer { state: Mutex::new(state) }
    }

    /// Returns the kinds of calls that are used up for this lane, and when the first of them is free again.
    pub fn held_up(&self, lane: Lane, now: Instant) -> (Vec<CallKind>, Option<Instant>) {
        let state = self.lock();
        let busy: Vec<(CallKind, Instant)> = CallKind::of_effects()
            .filter_map(|method| Some((method, state.busy(method, lane, now)?)))
            .collect();
        (busy.iter().map(|(method, _)| *method).collect(), busy.iter().map(|(_, until)| *until).min())
    }

    /// Returns the channels that take no post now, and when the first of them does.
    pub fn busy_channels(&self, now: Instant) -> (Vec<String>, Option<Instant>) {
        let state = self.lock();
        let free_at = |channel: &ChannelPace| channel.last_post + CHANNEL_INTERVAL;
        let is_busy =
            |channel: &&ChannelPace| free_at(channel) > now && channel.last_post - now <= LONGEST_CLOSED;
        let busy = || state.channels.iter().filter(|(_, channel)| is_busy(channel));
        let first = busy().map(|(_, channel)| free_at(channel)).min();
        (busy().map(|(name, _)| name.clone()).collect(), first)
    }

    /// Requests a call now, to a channel if it is a post. `waited` says that the caller comes at the instant that
    /// [`Gate::ChannelBusy`] named.
    pub fn enter(
        &self,
        method: CallKind,
        channel: Option<&str>,
        lane: Lane,
        waited: bool,
        now: Instant,
    ) -> Gate {
        let mut state = self.lock();
        if let Some(until) = state.busy(method, lane, now) {
            return Gate::MethodBusy(until);
        }
        if let Some(name) = channel {
            state.channels.retain(|_, channel| {
                now - channel.last_place < CHANNEL_INTERVAL && channel.last_post - now <= LONGEST_CLOSED
            });
            if let Some(channel) = state.channels.get_mut(name) {
                let free_at = channel.last_post + CHANNEL_INTERVAL;
                // Callers that wait already go first.
                if now < free_at || (channel.last_place > now && !waited) {
                    channel.last_place = (channel.last_place + CHANNEL_INTERVAL).max(free_at);
                    return Gate::ChannelBusy(channel.last_place);
                }
                channel.last_post = now;
                channel.last_place = channel.last_place.max(now);
            } else {
                state.channels.insert(name.to_owned(), ChannelPace { last_post: now, last_place: now });
            }
        }
        let schedule = state.schedule(method, now).max(now) + Grant::of(method).time_of(1);
        state.schedules.insert(method, schedule);
        Gate::Open
    }

    /// Notes that this process delivers the effects from now on. How much of Slack's limits the process before has used
    /// up is not known, so it begins without a burst, as after a start.
    pub fn take_over(&self, now: Instant) {
        self.begin_methods(&CallKind::of_effects().collect::<Vec<_>>(), now);
    }

    /// The same for some methods: another process may have called them until now.
    pub fn begin_methods(&self, methods: &[CallKind], now: Instant) {
        let mut state = self.lock();
        for &method in methods {
            let used_up = now + Grant::of(method).tolerance(Lane::Interactive);
            let schedule = state.schedules.entry(method).or_insert(used_up);
            *schedule = used_up.max(*schedule);
        }
    }

    /// Pauses a method until then, as Slack requested.
    pub fn close(&self, method: CallKind, until: Instant) {
        self.lock().closed_until.insert(method, until);
    }

    /// Notes a 429 until then. A post pauses its channel; the method is paused if several channels in a row answer so,
    /// and if the call is to no channel.
    pub fn refused(&self, method: CallKind, channel: Option<&str>, until: Instant) {
        let mut state = self.lock();
        if let Some(name) = channel {
            let closed = ChannelPace { last_post: until - CHANNEL_INTERVAL, last_place: until };
            let channel = state.channels.entry(name.to_owned()).or_insert(closed);
            channel.last_post = channel.last_post.max(until - CHANNEL_INTERVAL);
            channel.last_place = channel.last_place.max(until);
            state.refusing.insert(name.to_owned());
            if state.refusing.len() < CHANNELS_IN_A_ROW {
                return;
            }
            state.refusing.clear();
        }
        state.closed_until.insert(method, until);
    }

    /// Notes that a post went through, so the workspace's limit is not used up.
    pub fn posted(&self) {
        self.lock().refusing.clear();
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, PacerState> {
        // The state is a few instants; a panic cannot leave it half written.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl PacerState {
    fn schedule(&self, method: CallKind, now: Instant) -> Instant {
        // A clock that was set back must not pause calls for as long as it went back.
        let grant = Grant::of(method);
        let longest = grant.time_of(grant.burst);
        let known = self.schedules.get(&method).copied();
        known.unwrap_or(self.started + grant.tolerance(Lane::Interactive)).min(now + longest)
    }

    fn busy(&self, method: CallKind, lane: Lane, now: Instant) -> Option<Instant> {
        let paced = self.schedule(method, now) - Grant::of(method).tolerance(lane);
        let closed = self.closed_until.get(&method).copied();
        let closed = closed.filter(|closed| *closed - now <= LONGEST_CLOSED);
        let until = closed.map_or(paced, |closed| closed.max(paced));
        (until > now).then_some(until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::clock::from_ms;

    fn at(ms: i64) -> Instant {
        from_ms(1_700_000_000_000 + ms)
    }

    #[test]
    fn a_channel_takes_one_message_a_second_in_order() {
        let pacer = Pacer::new(at(-60_000));
        let ask = |ms, waited| pacer.enter(CallKind::Post, Some("C1"), Lane::Interactive, waited, at(ms));
        assert_eq!(ask(0, false), Gate::Open);
        assert_eq!(ask(10, false), Gate::ChannelBusy(at(1_000)));
        assert_eq!(ask(20, false), Gate::ChannelBusy(at(2_000)));
        assert_eq!(ask(1_000, true), Gate::Open);
        assert_eq!(ask(1_500, false), Gate::ChannelBusy(at(3_000)));
        assert_eq!(ask(2_000, true), Gate::Open);
    }

    /// Returns the most calls that any minute of these holds; they are sorted.
    fn in_the_worst_minute(calls: &[i64]) -> usize {
        let within = |first: usize| calls[first..].partition_point(|ms| ms - calls[first] < 60_000);
        (0..calls.len()).map(within).max().unwrap_or_default()
    }

    /// Returns when calls are let through that are requested at these times, each in its lane.
    fn let_through(method: CallKind, asked: impl Iterator<Item = (i64, Lane)>) -> Vec<i64> {
        let pacer = Pacer::new(at(0));
        let passes = |ms, lane| pacer.enter(method, None, lane, false, at(ms)) == Gate::Open;
        asked.filter(|(ms, lane)| passes(*ms, *lane)).map(|(ms, _)| ms).collect()
    }

    #[test]
    fn the_worst_minute_holds_exactly_the_limit() {
        for method in CallKind::ALL {
            let takes = usize::try_from(Grant::of(method).calls_a_minute).unwrap();
            // A quiet minute saves a burst up, and then calls are requested all the time.
            let calls = let_through(method, (60_000..180_000).map(|ms| (ms, Lane::Interactive)));
            assert_eq!(in_the_worst_minute(&calls), takes, "{method:?}");
            let evenly = usize::try_from(Grant::of(method).evenly()).unwrap();
            assert!(calls.len() >= 2 * evenly, "{method:?}: only {} calls in two minutes", calls.len());
        }
    }

    proptest::proptest! {
        #[test]
        fn no_minute_exceeds_the_limit(
            method in proptest::sample::select(CallKind::ALL.to_vec()),
            stretches in proptest::collection::vec(
                // The interval of requests, their number, whether a person waits for them, and the quiet time after
                // them.
                (0_i64..2_000, 1_i64..200, proptest::bool::ANY, 0_i64..90_000),
                1..20,
            ),
        ) {
            let mut ms = 0;
            let mut asked = Vec::new();
            for (pause, times, waited_for, quiet) in stretches {
                let lane = if waited_for { Lane::Interactive } else { Lane::Bulk };
                asked.extend((0..times).map(|time| (ms + time * pause, lane)));
                ms += times * pause + quiet;
            }
            let calls = let_through(method, asked.into_iter());
            let takes = usize::try_from(Grant::of(method).calls_a_minute).unwrap();
            proptest::prop_assert!(in_the_worst_minute(&calls) <= takes);
        }
    }

    #[test]
    fn bulk_work_leaves_places_for_those_who_wait() {
        let pacer = Pacer::new(at(-60_000));
        let bulk = (0..100)
            .filter(|_| pacer.enter(CallKind::Post, None, Lane::Bulk, false, at(0)) == Gate::Open)
            .count();
        let interactive = (0..100)
            .filter(|_| pacer.enter(CallKind::Post, None, Lane::Interactive, false, at(0)) == Gate::Open)
            .count();
        assert_eq!((bulk, interactive), (13, 7));
    }

    #[test]
    fn a_start_brings_no_burst() {
        let pacer = Pacer::new(at(0));
        let at_once = (0..100)
            .filter(|_| pacer.enter(CallKind::Post, None, Lane::Interactive, false, at(0)) == Gate::Open)
            .count();
        assert_eq!(at_once, 1);
    }

    #[test]
    fn a_takeover_brings_no_burst() {
        let pacer = Pacer::new(at(-60_000));
        pacer.take_over(at(0));
        let at_once = (0..100)
            .filter(|_| pacer.enter(CallKind::Post, None, Lane::Interactive, false, at(0)) == Gate::Open)
            .count();
        assert_eq!(at_once, 1);
    }

    #[test]
    fn what_slack_says_with_a_429_is_obeyed() {
        let pacer = Pacer::new(at(-60_000));
        pacer.close(CallKind::Post, at(30_000));
        let gate = pacer.enter(CallKind::Post, None, Lane::Interactive, false, at(29_999));
        assert_eq!(gate, Gate::MethodBusy(at(30_000)));
        assert_eq!(pacer.held_up(Lane::Interactive, at(0)), (vec![CallKind::Post], Some(at(30_000))));
        assert_eq!(pacer.enter(CallKind::Post, None, Lane::Interactive, false, at(30_000)), Gate::Open);
    }

    #[test]
    fn one_refusing_channel_does_not_delay_others() {
        let pacer = Pacer::new(at(-60_000));
        let post = |channel, waited, ms| {
            pacer.enter(CallKind::Post, Some(channel), Lane::Interactive, waited, at(ms))
        };
        assert_eq!(post("C1", false, 0), Gate::Open);
        pacer.refused(CallKind::Post, Some("C1"), at(30_000));
        assert_eq!(post("C2", false, 100), Gate::Open);
        assert_eq!(post("C1", false, 200), Gate::ChannelBusy(at(31_000)), "behind the one that was refused");
        assert_eq!(post("C1", true, 30_000), Gate::Open);
        assert_eq!(post("C1", true, 31_000), Gate::Open);
    }

    #[test]
    fn a_channel_is_busy_until_it_takes_the_next_post() {
        let pacer = Pacer::new(at(-60_000));
        assert_eq!(pacer.busy_channels(at(0)), (Vec::new(), None));
        pacer.enter(CallKind::Post, Some("C1"), Lane::Interactive, true, at(0));
        pacer.refused(CallKind::Post, Some("C2"), at(30_000));
        let (mut names, free_at) = pacer.busy_channels(at(999));
        names.sort();
        assert_eq!((names, free_at), (vec!["C1".to_owned(), "C2".to_owned()], Some(at(1_000))));
        assert_eq!(pacer.busy_channels(at(1_000)), (vec!["C2".to_owned()], Some(at(30_000))));
        assert_eq!(pacer.busy_channels(at(-86_400_000)).0, Vec::<String>::new(), "the clock was set back");
    }

    #[test]
    fn several_refusing_channels_pause_the_method() {
        let pacer = Pacer::new(at(-60_000));
        let post = |channel| pacer.enter(CallKind::Post, Some(channel), Lane::Interactive, false, at(0));
        pacer.refused(CallKind::Post, Some("C1"), at(30_000));
        pacer.refused(CallKind::Post, Some("C2"), at(30_000));
        assert_eq!(post("C4"), Gate::Open);
        pacer.posted();
        pacer.refused(CallKind::Post, Some("C1"), at(30_000));
        pacer.refused(CallKind::Post, Some("C1"), at(30_000));
        pacer.refused(CallKind::Post, Some("C2"), at(30_000));
        assert_eq!(post("C5"), Gate::Open, "one went through meanwhile");
        pacer.refused(CallKind::Post, Some("C3"), at(30_000));
        assert_eq!(post("C6"), Gate::MethodBusy(at(30_000)));
    }

    #[test]
    fn a_clock_set_back_ends_a_429() {
        let a_day_back = -86_400_000;
        let pacer = Pacer::new(at(a_day_back - 60_000));
        pacer.refused(CallKind::Post, Some("C1"), at(90_000));
        pacer.refused(CallKind::Update, None, at(90_000));
        let enter = |method, channel, ms| pacer.enter(method, channel, Lane::Interactive, false, at(ms));
        assert_eq!(enter(CallKind::Update, None, 60_000), Gate::MethodBusy(at(90_000)));
        assert!(matches!(enter(CallKind::Post, Some("C1"), 60_000), Gate::ChannelBusy(_)));
        assert_eq!(enter(CallKind::Update, None, a_day_back), Gate::Open);
        assert_eq!(enter(CallKind::Post, Some("C1"), a_day_back), Gate::Open);
    }

    #[test]
    fn a_clock_set_back_does_not_close_the_gate() {
        let pacer = Pacer::new(at(0));
        assert_eq!(pacer.enter(CallKind::Post, None, Lane::Interactive, false, at(0)), Gate::Open);
        let a_day_back = -86_400_000;
        let gate = pacer.enter(CallKind::Post, None, Lane::Interactive, false, at(a_day_back));
        assert!(matches!(gate, Gate::Open | Gate::MethodBusy(_)));
        if let Gate::MethodBusy(until) = gate {
            assert!(until - at(a_day_back) <= Duration::seconds(5));
        }
    }
}
