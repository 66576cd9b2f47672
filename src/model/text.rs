//! Safe text: the type escapes what people wrote; plurals and lists of names read as English.

mod clean;
mod fold;
mod link;
mod markdown;

use std::fmt;

use chrono::{Datelike as _, NaiveDate};
use serde::{Deserialize, Serialize};

pub use self::{
    clean::{clean, has_visible_text, is_blank},
    fold::{fold, folded_words},
    link::{Link, with_fallbacks},
    markdown::escape_markdown,
};
use super::people::{ChannelId, GroupId, SOMEONE, UserId};

/// How many characters of a typed text are quoted back.
const LONGEST_QUOTE: usize = 60;
/// How many characters of a name are shown; Slack allows 80.
const LONGEST_NAME: usize = 80;

/// Text in Slack's mrkdwn in which everything that a person wrote is escaped.
///
/// It can only be made of words of ours (`&'static str`), of ids, of numbers, of read addresses and of escaped words,
/// so that no message can carry a person's `<!channel>` into a channel. The macro [`say!`](crate::say) joins parts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Markup(String);

impl Markup {
    /// Returns what a person wrote, [`clean()`] and with the three characters escaped that Slack gives a meaning.
    pub fn words(theirs: &str) -> Markup {
        Markup(escape(&clean(theirs)))
    }

    /// What people wrote, on one line that may stand in bold. Asterisks and backticks of theirs go, since Slack has no way to
    /// escape them.
    pub fn plain(theirs: &str) -> Markup {
        Markup(escape(&one_line(&theirs.replace(['*', '`'], " "))))
    }

    /// The same in bold.
    pub fn bold(theirs: &str) -> Markup {
        let Markup(plain) = Markup::plain(theirs);
        Markup(if plain.is_empty() { plain } else { format!("*{plain}*") })
    }

    /// What people wrote, on one line of a list: a mark of theirs that begins a block of code must not take in what follows.
    pub fn line_of(theirs: &str, longest: usize) -> Markup {
        Markup(escape(&shorten(&one_line(&theirs.replace("```", "``")), longest)))
    }

    /// Quotes what a person typed on one line, cut to 60 characters.
    pub fn quoted(theirs: &str) -> Markup {
        Markup(format!("\"{}\"", escape(&shorten(&one_line(theirs), LONGEST_QUOTE))))
    }

    /// Returns a person's name as text: unlike a mention it pings no one. Bold, unless the name itself has an asterisk.
    pub fn name(theirs: &str) -> Markup {
        let name = escape(&shorten(&one_line(theirs), LONGEST_NAME));
        Markup(if name.contains('*') { name } else { format!("*{name}*") })
    }

    /// Returns a word of the operator's configuration (a command's name) in code style, escaped.
    pub fn code(theirs: &str) -> Markup {
        Markup(format!("`{}`", escape(&clean(theirs)).replace('`', "'")))
    }

    /// Returns a quotation block: each line of the text behind a `>`.
    pub fn quote(theirs: &str) -> Markup {
        let lines: Vec<String> =
            clean(theirs).trim().lines().map(|line| format!(">{}", escape(line))).collect();
        Markup(lines.join("\n"))
    }

    /// Returns what the macro [`say!`](crate::say) makes of its parts; use the macro, which takes only safe parts.
    #[doc(hidden)]
    pub fn of_safe_parts(parts: fmt::Arguments<'_>) -> Markup {
        Markup(parts.to_string())
    }

    /// Joins parts with a separator of ours.
    pub fn join(parts: &[Markup], between: &'static str) -> Markup {
        Markup(parts.iter().map(Markup::as_str).collect::<Vec<_>>().join(between))
    }

    /// Returns the text as it is sent to Slack.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Markup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<&'static str> for Markup {
    fn from(ours: &'static str) -> Markup {
        Markup(ours.to_owned())
    }
}

impl From<&Markup> for Markup {
    fn from(markup: &Markup) -> Markup {
        markup.clone()
    }
}

impl From<&UserId> for Markup {
    /// A mention. The pseudonym of an erased person is no user of Slack's.
    fn from(user: &UserId) -> Markup {
        if user.is_pseudonym() {
            return Markup::from(SOMEONE);
        }
        Markup(format!("<@{}>", escape(user.as_str())))
    }
}

