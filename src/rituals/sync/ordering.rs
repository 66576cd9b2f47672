//! *Order and strike*: the form in which the lead or an organiser orders an agenda.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    Syncs, messages,
    plan::{Ordering, Point, ordered},
    store,
};
use crate::{
    common::{programmes::Answers, reply_target::ReplyTarget, setup::Complaints},
    model::{
        event::{Action, FieldValue, Reply, Submission},
        failure::Failure,
        people::UserId,
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
    /// The places that the form gave, by the ids of the points, once the person was asked whether to strike points of others.
    #[serde(default)]
    places: Option<BTreeMap<String, Option<i64>>>,
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
            return Err(Failure::refuse(messages::nothing_left(&self.command)));
        }
        let target = action.response_url.map(|url| ReplyTarget::here(url, context.now));
        let carried = Carried { programme: programme.id.clone(), version, target, places: None };
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
        let ordering = if let Some(places) = &carried.places {
            ordered(&points, places)
        } else {
            match self.first_ordering(context, &points, &sent, &carried).await? {
                Ok(ordering) => ordering,
                Err(reply) => return Ok(Answer::reply(reply)),
            }
        };
        let mut unit = UnitOfWork::new();
        store::agenda::order(&mut unit, &context.team, &programme.id, &ordering, carried.version);
        let gone = struck(&points, &ordering);
        self.tell_struck(&mut unit, context, &programme, (&gone, &sent.user)).await?;
        self.put_agenda_in_skip_questions(&mut unit, context, (&programme, -gone.len().cast_signed()))
            .await?;
        let shown = self.agenda_of(context, programme, (points, &ordering), &sent.user).await?;
        let message = messages::ordered(&shown, &self.command);
        let key = format!("sync/ordered/{}", context.id());
        if let Some(answer) = carried.target.and_then(|target| target.answer(key, message, context.now)) {
            context.enqueue(&mut unit, &answer)?;
        }
        let field = sent.first_field.filter(|_| carried.places.is_none());
        Ok(Answer::new(unit, Reply::Nothing).or_else(move |_| {
            let Some(field) = field else {
                let changed = messages::agenda_changed_meanwhile();
                return Box::pin(std::future::ready(Err(Failure::refuse(changed))));
            };
            let mut complaints = Complaints::default();
            complaints.add(&field, messages::agenda_changed());
            Box::pin(std::future::ready(Ok(Answer::reply(complaints.reply()))))
        }))
    }

    /// Returns the ordering of a form that was sent the first time, or what the person reads before it is saved: what is wrong with it,
    /// or whether to strike points of others.
    async fn first_ordering(
        &self,
        context: &Context,
        points: &[Point],
        sent: &Submission,
        carried: &Carried,
    ) -> Result<Result<Ordering, Reply>, Failure> {
        let mut complaints = Complaints::default();
        let places = numbers(points, &sent.answers, &mut complaints);
        if !complaints.is_empty() {
            return Ok(Err(complaints.reply()));
        }
        let ordering = ordered(points, &places);
        let struck = struck(points, &ordering);
        let version = store::agenda::version(&context.store, &carried.programme).await?;
        if version == carried.version && struck.iter().any(|point| point.user != sent.user) {
            let target = carried.target.clone();
            let carried =
                Carried { programme: carried.programme.clone(), version, target, places: Some(places) };
            let private = serde_json::to_string(&carried).map_err(|error| Failure::Fail(error.into()))?;
            return Ok(Err(Reply::Update(Box::new(messages::strike_form(&struck, private)))));
        }
        Ok(Ok(ordering))
    }

    /// Returns the agenda as it is after an ordering.
    async fn agenda_of(
        &self,
        context: &Context,
        programme: Programme,
        (points, ordering): (Vec<Point>, &Ordering),
        reader: &UserId,
    ) -> Result<messages::Agenda, Failure> {
        let next = self.programmes(context).next(&programme).await?;
        let unclosed = store::agenda::unclosed(&context.store, &programme.id).await?;
        let mut by_id: BTreeMap<String, Point> =
            points.into_iter().map(|point| (point.id.clone(), point)).collect();
        let points = ordering.kept.iter().filter_map(|id| by_id.remove(id)).collect();
        let (programme, name, reader) = (programme.id, programme.name, reader.clone());
        let may_order = !ordering.kept.is_empty();
        Ok(messages::Agenda { programme, name, next, points, unclosed, reader, may_order })
    }
}

