//! Starting a programme: the preview of times, and the press that begins it.

use std::collections::BTreeSet;

use chrono::{Duration, NaiveDateTime};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::{
    Participants, Programmes, Replanned, audience,
    holidays::{self, DaysOff},
    messages,
    request::{NO_NAME, Verb, says_options, says_times, times_and_name, typed},
    which::is_direct,
};
use crate::{
    common::setup::{self, LONGEST_NAME},
    model::{
        cadence::{Cadence, KeptDates, NotUnderstood, Occurrence},
        clock::Instant,
        effect::{Keep, NewEffect},
        event::{Action, Command, Reply},
        failure::{Failure, Lookup},
        people::{ChannelId, ChannelState, Closed, UserId},
        text::Markup,
    },
    ritual::{Answer, Context, put_occasion},
    store::{
        programmes::{self, Programme, name_key},
        unit::UnitOfWork,
    },
};

/// How many dates a preview names.
pub(super) const DATES: usize = 3;
/// How far away a first occasion is at least, in minutes: people need some time to opt out.
const FIRST_OCCASION_MINUTES: i64 = 60;
/// How many dates are looked at for two that fall on one day.
const LOOK_AHEAD: usize = 8;

/// What the button of a preview holds.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Chosen {
    pub(super) cadence: Cadence,
    pub(super) name: String,
    /// The version of the programme that would change, as the person saw it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) version: Option<i64>,
}

/// What is wrong with times.
pub(super) enum WrongTimes {
    /// They were not understood.
    NotUnderstood(NotUnderstood),
    /// They come twice on one day.
    TwiceADay,
}

/// The occasions that times would bring.
pub(super) struct Dates {
    /// The next ones.
    pub(super) next: Vec<Occurrence>,
    /// One that is left out since it is less than an hour away.
    pub(super) too_near: Option<NaiveDateTime>,
}

/// What begins a programme.
pub(super) struct Beginning {
    pub(super) unit: UnitOfWork,
    /// The first occasion.
    pub(super) first: Occurrence,
    /// How many people are there.
    pub(super) people: usize,
}

