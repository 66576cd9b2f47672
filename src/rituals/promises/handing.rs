//! A promise goes to another owner: its asker asks another person, or a member of the channel takes it.

use futures_util::FutureExt as _;

use super::{
    Carried, Promises,
    answering::{carried, read, still_ahead},
    asking::{answer_at, due_sent},
    coming_back::{change_lost, lost_key},
    messages, note, parts_of, reminding,
    telling::{change_heard, heard_key, tell_asker},
};
use crate::{
    common::{
        programmes::is_direct,
        promises::{self, Due, Owner, Promise, PromiseState, store},
        reply_target::ReplyTarget,
        setup::Complaints,
    },
    model::{
        event::{Action, Reply, Submission},
        failure::Failure,
        people::UserId,
    },
    ritual::{Answer, Context},
    store::unit::UnitOfWork,
};

/// A promise in one of these states has no owner who works on it.
const FREE: [PromiseState; 3] = [PromiseState::Dropped, PromiseState::Returned, PromiseState::Lapsed];

impl Promises {
    /// *Ask another person*: opens the form, for the person who asked the first one.
    pub(super) async fn open_hand<'c>(
        &'c self,
        context: &'c Context,
        action: Action,
    ) -> Result<Answer<'c>, Failure> {
        let promise = self.asked_by(context, parts_of(&action.value).0, &action.user).await?;
        let wall = Owner::load(context, &action.user).await?.wall(context.now);
        let old = old_message(context, &promise, &action).await?;
        let private = match action.response_url.clone().filter(|_| old) {
            Some(url) => {
                let target = Some(ReplyTarget::here(url, context.now));
                let (id, version) = (promise.id.clone(), promise.version);
                note(&Carried { id, version, target, place: String::new(), is_replaced: true })?
            }
            None => carried(context, &promise, &action)?,
        };
        let form = messages::hand_form(&promise, still_ahead(&promise, wall), private);
        Ok(Answer::reply(Reply::Open(Box::new(form))))
    }

    /// Handles the form that asks another person. The message with the answer of the first one says so, and has no button any more.
    pub(super) async fn another_asked<'c>(
        &'c self,
        context: &'c Context,
        sent: Submission,
    ) -> Result<Answer<'c>, Failure> {
        let carried = read(&sent)?;
        let promise = self.asked_by(context, (&carried.id, carried.version), &sent.user).await?;
        let mut complaints = Complaints::default();
        let owner = self.owner_sent(context, &sent, promise.origin.channel.as_ref(), &mut complaints).await?;
        let due = match &owner {
            Some(owner) => due_sent(context, owner, &sent, &mut complaints).await?,
            None => None,
        };
        let (Some(owner), Some(due)) = (owner, due) else { return Ok(Answer::reply(complaints.reply())) };
        let state = if owner == promise.asker { PromiseState::Open } else { PromiseState::Asked };
        let after = handed(&promise, owner, Some(due), (state, context));
        let mut unit = UnitOfWork::new();
        store::change(&mut unit, &context.team, &promise, &after);
        store::forget_calls(&mut unit, &context.team, &promise);
        let new = Owner::load(context, &after.owner).await?;
        let today = new.today(context.now);
        let message = if after.is_own() {
            let reminder = promises::put_reminder(&mut unit, context, &after, &new);
            messages::promised(&after, (today, new.zone), reminder, &self.command)
        } else {
            promises::count_request(&mut unit, context, &after.asker).await?;
            let later = promises::question(&mut unit, context, &after).await?;
            let is_other = reminding::is_other_for_asker(context, &after, &new).await?;
            messages::asked(&after, (today, is_other), later.as_ref(), true)
        };
        change_heard(&mut unit, context, &promise, &message)?;
        change_lost(&mut unit, context, &promise, &after)?;
        let key = format!("promises/handed/{}", context.id());
        match carried.target {
            Some(target) if carried.is_replaced => {
                if let Some(replaced) = target.replaced(key, message, context.now) {
                    context.enqueue(&mut unit, &replaced)?;
                }
            }
            None => {}
            target => answer_at(&mut unit, context, target, key, &sent.user, message)?,
        }
        let answer = Answer::new(unit, Reply::Nothing);
        Ok(answer.or_else(move |guard| {
            async move { Err(self.not_changed(context, guard, &promise, &sent.user).await) }.boxed()
        }))
    }

    /// Returns a promise without an owner that this person asked for.
    async fn asked_by(
        &self,
        context: &Context,
        version: (&str, i64),
        user: &UserId,
    ) -> Result<Promise, Failure> {
        self.may_promise(context, user).await?;
        let promise = self.current(context, version, user, &FREE).await?;
        if promise.asker == *user { Ok(promise) } else { Err(Failure::refuse(messages::not_yours())) }
    }

    /// *I'll take it*: a member of the channel promises what lost its owner, or its asker does it themselves. If its date is over, they
    /// are asked for another.
    pub(super) async fn take<'c>(
        &'c self,
        context: &'c Context,
        action: Action,
    ) -> Result<Answer<'c>, Failure> {
        self.may_promise(context, &action.user).await?;
        let promise = self.current(context, parts_of(&action.value).0, &action.user, &FREE).await?;
        if !may_take(context, &promise, &action.user).await? {
            return Err(Failure::refuse(messages::not_in_channel()));
        }
        let owner = Owner::load(context, &action.user).await?;
        let due = still_ahead(&promise, owner.wall(context.now));
        let state = if due.is_some() { PromiseState::Open } else { PromiseState::Asked };
        let mut after = handed(&promise, action.user.clone(), due, (state, context));
        let mut unit = UnitOfWork::new();
        if promise.is_own() {
            // The person who is gone asked no one else.
            after.asker.clone_from(&action.user);
            after.is_asker_gone = false;
        }
        store::change(&mut unit, &context.team, &promise, &after);
        store::change_asker(&mut unit, &context.team, &promise, &after);
        store::forget_calls(&mut unit, &context.team, &promise);
        change_heard(&mut unit, context, &promise, &messages::taken_on(&after))?;
        change_lost(&mut unit, context, &promise, &after)?;
        let message = if state == PromiseState::Open {
            let reminder = promises::put_reminder(&mut unit, context, &after, &owner);
            if !after.is_own() {
                tell_asker(&mut unit, context, &promise, &after).await?;
            }
            messages::promised(&after, (owner.today(context.now), owner.zone), reminder, &self.command)
        } else {
            promises::question_now(&mut unit, context, &after, &owner)?;
            messages::taken(&after)
        };
        let is_old = old_message(context, &promise, &action).await?;
        let answer =
            Answer::new(unit, if is_old { Reply::Replace(message) } else { Reply::Ephemeral(message) });
        Ok(answer.or_else(move |guard| {
            async move { Err(self.not_changed(context, guard, &promise, &action.user).await) }.boxed()
        }))
    }
}

