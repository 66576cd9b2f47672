//! Runs that programmes of every ritual have: the end of a pause, and the end of times that have a last day.

use chrono::Duration;

use super::{Programmes, messages, news::to_person};
use crate::{
    common::people::work_time::next_hour_of,
    model::{effect::NewEffect, failure::Failure},
    ritual::Ran,
    store::{
        programmes::Programme,
        runs::{self, Run},
        unit::UnitOfWork,
    },
};

/// How long people wait to read that there are no more while the last occasion isn't over, in hours.
const WAIT_HOURS: i64 = 2;

impl Programmes<'_> {
    /// Handles a run that programmes of every ritual have.
    pub async fn on_shared_run(self, programme: &Programme, run: &Run) -> Result<Ran, Failure> {
        match run.kind.as_str() {
            runs::RESUME => self.end_pause(programme, run).await,
            runs::LAST => self.tell_last(programme).await,
            _ => Ok(Ran::unknown_work()),
        }
    }

    /// Tells the channel that a programme has come to the end of its times, and asks the organisers once, in their working hours,
    /// whether it goes on.
    async fn tell_last(self, programme: &Programme) -> Result<Ran, Failure> {
        let (context, words) = (self.context, self.words());
        if self.ritual.is_under_way(context, programme).await? {
            let later = context.now + Duration::hours(WAIT_HOURS);
            return Ok(Ran::snoozed(UnitOfWork::new(), later, messages::NOT_OVER));
        }
        if !self.has_ended(programme).await? {
            return Ok(Ran::skipped(messages::GOES_ON));
        }
        let Some(until) = self.times(programme)?.until else { return Ok(Ran::skipped(messages::GOES_ON)) };
        let was_held = self.ritual.was_held(context, programme).await?;
        let mut unit = UnitOfWork::new();
        self.announce(
            &mut unit,
            programme,
            messages::announcement_of_end(words, &programme.name, until, was_held),
        )?;
        let message =
            messages::ask_to_go_on(words, (&programme.name, &programme.channel), until, &programme.id);
        for organiser in &programme.organisers {
            let key = format!("{}/last/{}/{until}/{organiser}", words.ritual, programme.id);
            let effect = to_person(context, words.ritual, key, organiser, message.clone())?;
            let not_before = next_hour_of(context, organiser).await?;
            context.enqueue_once(&mut unit, &NewEffect { not_before, ..effect })?;
        }
        Ok(Ran::done(unit))
    }
}
