//! A round: who takes part is brought together, and says whether they met.

use std::collections::BTreeSet;

use chrono::Offset as _;

use super::{
    Coffee, EffectSubject, NAME, ROUND,
    messages::{self, RoundProblem},
    notice::{put_called_off, put_past},
    options::Options,
    plan::{self, CoffeeGroup, Participant, RoundInput},
    store,
};
use crate::{
    common::{
        people::{PersonSettings, store as settings},
        programmes::{Readiness, origin, participants_of, put_pause, readiness, tell_organisers, to_person},
    },
    model::{
        cadence::Occurrence,
        effect::{DeliveryGuarantee, DeliveryOutcome, Effect, Keep, Lane, NewEffect, Origin, Target},
        failure::Failure,
        owner::Owner,
        people::{Person, UserId},
        refusal::Refusal,
    },
    ritual::{Context, Ran, Settled},
    store::{programmes::Programme, runs::Run, unit::UnitOfWork},
};

/// How many past rounds the planner looks at: more than a year of weekly ones.
const ROUNDS_KNOWN: i64 = 60;
/// A programme of few rounds looks back so many days all the same, at who has met in other channels.
const DAYS_KNOWN: i64 = 60;
/// An introduction that did not get out within this many days is of no use: the round is half over.
const FRESH_DAYS: i64 = 3;
/// For how long an answer still changes the introduction. People answer until the next round, and a round that comes every
/// other month is a rare one.
const ANSWERABLE_DAYS: i64 = 60;
/// How many rounds in a row may be left out for that before the chats pause.
const SHUT_OUT_ROUNDS: i64 = 3;

impl Coffee {
    /// Load, plan, save.
    pub(super) async fn hold_round(
        &self,
        context: &Context,
        programme: &Programme,
        run: &Run,
    ) -> Result<Ran, Failure> {
        match readiness(context, programme).await? {
            Readiness::Ready => {}
            Readiness::BeingRead(waits) => return Ok(waits),
            Readiness::Closed => {
                let is_shut_out = was_shut_out(context, programme).await?;
                let trouble = if is_shut_out { RoundProblem::ShutOut } else { RoundProblem::Closed };
                let mut ran = left_out(context, programme, run, trouble, messages::NOT_IN_CHANNEL)?;
                if is_shut_out {
                    put_pause(&mut ran.unit, context, programme, messages::NOT_IN_CHANNEL).await?;
                }
                return Ok(ran);
            }
        }
        let members = participants_of(context, programme, Some(run.due.wall)).await?;
        if members.here.len() < plan::SMALLEST_GROUP {
            let mut ran = left_out(context, programme, run, RoundProblem::Few, messages::FEW)?;
            put_called_off(&mut ran.unit, context, programme, &run.due)?;
            return Ok(ran);
        }
        let input = self.input(context, programme, members.here, run.due).await?;
        let seed = run.seed.cast_unsigned();
        // Planning may take a tenth of a second, in which this thread has other things to do.
        let planned = tokio::task::spawn_blocking(move || plan::pair(&input, seed)).await;
        let round = planned.map_err(|error| Failure::Fail(error.into()))?;
        let date = run.due.wall.date().to_string();
        let mut unit = UnitOfWork::new();
        store::put_round(&mut unit, &context.team, &programme.id, &date);
        for (place, people) in round.groups.into_iter().enumerate() {
            let group = CoffeeGroup {
                id: context.id(),
                programme: programme.id.clone(),
                channel: programme.channel.clone(),
                date: date.clone(),
                question: messages::question(seed, place).to_owned(),
                people,
            };
            store::put_group(&mut unit, &context.team, &group);
            context.enqueue(&mut unit, &introduction(context, &group, &programme.name)?)?;
        }
        put_past(&mut unit, context, programme, &run.due)?;
        Ok(Ran::done(unit))
    }

