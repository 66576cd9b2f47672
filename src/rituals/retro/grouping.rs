//! Answers become themes: those that say nearly the same at once, all others as organisers say.

use super::{
    NAME, Retros, messages,
    plan::{Act, Actor, decide, proposed_groups},
    store,
    theme::Theme,
    values::{Retro, RetroAnswer},
};
use crate::{
    common::programmes::tell_organisers,
    model::{failure::Failure, message::Message, people::UserId, text::has_visible_text},
    ritual::Context,
    store::{programmes::Programme, unit::UnitOfWork},
};

impl Retros {
    /// Returns the retro of an organiser's button and its programme, or what they read where the retro isn't in a state for this.
    pub(super) async fn at_step(
        &self,
        context: &Context,
        (id, user): (&str, &UserId),
        act: Act,
    ) -> Result<Result<(Retro, Programme), Message>, Failure> {
        let (retro, programme) = self.organised(context, id, user).await?;
        // Of organisers no act asks more.
        let by = Actor::Organiser { was_asked: false };
        Ok(match decide(retro.state, act, by) {
            Ok(_) => Ok((retro, programme)),
            Err(_) => Err(messages::stands(retro.state)),
        })
    }
}

/// Adds to the unit that shows the answers of a retro that those become a theme which say nearly the same, and tells the organisers what
/// comes next.
pub(super) async fn propose(
    unit: &mut UnitOfWork,
    context: &Context,
    (retro, programme): (&Retro, &Programme),
    answers: Vec<RetroAnswer>,
) -> Result<(), Failure> {
    let shown = answers.into_iter().filter(|answer| !answer.is_hidden && has_visible_text(&answer.words));
    let shown: Vec<RetroAnswer> = shown.collect();
    let words: Vec<String> = shown.iter().map(|answer| answer.words.clone()).collect();
    let grouped = tokio::task::spawn_blocking(move || proposed_groups(&words)).await;
    let groups = grouped.map_err(|error| Failure::Fail(error.into()))?;
    for group in &groups {
        let answers = group.iter().filter_map(|at| shown.get(*at).cloned()).collect();
        store::themes::put(unit, &context.team, &retro.id, &Theme::unnamed(context.id(), answers));
    }
    let alone = shown.len() - groups.iter().map(Vec::len).sum::<usize>();
    let numbers = (groups.len(), groups.len() + alone);
    let message = messages::what_next(&programme.name, &programme.channel, &retro.id, numbers);
    tell_organisers(unit, context, NAME, programme, (&format!("next/{}", retro.id), &message))
}
