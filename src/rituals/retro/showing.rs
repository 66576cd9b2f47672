//! Shows answers in the channel, each whole: a message for each prompt, and the answers that it can't hold in its thread, one message after
//! the other.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{
    NAME, Retros, messages,
    posting::{dated, kept, part_key, to_channel},
    store,
    values::{AskedPrompt, Retro, RetroAnswer},
};
use crate::{
    common::programmes::{NewsSubject, origin},
    model::{
        effect::{DeliveryOutcome, Effect, Lane, NewEffect, Origin, Target},
        failure::Failure,
        owner::Owner,
    },
    ritual::{Context, Settled},
    store::{programmes::Programme, unit::UnitOfWork},
};

/// What follows a message with answers once it was sent.
#[derive(Serialize, Deserialize)]
struct MoreAnswers {
    retro: String,
    place: String,
    /// The last answer that the message has.
    after: String,
    /// The number of the message, from 1.
    part: usize,
    /// The timestamp of the first message; empty for itself.
    root: String,
}

/// Adds to the unit that reveals a retro what the channel reads of a prompt.
pub(super) fn show_prompt(
    unit: &mut UnitOfWork,
    context: &Context,
    (retro, programme): (&Retro, &Programme),
    (prompt, answers): (&AskedPrompt, &[RetroAnswer]),
) -> Result<(), Failure> {
    let first = answers.get(..messages::fitting_answers(answers)).unwrap_or_default();
    let message = messages::shown_prompt(&programme.name, prompt, first, answers.len());
    let message = dated(programme, retro, message);
    let kind = format!("prompt-{}", prompt.place);
    // An organiser may still hide an answer.
    let mut effect = kept(context, to_channel(context, programme, retro, (&kind, message))?);
    // What was revealed arrives, also if the retros are stopped meanwhile.
    effect.owner = Owner::None;
    if let Some(last) = first.last().filter(|_| first.len() < answers.len()) {
        let more = MoreAnswers {
            retro: retro.id.clone(),
            place: prompt.place.clone(),
            after: last.id.clone(),
            part: 1,
            root: String::new(),
        };
        effect.origin = Origin { wants_sent: true, ..origin(NAME, &more)? };
    }
    Ok(context.enqueue_once(unit, &effect)?)
}

/// Adds to a unit that the messages with the answers to a prompt show these as they are now. They stand in the same messages as before:
/// where each ends depends on the words, hidden or not.
pub(super) async fn show_prompt_again(
    unit: &mut UnitOfWork,
    context: &Context,
    (retro, programme): (&Retro, &Programme),
    (prompt, answers): (&AskedPrompt, &[RetroAnswer]),
    changed: &BTreeSet<String>,
) -> Result<(), Failure> {
    let (mut rest, mut part) = (answers, 0);
    while !rest.is_empty() {
        let (now, later) =
            rest.split_at_checked(messages::fitting_answers(rest).max(1)).unwrap_or((rest, &[]));
        let before = answers.len() - rest.len();
        if now.iter().any(|answer| changed.contains(&answer.id)) {
            let key = part_key(&retro.id, &prompt.place, part);
            let effect = if part == 0 {
                let message = messages::shown_prompt(&programme.name, prompt, now, answers.len());
                let to = Target::Channel(programme.channel.clone());
                Some(Effect::Post { to, message: dated(programme, retro, message) })
            } else {
                // Without the first message the others aren't written yet, and will show what is kept.
                let first = part_key(&retro.id, &prompt.place, 0);
                let root = context.store.posted(&first).await?;
                root.map(|(channel, root)| Effect::Post {
                    to: Target::Thread { channel, root },
                    message: messages::more_answers(now, (before + 1, answers.len())),
                })
            };
            if let Some(effect) = effect {
                context.revise(unit, &key, &effect)?;
            }
        }
        (rest, part) = (later, part + 1);
    }
    Ok(())
}

impl Retros {
    /// What follows a message with answers: the next one in its thread. `None` for other messages.
    pub(super) async fn answers_settled(
        &self,
        context: &Context,
        about: &Origin,
        outcome: &DeliveryOutcome,
    ) -> Result<Option<Settled>, Failure> {
        let Ok(before) = serde_json::from_str::<MoreAnswers>(&about.note) else { return Ok(None) };
        let Some(retro) = store::retro(&context.store, &before.retro).await? else {
            return Ok(Some(Settled::given_up()));
        };
        let DeliveryOutcome::Sent { channel, ts } = outcome else {
            let about = origin(NAME, &NewsSubject::Programme(retro.programme))?;
            return self.programmes(context).settled(&about, outcome).await.map(Some);
        };
        let mut all = store::answers(&context.store, &retro.id).await?;
        all.retain(|answer| answer.place == before.place);
        // In the order of their ids, as they were shown so far.
        let shown = all.iter().take_while(|answer| answer.id <= before.after).count();
        let rest = all.get(shown..).unwrap_or_default();
        let now = rest.get(..messages::fitting_answers(rest)).unwrap_or_default();
        let Some(last) = now.last() else { return Ok(Some(Settled::with(UnitOfWork::new()))) };
        let root = if before.root.is_empty() { ts.clone() } else { before.root };
        let message = messages::more_answers(now, (shown + 1, all.len()));
        let key = part_key(&retro.id, &before.place, before.part);
        let thread = Target::Thread { channel: channel.clone(), root: root.clone() };
        let more = MoreAnswers { after: last.id.clone(), part: before.part + 1, root, ..before };
        let about = Origin { wants_sent: now.len() < rest.len(), ..origin(NAME, &more)? };
        let effect = NewEffect::post(about, key, thread, message, context.now);
        let mut unit = UnitOfWork::new();
        context.enqueue_once(&mut unit, &kept(context, NewEffect { lane: Lane::Bulk, ..effect }))?;
        Ok(Some(Settled::with(unit)))
    }
}
