//! Catches panics. A panic is reported by its place in the code, never by its message, which may quote a person.

use std::{
    cell::{Cell, RefCell},
    future::poll_fn,
    panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind},
    pin::pin,
};

use futures_util::FutureExt as _;

use crate::model::failure::Failure;

thread_local! {
    /// Whether `guarded` is about to catch and report a panic of this thread.
    static CAUGHT: Cell<bool> = const { Cell::new(false) };
    /// Where the last caught panic of this thread came from.
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// A caught panic.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a panic at {place}")]
pub struct Panicked {
    /// The file and the line, as far as they are known.
    pub place: String,
}

impl From<Panicked> for Failure {
    fn from(panicked: Panicked) -> Failure {
        Failure::Fail(panicked.into())
    }
}

/// Runs a future, and catches its panics.
pub async fn guarded<T>(work: impl Future<Output = T>) -> Result<T, Panicked> {
    let mut work = pin!(AssertUnwindSafe(work).catch_unwind());
    let ended = poll_fn(|context| {
        let before = CAUGHT.replace(true);
        let polled = work.as_mut().poll(context);
        CAUGHT.set(before);
        polled
    });
    ended.await.map_err(|_| panicked())
}

/// The same for a function that does not wait.
pub fn guarded_now<T>(work: impl FnOnce() -> T) -> Result<T, Panicked> {
    let before = CAUGHT.replace(true);
    let ended = catch_unwind(AssertUnwindSafe(work));
    CAUGHT.set(before);
    ended.map_err(|_| panicked())
}

fn panicked() -> Panicked {
    Panicked { place: PLACE.take().unwrap_or_else(|| "an unknown place".to_owned()) }
}

/// Installs a hook that logs a panic as one line without its message. A panic that `guarded` catches is not logged
/// here.
pub fn log_panics() {
    std::panic::set_hook(Box::new(note));
}

fn note(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map_or_else(|| "an unknown place".to_owned(), ToString::to_string);
    if CAUGHT.get() {
        PLACE.set(Some(place));
    } else {
        tracing::error!(place, "a panic: please report this line");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_is_caught_and_other_work_is_let_through() {
        assert_eq!(guarded(async { 7 }).await, Ok(7));
        let panics = async {
            tokio::task::yield_now().await;
            panic!("the words of a person")
        };
        let error = guarded::<()>(panics).await.unwrap_err();
        assert!(!error.to_string().contains("words"), "{error}");
        assert!(!CAUGHT.get());
    }

    #[tokio::test]
    async fn a_guard_within_a_guard_leaves_the_outer_one_in_place() {
        let outer = guarded(async {
            assert!(guarded_now(|| panic!("inner")).is_err());
            assert!(CAUGHT.get());
            panic!("outer")
        });
        assert!(outer.await.is_err());
        assert!(!CAUGHT.get());
    }
}
