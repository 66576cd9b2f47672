//! Who is asked in a retro, and when.

use std::collections::BTreeSet;

use super::plan::{Schedule, schedule};
use crate::{
    common::{
        people::{PersonSettings, work_time::WorkTime},
        programmes::{ChannelPeople, Participants},
    },
    model::{
        cadence::Occurrence,
        clock::Instant,
        failure::Failure,
        people::{Person, UserId},
    },
    ritual::Context,
    store::programmes::Programme,
};

/// Returns who is asked in a retro that opens and closes then, and when. Those who take part and don't work in that time are away; who is
/// away on the first day only is asked when they're back.
pub(super) async fn asked_in(
    context: &Context,
    programme: &Programme,
    (opens, closes): (Occurrence, Instant),
) -> Result<(Participants, Schedule), Failure> {
    let channel = ChannelPeople::load(context, programme).await?;
    let mut participants = channel.on(Some(opens.wall.date()));
    let mut people = channel.on(None).here;
    people.retain(|person| !participants.skipping.contains(&person.id));
    let usual = PersonSettings::default();
    let own = |user: &UserId| channel.settings.get(user).unwrap_or(&usual);
    let work = |person: &Person| {
        WorkTime::of(person.zone.unwrap_or(context.zone), own(&person.id), &channel.holidays)
    };
    let planned = people.iter().map(|person| (person.id.clone(), work(person)));
    let schedule = schedule(planned, (opens.at, closes));
    let out: BTreeSet<&UserId> = schedule.out.iter().collect();
    participants.holidays.retain(|user, _| out.contains(user));
    people.retain(|person| !out.contains(&person.id));
    participants.here = people;
    participants.away.clone_from(&schedule.out);
    Ok((participants, schedule))
}