    async fn input(
        &self,
        context: &Context,
        programme: &Programme,
        here: Vec<Person>,
        due: Occurrence,
    ) -> Result<RoundInput, Failure> {
        let since = due.wall.date() - chrono::Duration::days(DAYS_KNOWN);
        let history = store::history(&context.store, &programme.id, (ROUNDS_KNOWN, since)).await?;
        let mut departments = context.store.departments(&context.departments).await?;
        let mut settings = settings::of_channel(&context.store, &programme.channel).await?;
        let member = |person: Person| {
            let own = settings.remove(&person.id).unwrap_or_default();
            let zone = person.zone.unwrap_or(context.zone);
            let offset = due.at.with_timezone(&zone).offset().fix().local_minus_utc() / 60;
            let group = departments.remove(&person.id);
            planned(person.id, group, offset, &own)
        };
        let members: Vec<Participant> = here.into_iter().map(member).collect();
        let history = of_these(history, &members);
        let size = Options::read(&programme.settings).group_size;
        Ok(RoundInput { members, history, apart: Vec::new(), size: size.unwrap_or(self.settings.group_size) })
    }

    /// What follows from what became of one of the ritual's messages.
    pub(super) async fn settled(
        &self,
        context: &Context,
        origin: &Origin,
        outcome: &DeliveryOutcome,
    ) -> Result<Settled, Failure> {
        let Ok(EffectSubject::Group(id)) = serde_json::from_str(&origin.note) else {
            return self.programmes(context).settled(origin, outcome).await;
        };
        let mut unit = UnitOfWork::new();
        match outcome {
            DeliveryOutcome::Sent { .. } | DeliveryOutcome::Done => {
                store::introduced(&mut unit, &context.team, &id, context.now);
                // It was on its way while the chats were stopped.
                if let Some(group) = store::group(&context.store, &id).await? {
                    let programme = context.store.programme(&group.programme).await?;
                    let name = programme.map(|programme| programme.name).unwrap_or_default();
                    let message = messages::introduction_over(&group, &name);
                    let work = Effect::Post { to: Target::Group(group.people), message };
                    context.amend_if_over(&mut unit, &introduction_key(&id), &work)?;
                }
            }
            DeliveryOutcome::Dropped(_) => store::unreached(&mut unit, &context.team, &id, context.now),
            DeliveryOutcome::Refused(refusal, error) => {
                return not_introduced(context, &id, *refusal, error).await;
            }
        }
        Ok(Settled::with(unit))
    }
}

/// The rounds in which at least two of these people were together, as their groups.
fn of_these(history: Vec<Vec<Vec<UserId>>>, members: &[Participant]) -> Vec<Vec<Vec<UserId>>> {
    let known: BTreeSet<&UserId> = members.iter().map(|member| &member.id).collect();
    let is_theirs =
        |group: &Vec<UserId>| group.iter().filter(|person| known.contains(person)).nth(1).is_some();
    let theirs = |round: Vec<Vec<UserId>>| round.into_iter().filter(is_theirs).collect::<Vec<_>>();
    let rounds: Vec<Vec<Vec<UserId>>> =
        history.into_iter().map(theirs).filter(|round| !round.is_empty()).collect();
    let first = rounds.len().saturating_sub(usize::try_from(ROUNDS_KNOWN).unwrap_or(usize::MAX));
    rounds.into_iter().skip(first).collect()
}

/// Whether the bot was not in the channel at the last rounds before this one either.
async fn was_shut_out(context: &Context, programme: &Programme) -> Result<bool, Failure> {
    let before = SHUT_OUT_ROUNDS - 1;
    let past = context.store.past_runs(&programme.id, ROUND, before).await?;
    let is_enough = i64::try_from(past.len()) == Ok(before);
    Ok(is_enough && past.iter().all(|past| past.remark == messages::NOT_IN_CHANNEL))
}

