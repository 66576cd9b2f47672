//! The set-up form at work: it opens, is checked, shows the preview, and starts or changes a programme.

mod checks;
mod preview;

use chrono_tz::Tz;

use self::checks::{Checked, FormVerdict};
use super::{
    AtOnce, Programmes, messages, news,
    request::Verb,
    starting::{Beginning, zone_of},
    which::is_direct,
};
use crate::{
    common::{
        reply_target::ReplyTarget,
        setup::{
            Carried, Complaints, Purpose, SetupDraft, SetupStep, WHEN,
            messages::{LONG_WHEN, STALE, form, preview as preview_of, stale, with_single_dates, with_zone},
        },
    },
    model::{
        cadence::{Cadence, KeptDates},
        clock::Instant,
        event::{Action, Command, Reply, Submission},
        failure::Failure,
        message::{Message, Modal},
        people::{ChannelId, ChannelState, Closed, UserId},
        text::Markup,
    },
    ritual::{Answer, Handling},
    store::{
        programmes::{self, DEFAULT_SETTINGS, Programme},
        unit::UnitOfWork,
    },
};

/// A form or preview that a person sent.
#[derive(Clone)]
struct Sent {
    user: UserId,
    carried: Carried,
    draft: SetupDraft,
    /// When and in which zone its times are read.
    at: Instant,
    zone: Tz,
}

