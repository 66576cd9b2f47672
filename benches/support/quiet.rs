//! A ritual whose runs ask for nothing, so that what is measured is the way to it and back.

use std::sync::{Arc, Mutex, PoisonError};

use futures_util::{FutureExt as _, future::BoxFuture};
use rondo::{
    model::{
        event::{Action, Command, Reply, Submission},
        failure::Failure,
    },
    rituals::ritual::{CommandSpec, Ran, Ritual, Visit},
    store::{programmes::Programme, runs::Run, unit::Unit},
};

pub const NAME: &str = "quiet";
pub const KIND: &str = "pause";

#[derive(Clone, Default)]
pub struct Quiet {
    /// The keys of all runs that were handed over.
    pub runs: Arc<Mutex<Vec<String>>>,
}

impl Ritual for Quiet {
    fn name(&self) -> &'static str {
        NAME
    }

    fn command(&self) -> CommandSpec {
        CommandSpec { name: "/quiet".to_owned(), description: "", usage: "", ways: &[] }
    }

    fn scopes(&self) -> &'static [(&'static str, &'static str)] {
        &[]
    }

    fn on_command<'v>(&'v self, _: &'v Visit, _: Command) -> BoxFuture<'v, Result<Reply, Failure>> {
        std::future::ready(Ok(Reply::Nothing)).boxed()
    }

    fn on_action<'v>(&'v self, _: &'v Visit, _: Action) -> BoxFuture<'v, Result<Reply, Failure>> {
        std::future::ready(Ok(Reply::Nothing)).boxed()
    }

    fn on_submission<'v>(&'v self, _: &'v Visit, _: Submission) -> BoxFuture<'v, Result<Reply, Failure>> {
        std::future::ready(Ok(Reply::Nothing)).boxed()
    }

    fn comes_round(&self) -> Option<&'static str> {
        Some(KIND)
    }

    fn on_run<'v>(
        &'v self,
        _: &'v Visit,
        _: &'v Programme,
        run: &'v Run,
    ) -> BoxFuture<'v, Result<Ran, Failure>> {
        self.runs.lock().unwrap_or_else(PoisonError::into_inner).push(run.key.clone());
        std::future::ready(Ok(Ran::done(Unit::new()))).boxed()
    }
}
