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
    values::{AnswerKeys, AskedPrompt, LONGEST_ANSWER, MOST_ANSWERS, Note, Retro, lines_of, scale_answer},
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
            Err(closed) => return Ok(closed.sent(&sent)),
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
        Ok(saved(context, unit, (retro, &programme), (&filled, true, sent)))
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
        // An anonymous form never has notes: what is sent as it stands would say whose it is.
        let mut notes = notes::returned(context, &retro, &action.user).await?;
        notes.retain(|note| {
            !prompts.iter().any(|(_, written)| written.lines().any(|line| line == note.words))
        });
        let form =
            messages::open_form(false, &prompts, &closes(context, &programme, &retro), retro.id.clone());
        let form = messages::with_notes(form, &prompts, &notes);
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
            Err(closed) => return Ok(closed.sent(&sent)),
        };
        let prompts = store::prompts(&context.store, &retro.id).await?;
        let prompts: Vec<AskedPrompt> = prompts.into_iter().filter(|prompt| !prompt.is_anonymous).collect();
        let notes = notes::returned(context, &retro, &sent.user).await?;
        let filled = with_taken(sent.clone(), &prompts, &notes)
            .and_then(|with_notes| filled(&with_notes, prompts.iter()));
        let filled = match filled {
            Ok(filled) => filled,
            Err(errors) => return Ok(Answer::reply(Reply::Errors(errors))),
        };
        let mut unit = UnitOfWork::new();
        store::while_open(&mut unit, &context.team, &retro.id, context.now);
        for (place, words) in &filled {
            store::put_named(&mut unit, &context.team, (&retro.id, place), &sent.user, words);
        }
        Ok(saved(context, unit, (retro, &programme), (&filled, false, sent)))
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

    /// Answers a form that was sent. It stays as it is, so that a person can copy what they wrote; nothing keeps it.
    fn sent<'c>(self, form: &Submission) -> Answer<'c> {
        let why = match self {
            NotOpen::Closed => messages::IS_OVER,
            NotOpen::Ended => messages::ENDED_UNREAD,
            NotOpen::NotAsked => return Answer::reply(as_form(messages::not_asked())),
        };
        let field = form.first_field.clone().unwrap_or_default();
        Answer::reply(Reply::Errors(BTreeMap::from([(field, why.to_owned())])))
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

/// Returns a form in which the notes that were ticked are lines of a prompt's field, or what is to be mended.
fn with_taken(
    mut sent: Submission,
    prompts: &[AskedPrompt],
    notes: &[Note],
) -> Result<Submission, BTreeMap<String, String>> {
    let error = |field: &str, why: String| Err(BTreeMap::from([(field.to_owned(), why)]));
    let ticked = match sent.answers.get(messages::TAKEN_NOTES) {
        Some(FieldValue::Choices(ticked)) => ticked.clone(),
        _ => Vec::new(),
    };
    let taken: Vec<&str> =
        notes.iter().filter(|note| ticked.contains(&note.id)).map(|note| note.words.as_str()).collect();
    if taken.is_empty() {
        return Ok(sent);
    }
    let chosen = match (prompts, sent.answers.get(messages::TAKEN_FOR)) {
        ([only], _) => Some(only),
        (several, Some(FieldValue::Choice(place))) => several.iter().find(|prompt| prompt.place == *place),
        _ => None,
    };
    let Some(prompt) = chosen else {
        return error(messages::TAKEN_FOR, messages::NO_PROMPT_CHOSEN.to_owned());
    };
    let field = messages::prompt_field(&prompt.place);
    let written = match sent.answers.get(&field) {
        Some(FieldValue::Text(written)) => written.as_str(),
        _ => "",
    };
    let words = std::iter::once(written).chain(taken).collect::<Vec<_>>().join("\n");
    if words.chars().count() > LONGEST_FIELD {
        return error(messages::TAKEN_NOTES, messages::long_notes());
    }
    sent.answers.insert(field, FieldValue::Text(words));
    Ok(sent)
}

/// Returns the answer to a form whose unit saves it: it was saved, or why not.
fn saved<'c>(
    context: &'c Context,
    unit: UnitOfWork,
    (retro, programme): (Retro, &Programme),
    (filled, is_anonymous, sent): (&Filled, bool, Submission),
) -> Answer<'c> {
    let answers = filled.values().map(|words| words.lines().count()).sum();
    let closes = closes(context, programme, &retro);
    let message = messages::saved(SavedAnswers { answers, is_anonymous, closes: &closes });
    // The only guard of such a unit is that the retro takes answers.
    Answer::new(unit, as_form(message)).or_else(move |_| {
        Box::pin(async move {
            let found = answerable(context, &retro.id, &sent.user).await?;
            Ok(found.err().unwrap_or(NotOpen::Closed).sent(&sent))
        })
    })
}

/// Returns a reply that shows a message in place of the form.
pub(super) fn as_form(message: Message) -> Reply {
    Reply::Update(Box::new(messages::as_form(message)))
}
