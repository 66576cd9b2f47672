//! How many files and connections the process may have open, and how many of them are for HTTP connections.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// How many HTTP connections Slack's listener has at most. Slack needs a few dozen.
const CONNECTIONS: usize = 1_024;

/// How many files are reserved for the database, calls to Slack, health and metrics, logs and libraries.
const RESERVE: usize = 192;

/// Returns how many HTTP connections there is room for. Raises the limit of open files if the system allows it, since
/// shells and service managers often set 1,024.
pub fn for_connections() -> usize {
    let wanted = u64::try_from(CONNECTIONS + RESERVE).unwrap_or(u64::MAX);
    let given = getrlimit(Resource::Nofile);
    if given.current.is_some_and(|current| current < wanted) {
        let raised = given.maximum.map_or(wanted, |maximum| maximum.min(wanted));
        // If it cannot be raised, the present limit counts.
        let _ = setrlimit(Resource::Nofile, Rlimit { current: Some(raised), maximum: given.maximum });
    }
    let files = getrlimit(Resource::Nofile)
        .current
        .map_or(usize::MAX, |files| usize::try_from(files).unwrap_or(usize::MAX));
    connections(files)
}

/// Returns how many of these files may be connections: what the reserve leaves, or a quarter if it leaves less.
fn connections(files: usize) -> usize {
    files.saturating_sub(RESERVE).max(files / 4).clamp(1, CONNECTIONS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reserve_is_kept_below_the_limit_of_open_files() {
        let cases = [(usize::MAX, 1_024), (65_536, 1_024), (1_024, 832), (256, 64), (100, 25), (0, 1)];
        for (files, expected) in cases {
            assert_eq!(connections(files), expected, "{files}");
        }
        assert!((1..=CONNECTIONS).contains(&for_connections()));
    }
}
