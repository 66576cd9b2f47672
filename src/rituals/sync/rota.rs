//! Who has the next turns, from the past and from the people who are there now.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use chrono::{NaiveDate, Weekday};
use chrono_tz::Tz;
use ring::digest;

use super::{
    Syncs,
    busy::Busy,
    changing::occurrence_on,
    messages::NextTurn,
    options::Options,
    plan::{
        self, LEAD, Occasion, Phase, Policy, Preferences, RollCall, Rules, SCRIBE, Steps, Turn, Turns,
        balances, turns, without_a_yes,
    },
    store,
};
use crate::{
    common::{
        people::{PersonSettings, WorkTime, store::departments_of},
        programmes::ChannelPeople,
    },
    model::{cadence::Occurrence, failure::Failure, people::UserId},
    ritual::Context,
    store::programmes::{Programme, name_key},
};

/// The number of turns that people are shown.
pub(super) const TURNS_SHOWN: usize = 8;
/// The number of turns that a preview shows.
pub(super) const FIRST_TURNS: usize = 4;
/// The number of past syncs that are counted: ten years of weekly ones.
const SYNCS_COUNTED: i64 = 520;

/// Who has the duties of a date, by the names of the duties.
pub(super) type Duties = BTreeMap<String, UserId>;

impl Syncs {
    /// Assigns the duties of dates to come.
    pub(super) async fn assign(
        &self,
        context: &Context,
        programme: &Programme,
        coming: Vec<RollCall>,
    ) -> Result<Vec<Duties>, Failure> {
        let past = store::past(&context.store, &programme.id, SYNCS_COUNTED).await?;
        let options = Options::read(&programme.settings);
        let preferences = self.preferences(context, programme, &options, &coming).await?;
        let rules = rules_of(programme, &options);
        // A long past takes some milliseconds, in which this thread has other things to do.
        let planned = tokio::task::spawn_blocking(move || turns(&past, &coming, &rules, &preferences)).await;
        planned.map_err(|error| Failure::Fail(error.into()))
    }

    /// Returns each person's turns of leading, and the date of the first sync that counts.
    pub(super) async fn balances(
        &self,
        context: &Context,
        programme: &Programme,
    ) -> Result<(Option<NaiveDate>, BTreeMap<UserId, Turns>), Failure> {
        let past = store::past(&context.store, &programme.id, SYNCS_COUNTED).await?;
        let since = past.first().map(|first| first.occasion.date);
        let rules = rules_of(programme, &Options::read(&programme.settings));
        let counted = tokio::task::spawn_blocking(move || balances(&past, &rules)).await;
        Ok((since, counted.map_err(|error| Failure::Fail(error.into()))?))
    }

    /// Returns the roll calls of dates to come with what is settled of them. A person who has a turn and can't lead any more has
    /// none.
    pub(super) async fn settled(
        &self,
        context: &Context,
        programme: &Programme,
        mut coming: Vec<RollCall>,
    ) -> Result<Vec<RollCall>, Failure> {
        let Some(first) = coming.first().map(|called| called.occasion.date) else { return Ok(coming) };
        let turns = store::turns_from(&context.store, &programme.id, first).await?;
        let mut refusals = store::refusals_from(&context.store, &programme.id, first).await?;
        let has_scribes = Options::read(&programme.settings).scribe;
        let reactions = store::reactions(&context.store, &programme.id).await?;
        let mut others = self.busy_at(context, programme, &coming).await?.into_iter();
        for Occasion { date, available, declined, asked_last, busy, declined_notes, duties, .. } in
            coming.iter_mut().map(|called| &mut called.occasion)
        {
            *busy = others.next().unwrap_or_default().into_keys().collect();
            let turn = turns.get(date);
            let holder = turn.and_then(Turn::holder).filter(|user| available.contains(*user));
            duties.extend(holder.map(|user| (LEAD.to_owned(), user.clone())));
            let refused = refusals.remove(date).unwrap_or_default();
            *asked_last = plan::asked_last(&reactions, available);
            // A person who has said nothing about the lead may take notes.
            *declined_notes = refused.declined_notes.union(&refused.declined).cloned().collect();
            *declined = without_a_yes(available, asked_last, (&refused.declined, &refused.silent));
            let scribe = turn.and_then(|turn| turn.scribe.as_ref()).filter(|_| has_scribes);
            // They lead if no one else does.
            let can_lead = |user: &UserId| holder == Some(user) || !declined.contains(user);
            let scribe = scribe.filter(|scribe| {
                available.contains(*scribe)
                    && holder != Some(*scribe)
                    && available.iter().any(|user| user != *scribe && can_lead(user))
            });
            duties.extend(scribe.map(|user| (SCRIBE.to_owned(), user.clone())));
        }
        Ok(coming)
    }

