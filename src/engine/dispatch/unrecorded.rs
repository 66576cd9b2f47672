//! Anonymous events: nothing is recorded of them, and their replies go out without the store.

use super::{Dispatch, post};
use crate::{
    engine::reply_route::ReplyRoute,
    model::event::{Event, Reply},
};

impl Dispatch {
    /// Whether nothing may be recorded of an event.
    pub(super) fn is_anonymous(&self, event: &Event) -> bool {
        let Some(action) = event.action() else { return false };
        self.owner(action).is_some_and(|ritual| ritual.is_anonymous(action))
    }

    /// Makes the call that a reply asks for in a task of its own, and returns what is left to acknowledge. A message behind a
    /// button is posted at its `response_url`.
    pub(super) fn post_behind(&self, reply_route: ReplyRoute, reply: Reply) -> Reply {
        match (reply_route, reply) {
            (
                ReplyRoute::Action { response_url: Some(url), .. },
                Reply::Ephemeral(message) | Reply::Replace(message),
            ) => {
                let slack = self.engine.slack.clone();
                tokio::spawn(async move { post(&slack, &url, &message).await });
                Reply::Nothing
            }
            (reply_route, reply) => self.show_behind(reply_route, reply),
        }
    }
}
