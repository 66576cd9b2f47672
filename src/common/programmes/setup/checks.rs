//! What a form comes to: a programme as it would be, or what is to be mended. The rules are those of the typed command.

use chrono_tz::Tz;

use super::Sent;
use crate::{
    common::{
        programmes::{
            AtOnce, Programmes,
            at_once::begins_with_now,
            audience::{self, Audience},
            messages,
            starting::{Dates, WrongTimes, kept_name, read_times},
            which::is_direct,
        },
        setup::{
            CHANNEL, Complaints, LONGEST_WHEN, NAME, Purpose, WHEN,
            messages::{LONG_WHEN, NO_CHANNEL, unticked},
            plain,
        },
        words::Words,
    },
    model::{
        cadence::{Cadence, Occurrence},
        clock::Instant,
        failure::Failure,
        people::{ChannelId, UserId},
        text::{Markup, clean},
    },
    store::programmes::{Programme, name_key},
};

/// A programme that a form comes to.
pub(super) struct Checked {
    /// As it would be.
    pub(super) programme: Programme,
    /// As it is, where one is changed.
    pub(super) old: Option<Programme>,
    /// As it was, where one that has ended begins anew.
    pub(super) former: Option<Programme>,
    /// When its occasions would come.
    pub(super) dates: Dates,
    /// Its only occasion, where that is held at once.
    pub(super) at_once: Option<AtOnce>,
}

/// What a form comes to.
pub(super) enum FormVerdict {
    /// A programme.
    Fine(Box<Checked>),
    /// What is to be mended at its fields.
    Mend(Complaints),
    /// It is shown again for this purpose, below these words.
    Anew(Purpose, Markup),
}

