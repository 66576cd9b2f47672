//! Limits how much memory all request bodies may take together before their signatures are checked.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::Notify;

/// A number of bytes that all bodies share which are being read. When it is used up, the bodies that began first are
/// dropped first: Slack's take milliseconds, so the old ones belong to clients who stall. Bodies on trusted connections
/// are dropped last.
pub(super) struct Budget {
    most: usize,
    held: Mutex<HeldBytes>,
}

#[derive(Default)]
struct HeldBytes {
    bytes: usize,
    next: u64,
    bodies: BTreeMap<Key, Body>,
}

/// The order in which bodies are dropped: untrusted (`false`) first, then by age.
type Key = (bool, u64);

struct Body {
    bytes: usize,
    dropped: Arc<Notify>,
}

/// What one body takes of the budget; dropping it gives it back.
pub(super) struct Share {
    budget: Arc<Budget>,
    key: Key,
    dropped: Arc<Notify>,
}

impl Budget {
    pub fn new(most: usize) -> Arc<Budget> {
        Arc::new(Budget { most, held: Mutex::default() })
    }

    /// Returns a share for a new body, empty at first.
    pub fn share(self: &Arc<Budget>, trusted: bool) -> Share {
        let dropped = Arc::new(Notify::new());
        let mut held = self.held();
        let key = (trusted, held.next);
        held.next += 1;
        held.bodies.insert(key, Body { bytes: 0, dropped: Arc::clone(&dropped) });
        Share { budget: Arc::clone(self), key, dropped }
    }

    fn held(&self) -> MutexGuard<'_, HeldBytes> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Share {
    /// Takes this many bytes more. Returns false if this body has been dropped, now or before.
    #[must_use]
    pub fn take(&self, bytes: usize) -> bool {
        let mut held = self.budget.held();
        let Some(body) = held.bodies.get_mut(&self.key) else { return false };
        body.bytes += bytes;
        held.bytes += bytes;
        while held.bytes > self.budget.most {
            let Some((_, oldest)) = held.bodies.pop_first() else { break };
            held.bytes -= oldest.bytes;
            oldest.dropped.notify_one();
        }
        held.bodies.contains_key(&self.key)
    }

    /// Returns once this body has been dropped to make room for others.
    pub async fn dropped(&self) {
        self.dropped.notified().await;
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut held = self.budget.held();
        if let Some(body) = held.bodies.remove(&self.key) {
            held.bytes -= body.bytes;
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_oldest_body_is_dropped_first() {
        let budget = Budget::new(100);
        let trusted = budget.share(true);
        let [old, young] = [budget.share(false), budget.share(false)];
        assert!(trusted.take(50) && old.take(30) && young.take(20));
        assert!(young.take(10), "the old one makes room");
        assert!(old.dropped().now_or_never().is_some());
        assert!(!old.take(0));
        assert!(young.dropped().now_or_never().is_none());
        assert!(trusted.take(40), "the young one makes room");
        assert!(!young.take(1));
        drop(trusted);
        let next = budget.share(false);
        assert!(next.take(100) && !next.take(1));
    }

    proptest! {
        #[test]
        fn no_more_is_held_than_the_budget(steps in prop::collection::vec((0..8_usize, any::<bool>(), 0..60_usize), 0..200)) {
            let budget = Budget::new(100);
            let mut shares: Vec<Option<(Share, usize)>> = (0..8).map(|_| None).collect();
            for (place, ends, bytes) in steps {
                if ends {
                    shares[place] = None;
                    continue;
                }
                let (share, had) = shares[place].take().unwrap_or_else(|| (budget.share(place % 2 == 0), 0));
                if share.take(bytes) {
                    shares[place] = Some((share, had + bytes));
                }
                for slot in &mut shares {
                    if slot.as_ref().is_some_and(|(share, _)| share.dropped().now_or_never().is_some()) {
                        *slot = None;
                    }
                }
                let sum: usize = shares.iter().flatten().map(|(_, bytes)| bytes).sum();
                prop_assert!(sum <= 100);
                prop_assert_eq!(budget.held().bytes, sum);
            }
            shares.clear();
            prop_assert_eq!(budget.held().bytes, 0);
        }
    }
}
