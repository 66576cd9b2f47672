//! Reads the lists of the workspace page by page: its people, its user groups, the channels that the bot is in.
//!
//! The store keeps what has to be read; one replica reads it, one call a step. A page is committed together with its
//! cursor, so the next process goes on where a killed one stopped. Events are followed meanwhile; an event that arrived
//! since a page was requested counts more than the page.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration as StdDuration,
};

use chrono::Duration;
use tokio::sync::watch;

use super::{
    super::{
        Engine,
        supervisor::{Heartbeat, Loop},
        turns::Turn,
    },
    asked::RefreshError,
    calls::{BACKOFF, Stopped, first_open, pause_after_429, wait_for_pacer},
    changes::told_of_changes,
    hearing::Hearing,
    hold::{Hold, LeaseClaim},
};
use crate::{
    model::call_kind::CallKind,
    model::{clock::Instant, effect::Lane},
    slack::{CallError, pacing::Gate},
    store::{
        StoreError,
        people::{
            self, channels, groups,
            lists::{self, List, WantedList},
        },
        unit::{Outcome, UnitOfWork},
    },
};

/// One replica reads lists, so that Slack's limits hold without replicas talking.
const LEASE: &str = "lists";
const LEASE_SECONDS: i64 = 20;
pub const LOOP: Loop = Loop {
    name: "lists",
    part: "directory",
    undone: "people, user groups and the list of channels are not read",
    limit: StdDuration::from_mins(1),
};
/// How many pages of one list are read at most: a workspace of 100,000 people has 500.
const MOST_PAGES: i64 = 1_000;
/// A start reads a list again that was read this recently only once this time is over, so that starts in a row read it once.
const FRESH_FOR: Duration = Duration::minutes(5);
/// While so many channels wait to be read, a start doesn't read lists again that were read recently.
const MANY_CHANNELS: i64 = 50;

/// Reads the lists of one workspace.
#[derive(Clone)]
pub struct Lists {
    engine: Engine,
    hold: Hold,
    hearing: Hearing,
    /// When it was last stored that Slack is heard.
    noted: Arc<Mutex<Option<Instant>>>,
}

impl Lists {
    pub fn new(engine: Engine) -> Lists {
        let hold = Hold::new(engine.clone(), LEASE, Duration::seconds(LEASE_SECONDS));
        Lists { engine, hold, hearing: Hearing::default(), noted: Arc::default() }
    }

    /// Returns what this process hears from Slack, which decides whether events were lost.
    pub fn hearing(&self) -> &Hearing {
        &self.hearing
    }

    /// Asks for one page, or returns when there will be something to do.
    pub async fn read_once(&self) -> Result<Turn, StoreError> {
        let Engine { store, team, clock, pacer, .. } = &self.engine;
        self.notice_a_gap().await?;
        let now = clock.now();
        let wanted = store.wanted_lists(team).await?;
        if !wanted.iter().any(|wanted| wanted.at <= now) {
            return Ok(Turn::Idle(wanted.iter().map(|wanted| wanted.at).min()));
        }
        match self.hold.claim().await? {
            LeaseClaim::No => return Ok(Turn::Idle(self.hold.until().await?)),
            LeaseClaim::Anew => pacer.begin_methods(&List::ALL.map(method), now),
            LeaseClaim::Before => {}
        }
        let open = first_open(wanted, |wanted| {
            // A person may wait for the first list of channels; it is one call for 200 of them.
            let lane = if wanted.list == List::Channels { Lane::Interactive } else { Lane::Bulk };
            if wanted.at > now {
                return Gate::MethodBusy(wanted.at);
            }
            pacer.enter(method(wanted.list), None, lane, false, now)
        });
        match open {
            Ok(wanted) => self.read(&wanted).await.map(|()| Turn::Worked),
            Err(free_at) => Ok(Turn::Idle(free_at)),
        }
    }

    /// Reads the requested lists until the shutdown.
    pub async fn run(self, heartbeat: Heartbeat, shutdown: watch::Receiver<bool>) {
        self.hold.repeat(heartbeat, shutdown, || self.read_once()).await;
    }

