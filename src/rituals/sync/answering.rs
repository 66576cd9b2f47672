//! What people say when they are asked to lead: yes, no, or that they offer to.

use chrono::NaiveDate;

use super::{
    Syncs,
    before::{Ahead, look_now},
    changing::{AboutTurn, value_of},
    messages::{self, Loss},
    plan::{How, Turn, TurnState},
    rota::roll_call,
    store::{self, AnswerState},
    take_over::occasion_of,
};
use crate::{
    common::programmes::{ChannelPeople, Part, audience::Audience, is_direct, messages::not_chosen},
    model::{
        cadence::Occurrence,
        event::{Action, Reply},
        failure::Failure,
        message::Message,
        people::UserId,
    },
    ritual::{Answer, Context, Handling},
    store::{
        programmes::{self, Programme},
        unit::UnitOfWork,
    },
};

impl Syncs {
    /// *I'll do it* of a person who was asked.
    pub(super) fn accept<'c>(&'c self, context: &'c Context, action: Action) -> Handling<'c> {
        Box::pin(self.accepted(context, action))
    }

    async fn accepted<'c>(&'c self, context: &'c Context, action: Action) -> Result<Answer<'c>, Failure> {
        let Some((ahead, _)) = self.answered(context, &action).await? else {
            return self.programmes(context).pressed(action).await;
        };
        let (user, now) = (&action.user, context.now);
        match ahead.holder() {
            Some(holder) if holder == user && ahead.turn.state == TurnState::Accepted => {
                let already = messages::yours_already(&ahead.place());
                let aside = is_in_dm(&action).then(|| Reply::Ephemeral(already.clone()));
                return Ok(Answer::reply(aside.unwrap_or_else(|| self.in_place(already))));
            }
            // A turn that is free again is theirs, too, if they say yes late.
            None => {}
            Some(holder) if holder == user => {}
            Some(holder) => return Err(Failure::refuse(messages::not_yours(Some(holder)))),
        }
        self.may_lead(context, &ahead, user)?;
        let turn = ahead.turn.then(Some(user), TurnState::Accepted, How::Assigned, now);
        let mut unit = UnitOfWork::new();
        self.put_accepted(&mut unit, context, (&ahead, &turn), user).await?;
        let answer = Answer::new(unit, self.turn_answered(&action, messages::yours_now(&ahead.place())));
        Ok(answer.or_else(move |_| self.accept(context, action)))
    }

    /// *Can't this time* of a person who was asked, or who leads and can't after all. The next in line is asked at once.
    pub(super) fn decline<'c>(&'c self, context: &'c Context, action: Action) -> Handling<'c> {
        Box::pin(self.declined(context, action))
    }

    async fn declined<'c>(&'c self, context: &'c Context, action: Action) -> Result<Answer<'c>, Failure> {
        let Some((ahead, _)) = self.answered(context, &action).await? else {
            return self.programmes(context).pressed(action).await;
        };
        let (user, now) = (&action.user, context.now);
        if !ahead.turn.is_of(user) {
            return Err(Failure::refuse(messages::not_yours(ahead.holder())));
        }
        let turn = ahead.turn.then(None, TurnState::Open, How::Assigned, now);
        let mut unit = UnitOfWork::new();
        let mut refused = ahead.refusals.declined.clone();
        refused.insert(user.clone());
        let is_last = self.first_in_line(context, &ahead, refused).await?.is_none();
        let loss = if is_last { Loss::LastDeclined } else { Loss::Declined };
        self.put_change(&mut unit, context, (&ahead.turn_on(), &turn), loss).await?;
        look_now(&mut unit, context, &ahead, &format!("declined-{}", turn.version));
        let answer =
            Answer::new(unit, self.turn_answered(&action, messages::free(&ahead.place(), loss, user)));
        Ok(answer.or_else(move |_| self.decline(context, action)))
    }

    /// *I'll do it* of a person who offers to lead. Of two who offer at once, one leads and the other reads who.
    pub(super) fn volunteer<'c>(&'c self, context: &'c Context, action: Action) -> Handling<'c> {
        Box::pin(self.volunteered(context, action))
    }

