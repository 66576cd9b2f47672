//! Making a promise and asking a person for one: from the words to the record.

use futures_util::FutureExt as _;

use super::{
    NewCarried, Promises,
    cards::asked_key,
    messages, note, reminding,
    request::{Draft, Objection, Purpose, named_by_words, named_last},
};
use crate::{
    common::{
        promises::{
            self, Due, Owner, Promise, PromiseOrigin, PromiseState,
            form::wrong_date_of,
            messages as shared, store, told,
            when::{self, Wall},
        },
        reply_target::ReplyTarget,
        saving::{all_plain_words, kept},
        setup::Complaints,
    },
    model::{
        authority::Operation,
        event::{Command, FieldValue, LONGEST_WORDS, Reply, Submission},
        failure::{Failure, Lookup},
        message::Message,
        people::{ChannelId, ChannelState, UserId},
        text::{Markup, clean, has_visible_text},
    },
    ritual::{Answer, Context, Presence, SavedWords},
    store::unit::UnitOfWork,
};

impl Promises {
    /// Opens the form for a new promise, with what was typed.
    pub(super) async fn open_new<'c>(
        &'c self,
        context: &'c Context,
        command: Command,
        (words, owner, due): (&str, Option<UserId>, Option<Due>),
    ) -> Result<Answer<'c>, Failure> {
        self.may_promise(context, &command.user).await?;
        let owner = owner.unwrap_or_else(|| command.user.clone());
        let target = Some(command.response_url).filter(|url| !url.is_empty());
        let target = target.map(|url| ReplyTarget::here(url, context.now));
        let private = note(&NewCarried { channel: command.channel, target })?;
        let form = messages::new_form(words, &owner, due, private);
        Ok(Answer::reply(Reply::Open(Box::new(form))))
    }

    /// Handles a promise that was typed. Without a date, or without words, the form asks for what is missing.
    pub(super) async fn promise_typed<'c>(
        &'c self,
        context: &'c Context,
        command: Command,
        draft: Draft,
    ) -> Result<Answer<'c>, Failure> {
        self.may_promise(context, &command.user).await?;
        let words = all_plain_words(context, &draft.text).await?;
        let asker_wall = Wall::new(context.now, Owner::load(context, &command.user).await?.zone);
        self.name_comes_first(context, &draft, asker_wall).await?;
        let owner = draft.owner.clone().unwrap_or_else(|| command.user.clone());
        let origin = self.origin(context, &command.channel, &command.user).await?;
        // Of an owner who isn't known Slack is asked here, so that their zone is known before a date is read.
        promises::may_be_asked(context, (&command.user, &owner), origin.channel.as_ref()).await?;
        let there = Owner::load(context, &owner).await?;
        let wall = there.wall(context.now);
        let elsewhere = (wall != *asker_wall).then_some((&owner, wall));
        let (words, due) = when::split(&words, Wall::new(context.now, there.zone))
            .map_err(|wrong| Failure::refuse(messages::wrong_when(&wrong, &self.command, elsewhere)))?;
        if let Some((date, time)) = due.and_then(|due| Some((due.date, due.time?)))
            && there.skips(date, time)
        {
            return Err(Failure::refuse(Message::new(Markup::words(&messages::time_skipped(time, date)))));
        }
        if has_visible_text(&words) && !says_something(&words) {
            return Err(Failure::refuse(messages::says_nothing(&words, &self.command)));
        }
        let length = words.chars().count();
        if length > LONGEST_WORDS {
            return Err(self.object(&Objection::Long(length)));
        }
        if due.is_none()
            && draft.owner.is_none()
            && let Some((purpose, named)) = named_by_words(&words)
        {
            let numbers = self.numbers_of(context, &command.user, named).await?;
            if !numbers.is_empty() {
                return self.picked(context, &command.user, purpose, &numbers).await;
            }
            // `cancel the order` is to be done, and `done with the order` isn't.
            if purpose == Purpose::Done {
                return self.none_named(context, &command.user, named).await;
            }
        }
        if due.is_none() || !has_visible_text(&words) {
            return self.open_new(context, command, (&words, draft.owner, due)).await;
        }
        let mut promise = Promise::asked(context.id(), owner, command.user, words);
        (promise.origin, promise.due) = (origin, due);
        let mut unit = UnitOfWork::new();
        let answer = self.put(&mut unit, context, promise.clone()).await?;
        let answer = Answer::new(unit, Reply::Ephemeral(answer));
        Ok(answer.or_else(move |guard| async move { Err(self.not_recorded(guard, &promise)) }.boxed()))
    }

    /// Refuses a person who stands behind a date: it isn't clear whether they'll do it.
    async fn name_comes_first(&self, context: &Context, draft: &Draft, wall: Wall) -> Result<(), Failure> {
        let Some((person, before)) = named_last(&draft.text).filter(|_| draft.owner.is_none()) else {
            return Ok(());
        };
        let typed = all_plain_words(context, before).await?;
        match when::split(&typed, wall) {
            Ok((words, Some(_))) if typed.starts_with(&words) => {
                Err(self.object(&Objection::NameLast(person, typed)))
            }
            _ => Ok(()),
        }
    }

    /// Handles the form for a new promise.
    pub(super) async fn new_sent<'c>(
        &'c self,
        context: &'c Context,
        sent: Submission,
    ) -> Result<Answer<'c>, Failure> {
        let stale = || Failure::refuse(messages::stale_form());
        let carried = serde_json::from_str::<NewCarried>(&sent.private).map_err(|_| stale())?;
        self.may_promise(context, &sent.user).await?;
        let mut complaints = Complaints::default();
        let typed = match sent.answers.get(messages::WHAT) {
            Some(FieldValue::Text(text)) => text.as_str(),
            _ => "",
        };
        // A form's text is as it was typed, without Slack's markup.
        let words = kept(&clean(typed));
        if !says_something(&words) {
            complaints.add(messages::WHAT, shared::NO_WORDS.to_owned());
        } else if typed.chars().count() > LONGEST_WORDS {
            complaints.add(messages::WHAT, shared::too_long(typed.chars().count()));
        }
        let origin = self.origin(context, &carried.channel, &sent.user).await?;
        let owner = self.owner_sent(context, &sent, origin.channel.as_ref(), &mut complaints).await?;
        let due = match &owner {
            Some(owner) => due_sent(context, owner, &sent, &mut complaints).await?,
            None => None,
        };
        let (Some(owner), Some(due), true) = (owner, due, complaints.is_empty()) else {
            return Ok(Answer::reply(complaints.reply()));
        };
        let promise = Promise::asked(context.id(), owner, sent.user.clone(), words).due(due);
        let promise = Promise { origin, ..promise };
        let key = match carried.target {
            Some(_) => format!("promises/shown/{}", promise.id),
            None => asked_key(&promise.id),
        };
        let mut unit = UnitOfWork::new();
        let message = self.put(&mut unit, context, promise.clone()).await?;
        answer_at(&mut unit, context, carried.target, key, &sent.user, message)?;
        let answer = Answer::new(unit, Reply::Nothing);
        Ok(answer.or_else(move |guard| {
            async move {
                let why = match guard {
                    store::FULL => messages::full_at_field(&self.command),
                    store::ASKED_OFTEN => shared::refused_at_field(shared::Refused::Often),
                    guard => return Err(self.not_recorded(guard, &promise)),
                };
                let mut complaints = Complaints::default();
                complaints.add(messages::WHAT, why);
                Ok(Answer::reply(complaints.reply()))
            }
            .boxed()
        }))
    }

    /// Says why a promise wasn't recorded.
    pub(super) fn not_recorded(&self, guard: &str, promise: &Promise) -> Failure {
        Failure::refuse(match guard {
            store::TWICE => messages::recorded_already(promise, &self.command),
            store::ASKED_OFTEN => messages::asked_often(promise, &self.command),
            _ => messages::full(promise, &self.command),
        })
    }

    /// Returns the person chosen in a form, if they can be asked; else it says at the field why not.
    pub(super) async fn owner_sent(
        &self,
        context: &Context,
        sent: &Submission,
        channel: Option<&ChannelId>,
        complaints: &mut Complaints,
    ) -> Result<Option<UserId>, Failure> {
        let Some(FieldValue::Person(owner)) = sent.answers.get(messages::WHO) else {
            complaints.add(messages::WHO, shared::NO_OWNER_CHOSEN.to_owned());
            return Ok(None);
        };
        let may = promises::may_be_asked(context, (&sent.user, owner), channel).await;
        Ok(complaints.at(&context.store, messages::WHO, may).await?.map(|()| owner.clone()))
    }

    /// Saves the words of a message as a promise of the person's, and asks them when they'll do it. Only they know of it.
    pub(super) async fn save<'c>(
        &'c self,
        context: &'c Context,
        saved: SavedWords,
    ) -> Result<Answer<'c>, Failure> {
        self.may_promise(context, &saved.user).await?;
        let SavedWords { id, user, author, words, link } = saved;
        let known = match link.as_str() {
            "" => None,
            link => store::pending_from(&context.store, &user, link).await?,
        };
        if let Some(known) = known {
            return Err(Failure::refuse(messages::saved_already(&known, &self.command)));
        }
        let promise = Promise { author, link, ..Promise::asked(id, user.clone(), user, words) };
        let mut unit = UnitOfWork::new();
        promises::ask(&mut unit, context, &promise).await?;
        let answer = Answer::new(unit, Reply::Ephemeral(messages::saved()));
        Ok(answer.or_else(move |guard| async move { Err(self.not_recorded(guard, &promise)) }.boxed()))
    }

    /// Adds a new promise to a unit, and returns what the asker reads: the owner is asked unless they asked themselves.
    async fn put(
        &self,
        unit: &mut UnitOfWork,
        context: &Context,
        promise: Promise,
    ) -> Result<Message, Failure> {
        let owner = Owner::load(context, &promise.owner).await?;
        let today = owner.today(context.now);
        if !promise.is_own() {
            let later = promises::ask(unit, context, &promise).await?;
            let is_other = reminding::is_other_for_asker(context, &promise, &owner).await?;
            let is_listed = promise.origin.channel.is_some();
            return Ok(messages::asked(&promise, (today, is_other), later.as_ref(), is_listed));
        }
        let promise = promise.then(PromiseState::Open, context.now);
        let reminder = promises::make(unit, context, &promise, &owner);
        Ok(messages::promised(&promise, (today, owner.zone), reminder, &self.command))
    }

    /// Lets those pass who take part at all.
    pub(super) async fn may_promise(&self, context: &Context, user: &UserId) -> Result<(), Failure> {
        let may = context.may(user, &Operation::TakePart).await?;
        may.map_err(|_| Failure::refuse(messages::guests_stay_out()))
    }

    /// Returns where a promise comes from that was typed in a channel, or in a form that was opened there. A conversation that the bot isn't
    /// in counts as none, and so does a channel in which the person isn't.
    async fn origin(
        &self,
        context: &Context,
        channel: &ChannelId,
        user: &UserId,
    ) -> Result<PromiseOrigin, Failure> {
        if channel.as_str().starts_with('D') {
            return Ok(PromiseOrigin::default());
        }
        Ok(match context.presence(channel, user).await? {
            Presence::Inside => match context.store.channel_state(channel).await? {
                ChannelState::Open { .. } => {
                    PromiseOrigin { channel: Some(channel.clone()), ..PromiseOrigin::default() }
                }
                ChannelState::Unread { refused: None }
                    if !context.has_asked(&Lookup::Channel(channel.clone())) =>
                {
                    return Err(Failure::Later(Lookup::Channel(channel.clone())));
                }
                ChannelState::Unread { .. } | ChannelState::Closed(_) => PromiseOrigin::default(),
            },
            Presence::Outside | Presence::Direct | Presence::Unknown => PromiseOrigin::default(),
        })
    }
}

