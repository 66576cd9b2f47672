//! What the answers to scales came to, once a retro has closed. No single answer is kept or shown.

use super::{
    messages::{self, ShownPulse},
    plan::pulse,
    posting::{dated, to_channel},
    store,
    values::{AskedPrompt, Retro, scale_answer},
};
use crate::{
    model::failure::Failure,
    ritual::Context,
    store::{programmes::Programme, unit::UnitOfWork},
};

/// Adds to the unit that sorts a retro what the answers to its scales came to: it is stored, and the channel reads it beside how it was last
/// time. Answers of fewer people than the threshold leave nothing.
pub(super) async fn conclude(
    unit: &mut UnitOfWork,
    context: &Context,
    (retro, programme): (&Retro, Option<&Programme>),
) -> Result<(), Failure> {
    let prompts = store::prompts(&context.store, &retro.id).await?;
    let scales: Vec<_> = prompts.into_iter().filter(AskedPrompt::is_scale).collect();
    if scales.is_empty() {
        return Ok(());
    }
    let slots = store::slots(&context.store, &retro.id).await?;
    let earlier = store::last_pulses(&context.store, &retro.programme, retro.date).await?;
    let mut shown = Vec::new();
    for prompt in &scales {
        let slots = slots.iter().filter(|slot| slot.place == prompt.place);
        let answers: Vec<u8> = slots.filter_map(|slot| scale_answer(&slot.words)).collect();
        let pulse = pulse(&answers, retro.threshold);
        if let Some(pulse) = &pulse {
            store::settle_pulse(unit, &context.team, (&retro.id, &prompt.place), pulse);
        }
        let before = earlier.iter().find(|(words, _)| *words == prompt.words).map(|(_, median)| *median);
        shown.push(ShownPulse { prompt, pulse, before });
    }
    if let Some(programme) = programme {
        let message = messages::pulses(&programme.name, retro.threshold, &shown);
        let message = dated(programme, retro, message);
        context.enqueue_once(unit, &to_channel(context, programme, retro, ("pulse", message))?)?;
    }
    Ok(())
}
