//! The prompts of one kind that a person answers in a form: what they have sent so far, and what a form that they send makes of it.

use std::collections::BTreeMap;

use super::{
    messages::{self, SavedAnswers},
    notes,
    programmes::closes,
    store,
    values::{AnswerKeys, AskedPrompt, OpenedForm, Retro, Written},
};
use crate::{
    model::{failure::Failure, message::Modal, people::UserId},
    ritual::Context,
    store::{programmes::Programme, unit::UnitOfWork},
};

/// What a form holds for each prompt, by its place: its answers, one on each line.
pub(super) type Filled = BTreeMap<String, String>;

/// By what a person's answers are found.
#[derive(Clone)]
pub(super) enum Whose {
    Keys(AnswerKeys),
    Name(UserId),
}

/// The anonymous prompts of a retro or the named ones, with what a person has written so far.
pub(super) struct Sheet {
    retro: Retro,
    programme: Programme,
    whose: Whose,
    pub(super) prompts: Vec<(AskedPrompt, Written)>,
}

/// What becomes of a form that was sent.
pub(super) enum Sent {
    /// What it holds is written already.
    Same,
    /// The unit writes it.
    Writes(UnitOfWork),
    /// The person has sent something else after the form was opened.
    Older,
}

impl Sheet {
    /// Reads a person's prompts; a refusal if their keys don't fit.
    pub(super) async fn read(
        context: &Context,
        (retro, programme): (Retro, Programme),
        whose: Whose,
    ) -> Result<Sheet, Failure> {
        let mut prompts = Vec::new();
        for prompt in store::prompts(&context.store, &retro.id).await? {
            let at = (retro.id.as_str(), prompt.place.as_str());
            let written = match &whose {
                Whose::Keys(keys) => {
                    let Some(key) = keys.of(&prompt.place).filter(|_| prompt.is_anonymous) else { continue };
                    let written = store::in_slot(&context.store, at, key).await?;
                    written.ok_or_else(|| Failure::refuse(messages::not_yours()))?
                }
                Whose::Name(_) if prompt.is_anonymous => continue,
                Whose::Name(user) => store::in_name(&context.store, at, user).await?.unwrap_or_default(),
            };
            prompts.push((prompt, written));
        }
        if prompts.is_empty() {
            return Err(Failure::refuse(messages::not_yours()));
        }
        Ok(Sheet { retro, programme, whose, prompts })
    }

    pub(super) fn is_anonymous(&self) -> bool {
        matches!(self.whose, Whose::Keys(_))
    }

    /// What the form carries that is open from now on.
    fn opened(&self) -> OpenedForm {
        let marks = self.prompts.iter().map(|(prompt, written)| (prompt.place.clone(), written.mark.clone()));
        let whose = match &self.whose {
            Whose::Keys(keys) => keys.expose(),
            Whose::Name(_) => self.retro.id.clone(),
        };
        OpenedForm { whose, marks: marks.collect() }
    }

    /// Returns the form with what was sent so far.
    pub(super) async fn form(&self, context: &Context) -> Result<Modal, Failure> {
        let shown = self.prompts.iter().map(|(prompt, written)| (prompt.clone(), written.words.clone()));
        self.form_of(context, &shown.collect::<Vec<_>>()).await
    }

    async fn form_of(&self, context: &Context, shown: &[(AskedPrompt, String)]) -> Result<Modal, Failure> {
        let closes = closes(context, &self.programme, &self.retro);
        let form = messages::open_form(self.is_anonymous(), shown, &closes, self.opened().expose());
        // An anonymous form never has notes: what is sent as it stands would say whose it is.
        let Whose::Name(user) = &self.whose else { return Ok(form) };
        let mut notes = notes::returned(context, &self.retro, user).await?;
        notes.retain(|note| !shown.iter().any(|(_, written)| written.lines().any(|line| line == note.words)));
        Ok(messages::with_notes(form, shown, &notes))
    }

    /// Returns the form of a person who has sent something else since it was opened: it has the words that they sent now, and says what would
    /// be replaced.
    pub(super) async fn older_form(&self, context: &Context, filled: &Filled) -> Result<Modal, Failure> {
        let of_form = |(prompt, written): &(AskedPrompt, Written)| {
            let typed = filled.get(&prompt.place).unwrap_or(&written.words);
            (prompt.clone(), typed.clone())
        };
        let shown: Vec<(AskedPrompt, String)> = self.prompts.iter().map(of_form).collect();
        let form = self.form_of(context, &shown).await?;
        let others =
            self.prompts.iter().zip(&shown).filter(|((_, written), (_, typed))| written.words != *typed);
        let others: Vec<(&AskedPrompt, &str)> =
            others.map(|((prompt, written), _)| (prompt, written.words.as_str())).collect();
        Ok(messages::sent_meanwhile(form, &others))
    }

    /// Decides what becomes of a form that was sent. What was sent after it had been opened is never replaced unsaid: neither by a form that
    /// stood open beside another, nor by one that Slack delivers again.
    pub(super) fn sent(&self, context: &Context, form: &OpenedForm, filled: &Filled) -> Sent {
        let typed = |place: &str| filled.get(place);
        let filled = self
            .prompts
            .iter()
            .filter_map(|(prompt, written)| Some((prompt.place.as_str(), typed(&prompt.place)?, written)));
        let changed = filled.clone().filter(|(_, words, written)| **words != written.words);
        if changed.clone().next().is_none() {
            return Sent::Same;
        }
        if !changed.clone().all(|(place, _, written)| form.knows(place, &written.mark)) {
            return Sent::Older;
        }
        let (team, retro) = (&context.team, self.retro.id.as_str());
        let mut unit = UnitOfWork::new();
        store::while_open(&mut unit, team, retro, context.now);
        // All prompts of the form are written, so that the rows don't tell which of them it changed.
        for (place, words, before) in filled {
            let is_same = *words == before.words;
            let mark = if is_same { before.mark.clone() } else { context.entropy.key() };
            let (at, now) = ((retro, place), Written { words: words.clone(), mark, room: before.room });
            match &self.whose {
                Whose::Keys(keys) => {
                    let Some(key) = keys.of(place) else { continue };
                    store::while_marked(&mut unit, team, at, key, before);
                    store::fill(&mut unit, team, at, key, &now);
                }
                Whose::Name(user) => {
                    store::while_named_marked(&mut unit, team, at, user, before);
                    store::put_named(&mut unit, team, at, user, &now);
                }
            }
        }
        Sent::Writes(unit)
    }

    /// What a form becomes that holds what is written.
    pub(super) fn saved(&self, context: &Context, filled: &Filled) -> Modal {
        let answers = filled.values().map(|words| words.lines().count()).sum();
        let closes = closes(context, &self.programme, &self.retro);
        let saved = SavedAnswers { answers, is_anonymous: self.is_anonymous(), closes: &closes };
        messages::as_form(messages::saved(saved))
    }
}