impl Markup {
    /// A mention at the beginning of a sentence.
    pub fn first(user: &UserId) -> Markup {
        if user.is_pseudonym() { Markup::from("Someone") } else { Markup::from(user) }
    }
}

impl From<&ChannelId> for Markup {
    fn from(channel: &ChannelId) -> Markup {
        Markup(format!("<#{}>", escape(channel.as_str())))
    }
}

impl From<&GroupId> for Markup {
    /// A mention of a user group, which notifies all of its members.
    fn from(group: &GroupId) -> Markup {
        Markup(format!("<!subteam^{}>", escape(group.as_str())))
    }
}

impl From<usize> for Markup {
    fn from(number: usize) -> Markup {
        Markup(number.to_string())
    }
}

impl From<i64> for Markup {
    fn from(number: i64) -> Markup {
        Markup(number.to_string())
    }
}

/// Joins safe parts by a format of ours: `say!("{} thanked {}", &giver, names)`. Each argument must be able to
/// become a [`Markup`], so what a person wrote does not compile unless it is escaped.
#[macro_export]
macro_rules! say {
    ($format:literal $(, $part:expr)* $(,)?) => {
        $crate::model::text::Markup::of_safe_parts(format_args!(
            $format $(, $crate::model::text::Markup::from($part))*
        ))
    };
}

/// Escapes exactly the three characters that mrkdwn gives a meaning, as Slack does with what is typed.
pub fn escape(theirs: &str) -> String {
    theirs.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Reverses Slack's escaping of an incoming text.
pub fn unescape(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

/// Returns the number and the matching word: `1 person`, `2 people`.
pub fn count(number: usize, one: &'static str, many: &'static str) -> Markup {
    if number == 1 { say!("1 {}", one) } else { say!("{} {}", number, many) }
}

/// Lists people as mentions: `A`, `A and B`, `A, B and C`.
pub fn mentions(people: &[UserId]) -> Markup {
    all_of(&people.iter().map(Markup::from).collect::<Vec<_>>())
}

/// Lists names: `A`, `A and B`, `A, B and C`.
pub fn all_of(names: &[Markup]) -> Markup {
    match names.split_last() {
        None => Markup::default(),
        Some((only, [])) => only.clone(),
        Some((last, rest)) => say!("{} and {}", Markup::join(rest, ", "), last),
    }
}

/// Writes a day as people say it: `Tuesday, 6 January`.
pub fn date(day: NaiveDate) -> Markup {
    Markup(day.format("%A, %-d %B").to_string())
}

/// The same with the year, if that is not the year of `today`: `Tuesday, 6 January 2025`.
pub fn date_as_of(today: NaiveDate, day: NaiveDate) -> Markup {
    if day.year() == today.year() { date(day) } else { date_with_year(day) }
}

/// The same with the year: `Tuesday, 6 January 2026`.
pub fn date_with_year(day: NaiveDate) -> Markup {
    Markup(day.format("%A, %-d %B %Y").to_string())
}

/// Returns a [`clean()`] text with single spaces in place of line ends and other wide gaps.
pub fn one_line(text: &str) -> String {
    clean(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Cuts a text to at most `limit` characters, the last of them an ellipsis if something was cut.
pub fn shorten(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(limit.saturating_sub(1)).collect();
    short.truncate(short.trim_end().len());
    short.push('…');
    short
}

/// Returns the nearest of `names` to a word that is not among them, or `None` if all of them are too far away to be
/// meant.
pub fn nearest<'a>(wrong: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wrong = wrong.to_lowercase();
    let within = (wrong.chars().count() / 3).max(1);
    let scored = names.into_iter().map(|name| {
        let lower = name.to_lowercase();
        // A name that was cut short or extended, such as `bot_token` for `bot_token_file`, is near too.
        let part = wrong.len() >= 4 && lower.starts_with(&wrong);
        (if part { 0 } else { strsim::osa_distance(&wrong, &lower) }, name)
    });
    scored.filter(|(apart, _)| *apart <= within).min_by_key(|(apart, _)| *apart).map(|(_, name)| name)
}
