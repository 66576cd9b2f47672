//! The requirements of each Web API method: kind of token, scopes, tier, and whether it reads JSON.

use crate::base::limits::{POSTING, TIER_2, TIER_3, TIER_4, Tier};

/// The token a method takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Token {
    /// No token.
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
    /// Any one of these is enough; the method itself may ask for more, by kind of conversation.
    pub(crate) scopes: &'static [&'static str],
    pub(crate) tier: Tier,
    /// Methods that only read take forms and queries and ignore a JSON body.
    pub(crate) reads_json: bool,
    /// What of Slack's method is missing here, for the README.
    pub(crate) left_out: &'static str,
}

const READ_CONVERSATION: &[&str] = &["channels:read", "groups:read", "im:read", "mpim:read"];
const READ_HISTORY: &[&str] = &["channels:history", "groups:history", "im:history", "mpim:history"];

const fn write(
    name: &'static str,
    scopes: &'static [&'static str],
    tier: Tier,
    left_out: &'static str,
) -> Method {
    Method { name, token: Token::Bot, scopes, tier, reads_json: true, left_out }
}

const fn read(
    name: &'static str,
    scopes: &'static [&'static str],
    tier: Tier,
    left_out: &'static str,
) -> Method {
    Method { name, token: Token::Bot, scopes, tier, reads_json: false, left_out }
}

/// All methods.
pub(crate) const METHODS: &[Method] = &[
    Method {
        name: "api.test",
        token: Token::None,
        scopes: &[],
        tier: Tier::Special,
        reads_json: true,
        left_out: "`error` and `foo` are given back like any argument, and refuse nothing",
    },
    Method {
        name: "apps.connections.open",
        token: Token::App,
        scopes: &["connections:write"],
        tier: TIER_3,
        reads_json: true,
        left_out: "",
    },
    write("auth.test", &[], Tier::Special, ""),
    read("bots.info", &["users:read"], TIER_3, "installed apps only; no icons"),
    write(
        "chat.postMessage",
        &["chat:write"],
        POSTING,
        "`username`, `icon_*`, `parse`, `link_names`, `mrkdwn`, `markdown_text` and unfurling are not looked at; buttons of the older kind do nothing",
    ),
    write(
        "chat.postEphemeral",
        &["chat:write"],
        TIER_4,
        "as `chat.postMessage`; it stays for a day, whether the client is closed or not",
    ),
    write(
        "chat.update",
        &["chat:write"],
        TIER_3,
        "`link_names`, `parse`, `reply_broadcast`, `file_ids`, `markdown_text` are not looked at",
    ),
    write("chat.delete", &["chat:write"], TIER_3, "`as_user`: the bot deletes its own messages only"),
    read("chat.getPermalink", &[], Tier::Special, "the link leads nowhere; no `thread_ts` in it"),
    write(
        "conversations.create",
        &["channels:manage", "groups:write"],
        TIER_2,
        "`team_id`; no message in the channel says so",
    ),
    write("conversations.open", &["im:write", "mpim:write"], TIER_3, "`prevent_creation`"),
    write("conversations.join", &["channels:join"], TIER_3, "the channel by id only"),
    write(
        "conversations.setTopic",
        &["channels:manage", "channels:write.topic", "groups:write", "groups:write.topic"],
        TIER_2,
        "no message in the channel says so, and no event",
    ),
    read(
        "conversations.info",
        READ_CONVERSATION,
        TIER_3,
        "`include_locale`; an empty `purpose`, no `last_read`",
    ),
    read("conversations.list", READ_CONVERSATION, TIER_2, "`team_id`"),
    read("conversations.members", READ_CONVERSATION, TIER_4, ""),
    read("conversations.history", READ_HISTORY, TIER_3, "no joins and leaves among the messages"),
    read("conversations.replies", READ_HISTORY, TIER_3, ""),
    read("files.getUploadURLExternal", &["files:write"], TIER_4, "`snippet_type`"),
    write(
        "files.completeUploadExternal",
        &["files:write"],
        TIER_4,
        "`blocks`, `channels`; one channel by `channel_id`",
    ),
    read(
        "files.list",
        &["files:read"],
        TIER_3,
        "`types`, `team_id`, `show_files_hidden_by_limit`; no `ims`, no `groups`: all are in `channels`",
    ),
    write("files.delete", &["files:write"], TIER_3, "the app's own files only; no event"),
    write("pins.add", &["pins:write"], TIER_2, "no event; there is no `pins.list`"),
    write("reactions.add", &["reactions:write"], TIER_3, "messages only; any name is an emoji"),
    write("reactions.remove", &["reactions:write"], TIER_3, "messages only"),
    read("reactions.get", &["reactions:read"], TIER_3, "messages only; `full`"),
    read("team.info", &["team:read"], TIER_3, "`team`, `domain`; no icon"),
    read(
        "usergroups.list",
        &["usergroups:read"],
        TIER_2,
        "`include_count`, `team_id`; groups have no channels of their own",
    ),
    read("usergroups.users.list", &["usergroups:read"], TIER_2, "`include_disabled`"),
    write(
        "usergroups.users.update",
        &["usergroups:write"],
        TIER_2,
        "`include_count`, `team_id`, `is_shared`",
    ),
    read("users.conversations", READ_CONVERSATION, TIER_2, "`team_id`"),
    read("users.info", &["users:read"], TIER_4, "`include_locale`; no pictures, no status"),
    read("users.list", &["users:read"], TIER_2, "`include_locale`, `team_id`"),
    read(
        "users.profile.get",
        &["users.profile:read"],
        TIER_4,
        "`include_labels`; one custom field, the department",
    ),
    write("views.open", &[], TIER_4, ""),
    write("views.push", &[], TIER_4, ""),
    write("views.update", &[], TIER_4, ""),
    write("views.publish", &[], TIER_4, "one Home is shown: that of the app that published last"),
];

