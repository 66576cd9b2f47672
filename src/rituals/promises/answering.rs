//! What an owner answers: yes, another date, no, done.

use chrono::{Duration, NaiveDateTime};
use futures_util::FutureExt as _;

use super::{
    Carried, Promises,
    asking::due_sent,
    calling::{follow_with_call, with_helpers},
    cards::{change_card, is_kept, still_wanted_key, together_now},
    messages, note, parts_of,
    reminding::DONE_FOR_LONG,
    telling::{has_reader, tell_asker},
};
use crate::{
    common::{
        promises::{
            Due, MOST_LISTED, Owner, Promise, PromiseState, STILL_WANTED,
            form::wrong_date,
            plan::{Later, later, undo_until},
            put_reminder, put_run, store, told,
            when::is_over,
        },
        reply_target::ReplyTarget,
        saving::kept,
        setup::Complaints,
    },
    model::{
        event::{Action, FieldValue, Reply, Submission},
        failure::Failure,
        people::UserId,
        text::{Markup, clean, shorten},
    },
    ritual::{Answer, Context, Handling},
    store::unit::UnitOfWork,
};

const PENDING: [PromiseState; 2] = [PromiseState::Asked, PromiseState::Open];
/// For how many seconds after a promise is done another number is asked about: it may be of the list before.
const HASTY_SECONDS: i64 = 10;

/// Where a person answered.
#[derive(Clone)]
pub(super) enum Via {
    /// A message in their DM, which changes by itself.
    Card,
    /// A list that only they see, on the page behind this place.
    List(String),
    /// The command.
    Typed,
    /// A form, which was opened there.
    Form(Option<ReplyTarget>, String),
}

impl Via {
    pub(super) fn of(context: &Context, action: &Action) -> Via {
        let place = parts_of(&action.value).1.to_owned();
        if ReplyTarget::seen_alone(action, context.now).is_some() { Via::List(place) } else { Via::Card }
    }
}

