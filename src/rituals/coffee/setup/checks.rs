//! What a form comes to: chats as they would be, or what is to be mended. The rules are those of the typed command.

use super::{
    Coffee, Complaints, Context, Failure, Instant, Markup, NAME, Options, Programme, Purpose, Sent,
    SetupDraft, Tz, WHEN, messages, next_round, plain, times,
};
use crate::{
    common::setup::{
        CHANNEL, LONGEST_WHEN, NAME as NAME_FIELD,
        messages::{LONG_WHEN, NO_CHANNEL},
    },
    model::{
        cadence::Cadence,
        people::{ChannelId, UserId},
        text::clean,
    },
    rituals::coffee::{
        starting::{Rounds, WrongTimes, kept_name, read_times, rounds_of, would_be},
        which::is_direct,
    },
    store::programmes::name_key,
};

/// Chats that a form comes to.
pub(super) struct Checked {
    /// As they would be.
    pub(super) programme: Programme,
    /// As they are, where they are changed.
    pub(super) old: Option<Programme>,
    /// The rounds that they would bring.
    pub(super) rounds: Rounds,
}

/// What a form comes to.
pub(super) enum FormVerdict {
    /// Chats.
    Fine(Box<Checked>),
    /// What is to be mended at its fields.
    Mend(Complaints),
    /// It is shown again for this purpose, below these words.
    Anew(Purpose, Markup),
}

impl Coffee {
    pub(super) async fn check(&self, context: &Context, sent: &Sent) -> Result<FormVerdict, Failure> {
        match &sent.carried.purpose {
            Purpose::Start => self.check_start(context, sent).await,
            Purpose::Change { programme, version } => {
                let stored = context.store.programme(programme).await?;
                match stored.filter(|stored| stored.ritual == NAME) {
                    Some(stored) => self.check_change(context, sent, stored, *version).await,
                    None => Ok(FormVerdict::Anew(Purpose::Start, messages::stopped_meanwhile())),
                }
            }
        }
    }

    async fn check_start(&self, context: &Context, sent: &Sent) -> Result<FormVerdict, Failure> {
        let (store, draft) = (&context.store, &sent.draft);
        let mut complaints = Complaints::default();
        let name = complaints.at(store, NAME_FIELD, kept_name(&draft.name)).await?;
        let channel = if let Some(channel) = &draft.channel {
            let may = self.may_set_up_in(context, channel, &sent.user).await;
            complaints.at(store, CHANNEL, may).await?.map(|()| channel)
        } else {
            complaints.add(CHANNEL, NO_CHANNEL.to_owned());
            None
        };
        let former = match (&name, channel) {
            (Some(name), Some(channel)) => self.named(context, channel, name).await?,
            _ => None,
        };
        if let Some(running) = former.as_ref().filter(|former| former.ended_at.is_none()) {
            let taken = messages::name_taken(&running.name, running.cadence.as_ref());
            complaints.add(NAME_FIELD, plain(store, &taken).await?);
        }
        let before = former.as_ref().and_then(|former| former.cadence.as_ref());
        let unchanged = |cadence: &Cadence| cadence.clone().counted_from(sent.at);
        let cadence = complaints.at(store, WHEN, times_of(sent, before, unchanged)).await?;
        let (Some(name), Some(channel), Some(cadence)) = (name, channel, cadence) else {
            return Ok(FormVerdict::Mend(complaints));
        };
        let mut programme = would_be(context, channel, &sent.user, &cadence, &name);
        if let Some(former) = former {
            (programme.id, programme.settings) = (former.id, former.settings);
        }
        programme.settings = self.with_answers(&programme.settings, draft)?;
        let rounds = rounds_of(context, &programme.id, &cadence, true).await.and_then(some);
        match complaints.at(store, WHEN, rounds).await? {
            Some(rounds) if complaints.is_empty() => {
                Ok(FormVerdict::Fine(Box::new(Checked { programme, old: None, rounds })))
            }
            _ => Ok(FormVerdict::Mend(complaints)),
        }
    }

