//! Starting, moving and stopping a channel's chats, and who takes part in them.

use std::collections::BTreeSet;

use chrono_tz::Tz;

use super::{
    About, Asked, Coffee, NAME, ROUND, holidays, is_direct, members_of,
    messages::{self, Past, Reader, Standing},
    next_round, origin,
    request::{Word, says_times, typed},
    save, save_or, store,
};
use crate::{
    model::{
        cadence::{Cadence, Occurrence},
        clock::Instant,
        effect::{Effect, Target},
        event::{Action, Command, Reply},
        failure::Failure,
        message::Message,
        owner::Owner,
        people::{ChannelId, ChannelState, Closed, UserId},
    },
    rituals::ritual::{Saved, Visit},
    store::{
        outbox,
        programmes::{self, Programme},
        runs,
        unit::Unit,
    },
};

/// How many dates a preview names.
const DATES: usize = 3;
/// How many past rounds `status` tells of.
const PAST_ROUNDS: usize = 3;
/// Among how many runs they are looked for.
const PAST_RUNS: i64 = 12;
/// How many dates are looked at for two that fall on one day.
const LOOK_AHEAD: usize = 8;

impl Coffee {
    /// Times may stand by themselves, as in `every Tuesday at 10:00`; other text is refused.
    pub(super) async fn times_or_nothing(
        &self,
        visit: &Visit,
        command: &Command,
        meant: Option<Word>,
    ) -> Result<Reply, Failure> {
        let text = typed(&command.text);
        let zone = zone_of(visit, &command.user).await?;
        let today = visit.now.with_timezone(&zone).date_naive();
        if (meant.is_none() && says_times(&text)) || Cadence::parse(&text, zone, today).is_ok() {
            return self.propose(visit, command, &text).await;
        }
        Err(Failure::refuse(messages::unknown(&command.text, meant, &self.command)))
    }

    /// Shows how chats would be at these times, with a button that starts them or moves those that there are.
    pub(super) async fn propose(
        &self,
        visit: &Visit,
        command: &Command,
        when: &str,
    ) -> Result<Reply, Failure> {
        let channel = &command.channel;
        if is_direct(channel) {
            return Err(Failure::refuse(messages::no_channel(&self.command)));
        }
        self.works_in(visit, channel).await?;
        let zone = zone_of(visit, &command.user).await?;
        let cadence = self.cadence(visit, zone, when)?;
        let on_holidays = holidays::on_holidays(&cadence, visit.now);
        let except = holidays::except(when, &on_holidays, zone, visit.now);
        let holidays = (on_holidays.as_slice(), except.as_deref());
        let dates = cadence.upcoming(free_from(visit, channel, &cadence).await?, DATES);
        let today = visit.now.with_timezone(&zone).date_naive();
        let value = serde_json::to_string(&cadence).map_err(|error| Failure::Fail(error.into()))?;
        let running = visit.store.programme_in(&visit.team, NAME, channel).await?;
        Ok(Reply::Ephemeral(match running {
            Some(programme) if same_times(&programme.cadence, &cadence) => {
                messages::same_times(&programme.cadence, next_round(visit, &programme).await?.as_ref())
            }
            Some(programme) => {
                self.may_manage(visit, &programme, &command.user).await?;
                messages::preview_of_move(&programme.cadence, &cadence, (&dates, today), holidays, value)
            }
            None => {
                let members = members_of(visit, channel, dates.first().map(|next| next.wall)).await?;
                let unread = visit.store.members_still_unread(&visit.team, channel, &visit.bot).await?;
                messages::preview(&cadence, members.here.len(), unread, (&dates, today), holidays, value)
            }
        }))
    }

