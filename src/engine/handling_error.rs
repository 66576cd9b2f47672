//! What a person reads when a delivery could not be handled, and how it reaches them.

use std::{collections::BTreeMap, time::Duration};

use super::{messages, reply_route::ReplyRoute};
use crate::{
    model::{event::Reply, failure::Failure, message::Message},
    slack::Handled,
    store::StoreError,
};

/// How long a person waits for an acknowledgement. Slack's own limit is 3 s.
pub const DEADLINE: Duration = Duration::from_millis(2_500);

/// Why a delivery was not handled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HandlingError {
    /// The store refused the write, and stored nothing.
    NotSaved,
    /// The store may have stored the write.
    Unknown,
    /// The handling takes longer than the deadline, and goes on.
    Late,
    /// The program is at fault.
    Broken,
}

impl HandlingError {
    /// Logs a failure. Only an error of the store that rules a commit out proves that nothing was done, and only while
    /// the delivery has committed nothing.
    pub fn of(failure: &Failure, is_committed: bool) -> HandlingError {
        match failure {
            Failure::Retry(cause) => {
                tracing::warn!(error = format!("{cause:#}"), "a delivery could not be saved");
                match cause.downcast_ref::<StoreError>() {
                    None | Some(StoreError::OutcomeUnknown) => HandlingError::Unknown,
                    Some(_) if is_committed => HandlingError::Unknown,
                    Some(_) => HandlingError::NotSaved,
                }
            }
            Failure::Fail(cause) => {
                tracing::error!(error = format!("{cause:#}"), "a delivery could not be handled");
                HandlingError::Broken
            }
            Failure::Refuse(_) | Failure::Later(_) => HandlingError::Broken,
        }
    }

    /// Returns a fixed word for the metrics.
    pub fn why(self) -> &'static str {
        match self {
            HandlingError::NotSaved => "retry",
            HandlingError::Unknown => "unknown",
            HandlingError::Late => "late",
            HandlingError::Broken => "fail",
        }
    }

    pub fn words(self) -> &'static str {
        match self {
            HandlingError::NotSaved => messages::NOT_SAVED,
            HandlingError::Unknown => messages::PERHAPS_SAVED,
            HandlingError::Late => messages::STILL_SAVING,
            HandlingError::Broken => messages::BROKEN,
        }
    }

    /// Returns the acknowledgement, and the `response_url` for the words that it cannot carry. Without both the
    /// delivery is [`Handled::Busy`], so that Slack sends it again or shows its own warning.
    pub fn acknowledge(self, reply_route: &ReplyRoute) -> (Handled, Option<String>) {
        match reply_route {
            ReplyRoute::Command { .. } => {
                (Handled::Reply(Reply::Ephemeral(Message::new(self.words()))), None)
            }
            ReplyRoute::Action { response_url: Some(url), .. } => {
                (Handled::Reply(Reply::Nothing), Some(url.clone()))
            }
            ReplyRoute::Form { first_field: Some(field), .. } => {
                let errors = BTreeMap::from([(field.clone(), self.words().to_owned())]);
                (Handled::Reply(Reply::Errors(errors)), None)
            }
            ReplyRoute::Action { response_url: None, .. }
            | ReplyRoute::Form { first_field: None, .. }
            | ReplyRoute::None => (Handled::Busy, None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [HandlingError; 4] =
        [HandlingError::NotSaved, HandlingError::Unknown, HandlingError::Late, HandlingError::Broken];

    #[test]
    fn only_a_proven_refusal_says_that_nothing_was_done() {
        let of = |error: StoreError, is_committed| HandlingError::of(&Failure::from(error), is_committed);
        assert_eq!(of(StoreError::Full, false), HandlingError::NotSaved);
        assert_eq!(of(StoreError::Full, true), HandlingError::Unknown);
        assert_eq!(of(StoreError::OutcomeUnknown, false), HandlingError::Unknown);
        for problem in ALL {
            assert_eq!(problem.words().contains("nothing was done"), problem == HandlingError::NotSaved);
        }
    }

    #[test]
    fn a_person_always_hears_of_trouble() {
        let (user, trigger) = (|| "U1".into(), String::new);
        let url = Some("https://hooks.example/1".to_owned());
        for problem in ALL {
            let command = ReplyRoute::Command { user: user(), trigger: trigger(), response_url: None };
            let said = Handled::Reply(Reply::Ephemeral(Message::new(problem.words())));
            assert_eq!(problem.acknowledge(&command), (said, None));
            let button = ReplyRoute::Action {
                user: user(),
                trigger: trigger(),
                response_url: url.clone(),
                view: None,
            };
            assert_eq!(problem.acknowledge(&button), (Handled::Reply(Reply::Nothing), url.clone()));
            let form = ReplyRoute::Form { user: user(), first_field: Some("people".to_owned()), view: None };
            let (form, _) = problem.acknowledge(&form);
            assert!(matches!(form, Handled::Reply(Reply::Errors(errors)) if errors.contains_key("people")));
            assert_eq!(problem.acknowledge(&ReplyRoute::None), (Handled::Busy, None));
        }
    }
}
