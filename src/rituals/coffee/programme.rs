//! Starting, moving and stopping a channel's chats, and who takes part in them.

use std::collections::BTreeSet;

use chrono::Duration;
use chrono_tz::Tz;

use super::{
    About, Coffee, NAME, ROUND, holidays, is_direct, members_of,
    messages::{self, Past, Reader, Standing},
    next_round, origin,
    request::{Word, says_times, typed},
    store, times,
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
    rituals::ritual::{Answer, Context, Handling, put_occasion},
    store::{
        occasions,
        programmes::{self, Programme},
        runs,
        unit::Unit,
    },
};

/// Why a round is cancelled when its chats are moved, and when they are stopped.
const MOVED: &str = "the chats were moved to other times";
const STOPPED: &str = "the chats were stopped";
/// How many dates a preview names.
const DATES: usize = 3;
/// How many past rounds `status` tells of.
const PAST_ROUNDS: usize = 3;
/// Among how many runs they are looked for.
const PAST_RUNS: i64 = 12;
/// How far away a first round is at least, in minutes: people need some time to opt out.
const FIRST_ROUND_MINUTES: i64 = 60;
/// How many dates are looked at for two that fall on one day.
const LOOK_AHEAD: usize = 8;

impl Coffee {
    /// Times may stand by themselves, as in `every Tuesday at 10:00`; other text is refused.
    pub(super) async fn times_or_nothing<'c>(
        &'c self,
        context: &'c Context,
        command: &Command,
        meant: Option<Word>,
    ) -> Result<Answer<'c>, Failure> {
        let text = typed(&command.text);
        let zone = zone_of(context, &command.user).await?;
        let today = context.now.with_timezone(&zone).date_naive();
        if (meant.is_none() && says_times(&text)) || Cadence::parse(&text, zone, today).is_ok() {
            return self.propose(context, command, &text).await;
        }
        Err(Failure::refuse(messages::unknown(&command.text, meant, &self.command)))
    }

    /// Shows how chats would be at these times, with a button that starts them or moves those that there are.
    pub(super) async fn propose<'c>(
        &'c self,
        context: &'c Context,
        command: &Command,
        when: &str,
    ) -> Result<Answer<'c>, Failure> {
        let channel = &command.channel;
        if is_direct(channel) {
            return Err(Failure::refuse(messages::no_channel(&self.command)));
        }
        let former = context.store.programmes_in(NAME, channel).await?.into_iter().next();
        let running = former.as_ref().and_then(running_times).cloned();
        // Both are asked before either is said, so that what is not known of both is read at once.
        let works = self.works_in(context, channel).await;
        if running.is_none() {
            self.may_start(context, &command.user).await?;
        }
        works?;
        let zone = zone_of(context, &command.user).await?;
        let cadence = self.cadence(context, zone, when)?;
        let on_holidays = holidays::on_holidays(&cadence, context.now);
        let except = holidays::except(when, &on_holidays, zone, context.now);
        let holidays = (on_holidays.as_slice(), except.as_deref());
        let programme = former.unwrap_or_else(|| would_be(context, channel, &command.user, &cadence));
        let soonest = free_from(context, &programme.id, &cadence, context.now).await?;
        let first = match running {
            Some(_) => soonest,
            None => free_from(context, &programme.id, &cadence, first_from(context)).await?,
        };
        let dates = cadence.upcoming(first, DATES);
        let too_near = cadence.next(soonest).filter(|next| next.at <= first).map(|next| next.wall);
        if let (Some(only), []) = (too_near, &dates[..]) {
            return Err(Failure::refuse(messages::too_soon(only)));
        }
        let today = context.now.with_timezone(&zone).date_naive();
        let value = serde_json::to_string(&cadence).map_err(|error| Failure::Fail(error.into()))?;
        Ok(Answer::reply(Reply::Ephemeral(match running {
            Some(now) if now == cadence => {
                messages::same_times(&now, next_round(context, &programme).await?.as_ref())
            }
            Some(now) => {
                self.may_manage(context, &programme, &command.user).await?;
                messages::preview_of_move(&now, &cadence, (&dates, today), holidays, value)
            }
            None => {
                let members = members_of(context, &programme, dates.first().map(|next| next.wall)).await?;
                let unread = context.store.members_still_unread(channel, &context.bot).await?;
                let (people, dates) = (members.here.len(), (&dates[..], today));
                messages::preview(&cadence, people, unread, dates, too_near, holidays, value)
            }
        })))
    }

    /// Refuses where the bot cannot work, and says only what is known. A channel of which that is not enough is read.
    async fn works_in(&self, context: &Context, channel: &ChannelId) -> Result<(), Failure> {
        let refused = match context.store.channel_state(channel).await? {
            ChannelState::Open { .. } => return Ok(()),
            ChannelState::Closed(Closed::NotIn) => messages::not_here(&context.bot),
            ChannelState::Closed(Closed::Archived) => messages::archived(),
            ChannelState::Closed(Closed::Direct) => messages::no_channel(&self.command),
            ChannelState::Unread { refused: None } => messages::still_reading(),
            ChannelState::Unread { refused: Some(error) } => messages::cannot_read(&error),
        };
        context.miss_a_channel(channel);
        Err(Failure::refuse(refused))
    }

    /// Reads times as a person typed them, in their zone unless they name another.
    fn cadence(&self, context: &Context, zone: Tz, when: &str) -> Result<Cadence, Failure> {
        let today = context.now.with_timezone(&zone).date_naive();
        let cadence = Cadence::parse(when, zone, today)
            .map(|cadence| cadence.counted_from(context.now))
            .map_err(|error| Failure::refuse(messages::not_understood(&error, &self.command)))?;
        let coming = cadence.upcoming(context.now, LOOK_AHEAD);
        let days: BTreeSet<_> = coming.iter().map(|next| next.wall.date()).collect();
        if days.len() < coming.len() {
            return Err(Failure::refuse(messages::twice_a_day()));
        }
        Ok(cadence)
    }

    /// Starts the chats of a preview. It may be old, so everything is looked at anew.
    pub(super) async fn start<'c>(
        &'c self,
        context: &'c Context,
        action: Action,
    ) -> Result<Answer<'c>, Failure> {
        let (channel, cadence) = self.chosen(&action)?;
        self.may_start(context, &action.user).await?;
        self.works_in(context, &channel).await?;
        let former = context.store.programmes_in(NAME, &channel).await?.into_iter().next();
        let mut programme = would_be(context, &channel, &action.user, &cadence);
        if let Some(former) = former {
            programme.id = former.id;
        }
        let next = self.next_free(context, &programme.id, &cadence, first_from(context)).await?;
        let known = members_of(context, &programme, Some(next.wall)).await?.here.len();
        let unread = context.store.members_still_unread(&channel, &context.bot).await?;
        let people = unread.unwrap_or(known);
        let mut unit = Unit::new();
        programmes::start(&mut unit, &context.team, &programme)?;
        put_occasion(&mut unit, &context.team, self, &programme, next, context.now);
        let message = messages::announcement(&action.user, &cadence, &next, &programme.id, &self.command);
        announce(&mut unit, context, &programme, message)?;
        let started = Answer::new(unit, Reply::Replace(messages::started(&next, people)));
        // Another person was quicker.
        Ok(started.or_else(move |_| Box::pin(self.say_times(context, channel, action.user))))
    }

    /// Moves chats to other times. A round of which people have heard already keeps its date.
    pub(super) fn move_to<'c>(&'c self, context: &'c Context, action: Action) -> Handling<'c> {
        Box::pin(self.moved(context, action))
    }

    async fn moved<'c>(&'c self, context: &'c Context, action: Action) -> Result<Answer<'c>, Failure> {
        let (channel, cadence) = self.chosen(&action)?;
        let programme = self.here(context, &channel, &action.user).await?;
        self.may_manage(context, &programme, &action.user).await?;
        let (team, owner, now) = (&context.team, Owner::Programme(programme.id.clone()), context.now);
        let mut unit = Unit::new();
        let (mut from, mut moved) = (now, None);
        for occasion in context.store.occasions_from(&programme.id, now).await? {
            if occasion.has_begun {
                from = from.max(occasion.at);
            } else {
                occasions::cancel(&mut unit, team, &programme.id, occasion.planned_for, MOVED, now);
                runs::cancel_occasion(&mut unit, team, &owner, occasion.planned_for, MOVED, now);
                moved = moved.or(Some(occasion.planned_for.date()));
            }
        }
        let next = self.next_free(context, &programme.id, &cadence, from).await?;
        if let Some(date) = moved {
            store::move_skips(&mut unit, team, &programme.id, (date, next.wall.date()));
        }
        programmes::move_to(&mut unit, team, &programme.id, &cadence, from)?;
        put_occasion(&mut unit, team, self, &programme, next, now);
        let old = times(&programme)?;
        let message = messages::announcement_of_move(&action.user, old, &cadence, &next);
        announce(&mut unit, context, &programme, message)?;
        let moved = Answer::new(unit, Reply::Replace(messages::moved(old, &cadence, &next)));
        Ok(moved.or_else(move |guard| match guard {
            // The round began in this instant, so it keeps its date.
            occasions::BEGUN => self.move_to(context, action),
            // The chats have ended, or these are their times since another press.
            _ => Box::pin(self.say_times(context, channel, action.user)),
        }))
    }

    /// Answers with the times that a channel's chats have.
    async fn say_times<'c>(
        &'c self,
        context: &'c Context,
        channel: ChannelId,
        user: UserId,
    ) -> Result<Answer<'c>, Failure> {
        let running = self.here(context, &channel, &user).await?;
        let next = next_round(context, &running).await?;
        Ok(Answer::reply(Reply::Replace(messages::same_times(times(&running)?, next.as_ref()))))
    }

    /// Asks before chats end, since they are everybody's.
    pub(super) async fn ask_to_stop<'c>(
        &self,
        context: &Context,
        programme: Programme,
        user: &UserId,
    ) -> Result<Answer<'c>, Failure> {
        self.may_manage(context, &programme, user).await?;
        let next = next_round(context, &programme).await?;
        let members = members_of(context, &programme, next.map(|next| next.wall)).await?;
        let people = members.here.len() + members.skipping.len() + members.away.len();
        let which = start_of(&programme);
        let message = messages::ask_to_stop(&programme.channel, people, next.as_ref(), &which);
        Ok(Answer::reply(Reply::Ephemeral(message)))
    }

    pub(super) async fn stop<'c>(
        &self,
        context: &Context,
        programme: Programme,
        action: &Action,
    ) -> Result<Answer<'c>, Failure> {
        // A question of before a new start does not end what was started since.
        if action.value != start_of(&programme) {
            return Err(Failure::refuse(messages::over()));
        }
        let user = &action.user;
        self.may_manage(context, &programme, user).await?;
        let mut unit = Unit::new();
        programmes::end(&mut unit, &context.team, &programme.id, context.now);
        runs::cancel(&mut unit, &context.team, &Owner::Programme(programme.id.clone()), STOPPED, context.now);
        announce(&mut unit, context, &programme, messages::announcement_of_stop(user, &self.command))?;
        let stopped = Answer::new(unit, Reply::Replace(messages::stopped(&programme.channel)));
        Ok(stopped.or_refuse(Failure::refuse(messages::over())))
    }

    /// Where a button of a preview was pressed, and the times that it holds. A preview may be of another release.
    fn chosen(&self, action: &Action) -> Result<(ChannelId, Cadence), Failure> {
        let outdated = || Failure::refuse(messages::outdated(&self.command));
        let cadence = serde_json::from_str::<Cadence>(&action.value).map_err(|_| outdated())?;
        Ok((action.channel.clone().ok_or_else(outdated)?, cadence))
    }

    /// When times come next after an instant, on a day that had no round yet. A preview may be old, and its times over.
    async fn next_free(
        &self,
        context: &Context,
        programme: &str,
        cadence: &Cadence,
        after: Instant,
    ) -> Result<Occurrence, Failure> {
        let from = free_from(context, programme, cadence, after).await?;
        cadence.next(from).ok_or_else(|| Failure::refuse(messages::outdated(&self.command)))
    }

    pub(super) async fn status<'c>(
        &self,
        context: &Context,
        command: &Command,
    ) -> Result<Answer<'c>, Failure> {
        let programme = self.here(context, &command.channel, &command.user).await?;
        let next = next_round(context, &programme).await?.map(|next| next.wall);
        let members = members_of(context, &programme, next).await?;
        let here: Vec<UserId> = members.here.into_iter().map(|person| person.id).collect();
        let past = past(context, &programme).await?;
        let standing = Standing {
            cadence: times(&programme)?,
            organisers: &programme.organisers,
            next,
            here: &here,
            skipping: members.skipping.len() + members.away.len(),
            reader: match &command.user {
                user if members.left.contains(user) => Reader::HasLeft,
                user if members.skipping.contains(user) => Reader::Skips,
                user if members.away.contains(user) => Reader::IsAway,
                user if here.contains(user) => Reader::TakesPart,
                _ => Reader::IsNotSeen,
            },
            past: &past,
            closed: match context.store.channel_state(&programme.channel).await? {
                ChannelState::Closed(closed) => Some((closed, &context.bot)),
                ChannelState::Open { .. } | ChannelState::Unread { .. } => None,
            },
        };
        Ok(Answer::reply(Reply::Ephemeral(messages::status(&standing, &self.command))))
    }
}

