//! The kinds of calls to Slack; Slack has a rate limit for each.

/// A kind of call to Slack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CallKind {
    /// `chat.postMessage`.
    Post,
    /// `chat.update`.
    Update,
    /// `chat.delete`.
    Delete,
    /// `chat.postEphemeral`.
    Ephemeral,
    /// A `response_url`.
    Respond,
    /// `conversations.open`, before a post to a group, and before a search in a DM.
    Open,
    /// `conversations.history`, for a post whose answer was lost.
    Look,
    /// `conversations.replies`, for the same in a thread. It has a rate limit of its own.
    LookInThread,
    /// `views.publish`.
    PublishHome,
    /// `views.update`.
    UpdateView,
    /// `conversations.setTopic`.
    SetTopic,
    /// `usergroups.users.update`.
    SetGroupMembers,
    /// `pins.add`.
    Pin,
    /// `conversations.join`.
    Join,
    /// `users.list`.
    People,
    /// `users.info`.
    Person,
    /// `users.conversations`.
    Channels,
    /// `conversations.info`.
    Info,
    /// `conversations.members`.
    Members,
    /// `usergroups.list`.
    Groups,
}

impl CallKind {
    pub const ALL: [CallKind; 20] = [
        CallKind::Post,
        CallKind::Update,
        CallKind::Delete,
        CallKind::Ephemeral,
        CallKind::Respond,
        CallKind::Open,
        CallKind::Look,
        CallKind::LookInThread,
        CallKind::PublishHome,
        CallKind::UpdateView,
        CallKind::SetTopic,
        CallKind::SetGroupMembers,
        CallKind::Pin,
        CallKind::Join,
        CallKind::People,
        CallKind::Person,
        CallKind::Channels,
        CallKind::Info,
        CallKind::Members,
        CallKind::Groups,
    ];

    /// Returns the kinds by which effects are done, and searched for.
    pub fn of_effects() -> impl Iterator<Item = CallKind> {
        CallKind::ALL.into_iter().filter(|kind| !kind.is_reading())
    }

    /// Whether it only reads the workspace's people and channels.
    fn is_reading(self) -> bool {
        matches!(
            self,
            CallKind::People
                | CallKind::Person
                | CallKind::Channels
                | CallKind::Info
                | CallKind::Members
                | CallKind::Groups
        )
    }

    /// Returns its one stored form.
    pub fn as_str(self) -> &'static str {
        match self {
            CallKind::Post => "post",
            CallKind::Update => "update",
            CallKind::Delete => "delete",
            CallKind::Ephemeral => "ephemeral",
            CallKind::Respond => "respond",
            CallKind::Open => "open",
            CallKind::Look => "look",
            CallKind::LookInThread => "look_in_thread",
            CallKind::PublishHome => "publish_home",
            CallKind::UpdateView => "update_view",
            CallKind::SetTopic => "set_topic",
            CallKind::SetGroupMembers => "set_group_members",
            CallKind::Pin => "pin",
            CallKind::Join => "join",
            CallKind::People => "people",
            CallKind::Person => "person",
            CallKind::Channels => "channels",
            CallKind::Info => "info",
            CallKind::Members => "members",
            CallKind::Groups => "groups",
        }
    }

    /// Whether it may be repeated without anyone noticing: it sets a state, which a repetition sets again.
    pub fn is_repeatable(self) -> bool {
        !matches!(self, CallKind::Post | CallKind::Ephemeral | CallKind::Respond)
    }

    /// Whether Slack takes it without the bot's token.
    pub fn needs_no_token(self) -> bool {
        self == CallKind::Respond
    }
}