    /// Refuses where the bot cannot work, and says only what is known. A channel of which that is not enough is read.
    async fn works_in(&self, visit: &Visit, channel: &ChannelId) -> Result<(), Failure> {
        let refused = match visit.store.channel_state(&visit.team, channel).await? {
            ChannelState::Open { .. } => return Ok(()),
            ChannelState::Closed(Closed::NotIn) => messages::not_here(&visit.bot),
            ChannelState::Closed(Closed::Archived) => messages::archived(),
            ChannelState::Closed(Closed::Direct) => messages::no_channel(&self.command),
            ChannelState::Unread { refused: None } => messages::still_reading(),
            ChannelState::Unread { refused: Some(error) } => messages::cannot_read(&error),
        };
        visit.miss_a_channel(channel);
        Err(Failure::refuse(refused))
    }

    /// Reads times as a person typed them, in their zone unless they name another.
    fn cadence(&self, visit: &Visit, zone: Tz, when: &str) -> Result<Cadence, Failure> {
        let today = visit.now.with_timezone(&zone).date_naive();
        let cadence = Cadence::parse(when, zone, today)
            .map(|cadence| cadence.counted_from(visit.now))
            .map_err(|error| Failure::refuse(messages::not_understood(&error, &self.command)))?;
        let coming = cadence.upcoming(visit.now, LOOK_AHEAD);
        let days: BTreeSet<_> = coming.iter().map(|next| next.wall.date()).collect();
        if days.len() < coming.len() {
            return Err(Failure::refuse(messages::twice_a_day()));
        }
        Ok(cadence)
    }

    /// Starts the chats of a preview. It may be old, so everything is looked at anew.
    pub(super) async fn start(&self, visit: &Visit, action: &Action) -> Result<Reply, Failure> {
        let (channel, cadence, next) = self.chosen(visit, action).await?;
        self.works_in(visit, &channel).await?;
        let programme = would_be(visit, &channel, &action.user, cadence);
        let known = members_of(visit, &channel, Some(next.wall)).await?.here.len();
        let unread = visit.store.members_still_unread(&visit.team, &channel, &visit.bot).await?;
        let people = unread.unwrap_or(known);
        let mut unit = Unit::new();
        programmes::start(&mut unit, &visit.team, &programme)?;
        runs::put(&mut unit, &visit.team, (&programme.id, NAME), ROUND, "", next);
        let (user, cadence) = (&action.user, &programme.cadence);
        let message = messages::announcement(user, cadence, &next, &programme.id, &self.command);
        announce(&mut unit, visit, of(&programme), &action.user, message)?;
        let asked = Asked::PressedInAnswer(action);
        match save(visit, unit, asked, messages::started(&next, people)).await? {
            Saved::Yes(reply) => Ok(reply),
            // Another person was quicker.
            Saved::No(_) => self.say_times(visit, &channel, &action.user, asked).await,
        }
    }

    pub(super) async fn move_to(&self, visit: &Visit, action: &Action) -> Result<Reply, Failure> {
        let (channel, cadence, next) = self.chosen(visit, action).await?;
        let programme = self.here(visit, &channel, &action.user).await?;
        self.may_manage(visit, &programme, &action.user).await?;
        let asked = Asked::PressedInAnswer(action);
        let before = next_round(visit, &programme).await?;
        let mut unit = Unit::new();
        if let Some(before) = before {
            let dates = (before.wall.date(), next.wall.date());
            store::move_skips(&mut unit, &visit.team, &channel, dates);
        }
        programmes::move_to(&mut unit, &visit.team, &programme.id, &cadence)?;
        runs::put_away(&mut unit, &visit.team, &programme.id, Some((ROUND, next)), visit.now);
        runs::put(&mut unit, &visit.team, (&programme.id, NAME), ROUND, "", next);
        let message = messages::announcement_of_move(&action.user, &programme.cadence, &cadence, &next);
        announce(&mut unit, visit, of(&programme), &action.user, message)?;
        let moved = messages::moved(&programme.cadence, &cadence, &next);
        match save(visit, unit, asked, moved).await? {
            Saved::Yes(reply) => Ok(reply),
            // The chats have ended, or these are their times since another press.
            Saved::No(_) => self.say_times(visit, &channel, &action.user, asked).await,
        }
    }

