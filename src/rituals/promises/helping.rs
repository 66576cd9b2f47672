//! *Need help*: an owner asks a person for help, or the channel that the promise is from.

use chrono::Duration;
use futures_util::FutureExt as _;

use super::{
    Promises,
    answering::{carried, read, typed},
    asking::answer_at,
    calling::{Posted, call_key, hoped_for, put_call, reminder_now, told_key},
    cards::change_newest,
    messages,
};
use crate::{
    common::{
        promises::{self, Promise, PromiseState, messages as shared, plan::Call, store, told},
        setup::Complaints,
    },
    model::{
        clock::Instant,
        effect::{DeliveryOutcome, Origin},
        event::{Action, FieldValue, Reply, Submission},
        failure::Failure,
        message::Message,
        people::{ChannelId, ChannelState, PersonKind, UserId},
        refusal::Refusal,
        text::Markup,
    },
    ritual::{Answer, Context, Settled},
    store::unit::UnitOfWork,
};

/// For how long an owner asks the same person or the channel once, in minutes, and how many they ask in that time.
const PAUSE_MINUTES: i64 = 60;
const MOST_CALLS: i64 = 5;

impl Promises {
    /// Opens the form that asks who could help.
    pub(super) async fn open_help<'c>(
        &'c self,
        context: &'c Context,
        action: Action,
    ) -> Result<Answer<'c>, Failure> {
        let promise = self.of_button(context, &action, &[PromiseState::Open]).await?;
        let channel = channel_of(context, &promise).await?;
        let name = channel.as_ref().map(|(_, name)| name.as_str());
        let form = messages::help_form(&promise, name, carried(context, &promise, &action)?);
        Ok(Answer::reply(Reply::Open(Box::new(form))))
    }

    pub(super) async fn help_sent<'c>(
        &'c self,
        context: &'c Context,
        sent: Submission,
    ) -> Result<Answer<'c>, Failure> {
        let carried = read(&sent)?;
        let version = (carried.id.as_str(), carried.version);
        let promise = self.own(context, version, &sent.user, &[PromiseState::Open]).await?;
        let in_channel = sent.answers.get(messages::WHERE)
            == Some(&FieldValue::Choice(messages::WHERE_CHANNEL.to_owned()));
        let channel =
            if in_channel { channel_of(context, &promise).await?.map(|(channel, _)| channel) } else { None };
        let mut complaints = Complaints::default();
        if in_channel && channel.is_none() {
            complaints.add(messages::WHERE, messages::HELP_CLOSED.to_owned());
            return Ok(Answer::reply(complaints.reply()));
        }
        let person = match &channel {
            Some(_) => None,
            None => self.helper(context, &promise, &sent, &mut complaints).await?,
        };
        if channel.is_none() && person.is_none() {
            return Ok(Answer::reply(complaints.reply()));
        }
        let call = Call { words: typed(&sent, messages::WOULD_HELP), ..Call::now(person, context.now) };
        let mut unit = UnitOfWork::new();
        let since = context.now - Duration::minutes(PAUSE_MINUTES);
        let later = put_call(&mut unit, context, &promise, &call, (since, MOST_CALLS)).await?;
        let today = promises::today(context, &sent.user).await?;
        let asked = messages::help_asked(&call, channel.as_ref(), later.as_ref().map(|later| (later, today)));
        let before = asked_before(context, &promise, &call).await?;
        // A message about several promises doesn't say so.
        if carried.target.is_some() || !promise.reminder.is_empty() {
            let key = match carried.target {
                Some(_) => format!("{}/asked", call_key(&promise.id, &call)),
                None => told_key(&promise.id, &call),
            };
            let message = with_line(messages::help_asked_with(&promise, asked), before);
            answer_at(&mut unit, context, carried.target, key, &sent.user, message)?;
        } else {
            let card = with_line(reminder_now(context, &promise).await?.with_context(asked), before);
            change_newest(&mut unit, context, &promise, &card)?;
        }
        let answer = Answer::new(unit, Reply::Nothing);
        Ok(answer.or_else(move |guard| {
            async move {
                match guard {
                    store::HELPED => self.asked_already(context, &promise, (&call, since)).await,
                    _ => Err(self.stands_now(context, &promise.id, &promise.owner).await),
                }
            }
            .boxed()
        }))
    }

    /// Says in the form why help isn't asked for: the same was asked a moment ago, or many people were.
    async fn asked_already<'c>(
        &self,
        context: &Context,
        promise: &Promise,
        (call, since): (&Call, Instant),
    ) -> Result<Answer<'c>, Failure> {
        let calls = store::calls(&context.store, &promise.id).await?;
        let is_repeated = calls.iter().any(|other| other.helper == call.helper && other.at >= since);
        let (field, again) = match call.helper {
            Some(_) => (messages::HELPER, messages::HELPED_BY_THEM),
            None => (messages::WHERE, messages::HELPED_THERE),
        };
        let mut complaints = Complaints::default();
        complaints.add(field, if is_repeated { again } else { messages::HELPED_OFTEN }.to_owned());
        Ok(Answer::reply(complaints.reply()))
    }

    /// Returns the person chosen in the form, if they can be asked; else it says at the field why not.
    async fn helper(
        &self,
        context: &Context,
        promise: &Promise,
        sent: &Submission,
        complaints: &mut Complaints,
    ) -> Result<Option<UserId>, Failure> {
        let Some(FieldValue::Person(person)) = sent.answers.get(messages::HELPER) else {
            complaints.add(messages::HELPER, shared::NO_OWNER_CHOSEN.to_owned());
            return Ok(None);
        };
        if *person == sent.user {
            complaints.add(messages::HELPER, messages::HELP_YOURSELF.to_owned());
            return Ok(None);
        }
        if *person == context.bot {
            complaints.add(messages::HELPER, messages::HELP_NOT_ME.to_owned());
            return Ok(None);
        }
        if context.store.person(person).await?.is_some_and(|person| person.kind == PersonKind::Guest) {
            complaints.add(messages::HELPER, messages::HELP_GUEST.to_owned());
            return Ok(None);
        }
        let may = promises::may_be_asked(context, (&sent.user, person), None).await;
        if complaints.at(&context.store, messages::HELPER, may).await?.is_none() {
            return Ok(None);
        }
        if let Some(channel) = &promise.origin.channel
            && !context.store.is_member(channel, person).await?
        {
            context.miss_a_channel(channel);
            complaints.add(messages::HELPER, messages::HELP_OUTSIDE.to_owned());
            return Ok(None);
        }
        Ok(Some(person.clone()))
    }
}

