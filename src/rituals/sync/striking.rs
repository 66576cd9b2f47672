//! Points that were struck off an agenda: the people who added them read so, and can put them back.

use std::collections::BTreeMap;

use super::{NAME, Syncs, messages, plan::Point, store};
use crate::{
    common::{people::work_time::next_hour_of, programmes::to_person},
    model::{
        effect::NewEffect,
        event::{Action, Reply},
        failure::Failure,
        owner::Owner,
        people::UserId,
    },
    ritual::{Answer, Context},
    store::{programmes::Programme, unit::UnitOfWork},
};

impl Syncs {
    /// Adds to a unit that people read once, in their working hours, which points of theirs another person has struck.
    pub(super) async fn tell_struck(
        &self,
        unit: &mut UnitOfWork,
        context: &Context,
        programme: &Programme,
        (struck, by): (&[&Point], &UserId),
    ) -> Result<(), Failure> {
        let mut of_people: BTreeMap<&UserId, Vec<&Point>> = BTreeMap::new();
        for point in struck.iter().filter(|point| point.user != *by) {
            of_people.entry(&point.user).or_default().push(point);
        }
        for (person, points) in of_people {
            let message = messages::struck((&programme.id, &programme.name, &programme.channel), by, &points);
            let key = format!("sync/struck/{}/{person}", context.id());
            let effect = to_person(context, NAME, key, person, message)?;
            let not_before = next_hour_of(context, person).await?;
            let owner = Owner::Programme(programme.id.clone());
            context.enqueue_once(unit, &NewEffect { owner, not_before, ..effect })?;
        }
        Ok(())
    }

    /// *Put it back* of a person whose points were struck: those that are still struck are behind the others again.
    pub(super) async fn put_back<'c>(
        &'c self,
        context: &'c Context,
        action: Action,
    ) -> Result<Answer<'c>, Failure> {
        let programmes = self.programmes(context);
        let programme = programmes.of_button(&action).await?;
        if !context.store.is_member(&programme.channel, &action.user).await? {
            return Err(Failure::refuse(messages::not_in_channel()));
        }
        let (mut unit, mut points) = (UnitOfWork::new(), Vec::new());
        for id in action.value.split(' ').skip(1) {
            points.extend(store::agenda::struck_of(&context.store, (&programme.id, id), &action.user).await?);
        }
        let Some(first) = points.first().cloned() else {
            return Err(Failure::refuse(messages::not_struck(&self.command)));
        };
        for point in &points {
            store::agenda::put_back(&mut unit, &context.team, point);
        }
        let back = points.len().cast_signed();
        self.put_agenda_in_skip_questions(&mut unit, context, (&programme, back)).await?;
        let next = programmes.next(&programme).await?;
        let message = messages::put_back(&points, &programme.name, next.as_ref(), &self.command);
        let answer = Answer::new(unit, Reply::Replace(message));
        Ok(answer.or_else(move |_| {
            Box::pin(async move { Err(self.not_added(context, &programme.id, &first).await?) })
        }))
    }
}
