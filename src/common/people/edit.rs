//! Opens the form with what is stored, and saves what comes back.

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::{PersonSettings, form, messages, store};
use crate::{
    common::reply_target::ReplyTarget,
    model::{
        clock::Instant,
        event::{Reply, Submission},
        failure::Failure,
        holidays::Holidays,
        message::Modal,
        people::{TeamId, UserId},
    },
    store::{outbox, reading::ReadStore, unit::UnitOfWork},
};

/// The workspace at the instant of an event.
pub struct Editor<'e> {
    /// The store, to read from.
    pub store: &'e ReadStore,
    /// The workspace.
    pub team: &'e TeamId,
    /// The zone of people whose profile has none.
    pub zone: Tz,
    /// The public holidays of regions.
    pub holidays: &'e Holidays,
    /// The instant.
    pub now: Instant,
}

impl Editor<'_> {
    /// The form with a person's settings in it. What is saved is answered at the `response_url`, while that works.
    pub async fn open(&self, user: &UserId, response_url: Option<String>) -> Result<Reply, Failure> {
        let target = response_url.map(|response_url| ReplyTarget::here(response_url, self.now));
        let private = serde_json::to_string(&target).map_err(|error| Failure::Fail(error.into()))?;
        let stored = store::of_person(self.store, user).await?;
        let (zone, today) = self.today(user).await?;
        Ok(Reply::Open(Box::new(self.form(&stored, today, zone, private))))
    }

    /// What is written of a form that was sent, and what it shows then; `id` is a new one.
    pub async fn save(&self, sent: Submission, id: &str) -> Result<(UnitOfWork, Reply), Failure> {
        let user = &sent.user;
        let stored = store::of_person(self.store, user).await?;
        let (zone, today) = self.today(user).await?;
        // A form of an older release keeps what it does not ask for.
        let mut answers = messages::as_it_stands(&self.form(&stored, today, zone, String::new()));
        answers.extend(sent.answers);
        let settings = match form::settings(&answers, &stored, today) {
            Ok(settings) => settings,
            Err(errors) => return Ok((UnitOfWork::new(), Reply::Errors(errors))),
        };
        let mut unit = UnitOfWork::new();
        store::put(&mut unit, self.team, user, &settings, self.now)?;
        let target = serde_json::from_str::<Option<ReplyTarget>>(&sent.private).ok().flatten();
        let (key, message) = (format!("people/saved/{id}"), messages::saved(&settings, today, self.holidays));
        if let Some(answer) = target.and_then(|target| target.answer(key, message, self.now)) {
            outbox::enqueue(&mut unit, self.team, &answer, self.now)?;
        }
        Ok((unit, Reply::Nothing))
    }

    fn form(&self, stored: &PersonSettings, today: NaiveDate, zone: Tz, private: String) -> Modal {
        messages::form(stored, today, zone.name(), self.holidays, private)
    }

    /// A person's zone, and the date there.
    async fn today(&self, user: &UserId) -> Result<(Tz, NaiveDate), Failure> {
        let zone = self.store.zone_of(user).await?.unwrap_or(self.zone);
        Ok((zone, self.now.with_timezone(&zone).date_naive()))
    }
}
