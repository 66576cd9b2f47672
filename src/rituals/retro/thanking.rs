//! A named answer to what went well that names people becomes a kudos with one press of its author.

use std::collections::BTreeMap;

use super::{
    NAME, Retros, messages,
    plan::named,
    values::{AskedPrompt, LONGEST_ANSWER, Retro, RetroAnswer},
};
use crate::{
    common::programmes::to_person,
    model::{
        effect::{Lane, NewEffect},
        failure::Failure,
        message::Button,
        owner::Owner,
        people::UserId,
        text::shorten,
    },
    ritual::{Context, Thanks},
    store::{programmes::Programme, unit::UnitOfWork},
};

/// How many characters of an answer a kudos repeats where the whole doesn't fit into a button, as with hundreds of quotation marks.
const SHORTER_REASON: usize = 700;
/// How many buttons an author gets at most.
const MOST_BUTTONS: usize = 5;

impl Retros {
    /// Adds to the unit that reveals a prompt an offer to each author of a named answer to what went well. An anonymous answer has no author,
    /// and a hidden one is not repeated.
    pub(super) async fn offer_thanks(
        &self,
        unit: &mut UnitOfWork,
        context: &Context,
        (retro, programme): (&Retro, &Programme),
        (prompt, answers): (&AskedPrompt, &[RetroAnswer]),
    ) -> Result<(), Failure> {
        let Some(offer) = context.thanks.filter(|_| self.asks_what_went_well(retro, prompt)) else {
            return Ok(());
        };
        let people = context.store.channel_people(&programme.channel).await?;
        let mut offered: BTreeMap<&UserId, Vec<Button>> = BTreeMap::new();
        for answer in answers.iter().filter(|answer| !answer.is_hidden) {
            let Some(author) = &answer.user else { continue };
            for person in named(&answer.words, author, &people) {
                let thanks = |longest| Thanks {
                    id: context.id(),
                    channel: programme.channel.clone(),
                    person: person.id.clone(),
                    reason: shorten(&answer.words, longest),
                };
                let button = |longest| offer.button(&person.name, &thanks(longest));
                let buttons = offered.entry(author).or_default();
                buttons.extend(button(LONGEST_ANSWER).or_else(|| button(SHORTER_REASON)));
                buttons.truncate(MOST_BUTTONS);
            }
        }
        for (author, buttons) in offered {
            let message = messages::offer_of_thanks(retro, (&programme.name, &programme.channel), buttons);
            let key = format!("retro/thanks/{}/{}/{author}", retro.id, prompt.place);
            let owner = Owner::Programme(programme.id.clone());
            let effect =
                NewEffect { owner, lane: Lane::Bulk, ..to_person(context, NAME, key, author, message)? };
            context.enqueue_once(unit, &effect)?;
        }
        Ok(())
    }

    /// Whether a prompt that was asked with names is the one of its deck about what went well.
    fn asks_what_went_well(&self, retro: &Retro, prompt: &AskedPrompt) -> bool {
        let deck = self.decks.get(&retro.deck).filter(|_| !prompt.is_anonymous);
        deck.is_some_and(|deck| {
            deck.prompts.iter().any(|asked| asked.asks_what_went_well && asked.text == prompt.words)
        })
    }
}