    /// Stores now and then that Slack is heard. At a start and after too long a silence, requests a new reading of the
    /// directory.
    async fn notice_a_gap(&self) -> Result<(), StoreError> {
        let Engine { store, team, clock, .. } = &self.engine;
        let now = clock.now();
        let noted = *self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        // Slack sent nothing during the hours that a steered clock leaves out.
        if noted.is_some() && clock.is_steered() {
            return Ok(());
        }
        let Some(gap) = self.hearing.silence_to_note(noted, now) else { return Ok(()) };
        let is_whole = match store.note_slack_heard(team, now, gap).await {
            Ok(is_whole) => is_whole,
            Err(error) => {
                self.hearing.note_delivery();
                return Err(error);
            }
        };
        if !is_whole {
            tracing::info!("Slack was not heard of for a while; the directory is read anew");
        } else if noted.is_none() {
            self.want_at_start(now).await?;
        }
        *self.noted.lock().unwrap_or_else(PoisonError::into_inner) = Some(now);
        Ok(())
    }

    /// Lists are short, so each start reads them again; a reading that was begun goes on.
    async fn want_at_start(&self, now: Instant) -> Result<(), StoreError> {
        let Engine { store, team, .. } = &self.engine;
        let mut unit = UnitOfWork::new();
        // A large company's channels are read for long, and its lists needn't be read twice meanwhile.
        let waiting = store.wanted_readings(team, now, MANY_CHANNELS).await?;
        let is_busy = i64::try_from(waiting.len()).is_ok_and(|waiting| waiting >= MANY_CHANNELS);
        for list in List::ALL {
            match store.list_read_at(team, list).await?.filter(|at| (*at..*at + FRESH_FOR).contains(&now)) {
                None => lists::want_list(&mut unit, team, list, now),
                // What changed since, while no process ran, is in no event.
                Some(at) if !is_busy => lists::want_list(&mut unit, team, list, at + FRESH_FOR),
                Some(_) => {}
            }
        }
        store.commit(unit).await.map(drop)
    }

    async fn read(&self, wanted: &WantedList) -> Result<(), StoreError> {
        let asked = self.engine.clock.now();
        let page = async {
            match wanted.list {
                List::Channels => self.channels(wanted, asked).await,
                List::Groups => self.groups(wanted, asked).await,
                List::People => self.people(wanted, asked).await,
            }
        };
        match self.hold.during(page).await {
            Some(Ok(())) | None => Ok(()),
            Some(Err(Stopped::Overtaken)) => {
                self.hold.lost();
                Ok(())
            }
            Some(Err(Stopped::Slack(CallError::RateLimited { retry_after, .. }))) => {
                pause_after_429(&self.engine, method(wanted.list), retry_after);
                Ok(())
            }
            Some(Err(Stopped::Slack(error))) => self.snooze(wanted, &error).await,
            Some(Err(Stopped::Store(error))) => Err(error),
        }
    }

    async fn channels(&self, wanted: &WantedList, asked: Instant) -> Result<(), Stopped> {
        let Engine { slack, team, .. } = &self.engine;
        let page = slack.channels(wanted.cursor.as_deref()).await?;
        let (mut unit, now) = (UnitOfWork::new(), self.engine.clock.now());
        for channel in page.items {
            let listed = channels::ListedChannel {
                channel: &channel.id,
                name: &channel.name,
                is_public: channel.is_public,
            };
            channels::put_listed(&mut unit, team, &listed, asked, now);
        }
        if page.next.is_none() {
            channels::want_unlisted(&mut unit, team, wanted.begun_at.unwrap_or(asked), now);
        }
        self.commit(unit, wanted, asked, page.next).await
    }

    async fn people(&self, wanted: &WantedList, asked: Instant) -> Result<(), Stopped> {
        let Engine { store, slack, team, .. } = &self.engine;
        let page = slack.people(wanted.cursor.as_deref()).await?;
        let suppressed = store.suppressed(team).await?;
        let people = || page.items.iter().filter(|person| !suppressed.holds(&person.id));
        let mut unit = told_of_changes(&self.engine, people()).await?;
        for person in people() {
            people::put_person(&mut unit, team, person, asked);
        }
        self.commit(unit, wanted, asked, page.next).await
    }

    /// User groups come in one page.
    async fn groups(&self, wanted: &WantedList, asked: Instant) -> Result<(), Stopped> {
        let mut last = UnitOfWork::new();
        if may_read_groups(&self.engine) {
            match read_groups(&self.engine, asked, Some(&self.hold)).await {
                Ok(()) => groups::keep_since(&mut last, &self.engine.team, asked),
                // A free plan has none, and an administrator may have restricted them.
                Err(Stopped::Slack(error @ CallError::Refused { .. })) => {
                    tracing::warn!(%error, "user groups cannot be read; the rest of the directory is");
                }
                Err(error) => return Err(error),
            }
        }
        self.commit(last, wanted, asked, None).await
    }

