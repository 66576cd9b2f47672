//! What an owner answers: yes, another date, no, done. And what the asker does with a no.

use chrono::{Duration, NaiveDate};
use futures_util::FutureExt as _;

use super::{
    Carried, Promises,
    asking::{answer_at, due_sent},
    messages, note,
    plan::{Later, later},
    reminding::{self, Owner, change_card, tell_asker},
    seen_alone,
};
use crate::{
    common::{
        promises::{self, Due, Promise, PromiseState, store},
        reply_target::ReplyTarget,
        saving::kept,
        setup::Complaints,
    },
    model::{
        clock::Instant,
        event::{Action, FieldValue, Reply, Submission},
        failure::Failure,
        people::UserId,
        text::{clean, shorten},
    },
    ritual::{Answer, Context},
    store::unit::UnitOfWork,
};

const PENDING: [PromiseState; 2] = [PromiseState::Asked, PromiseState::Open];
/// A promise in one of these states has no owner who works on it.
const FREE: [PromiseState; 2] = [PromiseState::Dropped, PromiseState::Returned];
/// How many characters of a reason are kept.
const LONGEST_REASON: usize = 500;
/// For how many hours *Done* can be undone.
const UNDO_HOURS: i64 = 24;

/// Where a person answered.
enum Via {
    /// A message in their DM, which changes by itself.
    Card,
    /// A list that only they see.
    List,
    Form(Option<ReplyTarget>),
}

impl Via {
    fn of(context: &Context, action: &Action) -> Via {
        if seen_alone(context, action).is_some() { Via::List } else { Via::Card }
    }
}