impl<'c> Programmes<'c> {
    /// The state of the channel's programme; where there is none, the form that sets one up.
    pub(super) async fn bare(self, command: Command) -> Result<Answer<'c>, Failure> {
        let mut running = self.going_on_in(&command.channel).await?;
        match running.len() {
            0 => {
                let target = ReplyTarget::here(command.response_url, self.context.now);
                self.set_up(&command.user, &command.channel, (Some(target), None)).await
            }
            1 => self.status(running.swap_remove(0), command.user).await,
            _ => Err(self.which(Verb::Status, &running)),
        }
    }

    /// The form for a further programme in the channel where the button is.
    pub(super) async fn set_up_another(self, action: Action) -> Result<Answer<'c>, Failure> {
        let channel = action.channel.as_ref();
        let channel =
            channel.ok_or_else(|| Failure::refuse(messages::unknown_button(self.command())))?.clone();
        let target = action.response_url.map(|url| ReplyTarget::here(url, self.context.now));
        self.set_up(&action.user, &channel, (target, None)).await
    }

    /// Opens the form that starts a programme, with these times if there are any. One that has ended in a channel without others is
    /// offered again as it was.
    pub(super) async fn set_up(
        self,
        user: &UserId,
        channel: &ChannelId,
        (target, times): (Option<ReplyTarget>, Option<&str>),
    ) -> Result<Answer<'c>, Failure> {
        let store = &self.context.store;
        let is_direct =
            is_direct(channel) || store.channel_state(channel).await? == ChannelState::Closed(Closed::Direct);
        // Both are asked before either is said, so that what is not known of both is read at once.
        let works = if is_direct { Ok(()) } else { self.works_in(channel).await };
        self.may_start(user).await?;
        works?;
        let all = store.programmes_in(self.ritual_name(), channel).await?;
        let stopped = match all.into_iter().next() {
            Some(first) if self.has_ended(&first).await? => Some(first),
            _ => None,
        };
        let before = stopped.as_ref().and_then(|stopped| stopped.cadence.clone());
        let before = before.and_then(|before| before.going_on(self.context.now));
        let when = times.map(str::to_owned).or(before.as_ref().map(Cadence::say));
        let draft = SetupDraft {
            name: stopped.as_ref().map(|stopped| stopped.name.clone()).unwrap_or_default(),
            channel: (!is_direct).then(|| channel.clone()),
            when: when.unwrap_or_else(|| self.words().usual_times.to_owned()),
            ..SetupDraft::default()
        };
        let settings = stopped.map_or_else(|| DEFAULT_SETTINGS.to_owned(), |stopped| stopped.settings);
        let carried = Carried::new(Purpose::Start, target);
        let form = self.form(user, &carried, &draft, (&settings, None)).await?;
        Ok(Answer::reply(Reply::Open(Box::new(form))))
    }

    /// Opens the form with a programme in it.
    pub(super) async fn change(self, action: Action) -> Result<Answer<'c>, Failure> {
        let programme = self.of_button(&action).await?;
        self.may_manage(&programme, &action.user).await?;
        self.works_in(&programme.channel).await?;
        let comes_once = self.times(&programme)?.only().is_some();
        if comes_once && programme.paused_at.is_none() && self.next(&programme).await?.is_none() {
            return Err(Failure::refuse(messages::has_begun(self.words(), self.command())));
        }
        let regular = self.times(&programme)?.regular();
        let when = regular.clone().going_on(self.context.now).unwrap_or(regular).say();
        let draft = SetupDraft {
            name: programme.name.clone(),
            channel: Some(programme.channel.clone()),
            when,
            ..SetupDraft::default()
        };
        let purpose = Purpose::Change { programme: programme.id, version: programme.version };
        let target = action.response_url.map(|url| ReplyTarget::here(url, self.context.now));
        let carried = Carried::new(purpose, target);
        let form = self.form(&action.user, &carried, &draft, (&programme.settings, None)).await?;
        Ok(Answer::reply(Reply::Open(Box::new(form))))
    }

    /// Handles what a person sent: the form or the preview.
    pub async fn sent(self, sent: Submission) -> Result<Answer<'c>, Failure> {
        match SetupStep::of(&sent.callback) {
            Some(SetupStep::Form) => self.form_sent(sent).await,
            Some(SetupStep::Preview) => match carried_draft(&sent.private) {
                Some((carried, draft, (at, zone))) => {
                    self.confirmed(Sent { user: sent.user, carried, draft, at, zone }).await
                }
                None => Ok(Answer::reply(Reply::Update(Box::new(stale(self.words()))))),
            },
            Some(SetupStep::Back) | None => Ok(Answer::nothing()),
        }
    }

    /// Shows the preview, or what is to be mended.
    async fn form_sent(self, sent: Submission) -> Result<Answer<'c>, Failure> {
        let context = self.context;
        let Some(carried) = Carried::of(&sent.private) else {
            let mut complaints = Complaints::default();
            complaints.add(sent.first_field.as_deref().unwrap_or(WHEN), STALE.to_owned());
            return Ok(Answer::reply(complaints.reply()));
        };
        let zone = self.zone_read(&carried.purpose, &sent.user).await?;
        let mut draft = SetupDraft::of(sent.answers);
        if let Purpose::Change { programme, .. } = &carried.purpose {
            // There is no field for it.
            draft.channel = context.store.programme(programme).await?.map(|programme| programme.channel);
        }
        let sent = Sent { user: sent.user, carried: carried.without_draft(), draft, at: context.now, zone };
        let mut complaints = match self.check(&sent).await? {
            FormVerdict::Mend(complaints) if context.is_acknowledged => {
                let purpose = sent.carried.purpose.clone();
                return self.again(&sent, purpose, complaints.paragraph()).await;
            }
            FormVerdict::Mend(complaints) => complaints,
            FormVerdict::Anew(purpose, notice) => return self.again(&sent, purpose, notice).await,
            FormVerdict::Fine(checked) => {
                let carried = sent.carried.clone().with_draft(sent.draft.clone(), sent.at, sent.zone);
                if let Some(private) = carried.private()? {
                    let shown = self.preview(&sent, *checked).await?;
                    let preview = preview_of(self.words(), &carried.purpose, shown, private);
                    return Ok(Answer::reply(Reply::Update(Box::new(preview))));
                }
                Complaints::default()
            }
        };
        if complaints.is_empty() {
            complaints.add(WHEN, LONG_WHEN.to_owned());
        }
        Ok(Answer::reply(complaints.reply()))
    }

    /// The form with what was typed, behind a preview.
    pub(super) async fn back(self, action: Action) -> Result<Answer<'c>, Failure> {
        let private = action.view.as_ref().map_or("", |view| &view.private);
        let Some((carried, draft, _)) = carried_draft(private) else {
            return Ok(Answer::reply(Reply::Update(Box::new(stale(self.words())))));
        };
        self.shown_again(&action.user, carried.without_draft(), draft).await
    }

    /// The form with what stands in it, where a choice decides what else it asks.
    pub async fn chosen_in_form(self, action: Action) -> Result<Answer<'c>, Failure> {
        let private = action.view.as_ref().map_or("", |view| &view.private);
        let Some(carried) = Carried::of(private) else {
            return Ok(Answer::reply(Reply::Update(Box::new(stale(self.words())))));
        };
        let mut answers = action.fields;
        if let Some(chosen) = action.chosen {
            answers.insert(action.action, chosen);
        }
        self.shown_again(&action.user, carried, SetupDraft::of(answers)).await
    }

    /// The form with a draft of what the carried purpose is about.
    async fn shown_again(
        self,
        user: &UserId,
        carried: Carried,
        mut draft: SetupDraft,
    ) -> Result<Answer<'c>, Failure> {
        let stored = match &carried.purpose {
            Purpose::Start => None,
            Purpose::Change { programme, .. } => self.context.store.programme(programme).await?,
        };
        let settings = match stored {
            Some(stored) => {
                // There is no field for it.
                draft.channel = Some(stored.channel);
                stored.settings
            }
            None => DEFAULT_SETTINGS.to_owned(),
        };
        let settings = self.typed_settings(&settings, &draft)?;
        let form = self.form(user, &carried, &draft, (&settings, None)).await?;
        Ok(Answer::reply(Reply::Update(Box::new(form))))
    }

    /// Starts or changes a programme. The preview may be old, so everything is looked at anew.
    async fn confirmed(self, sent: Sent) -> Result<Answer<'c>, Failure> {
        match self.check(&sent).await? {
            FormVerdict::Mend(complaints) => {
                let purpose = sent.carried.purpose.clone();
                self.again(&sent, purpose, complaints.paragraph()).await
            }
            FormVerdict::Anew(purpose, notice) => self.again(&sent, purpose, notice).await,
            FormVerdict::Fine(checked) => match checked.old {
                None => self.start_as_sent(sent, *checked).await,
                Some(ref old) => self.change_as_sent(sent, old, &checked).await,
            },
        }
    }

    async fn start_as_sent(self, sent: Sent, checked: Checked) -> Result<Answer<'c>, Failure> {
        let Checked { programme, former, at_once, .. } = checked;
        let (mut unit, started) = if let Some(AtOnce { unit: occasion, held, .. }) = at_once {
            let mut unit = UnitOfWork::new();
            self.put_started(&mut unit, &programme, former.as_ref())?;
            unit.append(occasion);
            (unit, held)
        } else {
            let Beginning { unit, first, people } =
                self.begin(&sent.user, &programme, former.as_ref()).await?;
            let channel = Some(&programme.channel);
            (unit, messages::started(self.words(), &first, people, &programme.name, channel))
        };
        self.tell(&mut unit, &sent, started)?;
        // Where another person was quicker, the check says so.
        Ok(Answer::new(unit, Reply::Nothing).or_else(move |_| self.once_more(sent)))
    }

    async fn change_as_sent(
        self,
        sent: Sent,
        old: &Programme,
        checked: &Checked,
    ) -> Result<Answer<'c>, Failure> {
        let words = self.words();
        let mut unit = UnitOfWork::new();
        let (changed, after) = self.replan(&mut unit, old, checked.programme.clone()).await?;
        programmes::change(&mut unit, &self.context.team, &changed)?;
        let (before, now) = (self.times(old)?, self.times(&changed)?);
        let shown = (self.shown(before), self.shown(now));
        let names = (old.name.as_str(), changed.name.as_str());
        let options = self.ritual.changed_options(&old.settings, &changed.settings);
        let told = messages::announcement_of_change(
            words,
            &sent.user,
            names,
            (&shown.0, &shown.1),
            &options,
            &after,
        );
        let has_told = (before != now, told.is_some());
        if let Some(message) = told {
            self.announce(&mut unit, &changed, message)?;
        }
        let saved = messages::saved(words, (&changed.name, &changed.channel), has_told, &after);
        let saved = if before == now {
            saved
        } else {
            messages::with_kept_dates(saved, &KeptDates::of(before, now, self.today(now)))
        };
        self.tell(&mut unit, &sent, saved)?;
        // An occasion has begun in this instant, or another person was quicker.
        Ok(Answer::new(unit, Reply::Nothing).or_else(move |_| self.once_more(sent)))
    }

    fn once_more(self, sent: Sent) -> Handling<'c> {
        Box::pin(self.confirmed(sent))
    }

    /// The form with what was typed, below what the person should know first.
    async fn again(self, sent: &Sent, purpose: Purpose, notice: Markup) -> Result<Answer<'c>, Failure> {
        let carried = Carried::new(purpose, sent.carried.target.clone());
        let settings = self.typed_settings(DEFAULT_SETTINGS, &sent.draft)?;
        let form = self.form(&sent.user, &carried, &sent.draft, (&settings, Some(notice))).await?;
        Ok(Answer::reply(Reply::Update(Box::new(form))))
    }

    /// Stored settings with what stands in a form that is shown again, whether it fits or not.
    fn typed_settings(self, stored: &str, draft: &SetupDraft) -> Result<String, Failure> {
        self.ritual.answered(stored, &draft.own, &mut Complaints::default())
    }

    /// Returns the zone in which a form's times are read: the person's own, and that of the programme which it changes, so that a new
    /// organiser elsewhere doesn't move it unawares.
    async fn zone_read(self, purpose: &Purpose, user: &UserId) -> Result<Tz, Failure> {
        let stored = match purpose {
            Purpose::Start => None,
            Purpose::Change { programme, .. } => self.context.store.programme(programme).await?,
        };
        match stored.and_then(|stored| stored.cadence) {
            Some(times) => Ok(times.zone),
            None => zone_of(self.context, user).await,
        }
    }

    async fn form(
        self,
        user: &UserId,
        carried: &Carried,
        draft: &SetupDraft,
        (settings, notice): (&str, Option<Markup>),
    ) -> Result<Modal, Failure> {
        let own = self.ritual.fields(settings);
        // Without what was typed it is a few hundred characters.
        let private = carried.private()?.unwrap_or_default();
        let form = form(self.words(), draft, &carried.purpose, own, notice, private);
        let form = with_zone(form, self.zone_read(&carried.purpose, user).await?);
        let Purpose::Change { programme, .. } = &carried.purpose else { return Ok(form) };
        let stored = self.context.store.programme(programme).await?;
        let times = stored.and_then(|stored| stored.cadence);
        let dates = times.map_or_else(Vec::new, |times| times.exceptions(self.today(&times)));
        Ok(with_single_dates(form, &dates, draft.kept.as_deref()))
    }

    /// Adds to a unit what the person is told: where they typed or pressed while that works, else by DM.
    fn tell(self, unit: &mut UnitOfWork, sent: &Sent, message: Message) -> Result<(), Failure> {
        let context = self.context;
        let key = format!("{}/setup/{}", self.ritual_name(), context.id());
        let target = sent.carried.target.clone();
        let effect = match target.and_then(|target| target.answer(key.clone(), message.clone(), context.now))
        {
            Some(answer) => answer,
            None => news::to_person(context, self.ritual_name(), key, &sent.user, message)?,
        };
        Ok(context.enqueue(unit, &effect)?)
    }
}

/// What a preview carries: what was typed, and when and in which zone its times were read.
fn carried_draft(private: &str) -> Option<(Carried, SetupDraft, (Instant, Tz))> {
    let carried = Carried::of(private)?;
    let (draft, read) = (carried.draft.clone()?, carried.read_at()?);
    Some((carried, draft, read))
}
