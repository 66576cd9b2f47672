//! The meaning of Slack's errors, the same for all methods.

/// Why Slack refuses a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The token is invalid or the workspace is closed: every other call would be refused as well.
    Token,
    /// One of the people cannot be reached; others may be.
    Person,
    /// The conversation is closed to the bot.
    Conversation(Shut),
    /// The message to change is gone, or too old to be changed.
    MessageGone,
    /// A `response_url`, a trigger or a view has expired, so the person no longer waits for the answer.
    Expired,
    /// Slack itself does not know how far the call came.
    Unclear,
    /// It will be refused again, for a reason of its own.
    Other,
}

/// How a conversation is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shut {
    /// The bot is not in it, or it is hidden from the bot.
    NotIn,
    Archived,
    /// Only some people may post there.
    Restricted,
}

impl Refusal {
    /// Returns the meaning of Slack's error.
    pub fn of(error: &str) -> Refusal {
        match error {
            _ if is_bad_token(error) => Refusal::Token,
            "org_login_required" | "team_access_not_granted" => Refusal::Token,
            "user_disabled"
            | "user_not_found"
            | "users_not_found"
            | "user_not_visible"
            | "user_not_in_channel"
            | "not_enough_users"
            | "cannot_dm_bot" => Refusal::Person,
            "not_in_channel" | "channel_not_found" => Refusal::Conversation(Shut::NotIn),
            "is_archived" | "is_inactive" => Refusal::Conversation(Shut::Archived),
            "no_permission" | "posting_to_general_channel_denied" => Refusal::Conversation(Shut::Restricted),
            _ if error.starts_with("restricted_action") => Refusal::Conversation(Shut::Restricted),
            "message_not_found"
            | "thread_not_found"
            | "cant_update_message"
            | "cant_delete_message"
            | "edit_window_closed" => Refusal::MessageGone,
            // A `response_url` says by its status alone that its conversation is gone. A view that does not exist was
            // closed.
            "expired_url"
            | "used_url"
            | "http_404"
            | "http_410"
            | "expired_trigger_id"
            | "exchanged_trigger_id"
            | "not_found" => Refusal::Expired,
            "internal_error"
            | "fatal_error"
            | "request_timeout"
            | "service_unavailable"
            | "team_added_to_org"
            | "accesslimited" => Refusal::Unclear,
            _ => Refusal::Other,
        }
    }
}

/// Whether trying again with the same token would not help.
pub fn is_bad_token(error: &str) -> bool {
    matches!(
        error,
        "invalid_auth"
            | "not_authed"
            | "account_inactive"
            | "token_revoked"
            | "token_expired"
            | "not_allowed_token_type"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_of_slacks_means_one_thing() {
        for (error, meaning) in [
            ("token_revoked", Refusal::Token),
            ("org_login_required", Refusal::Token),
            ("user_disabled", Refusal::Person),
            ("not_in_channel", Refusal::Conversation(Shut::NotIn)),
            ("is_archived", Refusal::Conversation(Shut::Archived)),
            ("restricted_action_read_only_channel", Refusal::Conversation(Shut::Restricted)),
            ("edit_window_closed", Refusal::MessageGone),
            ("used_url", Refusal::Expired),
            ("exchanged_trigger_id", Refusal::Expired),
            ("not_found", Refusal::Expired),
            ("user_not_in_channel", Refusal::Person),
            ("thread_not_found", Refusal::MessageGone),
            ("hash_conflict", Refusal::Other),
            ("fatal_error", Refusal::Unclear),
            ("invalid_blocks", Refusal::Other),
            ("", Refusal::Other),
        ] {
            assert_eq!(Refusal::of(error), meaning, "{error}");
        }
    }
}
