//! A menu in a message goes on showing what was chosen, and Slack says nothing when the same is chosen again. So a message whose menu opened
//! a form, which may be closed, is written anew.

use chrono::Duration;

use super::{
    Promises,
    answering::Via,
    calling::{reminder_now, with_helpers},
    cards::together_now,
    messages,
};
use crate::{
    common::{
        promises::{Owner, Promise, PromiseState, current_question},
        reply_target::ReplyTarget,
    },
    model::{effect::NewEffect, event::Action, failure::Failure, message::Message},
    ritual::Context,
    store::unit::UnitOfWork,
};

/// For how many seconds that is of use: later the form may have been sent, and the message says so.
const OF_USE_SECONDS: i64 = 10;

impl Promises {
    /// Returns a unit that writes the message of a menu anew, as its promise stands; an empty one for a button.
    pub(super) async fn menu_anew(
        &self,
        context: &Context,
        promise: &Promise,
        action: &Action,
    ) -> Result<UnitOfWork, Failure> {
        let mut unit = UnitOfWork::new();
        let Some(url) = action.response_url.clone().filter(|_| action.chosen.is_some()) else {
            return Ok(unit);
        };
        let message = match Via::of(context, action) {
            Via::List(place) => self.page(context, &action.user, &place).await?,
            Via::Card | Via::Typed | Via::Form(..) => card_now(context, promise).await?,
        };
        let key = format!("promises/menu/{}", context.id());
        if let Some(anew) = ReplyTarget::here(url, context.now).replaced(key, message, context.now) {
            let expires_at = Some(context.now + Duration::seconds(OF_USE_SECONDS));
            context.enqueue(&mut unit, &NewEffect { expires_at, ..anew })?;
        }
        Ok(unit)
    }
}

/// Returns the message with the controls of a promise in its owner's DM, as it reads now.
async fn card_now(context: &Context, promise: &Promise) -> Result<Message, Failure> {
    if !promise.reminder.is_empty()
        && let Some((_, together)) = together_now(context, std::slice::from_ref(promise)).await?
    {
        return Ok(together);
    }
    let owner = Owner::load(context, &promise.owner).await?;
    match promise.state {
        PromiseState::Asked if promise.nudged_at.is_some() => {
            Ok(messages::nudge(promise, owner.wall(context.now)))
        }
        PromiseState::Asked => Ok(current_question(promise, &owner, context.now)),
        _ if promise.reminded_at.is_some() => {
            with_helpers(context, promise, reminder_now(context, promise).await?).await
        }
        // Done, and open again before its reminder.
        _ => {
            let done = Promise { state: PromiseState::Kept, ..promise.clone() };
            let reminder = promise.remind_at.map(|at| (at, owner.zone));
            let card = messages::card(&done, promise, owner.today(context.now), (reminder, false));
            with_helpers(context, promise, card).await
        }
    }
}