/// Returns the points that an ordering strikes.
fn struck<'p>(points: &'p [Point], ordering: &Ordering) -> Vec<&'p Point> {
    points.iter().filter(|point| ordering.struck.contains(&point.id)).collect()
}

/// Returns the number of each point that the form has; an empty field has none. A form has as many places as points.
fn numbers(
    points: &[Point],
    answers: &Answers,
    complaints: &mut Complaints,
) -> BTreeMap<String, Option<i64>> {
    let last = points.len().max(answers.len());
    let places = 1..=i64::try_from(last).unwrap_or(i64::MAX);
    let mut numbers = BTreeMap::new();
    for point in points {
        let number = match answers.get(&point.id) {
            Some(FieldValue::Number(number)) if places.contains(number) => Some(*number),
            Some(field) if field.is_empty() => None,
            Some(_) => {
                complaints.add(&point.id, messages::wrong_place(last));
                continue;
            }
            None => continue,
        };
        numbers.insert(point.id.clone(), number);
    }
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_to_strike_fits_into_its_form() {
        let id = "0198c0de-0000-7000-8000-000000000000";
        let places =
            (0..crate::rituals::sync::plan::MOST_POINTS).map(|number| (format!("{id}{number}"), Some(30)));
        let response_url = format!("https://hooks.slack.com/{}", "x".repeat(120));
        let carried = Carried {
            programme: id.to_owned(),
            version: i64::MAX,
            target: Some(ReplyTarget::here(response_url, crate::model::clock::from_ms(0))),
            places: Some(places.collect()),
        };
        assert!(serde_json::to_string(&carried).unwrap().len() < 3_000);
    }

    #[test]
    fn only_places_of_the_agenda_are_taken() {
        let point = |id: &str| Point {
            id: id.to_owned(),
            programme: "P".to_owned(),
            user: "U1".into(),
            author: None,
            words: "Budget".to_owned(),
            link: String::new(),
            moved: 0,
        };
        let points = ["a", "b"].map(point);
        let read = |given: FieldValue| {
            let answers = [("a", given), ("b", FieldValue::Number(2)), ("gone", FieldValue::Number(3))];
            let answers = answers.map(|(id, answer)| (id.to_owned(), answer)).into();
            let mut complaints = Complaints::default();
            let numbers = numbers(&points, &answers, &mut complaints);
            (numbers.get("a").copied(), complaints.reply())
        };
        for wrong in [
            FieldValue::Number(-5),
            FieldValue::Number(0),
            FieldValue::Number(4),
            FieldValue::Number(i64::MAX),
            FieldValue::Text("soon".to_owned()),
            FieldValue::Text("1.5".to_owned()),
            FieldValue::Choice("1".to_owned()),
        ] {
            let words = "Write a place from 1 to 3, or empty the field to strike the point.";
            let errors = BTreeMap::from([("a".to_owned(), words.to_owned())]);
            assert_eq!(read(wrong.clone()), (None, Reply::Errors(errors)), "{wrong:?}");
        }
        let nothing = || Reply::Errors(BTreeMap::new());
        assert_eq!(read(FieldValue::Number(3)), (Some(Some(3)), nothing()));
        for empty in [FieldValue::Empty, FieldValue::Text(" ".to_owned())] {
            assert_eq!(read(empty), (Some(None), nothing()), "an empty field strikes");
        }
    }
}