    /// Commits a page and its cursor.
    async fn commit(
        &self,
        mut unit: UnitOfWork,
        wanted: &WantedList,
        asked: Instant,
        next: Option<String>,
    ) -> Result<(), Stopped> {
        let Engine { store, team, .. } = &self.engine;
        let begun = wanted.begun_at.unwrap_or(asked);
        match next.filter(|_| wanted.pages < MOST_PAGES) {
            Some(next) => lists::put_page(&mut unit, team, wanted, begun, &next),
            None => lists::put_last_page(&mut unit, team, wanted, begun),
        }
        self.hold.guard(&mut unit);
        match store.commit(unit).await? {
            Outcome::Committed(_) => Ok(()),
            Outcome::Refused(_) => Err(Stopped::Overtaken),
        }
    }

    /// Snoozes a list that Slack refused or did not answer. A cursor that Slack no longer accepts is dropped.
    async fn snooze(&self, wanted: &WantedList, error: &CallError) -> Result<(), StoreError> {
        let Engine { store, team, clock, .. } = &self.engine;
        let pause = BACKOFF.pause(wanted.tries.saturating_add(1));
        let list = wanted.list.as_str();
        tracing::warn!(%error, list, retry_in_seconds = pause.as_secs(), "a list could not be read on; trying again");
        let goes_on = !matches!(error, CallError::Refused { .. }) || wanted.cursor.is_none();
        let mut unit = UnitOfWork::new();
        lists::snooze(&mut unit, team, wanted, clock.now() + pause, goes_on);
        self.hold.guard(&mut unit);
        store.commit(unit).await.map(drop)
    }
}

fn method(list: List) -> CallKind {
    match list {
        List::Channels => CallKind::Channels,
        List::Groups => CallKind::Groups,
        List::People => CallKind::People,
    }
}

/// User groups belong to paid plans, and some installations leave their scope out: the rest works without them.
fn may_read_groups(engine: &Engine) -> bool {
    engine.scopes.as_ref().is_none_or(|scopes| scopes.contains("usergroups:read"))
}

/// Asks for the user groups and commits each by itself, so that events that arrived meanwhile stay.
async fn read_groups(engine: &Engine, asked: Instant, hold: Option<&Hold>) -> Result<(), Stopped> {
    let Engine { store, slack, team, .. } = engine;
    let groups = slack.groups().await?;
    let suppressed = store.suppressed(team).await?;
    for (group, handle, mut members) in groups {
        members.retain(|member| !suppressed.holds(member));
        let mut unit = UnitOfWork::new();
        groups::put_read(&mut unit, team, &group, &handle, &members, asked);
        if let Some(hold) = hold {
            hold.guard(&mut unit);
        }
        match store.commit(unit).await? {
            Outcome::Committed(_) | Outcome::Refused(groups::OUTDATED) => {}
            Outcome::Refused(_) => return Err(Stopped::Overtaken),
        }
    }
    Ok(())
}

/// Reads the user groups alone and at once, because a person named a group that is not known.
pub async fn refresh_groups(engine: &Engine, asked: Instant) -> Result<(), RefreshError> {
    let Engine { clock, store, team, .. } = engine;
    if !may_read_groups(engine) {
        return Ok(());
    }
    wait_for_pacer(engine, CallKind::Groups).await;
    let mut unit = UnitOfWork::new();
    let read = match read_groups(engine, asked, None).await {
        Ok(()) | Err(Stopped::Overtaken) => {
            groups::keep_since(&mut unit, team, asked);
            Ok(())
        }
        Err(Stopped::Slack(error)) => {
            // The loop that reads lists tries again.
            let again_at = match &error {
                CallError::RateLimited { retry_after, .. } => {
                    pause_after_429(engine, CallKind::Groups, *retry_after)
                }
                _ => BACKOFF.next_try(1, clock.now()),
            };
            lists::want_list(&mut unit, team, List::Groups, again_at);
            Err(error.into())
        }
        Err(Stopped::Store(error)) => return Err(error.into()),
    };
    store.commit(unit).await?;
    read
}
