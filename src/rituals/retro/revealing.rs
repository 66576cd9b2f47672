//! The organiser reads the answers first, hides what attacks a person, and shows the rest in the channel.

use super::{
    Retros,
    answering::as_form,
    grouping::propose,
    messages,
    plan::State,
    posting::to_channel,
    store,
    values::{AskedPrompt, Retro, RetroAnswer},
};
use crate::{
    model::{
        event::{Action, FieldValue, Reply, Submission},
        failure::Failure,
    },
    ritual::{Answer, Context},
    store::unit::UnitOfWork,
};

impl Retros {
    /// Opens the form with the answers that may be shown.
    pub(super) async fn review<'c>(
        &'c self,
        context: &'c Context,
        action: Action,
    ) -> Result<Answer<'c>, Failure> {
        let (retro, programme) = self.organised(context, &action.value, &action.user).await?;
        let mut unit = UnitOfWork::new();
        match retro.state {
            State::Closed if retro.is_sorted => {
                store::step(&mut unit, &context.team, &retro.id, (State::Closed, State::Checked));
            }
            State::Checked => {}
            State::Cancelled => return Ok(Answer::reply(Reply::Replace(messages::stands(retro.state)))),
            _ => return Ok(Answer::reply(Reply::Replace(messages::is_revealed()))),
        }
        let prompts = shown(context, &retro).await?;
        if prompts.is_empty() {
            return Err(Failure::refuse(messages::nothing_to_reveal()));
        }
        let form = messages::review_form(&programme.name, &prompts, retro.id);
        let opened = Answer::new(unit, Reply::Open(Box::new(form.clone())));
        // Another organiser looks at them, too.
        Ok(opened
            .or_else(move |_| Box::pin(std::future::ready(Ok(Answer::reply(Reply::Open(Box::new(form))))))))
    }

    /// Shows the answers in the channel, a message for each prompt. Of two organisers who do that at once one does.
    pub(super) async fn reveal<'c>(
        &'c self,
        context: &'c Context,
        sent: Submission,
    ) -> Result<Answer<'c>, Failure> {
        let (retro, programme) = match self.organised(context, &sent.private, &sent.user).await {
            Ok(found) => found,
            Err(Failure::Refuse(message)) => return Ok(Answer::reply(as_form(*message))),
            Err(failure) => return Err(failure),
        };
        let (mut unit, team) = (UnitOfWork::new(), &context.team);
        store::step(&mut unit, team, &retro.id, (State::Checked, State::Revealed));
        let (prompts, mut all) = (shown(context, &retro).await?, Vec::new());
        for (prompt, mut answers) in prompts.iter().cloned() {
            let hidden: Vec<&String> = sent
                .answers
                .iter()
                .filter(|(field, _)| messages::hides(field, &prompt.place))
                .filter_map(|(_, answer)| match answer {
                    FieldValue::Choices(chosen) => Some(chosen),
                    _ => None,
                })
                .flatten()
                .collect();
            for answer in answers.iter_mut().filter(|answer| hidden.contains(&&answer.id)) {
                answer.is_hidden = true;
                store::hide(&mut unit, team, &retro.id, &answer.id);
            }
            self.offer_thanks(&mut unit, context, (&retro, &programme), (&prompt, &answers)).await?;
            let parts = messages::shown_prompt(&programme.name, &prompt, &answers);
            for (part, message) in parts.into_iter().enumerate() {
                // Messages that wait for the same instant are sent in the order of their keys.
                let kind = format!("prompt-{}-{part:02}", prompt.place);
                context
                    .enqueue_once(&mut unit, &to_channel(context, &programme, &retro, (&kind, message))?)?;
            }
            all.extend(answers);
        }
        propose(&mut unit, context, (&retro, &programme), all).await?;
        let message = messages::revealed(&programme.name, prompts.len());
        Ok(Answer::new(unit, as_form(message))
            .or_else(|_| Box::pin(std::future::ready(Ok(Answer::reply(as_form(messages::is_revealed())))))))
    }
}

/// Returns the prompts of a retro that have answers, with these.
async fn shown(context: &Context, retro: &Retro) -> Result<Vec<(AskedPrompt, Vec<RetroAnswer>)>, Failure> {
    let answers = store::answers(&context.store, &retro.id).await?;
    let prompts = store::prompts(&context.store, &retro.id).await?.into_iter();
    let of = |prompt: AskedPrompt| {
        let answers = answers.iter().filter(|answer| answer.place == prompt.place).cloned().collect();
        (prompt, answers)
    };
    Ok(prompts.map(of).filter(|(_, answers): &(AskedPrompt, Vec<RetroAnswer>)| !answers.is_empty()).collect())
}
