//! Who may start, change and stop a channel's programmes, and who takes part in them.

use super::{Programmes, messages, which::is_held_once};
use crate::{
    model::{
        authority::{Denied, Operation},
        failure::{Failure, Lookup},
        people::{ChannelId, ChannelState, UserId},
    },
    store::programmes::Programme,
};

impl Programmes<'_> {
    /// Lets those pass who may start a programme in a channel where they typed or pressed.
    pub(super) async fn may_start(self, user: &UserId) -> Result<(), Failure> {
        let may = self.context.may(user, &Operation::Start).await?;
        may.map_err(|denied| self.refusal(denied, &[]))
    }

    /// The same for a channel that they chose in a form.
    pub(super) async fn may_start_in(self, channel: &ChannelId, user: &UserId) -> Result<(), Failure> {
        let may = self.context.may_in(user, &Operation::Start, channel).await?;
        may.map_err(|denied| self.refusal(denied, &[]))
    }

    /// Lets the organisers and the admins of the workspace pass. A programme whose organisers' accounts are all deactivated, or
    /// that has come to its end, has no organiser.
    pub async fn may_manage(self, programme: &Programme, user: &UserId) -> Result<(), Failure> {
        self.manage(self.organisers(programme).await?, user).await
    }

    /// The same where a person would change its times or begin an occasion: a refusal says how they get a programme of their own beside it.
    pub async fn may_manage_or_begin(self, programme: &Programme, user: &UserId) -> Result<(), Failure> {
        let refused = match self.may_manage(programme, user).await {
            Err(Failure::Refuse(refused)) => *refused,
            other => return other,
        };
        let may_start = self.context.may_by_directory(user, &Operation::Start).await?;
        let is_once = is_held_once(programme);
        Err(Failure::refuse(if may_start {
            messages::or_your_own(refused, self.words(), is_once, self.command())
        } else {
            refused
        }))
    }

    /// The same while something of it is under way, which its organisers lead to its end although no further occasion is planned.
    pub async fn may_lead_on(self, programme: &Programme, user: &UserId) -> Result<(), Failure> {
        self.manage(self.organisers_at_work(programme).await?, user).await
    }

    async fn manage(self, organisers: &[UserId], user: &UserId) -> Result<(), Failure> {
        let may = self.context.may(user, &Operation::Manage(organisers)).await?;
        may.map_err(|denied| self.refusal(denied, organisers))
    }

    /// The same behind a form, which proves nothing: the person has to be in the channel.
    pub async fn may_manage_in(self, programme: &Programme, user: &UserId) -> Result<(), Failure> {
        self.manage_in(self.organisers(programme).await?, &programme.channel, user).await
    }

    /// The same while something of it is under way, as for [`may_lead_on`](Self::may_lead_on).
    pub async fn may_lead_on_in(self, programme: &Programme, user: &UserId) -> Result<(), Failure> {
        self.manage_in(self.organisers_at_work(programme).await?, &programme.channel, user).await
    }

    async fn manage_in(
        self,
        organisers: &[UserId],
        channel: &ChannelId,
        user: &UserId,
    ) -> Result<(), Failure> {
        let may = self.context.may_in(user, &Operation::Manage(organisers), channel).await?;
        may.map_err(|denied| self.refusal(denied, organisers))?;
        if !self.context.store.is_member(channel, user).await? {
            self.context.miss_a_channel(channel);
            return Err(self.refusal(Denied::NotInChannel, organisers));
        }
        Ok(())
    }

    /// Whether a person may manage a programme, as far as the directory knows.
    pub(super) async fn manages(self, programme: &Programme, user: &UserId) -> Result<bool, Failure> {
        let organisers = self.organisers(programme).await?;
        Ok(self.context.may_by_directory(user, &Operation::Manage(organisers)).await?)
    }

    /// Lets those pass who may take part.
    pub async fn may_take_part(self, user: &UserId) -> Result<(), Failure> {
        let may = self.context.may(user, &Operation::TakePart).await?;
        may.map_err(|_| Failure::refuse(messages::guests_stay_out(self.words())))
    }

    /// The same behind a button that people outside the channel may see: they have to be in it. Where it isn't known who is, Slack
    /// is asked.
    pub async fn may_take_part_in(self, channel: &ChannelId, user: &UserId) -> Result<(), Failure> {
        self.may_take_part(user).await?;
        let store = &self.context.store;
        if store.is_member(channel, user).await? {
            return Ok(());
        }
        let lookup = Lookup::Channel(channel.clone());
        let is_known = matches!(store.channel_state(channel).await?, ChannelState::Open { .. });
        if !is_known && !self.context.has_asked(&lookup) {
            return Err(Failure::Later(lookup));
        }
        self.context.miss_a_channel(channel);
        Err(Failure::refuse(messages::not_in_channel(self.words(), channel)))
    }

    fn refusal(self, denied: Denied, organisers: &[UserId]) -> Failure {
        let (words, command) = (self.words(), self.command());
        Failure::refuse(match denied {
            Denied::NotOrganiser => messages::not_yours(words, organisers, command),
            _ => messages::may_not_start(words, denied, &self.context.authority.may_start, command),
        })
    }

    /// Who runs a programme: no one where their accounts are all deactivated, or where nothing is under way or planned any more.
    async fn organisers(self, programme: &Programme) -> Result<&[UserId], Failure> {
        if self.is_over(programme).await? { Ok(&[]) } else { self.organisers_at_work(programme).await }
    }

    /// Its organisers: no one where their accounts are all deactivated.
    async fn organisers_at_work(self, programme: &Programme) -> Result<&[UserId], Failure> {
        let known = self.context.store.people(&programme.organisers).await?;
        let is_gone = |organiser: &UserId| known.get(organiser).is_some_and(|person| person.deactivated);
        Ok(if programme.organisers.iter().all(is_gone) { &[] } else { &programme.organisers })
    }
}