impl<'c> Programmes<'c> {
    /// Times may stand by themselves, as in `every Tuesday at 10:00`; other text is refused.
    pub(super) async fn times_or_nothing(
        self,
        command: &Command,
        meant: Option<Verb>,
    ) -> Result<Answer<'c>, Failure> {
        let text = typed(&command.text);
        let zone = zone_of(self.context, &command.user).await?;
        let today = self.context.now.with_timezone(&zone).date_naive();
        let means_times = || says_times(&text) && !self.is_own_way(&command.text);
        if (meant.is_none() && means_times()) || Cadence::parse(times_and_name(&text).0, zone, today).is_ok()
        {
            return self.propose(command, &text).await;
        }
        Err(self.unknown(command, meant))
    }

    /// Shows how a programme would be at these times, with a button that starts it or moves the one that there is. Without
    /// times, one that was stopped is offered again as it was.
    pub(super) async fn propose(self, command: &Command, text: &str) -> Result<Answer<'c>, Failure> {
        let (context, words, channel) = (self.context, self.words(), &command.channel);
        if is_direct(channel) {
            return Err(Failure::refuse(messages::no_channel(words, self.command())));
        }
        let (when, name) = times_and_name(text);
        let name = kept_name(name)?;
        let former = self.former(channel, &name).await?;
        let has_ended = match &former {
            Some(former) => self.has_ended(former).await?,
            None => true,
        };
        let running = former.as_ref().filter(|_| !has_ended).and_then(|former| former.cadence.clone());
        // Both are asked before either is said, so that what is not known of both is read at once.
        let usable = self.works_in(channel).await;
        if running.is_none() {
            self.may_start(&command.user).await?;
        }
        usable?;
        let own_zone = zone_of(context, &command.user).await?;
        // A new organiser elsewhere doesn't move a programme to their zone without saying so.
        let zone = running.as_ref().map_or(own_zone, |now| now.zone);
        let before = former.as_ref().filter(|_| when.is_empty()).and_then(|former| former.cadence.clone());
        let before = before.and_then(|before| before.going_on(context.now));
        let cadence = if let Some(cadence) = before {
            cadence.counted_from(context.now)
        } else {
            let typed = self.cadence(zone, when)?;
            self.with_exceptions(typed, running.as_ref())?
        };
        let on_holidays = DaysOff::of(context, &command.user).await?.among(&cadence, context.now);
        let except = holidays::except(when, &on_holidays, zone, context.now);
        let holidays = (on_holidays.as_slice(), except.as_deref().filter(|_| !when.is_empty()));
        let would_be = self.would_be(channel, &command.user, &cadence, &name);
        let programme = match former {
            // One that is over begins anew with these times.
            Some(former) if running.is_none() => {
                Programme { cadence: would_be.cadence, from_at: would_be.from_at, ..former }
            }
            Some(former) => former,
            None => would_be,
        };
        let Dates { next: dates, too_near } =
            self.dates_of(&programme.id, &cadence, running.is_none()).await?;
        let today = context.now.with_timezone(&zone).date_naive();
        let version = running.as_ref().map(|_| programme.version);
        let chosen = Chosen { cadence: cadence.clone(), name: programme.name.clone(), version };
        let value = serde_json::to_string(&chosen).map_err(|error| Failure::Fail(error.into()))?;
        Ok(Answer::reply(Reply::Ephemeral(match running {
            Some(now) if now == cadence => {
                messages::same_times(words, &programme.name, &now, self.next(&programme).await?.as_ref())
            }
            Some(now) => {
                self.may_manage_or_begin(&programme, &command.user).await?;
                let (times, dates) = ((&now, &cadence), (dates.as_slice(), today));
                let shown = messages::preview_of_move(words, &programme.name, times, dates, holidays, &value);
                let shown =
                    messages::with_kept_dates(shown, &KeptDates::of(&now, &cadence, self.today(&cadence)));
                let keeps_zone = cadence.zone == now.zone && own_zone != now.zone;
                if keeps_zone { messages::with_kept_zone(shown, (now.zone, own_zone)) } else { shown }
            }
            None => {
                let participants = self.participants(&programme, dates.first().map(|next| next.wall)).await?;
                let people = self.takers(&programme, &participants, dates.first().copied()).await?;
                let proposal = messages::Proposal {
                    channel: None,
                    name: &name,
                    cadence: &cadence,
                    people: &people,
                    dates: (&dates, today),
                    too_near,
                    holidays,
                };
                messages::preview(words, &proposal, &value)
            }
        })))
    }

    /// Refuses where the bot cannot work, and says only what is known. A channel of which that is not enough is read.
    pub async fn works_in(self, channel: &ChannelId) -> Result<(), Failure> {
        let refused = match self.context.store.channel_state(channel).await? {
            ChannelState::Open { .. } => return Ok(()),
            ChannelState::Closed(Closed::NotIn) => messages::not_here(&self.context.bot),
            ChannelState::Closed(Closed::Archived) => messages::archived(self.words()),
            ChannelState::Closed(Closed::Direct) => messages::no_channel(self.words(), self.command()),
            ChannelState::Unread { refused: None } => {
                return Err(Failure::Later(Lookup::Channel(channel.clone())));
            }
            ChannelState::Unread { refused: Some(error) } => messages::cannot_read(&error),
        };
        self.context.miss_a_channel(channel);
        Err(Failure::refuse(refused))
    }

    /// Reads times as a person typed them, in their zone unless they name another.
    fn cadence(self, zone: Tz, when: &str) -> Result<Cadence, Failure> {
        read_times(when, zone, self.context.now).map_err(|wrong| {
            Failure::refuse(match wrong {
                WrongTimes::NotUnderstood(error) => {
                    messages::not_understood(&error, says_options(when), self.command())
                }
                WrongTimes::TwiceADay => messages::twice_a_day(self.words()),
            })
        })
    }

    /// Returns typed times with the single dates of the old ones that were cancelled or moved and still mean something.
    pub(super) fn with_exceptions(self, typed: Cadence, old: Option<&Cadence>) -> Result<Cadence, Failure> {
        let Some(old) = old else { return Ok(typed) };
        let merged = typed.with_exceptions_of(old, self.today(&typed));
        merged.ok_or_else(|| Failure::refuse(messages::too_many_kept()))
    }

    /// Starts the programme of a preview. It may be old, so everything is looked at anew.
    pub(super) async fn start(self, action: Action) -> Result<Answer<'c>, Failure> {
        let (channel, Chosen { cadence, name, .. }) = self.chosen(&action)?;
        self.may_start(&action.user).await?;
        self.works_in(&channel).await?;
        let former = self.former(&channel, &name).await?;
        let mut programme = self.would_be(&channel, &action.user, &cadence, &name);
        if let Some(former) = &former {
            if !self.has_ended(former).await? {
                return self.say_running(former, (&action.user, &cadence)).await;
            }
            (programme.id, programme.settings) = (former.id.clone(), former.settings.clone());
        }
        let Beginning { unit, first, people } = self.begin(&action.user, &programme, former.as_ref()).await?;
        let started = messages::started(self.words(), &first, people, &programme.name, None);
        let started = Answer::new(unit, Reply::Replace(started));
        Ok(started.or_else(move |_| {
            Box::pin(async move {
                let running = self.former(&channel, &name).await?.ok_or_else(|| self.over())?;
                self.say_running(&running, (&action.user, &cadence)).await
            })
        }))
    }

    /// What begins a programme as it would be: its first occasion, and the announcement. `former` is the same one as it was, if there was
    /// one.
    pub(super) async fn begin(
        self,
        user: &UserId,
        programme: &Programme,
        former: Option<&Programme>,
    ) -> Result<Beginning, Failure> {
        let (context, cadence) = (self.context, self.times(programme)?);
        let first = self.next_free(&programme.id, cadence, first_from(context)).await?;
        let known = self.participants(programme, Some(first.wall)).await?.here.len();
        let unread = context.store.members_still_unread(&programme.channel, &context.bot).await?;
        let mut unit = UnitOfWork::new();
        self.put_started(&mut unit, programme, former)?;
        put_occasion(&mut unit, &context.team, self.ritual, programme, first, context.now);
        unit.append(self.replanned(programme, Replanned::Planned(first)).await?);
        let message = self.ritual.announcement(user, programme, cadence, &first);
        let effect =
            NewEffect { key: self.beginning_key(programme), ..self.announcement(programme, message)? };
        // Its buttons go when the programme is stopped.
        context.enqueue(&mut unit, &NewEffect { keep: Keep::Always, ..effect })?;
        Ok(Beginning { unit, first, people: unread.unwrap_or(known) })
    }

    /// Adds to a unit that a programme begins. Where only its former occasion is over, it does so in place of that one.
    pub(super) fn put_started(
        self,
        unit: &mut UnitOfWork,
        programme: &Programme,
        former: Option<&Programme>,
    ) -> Result<(), Failure> {
        let team = &self.context.team;
        match former.filter(|former| former.ended_at.is_none()) {
            Some(former) => programmes::start_anew(unit, team, programme, former.version)?,
            None => programmes::start(unit, team, programme)?,
        }
        Ok(())
    }

    /// Where a button of a preview was pressed, and what it holds. A preview may be of another release.
    pub(super) fn chosen(self, action: &Action) -> Result<(ChannelId, Chosen), Failure> {
        let outdated = || Failure::refuse(messages::outdated(self.command()));
        let chosen = serde_json::from_str::<Chosen>(&action.value).map_err(|_| outdated())?;
        Ok((action.channel.clone().ok_or_else(outdated)?, chosen))
    }

    /// When times come next after an instant, on a day that had no occasion yet. A preview may be old, and its times over.
    pub(super) async fn next_free(
        self,
        programme: &str,
        cadence: &Cadence,
        after: Instant,
    ) -> Result<Occurrence, Failure> {
        let from = self.free_from(programme, cadence, after).await?;
        cadence.next(from).ok_or_else(|| Failure::refuse(messages::outdated(self.command())))
    }

    /// The occasions that times would bring. Refused where the only one is too near for a programme that begins.
    pub(super) async fn dates_of(
        self,
        programme: &str,
        cadence: &Cadence,
        begin: bool,
    ) -> Result<Dates, Failure> {
        let soonest = self.free_from(programme, cadence, self.context.now).await?;
        let first =
            if begin { self.free_from(programme, cadence, first_from(self.context)).await? } else { soonest };
        let next = cadence.upcoming(first, DATES);
        let too_near = cadence.next(soonest).filter(|next| next.at <= first).map(|next| next.wall);
        match (too_near, &next[..]) {
            (Some(only), []) => Err(Failure::refuse(messages::too_soon(self.words(), only))),
            (None, []) if begin => Err(Failure::refuse(messages::times_over(self.words()))),
            _ => Ok(Dates { next, too_near }),
        }
    }

    /// Who would take part, in numbers, and from which occasion on.
    pub(super) async fn takers(
        self,
        programme: &Programme,
        participants: &Participants,
        first: Option<Occurrence>,
    ) -> Result<messages::Takers, Failure> {
        let context = self.context;
        let unread = context.store.members_still_unread(&programme.channel, &context.bot).await?;
        let remark = self.ritual.remark(context, programme, participants, first).await?;
        let outside = self.outside(programme, participants).await?;
        Ok(messages::Takers { here: participants.here.len(), unread, remark: joined([remark, outside]) })
    }

    /// Names those who were chosen to take part and can't yet: a sentence, or nothing.
    pub(super) async fn outside(
        self,
        programme: &Programme,
        participants: &Participants,
    ) -> Result<Markup, Failure> {
        let outside = audience::outside(self.context, programme, participants).await?;
        Ok(messages::without_a_part(&outside, &programme.channel))
    }

    /// A programme as it would be.
    pub(super) fn would_be(
        self,
        channel: &ChannelId,
        user: &UserId,
        cadence: &Cadence,
        name: &str,
    ) -> Programme {
        let (id, cadence, now) = (self.context.id(), Some(cadence.clone()), self.context.now);
        let programme = Programme::new(id, self.ritual_name(), channel.clone(), user.clone(), cadence, now);
        Programme { name: name.to_owned(), ..programme }
    }

    /// From when on an occasion can come: a day that had its occasion has no other.
    pub(super) async fn free_from(
        self,
        programme: &str,
        cadence: &Cadence,
        from: Instant,
    ) -> Result<Instant, Failure> {
        let mut after = from;
        while let Some(next) = cadence.next(after) {
            if !self.ritual.was_held_on(self.context, programme, next.wall.date()).await? {
                break;
            }
            after = next.at;
        }
        Ok(after)
    }
}

