//! Coffee chats as programmes: what the shared code needs to know of them.

use chrono::NaiveDate;
use futures_util::FutureExt as _;

use super::{
    CLOSE, Coffee, NOTICE, ROUND,
    messages::{self, WORDS},
    next_round,
    notice::put_called_off,
    options::Options,
    status, store,
};
use crate::{
    common::{
        programmes::{
            Answers, Loading, Participants, ProgrammeRitual, Programmes, Replanned, Standing, Upcoming,
        },
        setup::{Complaints, PreviewMessage},
        words::Words,
    },
    model::{
        cadence::{Cadence, Occurrence},
        failure::Failure,
        message::{Block, Message},
        people::UserId,
        text::Markup,
    },
    ritual::Context,
    store::{programmes::Programme, runs::PastRun, unit::UnitOfWork},
};

impl Coffee {
    /// The coffee chats, for one event.
    pub(super) fn programmes<'c>(&'c self, context: &'c Context) -> Programmes<'c> {
        Programmes { ritual: self, context }
    }
}

impl ProgrammeRitual for Coffee {
    fn words(&self) -> &'static Words {
        &WORDS
    }

    fn occasion(&self) -> &'static str {
        ROUND
    }

    fn around(&self) -> &'static [&'static str] {
        &[NOTICE, CLOSE]
    }

    fn command_name(&self) -> &str {
        &self.command
    }

    fn help(&self) -> Message {
        messages::help(&self.command)
    }

    fn standing<'c>(
        &'c self,
        context: &'c Context,
        programme: &'c Programme,
        past: Vec<PastRun>,
    ) -> Loading<'c, Standing> {
        status::standing(context, programme, past).boxed()
    }

    fn remark<'c>(
        &'c self,
        context: &'c Context,
        programme: &'c Programme,
        participants: &'c Participants,
        _first: Option<Occurrence>,
    ) -> Loading<'c, Markup> {
        async move {
            let here: Vec<UserId> = participants.here.iter().map(|person| person.id.clone()).collect();
            let elsewhere = store::how_many_elsewhere(&context.store, &programme.id, &here).await?;
            Ok(messages::elsewhere(here.len(), elsewhere))
        }
        .boxed()
    }

    fn announcement(
        &self,
        organiser: &UserId,
        programme: &Programme,
        cadence: &Cadence,
        first: &Occurrence,
    ) -> Message {
        let called = (programme.name.as_str(), programme.id.as_str());
        messages::announcement(organiser, called, cadence, first, &self.command)
    }

    fn shown<'c>(
        &'c self,
        _context: &'c Context,
        upcoming: Upcoming<'c>,
    ) -> Loading<'c, Vec<PreviewMessage>> {
        std::future::ready(Ok(self.preview(upcoming))).boxed()
    }

    fn fields(&self, settings: &str) -> Vec<Block> {
        messages::fields(&Options::read(settings), self.settings.group_size)
    }

    fn answered(
        &self,
        settings: &str,
        answers: &Answers,
        _complaints: &mut Complaints,
    ) -> Result<String, Failure> {
        let before = Options::read(settings);
        let after = before.clone().answered(answers, self.settings.group_size);
        if after == before { Ok(settings.to_owned()) } else { after.as_stored() }
    }

    fn changed_options(&self, old: &str, new: &str) -> Vec<Markup> {
        messages::changed_options(&Options::read(old), &Options::read(new), self.settings.group_size)
    }

    fn was_held_on<'c>(
        &'c self,
        context: &'c Context,
        programme: &'c str,
        date: NaiveDate,
    ) -> Loading<'c, bool> {
        async move { Ok(store::had_round(&context.store, programme, date).await?) }.boxed()
    }

    fn was_held<'c>(&'c self, context: &'c Context, programme: &'c Programme) -> Loading<'c, bool> {
        async move { Ok(!store::held(&context.store, &programme.id, 1).await?.is_empty()) }.boxed()
    }

    fn replanned<'c>(
        &'c self,
        context: &'c Context,
        programme: &'c Programme,
        change: Replanned,
    ) -> Loading<'c, UnitOfWork> {
        async move {
            let mut unit = UnitOfWork::new();
            if change == Replanned::Stopped {
                store::rest_unreached(&mut unit, &context.team, programme, context.now);
            }
            let planned = next_round(context, programme);
            let gone = match change {
                Replanned::Stopped => planned.await?,
                Replanned::Paused(first) => {
                    planned.await?.filter(|round| first.is_none_or(|first| first.wall != round.wall))
                }
                Replanned::Cancelled(date) => planned.await?.filter(|round| round.wall.date() == date),
                // One that people were told of isn't moved.
                Replanned::Changed | Replanned::Planned(_) | Replanned::Rescheduled(..) => None,
            };
            if let Some(round) = gone {
                put_called_off(&mut unit, context, programme, &round)?;
            }
            Ok(unit)
        }
        .boxed()
    }
}
