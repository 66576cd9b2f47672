//! What Slack was asked for, and whether it answered: what is still unknown after an answer is a fact.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::model::{clock::Instant, failure::Lookup};

/// How many questions are remembered.
const MOST: usize = 100;

/// What this process has asked Slack for. It is lost with the process, and asked anew. Cheap to clone; clones are one.
#[derive(Clone, Debug, Default)]
pub struct LookedUp(Arc<Mutex<BTreeMap<Lookup, Lookups>>>);

#[derive(Clone, Copy, Debug, Default)]
struct Lookups {
    began: Option<Instant>,
    /// When the last question began that Slack answered.
    answered: Option<Instant>,
}

impl LookedUp {
    /// Takes down that Slack is asked now, unless it was asked at `since` or later.
    pub fn begin(&self, lookup: &Lookup, since: Instant, now: Instant) -> bool {
        let mut asked = self.lock();
        if asked.len() >= MOST {
            asked.retain(|_, known| known.began.is_some_and(|at| at >= since));
        }
        if asked.len() >= MOST || asked.get(lookup).is_some_and(|known| known.began >= Some(since)) {
            return false;
        }
        asked.entry(lookup.clone()).or_default().began = Some(now);
        true
    }

    /// Takes down how the question that began then ended. One without an answer may be asked again at once.
    pub fn end(&self, lookup: &Lookup, began: Instant, is_answered: bool) {
        let mut asked = self.lock();
        let known = asked.entry(lookup.clone()).or_default();
        if is_answered {
            known.answered = known.answered.max(Some(began));
        } else {
            known.began = None;
        }
    }

    /// Whether Slack has answered a question that began at `since` or later.
    pub fn is_answered(&self, lookup: &Lookup, since: Instant) -> bool {
        self.lock().get(lookup).is_some_and(|known| known.answered >= Some(since))
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Lookup, Lookups>> {
        // Each entry stands by itself; a panic leaves none half written.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::clock::from_ms;

    #[test]
    fn slack_is_asked_once_in_a_while() {
        let (looked_up, groups) = (LookedUp::default(), Lookup::Groups);
        assert!(looked_up.begin(&groups, from_ms(0), from_ms(100)));
        assert!(!looked_up.begin(&groups, from_ms(50), from_ms(200)), "it is being asked");
        assert!(!looked_up.is_answered(&groups, from_ms(0)));
        looked_up.end(&groups, from_ms(100), true);
        assert!(looked_up.is_answered(&groups, from_ms(100)));
        assert!(!looked_up.is_answered(&groups, from_ms(101)), "the question was older");
        assert!(!looked_up.begin(&groups, from_ms(100), from_ms(300)));
        assert!(looked_up.begin(&groups, from_ms(101), from_ms(300)));
        looked_up.end(&groups, from_ms(300), false);
        assert!(looked_up.begin(&groups, from_ms(101), from_ms(400)), "it was not answered");
        assert!(looked_up.is_answered(&groups, from_ms(100)), "the answer before counts as before");
    }

    #[test]
    fn no_more_is_remembered_than_fits() {
        let looked_up = LookedUp::default();
        let person = |number: usize| Lookup::Person(format!("U{number}").as_str().into());
        for number in 0..MOST {
            assert!(looked_up.begin(&person(number), from_ms(0), from_ms(1)));
        }
        assert!(!looked_up.begin(&person(MOST), from_ms(0), from_ms(1)));
        assert!(looked_up.begin(&person(MOST), from_ms(2), from_ms(3)));
        assert_eq!(looked_up.lock().len(), 1);
    }
}