/// Joins sentences, without those that are empty.
fn joined(sentences: [Markup; 2]) -> Markup {
    let said: Vec<Markup> = sentences.into_iter().filter(|sentence| !sentence.as_str().is_empty()).collect();
    Markup::join(&said, " ")
}

/// A name as it is kept and shown; empty where there is none, which can be said.
pub(super) fn kept_name(typed: &str) -> Result<String, Failure> {
    let name = setup::kept_name(typed).ok_or_else(|| Failure::refuse(messages::long_name(LONGEST_NAME)))?;
    Ok(if name_key(&name) == NO_NAME { String::new() } else { name })
}

/// Reads times that a person typed at an instant, in their zone unless they name another.
pub(super) fn read_times(when: &str, zone: Tz, now: Instant) -> Result<Cadence, WrongTimes> {
    let today = now.with_timezone(&zone).date_naive();
    let cadence = Cadence::parse(when, zone, today).map_err(WrongTimes::NotUnderstood)?.counted_from(now);
    let coming = cadence.upcoming(now, LOOK_AHEAD);
    let days: BTreeSet<_> = coming.iter().map(|next| next.wall.date()).collect();
    let is_doubled = days.len() < coming.len() || cadence.doubled().is_some();
    if is_doubled { Err(WrongTimes::TwiceADay) } else { Ok(cadence) }
}

/// From when on the first occasion of a new programme can come.
fn first_from(context: &Context) -> Instant {
    // What comes next comes later than the instant that is asked for.
    context.now + Duration::minutes(FIRST_OCCASION_MINUTES) - Duration::milliseconds(1)
}

/// The zone of a person's own clock.
pub(super) async fn zone_of(context: &Context, user: &UserId) -> Result<Tz, Failure> {
    Ok(context.store.zone_of(user).await?.unwrap_or(context.zone))
}
