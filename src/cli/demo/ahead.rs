//! What comes soon in the demo, with its titles.

use std::collections::BTreeSet;

use slack_sandbox::NextThing;

use crate::{
    common::programmes::rests,
    model::{
        clock::Instant,
        owner::Owner,
        people::{TeamId, UserId},
    },
    ritual::{Ritual, RunSubject, title_of},
    store::{Store, StoreError, occasions::name_of, reading::ReadStore, runs::Run},
};

/// Among how many runs those are looked for that people see something of.
pub(super) const RUNS_READ: i64 = 50;

/// A run that people see something of.
struct Visible<'a> {
    run: &'a Run,
    /// As in `Coffee round`.
    what: &'a str,
    ritual: Option<&'a dyn Ritual>,
}

impl<'a> Visible<'a> {
    /// Whether it is the occasion itself, and not what comes before or after it. What has no owner, such as the closing of a retro
    /// that is open, stands for itself.
    fn is_occasion(&self) -> bool {
        let Run { owner, occasion, due, .. } = self.run;
        *owner == Owner::None || !occasion.is_empty() && name_of(due.wall) == *occasion
    }

    /// Returns the person whose DM it is, where it is one person's.
    fn person(&self) -> Option<&'a UserId> {
        match &self.run.owner {
            Owner::Person(user) => Some(user),
            Owner::None | Owner::Programme(_) | Owner::Delivery(_) => None,
        }
    }

    /// What it is one of: of runs for the same, the first counts.
    fn of(&self) -> (&'a str, Option<&'a UserId>) {
        let Run { owner, subject, .. } = self.run;
        // What has no owner is told apart by its subject, as two retros that are open.
        let without_owner = (*owner == Owner::None).then_some(subject.as_str());
        (self.run.programme().or(without_owner).unwrap_or_default(), self.person())
    }

    fn is_seen_by(&self, reader: Option<&UserId>) -> bool {
        self.person().is_none_or(|person| reader.is_none_or(|reader| reader == person))
    }
}

/// Returns what comes soon by itself, at most so many things, by time: each run that people see something of where it
/// is the first of its title, and the snoozed effect that is due first after `soon`. What is next is the first; where there is
/// no room for all, occasions go before what surrounds them. With a reader, what follows the next thing is theirs or of no one
/// person: DMs to others are left out; and so is what doesn't come since its programme pauses.
pub(super) async fn ahead(
    (store, team): (&Store, &TeamId),
    rituals: &[Box<dyn Ritual>],
    soon: Instant,
    (most, reader): (usize, Option<&UserId>),
) -> Result<Vec<NextThing>, StoreError> {
    let mut runs = store.next_runs(team, RUNS_READ).await?;
    if reader.is_some() {
        let resting = resting(store, team, &runs).await?;
        runs.retain(|run| run.programme().is_none_or(|id| !resting.contains(id)));
    }
    let mut things: Vec<NextThing> = Vec::new();
    // The instant of the last occasion.
    let mut occasion_at = None;
    for one in chosen(&runs, rituals, (most, reader)) {
        let Some(thing) = thing((store, team), &one, reader.is_some()).await? else { continue };
        let at = one.is_occasion().then_some(thing.at_ms);
        // Occasions of one instant are one thing that people go to.
        if let Some(before) = things.last_mut().filter(|_| at.is_some() && at == occasion_at) {
            *before = NextThing { title: format!("{}, {}", before.title, thing.title), place: None, ..thing };
            continue;
        }
        occasion_at = at;
        things.push(thing);
    }
    if let Some(at) = store.next_effect_at(team, soon).await? {
        things.push(NextThing {
            at_ms: at.timestamp_millis(),
            title: "A message that waits for its time".to_owned(),
            place: None,
        });
    }
    // A run goes before a message of the same instant.
    things.sort_by_key(|thing| thing.at_ms);
    things.truncate(most);
    Ok(things)
}

/// Returns the programmes of these runs that pause until someone resumes them. Time travel stops at their runs, which do nothing.
async fn resting(store: &Store, team: &TeamId, runs: &[Run]) -> Result<BTreeSet<String>, StoreError> {
    let mut found = BTreeSet::new();
    for id in runs.iter().filter_map(Run::programme).collect::<BTreeSet<_>>() {
        let paused = store.programme(team, id).await?.filter(|programme| programme.paused_at.is_some());
        if let Some(programme) = paused
            && rests(&programme, &store.pending_runs(team, id).await?)
        {
            found.insert(id.to_owned());
        }
    }
    Ok(found)
}

