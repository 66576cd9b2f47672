//! What a person asked of others: they take it back while it isn't done.

use futures_util::FutureExt as _;

use super::{
    Promises, calling::follow_with_call, cards::change_card, coming_back::change_lost, messages, parts_of,
    telling::tell_owner,
};
use crate::{
    common::{
        promises::{PromiseState, store},
        reply_target::ReplyTarget,
    },
    model::{
        event::{Action, Reply},
        failure::Failure,
        message::Message,
    },
    ritual::{Answer, Context},
    store::unit::UnitOfWork,
};

/// A promise in one of these states can be taken back.
const NOT_DONE: [PromiseState; 3] = [PromiseState::Asked, PromiseState::Open, PromiseState::Returned];

impl Promises {
    /// *Take it back*: the owner's buttons end. If they had promised it, they are told.
    pub(super) async fn take_back<'c>(
        &'c self,
        context: &'c Context,
        action: Action,
    ) -> Result<Answer<'c>, Failure> {
        let before = self.current(context, parts_of(&action.value).0, &action.user, &NOT_DONE).await?;
        if before.asker != action.user || before.is_own() {
            return Err(Failure::refuse(messages::not_yours()));
        }
        let after = before.then(PromiseState::Withdrawn, context.now);
        let mut unit = UnitOfWork::new();
        store::change(&mut unit, &context.team, &before, &after);
        change_card(&mut unit, context, (&before, &after), &messages::withdrawn(&before), store::DRAWN)
            .await?;
        follow_with_call(&mut unit, context, &before, &after).await?;
        change_lost(&mut unit, context, &before, &after)?;
        let is_told = before.state == PromiseState::Open && tell_owner(&mut unit, context, &after).await?;
        let head = messages::taken_back(&before, is_told);
        // What stays there must not become a list of what is true now.
        let shown = match ReplyTarget::seen_alone(&action, context.now) {
            Some(_) => self.asked_after(context, &after, head).await?,
            None => Message::new(head),
        };
        let answer = Answer::new(unit, Reply::Replace(shown));
        Ok(answer.or_else(move |_| {
            async move { Err(self.stands_now(context, &before.id, &before.asker).await) }.boxed()
        }))
    }
}
