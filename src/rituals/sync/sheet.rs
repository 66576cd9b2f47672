//! The run sheet: on the working day before a sync its lead is told what to know.

use super::{
    Syncs,
    before::Ahead,
    changing::AboutTurn,
    messages::{self, RunSheet},
    options::Options,
    plan::{Point, Turn, TurnState},
    store,
};
use crate::{
    common::{decisions, promises},
    model::{failure::Failure, message::Message, people::UserId},
    ritual::{Context, Ran},
    store::{programmes::Programme, runs::Run, unit::UnitOfWork},
};

impl Ahead {
    /// Whether the question that a person has is their run sheet, too: they lead if they say nothing.
    fn was_asked_by_sheet(&self, user: &UserId) -> bool {
        let is_last = self.turn.state == TurnState::Asked && self.turn.answer_by.is_none();
        is_last && self.turn.is_of(user) && self.steps.is_day_of_sheet(self.turn.changed_at)
    }
}

impl Syncs {
    /// Sends the run sheet to the person who leads, on the working day before.
    pub(super) async fn send_sheet(
        &self,
        context: &Context,
        programme: &Programme,
        run: &Run,
    ) -> Result<Ran, Failure> {
        let ahead = match self.ahead_of(context, programme, run).await? {
            Ok(ahead) => ahead,
            Err(ran) => return Ok(ran),
        };
        // A person who was asked so late that no other is asked leads if they say nothing. Once the time to answer is over, another may be
        // asked in their place, and has the run sheet in the question.
        let is_last = ahead.turn.lead().is_some() || ahead.turn.answer_by.is_none();
        let leads =
            is_last || ahead.turn.answer_by <= Some(context.now) && !self.changes(context, &ahead).await?;
        let lead = ahead.holder().filter(|_| leads).cloned();
        let lead = match lead {
            None => self.only_lead(context, &ahead).await?,
            lead => lead,
        };
        let Some(lead) = lead else { return Ok(Ran::skipped(messages::NO_ONE_LEADS)) };
        let (_, at) = ahead.reach(&lead, context);
        if at > context.now {
            return Ok(Ran::snoozed(UnitOfWork::new(), at, messages::OUT_OF_HOURS));
        }
        let mut unit = UnitOfWork::new();
        if ahead.turn.state == TurnState::Asked {
            // The sheet has the question and its buttons.
            let below = messages::sheet_below(&ahead.place());
            for about in [AboutTurn::Asked, AboutTurn::Reminded] {
                ahead.turn_on().amend(&mut unit, context, (about, &lead), &below)?;
            }
            let on = ahead.turn_on();
            Syncs::put_news_below(&mut unit, context, (&on, &lead), &on.keys_of_words(&lead)).await?;
        }
        // The scribe may be settled in this instant.
        store::turn_unchanged(&mut unit, &context.team, ahead.key(), &ahead.turn);
        // The question may have been the run sheet, too.
        let message = self.sheet(context, &ahead, (&lead, &ahead.turn)).await?;
        let sheet = ahead.turn_on().message(context, AboutTurn::Sheet, (&ahead.turn, &lead), message)?;
        context.enqueue_once(&mut unit, &sheet)?;
        Ok(Ran::prepared(unit))
    }

    /// Returns the person who leads since there is no one else to ask, once the run sheet's time has come.
    pub(super) async fn only_lead(
        &self,
        context: &Context,
        ahead: &Ahead,
    ) -> Result<Option<UserId>, Failure> {
        let is_time = ahead.steps.has_sheet(context.now) && context.now < ahead.at.at;
        if !is_time || ahead.here.len() != 1 || ahead.holder().is_some() {
            return Ok(None);
        }
        self.first_in_line(context, ahead, ahead.refusals.declined.clone()).await
    }

    /// Adds the run sheet of that person, once: the others may have left when it was sent to one of them.
    pub(super) async fn put_only_sheet(
        &self,
        unit: &mut UnitOfWork,
        context: &Context,
        ahead: &Ahead,
        only: Option<&UserId>,
    ) -> Result<(), Failure> {
        let Some(lead) = only else { return Ok(()) };
        let message = self.sheet(context, ahead, (lead, &ahead.turn)).await?;
        let sheet = ahead.turn_on().message(context, AboutTurn::Sheet, (&ahead.turn, lead), message)?;
        Ok(context.enqueue_once(unit, &sheet)?)
    }

    /// Adds the run sheet of a person who leads from now on, if its time has come; returns whether it has.
    pub(super) async fn put_sheet_if_due(
        &self,
        unit: &mut UnitOfWork,
        context: &Context,
        ahead: &Ahead,
        turn: &Turn,
    ) -> Result<bool, Failure> {
        let is_time = |lead: &&UserId| ahead.steps.has_sheet(context.now) || ahead.was_asked_by_sheet(lead);
        let Some(lead) = turn.lead().filter(is_time) else { return Ok(false) };
        self.put_sheet(unit, context, ahead, (lead, turn)).await?;
        Ok(true)
    }

