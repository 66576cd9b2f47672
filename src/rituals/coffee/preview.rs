//! The messages of a preview: what people would read of the next rounds.

use super::{
    CLOSE, Coffee, NOTICE,
    messages::{self, Showing},
    options::Options,
    plan::{CoffeeGroup, SMALLEST_GROUP},
};
use crate::{
    common::{programmes::Upcoming, setup::PreviewMessage},
    ritual::ProgrammeRuns as _,
};

impl Coffee {
    /// The messages that people will read of these rounds. Where fewer than two people are known to be there, nothing but the
    /// announcement would come.
    pub(super) fn preview(&self, upcoming: Upcoming<'_>) -> Vec<PreviewMessage> {
        let Upcoming { programme, dates, participants, unread, .. } = upcoming;
        let known = participants.in_the_channel();
        let here = participants.here.len();
        let size = Options::read(&programme.settings).group_size.unwrap_or(self.settings.group_size);
        let group = example(&upcoming, size);
        let mut showing = Showing { now: upcoming.now, ..Showing::default() };
        if here >= SMALLEST_GROUP {
            let planned = |kind: &str| {
                dates.iter().find_map(|round| {
                    let runs = self.plan(programme, *round);
                    runs.into_iter().find(|run| run.kind == kind).map(|run| (*round, run.due.wall))
                })
            };
            showing.notice = planned(NOTICE).map(|(round, due)| {
                let here = unread.unwrap_or(here);
                (due, messages::notice(&round, here, &programme.name, &programme.id))
            });
            showing.round = dates.first().map(|round| {
                let groups = unread.is_none().then(|| (here / size).max(1));
                (round.wall, groups, messages::introduction(&group, &programme.name))
            });
            showing.close =
                planned(CLOSE).map(|(_, due)| (due, messages::ask_whether_met(&group, &programme.name)));
        }
        messages::shown(&programme.channel, unread.unwrap_or(known), showing)
    }
}

/// A group as it might be, with the person who reads the preview in it where they take part.
fn example(upcoming: &Upcoming<'_>, size: usize) -> CoffeeGroup {
    let Upcoming { programme, participants, reader, .. } = upcoming;
    let here = participants.here.iter().map(|person| person.id.clone());
    let (own, others): (Vec<_>, Vec<_>) = here.partition(|person| person == *reader);
    CoffeeGroup {
        id: String::new(),
        programme: programme.id.clone(),
        channel: programme.channel.clone(),
        date: String::new(),
        question: messages::question(0, 0).to_owned(),
        people: own.into_iter().chain(others).take(size).collect(),
    }
}