impl Promises {
    /// *I'll do it*. A date that is over by now is asked for again.
    pub(super) async fn accept<'c>(
        &'c self,
        context: &'c Context,
        action: Action,
    ) -> Result<Answer<'c>, Failure> {
        let promise = self.of_button(context, &action, &[PromiseState::Asked]).await?;
        let today = promises::today(context, &promise.owner).await?;
        if still_ahead(&promise, today).is_none() {
            return self.open_move(context, action).await;
        }
        let after = promise.then(PromiseState::Open, context.now);
        self.settle(context, promise, after, Via::of(context, &action)).await
    }

    /// A date of the menu.
    pub(super) async fn choose<'c>(
        &'c self,
        context: &'c Context,
        action: Action,
        choice: Later,
    ) -> Result<Answer<'c>, Failure> {
        let promise = self.of_button(context, &action, &PENDING).await?;
        let owner = Owner::load(context, &promise.owner).await?;
        let Some(date) = later(choice, owner.today(context.now), &owner.work()) else {
            return Ok(Answer::nothing());
        };
        let time = promise.due.and_then(|due| due.time);
        let after = promise.then(PromiseState::Open, context.now).due(Due { date, time });
        self.settle(context, promise, after, Via::of(context, &action)).await
    }

    /// *Another date*: opens the form.
    pub(super) async fn open_move<'c>(
        &'c self,
        context: &'c Context,
        action: Action,
    ) -> Result<Answer<'c>, Failure> {
        let promise = self.of_button(context, &action, &PENDING).await?;
        let today = promises::today(context, &promise.owner).await?;
        let private = carried(context, &promise, &action)?;
        let form = messages::move_form(&promise, still_ahead(&promise, today), private);
        Ok(Answer::reply(Reply::Open(Box::new(form))))
    }

    pub(super) async fn move_sent<'c>(
        &'c self,
        context: &'c Context,
        sent: Submission,
    ) -> Result<Answer<'c>, Failure> {
        let carried = read(&sent)?;
        let promise = self.own(context, (&carried.id, carried.version), &sent.user, &PENDING).await?;
        let mut complaints = Complaints::default();
        let Some(due) = due_sent(context, &sent.user, &sent, &mut complaints).await? else {
            return Ok(Answer::reply(complaints.reply()));
        };
        let after = promise.then(PromiseState::Open, context.now).due(due);
        self.settle(context, promise, after, Via::Form(carried.target)).await
    }

    /// *Can't*: opens the form that asks why. A person's own promise is dropped at once.
    pub(super) async fn decline<'c>(
        &'c self,
        context: &'c Context,
        action: Action,
    ) -> Result<Answer<'c>, Failure> {
        let promise = self.of_button(context, &action, &PENDING).await?;
        if promise.is_own() {
            let after = promise.then(PromiseState::Dropped, context.now);
            return self.settle(context, promise, after, Via::of(context, &action)).await;
        }
        let form = messages::no_form(&promise, carried(context, &promise, &action)?);
        Ok(Answer::reply(Reply::Open(Box::new(form))))
    }

    pub(super) async fn no_sent<'c>(
        &'c self,
        context: &'c Context,
        sent: Submission,
    ) -> Result<Answer<'c>, Failure> {
        let carried = read(&sent)?;
        let promise = self.own(context, (&carried.id, carried.version), &sent.user, &PENDING).await?;
        let reason = match sent.answers.get(messages::REASON) {
            Some(FieldValue::Text(reason)) => kept(&clean(reason)),
            _ => String::new(),
        };
        let reason = shorten(&reason, LONGEST_REASON);
        let after = Promise { reason, ..promise.then(PromiseState::Dropped, context.now) };
        self.settle(context, promise, after, Via::Form(carried.target)).await
    }

    /// *Done*.
    pub(super) async fn done<'c>(
        &'c self,
        context: &'c Context,
        action: Action,
    ) -> Result<Answer<'c>, Failure> {
        let promise = self.of_button(context, &action, &[PromiseState::Open]).await?;
        let after = promise.then(PromiseState::Kept, context.now);
        self.settle(context, promise, after, Via::of(context, &action)).await
    }

    /// *Not yet after all*, within a day. A date of which they weren't reminded is reminded then.
    pub(super) async fn not_yet<'c>(
        &'c self,
        context: &'c Context,
        action: Action,
    ) -> Result<Answer<'c>, Failure> {
        let promise = self.of_button(context, &action, &[PromiseState::Kept]).await?;
        let is_over = |at: Instant| at + Duration::hours(UNDO_HOURS) <= context.now;
        if promise.settled_at.is_some_and(is_over) {
            return Err(Failure::refuse(messages::done_for_good(&self.command)));
        }
        let after = promise.then(PromiseState::Open, context.now);
        self.settle(context, promise, after, Via::of(context, &action)).await
    }

    /// Writes an owner's answer: of two at once one counts, and the other hears how the promise stands.
    async fn settle<'c>(
        &'c self,
        context: &'c Context,
        before: Promise,
        after: Promise,
        via: Via,
    ) -> Result<Answer<'c>, Failure> {
        let owner = Owner::load(context, &after.owner).await?;
        let mut unit = UnitOfWork::new();
        if after.state == PromiseState::Open && before.state != PromiseState::Open {
            store::one_more(&mut unit, &context.team, &after);
        }
        store::change(&mut unit, &context.team, &before, &after);
        let is_to_remind = after.state == PromiseState::Open && after.reminded_at.is_none();
        let reminder = is_to_remind.then(|| (reminding::put(&mut unit, context, &after, &owner), owner.zone));
        let is_told = tell_asker(&mut unit, context, &before, &after).await?;
        let card = messages::card(&before, &after, owner.today(context.now), (reminder, is_told));
        change_card(&mut unit, context, &before, &card)?;
        let reply = match via {
            Via::Card | Via::Form(None) => Reply::Nothing,
            Via::List => Reply::Replace(self.mine_after(context, &after, card.text).await?),
            Via::Form(target) => {
                let key = format!("promises/answered/{}/{}", after.id, after.version);
                answer_at(&mut unit, context, target, key, &after.owner, card)?;
                Reply::Nothing
            }
        };
        let answer = Answer::new(unit, reply);
        Ok(answer.or_else(move |guard| {
            async move { Err(self.not_changed(context, guard, &before).await) }.boxed()
        }))
    }

    /// Says why a promise wasn't changed.
    async fn not_changed(&self, context: &Context, guard: &str, promise: &Promise) -> Failure {
        match guard {
            store::CHANGED => self.stands_now(context, &promise.id).await,
            guard => self.not_recorded(guard, promise),
        }
    }

    /// *Ask another person*: opens the form, for the person who asked the first one.
    pub(super) async fn open_hand<'c>(
        &'c self,
        context: &'c Context,
        action: Action,
    ) -> Result<Answer<'c>, Failure> {
        let (id, version) = action.value.split_once(' ').unwrap_or((&action.value, ""));
        let promise = self.asked_by(context, (id, version.parse().unwrap_or(-1)), &action.user).await?;
        let today = promises::today(context, &action.user).await?;
        let private = carried(context, &promise, &action)?;
        let form = messages::hand_form(&promise, still_ahead(&promise, today), private);
        Ok(Answer::reply(Reply::Open(Box::new(form))))
    }

    pub(super) async fn hand_sent<'c>(
        &'c self,
        context: &'c Context,
        sent: Submission,
    ) -> Result<Answer<'c>, Failure> {
        let carried = read(&sent)?;
        let promise = self.asked_by(context, (&carried.id, carried.version), &sent.user).await?;
        let mut complaints = Complaints::default();
        let owner = self.owner_sent(context, &sent, promise.origin.channel.as_ref(), &mut complaints).await?;
        let due = match &owner {
            Some(owner) => due_sent(context, owner, &sent, &mut complaints).await?,
            None => None,
        };
        let (Some(owner), Some(due)) = (owner, due) else { return Ok(Answer::reply(complaints.reply())) };
        let state = if owner == promise.asker { PromiseState::Open } else { PromiseState::Asked };
        let after = handed(&promise, owner, Some(due), (state, context));
        let mut unit = UnitOfWork::new();
        if after.state == PromiseState::Open {
            store::one_more(&mut unit, &context.team, &after);
        }
        store::change(&mut unit, &context.team, &promise, &after);
        let (new, key) =
            (Owner::load(context, &after.owner).await?, format!("promises/handed/{}", context.id()));
        let today = new.today(context.now);
        let message = if after.is_own() {
            let reminder = reminding::put(&mut unit, context, &after, &new);
            messages::promised(&after, (today, new.zone), reminder, &self.command)
        } else {
            promises::count_request(&mut unit, context, &after.asker).await?;
            promises::question(&mut unit, context, &after)?;
            let is_other = reminding::is_other_for_asker(context, &after, &new).await?;
            messages::asked(&after, (today, is_other), true)
        };
        answer_at(&mut unit, context, carried.target, key, &sent.user, message)?;
        let answer = Answer::new(unit, Reply::Nothing);
        Ok(answer.or_else(move |guard| {
            async move { Err(self.not_changed(context, guard, &promise).await) }.boxed()
        }))
    }

    /// Returns a promise without an owner that this person asked for.
    async fn asked_by(
        &self,
        context: &Context,
        version: (&str, i64),
        user: &UserId,
    ) -> Result<Promise, Failure> {
        self.may_promise(context, user).await?;
        let promise = self.current(context, version, &FREE).await?;
        if promise.asker == *user { Ok(promise) } else { Err(Failure::refuse(messages::not_yours())) }
    }

    /// *I'll take it*: a member of the channel promises what lost its owner. If its date is over, they are asked for another.
    pub(super) async fn take<'c>(
        &'c self,
        context: &'c Context,
        action: Action,
    ) -> Result<Answer<'c>, Failure> {
        self.may_promise(context, &action.user).await?;
        let (id, version) = action.value.split_once(' ').unwrap_or((&action.value, ""));
        let version = version.parse().unwrap_or(-1);
        let promise = self.current(context, (id, version), &[PromiseState::Returned]).await?;
        let is_here = match &promise.origin.channel {
            Some(channel) => context.store.is_member(channel, &action.user).await?,
            None => false,
        };
        if !is_here {
            return Err(Failure::refuse(messages::not_in_channel()));
        }
        let owner = Owner::load(context, &action.user).await?;
        let today = owner.today(context.now);
        let due = still_ahead(&promise, today);
        let state = if due.is_some() { PromiseState::Open } else { PromiseState::Asked };
        let after = handed(&promise, action.user.clone(), due, (state, context));
        let mut unit = UnitOfWork::new();
        if after.state == PromiseState::Open {
            store::one_more(&mut unit, &context.team, &after);
        }
        store::change(&mut unit, &context.team, &promise, &after);
        let message = if state == PromiseState::Open {
            let reminder = reminding::put(&mut unit, context, &after, &owner);
            tell_asker(&mut unit, context, &promise, &after).await?;
            messages::promised(&after, (today, owner.zone), reminder, &self.command)
        } else {
            promises::question(&mut unit, context, &after)?;
            messages::taken(&after)
        };
        let answer = Answer::new(unit, Reply::Ephemeral(message));
        Ok(answer.or_else(move |guard| {
            async move { Err(self.not_changed(context, guard, &promise).await) }.boxed()
        }))
    }
}

/// Returns a promise in the hands of another owner.
fn handed(
    promise: &Promise,
    owner: UserId,
    due: Option<Due>,
    (state, context): (PromiseState, &Context),
) -> Promise {
    // The first owner's promise is not the new one's.
    let promise = Promise { promised_at: None, ..promise.clone() };
    Promise { owner, due, reason: String::new(), ..promise.then(state, context.now) }
}

/// Returns when a promise is due, unless that is over.
fn still_ahead(promise: &Promise, today: NaiveDate) -> Option<Due> {
    promise.due.filter(|due| due.date >= today)
}

/// What a form about a promise carries.
pub(super) fn carried(context: &Context, promise: &Promise, action: &Action) -> Result<String, Failure> {
    let target = seen_alone(context, action);
    note(&Carried { id: promise.id.clone(), version: promise.version, target })
}

/// Reads what a form carries.
pub(super) fn read(sent: &Submission) -> Result<Carried, Failure> {
    serde_json::from_str(&sent.private).map_err(|_| Failure::refuse(messages::stale_form()))
}
