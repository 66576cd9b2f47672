//! An organiser hides an answer that the channel has read, or shows it again: what was posted with it is edited.

use std::collections::BTreeSet;

use super::{
    concluding::{list_effect, theme_effect, vote_effect},
    grouping::tell_grouped,
    messages::{self, ThemeOrder},
    plan::{MOST_DISCUSSED, State},
    posting::{kept, to_channel},
    programmes::local,
    showing::show_prompt_again,
    store,
    theme::Theme,
    values::{AskedPrompt, Retro, RetroAnswer},
    voting::voters_of,
};
use crate::{
    model::failure::Failure,
    ritual::Context,
    store::{programmes::Programme, unit::UnitOfWork},
};

/// Adds to a unit that what was posted of a retro shows these answers as they are from now on; `changed` are those that are hidden now, or no
/// longer.
pub(super) async fn edit_posted(
    unit: &mut UnitOfWork,
    context: &Context,
    (retro, programme): (&Retro, &Programme),
    prompts: &[(AskedPrompt, Vec<RetroAnswer>)],
    changed: &BTreeSet<String>,
) -> Result<(), Failure> {
    for (prompt, answers) in prompts {
        show_prompt_again(unit, context, (retro, programme), (prompt, answers), changed).await?;
    }
    let before = store::themes::grouped(&context.store, &retro.id).await?.themes;
    let answers = prompts.iter().flat_map(|(_, answers)| answers).cloned().collect();
    let grouped = store::themes::grouped_as(&context.store, &retro.id, answers).await?;
    let themes = &grouped.themes;
    match (retro.state, retro.vote) {
        (State::Revealed, _) => {
            store::themes::begin_change(unit, &context.team, retro);
            tell_grouped(unit, context, (retro, programme), &grouped).await?;
        }
        // Its themes were never posted, and its vote isn't counted.
        (State::Cancelled, _) => store::themes::begin_hiding(unit, &context.team, retro),
        (State::Voting, Some(vote)) => {
            store::voting::themes_changed(unit, &context.team, &retro.id);
            let ends = local(context, programme, vote.ends_at);
            let needed = voters_of(context, retro).await?;
            let message = messages::vote_began(&programme.name, &retro.id, themes, (vote, &ends, needed));
            let effect = vote_effect(context, programme, retro, message)?;
            context.revise(unit, &effect.key, &effect.effect)?;
        }
        _ => {
            store::themes::begin_sorting(unit, &context.team, retro);
            edit_themes(unit, context, (retro, programme), (&before, themes), changed).await?;
        }
    }
    Ok(())
}

/// Adds to a unit that the messages of the themes of a retro that is done are as its answers are now.
async fn edit_themes(
    unit: &mut UnitOfWork,
    context: &Context,
    (retro, programme): (&Retro, &Programme),
    (before, after): (&[Theme], &[Theme]),
    changed: &BTreeSet<String>,
) -> Result<(), Failure> {
    let has_changed = |theme: &&Theme| theme.answers.iter().any(|answer| changed.contains(&answer.id));
    for theme in after.iter().filter(has_changed).chain(before.iter().filter(has_changed)) {
        let effect = if let Some(now) = after.iter().find(|now| now.id == theme.id) {
            theme_effect(context, programme, retro, now).await?
        } else {
            let rank = theme.rank.unwrap_or_default();
            let message = messages::hidden_theme((&programme.name, retro.date), rank);
            kept(context, to_channel(context, programme, retro, (&format!("theme-{rank}"), message))?)
        };
        context.revise(unit, &effect.key, &effect.effect)?;
    }
    let most = i64::try_from(MOST_DISCUSSED).unwrap_or(i64::MAX);
    let discussed = after.iter().filter(|theme| theme.rank.is_some_and(|rank| rank <= most)).count();
    let effect = list_effect(context, (retro, programme), (after, discussed), ThemeOrder::Edited).await?;
    Ok(context.revise(unit, &effect.key, &effect.effect)?)
}
