//! A ritual with nothing but runs: each writes a row, so that the store shows whether it was committed.

use std::sync::{Arc, Mutex};

use chrono::Duration;
use futures_util::{FutureExt as _, future::BoxFuture};
use rondo::{
    model::{cadence::Occurrence, catch_up::CatchUp, event::Command, failure::Failure},
    ritual::{Answer, CommandSpec, Context, Handling, PlannedRun, ProgrammeRuns, Ran, Ritual},
    store::{
        programmes::Programme,
        runs::Run,
        unit::{Insert, UnitOfWork},
    },
    values,
};
use tokio::sync::{Notify, Semaphore};

pub const NAME: &str = "bell";
pub const KIND: &str = "ring";

/// A row for each committed ring; the attempt is part of it, so that a double one shows.
static RANG: Insert = Insert {
    table: "processed_delivery",
    columns: &["team_id", "key", "reply", "processed_at"],
    identity: 2,
    on_conflict: "",
};

/// How the bell behaves.
#[derive(Clone, Default)]
pub enum Mood {
    #[default]
    Rings,
    /// It waits, once it has begun, until it is released.
    Waits,
    /// The store or the network is away.
    IsAway,
    /// It returns an internal error.
    IsBroken,
    /// It panics.
    Falls,
    /// It rings late, too.
    RingsLate,
}

#[derive(Clone)]
pub struct Bell {
    pub mood: Arc<Mutex<Mood>>,
    /// The started runs: key, attempt and seed.
    pub begun: Arc<Mutex<Vec<(String, i64, i64)>>>,
    pub has_begun: Arc<Notify>,
    pub goes_on: Arc<Semaphore>,
}

impl Default for Bell {
    fn default() -> Bell {
        Bell {
            mood: Arc::default(),
            begun: Arc::default(),
            has_begun: Arc::default(),
            goes_on: Arc::new(Semaphore::new(0)),
        }
    }
}

impl Bell {
    pub fn is(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    /// Returns all attempts, committed or not.
    pub fn attempts(&self) -> Vec<(String, i64, i64)> {
        self.begun.lock().unwrap().clone()
    }

    fn mood(&self) -> Mood {
        self.mood.lock().unwrap().clone()
    }
}

impl Ritual for Bell {
    fn name(&self) -> &'static str {
        NAME
    }

    fn command(&self) -> CommandSpec {
        CommandSpec { name: "/bell".to_owned(), description: "", usage: "", ways: &[] }
    }

    fn on_command<'v>(&'v self, _: &'v Context, _: Command) -> Handling<'v> {
        std::future::ready(Ok(Answer::nothing())).boxed()
    }

    fn programme_runs(&self) -> Option<&dyn ProgrammeRuns> {
        Some(self)
    }

    fn on_run<'v>(
        &'v self,
        context: &'v Context,
        _: Option<&'v Programme>,
        run: &'v Run,
    ) -> BoxFuture<'v, Result<Ran, Failure>> {
        async move {
            let mood = self.mood();
            self.begun.lock().unwrap().push((run.key.clone(), run.attempt, run.seed));
            self.has_begun.notify_one();
            match mood {
                Mood::IsAway => return Err(Failure::Retry(anyhow::anyhow!("the line is dead"))),
                Mood::IsBroken => return Err(Failure::Fail(anyhow::anyhow!("a cracked bell"))),
                Mood::Falls => panic!("a planted fault"),
                Mood::Waits => self.goes_on.acquire().await.unwrap().forget(),
                Mood::Rings | Mood::RingsLate => {}
            }
            let mut unit = UnitOfWork::new();
            let key = format!("rang/{}/{}", run.key, run.attempt);
            unit.row(&RANG, values![context.team.as_str(), key, "\"Nothing\"", context.now]);
            Ok(Ran::done(unit))
        }
        .boxed()
    }
}

impl ProgrammeRuns for Bell {
    fn plan(&self, _: &Programme, occasion: Occurrence) -> Vec<PlannedRun> {
        let late = match self.mood() {
            Mood::RingsLate => CatchUp::WorkingDay,
            _ => CatchUp::Within(Duration::minutes(30)),
        };
        vec![PlannedRun { kind: KIND, subject: String::new(), due: occasion, late }]
    }

    fn on_shared_run<'v>(
        &'v self,
        _: &'v Context,
        _: &'v Programme,
        _: &'v Run,
    ) -> BoxFuture<'v, Result<Ran, Failure>> {
        std::future::ready(Ok(Ran::unknown_work())).boxed()
    }
}