    /// Returns for each of these roll calls who has a duty elsewhere at the time of the sync.
    async fn busy_at(
        &self,
        context: &Context,
        programme: &Programme,
        coming: &[RollCall],
    ) -> Result<Vec<Busy>, Failure> {
        let times = self.programmes(context).times(programme)?;
        let dates = coming.iter().filter_map(|called| {
            let Occasion { date, available, .. } = &called.occasion;
            Some((occurrence_on(times, *date)?, available.clone()))
        });
        let dates: Vec<_> = dates.collect();
        if dates.len() < coming.len() {
            return Ok(Vec::new());
        }
        self.busy_on(context, programme, &dates).await
    }

    /// Returns what decides on these dates between people whose turns don't.
    async fn preferences(
        &self,
        context: &Context,
        programme: &Programme,
        options: &Options,
        coming: &[RollCall],
    ) -> Result<Preferences, Failure> {
        let dates = coming.iter().map(|roll_call| roll_call.occasion.date);
        let busy = match (dates.clone().min(), dates.max()) {
            (Some(first), Some(last)) => {
                let weeks = (first.week(Weekday::Mon).first_day(), last.week(Weekday::Mon).last_day());
                store::duties_elsewhere(&context.store, &programme.id, weeks).await?
            }
            _ => BTreeMap::new(),
        };
        let departments = if options.departments {
            departments_of(&context.store, &programme.channel, &context.departments).await?
        } else {
            BTreeMap::new()
        };
        let mut booked: BTreeMap<UserId, Vec<NaiveDate>> = BTreeMap::new();
        if let Some(first) = coming.first() {
            for (date, turn) in store::turns_from(&context.store, &programme.id, first.occasion.date).await? {
                if let Some(lead) = turn.lead() {
                    booked.entry(lead.clone()).or_default().push(date);
                }
            }
        }
        let order = options.in_order().to_vec();
        Ok(Preferences { departments, busy, booked, order })
    }

    /// Returns the people who lead one after the other, in their order; none where shares decide.
    pub(super) async fn order_of(
        &self,
        context: &Context,
        programme: &Programme,
    ) -> Result<Vec<UserId>, Failure> {
        let options = Options::read(&programme.settings);
        if options.order.policy() != Policy::RoundRobin {
            return Ok(Vec::new());
        }
        let here = ChannelPeople::load(context, programme).await?.on(None).here;
        let mut people: Vec<UserId> = here.into_iter().map(|person| person.id).collect();
        plan::put_in_order(&mut people, |id| id, options.in_order());
        Ok(people)
    }

    /// Returns who has the duties at these times, as things stand.
    pub(super) async fn turns_on(
        &self,
        context: &Context,
        programme: &Programme,
        dates: Vec<Occurrence>,
    ) -> Result<Vec<NextTurn>, Failure> {
        let people = ChannelPeople::load(context, programme).await?;
        let called = |at: &Occurrence| {
            let mut called = roll_call(&people, at.wall.date());
            called.occasion.at_night = at_night(&people, at, context.zone);
            called
        };
        let coming = dates.iter().map(called).collect();
        let mut coming = self.settled(context, programme, coming).await?;
        self.expect_lead(context, programme, (&dates, &mut coming)).await?;
        let duties = self.assign(context, programme, coming).await?;
        let first = dates.iter().map(|date| date.wall.date()).min().unwrap_or_default();
        let recorded = store::turns_from(&context.store, &programme.id, first).await?;
        let turn = |(at, mut duties): (Occurrence, Duties)| {
            let lead = duties.remove(LEAD);
            let said_yes = recorded.get(&at.wall.date()).and_then(Turn::lead);
            let is_settled = lead.is_some() && said_yes == lead.as_ref();
            NextTurn { at, lead, is_settled, scribe: duties.remove(SCRIBE) }
        };
        Ok(dates.into_iter().zip(duties).map(turn).collect())
    }