    /// Answers with the times that a channel's chats have.
    async fn say_times(
        &self,
        visit: &Visit,
        channel: &ChannelId,
        user: &UserId,
        asked: Asked<'_>,
    ) -> Result<Reply, Failure> {
        let running = self.here(visit, channel, user).await?;
        let next = next_round(visit, &running).await?;
        let message = messages::same_times(&running.cadence, next.as_ref());
        save_or(visit, Unit::new(), asked, message, messages::over()).await
    }

    /// Asks before chats end, since they are everybody's.
    pub(super) async fn ask_to_stop(
        &self,
        visit: &Visit,
        programme: Programme,
        user: &UserId,
        asked: Asked<'_>,
    ) -> Result<Reply, Failure> {
        self.may_manage(visit, &programme, user).await?;
        let next = next_round(visit, &programme).await?;
        let members = members_of(visit, &programme.channel, next.map(|next| next.wall)).await?;
        let people = members.here.len() + members.skipping.len();
        let message = messages::ask_to_stop(&programme.channel, people, next.as_ref(), &programme.id);
        save_or(visit, Unit::new(), asked, message, messages::over()).await
    }

    pub(super) async fn stop(
        &self,
        visit: &Visit,
        programme: Programme,
        user: &UserId,
        asked: Asked<'_>,
    ) -> Result<Reply, Failure> {
        self.may_manage(visit, &programme, user).await?;
        let mut unit = Unit::new();
        programmes::end(&mut unit, &visit.team, &programme.id, visit.now);
        runs::put_away(&mut unit, &visit.team, &programme.id, None, visit.now);
        let owner = Owner::Programme(programme.id.clone());
        outbox::withdraw(&mut unit, &visit.team, &owner, visit.now);
        store::rest_unreached(&mut unit, &visit.team, &programme, visit.now);
        let farewell = messages::announcement_of_stop(user, &self.command);
        announce(&mut unit, visit, (&programme, Owner::None), user, farewell)?;
        save_or(visit, unit, asked, messages::stopped(&programme.channel), messages::over()).await
    }

    /// Lets the organiser and the admins of the workspace pass.
    async fn may_manage(&self, visit: &Visit, programme: &Programme, user: &UserId) -> Result<(), Failure> {
        let known = visit.store.people(&visit.team, std::slice::from_ref(user)).await?;
        if programme.organiser == *user || known.get(user).is_some_and(|person| person.admin) {
            return Ok(());
        }
        // Chats whose organiser has gone, or that have come to their end, are anybody's.
        let organiser = visit.store.people(&visit.team, std::slice::from_ref(&programme.organiser)).await?;
        if organiser.get(&programme.organiser).is_some_and(|person| person.deactivated)
            || next_round(visit, programme).await?.is_none()
        {
            return Ok(());
        }
        Err(Failure::refuse(messages::not_yours(&programme.organiser, &self.command)))
    }

    /// Where a button of a preview was pressed, the times that it holds, and when they come next. A preview may be old: of
    /// another release, or of times that are over.
    async fn chosen(
        &self,
        visit: &Visit,
        action: &Action,
    ) -> Result<(ChannelId, Cadence, Occurrence), Failure> {
        let outdated = || Failure::refuse(messages::outdated(&self.command));
        let cadence = serde_json::from_str::<Cadence>(&action.value).map_err(|_| outdated())?;
        let channel = action.channel.clone().ok_or_else(outdated)?;
        let next = cadence.next(free_from(visit, &channel, &cadence).await?).ok_or_else(outdated)?;
        Ok((channel, cadence, next))
    }

