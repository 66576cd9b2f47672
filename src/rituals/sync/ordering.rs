//! *Order and strike*: the form in which the lead or an organiser orders an agenda.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    Syncs, messages,
    plan::{Ordering, Point, ordered},
    store,
};
use crate::{
    common::{reply_target::ReplyTarget, setup::Complaints},
    model::{
        event::{Action, FieldValue, Reply, Submission},
        failure::Failure,
    },
    ritual::{Answer, Context},
    store::{programmes::Programme, unit::UnitOfWork},
};

/// What the form carries.
#[derive(Serialize, Deserialize)]
struct Carried {
    programme: String,
    /// The version of the agenda that the form shows.
    version: i64,
    target: Option<ReplyTarget>,
}

impl Syncs {
    /// Opens the form.
    pub(super) async fn order<'c>(
        &'c self,
        context: &'c Context,
        action: Action,
    ) -> Result<Answer<'c>, Failure> {
        let programme = self.programmes(context).of_button(&action).await?;
        let lead = self.next_lead(context, &programme).await?;
        self.may_run(context, &programme, &action.user, lead.as_ref()).await?;
        // Read first: an ordering in between makes the form outdated, and not the other way round.
        let version = store::agenda::version(&context.store, &programme.id).await?;
        let points = store::agenda::waiting(&context.store, &programme.id).await?;
        if points.is_empty() {
            return Err(Failure::refuse(messages::nothing_to_order(&self.command)));
        }
        let target = action.response_url.map(|url| ReplyTarget::here(url, context.now));
        let carried = Carried { programme: programme.id.clone(), version, target };
        let private = serde_json::to_string(&carried).map_err(|error| Failure::Fail(error.into()))?;
        Ok(Answer::reply(Reply::Open(Box::new(messages::order_form(&points, private)))))
    }

    /// Saves the order of a form that was sent, unless the agenda has changed since it was opened.
    pub(super) async fn order_sent<'c>(
        &'c self,
        context: &'c Context,
        sent: Submission,
    ) -> Result<Answer<'c>, Failure> {
        let ended = || Failure::refuse(messages::ended());
        let carried = serde_json::from_str::<Carried>(&sent.private).map_err(|_| ended())?;
        let programme = context.store.programme(&carried.programme).await?;
        let programme = programme.filter(|programme| programme.ended_at.is_none()).ok_or_else(ended)?;
        let lead = self.next_lead(context, &programme).await?;
        self.may_run(context, &programme, &sent.user, lead.as_ref()).await?;
        let points = store::agenda::waiting(&context.store, &programme.id).await?;
        let mut complaints = Complaints::default();
        let numbers = numbers(&points, &sent.answers, &mut complaints);
        if !complaints.is_empty() {
            return Ok(Answer::reply(complaints.reply()));
        }
        let ordering = ordered(&points, &numbers);
        let mut unit = UnitOfWork::new();
        store::agenda::order(&mut unit, &context.team, &programme.id, &ordering, carried.version);
        let message =
            messages::ordered(&self.agenda_of(context, programme, points, &ordering).await?, &self.command);
        let key = format!("sync/ordered/{}", context.id());
        if let Some(answer) = carried.target.and_then(|target| target.answer(key, message, context.now)) {
            context.enqueue(&mut unit, &answer)?;
        }
        let field = sent.first_field.unwrap_or_default();
        Ok(Answer::new(unit, Reply::Nothing).or_else(move |_| {
            let mut complaints = Complaints::default();
            complaints.add(&field, messages::agenda_changed());
            Box::pin(std::future::ready(Ok(Answer::reply(complaints.reply()))))
        }))
    }

    /// Returns the agenda as it is after an ordering.
    async fn agenda_of(
        &self,
        context: &Context,
        programme: Programme,
        points: Vec<Point>,
        ordering: &Ordering,
    ) -> Result<messages::Agenda, Failure> {
        let next = self.programmes(context).next(&programme).await?;
        let mut by_id: BTreeMap<String, Point> =
            points.into_iter().map(|point| (point.id.clone(), point)).collect();
        let points = ordering.kept.iter().filter_map(|id| by_id.remove(id)).collect();
        let (id, name) = (programme.id, programme.name);
        Ok(messages::Agenda { programme: id, name, next, points, unclosed: 0, may_order: true })
    }
}

/// Returns the number of each point that the form has; an empty field has none.
fn numbers(
    points: &[Point],
    answers: &BTreeMap<String, FieldValue>,
    complaints: &mut Complaints,
) -> BTreeMap<String, Option<i64>> {
    let mut numbers = BTreeMap::new();
    for point in points {
        let number = match answers.get(&point.id) {
            Some(FieldValue::Number(number)) => Some(*number),
            Some(field) if field.is_empty() => None,
            Some(_) => {
                complaints.add(&point.id, messages::wrong_number());
                continue;
            }
            None => continue,
        };
        numbers.insert(point.id.clone(), number);
    }
    numbers
}
