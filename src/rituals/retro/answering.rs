//! People answer, change and withdraw what they answered until the retro closes.
//!
//! The handlers of anonymous answers record nothing but the words in their slots: [`Ritual::is_anonymous`] has the engine keep no
//! trace of the event either.
//!
//! [`Ritual::is_anonymous`]: crate::ritual::Ritual::is_anonymous

use std::collections::BTreeMap;

use super::{
    Retros,
    asking::open_retro,
    messages::{self, SavedAnswers},
    programmes::closes,
    store,
    values::{AnswerKeys, AskedPrompt, LONGEST_ANSWER, MOST_ANSWERS, Retro},
};
use crate::{
    model::{
        event::{Action, FieldValue, Reply, Submission},
        failure::Failure,
        message::Message,
        people::UserId,
        text::{clean, has_visible_text},
    },
    ritual::{Answer, Context},
    store::{programmes::Programme, unit::UnitOfWork},
};

/// What a form holds for each prompt, by its place: its answers, one on each line.
type Filled = BTreeMap<String, String>;

impl Retros {
    /// Opens the form of the anonymous prompts, with what the keys of the button lead to.
    pub(super) async fn answer_anonymously<'c>(
        &'c self,
        context: &'c Context,
        action: Action,
    ) -> Result<Answer<'c>, Failure> {
        let keys = AnswerKeys::read(&action.value).ok_or_else(|| Failure::refuse(messages::not_yours()))?;
        let (retro, programme) = answerable(context, &keys.retro, &action.user).await?;
        let mut prompts = Vec::new();
        for prompt in store::prompts(&context.store, &retro.id).await? {
            let Some(key) = keys.of(&prompt.place) else { continue };
            let at = (retro.id.as_str(), prompt.place.as_str());
            let written = store::slot_words(&context.store, at, key).await?;
            let written = written.ok_or_else(|| Failure::refuse(messages::not_yours()))?;
            prompts.push((prompt, written));
        }
        let form = messages::open_form(true, &prompts, &closes(context, &programme, &retro), keys.expose());
        Ok(Answer::reply(Reply::Open(Box::new(form))))
    }

    /// Saves anonymous answers: each in the slot of its key, all of them or none.
    pub(super) async fn anonymous_sent<'c>(
        &'c self,
        context: &'c Context,
        sent: Submission,
    ) -> Result<Answer<'c>, Failure> {
        let keys = AnswerKeys::read(&sent.private).ok_or_else(|| Failure::refuse(messages::not_yours()))?;
        let (retro, programme) = answerable(context, &keys.retro, &sent.user).await?;
        let prompts = store::prompts(&context.store, &retro.id).await?;
        let filled = match filled(&sent, prompts.iter().filter(|prompt| prompt.is_anonymous)) {
            Ok(filled) => filled,
            Err(errors) => return Ok(Answer::reply(Reply::Errors(errors))),
        };
        let mut unit = UnitOfWork::new();
        store::while_open(&mut unit, &context.team, &retro.id, context.now);
        for (place, words) in &filled {
            let key = keys.of(place).ok_or_else(|| Failure::refuse(messages::not_yours()))?;
            let at = (retro.id.as_str(), place.as_str());
            if store::slot_words(&context.store, at, key).await?.is_none() {
                return Err(Failure::refuse(messages::not_yours()));
            }
            store::fill(&mut unit, &context.team, at, key, words);
        }
        Ok(saved(context, unit, (&retro, &programme), (&filled, true)))
    }

    /// Opens the form of the prompts that are answered with a name.
    pub(super) async fn answer_by_name<'c>(
        &'c self,
        context: &'c Context,
        action: Action,
    ) -> Result<Answer<'c>, Failure> {
        let (retro, programme) = answerable(context, &action.value, &action.user).await?;
        let written = store::named_words(&context.store, &retro.id).await?;
        let prompts = store::prompts(&context.store, &retro.id).await?.into_iter();
        let prompts: Vec<(AskedPrompt, String)> = prompts
            .filter(|prompt| !prompt.is_anonymous)
            .map(|prompt| {
                let is_theirs = |(place, user, _): &&(String, UserId, String)| {
                    *place == prompt.place && *user == action.user
                };
                let written = written.iter().find(is_theirs).map(|(_, _, words)| words.clone());
                (prompt, written.unwrap_or_default())
            })
            .collect();
        let form =
            messages::open_form(false, &prompts, &closes(context, &programme, &retro), retro.id.clone());
        Ok(Answer::reply(Reply::Open(Box::new(form))))
    }

    /// Saves answers with a name.
    pub(super) async fn named_sent<'c>(
        &'c self,
        context: &'c Context,
        sent: Submission,
    ) -> Result<Answer<'c>, Failure> {
        let (retro, programme) = match answerable(context, &sent.private, &sent.user).await {
            Ok(found) => found,
            Err(Failure::Refuse(message)) => return Ok(Answer::reply(as_form(*message))),
            Err(failure) => return Err(failure),
        };
        let prompts = store::prompts(&context.store, &retro.id).await?;
        let filled = match filled(&sent, prompts.iter().filter(|prompt| !prompt.is_anonymous)) {
            Ok(filled) => filled,
            Err(errors) => return Ok(Answer::reply(Reply::Errors(errors))),
        };
        let mut unit = UnitOfWork::new();
        store::while_open(&mut unit, &context.team, &retro.id, context.now);
        for (place, words) in &filled {
            store::put_named(&mut unit, &context.team, (&retro.id, place), &sent.user, words);
        }
        Ok(saved(context, unit, (&retro, &programme), (&filled, false)))
    }

    /// Tells a person who'd rather not answer that nothing is noted, and notes nothing.
    pub(super) async fn skip_time<'c>(
        &'c self,
        context: &'c Context,
        action: Action,
    ) -> Result<Answer<'c>, Failure> {
        let (retro, programme) = answerable(context, &action.value, &action.user).await?;
        let closes = closes(context, &programme, &retro);
        Ok(Answer::reply(Reply::Ephemeral(messages::skipped(&closes))))
    }
}

