//! What becomes of the promises of a person who is erased: those of others and of an occasion go back where they are from, and those who
//! asked hear it.

use chrono::Duration;

use super::{Promise, PromiseState, RITUAL, store};
use crate::{
    model::{
        cadence::Occurrence,
        catch_up::CatchUp,
        clock::Instant,
        owner::Owner,
        people::{TeamId, UserId},
    },
    store::{
        Store, StoreError,
        reading::ReadStore,
        runs::{self, NewRun},
        unit::UnitOfWork,
    },
};

/// The kind of the run that tells an asker of it.
pub const RETURNED: &str = "returned";
/// How many promises are read at a time, and how often: those that change meanwhile are read again.
const AT_A_TIME: i64 = 50;
const MOST_TIMES: usize = 100;
/// For how many days an asker is still told: the bot may be down when a person is erased.
const LATEST_DAYS: i64 = 365;

/// Gives back what others asked of a person and what they promised at an occasion, before the person is erased. The process that erases
/// doesn't talk to Slack, so the askers are told by a run.
pub async fn give_back(
    store: &Store,
    team: &TeamId,
    person: &UserId,
    now: Instant,
) -> Result<(), StoreError> {
    let reading = ReadStore::new(store.clone(), team.clone());
    let mut behind = (String::new(), String::new());
    for _ in 0..MOST_TIMES {
        let after = (behind.0.as_str(), behind.1.as_str());
        let pending = store::pending_of(&reading, person, after, AT_A_TIME).await?;
        let Some(last) = pending.last() else { break };
        behind = store::place_in_list(last);
        for promise in
            pending.iter().filter(|promise| !promise.is_own() || !promise.origin.programme.is_empty())
        {
            store.commit(given_back(team, promise, now)).await?;
        }
    }
    Ok(())
}

fn given_back(team: &TeamId, promise: &Promise, now: Instant) -> UnitOfWork {
    let returned = promise.then(PromiseState::Returned, now);
    let mut unit = UnitOfWork::new();
    store::change(&mut unit, team, promise, &returned);
    if promise.is_own() {
        return unit;
    }
    let subject = format!("{}/{}", returned.id, returned.version);
    let run = NewRun {
        owner: Owner::Person(promise.asker.clone()),
        ritual: RITUAL,
        occasion: None,
        kind: RETURNED,
        subject: &subject,
        due: Occurrence { at: now, wall: now.naive_utc() },
        late: CatchUp::Within(Duration::days(LATEST_DAYS)),
        payload: "",
    };
    runs::put(&mut unit, team, &run, now);
    unit
}