    /// Adds who is asked to lead the first of these syncs, or would be at this instant, once its time has come: people who can't be told
    /// any more come later then.
    async fn expect_lead(
        &self,
        context: &Context,
        programme: &Programme,
        (dates, coming): (&[Occurrence], &mut [RollCall]),
    ) -> Result<(), Failure> {
        let (Some(at), Some(first)) = (dates.first(), coming.first_mut()) else { return Ok(()) };
        if first.occasion.duties.contains_key(LEAD) {
            return Ok(());
        }
        let steps = Steps::plan(self.programmes(context).times(programme)?, programme.from_at, *at);
        if matches!(steps.phase(context.now), Phase::Early | Phase::Over) {
            return Ok(());
        }
        let ahead = self.ahead_at(context, programme.clone(), *at).await?;
        let lead = self.expected_lead(context, &ahead).await?;
        first.occasion.duties.extend(lead.map(|lead| (LEAD.to_owned(), lead)));
        Ok(())
    }

    /// Returns who leads at this time, as things stand.
    pub(super) async fn lead_at(
        &self,
        context: &Context,
        programme: &Programme,
        at: Occurrence,
    ) -> Result<Option<UserId>, Failure> {
        let turns = self.turns_on(context, programme, vec![at]).await?;
        Ok(turns.into_iter().next().and_then(|turn| turn.lead))
    }

    /// Returns when the next syncs of a programme are, none in a pause that doesn't end by itself.
    pub(super) async fn coming(
        &self,
        context: &Context,
        programme: &Programme,
    ) -> Result<Vec<Occurrence>, Failure> {
        let programmes = self.programmes(context);
        let Some(first) = programmes.next(programme).await? else { return Ok(Vec::new()) };
        let later = programmes.times(programme)?.upcoming(first.at, TURNS_SHOWN - 1);
        Ok([first].into_iter().chain(later).collect())
    }

    /// Returns the next turns of a programme, none in a pause that doesn't end by itself.
    pub(super) async fn next_turns(
        &self,
        context: &Context,
        programme: &Programme,
    ) -> Result<Vec<NextTurn>, Failure> {
        let coming = self.coming(context, programme).await?;
        self.turns_on(context, programme, coming).await
    }
}

/// Returns the rules of a programme with these options.
fn rules_of(programme: &Programme, options: &Options) -> Rules {
    Rules {
        roles: options.roles(),
        policy: options.order.policy(),
        alternate_departments: options.departments,
        seed: seed_of(programme),
    }
}

/// Calls the people of a channel for a date.
pub(super) fn roll_call(people: &ChannelPeople, date: NaiveDate) -> RollCall {
    let participants = people.on(Some(date));
    let available = participants.here.into_iter().map(|person| person.id).collect();
    let absent = participants.skipping.into_iter().chain(participants.away).collect();
    RollCall::coming(date, available, absent)
}

/// Returns when a person of a channel works; `usual` is the zone of people whose own isn't known.
pub(super) fn work_time<'p>(people: &'p ChannelPeople, user: &UserId, usual: Tz) -> WorkTime<'p> {
    static USUAL: LazyLock<PersonSettings> = LazyLock::new(PersonSettings::default);
    let person = people.people.iter().find(|person| person.id == *user);
    let zone = person.and_then(|person| person.zone).unwrap_or(usual);
    WorkTime::of(zone, people.settings.get(user).unwrap_or(&USUAL), &people.holidays)
}

/// Returns the people of a channel for whom an occasion is at night, or outside their hours.
pub(super) fn at_night(people: &ChannelPeople, at: &Occurrence, usual: Tz) -> BTreeSet<UserId> {
    let ids = people.people.iter().map(|person| &person.id);
    ids.filter(|id| work_time(people, id, usual).is_night(at.at)).cloned().collect()
}

/// Returns a number that depends on the channel and the name alone, so that a preview, what people are shown and what is announced
/// agree: the first eight bytes of their SHA-256.
fn seed_of(programme: &Programme) -> u64 {
    let known = format!("{}\n{}", programme.channel, name_key(&programme.name));
    let digest = digest::digest(&digest::SHA256, known.as_bytes());
    digest.as_ref().first_chunk().map_or(0, |first| u64::from_be_bytes(*first))
}
