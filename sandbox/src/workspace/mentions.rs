//! Mentions: what the client makes of `@name` when someone types it, and how it shows what is stored.

use serde_json::Value;

use crate::workspace::World;
use crate::workspace::people::User;

/// Whether mentions carry labels: in commands they do, in messages they don't.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Labels {
    With,
    Without,
}

/// `&`, `<` and `>` as Slack stores them.
pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn unescape(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

impl World {
    /// Returns what the client sends for typed text.
    pub(crate) fn encode(&self, typed: &str, labels: Labels) -> String {
        let mut encoded = String::new();
        let mut rest = typed;
        let mut before = ' ';
        while let Some(first) = rest.chars().next() {
            let starts = before.is_whitespace() || "([{,;:'\"".contains(before);
            if starts
                && (first == '@' || first == '#')
                && let Some((mention, length)) = self.mention(first, &rest[1..], labels)
            {
                encoded.push_str(&mention);
                rest = &rest[1 + length..];
                before = 'x';
                continue;
            }
            let link_length = if starts { link_length(rest) } else { 0 };
            if link_length > 0 {
                encoded.push('<');
                encoded.push_str(&escape(&rest[..link_length]));
                encoded.push('>');
                rest = &rest[link_length..];
                before = 'x';
                continue;
            }
            encoded.push_str(&escape(first.encode_utf8(&mut [0; 4])));
            before = first;
            rest = &rest[first.len_utf8()..];
        }
        encoded
    }

    /// Returns the mention that a text begins with, after its sign, and how many bytes of the text name it. Names are
    /// matched without regard to case, as Slack's client does; of a handle and a full name the longer wins.
    fn mention(&self, sign: char, text: &str, labels: Labels) -> Option<(String, usize)> {
        let end = text.find(|c: char| !c.is_alphanumeric() && !"._-".contains(c)).unwrap_or(text.len());
        let handle = self.mention_of_word(sign, &text[..end], labels);
        let full_name = if sign == '@' { self.mention_of_full_name(text, labels) } else { None };
        match (handle, full_name) {
            (Some(handle), Some(full_name)) if full_name.1 > handle.1 => Some(full_name),
            (handle, full_name) => handle.or(full_name),
        }
    }

    /// The same for the longest display or real name, which may have spaces.
    fn mention_of_full_name(&self, text: &str, labels: Labels) -> Option<(String, usize)> {
        let length = |user: &User| {
            let names = [&user.display_name, &user.real_name].into_iter();
            names.filter_map(|name| name_length(text, name)).max().unwrap_or_default()
        };
        let people = self.users.values().filter(|user| !user.deleted);
        let (length, user) = people.map(|user| (length(user), user)).max_by_key(|(length, _)| *length)?;
        (length > 0).then(|| (mention_of_user(user, labels), length))
    }

    /// The same for a handle. Full stops at the end of the word are not part of it.
    fn mention_of_word(&self, sign: char, word: &str, labels: Labels) -> Option<(String, usize)> {
        let mut name = word;
        while !name.is_empty() {
            if let Some(mention) = self.mention_of(sign, name, labels) {
                return Some((mention, name.len()));
            }
            name = name.strip_suffix(['.', '-', '_'])?;
        }
        None
    }

    fn mention_of(&self, sign: char, name: &str, labels: Labels) -> Option<String> {
        if sign == '#' {
            let channel = self.find_channel(name).filter(|channel| channel.name == name)?;
            return Some(format!(
                "<#{}|{}>",
                channel.id,
                if labels == Labels::With { &channel.name } else { "" }
            ));
        }
        let name = name.to_lowercase();
        if matches!(name.as_str(), "here" | "channel" | "everyone") {
            return Some(format!("<!{name}>"));
        }
        if let Some(group) = self.groups.values().find(|group| group.handle.to_lowercase() == name) {
            return Some(labelled(&format!("<!subteam^{}", group.id), &format!("@{}", group.handle), labels));
        }
        let user = self.users.values().find(|user| !user.deleted && user.name.to_lowercase() == name)?;
        Some(mention_of_user(user, labels))
    }

    /// Returns stored text as a person reads it: mentions as names, entities as characters.
    pub(crate) fn decode(&self, stored: &str) -> String {
        let mut shown = String::new();
        let mut rest = stored;
        while let Some(open) = rest.find('<') {
            shown.push_str(&unescape(&rest[..open]));
            let Some(close) = rest[open..].find('>') else {
                rest = &rest[open..];
                break;
            };
            shown.push_str(&self.decode_one(&rest[open + 1..open + close]));
            rest = &rest[open + close + 1..];
        }
        shown.push_str(&unescape(rest));
        shown
    }

    fn decode_one(&self, inner: &str) -> String {
        let (target, label) =
            inner.split_once('|').map_or((inner, None), |(target, label)| (target, Some(label)));
        let label = label.filter(|label| !label.is_empty()).map(unescape);
        if let Some(id) = target.strip_prefix('@') {
            return self.users.get(id).map_or_else(
                || format!("@{}", label.unwrap_or_else(|| id.to_owned())),
                |user| format!("@{}", user.name),
            );
        }
        if let Some(id) = target.strip_prefix('#') {
            let name = self.channels.get(id).map(|channel| channel.name.clone());
            return format!("#{}", name.or(label).unwrap_or_else(|| id.to_owned()));
        }
        if let Some(id) = target.strip_prefix("!subteam^") {
            let handle = self.groups.get(id).map(|group| format!("@{}", group.handle));
            return handle.or(label).unwrap_or_else(|| "@unknown-group".to_owned());
        }
        if let Some(word) = target.strip_prefix('!') {
            return label.unwrap_or_else(|| format!("@{}", word.split('^').next().unwrap_or_default()));
        }
        label.unwrap_or_else(|| unescape(target))
    }

    /// Returns a text and all the text of its blocks, as a person reads it.
    pub(crate) fn plain(&self, text: &str, blocks: &[Value]) -> String {
        let mut lines = Vec::new();
        if !text.is_empty() {
            lines.push(self.decode(text));
        }
        for block in blocks {
            self.plain_of(block, &mut lines);
        }
        lines.join("\n")
    }

    fn plain_of(&self, value: &Value, lines: &mut Vec<String>) {
        match value {
            Value::Array(values) => values.iter().for_each(|value| self.plain_of(value, lines)),
            Value::Object(fields) => match (fields.get("type").and_then(Value::as_str), &value["text"]) {
                (Some("mrkdwn"), Value::String(text)) => lines.push(self.decode(text)),
                (Some("plain_text" | "text"), Value::String(text)) => lines.push(text.clone()),
                (Some("user"), _) => lines
                    .push(self.decode_one(&format!("@{}", value["user_id"].as_str().unwrap_or_default()))),
                _ => {
                    // A plan and its tasks have plain strings as titles.
                    let title = if fields.contains_key("task_id") || value["type"] == "plan" {
                        "title"
                    } else {
                        "alt_text"
                    };
                    lines.extend(fields.get(title).and_then(Value::as_str).map(str::to_owned));
                    fields.values().for_each(|value| self.plain_of(value, lines));
                }
            },
            _ => {}
        }
    }
}

fn labelled(opening: &str, label: &str, labels: Labels) -> String {
    match labels {
        Labels::With => format!("{opening}|{label}>"),
        Labels::Without => format!("{opening}>"),
    }
}

fn mention_of_user(user: &User, labels: Labels) -> String {
    labelled(&format!("<@{}", user.id), &user.name, labels)
}

/// Returns how many bytes of the text are this name in any case; `None` if the text does not begin with it, or a word
/// goes on after it.
fn name_length(text: &str, name: &str) -> Option<usize> {
    let mut rest = text.chars();
    let matches =
        |letter: char| rest.next().is_some_and(|typed| typed.to_lowercase().eq(letter.to_lowercase()));
    if name.is_empty() || !name.chars().all(matches) {
        return None;
    }
    let after = rest.as_str().trim_start_matches(['.', '_', '-']);
    (!after.starts_with(char::is_alphanumeric)).then(|| text.len() - rest.as_str().len())
}

fn link_length(text: &str) -> usize {
    if text.starts_with("http://") || text.starts_with("https://") {
        text.find(char::is_whitespace).unwrap_or(text.len())
    } else {
        0
    }
}