fn chosen<'a>(
    runs: &'a [Run],
    rituals: &'a [Box<dyn Ritual>],
    (most, reader): (usize, Option<&UserId>),
) -> Vec<Visible<'a>> {
    let mut titles = BTreeSet::new();
    let visible = runs.iter().filter_map(|run| {
        let ritual = rituals.iter().find(|ritual| ritual.name() == run.ritual);
        let ritual = ritual.map(AsRef::as_ref);
        let what = ritual.map_or(run.ritual.as_str(), |ritual| title_of(ritual, &run.kind));
        (!what.is_empty()).then_some(Visible { run, what, ritual })
    });
    let mut visible: Vec<Visible<'_>> = visible.collect();
    // Of one instant, the occasion is what people come for.
    visible.sort_by_key(|one| (one.run.visible_at, !one.is_occasion()));
    let mut visible: Vec<(usize, Visible<'_>)> = visible
        .into_iter()
        .enumerate()
        .filter(|(place, one)| *place == 0 || one.is_seen_by(reader))
        .filter(|(_, one)| titles.insert((one.what, one.of())))
        .collect();
    visible.sort_by_key(|(place, one)| (*place > 0 && !one.is_occasion(), *place));
    visible.truncate(most);
    visible.sort_by_key(|(place, _)| *place);
    visible.into_iter().map(|(_, one)| one).collect()
}

/// Returns a run as people read of it, as in `Coffee round in #coffee-chats` or `Reminder of a promise (Ben Okafor)`. For a reader
/// it is nothing if it will find nothing to do.
async fn thing(
    (store, team): (&Store, &TeamId),
    of: &Visible<'_>,
    is_read: bool,
) -> Result<Option<NextThing>, StoreError> {
    let Visible { run, what, ritual } = of;
    let about = match ritual {
        Some(ritual) => ritual.run_subject(&ReadStore::new(store.clone(), team.clone()), run).await?,
        None => RunSubject::default(),
    };
    if is_read && about.is_over {
        return Ok(None);
    }
    let programme = match run.programme().map(str::to_owned).or(about.programme) {
        Some(id) => store.programme(team, &id).await?,
        None => None,
    };
    let place = programme.map(|programme| programme.channel);
    let whose = match (&place, of.person()) {
        (Some(channel), _) => store.open_channel(team, channel).await?.map(|name| format!(" in #{name}")),
        (None, Some(person)) => {
            let known = store.people(team, std::slice::from_ref(person)).await?;
            known.get(person).map(|person| format!(" ({})", person.name))
        }
        (None, None) => None,
    };
    let title = format!("{what}{}", whose.unwrap_or_default());
    Ok(Some(NextThing { at_ms: run.visible_at, title, place: place.map(|channel| channel.0) }))
}

#[cfg(test)]
mod tests {
    use chrono::Duration;

    use super::*;
    use crate::model::{cadence::Occurrence, catch_up::CatchUp, clock::from_ms};

    fn run(hour: i64, owner: Owner, kind: &str) -> Run {
        let at = from_ms(0) + Duration::hours(hour);
        Run {
            key: format!("{owner}/{kind}/{hour}"),
            owner,
            ritual: kind.to_owned(),
            occasion: String::new(),
            kind: kind.to_owned(),
            subject: String::new(),
            due: Occurrence { at, wall: at.naive_utc() },
            late: CatchUp::WorkingDay,
            payload: String::new(),
            visible_at: at.timestamp_millis(),
            attempt: 0,
            seed: 0,
        }
    }

    #[test]
    fn dms_to_others_are_left_out_except_for_the_next() {
        let [ana, ben] = ["UANA", "UBEN"].map(UserId::from);
        let of = |person: &UserId| Owner::Person(person.clone());
        let runs = [
            run(1, of(&ben), "reminder"),
            run(2, of(&ben), "request"),
            run(3, of(&ana), "reminder"),
            run(4, of(&ana), "reminder"),
            run(5, Owner::Programme("1".to_owned()), "sync"),
        ];
        let hours = |reader: Option<&UserId>, most| -> Vec<i64> {
            chosen(&runs, &[], (most, reader)).iter().map(|one| one.run.visible_at / 3_600_000).collect()
        };
        assert_eq!(hours(Some(&ana), 7), [1, 3, 5]);
        assert_eq!(hours(Some(&ben), 7), [1, 2, 5]);
        assert_eq!(hours(None, 7), [1, 2, 3, 5]);
        assert_eq!(hours(Some(&ana), 2), [1, 3]);
    }

    #[test]
    fn of_one_instant_the_occasion_is_first() {
        let occasion = |owner: &str| {
            let mut run = run(9, Owner::Programme(owner.to_owned()), "sync");
            run.occasion = name_of(run.due.wall);
            run
        };
        let runs = [run(9, Owner::Programme("1".to_owned()), "question"), occasion("2"), occasion("3")];
        let of: Vec<&str> =
            chosen(&runs, &[], (7, None)).iter().filter_map(|one| one.run.programme()).collect();
        assert_eq!(of, ["2", "3", "1"]);
    }

    #[test]
    fn two_that_no_programme_owns_are_two() {
        let closing =
            |hour, retro: &str| Run { subject: retro.to_owned(), ..run(hour, Owner::None, "retro") };
        let runs = [closing(1, "one"), closing(2, "other"), closing(3, "one")];
        assert_eq!(chosen(&runs, &[], (7, None)).len(), 2);
    }
}
