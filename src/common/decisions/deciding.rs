//! Recording a decision, and superseding one: the form, and the version that it becomes.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{
    Decisions, Posted,
    carried::Carried,
    form::{Said, decided},
    message_key,
    messages::{self, Asked, FormFor, PostedIn},
    record::{Change, Decision, what_and_why},
    review_key, store,
};
use crate::{
    common::{
        programmes::origin,
        reply_target::ReplyTarget,
        setup::{Complaints, plain},
    },
    model::{
        effect::{Effect, Keep, NewEffect, Origin, Target},
        event::{Action, FieldValue, Reply, Submission},
        failure::Failure,
        message::{Message, Modal},
        people::{ChannelId, PersonKind, UserId},
    },
    ritual::{Answer, Context},
    store::{programmes::Programme, unit::UnitOfWork},
};

/// What a new form is opened with.
pub struct NewForm<'f> {
    pub user: &'f UserId,
    pub channel: &'f ChannelId,
    /// The programmes that it may be of: of several the person chooses, and without any it is the channel's alone.
    pub programmes: &'f [Programme],
    pub posted_in: PostedIn,
    /// What was typed or saved, in plain words.
    pub words: &'f str,
    /// The name at their end by which no programme here is called.
    pub unknown_name: Option<&'f str>,
    /// Whether more was typed than that.
    pub is_cut: bool,
    /// The address of the message that the words are from.
    pub link: String,
    /// Where the person reads what came of it.
    pub target: Option<ReplyTarget>,
}

/// What a form that was sent comes to.
pub enum Drafted<'c> {
    /// A version to record.
    Version(Box<Recorded>),
    /// What the person is told instead.
    Answered(Box<Answer<'c>>),
}

/// A version that is to be recorded.
pub struct Recorded {
    pub version: Decision,
    /// The version that it follows.
    pub supersedes: Option<Decision>,
    review: Option<NaiveDate>,
    target: Option<ReplyTarget>,
    /// The field of the form at which a refusal is shown.
    field: Option<String>,
}

impl<'c> Decisions<'c> {
    /// Returns the form for a new decision, with what was typed in it.
    pub fn new_form(self, new: NewForm<'_>) -> Result<Modal, Failure> {
        let (what, why) = what_and_why(new.words);
        let (programme, choices) = match new.programmes {
            [only] => (only.id.clone(), Vec::new()),
            several => {
                let choices = several.iter().map(|programme| (programme.id.clone(), programme.name.clone()));
                (String::new(), choices.collect())
            }
        };
        let carried = Carried {
            link: new.link,
            target: new.target,
            ..Carried::new(self.context.id(), programme, new.channel.clone())
        };
        let who = [new.user.clone()];
        let asked = Asked {
            what,
            why,
            who: &who,
            programmes: &choices,
            unknown_name: new.unknown_name,
            is_cut: new.is_cut,
            is_without_programme: new.programmes.is_empty(),
            ..Asked::default()
        };
        Ok(messages::form(&asked, FormFor::New(new.posted_in), self.ritual, carried.as_private()?))
    }

