//! Starting a channel's chats: the preview of times, and the press that begins them.

use std::collections::BTreeSet;

use chrono::{Duration, NaiveDateTime};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::{
    Coffee, NAME,
    changing::announce,
    holidays,
    members::Participants,
    members_of, messages, next_round,
    request::{Verb, says_times, times_and_name, typed},
    store, times,
    which::is_direct,
};
use crate::{
    common::setup::{self, LONGEST_NAME},
    model::{
        cadence::{Cadence, NotUnderstood, Occurrence},
        clock::Instant,
        event::{Action, Command, Reply},
        failure::{Failure, Lookup},
        people::{ChannelId, ChannelState, Closed, UserId},
    },
    ritual::{Answer, Context, put_occasion},
    store::{
        programmes::{self, Programme},
        unit::UnitOfWork,
    },
};

/// How many dates a preview names.
pub(super) const DATES: usize = 3;
/// How far away a first round is at least, in minutes: people need some time to opt out.
const FIRST_ROUND_MINUTES: i64 = 60;
/// How many dates are looked at for two that fall on one day.
const LOOK_AHEAD: usize = 8;

/// What the button of a preview holds.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Chosen {
    pub(super) cadence: Cadence,
    pub(super) name: String,
}

/// What is wrong with times.
pub(super) enum WrongTimes {
    /// They were not understood.
    NotUnderstood(NotUnderstood),
    /// They come twice on one day.
    TwiceADay,
}

/// The rounds that times would bring.
pub(super) struct Rounds {
    /// The next ones.
    pub(super) dates: Vec<Occurrence>,
    /// One that is left out since it is less than an hour away.
    pub(super) too_near: Option<NaiveDateTime>,
}

/// What begins chats.
pub(super) struct Beginning {
    pub(super) unit: UnitOfWork,
    /// The first round.
    pub(super) next: Occurrence,
    /// How many people are there.
    pub(super) people: usize,
}