    async fn volunteered<'c>(&'c self, context: &'c Context, action: Action) -> Result<Answer<'c>, Failure> {
        let Some((ahead, _)) = self.answered(context, &action).await? else {
            return self.programmes(context).pressed(action).await;
        };
        let (user, now) = (&action.user, context.now);
        // Who had the turn when the button was shown doesn't matter: as long as no one leads, an offer counts.
        let lead = ahead.lead();
        if lead == Some(user) {
            return Ok(Answer::reply(self.in_place(messages::yours_already(&ahead.place()))));
        }
        if let Some(lead) = lead {
            return Ok(Answer::reply(self.in_place(messages::lead_is_taken(&ahead.place(), lead))));
        }
        self.may_lead(context, &ahead, user)?;
        let turn = ahead.turn.then(Some(user), TurnState::Accepted, How::Volunteered, now);
        let mut unit = UnitOfWork::new();
        self.put_accepted(&mut unit, context, (&ahead, &turn), user).await?;
        let message = ahead.with_other_duty(messages::yours_now(&ahead.place()), user);
        let answer = Answer::new(unit, self.in_place(message));
        Ok(answer.or_else(move |_| self.volunteer(context, action)))
    }

    /// Returns what a person reads who has answered for their turn. In their DM, the message of the turn says it.
    fn turn_answered(&self, action: &Action, message: Message) -> Reply {
        if is_in_dm(action) { Reply::Nothing } else { self.in_place(message) }
    }

    /// Returns what stands in place of the next turns, which are others now.
    fn in_place(&self, message: Message) -> Reply {
        Reply::Replace(message.with_context(messages::more(&self.command)))
    }

    /// Adds to a unit that a person leads who has said so. One who gets the turn by it is told in a message of its own.
    pub(super) async fn put_accepted(
        &self,
        unit: &mut UnitOfWork,
        context: &Context,
        (ahead, turn): (&Ahead, &Turn),
        user: &UserId,
    ) -> Result<(), Failure> {
        // The person reads when the sync is.
        programmes::unchanged(unit, &context.team, &ahead.programme);
        let loss = ahead.lost().unwrap_or(Loss::Volunteered(user));
        self.put_change(unit, context, (&ahead.turn_on(), turn), loss).await?;
        // An offer after a no is no yes to the question.
        if ahead.turn.is_of(user) || !ahead.refusals.declined.contains(user) {
            let answer = (user, AnswerState::Accepted);
            store::put_answer(unit, &context.team, ahead.key(), answer, context.now);
        }
        let has_sheet = self.put_sheet_if_due(unit, context, ahead, turn).await?;
        if has_sheet || ahead.turn.is_of(user) {
            return Ok(());
        }
        let message = messages::yours(&ahead.place(), &ahead.value(turn));
        let message = ahead.with_other_duty(message, user);
        let leads = ahead.turn_on().message(context, AboutTurn::Leads, (turn, user), message)?;
        Ok(context.enqueue(unit, &leads)?)
    }

    /// Returns when it is the first time that it isn't settled who leads a sync of a programme, if a person could, with the
    /// value of the button with which they offer to.
    pub(super) async fn first_unsettled(
        &self,
        context: &Context,
        programme: &Programme,
        user: &UserId,
    ) -> Result<Option<(Occurrence, String)>, Failure> {
        let coming = self.coming(context, programme).await?;
        let Some(first) = coming.first() else { return Ok(None) };
        let people = ChannelPeople::load(context, programme).await?;
        let turns = store::turns_from(&context.store, &programme.id, first.wall.date()).await?;
        for at in coming {
            let date = at.wall.date();
            let here = roll_call(&people, date).occasion.available;
            let turn = turns.get(&date);
            let is_settled = turn.and_then(Turn::lead).is_some_and(|lead| here.contains(lead));
            let is_theirs = turn.is_some_and(|turn| turn.is_of(user));
            if !is_settled && !is_theirs && here.len() > 1 && here.contains(user) {
                let version = turn.map_or(0, |turn| turn.version);
                return Ok(Some((at, value_of(&programme.id, date, version))));
            }
        }
        Ok(None)
    }

