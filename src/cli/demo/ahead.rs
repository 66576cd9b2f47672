//! What comes soon in the demo, with its titles.

use std::collections::BTreeSet;

use slack_sandbox::NextThing;

use crate::{
    model::{clock::Instant, owner::Owner, people::TeamId},
    ritual::{Ritual, title_of},
    store::{Store, StoreError, occasions::name_of, runs::Run},
};

/// Among how many runs those are looked for that people see something of.
pub(super) const RUNS_READ: i64 = 50;

/// A run that people see something of.
struct Visible<'a> {
    run: &'a Run,
    /// As in `Coffee round`.
    what: &'a str,
}

impl Visible<'_> {
    /// Whether it is the occasion itself, and not what comes before or after it. What has no owner, such as the closing of a retro
    /// that is open, stands for itself.
    fn is_occasion(&self) -> bool {
        let Run { owner, occasion, due, .. } = self.run;
        *owner == Owner::None || !occasion.is_empty() && name_of(due.wall) == *occasion
    }
}

/// Returns what comes soon by itself, at most so many things, by time: each run that people see something of where it
/// is the first of its title, and the snoozed effect that is due first after `soon`. What is next is the first; where there is
/// no room for all, occasions go before what surrounds them.
pub(super) async fn ahead(
    (store, team): (&Store, &TeamId),
    rituals: &[Box<dyn Ritual>],
    soon: Instant,
    most: usize,
) -> Result<Vec<NextThing>, StoreError> {
    let runs = store.next_runs(team, RUNS_READ).await?;
    let mut things = Vec::new();
    for Visible { run, what } in chosen(&runs, rituals, most) {
        things.push(NextThing { at_ms: run.visible_at, title: title(store, team, run, what).await? });
    }
    if let Some(at) = store.next_effect_at(team, soon).await? {
        things.push(NextThing { at_ms: at.timestamp_millis(), title: "A message".to_owned() });
    }
    // A run goes before a message of the same instant.
    things.sort_by_key(|thing| thing.at_ms);
    things.truncate(most);
    Ok(things)
}

fn chosen<'a>(runs: &'a [Run], rituals: &'a [Box<dyn Ritual>], most: usize) -> Vec<Visible<'a>> {
    let mut titles = BTreeSet::new();
    let visible = runs.iter().filter_map(|run| {
        let ritual = rituals.iter().find(|ritual| ritual.name() == run.ritual);
        let what = ritual.map_or(run.ritual.as_str(), |ritual| title_of(ritual.as_ref(), &run.kind));
        (!what.is_empty() && titles.insert((what, run.programme()))).then_some(Visible { run, what })
    });
    let mut visible: Vec<(usize, Visible<'_>)> = visible.enumerate().collect();
    visible.sort_by_key(|(place, one)| (*place > 0 && !one.is_occasion(), *place));
    visible.truncate(most);
    visible.sort_by_key(|(place, _)| *place);
    visible.into_iter().map(|(_, one)| one).collect()
}

/// Returns the title of a run, as in `Coffee round in #coffee-chats` or `Reminder of a promise (Ben Okafor)`.
async fn title(store: &Store, team: &TeamId, run: &Run, what: &str) -> Result<String, StoreError> {
    let of = match &run.owner {
        Owner::Programme(id) => match store.programme(team, id).await? {
            Some(programme) => store.open_channel(team, &programme.channel).await?,
            None => None,
        }
        .map(|channel| format!(" in #{channel}")),
        Owner::Person(user) => {
            let known = store.people(team, std::slice::from_ref(user)).await?;
            known.get(user).map(|person| format!(" ({})", person.name))
        }
        Owner::None | Owner::Delivery(_) => None,
    };
    Ok(format!("{what}{}", of.unwrap_or_default()))
}
