//! `now` where retros run: one is held beside the usual times, once its organiser has answered a question.

use super::{
    Retros, messages,
    opening::Opening,
    options::Options,
    programmes::{closes, is_on_a_weekend},
    store,
};
use crate::{
    common::programmes::messages::over,
    model::{
        cadence::Occurrence,
        event::{Action, Reply},
        failure::Failure,
        people::UserId,
    },
    ritual::{Answer, Context},
    store::programmes::Programme,
};

impl Retros {
    /// Asks before a retro opens right away: who would be asked, what, and until when.
    pub(super) async fn now<'c>(
        &'c self,
        context: &'c Context,
        all: Vec<Programme>,
        user: UserId,
    ) -> Result<Answer<'c>, Failure> {
        let mut programmes = Vec::new();
        for programme in all {
            if !self.programmes(context).has_ended(&programme).await? {
                programmes.push(programme);
            }
        }
        if programmes.len() > 1 {
            let names: Vec<String> = programmes.into_iter().map(|programme| programme.name).collect();
            return Err(Failure::refuse(messages::now_which(&names, &self.command)));
        }
        let Some(programme) = programmes.pop() else { return Ok(Answer::nothing()) };
        // What would be written is not: only what comes of it is shown.
        let Opening { retro, .. } = self.opens_now(context, &programme, &user).await?;
        let closes = closes(context, &programme, &retro);
        let how = self.asks(&Options::read(&programme.settings));
        let weekend = Some(retro.date).filter(|date| is_on_a_weekend(*date));
        let value = format!("{} {}", programme.id, programme.version);
        let message = messages::ask_now(&retro, (&programme.name, &closes), (how, weekend), &value);
        Ok(Answer::reply(Reply::Ephemeral(message)))
    }

    /// Opens it. The question may be old, so everything is looked at anew.
    pub(super) async fn ask_now<'c>(
        &'c self,
        context: &'c Context,
        action: Action,
    ) -> Result<Answer<'c>, Failure> {
        let programme = self.programmes(context).of_button(&action).await?;
        let version = action.value.split(' ').nth(1).and_then(|version| version.parse().ok());
        if self.programmes(context).has_ended(&programme).await? {
            return Err(Failure::refuse(over(&messages::WORDS)));
        }
        let Opening { unit, retro, .. } = self.opens_now(context, &programme, &action.user).await?;
        if version != Some(programme.version) {
            return Err(Failure::refuse(messages::changed_since_asked(&self.command)));
        }
        let closes = closes(context, &programme, &retro);
        let opened = Answer::new(unit, Reply::Replace(messages::under_way(&retro, &closes)));
        Ok(opened.or_refuse(Failure::refuse(messages::had_one_today())))
    }

    /// Returns the retro that would open now; a refusal if none can, or if a person may not open it.
    async fn opens_now(
        &self,
        context: &Context,
        programme: &Programme,
        user: &UserId,
    ) -> Result<Opening, Failure> {
        self.programmes(context).may_manage_or_begin(programme, user).await?;
        let zone = self.programmes(context).times(programme)?.zone;
        let at = Occurrence { at: context.now, wall: context.now.with_timezone(&zone).naive_local() };
        if let Some(open) = store::under_way(&context.store, &programme.id).await? {
            let closes = closes(context, programme, &open);
            return Err(Failure::refuse(if open.takes_answers(context.now) {
                messages::still_open(&open, &closes)
            } else {
                messages::closes_soon()
            }));
        }
        if store::had_retro(&context.store, &programme.id, at.wall.date()).await? {
            return Err(Failure::refuse(messages::had_one_today()));
        }
        let opening = self.open(context, programme, at).await?;
        opening.map_err(|not_held| Failure::refuse(self.not_held(programme, &not_held)))
    }
}