/// Returns the channel that a promise is from with its name, if the owner may ask for help there.
async fn channel_of(context: &Context, promise: &Promise) -> Result<Option<(ChannelId, String)>, Failure> {
    let Some(channel) = &promise.origin.channel else { return Ok(None) };
    let ChannelState::Open { name } = context.store.channel_state(channel).await? else { return Ok(None) };
    let is_there = context.store.is_member(channel, &promise.owner).await?;
    Ok(is_there.then(|| (channel.clone(), name)))
}

/// Says whom else an owner has asked for help with a promise; `None` if they've asked no one else.
async fn asked_before(context: &Context, promise: &Promise, call: &Call) -> Result<Option<Markup>, Failure> {
    let mut calls = store::calls(&context.store, &promise.id).await?;
    calls.retain(|other| other.helper != call.helper);
    let (hoped, today) = hoped_for(context, promise, &calls).await?;
    Ok(messages::help_asked_before(&hoped, promise.origin.channel.as_ref(), today))
}

fn with_line(message: Message, line: Option<Markup>) -> Message {
    match line {
        Some(line) => message.with_context(line),
        None => message,
    }
}

/// Returns what follows from what became of a message. A DM to a person who has left needs no attention.
pub(super) async fn settled(
    context: &Context,
    origin: &Origin,
    outcome: &DeliveryOutcome,
) -> Result<Settled, Failure> {
    let DeliveryOutcome::Refused(refusal, error) = outcome else { return Ok(Settled::given_up()) };
    if let Some(unit) = refused(context, origin, error).await? {
        return Ok(Settled::with(unit));
    }
    Ok(Settled { unit: UnitOfWork::new(), is_settled: *refusal == Refusal::Person })
}

/// Returns what follows if a call for help can't be posted: its owner hears so. `None` if it was something else.
async fn refused(context: &Context, origin: &Origin, error: &str) -> Result<Option<UnitOfWork>, Failure> {
    let Ok(posted) = serde_json::from_str::<Posted>(&origin.note) else { return Ok(None) };
    let mut unit = UnitOfWork::new();
    let promise = store::promise(&context.store, &posted.help_for).await?;
    if let Some((promise, channel)) =
        promise.and_then(|promise| promise.origin.channel.clone().map(|channel| (promise, channel)))
    {
        let key = format!("promises/not_helped/{}", context.id());
        store::forget_call(&mut unit, &context.team, &promise);
        if promise.state == PromiseState::Open && promise.reminder.is_empty() {
            let here = Call::now(None, context.now);
            let before = asked_before(context, &promise, &here).await?;
            let card = with_line(reminder_now(context, &promise).await?, before);
            change_newest(&mut unit, context, &promise, &card)?;
        }
        let message = messages::help_not_posted(&channel, error);
        context.enqueue(&mut unit, &told(context, key, &promise.owner, message))?;
    }
    Ok(Some(unit))
}
