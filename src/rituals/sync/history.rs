//! What has been: who led the last syncs, and how many turns each person has had of those that were theirs.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::{
    Syncs,
    messages::{self, PastSync, PersonTurns},
    options::Options,
    plan::{LEAD, Policy, SCRIBE, asked_last, often_refused},
    store,
};
use crate::{
    common::{
        programmes::ChannelPeople,
        promises::{self, KeptRate},
    },
    model::{event::Reply, failure::Failure, people::UserId},
    ritual::{Answer, Context},
    store::programmes::Programme,
};

/// The number of past syncs that people are shown.
const SYNCS_SHOWN: i64 = 8;
/// After how many refusals in a row the organisers read of a person.
const REFUSALS_IN_A_ROW: usize = 3;

impl Syncs {
    /// Answers with the last syncs of each of these programmes, the newest first, and what was written down about them.
    pub(super) async fn show_history<'c>(
        &'c self,
        context: &'c Context,
        programmes: Vec<Programme>,
        number: Option<usize>,
    ) -> Result<Answer<'c>, Failure> {
        let number = number.and_then(|number| i64::try_from(number).ok()).unwrap_or(SYNCS_SHOWN);
        let mut shown = Vec::new();
        for programme in programmes {
            let number = number.clamp(1, SYNCS_SHOWN);
            let past = store::past(&context.store, &programme.id, number).await?;
            let mut notes = match past.first() {
                Some(first) => {
                    store::notes::since(&context.store, &programme.id, first.occasion.date).await?
                }
                None => BTreeMap::new(),
            };
            let past = past.into_iter().rev().map(|called| PastSync {
                date: called.occasion.date,
                lead: called.occasion.duties.get(LEAD).cloned(),
                scribe: called.occasion.duties.get(SCRIBE).cloned(),
                notes: notes.remove(&called.occasion.date).unwrap_or_default(),
            });
            shown.push((programme.name, past.collect()));
        }
        Ok(Answer::reply(Reply::Ephemeral(messages::history(&shown))))
    }

    /// Answers with the turns of the people of each of these programmes, and how many questions got a yes. Its organisers also read
    /// this of each person, who has said no, or nothing, several times in a row, and how many of its promises were kept.
    pub(super) async fn show_stats<'c>(
        &'c self,
        context: &'c Context,
        programmes: Vec<Programme>,
        user: UserId,
    ) -> Result<Answer<'c>, Failure> {
        let mut shown = Vec::new();
        for programme in programmes {
            let (since, mut turns, led_by_others) = self.turns_of_people(context, &programme).await?;
            let is_organiser = programme.organisers.contains(&user);
            let answered = turns.iter().filter_map(|turns| turns.answers);
            let answers = answered.fold((0, 0), |(yes, asked), one| (yes + one.0, asked + one.1));
            for other in turns.iter_mut().filter(|turns| !is_organiser && turns.person != user) {
                other.answers = None;
            }
            let reactions = store::reactions(&context.store, &programme.id).await?;
            let here = |id: &UserId| turns.iter().any(|turns| turns.person == *id);
            let mut last = asked_last(&reactions, &turns.iter().map(|turns| turns.person.clone()).collect());
            last.retain(|person| is_organiser || *person == user);
            let (mut refusing, kept) = if is_organiser {
                let kept = promises::kept_rate(context, &programme).await?;
                (often_refused(&reactions, REFUSALS_IN_A_ROW), kept)
            } else {
                (BTreeSet::new(), KeptRate::default())
            };
            refusing.retain(here);
            let order = Options::read(&programme.settings).order;
            shown.push(messages::SyncStats {
                is_in_order: order.policy() == Policy::RoundRobin,
                name: programme.name,
                since,
                turns,
                led_by_others,
                answers,
                refusing: refusing.into_iter().collect(),
                asked_last: last.into_iter().collect(),
                kept: kept.shown(),
            });
        }
        Ok(Answer::reply(Reply::Ephemeral(messages::stats(&shown, &self.command))))
    }

    /// Returns the turns of the people who take part, by name, the date of the first sync that counts, and how many were led by people who
    /// don't take part any more.
    async fn turns_of_people(
        &self,
        context: &Context,
        programme: &Programme,
    ) -> Result<(Option<NaiveDate>, Vec<PersonTurns>, u32), Failure> {
        let (since, mut balances) = self.balances(context, programme).await?;
        let zone = self.programmes(context).times(programme)?.zone;
        let today = context.now.with_timezone(&zone).date_naive();
        let mut answers = store::answers_of(&context.store, &programme.id, today).await?;
        let mut people = ChannelPeople::load(context, programme).await?.on(None).here;
        people.sort_by_cached_key(|person| (person.name.to_lowercase(), person.id.clone()));
        let turns = people.into_iter().map(|person| {
            let turns = balances.remove(&person.id);
            let answers = answers.remove(&person.id);
            PersonTurns {
                led: turns.map_or(0, |turns| turns.led),
                owed: turns.map_or(0.0, |turns| turns.owed),
                person: person.id,
                answers,
            }
        });
        let turns = turns.collect();
        Ok((since, turns, balances.values().map(|turns| turns.led).sum()))
    }
}