    async fn check_change(
        &self,
        context: &Context,
        sent: &Sent,
        old: Programme,
        version: i64,
    ) -> Result<FormVerdict, Failure> {
        let (store, draft) = (&context.store, &sent.draft);
        let mut complaints = Complaints::default();
        let may = self.may_change(context, &old, &sent.user).await;
        // This form has no field for the channel.
        if complaints.at(store, WHEN, may).await?.is_none() {
            return Ok(FormVerdict::Mend(complaints));
        }
        if old.ended_at.is_some() {
            return Ok(FormVerdict::Anew(Purpose::Start, messages::stopped_meanwhile()));
        }
        if old.version != version {
            let next = next_round(context, &old).await?;
            let notice = messages::changed_meanwhile(times(&old)?, old.paused_at.is_some(), next.as_ref());
            let purpose = Purpose::Change { programme: old.id, version: old.version };
            return Ok(FormVerdict::Anew(purpose, notice));
        }
        let name = complaints.at(store, NAME_FIELD, kept_name(&draft.name)).await?;
        if let Some(name) = name.as_deref().filter(|name| name_key(name) != name_key(&old.name))
            && let Some(other) = self.named(context, &old.channel, name).await?
        {
            let taken = messages::name_taken(&other.name, other.cadence.as_ref());
            complaints.add(NAME_FIELD, plain(store, &taken).await?);
        }
        let cadence =
            complaints.at(store, WHEN, times_of(sent, old.cadence.as_ref(), Cadence::clone)).await?;
        let (Some(name), Some(cadence)) = (name, cadence) else { return Ok(FormVerdict::Mend(complaints)) };
        let rounds = rounds_of(context, &old.id, &cadence, false).await.and_then(some);
        let rounds = complaints.at(store, WHEN, rounds).await?;
        let settings = self.with_answers(&old.settings, draft)?;
        let programme = Programme { name, cadence: Some(cadence), settings, ..old.clone() };
        if programme == old {
            complaints.add(WHEN, messages::nothing_changed().to_owned());
        }
        match rounds {
            Some(rounds) if complaints.is_empty() => {
                Ok(FormVerdict::Fine(Box::new(Checked { programme, old: Some(old), rounds })))
            }
            _ => Ok(FormVerdict::Mend(complaints)),
        }
    }

    /// Lets those pass who may set up chats in a channel that they chose, where the bot works.
    async fn may_set_up_in(
        &self,
        context: &Context,
        channel: &ChannelId,
        user: &UserId,
    ) -> Result<(), Failure> {
        if is_direct(channel) {
            return Err(Failure::refuse(messages::no_channel(&self.command)));
        }
        self.works_in(context, channel).await?;
        self.may_start_in(context, channel, user).await
    }

    async fn may_change(
        &self,
        context: &Context,
        programme: &Programme,
        user: &UserId,
    ) -> Result<(), Failure> {
        self.works_in(context, &programme.channel).await?;
        self.may_manage_in(context, programme, user).await
    }

    /// The options of the chats that a form is for, with what was chosen in it.
    pub(super) async fn options_of(
        &self,
        context: &Context,
        purpose: &Purpose,
        draft: &SetupDraft,
    ) -> Result<Options, Failure> {
        let stored = match purpose {
            Purpose::Start => None,
            Purpose::Change { programme, .. } => context.store.programme(programme).await?,
        };
        let options = stored.map_or_else(Options::default, |stored| Options::read(&stored.settings));
        Ok(options.answered(&draft.own, self.settings.group_size))
    }

    /// Settings as they are stored, with what was chosen in the form. Those that come to the same stay as they are.
    fn with_answers(&self, stored: &str, draft: &SetupDraft) -> Result<String, Failure> {
        let before = Options::read(stored);
        let after = before.clone().answered(&draft.own, self.settings.group_size);
        if after == before { Ok(stored.to_owned()) } else { after.as_stored() }
    }
}

/// Reads the times of a form. Those that stand there as the chats have them are not read anew: `every 2 weeks` would count from
/// another week.
fn times_of(
    sent: &Sent,
    before: Option<&Cadence>,
    unchanged: impl Fn(&Cadence) -> Cadence,
) -> Result<Cadence, Failure> {
    let when = clean(&sent.draft.when);
    let when = when.trim();
    if let Some(before) = before.filter(|before| before.say() == when) {
        return Ok(unchanged(before));
    }
    if when.chars().count() > LONGEST_WHEN {
        return Err(Failure::refuse(LONG_WHEN));
    }
    let (zone, at): (Tz, Instant) = (sent.zone, sent.at);
    read_times(when, zone, at).map_err(|wrong| {
        Failure::refuse(match wrong {
            WrongTimes::NotUnderstood(error) => messages::wrong_times(&error),
            WrongTimes::TwiceADay => messages::twice_a_day(),
        })
    })
}

/// Refuses times that bring no round any more.
fn some(rounds: Rounds) -> Result<Rounds, Failure> {
    if rounds.dates.is_empty() { Err(Failure::refuse(messages::times_over())) } else { Ok(rounds) }
}
