//! Who leads the next sync of a channel, for other rituals.

use super::{NAME, plan::TurnState, store};
use crate::{
    model::people::{ChannelId, UserId},
    ritual::Context,
    store::StoreError,
};

/// Returns the person who leads the next sync of a channel, once that's settled.
pub(super) async fn next_lead(context: &Context, channel: &ChannelId) -> Result<Option<UserId>, StoreError> {
    let today = context.now.with_timezone(&context.zone).date_naive();
    let mut next = None;
    for programme in context.store.programmes_in(NAME, channel).await? {
        let turns = store::turns_from(&context.store, &programme.id, today).await?;
        let is_settled = |state| matches!(state, TurnState::Accepted | TurnState::Named);
        let turn = turns.into_iter().find(|(_, turn)| turn.user.is_some() && is_settled(turn.state));
        next = next.into_iter().chain(turn.and_then(|(date, turn)| Some((date, turn.user?)))).min();
    }
    Ok(next.map(|(_, user)| user))
}
