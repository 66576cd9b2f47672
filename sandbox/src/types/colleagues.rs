//! Simulated colleagues, as the embedding program describes them.

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use futures_util::future::BoxFuture;

/// Who is simulated, and what they do when. The embedding program decides that; the sandbox runs it by the
/// workspace's clock.
#[derive(Clone)]
pub struct Colleagues {
    people: Arc<[String]>,
    next: Arc<dyn Fn() -> Option<i64> + Send + Sync>,
    act: Arc<dyn Fn() -> BoxFuture<'static, ()> + Send + Sync>,
}

impl Colleagues {
    /// `people` are simulated, by handle or id. `next` returns when one of them acts next, in milliseconds since the
    /// epoch; it is called again after each change, so that it may react to messages. `act` does all that is due,
    /// through `Sandbox::colleague`.
    pub fn new<A>(
        people: impl IntoIterator<Item = impl Into<String>>,
        next: impl Fn() -> Option<i64> + Send + Sync + 'static,
        act: impl Fn() -> A + Send + Sync + 'static,
    ) -> Colleagues
    where
        A: Future<Output = ()> + Send + 'static,
    {
        Colleagues {
            people: people.into_iter().map(Into::into).collect(),
            next: Arc::new(next),
            act: Arc::new(move || Box::pin(act())),
        }
    }

    /// Returns who is simulated, by handle or id.
    pub(crate) fn people(&self) -> &[String] {
        &self.people
    }

    /// Returns when one of them acts next.
    pub(crate) fn next_ms(&self) -> Option<i64> {
        (self.next)()
    }

    /// Does all that is due.
    pub(crate) async fn act(&self) {
        (self.act)().await;
    }
}

impl fmt::Debug for Colleagues {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Colleagues").field("people", &self.people).finish_non_exhaustive()
    }
}
