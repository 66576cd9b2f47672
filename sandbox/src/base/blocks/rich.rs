//! Rich text: its parts and the elements in them.

use serde_json::Value;

use super::Checker;

/// The elements of a line of rich text, each with its required keys.
const PIECES: [(&str, &[&str]); 9] = [
    ("text", &["text"]),
    ("emoji", &["name"]),
    ("link", &["url"]),
    ("user", &["user_id"]),
    ("usergroup", &["usergroup_id"]),
    ("channel", &["channel_id"]),
    ("broadcast", &["range"]),
    ("color", &["value"]),
    ("date", &["timestamp", "format"]),
];

impl Checker {
    /// Checks a `rich_text` block.
    pub(super) fn rich_text(&mut self, block: &Value, path: &str) {
        for (path, part) in self.parts(block, path) {
            match part["type"].as_str() {
                Some("rich_text_section" | "rich_text_quote" | "rich_text_preformatted") => {
                    self.line(&part, &path);
                }
                Some("rich_text_list") => self.items(&part, &path),
                Some(other) => self.wrong(&format!("unsupported type: {other}"), &format!("{path}/type")),
                None => self.wrong("missing required field: type", &path),
            }
        }
    }

    /// Returns the elements under a key, each with the path to it.
    fn parts(&mut self, holder: &Value, path: &str) -> Vec<(String, Value)> {
        let Some(parts) = holder["elements"].as_array() else {
            self.wrong("missing required field: elements", path);
            return Vec::new();
        };
        parts.iter().enumerate().map(|(at, part)| (format!("{path}/elements/{at}"), part.clone())).collect()
    }

    /// Checks a list, whose items are lines.
    fn items(&mut self, list: &Value, path: &str) {
        if !matches!(list["style"].as_str(), Some("bullet" | "ordered")) {
            self.wrong("must be a valid enum value", &format!("{path}/style"));
        }
        for (path, item) in self.parts(list, path) {
            if item["type"] == "rich_text_section" {
                self.line(&item, &path);
            } else {
                self.wrong("unsupported type", &format!("{path}/type"));
            }
        }
    }

    fn line(&mut self, line: &Value, path: &str) {
        for (path, piece) in self.parts(line, path) {
            let Some(kind) = piece["type"].as_str() else {
                self.wrong("missing required field: type", &path);
                continue;
            };
            let Some((_, needed)) = PIECES.iter().find(|(known, _)| *known == kind) else {
                self.wrong(&format!("unsupported type: {kind}"), &format!("{path}/type"));
                continue;
            };
            for key in *needed {
                if piece.get(key).is_none_or(Value::is_null) {
                    self.wrong(&format!("missing required field: {key}"), &path);
                }
            }
            let range = piece["range"].as_str().unwrap_or_default();
            if kind == "broadcast" && !matches!(range, "here" | "channel" | "everyone") {
                self.wrong("must be a valid enum value", &format!("{path}/range"));
            }
        }
    }
}