    /// Returns the question to a person whose turn it is, and what it is about: where they lead if they say nothing, it is their
    /// run sheet, too.
    pub(super) async fn question(
        &self,
        context: &Context,
        ahead: &Ahead,
        (user, turn): (&UserId, &Turn),
    ) -> Result<(AboutTurn, Message), Failure> {
        let deadline = ahead.deadline(turn, context);
        // They lead if they say nothing, and the run sheet of that day is in the question.
        if deadline.is_none() && ahead.steps.is_day_of_sheet(turn.changed_at) {
            return Ok((AboutTurn::Sheet, self.sheet(context, ahead, (user, turn)).await?));
        }
        let message = messages::ask(&ahead.place(), deadline.as_ref(), &ahead.value(turn));
        let message = messages::with_own_clock(message, &ahead.at, ahead.own_clock(user, context));
        Ok((AboutTurn::Asked, ahead.with_other_duty(message, user)))
    }

    async fn put_sheet(
        &self,
        unit: &mut UnitOfWork,
        context: &Context,
        ahead: &Ahead,
        (lead, turn): (&UserId, &Turn),
    ) -> Result<(), Failure> {
        let message = self.sheet(context, ahead, (lead, turn)).await?;
        let sheet = ahead.turn_on().message(context, AboutTurn::Sheet, (turn, lead), message)?;
        Ok(context.enqueue(unit, &sheet)?)
    }

    /// Returns the agenda of a run sheet. When the sync begins, what an earlier one didn't reach has moved on to it.
    async fn agenda_for(&self, context: &Context, ahead: &Ahead, turn: &Turn) -> Result<Vec<Point>, Failure> {
        let (store, programme) = (&context.store, ahead.programme.id.as_str());
        if ahead.turn.state == TurnState::Begun {
            return Ok(store::agenda::taken(store, programme, ahead.date()).await?);
        }
        let mut agenda = Vec::new();
        if turn.state == TurnState::Begun {
            let moved_on = store::agenda::unclosed(store, programme).await?;
            agenda.extend(moved_on.into_iter().map(|point| Point { moved: point.moved + 1, ..point }));
        }
        agenda.extend(store::agenda::waiting(store, programme).await?);
        Ok(agenda)
    }

    /// Returns the run sheet of a person who leads; once the sync has begun, it has no ways out.
    pub(super) async fn sheet(
        &self,
        context: &Context,
        ahead: &Ahead,
        (lead, turn): (&UserId, &Turn),
    ) -> Result<Message, Failure> {
        let options = Options::read(&ahead.programme.settings);
        let agenda = self.agenda_for(context, ahead, turn).await?;
        let unclosed = store::agenda::unclosed(&context.store, &ahead.programme.id).await?;
        let promised = promises::due(context, &ahead.programme, ahead.date()).await?;
        let to_review = decisions::due(context, &ahead.programme, ahead.date()).await?;
        let is_empty = agenda.is_empty() && promised.is_empty() && to_review.is_empty();
        let may_skip =
            is_empty && turn.state != TurnState::Begun && ahead.reads_skip_with_turn(context, (lead, turn));
        // What an earlier sync doesn't reach moves on to this one.
        let may_skip = may_skip
            && store::agenda::open_points(&context.store, &ahead.programme.id, &context.bot).await?.0 == 0;
        let sheet = RunSheet {
            place: ahead.place(),
            minutes: self.minutes(&options),
            link: &options.link,
            scribe: ahead.scribe_of(turn),
            agenda: &agenda,
            unclosed: if turn.state == TurnState::Begun { 0 } else { unclosed.len() },
            promised: &promised,
            to_review: &to_review,
            is_first: !store::has_led(&context.store, lead).await?,
            today: context
                .now
                .with_timezone(&self.programmes(context).times(&ahead.programme)?.zone)
                .date_naive(),
            own_clock: ahead.named_at_night(lead, context),
            skips: may_skip.then_some(&*ahead.programme.id),
        };
        // A person who was not asked has no turn to give back.
        let value = turn.holder().is_some().then(|| ahead.value(turn));
        let message = match (turn.state, value) {
            (TurnState::Named, Some(value)) => messages::named_sheet(&sheet, &value),
            (TurnState::Asked, Some(value)) => {
                messages::asked_sheet(&sheet, ahead.deadline(turn, context).as_ref(), &value)
            }
            (_, value) => messages::run_sheet(&sheet, value.as_deref()),
        };
        let has_begun = turn.state == TurnState::Begun;
        Ok(if has_begun { message } else { ahead.with_other_duty(message, lead) })
    }
}
