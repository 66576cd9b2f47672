//! What has been: the last retros of a channel.

use super::{
    Retros,
    messages::{self, PastRetro},
    store,
};
use crate::{
    model::{event::Reply, failure::Failure, people::UserId},
    ritual::{Answer, Context},
    store::programmes::Programme,
};

/// The number of past retros that people are shown.
const RETROS_SHOWN: i64 = 8;

impl Retros {
    /// Answers with the last retros of each of these programmes in which a person was asked, the newest first, and their themes.
    pub(super) async fn show_history<'c>(
        &'c self,
        context: &'c Context,
        programmes: Vec<Programme>,
        asker: &UserId,
    ) -> Result<Answer<'c>, Failure> {
        let mut shown = Vec::new();
        for programme in programmes {
            let mut past = Vec::new();
            for retro in store::retros_with(&context.store, &programme.id, asker, RETROS_SHOWN).await? {
                let answers = store::answers(&context.store, &retro.id).await?;
                let answers = answers.iter().filter(|answer| !answer.is_hidden).count();
                let is_forgotten = retro.is_forgotten(context.now);
                let themes = store::themes::grouped(&context.store, &retro.id).await?.themes;
                let themes = if is_forgotten { Vec::new() } else { themes };
                let pulses = store::pulses_shown(&context.store, &retro.id).await?;
                past.push(PastRetro { retro, answers, pulses, is_forgotten, themes });
            }
            shown.push((programme.name, past));
        }
        Ok(Answer::reply(Reply::Ephemeral(messages::history(&shown))))
    }
}
