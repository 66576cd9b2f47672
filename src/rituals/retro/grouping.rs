//! Answers become themes: those that say nearly the same at once, all others as organisers say.

use std::collections::BTreeMap;

use super::{
    Retros,
    messages::{self, ShownRetro},
    plan::{Act, Actor, decide, proposed_groups},
    posting::{NEXT_STEP, shown_retro, tell_standing},
    store,
    theme::{Grouped, Theme},
    values::{Retro, RetroAnswer},
};
use crate::{
    model::{event::Reply, failure::Failure, message::Message, people::UserId, text::has_visible_text},
    ritual::{Answer, Context},
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

    /// Returns the same as [`at_step`](Self::at_step) for a form: a refusal stands in its place.
    pub(super) async fn step_of_form(
        &self,
        context: &Context,
        by: (&str, &UserId),
        act: Act,
    ) -> Result<Result<(Retro, Programme), Message>, Failure> {
        match self.at_step(context, by, act).await {
            Err(Failure::Refuse(message)) => Ok(Err(*message)),
            found => found,
        }
    }
}

/// Returns what the message of a button becomes whose time is over. What the channel has read can still be hidden.
pub(super) fn instead<'c>(message: Message, retro: &str) -> Answer<'c> {
    Answer::reply(Reply::Replace(messages::with_hiding(message, retro)))
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
    let all = shown.len();
    let grouped = tokio::task::spawn_blocking(move || groups_of(shown)).await;
    let groups = grouped.map_err(|error| Failure::Fail(error.into()))?;
    for answers in &groups {
        let theme = Theme::unnamed(context.id(), answers.clone());
        store::themes::put(unit, &context.team, &retro.id, &theme);
    }
    let alone = all - groups.iter().map(Vec::len).sum::<usize>();
    let numbers = (groups.len(), groups.len() + alone);
    let (name, channel) = (programme.name.as_str(), &programme.channel);
    let message = messages::what_next(&ShownRetro { retro, name, channel, post: None }, numbers);
    tell_standing(unit, context, (programme, retro), (NEXT_STEP, &message), true)
}

/// Adds to a unit that the organisers' message about the next step says how many themes there are now.
pub(super) async fn tell_grouped(
    unit: &mut UnitOfWork,
    context: &Context,
    (retro, programme): (&Retro, &Programme),
    grouped: &Grouped,
) -> Result<(), Failure> {
    let message = next_step_of(context, (retro, programme), grouped).await?;
    tell_standing(unit, context, (programme, retro), (NEXT_STEP, &message), false)
}

/// What the organisers of a retro read whose answers are grouped like this.
pub(super) async fn next_step_of(
    context: &Context,
    (retro, programme): (&Retro, &Programme),
    grouped: &Grouped,
) -> Result<Message, Failure> {
    // Which of them were put together by a person isn't known.
    let numbers = (0, grouped.themes.len() + grouped.alone.len());
    Ok(messages::what_next(&shown_retro(context, programme, retro).await?, numbers))
}

/// Groups answers that say nearly the same. The same words to another prompt may mean the opposite, so each prompt is looked at by itself.
fn groups_of(answers: Vec<RetroAnswer>) -> Vec<Vec<RetroAnswer>> {
    let mut by_prompt: BTreeMap<String, Vec<RetroAnswer>> = BTreeMap::new();
    for answer in answers {
        by_prompt.entry(answer.place.clone()).or_default().push(answer);
    }
    let of_prompt = |answers: Vec<RetroAnswer>| -> Vec<Vec<RetroAnswer>> {
        let words: Vec<&str> = answers.iter().map(|answer| answer.words.as_str()).collect();
        let group = |group: Vec<usize>| group.into_iter().filter_map(|at| answers.get(at).cloned()).collect();
        proposed_groups(&words).into_iter().map(group).collect()
    };
    by_prompt.into_values().flat_map(of_prompt).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_words_to_another_prompt_are_another_theme() {
        let answer = |id: &str, place: &str| RetroAnswer {
            id: id.to_owned(),
            place: place.to_owned(),
            prompt: String::new(),
            user: None,
            words: "Meetings on Thursday".to_owned(),
            is_hidden: false,
        };
        let groups = groups_of(vec![answer("a", "1"), answer("b", "2"), answer("c", "1"), answer("d", "3")]);
        let ids: Vec<Vec<&str>> =
            groups.iter().map(|group| group.iter().map(|answer| answer.id.as_str()).collect()).collect();
        assert_eq!(ids, [["a", "c"]]);
    }
}
