//! A round: who takes part is brought together, and says whether they met.

use chrono::Offset as _;

use super::{
    About, Asked, Coffee, members_of,
    messages::{self, Trouble},
    next_round, origin,
    plan::{self, Input, Member},
    questions::question,
    save, save_or,
    store::{self, Group, NewRound},
    to_person,
};
use crate::{
    model::{
        clock::Instant,
        effect::{Delivery, DeliveryOutcome, Effect, Keep, Lane, Origin, Target, Work},
        event::{Action, Reply},
        failure::Failure,
        message::Message,
        owner::Owner,
        people::{ChannelState, Person, UserId},
        refusal::Refusal,
    },
    rituals::ritual::{Ran, Saved, Visit},
    store::{outbox, people::channels, programmes::Programme, runs::Run, unit::Unit},
};

/// How many past rounds the planner looks at: more than a year of weekly ones.
const ROUNDS_KNOWN: i64 = 60;
/// An introduction that did not get out within this many days is of no use: the round is half over.
const FRESH_DAYS: i64 = 3;
/// For how long an answer still changes the introduction. People answer until the next round, and a round that comes every
/// other month is a rare one.
const ANSWERABLE_DAYS: i64 = 60;

impl Coffee {
    /// Load, plan, save.
    pub(super) async fn hold_round(
        &self,
        visit: &Visit,
        programme: &Programme,
        run: &Run,
    ) -> Result<Ran, Failure> {
        let channel = &programme.channel;
        match visit.store.channel_state(&visit.team, channel).await? {
            ChannelState::Open { .. } => {}
            ChannelState::Closed(_) => {
                return left_out(visit, programme, run, Trouble::Closed, "I wasn't in the channel");
            }
            ChannelState::Unread { .. } => {
                let mut unit = Unit::new();
                channels::want_for_person(&mut unit, &visit.team, channel, visit.now);
                visit.store.commit(unit).await?;
                return Err(Failure::Retry(anyhow::anyhow!("the channel {channel} is still being read")));
            }
        }
        if visit.store.members_still_unread(&visit.team, channel, &visit.bot).await?.is_some() {
            return Err(Failure::Retry(anyhow::anyhow!("the people of {channel} are still being read")));
        }
        let members = members_of(visit, &programme.channel, Some(run.due.wall)).await?;
        if members.here.len() < plan::SMALLEST_GROUP {
            return left_out(visit, programme, run, Trouble::Few, "fewer than two people took part");
        }
        let input = self.input(visit, programme, members.here, run.due.at).await?;
        let seed = run.seed.cast_unsigned();
        // Planning may take a tenth of a second, in which this thread has other things to do.
        let planned = tokio::task::spawn_blocking(move || (plan::pair(&input, seed), input)).await;
        let (round, input) = planned.map_err(|error| Failure::Fail(error.into()))?;
        let date = run.due.wall.date().to_string();
        let mut unit = Unit::new();
        let new = NewRound {
            programme: &programme.id,
            channel: &programme.channel,
            date: &date,
            seed: run.seed,
            input: &input,
        };
        store::put_round(&mut unit, &visit.team, &new, visit.now)?;
        for (place, people) in round.groups.into_iter().enumerate() {
            let group = Group {
                id: visit.entropy.id(visit.now),
                programme: programme.id.clone(),
                channel: programme.channel.clone(),
                date: date.clone(),
                question: question(seed, place).to_owned(),
                people,
            };
            store::put_group(&mut unit, &visit.team, &group);
            outbox::enqueue(&mut unit, &visit.team, &introduction(visit, &group)?, visit.now)?;
        }
        Ok(Ran::done(unit))
    }

    async fn input(
        &self,
        visit: &Visit,
        programme: &Programme,
        here: Vec<Person>,
        at: Instant,
    ) -> Result<Input, Failure> {
        let history = store::history(&visit.store, &visit.team, &programme.channel, ROUNDS_KNOWN).await?;
        let mut departments = visit.store.departments(&visit.team, &self.departments).await?;
        let member = |person: Person| Member {
            department: departments.remove(&person.id),
            utc_offset_minutes: Some(
                at.with_timezone(&person.zone.unwrap_or(visit.zone)).offset().fix().local_minus_utc() / 60,
            ),
            id: person.id,
        };
        let members = here.into_iter().map(member).collect();
        Ok(Input { members, history, apart: Vec::new(), size: self.settings.group_size })
    }
}

/// What follows from what became of one of the ritual's messages.
pub(super) async fn settled(
    visit: &Visit,
    origin: &Origin,
    outcome: &DeliveryOutcome,
) -> Result<Option<Unit>, Failure> {
    let about = serde_json::from_str::<About>(&origin.note).unwrap_or(About::Aside);
    match (about, outcome) {
        (About::Group(id), DeliveryOutcome::Sent { .. }) => {
            let mut unit = Unit::new();
            store::introduced(&mut unit, &visit.team, &id, visit.now);
            Ok(Some(unit))
        }
        (About::Group(id), DeliveryOutcome::Dropped(_)) => {
            let mut unit = Unit::new();
            store::unreached(&mut unit, &visit.team, &id, visit.now);
            Ok(Some(unit))
        }
        (About::Group(id), DeliveryOutcome::Refused(refusal, error)) => {
            not_introduced(visit, &id, *refusal, error).await
        }
        (About::Programme(id), DeliveryOutcome::Refused(_, error)) => {
            let Some(programme) = visit.store.programme(&visit.team, &id).await? else { return Ok(None) };
            let mut unit = Unit::new();
            if programme.ended_at.is_none() {
                tell_organiser(&mut unit, visit, &programme, "news", Trouble::Silenced(error))?;
            }
            Ok(Some(unit))
        }
        // An answer, or a DM to a person who has left, needs no attention.
        (About::Aside, DeliveryOutcome::Refused(Refusal::Person, _)) => Ok(Some(Unit::new())),
        (About::Aside | About::Programme(_), _) => Ok(None),
    }
}

