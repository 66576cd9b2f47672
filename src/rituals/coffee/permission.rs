//! Who may start, change and stop a channel's chats, and who takes part in them.

use super::{Coffee, messages, next_round};
use crate::{
    model::{
        authority::{Denied, Operation},
        failure::Failure,
        people::{ChannelId, UserId},
    },
    ritual::Context,
    store::programmes::Programme,
};

impl Coffee {
    /// Lets those pass who may start chats in a channel where they typed or pressed.
    pub(super) async fn may_start(&self, context: &Context, user: &UserId) -> Result<(), Failure> {
        let may = context.may(user, &Operation::Start).await?;
        may.map_err(|denied| self.refusal(context, denied, &[]))
    }

    /// The same for a channel that they chose in a form.
    pub(super) async fn may_start_in(
        &self,
        context: &Context,
        channel: &ChannelId,
        user: &UserId,
    ) -> Result<(), Failure> {
        let may = context.may_in(user, &Operation::Start, channel).await?;
        may.map_err(|denied| self.refusal(context, denied, &[]))
    }

    /// Lets the organisers and the admins of the workspace pass. Chats whose organisers' accounts are all deactivated, or that
    /// have come to their end, have no organiser.
    pub(super) async fn may_manage(
        &self,
        context: &Context,
        programme: &Programme,
        user: &UserId,
    ) -> Result<(), Failure> {
        let organisers = organisers(context, programme).await?;
        let may = context.may(user, &Operation::Manage(organisers)).await?;
        may.map_err(|denied| self.refusal(context, denied, organisers))
    }

    /// The same behind a form, which proves nothing: the person has to be in the channel.
    pub(super) async fn may_manage_in(
        &self,
        context: &Context,
        programme: &Programme,
        user: &UserId,
    ) -> Result<(), Failure> {
        let (organisers, channel) = (organisers(context, programme).await?, &programme.channel);
        let may = context.may_in(user, &Operation::Manage(organisers), channel).await?;
        may.map_err(|denied| self.refusal(context, denied, organisers))?;
        if !context.store.is_member(channel, user).await? {
            context.miss_a_channel(channel);
            return Err(self.refusal(context, Denied::NotInChannel, organisers));
        }
        Ok(())
    }

    fn refusal(&self, context: &Context, denied: Denied, organisers: &[UserId]) -> Failure {
        Failure::refuse(match denied {
            Denied::NotOrganiser => messages::not_yours(organisers, &self.command),
            _ => messages::may_not_start(denied, &context.authority.may_start, &self.command),
        })
    }
}

/// Who runs chats: no one where their accounts are all deactivated, or where no further round is planned.
async fn organisers<'p>(context: &Context, programme: &'p Programme) -> Result<&'p [UserId], Failure> {
    let known = context.store.people(&programme.organisers).await?;
    let is_gone = |organiser: &UserId| known.get(organiser).is_some_and(|person| person.deactivated);
    let is_over = programme.paused_at.is_none() && next_round(context, programme).await?.is_none();
    let has_none = programme.organisers.iter().all(is_gone) || is_over;
    Ok(if has_none { &[] } else { &programme.organisers })
}

/// Lets those pass who may take part.
pub(super) async fn may_take_part(context: &Context, user: &UserId) -> Result<(), Failure> {
    let may = context.may(user, &Operation::TakePart).await?;
    may.map_err(|_| Failure::refuse(messages::guests_stay_out()))
}
