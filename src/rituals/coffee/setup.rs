//! The set-up form of coffee chats: it opens, is checked, shows the preview, and starts or changes chats.

mod checks;
mod preview;

use chrono_tz::Tz;

use self::checks::{Checked, FormVerdict};
use super::{
    Coffee, NAME,
    changing::announce,
    messages::{self, WORDS},
    next_round,
    options::Options,
    request::Verb,
    starting::{Beginning, zone_of},
    times, to_person,
    which::{is_direct, of_button, running_in, running_names},
};
use crate::{
    common::{
        reply_target::ReplyTarget,
        setup::{
            Carried, Complaints, Purpose, SetupDraft, SetupStep, WHEN,
            messages::{LONG_WHEN, STALE, form, preview as preview_of, stale},
            plain,
        },
    },
    model::{
        clock::Instant,
        event::{Action, Command, Reply, Submission},
        failure::Failure,
        message::{Message, Modal},
        people::{ChannelId, ChannelState, Closed, UserId},
        text::Markup,
    },
    ritual::{Answer, Context, Handling},
    store::{
        programmes::{self, Programme},
        unit::UnitOfWork,
    },
};

/// The times that the form suggests.
const USUAL_TIMES: &str = "every 2 weeks on Tuesday at 10:00";

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

impl Coffee {
    /// The state of the chats in a channel; where there are none, the form that sets them up.
    pub(super) async fn bare<'c>(
        &'c self,
        context: &'c Context,
        command: Command,
    ) -> Result<Answer<'c>, Failure> {
        let mut running = running_in(context, &command.channel).await?;
        match running.len() {
            0 => {
                let target = ReplyTarget::here(command.response_url, context.now);
                self.set_up(context, &command.user, &command.channel, Some(target)).await
            }
            1 => self.status(context, running.swap_remove(0), &command.user).await,
            _ => Err(Failure::refuse(messages::which(Verb::Status, &running_names(&running)))),
        }
    }

    /// The form for further chats in the channel where the button is.
    pub(super) async fn set_up_another<'c>(
        &'c self,
        context: &'c Context,
        action: Action,
    ) -> Result<Answer<'c>, Failure> {
        let channel = action.channel.as_ref();
        let channel =
            channel.ok_or_else(|| Failure::refuse(messages::unknown_button(&self.command)))?.clone();
        let target = action.response_url.map(|url| ReplyTarget::here(url, context.now));
        self.set_up(context, &action.user, &channel, target).await
    }

    /// Opens the form that starts chats. Those that were stopped in a channel without others are offered again as they were.
    async fn set_up<'c>(
        &self,
        context: &Context,
        user: &UserId,
        channel: &ChannelId,
        target: Option<ReplyTarget>,
    ) -> Result<Answer<'c>, Failure> {
        let is_direct = is_direct(channel)
            || context.store.channel_state(channel).await? == ChannelState::Closed(Closed::Direct);
        // Both are asked before either is said, so that what is not known of both is read at once.
        let works = if is_direct { Ok(()) } else { self.works_in(context, channel).await };
        self.may_start(context, user).await?;
        works?;
        let all = context.store.programmes_in(NAME, channel).await?;
        let stopped = all.into_iter().next().filter(|programme| programme.ended_at.is_some());
        let when = stopped.as_ref().and_then(|stopped| Some(stopped.cadence.as_ref()?.say()));
        let draft = SetupDraft {
            name: stopped.as_ref().map(|stopped| stopped.name.clone()).unwrap_or_default(),
            channel: (!is_direct).then(|| channel.clone()),
            when: when.unwrap_or_else(|| USUAL_TIMES.to_owned()),
            ..SetupDraft::default()
        };
        let options = stopped.map_or_else(Options::default, |stopped| Options::read(&stopped.settings));
        let form = self.form(&Carried::new(Purpose::Start, target), &draft, &options, None)?;
        Ok(Answer::reply(Reply::Open(Box::new(form))))
    }

    /// Opens the form with chats in it.
    pub(super) async fn change<'c>(
        &'c self,
        context: &'c Context,
        action: Action,
    ) -> Result<Answer<'c>, Failure> {
        let programme = of_button(context, &action).await?;
        self.may_manage(context, &programme, &action.user).await?;
        self.works_in(context, &programme.channel).await?;
        let draft = SetupDraft {
            name: programme.name.clone(),
            channel: Some(programme.channel.clone()),
            when: times(&programme)?.say(),
            ..SetupDraft::default()
        };
        let purpose = Purpose::Change { programme: programme.id.clone(), version: programme.version };
        let target = action.response_url.map(|url| ReplyTarget::here(url, context.now));
        let options = Options::read(&programme.settings);
        let form = self.form(&Carried::new(purpose, target), &draft, &options, None)?;
        Ok(Answer::reply(Reply::Open(Box::new(form))))
    }

    /// What a person sent: the form or the preview.
    pub(super) async fn sent<'c>(
        &'c self,
        context: &'c Context,
        sent: Submission,
    ) -> Result<Answer<'c>, Failure> {
        match SetupStep::of(&sent.callback) {
            Some(SetupStep::Form) => self.form_sent(context, sent).await,
            Some(SetupStep::Preview) => match carried_draft(&sent.private) {
                Some((carried, draft, (at, zone))) => {
                    self.confirmed(context, Sent { user: sent.user, carried, draft, at, zone }).await
                }
                None => Ok(Answer::reply(Reply::Update(Box::new(stale(&WORDS))))),
            },
            Some(SetupStep::Back) | None => Ok(Answer::nothing()),
        }
    }

    /// Shows the preview, or what is to be mended.
    async fn form_sent<'c>(&'c self, context: &'c Context, sent: Submission) -> Result<Answer<'c>, Failure> {
        let Some(carried) = Carried::of(&sent.private) else {
            let mut complaints = Complaints::default();
            complaints.add(sent.first_field.as_deref().unwrap_or(WHEN), STALE.to_owned());
            return Ok(Answer::reply(complaints.reply()));
        };
        let zone = zone_of(context, &sent.user).await?;
        let mut draft = SetupDraft::of(sent.answers);
        if let Purpose::Change { programme, .. } = &carried.purpose {
            // There is no field for it.
            draft.channel = context.store.programme(programme).await?.map(|programme| programme.channel);
        }
        let sent = Sent { user: sent.user, carried: carried.without_draft(), draft, at: context.now, zone };
        let mut complaints = match self.check(context, &sent).await? {
            FormVerdict::Mend(complaints) if context.is_acknowledged => {
                let purpose = sent.carried.purpose.clone();
                return self.again(&sent, purpose, complaints.paragraph());
            }
            FormVerdict::Mend(complaints) => complaints,
            FormVerdict::Anew(purpose, notice) => return self.again(&sent, purpose, notice),
            FormVerdict::Fine(checked) => {
                let carried = sent.carried.clone().with_draft(sent.draft.clone(), sent.at, sent.zone);
                if let Some(private) = carried.private()? {
                    let shown = self.preview(context, &sent, *checked).await?;
                    let preview = preview_of(&WORDS, &carried.purpose, shown, private);
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
    pub(super) async fn back<'c>(&self, context: &Context, action: Action) -> Result<Answer<'c>, Failure> {
        let private = action.view.as_ref().map_or("", |view| &view.private);
        let Some((carried, draft, (at, zone))) = carried_draft(private) else {
            return Ok(Answer::reply(Reply::Update(Box::new(stale(&WORDS)))));
        };
        let options = self.options_of(context, &carried.purpose, &draft).await?;
        let sent = Sent { user: action.user, carried, draft, at, zone };
        let form = self.form(&sent.carried.clone().without_draft(), &sent.draft, &options, None)?;
        Ok(Answer::reply(Reply::Update(Box::new(form))))
    }

    /// Starts or changes chats. The preview may be old, so everything is looked at anew.
    async fn confirmed<'c>(&'c self, context: &'c Context, sent: Sent) -> Result<Answer<'c>, Failure> {
        match self.check(context, &sent).await? {
            FormVerdict::Mend(complaints) => {
                let purpose = sent.carried.purpose.clone();
                self.again(&sent, purpose, complaints.paragraph())
            }
            FormVerdict::Anew(purpose, notice) => self.again(&sent, purpose, notice),
            FormVerdict::Fine(checked) => match checked.old {
                None => self.start_as_sent(context, sent, &checked.programme).await,
                Some(ref old) => self.change_as_sent(context, sent, old, &checked).await,
            },
        }
    }

    async fn start_as_sent<'c>(
        &'c self,
        context: &'c Context,
        sent: Sent,
        programme: &Programme,
    ) -> Result<Answer<'c>, Failure> {
        let Beginning { mut unit, next, people } = self.begin(context, &sent.user, programme).await?;
        let started = messages::started(&next, people, &programme.name, Some(&programme.channel));
        tell(&mut unit, context, &sent, started)?;
        // Where another person was quicker, the check says so.
        Ok(Answer::new(unit, Reply::Nothing).or_else(move |_| self.once_more(context, sent)))
    }

    async fn change_as_sent<'c>(
        &'c self,
        context: &'c Context,
        sent: Sent,
        old: &Programme,
        checked: &Checked,
    ) -> Result<Answer<'c>, Failure> {
        let mut unit = UnitOfWork::new();
        let (changed, after) = self.replan(&mut unit, context, old, checked.programme.clone()).await?;
        programmes::change(&mut unit, &context.team, &changed)?;
        let (before, now) = (times(old)?, times(&changed)?);
        if before != now {
            let message =
                messages::announcement_of_move(&sent.user, (&old.name, &changed.name), before, now, &after);
            announce(&mut unit, context, &changed, message)?;
        }
        let saved = messages::saved((&changed.name, &changed.channel), before != now, &after);
        tell(&mut unit, context, &sent, saved)?;
        // A round has begun in this instant, or another person was quicker.
        Ok(Answer::new(unit, Reply::Nothing).or_else(move |_| self.once_more(context, sent)))
    }

    fn once_more<'c>(&'c self, context: &'c Context, sent: Sent) -> Handling<'c> {
        Box::pin(self.confirmed(context, sent))
    }

    /// The form with what was typed, below what the person should know first.
    fn again<'c>(&self, sent: &Sent, purpose: Purpose, notice: Markup) -> Result<Answer<'c>, Failure> {
        let carried = Carried::new(purpose, sent.carried.target.clone());
        let options = Options::default().answered(&sent.draft.own, self.settings.group_size);
        let form = self.form(&carried, &sent.draft, &options, Some(notice))?;
        Ok(Answer::reply(Reply::Update(Box::new(form))))
    }

    fn form(
        &self,
        carried: &Carried,
        draft: &SetupDraft,
        options: &Options,
        notice: Option<Markup>,
    ) -> Result<Modal, Failure> {
        let own = messages::fields(options, self.settings.group_size);
        // Without what was typed it is a few hundred characters.
        let private = carried.private()?.unwrap_or_default();
        Ok(form(&WORDS, draft, &carried.purpose, own, notice, private))
    }
}

/// What a preview carries: what was typed, and when and in which zone its times were read.
fn carried_draft(private: &str) -> Option<(Carried, SetupDraft, (Instant, Tz))> {
    let carried = Carried::of(private)?;
    let (draft, read) = (carried.draft.clone()?, carried.read_at()?);
    Some((carried, draft, read))
}

/// Adds to a unit what the person is told: where they typed or pressed while that works, else by DM.
fn tell(unit: &mut UnitOfWork, context: &Context, sent: &Sent, message: Message) -> Result<(), Failure> {
    let key = format!("coffee/setup/{}", context.id());
    let target = sent.carried.target.clone();
    let effect = match target.and_then(|target| target.answer(key.clone(), message.clone(), context.now)) {
        Some(answer) => answer,
        None => to_person(context, key, &sent.user, message)?,
    };
    Ok(context.enqueue(unit, &effect)?)
}