impl Coffee {
    /// Times may stand by themselves, as in `every Tuesday at 10:00`; other text is refused.
    pub(super) async fn times_or_nothing<'c>(
        &'c self,
        context: &'c Context,
        command: &Command,
        meant: Option<Verb>,
    ) -> Result<Answer<'c>, Failure> {
        let text = typed(&command.text);
        let zone = zone_of(context, &command.user).await?;
        let today = context.now.with_timezone(&zone).date_naive();
        if (meant.is_none() && says_times(&text))
            || Cadence::parse(times_and_name(&text).0, zone, today).is_ok()
        {
            return self.propose(context, command, &text).await;
        }
        Err(Failure::refuse(messages::unknown(&command.text, meant, &self.command)))
    }

    /// Shows how chats would be at these times, with a button that starts them or moves those that there are. Without times,
    /// chats that were stopped are offered again as they were.
    pub(super) async fn propose<'c>(
        &'c self,
        context: &'c Context,
        command: &Command,
        text: &str,
    ) -> Result<Answer<'c>, Failure> {
        let channel = &command.channel;
        if is_direct(channel) {
            return Err(Failure::refuse(messages::no_channel(&self.command)));
        }
        let (when, name) = times_and_name(text);
        let name = kept_name(name)?;
        let former = self.former(context, channel, &name).await?;
        let running = former.as_ref().and_then(running_times).cloned();
        // Both are asked before either is said, so that what is not known of both is read at once.
        let works = self.works_in(context, channel).await;
        if running.is_none() {
            self.may_start(context, &command.user).await?;
        }
        works?;
        let zone = zone_of(context, &command.user).await?;
        let before = former.as_ref().filter(|_| when.is_empty()).and_then(|former| former.cadence.clone());
        let cadence = match before {
            Some(cadence) => cadence.counted_from(context.now),
            None => self.cadence(context, zone, when)?,
        };
        let on_holidays = holidays::on_holidays(&cadence, context.now);
        let except = holidays::except(when, &on_holidays, zone, context.now);
        let holidays = (on_holidays.as_slice(), except.as_deref().filter(|_| !when.is_empty()));
        let programme = former.unwrap_or_else(|| would_be(context, channel, &command.user, &cadence, &name));
        let Rounds { dates, too_near } =
            rounds_of(context, &programme.id, &cadence, running.is_none()).await?;
        let today = context.now.with_timezone(&zone).date_naive();
        let chosen = Chosen { cadence: cadence.clone(), name: programme.name.clone() };
        let value = serde_json::to_string(&chosen).map_err(|error| Failure::Fail(error.into()))?;
        Ok(Answer::reply(Reply::Ephemeral(match running {
            Some(now) if now == cadence => {
                messages::same_times(&now, next_round(context, &programme).await?.as_ref())
            }
            Some(now) => {
                self.may_manage(context, &programme, &command.user).await?;
                messages::preview_of_move(&programme.name, (&now, &cadence), (&dates, today), holidays, value)
            }
            None => {
                let members = members_of(context, &programme, dates.first().map(|next| next.wall)).await?;
                let people = takers(context, &programme, &members).await?;
                let proposal = messages::Proposal {
                    channel: None,
                    name: &name,
                    cadence: &cadence,
                    people,
                    dates: (&dates, today),
                    too_near,
                    holidays,
                };
                messages::preview(&proposal, value)
            }
        })))
    }

    /// Refuses where the bot cannot work, and says only what is known. A channel of which that is not enough is read.
    pub(super) async fn works_in(&self, context: &Context, channel: &ChannelId) -> Result<(), Failure> {
        let refused = match context.store.channel_state(channel).await? {
            ChannelState::Open { .. } => return Ok(()),
            ChannelState::Closed(Closed::NotIn) => messages::not_here(&context.bot),
            ChannelState::Closed(Closed::Archived) => messages::archived(),
            ChannelState::Closed(Closed::Direct) => messages::no_channel(&self.command),
            ChannelState::Unread { refused: None } => {
                return Err(Failure::Later(Lookup::Channel(channel.clone())));
            }
            ChannelState::Unread { refused: Some(error) } => messages::cannot_read(&error),
        };
        context.miss_a_channel(channel);
        Err(Failure::refuse(refused))
    }

    /// Reads times as a person typed them, in their zone unless they name another.
    fn cadence(&self, context: &Context, zone: Tz, when: &str) -> Result<Cadence, Failure> {
        read_times(when, zone, context.now).map_err(|wrong| {
            Failure::refuse(match wrong {
                WrongTimes::NotUnderstood(error) => messages::not_understood(&error, &self.command),
                WrongTimes::TwiceADay => messages::twice_a_day(),
            })
        })
    }

    /// Starts the chats of a preview. It may be old, so everything is looked at anew.
    pub(super) async fn start<'c>(
        &'c self,
        context: &'c Context,
        action: Action,
    ) -> Result<Answer<'c>, Failure> {
        let (channel, Chosen { cadence, name }) = self.chosen(&action)?;
        self.may_start(context, &action.user).await?;
        self.works_in(context, &channel).await?;
        let former = self.former(context, &channel, &name).await?;
        if let Some(running) = former.as_ref().filter(|former| former.ended_at.is_none()) {
            // Another person was quicker.
            return say_times(context, running).await;
        }
        let mut programme = would_be(context, &channel, &action.user, &cadence, &name);
        if let Some(former) = former {
            (programme.id, programme.settings) = (former.id, former.settings);
        }
        let Beginning { unit, next, people } = self.begin(context, &action.user, &programme).await?;
        let started =
            Answer::new(unit, Reply::Replace(messages::started(&next, people, &programme.name, None)));
        Ok(started.or_else(move |_| Box::pin(self.started_by_another(context, channel, name))))
    }

    /// What begins a programme as it would be: its first occasion, and the announcement.
    pub(super) async fn begin(
        &self,
        context: &Context,
        user: &UserId,
        programme: &Programme,
    ) -> Result<Beginning, Failure> {
        let (channel, cadence) = (&programme.channel, times(programme)?);
        let next = self.next_free(context, &programme.id, cadence, first_from(context)).await?;
        let known = members_of(context, programme, Some(next.wall)).await?.here.len();
        let unread = context.store.members_still_unread(channel, &context.bot).await?;
        let mut unit = UnitOfWork::new();
        programmes::start(&mut unit, &context.team, programme)?;
        put_occasion(&mut unit, &context.team, self, programme, next, context.now);
        let called = (programme.name.as_str(), programme.id.as_str());
        let message = messages::announcement(user, called, cadence, &next, &self.command);
        announce(&mut unit, context, programme, message)?;
        Ok(Beginning { unit, next, people: unread.unwrap_or(known) })
    }

    pub(super) async fn started_by_another<'c>(
        &'c self,
        context: &'c Context,
        channel: ChannelId,
        name: String,
    ) -> Result<Answer<'c>, Failure> {
        let running = self.former(context, &channel, &name).await?;
        let running = running.ok_or_else(|| Failure::refuse(messages::over()))?;
        say_times(context, &running).await
    }

    /// Where a button of a preview was pressed, and what it holds. A preview may be of another release.
    pub(super) fn chosen(&self, action: &Action) -> Result<(ChannelId, Chosen), Failure> {
        let outdated = || Failure::refuse(messages::outdated(&self.command));
        let chosen = serde_json::from_str::<Chosen>(&action.value).map_err(|_| outdated())?;
        Ok((action.channel.clone().ok_or_else(outdated)?, chosen))
    }

    /// When times come next after an instant, on a day that had no round yet. A preview may be old, and its times over.
    pub(super) async fn next_free(
        &self,
        context: &Context,
        programme: &str,
        cadence: &Cadence,
        after: Instant,
    ) -> Result<Occurrence, Failure> {
        let from = free_from(context, programme, cadence, after).await?;
        cadence.next(from).ok_or_else(|| Failure::refuse(messages::outdated(&self.command)))
    }
}

