//! What has been: the last retros of a channel.

use super::{Retros, messages, store};
use crate::{
    model::{event::Reply, failure::Failure},
    ritual::{Answer, Context},
    store::programmes::Programme,
};

/// The number of past retros that people are shown.
const RETROS_SHOWN: i64 = 8;

impl Retros {
    /// Answers with the last retros of each of these programmes, the newest first.
    pub(super) async fn show_history<'c>(
        &'c self,
        context: &'c Context,
        programmes: Vec<Programme>,
    ) -> Result<Answer<'c>, Failure> {
        let mut shown = Vec::new();
        for programme in programmes {
            let mut past = Vec::new();
            for retro in store::retros(&context.store, &programme.id, RETROS_SHOWN).await? {
                let answers = store::answers(&context.store, &retro.id).await?.len();
                past.push((retro, answers));
            }
            shown.push((programme.name, past));
        }
        Ok(Answer::reply(Reply::Ephemeral(messages::history(&shown))))
    }
}
