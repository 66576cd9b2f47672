//! *Need help*: an owner asks a person for help, or the channel that the promise is from.

use chrono::Duration;
use futures_util::FutureExt as _;
use serde::{Deserialize, Serialize};

use super::{
    Promises,
    answering::{carried, read},
    asking::answer_at,
    calling::{call_key, put_call},
    cards::change_card,
    messages, note,
};
use crate::{
    common::{
        promises::{
            self, KEEP_DAYS, Promise, PromiseState, RITUAL, messages as shared,
            store::{self, Call},
            told,
        },
        setup::Complaints,
    },
    model::{
        effect::{Keep, NewEffect, Origin, Target},
        event::{Action, FieldValue, Reply, Submission},
        failure::Failure,
        message::Message,
        people::{ChannelId, ChannelState, UserId},
    },
    ritual::{Answer, Context},
    store::unit::UnitOfWork,
};

/// For how long a person asks once, in minutes.
const PAUSE_MINUTES: i64 = 60;

/// What a post in a channel has with it, for the case that it is refused.
#[derive(Serialize, Deserialize)]
struct Posted {
    help_for: String,
}

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
        let call = Call { helper: person.clone(), at: context.now };
        let key = call_key(&promise.id, &call);
        let effect = match (&channel, &person) {
            (Some(channel), _) => {
                let note = note(&Posted { help_for: promise.id.clone() })?;
                let to = Target::Channel(channel.clone());
                let message = messages::help_wanted_here(&promise);
                let keep = Keep::Until(context.now + Duration::days(KEEP_DAYS));
                let post = NewEffect::post(Origin::new(RITUAL, note), key.clone(), to, message, context.now);
                NewEffect { keep, ..post }
            }
            (None, Some(person)) => {
                let today = promises::today(context, person).await?;
                told(context, key.clone(), person, messages::help_wanted(&promise, today))
            }
            (None, None) => return Ok(Answer::reply(complaints.reply())),
        };
        let mut unit = UnitOfWork::new();
        let since = context.now - Duration::minutes(PAUSE_MINUTES);
        store::call_for_help(&mut unit, &context.team, &promise, since, context.now);
        put_call(&mut unit, context, &promise, &call).await?;
        context.enqueue(&mut unit, &effect)?;
        let asked = messages::help_asked(person.as_ref(), channel.as_ref());
        // A message about several promises doesn't say so.
        if carried.target.is_some() || !promise.reminder.is_empty() {
            answer_at(
                &mut unit,
                context,
                carried.target,
                format!("{key}/asked"),
                &sent.user,
                Message::new(asked),
            )?;
        } else {
            let today = promises::today(context, &sent.user).await?;
            let card = messages::reminder(&promise, today).with_context(asked);
            change_card(&mut unit, context, (&promise, &promise), &card, store::DRAWN).await?;
        }
        let answer = Answer::new(unit, Reply::Nothing);
        Ok(answer.or_else(move |_| async move { Err(self.not_asked_again(context, &promise).await) }.boxed()))
    }

    /// Says why help wasn't asked for: the promise has changed meanwhile, or it was asked for a moment ago.
    async fn not_asked_again(&self, context: &Context, promise: &Promise) -> Failure {
        match store::promise(&context.store, &promise.id).await {
            Ok(Some(now)) if now.version == promise.version => Failure::refuse(messages::helped_already()),
            Ok(_) => self.stands_now(context, &promise.id).await,
            Err(error) => error.into(),
        }
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
        let channel = promise.origin.channel.as_ref();
        let may = promises::may_be_asked(context, (&sent.user, person), channel).await;
        Ok(complaints.at(&context.store, messages::HELPER, may).await?.map(|()| person.clone()))
    }
}

/// Returns the channel that a promise is from with its name, if the owner may ask for help there.
async fn channel_of(context: &Context, promise: &Promise) -> Result<Option<(ChannelId, String)>, Failure> {
    let Some(channel) = &promise.origin.channel else { return Ok(None) };
    let ChannelState::Open { name } = context.store.channel_state(channel).await? else { return Ok(None) };
    let is_there = context.store.is_member(channel, &promise.owner).await?;
    Ok(is_there.then(|| (channel.clone(), name)))
}

/// Returns what follows if a call for help can't be posted: its owner hears so. `None` if it was something else.
pub(super) async fn refused(
    context: &Context,
    origin: &Origin,
    error: &str,
) -> Result<Option<UnitOfWork>, Failure> {
    let Ok(posted) = serde_json::from_str::<Posted>(&origin.note) else { return Ok(None) };
    let mut unit = UnitOfWork::new();
    let promise = store::promise(&context.store, &posted.help_for).await?;
    if let Some((promise, channel)) =
        promise.and_then(|promise| promise.origin.channel.clone().map(|channel| (promise, channel)))
    {
        let key = format!("promises/not_helped/{}", context.id());
        store::forget_call(&mut unit, &context.team, &promise);
        if promise.state == PromiseState::Open && promise.reminder.is_empty() {
            let today = promises::today(context, &promise.owner).await?;
            let card = messages::reminder(&promise, today);
            change_card(&mut unit, context, (&promise, &promise), &card, store::DRAWN).await?;
        }
        let message = messages::help_not_posted(&channel, error);
        context.enqueue(&mut unit, &told(context, key, &promise.owner, message))?;
    }
    Ok(Some(unit))
}
