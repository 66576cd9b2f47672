//! Catching panics: what panicked is told by its place in the code, never by its message, which may quote a person.

use std::{
    cell::{Cell, RefCell},
    future::poll_fn,
    panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind},
    pin::pin,
};

use futures_util::FutureExt as _;

use crate::model::failure::Failure;

thread_local! {
    /// Whether a panic on this thread is about to be caught, and reported by the one who catches it.
    static CAUGHT: Cell<bool> = const { Cell::new(false) };
    /// Where the last panic that is caught on this thread came from.
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Something panicked.
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

/// Does some work, and catches the panic where it panics.
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

/// The same for work that does not wait.
pub fn guarded_now<T>(work: impl FnOnce() -> T) -> Result<T, Panicked> {
    let before = CAUGHT.replace(true);
    let ended = catch_unwind(AssertUnwindSafe(work));
    CAUGHT.set(before);
    ended.map_err(|_| panicked())
}

fn panicked() -> Panicked {
    Panicked { place: PLACE.take().unwrap_or_else(|| "an unknown place".to_owned()) }
}

/// From now on a panic is a line of the log without its message. One that is caught is left to the one who catches it.
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
