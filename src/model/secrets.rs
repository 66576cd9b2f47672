//! Recognises secrets in text that is about to be shown, and removes them.

use std::borrow::Cow;

/// Slack's tokens by their prefix, in small letters, and what each is.
const TOKENS: [(&str, &str); 11] = [
    ("xoxb-", "a bot token"),
    ("xapp-", "an app-level token"),
    ("xoxp-", "a user token"),
    ("xoxa-", "a Slack token"),
    ("xoxc-", "a Slack token"),
    ("xoxd-", "a Slack token"),
    ("xoxe-", "a Slack token"),
    ("xoxe.", "a Slack token"),
    ("xoxr-", "a Slack token"),
    ("xoxs-", "a Slack token"),
    ("xwfp-", "a Slack token"),
];
/// Addresses of databases may hold a password before the last `@`, and in their query.
const DATABASES: [&str; 3] = ["postgres://", "postgresql://", "mysql://"];
const DATABASE: &str = "a database address";
/// Addresses with which anyone can post.
const WEBHOOKS: &str = "hooks.slack.com/";
/// Slack's signing secrets have this many hex digits.
const SIGNING_SECRET_DIGITS: usize = 32;
/// How much of a value an error repeats, in characters.
const LONGEST_SHOWN: usize = 120;

/// Returns what kind of secret this text seems to hold, if any.
pub fn kind_of(text: &str) -> Option<&'static str> {
    let text = text.trim();
    let is_hex = text.len() == SIGNING_SECRET_DIGITS && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    first_in(text).map(|found| found.kind).or(is_hex.then_some("a signing secret"))
}

/// Returns an operator's value for a sentence: in quotes, or only its kind if it is a secret. Every message that
/// repeats a setting or an argument takes it from here.
pub fn shown(value: &str) -> String {
    match kind_of(value) {
        Some(kind) => format!("what looks like {kind}"),
        None if value.chars().count() > LONGEST_SHOWN => {
            let start: String = value.chars().take(LONGEST_SHOWN).collect();
            format!("\"{}…\"", one_line(&start))
        }
        None => format!("\"{}\"", one_line(value)),
    }
}

/// The same without quotes, for a path or a name.
pub fn shown_bare(value: &str) -> String {
    let shown = shown(value);
    match shown.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(bare) => bare.to_owned(),
        None => shown,
    }
}

/// Replaces every recognisable secret in a text by its kind. It is the last step before a line of the log, an error or
/// `rondo check` is written, in case a library repeats its input.
pub fn redacted(text: &str) -> Cow<'_, str> {
    if first_in(text).is_none() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(found) = first_in(rest) {
        out.push_str(&rest[..found.start]);
        out.push('[');
        out.push_str(found.kind);
        out.push(']');
        rest = &rest[found.end..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_control() {
            line.extend(letter.escape_default());
        } else {
            line.push(letter);
        }
    }
    line
}

struct FoundSecret {
    kind: &'static str,
    start: usize,
    end: usize,
}

/// Returns the first secret within a text.
fn first_in(text: &str) -> Option<FoundSecret> {
    // Lower case keeps the positions of ASCII letters, so positions are the same in both.
    let lower = text.to_ascii_lowercase();
    let tokens = TOKENS.iter().filter_map(|(prefix, kind)| {
        // Texts mention a token by its prefix alone.
        let is_token =
            |at: &usize| lower[at + prefix.len()..].starts_with(|next: char| next.is_ascii_alphanumeric());
        let start = lower.match_indices(prefix).map(|(at, _)| at).find(is_token)?;
        Some(FoundSecret { kind, start, end: start + word(&text[start..]) })
    });
    let webhooks = lower.find(WEBHOOKS).map(|start| FoundSecret {
        kind: "a webhook address",
        start,
        end: start + word(&text[start..]),
    });
    let addresses = [first_database(text, &lower), first_login(text, &lower)];
    let all = tokens.chain(webhooks).chain(addresses.into_iter().flatten());
    // If one contains the other, the longer one is the whole secret.
    all.min_by_key(|found| (found.start, std::cmp::Reverse(found.end)))
}