impl Promises {
    /// *I'll do it*. A date or an hour that is over by now is asked for again.
    pub(super) async fn accept<'c>(
        &'c self,
        context: &'c Context,
        action: Action,
    ) -> Result<Answer<'c>, Failure> {
        let promise = self.of_button(context, &action, &[PromiseState::Asked]).await?;
        let wall = Owner::load(context, &promise.owner).await?.wall(context.now);
        if still_ahead(&promise, wall).is_none() {
            return self.open_move(context, action).await;
        }
        let after = promise.then(PromiseState::Open, context.now);
        self.settle(context, promise, after, Via::of(context, &action)).await
    }

    /// A date of the menu. What is promised already is never moved to an earlier date or left where it is: the menu says *Later…*. Next
    /// week is then the one after that of the promise, and another choice opens the form.
    pub(super) async fn choose<'c>(
        &'c self,
        context: &'c Context,
        action: Action,
        choice: Later,
    ) -> Result<Answer<'c>, Failure> {
        let promise = self.of_button(context, &action, &PENDING).await?;
        let owner = Owner::load(context, &promise.owner).await?;
        let promised = promise.due.map(|due| due.date).filter(|_| promise.state == PromiseState::Open);
        let mut date = later(choice, owner.today(context.now), &owner.work());
        if date.is_some() && date <= promised {
            let Some(promised) = promised.filter(|_| choice == Later::NextWeek) else {
                let today = owner.today(context.now);
                let why = promised.map(|promised| messages::would_be_earlier(promised, today));
                return self.open_move_for(context, action, why).await;
            };
            date = later(choice, promised, &owner.work());
        }
        let Some(date) = date else {
            return Ok(Answer::nothing());
        };
        let time = promise.due.and_then(|due| due.time);
        let after = promise.promised_for(Due { date, time }, context.now);
        self.settle(context, promise, after, Via::of(context, &action)).await
    }

    /// The date of the menu that the words name. One that is over by now is asked for again.
    pub(super) async fn choose_named<'c>(
        &'c self,
        context: &'c Context,
        action: Action,
        due: Due,
    ) -> Result<Answer<'c>, Failure> {
        let promise = self.of_button(context, &action, &PENDING).await?;
        let wall = Owner::load(context, &promise.owner).await?.wall(context.now);
        if is_over(&due, wall) || wrong_date(due.date, wall.date()).is_some() {
            let why = is_over(&due, wall).then(|| messages::is_over_by_now(&due, wall.date()));
            return self.open_move_for(context, action, why).await;
        }
        let after = promise.promised_for(due, context.now);
        self.settle(context, promise, after, Via::of(context, &action)).await
    }

    /// *Another date*: opens the form.
    pub(super) async fn open_move<'c>(
        &'c self,
        context: &'c Context,
        action: Action,
    ) -> Result<Answer<'c>, Failure> {
        self.open_move_for(context, action, None).await
    }

    /// The same for a reason that the form says.
    async fn open_move_for<'c>(
        &'c self,
        context: &'c Context,
        action: Action,
        why: Option<Markup>,
    ) -> Result<Answer<'c>, Failure> {
        let promise = self.of_button(context, &action, &PENDING).await?;
        let wall = Owner::load(context, &promise.owner).await?.wall(context.now);
        let private = carried(context, &promise, &action)?;
        let form = messages::move_form(&promise, (still_ahead(&promise, wall), wall.date()), why, private);
        let unit = self.menu_anew(context, &promise, &action).await?;
        Ok(Answer::new(unit, Reply::Open(Box::new(form))))
    }

    pub(super) async fn date_chosen<'c>(
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
        if promise.state == PromiseState::Open && promise.due == Some(due) {
            complaints.add(messages::DATE, messages::SAME_DATE.to_owned());
            return Ok(Answer::reply(complaints.reply()));
        }
        let after = promise.promised_for(due, context.now);
        self.settle(context, promise, after, Via::Form(carried.target, carried.place)).await
    }

    /// *Can't*: opens the form that asks why. A person's own promise is dropped at once, as is one whose asker can't read why.
    pub(super) async fn decline<'c>(
        &'c self,
        context: &'c Context,
        action: Action,
    ) -> Result<Answer<'c>, Failure> {
        let promise = self.of_button(context, &action, &PENDING).await?;
        if !has_reader(context, &promise).await? {
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
        let reason = typed(&sent, messages::REASON);
        let after = Promise { reason, ..promise.then(PromiseState::Dropped, context.now) };
        self.settle(context, promise, after, Via::Form(carried.target, carried.place)).await
    }

    /// *Done*.
    pub(super) async fn done<'c>(
        &'c self,
        context: &'c Context,
        action: Action,
    ) -> Result<Answer<'c>, Failure> {
        // Done is done, also where the date has changed since the button was made.
        let ((id, _), _) = parts_of(&action.value);
        let promise = store::promise(&context.store, id).await?;
        let promise = promise.ok_or_else(|| Failure::refuse(messages::gone()))?;
        let promise = self.own(context, (id, promise.version), &action.user, &[PromiseState::Open]).await?;
        let after = promise.then(PromiseState::Kept, context.now);
        self.settle(context, promise, after, Via::of(context, &action)).await
    }

    /// Marks the promise of this number in a person's list as done.
    pub(super) async fn done_typed<'c>(
        &'c self,
        context: &'c Context,
        user: &UserId,
        number: usize,
    ) -> Result<Answer<'c>, Failure> {
        let limit = i64::try_from(number.max(1)).unwrap_or(i64::MAX);
        let mut pending = store::pending_of(&context.store, user, ("", ""), limit).await?;
        if number == 0 || pending.len() < number {
            return Err(Failure::refuse(messages::no_such_number(number, pending.len(), &self.command)));
        }
        let promise = pending.swap_remove(number - 1);
        let since = context.now - Duration::seconds(HASTY_SECONDS);
        if let Some(before) = store::kept_since(&context.store, user, since).await? {
            let now = Owner::load(context, user).await?.wall(context.now);
            return Ok(Answer::reply(Reply::Ephemeral(messages::done_again(
                &before,
                (number, &promise),
                now,
            ))));
        }
        if promise.state != PromiseState::Open {
            return Err(Failure::refuse(messages::not_promised_yet(&promise, &self.command)));
        }
        let after = promise.then(PromiseState::Kept, context.now);
        self.settle(context, promise, after, Via::Typed).await
    }

    /// *Not yet after all* and *Keep it after all*, within a day. A date of which they weren't reminded is reminded then, and saved words
    /// wait for their date again.
    pub(super) async fn not_yet<'c>(
        &'c self,
        context: &'c Context,
        action: Action,
    ) -> Result<Answer<'c>, Failure> {
        let states = [PromiseState::Kept, PromiseState::Dropped];
        let promise = self.of_button(context, &action, &states).await?;
        if !promise.can_be_reopened() {
            return Err(self.stands(context, &promise, &action.user).await?);
        }
        if promise.settled_at.is_some_and(|at| undo_until(at) <= context.now) {
            return Err(Failure::refuse(messages::done_for_good(&promise, &self.command)));
        }
        let was_promised = promise.promised_at.is_some();
        let state = if was_promised { PromiseState::Open } else { PromiseState::Asked };
        let after = promise.then(state, context.now);
        self.settle(context, promise, after, Via::of(context, &action)).await
    }

    /// Writes an owner's answer: of two at once one counts, and the other hears how the promise stands.
    fn settle<'c>(&'c self, context: &'c Context, before: Promise, after: Promise, via: Via) -> Handling<'c> {
        self.settled(context, before, after, via).boxed()
    }

    async fn settled<'c>(
        &'c self,
        context: &'c Context,
        before: Promise,
        mut after: Promise,
        via: Via,
    ) -> Result<Answer<'c>, Failure> {
        let owner = Owner::load(context, &after.owner).await?;
        let mut unit = UnitOfWork::new();
        store::change(&mut unit, &context.team, &before, &after);
        if after.state == PromiseState::Open && after.reminded_at.is_none() {
            after.remind_at = Some(put_reminder(&mut unit, context, &after, &owner));
        }
        if before.can_be_reopened() && after.state == PromiseState::Open {
            ask_if_still_wanted(&mut unit, context, &after, &owner).await?;
        }
        if after.can_be_reopened() {
            put_run(&mut unit, context, DONE_FOR_LONG, &after, (undo_until(context.now), &owner));
        }
        let is_told = tell_asker(&mut unit, context, &before, &after).await?;
        follow_with_call(&mut unit, context, &before, &after).await?;
        let reminder = after.remind_at.map(|at| (at, owner.zone));
        let card = messages::card(&before, &after, owner.today(context.now), (reminder, is_told));
        let goes_on = after.state == PromiseState::Open
            && (before.can_be_reopened() || before.state == PromiseState::Open);
        let card = if goes_on { with_helpers(context, &after, card).await? } else { card };
        change_card(&mut unit, context, (&before, &after), &card, store::DRAWN).await?;
        // A message that is kept no more can't be changed by its key: it's old, or named an asker who was erased.
        let is_kept = is_kept(context, &before).await?;
        let reply = match via.clone() {
            Via::Card if !is_kept => {
                let together = together_now(context, std::slice::from_ref(&after)).await?;
                Reply::Replace(together.map_or(card, |(_, message)| message))
            }
            Via::Form(None, _) if !is_kept => Reply::Ephemeral(card),
            Via::Card | Via::Form(None, _) => Reply::Nothing,
            Via::List(place) => Reply::Replace(self.mine_after(context, &after, card.text, &place).await?),
            Via::Typed => Reply::Ephemeral(self.mine_after(context, &after, card.text, "").await?),
            Via::Form(target, place) => {
                let key = format!("promises/answered/{}/{}", after.id, after.version);
                let list = self.mine_after(context, &after, card.text, &place).await?;
                let replaced =
                    target.and_then(|target| target.replaced(key.clone(), list.clone(), context.now));
                let list = replaced.unwrap_or_else(|| told(context, key, &after.owner, list));
                context.enqueue(&mut unit, &list)?;
                Reply::Nothing
            }
        };
        let answer = Answer::new(unit, reply);
        Ok(answer.or_else(move |guard| match guard {
            // Another promise of the same message was answered in this instant, so the message says more by now.
            store::DRAWN => self.settle(context, before, Promise { remind_at: None, ..after }, via),
            // The form keeps the date that was chosen.
            store::FULL if matches!(via, Via::Form(..)) => {
                let mut complaints = Complaints::default();
                complaints.add(messages::DATE, messages::full_at_field(&self.command));
                std::future::ready(Ok(Answer::reply(complaints.reply()))).boxed()
            }
            guard => {
                async move { Err(self.not_changed(context, guard, &before, &before.owner).await) }.boxed()
            }
        }))
    }

    /// Says to a person why a promise wasn't changed.
    pub(super) async fn not_changed(
        &self,
        context: &Context,
        guard: &str,
        promise: &Promise,
        user: &UserId,
    ) -> Failure {
        match guard {
            store::CHANGED => self.stands_now(context, &promise.id, user).await,
            guard => self.not_recorded(guard, promise),
        }
    }
}