/// Whether a person can take on what has no owner.
pub(super) async fn may_take(context: &Context, promise: &Promise, user: &UserId) -> Result<bool, Failure> {
    Ok(match &promise.origin.channel {
        _ if promise.asker == *user => true,
        // It was theirs, before their account was off for a while.
        _ if promise.state == PromiseState::Returned && promise.owner == *user => true,
        Some(channel) if promise.state == PromiseState::Returned => {
            context.store.is_member(channel, user).await?
        }
        _ => false,
    })
}

/// Whether a button was pressed in a DM's message that is kept no more: it can be replaced by what follows from the press alone.
async fn old_message(context: &Context, promise: &Promise, action: &Action) -> Result<bool, Failure> {
    if ReplyTarget::seen_alone(action, context.now).is_some()
        || !action.channel.as_ref().is_some_and(is_direct)
    {
        return Ok(false);
    }
    let heard = heard_key(&promise.id, promise.version);
    Ok(context.store.posted(&heard).await?.is_none()
        && context.store.posted(&lost_key(promise)).await?.is_none())
}

/// Returns a promise in the hands of another owner.
fn handed(
    promise: &Promise,
    owner: UserId,
    due: Option<Due>,
    (state, context): (PromiseState, &Context),
) -> Promise {
    let is_no = promise.state == PromiseState::Dropped;
    let refused = is_no.then(|| (promise.owner.clone(), promise.reason.clone()));
    // The first owner's promise is not the new one's.
    let promise = Promise {
        promised_at: None,
        moves: 0,
        first_due: None,
        reminder: String::new(),
        refused: refused.or(promise.refused.clone()),
        ..promise.clone()
    };
    Promise { owner, due, reason: String::new(), ..promise.then(state, context.now) }
}