/// Finds a database's address with a password in it. A password may have any character, so all up to the last `@`
/// belongs to it.
fn first_database(text: &str, lower: &str) -> Option<FoundSecret> {
    let scheme = |scheme: &&str| Some((lower.find(*scheme)?, scheme.len()));
    let (start, length) = DATABASES.iter().filter_map(scheme).min()?;
    let rest = &text[start + length..];
    let first_word = word(rest);
    let end = match rest.rfind('@') {
        Some(at) => (at + word(&rest[at..])).max(first_word),
        None if lower[start + length..][..first_word].contains("password") => first_word,
        None => return None,
    };
    Some(FoundSecret { kind: DATABASE, start, end: start + length + end })
}

/// Finds any other address with a name and a password before its host.
fn first_login(text: &str, lower: &str) -> Option<FoundSecret> {
    lower.match_indices("://").find_map(|(at, _)| {
        let scheme = lower[..at].bytes().rev().take_while(u8::is_ascii_alphanumeric).count();
        let rest = &text[at + 3..];
        let authority = &rest[..rest.find(['/', '?', '#']).unwrap_or(rest.len()).min(word(rest))];
        authority.contains('@').then(|| FoundSecret {
            kind: "an address with a password",
            start: at - scheme,
            end: at + 3 + word(rest),
        })
    })
}

/// Returns the length of the text until a space, a quote or a bracket, in bytes.
fn word(text: &str) -> usize {
    let ends = |letter: char| {
        letter.is_whitespace() || matches!(letter, '"' | '\'' | '`' | '(' | ')' | '<' | '>' | ',' | ';')
    };
    text.find(ends).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_secret_is_named_by_its_kind() {
        for (text, kind) in [
            ("xoxb-1-hush", "a bot token"),
            (" XAPP-1-hush\n", "an app-level token"),
            ("/run/xoxp-1-hush/x", "a user token"),
            ("xoxe.xoxp-1-hush", "a Slack token"),
            ("postgres://rondo:hu sh#@db/rondo", "a database address"),
            ("postgresql://db/rondo?user=a&password=hush", "a database address"),
            ("https://user:hush@proxy:80/", "an address with a password"),
            ("https://hooks.slack.com/services/T/B/hush", "a webhook address"),
            ("8f742231b10e8888abcd99f0f0f085a5", "a signing secret"),
        ] {
            assert_eq!(kind_of(text), Some(kind), "{text}");
            assert_eq!(shown(text), format!("what looks like {kind}"));
        }
        for text in ["", "/etc/rondo.toml", "https://slack.com/api", "ana@example.org", "sqlite:a.db"] {
            assert_eq!(kind_of(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_no_secret_is_shown_in_one_short_line() {
        assert_eq!(shown("a\nb"), "\"a\\nb\"");
        assert_eq!(shown_bare("rondo.toml"), "rondo.toml");
        assert_eq!(shown(&"é".repeat(500)).chars().count(), 123);
    }

    #[test]
    fn a_line_keeps_its_other_words() {
        assert_eq!(
            redacted("cannot open 'xoxb-1-hush' (2): at postgres://a:hush@db/x, or xapp-9"),
            "cannot open '[a bot token]' (2): at [a database address], or [an app-level token]"
        );
        for text in ["all is well", "copy the bot token (xoxb-…), which begins with xoxb-, not xapp-"] {
            assert_eq!(redacted(text), text);
        }
    }

    proptest! {
        #[test]
        fn no_secret_is_left_within_any_words(
            before in "\\PC{0,20}",
            secret in "(xox[abcdeprs]-|xapp-1-|xwfp-)hush[0-9A-Za-z-]{0,40}",
            after in "\\PC{0,20}",
        ) {
            let text = format!("{before}{secret} {after}");
            prop_assert!(!redacted(&text).contains("hush"), "{}", redacted(&text));
            prop_assert!(!shown(&text).contains("hush"), "{}", shown(&text));
        }

        #[test]
        fn no_password_of_a_database_is_left(password in "hush\\PC{0,20}", before in "[a-z :]{0,10}") {
            let text = format!("{before}postgres://rondo:{password}@db/rondo");
            prop_assert!(!redacted(&text).contains("hush"));
        }

        #[test]
        fn any_text_can_be_redacted(text in "\\PC*|(xoxb-|://|@|postgres://|é| ){0,12}") {
            let once = redacted(&text).into_owned();
            let twice = redacted(&once).into_owned();
            prop_assert_eq!(twice, once);
        }
    }
}
