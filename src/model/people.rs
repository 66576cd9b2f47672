//! Who is who: ids as Slack gives them, and what the directory knows of a person.

use std::fmt;

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

macro_rules! slack_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl $name {
            /// The id as Slack writes it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(id: &str) -> $name {
                $name(id.to_owned())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

slack_id!(
    /// A workspace (`T…`).
    TeamId
);
slack_id!(
    /// A person or a bot (`U…` or `W…`).
    UserId
);
/// How the pseudonyms begin that take the place of erased people. No id of Slack's does.
pub const PSEUDONYM: &str = "erased-";

impl UserId {
    /// Whether this stands for an erased person rather than for one whom Slack knows.
    pub fn is_pseudonym(&self) -> bool {
        self.0.starts_with(PSEUDONYM)
    }
}

slack_id!(
    /// A channel, group DM or DM (`C…`, `G…`, `D…`).
    ChannelId
);
slack_id!(
    /// A user group (`S…`).
    GroupId
);

/// What somebody is in the workspace, as far as rituals care.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PersonKind {
    /// A full member.
    #[serde(rename = "member")]
    Member,
    /// A guest, of one channel or several.
    #[serde(rename = "guest")]
    Guest,
    /// A bot or Slackbot.
    #[serde(rename = "bot")]
    Bot,
    /// Somebody of another workspace, met in a shared channel.
    #[serde(rename = "stranger")]
    Stranger,
}

impl PersonKind {
    /// The word the store keeps.
    pub fn as_str(self) -> &'static str {
        match self {
            PersonKind::Member => "member",
            PersonKind::Guest => "guest",
            PersonKind::Bot => "bot",
            PersonKind::Stranger => "stranger",
        }
    }

    /// Reads the store's word; what is unknown counts as a member, who is refused nothing.
    pub fn parse(word: &str) -> PersonKind {
        match word {
            "guest" => PersonKind::Guest,
            "bot" => PersonKind::Bot,
            "stranger" => PersonKind::Stranger,
            _ => PersonKind::Member,
        }
    }
}

/// What the directory knows of one person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Their id.
    pub id: UserId,
    /// The name they chose to be shown by.
    pub name: String,
    /// Their IANA zone, as a name, because an offset changes with the seasons; `None` where their profile has none that is
    /// known here.
    pub zone: Option<Tz>,
    /// What they are here.
    pub kind: PersonKind,
    /// Whether their account is switched off.
    pub deactivated: bool,
    /// Whether they look after the workspace, as its admin or owner.
    pub admin: bool,
}

/// What the directory knows of a channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChannelState {
    /// The bot is in it, and its members were read.
    Open {
        /// Without `#`.
        name: String,
    },
    /// Slack has said that the bot cannot work there.
    Closed(Closed),
    /// It was not read yet, or not since something happened to it.
    Unread {
        /// Slack's error, where Slack refuses to say more.
        refused: Option<String>,
    },
}

/// Why the bot cannot work in a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Closed {
    /// The bot is not in it: never invited, removed, or the channel is deleted.
    #[serde(rename = "not_in")]
    NotIn,
    /// It is archived.
    #[serde(rename = "archived")]
    Archived,
    /// It is a DM or a group DM.
    #[serde(rename = "direct")]
    Direct,
}

impl Closed {
    /// The word the store keeps.
    pub fn as_str(self) -> &'static str {
        match self {
            Closed::NotIn => "not_in",
            Closed::Archived => "archived",
            Closed::Direct => "direct",
        }
    }

    /// Reads the store's word.
    pub fn parse(word: &str) -> Option<Closed> {
        [Closed::NotIn, Closed::Archived, Closed::Direct].into_iter().find(|closed| closed.as_str() == word)
    }
}

/// One mention in what somebody typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mention {
    /// `<@U123>` or `<@U123|name>`.
    Person(UserId),
    /// `<!subteam^S123>` or `<!subteam^S123|@name>`; the handle without `@` where it was given.
    Group(GroupId, Option<String>),
    /// `<!channel>`, `<!here>`, `<!everyone>`: the word.
    Crowd(String),
}
