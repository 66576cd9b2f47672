//! Opens the form with what is stored, and saves what comes back; and drops a time away.

use chrono::NaiveDate;
use chrono_tz::Tz;
use futures_util::FutureExt as _;
use serde::{Deserialize, Serialize};

use super::{
    Away, PersonSettings, away,
    form::{self, Answers},
    messages, store,
};
use crate::{
    common::reply_target::ReplyTarget,
    model::{
        event::{Action, FieldValue, Reply, Submission},
        failure::Failure,
        message::Modal,
        people::UserId,
    },
    ritual::{Answer, Context, Handling},
    store::{outbox, unit::UnitOfWork},
};

/// What the form carries.
#[derive(Default, Serialize, Deserialize)]
struct Carried {
    target: Option<ReplyTarget>,
    /// What its fields held when it was opened, so that only what the person changes is written.
    shown: Answers,
}

/// The workspace at the instant of an event.
#[derive(Clone, Copy)]
pub struct Editor<'c> {
    pub context: &'c Context,
}

impl<'c> Editor<'c> {
    /// Handles a button or a menu.
    pub async fn pressed(self, action: Action) -> Result<Answer<'c>, Failure> {
        match action.action.as_str() {
            messages::DROP => self.drop_time_away(action).await,
            _ => self.open(&action.user, action.response_url).await,
        }
    }

    /// Opens the form with a person's settings in it. What is saved is answered at the `response_url`, while that works.
    pub async fn open(self, user: &UserId, response_url: Option<String>) -> Result<Answer<'c>, Failure> {
        let target = response_url.map(|response_url| ReplyTarget::here(response_url, self.context.now));
        let stored = store::of_person(&self.context.store, user).await?;
        let (zone, today) = self.today(user).await?;
        let group = store::department_group(&self.context.store, user, &self.context.departments).await?;
        let form = self.form(&stored, group.as_deref(), today, zone);
        let carried = Carried { target, shown: messages::as_it_stands(&form) };
        let private = serde_json::to_string(&carried).map_err(|error| Failure::Fail(error.into()))?;
        Ok(Answer::reply(Reply::Open(Box::new(Modal { private, ..form }))))
    }

    /// Saves what a person changed in a form.
    pub fn save(self, sent: Submission) -> Handling<'c> {
        self.form_sent(sent).boxed()
    }

    async fn form_sent(self, sent: Submission) -> Result<Answer<'c>, Failure> {
        let (context, user) = (self.context, &sent.user);
        let stored = store::of_person(&context.store, user).await?;
        let (zone, today) = self.today(user).await?;
        let carried = serde_json::from_str::<Carried>(&sent.private).unwrap_or_else(|_| Carried {
            shown: messages::as_it_stands(&self.form(&stored, None, today, zone)),
            ..Carried::default()
        });
        let settings = match form::settings(&sent.answers, &carried.shown, &stored, today) {
            Ok(settings) => settings,
            Err(errors) => return Ok(Answer::reply(Reply::Errors(errors))),
        };
        let mut unit = UnitOfWork::new();
        store::put(&mut unit, &context.team, user, (&stored, &settings), context.now)?;
        let key = format!("people/saved/{}", context.id());
        let message = messages::saved(&settings, today, &context.holidays);
        let answer = carried.target.and_then(|target| target.answer(key, message, context.now));
        if let Some(answer) = answer {
            outbox::enqueue(&mut unit, &context.team, &answer, context.now)?;
        }
        // They were changed in this instant.
        Ok(Answer::new(unit, Reply::Nothing).or_else(move |_| self.save(sent)))
    }

    /// Drops the time away that a person chose.
    fn drop_time_away(self, action: Action) -> Handling<'c> {
        self.time_away_dropped(action).boxed()
    }

    async fn time_away_dropped(self, action: Action) -> Result<Answer<'c>, Failure> {
        let (context, user) = (self.context, &action.user);
        let before = store::of_person(&context.store, user).await?;
        let (_, today) = self.today(user).await?;
        let chosen = match &action.chosen {
            Some(FieldValue::Choice(chosen)) => Away::of_value(chosen),
            _ => None,
        };
        let left = chosen.and_then(|chosen| Some((chosen, away::without(&before.away, chosen, today)?)));
        let Some((dropped, left)) = left else {
            return Ok(Answer::reply(Reply::Replace(messages::not_recorded(&before.away, today))));
        };
        let message = messages::dropped(dropped, &left, today);
        let after = PersonSettings { away: left, ..before.clone() };
        let mut unit = UnitOfWork::new();
        store::put(&mut unit, &context.team, user, (&before, &after), context.now)?;
        let answer = Answer::new(unit, Reply::Replace(message)).with_absence_of(user);
        Ok(answer.or_else(move |_| self.drop_time_away(action)))
    }

    fn form(self, stored: &PersonSettings, group: Option<&str>, today: NaiveDate, zone: Tz) -> Modal {
        messages::form(stored, group, today, zone.name(), &self.context.holidays)
    }

    /// Returns a person's zone, and the date there.
    async fn today(self, user: &UserId) -> Result<(Tz, NaiveDate), Failure> {
        let zone = self.context.store.zone_of(user).await?.unwrap_or(self.context.zone);
        Ok((zone, self.context.now.with_timezone(&zone).date_naive()))
    }
}
