//! What is scheduled, as the embedding program tells it, and how a time travel through it went.

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use futures_util::future::BoxFuture;

/// Something scheduled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextThing {
    /// In milliseconds since the epoch.
    pub at_ms: i64,
    /// As the page shows it.
    pub title: String,
    /// The conversation where people read of it first, if there is one.
    pub place: Option<String>,
}

/// Returns at most so many things that come soon, for a reader if there is one.
type Ahead = dyn Fn(usize, Option<String>) -> BoxFuture<'static, Vec<NextThing>> + Send + Sync;

/// How the embedding program knows what is scheduled.
#[derive(Clone)]
pub struct TimeSteps {
    ahead: Arc<Ahead>,
    settle: Arc<dyn Fn() -> BoxFuture<'static, ()> + Send + Sync>,
}

impl TimeSteps {
    /// `ahead` returns what happens next by itself, and with it up to so many things that come soon, by time. With the id of a
    /// person, what follows the next thing is what they can see. `settle` returns when all that is due now has been done.
    pub fn new<A, S>(
        ahead: impl Fn(usize, Option<String>) -> A + Send + Sync + 'static,
        settle: impl Fn() -> S + Send + Sync + 'static,
    ) -> TimeSteps
    where
        A: Future<Output = Vec<NextThing>> + Send + 'static,
        S: Future<Output = ()> + Send + 'static,
    {
        TimeSteps {
            ahead: Arc::new(move |most, reader| Box::pin(ahead(most, reader))),
            settle: Arc::new(move || Box::pin(settle())),
        }
    }

    /// Returns what happens next by itself.
    pub(crate) async fn next(&self) -> Option<NextThing> {
        self.ahead(1, None).await.into_iter().next()
    }

    /// Returns at most so many things that come soon, by time; what is next is the first, also where the reader sees nothing of it.
    pub(crate) async fn ahead(&self, most: usize, reader: Option<String>) -> Vec<NextThing> {
        (self.ahead)(most, reader).await
    }

    /// Returns when all that is due now has been done.
    pub(crate) async fn settle(&self) {
        (self.settle)().await;
    }
}

impl fmt::Debug for TimeSteps {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("TimeSteps").finish_non_exhaustive()
    }
}

/// A travel to what happens next.
#[derive(Clone, Debug)]
pub(crate) struct Jump {
    /// What was passed on the way, since it brought nothing to see.
    pub(crate) passed: Vec<NextThing>,
    pub(crate) reached: NextThing,
    /// Whether that brought something to see.
    pub(crate) brings: bool,
    pub(crate) trip: Trip,
}

/// How a time travel went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Trip {
    /// How often it stopped.
    pub stops: usize,
    /// Whether it gave up stopping, because something due was not done or there was too much. What was scheduled in
    /// between may have been late.
    pub hurried: bool,
}