/// Returns the retro that a person may answer, and its programme.
async fn answerable(context: &Context, id: &str, user: &UserId) -> Result<(Retro, Programme), Failure> {
    let open = open_retro(context, id).await?;
    let (retro, programme) = open.ok_or_else(|| Failure::refuse(messages::is_over()))?;
    if !store::is_asked(&context.store, &retro.id, user).await? {
        return Err(Failure::refuse(messages::not_asked()));
    }
    Ok((retro, programme))
}

/// Returns what a form holds for these prompts, or what is to be mended at each field. A field that it doesn't have changes nothing.
fn filled<'p>(
    sent: &Submission,
    prompts: impl Iterator<Item = &'p AskedPrompt>,
) -> Result<Filled, BTreeMap<String, String>> {
    let (mut filled, mut errors) = (Filled::new(), BTreeMap::new());
    for prompt in prompts {
        let field = messages::prompt_field(&prompt.place);
        let text = match sent.answers.get(&field) {
            Some(FieldValue::Text(text)) => text.as_str(),
            Some(_) => "",
            None => continue,
        };
        let lines = lines_of(text);
        if lines.len() > MOST_ANSWERS {
            errors.insert(field, messages::too_many_answers(lines.len()));
        } else if lines.iter().any(|line| line.chars().count() > LONGEST_ANSWER) {
            errors.insert(field, messages::long_answer());
        } else {
            filled.insert(prompt.place.clone(), lines.join("\n"));
        }
    }
    if errors.is_empty() { Ok(filled) } else { Err(errors) }
}

/// Returns the answers in a text, one on each line, without those in which nothing can be seen.
pub(super) fn lines_of(text: &str) -> Vec<String> {
    let text = clean(text);
    let lines = text.lines().map(str::trim).filter(|line| has_visible_text(line));
    lines.map(str::to_owned).collect()
}

/// Returns the answer to a form whose unit saves it: it was saved, or why not.
fn saved<'c>(
    context: &Context,
    unit: UnitOfWork,
    (retro, programme): (&Retro, &Programme),
    (filled, is_anonymous): (&Filled, bool),
) -> Answer<'c> {
    let answers = filled.values().map(|words| words.lines().count()).sum();
    let closes = closes(context, programme, retro);
    let message = messages::saved(SavedAnswers { answers, is_anonymous, closes: &closes });
    Answer::new(unit, as_form(message)).or_else(|_| {
        // The only guard of such a unit is that the retro takes answers.
        Box::pin(std::future::ready(Ok(Answer::reply(as_form(messages::is_over())))))
    })
}

/// Returns a reply that shows a message in place of the form.
pub(super) fn as_form(message: Message) -> Reply {
    Reply::Update(Box::new(messages::as_form(message)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn blank_lines_are_no_answers() {
        assert_eq!(lines_of(" Less mail \n\n\u{200b}\n🎉\n"), ["Less mail", "🎉"]);
        assert_eq!(lines_of(" \n\u{3164}"), Vec::<String>::new());
    }

    proptest! {
        #[test]
        fn what_is_kept_is_read_the_same_again(text in any::<String>()) {
            let lines = lines_of(&text);
            prop_assert_eq!(lines_of(&lines.join("\n")), lines);
        }
    }
}
