//! The answer of a jump to what happens next: what was passed, what was reached, and what came with it.

use serde_json::{Value, json};

use super::shown::shown_next;
use crate::types::schedule::{Jump, NextThing};
use crate::workspace::World;

impl World {
    /// Returns how a jump went, with the newest message of it that this person can read.
    pub(super) fn shown_jump(&self, jump: Option<&Jump>, user: &str) -> Value {
        let passed: Vec<Value> = jump.iter().flat_map(|jump| &jump.passed).map(shown_next).collect();
        json!({
            "now_ms": self.now_ms(),
            "next": jump.map(|jump| shown_next(&jump.reached)),
            "passed": passed,
            "brings": jump.is_some_and(|jump| jump.brings),
            "message": jump.and_then(|jump| self.newest_of(&jump.reached, user)),
            "hurried": jump.is_some_and(|jump| jump.trip.hurried),
        })
    }

    /// Returns where the newest message is that an app has written or changed since a thing was due, among those that this person can
    /// read: in the thing's own conversation, if there is one, and otherwise anywhere.
    fn newest_of(&self, thing: &NextThing, user: &str) -> Option<Value> {
        let posts = self.wire.written_from(thing.at_ms).filter_map(|call| {
            let place = self.channels.get(call.answer["channel"].as_str()?)?;
            let post = place.post(call.answer["ts"].as_str()?)?;
            let is_theirs = post.ephemeral_to.as_ref().is_none_or(|only| only == user);
            (place.is_open_to(user) && is_theirs).then_some((place, post))
        });
        let (place, post) =
            posts.max_by_key(|(place, post)| (thing.place.as_ref() == Some(&place.id), &post.ts))?;
        Some(json!({
            "channel": place.id, "ts": post.ts, "thread_ts": post.thread_ts, "in_channel": post.is_in_channel(),
        }))
    }
}
