//! A ritual whose runs ask for nothing, to measure the engine alone.

use std::sync::{Arc, Mutex, PoisonError};

use futures_util::{FutureExt as _, future::BoxFuture};
use rondo::{
    model::{cadence::Occurrence, catch_up::CatchUp, event::Command, failure::Failure},
    ritual::{Answer, CommandSpec, Context, Handling, PlannedRun, ProgrammeRuns, Ran, Ritual},
    store::{programmes::Programme, runs::Run, unit::UnitOfWork},
};

pub const NAME: &str = "quiet";
pub const KIND: &str = "pause";

#[derive(Clone, Default)]
pub struct Quiet {
    /// The keys of all runs that it was given.
    pub runs: Arc<Mutex<Vec<String>>>,
}

impl Ritual for Quiet {
    fn name(&self) -> &'static str {
        NAME
    }

    fn command(&self) -> CommandSpec {
        CommandSpec { name: "/quiet".to_owned(), description: "", usage: "", ways: &[] }
    }

    fn on_command<'v>(&'v self, _: &'v Context, _: Command) -> Handling<'v> {
        std::future::ready(Ok(Answer::nothing())).boxed()
    }

    fn programme_runs(&self) -> Option<&dyn ProgrammeRuns> {
        Some(self)
    }

    fn on_run<'v>(
        &'v self,
        _: &'v Context,
        _: Option<&'v Programme>,
        run: &'v Run,
    ) -> BoxFuture<'v, Result<Ran, Failure>> {
        self.runs.lock().unwrap_or_else(PoisonError::into_inner).push(run.key.clone());
        std::future::ready(Ok(Ran::done(UnitOfWork::new()))).boxed()
    }
}

impl ProgrammeRuns for Quiet {
    fn plan(&self, _: &Programme, occasion: Occurrence) -> Vec<PlannedRun> {
        let late = CatchUp::Within(chrono::Duration::zero());
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
