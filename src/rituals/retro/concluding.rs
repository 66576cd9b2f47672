//! A retro is done: its themes get their order, and the channel reads the top ones, a message each.

use std::cmp::Reverse;

use chrono::Duration;

use super::{
    messages::{self, ShownRetro, ThemeOrder},
    plan::{Ballot, MOST_DISCUSSED, ThemeWords, came_up, tally, top},
    posting::{NEXT_STEP, THEMES, VOTING, dated, kept, tell_standing, to_channel},
    store,
    theme::Theme,
    values::Retro,
};
use crate::{
    model::{effect::NewEffect, failure::Failure, message::Message, people::UserId},
    ritual::Context,
    store::{programmes::Programme, unit::UnitOfWork},
};

/// How far apart the messages about themes are posted.
const SECONDS_APART: i64 = 2;

/// What a retro comes to.
pub(super) struct Conclusion {
    /// As they are listed.
    pub themes: Vec<Theme>,
    /// The ballots of the vote, if there was one, and how many it takes for them to count.
    pub ballots: Option<(Vec<Ballot>, usize)>,
}

/// Adds to the unit that ends a retro the order of its themes, and the messages about them. The ballots are deleted.
pub(super) async fn conclude(
    unit: &mut UnitOfWork,
    context: &Context,
    (retro, programme): (&Retro, &Programme),
    Conclusion { themes, ballots }: Conclusion,
) -> Result<(), Failure> {
    let order = match &ballots {
        None => ThemeOrder::ByAnswers,
        Some((ballots, needed)) if ballots.len() < *needed => ThemeOrder::TooFewVoted(*needed),
        Some((ballots, _)) => ThemeOrder::ByVotes(ballots.len()),
    };
    let counts = matches!(order, ThemeOrder::ByVotes(_));
    let had_vote = ballots.is_some();
    let ballots = ballots.filter(|_| counts).map(|(ballots, _)| ballots).unwrap_or_default();
    // Of themes with as many votes those with most answers come first.
    let mut listed: Vec<&Theme> = themes.iter().collect();
    listed.sort_by_key(|theme| Reverse(theme.answers.len()));
    let ids: Vec<String> = listed.into_iter().map(|theme| theme.id.clone()).collect();
    let tallied = tally(&ids, &ballots);
    let discussed = top(&tallied, MOST_DISCUSSED).len();
    let mut ranked: Vec<Theme> = (1_i64..)
        .zip(&tallied)
        .filter_map(|(rank, tallied)| {
            let theme = themes.iter().find(|theme| theme.id == tallied.theme)?.clone();
            Some(Theme { rank: Some(rank), votes: Some(tallied.votes).filter(|_| counts), ..theme })
        })
        .collect();
    let times = times(context, (retro, programme), ranked.get(..discussed).unwrap_or_default()).await?;
    for (theme, times) in ranked.iter_mut().zip(times) {
        theme.came_up = i64::try_from(times).ok();
    }
    for theme in &ranked {
        store::themes::put(unit, &context.team, &retro.id, theme);
    }
    if had_vote {
        store::voting::wipe(unit, &context.team, &retro.id);
        let message = messages::vote_over(&programme.name, ranked.len());
        let over = vote_effect(context, programme, retro, message)?;
        context.revise(unit, &over.key, &over.effect)?;
    }
    let themes = (had_vote, ranked.len());
    let (name, channel) = (programme.name.as_str(), &programme.channel);
    let message = messages::themes_shown(&ShownRetro { retro, name, channel, post: None }, themes);
    let kind = if had_vote { VOTING } else { NEXT_STEP };
    tell_standing(unit, context, (programme, retro), (kind, &message), false)?;
    let list = list_effect(context, (retro, programme), (&ranked, discussed), order).await?;
    context.enqueue_once(unit, &list)?;
    // They come in their order, at the pace that Slack takes in a channel.
    let mut not_before = context.now;
    for theme in ranked.iter().take(discussed) {
        not_before += Duration::seconds(SECONDS_APART);
        let effect = theme_effect(context, programme, retro, theme).await?;
        context.enqueue_once(unit, &NewEffect { not_before, ..effect })?;
    }
    Ok(())
}

/// Returns in how many retros of its programme each of these themes came up, this one included.
async fn times(
    context: &Context,
    (retro, programme): (&Retro, &Programme),
    themes: &[Theme],
) -> Result<Vec<usize>, Failure> {
    let earlier = store::themes::earlier(&context.store, &programme.id, retro.date).await?;
    let now: Vec<Vec<String>> = themes.iter().map(Theme::texts).collect();
    let counted = tokio::task::spawn_blocking(move || {
        let words = |themes: &Vec<Vec<String>>| -> Vec<ThemeWords> {
            themes.iter().map(|texts| ThemeWords::of(texts)).collect()
        };
        let earlier: Vec<Vec<ThemeWords>> = earlier.iter().map(words).collect();
        words(&now).iter().map(|theme| came_up(theme, &earlier).times).collect()
    });
    counted.await.map_err(|error| Failure::Fail(error.into()))
}

/// Returns the message with all themes, of which so many have a message of their own.
pub(super) async fn list_effect(
    context: &Context,
    (retro, programme): (&Retro, &Programme),
    (themes, discussed): (&[Theme], usize),
    order: ThemeOrder,
) -> Result<NewEffect, Failure> {
    let lead = context.next_lead(&programme.channel).await?;
    let message = messages::themes(&programme.name, (themes, discussed), order, lead.as_ref());
    let message = dated(programme, retro, message);
    // Messages that wait for the same instant are sent in the order of their keys.
    Ok(kept(context, to_channel(context, programme, retro, (THEMES, message))?))
}

/// Returns the message of a theme in the channel, as it is sorted. It names its authors without a mention, which would notify them again.
pub(super) async fn theme_effect(
    context: &Context,
    programme: &Programme,
    retro: &Retro,
    theme: &Theme,
) -> Result<NewEffect, Failure> {
    let authors: Vec<UserId> = theme.answers.iter().filter_map(|answer| answer.user.clone()).collect();
    let authors = context.store.people(&authors).await?;
    let message = messages::theme((&programme.name, retro.date), theme, &authors);
    let kind = format!("theme-{}", theme.rank.unwrap_or_default());
    Ok(kept(context, to_channel(context, programme, retro, (&kind, message))?))
}

/// Returns the message of a vote in the channel.
pub(super) fn vote_effect(
    context: &Context,
    programme: &Programme,
    retro: &Retro,
    message: Message,
) -> Result<NewEffect, Failure> {
    let message = dated(programme, retro, message);
    Ok(kept(context, to_channel(context, programme, retro, ("vote", message))?))
}
