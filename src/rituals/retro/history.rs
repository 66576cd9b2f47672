//! What has been: the last retros of a channel.

use super::{
    Retros,
    messages::{self, PastRetro},
    store,
};
use crate::{
    common::programmes::Asker,
    model::{event::Reply, failure::Failure},
    ritual::{Answer, Context},
    store::programmes::Programme,
};

/// How many past retros people are shown, how many they may ask for, and how many are looked at for some with answers.
const RETROS_SHOWN: usize = 8;
const MOST_SHOWN: usize = 20;
const RETROS_READ: usize = 60;

impl Retros {
    /// Answers with the last retros of each of these programmes in which a person was asked, the newest first, and their themes. Where
    /// there are more than are shown, those with nothing to show are left out first.
    pub(super) async fn show_history<'c>(
        &'c self,
        context: &'c Context,
        programmes: Vec<Programme>,
        Asker { user, number }: &Asker,
    ) -> Result<Answer<'c>, Failure> {
        let most = number.unwrap_or(RETROS_SHOWN).clamp(1, MOST_SHOWN);
        let (mut shown, mut are_more) = (Vec::new(), false);
        for programme in programmes {
            let mut past: Vec<PastRetro> = Vec::new();
            let read = i64::try_from(RETROS_READ).unwrap_or(i64::MAX);
            for retro in store::retros_with(&context.store, &programme.id, user, read).await? {
                if past.iter().filter(|past| !past.is_empty()).count() == most {
                    are_more = true;
                    break;
                }
                let answers = store::answers(&context.store, &retro.id).await?;
                let answers = answers.iter().filter(|answer| !answer.is_hidden).count();
                let is_forgotten = retro.is_forgotten(context.now);
                let themes = store::themes::grouped(&context.store, &retro.id).await?.themes;
                let themes = if is_forgotten { Vec::new() } else { themes };
                let pulses = store::pulses_shown(&context.store, &retro.id).await?;
                past.push(PastRetro { retro, answers, pulses, is_forgotten, themes });
            }
            are_more |= past.len() > most;
            shown.push((programme.name, fitting(past, most)));
        }
        let more = are_more.then_some(MOST_SHOWN).filter(|all| most < *all);
        Ok(Answer::reply(Reply::Ephemeral(messages::history(&shown, more, &self.command))))
    }
}

/// Returns so many retros at most, in their order: those with something to show, and the newest of the others.
fn fitting(past: Vec<PastRetro>, most: usize) -> Vec<PastRetro> {
    let mut room = most.saturating_sub(past.iter().filter(|past| !past.is_empty()).count());
    let mut has_room = |past: &PastRetro| {
        let fits = !past.is_empty() || room > 0;
        if past.is_empty() {
            room = room.saturating_sub(1);
        }
        fits
    };
    past.into_iter().filter(|past| has_room(past)).collect()
}
