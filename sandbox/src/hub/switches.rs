//! The faults that are switched on, and those planned for later calls.

use std::time::Duration;

/// The faults that are switched on.
#[derive(Debug, Default)]
pub(crate) struct Switches {
    pub(crate) latency: Duration,
    pub(crate) down: bool,
    pub(crate) duplicates: bool,
    pub(crate) late_ms: i64,
    pub(crate) planned: Vec<Planned>,
}

/// A fault of later calls.
#[derive(Debug)]
pub(crate) struct Planned {
    /// `*` is any method.
    pub(crate) method: String,
    /// How many calls it still affects.
    pub(crate) times: u32,
    pub(crate) fault: Fault,
}

/// What happens to a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// HTTP 429 with this `Retry-After` in seconds.
    RateLimit(u64),
    /// HTTP 500; nothing is done.
    ServerError,
    /// HTTP 503, while everything is down; nothing is done.
    Down,
    /// The call is carried out, and the connection drops before the answer.
    LoseAnswer,
    /// `ok: false` with this error; nothing is done.
    Error(String),
}

impl Switches {
    /// Returns the faults planned for later calls: method, how often, and Slack's words for it.
    pub(crate) fn planned(&self) -> impl Iterator<Item = (&str, u32, &str)> {
        self.planned.iter().map(|planned| {
            let what = match &planned.fault {
                Fault::RateLimit(_) => "429",
                Fault::ServerError => "500",
                Fault::Down => "503",
                Fault::LoseAnswer => "answer lost",
                Fault::Error(error) => error,
            };
            (planned.method.as_str(), planned.times, what)
        })
    }

    /// Takes the next planned fault for a method. While everything is down none of them is used up.
    pub(crate) fn take(&mut self, method: &str) -> Option<Fault> {
        if self.down {
            return Some(Fault::Down);
        }
        let at = self.planned.iter().position(|planned| planned.method == method || planned.method == "*")?;
        let planned = self.planned.get_mut(at)?;
        planned.times -= 1;
        let fault = planned.fault.clone();
        if planned.times == 0 {
            self.planned.remove(at);
        }
        Some(fault)
    }
}
