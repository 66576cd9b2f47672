//! Mentions: what the client makes of `@name` when someone types it, and how it shows what is stored.

use serde_json::Value;

use crate::state::World;

/// Whether labels are written into mentions: commands have them, messages do not.
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
    /// What the client sends for what a person typed.
    pub(crate) fn encode(&self, typed: &str, labels: Labels) -> String {
        let mut encoded = String::new();
        let mut rest = typed;
        let mut before = ' ';
        while let Some(first) = rest.chars().next() {
            let starts = before.is_whitespace() || "([{,;:'\"".contains(before);
            if starts && (first == '@' || first == '#') {
                let word: String =
                    rest[1..].chars().take_while(|c| c.is_alphanumeric() || "._-".contains(*c)).collect();
                if let Some((mention, length)) = self.mention(first, &word, labels) {
                    encoded.push_str(&mention);
                    rest = &rest[1 + length..];
                    before = 'x';
                    continue;
                }
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

    /// The mention a word stands for and how much of the word it took: full stops at the end are not part of a name.
    fn mention(&self, sign: char, word: &str, labels: Labels) -> Option<(String, usize)> {
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
        let labelled = |opening: &str, label: String| match labels {
            Labels::With => format!("{opening}|{label}>"),
            Labels::Without => format!("{opening}>"),
        };
        if sign == '#' {
            let channel = self.find_channel(name).filter(|channel| channel.name == name)?;
            return Some(format!(
                "<#{}|{}>",
                channel.id,
                if labels == Labels::With { &channel.name } else { "" }
            ));
        }
        if matches!(name, "here" | "channel" | "everyone") {
            return Some(format!("<!{name}>"));
        }
        if let Some(group) = self.groups.values().find(|group| group.handle == name) {
            return Some(labelled(&format!("<!subteam^{}", group.id), format!("@{}", group.handle)));
        }
        let user = self.users.values().find(|user| user.name == name && !user.deleted)?;
        Some(labelled(&format!("<@{}", user.id), user.name.clone()))
    }

    /// What a person reads where this is stored: mentions as names, entities as characters.
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

    /// A text and all the text of its blocks, as a person reads it.
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
                    lines.extend(fields.get("alt_text").and_then(Value::as_str).map(str::to_owned));
                    fields.values().for_each(|value| self.plain_of(value, lines));
                }
            },
            _ => {}
        }
    }
}

fn link_length(text: &str) -> usize {
    if text.starts_with("http://") || text.starts_with("https://") {
        text.find(char::is_whitespace).unwrap_or(text.len())
    } else {
        0
    }
}