impl Programmes<'_> {
    pub(super) async fn check(self, sent: &Sent) -> Result<FormVerdict, Failure> {
        match &sent.carried.purpose {
            Purpose::Start => self.check_start(sent).await,
            Purpose::Change { programme, version } => {
                let stored = self.context.store.programme(programme).await?;
                match stored.filter(|stored| stored.ritual == self.ritual_name()) {
                    Some(stored) => self.check_change(sent, stored, *version).await,
                    None => Ok(self.stopped_meanwhile()),
                }
            }
        }
    }

    async fn check_start(self, sent: &Sent) -> Result<FormVerdict, Failure> {
        let (store, draft) = (&self.context.store, &sent.draft);
        let mut complaints = Complaints::default();
        let name = complaints.at(store, NAME, kept_name(&draft.name)).await?;
        let channel = if let Some(channel) = &draft.channel {
            let may = self.may_set_up_in(channel, &sent.user).await;
            complaints.at(store, CHANNEL, may).await?.map(|()| channel)
        } else {
            complaints.add(CHANNEL, NO_CHANNEL.to_owned());
            None
        };
        let former = match (&name, channel) {
            (Some(name), Some(channel)) => self.named(channel, name).await?,
            _ => None,
        };
        if let Some(former) = &former
            && !self.has_ended(former).await?
        {
            complaints.add(NAME, self.name_taken(former).await?);
        } else if let (Some(""), Some(channel)) = (name.as_deref(), channel)
            && let Some(other) = self.going_on_in(channel).await?.first()
        {
            // Words that are typed could never mean those without a name. Some may have been started without one in this instant.
            let wrong = match other.name.as_str() {
                "" => self.name_taken(other).await?,
                name => plain(store, &messages::name_wanted(self.words(), name)).await?,
            };
            complaints.add(NAME, wrong);
        }
        let before = former.as_ref().and_then(|former| former.cadence.as_ref());
        let unchanged = |cadence: &Cadence| cadence.clone().counted_from(sent.at);
        let is_now = self.begins_at_once(&draft.when);
        let cadence = if is_now {
            Ok(self.only_now(sent.zone))
        } else {
            times_of(self.words(), sent, before, unchanged)
        };
        let cadence = complaints.at(store, WHEN, cadence).await?;
        let (Some(name), Some(channel), Some(cadence)) = (name, channel, cadence) else {
            return Ok(FormVerdict::Mend(complaints));
        };
        let mut programme = self.would_be(channel, &sent.user, &cadence, &name);
        if let Some(former) = &former {
            (programme.id, programme.settings) = (former.id.clone(), former.settings.clone());
        }
        programme.settings = self.answered(&programme.settings, sent, &mut complaints)?;
        let settings = &programme.settings;
        audience::check(self.context, self.ritual_name(), channel, settings, &mut complaints).await?;
        let found = match is_now {
            true if complaints.is_empty() => self.hold_at_once(&programme).await.map(|held| {
                let wall = self.context.now.with_timezone(&sent.zone).naive_local();
                let next = vec![Occurrence { at: self.context.now, wall }];
                (Dates { next, too_near: None }, Some(held))
            }),
            true => return Ok(FormVerdict::Mend(complaints)),
            false => self.dates_of(&programme.id, &cadence, true).await.map(|dates| (dates, None)),
        };
        match complaints.at(store, WHEN, found).await? {
            Some((dates, at_once)) if complaints.is_empty() => {
                Ok(FormVerdict::Fine(Box::new(Checked { programme, old: None, former, dates, at_once })))
            }
            _ => Ok(FormVerdict::Mend(complaints)),
        }
    }

    async fn check_change(self, sent: &Sent, old: Programme, version: i64) -> Result<FormVerdict, Failure> {
        let (store, draft) = (&self.context.store, &sent.draft);
        let mut complaints = Complaints::default();
        let may = self.may_change(&old, &sent.user).await;
        // This form has no field for the channel.
        if complaints.at(store, WHEN, may).await?.is_none() {
            return Ok(FormVerdict::Mend(complaints));
        }
        if old.ended_at.is_some() {
            return Ok(self.stopped_meanwhile());
        }
        if old.version != version {
            let (next, is_paused) = (self.next(&old).await?, old.paused_at.is_some());
            let notice =
                messages::changed_meanwhile(self.words(), self.times(&old)?, is_paused, next.as_ref());
            let purpose = Purpose::Change { programme: old.id, version: old.version };
            return Ok(FormVerdict::Anew(purpose, notice));
        }
        let name = complaints.at(store, NAME, kept_name(&draft.name)).await?;
        if let Some(name) = name.as_deref().filter(|name| name_key(name) != name_key(&old.name))
            && let Some(other) = self.named(&old.channel, name).await?
        {
            complaints.add(NAME, self.name_taken(&other).await?);
        }
        let cadence = complaints.at(store, WHEN, self.changed_times(sent, &old)).await?;
        let (Some(name), Some(cadence)) = (name, cadence) else { return Ok(FormVerdict::Mend(complaints)) };
        let dates = self.dates_of(&old.id, &cadence, false).await.and_then(|dates| self.some(dates));
        let dates = complaints.at(store, WHEN, dates).await?;
        let settings = self.answered(&old.settings, sent, &mut complaints)?;
        if Audience::of(&settings) != Audience::of(&old.settings) {
            audience::check(self.context, self.ritual_name(), &old.channel, &settings, &mut complaints)
                .await?;
        }
        let programme = Programme { name, cadence: Some(cadence), settings, ..old.clone() };
        if programme == old {
            complaints.add(WHEN, messages::nothing_changed().to_owned());
        }
        match dates {
            Some(dates) if complaints.is_empty() => {
                let old = Some(old);
                Ok(FormVerdict::Fine(Box::new(Checked {
                    programme,
                    old,
                    former: None,
                    dates,
                    at_once: None,
                })))
            }
            _ => Ok(FormVerdict::Mend(complaints)),
        }
    }

    /// Returns the times of a form that changes a programme, with the single dates that stay as they were changed.
    fn changed_times(self, sent: &Sent, old: &Programme) -> Result<Cadence, Failure> {
        let before = self.times(old)?;
        let gone = unticked(&before.exceptions(self.today(before)), sent.draft.kept.as_deref());
        let stay = before.with_usual(&gone);
        let typed = times_of(self.words(), sent, Some(&before.regular()), Cadence::clone)?;
        self.with_exceptions(typed, Some(&stay))
    }

    /// Lets those pass who may set up a programme in a channel that they chose, where the bot works.
    async fn may_set_up_in(self, channel: &ChannelId, user: &UserId) -> Result<(), Failure> {
        if is_direct(channel) {
            return Err(Failure::refuse(messages::no_channel(self.words(), self.command())));
        }
        self.works_in(channel).await?;
        self.may_start_in(channel, user).await
    }

    async fn may_change(self, programme: &Programme, user: &UserId) -> Result<(), Failure> {
        self.works_in(&programme.channel).await?;
        self.may_manage_in(programme, user).await
    }

    /// Settings as they are stored, with what was chosen in the form.
    fn answered(self, stored: &str, sent: &Sent, complaints: &mut Complaints) -> Result<String, Failure> {
        self.ritual.answered(stored, &sent.draft.own, complaints)
    }

    /// What stands at a name that this programme has.
    async fn name_taken(self, other: &Programme) -> Result<String, Failure> {
        let taken = messages::name_taken(self.words(), &other.name, other.cadence.as_ref());
        plain(&self.context.store, &taken).await
    }

    fn stopped_meanwhile(self) -> FormVerdict {
        FormVerdict::Anew(Purpose::Start, messages::stopped_meanwhile(self.words()))
    }

    /// Refuses times that bring no occasion any more.
    fn some(self, dates: Dates) -> Result<Dates, Failure> {
        if dates.next.is_empty() {
            Err(Failure::refuse(messages::times_over(self.words())))
        } else {
            Ok(dates)
        }
    }
}

/// Reads the times of a form. Those that stand there as the programme has them are not read anew: `every 2 weeks` would count from
/// another week.
fn times_of(
    words: &Words,
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
            WrongTimes::NotUnderstood(_) if !words.at_once.is_empty() && begins_with_now(when) => {
                messages::now_stands_alone()
            }
            WrongTimes::NotUnderstood(error) => messages::wrong_times(&error),
            WrongTimes::TwiceADay => messages::twice_a_day(words),
        })
    })
}