    /// Opens the form for the next version of a decision, which the person who opens it decides, unless another one counts by now.
    pub(super) async fn supersede(self, action: &Action) -> Result<Answer<'c>, Failure> {
        let (current, review) = self.pressed_version(action).await?;
        let carried = self.carried(&current, review, action);
        let programme = self.context.store.programme(&current.programme).await?;
        let today = today(self.context, programme.as_ref(), &action.user).await?;
        let asked = Asked {
            who: std::slice::from_ref(&action.user),
            review_on: current.review_on.filter(|date| *date > today),
            ..Asked::of(&current)
        };
        let form = messages::form(&asked, FormFor::Superseding(&current), self.ritual, carried.as_private()?);
        Ok(Answer::reply(Reply::Open(Box::new(form))))
    }

    /// Returns the version that a button is about, if it is the newest one and the person may follow it with another, and the date
    /// of the occasion whose message holds the button.
    pub(super) async fn pressed_version(
        self,
        action: &Action,
    ) -> Result<(Decision, Option<NaiveDate>), Failure> {
        let mut parts = action.value.split(' ');
        let (id, version) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let review = parts.next().and_then(|date| date.parse().ok());
        let current = self.seen(id, &action.user).await?;
        self.may_write(&current.channel, &action.user).await?;
        if version.parse() == Ok(current.version) {
            return Ok((current, review));
        }
        Err(Failure::refuse(messages::outdated(&current, self.ritual)))
    }

    pub(super) fn carried(self, current: &Decision, review: Option<NaiveDate>, action: &Action) -> Carried {
        let target = action.response_url.clone().map(|url| ReplyTarget::here(url, self.context.now));
        Carried::about(current, review, target)
    }

    /// Reads a form that was sent. What stands in the way is shown at its fields, so that nothing that was typed is lost.
    pub async fn drafted(self, sent: &Submission) -> Result<Drafted<'c>, Failure> {
        match self.read(sent).await {
            Err(Failure::Refuse(message)) => {
                let answer = self.at_field(sent.first_field.as_deref(), *message).await?;
                Ok(Drafted::Answered(Box::new(answer)))
            }
            read => read,
        }
    }

    async fn read(self, sent: &Submission) -> Result<Drafted<'c>, Failure> {
        let context = self.context;
        let carried = serde_json::from_str::<Carried>(&sent.private).map_err(|_| self.not_for_you())?;
        let supersedes = match carried.version {
            0 => None,
            _ => Some(self.seen(&carried.id, &sent.user).await?),
        };
        let channel = supersedes.as_ref().map_or(&carried.channel, |old| &old.channel);
        self.may_write(channel, &sent.user).await?;
        let programme = match supersedes {
            Some(ref old) => context.store.programme(&old.programme).await?,
            None => self.programme_of(&carried, sent).await?,
        };
        let mut complaints = Complaints::default();
        // Without any sync, a decision is the channel's alone.
        let names_a_sync = !carried.programme.is_empty() || sent.answers.contains_key(messages::OCCASION);
        if programme.is_none() && supersedes.is_none() && names_a_sync {
            let field = if carried.programme.is_empty() { messages::OCCASION } else { messages::WHAT };
            complaints.add(field, messages::NO_SYNC.to_owned());
        }
        let today = today(context, programme.as_ref(), &sent.user).await?;
        let suppressed = context.suppressed().await?;
        let said = Said::of(&sent.answers, today, |person| suppressed.holds(person), &mut complaints);
        let known = context.store.people(&said.decided_by).await?;
        let has_kind = |id: &UserId| known.get(id).is_some_and(|person| person.kind == PersonKind::Bot);
        if said.decided_by.iter().any(|id| *id == context.bot || has_kind(id)) {
            complaints.add(messages::WHO, messages::BOT_DECIDES.to_owned());
        }
        let version =
            self.version(&carried, said, supersedes.as_ref(), (programme.as_ref(), &sent.user, today));
        let is_overtaken = supersedes.as_ref().is_some_and(|old| carried.is_overtaken_by(old));
        if !is_overtaken && supersedes.as_ref().is_some_and(|old| old.says_the_same(&version)) {
            complaints.add(messages::WHAT, messages::UNCHANGED.to_owned());
        }
        if !complaints.is_empty() {
            return Ok(Drafted::Answered(Box::new(Answer::reply(complaints.reply()))));
        }
        let Carried { review, target, .. } = carried;
        if is_overtaken {
            return Ok(Drafted::Answered(Box::new(self.overtaken(version, review, target).await?)));
        }
        let recorded = Recorded { version, supersedes, review, target, field: sent.first_field.clone() };
        Ok(Drafted::Version(Box::new(recorded)))
    }

    /// Returns the programme of a new decision: the one that the form carries, or that was chosen in it. It is one of the same
    /// channel.
    async fn programme_of(self, carried: &Carried, sent: &Submission) -> Result<Option<Programme>, Failure> {
        let chosen = match sent.answers.get(messages::OCCASION) {
            Some(FieldValue::Choice(chosen)) if carried.programme.is_empty() => chosen.as_str(),
            _ => carried.programme.as_str(),
        };
        let found = self.context.store.programme(chosen).await?;
        Ok(found.filter(|programme| programme.channel == carried.channel && programme.ritual == self.ritual))
    }

    fn version(
        self,
        carried: &Carried,
        said: Said,
        supersedes: Option<&Decision>,
        (programme, user, today): (Option<&Programme>, &UserId, NaiveDate),
    ) -> Decision {
        let now = self.context.now;
        let version = carried.version + 1;
        Decision {
            id: carried.id.clone(),
            version,
            programme: match (supersedes, programme) {
                (Some(old), _) => old.programme.clone(),
                (None, programme) => programme.map(|programme| programme.id.clone()).unwrap_or_default(),
            },
            channel: supersedes.map_or(&carried.channel, |old| &old.channel).clone(),
            change: if supersedes.is_some() { Change::Superseded } else { Change::Decided },
            what: said.what,
            why: said.why,
            turned_down: said.turned_down,
            decided_by: said.decided_by,
            review_on: said.review_on,
            reviewed: None,
            listed_on: None,
            link: carried.link.clone(),
            recorded_by: user.clone(),
            decided_on: today,
            decided_at: now,
            recorded_at: now,
            posted: None,
        }
    }

    /// Records a version and posts it there: in the thread of an occasion that is open, or in the channel. Of two people who
    /// record the next version at once one does, and the other reads what it says now.
    pub async fn record(self, recorded: Recorded, to: Target) -> Result<Answer<'c>, Failure> {
        let context = self.context;
        let Recorded { version, supersedes, review, target, field } = recorded;
        let told = messages::recorded(&version.channel, matches!(to, Target::Thread { .. }));
        let mut unit = UnitOfWork::new();
        self.put(&mut unit, &version, to).await?;
        if let Some(old) = &supersedes {
            store::supersede(&mut unit, &context.team, old, context.now);
            self.put_superseded(&mut unit, old, &version)?;
            for date in old.listed_at(review) {
                let message = messages::answered(old, &version, self.ritual);
                self.put_answered(&mut unit, (old, date), message)?;
            }
        }
        if supersedes.is_none() {
            store::once(&mut unit, &context.team, &version, context.now);
        }
        let key = format!("decision/told/{}", context.id());
        if let Some(answer) = target.clone().and_then(|target| target.answer(key, told, context.now)) {
            context.enqueue(&mut unit, &answer)?;
        }
        let answer = Answer::new(unit, Reply::Nothing);
        Ok(answer.or_else(move |guard| {
            Box::pin(async move {
                if supersedes.is_some() {
                    return self.overtaken(version, review, target).await;
                }
                let refusal = match guard {
                    store::TWICE => messages::recorded_twice(self.command),
                    _ => messages::recorded_already(),
                };
                self.at_field(field.as_deref(), refusal).await
            })
        }))
    }

    /// Shows a person whose version another one has overtaken what it says now, with what they typed: they may supersede that.
    async fn overtaken(
        self,
        typed: Decision,
        review: Option<NaiveDate>,
        target: Option<ReplyTarget>,
    ) -> Result<Answer<'c>, Failure> {
        let now = store::current(&self.context.store, &typed.id).await?.ok_or_else(|| self.not_for_you())?;
        let carried = Carried::about(&now, review, target);
        let asked = Asked::of(&typed);
        let form = messages::form(&asked, FormFor::Overtaken(&now), self.ritual, carried.as_private()?);
        Ok(Answer::reply(Reply::Update(Box::new(form))))
    }

    /// Returns the decision that another form holds, such as the one that closes an occasion: made at the occasion of this date, by
    /// people whom the form doesn't ask for.
    pub fn decided_at(
        self,
        (programme, date): (&Programme, NaiveDate),
        (user, answers): (&UserId, &BTreeMap<String, FieldValue>),
        complaints: &mut Complaints,
    ) -> Option<Decision> {
        let said = decided(answers, complaints)?;
        let carried = Carried::new(self.context.id(), programme.id.clone(), programme.channel.clone());
        Some(self.version(&carried, said, None, (Some(programme), user, date)))
    }

    /// Adds a version to a unit, with its message.
    pub async fn put(self, unit: &mut UnitOfWork, version: &Decision, to: Target) -> Result<(), Failure> {
        let context = self.context;
        let known = context.store.people(&version.decided_by).await?;
        let names = known.values().map(|person| person.name.as_str());
        store::put(unit, &context.team, version, version.searched(names));
        let about = Posted {
            decision: version.id.clone(),
            version: version.version,
            channel: version.channel.clone(),
            by: version.recorded_by.clone(),
        };
        let about = Origin { wants_sent: true, ..origin(self.ritual, &about)? };
        let message = messages::posted(version, self.ritual);
        let key = message_key(&version.id, version.version);
        let effect = NewEffect::post(about, key, to, message, context.now);
        // Its message is changed when it is superseded, in years perhaps.
        Ok(context.enqueue_once(unit, &NewEffect { keep: Keep::Always, ..effect })?)
    }

    /// Adds to a unit that the message of a version says by which one it was superseded.
    fn put_superseded(self, unit: &mut UnitOfWork, old: &Decision, new: &Decision) -> Result<(), Failure> {
        let message = messages::superseded(old, new, self.ritual);
        let effect = Effect::Post { to: Target::Channel(old.channel.clone()), message };
        Ok(self.context.amend(unit, &message_key(&old.id, old.version), &effect)?)
    }

    /// Adds to a unit that the message with which an occasion of this date looked at a version again has its answer.
    pub(super) fn put_answered(
        self,
        unit: &mut UnitOfWork,
        (old, date): (&Decision, NaiveDate),
        message: Message,
    ) -> Result<(), Failure> {
        let effect = Effect::Post { to: Target::Channel(old.channel.clone()), message };
        Ok(self.context.amend(unit, &review_key(old, date), &effect)?)
    }

    /// Shows a refusal at a field of the form, which stays open; without a field the person reads it elsewhere.
    pub(super) async fn at_field(self, field: Option<&str>, refusal: Message) -> Result<Answer<'c>, Failure> {
        let Some(field) = field else { return Err(Failure::refuse(refusal)) };
        let mut complaints = Complaints::default();
        complaints.add(field, plain(&self.context.store, &refusal).await?);
        Ok(Answer::reply(complaints.reply()))
    }
}

/// Returns the local date in the zone of a programme; without one, in that of the person who decides.
pub(super) async fn today(
    context: &Context,
    programme: Option<&Programme>,
    user: &UserId,
) -> Result<NaiveDate, Failure> {
    let zone = match programme.and_then(|programme| programme.cadence.as_ref()) {
        Some(cadence) => cadence.zone,
        None => context.store.zone_of(user).await?.unwrap_or(context.zone),
    };
    Ok(context.now.with_timezone(&zone).date_naive())
}
