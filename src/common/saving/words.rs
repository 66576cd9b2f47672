//! What a person wrote, in plain words: names for mentions, addresses for links.

use super::kept;
use crate::{
    model::{
        failure::Failure,
        people::{ChannelId, UserId},
        text::{clean, one_line, unescape},
    },
    ritual::Context,
};

/// A part of a text that Slack sends.
enum Part<'t> {
    Words(&'t str),
    /// A mention of a person, with the name where Slack sends it.
    Person(UserId, &'t str),
    /// A mention of a channel whose name Slack doesn't send.
    Channel(ChannelId),
}

/// How many channels are looked up for one text.
const MOST_CHANNELS: usize = 20;

/// Returns a text that Slack sends in clean, plain words, as many as are kept. A public channel goes by its name, and a person by their name in the directory, so
/// that it can be found when they are erased.
pub async fn plain_words(context: &Context, sent: &str) -> Result<String, Failure> {
    Ok(kept_words(context, sent).await?.0)
}

/// Returns the same, and whether they are fewer than were sent.
pub async fn kept_words(context: &Context, sent: &str) -> Result<(String, bool), Failure> {
    let all = all_plain_words(context, sent).await?;
    let words = kept(&all);
    let is_cut = words.len() < all.trim().len();
    Ok((words, is_cut))
}

/// Returns the same, however long it is.
pub async fn all_plain_words(context: &Context, sent: &str) -> Result<String, Failure> {
    let parts = parts(sent);
    let mentioned = parts.iter().filter_map(|part| match part {
        Part::Person(person, _) => Some(person.clone()),
        Part::Words(_) | Part::Channel(_) => None,
    });
    let mut mentioned: Vec<UserId> = mentioned.collect();
    mentioned.sort();
    mentioned.dedup();
    let known = context.store.people(&mentioned).await?;
    let (mut words, mut looked_up) = (String::new(), 0);
    for part in parts {
        match part {
            Part::Channel(channel) => {
                looked_up += 1;
                // Of a private one the words may be read where its name isn't known.
                let name = if looked_up > MOST_CHANNELS {
                    None
                } else {
                    context.store.public_name(&channel).await?
                };
                words.push('#');
                words.push_str(name.as_deref().unwrap_or("channel"));
            }
            Part::Words(plain) => words.push_str(&unescape(plain)),
            Part::Person(person, label) => {
                let name = match known.get(&person) {
                    Some(known) => one_line(&known.name),
                    None if label.is_empty() || context.suppressed().await?.holds(&person) => String::new(),
                    None => one_line(&unescape(label)),
                };
                words.push('@');
                words.push_str(if name.is_empty() { "someone" } else { &name });
            }
        }
    }
    Ok(clean(&words))
}

/// What is `<` there was never typed: what a person types arrives as `&lt;`.
fn parts(sent: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = sent;
    while let Some((before, behind)) = rest.split_once('<') {
        let Some((inside, after)) = behind.split_once('>') else { break };
        parts.push(Part::Words(before));
        let (target, label) = inside.split_once('|').unwrap_or((inside, ""));
        match target.chars().next() {
            Some('@') => parts.push(Part::Person(UserId(target[1..].to_owned()), label)),
            Some('#') if label.is_empty() => parts.push(Part::Channel(ChannelId(target[1..].to_owned()))),
            Some('#') => parts.extend([Part::Words("#"), Part::Words(label)]),
            // `!here`, `!subteam^S1|@design`, `!date^…|fallback`
            Some('!') if label.is_empty() => {
                let word = target[1..].split('^').next().unwrap_or_default();
                parts.extend([Part::Words("@"), Part::Words(word)]);
            }
            Some('!') => parts.push(Part::Words(label)),
            _ if label.is_empty() || target.strip_prefix("mailto:") == Some(label) => {
                parts.push(Part::Words(or(label, target)));
            }
            _ => parts.extend([label, " (", target, ")"].map(Part::Words)),
        }
        rest = after;
    }
    parts.push(Part::Words(rest));
    parts
}

fn or<'t>(label: &'t str, otherwise: &'t str) -> &'t str {
    if label.is_empty() { otherwise } else { label }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(sent: &str) -> String {
        let word = |part: Part<'_>| match part {
            Part::Words(words) => words.to_owned(),
            Part::Person(person, label) => format!("[{person} {label}]"),
            Part::Channel(channel) => format!("[{channel}]"),
        };
        parts(sent).into_iter().map(word).collect()
    }

    #[test]
    fn each_mark_of_slacks_is_read() {
        for (sent, words) in [
            ("<@U1|ana> and <@U2>", "[U1 ana] and [U2 ]"),
            ("<#C1|general> <#C2>", "#general [C2]"),
            ("<!here> <!subteam^S1|@design> <!date^1^{date}|6 January>", "@here @design 6 January"),
            (
                "<https://a.example/?a&amp;b> <https://a.example|here>",
                "https://a.example/?a&amp;b here (https://a.example)",
            ),
            ("<mailto:a@b.example|a@b.example>", "a@b.example"),
            ("&lt;@U1&gt; a <b", "&lt;@U1&gt; a <b"),
            ("<>a<@>", "a[ ]"),
        ] {
            assert_eq!(read(sent), words, "{sent}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read(sent in "(\\PC|[<>&@#|!^\u{200b}\n\0]){0,80}") {
            read(&sent);
        }
    }
}
