//! The kinds of calls to Slack, each of which Slack counts by itself.

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
    /// `conversations.open`, before a group is written to, and before a DM is looked through.
    Open,
    /// `conversations.history`, for a post whose answer was lost.
    Look,
    /// `conversations.replies`, for the same in a thread. Slack counts it apart.
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
    /// Every kind.
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

    /// Those by which effects are done, and looked for.
    pub fn of_effects() -> impl Iterator<Item = CallKind> {
        CallKind::ALL.into_iter().filter(|kind| !kind.is_reading())
    }

    /// Whether it only reads who and what is in the workspace.
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

    /// Its one stored form.
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

    /// Whether it may be made again without anybody noticing: it brings about a state, which is then so twice.
    pub fn is_repeatable(self) -> bool {
        !matches!(self, CallKind::Post | CallKind::Ephemeral | CallKind::Respond)
    }

    /// Whether Slack takes it without the bot's token.
    pub fn needs_no_token(self) -> bool {
        self == CallKind::Respond
    }
}