/// Which start of a programme a question is about: its id and the instant, as a button holds them.
fn start_of(programme: &Programme) -> String {
    format!("{} {}", programme.id, programme.started_at.timestamp_millis())
}

/// When a programme comes that goes on.
fn running_times(programme: &Programme) -> Option<&Cadence> {
    programme.cadence.as_ref().filter(|_| programme.ended_at.is_none())
}

/// From when on a round can come: a day that had its round has no other.
async fn free_from(
    context: &Context,
    programme: &str,
    cadence: &Cadence,
    from: Instant,
) -> Result<Instant, Failure> {
    let mut after = from;
    while let Some(next) = cadence.next(after) {
        if !store::had_round(&context.store, programme, next.wall.date()).await? {
            break;
        }
        after = next.at;
    }
    Ok(after)
}

/// From when on the first round of new chats can come.
fn first_from(context: &Context) -> Instant {
    // What comes next comes later than the instant that is asked for.
    context.now + Duration::minutes(FIRST_ROUND_MINUTES) - Duration::milliseconds(1)
}

/// The zone of a person's own clock.
async fn zone_of(context: &Context, user: &UserId) -> Result<Tz, Failure> {
    Ok(context.store.zone_of(user).await?.unwrap_or(context.zone))
}

/// Chats as they would be.
fn would_be(context: &Context, channel: &ChannelId, user: &UserId, cadence: &Cadence) -> Programme {
    let cadence = Some(cadence.clone());
    Programme::new(context.id(), NAME, channel.clone(), user.clone(), cadence, context.now)
}

