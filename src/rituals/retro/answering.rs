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
    messages::{self, LONGEST_FIELD, SavedAnswers},
    notes,
    plan::State,
    programmes::closes,
    store,
    values::{AnswerKeys, AskedPrompt, LONGEST_ANSWER, MOST_ANSWERS, Retro, lines_of, scale_answer},
};
use crate::{
    model::{
        event::{Action, FieldValue, Reply, Submission},
        failure::Failure,
        message::Message,
        people::UserId,
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
        let (retro, programme) = match answerable(context, &keys.retro, &action.user).await? {
            Ok(found) => found,
            Err(closed) => return closed.pressed(),
        };
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
        let (retro, programme) = match answerable(context, &keys.retro, &sent.user).await? {
            Ok(found) => found,
            Err(closed) => return Ok(closed.sent()),
        };
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
        Ok(saved(context, unit, (retro, &programme), (&filled, true, sent.user)))
    }

    /// Opens the form of the prompts that are answered with a name.
    pub(super) async fn answer_by_name<'c>(
        &'c self,
        context: &'c Context,
        action: Action,
    ) -> Result<Answer<'c>, Failure> {
        let (retro, programme) = match answerable(context, &action.value, &action.user).await? {
            Ok(found) => found,
            Err(closed) => return closed.pressed(),
        };
        let written = store::named_words(&context.store, &retro.id).await?;
        let prompts = store::prompts(&context.store, &retro.id).await?.into_iter();
        let mut prompts: Vec<(AskedPrompt, String)> = prompts
            .filter(|prompt| !prompt.is_anonymous)
            .map(|prompt| {
                let is_theirs = |(place, user, _): &&(String, UserId, String)| {
                    *place == prompt.place && *user == action.user
                };
                let written = written.iter().find(is_theirs).map(|(_, _, words)| words.clone());
                (prompt, written.unwrap_or_default())
            })
            .collect();
        // An anonymous form never has them: what is sent as it stands would say whose it is.
        if let Some((_, first)) = prompts.first_mut().filter(|(_, written)| written.is_empty()) {
            let notes = notes::returned(context, &retro, &action.user).await?;
            let notes: Vec<String> = notes.into_iter().take(MOST_ANSWERS).map(|note| note.words).collect();
            *first = notes.join("\n").chars().take(LONGEST_FIELD).collect();
        }
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
        let (retro, programme) = match answerable(context, &sent.private, &sent.user).await? {
            Ok(found) => found,
            Err(closed) => return Ok(closed.sent()),
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
        Ok(saved(context, unit, (retro, &programme), (&filled, false, sent.user)))
    }

    /// Tells a person who'd rather not answer that nothing is noted, and notes nothing.
    pub(super) async fn skip_time<'c>(
        &'c self,
        context: &'c Context,
        action: Action,
    ) -> Result<Answer<'c>, Failure> {
        let (retro, programme) = match answerable(context, &action.value, &action.user).await? {
            Ok(found) => found,
            Err(closed) => return closed.pressed(),
        };
        let closes = closes(context, &programme, &retro);
        Ok(Answer::reply(Reply::Ephemeral(messages::skipped(&closes))))
    }
}

/// Why a person can't answer a retro.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum NotOpen {
    Closed,
    /// It has ended with its programme, and nothing that was answered counts.
    Ended,
    /// It is open for others.
    NotAsked,
}

impl NotOpen {
    /// Answers a press. A question that can't be answered any more loses its buttons.
    fn pressed<'c>(self) -> Result<Answer<'c>, Failure> {
        match self {
            NotOpen::Closed => Ok(Answer::reply(Reply::Replace(messages::question_is_over()))),
            NotOpen::Ended => Ok(Answer::reply(Reply::Replace(messages::was_ended()))),
            NotOpen::NotAsked => Err(Failure::refuse(messages::not_asked())),
        }
    }

    /// Answers a form that was sent.
    fn sent<'c>(self) -> Answer<'c> {
        Answer::reply(as_form(match self {
            NotOpen::Closed => messages::is_over(),
            NotOpen::Ended => messages::was_ended(),
            NotOpen::NotAsked => messages::not_asked(),
        }))
    }
}

/// Returns the retro that a person may answer, and its programme.
async fn answerable(
    context: &Context,
    id: &str,
    user: &UserId,
) -> Result<Result<(Retro, Programme), NotOpen>, Failure> {
    let Some((retro, programme)) = open_retro(context, id).await? else {
        let retro = store::retro(&context.store, id).await?;
        let is_cancelled = retro.is_some_and(|retro| retro.state == State::Cancelled);
        return Ok(Err(if is_cancelled { NotOpen::Ended } else { NotOpen::Closed }));
    };
    if !store::is_asked(&context.store, &retro.id, user).await? {
        return Ok(Err(NotOpen::NotAsked));
    }
    Ok(Ok((retro, programme)))
}

/// Returns what a form holds for these prompts, or what is to be mended at each field. A field that it doesn't have changes nothing.
fn filled<'p>(
    sent: &Submission,
    prompts: impl Iterator<Item = &'p AskedPrompt>,
) -> Result<Filled, BTreeMap<String, String>> {
    let (mut filled, mut errors) = (Filled::new(), BTreeMap::new());
    for prompt in prompts {
        let field = messages::prompt_field(&prompt.place);
        let text = match (sent.answers.get(&field), prompt.is_scale()) {
            (Some(FieldValue::Text(text)), false) => text.as_str(),
            (Some(FieldValue::Choice(chosen)), true) if scale_answer(chosen).is_some() => chosen,
            (Some(_), _) => "",
            (None, _) => continue,
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

/// Returns the answer to a form whose unit saves it: it was saved, or why not.
fn saved<'c>(
    context: &'c Context,
    unit: UnitOfWork,
    (retro, programme): (Retro, &Programme),
    (filled, is_anonymous, user): (&Filled, bool, UserId),
) -> Answer<'c> {
    let answers = filled.values().map(|words| words.lines().count()).sum();
    let closes = closes(context, programme, &retro);
    let message = messages::saved(SavedAnswers { answers, is_anonymous, closes: &closes });
    // The only guard of such a unit is that the retro takes answers.
    Answer::new(unit, as_form(message)).or_else(move |_| {
        Box::pin(async move {
            let found = answerable(context, &retro.id, &user).await?;
            Ok(found.err().unwrap_or(NotOpen::Closed).sent())
        })
    })
}

/// Returns a reply that shows a message in place of the form.
pub(super) fn as_form(message: Message) -> Reply {
    Reply::Update(Box::new(messages::as_form(message)))
}