/// A name as it is kept and shown; empty where there is none.
pub(super) fn kept_name(typed: &str) -> Result<String, Failure> {
    setup::kept_name(typed).ok_or_else(|| Failure::refuse(messages::long_name(LONGEST_NAME)))
}

/// Reads times that a person typed at an instant, in their zone unless they name another.
pub(super) fn read_times(when: &str, zone: Tz, now: Instant) -> Result<Cadence, WrongTimes> {
    let today = now.with_timezone(&zone).date_naive();
    let cadence = Cadence::parse(when, zone, today).map_err(WrongTimes::NotUnderstood)?.counted_from(now);
    let coming = cadence.upcoming(now, LOOK_AHEAD);
    let days: BTreeSet<_> = coming.iter().map(|next| next.wall.date()).collect();
    if days.len() < coming.len() { Err(WrongTimes::TwiceADay) } else { Ok(cadence) }
}

/// The rounds that times would bring. Refused where the only one is too near for chats that begin.
pub(super) async fn rounds_of(
    context: &Context,
    programme: &str,
    cadence: &Cadence,
    begin: bool,
) -> Result<Rounds, Failure> {
    let soonest = free_from(context, programme, cadence, context.now).await?;
    let first =
        if begin { free_from(context, programme, cadence, first_from(context)).await? } else { soonest };
    let dates = cadence.upcoming(first, DATES);
    let too_near = cadence.next(soonest).filter(|next| next.at <= first).map(|next| next.wall);
    match (too_near, &dates[..]) {
        (Some(only), []) => Err(Failure::refuse(messages::too_soon(only))),
        _ => Ok(Rounds { dates, too_near }),
    }
}

/// Who would take part, in numbers.
pub(super) async fn takers(
    context: &Context,
    programme: &Programme,
    members: &Participants,
) -> Result<messages::Takers, Failure> {
    let unread = context.store.members_still_unread(&programme.channel, &context.bot).await?;
    let here: Vec<UserId> = members.here.iter().map(|person| person.id.clone()).collect();
    let elsewhere = store::how_many_elsewhere(&context.store, &programme.id, &here).await?;
    Ok(messages::Takers { here: here.len(), unread, elsewhere })
}

/// Answers with the times that chats have.
async fn say_times<'c>(context: &Context, running: &Programme) -> Result<Answer<'c>, Failure> {
    let next = next_round(context, running).await?;
    Ok(Answer::reply(Reply::Replace(messages::same_times(times(running)?, next.as_ref()))))
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
pub(super) async fn zone_of(context: &Context, user: &UserId) -> Result<Tz, Failure> {
    Ok(context.store.zone_of(user).await?.unwrap_or(context.zone))
}

/// Chats as they would be.
pub(super) fn would_be(
    context: &Context,
    channel: &ChannelId,
    user: &UserId,
    cadence: &Cadence,
    name: &str,
) -> Programme {
    let cadence = Some(cadence.clone());
    let programme = Programme::new(context.id(), NAME, channel.clone(), user.clone(), cadence, context.now);
    Programme { name: name.to_owned(), ..programme }
}