/// Returns the row of a method.
pub(crate) fn method(name: &str) -> Option<&'static Method> {
    METHODS.iter().find(|method| method.name == name)
}

/// Returns the scopes of a method in the README's words.
fn scopes(method: &Method) -> String {
    let named: Vec<String> = method.scopes.iter().map(|scope| format!("`{scope}`")).collect();
    match (method.token, named.as_slice()) {
        (Token::None, _) => "no token".to_owned(),
        (Token::Bot, []) => "none".to_owned(),
        (Token::App, _) => format!("{}, app-level", named.join(" or ")),
        (Token::Bot, _) => named.join(" or "),
    }
}

fn pace(tier: Tier) -> String {
    match tier {
        Tier::PerMinute(calls) => format!("{calls} a minute"),
        Tier::Posting { burst, workspace } => {
            format!("1 a second and channel, {burst} at once; {workspace} a minute in all")
        }
        Tier::Special => "no limit".to_owned(),
    }
}

/// Returns all methods with their requirements and gaps, as a table in Markdown.
pub fn method_table() -> String {
    let head = "| method | scope | pace | takes JSON | left out |\n|---|---|---|---|---|\n".to_owned();
    METHODS.iter().fold(head, |table, method| {
        let json = if method.reads_json { "yes" } else { "no" };
        let row = [&format!("`{}`", method.name), &scopes(method), &pace(method.tier), json, method.left_out];
        format!("{table}| {} |\n", row.map(str::trim).join(" | "))
    })
}

/// Returns the scopes that an app needs to get an event; `None` for an unknown event.
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
        "group_archive" | "group_rename" | "group_unarchive" | "group_left" | "group_deleted"
        | "channel_id_changed" => &["groups:read"],
        "member_joined_channel" | "member_left_channel" => &["channels:read", "groups:read"],
        "reaction_added" | "reaction_removed" => &["reactions:read"],
        "subteam_created" | "subteam_members_changed" | "subteam_updated" => &["usergroups:read"],
        "team_join" | "user_change" => &["users:read"],
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::method_table;

    #[test]
    fn the_readme_lists_every_method() {
        let readme = include_str!("../../README.md");
        let (_, rest) = readme.split_once("<!-- methods -->\n").expect("the README marks its table");
        let (told, _) = rest.split_once("<!-- /methods -->").expect("and the table's end");
        let expected = method_table();
        assert_eq!(told, expected, "write this between the marks in README.md:\n{expected}");
    }
}
