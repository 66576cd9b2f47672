//! What an installed app is given.

/// The ids and secrets of an installed app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Install {
    /// `xoxb-…`, for the Web API.
    pub bot_token: String,
    /// `xapp-…`, for Socket Mode.
    pub app_token: String,
    /// The key that signs requests to the app.
    pub signing_secret: String,
    pub app_id: String,
    /// The bot's id in messages.
    pub bot_id: String,
    /// The bot's id as a member of the workspace.
    pub bot_user_id: String,
}