/// Adds to a unit that an owner is asked whether a promise is still wanted, now that it's open again, if they weren't asked before.
async fn ask_if_still_wanted(
    unit: &mut UnitOfWork,
    context: &Context,
    promise: &Promise,
    owner: &Owner,
) -> Result<(), Failure> {
    let asked = still_wanted_key(&promise.id, promise.card);
    if promise.listed >= MOST_LISTED && context.store.posted(&asked).await?.is_none() {
        put_run(unit, context, STILL_WANTED, promise, (owner.next_at_work(context.now), owner));
    }
    Ok(())
}

/// Returns when a promise is due, unless that is over on the wall of the person who does it.
pub(super) fn still_ahead(promise: &Promise, wall: NaiveDateTime) -> Option<Due> {
    promise.due.filter(|due| !is_over(due, wall))
}

/// What a form about a promise carries.
pub(super) fn carried(context: &Context, promise: &Promise, action: &Action) -> Result<String, Failure> {
    let (target, place) =
        (ReplyTarget::seen_alone(action, context.now), parts_of(&action.value).1.to_owned());
    let (id, version) = (promise.id.clone(), promise.version);
    note(&Carried { id, version, target, place, is_replaced: false })
}

/// Returns the words of a field in which a person says more, as they are stored; empty if it's empty.
pub(super) fn typed(sent: &Submission, field: &str) -> String {
    match sent.answers.get(field) {
        Some(FieldValue::Text(words)) => shorten(&kept(&clean(words)), messages::LONGEST_REASON),
        _ => String::new(),
    }
}

/// Reads what a form carries.
pub(super) fn read(sent: &Submission) -> Result<Carried, Failure> {
    serde_json::from_str(&sent.private).map_err(|_| Failure::refuse(messages::stale_form()))
}
