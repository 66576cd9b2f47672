//! People who have a duty in another sync at the same time: they have none in this one while another person can.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Duration, NaiveDate};

use super::{NAME, Syncs, changing::occurrence_on, options::Options, store};
use crate::{
    model::{
        cadence::Occurrence,
        failure::Failure,
        people::{ChannelId, UserId},
    },
    ritual::Context,
    store::programmes::Programme,
};

/// How many other syncs are looked at in which people have turns, and how many of the same channel for whom they will ask.
const MOST_OTHERS: usize = 40;
const MOST_OF_CHANNEL: usize = 3;

/// A duty in another sync.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct OtherDuty {
    /// The name of that sync; empty without one.
    pub name: String,
    pub channel: ChannelId,
    pub at: Occurrence,
    /// Whether it's recorded. Otherwise it's their turn there as things stand.
    pub is_recorded: bool,
}

/// The people who have another duty at the time of a sync.
pub(super) type Busy = BTreeMap<UserId, OtherDuty>;

/// When syncs are, with their length, and who could lead each.
struct Times<'d> {
    dates: &'d [(Occurrence, BTreeSet<UserId>)],
    length: Duration,
}

impl Times<'_> {
    /// Notes a person's duty in another sync of this length for each of the syncs at whose time it is.
    fn note(&self, busy: &mut [Busy], (user, duty): (&UserId, &OtherDuty), length: Duration) {
        for ((at, here), busy) in self.dates.iter().zip(busy) {
            let overlaps = duty.at.at < at.at + self.length && at.at < duty.at.at + length;
            if overlaps && here.contains(user) {
                busy.entry(user.clone()).or_insert_with(|| duty.clone());
            }
        }
    }

    fn overlap(&self, other: &Occurrence, length: Duration) -> bool {
        self.dates.iter().any(|(at, _)| other.at < at.at + self.length && at.at < other.at + length)
    }

    /// Whether a duty on this date, in any zone, may be at the time of one of the syncs.
    fn is_near(&self, date: NaiveDate) -> bool {
        self.dates.iter().any(|(at, _)| (at.wall.date() - date).num_days().abs() <= 1)
    }
}

impl Syncs {
    /// Returns for each of these dates of a programme who of its people has another duty at that time: one that is recorded, or their turn in
    /// an older sync of the channel as things stand.
    pub(super) async fn busy_on(
        &self,
        context: &Context,
        programme: &Programme,
        dates: &[(Occurrence, BTreeSet<UserId>)],
    ) -> Result<Vec<Busy>, Failure> {
        let mut busy = vec![Busy::new(); dates.len()];
        let times = Times { dates, length: self.length_of(programme) };
        let days = dates.iter().map(|(at, _)| at.wall.date());
        let (Some(first), Some(last)) = (days.clone().min(), days.max()) else { return Ok(busy) };
        let mut others: BTreeMap<String, Option<Programme>> = BTreeMap::new();
        let span = (first - Duration::days(1), last + Duration::days(1));
        for (id, date, user) in store::duties_at(&context.store, &programme.id, span).await? {
            let is_known = others.contains_key(&id);
            let concerns = times.is_near(date) && dates.iter().any(|(_, here)| here.contains(&user));
            if !concerns || !is_known && others.len() >= MOST_OTHERS {
                continue;
            }
            if !is_known {
                others.insert(id.clone(), context.store.programme(&id).await?);
            }
            let Some(other) = others.get(&id).and_then(Option::as_ref) else { continue };
            let at = other.cadence.as_ref().filter(|times| times.is_on(date));
            let Some(at) = at.and_then(|times| occurrence_on(times, date)) else { continue };
            let duty =
                OtherDuty { name: other.name.clone(), channel: other.channel.clone(), at, is_recorded: true };
            times.note(&mut busy, (&user, &duty), self.length_of(other));
        }
        self.expect_busy(context, programme, &times, &mut busy).await?;
        Ok(busy)
    }

    /// Adds who has a turn in an older sync of the channel as things stand. Of two syncs the younger gives way, so that both are planned
    /// alike, also if the younger is looked at first.
    async fn expect_busy(
        &self,
        context: &Context,
        programme: &Programme,
        times: &Times<'_>,
        busy: &mut [Busy],
    ) -> Result<(), Failure> {
        let of_channel = context.store.programmes_in(NAME, &programme.channel).await?;
        let older = of_channel.into_iter().filter(|other| other.id < programme.id && other.is_running());
        for other in older.take(MOST_OF_CHANNEL) {
            let length = self.length_of(&other);
            let mut coming = self.coming(context, &other).await?;
            let last = coming.iter().rposition(|at| times.overlap(at, length));
            coming.truncate(last.map_or(0, |last| last + 1));
            if coming.is_empty() {
                continue;
            }
            for turn in Box::pin(self.turns_on(context, &other, coming)).await? {
                let duty = OtherDuty {
                    name: other.name.clone(),
                    channel: other.channel.clone(),
                    at: turn.at,
                    is_recorded: false,
                };
                for user in turn.lead.iter().chain(&turn.scribe) {
                    times.note(busy, (user, &duty), length);
                }
            }
        }
        Ok(())
    }

    fn length_of(&self, programme: &Programme) -> Duration {
        Duration::minutes(i64::from(self.minutes(&Options::read(&programme.settings))))
    }
}
