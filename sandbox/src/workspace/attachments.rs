//! Attachments of messages: the older way to format them, which may have blocks, too.

use serde_json::{Value, json};

use super::World;

/// Shown for an attachment without anything to show.
const NO_PREVIEW: &str = "[no preview available]";

/// The content of a message.
#[derive(Clone, Debug, Default)]
pub(crate) struct Said {
    pub(crate) text: String,
    /// `None` keeps the present ones when a message is changed.
    pub(crate) blocks: Option<Vec<Value>>,
    /// `None` keeps the present ones, too.
    pub(crate) attachments: Option<Vec<Value>>,
}

impl World {
    /// Numbers attachments as Slack does, and gives their blocks ids.
    pub(crate) fn name_attachments(&mut self, attachments: &mut [Value]) {
        for (number, attachment) in (1..).zip(attachments) {
            let Some(fields) = attachment.as_object_mut() else {
                continue;
            };
            fields.insert("id".to_owned(), json!(number));
            if let Some(blocks) = fields.get_mut("blocks").and_then(Value::as_array_mut) {
                self.name_blocks(blocks);
            }
            fields.entry("fallback").or_insert_with(|| json!(NO_PREVIEW));
        }
    }

    /// Returns the lines that a person reads in attachments.
    pub(crate) fn plain_attachments(&self, attachments: &[Value]) -> Vec<String> {
        let mut lines = Vec::new();
        for one in attachments {
            let fields = one["fields"].as_array().into_iter().flatten();
            let fields = fields.flat_map(|field| [&field["title"], &field["value"]]);
            let said = [&one["pretext"], &one["author_name"], &one["title"], &one["text"]];
            let said = said.into_iter().chain(fields).chain([&one["footer"]]);
            lines.extend(said.filter_map(Value::as_str).map(|text| self.decode(text)));
            let blocks = one["blocks"].as_array().map(Vec::as_slice).unwrap_or_default();
            lines.push(self.plain("", blocks));
        }
        lines.retain(|line| !line.is_empty());
        lines
    }
}
