//! The log lines of a test.

use std::{
    io::Write,
    sync::{Arc, Mutex},
};

use rondo::logging;
use tracing::{
    Dispatch,
    subscriber::{DefaultGuard, NoSubscriber},
};
use tracing_subscriber::{fmt::MakeWriter, layer::SubscriberExt as _};

/// Collects log lines.
#[derive(Clone, Default)]
pub struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'w> MakeWriter<'w> for Lines {
    type Writer = Lines;

    fn make_writer(&'w self) -> Lines {
        self.clone()
    }
}

/// While it lives, the lines of its thread are collected.
pub struct Hearing {
    _lines: DefaultGuard,
    _other: Dispatch,
}

impl Lines {
    /// Collects what this thread logs, by a filter such as `warn`. All tasks of the test have to run on its thread.
    pub fn of_this_thread(filter: &str) -> (Lines, Hearing) {
        let lines = Lines::default();
        let layer = tracing_subscriber::fmt::layer().with_writer(lines.clone()).with_ansi(false);
        let subscriber = tracing_subscriber::registry().with(logging::filter(filter).unwrap()).with(layer);
        let guard = tracing::subscriber::set_default(subscriber);
        // A line that another thread reaches first would be lost for all, if only one subscriber was known.
        (lines, Hearing { _lines: guard, _other: Dispatch::new(NoSubscriber::new()) })
    }

    pub fn take(&self) -> String {
        String::from_utf8(std::mem::take(&mut *self.0.lock().unwrap())).unwrap()
    }
}
