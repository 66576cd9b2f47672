//! People answer, change and withdraw what they answered until the retro closes.
//!
//! The handlers of anonymous answers record nothing but the words in their slots: [`Ritual::is_anonymous`] has the engine keep no
//! trace of the event either.
//!
//! [`Ritual::is_anonymous`]: crate::ritual::Ritual::is_anonymous

use std::collections::BTreeMap;

use futures_util::FutureExt as _;

use super::{
    Retros,
    asking::open_retro,
    messages::{self, LONGEST_FIELD},
    notes,
    plan::State,
    programmes::closes,
    sheet::{Filled, Sent, Sheet, Whose},
    store,
    values::{
        AnswerKeys, AskedPrompt, LONGEST_ANSWER, MOST_ANSWERS, Note, OpenedForm, Retro, lines_of,
        scale_answer,
    },
};
use crate::{
    model::{
        event::{Action, FieldValue, Reply, Submission},
        failure::Failure,
        message::Message,
        people::UserId,
    },
    ritual::{Answer, Context, Handling},
    store::{programmes::Programme, unit::UnitOfWork},
};

impl Retros {
    /// Opens the form of the anonymous prompts, with what the keys of the button lead to.
    pub(super) async fn answer_anonymously<'c>(
        &'c self,
        context: &'c Context,
        action: Action,
    ) -> Result<Answer<'c>, Failure> {
        let keys = AnswerKeys::read(&action.value).ok_or_else(|| Failure::refuse(messages::not_yours()))?;
        opened(context, &action.user, (keys.retro.clone(), Whose::Keys(keys))).await
    }

    /// Opens the form of the prompts that are answered with a name.
    pub(super) async fn answer_by_name<'c>(
        &'c self,
        context: &'c Context,
        action: Action,
    ) -> Result<Answer<'c>, Failure> {
        opened(context, &action.user, (action.value.clone(), Whose::Name(action.user.clone()))).await
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

/// Saves anonymous answers, each in the slot of its key, or answers with a name: all of them or none.
pub(super) fn answer_sent(context: &Context, sent: Submission) -> Handling<'_> {
    async move {
        let form = OpenedForm::read(&sent.private);
        let (retro, whose) = if sent.callback == messages::FORM_ANONYMOUS {
            let keys = AnswerKeys::read(&form.whose);
            let keys = keys.ok_or_else(|| Failure::refuse(messages::not_yours()))?;
            (keys.retro.clone(), Whose::Keys(keys))
        } else {
            (form.whose.clone(), Whose::Name(sent.user.clone()))
        };
        let (sheet, filled) = match read_sent(context, &sent, (&retro, whose)).await? {
            Ok(read) => read,
            Err(answer) => return Ok(answer),
        };
        let (unit, form) = match sheet.sent(context, &form, &filled) {
            Sent::Writes(unit) => (unit, sheet.saved(context, &filled)),
            Sent::Same => (UnitOfWork::new(), sheet.saved(context, &filled)),
            Sent::Older => (UnitOfWork::new(), sheet.older_form(context, &filled).await?),
        };
        // The retro has closed, or another form was quicker: how it stands now is read again.
        let saved = Answer::new(unit, Reply::Update(Box::new(form)));
        Ok(saved.or_else(move |_| answer_sent(context, sent)))
    }
    .boxed()
}

/// Why a person can't answer a retro.
enum NotOpen {
    /// It has closed; with what stands in place of the question.
    Closed(Message),
    /// It has ended with its programme, and nothing that was answered counts.
    Stopped(Message),
    /// It is open for others.
    NotAsked,
}

impl NotOpen {
    /// Answers a press. A question that can't be answered any more loses its buttons.
    fn pressed<'c>(self) -> Result<Answer<'c>, Failure> {
        match self {
            NotOpen::Closed(over) | NotOpen::Stopped(over) => Ok(Answer::reply(Reply::Replace(over))),
            NotOpen::NotAsked => Err(Failure::refuse(messages::not_asked())),
        }
    }

    /// Answers a form that was sent. It stays as it is, so that a person can copy what they wrote; nothing keeps it.
    fn sent<'c>(self, form: &Submission) -> Answer<'c> {
        let why = match self {
            NotOpen::Closed(_) => messages::IS_OVER,
            NotOpen::Stopped(_) => messages::ENDED_UNREAD,
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
        let Some(retro) = store::retro(&context.store, id).await? else { return Ok(Err(NotOpen::NotAsked)) };
        let Some(programme) = context.store.programme(&retro.programme).await? else {
            return Ok(Err(NotOpen::NotAsked));
        };
        let place = (programme.name.as_str(), &programme.channel);
        return Ok(Err(match retro.state {
            State::Cancelled => NotOpen::Stopped(messages::question_was_stopped(&retro, place)),
            _ => NotOpen::Closed(messages::question_is_over(&retro, place)),
        }));
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

/// Opens a person's form with what they have sent so far.
async fn opened<'c>(
    context: &'c Context,
    user: &UserId,
    (retro, whose): (String, Whose),
) -> Result<Answer<'c>, Failure> {
    let found = match answerable(context, &retro, user).await? {
        Ok(found) => found,
        Err(closed) => return closed.pressed(),
    };
    let form = Sheet::read(context, found, whose).await?.form(context).await?;
    Ok(Answer::reply(Reply::Open(Box::new(form))))
}

/// Returns what a person has sent so far and what the form holds that they send now, or what they're told instead.
async fn read_sent<'c>(
    context: &'c Context,
    sent: &Submission,
    (retro, whose): (&str, Whose),
) -> Result<Result<(Sheet, Filled), Answer<'c>>, Failure> {
    let (retro, programme) = match answerable(context, retro, &sent.user).await? {
        Ok(found) => found,
        Err(closed) => return Ok(Err(closed.sent(sent))),
    };
    let is_named = matches!(whose, Whose::Name(_));
    let notes = if is_named { notes::returned(context, &retro, &sent.user).await? } else { Vec::new() };
    let sheet = Sheet::read(context, (retro, programme), whose).await?;
    let prompts: Vec<AskedPrompt> = sheet.prompts.iter().map(|(prompt, _)| prompt.clone()).collect();
    let filled = with_taken(sent.clone(), &prompts, &notes).and_then(|sent| filled(&sent, prompts.iter()));
    Ok(match filled {
        Ok(filled) => Ok((sheet, filled)),
        Err(errors) => Err(Answer::reply(Reply::Errors(errors))),
    })
}

/// Returns a reply that shows a message in place of the form.
pub(super) fn as_form(message: Message) -> Reply {
    Reply::Update(Box::new(messages::as_form(message)))
}