/// Tells the channel. Each announcement is one thing that is seen, so it has a key of its own.
fn announce(
    unit: &mut Unit,
    context: &Context,
    programme: &Programme,
    message: Message,
) -> Result<(), Failure> {
    let key = format!("coffee/news/{}", context.id());
    let to = Target::Channel(programme.channel.clone());
    let about = origin(&About::Programme(programme.id.clone()))?;
    let effect = Effect::post(about, key, to, message, context.now);
    Ok(context.enqueue(unit, &effect)?)
}

/// What became of the last rounds.
async fn past(
    context: &Context,
    programme: &Programme,
) -> Result<Vec<(chrono::NaiveDateTime, Past)>, Failure> {
    let runs = context.store.past_runs(&programme.id, ROUND, PAST_RUNS).await?;
    let held = store::held(&context.store, &programme.id, PAST_RUNS).await?;
    let told = |run: runs::PastRun| {
        let date = run.wall.date().to_string();
        let past = match held.iter().find(|held| held.date == date) {
            Some(held) if run.outcome == runs::RunOutcome::Done.as_str() => Past::Held(held.clone()),
            // Why it failed is written for the operator.
            _ if run.outcome == runs::RunOutcome::Failed.as_str() => Past::Failed,
            _ => Past::LeftOut(run.remark),
        };
        (run.wall, past)
    };
    // What was planned and then moved elsewhere is no news to anybody.
    let came = runs.into_iter().filter(|run| run.outcome != runs::RunOutcome::Cancelled.as_str());
    Ok(came.take(PAST_ROUNDS).map(told).collect())
}