    /// Returns the first sync to come of a programme of which a person has the turn.
    pub(super) async fn own_turn(
        &self,
        context: &Context,
        programme: &Programme,
        user: &UserId,
    ) -> Result<Option<Ahead>, Failure> {
        let coming = self.coming(context, programme).await?;
        let Some(first) = coming.first() else { return Ok(None) };
        let turns = store::turns_from(&context.store, &programme.id, first.wall.date()).await?;
        let is_theirs = |at: &Occurrence| turns.get(&at.wall.date()).is_some_and(|turn| turn.is_of(user));
        let Some(at) = coming.into_iter().find(is_theirs) else { return Ok(None) };
        let ahead = self.ahead_at(context, programme.clone(), at).await?;
        Ok(Some(ahead).filter(|ahead| ahead.holder() == Some(user)))
    }

    /// Returns the sync that a button is about, with the version of the turn that it shows. `None` where the button isn't one
    /// of this release; a sync that has begun, was moved, stopped or paused is refused.
    pub(super) async fn answered(
        &self,
        context: &Context,
        action: &Action,
    ) -> Result<Option<(Ahead, i64)>, Failure> {
        let programmes = self.programmes(context);
        let programme = programmes.of_button(action).await?;
        programmes.may_take_part(&action.user).await?;
        let Some((date, seen)) = occasion_of(&action.value) else { return Ok(None) };
        Ok(Some((self.ahead_on(context, programme, (date, &action.user)).await?, seen)))
    }

    /// Returns the sync of a date, if it is among the next ones and has not begun, and the person is in its channel.
    pub(super) async fn ahead_on(
        &self,
        context: &Context,
        programme: Programme,
        (date, user): (NaiveDate, &UserId),
    ) -> Result<Ahead, Failure> {
        let (is_paused, name) = (programme.paused_at.is_some(), programme.name.clone());
        if !context.store.is_member(&programme.channel, user).await? {
            return Err(Failure::refuse(messages::not_in_channel()));
        }
        if store::had_sync(&context.store, &programme.id, date).await? {
            return Err(Failure::refuse(messages::begun((&name, date), &self.command)));
        }
        let coming = self.coming(context, &programme).await?;
        if is_paused && coming.is_empty() {
            return Err(Failure::refuse(messages::paused()));
        }
        let at = coming.into_iter().find(|at| at.wall.date() == date);
        let at = at.ok_or_else(|| Failure::refuse(messages::moved((&name, date), &self.command)))?;
        let ahead = self.ahead_at(context, programme, at).await?;
        if context.now >= ahead.at.at || ahead.turn.state == TurnState::Begun {
            return Err(Failure::refuse(messages::begun((&name, date), &self.command)));
        }
        Ok(ahead)
    }

    /// Lets the people pass who could lead the sync.
    pub(super) fn may_lead(&self, context: &Context, ahead: &Ahead, user: &UserId) -> Result<(), Failure> {
        if ahead.here.contains(user) {
            return Ok(());
        }
        let (own, today) =
            (ahead.people.settings.get(user), ahead.work_time(user, context).date(context.now));
        let away = own.and_then(|own| own.away.iter().find(|away| away.covers(ahead.date())));
        Err(Failure::refuse(match ahead.part_of(user) {
            Part::IsAway => {
                messages::not_there(&ahead.place(), away.map(|away| (*away, today)), &self.command)
            }
            Part::HasHoliday => messages::has_holiday(&ahead.place()),
            Part::IsNotChosen => Syncs::not_chosen(&ahead.programme),
            _ => messages::not_taking_part(&ahead.place(), &self.command),
        }))
    }

    /// Whether only people who were chosen can lead.
    pub(super) fn is_limited(programme: &Programme) -> bool {
        Audience::of(&programme.settings).is_some()
    }

    /// Returns what a person reads who is in the channel of a sync that is for others.
    pub(super) fn not_chosen(programme: &Programme) -> Message {
        let audience = Audience::of(&programme.settings).unwrap_or_default();
        not_chosen(&messages::WORDS, &audience.named(), &programme.organisers)
    }
}

fn is_in_dm(action: &Action) -> bool {
    action.channel.as_ref().is_some_and(is_direct)
}