    pub(super) async fn status(&self, visit: &Visit, command: &Command) -> Result<Reply, Failure> {
        let programme = self.here(visit, &command.channel, &command.user).await?;
        let next = next_round(visit, &programme).await?.map(|next| next.wall);
        let members = members_of(visit, &programme.channel, next).await?;
        let here: Vec<UserId> = members.here.into_iter().map(|person| person.id).collect();
        let past = past(visit, &programme).await?;
        let standing = Standing {
            cadence: &programme.cadence,
            organiser: &programme.organiser,
            next,
            here: &here,
            skipping: members.skipping.len(),
            reader: match &command.user {
                user if members.left.contains(user) => Reader::HasLeft,
                user if members.skipping.contains(user) => Reader::Skips,
                user if here.contains(user) => Reader::TakesPart,
                _ => Reader::IsNotSeen,
            },
            past: &past,
            closed: match visit.store.channel_state(&visit.team, &programme.channel).await? {
                ChannelState::Closed(closed) => Some((closed, &visit.bot)),
                ChannelState::Open { .. } | ChannelState::Unread { .. } => None,
            },
        };
        Ok(Reply::Ephemeral(messages::status(&standing, &self.command)))
    }
}

/// Whether two cadences come at the same times, whenever they were said: `every 2 weeks` may count from other weeks.
fn same_times(one: &Cadence, other: &Cadence) -> bool {
    one == other
}

/// From when on a round can come: a day that had its round has no other.
async fn free_from(visit: &Visit, channel: &ChannelId, cadence: &Cadence) -> Result<Instant, Failure> {
    let mut after = visit.now;
    while let Some(next) = cadence.next(after) {
        if !store::had_round(&visit.store, &visit.team, channel, next.wall.date()).await? {
            break;
        }
        after = next.at;
    }
    Ok(after)
}

/// The zone of a person's own clock.
async fn zone_of(visit: &Visit, user: &UserId) -> Result<Tz, Failure> {
    let known = visit.store.people(&visit.team, std::slice::from_ref(user)).await?;
    Ok(known.get(user).and_then(|person| person.zone).unwrap_or(visit.zone))
}

/// Chats as they would be.
fn would_be(visit: &Visit, channel: &ChannelId, user: &UserId, cadence: Cadence) -> Programme {
    Programme {
        id: visit.entropy.id(visit.now),
        ritual: NAME.to_owned(),
        channel: channel.clone(),
        organiser: user.clone(),
        cadence,
        started_at: visit.now,
        ended_at: None,
    }
}

/// A programme, and itself as the owner of what is said of it.
fn of(programme: &Programme) -> (&Programme, Owner) {
    (programme, Owner::Programme(programme.id.clone()))
}

/// Tells the channel what a person has done to a programme. Each announcement is one thing that is seen, so it has a key of
/// its own. What it owns is withdrawn when it ends, so its farewell has no owner.
fn announce(
    unit: &mut Unit,
    visit: &Visit,
    (programme, owner): (&Programme, Owner),
    user: &UserId,
    message: Message,
) -> Result<(), Failure> {
    let key = format!("coffee/news/{}", visit.entropy.id(visit.now));
    let to = Target::Channel(programme.channel.clone());
    let about = origin(&About::Programme(programme.id.clone()))?;
    let effect = Effect { owner, ..Effect::post(about, key, to, message, visit.now).caused_by(user) };
    Ok(outbox::enqueue(unit, &visit.team, &effect, visit.now)?)
}

/// What became of the last rounds.
async fn past(visit: &Visit, programme: &Programme) -> Result<Vec<(chrono::NaiveDateTime, Past)>, Failure> {
    let runs = visit.store.past_runs(&visit.team, &programme.id, PAST_RUNS).await?;
    let held = store::held(&visit.store, &visit.team, &programme.channel, PAST_RUNS).await?;
    let told = |run: runs::Past| {
        let date = run.wall.date().to_string();
        let past = match held.iter().find(|held| held.date == date) {
            Some(held) if run.outcome == runs::Ended::Done.as_str() => Past::Held(held.clone()),
            // Why it failed is written for the operator.
            _ if run.outcome == runs::Ended::Failed.as_str() => Past::Failed,
            _ => Past::LeftOut(run.remark),
        };
        (run.wall, past)
    };
    // What was planned and then moved elsewhere is no news to anybody.
    let came = runs.into_iter().filter(|run| run.outcome != runs::Ended::PutAway.as_str());
    Ok(came.take(PAST_ROUNDS).map(told).collect())
}
