//! Looking at decisions again: an occasion lists those that are due until a person has answered.

use chrono::{Duration, NaiveDate};

use super::{
    Decisions,
    carried::Carried,
    deciding::today,
    form, message_key, messages,
    record::{Decision, Review},
    review_key, store,
};
use crate::{
    common::{
        programmes::{NewsSubject, origin},
        setup::Complaints,
    },
    model::{
        clock::Instant,
        effect::{Effect, Keep, NewEffect, Target},
        event::{Action, Reply, Submission},
        failure::Failure,
        message::Message,
        owner::Owner,
    },
    ritual::{Answer, Context},
    store::{programmes::Programme, unit::UnitOfWork},
};

/// How many decisions an occasion looks at again.
const MOST: usize = 10;
/// How many are counted beyond them.
const MOST_COUNTED: i64 = 100;

/// Returns the decisions that the occasion of a programme on a local date looks at again, the longest due first.
pub async fn due(
    context: &Context,
    programme: &Programme,
    date: NaiveDate,
) -> Result<Vec<Decision>, Failure> {
    let of = (programme.id.as_str(), &programme.channel);
    Ok(store::to_review(&context.store, of, date, MOST_COUNTED).await?)
}

impl<'c> Decisions<'c> {
    /// Adds to a unit that the thread of an occasion lists the decisions that are due, each once.
    pub async fn put_due(
        self,
        unit: &mut UnitOfWork,
        programme: &Programme,
        date: NaiveDate,
        thread: &Target,
    ) -> Result<(), Failure> {
        let context = self.context;
        let due = due(context, programme, date).await?;
        // Before the agenda, in the order of their dates: messages are sent in the order of these times.
        let mut at = context.now - Duration::seconds(1);
        for decision in due.iter().take(MOST) {
            at += Duration::milliseconds(1);
            let value = format!("{} {} {date}", decision.id, decision.version);
            let message = messages::in_thread(decision, &value, self.ritual);
            self.put_in_thread(unit, programme, (review_key(decision, date), at, message), thread)?;
            // A message that was answered keeps its answer.
            let is_answered =
                |before| decision.reviewed.as_ref().is_some_and(|review| review.at.date_naive() >= before);
            let before = decision.listed_on.filter(|before| *before != date && !is_answered(*before));
            if let Some(before) = before {
                let message = messages::came_up_again(decision, date, self.ritual);
                self.put_answered(unit, (decision, before), message)?;
            }
            store::list_on(unit, &context.team, decision, date);
        }
        let more = due.len().saturating_sub(MOST);
        if more > 0 {
            let key = format!("decision/more/{}/{date}", programme.id);
            let last = (key, at + Duration::milliseconds(1), messages::more_to_review(more));
            self.put_in_thread(unit, programme, last, thread)?;
        }
        Ok(())
    }

    fn put_in_thread(
        self,
        unit: &mut UnitOfWork,
        programme: &Programme,
        (key, at, message): (String, Instant, Message),
        thread: &Target,
    ) -> Result<(), Failure> {
        let context = self.context;
        let about = origin(self.ritual, &NewsSubject::Aside)?;
        let effect = NewEffect::post(about, key, thread.clone(), message, at);
        // Messages of one owner are sent in their order.
        let owner = Owner::Programme(programme.id.clone());
        Ok(context.enqueue_once(unit, &NewEffect { owner, keep: Keep::Always, ..effect })?)
    }

    /// *Still stands*: asks when the decision is looked at again.
    pub(super) async fn ask_whether_it_stands(self, action: &Action) -> Result<Answer<'c>, Failure> {
        let (current, review) = self.pressed_version(action).await?;
        // Another thread may have the answer.
        if review.is_some_and(|date| current.review_on.is_none_or(|next| next > date)) {
            let says = current.reviewed.as_ref().map_or_else(
                || messages::quicker(&current),
                |review| messages::confirmed(&current, &review.by, self.ritual),
            );
            return Err(Failure::refuse(says));
        }
        let private = self.carried(&current, review, action).as_private()?;
        Ok(Answer::reply(Reply::Open(Box::new(messages::stands_form(&current, self.ritual, private)))))
    }

    /// Notes that a decision still stands, with the day that was chosen in the form. What stands in the way is shown there.
    pub async fn confirmed(self, sent: Submission) -> Result<Answer<'c>, Failure> {
        let field = sent.first_field.clone();
        match self.confirm(sent).await {
            Err(Failure::Refuse(message)) => self.at_field(field.as_deref(), *message).await,
            confirmed => confirmed,
        }
    }

    async fn confirm(self, sent: Submission) -> Result<Answer<'c>, Failure> {
        let context = self.context;
        let carried = serde_json::from_str::<Carried>(&sent.private).map_err(|_| self.not_for_you())?;
        let old = self.seen(&carried.id, &sent.user).await?;
        self.may_write(&old.channel, &sent.user).await?;
        if carried.is_overtaken_by(&old) {
            return Err(Failure::refuse(messages::quicker(&old)));
        }
        let programme = context.store.programme(&old.programme).await?;
        let mut complaints = Complaints::default();
        let date = today(context, programme.as_ref(), &sent.user).await?;
        let review_on = form::review(&sent.answers, date, &mut complaints);
        if !complaints.is_empty() {
            return Ok(Answer::reply(complaints.reply()));
        }
        let review = Review { by: sent.user, at: context.now };
        let mut unit = UnitOfWork::new();
        store::confirm(&mut unit, &context.team, &old, &review, review_on);
        let new = Decision { review_on, reviewed: Some(review.clone()), ..old.clone() };
        let message = messages::posted(&new, self.ritual);
        let effect = Effect::Post { to: Target::Channel(new.channel.clone()), message };
        context.amend(&mut unit, &message_key(&new.id, new.version), &effect)?;
        for date in old.listed_at(carried.review) {
            let message = messages::confirmed(&new, &review.by, self.ritual);
            self.put_answered(&mut unit, (&old, date), message)?;
        }
        let key = format!("decision/told/{}", context.id());
        let told = messages::stands(&new);
        if let Some(answer) = carried.target.and_then(|target| target.answer(key, told, context.now)) {
            context.enqueue(&mut unit, &answer)?;
        }
        let answer = Answer::new(unit, Reply::Nothing);
        Ok(answer.or_else(move |_| Box::pin(self.answered_before(new.id, sent.first_field))))
    }

    /// Says who was quicker, at this field of the form.
    async fn answered_before(self, id: String, field: Option<String>) -> Result<Answer<'c>, Failure> {
        let now = store::current(&self.context.store, &id).await?.ok_or_else(|| self.not_for_you())?;
        self.at_field(field.as_deref(), messages::quicker(&now)).await
    }
}
