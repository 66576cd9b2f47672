//! People, channels and groups: Slack's ids, and what the directory knows.

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
            /// Returns the id as Slack writes it.
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
/// The beginning of the pseudonyms that replace erased people. No id of Slack's begins so.
pub const PSEUDONYM: &str = "erased-";

/// The name of erased people, where names stand.
pub const SOMEONE: &str = "someone";

impl UserId {
    /// Whether this is the pseudonym of an erased person.
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

/// The kinds of people that rituals tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PersonKind {
    #[serde(rename = "member")]
    Member,
    /// A guest, of one channel or several.
    #[serde(rename = "guest")]
    Guest,
    /// A bot or Slackbot.
    #[serde(rename = "bot")]
    Bot,
    /// A person of another workspace, in a shared channel.
    #[serde(rename = "stranger")]
    Stranger,
}

impl PersonKind {
    /// Returns the stored word.
    pub fn as_str(self) -> &'static str {
        match self {
            PersonKind::Member => "member",
            PersonKind::Guest => "guest",
            PersonKind::Bot => "bot",
            PersonKind::Stranger => "stranger",
        }
    }

    /// Reads the stored word; an unknown one counts as a member, who is refused nothing.
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
    pub id: UserId,
    /// The name they chose to be shown by.
    pub name: String,
    /// Their IANA zone, as a name, because an offset changes with the seasons; `None` if their profile has none that is
    /// known here.
    pub zone: Option<Tz>,
    pub kind: PersonKind,
    /// Whether their account is deactivated.
    pub deactivated: bool,
    /// Whether they administer the workspace, as its admin or owner.
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
    /// It was not read yet, or not since it changed.
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
    #[serde(rename = "archived")]
    Archived,
    /// It is a DM or a group DM.
    #[serde(rename = "direct")]
    Direct,
}

impl Closed {
    /// Returns the stored word.
    pub fn as_str(self) -> &'static str {
        match self {
            Closed::NotIn => "not_in",
            Closed::Archived => "archived",
            Closed::Direct => "direct",
        }
    }

    /// Reads the stored word.
    pub fn parse(word: &str) -> Option<Closed> {
        [Closed::NotIn, Closed::Archived, Closed::Direct].into_iter().find(|closed| closed.as_str() == word)
    }
}

/// A mention in a typed text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mention {
    /// `<@U123>` or `<@U123|name>`.
    Person(UserId),
    /// `<!subteam^S123>` or `<!subteam^S123|@name>`; the handle without `@` where it was given.
    Group(GroupId, Option<String>),
    /// `<!channel>`, `<!here>`, `<!everyone>`: the word.
    Crowd(String),
}
