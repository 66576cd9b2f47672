//! What each Web API method needs: the kind of token, the scopes, the tier, and whether it reads JSON.

use crate::limits::{POSTING, TIER_2, TIER_3, TIER_4, Tier};

/// The token a method takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Token {
    /// None is asked for.
    None,
    /// `xoxb-`.
    Bot,
    /// `xapp-`.
    App,
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Method {
    pub(crate) name: &'static str,
    pub(crate) token: Token,
    /// Any one of these will do; the method itself may ask for more, by kind of conversation.
    pub(crate) scopes: &'static [&'static str],
    pub(crate) tier: Tier,
    /// Methods that only read take forms and queries; they do not see a JSON body at all.
    pub(crate) reads_json: bool,
}

const READ_CONVERSATION: &[&str] = &["channels:read", "groups:read", "im:read", "mpim:read"];
const READ_HISTORY: &[&str] = &["channels:history", "groups:history", "im:history", "mpim:history"];

const fn write(name: &'static str, scopes: &'static [&'static str], tier: Tier) -> Method {
    Method { name, token: Token::Bot, scopes, tier, reads_json: true }
}

const fn read(name: &'static str, scopes: &'static [&'static str], tier: Tier) -> Method {
    Method { name, token: Token::Bot, scopes, tier, reads_json: false }
}

/// Every method there is.
pub(crate) const METHODS: &[Method] = &[
    Method { name: "api.test", token: Token::None, scopes: &[], tier: Tier::Special, reads_json: true },
    Method {
        name: "apps.connections.open",
        token: Token::App,
        scopes: &["connections:write"],
        tier: TIER_3,
        reads_json: true,
    },
    write("auth.test", &[], Tier::Special),
    read("bots.info", &["users:read"], TIER_3),
    write("chat.postMessage", &["chat:write"], POSTING),
    write("chat.postEphemeral", &["chat:write"], TIER_4),
    write("chat.update", &["chat:write"], TIER_3),
    write("chat.delete", &["chat:write"], TIER_3),
    read("chat.getPermalink", &[], Tier::Special),
    write("conversations.open", &["im:write", "mpim:write"], TIER_3),
    write("conversations.join", &["channels:join"], TIER_3),
    write(
        "conversations.setTopic",
        &["channels:manage", "channels:write.topic", "groups:write", "groups:write.topic"],
        TIER_2,
    ),
    read("conversations.info", READ_CONVERSATION, TIER_3),
    read("conversations.list", READ_CONVERSATION, TIER_2),
    read("conversations.members", READ_CONVERSATION, TIER_4),
    read("conversations.history", READ_HISTORY, TIER_3),
    read("conversations.replies", READ_HISTORY, TIER_3),
    read("files.getUploadURLExternal", &["files:write"], TIER_4),
    write("files.completeUploadExternal", &["files:write"], TIER_4),
    write("pins.add", &["pins:write"], TIER_2),
    write("reactions.add", &["reactions:write"], TIER_3),
    read("reactions.get", &["reactions:read"], TIER_3),
    read("team.info", &["team:read"], TIER_3),
    read("usergroups.list", &["usergroups:read"], TIER_2),
    read("usergroups.users.list", &["usergroups:read"], TIER_2),
    write("usergroups.users.update", &["usergroups:write"], TIER_2),
    read("users.conversations", READ_CONVERSATION, TIER_2),
    read("users.info", &["users:read"], TIER_4),
    read("users.list", &["users:read"], TIER_2),
    read("users.profile.get", &["users.profile:read"], TIER_4),
    write("views.open", &[], TIER_4),
    write("views.push", &[], TIER_4),
    write("views.update", &[], TIER_4),
    write("views.publish", &[], TIER_4),
];

/// The row of a method.
pub(crate) fn method(name: &str) -> Option<&'static Method> {
    METHODS.iter().find(|method| method.name == name)
}

/// What an app must hold to be sent an event; `None` for an event this workspace does not know.
pub(crate) fn event_scopes(event: &str) -> Option<&'static [&'static str]> {
    Some(match event {
        "app_home_opened" | "app_uninstalled" | "tokens_revoked" => &[],
        "app_mention" => &["app_mentions:read"],
        "message.channels" => &["channels:history"],
        "message.groups" => &["groups:history"],
        "message.im" => &["im:history"],
        "message.mpim" => &["mpim:history"],
        "channel_archive" | "channel_created" | "channel_deleted" | "channel_rename"
        | "channel_unarchive" | "channel_left" => &["channels:read"],
        "group_archive" | "group_rename" | "group_unarchive" | "group_left" | "group_deleted" => {
            &["groups:read"]
        }
        "member_joined_channel" | "member_left_channel" => &["channels:read", "groups:read"],
        "reaction_added" | "reaction_removed" => &["reactions:read"],
        "subteam_created" | "subteam_members_changed" | "subteam_updated" => &["usergroups:read"],
        "team_join" | "user_change" => &["users:read"],
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::METHODS;

    #[test]
    fn the_readme_names_every_method() {
        let readme = include_str!("../README.md");
        for method in METHODS {
            assert!(readme.contains(&format!("`{}`", method.name)), "{}", method.name);
        }
    }
}