/// A round that is not held. Its organiser hears of it.
fn left_out(
    visit: &Visit,
    programme: &Programme,
    run: &Run,
    trouble: Trouble<'_>,
    why: &str,
) -> Result<Ran, Failure> {
    let mut ran = Ran::skipped(why);
    tell_organiser(&mut ran.unit, visit, programme, &run.due.wall.date().to_string(), trouble)?;
    Ok(ran)
}

/// Tells the organiser once a round what stands in the way.
fn tell_organiser(
    unit: &mut Unit,
    visit: &Visit,
    programme: &Programme,
    round: &str,
    trouble: Trouble<'_>,
) -> Result<(), Failure> {
    let key = format!("coffee/trouble/{}/{round}", programme.id);
    let message = messages::trouble(trouble, &programme.channel, &programme.id, &visit.bot);
    let effect = to_person(visit, key, &programme.organiser, message)?;
    Ok(outbox::enqueue_once(unit, &visit.team, &effect, visit.now)?)
}

/// A group could not be introduced. Where it is for one of its people, each hears of it alone; where Slack refuses for
/// another reason it would refuse all groups, so the organiser hears of it once, and the introductions stay to be sent when
/// that is mended.
async fn not_introduced(
    visit: &Visit,
    id: &str,
    refusal: Refusal,
    error: &str,
) -> Result<Option<Unit>, Failure> {
    let Some(group) = store::group(&visit.store, &visit.team, id).await? else { return Ok(None) };
    let mut unit = Unit::new();
    if refusal == Refusal::Person {
        store::unreached(&mut unit, &visit.team, id, visit.now);
        for person in &group.people {
            let others: Vec<UserId> = group.people.iter().filter(|other| *other != person).cloned().collect();
            let message = messages::not_introduced(&others, &group.channel);
            let key = format!("coffee/alone/{id}/{person}");
            outbox::enqueue(&mut unit, &visit.team, &to_person(visit, key, person, message)?, visit.now)?;
        }
        return Ok(Some(unit));
    }
    if let Some(programme) = visit.store.programme(&visit.team, &group.programme).await? {
        tell_organiser(&mut unit, visit, &programme, &group.date, Trouble::Refused(error))?;
        visit.store.commit(unit).await?;
    }
    Ok(None)
}

/// A person says that their group met.
pub(super) async fn met(visit: &Visit, action: &Action) -> Result<Reply, Failure> {
    let group = own_group(visit, action).await?;
    let changed = messages::introduction_met(&group, &action.user);
    say_whether(visit, action, &group, true, changed, messages::thanks()).await
}

/// A person says that their group has not met yet, or takes back that it has.
pub(super) async fn not_yet(visit: &Visit, action: &Action) -> Result<Reply, Failure> {
    let group = own_group(visit, action).await?;
    let latest = store::held(&visit.store, &visit.team, &group.channel, 1).await?;
    let is_latest = latest.first().is_none_or(|latest| latest.date == group.date);
    let next = match visit.store.programme(&visit.team, &group.programme).await? {
        Some(programme) if is_latest => next_round(visit, &programme).await?,
        _ => None,
    };
    let changed = messages::introduction(&group);
    say_whether(visit, action, &group, false, changed, messages::no_rush(next.as_ref())).await
}

/// Only those who were put together answer for their group.
async fn own_group(visit: &Visit, action: &Action) -> Result<Group, Failure> {
    let group = store::group(&visit.store, &visit.team, &action.value).await?;
    let group = group.ok_or_else(|| Failure::refuse(messages::unknown_group()))?;
    if group.people.contains(&action.user) {
        return Ok(group);
    }
    Err(Failure::refuse(messages::not_your_group()))
}

async fn say_whether(
    visit: &Visit,
    action: &Action,
    group: &Group,
    met: bool,
    changed: Message,
    answer: Message,
) -> Result<Reply, Failure> {
    let mut unit = Unit::new();
    store::answer(&mut unit, &visit.team, &group.id, met, visit.now);
    let work = Work::Post { to: Target::Group(group.people.clone()), message: changed };
    outbox::amend(&mut unit, &visit.team, &introduction_key(&group.id), &work, visit.now)?;
    match save(visit, unit, Asked::Pressed(action), answer.clone()).await? {
        Saved::Yes(reply) => Ok(reply),
        // It is known already, so nothing changes; the person is answered all the same.
        Saved::No(_) => save_or(visit, Unit::new(), Asked::Pressed(action), answer, messages::over()).await,
    }
}

fn introduction_key(group: &str) -> String {
    format!("coffee/group/{group}")
}

/// The message that brings a group together. A round has many, so answers that people wait for come first.
fn introduction(visit: &Visit, group: &Group) -> Result<Effect, Failure> {
    let to = Target::Group(group.people.clone());
    let message = messages::introduction(group);
    let about = Origin { wants_sent: true, ..origin(&About::Group(group.id.clone()))? };
    Ok(Effect {
        owner: Owner::Programme(group.programme.clone()),
        lane: Lane::Bulk,
        delivery: Delivery::AtLeastOnce,
        keep: Keep::Until(visit.now + chrono::Duration::days(ANSWERABLE_DAYS)),
        expires_at: Some(visit.now + chrono::Duration::days(FRESH_DAYS)),
        ..Effect::post(about, introduction_key(&group.id), to, message, visit.now)
    })
}
