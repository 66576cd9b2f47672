//! Anonymous events: nothing is recorded of them, and their replies go out without the store.

use super::{Dispatch, post};
use crate::{
    engine::reply_route::ReplyRoute,
    model::{
        event::{Event, Reply},
        message::Message,
    },
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
            (ReplyRoute::Action { response_url: Some(url), .. }, Reply::Ephemeral(message)) => {
                self.respond_behind(url, message, false)
            }
            (ReplyRoute::Action { response_url: Some(url), .. }, Reply::Replace(message)) => {
                self.respond_behind(url, message, true)
            }
            (reply_route, reply) => self.show_behind(reply_route, reply),
        }
    }

    /// Answers at a `response_url` in a task of its own; `replaces` says whether in place of the message that held the button.
    fn respond_behind(&self, url: String, message: Message, replaces: bool) -> Reply {
        let slack = self.engine.slack.clone();
        self.engine.behind.spawn(async move { post(&slack, &url, &message, replaces).await });
        Reply::Nothing
    }
}
