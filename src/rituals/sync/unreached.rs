//! Points that no sync reaches: once one has moved on a few times, the person who added it is asked whether it's still wanted.

use std::collections::BTreeMap;

use super::{NAME, Syncs, messages, plan::Point};
use crate::{
    common::{people::work_time::next_hour_of, programmes::to_person},
    model::{
        effect::NewEffect,
        event::{Action, Reply},
        failure::Failure,
        people::UserId,
    },
    ritual::{Answer, Context},
    store::{programmes::Programme, unit::UnitOfWork},
};

/// After how many syncs that did not reach a point its person is asked, once.
const ASKED_AFTER: i64 = 3;

impl Syncs {
    /// Adds to a unit, in which these points move on, that people are asked about those of theirs for which it is time.
    pub(super) async fn ask_still_wanted(
        &self,
        unit: &mut UnitOfWork,
        context: &Context,
        programme: &Programme,
        moving_on: impl Iterator<Item = &Point>,
    ) -> Result<(), Failure> {
        let mut of_people: BTreeMap<&UserId, Vec<&Point>> = BTreeMap::new();
        for point in moving_on.filter(|point| point.moved + 1 == ASKED_AFTER) {
            of_people.entry(&point.user).or_default().push(point);
        }
        for (person, points) in of_people {
            let Some(first) = points.first() else { continue };
            let key = format!("sync/wanted/{}/{person}", first.id);
            let message = messages::still_wanted((&programme.name, &programme.channel), &points, ASKED_AFTER);
            let effect = to_person(context, NAME, key, person, message)?;
            let not_before = next_hour_of(context, person).await?;
            // It is asked once, also where the syncs stop and start again meanwhile: what a programme owns would be withdrawn.
            context.enqueue_once(unit, &NewEffect { not_before, ..effect })?;
        }
        Ok(())
    }

    /// *Keep it*: the question is answered, and the agenda stays as it is.
    pub(super) fn keep_point<'c>(&self, action: &Action) -> Answer<'c> {
        Answer::reply(Reply::Replace(messages::kept_on(action.value == messages::SEVERAL, &self.command)))
    }
}