/// A person as the planner sees them. Their own department counts before the user group that they are in, and differs from its
/// handle in case, if at all. The planner takes everyone's working day to lie around half past twelve, so a person who works
/// later counts as living further west.
fn planned(id: UserId, group: Option<String>, offset_minutes: i32, own: &PersonSettings) -> Participant {
    Participant {
        id,
        department: own.department_or(group),
        utc_offset_minutes: Some(offset_minutes - own.works_later_by()),
    }
}

/// A round that is not held. Its organiser hears of it.
fn left_out(
    context: &Context,
    programme: &Programme,
    run: &Run,
    trouble: RoundProblem<'_>,
    why: &str,
) -> Result<Ran, Failure> {
    let mut ran = Ran::skipped(why);
    tell_organiser(&mut ran.unit, context, programme, &run.due.wall.date().to_string(), trouble)?;
    Ok(ran)
}

/// Tells the organiser once a round what stands in the way.
fn tell_organiser(
    unit: &mut UnitOfWork,
    context: &Context,
    programme: &Programme,
    round: &str,
    trouble: RoundProblem<'_>,
) -> Result<(), Failure> {
    let message = messages::trouble(trouble, &programme.channel, &programme.id, &context.bot);
    tell_organisers(unit, context, NAME, programme, (round, &message))
}

/// A group could not be introduced. Where it is for one of its people, each hears of it alone; where Slack refuses for
/// another reason it would refuse all groups, so the organiser hears of it once, and the introductions stay to be sent when
/// that is mended.
async fn not_introduced(
    context: &Context,
    id: &str,
    refusal: Refusal,
    error: &str,
) -> Result<Settled, Failure> {
    let Some(group) = store::group(&context.store, id).await? else {
        return Ok(Settled::given_up());
    };
    let mut unit = UnitOfWork::new();
    if refusal == Refusal::Person {
        store::unreached(&mut unit, &context.team, id, context.now);
        for person in &group.people {
            let others: Vec<UserId> = group.people.iter().filter(|other| *other != person).cloned().collect();
            let message = messages::not_introduced(&others, &group.channel);
            let key = format!("coffee/alone/{id}/{person}");
            context.enqueue(&mut unit, &to_person(context, NAME, key, person, message)?)?;
        }
        return Ok(Settled::with(unit));
    }
    if let Some(programme) = context.store.programme(&group.programme).await? {
        tell_organiser(&mut unit, context, &programme, &group.date, RoundProblem::Refused(error))?;
    }
    Ok(Settled { unit, is_settled: false })
}

pub(super) fn introduction_key(group: &str) -> String {
    format!("coffee/group/{group}")
}

/// The message that brings a group together. A round has many, so answers that people wait for come first.
fn introduction(context: &Context, group: &CoffeeGroup, name: &str) -> Result<NewEffect, Failure> {
    let to = Target::Group(group.people.clone());
    let message = messages::introduction(group, name);
    let about = Origin { wants_sent: true, ..origin(NAME, &EffectSubject::Group(group.id.clone()))? };
    Ok(NewEffect {
        owner: Owner::Programme(group.programme.clone()),
        lane: Lane::Bulk,
        delivery: DeliveryGuarantee::AtLeastOnce,
        keep: Keep::Until(context.now + chrono::Duration::days(ANSWERABLE_DAYS)),
        expires_at: Some(context.now + chrono::Duration::days(FRESH_DAYS)),
        ..NewEffect::post(about, introduction_key(&group.id), to, message, context.now)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::common::people::Hours;

    #[test]
    fn own_settings_count_before_what_slack_says() {
        let own = PersonSettings {
            department: Some("Ops".to_owned()),
            work: Hours::new(14 * 60, 22 * 60),
            ..PersonSettings::default()
        };
        let member = |own: &PersonSettings| {
            let planned = planned("ana".into(), Some("design".to_owned()), 60, own);
            (planned.department, planned.utc_offset_minutes)
        };
        assert_eq!(member(&own), (Some("ops".to_owned()), Some(-270)));
        assert_eq!(member(&PersonSettings::default()), (Some("design".to_owned()), Some(60)));
    }
}
