//! What comes next for an organiser: the buttons of the last retro, for one who didn't get its messages.

use super::{Retros, messages, plan::State, programmes::local, store, values::Retro};
use crate::{
    model::{event::Reply, failure::Failure, people::UserId},
    ritual::{Answer, Context},
    store::programmes::Programme,
};

/// Among how many of the last retros of a programme the next step is looked for: an older one may be left on the way.
const RETROS_LOOKED_AT: i64 = 8;

impl Retros {
    /// Answers with how the newest of these programmes' retros stands that isn't over, and with the buttons that lead it on.
    pub(super) async fn show_next<'c>(
        &'c self,
        context: &'c Context,
        programmes: Vec<Programme>,
        user: UserId,
    ) -> Result<Answer<'c>, Failure> {
        let mut newest: Option<(Programme, Retro)> = None;
        let (mut leads_one, mut refused) = (false, None);
        for programme in programmes {
            match self.programmes(context).may_lead_on(&programme, &user).await {
                Ok(()) => leads_one = true,
                Err(Failure::Refuse(message)) => {
                    refused = Some(message);
                    continue;
                }
                Err(failure) => return Err(failure),
            }
            let last = store::retros(&context.store, &programme.id, RETROS_LOOKED_AT).await?;
            let Some(retro) = last.into_iter().find(|retro| !retro.state.is_over()) else { continue };
            if newest.as_ref().is_none_or(|(_, other)| other.opened_at < retro.opened_at) {
                newest = Some((programme, retro));
            }
        }
        if let Some(message) = refused.filter(|_| !leads_one) {
            return Err(Failure::Refuse(message));
        }
        let Some((programme, retro)) = newest else {
            return Ok(Answer::reply(Reply::Ephemeral(messages::nothing_next())));
        };
        let name = programme.name.as_str();
        let message = match retro.state {
            State::Open => {
                messages::next_is_close(&retro, name, &local(context, &programme, retro.closes_at))
            }
            State::Closed if !retro.is_sorted => messages::closes_now(name),
            State::Closed | State::Checked => messages::next_is_reveal(&retro, name),
            State::Revealed => {
                let grouped = store::themes::grouped(&context.store, &retro.id).await?;
                let themes = grouped.themes.len() + grouped.alone.len();
                messages::what_next(name, &programme.channel, &retro.id, (0, themes))
            }
            State::Voting => {
                let ends = local(context, &programme, retro.vote.map_or(context.now, |vote| vote.ends_at));
                messages::vote_for_organiser(name, &format!("{} {}", retro.id, retro.version), &ends)
            }
            State::Done | State::Cancelled => messages::nothing_next(),
        };
        Ok(Answer::reply(Reply::Ephemeral(message)))
    }
}
