//! Modals and the Home.

use slack_morphism::api::{
    SlackApiViewsOpenRequest, SlackApiViewsPublishRequest, SlackApiViewsPushRequest,
    SlackApiViewsUpdateRequest,
};

use super::{
    super::{blocks, responses},
    CallError, Slack,
};
use crate::model::{
    event::Reply,
    message::{Home, Modal},
    people::UserId,
};

/// A view that Slack shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownView {
    /// Slack's id of it, by which it is changed.
    pub view: String,
    /// Its version. Given with a change, it keeps a later version from being overwritten; empty where Slack does not
    /// say.
    pub hash: String,
}

impl Slack {
    /// Opens a modal for the person with this trigger.
    pub async fn open_view(&self, trigger: &str, modal: &Modal) -> Result<ShownView, CallError> {
        let request = SlackApiViewsOpenRequest::new(trigger.into(), blocks::view(modal));
        self.shows("views.open", &request).await
    }

    /// Pushes a modal onto the one that the trigger's button is in. Slack takes three at most.
    pub async fn push_view(&self, trigger: &str, modal: &Modal) -> Result<ShownView, CallError> {
        let request = SlackApiViewsPushRequest::new(trigger.into(), blocks::view(modal));
        self.shows("views.push", &request).await
    }

    /// Changes an open modal. With a hash, Slack refuses (`hash_conflict`) if the view is no longer that version.
    pub async fn update_view(
        &self,
        view: &str,
        hash: Option<&str>,
        modal: &Modal,
    ) -> Result<ShownView, CallError> {
        let request = SlackApiViewsUpdateRequest::new(blocks::view(modal))
            .with_view_id(view.into())
            .opt_hash(hash.map(str::to_owned));
        self.shows("views.update", &request).await
    }

    /// Makes the call that a reply to a command, a button or a shortcut asks for: opens a modal, pushes it, or updates
    /// the `view` that holds the button. Returns `None` if the reply asks for no call.
    pub async fn shows_reply(
        &self,
        reply: &Reply,
        trigger: &str,
        view: Option<&str>,
    ) -> Option<Result<ShownView, CallError>> {
        match (reply, view) {
            (Reply::Push(modal), Some(_)) => Some(self.push_view(trigger, modal).await),
            (Reply::Update(modal), Some(view)) => Some(self.update_view(view, None, modal).await),
            // Behind a command there is no modal to push onto.
            (Reply::Open(modal) | Reply::Push(modal) | Reply::Update(modal), _) => {
                Some(self.open_view(trigger, modal).await)
            }
            _ => None,
        }
    }

    /// Publishes a person's Home. A hash works as in [`Slack::update_view`].
    pub async fn publish_home(
        &self,
        user: &UserId,
        hash: Option<&str>,
        home: &Home,
    ) -> Result<ShownView, CallError> {
        let request = SlackApiViewsPublishRequest::new(user.as_str().into(), blocks::home(home))
            .opt_hash(hash.map(str::to_owned));
        self.shows("views.publish", &request).await
    }

    async fn shows<Q: serde::Serialize + Send + Sync>(
        &self,
        method: &'static str,
        request: &Q,
    ) -> Result<ShownView, CallError> {
        let shown: responses::ViewResponse = self.call(method, request).await?;
        Ok(ShownView { view: shown.view.id, hash: shown.view.hash })
    }
}