/// Whether words have a letter, a digit or a picture in them.
fn says_something(words: &str) -> bool {
    const FIRST_PICTURE: char = '\u{2190}';
    has_visible_text(words) && words.chars().any(|letter| letter.is_alphanumeric() || letter >= FIRST_PICTURE)
}

/// Returns when a form says that something is due, on the owner's wall; else it says at the field what is wrong.
pub(super) async fn due_sent(
    context: &Context,
    owner: &UserId,
    sent: &Submission,
    complaints: &mut Complaints,
) -> Result<Option<Due>, Failure> {
    let there = Owner::load(context, owner).await?;
    let wall = there.wall(context.now);
    let Some(FieldValue::Date(date)) = sent.answers.get(messages::DATE) else {
        complaints.add(messages::DATE, shared::NO_DATE.to_owned());
        return Ok(None);
    };
    let time = match sent.answers.get(messages::TIME) {
        Some(FieldValue::Time(time)) => Some(*time),
        _ => None,
    };
    let asker_today = promises::today(context, &sent.user).await?;
    let wrong = match (wrong_date_of(*date, wall.date(), asker_today), time) {
        (Some(wrong), _) => Some((messages::DATE, wrong)),
        (None, Some(time)) if *date == wall.date() && time <= wall.time() => {
            Some((messages::TIME, messages::time_over(wall.time(), *owner == sent.user)))
        }
        (None, Some(time)) if there.skips(*date, time) => {
            Some((messages::TIME, messages::time_skipped(time, *date)))
        }
        _ => None,
    };
    if let Some((field, words)) = wrong {
        complaints.add(field, words);
        return Ok(None);
    }
    Ok(Some(Due { date: *date, time }))
}

/// Adds to a unit what a person reads who has sent a form: where they opened it, or by DM.
pub(super) fn answer_at(
    unit: &mut UnitOfWork,
    context: &Context,
    target: Option<ReplyTarget>,
    key: String,
    user: &UserId,
    message: Message,
) -> Result<(), Failure> {
    let answer = target.and_then(|target| target.answer(key.clone(), message.clone(), context.now));
    Ok(context.enqueue(unit, &answer.unwrap_or_else(|| told(context, key, user, message)))?)
}
